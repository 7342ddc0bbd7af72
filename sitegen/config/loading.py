"""The configuration: `sitegen.toml`, or `[tool.sitegen]` in `pyproject.toml`, read and checked.

Which keys there are stands in `settings`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sitegen.config.hosting_checks import hosting_problems
from sitegen.config.languages import (
    at_home,
    language_problems,
    languages_of,
    location_in,
    table_of,
)
from sitegen.config.navigation import navigation_problems
from sitegen.config.own_outputs import output_problems
from sitegen.config.settings import POLICIES, Config, Language, Urls, key_name
from sitegen.config.targets import share_problems, target_problems
from sitegen.config.taxonomies import FORMATS, Locator, completed, taxonomy_problems
from sitegen.config.toml_locations import key_positions, syntax_problem
from sitegen.model.errors import Location, Problem, SitegenError, UsageError, did_you_mean
from sitegen.model.frozen import FrozenMap, freeze
from sitegen.model.source_folders import document_folder
from sitegen.model.urls import LIST_FIELDS, PERMALINK_FIELDS, check_permalink, is_path

FILE_NAME = "sitegen.toml"
PYPROJECT = "pyproject.toml"


def load_config(site: Path) -> Config:
    """Read and check the configuration of the site folder `site`.

    In an empty file every key has its default. Raises `SitegenError` with all mistakes at once, and
    `UsageError` where there is no configuration: a site that has just lost it (on another branch,
    or while an editor saves) must not become one of defaults.
    """
    found = _read(site)
    if found is None:
        raise _no_config(site)
    path, table, text = found
    return from_table(table, path, text)


def require_site(site: Path) -> None:
    """Raise `UsageError` unless `site` is a folder that has a configuration."""
    if not site.is_dir():
        raise UsageError(Problem(f'the folder "{site}" does not exist'))
    if not (site / FILE_NAME).is_file() and _read(site) is None:
        raise _no_config(site)


def _no_config(site: Path) -> UsageError:
    message = f'there is no {FILE_NAME} in "{site}"'
    hint = "write one, an empty file is enough; or create a site with `sitegen init DIR`"
    return UsageError(Problem(message, hint=hint))


def with_base_url(config: Config, base_url: str) -> Config:
    """Return the configuration with another `base_url`, as the command line can name one."""
    if problems := list(_base_url_problems(base_url, None)):
        raise UsageError(*problems)
    return replace(config, base_url=base_url.rstrip("/") + "/" if base_url else "")


def as_preview(config: Config) -> Config:
    """Return the configuration of the same site as a preview for colleagues."""
    return replace(config, hosting=replace(config.hosting, preview=True))


def find_site(start: Path) -> Path:
    """Return `start` or its nearest parent that holds a configuration; else raise `UsageError`."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file() or _has_table(folder / PYPROJECT):
            return folder
    message = f"no {FILE_NAME} in this folder or any parent folder"
    hint = "create a site with `sitegen init DIR`, or name its folder with `--site DIR`"
    raise UsageError(Problem(message, hint=hint))


def _has_table(path: Path) -> bool:
    try:
        return "sitegen" in tomllib.loads(path.read_text("utf-8-sig")).get("tool", {})
    except (OSError, ValueError, TypeError):
        return False


