"""Named hostile posts and sites, each with what must become of it: a page, or a problem in a line of its file."""

import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from tests.faults.fuzz import limited
from tests.faults.letter import read_tree, remove
from tests.support.sites import CACHE, CONFIG, make_site, post, write

FINE = -1
"""The site is built, with the post in it."""
EITHER = -2
"""Built or refused, but in good time and in words."""
LIMIT = 10
HEAD = "---\ntitle: T\ndate: 2024-05-01\n"
POST = "content/posts/2024-05-01-x.md"


def _front(row: str) -> str:
    return f"---\ntitle: T\ndate: 2024-05-01\n{row}\n---\n\nText.\n"


def _body(text: str) -> str:
    return f"{HEAD}---\n\n{text}\n"


BODIES: dict[str, str] = {
    "ten thousand brackets": "[" * 10_000,
    "ten thousand closing brackets": "]" * 10_000,
    "brackets in brackets": "[" * 3_000 + "a" + "](b)" * 3_000,
    "images in links": "[![" * 2_000,
    "ten thousand quotes": "> " * 10_000 + "a",
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "fifty thousand asterisks": "*" * 50_000,
    "asterisks and letters": "*a " * 20_000,
    "asterisks and underscores": "**a __b " * 10_000,
    "fifty thousand backticks": "`" * 50_000,
    "backticks of every length": " ".join("`" * length for length in range(1, 300)),
    "an open fence": "```\n" + "a\n" * 5_000,
    "tags in tags": "<div>" * 5_000,
    "open comments": "<!--" * 10_000,
    "open declarations": "<!x " * 10_000,
    "open instructions": "<?" * 10_000,
    "open data": "<![CDATA[" * 5_000,
    "angle brackets": "<" * 50_000,
    "ampersands": "&" * 50_000,
    "entities": "&amp" * 10_000 + "&#x110000;&#0;&#xD800;",
    "backslashes": "\\" * 50_000,
    "a megabyte in a line": "a" * 1_000_000,
    "a megabyte of words": "word " * 200_000,
    "a hundred thousand lines": "a\n\n" * 50_000,
    "a table of a thousand columns": "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + ("|b" * 1_000 + "|\n") * 20,
    "a table that is none": "|" * 20_000 + "\n" + "|-" * 10_000,
    "ten thousand footnotes": "".join(f"[^{n}] " for n in range(2_000))
    + "\n\n"
    + "".join(f"[^{n}]: a\n" for n in range(2_000)),
    "a footnote of itself": "[^a]\n\n[^a]: [^a]\n",
    "a thousand headings of one name": "# A\n\n" * 1_000,
    "references to one another": "[a]: b\n" * 5_000 + "[a][a]" * 5_000,
    "definitions without end": "[a]: " * 10_000,
    "spaces": " " * 100_000 + "a",
    "tabs": "\t" * 10_000 + "a",
    "line ends of all kinds": "a\r\nb\rc\nd\u2028e\u2029f\x85g\x0bh\x0ci",
    "nul and controls": "a\x00b\x01c\x1bd\x7fe\x9f",
    "marks that are used inside": "a\x02b\x03c \x02/x\x03 [a](\x02\x03)",
    "bidi controls": "a\u202eb\u2066c\u2069",
    "letters of no width": "a\u200b\u200c\u200d\ufeff" * 1_000,
    "a pile of accents": "a" + "\u0301" * 10_000,
    "noncharacters": "a\ufffe\uffff\U0001fffe\U0010ffff",
    "private letters": "\ue000\U000f0000",
    "template signs": "{{ site }} {% raw %} {# x #} {{ 1/0 }}",
    "raw html": "<script>let a = '</p>'</script><style>p{}</style><iframe></iframe>",
    "html that is never closed": "<p><b><i><table><tr><td>",
    "html that was never opened": "</div></body></html>" * 100,
    "a link of a megabyte": "[a](https://x.example/" + "a" * 1_000_000 + ")",
    "a link with all signs": "[a](<https://x.example/ \"'<>{}|^`>)",
    "a mail address": "<a@b.example> a@b.example mailto:x@y.example",
    "rules": "---\n" * 10_000,
    "underlines": "a\n=\n" * 5_000,
    "equals": "=" * 100_000,
    "an unknown language": "```\u202e<script>\na\n```",
    "code of a megabyte": "```python\n" + "x = [1, 2, 3]\n" * 20_000 + "```",
    "strings that never end": "```python\n'''" + "a\n" * 20_000 + "```",
    "a dollar": "$" * 50_000,
    "tildes": "~" * 50_000,
    "carets": "^" * 50_000,
    "colons": ":" * 50_000,
    "pipes and quotes": "> | a |\n> |---|\n" * 2_000,
    "attributes": "# A {: #b .c d=e }\n" * 1_000 + "{:" * 10_000,
    "abbreviations": "*[a]: b\n" * 1_000 + "a " * 5_000,
    "definitions": "a\n: b\n" * 3_000,
    "tasks": "- [ ] a\n- [x] b\n" * 3_000,
    "emoji": "👩‍👩‍👧‍👦" * 5_000,
    "text from right to left": "שלום עולם مرحبا " * 2_000,
}
TOO_MUCH = ("open data", "definitions", "ten thousand brackets")
"""What nests too deep or takes too long, at least on a slow machine, and is refused for it.

Python-Markdown takes quadratic time for open brackets: 8 to 10 seconds for ten thousand.
"""

