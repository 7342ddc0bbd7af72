"""What pages may load and run. In the browser: tests/search/test_browser.py."""

from pathlib import Path

import pytest

from sitegen.config.content_security import POLICY, allows, policy

DIRECTIVES = {
    name: set(sources) for name, *sources in (rule.split() for rule in POLICY.split("; "))
}


def test_nothing_inline_is_run() -> None:
    """No page needs an exception for inline scripts, inline styles or `eval`."""
    assert not {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*"} & set(POLICY.split())


def test_scripts_are_the_sites_own() -> None:
    """Scripts come from the site itself alone; WebAssembly is the one thing allowed besides."""
    assert DIRECTIVES["script-src"] == {"'self'", "'wasm-unsafe-eval'"}
    assert DIRECTIVES["default-src"] == DIRECTIVES["worker-src"] == {"'self'"}


def test_the_documentation_says_the_same() -> None:
    """Who copies the header from the documentation has the one that is tested."""
    page = Path(__file__).parents[2] / "docs" / "deploying.md"

    assert f"```text\n{POLICY}\n```" in page.read_text("utf-8")


def test_comments_may_be_sent_to_the_receiver_alone() -> None:
    """The form's address is added by its origin, and nothing else is."""
    before, after = POLICY.split("; "), policy("https://respond.example.org/packet/").split("; ")
    assert set(after) - set(before) == {"form-action 'self' https://respond.example.org"}
    assert policy("") == POLICY


def test_frames_are_shown_of_the_origins_that_are_named() -> None:
    """One directive more, and nothing else; without any there are none of other sites."""
    frames = ["https://a.org", "https://*.b.org"]
    before, after = POLICY.split("; "), policy(frames=frames).split("; ")
    assert set(after) - set(before) == {"frame-src 'self' https://a.org https://*.b.org"}
    assert set(before) < set(after)


@pytest.mark.parametrize(
    ("rules", "url", "is_shown"),
    [
        (POLICY, "https://a.org/x", False),
        (policy(frames=["https://a.org"]), "https://a.org/x", True),
        (policy(frames=["https://a.org"]), "//a.org/x", True),
        (policy(frames=["https://a.org"]), "http://a.org/x", False),
        (policy(frames=["https://a.org"]), "https://b.a.org/x", False),
        (policy(frames=["https://*.a.org"]), "https://b.a.org/x", True),
        (policy(frames=["https://*.a.org"]), "https://ba.org/x", False),
        ("frame-src https:", "https://a.org/x", True),
        ("default-src 'none'; child-src a.org", "https://a.org/x", True),
        ("default-src 'none'; frame-src *", "http://a.org/x", True),
        ("img-src 'self'", "https://a.org/x", True),
        ("", "https://a.org/x", True),
    ],
)
def test_whether_a_frame_is_shown_is_what_browsers_decide(
    rules: str, url: str, *, is_shown: bool
) -> None:
    """By the most specific directive that there is."""
    assert allows(rules, "frame", url) is is_shown


@pytest.mark.parametrize(
    ("rules", "url", "is_run"),
    [
        (POLICY, "https://platform.example", False),
        (POLICY, "", False),
        ("script-src 'self' https://platform.example", "https://platform.example/a.js", True),
        ("script-src 'unsafe-inline'; script-src-elem 'self'", "", False),
        ("script-src 'self' 'unsafe-inline'", "", True),
        ("default-src https:", "https://platform.example", True),
        ("img-src 'self'", "https://platform.example", True),
    ],
)
def test_whether_a_script_is_run(rules: str, url: str, *, is_run: bool) -> None:
    """One of another site needs its origin, one in the page the word for it."""
    assert allows(rules, "script", url) is is_run