def _read(site: Path) -> tuple[str, Mapping[str, Any], str] | None:
    """Return (file name, table, text); None if there is no configuration."""
    for name in (FILE_NAME, PYPROJECT):
        try:
            data = (site / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise SitegenError(
                Problem(f"cannot be read: {error.strerror}", Location(name))
            ) from None
        if name == PYPROJECT and b"sitegen" not in data:
            continue
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SitegenError(
                Problem("the file is not UTF-8", Location(name, line), "save it as UTF-8")
            ) from None
        try:
            table: Mapping[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SitegenError(syntax_problem(error, name, text)) from None
        if name == FILE_NAME:
            return name, table, text
        tool = table.get("tool", {})
        if isinstance(tool, dict) and "sitegen" in tool:
            if not isinstance(tool["sitegen"], dict):
                raise SitegenError(Problem('"tool.sitegen" must be a table', Location(name)))
            return name, tool["sitegen"], text
    return None


def key_locator(site: Path) -> Callable[[tuple[str | int, ...]], Location]:
    """Return what tells where a key of a site's configuration stands, for messages."""
    cached: list[Callable[[tuple[str | int, ...]], Location]] = []

    def location(keys: tuple[str | int, ...]) -> Location:
        # Read only where something is wrong.
        if not cached:
            path, _, text = _read(site) or (FILE_NAME, {}, "")
            cached.append(partial(location_of, path, dict(key_positions(text))))
        return cached[0](keys)

    return location


def location_of(
    path: str, known: Mapping[tuple[str | int, ...], Any], keys: tuple[str | int, ...]
) -> Location:
    """Return the place of a key, or of the table that it stands in."""
    whole = (*(("tool", "sitegen") if path == PYPROJECT else ()), *keys)
    for length in range(len(whole), 0, -1):
        if place := known.get(whole[:length]):
            return Location(path, place.line, place.column)
    return Location(path)


def from_table(table: Mapping[str, Any], path: str = FILE_NAME, text: str = "") -> Config:
    """Return the configuration that a TOML table says; `path` and `text` are for messages.

    Raises `SitegenError` with every unknown key, wrong type and impossible value.
    """
    location = partial(location_of, path, dict(key_positions(text)))
    problems: list[Problem] = []
    config: Config = read_table(Config, table, (), location, problems)
    config, wrong = _completed(config, table, location, tuple(problems))
    problems += (*wrong, *language_problems(config, location))
    editions = dict(_editions(config, table, location, problems))
    if problems:
        raise SitegenError(*problems)
    # What is not said of an edition is said of that in the language of the site.
    own = editions.get(config.language) or at_home(config, config.language, Language(path="/"))
    return replace(own, languages=config.languages, editions=FrozenMap(editions))


def _completed(
    config: Config, table: Mapping[str, Any], location: Locator, told: tuple[Problem, ...]
) -> tuple[Config, list[Problem]]:
    """Return what was read of a table with all that follows from it, and what is wrong with it.

    `told` is what was wrong with reading it.
    """
    config = replace(config, taxonomies=completed(config.taxonomies, table, config))
    problems = list(taxonomy_problems(config.taxonomies, table, location))
    problems.extend(_invalid_values(config, location, (*told, *problems)))
    base_url = config.base_url.rstrip("/") + "/" if config.base_url else ""
    return replace(config, base_url=base_url), problems


def _editions(
    config: Config, table: Mapping[str, Any], location: Locator, problems: list[Problem]
) -> Iterator[tuple[str, Config]]:
    """Yield the configuration of each edition, and add what is wrong with its values."""
    known = {problem.message for problem in problems}
    for code, language in languages_of(config).items():
        where = partial(location_in, code, location)
        whole = table_of(table, code)
        told: list[Problem] = []
        edition: Config = read_table(Config, whole, (), where, told)
        edition, wrong = _completed(edition, whole, where, tuple(told))
        # What cannot be read was told already, and what is wrong with the whole site, too.
        problems += [problem for problem in wrong if problem.message not in known]
        edition = replace(edition, site_language=config.language)
        yield code, at_home(edition, code, language)


def read_table(
    cls: type[Any],
    table: Mapping[str, Any],
    keys: tuple[str | int, ...],
    location: Any,
    problems: list[Problem],
) -> Any:
    """Return a table as the dataclass `cls`, without the keys that are wrong.

    `keys` lead to the table, `location` tells where a key stands. What is wrong is added to
    `problems`.
    """
    types = get_type_hints(cls)
    written = [item.name for item in fields(cls) if not item.metadata.get("derived")]
    fields_of = {key_name(name): name for name in written}
    hints = {key_name(name): types[name] for name in written}
    values: dict[str, Any] = {}
    for name, value in table.items():
        here = (*keys, name)
        if name not in hints:
            hint = did_you_mean(name, hints) or f"known keys: {', '.join(hints)}"
            if keys and name in get_type_hints(Config):
                hint = f'write "{name}" above the first [table]: below one, it belongs to that'
            problems.append(Problem(f'unknown key "{_dotted(here)}"', location(here), hint))
            continue
        if is_dataclass(hints[name]) and isinstance(value, Mapping):
            values[name] = read_table(hints[name], value, here, location, problems)
            continue
        if named := _named_tables(hints[name], value):
            inner = {
                key: _read_named(named, item, (*here, key), location, problems)
                for key, item in value.items()
            }
            inner = {key: item for key, item in inner.items() if item is not None}
            values[name] = FrozenMap(inner)
            continue
        if element := _tables(hints[name]):
            values[name] = _read_tables(element, value, here, location, problems)
            continue
        expected = mismatch(hints[name], value)
        if expected:
            message = f'"{_dotted(here)}" must be {expected}, not {value_text(value)}'
            guess = None
            if get_origin(hints[name]) is Literal and isinstance(value, str):
                guess = did_you_mean(value, get_args(hints[name]))
            problems.append(Problem(message, location(here), guess))
            continue
        values[name] = freeze(value)
    return cls(**{fields_of[name]: value for name, value in values.items()})


def _dotted(keys: tuple[str | int, ...]) -> str:
    """Return how a message names a key: without the numbers of tables in lists."""
    return ".".join(key for key in keys if isinstance(key, str))


def _read_named(
    kind: Any, value: Any, keys: tuple[str | int, ...], location: Any, problems: list[Problem]
) -> Any:
    """Return what is below a name of the user's: a table, or a list of them; None for neither."""
    if element := _tables(kind):
        return _read_tables(element, value, keys, location, problems)
    if isinstance(value, Mapping):
        return read_table(kind, value, keys, location, problems)
    name = _dotted(keys)
    problems.append(Problem(f'"{name}" must be a table: [{name}]', location(keys)))
    return None


def _read_tables(
    element: type[Any],
    value: Any,
    keys: tuple[str | int, ...],
    location: Any,
    problems: list[Problem],
) -> tuple[Any, ...]:
    """Return a list of tables."""
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return tuple(
            read_table(element, item, (*keys, number), location, problems)
            for number, item in enumerate(value)
        )
    name = _dotted(keys)
    message = f'"{name}" must be a list of tables, [[{name}]], not {value_text(value)}'
    problems.append(Problem(message, location(keys)))
    return ()


def _tables(hint: Any) -> type[Any] | None:
    """Return what each table of a list is read as, where a list of tables is expected."""
    arguments = get_args(hint)
    if get_origin(hint) is tuple and is_dataclass(arguments[0]):
        return cast(type[Any], arguments[0])
    return None


def _named_tables(hint: Any, value: Any) -> Any:
    """Return what each table of a table is read as, where names are the user's: `[deploy.NAME]`."""
    if get_origin(hint) is Mapping and isinstance(value, Mapping):
        return get_args(hint)[1]
    return None


def mismatch(hint: Any, value: Any) -> str | None:
    """Return what should stand there if `value` is not of the type `hint`, else None."""
    if hint is Any:
        expected, fits = "", True
    elif get_origin(hint) is Literal:
        allowed = get_args(hint)
        expected = " or ".join(f'"{item}"' for item in allowed if item != "")
        fits = isinstance(value, str) and value in allowed
    elif hint is str:
        expected, fits = "text in quotes", isinstance(value, str)
    elif hint is bool:
        expected, fits = "true or false", isinstance(value, bool)
    elif hint is int:
        expected = "a whole number"
        fits = isinstance(value, int) and not isinstance(value, bool)
    elif hint is FrozenMap or is_dataclass(hint) or get_origin(hint) is Mapping:
        expected, fits = "a table", isinstance(value, Mapping)
    elif get_origin(hint) is tuple:
        expected = 'a list of texts: ["a", "b"]'
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
    else:
        message = f"no rule for configuration type {hint!r}"
        raise TypeError(message)
    return None if fits else expected


def value_text(value: Any) -> str:
    """Return a TOML value as it may stand in a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, Mapping)):
        return "a list" if isinstance(value, list) else "a table"
    return str(value)


def _base_url_problems(base_url: str, location: Location | None) -> Iterator[Problem]:
    try:
        parts = urlsplit(base_url)
    except ValueError:  # a bracket that begins no IPv6 address
        parts = urlsplit("")
    if base_url and (parts.scheme not in ("http", "https") or not parts.hostname):
        hint = 'write the full address: "https://example.org/" or "https://example.org/news/"'
        yield Problem(f'"{base_url}" is not a web address', location, hint)
    elif parts.query or parts.fragment or re.search(r"[\s\"'<>\\]|/\.\.?(/|$)", base_url):
        message = f'"{base_url}" cannot be a base URL'
        yield Problem(message, location, "write scheme, host and path only")


RESPONSE_KINDS = ("comment", "webmention", "pingback", "trackback")
MAIL_SERVER_HINT = (
    'set `mail_server`: "smtps://user@mail.example.org" or "sendmail:/usr/sbin/sendmail"'
)

MINIMUMS = (
    ("lists", "per_page", 1),
    ("lists", "related", 0),
    ("search", "at_once", 1),
    ("front", "seconds", 0),
    ("front", "newest", 0),
    ("front", "per_section", 0),
    ("markdown", "toc_depth", 1),
    ("check", "image_bytes", 1),
    ("check", "image_pixels", 1),
    ("check", "external_most", 0),
    ("check", "external_seconds", 1),
    ("check", "external_retries", 0),
    ("check", "external_pause", 0),
    ("check", "external_days", 0),
    ("feeds", "items", 1),
    ("build", "jobs", 0),
    ("watch", "poll", 0),
    ("receive", "per_address", 0),
    ("receive", "per_source", 0),
    ("receive", "per_article", 0),
    ("receive", "in_total", 0),
    ("receive", "most_links", 0),
    ("notify", "days", 0),
    ("notify", "pause", 0),
    ("notify", "per_host", 1),
    ("notify", "seconds", 1),
)
"""The smallest numbers that make sense, by table and key."""


def _invalid_values(config: Config, location: Any, told: tuple[Problem, ...]) -> Iterator[Problem]:
    """Yield a problem for each value that has the right type but cannot be; `told` are others."""
    yield from _base_url_problems(config.base_url, location(("base_url",)))
    yield from _name_problems(config, location)
    yield from _feed_problems(config, location)
    yield from output_problems(config.outputs, location)
    yield from _publisher_problems(config, location)
    for name in ("accent", "accent_dark"):
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour := getattr(config, name)):
            yield Problem(
                f'"{colour}" is not a colour', location((name,)), 'for instance "#9b1c1c"'
            )
    for item in fields(Urls):
        pattern = getattr(config.urls, item.name)
        known = PERMALINK_FIELDS if item.name == "article" else LIST_FIELDS
        if reason := check_permalink(pattern, known):
            message = f'invalid pattern "{pattern}": {reason}'
            yield Problem(message, location(("urls", item.name)))
    for table, name, least in MINIMUMS:
        if getattr(getattr(config, table), name) < least:
            yield Problem(f'"{table}.{name}" must be at least {least}', location((table, name)))
    yield from _table_problems(config, location)
    if not any('"navigation.' in problem.message for problem in told):
        yield from navigation_problems(config.navigation, location)
    yield from hosting_problems(config, location)
    yield from _receiver_problems(config, location)
    yield from _notify_problems(config, location)
    for name, target in config.deploy.items():
        if any(f'"deploy.{name}.' in problem.message for problem in told):
            continue  # what it lacks may be what is misspelt
        yield from target_problems(name, target, location)
        yield from _base_url_problems(target.base_url, location(("deploy", name, "base_url")))


def _receiver_problems(config: Config, location: Any) -> Iterator[Problem]:
    yield from _base_url_problems(config.responses.receiver, location(("responses", "receiver")))
    rules = config.receive
    place = location(("receive", "unmoderated"))
    for kind in sorted({*rules.unmoderated} - {*RESPONSE_KINDS}):
        hint = did_you_mean(kind, RESPONSE_KINDS) or f"known kinds: {', '.join(RESPONSE_KINDS)}"
        yield Problem(f'unknown kind of response "{kind}"', place, hint)
    for text in rules.proxies:
        try:
            ip_network(text, strict=False)
        except ValueError:
            hint = 'for instance "127.0.0.1" or "10.0.0.0/24"'
            message = f'"{text}" is not an IP address or network'
            yield Problem(message, location(("receive", "proxies")), hint)
    if rules.mail_to and not rules.mail_from:
        message = '"receive.mail_to" needs a sender'
        yield Problem(message, location(("receive", "mail_to")), "set `mail_from`")
    if rules.mail_to and not rules.mail_server:
        message = '"receive.mail_to" needs a mail server'
        yield Problem(message, location(("receive", "mail_to")), MAIL_SERVER_HINT)
    elif rules.mail_server:
        yield from _mail_server_problems(rules.mail_server, location(("receive", "mail_server")))


def _notify_problems(config: Config, location: Any) -> Iterator[Problem]:
    known = RESPONSE_KINDS[1:]
    for way in config.notify.ways:
        if way not in known:
            hint = did_you_mean(way, known) or f"known ways: {', '.join(known)}"
            message = f'unknown way to notify "{way}"'
            yield Problem(message, location(("notify", "ways")), hint)
    place = location(("notify", "max_lost_articles"))
    yield from share_problems(config.notify.max_lost_articles, place)


def _mail_server_problems(url: str, location: Location) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
        is_server = bool(parts.hostname) and parts.port != 0
    except ValueError:
        yield Problem(f'"{url}" is not a mail server', location, MAIL_SERVER_HINT)
        return
    is_program = parts.scheme == "sendmail" and parts.path.startswith("/")
    if not is_program and not (parts.scheme in ("smtp", "smtps") and is_server):
        yield Problem(f'"{url}" is not a mail server', location, MAIL_SERVER_HINT)
    if parts.password is not None:
        hint = "remove it, and set the environment variable `SITEGEN_MAIL_PASSWORD`"
        yield Problem("a password does not belong in the configuration", location, hint)


def _table_problems(config: Config, location: Any) -> Iterator[Problem]:
    for name, target in config.front_matter.names.items():
        if not isinstance(target, str):
            message = f'"front_matter.names.{name}" must be the name of a key, as text in quotes'
            yield Problem(message, location(("front_matter", "names", name)))
    for name, options in config.markdown.extensions.items():
        if not isinstance(options, FrozenMap) and options is not False:
            message = f'"markdown.extensions.{name}" must be a table of options, or false'
            yield Problem(message, location(("markdown", "extensions", name)))
    if config.markdown.engine == "commonmark" and config.markdown.extensions:
        message = 'the engine "commonmark" has no extensions'
        hint = 'remove them, or set `engine = "python-markdown"`'
        yield Problem(message, location(("markdown", "extensions")), hint)
    if config.build.executor == "dask" and not config.build.dask_address:
        message = 'the executor "dask" needs the address of a scheduler'
        hint = 'set `dask_address`, for instance "tcp://10.0.0.5:8786"'
        yield Problem(message, location(("build", "executor")), hint)


def _feed_problems(config: Config, location: Any) -> Iterator[Problem]:
    for table in ("formats", "categories", "tags", "authors"):
        for name in getattr(config.feeds, table):
            if name not in FORMATS:
                hint = did_you_mean(name, FORMATS) or f"known formats: {', '.join(FORMATS)}"
                yield Problem(f'unknown format "{name}"', location(("feeds", table)), hint)
    for hub in config.feeds.hubs:
        yield from _address_problems(hub, location(("feeds", "hubs")), "https://hub.example.org/")
    if not re.fullmatch(r"[^\s/:,?#\"'<>\\]*", owner := config.feeds.authority):
        hint = 'for instance "example.org"'
        yield Problem(f'"{owner}" is not a host name', location(("feeds", "authority")), hint)


def _publisher_problems(config: Config, location: Any) -> Iterator[Problem]:
    publisher, example = config.publisher, "https://example.org/about/"
    for address in publisher.same_as:
        yield from _address_problems(address, location(("publisher", "same_as")), example)
    for name in POLICIES:
        address = getattr(publisher, name)
        if address and not is_path(address) and not document_folder(address):
            for problem in _address_problems(address, location(("publisher", name)), example):
                yield replace(problem, hint=f'name a page, "pages/about.md", or {problem.hint}')
    if publisher.founded and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", publisher.founded):
        message = f'"founded" must be a year or a day, not "{publisher.founded}"'
        yield Problem(message, location(("publisher", "founded")), 'for instance "1871"')


def _address_problems(url: str, location: Location, example: str) -> Iterator[Problem]:
    """Yield a problem if `url` is not an address on the web."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or re.search(r"[\s\"'<>\\]", url):
        yield Problem(
            f'"{url}" is not a web address', location, f'write the full address: "{example}"'
        )


def _name_problems(config: Config, location: Any) -> Iterator[Problem]:
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(config.timezone, available_timezones()) or 'for instance "Asia/Tokyo"'
        yield Problem(f'unknown time zone "{config.timezone}"', location(("timezone",)), hint)
    if not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", config.language):
        message = f'"{config.language}" is not a language tag'
        yield Problem(message, location(("language",)), 'for instance "en", "ja" or "pt-BR"')
