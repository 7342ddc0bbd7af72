"""The words that a language lacks: a list of them, and a file to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.config.loading import load_config
from sitegen.config.toml_locations import key_positions, syntax_problem
from sitegen.flow.reading import read_documents
from sitegen.index.words import FORMS, LAYOUT_WORDS, Catalogues, read_catalogues
from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.model.languages import ENGLISH, fallbacks, normal_tag
from sitegen.parse.values import LANGUAGE
from sitegen.render.localization import plural_form, plural_forms
from sitegen.scan.sources import TEMPLATES

_SAMPLES = 200
"""Numbers up to this are looked at for examples of a plural form."""
_SHOWN_SAMPLES = 4


class LanguageWords(NamedTuple):
    """A language, and the words that it lacks."""

    language: str
    is_site: bool
    """Whether it is the language of the site."""
    documents: int
    """How many documents are in it."""
    lacking: tuple[str, ...]
    """The keys of words, in the order of the English file."""


class Written(NamedTuple):
    """The file of a language with the words that were missing."""

    path: str
    """Relative to the site folder."""
    text: str
    keys: tuple[str, ...]
    """Those that are new in it: without them there is nothing to write."""
    unfilled: tuple[str, ...] = ()
    """Those that stood in it before, and have no words yet, or wrong ones."""


def languages(site: Path) -> list[LanguageWords]:
    """Return the languages that have words or documents, and what each lacks.

    The site's own is first, the others are in the order of their tags.
    """
    settings = load_config(site)
    catalogues = read_catalogues(site, settings)
    own = normal_tag(settings.language)
    counts: dict[str, int] = {}
    for item in read_documents(site, settings).documents.entries():
        tag = normal_tag(item.teaser.lang)
        counts[tag] = counts.get(tag, 0) + 1
    known = {own, *counts, *catalogues.languages}
    return [
        LanguageWords(
            tag, tag == own, counts.get(tag, 0), catalogues.lacking(tag, plural_forms(tag))
        )
        for tag in sorted(known, key=lambda tag: (tag != own, tag))
    ]


def with_missing_words(site: Path, language: str) -> Written:
    """Return the site's file for a language with the words that are missing, to be filled in.

    Each is empty, which counts as missing, with the English word beside it. What stands in the
    file stays as it is. Raises `UsageError` for what is no language tag, `SitegenError` for a file
    that cannot be read or added to.
    """
    if not LANGUAGE.fullmatch(language):
        hint = "write a BCP 47 tag: sv, pt-BR, zh-Hant"
        raise UsageError(Problem(f'"{language}" is not a language tag', hint=hint))
    tag = normal_tag(language)
    catalogues = read_catalogues(site, load_config(site))
    path = _path(site, tag)
    before = _read(site, path)
    forms = plural_forms(tag)
    written = _leaves(_parsed(before, path))
    lacking = catalogues.lacking(tag, forms)
    keys = tuple(key for key in lacking if key not in written)
    unfilled = tuple(key for key in lacking if key in written)
    if not keys:
        return Written(path, before, (), unfilled)
    english = catalogues.words(ENGLISH).texts
    text = _filled(before, keys, english, _samples(tag, forms)) if before else ""
    if not before:
        head = _HEAD.format(language=tag, layout=_layout(english))
        text = f"{head}{''.join(_sections(catalogues, keys, english, _samples(tag, forms)))}"
    _check(before, text, path)
    return Written(path, text, keys, unfilled)


_HEAD = """\
# Words for {language}. Write each between the quotation marks. The English one stands behind it:
# it is shown for as long as there is none. Leave names in braces as they are.

# The layout's own lines are in English in every language, unless they are given here:
{layout}
"""


def _layout(english: Mapping[str, str]) -> str:
    lines = (f'# {key} = "{english[key]}"' for key in LAYOUT_WORDS if key in english)
    return "\n".join(lines)


def _path(site: Path, tag: str) -> str:
    """Return the path of the site's file for a language, however its name is spelt."""
    folder = f"{TEMPLATES}/locale"
    for file in sorted((site / folder).glob("*.toml")):
        if normal_tag(file.stem) == tag:
            return f"{folder}/{file.name}"
    return f"{folder}/{tag}.toml"


