"""The limits of each host, and where it differs from others, as data.

From the hosts' own documentation, November 2026:
Cloudflare Pages: developers.cloudflare.com/pages/platform/limits, …/configuration/serving-pages,
…/configuration/headers. Netlify: docs.netlify.com/manage/routing. GitHub Pages:
docs.github.com/pages. GitLab Pages: docs.gitlab.com/user/project/pages. Amazon S3:
docs.aws.amazon.com/AmazonS3. Vercel: vercel.com/docs/limits.
"""

from __future__ import annotations

from typing import NamedTuple

MIB = 1024 * 1024
GIB = 1024 * MIB


class Host(NamedTuple):
    """One host. 0 is a limit that it does not have, or does not tell."""

    title: str
    files: int = 0
    paid_files: int = 0
    """With a paid plan."""
    counts_folders: bool = False
    """Whether folders count as files."""
    file_bytes: int = 0
    site_bytes: int = 0
    paid_site_bytes: int = 0
    reads_redirects: bool = False
    """Whether it reads `_redirects`."""
    redirects: int = 0
    """Lines of `_redirects`; of those without `*` and `:name` where these have a limit of their
    own."""
    patterns: int = 0
    """Lines of `_redirects` with `*` or `:name`."""
    redirect_bytes: int = 0
    line_length: int = 0
    """Characters of a line of `_redirects`."""
    reads_headers: bool = False
    """Whether it reads `_headers`."""
    header_rules: int = 0
    header_length: int = 0
    """Characters of a line of `_headers`."""
    prefixed: bool = False
    """Whether a site can live below a path of its own, as a project's pages do."""
    path_bytes: int = 0
    """Bytes of a file's path."""
    forbidden: str = ""
    """Characters that a file's name cannot have."""
    programs: tuple[str, ...] = ()
    """Files that it runs, or reads as settings, instead of serving them."""


HOSTS = {
    "cloudflare-pages": Host(
        "Cloudflare Pages",
        files=20_000,
        paid_files=100_000,
        file_bytes=25 * MIB,
        reads_redirects=True,
        redirects=2_000,
        patterns=100,
        line_length=1_000,
        reads_headers=True,
        header_rules=100,
        header_length=2_000,
        programs=("_worker.js", "_routes.json"),
    ),
    "netlify": Host(
        "Netlify",
        reads_redirects=True,
        redirects=10_000,
        reads_headers=True,
        forbidden="#?",
    ),
    "github-pages": Host("GitHub Pages", file_bytes=100 * MIB, site_bytes=GIB, prefixed=True),
    "gitlab-pages": Host(
        "GitLab Pages",
        files=200_000,
        counts_folders=True,
        reads_redirects=True,
        redirects=1_000,
        redirect_bytes=64 * 1024,
        prefixed=True,
    ),
    "s3": Host("Amazon S3", path_bytes=1024, file_bytes=5 * 1024 * GIB),
    "vercel": Host("Vercel", files=15_000, site_bytes=100 * MIB, paid_site_bytes=GIB),
}
"""The hosts by the names that `--host` takes."""
