"""Nothing is written or removed but files of ours, in the output folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.cache.store import State
from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError, UsageError
from sitegen.output.publishing import publish
from sitegen.output.staging import TEMPORARY, Staged
from sitegen.output.writing import FIRST_LINE, MANIFEST, OutputFolder
from tests.sitefactory import article, build_site, make_site, pages, times, tree, write

PAGE = "2024/11/04/flood/index.html"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with something that must not be touched beside it."""
    outside = {"secret.txt": "secret", "1": "one", "folder/index.html": "theirs"}
    write(tmp_path / "outside", dict(outside))
    return make_site(tmp_path / "site", {"flood.md": article()})


@pytest.fixture
def outside(site: Path) -> Path:
    """A folder beside the site."""
    return site.parent / "outside"


# --- Which folder


@pytest.mark.parametrize(
    "place",
    [
        *(
            ".",
            "..",
            "articles",
            "articles/2024",
            "templates",
            "static/built",
            "responses",
            "themes/x",
        ),
        *(".sitegen", ".sitegen/x", ".git", ".git/hooks", "output/../articles", "sitegen.toml"),
    ],
)
def test_a_folder_with_sources_is_no_output_folder(site: Path, place: str) -> None:
    """The site's own folder, one above it, and those that hold its sources are refused."""
    before = tree(site)
    with pytest.raises(UsageError, match="cannot be the output folder"):
        build_site(site, output=site / place)
    left = {path: data for path, data in tree(site).items() if not path.startswith(".sitegen/")}
    assert left == before


def test_a_link_to_a_folder_with_sources_is_none_either(site: Path) -> None:
    """It counts where the output folder really is."""
    (site / "output").symlink_to(site / "articles")
    with pytest.raises(UsageError, match="cannot be the output folder"):
        build_site(site)


@pytest.mark.parametrize("name", ["index.html", "notes.txt", "sub/page.html"])
def test_a_folder_that_is_not_ours_is_refused(site: Path, name: str) -> None:
    """A folder with anything in it that sitegen did not make is never built into."""
    write(site / "output", {name: "theirs"})
    with pytest.raises(UsageError, match="not made by sitegen"):
        build_site(site)
    assert tree(site / "output") == {name: b"theirs"}


def test_a_folder_whose_manifest_is_damaged_is_not_ours(site: Path) -> None:
    """Without its manifest nobody knows whose the files are."""
    build_site(site)
    for damaged in (b"", b"\0" * 40, b"\xff\xfe", b"sitegen manifest 2\n"):
        (site / "output" / MANIFEST).write_bytes(damaged)
        before = tree(site / "output")
        with pytest.raises(UsageError, match="not made by sitegen"):
            build_site(site)
        assert tree(site / "output") == before


def test_a_folder_that_was_copied_without_hidden_files_can_be_adopted(site: Path) -> None:
    """The message says what it lacks and where it is told how; the documented list will do."""
    build_site(site)
    output = site / "output"
    before = tree(output)
    (output / MANIFEST).unlink()
    with pytest.raises(UsageError) as error:
        build_site(site)
    (problem,) = error.value.problems
    assert f"it lacks {MANIFEST}: docs/deploying.md" in str(problem.hint)

    page = (Path(__file__).parents[2] / "docs/deploying.md").read_text("utf-8")
    (recipe,) = re.findall(r"```sh\n(cd output\n.*?)```", page, re.DOTALL)
    subprocess.run(["sh", "-e", "-c", recipe], cwd=site, check=True)
    report = build_site(site)

    assert (report.written, report.removed) == ((), ())
    assert tree(output) == before


def test_an_empty_folder_may_have_what_tools_put_there(site: Path) -> None:
    """A folder that git keeps is empty to us, and keeps what git needs."""
    write(site / "output", {".gitignore": "*", ".gitkeep": "", ".git/HEAD": "ref"})
    build_site(site)
    assert pages(site)[".gitignore"] == "*"
    assert pages(site)[".git/HEAD"] == "ref"


def test_an_output_folder_may_be_a_link(site: Path, outside: Path) -> None:
    """The newsroom may say that its output lies elsewhere."""
    (outside / "www").mkdir()
    (site / "output").symlink_to(outside / "www")
    build_site(site)
    assert (outside / "www" / PAGE).is_file()


# --- Other people's files


