"""Entries, sites and their parts made by hand, for tests that need no files."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.data.names import data_name
from sitegen.index.exchange import exchange
from sitegen.index.published import empty_site
from sitegen.index.site import Site
from sitegen.index.words import Catalogues
from sitegen.model import moments
from sitegen.model.data import DataFile
from sitegen.model.documents import (
    AnyEntry,
    Article,
    Correction,
    Entry,
    Image,
    Nav,
    PageEntry,
    PageKind,
    PageTeaser,
    Reference,
    Source,
    StandalonePage,
    Teaser,
    Term,
    TermEntry,
    TermTeaser,
    TermText,
)
from sitegen.model.moments import Moment
from sitegen.model.references import is_external, used_files
from sitegen.model.urls import slugify, tree_url
from sitegen.parse.terms import slug_of

NOON = moments.parse("2024-11-04T12:00Z")
"""The date of an entry that is given none."""

LATER = moments.parse("2100-01-01T00:00Z")
"""The moment at which a site is looked at unless a test says otherwise."""


def term(taxonomy: str, name: str) -> Term:
    """Return a term with the default URL of its taxonomy."""
    slug = slugify(name)
    return Term(name, slug, f"/{taxonomy}/{slug}/")


def entry(  # noqa: PLR0913 - one keyword for each detail that a test may set
    name: str,
    *,
    date: Moment = NOON,
    category: str = "Other",
    tags: Iterable[str] = (),
    authors: Iterable[str] = (),
    url: str = "",
    title: str = "",
    pin: bool = False,
    draft: bool = False,
    publish: Moment | None = None,
    expires: Moment | None = None,
    aliases: Iterable[str] = (),
    related: Iterable[str] = (),
    links: Iterable[str] = (),
    image: str = "",
    updated: Moment | None = None,
    corrected: Iterable[Moment] = (),
    canonical: str = "",
    noindex: bool = False,
    lang: str = "en",
    translation_of: str = "",
) -> Entry:
    """Return the entry of `articles/<name>.md`, at `/a/<name>/` unless `url` says otherwise.

    `links` and `related` are references as they would be written in its file.
    """
    id_ = f"articles/{name}.md"
    teaser = Teaser(
        id=id_,
        url=url or f"/a/{name}/",
        title=title or name,
        date=date,
        updated=updated,
        category=term("category", category),
        tags=tuple(term("tag", tag) for tag in tags),
        authors=tuple(term("author", author) for author in authors),
        summary="",
        image=Image(image) if image else None,
        lang=lang,
        pin=pin,
        noindex=noindex,
        identity=f"tag:example.org,2024:{name}",
    )
    references = tuple(Reference("href", link, 5) for link in links)
    if image and not is_external(image):
        references = (*references, Reference("image", image, 3))
    corrections = tuple(Correction(moment, "It was Ann.") for moment in corrected)
    return Entry(
        teaser=teaser,
        teaser_digest=digest(repr(teaser)),
        article_digest=digest(repr(teaser), repr(corrections), canonical, translation_of, "body"),
        publish=publish or date,
        expires=expires,
        draft=draft,
        aliases=tuple(aliases),
        related=tuple(Reference("related", link, 4) for link in related),
        references=references,
        uses=tuple(sorted(used_files(id_, references))),
        url_line=2,
        corrections=corrections,
        canonical=canonical,
        translation_of=Reference("translation_of", translation_of, 6) if translation_of else None,
    )


def daily(count: int, **details: Any) -> list[Entry]:
    """Return entries `n000`, `n001`, … of consecutive days, oldest first."""
    return [
        entry(f"n{number:03}", date=NOON + timedelta(days=number), **details)
        for number in range(count)
    ]


def source(path: str, content: str = "") -> Source:
    """Return the source of a file with this content."""
    return Source(path, digest(path, content).hex(), len(content))


def catalogues(texts: Mapping[str, str], language: str = "en") -> Catalogues:
    """Return the words of a site that has these in one language."""
    file = "".join(f"{key} = {json.dumps(text)}\n" for key, text in texts.items())
    name = f"locale/{language}.toml"
    return Catalogues({name: source(f"templates/{name}", file)}, lambda _: file.encode())


def site_of(
    entries: Iterable[AnyEntry] = (),
    files: Iterable[str] = (),
    *,
    config: Config | None = None,
    at: Moment = LATER,
    drafts: bool = False,
    texts: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Site:
    """Return the index of entries and of files, which are given by their source paths.

    A whole document of it has its id as its body. `data` are the frozen values of data files.
    """
    known: Mapping[str, AnyEntry] = {entry.teaser.id: entry for entry in entries}
    config = config or Config()
    empty = empty_site(
        config,
        {path: source(path) for path in sorted(files)},
        at=at,
        drafts=drafts,
        catalogues=catalogues(texts or {}),
        load_article=lambda teaser, _digest: Article(teaser, body=teaser.id),
        load_page=lambda teaser, _digest: StandalonePage(teaser, body=teaser.id),
        load_term=lambda teaser, _digest: TermText(teaser, body=teaser.id),
        read=lambda _source: b"",
        data={
            name: DataFile(f"data/{name}.json", digest(repr(value)))
            for name, value in (data or {}).items()
        },
        load_data=lambda file: (data or {})[data_name(file.path)],
    )
    return exchange(empty, known, at, known.get).site


def page_entry(  # noqa: PLR0913 - as above
    name: str,
    *,
    url: str = "",
    title: str = "",
    nav: Nav = "",
    order: int | None = None,
    kind: PageKind = "",
    draft: bool = False,
    publish: Moment | None = None,
    expires: Moment | None = None,
    updated: Moment | None = None,
    aliases: Iterable[str] = (),
    links: Iterable[str] = (),
    template: str = "",
    noindex: bool = False,
    lang: str = "en",
    translation_of: str = "",
    body: str = "body",
) -> PageEntry:
    """Return the entry of the standalone page `pages/<name>.md`, at `/<name>/` if nothing else."""
    id_ = f"pages/{name}.md"
    teaser = PageTeaser(
        id=id_,
        url=url or tree_url(f"{name}.md"),
        title=title or name,
        updated=updated,
        summary="",
        image=None,
        lang=lang,
        kind=kind,
        nav=nav,
        order=order,
        noindex=noindex,
    )
    references = tuple(Reference("href", link, 5) for link in links)
    return PageEntry(
        teaser=teaser,
        teaser_digest=digest(repr(teaser)),
        page_digest=digest(repr(teaser), translation_of, body),
        publish=publish,
        expires=expires,
        draft=draft,
        aliases=tuple(aliases),
        references=references,
        uses=tuple(sorted(used_files(id_, references))),
        url_line=2,
        translation_of=Reference("translation_of", translation_of, 6) if translation_of else None,
        template=Reference("template", template, 7) if template else None,
        place=tree_url(f"{name}.md"),
    )


def term_entry(  # noqa: PLR0913 - as above
    place: str,
    name: str = "",
    *,
    names: Iterable[str] = (),
    role: str = "",
    noindex: bool = False,
    feeds: bool = True,
    draft: bool = False,
    publish: Moment | None = None,
    expires: Moment | None = None,
    pinned: Iterable[str] = (),
    body: str = "body",
) -> TermEntry:
    """Return the entry of the text `terms/<place>.md` of a term; `place` is `author/ann`."""
    id_ = f"terms/{place}.md"
    taxonomy, _, slug = place.partition("/")
    spelt = (slug_of(other, slug, is_tree="/" in slug) for other in (name, *names))
    teaser = TermTeaser(
        id=id_,
        taxonomy=taxonomy,
        slug=slug,
        url=f"/{taxonomy}/{slug}/",
        name=name,
        summary="",
        image=None,
        lang="en",
        names=tuple(names),
        slugs=tuple(dict.fromkeys(other for other in spelt if other and other != slug)),
        noindex=noindex,
        feeds=feeds,
        role=role,
    )
    references = tuple(Reference("pinned", f"/articles/{other}.md", 4) for other in pinned)
    return TermEntry(
        teaser=teaser,
        teaser_digest=digest(repr(teaser)),
        page_digest=digest(repr(teaser), repr(references), body),
        publish=publish,
        expires=expires,
        draft=draft,
        references=(),
        url_line=2,
        pinned=references,
    )


def names(items: Iterable[Entry | Teaser]) -> list[str]:
    """Return the names that entries or teasers were made with."""
    teasers = (item.teaser if isinstance(item, Entry) else item for item in items)
    return [teaser.id.removeprefix("articles/").removesuffix(".md") for teaser in teasers]
