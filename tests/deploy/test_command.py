"""`sitegen deploy`, to a folder: what is sent, what is refused, what an interruption leaves."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import brotli
import pytest

from sitegen.deploy import target_state
from sitegen.deploy.folder import TEMPORARY
from sitegen.deploy.process_identity import ProcessIdentity, own_identity
from sitegen.deploy.target_state import FOLDER, MANIFEST, Run
from tests import deploying
from tests.deploying import ARTICLES, Deploy, command, more, published, site_with
from tests.sitefactory import article, build_site, times, tree, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose target is the folder `www` beside it."""
    return site_with(tmp_path / "site", 'kind = "folder"\nto = "../www"')


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """The folder that the site is deployed to."""
    return tmp_path / "www"


@pytest.fixture
def deploy(site: Path, capsys: pytest.CaptureFixture[str]) -> Deploy:
    """Run `sitegen deploy` in this process."""
    return partial(deploying.deploy, site, capsys)


def state(www: Path) -> target_state.TargetState:
    """Return what the state files of a folder say."""
    return target_state.read(
        {item.name: item.read_bytes() for item in (www / FOLDER).iterdir() if item.is_file()}
    )


# What is sent


def test_the_target_holds_the_build(site: Path, www: Path, deploy: Deploy) -> None:
    """After a deployment the target holds the output folder, file by file."""
    done = deploy()

    assert done.code == 0
    assert published(www) == published(site / "output")
    assert len(published(www)) > 20
    assert state(www).runs == ()
    assert " articles shown" in done.err


def test_a_second_deployment_sends_nothing(www: Path, deploy: Deploy) -> None:
    """What is there is not sent again, and nothing at the target is written."""
    deploy()
    before = times(www)

    done = deploy()

    assert "t: 0 sent (0 new, 0 bytes), 0 deleted" in done.err
    assert done.out == ""
    assert times(www) == before


def test_only_what_differs_is_sent(site: Path, www: Path, deploy: Deploy) -> None:
    """An edit of a body sends its page alone, and its URL is the one to purge."""
    deploy()
    before = times(www)
    write(site, {"articles/a1.md": article("Article 1", "The river fell.")})

    done = deploy()

    changed = {path for path, time in times(www).items() if before.get(path) != time}
    pages = {path for path in changed if not path.startswith(FOLDER)}
    assert "2024/11/04/a1/index.html" in pages
    assert "https://example.org/2024/11/04/a1/" in done.listed
    assert f"t: {len(pages)} sent (0 new" in done.err
    assert published(www) == published(site / "output")


def test_what_goes_is_deleted_with_its_folder(site: Path, www: Path, deploy: Deploy) -> None:
    """An article that is removed leaves neither its page nor an empty folder."""
    deploy()
    write(site, {"articles/a1.md": None})

    done = deploy()

    assert "1 deleted" in done.err
    assert "https://example.org/2024/11/04/a1/" in done.listed
    assert not (www / "2024/11/04/a1").exists()
    assert published(www) == published(site / "output")


def test_a_file_becomes_a_folder_and_back(site: Path, www: Path, deploy: Deploy) -> None:
    """A name that changes its kind is cleared before it is used."""
    write(site, {"static/about": "text"})
    deploy()
    write(site, {"static/about": None, "static/about/us.txt": "text"})
    assert deploy().code == 0
    assert published(www) == published(site / "output")

    write(site, {"static/about/us.txt": None})
    (site / "static/about").rmdir()
    write(site, {"static/about": "text"})

    assert deploy().code == 0
    assert published(www) == published(site / "output")


def test_what_is_not_ours_stays(site: Path, www: Path, deploy: Deploy) -> None:
    """A file that sitegen did not put there is never deleted."""
    write(www, {"upload/report.pdf": "theirs", "2024/11/04/a1/notes.txt": "theirs"})
    deploy()
    write(site, {"articles/a1.md": None})

    deploy()

    assert (www / "upload/report.pdf").read_text() == "theirs"
    assert (www / "2024/11/04/a1/notes.txt").read_text() == "theirs"
    assert not (www / "2024/11/04/a1/index.html").exists()


