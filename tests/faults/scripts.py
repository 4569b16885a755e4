"""Script in every value that a post, a source or the config can have, shown by a real browser: nothing of it runs."""

import json
import time
from collections.abc import Iterator
from functools import partial
from mimetypes import guess_type
from pathlib import Path
from random import Random
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Route

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from tests.faults.letter import read_tree, remove
from tests.faults.row import UnfitError
from tests.support.programs import find_chromium, open_browser
from tests.support.sites import make_site, write

HOST = "https://letter.example.org"
MARK = "ranAsScript"
RUN = f"window.{MARK}=1"

PAYLOADS = (
    f"<script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"]]><script xmlns='http://www.w3.org/1999/xhtml'>{RUN}</script>",
    f"<svg onload={RUN}>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"{{{{ '<script>{RUN}</script>' | safe }}}}",
    f"</style><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"<iframe srcdoc='<script>parent.{MARK}=1</script>'>",
    f"\u2028;{RUN}//",
    f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>",
)
ADDRESSES = (
    f"javascript:{RUN}",
    f" java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f'https://x.example/"onclick="{RUN}',
    f"vbscript:{RUN}",
)

LINKS = """() => Array.from(document.querySelectorAll("a[href], link[href], form[action], img[src], iframe[src]"))
    .map((it) => it.getAttribute("href") || it.getAttribute("action") || it.getAttribute("src"))
    .filter((it) => /^[\\s\\0]*(java\\s*script|vbscript|data:text)/i.test(it))"""
"""Finds links that would run a script."""

SEARCHED = "document.querySelector('[data-search=status]').textContent"
"""Is there once the search has said what it found; texts around its words come after that."""


def _text(value: str) -> str:
    return json.dumps(value)


def _fields(payload: str, address: str) -> list[str]:
    return [
        f"title: {_text('T ' + payload)}",
        "date: 2024-05-01",
        f"summary: {_text(payload)}",
        f"tags: [{_text(payload)}, plain]",
        f"authors: [{_text(payload)}]",
        f"source: {_text(payload)}",
        f"source_url: {_text(address)}",
        f"image: {_text(address)}",
        f"image_alt: {_text(payload)}",
        f"issue: {_text(payload)}",
        f"language: {_text(payload)}",
        f"id: {_text(payload)}",
        f"views: {{count: 3, on: {_text(payload)}}}",
        f"comments: {{count: 3, on: {_text(payload)}}}",
        f"params: {{x: {_text(payload)}}}",
    ]


def _settle(root: Path, rows: list[str]) -> None:
    """Build, and take out, line by line, what is refused: refusing is right too."""
    post, config = root / "content/posts/2024-05-01-x.md", root / "sitegen.toml"
    for _ in range(40):
        builder = Builder(root, time.time_ns)
        try:
            builder.build(read_config(root).config, Request(jobs=1))
        except SiteError as error:
            for name in {problem.path for problem in error.problems}:
                file = root / name
                wrong = {problem.line for problem in error.problems if problem.path == name}
                if name == "content/sources.toml":
                    file.unlink()
                    continue
                if file not in (post, config) or 0 in wrong:
                    raise
                lines = file.read_text("utf-8").split("\n")
                file.write_text("\n".join(line for number, line in enumerate(lines, 1) if number not in wrong), "utf-8")
            continue
        finally:
            builder.tools.store.close()
        return
    raise AssertionError("the site is refused again and again")


def in_every_value(home: Path, random: Random) -> Iterator[str]:
    """Show every page, feed and search of a site whose every value is script; each of them is a trial."""
    if find_chromium() is None:
        raise UnfitError("there is no Chromium")
    with open_browser() as browser:
        for number, payload in enumerate(PAYLOADS):
            address = ADDRESSES[number % len(ADDRESSES)]
            remove(home / "site")
            root = make_site(home / "site")
            config = [f"{name} = {_text(payload)}" for name in ("title", "description", "author", "rights")]
            config += [f'base_url = "{HOST}/"', "[markdown]", "raw_html = false", "[params]", f"x = {_text(payload)}"]
            body = f"A [link]({address}) <{address}> ![{payload.replace(']', '')}]({quote(address)})\n"
            body += f"\n```{payload}\n{payload}\n```\n\n`{payload}`\n"
            rows = ["---", *_fields(payload, address), "---", "", body]
            write(
                root,
                {
                    "sitegen.toml": "\n".join(config),
                    "content/posts/2024-05-01-x.md": "\n".join(rows),
                    "content/sources.toml": f"[{_text(payload)}]\nurl = {_text('https://x.example/?' + payload)}\n",
                },
            )
            _settle(root, rows)
            tree = read_tree(root / "output")
            page = browser.new_page()
            page.route("**/*", partial(_answer, tree))
            ran: list[str] = []
            page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
            names = [name for name in sorted(tree) if name.endswith((".html", ".xml", ".svg"))]
            for place in [*names, f"search/?q={quote(payload)}", f"search/?q={quote(address)}#{quote(payload)}"]:
                page.goto(f"{HOST}/{place}" if "?" in place else f"{HOST}/{quote(place)}", wait_until="load")
                if "?" in place:
                    page.wait_for_function(SEARCHED)
                    page.wait_for_load_state("networkidle")
                has_run = page.evaluate(f"() => Boolean(window.{MARK})")
                links = page.evaluate(LINKS)
                faults = ["script ran"] if has_run or ran else []
                faults += [f"a link to {link}" for link in links]
                yield f"{place} with {payload!r}: {'; '.join(faults)}" if faults else ""
            page.close()


def _answer(tree: dict[str, bytes], route: Route) -> None:
    parts = urlsplit(route.request.url)
    name = unquote(parts.path).lstrip("/")
    name = name + "index.html" if name.endswith("/") or not name else name
    if f"{parts.scheme}://{parts.netloc}" != HOST or name not in tree:
        route.abort()
        return
    kind = guess_type(name)[0] or "text/plain"
    route.fulfill(body=tree[name], content_type=f"{kind}; charset=utf-8")
