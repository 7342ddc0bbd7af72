"""YAML front matter: texts as written, their places, and the ways in which YAML could hurt."""

import pytest

from sitegen.parse import yaml
from sitegen.parse.nodes import Array, FrontMatterError, Scalar, Table


@pytest.mark.parametrize(
    "written", ["No", "2024", "1.10", "12:30", "0x1F", "1e3", "on", "2024-13-45", ".inf", "=", "<<"]
)
def test_scalars_stay_texts(written: str) -> None:
    """A scalar is the text that was written, whatever YAML 1.1 would make of it."""
    table = yaml.read(f"title: {written}", 1)
    assert table.members["title"].node == Scalar(written, 1, 8, plain=True)


def test_places() -> None:
    """Every key and value has its line in the file and its column, counted in characters."""
    table = yaml.read("\n高潮: 'x'\ntags:\n  - a\n  - {b: c}\n", 1)
    assert table.members["高潮"][1:3] == (2, 1)
    assert table.members["高潮"].node == Scalar("x", 2, 5, plain=False)
    tags = table.members["tags"].node
    assert isinstance(tags, Array)
    assert tags.nodes[0] == Scalar("a", 4, 5, plain=True)
    inner = tags.nodes[1]
    assert isinstance(inner, Table)
    assert inner.members["b"].node == Scalar("c", 5, 9, plain=True)


@pytest.mark.parametrize("text", ["", "# Only a comment\n", "\n\n"])
def test_empty(text: str) -> None:
    """Front matter without anything in it is an empty table."""
    assert yaml.read(text, 3) == Table({}, 3, 1)


def test_tags_mean_nothing() -> None:
    """A YAML tag builds no object: what stands there is text."""
    table = yaml.read("a: !!python/object/apply:os.system [ls]\nb: !!int x\nc: ! 1\n", 1)
    assert isinstance(table.members["a"].node, Array)
    assert table.members["b"].node == Scalar("x", 2, 4, plain=True)
    assert table.members["c"].node == Scalar("1", 3, 4, plain=True)


def test_aliases() -> None:
    """An alias stands for what its anchor holds."""
    table = yaml.read("a: &x [1, 2]\nb: *x\n", 1)
    assert table.members["b"].node == table.members["a"].node


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "&a a: *a\nb: &b {c: *b}", "a: &a\n  b: [*a, *a, *a, *a]"]
)
def test_aliases_of_themselves(text: str) -> None:
    """An anchor within itself is refused and not followed for ever."""
    try:
        yaml.read(text, 1)
    except FrontMatterError as error:
        assert error.message.startswith(("this is nested", "aliases expand"))  # noqa: PT017 (either)


def test_aliases_expand_to_so_many_values() -> None:
    """As many as are allowed are read; one more is refused at its place."""
    line = "[" + ", ".join("x" for _ in range(97)) + "]"
    # 1 for the whole, 1 + 1 for `b`, 98 for each list.
    lists = (yaml.MAX_NODES - 3) // 98
    left = yaml.MAX_NODES - 3 - lists * 98
    text = f"a: &x {line}\nb: [" + ", ".join(["*x"] * (lists - 1) + ["y"] * (left + 1)) + "]\n"
    assert isinstance(yaml.read(text, 1).members["b"].node, Array)
    with pytest.raises(FrontMatterError, match="expand this to more than") as caught:
        yaml.read(f"{text}c: z\n", 1)
    assert (caught.value.line, caught.value.column) == (3, 4)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "- - ", "a:\n ", "[{a: ", "!a [ "])
@pytest.mark.parametrize("times", [60, 5_000, 200_000])
def test_deep_nesting(opening: str, times: int) -> None:
    """Nesting of any depth is refused: libyaml's composer would end the whole process."""
    if opening.startswith("a:"):
        opening, times = "", min(times, 500)
        text = "".join(f"{' ' * depth}a:\n" for depth in range(times))
    else:
        text = opening * times
    with pytest.raises(FrontMatterError):
        yaml.read(text, 1)


def test_depth_of_real_heads() -> None:
    """Front matter may nest deeper than anybody needs, and be long."""
    text = "extra:\n" + "".join(f"{'  ' * depth}a:\n" for depth in range(1, 45))
    assert yaml.read(text, 1).members.keys() == {"extra"}
    rows = "extra:\n" + "".join(f"  - {{a: {row}, b: [x, y-z]}}\n" for row in range(3_000))
    assert isinstance(yaml.read(rows, 1).members["extra"].node, Array)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("title: x\n\ndate: [a", 3, 7, "this list is never closed"),
        ("title: > x", 1, 8, "text cannot begin with > or |"),
        ("title: - x", 1, 8, "a list must begin on its own line"),
        ("title: *x", 1, 8, "text cannot begin with *"),
        ("title: %x", 1, 8, "text cannot begin with %"),
        ("title: [a] b", 1, 10, "text goes on after the closing ]"),
        ("title: x\n- b", 2, 1, "invalid YAML"),
        ("--- a\nb: c", 1, 1, "this line has no key and value"),
        ("a: b\n--- x\nc: d", 2, 1, "a line --- within the front matter"),
        ("just a text", 1, 1, "the front matter is a text, not keys and values"),
    ],
)
def test_messages(text: str, line: int, column: int, message: str) -> None:
    """What libyaml complains of is told in an editor's words at the place to mend."""
    with pytest.raises(FrontMatterError) as caught:
        yaml.read(text, 1)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, message)


@pytest.mark.parametrize(
    ("text", "line", "closed"),
    [
        ('title: "Flood\ndate: 2024-11-04\nauthor: "Ann"\n', 1, 3),
        ('title: "Flood\nsummary: ""\n', 1, 2),
        ("a: b\ntitle: 'Flood\nsummary: 'It was wet'\ntags: [a]\n", 2, 3),
        ('title: "Flood\n"author": "Ann"\n', 1, 2),
        ('title: "a\n  b" c\n', 1, 2),
    ],
)
def test_a_quotation_mark_that_another_line_closes(text: str, line: int, closed: int) -> None:
    """The fault is where the mark stands that nobody closed, not where the next one is."""
    with pytest.raises(FrontMatterError) as caught:
        yaml.read(text, 1)
    message = f"this quotation mark is closed on line {closed}, where text follows"
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, 8, message)


@pytest.mark.parametrize("text", ['title: "a" b\n', 'a: "b\n  c"\ntitle: "a" b\n'])
def test_a_mark_that_its_line_closes_is_not_suspected(text: str) -> None:
    """Text after a quoted text on the same line is told as what it is, where it is."""
    with pytest.raises(FrontMatterError, match='text goes on after the closing "') as caught:
        yaml.read(text, 1)
    assert caught.value.line == text.count("\n")
