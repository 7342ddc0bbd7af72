"""Work on many items, here or in other processes, with the results in the order of the items.

Everything goes through the interface of `concurrent.futures`, so that who does the work is a
choice: this process, others of this machine, or a Dask cluster (`[build] executor = "dask"`).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeVar

from sitegen.model.distribution import install_hint
from sitegen.model.errors import Problem, SitegenError
from sitegen.work.threads import start_thread

Item = TypeVar("Item")
Result = TypeVar("Result")

StartMethod = Literal["fork", "forkserver", "spawn"]

TRIAL_SECONDS = 0.1
"""How long the work goes on here before it is decided whether other processes pay."""

TRIAL_ITEMS = 8
"""The fewest items that say anything about the others."""

PRELOADED = ("sitegen.parse.parsing", "sitegen.render.pages", "sitegen.search.year_shards")
"""What work is done with, and takes long to import: the server of forks does it once for all.

By name, since it lies on higher floors.
"""

START_SECONDS = {"fork": 0.03, "forkserver": 0.4, "spawn": 0.5}
"""What it costs to start processes that know the work, roughly."""

ENDING_SECONDS = 0.05
"""How long a thread that has ended for Python may take to end for the system."""

CHUNK_SECONDS = 0.05
"""How long a chunk of work should take: long beside what it costs to send it."""

MAX_CHUNK_ITEMS = 200
MAX_PENDING_CHUNKS = 3
"""Chunks for each process that may wait or lie finished: bounds the memory."""


class Workers(NamedTuple):
    """Who does the work."""

    jobs: int | None = None
    """Number of processes; 1 is this one alone, None decides by what the work costs."""
    start_method: StartMethod | None = None
    """How processes of this machine are started; None takes the cheapest safe one.

    "fork" is safe only where this process has no other thread."""
    dask: str | None = None
    """Address of a Dask scheduler, which then does all the work that is worth sending."""

    @property
    def share_files(self) -> bool:
        """Whether the workers see the same file system as we do."""
        return self.dask is None


def run(
    work: Callable[[Any, list[Item]], list[Result]],
    context: Any,
    items: Sequence[Item],
    workers: Workers,
    pack: Callable[[Item], Item] | None = None,
) -> Iterator[Result]:
    """Yield a result for each of `items`, in their order.

    `work(context, chunk)` is a function of a module, and gives a result for each item of a chunk;
    `context` is what all chunks need. Both must be picklable, and the outcome must not depend on
    where and in which chunks the work is done. An exception of `work` is raised here. `pack` is
    applied to the items that are sent to a machine which does not see our files.
    """
    jobs = workers.jobs or _processors()
    if jobs == 1 and (workers.dask is None or workers.jobs == 1):
        for item in items:
            yield from work(context, [item])
        return
    done = 0
    per_item = 0.0
    if workers.jobs is None:
        # Some of the work is done here first: it shows what an item costs. The first item does not
        # count, since it pays for imports and the like, which the others find done.
        started = 0.0
        for item in items:
            yield from work(context, [item])
            done += 1
            if done == 1:
                started = time.perf_counter()
            elif done >= TRIAL_ITEMS and time.perf_counter() - started > TRIAL_SECONDS:
                break
        per_item = (time.perf_counter() - started) / max(1, done - 1)
    yield from _run_rest(work, context, items[done:], workers, jobs, per_item, pack)


def _run_rest(
    work: Callable[[Any, list[Item]], list[Result]],
    context: Any,
    rest: Sequence[Item],
    workers: Workers,
    jobs: int,
    per_item: float,
    pack: Callable[[Item], Item] | None,
) -> Iterator[Result]:
    """Do what is left of the work where it pays; `per_item` is what an item takes, in seconds."""
    if not rest:
        return
    size = _chunk_size(per_item, len(rest), jobs)
    if workers.dask is not None:
        packed = _Packed(rest, pack) if pack else rest
        yield from _on_dask(work, context, packed, size, workers.dask)
        return
    method = workers.start_method or _start_method()
    gain = per_item * len(rest) * (1 - 1 / jobs)
    if workers.jobs is None and gain < 2 * START_SECONDS[method]:
        for item in rest:
            yield from work(context, [item])
    else:
        yield from _in_processes(work, context, rest, size, jobs, method)


def _processors() -> int:
    """Return the number of processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _start_method() -> StartMethod:
    """Return the cheapest safe way to start a process.

    A fork has only one of the threads, and the locks of them all: it can wait for ever for one
    that another thread held at that moment.
    """
    if "fork" in multiprocessing.get_all_start_methods() and _is_single_threaded():
        return "fork"
    return threadsafe_start_method()


def threadsafe_start_method() -> StartMethod:
    """Return the cheapest way to start a process that is safe whatever threads there are."""
    known = multiprocessing.get_all_start_methods()
    return "forkserver" if "forkserver" in known else "spawn"


