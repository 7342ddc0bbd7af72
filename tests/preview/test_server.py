"""The preview shows the site as a static host would, and stays up whatever is wrong."""

from __future__ import annotations

import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import pytest

from sitegen.flow.build import Options
from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.preview.application import Preview
from sitegen.preview.reload_events import ReloadEvents
from sitegen.preview.server import MAX_PORTS, MAX_SHOWN, Address, listening, serve, serving, shown
from sitegen.watch.rebuild import Outcome
from sitegen.web import idle_timeout
from sitegen.web.host_names import allowed_hosts
from sitegen.web.static_host import StaticHost
from tests.previews import Running, previewing
from tests.rebuilding import DEADLINE_SECONDS, save
from tests.sitefactory import AT, article, build_site, make_site, tree

pytestmark = pytest.mark.slow

FLOOD = "articles/flood.md"
SCRIPT = re.compile(rb"<script src=\"/__sitegen__/reload\.js\"[^>]*></script>\n")


def paper(folder: Path) -> Path:
    """Make a site below a base path, with some files of each kind."""
    return make_site(
        folder,
        {"flood.md": article("Flood"), "高潮.md": article("高潮")},
        config='base_url = "https://example.org/news/"',
        static={
            "films/flood.mp4": bytes(range(256)) * 4,
            ".htaccess": "Require all denied",
            ".well-known/security.txt": "Contact: mailto:desk@example.org",
            "plain.html": "<p>Not a page of sitegen",
        },
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site below a base path."""
    return paper(tmp_path / "site")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The site for tests that change nothing, shown as it is at `AT`."""
    with previewing(paper(tmp_path_factory.mktemp("paper")), Options(at=AT)) as running:
        yield running


@pytest.fixture
def preview(site: Path) -> Iterator[Running]:
    """The site, shown as it is at `AT`."""
    with previewing(site, Options(at=AT)) as running:
        yield running


# --- As a static host


def test_pages_are_what_is_built(standing: Running) -> None:
    """A page is the built file with the script in it, and nothing else is different."""
    page = standing.get("/news/2024/11/04/flood/")
    built = (standing.folder / "2024/11/04/flood/index.html").read_bytes()
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    assert SCRIPT.sub(b"", page.body) == built
    assert page.body.count(b"__sitegen__/reload.js") == 1
    assert b"</script>\n</body>" in page.body


def test_the_script_is_never_in_what_is_built(standing: Running, tmp_path: Path) -> None:
    """Neither the preview's own folder nor the output of a build has it."""
    build_site(standing.site, output=tmp_path / "output", state=tmp_path / "state")
    for folder in (standing.folder, tmp_path / "output"):
        assert not any(b"__sitegen__" in content for content in tree(folder).values())


def test_addresses_are_those_of_the_preview(standing: Running) -> None:
    """Whole addresses in pages lead to the preview, below the base path of the configuration."""
    assert standing.home == f"http://127.0.0.1:{standing.port}/news/"
    page = standing.get("/news/2024/11/04/flood/").text
    assert f'<link rel="canonical" href="{standing.home}2024/11/04/flood/">' in page
    assert "example.org" not in page


def test_the_preview_leaves_the_output_alone(standing: Running) -> None:
    """What `build` made is not touched."""
    assert not (standing.site / "output").exists()
    assert standing.folder.is_dir()


def test_every_file_is_sent_as_it_is(standing: Running) -> None:
    """Whatever is not HTML arrives byte for byte."""
    for path, content in tree(standing.folder).items():
        if not path.endswith(".html") and "/." not in f"/{path}":
            assert standing.get(f"/news/{path}").body == content


def test_names_of_every_script_are_found(standing: Running) -> None:
    """A Japanese address is sent percent-encoded and found."""
    page = standing.get("/news/2024/11/04/%E9%AB%98%E6%BD%AE/")
    assert page.status == 200
    assert "高潮" in page.text
    moved = standing.get("/news/2024/11/04/%E9%AB%98%E6%BD%AE")
    assert moved.headers["Location"] == "/news/2024/11/04/%E9%AB%98%E6%BD%AE/"


def test_folders_lead_to_their_index(standing: Running) -> None:
    """An address without its slash leads on to the one with it, query included."""
    moved = standing.get("/news/2024/11/04/flood?print=1")
    assert moved.status == 301
    assert moved.headers["Location"] == "/news/2024/11/04/flood/?print=1"
    assert standing.get("/news").headers["Location"] == "/news/"


def test_what_is_missing_is_the_sites_own_page(standing: Running) -> None:
    """The site's 404.html is sent with its status; it, too, waits for changes."""
    page = standing.get("/news/2024/11/04/nothing/")
    assert page.status == 404
    assert SCRIPT.sub(b"", page.body) == (standing.folder / "404.html").read_bytes()
    assert "2024/11/04/nothing/index.html" in page.text


def test_outside_the_base_path_the_way_is_shown(standing: Running) -> None:
    """Where the site does not lie, a plain page says where it does."""
    for target in ("/", "/2024/11/04/flood/", "/newspaper/", "/favicon.ico"):
        page = standing.get(target)
        assert page.status == 404
        assert '<a href="/news/">' in page.text
    assert "<b>" not in standing.get("/%3Cb%3E").text


@pytest.mark.parametrize(
    "target",
    [
        "/news/.htaccess",
        "/news/.sitegen-manifest",
        "/news/../../../sitegen.toml",
        "/news/%2e%2e/%2e%2e/sitegen.toml",
        "/news/..%2f..%2f..%2fsitegen.toml",
        "/news/films/",
        "/news/films",
        "//etc/passwd",
        "/__sitegen__/",
        "/__sitegen__/../sitegen.toml",
    ],
)
def test_nothing_else_is_sent(standing: Running, target: str) -> None:
    """No hidden file, no folder's list, nothing from elsewhere."""
    answer = standing.get(target)
    assert answer.status == 404
    assert b"base_url" not in answer.body
    assert b"flood.mp4" not in answer.body


def test_the_policy_of_the_host_is_sent(preview: Running) -> None:
    """With the site's pages, from the build on that has one; none where the host sends none."""
    assert "Content-Security-Policy" not in preview.get("/news/").headers
    text = (preview.site / "sitegen.toml").read_text("utf-8")
    hosting = '[hosting]\nhost = "netlify"\nframes = ["https://a.org"]'
    save(preview.site, {"sitegen.toml": f"{text}\n{hosting}\n"})
    preview.until_said(r"sitegen\.toml: ")
    policy = preview.get("/news/").headers["Content-Security-Policy"]
    assert policy.endswith("frame-src 'self' https://a.org")
    save(preview.site, {FLOOD: article("Flood", "{{< youtube dQw4w9WgXcQ >}}")})
    preview.until_said(r"flood\.md: ")
    policy = preview.get("/news/").headers["Content-Security-Policy"]
    assert policy.endswith("frame-src 'self' https://a.org https://www.youtube-nocookie.com")


def test_well_known_files_are_sent(standing: Running) -> None:
    """`/.well-known/` is for programs that look for it."""
    answer = standing.get("/news/.well-known/security.txt")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_own_html_is_followed_too(standing: Running) -> None:
    """A page from `static/` reloads as well, though it has no end tag."""
    assert standing.get("/news/plain.html").body.startswith(b"<p>Not a page of sitegen<script ")


@pytest.mark.parametrize("target", ["/news/", "/news/films/flood.mp4", "/news/nothing"])
def test_head_is_get_without_a_body(standing: Running, target: str) -> None:
    """HEAD has the status and the headers of GET."""
    whole, head = standing.get(target), standing.get(target, method="HEAD")
    assert head.body == b""
    assert head.status == whole.status
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control"):
        assert head.headers[name] == whole.headers[name]


def test_only_reading_is_possible(standing: Running) -> None:
    """A static host changes nothing."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = standing.get("/news/", method=method)
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_half_a_request_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection is closed after a while; the stream of changes stays open much longer."""
    monkeypatch.setattr(idle_timeout, "HEAD_SECONDS", 0.3)
    with listening(Address("127.0.0.1", 0), print) as listener:
        address = Address("127.0.0.1", listener.getsockname()[1])
        preview = Preview(StaticHost(tmp_path), ReloadEvents(), "")
        with serving(preview, allowed_hosts(""), listener, print):
            place = (address.host, address.port)
            with socket.create_connection(place, DEADLINE_SECONDS) as stream:
                stream.sendall(b"GET /__sitegen__/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert stream.recv(100).startswith(b"HTTP/1.1 200")
                for half in (b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
                    with socket.create_connection(place, DEADLINE_SECONDS) as line:
                        line.sendall(half)
                        assert line.recv(100) == b""
                preview.reload_events.publish(("x.html",), [], 0)
                assert stream.recv(1000)


@pytest.mark.parametrize("target", ["/news/", "/news/films/flood.mp4", "/__sitegen__/reload.js"])
def test_what_did_not_change_is_not_sent_again(standing: Running, target: str) -> None:
    """A browser that has a version asks whether there is another."""
    first = standing.get(target)
    again = standing.get(target, {"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert standing.get(target, {"If-None-Match": '"other"'}).status == 200


def test_parts_of_films_are_sent(standing: Running) -> None:
    """A film can be begun in its middle."""
    content = (standing.folder / "films/flood.mp4").read_bytes()
    whole = standing.get("/news/films/flood.mp4")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Type"] == "video/mp4"
    part = standing.get("/news/films/flood.mp4", {"Range": "bytes=300-399"})
    assert part.status == 206
    assert part.headers["Content-Range"] == f"bytes 300-399/{len(content)}"
    assert part.body == content[300:400]
    beyond = standing.get("/news/films/flood.mp4", {"Range": "bytes=5000-"})
    assert beyond.status == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(content)}"


# --- While it is edited


def test_a_failed_build_leaves_the_last_good_site_up(preview: Running) -> None:
    """Errors of any kind change nothing on the pages that were there."""
    before = preview.get("/news/2024/11/04/flood/")
    save(preview.site, {FLOOD: "---\ntitle: [\n---\n"})
    preview.until_said("1 error")
    save(preview.site, {"sitegen.toml": "title = "})
    preview.until_said("not built, 1 error")
    after = preview.get("/news/2024/11/04/flood/")
    assert after.status == 200
    assert SCRIPT.sub(b"", after.body) == SCRIPT.sub(b"", before.body)


def test_another_base_path_acts_at_once(preview: Running) -> None:
    """The preview moves with the configuration's base path."""
    save(preview.site, {"sitegen.toml": 'base_url = "https://example.org/paper/"'})
    preview.until_said(r"sitegen\.toml: ")
    assert preview.get("/paper/").status == 200
    assert f"http://127.0.0.1:{preview.port}/paper/" in preview.get("/paper/").text
    assert preview.get("/news/").status == 404


def test_a_site_that_cannot_be_built_yet_says_why(tmp_path: Path) -> None:
    """Without any page to show, the problems are the page, escaped; then the site takes over."""
    site = make_site(tmp_path / "site", {"flood.md": article()}, config='title = "<b>"\ntilte = 1')
    with previewing(site, Options(at=AT)) as preview:
        page = preview.get("/")
        assert page.status == 503
        assert "sitegen.toml:2:1: unknown key &quot;tilte&quot;" in page.text
        assert "title = &quot;&lt;b&gt;&quot;" in page.text
        assert "did you mean" in page.text
        assert SCRIPT.search(page.body)
        save(site, {"sitegen.toml": 'title = "The Packet"'})
        preview.until_said("rendered")
        assert preview.get("/").status == 200


def test_before_the_first_build_there_is_something_to_see(tmp_path: Path) -> None:
    """A browser that comes early is told to wait, by a page that turns into the site."""
    preview = Preview(StaticHost(tmp_path / "not there yet"), ReloadEvents(), "")
    address, hosts = Address("127.0.0.1", 0), allowed_hosts("127.0.0.1")
    with listening(address, print) as listener, serving(preview, hosts, listener, print):
        running = Running(tmp_path)
        running.home = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        page = running.get("/any/page/")
    assert page.status == 503
    assert "is being built" in page.text
    assert SCRIPT.search(page.body)


def test_a_preview_whose_server_fails_ends(tmp_path: Path) -> None:
    """Nobody is left with a terminal that builds pages which no browser gets."""
    preview = Preview(StaticHost(tmp_path), ReloadEvents(), "")
    address, ended = Address("127.0.0.1", 0), threading.Event()

    def wait_in_vain() -> None:
        with listening(address, print) as listener:
            listener.close()  # the server finds no socket where one was promised
            with serving(preview, allowed_hosts(""), listener, ended.set):
                assert ended.wait(DEADLINE_SECONDS)

    with pytest.raises(SitegenError, match="the preview ended: Bad file descriptor"):
        wait_in_vain()


def test_a_preview_outlives_its_folder(preview: Running) -> None:
    """Whoever clears the cache loses nothing: the next save builds all of it again."""
    shutil.rmtree(preview.site / ".sitegen")
    assert preview.get("/news/").status == 503
    save(preview.site, {FLOOD: article("Deluge")})
    preview.until_said("flood.md: ")
    assert "Deluge" in preview.get("/news/").text


def test_the_browser_is_opened_if_asked_for(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open` opens the address that the terminal shows, when there is something to see."""
    opened: queue.SimpleQueue[str] = queue.SimpleQueue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    with previewing(site, Options(at=AT), open_browser=True) as preview:
        assert opened.get(timeout=DEADLINE_SECONDS) == preview.home


def test_drafts_are_shown_if_asked_for(site: Path) -> None:
    """`--drafts` shows what is not published yet; without it nothing of it can be had."""
    save(site, {"articles/plan.md": article("Plan", draft=True)})
    with previewing(site, Options(at=AT, drafts=True)) as preview:
        assert "Plan" in preview.get("/news/").text
    with previewing(site, Options(at=AT)) as preview:
        assert "Plan" not in preview.get("/news/").text
        assert preview.get("/news/2024/11/04/plan/").status == 404


def test_the_news_are_an_event_stream(standing: Running) -> None:
    """The stream is for browsers, not for caches, and begins with how things stand."""
    with socket.create_connection(("127.0.0.1", standing.port), DEADLINE_SECONDS) as connection:
        connection.sendall(b"GET /__sitegen__/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        text = b""
        while b"problems" not in text:
            text += connection.recv(4096)
    head, _, body = text.partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert b"text/event-stream" in head
    assert b"no-store" in head
    assert b"x-accel-buffering: no\r\n" in head.lower() + b"\r\n"
    assert b"retry: " in body
    assert b'"changed": null' in body


# --- Names, ports, networks


def test_a_name_that_was_allowed_is_answered(site: Path) -> None:
    """Behind a proxy the preview has the proxy's name; pages and stream are had under it."""
    with previewing(site, allow_hosts=("paper.example",)) as preview:
        for target in ("/news/", "/__sitegen__/reload.js"):
            assert preview.get(target, {"Host": "paper.example"}).status == 200
        answer = preview.get("/news/", {"Host": "evil.example"})
        assert answer.status == 421
        assert "start it with --allow-host" in answer.text


def test_foreign_names_are_refused(standing: Running) -> None:
    """A page of another site cannot read the preview under a name of its own."""
    for target in ("/news/", "/__sitegen__/events", "/__sitegen__/reload.js"):
        answer = standing.get(target, {"Host": "evil.example"})
        assert answer.status == 421
        assert "evil.example" in answer.text
        assert "Flood" not in answer.text
    assert standing.get("/news/", {"Host": "localhost:1"}).status == 200


def test_a_preview_without_a_name_is_refused(standing: Running) -> None:
    """A request has to say whom it means."""
    with socket.create_connection(("127.0.0.1", standing.port), DEADLINE_SECONDS) as connection:
        connection.sendall(b"GET /news/ HTTP/1.0\r\n\r\n")
        assert connection.recv(4096).startswith((b"HTTP/1.1 421", b"HTTP/1.1 400"))


def test_a_taken_port_is_told_and_the_next_is_used(site: Path) -> None:
    """Two papers can be previewed at once; the terminal shows where the second one is."""
    with (
        previewing(site, Options(at=AT)) as first,
        previewing(site, Options(at=AT), port=first.port) as second,
    ):
        assert second.port > first.port
        assert f"port {first.port} is in use; using port {second.port} instead" in second.said
        for preview in (first, second):
            assert f":{preview.port}/news/" in preview.get("/news/").text
        save(site, {FLOOD: article("Deluge")})
        for preview in (first, second):
            preview.until_said("flood.md: ")
            assert "Deluge" in preview.get("/news/").text


def test_a_host_that_is_not_ours_is_told() -> None:
    """An address that cannot be listened on is a mistake of the command line."""
    with (
        pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"),
        listening(Address("192.0.2.1", 0), print),
    ):
        pass


def test_no_port_free_is_told() -> None:
    """Where every port that is tried is taken, the user has to name one."""
    with ExitStack() as stack:
        with suppress(OSError):  # another program may have it: then it is taken as well
            stack.enter_context(socket.create_server(("127.0.0.1", 65535)))
        stack.enter_context(pytest.raises(UsageError, match="port 65535"))
        stack.enter_context(listening(Address("127.0.0.1", 65535), print))


def test_the_network_gets_in_only_with_a_warning(site: Path) -> None:
    """Whoever opens the preview to others is told what they see."""
    with previewing(site, Options(at=AT), host="0.0.0.0") as preview:  # noqa: S104 - loopback too
        assert any("everyone in your network" in text for text in preview.said)
        assert preview.home.startswith("http://127.0.0.1:")
        assert preview.get("/news/", {"Host": "192.168.1.7"}).status == 200
        assert preview.get("/news/", {"Host": "evil.example"}).status == 421


def test_ipv6_is_served(site: Path) -> None:
    """The loopback of IPv6 is as good as the other."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    with previewing(site, Options(at=AT), host="::1") as preview:
        assert preview.home == f"http://[::1]:{preview.port}/news/"
        assert preview.get("/news/", host="::1").status == 200


def test_a_folder_that_is_somebody_elses_is_not_built_into(site: Path) -> None:
    """The preview never takes over files that it did not make."""
    with listening(Address("127.0.0.1", 0), print) as listener:
        port = listener.getsockname()[1]
    # Where another program has taken the port meanwhile, the next one is used.
    for taken in range(port, port + MAX_PORTS):
        save(site, {f".sitegen/preview/{taken}/photo.jpg": "not ours"})
    with pytest.raises(UsageError, match="photo"):
        serve(site, Options(at=AT), Address("127.0.0.1", port), print)


def test_a_page_is_not_covered_with_hundreds_of_problems(tmp_path: Path) -> None:
    """The first problems are shown, and how many more there are."""
    problems = tuple(Problem(f"wrong {n}", Location("a.md")) for n in range(MAX_SHOWN + 5))
    warning = Problem("odd", severity="warning")
    texts = shown(Outcome(None, None, (*problems, warning)), tmp_path)
    assert len(texts) == MAX_SHOWN + 1
    assert texts[-1] == "<p>… and 5 more: see the terminal.</p>"
    assert not any("odd" in text for text in texts)


def test_the_script_is_part_of_the_package() -> None:
    """An installed sitegen has the script beside its code."""
    assert (files("sitegen") / "preview" / "reload.js").is_file()


# --- The commands

ENDS = [signal.SIGINT, signal.SIGTERM]


@contextmanager
def command(name: str, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command until it says that it is ready; give the process and the line that says so."""
    with subprocess.Popen(
        (sys.executable, "-m", "sitegen", name, *arguments),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        ready = "Ctrl-C" if name == "serve" else "rendered"
        line = " "
        while line and ready not in line:
            line = process.stderr.readline()
        try:
            yield process, line
        finally:
            process.kill()


def end(process: subprocess.Popen[str], number: int) -> str:
    """Send a signal, and return the last line that the command says."""
    assert process.stderr is not None
    process.send_signal(number)
    said = process.stderr.read()
    assert process.wait(DEADLINE_SECONDS) == 0, said
    return said.strip().splitlines()[-1]


@pytest.mark.parametrize("number", ENDS)
def test_serve_ends_at_once_and_says_so(site: Path, number: int) -> None:
    """Ctrl-C and SIGTERM end the preview with exit code 0, whoever still listens to it."""
    with command("serve", "--site", site, "--port", "0") as (process, line):
        port = int(line.partition("127.0.0.1:")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as stream:
            stream.sendall(b"GET /__sitegen__/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert stream.recv(4096)
            assert end(process, number) == "preview stopped"
    assert (site / ".sitegen/preview" / str(port) / "index.html").exists()


@pytest.mark.parametrize("number", ENDS)
def test_watch_ends_at_once_and_says_so(site: Path, number: int) -> None:
    """Ctrl-C and SIGTERM end the watch with exit code 0; what was built stays."""
    with command("watch", "--site", site) as (process, line):
        assert "all files: " in line
        assert end(process, number) == "stopped watching"
    assert (site / "output/index.html").exists()


def test_watch_tells_one_line_for_each_build(site: Path) -> None:
    """The terminal shows what was saved and what was done for it."""
    with command("watch", "--site", site) as (process, _):
        save(site, {FLOOD: article("Deluge")})
        assert process.stderr is not None
        line = process.stderr.readline()
        done = r"\d+ rendered, \d+ written, \d+ removed in [\d,]+ ms"
        assert re.fullmatch(rf"\d\d:\d\d:\d\d articles/flood\.md: {done}\n", line)
    assert "Deluge" in (site / "output/index.html").read_text("utf-8")
