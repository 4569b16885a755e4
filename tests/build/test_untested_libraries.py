"""With versions of Jinja and Python-Markdown that were not tested, stock classes make the same bytes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown import Markdown
from msgspec import structs

from sitegen.errors import SiteError
from sitegen.markdown.engines import fast as fast_markdown
from sitegen.markdown.engines.fast.markdown import FastMarkdown
from sitegen.render.jinja import fast as fast_jinja
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.jinja.fast.environment import FastEnvironment
from sitegen.render.jinja.pure_environment import PureEnvironment
from tests.support.sites import build, make_site, tree, write

ROOT = Path(__file__).parents[2]
NEWER = (99, 0, 0)


@pytest.fixture
def untested(monkeypatch):
    """Make the installed versions ones that were not tested."""
    for package in (fast_markdown, fast_jinja):
        monkeypatch.setattr(package, "LIBRARY", structs.replace(package.LIBRARY, first=NEWER, end=(100, 0, 0)))


def test_the_accelerated_classes_are_used_with_the_versions_that_they_were_tested_with(tmp_path):
    assert fast_markdown.choose_class() is FastMarkdown
    assert fast_jinja.choose_class() is FastEnvironment
    assert build(make_site(tmp_path)).warnings == ()


@pytest.mark.usefixtures("untested")
def test_the_stock_classes_are_used_with_other_versions():
    assert fast_markdown.choose_class() is Markdown
    assert fast_jinja.choose_class() is PureEnvironment


@pytest.mark.usefixtures("untested")
def test_each_build_that_renders_warns_of_each_library_that_was_not_tested(tmp_path):
    root = make_site(tmp_path)
    first, unchanged, again = build(root), build(root), build(root, fresh=True)
    assert first.warnings == again.warnings
    assert unchanged.warnings == (), "nothing took longer"
    assert [warning.message.partition(" ")[0] for warning in first.warnings] == ["Python-Markdown", "Jinja"]
    assert all("was not tested with this version of sitegen" in warning.message for warning in first.warnings)
    assert ["markdown>=99.0.0" in first.warnings[0].hint, "jinja2>=99.0.0" in first.warnings[1].hint] == [True, True]


@pytest.mark.usefixtures("untested")
def test_a_strict_build_that_would_render_fails_and_leaves_the_output(tmp_path):
    root = make_site(tmp_path)
    build(root)
    before = tree(root / "output")
    write(root, {"content/posts/2024-03-01-new.md": "---\ntitle: New\ndate: 2024-03-01\n---\n"})
    with pytest.raises(SiteError) as raised:
        build(root, strict=True)
    assert len(raised.value.problems) == 2
    assert tree(root / "output") == before
    build(root)
    assert build(root, strict=True).rendered == (), "an unchanged build renders nothing"


MACROS = """{% set count = namespace(n=0) %}
{% macro number() %}{% set count.n = count.n + 1 %}{{ count.n }}{% endmacro %}
{% macro plain(a, b='<') %}[{{ a }}{{ b }}{{ caller() if caller is defined }}]{% endmacro %}"""
PAGE = """{% extends "base.html" %}
{% from "macros.html" import number, plain %}{% import "macros.html" as all with context %}
{% block content %}{{ number() }}{{ number() }}{{ all.number() }}
{{ plain(post.title) }}{{ plain(post.title, post.url) }}
{% call plain(1.0) %}<i>{{ site.posts|length }}</i>{% endcall %}{% include ["none.html", "part.html"] %}
{% for one in site.posts %}{{ loop.index }}{{ one.title }}{{ loop.changed(one.date.year) }}{% endfor %}
{{ "style.css"|asset }}{{ {"a": 1, "b": 2}.b }}
{% set held %}{{ super() }}{% endset %}{{ held }}{% endblock %}"""
TEMPLATES = {
    "templates/base.html": "<html>{% block content %}base {{ page.url }}{% endblock %}{{ self.content()|length }}",
    "templates/macros.html": MACROS,
    "templates/part.html": "{% if post.tags %}{{ post.tags|join(', ') }}{% else %}none{% endif %}{{ 'a' ~ '&' }}",
    "templates/post.html": PAGE,
    "templates/assets/style.css": "a {}",
}


def test_templates_with_every_statement_render_the_same_bytes(tmp_path, request):
    build(make_site(tmp_path / "fast", TEMPLATES), jobs=1)
    request.getfixturevalue("untested")
    build(make_site(tmp_path / "stock", TEMPLATES), jobs=1)
    assert tree(tmp_path / "stock/output") == tree(tmp_path / "fast/output")
    assert b"121\n[First" in (tmp_path / "stock/output/posts/first/index.html").read_bytes()


def test_an_edit_renders_the_same_pages_with_the_same_bytes(tmp_path, request):
    roots = [make_site(tmp_path / name, TEMPLATES) for name in ("fast", "stock")]
    edit = {"templates/part.html": "new", "content/posts/2024-01-02-second.md": "---\ntitle: New\n---\n\nText.\n"}
    reports = []
    for root in roots:
        if root.name == "stock":
            request.getfixturevalue("untested")
        build(root, jobs=1)
        reports.append(build(write(root, edit), jobs=1))
    assert reports[0].rendered == reports[1].rendered
    assert tree(roots[0] / "output") == tree(roots[1] / "output")


@pytest.mark.usefixtures("untested")
def test_a_template_that_is_nested_too_deep_is_a_problem_of_that_template(tmp_path):
    (tmp_path / "deep.html").write_text("{{ " + "(" * 9000 + " }}")
    environment = TemplateSet({"deep.html": tmp_path / "deep.html"}, {}, None, None).environment
    with pytest.raises(Exception, match="it is nested too deep"):
        environment.get_template("deep.html")


def test_a_version_is_tested_from_the_first_one_to_the_end(monkeypatch):
    tested = {"3.11.3": True, "3.11.4.post1": True, "3.11.10": True}
    untested = {"3.11": False, "3.11.2": False, "3.12rc1": False, "4": False, "": False}
    for installed, expected in (tested | untested).items():
        monkeypatch.setattr("sitegen.system.libraries.installed_version", lambda _, version=installed: version)
        assert fast_markdown.LIBRARY.is_tested() is expected


def test_the_private_names_are_loaded_only_with_the_versions_that_were_tested(tmp_path):
    code = (
        "import sys; from msgspec.structs import replace;"
        "from sitegen.markdown.engines import fast as a; from sitegen.render.jinja import fast as b;"
        "a.LIBRARY = replace(a.LIBRARY, first=(99, 0, 0)); b.LIBRARY = replace(b.LIBRARY, first=(99, 0, 0));"
        "from sitegen.cli import main; sys.argv = ['sitegen', 'build', '--jobs', '1'];"
        "code = main(standalone_mode=False);"
        "print([name for name in sys.modules if '.fast.' in name])"
    )
    make_site(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "was not tested" in done.stdout + done.stderr


@pytest.mark.slow  # builds the demo twice, once by the slower classes
def test_the_demo_comes_out_the_same(tmp_path, request):
    for name in ("fast", "stock"):
        root = tmp_path / name
        root.mkdir()
        for folder in ("content", "templates"):
            shutil.copytree(ROOT / folder, root / folder)
        for file in ("pyproject.toml", "published.json"):
            if (ROOT / file).exists():
                shutil.copy(ROOT / file, root)
        if name == "stock":
            request.getfixturevalue("untested")
        build(root, jobs=1)
    assert tree(tmp_path / "stock/output") == tree(tmp_path / "fast/output")
