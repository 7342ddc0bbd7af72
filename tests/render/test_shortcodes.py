"""Shortcodes are shown by templates when a page is rendered, and only then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.build import Report
from sitegen.flow.session import Session
from sitegen.model.documents import ShortcodeArgument
from sitegen.model.errors import Problem, SitegenError
from sitegen.render.shortcodes import Arguments
from tests.sitefactory import AT, article, build_site, make_site, pages, write

BARE = {
    "article.html": "{{ body(page.article) }}",
    "front.html": "{{ front().lead.summary }}",
    "base.html": "",
}
"""Templates of a site that shows nothing but texts."""
PAGE, OTHER = "2024/11/04/a/index.html", "2024/11/04/b/index.html"


def site_of(folder: Path, body: str, shortcodes: Mapping[str, str], **files: str) -> Path:
    """Return a site with two articles, `a.md` with the text `body`, and templates of shortcodes."""
    templates = {f"shortcodes/{name}": text for name, text in shortcodes.items()}
    return make_site(
        folder / "site",
        {"a.md": article("A", body), "b.md": article("B", "Text of B."), **files},
        config='base_url = "https://example.org/"',
        templates={**BARE, **templates},
    )


def shown(folder: Path, body: str, shortcodes: Mapping[str, str]) -> str:
    """Return what the page of an article with the text `body` holds."""
    site = site_of(folder, body, shortcodes)
    build_site(site)
    return pages(site)[PAGE]


def problems(site: Path, **options: Any) -> tuple[Problem, ...]:
    """Build a site that has something wrong, and return what."""
    with pytest.raises(SitegenError) as caught:
        build_site(site, **options)
    return caught.value.problems


def said(problem: Problem) -> tuple[str, str, str | None]:
    """Return place, message and hint of a problem."""
    return str(problem.location), problem.message, problem.hint


def rendered(report: Report) -> set[str]:
    """Return the outputs that a build has rendered, but for those of the theme."""
    return set(report.rendered)


def test_a_template_gets_arguments_text_and_document(tmp_path: Path) -> None:
    """`args` by name, place and flag, escaped; `inner` as HTML; `document`; the questions."""
    html = shown(
        tmp_path,
        'X {{< a b="<i>" 7 wide >}}*em*{{< /a >}}.',
        {
            "a.html": "[{{ args.b }}|{{ args['b'] }}|{{ args[0] }}|{{ 'w' if args.wide }}"
            "|{{ 'n' if not args.narrow }}|{{ args.c or 'd' }}|{{ args.e | default('f') }}"
            "|{{ 'b' in args }}|{{ args | join('+') }}|{{ inner }}|{{ document.teaser.title }}"
            "|{{ site.title }}]\n"
        },
    )

    cells = "&lt;i&gt;|&lt;i&gt;|7|w|n|d|f|True|7+wide|<em>em</em>|A|News"
    assert html == f"<p>X [{cells}].</p>"


def test_shortcodes_stand_in_each_other(tmp_path: Path) -> None:
    """What is between two tags is shown first; the outer one gets it as it is shown."""
    html = shown(
        tmp_path,
        "{{< a >}}\n{{< b >}}x{{< /b >}}\n{{< b />}}\n{{< /a >}}",
        {"a.html": "<div>{{ inner }}</div>", "b.html": "<p>{{ inner or 'none' }}</p>"},
    )

    assert "".join(html.split()) == "<div><p><p>x</p></p><p>none</p></div>"


def test_arguments_are_values() -> None:
    """Bare `true` and `false` are truths, in quotes texts; a key is stronger than a flag."""
    given = (
        ShortcodeArgument("a", "false", is_bare=True),
        ShortcodeArgument("b", "false"),
        ShortcodeArgument("", "c", is_bare=True),
        ShortcodeArgument("c", "d"),
        ShortcodeArgument("values", "e"),
    )
    args = Arguments(given, str)

    assert [args["a"], args["b"], args["c"], args["values"]] == [False, "false", "d", "e"]
    assert (args["z"], args[0], args[1], args[-1]) == ("z", "c", "1", "-1")


@pytest.mark.parametrize(
    ("body", "template", "message", "hint"),
    [
        ("{{< a >}}", "{{ args.src }}", 'the shortcode "a" has no "src"', '`{{< a src="…" >}}`'),
        ("{{< a >}}", "{{ args[1] }}", 'the shortcode "a" needs a value', '`{{< a "…" "…" >}}`'),
        ("{{< a >}}", "{{ inner }}", 'the shortcode "a" is not closed', "`{{< /a >}}`"),
        ("{{< a >}}", "{{ image(document, args.x) }}", 'the shortcode "a" has no "x"', "x="),
        ("{{< a >}}", "{{ included(document, 'b.md') }}", '"b.md" is no Markdown', "includes/b.md"),
    ],
)
def test_what_a_document_lacks_is_told_at_its_line(
    tmp_path: Path, body: str, template: str, message: str, hint: str
) -> None:
    """What a template prints of a shortcode that this does not have is the article's mistake."""
    (problem,) = problems(site_of(tmp_path, f"One.\n\n{body}", {"a.html": template}))

    place, told, advice = said(problem)
    assert place == "articles/a.md:8:1"
    assert told.startswith(message)
    assert hint in (advice or "")


