import json

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.content.hooks import load_hooks
from sitegen.errors import SiteError
from sitegen.system.hook_recorder import Recorder
from tests.support.sites import build, make_site, write

HOOKS = """
from dataclasses import replace
from sitegen.pages import TemplatePage

import shouting

def markdown_extensions():
    return ["sane_lists"]

def post(post):
    return replace(post, title=shouting.shout(post.title))

def pages(site):
    return [TemplatePage("count/index.html", "/count/", "count.html", "count", "Count")]

def filters():
    return {"shout": shouting.shout}

def finish(path, data):
    return data.replace(b"letter", b"epistle") if path.endswith(".html") else data
"""


def hooked(root):
    return make_site(
        root,
        {
            "hooks.py": HOOKS,
            "shouting.py": "def shout(text):\n    return text.upper()\n",
            "templates/count.html": "{{ 'we have'|shout }} {{ site.posts|length }}",
        },
    )


def test_each_hook_does_its_part(tmp_path):
    build(hooked(tmp_path))
    assert (tmp_path / "output/count/index.html").read_text() == "WE HAVE 3"
    page = (tmp_path / "output/posts/first/index.html").read_text()
    assert "FIRST" in page
    assert "The first epistle." in page


def test_nothing_is_rendered_if_the_hooks_are_unchanged(tmp_path):
    build(hooked(tmp_path))
    assert build(tmp_path).rendered == ()


def test_changing_a_module_that_the_hooks_import_renders_all_pages(tmp_path):
    build(hooked(tmp_path))
    write(tmp_path, {"shouting.py": "def shout(text):\n    return text + '!'\n"})
    build(tmp_path)
    assert "First!" in (tmp_path / "output/posts/first/index.html").read_text()


CHANGED_PAGES = """
from dataclasses import dataclass, replace
from sitegen.pages import TemplatePage

PAGE = TemplatePage("a/index.html", "/a/", "mine.html", "a", "A")

{definition}

def pages(site):
    return [PAGE, {page}]
"""


@pytest.mark.parametrize(
    ("definition", "page"),
    [
        ("", "replace(PAGE, path='b/index.html', url='/b/', description='more')"),
        (
            "@dataclass(frozen=True, slots=True)\nclass Own(TemplatePage):\n    note: str = ''",
            "Own('b/index.html', '/b/', 'mine.html', 'b', 'A', note='more')",
        ),
        (
            "@dataclass(frozen=True)\nclass Own(TemplatePage):\n    note: str = ''",
            "Own('b/index.html', '/b/', 'mine.html', 'b', 'A', note='more')",
        ),
        ("class Own(TemplatePage):\n    note = 'more'", "Own('b/index.html', '/b/', 'mine.html', 'b', 'A')"),
    ],
    ids=["replaced", "dataclass", "dataclass without slots", "class"],
)
def test_a_hook_changes_pages_and_derives_classes_of_pages(tmp_path, definition, page):
    template = "{{ page.title }} {{ page.description or page.note|default('') }}"
    code = CHANGED_PAGES.format(definition=definition, page=page)
    build(make_site(tmp_path, {"hooks.py": code, "templates/mine.html": template}))
    assert (tmp_path / "output/a/index.html").read_text() == "A "
    assert (tmp_path / "output/b/index.html").read_text() == "A more"
    assert build(tmp_path).rendered == ()
    (tmp_path / "hooks.py").write_text(code.replace("more", "other"))
    build(tmp_path)
    assert (tmp_path / "output/b/index.html").read_text() == "A other"


def test_removing_the_hooks_undoes_what_they_did(tmp_path):
    build(hooked(tmp_path))
    (tmp_path / "hooks.py").unlink()
    report = build(tmp_path)
    assert "count/index.html" in report.removed
    assert "FIRST" not in (tmp_path / "output/posts/first/index.html").read_text()


def test_a_site_without_hooks_has_none(tmp_path):
    assert load_hooks(tmp_path, Recorder(tmp_path)).functions == {}


def test_an_exception_of_a_hook_is_reported_with_its_line(tmp_path):
    write(tmp_path, {"hooks.py": "\n\ndef post(post):\n    raise ValueError('not today')\n"})
    with pytest.raises(SiteError) as caught:
        load_hooks(tmp_path, Recorder(tmp_path)).call("post", None)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("hooks.py", 4)
    assert "ValueError: not today" in problem.message


def test_loading_leaves_no_file_behind(tmp_path):
    write(tmp_path, {"hooks.py": "import aside\n", "aside.py": "x = 1\n"})
    load_hooks(tmp_path, Recorder(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside.py", "hooks.py"]


EXITS = {
    "at the top": "raise SystemExit",
    "with code 0": "import sys\nsys.exit(0)",
    "in post": "def post(post):\n    raise SystemExit",
    "in pages": "def pages(site):\n    raise SystemExit(0)",
    "in finish": "def finish(path, data):\n    raise SystemExit",
    "in filters": "def filters():\n    raise SystemExit",
    "in markdown_extensions": "def markdown_extensions():\n    raise SystemExit",
    "in a filter": "def stop(value):\n    raise SystemExit\n\ndef filters():\n    return {'stop': stop}",
}


@pytest.mark.parametrize("name", sorted(EXITS))
def test_a_hook_that_exits_is_a_problem(tmp_path, name):
    make_site(
        tmp_path, {"hooks.py": EXITS[name], "templates/home.html": "{{ 1|stop }}" if name == "in a filter" else ""}
    )
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "build"])
    assert result.exit_code == 1
    assert "SystemExit" in result.stderr
    assert "1 problem: " in result.stderr
    assert not (tmp_path / "output/index.html").exists()


