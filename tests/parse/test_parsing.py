"""One article file, one value: pure, complete, and the same in every process."""

import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.records import record_digest, seal, unseal
from sitegen.cache.tables import ARTICLES
from sitegen.cache.trace import fingerprint
from sitegen.config.front_matter_keys import KEYS
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.markdown import prose
from sitegen.model import moments
from sitegen.model.documents import (
    Article,
    AuthorRole,
    Correction,
    Entry,
    Heading,
    Image,
    Parsed,
    Reference,
    Shortcode,
    ShortcodeArgument,
    Teaser,
    Term,
)
from sitegen.model.errors import Problem
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import check_url
from sitegen.parse.parsing import parse

TEXT = """\
---
title: Flood in the old town
date: 2024-11-04 21:54
updated: 2024-11-05
category: Town
tags: [flood]
author: Ann Lee
image: {src: flood.jpg, alt: Water in the market}
publish: 2024-11-04 22:00
expires: 2034-11-04
aliases: [/old/]
related: ../03/storm.md
corrections: [{date: 2024-11-06, text: Ten houses.}]
extra: {kicker: Storm}
---

The [harbour](../03/harbour.md) is *closed*.

## Tomorrow

More rain.
"""


def parsed_of(
    text: str, path: str = "articles/2024/flood.md", config: Config | None = None
) -> tuple[Entry, Article]:
    """Parse a file that must parse without a word."""
    parsed = parse(path, text.encode(), config or Config())
    assert parsed.problems == ()
    assert parsed.entry is not None
    assert parsed.article is not None
    return parsed.entry, parsed.article


def test_whole_article() -> None:
    """An article and its entry hold everything that the file says."""
    entry, article = parsed_of(TEXT)
    teaser = article.teaser
    assert teaser == Teaser(
        id="articles/2024/flood.md",
        url="/2024/11/04/flood/",
        title="Flood in the old town",
        date=moments.parse("2024-11-04T21:54Z"),
        updated=moments.parse("2024-11-05T00:00Z"),
        category=Term("Town", "town", "/category/town/"),
        tags=(Term("flood", "flood", "/tag/flood/"),),
        authors=(Term("Ann Lee", "ann-lee", "/author/ann-lee/"),),
        summary="The harbour is closed.",
        image=Image("flood.jpg", "Water in the market"),
        lang="en",
        identity="tag:localhost,2024-11-04:flood",
    )
    assert article.references == (
        Reference("href", "../03/harbour.md", 17),
        Reference("image", "flood.jpg", 8),
    )
    assert [heading.text for heading in article.toc] == ["Tomorrow"]
    assert [correction.text for correction in article.corrections] == ["Ten houses."]
    assert article.extra["kicker"] == "Storm"
    assert entry.teaser == teaser
    assert entry.publish == moments.parse("2024-11-04T22:00Z")
    assert entry.expires == moments.parse("2034-11-04T00:00Z")
    assert entry.aliases == ("/old/",)
    assert entry.related == article.related == (Reference("related", "../03/storm.md", 12),)
    assert entry.references == article.references
    assert entry.url_line == 2
    assert entry.corrections == article.corrections
    assert entry.modified == moments.parse("2024-11-06T00:00Z")


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("articles/flood.md", "flood"),
        ("articles/2014-03-07-flood.md", "flood"),
        ("articles/2014-3-7_flood.md", "flood"),
        ("articles/2014-03-07 Flood in town.md", "flood-in-town"),
        ("articles/2014-03-07.md", "headline"),
        ("articles/2014-03-07/index.md", "headline"),
        ("articles/flood/index.md", "flood"),
        ("articles/2014-03-07-flood/index.md", "flood"),
        ("articles/高潮で 浸水.md", "高潮で-浸水"),
        ("articles/“It's a flood”!.md", "its-a-flood"),
        ("articles/v1.2 out.md", "v1-2-out"),
        ("articles/!!!.md", "headline"),
        ("articles/.md", "md"),
        ("articles/2014-13-07-flood.md", "2014-13-07-flood"),
    ],
)
def test_slug_from_the_file_name(path: str, slug: str) -> None:
    """The file's name without its date is the slug, else the title; index.md has its folder's."""
    entry, _ = parsed_of("---\ntitle: Headline\ndate: 2024-11-04\n---\nText.\n", path)
    assert entry.teaser.url == f"/2024/11/04/{slug}/"


