"""`sitegen deploy`: brings the site to where readers find it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.cli.options import add_volume_options, site_folder, until_interrupted, voice
from sitegen.cli.reporting import INTERRUPTED, OK, print_answer, print_problems
from sitegen.model.errors import Problem, UsageError

if TYPE_CHECKING:
    from sitegen.deploy.builds import DeployableBuild
    from sitegen.deploy.deployment import Result

SECONDS_TO_BE_LIVE = 120
"""How long `--notify` waits for a host to show what was brought to it."""

SUMMARY = "Build the site and bring it to where readers find it; only what differs is sent."
EXAMPLES = (
    "sitegen deploy",
    "sitegen deploy staging --dry-run",
    "sitegen deploy production --purge-file changed.txt",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="a target of the configuration, [deploy.TARGET] (default: the only one)",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="list what would be sent and deleted, and change nothing",
    )
    parser.add_argument(
        "--drafts",
        action="store_true",
        help="show drafts and scheduled articles, to a target with `previews = true` only",
    )
    parser.add_argument(
        "--no-build",
        action="store_true",
        help="deploy what the last build left; refused if readers must not see that",
    )
    parser.add_argument(
        "--max-deletes",
        metavar="N",
        type=_number,
        help="allow the deletion of up to N files, this once",
    )
    parser.add_argument(
        "--allow-lost-articles",
        action="store_true",
        help="allow that articles which were deployed are in the site no more, this once",
    )
    parser.add_argument(
        "--recheck",
        action="store_true",
        help="compare every file there instead of trusting the target's own list",
    )
    parser.add_argument(
        "--take-over",
        action="store_true",
        help="continue even if another deployment seems to be running",
    )
    parser.add_argument(
        "--purge-file",
        metavar="FILE",
        type=Path,
        help="write the changed URLs to this file instead of printing them",
    )
    output = parser.add_mutually_exclusive_group()
    output.add_argument(
        "--json", action="store_true", help="print what was sent and deleted as JSON on stdout"
    )
    output.add_argument(
        "--notify",
        action="store_true",
        help="then notify the pages that new and changed articles link to, as `sitegen notify`",
    )
    add_volume_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    code = INTERRUPTED
    with until_interrupted("interrupted; run `sitegen deploy` again to continue"):
        code = _deploy(options)
    return code  # noqa: RET504 - the block may end before it has one


def _deploy(options: argparse.Namespace) -> int:
    from sitegen.cli.commands.notify import notify_site
    from sitegen.config.loading import load_config
    from sitegen.console import terminal
    from sitegen.deploy import builds
    from sitegen.deploy.deployment import choose_target, deploy
    from sitegen.deploy.preview_targets import refuse_preview_mistakes
    from sitegen.deploy.refusals import DeployOptions
    from sitegen.index.lost_articles import ANY_NUMBER

    site, tell = site_folder(options), voice(options)
    settings = load_config(site)
    name, target = choose_target(settings.deploy, options.target)
    refuse_preview_mistakes(site, settings.deploy)
    if options.drafts and not target.previews:
        message = f'drafts are not deployed to the target "{name}"'
        hint = "deploy them to a target for colleagues, which says `previews = true`"
        raise UsageError(Problem(message, hint=hint))
    if options.notify and target.previews:
        message = f'the target "{name}" is for colleagues: nobody is notified of it'
        raise UsageError(Problem(message, hint="leave out `--notify`"))
    if options.notify and target.base_url.rstrip("/") not in ("", settings.base_url.rstrip("/")):
        message = f'the target "{name}" has a base URL of its own: {target.base_url}'
        hint = "other sites are told addresses of the site's `base_url`: leave out `--notify`"
        raise UsageError(Problem(message, hint=hint))
    limit = options.max_deletes if options.max_deletes is not None else target.max_deletes
    allowed = ANY_NUMBER if options.allow_lost_articles else target.max_lost_articles
    chosen = DeployOptions(limit, allowed, options.dry_run, options.recheck, options.take_over)
    with terminal.progress(shown=not options.quiet) as progress:
        if options.no_build:
            now, drafts = builds.current_second(), options.drafts
            build = builds.last_build(site, name, target, now, drafts=drafts)
        else:
            build = builds.new_build(site, name, target, progress, drafts=options.drafts)
        result = deploy(site, target, build, chosen, progress)
    print_problems(build.problems, options)
    for note in result.outcome.notes:
        tell(f"note: {note}")
    if options.purge_file is not None and not options.dry_run:
        text = "".join(f"{url}\n" for url in result.purge)
        options.purge_file.write_text(text, "utf-8")
        answer: Iterable[str] = ()
    else:
        answer = _planned(result) if options.dry_run else result.purge
    print_answer(options, _document(name, build, result, dry=options.dry_run), answer)
    tell(_summary(name, build, result, dry=options.dry_run))
    if options.notify:
        sys.stdout.flush()  # whoever empties caches can begin
        output = builds.output_of(site, name, target)
        notify_site(
            site,
            dry_run=options.dry_run,
            allow_lost_articles=options.allow_lost_articles,
            wait=SECONDS_TO_BE_LIVE,
            output=output,
        )
    return OK


def _planned(result: Result) -> Iterator[str]:
    plan = result.outcome.plan
    yield from (f"delete {path}" for path in plan.deleted_first)
    yield from (f"send   {item.path}" for item in plan.sent)
    yield from (f"delete {path}" for path in plan.deleted_last)


def _document(name: str, build: DeployableBuild, result: Result, *, dry: bool) -> dict[str, object]:
    plan = result.outcome.plan
    return {
        "target": name,
        "dry_run": dry,
        "sent": [item.path for item in plan.sent],
        "new": sum(item.path in plan.new for item in plan.sent),
        "bytes": result.sent_bytes,
        "deleted": list(plan.deleted),
        "unchanged": plan.unchanged,
        "purge": list(result.purge),
        "found": build.counts.found if build.counts else None,
        "articles": build.counts.shown if build.counts else None,
        "not_shown": build.counts.not_shown() if build.counts else None,
    }


def _summary(name: str, build: DeployableBuild, result: Result, *, dry: bool) -> str:
    from sitegen.console.terminal import counts_text

    plan = result.outcome.plan
    sent, new = len(plan.sent), sum(item.path in plan.new for item in plan.sent)
    would = "would be " if dry else ""
    articles = f"\n{counts_text(build.counts)}" if build.counts else ""
    return (
        f"{name}: {sent:,} {would}sent ({new:,} new, {result.sent_bytes:,} bytes), "
        f"{len(plan.deleted):,} {would}deleted, {plan.unchanged:,} unchanged{articles}"
    )


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number')
    return int(text)
