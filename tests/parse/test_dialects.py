"""Archives of other generators build unchanged: what each file says there, it says here."""

from typing import Any

import pytest

from sitegen.config.loading import from_table
from sitegen.config.settings import Config, FrontMatterConfig
from sitegen.model import moments
from sitegen.model.documents import Article, Entry, Image
from sitegen.model.frozen import FrozenMap
from sitegen.parse.parsing import parse


def article_of(
    text: str, dialect: str, path: str = "articles/flood.md", **settings: Any
) -> tuple[Entry, Article, list[str]]:
    """Parse a file that must parse, and return entry, article and warnings."""
    config = from_table({"front_matter": {"dialect": dialect}, **settings})
    parsed = parse(path, text.encode(), config)
    assert parsed.entry is not None, parsed.problems
    assert parsed.article is not None
    return parsed.entry, parsed.article, [problem.message for problem in parsed.problems]


def names(terms: Any) -> list[str]:
    """Return the names of terms."""
    return [term.name for term in terms]


HUGO = """\
+++
title = "Flood in the old town"
Date = 2024-11-04T21:54:00Z
lastmod = 2024-11-05
publishDate = 2024-11-04T22:00:00Z
expiryDate = 2034-11-04
description = "The harbour is closed."
categories = ["Town", "Weather"]
Tags = ["flood"]
images = ["a.jpg", "b.jpg"]
aliases = ["/old/flood/", "flut", "../2023/flood/"]
url = "news/flood"
draft = true
weight = 10
rating = 4.5
[params]
kicker = "Storm"
author = "Ann Lee"
+++

Text.
"""


def test_hugo() -> None:
    """Hugo's names, tables and relative aliases are understood."""
    entry, article, warnings = article_of(HUGO, "hugo", "articles/posts/flood.md")
    teaser = article.teaser
    assert warnings == []
    assert teaser.date == moments.parse("2024-11-04T21:54Z")
    assert teaser.updated == moments.parse("2024-11-05T00:00Z")
    assert entry.publish == moments.parse("2024-11-04T22:00Z")
    assert entry.expires == moments.parse("2034-11-04T00:00Z")
    assert teaser.summary == "The harbour is closed."
    assert teaser.category.name == "Town"
    assert names(teaser.tags) == ["flood", "Weather"]
    assert names(teaser.authors) == ["Ann Lee"]
    assert teaser.image == Image("a.jpg")
    assert entry.aliases == ("/old/flood/", "/posts/flut", "/2023/flood/")
    assert teaser.url == "/news/flood/"
    assert entry.draft
    expected = {"images": ("a.jpg", "b.jpg"), "weight": 10, "rating": 4.5, "kicker": "Storm"}
    assert article.extra == FrozenMap(expected)


def test_hugo_cover() -> None:
    """The picture tables of Hugo's themes are understood."""
    text = "---\ntitle: X\ndate: 2024-11-04\ncover: {image: a.jpg, alt: Sea, relative: true}\n---\n"
    assert article_of(text, "hugo")[1].teaser.image == Image("a.jpg", "Sea")


JEKYLL = """\
---
layout: post
title: Flood in the old town
categories: town weather
tags: flood harbour
published: false
last_modified_at: 2014-03-08 10:00:00 +0000
excerpt: The harbour is closed.
permalink: https://old.example/2014/flood/index.html
redirect_from:
  - /old/flood/
  - older/flood
image: {path: a.jpg, alt: Sea}
comments: false
sitemap: false
author: {name: Ann Lee, email: ann@example.org}
---
Text.
"""


