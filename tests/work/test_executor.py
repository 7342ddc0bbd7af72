"""Work on many items: the same results wherever it is done, and in the order of the items."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from sitegen.flow.build import Options, Report, build
from sitegen.model.errors import SitegenError, problem
from sitegen.work.executor import PRELOADED, Workers, run
from tests.sitefactory import article, make_site

ITEMS = list(range(100))

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts all threads")


def times(context: int, chunk: list[int]) -> list[tuple[int, int]]:
    """Return each number times the context, with the process that did it."""
    return [(context * number, os.getpid()) for number in chunk]


def refuse(context: int, chunk: list[int]) -> list[int]:
    """Raise a problem at the number `context`."""
    if context in chunk:
        raise problem(f"not {context}")
    return chunk


def kinds(*words: str) -> list[str]:
    """Work in a process of its own as `tests.working` does; return how others were started."""
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-m", "tests.working", *words],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_results_come_in_order() -> None:
    """However processes are started, others do the work, and its order is that of the items."""
    assert kinds("fork", "forkserver", "spawn") == [
        "ForkProcess",
        "ForkServerProcess",
        "SpawnProcess",
    ]


@linux
def test_a_process_of_one_thread_forks() -> None:
    """That is the cheapest way, for one stage of a build after the other."""
    assert kinds("auto", "auto", "auto", "auto") == ["ForkProcess"] * 4


@pytest.mark.parametrize("beside", ["thread", pytest.param("native", marks=linux)])
def test_nothing_is_forked_beside_a_thread(beside: str) -> None:
    """A fork has the locks of all threads and only one of them: also of those of libraries."""
    assert "ForkProcess" not in kinds(beside, "auto", "auto")


@pytest.mark.parametrize("name", PRELOADED)
def test_what_is_imported_once_for_all_is_there(name: str) -> None:
    """The modules that the server of forks imports exist: it would pass over others in silence."""
    assert importlib.util.find_spec(name) is not None


def test_one_job_is_this_process() -> None:
    """With one job nothing is started."""
    results = list(run(times, 3, ITEMS, Workers(jobs=1)))
    assert {process for _, process in results} == {os.getpid()}


def test_little_work_stays_here() -> None:
    """Work that is done sooner than a process is started is not sent to one."""
    results = list(run(times, 3, ITEMS, Workers()))
    assert {process for _, process in results} == {os.getpid()}


@pytest.mark.parametrize("workers", [Workers(jobs=1), Workers(jobs=2), Workers()])
def test_a_problem_ends_the_work(workers: Workers) -> None:
    """What a worker raises is raised here, with its problems."""
    with pytest.raises(SitegenError) as caught:
        list(run(refuse, 60, ITEMS, workers))
    assert [item.message for item in caught.value.problems] == ["not 60"]


def test_nothing_to_do_is_nothing() -> None:
    """No items, no results, no process."""
    assert list(run(times, 3, [], Workers(jobs=4))) == []


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Give the address of a Dask cluster of two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as started:
        yield started.scheduler_address


def test_dask_does_the_work(cluster: str) -> None:
    """On a Dask cluster the results are the same and in the same order."""
    results = list(run(times, 3, ITEMS, Workers(jobs=2, dask=cluster)))
    assert [number for number, _ in results] == [3 * number for number in ITEMS]
    assert os.getpid() not in {process for _, process in results}


def test_a_scheduler_that_is_not_there_is_a_problem() -> None:
    """An address at which no scheduler answers is told to the editor, not as a traceback."""
    workers = Workers(jobs=2, dask="tcp://127.0.0.1:9")
    with pytest.raises(SitegenError, match="cannot connect"):
        list(run(times, 3, ITEMS, workers))


SLOW = """
import os, sys, threading
from sitegen.work.executor import Workers, run

def work(context, chunk):
    sys.stdout.write(f"{os.getpid()}\\n")  # in one piece: the other worker writes, too
    sys.stdout.flush()
    threading.Event().wait()

list(run(work, None, list(range(50)), Workers(jobs=2, start_method="fork")))
"""


def test_workers_end_with_their_parent() -> None:
    """When the process that started them is killed, no worker is left behind."""
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True) as main:
        assert main.stdout is not None
        try:
            workers = {int(main.stdout.readline()) for _ in range(2)}
        finally:
            main.kill()
        # The workers hold the other end of the pipe: it ends when the last of them is gone.
        assert main.stdout.read() == ""
    assert len(workers) == 2


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_who_works_changes_no_byte(tmp_path: Path, cluster: str) -> None:
    """One process, two, four and a Dask cluster make the same site, and tell the same warnings."""
    site = make_site(
        tmp_path / "site",
        articles={
            f"2024/{month:02}/{number}.md": article(
                title=f"Story {month} {number}",
                date=f"2024-{month:02}-{number:02} 10:00",
                tags=[f"tag {number % 5}"],
                body=f"Text of {number}. [Next]({number + 1}.md)",
            )
            for month in range(1, 6)
            for number in range(1, 13)
        },
    )

    def made(name: str, options: Options) -> tuple[Report, dict[str, bytes]]:
        folder = tmp_path / name
        return build(site, options), files(folder / "output")

    def options(name: str, **more: object) -> Options:
        place = tmp_path / name
        return Options(output=place / "output", state=place / "state", **more)  # type: ignore[arg-type]  # named by the caller

    report, expected = made("one", options("one", jobs=1))
    assert len(report.rendered) > 60
    for name, jobs in (("two", 2), ("four", 4)):
        other, found = made(name, options(name, jobs=jobs))
        assert found == expected
        assert other.problems == report.problems
    config = site / "sitegen.toml"
    settings = config.read_text("utf-8")
    config.write_text(f'{settings}\n[build]\nexecutor = "dask"\ndask_address = "{cluster}"\n')
    other, found = made("dask", options("dask", jobs=2))
    assert found == expected
    assert other.problems == report.problems
