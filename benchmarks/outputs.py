"""Looks at what a generator has written: whether it is all there and right, and what is new."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import Story
from benchmarks.peers import Variant
from benchmarks.sites import sample

ARTICLE = re.compile(r'href="?[^" >]*?(/\d{4}/\d\d/\d\d/[^"/ >]+/)')
"""A link to an article's page, with or without the site's address before it."""

FEEDS = ("feed.xml", "index.xml", "rss.xml", "feed.json")

SAMPLE = 10
TERMS_SAMPLE = 5


class FileState(NamedTuple):
    """What tells one version of a file from the next."""

    mtime_ns: int
    size: int
    inode: int


class Written(NamedTuple):
    """What happened in an output folder between two looks at it."""

    files: int
    bytes: int
    removed: int


def snapshot(folder: Path) -> dict[str, FileState]:
    """Return the state of every file below `folder`, by its path."""
    found: dict[str, FileState] = {}
    pending = [str(folder)] if folder.is_dir() else []
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    found[entry.path] = FileState(stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def written(before: Mapping[str, FileState], after: Mapping[str, FileState]) -> Written:
    """Return how many files were written or touched, their bytes, and how many went away."""
    new = [state.size for path, state in after.items() if before.get(path) != state]
    return Written(len(new), sum(new), len(before.keys() - after.keys()))


def page(output: Path, url: str) -> str | None:
    """Return the text of the page with this address, or None if there is none."""
    try:
        text = (output / url.strip("/") / "index.html").read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    return unescape(text)


def whole_site(output: Path, variant: Variant, stories: Sequence[Story]) -> Iterator[str]:
    """Yield everything that is wrong with a freshly built site.

    Every article must have its page; sampled pages must show title and text; every category and
    sampled tags and authors must list just their articles; archives must be there.
    """
    found = {
        f"/{path.parent.relative_to(output).as_posix()}/"
        for path in output.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/*/index.html")
    }
    expected = {variant.article_url(story) for story in stories}
    if found != expected:
        yield f"{len(expected - found)} article pages are missing, {len(found - expected)} too many"
    for story in sample(stories, SAMPLE):
        yield from article(output, variant, story)
    yield from _lists(output, variant, stories)
    yield from _archives(output, variant, stories)
    yield from front(output, variant, stories[-1])


def article(output: Path, variant: Variant, story: Story) -> Iterator[str]:
    """Yield what is wrong with the page of an article."""
    url = variant.article_url(story)
    text = page(output, url)
    if text is None:
        yield f"{url} is missing"
        return
    for what, words in (("title", f"▼ {story.title}"), ("text", story.mark)):
        if what == "title" and words not in _plain(text):
            yield f"{url} does not show its title"
        if what == "text" and words not in text:
            yield f"{url} does not show its text"


def _plain(text: str) -> str:
    """Return a page's text with tags inside the headline taken out."""
    return re.sub(r"</?span[^>]*>", "", text)


def front(output: Path, variant: Variant, newest: Story) -> Iterator[str]:
    """Yield what is wrong with the front page."""
    text = page(output, "/")
    if text is None or newest.title not in text or variant.article_url(newest) not in text:
        yield "the front page does not show the newest article"


def lists_show(output: Path, variant: Variant, story: Story, newest: Story) -> Iterator[str]:
    """Yield which lists do not show an article's title, and whether the front page lacks `newest`.

    The pages of a list are looked through from the one that a reader meets first.
    """
    yield from front(output, variant, newest)
    lists = [f"category/{slug(story.category)}"]
    lists += [f"tag/{slug(tag)}" for tag in story.tags]
    lists += [f"author/{slug(author)}" for author in story.authors]
    lists += [url.strip("/") for url in variant.period_urls(story)[-1:]]
    for name in lists:
        if not _shown(output, name, story.title):
            yield f"/{name}/ does not show the title"


def _shown(output: Path, name: str, title: str) -> bool:
    """Whether a list shows a title on one of its pages; an article below it is no page of it."""
    landing = output / name
    pages = (path / "index.html" for path in sorted((landing / "page").glob("*")))
    for path in (landing / "index.html", *pages):
        try:
            if title in unescape(path.read_text("utf-8")):
                return True
        except (FileNotFoundError, NotADirectoryError):
            continue
    return False


def shows_everywhere(
    output: Path, variant: Variant, stories: Sequence[Story], words: str
) -> Iterator[str]:
    """Yield which sampled pages do not show some words that are on all pages."""
    urls = [variant.article_url(story) for story in sample(stories, SAMPLE)]
    for url in ["/", f"/category/{slug(stories[-1].category)}/", *urls]:
        if words not in (page(output, url) or ""):
            yield f"{url} does not show the new template"


def slug(name: str) -> str:
    """Return the last part of the address of a category, tag or author of the corpus."""
    return name.lower().replace(" ", "-")


def _lists(output: Path, variant: Variant, stories: Sequence[Story]) -> Iterator[str]:
    members: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        url = variant.article_url(story)
        members[f"category/{slug(story.category)}"].add(url)
        for tag in story.tags:
            members[f"tag/{slug(tag)}"].add(url)
        for author in story.authors:
            members[f"author/{slug(author)}"].add(url)
    tags = sorted(name for name in members if name.startswith("tag/"))
    authors = sorted(name for name in members if name.startswith("author/"))
    chosen = [name for name in members if name.startswith("category/")]
    chosen += tags[:: max(1, len(tags) // TERMS_SAMPLE)]
    chosen += authors[:: max(1, len(authors) // TERMS_SAMPLE)]
    for name in chosen:
        shown: set[str] = set()
        for path in (output / name).rglob("index.html"):
            shown.update(ARTICLE.findall(path.read_text("utf-8")))
        if shown != members[name]:
            missing, more = len(members[name] - shown), len(shown - members[name])
            yield f"the list {name} lacks {missing} articles and shows {more} that are not its"
    for index, terms in (("tag", tags), ("author", authors)):
        text = page(output, f"/{index}/") or ""
        if missing := sum(f"/{name}/" not in text for name in terms):
            yield f"the index /{index}/ lacks {missing} terms"


def _archives(output: Path, variant: Variant, stories: Sequence[Story]) -> Iterator[str]:
    urls = {url for story in stories for url in variant.period_urls(story)}
    if missing := sum(not _exists(output, url) for url in urls):
        yield f"{missing} of {len(urls)} archives are missing"
    for story in sample(stories, SAMPLE):
        day = variant.period_urls(story)[-1]
        if variant.article_url(story) not in (page(output, day) or ""):
            yield f"the archive {day} does not list {story.slug}"


def _exists(output: Path, url: str) -> bool:
    return (output / url.strip("/") / "index.html").is_file()


def feeds(output: Path, newest: Story) -> Iterator[str]:
    """Yield what is wrong with the feed and the sitemap."""
    found = [output / name for name in FEEDS if (output / name).is_file()]
    if not any(newest.title in unescape(path.read_text("utf-8")) for path in found):
        yield "no feed shows the newest article"
    # A large sitemap is an index of smaller ones.
    sitemaps = (output / "sitemap.xml", *output.glob("sitemap*/*.xml"))
    texts = (path.read_text("utf-8") for path in sitemaps if path.is_file())
    if not any(newest.slug in text for text in texts):
        yield "the sitemap does not have the newest article"


def collect(told: list[str], more: Iterable[str]) -> None:
    """Append what was not told yet."""
    told.extend(text for text in dict.fromkeys(more) if text not in told)
