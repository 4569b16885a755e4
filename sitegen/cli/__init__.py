"""The command line: the only part of sitegen that reads the clock and the environment, prints, and exits.

Each command is a module of this package, loaded when it is called.
"""

import importlib
import importlib.util
import signal
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sitegen import __version__
from sitegen.cli.output import Terminal, discard_unwritten, is_output_error, open_missing_streams
from sitegen.config.load import find_root
from sitegen.errors import did_you_mean

COMMANDS = {
    "build": "Build the site into its output folder.",
    "check": "Check the built site for broken links, invalid HTML, feed and image problems.",
    "cms": "Write the configuration of an editor for writing in the browser.",
    "comments": "Import comments of readers, or add one from an email.",
    "config": "Show all settings, including defaults, and where each is set.",
    "doctor": "Show how sitegen is installed and the site is set up, and what is missing.",
    "help": "Show a page of the manual in the terminal, or explain a message.",
    "images": "Fetch images of other hosts, and find unused, missing and large ones.",
    "import": "Import posts from the export of a newsletter platform.",
    "init": "Create a new site in a folder.",
    "new": "Write a new post or page with its front matter filled in.",
    "publish": "Build, check and publish the site to its host.",
    "schema": "Print the JSON Schema of a post's front matter, or of the config.",
    "serve": "Preview the site in your browser; rebuild and reload on every change.",
    "takedown": "Remove a post or a comment from the site permanently.",
    "theme": "List, show and copy the theme's files, to change them in your site.",
    "update": "Show what your site needs after an upgrade of sitegen.",
    "views": "Read how often posts were viewed, and record it in views.csv.",
}


class LazyGroup(click.Group):
    """A group whose commands are modules, imported when they are called."""

    def main(self, *arguments: Any, **values: Any) -> Any:
        """Run the command line, for click."""
        open_missing_streams()
        try:
            return super().main(*arguments, **values)
        except OSError as error:
            if not is_output_error(error):
                raise
            click.echo(f"the output cannot be written: {error.strerror}", err=True)
            discard_unwritten(sys.stdout)
            raise SystemExit(1) from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """Return the names of all commands, for click."""
        return [name for name in COMMANDS if importlib.util.find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click passes it
        """Return a command by its name, for click."""
        if cmd_name not in COMMANDS or not importlib.util.find_spec(_module(cmd_name)):
            return None
        command: click.Command = importlib.import_module(_module(cmd_name)).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called, for click, until the user interrupts it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            raise SystemExit(130) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line, for click; explain an option that is written before its command."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            owner = self._find_owner(ctx, error.option_name, args)
            if owner is None:
                raise
            hint = f"write it after the command, as in `sitegen {owner} {error.option_name}`"
            raise click.UsageError(f"`{error.option_name}` is an option of commands: {hint}", ctx) from None

    def _find_owner(self, ctx: click.Context, option: str, args: list[str]) -> str | None:
        """Return the name of a command that has an option, if possible of one that is called by `args`."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        owners = [
            name
            for name, command in commands.items()
            if command and any(option in parameter.opts for parameter in command.params)
        ]
        return next((name for name in args if name in owners), owners[0] if owners else None)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of a name, for click; suggest one for a misspelt name."""
        name = args[0] if args else ""
        if name and name not in COMMANDS:
            hint = did_you_mean(name, COMMANDS) or "run `sitegen --help` for a list"
            raise click.UsageError(f"`{name}` is not a command; {hint}", ctx)
        resolved = super().resolve_command(ctx, args)
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            # All modules are loaded. From here on, what was begun must be put in order when it is interrupted.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return resolved

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that start with `incomplete` without loading any command, for click."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=COMMANDS[name]) for name in names), *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any, for click."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _module(name: str) -> str:
    return f"{__name__}.{'import_' if name == 'import' else name}"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-C",
    "--root",
    type=click.Path(path_type=Path),
    help="Folder of the site. [default: this folder or the nearest above it with a config]",
)
@click.version_option(__version__, "-V", "--version", prog_name="sitegen")
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Build a newsletter archive from Markdown posts: pages, feeds and search.

    \b
    Example:
        sitegen init my-archive
        sitegen -C my-archive serve
    """  # noqa: D301 - \b is click's mark, not a backslash
    folder = root if root is not None else find_root(Path.cwd())
    context.obj = Terminal(folder.absolute())
