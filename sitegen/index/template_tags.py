"""The tags of Jinja2 in the text of a template, found without Jinja2.

For what is looked at in every build, of which most render nothing.
"""

from __future__ import annotations

import re

STRING = r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*'"

TAG = re.compile(
    r"\{#.*?#\}"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
    rf"|\{{\{{(?:[^\"'}}]+|{STRING}|\}}(?!\}}))*\}}\}}"
    rf"|\{{%[-+]?\s*(?P<tag>\w+)\s*(?P<rest>(?:[^\"'%]+|{STRING}|%(?!\}}))*)%\}}",
    re.DOTALL,
)
"""A comment, raw text, something printed, or a tag: none of the others holds tags."""

LITERAL = re.compile(rf"({STRING})\s*[-+]?\Z", re.DOTALL)
"""The text that a tag such as `extends` ends with."""