def test_a_foreign_file_survives(site: Path) -> None:
    """A file that we did not make stays, whatever is built and removed around it."""
    build_site(site)
    foreign = {"CNAME": "example.org", "2024/11/04/flood/notes.txt": "x", "img/a.png": "y"}
    write(site / "output", dict(foreign))
    write(site, {"articles/flood.md": None})
    report = build_site(site)
    assert PAGE in report.removed
    found = pages(site)
    assert {path: found.get(path) for path in foreign} == foreign
    assert PAGE not in found


def test_a_foreign_file_in_our_way_is_told(site: Path) -> None:
    """Where a page is to lie and somebody's file lies, theirs stays; all else is written."""
    write(site, {"articles/old.md": article("Old")})
    build_site(site)
    theirs = {"2024/11/05/new/index.html": "theirs", "robots.txt": "theirs"}
    write(site / "output", dict(theirs))
    write(site, {"static/robots.txt": "ours", "articles/old.md": None})
    write(site, {"articles/new.md": article("New", date="2024-11-05 11:00")})
    for _ in range(2):
        with pytest.raises(SitegenError) as caught:
            build_site(site)
        assert [str(problem.location) for problem in caught.value.problems] == [
            str(site / "output" / path) for path in theirs
        ]
        found = pages(site)
        assert {path: found[path] for path in theirs} == theirs
        assert "2024/11/04/old/index.html" not in found
        assert "New" in found["index.html"]
    for path in theirs:
        (site / "output" / path).unlink()
    build_site(site)
    assert "New" in pages(site)["2024/11/05/new/index.html"]


def test_a_foreign_file_costs_a_lasting_process_no_more(site: Path, session: Session) -> None:
    """Edits beside it come through, one after the other, until it is gone."""
    build_site(site, session=session)
    write(site / "output", {"2024/11/05/new/index.html": "theirs"})
    write(site, {"articles/new.md": article("New", date="2024-11-05 11:00")})
    for title in ("One", "Two"):
        write(site, {"articles/flood.md": article(title)})
        changed = ["articles/new.md", "articles/flood.md"]
        report = build_site(site, session=session, changed=changed, keep_going=True)
        assert "a file that sitegen did not make" in report.problems[0].message
        assert title in pages(site)[PAGE]
    (site / "output/2024/11/05/new/index.html").unlink()
    report = build_site(site, session=session, changed=["articles/flood.md"])
    assert report.written == ("2024/11/05/new/index.html",)


def test_a_foreign_folder_in_our_way_is_told(site: Path) -> None:
    """Where a file is to lie and somebody's folder lies, nothing is written."""
    build_site(site)
    write(site / "output", {"robots.txt/x": "theirs"})
    before = tree(site / "output")
    write(site, {"static/robots.txt": "ours"})
    with pytest.raises(SitegenError, match="a folder that sitegen did not make"):
        build_site(site)
    assert tree(site / "output") == before


@pytest.mark.parametrize("first", ["file", "folder"])
def test_a_file_may_become_a_folder_and_back(site: Path, first: str) -> None:
    """Our own files and folders make way for each other."""
    states = {"file": {"a": "file"}, "folder": {"a/b/c": "file", "a/d": "x"}}
    for name in (first, *(states.keys() - {first}), first):
        shutil.rmtree(site / "static", ignore_errors=True)
        write(site / "static", dict(states[name]))
        build_site(site)
        found = {path for path in tree(site / "output") if path == "a" or path.startswith("a/")}
        assert found == states[name].keys()


def test_folders_that_are_left_empty_are_removed(site: Path) -> None:
    """Of an article that is gone no empty folder is left, nor is the staging folder."""
    build_site(site)
    write(site, {"articles/flood.md": None})
    build_site(site)
    assert not (site / "output" / "2024").exists()
    assert not (site / "output" / TEMPORARY).exists()


# --- Links in the output folder


def links() -> dict[str, Callable[[Path, Path], None]]:
    """Return ways in which a link in the output folder can lead elsewhere."""

    def page(output: Path, outside: Path) -> None:
        (output / PAGE).unlink()
        (output / PAGE).symlink_to(outside / "secret.txt")

    def staging(output: Path, outside: Path) -> None:
        (output / TEMPORARY).symlink_to(outside)

    def manifest(output: Path, outside: Path) -> None:
        (outside / "manifest").write_text((output / MANIFEST).read_text())
        (output / MANIFEST).unlink()
        (output / MANIFEST).symlink_to(outside / "manifest")

    return {item.__name__: item for item in (page, staging, manifest)}


