"""What a page says to machines, as JSON-LD in the words of https://schema.org. Pure.

Each function returns a dictionary in which what is not known is left out. Addresses are full ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sitegen.model import moments
from sitegen.model.documents import Article, PageTeaser
from sitegen.model.moments import Moment

CONTEXT = "https://schema.org"

_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""What could end a script element, or a line of JavaScript: escaped, it is still the same JSON."""


class Link(NamedTuple):
    """A name and its full address."""

    name: str
    url: str


class Person(NamedTuple):
    """An author as pages tell machines of one; the addresses are full ones."""

    name: str
    url: str
    same_as: tuple[str, ...] = ()
    """The addresses of the same elsewhere."""
    role: str = ""
    image: str = ""
    description: str = ""
    email: str = ""
    location: str = ""
    knows_about: tuple[str, ...] = ()
    is_agency: bool = False
    of: str = ""
    """Whom they work for, if not for the paper."""
    wrote: bool = True
    """Whether they wrote the article, and did not contribute something else to it."""


class Picture(NamedTuple):
    """A picture as a page shows it."""

    href: str
    """The link to it."""
    url: str
    """Its full address."""
    width: int = 0
    """In pixels; 0 where it is not known."""
    height: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""

    @property
    def is_vector(self) -> bool:
        """Whether it is SVG, which social networks do not show."""
        return self.href.partition("?")[0].casefold().endswith(".svg")


class Part(NamedTuple):
    """What an article is part of: the series, its full address, and the part's number."""

    name: str
    url: str
    number: int


def modified(article: Article) -> Moment:
    """Return when readers were last told of a change: the date, the update or a correction."""
    teaser = article.teaser
    told = (teaser.date, teaser.updated, *(item.date for item in article.corrections))
    return max(date for date in told if date)


def news_article(
    article: Article,
    url: str,
    picture: Picture | None,
    authors: Iterable[Person],
    publisher: Mapping[str, Any],
    translations: Iterable[str],
    comments: int = 0,
    series: Iterable[Part] = (),
) -> dict[str, Any]:
    """Return an article as a `NewsArticle`.

    `url` is its address, `translations` are those of its versions in other languages, `comments`
    the number of comments that are shown, `series` what it is part of.
    """
    teaser, parts, people = article.teaser, tuple(series), tuple(authors)
    return _known(
        {
            "@type": "NewsArticle",
            "@id": f"{url}#article",
            "url": url,
            "mainEntityOfPage": article.canonical or url,
            "headline": teaser.title,
            "description": teaser.summary,
            "image": [_image(picture)] if picture else None,
            "datePublished": _iso(teaser.date),
            "dateModified": _iso(modified(article)),
            # What nobody signs is the paper's own.
            "author": [_author(person) for person in people if person.wrote]
            or [{key: publisher[key] for key in ("@type", "@id", "name", "url")}],
            "contributor": [_author(person) for person in people if not person.wrote],
            "publisher": publisher,
            "articleSection": teaser.category.name,
            "keywords": [tag.name for tag in teaser.tags],
            "inLanguage": teaser.lang,
            "commentCount": comments,
            "isPartOf": [
                {"@type": "CreativeWorkSeries", "name": part.name, "url": part.url}
                for part in parts
            ],
            "position": parts[0].number if parts else None,
            "workTranslation": [
                {"@type": "NewsArticle", "@id": f"{at}#article"} for at in translations
            ],
            "correction": [
                {
                    "@type": "CorrectionComment",
                    "text": item.text,
                    "datePublished": _iso(item.date),
                }
                for item in article.corrections
            ],
        }
    )


def _author(person: Person) -> dict[str, Any]:
    """Return who wrote an article; their own page says more."""
    same_as = list(person.same_as)
    return _known(
        {
            "@type": "Organization" if person.is_agency else "Person",
            "name": person.name,
            "url": person.url,
            "jobTitle": "" if person.is_agency else person.role,
            "image": person.image,
            "affiliation": {"@type": "Organization", "name": person.of} if person.of else None,
            "sameAs": same_as[0] if len(same_as) == 1 else same_as,
        }
    )


