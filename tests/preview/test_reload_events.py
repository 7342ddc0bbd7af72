"""Open pages hear of everything that changed since they were made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from sitegen.preview import reload_events
from sitegen.preview.reload_events import MAX_PATHS, MAX_STATES, ReloadEvents
from tests.rebuilding import DEADLINE_SECONDS


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine, which must come to an end."""

    async def limited() -> None:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await work()

    asyncio.run(limited())


async def next_event(stream: AsyncIterator[str]) -> dict[str, Any]:
    """Return the data of the next event of a stream."""
    async for text in stream:
        lines = dict(line.split(": ", 1) for line in text.strip().split("\n"))
        if lines.get("event") == "state":
            data: dict[str, Any] = json.loads(lines["data"])
            assert data["state"] == lines["id"]
            return data
    raise AssertionError("the stream ended")


def test_a_page_hears_of_each_build() -> None:
    """Every build is told with its files and its problems."""

    async def work() -> None:
        events = ReloadEvents()
        stream = events.stream(events.name)
        assert (await next_event(stream))["changed"] == []
        events.publish(["b/index.html", "a.css"], [])
        event = await next_event(stream)
        assert event == {
            "state": events.name,
            "changed": ["a.css", "b/index.html"],
            "problems": [],
            "errors": 0,
        }
        events.publish([], ["<h2>wrong</h2>"])
        event = await next_event(stream)
        assert (event["changed"], event["problems"]) == ([], ["<h2>wrong</h2>"])
        assert event["errors"] == 1
        events.publish([], ["<h2>wrong</h2>", "<p>And more.</p>"], errors=25)
        assert (await next_event(stream))["errors"] == 25

    run(work)


def test_a_page_hears_what_it_missed() -> None:
    """Builds between a page being sent and its listening are made up for, all at once."""

    async def work() -> None:
        events = ReloadEvents()
        sent = events.name
        events.publish(["a"], [])
        events.publish(["b"], ["<h2>wrong</h2>"])
        event = await next_event(events.stream(sent))
        assert event["changed"] == ["a", "b"]
        assert event["problems"] == ["<h2>wrong</h2>"]
        assert (await next_event(events.stream(events.name)))["changed"] == []

    run(work)


@pytest.mark.parametrize("since", ["", "nonsense", "feedbeef-0", "-", "x-y", f"x-{'9' * 5000}"])
def test_a_page_of_another_server_looks_for_itself(since: str) -> None:
    """Where nobody knows what a page has seen, it is told that anything may have changed."""

    async def work() -> None:
        events = ReloadEvents()
        events.publish(["a"], [])
        assert (await next_event(events.stream(since)))["changed"] is None
        server = events.name.partition("-")[0]
        assert (await next_event(events.stream(f"{server}-{'9' * 5000}")))["changed"] is None
        assert (await next_event(events.stream(f"{server}-999")))["changed"] is None

    run(work)


def test_a_page_that_is_far_behind_looks_for_itself() -> None:
    """Not every build is remembered for ever, and none with too many files."""

    async def work() -> None:
        events = ReloadEvents()
        sent = events.name
        for number in range(MAX_STATES):
            events.publish([str(number)], [])
        assert len((await next_event(events.stream(sent)))["changed"]) == MAX_STATES
        events.publish(["one more"], [])
        assert (await next_event(events.stream(sent)))["changed"] is None

        before = events.name
        events.publish([str(number) for number in range(MAX_PATHS + 1)], [])
        assert (await next_event(events.stream(before)))["changed"] is None
        events.publish(None, [])
        assert (await next_event(events.stream(before)))["changed"] is None

    run(work)


def test_a_browser_is_told_when_to_come_back() -> None:
    """The stream begins with how long to wait before a lost server is tried again."""

    async def work() -> None:
        assert (await anext(aiter(ReloadEvents().stream("")))).startswith("retry: ")

    run(work)


def test_a_stream_ends_with_the_preview() -> None:
    """An open page does not keep the preview from ending."""

    async def work() -> None:
        events = ReloadEvents()
        stream = events.stream("")
        await next_event(stream)
        assert events.listeners == 1
        asyncio.get_running_loop().call_later(0.01, events.close)
        assert [text async for text in stream] == []
        assert events.listeners == 0
        assert [text async for text in events.stream("")][1:] == []

    run(work)


def test_a_quiet_stream_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something is sent from time to time, so that a dead connection is noticed."""

    async def work() -> None:
        stream = ReloadEvents().stream("")
        await next_event(stream)
        assert (await anext(aiter(stream))).startswith(":")

    monkeypatch.setattr(reload_events, "HEARTBEAT_SECONDS", 0.01)
    run(work)


def test_news_after_the_servers_end_are_nobodys() -> None:
    """A build that ends after the server did does no harm."""
    events = ReloadEvents()

    async def work() -> None:
        stream = events.stream("")
        await next_event(stream)
        kept.append(stream)

    kept: list[AsyncIterator[str]] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(work())
    loop.close()
    events.publish(["a"], [])
    events.close()
