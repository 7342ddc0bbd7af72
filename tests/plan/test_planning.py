"""Which files a site consists of, and who is told when two want one."""

import posixpath
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.model.documents import Entry
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import output_path
from sitegen.plan.outputs import TEMPLATES_BY_KIND, fingerprinted
from sitegen.plan.planning import Plan, plan
from sitegen.queries import answer
from tests.entries import NOON, daily, entry, site_of


def plan_of(*entries: Entry, files: tuple[str, ...] = (), config: Config | None = None) -> Plan:
    """Return the plan of a small site."""
    return plan(site_of(entries, files, config=config))


def wanted_twice(*entries: Entry, files: tuple[str, ...] = (), **table: object) -> Problem:
    """Return the one problem of a plan."""
    (problem,) = plan_of(*entries, files=files, config=from_table(table)).problems
    return problem


# --- What there is


def test_an_empty_site_has_its_fixed_pages() -> None:
    """Without any article there are the pages that every paper has."""
    planned = plan_of()

    assert planned.problems == ()
    assert sorted(planned.outputs) == [
        "404.html",
        "archive/index.html",
        "author/index.html",
        "category/index.html",
        "css/theme.css",
        "index.html",
        "search/index.html",
        "search/parts.json",
        "tag/index.html",
    ]


def test_an_article_brings_its_pages() -> None:
    """One article gives its page, its terms' lists, its day, month and year, and its aliases."""
    made = entry("flood", category="World", tags=["River"], authors=["Ann"], aliases=["/old.html"])
    planned = plan_of(made)

    assert planned.problems == ()
    brought = planned.outputs.keys() - plan_of().outputs.keys()
    assert sorted(brought) == [
        "2024/11/04/index.html",
        "2024/11/index.html",
        "2024/index.html",
        "a/flood/index.html",
        "author/ann/index.html",
        "category/world/index.html",
        "old.html",
        "tag/river/index.html",
    ]
    redirect = planned.outputs["old.html"]
    assert (redirect.kind, redirect.target) == ("redirect", "/a/flood/")


def test_what_a_page_is_stands_in_its_record() -> None:
    """The record of an output names its kind and what it is about, for templates to ask with."""
    planned = plan_of(entry("flood", tags=["River"])).outputs

    assert planned["a/flood/index.html"].article == "articles/flood.md"
    river = planned["tag/river/index.html"]
    assert (river.kind, river.taxonomy, river.term, river.number) == ("tag", "tag", "river", 0)
    day = planned["2024/11/04/index.html"]
    assert (day.kind, day.year, day.month, day.day) == ("day", 2024, 11, 4)
    assert (planned["2024/11/index.html"].kind, planned["2024/index.html"].kind) == (
        "month",
        "year",
    )
    for path, output in planned.items():
        assert output.path == path == output_path(output.url)
        assert output.template == TEMPLATES_BY_KIND[output.kind]


def test_a_file_for_the_host_lies_at_the_top() -> None:
    """Its name has no folder, and the site may have its own instead."""
    config = from_table({"base_url": "https://example.org/", "hosting": {"host": "netlify"}})
    planned = plan_of(config=config).outputs
    for path in ("_headers", "_redirects"):
        output = planned[path]
        assert (output.path, output.url, output.kind) == (path, f"/{path}", "host_file")
    own = plan_of(files=("static/_headers",), config=config).outputs
    assert {"_headers", "_redirects"} & own.keys() == {"_redirects"}


def test_corrections_are_a_list_like_others() -> None:
    """Its full pages are numbered from 1, and one more address leads to its landing page."""
    config = from_table({"lists": {"per_page": 2}})
    made = [entry(f"n{number}", corrected=[NOON]) for number in range(5)]
    found = plan_of(*made, config=config).outputs
    pages = {path: page for path, page in found.items() if path.startswith("corrections/")}

    assert {path: (page.kind, page.number) for path, page in pages.items()} == {
        "corrections/index.html": ("corrections", 0),
        "corrections/page/1/index.html": ("corrections", 1),
        "corrections/page/2/index.html": ("corrections", 2),
        "corrections/page/3/index.html": ("redirect", 0),
    }


@pytest.mark.parametrize(
    ("count", "numbers"), [(0, []), (1, []), (2, [1, 2]), (3, [1, 2]), (4, [1, 2, 3])]
)
def test_full_pages_are_numbered_from_the_oldest(count: int, numbers: list[int]) -> None:
    """A list has its full pages, and one more address that leads to the landing page."""
    config = from_table({"lists": {"per_page": 2}})
    planned = plan(site_of(daily(count, tags=["river"]), config=config)).outputs
    pages = {number: planned.get(f"tag/river/page/{number}/index.html") for number in range(5)}

    assert [number for number, page in pages.items() if page] == numbers
    for number in numbers[:-1]:
        page = pages[number]
        assert page is not None
        assert (page.kind, page.number) == ("tag", number)
    if numbers:
        last = pages[numbers[-1]]
        assert last is not None
        assert (last.kind, last.target) == ("redirect", "/tag/river/")


