"""A site on disk that a test edits as a newsroom would, and all the edits that it can make."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sitegen.config.loading import load_config
from sitegen.parse.parsing import parse
from sitegen.responses.paths import thread_name
from sitegen.scan.sources import theme_folder
from tests.sitefactory import article

FrontMatter = dict[str, Any]

DATES = (
    "2024-11-04 21:54",
    "2024-11-04 09:00",
    "2024-11-04 09:00:00 +0900",
    "2024-11-05 11:59:59",
    "2024-11-05 12:00:00",
    "2024-11-05 12:00:01",
    "2024-11-06 08:00",
    "2024-12-01",
    "2023-02-01 10:00",
    "2023-02-01 18:30",
    "2022-12-31 23:30",
    "2024-10-27T00:40Z",
    "2024-10-27T01:05Z",
    "2024-10-27 01:30",
    "2024-03-31 01:30",
)
MOMENTS = (
    "2022-12-31T23:00:00+00:00",
    "2024-11-04T21:00:00+00:00",
    "2024-11-05T12:00:00+00:00",
    "2024-11-05T12:00:01+00:00",
    "2024-11-07T11:59:59+00:00",
    "2024-11-07T12:00:00+00:00",
    "2024-11-30T15:00:00+00:00",
    "2026-01-01T00:00:00+00:00",
    "2024-10-27T00:45:00+00:00",
    "2024-10-27T01:05:00+00:00",
)
CHANGES = (
    ("Europe/London", "2024-03-31T01:00Z"),
    ("Europe/London", "2024-10-27T01:00Z"),
    ("Africa/Cairo", "2024-04-25T22:00Z"),
    ("Africa/Cairo", "2024-10-31T21:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00Z"),
    ("America/St_Johns", "2009-11-01T02:31Z"),
    ("America/Phoenix", "1944-01-01T06:01Z"),
)
"""When clocks were changed, forward and back: at night, at midnight, and just after midnight, where
they went back into the last day, month or year."""
PATHS = (
    "articles/a1.md",
    "articles/a2.md",
    "articles/2024/a3.md",
    "articles/2024/a4.markdown",
    "articles/2024/11/a5.md",
    "articles/2024/11/index.md",
    "articles/2023-02-01-dated.md",
    "articles/高潮.md",
    "articles/ja/a1.md",
    "articles/a2.ja.md",
)
PICTURES = (
    "articles/photo.svg",
    "articles/2024/photo.svg",
    "articles/2024/11/map.svg",
    "articles/album/two.svg",
    "pages/photo.svg",
)
PAGE_PATHS = (
    "pages/about.md",
    "pages/about/index.md",
    "pages/about/ethics.md",
    "pages/about/team/ann.markdown",
    "pages/高潮.md",
    "pages/2024/11/05/flood.md",
    "pages/archive.md",
    "pages/index.md",
)
"""Two of them have one address, two others those of an article and of the archive."""

BODIES = (
    "The river rose.",
    "The river rose again.",
    "The river rose. [One](a1.md), [two](2024/a3.md), ![A](photo.svg)",
    "See [up](../a2.md#x) and [down](2024/a4.markdown?y=1).\n\n## Levels\n\nMuch water.",
    "A [missing one](nowhere.md) and [a page](/archive/) and [a tag](/tag/flood/).",
    "Who [we](/pages/about.md) are, and [our rules](../pages/about/ethics.md).",
    "![M](map.svg) ![S](/static/pic.svg) ![T](../static/pic.svg) ![U](/pic.svg)",
    "# A title of its own\n\nText.\n\n## One\n\n## Two\n\n## Three\n\n## Four\n\n```python\nx\n```",
    '<iframe src="https://films.example/a"></iframe> <script src="https://maps.example/a.js"></script>',
    '{{< figure src="photo.svg" caption="C" >}}\n\nIn {{< box >}}words{{< /box >}}.',
    '{{< article "a1.md" >}}\n\n{{< article "2024/a3.md" >}}\n\n{{< related "a2.md" >}}',
    '{{< note title="T" >}}\n{{< include file="tides.md" >}}\n{{< /note >}}\n\n{{< related >}}',
    '{{< box a="b" >}}\n{{< update time="2024-11-05" >}}New.{{< /update >}}\n{{< /box >}}',
    "{{< gallery >}}\n![P](photo.svg) *C*\n{{< /gallery >}}\n\n{{< youtube dQw4w9WgXcQ >}}",
    '{{< gallery folder="/articles/album" >}}\n\n{{< map lat=1 lon=2 image="photo.svg" >}}',
    '{{< video src="photo.svg" poster="/pic.svg" >}}\n\n{{< gallery files="/pic.svg photo.svg" >}}',
    '{{< table data="members" caption="M" >}}\n\n[The first](/council/ann/).',
    "> [!TIP]\n> The river rises.",
    "Note.[^1]\n\n[^1]: Of the editor.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n<p>Raw <b>HTML</b>",
)

PAGE_BODIES = (
    "We print.",
    "We print.\n\nDaily.",
    "We wrote [one](../articles/a1.md), [two](/articles/2024/a3.md), ![P](photo.svg)",
    "See [above](../about.md#a), [beside](ethics.md) and [below](about/ethics.md).",
    "# A title of its own\n\n## One\n\n## Two\n\n## Three\n\n## Four\n\n![S](/static/pic.svg)",
    '{{< article "a1.md" >}}\n\n{{< box >}}{{< include file="tides.md" >}}{{< /box >}}',
)

PAGE_FIELDS: dict[str, tuple[Any, ...]] = {
    "title": ("About us", "<b>About</b> & more", "高潮の頁"),
    "summary": (None, "In short."),
    "image": (None, "photo.svg", {"src": "/articles/photo.svg", "alt": "A"}),
    "updated": (None, "2024-11-05 08:00", "2025-01-01"),
    "url": (None, None, "/imprint/", "/2024/11/05/flood/", "/about/"),
    "nav": (None, "header", "footer"),
    "order": (None, 1, -3),
    "kind": (None, "about", "contact"),
    "template": (None, None, "page.html", "special.html"),
    "lang": (None, "ja", "en", "ar", "hu"),
    "translation_of": (None, None, "/pages/about.md", "/articles/a1.md"),
    "aliases": (None, ["/old/"], ["/who/", "/we.html"]),
    "noindex": (None, True),
    "canonical": (None, "https://example.com/x/"),
    "draft": (None, True, False),
    "publish": (None, *DATES[:7]),
    "expires": (None, "2024-11-05 12:00", "2024-11-05 12:00:01", "2025-01-01"),
    "mood": (None, "grey"),
}
"""Front matter of standalone pages, with the values that each key may get."""

TERM_PATHS = (
    "terms/author/ann.md",
    "terms/author/ben.md",
    "terms/author/cleo.md",
    "terms/category/world.md",
    "terms/tag/flood.markdown",
    "terms/tag/rain.md",
    "terms/series/the-flood.md",
    "terms/place/europe.md",
    "terms/place/europe/norway.md",
    "terms/place/europe/norway/index.md",
    "terms/nothing/x.md",
)
"""Two of them are of one term, and one is of none. What is said of places depends on `place`."""

TERM_BODIES = (
    "She writes.",
    "She writes.\n\nDaily.",
    "She wrote [one](../../articles/a1.md) with [him](ben.md), ![P](photo.svg)",
    '{{< article "a1.md" >}} {{< box >}}She{{< /box >}}',
    "{{< youtube dQw4w9WgXcQ >}}",
)

TERM_FIELDS: dict[str, tuple[Any, ...]] = {
    "name": (None, "Ann", "Ann Lee", "Ben", "Flood", "Wind & <rain>"),
    "names": (None, ["Ann"], ["Ben", "rain"], ["Rain"], ["Europe/Norge"], ["sport"]),
    "summary": (None, "In short."),
    "image": (None, "photo.svg", {"src": "/articles/photo.svg", "alt": "A"}),
    "pinned": (None, ["/articles/a1.md"], ["/articles/2024/a3.md", "/articles/a2.md"]),
    "noindex": (None, True),
    "feeds": (None, False, True),
    "lang": (None, "ja", "he"),
    "role": (None, "Reporter"),
    "same_as": (None, ["https://social.example/@ann"]),
    "email": (None, "ann@example.org"),
    "show_email": (None, True),
    "former": (None, True),
    "wire": (None, True),
    "draft": (None, True, False),
    "publish": (None, *DATES[:7]),
    "expires": (None, "2024-11-05 12:00", "2024-11-05 12:00:01", "2025-01-01"),
}
"""Front matter of texts of terms, with the values that each key may get."""

FIELDS: dict[str, tuple[Any, ...]] = {
    "title": ("Flood", "Flood & fire", "<b>Mayor</b> resigns", "高潮の夜", "{{ 7 }}"),
    "date": DATES,
    "updated": (None, "2024-11-05 08:00", "2024-11-05 09:00"),
    "category": (None, "World", "Sport", "world", "Town & country"),
    "tags": (None, ["Flood"], ["flood", "Rain"], ["Rain", "Flood", "Wind"], []),
    "author": (
        None,
        "Ann",
        "Ben",
        ["Ann", "Ben"],
        "ann",
        {"name": "Ann", "photo": "photo.svg"},
        [{"name": "ann", "role": "photographer", "of": "AP"}, "Ben"],
    ),
    "summary": (None, "In short.", "At length."),
    "image": (
        None,
        "photo.svg",
        {"src": "photo.svg", "alt": "A", "caption": "C", "credit": "D"},
        "/static/pic.svg",
        "nowhere.png",
    ),
    "slug": (None, "flood", "flood-2", "index"),
    "draft": (None, True, False),
    "publish": (None, *DATES[:7]),
    "expires": (None, "2024-11-05 12:00", "2024-11-05 12:00:01", "2025-01-01", "2027-01-01"),
    "related": (None, ["a1.md"], ["2024/a3.md", "a2.md"], ["nowhere.md"], ["../a1.md"]),
    "aliases": (None, ["/old/"], ["/old/flood.html", "/older/"], ["https://example.org/news/abs/"]),
    "pin": (None, True),
    "noindex": (None, True),
    "corrections": (
        None,
        [{"date": "2024-11-05", "text": "It was Ben."}],
        [{"date": "2024-11-05", "text": "It was Ann."}, {"date": "2024-11-05", "text": "Indeed."}],
        [{"date": "2022-01-01", "text": "Long ago."}],
    ),
    "id": (None, None, "one", "two", "0d1c8a52-5b0e-4b4c-9d6b-3c1a7d9f0e11"),
    "lang": (None, "ja", "en", "ar", "hu"),
    "translation_of": (None, None, "a1.md", "/articles/a2.md"),
    "comments": (None, "closed", "hidden"),
    "trackbacks": (None, "closed", "hidden"),
    "canonical": (None, "https://example.com/x/", "https://example.org/2024/11/05/flood/"),
    "mood": (None, "grey", "bright"),
    "series": (None, "The flood", "the flood", "Wind"),
    "part": (None, 1, 2, 3),
    "place": (None, "Europe/Norway", ["Europe", "Asia"], "europe/norway", "Europe/Norway/Oslo"),
}
"""Front matter, with the values that each key may get; None leaves it out."""

CONFIG: dict[str, tuple[Any, ...]] = {
    "title": ("The Tide", "The <Tide>"),
    "description": ("", "A paper."),
    "base_url": ("", "https://example.org/", "https://example.org/news/"),
    "language": ("en", "ja", "pt-BR", "ar"),
    "timezone": ("UTC", "Asia/Tokyo", "America/New_York", "Europe/London"),
    "redirects": (
        {},
        {"/gone/": "/archive/"},
        {"/gone/": "/2024/11/05/flood/", "/blog/*": "/tag/:splat"},
        {"/old/": "https://example.com/"},
        {"/2023/02/*": "/archive/"},
    ),
    "hosting.host": ("", "netlify", "gitlab-pages", "nginx", "s3"),
    "hosting.frames": ([], ["https://films.example"]),
    "hosting.headers": ({}, {"X-Frame-Options": ""}),
    "publisher.logo": ("", "icon.svg"),
    "publisher.twitter": ("", "@tide"),
    "publisher.masthead": ("", "pages/about.md", "pages/about/ethics.md", "/about/"),
    "publisher.same_as": ([], ["https://social.example/tide"]),
    "sitemap.news": (True, False),
    "sitemap.publication": (None, "The Tide & Times"),
    "search.enabled": (True, False),
    "theme": (None, "tide", "tide", "deep"),
    "theme_options": (None, {}, {"columns": 2}, {"columns": 3}),
    "accent": ("#9b1c1c", "#123456"),
    "accent_dark": ("#f0a08c", "#abcdef"),
    "categories": (
        [],
        ["World", "Sport", "Town & country"],
        ["Town & country", "Sport", "World"],
        ["Sport", "Town & country", "World", "Other"],
    ),
    "default_category": ("Other", "World"),
    "expired": ("remove", "notice"),
    "feeds.formats": (["atom", "rss", "json"], [], ["rss"]),
    "feeds.tags": (["atom"], ["atom", "rss", "json"], ["json"]),
    "feeds.items": (1, 2, 3, 20),
    "feeds.content": ("full", "summary"),
    "feeds.list_content": ("summary", "full"),
    "feeds.hubs": ([], ["https://hub.example.org/"]),
    "feeds.authority": ("", "old.example.org"),
    "urls.article": ("/{year}/{month}/{day}/{slug}/", "/{category}/{slug}/", "/{slug}.html"),
    "urls.category": ("/category/{slug}/", "/{slug}/"),
    "urls.tag": ("/tag/{slug}/", "/t/{slug}/"),
    "navigation": (
        None,
        {"header": [{"category": "World"}, {"label": "More", "children": [{"page": "about.md"}]}]},
        {"footer": [{"page": "about.md", "label": "Us"}, {"url": "/archive/", "label": "All"}]},
        {"header": [], "footer": [{"page": "about/index.md"}, {"category": "Sport"}]},
    ),
    "languages": (
        None,
        {"ja": {}},
        {"ja": {"path": "/nihon/", "folder": "2024", "title": "潮", "accent": "#234567"}},
        {"en": {"path": "/en/"}, "ja": {"urls": {"article": "/{lang}/{slug}/"}}},
        {"ja": {"categories": ["World", "Other"], "lists": {"per_page": 1}}, "pt-BR": {}},
    ),
    "taxonomies.tag.enabled": (True, False),
    "taxonomies.series.per_page": (100, 1),
    "taxonomies.series.order": ("part", "date"),
    "taxonomies.place": (
        None,
        {},
        {"tree": True, "title": "Places"},
        {"tree": True, "url": "/{slug}/", "feeds": ["rss"], "per_page": 1},
        {"key": "mood"},
    ),
    "outputs": (
        [],
        [{"url": "/council/{slug}/", "template": "row.html", "from": "data/members.csv"}],
        [
            {
                "url": "/2024/{k}/",
                "template": "row.html",
                "from": "results/2024",
                "select": ["rows"],
            },
            {"url": "/own.txt", "template": "own.txt", "options": {"a": 1}},
        ],
        [
            {"url": "/own.txt", "template": "own.txt", "options": {"a": True}},
            {"url": "/{slug}/", "template": "row.html", "from": "members", "noindex": True},
        ],
        [{"url": "/archive/", "template": "own.txt"}, {"url": "/own.html", "template": "absent"}],
    ),
    "dates.stamp": ("d/M HH:mm", "yyyy-MM-dd"),
    "dates.medium": ("medium", "short"),
    "lists.per_page": (1, 2, 3, 20),
    "lists.related": (0, 1, 4),
    "front.seconds": (0, 1, 2, 4),
    "front.newest": (0, 1, 2, 8),
    "front.per_section": (0, 1, 4),
    "markdown.raw_html": ("allow", "sanitize"),
    "markdown.toc_depth": (1, 3),
    "markdown.extensions.smarty": (None, {}),
    "responses.comments": ("open", "hidden"),
    "responses.receiver": ("", "https://respond.example.org/"),
    "responses.trackback": (False, True),
    "extra.motto": (None, "First with the flood", "Last with the fire"),
    "extra.deep": (None, {"er": 1}, {"er": 2}),
}
"""Settings by their dotted key, with the values that each may get."""

DATA: dict[str, tuple[str | None, ...]] = {
    "data/members.csv": (
        "slug,name,seats\nann,Ann,3\nben,Ben,1\n",
        "slug,name,seats\nann,Ann,4\nben,Ben,1\n",
        "slug,name,seats\ncleo,Cleo,0\nann,Ann,3\nben,Ben,1\n",
        "slug,name,seats\nben,Ben,1\nann,Ann,3\n",
        'slug;name;seats\r\nann;"Ann ""A"" Lee";3\r\n\r\nben;Ben;1\r\n',
        "slug,name,seats\nann,Ann\n",
        'slug,slug\n"ann',
        None,
    ),
    "data/members.toml": (None, None, "a = 1\n", "a = 1.0\n", "a = true\n", "a = nan\n"),
    "data/results/2024.json": (
        None,
        '{"rows": [{"k": 1, "v": "x"}, {"k": 2, "v": null}]}',
        '{"rows": [{"v": "x", "k": 1}, {"k": 2.0, "v": null}]}',
        '{"rows": [], "rows": 1}',
        '[1, true, 1.0, "1"]',
    ),
    "data/results/hours.yaml": (None, "- open: 9:00\n- open: No\n", "[1, 007]\n", "a: [\n"),
    "data/高潮.yml": (None, "at: 2024-11-04\n", "at: '2024-11-04'\nby: x\n"),
    "data/.hidden.csv": (None, "a\n1\n"),
    "data/notes.txt": (None, "Not data."),
}
"""Data files, with the texts that each may have; None is absent. Two of them have one name."""

ROWS = "{% for name in data_files() %}{{ name }}={{ data(name) | tojson }};{% endfor %}"
ROW = (
    '{% if "members" in data_files() %}{% for row in data("members") %}'
    '{% if row.slug is defined %}{{ data("members", "slug=" ~ row.slug, "name") }}{% endif %}'
    "{% endfor %}{% endif %}"
)

TEMPLATES: dict[str, tuple[str | None, ...]] = {
    "article.html": (
        None,
        '{% extends "theme/article.html" %}{% block threads %}<hr>{{ super() }}{% endblock %}',
        (
            '{% extends "theme/article.html" %}{% import "counter.html" as counter %}'
            "{% block head %}{{ super() }}{{ counter.next() }}{{ counter.bare }}{% endblock %}"
        ),
        (
            "<p>{% set all = article(page.article) %}"
            '{{ all.teaser.title }}{{ all.extra.get("mood") }}'
            '{% include "extra.html" ignore missing without context %}{{ body(page.article) }}'
        ),
    ),
    "base.html": (
        None,
        (
            '{% extends "theme/base.html" %}{% block metadata %}'
            '{% include "extra.html" ignore missing %}{% endblock %}'
        ),
        (
            '{% extends "theme/base.html" %}{% block metadata %}'
            '{% include ["none.html", "extra.html"] ignore missing %}'
            '{{ site.extra.get("motto", "-") }}{{ "deep" in site.extra }}{% endblock %}'
        ),
    ),
    "counter.html": (
        (
            "{% set count = namespace(n=0) %}{% set bare = site.title %}"
            "{% macro next() %}{% set count.n = count.n + 1 %}{{ count.n }}{% endmacro %}"
        ),
        (
            '{% set turn = cycler("odd", "even") %}{% set bare = text("search") %}'
            "{% macro next() %}{{ turn.next() }}{{ bare }}{% endmacro %}"
        ),
    ),
    "extra.html": (
        None,
        "<!-- extra {{ site.accent }} -->",
        '{% import "counter.html" as counter %}<!-- {{ counter.next() }} -->',
        "{% for key, value in site.extra.items() %}{{ key }}={{ value | tojson }};{% endfor %}",
    ),
    "feed.xml": (
        None,
        (
            "{% set all = feed(page.taxonomy, page.term) %}{{ all.identity }}"
            "{% for item in all.items %}{{ item.identity }}{{ item.updated }}"
            "{{ (enclosure(item.teaser) or item).url }}{% endfor %}"
        ),
        (
            '{{ feed("corrections").items | length }}{{ corrections_url() or 0 }}'
            '{{ feeds() | map(attribute="url") | join(" ") }}'
            "{% for item in corrections().items %}{{ item.date }}{{ item.text }}{% endfor %}"
        ),
    ),
    "front.html": (
        None,
        (
            '{% extends "theme/front.html" %}{% block footer %}{% set lead = front().lead %}'
            "{% if lead %}{{ related(lead.id) | length }}"
            "{{ (neighbours(lead.id).previous or lead).title }}"
            "{{ thread(lead.id).comment_count }}{% endif %}{% endblock %}"
        ),
        (
            "{% set all = front() %}{{ all.lead.title if all.lead }}"
            "{% for part in (all.seconds, all.newest) %}"
            "<ul>{% for item in part %}<li>{{ item.title }}{% endfor %}</ul>{% endfor %}"
            "{% for section in all.sections %}<h2>{{ section.term.name }}</h2>"
            "{% for item in section.items %}{{ item.id }}{% endfor %}{% endfor %}"
        ),
    ),
    "page.html": (
        None,
        '{% extends "theme/page.html" %}{% block children %}<hr>{{ super() }}{% endblock %}',
        (
            "{% set whole = standalone_page(page.document) %}{{ whole.teaser.title }}"
            '{{ whole.extra.get("mood") }}{{ body(whole) }}'
            '{% for item in pages("footer") %}{{ item.title }}{{ item.updated or 0 }}{% endfor %}'
        ),
    ),
    "special.html": (
        None,
        (
            "{{ parents(page.document) | map(attribute='title') | join }}"
            "{{ children(page.document) | map(attribute='summary') | join }}"
        ),
    ),
    "404.html": (None, '{% extends "theme/404.html" %}{% block mian %}x{% endblock %}'),
    "list.html": (
        None,
        (
            '{% extends "theme/list.html" %}{% from "counter.html" import next with context %}'
            "{% block footer %}{{ next() }}{% endblock %}"
        ),
        (
            "{% set all = listing(page.taxonomy, page.term, page.number) %}{{ all.term.name }}"
            "{{ all.number }}{{ all.items | map(attribute='id') | join }}"
            "{{ all.older or all.newer or all.newest }}"
        ),
    ),
    "parts/indexes.html": (
        None,
        '{% for term in counted_terms("tag") %}{{ term.term.name }} {{ term.count }}{% endfor %}',
        '{{ asset("pic.svg") if page is defined else "" }}',
        '{% for item in pages("header") %}{{ item.title }}{{ item.status }}{% endfor %}',
    ),
    "redirect.html": (None, '<a href="{{ href(page.target) }}">{{ edition() or 0 }}</a>'),
    "theme.css": (None, ":root { --accent: {{ site.accent }}; --motto: {{ text('search') }} }"),
    "shortcodes/box.html": (
        "<b>{{ inner }}</b>",
        "<i>{{ inner }}{{ args.a or site.title }}</i>",
        "[{{ inner }}{{ document.teaser.title }}{{ document.extra.get('mood') }}]",
        "{% import 'counter.html' as counter %}{{ counter.next() }}{{ inner or '' }}",
        None,
    ),
    "shortcodes/box.feed.html": (None, "<u>{{ inner }}</u>"),
    "shortcodes/note.html": (None, "<div>{{ inner }}{{ args.title }}</div>"),
    "shortcodes/figure.html": (None, "{{ image(document, args.src) }}{{ args.caption or '' }}"),
    "shortcodes/youtube.html": (
        None,
        "<i>{{ args[0] }}</i>",
        '{% include "theme/shortcodes/youtube.html" %}',
        '<iframe title="" src="https://films.example/"></iframe>',
    ),
    "search.html": (
        None,
        '{% extends "theme/search.html" %}{% block footer %}' + ROWS + "{% endblock %}",
        (
            '{% extends "theme/search.html" %}{% block footer %}{{ data("members", 0, "name") }}'
            "{% endblock %}"
        ),
        (
            '{% extends "theme/search.html" %}{% block footer %}{{ data_files("results") | join }}'
            "{% endblock %}"
        ),
    ),
    "archive.html": (
        None,
        None,
        '{% extends "theme/archive.html" %}{% block footer %}' + ROW + "{% endblock %}",
    ),
    "row.html": (
        "{{ row | tojson }}",
        (
            '{% extends "base.html" %}{% block title %}{{ row.slug }}{% endblock %}'
            "{% block main %}{{ row.name }}{{ options | tojson }}{% endblock %}"
        ),
    ),
    "own.txt": ("{{ options | tojson }}", "{{ site.title }} & {{ pages() | length }}"),
    "locale/en.toml": (
        None,
        'search = "Seek"',
        'search = "Find"\ntags = "Labels"\nown = "Own"',
        'articles.one = "{count} story"\nsearch = "{what}"\ntags = 3',
        "search =",
    ),
    "locale/pt.toml": (None, 'search = "Buscar"', 'tags = ""\nalert.tip = "Olha"'),
    "locale/ja.toml": (None, 'alert.tip = "！"\narticles.other = "{count}本"', 'alert.tip = "'),
    "locale/hu.toml": (None, 'alert.tip = "Tipp"', 'alert.tip = "Ötlet"'),
}
"""Templates of the site's own, with the texts that each may have; None is absent."""