def test_times_are_kept(site: Path, www: Path, deploy: Deploy) -> None:
    """A file at the target says when it was built, not when it was sent."""
    deploy()

    here, there = times(site / "output"), times(www)
    assert there["index.html"] == here["index.html"]


def test_compressed_copies(site: Path, www: Path, deploy: Deploy) -> None:
    """Compressed copies lie beside what is worth it, hold the same, and are sent no second time."""
    plain = (site / "sitegen.toml").read_text()
    more(site, 'precompress = ["gz", "br"]')
    write(site, {"static/logo.png": b"\x89PNG" * 400})

    done = deploy()

    page = (www / "index.html").read_bytes()
    assert gzip.decompress((www / "index.html.gz").read_bytes()) == page
    assert brotli.decompress((www / "index.html.br").read_bytes()) == page
    assert not (www / "logo.png.gz").exists()
    assert not [url for url in done.listed if url.endswith((".gz", ".br"))]
    assert "t: 0 sent" in deploy().err

    write(site, {"sitegen.toml": plain})
    assert not [url for url in deploy().listed if url.endswith((".gz", ".br"))]
    assert published(www) == published(site / "output")


# Before anything is sent


def test_a_dry_run_changes_nothing(site: Path, www: Path, deploy: Deploy) -> None:
    """`--dry-run` lists what would be sent and deleted, and does nothing."""
    deploy()
    write(site, {"articles/a1.md": None, "static/new.txt": "new"})
    before = tree(www)

    done = deploy("--dry-run")

    assert "send   new.txt" in done.listed
    assert "delete 2024/11/04/a1/index.html" in done.listed
    assert "would be sent" in done.err
    assert tree(www) == before


def test_deletions_are_capped(site: Path, www: Path, deploy: Deploy) -> None:
    """More deletions than are allowed are refused before anything is sent; the message helps."""
    deploy()
    more(site, "max_deletes = 1")
    write(site, {"static/new.txt": "new"})
    write(site, {"articles/a1.md": None, "articles/a2.md": None})
    before = tree(www)

    done = deploy()

    assert done.code == 1
    assert "2 files would be deleted, more than the limit of 1" in done.err
    assert "--max-deletes 2" in done.err
    assert tree(www) == before
    assert deploy("--max-deletes", "2").code == 0
    assert published(www) == published(site / "output")


def test_a_site_that_lost_its_articles(site: Path, www: Path, deploy: Deploy) -> None:
    """Without any article a site is refused that had some, be `max_deletes` as it may."""
    deploy()
    for name in ARTICLES:
        write(site, {f"articles/{name}": None})
    before = tree(www)

    done = deploy()

    assert done.code == 1
    assert "all 6 articles of the last deployment are gone, and no article is left" in done.err
    assert "/2024/11/04/a0/, /2024/11/04/a1/, /2024/11/04/a2/ and 3 more" in done.err
    assert "--allow-lost-articles" in done.err
    assert tree(www) == before
    dry = deploy("--dry-run")
    assert dry.code == 0
    assert "would be refused: all 6 articles" in dry.err
    assert deploy("--allow-lost-articles").code == 0
    assert published(www) == published(site / "output")
    assert deploy().code == 0


def test_a_site_that_lost_a_part_of_its_articles(site: Path, www: Path, deploy: Deploy) -> None:
    """More than a share, and more than three, are refused with every other reason there is."""
    deploy()
    for number in range(3):
        write(site, {f"articles/a{number}.md": None})
    assert deploy().code == 0

    write(site, {f"articles/b{number}.md": article(f"B {number}") for number in range(6)})
    deploy()
    for number in range(4):
        write(site, {f"articles/b{number}.md": None})
    done = deploy("--max-deletes", "1")

    assert done.code == 1
    assert "4 of the 9 articles of the last deployment are gone, more than 10%" in done.err
    assert "more than the limit of 1" in done.err
    more(site, 'max_lost_articles = "45%"')
    assert deploy().code == 0
    assert published(www) == published(site / "output")


