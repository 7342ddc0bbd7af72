"""The keys of the configuration, as frozen dataclasses: the one list of what can be set.

Their types are checked, their `doc` texts are the documentation (`docs/configuration.md` is held
against them by a test). What is read and checked is `config`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sitegen.model.frozen import EMPTY, FrozenMap


def key_name(field_name: str) -> str:
    """Return the key of a field: `from` is a word of Python's, and its field is `from_`."""
    return field_name.rstrip("_")


def key(default: Any, doc: str) -> Any:
    """Declare a configuration key with its default and the sentence that documents it."""
    return field(default=default, metadata={"doc": doc})


def derived(default: Any) -> Any:
    """Declare a field that is worked out from keys: nobody can write it."""
    return field(default=default, metadata={"derived": True})


@dataclass(frozen=True, slots=True)
class Urls:
    """`[urls]`: what addresses look like."""

    article: str = key(
        "/{year}/{month}/{day}/{slug}/",
        "Pattern of article addresses, from `{year}`, `{month}`, `{day}`, `{slug}`, `{category}`.",
    )
    category: str = key("/category/{slug}/", "Pattern of category lists.")
    tag: str = key("/tag/{slug}/", "Pattern of tag lists.")
    author: str = key("/author/{slug}/", "Pattern of author lists.")


@dataclass(frozen=True, slots=True)
class Dates:
    """`[dates]`: how dates are written, as CLDR patterns or `full`, `long`, `medium`, `short`."""

    stamp: str = key("d/M HH:mm", "The time stamp at the foot of an article.")
    long: str = key("full", "Dates in full: masthead, day archives.")
    medium: str = key("medium", "Dates beside teasers.")
    time: str = key("HH:mm", "Times of day.")


@dataclass(frozen=True, slots=True)
class Lists:
    """`[lists]`: how much stands on list pages."""

    per_page: int = key(20, "Articles on one page of a category, tag or author.")
    related: int = key(4, "Related articles below an article.")


@dataclass(frozen=True, slots=True)
class Front:
    """`[front]`: how much stands on the front page."""

    seconds: int = key(4, "Articles beside the lead story.")
    newest: int = key(8, "Articles in the list of the newest.")
    per_section: int = key(4, "Articles in each category's section.")


@dataclass(frozen=True, slots=True)
class MarkdownConfig:
    """`[markdown]`: how bodies become HTML."""

    engine: Literal["python-markdown", "commonmark"] = key(
        "python-markdown",
        "The dialect. `commonmark` is compiled and fast (needs the extra "
        "`sitegen-news[commonmark]`).",
    )
    lists: Literal["commonmark", "classic"] = key(
        "commonmark",
        "How Python-Markdown reads lists and fenced code: as CommonMark does, or as it does by "
        "itself, with blank lines before lists and four spaces before what is in them.",
    )
    github: bool = key(
        default=True,
        doc="What GitHub adds to Markdown: `~~struck~~`, tasks (`- [ ] a`), links of bare "
        "addresses, alerts (`> [!NOTE]`).",
    )
    math: Literal["off", "tex", "mathml"] = key(
        "off",
        "What becomes of formulas (`$x^2$`, `$$x^2$$`): nothing, TeX for a script of yours, or "
        "MathML, which browsers show by themselves (needs the extra `sitegen-news[math]`).",
    )
    raw_html: Literal["allow", "sanitize"] = key(
        "allow", "`sanitize` passes the HTML of bodies through nh3, for writers you do not know."
    )
    toc_depth: int = key(3, "Deepest heading level in an article's table of contents.")
    extensions: FrozenMap = key(
        EMPTY,
        "More Python-Markdown extensions by name, each with a table of its options; "
        "`false` instead of a table turns one of the default set off.",
    )


@dataclass(frozen=True, slots=True)
class Links:
    """`[links]`: links between articles and files."""

    broken: Literal["warn", "error"] = key(
        "warn", "What a link in an article that leads nowhere is: a warning, or an error."
    )


