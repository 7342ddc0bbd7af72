"""Response files → what pages show, thread by thread.

A site without responses pays for none of it. A thread is known by the name of its folder; which
article that is, the site knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from sitegen.cache import tables
from sitegen.cache.context import BuildContext
from sitegen.cache.records import Packed, pack, record_digest, seal
from sitegen.cache.tables import KnownResponse
from sitegen.cache.trace import digest
from sitegen.model.bugs import problems_of
from sitegen.model.documents import ResponseFile, ResponsePart, ShownResponse, ThreadFiles
from sitegen.model.errors import Location, Problem
from sitegen.parse.incremental import FileKind, Outcome, ParsedFiles, file_key, update
from sitegen.responses.paths import place_of
from sitegen.scan.sources import RESPONSES, Scan, SourceChangedError, paths_below, read_source
from sitegen.work.file_tasks import FileContext, FileTask

if TYPE_CHECKING:
    from sitegen.responses.files import Response


class Responses(NamedTuple):
    """All responses of the site that are shown, and what is wrong with their files."""

    files: ParsedFiles[KnownResponse]
    threads: dict[str, ThreadFiles]
    """By the name of the thread."""

    @classmethod
    def remembered(cls, known: dict[str, KnownResponse]) -> Responses:
        """Return the responses of an earlier process, as the store has kept them."""
        return cls(ParsedFiles.remembered(known), {})

    def problems(self, owners: Callable[[], Mapping[str, str]]) -> list[Problem]:
        """Return everything that is wrong with the files, and a warning for each lost thread.

        `owners` gives the articles of the site, hidden ones too, by the names of their threads.
        """
        told = self.files.problems()
        if not self.threads:
            return told
        known = owners()
        lost = ((name, files) for name, files in self.threads.items() if name not in known)
        return [*told, *(_lost(name, files, known) for name, files in lost)]

    def digests(self) -> dict[str, bytes]:
        """Return what stands for each thread: another digest where it has changed."""
        return {name: thread.digest for name, thread in self.threads.items()}


def update_responses(
    context: BuildContext,
    scanned: Scan,
    before: Responses,
    changed: Iterable[str] | None,
) -> Responses:
    """Return every response of the site; the arguments are those of `incremental.update`."""
    config = context.config
    kind = FileKind(
        "responses",
        (RESPONSES,),
        is_response,
        digest(repr((config.timezone, config.language))).hex(),
        read_chunk,
        context.store.keep_responses,
    )
    sources = scanned.sources
    files = update(kind, context, scanned, before.files, changed)
    if not files.looked_at:
        return before._replace(files=files)
    if changed is None or files.settings != before.files.settings:
        return Responses(files, _threads(sorted(files.items), files.items))
    names = {place.thread for path in files.looked_at if (place := place_of(path))}
    paths = [path for name in names for path in paths_below(sources, f"{RESPONSES}/{name}")]
    kept = {name: thread for name, thread in before.threads.items() if name not in names}
    return Responses(files, kept | _threads(sorted(paths), files.items))


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


_Kept = tuple[Packed, Packed | None]
"""The stored forms of what the index knows of a response, and of what pages show of it."""


def read_chunk(context: FileContext, chunk: list[FileTask]) -> list[Outcome[KnownResponse, _Kept]]:
    """Read several files: the work of an executor. Of a file with errors nothing is stored."""
    outcomes = []
    for task in chunk:
        path = task.source.path
        try:
            known, shown = _read(context, task)
        except SourceChangedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs this file alone
            known, shown = _nothing_of(context, task, problems_of(Location(path), error)), None
        is_wrong = any(problem.is_error for problem in known.problems)
        record = None if is_wrong else (pack(tables.RESPONSES, path, known), shown)
        outcomes.append(Outcome(path, known, record))
    return outcomes


def _nothing_of(
    context: FileContext, task: FileTask, problems: tuple[Problem, ...]
) -> KnownResponse:
    """Return what is known of a file of which nothing can be shown."""
    return KnownResponse(file_key(task.source, context.settings), "", b"", 0, problems)


def _read(context: FileContext, todo: FileTask) -> tuple[KnownResponse, Packed | None]:
    from sitegen.responses.files import read  # noqa: PLC0415 - slow to import, often not needed

    path = todo.source.path
    key = file_key(todo.source, context.settings)
    data = read_source(context.site, todo.source) if todo.data is None else todo.data
    if place_of(path) is None:
        # Directly in `responses/` people keep notes about it.
        stray = path.count("/") > 1
        message = "this is not the place of a response, and the file was passed over"
        hint = f"name it {RESPONSES}/<article's folder>/<id>.md, in small letters and digits"
        problems = (Problem(message, Location(path), hint, "warning"),) if stray else ()
        return (_nothing_of(context, todo, problems), None)
    response, found = read(path, data, context.config)
    if response is None:
        return (_nothing_of(context, todo, tuple(found)), None)
    shown, fault = _shown(response)
    if fault:
        message = f"the text is shown as it was typed: {fault}"
        hint = "shorten it, or write `format: text` above it"
        found.append(Problem(message, Location(path), hint, "warning"))
    record = seal(tables.SHOWN_RESPONSES, shown[:-2])
    known = KnownResponse(
        key, response.kind, record_digest(record), response.date.instant, tuple(found)
    )
    return known, record


def _shown(response: Response) -> tuple[ShownResponse, str]:
    """Return what pages show of a response, and why its text stays as it was typed, or ""."""
    from sitegen.responses.text import converted  # noqa: PLC0415 - slow to import, often not needed

    written_as = response.format or ("markdown" if response.kind == "comment" else "text")
    host = (urlsplit(response.source).hostname or "").removeprefix("www.")
    text = converted(response.text, written_as)
    shown = ShownResponse(
        id=response.id,
        kind=response.kind,
        author=response.author,
        date=response.date,
        html=text.html,
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
    return shown, text.fault


def _threads(paths: Iterable[str], known: Mapping[str, KnownResponse]) -> dict[str, ThreadFiles]:
    """Return the threads that files make, which come in the order of their paths."""
    comments: dict[str, list[ResponseFile]] = {}
    trackbacks: dict[str, list[ResponseFile]] = {}
    for path in paths:
        item = known.get(path)
        if item is None:
            continue  # it never was a response
        if item.kind:
            kinds = comments if item.kind == "comment" else trackbacks
            file = ResponseFile(path, item.digest, item.instant)
            kinds.setdefault(path.split("/", 2)[1], []).append(file)
    return {
        name: ThreadFiles(_part(comments.get(name, ())), _part(trackbacks.get(name, ())))
        for name in {**comments, **trackbacks}
    }


def _part(members: Collection[ResponseFile]) -> ResponsePart:
    parts = (part for file in members for part in (file.path, file.digest))
    return ResponsePart(tuple(members), digest(*parts))
