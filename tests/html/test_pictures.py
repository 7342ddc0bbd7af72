"""What a gallery finds in the text between its tags: pictures, and what is said of each."""

from __future__ import annotations

import pytest

from sitegen.html.pictures import pictures_of
from sitegen.model.answers import GalleryPicture

A = '<img src="a.jpg" alt="A">'
B = '<img src="b.jpg" alt="B">'


@pytest.mark.parametrize(
    ("html", "captions"),
    [
        (f"<p>{A}</p><p>{B}</p>", ["", ""]),
        (f"<p>{A} At <em>dawn</em>.</p>\n<p>{B} Later.</p>", ["At <em>dawn</em>.", "Later."]),
        (f"<p>{A} One.\n{B} Two.</p>", ["One.", "Two."]),
        (f"<p>{A}<br>\nBelow.</p>", ["Below."]),
        (f"<ul><li>{A} One.</li><li><p>{B} Two.</p></li></ul>", ["One.", "Two."]),
        (f"<figure>\n{A}\n<figcaption>Of <b>it</b>.</figcaption>\n</figure>", ["Of <b>it</b>."]),
        (f"<figure><p>{A}</p><figcaption><p>Of it.</p></figcaption></figure>", ["Of it."]),
        (
            f'<p><a href="x">{A}</a> With a <a href="y">link</a>.</p>',
            ['With a <a href="y">link</a>.'],
        ),
        ('<img src="a.jpg" alt="" title="Its &quot;title&quot;">', ["Its &quot;title&quot;"]),
        ('<img src="a.jpg" alt="" title="T"> Words.', ["Words."]),
    ],
)
def test_the_caption_stands_behind_a_picture(html: str, captions: list[str]) -> None:
    """In its paragraph, list item or figure; a link around the picture is no part of it."""
    found = pictures_of(html)

    assert [item.caption for item in found.shown] == captions
    assert found.stray == ""


@pytest.mark.parametrize(
    "html",
    [f"<p>Stray {A}</p>", f"<p>{A}</p><p>Stray</p>", f'<p><a href="x">Stray</a> {A} x</p>'],
)
def test_words_that_belong_to_no_picture_are_found(html: str) -> None:
    """Those before a picture, and those of a paragraph without one."""
    assert pictures_of(html).stray == "Stray"


def test_what_attributes_say_is_read() -> None:
    """Address and alternative text decoded; a size that is no number of pixels is not known."""
    (found,) = pictures_of('<img src="a&amp;b.jpg" alt="A &lt; B" width="30" height="100%">').shown

    assert found == GalleryPicture("a&b.jpg", "A < B", 30, 0)
