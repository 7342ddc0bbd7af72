"""The build as a whole: same input, same bytes; every link leads somewhere."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest

from sitegen.flow.build import Options, build
from sitegen.model.errors import SitegenError
from tests.sitefactory import AT, article, build_site, make_site, pages, times, tree, write

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><title>x</title></svg>'

BODY = """\
The river rose. See [the storm](storm.md), the [levels](#levels), [another day](../2023/鐘.md#top),
the [map](/static/img/town%20map.svg), [all news](/archive/) and <https://example.net/a?b=c&d>.

![The bridge](bridge%20%231.svg "A bridge")

## Levels

| Place | Metres |
|-------|--------|
| Quay  | 3.2    |

Water[^1] everywhere.

[^1]: Salt water.
"""


def newspaper(folder: Path, config: str = "") -> Path:
    """Make a site with a page of every kind, and names that are hard to link."""
    many = {
        f"2022/n{number:02}.md": article(
            f"Note {number}",
            date=f"2022-03-{number + 1:02}",
            category="World & Sea",
            tags=["C++", "water"],
            authors=["Ann Ōta"],
        )
        for number in range(9)
    }
    return make_site(
        folder,
        {
            **many,
            "2024/flood.md": article(
                "Flood", BODY, tags=["water"], aliases=["/old/flood.html", "/高潮/"],
                image="bridge%20%231.svg", author="Ann Ōta", updated="2024-11-05",
                corrections=[{"date": "2024-11-05", "text": "It was Monday."}],
            ),
            "2024/storm.md": article("Storm", slug="storm-over-c++", date="2024-11-03"),
            "2024/gone.md": article("Gone", expires="2024-11-05"),
            "2024/draft.md": article("Draft", draft=True),
            "2023/鐘.md": article("鐘の音", "鳴る。", date="2023-05-05", lang="ja", tags=["高潮"]),
        },
        config='expired = "notice"\n' + config + "\n[lists]\nper_page = 4\n",
        files={"articles/2024/bridge #1.svg": PICTURE, "static/img/town map.svg": PICTURE},
    )  # fmt: skip


# --- Determinism


def test_two_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """The same input gives the same files with the same bytes, wherever it lies."""
    one = newspaper(tmp_path / "one")
    two = newspaper(tmp_path / "another place" / "二")
    build_site(one)
    build_site(two)

    assert tree(one / "output") == tree(two / "output")


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "ja_JP.UTF-8", "HOME": "/"},
    ],
)
def test_nothing_of_the_machine_gets_into_the_output(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    """Hash seed, time zone, language and home of the process do not show."""
    site = newspaper(tmp_path / "site")
    build_site(site)
    subprocess.run(
        [
            sys.executable, "-m", "sitegen", "build", "--site", site, "--at", AT.isoformat(),
            "--output", tmp_path / "there",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, **surroundings},
    )  # fmt: skip

    assert tree(tmp_path / "there") == tree(site / "output")


def test_the_output_does_not_depend_on_what_was_built_before(tmp_path: Path) -> None:
    """A build after other builds of the same site gives what a first one gives."""
    site = newspaper(tmp_path / "site")
    build_site(site, at=datetime(2023, 1, 1, tzinfo=UTC))
    build_site(site, drafts=True)
    build_site(site, base_url="https://example.org/news/")
    build_site(site)
    fresh = newspaper(tmp_path / "fresh")
    build_site(fresh)

    assert tree(site / "output") == tree(fresh / "output")


def test_the_same_build_again_does_nothing(tmp_path: Path) -> None:
    """Where nothing changed, nothing is parsed, rendered or written, to the time stamps."""
    site = newspaper(tmp_path)
    first = build_site(site)
    before = times(site / "output")
    again = build_site(site)

    assert first.rendered
    assert first.unchanged == 0
    assert (again.parsed, again.rendered, again.written, again.removed) == (0, {}, (), ())
    assert again.unchanged == again.files == first.files
    assert times(site / "output") == before


def test_output_folders_can_take_turns(tmp_path: Path) -> None:
    """Each output folder of a site is kept in step on its own."""
    site = newspaper(tmp_path / "site")
    preview = tmp_path / "preview"
    build_site(site)
    build_site(site, output=preview, drafts=True)
    assert "2024/11/04/draft/index.html" in tree(preview)
    assert build_site(site).rendered == {}
    assert build_site(site, output=preview, drafts=True).rendered == {}

    write(site, {"articles/2024/storm.md": article("Storm", "Over.", date="2024-11-03")})
    assert build_site(site).rendered
    assert build_site(site, output=preview, drafts=True).rendered


def test_the_report_counts_what_there_is(tmp_path: Path) -> None:
    """Articles, pages and files are those of the output."""
    site = newspaper(tmp_path)
    report = build_site(site)
    files = tree(site / "output").keys() - {".sitegen-manifest"}

    assert report.articles == 12
    assert report.files == len(files) == len(report.written)
    assert report.pages == len(report.rendered) < report.files
    assert set(report.written) == files
    assert report.next_change is None
    assert report.problems == ()


# --- Links


class Links(HTMLParser):
    """Gathers what a page links to, and what it can be linked by."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the id of a tag."""
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        self.found += [values[name] for name in ("href", "src", "action") if name in values]
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.found.append(values["content"].partition("url=")[2])


def broken(output: Path, base_url: str) -> Iterator[str]:
    """Yield each link of the output that leads to no file or no place in it."""
    files = tree(output)
    read = {path: Links(data.decode()) for path, data in files.items() if path.endswith(".html")}
    prefix = unquote(urlsplit(base_url).path)
    for path, page in read.items():
        here = base_url + quote(path.removesuffix("index.html"))
        for link in page.found:
            target = urlsplit(urljoin(here, link))
            if target.scheme not in ("http", "https") or target.netloc != "example.org":
                continue
            if not unquote(target.path).startswith(prefix):
                yield f"{path}: {link} is outside the base path"
                continue
            file = unquote(target.path).removeprefix(prefix)
            file += "index.html" if file.endswith("/") or not file else ""
            fragment = unquote(target.fragment)
            if file not in files:
                yield f"{path}: {link} leads to no file"
            elif fragment and fragment not in {*read[file].ids, "top"}:
                yield f"{path}: {link} leads to no place"


@pytest.mark.parametrize(
    "base_url",
    ["https://example.org/", "https://example.org/news/", "https://example.org/a b/新聞/"],
)
def test_every_link_leads_somewhere(tmp_path: Path, base_url: str) -> None:
    """At the root and below a base path, each link of each page leads to a file of the output."""
    base_url = base_url.replace(" ", "%20")
    site = newspaper(tmp_path)
    report = build_site(site, base_url=base_url)

    assert report.problems == ()
    assert list(broken(site / "output", base_url)) == []


@pytest.mark.parametrize(
    "urls",
    [
        'article = "/{slug}.html"\ncategory = "/c/{slug}.html"\nauthor = "/by/{slug}/"',
        'tag = "/t-{slug}/"\nauthor = "/{slug}/"',
        'article = "/新聞/{category}/{year}/{slug}/"\ntag = "/tags and more/{slug}/"',
    ],
)
def test_every_link_follows_configured_addresses(tmp_path: Path, urls: str) -> None:
    """Wherever the configuration puts articles and lists, every page links to them there."""
    site = newspaper(tmp_path, f"[urls]\n{urls}\n")
    report = build_site(site, base_url="https://example.org/news/")

    assert report.problems == ()
    assert list(broken(site / "output", "https://example.org/news/")) == []


def test_pages_of_every_kind_are_looked_at(tmp_path: Path) -> None:
    """The site of these tests has a page of each kind, so that none is left out."""
    site = newspaper(tmp_path)
    build_site(site)
    found = pages(site)

    for path in (
        "index.html", "404.html", "search/index.html", "archive/index.html", "2022/index.html",
        "2022/03/index.html", "2022/03/01/index.html", "category/world-and-sea/index.html",
        "category/world-and-sea/page/1/index.html", "category/world-and-sea/page/3/index.html",
        "category/index.html", "tag/index.html", "author/index.html", "tag/高潮/index.html",
        "tag/c-plus-plus/index.html", "author/ann-ōta/index.html", "old/flood.html",
        "高潮/index.html", "2024/11/04/flood/index.html", "2024/11/04/gone/index.html",
        "2024/11/03/storm-over-c++/index.html", "2023/05/05/鐘/index.html", "css/theme.css",
    ):  # fmt: skip
        assert path in found
    assert "2024/bridge #1.svg" in found
    assert "Gone" not in found["2024/11/04/gone/index.html"]


def test_another_base_path_changes_links_and_nothing_else(tmp_path: Path) -> None:
    """The same files come out, with the base path in front of each link."""
    site = newspaper(tmp_path)
    build_site(site, base_url="https://example.org/")
    root = tree(site / "output")
    build_site(site, base_url="https://example.org/news/")

    assert tree(site / "output").keys() == root.keys() - {"robots.txt"}
    page = pages(site)["2024/11/04/flood/index.html"]
    assert 'href="/news/2024/11/03/storm-over-c%2B%2B/"' in page
    assert 'src="/news/2024/bridge%20%231.svg"' in page
    assert '<link rel="canonical" href="https://example.org/news/2024/11/04/flood/">' in page


def test_a_picture_of_another_host_is_no_broken_link(tmp_path: Path) -> None:
    """A lead image elsewhere is linked as it is written, without a warning."""
    site = make_site(tmp_path, {"a.md": article(image="https://example.net/a.jpg")})
    report = build_site(site)

    assert report.problems == ()
    assert 'src="https://example.net/a.jpg"' in pages(site)["2024/11/04/a/index.html"]


# --- Files that change while they are read


def test_a_file_that_changes_during_the_build_is_read_again(tmp_path: Path) -> None:
    """What is published is one state of the sources, not a mixture of two."""
    site = make_site(tmp_path, {f"n{number}.md": article(body="Old.") for number in range(3)})
    done: list[str] = []

    def edit_once(stage: str, _done: int, _total: int) -> None:
        if stage == "parse" and not done:
            done.append(stage)
            for number in range(3):
                text = article(body="New.")
                write(site, {f"articles/n{number}.md": text})

    build(site, Options(at=AT), progress=edit_once)

    articles = [text for path, text in pages(site).items() if path.startswith("2024/11/04/n")]
    assert len(articles) == 3
    assert all("New." in text and "Old." not in text for text in articles)


def test_a_file_that_never_rests_is_told(tmp_path: Path) -> None:
    """A build ends with a message when a source will not hold still."""
    site = make_site(tmp_path, {f"n{number}.md": article() for number in range(3)})
    edits = iter(range(10_000))

    def edit(stage: str, _done: int, _total: int) -> None:
        if stage == "parse":
            for number in range(3):
                write(site, {f"articles/n{number}.md": article(body=f"Edit {next(edits)}.")})

    with pytest.raises(SitegenError, match="kept changing while the site was built"):
        build(site, Options(at=AT), progress=edit)
    assert "index.html" not in tree(site / "output")


# --- Several builds at once


def test_builds_of_one_site_wait_for_each_other(tmp_path: Path) -> None:
    """Builds that are started together end one after the other, all well."""
    site = newspaper(tmp_path / "site")
    command = [sys.executable, "-m", "sitegen", "build"]
    command += ["--site", str(site), "--at", AT.isoformat()]
    together = [
        subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for more in ([], ["--drafts"], ["--clean"])
    ]
    for process in together:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()

    build_site(site)
    fresh = newspaper(tmp_path / "fresh")
    build_site(fresh)
    assert tree(site / "output") == tree(fresh / "output")


# --- Problems


def test_a_broken_article_keeps_its_last_good_page(tmp_path: Path) -> None:
    """With `keep_going`, an article that broke stays as it was last good, and is told."""
    site = make_site(tmp_path, {"a.md": article(body="Good."), "b.md": article("B", "Old.")})
    build_site(site)
    write(site, {"articles/a.md": "---\ntitle: [\n---\n", "articles/b.md": article("B", "New.")})
    report = build_site(site, keep_going=True)

    assert [problem.location and problem.location.path for problem in report.problems] == [
        "articles/a.md"
    ]
    found = pages(site)
    assert "Good." in found["2024/11/04/a/index.html"]
    assert "New." in found["2024/11/04/b/index.html"]


def test_a_page_that_stays_keeps_its_stylesheet(tmp_path: Path) -> None:
    """The last good page of a broken template looks as it did, whatever became of its style."""
    site = make_site(
        tmp_path,
        {"a.md": article()},
        templates={"article.html": "{{ asset('a.css') }}"},
        static={"a.css": "b {}"},
    )
    build_site(site)
    stylesheet = pages(site)["2024/11/04/a/index.html"].strip().removeprefix("/")
    write(site, {"templates/article.html": "{{ nonsense }}"})
    for style in ("b {}", "i {}"):
        write(site, {"static/a.css": style})
        build_site(site, keep_going=True)
        assert pages(site)["2024/11/04/a/index.html"].strip() == f"/{stylesheet}"
        assert pages(site)[stylesheet] == "b {}"

    write(site, {"templates/article.html": "{{ asset('a.css') }}"})
    build_site(site)
    assert stylesheet not in pages(site)


def test_a_broken_template_is_told_once(tmp_path: Path) -> None:
    """A fault of a template that many pages use is one problem that says how many."""
    site = make_site(
        tmp_path,
        {f"n{number}.md": article() for number in range(5)},
        templates={"article.html": "{{ page.article }}\n{{ nonsense }}"},
    )
    with pytest.raises(SitegenError) as caught:
        build_site(site, keep_going=False)

    (problem,) = caught.value.problems
    assert str(problem.location) == "templates/article.html:2:4"
    assert "nonsense" in problem.message
