"""Runs the reader's search, templates/assets/search.js, as browsers get it: by node, or else in Chromium."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.programs import open_browser

CLIENT = Path(__file__).parents[2] / "templates" / "assets" / "search.js"
NODE_SCRIPT = """
import { readFile } from "node:fs/promises";
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { source, folder, script, argument } = JSON.parse(Buffer.concat(chunks).toString());
const client = await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
const read = (path) => readFile(folder + "/" + path, "utf8");
console.log(JSON.stringify(await (0, eval)(script)(client, read, argument)));
"""
CHROMIUM_SCRIPT = """
async (argument) => {
  const client = await import("/search.js");
  const read = async (path) => (await fetch("/" + path)).text();
  return (SCRIPT)(client, read, argument);
}
"""


def run_client(script: str, folder: Path, argument: Any = None) -> Any:
    """Return what a script `async (client, read, argument) => ...` returns, read being given paths below a folder."""
    node = shutil.which("node")
    if node is None:
        shutil.copy(CLIENT, folder)
        with serve(folder) as address, open_browser() as browser:
            page = browser.new_page()
            page.goto(address)
            return page.evaluate(CHROMIUM_SCRIPT.replace("SCRIPT", script), argument)
    source = CLIENT.read_text(encoding="utf-8")
    question = json.dumps({"source": source, "folder": str(folder), "script": script, "argument": argument})
    command = [node, "--input-type=module", "-e", NODE_SCRIPT]
    done = subprocess.run(command, input=question, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files with the policy under which the whole site must work, and says nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass

    def log_error(self, *args: Any) -> None:
        pass


@contextmanager
def serve(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder on the loopback interface and yield its URL, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
