"""Build named hostile posts and sites, each with its expected result: a page, or a problem at a line."""

import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from tests.faults.fuzz import cpu_limit
from tests.faults.site_under_test import read_tree, remove
from tests.support.sites import CACHE, CONFIG, make_site, post, write

BUILT = -1
"""The site is built with the post."""
EITHER = -2
"""The site is built, or a problem is reported, within the time limit."""
RENDER_LIMIT_SECONDS = 10
PATIENT_LIMIT_SECONDS = 40
HEAD = "---\ntitle: T\ndate: 2024-05-01\n"
POST = "content/posts/2024-05-01-x.md"


def _front(field: str) -> str:
    return f"---\ntitle: T\ndate: 2024-05-01\n{field}\n---\n\nText.\n"


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
    "an invalid table": "|" * 20_000 + "\n" + "|-" * 10_000,
    "ten thousand footnotes": "".join(f"[^{n}] " for n in range(2_000))
    + "\n\n"
    + "".join(f"[^{n}]: a\n" for n in range(2_000)),
    "a footnote that refers to itself": "[^a]\n\n[^a]: [^a]\n",
    "a thousand equal headings": "# A\n\n" * 1_000,
    "many equal references": "[a]: b\n" * 5_000 + "[a][a]" * 5_000,
    "ten thousand nested definitions": "[a]: " * 10_000,
    "spaces": " " * 100_000 + "a",
    "tabs": "\t" * 10_000 + "a",
    "all line separators": "a\r\nb\rc\nd\u2028e\u2029f\x85g\x0bh\x0ci",
    "nul and controls": "a\x00b\x01c\x1bd\x7fe\x9f",
    "internal placeholder characters": "a\x02b\x03c \x02/x\x03 [a](\x02\x03)",
    "bidi controls": "a\u202eb\u2066c\u2069",
    "zero-width characters": "a\u200b\u200c\u200d\ufeff" * 1_000,
    "ten thousand combining accents": "a" + "\u0301" * 10_000,
    "noncharacters": "a\ufffe\uffff\U0001fffe\U0010ffff",
    "private use characters": "\ue000\U000f0000",
    "template syntax": "{{ site }} {% raw %} {# x #} {{ 1/0 }}",
    "raw html": "<script>let a = '</p>'</script><style>p{}</style><iframe></iframe>",
    "html that is never closed": "<p><b><i><table><tr><td>",
    "html that was never opened": "</div></body></html>" * 100,
    "a link of a megabyte": "[a](https://x.example/" + "a" * 1_000_000 + ")",
    "a link with special characters": "[a](<https://x.example/ \"'<>{}|^`>)",
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
    "right-to-left text": "שלום עולם مرحبا " * 2_000,
}
OVER_LIMIT = ("open data", "definitions", "ten thousand brackets", "images in links")
"""Bodies that are rejected, at least on a slow machine: nested too deep, or above the time limit.

Python-Markdown takes quadratic time for open brackets: 8 to 10 seconds for ten thousand, and 2 for the images in
links, of which a measurement of coverage makes 8.
"""

