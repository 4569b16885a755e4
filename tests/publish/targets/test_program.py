"""How programs are called, and what a failed call is reported as."""

import os
import sys

import pytest

from sitegen.errors import Problem, SiteError
from sitegen.publish.targets.subprocess import Program

SCRIPT = """\
import os, sys
code, errors = int(sys.argv[1]), sys.argv[2]
print(sys.argv[3:], sys.stdin.read(), os.environ.get("ONE"), os.environ.get("TWO"), flush=True)
sys.stderr.write(errors)
sys.exit(code)
"""


def python(pauses: list[float] | None = None, lock: int = -1) -> Program:
    """Return a program that runs SCRIPT: its arguments are its exit code, its error output, and others."""
    made = [] if pauses is None else pauses
    environment = {"PATH": os.environ["PATH"], "ONE": "1", "TWO": "2"}
    return Program((sys.executable, "-c", SCRIPT), "the web", environment, made.append, lock)


def test_a_program_gets_arguments_input_and_environment():
    assert python().run("0", "", "a b", data=b"in", more={"TWO": "3", "PATH": ""}) == b"['a b'] in 1 3\n"
    assert python().run("0", "warning") == b"[]  1 2\n"
    done = python().call(["3", "errors", "x"], b"in", {"ONE": "x"})
    assert (done.returncode, done.stdout, done.stderr) == (3, b"['x'] in x 2\n", b"errors")


def test_a_program_inherits_the_lock(tmp_path):
    check = "import os, sys; print(os.fstat(int(sys.argv[1])).st_ino)"
    with (tmp_path / "lock").open("w") as file:
        command = (sys.executable, "-c", check)
        program = Program(command, "web", dict(os.environ), lambda _seconds: None, file.fileno())
        assert int(program.run(str(file.fileno()))) == (tmp_path / "lock").stat().st_ino
        done = Program(command, "web", dict(os.environ), lambda _seconds: None, -1).call([str(file.fileno())])
        assert done.returncode


@pytest.mark.parametrize(
    ("errors", "tries"),
    [
        ("Connection reset by peer", 5),
        ("RPC failed; HTTP 502", 5),
        ("broke", 1),
        ("Connection closed\nPermission denied", 1),
        ("", 1),
    ],
)
def test_only_failures_of_the_network_are_tried_again(errors, tries):
    pauses: list[float] = []
    with pytest.raises(SiteError):
        python(pauses).run("1", errors)
    assert pauses == [1.0, 2.0, 4.0, 8.0][: tries - 1]


def problem(output: str, *arguments: str) -> Problem:
    return Program(("git",), "the web", {}, lambda _seconds: None, -1).problem(arguments or ("push",), output)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", Problem("the web", 0, "git push failed: it gave no reason", "try it by hand with git")),
        ("one\ntwo\nlast", Problem("the web", 0, "git push failed: last", "try it by hand with git", "one\n    two")),
        (
            "one\nHTTP 403 for https://ann:pw@h/x",
            Problem(
                "the web",
                0,
                "the target does not let git in: HTTP 403 for https://h/x",
                "see that git has credentials for it: it must work by hand without asking for a password",
                "one",
            ),
        ),
        (
            "one\nfatal: repository 'https://ann:pw@h/x' not found",
            Problem(
                "the web",
                0,
                "the remote repository does not exist, or you have no access to it",
                "create it at the host first, and compare its URL with that of `git remote -v`",
                "one\n    fatal: repository 'https://h/x' not found",
            ),
        ),
        (
            "\n".join("123456789"),
            Problem("the web", 0, "git push failed: 9", "try it by hand with git", "\n    ".join("345678")),
        ),
        (
            "fatal: could not resolve host: ",
            Problem(
                "the web",
                0,
                "the host was not found",
                "check its name, and whether this machine is online",
                "fatal: could not resolve host: ",
            ),
        ),
    ],
    ids=["silent", "unknown", "denied", "explained", "long", "explained without a value"],
)
def test_a_failed_call_is_a_problem_with_the_end_of_its_output(output, expected):
    assert problem(output) == expected


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [(("-C", "--git-dir=x", "a=b", "fetch", "x"), "fetch"), (("--x",), ""), (("a=b", "-c", "ls"), "ls")],
)
def test_the_message_names_the_command(arguments, verb):
    assert problem("broke", *arguments).message == f"git {verb} failed: broke"


def test_a_failed_run_reports_the_error_output_alone():
    with pytest.raises(SiteError) as error:
        python().run("1", " \nbroke \xe9\n ", "x")
    (found,) = error.value.problems
    assert found.message.endswith("failed: broke \xe9")
    assert found.excerpt == ""


def test_a_missing_program_is_a_problem_with_what_to_install():
    program = Program(("no-such-program", "x"), "the web", dict(os.environ), lambda _seconds: None, -1)
    with pytest.raises(SiteError) as error:
        program.call(["y"])
    hint = "install no-such-program, for example by your system's packages"
    assert error.value.problems == (Problem("the web", 0, "the program no-such-program is not installed", hint),)
