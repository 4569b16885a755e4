"""Macros that are rendered once for the same arguments, and those that are not."""

import pytest
from jinja2 import Environment

from sitegen.render.jinja.fast.macros import PlainMacro, Results
from sitegen.render.jinja.macro_cache import find_plain
from tests.support.sites import build, make_site


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


def test_a_call_that_omits_an_argument_is_rendered_once_too(tmp_path, monkeypatch):
    rendered = []
    render = PlainMacro._invoke

    def count(macro, arguments, autoescape):
        rendered.append(arguments)
        return render(macro, arguments, autoescape)

    monkeypatch.setattr(PlainMacro, "_invoke", count)
    page = "{% from 'macros.html' import line %}{% for post in site.posts %}{{ line(post) }}{% endfor %}"
    build(site_of(tmp_path, LINE, page))
    assert shown_by(tmp_path) == "-Third-Second-First"
    assert len([arguments for arguments in rendered if len(arguments) == 2]) == 3


def test_named_and_positional_arguments_do_not_share_a_key(tmp_path):
    macros = "{% macro pair(a='-', b='-', c='-') %}{{ a }}{{ b }}{{ c }}{% endmacro %}"
    calls = ["'a', 'b'", "a='b'", "b='a'", "b='a', a='b'", "'b', c='a'", "'a', c='b'"]
    page = "{% from 'macros.html' import pair %}" + " ".join(f"{{{{ pair({call}) }}}}" for call in [*calls, *calls])
    build(site_of(tmp_path, macros, page))
    assert shown_by(tmp_path) == " ".join(["ab- b-- -a- ba- b-a a-b"] * 2)


def test_equal_values_of_different_types_have_different_keys(tmp_path):
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
    assert {"index.html", "archive/index.html"} <= set(report.rendered)
    assert shown_by(root) != before


def test_state_of_a_module_is_reset_for_each_page(tmp_path):
    macros = (
        "{% set count = namespace(n=0) %}"
        "{% macro next() %}{% set count.n = count.n + 1 %}{{ count.n }}{% endmacro %}" + LINE
    )
    page = "{% from 'macros.html' import next, line %}{{ next() }}{{ next() }}{{ line(site.posts[0]) }}"
    build(site_of(tmp_path, macros, page))
    assert shown_by(tmp_path) == "12-Third"


def test_the_content_of_a_call_block_is_shown_each_time(tmp_path):
    macros = "{% macro box(name) %}[{{ name }}{{ caller() }}{{ varargs|length }}]{% endmacro %}"
    page = (
        "{% from 'macros.html' import box %}{% for post in site.posts %}"
        "{% call box('a', 1) %}{{ post.title }}{% endcall %}{% call box('a') %}x{% endcall %}{% endfor %}"
    )
    build(site_of(tmp_path, macros, page))
    assert shown_by(tmp_path) == "[aThird1][ax0][aSecond1][ax0][aFirst1][ax0]"


EQUAL_VALUES = {
    "numbers": ["1", "true", "1.0"],
    "zeros": ["0.0", "-0.0"],
    "moments in two zones": ["2024-01-01T12:00:00+00:00", "2024-01-01T13:00:00+01:00"],
    "lists": ["[1, 2]", "[true, 2.0]"],
    "mappings": ["{a: 1, b: 2}", "{b: 2, a: 1}", "{a: true, b: 2}"],
}


@pytest.mark.parametrize("how", ["shared", "macro"])
@pytest.mark.parametrize("name", sorted(EQUAL_VALUES))
def test_equal_values_that_print_differently_have_different_keys(tmp_path, name, how):
    shown = '{{ "part.html"|shared(words, v=post.params.x) if post.params.x is defined }}'
    if how == "macro":
        shown = '{% from "macros.html" import m %}{{ m(post.params.x) if post.params.x is defined }}'
    posts = {
        f"content/posts/x{number}.md": f"---\ntitle: X\ndate: 2024-01-0{number + 1}\nx: {value}\n---\n"
        for number, value in enumerate(EQUAL_VALUES[name])
    }
    templates = {
        "templates/post.html": shown,
        "templates/part.html": "{{ v }}",
        "templates/macros.html": "{% macro m(v) %}{{ v }}{% endmacro %}",
    }
    make_site(tmp_path, posts | templates)
    build(tmp_path)
    pages = [(tmp_path / f"output/posts/x{number}/index.html").read_text() for number in range(len(posts))]
    assert len(set(pages)) == len(pages), pages
    (tmp_path / "content/posts/x0.md").write_text(posts["content/posts/x0.md"].replace("title: X", "title: Y"))
    build(tmp_path)
    assert (tmp_path / "output/posts/x0/index.html").read_text() == pages[0]


def test_a_shared_part_escapes_a_string_though_it_was_given_markup_before(tmp_path):
    template = '{{ "part.html"|shared(words, v=post.title|safe) }} {{ "part.html"|shared(words, v=post.title) }}'
    make_site(tmp_path, {"templates/post.html": template, "templates/part.html": "<b>{{ v }}</b>"})
    (tmp_path / "content/posts/2024-01-01-first.md").write_text("---\ntitle: <i>A</i>\ndate: 2024-01-01\n---\n")
    build(tmp_path)
    page = (tmp_path / "output/posts/first/index.html").read_text()
    assert page == "<b><i>A</i></b> <b>&lt;i&gt;A&lt;/i&gt;</b>"


def test_a_shared_part_is_rendered_once_for_the_same_values(tmp_path, monkeypatch):
    from sitegen.render import shared_parts  # noqa: PLC0415 - to count what it calls

    calls = []
    listen = shared_parts.listen
    monkeypatch.setattr(shared_parts, "listen", lambda reads, render: calls.append(render) or listen(reads, render))
    template = '{{ "part.html"|shared(words, v=("a", 1, site.sections)) }}'
    make_site(tmp_path, {"templates/post.html": template, "templates/part.html": "{{ v }}"})
    build(tmp_path)
    assert [call.func.__self__.name for call in calls].count("part.html") == 1


def test_results_that_no_recent_call_has_used_are_dropped(monkeypatch):
    monkeypatch.setattr("sitegen.render.jinja.fast.macros.MAX_RESULTS", 2)
    results = Results()
    for number in range(5):  # the fifth begins a generation
        results.put(number, (str(number), (), ()))
    assert (results.new.get(0) or results.find(0)) == ("0", (), ())
    for number in range(5, 8):  # so does the last one
        results.put(number, (str(number), (), ()))
    cached = [number for number in range(8) if results.new.get(number) or results.find(number)]
    assert cached == [0, 4, 5, 6, 7]
