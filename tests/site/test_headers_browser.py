"""The whole site in a real browser, served with the Content-Security-Policy of its `_headers` file."""

import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.scaffold.skeleton import write_site
from tests.support.programs import open_browser
from tests.support.sites import CACHE


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder with one policy for all its files."""

    policy = ""

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def address(tmp_path):
    write_site(tmp_path, "News", "https://news.example.com/")
    builder = Builder(tmp_path, time.time_ns, cache=CACHE)
    builder.build(read_config(tmp_path).config, Request())
    builder.close()
    rows = (tmp_path / "output/_headers").read_text().splitlines()
    (policy,) = (row.partition(": ")[2] for row in rows if "Content-Security-Policy" in row)
    handler = type("Handled", (Handler,), {"policy": policy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path / "output")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path / "output"
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_page_of_the_theme_breaks_the_policy(address):
    url, output = address
    pages = sorted(path.relative_to(output).as_posix() for path in output.rglob("*.html"))
    reported: list[str] = []
    with open_browser() as browser:
        page = browser.new_page()
        page.on("console", lambda message: reported.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: reported.append(f"{page.url}: {error}"))
        for path in pages:
            page.goto(f"{url}/{path.removesuffix('index.html')}")
        page.goto(f"{url}/search/?q=words", wait_until="networkidle")
        rules = page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)")
        page.evaluate("() => { const e = document.createElement('script'); e.text = '1'; document.body.append(e) }")
    refused = [text for text in reported if "Content Security Policy" in text]
    assert len(pages) > 10
    assert all(rules)
    assert rules
    assert [text for text in reported if text not in refused] == []
    assert len(refused) == 1, "the script that the test puts in is refused, and nothing else is"
