"""Who asked what: from a question whose answer may have changed to the outputs that hang on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from sitegen.cache.trace import Question, Trace
from sitegen.queries import asked_again_with


class Dependents:
    """The outputs by the questions that they asked, for a process that builds again and again.

    What an output asked earlier may still be noted: it is then looked at once for nothing.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        # Most questions are asked by one output: that one's path alone takes the least memory.
        self._paths: dict[Question, str | set[str]] = {}
        self._others: set[str] = set()
        self._by_profile: dict[tuple[Question, ...], set[str]] = {}

    @property
    def profiles(self) -> Collection[tuple[Question, ...]]:
        """Every set of shared questions that some output asked."""
        return self._by_profile.keys()

    def note(
        self, traces: Mapping[str, Trace], before: Mapping[str, Trace], gone: Iterable[str] = ()
    ) -> None:
        """Take note of what outputs asked; `before` are the traces of the last build.

        `gone` are outputs that are not made any more.
        """
        for path in (*traces, *gone):
            if (trace := before.get(path)) and (paths := self._by_profile.get(trace.shared)):
                paths.discard(path)
                if not paths:
                    del self._by_profile[trace.shared]
        for path, trace in traces.items():
            self._by_profile.setdefault(trace.shared, set()).add(path)
            for asked in trace.own:
                self._note(asked[0], path)

    def _note(self, question: Question, path: str) -> None:
        key = asked_again_with(question)
        if key is None:
            self._others.add(path)
            return
        others = self._paths.setdefault(key, path)
        if isinstance(others, set):
            others.add(path)
        elif others != path:
            self._paths[key] = {others, path}

    def of(self, questions: Iterable[Question], shared: AbstractSet[Question]) -> set[str]:
        """Return the outputs that asked one of `questions`, or one that is always asked again.

        `shared` are those shared questions whose answers changed.
        """
        found = set(self._others)
        for question in questions:
            paths = self._paths.get(question)
            if isinstance(paths, str):
                found.add(paths)
            elif paths:
                found |= paths
        for profile, paths in self._by_profile.items() if shared else ():
            if not shared.isdisjoint(profile):
                found |= paths
        return found
