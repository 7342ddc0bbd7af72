"""What templates read of an article's own keys: a question each, so that traces say which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sitegen.cache.trace import Answer, Question, fingerprint
from sitegen.index.site import Site
from sitegen.model.frozen import FrozenMap
from sitegen.queries.kinds import SHARED, question

_ALWAYS = Answer(None, fingerprint("an article's own key"))


@question("own_key", scope=SHARED, reads=())
def own_key(_site: Site, *name: str) -> Answer:
    """Nothing: the values are the article's, and this only says that a page reads the key.

    Without a name it reads all of them.
    """
    del name
    return _ALWAYS


def keys_read(shared: Iterable[Question]) -> frozenset[str] | None:
    """Return the keys that pages read which asked these shared questions; None is all keys."""
    asked = [question[1:] for question in shared if question[0] == own_key.name]
    return None if () in asked else frozenset(str(name) for (name,) in asked)


class OwnKeys(FrozenMap):
    """`extra` of an article in templates: reading a key is a question."""

    __slots__ = ("_ask",)

    def __init__(self, keys: FrozenMap, ask: Callable[..., Any]) -> None:
        """Hold `keys`, and ask through `ask`."""
        self._items = dict(keys)
        self._ask = ask

    def __getitem__(self, key: str) -> Any:
        """Return the value of a key that is there or not; `KeyError` for the latter."""
        if isinstance(key, str):
            self._ask(own_key.name, "".join(key))
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys: whoever does reads all of them."""
        self._ask(own_key.name)
        return super().__iter__()