STATIC: dict[str, tuple[str | None, ...]] = {
    "pic.svg": ("<svg/>", "<svg></svg>", None),
    "css/site.css": (None, "body {}", "html {}"),
    "icon.svg": (None, "<svg id='own'/>"),
    "sitemap.xml": (None, "<urlset/>"),
    "feed.xml": (None, "<feed/>"),
    "_redirects": (None, "/a /b"),
    "robots.txt": (None, "User-agent: *", "User-agent: x"),
    ".well-known/a.txt": (None, "a"),
}

INCLUDES: dict[str, tuple[str | None, ...]] = {
    "tides.md": (
        "High at *six*.",
        "High at seven. [One](../articles/a1.md), ![P](/pic.svg)",
        '{{< box >}}Low{{< /box >}} {{< article "2024/a3.md" >}}',
        '{{< include file="more.html" >}}',
        "{{< vimeo 146022717 >}}\n\n    {{< map lat=1 lon=2 >}}",
        '{{< include file="tides.md" >}}',
        None,
    ),
    "more.html": ("<p>More</p>", '<p><a href="../articles/a2.md">More</a></p>', None),
    "unused.md": (None, "x"),
}
"""What texts include."""

_THEME = """name = "{}"
templates = 1
{}
[options.columns]
default = {}
description = "How many."
"""
_SAYS = '{{% extends "theme/{0}" %}}{{% block footer %}}<b>{1}</b>{{{{ super() }}}}{{% endblock %}}'

