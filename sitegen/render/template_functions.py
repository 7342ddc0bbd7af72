"""What templates can call: the functions that are questions, and those made of questions alone.

Documented for theme authors in `docs/templates.md`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any, cast
from urllib.parse import urljoin

from markupsafe import Markup

from sitegen.cache.trace import Tracker
from sitegen.index.feeds import CORRECTIONS, SITE, feed_url, rfc822
from sitegen.index.lists import at_home
from sitegen.index.pages import is_page
from sitegen.model import moments
from sitegen.model.answers import FeedLink
from sitegen.model.documents import (
    AnyTeaser,
    Article,
    Reference,
    StandalonePage,
    Teaser,
    TermTeaser,
    TermText,
)
from sitegen.model.languages import base_language
from sitegen.model.moments import Moment
from sitegen.model.references import is_external, link_to, resolve_target
from sitegen.model.urls import Base
from sitegen.queries.own_keys import LazyDocument
from sitegen.render import localization
from sitegen.render.filters import no_json, plain_table
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import noun
from sitegen.render.printing import filled
from sitegen.render.question_functions import UnanswerableError, check_taxonomy, question_functions
from sitegen.render.settings import Settings
from sitegen.render.shortcodes import Origin, ShortcodeExpansion
from sitegen.render.undefined import require_defined

RECORDINGS = frozenset({"audio", "video"})
"""The shortcodes that show a file to be heard or seen: its name is their `src`."""


class TemplateFunctions:
    """The functions of the template API, asking through one tracker."""

    def __init__(self, tracker: Tracker, expansion: ShortcodeExpansion) -> None:
        self._tracker = tracker
        self.expansion = expansion
        self.own: str | None = None
        """The id of the document whose page is rendered, "" for any other output; None where it is
        not known."""
        self._ask = tracker.ask
        self._questions = question_functions(tracker)
        self.article: Callable[[str], Article] = self._questions["article"]
        self.standalone_page: Callable[[str], StandalonePage] = self._questions["standalone_page"]
        self.term_text: Callable[[str, str], TermText] = self._questions["term_text"]
        self.thread: Callable[[str], Any] = self._questions["thread"]
        self.translations: Callable[[str], Any] = self._questions["translations"]
        self._base_record: object = None
        self._cached_base = _base("")
        self._home = "/"

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        names = (
            "body headline image_href asset text href absolute stamp long_date medium_date "
            "clock_time month_name day_name iso feeds full_text enclosure recordings address "
            "rfc822 json"
        )
        made = {name: getattr(self, name) for name in names.split()}
        made |= {name: self._noting(name) for name in ("article", "standalone_page", "term_text")}
        return {**self._questions, **made, "site": Settings(self._ask)}

    def _noting(self, name: str) -> Callable[..., Any]:
        """Return the question for a document, whose answer asks for each own key that is read."""
        ask, document = self._ask, self._questions[name]

        @wraps(document)
        def asked(*arguments: Any, **named: Any) -> Any:
            found = document(*arguments, **named)
            return None if found is None else found.asking(ask)

        return asked

    # Articles

    def body(self, document: Article | StandalonePage | TermText | str) -> Markup:
        """Return the body of an article, page or term, or of the one with this id, as HTML."""
        from sitegen.markdown.prose import resolve  # noqa: PLC0415 - not needed to compare

        whole: Article | StandalonePage | TermText
        teaser = None if isinstance(document, str) else document.teaser
        if isinstance(teaser, TermTeaser):
            whole = self.term_text(teaser.taxonomy, teaser.slug)
        else:
            id_ = teaser.id if teaser else str(document)
            whole = self.standalone_page(id_) if is_page(id_) else self.article(id_)
        html = resolve(whole.body, self._attributes(whole, ""))
        # A document's HTML is its writer's: checked or sanitised when it was parsed.
        html = self._with_shortcodes(html, whole, "")
        return Markup(self._with_alert_titles(html, whole.teaser))  # noqa: S704

    def full_text(self, article: Article | str) -> Markup:
        """Return the body of an article for a reader elsewhere: every link with its host."""
        from sitegen.markdown.prose import resolve_for_feeds  # noqa: PLC0415 - not needed to compare

        whole = self.article(article if isinstance(article, str) else article.teaser.id)
        page = self._base().absolute(whole.teaser.url)
        attributes = self._attributes(whole, page)
        address = str(Markup.escape(page))
        html = resolve_for_feeds(whole.body, attributes, address)
        html = self._with_shortcodes(html, whole, address)
        return Markup(self._with_alert_titles(html, whole.teaser))  # noqa: S704 - as above

    def _with_alert_titles(self, html: str, teaser: AnyTeaser) -> str:
        """Return a body whose alerts have headings, in the words of its language."""
        if "alert-title" not in html:
            return html
        from sitegen.html.github import with_alert_titles  # noqa: PLC0415 - few texts have any

        def word(kind: str) -> str:
            return self._ask("text_in", teaser.lang, f"alert.{kind}") or kind.capitalize()

        return with_alert_titles(html, word)

    def _with_shortcodes(
        self, html: str, document: Article | StandalonePage | TermText, page: str
    ) -> str:
        """Return `html`, the body of a document, with what its shortcodes show.

        `page` is that of `Origin`.
        """
        if not document.shortcodes:
            return html
        id_ = document.teaser.id
        if self.expansion.is_within(id_):
            raise TemplateMistakeError(f"the text of {id_} is asked for within itself")
        shown = cast("LazyDocument[Any]", document).asking(self._ask)
        is_own = not page and (self.own in (id_, None) or isinstance(shown.teaser, TermTeaser))
        origin = Origin(id_, document.shortcodes, shown, page, is_own=is_own)
        return self.expansion.expanded(html, origin)

    def _attributes(self, article: Article | StandalonePage | TermText, page: str) -> list[str]:
        """Return the attributes of a document's references.

        `page` is the full address of its page, from which they are full addresses, too; "" for
        those on the page itself.
        """
        return self.attributes_of(article.teaser.id, article.body, article.references, page)

    def attributes_of(
        self, id_: str, html: str, references: Sequence[Reference], page: str
    ) -> list[str]:
        """Return the attributes of what `html`, written in the file `id_`, names."""
        from sitegen.html.finishing import pictures_without_size  # noqa: PLC0415 - as above

        attributes = []
        unsized = pictures_without_size(html) if references else frozenset()
        for number, reference in enumerate(references):
            href = self.reference(id_, reference.target)
            if href is None and reference.attribute != "href":
                href = reference.target
            if href and page:
                href = self.address(urljoin(page, href))
            value = "" if href is None else f' {reference.attribute}="{Markup.escape(href)}"'
            if number in unsized:
                width, height = self.pixels(id_, reference.target)
                value += f' width="{width}" height="{height}"' if width else ""
            attributes.append(value)
        return attributes

    @staticmethod
    def headline(teaser: AnyTeaser) -> Markup:
        """Return the title of a document with what is emphasised in it."""
        if teaser.title_html:
            return Markup(teaser.title_html)  # noqa: S704 - escaped when it was parsed
        return Markup.escape(teaser.title)

    def pixels(self, id_: str, source: str) -> tuple[int, int]:
        """Return width and height of a picture as the document `id_` names it; else (0, 0)."""
        target = None if is_external(source) else resolve_target(id_, source)
        if target is None:
            return (0, 0)
        size = self._ask("picture", target.path or f"static{target.url}")
        return size.pixels if size else (0, 0)

    def image_href(self, teaser: AnyTeaser) -> str | None:
        """Return the link to the picture of a document, or None if it has none that is there."""
        return self.reference(teaser.id, teaser.image.src) if teaser.image else None

    def reference(self, id_: str, target: str) -> str | None:
        """Return the link to what a document names, or None where that leads nowhere."""
        return link_to(id_, target, self._base(), self._url_of)

    def _url_of(self, path: str) -> str | None:
        return self._ask("link", path)  # type: ignore[no-any-return]  # answers are untyped

    # Feeds

    def feeds(self, taxonomy: str = SITE, url: str = "/") -> tuple[FeedLink, ...]:
        """Return where the feeds of the page at `url` are: the front page, or a list's first."""
        url = self._of_edition(f"/{CORRECTIONS}/" if taxonomy == CORRECTIONS else url)
        try:
            formats = self._ask("feed_formats", taxonomy)
        except (LookupError, TypeError):
            known = (SITE, CORRECTIONS, *self._ask("setting", "taxonomies"))
            check_taxonomy(taxonomy, known)
            raise
        return tuple(FeedLink(feed_url(url, item.file), item.type, item.name) for item in formats)

    def enclosure(self, teaser: Teaser) -> Any:
        """Return link, size and type of an article's picture, or None if it is not of this site."""
        return self._enclosed(teaser.id, teaser.image.src) if teaser.image else None

    def recordings(self, article: Article | str) -> tuple[Any, ...]:
        """Return link, size and type of each film and recording of this site in an article.

        Those that it shows by the shortcodes for them.
        """
        whole = self.article(article) if isinstance(article, str) else article
        named = (
            item.value
            for shortcode in whole.shortcodes
            if shortcode.name in RECORDINGS
            for item in shortcode.arguments
            if item.key == "src"
        )
        found = (self._enclosed(whole.teaser.id, source) for source in named)
        return tuple(filter(None, found))

    def _enclosed(self, id_: str, source: str) -> Any:
        """Return link, size and type of a file that a document names, None for one elsewhere."""
        found = None if is_external(source) else resolve_target(id_, source)
        if found is None:
            return None
        file = self._ask("enclosure", found.path or f"static{found.url}")
        return file and file._replace(url=self._base().file_href(file.url))

    # Links and texts

    def asset(self, path: str) -> str:
        """Return the link to a file of `static/` under a name that holds its fingerprint."""
        url = self._ask("asset", path)
        if url is None:
            message = f'there is no file "{path}" in static/'
            raise UnanswerableError(message, name=path)
        return self._base().file_href(url)

    def _base(self) -> Base:
        # Links are what a page has most of: it is enough that each notes the question once.
        if self._base_record is not self._tracker.record:
            self._cached_base = _base(self._ask("setting", "base_url"))
            self._home = self._ask("setting", "home") if self._tracker.edition else "/"
            self._base_record = self._tracker.record
        return self._cached_base

    def href(self, url: str) -> str:
        """Return the link to a URL of the site: with the base path, percent-encoded."""
        return self._base().href(self._of_edition(url))

    def absolute(self, url: str) -> str:
        """Return the full address of a URL of the site."""
        return self._base().absolute(self._of_edition(url))

    def link(self, url: str) -> str:
        """Return the link to a URL of whatever edition."""
        return self._base().href(url)

    def whole_link(self, url: str) -> str:
        """Return the full address of a URL of whatever edition."""
        return self._base().absolute(url)

    def _of_edition(self, url: str) -> str:
        """Return the address of a page that each edition has, in the edition of this page."""
        self._base()
        return at_home(url, self._home) if self._home != "/" else url

    def address(self, href: str | None) -> str | None:
        """Return the whole address of a link as `href` and others give it, None for no such."""
        return self._base().whole(href) if href else None

    def text(self, key: str, **values: Any) -> str:
        """Return a text of the user interface, with `values` put in.

        With `count=` the form of the key that the language uses for that number, and the number
        as the language writes it. With HTML among the values, the text is HTML, too.
        """
        found = None
        if "count" in values:
            if not isinstance(values["count"], (int, float)):
                message = f'"count" of text() must be a number, not {noun(values["count"]).name}'
                raise UnanswerableError(message, name="count")
            language, count = self._language(), values["count"]
            for nearest, forms in self._ask("plural_forms", key):
                form = localization.plural_form(_asked_for(nearest, language), count)
                found = forms.get(form) or forms.get("other")
                if found is not None:
                    break
            if count >= 1000:  # noqa: PLR2004 - below it no language parts the digits
                values["count"] = localization.counted_number(language, count)
        found = found or self._ask("text", key)
        if found is None:
            message = f'there is no text "{key}" for the language "{self._language()}"'
            hint = "add it to templates/locale/<language>.toml"
            raise UnanswerableError(message, hint, name=key)
        if any(isinstance(value, Markup) for value in values.values()):
            found = Markup.escape(found)
        return filled(found, **values) if values else found

    def _language(self) -> str:
        return self._ask("setting", "language")  # type: ignore[no-any-return]  # answers are untyped

    # Dates

    def stamp(self, moment: Moment) -> str:
        """Return the time stamp at the foot of an article: `4/11 21:54`."""
        return self._date(moment, "stamp")

    def long_date(self, moment: Moment) -> str:
        """Return the date in full: `Monday, 4 November 2024`."""
        return self._date(moment, "long")

    def medium_date(self, moment: Moment) -> str:
        """Return the date as it stands beside teasers: `4 Nov 2024`."""
        return self._date(moment, "medium")

    def clock_time(self, moment: Moment) -> str:
        """Return the time of day: `21:54`."""
        return self._date(moment, "time")

    def _date(self, moment: Moment, style: str) -> str:
        pattern = self._ask("setting", "dates", style)
        return localization.formatted(_checked(moment), pattern, self._language())

    def month_name(self, year: int, month: int) -> str:
        """Return the name of a month: `November 2024`."""
        return localization.month(year, month, self._language())

    def day_name(self, year: int, month: int, day: int) -> str:
        """Return the name of a day: `4 November 2024`."""
        return localization.day(year, month, day, self._language())

    @staticmethod
    def rfc822(moment: Moment) -> str:
        """Return the moment as RSS writes it: `Mon, 04 Nov 2024 21:54:00 +0000`."""
        return rfc822(_checked(moment))

    @staticmethod
    def json(value: Any) -> Markup:
        """Return a value as JSON, to be the content of a JSON file: letters as they are.

        In a page of HTML it is Jinja's own `tojson` that is needed.
        """
        try:
            text = json.dumps(value, ensure_ascii=False, default=plain_table)
        except (TypeError, ValueError):
            raise no_json(value) from None
        return Markup(text)  # noqa: S704 - not for HTML

    @staticmethod
    def iso(moment: Moment) -> str:
        """Return the moment for a `datetime` attribute: `2024-11-04T21:54:00+00:00`."""
        return moments.rfc3339(_checked(moment))


def _checked(value: Any) -> Moment:
    """Return what a function that prints moments was given, if it is one."""
    if isinstance(value, Moment):
        return value
    require_defined(value)
    raise UnanswerableError(f"{noun(value).name} is not a moment")


def _asked_for(nearest: str, language: str) -> str:
    """Return whose rules of numbers count for words: the region's own, where words are of it."""
    return language if base_language(nearest) == base_language(language) else nearest


@lru_cache(maxsize=8)
def _base(base_url: str) -> Base:
    return Base.parse(base_url)