@dataclass(frozen=True, slots=True)
class FrontMatterConfig:
    """`[front_matter]`: the front matter of article files."""

    unknown: Literal["warn", "error"] = key(
        "warn", "What a key that looks like a misspelling is; `error` makes every unknown key one."
    )
    dialect: Literal["", "hugo", "jekyll", "pelican", "zola", "astro"] = key(
        "", "A preset of names for an archive written for another generator."
    )
    author_text: Literal["comma", "whole"] = key(
        "comma",
        "How a text under `author` is read: with commas between names, or as one name "
        "(`Ann Lee, Site Engineer`). Semicolons always divide names, and a list is a list.",
    )
    rich_titles: bool = key(
        default=False,
        doc="Whether `*emphasis*`, `<em>`, `<i>`, `<sub>` and `<sup>` in a title are shown as "
        "such; where there is only text, their words stay.",
    )
    unshown: tuple[str, ...] = key(
        (),
        "Keys that no page has to show: a build does not tell of them (`layout`, `author.photo`).",
    )
    names: FrozenMap = key(
        EMPTY, 'A foreign archive\'s keys and ours: `published = "date"`. Goes before the dialect.'
    )


@dataclass(frozen=True, slots=True)
class Feeds:
    """`[feeds]`: what feed readers get. Without a `base_url` there are no feeds."""

    formats: tuple[str, ...] = key(
        ("atom", "rss", "json"), "Formats of the feeds of the whole site, and of corrections."
    )
    categories: tuple[str, ...] = key(
        ("atom", "rss", "json"), "Formats of the feed of each category."
    )
    tags: tuple[str, ...] = key(("atom",), "Formats of the feed of each tag.")
    authors: tuple[str, ...] = key(("atom",), "Formats of the feed of each author.")
    items: int = key(20, "Articles in a feed: the newest.")
    content: Literal["full", "summary"] = key(
        "full", "Whether the feed of the site holds whole articles, or their summaries."
    )
    list_content: Literal["full", "summary"] = key(
        "summary", "The same for the feeds of categories, tags and authors."
    )
    hubs: tuple[str, ...] = key(
        (), "WebSub hubs, which tell readers of news: `https://hub.example.org/`."
    )
    rights: str = key("", "Who has which rights in the articles: `© The Eldermouth Packet`.")

    authority: str = key(
        "",
        "What the ids of articles begin with that bring none of their own: a host that is or was "
        "yours. Empty: the host of `base_url`. Write it down before you move to another host.",
    )


Level = Literal["error", "warning", "off"]


@dataclass(frozen=True, slots=True)
class Check:
    """`[check]`: what `sitegen check` makes of what it finds, and its limits."""

    broken_link: Level = key("error", "A link or file that a page names and that is not there.")
    broken_image: Level = key("error", "A picture that a page shows and that is not there.")
    broken_fragment: Level = key("error", "A link to a part of a page (`#levels`) that has none.")
    redirected_link: Level = key("warning", "A link to a former address of a page of ours.")
    outside_base: Level = key("error", "A link to our own host, but not below the base path.")
    missing_alt: Level = key("warning", "A picture without alternative text.")
    missing_summary: Level = key("warning", "An article without a summary of its own.")
    missing_category: Level = key("warning", "An article that names no category.")
    byline: Level = key(
        "warning", "A text under `author` that is read as several people, and seems to name one."
    )
    empty_body: Level = key("warning", "An article without a text.")
    unshown_key: Level = key("warning", "A key of front matter that no page shows.")
    merged_terms: Level = key(
        "warning", "Different words that share a list, since they give one address: `3.1`, `3 1`."
    )
    unused_term: Level = key("warning", "A text in `terms/` for a term that no article has.")
    duplicate_title: Level = key("warning", "Two articles with the same headline.")
    orphaned_image: Level = key(
        "warning", "A picture in `articles/` or `static/` that nothing shows."
    )
    oversized_image: Level = key("warning", "A picture beyond the two limits below.")
    invalid_feed: Level = key("error", "A feed or sitemap that is not as its format wants it.")
    case_conflict: Level = key("error", "Addresses that differ only in case.")
    news_identity: Level = key(
        "warning", "A front page from which Google News cannot tell the paper's name or icon."
    )
    duplicate_id: Level = key("warning", "An id that is used twice on a page.")
    blocked_frame: Level = key(
        "warning", "A frame of another site, which the Content-Security-Policy does not allow."
    )
    nesting: Level = key("warning", "HTML tags that are crossed, left open or left over.")
    external_link: Level = key("error", "A link to another site that does not answer.")
    external_redirect: Level = key("warning", "A link to another site that has moved permanently.")
    host_limit: Level = key("error", "What the host named by `--host` refuses.")
    host_advice: Level = key("warning", "What that host does differently from others.")
    security_txt: Level = key(
        "warning", "A `security.txt` that expires within 30 days, or is not as RFC 9116 wants it."
    )
    secret: Level = key(
        "error", "What looks like a private key, a password or a token in any file of the output."
    )
    image_bytes: int = key(1_000_000, "The most bytes of a picture.")
    image_pixels: int = key(4096, "The most pixels of a picture's longer side.")
    skip: tuple[str, ...] = key(
        (), "Addresses that are never checked, as patterns: `https://example.org/*`, `/shop/*`."
    )
    external_most: int = key(2000, "The most addresses that a run of `--external` asks for.")
    external_seconds: int = key(10, "How long an answer of another site may take, in seconds.")
    external_retries: int = key(2, "How often an address is asked for again.")
    external_pause: int = key(
        500, "Milliseconds between two requests to one host, which never has two at once."
    )
    external_days: int = key(7, "How long a good answer is remembered, in days.")
    external_private: bool = key(
        default=False, doc="Ask addresses of private networks, too; readers cannot reach them."
    )


