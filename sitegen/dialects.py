"""The front matter of other generators, as ours: an existing archive builds unchanged.

A preset is data: for each foreign key one of ours and, where the values differ, a small
conversion. The configuration's own `[front_matter] names` go before it. A key of ours that a file
has itself is never overwritten; what finds no place stays under its own name, for templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import urlsplit

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.nodes import Items, Member, Node, Scalar, Table, where

SECTION_PAGES = {"hugo": "_index.md", "zola": "_index.md"}
"""Files that describe a section of the archive and are no articles."""

TITLED_BY_NAME = frozenset({"jekyll"})
"""Dialects in which an article without a title is called by its file name."""


@dataclass(slots=True)
class _File:
    """The file at hand: what conversions may look at, and what they have to say."""

    path: str
    host: str
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, place: Node | Member, message: str, hint: str) -> None:
        self.warnings.append(Problem(message, where(self.path, place), hint, "warning"))


Convert = Callable[[Member, _File], Member | None]
"""Takes a foreign member and gives ours, or None to leave it where it is."""


class _Rule(NamedTuple):
    key: str
    convert: Convert


def translate(table: Table, path: str, config: Config) -> tuple[Table, list[Problem]]:
    """Return a head with our keys for the configured dialect's, and warnings about the rest."""
    dialect, names = config.front_matter.dialect, config.front_matter.names
    if not dialect and not names:
        return table, []
    file = _File(path, urlsplit(config.base_url).netloc)
    rules = {name.casefold(): _Rule(target, _as_it_is) for name, target in names.items()}
    preset = _PRESETS.get(dialect, {})
    rules = {**rules, **{name: rule for name, rule in preset.items() if name not in rules}}
    members = dict(_unfolded(table, dialect))
    out = _renamed(members, rules, file)
    if dialect:
        _divide_categories(out, dialect)
        _by_folder(out, dialect, path, table)
    return table._replace(members=out), file.warnings


def _renamed(
    members: Mapping[str, Member], rules: Mapping[str, _Rule], file: _File
) -> dict[str, Member]:
    folded = {name.casefold(): name for name in members}
    out = dict(members)
    for foreign, rule in rules.items():
        name = folded.get(foreign)
        if name is None or (rule.key != foreign and rule.key in {key.casefold() for key in out}):
            continue
        converted = rule.convert(members[name], file)
        if converted is None:
            continue
        if rule.convert is not _first:  # The other pictures stay within a template's reach.
            del out[name]
        out[rule.key] = converted
    return {name: member for name, member in out.items() if member is not _NOTHING}


_NOTHING = Member("", 0, 0, Scalar("", 0, 0, plain=True))
"""What a conversion gives for a value that says nothing more than our default."""


def _unfolded(table: Table, dialect: str) -> Iterator[tuple[str, Member]]:
    """Yield the members, with those of Zola's [taxonomies] and Hugo's [params] drawn out."""
    inner = {"zola": "taxonomies", "hugo": "params"}.get(dialect)
    for name, member in table.members.items():
        if name == inner and isinstance(member.node, Table):
            yield from (
                item for item in member.node.members.items() if item[0] not in table.members
            )
        else:
            yield name, member


def _as_it_is(member: Member, _: _File) -> Member:
    return member


def _flag(member: Member) -> bool | None:
    text = member.node.text.strip().lower() if isinstance(member.node, Scalar) else ""
    return {"true": True, "yes": True, "false": False, "no": False}.get(text)


def _is_true(member: Member) -> Member:
    node = Scalar("true", member.node.line, member.node.column, plain=True)
    return member._replace(node=node)


def _unless(member: Member, _: _File) -> Member | None:
    """Convert `published: false` to `draft: true`."""
    flag = _flag(member)
    return None if flag is None else _NOTHING if flag else _is_true(member)


def _status(member: Member, file: _File) -> Member | None:
    """Convert Pelican's `Status: draft`."""
    text = member.node.text.strip().lower() if isinstance(member.node, Scalar) else ""
    if text == "hidden":
        file.warn(
            member.node, "a hidden article is left out like a draft", "publish it or delete it"
        )
    return {"draft": _is_true(member), "hidden": _is_true(member), "published": _NOTHING}.get(text)


def _first(member: Member, _: _File) -> Member | None:
    """Convert a list of pictures to the first of them."""
    if not isinstance(member.node, Items):
        return member
    return member._replace(node=member.node.nodes[0]) if member.node.nodes else None


_IMAGE_NAMES = {
    "path": "src", "url": "src", "image": "src", "file": "src", "relative": "",
    "description": "alt", "title": "caption", "attribution": "credit",
}  # fmt: skip


def _picture(member: Member, file: _File) -> Member | None:
    """Convert a picture that is a table with names of its own."""
    node = _first(member, file)
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


def _path(text: str, file: _File) -> str:
    """Return an address of the archive's as a path, if it is not one of our own site."""
    parts = urlsplit(text) if "://" in text or text.startswith("//") else None
    if parts is not None and parts.netloc != file.host:
        text = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return text.removesuffix("index.html") if text.endswith("/index.html") else text


def _address(member: Member, file: _File) -> Member | None:
    """Convert the address of the article."""
    node = member.node
    if not isinstance(node, Scalar) or node.is_null:
        return _NOTHING if isinstance(node, Scalar) else None
    text = _path(node.text.strip(), file)
    if "://" not in text and not text.startswith("/"):
        text = f"/{text}"
    return member._replace(node=node._replace(text=text))


_PERMALINK_STYLES = frozenset({"date", "pretty", "ordinal", "weekdate", "none"})


