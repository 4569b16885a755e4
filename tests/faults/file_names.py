"""Build posts whose titles, slugs and tags are in every script, reserved, or equal for some file systems."""

import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from tests.faults.fuzz import cpu_limit
from tests.faults.site_under_test import read_tree, remove
from tests.support.sites import make_site, write

MAX_NAME_BYTES = 240
POSTS_PER_BUILD = 20

SPECIAL = (
    *(
        "con",
        "PRN",
        "aux.html",
        "nul",
        "COM1",
        "lpt9.md",
        ".",
        "..",
        "...",
        ".hidden",
        "-",
        "_",
        "a/b",
        "a\\b",
        "../x",
        "/x",
    ),
    *(
        "a:b",
        "a*b",
        "a?b",
        'a"b',
        "a<b>c",
        "a|b",
        "a b",
        " a",
        "a ",
        "a.",
        "a%2fb",
        "%2e%2e",
        "a%00b",
        "~",
        "a~1",
        "index",
    ),
    *(
        "Straße",
        "STRASSE",
        "strasse",
        "ﬁle",
        "file",
        "İstanbul",
        "istanbul",
        "ıstanbul",
        "Å",
        "A\u030a",
        "Å",
        "é",
        "e\u0301",
    ),
    *(
        "\u202eevil",
        "a\u200db",
        "a\u200bb",
        "\ufeffa",
        "\u2066a\u2069",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "1",
        "0",
        "-1",
        "true",
        "null",
        "2024",
        "page",
    ),
    *(
        "é" * 200,
        "a" * 400,
        "日" * 140,
        "👍" * 100,
        "x" * 239,
        "feed.xml",
        "atom.xml",
        "tags",
        "posts",
        "search",
        "archive",
    ),
    *("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς", "ς", "σ", "Ǆ", "ǆ", "ǅ", "K", "k", "ſ", "s", "Ω", "Ω", "ᾳ", "ΑΙ", "\u0345"),
)
RANGES = (
    *((0x41, 0x17F), (0x370, 0x52F), (0x531, 0x587), (0x5D0, 0x5EA), (0x620, 0x6FF), (0x900, 0xDFF), (0xE00, 0xEFF)),
    *((0xF00, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x137F), (0x13A0, 0x18AA), (0x1E00, 0x1FFF), (0x2000, 0x206F)),
    *((0x2C00, 0x2DFF), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7A3), (0xF900, 0xFFEF)),
    *(
        (0x10000, 0x1018F),
        (0x10330, 0x105FF),
        (0x1D400, 0x1D7FF),
        (0x1F300, 0x1FAFF),
        (0x20000, 0x2A6DF),
        (0xE0000, 0xE01EF),
    ),
)


def make_name(random: Random) -> str:
    """Return a special name, or letters of one script, in a random case and Unicode normalization form."""
    if random.random() < 0.4:
        name = random.choice(SPECIAL)
    else:
        low, high = random.choice(RANGES)
        name = "".join(chr(random.randint(low, high)) for _ in range(random.choice([1, 2, 5, 12, 130])))
    name = random.choice([str, str, str.upper, str.lower, str.title, str.swapcase])(name)
    return unicodedata.normalize(random.choice(["NFC", "NFD", "NFKC", "NFKD"]), name) if random.random() < 0.5 else name


def quote(string: str) -> str:
    """Return a YAML string with all characters escaped."""
    return '"' + "".join(f"\\U{ord(site):08x}" for site in string) + '"'


def build_named_posts(home: Path, random: Random) -> Iterator[str]:
    """Build posts with random titles, tags, sources and slugs, many at once; each post is a trial."""
    while True:
        names = [make_name(random) for _ in range(POSTS_PER_BUILD)]
        root = make_site(home / "site")
        for number, name in enumerate(names):
            front = [f"title: {quote(name)}", "date: 2024-05-01", f"slug: n{number}"]
            front.append(f"tags: [{quote(random.choice(names))}, {quote(name)}]")
            front.append(random.choice([f"source: {quote(name)}", f"author: {quote(name)}", ""]))
            slug_choice = random.randrange(3)
            if slug_choice == 0:
                del front[2]
            if slug_choice == 1:
                front[2] = f"slug: {quote(name)}"
            write(root, {f"content/posts/n{number}.md": "\n".join(["---", *front, "---", "", "Text."])})
        violations = list(_build_without_rejected(root))
        remove(root)
        yield f"{names}: {'; '.join(violations)}" if violations else ""
        for _ in range(POSTS_PER_BUILD - 1):
            yield ""


def _build_without_rejected(root: Path) -> Iterator[str]:
    """Build without the posts that are rejected, and yield what is wrong with the output."""
    neighbours = sorted(path.name for path in root.parent.iterdir())
    config = read_config(root).config
    for _ in range(30):
        builder = Builder(root, time.time_ns)
        try:
            with cpu_limit(30):
                report = builder.build(config, Request(jobs=1))
        except SiteError as error:
            for problem in error.problems:
                file = root / problem.path
                if "cannot tell apart" in problem.message:
                    return  # reported, and no file was overwritten
                if not problem.path.startswith("content/posts/"):
                    yield f"a problem that names no post: {problem}"
                    return
                file.unlink(missing_ok=True)
            continue
        finally:
            builder.tools.store.close()
        break
    else:
        yield "every build is rejected"
        return
    tree = read_tree(root / "output")
    if len(set(report.rendered)) != len(report.rendered) or set(tree) != set(report.rendered):
        yield f"files and pages differ: {set(tree) ^ set(report.rendered)}"
    if sorted(path.name for path in root.parent.iterdir()) != neighbours:
        yield "something was written outside of the site"
    folded: dict[str, str] = {}
    for name in tree:
        for part in name.split("/"):
            if len(part.encode()) > MAX_NAME_BYTES:
                yield f"{name} has a name of {len(part.encode())} bytes"
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
        if folded.setdefault(key, name) != name:
            yield f"{name} and {folded[key]} are the same file on some file systems"
    for path in (root / "content/posts").glob("n*.md"):
        if not any(post.path == f"content/posts/{path.name}" and post.output in tree for post in builder.posts()):
            yield f"{path.name} has no page"