@dataclass(frozen=True, slots=True)
class Publisher:
    """`[publisher]`: who stands behind the paper, for search engines and social networks."""

    name: str = key("", "The publisher's name, if that is not the paper's title.")
    logo: str = key("", "The logo: a file of `static/`, by its path below that.")
    image: str = key("", "The picture of pages that have none, in social networks: the same way.")
    twitter: str = key("", "The paper's name at X: `@packet`.")
    same_as: tuple[str, ...] = key((), "Full addresses of the paper elsewhere: social networks.")
    founded: str = key("", 'When the paper was founded: `"1871"`, or a day, `"1871-05-02"`.')
    principles: str = key(
        "",
        "Page about how the paper works. As all keys below: its file (`pages/about/ethics.md`), "
        "its URL (`/about/ethics/`), or a full address.",
    )
    corrections_policy: str = key("", "Page about how mistakes are corrected.")
    ethics_policy: str = key("", "Page about the paper's ethics.")
    diversity_policy: str = key("", "Page about diversity, in the newsroom and in its sources.")
    diversity_staffing_report: str = key("", "Page that reports on the diversity of the newsroom.")
    feedback_policy: str = key("", "Page about how readers are heard, and what comes of it.")
    unnamed_sources_policy: str = key("", "Page about when sources are not named.")
    verification_policy: str = key("", "Page about how facts are checked.")
    coverage_priorities: str = key("", "Page about the paper's mission, and what it reports on.")
    ownership: str = key("", "Page about who owns and who funds the paper.")
    masthead: str = key("", "Page about who makes the paper.")


POLICIES = (
    "principles", "corrections_policy", "ethics_policy", "diversity_policy",
    "diversity_staffing_report", "feedback_policy", "unnamed_sources_policy",
    "verification_policy", "coverage_priorities", "ownership", "masthead",
)  # fmt: skip
"""The keys of `[publisher]` that name pages."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """`[hosting]`: files with redirects and headers, which the host reads."""

    host: Literal[
        "",
        "cloudflare-pages",
        "netlify",
        "github-pages",
        "gitlab-pages",
        "vercel",
        "s3",
        "apache",
        "nginx",
    ] = key("", "Where the site lives: its files for redirects and headers are written, too.")
    content_security_policy: str = key(
        "", "Instead of the policy that the theme's pages pass; `none` sends none."
    )
    frames: tuple[str, ...] = key(
        (), 'Whose frames pages may show: `["https://www.youtube-nocookie.com"]`.'
    )
    headers: FrozenMap = key(
        EMPTY, 'More headers of all pages, or others: `X-Frame-Options = ""` sends none.'
    )
    preview: bool = key(
        default=False,
        doc="Whether the site is a preview for colleagues: each page says so, and that search "
        "engines are to leave it out. Targets with `previews` are that by themselves.",
    )
    publish: tuple[str, ...] = key(
        (),
        "Files of `static/` and beside articles that are published although they look like "
        'secrets, by names or paths: `[".htpasswd", "keys/*.pem"]`.',
    )


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`[sitemap]`: what search engines are told. Needs `base_url`."""

    news: bool = key(
        default=True, doc="Whether there is a news sitemap with the articles of two days."
    )
    publication: str = key(
        "", "The paper's name as Google News knows it, if that is not the title."
    )