def test_slug_and_url() -> None:
    """`slug` goes before the file's name, `url` before the whole pattern; their line is known."""
    text = "---\ntitle: X\ndate: 2024-11-04\n{}\n---\nText.\n"
    entry, _ = parsed_of(text.format("slug: 7"))
    assert (entry.teaser.url, entry.url_line) == ("/2024/11/04/7/", 4)
    entry, _ = parsed_of(text.format("tags: a\nurl: /x/y.html"))
    assert (entry.teaser.url, entry.url_line) == ("/x/y.html", 5)


def test_pattern() -> None:
    """The address follows the configuration's pattern, by the day in the newsroom's zone."""
    urls = {"article": "/{category}/{year}-{month}-{day}-{slug}.html"}
    config = from_table({"timezone": "Asia/Tokyo", "urls": urls})
    text = "---\ntitle: X\ndate: 2024-11-04T21:54:00Z\ncategory: Old Town\n---\nText.\n"
    assert parsed_of(text, config=config)[0].teaser.url == "/old-town/2024-11-05-flood.html"


def test_no_front_matter() -> None:
    """Without front matter the first heading is the title and the file's name has the date."""
    entry, article = parsed_of("# Flood *now*\n\nText.\n", "articles/2014-03-07-flood.md")
    assert entry.teaser.title == "Flood now"
    assert entry.teaser.date == moments.parse("2014-03-07T00:00Z")
    assert article.body == "<p>Text.</p>"
    assert entry.url_line == 1


def test_title_and_heading() -> None:
    """With a title in the front matter a heading stays in the text."""
    text = "---\ntitle: X\ndate: 2024-11-04\n---\n\n# Heading\n\nText.\n"
    assert "Heading" in parsed_of(text)[1].body
    _, article = parsed_of("---\ntitle: ''\ndate: 2024-11-04\n---\n\n# Heading\n\nText.\n")
    assert (article.teaser.title, article.body) == ("Heading", "<p>Text.</p>")


def test_dates_stand_in_for_each_other() -> None:
    """What is not said: publication is the date, and the date is the file name's or publication."""
    dated = "---\ntitle: X\ndate: 2024-11-04\n---\n"
    assert parsed_of(dated, "articles/2014-03-07-x.md")[0].publish.year == 2024
    named = "---\ntitle: X\ndate:\npublish: 2024-11-04\n---\n"
    entry, _ = parsed_of(named, "articles/2014-03-07-x.md")
    assert (entry.teaser.date.year, entry.publish.year) == (2014, 2024)
    assert parsed_of(named, "articles/x.md")[0].teaser.date.year == 2024


def test_empty_body() -> None:
    """An article may be a headline alone."""
    entry, article = parsed_of("---\ntitle: X\ndate: 2024-11-04\nsummary: Soon.\n---")
    assert (article.body, entry.teaser.summary) == ("", "Soon.")


def test_summary() -> None:
    """The summary is the front matter's, else the first paragraph's."""
    text = "---\ntitle: X\ndate: 2024-11-04\n{}---\n\nOne *two*.\n\nThree.\n"
    assert parsed_of(text.format(""))[0].teaser.summary == "One two."
    assert (
        parsed_of(text.format("summary: '<Four> & *five*'\n"))[0].teaser.summary
        == "<Four> & *five*"
    )


