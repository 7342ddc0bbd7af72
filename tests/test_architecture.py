"""The map of the rooms: who may know whom, and who may touch the world.

`docs/architecture.md` says what each room is for. This is the other half: what it may import.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent
FOLDERS = ("search", "check", "commands", "deploy", "receive", "notify")
"""Subpackages: many rooms of one kind, of which no other knows more than one or two."""


def room_name(path: Path) -> str:
    """Return the name of a module on the map: `build`, `commands.build`, `commands`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


ROOMS = {
    room_name(path): path for path in sorted(PACKAGE.rglob("*.py")) if "theme" not in path.parts
}

LONGEST = 400
"""Lines of a module."""

MAP = """
# What all share
__init__:
errors:
frozen:
content: errors frozen
answers: content
urls: errors
content_security:
references: content
toml_places: errors
setting_keys:
response_settings: setting_keys
settings: frozen response_settings setting_keys
deploy.targets: errors settings
hosting_checks: errors settings urls
config: deploy.targets errors frozen hosting_checks settings toml_places urls
trace:
marks: content trace
response_places: urls
threads: content
# Scan: files → Source
sources: content errors
# What is kept, and work on many things
epoch:
records:
record_reader: content records
search:
search.parts:
store: content epoch errors frozen record_reader records search.parts sources trace
collector:
executor: errors
orders: content errors executor
# Parse: bytes → Article
nodes: errors frozen
yaml_head: nodes
quick_yaml: nodes
head_formats: nodes toml_places
front_matter: errors head_formats nodes quick_yaml yaml_head
conversions: errors nodes
dialects: conversions errors nodes settings
moments:
values: content errors moments nodes settings urls
identity: content errors trace
fields: content errors frozen nodes settings urls values
highlighting:
quick_links: errors
quick_needles:
quick_plain:
quick_inline: quick_links quick_needles quick_plain
quick_tree:
quick_blocks: quick_needles
quick_markdown: quick_blocks quick_inline quick_tree
markdown_engine: config errors highlighting quick_markdown settings urls
html_scan:
markup: content html_scan urls
commonmark_engine: config errors highlighting html_scan urls
sanitize:
prose: commonmark_engine content html_scan markdown_engine markup sanitize settings
parse: content dialects errors fields front_matter identity moments nodes prose records
    references settings trace urls
file_tasks: content settings sources
articles: collector content epoch errors executor file_tasks parse prose records references
    settings sources store trace
# Responses
response_files: errors front_matter nodes response_places settings values
response_text: response_files sanitize
responses: articles content errors executor file_tasks records response_files response_places
    response_text settings sources store trace
moderation: errors response_files response_places settings
# Index and plan: Article → Site → Plan
lists: content references
sitemaps: content urls
answering: content trace
former: content errors urls
site: answering answers content former frozen lists marks references response_places settings
    sitemaps trace urls
feeds: settings
feed_answers: answering answers content feeds identity lists site trace
comment_answers: answering content site trace
article_answers: answering answers content lists response_places site threads trace
list_answers: answering answers lists site trace
archive_answers: answering answers site trace
setting_answers: answering frozen lists references site trace
picture_answers: answering content site trace
translations: answering content errors references site trace
sitemap_answers: answering content feeds lists references site sitemaps trace urls
redirects: content errors lists site urls
host_dialects: redirects urls
host_redirects: errors host_dialects redirects site urls
host_answers: answering content_security host_dialects redirects references site trace urls
asking: answering archive_answers article_answers comment_answers feed_answers host_answers
    list_answers setting_answers site picture_answers sitemap_answers trace translations
index: content errors marks settings site sources toml_places trace
plan: content errors feeds host_dialects host_redirects lists redirects references search.parts
    site sitemap_answers sitemaps urls
links: content errors references site
reindex: content index site
replan: content host_dialects index lists plan redirects reindex search.parts site urls
indexing: articles config content errors former identity index links plan reindex replan settings
    site sources translations
# Compare, render, write
wording:
askers: trace
questions: answers content errors feeds frozen prose references trace urls wording
structured_data: content
metadata: content questions references structured_data trace wording
responding: content response_places
template_code:
templates: content errors frozen metadata questions responding template_code trace
suspects: content feeds index lists references reindex site sitemap_answers sitemaps store trace
    translations
staging: errors sources store
write: errors staging store
render: asking content errors plan record_reader site sources staging store templates trace
publish: plan references sources staging store write
renew: articles askers collector errors executor indexing plan render site sources staging store
    trace write
search.pagefind:
search.documents: content html_scan wording
search.bundles: search.pagefind
search.shards: content search.parts site trace
search.making: content search.bundles search.documents search.pagefind search.parts
    search.shards trace
search.stage: errors search.making search.pagefind search.parts search.shards site staging store
    trace write
search.background: executor record_reader search.making search.pagefind search.parts
    search.shards site
outcome: askers asking indexing plan publish renew search.stage store trace write
memory: articles askers content indexing plan reindex responses search.making sources store
    trace write
build: articles asking collector config errors executor former indexing memory orders outcome
    record_reader renew responses search.stage settings site sources store suspects trace write
# The search index
# The web
addresses:
fetching: addresses
# Commands
terminal: errors sources
why: errors store trace urls
verify: articles build config errors sources trace why write
reading: articles build executor settings sources store
ids: config errors front_matter identity nodes reading sources
schedule: config content index reading settings sitemaps sources urls
remember: config former index reading sources
scaffold: config errors nodes sources urls
batches:
inotify: batches
observer: batches
watch: batches config inotify observer sources
rebuild: build errors memory search.background terminal watch
# The check
check:
check.places:
check.finding: errors settings
check.nesting: html_scan
check.pages: check.nesting html_scan markup
check.addresses: urls
check.reading: check.addresses check.pages check.places errors frozen
check.feeds:
check.articles: check.finding content dialects errors front_matter nodes settings
check.origins: errors plan references site urls
check.pictures: check.finding check.reading content errors plan settings sources
check.limits:
check.hosting: check.finding check.limits check.pictures errors urls
check.built: check.finding content errors executor plan settings site
check.files: check.addresses check.built check.feeds check.finding check.hosting check.places
    check.reading errors urls
check.survey: articles check.built check.finding check.origins check.reading executor frozen
    plan urls
check.external: fetching settings
check.links: __init__ articles check.external check.finding fetching settings
check.flow: articles build check.articles check.built check.files check.finding check.hosting
    check.limits check.links check.pictures check.survey content errors executor links memory
    sources store
check.telling: __init__ check.finding check.flow
# The preview
static_host: write
sending:
hosts:
inject:
live:
preview_pages:
preview_server: hosts inject live preview_pages sending static_host
serve: build config errors hosts live preview_server rebuild static_host store terminal urls
    watch
# The receiver
receive:
receive.charsets:
receive.environment: errors
receive.ledger:
receive.pages:
receive.patience:
receive.requests: addresses
receive.articles: html_scan static_host urls
receive.hints: response_files response_settings
receive.mentions: addresses html_scan receive.charsets
receive.proof: receive.ledger
receive.tokens: response_places
receive.desk: addresses receive.articles receive.ledger receive.pages response_files
    settings
receive.comments: receive.articles receive.desk receive.hints receive.ledger receive.proof
    receive.requests response_files response_places
receive.mail: hosts moderation receive.desk receive.ledger receive.tokens response_places
receive.moderators: errors moderation receive.desk receive.ledger receive.requests
    receive.tokens response_places
receive.pings: addresses receive.articles receive.charsets receive.desk receive.ledger
    receive.mentions receive.requests response_files
receive.verifying: fetching moderation receive.desk receive.hints receive.ledger
    receive.mentions response_files response_places
receive.workers: errors fetching moderation receive.desk receive.hints receive.ledger
    receive.mail receive.verifying response_places
receive.application: receive.comments receive.desk receive.moderators receive.pings
    receive.proof receive.workers
receive.server: __init__ errors fetching receive.application receive.articles receive.desk
    receive.environment receive.ledger receive.mail receive.pages receive.patience
    receive.requests receive.workers settings store urls write
receive.asgi: config receive.environment receive.server
# The deployment
deploy:
deploy.outgoing: references settings static_host store
deploy.ledger:
deploy.steps: deploy.outgoing references urls
deploy.contents: deploy.outgoing errors staging
deploy.publication: deploy.ledger deploy.outgoing deploy.steps errors
deploy.folder: deploy.contents deploy.ledger deploy.outgoing errors
deploy.ready: articles build config errors memory schedule settings sources store
deploy.programs: errors
deploy.rsync: deploy.contents deploy.ledger deploy.outgoing deploy.programs settings
deploy.git_branch: deploy.contents deploy.ledger deploy.outgoing deploy.programs
    deploy.publication deploy.steps errors settings store
deploy.cloud: deploy.contents deploy.ledger deploy.outgoing deploy.programs errors settings
deploy.deployment: deploy.cloud deploy.contents deploy.folder deploy.git_branch
    deploy.outgoing deploy.publication deploy.ready deploy.rsync deploy.steps errors settings urls
# Telling others
notify:
notify.records:
notify.book: errors notify.records
notify.articles: content html_scan receive.mentions urls
notify.tasks: notify.articles notify.records receive.mentions
notify.discovery: html_scan notify.records
notify.protocols: notify.records
notify.online: fetching notify.tasks receive.mentions
notify.course: check.external fetching notify.book notify.discovery notify.protocols
    notify.records notify.tasks settings
notify.notifying: __init__ articles build errors fetching memory notify.articles notify.book
    notify.course notify.online notify.records notify.tasks record_reader response_places settings
    site store urls
# The command line
commands:
commands.exits:
commands.telling: errors terminal
commands.options: build config errors
commands.build: build commands.exits commands.options commands.telling terminal
commands.serve: build commands.exits commands.options serve
commands.watch: commands.exits commands.options rebuild watch
commands.why: commands.exits commands.options why
commands.verify: commands.exits commands.options terminal verify
commands.check: check.finding check.flow check.limits check.telling commands.exits
    commands.options commands.telling terminal
commands.notify: commands.exits commands.options errors notify.notifying terminal
commands.deploy: commands.exits commands.notify commands.options commands.telling config
    deploy.deployment deploy.publication deploy.ready errors terminal
commands.ids: commands.exits commands.options commands.telling ids
commands.next_change: commands.exits commands.options schedule
commands.addresses: commands.exits commands.options remember
commands.new: commands.exits commands.options scaffold
commands.init: commands.exits scaffold
commands.receive: commands.exits commands.options config errors receive.environment
    receive.server
commands.responses: commands.exits commands.options config errors moderation response_places
cli: __init__ commands.addresses commands.build commands.check commands.deploy commands.exits
    commands.init commands.ids commands.new commands.next_change commands.notify commands.receive
    commands.responses
    commands.serve commands.telling commands.verify commands.watch commands.why errors
"""
"""Each room with the rooms that it imports, at the top or late. A room stands below all of those,
so that data flows one way. Moving a row up or down is fine; an import that does not fit is a
question to ask before the map is changed: does this room have to know that one?"""