def test_articles_that_were_moved_or_ended_are_not_lost(
    site: Path, www: Path, deploy: Deploy
) -> None:
    """New addresses, new identities at the same addresses, and expiry take nothing away."""
    deploy()
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": f'{config}[urls]\narticle = "/{{slug}}/"\n'})
    assert deploy().code == 0

    write(site, {f"articles/{name}": article(name, id=f"new-{name}") for name in ARTICLES})
    assert deploy().code == 0

    for name in ARTICLES:
        write(site, {f"articles/{name}": article(name, id=f"new-{name}", expires="2024-11-06")})
    assert deploy().code == 0
    assert not (www / "a0/index.html").exists()


def test_the_last_build_of_a_site_that_lost_its_articles(site: Path, deploy: Deploy) -> None:
    """`--no-build` refuses it just so."""
    deploy()
    for name in ARTICLES:
        write(site, {f"articles/{name}": None})
    build_site(site, at=NOW)

    done = deploy("--no-build")

    assert done.code == 1
    assert "no article is left" in done.err


def test_a_target_of_an_older_sitegen(site: Path, www: Path, deploy: Deploy) -> None:
    """Where the target does not say which files are articles, an empty site is refused still."""
    deploy()
    manifest = state(www).manifest
    assert manifest is not None
    old = manifest._replace(version=manifest.version._replace(articles=None))
    (www / FOLDER / MANIFEST).write_bytes(target_state.manifest_bytes(old))
    assert "t: 0 sent" in deploy().err
    known = state(www).manifest
    assert known is not None
    assert known.version.articles == manifest.version.articles

    (www / FOLDER / MANIFEST).write_bytes(target_state.manifest_bytes(old))
    for name in ARTICLES:
        write(site, {f"articles/{name}": None})
    done = deploy()

    assert done.code == 1
    assert "the site has no articles" in done.err
    assert deploy("--allow-lost-articles").code == 0


def test_problems_of_the_site_stop_it(site: Path, www: Path, deploy: Deploy) -> None:
    """A site with an error is not deployed."""
    write(site, {"articles/a1.md": "---\ntitle: [\n---\n"})

    assert deploy().code == 1
    assert not www.exists()


def test_drafts_are_never_deployed(site: Path, www: Path, deploy: Deploy) -> None:
    """A build with drafts, be it the last one, does not get out."""
    write(site, {"articles/secret.md": article("Secret", draft=True)})
    build_site(site, drafts=True)

    refused = deploy("--no-build")
    deploy()

    assert refused.code == 1
    assert "it contains drafts" in refused.err
    assert not (www / "2024/11/04/secret").exists()


NOW = datetime.now(UTC).replace(microsecond=0)


def test_the_last_build_can_be_deployed(site: Path, www: Path, deploy: Deploy) -> None:
    """`--no-build` deploys what a build just made, and builds nothing."""
    build_site(site, at=NOW)
    before = times(site / "output")

    assert deploy("--no-build").code == 0
    assert published(www) == published(site / "output")
    assert times(site / "output") == before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda site: build_site(site, at=NOW, base_url="https://staging.example.org/"),
            "was made for",
        ),
        (lambda site: build_site(site, at=NOW, keep_going=True), "it may have errors"),
        (lambda site: write(site, {"articles/a1.md": article("Other")}), "have changed since"),
        (lambda site: build_site(site, at=datetime(2999, 1, 1, tzinfo=UTC)), "in the future"),
        (lambda site: build_site(site, at=datetime(2020, 1, 1, tzinfo=UTC)), "appeared or expired"),
    ],
)
def test_a_build_that_readers_must_not_see(
    site: Path, www: Path, deploy: Deploy, spoil: Callable[[Path], object], message: str
) -> None:
    """`--no-build` refuses a build for elsewhere, with errors, of old sources, of another time."""
    write(site, {"articles/later.md": article("Later", date="2998-01-01 10:00")})
    build_site(site, at=NOW)
    spoil(site)

    done = deploy("--no-build")

    assert done.code == 1
    assert message in done.err
    assert not www.exists()


