"""New files for people to start from: an article or a page (`new`), a whole site (`init`)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sitegen.config.loading import FILE_NAME, load_config
from sitegen.model import moments
from sitegen.model.errors import Location, Problem, SitegenError, UsageError, did_you_mean
from sitegen.model.moments import Moment
from sitegen.model.source_folders import ARTICLES, PAGES
from sitegen.model.urls import slugify
from sitegen.parse.nodes import UNPRINTABLE
from sitegen.parse.values import LANGUAGE


class NewArticle(NamedTuple):
    """What is known of an article that is to be written."""

    headline: str
    date: Moment
    category: str = ""
    authors: tuple[str, ...] = ()
    draft: bool = False
    slug: str = ""
    """Its file and address are named after it; "" names them after the headline."""
    lang: str = ""


def new_article(site: Path, wanted: NewArticle) -> Path:
    """Write a new article file under `articles/YYYY/MM/` of its date and return its path.

    A file that exists is never overwritten: the name gets a number. Raises `UsageError` for a
    headline, name, slug or language that cannot be, or a category that the site does not have.
    """
    config = load_config(site)
    headline = _valid_text("headline", wanted.headline)
    category = _valid_text("category", wanted.category) if wanted.category else ""
    authors = [_valid_text("author", author) for author in wanted.authors]
    slug = slugify(_valid_text("slug", wanted.slug) if wanted.slug else headline)
    _check_language(wanted.lang)
    known = config.categories
    if category and known and category not in (*known, config.default_category):
        hint = did_you_mean(category, known) or f"known categories: {', '.join(known)}"
        raise UsageError(Problem(f'unknown category "{category}"', hint=hint))
    local = moments.in_zone(wanted.date, config.timezone)
    lines = [
        "---",
        f"title: {_yaml_text(headline)}",
        f"date: {moments.written(local)}",
        f"category: {_yaml_text(category)}" if category else "",
        f"authors: [{', '.join(_yaml_text(name) for name in authors)}]" if authors else "",
        f"slug: {_yaml_text(slug)}" if wanted.slug else "",
        f"lang: {wanted.lang}" if wanted.lang else "",
        "draft: true" if wanted.draft else "",
        # Comments and feeds know an article by this, whatever becomes of its headline and file.
        f"id: {uuid4()}",
        "---",
    ]
    folder = site / _folder_of(local)
    try:
        return _write_new(folder, slug, _text(lines))
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise SitegenError(Problem(message, Location(str(folder)))) from None


class NewPage(NamedTuple):
    """What is known of a standalone page that is to be written."""

    title: str
    slug: str = ""
    """Its place below `pages/`, with slashes between folders; "" names it after the title."""
    lang: str = ""
    draft: bool = False
    publish: Moment | None = None


def new_page(site: Path, wanted: NewPage) -> Path:
    """Write a new page below `pages/` and return its path.

    Raises `UsageError` for a title, place or language that cannot be, and for a page that exists.
    """
    config = load_config(site)
    title = _valid_text("title", wanted.title)
    names = [slugify(title)]
    if wanted.slug:
        parts = wanted.slug.strip("/").split("/")
        names = [slugify(_valid_text("slug", part)) for part in parts]
    if names == ["index"]:
        message = '"index" would be the front page, which shows the newest articles'
        raise UsageError(Problem(message, hint="give the page another name: `--slug about`"))
    _check_language(wanted.lang)
    publish = wanted.publish and moments.in_zone(wanted.publish, config.timezone)
    lines = [
        "---",
        f"title: {_yaml_text(title)}",
        f"publish: {moments.written(publish)}" if publish else "",
        f"lang: {wanted.lang}" if wanted.lang else "",
        "draft: true" if wanted.draft else "",
        "---",
    ]
    path = site.joinpath(PAGES, *names[:-1], f"{names[-1]}.md")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_text(lines))
    except FileExistsError:
        message = f'"{path.relative_to(site).as_posix()}" already exists'
        hint = "give the new page another name: `--slug about/history`"
        raise UsageError(Problem(message, hint=hint)) from None
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise SitegenError(Problem(message, Location(str(path)))) from None
    return path


def _text(lines: list[str]) -> str:
    """Return the text of a file that begins with some lines, without the empty ones."""
    return "\n".join(line for line in lines if line) + "\n\n"


def _check_language(tag: str) -> None:
    if tag and not LANGUAGE.fullmatch(tag):
        hint = "for instance en, ja or pt-BR"
        raise UsageError(Problem(f'"{tag}" is not a language tag', hint=hint))


def _valid_text(what: str, text: str) -> str:
    """Return a text with its white space folded; `UsageError` if no article can have it."""
    text = " ".join(text.split())
    if UNPRINTABLE.search(text):
        raise UsageError(Problem(f"the {what} contains a character that no page can show"))
    if not slugify(text):
        raise UsageError(Problem(f"the {what} needs at least one letter or digit"))
    return text


def _yaml_text(text: str) -> str:
    """Return `text` as a YAML scalar, whatever is in it: YAML reads JSON's strings."""
    return json.dumps(text, ensure_ascii=False)


