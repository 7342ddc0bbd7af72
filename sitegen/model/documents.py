"""The nouns of a site: frozen values without behaviour, which all other modules pass on.

Identifiers: a document's `id` is the path of its source file, relative to the site folder
(`articles/2024/11/flood.md`). URLs are root-relative, not encoded and without the base path
(`/2024/11/04/flood/`); `urls.Base` turns them into links.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeVar

from sitegen.model.errors import Problem
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.model.moments import Moment

ResponseState = Literal["open", "closed", "hidden"]
"""Whether an article takes responses (open), only shows them (closed) or neither (hidden)."""


Status = Literal["", "draft", "scheduled", "expired"]
"""Why a document is not published, or "" if it is."""

Nav = Literal["", "header", "footer"]
"""The navigation that a standalone page asks to stand in, or "" for none."""

PageKind = Literal["", "about", "contact"]
"""What a standalone page is to search engines, or "" for any other."""


class Source(NamedTuple):
    """A file of the site: where it lies and what it holds."""

    path: str
    """Relative to the site folder, with forward slashes; theme files begin with `theme/`."""
    digest: str
    """BLAKE2b of the bytes, in hexadecimal."""
    size: int
    """In bytes."""


class Term(NamedTuple):
    """A category, tag, author or the like: its name as written, its slug, its list's URL.

    In a tree the slug says where it lies: `Norway` in `Europe` is `europe/norway`.
    """

    name: str
    slug: str
    url: str

    def __reduce__(self) -> tuple[object, tuple[str, str, str]]:
        """Come out of a pickle interned."""
        return _interned_term, (self.name, self.slug, self.url)


class OwnKey(NamedTuple):
    """A key of front matter that means nothing to sitegen: it is there for templates, if at all."""

    name: str
    """As written."""
    table: str = ""
    """The key of ours in whose table it stands, from where no template gets it: `author`, for the
    `photo` of one. "" for a key of `extra`."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        """Come out of a pickle interned."""
        return _interned_own_key, (self.name, self.table)

    def __str__(self) -> str:
        """Return it as messages name it: `photo` of a table `author` is `author.photo`."""
        return f"{self.table}.{self.name}" if self.table else self.name


_Shared = TypeVar("_Shared", Term, OwnKey)
_INTERNED: dict[Any, Any] = {}


def interned(value: _Shared) -> _Shared:
    """Return the one value for all equal ones: a hundred thousand articles have some hundred."""
    found: _Shared = _INTERNED.setdefault(value, value)
    return found


def _interned_term(name: str, slug: str, url: str) -> Term:
    return interned(Term(name, slug, url))


def _interned_own_key(name: str, table: str) -> OwnKey:
    return interned(OwnKey(name, table))


class Image(NamedTuple):
    """The picture that stands for an article. `src` is as written in the front matter."""

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Correction(NamedTuple):
    """A correction that the newsroom owns up to."""

    date: Moment
    text: str


class Heading(NamedTuple):
    """A heading of a body: level 1–6, the fragment that it can be linked by, its plain text."""

    level: int
    id: str
    text: str


class Reference(NamedTuple):
    """A link or image of a body that names something of this site, as written in the source.

    `attribute` is the HTML attribute that holds it (`href`, `src`, …), `line` its line in the
    source file (0 if it could not be found).
    """

    attribute: str
    target: str
    line: int = 0


class ShortcodeArgument(NamedTuple):
    """What a shortcode is given: `src="cat.png"`, `"cat.png"`, or a word such as `wide`."""

    key: str
    """"" for one that is known by its place."""
    value: str
    is_bare: bool = False
    """Whether it stands there without quotes: where it has no key, either, it may be a flag."""

    @property
    def is_word(self) -> bool:
        """Whether it is a word alone, which may be a flag."""
        return self.is_bare and not self.key


class Shortcode(NamedTuple):
    """A shortcode of a body, which its template makes HTML of when the page is rendered."""

    name: str
    arguments: tuple[ShortcodeArgument, ...]
    line: int
    """In the source file, as the column."""
    column: int
    has_inner: bool = False
    """Whether a tag closes it."""
    is_closed: bool = False
    """Whether it says that there is none: `{{< note />}}`."""
    is_inline: bool = False
    """Whether it stands in a line of words."""


class AuthorRole(NamedTuple):
    """What an author did for an article, by the slug of the name that it gives."""

    slug: str
    role: str
    """`photographer`, or any other text; "" for who wrote it."""
    of: str
    """Whom they work for, if not for the paper: `AP`."""


class TermsOf(NamedTuple):
    """The terms of an article in one of the site's own taxonomies, or its series."""

    taxonomy: str
    terms: tuple[Term, ...]
    """Of a tree, each one comes after those that it lies below."""


