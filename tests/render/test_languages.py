"""Pages in each language: none has a word of English on it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest

from sitegen.config.loading import load_config
from sitegen.index.exchange import exchange
from sitegen.index.layers import template_files
from sitegen.index.published import empty_site
from sitegen.index.site import Site
from sitegen.index.words import LAYOUT_WORDS, Catalogues
from sitegen.model import moments
from sitegen.model.documents import StandalonePage
from sitegen.parse.parsing import parse
from sitegen.plan.outputs import Output
from sitegen.plan.planning import plan
from sitegen.render.pages import Page, Renderer
from sitegen.scan.sources import read_source, scan
from tests.render.test_catalogues import ENGLISH, LANGUAGES, SAME
from tests.sitefactory import AT, article, make_site

CONFIG = """
title = "Φ"
description = "Φ Ψ"
base_url = "https://example.org"
categories = ["Ω"]
[responses]
receiver = "https://example.net/"
[search]
enabled = true
[lists]
per_page = 2
"""
"""A site whose own words have no letter of the Latin alphabet, as its articles have none."""

KINDS = (
    "front", "article", "category", "author", "tags", "categories", "archive", "year", "month",
    "day", "search", "not_found", "corrections", "search_parts", "page",
)  # fmt: skip
SCRIPTS = ("ja", "zh-Hans", "zh-Hant", "ko", "uk", "ru", "ar", "he", "fa", "hi")
"""Languages that are not written in Latin letters: there, any word in them is suspicious."""

LATIN = {
    "Loading", "Search", "Category", "Comment", "Trackback", "JavaScript", "Atom", "RSS", "JSON",
}  # fmt: skip
"""The layout's own lines, and names that are the same everywhere."""


class Paper(NamedTuple):
    """A site, one output of each kind, and the texts of the templates."""

    site: Site
    outputs: dict[str, Output]
    templates: dict[str, bytes]


@pytest.fixture(name="paper", scope="module")
def fixture_paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Return a small paper with everything that the theme has words for."""
    correction = {"date": "2024-11-04", "text": "Δ"}
    head = {"category": "Ω", "authors": ["Π", "Σ"], "tags": ["Θ"], "summary": "Λ"}
    articles = {
        f"{number}.md": article(
            f"Ξ{number}", "Λ", corrections=[correction], updated="2024-11-05", **head
        )
        for number in range(3)
    }
    texts = {f"articles/{name}": text for name, text in articles.items()}
    texts["pages/9.md"] = "---\ntitle: Ξ\nupdated: 2024-11-05\n---\n\nΛ\n"
    folder = make_site(tmp_path_factory.mktemp("paper"), {}, config=CONFIG)
    config, at = load_config(folder), moments.of(AT)
    parsed = {path: parse(path, text.encode(), config) for path, text in texts.items()}
    sources = scan(folder, {}).sources
    read = partial(read_source, folder)
    templates = template_files(sources)

    def load(teaser: Any, _digest: bytes) -> Any:
        return parsed[teaser.id].article

    empty = empty_site(
        config,
        sources,
        at=at,
        drafts=False,
        catalogues=Catalogues(templates, read),
        load_article=load,
        load_page=lambda teaser, _: StandalonePage(teaser, body=""),
        load_term=load,
        read=read,
    )
    entries = {path: item.entry or item.page for path, item in parsed.items()}
    site = exchange(empty, entries, at, entries.get).site
    outputs: dict[str, Output] = {}
    for output in plan(site).outputs.values():
        outputs.setdefault(output.kind, output)
    return Paper(site, outputs, {item.path: read(item) for item in set(templates.values())})


class Reader(HTMLParser):
    """Gathers what people read or hear of a page."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.texts: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes that are read out."""
        given = dict(attrs)
        self._unread += tag in ("script", "style")
        self.texts += [given.get(name) or "" for name in ("aria-label", "alt", "title")]
        if given.get("name") == "description":
            self.texts.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        self._unread -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._unread:
            self.texts.append(" ".join(data.split()))


def texts_of(kind: str, data: bytes) -> list[str]:
    """Return the texts of a page that people read or hear, or those that its scripts show."""
    if kind == "search_parts":
        return [re.sub(r"{\w+}", "", text) for text in json.loads(data)["words"].values()]
    reader = Reader()
    reader.feed(data.decode())
    return [text for text in reader.texts if text]


def english_texts() -> list[re.Pattern[str]]:
    """Return patterns for the English words, with anything where something is filled in."""
    found = []
    for key, text in ENGLISH.texts.items():
        if key in LAYOUT_WORDS or not re.search("[A-Za-z]{3}", re.sub(r"{\w+}", "", text)):
            continue
        found.append(re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(text))))
    return found


PATTERNS = english_texts()


@pytest.mark.parametrize("language", LANGUAGES[2:])
def test_no_page_has_an_english_word(paper: Paper, language: str) -> None:
    """But for the layout's own lines, and words that are the same in both languages."""
    config = replace(paper.site.config, language=language)
    renderer = Renderer(replace(paper.site, config=config, memo={}), paper.templates, None)
    layout = {re.sub(r" ?\(?{.*", "", ENGLISH.texts[key]) for key in LAYOUT_WORDS}
    same = {re.sub(r" ?{.*", "", text) for text in SAME.get(language.partition("-PT")[0], ())}
    for kind in KINDS:
        page = renderer.render(paper.outputs[kind])
        assert isinstance(page, Page), page
        assert page.data is not None
        for text in texts_of(kind, page.data):
            left = re.sub(r"https?://\S+|\([A-Z][A-Za-z ]+\)", "", text)
            if any(left.startswith(word) for word in layout | same):
                continue
            assert not any(pattern.fullmatch(left) for pattern in PATTERNS), (kind, text)
            if language in SCRIPTS:
                assert set(re.findall("[A-Za-z]{2,}", left)) <= LATIN, (kind, text)
