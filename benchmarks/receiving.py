"""A flood on loopback: what the receiver accepts, limits and fails, and what of it is kept.

    python -m benchmarks.receiving [--senders 200] [--seconds 60] [--limit 10] [--room 500]

Starts `sitegen receive` for a site of its own, sends comments from as many connections as there
are senders (each with an address of its own, as a proxy would tell it), kills the receiver in the
middle, starts it again, and at the end compares what was acknowledged with what was filed.

With `--room` nothing can be filed before the kill, and the queue has room for only so many: whoever
is refused sends the same again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sitegen.receive.database import MOST_WAITING, Database

URL = "/2024/11/04/flood/"
PAGE = '<!doctype html><article data-article="2024-flood" data-comments="open">'

CONFIG = """
base_url = "https://news.example/"
[receive]
proxies = ["127.0.0.1"]
per_address = {limit}
per_article = 10000000
in_total = 10000000
"""


@dataclass
class Figures:
    """What happened."""

    accepted: set[str] = field(default_factory=set)
    limited: int = 0
    failed: int = 0
    broken: int = 0
    """Connections that the kill cut off, and those before it was up again."""
    memory: list[int] = field(default_factory=list)
    """Resident kilobytes, once a second."""
    milliseconds: list[float] = field(default_factory=list)


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--senders", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--limit", type=int, default=100_000, help="of each address")
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--room", type=int, help="in the queue, until the kill")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        (site / "output" / "2024" / "11" / "04" / "flood").mkdir(parents=True)
        (site / "output" / "2024" / "11" / "04" / "flood" / "index.html").write_text(PAGE, "utf-8")
        manifest = "sitegen manifest 1\n2024/11/04/flood/index.html\n"
        (site / "output" / ".sitegen-manifest").write_text(manifest, "utf-8")
        (site / "sitegen.toml").write_text(CONFIG.format(limit=options.limit), "utf-8")
        figures = asyncio.run(_flood(site, options))
        filed = _filed(site)
    lost = figures.accepted - set(filed)
    times = sorted(figures.milliseconds) or [0.0]
    report = {
        "senders": options.senders,
        "seconds": options.seconds,
        "accepted": len(figures.accepted),
        "limited": figures.limited,
        "failed": figures.failed,
        "cut off by the kill": figures.broken,
        "acknowledged and lost": len(lost),
        "filed twice": len(filed) - len(set(filed)),
        "median ms": round(times[len(times) // 2], 1),
        "99th percentile ms": round(times[len(times) * 99 // 100], 1),
        "MB of memory, at the most in each tenth": _memory(figures.memory),
    }
    print(json.dumps(report, indent=1))
    sys.exit(1 if lost else 0)


def _memory(kilobytes: list[int]) -> list[float]:
    step = max(1, len(kilobytes) // 10)
    tenths = [kilobytes[start : start + step] for start in range(0, len(kilobytes), step)]
    return [round(max(tenth) / 1024, 1) for tenth in tenths]


async def _flood(site: Path, options: argparse.Namespace) -> Figures:
    figures = Figures()
    port = _free_port()
    if options.room is not None:
        _fill_queue(site, options.room)
    server = [_start(site, port)]
    await _up(port)
    end = time.monotonic() + options.seconds
    tasks = [
        asyncio.create_task(_send(port, number, end, figures)) for number in range(options.senders)
    ]
    tasks.append(asyncio.create_task(_watch(server, end, figures)))
    if not options.no_kill:
        await asyncio.sleep(options.seconds / 2)
        server[0].send_signal(signal.SIGKILL)
        server[0].wait()
        if options.room is not None:
            _empty_queue(site)
        server[0] = _start(site, port)
        await _up(port)
    await asyncio.gather(*tasks)
    await _settled(site)
    server[0].send_signal(signal.SIGTERM)
    server[0].wait()
    return figures


def _fill_queue(site: Path, room: int) -> None:
    """Leave room for so many jobs in the queue, and let nothing be filed."""
    (site / "responses").write_text("in the way", "utf-8")
    path = site / ".sitegen" / "receive.sqlite3"
    Database(path).close()  # makes the tables
    with contextlib.closing(sqlite3.connect(path)) as connection:
        row = "INSERT INTO jobs VALUES (?, ?, 'filler', '{}', 1e12, 1, 0)"
        rows = ((number, b"%d" % number) for number in range(MOST_WAITING - room))
        connection.executemany(row, rows)
        connection.commit()


def _empty_queue(site: Path) -> None:
    """Take back what `_fill_queue` did; what could not be filed is due at once."""
    (site / "responses").unlink()
    with contextlib.closing(sqlite3.connect(site / ".sitegen" / "receive.sqlite3")) as connection:
        connection.execute("DELETE FROM jobs WHERE kind = 'filler'")
        connection.execute("UPDATE jobs SET due = 0")
        connection.commit()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _start(site: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sitegen", "receive"]
    return subprocess.Popen(
        [*command, "--site", str(site), "--port", str(port)],
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )


async def _up(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)


async def _send(port: int, number: int, end: float, figures: Figures) -> None:
    part = 0
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            figures.broken += 1
            await asyncio.sleep(0.1)
            continue
        try:
            while time.monotonic() < end:
                text = f"{number} {part}"
                began = time.monotonic()
                status = await _comment(reader, writer, number, text)
                figures.milliseconds.append(1000 * (time.monotonic() - began))
                part += status != b"429"  # What was refused is sent again.
                if status == b"200":
                    figures.accepted.add(text)
                elif status == b"429":
                    figures.limited += 1
                else:
                    figures.failed += 1
        except (OSError, asyncio.IncompleteReadError):
            figures.broken += 1
        finally:
            writer.close()


async def _comment(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, text: str
) -> bytes:
    body = urlencode({"url": URL, "name": f"Sender {number}", "text": text}).encode()
    head = (
        "POST /comment HTTP/1.1\r\nHost: respond.example\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Forwarded-For: 198.18.{number // 250}.{number % 250}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    await reader.readexactly(length)
    return answer.split()[1]


async def _watch(server: list[subprocess.Popen[bytes]], end: float, figures: Figures) -> None:
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{server[0].pid}/status").read_text("utf-8")  # noqa: ASYNC240 - of the kernel: no disk
            if "VmRSS:" in text:
                figures.memory.append(int(text.partition("VmRSS:")[2].split()[0]))
        await asyncio.sleep(1)


async def _settled(site: Path) -> None:
    """Wait until nothing more is filed."""
    before = -1
    while (now := len(_filed(site))) != before:
        before = now
        await asyncio.sleep(3)


def _filed(site: Path) -> list[str]:
    folder = site / "responses" / "pending" / "2024-flood"
    return [path.read_text("utf-8").rpartition("---\n")[2].strip() for path in folder.glob("*.md")]


if __name__ == "__main__":
    main()