class Teaser(NamedTuple):
    """What lists show of an article. An edit of the body alone leaves it equal."""

    id: str
    url: str
    title: str
    date: Moment
    """In the site's time zone."""
    updated: Moment | None
    category: Term
    tags: tuple[Term, ...]
    authors: tuple[Term, ...]
    summary: str
    """Plain text: the front matter's, else the first paragraph's."""
    image: Image | None
    lang: str
    pin: bool = False
    noindex: bool = False
    status: Status = ""
    """Not "" only in a preview that was asked to show unpublished articles."""
    identity: str = ""
    """An absolute URI that stays the same whatever becomes of headline, address and file."""
    title_html: str = ""
    """The title as HTML where something in it is emphasised, else ""."""
    terms: tuple[TermsOf, ...] = ()
    """Those of further taxonomies than category, tag and author; none without terms."""
    part: int = 0
    """Which part of its series it is; 0 where it does not say so."""


class Article(NamedTuple):
    """A whole article: its teaser and everything that only its own page shows."""

    teaser: Teaser
    body: str
    """HTML, with a placeholder for each attribute that holds a reference; `prose.resolve` puts
    them in."""
    references: tuple[Reference, ...] = ()
    """The references of the body, by their placeholder's number; the lead image's comes last."""
    toc: tuple[Heading, ...] = ()
    corrections: tuple[Correction, ...] = ()
    canonical: str = ""
    related: tuple[Reference, ...] = ()
    """The editor's own choice, as written."""
    translation_of: Reference | None = None
    comments: ResponseState = "open"
    trackbacks: ResponseState = "open"
    extra: FrozenMap = EMPTY
    author_addresses: FrozenMap = EMPTY
    """The web addresses that its front matter gives for its authors, by their slugs."""
    standfirst: str = ""
    """The summary that its front matter gives, unless the body begins with the same words."""
    author_roles: tuple[AuthorRole, ...] = ()
    """What those of its authors did who have a role, or work for somebody else."""
    shortcodes: tuple[Shortcode, ...] = ()
    """Those of the body, by the numbers in their markers."""


EmbedKind = Literal["frame", "script"]


class Embed(NamedTuple):
    """What a body embeds from another site, so that browsers ask the policy of the page for it."""

    kind: EmbedKind
    origin: str
    """Scheme and host: `https://www.youtube.com`; "" for a script that stands in the body."""


class Entry(NamedTuple):
    """What the index knows of an article file without its body: cheap to hold for all of them."""

    teaser: Teaser
    teaser_digest: bytes
    article_digest: bytes
    publish: Moment
    """When it appears: the front matter's `publish`, else its date."""
    expires: Moment | None
    draft: bool
    aliases: tuple[str, ...]
    related: tuple[Reference, ...]
    references: tuple[Reference, ...]
    """Everything that it names of this site: body, lead image. For assets and broken links."""
    uses: tuple[str, ...] = ()
    """The source paths that the references name."""
    url_line: int = 1
    """The line that decides its URL (slug, else title), for a message about a collision."""
    id_line: int = 0
    """The line of the `id` that its file gives it; 0 if its identity is derived."""
    corrections: tuple[Correction, ...] = ()
    """Those of the article: they are news of it, for feeds and sitemaps."""
    canonical: str = ""
    """That of the article: it is another paper's where this is not empty."""
    comments: ResponseState = "open"
    trackbacks: ResponseState = "open"
    translation_of: Reference | None = None
    """The article that this one is a translation of, as written."""
    own_keys: tuple[OwnKey, ...] = ()
    """The keys of its front matter that mean nothing to sitegen."""
    embeds: tuple[Embed, ...] = ()
    """What its body embeds, each once, in order."""
    shortcodes: tuple[Shortcode, ...] = ()
    edition: str = ""
    """The language of the edition that it belongs to; "" in a site without editions."""
    version_of: str = ""
    """What its versions in other languages have, too: the key that its front matter gives them,
    else its path without what says its language. "" in a site without editions."""

    @property
    def modified(self) -> Moment:
        """When readers were last told of a change: its date, its update or a correction."""
        if self.teaser.updated is None and not self.corrections:
            return self.teaser.date  # as most are
        told = (self.teaser.date, self.teaser.updated, *(item.date for item in self.corrections))
        return max(date for date in told if date)


