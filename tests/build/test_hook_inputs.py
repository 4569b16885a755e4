"""What hooks and Markdown extensions import and read is an input: a build after a change is like a clean one."""

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.system import processes
from tests.support.sites import CACHE, CONFIG, tree, write

FEW_PAGES = """\
[feeds]
formats = []
[urls]
search = ""
archive = ""
most_read = ""
"""
PAGE = "---\ntitle: About\n---\n\nAbout.\n"

FINISH = "def finish(path, data):\n    return data + {} if path.endswith('.html') else data\n"
REPLACE = "from dataclasses import replace\ndef post(post):\n    {}\n    return replace(post, title={})\n"
READ = "Path('{root}/extra/x.txt').read_text()"
OPTIONAL = "try:\n    from local_settings import MARK\nexcept ImportError:\n    MARK = b'none'\n"
EXTENSION = """\
from pathlib import Path
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
class Reader(Preprocessor):
    def run(self, lines):
        return [*lines, '', Path('{root}/extra/x.txt').read_text()]
class Reading(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Reader(md), 'reader', 5)
def makeExtension(**options):
    return Reading(**options)
"""
SHOUT = """\
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
class Loud(Postprocessor):
    def run(self, text):
        return text + '<p>MARK</p>'
class Shout(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Loud(md), 'loud', 5)
def makeExtension(**options):
    return Shout(**options)
"""
WITH_EXTENSION = CONFIG + FEW_PAGES + '[markdown]\nengine = "python-markdown"\nextensions = ["{}"]\n'
TEMPLATE = "{{% for x in ['{}']|lines %}}{{{{ x }}}}{{% endfor %}}"