@pytest.mark.parametrize("link", links())
def test_a_link_in_the_output_is_replaced_and_not_followed(
    site: Path, outside: Path, link: str
) -> None:
    """A link in the place of a file of ours, or of our staging folder, leads nothing outside."""
    build_site(site)
    good = tree(site / "output")
    links()[link](site / "output", outside)
    before = tree(outside)
    write(site, {"articles/new.md": article("New", date="2024-11-05 11:00")})
    build_site(site)
    write(site, {"articles/new.md": None})
    build_site(site)
    assert tree(outside) == before
    assert tree(site / "output") == good
    assert not (site / "output" / PAGE).is_symlink()


def test_a_link_that_somebody_put_where_a_file_is_to_be_is_replaced(
    site: Path, outside: Path
) -> None:
    """Nothing is lost with it: what it leads to stays as it is."""
    build_site(site)
    before = tree(outside)
    (site / "output/map.txt").symlink_to(outside / "secret.txt")
    write(site, {"static/map.txt": "ours"})
    build_site(site)

    assert not (site / "output/map.txt").is_symlink()
    assert (site / "output/map.txt").read_text() == "ours"
    assert tree(outside) == before


@pytest.mark.parametrize("folder", ["2024", "2024/11/04/flood", "css"])
@pytest.mark.parametrize("edit", ["write", "remove"])
def test_nothing_is_written_through_a_linked_folder(
    site: Path, outside: Path, folder: str, edit: str
) -> None:
    """A folder of the output that is a link is told of as soon as something behind it changes.

    What lies elsewhere is written.
    """
    build_site(site)
    elsewhere = outside / "moved"
    (site / "output" / folder).rename(elsewhere)
    (site / "output" / folder).symlink_to(elsewhere)
    before = tree(site / "output"), tree(outside)
    assert build_site(site).written == ()
    config, text = ('accent = "#123456"', article(body="New.")) if edit == "write" else ("", None)
    write(site, {"sitegen.toml": config, "articles/flood.md": text})
    if folder == "css" and edit == "remove":
        write(site, {"static/css/site.css": "body {}"})
    for _ in range(2):
        with pytest.raises(SitegenError, match="symbolic link"):
            build_site(site)
        assert tree(outside) == before[1]
        assert (site / "output" / folder).is_symlink()
        assert pages(site)["index.html"] != before[0]["index.html"].decode()
    (site / "output" / folder).unlink()
    build_site(site)
    assert tree(outside) == before[1]
    incremental = tree(site / "output")
    build_site(site, clean=True)
    assert tree(site / "output") == incremental


def test_the_same_bytes_behind_a_link_are_not_taken_for_ours(site: Path, outside: Path) -> None:
    """A build that knows nothing of the last one does not look through links of folders."""
    build_site(site)
    (site / "output/2024").rename(outside / "moved")
    (site / "output/2024").symlink_to(outside / "moved")
    folder = OutputFolder(site / "output", site)
    folder.begin()
    data = (site / "output" / PAGE).read_bytes()
    assert folder.staging.stage(PAGE, data).beside
    folder.abandon()
    before = tree(outside)
    with pytest.raises(SitegenError, match="symbolic link"):
        build_site(site, clean=True)
    assert tree(outside) == before


def test_a_manifest_cannot_name_files_of_others(site: Path, outside: Path) -> None:
    """Whoever writes into the manifest does not make us remove what lies elsewhere."""
    build_site(site)
    build_site(site)
    before = tree(outside)
    lines = ["../../outside/secret.txt", str(outside / "1"), "a/../../../outside/1", ""]
    with (site / "output" / MANIFEST).open("a") as file:
        file.write("\n".join(lines))
    for body in ("One.", "Two."):
        write(site, {"articles/flood.md": article(body=body)})
        build_site(site)
        assert tree(outside) == before
    assert "outside" not in (site / "output" / MANIFEST).read_text()


# --- What is written


def test_what_is_the_same_is_not_written(site: Path) -> None:
    """A file that would hold the same keeps its time, in a clean build, too."""
    build_site(site)
    before = times(site / "output")
    assert build_site(site, clean=True).written == ()
    assert times(site / "output") == before


NEW_FILES = ("news/index.html", "news/a/1.html", "news/a/2.html", "about/index.html", "top.html")


def staged_folder(site: Path) -> tuple[OutputFolder, list[Staged]]:
    """Return an output folder with files that are staged for folders which are not there yet."""
    folder = OutputFolder(site / "output", site)
    folder.begin()
    return folder, [folder.staging.stage(path, path.encode()) for path in NEW_FILES]


