"""The notification of an open page after a build: none, reload, or replace the style sheets."""

import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.serve import state
from sitegen.serve.reload.inject import Shape, shape_of
from sitegen.serve.routes import Published
from sitegen.serve.rw_lock import ReadWriteLock
from sitegen.serve.state import MAX_CHANGES, MAX_SEARCHED_ASSETS, Live, assets_of
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

PAGE = b'<!doctype html><link rel="stylesheet" href="/a.css"><body><img src="/pictures/cat.png">text</body>'


@pytest.fixture
def live(tmp_path):
    (tmp_path / "index.html").write_bytes(PAGE)
    live = Live(watching=True)
    live.advance((), Published(str(tmp_path), "", ("index.html",)))
    return live


def messages(live: Live, shape: bytes = PAGE, since: int = 1) -> dict[str, object]:
    return live.message("/", shape_of(shape).digest, since)


def deferring(folder: Path, *pending: str) -> Published:
    """Return what is served after a build that has deferred some files."""
    return Published(str(folder), "", ("index.html", "feed.xml"), pending=frozenset(pending))


def wait(live: Live, path: str) -> threading.Thread:
    """Wait for a path in another thread, as a request does."""
    thread = threading.Thread(target=live.wait_for, args=(path,))
    thread.start()
    return thread


def test_a_request_for_a_deferred_file_wakes_the_build_and_waits_for_it(live, tmp_path):
    woken = threading.Event()
    live.wake = woken.set
    live.advance((), deferring(tmp_path, "feed.xml"))
    request = wait(live, "/feed.xml")
    assert woken.wait(TIMEOUT_SECONDS)
    assert live.is_awaited
    assert request.is_alive()
    live.advance((), deferring(tmp_path))
    live.release()
    request.join(TIMEOUT_SECONDS)
    assert not request.is_alive()
    assert not live.is_awaited


def test_requests_wake_the_build_once(live, tmp_path):
    calls: list[float] = []
    live.wake = lambda: calls.append(time.monotonic())
    live.advance((), deferring(tmp_path, "feed.xml"))
    requests = [wait(live, "/feed.xml") for _ in range(3)]
    live.advance((), deferring(tmp_path))
    live.release()
    for request in requests:
        request.join(TIMEOUT_SECONDS)
        assert not request.is_alive()
    assert len(calls) <= 1


def test_a_request_waits_for_a_limited_time(live, tmp_path, monkeypatch):
    monkeypatch.setattr(state, "MAX_WAIT_SECONDS", 0.05)
    live.advance((), deferring(tmp_path, "feed.xml"))
    request = wait(live, "/feed.xml")
    request.join(TIMEOUT_SECONDS)
    assert not request.is_alive()
    assert live.is_awaited, "the build is still due"


def test_no_request_waits_when_no_build_follows(live, tmp_path):
    live.advance((), deferring(tmp_path, "feed.xml"))
    request = wait(live, "/feed.xml")
    live.stop_waiting()
    request.join(TIMEOUT_SECONDS)
    assert not request.is_alive()
    live.wait_for("/feed.xml")
    assert not live.is_awaited
    assert live.published == deferring(tmp_path)
    Live(watching=False).stop_waiting()


def test_a_request_does_not_wait_before_the_first_build():
    live = Live(watching=True)
    live.wait_for("/feed.xml")
    assert (live.version, live.published, live.problems, live.is_awaited) == (0, None, (), False)


def test_each_run_has_a_token_of_its_own():
    one, two = Live(watching=True), Live(watching=False)
    assert (one.watching, two.watching) == (True, False)
    assert one.token != two.token
    assert len(one.token) == 24


def test_files_are_served_once_they_are_in_place(live, tmp_path):
    before, after = live.published, deferring(tmp_path)
    with live.placing(after):
        assert live.published is before
    assert live.published is after


def test_requests_for_other_files_do_not_wait(live, tmp_path):
    live.advance((), deferring(tmp_path, "feed.xml"))
    for path in ("/", "/index.html", "/nothing"):
        live.wait_for(path)
    assert not live.is_awaited


def test_a_request_for_a_deferred_file_gets_the_last_one_if_the_build_fails(live, tmp_path):
    live.advance((), deferring(tmp_path, "feed.xml"))
    request = wait(live, "/feed.xml")
    live.advance((Problem("a.md", 1, "wrong"),), None)
    live.release()
    request.join(TIMEOUT_SECONDS)
    assert not request.is_alive()