def test_publishing_keeps_every_page_that_was_full() -> None:
    """The record of a full page is the same after any number of new articles."""
    config = from_table({"lists": {"per_page": 2}})
    before = plan(site_of(daily(5, tags=["river"]), config=config)).outputs
    after = plan(site_of(daily(50, tags=["river"]), config=config)).outputs

    full = [output for output in before.values() if output.number]
    assert full
    assert all(after[output.path] == output for output in full)


def test_configured_addresses_move_the_lists() -> None:
    """The patterns of the configuration say where lists and their indexes stand."""
    config = from_table(
        {"urls": {"tag": "/topics/{slug}.html", "author": "/{slug}/", "category": "/c/{slug}"}}
    )
    made = entry("flood")
    teaser = made.teaser._replace(
        category=made.teaser.category._replace(url="/c/other"),
        tags=(made.teaser.category._replace(name="River", slug="river", url="/topics/river.html"),),
    )
    planned = plan_of(made._replace(teaser=teaser), config=config)

    assert planned.problems == ()
    assert {"topics/river.html", "topics/index.html", "c/other/index.html", "c/index.html"} <= set(
        planned.outputs
    )
    assert not {output.kind for output in planned.outputs.values()} & {"authors"}


def test_static_files_are_copied_to_the_root() -> None:
    """A file of `static/` lies at the same path below the site's root."""
    planned = plan_of(files=("static/img/map.svg", "theme/static/icon.svg", "static/.htaccess"))

    assert {path: copy.source.path for path, copy in planned.copies.items()} == {
        ".htaccess": "static/.htaccess",
        "icon.svg": "theme/static/icon.svg",
        "img/map.svg": "static/img/map.svg",
    }


def test_a_picture_beside_an_article_keeps_its_path() -> None:
    """A file that an article uses lies where it lay below `articles/`."""
    planned = plan_of(entry("2024/a", links=["photo.jpg"]), files=("articles/2024/photo.jpg",))

    assert list(planned.copies) == ["2024/photo.jpg"]


def test_fingerprinted_copies_are_made_of_what_was_asked_for() -> None:
    """Only assets that a page asked for get a copy under a name with their fingerprint."""
    site = site_of(files=["static/a.css", "static/b.css"])

    (copy,) = fingerprinted(site, ["a.css", "gone.css"]).values()
    assert copy.source.path == "static/a.css"
    assert copy.path == str(answer(site, ("asset", "a.css")).value)[1:]


def test_an_expired_article_may_leave_a_notice() -> None:
    """With `expired = "notice"` the address of an expired article stays, without its text."""
    made = entry("flood", expires=NOON)
    removed = plan_of(made)
    noticed = plan_of(made, config=from_table({"expired": "notice"}))

    assert "a/flood/index.html" not in removed.outputs
    notice = noticed.outputs["a/flood/index.html"]
    assert (notice.kind, notice.article) == ("expired", "")
    assert "2024/index.html" not in noticed.outputs


def test_the_urls_of_a_plan_are_all_that_can_be_linked() -> None:
    """Pages and files count alike for links."""
    planned = plan_of(entry("flood", aliases=["/old/"]), files=("static/map.svg",))

    for url in ("/", "/a/flood/", "/old/", "/map.svg", "/2024/", "/category/other/", "/404.html"):
        assert planned.publishes(url), url
    for url in ("/a/flood", "/a/flood/index.html", "map.svg", "/map", "", "//", "/old//"):
        assert not planned.publishes(url), url


# --- Collisions


def test_two_articles_at_one_url_are_both_named() -> None:
    """The message names both files, at the line that decides the later one's URL."""
    problem = wanted_twice(
        entry("a", url="/flood/"), entry("b", url="/flood/")._replace(url_line=7)
    )

    assert problem.message == "/flood/ is wanted by articles/b.md and by articles/a.md"
    assert problem.location == Location("articles/b.md", 7)
    assert problem.hint


@pytest.mark.parametrize("url", ["/flood/", "/flood/index.html", "/flood"])
def test_urls_of_one_file_collide(url: str) -> None:
    """What matters is the file: two spellings of its URL are one."""
    problem = wanted_twice(entry("a", url="/flood/"), entry("b", url=url))

    assert problem.message.startswith("/flood/ is wanted by ")


