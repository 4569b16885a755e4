"""`sitegen schema`."""

import json

import click

from sitegen.cli.output import Terminal
from sitegen.config.load import has_site, read_config


@click.command()
@click.argument("subject", type=click.Choice(["post", "config"]))
@click.pass_obj
def command(terminal: Terminal, subject: str) -> None:
    """Print the JSON Schema of a post's front matter, or of the config.

    Editors use it to complete and validate front matter and configuration. In the folder of a site, it has the keys of
    the site's own taxonomies.

    \b
    Example:
        sitegen schema post > post.schema.json
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.content.front_matter.fields import FIELDS, fields_of  # noqa: PLC0415 - only this command needs them
    from sitegen.content.front_matter.json_schema import config_schema, post_schema  # noqa: PLC0415 - only this command needs them

    fields = FIELDS
    if subject == "post" and has_site(terminal.root):
        with terminal.reporting_problems():
            fields = fields_of(read_config(terminal.root).config)
    schema = post_schema(fields) if subject == "post" else config_schema()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
