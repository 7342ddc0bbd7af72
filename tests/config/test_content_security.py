"""What pages may load and run. In the browser: tests/search/test_browser.py."""

from pathlib import Path

from sitegen.config.content_security import POLICY, policy

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
