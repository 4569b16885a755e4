import pytest
from jinja2 import StrictUndefined, TemplateRuntimeError, UndefinedError
from markupsafe import Markup, escape

from sitegen.compiler import show
from sitegen.templates import PureEnvironment

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


def draw(text, **values):
    environment = PureEnvironment(autoescape=True, undefined=StrictUndefined, optimized=False)
    environment.filters["note"] = values.pop("note", str)
    return environment.from_string(text).render(values)


def test_a_filter_of_constants_is_not_called_before_there_is_a_page():
    calls = []
    environment = PureEnvironment(autoescape=True, optimized=False)
    environment.filters["note"] = lambda value: calls.append(value) or value
    template = environment.from_string("{{ 'a'|note }}{% if 'b'|note %}{% endif %}{% set c = 'c'|note %}")
    assert calls == []
    assert template.render() == template.render() == "a"
    assert calls == ["a", "b", "c"] * 2


class Speaker:
    def say(self, *words, **named):
        return f"{words} {sorted(named)}"


def test_methods_are_called_with_what_the_template_gives_and_nothing_else():
    loop = "{% for n in (1, 2) %}{{ speaker.say(n, name=n) }};{% endfor %}"
    assert draw(loop, speaker=Speaker()) == "(1,) [&#39;name&#39;];(2,) [&#39;name&#39;];"
    assert draw("{% block a %}{{ speaker.say() }}{% endblock %}", speaker=Speaker()) == "() []"


def test_macros_loops_and_blocks_are_called_as_ever():
    assert draw("{% macro m(a, b='<') %}{{ a }}{{ b }}{% endmacro %}{{ m('&') }}") == "&amp;&lt;"
    assert draw("{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}<i>{% endcall %}") == "[<i>]"
    assert (
        draw("{% for n in (1, 2, 3) %}{{ loop.cycle('a', 'b') }}{{ loop.changed(1) }} {% endfor %}")
        == "aTrue bFalse aFalse "
    )
    assert draw("{% block a %}<{% endblock %}{{ self.a() }}") == "<<"


def test_text_without_escaping_stays_as_it_is():
    assert draw("{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}") == "<&lt;"