def test_all_that_a_document_lacks_is_told_at_once(tmp_path: Path) -> None:
    """Also what is wrong between two tags, and in what is included."""
    body = '{{< a >}}\n{{< b >}}\n{{< /a >}}\n\n{{< b />}}\n\n{{< include "c.md" >}}'
    templates = {
        "a.html": "{{ args.x }}{{ inner }}",
        "b.html": "{{ inner }}{{ args.y }}",
        "include.html": INCLUDE,
    }
    site = site_of(tmp_path, body, templates)
    write(site, {"includes/c.md": "{{< b />}} {{< c >}}"})

    told = [(str(problem.location), problem.message) for problem in problems(site)]
    assert told == [
        ("articles/a.md:6:1", 'the shortcode "a" has no "x"'),
        ("articles/a.md:7:1", 'the shortcode "b" is not closed'),
        ("articles/a.md:10:1", 'the shortcode "b" has no "y"'),
        ("includes/c.md:1:1", 'the shortcode "b" has no "y"'),
        ("includes/c.md:1:12", 'unknown shortcode "c"'),
    ]


def test_a_mistake_of_a_template_is_told_at_its_line(tmp_path: Path) -> None:
    """It is the template's, and the hint says which shortcode met it."""
    (problem,) = problems(site_of(tmp_path, "{{< a >}}", {"a.html": "x\n{{ wrong }}"}))

    place, told, hint = said(problem)
    assert (place, told) == ("templates/shortcodes/a.html:2:4", '"wrong" is not defined')
    assert "for the shortcode at articles/a.md:6:1" in (hint or "")


def test_the_edit_of_a_template_renders_what_shows_it(tmp_path: Path) -> None:
    """Its pages and the feeds that hold their texts, and no other; no article is parsed."""
    site = site_of(tmp_path, "{{< a >}}", {"a.html": "1", "b.html": "1"})
    with Session() as session:
        build_site(site, session=session)
        write(site, {"templates/shortcodes/b.html": "2"})
        unused = build_site(site, session=session)
        write(site, {"templates/shortcodes/a.html": "2"})
        report = build_site(site, session=session)
        write(site, {"templates/shortcodes/a.feed.html": "3"})
        feeds = build_site(site, session=session)

    assert rendered(unused) == set()
    assert rendered(report) == {PAGE, "feed.xml", "rss.xml", "feed.json"}
    assert report.parsed == 0
    assert rendered(feeds) == {"feed.xml", "rss.xml", "feed.json"}
    assert pages(site)[PAGE] == "2"
    assert ">3</content>" in pages(site)["feed.xml"]


def test_a_feed_has_what_can_be_read_there(tmp_path: Path) -> None:
    """Without a form for feeds: no script, frame, button or form, every address with its host."""
    template = (
        '<a href="{{ href("/x/") }}" class="y">z</a><script>s</script><iframe src="/f"></iframe>'
        '<form action="/"><input></form><button>b</button><img src="p.png" srcset="/q.png 2x">'
    )
    site = site_of(tmp_path, "{{< a >}}", {"a.html": template})
    build_site(site)

    content = pages(site)["feed.xml"]
    assert (
        "&lt;a href=&#34;https://example.org/x/&#34; class=&#34;y&#34;&gt;z&lt;/a&gt;"
        "&lt;img src=&#34;https://example.org/2024/11/04/a/p.png&#34;"
        " srcset=&#34;https://example.org/q.png 2x&#34;&gt;</content>"
    ) in content