def test_jekyll() -> None:
    """Jekyll's names, word lists and dated file names are understood."""
    path = "articles/_posts/2014-03-07-the-flood.md"
    entry, article, warnings = article_of(JEKYLL, "jekyll", path)
    teaser = article.teaser
    assert warnings == []
    assert teaser.date == moments.parse("2014-03-07T00:00Z")
    assert teaser.updated == moments.parse("2014-03-08T10:00Z")
    assert teaser.category.name == "town"
    assert names(teaser.tags) == ["flood", "harbour", "weather"]
    assert entry.draft
    assert teaser.noindex
    assert teaser.summary == "The harbour is closed."
    assert teaser.url == "/2014/flood/"
    assert entry.aliases == ("/old/flood/", "/older/flood")
    assert teaser.image == Image("a.jpg", "Sea")
    assert article.comments == "closed"
    assert names(teaser.authors) == ["Ann Lee"]
    assert article.extra == FrozenMap({"layout": "post"})


def test_jekyll_from_the_path() -> None:
    """Jekyll's articles without front matter get date, title and category from their path."""
    path = "articles/news/_posts/2014-03-07-the-flood.md"
    teaser = article_of("---\n---\nText.\n", "jekyll", path)[1].teaser
    assert (teaser.title, teaser.category.name) == ("The flood", "news")
    assert teaser.url == "/2014/03/07/the-flood/"


def test_jekyll_drafts() -> None:
    """What lies in Jekyll's drafts folder is a draft; without a date it is left out, and told."""
    text = "---\ntitle: X\n---\nText.\n"
    assert article_of(text, "jekyll", "articles/_drafts/2014-03-07-x.md")[0].draft
    dated = "---\ntitle: X\ndate: 2014-03-07\n---\nText.\n"
    assert article_of(dated, "jekyll", "articles/_drafts/x.md")[0].draft
    config = Config(front_matter=FrontMatterConfig(dialect="jekyll"))
    parsed = parse("articles/_drafts/x.md", text.encode(), config)
    assert (parsed.entry, [problem.severity for problem in parsed.problems]) == (None, ["warning"])


@pytest.mark.parametrize("permalink", ["/:year/:title/", "pretty", "/blog/:title.html"])
def test_jekyll_permalink_patterns(permalink: str) -> None:
    """A pattern in one article's permalink is left out with a warning."""
    text = f"---\ntitle: X\ndate: 2014-03-07\npermalink: {permalink}\n---\n"
    _, article, warnings = article_of(text, "jekyll")
    assert article.teaser.url == "/2014/03/07/flood/"
    assert warnings == [f'the permalink pattern "{permalink}" is ignored']


@pytest.mark.parametrize("published", ["true", "yes"])
def test_jekyll_published(published: str) -> None:
    """`published: true` says nothing new."""
    text = f"---\ntitle: X\ndate: 2014-03-07\npublished: {published}\n---\n"
    entry, article, warnings = article_of(text, "jekyll")
    assert (entry.draft, warnings, article.extra) == (False, [], FrozenMap())


PELICAN = """\
Title: Flood: day two
Date: 2010-12-03 10:20
Modified: 2010-12-05 19:30
Category: Town
Tags: flood, harbour
Slug: my-flood
Authors: Lee, Ann; Ray, Bob
Status: draft
Summary: The harbour is closed,
    and the market, too.
Save_as: old/flood/index.html

Text: this is the body.
"""


def test_pelican() -> None:
    """Pelican's header lines are understood without fences."""
    entry, article, warnings = article_of(PELICAN, "pelican")
    teaser = article.teaser
    assert warnings == []
    assert teaser.title == "Flood: day two"
    assert teaser.date == moments.parse("2010-12-03T10:20Z")
    assert teaser.updated == moments.parse("2010-12-05T19:30Z")
    assert teaser.category.name == "Town"
    assert names(teaser.tags) == ["flood", "harbour"]
    assert names(teaser.authors) == ["Lee, Ann", "Ray, Bob"]
    assert teaser.summary == "The harbour is closed, and the market, too."
    assert teaser.url == "/old/flood/"
    assert entry.draft
    assert article.body == "<p>Text: this is the body.</p>"


