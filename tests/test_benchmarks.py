"""The benchmark's corpus, its layouts and its tables; what is measured is no test's business."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import (
    corpus,
    curve,
    goals,
    layouts,
    measure,
    outputs,
    peers,
    results,
    search_weight,
    sites,
    stages,
    table,
)
from benchmarks.results import Build, Results, Watch
from sitegen.flow.build import Options, build

FIRST_200 = "7ea4b1ee7186c5e87e4465a21b594591e355159fa27491b3e481c927e7a8f704"


@pytest.fixture(scope="module")
def stories() -> list[corpus.Story]:
    """Return a small corpus."""
    return list(corpus.stories(400))


def test_same_bytes_everywhere() -> None:
    """The corpus is the same on every machine and with every version of Python."""
    state = hashlib.sha256()
    for story in corpus.stories(200):
        state.update(repr(layouts.sitegen(story)).encode())
    assert state.hexdigest() == FIRST_200


def test_text_by_number_alone() -> None:
    """An article's text does not depend on how large the site is."""
    few, many = list(corpus.stories(10)), list(corpus.stories(50))
    assert [story.body for story in few] == [story.body for story in many[:10]]


def test_length(stories: list[corpus.Story]) -> None:
    """An article file has about 4.5 kB."""
    sizes = [len(layouts.sitegen(story).text.encode()) for story in stories]
    assert 4_300 < sum(sizes) / len(sizes) < 4_700
    assert min(sizes) > 4_000
    assert max(sizes) < 5_500


def test_terms(stories: list[corpus.Story]) -> None:
    """There are 12 categories, 400 tags and 40 authors, and all of them are used."""
    many = list(corpus.stories(2_000))
    assert len({story.category for story in stories}) == 12
    assert {tag for story in many for tag in story.tags} == set(corpus.TAGS)
    assert len(corpus.TAGS) == 400
    assert {author for story in many for author in story.authors} == set(corpus.AUTHORS)
    assert len(corpus.AUTHORS) == 40


def test_ten_years(stories: list[corpus.Story]) -> None:
    """The articles are spread over ten years, in order, and new ones come after them."""
    dates = [story.date for story in stories]
    assert dates == sorted(dates)
    assert {date.year for date in dates} == set(range(2014, 2024))
    assert corpus.new_story(400, 0).date > dates[-1]
    assert corpus.new_story(400, 1).date > corpus.new_story(400, 0).date


def test_what_articles_hold(stories: list[corpus.Story]) -> None:
    """Some are in Japanese, some have tables or code; all have a heading, a list, a quotation."""
    bodies = [story.body for story in stories]
    assert sum(story.language == "ja" for story in stories) == 20
    assert 20 < sum("```python" in body for body in bodies) < 100
    assert 40 < sum("| --- |" in body for body in bodies) < 160
    for sign in ("\n## ", "\n- ", "\n> "):
        assert all(sign in body for body in bodies)


def test_unmistakable(stories: list[corpus.Story]) -> None:
    """No two articles have one slug, title or mark, and a mark stands in its own article alone."""
    for what in ("slug", "title", "mark"):
        assert len({getattr(story, what) for story in stories}) == len(stories)
    assert all(story.mark in story.body for story in stories)


@pytest.mark.parametrize("variant", peers.VARIANTS, ids=lambda variant: variant.name)
def test_same_bodies(variant: peers.Variant, stories: list[corpus.Story]) -> None:
    """Every generator gets the same text, one file an article."""
    files = [variant.layout(story) for story in stories]
    assert len({file.path for file in files}) == len(files)
    assert all(
        file.text.endswith(f"\n\n{story.body}") for file, story in zip(files, stories, strict=True)
    )


@pytest.mark.parametrize("variant", peers.VARIANTS, ids=lambda variant: variant.name)
def test_edits(variant: peers.Variant, tmp_path: Path) -> None:
    """Each edit changes one source file of each generator's site, and says what it put there."""
    folder = tmp_path / "site"
    sites.make(folder, variant, 20)
    edited = sites.Edited(folder, variant, 20)
    path, story = edited.edit_body()
    assert story.mark in path.read_text("utf-8")
    path, story = edited.edit_title()
    assert story.title in path.read_text("utf-8")
    path, story = edited.add_article()
    assert story.title in path.read_text("utf-8")
    template, edition = edited.edit_base()
    assert template.read_text("utf-8").count(edition) == 1
    assert len(edited.stories) == 21


