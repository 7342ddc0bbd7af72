"""The meaning of each key, and of each way in which newsrooms write it."""

import pytest

from sitegen.config.front_matter_keys import KEYS
from sitegen.config.loading import from_table
from sitegen.config.settings import Config, Responses
from sitegen.model import moments
from sitegen.model.documents import Correction, Image, Reference
from sitegen.model.errors import Problem
from sitegen.model.frozen import FrozenMap
from sitegen.parse import yaml
from sitegen.parse.fields import Meta, read_fields


def read(text: str, config: Config | None = None) -> tuple[Meta, list[Problem]]:
    """Read the keys of YAML front matter."""
    return read_fields(yaml.read(text, 1), "articles/a.md", config or Config())


def meta_of(text: str, config: Config | None = None) -> Meta:
    """Read front matter that has nothing wrong with it."""
    meta, problems = read(text, config)
    assert problems == []
    return meta


def told(text: str, config: Config | None = None) -> list[str]:
    """Return what is wrong with front matter: `line:column severity message`."""
    return [
        f"{problem.location.line}:{problem.location.column} {problem.severity} {problem.message}"
        for problem in read(text, config)[1]
        if problem.location
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("No", "No"),
        ("2024", "2024"),
        ("1.10", "1.10"),
        ("12:30", "12:30"),
        ("true", "true"),
        ("  '  Flood   in\ttown '", "Flood in town"),
        ("|\n  Flood\n  in town", "Flood in town"),
        ("'<b>Flood</b> & *storm* {{ x }}'", "<b>Flood</b> & *storm* {{ x }}"),
        ("高潮で旧市街が浸水", "高潮で旧市街が浸水"),
        ("'null'", "null"),
        ("null", ""),
        ("''", ""),
    ],
)
def test_title(written: str, title: str) -> None:
    """A title is the text that was written, with its white space folded."""
    assert meta_of(f"title: {written}").title == title


def test_nothing_said() -> None:
    """Empty front matter gives the defaults, and so does a key without a value."""
    empty = meta_of("")
    assert empty == meta_of("\n".join(f"{key}:" for key in KEYS))
    assert empty.category.name == "Other"
    assert (empty.lang, empty.comments, empty.trackbacks) == ("en", "open", "open")
    assert (empty.tags, empty.authors, empty.image, empty.extra) == ((), (), None, FrozenMap())


def test_case_of_keys() -> None:
    """Keys of ours are known in any case."""
    assert meta_of("Title: X\nTAGS: [a]").title == "X"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("[flood, harbour]", ["flood", "harbour"]),
        ("\n  - flood\n  - harbour", ["flood", "harbour"]),
        ("flood, harbour", ["flood", "harbour"]),
        ("高潮、港", ["高潮", "港"]),
        ("flood", ["flood"]),
        ("old town", ["old town"]),
        ("2024", ["2024"]),
        ("[2024, 1.10, No, true]", ["2024", "1.10", "No", "true"]),
        ("[null, '', ' ', flood]", ["flood"]),
        ("[a, A, ' a ']", ["a"]),
        ("['a, b']", ["a, b"]),
        ("['<x> & y']", ["<x> & y"]),
        ("~", []),
        ("[]", []),
        ("',,'", []),
    ],
)
def test_tags(written: str, names: list[str]) -> None:
    """Tags come as a list, or one text with commas; each tag once; numbers are names."""
    assert [term.name for term in meta_of(f"tags: {written}").tags] == names


@pytest.mark.parametrize(
    ("tags", "problems"),
    [
        (
            "[Java 3.1, tide, Java 3 1]",
            ['1:24 warning "Java 3 1" has the same list as "Java 3.1", and is not shown'],
        ),
        ("[Sea level, sea-level, SEA LEVEL]", []),
        ("[C, C++, C#]", []),
    ],
)
def test_a_tag_that_another_one_hides_is_told(tags: str, problems: list[str]) -> None:
    """Of different words with one list in one article only the first is shown."""
    assert told(f"tags: {tags}") == problems


