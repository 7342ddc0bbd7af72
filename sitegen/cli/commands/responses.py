"""`sitegen responses`: what readers said, listed and moderated in the terminal."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sitegen.cli.options import add_action, say, site_folder
from sitegen.cli.reporting import OK, PROBLEMS
from sitegen.model.errors import Problem, SitegenError, UsageError, headline, problem

if TYPE_CHECKING:
    from sitegen.responses.moderation import StoredResponse
    from sitegen.responses.paths import Place, Status

SUMMARY = "List and moderate what readers and other sites said."
EXAMPLES = (
    "sitegen responses",
    "sitegen responses list --status shown --json",
    "sitegen responses show 01jbwnbw70vq6sesqcj4cxnf2m",
    "sitegen responses approve 01jbwnbw70vq6sesqcj4cxnf2m",
    "sitegen responses delete 01jbwnbw70vq6sesqcj4cxnf2m --for-good",
)

_ACTIONS = ("list", "show", "approve", "spam", "delete")
_STATUSES = ("pending", "shown", "spam", "deleted")
_MOVES: dict[str, tuple[Status, str]] = {
    "approve": ("shown", "approved"),
    "spam": ("spam", "marked as spam"),
    "delete": ("deleted", "deleted"),
}
_EXCERPT = 100
"""Characters of a text in a list."""

_LIST_HINT = "list them with `sitegen responses list`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_action(parser, _ACTIONS)
    parser.add_argument("ids", nargs="*", metavar="ID", help="responses, by id or path")
    parser.add_argument(
        "--status",
        choices=_STATUSES,
        default="pending",
        help="which responses to list (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print responses as JSON, one a line")
    parser.add_argument(
        "--for-good", action="store_true", help="with delete: remove the file, from any folder"
    )


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    site = site_folder(options)
    if options.for_good and options.action != "delete":
        raise UsageError(Problem("`--for-good` works only with `delete`"))
    if options.action == "list":
        if options.ids:
            hint = "to show responses, use `sitegen responses show ID`"
            raise UsageError(Problem("`list` takes no ids", hint=hint))
        return _list(site, options)
    if not options.ids:
        raise UsageError(Problem(f"`{options.action}` needs the ids of responses", hint=_LIST_HINT))
    if options.action == "show":
        return _show(site, options)
    return _decide(site, options)


def _list(site: Path, options: argparse.Namespace) -> int:
    from sitegen.config.loading import load_config
    from sitegen.model.wording import counted
    from sitegen.responses.moderation import list_responses

    found = list_responses(site, options.status, load_config(site))
    _print(found, options, _line, _headlines(site))
    if not options.json:
        say(f"{counted(len(found), 'response')} {options.status}")
    return OK


def _show(site: Path, options: argparse.Namespace) -> int:
    from sitegen.config.loading import load_config
    from sitegen.responses.moderation import read_response

    config = load_config(site)
    found = [
        read_response(site, place, config) for id_ in options.ids for place in _places(site, id_)
    ]
    _print(found, options, _whole, _headlines(site))
    return OK


class _Commented(NamedTuple):
    """The article that a response is to; its texts are "" if it is not known."""

    path: str = ""
    headline: str = ""


def _headlines(site: Path) -> Mapping[str, _Commented]:
    """Return the articles of the site by the names of their threads.

    A moderator can decide without them: where the articles cannot be read there are none.
    """
    from sitegen.config.loading import load_config
    from sitegen.flow.reading import read_documents
    from sitegen.parse.identity import with_distinct_identities
    from sitegen.responses.paths import thread_name

    try:
        found = read_documents(site, load_config(site)).documents
    except SitegenError:
        return {}
    entries, _ = with_distinct_identities(found.articles())
    teasers = (entry.teaser for entry in entries)
    return {thread_name(item.identity): _Commented(item.id, item.title) for item in teasers}


def _print(
    found: list[StoredResponse],
    options: argparse.Namespace,
    text: Callable[[StoredResponse, _Commented], str],
    articles: Mapping[str, _Commented],
) -> None:
    for item in found:
        article = articles.get(item.place.thread, _Commented())
        if options.json:
            print(json.dumps(_record(item, article), ensure_ascii=False))
        else:
            print(text(item, article))


def _decide(site: Path, options: argparse.Namespace) -> int:
    from sitegen.responses.moderation import erase, move
    from sitegen.responses.paths import path_of

    to, done = _MOVES[options.action]
    code = OK
    for id_ in options.ids:
        places = _places(site, id_)
        if options.for_good:
            for place in places:
                erase(site, place)
                _tell(options, place, "removed", f"removed {path_of(place)}")
            continue
        # An update that waits goes before what is shown of the same response.
        place = places[0]
        target = place._replace(status=to)
        if place.status == to:
            _tell(options, place, "already", f"{id_} is already {done}")
        elif move(site, place, to):
            _tell(options, target, "moved", f"{done}: {path_of(target)}")
        else:
            _tell(options, place, "gone", f"{id_} was moved by another process meanwhile")
            code = PROBLEMS
    return code


def _tell(options: argparse.Namespace, place: Place, outcome: str, text: str) -> None:
    """Say what became of a response: in words on stderr, or as JSON."""
    from sitegen.responses.paths import path_of

    if options.json:
        record = {**place._asdict(), "path": path_of(place), "outcome": outcome}
        print(json.dumps(record, ensure_ascii=False))
    else:
        say(text)


def _places(site: Path, text: str) -> list[Place]:
    """Return where the responses lie that an id, its beginning or a path names; at least one."""
    from sitegen.responses.moderation import STATUSES, find, places
    from sitegen.responses.paths import place_of
    from sitegen.scan.real_path import real_path

    path = real_path(Path(text))
    relative = path.relative_to(real_path(site)) if path.is_relative_to(real_path(site)) else path
    named = place_of(relative.as_posix()) or place_of(text)
    if named is not None and named in places(site, named.status):
        return [named]
    if found := find(site, text):
        return found
    ids = {place.id for place in places(site, *STATUSES) if text and place.id.startswith(text)}
    if len(ids) == 1:
        return find(site, ids.pop())
    if ids:
        hint = f"for instance {', '.join(sorted(ids)[:3])}"
        raise problem(f'"{text}" is the beginning of {len(ids)} ids', hint=hint)
    raise problem(f'there is no response "{text}"', hint=_LIST_HINT)


def _line(item: StoredResponse, article: _Commented) -> str:
    from sitegen.model import moments

    place, response = item.place, item.response
    if response is None:
        return "\n".join((place.id, f"  {_to(place, article)}", *_faults(item)))
    who = response.author or response.site or response.source
    answers = f", in reply to {response.in_reply_to}" if response.in_reply_to else ""
    first = " ".join((response.title, *response.text.split())).strip()
    excerpt = f"{first[:_EXCERPT]}…" if len(first) > _EXCERPT else first
    lines = [
        f"{place.id}  {response.kind} by {who}, {moments.written(response.date)}{answers}",
        f"  {_to(place, article)}",
        f"  {excerpt}" if excerpt else "",
        f"  from {response.source}" if response.source else "",
        f"  look at: {'; '.join(response.hints)}" if response.hints else "",
        *_faults(item),
    ]
    return _harmless("\n".join(line for line in lines if line))


def _to(place: Place, article: _Commented) -> str:
    if not article.path:
        return f"to {place.thread}"
    return f'to "{article.headline}" ({article.path})'


def _whole(item: StoredResponse, article: _Commented) -> str:
    from sitegen.responses.paths import path_of

    lines = [path_of(item.place), _to(item.place, article)]
    if item.response is not None:
        values = item.response._asdict()
        del values["thread"], values["id"], values["text"]
        hints = ", ".join(values.pop("hints"))
        lines += [f"{key}: {value}" for key, value in values.items() if value]
        lines += [f"look at: {hints}"] if hints else []
        lines += ["", item.response.text, ""]
    return _harmless("\n".join((*lines, *_faults(item))))


def _faults(item: StoredResponse) -> list[str]:
    return [f"  {headline(fault)}" for fault in item.problems]


def _harmless(text: str) -> str:
    """Return a stranger's text without what a terminal would take for orders."""
    return "".join(sign if sign == "\n" or sign.isprintable() else "�" for sign in text)


def _record(item: StoredResponse, article: _Commented) -> dict[str, Any]:
    from sitegen.model import moments
    from sitegen.responses.paths import path_of

    record: dict[str, Any] = {
        **item.place._asdict(),
        "path": path_of(item.place),
        "article": article.path or None,
        "headline": article.headline or None,
    }
    if item.response is not None:
        record |= item.response._asdict()
        record["date"] = moments.rfc3339(item.response.date, "auto")
        record["changed"] = item.response.changed and moments.rfc3339(item.response.changed, "auto")
    record["problems"] = [headline(fault) for fault in item.problems]
    return record
