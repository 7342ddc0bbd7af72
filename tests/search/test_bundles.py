"""What is published of Pagefind's output: all that its script asks for, and nothing of chance."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import cbor2
import pytest

from sitegen.search import pagefind
from sitegen.search.bundles import SIGNATURE, Bundle, SearchResult, read_bundle, scripts
from sitegen.search.pagefind import PagefindError

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta data-pagefind-meta="title[content]" content="{title}">'
    '<meta data-pagefind-filter="tag[content]" content="{title}"></head>'
    "<body data-pagefind-body><p>{text}</p></body></html>"
)


def indexed(folder: Path, texts: list[str]) -> Path:
    """Index pages with these texts, and return where Pagefind wrote."""
    site, bundle = folder / "site", folder / "bundle"
    site.mkdir(parents=True)
    for number, text in enumerate(texts):
        (site / f"{number}.html").write_text(PAGE.format(title=f"T{number}", text=text), "utf-8")
    pagefind.run(site, bundle, "en")
    return bundle


def bundle_of(folder: Path, texts: list[str], results: list[SearchResult]) -> Bundle:
    """Index texts, and return what is published."""
    return read_bundle(indexed(folder, texts), results)


def meta_of(bundle: Bundle) -> list[object]:
    """Return the list of everything in a bundle."""
    data = bundle.files[f"pagefind.{bundle.tag}.pf_meta"]
    found: list[object] = cbor2.loads(gzip.decompress(data).removeprefix(SIGNATURE))
    return found


def test_every_file_is_named_in_the_list(tmp_path: Path) -> None:
    """What the list names is there, and nothing else is."""
    results = [SearchResult(f"/{n}/", f"20240101000{n}", {}) for n in range(3)]
    bundle = bundle_of(tmp_path, ["oak elm", "ash", "fir"], results)
    _, pages, chunks, filters, sorts, _ = meta_of(bundle)

    assert sorts == []
    assert bundle.files.keys() == {
        "pagefind-entry.json",
        f"pagefind.{bundle.tag}.pf_meta",
        *(f"fragment/{name}.pf_fragment" for name, _ in pages),  # type: ignore[attr-defined]  # from CBOR
        *(f"index/{name}.pf_index" for *_, name in chunks),  # type: ignore[attr-defined]  # from CBOR
        *(f"filter/{name}.pf_filter" for _, name in filters),  # type: ignore[attr-defined]  # from CBOR
    }
    entry = json.loads(bundle.files["pagefind-entry.json"])
    assert entry["languages"]["en"]["hash"] == bundle.tag
    assert bundle.stemmed


def test_the_tag_stands_for_all_that_is_shown(tmp_path: Path) -> None:
    """Another word, address, date or detail gives another tag; the same gives the same."""
    texts, result = ["oak elm"], SearchResult("/a/", "202401010000", {"day": "1 Jan"})
    tag = bundle_of(tmp_path / "0", texts, [result]).tag
    others = [
        bundle_of(tmp_path / "1", ["oak ash"], [result]).tag,
        bundle_of(tmp_path / "2", texts, [result._replace(url="/b/")]).tag,
        bundle_of(tmp_path / "3", texts, [result._replace(stamp="202401010001")]).tag,
        bundle_of(tmp_path / "4", texts, [result._replace(shown={"day": "2 Jan"})]).tag,
    ]

    assert tag not in others
    assert len(set(others)) == 4
    assert bundle_of(tmp_path / "5", texts, [result]).tag == tag


def test_results_of_one_minute_have_names_of_their_own(tmp_path: Path) -> None:
    """However many articles come at once, each has its file."""
    results = [SearchResult(f"/{n}/", "202401010000", {}) for n in range(40)]
    bundle = bundle_of(tmp_path, ["oak"] * 40, results)

    fragments = [name for name in bundle.files if name.startswith("fragment/")]
    assert len(fragments) == 40
    assert {len(name) for name in fragments} == {len("fragment/202401010000-0a1b2c.pf_fragment")}


def test_the_scripts_come_with_an_empty_index(tmp_path: Path) -> None:
    """Pages load an index without results, which knows the stemmer."""
    files = scripts(indexed(tmp_path, ["oak"]))
    entry = json.loads(files["pagefind-entry.json"])["languages"]["en"]
    meta = cbor2.loads(
        gzip.decompress(files[f"pagefind.{entry['hash']}.pf_meta"]).removeprefix(SIGNATURE)
    )

    assert entry["page_count"] == 0
    assert meta[1:5] == [[], [], [], []]
    assert {"pagefind.js", "wasm.en.pagefind"} <= files.keys()


@pytest.mark.parametrize("harm", ["entry", "signature", "cut"])
def test_what_is_not_known_is_refused(tmp_path: Path, harm: str) -> None:
    """Another format is an error with a sentence, not a broken index."""
    bundle = indexed(tmp_path, ["oak"])
    (meta,) = bundle.glob("*.pf_meta")
    if harm == "entry":
        (bundle / "pagefind-entry.json").write_text('{"languages": {}}')
    elif harm == "signature":
        meta.write_bytes(gzip.compress(b"something else"))
    else:
        meta.write_bytes(meta.read_bytes()[:20])

    with pytest.raises(PagefindError, match="unknown format of Pagefind's output"):
        read_bundle(bundle, [SearchResult("/", "202401010000", {})])
