"""Which tests mirror a module: the first that ought to notice when it changes."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

BY_SUBJECT = """
cache.tables: cache/test_encoding cache/test_forged cache/test_records
check.addresses: check/test_pages check/test_command
check.feeds: check/test_pages check/test_command
check.finding: check/test_command
check.limits: check/test_hosting check/test_command
check.nesting: check/test_command
check.pages: check/test_command
check.pictures: check/test_command
config.targets: config/test_loading
deploy.refusals: deploy/test_command deploy/test_sync
deploy.target_files: deploy/test_plan deploy/test_sync
deploy.target_state: deploy/test_plan deploy/test_sync
index.change: index/test_exchange queries/test_affected
index.feeds: render/test_feeds
index.identities: index/test_site
index.listed: index/test_exchange index/test_site
index.page_templates: flow/test_standalone_pages
index.policies: flow/test_standalone_pages
index.set_digests: index/test_site queries/test_affected
index.static_files: index/test_site
index.undated: index/test_pages index/test_term_texts
markdown.fences: markdown/test_lists markdown/test_python_markdown
markdown.list_items: markdown/test_lists
markdown.struck_text: markdown/test_python_markdown
markdown.text_preprocessor: markdown/test_lists markdown/test_python_markdown
markdown.fast.inline: markdown/fast/test_engine
markdown.fast.links: markdown/fast/test_engine
markdown.fast.substrings: markdown/fast/test_engine
model.answers: queries/test_kinds
model.search_index: search/test_shards
model.source_folders: parse/test_pages
notify.articles: notify/test_discovery notify/test_tasks
parse.conversions: parse/test_fields parse/test_formats
parse.undated: parse/test_pages parse/test_terms
parse.values: parse/test_fields parse/test_front_matter
plan.outputs: plan/test_planning
plan.parts: plan/test_planning
queries: queries/test_kinds
queries.answering: queries/test_kinds
queries.archives: queries/test_kinds queries/test_affected
queries.articles: queries/test_kinds queries/test_affected
queries.feeds: queries/test_kinds queries/test_affected render/test_feeds
queries.hosts: queries/test_kinds
queries.pages: queries/test_kinds queries/test_affected index/test_pages
queries.settings: queries/test_kinds incremental/test_sets
queries.sitemaps: queries/test_kinds index/test_sitemaps
queries.term_texts: index/test_term_texts queries/test_affected
queries.translations: queries/test_kinds index/test_translations
receive.hints: receive/test_comments receive/test_pings
render.response_functions: responses/test_page
"""
"""The modules whose subject other tests have, beside those of their own name."""

SUBJECTS = {
    name: tuple(f"tests/{test}.py" for test in rest.split())
    for name, _, rest in (line.partition(":") for line in BY_SUBJECT.strip().splitlines())
}


def own(module: str) -> str:
    """Return the path that the tests of a module have in the mirrored tree."""
    package, _, name = module.rpartition(".")
    return "/".join(("tests", *package.split("."), f"test_{name}.py")).replace("//", "/")


def mirrors(module: str) -> tuple[str, ...]:
    """Return the files of tests that mirror a module such as `index.site`, as paths from the top.

    Those of its own name first, if there are any, then those that have its subject.
    """
    found = (own(module),) if (REPOSITORY / own(module)).is_file() else ()
    return found + SUBJECTS.get(module, ())
