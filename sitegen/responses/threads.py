"""Responses → the thread below an article: who answers whom, oldest first.

Files come and go by hand, so nothing is taken for granted: a comment may answer one that is gone,
or two may answer each other. None is lost, and every thread ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sitegen.model.documents import Answered, ShownResponse, Thread

DEEPEST: Final = 3
"""How far replies are indented; an answer to one of those stands beside it and names it."""

_GONE = Answered("", "")


def thread(responses: Iterable[ShownResponse]) -> Thread:
    """Return the thread that responses to one article make."""
    ordered = sorted(responses, key=lambda item: (item.date.instant, item.id))
    comments = {item.id: item for item in ordered if item.kind == "comment"}
    trackbacks = tuple(item for item in ordered if item.kind != "comment")
    return Thread(_nested(comments), trackbacks, len(comments), len(trackbacks))


def _nested(comments: Mapping[str, ShownResponse]) -> tuple[ShownResponse, ...]:
    """Return the comments that answer the article, with the others below them."""
    parents = _parents(comments)
    place = {id_: number for number, id_ in enumerate(comments)}
    children: dict[str, list[str]] = {}
    for id_, parent in parents.items():
        children.setdefault(parent, []).append(id_)
    above: dict[str, str] = {}
    depth: dict[str, int] = {"": -1}
    todo = [""]
    for parent in todo:  # grows while it is walked: parents come before what answers them
        for id_ in children.get(parent, ()):
            deep = depth[parent] >= DEEPEST
            above[id_] = above[parent] if deep else parent
            depth[id_] = depth[parent] + (not deep)
            todo.append(id_)
    shown: dict[str, list[str]] = {}
    for id_ in sorted(above, key=place.__getitem__):
        shown.setdefault(above[id_], []).append(id_)
    made: dict[str, ShownResponse] = {}
    for id_ in sorted(above, key=lambda id_: -depth[id_]):
        comment = comments[id_]
        answers = None
        if comment.in_reply_to and not parents[id_]:
            answers = _GONE
        elif above[id_] != parents[id_]:
            answers = Answered(parents[id_], comments[parents[id_]].author)
        replies = tuple(made[reply] for reply in shown.get(id_, ()))
        made[id_] = comment._replace(answers=answers, replies=replies)
    return tuple(made[id_] for id_ in shown.get("", ()))


def _parents(comments: Mapping[str, ShownResponse]) -> dict[str, str]:
    """Return what each comment answers, "" for the article; following it always ends there."""
    parents = {
        id_: comment.in_reply_to if comment.in_reply_to in comments else ""
        for id_, comment in comments.items()
    }
    ended: set[str] = {""}
    for id_ in comments:
        path: dict[str, None] = {}
        while id_ not in ended and id_ not in path:
            path[id_] = None
            id_ = parents[id_]  # noqa: PLW2901 - a walk from the comment up to the article
        if id_ not in ended:
            # They answer each other in a circle: the first to be written answers the article.
            members = list(path)
            circle = set(members[members.index(id_) :])
            parents[next(member for member in comments if member in circle)] = ""
        ended |= path.keys()
    return parents
