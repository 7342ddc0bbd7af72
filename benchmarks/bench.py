"""One generator with its site: builds it, edits it, and looks at what came out."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from benchmarks import measure, outputs
from benchmarks.peers import Variant, program
from benchmarks.results import Build, Watch
from benchmarks.sites import Edited
from benchmarks.watching import Patience, watch


class Bench:
    """One variant with its site."""

    def __init__(
        self, variant: Variant, site: Edited, trash: Path, options: argparse.Namespace
    ) -> None:
        self.variant = variant
        self.gave_up = False
        """It could not build the site at all."""
        self._site = site
        self._output = site.folder / variant.output
        self._trash = trash / variant.name
        self._trashed = 0
        self._options = options
        self._environment = {
            **variant.environment,
            "BENCH_FEEDS": "1" if options.feeds else "0",
            "NO_COLOR": "1",
        }

    def build(self, scenario: str, run: int) -> Build:
        """Make the edit of a scenario, build, and look at what came out."""
        cold = scenario == "cold"
        if cold:
            self._move_away()
        check = self._edit(scenario)
        before = outputs.snapshot(self._output)
        self._settle()
        usage = self._run(self.variant.cold if cold else self.variant.warm)
        written = outputs.written(before, outputs.snapshot(self._output))
        wrong: list[str] = []
        if not usage.failure:
            outputs.collect(wrong, check)
            if self._options.feeds:
                outputs.collect(wrong, outputs.feeds(self._output, self._site.stories[-1]))
        if cold:
            self.gave_up = bool(usage.failure)
            if self.variant.prime and not self.gave_up:
                self._run(self.variant.prime)
        return Build(self.variant.name, scenario, run, *usage, *written, wrong)

    def _edit(self, scenario: str) -> Iterator[str]:
        """Make the edit of a scenario; return what will look at the output after the build."""
        site, output, variant = self._site, self._output, self.variant
        if scenario == "cold":
            return outputs.whole_site(output, variant, site.stories)
        if scenario == "base template":
            _, edition = site.edit_base()
            return outputs.shows_everywhere(output, variant, site.stories, edition)
        story = site.stories[-1]
        if scenario == "body edit":
            _, story = site.edit_body()
        elif scenario == "title edit":
            _, story = site.edit_title()
        elif scenario == "new article":
            _, story = site.add_article()
        pages = outputs.article(output, variant, story)
        return chain(pages, outputs.lists_show(output, variant, story, site.stories[-1]))

    def watch(self) -> Watch:
        """Start the watch mode and save articles."""
        watched = watch(
            self.variant,
            self._command(self.variant.watch),
            self._site,
            Patience(self._options.edits, self._options.budget, self._options.timeout),
            self._environment,
            feeds=self._options.feeds,
        )
        kinds = {name: asdict(saves) for name, saves in watched.kinds.items()}
        return Watch(self.variant.name, watched.start, watched.memory, watched.failure, kinds)

    def _run(self, words: Sequence[str]) -> measure.Usage:
        command = self._command(words)
        return measure.run(command, self._site.folder, self._options.timeout, self._environment)

    def _command(self, words: Sequence[str]) -> list[str]:
        start = program(self.variant.program)
        if start is None:
            raise FileNotFoundError(self.variant.program)
        return [*start, *words[1:], *(self.variant.feeds if self._options.feeds else ())]

    def _move_away(self) -> None:
        """Move output and caches aside, to be deleted when all is over.

        A file system that has just deleted thousands of files is slow to make new ones.
        """
        self._trashed += 1
        folder = self._trash / str(self._trashed)
        folder.mkdir(parents=True)
        for name in (self.variant.output, *self.variant.caches):
            if (self._site.folder / name).exists():
                (self._site.folder / name).rename(folder / name)

    def _settle(self) -> None:
        """Have all earlier writing done, and the sources in the disk cache."""
        for path in self._site.folder.rglob("*"):
            if path.is_file() and not path.is_relative_to(self._output):
                path.read_bytes()
        os.sync()
