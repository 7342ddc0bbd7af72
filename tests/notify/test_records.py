"""What is written down of what others were told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.notify.records import Notification, read, records_bytes

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
RECORDS = st.builds(
    Notification,
    source=TEXT,
    target=TEXT,
    state=st.sampled_from(["sending", "told", "none", "refused", "waiting", "unsure"]),
    protocol=st.sampled_from(["", "webmention", "pingback", "trackback"]),
    endpoint=TEXT,
    digest=TEXT,
    accepted_at=TEXT,
    status_url=TEXT,
    failures=st.integers(0, 9),
    retry_at=TEXT,
    reason=TEXT,
    withdrawn_at=TEXT,
)


@given(st.lists(RECORDS, max_size=4))
def test_what_is_written_is_read(records: list[Notification]) -> None:
    """And in one order, whatever it was, so that a file differs where something did."""
    assert list(read(records_bytes(records))) == sorted(records)
    assert records_bytes(reversed(records)) == records_bytes(records)


FILE = """{
 "told": [
  {
   "source": "https://paper.example/flood/",
   "target": "https://other.example/a",
   "state": "waiting",
   "way": "webmention",
   "endpoint": "https://other.example/wm",
   "text": "30a1",
   "at": "2024-11-04T12:00:00+00:00",
   "page": "https://other.example/wm/7",
   "tries": 2,
   "again": "2024-11-05T16:00:00+00:00",
   "why": "https://other.example/wm returned 503"
  }
 ]
}
"""


def test_the_keys_of_the_files_stay() -> None:
    """What a site has recorded is read by every version, and written as it was."""
    (record,) = read(FILE.encode())

    assert (record.protocol, record.digest, record.failures) == ("webmention", "30a1", 2)
    assert records_bytes([record]).decode() == FILE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Expecting"),
        ("[]", '"told" is missing'),
        ('{"told": [1]}', "1 is not a record"),
        ('{"told": [{"source": "a", "target": "b"}]}', 'no "state"'),
        ('{"told": [{"source": "a", "target": "b", "state": "lost"}]}', "cannot be 'lost'"),
        ('{"told": [{"source": "a", "target": "b", "state": "told", "way": "fax"}]}', "'fax'"),
        ('{"told": [{"source": "a", "target": 1, "state": "told"}]}', "cannot be 1"),
        ('{"told": [{"source": "a", "target": "b", "state": "told", "x": ""}]}', 'key "x"'),
        ('{"told": [{"source": "a", "target": "b", "state": "told", "digest": ""}]}', "digest"),
    ],
)
def test_what_is_not_a_record_is_told(text: str, reason: str) -> None:
    """A file that somebody has edited says what is wrong with it."""
    with pytest.raises(ValueError, match=reason):
        read(text.encode())