@pytest.mark.parametrize("name", ["sitegen", "sitegen-theme"])
def test_our_sites_build(name: str, tmp_path: Path) -> None:
    """The benchmark finds nothing wrong with what sitegen makes, before and after each edit."""
    (variant,) = peers.chosen(name)
    folder = tmp_path / "site"
    sites.make(folder, variant, 45)
    edited = sites.Edited(folder, variant, 45)
    output = folder / variant.output
    build(folder, Options(jobs=1))
    assert list(outputs.whole_site(output, variant, edited.stories)) == []
    for edit in (edited.edit_body, edited.edit_title, edited.add_article):
        _, story = edit()
        newest = edited.stories[-1]
        assert list(outputs.article(output, variant, story)) != []
        build(folder, Options(jobs=1))
        assert list(outputs.article(output, variant, story)) == []
        assert list(outputs.lists_show(output, variant, story, newest)) == []
    _, edition = edited.edit_base()
    assert list(outputs.shows_everywhere(output, variant, edited.stories, edition)) != []
    build(folder, Options(jobs=1))
    assert list(outputs.shows_everywhere(output, variant, edited.stories, edition)) == []


def test_faults_are_seen(tmp_path: Path) -> None:
    """A missing article, a list without an article and a stale front page are found."""
    (variant,) = peers.chosen("sitegen")
    folder = tmp_path / "site"
    sites.make(folder, variant, 30)
    build(folder, Options(jobs=1))
    stories = list(corpus.stories(30))
    output = folder / variant.output
    newest = stories[-1]
    page = output / variant.article_url(stories[3]).strip("/") / "index.html"
    page.unlink()
    (front,) = (output / "index.html",)
    front.write_text(front.read_text("utf-8").replace(newest.title, "Old"), "utf-8")
    category = output / "category" / outputs.slug(newest.category) / "index.html"
    category.write_text(
        category.read_text("utf-8").replace(variant.article_url(newest), "/elsewhere/"), "utf-8"
    )
    wrong = list(outputs.whole_site(output, variant, stories))
    assert "1 article pages are missing, 0 too many" in wrong
    assert "the front page does not show the newest article" in wrong
    assert any("category/" in text and "lacks 1 articles" in text for text in wrong)


def test_written(tmp_path: Path) -> None:
    """A file that was written again counts, with its bytes; one that was left alone does not."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("old", "utf-8")
    before = outputs.snapshot(tmp_path)
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("longer", "utf-8")
    assert outputs.written(before, outputs.snapshot(tmp_path)) == outputs.Written(1, 6, 1)


def test_measured_command(tmp_path: Path) -> None:
    """A command's CPU time and memory include those of its children; its failure is told."""
    child = "import sys; data = bytearray(80_000_000); sum(range(3_000_000))"
    parent = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )
    usage = measure.run([sys.executable, "-c", parent], tmp_path, 60, {})
    assert usage.failure == ""
    assert usage.memory > 80_000_000
    assert usage.cpu > 0
    failed = measure.run(
        [sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path, 60, {}
    )
    assert failed.failure == "exit code 1: no such thing"


def test_memory_of_the_command_alone(tmp_path: Path) -> None:
    """What the benchmark itself holds when it starts a command is not counted as the command's."""
    ours = b"x" * 300_000_000
    usage = measure.run([sys.executable, "-c", "sum(range(3_000_000))"], tmp_path, 60, {})
    assert len(ours) > 10 * usage.memory > 0


def test_endless_command(tmp_path: Path) -> None:
    """A command that does not end is ended, and that is a failure."""
    endless = "while True: pass"
    usage = measure.run([sys.executable, "-c", endless], tmp_path, 0.3, {})
    assert usage.failure == "not finished after 0 s"


def _results() -> Results:
    machine = {"cores": "2", "processor": "P", "memory": "4 GiB", "system": "S", "python": "3.11"}
    found = Results(10_000, machine, {"hugo": "0.168"}, ["jekyll"], at="2026-01-01T000000Z")
    for variant, walls in (("sitegen", (4.0, 8.0, 5.0)), ("hugo", (4.0, 4.0, 4.0))):
        for run, wall in enumerate(walls):
            found.builds.append(Build(variant, "cold", run, wall, wall, 10**8, "", 7, 700, 0, []))
    found.builds.append(Build("pelican", "cold", 0, 1.0, 1.0, 1, "exit code 1: |", 0, 0, 0, []))
    saves = {"seconds": [0.02, 0.01, 0.09], "wrong": [], "files": 1, "cpu": 0.1}
    stale = {"seconds": [0.5], "wrong": ["the front page is stale"], "files": 1, "cpu": 0.1}
    found.watches.append(Watch("sitegen", 1.0, 10**7, "", {"body edit": saves}))
    found.watches.append(Watch("hugo", 1.0, 10**7, "", {"body edit": stale}))
    return found


def test_paired() -> None:
    """A ratio is the median of the ratios of each run, not the ratio of two medians."""
    found = _results()
    found.builds[-2] = Build("hugo", "cold", 2, 1.0, 1.0, 1, "", 0, 0, 0, [])
    assert found.median("sitegen", "cold", "wall") == 5.0
    assert found.ratio("sitegen", "hugo", "cold") == 2.0


def test_tables() -> None:
    """The tables show medians, ratios, failures, stale pages and who was not measured."""
    text = table.report([_results()])
    assert "| sitegen | 5.00 s | – |" in text.replace("failed", "–")
    assert "| Hugo | 4.00 s (0.80×) |" in text
    assert "10,000: failed: pelican, cold: exit code 1: |" in text
    assert "10,000: not measured: jekyll is not installed" in text
    assert "no: body edit" in text
    assert "20 ms" in text


def test_goals() -> None:
    """A goal is met, missed or not measured, and the report says which."""
    text = goals.report([_results()])
    assert "cold, of Hugo's time: at most 1.5 × – 1.25 ×, met" in text
    assert "save → page, body edit: at most 0.05 s – 0.02 s, met" in text
    assert "cold, of Pelican's time: at most 0.2 × – not measured" in text


def test_results_kept(tmp_path: Path) -> None:
    """What is saved is what is loaded, and only the newest results of a size are taken."""
    found = _results()
    results.save(found, tmp_path)
    found.at = "2027-01-01T000000Z"
    results.save(found, tmp_path)
    assert results.latest(tmp_path) == [found]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0042, "4.2 ms"),
        (0.043, "43 ms"),
        (0.9997, "1.00 s"),
        (12.34, "12.3 s"),
        (128.4, "128 s"),
    ],
)
def test_seconds(value: float | None, text: str) -> None:
    """A time is written with the digits that matter."""
    assert table.seconds(value) == text


