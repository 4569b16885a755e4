"""A threading server on the loopback address, for tests of clients."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def run_server(handler: type[BaseHTTPRequestHandler], **attributes: Any) -> Iterator[Any]:
    """Run a server and yield it, with more attributes for its handler; the event `stop` is set at the end."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.guard, server.stop = threading.Lock(), threading.Event()
    for name, value in attributes.items():
        setattr(server, name, value)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        thread.join()
        server.server_close()