CHANGES = {
    "a module that is imported if there is one": (
        {"hooks.py": OPTIONAL + FINISH.format("MARK")},
        {"local_settings.py": "MARK = b'one'\n"},
    ),
    "a package in the place of a module": (
        {"hooks.py": "import helper\n" + FINISH.format("helper.MARK"), "helper.py": "MARK = b'one'\n"},
        {"helper/__init__.py": "MARK = b'two'\n"},
    ),
    "a module of a folder without __init__.py": (
        {"hooks.py": "import lib.a\n" + FINISH.format("lib.a.MARK"), "lib/a.py": "MARK = b'one'\n"},
        {"lib/a.py": "MARK = b'two'\n"},
    ),
    "an __init__.py in such a folder": (
        {"hooks.py": "import lib\n" + FINISH.format("str(hasattr(lib, 'M')).encode()"), "lib/a.py": ""},
        {"lib/__init__.py": "M = 1\n"},
    ),
    "a submodule that is imported if there is one": (
        {
            "hooks.py": OPTIONAL.replace("local_settings", "lib.more") + FINISH.format("MARK"),
            "lib/__init__.py": "",
        },
        {"lib/more.py": "MARK = b'one'\n"},
    ),
    "a module named like one of the standard library": (
        {"hooks.py": "import colorsys\n" + FINISH.format("colorsys.__doc__.encode()")},
        {"colorsys.py": "'''mine'''\n"},
    ),
    "a module that a function imports": (
        {"hooks.py": REPLACE.format("import helper", "helper.MARK"), "helper.py": "MARK = 'One'\n"},
        {"helper.py": "MARK = 'Two'\n"},
    ),
    "a module that a function imports if there is one": (
        {"hooks.py": "def finish(path, data):\n    " + OPTIONAL.replace("\n", "\n    ") + "return data + MARK\n"},
        {"local_settings.py": "MARK = b'one'\n"},
    ),
    "a module of a folder that the hooks put on the path": (
        {
            "hooks.py": "import sys\nsys.path.insert(0, '{root}/lib')\nimport helper\nsys.path.remove('{root}/lib')\n"
            + FINISH.format("helper.MARK"),
            "lib/helper.py": "MARK = b'one'\n",
        },
        {"lib/helper.py": "MARK = b'two'\n"},
    ),
    "a file that post() reads": (
        {"hooks.py": "from pathlib import Path\n" + REPLACE.format("", READ), "extra/x.txt": "One"},
        {"extra/x.txt": "Two"},
    ),
    "a file of the content that finish() reads": (
        {
            "hooks.py": "from pathlib import Path\n" + FINISH.format("Path('{root}/content/data/x.json').read_bytes()"),
            "content/data/x.json": "[1]",
        },
        {"content/data/x.json": "[2]"},
    ),
    "a file that pages() reads": (
        {
            "hooks.py": "from pathlib import Path\nfrom sitegen.pages import TemplatePage\ndef pages(site):\n"
            f"    return [TemplatePage('x.html', '/x.html', 'page.html', 'x', {READ})]\n",
            "templates/page.html": "{{ page.title }}",
            "extra/x.txt": "One",
        },
        {"extra/x.txt": "Two"},
    ),
    "a file that a filter reads": (
        {
            "hooks.py": "from pathlib import Path\ndef filters():\n"
            "    return {'text': lambda p: Path(p).read_text()}\n",
            "templates/page.html": "{{ '{root}/extra/x.txt'|text }}",
            "extra/x.txt": "One",
        },
        {"extra/x.txt": "Two"},
    ),
    "a file that a filter reads line by line": (
        {
            "hooks.py": "from pathlib import Path\n"
            "def lines(values):\n    for v in values:\n        yield from Path(v).read_text().split()\n"
            "def filters():\n    return {'lines': lines}\n",
            "templates/page.html": TEMPLATE.format("{root}/extra/x.txt"),
            "extra/x.txt": "One\n",
        },
        {"extra/x.txt": "Two\n"},
    ),
    "a file that is read as the hooks are loaded": (
        {"hooks.py": f"from pathlib import Path\nMARK = {READ}.encode()\n" + FINISH.format("MARK"), "extra/x.txt": "1"},
        {"extra/x.txt": "2"},
    ),
    "a file that is read once a process": (
        {
            "hooks.py": "from pathlib import Path\nfrom functools import cache\n@cache\ndef mark():\n"
            f"    return {READ}.encode()\n" + FINISH.format("mark()"),
            "extra/x.txt": "1",
        },
        {"extra/x.txt": "2"},
    ),
    "a file that is read if there is one": (
        {
            "hooks.py": "from pathlib import Path\n"
            + REPLACE.format("try: t = Path('{root}/x.txt').read_text()\n    except OSError: t = 'None'", "t")
        },
        {"x.txt": "Some"},
    ),
    "a folder that is listed": (
        {
            "hooks.py": "from pathlib import Path\n"
            + FINISH.format("str(sorted(p.name for p in Path('{root}/extra').glob('*.csv'))).encode()"),
            "extra/a.csv": "",
        },
        {"extra/b.csv": ""},
    ),
    "the site's folder, listed": (
        {
            "hooks.py": "import os\n"
            + FINISH.format("str(sorted(n for n in os.listdir('{root}') if n.endswith('.csv'))).encode()")
        },
        {"b.csv": ""},
    ),
    "a database that is read": (
        {
            "hooks.py": "import sqlite3\n"
            + FINISH.format("str(sqlite3.connect('{root}/d.db').execute('pragma user_version').fetchone()).encode()"),
            "d.db": b"",
        },
        {"d.db": "user_version=3"},
    ),
    "a file that an extension of a hook reads": (
        {
            "hooks.py": EXTENSION.partition("def make")[0] + "def markdown_extensions():\n    return [Reading()]\n",
            "sitegen.toml": CONFIG + FEW_PAGES + '[markdown]\nengine = "python-markdown"\n',
            "extra/x.txt": "One",
        },
        {"extra/x.txt": "Two"},
    ),
    "a file that a configured extension reads": (
        {
            "sitegen.toml": WITH_EXTENSION.format("mdx_reads"),
            "installed/mdx_reads.py": EXTENSION,
            "extra/x.txt": "One",
        },
        {"extra/x.txt": "Two"},
    ),
    "a configured extension": (
        {"sitegen.toml": WITH_EXTENSION.format("mdx_shout"), "installed/mdx_shout.py": SHOUT},
        {"installed/mdx_shout.py": SHOUT.replace("MARK", "A MARK")},
    ),
    "what a configured extension imports": (
        {
            "sitegen.toml": WITH_EXTENSION.format("mdx_outer"),
            "installed/mdx_outer.py": "from mdx_inner import makeExtension\n",
            "installed/mdx_inner.py": SHOUT,
        },
        {"installed/mdx_inner.py": SHOUT.replace("MARK", "A MARK")},
    ),
    "an installed library of the hooks": (
        {
            "hooks.py": "import tool_of_hooks\n" + FINISH.format("tool_of_hooks.MARK"),
            "installed/tool_of_hooks.py": "MARK = b'1'",
        },
        {"installed/tool_of_hooks.py": "MARK = b'two'"},
    ),
    "an installed library that a function imports": (
        {
            "hooks.py": REPLACE.format("import lazy_of_hooks", "lazy_of_hooks.MARK"),
            "installed/lazy_of_hooks.py": "MARK = 'One'",
        },
        {"installed/lazy_of_hooks.py": "MARK = 'Another'"},
    ),
}


