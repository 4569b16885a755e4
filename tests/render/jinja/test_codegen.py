from functools import partial
from traceback import extract_tb

import pytest
from jinja2 import DictLoader, StrictUndefined, TemplateRuntimeError, UndefinedError
from markupsafe import Markup, escape

from sitegen.render.jinja.fast.codegen import show
from sitegen.render.jinja.fast.environment import FastEnvironment
from sitegen.render.jinja.pure_environment import PureEnvironment, finalize

TEXTS = ["plain", "<b>&amp;</b>", "\"double\" 'single'", "", "كاغذ <خبر>", "&lt;", "a" * 1000 + "<"]


@pytest.mark.parametrize("value", [*TEXTS, *map(Markup, TEXTS), 5, -1, 1.5, True, None, ("<", "&"), {"a": "<"}])
def test_a_value_is_shown_as_markupsafe_escapes_it(value):
    assert show(value) == escape(value)


def test_a_function_is_not_shown():
    with pytest.raises(TemplateRuntimeError, match=r"the function upper\(\) is printed"):
        show(str.upper)


def test_what_is_undefined_is_not_shown():
    with pytest.raises(UndefinedError):
        show(StrictUndefined(name="x"))


@pytest.fixture(params=[FastEnvironment, PureEnvironment])
def environment_class(request):
    return request.param


@pytest.fixture
def render_with(environment_class):
    return partial(render, environment_class)


def render(environment_class, text, **values):
    environment = environment_class(autoescape=True, undefined=StrictUndefined, optimized=False, finalize=finalize)
    environment.filters["note"] = values.pop("note", str)
    return environment.from_string(text).render(values)


def test_a_filter_of_constants_is_not_called_before_there_is_a_page(environment_class):
    calls = []
    environment = environment_class(autoescape=True, optimized=False, finalize=finalize)
    environment.filters["note"] = lambda value: calls.append(value) or value
    template = environment.from_string("{{ 'a'|note }}{% if 'b'|note %}{% endif %}{% set c = 'c'|note %}")
    assert calls == []
    assert template.render() == template.render() == "a"
    assert calls == ["a", "b", "c"] * 2


class Speaker:
    def say(self, *words, **named):
        return f"{words} {sorted(named)}"


def test_methods_are_called_with_what_the_template_gives_and_nothing_else(render_with):
    loop = "{% for n in (1, 2) %}{{ speaker.say(n, name=n) }};{% endfor %}"
    assert render_with(loop, speaker=Speaker()) == "(1,) [&#39;name&#39;];(2,) [&#39;name&#39;];"
    assert render_with("{% block a %}{{ speaker.say() }}{% endblock %}", speaker=Speaker()) == "() []"


def test_macros_loops_and_blocks_are_called_as_ever(render_with):
    assert render_with("{% macro m(a, b='<') %}{{ a }}{{ b }}{% endmacro %}{{ m('&') }}") == "&amp;&lt;"
    assert render_with("{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}<i>{% endcall %}") == "[<i>]"
    assert (
        render_with("{% for n in (1, 2, 3) %}{{ loop.cycle('a', 'b') }}{{ loop.changed(1) }} {% endfor %}")
        == "aTrue bFalse aFalse "
    )
    assert render_with("{% block a %}<{% endblock %}{{ self.a() }}") == "<<"


def test_text_without_escaping_stays_as_it_is(render_with):
    assert render_with("{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}") == "<&lt;"


PIECES = """{% extends "frame" %}
{% block a %}{{ one }}-{{ two }}
{%- for n in (1, 2, 3) %}{% if n == 2 %}{% continue %}{% endif %}{{ n }}{% else %}none{% endfor %}
{%- include "part" %}{% include ["no such", "part"] ignore missing %}{% include "no such" ignore missing %}
{%- set held %}({{ super() }}){% endset %}{{ held }}
{%- filter upper %}{% block inner %}in{% endblock %}{% endfilter %}{% endblock %}"""


