"""`sitegen schema`."""

import json

import click


@click.command()
@click.argument("subject", type=click.Choice(["post", "config"]))
def command(subject: str) -> None:
    """Print the JSON Schema of a post's front matter, or of the config.

    Editors use it to complete and validate front matter and configuration.

    \b
    Example:
        sitegen schema post > post.schema.json
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.content.front_matter.json_schema import config_schema, post_schema  # noqa: PLC0415 - only this command needs them

    schema = post_schema() if subject == "post" else config_schema()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
