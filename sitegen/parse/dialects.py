"""The front matter of other generators, as ours: an existing archive builds unchanged.

A preset is data: for each foreign key one of ours and, where the values differ, a small
conversion. The configuration's own `[front_matter] names` go before it. A key of ours that a file
has itself is never overwritten; a foreign one that finds no place goes to `extra`, for templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from sitegen.config.settings import PRESETS, Config
from sitegen.model.errors import Problem
from sitegen.parse import conversions
from sitegen.parse.conversions import Convert
from sitegen.parse.nodes import Array, Member, Node, Scalar, Table

SECTION_PAGES = {"hugo": "_index.md", "zola": "_index.md"}
"""Files that describe a section of the archive and are no articles."""

TITLED_BY_NAME = frozenset({"jekyll"})
"""Dialects in which an article without a title is called by its file name."""


class _Rule(NamedTuple):
    key: str
    convert: Convert


def translate(table: Table, path: str, config: Config) -> tuple[Table, list[Problem]]:
    """Return a table with our keys for the dialect's, and what is wrong with the rest."""
    dialect, names = config.front_matter.dialect, config.front_matter.names
    other_keys = _other_keys(config)
    if not dialect and not names and not other_keys:
        return table, []
    context = conversions.Context(path, urlsplit(config.base_url).netloc)
    as_is = conversions.unchanged
    rules = {name.casefold(): _Rule(target, as_is) for name, target in names.items()}
    rules = {**other_keys, **rules}
    preset = _PRESETS.get(dialect, {})
    rules = {**rules, **{name: rule for name, rule in preset.items() if name not in rules}}
    out = _renamed(dict(_flattened(table, dialect)), rules, context)
    if dialect:
        _split_categories(out)
        _add_from_folder(out, dialect, path, table)
    return table._replace(members=out), context.problems


def _other_keys(config: Config) -> dict[str, _Rule]:
    """Return rules for the presets of taxonomies that are given other keys than they have.

    The key that each has by itself means nothing any more.
    """
    rules: dict[str, _Rule] = {}
    for name in RENAMABLE:
        taxonomy = config.taxonomies.get(name)
        own = PRESETS[name].key
        if taxonomy and (key := taxonomy.key.casefold()) != own:
            rules[own] = _Rule(own, _left_alone)
            rules[key] = _Rule(own, conversions.unchanged)
    return rules


RENAMABLE = ("category", "tag", "author")
"""Presets with a field of their own. All others are read by their keys."""


def _left_alone(_member: Member, _context: conversions.Context) -> None:
    return None


def _renamed(
    members: Mapping[str, Member], rules: Mapping[str, _Rule], context: conversions.Context
) -> dict[str, Member]:
    """Return the members under our names; what the rules know but have no use for goes to extra.

    A key of ours without a value does not keep a foreign one from its place.
    """
    members = dict(_with_values(members, rules))
    out = {name: member for name, member in members.items() if name.casefold() not in rules}
    taken = {name.casefold() for name in out}
    unused: dict[str, Member] = {}
    own_first = sorted(rules.items(), key=lambda item: item[1].key != item[0])
    for foreign, rule in own_first:
        for name, member in members.items():
            if name.casefold() != foreign:
                continue
            converted = rule.convert(member, context) if rule.key not in taken else None
            if converted is None or rule.convert is conversions.first_item:
                # Of several pictures a template may want the others, too.
                unused[name] = member
            if converted is not None:
                taken.add(rule.key)
                out[rule.key] = converted
    extra = out.get("extra")
    if unused and extra is None:
        first = next(iter(unused.values()))
        extra = Member("extra", first.line, first.column, Table({}, first.line, first.column))
    if unused and extra and isinstance(extra.node, Table):
        node = extra.node._replace(members={**unused, **extra.node.members})
        out["extra"] = extra._replace(node=node)
    return {name: member for name, member in out.items() if member is not conversions.DROPPED}


def _with_values(
    members: Mapping[str, Member], rules: Mapping[str, _Rule]
) -> Iterator[tuple[str, Member]]:
    """Yield the members without those that say nothing, where another one may say it."""
    given = {
        rules[name.casefold()].key
        for name, member in members.items()
        if name.casefold() in rules and not _is_empty(member)
    }
    for name, member in members.items():
        folded = name.casefold()
        key = rules[folded].key if folded in rules else folded
        if key not in given or not _is_empty(member):
            yield name, member


def _is_empty(member: Member) -> bool:
    node = member.node
    return isinstance(node, Scalar) and (node.is_null or not node.text.strip())


_LOWER_CASE_KEYS = frozenset({"category", "categories", "tags", "draft"})
"""Keys that are joined here, in lower case whatever the file has."""


def _flattened(table: Table, dialect: str) -> Iterator[tuple[str, Member]]:
    """Yield the members, those of Zola's [taxonomies] and Hugo's [params] among them."""
    inner = {"zola": "taxonomies", "hugo": "params"}.get(dialect)
    for name, member in table.members.items():
        folded = name.casefold()
        if folded == inner and isinstance(member.node, Table):
            drawn = member.node.members.items()
            yield from (item for item in drawn if item[0] not in table.members)
        elif folded in _LOWER_CASE_KEYS and folded not in table.members:
            yield folded, member
        else:
            yield name, member


