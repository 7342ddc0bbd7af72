"""Whatever happens to the files of a site, the output ends as a clean build makes it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sitegen.flow.build import Options
from sitegen.model.errors import Location
from sitegen.scan.sources import theme_folder
from sitegen.watch import watching
from sitegen.watch.debouncing import Batch
from sitegen.watch.watching import Watch, WatchBackend, limit_text
from tests.conftest import Pretend
from tests.installed_themes import install_theme
from tests.rebuilding import DEADLINE_SECONDS, Builds, rebuilding
from tests.sitefactory import NO_SEARCH, article, make_site, pages, write

pytestmark = pytest.mark.slow

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with two articles in different folders, a picture and a stylesheet."""
    return make_site(
        tmp_path / "site",
        {"2024/11/flood.md": article("Flood"), "2024/10/storm.md": article("Storm")},
        static={"extra.css": "p { margin: 0 }"},
    )


@pytest.fixture
def builds(site: Path) -> Iterator[Builds]:
    """The site being watched and built."""
    with rebuilding(site) as made:
        yield made


def front(builds: Builds) -> str:
    """Return the front page."""
    return pages(builds.site)["index.html"]


# --- Ways of saving


def in_place(path: Path, text: str) -> None:
    """Save as most programs do."""
    path.write_text(text)


def rename_over(path: Path, text: str) -> None:
    """Save beside, then in one step into place."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)


def like_vim(path: Path, text: str) -> None:
    """Move the old file away as a backup, write the new one, remove the backup."""
    backup = path.with_name(f"{path.name}~")
    if path.exists():
        path.rename(backup)
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    path.write_text(text)
    backup.unlink(missing_ok=True)


def like_sed(path: Path, text: str) -> None:
    """Write a file whose name nothing is known of, then rename it."""
    beside = path.with_name(f"sed{len(text)}")
    beside.write_text(text)
    beside.rename(path)


def in_pieces(path: Path, text: str) -> None:
    """Write through a file that stays open and is flushed in the middle."""
    with path.open("w") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        os.fsync(file.fileno())
        file.write(text[len(text) // 2 :])


SAVES = [in_place, rename_over, like_vim, like_sed, in_pieces]


@pytest.mark.parametrize("save", SAVES)
def test_a_saved_article_is_shown(builds: Builds, save: Callable[[Path, str], None]) -> None:
    """However an editor saves, the page shows what was saved."""
    save(builds.site / "articles/2024/11/flood.md", article("Deluge"))
    builds.until(lambda: "Deluge" in front(builds) and "Flood" not in front(builds))


def test_a_new_article_in_new_folders_is_shown(builds: Builds, tmp_path: Path) -> None:
    """Folders that are made at the same moment as the file are watched from then on."""
    write(builds.site, {"articles/2025/01/02/snow.md": article("Snow", date="2024-11-05")})
    builds.until(lambda: "Snow" in front(builds))

    write(builds.site, {"articles/2025/01/02/snow.md": article("Thaw", date="2024-11-05")})
    builds.until(lambda: "Thaw" in front(builds))
    builds.until_clean(tmp_path / "clean")


def test_an_empty_folder_is_watched_from_the_start(builds: Builds) -> None:
    """A folder that is made before its first article costs nothing and misses nothing."""
    folder = builds.site / "articles/2025/01"
    folder.mkdir(parents=True)
    outcome = builds.next()
    assert outcome.report is not None
    assert not outcome.report.written
    rename_over(folder / "snow.md", article("Snow"))
    builds.until(lambda: "Snow" in front(builds))


def test_what_is_saved_while_a_build_runs_is_in_the_next(site: Path, tmp_path: Path) -> None:
    """A file that comes too late for one build is not forgotten."""
    late = iter(("Fog", "Snow", "Thaw"))

    def adapt(options: Options) -> Options:
        if title := next(late, ""):
            write(site, {f"articles/{title}.md": article(title)})
        return options

    with rebuilding(site, adapt=adapt) as builds:
        builds.until(lambda: "Thaw" in front(builds))
        builds.until_clean(tmp_path / "clean")


def test_only_what_changed_is_looked_at(builds: Builds) -> None:
    """The batch of a save names that file and nothing else."""
    rename_over(builds.site / "articles/2024/11/flood.md", article("Deluge"))
    builds.until(lambda: "Deluge" in front(builds))
    assert builds.outcomes[-1].changed == frozenset({"articles/2024/11/flood.md"})
    assert len(builds.outcomes) == 2


def test_what_editors_leave_builds_nothing(builds: Builds) -> None:
    """Backups, swap files and lock files are nobody's: there is no build for them."""
    folder = builds.site / "articles/2024/11"
    for name in (".flood.md.swp", "flood.md~", "#flood.md#", ".#flood.md", "4913", ".DS_Store"):
        (folder / name).write_text("scrap")
        (folder / name).unlink()
    write(builds.site, {"notes.txt": "not in a folder of the site", "output/index.html~": ""})
    rename_over(folder / "flood.md", article("Deluge"))
    builds.until(lambda: "Deluge" in front(builds))
    assert len(builds.outcomes) == 2