def test_same_from_every_format() -> None:
    """YAML, TOML and JSON that say the same give the same article."""
    yaml = (
        "---\ntitle: Flood\ndate: 2024-11-04 21:54\ntags: [a, b]\n"
        "extra: {k: 1.5, n: 2}\n---\nText.\n"
    )
    toml = (
        '+++\ntitle = "Flood"\ndate = 2024-11-04T21:54:00\ntags = ["a", "b"]\n'
        "[extra]\nk = 1.5\nn = 2\n+++\nText.\n"
    )
    in_json = json.dumps(
        {"title": "Flood", "date": "2024-11-04T21:54", "tags": "a, b", "extra": {"k": 1.5, "n": 2}}
    )
    articles = [parsed_of(text)[1] for text in (yaml, toml, f"{in_json}\nText.\n")]
    assert articles[0] == articles[1] == articles[2]
    assert repr(articles[0]) == repr(articles[1]) == repr(articles[2])


def test_the_mark_of_a_teaser_sees_every_field() -> None:
    """A teaser has another mark when any field is another one, be it in its type alone."""
    entry, _ = parsed_of(TEXT)
    marks = {entry.teaser_digest}
    others: tuple[Any, ...] = ("?", b"?", 1, True)
    for name in Teaser._fields:
        for other in others:
            marks.add(fingerprint(entry.teaser._replace(**{name: other})))
    assert len(marks) == 1 + 4 * len(Teaser._fields)
    assert fingerprint(entry.teaser) == entry.teaser_digest


OTHERS: dict[str, Any] = {
    "body": "<p>Other.</p>",
    "references": (Reference("href", "a.md"),),
    "toc": (Heading(2, "a", "A"),),
    "corrections": (Correction(moments.parse("2024-11-04T21:54Z"), "Two."),),
    "canonical": "https://other.example/",
    "related": (Reference("related", "a.md"),),
    "translation_of": Reference("translation_of", "a.md"),
    "comments": "hidden",
    "trackbacks": "hidden",
    "extra": FrozenMap({"k": 1}),
    "author_addresses": FrozenMap({"ann": "https://ann.example/"}),
    "standfirst": "Two tides.",
    "author_roles": (AuthorRole("ann", "editor", "AP"),),
    "shortcodes": (Shortcode("note", (ShortcodeArgument("a", "b"),), 1, 1),),
}


def test_the_digest_of_an_article_sees_every_field() -> None:
    """An article has another digest when its teaser or any other field is another one."""
    entry, article = parsed_of(TEXT)
    marked = article._replace(teaser=entry.teaser_digest)  # type: ignore[arg-type]  # as it is kept
    digests = {record_digest(seal(ARTICLES, marked))}
    for name, other in {"teaser": b"another", **OTHERS}.items():
        digests.add(record_digest(seal(ARTICLES, marked._replace(**{name: other}))))
    assert set(OTHERS) == set(Article._fields[1:])
    assert digests == digests | {entry.article_digest}
    assert len(digests) == 1 + len(Article._fields)


def test_an_article_comes_with_its_record() -> None:
    """The record that is kept of an article is the article, under the digest of its entry."""
    entry, article, _, record, _, _ = parse("articles/a.md", TEXT.encode(), Config())
    assert entry
    kept = unseal(ARTICLES, record, entry.article_digest)
    assert kept
    assert article == Article(entry.teaser, *kept[1:])


def test_digest_of_a_teaser() -> None:
    """An edit of the body alone leaves the teaser's digest as it is."""
    before, _ = parsed_of(TEXT)
    after, _ = parsed_of(TEXT.replace("More rain", "Less rain"))
    assert before.teaser_digest == after.teaser_digest
    assert before.article_digest != after.article_digest


DIGESTS = """
import json, sys
from sitegen.config.settings import Config
from sitegen.parse.parsing import parse
for path, text in json.load(sys.stdin):
    entry = parse(path, text.encode(), Config()).entry
    print(entry.teaser_digest.hex(), entry.article_digest.hex())
"""


