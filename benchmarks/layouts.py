"""An article in the layout of each generator: where its file lies, and what its head looks like.

The heads say the same in each generator's usual format; the bodies are equal byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from benchmarks.corpus import Story


class SourceFile(NamedTuple):
    """A file of a site's sources."""

    path: str
    """Below the site folder."""
    text: str


Layout = Callable[[Story], SourceFile]


def sitegen(story: Story) -> SourceFile:
    """YAML; the file lies in a folder of its month."""
    head = [
        f"title: {_quoted(story.title)}",
        f"date: {story.date:%Y-%m-%d %H:%M}",
        f"slug: {story.slug}",
        f"category: {story.category}",
        f"tags: {_quoted_list(story.tags)}",
        f"authors: {_quoted_list(story.authors)}",
        f"summary: {_quoted(story.summary)}",
    ]
    path = f"articles/{story.date:%Y/%m}/{story.slug}.md"
    return SourceFile(path, _fenced("---", head, story.body))


def hugo(story: Story) -> SourceFile:
    """TOML, Hugo's default; the periods are taxonomies, since Hugo has no archives by date."""
    head = [
        f"title = {_quoted(story.title)}",
        f"date = {story.date:%Y-%m-%dT%H:%M:%SZ}",
        f"slug = {_quoted(story.slug)}",
        f"description = {_quoted(story.summary)}",
        f"categories = {_quoted_list([story.category])}",
        f"tags = {_quoted_list(story.tags)}",
        f"authors = {_quoted_list(story.authors)}",
        f'years = ["{story.date:%Y}"]',
        f'months = ["{story.date:%Y-%m}"]',
        f'days = ["{story.date:%Y-%m-%d}"]',
    ]
    path = f"content/articles/{story.date:%Y/%m}/{story.slug}.md"
    return SourceFile(path, _fenced("+++", head, story.body))


def pelican(story: Story) -> SourceFile:
    """Lines of metadata. The summary is called `lead`, so that Pelican makes no Markdown of it."""
    head = [
        f"Title: {story.title}",
        f"Date: {story.date:%Y-%m-%d %H:%M}",
        f"Slug: {story.slug}",
        f"Category: {story.category}",
        f"Tags: {', '.join(story.tags)}",
        f"Authors: {'; '.join(story.authors)}",
        f"Lead: {story.summary}",
    ]
    path = f"content/articles/{story.date:%Y/%m}/{story.slug}.md"
    return SourceFile(path, "\n".join(head) + f"\n\n{story.body}")


def eleventy(story: Story) -> SourceFile:
    """YAML. `topics` and not `tags`, of each of which Eleventy would make a collection."""
    head = [
        f"title: {_quoted(story.title)}",
        f"date: {story.date:%Y-%m-%dT%H:%M:%SZ}",
        f"slug: {story.slug}",
        f"category: {story.category}",
        f"topics: {_quoted_list(story.tags)}",
        f"authors: {_quoted_list(story.authors)}",
        f"summary: {_quoted(story.summary)}",
    ]
    path = f"articles/{story.date:%Y/%m}/{story.slug}.md"
    return SourceFile(path, _fenced("---", head, story.body))


def jekyll(story: Story) -> SourceFile:
    """YAML. `section` and `topics`, of which Jekyll makes no index of its own."""
    head = [
        f"title: {_quoted(story.title)}",
        f"date: {story.date:%Y-%m-%d %H:%M:%S} +0000",
        f"section: {story.category}",
        f"topics: {_quoted_list(story.tags)}",
        f"authors: {_quoted_list(story.authors)}",
        f"summary: {_quoted(story.summary)}",
    ]
    path = f"_posts/{story.date:%Y/%m/%Y-%m-%d}-{story.slug}.md"
    return SourceFile(path, _fenced("---", head, story.body))


def _fenced(fence: str, head: Iterable[str], body: str) -> str:
    return "\n".join([fence, *head, fence]) + f"\n\n{body}"


def _quoted(text: str) -> str:
    """Return a text in quotes as YAML and TOML have them; the corpus needs no escapes."""
    if '"' in text or "\\" in text:
        raise ValueError(text)
    return f'"{text}"'


def _quoted_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(text) for text in texts)}]"