def make(root):
    """Write a site of one post and few pages."""
    post = "---\ntitle: First\ndate: 2024-01-01\nslug: first\n---\n\nWords.\n"
    return write(root, {"sitegen.toml": CONFIG + FEW_PAGES, "content/posts/a.md": post, "content/pages/b.md": PAGE})


def put(site, files):
    """Write files of a site, and those below `installed/` where Python finds them, with the site's path in them."""
    for name, text in files.items():
        if text == "user_version=3":
            with closing(sqlite3.connect(site / name)) as base:
                base.execute("pragma user_version = 3")
        elif isinstance(text, bytes):
            write(site, {name: text})
        else:
            where = site.parent / "packages" if name.startswith("installed/") else site
            write(where, {name.removeprefix("installed/"): text.replace("{root}", str(site))})


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder for installed modules, which are forgotten in the end."""
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(packages)
    before = set(sys.modules)
    yield packages
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def run(builder):
    return builder.build(read_config(builder.tools.root).config, Request(jobs=2))


def clean(site):
    """Return the output of a clean build."""
    output = site.parent / "clean"
    work = site.parent / "work"
    for folder in (output, work):
        shutil.rmtree(folder, ignore_errors=True)
    with closing(Builder(site, time.time_ns, work=work, cache=CACHE)) as builder:
        builder.build(read_config(site).config, Request(str(output)))
    return tree(output)


RESTARTED = (
    "a module that is imported if there is one",
    "a module that a function imports if there is one",
    "a file that post() reads",
    "a file that is read as the hooks are loaded",
    "a configured extension",
    "the site's folder, listed",
)


@pytest.mark.parametrize(
    ("name", "reuse"), [*((name, True) for name in CHANGES), *((name, False) for name in RESTARTED)]
)
def test_a_build_after_a_change_is_like_a_clean_one(tmp_path, installed, monkeypatch, name, reuse):
    monkeypatch.setattr(processes, "MIN_PARALLEL_ITEMS", 2)
    monkeypatch.setattr(processes, "MIN_SECONDS_BEFORE_WORKERS", 0)
    before, after = CHANGES[name]
    site = make(tmp_path / "site")
    put(site, before)
    builder = Builder(site, lambda: time.time_ns() + 10_000_000_000, cache=CACHE)
    run(builder)
    first = tree(site / "output")
    again = run(builder)
    assert (again.rendered, again.removed) == ((), ())
    if not reuse:
        builder.close()
        for module in set(sys.modules):
            if str(getattr(sys.modules[module], "__file__", "")).startswith(str(installed)):
                del sys.modules[module]
        builder = Builder(site, lambda: time.time_ns() + 10_000_000_000, cache=CACHE)
    put(site, after)
    run(builder)
    second = clean(site)
    assert tree(site / "output") == second
    assert (first == second) == (name == "a module named like one of the standard library")
    builder.close()


def test_a_change_between_a_build_into_one_folder_and_one_into_another_is_noticed(tmp_path):
    site = make(tmp_path / "site")
    put(site, CHANGES["a file that post() reads"][0])
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        for text in ("One", "Two", "One", "Three"):
            write(site, {"extra/x.txt": text})
            for output in ("output", "other"):
                builder.build(read_config(site).config, Request(output))
                assert f"<h1>{text}</h1>".encode() in (site / output / "posts/first/index.html").read_bytes()


def test_a_file_that_made_a_hook_fail_can_be_put_right(tmp_path):
    site = make(tmp_path / "site")
    put(
        site,
        {
            "hooks.py": "from pathlib import Path\n"
            + REPLACE.format("int(Path('{root}/x.txt').read_text())", "'Right'"),
            "x.txt": "no number",
        },
    )
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        with pytest.raises(Exception, match="no number"):
            run(builder)
        assert "x.txt" in builder.hook_files
        write(site, {"x.txt": "7"})
        run(builder)
    assert b"Right" in (site / "output/posts/first/index.html").read_bytes()


def test_a_server_watches_what_hooks_failed_to_import(tmp_path):
    site = make(tmp_path / "site")
    put(site, {"hooks.py": "import helper\n", "helper.py": "def (\n"})
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        with pytest.raises(Exception, match="SyntaxError"):
            run(builder)
        assert {"hooks.py", "helper.py"} <= set(builder.hook_files)


def test_what_a_build_writes_is_not_an_input(tmp_path):
    site = make(tmp_path / "site")
    walk = "os.listdir('{root}'), list(os.walk('{root}/output'))"
    hook = f"import os\ndef finish(path, data):\n    {walk}\n    return data\n"
    put(site, {"hooks.py": hook})
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        run(builder)
        assert run(builder).rendered == ()
        assert not [name for name in builder.hook_files if name.startswith((".sitegen", "output"))]


def test_a_file_that_a_hook_only_writes_is_not_an_input(tmp_path):
    site = make(tmp_path / "site")
    put(
        site,
        {
            "hooks.py": "from pathlib import Path\n"
            + FINISH.format("bytes(Path('{root}/log.txt').write_text(path) * 0)")
        },
    )
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        run(builder)
        assert "log.txt" not in builder.hook_files


def test_the_modules_of_one_site_are_not_those_of_another(tmp_path):
    hook = REPLACE.format("import helper", "helper.MARK")
    builders = []
    for name in ("one", "two"):
        site = make(tmp_path / name)
        put(site, {"hooks.py": hook, "helper.py": f"MARK = {name!r}\n"})
        builders.append(Builder(site, time.time_ns, cache=CACHE))
    for turn in range(2):
        for builder in builders:
            text = f"---\ntitle: T\ndate: 2024-01-01\nslug: first\n---\n{turn}\n"
            write(builder.tools.root, {"content/posts/a.md": text})
            run(builder)
            page = (builder.tools.root / "output/posts/first/index.html").read_text()
            assert f"<h1>{builder.tools.root.name}</h1>" in page
    for builder in builders:
        builder.close()


def test_running_sitegen_as_a_module_finds_the_same_modules_as_the_script(tmp_path):
    site = make(tmp_path / "site")
    put(
        site,
        {"hooks.py": REPLACE.format("import helper", "helper.MARK"), "helper.py": "MARK = 'One'\n", "rich.py": "1/0\n"},
    )
    for text in ("One", "Two"):
        write(site, {"helper.py": f"MARK = '{text}'\n"})
        command = [sys.executable, "-m", "sitegen", "build"]
        done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert f"<h1>{text}</h1>" in (site / "output/posts/first/index.html").read_text()


@pytest.mark.parametrize("name", ["a configured extension", "a file that is read once a process"])
def test_what_was_read_before_the_build_cache_was_removed_is_still_an_input(tmp_path, installed, name):
    before, after = CHANGES[name]
    site = make(tmp_path / "site")
    put(site, before)
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        run(builder)
        builder.save()
        shutil.rmtree(site / ".sitegen")
        run(builder)
        builder.save()
        put(site, after)
        run(builder)
        assert tree(site / "output") == clean(site)