@dataclass(frozen=True, slots=True)
class Search:
    """`[search]`: the search bar's index."""

    enabled: bool = key(
        default=True,
        doc="Whether the site has an index (needs the extra `sitegen-news[search]`) and a search "
        "bar.",
    )
    at_once: int = key(15_000, "Articles, newest years first, that a search looks through at once.")


@dataclass(frozen=True, slots=True)
class Build:
    """`[build]`: who does the work. It changes how long a build takes, and nothing else."""

    jobs: int = key(0, "Processes that parse and render; 0 decides by the work that there is.")
    executor: Literal["processes", "dask"] = key(
        "processes",
        "`dask` gives the work to a Dask cluster (needs the extra `sitegen-news[dask]`).",
    )
    dask_address: str = key("", "Address of the cluster's scheduler: `tcp://10.0.0.5:8786`.")


@dataclass(frozen=True, slots=True)
class Watching:
    """`[watch]`: how `sitegen serve` and `sitegen watch` notice what is changed."""

    poll: int = key(
        0,
        "Look at all files every so many seconds, for places from which no events come (Docker "
        "volumes, WSL, network shares); 0 does so where that is noticed. Read at the start.",
    )


@dataclass(frozen=True, slots=True)
class DeployTarget:
    """`[deploy.NAME]`: where `sitegen deploy NAME` sends the site.

    As many as you like; secrets never stand here, but come from the environment.
    """

    kind: Literal["", "folder", "rsync", "git", "cloud"] = key(
        "", "What the target is: must be given."
    )
    to: str = key(
        "",
        "Where it is: must be given. A folder; `user@host:/srv/www` for rsync; a remote's name or "
        "address for git; `s3://bucket/path`, `gs://bucket/path` or `az://container/path`.",
    )
    base_url: str = key("", "Where readers find this target, if that is not the site's `base_url`.")
    output: str = key("", "The folder to build into, if not `output`: one for each `base_url`.")
    max_deletes: int = key(256, "A deployment that would delete more files than this is refused.")
    max_lost_articles: str = key(
        "10%",
        "One of a site that has lost a larger share of its articles since the last is refused, and "
        'one of a site that has lost them all; `"100%"` allows both.',
    )
    previews: bool = key(
        default=False,
        doc="Whether this is a place for colleagues, to which `--drafts` may deploy drafts and "
        "scheduled articles. It has an output folder of its own.",
    )
    precompress: tuple[str, ...] = key(
        (),
        'Compressed copies for a server that sends them: `["gz"]`, `["gz", "br"]` (`br` needs the '
        "extra `sitegen-news[brotli]`). In cloud storage only `gz`: files themselves are "
        "compressed.",
    )
    ssh: str = key("", "rsync: the command to connect with, as in `ssh -p 2222`.")
    branch: str = key("gh-pages", "git: the branch.")
    history: Literal["kept", "squashed"] = key(
        "kept", "git: whether the branch keeps its former commits, or is always a single one."
    )
    cname: str = key("", "git: the domain that GitHub Pages reads from the file `CNAME`.")
    endpoint: str = key("", "cloud: the address of another service that speaks the same protocol.")
    region: str = key("", "cloud: the region of an S3 bucket.")
    parallel: int = key(16, "cloud: how many files are sent at once.")
    cache_pages: int = key(60, "cloud: seconds for which pages may be kept.")
    cache_feeds: int = key(300, "cloud: seconds for feeds and sitemaps.")
    cache_files: int = key(
        3600,
        "cloud: seconds for other files; those with a fingerprint in their names stay for ever.",
    )


