"""Answers requests."""

import os
from dataclasses import dataclass
from hmac import compare_digest
from importlib.resources import files
from urllib.parse import parse_qs

from sitegen.formats.mime_types import content_type
from sitegen.serve.http.allowed_hosts import Hosts, is_own_origin
from sitegen.serve.http.request import HttpRequest, RequestError, split_target
from sitegen.serve.http.response import HttpResponse, conditional, moved, plain, stamp_tag
from sitegen.serve.reload.inject import SCRIPT_URL, add_ribbon, add_script
from sitegen.serve.routes import Found, Moved, find, open_file
from sitegen.serve.state import Live

EVENTS_URL = "/.sitegen/events"
MAX_BUFFERED_BYTES = 1 << 20
"""Files up to this size are sent from memory."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """An open page that requests notifications: its path, its shape, and its version."""

    page: str
    shape: str
    since: int


class Answers:
    """Answers requests for one of `hosts` with the files that `live` serves."""

    def __init__(self, live: Live, hosts: Hosts) -> None:
        self.live, self.hosts = live, hosts
        self._script = files("sitegen.serve.reload").joinpath("reload.js").read_bytes()

    def answer(self, request: HttpRequest) -> HttpResponse | Subscription:
        """Return the answer to a request; raise RequestError for one that is refused."""
        host = request.headers.get("host", "")
        if not host:
            raise RequestError("the request names no host")
        if not self.hosts.allow(host):
            names = ", ".join(sorted(self.hosts.names))
            raise RequestError(f"the host {host} is not served, only {names}: see --host", 403)
        if request.method not in ("GET", "HEAD"):
            raise RequestError(f"the method {request.method} is not supported", 405)
        path, query = split_target(request.target)
        if self.live.watching and path == SCRIPT_URL:
            script = HttpResponse(200, {"Content-Type": "text/javascript; charset=utf-8"}, self._script)
            return conditional(request, script, f'"{self.live.token[:6]}"', len(self._script))
        if self.live.watching and path == EVENTS_URL:
            return self._subscribe(request, query)
        return self._file(request, path, query)

    def _subscribe(self, request: HttpRequest, query: str) -> Subscription:
        try:
            values = {name: rows[-1] for name, rows in parse_qs(query, max_num_fields=8).items()}
        except ValueError:
            raise RequestError("the query has too many fields") from None
        token = values.get("token", "").encode()
        if not compare_digest(token, self.live.token.encode()) or not is_own_origin(request.headers):
            raise RequestError("only this server's own pages are notified of changes", 403)
        since = values.get("since", "")
        known = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0
        return Subscription(values.get("page", "/"), values.get("shape", ""), known)

    def _file(self, request: HttpRequest, path: str, query: str) -> HttpResponse:
        live = self.live
        live.wait_for(path)
        with live.lock.reading():
            published, version = live.published, live.version
            if published is None:
                page = live.page_of_problems()
                return self._page(HttpResponse(503, {"Content-Type": content_type(".html")}, page), version, path)
            target = find(published, path)
            if isinstance(target, Moved):
                return moved(target.url, query)
            file = open_file(published, target.name) if isinstance(target, Found) else None
            if target is None or file is None:
                return plain(404, "there is no such page")
            status = os.fstat(file.fileno())
            media_type = content_type(target.name)
            whole = media_type.startswith("text/html") or status.st_size <= MAX_BUFFERED_BYTES
            data = b""
            if whole:
                with file:
                    data = file.read(status.st_size)
        tag = stamp_tag(status)
        response = HttpResponse(target.status, {"Content-Type": media_type}, data)
        if not whole:
            response.file, response.size = file, status.st_size
        if media_type.startswith("text/html"):
            if target.name in published.previews:
                response.body = add_ribbon(response.body, "a draft, or dated in the future")
            response = self._page(response, version, path)
            tag = f"{tag}-{live.token[:6]}-{version}"
        answer = conditional(request, response, f'"{tag}"', len(response.body) if whole else status.st_size)
        if answer.file is not file:
            file.close()
        return answer

    def _page(self, response: HttpResponse, version: int, path: str) -> HttpResponse:
        if self.live.watching:
            response.body = add_script(response.body, self.live.token, version, path)
        return response
