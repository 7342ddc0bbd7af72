"""The configuration: every key, every mistake."""

import pickle
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import (
    FILE_NAME,
    PYPROJECT,
    find_site,
    from_table,
    load_config,
    require_site,
    with_base_url,
)
from sitegen.config.settings import Config
from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.model.frozen import FrozenMap

Keys = tuple[str, ...]


def every_key(cls: type[Any] = Config, above: Keys = ()) -> Iterator[tuple[Keys, Any, Field[Any]]]:
    """Yield each key of the configuration with its type and its declaration, tables included."""
    hints = get_type_hints(cls)
    for item in fields(cls):
        if item.metadata.get("derived"):
            continue
        keys = (*above, item.name)
        yield keys, hints[item.name], item
        if table := table_of(hints[item.name]):
            is_named = get_origin(hints[item.name]) is Mapping
            yield from every_key(table, (*keys, "name") if is_named else keys)


def table_of(hint: Any) -> type[Any] | None:
    """Return what a table is read as, or each of the tables in it that the user names."""
    kind: type[Any] = get_args(hint)[1] if get_origin(hint) is Mapping else hint
    return kind if is_dataclass(kind) else None


KEYS = list(every_key())
LEAVES = [(keys, hint) for keys, hint, _ in KEYS if not table_of(hint)]


def wrong(hint: Any) -> list[str]:
    """Return TOML values that a key of this type cannot have."""
    if get_origin(hint) is Literal:
        return ["5", '"nonsense"', "true", "[]"]
    if get_origin(hint) is tuple:
        return ['"World"', "[1]", "5", "{}"]
    if hint is int:
        return ['"5"', "5.5", "true", "[5]"]
    if hint is bool:
        return ['"true"', "5", "[]", "{}"]
    if hint is str:
        return ["5", "true", "2024-11-04", '["a"]', "{}"]
    return ["5", '"a"', "[]", "false"]


def toml(values: dict[Keys, str]) -> str:
    """Return a TOML file with values by key: top level first, then its tables."""
    lines = [f"{keys[0]} = {value}" for keys, value in values.items() if len(keys) == 1]
    for table in dict.fromkeys(keys[:-1] for keys in values if len(keys) > 1):
        inner = [(keys[-1], value) for keys, value in values.items() if keys[:-1] == table]
        lines += ["", f"[{'.'.join(table)}]", *(f"{name} = {value}" for name, value in inner)]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> Config:
    """Return the configuration of a text."""
    return from_table(tomllib.loads(text), text=text)


def load_text(folder: Path, text: str, name: str = "sitegen.toml") -> Config:
    """Return the configuration of a site whose file holds `text`."""
    (folder / name).write_text(text, encoding="utf-8")
    return load_config(folder)


def problems_of(folder: Path, text: str, name: str = "sitegen.toml") -> tuple[Problem, ...]:
    """Return what is wrong with a configuration file."""
    with pytest.raises(SitegenError) as caught:
        load_text(folder, text, name)
    return caught.value.problems


# --- Defaults and good values


@pytest.mark.parametrize(("name", "text"), [(FILE_NAME, ""), (PYPROJECT, "[tool.sitegen]")])
def test_an_empty_configuration_has_every_default(tmp_path: Path, name: str, text: str) -> None:
    """No key is ever needed: everything has a default that passes its own checks."""
    assert load_text(tmp_path, text, name) == Config() == from_table({})


@pytest.mark.parametrize(
    "other", [None, "", '[project]\ndependencies = ["sitegen"]\n', '[project]\nname = "another"\n']
)
def test_a_folder_without_a_configuration_is_no_site(tmp_path: Path, other: str | None) -> None:
    """What is missing is not taken for empty, and the way out is named.

    A pyproject.toml that at most depends on sitegen is no configuration.
    """
    if other is not None:
        (tmp_path / PYPROJECT).write_text(other, "utf-8")
    for read in (load_config, require_site):
        with pytest.raises(UsageError, match=r"there is no sitegen\.toml in") as caught:
            read(tmp_path)
        assert "an empty file is enough" in (caught.value.problems[0].hint or "")


