"""Tests of `sitegen.html.finishing`."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.html.finishing import (
    DELIMITER,
    RESERVED_IDS,
    Finished,
    finish,
    pictures_without_size,
    resolve,
    resolve_for_feeds,
    take_title,
)
from sitegen.html.scanning import attribute_text, attributes_of, tags
from sitegen.model.documents import Heading
from sitegen.scan.sources import theme_folder
from tests.markdown_samples import Html, pages

ELSEWHERE = ("http:", "mailto:", "//", "/\\", "#", "?")


def resolved(made: Finished) -> str:
    """Return finished HTML with every reference as it was written."""
    texts = [f' {name}="{escape(target)}"' for name, target in made.references]
    return resolve(made.html, texts)


def found(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return the start tags of `html` with their attributes."""
    return [
        (
            tag.name,
            {item.name: attribute_text(item.value) for item in attributes_of(tag.attributes)},
        )
        for tag in tags(html, every=True)
        if not tag.is_end
    ]


@given(pages)
def test_no_tag_or_attribute_is_lost_or_changed(page: Html) -> None:
    """With each reference put back, every attribute that was written is there, with its value."""
    made = [(name, attributes) for name, attributes in found(resolved(finish(page.text)))]
    assert [name for name, _ in made] == [name for name, _ in page.tags]
    for (name, written), (_, attributes) in zip(page.tags, made, strict=True):
        for key, value in written:
            kept = attributes[key]
            aligned = name == "td" and key == "class" and kept.startswith(value)
            stripped = key in {"href", "src", "poster", "data"} and kept == value.strip()
            assert kept == value or aligned or stripped


@given(pages)
def test_references_are_what_names_something_of_the_site(page: Html) -> None:
    """In order: every value of href, src, poster, an object's data that leads nowhere else."""
    expected = []
    for tag, attributes in page.tags:
        for name, value in attributes:
            target = value.strip(" \t\n\f\r")
            names_one = name in {"href", "src", "poster"} or (tag, name) == ("object", "data")
            elsewhere = target.startswith(("//", "#", "?")) or ":" in target.split("/")[0]
            if names_one and target and not elsewhere:
                expected.append((name, target))
    known = [item for item in finish(page.text).references if ":" not in item[1]]
    assert known == [item for item in expected if ":" not in item[1]]


@pytest.mark.parametrize(
    "target",
    [
        "../03/flood.md",
        "flood.md#levels",
        "photo.jpg",
        "sub/x.pdf?x",
        "/about/",
        "/static-file.pdf",
        "./a:b.md",
        "高潮.md",
        "a%20b.md",
        ".",
    ],
)
def test_relative_and_root_relative_addresses_are_references(target: str) -> None:
    """Files beside the article and elsewhere, pages and files of the site."""
    assert finish(f'<a href="{target}">x</a>').references == (("href", target),)


@pytest.mark.parametrize(
    "target",
    [
        "http://x.org/",
        "HTTPS:x",
        "mailto:a@b.c",
        "tel:1",
        "data:,x",
        "//x.org/",
        "#top",
        "",
        " ",
        "?a",
    ],
)
def test_addresses_that_lead_elsewhere_are_left_as_they_are(target: str) -> None:
    """With a scheme, with a host, within the page, or nowhere: no reference, no change."""
    html = f'<a href="{target}">x</a>'
    assert finish(html) == Finished(html, (), ())


def test_a_reference_is_taken_out_with_its_space_and_quotes() -> None:
    """The placeholder stands for the whole attribute, however it was written."""
    made = finish("<a class=x href = 'a&amp;b.md' id=y>x</a><IMG SRC=p.jpg/>")
    assert made.references == (("href", "a&b.md"), ("src", "p.jpg/"))
    assert resolve(made.html, ["", ' src="/q.jpg"']) == (
        '<a class=x id=y>x</a><img loading="lazy" decoding="async" src="/q.jpg">'
    )


def test_what_looks_like_a_tag_and_is_none_has_no_references() -> None:
    """Comments, CDATA, scripts, code and the values of other attributes are left alone."""
    html = (
        '<!-- <a href="a.md"> --><![CDATA[<a href="b.md">]]><script>"<a href=c.md>"</script>'
        '<code>&lt;a href="d.md"&gt;</code><b title="<a href=e.md>">x</b>'
    )
    assert finish(html) == Finished(html, (), ())


