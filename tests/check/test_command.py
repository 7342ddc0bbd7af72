"""Faults that are planted in small sites, each with what `sitegen check` must say of it.

`tests/sites/check/<fault>/` holds a site and, in `said.txt`, the words, code frames too, as an
editor reads them. `--renew-golden` writes these anew, as for the other golden sites.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sitegen.check.finding import rules, to_problem
from sitegen.check.flow import CheckResult, check
from sitegen.cli.main import main
from sitegen.config.settings import Check
from sitegen.console.terminal import source_text
from sitegen.flow.article_counts import ArticleCounts
from sitegen.flow.build import Options
from sitegen.model.errors import describe
from tests.sitefactory import AT, article, make_site, tree

SITES = Path(__file__).parents[1] / "sites"
PLANTED = SITES / "check"
CASES = sorted(path.name for path in PLANTED.iterdir())
REPOSITORY = Path(__file__).parents[2]
OWN_TESTS = {"external-link", "external-redirect", "host-limit", "host-advice"}
"""Rules that need more than a folder: their tests are elsewhere."""


def checked(site: Path, **options: Any) -> CheckResult:
    """Check a site as it is at the moment of the tests."""
    return check(site, Options(at=AT, **options))


def prepared(case: Path, folder: Path) -> Path:
    """Copy the site of a case to where it can be built, with the tiny templates below its own.

    Its feeds are the theme's: the tiny ones are none.
    """
    site = folder / "site"
    ignored = shutil.ignore_patterns("feed.*", "rss.xml")
    shutil.copytree(SITES / "plain", site / "templates", ignore=ignored)
    shutil.copytree(case / "site", site, dirs_exist_ok=True)
    (site / "sitegen.toml").touch()
    return site


def said(site: Path, result: CheckResult) -> str:
    """Return what an editor reads."""
    problems = [to_problem(finding) for finding in result.findings]
    return "\n\n".join(describe(item, source_text(item, site)) for item in problems) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_a_planted_fault_is_found(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    """Each fault is told, where it is, in these words; and nothing else is."""
    case = PLANTED / name
    file = case / "case.toml"
    options = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    site = prepared(case, tmp_path)

    result = checked(site, **options)

    expected = case / "said.txt"
    found = said(site, result) if result.findings else ""
    if request.config.getoption("--renew-golden") and found != expected.read_text("utf-8"):
        expected.write_text(found, "utf-8")
        pytest.fail(f"{name} was written anew: read `git diff {case}`, then run again without it")
    assert found.split("\n") == expected.read_text("utf-8").split("\n")


@pytest.mark.parametrize("rule", sorted({*rules()} - OWN_TESTS))
def test_every_rule_has_its_fault(rule: str) -> None:
    """A rule without a planted fault is a rule that nobody has seen at work."""
    assert f"[{rule}]" in (PLANTED / rule / "said.txt").read_text("utf-8")


def test_the_newsroom_is_in_order(tmp_path: Path) -> None:
    """This repository's own site has no fault, by any rule."""
    site = tmp_path / "site"
    for name in ("articles", "data", "includes", "pages", "static", "templates", "responses"):
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, site / name)
    shutil.copy(REPOSITORY / "sitegen.toml", site)

    result = check(site)

    assert result.articles > 40
    assert said(site, result).strip() == ""


def test_what_is_checked_is_what_is_so_now(tmp_path: Path) -> None:
    """A check builds first: an edit since the last build is seen, and is in the output."""
    site = make_site(tmp_path / "site", {"flood.md": article(summary="Water.", category="Town")})
    assert checked(site).findings == ()

    (site / "articles" / "flood.md").write_text(article(body="[x](lost.md)", category="Town"))
    rules_found = [finding.rule for finding in checked(site).findings]

    assert rules_found == ["missing-summary", "broken-link"]
    assert b"<a>x</a>" in tree(site / "output")["2024/11/04/flood/index.html"]


def test_many_processes_find_the_same(tmp_path: Path) -> None:
    """What is found does not depend on who looks."""
    articles = {f"{n}.md": article(f"Flood {n}", f"[x](#no{n})\n\n![]({n}.svg)") for n in range(30)}
    site = make_site(tmp_path / "site", articles)

    assert checked(site, jobs=2).findings == checked(site, jobs=1).findings