def _permalink(member: Member, file: _File) -> Member | None:
    """Convert a permalink; Jekyll's patterns belong in the configuration."""
    node = member.node
    if isinstance(node, Scalar) and (
        re.search(r":[a-z]", node.text.partition("://")[2] or node.text)
        or node.text.strip() in _PERMALINK_STYLES
    ):
        hint = "set the pattern of addresses in the configuration: [urls] article"
        file.warn(node, f'the pattern "{node.text.strip()}" of an address is left out', hint)
        return _NOTHING
    return _address(member, file)


def _aliases(member: Member, file: _File) -> Member | None:
    """Convert former addresses, from the archive's root."""
    return _former(member, file, "/")


def _near_aliases(member: Member, file: _File) -> Member | None:
    """Convert former addresses, Hugo's relative ones beside the article's own folder."""
    return _former(member, file, "/" + "/".join(file.path.split("/")[1:-1]))


def _former(member: Member, file: _File, folder: str) -> Member | None:
    items = member.node.nodes if isinstance(member.node, Items) else (member.node,)
    if any(not isinstance(item, Scalar) for item in items):
        return member
    nodes = []
    for item in items:
        if not isinstance(item, Scalar) or item.is_null:
            continue
        text = _path(item.text.strip(), file)
        if "?" in text or "#" in text:
            hint = "no file on a static host can stand for it"
            file.warn(item, f'the former address "{text}" is left out', hint)
            continue
        if "://" not in text and not text.startswith("/"):
            end = "/" if text.endswith("/") else ""
            text = normpath(f"{folder}/{text}").replace("//", "/").rstrip("/") + end
        nodes.append(item._replace(text=text))
    return member._replace(node=Items(tuple(nodes), member.node.line, member.node.column))


def _words(member: Member, _: _File) -> Member | None:
    """Convert Jekyll's lists of words: `tags: flood harbour`."""
    node = member.node
    if not isinstance(node, Scalar) or node.is_null or "," in node.text:
        return member
    words = tuple(node._replace(text=word) for word in node.text.split())
    return member._replace(node=Items(words, node.line, node.column))


def _rules(plain: Mapping[str, str], **converted: tuple[str, Convert]) -> Mapping[str, _Rule]:
    """Return a preset: keys that are only renamed, in order of preference, and converted ones."""
    rules = {name: _Rule(key, _as_it_is) for name, key in plain.items()}
    return {**rules, **{name: _Rule(key, convert) for name, (key, convert) in converted.items()}}


_IMAGES: Mapping[str, tuple[str, Convert]] = {
    "image": ("image", _picture),
    "images": ("image", _first),
    "featured_image": ("image", _picture),
    "featuredimage": ("image", _picture),
    "cover": ("image", _picture),
    "og_image": ("image", _picture),
    "thumbnail": ("image", _picture),
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
            "params": "extra",
        },
        url=("url", _address),
        aliases=("aliases", _near_aliases),
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
        tags=("tags", _words),
        categories=("categories", _words),
        published=("draft", _unless),
        sitemap=("noindex", _unless),
        permalink=("url", _permalink),
        redirect_from=("aliases", _aliases),
        **_IMAGES,
    ),
    "pelican": _rules(
        {
            "modified": "updated",
            "updated_at": "updated",
            "description": "summary",
            "keywords": "tags",
        },
        status=("draft", _status),
        url=("url", _address),
        save_as=("url", _address),
        **_IMAGES,
    ),
    "zola": _rules(
        {"description": "summary"},
        path=("url", _address),
        aliases=("aliases", _aliases),
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
        heroimage=("image", _picture),
        coverimage=("image", _picture),
        ogimage=("image", _picture),
        permalink=("url", _address),
        redirect_from=("aliases", _aliases),
        **_IMAGES,
    ),
}


def _divide_categories(out: dict[str, Member], dialect: str) -> None:
    """Make the first of several categories the category, and tags of the others."""
    name = next((key for key in out if key.casefold() == "categories"), None)
    if name is None:
        name = next((key for key in out if key.casefold() == "category"), None)
    if name is None or (name.casefold() == "category" and dialect == "pelican"):
        return
    member = out.pop(name)
    node = member.node
    found: tuple[Node, ...] = node.nodes if isinstance(node, Items) else (node,)
    if isinstance(node, Scalar) and name.casefold() == "categories":
        found = tuple(node._replace(text=part.strip()) for part in node.text.split(","))
    if not found or (isinstance(found[0], Scalar) and not found[0].text):
        return
    if not any(key.casefold() == "category" for key in out):
        out["category"] = member._replace(node=found[0])
        found = found[1:]
    if not found:
        return
    tags = out.get("tags") or Member("tags", member.line, member.column, Items((), *node[1:3]))
    nodes = tags.node.nodes if isinstance(tags.node, Items) else _parts(tags.node)
    items = Items((*nodes, *found), tags.node.line, tags.node.column)
    out["tags"] = tags._replace(node=items)


def _parts(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Scalar):
        return (node,)
    return tuple(node._replace(text=part.strip()) for part in node.text.split(","))


def _by_folder(out: dict[str, Member], dialect: str, path: str, table: Table) -> None:
    """Add what Jekyll and Pelican know from an article's folder."""
    folders = path.split("/")[1:-1]
    if dialect == "jekyll" and "_drafts" in folders:
        out["draft"] = _said("draft", "true", table)
    if not folders or any(key.casefold() == "category" for key in out):
        return
    name = ""
    if dialect == "jekyll" and "_posts" in folders[1:]:
        name = folders[folders.index("_posts") - 1]
    elif dialect == "pelican" and not folders[-1].isdigit():
        name = folders[-1]
    if name:
        out["category"] = _said("category", name, table)


def _said(name: str, text: str, table: Table) -> Member:
    node = Scalar(text, table.line, table.column, plain=True)
    return Member(name, table.line, table.column, node)
