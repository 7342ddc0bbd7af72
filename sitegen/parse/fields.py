"""The keys of front matter: `Table` → `Meta`, with everything that is wrong in one go."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple, cast, get_args
from urllib.parse import urlsplit

from sitegen.config.front_matter_keys import KEYS
from sitegen.config.settings import PRESETS, Config, Taxonomy
from sitegen.html.scanning import without_tags
from sitegen.model.documents import (
    AuthorRole,
    Correction,
    Image,
    Nav,
    OwnKey,
    PageKind,
    Reference,
    ResponseState,
    Term,
    TermsOf,
)
from sitegen.model.errors import Problem, did_you_mean
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.model.moments import Moment
from sitegen.model.urls import normal_form, slugify, words_of
from sitegen.parse.bylines import read_byline
from sitegen.parse.nodes import Array, Member, Scalar, Table, location, untyped_value
from sitegen.parse.picture_formats import refused_picture
from sitegen.parse.rich_titles import has_tags, rich_title
from sitegen.parse.values import Reader

_MISREAD = {"categories": "category", "keywords": "tags"}
"""Words that are nobody's slip of the pen, and mean a key of ours all the same."""

_OTHER_WORDS = frozenset({"publisher"})
"""Words of the trade that are near to a key and mean something else."""

_SLUG = re.compile(r"\w[\w.~+-]*")


class Meta(NamedTuple):
    """The typed values of front matter; "" and None where it says nothing."""

    title: str
    title_html: str
    """"" where nothing in the title is emphasised."""
    date: Moment | None
    updated: Moment | None
    category: Term
    tags: tuple[Term, ...]
    authors: tuple[Term, ...]
    author_addresses: FrozenMap
    """Web addresses of authors, by their slugs."""
    author_roles: tuple[AuthorRole, ...]
    summary: str
    image: Image | None
    image_line: int
    slug: str
    url: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    related: tuple[Reference, ...]
    translation_of: Reference | None
    comments: ResponseState
    trackbacks: ResponseState
    aliases: tuple[str, ...]
    canonical: str
    lang: str
    corrections: tuple[Correction, ...]
    pin: bool
    noindex: bool
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]
    """Those of `extra`, and those of tables of which nothing is taken."""
    id: str
    id_line: int
    terms: tuple[TermsOf, ...]
    part: int


