"""What templates are told about the files of `includes/`."""

from __future__ import annotations

from collections.abc import Callable

from sitegen.cache.trace import ABSENT, Answer, digest
from sitegen.config.settings import Config
from sitegen.index.site import Site
from sitegen.markdown.prose import Prose
from sitegen.model.documents import Source
from sitegen.queries.kinds import FILES, SHARED, question

MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm")


class Included:
    """A file that a document includes, which is only read when a template looks at it."""

    __slots__ = ("_config", "_prose", "_read", "_source")

    def __init__(self, read: Callable[[Source], bytes], source: Source, config: Config) -> None:
        """Read the file `source` with `read`."""
        self._read = read
        self._source = source
        self._config = config
        self._prose: Prose | None = None

    @property
    def text(self) -> str:
        """What is written in it."""
        text = self._read(self._source).decode("utf-8-sig", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def prose(self) -> Prose:
        """What its text becomes. Raises `SitegenError` where it cannot be converted."""
        if self._prose is None:
            from sitegen.markdown import prose  # noqa: PLC0415 - not needed to compare

            is_html = self._source.path.endswith(HTML)
            convert = prose.from_html if is_html else prose.convert
            self._prose = convert(self.text, self._config, take_summary=False)
        return self._prose


@question("include", scope=SHARED, reads=(FILES, "markdown", "language"))
def include(site: Site, path: str) -> Answer:
    """The file of `includes/` with a source path, or None."""
    source = site.sources.get(path)
    if source is None or not path.endswith((*MARKDOWN, *HTML)):
        return Answer(None, ABSENT, ("absent",))
    config = site.config
    print_ = digest("include", source.digest, repr(config.markdown), config.language)
    return Answer(Included(site.read, source, config), print_, (f"{path} as edited",))