def test_every_key_has_a_default_and_a_sentence() -> None:
    """Each key can be left out and is documented; a table's keys carry its documentation."""
    for keys, hint, item in KEYS:
        assert item.default is not MISSING, keys
        if not table_of(hint):
            assert item.metadata["doc"].endswith("."), keys


def test_a_key_of_the_top_level_below_a_table_is_told_where_it_belongs() -> None:
    """TOML gives what stands below a table to that table: the message says where to move it."""
    with pytest.raises(SitegenError) as caught:
        from_text('[taxonomies.place]\nexpired = "notice"\n')
    (problem,) = caught.value.problems
    assert problem.hint == 'write "expired" above the first [table]: below one, it belongs to that'


def test_good_values_are_taken(tmp_path: Path) -> None:
    """What a file says stands in the configuration, frozen."""
    config = load_text(
        tmp_path,
        """
        title = "高潮新聞"
        base_url = "https://example.org/news"
        language = "ja"
        timezone = "Asia/Tokyo"
        categories = ["World", "Other"]
        [urls]
        article = "/{slug}/"
        [lists]
        per_page = 3
        [markdown.extensions]
        smarty = {}
        toc = false
        [front_matter.names]
        published = "date"
        [extra]
        motto = "All the news"
        links = [{ name = "Tide table", url = "/tides/" }]
        """,
    )

    assert config.title == "高潮新聞"
    assert config.base_url == "https://example.org/news/"
    assert config.zone.key == "Asia/Tokyo"
    assert config.categories == ("World", "Other")
    assert config.urls.article == "/{slug}/"
    assert config.urls.tag == Config().urls.tag
    assert config.lists.per_page == 3
    assert config.markdown.extensions == FrozenMap({"smarty": {}, "toc": False})
    assert config.front_matter.names["published"] == "date"
    assert config.extra["links"][0]["name"] == "Tide table"
    assert hash(config) == hash(pickle.loads(pickle.dumps(config)))  # noqa: S301 - our own


def test_a_pyproject_table_says_the_same(tmp_path: Path) -> None:
    """`[tool.sitegen]` is the same configuration as sitegen.toml."""
    text = (
        '[project]\nname = "x"\n[tool.sitegen]\ntitle = "P"\n[tool.sitegen.lists]\nper_page = 2\n'
    )

    config = load_text(tmp_path, text, "pyproject.toml")

    assert (config.title, config.lists.per_page) == ("P", 2)


@pytest.mark.parametrize(
    "text",
    [
        '[tool]\nsitegen = { title = "P" }\n',
        '[tool."sitegen"]\ntitle = "P"\n',
        'tool.sitegen.title = "P"\n',
        '\ufeff[tool.sitegen]\ntitle = "P"\n',
    ],
)
def test_every_spelling_of_the_pyproject_table_is_found(tmp_path: Path, text: str) -> None:
    """However TOML lets the table be written, it makes its folder a site and is read."""
    assert load_text(tmp_path, text, "pyproject.toml").title == "P"
    assert find_site(tmp_path) == tmp_path


def test_sitegen_toml_goes_before_pyproject(tmp_path: Path) -> None:
    """Where both files are, sitegen.toml is the one."""
    (tmp_path / "sitegen.toml").write_text('title = "Own"')

    assert load_text(tmp_path, '[tool.sitegen]\ntitle = "P"\n', "pyproject.toml").title == "Own"


def test_byte_order_mark_and_windows_lines_are_no_mistake(tmp_path: Path) -> None:
    """A file from a Windows editor is read like any other, and its lines are counted right."""
    (tmp_path / "sitegen.toml").write_bytes(b'\xef\xbb\xbftitle = "T"\r\nlanguage = "ja"\r\n')
    assert load_config(tmp_path).language == "ja"

    (tmp_path / "sitegen.toml").write_bytes(b'\xef\xbb\xbftitle = "T"\r\nlanguage = 5\r\n')
    with pytest.raises(SitegenError) as caught:
        load_config(tmp_path)
    assert caught.value.problems[0].location == Location("sitegen.toml", 2, 1)


