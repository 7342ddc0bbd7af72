"""The live-reload script gets into pages while they are sent."""

import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from sitegen.preview.reload_script import PageContext, inject_script, skeleton

CONTEXT = PageContext("abc-1", "/news/", ("a/index.html",))


class Scripts(HTMLParser):
    """Collects the attributes of script elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script."""
        if tag == "script":
            self.found.append(dict(attrs))


def test_the_script_stands_at_the_end_of_the_body() -> None:
    """The last end tag of the body is the right one, however it is written."""
    page = b"<body><pre>&lt;/body></pre><!-- </body> --><p>x</BODY >\n</html>"
    start, end = inject_script(page, CONTEXT).split(b"<script ")
    assert start == b"<body><pre>&lt;/body></pre><!-- </body> --><p>x"
    assert end.endswith(b"defer></script>\n</BODY >\n</html>")


def test_a_page_without_an_end_gets_the_script_too() -> None:
    """HTML does not ask for end tags."""
    assert inject_script(b"<p>x", CONTEXT).startswith(b"<p>x<script ")
    assert inject_script(b"", CONTEXT).startswith(b"<script ")


@given(st.text(), st.lists(st.text()))
def test_whatever_paths_are_called_they_arrive(state: str, paths: list[str]) -> None:
    """The facts are escaped: none of them can end the attribute or the tag."""
    scripts = Scripts()
    scripts.feed(
        inject_script(b"<body></body>", PageContext(state, "/", paths)).decode("utf-8", "replace")
    )
    (script,) = scripts.found
    assert json.loads(script["data-paths"] or "") == paths
    assert (script["data-state"] or "").encode("utf-8", "replace") == state.encode(
        "utf-8", "replace"
    )


def test_only_the_addresses_of_stylesheets_do_not_count() -> None:
    """A new name of a stylesheet leaves the skeleton; anything else makes another one."""
    page = (
        b'<link rel="stylesheet" href="/css/site.1.css"><link rel=preload as=style href=/a.1.css>'
        b"<LINK HREF='/b.1.css' REL='stylesheet'><link rel=\"icon\" href=\"/i.1.svg\"><p>x"
    )
    assert skeleton(page) == skeleton(page.replace(b".1.css", b".2.css"))
    assert skeleton(page) != skeleton(page.replace(b".1.svg", b".2.svg"))
    assert skeleton(page) != skeleton(page.replace(b"<p>x", b"<p>y"))
    assert skeleton(page) != skeleton(page.replace(b'rel="stylesheet"', b'rel="alternate"'))
    assert skeleton(page) != skeleton(
        page.replace(b"<link rel=preload as=style href=/a.1.css>", b"")
    )
