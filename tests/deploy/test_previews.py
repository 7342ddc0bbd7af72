"""Drafts for colleagues: deployed to targets that are for them, and to no other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sitegen.config.settings import DeployTarget
from sitegen.deploy.preview_targets import refuse_preview_mistakes
from sitegen.model.errors import UsageError
from tests import deploying
from tests.deploying import Deploy, published, site_with
from tests.sitefactory import article, tree, write

PREVIEW = """
[deploy.p]
kind = "folder"
to = "../colleagues"
base_url = "https://preview.example.org/"
previews = true
"""
BADGE = b'<span class="badge">Preview, not for the public</span>'
NOINDEX = b'<meta name="robots" content="noindex">'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a draft, a target for readers and one for colleagues."""
    site = site_with(tmp_path / "site", 'kind = "folder"\nto = "../www"')
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": f'{config}{PREVIEW}[hosting]\nhost = "netlify"\n'})
    write(site, {"articles/secret.md": article("Secret", draft=True)})
    return site


@pytest.fixture
def deploy(site: Path, capsys: pytest.CaptureFixture[str]) -> Deploy:
    """Run `sitegen deploy` in this process."""
    return partial(deploying.deploy, site, capsys)


def test_drafts_are_for_colleagues(site: Path, tmp_path: Path, deploy: Deploy) -> None:
    """They see drafts, on pages that all say what they are; readers see what they did before."""
    assert deploy("t").code == 0
    readers, output = published(tmp_path / "www"), tree(site / "output")

    assert deploy("p", "--drafts").code == 0

    shown = published(tmp_path / "colleagues")
    assert b"Secret" in shown["2024/11/04/secret/index.html"]
    pages = {path: data for path, data in shown.items() if path.endswith(".html")}
    assert len(pages) > 10
    assert not [path for path, data in pages.items() if data.count(BADGE) != 1]
    assert not [path for path, data in pages.items() if NOINDEX not in data]
    assert b"X-Robots-Tag: noindex" in shown["_headers"]
    assert tree(site / "output") == output
    assert "t: 0 sent" in deploy("t").err
    assert published(tmp_path / "www") == readers
    assert not [path for path, data in readers.items() if b"Secret" in data or BADGE in data]
    assert b"X-Robots-Tag" not in readers["_headers"]


def test_a_preview_without_drafts(tmp_path: Path, deploy: Deploy) -> None:
    """Without `--drafts` the same target shows what is published, as a preview still."""
    deploy("p", "--drafts")

    assert deploy("p").code == 0

    shown = published(tmp_path / "colleagues")
    assert "2024/11/04/secret/index.html" not in shown
    assert BADGE in shown["index.html"]
    assert "p: 0 sent" in deploy("p", "--no-build").err
    refused = deploy("p", "--drafts", "--no-build")
    assert refused.code == 1
    assert "it does not contain drafts" in refused.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("t", "--drafts"), 'drafts are not deployed to the target "t"'),
        (("p", "--drafts", "--notify"), "nobody is notified of it"),
    ],
)
def test_wrong_usage(
    tmp_path: Path, deploy: Deploy, arguments: tuple[str, ...], message: str
) -> None:
    """Drafts go nowhere else, and nobody hears of them."""
    done = deploy(*arguments)

    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "www").exists()
    assert not (tmp_path / "colleagues").exists()


def test_a_preview_in_the_place_of_another_target(
    site: Path, tmp_path: Path, deploy: Deploy
) -> None:
    """It is refused whichever of the two is deployed."""
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": config.replace("../colleagues", "../x/../www/")})

    for arguments in (("t",), ("p", "--drafts")):
        done = deploy(*arguments)
        assert done.code == 2
        assert '"p", which is for colleagues, and "t" have the same place' in done.err
    assert not (tmp_path / "www").exists()


def folder(to: str, **more: object) -> DeployTarget:
    """Return a target that is a folder."""
    return DeployTarget(kind="folder", to=to, **more)  # type: ignore[arg-type]  # its own keys


RSYNC = DeployTarget(kind="rsync", to="me@example.org:/srv/www")
GIT = DeployTarget(kind="git", to="https://example.org/paper.git")
S3 = DeployTarget(kind="cloud", to="s3://paper/news")


@pytest.mark.parametrize(
    ("target", "other", "message"),
    [
        (folder("/srv/www"), folder("/srv/www/"), "the same place"),
        (folder("/srv/www"), DeployTarget(kind="rsync", to="/srv/x/../www"), "the same place"),
        (RSYNC, replace(RSYNC, to="me@example.org:/srv/www/"), "the same place"),
        (GIT, replace(GIT, to="https://example.org/paper"), "the same place"),
        (S3, replace(S3, to="s3://paper/news/"), "the same place"),
        (folder("/a", output="out"), folder("/b", output="out/"), "the same output folder"),
        (folder("/a", output="output"), folder("/b", output="b"), 'the output folder "output"'),
    ],
)
def test_what_a_preview_must_not_share(
    tmp_path: Path, target: DeployTarget, other: DeployTarget, message: str
) -> None:
    """Neither its place, in whatever spelling, nor an output folder; with readers or colleagues."""
    preview = replace(target, previews=True)
    for item in (other, replace(other, previews=True)):
        with pytest.raises(UsageError, match=message):
            refuse_preview_mistakes(tmp_path, {"p": preview, "t": item})
        with pytest.raises(UsageError, match=message):
            refuse_preview_mistakes(tmp_path, {"a": item, "p": preview})


@pytest.mark.parametrize(
    "others",
    [
        (folder("/srv/www"), folder("/srv/www/preview")),
        (GIT, replace(GIT, branch="preview")),
        (S3, replace(S3, to="s3://paper/preview")),
    ],
)
def test_what_it_may_have_beside_it(
    tmp_path: Path, others: tuple[DeployTarget, DeployTarget]
) -> None:
    """Another branch, another prefix, a folder below."""
    target, other = others

    refuse_preview_mistakes(tmp_path, {"t": target, "p": replace(other, previews=True)})
