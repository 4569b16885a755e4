"""Templates that were compiled when the package was built render the same pages as those that a build compiles."""

from contextlib import closing

import pytest

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.render.jinja import environment, precompiled
from sitegen.render.jinja.fast import LIBRARY
from sitegen.render.jinja.fast.codegen import gather_output
from sitegen.render.jinja.precompile import precompile
from sitegen.render.jinja.precompiled import INDEX, PrecompiledTemplates
from sitegen.render.theme import find_theme
from sitegen.system import fingerprints
from tests.support.sites import make_site, tree

NAMES = [path.relative_to(find_theme()).as_posix() for path in sorted(find_theme().rglob("*.html"))]
DIGESTS = {name: fingerprints.of_file(find_theme() / name) for name in NAMES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the modules of the default theme's templates."""
    folder = tmp_path_factory.mktemp("precompiled")
    precompile(find_theme(), folder)
    return folder


@pytest.fixture
def compiled(monkeypatch):
    """Return the names of the templates that are compiled from their source in this test."""
    names = []
    compile_source = environment.PureEnvironment.compile

    def note(self, source, name=None, *arguments, **named):
        names.append(name)
        return compile_source(self, source, name, *arguments, **named)

    monkeypatch.setattr(environment.PureEnvironment, "compile", note)
    return names


def build(root):
    """Build a site with its theme; return the output."""
    with closing(Builder(root, lambda: 1_720_000_000_000_000_000)) as builder:
        builder.build(read_config(root).config, Request(jobs=1))
    return tree(root / "output")


def test_a_build_with_precompiled_templates_compiles_none_and_writes_the_same_pages(
    tmp_path, folder, compiled, monkeypatch
):
    expected = build(make_site(tmp_path / "a"))
    assert {"base.html", "post.html", "home.html", "partials/entry.html"} <= set(compiled)
    compiled.clear()
    monkeypatch.setattr(precompiled, "FOLDER", folder)
    assert build(make_site(tmp_path / "b")) == expected
    assert compiled == []


@pytest.mark.parametrize("name", NAMES)
def test_every_template_of_the_theme_has_a_module_with_the_code_that_jinja_compiles(folder, name):
    modules = PrecompiledTemplates(folder, DIGESTS)
    jinja = environment.make_environment()
    jinja.filters |= dict.fromkeys(modules.find(name).filters.keys() - jinja.filters.keys(), str)
    code = modules.load(name, "file.html", jinja)
    assert code == jinja.compile((find_theme() / name).read_text("utf-8"), name, "file.html")
    assert code.co_filename == "file.html"


def test_the_stored_facts_of_a_template_are_those_that_a_build_computes(folder):
    modules = PrecompiledTemplates(folder, DIGESTS)
    for name in NAMES:
        source, known = (find_theme() / name).read_text("utf-8"), modules.find(name)
        filters = frozenset(environment.make_environment().filters.keys() | known.filters.keys())
        assert known.references == environment.find_references(source)
        assert (known.plain_macros, known.is_plain) == environment._find_plain(source, filters)


def test_the_modules_are_the_same_each_time(folder, tmp_path):
    precompile(find_theme(), tmp_path)
    assert tree(tmp_path) == {name: data for name, data in tree(folder).items() if "__pycache__" not in name}


def test_a_template_that_the_site_replaces_is_compiled(tmp_path, folder, compiled, monkeypatch):
    monkeypatch.setattr(precompiled, "FOLDER", folder)
    page = '{% extends "theme/404.html" %}{% block title %}Lost{% endblock %}'
    output = build(make_site(tmp_path, {"templates/404.html": page}))
    assert b"<title>Lost" in output["404.html"]
    assert sorted(compiled) == ["404.html", "theme/404.html"]


def test_a_module_of_another_version_or_source_is_not_used(folder, monkeypatch):
    assert PrecompiledTemplates(folder, {**DIGESTS, "base.html": "other"}).find("base.html") is None
    assert PrecompiledTemplates(folder, DIGESTS).find("base.html") is not None
    monkeypatch.setattr(precompiled, "installed_version", lambda _: "3.1.999")
    assert PrecompiledTemplates(folder, DIGESTS).find("base.html") is None


@pytest.mark.parametrize("damage", ["{", "[]", '{"version": 1}', ""])
def test_a_damaged_index_counts_as_missing(tmp_path, damage):
    (tmp_path / INDEX).write_text(damage)
    assert PrecompiledTemplates(tmp_path, DIGESTS).find("base.html") is None


def test_a_missing_module_is_compiled(tmp_path, folder):
    (tmp_path / INDEX).write_bytes((folder / INDEX).read_bytes())
    modules = PrecompiledTemplates(tmp_path, DIGESTS)
    jinja = environment.make_environment()
    jinja.filters |= dict.fromkeys(modules.find("base.html").filters.keys() - jinja.filters.keys(), str)
    assert modules.load("base.html", "base.html", jinja) is None


def test_a_module_is_not_used_if_a_filter_of_the_site_is_passed_something_else(tmp_path, folder, compiled, monkeypatch):
    monkeypatch.setattr(precompiled, "FOLDER", folder)
    hook = (
        "from jinja2 import pass_context\n"
        "@pass_context\n"
        "def isodate(context, value):\n"
        "    return f'{value} in {context.name}'\n"
        "def filters():\n"
        "    return {'isodate': isodate}\n"
    )
    output = build(make_site(tmp_path, {"hooks.py": hook}))
    assert any(b" in partials/entry.html" in data for data in output.values())
    uses = {name for name in NAMES if "isodate" in PrecompiledTemplates(folder, DIGESTS).find(name).filters}
    assert compiled
    assert set(compiled) <= uses


def test_modules_are_only_written_with_a_version_of_jinja_that_was_tested(tmp_path, monkeypatch):
    monkeypatch.setattr(type(LIBRARY), "is_tested", lambda _: False)
    with pytest.raises(RuntimeError, match="Jinja is not a version between"):
        precompile(find_theme(), tmp_path)


def test_a_program_keeps_its_lines(tmp_path):
    jinja = environment.make_environment()
    source = "{% for a in b %}\n{{ a }}\n\nx{{ 1 }}{% if a %}é{{ 2 }}{% endif %}"
    source += "\n{% endfor %}\n{% block c %}{{ d }}{% endblock %}"
    program = jinja.compile(source, "a.html", "a.html", raw=True)
    gathered = gather_output(program).split("\n")
    for number, line in enumerate(program.split("\n")):
        assert (
            line.strip().removeprefix("if 0: ").removeprefix("yield from ").removeprefix("yield ") in gathered[number]
        )