def _read(site: Path, path: str) -> str:
    try:
        return (site / path).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        hint = "save it as UTF-8"
        raise SitegenError(Problem("the file is not UTF-8", Location(path), hint)) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise SitegenError(Problem(message, Location(path))) from None


def _parsed(text: str, path: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SitegenError(syntax_problem(error, path, text)) from None


def _leaves(table: Mapping[str, object], way: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            found |= _leaves(value, f"{way}{name}.")
        else:
            found[f"{way}{name}"] = value
    return found


def _samples(tag: str, forms: Sequence[str]) -> dict[str, str]:
    """Return some numbers for which a language uses each of its forms: `few`: "2, 3, 4, 22, …"."""
    found: dict[str, list[str]] = {form: [] for form in forms}
    # As the words of this language will count; another's stand in for one that CLDR lacks.
    counted_by = next((item for item in fallbacks(tag) if item != ENGLISH), ENGLISH)
    for number in range(_SAMPLES):
        found.setdefault(plural_form(counted_by, number), []).append(str(number))
    return {
        form: ", ".join(numbers[:_SHOWN_SAMPLES]) + ", …" * (len(numbers) > _SHOWN_SAMPLES)
        for form, numbers in found.items()
    }


def _line(key: str, name: str, english: Mapping[str, str], samples: Mapping[str, str]) -> str:
    """Return the line to fill in for a key, which is called `name` where it stands."""
    word, _, form = key.rpartition(".")
    beside = english.get(key) or english.get(f"{word}.other", "")
    numbers = samples.get(form, "") if form in FORMS and f"{word}.other" in english else ""
    return f'{name} = ""  # {f"for {numbers}: " if numbers else ""}{beside}\n'


def _sections(
    catalogues: Catalogues,
    keys: Sequence[str],
    english: Mapping[str, str],
    samples: Mapping[str, str],
) -> Iterator[str]:
    """Yield the lines of missing words below the comments of the English file."""
    headings = _headings(catalogues)
    last = ""
    for key in keys:
        heading = headings.get(key) or headings.get(f"{key.rpartition('.')[0]}.other", "")
        if heading != last:
            yield f"\n{heading}\n" if heading else "\n"
            last = heading
        yield _line(key, key, english, samples)


def _headings(catalogues: Catalogues) -> dict[str, str]:
    """Return the comment below which each key stands in the English file."""
    found: dict[str, str] = {}
    for catalogue in catalogues.files(ENGLISH):
        lines = catalogue.text.split("\n")
        heading: list[str] = []
        for number, line in enumerate(lines):
            if line.startswith("#"):
                is_first = number == 0 or not lines[number - 1].startswith("#")
                heading = [*([] if is_first else heading), line]
            elif "=" in line:
                found[line.partition("=")[0].strip()] = "\n".join(heading)
    return found


def _filled(
    before: str, keys: Sequence[str], english: Mapping[str, str], samples: Mapping[str, str]
) -> str:
    """Return a file with lines for `keys`: in the tables that it has, else before the first."""
    # As TOML has lines: other separators may stand in a text.
    lines = [f"{line}\n" for line in before.removesuffix("\n").split("\n")]
    tables: dict[str, int] = {}
    first = len(lines)
    for way, place in key_positions(before):
        if lines[place.line - 1].lstrip().startswith("["):
            tables[".".join(map(str, way))] = place.line
            first = min(first, place.line - 1)
    added: dict[int, list[str]] = {}
    for key in keys:
        table, _, name = key.rpartition(".")
        header = tables.get(table)
        at, called = (first, key) if header is None else (header, name)
        added.setdefault(at, []).append(_line(key, called, english, samples))
    text: list[str] = []
    for number in range(len(lines) + 1):
        text += added.get(number, ())
        text += lines[number : number + 1]
    return "".join(text)


def _check(before: str, after: str, path: str) -> None:
    """Raise `SitegenError` unless `after` says what `before` said, and more."""
    kept = _leaves(tomllib.loads(before))
    try:
        now = _leaves(tomllib.loads(after))
    except tomllib.TOMLDecodeError:
        now = {}
    if not now or any(now.get(key) != value for key, value in kept.items()):
        message = "the file has words in inline tables, to which none can be added"
        hint = 'write each on a line of its own: articles.one = "…"'
        raise SitegenError(Problem(message, Location(path), hint))