def read_fields(table: Table, path: str, config: Config) -> tuple[Meta, list[Problem]]:
    """Return the typed values of a table whose keys are ours (`dialects` has seen to that).

    `path` is for messages. The problems are in the order of checking.
    """
    reader = Reader(path, config)
    keys = _known_keys(config)
    check_unknown = partial(_check_unknown, known=keys.ordered)
    own, unknown = _divided(reader, table, keys.known, check_unknown)
    get = own.get
    name = reader.text(get("id"))
    title, title_html = _title(reader, get("title"))
    byline = read_byline(reader, get("author"), get("authors"))
    author_key = "authors" if get("authors") else "author"
    image, image_line = _image(reader, get("image"))
    meta = Meta(
        title=title,
        title_html=title_html,
        date=reader.moment(get("date")),
        updated=reader.moment(get("updated")),
        category=_category(reader, get("category")),
        tags=_tags(reader, get("tags")),
        authors=_authors(reader, byline.names, author_key),
        author_addresses=FrozenMap(byline.addresses) if byline.addresses else EMPTY,
        author_roles=byline.roles,
        summary=_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        slug=_slug(reader, get("slug")),
        url=_url(reader, get("url")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        related=_related(reader, get("related")),
        translation_of=_named(reader, get("translation_of")),
        comments=reader.choice(get("comments"), config.responses.comments),
        trackbacks=reader.choice(get("trackbacks"), config.responses.trackbacks),
        aliases=_aliases(reader, get("aliases")),
        canonical=_canonical(reader, get("canonical")),
        lang=reader.language(get("lang")),
        corrections=_corrections(reader, get("corrections")),
        pin=reader.flag(get("pin")) or False,
        noindex=reader.flag(get("noindex")) or False,
        extra=_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
        id=name,
        id_line=own["id"].line if name else 0,
        terms=_further_terms(reader, own),
        part=_part(reader, get("part")),
    )
    return meta, reader.problems


class _Keys(NamedTuple):
    """Every key that has a meaning, in small letters."""

    ordered: tuple[str, ...]
    known: frozenset[str]


def _known_keys(config: Config) -> _Keys:
    return _keys_with(
        tuple((name, item.key.casefold()) for name, item in config.taxonomies.items())
    )


_OF_PRESETS = {"tag": ("tags",), "author": ("author", "authors"), "series": ("series", "part")}


@lru_cache(maxsize=64)
def _keys_with(taxonomies: tuple[tuple[str, str], ...]) -> _Keys:
    names = {name for name, _ in taxonomies}
    off = {key for preset, keys in _OF_PRESETS.items() if preset not in names for key in keys}
    further = (key for name, key in taxonomies if name not in PRESETS or name == "series")
    ordered = tuple(dict.fromkeys((*(key for key in KEYS if key not in off), *further)))
    return _Keys(ordered, frozenset(ordered))


def _divided(
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


@lru_cache(maxsize=65536)
def term(name: str, pattern: str) -> Term | None:
    """Return the term of a name; `pattern` is that of its list's URL. None if no slug is left."""
    slug = slugify(name)
    return Term(name, slug, pattern.format(slug=slug)) if slug else None


def _further_terms(reader: Reader, own: dict[str, Member]) -> tuple[TermsOf, ...]:
    """Return the terms in other taxonomies than category, tag and author."""
    found = []
    for name, taxonomy in reader.config.taxonomies.items():
        if name in _WITH_FIELDS:
            continue
        if (member := own.get(taxonomy.key.casefold())) and (
            terms := _terms_of(reader, member, taxonomy)
        ):
            found.append(TermsOf(name, terms))
    return tuple(found)


_WITH_FIELDS = frozenset({"category", "tag", "author"})
"""The taxonomies that have a field of their own."""


def _terms_of(reader: Reader, member: Member, taxonomy: Taxonomy) -> tuple[Term, ...]:
    names = reader.names(member) if taxonomy.many else reader.plain_texts(member)
    if len(names) > 1 and not taxonomy.many:
        message = f'an article can have only one "{member.name}"'
        name = next(key for key, each in reader.config.taxonomies.items() if each is taxonomy)
        hint = f"keep one; or allow more: `many = true` below `[taxonomies.{name}]`"
        reader.report(member.node, message, hint)
        names = names[:1]
    if not taxonomy.tree:
        return _terms(reader, names, member.name, taxonomy.url)
    terms: dict[str, Term] = {}
    for way in names:
        if way.text.count("/") >= MAX_LEVELS:
            message = f'"{member.name}" has more than {MAX_LEVELS} levels'
            reader.report(way, message, "write fewer names with / between them")
            continue
        found = term_and_parents(way.text, taxonomy.url)
        if not found:
            message = f'"{way.text}" cannot be used in "{member.name}": no URL can be made from it'
            hint = "each part of the way needs at least one letter or digit: `Europe/Norway`"
            reader.report(way, message, hint)
        for each in found:
            _add_term(reader, terms, each, way)
    return tuple(terms.values())


MAX_LEVELS = 20
"""The most levels of a tree: nobody finds what lies deeper, and pages show them within each other.
"""


@lru_cache(maxsize=65536)
def term_and_parents(way: str, pattern: str) -> tuple[Term, ...]:
    """Return the terms that `Europe/Norway` names in a tree: `Europe`, and `Norway` below it.

    `pattern` is that of their lists' URLs. Empty if a part of the way leaves no slug.
    """
    found: list[Term] = []
    for part in way.split("/"):
        name = " ".join(part.split())
        slug = slugify(name)
        if not slug:
            return ()
        slug = f"{found[-1].slug}/{slug}" if found else slug
        found.append(Term(name, slug, pattern.format(slug=slug)))
    return tuple(found)


def _part(reader: Reader, member: Member | None) -> int:
    written = reader.text(member)
    if member is None or not written:
        return 0
    if written.isascii() and written.isdigit() and 0 < int(written) <= MAX_PART:
        return int(written)
    message = f'"{member.name}" must be a whole number from 1, not "{written}"'
    reader.report(member.node, message, "number the parts of the series: 1, 2, 3")
    return 0


MAX_PART = 100_000
"""The largest number of a part."""


def _check_unknown(reader: Reader, member: Member, known: tuple[str, ...], table: str = "") -> None:
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


def _title(reader: Reader, member: Member | None) -> tuple[str, str]:
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


def _summary(reader: Reader, member: Member | None) -> str:
    """Return the summary as plain text: an archive's may be HTML."""
    text = reader.text(member)
    if member is None or ("<" not in text and "&" not in text):
        return text
    text = reader.resolved(without_tags(text) if "<" in text else text, member)
    return " ".join(text.split())


def _terms(reader: Reader, names: list[Scalar], key: str, pattern: str) -> tuple[Term, ...]:
    """Return the terms of names, each once."""
    terms: dict[str, Term] = {}
    for name in names:
        found = term(name.text, pattern)
        if found is None:
            message = f'"{name.text}" cannot be used in "{key}": no URL can be made from it'
            reader.report(name, message, "a name needs at least one letter or digit")
        else:
            _add_term(reader, terms, found, name)
    return tuple(terms.values())


def _add_term(reader: Reader, terms: dict[str, Term], found: Term, place: Scalar) -> None:
    """Add a term to those by their slugs, and tell of one that another one hides."""
    shown = terms.setdefault(found.slug, found)
    if shown is not found and words_of(shown.name) != words_of(found.name):
        message = f'"{found.name}" has the same list as "{shown.name}", and is not shown'
        hint = "write one of them, or words that tell them apart"
        reader.report(place, message, hint, "warning")


def _tags(reader: Reader, member: Member | None) -> tuple[Term, ...]:
    taxonomy = reader.config.taxonomies.get("tag")
    return _terms_of(reader, member, taxonomy) if member and taxonomy else ()


def _authors(reader: Reader, names: list[Scalar], key: str) -> tuple[Term, ...]:
    taxonomy = reader.config.taxonomies.get("author")
    return _terms(reader, names, key, taxonomy.url) if taxonomy else ()


def _category(reader: Reader, member: Member | None) -> Term:
    if member is not None and isinstance(member.node, Table):
        message = f'"{member.name}" must be a text, not a table'
        reader.report(member.node, message, "write `category: World`")
        member = None
    config = reader.config
    pattern = config.taxonomies["category"].url
    fallback = term(config.default_category, pattern) or Term(
        config.default_category, "other", pattern.format(slug="other")
    )
    names = reader.plain_texts(member)
    if member is None or not names:
        return fallback
    if len(names) > 1:
        hint = "keep the main one here, and move the others to `tags`"
        reader.report(member.node, "an article can have only one category", hint)
        return fallback
    name = names[0].text
    allowed = (*config.categories, config.default_category) if config.categories else ()
    found = term(name, pattern)
    if found is None:
        message = f'"{name}" cannot be a category: no URL can be made from it'
        reader.report(names[0], message, "a name needs at least one letter or digit")
        return fallback
    if not allowed or name in allowed:
        return found
    for configured in allowed:
        same = term(configured, pattern)
        if same and same.slug == found.slug:
            return same
    hint = did_you_mean(name, allowed) or f"known categories: {', '.join(allowed)}"
    reader.report(names[0], f'unknown category "{name}"', hint)
    return fallback


_IMAGE = ("src", "alt", "caption", "credit")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?!\s)")
MAX_SHOWN = 60
"""The most of a value that a message shows: a picture may be written down as `data:`."""


def _image(reader: Reader, member: Member | None) -> tuple[Image | None, int]:
    if member is None:
        return None, 0
    if not isinstance(member.node, Table):
        src = _src(reader, member)
        return (Image(src), member.node.line) if src else (None, 0)
    inner = member.node.members
    for other in inner.values():
        if other.name not in _IMAGE:
            _check_unknown(reader, other, _IMAGE, member.name)
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
    if member is None or not _SCHEME.match(src) or _is_on_the_web(src):
        return src
    shown = src if len(src) <= MAX_SHOWN else f"{src[:MAX_SHOWN]}…"
    hint = "name a file, or write the full address: https://example.org/photo.jpg"
    reader.report(member.node, f'"{shown}" is not a web address', hint)
    return ""


def _is_on_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _slug(reader: Reader, member: Member | None) -> str:
    written = normal_form(reader.text(member))
    if member is None or not written:
        return ""
    if "/" in written or "\\" in written:
        message = f'"{member.name}" cannot be "{written}": it is a single part of the URL'
        reader.report(member.node, message, "write it without / and \\")
        return ""
    if _SLUG.fullmatch(written):
        return written
    slug = slugify(written)
    if not slug:
        message = f'"{member.name}" cannot be "{written}": no URL can be made from it'
        reader.report(member.node, message, "a slug needs at least one letter or digit")
    return slug


def _url(reader: Reader, member: Member | None) -> str:
    if not reader.raw(member) or member is None or not isinstance(member.node, Scalar):
        return ""
    url = reader.site_url(member.node, member.name)
    return url if not url or url.endswith("/") or "." in url.rpartition("/")[2] else f"{url}/"


def _aliases(reader: Reader, member: Member | None) -> tuple[str, ...]:
    urls = (reader.site_url(item, "aliases") for item in reader.texts(member))
    return tuple(dict.fromkeys(url for url in urls if url))


def _related(reader: Reader, member: Member | None) -> tuple[Reference, ...]:
    return tuple(Reference("related", item.text, item.line) for item in reader.texts(member))


def _named(reader: Reader, member: Member | None) -> Reference | None:
    """Return a key that names one thing of the site, as written."""
    written = reader.raw(member)
    if member is None or not written:
        return None
    return Reference(member.name.casefold(), written, member.node.line)


def _canonical(reader: Reader, member: Member | None) -> str:
    written = reader.raw(member)
    if member is None or not written:
        return ""
    if _is_on_the_web(written) and not re.search(r"[\s\"'<>\\]", written):
        return written
    hint = "write the full address: https://example.org/article/"
    reader.report(member.node, f'"{written}" is not a web address', hint)
    return ""


_CORRECTION = ("date", "text")


def _corrections(reader: Reader, member: Member | None) -> tuple[Correction, ...]:
    if member is None or (isinstance(member.node, Scalar) and member.node.is_null):
        return ()
    nodes = member.node.nodes if isinstance(member.node, Array) else (member.node,)
    found = []
    for node in nodes:
        if not isinstance(node, Table):
            hint = "write each as `{date: 2024-11-05, text: What was wrong.}`"
            reader.report(node, "a correction needs a date and a text", hint)
            continue
        for other in node.members.values():
            if other.name not in _CORRECTION:
                _check_unknown(reader, other, _CORRECTION, member.name)
        before = len(reader.problems)
        date = reader.moment(node.members.get("date"))
        text = reader.plain(node.members.get("text"))
        if date and text:
            found.append(Correction(date, text))
        elif len(reader.problems) == before:
            missing = "text" if date else "date"
            reader.report(node, f"a correction needs a {missing}")
    return tuple(found)


def _extra(reader: Reader, unknown: dict[str, Member], member: Member | None) -> FrozenMap:
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


# Standalone pages

PAGE_KEYS = (
    "title", "summary", "image", "updated", "url", "template", "nav", "order", "kind", "lang",
    "translation_of", "aliases", "noindex", "canonical", "draft", "publish", "expires", "extra",
)  # fmt: skip
"""Every key that has a meaning in a standalone page."""

_PAGE_KEYS = frozenset(PAGE_KEYS)

_NUMBER = re.compile(r"[-+]?\d{1,9}", re.ASCII)


class PageMeta(NamedTuple):
    """The typed values of the front matter of a standalone page; see `Meta`."""

    title: str
    title_html: str
    summary: str
    image: Image | None
    image_line: int
    updated: Moment | None
    url: str
    template: Reference | None
    nav: Nav
    order: int | None
    kind: PageKind
    lang: str
    translation_of: Reference | None
    aliases: tuple[str, ...]
    noindex: bool
    canonical: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]


