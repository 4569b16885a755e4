"""`sitegen help`."""

import io
import re
import shutil
import sys
from collections.abc import Collection, Sequence
from itertools import groupby

import click

from sitegen.errors import did_you_mean
from sitegen.scaffold.manual import ManualEntry, ManualPage, find_entries, find_manual, read_contents, read_entries

PAGES_OF_COMMANDS = {
    "check": "checking",
    "images": "fetching-images",
    "import": "importing",
    "publish": "publishing",
    "serve": "serving",
    "takedown": "publishing",
}
"""The page of the manual about a command; the others are in the page about commands."""

MAX_COLUMNS = 100

_LINK_OR_CODE = re.compile(
    r"(?P<image>!?)\[(?P<label>(?:[^\[\]`]++|`[^`\n]*+`|(?!))*+)\]\((?P<target>[^()\s]*)\)"
    r"|^```.*?^```|^    [^\n]*|`[^`\n]*`",
    re.MULTILINE | re.DOTALL,
)


@click.command()
@click.argument("topic", nargs=-1)
def command(topic: tuple[str, ...]) -> None:
    """Show a page of the manual in the terminal, or explain a message.

    TOPIC is a page, a command, the id of a check, or a message that sitegen
    printed. Without it, all pages are listed.

    \b
    Example:
        sitegen help publishing
        sitegen help broken-link
    """  # noqa: D301 - \b is click's mark, not a backslash
    pages = {page.topic: page for page in read_contents(find_manual())}
    if not topic:
        _list_pages(tuple(pages.values()))
        return
    words = " ".join(topic)
    name = words.casefold().removesuffix(".md")
    if name in pages:
        _show(convert_links(pages[name].read(), pages))
    context = click.get_current_context().find_root()
    assert isinstance(context.command, click.Group)
    described = context.command.get_command(context, name)
    if described is not None:
        with click.Context(described, info_name=name, parent=context) as inner:
            click.echo(described.get_help(inner))
        click.echo(f"\nThe manual: sitegen help {PAGES_OF_COMMANDS.get(name, 'commands')}")
    if name in pages or described is not None:
        return
    if entries := find_entries(read_entries(pages.values()), words):
        for entry in entries:
            _show_entry(entry)
        return
    raise click.UsageError(_describe_unknown(words, pages, context.command.list_commands(context)))


def convert_links(text: str, topics: Collection[str]) -> str:
    """Return a page of the manual with commands in place of its links to other pages, and without images."""

    def convert(match: re.Match[str]) -> str:
        image, label, target = match.group("image", "label", "target")
        if target is None:
            return match[0]
        if image:
            return ""
        if "://" in target:
            return f"{label} ({target})"
        topic = target.partition("#")[0].rpartition("/")[2].removesuffix(".md")
        return f"{label} (`sitegen help {topic}`)" if topic in topics else label

    return _LINK_OR_CODE.sub(convert, text)


def _list_pages(pages: Sequence[ManualPage]) -> None:
    click.echo("Pages of the manual. To read one, run sitegen help and its name.")
    width = max(len(page.topic) for page in pages)
    for section, members in groupby(pages, lambda page: page.section):
        click.echo(f"\n{section}:")
        for page in members:
            click.echo(f"  {page.topic:{width}}  {page.title}")
    click.echo("\nFor the options of a command, run `sitegen COMMAND --help`.")


def _show_entry(entry: ManualEntry) -> None:
    """Print a row of a table, one cell a line."""
    width = max(len(title) for title, _ in entry.cells) + 2
    for title, text in entry.cells:
        click.echo(f"{title + ':':{width}}{convert_links(text, ())}")
    click.echo(f"\nMore: sitegen help {entry.topic}")


def _show(text: str) -> None:
    """Print a page as it is, or on a terminal with its formatting and a pager."""
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console  # takes 46 ms, and only a terminal shows formatting
    from rich.markdown import Markdown

    columns = min(shutil.get_terminal_size().columns, MAX_COLUMNS)
    target = io.StringIO()
    Console(file=target, force_terminal=True, width=columns).print(Markdown(text, hyperlinks=False))
    click.echo_via_pager(target.getvalue())


def _describe_unknown(topic: str, pages: dict[str, ManualPage], commands: list[str]) -> str:
    """Return the message for an unknown topic, with the pages whose headings mention it."""
    message = f"there is no page or command `{topic}`"
    if hint := did_you_mean(topic, [*pages, *commands]):
        return f"{message}; {hint}"
    rows = [
        f"  {name}: {line.lstrip('# ')}"
        for name, page in pages.items()
        for line in page.read().splitlines()
        if line.startswith("#") and topic.casefold() in line.casefold()
    ]
    if rows:
        return "\n".join((f"{message}, but these pages mention it in a heading:", *rows))
    return f"{message}; run `sitegen help` for a list of the pages"
