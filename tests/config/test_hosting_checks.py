"""Redirects and headers that cannot be are told before anything is built."""

import pytest

from sitegen.config.loading import from_table
from sitegen.model.errors import SitegenError


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"redirects": {"old/": "/"}}, '"old/" cannot be redirected: it must begin with /'),
        ({"redirects": {"/old*": "/"}}, '"*" is allowed only at the end, after a slash'),
        ({"redirects": {"/*": "/"}}, "it would match every page"),
        ({"redirects": {"/a?b": "/"}}, "it must not contain ?, #"),
        ({"redirects": {"/a/": "b/"}}, "it must begin with / or https://"),
        ({"redirects": {"/a/": "//example.org/"}}, "it must not begin with //"),
        ({"redirects": {"/a/": "ftp://example.org/"}}, "it must begin with / or https://"),
        ({"redirects": {"/a/": "https://[x/"}}, "it must begin with / or https://"),
        ({"redirects": {"/a/": "/b c/"}}, "it must not contain spaces"),
        ({"redirects": {"/a/": "/:splat"}}, '":splat" is allowed only at the end'),
        ({"redirects": {"/a/*": "/:splat/x"}}, '":splat" is allowed only at the end'),
        ({"redirects": {"/a/": 3}}, "it must be text in quotes"),
        ({"hosting": {"headers": {"X Y": "1"}}}, '"X Y" is not a valid header name'),
        ({"hosting": {"headers": {"X": "1\n2"}}}, 'the header "X" must be one line of text'),
        ({"hosting": {"headers": {"X": 1}}}, 'the header "X" must be one line of text'),
        ({"hosting": {"content_security_policy": "a\nb"}}, "must be one line"),
        ({"hosting": {"host": "nginx", "headers": {"X": "$a"}}}, 'cannot contain "$"'),
        ({"hosting": {"host": "netlfy"}}, '"hosting.host" must be'),
    ],
)
def test_what_cannot_be_is_told(table: dict[str, object], message: str) -> None:
    """With what is wrong about it."""
    with pytest.raises(SitegenError) as caught:
        from_table(table)
    (problem,) = caught.value.problems
    assert message in problem.message


def test_what_can_be_is_taken() -> None:
    """Files, folders, patterns, other sites, queries and fragments."""
    table = {
        "redirects": {
            "/a": "/b/?c=d#e",
            "/a.html": "https://example.org/",
            "/a/*": "/b/:splat",
            "/高潮/*": "https://example.org/:splat",
        },
        "hosting": {"headers": {"X-Frame-Options": ""}, "content_security_policy": "none"},
    }
    assert from_table(table).redirects["/a"] == "/b/?c=d#e"
