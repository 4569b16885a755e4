"""Settled changes of a site's files, as an iterator."""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator

from sitegen.watch.file_snapshot import Place, Survey, survey
from sitegen.watch.fs_events import Alarms

QUIET = 0.02
"""Seconds without an event after which a save is taken to be over."""
LONGEST = 1.0
"""Seconds after which a stream of events that does not end is answered all the same."""
GLANCE = 3.0
"""Seconds between two glances at all files, which find what no event told of."""
POLL = 0.3
"""Seconds between two looks where there are no events."""
SHARE = 100
"""A glance at files that takes long comes so rarely that it takes one part in so many of the time."""
FLOOD = 4_000
"""So many events at once may have been more than the system's queue can hold."""
LATE = 0.15
"""Seconds that an event may take to arrive."""


class Watch:
    """Holds the watches on a site's files; iterating waits for a change, lets it settle, and gives its paths.

    The paths serve for telling a person and for looking there first; they may be too few or too
    many, so that all files are looked at afterwards. `places` says where to look, and is asked
    again after each change; links are followed below the folder `inside`. `due` gives the seconds
    until something changes by itself, or None. `say` is told once if there are no events, and why
    files are looked at again and again instead.
    """

    def __init__(
        self,
        places: Callable[[], Collection[Place]],
        inside: str,
        say: Callable[[str], None],
        due: Callable[[], float | None] = lambda: None,
        *,
        poll: bool = False,
    ) -> None:
        self._find_places, self._inside, self._say, self._due = places, inside, say, due
        self._changed = threading.Condition()
        self._touched: set[str] = set()
        self._count = 0
        self._heard = 0
        self._silent = 0
        self._doubtful = False
        self._is_woken = False
        self._alarms: Alarms | None = None
        self._places = tuple(places())
        self._seen = survey(self._places, inside)
        self._next_glance = time.monotonic() + GLANCE
        if not poll:
            self._start()

    @property
    def polling(self) -> bool:
        """Whether files are looked at again and again, for want of events."""
        return self._alarms is None

    def __iter__(self) -> Iterator[frozenset[str]]:
        """Yield the paths of each settled change; a change while the last one is dealt with comes next."""
        while True:
            paths = self._wait()
            yield paths
            self._follow(paths)

    def close(self) -> None:
        """End the watches."""
        if self._alarms is not None:
            self._alarms.close()

    def ring(self, path: str) -> None:
        """Note that something happened to a path; may be called from any thread."""
        if any(place.holds(path) for place in (*self._places, *map(Place, self._seen.links))):
            with self._changed:
                self._touched.add(path)
                self._count += 1
                self._changed.notify_all()

    def doubt(self) -> None:
        """Note that events may have been lost; may be called from any thread."""
        with self._changed:
            self._doubtful = True
            self._changed.notify_all()

    def wake(self) -> None:
        """Ask again when something is due; may be called from any thread."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def _start(self) -> None:
        try:
            self._alarms = Alarms(self.ring, self.doubt)
            self._alarms.lay(self._folders())
        except OSError as error:
            self._poll_from_now(f"the system gives no more watches ({error.strerror})")

    def _poll_from_now(self, why: str) -> None:
        if self._alarms is not None:
            self._alarms.close()
            self._alarms = None
        self._say(f"{why}: looking at all files every {POLL} s instead")

    def _folders(self) -> dict[str, bool]:
        """Return the folders to watch: for each place that is not there yet, the nearest above it that is."""
        folders = dict.fromkeys(self._seen.links, True)
        for place in self._places:
            folder, deep = place.folder, place.names is None
            while not os.path.isdir(folder) and len(folder) > len(self._inside):  # noqa: PTH112
                folder, deep = os.path.dirname(folder), False  # noqa: PTH120
            folders[folder] = folders.get(folder, False) or deep
        return folders

    def _wait(self) -> frozenset[str]:
        while True:
            if self.polling:
                paths = self._look_until_changed()
            elif self._heard_in_time():
                paths = self._settle()
            else:
                paths = self._glance()
            if paths is not None:
                return paths

    def _heard_in_time(self) -> bool:
        """Wait for an event, and say whether there was one before the next glance."""
        rest = self._next_glance - time.monotonic()
        due = self._due()
        seconds = max(0.0, rest if due is None else min(rest, due))
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._touched) or self._doubtful or self._is_woken, seconds)

    def _settle(self) -> frozenset[str]:
        end = time.monotonic() + LONGEST
        with self._changed:
            count = -1
            while count != self._count and time.monotonic() < end:
                count = self._count
                self._changed.wait(QUIET)
            paths, self._touched = frozenset(self._touched), set()
            self._is_woken = False
        return paths

    def _glance(self) -> frozenset[str] | None:
        """Look at all files, in case events were lost, or there are none on this file system."""
        due = self._due()
        if due is not None and due <= 0:
            return frozenset()
        before, start = self._seen, time.monotonic()
        self._take_stock()
        self._next_glance = time.monotonic() + max(GLANCE, SHARE * (time.monotonic() - start))
        paths = _differences(before, self._seen)
        with self._changed:
            told = self._count != self._heard
            if paths and not told:
                told = self._changed.wait_for(lambda: bool(self._touched), LATE)
            self._heard = self._count
        if self._alarms is not None and not self._alarms.is_alive():
            self._poll_from_now("the system's events have ended")
        if not paths:
            return None
        self._silent = 0 if told else self._silent + 1
        if self._silent == 2:  # once may be chance: a time that was set by hand makes no event
            self._poll_from_now("this file system does not tell of changes")
        return paths

    def _look_until_changed(self) -> frozenset[str] | None:
        start = time.monotonic()
        before = self._seen
        self._take_stock()
        cost = time.monotonic() - start
        if paths := _differences(before, self._seen):
            while True:  # until two looks see the same
                time.sleep(QUIET)
                settled = self._seen
                self._take_stock()
                if settled.stamps == self._seen.stamps or time.monotonic() - start > LONGEST + cost * 2:
                    return paths | _differences(settled, self._seen)
        due = self._due()
        if due is not None and due <= 0:
            return frozenset()
        time.sleep(max(POLL, cost * 10))
        return None

    def _take_stock(self) -> None:
        self._places = tuple(self._find_places())
        self._seen = survey(self._places, self._inside)

    def _follow(self, paths: frozenset[str]) -> None:
        """Watch what is to be watched after a change: folders come, go and are exchanged, links lead elsewhere."""
        if self._alarms is None:
            return
        self._places = tuple(self._find_places())
        if not self._alarms.is_alive():
            self._poll_from_now("the system's events have ended")
            return
        try:
            if self._doubtful or len(paths) > FLOOD:
                self._doubtful = False
                self._alarms.lay({})
            # What lies in a folder that was not watched until now may have changed: all is looked at once more.
            if self._alarms.lay(self._folders()) or any(map(os.path.islink, paths)):
                self._next_glance = time.monotonic()
            elif any(map(os.path.isdir, paths)):
                self._alarms.ask_for_more()
        except OSError as error:
            self._poll_from_now(f"the system gives no more watches ({error.strerror})")


def _differences(before: Survey, now: Survey) -> frozenset[str]:
    """Return the paths of files that came, went or changed from one look to the next."""
    changed = {path for path, stamp in now.stamps.items() if before.stamps.get(path) != stamp}
    return frozenset(changed | (before.stamps.keys() - now.stamps.keys()))
