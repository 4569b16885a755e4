import pytest

from sitegen.errors import SiteError
from sitegen.hooks import load_hooks

from .building import build, make_site, write

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


def test_nothing_is_drawn_while_the_hooks_stay_the_same(tmp_path):
    build(hooked(tmp_path))
    assert build(tmp_path).rendered == 0


def test_a_changed_module_that_the_hooks_import_draws_the_pages_again(tmp_path):
    build(hooked(tmp_path))
    write(tmp_path, {"shouting.py": "def shout(text):\n    return text + '!'\n"})
    build(tmp_path)
    assert "First!" in (tmp_path / "output/posts/first/index.html").read_text()


def test_removing_the_hooks_undoes_what_they_did(tmp_path):
    build(hooked(tmp_path))
    (tmp_path / "hooks.py").unlink()
    report = build(tmp_path)
    assert "count/index.html" in report.removed
    assert "FIRST" not in (tmp_path / "output/posts/first/index.html").read_text()


def test_a_site_without_hooks_has_none(tmp_path):
    assert load_hooks(tmp_path).functions == {}


def test_a_hook_that_raises_is_told_with_its_line(tmp_path):
    write(tmp_path, {"hooks.py": "\n\ndef post(post):\n    raise ValueError('not today')\n"})
    with pytest.raises(SiteError) as caught:
        load_hooks(tmp_path).call("post", None)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("hooks.py", 4)
    assert "ValueError: not today" in problem.message


def test_loading_leaves_no_file_behind(tmp_path):
    write(tmp_path, {"hooks.py": "import aside\n", "aside.py": "x = 1\n"})
    assert load_hooks(tmp_path).files == ("hooks.py", "aside.py")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside.py", "hooks.py"]