@dataclass(frozen=True, slots=True)
class Responses:
    """`[responses]`: comments and trackbacks where an article does not say otherwise."""

    comments: Literal["open", "closed", "hidden"] = key("open", "Default of `comments`.")
    trackbacks: Literal["open", "closed", "hidden"] = key("open", "Default of `trackbacks`.")
    receiver: str = key(
        "",
        "Where `sitegen receive` is reached: `https://respond.example.org/`. Without it there is "
        "no form.",
    )
    pingback: bool = key(
        default=False, doc="Whether Pingback is offered, too. Hardly anything but spam uses it."
    )
    trackback: bool = key(
        default=False, doc="Whether TrackBack is offered, too. Hardly anything but spam uses it."
    )


@dataclass(frozen=True, slots=True)
class Receive:
    """`[receive]`: what `sitegen receive` takes, how much of it, and whom it tells."""

    unmoderated: tuple[str, ...] = key(
        (),
        "Kinds that are shown at once if nothing about them is suspicious: `comment`, "
        "`webmention`, `pingback`, `trackback`. All others wait for a moderator.",
    )
    proxies: tuple[str, ...] = key(
        (),
        "Addresses or networks of your own reverse proxies, whose `X-Forwarded-For` is believed: "
        '`["127.0.0.1"]`.',
    )
    per_address: int = key(
        10,
        "Responses that are taken from one address in ten minutes. In IPv6 that is a /64; from a "
        "/56 three times as many are taken, from a /48 ten times.",
    )
    per_source: int = key(30, "Mentions that are taken from one site in an hour.")
    per_article: int = key(200, "Responses that are taken for one article in an hour.")
    in_total: int = key(3000, "Responses that are taken from everybody in an hour.")
    most_links: int = key(2, "Links in a comment, above which the moderator is told.")
    words: tuple[str, ...] = key((), "Words in a response of which the moderator is told.")
    proof_of_work: bool = key(
        default=False,
        doc="Whether the moderator is told of comments whose browser did not work for them "
        "(ALTCHA); with `unmoderated`, only those that did are shown at once.",
    )
    log: Literal["text", "json"] = key(
        "text", "How each event is written to the log: a line of text, or a line of JSON."
    )
    metrics: bool = key(
        default=False, doc="Whether `/metrics` has counters for Prometheus, but for proxies."
    )
    mail_to: tuple[str, ...] = key(
        (), "Who is told by mail that responses wait; each can be decided with a link."
    )
    mail_from: str = key("", "The sender of these mails.")
    mail_server: str = key(
        "",
        "How they are sent: `smtps://user@mail.example.org`, `smtp://…` (with STARTTLS) or "
        "`sendmail:/usr/sbin/sendmail`. The password is in the environment "
        "(`SITEGEN_MAIL_PASSWORD`).",
    )


@dataclass(frozen=True, slots=True)
class Notify:
    """`[notify]`: whom `sitegen notify` tells that articles link to them, and how patiently."""

    ways: tuple[str, ...] = key(
        ("webmention", "pingback", "trackback"),
        "By what other sites are told: the first of `webmention`, `pingback`, `trackback` that "
        "they take and that is listed here.",
    )
    days: int = key(14, "How old the last change of an article may be that was never told of.")
    skip: tuple[str, ...] = key(
        (), "Addresses that are never told, as patterns: `https://example.org/*`."
    )
    pause: int = key(1000, "Milliseconds between two requests to one host.")
    per_host: int = key(20, "The most notifications to one host in a run; the others wait.")
    seconds: int = key(20, "How long an answer of another site may take, in seconds.")
    private: bool = key(
        default=False, doc="Tell addresses of private networks, too, and of any port."
    )
    max_lost_articles: str = key(
        "10%",
        "Nobody is told of removals where a larger share of the articles that others know of is "
        'lost, or all of the site\'s; `"100%"` allows both.',
    )


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """`[taxonomies.NAME]`: what sorts articles into lists, one for each of its terms.

    `category`, `tag`, `author` and `series` are there by themselves; add as many as you like.
    """

    enabled: bool = key(
        default=True, doc="Whether it is there: `tag`, `author` and `series` can be switched off."
    )
    url: str = key("", "Pattern of the addresses of its lists. Empty: `/NAME/{slug}/`.")
    title: str = key("", 'What it is called: "Places". Empty: its name.')
    label: str = key("", 'What one of its terms is called: "Place". Empty: its title.')
    many: bool = key(default=True, doc="Whether an article may have several of its terms.")
    tree: bool = key(
        default=False,
        doc="Whether its terms have others below them: `Europe/Norway` is in the list of `Europe`, "
        "too.",
    )
    order: Literal["date", "part"] = key(
        "date",
        "What a list begins with: the newest (`date`), or the first part (`part`, by the key "
        "`part` of front matter, then by date).",
    )
    feeds: tuple[str, ...] = key(("atom",), "Formats of the feed of each of its terms.")
    per_page: int = key(0, "Articles on a page of its lists. 0: as many as `[lists]` says.")
    # The last one: it has the name of what declares them.
    key: str = key("", "The key of front matter that names an article's terms. Empty: its name.")


