"""What pages and texts of terms have in common when they are put together: they have no date."""

from __future__ import annotations

from typing import NamedTuple

from sitegen.cache.records import record_digest, seal
from sitegen.cache.tables import ARTICLES
from sitegen.cache.trace import fingerprint
from sitegen.config.settings import Config
from sitegen.markdown.prose import Prose
from sitegen.model import moments
from sitegen.model.documents import Article, PageTeaser, Reference, TermTeaser
from sitegen.model.errors import Problem
from sitegen.model.references import is_external
from sitegen.parse.editions import Belonging
from sitegen.parse.front_matter import FrontMatter
from sitegen.parse.page_fields import PageMeta
from sitegen.parse.term_fields import TermMeta


class Undated(NamedTuple):
    """What is known of the file of a page or term before it is put together."""

    path: str
    config: Config
    """That of its edition."""
    home: Belonging
    front_matter: FrontMatter
    meta: PageMeta | TermMeta
    text: Prose
    standfirst: str

    @property
    def version_of(self) -> str:
        """What its versions in other languages have, too; "" in a site without editions."""
        key = self.meta.translation_key if isinstance(self.meta, PageMeta) else ""
        return self.home.edition and (key or self.home.path)


class Sealed(NamedTuple):
    """A document as it is stored, with the digests that stand for it."""

    teaser_digest: bytes
    page_digest: bytes
    references: tuple[Reference, ...]
    record: bytes


def sealed(teaser: PageTeaser | TermTeaser, parts: Undated) -> Sealed:
    """Return a document as it is stored: as an article with few fields."""
    meta, text = parts.meta, parts.text
    references = text.references
    if meta.image and not is_external(meta.image.src):
        references = (*references, Reference("image", meta.image.src, meta.image_line))
    mark = fingerprint(teaser)
    stored = Article(
        teaser,  # type: ignore[arg-type]  # which is not stored
        text.html,
        references,
        text.toc,
        extra=meta.extra,
        standfirst=parts.standfirst,
        shortcodes=text.shortcodes,
    )
    if isinstance(meta, PageMeta):
        stored = stored._replace(canonical=meta.canonical, translation_of=meta.translation_of)
    else:
        stored = stored._replace(related=meta.pinned)
    record = seal(ARTICLES, (mark, *stored[1:]))
    return Sealed(mark, record_digest(record), references, record)


def ends_too_early(parts: Undated, noun: str) -> list[Problem]:
    """Return a problem for a document, called `noun`, that expires before it appears."""
    meta = parts.meta
    if meta.expires and meta.publish and meta.expires <= meta.publish:
        message = '"expires" must be later than the publication'
        hint = f"the {noun} is published at {moments.written(meta.publish)}"
        return [Problem(message, parts.front_matter.location(parts.path, "expires"), hint)]
    return []
