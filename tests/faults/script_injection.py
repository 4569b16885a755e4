"""Put script into every value of a post, a source and the config, and open the site in a browser: none may run."""

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
from tests.faults.scenario import UnavailableError
from tests.faults.site_under_test import read_tree, remove
from tests.support.programs import find_chromium, open_browser
from tests.support.sites import make_site, write
from tests.support.waiting import wait_for_script

HOST = "https://letter.example.org"
MARK = "ranAsScript"
SCRIPT = f"window.{MARK}=1"

PAYLOADS = (
    f"<script>{SCRIPT}</script>",
    f'"><script>{SCRIPT}</script>',
    f"'><img src=x onerror={SCRIPT}>",
    f'" onmouseover="{SCRIPT}" autofocus onfocus="{SCRIPT}" x="',
    f"</title><script>{SCRIPT}</script>",
    f"</script><script>{SCRIPT}</script>",
    f"--><script>{SCRIPT}</script><!--",
    f"]]><script xmlns='http://www.w3.org/1999/xhtml'>{SCRIPT}</script>",
    f"<svg onload={SCRIPT}>",
    f"&lt;script&gt;{SCRIPT}&lt;/script&gt;",
    f"\\u003cscript\\u003e{SCRIPT}\\u003c/script\\u003e",
    f"{{{{ '<script>{SCRIPT}</script>' | safe }}}}",
    f"</style><script>{SCRIPT}</script>",
    f"</textarea><script>{SCRIPT}</script>",
    f"<iframe srcdoc='<script>parent.{MARK}=1</script>'>",
    f"\u2028;{SCRIPT}//",
    f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{SCRIPT}</x:script>",
)
SCRIPT_URLS = (
    f"javascript:{SCRIPT}",
    f" java\tscript:{SCRIPT}",
    f"data:text/html,<script>{SCRIPT}</script>",
    f'https://x.example/"onclick="{SCRIPT}',
    f"vbscript:{SCRIPT}",
)

FIND_SCRIPT_LINKS = """() => Array
    .from(document.querySelectorAll("a[href], link[href], form[action], img[src], iframe[src]"))
    .map((it) => it.getAttribute("href") || it.getAttribute("action") || it.getAttribute("src"))
    .filter((it) => /^[\\s\\0]*(java\\s*script|vbscript|data:text)/i.test(it))"""
"""JavaScript that finds links that would run a script."""

SEARCH_STATUS = "document.querySelector('[data-search=status]').textContent"
"""JavaScript that is true when the search has shown its results; the excerpts follow later."""


def _quote(value: str) -> str:
    return json.dumps(value)


def _fields(payload: str, url: str) -> list[str]:
    return [
        f"title: {_quote('T ' + payload)}",
        "date: 2024-05-01",
        f"summary: {_quote(payload)}",
        f"tags: [{_quote(payload)}, plain]",
        f"authors: [{_quote(payload)}]",
        f"source: {_quote(payload)}",
        f"source_url: {_quote(url)}",
        f"image: {_quote(url)}",
        f"image_alt: {_quote(payload)}",
        f"issue: {_quote(payload)}",
        f"language: {_quote(payload)}",
        f"id: {_quote(payload)}",
        f"views: {{count: 3, on: {_quote(payload)}}}",
        f"comments: {{count: 3, on: {_quote(payload)}}}",
        f"params: {{x: {_quote(payload)}}}",
    ]


def _build_accepted(root: Path, lines: list[str]) -> None:
    """Build, and remove each line that is rejected, which is a correct result too."""
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
    raise AssertionError("every build is rejected")


def inject_into_every_value(home: Path, random: Random) -> Iterator[str]:
    """Open every page, feed and search of a site whose values are all script; each of them is a trial."""
    if find_chromium() is None:
        raise UnavailableError("Chromium is not installed")
    with open_browser() as browser:
        for number, payload in enumerate(PAYLOADS):
            url = SCRIPT_URLS[number % len(SCRIPT_URLS)]
            remove(home / "site")
            root = make_site(home / "site")
            config = [f"{name} = {_quote(payload)}" for name in ("title", "description", "author", "rights")]
            config += [f'base_url = "{HOST}/"', "[markdown]", "raw_html = false", "[params]", f"x = {_quote(payload)}"]
            body = f"A [link]({url}) <{url}> ![{payload.replace(']', '')}]({quote(url)})\n"
            body += f"\n```{payload}\n{payload}\n```\n\n`{payload}`\n"
            lines = ["---", *_fields(payload, url), "---", "", body]
            write(
                root,
                {
                    "sitegen.toml": "\n".join(config),
                    "content/posts/2024-05-01-x.md": "\n".join(lines),
                    "content/sources.toml": f"[{_quote(payload)}]\nurl = {_quote('https://x.example/?' + payload)}\n",
                },
            )
            _build_accepted(root, lines)
            tree = read_tree(root / "output")
            page = browser.new_page()
            page.route("**/*", partial(_answer, tree))
            ran: list[str] = []
            page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
            names = [name for name in sorted(tree) if name.endswith((".html", ".xml", ".svg"))]
            for target in [*names, f"search/?q={quote(payload)}", f"search/?q={quote(url)}#{quote(payload)}"]:
                page.goto(f"{HOST}/{target}" if "?" in target else f"{HOST}/{quote(target)}", wait_until="load")
                if "?" in target:
                    wait_for_script(page, SEARCH_STATUS)
                    page.wait_for_load_state("networkidle")
                has_run = page.evaluate(f"() => Boolean(window.{MARK})")
                links = page.evaluate(FIND_SCRIPT_LINKS)
                violations = ["script ran"] if has_run or ran else []
                violations += [f"a link to {link}" for link in links]
                yield f"{target} with {payload!r}: {'; '.join(violations)}" if violations else ""
            page.close()


def _answer(tree: dict[str, bytes], route: Route) -> None:
    parts = urlsplit(route.request.url)
    name = unquote(parts.path).lstrip("/")
    name = name + "index.html" if name.endswith("/") or not name else name
    if f"{parts.scheme}://{parts.netloc}" != HOST or name not in tree:
        route.abort()
        return
    mime_type = guess_type(name)[0] or "text/plain"
    route.fulfill(body=tree[name], content_type=f"{mime_type}; charset=utf-8")