def test_new_folders_are_put_in_their_places_whole(site: Path) -> None:
    """What is known of a file in a new folder is right, though only the folder was moved."""
    folder, staged = staged_folder(site)
    assert [item.within for item in staged] == ["news", "news", "news", "about", ""]
    published = publish(folder, staged, set(NEW_FILES), State({}, {}, {}, None))
    found = tree(site / "output")
    assert {path: found.get(path) for path in NEW_FILES} == {p: p.encode() for p in NEW_FILES}
    assert published.written == tuple(sorted(NEW_FILES))
    assert all(folder.as_left(path, published.files[path]) for path in NEW_FILES)
    assert folder.looked_into == {}


def test_a_folder_that_somebody_made_meanwhile_keeps_what_it_holds(site: Path) -> None:
    """What was to come as a new folder is put, file by file, into one that is there by now."""
    folder, staged = staged_folder(site)
    write(site / "output", {"news/a/theirs.txt": "theirs"})
    published = publish(folder, staged, set(NEW_FILES), State({}, {}, {}, None))
    found = tree(site / "output")
    assert found["news/a/theirs.txt"] == b"theirs"
    assert all(found[path] == path.encode() for path in NEW_FILES)
    assert all(folder.as_left(path, published.files[path]) for path in NEW_FILES)


@pytest.mark.parametrize("theirs", ["news", "news/a/1.html", "link"])
def test_somebody_in_the_way_of_a_new_folder_is_told(
    site: Path, outside: Path, theirs: str
) -> None:
    """A file or link that appears where a new folder was to be is neither lost nor followed."""
    folder, staged = staged_folder(site)
    if theirs == "link":
        (site / "output" / "news").symlink_to(outside)
    else:
        write(site / "output", {theirs: "theirs"})
    before = tree(outside)
    with pytest.raises(SitegenError):
        publish(folder, staged, set(NEW_FILES), State({}, {}, {}, None))
    assert tree(outside) == before
    assert theirs == "link" or (site / "output" / theirs).read_text() == "theirs"


def test_what_fails_leaves_nothing(site: Path) -> None:
    """A first build that fails leaves no folder behind, and a later one no staging folder."""
    write(site, {"templates/404.html": "{{ nothing }}"})
    with pytest.raises(SitegenError):
        build_site(site)
    assert not (site / "output").exists()
    write(site, {"templates/404.html": None})
    build_site(site)
    write(site, {"templates/404.html": "{{ nothing }}"})
    with pytest.raises(SitegenError):
        build_site(site)
    assert not (site / "output" / TEMPORARY).exists()


def test_a_page_that_failed_while_the_cache_was_lost_stays_ours(site: Path) -> None:
    """What `keep_going` leaves as it was is still ours when it can be made again."""
    build_site(site)
    good = tree(site / "output")
    build_site(site, clean=True)
    write(site, {"templates/article.html": "{{ nothing }}"})
    for path in (site / ".sitegen").glob("*.sqlite*"):
        path.unlink()
    report = build_site(site, keep_going=True)
    assert [problem.message for problem in report.problems] == ['"nothing" is not defined']
    write(site, {"templates/article.html": None})
    build_site(site)
    assert tree(site / "output") == good


def test_an_output_folder_that_was_removed_is_made_again(site: Path) -> None:
    """A process that goes on notices that the whole output was deleted."""
    session = Session()
    build_site(site, session=session)
    write(site, {"articles/flood.md": article(body="Other.\n\nMore.")})
    for path in sorted((site / "output").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (site / "output").rmdir()
    build_site(site, session=session, changed=["articles/flood.md"])
    found = tree(site / "output")
    session.close()
    build_site(site)
    assert tree(site / "output") == found
    assert MANIFEST in found


def test_the_manifest_lists_what_is_there(site: Path) -> None:
    """The manifest names each file of ours once, in order, and nothing else."""
    build_site(site)
    first, *names, last = (site / "output" / MANIFEST).read_text("utf-8").split("\n")
    assert (first, last) == (FIRST_LINE, "")
    assert names == sorted(set(tree(site / "output")) - {MANIFEST})
    assert OutputFolder(site / "output", site).ours() == set(names)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_files_have_the_mode_that_the_user_wants(site: Path) -> None:
    """Files are as readable as the user's umask lets them be: a web server may read them."""
    before = os.umask(0o022)
    try:
        write(site, {"static/robots.txt": "x"})
        (site / "static" / "robots.txt").chmod(0o600)
        build_site(site)
    finally:
        os.umask(before)
    for path in (PAGE, "robots.txt", MANIFEST):
        assert (site / "output" / path).stat().st_mode & 0o777 == 0o644