@given(
    base_url=st.sampled_from(
        [
            "https://example.org",
            "https://example.org/",
            "http://[::1]:8000/a",
            "https://x.test/a/b/",
        ]
    )
)
def test_a_base_url_ends_in_one_slash(base_url: str) -> None:
    """However it is written, and wherever it comes from, a base URL ends in one slash."""
    expected = base_url.rstrip("/") + "/"

    assert from_table({"base_url": base_url}).base_url == expected
    assert with_base_url(Config(), base_url).base_url == expected
    assert with_base_url(from_table({"base_url": base_url}), "").base_url == ""


# --- Mistakes


@given(st.data())
def test_every_wrong_type_is_told_once_with_its_line(data: st.DataObject) -> None:
    """Any number of values of a wrong type give one problem each, at the right line, in one go."""
    chosen = data.draw(
        st.lists(st.sampled_from(LEAVES), min_size=1, unique_by=lambda leaf: leaf[0])
    )
    values = {keys: data.draw(st.sampled_from(wrong(hint))) for keys, hint in chosen}
    text = toml(values)

    with pytest.raises(SitegenError) as caught:
        from_text(text)

    lines = text.split("\n")
    assert len(caught.value.problems) == len(values)
    for problem in caught.value.problems:
        assert problem.location is not None
        written = lines[problem.location.line - 1].partition(" = ")[0]
        assert f'{written}" must be ' in problem.message
        assert problem.location.column == 1


@pytest.mark.parametrize(("keys", "hint"), [(keys, hint) for keys, hint, _ in KEYS])
def test_a_wrong_type_is_told_in_full(keys: Keys, hint: Any) -> None:
    """The message names the whole key, what should stand there and what does."""
    wanted = ["5"] if table_of(hint) else wrong(hint)
    for value in wanted:
        with pytest.raises(SitegenError) as caught:
            from_text(toml({keys: value}))
        (problem,) = caught.value.problems
        assert problem.message.startswith(f'"{".".join(keys)}" must be ')
        assert ", not " in problem.message


@pytest.mark.parametrize("keys", [keys for keys, _, _ in KEYS if len(keys[-1]) > 3])
def test_a_misspelled_key_is_understood(keys: Keys) -> None:
    """A key with a letter too few gives the key that was meant."""
    slip = keys[-1][:2] + keys[-1][3:]
    with pytest.raises(SitegenError) as caught:
        from_text(toml({(*keys[:-1], slip): "5"}))

    (problem,) = caught.value.problems
    assert problem.message == f'unknown key "{".".join((*keys[:-1], slip))}"'
    assert problem.hint == f'did you mean "{keys[-1]}"?'


def test_a_key_that_is_like_nothing_gives_the_list() -> None:
    """Where no guess is near, the hint names the keys that there are."""
    with pytest.raises(SitegenError) as caught:
        from_text("[lists]\nsheep = 5\n")

    assert caught.value.problems[0].hint == "known keys: per_page, related"


