"""Source → document for all files of documents: how they are parsed, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from sitegen.cache.context import BuildContext
from sitegen.cache.epoch import code_digest
from sitegen.cache.records import Packed, pack, unpack
from sitegen.cache.store import Kept
from sitegen.cache.tables import ENTRIES, Cached
from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.model.bugs import problems_of
from sitegen.model.documents import AnyEntry, Entry
from sitegen.model.errors import Location
from sitegen.model.references import named_files, used_files
from sitegen.model.source_folders import ARTICLES, DOCUMENTS, document_folder
from sitegen.parse.incremental import FileKind, Outcome, ParsedFiles, file_key, update
from sitegen.scan.sources import Scan, SourceChangedError, read_source
from sitegen.work.file_tasks import FileContext, FileTask


class Documents(ParsedFiles[Cached]):
    """The results of the files of all documents: articles, standalone pages, texts of terms."""

    __slots__ = ()

    def articles(self) -> list[Entry]:
        """Return the entries of all articles."""
        return [item.entry for item in self.items.values() if item.entry]

    def entries(self) -> Iterator[AnyEntry]:
        """Yield the entries of all documents."""
        return (entry for item in self.items.values() if (entry := item.document))

    def replaced_entries(self) -> dict[str, AnyEntry | None]:
        """Return the entries that were replaced, by their ids; None for a document that is new."""
        return {path: item and item.document for path, item in self.replaced.items()}


def settings_digest(config: Config) -> str:
    """Return the digest of the settings that decide what parsing gives."""
    relevant = (
        config.base_url,
        config.language,
        config.timezone,
        config.categories,
        config.default_category,
        config.urls.article,
        config.taxonomies,
        config.markdown,
        config.front_matter,
        config.responses,
        config.feeds.authority,
        config.site_language,
        config.home,
        [(code, item.folder) for code, item in config.languages.items()],
        [settings_digest(edition) for edition in config.editions.values()],
    )
    extensions = (
        name for name, options in config.markdown.extensions.items() if options is not False
    )
    return digest(repr(relevant), code_digest(tuple(extensions))).hex()


def is_document(path: str) -> bool:
    """Whether a source path is that of a document."""
    return document_folder(path) != ""


def is_article(path: str) -> bool:
    """Whether a source path is that of an article."""
    return document_folder(path) == ARTICLES


def update_documents(
    context: BuildContext,
    files: Scan,
    before: Documents,
    changed: Iterable[str] | None,
) -> Documents:
    """Return every document of the site; the arguments are those of `incremental.update`."""
    kind = FileKind(
        "parse",
        DOCUMENTS,
        is_document,
        settings_digest(context.config),
        parse_chunk,
        context.store.keep_parsed,
        partial(_check, context.config),
    )
    return Documents(*update(kind, context, files, before, changed))


def _check(config: Config) -> None:
    from sitegen.markdown.prose import check  # noqa: PLC0415 - slow to import, often not needed

    check(config)


class _Parsed(Outcome[Cached, Kept]):
    """What parsing an article's file gave."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Come from another process as what is stored, which says it all."""
        if self.record is None:
            return (_Parsed, tuple(self))
        entry, article = self.record
        return (_received, (self.path, bytes(entry), article and bytes(article)))


def _received(path: str, entry: bytes, article: bytes | None) -> _Parsed:
    kept = Kept(Packed(entry), None if article is None else Packed(article))
    cached = unpack(ENTRIES, path, entry)
    assert cached is not None  # noqa: S101 - a worker has just made it
    return _Parsed(cached.path or path, cached, kept)  # one text for all that name it


def parse_chunk(context: FileContext, chunk: list[FileTask]) -> list[Outcome[Cached, Kept]]:
    """Parse several files: the work of an executor."""
    from sitegen.parse.parsing import parse  # noqa: PLC0415 - slow to import, and often not needed

    outcomes: list[Outcome[Cached, Kept]] = []
    for source, sent in chunk:
        try:
            data = read_source(context.site, source) if sent is None else sent
            entry, _, problems, record, page, term = parse(source.path, data, context.config)
        except SourceChangedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs this file alone
            entry = page = term = None
            problems, record = problems_of(Location(source.path), error), b""
        if entry and (entry.references or entry.shortcodes):
            entry = entry._replace(uses=_uses(entry))
        if page and (page.references or page.shortcodes):
            page = page._replace(uses=_uses(page))
        if term and (term.references or term.shortcodes):
            term = term._replace(uses=_uses(term))
        cached = Cached(file_key(source, context.settings), entry, problems, page, term)
        kept = None
        if not any(problem.is_error for problem in problems):
            kept = Kept(pack(ENTRIES, source.path, cached), Packed(record) if record else None)
        outcomes.append(_Parsed(source.path, cached, kept))
    return outcomes


def _uses(entry: AnyEntry) -> tuple[str, ...]:
    references = (*entry.references, *named_files(entry.shortcodes))
    return tuple(sorted(used_files(entry.teaser.id, references)))