class PageTeaser(NamedTuple):
    """What others show of a standalone page. An edit of the body alone leaves it equal."""

    id: str
    url: str
    title: str
    updated: Moment | None
    summary: str
    """Plain text: the front matter's, else the first paragraph's."""
    image: Image | None
    lang: str
    kind: PageKind = ""
    nav: Nav = ""
    order: int | None = None
    """Its place among others: the lowest comes first, those without one come last."""
    noindex: bool = False
    status: Status = ""
    """Not "" only in a preview that was asked to show unpublished pages."""
    title_html: str = ""
    """The title as HTML where something in it is emphasised, else ""."""


class StandalonePage(NamedTuple):
    """A whole page that is no article (About, Contact): it has no date, and is on no list."""

    teaser: PageTeaser
    body: str
    """HTML, with placeholders as in an article's."""
    references: tuple[Reference, ...] = ()
    toc: tuple[Heading, ...] = ()
    canonical: str = ""
    translation_of: Reference | None = None
    extra: FrozenMap = EMPTY
    standfirst: str = ""
    """The summary that an editor wrote, unless the text begins with the same words."""
    shortcodes: tuple[Shortcode, ...] = ()


class PageEntry(NamedTuple):
    """What the index knows of the file of a standalone page without its body; see `Entry`."""

    teaser: PageTeaser
    teaser_digest: bytes
    page_digest: bytes
    publish: Moment | None
    """When it appears; None: it always was there."""
    expires: Moment | None
    draft: bool
    aliases: tuple[str, ...]
    references: tuple[Reference, ...]
    uses: tuple[str, ...] = ()
    url_line: int = 1
    """The line that decides its URL, or its title's."""
    canonical: str = ""
    translation_of: Reference | None = None
    template: Reference | None = None
    """The template that it asks for instead of the usual one, as written."""
    own_keys: tuple[OwnKey, ...] = ()
    embeds: tuple[Embed, ...] = ()
    shortcodes: tuple[Shortcode, ...] = ()
    edition: str = ""
    version_of: str = ""
    place: str = ""
    """Its place in the tree: the URL that its file gives it, `/about/ethics/`. Its own front matter
    may give it another address, at which no other page is below it."""


class TermTeaser(NamedTuple):
    """What is known of a term, but for its text: facts that others show. See `PageTeaser`."""

    id: str
    taxonomy: str
    slug: str
    """Of its list, as the path of its file says."""
    url: str
    name: str
    """What it is called everywhere; "": as its articles spell it."""
    summary: str
    """Plain text, of the front matter alone: what others show is left by an edit of the text."""
    image: Image | None
    lang: str
    names: tuple[str, ...] = ()
    """Other spellings, which lead to it."""
    slugs: tuple[str, ...] = ()
    """The slugs of its name and of the other spellings, without its own."""
    noindex: bool = False
    feeds: bool = True
    role: str = ""
    """What an author is: "Court reporter"."""
    same_as: tuple[str, ...] = ()
    """Full addresses of the same elsewhere."""
    email: str = ""
    """"" unless it is to be shown."""
    knows_about: tuple[str, ...] = ()
    location: str = ""
    former: bool = False
    """Whether an author has left."""
    wire: bool = False
    """Whether it is an agency."""
    status: Status = ""
    """Not "" only in a preview that was asked to show unpublished texts."""

    @property
    def title(self) -> str:
        """What lists of documents call it."""
        return self.name or self.slug

    @property
    def updated(self) -> Moment | None:
        """Nobody says when it was updated."""
        return None

    @property
    def title_html(self) -> str:
        """A name is plain text."""
        return ""


