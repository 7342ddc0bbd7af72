"""What a reference in an article names."""

import posixpath
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.model.documents import Reference
from sitegen.model.references import Target, is_external, published_name, resolve_target, used_files

FLOOD = "articles/2024/11/flood.md"

NAMES = st.text(st.sampled_from("ab.é高 %#?&+\"'"), min_size=1, max_size=8).filter(
    lambda name: name.strip(".") != ""
)


@pytest.mark.parametrize(
    ("written", "path", "url", "suffix"),
    [
        ("storm.md", "articles/2024/11/storm.md", "", ""),
        ("./storm.md", "articles/2024/11/storm.md", "", ""),
        ("../03/storm.md", "articles/2024/03/storm.md", "", ""),
        ("../03/storm.md#levels", "articles/2024/03/storm.md", "", "#levels"),
        ("storm.md?a=1#b?c", "articles/2024/11/storm.md", "", "?a=1#b?c"),
        ("photo%20one.jpg", "articles/2024/11/photo one.jpg", "", ""),
        ("%E9%AB%98.jpg", "articles/2024/11/高.jpg", "", ""),
        ("a%23b.jpg", "articles/2024/11/a#b.jpg", "", ""),
        ("../../../static/map.svg", "static/map.svg", "", ""),
        ("/static/map.svg", "static/map.svg", "", ""),
        ("/articles/2024/03/storm.md", "articles/2024/03/storm.md", "", ""),
        ("/about/", "", "/about/", ""),
        ("/about/#us", "", "/about/", "#us"),
        ("/", "", "/", ""),
    ],
)
def test_a_reference_names_a_file_or_a_page(written: str, path: str, url: str, suffix: str) -> None:
    """A relative reference is one to a file; an absolute one is a page, or a file's whole path."""
    assert resolve_target(FLOOD, written) == Target(path, url, suffix)


@pytest.mark.parametrize(
    ("written", "external"),
    [
        ("https://example.org/a.jpg", True),
        ("HTTP://example.org", True),
        ("//example.org/a.jpg", True),
        ("data:image/png;base64,AAAA", True),
        ("photo.jpg", False),
        ("/https://a/", False),
        ("httpd.md", False),
        ("a//b.jpg", False),
    ],
)
def test_what_is_elsewhere_is_told_apart(written: str, *, external: bool) -> None:
    """An address of another site is never looked for on this one."""
    assert is_external(written) == external


@pytest.mark.parametrize(
    "written",
    [
        "../../../../etc/passwd",
        "../../../../../../../../etc/passwd",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/../../etc/passwd",
        "/articles/../../secret",
        "../../..",
        "../../../..",
    ],
)
def test_a_reference_cannot_leave_the_site(written: str) -> None:
    """A reference that climbs above the site folder names nothing."""
    assert resolve_target(FLOOD, written) is None


@given(
    st.lists(
        st.sampled_from(
            ["..", "%2e%2e", ".", "a", "static", "articles", "", "%2F", "?", "#", "..%2f"]
        )
    ).map("/".join)
)
def test_a_named_file_is_always_one_of_the_site(written: str) -> None:
    """However a reference climbs, the path that it names is below the site folder."""
    found = resolve_target(FLOOD, written)

    if found is not None and found.path:
        assert posixpath.normpath(found.path) == found.path
        assert not found.path.startswith(("/", "../"))
        assert found.path not in ("..", ".")


@given(here=st.lists(NAMES, max_size=3), there=st.lists(NAMES, min_size=1, max_size=4))
def test_an_encoded_relative_path_is_found(here: list[str], there: list[str]) -> None:
    """The relative path of any file, percent-encoded, names that file from any article."""
    folder = "/".join(["articles", *here])
    path = "/".join(["articles", *there])
    assume(path != folder)
    written = quote(posixpath.relpath(path, folder))
    assume(not written.startswith("/"))

    assert resolve_target(f"{folder}/flood.md", written) == Target(path, "", "")


def test_the_files_of_an_article_are_its_references_without_pages() -> None:
    """Of an article's references only files count as used, each once, be they shown by URL."""
    written = ("a.jpg", "./a.jpg#x", "/about/", "../../../../etc/passwd", "/static/b.svg", "/c.svg")
    links = tuple(Reference("href", target) for target in written)
    pictures = tuple(Reference("src", target) for target in written)

    files = {"articles/2024/11/a.jpg", "static/b.svg"}
    assert used_files(FLOOD, links) == files
    assert used_files(FLOOD, pictures) == {*files, "static/c.svg", "static/about/"}


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("css/site.css", "css/site.01234567.css"),
        ("LICENSE", "LICENSE.01234567"),
        ("v1.2/LICENSE", "v1.2/LICENSE.01234567"),
        ("a.tar.gz", "a.tar.01234567.gz"),
    ],
)
def test_a_published_name_keeps_its_extension(path: str, published: str) -> None:
    """A fingerprinted name has the extension by which a host tells the type."""
    assert published_name(path, "0123456789abcdef") == published


@given(path=st.lists(NAMES, min_size=1).map("/".join), digests=st.lists(st.integers(0, 2**128 - 1)))
def test_another_content_is_another_name(path: str, digests: list[int]) -> None:
    """Each content of a file has a name of its own, in the same folder."""
    published = {published_name(path, f"{digest:032x}") for digest in digests}

    assert len(published) == len({f"{digest:032x}"[:8] for digest in digests})
    assert {posixpath.dirname(name) for name in published} <= {posixpath.dirname(path)}
