"""What an article's page shows of responses, and the form to send one."""

import json
import re
from collections import Counter
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser, expect

from sitegen.flow.session import Session
from tests.conftest import StaticServer
from tests.responses.test_loading import FLOOD, PAGE, comment, ping
from tests.sitefactory import article, build_site, make_site, pages, write

RECEIVER = '[responses]\nreceiver = "https://respond.example.org/"\n'
THREAD = {
    f"responses/{FLOOD}/01aa.md": comment("See https://a.example/.", url="https://maud.example/"),
    f"responses/{FLOOD}/01bb.md": comment("So.", in_reply_to="01aa", author="Idris", staff="true"),
    f"responses/{FLOOD}/01cc.md": comment("Why?", in_reply_to="gone"),
    f"responses/{FLOOD}/01dd.md": ping(title="A <quay>", site="Quay & Co."),
    f"responses/{FLOOD}/01ee.md": ping(mention="like", url="https://maud.example/"),
}


def page(folder: Path, config: str = "", files: dict[str, str] | None = None, **head: str) -> str:
    """Build a site with one article and return its page."""
    site = make_site(
        folder / "site",
        {"flood.md": article(**head)},
        config=f'base_url = "https://news.example.org/below/"\n{config}',
        files=THREAD if files is None else files,
    )
    build_site(site)
    return next(text for text in pages(site).values() if "page-article" in text)


def test_both_counts_lead_to_their_threads(tmp_path: Path) -> None:
    """The two lines at the article's foot are links where there is something to read."""
    text = page(tmp_path)
    assert '<li><a href="#comments">Comment (3)</a></li>' in text
    assert '<li><a href="#trackbacks">Trackback(2)</a></li>' in text
    assert 'id="comments"' in text
    assert 'id="trackbacks"' in text


def test_no_response_leaves_no_trace(tmp_path: Path) -> None:
    """Without responses and receiver the page is as if there were no such thing."""
    text = page(tmp_path, files={})
    assert "<li>Comment (0)</li>" in text
    assert "<li>Trackback(0)</li>" in text
    assert not re.search('class="response|css/responses|data-article|webmention|id="respon', text)


def test_strangers_links_are_marked(tmp_path: Path) -> None:
    """No link that a stranger chose is an endorsement of ours."""
    text = page(tmp_path)
    links = re.findall(r'<a href="https://(?:a|maud|quay)\.example[^>]*>', text)
    assert len(links) == 4
    assert all('rel="nofollow ugc' in link for link in links)


def test_replies_are_nested_lists(tmp_path: Path) -> None:
    """A reply stands in a list inside what it answers; one that lost its parent says so."""
    text = page(tmp_path)
    first = text.index('id="comment-01aa"')
    assert first < text.index("<ol>", first) < text.index('id="comment-01bb"')
    assert text.count("In reply to a comment that is no longer shown") == 1
    assert text.count("The newsroom") == 1


def test_what_others_say_is_escaped(tmp_path: Path) -> None:
    """A title or a name from elsewhere is text."""
    text = page(tmp_path)
    assert "><bdi>A &lt;quay&gt;</bdi></a>" in text
    assert "Quay &amp; Co." in text
    assert ">\u2068Maud\u2069 likes this article</a>" in text


def test_what_others_are_called_is_isolated(tmp_path: Path) -> None:
    """A name from right to left leaves the order of what stands beside it alone, everywhere."""
    name = "\u05de\u05d0\u05d5\u05d3"
    files = {
        f"responses/{FLOOD}/01aa.md": comment(author=name),
        f"responses/{FLOOD}/01bb.md": comment(in_reply_to="01aa", author=name),
        f"responses/{FLOOD}/01cc.md": comment(in_reply_to="01bb", author=name),
        f"responses/{FLOOD}/01dd.md": comment(in_reply_to="01cc", author=name),
        f"responses/{FLOOD}/01ee.md": comment(in_reply_to="01dd", author=name),
        f"responses/{FLOOD}/01ff.md": ping(title=name, site=name, author=name),
        f"responses/{FLOOD}/01gg.md": ping(mention="like", site=name, author=name),
    }
    site = make_site(
        tmp_path / "site",
        {"flood.md": article()},
        config=f'base_url = "https://news.example.org/"\n{RECEIVER}',
        files=files,
    )
    build_site(site)
    said = pages(site)
    page, feed = said["2024/11/04/flood/index.html"], said["comments/feed.xml"]
    everywhere = len(re.findall(name, page))
    assert len(re.findall(f"<bdi>{name}</bdi>|\u2068{name}\u2069", page)) == everywhere
    # Five comments, one of which names what it answers; five options; title, place and author of
    # a mention; a like, and where it is from.
    assert everywhere == 5 + 1 + 5 + 3 + 2
    assert feed.count(f"<title>\u2068{name}\u2069 on") == 5


def test_the_form_is_what_the_receiver_expects(tmp_path: Path) -> None:
    """The names of the fields are those that `sitegen receive` reads; the page says the same."""
    text = page(tmp_path, RECEIVER)
    form = text[text.index("<form", text.index("<main")) : text.rindex("</form>")]
    assert 'method="post" action="https://respond.example.org/comment"' in form
    names = re.findall(r'name="(\w+)"', form)
    assert names == ["article", "url", "name", "website", "parent", "text", "remark"]
    assert f'name="article" value="{FLOOD}"' in form
    assert 'name="url" value="/2024/11/04/flood/"' in form
    assert re.findall(r'<option value="(\w*)"', form) == ["", "01aa", "01bb", "01cc"]
    tag = f'data-article="{FLOOD}" data-comments="open" data-trackbacks="open"'
    assert tag in text


