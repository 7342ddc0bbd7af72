"""Values of other generators' front matter, converted to ours one at a time. Used by `dialects`.

Each function takes a foreign member and the file at hand, and gives the member that stands for it
under our key, or None where it says nothing that we could use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import normpath
from urllib.parse import urlsplit

from sitegen.model.errors import Problem
from sitegen.parse.nodes import Array, Member, Node, Scalar, Table, location


@dataclass(slots=True)
class Context:
    """The file at hand: what conversions may look at, and the problems that they find."""

    path: str
    host: str
    problems: list[Problem] = field(default_factory=list)

    def warn(self, place: Node, message: str, hint: str) -> None:
        """Add a warning at the place of a value."""
        self.problems.append(Problem(message, location(self.path, place), hint, "warning"))


Convert = Callable[[Member, Context], Member | None]
"""Takes a foreign member and gives ours, or None to leave it where it is."""


DROPPED = Member("", 0, 0, Scalar("", 0, 0, plain=True))
"""What a conversion gives for a value that says no more than our default."""


def unchanged(member: Member, _: Context) -> Member:
    """Convert a value that means the same to us."""
    return member


def _flag(member: Member) -> bool | None:
    text = member.node.text.strip().lower() if isinstance(member.node, Scalar) else ""
    return {"true": True, "yes": True, "false": False, "no": False}.get(text)


def _is_true(member: Member) -> Member:
    node = Scalar("true", member.node.line, member.node.column, plain=True)
    return member._replace(node=node)


def negated(member: Member, _: Context) -> Member | None:
    """Convert `published: false` to `draft: true`."""
    flag = _flag(member)
    return member if flag is None else DROPPED if flag else _is_true(member)


def negated_unless_table(member: Member, context: Context) -> Member | None:
    """Convert `sitemap: false` to `noindex: true`; it may also be a table of hints."""
    return None if isinstance(member.node, Table) else negated(member, context)


def status(member: Member, context: Context) -> Member | None:
    """Convert Pelican's `Status: draft`."""
    text = member.node.text.strip().lower() if isinstance(member.node, Scalar) else ""
    if text == "hidden":
        context.warn(
            member.node, 'status "hidden" is treated as "draft"', "publish the article or delete it"
        )
    elif text not in ("published", "draft", "skip", ""):
        message = f'"{member.name}" must be published, draft or hidden, not "{text}"'
        context.problems.append(Problem(message, location(context.path, member.node)))
    return DROPPED if text in ("published", "") else _is_true(member)


def first_item(member: Member, _: Context) -> Member | None:
    """Convert a list of pictures to the first of them."""
    if not isinstance(member.node, Array):
        return member
    return member._replace(node=member.node.nodes[0]) if member.node.nodes else None


_IMAGE_NAMES = {
    "path": "src", "url": "src", "image": "src", "file": "src", "relative": "",
    "description": "alt", "title": "caption", "attribution": "credit",
}  # fmt: skip


def picture(member: Member, context: Context) -> Member | None:
    """Convert a picture that is a table with names of its own."""
    node = first_item(member, context)
    if node is None or not isinstance(node.node, Table):
        return node
    members = dict(node.node.members)
    for name, inner in node.node.members.items():
        ours = _IMAGE_NAMES.get(name)
        if ours and ours not in members:
            members[ours] = inner._replace(name=ours)
        if ours is not None:
            del members[name]
    return node._replace(node=node.node._replace(members=members)) if members else None


def _path(text: str, context: Context) -> str:
    """Return an address of the archive's as a path, if it is not one of our own site."""
    if "://" in text or text.startswith("//"):
        try:
            parts = urlsplit(text)
        except ValueError:
            return text
        if parts.netloc != context.host:
            text = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return text.removesuffix("index.html") if text.endswith("/index.html") else text


def address(member: Member, context: Context) -> Member | None:
    """Convert the address of the article."""
    node = member.node
    if not isinstance(node, Scalar) or node.is_null:
        return DROPPED if isinstance(node, Scalar) else None
    text = node.text.strip()
    if "://" not in text and not text.startswith("/"):
        text = f"/{text}"
    text = _path(text, context)
    return member._replace(node=node._replace(text=text))


_PERMALINK_STYLES = frozenset({"date", "pretty", "ordinal", "weekdate", "none"})


def permalink(member: Member, context: Context) -> Member | None:
    """Convert a permalink; Jekyll's patterns belong in the configuration."""
    node = member.node
    if isinstance(node, Scalar) and (
        re.search(r":[a-z]", node.text.partition("://")[2] or node.text)
        or node.text.strip() in _PERMALINK_STYLES
    ):
        hint = "set `[urls] article` in the configuration"
        context.warn(node, f'the permalink pattern "{node.text.strip()}" is ignored', hint)
        return DROPPED
    return address(member, context)


def aliases(member: Member, context: Context) -> Member | None:
    """Convert former addresses, from the archive's root."""
    return _former(member, context, "/")


def relative_aliases(member: Member, context: Context) -> Member | None:
    """Convert former addresses, Hugo's relative ones beside the article's own folder."""
    return _former(member, context, "/" + "/".join(context.path.split("/")[1:-1]))


def _former(member: Member, context: Context, folder: str) -> Member | None:
    items = member.node.nodes if isinstance(member.node, Array) else (member.node,)
    if any(not isinstance(item, Scalar) for item in items):
        return member
    nodes = []
    for item in items:
        if not isinstance(item, Scalar) or item.is_null:
            continue
        text = _path(item.text.strip(), context)
        if "?" in text or "#" in text:
            hint = "a static host cannot redirect addresses with ? or #: remove it"
            context.warn(item, f'the former address "{text}" is ignored', hint)
            continue
        if "://" not in text and not text.startswith("/"):
            end = "/" if text.endswith("/") else ""
            text = normpath(f"{folder}/{text}").replace("//", "/").rstrip("/") + end
        nodes.append(item._replace(text=text))
    return member._replace(node=Array(tuple(nodes), member.node.line, member.node.column))


def split_words(member: Member, _: Context) -> Member | None:
    """Convert Jekyll's lists of words: `tags: flood harbour`."""
    node = member.node
    if not isinstance(node, Scalar) or node.is_null or "," in node.text:
        return member
    words = tuple(node._replace(text=word) for word in node.text.split())
    return member._replace(node=Array(words, node.line, node.column))