def test_digests_in_another_process() -> None:
    """Another process with another hash seed gives the same digests."""
    samples = [
        ("articles/a.md", TEXT),
        ("articles/2014-03-07-高潮.md", "# 高潮\n\n[港](港.md) と 'it''s'.\n"),
        ("articles/c.md", '{"title": "X", "date": "2024-11-04", "z": 1, "a": {"c": [2, "é"]}}\n'),
    ]
    here = "".join(
        f"{entry.teaser_digest.hex()} {entry.article_digest.hex()}\n"
        for entry in (parsed_of(text, path)[0] for path, text in samples)
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", DIGESTS],
            input=json.dumps(samples),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == here


def check(parsed: Parsed) -> None:
    """Check what holds for every file."""
    assert all(isinstance(problem, Problem) for problem in parsed.problems)
    assert (parsed.entry is None) == any(problem.is_error for problem in parsed.problems)
    assert (parsed.article is None) == (parsed.entry is None)
    if parsed.entry is not None:
        assert check_url(parsed.entry.teaser.url) is None
        assert parsed.entry.teaser.title
        assert all(check_url(alias) is None for alias in parsed.entry.aliases)


dialects = st.sampled_from(["", "hugo", "jekyll", "pelican", "zola", "astro"])
values = st.one_of(
    st.text(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.text(), max_size=3),
    st.dictionaries(st.sampled_from(["src", "name", "date", "text", "alt", "x"]), st.text()),
)
keys = st.sampled_from([*KEYS, "categories", "permalink", "images", "cover", "status", "params"])


@given(st.binary(), dialects)
def test_any_bytes(data: bytes, dialect: str) -> None:
    """Any bytes give an article, or problems that say why not; never an exception."""
    check(parse("articles/a.md", data, from_table({"front_matter": {"dialect": dialect}})))


@given(st.text(), st.text(), dialects)
def test_any_text(front_matter: str, body: str, dialect: str) -> None:
    """Any front matter and body give an article or problems."""
    config = from_table({"front_matter": {"dialect": dialect}})
    data = f"---\ntitle: X\ndate: 2024-11-04\n{front_matter}\n---\n{body}".encode(
        "utf-8", "replace"
    )
    check(parse("articles/a.md", data, config))


@given(st.dictionaries(keys, values), dialects, st.sampled_from(["warn", "error"]))
def test_any_values(front_matter: dict[str, object], dialect: str, unknown: str) -> None:
    """Any value under any key gives an article or problems; the same input gives the same."""
    config = from_table({"front_matter": {"dialect": dialect, "unknown": unknown}})
    data = json.dumps({"title": "X", "date": "2024-11-04", **front_matter}).encode()
    parsed = parse("articles/a.md", data, config)
    check(parsed)
    assert parse("articles/a.md", data, config) == parsed


@given(st.text(min_size=1))
def test_any_file_name(name: str) -> None:
    """Any file name gives an address within the site."""
    check(parse(f"articles/{name}.md", b"---\ntitle: X\ndate: 2024-11-04\n---\n", Config()))


@given(
    st.text("ab. …é<&{[", max_size=60).filter(lambda text: "{{" not in text),  # a shortcode
    st.text("ab. …é", min_size=1, max_size=60),
    st.sampled_from(
        ["<p>{}</p>", "<p>{}</p><p>ab</p>", "<h2>a</h2><p>{}</p>", "<p>{}<b>a</b></p>"]
    ),
)
def test_a_standfirst_is_no_beginning_of_the_text(text: str, summary: str, html: str) -> None:
    """A summary with which the first paragraph begins, or the other way, is not shown again."""
    head = json.dumps({"title": "T", "date": "2024-11-04", "summary": summary})
    file = f"{head}\n\n{html.format(escape(text, quote=False))}\n"
    article = parse("articles/a.md", file.encode(), Config()).article
    assert article
    opening, cut = (
        " ".join(words.split()).rstrip("….[] ") for words in (prose.summary(article.body), summary)
    )
    is_repeated = opening and (opening.startswith(cut) or cut.startswith(opening))
    assert article.standfirst == ("" if is_repeated else " ".join(summary.split()))