def test_pelican_folder() -> None:
    """A Pelican article without a category has its folder's name, unless that is a date."""
    text = "Title: X\nDate: 2010-12-03\n\nText.\n"
    for path, category in [
        ("articles/town/x.md", "town"),
        ("articles/x.md", "Other"),
        ("articles/2010/x.md", "Other"),
    ]:
        assert article_of(text, "pelican", path)[1].teaser.category.name == category
    named = text.replace("\n\n", "\nCategory: World\n\n")
    assert article_of(named, "pelican", "articles/town/x.md")[1].teaser.category.name == "World"


def test_pelican_status() -> None:
    """A hidden article is kept back with a warning; a published one is published."""
    text = "Title: X\nDate: 2010-12-03\nStatus: {}\n\nText.\n"
    entry, _, warnings = article_of(text.format("hidden"), "pelican")
    assert (entry.draft, warnings) == (True, ['status "hidden" is treated as "draft"'])
    entry, _, warnings = article_of(text.format("published"), "pelican")
    assert (entry.draft, warnings) == (False, [])


ZOLA = """\
+++
title = "Flood in the old town"
updated = 2024-11-05
description = "The harbour is closed."
path = "news/flood"
aliases = ["old/flood", "older/flood.html"]
[taxonomies]
categories = ["Town", "Weather"]
tags = ["flood"]
authors = ["Ann Lee"]
series = ["Storms"]
[extra]
kicker = "Storm"
+++

Text.
"""


def test_zola() -> None:
    """Zola's tables are understood, and the date in the name of an article's folder."""
    path = "articles/blog/2024-11-04-flood/index.md"
    entry, article, warnings = article_of(ZOLA, "zola", path)
    teaser = article.teaser
    assert warnings == []
    assert teaser.date == moments.parse("2024-11-04T00:00Z")
    assert teaser.category.name == "Town"
    assert names(teaser.tags) == ["flood", "Weather"]
    assert names(teaser.authors) == ["Ann Lee"]
    assert teaser.url == "/news/flood/"
    assert entry.aliases == ("/old/flood", "/older/flood.html")
    assert article.extra == FrozenMap({"kicker": "Storm"})
    assert [(item.taxonomy, item.terms[0].name) for item in article.teaser.terms] == [
        ("series", "Storms")
    ]


ASTRO = """\
---
title: 'Flood in the old town'
description: 'The harbour is closed.'
pubDate: 'Jul 08 2022'
updatedDate: 2022-07-09T10:00:00.000Z
heroImage: '../../assets/a.jpg'
tags: ["flood"]
---

Text.
"""


def test_astro() -> None:
    """The names of Astro's starters are understood."""
    _, article, warnings = article_of(ASTRO, "astro")
    teaser = article.teaser
    assert warnings == []
    assert teaser.date == moments.parse("2022-07-08T00:00Z")
    assert teaser.updated == moments.parse("2022-07-09T10:00Z")
    assert teaser.summary == "The harbour is closed."
    assert teaser.image == Image("../../assets/a.jpg")


def test_astro_image() -> None:
    """A picture with Astro's names has ours."""
    text = "---\ntitle: X\npubDate: 2022-07-08\nimage: {url: a.jpg, alt: Sea}\n---\n"
    assert article_of(text, "astro")[1].teaser.image == Image("a.jpg", "Sea")


@pytest.mark.parametrize("dialect", ["hugo", "zola"])
def test_section_pages(dialect: str) -> None:
    """The page of a section is no article; that it is left out is told."""
    config = from_table({"front_matter": {"dialect": dialect}})
    parsed = parse("articles/posts/_index.md", b"---\ntitle: Posts\n---\n", config)
    assert (parsed.entry, parsed.article) == (None, None)
    assert [problem.severity for problem in parsed.problems] == ["warning"]