def test_a_term_of_a_tree_that_another_one_hides_is_told() -> None:
    """Each part of the way to it counts."""
    tree = from_table({"taxonomies": {"region": {"tree": True, "many": True}}})

    assert told("region: [Europe/Route 3.1, Europe/Route 3 1, Europe]", tree) == [
        '1:28 warning "Route 3 1" has the same list as "Route 3.1", and is not shown'
    ]


def test_terms() -> None:
    """A term has the slug of its name, in the address that the configuration says."""
    config = from_table({"urls": {"tag": "/topics/{slug}.html"}})
    (term,) = meta_of("tags: [C++]", config).tags
    assert (term.name, term.slug, term.url) == ("C++", "c-plus-plus", "/topics/c-plus-plus.html")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("author: Ann Lee", ["Ann Lee"]),
        ("author: Ann Lee, Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("author: Lee, Ann; Ray, Bob", ["Lee, Ann", "Ray, Bob"]),
        ("authors: [Ann Lee, Bob Ray]", ["Ann Lee", "Bob Ray"]),
        ("authors: ['Lee, Ann']", ["Lee, Ann"]),
        ("author: Ann Lee\nauthors: [Ann Lee, Bob Ray]", ["Ann Lee", "Bob Ray"]),
        ("author: {name: Ann Lee, email: ann@example.org}", ["Ann Lee"]),
        ("authors: [{name: Ann Lee}, Bob Ray]", ["Ann Lee", "Bob Ray"]),
    ],
)
def test_authors(written: str, names: list[str]) -> None:
    """Authors come under either key, as names or as tables with a name."""
    assert [term.name for term in meta_of(written).authors] == names


def test_category() -> None:
    """Without a list in the configuration any category will do; with one, those and the default."""
    assert meta_of("category: Wrold").category.name == "Wrold"
    assert meta_of("category: [World]").category.name == "World"
    config = from_table({"categories": ["World", "Town"], "default_category": "Rest"})
    assert meta_of("", config).category.name == "Rest"
    assert meta_of("category: Rest", config).category.name == "Rest"
    assert meta_of("category: WORLD", config).category.name == "World"
    assert told("category: Wrold", config) == ['1:11 error unknown category "Wrold"']


@pytest.mark.parametrize("written", ["true", "True", "yes", "on", "'true'"])
def test_true(written: str) -> None:
    """Every word for yes is true where only true or false can stand."""
    meta = meta_of(f"draft: {written}\npin: {written}\nnoindex: {written}")
    assert (meta.draft, meta.pin, meta.noindex) == (True, True, True)


@pytest.mark.parametrize("written", ["false", "FALSE", "no", "off", "~", ""])
def test_false(written: str) -> None:
    """Every word for no is false, and so is none at all."""
    assert meta_of(f"draft: {written}").draft is False


@pytest.mark.parametrize("written", ["1", "maybe", "[true]", "{a: b}", "tru"])
def test_neither(written: str) -> None:
    """Whatever is neither true nor false is told."""
    assert told(f"draft: {written}")[0].startswith('1:8 error "draft" must be true or false, not')


@pytest.mark.parametrize(
    ("written", "state"),
    [("open", "open"), ("Closed", "closed"), ("hidden", "hidden"), ("true", "open"),
     ("false", "closed"), ("no", "closed"), ("", "hidden")],
)  # fmt: skip
def test_responses(written: str, state: str) -> None:
    """Comments and trackbacks are open, closed or hidden; unsaid, as the configuration has it."""
    config = Config(responses=Responses(comments="hidden", trackbacks="hidden"))
    meta = meta_of(f"comments: {written}\ntrackbacks: {written}", config)
    assert (meta.comments, meta.trackbacks) == (state, state)


