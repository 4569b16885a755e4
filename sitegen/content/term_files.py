"""Find and read the files of a site that describe terms.

The terms of each taxonomy are in `content/NAME.toml`. Those of one that the config defines can also have a file each,
`content/NAME/SLUG.md`, with the same keys as front matter and the description as its text.
"""

from collections.abc import Callable, Iterable, Mapping

from sitegen.config.schema import Config
from sitegen.config.taxonomies import Taxonomy, find_taxonomies
from sitegen.content.descriptions import (
    RenderText,
    WrittenDescription,
    check_value,
    read_table_file,
    write_description,
)
from sitegen.errors import Problem, SiteError
from sitegen.formats.slugs import name_slug
from sitegen.formats.toml import read_toml
from sitegen.model import Body
from sitegen.system.files import is_markdown


def find_term_files(names: Iterable[str], config: Config) -> dict[str, Taxonomy]:
    """Return those of a site's files that describe terms, each with the taxonomy of these, in the order of taxonomies.

    `names` are paths below the site's root.
    """
    known = set(names)
    found: dict[str, Taxonomy] = {}
    for taxonomy in find_taxonomies(config):
        name = f"{config.content}/{taxonomy.name}.toml"
        if name in known:
            found[name] = taxonomy
        if taxonomy.is_own:
            folder = f"{config.content}/{taxonomy.name}/"
            below = [name for name in known if name.startswith(folder) and is_markdown(name)]
            found |= {name: taxonomy for name in sorted(below) if "/" not in name[len(folder) :]}
    return found


def read_descriptions(
    files: Mapping[str, Taxonomy], read: Callable[[str], bytes], render: RenderText
) -> list[WrittenDescription]:
    """Return the descriptions in files, of which `read` returns the bytes. Raises SiteError with all problems."""
    problems: list[Problem] = []
    found: list[WrittenDescription] = []
    first: dict[tuple[str, str], WrittenDescription] = {}
    for name, taxonomy in files.items():
        try:
            if is_markdown(name):
                written: Iterable[WrittenDescription] = (_read_document(name, read(name), taxonomy, render),)
            else:
                written = read_table_file(read_toml(read(name), name), taxonomy, render)
        except SiteError as error:
            problems += error.problems
            continue
        for item in written:
            other = first.setdefault((item.taxonomy, item.slug), item)
            if other is not item:
                message = f'"{item.name}" is described here and in {other.path}'
                problems.append(Problem(item.path, item.line, message, "remove one of them"))
            found.append(item)
    if problems:
        raise SiteError(problems)
    return found


def _read_document(path: str, data: bytes, taxonomy: Taxonomy, render: RenderText) -> WrittenDescription:
    """Return the description in a Markdown file, whose name is the slug of the term unless it has a `name`."""
    from sitegen.content.front_matter.split import split  # noqa: PLC0415 - only if a file changed

    front = split(data, path)
    values = {key: value for key, value in front.values.items() if value is not None}
    stem = path.rpartition("/")[2].rpartition(".")[0]
    name = values.pop("name", stem)
    problems = [
        front.problem(key, message, hint)
        for key, value in values.items()
        for message, hint in check_value(taxonomy, key, value)
    ]
    if not isinstance(name, str) or not name_slug(name):
        problems.append(front.problem("name", f"`{name}` is not the name of a term", "write it as posts name it"))
    if "description" in values:
        hint = "write the description below the front matter"
        problems.append(front.problem("description", "`description` is the text of this file", hint))
    if problems:
        raise SiteError(problems)
    body = render(front.text, path, front.line) if front.text.strip() else Body("")
    lines: dict[str, int] = {key: front.line_of(key) for key in ("image", "aliases") if key in values}
    return write_description(taxonomy, name, path, front.line_of("name"), body, values, lines)
