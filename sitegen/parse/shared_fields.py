"""Fields that documents of several kinds have: each is read, or told to be wrong, in one way."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from sitegen.config.front_matter_keys import UNDATED_KEYS
from sitegen.html.scanning import without_tags
from sitegen.model.documents import (
    Image,
    Reference,
)
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.parse.nodes import Member, Scalar, Table, location, untyped_value
from sitegen.parse.picture_formats import refused_picture
from sitegen.parse.rich_titles import has_tags, rich_title
from sitegen.parse.taxonomy_fields import known_keys
from sitegen.parse.values import Reader

_MISREAD = {"categories": "category", "keywords": "tags"}
"""Words that are nobody's slip of the pen, and mean a key of ours all the same."""


_OTHER_WORDS = frozenset({"publisher"})
"""Words of the trade that are near to a key and mean something else."""


def divided(
    reader: Reader,
    table: Table,
    known: frozenset[str],
    check_unknown: Callable[[Reader, Member], None],
) -> tuple[dict[str, Member], dict[str, Member]]:
    """Return the members of a table whose keys are `known`, by these, and the others by theirs."""
    own: dict[str, Member] = {}
    unknown: dict[str, Member] = {}
    for name, member in table.members.items():
        folded = name.casefold()
        if folded not in known:
            unknown[name] = member
            check_unknown(reader, member)
        elif folded in own:
            line = own[folded].line
            reader.report(
                member, f'"{name}" is given twice', f"the first is on line {line}; keep one"
            )
        else:
            own[folded] = member
    return own, unknown


def check_unknown(reader: Reader, member: Member, known: tuple[str, ...], table: str = "") -> None:
    """Report a key that is not one of the `known`: as an error, or if it seems misspelled.

    Any other is noted as one that means nothing to us, of the table of our key `table`, if any.
    """
    guess = _guess(member.name, known)
    message = f'unknown key "{member.name}"'
    if reader.config.front_matter.unknown == "error":
        hint = guess or f"known keys: {', '.join(known)}"
        reader.report(member, message, hint)
    elif guess:
        reader.report(member, message, guess, "warning")
    else:
        reader.leave(member.name, table)


@lru_cache(maxsize=4096)
def _guess(name: str, known: tuple[str, ...]) -> str | None:
    word = name.casefold().replace("-", "_").strip("_ ")
    if word in _OTHER_WORDS:
        return None
    if word in _MISREAD and _MISREAD[word] in known:
        return f'did you mean "{_MISREAD[word]}"?'
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.8)
    return f'did you mean "{near[0]}"?' if near else None


def read_title(reader: Reader, member: Member | None) -> tuple[str, str]:
    """Return the title as plain text, and as HTML if something in it is emphasised."""
    written = reader.text(member)
    if member is None:
        return written, ""
    if reader.config.front_matter.rich_titles and ("*" in written or "<" in written):
        return rich_title(
            written, lambda text: reader.resolved(text, member) if "&" in text else text
        )
    if has_tags(written):
        message = f'HTML in "{member.name}" is shown as it is written'
        hint = "set `[front_matter] rich_titles = true`, or take the tags out"
        reader.report(member.node, message, hint, "warning")
    if "&" in written:
        written = " ".join(reader.resolved(written, member).split())
    return written, ""


def read_summary(reader: Reader, member: Member | None) -> str:
    """Return the summary as plain text: an archive's may be HTML."""
    text = reader.text(member)
    if member is None or ("<" not in text and "&" not in text):
        return text
    text = reader.resolved(without_tags(text) if "<" in text else text, member)
    return " ".join(text.split())


_IMAGE = ("src", "alt", "caption", "credit")


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?!\s)")


MAX_SHOWN = 60
"""The most of a value that a message shows: a picture may be written down as `data:`."""