THEMES: dict[str, tuple[str | None, ...]] = {
    "tide/theme.toml": (
        _THEME.format("Tide", "", 3),
        _THEME.format("The tide", 'version = "2"', 3),
        _THEME.format("Tide", 'parent = "deep"', 3),
        _THEME.format("Tide", 'parent = "deep"', 2),
    ),
    "deep/theme.toml": (_THEME.format("Deep", "", 3), _THEME.format("Deep", "", 1)),
    "tide/templates/base.html": (
        None,
        _SAYS.format("base.html", "tide {{ site.theme.get('columns') }}"),
    ),
    "deep/templates/base.html": (None, _SAYS.format("base.html", "deep")),
    "tide/templates/article.html": (
        None,
        _SAYS.format("article.html", "{{ site.theme.get('columns', 0) }}"),
        '{{ body(page.article) }}{% include "theme/extra.html" ignore missing %}',
    ),
    "deep/templates/article.html": (
        None,
        _SAYS.format("article.html", "deep"),
        _SAYS.format("article.html", "{% for name in site.theme %}{{ name }}{% endfor %}"),
    ),
    "deep/templates/extra.html": (None, "<!-- deep -->"),
    "tide/templates/special.html": (None, "<b>special</b>"),
    "tide/templates/parts/indexes.html": (
        None,
        '<b>tide</b>{% include "theme/parts/indexes.html" %}',
    ),
    "tide/templates/shortcodes/note.html": (
        None,
        '{% include "theme/shortcodes/note.html" %}<hr>',
        "<i>{{ inner }}</i>",
    ),
    "deep/templates/shortcodes/note.html": (None, "{{ args.title }}{{ inner }}"),
    "tide/static/pic.svg": (None, "<svg id='tide'/>"),
    "deep/static/pic.svg": (None, "<svg id='deep'/>"),
    "deep/static/css/site.css": (None, "b {}"),
    "tide/static/.well-known/a.txt": (None, "tide"),
    "tide/locale/en.toml": (None, 'search = "Hunt"'),
    "deep/locale/pt.toml": (None, 'search = "Procurar"'),
    "deep/locale/en.toml": (None, 'search = "Dive"\ntags = "Signs"'),
}
"""Files of the two themes that the site has, with the texts that each may have."""

