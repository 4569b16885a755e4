"""The man page and the completion for shells know each command and each option."""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from sitegen.cli import COMMANDS, main
from sitegen.cli.shared_files import COMPLETION_SCRIPTS, COMPLETION_VARIABLE, render_man_page, render_shared_files
from tests.support.commands import find_commands

ALL = dict(find_commands(main, ()))
PAGE = render_man_page(main)


def options_of(command):
    context = click.Context(command, **main.context_settings)
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    return {name for option in options if not option.hidden for name in (*option.opts, *option.secondary_opts)}


def section_of(path):
    """Return the part of the man page about one command, as plain text."""
    text = PAGE.replace("\\-", "-").replace("\\:", "").replace("\\fB", "").replace("\\fR", "")
    start = "\n.SS " + " ".join(("sitegen", *path)) + "\n" if path else "\n.SH OPTIONS\n"
    return re.split(r"\n\.S[SH] ", text.split(start, 1)[1], maxsplit=1)[0]


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(("sitegen", *path)))
def test_the_man_page_has_each_command_with_all_its_options(path):
    rows = section_of(path).splitlines()
    named = {name for tag, row in pairwise(rows) if tag == ".TP" for name in row.split()}
    assert options_of(ALL[path]) <= {name.rstrip(",") for name in named}


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(("sitegen", *path)))
def test_completion_offers_each_command_and_all_its_options(path):
    completion = ShellComplete(main, {}, "sitegen", COMPLETION_VARIABLE)
    long = {name for name in options_of(ALL[path]) if name.startswith("--")}
    assert {item.value for item in completion.get_completions([*path], "--")} == long
    if isinstance(ALL[path], click.Group):
        names = {item.value for item in completion.get_completions([*path], "")}
        assert names == {inner[-1] for inner in ALL if inner and inner[:-1] == path}


def test_completing_the_name_of_a_command_loads_no_command():
    program = (
        "import sys; from sitegen.cli import main, COMMANDS;"
        "from click.shell_completion import ShellComplete;"
        f"found = ShellComplete(main, {{}}, 'sitegen', {COMPLETION_VARIABLE!r}).get_completions([], '');"
        "assert {item.value: item.help for item in found} == COMMANDS;"
        "print([name for name in COMMANDS if f'sitegen.cli.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


SHELLS = {
    "bash": 'source "$1"; COMP_WORDS=(sitegen); COMP_CWORD=1; COMP_WORDS[1]=""; '
    '_sitegen_completion sitegen; printf "%s\\n" "${COMPREPLY[@]}"',
    "fish": 'source $argv[1]; complete --do-complete "sitegen " | string split --fields 1 \\t',
    "zsh": 'compdef() { :; }; _describe() { print -l ${completions_with_descriptions%%:*}; }; source "$1"; '
    'words=(sitegen ""); CURRENT=2; _sitegen_completion',
}
"""What each shell runs to print the completions of `sitegen `, given the script."""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell_completes_commands(tmp_path, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (path,) = (path for path in COMPLETION_SCRIPTS if shell in path)
    script = tmp_path / "script"
    script.write_text(render_shared_files(main)[path], "utf-8")
    marks = [shell, "-c", SHELLS[shell], *([] if shell == "fish" else [shell]), str(script)]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(marks, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert set(done.stdout.split()) == set(COMMANDS), done.stderr


def test_man_formats_the_page_without_warnings(tmp_path):
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    file = tmp_path / "sitegen.1"
    file.write_text(PAGE, "utf-8")
    done = subprocess.run(
        ["groff", "-man", "-k", "-Tutf8", "-ww", "-P-c", str(file)], check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
    text = re.sub(r".\x08", "", done.stdout)
    assert "sitegen init my-archive --title" in text
    assert "\\" not in text
