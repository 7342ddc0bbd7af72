"""The files that a host reads come out with the site, as exactly as its pages."""

from pathlib import Path

import pytest

from sitegen.config.content_security import POLICY
from sitegen.plan.host_dialects import FILES
from tests.sitefactory import article, build_site, make_site, pages, write

ADDRESS = 'base_url = "https://example.org/"\n'


def site_for(folder: Path, host: str, more: str = "") -> Path:
    """Return a site for a host, built."""
    config = f'{ADDRESS}[hosting]\nhost = "{host}"\n{more}\n[redirects]\n"/gone/" = "/archive/"'
    site = make_site(folder, {"flood.md": article(aliases=["/was/"])}, config=config)
    assert build_site(site).problems == ()
    return site


@pytest.mark.parametrize("host", sorted(FILES))
def test_each_host_has_its_files(tmp_path: Path, host: str) -> None:
    """And only these; the pages that lead on are there, too, but where they would hide the rule."""
    found = pages(site_for(tmp_path, host))
    ours = {path for files in FILES.values() for path in files}
    assert found.keys() & ours == FILES[host].keys()
    for path in ("was/index.html", "gone/index.html"):
        assert (path in found) == (host != "gitlab-pages")


def test_only_the_files_of_the_host_follow(tmp_path: Path) -> None:
    """A new alias renders its page and the file of redirects, a body neither."""
    site = site_for(tmp_path, "netlify")
    write(site, {"articles/flood.md": article(body="More.", aliases=["/was/"])})
    assert not build_site(site).rendered.keys() & {"_redirects", "_headers"}
    write(site, {"articles/flood.md": article(body="More.", aliases=["/was/", "/older/"])})
    assert build_site(site).rendered.keys() == {"older/index.html", "_redirects"}
    assert "/older/ /2024/11/04/flood/ 301!\n" in pages(site)["_redirects"]
    write(site, {"static/css/own.css": "a {}"})
    assert build_site(site).rendered.keys() == {"_headers"}


def test_headers_can_be_set_and_taken_out(tmp_path: Path) -> None:
    """The theme's policy is sent unless the site has its own, or wants none."""
    found = pages(site_for(tmp_path / "a", "netlify"))["_headers"]
    assert f"  Content-Security-Policy: {POLICY}\n" in found
    more = 'content_security_policy = "none"\nheaders = { X-Frame-Options = "", X-A = "1" }'
    found = pages(site_for(tmp_path / "b", "netlify", more))["_headers"]
    assert "Content-Security-Policy" not in found
    assert "X-Frame-Options" not in found
    assert "  X-A: 1\n" in found
    receiver = "responses.receiver = 'https://respond.example.org/'"
    site = make_site(tmp_path / "c", {}, config=f"{ADDRESS}hosting.host = 'netlify'\n{receiver}")
    build_site(site)
    assert "form-action 'self' https://respond.example.org;" in pages(site)["_headers"]


def test_a_file_of_the_sites_own_stands_before(tmp_path: Path) -> None:
    """Whoever writes `_redirects` by hand keeps it, without a word."""
    config = f"{ADDRESS}hosting.host = 'netlify'"
    site = make_site(tmp_path, {}, config=config, static={"_redirects": "/a /b"})
    assert build_site(site).problems == ()
    assert pages(site)["_redirects"] == "/a /b"
