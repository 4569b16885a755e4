"""`sitegen schema`."""

import json

import click

from sitegen.cli.output import Terminal
from sitegen.config.load import has_site, read_config
from sitegen.config.post_types import find_type


@click.command()
@click.argument("subject", type=click.Choice(["post", "config"]))
@click.option("--type", "type_name", metavar="NAME", help="The type of the post, if the config defines types.")
@click.pass_obj
def command(terminal: Terminal, subject: str, type_name: str | None) -> None:
    """Print the JSON Schema of a post's front matter, or of the config.

    Editors use it to complete and validate front matter and configuration. In the folder of a site, it has the keys of
    the site's own taxonomies and types.

    \b
    Example:
        sitegen schema post > post.schema.json
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.content.front_matter.custom_fields import fields_of
    from sitegen.content.front_matter.field import Fields
    from sitegen.content.front_matter.fields import FIELDS
    from sitegen.content.front_matter.json_schema import config_schema, post_schema

    fields: Fields = FIELDS
    required: tuple[str, ...] = ()
    if subject == "post" and has_site(terminal.root):
        with terminal.reporting_problems():
            config = read_config(terminal.root).config
            post_type = find_type(config, type_name) if type_name else None
            fields, required = fields_of(config, post_type), post_type.required if post_type else ()
    schema = post_schema(fields, required) if subject == "post" else config_schema()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