def test_an_output_that_was_changed_by_hand(site: Path, www: Path, deploy: Deploy) -> None:
    """`--no-build` names the files before anything is sent; a build makes them anew."""
    build_site(site, at=NOW)
    write(site / "output", {"index.html": "by hand", "404.html": None})
    (site / "output/logo.svg").touch()

    done = deploy("--no-build")

    assert done.code == 1
    assert 'since they were built: "404.html", "index.html"\n' in done.err
    assert "run `sitegen build` again" in done.err
    assert not www.exists()
    build_site(site, at=NOW)
    assert deploy("--no-build").code == 0
    assert published(www) == published(site / "output")


@pytest.fixture
def _private() -> Iterator[None]:
    """Whatever is made is for us alone."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_private")
def test_everybody_may_read_what_is_deployed(www: Path, deploy: Deploy) -> None:
    """A web server is another user, be our umask as it may; `--recheck` mends what is older."""
    deploy()

    modes = {path: (www / path).stat().st_mode & 0o777 for path in published(www)}
    assert set(modes.values()) == {0o644}
    folders = {folder for path in modes for folder in (www / path).parents if folder >= www}
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o755}
    (www / "index.html").chmod(0o600)
    assert "t: 1 sent" in deploy("--recheck").err
    assert (www / "index.html").stat().st_mode & 0o777 == 0o644


def test_nothing_is_built_yet(www: Path, deploy: Deploy) -> None:
    """`--no-build` without a build says so."""
    done = deploy("--no-build")

    assert done.code == 1
    assert "sitegen build" in done.err
    assert not www.exists()


def test_a_target_of_its_own_address(site: Path, tmp_path: Path, deploy: Deploy) -> None:
    """A target can have its own `base_url` and output folder, beside the site's."""
    config = (site / "sitegen.toml").read_text()
    place = 'kind = "folder"\nto = "../s"\noutput = "build/s"\n'
    staging = f'[deploy.s]\nbase_url = "https://s.example.org/x/"\n{place}'
    write(site, {"sitegen.toml": config + staging})

    deploy("s")
    first = deploy("t")

    assert b"/x/css/" in published(tmp_path / "s")["index.html"]
    assert b"/x/css/" not in published(tmp_path / "www")["index.html"]
    assert first.listed[0] == "https://example.org/"
    assert "0 sent" in deploy("s").err


def test_the_purge_list_as_a_file(tmp_path: Path, deploy: Deploy) -> None:
    """`--purge-file` takes what would be printed; new fingerprinted files are not in it."""
    done = deploy("--purge-file", str(tmp_path / "purge.txt"))

    urls = (tmp_path / "purge.txt").read_text().splitlines()
    assert done.out == ""
    assert "https://example.org/" in urls
    assert "https://example.org/logo.svg" in urls
    assert not [url for url in urls if "/css/" in url and url.count(".") > 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("x",), 'unknown target "x"'), ((), "several deployment targets")],
)
def test_targets_are_found_by_name(
    site: Path, deploy: Deploy, arguments: tuple[str, ...], message: str
) -> None:
    """A wrong name, or none where there are several, is wrong usage."""
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": config + '[deploy.u]\nkind = "folder"\nto = "../u"\n'})

    done = deploy(*arguments)

    assert done.code == 2
    assert message in done.err


@pytest.mark.parametrize("to", [".", "output", "output/x", ".."])
def test_a_target_is_not_the_site(site: Path, deploy: Deploy, to: str) -> None:
    """A folder that holds the site or its output is no target."""
    config = (site / "sitegen.toml").read_text().replace("../www", to)
    write(site, {"sitegen.toml": config})

    assert deploy().code == 2


# Interrupted


@pytest.mark.parametrize("moment", [0, 1, 2, 12, 29])
def test_killed_and_resumed(site: Path, www: Path, deploy: Deploy, moment: int) -> None:
    """A killed deployment goes on where it was: nothing that arrived is sent again."""
    killed = command("deploy", "--site", site, killed_at=moment)
    assert killed.code < 0
    arrived = (
        {path: time for path, time in times(www).items() if FOLDER not in path}
        if www.exists()
        else {}
    )

    done = deploy()

    assert done.code == 0
    assert published(www) == published(site / "output")
    after = times(www)
    assert {path: after[path] for path in arrived} == arrived
    sent = len(published(www)) - len(arrived)
    assert f"t: {sent} sent" in done.err
    assert "t: 0 sent" in deploy().err
    assert state(www).runs == ()


