"""Nothing of an article is anywhere before its time, after its end, or while it is a draft.

Each hidden article has a word of its own in every place that can hold one. The word must be in no
file and no file name of the output: pages, lists, archives, copies, redirects, the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.session import Session
from sitegen.scan.sources import theme_folder
from tests.sitefactory import article, build_site, make_site, tree, write

APPEARS = datetime(2024, 11, 5, 12, tzinfo=UTC)
ENDS = APPEARS + timedelta(hours=1)
BEFORE, AFTER = APPEARS - timedelta(seconds=1), ENDS
MOMENTS = {
    "long before": APPEARS - timedelta(days=400),
    "just before": BEFORE,
    "at its minute": APPEARS,
    "at its last second": ENDS - timedelta(seconds=1),
    "at its end": AFTER,
    "long after": ENDS + timedelta(days=400),
}
CONFIG = """
base_url = "https://example.org/"
[[outputs]]
url = "/desk/{number}/"
template = "row.html"
from = "desk"
[[outputs]]
url = "/desk/"
template = "rows.html"
options = { title = "Desk", file = "desk", columns = "number", link = "/desk/{number}/" }
[[outputs]]
url = "/llms.txt"
template = "llms.txt"
"""
SHOWN = {"at its minute", "at its last second"}


def secret(word: str, **head: Any) -> dict[str, str]:
    """Return the files of an article that says `word` in every way it can."""
    text = article(
        f"Title {word}",
        f"Body {word}. ![A {word}]({word}-picture.svg) [x](/static/{word}-static.txt)\n\n"
        f"![{word}](/{word}-plain.svg)\n\n## Heading {word}",
        **{
            "date": APPEARS.isoformat(),
            "category": f"Category {word}",
            "tags": [f"tag {word}", "river"],
            "author": f"Author {word}",
            "summary": f"Summary {word}.",
            "slug": f"slug-{word}",
            "aliases": [f"/old-{word}/", f"/older/{word}.html"],
            "image": {"src": f"{word}-lead.svg", "alt": word, "caption": word, "credit": word},
            "corrections": [{"date": APPEARS.isoformat(), "text": word}],
            "mood": word,
            "pin": True,
            **head,
        },
    )
    return {
        f"articles/2024/{word}.md": text,
        f"articles/2024/{word}-picture.svg": f"<svg>{word}</svg>",
        f"articles/2024/{word}-lead.svg": f"<svg>{word}</svg>",
        f"static/{word}-static.txt": word,
        f"static/{word}-plain.svg": f"<svg>{word}</svg>",
    }


SECRETS: dict[str, dict[str, Any]] = {
    "qtimedq": {"expires": ENDS.isoformat()},
    "qdatedq": {"date": APPEARS.isoformat()},
    "qheldq": {"date": "2024-01-01", "publish": APPEARS.isoformat()},
    "qendedq": {"date": "2024-01-02", "expires": ENDS.isoformat()},
    "qdraftq": {"date": "2024-01-03", "draft": True},
    "qlaterq": {"draft": True, "publish": APPEARS.isoformat()},
}
"""A word for each way of being hidden, with the front matter that hides it."""

HIDDEN = {
    "qtimedq": MOMENTS.keys() - SHOWN,
    "qdatedq": {"long before", "just before"},
    "qheldq": {"long before", "just before"},
    "qendedq": {"at its end", "long after"},
    "qdraftq": MOMENTS.keys(),
    "qlaterq": MOMENTS.keys(),
}
"""When each of them must not be seen. Before 2 January 2024 "qendedq" has not begun, either."""


def published(word: str, moment: str) -> bool:
    """Whether the article may be seen."""
    begun = word != "qendedq" or moment != "long before"
    return moment not in HIDDEN[word] and begun


def files() -> dict[str, str]:
    """Return a site's files: the secrets, and open articles that have to do with all of them."""
    found: dict[str, str] = {}
    for word, head in SECRETS.items():
        found |= secret(word, **head)
    names = [f"{word}.md" for word in SECRETS]
    links = " ".join(f"[link]({name})" for name in names)
    for number, date in enumerate(("2023-10-01", "2024-11-05 11:59:59", "2024-11-05 12:30")):
        found[f"articles/2024/open{number}.md"] = article(
            f"Open {number}",
            f"Open. {links}\n\n{_shortcodes(names)}",
            date=date,
            tags=["river"],
            related=names,
        )
    links = " ".join(f"[link](../articles/2024/{name})" for name in names)
    cards = _shortcodes([f"2024/{name}" for name in names]).replace("all.md", "more.md")
    rows = "".join(f"{number},articles/2024/{name}\n" for number, name in enumerate(names))
    found["data/desk.csv"] = f"number,story\n{rows}"
    return {**found, "includes/all.md": f"{links}\n\n{cards}", "includes/more.md": "More."}


def _shortcodes(names: list[str]) -> str:
    """Return a text that shows articles by all shortcodes that can."""
    cards = "\n".join(f'{{{{< article "{name}" >}}}}' for name in names)
    named = " ".join(f'"{name}"' for name in names)
    rest = '{{< related >}}\n{{< include file="all.md" >}}'
    return f"{cards}\n{{{{< related {named} >}}}}\n{rest}"


