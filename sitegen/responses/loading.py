"""Response files → what pages show, thread by thread: reads those that changed, remembers the rest.

A site without responses pays for none of it. A thread is known by the name of its folder; which
article that is, the site knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from sitegen.cache.records import Packed, mark, pack, seal
from sitegen.cache.store import KnownResponse, Store
from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.model.documents import ResponseFile, ResponsePart, ShownResponse, Source, ThreadFiles
from sitegen.model.errors import Location, Problem
from sitegen.parse.articles import Progress
from sitegen.responses.paths import place_of
from sitegen.scan.sources import RESPONSES, below
from sitegen.scan.sources import read as read_source
from sitegen.work.executor import Workers, run
from sitegen.work.file_tasks import FileContext, FileTask

if TYPE_CHECKING:
    from sitegen.responses.files import Response

BATCH = 500
"""Results written to the store at once."""


class Responses(NamedTuple):
    """All responses of the site that are shown, and what is wrong with their files."""

    settings: str
    """Digest of the settings that they were read with."""
    known: dict[str, KnownResponse]
    """By the path of the file."""
    threads: dict[str, ThreadFiles]
    """By the name of the thread."""
    told: dict[str, tuple[Problem, ...]]

    def problems(self, owners: Callable[[], Mapping[str, str]]) -> list[Problem]:
        """Return everything that is wrong with the files, and a warning for each lost thread.

        `owners` gives the articles of the site, hidden ones too, by the names of their threads.
        """
        told = [problem for problems in self.told.values() for problem in problems]
        if not self.threads:
            return told
        known = owners()
        lost = ((name, files) for name, files in self.threads.items() if name not in known)
        return [*told, *(_lost(name, files, known) for name, files in lost)]

    def marks(self) -> dict[str, bytes]:
        """Return what stands for each thread: another mark where it has changed."""
        return {name: thread.mark for name, thread in self.threads.items()}


def remembered(known: dict[str, KnownResponse]) -> Responses:
    """Return the responses of an earlier process, as the store has kept them."""
    return Responses("", known, {}, {})


def load(
    site: Path,
    sources: Mapping[str, Source],
    config: Config,
    store: Store,
    before: Responses,
    changed: Collection[str] | None,
    workers: Workers,
    progress: Progress,
) -> Responses:
    """Return every response of the site.

    `before` are the responses as they were, `changed` the sources that alone may have changed
    since, or None.
    """
    settings = digest(repr((config.timezone, config.language))).hex()
    if settings != before.settings:
        changed = None
    if changed is None:
        looked = {*below(sources, RESPONSES), *before.known}
    else:
        looked = {path for path in changed if is_response(path)}
    if not looked:
        return before._replace(settings=settings)
    known = dict(before.known)
    gone = [path for path in looked if path not in sources and path in known]
    for path in gone:
        del known[path]
    keys = {path: f"{sources[path].digest} {settings}" for path in looked if path in sources}
    todo = [
        FileTask(sources[path])
        for path in sorted(keys)
        if path not in known or known[path].key != keys[path]
    ]
    batch: dict[str, tuple[Packed, Packed | None]] = {}
    context = FileContext(site, config, settings)
    for done, result in enumerate(run(read_chunk, context, todo, workers, context.with_data)):
        progress("responses", done + 1, len(todo))
        path = todo[done].source.path
        known[path] = result.known
        batch[path] = (pack(path, result.known), result.shown)
        if len(batch) == BATCH:
            store.keep_responses(batch)
            batch = {}
    if batch or gone:
        store.keep_responses(batch, gone)
    told = {path: item for path, item in before.told.items() if path not in looked}
    told |= {path: known[path].problems for path in keys if known[path].problems}
    if changed is None:
        return Responses(settings, known, _threads(sorted(known), known), told)
    names = {place.thread for path in looked if (place := place_of(path))}
    paths = [path for name in names for path in below(sources, f"{RESPONSES}/{name}")]
    threads = {name: thread for name, thread in before.threads.items() if name not in names}
    return Responses(settings, known, threads | _threads(sorted(paths), known), told)


def is_response(path: str) -> bool:
    """Whether a source path lies below `responses/`."""
    return path.startswith(f"{RESPONSES}/")


def _lost(name: str, files: ThreadFiles, owners: Mapping[str, str]) -> Problem:
    number = files.comments.size + files.trackbacks.size
    first = (*files.comments.members, *files.trackbacks.members)[0][0]
    what = "this response answers" if number == 1 else f"these {number} responses answer"
    day, rest = name[:10], name[11:]
    near = [other for other in owners if other[:10] == day or (rest and other[11:] == rest)]
    hint = (
        f'is it {owners[near[0]]}? Its folder is called "{near[0]}"'
        if len(near) == 1
        else "an article is known by its `id`, else by its day and its file's name"
    )
    message = f"{what} no article: none has the folder {RESPONSES}/{name}"
    return Problem(message, Location(first), hint, "warning")


class _Result(NamedTuple):
    """What a file gave: what the index knows of it, and the stored form of what pages show."""

    known: KnownResponse
    shown: Packed | None


def read_chunk(context: FileContext, chunk: list[FileTask]) -> list[_Result]:
    """Read several files: the work of an executor."""
    return [_read(context, todo) for todo in chunk]


def _read(context: FileContext, todo: FileTask) -> _Result:
    from sitegen.responses.files import read  # noqa: PLC0415 - slow to import, often not needed

    path = todo.source.path
    key = f"{todo.source.digest} {context.settings}"
    data = read_source(context.site, todo.source) if todo.data is None else todo.data
    if place_of(path) is None:
        # Directly in `responses/` people keep notes about it.
        stray = path.count("/") > 1
        message = "this is not the place of a response, and the file was passed over"
        hint = f"name it {RESPONSES}/<article's folder>/<id>.md, in small letters and digits"
        problems = (Problem(message, Location(path), hint, "warning"),) if stray else ()
        return _Result(KnownResponse(key, "", b"", 0.0, problems), None)
    response, found = read(path, data, context.config)
    if response is None:
        return _Result(KnownResponse(key, "", b"", 0.0, tuple(found)), None)
    shown = _shown(response)
    record = seal(shown)
    known = KnownResponse(key, response.kind, mark(record), response.date.timestamp(), tuple(found))
    return _Result(known, record)


def _shown(response: Response) -> ShownResponse:
    from sitegen.responses.text import html  # noqa: PLC0415 - slow to import, often not needed

    written_as = response.format or ("markdown" if response.kind == "comment" else "text")
    host = (urlsplit(response.source).hostname or "").removeprefix("www.")
    return ShownResponse(
        id=response.id,
        kind=response.kind,
        author=response.author,
        date=response.date,
        html=html(response.text, written_as),
        url=response.url,
        source=response.source,
        host=host,
        title=response.title,
        site=response.site,
        mention=response.mention,
        lang=response.lang,
        staff=response.staff,
        in_reply_to=response.in_reply_to,
    )


def _threads(paths: Iterable[str], known: Mapping[str, KnownResponse]) -> dict[str, ThreadFiles]:
    """Return the threads that files make, which come in the order of their paths."""
    comments: dict[str, list[ResponseFile]] = {}
    trackbacks: dict[str, list[ResponseFile]] = {}
    for path in paths:
        item = known[path]
        if item.kind:
            kinds = comments if item.kind == "comment" else trackbacks
            file = ResponseFile(path, item.mark, item.time)
            kinds.setdefault(path.split("/", 2)[1], []).append(file)
    return {
        name: ThreadFiles(_part(comments.get(name, ())), _part(trackbacks.get(name, ())))
        for name in {**comments, **trackbacks}
    }


def _part(members: Collection[ResponseFile]) -> ResponsePart:
    marks = (part for file in members for part in (file.path, file.mark))
    return ResponsePart(tuple(members), digest(*marks))
