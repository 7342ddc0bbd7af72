"""A state machine that edits a site in every way, and compares each build with a clean one."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from sitegen.flow.build import build
from sitegen.flow.session import Session
from sitegen.index.former_addresses import read, written
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from sitegen.scan.site_files import ADDRESSES
from sitegen.tools.addresses import record_addresses
from tests.incremental import damage
from tests.incremental.comparing import MANIFEST
from tests.incremental.faults import WithFaults
from tests.incremental.newsroom import (
    BODIES,
    CHANGES,
    DATA,
    DATES,
    MOMENTS,
    PAGE_BODIES,
    PAGE_PATHS,
    PATHS,
    PICTURES,
    TEMPLATES,
    TERM_BODIES,
    TERM_PATHS,
    THEMES,
    FrontMatter,
    any_edit,
    data_files,
    fields,
    includes,
    page_edits,
    responses,
    settings_,
    static_files,
    templates,
    term_edits,
    theme_files,
)
from tests.sitefactory import tree

which = st.integers(min_value=0, max_value=20)
later = st.sampled_from((False, False, False, True))
"""Whether the next edit comes before the next build."""


CALLS = ("replace", "rename", "unlink", "mkdir", "rmdir", "utime")
"""Functions of `os` with which a build changes the output folder."""

COUNTER = "{% macro next() %}1{% endmacro %}{% set bare = 1 %}"


class Exactness(WithFaults):
    """Edits of every kind."""

    # The beginning

    @initialize(
        count=st.integers(min_value=0, max_value=6),
        seed=st.integers(0, 5),
        own=st.lists(templates(), max_size=6),
        settings=st.lists(settings_(), max_size=6),
        searched=st.sampled_from((False, False, False, True)),
    )
    def begin(
        self,
        *,
        count: int,
        seed: int,
        own: list[tuple[str, str | None]],
        settings: list[tuple[str, Any]],
        searched: bool,
    ) -> None:
        """Begin with some articles, templates and settings."""
        self.room.put_config("title", "The Tide")
        self.room.put_config("search.enabled", searched)
        self.room.put_config("lists.per_page", 2)
        self.room.put_config("base_url", "https://example.org/")
        self.room.put_other("static/pic.svg", "<svg/>")
        self.room.put_other("data/members.csv", DATA["data/members.csv"][0])
        for name in ("row.html", "own.txt"):
            self.room.put_other(f"templates/{name}", TEMPLATES[name][0])
        self.room.put_other("articles/photo.svg", "<svg/>")
        self.room.put_other("articles/album/one.svg", "<svg/>")
        self.room.put_other("templates/counter.html", COUNTER)
        self.room.put_other("templates/shortcodes/box.html", "<b>{{ inner }}</b>")
        self.room.put_other("includes/tides.md", "High at *six*.")
        self.room.put_other("includes/more.html", "<p>More</p>")
        for name in ("tide", "deep"):
            self.room.put_other(f"themes/{name}/theme.toml", THEMES[f"{name}/theme.toml"][0])
        for place, path in enumerate(PATHS[:count]):
            number = place + seed
            head = {
                "title": f"Story {number}",
                "date": DATES[number % len(DATES)],
                "category": ("World", "Sport", None)[number % 3],
                "tags": [["Flood"], ["Flood", "Rain"]][number % 2],
                "author": "Ann",
            }
            self.room.put_article(path, head, BODIES[number % len(BODIES)])
        for number, path in enumerate(PAGE_PATHS[1 : 1 + seed % 4]):
            self.room.put_page(path, {"nav": "footer"}, PAGE_BODIES[number])
        self.check()
        for name, text in own:
            self.room.put_other(f"templates/{name}", text)
        for key, value in settings:
            self.room.put_config(key, value)
        self.check()

    # Edits of articles

    @precondition(lambda self: self.room.articles)
    @rule(which=which, body=st.sampled_from(BODIES), later=later)
    def edit_body(self, *, which: int, body: str, later: bool) -> None:
        """Write another text."""
        path = self.room.pick(which)
        self.room.put_article(path, self.room.articles[path][0], body)
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(which=which, body=st.sampled_from(BODIES))
    def hurry(self, which: int, body: str) -> None:
        """Write another text, and leave the search index for the build after."""
        path = self.room.pick(which)
        self.room.put_article(path, self.room.articles[path][0], body)
        with suppress(SitegenError):
            self.build(replace(self.options, index_later=True))
        self.check()

    @precondition(lambda self: self.room.articles)
    @rule(which=which, edit=fields())
    def edit_key(self, which: int, edit: tuple[str, Any]) -> None:
        """Change a key of the front matter."""
        self.edit_head(which=which, edits=[edit], later=False)

    @precondition(lambda self: self.room.articles)
    @rule(which=which, edits=st.lists(fields(), min_size=1, max_size=3), later=later)
    def edit_head(self, *, which: int, edits: list[tuple[str, Any]], later: bool) -> None:
        """Change front matter."""
        path = self.room.pick(which)
        head, body = self.room.articles[path]
        self.room.put_article(path, {**head, **dict(edits)}, body)
        self.next(later=later)

    @rule(
        path=st.sampled_from(PATHS),
        edits=st.lists(fields(), max_size=4),
        body=st.sampled_from(BODIES),
        later=later,
    )
    def add(self, *, path: str, edits: list[tuple[str, Any]], body: str, later: bool) -> None:
        """Write a new article, or one in the place of another."""
        head: FrontMatter = {"title": f"New in {path[-6:-3]}", **dict(edits)}
        self.room.put_article(path, head, body)
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(which=which, later=later)
    def delete(self, *, which: int, later: bool) -> None:
        """Delete an article."""
        self.room.remove_article(self.room.pick(which))
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(which=which, path=st.sampled_from(PATHS), later=later)
    def rename(self, *, which: int, path: str, later: bool) -> None:
        """Move an article's file, over another one if there is one."""
        held = self.room.remove_article(self.room.pick(which))
        self.room.put_article(path, *held)
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(
        old=st.sampled_from((None, "World", "Sport")),
        new=st.sampled_from(("World", "Local")),
        later=later,
    )
    def rename_category(self, *, old: str | None, new: str, later: bool) -> None:
        """Give all articles of a category another one."""
        for path, (head, body) in sorted(self.room.articles.items()):
            if head.get("category") == old:
                self.room.put_article(path, {**head, "category": new}, body)
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(which=which)
    def edit_slyly(self, which: int) -> None:
        """Change a letter and set the file's time back."""
        path = self.room.pick(which)
        head, body = self.room.articles[path]
        location = self.room.site / path
        before = location.stat()
        self.room.put_article(path, head, body.swapcase() if "[" not in body else body)
        os.utime(location, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.check()

    # Edits of standalone pages

    @rule(edits=st.lists(page_edits(), min_size=1, max_size=3), later=later)
    def edit_pages(
        self, *, edits: list[tuple[str, dict[str, Any], str | None]], later: bool
    ) -> None:
        """Write, edit or remove standalone pages."""
        for edit in edits:
            self.room.edit_page(*edit)
        self.next(later=later)

    @precondition(lambda self: self.room.pages)
    @rule(which=which, body=st.sampled_from(PAGE_BODIES))
    def edit_page_body(self, which: int, body: str) -> None:
        """Write another text of a page."""
        path = sorted(self.room.pages)[which % len(self.room.pages)]
        self.room.edit_page(path, {}, body)
        self.check()

    @precondition(lambda self: self.room.pages)
    @rule(which=which, to=st.sampled_from(PAGE_PATHS), later=later)
    def rename_page(self, *, which: int, to: str, later: bool) -> None:
        """Move a page's file, over another one if there is one."""
        path = sorted(self.room.pages)[which % len(self.room.pages)]
        held = self.room.pages[path]
        self.room.remove_page(path)
        self.room.put_page(to, *held)
        self.next(later=later)

    # Edits of texts of terms

    @rule(edits=st.lists(term_edits(), min_size=1, max_size=3), later=later)
    def edit_terms(
        self, *, edits: list[tuple[str, dict[str, Any], str | None]], later: bool
    ) -> None:
        """Write, edit or remove texts of terms."""
        for edit in edits:
            self.room.edit_term(*edit)
        self.next(later=later)

    @precondition(lambda self: self.room.terms)
    @rule(which=which, body=st.sampled_from(TERM_BODIES))
    def edit_term_body(self, which: int, body: str) -> None:
        """Write another text of a term."""
        path = sorted(self.room.terms)[which % len(self.room.terms)]
        self.room.edit_term(path, {}, body)
        self.check()

    @precondition(lambda self: self.room.terms)
    @rule(which=which, to=st.sampled_from(TERM_PATHS), later=later)
    def rename_term(self, *, which: int, to: str, later: bool) -> None:
        """Move the file of a term, over another one if there is one."""
        path = sorted(self.room.terms)[which % len(self.room.terms)]
        held = self.room.terms[path]
        self.room.remove_term(path)
        self.room.put_term(to, *held)
        self.next(later=later)

    # Edits of other files

    @rule(edits=st.lists(templates(), min_size=1, max_size=2), later=later)
    def edit_templates(self, *, edits: list[tuple[str, str | None]], later: bool) -> None:
        """Write or remove templates of the site's own."""
        for name, text in edits:
            self.room.put_other(f"templates/{name}", text)
        self.next(later=later)

    @rule(edit=templates())
    def edit_template(self, edit: tuple[str, str | None]) -> None:
        """Write or remove a template of the site's own."""
        self.edit_templates(edits=[edit], later=False)

    @rule(edits=st.lists(includes(), min_size=1, max_size=2), later=later)
    def edit_includes(self, *, edits: list[tuple[str, str | None]], later: bool) -> None:
        """Write or remove what texts include."""
        for name, text in edits:
            self.room.put_other(f"includes/{name}", text)
        self.next(later=later)

    @rule(edit=includes())
    def edit_include(self, edit: tuple[str, str | None]) -> None:
        """Write or remove one of them."""
        self.edit_includes(edits=[edit], later=False)

    @rule(
        edits=st.lists(theme_files(), min_size=1, max_size=4),
        name=st.sampled_from(("tide", "tide", "deep", None)),
        later=later,
    )
    def edit_themes(
        self, *, edits: list[tuple[str, str | None]], name: str | None, later: bool
    ) -> None:
        """Write or remove files of themes, and choose one of them."""
        for path, text in edits:
            self.room.put_other(f"themes/{path}", text)
        self.room.put_config("theme", name)
        self.next(later=later)

    @rule(which=which, swap=st.booleans())
    def rename_in_themes(self, *, which: int, swap: bool) -> None:
        """Move a file from one theme into the other, or let both have the other's files."""
        self.room.put_config("theme", "tide")
        paths = [path for path in sorted(self.room.others) if path.startswith("themes/")]
        paths = [path for path in paths if not path.endswith(".toml")]
        for path in paths if swap else paths[which % len(paths) :][:1] if paths else ():
            text = self.room.others[path]
            self.room.put_other(path, None)
            _, name, below = path.split("/", 2)
            self.room.put_other(f"themes/{'deep' if name == 'tide' else 'tide'}/{below}", text)
        self.check()

    @rule(
        name=st.sampled_from(("tide", "deep")),
        how=st.sampled_from((None, "", "name = [", 'name = "x"\ntemplates = 9')),
    )
    def break_theme(self, *, name: str, how: str | None) -> None:
        """Break what a theme says of itself, or remove it, build, and mend it."""
        path = f"themes/{name}/theme.toml"
        before = self.room.others[path]
        self.room.put_config("theme", name)
        self.check()
        self.room.put(path, how)
        assert not self.find_stale()
        self.room.put_other(path, before)
        self.check()

    @rule(edit=static_files(), later=later)
    def edit_static(self, *, edit: tuple[str, str | None], later: bool) -> None:
        """Write or remove a static file."""
        self.room.put_other(f"static/{edit[0]}", edit[1])
        self.next(later=later)

    @rule(
        path=st.sampled_from(PICTURES),
        content=st.sampled_from((None, "<svg/>", "<svg></svg>")),
        later=later,
    )
    def edit_picture(self, *, path: str, content: str | None, later: bool) -> None:
        """Write or remove a picture beside articles."""
        self.room.put_other(path, content)
        self.next(later=later)

    # Edits of data files

    @rule(edits=st.lists(data_files(), min_size=1, max_size=3), later=later)
    def edit_data(self, *, edits: list[tuple[str, str | None]], later: bool) -> None:
        """Write, edit or remove data files, wrong ones among them."""
        for path, text in edits:
            self.room.put_other(path, text)
        self.next(later=later)

    @rule(which=which, to=st.sampled_from(sorted(DATA)), later=later)
    def rename_data(self, *, which: int, to: str, later: bool) -> None:
        """Move a data file, over another one if there is one."""
        paths = [path for path in sorted(self.room.others) if path.startswith("data/")]
        if paths:
            path = paths[which % len(paths)]
            text = self.room.others[path]
            self.room.put_other(path, None)
            self.room.put_other(to, text)
        self.next(later=later)

    @rule(path=st.sampled_from(sorted(DATA)), how=st.sampled_from(("{", 'a,b\n"1')))
    def break_data(self, path: str, how: str) -> None:
        """Break a data file, build what can be built, and mend it."""
        before = self.room.others.get(path)
        self.room.put(path, how)
        self.build(replace(self.options, keep_going=True))
        self.room.put_other(path, before)
        self.check()

    @rule(edits=st.lists(responses(), min_size=1, max_size=3), later=later)
    def respond(self, *, edits: list[tuple[str, str | None]], later: bool) -> None:
        """Write, edit or remove responses."""
        for path, text in edits:
            self.room.put_other(path, text)
        self.next(later=later)

    @precondition(lambda self: self.room.articles)
    @rule(which=which, edit=responses())
    def respond_to(self, which: int, edit: tuple[str, str | None]) -> None:
        """Write, edit or remove a response to an article that is there."""
        if thread := self.room.thread(self.room.pick(which)):
            name = edit[0].rpartition("/")[2]
            self.respond(edits=[(f"responses/{thread}/{name}", edit[1])], later=False)

    @rule(which=which, to=st.sampled_from(("", "pending/", "spam/")), later=later)
    def moderate(self, *, which: int, to: str, later: bool) -> None:
        """Move a response."""
        paths = [path for path in sorted(self.room.others) if path.startswith("responses/")]
        if paths:
            path = paths[which % len(paths)]
            text = self.room.others[path]
            self.room.put_other(path, None)
            self.room.put_other(f"responses/{to}{'/'.join(path.split('/')[-2:])}", text)
        self.next(later=later)

    @rule(edits=st.lists(settings_(), min_size=1, max_size=3), later=later)
    def configure(self, *, edits: list[tuple[str, Any]], later: bool) -> None:
        """Change settings."""
        for key, value in edits:
            self.room.put_config(key, value)
        self.next(later=later)

    @rule(edit=settings_())
    def set_one(self, edit: tuple[str, Any]) -> None:
        """Change a setting."""
        self.configure(edits=[edit], later=False)

    @rule(url=st.sampled_from((None, None, "/old/", "/2024/11/05/flood/", "/archive/", "/old")))
    def remember_addresses(self, url: str | None) -> None:
        """Write down where the articles are, or that one was somewhere; None does the former."""
        self.room.touched.add(ADDRESSES)
        with suppress(SitegenError):
            record_addresses(self.room.site, moments.of(self.options.at or datetime.now(UTC)))
            text = (self.room.site / ADDRESSES).read_text("utf-8")
            known, _ = read(text)
            if url and known:
                (self.room.site / ADDRESSES).write_text(
                    written({**known, url: min(known.values())})
                )
        self.check()

    @rule()
    def forget_addresses(self) -> None:
        """Remove what was written down."""
        self.room.put(ADDRESSES, None)
        self.check()

    # How the site is looked at

    @rule(moment=st.sampled_from(MOMENTS))
    def move_time(self, moment: str) -> None:
        """Look at another moment, later or earlier."""
        self.options = replace(self.options, at=datetime.fromisoformat(moment))
        self.check()

    @rule(
        change=st.sampled_from(CHANGES),
        dates=st.lists(st.integers(-100, 160), min_size=2, max_size=5),
        local=st.booleans(),
        at=st.integers(-100, 200),
        kept=st.booleans(),
        later=later,
    )
    def change_clocks(
        self,
        *,
        change: tuple[str, str],
        dates: list[int],
        local: bool,
        at: int,
        kept: bool,
        later: bool,
    ) -> None:
        """Publish around a change of the clocks: minutes before and after it, as `at` is, too."""
        zone, text = change
        changed = moments.parse(text)
        self.room.put_config("timezone", zone)
        for path, minutes in zip(PATHS, dates, strict=False):
            date = moments.in_zone(changed + timedelta(minutes=minutes), zone)
            written = moments.written(date) if local else moments.iso(date)
            head, body = self.room.articles.get(path, ({"title": "At night"}, BODIES[0]))
            key = "publish" if kept and "date" in head else "date"
            self.room.put_article(path, {**head, key: written}, body)
        moment = changed + timedelta(minutes=at)
        self.options = replace(self.options, at=moments.local(moment))
        self.next(later=later)

    @rule(minutes=st.integers(-90, 90))
    def move_on(self, minutes: int) -> None:
        """Look at a moment that is near to the last one."""
        if self.options.at is not None:
            moment = moments.of(self.options.at) + timedelta(minutes=minutes)
            self.options = replace(self.options, at=moments.local(moment))
            self.check()

    @rule()
    def toggle_drafts(self) -> None:
        """Show drafts, or no longer."""
        self.options = replace(self.options, drafts=not self.options.drafts)
        self.check()

    @rule(base_url=st.sampled_from((None, "https://preview.example/x/")))
    def name_base_url(self, base_url: str | None) -> None:
        """Build for another address."""
        self.options = replace(self.options, base_url=base_url)
        self.check()

    # Processes

    @rule(names_paths=st.booleans())
    def stay(self, *, names_paths: bool) -> None:
        """Build in one process from now on, which may be told which paths changed."""
        if self.session is None:
            self.session = Session()
        else:
            self.names_paths = names_paths
        self.check()

    @precondition(lambda self: self.session)
    @rule()
    def leave(self) -> None:
        """Let each build be a process of its own."""
        assert self.session
        self.session.close()
        self.session = None
        self.check()

    @precondition(lambda self: self.session)
    @rule()
    def build_elsewhere(self) -> None:
        """Let another process build the same site meanwhile."""
        with suppress(SitegenError):
            build(self.room.site, self.options)
        self.check()

    # Harm

    @rule(kind=st.sampled_from(sorted(damage.CACHE)), seed=st.integers(0, 1000), later=later)
    def damage_cache(self, *, kind: str, seed: int, later: bool) -> None:
        """Damage what is kept between builds, while no process has it open."""
        if self.session:
            self.session.close()
        state = self.room.site / ".sitegen"
        damage.CACHE[kind](state, random.Random(seed))  # noqa: S311 - not for secrets
        self.next(later=later)

    @rule(kind=st.sampled_from(("delete_all", "delete_one")))
    def remove_cache_in_use(self, kind: str) -> None:
        """Delete the cache below a process that has it open."""
        damage.CACHE[kind](self.room.site / ".sitegen", random.Random(0))  # noqa: S311 - as above
        self.check()

    @rule(
        which=which,
        kind=st.sampled_from(("append", "same size", "delete", "touch", "link", "rename")),
    )
    def damage_output(self, which: int, kind: str) -> None:
        """Change a file of the output folder by hand."""
        self.look_at_output = True
        paths = sorted(tree(self.output).keys() - self.foreign - {MANIFEST})
        location = self.output / paths[which * 7 % len(paths)]
        before = location.stat()
        if kind == "append":
            location.write_bytes(location.read_bytes() + b"<!-- by hand -->")
        elif kind == "same size":
            location.write_bytes(location.read_bytes().swapcase())
            os.utime(location, ns=(before.st_atime_ns, before.st_mtime_ns))
        elif kind == "delete":
            location.unlink()
        elif kind == "touch":
            location.touch()
        elif kind == "link":
            location.unlink()
            location.symlink_to(self.room.site / "sitegen.toml")
        else:
            location.rename(location.with_name("renamed"))
            self.foreign.add(location.with_name("renamed").relative_to(self.output).as_posix())
        self.check()

    @rule(which=which)
    def delete_output_folder(self, which: int) -> None:
        """Delete a folder of the output, or all of it."""
        folders = sorted(path for path in self.output.iterdir() if path.is_dir())
        chosen = folders[which % len(folders)] if which else self.output
        shutil.rmtree(chosen)
        self.look_at_output = bool(which)
        gone = chosen.relative_to(self.output).as_posix()
        self.foreign = {path for path in self.foreign if which and not path.startswith(f"{gone}/")}
        self.check()

    @rule(path=st.sampled_from(("CNAME", "2024/notes.txt", ".nojekyll")))
    def put_foreign_file(self, path: str) -> None:
        """Put a file into the output folder that must survive."""
        (self.output / path).parent.mkdir(exist_ok=True)
        (self.output / path).write_text("not sitegen's")
        self.foreign.add(path)
        self.check()

    @rule(
        function=st.sampled_from((*CALLS, "lstat")),
        after=st.integers(0, 60),
        error=st.sampled_from((OSError, KeyboardInterrupt)),
    )
    def interrupt(self, function: str, after: int, error: type[BaseException]) -> None:
        """Let a build end at some call of the operating system."""
        self.counts["interrupted builds"] += 1
        with (
            damage.failing(function, after, error),
            suppress(SitegenError, OSError, KeyboardInterrupt),
        ):
            self.build()
        self.check()

    @rule(
        edits=st.lists(any_edit(), min_size=1, max_size=3),
        function=st.sampled_from(CALLS),
        after=st.integers(0, 20),
        error=st.sampled_from((OSError, KeyboardInterrupt)),
        elsewhere=st.booleans(),
        taken_back=st.sampled_from((True, True, False)),
    )
    def fail_to_publish(
        self,
        *,
        edits: list[tuple[str, int, Any]],
        function: str,
        after: int,
        error: type[BaseException],
        elsewhere: bool,
        taken_back: bool,
    ) -> None:
        """Let the build of some edits end while it publishes, and perhaps take the edits back.

        It is this process or another one that builds.
        """
        before, output = self.room.copy(), self.found()
        for edit in edits:
            self.room.edit(*edit)
        options = replace(self.options, keep_going=True)
        with (
            damage.failing(function, after, error),
            suppress(SitegenError, OSError, KeyboardInterrupt),
        ):
            if elsewhere:
                build(self.room.site, options)
            else:
                self.build(options)
        self.counts["builds that published half"] += self.found() != output
        if taken_back:
            self.room.restore(before)
        self.check()

    @rule(
        moment=st.sampled_from(MOMENTS), function=st.sampled_from(CALLS), after=st.integers(0, 20)
    )
    def fail_to_publish_another_time(self, moment: str, function: str, after: int) -> None:
        """Let another process end while it publishes another moment, of which nothing is noted."""
        output = self.found()
        with (
            damage.failing(function, after, KeyboardInterrupt),
            suppress(SitegenError, KeyboardInterrupt),
        ):
            build(self.room.site, replace(self.options, at=datetime.fromisoformat(moment)))
        self.counts["builds that published half"] += self.found() != output
        self.check()

    @rule(stage=st.sampled_from(("parse", "render", "search")), after=st.integers(0, 10))
    def interrupt_progress(self, stage: str, after: int) -> None:
        """Let a build end while it tells of its progress."""
        self.counts["interrupted builds"] += 1

        def progress(name: str, done: int, _total: int) -> None:
            if name == stage and done >= after:
                raise KeyboardInterrupt

        changed = self.changed()
        with suppress(SitegenError, KeyboardInterrupt):
            build(
                self.room.site,
                self.options,
                session=self.session,
                changed=changed,
                progress=progress,
            )
        self.check()

    # Failures

    @precondition(lambda self: self.room.articles)
    @rule(
        which=which,
        how=st.sampled_from(("---\ntitle: [\n---\n", "", "---\ndate: x\n---\n")),
        keep_going=st.booleans(),
    )
    def break_article(self, *, which: int, how: str, keep_going: bool) -> None:
        """Break an article, build, and mend it."""
        path = self.room.pick(which)
        self.room.put(path, how)
        if keep_going:
            self.build(replace(self.options, keep_going=True))
        assert not self.find_stale()
        self.room.put_article(path, *self.room.articles[path])
        self.check()

    @rule(edit=responses(), keep_going=st.booleans())
    def break_response(self, *, edit: tuple[str, str | None], keep_going: bool) -> None:
        """Break a response that is shown, build, and mend it."""
        path = "/".join(("responses", *edit[0].split("/")[-2:]))
        before = self.room.others.get(path)
        self.room.put(path, "---\nkind: comment\nemail: a@b.example\n---\n")
        if keep_going:
            self.build(replace(self.options, keep_going=True))
        assert not self.find_stale()
        self.room.put_other(path, before)
        self.check()

    @rule(
        name=st.sampled_from(
            (
                *("article.html", "list.html", "parts/words.html", "extra.html", "archive.html"),
                *("shortcodes/box.html", "shortcodes/note.html", "shortcodes/article.html"),
            )
        ),
        how=st.sampled_from(
            (None, "{% if %}", "{{ nothing }}", "{{ article('no') }}", "\xff", "{% include 'no' %}")
        ),
        keep_going=st.booleans(),
    )
    def break_template(self, *, name: str, how: str | None, keep_going: bool) -> None:
        """Break a template or remove it, build, and mend it."""
        path = f"templates/{name}"
        before = self.room.others.get(path)
        self.room.put(path, None)
        if how is not None:
            (self.room.site / path).parent.mkdir(parents=True, exist_ok=True)
            (self.room.site / path).write_bytes(how.encode("latin-1"))
        if keep_going:
            self.compare_kept()
        self.counts["failed builds"] += not self.find_stale()
        self.room.put_other(path, before)
        self.check()

    @rule(how=st.sampled_from(("title = [", "titel = 'x'", "lists.per_page = 0")))
    def break_config(self, how: str) -> None:
        """Break the configuration, build, and mend it."""
        self.room.put("sitegen.toml", how)
        assert not self.find_stale()
        self.room.put_config("title", self.room.config["title"])
        self.check()