def test_an_unknown_name_costs_its_page_alone(tmp_path: Path) -> None:
    """It is told once, with its place; its page stays as it was, feeds and lists are made."""
    site = site_of(
        tmp_path, "First.\n\n{{< box >}}Inner.{{< /box >}}", {"box.html": "[{{ inner }}]"}
    )
    build_site(site)
    before = pages(site)[PAGE]
    write(site, {"templates/shortcodes/box.html": None, "templates/shortcodes/boxes.html": ""})
    write(site, {"articles/b.md": article("B", "New text of B.")})

    (problem,) = problems(site)
    assert said(problem) == (
        "articles/a.md:8:1",
        'unknown shortcode "box"',
        'did you mean "boxes"?',
    )
    report = build_site(site, keep_going=True)
    assert [said(item) for item in report.problems] == [said(problem)]
    assert pages(site)[PAGE] == before
    assert "New text of B." in pages(site)["feed.xml"]
    assert "Inner." in pages(site)["feed.xml"]

    write(site, {"templates/shortcodes/box.html": "({{ inner }})"})
    assert rendered(build_site(site)) == {PAGE, "feed.xml", "rss.xml", "feed.json"}
    assert "(" in pages(site)[PAGE]


def test_what_a_template_does_not_read_is_told(tmp_path: Path) -> None:
    """Arguments, flags and texts that it never looks at, and blocks in a line of words."""
    body = 'In words {{< a scr="x" src="y" wide "z" >}}lost{{< /a >}}.'
    template = "{# args.scr #}<div>{{ args.src }}</div>"
    report = build_site(site_of(tmp_path, body, {"a.html": template}))

    assert {item.severity for item in report.problems} == {"warning"}
    assert {str(item.location) for item in report.problems} == {"articles/a.md:6:10"}
    assert [item.message for item in report.problems] == [
        'the shortcode "a" is a block, and stands in a line of words',
        'the shortcode "a" shows no text between its tags',
        'the shortcode "a" takes no "scr"',
        'the shortcode "a" takes no "wide"',
        'the shortcode "a" takes no values without a name',
    ]


def test_what_may_be_read_is_not_told(tmp_path: Path) -> None:
    """A template that goes through its arguments, or hands them on, reads them all."""
    body = '{{< a b="x" c >}}\n\n{{< d e="f" "g" >}}\n\n{{< h i="j" >}}'
    templates = {
        "a.html": "{% for item in args %}{{ item }}{% endfor %}",
        "d.html": "{% include 'part.html' %}",
        "h.html": "{% set key = 'i' %}{{ args[key] }}",
        "../part.html": "{{ args.e }}{{ args[0] }}",
    }
    assert build_site(site_of(tmp_path, body, templates)).problems == ()


def test_what_a_shortcode_names_is_published_and_checked(tmp_path: Path) -> None:
    """A picture beside the article is published with its size; one that is gone is told."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
    site = site_of(
        tmp_path,
        '{{< a src="pic.svg" >}}\n\n{{< a src="gone.svg" >}}\n\n{{< l "b.md" >}}{{< l "c.md" >}}',
        {
            "a.html": "{{ image(document, args.src or args[0], 'x') }}",
            "l.html": "{{ link_to(document, args[0]) or 'nowhere' }}",
        },
        **{"pic.svg": svg},
    )
    report = build_site(site)

    html = pages(site)[PAGE]
    assert (
        '<img loading="lazy" decoding="async" src="/pic.svg" width="30" height="20" alt="x">'
        in html
    )
    assert "pic.svg" in pages(site)
    assert "/2024/11/04/b/\nnowhere" in html
    assert [(str(item.location), item.message) for item in report.problems] == [
        ("articles/a.md:8", 'the image "gone.svg" leads nowhere'),
        ("articles/a.md:10", 'the link "c.md" leads nowhere'),
    ]


def test_a_shortcode_is_no_address(tmp_path: Path) -> None:
    """Hugo's `ref` in a link is told with what to write instead."""
    site = site_of(tmp_path, 'See [B]({{< ref "b.md" >}}).', {})
    (problem,) = build_site(site).problems

    assert problem.message == 'the link "{{< ref "b.md" >}}" leads nowhere'
    assert problem.hint == "in a link, name the file itself: [text](../03/flood.md)"


CARD = (
    "{% set card = linked_teaser(document, args[0]) %}"
    "{% if card %}<b>{{ card.title }}</b>{% endif %}"
)


def test_a_card_appears_in_its_second(tmp_path: Path) -> None:
    """An article that is not published is on no page, in no feed, and is told; then it appears."""
    site = site_of(
        tmp_path,
        '{{< card "later.md" >}}{{< card "b.md" >}}',
        {"card.html": CARD},
        **{"later.md": article("Hidden words", publish="2024-11-05 13:00")},
    )
    with Session() as session:
        report = build_site(site, session=session)
        assert [item.message for item in report.problems] == [
            '"later.md" is not published; its card is left out'
        ]
        assert "Hidden" not in "".join(pages(site).values())
        assert pages(site)[PAGE].strip() == "<b>B</b>"
        report = build_site(site, session=session, at=AT.replace(hour=13), changed=())

    assert report.rendered[PAGE].startswith("the answer to teaser_at(articles/later.md) changed")
    assert pages(site)[PAGE] == "<b>Hidden words</b>\n<b>B</b>"


