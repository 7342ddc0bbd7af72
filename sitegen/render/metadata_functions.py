"""What templates can call for the heads of pages: structured data, cards, versions, pictures.

Documented for theme authors in `docs/templates.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from sitegen.cache.trace import Tracker
from sitegen.model.answers import BylinePart, Credited
from sitegen.model.documents import AnyTeaser, Article, AuthorRole, Term
from sitegen.model.moments import Moment
from sitegen.model.source_folders import document_folder
from sitegen.model.urls import is_path, normal_form, slugify
from sitegen.render import localization, structured_data
from sitegen.render.structured_data import Link, Part, Person, Picture
from sitegen.render.template_functions import TemplateFunctions

_NAMES = "\ufffc"
"""Stands for the names in the words around them."""

POLICIES = {
    "principles": "publishingPrinciples",
    "corrections_policy": "correctionsPolicy",
    "ethics_policy": "ethicsPolicy",
    "diversity_policy": "diversityPolicy",
    "diversity_staffing_report": "diversityStaffingReport",
    "feedback_policy": "actionableFeedbackPolicy",
    "unnamed_sources_policy": "unnamedSourcesPolicy",
    "verification_policy": "verificationFactCheckingPolicy",
    "coverage_priorities": "missionCoveragePrioritiesPolicy",
    "ownership": "ownershipFundingInfo",
    "masthead": "masthead",
}
"""Keys of `[publisher]`, with the properties of schema.org that they give."""


WROTE = frozenset({"", "author", "reporter", "writer"})
"""The roles of who wrote an article; anybody else contributed to it."""


class MetadataFunctions:
    """The functions for heads, asking through one tracker."""

    def __init__(self, tracker: Tracker, questions: TemplateFunctions) -> None:
        self._ask = tracker.ask
        self._questions = questions

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        names = (
            "picture modified language_name card_image twitter news_article web_page profile_page "
            "byline publisher website breadcrumbs json_ld host_file"
        )
        return {name: getattr(self, name) for name in names.split()}

    def picture(self, teaser: AnyTeaser) -> Picture | None:
        """Return the picture of a document with its size, or None if it has none that is there."""
        href = self._questions.image_href(teaser)
        image = teaser.image
        url = self._questions.address(href)
        if href is None or url is None or image is None:
            return None
        width, height = self._questions.pixels(teaser.id, image.src)
        return Picture(href, url, width, height, image.alt, image.caption, image.credit)

    @staticmethod
    def modified(article: Article) -> Moment:
        """Return when readers were last told of a change of the article."""
        return structured_data.modified(article)

    @staticmethod
    def language_name(tag: str) -> str:
        """Return the name of a language in that language: `Deutsch`."""
        return localization.language_name(tag)

    def card_image(self) -> str | None:
        """Return the full address of the picture for pages without one, or None."""
        path = self._publisher("image")
        return self._questions.address(self._questions.asset(path)) if path else None

    def twitter(self) -> str:
        """Return the paper's name at X, with its @, or ""."""
        return str(self._publisher("twitter"))

    def _publisher(self, key: str) -> Any:
        return self._ask("setting", "publisher", key)

    def news_article(self, id_: str) -> dict[str, Any]:
        """Return the article in the words of schema.org."""
        questions = self._questions
        whole = questions.article(id_)
        teaser = whole.teaser
        given = whole.author_addresses
        authors = [
            self._person(term, given)._replace(of=found.of)
            if _wrote(found)
            else self._person(term, given)._replace(role=found.role, of=found.of, wrote=False)
            for term, found in zip(teaser.authors, self._roles(whole), strict=True)
        ]
        versions = self._versions(id_)
        url = questions.absolute(teaser.url)
        publisher = self._organization()
        comments = questions.thread(id_).comment_count
        # Only those that have terms are asked for: most articles are part of nothing.
        series = [
            Part(place.term.name, questions.absolute(place.term.url), place.number)
            for place in (self._ask("series", id_) if teaser.terms else ())
        ]
        return structured_data.news_article(
            whole, url, self.picture(teaser), authors, publisher, versions, comments, series
        )

    def byline(self, id_: str) -> tuple[BylinePart, ...]:
        """Return who made the article, in parts: who wrote it first, then who did something else.

        In the words of the language: `byline.photographer` of its texts. A role without words
        stands behind the name.
        """
        whole = self._questions.article(id_)
        found: dict[str, list[Credited]] = {}
        for term, author in zip(whole.teaser.authors, self._roles(whole), strict=True):
            role = "" if _wrote(author) else author.role
            key = slugify(role)
            has_words = bool(key) and self._ask("text", f"byline.{key}") is not None
            shown = Credited(term, author.of, "" if has_words else role)
            found.setdefault(key if has_words else "", []).append(shown)
        parts = []
        for key, people in sorted(found.items(), key=lambda item: item[0] != ""):
            words = self._questions.text(f"byline.{key}" if key else "by", names=_NAMES)
            before, found_names, after = words.partition(_NAMES)
            if not found_names:  # words that say nothing of the names stand before them
                before += " "
            parts.append(BylinePart(before, tuple(people), after))
        return tuple(parts)

    def _roles(self, whole: Article) -> list[AuthorRole]:
        """Return what each author of an article did, under whatever spelling it names them."""
        given = {item.slug: item for item in whole.author_roles}
        if not given:
            return [AuthorRole(term.slug, "", "") for term in whole.teaser.authors]
        found = []
        for term in whole.teaser.authors:
            known = self._ask("term_teaser", "author", term.slug)
            slugs = (term.slug, *(known.slugs if known else ()))
            nothing = AuthorRole(term.slug, "", "")
            found.append(next((given[slug] for slug in slugs if slug in given), nothing))
        return found

    def profile_page(self, slug: str) -> dict[str, Any]:
        """Return the page of an author of whom something is known in the words of schema.org."""
        term = self._ask("listing", "author", slug, 0).term
        known = self._ask("term_teaser", "author", slug)
        left = known is not None and known.former
        told = self._ask("term_text", "author", slug)
        person = self._person(term, {})._replace(description=told.summary if told else "")
        return structured_data.profile_page(person, self._organization(), former=left)

    def _person(self, term: Term, given: Mapping[str, Any]) -> Person:
        """Return an author with what is known of them; an article has `given` their addresses.

        These are by the slugs of the names that it calls them by.
        """
        questions = self._questions
        url = questions.absolute(term.url)
        known = self._ask("term_teaser", "author", term.slug)
        slugs = (term.slug, *(known.slugs if known else ()))
        own = [str(given[slug]) for slug in slugs if slug in given]
        if known is None:
            return Person(term.name, url, tuple(own))
        picture = self.picture(known)
        return Person(
            term.name,
            url,
            tuple(dict.fromkeys((*own, *known.same_as))),
            known.role,
            picture.url if picture else "",
            email=known.email,
            location=known.location,
            knows_about=known.knows_about,
            is_agency=known.wire,
        )

    def web_page(self, id_: str) -> dict[str, Any]:
        """Return a standalone page in the words of schema.org."""
        questions = self._questions
        teaser = questions.standalone_page(id_).teaser
        return structured_data.web_page(
            teaser,
            questions.absolute(teaser.url),
            self.picture(teaser),
            self._organization(),
            questions.absolute("/"),
            self._versions(id_),
        )

    def _versions(self, id_: str) -> list[str]:
        """Return the addresses of a document's versions in other languages."""
        found = self._questions.translations(id_)
        return [self._questions.absolute(other.url) for other in found if other.id != id_]

    def publisher(self) -> dict[str, Any]:
        """Return the paper in the words of schema.org, with all that is known of it."""
        policies = {
            name: address
            for key, name in POLICIES.items()
            if (address := self._address_of(self._publisher(key)))
        }
        return self._organization(
            description=self._ask("setting", "description"),
            same_as=self._publisher("same_as"),
            founded=self._publisher("founded"),
            policies=policies,
        )

    def website(self) -> dict[str, Any]:
        """Return the site in the words of schema.org, for the front page."""
        return structured_data.website(
            self._ask("setting", "title"),
            self._questions.absolute("/"),
            self._organization(),
            language=self._ask("setting", "language"),
            description=self._ask("setting", "description"),
        )

    def _address_of(self, written: str) -> str | None:
        """Return the full address of what a setting names: a document, a URL, or an address.

        None for a document that is not published.
        """
        if document_folder(written):
            url = self._ask("link", normal_form(written))
            return url and self._questions.absolute(url)
        href = self._questions.href(written) if is_path(written) else written
        return self._questions.address(href)

    def _organization(self, **more: Any) -> dict[str, Any]:
        questions = self._questions
        name = self._publisher("name") or self._ask("setting", "title")
        logo = self._publisher("logo")
        address = (questions.address(questions.asset(logo)) if logo else None) or ""
        return structured_data.organization(name, questions.absolute("/"), logo=address, **more)

    def breadcrumbs(self, trail: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Return the way to a page, given as pairs of name and URL, in the words of schema.org."""
        links = [Link(name, self._questions.absolute(url)) for name, url in trail]
        return structured_data.breadcrumbs(links)

    def host_file(self, path: str) -> Markup:
        """Return the text of a file that the host reads, by its path in the output folder."""
        return Markup(self._ask("host_file", path))  # noqa: S704 - it is no HTML

    @staticmethod
    def json_ld(*parts: Mapping[str, Any]) -> Markup:
        """Return the element that says all this to machines, whatever stands in it."""
        # Escaped by `script_text`, as the content of a script element has to be.
        text = structured_data.script_text(parts)
        return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704


def _wrote(author: AuthorRole) -> bool:
    """Whether an author wrote the article, and did not contribute something else to it."""
    return author.role.casefold() in WROTE
