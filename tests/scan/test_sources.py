"""Which files are read, and how a change is noticed."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.documents import Source
from sitegen.model.errors import SitegenError, raise_errors
from sitegen.scan.sources import (
    PREFETCH_FILES,
    SETTLED_NS,
    UNSETTLED,
    Scan,
    SourceChangedError,
    Stamp,
    content_digest,
    disk_path,
    is_ignored,
    prefetch,
    read_source,
    rescan,
    scan,
    theme_folder,
)

FAR_FUTURE_NS = 2**62
"""A clock by which every file has long been settled."""


def write(site: Path, path: str, text: str = "") -> Path:
    """Write a file of the site and return where it lies."""
    place = site / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def own(found: Scan) -> dict[str, Source]:
    """Return the sources of the site itself, without the theme's."""
    return {path: item for path, item in found.sources.items() if not path.startswith("theme/")}


def messages(found: Scan) -> list[tuple[str, str]]:
    """Return the places and messages of a scan's problems."""
    return [(str(problem.location), problem.message) for problem in found.problems]


# --- What is found


def test_a_folder_of_any_size_is_read_whole(tmp_path: Path) -> None:
    """Files that the system is asked for together are each known by their own text."""
    names = [f"articles/{number:04d}.md" for number in range(2 * PREFETCH_FILES + 1)]
    for name in names:
        write(tmp_path, name, name)
    found = own(scan(tmp_path, {}))
    assert {name: item.digest for name, item in found.items()} == {
        name: content_digest(name.encode()) for name in names
    }


def test_what_cannot_be_fetched_ahead_is_passed_over(tmp_path: Path) -> None:
    """Asking for files ahead neither waits nor fails, whatever lies there."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    write(tmp_path, "file", "text")
    prefetch(str(tmp_path / name) for name in ("fifo", "link", "folder", "absent", "file"))
    assert (tmp_path / "file").read_text() == "text"


def test_the_files_of_the_three_folders_are_found(tmp_path: Path) -> None:
    """Articles, templates and static files are sources, with path, digest and size; no others."""
    for path in ("articles/2024/a.md", "templates/base.html", "static/css/x.css"):
        write(tmp_path, path, path)
    for path in ("README.md", "output/index.html", ".sitegen/x.sqlite", "sitegen.toml"):
        write(tmp_path, path, "x")

    found = scan(tmp_path, {})

    assert list(own(found)) == ["articles/2024/a.md", "static/css/x.css", "templates/base.html"]
    for path, item in own(found).items():
        assert item == Source(path, content_digest(path.encode()), len(path))
    assert found.problems == ()


def test_the_theme_is_found_beside_the_site(tmp_path: Path) -> None:
    """The built-in theme's files have paths that begin with `theme/`, and can be read."""
    found = scan(tmp_path, {})

    base = found.sources["theme/templates/base.html"]
    assert disk_path(tmp_path, base.path) == theme_folder() / "templates" / "base.html"
    assert read_source(tmp_path, base) == (theme_folder() / "templates" / "base.html").read_bytes()
    assert "theme/static/css/site.css" in found.sources


def test_a_site_that_is_the_theme_has_it_once() -> None:
    """In a checkout of sitegen, the repository's own templates are the theme's."""
    found = scan(theme_folder(), {})

    assert "templates/base.html" in found.sources
    assert not any(path.startswith("theme/") for path in found.sources)


def test_paths_are_in_order(tmp_path: Path) -> None:
    """The order of sources does not depend on the file system."""
    for name in ("b", "a", "ab", "a/b", "a-b"):
        write(tmp_path, f"articles/{name}.md")

    paths = list(scan(tmp_path, {}).sources)
    assert paths == sorted(paths)


@pytest.mark.parametrize(
    "name",
    [
        "a.md~", "#a.md#", ".#a.md", "a.md.swp", ".a.md.swp", "a.md.swo", "4913", "a.bak", "a.orig",
        "a.tmp", "~$a.md", "._a.md", ".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__", ".git",
        ".svn", "a.part", ".sitegen-manifest", ".sitegen-tmp",
    ],
)  # fmt: skip
@pytest.mark.parametrize("root", ["articles", "templates", "static"])
def test_what_tools_leave_is_ignored(tmp_path: Path, root: str, name: str) -> None:
    """Backups, swap files and folders of tools are no sources, as file or as folder."""
    write(tmp_path, f"{root}/{name}")
    write(tmp_path, f"{root}/deep/{name}/inner.md")

    assert is_ignored(root, name)
    assert own(scan(tmp_path, {})) == {}
    assert own(rescan(tmp_path, scan(tmp_path, {}), [f"{root}/{name}"])) == {}