_SAID = "---\nkind: comment\nauthor: {}\ndate: {}\n{}---\n\n{}\n"
SAID: tuple[str | None, ...] = (
    None,
    _SAID.format("Maud", "2024-11-05 08:00", "", "Two *tides*."),
    _SAID.format("Maud", "2024-11-05 08:00", "", "Three tides."),
    _SAID.format("Maud", "2024-11-05 08:00", "hints: [a link]\n", "Three tides."),
    _SAID.format("Idris", "2024-11-05T07:00:00Z", "in_reply_to: r1\n", "See https://a.example/"),
    _SAID.format("Ann", "2024-11-06 08:00", "in_reply_to: r2\nstaff: true\n", "So."),
    _SAID.format("Ann", "2024-11-06 08:00", "lang: ja\n", "高潮。"),
    _SAID.format("יעל", "2024-11-06 08:30", "", "שלום."),
    _SAID.format("", "2024-11-06", "source: https://a.example/\n", "x").replace(
        "comment", "pingback"
    ),
    _SAID.format("Ben", "2024-11-06", "source: https://b.example/\nmention: like\n", "").replace(
        "comment", "webmention"
    ),
)
"""What a response file may hold; None is absent."""

THREADS = (
    "2024-11-04-a1",
    "2024-11-04-a2",
    "2024-11-05-a3",
    "2024-11-06-a4",
    "2023-02-01-dated",
    "2000-one",
    "0d1c8a52-5b0e-4b4c-9d6b-3c1a7d9f0e11",
)