@pytest.mark.parametrize("keys", [keys for keys, hint in LEAVES if get_origin(hint) is Literal])
def test_a_misspelled_choice_is_understood(keys: Keys) -> None:
    """A choice with its last letter missing gives the choice that was meant, if much is left."""
    hint = dict(LEAVES)[keys]
    for choice in (choice for choice in get_args(hint) if len(choice) > 2):
        with pytest.raises(SitegenError) as caught:
            from_text(toml({keys: f'"{choice[:-1]}"'}))
        assert caught.value.problems[0].hint == f'did you mean "{choice}"?'


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('timezone = "Asia/Tokio"', 1, 'unknown time zone "Asia/Tokio"', '"Asia/Tokyo"'),
        ('timezone = "../../etc/passwd"', 1, "unknown time zone", "for instance"),
        ('timezone = ""', 1, 'unknown time zone ""', "for instance"),
        ('timezone = "Europe"', 1, 'unknown time zone "Europe"', ""),
        ('language = "english, please"', 1, "is not a language tag", '"en"'),
        ('accent = "red"', 1, '"red" is not a colour', "#9b1c1c"),
        ('accent_dark = "#fff"', 1, '"#fff" is not a colour', "#9b1c1c"),
        (
            'base_url = "example.org"',
            1,
            '"example.org" is not a web address',
            "write the full address",
        ),
        ('base_url = "ftp://example.org/"', 1, "is not a web address", "write the full address"),
        ('base_url = "https://[example.org/"', 1, "is not a web address", "write the full address"),
        ('base_url = "https://"', 1, "is not a web address", "write the full address"),
        ('base_url = "https://example.org/?a=b"', 1, "cannot be a base URL", "write scheme"),
        ('base_url = "https://example.org/a/../b/"', 1, "cannot be a base URL", "write scheme"),
        (
            'base_url = "https://example.org/\\"><script>"',
            1,
            "cannot be a base URL",
            "write scheme",
        ),
        ('[urls]\narticle = "/{titel}/{slug}/"', 2, "unknown field {titel}", ""),
        ('[urls]\ntag = "/tag/{year}/{slug}/"', 2, "unknown field {year}", ""),
        ('[urls]\ncategory = "/category/"', 2, "it must contain {slug}", ""),
        ('[urls]\nauthor = "/../{slug}/"', 2, 'it must not contain ".." as a part', ""),
        (
            '[publisher]\nmasthead = "javascript:alert(1)"',
            2,
            '"javascript:alert(1)" is not a web address',
            "write the full address",
        ),
        ('[publisher]\nownership = "about.md"', 2, "is not a web address", 'name a page, "pages/'),
        ('[publisher]\nfounded = "May 1871"', 2, '"founded" must be a year or a day, not', "1871"),
        ('[publisher]\nsame_as = ["/x/"]', 2, '"/x/" is not a web address', "write the full"),
        ("[lists]\nper_page = 0", 2, '"lists.per_page" must be at least 1', ""),
        ("[lists]\nrelated = -1", 2, '"lists.related" must be at least 0', ""),
        ("[search]\nat_once = 0", 2, '"search.at_once" must be at least 1', ""),
        ("[front]\nnewest = -5", 2, '"front.newest" must be at least 0', ""),
        ("[markdown]\ntoc_depth = 0", 2, '"markdown.toc_depth" must be at least 1', ""),
        (
            "[markdown.extensions]\nsmarty = 5",
            2,
            'extensions.smarty" must be a table of options',
            "",
        ),
        ("[build]\njobs = -1", 2, '"build.jobs" must be at least 0', ""),
        ('[build]\nexecutor = "dask"', 2, "needs the address of a scheduler", "tcp://"),
        (
            '[responses]\nreceiver = "respond.example"',
            2,
            "is not a web address",
            "write the full address",
        ),
        ('[receive]\nunmoderated = ["coment"]', 2, "unknown kind of response", '"comment"'),
        ('[notify]\nways = ["webmentoin"]', 2, "unknown way to notify", '"webmention"'),
        ('[notify]\nmax_lost_articles = "200%"', 2, '"200%" is not a percentage', '"10%"'),
        ('[receive]\nproxies = ["here"]', 2, '"here" is not an IP address', "127.0.0.1"),
        ("[receive]\nper_source = -1", 2, '"receive.per_source" must be at least 0', ""),
        ('[receive]\nmail_from = "a"\nmail_to = ["b"]', 3, "needs a mail server", "smtps://"),
        ('[receive]\nmail_to = ["b"]\nmail_server = "smtp://c"', 2, "needs a sender", "mail_from"),
        ('[receive]\nmail_server = "mail.example.org"', 2, "is not a mail server", "smtps://"),
        ('[receive]\nmail_server = "smtp://[a"', 2, "is not a mail server", "smtps://"),
        ('[receive]\nmail_server = "sendmail:mail"', 2, "is not a mail server", "smtps://"),
        ('[receive]\nmail_server = "smtp://a:b@c"', 2, "password does not belong", "environment"),
        ("[front_matter.names]\nwhen = 5", 2, 'names.when" must be the name of a key', ""),
    ],
)
def test_an_impossible_value_is_told(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    """A value of the right type that cannot be is refused at its line."""
    (problem,) = problems_of(tmp_path, text)

    assert message in problem.message
    assert problem.location == Location("sitegen.toml", line, 1)
    assert hint in (problem.hint or "")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Unknown keys, wrong types and impossible values of one file come in one run."""
    text = """\
tilte = "T"
timezone = "Asia/Tokio"
language = 5
[lists]
per_page = 0
[urls]
article = "slug"
"""
    found = problems_of(tmp_path, text)

    assert sorted(problem.location.line for problem in found if problem.location) == [1, 2, 3, 5, 7]


def test_a_mistake_in_pyproject_has_its_line(tmp_path: Path) -> None:
    """The place of a mistake is one of pyproject.toml, below `[tool.sitegen]`."""
    text = "[project]\ntitle = 5\n\n[tool.sitegen]\ntitle = 5\n[tool.sitegen.lists]\nper_page = 0\n"
    found = problems_of(tmp_path, text, "pyproject.toml")

    assert [problem.location for problem in found] == [
        Location("pyproject.toml", 5, 1),
        Location("pyproject.toml", 7, 1),
    ]


@pytest.mark.parametrize("value", ["5", '"text"', "[]"])
def test_a_pyproject_entry_that_is_no_table_is_told(tmp_path: Path, value: str) -> None:
    """`tool.sitegen = 5` is a mistake of the file, not a bug of ours."""
    (problem,) = problems_of(tmp_path, f"[tool]\nsitegen = {value}\n", "pyproject.toml")

    assert problem.message == '"tool.sitegen" must be a table'


def test_a_mistake_in_an_inline_table_has_the_line_of_the_table(tmp_path: Path) -> None:
    """Where the key's own place is not known, its table's is given."""
    (problem,) = problems_of(tmp_path, 'title = "T"\nlists = { per_page = "many" }\n')

    assert problem.location == Location("sitegen.toml", 2, 1)


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b'title = "T"\nlanguage =\n', "TOML: invalid value", 2),
        (b'title = "T"\n\ntitle = "U"\n', '"title" is given twice', 3),
        (b'title = "T"\nmotto = "caf\xe9"\n', "the file is not UTF-8", 2),
        (b'title = "T\n', "TOML: ", 1),
    ],
)
def test_a_broken_file_is_told_with_its_line(
    tmp_path: Path, data: bytes, message: str, line: int
) -> None:
    """A file that is no TOML gives one problem where it breaks."""
    (tmp_path / "sitegen.toml").write_bytes(data)
    with pytest.raises(SitegenError) as caught:
        load_config(tmp_path)

    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert problem.location is not None
    assert problem.location.line == line


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    """What cannot be read is a problem of the site."""
    (tmp_path / "sitegen.toml").mkdir()
    with pytest.raises(SitegenError, match="cannot be read"):
        load_config(tmp_path)


def test_a_wrong_base_url_on_the_command_line_is_wrong_usage() -> None:
    """A base URL that comes from the command line is not the configuration's mistake."""
    with pytest.raises(UsageError, match="is not a web address"):
        with_base_url(Config(), "example.org")


# --- Where the site is


def test_the_nearest_parent_with_a_configuration_is_the_site(tmp_path: Path) -> None:
    """A command works in every folder of a site, and in a site within a site."""
    inner = tmp_path / "inner"
    deep = inner / "articles" / "2024"
    deep.mkdir(parents=True)
    (tmp_path / "sitegen.toml").touch()
    assert find_site(deep) == tmp_path

    (inner / "pyproject.toml").write_text("[tool.sitegen]\n")
    assert find_site(deep) == inner


@pytest.mark.parametrize("text", ["tool = 5\n", "[tool]\nx = 1\n", "not toml", "[project]\n"])
def test_a_pyproject_without_the_table_is_passed_by(tmp_path: Path, text: str) -> None:
    """Another project's pyproject.toml, whole or broken, makes no site."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "sitegen.toml").touch()
    (inner / "pyproject.toml").write_text(text)

    assert find_site(inner) == tmp_path


def test_no_site_at_all_is_wrong_usage(tmp_path: Path) -> None:
    """Outside any site there is a message that says what to do."""
    with pytest.raises(UsageError) as caught:
        find_site(tmp_path)

    assert "sitegen init" in (caught.value.problems[0].hint or "")