def test_every_kind_of_reference_is_found() -> None:
    """Video, poster, source, object, drawings, frames."""
    html = (
        '<video src="a.mp4" poster="b.jpg"></video><object data="c.pdf"></object>'
        '<svg><use xlink:href="d.svg#x" /></svg><iframe src="e.html"><a href="no.md"></iframe>'
    )
    made = finish(html)
    assert made.references == (
        ("src", "a.mp4"),
        ("poster", "b.jpg"),
        ("data", "c.pdf"),
        ("xlink:href", "d.svg#x"),
        ("src", "e.html"),
    )
    assert resolved(made).replace(' loading="lazy"', "") == html


def test_frames_are_loaded_when_they_come_into_view() -> None:
    """Unless their writer says otherwise."""
    made = finish('<iframe src="https://a.org/"></iframe><iframe loading=eager></iframe>').html
    assert made == (
        '<iframe loading="lazy" src="https://a.org/"></iframe><iframe loading=eager></iframe>'
    )


def test_pictures_without_a_size_are_known() -> None:
    """Those of the site whose tag names neither width nor height; what they get stands there."""
    made = finish(
        '<img src="a.png"><img src="b.png" width="9"><img src="https://a.org/c.png">'
        '<video src="d.mp4"></video><img alt="+" src=e.png />'
    )
    assert pictures_without_size(made.html) == {0, 3}
    html = resolve(made.html, ['a width="1"', "b", "d", "e"])
    assert DELIMITER not in html
    assert ' decoding="async"a width="1">' in html
    assert "e />" in html


def test_each_candidate_of_a_srcset_is_a_reference() -> None:
    """Those of the site are references one by one; the others stay; the attribute is one."""
    made = finish("<source srcset='a.jpg 480w, https://x.org/b,c.jpg 2x,d.jpg'>")
    assert made.references == (("srcset", "a.jpg"), ("srcset", "d.jpg"))
    assert resolve(made.html, [' srcset="/A.jpg"', ' srcset="/D.jpg"']) == (
        '<source srcset="/A.jpg 480w, https://x.org/b,c.jpg 2x, /D.jpg">'
    )
    assert resolve(made.html, ["", ' srcset="/D.jpg"']) == (
        '<source srcset="https://x.org/b,c.jpg 2x, /D.jpg">'
    )


@pytest.mark.parametrize("srcset", ["a.jpg", "a.jpg 2x", " , a.jpg ,"])
def test_a_srcset_of_one_candidate_goes_away_with_it(srcset: str) -> None:
    """A `srcset` none of whose candidates can be resolved is not written."""
    made = finish(f'<source srcset="{srcset}" media="print">')
    assert resolve(made.html, [""]) == '<source media="print">'
    assert resolve(made.html, [' srcset="/b.jpg"']).startswith('<source srcset="/b.jpg')


def test_a_srcset_of_another_site_is_left_as_it_is() -> None:
    """Without a reference there is no placeholder."""
    html = '<source srcset="https://x.org/a.jpg 1x">'
    assert finish(html) == Finished(html, (), ())


@given(st.text(st.sampled_from(f"{DELIMITER}0a <>=\"'"), max_size=30))
def test_nothing_written_can_pass_for_a_marker(text: str) -> None:
    """Whatever the HTML, resolving needs exactly the attributes that were announced."""
    made = finish(f"<a href=x.md>{text}")
    result = resolve(made.html, [f' href="{n}"' for n in range(len(made.references))])
    assert DELIMITER not in result


def test_an_h1_moves_all_headings_one_level_down() -> None:
    """The page's own h1 is its headline: with one in the body, all move; h6 stays."""
    made = finish("<h3 id=c>C</h3><H1 id=a>A</H1><h6 id=f>F</h6><!-- <h1> -->")
    assert made.html == "<h4 id=c>C</h4><H2 id=a>A</H2><h6 id=f>F</h6><!-- <h1> -->"
    assert made.headings == (Heading(4, "c", "C"), Heading(2, "a", "A"), Heading(6, "f", "F"))


