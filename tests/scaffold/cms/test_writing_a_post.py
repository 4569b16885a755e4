"""A person writes a post in the page of Decap CMS in Chromium, and sitegen builds it.

The editor and its local server come from npm (`SITEGEN_NODE_MODULES`, installed by `.ci/run`); nothing is fetched.
"""

import http.server
import os
import subprocess
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.scaffold.cms.browser_editors import DECAP
from tests.support.programs import open_browser, require_node_file, require_program
from tests.support.publish_servers import start_server

PROXY = "http://localhost:8081/"
"""The URL at which Decap expects its local server; the requests are sent on to the port of the test."""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A handler that serves a folder and logs nothing."""

    def log_message(self, *_):
        """Log nothing."""


@contextmanager
def serve_folder(folder):
    """Serve a folder on a port of this machine, and yield the port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def run_decap_server(root):
    """Run Decap's local server for a site, and yield its port."""
    command = [require_program("node"), require_node_file("decap-server", "dist", "index.js")]

    def start(port):
        settings = {"PORT": str(port), "MODE": "fs", "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "error"}
        return subprocess.Popen(command, cwd=root, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)

    port, process = start_server(start)
    with process:
        try:
            yield port
        finally:
            process.terminate()


def run(root, *arguments):
    result = CliRunner().invoke(main, ["-C", str(root), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def serve_scripts(page, editor, folder):
    """Let a page load the scripts of an editor from a folder in place of the CDN."""

    def load_script(route):
        name = route.request.url.partition("/dist/")[2]
        media = "text/javascript" if name.endswith(".js") else "application/wasm"
        headers = {"access-control-allow-origin": "*", "content-type": media}
        route.fulfill(path=str(folder / name), headers=headers)

    page.route(f"{editor.url.partition('/dist/')[0]}/**", load_script)


@contextmanager
def open_decap(root):
    """Serve a built site, log in to Decap in it, and yield the page and the port of the site."""
    scripts = require_node_file("decap-cms", "dist", DECAP.script).parent
    with serve_folder(root / "output") as port, run_decap_server(root) as proxy, open_browser() as browser:
        page = browser.new_page(timezone_id="UTC")  # that of the site: the editors write dates of the browser
        serve_scripts(page, DECAP, scripts)
        page.route(
            f"{PROXY}**",
            lambda route: route.continue_(url=route.request.url.replace(PROXY, f"http://127.0.0.1:{proxy}/")),
        )
        page.goto(f"http://localhost:{port}/admin/")
        page.get_by_role("button", name="Login").click()
        yield page, port


@pytest.mark.slow  # starts Chromium and Node.js
def test_a_post_written_in_the_browser_is_saved_built_and_shown(tmp_path):
    root = tmp_path / "site"
    run(tmp_path, "init", str(root), "--cms", "decap")
    run(root, "build")
    with open_decap(root) as (page, port):
        for title in ("Hello", "First published elsewhere", "More than text"):
            page.get_by_text(title, exact=True).first.wait_for()
        page.goto(f"http://localhost:{port}/admin/#/collections/posts/new")
        page.get_by_label("Title").first.fill('Written: "in a browser"')
        page.locator("[data-slate-editor=true]").last.click()
        page.keyboard.type("Some **bold** words, and a note.[^1]")
        page.get_by_role("button", name="Publish").first.click()
        page.get_by_text("Publish now").first.click()
        page.wait_for_url("**/entries/**")
        run(root, "build")
        (post,) = root.glob("content/posts/*/*/index.md")
        assert "Some **bold** words, and a note.[^1]" in post.read_text("utf-8")
        name = post.parent.name.split("-", 3)[3]
        assert name == "written-in-a-browser"
        page.goto(f"http://localhost:{port}/posts/{name}/")
        assert page.locator("h1").inner_text() == 'Written: "in a browser"'
        assert page.locator("strong").first.inner_text() == "bold"
        if folder := os.environ.get("SITEGEN_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/written-post.png")