def environment_of(environment_class, **templates):
    environment = environment_class(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        optimized=False,
        finalize=finalize,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.reads, environment.plain_macros = set(), lambda name: ((), False)
    return environment


def test_all_that_a_template_prints_comes_in_its_order(environment_class):
    frame = "<{% block a %}base{% endblock %}>{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(one) }}{{ self.a()|length }}"
    environment = environment_of(
        environment_class,
        frame=frame,
        part="{{ two }}{% import 'own' as own %}{{ own.say() }}",
        page=PIECES,
        own="{% macro say() %}!{% endmacro %}",
    )
    rendered = environment.get_template("page").render(one="&", two=2)
    inside = "&amp;-2132!2!(base)IN"
    assert rendered == f"<{inside}>[&amp;]{len(inside)}"
    assert "".join(environment.get_template("page").generate(one="&", two=2)) == rendered


def test_an_error_among_things_that_are_printed_in_a_row_is_on_its_own_line(environment_class):
    template = environment_of(
        environment_class, page="{{ one }}\n{{ one }}\n{{ one.nothing.more }}\n{{ one }}"
    ).get_template("page")
    with pytest.raises(UndefinedError) as caught:
        template.render(one=1)
    rows = extract_tb(caught.value.__traceback__)
    assert [row.lineno for row in rows if row.filename == "<template>"][-1] == 3


def test_a_name_is_an_attribute_or_else_an_item_or_else_undefined(render_with):
    assert render_with("{{ one.items is callable }} {{ one.two }}", one={"items": 1, "two": 2}) == "True 2"
    assert render_with("{{ one.two.three is defined }}{{ one.none }}", one={"two": {}, "none": None}) == "FalseNone"
    with pytest.raises(UndefinedError, match="has no attribute 'three'"):
        render_with("{{ one.two.three }}", one={"two": {}})


SCOPES = {
    "{{ x is defined }} {{ x|default('none') }}{% set x = 1 %} {{ x }}": "False none 1",
    "{% if y %}{% set x = 1 %}{% endif %}{{ x is defined }}": "False",
    "{% if not y %}{% set x = y or 2 %}{% else %}{% set z = 3 %}{% endif %}{{ x }}{{ z is defined }}": "2False",
    "{% for n in (1, 2) %}{{ x|default('-') }}{% set x = n %}{{ x }}{% endfor %}{{ x is defined }}": "-1-2False",
    "{% for n in (1, 2) if x is not defined %}{{ n }}{{ x is defined }}{% endfor %}": "1False2False",
    "{% macro m(a, b=x) %}{{ a }}{{ b is defined }}{{ q|default(4) }}{% endmacro %}{{ m(1) }}": "1False4",
    "{% macro m() %}{{ x }}{{ caller() }}{% endmacro %}{% set x = 5 %}{% call m() %}{{ x }}{% endcall %}": "55",
    "{% with x = 1 %}{{ x }}{{ y }}{% endwith %}{{ x is defined }}": "10False",
    "{% set x = 6 %}{% include 'part' %}{{ x }}{{ inner is defined }}": "6 06False",
    "{% set x %}{{ y }}{% endset %}{% include 'part' %}{% import 'macros' as m with context %}{{ m.get() }}": "0 00",
    "{% from 'macros' import get with context %}{{ get() }}{% set x = 7 %}{{ get() }}": "nonenone",
    "{% block a scoped %}{% set x = 8 %}{{ x }}{% endblock %}{{ x is defined }}": "8False",
    "{{ (x is defined and x.z) or 'no' }}": "no",
    "{% set ns = namespace(x=1) %}{% for n in (1, 2) %}{% set ns.x = ns.x + n %}{% endfor %}{{ ns.x }}": "4",
}
"""Templates with variables that are set only in a part of them, and what they render with y = 0."""


@pytest.mark.parametrize("text", SCOPES)
def test_variables_are_found_in_the_scope_of_jinja(text, environment_class):
    templates = {
        "main": text,
        "part": "{{ x }} {{ y }}{% set inner = 1 %}{% set x = 9 %}",
        "macros": "{% macro get() %}{{ x|default('none') }}{% endmacro %}",
    }
    environment = environment_class(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)
    environment.plain_macros = lambda _: ((), False)
    environment.reads = set()
    assert environment.get_template("main").render(y=0) == SCOPES[text]


@pytest.mark.parametrize("text", ["{{ x }}", "{{ x.a }}", "{{ x + 1 }}", "{% for n in x %}{% endfor %}", "{{ x() }}"])
def test_a_variable_that_is_not_defined_is_named(text, render_with):
    with pytest.raises(UndefinedError, match="'x' is undefined"):
        render_with(text)