def start_context(method: StartMethod) -> Any:
    """Return the context of `multiprocessing` that starts processes in this way."""
    if method == "forkserver":
        multiprocessing.set_forkserver_preload(list(PRELOADED))
    return multiprocessing.get_context(method)


def _is_single_threaded() -> bool:
    """Whether it is certain that no other thread runs in this process.

    Python knows only of its own, Linux of those of compiled libraries, too. Elsewhere the system's
    libraries start some that nobody can count.
    """
    deadline = time.monotonic() + ENDING_SECONDS
    while threading.active_count() == 1:
        try:
            if len(os.listdir("/proc/self/task")) == 1:  # noqa: PTH208 - text will do
                return True
        except OSError:
            return False
        if time.monotonic() > deadline:
            return False
        # Before Python 3.13 a thread that was joined may still be about to end.
        time.sleep(0.0005)
    return False


def _chunk_size(per_item: float, count: int, jobs: int) -> int:
    fair = max(1, count // (jobs * 4))
    wanted = int(CHUNK_SECONDS / per_item) if per_item else 32
    return max(1, min(fair, wanted, MAX_CHUNK_ITEMS))


_work: Callable[[Any, list[Any]], list[Any]]
_context: Any
_items: Sequence[Any]


def _init_worker(
    work: Callable[[Any, list[Any]], list[Any]], context: Any, items: Sequence[Any]
) -> None:
    """Prepare a worker process: it keeps what it is told, and leaves Ctrl-C to its parent."""
    global _work, _context, _items
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _work, _context, _items = work, context, items


def end_with_parent() -> None:
    """Have this process end when its parent is gone, however that ended: it would wait for ever."""
    # Where the thread fails the process ends at once, which its parent sees.
    start_thread("parent", _exit_with_parent, lambda _: os._exit(1), daemon=True)


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_chunk(items: list[Any]) -> list[Any]:
    return _work(_context, items)


def _run_slice(places: slice) -> list[Any]:
    return _work(_context, list(_items[places]))


def _in_processes(
    work: Callable[[Any, list[Item]], list[Result]],
    context: Any,
    items: Sequence[Item],
    size: int,
    jobs: int,
    method: StartMethod,
) -> Iterator[Result]:
    # A fork knows all items already; to another process those are sent that it works on.
    knows_items = method == "fork"
    pool = ProcessPoolExecutor(
        jobs,
        start_context(method),
        initializer=_init_worker,
        initargs=(work, context, items if knows_items else ()),
    )
    try:
        if knows_items:
            places = (slice(start, start + size) for start in range(0, len(items), size))
            yield from _in_order(pool, _run_slice, (), places, jobs * MAX_PENDING_CHUNKS)
        else:
            yield from _in_order(
                pool, _run_chunk, (), _chunks(items, size), jobs * MAX_PENDING_CHUNKS
            )
    except BrokenProcessPool:
        message = "a worker process was killed, probably because memory ran out"
        hint = "use fewer processes: `--jobs 1`"
        raise SitegenError(Problem(message, hint=hint)) from None
    except BaseException:
        _terminate(pool)
        raise
    finally:
        # Until its threads are gone, nothing else can be forked.
        pool.shutdown(cancel_futures=True)


def _terminate(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: nobody wants their results any more."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way to do it
        process.terminate()


class _Packed(Sequence[Item]):
    """Items that are packed when they are sent: all of them at once could fill the memory."""

    def __init__(self, items: Sequence[Item], pack: Callable[[Item], Item]) -> None:
        self._items = items
        self._pack = pack

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._pack(item) for item in self._items[index]]
        return self._pack(self._items[index])


def _on_dask(
    work: Callable[[Any, list[Item]], list[Result]],
    context: Any,
    items: Sequence[Item],
    size: int,
    address: str,
) -> Iterator[Result]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        message = 'the executor "dask" needs the package "distributed", which is not installed'
        hint = install_hint("dask")
        raise SitegenError(Problem(message, hint=hint)) from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        message = f'cannot connect to the Dask scheduler at "{address}": {error}'
        hint = "check `[build] dask_address`, and that the scheduler is running"
        raise SitegenError(Problem(message, hint=hint)) from None
    with client:
        shared = client.scatter(context, broadcast=True, hash=False)
        ahead = MAX_PENDING_CHUNKS * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        chunks = _chunks(items, size)
        yield from _in_order(client.get_executor(pure=False), work, (shared,), chunks, ahead)


def _chunks(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    return (list(items[start : start + size]) for start in range(0, len(items), size))


def _in_order(
    pool: Executor,
    function: Callable[..., list[Result]],
    arguments: tuple[Any, ...],
    chunks: Iterator[Any],
    ahead: int,
) -> Iterator[Result]:
    """Yield the results of all chunks in order, with no more than `ahead` of them under way."""
    waiting: deque[Future[list[Result]]] = deque(
        pool.submit(function, *arguments, chunk) for chunk in islice(chunks, ahead)
    )
    while waiting:
        yield from waiting.popleft().result()
        for chunk in islice(chunks, 1):
            waiting.append(pool.submit(function, *arguments, chunk))