def test_a_page_that_knows_all_does_nothing(live):
    assert messages(live) == {"version": 1, "problems": [], "action": ""}


def test_a_build_of_other_pages_leaves_a_page_alone(live):
    live.advance((), live.published, {"pictures/dog.png"})
    assert messages(live)["action"] == ""


def test_a_page_that_changed_is_reloaded(live, tmp_path):
    (tmp_path / "index.html").write_bytes(PAGE.replace(b"text", b"other"))
    live.advance((), live.published)
    assert messages(live)["action"] == "reload"


def test_a_page_is_reloaded_if_its_image_changed(live):
    live.advance((), live.published, {"pictures/cat.png"})
    assert messages(live)["action"] == "reload"


def test_a_page_that_is_gone_is_reloaded(live, tmp_path):
    live.advance((), Published(str(tmp_path), "", ()))
    assert messages(live)["action"] == "reload"


@pytest.mark.parametrize("name", ["a.css", "imported/b.css"])
def test_style_sheets_are_exchanged(live, name):
    live.advance((), live.published, {name})
    assert messages(live)["action"] == "styles"
    assert messages(live)["styles"] == ("/a.css",)


def test_what_was_missed_is_made_up_for(live):
    live.advance((), live.published, {"a.css"})
    live.advance((), live.published)
    assert messages(live)["action"] == "styles"


def test_a_page_that_was_away_for_too_long_is_reloaded(live):
    for _ in range(MAX_CHANGES + 1):
        live.advance((), live.published)
    assert messages(live)["action"] == "reload"
    assert messages(live, since=2)["action"] == ""


def test_a_failed_build_shows_its_problems_and_keeps_the_page(live):
    live.advance((Problem("a.md", 3, "it is broken", "fix it", "the line"),), None)
    problem = {"path": "a.md", "line": 3, "message": "it is broken", "hint": "fix it", "excerpt": "the line"}
    problem["severity"] = "error"
    assert messages(live) == {"version": 2, "problems": [problem], "action": ""}
    assert messages(live, since=2)["problems"] == [problem]  # new pages see them too


def test_before_the_first_good_build_the_page_shows_the_problems():
    live = Live(watching=True)
    live.advance((Problem("a.md", 3, "<b>it</b> is broken"),), None)
    page = live.page_at("/anything/") or b""
    assert b"a.md:3: &lt;b&gt;it&lt;/b&gt; is broken" in page
    assert live.message("/anything/", shape_of(page).digest, 0)["action"] == ""


def test_before_the_first_build_has_ended_the_page_says_so():
    live = Live(watching=True)
    page = (
        '<!doctype html><html lang="en"><title>No site yet</title><body>'
        "<h1>The site cannot be built yet</h1>{}</body></html>"
    )
    assert live.page_of_problems().decode() == page.format("<p>It is being built.</p>")
    live.advance((Problem("a.md", 3, "one"), Problem("b.md", 0, "two", "fix it")), None)
    rows = "<pre>a.md:3: one</pre><pre>b.md: two\n    fix it</pre>"
    assert live.page_of_problems().decode() == page.format(rows)


def test_the_page_of_a_folder_is_the_same_without_the_slash(tmp_path):
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/index.html").write_bytes(b"page")
    live = Live(watching=True)
    live.advance((), Published(str(tmp_path), "/x y", ("a b/index.html", "gone.html")))
    paths = ("/x y/a b/", "/x y/a b", "/x y/gone.html", "/x y/nothing", "/a b/")
    assert [live.page_at(path) for path in paths] == [b"page", b"page", None, None, None]


def test_a_page_is_reloaded_if_very_many_files_changed(live):
    live.advance((), live.published, {f"{number}.png" for number in range(MAX_SEARCHED_ASSETS)})
    assert messages(live)["action"] == ""
    live.advance((), live.published, {f"{number}.png" for number in range(MAX_SEARCHED_ASSETS + 1)})
    assert messages(live)["action"] == "reload"


def test_the_newest_post_to_follow_counts(live):
    live.advance((), live.published, follow="/one/")
    live.advance((), live.published, follow="/two/")
    live.advance((), live.published)
    assert [messages(live, since=since).get("follow") for since in (1, 2, 3, 4)] == ["/two/", "/two/", None, None]
    assert messages(live, b"other") == {"version": 4, "problems": [], "action": "reload", "follow": "/two/"}


