"""Sites on disk: the corpus in a generator's layout, and the edits that are measured."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Story, new_story, stories
from benchmarks.peers import HERE, NODE_MODULES, Variant

_EDITION = re.compile(r"Edition \d+")


def make(folder: Path, variant: Variant, count: int) -> None:
    """Write a site of `count` articles for `variant` into `folder`, which must not exist."""
    peers = HERE / "peers"
    for name in filter(None, (variant.beneath, variant.folder)):
        shutil.copytree(peers / name, folder, dirs_exist_ok=True)
    if variant.stylesheet:
        target = folder / variant.stylesheet
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(peers / "common" / "site.css", target)
    for path, text in variant.settings.items():
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write(text)
    if variant.program == "eleventy":
        (folder / "node_modules").symlink_to(NODE_MODULES)
    for story in stories(count):
        add(folder, variant, story)


def add(folder: Path, variant: Variant, story: Story) -> Path:
    """Write an article's file and return its path."""
    path, text = variant.layout(story)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    save(target, text)
    return target


def save(path: Path, text: str) -> None:
    """Write a file in place and at once, as an editor does: nobody meets half of it."""
    data = text.encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        os.write(descriptor, data)
        os.ftruncate(descriptor, len(data))
    finally:
        os.close(descriptor)


class Edited:
    """A site whose articles are edited one after the other, the same way in each layout."""

    def __init__(self, folder: Path, variant: Variant, count: int) -> None:
        """Take a site of `count` articles that was just made."""
        self.folder = folder
        self.variant = variant
        self.stories: list[Story] = list(stories(count))
        self._count = count
        self._edits = 0

    def edit_body(self) -> tuple[Path, Story]:
        """Change the text of an article in the middle of the site, another one each time."""
        place = (len(self.stories) // 2 + 7 * self._next()) % len(self.stories)
        story = self.stories[place]
        mark = f"{story.mark} in its edition {self._edits}"
        return self._save(place, story._replace(body=story.body + f"\nSee {mark}.\n", mark=mark))

    def edit_title(self) -> tuple[Path, Story]:
        """Change the title of the newest article: the front page and its lists show it."""
        story = self.stories[-1]
        return self._save(-1, story._replace(title=f"Retitled {self._next()}: {story.title}"))

    def add_article(self) -> tuple[Path, Story]:
        """Publish an article that is newer than all others."""
        self._next()
        self.stories.append(new_story(self._count, len(self.stories) - self._count))
        return self._save(-1, self.stories[-1])

    def edit_base(self) -> tuple[Path, str]:
        """Change the base template; return it and the words that every page must now show."""
        path = self.folder / self.variant.base
        words = f"Edition {self._next()}"
        text, count = _EDITION.subn(words, path.read_text("utf-8"))
        if count != 1:
            raise ValueError(f"{path.name} does not tell its edition once")
        save(path, text)
        return path, words

    def _next(self) -> int:
        self._edits += 1
        return self._edits

    def _save(self, place: int, story: Story) -> tuple[Path, Story]:
        self.stories[place] = story
        return add(self.folder, self.variant, story), story


def sample(items: Sequence[Story], count: int) -> list[Story]:
    """Return `count` articles, spread evenly, the first and the newest among them."""
    if len(items) <= count:
        return list(items)
    return [items[place * (len(items) - 1) // (count - 1)] for place in range(count)]
