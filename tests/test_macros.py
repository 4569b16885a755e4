"""Macros that are drawn once for the same arguments, and those that are not."""

import pytest
from jinja2 import Environment

from sitegen.macros import find_plain

from .building import build, make_site


def plain(text):
    environment = Environment(extensions=["jinja2.ext.do"])
    return find_plain(environment.parse(text), environment)


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m(a) %}{{ a }}{% endmacro %}",
        "{% macro m(a, b=2) %}{% for c in range(a + b) %}{{ loop.index }}{{ c|upper }}{% endfor %}{% endmacro %}",
        "{# why #}\n{% macro m(a) %}{% set seen = namespace(n=a) %}{% set seen.n = 3 %}{{ seen.n }}{% endmacro %}\n",
    ],
)
def test_a_macro_of_its_arguments_is_plain(text):
    assert plain(text) == (("m",), True)


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}{{ site.title }}{% endmacro %}",
        "{% macro m(a) %}{% include 'a.html' %}{% endmacro %}",
        "{% macro m(a) %}{% import 'a.html' as b %}{{ b.c(a) }}{% endmacro %}",
        "{% macro m(a) %}{% from 'a.html' import b %}{{ b(a) }}{% endmacro %}",
        "{% set count = namespace(n=0) %}{% macro m() %}{% set count.n = count.n + 1 %}{{ count.n }}{% endmacro %}",
        "{% set seen = [] %}{% macro m(a) %}{% do seen.append(a) %}{{ seen }}{% endmacro %}",
        "{% macro m(a) %}{{ other(a) }}{% endmacro %}{% macro other(a) %}{{ site.title }}{{ a }}{% endmacro %}"
        "{% set other = 2 %}",
        "{% macro m(a) %}1{% endmacro %}{% macro m(a) %}2{% endmacro %}",
    ],
)
def test_a_macro_that_takes_anything_from_elsewhere_is_not(text):
    assert plain(text) == ((), False)


def test_macros_may_call_each_other():
    text = "{% macro a(x) %}{{ b(x) }}{% endmacro %}{% macro b(x) %}{{ x }}{% endmacro %}"
    assert plain(text) == (("a", "b"), True)
    assert plain(text + "{% macro c() %}{{ page.url }}{% endmacro %}") == (("a", "b"), False)
    assert plain(text + "text") == (("a", "b"), False)


LINE = "{% macro line(post, mark='-') %}{{ mark }}{{ post.title }}{% endmacro %}"


def site_of(root, macros, page):
    shown = dict.fromkeys(("templates/home.html", "templates/archive.html"), page)
    return make_site(root, {"templates/macros.html": macros, **shown})


def shown_by(root):
    texts = {(root / "output" / name).read_text() for name in ("index.html", "archive/index.html")}
    assert len(texts) == 1
    return texts.pop()


def test_the_same_arguments_show_the_same_on_every_page(tmp_path):
    loop = "{% for post in site.posts %}{{ line(post) }}{{ line(post, 1) }}{% endfor %}"
    page = "{% from 'macros.html' import line %}" + loop
    build(site_of(tmp_path, LINE, page))
    assert shown_by(tmp_path) == "-Third1Third-Second1Second-First1First"


def test_values_that_are_equal_but_not_alike_are_told_apart(tmp_path):
    page = (
        "{% from 'macros.html' import show %}{{ show(1) }} {{ show(true) }} {{ show(1.0) }} "
        "{{ show('<b>') }} {{ show('<b>'|safe) }}"
    )
    build(site_of(tmp_path, "{% macro show(value) %}{{ value }}{% endmacro %}", page))
    assert shown_by(tmp_path) == "1 True 1.0 &lt;b&gt; <b>"


def test_what_a_macro_read_counts_for_each_page_that_shows_it(tmp_path):
    macros = "{% macro look(name) %}{{ name|asset }}{% endmacro %}"
    root = site_of(tmp_path, macros, "{% from 'macros.html' import look %}{{ look('own.css') }}")
    style = root / "templates/assets/own.css"
    style.parent.mkdir()
    style.write_text("a {}")
    build(root)
    before = shown_by(root)
    style.write_text("b {}")
    report = build(root)
    assert {"index.html", "archive/index.html"} <= set(report.drawn)
    assert shown_by(root) != before


def test_state_of_a_module_begins_anew_on_each_page(tmp_path):
    macros = (
        "{% set count = namespace(n=0) %}"
        "{% macro next() %}{% set count.n = count.n + 1 %}{{ count.n }}{% endmacro %}" + LINE
    )
    page = "{% from 'macros.html' import next, line %}{{ next() }}{{ next() }}{{ line(site.posts[0]) }}"
    build(site_of(tmp_path, macros, page))
    assert shown_by(tmp_path) == "12-Third"


def test_what_stands_in_a_call_block_is_shown_each_time(tmp_path):
    macros = "{% macro box(name) %}[{{ name }}{{ caller() }}{{ varargs|length }}]{% endmacro %}"
    page = (
        "{% from 'macros.html' import box %}{% for post in site.posts %}"
        "{% call box('a', 1) %}{{ post.title }}{% endcall %}{% call box('a') %}x{% endcall %}{% endfor %}"
    )
    build(site_of(tmp_path, macros, page))
    assert shown_by(tmp_path) == "[aThird1][ax0][aSecond1][ax0][aFirst1][ax0]"