def test_nested_stages() -> None:
    """A stage's time is its own: what it calls is counted where it belongs."""
    clock = stages.Clock()
    inner = clock.wrap("inner", lambda: sum(range(300_000)))
    outer = clock.wrap("outer", lambda: [inner() for _ in range(5)])
    outer()
    taken = clock.take()
    assert taken["inner"] > taken["outer"] > 0
    assert clock.take() == {}


def test_stages_are_found() -> None:
    """The profile knows every stage by the name that sitegen has for it today."""
    program = "from benchmarks import stages; print(*stages.install(stages.Clock()))"
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    ).stdout.split()
    for place in stages.ALSO:
        module, _, path = place.partition(":")
        assert f"{module.removeprefix('sitegen.')}.{path.rpartition('.')[2]}" in told
    for name in ("scan", "exchange", "find_stale", "render_stale", "publish"):
        assert name in told


def test_what_hosts_compress_weighs_less(tmp_path: Path) -> None:
    """Scripts and lists count as they are sent; what Pagefind compressed itself, as it lies."""
    for name in ("search.js", "shards.json", "2024.pf_meta"):
        (tmp_path / name).write_text("news " * 1000, "utf-8")
    weights = {path.name: search_weight.weigh(tmp_path, path.name) for path in tmp_path.iterdir()}

    assert weights["2024.pf_meta"] == (5000, 5000)
    assert all(weights[name][0] == 5000 for name in weights)
    assert max(weights["search.js"][1], weights["shards.json"][1]) < 100


def test_the_curve_shows_what_grows() -> None:
    """A cost at two sizes is a line from left to right; one that was measured once is none."""
    small, large = (Results(size, {}, {}, []) for size in (1_000, 100_000))
    for found, wall in ((small, 0.01), (large, 1.0)):
        found.builds.append(Build("sitegen", "body edit", 0, wall, wall, 1, "", 1, 1, 0, []))
        found.watches.append(Watch("sitegen", 1.0, 1, "", {"body edit": {"seconds": [0.01]}}))
    large.builds.append(Build("hugo", "body edit", 0, 9.0, 9.0, 1, "", 1, 1, 0, []))
    shown = list(curve.lines([small, large]))

    assert [line.label for line in shown] == [
        "sitegen, body edit, new process",
        "sitegen, body edit, watched",
    ]
    picture = ET.fromstring(curve.drawn(shown))  # noqa: S314 - our own
    paths = [item.get("d", "") for item in picture.iter() if item.tag.endswith("path")]
    climbing, level = sorted((path[1:].replace("L", "").split() for path in paths), key=len)[:2]
    heights = sorted(float(path[1]) - float(path[3]) for path in (climbing, level))
    assert heights[0] == 0
    assert heights[1] > 300
