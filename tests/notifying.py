"""A paper and another site on loopback: what one says of the other, and what it is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs

from sitegen.model import moments
from sitegen.notify.notifying import NotifyOptions, Report, notify
from sitegen.notify.records import Notification, read
from tests.sitefactory import AT, article, build_site, make_site
from tests.wild_server import NOT_FOUND, Answerer, Asked, Line, Wild, answer, wild

PAGE = '<link rel="webmention" href="{}/wm"><p>A page'
ACCEPTED = answer("", "202 Accepted")


class Newsroom:
    """A site, the copy of it that is live, and another site."""

    def __init__(self, folder: Path, own: Wild, other: Wild) -> None:
        self.site = folder / "site"
        self.live = folder / "live"
        self.own = own
        self.other = other
        own.routes["*"] = self._own
        self.waits: list[float] = []
        self.configure()

    def configure(self, more: str = "", pause: int = 0) -> None:
        """Write the configuration."""
        base = f'base_url = "{self.own.url("/")}"\ntitle = "The Paper"\n'
        rules = f"[notify]\npause = {pause}\nseconds = 10\nprivate = true\n{more}"
        make_site(self.site, config=f"{base}\n{rules}")

    def write(self, *paths: str, name: str = "flood", **head: object) -> None:
        """Write an article that links to paths of the other site."""
        links = " ".join(f"[{path}]({self.other.url(path)})" for path in paths)
        title = str(head.pop("title", "Flood"))
        body = str(head.pop("body", "The river rose."))
        make_articles = {f"{name}.md": article(title, f"{body} {links}", slug=name, **head)}
        base = (self.site / "sitegen.toml").read_text("utf-8")
        make_site(self.site, make_articles, config=base)

    def deploy(self) -> None:
        """Bring the site to where readers find it."""
        build_site(self.site)
        shutil.rmtree(self.live, ignore_errors=True)
        shutil.copytree(self.site / "output", self.live)

    def notify(self, *urls: str, now: datetime = AT, wait: float = 0) -> Report:
        """Notify, with the waits noted instead of waited."""
        return notify(
            self.site, moments.of(now), NotifyOptions(urls, wait=wait), sleep=self.waits.append
        )

    def publish(self, now: datetime = AT) -> Report:
        """Deploy and notify."""
        self.deploy()
        return self.notify(now=now)

    def source(self, name: str = "flood") -> str:
        """Return the address of an article."""
        return self.own.url(f"/2024/11/04/{name}/")

    def told(self) -> list[tuple[str, str]]:
        """Return (source, target) of each webmention that came, targets as paths, in order."""
        return [pair(asked, self.other) for asked in posts(self.other)]

    def records(self) -> list[Notification]:
        """Return all that is written down."""
        files = sorted((self.site / "notified").glob("*.json"))
        return [record for file in files for record in read(file.read_bytes())]

    def _own(self, line: Line, asked: Asked) -> None:
        path = self.live / asked.target.strip("/") / "index.html"
        line.send(answer(path.read_bytes()) if path.is_file() else NOT_FOUND)


def posts(server: Wild) -> list[Asked]:
    """Return the notifications that came."""
    return [asked for asked in server.asked if asked.method == "POST"]


def pair(asked: Asked, server: Wild) -> tuple[str, str]:
    """Return source and target of a webmention."""
    fields = parse_qs(asked.body.decode())
    return fields["source"][0], fields["target"][0].removeprefix(server.url(""))


def in_turn(*answers: bytes | Callable[[], bytes]) -> Answerer:
    """Answer each request by the next answer; the last one stays."""
    left = list(answers)

    def give(line: Line, _asked: Asked) -> None:
        found = left.pop(0) if len(left) > 1 else left[0]
        line.send(found if isinstance(found, bytes) else found())

    return give


@contextmanager
def newsroom(folder: Path) -> Iterator[Newsroom]:
    """Run both sites; the other takes webmentions at `/wm` for every page but those given."""
    with wild({}) as own, wild({"/wm": ACCEPTED}) as other:
        other.routes["*"] = answer(PAGE.format(other.url("")))
        yield Newsroom(folder, own, other)