@pytest.mark.parametrize(
    ("written", "image"),
    [
        ("photo.jpg", Image("photo.jpg")),
        ("../media/my photo.jpg", Image("../media/my photo.jpg")),
        ("{src: a, alt: The sea, caption: '<i>', credit: Al}", Image("a", "The sea", "<i>", "Al")),
        ("{src: a.jpg, alt: }", Image("a.jpg")),
        ("https://example.net/a b.jpg", Image("https://example.net/a b.jpg")),
        ("//example.net/a.jpg", Image("//example.net/a.jpg")),
        ("'Note: one.jpg'", Image("Note: one.jpg")),
    ],
)  # fmt: skip
def test_image(written: str, image: Image) -> None:
    """An image is a path, or a table that says more about it."""
    meta = meta_of(f"\nimage: {written}")
    assert (meta.image, meta.image_line) == (image, 2)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "DATA:image/png;base64,AA",
        "file:///etc/passwd",
        "https:a",
        "http://[",
    ],
)
def test_a_picture_is_a_file_or_on_the_web(address: str) -> None:
    """Any other address is refused once, in both ways to write it."""
    for written, column in ((f'"{address}"', 8), (f'{{src: "{address}", alt: x}}', 14)):
        said = f'1:{column} error "{address}" is not a web address'
        assert told(f"image: {written}") == [said]


def test_a_picture_in_the_front_matter_is_not_repeated_whole() -> None:
    """A message shows how it begins."""
    assert told(f"image: 'data:image/png;base64,{'A' * 500}'") == [
        f'1:8 error "data:image/png;base64,{"A" * 38}…" is not a web address'
    ]


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("2014", "2014"),
        ("flood", "flood"),
        ("My_Flood.v2", "My_Flood.v2"),
        ("Flood in town", "flood-in-town"),
        ("高潮", "高潮"),
        ("'.hidden'", "hidden"),
        ("'..'", ""),
        ("'???'", ""),
        ("a/b", ""),
        ("'a\\b'", ""),
    ],
)
def test_slug(written: str, slug: str) -> None:
    """A slug is kept as written where it can be an address, and never leaves its folder."""
    meta, problems = read(f"slug: {written}")
    assert meta.slug == slug
    assert len(problems) == (0 if slug else 1)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/flood/", "/flood/"),
        ("/flood", "/flood/"),
        ("/flood.html", "/flood.html"),
        ("/v1.2/flood", "/v1.2/flood/"),
        ("''", ""),
        ("/caf%C3%A9/", "/café/"),
        ("https://example.org/news/flood/", "/flood/"),
        ("https://example.org/flood/", "/flood/"),
    ],
)
def test_url(written: str, url: str) -> None:
    """An address by hand is a path on this site, or a full address of it; it is not encoded."""
    config = from_table({"base_url": "https://example.org/news/"})
    assert meta_of(f"url: {written}", config).url == url


@pytest.mark.parametrize(
    "written",
    ["flood", "/../x/", "/a/%2e%2e/b/", "/a//b/", "//a/b", "/a?b", "/a%00b", "/a%5Cb", "'/a#b'",
     "https://elsewhere.example/x/", "'http://['", "[/a/]", "/a%7Fb", "/a%C2%80b", "/" + "x" * 300],
)  # fmt: skip
def test_url_refused(written: str) -> None:
    """No address leads out of the output folder or to another site, however it is written."""
    config = from_table({"base_url": "https://example.org/"})
    meta, problems = read(f"url: {written}", config)
    assert meta.url == ""
    assert [problem.severity for problem in problems] == ["error"]


def test_aliases() -> None:
    """Former addresses come as a list or as one, each once."""
    assert meta_of("aliases: /old/").aliases == ("/old/",)
    assert meta_of("aliases: [/old/, /older.html, /old/]").aliases == ("/old/", "/older.html")


def test_related() -> None:
    """Related articles are kept as written, with their lines."""
    meta = meta_of("related:\n  - ../a, b.md\n  - c.md")
    expected = (Reference("related", "../a, b.md", 2), Reference("related", "c.md", 3))
    assert meta.related == expected
    assert meta_of("related: c.md").related == (Reference("related", "c.md", 1),)


@pytest.mark.parametrize(
    ("written", "lang"), [("ja", "ja"), ("pt-BR", "pt-BR"), ("ja_JP", "ja-JP"), ("", "de-AT")]
)
def test_lang(written: str, lang: str) -> None:
    """A language is a tag with hyphens, the site's if none is given."""
    assert meta_of(f"lang: {written}", Config(language="de_AT")).lang == lang


