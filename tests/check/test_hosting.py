"""What each host refuses is said before an upload fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.check.flow import CheckOptions, check
from sitegen.check.hosting import Upload, host_findings
from sitegen.check.limits import HOSTS, MIB
from sitegen.cli.main import main
from sitegen.flow.build import Options
from tests.sitefactory import AT, article, make_site


def upload(
    files: dict[str, int] | None = None,
    redirects: str = "",
    headers: str = "",
    base_url: str = "https://paper.github.io/",
) -> Upload:
    """Return an upload with a page for what is missing, and these files besides."""
    sizes = {"index.html": 500, "404.html": 500, **(files or {})}
    return Upload(sizes, redirects, headers, base_url, "output")


def said(name: str, sent: Upload) -> list[str]:
    """Return what is said of an upload to a host: rule, place and message."""
    return [
        f"{item.rule} {item.location}: {item.message}" for item in host_findings(sent, HOSTS[name])
    ]


def many(count: int) -> dict[str, int]:
    """Return so many small files."""
    return {f"{number}.txt": 1 for number in range(count)}


@pytest.mark.parametrize("name", HOSTS)
def test_a_small_site_is_fine_everywhere(name: str) -> None:
    """No host objects to a site that keeps within its limits."""
    assert said(name, upload({"2024/11/04/flood/index.html": 9_000})) == []


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        (
            "cloudflare-pages",
            upload(many(100_000)),
            (
                "host-limit output: the site has 100,002 files; "
                "Cloudflare Pages accepts at most 100,000 files"
            ),
        ),
        (
            "cloudflare-pages",
            upload(many(20_000)),
            (
                "host-advice output: the site has 20,002 files; "
                "Cloudflare Pages accepts 20,000 without a paid plan"
            ),
        ),
        (
            "cloudflare-pages",
            upload(many(17_000)),
            (
                "host-advice output: the site has 17,002 files, "
                "close to the limit of Cloudflare Pages"
            ),
        ),
        (
            "cloudflare-pages",
            upload({"film.mp4": 30 * MIB}),
            (
                "host-limit output/film.mp4: the file is 31.5 MB; "
                "Cloudflare Pages accepts at most 26.2 MB"
            ),
        ),
        (
            "cloudflare-pages",
            upload(redirects="".join(f"/{n} /\n" for n in range(2_001)), base_url=""),
            "host-limit output/_redirects: 2,001 redirects; Cloudflare Pages accepts at most 2,000",
        ),
        (
            "cloudflare-pages",
            upload(redirects="# comment\n" + "".join(f"/{n}/* /:splat\n" for n in range(101))),
            (
                "host-limit output/_redirects: 101 redirects with * or :name; "
                "Cloudflare Pages accepts at most 100"
            ),
        ),
        (
            "cloudflare-pages",
            upload(redirects="/a /b\n/" + "x" * 1_000 + " /b\n"),
            (
                "host-limit output/_redirects:2:1: the line has 1,004 characters; "
                "Cloudflare Pages reads at most 1,000"
            ),
        ),
        (
            "cloudflare-pages",
            upload(headers="".join(f"/{n}/*\n  X-A: b\n" for n in range(101))),
            "host-limit output/_headers: 101 rules; Cloudflare Pages accepts at most 100",
        ),
        (
            "cloudflare-pages",
            upload(headers="/*\n  X-A: " + "b" * 2_000 + "\n"),
            (
                "host-limit output/_headers:2:1: the line has 2,007 characters; "
                "Cloudflare Pages reads at most 2,000"
            ),
        ),
        (
            "cloudflare-pages",
            upload({"_worker.js": 5}),
            (
                "host-advice output/_worker.js: Cloudflare Pages runs or reads this file "
                "instead of serving it"
            ),
        ),
        (
            "cloudflare-pages",
            upload({"about.html": 5}),
            "host-advice output/about.html: Cloudflare Pages redirects /about.html to /about",
        ),
        (
            "cloudflare-pages",
            upload(base_url="https://example.org/news/"),
            (
                "host-advice output: the site is made for /news/, "
                "but Cloudflare Pages serves it at the root"
            ),
        ),
        (
            "netlify",
            upload({"why?.txt": 5}),
            'host-limit output/why?.txt: Netlify does not accept "?" in file names',
        ),
        (
            "netlify",
            upload(redirects="".join(f"/{n} /\n" for n in range(10_001))),
            "host-limit output/_redirects: 10,001 redirects; Netlify accepts at most 10,000",
        ),
        (
            "github-pages",
            upload({f"{n}.mp4": 99 * MIB for n in range(12)}),
            "host-limit output: the site has 1.2 GB; GitHub Pages accepts at most 1.1 GB",
        ),
        (
            "github-pages",
            upload(redirects="/a /b\n"),
            "host-advice output/_redirects: GitHub Pages does not read _redirects",
        ),
        (
            "github-pages",
            upload(headers="/*\n  X-A: b\n"),
            "host-advice output/_headers: GitHub Pages does not read _headers",
        ),
        (
            "github-pages",
            upload({"tag/_flood/index.html": 5}),
            (
                "host-advice output: without .nojekyll, "
                'GitHub Pages does not publish "tag" of a branch'
            ),
        ),
        (
            "gitlab-pages",
            upload({f"{n}/index.html": 1 for n in range(100_000)}),
            (
                "host-limit output: the site has 200,002 files and folders; "
                "GitLab Pages accepts at most 200,000 files and folders"
            ),
        ),
        (
            "gitlab-pages",
            upload(redirects="/a /b\n" * 1_001),
            "host-limit output/_redirects: 1,001 redirects; GitLab Pages accepts at most 1,000",
        ),
        (
            "gitlab-pages",
            upload(redirects="/" + "a" * 66_000 + " /b\n"),
            "host-limit output/_redirects: the file is 66.0 kB; GitLab Pages reads at most 65.5 kB",
        ),
        (
            "gitlab-pages",
            upload(redirects="/a /b\n/news/a /b\n", base_url="https://x.gitlab.io/news/"),
            (
                'host-advice output/_redirects:1:1: "/a" never matches: '
                "the site is served below /news/"
            ),
        ),
        (
            "s3",
            upload({"long/" * 205 + "a.txt": 1}),
            (
                f"host-limit output/{'long/' * 205}a.txt: the path is too long; "
                "Amazon S3 accepts at most 1,024 bytes"
            ),
        ),
        (
            "vercel",
            upload(many(15_000)),
            "host-limit output: the site has 15,002 files; Vercel accepts at most 15,000 files",
        ),
        (
            "vercel",
            upload({"film.mp4": 150 * MIB}),
            (
                "host-advice output: the site has 157.3 MB; "
                "Vercel accepts 104.9 MB without a paid plan"
            ),
        ),
    ],
)
def test_a_limit_is_told(name: str, sent: Upload, expected: str) -> None:
    """What a host would refuse, or do otherwise, is said; and nothing else is."""
    assert said(name, sent) == [expected]


@pytest.mark.parametrize("name", HOSTS)
def test_a_missing_404_is_told(name: str) -> None:
    """Without a page for what is missing, a host shows one of its own or the front page."""
    (line,) = said(name, Upload({"index.html": 1}, "", "", "", "output"))

    assert line.startswith("host-advice output: ")
    assert "404.html" in line


def test_the_host_is_asked_for_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--host` reads the output folder as it is; without it no host's limit is told."""
    config = 'base_url = "https://example.org/"\n[check]\nmissing_summary = "off"'
    static = {"why?.txt": "x", "_headers": "/*\n  X-A: b\n"}
    articles = {"flood.md": article(category="Town")}
    site = make_site(tmp_path / "site", articles, config=config, static=static)
    arguments = ["check", "--site", str(site), "--at", "2024-12-01"]

    assert main(arguments) == 0
    assert main([*arguments, "--host", "netlify"]) == 1
    assert 'does not accept "?" in file names' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*arguments, "--host", "geocities"])


def test_an_output_folder_elsewhere_is_named_in_full(tmp_path: Path) -> None:
    """A place outside the site folder is told with its whole path."""
    site = make_site(tmp_path / "site", {"flood.md": article(category="Town", summary="Water.")})
    static = site / "static"
    (static / "why?.txt").write_text("x")
    options = Options(at=AT, output=tmp_path / "www")

    (finding,) = check(site, options, CheckOptions(host="netlify")).findings

    assert finding.location.path == (tmp_path / "www" / "why?.txt").as_posix()