def test_hidden_files_are_published_from_static_only(tmp_path: Path) -> None:
    """`.well-known` and `.htaccess` belong to a site; a hidden article belongs to a tool."""
    for path in ("static/.htaccess", "static/.well-known/x", "articles/.x.md", "templates/.x/y"):
        write(tmp_path, path)

    assert list(own(scan(tmp_path, {}))) == ["static/.htaccess", "static/.well-known/x"]


def test_pipes_are_no_sources(tmp_path: Path) -> None:
    """Only plain files are read; a pipe would never end."""
    (tmp_path / "articles").mkdir()
    os.mkfifo(tmp_path / "articles" / "a.md")

    assert own(scan(tmp_path, {})) == {}


# --- Links


def test_a_link_inside_the_site_is_followed(tmp_path: Path) -> None:
    """A link to a file of the site is that file's content under another path."""
    write(tmp_path, "drafts/a.md", "text")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").symlink_to("../drafts/a.md")

    (item,) = own(scan(tmp_path, {})).values()
    assert item == Source("articles/a.md", content_digest(b"text"), 4)


@pytest.mark.parametrize("root", ["articles", "templates", "static"])
def test_a_link_out_of_the_site_is_refused(tmp_path: Path, root: str) -> None:
    """Whatever a link names outside the site folder is not read, and is told."""
    site, outside = tmp_path / "site", tmp_path / "site-secrets"
    secret = write(outside, "secret.txt", "secret")
    (site / root / "deep").mkdir(parents=True)
    (site / root / "a.md").symlink_to(secret)
    (site / root / "relative.md").symlink_to("../../site-secrets/secret.txt")
    (site / root / "deep" / "folder").symlink_to(outside)
    write(site, f"{root}/zz.md")
    (site / root / "chain.md").symlink_to("a.md")

    found = scan(site, {})

    assert list(own(found)) == [f"{root}/zz.md"]
    message = "this symbolic link points outside the site folder, and is ignored"
    assert sorted(messages(found)) == [
        (f"{root}/{name}", message) for name in ("a.md", "chain.md", "deep/folder", "relative.md")
    ]
    with pytest.raises(SitegenError):
        raise_errors(found.problems)


@pytest.mark.parametrize("root", ["articles", "templates", "static"])
def test_a_root_that_is_a_link_out_of_the_site_is_refused(tmp_path: Path, root: str) -> None:
    """The folders themselves cannot lie elsewhere either."""
    outside = write(tmp_path, "outside/a.md", "secret").parent
    site = tmp_path / "site"
    site.mkdir()
    (site / root).symlink_to(outside)

    found = scan(site, {})

    assert own(found) == {}
    assert [location for location, _ in messages(found)] == [root]
    assert own(rescan(site, found, [f"{root}/a.md"])) == {}


def test_nothing_is_looked_at_through_a_folder_that_is_a_link(tmp_path: Path) -> None:
    """A watcher that names a file below a linked folder gets no source by it."""
    outside = write(tmp_path, "outside/a.md", "secret").parent
    site = tmp_path / "site"
    (site / "articles").mkdir(parents=True)
    (site / "articles" / "deep").symlink_to(outside)

    found = scan(site, {})
    assert own(rescan(site, found, ["articles/deep/a.md"])) == {}
    again = rescan(site, found, ["articles/deep"])
    assert (own(again), again.problems) == ({}, found.problems)