LINKS: dict[str, tuple[str, int]] = {
    "a broken link": ("[a](nowhere.md)", 6),
    "a link out of the site": ("[a](../../../../etc/passwd)", 6),
    "an image out of the site": ("![a](../../../etc/passwd)", 6),
    "an absolute image path": ("![a](/etc/passwd)", EITHER),
    "a link to the config": ("[a](../../sitegen.toml)", EITHER),
    "a link with a null": ("[a](a%00b.md)", EITHER),
    "a link to a folder": ("[a](.)", EITHER),
    "a link to a system file": ("[a](file:///etc/passwd)", EITHER),
}
FRONT_MATTER: dict[str, tuple[str, int]] = {
    "an invalid date": ("date: yesterday", 4),
    "February 30": ("updated: 2024-02-30", 4),
    "year zero": ("updated: 0000-01-01", 4),
    "the last representable time": ("updated: 9999-12-31T23:59:59-12:00", EITHER),
    "the first representable time": ("updated: 0001-01-01T00:00:00+14:00", EITHER),
    "a duplicate key": ("title: U", 4),
    "an unknown alias": ("summary: *x", 4),
    "a billion laughs": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nparams: {x: [*c, *c, *c]}",
        EITHER,
    ),
    "a recursive alias": ("params: &a {x: *a}", EITHER),
    "a Python object": ("summary: !!python/object/apply:os.system [id]", 4),
    "a binary": ("summary: !!binary aGk=", EITHER),
    "an open quote": ('summary: "a', EITHER),
    "an open list": ("tags: [a", EITHER),
    "a tab": ("\tsummary: a", EITHER),
    "a thousand lists in lists": ("tags: " + "[" * 1_000 + "]" * 1_000, EITHER),
    "ten thousand lists in lists": ("tags: " + "[" * 10_000, EITHER),
    "a slug with parent folders": ("slug: ../../etc/passwd", 4),
    "an absolute slug": ("slug: /etc/passwd", 4),
    "a slug with a null": ('slug: "a\\0b"', EITHER),
    "a slug of dots": ("slug: ..", 4),
    "a slug of 400 bytes": ("slug: " + "a" * 400, 4),
    "a reserved slug": ("slug: con", EITHER),
    "an alias with parent folders": ("aliases: [/../../x]", 4),
    "an alias of the home page": ("aliases: [/]", EITHER),
    "an alias of another post": ("aliases: [/posts/first/]", EITHER),
    "an absolute image": ("image: /etc/passwd", EITHER),
    "an image with parent folders": ("image: ../../../etc/passwd", EITHER),
    "a script as a URL": ("source_url: javascript:alert(1)", 4),
    "a script as an image": ("image: javascript:alert(1)", 4),
    "a negative number of views": ("views: -5", 4),
    "an infinite number": ("views: .inf", 4),
    "a number of a thousand digits": ("views: 1" + "0" * 1_000, EITHER),
    "a number of ten thousand digits": ("views: 1" + "0" * 10_000, EITHER),
    "an empty tag": ('tags: [""]', EITHER),
    "a tag of a megabyte": ("tags: [" + "a" * 1_000_000 + "]", EITHER),
    "ten thousand tags": ("tags: [" + ", ".join(f"t{n}" for n in range(1_000)) + "]", EITHER),
    "tags without letters": ('tags: ["???", "!!!", "..."]', EITHER),
    "tags that differ in case": ("tags: [Rain, rain, RAIN]", EITHER),
    "an invalid language": ("language: not-a-language-at-all", EITHER),
    "a list instead of a string": ("subtitle: [a]", BUILT),
    "an invalid draft flag": ("draft: maybe", 4),
    "an unknown field": ("titel: T", 4),
    "an unknown field `output`": ("output: ../../x.html", BUILT),
    "sexagesimal numbers": ("params: {x: 12:30:45, y: 0o17, z: 1_000}", BUILT),
    "booleans of YAML 1.1": ("params: {x: no, y: on, z: ~}", BUILT),
}
FILES: dict[str, tuple[dict[str, str | bytes], str, int]] = {
    "an empty post": ({POST: ""}, POST, EITHER),
    "a post of one byte": ({POST: b"\xff"}, POST, EITHER),
    "a post in UTF-16": ({POST: _body("a").encode("utf-16")}, POST, EITHER),
    "a post in Latin-1": ({POST: _body("é").encode("latin-1")}, POST, EITHER),
    "a post with a byte order mark": ({POST: b"\xef\xbb\xbf" + _body("a").encode()}, POST, BUILT),
    "a post with CRLF line ends": ({POST: _body("a").replace("\n", "\r\n")}, POST, BUILT),
    "a post with CR line ends": ({POST: _body("a").replace("\n", "\r")}, POST, EITHER),
    "unclosed front matter": ({POST: HEAD + "Text."}, POST, EITHER),
    "invalid TOML front matter": ({POST: "+++\ntitle = T\n+++\n"}, POST, 2),
    "invalid JSON front matter": ({POST: '{"title": }\n'}, POST, 1),
    "deeply nested JSON": ({POST: '{"a":' * 10_000}, POST, EITHER),
    "deeply nested TOML": ({POST: "+++\na = " + "[" * 10_000 + "\n+++\n"}, POST, EITHER),
    "a text file named like an image": (
        {POST: post("P", text="![a](p.png)"), "content/posts/p.png": "text"},
        POST,
        BUILT,
    ),
    "an empty image": ({POST: post("P", text="![a](p.png)"), "content/posts/p.png": b""}, POST, BUILT),
    "a truncated image": (
        {POST: post("P", text="![a](p.jpg)"), "content/posts/p.jpg": b"\xff\xd8\xff\xe0"},
        POST,
        BUILT,
    ),
    "two posts with one URL": (
        {POST: post("A") + "", "content/posts/2024-05-02-x.md": post("B")},
        POST,
        EITHER,
    ),
    "a file with the path of a page": ({"content/index.html": "mine"}, "content/index.html", EITHER),
    "a file with the path of a post's page": (
        {"content/posts/first/index.html": "mine"},
        "content/posts",
        EITHER,
    ),
    "a name with a line end": ({"content/posts/a\nb.md": post("A")}, "content/posts", EITHER),
    "a name with a quote": ({"content/posts/a\"'<b>&.md": post("A")}, "content/posts", EITHER),
    "a name with a backslash": ({"content/papers/a\\b.txt": "a"}, "content/papers", EITHER),
    "an empty config": ({"sitegen.toml": ""}, "sitegen.toml", EITHER),
    "an invalid config": ({"sitegen.toml": "title = "}, "sitegen.toml", 1),
    "a config in Latin-1": ({"sitegen.toml": b'title = "\xe9"'}, "sitegen.toml", 1),
    "an unknown setting": ({"sitegen.toml": CONFIG + "colour = 1\n"}, "sitegen.toml", 4),
    "an output folder that is the content folder": (
        {"sitegen.toml": CONFIG + 'output = "content"\n'},
        "sitegen.toml",
        4,
    ),
    "an output folder that is the site": ({"sitegen.toml": CONFIG + 'output = "."\n'}, "sitegen.toml", 4),
    "a content folder outside of the site": ({"sitegen.toml": CONFIG + 'content = "/etc"\n'}, "sitegen.toml", 4),
    "a base URL that is a script": ({"sitegen.toml": 'title = "T"\nbase_url = "javascript:x"\n'}, "sitegen.toml", 2),
    "a template with an endless loop": (
        {"templates/home.html": "{% for x in range(99999999) %}{% endfor %}"},
        "templates",
        EITHER,
    ),
    "a template that extends itself": (
        {"templates/home.html": "{% extends 'home.html' %}"},
        "templates/home.html",
        EITHER,
    ),
    "a template that includes itself": (
        {"templates/home.html": "{% include 'home.html' %}"},
        "templates",
        EITHER,
    ),
    "a macro that calls itself": (
        {"templates/home.html": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"},
        "t",
        EITHER,
    ),
    "a template that divides by zero": ({"templates/home.html": "\n{{ 1 / 0 }}"}, "templates/home.html", 2),
    "a template that accesses internals": (
        {"templates/home.html": "{{ ''.__class__.__mro__[1].__subclasses__() }}"},
        "templates/home.html",
        EITHER,
    ),
    "invalid sources": ({"content/sources.toml": "a = 1"}, "content/sources.toml", 1),
    "an invalid ledger": ({"published.json": "[1, 2"}, "published.json", EITHER),
    "a ledger with paths outside of the site": (
        {"published.json": '{"../../x": {"id": "", "urls": ["/../../y/"]}}'},
        "p",
        EITHER,
    ),
    "counts with a negative number": (
        {"views.csv": "post,platform,from,to,exported,count\n/posts/a/,P,,2024-01-01,2024-01-01,-5\n"},
        "views.csv",
        2,
    ),
    "counts of a path outside of the site": (
        {"views.csv": "post,platform,from,to,exported,count\n../../x,P,,2024-01-01,2024-01-01,5\n"},
        "views.csv",
        2,
    ),
    "counts in another encoding": ({"views.csv": "post,platform\x00"}, "views.csv", 1),
    "invalid data": ({"content/data/a.json": "{"}, "content/data/a.json", EITHER),
    "deeply nested data": ({"content/data/a.json": "[" * 100_000}, "content/data/a.json", EITHER),
    "YAML data with a recursive alias": (
        {"content/data/a.yaml": "&a [*a]"},
        "content/data/a.yaml",
        EITHER,
    ),
}


def _cases() -> Iterator[tuple[str, dict[str, str | bytes], str, int]]:
    for name, text in BODIES.items():
        yield name, {POST: _body(text)}, POST, EITHER if name in OVER_LIMIT else BUILT
    for name, (text, line) in LINKS.items():
        yield name, {POST: _body(text)}, POST, line
    for name, (field, line) in FRONT_MATTER.items():
        yield name, {POST: _front(field)}, POST, line
    yield from ((name, *case) for name, case in FILES.items())
    for name, text in list(BODIES.items()):
        yield (
            f"{name}, by Python-Markdown",
            {POST: _body(text), "sitegen.toml": CONFIG + PYTHON_MARKDOWN},
            POST,
            EITHER,
        )


PYTHON_MARKDOWN = '[markdown]\nengine = "python-markdown"\n'
PATIENT = f"[markdown]\nseconds = {PATIENT_LIMIT_SECONDS}\n"


def build_each_case(home: Path, random: Random) -> Iterator[str]:
    """Build a site with each of the cases."""
    root = make_site(home / "site")
    before: set[str] = set()
    for name, files, path, line in _cases():
        # What must be built may take longer on a slow machine, or while coverage is measured.
        write(root, {"sitegen.toml": CONFIG + (PATIENT if line == BUILT else "")})
        neighbours = set(home.iterdir())
        write(root, files)
        violation = _build_and_check(root, path, line)
        if set(home.iterdir()) != neighbours:
            violation += "something was written outside of the site"
        for file in files:
            remove(root / file)
        for folder in ("content/posts/first", "content/data", "content/papers"):
            remove(root / folder)
        before |= set(read_tree(root / "output"))
        yield f"{name}: {violation}" if violation else ""


def _build_and_check(root: Path, path: str, line: int) -> str:
    start = time.thread_time()
    builder = Builder(root, time.time_ns, cache=CACHE)
    problems = ()
    try:
        with cpu_limit(2 * PATIENT_LIMIT_SECONDS):
            report = builder.build(read_config(root).config, Request(jobs=1))
            problems = report.warnings
    except SiteError as error:
        problems = error.problems
        if line == BUILT:
            return f"it is rejected: {error}"
    except Exception:  # noqa: BLE001 - any exception is a violation
        return traceback.format_exc()[-1200:]
    finally:
        builder.tools.store.close()
    seconds = time.thread_time() - start
    if line != BUILT and seconds > RENDER_LIMIT_SECONDS + 2:  # a post is rejected at the limit
        return f"it took {seconds:.1f} s"
    if line > 0 and not any((problem.path, problem.line) == (path, line) for problem in problems):
        return f"no problem at line {line}: {[(problem.path, problem.line, problem.message) for problem in problems]}"
    return ""
