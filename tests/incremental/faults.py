"""Files that are wrong or cannot be read for some builds, while all else goes on.

What is to come out is a clean build of a copy of the site, in which these files hold what they held
when they were last right.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sitegen.model import moments
from sitegen.model.errors import UsageError
from sitegen.model.references import is_fingerprinted
from sitegen.tools.verify import verify
from sitegen.tools.why import last_state
from tests.incremental.comparing import MANIFEST, Comparing, difference
from tests.incremental.newsroom import PICTURES, Newsroom, any_edit

WRONG = {
    "articles": ("---\ntitle: [\n---\n", "---\ntitle: A\ndate: never\n---\n"),
    "pages": ("---\ntitle: [\n---\n", "---\ntitle: A\nnav: top\n---\n"),
    "responses": ("---\nkind: comment\nemail: a@b.example\n---\n",),
}
"""What is no article or response."""

FOLDERS = ("articles", "articles/2024", "articles/2024/11", "responses", "pages", "pages/about")

KINDS = ("wrong", "wrong", "circle", "nowhere", "gone")


@dataclass
class Faults:
    """The faulty files of a site, and what they held."""

    room: Newsroom
    held: dict[str, bytes] = field(default_factory=dict)
    """The files that cannot be had, by their paths."""
    aside: dict[str, Path] = field(default_factory=dict)
    """Where whole folders were put."""

    def concerns(self, path: str) -> bool:
        """Whether a file is faulty, or lies in a folder that is."""
        return path in self.held or any(path.startswith(f"{folder}/") for folder in self.aside)

    def add(self, path: str, kind: str, which: int) -> None:
        """Make a file or folder faulty."""
        place = self.room.site / path
        if self.concerns(path) or not place.exists():
            return
        self.room.touched.add(path)
        if place.is_dir():
            if any(other.startswith(f"{path}/") for other in (*self.held, *self.aside)):
                return
            if kind == "gone" and "/" in path:
                return  # that is how one deletes what is in it
            self.aside[path] = self.room.site.parent / f"aside-{len(self.aside)}"
            for file in sorted(place.rglob("*")):
                if file.is_file():
                    self.held[file.relative_to(self.room.site).as_posix()] = file.read_bytes()
            place.rename(self.aside[path])
            if kind != "gone":
                place.symlink_to(place.name if kind == "circle" else "nowhere")
            return
        texts = WRONG.get(path.partition("/")[0], ())
        if kind == "gone" or (kind == "wrong" and (not texts or path in PICTURES)):
            kind = "nowhere"
        self.held[path] = place.read_bytes()
        place.unlink()
        if kind == "wrong":
            place.write_text(texts[which % len(texts)])
        else:
            place.symlink_to(place.name if kind == "circle" else "nowhere")

    def allows(self, kind: str, which: int, edit: Any) -> bool:
        """Whether an edit is of other files. What was parsed is not parsed for other settings."""
        if kind == "setting":
            return False
        if kind in ("templates", "static", "themes"):
            return not self.concerns(f"{kind}/{edit[0]}")
        if kind in ("response", "new", "page"):
            return not self.concerns(edit[0])
        return bool(self.room.articles) and not self.concerns(self.room.pick(which))

    def mend(self) -> None:
        """Make all files what they were."""
        for path, folder in self.aside.items():
            place = self.room.site / path
            place.unlink(missing_ok=True)
            folder.rename(place)
            self.room.touched.add(path)
        for path, data in self.held.items():
            if not any(path.startswith(f"{folder}/") for folder in self.aside):
                (self.room.site / path).unlink()
                (self.room.site / path).write_bytes(data)
                self.room.touched.add(path)

    @contextmanager
    def mended_copy(self, place: Path) -> Iterator[Path]:
        """Give a copy of the site in which nothing is faulty."""
        shutil.rmtree(place, ignore_errors=True)
        beside = shutil.ignore_patterns("output", ".sitegen")
        shutil.copytree(self.room.site, place, symlinks=True, ignore=beside)
        for path in self.aside:
            (place / path).unlink(missing_ok=True)
        for path, data in self.held.items():
            (place / path).unlink(missing_ok=True)
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)
        yield place
        shutil.rmtree(place)


class WithFaults(Comparing):
    """Builds that go on although something is wrong."""

    @rule(
        faults=st.lists(
            st.tuples(
                st.sampled_from(("article", "page", "other", "folder")),
                st.integers(0, 20),
                st.sampled_from(KINDS),
            ),
            min_size=1,
            max_size=3,
        ),
        edits=st.lists(any_edit(), max_size=3),
        minutes=st.sampled_from((0, 0, 1, 60, 2000, 80000)),
    )
    def go_on(
        self,
        *,
        faults: list[tuple[str, int, str]],
        edits: list[tuple[str, int, Any]],
        minutes: int,
    ) -> None:
        """Let files be faulty while others are edited and time goes on; then mend them."""
        self.check()
        faulty = Faults(self.room)
        for group, which, kind in faults:
            if path := self._pick_of(group, which):
                faulty.add(path, kind, which)
        options = self.options
        self.compare_last_good(faulty)
        for edit in edits:
            if faulty.allows(*edit):
                self.room.edit(*edit)
                self.compare_last_good(faulty)
        if self.options.at is not None:
            later = moments.of(self.options.at) + timedelta(minutes=minutes)
            self.options = replace(self.options, at=moments.local(later))
            self.compare_last_good(faulty)
        self.options = options
        faulty.mend()
        self.check()

    def _pick_of(self, group: str, which: int) -> str | None:
        """Return the path of a file of the site, or of a folder."""
        paths = {
            "article": sorted(self.room.articles),
            "page": sorted(self.room.pages),
            "other": sorted(
                path
                for path in self.room.others
                if path.startswith(("static/", "responses/", "articles/", "pages/"))
                or (
                    (path.startswith("themes/") and "/static/" in path)
                    and not path.startswith("responses/pending/")
                )
            ),
            "folder": list(FOLDERS),
        }[group]
        return paths[which % len(paths)] if paths else None

    def compare_last_good(self, faulty: Faults) -> None:
        """Build what can be built, and compare it with a clean build of what was last right."""
        self.counts["builds with faults"] += 1
        options = replace(self.options, keep_going=True)
        with faulty.mended_copy(self.folder / "mended") as mended:
            self.clean.start(mended, options)
            before = self.found()
            report = self.build(options)
            clean, wanted = self.clean.finish()
        assert not clean.failed, sorted(clean.errors)
        last = last_state(self.room.site, None).last
        assert last is not None
        failed = {path for path in last.failed if path not in wanted or path in before}
        if any("is wanted by" in problem.message for problem in report.problems):
            # Who was first at an address is not known to a build from nothing; `verify` tells it.
            assert verify(self.room.site).differences == ()
            return
        found = self.found()
        for path in sorted((found.keys() | wanted.keys()) - self.foreign - {MANIFEST}):
            if path in last.failed or (last.failed and is_fingerprinted(path)):
                assert path not in before or found.get(path) == before[path], path
                continue
            assert path in found, f"{path} is missing"
            assert path in wanted, f"{path} is left over"
            assert found[path] == wanted[path], difference(path, found, wanted)
        if not failed:
            articles, pages, _, change = clean.figures
            assert (report.articles, report.pages) == (articles, pages)
            assert (report.next_change.isoformat() if report.next_change else "") == change

    @precondition(lambda self: self.room.articles)
    @rule(which=st.integers(0, 20))
    def put_in_the_way(self, which: int) -> None:
        """Put a foreign file where a page is to be: it stays, and costs that page alone."""
        self.check()
        whole = self.found()
        path = self.room.pick(which)
        held = self.room.remove_article(path)
        self.check()
        own = sorted(whole.keys() - self.found().keys())
        self.room.put_article(path, *held)
        if not own:
            return
        chosen = self.output / own[which % len(own)]
        chosen.parent.mkdir(parents=True, exist_ok=True)
        chosen.write_text("theirs")
        report = self.build(replace(self.options, keep_going=True))
        assert str(chosen) in {str(problem.location) for problem in report.problems}
        found = self.found()
        name = chosen.relative_to(self.output).as_posix()
        assert found.pop(name) == b"theirs"
        whole.pop(name)
        assert {**found, MANIFEST: b""} == {**whole, MANIFEST: b""}
        chosen.unlink()
        self.look_at_output = True
        self.check()

    @rule()
    def lose_configuration(self) -> None:
        """Take the configuration away for a moment: nothing is built, and nothing changes."""
        before = self.found()
        place = self.room.site / "sitegen.toml"
        place.rename(self.folder / "sitegen.toml")
        self.room.touched.add("sitegen.toml")
        assert isinstance(self.build_or_error(), UsageError)
        assert self.found() == before
        (self.folder / "sitegen.toml").rename(place)
        self.room.touched.add("sitegen.toml")
        self.check()