def test_headings_without_an_h1_keep_their_levels() -> None:
    """An h1 in a comment or in code is none."""
    html = '<h2 id="a">A</h2><!-- <h1> --><code>&lt;h1></code><h5 id="b">B</h5>'
    assert finish(html).html == html


def test_a_heading_without_an_id_gets_its_slug() -> None:
    """Of its text as a reader reads it; nothing that the body has elsewhere."""
    html = '<h2>The <em>Flood</em></h2><p id="the-flood"><h3>高潮</h3><h3>!</h3><h3></h3>'
    assert finish(html).html == (
        '<h2 id="the-flood_1">The <em>Flood</em></h2><p id="the-flood">'
        '<h3 id="高潮">高潮</h3><h3 id="section">!</h3><h3 id="section_1"></h3>'
    )


@given(st.lists(st.sampled_from(["<h2>A</h2>", "<h2 id=a>B</h2>", "<h3 id='a_1'>C</h3>", "<h1>D"])))
def test_ids_of_headings_are_their_own(parts: list[str]) -> None:
    """No two headings share an id, and the list of headings tells the ids in the HTML."""
    made = finish("".join(parts))
    ids = [attributes["id"] for name, attributes in found(made.html) if name[0] == "h"]
    assert len(set(ids)) == len(parts)
    assert {heading.id for heading in made.headings} <= set(ids)


def test_tables_can_be_scrolled_with_the_keyboard() -> None:
    """An outermost table stands in a box that scrolls; one within it does not."""
    html = "a<table><tr><td><TABLE class=x></TABLE></td></tr></table>b"
    assert finish(html).html == (
        'a<div class="table-scroll" tabindex="0"><table><tr><td><TABLE class=x></TABLE></td></tr>'
        "</table></div>b"
    )


@given(st.lists(st.sampled_from(["<table>", "</table>", "<td>x", "<table class='a'>"])))
def test_the_boxes_of_tables_are_closed(parts: list[str]) -> None:
    """However tables are left open, each box that is opened is closed again."""
    made = finish("".join(parts)).html
    assert made.count("<div") == made.count("</div>")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<td align="right">', '<td class="align-right">'),
        ('<th style="text-align: center;">', '<th class="align-center">'),
        ("<td style='text-align:LEFT' class='a' id=b>", '<td class="a align-left" id=b>'),
        ('<td style="color: red" align=char>', '<td style="color: red" align=char>'),
        ("<td class='\"' align=left>", '<td class="&quot; align-left">'),
        ('<p align="right">', '<p align="right">'),
    ],
)
def test_cells_are_aligned_by_class(written: str, made: str) -> None:
    """What Markdown engines write to align a cell becomes a class; any other style stays."""
    assert finish(written).html == made


def test_code_can_be_scrolled_with_the_keyboard() -> None:
    """A block of code takes the focus, unless its writer decided otherwise."""
    assert finish("<pre><code>").html == '<pre tabindex="0"><code>'
    assert finish("<pre tabindex=-1>").html == "<pre tabindex=-1>"


def test_images_load_when_they_are_needed() -> None:
    """Unless the writer decided otherwise."""
    html = '<img src="https://x.org/a" loading="eager"><img alt="" decoding=sync>'
    assert finish(html).html == (
        '<img decoding="async" src="https://x.org/a" loading="eager">'
        '<img loading="lazy" alt="" decoding=sync>'
    )


def test_links_of_footnotes_say_what_they_are() -> None:
    """To a screen reader: a reference to a note, and the way back from it."""
    html = '<a class="footnote-ref" href="#fn:1">1</a><a class="footnote-backref" href="#fnref:1">'
    assert finish(html).html == (
        '<a role="doc-noteref" class="footnote-ref" href="#fn:1">1</a>'
        '<a role="doc-backlink" class="footnote-backref" href="#fnref:1">'
    )


def test_links_to_other_sites_get_the_rel_that_is_asked_for() -> None:
    """Only those: not links within the site or the page, and not images."""
    html = (
        '<a href=\'//x.org/"\'>a</a><a href="#a">b</a><img src="https://x.org/" loading decoding>'
    )
    assert finish(html, "ugc").html == html.replace(
        "href='//x.org/\"'", 'rel="ugc" href="//x.org/&quot;"'
    )


