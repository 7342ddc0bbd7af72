"""Front matter and text of a term → its entry: the path of its file names taxonomy and slug."""

from __future__ import annotations

from sitegen.config.settings import Config
from sitegen.model.documents import Parsed, TermEntry, TermTeaser
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.model.urls import slugify, tree_url
from sitegen.parse.nodes import Scalar, location
from sitegen.parse.term_fields import TermMeta
from sitegen.parse.undated import Undated, ends_too_early, sealed


def term_text(parts: Undated, meta: TermMeta, problems: list[Problem]) -> Parsed:
    """Return what the file of a term gives, unless there are errors.

    `problems` are those that are known of it already.
    """
    path, config, text = parts.path, parts.config, parts.text
    taxonomy, slug, fault = place_of(parts, config)
    if fault is not None:
        return Parsed(None, None, (*problems, fault))
    place = parts.front_matter.location(path, "name")
    name = meta.title or text.title
    problems += _faults(parts, meta, name)
    slugs = _slugs(path, meta, problems, (name, slug), is_tree=config.taxonomies[taxonomy].tree)
    if any(item.is_error for item in problems):
        return Parsed(None, None, tuple(problems))
    teaser = TermTeaser(
        id=path,
        taxonomy=taxonomy,
        slug=slug,
        url=config.taxonomies[taxonomy].url.format(slug=slug),
        name=name,
        summary=meta.summary,
        image=meta.image,
        lang=meta.lang,
        names=tuple(item.text for item in meta.names),
        slugs=slugs,
        noindex=meta.noindex,
        feeds=meta.feeds,
        role=meta.role,
        same_as=meta.same_as,
        email=meta.email,
        knows_about=meta.knows_about,
        location=meta.location,
        former=meta.former,
        wire=meta.wire,
    )
    stored = sealed(teaser, parts)
    entry = TermEntry(
        teaser=teaser,
        teaser_digest=stored.teaser_digest,
        page_digest=stored.page_digest,
        publish=meta.publish,
        expires=meta.expires,
        draft=meta.draft,
        references=stored.references,
        url_line=place.line,
        pinned=meta.pinned,
        own_keys=meta.own_keys,
        embeds=text.embeds,
        shortcodes=text.shortcodes,
        edition=parts.home.edition,
        version_of=parts.version_of,
    )
    return Parsed(None, None, tuple(problems), stored.record, term=entry)


def place_of(parts: Undated, config: Config) -> tuple[str, str, Problem | None]:
    """Return taxonomy and slug of the term that a file is of, or why it is of none."""
    path = parts.path
    _, _, below = parts.home.path.partition("/")
    taxonomy, is_inside, rest = below.partition("/")
    known = tuple(config.taxonomies)
    where = Location(path, 1, 1)
    if not is_inside:
        message = "the text of a term must be in the folder of its taxonomy"
        return "", "", Problem(message, where, f"move it to terms/author/{below}, for instance")
    if taxonomy not in known:
        message = f'there is no taxonomy "{taxonomy}"'
        hint = did_you_mean(taxonomy, known) or f"the folders of terms/ are {', '.join(known)}"
        return "", "", Problem(message, where, hint)
    slug = tree_url(rest).strip("/")
    if not slug:
        message = "no slug can be made from the names of the file and its folders"
        return "", "", Problem(message, where, "name it as the address of the term ends")
    if "/" in slug and not config.taxonomies[taxonomy].tree:
        message = f'the taxonomy "{taxonomy}" is no tree: its texts are in no further folders'
        hint = f"move it to terms/{taxonomy}/, or set `[taxonomies.{taxonomy}] tree = true`"
        return "", "", Problem(message, where, hint)
    return taxonomy, slug, None


def _faults(parts: Undated, meta: TermMeta, name: str) -> list[Problem]:
    found = []
    if meta.names and not name:
        message = '"names" needs "name": what the term is called'
        hint = "write `name: …`, and its other spellings in `names`"
        found.append(Problem(message, parts.front_matter.location(parts.path, "names"), hint))
    return found + ends_too_early(parts, "text")


def _slugs(
    path: str,
    meta: TermMeta,
    problems: list[Problem],
    own: tuple[str, str],
    *,
    is_tree: bool,
) -> tuple[str, ...]:
    """Return the slugs that lead to the term with `own` name and slug, but for its own slug."""
    name, slug = own
    found: dict[str, None] = {}
    if of_name := slug_of(name, slug, is_tree=is_tree):
        found[of_name] = None
    for item in meta.names:
        if other := slug_of(item.text, slug, is_tree=is_tree):
            found[other] = None
        else:
            problems.append(_without_slug(path, item))
    found.pop(slug, None)
    return tuple(found)


def slug_of(name: str, beside: str, *, is_tree: bool) -> str:
    """Return the slug of a spelling of the term with the slug `beside`; "" if none is left.

    In a tree, a name alone lies where the term lies; `Europe/Norge` says where it lies.
    """
    if not is_tree:
        return slugify(name)
    parts = [slugify(part) for part in name.split("/")]
    if not all(parts):
        return ""
    above = beside.rpartition("/")[0]
    return "/".join([above, *parts] if above and len(parts) == 1 else parts)


def _without_slug(path: str, item: Scalar) -> Problem:
    message = f'"{item.text}" cannot be used in "names": no URL can be made from it'
    return Problem(message, location(path, item), "a name needs at least one letter or digit")
