"""What is kept between builds: the tables of records, and the type of each.

Two records of a table are the same where their bytes are, so that they can be compared without
being decoded. Fields that are wanted alone come first in their type.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_type_hints

from sitegen.cache.records import Table
from sitegen.cache.trace import Asked, Question
from sitegen.model.data import DataContent
from sitegen.model.documents import (
    AnyEntry,
    Article,
    Entry,
    PageEntry,
    ShownResponse,
    TermEntry,
)
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment
from sitegen.model.search_index import Part
from sitegen.scan.sources import Stamp


class Cached(NamedTuple):
    """The result of parsing a file: what it was parsed from, its entry, what was wrong.

    The entry is in one of three fields: which of several types a record is could not be told.
    """

    key: str
    """Digest of the source and of the settings that matter to parsing."""
    entry: Entry | None
    """Of an article."""
    problems: tuple[Problem, ...]
    page: PageEntry | None = None
    term: TermEntry | None = None

    @property
    def document(self) -> AnyEntry | None:
        """The entry of a document of any kind."""
        return self.entry or self.page or self.term

    @property
    def path(self) -> str | None:
        """The file's path, where the result says it."""
        return (found := self.document) and found.teaser.id


class KnownResponse(NamedTuple):
    """The result of reading a response file."""

    key: str
    """Digest of the source and of the settings that matter to reading."""
    kind: str
    """"" for a file that is no response that can be shown."""
    digest: bytes
    """The fingerprint of what pages show of it."""
    instant: int
    """When it came, in microseconds since 1970."""
    problems: tuple[Problem, ...]


class KnownData(NamedTuple):
    """The result of reading a data file."""

    key: str
    """Digest of the source and of the settings that matter to reading."""
    digest: bytes
    """The fingerprint of its value."""
    problems: tuple[Problem, ...]


class Written(NamedTuple):
    """A file of the output folder as it was left by sitegen."""

    digest: bytes
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class StoredTrace(NamedTuple):
    """A trace, of which the shared questions are kept once for all outputs that ask the same."""

    record: tuple[str | int, ...]
    digest: bytes
    profile: str
    """The key of the set of shared questions."""
    own: tuple[Asked, ...]
    reason: str


class OutputRecord(NamedTuple):
    """What is known of a file of the output folder."""

    written: Written
    trace: StoredTrace | None
    """None for a copy, and for a page that failed."""

    @property
    def path(self) -> str | None:
        """The file's path, where the record says it."""
        return str(self.trace.record[0]) if self.trace and self.trace.record else None


class LastBuild(NamedTuple):
    """How the output folder was last built."""

    at: Moment
    """The moment that was shown."""
    drafts: bool
    base_url: str
    sources: bytes
    """Digest of all sources and the configuration."""
    other_digest: bytes
    """`Site.other_digest`."""
    shown_digest: bytes
    """What stands for all published documents: see `queries.affected.shown_digest`."""
    kept_going: bool
    stale: dict[str, str]
    """The rendered outputs with the reason for each."""
    holders: dict[str, str]
    """The documents that have addresses which others want, too, by the paths of their pages."""
    kept: tuple[str, ...]
    """The source files of which the last good state was shown, and not what they hold."""
    failed: tuple[str, ...]
    """The files of the output folder that could not be made; an earlier one may lie there."""


def _fields_of(kind: type) -> tuple[Any, ...]:
    return tuple(get_type_hints(kind).values())


def _row(*types: Any) -> Any:
    return tuple[types]  # type: ignore[valid-type]


# Of one site

ENTRIES: Table[Cached] = Table("entries", Cached, own_key="path")
ARTICLES: Table[tuple[Any, ...]] = Table(
    "articles", _row(bytes, *_fields_of(Article)[1:]), is_wide=True
)
"""The digest of the teaser in place of it, and everything else of an article; of another document
what it has of that."""
STAMPS: Table[dict[str, Stamp]] = Table("stamps", dict[str, Stamp])
"""The stamps of the files of a folder, by their names."""
RESPONSES: Table[KnownResponse] = Table("responses", KnownResponse)
SHOWN_RESPONSES: Table[tuple[Any, ...]] = Table(
    "shown_responses", _row(*_fields_of(ShownResponse)[:-2])
)
"""All of a response but its place among others: neither what it answers nor its replies."""
DATA: Table[KnownData] = Table("data", KnownData)
DATA_VALUES: Table[DataContent] = Table("data_values", DataContent, is_wide=True)

OF_SITE = (ENTRIES, ARTICLES, STAMPS, RESPONSES, SHOWN_RESPONSES, DATA, DATA_VALUES)

# Of one output folder

OUTPUTS: Table[OutputRecord] = Table("outputs", OutputRecord, own_key="path")
PROFILES: Table[tuple[Question, ...]] = Table("profiles", tuple[Question, ...])
ANSWERS: Table[Asked] = Table("answers", Asked)
THREADS: Table[bytes] = Table("threads", bytes)
DATA_DIGESTS: Table[bytes] = Table("data_digests", bytes)
SEARCH: Table[Part] = Table("search", Part)
LAST: Table[LastBuild] = Table("last", LastBuild)

OF_OUTPUT = (OUTPUTS, PROFILES, ANSWERS, THREADS, DATA_DIGESTS, SEARCH, LAST)
