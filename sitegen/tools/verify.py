"""Compares the output folder with a clean build of the same sources."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.store import FOLDER, Store
from sitegen.cache.trace import name
from sitegen.config.loading import load_config, with_base_url
from sitegen.config.themes import load_theme
from sitegen.flow.build import Options, build, quiet, sources_digest
from sitegen.flow.session import Session
from sitegen.model import moments
from sitegen.model.errors import Problem, SitegenError
from sitegen.model.references import is_fingerprinted
from sitegen.output.writing import OVERLOOKED, OutputFolder
from sitegen.scan.site_files import read_site_texts
from sitegen.scan.sources import UNSETTLED, scan
from sitegen.tools.why import last_state
from sitegen.work.progress import Progress


class Difference(NamedTuple):
    """A file that is not what it should be."""

    path: str
    what: str
    """`missing`, `left over` or `different`."""
    asked: tuple[str, ...]
    """The questions that its page had asked."""


class VerifyResult(NamedTuple):
    """The outcome of a comparison."""

    files: int
    """How many files were compared."""
    differences: tuple[Difference, ...]
    kept: tuple[str, ...] = ()
    """Files of an earlier build, kept since they cannot be made now: they are meant to be there."""


def verify(site: Path, output: Path | None = None, *, progress: Progress = quiet) -> VerifyResult:
    """Compare the output folder, byte for byte and file by file, with a clean build elsewhere.

    The clean build is one of the same moment, with the same drafts and base URL as the last
    build, and of the last good state of what was wrong or could not be read in it. Raises
    `SitegenError` if the sources are not those of the last build any more.
    """
    folder = output or site / "output"
    state = last_state(site, output)
    last = state.last
    assert last is not None  # noqa: S101 - last_state has looked
    settings = load_config(site)
    if last.base_url != settings.base_url:
        settings = with_base_url(settings, last.base_url)
    state_folder = site / FOLDER
    with Store(state_folder, folder) as known:
        # No stamp is trusted, but for what cannot be read.
        stamps = {path: it._replace(mtime_ns=UNSETTLED) for path, it in known.stamps().items()}
    files = scan(site, stamps, theme=load_theme(site, settings))
    if sources_digest(files, settings, read_site_texts(site)) != last.sources:
        hint = "run `sitegen build`, then `sitegen verify`"
        raise SitegenError(Problem("the sources have changed since the last build", hint=hint))
    ours = OutputFolder(folder, site).ours()
    with tempfile.TemporaryDirectory(prefix="sitegen-verify-") as temporary:
        clean, session = Path(temporary) / "output", Session()
        with Store(state_folder, folder) as known, Store(Path(temporary) / "state", clean) as fresh:
            fresh.take_last_good(known, last)
            unread = {path: it for path, it in stamps.items() if not files.is_readable(path)}
            fresh.keep_stamps({}, unread)
        build(
            site,
            Options(
                at=moments.local(last.at),
                drafts=last.drafts,
                output=clean,
                base_url=last.base_url,
                state=Path(temporary) / "state",
                keep_going=last.kept_going,
            ),
            session=session,
            progress=progress,
        )
        made = session.state.last
        session.close()
        failed = {*last.failed, *(made.failed if made else ())}
        if failed:  # their earlier pages name the styles of then
            failed.update(filter(is_fingerprinted, ours))
        expected = set(_files(clean))
        differences = [
            Difference(path, what, tuple(name(asked.question) for asked in trace.own))
            if (trace := state.traces.get(path))
            else Difference(path, what, ())
            for path, what in _differences(clean, expected, folder, ours - failed)
        ]
    kept = sorted(path for path in failed & ours if path not in expected)
    return VerifyResult(len(expected), tuple(differences), tuple(kept))


def _differences(
    clean: Path, expected: set[str], folder: Path, ours: set[str]
) -> Iterator[tuple[str, str]]:
    for path in sorted(expected | ours):
        here = folder / path
        if path not in expected:
            if here.exists():
                yield path, "left over"
        elif not here.is_file():
            yield path, "missing"
        elif here.read_bytes() != (clean / path).read_bytes():
            yield path, "different"


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] not in OVERLOOKED:
            yield relative.as_posix()