def read_image(reader: Reader, member: Member | None) -> tuple[Image | None, int]:
    """Return the picture that stands for a document, and its line; None and 0 for none."""
    if member is None:
        return None, 0
    if not isinstance(member.node, Table):
        src = _src(reader, member)
        return (Image(src), member.node.line) if src else (None, 0)
    inner = member.node.members
    for other in inner.values():
        if other.name not in _IMAGE:
            check_unknown(reader, other, _IMAGE, member.name)
    before = len(reader.problems)
    src = _src(reader, inner.get("src"))
    texts = (reader.plain(inner.get(name)) for name in _IMAGE[1:])
    image = Image(src, *texts)
    if not src:
        if len(reader.problems) == before:
            reader.report(member.node, 'the image has no "src"', "write `src: photo.jpg`")
        return None, 0
    return image, inner["src"].node.line


def _src(reader: Reader, member: Member | None) -> str:
    """Return the path or the web address of a picture, "" for any other address."""
    src = reader.raw(member)
    if member and (wrong := refused_picture(src, location(reader.path, member.node))):
        reader.problems.append(wrong)
    if member is None or not _SCHEME.match(src) or is_on_the_web(src):
        return src
    shown = src if len(src) <= MAX_SHOWN else f"{src[:MAX_SHOWN]}…"
    hint = "name a file, or write the full address: https://example.org/photo.jpg"
    reader.report(member.node, f'"{shown}" is not a web address', hint)
    return ""


def is_on_the_web(address: str) -> bool:
    """Whether an address is one of the web, with its host."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def read_url(reader: Reader, member: Member | None) -> str:
    """Return the address that a document is given, "" for none."""
    if not reader.raw(member) or member is None or not isinstance(member.node, Scalar):
        return ""
    url = reader.site_url(member.node, member.name)
    return url if not url or url.endswith("/") or "." in url.rpartition("/")[2] else f"{url}/"


def read_aliases(reader: Reader, member: Member | None) -> tuple[str, ...]:
    """Return the former addresses of a document, each once."""
    urls = (reader.site_url(item, "aliases") for item in reader.texts(member))
    return tuple(dict.fromkeys(url for url in urls if url))


def read_reference(reader: Reader, member: Member | None) -> Reference | None:
    """Return a key that names one thing of the site, as written."""
    written = reader.raw(member)
    if member is None or not written:
        return None
    return Reference(member.name.casefold(), written, member.node.line)


def read_canonical(reader: Reader, member: Member | None) -> str:
    """Return the full address of the original elsewhere, "" for none."""
    written = reader.raw(member)
    if member is None or not written:
        return ""
    if is_on_the_web(written) and not re.search(r"[\s\"'<>\\]", written):
        return written
    hint = "write the full address: https://example.org/article/"
    reader.report(member.node, f'"{written}" is not a web address', hint)
    return ""


def read_extra(reader: Reader, unknown: dict[str, Member], member: Member | None) -> FrozenMap:
    """Return the keys that mean nothing to us, and those below `extra`, which go before them."""
    values = {name: untyped_value(other.node) for name, other in unknown.items()}
    if member is not None:
        if isinstance(member.node, Table):
            inner = member.node.members
            for name, other in inner.items():
                reader.leave(name)
                values[name] = untyped_value(other.node)
        elif not (isinstance(member.node, Scalar) and member.node.is_null):
            hint = "write keys and values below it"
            reader.report(member.node, f'"{member.name}" must be a table', hint)
    return FrozenMap(values) if values else EMPTY


def check_meaningless(
    reader: Reader, member: Member, known: tuple[str, ...], where: str, such: str
) -> None:
    """Report a key that only other documents have, or that is none; a foreign archive may have any.

    `where` is what it stands in, `such` are documents of this kind, which have the keys `known`.
    """
    own = reader.config.front_matter
    name = member.name.casefold()
    if name not in known_keys(reader.config).known and name not in UNDATED_KEYS:
        check_unknown(reader, member, known)
    elif not (own.dialect or own.names):
        is_error = own.unknown == "error"
        message = f'"{member.name}" means nothing in {where}'
        hint = f"remove it; {such} have these keys: {', '.join(known)}"
        reader.report(member, message, hint, "error" if is_error else "warning")
    else:
        reader.leave(member.name)
