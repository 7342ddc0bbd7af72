"""Who wrote an article: names from texts, lists and tables, and the addresses given with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from sitegen.model.documents import AuthorRole
from sitegen.model.urls import slugify
from sitegen.parse.nodes import Array, Member, Node, Scalar, Table
from sitegen.parse.values import Reader

_LINK = re.compile(r"""\[([^\[\]]+)\]\(\s*<?([^\s()<>]+)>?(?:\s+["'][^"']*["'])?\s*\)""")
_ADDRESSES = ("url", "link", "website", "homepage")
"""Under which of its keys a table has an author's address."""
_READ = frozenset({"name", "role", "of", *_ADDRESSES})
_DIVIDERS = ",;、，"  # noqa: RUF001 (Japanese lists have commas of their own)
_HIDE = str.maketrans(_DIVIDERS, "\ue000\ue001\ue002\ue003")
_SHOW = str.maketrans("\ue000\ue001\ue002\ue003", _DIVIDERS)
"""What divides names divides none within a link: no page has these characters."""


class Byline(NamedTuple):
    """The authors of an article as its front matter names them."""

    names: list[Scalar]
    addresses: dict[str, str]
    """Web addresses, by the slugs of their names."""
    roles: tuple[AuthorRole, ...] = ()


def read_byline(reader: Reader, *members: Member | None) -> Byline:
    """Return the authors that the members name: each a text, a table with a `name`, or a list.

    A text is one name or several, as `[front_matter] author_text` says; a list is a list. A
    Markdown link is a name and its address.
    """
    names: list[Scalar] = []
    addresses: dict[str, str] = {}
    roles: dict[str, AuthorRole] = {}
    whole = reader.config.front_matter.author_text == "whole"
    for given in members:
        if given is None:
            continue
        member = given
        if not _is_plain(member.node):
            nodes = tuple(_plain(reader, member, addresses, roles))
            node = Array(nodes, *member.node[1:3]) if isinstance(member.node, Array) else nodes[0]
            member = member._replace(node=node)
        found = reader.names(member, semicolons=True, whole=whole)
        if member is not given:
            found = [item._replace(text=item.text.translate(_SHOW)) for item in found]
        names += found
    return Byline(names, addresses, tuple(roles.values()))


def _is_plain(node: Node) -> bool:
    """Whether there are only names in a node, without tables and links, as there mostly are."""
    nodes = node.nodes if isinstance(node, Array) else (node,)
    return all(isinstance(item, Scalar) and "](" not in item.text for item in nodes)


def _plain(
    reader: Reader, member: Member, addresses: dict[str, str], roles: dict[str, AuthorRole]
) -> Iterator[Node]:
    """Yield the names of a member, as texts, and note addresses and roles that stand with them."""
    nodes = member.node.nodes if isinstance(member.node, Array) else (member.node,)
    for node in nodes:
        if isinstance(node, Table):
            yield _of_table(reader, member.name, node, addresses)
            if found := _role(reader, node):
                roles.setdefault(found.slug, found)
        elif isinstance(node, Scalar) and "](" in node.text:

            def name_of(link: re.Match[str]) -> str:
                _note(addresses, link[1], link[2])
                return link[1].translate(_HIDE)

            yield node._replace(text=_LINK.sub(name_of, node.text))
        else:
            yield node


def _of_table(reader: Reader, key: str, table: Table, addresses: dict[str, str]) -> Node:
    for name in table.members:
        if name.casefold() not in _READ:
            reader.leave(name, key)
    found = {name.casefold(): member for name, member in table.members.items()}
    if "name" not in found:
        reader.report(table, "an author needs a name", "write `author: {name: Ann Lee}`")
        return Scalar("", table.line, table.column, plain=True)
    node = found["name"].node
    given = next((found[key].node for key in _ADDRESSES if key in found), None)
    if isinstance(node, Scalar) and isinstance(given, Scalar):
        _note(addresses, unescape(node.text), given.text.strip())
    return node


def _role(reader: Reader, table: Table) -> AuthorRole | None:
    """Return what the author of a table did, None where it does not say so."""
    found = {name.casefold(): member for name, member in table.members.items()}
    role, of = (reader.plain(found.get(key)) for key in ("role", "of"))
    name = found["name"].node if "name" in found else None
    # What is wrong with the name is told where the names are read.
    slug = slugify(unescape(name.text)) if isinstance(name, Scalar) else ""
    return AuthorRole(slug, role, of) if slug and (role or of) else None


def _note(addresses: dict[str, str], name: str, address: str) -> None:
    """Note the address of a name, if it is one on the web."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if fine and (slug := slugify(name)):
        addresses.setdefault(slug, address)