def test_a_leading_h1_is_taken_out_as_the_title() -> None:
    """With the text that a reader reads; comments may stand before it."""
    html = '\n<!-- <h1>no</h1> --><h1 id="x">The <em>Flood</em> &amp; more</h1>\n<p>x</p>'
    assert take_title(html) == ("The Flood & more", "\n<!-- <h1>no</h1> --><p>x</p>")


@pytest.mark.parametrize(
    "html", ["", "<p>x</p><h1>A</h1>", "<h2>A</h2>", "<h1><img></h1>x", "<h1>A"]
)
def test_what_is_no_leading_h1_with_text_stays(html: str) -> None:
    """The title must come first, be an h1, end, and say something."""
    assert take_title(html) == ("", html)


def test_a_link_to_the_title_still_leads_somewhere() -> None:
    """When the contents name the heading that was taken out, its id stays at its place."""
    title, rest = take_title('<h1 id="a">A</h1>\n<a href="#a">A</a>')
    assert title == "A"
    assert rest == '<span id="a"></span>\n<a href="#a">A</a>'


def test_many_comments_before_a_title_are_read_once() -> None:
    """Time grows with the text, not with the ways of dividing it (this would not end)."""
    assert take_title("<!-- a -->" * 5000 + "<p>")[0] == ""


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    """A heading cell without text is a plain cell; one with text stays a heading."""
    html = finish('<table><tr><th></th><th class="a"> </th><th>Day</th></tr></table>').html
    assert '<td></td><td class="a"></td><th>Day</th>' in html


@given(st.text(st.sampled_from("ab &<>'/:#?=;\n\x1aé")), st.sampled_from(["", "nofollow"]))
def test_a_link_elsewhere_is_read_in_one_way(address: str, rel: str) -> None:
    """As an engine writes it, a link to another site becomes what it does in any other writing."""
    usual = finish(f'<a href="https://{address}">x</a>', rel)
    other = finish(f'<a  href="https://{address}">x</a>', rel)
    assert usual.references == other.references == ()
    assert usual.html.split() == other.html.split()


def test_what_is_read_elsewhere_names_the_page_and_leaves_out_its_scripts() -> None:
    """What names the page itself leads to it, a host gets a scheme; the rest stays as it is."""
    html = (
        '<h2 id="x">a</h2><p><a href="#x" title="#y">b</a><script>if (a < b) "<p>";</script>'
        '<img src="//h/i.png"><style>p > a {}</style> c <a href="https://h/">d</a></p>'
    )
    assert resolve_for_feeds(html, (), "https://example.org/a/") == (
        '<h2 id="x">a</h2><p><a href="https://example.org/a/#x" title="#y">b</a>'
        '<img src="https://h/i.png"> c <a href="https://h/">d</a></p>'
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<a href="?day=2">', '<a href="https://x/a/?day=2">'),
        ("<a href=' #b'>", '<a href="https://x/a/#b">'),
        ('<a href="">', '<a href="https://x/a/">'),
        ('<img src="" alt="?">', '<img src="" alt="?">'),
        ('<object data="//h/x">', '<object data="https://h/x">'),
        ('<p data="//h/x">', '<p data="//h/x">'),
        (
            '<img srcset="https://h//a 1x, //h/b 2x,//h/c 3x">',
            '<img srcset="https://h//a 1x, https://h/b 2x,https://h/c 3x">',
        ),
    ],
)
def test_every_address_is_whole_where_a_text_is_read_elsewhere(written: str, read: str) -> None:
    """Queries, empty links, objects and candidates of a `srcset` lead to the same place."""
    assert resolve_for_feeds(written, (), "https://x/a/") == read


def test_no_heading_takes_an_id_of_the_page_around_it() -> None:
    """Every fixed id of the templates that make the page of a document is reserved."""
    parts = (f"parts/{name}.html" for name in ("contents", "responses", "search"))
    names = ("article.html", "page.html", "base.html", *parts)
    texts = [(theme_folder() / "templates" / name).read_text("utf-8") for name in names]
    ids = {name for text in texts for name in re.findall(r'\sid="([^"{]+)"', text)}

    assert {"page-contents", "page-children", "respond"} <= ids
    assert ids <= RESERVED_IDS
    assert finish("<h2>Page contents</h2>").html == '<h2 id="page-contents_1">Page contents</h2>'