PACKAGES = """
altcha: receive.proof
defusedxml: notify.protocols receive.pings
itsdangerous: receive.tokens
jinja2: receive.pages template_code templates
markupsafe: metadata questions template_code
markdown: markdown_engine quick_blocks quick_inline quick_links quick_markdown quick_plain
    quick_tree response_text
frontmatter: front_matter
yaml: yaml_head
pyromark: commonmark_engine
nh3: sanitize
pygments: highlighting
babel: wording
obstore: deploy.cloud
brotli: deploy.contents
filelock: build deploy.ready notify.book reading store
tqdm: terminal
distributed: executor
httpcore: fetching
imagesize: check.flow picture_answers
cbor2: search.bundles
pagefind_bin_extended: search.pagefind
starlette: preview_server receive.application receive.asgi receive.comments receive.moderators
    receive.pages receive.pings receive.requests receive.server sending
uvicorn: receive.patience receive.server serve
watchdog: inotify observer watch
"""
"""The packages of others, each with the few rooms that know it."""

PURE = """
    former host_answers host_dialects host_redirects hosting_checks redirects sitemap_answers
    sitemaps structured_data translations
    answering answers archive_answers article_answers askers asking check.addresses check.feeds
    check.finding check.hosting check.limits check.nesting check.pages check.pictures
    check.places content content_security conversions deploy.ledger deploy.outgoing deploy.steps
    deploy.targets dialects errors feed_answers feeds fields front_matter frozen head_formats
    highlighting html_scan identity index inject links lists marks markup moments nodes
    notify.articles notify.discovery notify.protocols notify.records notify.tasks parse
    plan prose questions quick_blocks quick_inline quick_links quick_markdown quick_needles
    quick_plain quick_tree quick_yaml receive.charsets receive.hints receive.mentions references
    reindex replan responding
    response_files response_places response_text sanitize search.documents search.parts
    search.shards setting_answers site suspects threads toml_places trace urls values yaml_head
"""
"""Rooms from values to values: what they give depends on what they are given and nothing else."""

