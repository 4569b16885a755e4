import pytest
from jinja2 import Environment, meta

from sitegen.errors import SiteError
from sitegen.render.jinja.environment import find_references
from tests.support.sites import build, make_site, post, tree, write


def page_of(root, template, more=None):
    """Build a site whose post template is given, and return the first post's page."""
    build(make_site(root, {"templates/post.html": template} | (more or {})))
    return (root / "output/posts/first/index.html").read_text()


def test_text_is_escaped(tmp_path):
    make_site(tmp_path, {"content/posts/2024-01-01-first.md": post('"<b>"'), "templates/post.html": "{{ post.title }}"})
    build(tmp_path)
    assert (tmp_path / "output/posts/first/index.html").read_text() == "&lt;b&gt;"


def test_an_imported_macro_is_run_for_each_page(tmp_path):
    macros = "{% set name = namespace(n=0) %}{% macro count() %}{% set name.n = name.n + 1 %}{{ name.n }}{% endmacro %}"
    template = "{% from 'macros.html' import count %}{{ count() }}"
    build(make_site(tmp_path, {"templates/post.html": template, "templates/macros.html": macros}))
    pages = [path.read_text() for path in (tmp_path / "output/posts").glob("*/index.html")]
    assert pages == ["1", "1", "1"]


@pytest.mark.parametrize(
    "expression",
    [
        "post.date.now()",
        "post.date.today()",
        "post.date.astimezone()",
        "post.date|attr('now')",
        "[1, 2]|random",
        "lipsum()",
        "post.title.upper",
        "post.params.update({'a': 1})",
        "site.params.clear()",
        "post.nothing",
        "nothing",
    ],
)
def test_expressions_with_results_that_vary_between_builds_are_refused(tmp_path, expression):
    with pytest.raises(SiteError) as caught:
        page_of(tmp_path, f"\n{{{{ {expression} }}}}")
    assert {problem.path for problem in caught.value.problems} == {"templates/post.html"}
    assert {problem.line for problem in caught.value.problems} == {2}


def test_an_include_is_followed_to_what_it_includes(tmp_path):
    more = {"templates/a.html": "{% include 'b.html' %}", "templates/b.html": "one"}
    assert page_of(tmp_path, "{% include 'a.html' %}", more) == "one"
    write(tmp_path, {"templates/b.html": "two"})
    report = build(tmp_path)
    assert "posts/first/index.html" in report.rendered
    assert (tmp_path / "output/posts/first/index.html").read_text() == "two"


def test_a_computed_name_counts_as_every_template(tmp_path):
    more = {"templates/kind-post.html": "one"}
    assert page_of(tmp_path, "{% include 'kind-' ~ page.kind ~ '.html' %}", more) == "one"
    write(tmp_path, {"templates/kind-post.html": "two"})
    build(tmp_path)
    assert (tmp_path / "output/posts/first/index.html").read_text() == "two"


def test_a_page_is_rendered_when_a_part_of_the_site_that_its_template_reads_changes(tmp_path):
    assert page_of(tmp_path, "{{ site.posts|length }}") == "3"
    write(tmp_path, {"content/posts/2024-01-04-fourth.md": post("Fourth", "2024-01-04")})
    build(tmp_path)
    assert (tmp_path / "output/posts/first/index.html").read_text() == "4"


def test_a_part_of_the_site_that_is_read_only_sometimes_is_remembered(tmp_path):
    template = (
        "{% if page.newer %}{{ page.newer.title }}{% else %}{{ site.tags|map(attribute='name')|join(',') }}{% endif %}"
    )
    build(make_site(tmp_path, {"templates/post.html": template}))
    write(tmp_path, {"content/posts/2024-01-01-first.md": post("First", "2024-01-01", "The first letter.", "snow")})
    build(tmp_path)
    assert (tmp_path / "output/posts/third/index.html").read_text() == "news,rain,snow"


def test_a_sites_own_template_wins_over_the_themes(tmp_path):
    assert page_of(tmp_path, "mine") == "mine"
    (tmp_path / "templates/post.html").unlink()
    build(tmp_path)
    assert "<html" in (tmp_path / "output/posts/first/index.html").read_text()


def test_an_asset_has_a_hash_in_its_name_and_its_change_renders_the_pages_that_use_it(tmp_path):
    more = {"templates/assets/style.css": "a {}"}
    first = page_of(tmp_path, "{{ 'style.css'|asset }}", more)
    write(tmp_path, {"templates/assets/style.css": "b {}"})
    report = build(tmp_path)
    second = (tmp_path / "output/posts/first/index.html").read_text()
    assert first != second
    assert (tmp_path / "output" / second.lstrip("/")).read_text() == "b {}"
    assert first.lstrip("/") in report.removed


def test_a_themes_asset_that_the_site_has_too_is_not_published(tmp_path):
    page_of(tmp_path, "x", {"templates/assets/style.css": "a {}"})
    assert [path.read_text() for path in (tmp_path / "output/assets").glob("style.*.css")] == ["a {}"]


@pytest.mark.parametrize(
    ("source", "references"),
    [
        (
            "{% extends 'a.html' %}{%- include \"b.html\" -%}{%+ include 'b.html' ignore missing %}",
            ("a.html", "b.html"),
        ),
        ("{%import 'a.html' as a with context%}{% from\n'b.html'\nimport c %}", ("a.html", "b.html")),
        ("{% include 'a.html' without context %}{% include 'x'~y %}", None),
        ("{% include 'a' 'b' %}", None),
        ("{% include 'a'|lower %}", None),
        ("{% include 'a' if b else 'c' %}", None),
        ("{% include ['a', 'b'] %}", None),
        ("{% extends layout %}", None),
        (r"{% include 'a\x62' %}", None),
        ("{% include '' %}", None),
        ("from 'a' import b, {{ include }} {% if includes %}{% endif %}", ()),
    ],
)
def test_the_references_of_a_template_are_those_that_jinja_would_load(source, references):
    assert find_references(source) == references
    found = set(meta.find_referenced_templates(Environment().parse(source)))
    assert references is None or found == set(references)


def test_a_list_of_names_counts_as_every_template(tmp_path):
    more = {"templates/b.html": "one"}
    assert page_of(tmp_path, "{% include ['a.html', 'b.html'] %}", more) == "one"
    write(tmp_path, {"templates/a.html": "two"})
    build(tmp_path)
    assert (tmp_path / "output/posts/first/index.html").read_text() == "two"


def test_no_template_is_parsed_again_for_another_site(tmp_path, monkeypatch):
    build(make_site(tmp_path / "one"))
    parsed = []
    parse = Environment._parse

    def record(environment, source, *names):
        parsed.append(source)
        return parse(environment, source, *names)

    monkeypatch.setattr(Environment, "_parse", record)
    build(make_site(tmp_path / "two"))
    assert parsed == []
    assert tree(tmp_path / "two/output") == tree(tmp_path / "one/output")
    build(make_site(tmp_path / "three", {"templates/post.html": "{% include 'own.html' %}", "templates/own.html": "x"}))
    assert set(parsed) == {"{% include 'own.html' %}", "x"}
    assert (tmp_path / "three/output/posts/first/index.html").read_text() == "x"