def read_page_fields(table: Table, path: str, config: Config) -> tuple[PageMeta, list[Problem]]:
    """Return the typed values of the front matter of a standalone page, as `read_fields` does."""
    reader = Reader(path, config)
    own, unknown = _divided(reader, table, _PAGE_KEYS, _check_unknown_of_page)
    get = own.get
    title, title_html = _title(reader, get("title"))
    image, image_line = _image(reader, get("image"))
    meta = PageMeta(
        title=title,
        title_html=title_html,
        summary=_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        updated=reader.moment(get("updated")),
        url=_url(reader, get("url")),
        template=_named(reader, get("template")),
        nav=cast("Nav", _one_of(reader, get("nav"), get_args(Nav))),
        order=_order(reader, get("order")),
        kind=cast("PageKind", _one_of(reader, get("kind"), get_args(PageKind))),
        lang=reader.language(get("lang")),
        translation_of=_named(reader, get("translation_of")),
        aliases=_aliases(reader, get("aliases")),
        noindex=reader.flag(get("noindex")) or False,
        canonical=_canonical(reader, get("canonical")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        extra=_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
    )
    return meta, reader.problems


def _check_unknown_of_page(reader: Reader, member: Member) -> None:
    _check_meaningless(reader, member, PAGE_KEYS, "a standalone page", "pages")


def _check_meaningless(
    reader: Reader, member: Member, known: tuple[str, ...], where: str, such: str
) -> None:
    """Report a key that only other documents have, or that is none; a foreign archive may have any.

    `where` is what it stands in, `such` are documents of this kind, which have the keys `known`.
    """
    own = reader.config.front_matter
    name = member.name.casefold()
    if name not in _known_keys(reader.config).known and name not in _OF_UNDATED:
        _check_unknown(reader, member, known)
    elif not (own.dialect or own.names):
        is_error = own.unknown == "error"
        message = f'"{member.name}" means nothing in {where}'
        hint = f"remove it; {such} have these keys: {', '.join(known)}"
        reader.report(member, message, hint, "error" if is_error else "warning")
    else:
        reader.leave(member.name)


def _one_of(reader: Reader, member: Member | None, choices: tuple[str, ...]) -> str:
    """Return a text that is one of some, "" for none."""
    written = reader.raw(member).lower()
    if member is None or written in choices:
        return written
    known = [choice for choice in choices if choice]
    message = f'"{member.name}" must be {" or ".join(known)}, not "{reader.raw(member)}"'
    reader.report(member.node, message, did_you_mean(written, known))
    return ""


def _order(reader: Reader, member: Member | None) -> int | None:
    written = reader.raw(member, "a whole number")
    if member is None or not written:
        return None
    if _NUMBER.fullmatch(written):
        return int(written)
    reader.report(member.node, f'"{member.name}" must be a whole number, not "{written}"')
    return None


# Texts of terms

TERM_KEYS = (
    "name", "names", "summary", "image", "pinned", "noindex", "feeds", "lang", "draft", "publish",
    "expires", "extra",
)  # fmt: skip
"""Every key that has a meaning in the text of a term."""

AUTHOR_KEYS = (
    "role", "same_as", "email", "show_email", "knows_about", "location", "former", "wire",
)  # fmt: skip
"""Further keys of the texts of authors."""

_OF_UNDATED = frozenset({*PAGE_KEYS, *TERM_KEYS, *AUTHOR_KEYS})

_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


class TermMeta(NamedTuple):
    """The typed values of the front matter of a term's text; see `Meta`."""

    title: str
    """What the term is called."""
    names: tuple[Scalar, ...]
    summary: str
    image: Image | None
    image_line: int
    pinned: tuple[Reference, ...]
    noindex: bool
    feeds: bool
    lang: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]
    role: str
    same_as: tuple[str, ...]
    email: str
    """"" unless it is to be shown."""
    knows_about: tuple[str, ...]
    location: str
    former: bool
    wire: bool