def test_names_of_the_configuration() -> None:
    """The configuration's names go before the dialect's, whatever their case."""
    text = "---\nHeadline: X\npublished: 2024-11-04\nblurb: Wet.\n---\n"
    names = {"headline": "title", "published": "date", "Blurb": "summary"}
    config = from_table({"front_matter": {"dialect": "jekyll", "names": names}})
    parsed = parse("articles/x.md", text.encode(), config)
    assert parsed.article is not None
    assert parsed.problems == ()
    teaser = parsed.article.teaser
    assert (teaser.title, teaser.summary, teaser.date.year) == ("X", "Wet.", 2024)


def test_own_keys_win() -> None:
    """A key of ours is never overwritten by a foreign one, which stays within templates' reach."""
    text = "---\ntitle: X\ndate: 2024-11-04\ndescription: A\nsummary: B\nlastmod: 2024-11-05\n"
    text += "modified: 2024-11-06\nextra: {k: v}\n---\n"
    _, article, warnings = article_of(text, "hugo")
    assert warnings == []
    assert article.teaser.summary == "B"
    assert article.teaser.updated == moments.parse("2024-11-05T00:00Z")
    assert article.extra == FrozenMap({"modified": "2024-11-06", "description": "A", "k": "v"})


def test_own_tags_win() -> None:
    """A name that the configuration maps does not push the key itself aside."""
    config = from_table({"front_matter": {"dialect": "jekyll", "names": {"keywords": "tags"}}})
    text = b"---\ntitle: X\ndate: 2024-11-04\nkeywords: [a]\ntags: b\n---\n"
    parsed = parse("articles/x.md", text, config)
    assert parsed.article is not None
    assert names(parsed.article.teaser.tags) == ["b"]


def test_addresses_of_this_site() -> None:
    """A full address is reduced to its path: below the base path if it is this site's own."""
    front_matter = "---\ntitle: X\ndate: 2024-11-04\nurl: {}\n---\n"
    base = "https://example.org/news/"
    for written, url in [
        ("https://example.org/news/flood/", "/flood/"),
        ("https://old.example/news/flood/", "/news/flood/"),
        ("//old.example/flood.html", "/flood.html"),
    ]:
        entry, _, _ = article_of(front_matter.format(written), "hugo", base_url=base)
        assert entry.teaser.url == url


FOREIGN = (
    "categories",
    "category",
    "tags",
    "tag",
    "taxonomies",
    "params",
    "extra",
    "url",
    "path",
    "permalink",
    "aliases",
    "save_as",
    "redirect_from",
    "image",
    "images",
    "cover",
    "heroImage",
    "published",
    "status",
    "sitemap",
    "author",
    "authors",
    "pubDate",
    "lastmod",
    "description",
)


@pytest.mark.parametrize("dialect", ["hugo", "jekyll", "pelican", "zola", "astro"])
@pytest.mark.parametrize(
    "value", ["[]", "{}", "[[a]]", "[{a: b}]", "''", "~", "'http://['", "/?a=b", "3", "'::'"]
)
def test_any_value(dialect: str, value: str) -> None:
    """Any value under any foreign key gives an article or problems, and no exception."""
    config = from_table({"front_matter": {"dialect": dialect}})
    for key in FOREIGN:
        text = f"---\ntitle: X\ndate: 2024-11-04\n{key}: {value}\n---\n"
        parsed = parse("articles/x.md", text.encode(), config)
        assert (parsed.article is None) == any(item.is_error for item in parsed.problems)


@pytest.mark.parametrize("nothing", ["", "null", "''", "' '"])
def test_a_key_without_a_value_hides_no_other(nothing: str) -> None:
    """Neither one of ours nor a foreign one: the next that says something has its place."""
    entry, _, told = article_of(
        f"---\ntitle: A\ndate: 2024-11-04\nSummary: {nothing}\ndescription: Water.\n"
        f"lastmod: {nothing}\nmodified: 2024-11-05\nimage: {nothing}\ncover: a.jpg\n---\n\nText",
        "hugo",
    )
    assert told == []
    assert entry.teaser.summary == "Water."
    assert entry.teaser.image == Image("a.jpg")
    assert entry.teaser.updated == moments.parse("2024-11-05T00:00Z")
