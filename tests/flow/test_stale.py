"""Which outputs are rendered, beside those whose answers changed."""

from pathlib import Path

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, write

FAILING = (
    "{% set title = article(page.article).teaser.title %}"
    "{{ nonsense if title == 'Bad' else title }}"
)


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    """A page that `keep_going` left out is wanted by every build, whatever else was edited."""
    site = make_site(
        tmp_path,
        {"a.md": article("Bad"), "b.md": article("B"), "c.md": article("C")},
        templates={"article.html": FAILING},
    )
    with Session() as session:
        first = build_site(site, session=session, keep_going=True)
        messages = [problem.message for problem in first.problems]
        assert messages == ['"nonsense" is not defined']
        for body in ("One.", "Two."):
            write(site, {"articles/b.md": article("B", body)})
            report = build_site(site, session=session, keep_going=True, changed=["articles/b.md"])
            assert "2024/11/04/b/index.html" in report.rendered
            assert report.problems == first.problems