def read_term_fields(table: Table, path: str, config: Config) -> tuple[TermMeta, list[Problem]]:
    """Return the typed values of the front matter of a term's text, as `read_fields` does."""
    reader = Reader(path, config)
    is_author = path.split("/")[1:2] == ["author"]
    keys = (*TERM_KEYS, *AUTHOR_KEYS) if is_author else TERM_KEYS
    where, such = (
        ("the text of an author", "authors") if is_author else ("the text of a term", "such texts")
    )

    def check_unknown(reader: Reader, member: Member) -> None:
        _check_meaningless(reader, member, keys, where, such)

    own, unknown = _divided(reader, table, frozenset(keys), check_unknown)
    get = own.get
    image, image_line = _image(reader, get("image"))
    email = _email(reader, get("email"))
    feeds = reader.flag(get("feeds"))
    meta = TermMeta(
        title=reader.plain(get("name")),
        names=tuple(reader.names(get("names"), semicolons=True)),
        summary=_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        pinned=tuple(
            Reference("pinned", item.text, item.line) for item in reader.texts(get("pinned"))
        ),
        noindex=reader.flag(get("noindex")) or False,
        feeds=feeds is not False,
        lang=reader.language(get("lang")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        extra=_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
        role=reader.plain(get("role")),
        same_as=_addresses(reader, get("same_as")),
        email=email if reader.flag(get("show_email")) else "",
        knows_about=tuple(item.text for item in reader.names(get("knows_about"))),
        location=reader.plain(get("location")),
        former=reader.flag(get("former")) or False,
        wire=reader.flag(get("wire")) or False,
    )
    return meta, reader.problems


def _addresses(reader: Reader, member: Member | None) -> tuple[str, ...]:
    """Return web addresses, each once."""
    found: dict[str, None] = {}
    for item in reader.texts(member):
        if _is_on_the_web(item.text) and not re.search(r"[\s\"'<>\\]", item.text):
            found[item.text] = None
        else:
            hint = "write the full address: https://example.org/@ann"
            reader.report(item, f'"{item.text}" is not a web address', hint)
    return tuple(found)


def _email(reader: Reader, member: Member | None) -> str:
    written = reader.raw(member)
    if member is None or not written or _MAIL.fullmatch(written):
        return written
    reader.report(member.node, f'"{written}" is not an e-mail address')
    return ""
