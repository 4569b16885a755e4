"""Generate Python modules for the templates of the default theme, when the package is built."""

import re
from pathlib import Path

from jinja2 import nodes
from msgspec import json

from sitegen.render.jinja.environment import find_references, make_environment
from sitegen.render.jinja.fast import LIBRARY
from sitegen.render.jinja.fast.codegen import gather_output
from sitegen.render.jinja.macro_cache import find_plain
from sitegen.render.jinja.precompiled import INDEX, Index, PrecompiledTemplate, find_version
from sitegen.render.jinja.template_cache import describe_call
from sitegen.system import fingerprints


def precompile(theme: Path, folder: Path) -> None:
    """Write the modules of a theme's templates into a folder, with their index.

    The same theme and version of Jinja give the same bytes. Raises RuntimeError for a version of Jinja that was not
    tested, with which the modules could not be used.
    """
    if not LIBRARY.is_tested():
        raise RuntimeError(f"{LIBRARY.name} is not a version between {LIBRARY.first} and {LIBRARY.end}")
    templates = {}
    for path in sorted(theme.rglob("*.html")):
        name = path.relative_to(theme).as_posix()
        module = re.sub(r"\W", "_", name)
        templates[name], program = _precompile(path, name, module)
        (folder / f"{module}.py").write_text(program, "utf-8", newline="\n")
    index = Index(find_version(), templates)
    (folder / INDEX).write_bytes(json.format(json.encode(index, order="sorted"), indent=1) + b"\n")


def _precompile(path: Path, name: str, module: str) -> tuple[PrecompiledTemplate, str]:
    environment = make_environment()
    data = path.read_bytes()
    source = data.decode("utf-8-sig").replace("\r\n", "\n")
    tree = environment.parse(source, name)
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    tests = {node.name for node in tree.find_all(nodes.Test)}
    for filter_name in filters - environment.filters.keys():
        environment.filters[filter_name] = str  # a filter of the site: Jinja only checks what it is passed
    plain_macros, is_plain = find_plain(tree, environment)
    template = PrecompiledTemplate(
        fingerprints.of_bytes(data),
        module,
        {filter_name: describe_call(environment.filters[filter_name]) for filter_name in sorted(filters)},
        {test_name: describe_call(environment.tests[test_name]) for test_name in sorted(tests)},
        find_references(source),
        plain_macros,
        is_plain,
    )
    return template, f"{gather_output(environment.compile(source, name, name, raw=True))}\n"