def _rules(plain: Mapping[str, str], **converted: tuple[str, Convert]) -> Mapping[str, _Rule]:
    """Return a preset: keys that are only renamed, in order of preference, and converted ones."""
    rules = {name: _Rule(key, conversions.unchanged) for name, key in plain.items()}
    return {**rules, **{name: _Rule(key, convert) for name, (key, convert) in converted.items()}}


_IMAGES: Mapping[str, tuple[str, Convert]] = {
    "image": ("image", conversions.picture),
    "images": ("image", conversions.first_item),
    "featured_image": ("image", conversions.picture),
    "featuredimage": ("image", conversions.picture),
    "cover": ("image", conversions.picture),
    "og_image": ("image", conversions.picture),
    "thumbnail": ("image", conversions.picture),
}

_PRESETS: Mapping[str, Mapping[str, _Rule]] = {
    "hugo": _rules(
        {
            "lastmod": "updated",
            "modified": "updated",
            "publishdate": "publish",
            "pubdate": "publish",
            "published": "publish",
            "expirydate": "expires",
            "unpublishdate": "expires",
            "description": "summary",
        },
        url=("url", conversions.address),
        aliases=("aliases", conversions.relative_aliases),
        **_IMAGES,
    ),
    "jekyll": _rules(
        {
            "last_modified_at": "updated",
            "modified": "updated",
            "updated_at": "updated",
            "excerpt": "summary",
            "description": "summary",
            "canonical_url": "canonical",
            "tag": "tags",
        },
        tags=("tags", conversions.split_words),
        categories=("categories", conversions.split_words),
        published=("draft", conversions.negated),
        sitemap=("noindex", conversions.negated_unless_table),
        permalink=("url", conversions.permalink),
        redirect_from=("aliases", conversions.aliases),
        **_IMAGES,
    ),
    "pelican": _rules(
        {
            "modified": "updated",
            "updated_at": "updated",
            "description": "summary",
            "keywords": "tags",
        },
        status=("draft", conversions.status),
        url=("url", conversions.address),
        save_as=("url", conversions.address),
        **_IMAGES,
    ),
    "zola": _rules(
        {"description": "summary"},
        path=("url", conversions.address),
        aliases=("aliases", conversions.aliases),
        **_IMAGES,
    ),
    "astro": _rules(
        {
            "pubdate": "date",
            "pubdatetime": "date",
            "publishdate": "date",
            "published": "date",
            "publisheddate": "date",
            "updateddate": "updated",
            "moddatetime": "updated",
            "modifieddate": "updated",
            "lastmod": "updated",
            "description": "summary",
            "excerpt": "summary",
            "canonicalurl": "canonical",
            "postslug": "slug",
            "isdraft": "draft",
            "language": "lang",
        },
        heroimage=("image", conversions.picture),
        coverimage=("image", conversions.picture),
        ogimage=("image", conversions.picture),
        permalink=("url", conversions.address),
        redirect_from=("aliases", conversions.aliases),
        **_IMAGES,
    ),
}


def _split_categories(out: dict[str, Member]) -> None:
    """Make the first of several categories the category, and tags of the others."""
    member = out.pop("categories", None)
    own = out.get("category")
    if own is not None and isinstance(own.node, Array):  # As Jekyll and Zola take it.
        member, own = own, None
        del out["category"]
    if member is None:
        return
    node = member.node
    found = node.nodes if isinstance(node, Array) else _parts(node)
    found = tuple(item for item in found if not isinstance(item, Scalar) or item.text)
    if found and own is None:
        out["category"] = member._replace(node=found[0])
        found = found[1:]
    if found:
        tags = out.get("tags") or member._replace(name="tags", node=Array((), *node[1:3]))
        nodes = tags.node.nodes if isinstance(tags.node, Array) else _parts(tags.node)
        items = Array((*nodes, *found), tags.node.line, tags.node.column)
        out["tags"] = tags._replace(node=items)


def _parts(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Scalar):
        return (node,)
    return tuple(node._replace(text=part.strip()) for part in node.text.split(","))


def _add_from_folder(out: dict[str, Member], dialect: str, path: str, table: Table) -> None:
    """Add what Jekyll and Pelican know from an article's folder."""
    folders = path.split("/")[1:-1]
    if dialect == "jekyll" and "_drafts" in folders:
        out["draft"] = _added_member("draft", "true", table)
    if not folders or "category" in out:
        return
    name = ""
    if dialect == "jekyll" and "_posts" in folders[1:]:
        name = folders[folders.index("_posts") - 1]
    elif dialect == "pelican" and not folders[-1].isdigit():
        name = folders[-1]
    if name:
        out["category"] = _added_member("category", name, table)


def _added_member(name: str, text: str, table: Table) -> Member:
    node = Scalar(text, table.line, table.column, plain=True)
    return Member(name, table.line, table.column, node)