@pytest.mark.parametrize(
    ("written", "fine"),
    [
        ("https://example.org/a/", True),
        ("http://example.org", True),
        ("ftp://example.org/", False),
        ("/a/", False),
        ("https://", False),
        ("'https://['", False),
        ("'javascript:alert(1)'", False),
        ("'https://example.org/\"onload='", False),
    ],
)
def test_canonical(written: str, fine: bool) -> None:  # noqa: FBT001 (a table of cases)
    """A canonical address is a full web address."""
    meta, problems = read(f"canonical: {written}")
    assert bool(meta.canonical) == fine
    assert len(problems) == (0 if fine else 1)


def test_corrections() -> None:
    """A correction has a moment and a text; one alone needs no list."""
    expected = (Correction(moments.parse("2024-11-05T00:00Z"), "Ten houses."),)
    one = "{date: 2024-11-05, text: Ten houses.}"
    for written in (one, f"[{one}]"):
        assert meta_of(f"corrections: {written}").corrections == expected


def test_dates() -> None:
    """All dates are in the newsroom's zone."""
    config = Config(timezone="Asia/Tokyo")
    meta = meta_of("date: 2024-11-04\nupdated: 2024-11-04T15:00:00Z\nexpires: 2024-12-01", config)
    assert meta.date is not None
    assert moments.iso(meta.date) == "2024-11-04T00:00:00+09:00"
    assert meta.updated is not None
    assert moments.iso(meta.updated) == "2024-11-05T00:00:00+09:00"
    assert meta.expires is not None
    assert meta.publish is None


def test_extra() -> None:
    """Unknown keys and the extra table are joined for templates; the table goes before."""
    meta = meta_of("layout: post\nkicker: A\nextra: {kicker: B, rating: 4.5, zip: 007}")
    expected = {"kicker": "B", "layout": "post", "rating": 4.5, "zip": "007"}
    assert meta.extra == FrozenMap(expected)


@pytest.mark.parametrize(
    ("key", "guess"),
    [
        ("titel", "title"), ("catgory", "category"), ("categories", "category"), ("tag", "tags"),
        ("Sumary", "summary"), ("alias", "aliases"), ("keywords", "tags"), ("expire", "expires"),
        ("no-index", "noindex"), ("published", "publish"),
    ],
)  # fmt: skip
def test_misspelled(key: str, guess: str) -> None:
    """A key that looks like a slip of the pen is warned about, and kept."""
    meta, problems = read(f"{key}: x")
    assert [(problem.severity, problem.hint) for problem in problems] == [
        ("warning", f'did you mean "{guess}"?')
    ]
    assert meta.extra == FrozenMap({key: "x"})


@pytest.mark.parametrize(
    "key",
    ["subtitle", "kicker", "dateline", "image_alt", "publisher", "layout", "weight", "id", "data",
     "video", "byline", "location", "type", "source", "rating"],
)  # fmt: skip
def test_words_of_its_own(key: str) -> None:
    """A key that a newsroom has for itself is nobody's misspelling."""
    assert told(f"{key}: x") == []


def test_unknown_as_error() -> None:
    """With `unknown = "error"` every unknown key is an error, but for those within extra."""
    config = from_table({"front_matter": {"unknown": "error"}})
    assert told("kicker: x\nextra: {kicker: x}\nimage: {src: a, size: 3}", config) == [
        '1:1 error unknown key "kicker"',
        '3:17 error unknown key "size"',
    ]


def test_an_id_is_a_text() -> None:
    """An `id` is taken as it is written, also if it is a number, and with its line."""
    meta = meta_of("title: x\nid: 0042")
    assert (meta.id, meta.id_line) == ("0042", 2)
    assert meta_of("title: x").id_line == 0


def test_everything_wrong_at_once() -> None:
    """All that is wrong with front matter is told in one go, each at its own place."""
    text = "\n".join(f"{key}: {{a: [b]}}" for key in KEYS if key != "extra")
    lines = {line.split(":")[0] for line in told(text)}
    assert lines == {str(number) for number in range(1, len(KEYS))}


# --- HTML of archives