@dataclass
class Newsroom:
    """A site folder, what stands in it, and which paths changed since the last build."""

    site: Path
    articles: dict[str, tuple[FrontMatter, str]] = field(default_factory=dict)
    pages: dict[str, tuple[FrontMatter, str]] = field(default_factory=dict)
    """The standalone pages."""
    terms: dict[str, tuple[FrontMatter, str]] = field(default_factory=dict)
    """The texts of terms."""
    config: dict[str, Any] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    """All other files."""
    touched: set[str] = field(default_factory=set)

    def put(self, path: str, content: str | None) -> None:
        """Write or remove a file as an editor's program does."""
        location = self.site / path
        self.touched.add(path)
        if content is None:
            location.unlink(missing_ok=True)
            return
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_text(content, "utf-8")

    def put_article(self, path: str, head: FrontMatter, body: str) -> None:
        """Write an article."""
        self.articles[path] = (head, body)
        self.put(path, article(body=body, **head))

    def remove_article(self, path: str) -> tuple[FrontMatter, str]:
        """Remove an article, and return what it held."""
        self.put(path, None)
        return self.articles.pop(path)

    def put_page(self, path: str, head: FrontMatter, body: str) -> None:
        """Write a standalone page."""
        self.pages[path] = (head, body)
        self.put(path, article(body=body, **{"title": "A page", "date": None, **head}))

    def remove_page(self, path: str) -> None:
        """Remove a standalone page, if it is there."""
        if self.pages.pop(path, None):
            self.put(path, None)

    def edit_page(self, path: str, edits: dict[str, Any], body: str | None) -> None:
        """Edit a standalone page, or make it; without a body, remove it."""
        if body is None:
            self.remove_page(path)
        else:
            head, _ = self.pages.get(path, ({}, ""))
            self.put_page(path, {**head, **edits}, body)

    def put_term(self, path: str, head: FrontMatter, body: str) -> None:
        """Write the text of a term."""
        self.terms[path] = (head, body)
        self.put(path, article(body=body, **{"date": None, **head, "title": None}))

    def remove_term(self, path: str) -> None:
        """Remove the text of a term, if it is there."""
        if self.terms.pop(path, None):
            self.put(path, None)

    def edit_term(self, path: str, edits: dict[str, Any], body: str | None) -> None:
        """Edit the text of a term, or make it; without a body, remove it."""
        if body is None:
            self.remove_term(path)
        else:
            head, _ = self.terms.get(path, ({}, ""))
            self.put_term(path, {**head, **edits}, body)

    def thread(self, path: str) -> str | None:
        """Return the name of an article's thread, or None for an article with errors."""
        entry = parse(path, (self.site / path).read_bytes(), load_config(self.site)).entry
        return thread_name(entry.teaser.identity) if entry else None

    def put_other(self, path: str, content: str | None) -> None:
        """Write or remove a template, a static file or a picture."""
        self.put(path, content)
        if content is None:
            self.others.pop(path, None)
        else:
            self.others[path] = content

    def put_config(self, key: str, value: Any) -> None:
        """Change a setting; None leaves it out. The built-in theme has no options."""
        self.config[key] = value
        without = "" if self.config.get("theme") else "theme_options"
        lines = (
            f"{name} = {_toml(item)}"
            for name, item in self.config.items()
            if item is not None and name != without
        )
        self.put("sitegen.toml", "\n".join(lines))

    def edit(self, kind: str, which: int, edit: Any) -> None:
        """Make an edit of `any_edit`: to an article that `which` picks, if it is of one."""
        if kind == "setting":
            self.put_config(*edit)
        elif kind in ("templates", "static", "themes"):
            self.put_other(f"{kind}/{edit[0]}", edit[1])
        elif kind in ("response", "data"):
            self.put_other(*edit)
        elif kind == "page":
            self.edit_page(*edit)
        elif kind == "term":
            self.edit_term(*edit)
        elif kind == "new":
            self.put_article(edit[0], {"title": f"New in {edit[0][-6:-3]}"}, edit[1])
        elif self.articles:
            path = self.pick(which)
            head, body = self.articles[path]
            if kind == "gone":
                self.remove_article(path)
            elif kind == "head":
                self.put_article(path, {**head, edit[0]: edit[1]}, body)
            else:
                self.put_article(path, head, edit)

    def pick(self, which: int) -> str:
        """Return the path of one of the articles."""
        paths = sorted(self.articles)
        return paths[which % len(paths)]

    def copy(self) -> Newsroom:
        """Return a copy to come back to."""
        return Newsroom(
            self.site,
            dict(self.articles),
            dict(self.pages),
            dict(self.terms),
            dict(self.config),
            dict(self.others),
        )

    def restore(self, before: Newsroom) -> None:
        """Make all files again what they were."""
        for path in self.articles.keys() | before.articles.keys():
            if self.articles.get(path) != before.articles.get(path):
                if path in before.articles:
                    self.put_article(path, *before.articles[path])
                else:
                    self.remove_article(path)
        self._restore(self.pages, before.pages, self.put_page, self.remove_page)
        self._restore(self.terms, before.terms, self.put_term, self.remove_term)
        for path in self.others.keys() | before.others.keys():
            if self.others.get(path) != before.others.get(path):
                self.put_other(path, before.others.get(path))
        self.config = dict(before.config)
        self.put_config("title", self.config.get("title", "The Tide"))

    @staticmethod
    def _restore(
        now: dict[str, tuple[FrontMatter, str]],
        before: dict[str, tuple[FrontMatter, str]],
        put: Callable[[str, FrontMatter, str], None],
        remove: Callable[[str], None],
    ) -> None:
        for path in now.keys() | before.keys():
            if path not in before:
                remove(path)
            elif now.get(path) != before[path]:
                put(path, *before[path])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def fields() -> st.SearchStrategy[tuple[str, Any]]:
    """Return the strategy of (front matter key, value)."""
    return _pairs(FIELDS)


