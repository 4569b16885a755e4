"""`sitegen update`."""

import click

from sitegen.cli.output import Terminal, count_of, output_options
from sitegen.config.load import read_config


@click.command()
@click.option("--apply", is_flag=True, help="Make the changes that need no decision of yours.")
@output_options
def command(terminal: Terminal, apply: bool) -> None:
    """Show what your site needs after an upgrade of sitegen.

    It finds settings, files, templates and files of the host that the new version treats differently.

    Nothing is changed without --apply. Commit your site before, so that you can compare.

    \b
    Example:
        sitegen update
        sitegen update --apply
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.scaffold.migration import apply_steps, find_steps
    from sitegen.scaffold.requirements import find_installed_requirement

    with terminal.reporting_problems():
        steps = find_steps(terminal.root, read_config(terminal.root), find_installed_requirement())
        applied = [step for step in steps if step.changes] if apply else []
        apply_steps(terminal.root, applied)
    for step in steps:
        since = f"since {step.version}: " if step.version else ""
        terminal.say(f"{step.path}: {since}{step.message}")
        if step in applied:
            for path, data in step.changes.items():
                terminal.say(f"    {'Removed' if data is None else 'Wrote'} {path}")
        else:
            terminal.say(f"    {step.hint}{' (--apply does this)' if step.changes else ''}")
    rest = len(steps) - len(applied)
    if applied:
        terminal.say(f"Applied {count_of(len(applied), 'step')}{f'; {rest:,} for you to decide' if rest else ''}")
    elif steps:
        automatic = sum(bool(step.changes) for step in steps)
        terminal.say(f"{count_of(rest, 'step')} to do, of which `sitegen update --apply` does {automatic:,}")
    else:
        terminal.say("The site needs no changes for this version")
    terminal.print_json(
        {
            "ok": True,
            "steps": [
                {
                    "id": step.id,
                    "version": step.version,
                    "path": step.path,
                    "message": step.message,
                    "hint": step.hint,
                    "changes": sorted(step.changes),
                    "applied": step in applied,
                }
                for step in steps
            ],
        }
    )