RICH = from_table({"front_matter": {"rich_titles": True}})


def test_character_references_are_resolved_and_counted() -> None:
    """In every text that people read: the characters that they stand for, and a warning."""
    meta, problems = read(
        "title: 'Fish &#8211; chips &#x26; more&nbsp;&hellip;'\n"
        "summary: 'A &lt;b&gt;'\ncategory: 'Food &amp; Drink'\n"
        "tags: ['R&amp;D', 'AT&T']\nauthor: 'Ann &amp; Bo; Cleo'\n"
        "image: {src: 'a&amp;b.jpg', caption: 'It&#39;s'}\n"
        "corrections: [{date: 2024-11-04, text: 'Not 5 &euro;.'}]"
    )
    assert meta.title == "Fish – chips & more …"
    assert meta.summary == "A <b>"
    assert (meta.category.name, meta.category.slug) == ("Food & Drink", "food-and-drink")
    assert [tag.name for tag in meta.tags] == ["R&D", "AT&T"]
    assert [author.name for author in meta.authors] == ["Ann & Bo", "Cleo"]
    assert meta.image == Image("a&amp;b.jpg", "", "It's")
    assert meta.corrections[0].text == "Not 5 €."
    assert {problem.severity for problem in problems} == {"warning"}
    assert problems[0].message == '4 character references of HTML in "title"'
    assert problems[0].hint == 'write the characters themselves: "Fish – chips & more …"'


def test_what_is_no_character_reference_stays() -> None:
    """An ampersand, a name without a semicolon or one that nobody knows is text."""
    assert meta_of("title: 'Q&A; &copy 2 &nosuch; a&b=c'").title == "Q&A; &copy 2 &nosuch; a&b=c"
    assert read("title: 'A&#1;B&#x81;C'")[0].title == "ABC"


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("<p>Two <em class='x'>tides</em>,<br/>one sluice.</p>", "Two tides, one sluice."),
        ("a < b > c, <title> and <3", "a < b > c, <title> and <3"),
        ("<!-- x -->One<p>two</p>", "One two"),
        ("<p></p>", ""),
    ],
)
def test_tags_are_taken_out_of_summaries(written: str, summary: str) -> None:
    """Those that are surely HTML, and words stay apart."""
    assert meta_of(f'summary: "{written}"').summary == summary


def test_a_title_may_be_rich_if_the_site_says_so() -> None:
    """Else its tags are shown as they are written, with a hint how they would be read."""
    written = "title: '*Moby* &amp; CO<sub>2</sub>'"
    meta, problems = read(written, RICH)
    assert (meta.title, meta.title_html) == (
        "Moby & CO2",
        "<em>Moby</em> &amp; CO<sub>2</sub>",
    )
    assert [problem.message for problem in problems] == ['1 character reference of HTML in "title"']

    meta, problems = read(written)
    assert (meta.title, meta.title_html) == ("*Moby* & CO<sub>2</sub>", "")
    assert problems[0].message == 'HTML in "title" is shown as it is written'
    assert problems[0].hint
    assert "rich_titles = true" in problems[0].hint


def test_a_category_that_is_a_table_is_told_what_it_should_be() -> None:
    """It is one text, and no list."""
    _, problems = read("category: {a: b}")
    assert [(problem.message, problem.hint) for problem in problems] == [
        ('"category" must be a text, not a table', "write `category: World`")
    ]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("title: A\nextra: {desk: night}\nkicker: B", ["kicker", "desk"]),
        ("author: [{name: Ann, photo: a.jpg, url: 'https://a.example/'}]", ["author.photo"]),
        ("image: {src: a.jpg, alt: A, position: left}", ["image.position"]),
        ("corrections: {date: 2024-11-04, text: A, editor: Ann}", ["corrections.editor"]),
        ("tilte: A\ncategories: World", []),
        ("kicker: A\nextra: {kicker: B}", ["kicker"]),
    ],
)
def test_keys_that_mean_nothing_to_us(text: str, keys: list[str]) -> None:
    """Those for templates, and parts of tables that nothing takes; not what was told already."""
    assert [str(key) for key in read(text)[0].own_keys] == keys
