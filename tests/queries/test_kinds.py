"""Each kind of question says truly what its answer is made from, and is documented."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from sitegen.cache.trace import Answer, Question, Tracker, fingerprint
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry
from sitegen.model.frozen import FrozenMap
from sitegen.queries import KINDS, NARROWED, SHARED, answer
from sitegen.queries.kinds import OWN, SETTINGS, TEASERS, Function, question
from sitegen.render.question_functions import UnanswerableError, question_functions
from tests.entries import NOON, daily, entry, page_entry, site_of, term_entry
from tests.questions import questions_of

FULL = from_table(
    {
        "base_url": "https://example.org/news/",
        "categories": ["World", "Sport"],
        "lists": {"per_page": 2},
        "hosting": {"host": "netlify", "headers": {"X-A": "b"}},
        "redirects": {"/old/": "/"},
        "outputs": [
            {"url": "/a/{a}/", "template": "a.html", "from": "results/a", "select": ["rows"]},
            {"url": "/a.txt", "template": "a.html", "options": {"a": 1}},
        ],
        "responses": {"receiver": "https://respond.example.org/"},
    }
)


class Recorder:
    """A configuration that notes which settings are read."""

    def __init__(self, section: Any, read: set[str], prefix: str = "") -> None:
        self.__dict__.update(_section=section, _read=read, _prefix=prefix)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._section, name)
        if is_dataclass(value):
            return Recorder(value, self._read, f"{self._prefix}{name}.")
        self._read.add(self._prefix + name)
        return value


def fresh_site(config: Config = FULL) -> Site:
    """Return a site that has something of everything, of which nothing was asked yet."""
    documents: list[AnyEntry] = [
        *daily(5, tags=["river", "tide"], authors=["Ann"]),
        entry("first", date=NOON, related=("n000.md",), translation_of="n001.md", lang="de"),
        entry("corrected", corrected=(NOON,)),
        page_entry("about", nav="footer", updated=NOON),
        page_entry("about/ethics", translation_of="../about.md", lang="de"),
        term_entry("author/ann", "Ann Lee", pinned=["n001"]),
        term_entry("tag/sea", "Sea"),
    ]
    files = ("articles/map.png", "static/css/a.css", "static/logo.svg", "templates/a.html")
    return site_of(
        documents,
        files,
        config=config,
        data={"results/a": FrozenMap({"a": (1, 2), "rows": [{"a": 1}]})},
    )


def recorded(site: Site) -> tuple[Site, set[str]]:
    """Return the site with a configuration that notes what is read, and its notes."""
    read: set[str] = set()
    copy: Site = replace(site, config=Recorder(site.config, read), memo={})  # type: ignore[arg-type]  # as a configuration
    return copy, read


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_record_names_the_settings_that_its_answer_reads(name: str) -> None:
    """Asked on a fresh site each, no answer reads a setting that its record does not name."""
    kind = KINDS[name]
    if SETTINGS in kind.reads:
        return
    asked = 0
    for item in questions_of(fresh_site(), kind):
        site, read = recorded(fresh_site())  # cached properties hide what is read
        answer(site, item)
        assert read <= kind.settings, item
        asked += 1
    assert asked


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_record_names_settings_that_there_are(name: str) -> None:
    """A setting that a record names is one of the configuration's."""
    known = {item.name for item in fields(Config)}
    for setting in KINDS[name].settings:
        section, _, key = setting.partition(".")
        assert section in known
        if key:
            assert hasattr(getattr(Config(), section), key)


def test_a_shared_answer_is_not_narrowed() -> None:
    """A shared answer is always compared, so that no record has to say when it changes."""
    assert not SHARED & NARROWED


def test_a_kind_is_known_by_its_record_alone() -> None:
    """A declaration gives the record everything: name, arguments, signature."""

    @question("newest", scope=OWN, reads=(TEASERS, "title"), function=Function("Lists", "", ""))
    def newest(site: Site, count: int, kind_: str = "all") -> Answer:
        value = (site.config.title, count, kind_)
        return Answer(value, fingerprint(value))

    assert (newest.name, newest.scope, newest.affected) == ("newest", OWN, None)
    assert newest.settings == {"title"}
    assert newest.signature() == 'newest(count, kind="all")'
    assert dict(newest.parameters) == {"count": inspect.Parameter.empty, "kind": "all"}
    assert newest.answer(fresh_site(), 2).value == ("News", 2, "all")


def asked_by(call: str) -> tuple[Question, ...]:
    """Return the questions that a call of a template function asks."""
    tracker = Tracker(lambda _question: Answer("something", b"1"))
    with tracker.recording() as record:
        eval(call, question_functions(tracker))  # noqa: S307 - the test's own text
    return tuple(record)


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("front()", ("front",)),
        ("around(2024)", ("around", 2024, 0, 0)),
        ("around(2024, day=4, month=11)", ("around", 2024, 11, 4)),
        ("feed()", ("feed", "", "")),
        ('listing("tag", "river", 2)', ("listing", "tag", "river", 2)),
        ('listing(taxonomy="tag", slug="river", number=2)', ("listing", "tag", "river", 2)),
        ('article(id="a.md")', ("article", "a.md")),
    ],
)
def test_a_call_is_one_question_however_it_is_written(call: str, asked: Question) -> None:
    """Names and defaults of arguments are those of the answering function."""
    assert asked_by(call) == (asked,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("listing('tag')", 'listing() needs "slug"'),
        ("front(3)", "front() does not take 1 value"),
        ("months(2024, month=3)", 'months() does not take "month"'),
    ],
)
def test_a_wrong_call_is_told_with_the_right_one(call: str, message: str) -> None:
    """Arguments that are missing or too many are a template's fault, with the signature as hint."""
    with pytest.raises(UnanswerableError) as error:
        asked_by(call)
    assert str(error.value) == message
    assert error.value.hint
    assert error.value.hint.startswith("call it as ")


def test_what_is_missing_is_named() -> None:
    """A function without an answer says of what there is none."""
    tracker = Tracker(lambda _question: Answer(None, b"absent"))
    functions = question_functions(tracker)
    with pytest.raises(UnanswerableError, match=r'^there is no published article "a\.md"$'):
        functions["article"]("a.md")
    with pytest.raises(UnanswerableError, match=r'^there is no published tag "river"$'):
        functions["listing"]("tag", "river", 0)
    assert functions["edition"]() is None