@pytest.mark.parametrize(
    ("entries", "files", "message", "location"),
    [
        (
            (entry("a", url="/archive/"),),
            (),
            "/archive/ is wanted by articles/a.md and by the page /archive/",
            "articles/a.md",
        ),
        (
            (entry("a", url="/"),),
            (),
            "/ is wanted by articles/a.md and by the page /",
            "articles/a.md",
        ),
        (
            (entry("a", url="/tag/river/", tags=["River"]),),
            (),
            '/tag/river/ is wanted by articles/a.md and by the list of the tag "River"',
            "articles/a.md",
        ),
        (
            (entry("a", url="/2024/"),),
            (),
            "/2024/ is wanted by articles/a.md and by the archive /2024/",
            "articles/a.md",
        ),
        (
            (entry("a", aliases=["/a/b/"]), entry("b")),
            (),
            "/a/b/ is wanted by an alias of articles/a.md and by articles/b.md",
            "articles/a.md",
        ),
        (
            (entry("a", aliases=["/a/a/"]),),
            (),
            "/a/a/ is wanted by an alias of articles/a.md and by articles/a.md",
            "articles/a.md",
        ),
        (
            (entry("a", aliases=["/old/"]), entry("b", aliases=["/old/"])),
            (),
            "/old/ is wanted by an alias of articles/b.md and by an alias of articles/a.md",
            "articles/b.md",
        ),
        (
            (entry("a", url="/map.svg"),),
            ("static/map.svg",),
            "/map.svg is wanted by articles/a.md and by static/map.svg",
            "articles/a.md",
        ),
        (
            (),
            ("static/404.html",),
            "/404.html is wanted by static/404.html and by the page /404.html",
            "static/404.html",
        ),
        (
            (entry("2024/a", links=["map.svg"]),),
            ("articles/2024/map.svg", "static/2024/map.svg"),
            "/2024/map.svg is wanted by articles/2024/map.svg and by static/2024/map.svg",
            "articles/2024/map.svg",
        ),
    ],
)
def test_collisions_of_all_kinds_name_both(
    entries: tuple[Entry, ...], files: tuple[str, ...], message: str, location: str
) -> None:
    """Whatever wants the same file, the message names the two, at a file that can be edited."""
    problem = wanted_twice(*entries, files=files)

    assert problem.message == message
    assert problem.location is not None
    assert problem.location.path == location
    assert problem.is_error


def test_a_collision_takes_nothing_away() -> None:
    """The file that two want is planned once, for the first; everything else is planned, too."""
    planned = plan_of(entry("a", url="/flood/"), entry("b", url="/flood/"), entry("c"))

    assert planned.outputs["flood/index.html"].article == "articles/a.md"
    assert "a/c/index.html" in planned.outputs


@pytest.mark.parametrize(
    ("entries", "files", "file"),
    [
        ((entry("a", url="/x.d"), entry("b", url="/x.d/y/")), (), "x.d"),
        ((entry("a", url="/x.d/y/z/"),), ("static/x.d",), "x.d"),
        ((entry("a", aliases=["/a.b"]), entry("b", url="/a.b/c/d/e.html")), (), "a.b"),
    ],
)
def test_a_file_cannot_be_a_folder(
    entries: tuple[Entry, ...], files: tuple[str, ...], file: str
) -> None:
    """A file that other files would have to lie in is a problem."""
    problem = wanted_twice(*entries, files=files)

    assert f"gives the file {file}, which is a folder for other pages" in problem.message


@pytest.mark.parametrize(
    ("alias", "reason"),
    [("old/", "it must begin with /"), ("/../x/", 'it must not contain ".." as a part')],
)
def test_an_alias_that_is_no_url_is_told(alias: str, reason: str) -> None:
    """An alias that leads out of the output folder is a problem of its article."""
    problem = wanted_twice(entry("a", aliases=[alias]))

    assert problem.message == f'the alias "{alias}" cannot be a URL: {reason}'
    assert problem.location == Location("articles/a.md", 2)


URLS = st.lists(
    st.sampled_from(["a", "b", "x.d", "index.html", "tag", "2024", "river"]), max_size=4
).map(lambda parts: "/" + "".join(f"{part}/" for part in parts))


@given(
    urls=st.lists(URLS, max_size=5),
    aliases=st.lists(URLS, max_size=4),
    files=st.lists(URLS.map(lambda url: f"static{url.rstrip('/') or '/f'}"), unique=True),
)
def test_every_plan_can_be_written(urls: list[str], aliases: list[str], files: list[str]) -> None:
    """Each path is planned once, no planned file is another's folder; who wanted more is told."""
    entries = [
        entry(f"n{number}", url=url, aliases=aliases[number : number + 1], tags=["river"])
        for number, url in enumerate(urls)
    ]
    clean = [file for file in files if not any(other.startswith(f"{file}/") for other in files)]
    planned = plan(site_of(entries, clean))
    paths = [*planned.outputs, *planned.copies]

    claims = len(entries) + sum(len(item.aliases) for item in entries) + len(clean)
    made = [output for output in planned.outputs.values() if output.kind in ("article", "redirect")]
    told = ("is wanted by", "which is a folder for other pages")
    collisions = [
        problem for problem in planned.problems if any(words in problem.message for words in told)
    ]
    assert len(made) + len(planned.copies) <= claims
    assert len(made) + len(planned.copies) + len(collisions) >= claims
    assert len(paths) == len(set(paths))
    folders = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    assert not folders & set(paths)
    for path in paths:
        assert posixpath.normpath(path) == path
        assert not path.startswith(("/", "../"))


@given(st.permutations(range(4)))
def test_a_plan_does_not_depend_on_the_order_of_reading(order: list[int]) -> None:
    """Files and problems are the same in whatever order articles were found."""
    entries = [
        entry("a", url="/flood/"),
        entry("b", url="/flood/", aliases=["/old/"]),
        entry("c", aliases=["/old/"]),
        entry("d", tags=["x"]),
    ]

    assert plan_of(*(entries[place] for place in order)) == plan_of(*entries)