def test_a_link_to_a_folder_is_told(tmp_path: Path) -> None:
    """Links to folders could go round in circles: they are not followed, and that is told."""
    write(tmp_path, "articles/2024/a.md")
    (tmp_path / "articles" / "loop").symlink_to(tmp_path / "articles")

    found = scan(tmp_path, {})

    assert list(own(found)) == ["articles/2024/a.md"]
    assert messages(found) == [("articles/loop", "symbolic links to folders are not followed")]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """An article that is a link without its file is missed, not dropped silently."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").symlink_to("gone.md")
    (tmp_path / "articles" / "circle.md").symlink_to("circle.md")

    found = scan(tmp_path, {})

    assert own(found) == {}
    assert len(found.problems) == 2
    assert messages(found)[0] == (
        "articles/a.md",
        "this symbolic link is broken: its target does not exist",
    )


def test_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    """A file whose name has no Unicode form is told in one that can be printed, till it is gone."""
    (tmp_path / "articles").mkdir()
    name = os.fsdecode(b"articles/caf\xe9.md")
    try:
        (tmp_path / name).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such name")

    found = scan(tmp_path, {})

    assert messages(found) == [("articles/caf\\udce9.md", "the file name is not UTF-8")]
    (tmp_path / name).unlink()
    assert rescan(tmp_path, found, [name]).problems == ()


# --- Noticing changes


def test_a_settled_file_is_not_read_again(tmp_path: Path) -> None:
    """A file whose size, times and inode are the same keeps the digest of its stamp."""
    write(tmp_path, "articles/a.md", "text")
    first = scan(tmp_path, {}, now_ns=FAR_FUTURE_NS)
    trusted = {
        path: stamp._replace(digest="from the stamp") for path, stamp in first.stamps.items()
    }

    assert scan(tmp_path, trusted).sources["articles/a.md"].digest == "from the stamp"


@pytest.mark.parametrize("field", ["size", "mtime_ns", "ctime_ns", "inode"])
def test_a_file_is_read_again_when_anything_about_it_changed(tmp_path: Path, field: str) -> None:
    """Another size, time or inode is enough."""
    write(tmp_path, "articles/a.md", "text")
    stamp = scan(tmp_path, {}, now_ns=FAR_FUTURE_NS).stamps["articles/a.md"]
    other = Stamp(*stamp)._replace(**{"digest": "old", field: getattr(stamp, field) - 1})

    found = scan(tmp_path, {"articles/a.md": other})
    assert found.sources["articles/a.md"].digest == content_digest(b"text")


def test_a_file_is_not_trusted_before_it_is_settled(tmp_path: Path) -> None:
    """A stamp is trusted only when the file's times are so old that a further write would show."""
    place = write(tmp_path, "articles/a.md", "text")
    changed = place.stat().st_ctime_ns

    early = scan(tmp_path, {}, now_ns=changed + SETTLED_NS)
    late = scan(tmp_path, {}, now_ns=changed + SETTLED_NS + 1)
    assert early.stamps["articles/a.md"].mtime_ns == UNSETTLED
    assert late.stamps["articles/a.md"].mtime_ns == place.stat().st_mtime_ns


@pytest.mark.parametrize("offset", [0, SETTLED_NS * 10])
def test_a_file_dated_now_or_later_is_not_trusted(tmp_path: Path, offset: int) -> None:
    """A file from a clock that runs ahead is read each time."""
    place = write(tmp_path, "articles/a.md", "text")
    now = place.stat().st_ctime_ns + SETTLED_NS * 5
    os.utime(place, ns=(now + offset, now + offset))

    assert scan(tmp_path, {}, now_ns=now).stamps["articles/a.md"].mtime_ns == UNSETTLED


def test_racy_edits_are_noticed(tmp_path: Path) -> None:
    """Edits of the same size with the old time stamp are noticed, however fast they come."""
    place = write(tmp_path, "articles/a.md", "0000")
    old = place.stat()
    known = scan(tmp_path, {}).stamps
    for number in range(1, 60):
        text = f"{number:04}"
        place.write_text(text)
        os.utime(place, ns=(old.st_atime_ns, old.st_mtime_ns))
        found = scan(tmp_path, known)
        assert found.sources["articles/a.md"].digest == content_digest(text.encode())
        known = found.stamps


def test_reading_gives_the_bytes_that_were_scanned(tmp_path: Path) -> None:
    """A file that changed since the scan, or is gone, is never taken for what it was."""
    place = write(tmp_path, "articles/a.md", "text")
    item = scan(tmp_path, {}).sources["articles/a.md"]
    assert read_source(tmp_path, item) == b"text"

    place.write_text("edit")
    with pytest.raises(SourceChangedError, match=r"articles/a\.md"):
        read_source(tmp_path, item)
    place.unlink()
    with pytest.raises(SourceChangedError):
        read_source(tmp_path, item)


# --- Looking again at some paths