def test_changes_of_several_builds_add_up(live):
    live.advance((), live.published, {"a.css"})
    live.advance((), live.published, {"pictures/cat.png"})
    assert [messages(live, since=since)["action"] for since in (1, 2)] == ["reload", "reload"]
    live.advance((), live.published, {"b.css"})
    assert messages(live, since=3) == {"version": 4, "problems": [], "action": "styles", "styles": ("/a.css",)}


def test_a_message_is_about_one_version_though_a_build_ends_meanwhile(live, monkeypatch):
    def end_a_build(page: bytes) -> Shape:
        live.advance((Problem("a.md", 3, "it is broken"),), live.published, {"pictures/cat.png"})
        return shape_of(page)

    live.advance((), live.published, {"a.css"})
    monkeypatch.setattr(state, "shape_of", end_a_build)
    assert messages(live) == {"version": 2, "problems": [], "action": "styles", "styles": ("/a.css",)}


def test_only_what_pages_show_counts_as_an_asset():
    names = {"a.css", "b/c.png", "d.js", "e/index.html", "feed.xml", "search.json"}
    assert assets_of(names) == {"a.css", "b/c.png", "d.js"}


def test_readers_wait_while_something_is_put_in_place_and_then_see_it():
    lock, seen, value = ReadWriteLock(), [], ["old"]

    def read() -> None:
        with lock.reading():
            seen.append(value[0])

    with lock.writing():
        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        assert seen == []
        value[0] = "new"
    for thread in threads:
        thread.join()
    assert seen == ["new"] * 8


def in_time(work: Callable[[], None]) -> None:
    """Run a function that must not block."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    assert not thread.is_alive()


def hold(lock: AbstractContextManager[None]) -> None:
    with lock:
        pass


def test_an_error_releases_the_lock():
    lock = ReadWriteLock()
    for mode in (lock.reading, lock.writing):
        with pytest.raises(ValueError, match="an error"), mode():
            raise ValueError("an error")
        in_time(lambda: hold(lock.reading()))
        in_time(lambda: hold(lock.writing()))


def test_two_writers_hold_the_lock_in_turn():
    lock, inside = ReadWriteLock(), []

    def write() -> None:
        with lock.writing():
            inside.append(1)
            time.sleep(0.005)
            assert len(inside) == 1
            inside.clear()

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)
    assert inside == []


def test_a_writer_that_is_interrupted_lets_later_readers_in():
    lock, inside, leave = ReadWriteLock(), threading.Event(), threading.Event()

    def read() -> None:
        with lock.reading():
            inside.set()
            leave.wait(TIMEOUT_SECONDS)

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    reader = threading.Thread(target=read)
    reader.start()
    assert inside.wait(TIMEOUT_SECONDS)
    later = threading.Thread(target=lambda: hold(lock.reading()), daemon=True)
    before = signal.signal(signal.SIGALRM, interrupt)

    def interrupt_waiting_writer() -> None:
        wait_until(lambda: lock._writers)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)

    sender = threading.Thread(target=interrupt_waiting_writer)
    try:
        sender.start()
        with pytest.raises(KeyboardInterrupt), lock.writing():
            pass
        sender.join()
    finally:
        signal.signal(signal.SIGALRM, before)
    later.start()
    later.join(TIMEOUT_SECONDS)
    assert not later.is_alive()
    leave.set()
    reader.join(TIMEOUT_SECONDS)
    in_time(lambda: hold(lock.writing()))


def test_a_writer_waits_for_readers_and_goes_before_later_ones():
    lock, order = ReadWriteLock(), []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with lock.reading():
            inside.set()
            leave.wait()
            order.append("first reader")

    def write() -> None:
        with lock.writing():
            order.append("writer")

    def second() -> None:
        with lock.reading():
            order.append("second reader")

    threads = [threading.Thread(target=target) for target in (first, write, second)]
    threads[0].start()
    inside.wait()
    threads[1].start()
    wait_until(lambda: lock._writers)
    threads[2].start()
    time.sleep(0.05)
    leave.set()
    for thread in threads:
        thread.join()
    assert order == ["first reader", "writer", "second reader"]