LINKS: dict[str, tuple[str, int]] = {
    "a link to nowhere": ("[a](nowhere.md)", 6),
    "a link out of the site": ("[a](../../../../etc/passwd)", 6),
    "a picture out of the site": ("![a](../../../etc/passwd)", 6),
    "an absolute picture": ("![a](/etc/passwd)", EITHER),
    "a link to the config": ("[a](../../sitegen.toml)", EITHER),
    "a link with a null": ("[a](a%00b.md)", EITHER),
    "a link to a folder": ("[a](.)", EITHER),
    "a link to a file of the system": ("[a](file:///etc/passwd)", EITHER),
}
FRONTS: dict[str, tuple[str, int]] = {
    "a date that is none": ("date: yesterday", 4),
    "a 30th of February": ("updated: 2024-02-30", 4),
    "year nought": ("updated: 0000-01-01", 4),
    "the last second of all": ("updated: 9999-12-31T23:59:59-12:00", EITHER),
    "the first second of all": ("updated: 0001-01-01T00:00:00+14:00", EITHER),
    "a key twice": ("title: U", 4),
    "an unknown alias": ("summary: *x", 4),
    "a billion laughs": ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nparams: {x: [*c, *c, *c]}", EITHER),
    "an alias of itself": ("params: &a {x: *a}", EITHER),
    "an object of Python": ("summary: !!python/object/apply:os.system [id]", 4),
    "a binary": ("summary: !!binary aGk=", EITHER),
    "an open quote": ('summary: "a', EITHER),
    "an open list": ("tags: [a", EITHER),
    "a tab": ("\tsummary: a", EITHER),
    "a thousand lists in lists": ("tags: " + "[" * 1_000 + "]" * 1_000, EITHER),
    "ten thousand lists in lists": ("tags: " + "[" * 10_000, EITHER),
    "a slug that climbs": ("slug: ../../etc/passwd", 4),
    "a slug of the root": ("slug: /etc/passwd", 4),
    "a slug with a null": ('slug: "a\\0b"', EITHER),
    "a slug of dots": ("slug: ..", 4),
    "a slug of 400 bytes": ("slug: " + "a" * 400, 4),
    "a reserved slug": ("slug: con", EITHER),
    "an alias that climbs": ("aliases: [/../../x]", 4),
    "an alias of the front page": ("aliases: [/]", EITHER),
    "an alias of another post": ("aliases: [/posts/first/]", EITHER),
    "an image of the system": ("image: /etc/passwd", EITHER),
    "an image that climbs": ("image: ../../../etc/passwd", EITHER),
    "a script as an address": ("source_url: javascript:alert(1)", 4),
    "a script as an image": ("image: javascript:alert(1)", 4),
    "a negative number of views": ("views: -5", 4),
    "a number without end": ("views: .inf", 4),
    "a number of a thousand digits": ("views: 1" + "0" * 1_000, EITHER),
    "a number of ten thousand digits": ("views: 1" + "0" * 10_000, EITHER),
    "an empty tag": ('tags: [""]', EITHER),
    "a tag of a megabyte": ("tags: [" + "a" * 1_000_000 + "]", EITHER),
    "ten thousand tags": ("tags: [" + ", ".join(f"t{n}" for n in range(1_000)) + "]", EITHER),
    "a tag of signs alone": ('tags: ["???", "!!!", "..."]', EITHER),
    "tags that differ in case": ("tags: [Rain, rain, RAIN]", EITHER),
    "a language that is none": ("language: not-a-language-at-all", EITHER),
    "a list where a text is usual": ("subtitle: [a]", FINE),
    "a draft that may be": ("draft: maybe", 4),
    "an unknown field": ("titel: T", 4),
    "an output of one's own": ("output: ../../x.html", FINE),
    "numbers of base sixty": ("params: {x: 12:30:45, y: 0o17, z: 1_000}", FINE),
    "norway": ("params: {x: no, y: on, z: ~}", FINE),
}
FILES: dict[str, tuple[dict[str, str | bytes], str, int]] = {
    "an empty post": ({POST: ""}, POST, EITHER),
    "a post of one byte": ({POST: b"\xff"}, POST, EITHER),
    "a post in UTF-16": ({POST: _body("a").encode("utf-16")}, POST, EITHER),
    "a post in Latin-1": ({POST: _body("é").encode("latin-1")}, POST, EITHER),
    "a post with a mark of order": ({POST: b"\xef\xbb\xbf" + _body("a").encode()}, POST, FINE),
    "a post with lines of Windows": ({POST: _body("a").replace("\n", "\r\n")}, POST, FINE),
    "a post with lines of old Macs": ({POST: _body("a").replace("\n", "\r")}, POST, EITHER),
    "front matter that never ends": ({POST: HEAD + "Text."}, POST, EITHER),
    "front matter of TOML that is none": ({POST: "+++\ntitle = T\n+++\n"}, POST, 2),
    "front matter of JSON that is none": ({POST: '{"title": }\n'}, POST, 1),
    "JSON in JSON without end": ({POST: '{"a":' * 10_000}, POST, EITHER),
    "TOML in TOML without end": ({POST: "+++\na = " + "[" * 10_000 + "\n+++\n"}, POST, EITHER),
    "a picture that is a text": ({POST: post("P", text="![a](p.png)"), "content/posts/p.png": "text"}, POST, FINE),
    "a picture of no bytes": ({POST: post("P", text="![a](p.png)"), "content/posts/p.png": b""}, POST, FINE),
    "a picture cut short": (
        {POST: post("P", text="![a](p.jpg)"), "content/posts/p.jpg": b"\xff\xd8\xff\xe0"},
        POST,
        FINE,
    ),
    "two posts of one address": ({POST: post("A") + "", "content/posts/2024-05-02-x.md": post("B")}, POST, EITHER),
    "a file where a page must go": ({"content/index.html": "mine"}, "content/index.html", EITHER),
    "a file under the posts' address": ({"content/posts/first/index.html": "mine"}, "content/posts", EITHER),
    "a name with a line end": ({"content/posts/a\nb.md": post("A")}, "content/posts", EITHER),
    "a name with a quote": ({"content/posts/a\"'<b>&.md": post("A")}, "content/posts", EITHER),
    "a name with a backslash": ({"content/papers/a\\b.txt": "a"}, "content/papers", EITHER),
    "a config of no bytes": ({"sitegen.toml": ""}, "sitegen.toml", EITHER),
    "a config that is no TOML": ({"sitegen.toml": "title = "}, "sitegen.toml", 1),
    "a config in Latin-1": ({"sitegen.toml": b'title = "\xe9"'}, "sitegen.toml", 1),
    "an unknown setting": ({"sitegen.toml": CONFIG + "colour = 1\n"}, "sitegen.toml", 4),
    "an output over the texts": ({"sitegen.toml": CONFIG + 'output = "content"\n'}, "sitegen.toml", 4),
    "an output over the site": ({"sitegen.toml": CONFIG + 'output = "."\n'}, "sitegen.toml", 4),
    "a content that climbs": ({"sitegen.toml": CONFIG + 'content = "/etc"\n'}, "sitegen.toml", 4),
    "an address that is a script": ({"sitegen.toml": 'title = "T"\nbase_url = "javascript:x"\n'}, "sitegen.toml", 2),
    "a template that never ends": (
        {"templates/home.html": "{% for x in range(99999999) %}{% endfor %}"},
        "templates",
        EITHER,
    ),
    "a template that extends itself": (
        {"templates/home.html": "{% extends 'home.html' %}"},
        "templates/home.html",
        EITHER,
    ),
    "a template that includes itself": ({"templates/home.html": "{% include 'home.html' %}"}, "templates", EITHER),
    "a macro that calls itself": (
        {"templates/home.html": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"},
        "t",
        EITHER,
    ),
    "a template that divides by nought": ({"templates/home.html": "\n{{ 1 / 0 }}"}, "templates/home.html", 2),
    "a template that reaches inside": (
        {"templates/home.html": "{{ ''.__class__.__mro__[1].__subclasses__() }}"},
        "templates/home.html",
        EITHER,
    ),
    "sources that are none": ({"content/sources.toml": "a = 1"}, "content/sources.toml", 1),
    "records that are none": ({"published.json": "[1, 2"}, "published.json", EITHER),
    "records that lead out": ({"published.json": '{"../../x": {"id": "", "urls": ["/../../y/"]}}'}, "p", EITHER),
    "data that is none": ({"content/data/a.json": "{"}, "content/data/a.json", EITHER),
    "data in data without end": ({"content/data/a.json": "[" * 100_000}, "content/data/a.json", EITHER),
    "data of YAML with an alias of itself": ({"content/data/a.yaml": "&a [*a]"}, "content/data/a.yaml", EITHER),
}


def _cases() -> Iterator[tuple[str, dict[str, str | bytes], str, int]]:
    for name, text in BODIES.items():
        yield name, {POST: _body(text)}, POST, EITHER if name in TOO_MUCH else FINE
    for name, (text, line) in LINKS.items():
        yield name, {POST: _body(text)}, POST, line
    for name, (row, line) in FRONTS.items():
        yield name, {POST: _front(row)}, POST, line
    yield from ((name, *case) for name, case in FILES.items())
    for name, text in list(BODIES.items()):
        yield f"{name}, by Python-Markdown", {POST: _body(text), "sitegen.toml": CONFIG + PYTHON}, POST, EITHER


PYTHON = '[markdown]\nengine = "python-markdown"\n'


def of_the_table(home: Path, random: Random) -> Iterator[str]:
    """Build a site with each of them in it."""
    root = make_site(home / "site")
    before: set[str] = set()
    for name, files, place, line in _cases():
        write(root, {"sitegen.toml": CONFIG})
        around = set(home.iterdir())
        write(root, files)
        fault = _judge(root, place, line)
        if set(home.iterdir()) != around:
            fault += "something was written outside of the site"
        for file in files:
            remove(root / file)
        for folder in ("content/posts/first", "content/data", "content/papers"):
            remove(root / folder)
        before |= set(read_tree(root / "output"))
        yield f"{name}: {fault}" if fault else ""


def _judge(root: Path, place: str, line: int) -> str:
    start = time.process_time()
    builder = Builder(root, time.time_ns, cache=CACHE)
    problems = ()
    try:
        with limited(3 * LIMIT):
            report = builder.build(read_config(root).config, Request(jobs=1))
            problems = report.warnings
    except SiteError as error:
        problems = error.problems
        if line == FINE:
            return f"it is refused: {error}"
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return traceback.format_exc()[-1200:]
    finally:
        builder.tools.store.close()
    seconds = time.process_time() - start
    if seconds > LIMIT + 2:  # a text may take LIMIT; then it is refused
        return f"it took {seconds:.1f} s"
    if line > 0 and not any((problem.path, problem.line) == (place, line) for problem in problems):
        return f"no problem of line {line}: {[(problem.path, problem.line, problem.message) for problem in problems]}"
    return ""