def page_edits() -> st.SearchStrategy[tuple[str, dict[str, Any], str | None]]:
    """Return the strategy of (path of a standalone page, changed keys, its text or None)."""
    return st.tuples(
        st.sampled_from(PAGE_PATHS),
        st.lists(_pairs(PAGE_FIELDS), max_size=2).map(dict),
        st.sampled_from((None, *PAGE_BODIES)),
    )


def term_edits() -> st.SearchStrategy[tuple[str, dict[str, Any], str | None]]:
    """Return the strategy of (path of the text of a term, changed keys, its text or None)."""
    return st.tuples(
        st.sampled_from(TERM_PATHS),
        st.lists(_pairs(TERM_FIELDS), max_size=3).map(dict),
        st.sampled_from((None, *TERM_BODIES)),
    )


def settings_() -> st.SearchStrategy[tuple[str, Any]]:
    """Return the strategy of (dotted configuration key, value)."""
    return _pairs(CONFIG)


def templates() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (template, text or None), with copies of the theme's among them."""
    theme = theme_folder() / "templates"
    copies: dict[str, tuple[str | None, ...]] = {
        path: (f"{(theme / path).read_text('utf-8')}{{# edited #}}<!-- edited -->",)
        for path in ("parts/words.html", "parts/search.html", "terms.html", "expired.html")
    }
    return _pairs({**TEMPLATES, **{path: (None, *texts) for path, texts in copies.items()}})


