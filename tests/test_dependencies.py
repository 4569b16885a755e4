"""The libraries that sitegen imports, anywhere in its modules, are those that pyproject.toml names."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
NAME = re.compile(r"[\w.-]+")


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    """Return the names of the libraries that users get: of the core, of each extra but those of developers."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [rows for extra, rows in project["optional-dependencies"].items() if extra not in {"dev", "mutation"}]
    named = {normalize(NAME.match(row)[0]) for rows in (project["dependencies"], *extras) for row in rows}
    # What these always bring, such as MarkupSafe with Jinja.
    brought = {NAME.match(row)[0] for name in named for row in requires(name) or () if "extra ==" not in row}
    return named | {normalize(name) for name in brought}


def required_for_building():
    """Return the names of the libraries in the environment in which pip builds sitegen."""
    todo = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    found = set()
    while todo:
        name = NAME.match(todo.pop())[0]
        if normalize(name) not in found:
            found.add(normalize(name))
            # Those for other systems are not installed, and cannot be imported either.
            todo += [row for row in (requires(name) or ()) if ";" not in row]
    return found


BUILD = """
import sys
from importlib.metadata import packages_distributions

class Absent:
    \"\"\"Finds no library that is not required for building.\"\"\"

    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"{name} is missing", name=name)

ABSENT = set(sys.argv[3:])
sys.meta_path.insert(0, Absent())
sys.path.insert(0, sys.argv[1])
from wheel_hook import GenerateFilesHook

data = {"force_include": {}, "shared_data": {}}
hook = GenerateFilesHook(sys.argv[1], {}, None, None, "", "wheel")
hook.initialize("standard", data)
print(len(data["shared_data"]))
hook.finalize("standard", data, "")
"""


def test_the_wheel_is_built_with_the_libraries_that_are_required_for_building():
    """As pip builds it: in an environment of its own, which has these libraries only."""
    known, libraries = required_for_building(), packages_distributions()
    absent = {name for name, of in libraries.items() if not {normalize(distribution) for distribution in of} & known}
    command = [sys.executable, "-c", BUILD, REPOSITORY, "--", *sorted(absent - {"sitegen", "wheel_hook"})]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 4


def imported():
    """Yield the top-level packages that modules import, also within functions, with the module."""
    for path in sorted((REPOSITORY / "sitegen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            yield from ((name.partition(".")[0], path.relative_to(REPOSITORY).as_posix()) for name in names)


def test_no_module_imports_a_library_that_is_not_installed_with_sitegen():
    libraries, known = packages_distributions(), declared()
    wrong = {
        (name, path)
        for name, path in imported()
        if name != "sitegen"
        and name not in sys.stdlib_module_names
        and not {normalize(distribution) for distribution in libraries.get(name, ())} & known
    }
    assert sorted(wrong) == []


UNNEEDED = {
    "PIL",
    "asyncio",
    "concurrent.futures",
    "email.message",
    "feedparser",
    "frontmatter",
    "http.client",
    "importlib.metadata",
    "multiprocessing",
    "rich",
    "socket",
    "ssl",
    "urllib.request",
    "watchdog",
    "yaml",
}
"""What a first build in one process does not load for posts without images, because each takes 1 to 10 ms."""

RUN = """
import sys
from sitegen.cli import main

try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print(*sorted(sys.modules))
"""


def run_and_list_modules(*arguments):
    """Run sitegen in a new process, and return the modules that are loaded at its end."""
    command = [sys.executable, "-c", RUN, *arguments]
    # Where coverage is measured, its own modules would be among those loaded.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_a_first_build_loads_only_libraries_that_it_needs(tmp_path):
    (tmp_path / "sitegen.toml").write_text('title = "Letters"\nbase_url = "https://example.com/"\n')
    (tmp_path / "content/posts").mkdir(parents=True)
    for day in range(10, 30):
        text = f'---\ntitle: "Day {day}"\ndate: 2024-05-{day}\ntags: [one, two]\nviews: 7\n---\nHello *you*.\n'
        (tmp_path / f"content/posts/day-{day}.md").write_text(text)
    loaded = run_and_list_modules("-C", tmp_path, "build", "-j1")
    assert {"jinja2", "lxml"} <= loaded
    assert sorted(UNNEEDED & loaded) == []


def test_commands_that_send_no_request_load_no_network_code(tmp_path):
    """A Python without OpenSSL can run them too."""
    site = tmp_path / "site"
    commands = [("init", site), ("-C", site, "check"), ("-C", site, "doctor"), ("-C", site, "update")]
    loaded = {command[-1]: run_and_list_modules(*command) for command in commands}
    assert "sitegen.check.run" in loaded["check"]
    network = {"http.client", "ssl", "urllib.request"}
    assert {name: modules & network for name, modules in loaded.items() if modules & network} == {}
