"""Builds a site after each edit, and compares the output with that of a clean build."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from sitegen.flow.build import Options, Report, build
from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.incremental.clean import CleanBuilder, of_error, of_report
from tests.incremental.newsroom import MOMENTS, Newsroom
from tests.sitefactory import times, tree

MANIFEST = ".sitegen-manifest"
TEMPORARY = ".sitegen-tmp/"


class Comparing(RuleBasedStateMachine):
    """A site that is built and compared; the rules that edit it are those of `Exactness`."""

    clean: ClassVar[CleanBuilder]
    """Set before the machine runs."""
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-exact-"))
        self.room = Newsroom(self.folder / "site")
        self.room.site.mkdir()
        self.output = self.room.site / "output"
        self.options = Options(at=datetime.fromisoformat(MOMENTS[2]))
        self.session: Session | None = None
        self.names_paths = False
        self.look_at_output = False
        """Whether the next build has to be one that looks at the output folder, too."""
        self.foreign: set[str] = set()
        self.good = self.room.copy()
        self.good_options = self.options

    def teardown(self) -> None:
        """Remove the site."""
        if self.session:
            self.session.close()
        shutil.rmtree(self.folder)

    # Building and comparing

    def check(self) -> None:
        """Build, compare with a clean build, and build again, which must do nothing.

        A site that cannot be built is mended, and built again.
        """
        self.counts["steps"] += 1
        if not self.find_stale():
            self.counts["failed builds"] += 1
            self.room.restore(self.good)
            self.options = self.good_options
            assert self.find_stale(), "mending does not help"
        self.good, self.good_options = self.room.copy(), self.options

    def find_stale(self) -> bool:
        """Build and compare; return whether the site can be built."""
        self.clean.start(self.room.site, self.options)
        before, before_times = self.found(), times(self.output)
        outcome = self.build_or_error()
        clean, wanted = self.clean.finish()
        if isinstance(outcome, SitegenError):
            assert clean.failed, f"a clean build has no problem: {outcome}"
            assert of_error(outcome).errors & clean.errors
            assert self.found() == before, "a failed build changed the output"
            return False
        report = outcome
        assert not clean.failed, f"only a clean build fails: {sorted(clean.errors)}"
        assert of_report(report) == clean
        self.compare_output(wanted)
        self.compare_report(report, before, before_times)
        self.rest()
        return True

    def build_or_error(self) -> Report | SitegenError:
        """Build, and return the report or the error."""
        try:
            return self.build()
        except SitegenError as error:
            return error

    def build(self, options: Options | None = None) -> Report:
        """Build in this process, as a new process or as one that goes on would."""
        self.counts["builds"] += 1
        chosen = options or self.options
        return build(self.room.site, chosen, session=self.session, changed=self.changed())

    def changed(self) -> set[str] | None:
        """Return what a watcher would name since the last build; None is anything."""
        named = self.session is not None and self.names_paths and not self.look_at_output
        changed = set(self.room.touched) if named else None
        self.room.touched.clear()
        self.look_at_output = False
        return changed

    def found(self) -> dict[str, bytes]:
        """Return the files of the output, but for those that a failed build could not remove."""
        found = tree(self.output)
        return {path: data for path, data in found.items() if not path.startswith(TEMPORARY)}

    def compare_output(self, wanted: dict[str, bytes]) -> None:
        """Hold the output folder against that of a clean build, manifest included."""
        found = {path: data for path, data in tree(self.output).items() if path not in self.foreign}
        differing = [path for path in sorted(found.keys() & wanted) if found[path] != wanted[path]]
        assert not differing, difference(differing[0], found, wanted)
        assert sorted(found) == sorted(wanted)

    def compare_report(
        self, report: Report, before: dict[str, bytes], before_times: dict[str, int]
    ) -> None:
        """Hold what the report says was written against what was."""
        after, after_times = self.found(), times(self.output)
        for files in (before, after):
            files.pop(MANIFEST, None)
        gone = before.keys() - after.keys()
        assert set(report.removed) == gone, (set(report.removed) - gone, gone - set(report.removed))
        assert set(report.written) == {path for path in after if before.get(path) != after[path]}
        for path in after.keys() - set(report.written):
            assert after_times[path] == before_times[path], f"{path} was written anew"

    def rest(self) -> None:
        """Build once more: nothing may be rendered or written."""
        before = times(self.output)
        again = self.build()
        assert again.rendered == {}, (again.notes, again.rendered)
        assert (again.written, again.removed) == ((), ())
        assert times(self.output) == before

    def compare_kept(self) -> None:
        """Build what can be built, and compare that with what a clean build can make."""
        options = replace(self.options, keep_going=True)
        self.clean.start(self.room.site, options)
        before = self.found()
        report = self.build(options)
        clean, wanted = self.clean.finish()
        assert of_report(report) == clean
        found = tree(self.output)
        for path in wanted.keys() - {MANIFEST}:
            assert found[path] == wanted[path], difference(path, found, wanted)
        for path in found.keys() - wanted:
            assert path in self.foreign or found[path] == before[path]

    def next(self, *, later: bool) -> None:
        """Check now, or after further edits."""
        if not later:
            self.check()


def difference(path: str, found: dict[str, bytes], wanted: dict[str, bytes]) -> str:
    """Return the first lines in which a file differs."""
    lines = (data[path].decode(errors="replace").split("\n") for data in (found, wanted))
    for number, (one, other) in enumerate(zip(*lines, strict=False), 1):
        if one != other:
            return f"{path}:{number}: found {one!r}, wanted {other!r}"
    return f"{path}: one of them is longer"
