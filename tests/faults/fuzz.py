"""Fuzz every type of input file: each build ends with a site, or with problems that name file and line."""

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.render.theme import find_theme
from tests.support.sites import CACHE, CONFIG, make_site, post, write

MAX_CPU_SECONDS = 10
"""Maximum CPU time of a build."""

FULL_CONFIG = """\
title = "A: \\"B\\""
base_url = "https://letter.example.org/sub"
language = "de"
timezone = "Europe/Berlin"
author = "Ada"
content = "content"
output = "output"

[params]
one = 1
"""

CORPUS: dict[str, tuple[str, ...]] = {
    "content/posts/2024-05-01-fuzz.md": (
        post(
            "A",
            text="# One\n\nText, *em*, [a](2024-01-01-first.md), ![b](c.png)\n\n```python\nx = 1\n```\n\n- a\n  - b\n",
        ),
        '---\ntitle: "T"\ndate: 2024-05-01T10:00:00+02:00\ntags: [a, "b: c", é]\nsource: S\n'
        "source_url: https://x.example/y\n"
        "views: 1,234\ncomments: {count: 3, on: X, at: 2024-05-02}\nauthors: [A, B]\nslug: f\naliases: [/old/]\n---\n\n"
        "| a | b |\n|--|--|\n| 1 | 2 |\n",
        '+++\ntitle = "T"\ndate = 2024-05-01\ntags = ["a"]\n[params]\nx = {y = 1}\n+++\n\nText[^1]\n\n[^1]: Note\n',
        '{"title": "T", "date": "2024-05-01", "tags": ["a"]}\n\n<div onclick="x">raw <b>html</div>\n',
        "Title: T\nDate: 2024-05-01\n\nHeadline\n========\n\n> quote\n\n1. a\n2. b\n\n<!-- more -->\n",
    ),
    "content/pages/fuzz.md": ("---\ntitle: P\n---\n\nText.\n",),
    "sitegen.toml": (CONFIG, FULL_CONFIG),
    "content/sources.toml": (
        '["A"]\nurl = "https://a.example/"\nfeed = "https://a.example/feed"\npolicy = "excerpt"\n',
    ),
    "templates/home.html": (
        (find_theme() / "home.html").read_text("utf-8"),
        "{% extends 'base.html' %}{% block main %}{{ site.posts | length }}{% endblock %}",
    ),
    "templates/post.html": ((find_theme() / "post.html").read_text("utf-8"),),
    "published.json": ('{"content/posts/2024-01-01-first.md": {"id": "x", "urls": ["/posts/first/"]}}\n', "{}", "[]"),
    "content/data/things.json": ('{"a": [1, 2, {"b": null}]}', "[]"),
    "content/data/things.toml": ("a = 1\n[b]\nc = 1979-05-27T07:32:00Z\n",),
    "content/data/things.yaml": ("a: &x [1, 2]\nb: *x\n",),
}

