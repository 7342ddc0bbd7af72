"""`sitegen words`: what languages lack, and the file to fill in."""

import json
import tomllib
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.config.loading import load_config
from sitegen.index.words import Catalogues, read_catalogues
from sitegen.model.errors import SitegenError, UsageError
from sitegen.tools.words import languages, with_missing_words
from tests.sitefactory import article, make_site, write

OWN = "templates/locale"


def site_catalogues(site: Path) -> Catalogues:
    """Return the words of a site."""
    return read_catalogues(site, load_config(site))


def site_with(folder: Path, files: dict[str, str], language: str = "en") -> Path:
    """Return a site with these files of its own."""
    site = make_site(folder, {"a.md": article()}, config=f'language = "{language}"\n')
    write(site, {f"{OWN}/{name}": text for name, text in files.items()})
    return site


def test_a_language_without_words_gets_a_file_with_all_of_them(tmp_path: Path) -> None:
    """Each is empty, with the English one beside it; the layout's own lines are offered."""
    site = site_with(tmp_path, {})

    written = with_missing_words(site, "hu")

    assert written.path == f"{OWN}/hu.toml"
    assert '\nskip = ""  # Skip to the content\n' in written.text
    assert '\n# Front page.\ntop_stories = ""  # Top stories\n' in written.text
    assert '\n# category_item = "Category:"\n' in written.text
    assert set(written.keys) == set(site_catalogues(site).lacking("hu", ("one", "other")))
    assert "category_item" not in tomllib.loads(written.text)


def test_each_plural_form_of_the_language_is_there_with_numbers(tmp_path: Path) -> None:
    """Who fills in Lithuanian is told for which numbers each form is."""
    text = with_missing_words(site_with(tmp_path, {}), "lt").text

    assert 'articles.one = ""  # for 1, 21, 31, 41, …: {count} article\n' in text
    assert 'articles.few = ""  # for 2, 3, 4, 5, …: {count} articles\n' in text
    assert 'articles.many = ""  # {count} articles\n' in text
    assert 'articles.other = ""  # for 0, 10, 11, 12, …: {count} articles\n' in text


def test_an_unfilled_word_is_the_english_one(tmp_path: Path) -> None:
    """The file can be used before it is complete; a word that is filled in is that one."""
    site = site_with(tmp_path, {}, "hu")
    text = with_missing_words(site, "hu").text.replace('tags = ""', 'tags = "Címkék"')
    write(site, {f"{OWN}/hu.toml": text})

    words = site_catalogues(site).words("hu").texts

    assert (words["tags"], words["skip"]) == ("Címkék", "Skip to the content")
    again = with_missing_words(site, "hu")
    assert again.keys == ()
    assert "tags" not in again.unfilled
    assert "skip" in again.unfilled


def test_what_stands_in_a_file_stays(tmp_path: Path) -> None:
    """Missing words are put behind those that are there, and into the tables that are there."""
    file = '# mine\ntags = "Címkék"\n\n[articles]\none = "{count} cikk"\n\n[byline]\nvideo = "V"'
    site = site_with(tmp_path, {"HU.toml": file})

    written = with_missing_words(site, "hu")

    assert written.path == f"{OWN}/HU.toml"
    assert written.text.startswith('# mine\ntags = "Címkék"\n\nskip = ""')
    assert '[articles]\nother = ""' in written.text
    found = tomllib.loads(written.text)
    assert found["articles"] == {"one": "{count} cikk", "other": ""}
    assert found["tags"] == "Címkék"
    assert found["byline"]["video"] == "V"
    assert found["byline"]["editor"] == ""


@pytest.mark.parametrize("language", ["de", "de-AT", "zh-TW", "no", "en", "en-AU"])
def test_nothing_is_missing_where_a_parent_has_all_words(tmp_path: Path, language: str) -> None:
    """No file is written for a language that the theme has, nor for its regions."""
    site = site_with(tmp_path, {})

    assert main(["words", language, "--site", str(site)]) == 0
    assert not (site / OWN).exists()


def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path: Path) -> None:
    """TOML adds nothing to an inline table; what is no TOML is told with its line."""
    inline = 'articles = { one = "x" }\n'
    site = site_with(tmp_path, {"hu.toml": inline, "lt.toml": "tags =\n"})

    with pytest.raises(SitegenError, match="inline tables"):
        with_missing_words(site, "hu")
    with pytest.raises(SitegenError, match=r"lt\.toml:1"):
        with_missing_words(site, "lt")
    assert main(["words", "hu", "--site", str(site)]) == 1
    assert (site / OWN / "hu.toml").read_text("utf-8") == inline


def test_what_is_no_tag_is_refused(tmp_path: Path) -> None:
    """A path, say, never becomes a file."""
    with pytest.raises(UsageError, match="is not a language tag"):
        with_missing_words(site_with(tmp_path, {}), "../x")


def test_languages_are_listed_with_what_they_lack(tmp_path: Path) -> None:
    """Those of the theme, of the site, and of its documents; the site's own comes first."""
    site = make_site(
        tmp_path,
        {"a.md": article(), "b.md": article(lang="lt"), "c.md": article(lang="lt")},
        config='language = "hu"\n',
    )
    write(site, {f"{OWN}/sv.toml": 'own = "x"', f"{OWN}/en.toml": 'own = "x"'})

    found = {item.language: item for item in languages(site)}

    assert next(iter(found)) == "hu"
    assert found["hu"].is_site
    assert (found["lt"].documents, found["de"].documents) == (2, 0)
    assert found["sv"].lacking == ()
    assert found["de"].lacking == ("own",)
    assert "articles.few" in found["lt"].lacking
    assert found["en-GB"].lacking == ()


def test_the_command_writes_the_file_and_prints_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or the file itself on stdout; how many words there are to fill in is a message."""
    site = site_with(tmp_path, {})

    assert main(["words", "hu", "--print", "--site", str(site)]) == 0
    printed = capsys.readouterr().out
    assert not (site / OWN).exists()
    assert main(["words", "hu", "--site", str(site)]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{OWN}/hu.toml\n"
    assert "words to fill in" in shown.err
    assert (site / OWN / "hu.toml").read_text("utf-8") == printed
    assert main(["words", "hu", "--json", "--site", str(site)]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": f"{OWN}/hu.toml", "added": []}


def test_the_list_is_printed_a_language_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A few missing words are named, of many the number is told."""
    site = site_with(tmp_path, {"en.toml": 'own = "x"', "hu.toml": 'tags = "Címkék"'})

    assert main(["words", "--site", str(site)]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0] == "en (the site's, 1 document): complete"
    assert "de: lacks 1 word: own" in lines
    assert any(line.startswith("hu: lacks 2") and line.endswith(" words") for line in lines)