def profile_page(person: Person, publisher: Mapping[str, Any], *, former: bool) -> dict[str, Any]:
    """Return the page of an author as a `ProfilePage`; `former` ones work for the paper no more.

    https://developers.google.com/search/docs/appearance/structured-data/profile-page
    """
    works_for = None if former or person.is_agency else {"@id": publisher["@id"]}
    more = {
        "@id": f"{person.url}#author",
        "description": person.description,
        "email": person.email,
        "knowsAbout": list(person.knows_about),
        "worksFor": works_for,
        "location" if person.is_agency else "workLocation": (
            {"@type": "Place", "name": person.location} if person.location else None
        ),
    }
    return {
        "@type": "ProfilePage",
        "@id": f"{person.url}#page",
        "url": person.url,
        "mainEntity": {**_author(person), **_known(more)},
    }


_PAGES = {"about": "AboutPage", "contact": "ContactPage"}


def web_page(
    teaser: PageTeaser,
    url: str,
    picture: Picture | None,
    publisher: Mapping[str, Any],
    home: str,
    translations: Iterable[str],
) -> dict[str, Any]:
    """Return a standalone page as a `WebPage`, or as what its `kind` makes of that.

    `url` is its address, `home` that of the front page, `translations` are those of its versions in
    other languages.
    """
    kind = _PAGES.get(teaser.kind, "WebPage")
    return _known(
        {
            "@type": kind,
            "@id": f"{url}#page",
            "url": url,
            "name": teaser.title,
            "description": teaser.summary,
            "primaryImageOfPage": _image(picture) if picture else None,
            "dateModified": _iso(teaser.updated) if teaser.updated else None,
            "inLanguage": teaser.lang,
            "isPartOf": {"@type": "WebSite", "@id": f"{home}#website", "url": home},
            # What it is about is the paper.
            "mainEntity": publisher if teaser.kind else None,
            "publisher": None if teaser.kind else publisher,
            "workTranslation": [{"@type": kind, "@id": f"{at}#page"} for at in translations],
        }
    )


def organization(
    name: str,
    url: str,
    *,
    logo: str = "",
    description: str = "",
    same_as: Iterable[str] = (),
    founded: str = "",
    policies: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the paper as a `NewsMediaOrganization`; `policies` are addresses by property."""
    return _known(
        {
            "@type": "NewsMediaOrganization",
            "@id": f"{url}#publisher",
            "name": name,
            "url": url,
            "logo": {"@type": "ImageObject", "url": logo} if logo else None,
            "description": description,
            "sameAs": list(same_as),
            "foundingDate": founded,
            **(policies or {}),
        }
    )


def website(
    name: str, url: str, publisher: Mapping[str, Any], *, language: str, description: str = ""
) -> dict[str, Any]:
    """Return the site as a `WebSite`, of which search engines take its name.

    https://developers.google.com/search/docs/appearance/site-names: on the front page alone.
    """
    return _known(
        {
            "@type": "WebSite",
            "@id": f"{url}#website",
            "name": name,
            "url": url,
            "description": description,
            "inLanguage": language,
            "publisher": {"@id": publisher["@id"]},
        }
    )


def breadcrumbs(trail: Iterable[Link]) -> dict[str, Any]:
    """Return the way to a page, from the front page on, as a `BreadcrumbList`."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": step.name, "item": step.url}
            for place, step in enumerate(trail, 1)
        ],
    }


def script_text(parts: Iterable[Mapping[str, Any]]) -> str:
    """Return the JSON-LD of some things as it can stand in a script element, whatever they say."""
    whole = {"@context": CONTEXT, "@graph": list(parts)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED)


def _image(picture: Picture) -> dict[str, Any]:
    return _known(
        {
            "@type": "ImageObject",
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
            "caption": picture.caption or picture.alt,
            "creditText": picture.credit,
        }
    )


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Return the dictionary without what is empty."""
    return {name: value for name, value in values.items() if value}


def _iso(moment: Moment) -> str:
    return moments.rfc3339(moment)