def test_what_is_built_builds_nothing(builds: Builds) -> None:
    """The output folder and the cache are not watched: a build is not its own cause."""
    with Watch(builds.site, print) as watch:
        rename_over(builds.site / "articles/2024/11/flood.md", article("Deluge"))
        builds.until(lambda: "Deluge" in front(builds))
        assert watch.wait(DEADLINE_SECONDS) == Batch(frozenset({"articles/2024/11/flood.md"}))
        assert watch.wait(0.0) is None


# --- Folders


def test_a_moved_folder_takes_its_articles_along(builds: Builds, tmp_path: Path) -> None:
    """Both ends of a move are looked at, and the moved folder is still watched."""
    (builds.site / "articles/2024/11").rename(builds.site / "articles/late")
    builds.until_clean(tmp_path / "clean")

    in_place(builds.site / "articles/late/flood.md", article("Deluge"))
    builds.until(lambda: "Deluge" in front(builds))
    builds.until_clean(tmp_path / "clean")


def test_a_folder_that_leaves_the_site_and_comes_back(builds: Builds, tmp_path: Path) -> None:
    """Articles go with their folder, and come back with it under another name."""
    (builds.site / "articles/2024/11").rename(tmp_path / "away")
    builds.until(lambda: "Flood" not in front(builds))

    in_place(tmp_path / "away/flood.md", article("Deluge"))
    (tmp_path / "away").rename(builds.site / "articles/back")
    builds.until(lambda: "Deluge" in front(builds))

    in_place(builds.site / "articles/back/flood.md", article("Drought"))
    builds.until(lambda: "Drought" in front(builds))
    builds.until_clean(tmp_path / "clean")


@pytest.mark.parametrize("folder", ["articles/2024/11", "static"])
def test_a_folder_is_deleted_and_made_again(builds: Builds, folder: str, tmp_path: Path) -> None:
    """A folder that comes back after it was deleted is watched as before, the roots too."""
    shutil.copytree(builds.site / folder, tmp_path / "copy")
    for _ in range(3):
        shutil.rmtree(builds.site / folder)
        builds.until_clean(tmp_path / "clean")
        shutil.copytree(tmp_path / "copy", builds.site / folder)
        builds.until_clean(tmp_path / "clean")
    write(builds.site, {f"{folder}/new.md": article("New"), f"{folder}/new.css": "b {}"})
    builds.until_clean(tmp_path / "clean")


def is_missing(builds: Builds) -> bool:
    """Whether the last build could not find the articles, and said so."""
    return any(
        problem.location == Location("articles") and problem.is_error
        for problem in builds.outcomes[-1].problems
    )


def test_the_articles_are_deleted_and_come_back(builds: Builds, tmp_path: Path) -> None:
    """A folder of articles that is gone altogether is an error; a new one is watched as before."""
    shutil.copytree(builds.site / "articles", tmp_path / "copy")
    for _ in range(3):
        shutil.rmtree(builds.site / "articles")
        builds.until(lambda: is_missing(builds))
        shutil.copytree(tmp_path / "copy", builds.site / "articles")
        builds.until_clean(tmp_path / "clean")
    write(builds.site, {"articles/new.md": article("New")})
    builds.until_clean(tmp_path / "clean")