def static_files() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (path below `static/`, text or None)."""
    return _pairs(STATIC)


def includes() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (path below `includes/`, text or None)."""
    return _pairs(INCLUDES)


def theme_files() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (path below `themes/`, text or None)."""
    return _pairs(THEMES)


def responses() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (path of a response, its text or None), some of them pending."""
    paths = st.builds(
        "responses/{}{}/{}.md".format,
        st.sampled_from(("", "", "pending/")),
        st.sampled_from(THREADS),
        st.sampled_from(("r1", "r2", "r3")),
    )
    return st.tuples(paths, st.sampled_from(SAID))


def data_files() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return the strategy of (path of a data file, its text or None)."""
    return _pairs(DATA)


def any_edit() -> st.SearchStrategy[tuple[str, int, Any]]:
    """Return the strategy of what `Newsroom.edit` takes; half of them edit an article."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "head": fields(),
        "body": st.sampled_from(BODIES),
        "gone": st.none(),
        "new": st.tuples(st.sampled_from(PATHS), st.sampled_from(BODIES)),
        "setting": settings_(),
        "templates": templates(),
        "static": static_files(),
        "themes": theme_files(),
        "response": responses(),
        "data": data_files(),
        "page": page_edits(),
        "term": term_edits(),
    }
    chosen = st.sampled_from(("head", "head", "head", "body", *kinds))
    return chosen.flatmap(lambda kind: st.tuples(st.just(kind), st.integers(0, 20), kinds[kind]))


def _pairs(table: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[tuple[str, Any]]:
    # Keys first: each is as likely as any other, however many values it has.
    return st.sampled_from(sorted(table)).flatmap(
        lambda key: st.tuples(st.just(key), st.sampled_from(table[key]))
    )
