"""How other sites are told: guarded, once, and in the end rightly, whatever happens in between."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.notify.articles import SourceArticle
from sitegen.notify.delivery import Delivery
from sitegen.notify.delivery_log import DeliveryLog
from sitegen.notify.tasks import Tasks, plan_tasks
from sitegen.web.fetching import Fetched, Fetcher, Limits
from tests.notifying import pair
from tests.wild_server import LOOPBACK, PATIENCE, Asked, Line, Wild, answer, wild

NOW = moments.parse("2024-11-05T12:00Z")
CONFIG = from_table({"title": "The Paper", "notify": {"pause": 0, "seconds": 10}})
SOURCE = "https://paper.example/flood/"
ACCEPTED = answer("", "202 Accepted")
NO_MORE_THAN = 60
"""Runs after which everything has been told."""


def delivery(site: Path, now: Moment = NOW) -> Delivery:
    """Return a delivery that may fetch from 127.0.0.1, and from no other private address."""
    fetcher = Fetcher("tests", ports=None, allowed=LOOPBACK)
    return Delivery(DeliveryLog(site), fetcher, CONFIG, now, lambda _: None)


def due(site: Path, *targets: str) -> Tasks:
    """Return what is to be done about an article that links to `targets`."""
    article = SourceArticle(SOURCE, "Flood", "", targets, "1")
    return plan_tasks("flood", article, DeliveryLog(site).records("flood"), NOW)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.2/wm",
        "http://[::1]/wm",
        "http://[::ffff:10.0.0.1]/wm",
        "http://10.0.0.1/wm",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706434/wm",
        "http://0x7f000002/wm",
        "http://127.2/wm",
        "http://user@10.0.0.1/wm",
        "file:///etc/passwd",
        "gopher://127.0.0.1/wm",
    ],
)
@pytest.mark.parametrize("found", ["link", "moved", "pingback"])
def test_private_endpoints_are_refused(endpoint: str, found: str, tmp_path: Path) -> None:
    """A page cannot make us post into our own network: not by its link, nor by a redirect."""
    if found == "link":
        page = answer(f'<link rel="webmention" href="{endpoint}">')
    elif found == "pingback":
        page = answer("", X_Pingback=endpoint)
    else:
        page = answer('<link rel="webmention" href="/wm">')
    moved = answer("", "307 Temporary Redirect", Location=endpoint)
    with wild({"/a": page, "/wm": moved}) as server:
        (outcome,) = delivery(tmp_path).run(due(tmp_path, server.url("/a")).due)

    assert outcome.state == "refused"
    assert server.targets() == (["/a", "/wm"] if found == "moved" else ["/a"])


def test_who_stops_waits_for_what_is_on_its_way(tmp_path: Path) -> None:
    """Ctrl-C begins nothing more; what has been sent is written down with its answer."""
    second, go_on = threading.Event(), threading.Event()
    came = 0

    def take(line: Line, _asked: Asked) -> None:
        nonlocal came
        came += 1
        if came > 1:
            second.set()
            go_on.wait(PATIENCE)
        line.send(ACCEPTED)

    page = answer('<link rel="webmention" href="/wm">')
    with wild({"/wm": take, "*": page}) as server:
        found = due(tmp_path, *(server.url(f"/{number}") for number in range(50)))
        outcomes = delivery(tmp_path).run(found.due)
        first = next(outcomes)
        second.wait(PATIENCE)
        stopping = threading.Thread(target=outcomes.close)
        stopping.start()
        go_on.set()
        stopping.join()

    assert first.state == "told"
    states = [item.state for item in DeliveryLog(tmp_path).records("flood")]
    assert set(states) == {"told"}
    assert len(states) == came
    assert came < 50


class Step(NamedTuple):
    """The article links to some pages, under a number of its own; and how the server answers."""

    links: frozenset[int]
    text: int
    source: int
    fails: tuple[bool, ...]
    dies_at: int
    """The request during which the run ends, 0 for none."""


PROTOCOLS = ("webmention", "pingback", "trackback", "webmention")
STEPS = st.builds(
    Step,
    links=st.frozensets(st.integers(0, 3)),
    text=st.integers(0, 2),
    source=st.integers(0, 1),
    fails=st.tuples(*[st.booleans()] * 4),
    dies_at=st.integers(0, 3),
)


class _DiedError(BaseException):
    pass


class World:
    """Pages that take notifications, and believe nothing without looking at the source."""

    def __init__(self, site: Path, server: Wild) -> None:
        self.site = site
        self.server = server
        self.links: dict[str, set[str]] = {}
        """What each address of ours links to now."""
        self.known: set[tuple[str, str]] = set()
        """What the others show of ours by Webmention."""
        self.taken: Counter[tuple[str, str]] = Counter()
        """What they have taken by other protocols: the protocol, and the page."""
        self.fails: tuple[bool, ...] = (False,) * 4
        self.now = NOW

    def take(self, line: Line, asked: Asked) -> None:
        """Answer the endpoint of a page."""
        number = int(asked.target.rpartition("/")[2])
        if self.fails[number]:
            line.send(answer("", "503 Service Unavailable"))
            return
        protocol = PROTOCOLS[number]
        if protocol == "webmention":
            source, target = pair(asked, self.server)
            has = target in self.links.get(source, ())
            (self.known.add if has else self.known.discard)((source, target))
        else:
            self.taken[protocol, f"/{number}"] += 1
        line.send(ACCEPTED if protocol == "webmention" else answer(TAKEN[protocol]))

    def run(self, links: set[str], text: str, source: str, dies_at: int = 0) -> int:
        """Publish an article and notify; return how much was to be done."""
        self.links = {source: links}
        article = SourceArticle(
            source, "", "", tuple(self.server.url(path) for path in sorted(links)), text
        )
        log = DeliveryLog(self.site)
        found = plan_tasks("flood", article, log.records("flood"), self.now)
        log.remove("flood", found.obsolete)
        fetcher = Dying(dies_at) if dies_at else Fetcher("tests", ports=None, allowed=LOOPBACK)
        made = Delivery(log, fetcher, CONFIG, self.now, lambda _: None)
        with suppress(_DiedError):
            for _ in made.run(found.due):
                pass
        self.now += timedelta(days=8)
        return len(found.due) + len(found.waiting)


class Dying(Fetcher):
    """Ends the run in the middle: when something was sent, and its answer has not come."""

    def __init__(self, at: int) -> None:
        super().__init__("tests", ports=None, allowed=LOOPBACK)
        self.left = at

    def post(
        self, url: str, body: bytes, content_type: str, limits: Limits | None = None
    ) -> Fetched:
        """Post, and die."""
        got = super().post(url, body, content_type, limits)
        self.left -= 1
        if self.left == 0:
            raise _DiedError
        return got


TAKEN = {
    "pingback": "<methodResponse><params/></methodResponse>",
    "trackback": "<response><error>0</error></response>",
}


# Without shrinking: each of its hundreds of tries would be a dialogue with a server.
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(STEPS, max_size=5))
def test_in_the_end_all_know_what_is_so(steps: list[Step]) -> None:
    """Whatever was edited, refused for a while or interrupted: webmentions say what is so.

    A trackback arrives at most once, unless the run died; and no run sends what was sent.
    """
    with TemporaryDirectory() as folder, wild({}) as server:
        world = World(Path(folder), server)
        for number, protocol in enumerate(PROTOCOLS):
            url = server.url(f"/to/{number}")
            page = {
                "webmention": f'<a rel="webmention" href="{url}">x</a>',
                "pingback": f'<link rel="pingback" href="{url}">',
                "trackback": f'<rdf:RDF><rdf:Description dc:identifier="{server.url("")}/{number}" '
                f'trackback:ping="{url}"/></rdf:RDF>',
            }
            server.routes[f"/{number}"] = answer(page[protocol])
            server.routes[f"/to/{number}"] = world.take
        links, text, source = {"/0"}, "0", f"{SOURCE}0"
        for step in steps:
            links = {f"/{number}" for number in step.links}
            text, source = str(step.text), f"{SOURCE}{step.source}"
            world.fails = step.fails
            world.run(links, text, source, step.dies_at)
        world.fails = (False,) * 4
        runs = 0
        while world.run(links, text, source):
            runs += 1
            assert runs < NO_MORE_THAN

        assert world.known == {(source, path) for path in links & {"/0", "/3"}}
        assert world.taken["trackback", "/2"] <= 1
        if not any(step.dies_at for step in steps):
            assert world.taken["pingback", "/1"] <= 1
        sent = len(server.asked)
        world.run(links, text, source)
        assert len(server.asked) == sent
