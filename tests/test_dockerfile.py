import ast
import fnmatch
import inspect
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from sitegen.publish.targets import git

REPOSITORY = Path(__file__).parents[1]


def read_instructions():
    """Return the instructions of the Dockerfile with their arguments."""
    text = re.sub(r"(?m)^#.*\n", "", (REPOSITORY / "Dockerfile").read_text("utf-8")).replace("\\\n", "")
    return [tuple(line.split(" ", 1)) for line in text.splitlines() if line.strip()]


def in_context(path):
    """Return whether a path of the repository is sent to the builder, by the last matching rule of .dockerignore."""
    included = True
    for rule in (REPOSITORY / ".dockerignore").read_text("utf-8").split():
        pattern = rule.removeprefix("!").lstrip("/")
        if fnmatch.fnmatch(path, pattern) or path.startswith(pattern + "/"):
            included = rule.startswith("!")
    return included


def find_needed_files():
    """Yield the files and folders that building the package reads, by pyproject.toml."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    yield from ("pyproject.toml", settings["project"]["readme"], *settings["project"]["license-files"])
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    yield wheel["hooks"]["custom"]["path"]
    yield from (*wheel["force-include"], *wheel["sources"], "sitegen/cli/__init__.py", "docs/README.md")


@pytest.mark.parametrize("path", list(find_needed_files()))
def test_the_image_is_built_with_each_file_that_the_package_needs(path):
    assert (REPOSITORY / path).exists()
    assert in_context(path)


@pytest.mark.parametrize("path", [".git/config", ".venv/bin/python", ".sitegen/x", "output/index.html", "content/a.md"])
def test_the_image_has_nothing_else_of_the_checkout(path):
    assert not in_context(path)


def test_the_program_runs_as_an_ordinary_user_in_the_folder_of_the_site():
    last = dict(read_instructions())
    assert last["USER"] not in {"root", "0"}
    assert last["WORKDIR"] == last["VOLUME"] == "/site"
    assert last["ENTRYPOINT"] == '["sitegen"]'


def test_the_extras_that_the_image_installs_exist():
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (install,) = [arguments for name, arguments in read_instructions() if name == "RUN" and "/source[" in arguments]
    (requirement,) = [word for word in shlex.split(install) if word.startswith("/source[")]
    assert set(requirement.removeprefix("/source[").removesuffix("]").split(",")) <= set(extras)


def test_each_version_of_the_image_of_python_is_one_that_the_package_supports():
    classifiers = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    for name, arguments in read_instructions():
        if name == "FROM":
            version = re.match(r"python:(3\.\d+)-slim", arguments)[1]
            assert f"Programming Language :: Python :: {version}" in classifiers


def find_git_commands():
    """Yield the commands of git that publishing runs."""
    yield git.STORE[0]
    for node in ast.walk(ast.parse(inspect.getsource(git))):
        match node:
            case ast.Call(func=ast.Attribute(attr="_git"), args=[ast.Constant(value=command), *_]):
                yield command


def test_publishing_runs_no_command_of_git_that_needs_perl():
    """The image has no Perl, and what is built into git is written in C."""
    listed = subprocess.run(["git", "--list-cmds=builtins"], check=True, capture_output=True, text=True)
    commands = set(find_git_commands())
    assert {"fetch", "hash-object", "push", "update-index"} <= commands
    assert commands - set(listed.stdout.split()) == set()