INCLUDE = "{{ included(document, args[0]) }}"


def test_an_edit_of_an_include_renders_what_shows_it(tmp_path: Path) -> None:
    """Markdown with links and shortcodes of its own, HTML as it is; its pages and no other."""
    site = site_of(
        tmp_path,
        '{{< include "tides.md" >}}\n\n{{< include "table.html" >}}',
        {"include.html": INCLUDE, "q.html": "<q>{{ inner }}</q>"},
    )
    write(
        site,
        {
            "includes/tides.md": "[B](../articles/b.md) {{< q >}}*x*{{< /q >}}",
            "includes/table.html": "<table><tr><td>1</td></tr></table>",
            "includes/unused.md": "Secret",
        },
    )
    with Session() as session:
        build_site(site, session=session)
        html = pages(site)[PAGE]
        write(site, {"includes/tides.md": "High at six."})
        report = build_site(site, session=session, changed=["includes/tides.md"])
        write(site, {"includes/unused.md": "More"})
        unused = build_site(site, session=session, changed=["includes/unused.md"])

    assert '<p><a href="/2024/11/04/b/">B</a> <q><em>x</em></q></p>' in html
    assert '<div class="table-scroll" tabindex="0"><table><tr><td>1</td></tr></table></div>' in html
    assert rendered(report) == {PAGE, "feed.xml", "rss.xml", "feed.json"}
    assert report.parsed == 0
    assert rendered(unused) == set()
    assert "High at six." in pages(site)[PAGE]
    assert "Secret" not in "".join(pages(site).values())


@pytest.mark.parametrize(
    ("files", "place", "message"),
    [
        ({"a.md": '\n{{< include "a.md" >}}'}, "includes/a.md:2:1", "includes itself"),
        (
            {"a.md": '{{< include "b.md" >}}', "b.md": '{{< include "./a.md" >}}'},
            "includes/b.md:1:1",
            "includes itself",
        ),
        ({"a.md": "x {{< include"}, "includes/a.md:1:3", "does not end"),
        ({"a.md": ">" * 150 + " x"}, "includes/a.md", "nested more than 100 levels deep"),
        ({"a.md": '{{< include "../articles/b.md" >}}'}, "includes/a.md:1:1", "is no Markdown"),
        ({"a.md": '{{< include "/etc/passwd" >}}'}, "includes/a.md:1:1", "is no Markdown"),
        ({"a.md": '{{< include "x.txt" >}}', "x.txt": "x"}, "includes/a.md:1:1", "is no Markdown"),
    ],
)
def test_an_include_stays_in_its_folder(
    tmp_path: Path, files: dict[str, str], place: str, message: str
) -> None:
    """It leads nowhere else, and not to itself; mistakes are told at its own line."""
    site = site_of(tmp_path, '{{< include "a.md" >}}', {"include.html": INCLUDE})
    write(site / "includes", files)

    (problem,) = problems(site)
    assert str(problem.location) == place
    assert message in problem.message


def test_an_include_is_no_link_out_of_its_folder(tmp_path: Path) -> None:
    """A symbolic link to an article, which may not be public yet, is told and not followed."""
    site = site_of(tmp_path, '{{< include "a.md" >}}', {"include.html": INCLUDE})
    write(site / "includes", {"b.md": "There."})
    (site / "includes" / "a.md").symlink_to(site / "articles" / "b.md")

    messages = [problem.message for problem in problems(site)]
    assert "this symbolic link points outside of includes/, and is ignored" in messages

    (site / "includes" / "a.md").unlink()
    (site / "includes" / "a.md").symlink_to("b.md")
    build_site(site)
    assert "There." in pages(site)[PAGE]


def test_a_text_is_not_shown_in_itself(tmp_path: Path) -> None:
    """A template that asks for the text that its shortcode stands in is told."""
    (problem,) = problems(site_of(tmp_path, "{{< a >}}", {"a.html": "{{ body(document) }}"}))

    assert problem.message == "the text of articles/a.md is asked for within itself"


def test_an_article_elsewhere_shows_what_it_can(tmp_path: Path) -> None:
    """Where an article is at fault, other pages that show its text have the words alone."""
    site = site_of(tmp_path, "{{< a >}}Words.{{< /a >}}", {"a.html": "{{ args.x }}{{ inner }}"})
    write(site, {"templates/front.html": "{{ body('articles/a.md') }}"})
    report = build_site(site, keep_going=True)

    assert [item.message for item in report.problems] == ['the shortcode "a" has no "x"']
    assert "Words." in pages(site)["index.html"]
    assert PAGE not in pages(site)