PRESETS: Mapping[str, Taxonomy] = FrozenMap(
    {
        "category": Taxonomy(
            key="category",
            url="/category/{slug}/",
            many=False,
            feeds=("atom", "rss", "json"),
        ),
        "tag": Taxonomy(key="tags", url="/tag/{slug}/"),
        "author": Taxonomy(key="authors", url="/author/{slug}/"),
        "series": Taxonomy(
            key="series", url="/series/{slug}/", many=False, order="part", per_page=100
        ),
    }
)
"""The taxonomies that are there by themselves. Texts of the language say what they are called."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """`[[navigation.NAME]]`: an entry of a menu, in its order.

    `header` and `footer` are shown by the theme; other names are for templates of your own. Without
    `header`, that is all categories, and the pages that say `nav: header`.
    """

    label: str = key("", "What it is called. Empty: the title of the page, the category's name.")
    page: str = key("", "A standalone page, by its file in `pages/`: `about.md`.")
    category: str = key("", "A category, by its name.")
    url: str = key("", "Any other address: `/archive/`, or one of another site.")
    rel: str = key("", "How the site stands to that address: `me`, `nofollow`.")
    children: tuple[NavigationItem, ...] = key(
        (), 'Entries below this one, each a table: `[{ page = "contact.md" }]`.'
    )


@dataclass(frozen=True, slots=True)
class OwnOutput:
    """`[[outputs]]`: files and pages of your own, each made by a template.

    With `from` it is one for each row of a data file. How they are made is on
    [a page of its own](data.md#pages-from-data).
    """

    url: str = key(
        "",
        "Its address: `/llms.txt`. With `from` it has fields of the row in it: `/council/{slug}/`.",
    )
    template: str = key("", "The template that makes it, by its name: `llms.txt`.")
    from_: str = key(
        "", "A data file: `data/members.csv`. There is one output for each of its rows."
    )
    select: tuple[str, ...] = key((), 'Where the rows are in a file that holds more: `["rows"]`.')
    noindex: bool = key(
        default=False,
        doc="Whether pages are kept from search engines, and from the search of the site.",
    )
    options: FrozenMap = key(
        EMPTY, "Anything that the template wants to know; it reads it as `options`."
    )


@dataclass(frozen=True, slots=True)
class Language:
    """`[languages.CODE]`: an edition in another language, by its BCP 47 tag.

    What it does not say is as it is for the whole site.
    """

    path: str = key("", "What its addresses begin with: `/ja/`. Empty: the code.")
    folder: str = key(
        "", "The folder of its documents below `articles/` and `pages/`. Empty: the code."
    )
    title: str = key("", "The paper's name in this language.")
    description: str = key("", "One sentence about the paper.")
    timezone: str = key("", "Its newsroom's time zone, as IANA name.")
    accent: str = key("", "Accent colour on light pages, as `#rrggbb`.")
    accent_dark: str = key("", "Accent colour on dark pages, as `#rrggbb`.")
    categories: tuple[str, ...] = key((), "Its categories in their order.")
    default_category: str = key("", "Category of an article that names none.")
    urls: Urls = key(Urls(), "What its addresses look like, as `[urls]`; `path` goes before them.")
    dates: Dates = key(Dates(), "How its dates are written, as `[dates]`.")
    lists: Lists = key(Lists(), "How much stands on its list pages, as `[lists]`.")
    front: Front = key(Front(), "How much stands on its front page, as `[front]`.")
    feeds: Feeds = key(Feeds(), "What its feed readers get, as `[feeds]`.")
    taxonomies: Mapping[str, Taxonomy] = key(
        EMPTY, "What taxonomies are called, and their addresses, as `[taxonomies.NAME]`."
    )
    navigation: Mapping[str, tuple[NavigationItem, ...]] = key(
        EMPTY, "Its menus, as `[[navigation.NAME]]`."
    )
    publisher: Publisher = key(Publisher(), "Who publishes it, as `[publisher]`.")
    extra: FrozenMap = key(EMPTY, "Anything you like; its templates read it as `site.extra`.")


@dataclass(frozen=True)
class Config:
    """Everything that a site's configuration says. The top level of the file, and its tables."""

    title: str = key("News", "The paper's name.")
    description: str = key("", "One sentence about the paper.")
    base_url: str = key(
        "", "Where the site will live, with its base path: `https://example.org/news/`."
    )
    language: str = key("en", "Language of the paper and its user interface, as BCP 47 tag.")
    timezone: str = key("UTC", "The newsroom's time zone, as IANA name: `Asia/Tokyo`.")
    theme: str = key(
        "",
        "What the site looks like: a folder of `themes/`, or an installed theme, by its name. "
        "Empty: the built-in theme.",
    )
    theme_options: FrozenMap = key(
        EMPTY,
        "What the theme lets a site choose, by the names of its options: `sitegen theme info` "
        "tells them.",
    )
    accent: str = key("#9b1c1c", "Accent colour on light pages, as `#rrggbb`.")
    accent_dark: str = key("#f0a08c", "Accent colour on dark pages, as `#rrggbb`.")
    categories: tuple[str, ...] = key(
        (), "The categories in their order. If given, any other is an error."
    )
    default_category: str = key("Other", "Category of an article that names none.")
    expired: Literal["remove", "notice"] = key(
        "remove", "What becomes of an expired article's page: removed, or a notice in its place."
    )
    urls: Urls = key(Urls(), "")
    dates: Dates = key(Dates(), "")
    lists: Lists = key(Lists(), "")
    front: Front = key(Front(), "")
    markdown: MarkdownConfig = key(MarkdownConfig(), "")
    links: Links = key(Links(), "")
    front_matter: FrontMatterConfig = key(FrontMatterConfig(), "")
    feeds: Feeds = key(Feeds(), "")
    responses: Responses = key(Responses(), "")
    redirects: FrozenMap = key(
        EMPTY,
        'Addresses that lead on: `"/old/" = "/new/"`; or all below: `"/old/*" = "/new/:splat"`.',
    )
    publisher: Publisher = key(Publisher(), "")
    hosting: Hosting = key(Hosting(), "")
    sitemap: Sitemap = key(Sitemap(), "")
    check: Check = key(Check(), "")
    receive: Receive = key(Receive(), "")
    notify: Notify = key(Notify(), "")
    search: Search = key(Search(), "")
    build: Build = key(Build(), "")
    watch: Watching = key(Watching(), "")
    deploy: Mapping[str, DeployTarget] = key(EMPTY, "")
    taxonomies: Mapping[str, Taxonomy] = key(PRESETS, "")
    """Those that are there, complete: what `[urls]` and `[feeds]` say of them is in them."""
    navigation: Mapping[str, tuple[NavigationItem, ...]] = key(
        EMPTY, "Menus by their names, each a list of entries."
    )
    outputs: tuple[OwnOutput, ...] = key((), "Files and pages of your own.")
    extra: FrozenMap = key(EMPTY, "Anything you like; templates read it as `site.extra`.")
    languages: Mapping[str, Language] = key(EMPTY, "")
    editions: Mapping[str, Config] = derived(EMPTY)
    """What each edition says, by its language, that of the site first; none without `languages`."""
    site_language: str = derived("")
    """The language of the site, in an edition; `language` is the edition's own."""
    home: str = derived("/")
    """The address of the front page: what the addresses of an edition begin with."""

    @property
    def zone(self) -> ZoneInfo:
        """The newsroom's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def taxonomy_keys(self) -> tuple[tuple[str, str], ...]:
        """The names of taxonomies, each with its key of front matter in small letters.

        Worked out once: each article is read with them.
        """
        return tuple((name, item.key.casefold()) for name, item in self.taxonomies.items())
