"""A session of the server: build, serve, and build again after each change."""

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.build.build_site import Report
from sitegen.build.builder import WORK, Builder, Request
from sitegen.config.load import CONFIGS, read_config
from sitegen.config.schema import Config, base_path
from sitegen.content.ledger import LEDGER_FILE, VIEWS_FILE
from sitegen.content.selection import is_preview
from sitegen.errors import Problem, SiteError, describe_os_error, naming
from sitegen.media.image_facts import ImageMode
from sitegen.model import Post
from sitegen.render.theme import find_theme
from sitegen.serve.routes import Published
from sitegen.serve.state import Live, assets_of
from sitegen.serve.watch.file_snapshot import WatchedFolder
from sitegen.system.hook_recorder import LISTING
from sitegen.system.progress import Progress, no_progress

PREVIEW = f"{WORK}/preview"
"""The output folder of sites with drafts, so that they are not published by accident."""

ENCODE_SECONDS = 0.5
"""The time for which images are encoded before the session scans for changes again."""

REST_NS = 1_000_000_000
"""The time without a change after which the output is completed and checked."""

SETTINGS = (*CONFIGS, "hooks.py", LEDGER_FILE, VIEWS_FILE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a build: its report, or None and the problems.

    If `uses_last_config`, the config is invalid and the last valid one was used. If `served`, there is a site to serve,
    from this build or an earlier one. `seconds` is the time of the build, `pending` are the files that it has deferred
    to the next build.
    """

    report: Report | None
    problems: tuple[Problem, ...]
    seconds: float
    uses_last_config: bool = False
    served: bool = True
    pending: frozenset[str] = frozenset()

    def differs(self, last: "Outcome") -> bool:
        """Return whether there is something to report after the last outcome."""
        if self.problems != last.problems or (self.report is None) != (last.report is None):
            return True
        if self.report is None or last.report is None:
            return False
        did = self.report.rendered or self.report.removed
        return bool(did) or self.report.warnings != last.report.warnings


class Session:
    """The builder of a site that is served, and the last valid config.

    If the request includes drafts or future posts, the site is built into PREVIEW. With `follow`, open
    pages go to the post that was edited last. `cache` is the user's folder for compiled templates.
    """

    def __init__(
        self,
        root: Path,
        request: Request,
        live: Live,
        clock: Callable[[], int],
        waiting: Callable[[], None],
        *,
        follow: bool = False,
        cache: Path | None = None,
    ) -> None:
        self.root, self.live, self.clock, self.follow = root, live, clock, follow
        preview = request.drafts or request.future
        self.request = replace(request, output=PREVIEW) if preview else request
        self.preview = preview
        self.config: Config | None = None
        self.builder = Builder(root, clock, waiting, placing=self._placing, cache=cache)
        self._config_data: tuple[bytes, ...] | None = None
        self._builds = 0
        self._last: Outcome | None = None
        self._frozen = False
        self._is_placing = False
        self._complete_at: int | None = None

    def build(self, changed: Collection[str] = (), progress: Progress = no_progress) -> Outcome:
        """Build the site and serve the result; `changed` are the paths of changed files.

        If there are any, only pages are rendered. Feeds and the search index follow in a build without changed files,
        which also checks the whole output.
        """
        start = time.perf_counter()
        images: ImageMode = "defer"
        if not changed and self._last and self.builder.has_deferred_images and not self.live.is_awaited:
            if not self._encode_images():
                return self._last
            images = "encode"  # one that is not in the folder yet could not be stored
        problems: tuple[Problem, ...] = ()
        report = None
        try:
            self._read_config()
        except SiteError as error:
            problems = error.problems
        except OSError as error:
            problems = (describe_os_error(error, self.root),)
        uses_last_config = bool(problems) and self.config is not None
        if self.config is not None:
            try:
                request = replace(
                    self.request,
                    changed_paths=self._names(changed),
                    pages_first=bool(changed) and not self.live.is_awaited,
                    warm_up=self._builds > 0,
                    images=images,
                )
                report = self.builder.build(self.config, request, progress)
                self._is_placing = False
            except SiteError as error:
                problems += error.problems
            except OSError as error:
                problems += (describe_os_error(error, self.root),)
        # Without a new page too: the build that completes the output may have rendered the post before its event came.
        follow = self._followed_url(changed) if report is not None else ""
        if report is None:
            self.live.advance(problems, None)
        elif problems or self.live.problems or report.rendered or report.removed or follow or not self.live.published:
            assets = assets_of((*report.rendered, *report.removed))
            published = self._published(self.builder.planned, self.builder.posts(), self.builder.snapshot.pending)
            self.live.advance(problems, published, assets, follow)
        self._builds += 1
        self._complete_at = self.clock() + REST_NS if changed else None
        self.live.release()
        pending = self.builder.snapshot.pending
        self._last = Outcome(
            report, problems, time.perf_counter() - start, uses_last_config, self.live.published is not None, pending
        )
        return self._last

    def _encode_images(self) -> bool:
        """Encode images that the last build has left to a later one; return whether to build now.

        They are encoded bit by bit, so that a save in between is answered at once.
        """
        try:
            return self.builder.encode_images(ENCODE_SECONDS)
        except OSError:
            return True  # the build reports it

    def rest(self) -> None:
        """Store the snapshot and free memory while the server is idle."""
        self.builder.save()
        if self.builder.has_deferred_images:
            return
        gc.collect()
        if not self._frozen:
            gc.freeze()  # the objects of the first builds stay: later collections need not visit them
            self._frozen = True
        _trim_memory()

    def watched_folders(self) -> tuple[WatchedFolder, ...]:
        """Return the folders of the site's files."""
        root = str(self.root)
        config = self.config or Config()
        folders = [config.content, config.templates]
        read = self.builder.hook_files
        names = {PurePosixPath(folder).parts[0] for folder in folders} | set(SETTINGS)
        names |= {name for name in read if PurePosixPath(name).name != LISTING}
        folders += [name.removesuffix(f"/{LISTING}") for name in read if name.endswith(f"/{LISTING}")]
        watched = [WatchedFolder(os.path.normpath(f"{root}/{folder}")) for folder in folders]
        below: dict[str, set[str]] = {root: set()}
        for name in names:
            path = PurePosixPath(name)
            below.setdefault(os.path.normpath(f"{root}/{path.parent}"), set()).add(path.name)
        watched += [WatchedFolder(folder, frozenset(inside)) for folder, inside in below.items()]
        theme = str(find_theme())
        return tuple(watched) if theme in (one.folder for one in watched) else (*watched, WatchedFolder(theme))

    def due(self) -> float | None:
        """Return the seconds until a build without a change is due, None if none is.

        A build is due at the date of a scheduled post, and REST_NS after the last change, to complete and check the
        output. It is due immediately if a request waits for a deferred file, or images were left to a later build.
        """
        if self.live.is_awaited or (self._complete_at is None and self.builder.has_deferred_images):
            return 0.0
        moments = [moment for moment in (self.builder.snapshot.until, self._complete_at) if moment is not None]
        return (min(moments) - self.clock()) / 1_000_000_000 if moments else None

    @property
    def pending_files(self) -> frozenset[str]:
        """The files that the last build has deferred to the next one."""
        return self.builder.snapshot.pending

    @property
    def is_incomplete(self) -> bool:
        """Whether the output lacks files of the last build: it has deferred some, or it ended while it placed them.

        A build that is interrupted once its pages are served has deferred files too, but returns no snapshot.
        """
        return self._is_placing or bool(self.pending_files)

    def close(self) -> None:
        """Close the build cache."""
        self.builder.close()

    def _read_config(self) -> None:
        """Read the config if its files have changed."""
        data = tuple(_read_if_file(self.root / name) for name in CONFIGS)
        if data != self._config_data:
            self._config_data = None
            self.config = read_config(self.root).config
            self._config_data = data

    def _placing(
        self, names: Collection[str], posts: Iterable[Post], pending: frozenset[str]
    ) -> AbstractContextManager[None]:
        self._is_placing = True
        return self.live.placing(self._published(names, posts, pending))

    def _published(self, names: Collection[str], posts: Iterable[Post], pending: frozenset[str]) -> Published:
        assert self.config is not None
        folder = str(self.root / (self.request.output or self.config.output))
        return Published(folder, unquote(base_path(self.config)), names, self._previews(posts), pending)

    def _previews(self, posts: Iterable[Post]) -> frozenset[str]:
        """Return the pages of posts that are only in a preview."""
        if not self.preview:
            return frozenset()
        now = datetime.fromtimestamp(self.clock() / 1_000_000_000, UTC)
        return frozenset(post.output for post in posts if is_preview(post, now))

    def _names(self, paths: Collection[str]) -> frozenset[str]:
        """Return the names of files of the site for absolute paths; other paths are unchanged."""
        above = f"{self.root}{os.sep}"
        return frozenset(path.removeprefix(above).replace(os.sep, "/") for path in paths)

    def _followed_url(self, changed: Collection[str]) -> str:
        """Return the URL of the edited post if there is exactly one and open pages follow it, or ""."""
        if not self.follow:
            return ""
        names = self._names(changed)
        found = [post for post in self.builder.posts() if post.path in names]
        if len(found) != 1 or found[0].output not in self.builder.outputs:
            return ""
        return found[0].url


def _read_if_file(path: Path) -> bytes:
    """Return the bytes of a file, b"" if there is none; an OSError names the file."""
    with naming(path):
        return path.read_bytes() if path.is_file() else b""


def _trim_memory() -> None:
    """Return free memory to the system (malloc_trim(3) of glibc): otherwise each save leaves a little allocated."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
