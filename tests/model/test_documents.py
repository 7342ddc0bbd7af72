"""The nouns that have a trick."""

from __future__ import annotations

import pickle

from sitegen.model.documents import Term


def test_a_term_comes_out_of_a_pickle_once() -> None:
    """A hundred thousand articles have some hundred terms: equal ones are one value."""
    terms = [Term(name, "flood", "/tag/flood/") for name in ("Flood", "Flood", "flood")]
    one, two, other = map(pickle.loads, map(pickle.dumps, terms))

    assert one == Term("Flood", "flood", "/tag/flood/")
    assert one is two
    assert other == terms[2]