class TermText(NamedTuple):
    """All that is said of a term."""

    teaser: TermTeaser
    body: str
    """HTML, with placeholders as in an article's."""
    references: tuple[Reference, ...] = ()
    toc: tuple[Heading, ...] = ()
    extra: FrozenMap = EMPTY
    standfirst: str = ""
    """The summary that an editor wrote, unless the text begins with the same words."""
    shortcodes: tuple[Shortcode, ...] = ()


class TermEntry(NamedTuple):
    """What the index knows of the file of a term without its text; see `Entry`."""

    teaser: TermTeaser
    teaser_digest: bytes
    page_digest: bytes
    publish: Moment | None
    """When it appears; None: it always was there."""
    expires: Moment | None
    draft: bool
    references: tuple[Reference, ...]
    uses: tuple[str, ...] = ()
    url_line: int = 1
    """The line of its name."""
    pinned: tuple[Reference, ...] = ()
    """The articles that come first on its page, as written."""
    own_keys: tuple[OwnKey, ...] = ()
    embeds: tuple[Embed, ...] = ()
    shortcodes: tuple[Shortcode, ...] = ()
    edition: str = ""
    version_of: str = ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The list of a term has one address."""
        return ()

    @property
    def canonical(self) -> str:
        """The list of a term is of this site."""
        return ""

    @property
    def translation_of(self) -> Reference | None:
        """A term has one text."""
        return None


AnyTeaser = Teaser | PageTeaser | TermTeaser

AnyEntry = Entry | PageEntry | TermEntry
"""What the index knows of a document of any kind."""


class Parsed(NamedTuple):
    """What one file gave: an article and its entry, another document's, or problems: why none."""

    entry: Entry | None
    article: Article | None
    problems: tuple[Problem, ...] = ()
    record: bytes = b""
    """The document as it is stored, without its teaser: that is the entry's. The digest of this
    record is the entry's `article_digest` or `page_digest`, and covers the teaser, too."""
    page: PageEntry | None = None
    term: TermEntry | None = None


class Answered(NamedTuple):
    """The comment that another one answers; both are "" if it is not shown any more."""

    id: str
    author: str


class ShownResponse(NamedTuple):
    """A response as pages show it."""

    id: str
    """Unique among the responses to the article: the fragment of its link ends with it."""
    kind: Literal["comment", "trackback", "pingback", "webmention"]
    author: str
    date: Moment
    """In the site's time zone."""
    html: str
    """The text or excerpt, sanitised."""
    url: str = ""
    """The author's own page."""
    source: str = ""
    """The page of another site that names the article."""
    host: str = ""
    """Where that page lives, without a leading `www.`."""
    title: str = ""
    """Of that page."""
    site: str = ""
    """The name of the site that it belongs to."""
    mention: Literal["", "mention", "reply", "like", "repost", "bookmark"] = ""
    lang: str = ""
    staff: bool = False
    """An answer of the newsroom."""
    in_reply_to: str = ""
    answers: Answered | None = None
    """What it answers, where its place in the thread does not say so."""
    replies: tuple[ShownResponse, ...] = ()


class Thread(NamedTuple):
    """The responses to one article that are shown, oldest first."""

    comments: tuple[ShownResponse, ...] = ()
    """Those that answer the article; each holds its replies."""
    trackbacks: tuple[ShownResponse, ...] = ()
    """Trackbacks, pingbacks and webmentions."""
    comment_count: int = 0
    """The number of shown comments, replies among them."""
    trackback_count: int = 0
    """The number of shown trackbacks, pingbacks and webmentions."""


class ResponseFile(NamedTuple):
    """A response as the index knows it."""

    path: str
    digest: bytes
    """Of what pages show of it."""
    instant: int
    """When it came, in microseconds since 1970."""


class ResponsePart(NamedTuple):
    """The files of some responses to an article."""

    members: tuple[ResponseFile, ...] = ()
    digest: bytes = b""
    """Of all of them."""

    @property
    def size(self) -> int:
        """The number of files."""
        return len(self.members)


class ThreadFiles(NamedTuple):
    """What the index knows of the responses to an article without their texts."""

    comments: ResponsePart = ResponsePart()
    trackbacks: ResponsePart = ResponsePart()

    @property
    def digest(self) -> bytes:
        """Of everything that pages show of the responses."""
        return self.comments.digest + self.trackbacks.digest
