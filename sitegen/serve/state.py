"""What the server knows of the last build: the plan, the problems, and what changed from version to version."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import unquote

from sitegen.errors import Problem
from sitegen.formats.mime_types import ASSETS, ending
from sitegen.serve.reload.inject import shape_of
from sitegen.serve.routes import Found, Moved, Published, find, open_file
from sitegen.serve.rw_lock import ReadWriteLock

MAX_WAIT_SECONDS = 20
"""A request waits no longer for a deferred file: then it gets the last one."""

REMEMBERED = 50
"""So many builds back, a page that comes again is told what changed; an older one is loaded anew."""
MANY = 100
"""So many changed pictures and scripts at once are not looked for in a page: it is loaded anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one build changed: files that pages use, and the URL of the post that was edited, to follow."""

    version: int
    assets: frozenset[str] = frozenset()
    follow: str = ""


class Live:
    """Holds what is served now; versions count builds. All of it changes at once, while no request reads it.

    `watching` says whether pages learn of changes. `token` is of this run: only our own pages know it. `wake` is
    called when a request waits for a file that the last build has deferred.
    """

    def __init__(self, *, watching: bool) -> None:
        self.watching = watching
        self.token = secrets.token_urlsafe(18)
        self.gate = ReadWriteLock()
        self.version = 0
        self.published: Published | None = None
        self.problems: tuple[Problem, ...] = ()
        self.wake: Callable[[], None] = lambda: None
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._is_awaited = False
        self._built = threading.Condition()

    @contextmanager
    def placing(self, published: Published) -> Iterator[None]:
        """Hold back all requests while files are put in place; from then on these are what is served."""
        with self.gate.writing():
            yield
            self.published = published

    def advance(
        self, problems: Collection[Problem], published: Published | None, assets: Collection[str] = (), follow: str = ""
    ) -> None:
        """Begin a new version, after a build; `published` is None where that failed: then what was, stays."""
        with self.gate.writing():
            self.version += 1
            self.problems = tuple(problems)
            self.published = published or self.published
            self._changes.append(Change(self.version, frozenset(assets), follow))

    @property
    def is_awaited(self) -> bool:
        """Whether a request waits for a file that the last build has deferred."""
        return self._is_awaited

    def release(self) -> None:
        """Let requests continue that have waited for a file, if it is up to date after this build."""
        with self._built:
            self._is_awaited = False
            self._built.notify_all()

    def stop_waiting(self) -> None:
        """Let all requests continue, now and later: no build follows."""
        if self.published is not None:
            self.published = replace(self.published, pending=frozenset())
        self.release()

    def wait_for(self, path: str) -> None:
        """Wait until the file that a decoded path leads to is up to date, if the last build has deferred it.

        If the next build fails, the last good file is served, as for all other files.
        """
        with self._built:
            end = time.monotonic() + MAX_WAIT_SECONDS
            while self._is_pending(path) and not self.problems and time.monotonic() < end:
                if not self._is_awaited:
                    self._is_awaited = True
                    self.wake()
                self._built.wait(MAX_WAIT_SECONDS)

    def _is_pending(self, path: str) -> bool:
        published = self.published
        if published is None or not published.pending:
            return False
        target = find(published, path)
        return isinstance(target, Found) and target.name in published.pending

    def page_at(self, path: str) -> bytes | None:
        """Return the HTML, as published, that a decoded path leads to; None where it leads to none."""
        with self.gate.reading():
            published = self.published
            if published is None:
                return self.page_of_problems()
            target = find(published, path)
            while isinstance(target, Moved):
                target = find(published, unquote(target.url))
            file = open_file(published, target.name) if isinstance(target, Found) else None
            if file is None:
                return None
            with file:
                return file.read()

    def page_of_problems(self) -> bytes:
        """Return a page that tells why there is no site yet; with the script it becomes the site once there is."""
        rows = "".join(f"<pre>{escape(str(problem))}</pre>" for problem in self.problems)
        text = f"<h1>The site cannot be built yet</h1>{rows or '<p>It is being built.</p>'}"
        return f'<!doctype html><html lang="en"><title>No site yet</title><body>{text}</body></html>'.encode()

    def message(self, path: str, shape: str, since: int) -> dict[str, Any]:
        """Return what a page at a path shall do that was drawn in a shape and knows all up to a version.

        `action` is "reload", "styles" (then `styles` are the addresses to exchange), or "".
        """
        answer: dict[str, Any] = {
            "version": self.version,
            "problems": [problem.to_data() for problem in self.problems],
            "action": "",
        }
        if since == self.version:
            return answer
        page = self.page_at(path)
        changes = [change for change in tuple(self._changes) if change.version > since]
        now = shape_of(page) if page is not None else None
        if now is None or now.digest != shape or len(changes) != self.version - since:
            answer["action"] = "reload"
        else:
            assets = frozenset[str]().union(*(change.assets for change in changes))
            sheets = {name for name in assets if ending(name) == "css"}
            if _uses(page or b"", assets - sheets):
                answer["action"] = "reload"
            elif sheets:
                answer |= {"action": "styles", "styles": now.styles}
        follow = next((change.follow for change in reversed(changes) if change.follow), "")
        if follow:
            answer["follow"] = follow
        return answer


def _uses(page: bytes, assets: Collection[str]) -> bool:
    """Say whether a page names one of some files that changed."""
    return len(assets) > MANY or any(name.rpartition("/")[2].encode() in page for name in assets)


def assets_of(paths: Collection[str]) -> frozenset[str]:
    """Return those of some output files that pages use: style sheets, pictures, scripts."""
    return frozenset(path for path in paths if ending(path) in ASSETS or ending(path) == "css")
