"""What an article's page says of its terms is what their lists say."""

from pathlib import Path

from tests.sitefactory import article, build_site, make_site, pages, tree, write

A, B = "2024/11/04/a/index.html", "2024/11/04/b/index.html"


def test_an_article_shows_its_terms_as_their_lists_do(tmp_path: Path) -> None:
    """When another spelling becomes the usual one, its page follows, as in a clean build."""
    first = {
        "a.md": article("A", tags=["HTML"], author="ann lee"),
        "b.md": article("B", tags=["html"], author="Ann Lee"),
    }
    site = make_site(tmp_path / "site", first)
    build_site(site)
    assert ">HTML</a>" in pages(site)[A]
    assert ">HTML</a>" in pages(site)[B]
    assert ">Ann Lee</a>" in pages(site)[A]

    clean = make_site(tmp_path / "clean", first)
    third = {"articles/c.md": article("C", date="2020-01-01", category="X", tags=["html"])}
    fourth = {"articles/d.md": article("D", date="2019-01-01", category="Y", author="ann lee")}
    gone = dict.fromkeys((*third, *fourth))
    for step, (tag, author) in (
        (third, ("html", "Ann Lee")),
        (fourth, ("html", "ann lee")),
        (gone, ("HTML", "Ann Lee")),
    ):
        write(site, step)
        write(clean, step)
        build_site(site)
        build_site(clean, clean=True)
        for path in (A, B):
            assert f">{tag}</a>" in pages(site)[path]
            assert f">{author}</a>" in pages(site)[path]
        assert tree(site / "output") == tree(clean / "output")


def test_where_all_write_a_term_alike_no_other_page_is_made_anew(tmp_path: Path) -> None:
    """An article that joins a tag makes no page anew of those that were in it."""
    articles = {
        f"{name}.md": article(name, date=f"2024-11-0{day}", tags=["Flood"])
        for day, name in enumerate("abcd", 1)
    }
    site = make_site(tmp_path, articles)
    build_site(site)
    write(site, {"articles/e.md": article("e", tags=["Flood"])})

    assert "2024/11/01/a/index.html" not in build_site(site).rendered