def _write_new(folder: Path, slug: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    # An `index.md` gets the name of its folder.
    number = 2 if slug == "index" else 1
    while True:
        path = folder / (f"{slug}.md" if number == 1 else f"{slug}-{number}.md")
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path


def new_site(folder: Path, *, now: Moment) -> list[Path]:
    """Write a new site into a folder that is new or empty, and return the paths of its files.

    A folder that holds nothing but a `.git` counts as empty. Raises `UsageError` for any other.
    """
    there = list(folder.iterdir()) if folder.is_dir() else []
    if any(item.name != ".git" for item in there) or folder.is_file():
        raise UsageError(Problem(f'"{folder}" already exists, and is not an empty folder'))
    written = []
    try:
        for name, text in _site_files(folder.resolve().name, now).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            written.append(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise SitegenError(Problem(message, Location(str(folder)))) from None
    return written


def _site_files(name: str, now: Moment) -> dict[str, str]:
    title = " ".join(word.capitalize() for word in slugify(name).split("-")) or "My Paper"
    files = {
        FILE_NAME: _CONFIG.format(title=json.dumps(title, ensure_ascii=False)),
        "README.md": _README.format(title=title),
        ".gitignore": "/output/\n/.sitegen/\n/responses/**/.*.tmp\n",
        f"{PAGES}/about.md": _ABOUT.format(title=title),
        # Where `sitegen receive` writes to: the folder must be there before it starts.
        "responses/pending/.gitkeep": "",
    }
    for age, (slug, text) in enumerate(_ARTICLES):
        date = now - timedelta(days=age, hours=2)
        files[f"{_folder_of(date)}/{slug}.md"] = text.replace("DATE", moments.written(date))
    return files


def _folder_of(date: Moment) -> str:
    year, month, _ = moments.calendar_day(date)
    return f"{ARTICLES}/{year:04}/{month:02}"


_CONFIG = """\
# What this paper is called, where it will live, and how it looks.
# Every key is optional; docs: the configuration page of sitegen's documentation.

title = {title}
description = "News from around the corner."

# Where the site will be published, with its path if it has one.
base_url = "https://example.org/"

language = "en"
timezone = "UTC"

# The one colour of the page, for light and for dark screens.
accent = "#9b1c1c"
accent_dark = "#f0a08c"

# The sections, in the order of the navigation. Any other category is then a mistake.
categories = ["News", "Culture", "Other"]
"""

_README = """\
# {title}

A news site made with sitegen. The next three steps:

1. **Look at it.** `sitegen serve` builds the site and shows it at http://127.0.0.1:8000/. Leave it
   running: when you save a file, the page in the browser follows.
2. **Write.** `sitegen new "Your headline"` makes an article file under `articles/` and prints its
   path. Open it, write below the second `---`, save. Then say in `pages/about.md` who you are.
3. **Publish.** Put the address of your site into `sitegen.toml` (`base_url`), run `sitegen build`,
   and copy what is in `output/` to any web server or static host.
"""

_ABOUT = """\
---
title: About {title}
summary: Who makes this paper, and how to reach us.
kind: about
nav: footer
---

{title} is made by people who live here. Say in this place who you are, what you report on, and
how readers can reach you: they ask, and so do search engines.

This is a page, not an article: it lies in `pages/`, has no date, and is in no list. Its address is
that of its file. `sitegen new --page "Our rules"` makes another one.
"""

_ARTICLES = (
    (
        "first-edition",
        """\
---
title: The first edition is out
date: DATE
category: News
tags: [paper]
summary: A new paper begins with three articles and an open desk.
---

This is the first article of the paper. It lies in `articles/`, in a folder for its year and month,
and it is plain text in [Markdown](https://commonmark.org/help/).

## What stands at the top

Between the two lines of dashes stand the headline, the date, the category and whatever else there
is to say *about* the article. Everything below is the article.

See also [how to write for it](how-to-write.md).
""",
    ),
    (
        "how-to-write",
        """\
---
title: "How to write for this paper"
date: DATE
category: News
tags: [paper, writing]
---

Run `sitegen new "Your headline"`, open the file that it names, and write.

- A link to another article names its file: `[the first edition](first-edition.md)`.
- A picture lies beside the article: `![What it shows](picture.jpg)`.
- `draft: true` keeps an article back; a date in the future does so until that minute.

> If a word is misspelled in the front matter, the build says so, with the line.
""",
    ),
    (
        "a-quiet-opening",
        """\
---
title: A quiet opening
date: DATE
category: Culture
tags: [paper]
---

There was no ribbon and there were no speeches. Somebody had brought a cake.
""",
    ),
)
