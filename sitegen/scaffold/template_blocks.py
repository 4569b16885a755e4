"""Find blocks of a site's templates that the templates which they extend do not have."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from sitegen.errors import naming
from sitegen.render.jinja.environment import make_environment
from sitegen.render.theme import find_theme
from sitegen.scaffold.theme_files import ORIGINALS

THEME = "theme/"
"""What the names of the theme's own templates begin with in `extends` and `include`."""


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """A template: the template that it extends, "" for none, and None if the name is computed.

    `blocks` are all its blocks, `outer_blocks` those that are not inside of another one, and `strings` its literals,
    among them the names of the templates that it includes.
    """

    file: Path
    parent: str | None
    blocks: frozenset[str]
    outer_blocks: frozenset[str]
    strings: frozenset[str]


def read_templates(folder: Path) -> tuple[ParsedTemplate, ...]:
    """Return the HTML templates of a folder, without those with errors, which the build reports."""
    files = sorted(path for path in folder.rglob("*.html") if ORIGINALS not in path.parts)
    return tuple(template for file in files if (template := parse_template(file)) is not None)


def parse_template(file: Path) -> ParsedTemplate | None:
    """Return a template, None if there is no such file or it has errors."""
    if not file.is_file():
        return None
    try:
        with naming(file):
            tree = make_environment().parse(file.read_text("utf-8-sig"))
    except (TemplateSyntaxError, UnicodeDecodeError):
        return None
    parents = [item.template for item in tree.find_all(nodes.Extends)]
    names = [item.value for item in parents if isinstance(item, nodes.Const) and isinstance(item.value, str)]
    parent = "" if not parents else names[0] if len(names) == len(parents) == 1 else None
    blocks = frozenset(block.name for block in tree.find_all(nodes.Block))
    strings = frozenset(item.value for item in tree.find_all(nodes.Const) if isinstance(item.value, str))
    return ParsedTemplate(file, parent, blocks, frozenset(_find_outer_blocks(tree)), strings)


def find_lost_blocks(template: ParsedTemplate, folder: Path) -> tuple[str, ...]:
    """Return the blocks of a template in the site's `folder` that nothing shows, because its parents lack them.

    A block inside of another one is shown with it, whether the parents have it or not.
    """
    if not template.parent:
        return ()
    known = _find_blocks(template.parent, folder, frozenset((template.file,)))
    return () if known is None else tuple(sorted(template.outer_blocks - known))


def _find_blocks(name: str, folder: Path, below: frozenset[Path]) -> frozenset[str] | None:
    """Return the blocks of a template and of those that it extends, None if they cannot be known."""
    own = folder / name
    file = find_theme() / name.removeprefix(THEME) if name.startswith(THEME) or not own.is_file() else own
    template = None if file in below else parse_template(file)
    if template is None or template.parent is None:
        return None
    if not template.parent:
        return template.blocks
    inherited = _find_blocks(template.parent, folder, below | {file})
    return None if inherited is None else template.blocks | inherited


def _find_outer_blocks(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Block):
        yield node.name
        return
    for child in node.iter_child_nodes():
        yield from _find_outer_blocks(child)
