"""`sitegen doctor`."""

import os
import platform
import shutil
from dataclasses import asdict
from itertools import groupby

import click

from sitegen.cli.output import Terminal, output_options
from sitegen.errors import ERROR


@click.command()
@output_options
def command(terminal: Terminal) -> None:
    """Show how sitegen is installed and the site is set up, and what is missing.

    Nothing is changed, and nothing is fetched. The exit code is 1 if something does not work.

    \b
    Example:
        sitegen doctor
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.scaffold.diagnosis import Machine, diagnose

    system = f"{platform.system()} {platform.machine()}"
    machine = Machine(platform.python_version(), system, dict(os.environ), shutil.which)
    with terminal.reporting_problems():
        found = diagnose(terminal.root, machine)
    for topic, results in groupby(found, key=lambda result: result.topic):
        terminal.say(topic)
        for result in results:
            terminal.say(f"  {result.state:8}{result.text}")
            if result.hint:
                terminal.say(f"  {'':8}{result.hint}")
    failed = any(result.state == ERROR for result in found)
    terminal.print_json({"ok": not failed, "checks": [asdict(result) for result in found]})
    raise SystemExit(1 if failed else 0)
