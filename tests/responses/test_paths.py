"""Names of threads and responses: legible, stable, and leading nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.responses.paths import HIDDEN, Place, Status, path_of, place_of, thread_name
from sitegen.scan.sources import RESPONSES, UNSHOWN_RESPONSES

names = st.text(st.sampled_from("ab.-/_\0A \n09"), max_size=12) | st.sampled_from(sorted(HIDDEN))


@given(names, names, st.sampled_from(["shown", *HIDDEN]))
def test_no_name_leads_out_of_its_folder(thread: str, id_: str, status: Status) -> None:
    """A place has a path of its own below `responses/`, or none at all."""
    place = Place(status, thread, id_)
    try:
        path = path_of(place)
    except ValueError:
        return
    assert place_of(path) == place
    parts = path.split("/")
    assert parts[0] == "responses"
    assert not {"", ".", ".."} & set(parts)


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("tag:news.example.org,2023-03-14:flood", "2023-03-14-flood"),
        ("tag:localhost,2023-03-14:flood;ja", "2023-03-14-flood.ja"),
        ("urn:uuid:8a0b7c1e-0000-4000-8000-000000000001", "8a0b7c1e-0000-4000-8000-000000000001"),
        ("https://old.example.org/?p=3", "https-old-example-org-p-3-"),
        ("tag:localhost,2024-01-02:%E9%AB%98%E6%BD%AE", "2024-01-02-"),
    ],
)
def test_a_thread_is_named_for_its_article(identity: str, name: str) -> None:
    """The name is legible where it can be, and has a mark where it would lose something."""
    found = thread_name(identity)
    assert found.startswith(name)
    assert len(found) == len(name) + (8 if name.endswith("-") else 0)


def test_a_new_host_keeps_the_threads() -> None:
    """Responses survive a change of the site's address."""
    names = {thread_name(f"tag:{host},2024-01-02:Flood") for host in ("a.example", "b.example")}
    assert len(names) == 1


@given(st.text(max_size=300))
def test_every_identity_has_a_thread(identity: str) -> None:
    """Whatever an article is called, its responses have a folder."""
    path = path_of(Place("shown", thread_name(identity), "x"))
    assert place_of(path) is not None


def test_the_scan_passes_over_what_is_hidden() -> None:
    """The two rooms that know the folders agree on them."""
    assert UNSHOWN_RESPONSES == HIDDEN
    assert path_of(Place("shown", "a", "b")).startswith(f"{RESPONSES}/")