WORLD = """
    asyncio concurrent ctypes fcntl http importlib io locale multiprocessing os pathlib platform
    random secrets select shutil signal socket sqlite3 subprocess sys tempfile threading time uuid
"""
"""Modules of Python through which files, clocks, chance, processes and networks come in."""

ENVIRONMENT = {
    "receive.environment": "secrets of moderators and of the mail server, which no file may hold",
}
"""The only rooms that read variables of the environment, and what for."""

CLOCKS = frozenset({"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"})

WATCHES = {
    "batches": "waits until what is saved together has come",
    "build": "takes now for the moment to show, if it is given none, and measures itself",
    "commands.check": "takes now for the age of what is remembered of other sites",
    "commands.init": "takes now for the first article",
    "commands.new": "takes now for new files",
    "commands.addresses": "takes now for the moment at which articles are published",
    "commands.notify": "takes now for the age of articles and for what is to be tried again",
    "commands.next_change": "takes now for the moment to look from",
    "deploy.publication": "knows by its silence that another deployment has ended",
    "deploy.ready": "knows whether an article has appeared since the build",
    "executor": "measures whether more processes pay",
    "fetching": "ends what takes too long",
    "rebuild": "builds when the site changes by itself",
    "receive.server": "tells the receiver when something came",
    "sources": "does not trust the time stamp of a file that was written just now",
    "watch": "waits until what is saved together has come",
}
"""The only rooms that look at a clock, and what for."""