def test_a_root_that_is_moved_away_and_back(builds: Builds, tmp_path: Path) -> None:
    """A root under another name is no root: its articles stay as they were until it is back."""
    (builds.site / "articles").rename(builds.site / "drafts")
    builds.until(lambda: is_missing(builds))
    assert "Flood" in front(builds)
    in_place(builds.site / "drafts/2024/11/flood.md", article("Deluge"))
    (builds.site / "drafts").rename(builds.site / "articles")
    builds.until(lambda: "Deluge" in front(builds))
    builds.until_clean(tmp_path / "clean")


def test_a_root_that_was_not_there_is_watched_when_it_is_made(
    builds: Builds, tmp_path: Path
) -> None:
    """A site's first own template shadows the theme's from the moment that it is saved."""
    shutil.rmtree(builds.site / "templates")
    builds.until_clean(tmp_path / "clean")
    write(builds.site, {"templates/404.html": "<p>Lost?</p>"})
    builds.until(lambda: pages(builds.site)["404.html"] == "<p>Lost?</p>")
    write(builds.site, {"templates/404.html": "<p>Found!</p>"})
    builds.until(lambda: pages(builds.site)["404.html"] == "<p>Found!</p>")


def test_a_folder_becomes_a_file_and_a_file_a_folder(builds: Builds, tmp_path: Path) -> None:
    """What had a name before does not matter to what has it now."""
    folder = builds.site / "articles/2024"
    folder.rename(tmp_path / "2024")
    folder.write_text("a file")
    builds.until_clean(tmp_path / "clean")
    folder.unlink()
    (tmp_path / "2024").rename(folder)
    builds.until_clean(tmp_path / "clean")
    assert "Flood" in front(builds)


def test_a_checkout_of_a_thousand_files(site: Path, tmp_path: Path) -> None:
    """After `git checkout`, the output is that of the other branch, in far fewer builds."""

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
        subprocess.run(("git", *identity, *arguments), cwd=site, check=True, capture_output=True)

    write(site, {".gitignore": "output/\n.sitegen/\n"})
    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "two articles")
    git("switch", "-c", "many")
    many = {f"articles/m/{n % 40}/{n}.md": article(f"Story {n}") for n in range(1000)}
    write(site, many)
    git("add", ".")
    git("commit", "-m", "a thousand more")
    git("switch", "main")
    with rebuilding(site) as builds:
        git("switch", "many")
        builds.until_clean(tmp_path / "clean")
        assert len(builds.outcomes) < 50
        git("switch", "main")
        builds.until_clean(tmp_path / "clean")


# --- Configuration, theme, links


@pytest.mark.parametrize("save", SAVES)
def test_the_configuration_is_watched(builds: Builds, save: Callable[[Path, str], None]) -> None:
    """A saved setting acts at once."""
    save(builds.site / "sitegen.toml", 'title = "The Packet"')
    builds.until(lambda: "The Packet" in front(builds))


def test_a_configuration_in_pyproject_is_watched(builds: Builds) -> None:
    """A site may keep its settings in pyproject.toml, from now on too."""
    (builds.site / "sitegen.toml").unlink()
    write(builds.site, {"pyproject.toml": '[tool.sitegen]\ntitle = "The Packet"'})
    builds.until(lambda: "The Packet" in front(builds))


def test_a_configuration_that_is_a_link_is_watched(site: Path, tmp_path: Path) -> None:
    """Several papers may share one configuration that lies elsewhere."""
    write(tmp_path, {"shared/papers.toml": 'title = "The Packet"'})
    (site / "sitegen.toml").unlink()
    (site / "sitegen.toml").symlink_to(tmp_path / "shared/papers.toml")
    with rebuilding(site) as builds:
        in_place(tmp_path / "shared/papers.toml", 'title = "The Herald"')
        builds.until(lambda: "The Herald" in front(builds))


def test_the_theme_beside_the_site_is_watched(site: Path) -> None:
    """Whoever works on the theme in a checkout sees its changes in a site that lies elsewhere."""
    with Watch(site, print) as watch:
        os.utime(theme_folder() / "templates/404.html")
        batch = watch.wait(DEADLINE_SECONDS)
        assert batch is not None
        assert batch.paths is not None
        assert "theme/templates/404.html" in batch.paths


HARBOUR = 'name = "Harbour"\ntemplates = 1\n'