WRONG = {
    "markdown_extensions": [
        ("return None", "markdown_extensions() returned None"),
        ("return [5]", "markdown_extensions() returned an int"),
    ],
    "post": [
        ("return None", "post() returned None\n"),
        ("return 5", "title=...)` (it was called for content/pages/about.md and 3 more)"),
    ],
    "pages": [
        ("return None", "pages() returned None"),
        ("return 'x'", "pages() returned str"),
        ("return [None]", "pages() returned an item None"),
        ("return [P(5, '/x/', 't', 't', 't')]", "pages() returned a page with a field that is not text"),
        ("return [P('../x', '/x/', 't', 't', 't')]", 'pages() returned a page with the path "../x"'),
        ("return [P('/x', '/x/', 't', 't', 't')]", 'pages() returned a page with the path "/x"'),
        ("return [P('.git/x', '/x/', 't', 't', 't')]", 'pages() returned a page with the path ".git/x"'),
    ],
    "filters": [("return None", "filters() returned None"), ("return {'a': 5}", "filters() returned for 'a' int")],
    "finish": [("return None", "finish() returned None for "), ("return 'x'", "finish() returned str for ")],
}
CASES = [(name, *case) for name, cases in WRONG.items() for case in cases]


@pytest.mark.parametrize(("name", "body", "message"), CASES, ids=[f"{name}: {body}" for name, body, _ in CASES])
def test_a_wrong_return_value_is_a_problem(tmp_path, name, body, message):
    hook = f"from sitegen.pages import TemplatePage as P\n\ndef {name}(*values):\n    {body}\n"
    make_site(tmp_path, {"hooks.py": hook})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert message in str(caught.value)


def test_what_hooks_print_goes_to_standard_error_when_a_report_is_asked_for(tmp_path):
    hook = "print('loaded')\n\ndef finish(path, data):\n    print('finished')\n    return data\n"
    make_site(tmp_path, {"hooks.py": hook})
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "build", "--json"])
    assert json.loads(result.stdout)["ok"] is True
    assert "loaded" in result.stderr
    assert "finished" in result.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("title=7", "`title`: Expected `str`, got `int`"),
        ("tags=('news',)", "`tags`: Expected `object`, got `str` - at `$[0]`"),
        ("date='2024-01-01'", "`date`: Expected `datetime`, got `str`"),
        ("views=3", "`views`: Expected `object | null`, got `int`"),
        ("params=FrozenDict(a=object())", "`object` is not a plain value"),
        ("params=FrozenDict(a={1, 2})", "`set` is not a plain value"),
        ("title=Markup('A')", "Markup"),
        ("title='\\ud800'", "surrogates"),
    ],
)
def test_a_post_that_a_hook_made_with_other_types_is_a_problem(tmp_path, change, message):
    head = "from dataclasses import replace\nfrom markupsafe import Markup\nfrom sitegen.model import FrozenDict\n"
    site = make_site(tmp_path, {"hooks.py": f"{head}def post(post):\n    return replace(post, {change})\n"})
    with pytest.raises(SiteError) as caught:
        build(site)
    (problem,) = caught.value.problems
    assert str(problem).startswith("hooks.py: post() returned a Post with ")
    assert message in problem.message
    assert problem.hint.endswith("(it was called for content/pages/about.md and 3 more)")


def test_an_exception_for_some_posts_is_one_problem_that_names_the_first(tmp_path):
    hook = "def post(post):\n    assert post.title != 'Draft', 'no draft'\n    return {}[post.slug]\n"
    site = make_site(tmp_path, {"hooks.py": hook})
    with pytest.raises(SiteError) as caught:
        build(site)
    names = sorted(path.relative_to(site).as_posix() for path in (site / "content").rglob("*.md"))
    assert len(caught.value.problems) == len(names), "each post has another key"
    assert sorted(problem.hint.partition("called for ")[2] for problem in caught.value.problems) == [
        f"{name})" for name in names
    ]


@pytest.mark.parametrize("params", ["{**post.params, 'a': [1, {'b': [2]}]}", "dict(a=(1, {'b': (2,)}))"])
def test_a_hook_can_return_plain_dicts_and_lists(tmp_path, params):
    changes = f"params={params}, aliases=[f'/old/{{post.slug}}/']"
    hook = f"from dataclasses import replace\ndef post(post):\n    return replace(post, {changes})\n"
    template = "{{ post.params.a }} {{ post.aliases }}"
    site = make_site(tmp_path, {"hooks.py": hook, "templates/post.html": template})
    build(site)
    assert (site / "output/posts/first/index.html").read_text().startswith("(1, {&#39;b&#39;: (2,)})")
    assert build(site).rendered == ()


def test_dates_and_large_numbers_of_a_hook_are_unchanged(tmp_path):
    head = "from dataclasses import replace\nfrom datetime import *\nfrom sitegen.model import FrozenDict\n"
    moment = "datetime(1880, 1, 1, tzinfo=timezone(timedelta(seconds=3208)))"
    values = f"a=date(2024, 1, 2), b={moment}, c=time(1, 2), d=10**40, e=(1, {{'f': b'g'}})"
    files = {
        "hooks.py": f"{head}def post(post):\n    return replace(post, params=FrozenDict({values}))\n",
        "templates/post.html": "{% for name, value in post.params|dictsort %}{{ name }}={{ value }};{% endfor %}",
    }
    site = make_site(tmp_path, files)
    build(site)
    page = site / "output/posts/first/index.html"
    expected = page.read_text()
    assert "b=1880-01-01 00:00:00+00:53:28;" in expected
    assert f"d={10**40};" in expected
    write(site, {"templates/post.html": files["templates/post.html"] + "."})
    build(site)
    assert page.read_text() == expected + "."
