"""Settings in JavaScript are read by their literals; nothing is run."""

import pytest

from sitegen.importers.generators.javascript import Unread, find_object
from tests.support.processor_time import takes_less


@pytest.mark.parametrize(
    "source",
    [
        "module.exports = {title: 'T', url: \"https://x.example\", n: -3, on: true, off: null};",
        "export default {'title': `T`, url: 'https://x.example', n: -3, on: true, off: undefined,};",
        "const u = 'https://x.example';\nconst config: Config = {title: 'T', url: u, n: -3, on: true, off: null,}\n"
        "export default config",
        "const url = `https://x.example`\nmodule.exports = { title: 'T', url, n: -3, on: true, off: null }",
        "// {url: 'no'}\n/* {url: 'no'} */ module.exports = /** @type {X} */ ({title: 'T',"
        " url: 'https://x.example' as string, n: -3, on: true, off: null} satisfies Config);",
        "export default async function create() { const a = {b: 1}; return {title: 'T',"
        " url: 'https://x.example', n: -3, on: true, off: null, ...a, f(x) { return {url: 1}; }, [k]: 2} }",
    ],
)
def test_literals_are_read_in_all_forms_of_a_config(source):
    expected = {"title": "T", "url": "https://x.example", "n": -3, "on": True, "off": None}
    assert find_object(source, ["url"]) == expected


def test_other_expressions_are_returned_as_source():
    found = find_object(
        "export default {url: process.env.URL ?? 'https://x.example', a: [f('x'), {b: 'c' + d}], t: `${x}`, e: 1}",
        ["url"],
    )
    assert all(isinstance(value, Unread) for value in (found["url"], found["a"][0], found["a"][1]["b"], found["t"]))
    assert found["a"][0] == "f ( 'x' )"
    assert found["e"] == 1


@pytest.mark.parametrize(
    "source",
    ["", "{", "module.exports = {", "= {a: [}", "= [" * 2000, "= {a: " * 2000, "= ({" * 2000, "/*" * 2000, "`" * 5001],
)
def test_any_source_is_read_quickly(source):
    assert find_object(source, ["url"]) == {}
    assert takes_less(lambda: find_object(source, ["url"]), seconds=2)