def rows(table: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first word."""
    lines = [
        line
        for line in table.replace("\n    ", " ").split("\n")
        if line and not line.startswith("#")
    ]
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield everything in a module but what only a type checker reads."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from nodes(node)


@cache
def read(room: str) -> tuple[ast.AST, ...]:
    """Return everything in a module that is run."""
    return tuple(nodes(ast.parse(ROOMS[room].read_text("utf-8"))))


def imported(room: str) -> Iterator[str]:
    """Yield the full name of every module or name that a room imports."""
    for node in read(room):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{room} imports with dots: write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def known_rooms(room: str) -> set[str]:
    """Return the rooms that a room imports."""
    names = (name.split(".") for name in imported(room))
    inside = (parts[1:] for parts in names if parts[0] == "sitegen" and len(parts) > 1)
    return {_room_of(parts) for parts in inside}


def _room_of(parts: list[str]) -> str:
    """Return the room that an imported name is, or is from."""
    known = (".".join(parts[:length]) for length in range(min(2, len(parts)), 0, -1))
    return next((name for name in known if name in ROOMS), "__init__")


def test_every_room_is_on_the_map() -> None:
    """A new room has a row, and a row has its room."""
    assert rows(MAP).keys() == ROOMS.keys()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_its_row_says(room: str) -> None:
    """The map is exact: no import that it does not show, and none that is gone."""
    assert known_rooms(room) == set(rows(MAP)[room])


def test_data_flows_one_way() -> None:
    """A room knows only rooms that stand above it on the map, so that none knows itself in turn."""
    above: set[str] = set()
    for room, known in rows(MAP).items():
        assert set(known) <= above, f"{room} stands above something that it imports"
        above.add(room)


@pytest.mark.parametrize("package", sorted(rows(PACKAGES)))
def test_a_package_is_known_in_few_rooms(package: str) -> None:
    """What could be exchanged for another package is known where it would be exchanged."""
    users = {room for room in ROOMS for name in imported(room) if name.split(".")[0] == package}

    assert users == set(rows(PACKAGES)[package])


def test_every_package_is_on_the_list() -> None:
    """A room does not take a new dependency along in passing."""
    known = {*rows(PACKAGES), "sitegen", *sys.stdlib_module_names}
    tops = {room: {name.split(".")[0] for name in imported(room)} for room in ROOMS}

    assert {room: names - known for room, names in tops.items() if names - known} == {}


@pytest.mark.parametrize("room", PURE.split())
def test_a_pure_room_touches_nothing(room: str) -> None:
    """A room from values to values imports no files, clocks, chance, processes or networks."""
    assert not {name.split(".")[0] for name in imported(room)} & set(WORLD.split())
    assert not {
        node.func.id
        for node in read(room)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    } & {"open", "input", "print"}


@pytest.mark.parametrize("room", ROOMS)
def test_only_some_rooms_look_at_a_clock(room: str) -> None:
    """Time is an input: what is published does not depend on when it is asked."""
    calls = [
        ast.unparse(node.func)
        for node in read(room)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "datetime.datetime"}
    ]

    assert bool(calls) == (room in WATCHES), calls


@pytest.mark.parametrize("room", ROOMS)
def test_the_environment_is_not_read(room: str) -> None:
    """No variable of the environment changes what comes out, or where."""
    text = ROOMS[room].read_text("utf-8")

    assert ("os.environ" in text) == (room in ENVIRONMENT)
    assert "getenv" not in text


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_small(room: str) -> None:
    """A module can be read in one go."""
    assert len(ROOMS[room].read_text("utf-8").splitlines()) <= LONGEST


def test_rooms_have_names_that_say_something() -> None:
    """There is no room for what has no room."""
    nothing = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "core", "base"}

    assert not ROOMS.keys() & nothing


def test_few_rooms_lie_behind_rooms() -> None:
    """Modules lie side by side, but for those of one kind of which there are many."""
    behind = {name.partition(".")[0] for name in ROOMS if "." in name}

    assert behind <= set(FOLDERS)
    assert not {name for name in ROOMS if name.count(".") > 1}
