"""Addresses that articles had are remembered in a file, and lead to where the articles are."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sitegen.flow.session import Session
from sitegen.index.former_addresses import former, read, with_articles, written
from sitegen.model import moments
from sitegen.scan.site_files import ADDRESSES
from sitegen.tools.addresses import record_addresses
from sitegen.tools.verify import verify
from tests.entries import entry
from tests.sitefactory import AT, article, build_site, make_site, pages, write

URLS = st.text(st.sampled_from("abé/.#高 -"), max_size=6).map(lambda text: f"/{text}/")


@given(st.dictionaries(URLS, st.sampled_from(["urn:uuid:1", "tag:example.org,2024:a;de"])))
def test_the_file_gives_back_what_was_written(known: dict[str, str]) -> None:
    """Each line is an identity, a tab and an address; what cannot be one is told with its line."""
    found, problems = read(written(known))
    assert found.items() <= known.items()
    assert len(problems) == len(known) - len(found)
    assert written(read(written(found))[0]) == written(found)


def test_a_line_that_is_none_is_told() -> None:
    """With its number and what should stand there."""
    _, problems = read("# a note\n\nurn:uuid:1\t/a/\nurn:uuid:2 /b/\nx\t../c\n\t/d/\n")
    assert [str(problem.location) for problem in problems] == [
        f"{ADDRESSES}:{n}" for n in (4, 5, 6)
    ]


def test_who_is_there_stays() -> None:
    """An address that an article has now leads nowhere else, whoever was there."""
    old, new = (
        made._replace(teaser=made.teaser._replace(identity=f"urn:{made.teaser.title}"))
        for made in (entry("flood", url="/new/"), entry("storm", url="/old/"))
    )
    known = {"/old/": old.teaser.identity, "/older/": old.teaser.identity, "/x/": "nobody"}
    assert former(known, [old]) == {"/old/": old.teaser.id, "/older/": old.teaser.id}
    assert former(known, [old, new]) == {"/older/": old.teaser.id}
    assert with_articles(known, [old, new])["/old/"] == new.teaser.identity


def moved(site: Path, name: str, text: str) -> dict[str, str]:
    """Build the site with another text of an article, and return its pages."""
    write(site, {f"articles/{name}": text})
    assert build_site(site).problems == ()
    return pages(site)


def leads(page: str, url: str) -> bool:
    """Whether a page leads to a URL."""
    return f'content="0; url={url}"' in page


def test_a_moved_article_leaves_a_redirect(tmp_path: Path) -> None:
    """Another slug, date, category or file: each former address leads to the last, in one step."""
    config = 'urls.article = "/{year}/{category}/{slug}/"\nhosting.host = "netlify"'
    site = make_site(tmp_path, {"flood.md": article(id="x1")}, config=config)
    build_site(site)
    assert record_addresses(site, moments.of(AT)) == 1
    assert record_addresses(site, moments.of(AT)) == 0
    assert "2024/other/flood/index.html" in moved(site, "flood.md", article(id="x1"))

    moved(site, "flood.md", article(id="x1", slug="high-tide"))
    assert record_addresses(site, moments.of(AT)) == 1
    write(site, {"articles/flood.md": None})
    found = moved(site, "2023/gale.md", article(id="x1", category="World", date="2023-01-01"))
    for path in ("2024/other/flood", "2024/other/high-tide"):
        assert leads(found[f"{path}/index.html"], "/2023/world/gale/")
        assert f"/{path}/ /2023/world/gale/ 301!\n" in found["_redirects"]
    assert verify(site).differences == ()

    found = moved(site, "new.md", article("New", slug="flood"))
    assert not leads(found["2024/other/flood/index.html"], "/2023/world/gale/")
    assert "/2024/other/flood/ " not in found["_redirects"]


def test_a_process_that_stays_sees_the_file_and_the_moves(tmp_path: Path, session: Session) -> None:
    """A move, an edit of the file, and another article at a former address: each at once."""
    site = make_site(tmp_path, {"a.md": article(id="x1"), "b.md": article("B")})
    build_site(site, session=session)
    record_addresses(site, moments.of(AT))
    build_site(site, session=session)

    def after(name: str, text: str) -> dict[str, str]:
        write(site, {f"articles/{name}": text})
        build_site(site, session=session, changed=[f"articles/{name}"])
        return pages(site)

    old = "2024/11/04/a/index.html"
    assert leads(after("a.md", article(id="x1", slug="c"))[old], "/2024/11/04/c/")
    assert leads(after("a.md", article(id="x1", slug="d"))[old], "/2024/11/04/d/")
    assert not leads(after("b.md", article("B", slug="a"))[old], "/2024/11/04/d/")
    assert leads(after("b.md", article("B"))[old], "/2024/11/04/d/")
    assert old not in after("a.md", article(id="x1", slug="d", draft=True))
    after("a.md", article(id="x1", slug="d"))
    write(site, {ADDRESSES: ""})
    build_site(site, session=session, changed=[])
    assert old not in pages(site)
