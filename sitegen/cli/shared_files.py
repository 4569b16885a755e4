"""The files that the wheel installs for other programs: a man page, and completion for bash, zsh and fish.

Both are generated from the parser of the command line, so they know each command and option.
"""

from collections.abc import Iterator

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from sitegen import __version__

PROGRAM = "sitegen"
COMPLETION_VARIABLE = "_SITEGEN_COMPLETE"
"""The environment variable by which a shell asks for completions, as click names it."""

MAN_PAGE = f"share/man/man1/{PROGRAM}.1"

COMPLETION_SCRIPTS: dict[str, type[ShellComplete]] = {
    f"share/bash-completion/completions/{PROGRAM}": BashComplete,
    f"share/zsh/site-functions/_{PROGRAM}": ZshComplete,
    f"share/fish/vendor_completions.d/{PROGRAM}.fish": FishComplete,
}
"""Where each shell finds completions by itself, from the root of an installation."""


def render_shared_files(command: click.Command) -> dict[str, str]:
    """Return the text of each file by its path from the root of an installation."""
    scripts = {path: _render_completion(shell, command) for path, shell in COMPLETION_SCRIPTS.items()}
    return {MAN_PAGE: render_man_page(command), **scripts}


def render_man_page(command: click.Command) -> str:
    """Return the man page of a command and all of its subcommands, in the macros of man(7).

    It has no date: the same version always has the same page.
    """
    context = _make_context(command, PROGRAM, None)
    summary = command.get_short_help_str(limit=100).rstrip(".")
    rows = [
        f'.TH {PROGRAM.upper()} 1 "" "{PROGRAM} {__version__}" "User Commands"',
        ".SH NAME",
        f"{PROGRAM} \\- {_escape(summary[:1].lower() + summary[1:])}",
        ".SH SYNOPSIS",
        *_usage(context),
        ".SH DESCRIPTION",
        *_paragraphs(command.help or ""),
        ".SH OPTIONS",
        *_options(context),
        ".SH COMMANDS",
        *_subcommands(context),
        ".SH SEE ALSO",
        f"Run {_bold(f'{PROGRAM} help')} for the pages of the manual.",
    ]
    return "\n".join(rows) + "\n"


def _render_completion(shell: type[ShellComplete], command: click.Command) -> str:
    # Not the method of BashComplete: it first asks the bash of this machine for its version.
    return ShellComplete.source(shell(command, {}, PROGRAM, COMPLETION_VARIABLE)).strip() + "\n"


def _make_context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    # Without the settings of the command, its context would not have -h.
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def _subcommands(context: click.Context) -> Iterator[str]:
    """Yield a section for each command below a group, and for the commands below those."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = _make_context(command, name, context)
        yield f".SS {_escape(inner.command_path)}"
        yield from _usage(inner)
        yield from _paragraphs(command.help or "")
        yield from _options(inner)
        yield from _subcommands(inner)


def _usage(context: click.Context) -> Iterator[str]:
    yield " ".join((_bold(context.command_path), *map(_escape, context.command.collect_usage_pieces(context))))


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        # Arguments are in the usage and explained by the text.
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)):
            names, text = record
            yield from (".TP", _bold(names), _escape(text))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those that click does not wrap keep their lines."""
    for paragraph in text.split("\n\n"):
        rows = paragraph.strip("\n").splitlines()
        yield ".PP"
        if rows and rows[0].strip() == "\b":
            yield from (".nf", *map(_escape, rows[1:]), ".fi")
        else:
            yield _escape(" ".join(row.strip() for row in rows))


def _bold(text: str) -> str:
    return f"\\fB{_escape(text)}\\fR"


def _escape(text: str) -> str:
    r"""Return plain text for roff: a backslash, a hyphen and a control character at the start print as they are.

    A line can break after the bars between the values of an option.
    """
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("|", "|\\:")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
