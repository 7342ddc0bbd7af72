"""What templates read of a document's own keys: a question each, so that traces say which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Self, TypeVar

from sitegen.cache.trace import Answer, Question, fingerprint
from sitegen.index.site import Site
from sitegen.model.frozen import FrozenMap
from sitegen.queries.kinds import SHARED, WHOLE_SITE, question

_ALWAYS = Answer(None, fingerprint("an own key"))


@question("own_key", about=WHOLE_SITE, scope=SHARED, reads=())
def own_key(_site: Site, *name: str) -> Answer:
    """Nothing: the values are the document's, and this only says that a page reads the key.

    Without a name it reads all of them.
    """
    del name
    return _ALWAYS


def keys_read(shared: Iterable[Question]) -> frozenset[str] | None:
    """Return the keys that pages read which asked these shared questions; None is all keys."""
    asked = [question[1:] for question in shared if question[0] == own_key.name]
    return None if () in asked else frozenset(str(name) for (name,) in asked)


class OwnKeys(FrozenMap):
    """`extra` of a document in templates: reading a key is a question."""

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


AnyTeaser = TypeVar("AnyTeaser")


class LazyDocument(Generic[AnyTeaser]):
    """A document that is only fetched when a template looks at it, not when it is compared."""

    __slots__ = ("_ask", "_digest", "_document", "_load", "_teaser")

    def __init__(
        self, load: Callable[[AnyTeaser, bytes], Any], teaser: AnyTeaser, digest: bytes
    ) -> None:
        self._load = load
        self._teaser = teaser
        self._digest = digest
        self._document: Any = None
        self._ask: Callable[..., Any] | None = None

    def asking(self, ask: Callable[..., Any]) -> Self:
        """Return itself, which from now on asks through `ask` for each own key that is read."""
        self._ask = ask
        return self

    @property
    def extra(self) -> FrozenMap:
        """Its own keys."""
        keys: FrozenMap = self.__getattr__("extra")
        return keys if self._ask is None else OwnKeys(keys, self._ask)

    def __getattr__(self, name: str) -> Any:
        if self._document is None:
            self._document = self._load(self._teaser, self._digest)
        return getattr(self._document, name)
