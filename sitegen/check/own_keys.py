"""Keys of front matter that no page shows: one finding a key, where it stands first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.check.finding import Finding
from sitegen.config.settings import Config
from sitegen.index.own_keys import UnshownKey
from sitegen.index.pages import is_page
from sitegen.index.uses import how_many
from sitegen.model.documents import OwnKey
from sitegen.model.errors import Location
from sitegen.parse.front_matter import read_front_matter
from sitegen.parse.nodes import Array, Member, Node, Table
from sitegen.parse.nodes import location as location_of
from sitegen.scan.sources import disk_path


def findings(site: Path, config: Config, keys: Iterable[UnshownKey]) -> Iterator[Finding]:
    """Yield a finding for each key, at its place in the first article that has it."""
    for key, ids in keys:
        more = f", here and in {how_many(ids[1:], 'more ')}" if ids[1:] else ""
        hint = "remove it, or name it in `[front_matter] unshown`"
        if not key.table:
            hint = f"show it with a template: {{{{ {_expression(key.name, ids[0])} }}}}; or {hint}"
        place = _location(site, config, key, ids[0])
        yield Finding("unshown-key", f'no page shows "{key}"{more}', place, hint)


def _expression(name: str, id_: str) -> str:
    """Return how the template of a document's page reads a key."""
    asked = "standalone_page(page.document)" if is_page(id_) else "article(page.article)"
    return f'{asked}.extra.get("{name}", "")'


def _location(site: Path, config: Config, key: OwnKey, id_: str) -> Location:
    """Return where a key stands in an article file, or its beginning."""
    try:
        data = disk_path(site, id_).read_bytes()
    except OSError:
        return Location(id_)  # removed since the build
    lines = config.front_matter.dialect == "pelican"
    front_matter, _ = read_front_matter(id_, data, header_lines=lines)
    if front_matter is None:
        return Location(id_)
    nodes: list[Node] = [front_matter.table]
    if key.table:
        nodes = [member.node for member in _named(nodes, key.table)]
    found = next(_named(nodes, key.name), None)
    return location_of(id_, found) if found else Location(id_)


def _named(nodes: Iterable[Node], name: str) -> Iterator[Member]:
    """Yield the members of this name in the nodes, outer ones before those in them."""
    rest = list(nodes)
    while rest:
        inner: list[Node] = []
        for node in rest:
            if isinstance(node, Array):
                inner += node.nodes
            elif isinstance(node, Table):
                yield from (item for item in node.members.values() if item.name == name)
                inner += (item.node for item in node.members.values())
        rest = inner