@pytest.mark.parametrize("save", SAVES)
def test_a_theme_of_the_site_is_watched(builds: Builds, save: Callable[[Path, str], None]) -> None:
    """From its first file on: a theme is written, chosen and edited while the site is watched."""
    files = {"theme.toml": HARBOUR, "templates/404.html": "first", "node_modules/a.js": "x"}
    write(builds.site / "themes/harbour", files)
    save(builds.site / "sitegen.toml", f'theme = "harbour"\n{NO_SEARCH}')
    builds.until(lambda: pages(builds.site)["404.html"] == "first")
    save(builds.site / "themes/harbour/templates/404.html", "second")
    builds.until(lambda: pages(builds.site)["404.html"] == "second")
    option = '[options.sea]\ndefault = "wide"\ndescription = "How it is."\n'
    save(builds.site / "themes/harbour/templates/404.html", '{{ site.theme.get("sea", "no") }}')
    builds.until(lambda: pages(builds.site)["404.html"] == "no")
    save(builds.site / "themes/harbour/theme.toml", HARBOUR + option)
    builds.until(lambda: pages(builds.site)["404.html"] == "wide")


def test_an_installed_theme_is_watched_from_when_it_is_chosen(
    builds: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A designer who works on a package sees what each edit does to the site that uses it."""
    packages = tmp_path / "packages"
    files = {"theme.toml": HARBOUR, "templates/404.html": "first"}
    install_theme(packages, "harbour", "theme_harbour", files)
    monkeypatch.syspath_prepend(str(packages))
    in_place(builds.site / "sitegen.toml", f'theme = "harbour"\n{NO_SEARCH}')
    builds.until(lambda: pages(builds.site)["404.html"] == "first")
    in_place(packages / "theme_harbour/templates/404.html", "second")
    builds.until(lambda: pages(builds.site)["404.html"] == "second")


def test_what_else_lies_in_a_theme_builds_nothing(site: Path) -> None:
    """Its notes, its packaging and what its tools bring are no part of a site."""
    write(site, {"themes/harbour/theme.toml": HARBOUR, "themes/harbour/dist/a.txt": "x"})
    with Watch(site, print) as watch:
        write(site / "themes/harbour", {"README.md": "x", "dist/a.txt": "y", "notes/b": "z"})
        write(site / "themes/harbour", {"static/.well-known/a.txt": "x"})
        batch = watch.wait(DEADLINE_SECONDS)
        assert batch is not None
        assert batch.paths
        assert all(path.startswith("themes/harbour/static") for path in batch.paths)


def test_a_link_shows_what_becomes_of_its_target(builds: Builds, tmp_path: Path) -> None:
    """A file that is linked to is watched wherever in the site it lies."""
    write(builds.site, {"shared/fog.md": article("Fog")})
    link = builds.site / "articles/2024/11/fog.md"
    link.symlink_to("../../../shared/fog.md")
    builds.until(lambda: "Fog" in front(builds))

    rename_over(builds.site / "shared/fog.md", article("Mist"))
    builds.until(lambda: "Mist" in front(builds))

    link.unlink()
    link.symlink_to("flood.md")
    builds.until_clean(tmp_path / "clean")
    in_place(builds.site / "articles/2024/11/flood.md", article("Deluge", slug="deluge"))
    builds.until_clean(tmp_path / "clean")


def test_a_root_that_is_a_link_is_watched(site: Path, tmp_path: Path) -> None:
    """The articles may lie elsewhere in the site folder."""
    (site / "articles").rename(site / "content")
    (site / "articles").symlink_to("content")
    with rebuilding(site) as builds:
        in_place(site / "content/2024/11/flood.md", article("Deluge"))
        builds.until(lambda: "Deluge" in front(builds))
        (site / "content").rename(site / "stories")
        builds.until(lambda: is_missing(builds))
        assert "Deluge" in front(builds)
        in_place(site / "stories/2024/11/flood.md", article("Drought"))
        (site / "stories").rename(site / "content")
        builds.until(lambda: "Drought" in front(builds))
        builds.until_clean(tmp_path / "clean")


def test_a_name_that_is_not_utf8_is_no_obstacle(builds: Builds) -> None:
    """A file that cannot be published keeps no other from being so."""
    name = os.fsencode(builds.site / "static") + b"/\xff\xfe.png"
    try:
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system knows UTF-8 names only")
    in_place(builds.site / "articles/2024/11/flood.md", article("Deluge"))
    builds.until(lambda: "Deluge" in front(builds))
    os.unlink(name)  # noqa: PTH108 - a Path would be text
    in_place(builds.site / "articles/2024/11/flood.md", article("Drought"))
    builds.until(lambda: "Drought" in front(builds) and not builds.outcomes[-1].problems)


# --- When the system does not say everything


@linux
def test_an_overflow_of_the_kernels_queue_loses_nothing(builds: Builds, tmp_path: Path) -> None:
    """Events that the kernel dropped are made up for by looking at everything."""
    from sitegen.watch.inotify import InotifyBackend  # noqa: PLC0415 - on Linux only

    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    files = [builds.site / "articles/2024/11/flood.md", builds.site / "articles/2024/10/storm.md"]
    reader = builds.watch._backend  # noqa: SLF001 - held up, so that the kernel's queue fills
    assert isinstance(reader, InotifyBackend)
    with reader._lock:  # noqa: SLF001 - as above
        for _ in range(limit // 2 + 4096):
            for file in files:  # in turns: equal events in a row are one
                os.utime(file)
        write(builds.site, {"articles/2025/unseen.md": article("Unseen")})
    builds.until(lambda: "Unseen" in front(builds))
    assert None in [outcome.changed for outcome in builds.outcomes[1:]]

    write(builds.site, {"articles/2025/unseen.md": article("Seen", date="2024-11-05")})
    builds.until(lambda: "Seen" in front(builds))
    builds.until_clean(tmp_path / "clean")


@linux
def test_without_watches_the_files_are_looked_at(site: Path) -> None:
    """Where the system gives no watch, the files are polled, and the terminal says so."""
    import resource  # noqa: PLC0415 - not on Windows

    said: list[str] = []
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def tell(text: str) -> None:
        said.append(text)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    watch = Watch(site, tell)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        watch.__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        assert len(said) == 1
        assert "polling for changes every second" in said[0]
        in_place(site / "articles/2024/11/flood.md", article("Deluge"))
        batch = watch.wait(DEADLINE_SECONDS)
        assert batch is not None
        assert batch.paths is not None
        assert "articles/2024/11/flood.md" in batch.paths
    finally:
        watch.__exit__(None, None, None)


@linux
@pytest.mark.parametrize("version", ["7.0.0", "7.2.0", "8.0.0"])
def test_an_unproven_watchdog_is_not_trusted_to_tell_everything(
    site: Path, pretend: Pretend, version: str
) -> None:
    """With a version whose private reader nobody knows, files are polled: it is said once."""
    pretend(watchdog=version)
    with rebuilding(site) as builds:
        in_place(site / "articles/2024/11/flood.md", article("Deluge"))
        builds.until(lambda: "Deluge" in front(builds))
        site.rename(site.with_name("away"))
        site.with_name("away").rename(site)
        in_place(site / "articles/2024/11/flood.md", article("Drought"))
        builds.until(lambda: "Drought" in front(builds))

    (said,) = (text for text in builds.said if "watchdog" in text)
    assert said == (
        f"watching with inotify is tested with watchdog 7.1.*, not {version}; "
        "polling for changes every second instead"
    )


@linux
def test_a_patch_version_of_watchdog_is_trusted(site: Path, pretend: Pretend) -> None:
    """A patch version tells of changes as the others of its minor version do."""
    from sitegen.watch.inotify import InotifyBackend  # noqa: PLC0415 - on Linux only

    pretend(watchdog="7.1.99")
    said: list[str] = []
    with Watch(site, said.append) as watch:
        assert isinstance(watch._backend, InotifyBackend)  # noqa: SLF001 - which of the two it is
    assert said == []


@linux
def test_the_limit_of_watches_is_told_wherever_it_is_reached(tmp_path: Path) -> None:
    """Too many folders for the system's limit: polled from then on, and nothing is missed."""
    site = make_site(tmp_path / "site", {f"{n}/a.md": article(f"Story {n}") for n in range(8)})
    script = (
        "echo 40 > /proc/sys/user/max_inotify_watches && "
        f"exec {sys.executable} -m tests.limited_watch '{site}'"
    )
    unshare = ("unshare", "--user", "--map-root-user", "sh", "-c")
    if subprocess.run((*unshare, "true"), check=False, capture_output=True).returncode:
        pytest.skip("needs a user namespace of its own")
    done = subprocess.run((*unshare, script), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["listening", "polling", "seen"]


@linux
@pytest.mark.parametrize(
    ("number", "reason", "hint"),
    [
        (
            errno.ENOSPC,
            "the inotify limit fs.inotify.max_user_watches is reached",
            "\nhint: raise it with `sudo sysctl fs.inotify.max_user_watches=1000000`",
        ),
        (
            errno.EMFILE,
            "the limit of inotify instances or of open files is reached",
            (
                "\nhint: raise it with `sudo sysctl fs.inotify.max_user_instances=1024` "
                "or `ulimit -n 4096`"
            ),
        ),
        (errno.ENOSYS, "the system cannot watch more files: Function not implemented", ""),
    ],
)
def test_a_limit_is_told_with_the_way_to_raise_it(number: int, reason: str, hint: str) -> None:
    """The warning names the limit that is reached, says that files are polled, and what to do."""
    text = limit_text(OSError(number, os.strerror(number)))
    assert text == f"warning: {reason}; polling for changes every second instead{hint}"


class DeafBackend:
    """A system that accepts every watch, and never tells anything."""

    alive = True

    def watch(self, path: str, *, recursive: bool) -> None:
        """Accept."""

    def stop(self) -> None:
        """Stop."""


class DeafWatch(Watch):
    """A watch on such a system."""

    def _native_backend(self) -> WatchBackend:
        return DeafBackend()


def test_where_no_event_comes_files_are_polled(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that tells nothing is noticed at the start, said, and looked after."""
    monkeypatch.setattr(watching, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.05)
    said: list[str] = []
    with DeafWatch(site, said.append) as watch:
        assert "does not tell that a file was changed; polling" in said[0]
        assert "hint: set `--poll=SECONDS`" in said[0]
        rename_over(site / "articles/2024/11/flood.md", article("Deluge"))
        batch = watch.wait(DEADLINE_SECONDS)
        assert batch is not None
        assert batch.paths is None or "articles/2024/11/flood.md" in batch.paths
    assert not (site / watching.PROBE).exists()


def test_a_silent_file_system_is_polled(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own writes are told and others' are not, so that a probe would prove nothing."""
    (tmp_path / "mounts").write_text("74 60 0:46 / / rw - 9p C: rw,aname=drvfs\n")
    monkeypatch.setattr("sitegen.watch.file_systems.MOUNTS", tmp_path / "mounts")
    said: list[str] = []
    with Watch(site, said.append):
        assert "a file system of the type 9p does not tell what is changed elsewhere" in said[0]


def test_who_asks_for_polling_is_told_nothing(site: Path) -> None:
    """What was chosen needs no warning, and no file is made to find out."""
    said: list[str] = []
    with DeafWatch(site, said.append, poll=0.05) as watch:
        rename_over(site / "articles/2024/11/flood.md", article("Deluge"))
        assert watch.wait(DEADLINE_SECONDS) is not None
    assert said == []


def test_where_events_come_nothing_is_said_and_left(site: Path) -> None:
    """The probe is gone as soon as it was noticed, and is no change of the site."""
    said: list[str] = []
    with Watch(site, said.append) as watch:
        assert not (site / watching.PROBE).exists()
        assert watch.wait(0.0) is None
    assert said == []


def test_polling_ends_in_the_right_output(site: Path, tmp_path: Path) -> None:
    """Where the files are polled, the output is right after each edit, too."""
    with rebuilding(site, polling=True) as builds:
        like_vim(site / "articles/2024/11/flood.md", article("Deluge"))
        builds.until(lambda: "Deluge" in front(builds))
        (site / "articles/2024/11").rename(site / "articles/late")
        builds.until_clean(tmp_path / "clean")
        shutil.rmtree(site / "articles")
        builds.until(lambda: is_missing(builds))
        write(site, {"articles/a/b/new.md": article("New")})
        builds.until_clean(tmp_path / "clean")
        assert "New" in front(builds)


def test_a_site_folder_that_goes_is_waited_for(site: Path, tmp_path: Path) -> None:
    """When the whole site folder is moved away, its return is noticed."""
    said: list[str] = []
    with Watch(site, said.append) as watch:
        site.rename(tmp_path / "elsewhere")
        back = threading.Timer(0.1, (tmp_path / "elsewhere").rename, (site,))
        back.start()
        assert watch.wait(DEADLINE_SECONDS) == Batch(None)
        back.join()
        rename_over(site / "articles/2024/11/flood.md", article("Deluge"))
        assert watch.wait(DEADLINE_SECONDS) == Batch(frozenset({"articles/2024/11/flood.md"}))


# --- Anything in any order

ARTICLES = ["a.md", "a/a.md", "a/b/a.md", "a/b/b.md", "c/a.md"]
FOLDERS = ["a", "a/b", "c", "d"]
TITLES = ["Flood", "Storm", "Fog", "Snow"]


def touch_up(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Save an article, new or not."""
    del other
    path = site / "articles" / name
    if path.parent.is_dir() or not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        slug = f"{name}-{text}".replace("/", "-").replace(".", "-")
        SAVES[save](path, article(text, slug=slug))


def delete(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Delete an article."""
    del other, text, save
    (site / "articles" / name).unlink(missing_ok=True)


def move_folder(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Rename the folder of an article."""
    del text, save
    folder, target = (site / "articles" / name).parent, site / "articles" / other
    outside = folder not in (site / "articles", target, *target.parents)
    if outside and folder.is_dir() and target.parent.is_dir() and not target.exists():
        folder.rename(target)


def remake_folder(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Delete a folder, and make it again with one article."""
    shutil.rmtree(site / "articles" / other, ignore_errors=True)
    touch_up(site, f"{other}/{Path(name).name}", other, text, save)


def remake_root(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Move all articles away, and back."""
    (site / "articles").rename(site / "away")
    (site / "away").rename(site / "articles")
    touch_up(site, name, other, text, save)


def configure(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Save the configuration."""
    del name, other
    SAVES[save](site / "sitegen.toml", f'title = "The {text}"')


def override(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Save a template of the site's own, or remove it."""
    del name, other
    path = site / "templates/404.html"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and text == TITLES[0]:
        path.unlink()
    else:
        SAVES[save](path, f"<p>{text}</p>")


def restyle(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Save a file of the site's own over one of the theme."""
    del other
    path = site / "static" / name
    if path.parent.is_dir() or not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        SAVES[save](path, text)


def swap_roots(site: Path, name: str, other: str, text: str, save: int) -> None:
    """Move a folder from the articles to the static files."""
    del other, text, save
    folder = (site / "articles" / name).parent
    if folder != site / "articles" and folder.is_dir():
        shutil.rmtree(site / "static/moved", ignore_errors=True)
        (site / "static").mkdir(exist_ok=True)
        folder.rename(site / "static/moved")


EXAMPLES = int(os.environ.get("WATCH_EXAMPLES", "12"))
"""More of them for a longer run."""

EDITS = st.tuples(
    st.sampled_from(
        [
            touch_up,
            touch_up,
            delete,
            move_folder,
            remake_folder,
            remake_root,
            configure,
            override,
            restyle,
            swap_roots,
        ]
    ),
    st.sampled_from(ARTICLES),
    st.sampled_from(FOLDERS),
    st.sampled_from(TITLES),
    st.integers(0, len(SAVES) - 1),
)


# No shrinking: each step of it would wait for a build that does not come.
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_edits_end_in_the_right_output(
    rounds: list[list[tuple[Callable[[Path, str, str, str, int], None], str, str, str, int]]],
) -> None:
    """After any edits in any order and any way of saving, the output is that of a clean build."""
    with tempfile.TemporaryDirectory() as name:
        site = make_site(Path(name) / "site", {"a/b/a.md": article(), "c/a.md": article("Storm")})
        with rebuilding(site) as builds:
            for edits in rounds:
                for edit, article_name, folder, title, save in edits:
                    edit(site, article_name, folder, title, save)
                builds.until_clean(Path(name) / "clean")