def test_the_first_comment_has_a_form(tmp_path: Path) -> None:
    """Where nobody has said anything yet, the count leads to the form, which offers no replies."""
    text = page(tmp_path, RECEIVER, files={})
    assert '<li><a href="#respond">Comment (0)</a></li>' in text
    assert "<li>Trackback(0)</li>" in text
    assert 'id="respond"' in text
    assert 'name="parent"' not in text
    assert "css/responses." in text


@pytest.mark.parametrize("state", ["closed", "hidden"])
def test_a_closed_article_has_no_form(tmp_path: Path, state: str) -> None:
    """Closing takes the form away, and not what was said; hiding takes both."""
    text = page(tmp_path, RECEIVER, comments=state, trackbacks=state)
    assert '<form class="respond"' not in text
    assert ("Comments are closed." in text) == (state == "closed")
    assert ("Why?" in text) == (state == "closed")
    assert f'data-comments="{state}" data-trackbacks="{state}"' in text
    assert "webmention" not in text


def test_endpoints_are_named_where_they_are_offered(tmp_path: Path) -> None:
    """Webmention always, the two that bring spam only when they are turned on."""
    text = page(tmp_path, RECEIVER)
    assert '<link rel="webmention" href="https://respond.example.org/webmention">' in text
    assert "pingback" not in text
    assert "rdf:RDF" not in text


def test_trackback_discovery_is_whole(tmp_path: Path) -> None:
    """The RDF in its comment names the ping address, and no value can end the comment."""
    config = f"{RECEIVER}pingback = true\ntrackback = true\n"
    text = page(tmp_path, config, title='End --> "here" --', slug="a--b")
    assert '<link rel="pingback" href="https://respond.example.org/pingback">' in text
    start = text.index("<rdf:RDF")
    block = text[text.rindex("<!--", 0, start) + 4 : text.index("-->", start)]
    assert "--" not in block
    assert 'dc:identifier="https://news.example.org/below/2024/11/04/a-%2Db/"' in block
    assert 'trackback:ping="https://respond.example.org/trackback/2024/11/04/a-%2Db/"' in block


def test_machines_read_the_number_of_comments(tmp_path: Path) -> None:
    """JSON-LD says what the page says; hidden comments are not counted."""
    for state, number in (("open", 3), ("closed", 3), ("hidden", None)):
        text = page(tmp_path / state, comments=state)
        data = text[text.index("ld+json") :]
        graph = json.loads(data[data.index("{") : data.index("</script>")])["@graph"]
        story = next(item for item in graph if item["@type"] == "NewsArticle")
        assert story.get("commentCount") == number


def test_no_heading_takes_the_readers_elsewhere(tmp_path: Path) -> None:
    """An article's own headings never have the ids of the threads below it."""
    site = make_site(
        tmp_path / "site",
        {
            "flood.md": article(
                body="## Comments\n\nx\n\n## Trackbacks {#trackbacks}\n\n## Respond\n"
            )
        },
        config=RECEIVER,
        files=THREAD,
    )
    build_site(site)
    ids = Counter(re.findall(r'\sid="([^"]+)"', pages(site)[PAGE]))
    assert {name: number for name, number in ids.items() if number > 1} == {}
    assert {"comments", "trackbacks", "respond", "responses"} <= ids.keys()


def test_the_form_works_without_scripts(
    tmp_path: Path, static_server: StaticServer, browser: Browser
) -> None:
    """With the keyboard alone a reader fills it in; the trap is not met on the way."""
    articles = {"flood.md": article()}
    site = make_site(tmp_path / "site", articles, config=RECEIVER, files=THREAD)
    build_site(site)
    reader = browser.new_page(java_script_enabled=False)
    reader.goto(static_server(site / "output") + PAGE)
    reader.locator("[name=name]").focus()
    names = []
    for _ in range(5):
        found = reader.locator(":focus")
        names.append(found.get_attribute("name") or found.inner_text())
        reader.keyboard.press("Tab")
    assert names == ["name", "website", "parent", "text", "Send"]
    # Beyond an edge it would widen the page where that runs the other way than the form.
    trap = reader.locator(".respond-trap")
    box = trap.bounding_box()
    assert box is not None
    assert box["width"] <= 1 >= box["height"]
    expect(trap).to_have_css("overflow", "hidden")
    expect(trap).to_have_css("clip-path", "inset(50%)")
    reader.close()


def test_the_feed_has_the_newest_comments(tmp_path: Path, session: Session) -> None:
    """Feed readers get each comment with its article; hidden and unpublished ones stay away."""
    articles = {
        "flood.md": article(),
        "siren.md": article("Siren", comments="hidden"),
        "later.md": article("Later", date="2030-01-01"),
    }
    hidden = {
        "responses/2024-11-04-siren/01ff.md": comment("Never."),
        "responses/2030-01-01-later/01gg.md": comment("Never."),
    }
    config = f'base_url = "https://news.example.org/"\n{RECEIVER}'
    site = make_site(tmp_path / "site", articles, config=config, files={**THREAD, **hidden})
    build_site(site, session=session)
    feed = feedparser.parse(pages(site)["comments/feed.xml"])
    assert not feed.bozo
    assert len(feed.entries) == 3
    first = feed.entries[0]
    assert first.link.startswith("https://news.example.org/2024/11/04/flood/#comment-01")
    assert "Never" not in str(feed)
    write(site, {f"responses/{FLOOD}/02aa.md": comment("Last.", date="2024-11-05 09:00")})
    report = build_site(site, session=session, changed=[f"responses/{FLOOD}/02aa.md"])
    assert set(report.rendered) == {PAGE, "comments/feed.xml"}
    feed = feedparser.parse(pages(site)["comments/feed.xml"])
    assert feed.entries[0].title == "\u2068Maud\u2069 on “Flood”"