PLACES = ["articles", "articles/a", "articles/a/b", "articles/c", "static", "static/a"]
FILES = [f"{place}/{name}" for place in PLACES for name in ("a", "b", "x.md", "x.md~")]


def within_reach(site: Path, path: str) -> bool:
    """Whether the folders above a path are folders, or are not there."""
    parents = (site / path).parents
    return not any(parent.is_symlink() or parent.is_file() for parent in parents)


def clear(place: Path) -> None:
    """Remove whatever lies at a place."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def put_file(site: Path, path: str, other: str) -> list[str]:
    """Write a file in the place of whatever is there."""
    clear(site / path)
    write(site, path, other)
    return [path]


def delete(site: Path, path: str, other: str) -> list[str]:
    """Remove a file or folder."""
    del other
    clear(site / path)
    return [path]


def move(site: Path, path: str, other: str) -> list[str]:
    """Rename a file or folder, in the place of whatever is there."""
    nested = f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/")
    if nested or not (site / path).exists():
        return []
    clear(site / other)
    (site / other).parent.mkdir(parents=True, exist_ok=True)
    (site / path).rename(site / other)
    return [path, other]


def link(site: Path, path: str, other: str) -> list[str]:
    """Make a link out of the site, in the place of whatever is there."""
    del other
    clear(site / path)
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).symlink_to(site.parent)
    return [path]


def readable(found: Scan) -> dict[str, Stamp]:
    """Return the stamps of what was read."""
    return {path: stamp for path, stamp in found.stamps.items() if found.is_readable(path)}


Edit = Callable[[Path, str, str], list[str]]
EDITS: st.SearchStrategy[tuple[Edit, str, str]] = st.tuples(
    st.sampled_from([put_file, put_file, delete, move, link]),
    st.sampled_from(FILES + PLACES),
    st.sampled_from(FILES + PLACES),
)


@given(st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_looking_at_what_changed_is_looking_at_everything(
    batches: list[list[tuple[Edit, str, str]]],
) -> None:
    """After any edits, a scan of the paths that they touched gives what a whole scan gives.

    Both know what was there before: what cannot be read any more stays.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        for path in (name for name in FILES if name.endswith(".md")):
            put_file(site, path, path)
        current = scan(site, {}, now_ns=FAR_FUTURE_NS)
        for batch in batches:
            touched = [
                touched
                for edit, path, other in batch
                if within_reach(site, path) and within_reach(site, other)
                for touched in edit(site, path, other)
            ]
            before = current
            current = rescan(site, before, touched, now_ns=FAR_FUTURE_NS)
            # The clock may not have moved on between two edits: no stamp is to be trusted.
            known = {path: it._replace(mtime_ns=UNSETTLED) for path, it in before.stamps.items()}
            whole = scan(site, known, now_ns=FAR_FUTURE_NS)

            assert own(current) == own(whole)
            assert list(own(current)) == list(own(whole))
            assert readable(current) == readable(whole)
            assert current.unreadable == whole.unreadable
            assert set(current.problems) == set(whole.problems)
            assert current.digest == whole.digest
            every = own(before).keys() | own(current).keys()
            differ = {path for path in every if own(before).get(path) != own(current).get(path)}
            assert current.changed is not None
            assert set(current.changed) == differ


def test_paths_that_are_no_sources_change_nothing(tmp_path: Path) -> None:
    """A watcher may name anything: the output, a folder above, another project."""
    write(tmp_path, "articles/a.md", "text")
    before = scan(tmp_path, {}, now_ns=FAR_FUTURE_NS)

    paths = ["output/index.html", "articles.md", "README.md", "", ".", "theme", "articles2/x"]
    after = rescan(tmp_path, before, paths, now_ns=FAR_FUTURE_NS)
    assert after == before._replace(changed=frozenset())


def test_the_digest_is_of_all_paths_and_contents(tmp_path: Path) -> None:
    """The digest of a scan changes with any content or path, and comes back with the old ones."""
    place = write(tmp_path, "articles/a.md", "text")
    first = scan(tmp_path, {}).digest
    place.write_text("edit")
    second = scan(tmp_path, {}).digest
    place.rename(place.with_name("b.md"))
    third = scan(tmp_path, {}).digest
    write(tmp_path, "articles/a.md", "text")
    place.with_name("b.md").unlink()

    assert len({first, second, third}) == 3
    assert scan(tmp_path, {}).digest == first