TOKENS = (
    *("---\n", "+++\n", "```", "~~~", "\n", "\r\n", "\r", "\x00", "\ufeff", "\u2028", "\u202e", "\U0001f600", "\ud800"),
    *(
        "[",
        "](",
        "![",
        ")",
        "<",
        ">",
        "<script>",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "&amp;",
        "&#0;",
        "&#x110000;",
        "\\",
    ),
    *("{{", "}}", "{%", "%}", "{#", "{% for x in site.posts %}", "{{ site.nothing.at.all }}", "{% include 'x' %}"),
    *(
        "{{ 1/0 }}",
        "{{ site.posts.append(1) }}",
        "{% extends 'home.html' %}",
        "{{ range(10) | list }}",
        "{% macro x() %}",
    ),
    *(
        ": ",
        ":",
        "- ",
        "? ",
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "!!binary ",
        "| ",
        "> ",
        "%YAML 1.1\n",
        "<<: ",
        "@",
        "`",
    ),
    *(
        "date: 99999-99-99\n",
        "date: 0000-00-00\n",
        "date: 2024-02-30\n",
        "date: 9999-12-31T23:59:59-14:00\n",
        "date: 1\n",
    ),
    *("0x", "1e999", "-1", "NaN", ".inf", "99999999999999999999999999", "null", "true", "~", "''", '""', "[]", "{}"),
    *(
        "slug: ../../etc\n",
        "slug: con\n",
        "slug: ''\n",
        "aliases: [../../x]\n",
        "image: /etc/passwd\n",
        "lang: xx-yy-zz-\n",
    ),
    *(
        "title: [a]\n",
        "title: {a: b}\n",
        "title: 1\n",
        "tags: {a: b}\n",
        "tags: 1\n",
        "authors: [[]]\n",
        "draft: maybe\n",
    ),
    *(
        'base_url = ""\n',
        'output = "/"\n',
        'output = "../x"\n',
        'content = "."\n',
        'timezone = "Moon"\n',
        "= 1\n",
        "[[a]]\n",
    ),
    *("[x]: y\n", "[^1]", "$$", "|", "=" * 9, "#" * 9, "*" * 99, "[" * 99, ">" * 99, "- " * 60, "<b>" * 99, "{{" * 20),
)


def mutate(random: Random, originals: tuple[str, ...], others: tuple[str, ...]) -> bytes:
    """Return one of the originals after some random mutations."""
    text = random.choice(originals)
    data = bytearray(text.encode())
    for _ in range(random.choice([1, 1, 2, 3, 8, 30])):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice([0, 1, 1, 2, 5, 40]))
        choice = random.randrange(6)
        if choice == 0:
            data[start:end] = random.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif choice == 1:
            data[start:start] = random.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif choice == 2:
            del data[start:end]
        elif choice == 3:
            data[start:start] = data[end : end + random.randrange(80)] * random.choice([1, 2, 20])
        elif choice == 4:
            data[start:end] = random.randbytes(random.randint(1, 4))
        else:
            data[start:start] = random.choice(others).encode()[: random.randrange(200)]
    return bytes(data)


class CpuLimitError(Exception):
    """A build took more CPU time than allowed."""


@contextmanager
def cpu_limit(seconds: int) -> Iterator[None]:
    """Raise CpuLimitError once this process has used a number of seconds of CPU time.

    CPU time does not depend on the load of the machine, as wall time does.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise CpuLimitError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fuzz_files(home: Path, random: Random) -> Iterator[str]:
    """Mutate one file of a site at a time, and build the site."""
    root = make_site(home / "site")
    builder = Builder(root, time.time_ns, cache=CACHE)
    everything = tuple(text for texts in CORPUS.values() for text in texts)
    try:
        while True:
            name = random.choice([*CORPUS, "content/posts/2024-05-01-fuzz.md", "content/posts/2024-05-01-fuzz.md"])
            data = mutate(random, CORPUS[name], everything)
            write(root, {name: data})
            violation = _build(builder, root)
            yield f"{name} of {data!r}: {violation}" if violation else ""
            (root / name).unlink(missing_ok=True)
            if name == "sitegen.toml":
                write(root, {name: CONFIG})
    finally:
        builder.tools.store.close()


def _build(builder: Builder, root: Path) -> str:
    """Build, and return how the end violates the guarantees, or an empty string."""
    start = time.thread_time()
    try:
        with cpu_limit(2 * MAX_CPU_SECONDS):
            config = read_config(root).config
            if config.output != "output" or config.content != "content":
                return ""
            builder.build(config, Request(jobs=1))
    except SiteError as error:
        incomplete = [problem for problem in error.problems if not problem.path or not problem.message]
        return f"a problem without file or message: {incomplete}" if incomplete else ""
    except Exception:  # noqa: BLE001 - the fuzzer searches for any exception
        return traceback.format_exc()[-1500:]
    seconds = time.thread_time() - start
    return f"it took {seconds:.1f} s" if seconds > MAX_CPU_SECONDS else ""
