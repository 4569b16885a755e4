"""The state of the server after the last build: published files, problems, and the changes of each version."""

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
"""The maximum time that a request waits for a deferred file; then it gets the last version."""

MAX_CHANGES = 50
"""The number of builds whose changes are stored. Pages of older builds are reloaded."""
MAX_SEARCHED_ASSETS = 100
"""If more images and scripts than this changed at once, pages are reloaded without searching for them."""


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of one build: assets of pages, and the URL of the edited post for pages that follow it."""

    version: int
    assets: frozenset[str] = frozenset()
    follow: str = ""


class Live:
    """The served state; each build makes a new version. It changes as a whole, while no request reads it.

    If `watching`, pages are notified of changes. `token` is different in each run: only pages of this server have it.
    `wake` is called when a request waits for a file that the last build has deferred.
    """

    def __init__(self, *, watching: bool) -> None:
        self.watching = watching
        self.token = secrets.token_urlsafe(18)
        self.lock = ReadWriteLock()
        self.version = 0
        self.published: Published | None = None
        self.problems: tuple[Problem, ...] = ()
        self.wake: Callable[[], None] = lambda: None
        self._changes: deque[Change] = deque(maxlen=MAX_CHANGES)
        self._is_awaited = False
        self._built = threading.Condition()

    @contextmanager
    def placing(self, published: Published) -> Iterator[None]:
        """Block all requests while files are moved into place; afterwards serve `published`."""
        with self.lock.writing():
            yield
            self.published = published

    def advance(
        self, problems: Collection[Problem], published: Published | None, assets: Collection[str] = (), follow: str = ""
    ) -> None:
        """Start a new version after a build. `published` is None if it failed: the last published files stay."""
        with self.lock.writing():
            self.version += 1
            self.problems = tuple(problems)
            self.published = published or self.published
            self._changes.append(Change(self.version, frozenset(assets), follow))

    @property
    def is_awaited(self) -> bool:
        """Whether a request waits for a file that the last build has deferred."""
        return self._is_awaited

    def release(self) -> None:
        """Let requests continue that wait for a file, if it is up to date after this build."""
        with self._built:
            self._is_awaited = False
            self._built.notify_all()

    def stop_waiting(self) -> None:
        """Let all requests continue, now and later, because no build follows."""
        if self.published is not None:
            self.published = replace(self.published, pending=frozenset())
        self.release()

    def wait_for(self, path: str) -> None:
        """Wait until the file at a decoded path is up to date, if the last build has deferred it.

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
        """Return the published HTML at a decoded path, None if there is none."""
        with self.lock.reading():
            return self._read_page(path)

    def _read_page(self, path: str) -> bytes | None:
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
        """Return a page with the problems that prevent the first build; its script reloads it once there is a site."""
        rows = "".join(f"<pre>{escape(str(problem))}</pre>" for problem in self.problems)
        text = f"<h1>The site cannot be built yet</h1>{rows or '<p>It is being built.</p>'}"
        return f'<!doctype html><html lang="en"><title>No site yet</title><body>{text}</body></html>'.encode()

    def message(self, path: str, shape: str, since: int) -> dict[str, Any]:
        """Return the update for an open page at a path, given its shape and its version `since`.

        `action` is "reload", "styles" (then `styles` are the URLs of style sheets to replace), or "".
        """
        with self.lock.reading():  # a build may end meanwhile: all of the message is about one version
            version, problems = self.version, self.problems
            changes = [change for change in self._changes if change.version > since]
            page = self._read_page(path) if since != version else None
        answer: dict[str, Any] = {
            "version": version,
            "problems": [problem.to_data() for problem in problems],
            "action": "",
        }
        if since == version:
            return answer
        now = shape_of(page) if page is not None else None
        if now is None or now.digest != shape or len(changes) != version - since:
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
    """Return whether a page refers to one of some changed files."""
    return len(assets) > MAX_SEARCHED_ASSETS or any(name.rpartition("/")[2].encode() in page for name in assets)


def assets_of(paths: Collection[str]) -> frozenset[str]:
    """Return the output files that pages use: style sheets, images, scripts."""
    return frozenset(path for path in paths if ending(path) in ASSETS or ending(path) == "css")
