"""What GitHub's Markdown has beyond CommonMark, made in the HTML of either engine.

- `> [!NOTE]` is an alert, `- [ ] text` a task, `https://example.org/` a link.

The specification is https://github.github.com/gfm/ and, for alerts, GitHub's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from sitegen.html.scanning import tags

_ALERT = re.compile(
    r"<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*"
    r"(?:(?:<br ?/?>)?\n|(?=</p>))",
    re.IGNORECASE,
)
_TASK = re.compile(r"<li>(\s*<p>|)\[([ xX])\](?=\s)")
_URL = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?/][^>]*>"
    r"|(?<![\w/@.&=])(?:https?://|www\.(?=\w))"
    '(?P<rest>(?:(?!&(?:lt|gt|quot|#34|#39);)[^\\s<>"`\x1a\u3000-\u3002\u3008-\u3011'
    "\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65])+)",
    re.DOTALL | re.IGNORECASE,
)
"""A URL; or a comment, in which there are none. What ends a sentence in Japanese ends it, too."""
_TRAILING = re.compile(r"(?:[?!.,:*_~';]|&[A-Za-z0-9]+;)\Z")
_NOT_LINKED = frozenset({"a", "button", "code", "kbd", "pre", "samp", "textarea", "title"})

_UNTITLED = re.compile(
    r'(<aside class="alert alert-(note|tip|important|warning|caution)">\n<div class="alert-title">)'
    r"(?=</div>)"
)


def with_github(html: str) -> str:
    """Return the HTML of a body with alerts, tasks and links where the text has signs for them.

    The headings of alerts are empty, for `with_alert_titles`.
    """
    if "[!" in html:
        html = _with_alerts(html)
    if "<li>" in html and ("[ ]" in html or "[x]" in html or "[X]" in html):
        html = _TASK.sub(_task, html)
    if _may_have_urls(html):
        html = _with_links(html)
    return html


def with_alert_titles(html: str, word: Callable[[str], str]) -> str:
    """Return the HTML of a body with words for the headings of its alerts.

    `word` gives the one for a kind of alert (`note`), as plain text.
    """
    if '<div class="alert-title"></div>' not in html:
        return html
    return _UNTITLED.sub(lambda match: match[1] + escape(word(match[2]), quote=False), html)


def _may_have_urls(html: str) -> bool:
    """Return whether there is an address that is not that of a link or picture."""
    found = html.count("://")
    return (
        found > 0 and found > html.count('="https://') + html.count('="http://')
    ) or "www." in html


def _task(match: re.Match[str]) -> str:
    return f'<li class="task">{match[1]}{"☐" if match[2] == " " else "☑"}'


def _with_alerts(html: str) -> str:
    """Return `html` with an alert for each paragraph in a quote that begins with a sign.

    The alert takes what follows in the quote. What is before becomes a quote, or an alert, by
    itself: Python-Markdown makes one of two with a blank line between.
    """
    found = {match.start(): match for match in _ALERT.finditer(html)}
    pieces: list[str] = []
    copied = 0
    open_elements: list[str] = []
    for tag in tags(html, every=True) if found else ():
        if tag.name == "p" and tag.start in found and open_elements[-1:] in (_QUOTE, _ASIDE):
            match = found[tag.start]
            kind = match[1].lower()
            before = html[copied : tag.start].rstrip("\n")
            if open_elements[-1:] == _QUOTE and before.endswith("<blockquote>"):
                before = before.removesuffix("<blockquote>")
            else:
                before += f"\n</{open_elements[-1]}>\n"
            open_elements[-1] = "aside"
            has_text = not html.startswith("</p>", match.end())
            pieces += (
                before,
                f'<aside class="alert alert-{kind}">\n',
                '<div class="alert-title"></div>\n',
                "<p>" * has_text,
            )
            copied = match.end() if has_text else match.end() + len("</p>\n")
        elif tag.name not in _HOLDERS:
            continue
        elif not tag.is_end:
            open_elements.append(tag.name)
        elif open_elements and open_elements.pop() == "aside" and tag.name == "blockquote":
            pieces += (html[copied : tag.start], "</aside>")
            copied = tag.end
    return "".join((*pieces, html[copied:]))


_QUOTE, _ASIDE = ["blockquote"], ["aside"]
_HOLDERS = frozenset({"blockquote", "aside", "li", "dd", "td", "div", "section"})
"""The elements with blocks in them: a sign counts in a quote, not in what is in a quote."""


def _with_links(html: str) -> str:
    pieces: list[str] = []
    copied = 0
    depth = 0
    for tag in tags(html, every=True):
        if not depth:
            pieces.append(_linked(html[copied : tag.start]))
            copied = tag.start
        if tag.name in _NOT_LINKED:
            depth = max(depth + (-1 if tag.is_end else 1), 0)
        elif tag.name in ("script", "style"):
            depth = int(not tag.is_end)
        pieces.append(html[copied : tag.end])
        copied = tag.end
    rest = html[copied:]
    return "".join((*pieces, rest if depth else _linked(rest)))


def _linked(text: str) -> str:
    return _URL.sub(_link, text) if "://" in text or "www." in text.lower() else text


def _link(match: re.Match[str]) -> str:
    url = match[0]
    if match["rest"] is None:
        return url
    while True:
        if trailing := _TRAILING.search(url):
            url = url[: trailing.start()]
        elif url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1]
        else:
            break
    host = url.partition("://")[2] or url
    if not re.match(r"[\w\[]", host):
        return match[0]
    target = url if "://" in url else f"http://{url}"
    return f'<a href="{target}">{url}</a>{match[0][len(url) :]}'
