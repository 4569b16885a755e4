"""All commands of the command line."""

import click


def find_commands(command, path):
    """Yield each command below a group with its names, the group included."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from find_commands(command.get_command(context, name), (*path, name))