def test_killed_while_updating(site: Path, www: Path, deploy: Deploy) -> None:
    """What a killed deployment was about to delete is deleted by the next, and purged."""
    deploy()
    write(site, {"articles/a1.md": None, "articles/a2.md": article("Article 2", "It fell.")})
    killed = command("deploy", "--site", site, killed_at=3)
    assert killed.code < 0

    done = deploy()

    assert published(www) == published(site / "output")
    assert not (www / "2024/11/04/a1").exists()
    assert {"https://example.org/2024/11/04/a1/", "https://example.org/2024/11/04/a2/"} <= set(
        done.listed
    )


def test_wherever_it_is_killed(
    site: Path, www: Path, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each moment of an update readers get old files or new ones, all of them, and whole.

    From each moment the next deployment goes on to the same end, and clears up.
    """
    write(site, {"static/about": "a file", "articles/old.md": article("Old")})
    deploy()
    before = published(www)
    write(site, {"static/about": None, "static/about/us.txt": "a folder", "static/x.txt": "new"})
    write(site, {"articles/a1.md": None, "articles/old.md": article("Old", "The river fell.")})
    moments: list[dict[str, bytes]] = []
    with monkeypatch.context() as patched:
        for name in ("replace", "unlink", "rmdir", "mkdir"):
            patched.setattr(os, name, seen(getattr(os, name), www, moments))
        deploy()
    after = published(www)

    assert len(moments) > 30
    stay = before.keys() & after.keys()
    for moment in moments:
        files = {path: data for path, data in moment.items() if path in before or path in after}
        assert all(data in (before.get(path), after.get(path)) for path, data in files.items())
        assert stay <= files.keys()
        assert all(path.startswith(f"{FOLDER}/") for path in moment.keys() - files.keys())
    for moment in random.Random(14).sample(moments, 6):  # noqa: S311 - chosen once
        shutil.rmtree(www)
        write(www, moment)
        assert deploy("--no-build").code == 0
        assert published(www) == after
        assert state(www).runs == ()
        assert list((www / FOLDER / TEMPORARY).iterdir()) == []


def seen(
    do: Callable[..., None], folder: Path, moments: list[dict[str, bytes]]
) -> Callable[..., None]:
    """Return what does the same, and before it notes what a kill would leave of a folder."""

    def noting(*arguments: object, **named: object) -> None:
        if Path(str(arguments[0])).resolve().is_relative_to(folder):
            moments.append(tree(folder))
        do(*arguments, **named)

    return noting


def test_an_edit_after_the_kill(site: Path, www: Path, deploy: Deploy) -> None:
    """What a killed deployment sent and the site no longer has is deleted."""
    deploy()
    write(site, {"articles/new.md": article("New"), "static/zz.txt": "z"})
    killed = command("deploy", "--site", site, killed_at=4)
    assert killed.code < 0
    assert (www / "zz.txt").exists()
    write(site, {"articles/new.md": None, "static/zz.txt": None})

    deploy()

    assert published(www) == published(site / "output")


def test_the_list_is_lost(site: Path, www: Path, deploy: Deploy) -> None:
    """Without the list every file is looked at; what is right is not sent, nothing is deleted."""
    deploy()
    (www / FOLDER / MANIFEST).write_bytes(b"\x1f\x8b damaged")
    (www / "index.html").write_text("by hand")
    write(site, {"articles/a1.md": None})

    done = deploy()

    assert "no list of deployed files" in done.err
    assert (www / "index.html").read_bytes() == (site / "output/index.html").read_bytes()
    assert (www / "2024/11/04/a1/index.html").exists()
    assert "t: 0 sent" in deploy().err


def test_somebody_changed_the_target(site: Path, www: Path, deploy: Deploy) -> None:
    """`--recheck` finds what somebody else changed or removed, and still deletes what is ours."""
    deploy()
    (www / "index.html").write_text("by hand")
    (www / "logo.svg").unlink()
    write(site, {"articles/a1.md": None})

    assert deploy("--recheck").code == 0
    assert published(www) == published(site / "output")


def test_the_list_cannot_lead_outside(
    site: Path, tmp_path: Path, www: Path, deploy: Deploy
) -> None:
    """Whoever writes the target's list cannot make us delete a file elsewhere."""
    deploy()
    write(tmp_path, {"precious.txt": "mine"})
    evil = {"format": 1, "files": {"../precious.txt": "x", f"{tmp_path}/precious.txt": "x"}}
    (www / FOLDER / MANIFEST).write_bytes(gzip.compress(json.dumps(evil).encode()))

    deploy("--max-deletes", "1000")

    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert published(www) == published(site / "output")


# Two at once


def write_run(www: Path, process: ProcessIdentity, seen: float) -> None:
    """Let it seem that a deployment is running."""
    run = Run("run-1", process, seen, ("index.html",))
    write(www / FOLDER, {run.name: target_state.run_bytes(run)})


ELSEWHERE = ProcessIdentity("web-3", "", 1, 0)
OURS = own_identity()
GONE = 2**22 + 1
"""No process has this id."""


def test_another_deployment_is_at_work(site: Path, www: Path, deploy: Deploy) -> None:
    """Where another machine deploys nothing is done, unless it is taken over."""
    deploy()
    write_run(www, ELSEWHERE, time.time())
    write(site, {"static/new.txt": "new"})
    before = tree(www)

    done = deploy()

    assert done.code == 1
    assert "web-3" in done.err
    assert tree(www) == before
    assert deploy("--take-over").code == 0
    assert published(www) == published(site / "output")
    assert state(www).runs == ()


@pytest.mark.parametrize(
    ("process", "age"),
    [
        (ELSEWHERE, 3600),
        (OURS, 5),
        (OURS._replace(id=GONE), 5),
        (OURS._replace(id=os.getppid(), began=1), 5),
        (OURS._replace(id=os.getppid(), began=0), 3600),
        (OURS._replace(id=os.getppid(), boot="of last week"), 3600),
    ],
)
def test_a_dead_deployment_is_no_hindrance(
    www: Path, deploy: Deploy, process: ProcessIdentity, age: int
) -> None:
    """One that was silent for long has ended, and one whose process is gone, its id used or not."""
    deploy()
    write_run(www, process, time.time() - age)

    done = deploy()

    assert done.code == 0
    assert "was interrupted" in done.err
    assert state(www).runs == ()


@pytest.mark.parametrize(
    "process",
    [
        OURS._replace(id=os.getppid(), began=0),
        OURS._replace(id=GONE, boot="of another container"),
        OURS._replace(id=GONE, boot=""),
    ],
)
def test_a_deployment_that_may_be_alive(
    www: Path, deploy: Deploy, process: ProcessIdentity
) -> None:
    """A process that runs is at work, and one of another machine or container of our name."""
    deploy()
    write_run(www, process, time.time() - 5)

    assert deploy().code == 1


# A full disk


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes to a file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_failed_deployment_leaves_nothing_in_the_way(
    site: Path, www: Path, deploy: Deploy
) -> None:
    """What is half-written is removed, by the deployment that fails or by the next one's start."""
    write(site, {"static/zz.bin": os.urandom(600_000)})
    build_site(site, at=NOW)
    killed = command("deploy", "--site", site, killed_at=3)
    assert killed.code < 0
    assert len(list((www / FOLDER / TEMPORARY).iterdir())) == 1

    with no_file_above(500_000):
        failed = deploy("--no-build")

    assert failed.code == 1
    assert "zz.bin" in failed.err
    assert list((www / FOLDER / TEMPORARY).iterdir()) == []
    write(site, {"static/zz.bin": "small now"})
    assert deploy().code == 0
    assert published(www) == published(site / "output")
