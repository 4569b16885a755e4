"""The notification of an open page after a build: none, reload, or replace the style sheets."""

import threading
import time
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.serve.reload.inject import shape_of
from sitegen.serve.routes import Published
from sitegen.serve.rw_lock import ReadWriteLock
from sitegen.serve.state import REMEMBERED, Live, assets_of

PAGE = b'<!doctype html><link rel="stylesheet" href="/a.css"><body><img src="/pictures/cat.png">text</body>'


@pytest.fixture
def live(tmp_path):
    (tmp_path / "index.html").write_bytes(PAGE)
    live = Live(watching=True)
    live.advance((), Published(str(tmp_path), "", ("index.html",)))
    return live


def told(live: Live, shape: bytes = PAGE, since: int = 1) -> dict[str, object]:
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
    assert woken.wait(10)
    assert live.is_awaited
    assert request.is_alive()
    live.advance((), deferring(tmp_path))
    live.release()
    request.join(10)
    assert not request.is_alive()
    assert not live.is_awaited


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
    request.join(10)
    assert not request.is_alive()


def test_a_page_that_knows_all_does_nothing(live):
    assert told(live) == {"version": 1, "problems": [], "action": ""}


def test_a_build_of_other_pages_leaves_a_page_alone(live):
    live.advance((), live.published, {"pictures/dog.png"})
    assert told(live)["action"] == ""


def test_a_page_that_changed_is_reloaded(live, tmp_path):
    (tmp_path / "index.html").write_bytes(PAGE.replace(b"text", b"other"))
    live.advance((), live.published)
    assert told(live)["action"] == "reload"


def test_a_page_is_reloaded_if_its_image_changed(live):
    live.advance((), live.published, {"pictures/cat.png"})
    assert told(live)["action"] == "reload"


def test_a_page_that_is_gone_is_reloaded(live, tmp_path):
    live.advance((), Published(str(tmp_path), "", ()))
    assert told(live)["action"] == "reload"


@pytest.mark.parametrize("name", ["a.css", "imported/b.css"])
def test_style_sheets_are_exchanged(live, name):
    live.advance((), live.published, {name})
    assert told(live)["action"] == "styles"
    assert told(live)["styles"] == ("/a.css",)


def test_what_was_missed_is_made_up_for(live):
    live.advance((), live.published, {"a.css"})
    live.advance((), live.published)
    assert told(live)["action"] == "styles"


def test_a_page_that_was_away_for_too_long_is_reloaded(live):
    for _ in range(REMEMBERED + 1):
        live.advance((), live.published)
    assert told(live)["action"] == "reload"
    assert told(live, since=2)["action"] == ""


def test_a_failed_build_shows_its_problems_and_keeps_the_page(live):
    live.advance((Problem("a.md", 3, "it is broken", "fix it", "the line"),), None)
    problem = {"path": "a.md", "line": 3, "message": "it is broken", "hint": "fix it", "excerpt": "the line"}
    problem["severity"] = "error"
    assert told(live) == {"version": 2, "problems": [problem], "action": ""}
    assert told(live, since=2)["problems"] == [problem]  # new pages see them too


def test_before_the_first_good_build_the_page_shows_the_problems():
    live = Live(watching=True)
    live.advance((Problem("a.md", 3, "<b>it</b> is broken"),), None)
    page = live.page_at("/anything/") or b""
    assert b"a.md:3: &lt;b&gt;it&lt;/b&gt; is broken" in page
    assert live.message("/anything/", shape_of(page).digest, 0)["action"] == ""


def test_only_what_pages_show_counts_as_an_asset():
    names = {"a.css", "b/c.png", "d.js", "e/index.html", "feed.xml", "search.json"}
    assert assets_of(names) == {"a.css", "b/c.png", "d.js"}


def test_readers_wait_while_something_is_put_in_place_and_then_see_it():
    gate, seen, value = ReadWriteLock(), [], ["old"]

    def read() -> None:
        with gate.reading():
            seen.append(value[0])

    with gate.writing():
        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        assert seen == []
        value[0] = "new"
    for thread in threads:
        thread.join()
    assert seen == ["new"] * 8


def test_a_writer_waits_for_readers_and_goes_before_later_ones():
    gate, order = ReadWriteLock(), []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with gate.reading():
            inside.set()
            leave.wait()
            order.append("first reader")

    def write() -> None:
        with gate.writing():
            order.append("writer")

    def second() -> None:
        with gate.reading():
            order.append("second reader")

    threads = [threading.Thread(target=target) for target in (first, write, second)]
    threads[0].start()
    inside.wait()
    for thread in threads[1:]:
        thread.start()
        time.sleep(0.05)
    leave.set()
    for thread in threads:
        thread.join()
    assert order == ["first reader", "writer", "second reader"]
