"""What is written down of what others were told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.notify.records import Told, read, written

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
RECORDS = st.builds(
    Told,
    source=TEXT,
    target=TEXT,
    state=st.sampled_from(["sending", "told", "none", "refused", "waiting", "unsure"]),
    way=st.sampled_from(["", "webmention", "pingback", "trackback"]),
    endpoint=TEXT,
    tries=st.integers(0, 9),
    why=TEXT,
)


@given(st.lists(RECORDS, max_size=4))
def test_what_is_written_is_read(records: list[Told]) -> None:
    """And in one order, whatever it was, so that a file differs where something did."""
    assert list(read(written(records))) == sorted(records)
    assert written(reversed(records)) == written(records)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting"),
        ("[]", 'no list "told"'),
        ('{"told": [1]}', "1 is no record"),
        ('{"told": [{"source": "a", "target": "b"}]}', 'no "state"'),
        ('{"told": [{"source": "a", "target": "b", "state": "lost"}]}', "cannot be 'lost'"),
        ('{"told": [{"source": "a", "target": "b", "state": "told", "way": "fax"}]}', "'fax'"),
        ('{"told": [{"source": "a", "target": 1, "state": "told"}]}', "cannot be 1"),
        ('{"told": [{"source": "a", "target": "b", "state": "told", "x": ""}]}', '"x"'),
    ],
)
def test_what_is_no_record_is_told(text: str, why: str) -> None:
    """A file that somebody has edited says what is wrong with it."""
    with pytest.raises(ValueError, match=why):
        read(text.encode())
