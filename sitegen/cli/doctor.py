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
    from sitegen.scaffold.diagnosis import Machine, diagnose  # noqa: PLC0415 - only this command needs it

    system = f"{platform.system()} {platform.machine()}"
    machine = Machine(platform.python_version(), system, dict(os.environ), shutil.which)
    with terminal.reporting_problems():
        found = diagnose(terminal.root, machine)
    for topic, findings in groupby(found, key=lambda finding: finding.topic):
        terminal.say(topic)
        for finding in findings:
            terminal.say(f"  {finding.state:8}{finding.text}")
            if finding.hint:
                terminal.say(f"  {'':8}{finding.hint}")
    failed = any(finding.state == ERROR for finding in found)
    terminal.print_json({"ok": not failed, "findings": [asdict(finding) for finding in found]})
    raise SystemExit(1 if failed else 0)