def seen(folder: Path, word: str) -> list[str]:
    """Return the files of a folder that hold the word, or that are named with it."""
    return [
        path
        for path, content in tree(folder).items()
        if word.encode() in content.lower() or word in path.lower()
    ]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The site with all its secrets."""
    return make_site(tmp_path / "site", config=CONFIG, files=files())


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_hidden_word_is_nowhere(site: Path, moment: str) -> None:
    """At each moment the words of the articles that are shown are seen, and no others."""
    build_site(site, at=MOMENTS[moment])
    for word in SECRETS:
        places = seen(site / "output", word)
        assert bool(places) == published(word, moment), (word, places)


@pytest.mark.parametrize("moment", MOMENTS)
def test_of_an_article_that_has_ended_only_the_address_is_left(site: Path, moment: str) -> None:
    """A notice stands at its address, and says nothing of it but that address."""
    write(site, {"sitegen.toml": f'expired = "notice"\n{CONFIG}'})
    build_site(site, at=MOMENTS[moment])
    for word in ("qtimedq", "qendedq"):
        if published(word, moment) or moment.endswith("before"):
            continue
        place = "2024/11/05/slug-qtimedq/" if word == "qtimedq" else "2024/01/02/slug-qendedq/"
        places = seen(site / "output", word)
        assert sorted(places) == [".sitegen-manifest", f"{place}index.html"]
        notice = (site / "output" / place / "index.html").read_text()
        assert word not in notice.replace(f"/{place}", "")
        assert "noindex" in notice
    for word in ("qlaterq", *(["qdatedq", "qheldq"] if "before" in moment else [])):
        assert seen(site / "output", word) == []


def sequences() -> Iterator[tuple[str, ...]]:
    """Yield orders in which moments may be built."""
    names = tuple(MOMENTS)
    yield names
    yield names[::-1]
    yield ("at its minute", "just before", "at its end", "at its minute", "long before")


@pytest.mark.parametrize("goes_on", [False, True], ids=["new processes", "one process"])
@pytest.mark.parametrize("sequence", list(sequences()), ids=["forward", "backward", "mixed"])
def test_nothing_is_left_over_from_another_moment(
    site: Path, sequence: tuple[str, ...], *, goes_on: bool
) -> None:
    """Whatever moment was built before, the next one shows what it shows by itself."""
    session = Session()
    for moment in sequence:
        changed: list[str] | None = [] if goes_on else None
        build_site(site, at=MOMENTS[moment], session=session, changed=changed)
        if not goes_on:
            session.close()
        for word in SECRETS:
            assert bool(seen(site / "output", word)) == published(word, moment), (word, moment)
    session.close()


def test_a_preview_leaves_nothing_behind(site: Path) -> None:
    """What `--drafts` showed is gone with the next build without it, whichever folder it was in."""
    for _ in range(2):
        build_site(site, at=BEFORE, drafts=True)
        assert all(seen(site / "output", word) for word in SECRETS.keys() - {"qendedq"})
        build_site(site, at=BEFORE)
        for word in SECRETS.keys() - {"qendedq"}:
            assert seen(site / "output", word) == []


def test_an_article_that_becomes_a_draft_is_gone(site: Path) -> None:
    """Unpublishing removes everything that was published, and a later build changes nothing."""
    path = "articles/2024/qtimedq.md"
    for goes_on in (False, True):
        session = Session()
        write(site, {path: secret("qtimedq")[path]})
        build_site(site, at=APPEARS, session=session)
        assert seen(site / "output", "qtimedq")
        write(site, {path: secret("qtimedq", draft=True)[path]})
        changed = [path] if goes_on else None
        build_site(site, at=APPEARS, session=session, changed=changed)
        session.close()
        assert seen(site / "output", "qtimedq") == []


def test_what_others_use_stays(site: Path) -> None:
    """A picture of a hidden article that an open one shows, too, is published."""
    write(
        site,
        {
            "articles/2024/open0.md": article(
                "Open", "![x](qtimedq-picture.svg)", date="2023-10-01"
            ),
            "articles/2024/open1.md": article(
                "Open", "![x](/qtimedq-plain.svg)", date="2023-10-01"
            ),
        },
    )
    build_site(site, at=BEFORE)
    found = tree(site / "output")
    assert {path for path in found if "qtimedq" in path} == {
        "2024/qtimedq-picture.svg",
        "qtimedq-plain.svg",
    }


def test_a_file_that_a_template_asks_for_stays(site: Path) -> None:
    """What the theme itself needs is published under the name that it asks for."""
    name = next(iter(sorted(path.name for path in (theme_folder() / "static").glob("*.svg"))))
    write(site, {"articles/2024/qdatedq.md": article("D", f"![x](/static/{name})", draft=True)})
    build_site(site, at=APPEARS)
    stem, suffix = name.split(".")
    found = tree(site / "output")
    assert any(path.startswith(f"{stem}.") and path.endswith(f".{suffix}") for path in found)


def test_what_the_site_itself_shows_stays(site: Path) -> None:
    """A picture of a draft that a template or stylesheet names is the site's, too."""
    write(site, {"static/css/site.css": "main { background: url(../qdatedq-plain.svg) }"})
    build_site(site, at=BEFORE)
    assert (site / "output" / "qdatedq-plain.svg").is_file()
    assert not (site / "output" / "qtimedq-plain.svg").exists()


def test_a_message_may_name_a_hidden_article_but_no_page_does(site: Path) -> None:
    """A link to an article that is not out yet is left out of the page, and told to the editor."""
    report = build_site(site, at=BEFORE)
    told = [problem.message for problem in report.problems]
    assert any(
        '"qtimedq.md" is not published; the link was left out' in message for message in told
    )
    page = (site / "output" / "2023/10/01/open0/index.html").read_text()
    assert "<a>link</a>" in page