def test_the_exit_code_says_whether_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Warnings alone are no failure; one error is."""
    site = make_site(tmp_path / "site", {"flood.md": article(category="Town")})
    arguments = ["check", "--site", str(site), "--at", "2024-12-01"]

    assert main(arguments) == 0
    assert "0 errors, 1 warning" in capsys.readouterr().err

    (site / "sitegen.toml").write_text('[check]\nmissing_summary = "error"\n')
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert "articles/flood.md:1:1: the article has no summary of its own" in told.err
    assert told.out == ""


def test_json_has_its_documented_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding has the documented keys; a site that does not build gives JSON, too."""
    site = make_site(tmp_path / "site", {"flood.md": article(body="[x](#no)", category="Town")})
    arguments = ["check", "--site", str(site), "--at", "2024-12-01", "--json"]

    assert main(arguments) == 1

    document = json.loads(capsys.readouterr().out)
    assert {key: document[key] for key in ("version", "articles", "errors", "warnings")} == {
        "version": 1,
        "articles": 1,
        "errors": 1,
        "warnings": 1,
    }
    assert document["findings"][1] == {
        "rule": "broken-fragment",
        "severity": "error",
        "path": "articles/flood.md",
        "line": 7,
        "column": 5,
        "message": '"#no": there is no id "no" on the page',
        "hint": None,
        "page": "/2024/11/04/flood/",
        "pages": 1,
    }
    (site / "articles" / "flood.md").write_text("---\ntitle: x\n---\nText.\n")
    assert main(arguments) == 1
    rules_found = [item["rule"] for item in json.loads(capsys.readouterr().out)["findings"]]
    assert rules_found == ["build", "missing-category", "missing-summary", "broken-fragment"]
    (site / "sitegen.toml").write_text("title = 5\n")
    assert main(arguments) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["articles"], document["found"]) == (0, 0)
    assert [item["rule"] for item in document["findings"]] == ["build"]


def test_a_check_goes_on_where_a_build_has_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is told in one run, the output folder stays, and nothing is left behind."""
    site = make_site(
        tmp_path / "site",
        {
            "flood.md": article(summary="Water.", category="Town"),
            "storm.md": article("Storm", "[x](flood.md)", summary="Wind.", category="Town"),
        },
    )
    assert checked(site).findings == ()
    before = tree(site / "output")
    make_site(
        site,
        {
            "flood.md": article(date="never", summary="Water.", category="Town"),
            "rain.md": article("Rain", "[x](#no)", summary="Wet.", category="Town"),
        },
        templates={"404.html": "<p id='a'></p><p id='a'></p>", "search.html": "{{ nonsense }}"},
        static={"tide.css": "p { background: url(tide.png) }"},
    )
    # Of its own: other tests, in other processes, have theirs in the common one.
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    result = checked(site)

    assert [(item.rule, str(item.location), item.severity) for item in result.findings] == [
        ("build", "articles/flood.md:3:7", "error"),
        ("broken-fragment", "articles/rain.md:8:5", "error"),
        ("duplicate-id", "output/404.html:1:15", "warning"),
        ("broken-image", "static/tide.css:1:17", "error"),
        ("build", "templates/search.html:1:4", "error"),
    ]
    assert result.counts == ArticleCounts(shown=3)
    assert tree(site / "output") == before
    assert list(temporary.iterdir()) == []


def test_what_is_in_the_way_of_the_output_is_told(tmp_path: Path) -> None:
    """It is not in the way of the folder beside, in which is looked at what can be made."""
    site = make_site(tmp_path / "site", {"flood.md": article(summary="Wet.", category="Town")})
    assert checked(site).findings == ()
    page = site / "output" / "2024/11/04/flood/index.html"
    page.unlink()
    (page / "mine").mkdir(parents=True)
    (page / "mine" / "note.txt").write_text("mine")

    (finding,) = checked(site).findings
    assert finding.severity == "error"
    assert "2024/11/04/flood/index.html" in f"{finding.location} {finding.message}"


def test_sarif_names_the_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A code host finds rule, level, file and line in the SARIF."""
    site = make_site(tmp_path / "site", {"a flood.md": article(body="[x](#no)", summary="Water.")})

    main(["check", "--site", str(site), "--at", "2024-12-01", "--sarif"])

    (run,) = json.loads(capsys.readouterr().out)["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    results = {item["ruleId"]: item for item in run["results"]}
    assert results.keys() == {"missing-category", "broken-fragment"}
    assert results.keys() <= known
    assert results["broken-fragment"]["level"] == "error"
    assert results["broken-fragment"]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "articles/a%20flood.md"},
        "region": {"startLine": 7, "startColumn": 5},
    }


def test_every_rule_can_be_turned_off() -> None:
    """The names of rules are those of the configuration's keys."""
    assert len(rules()) == len(set(rules())) == 28
    for rule in rules():
        assert getattr(Check(), rule.replace("-", "_")) in ("error", "warning", "off")
