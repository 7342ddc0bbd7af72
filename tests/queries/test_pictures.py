"""Sizes of pictures: as browsers show them, or not known."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.queries.pictures import measure
from tests.picture_files import png
from tests.sitefactory import article, build_site, make_site, pages, write


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(30, 20), (30, 20)),
        (b"GIF89a\x1e\x00\x14\x00\x80\x00\x00", (30, 20)),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>', (30, 20)),
        (b"<svg/>", (0, 0)),
        (b"no picture", (0, 0)),
        (b"", (0, 0)),
    ],
)
def test_the_size_stands_in_the_head_of_the_file(data: bytes, size: tuple[int, int]) -> None:
    """Of the kinds of pictures that browsers show; else it is not known."""
    assert measure(data) == size


@given(
    st.binary(max_size=60),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a", b"<svg "]),
)
def test_a_damaged_picture_has_no_size(rest: bytes, start: bytes) -> None:
    """It never ends the build."""
    width, height = measure(start + rest)
    assert (width > 0) == (height > 0)


def test_a_page_follows_its_picture(tmp_path: Path) -> None:
    """The size on the page is that of the file as it is now, also where only that was exchanged."""
    shown = article(image="flood.png")
    site = make_site(tmp_path, {"a.md": shown, "b.md": article("B"), "flood.png": png(30, 20)})
    page = "2024/11/04/a/index.html"
    build_site(site)
    assert 'width="30" height="20"' in pages(site)[page]

    write(site, {"articles/flood.png": png(20, 30)})
    assert page in build_site(site).rendered
    assert 'width="20" height="30"' in pages(site)[page]
    assert "is-tall" in pages(site)[page]

    write(site, {"articles/flood.png": "broken"})
    build_site(site)
    assert (
        "width="
        not in pages(site)[page].partition('<figure class="story-picture')[2].partition(">")[2][:80]
    )


def test_a_picture_of_static_or_of_another_host(tmp_path: Path) -> None:
    """By its URL or its path the file of `static/` is found; what lies elsewhere is not fetched."""
    articles = {
        "a.md": article(image="/pic.png"),
        "b.md": article("B", image="../static/pic.png"),
        "c.md": article("C", image="https://example.com/pic.png"),
    }
    site = make_site(tmp_path, articles, static={"pic.png": png(3, 2)})
    build_site(site)
    found = {name: pages(site)[f"2024/11/04/{name}/index.html"] for name in "abc"}
    assert all('src="/pic.png" alt="" width="3" height="2"' in found[name] for name in "ab")
    assert 'src="https://example.com/pic.png" alt="" fetchpriority' in found["c"]
