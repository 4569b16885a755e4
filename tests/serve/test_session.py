"""A session builds a site on request, and says what is served, what is watched, and when it must build again."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.build.build_site import Report
from sitegen.build.builder import Request
from sitegen.errors import Problem
from sitegen.render.theme import find_theme
from sitegen.serve.reload.inject import shape_of
from sitegen.serve.session import PREVIEW, Outcome, Session
from sitegen.serve.state import Live
from sitegen.serve.watch.file_snapshot import WatchedFolder
from tests.support.photographs import encode, make_photograph
from tests.support.sites import CACHE, CONFIG, make_site, post

NOW = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
FIRST = "content/posts/2024-01-01-first.md"
SECOND = "content/posts/2024-01-02-second.md"
BROKEN = "---\ntitle: [\n---\n"


class Sessions:
    """Opens sessions of one site, and closes them at the end of a test; `now` is their time in ns."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOW
        self.opened: list[Session] = []

    def open(self, *, follow: bool = False, **wishes: object) -> Session:
        request = Request(**wishes)  # type: ignore[arg-type]
        session = Session(
            self.root, request, Live(watching=True), lambda: self.now, lambda: None, follow=follow, cache=CACHE
        )
        self.opened.append(session)
        return session

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file of the site; return its path as the watcher names it."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(file)


@pytest.fixture
def sessions(tmp_path) -> Iterator[Sessions]:
    sessions = Sessions(make_site(tmp_path))
    yield sessions
    for session in sessions.opened:
        session.close()


def page(session: Session, path: str) -> str:
    return (session.live.page_at(path) or b"").decode()


def message(session: Session, path: str, since: int) -> dict[str, object]:
    shape = shape_of(session.live.page_at(path) or b"")
    return session.live.message(path, shape.digest, since)


def test_the_first_build_is_served_from_the_output_folder(sessions):
    progress: list[object] = []
    session = sessions.open()
    outcome = session.build(progress=lambda *steps: progress.append(steps))
    assert progress
    assert outcome.report
    assert "index.html" in outcome.report.rendered
    assert (outcome.problems, outcome.uses_last_config, outcome.served, outcome.pending) == (
        (),
        False,
        True,
        frozenset(),
    )
    assert outcome.seconds > 0
    published = session.live.published
    assert published
    assert (published.folder, published.base) == (str(sessions.root / "output"), "")
    assert (published.previews, published.pending) == (frozenset(), frozenset())
    assert {"index.html", "feed.xml", "posts/first/index.html"} <= set(published.names)
    assert session.live.problems == ()
    assert "The first letter." in page(session, "/posts/first/")
    assert not (sessions.root / PREVIEW).exists()


def test_the_base_path_and_the_output_folder_are_those_of_the_config(sessions):
    config = CONFIG.replace("example.org/", "example.org/a%20b/") + 'output = "public"\n'
    sessions.write("sitegen.toml", config)
    session = sessions.open()
    session.build()
    published = session.live.published
    assert published
    assert (published.folder, published.base) == (str(sessions.root / "public"), "/a b")


def test_a_build_without_changes_begins_no_new_version(sessions):
    session = sessions.open()
    session.build()
    version = session.live.version
    outcome = session.build()
    assert outcome.report
    assert outcome.report.rendered == ()
    assert session.live.version == version


def test_a_broken_config_means_no_site_until_it_is_fixed(sessions):
    sessions.write("sitegen.toml", "title = 1\n")
    session = sessions.open()
    for version in (1, 2):
        outcome = session.build()
        assert outcome.report is None
        assert (outcome.uses_last_config, outcome.served) == (False, False)
        assert [problem.path for problem in outcome.problems] == ["sitegen.toml"]
        assert session.live.problems == outcome.problems
        assert (session.live.version, session.live.published) == (version, None)
        assert "title" in page(session, "/")
    sessions.write("sitegen.toml", CONFIG)
    outcome = session.build()
    assert (outcome.problems, outcome.served, session.live.problems) == ((), True, ())
    assert "The first letter." in page(session, "/posts/first/")


def test_the_last_valid_config_is_used_while_the_config_is_broken(sessions):
    session = sessions.open()
    session.build()
    sessions.write("sitegen.toml", CONFIG + "colour = 3\n")
    changed = sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))
    for _ in range(2):
        outcome = session.build([changed])
        assert outcome.report
        assert (outcome.uses_last_config, outcome.served) == (True, True)
        assert [problem.path for problem in outcome.problems] == ["sitegen.toml"]
        assert session.live.problems == outcome.problems
    assert "Another letter." in page(session, "/posts/first/")
    sessions.write("sitegen.toml", CONFIG.replace("Test Letter", "Other Letter"))
    outcome = session.build()
    assert (outcome.problems, outcome.uses_last_config, session.live.problems) == ((), False, ())
    assert "The Other Letter" in page(session, "/")


def test_fixing_the_config_without_another_change_ends_the_problems(sessions):
    session = sessions.open()
    session.build()
    sessions.write("sitegen.toml", CONFIG + "colour = 3\n")
    session.build()
    sessions.write("sitegen.toml", CONFIG)
    outcome = session.build()
    assert (outcome.problems, session.live.problems) == ((), ())


def test_a_broken_post_leaves_the_last_good_site(sessions):
    session = sessions.open()
    session.build()
    version = session.live.version
    outcome = session.build([sessions.write(FIRST, BROKEN)])
    assert (outcome.report, outcome.served, outcome.uses_last_config) == (None, True, False)
    assert [problem.path for problem in outcome.problems] == [FIRST]
    assert (session.live.version, session.live.problems) == (version + 1, outcome.problems)
    assert "The first letter." in page(session, "/posts/first/")


def test_problems_of_the_config_and_of_posts_are_reported_together(sessions):
    session = sessions.open()
    session.build()
    sessions.write("sitegen.toml", CONFIG + "colour = 3\n")
    outcome = session.build([sessions.write(FIRST, BROKEN)])
    assert [problem.path for problem in outcome.problems] == ["sitegen.toml", FIRST]
    assert (outcome.report, outcome.uses_last_config) == (None, True)


def test_a_config_that_cannot_be_read_is_a_problem_with_its_name(sessions):
    session = sessions.open()
    session.build()
    (sessions.root / "sitegen.toml").unlink()
    (sessions.root / "sitegen.toml").symlink_to("/proc/self/mem")
    outcome = session.build()
    assert [(problem.path, problem.line) for problem in outcome.problems] == [("sitegen.toml", 0)]
    assert outcome.uses_last_config


def test_errors_of_the_system_are_reported_beside_those_of_the_config(sessions):
    sessions.write("sitegen.toml", CONFIG + 'output = "/proc/sitegen"\n')
    session = sessions.open()
    outcome = session.build()
    (problem,) = outcome.problems
    assert problem.path.startswith("/proc/sitegen")
    assert (outcome.report, outcome.served, outcome.uses_last_config) == (None, False, False)
    sessions.write("sitegen.toml", "colour = 3\n")
    outcome = session.build()
    assert [one.path for one in outcome.problems] == ["sitegen.toml", problem.path]
    assert outcome.uses_last_config


def test_the_second_build_plans_a_site_that_did_not_change(sessions):
    first = sessions.open()
    first.build()
    first.close()
    session = sessions.open()
    session.build()
    assert session.builder.snapshot.site is None, "the first answer comes sooner without"
    session.build()
    assert session.builder.snapshot.site is not None, "the next change finds it planned"


def test_feeds_are_deferred_after_a_save_until_the_site_is_at_rest(sessions):
    session = sessions.open()
    assert session.due() is None
    session.build()
    assert session.due() is None
    changed = sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))
    outcome = session.build([changed])
    assert outcome.report
    assert "posts/first/index.html" in outcome.report.rendered
    assert "feed.xml" in outcome.pending
    published = session.live.published
    assert published
    assert published.pending == outcome.pending
    assert "feed.xml" in published.names
    assert session.due() == 1.0
    sessions.now += 250_000_000
    assert session.due() == 0.75
    outcome = session.build()
    assert outcome.report
    assert "feed.xml" in outcome.report.rendered
    assert (outcome.pending, session.due()) == (frozenset(), None)


def test_a_feed_that_was_deferred_is_rendered_by_the_next_process(sessions):
    session = sessions.open()
    session.build()
    session.build([sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))])
    assert "feed.xml" in session.pending_files
    assert session.is_incomplete
    session.close()
    outcome = sessions.open().build()
    assert outcome.report
    assert "feed.xml" in outcome.report.rendered
    assert "Another letter." in (sessions.root / "output/feed.xml").read_text()


def test_a_build_that_is_interrupted_once_its_pages_are_served_is_incomplete(sessions, monkeypatch):
    session = sessions.open()
    session.build()
    assert not session.is_incomplete
    placing = session.live.placing

    @contextmanager
    def interrupt_after_placing(published):
        with placing(published):
            yield
        raise KeyboardInterrupt

    changed = sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))
    with monkeypatch.context() as patch:
        patch.setattr(session.live, "placing", interrupt_after_placing)
        with pytest.raises(KeyboardInterrupt):
            session.build([changed])
    assert "Another letter." in page(session, "/posts/first/")
    assert session.is_incomplete
    session.build()
    assert "Another letter." in (sessions.root / "output/feed.xml").read_text()
    assert not session.is_incomplete


def test_a_build_that_a_request_waits_for_renders_the_feeds_too(sessions):
    session = sessions.open()
    session.build()
    session.build([sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))])
    session.live._is_awaited = True
    assert session.due() == 0.0
    outcome = session.build([sessions.write(FIRST, post("First", "2024-01-01", "A third letter."))])
    assert outcome.report
    assert "feed.xml" in outcome.report.rendered
    assert outcome.pending == frozenset()
    assert not session.live.is_awaited


def test_a_build_is_due_when_the_date_of_a_post_comes(sessions):
    sessions.write("content/posts/later.md", post("Later", "2024-06-03"))
    session = sessions.open()
    session.build()
    assert session.due() == 2 * 24 * 60 * 60
    session.build([sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))])
    assert session.due() == 1.0
    sessions.now += 2 * 24 * 60 * 60 * 1_000_000_000
    assert session.due() < 0
    outcome = session.build()
    assert outcome.report
    assert "posts/later/index.html" in outcome.report.rendered


@pytest.mark.parametrize("wishes", [{"drafts": True}, {"future": True}, {"drafts": True, "future": True}], ids=str)
def test_drafts_and_future_posts_are_marked_and_built_into_a_folder_of_their_own(sessions, wishes):
    sessions.write("content/posts/draft.md", "---\ntitle: Draft\ndate: 2024-01-01\ndraft: true\n---\n\nA draft.\n")
    sessions.write("content/posts/later.md", post("Later", "2024-06-03"))
    pages = {"drafts": "posts/draft/index.html", "future": "posts/later/index.html"}
    session = sessions.open(**wishes)
    session.build()
    published = session.live.published
    assert published
    assert published.folder == str(sessions.root / PREVIEW)
    assert published.previews & set(published.names) == {pages[name] for name in wishes}
    assert (sessions.root / PREVIEW / "index.html").is_file()
    assert not (sessions.root / "output").exists()


def test_open_pages_follow_the_one_post_that_was_edited(sessions):
    session = sessions.open(follow=True)
    session.build()
    version = session.live.version
    first = sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))
    session.build([first, sessions.write("content/notes.txt", "notes")])
    assert message(session, "/", version)["follow"] == "/posts/first/"
    version = session.live.version
    first = sessions.write(FIRST, post("First", "2024-01-01", "A third letter."))
    second = sessions.write(SECOND, post("Second", "2024-01-02", "Another letter."))
    session.build([first, second])
    assert "follow" not in message(session, "/", version), "two posts were edited"
    version = session.live.version
    draft = post("First", "2024-01-01", "A third letter.").replace("tags:", "draft: true\ntags:")
    session.build([sessions.write(FIRST, draft)])
    assert "follow" not in message(session, "/", version), "a draft has no page"


def test_open_pages_follow_a_post_that_was_rendered_before_its_event_came(sessions):
    session = sessions.open(follow=True)
    session.build()
    version = session.live.version
    first = sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))
    session.build()
    assert "follow" not in message(session, "/", version)
    session.build([first])
    assert message(session, "/", version)["follow"] == "/posts/first/"


def test_pages_stay_where_they_are_unless_they_are_to_follow(sessions):
    session = sessions.open()
    session.build()
    version = session.live.version
    session.build([sessions.write(FIRST, post("First", "2024-01-01", "Another letter."))])
    answer = message(session, "/posts/second/", version)
    assert "follow" not in answer


def test_open_pages_learn_which_files_they_use_changed_or_went(sessions):
    sessions.write("content/plain.css", "body { color: red }\n")
    sessions.write("content/cat.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    sessions.write(FIRST, post("First", "2024-01-01", "![A cat](/cat.svg)"))
    session = sessions.open()
    session.build()
    version = session.live.version
    session.build([sessions.write("content/plain.css", "body { color: blue }\n")])
    session.build()
    assert message(session, "/posts/first/", version)["action"] == "styles"
    sessions.write(
        FIRST, post("First", "2024-01-01", "![A cat](/cat.svg)").replace("tags:", "broken_links: warning\ntags:")
    )
    session.build()
    version = session.live.version
    (sessions.root / "content/cat.svg").unlink()
    session.build()
    assert message(session, "/posts/first/", version)["action"] == "reload"


def test_a_site_at_rest_is_stored_for_the_next_run(sessions):
    session = sessions.open()
    session.build()
    try:
        session.rest()
        assert gc.get_freeze_count() > 0
        gc.unfreeze()
        session.rest()
        assert gc.get_freeze_count() == 0, "objects are frozen once"
    finally:
        gc.unfreeze()
    outcome = sessions.open().build()
    assert outcome.report
    assert outcome.report.rendered == ()


def watched(session: Session) -> dict[str, frozenset[str] | None]:
    """Return the names that are watched by the folders' paths from the root of the site, None for all names."""
    return {os.path.relpath(one.folder, session.root): one.names for one in session.watched_folders()}


SETTINGS = {"sitegen.toml", "pyproject.toml", "hooks.py", "published.json", "views.csv"}


def test_content_templates_settings_and_theme_are_watched(sessions):
    session = sessions.open()
    theme = os.path.relpath(find_theme(), sessions.root)
    expected = {"content": None, "templates": None, ".": {*SETTINGS, "content", "templates"}, theme: None}
    assert watched(session) == expected, "before the config is read, the default folders are watched"
    session.build()
    assert watched(session) == expected
    sessions.write("sitegen.toml", CONFIG + 'content = "letters/all"\ntemplates = "look"\n')
    (sessions.root / "letters/all").mkdir(parents=True)
    session.build()
    expected = {"letters/all": None, "look": None, ".": {*SETTINGS, "letters", "look"}, theme: None}
    assert watched(session) == expected


def test_what_hooks_read_is_watched(sessions):
    sessions.write("data/cities.csv", "Berlin\n")
    sessions.write("helper.py", "NAME = 'x'\n")
    sessions.write(
        "hooks.py",
        "import os\nfrom pathlib import Path\nimport helper\n\nROOT = Path(__file__).parent\n"
        "CITIES = (ROOT / 'data/cities.csv').read_text()\nNAMES = os.listdir(ROOT / 'data')\n",
    )
    session = sessions.open()
    session.build()
    folders = session.watched_folders()
    data = str(sessions.root / "data")
    assert WatchedFolder(data, frozenset({"cities.csv"})) in folders
    assert WatchedFolder(data) in folders
    own = next(one for one in folders if one.folder == str(sessions.root))
    assert own.names
    assert "helper.py" in own.names


def test_a_theme_that_is_the_sites_templates_is_watched_once(sessions):
    theme = str(find_theme())
    sessions.write("sitegen.toml", CONFIG + f'templates = "{os.path.relpath(theme, sessions.root)}"\n')
    session = sessions.open()
    session.build()
    assert [one.folder for one in session.watched_folders()].count(theme) <= 1


DONE = Report(rendered=("a.html",))
REMOVED = Report(removed=("a.html",))
WARNED = Report(warnings=(Problem("a.md", 1, "odd"),))
PROBLEMS = (Problem("a.md", 1, "wrong"),)


@pytest.mark.parametrize(
    ("last", "now", "differs"),
    [
        ((Report(), ()), (Report(), ()), False),
        ((Report(), ()), (DONE, ()), True),
        ((DONE, ()), (DONE, ()), True),
        ((Report(), ()), (REMOVED, ()), True),
        ((DONE, ()), (Report(), ()), False),
        ((Report(), ()), (WARNED, ()), True),
        ((WARNED, ()), (WARNED, ()), False),
        ((WARNED, ()), (Report(), ()), True),
        ((Report(), ()), (None, PROBLEMS), True),
        ((None, PROBLEMS), (None, PROBLEMS), False),
        ((None, PROBLEMS), (Report(), PROBLEMS), True),
        ((Report(), PROBLEMS), (None, PROBLEMS), True),
        ((None, PROBLEMS), (Report(), ()), True),
        ((Report(), PROBLEMS), (Report(), PROBLEMS), False),
    ],
)
def test_an_outcome_is_reported_if_it_differs_from_the_last(last, now, differs):
    assert Outcome(*now, seconds=0.1).differs(Outcome(*last, seconds=0.2)) is differs


def test_images_are_encoded_after_the_first_answer(sessions):
    photograph = encode(make_photograph(1, 64, 48), "JPEG", quality=95)
    sessions.write("content/posts/a.jpg", photograph)
    sessions.write(FIRST, post("First", "2024-01-01", "![A](a.jpg)"))
    session = sessions.open()
    session.build()
    assert 'src="/posts/a.jpg" width="64" height="48"' in page(session, "/posts/first/")
    assert "<picture>" not in page(session, "/posts/first/")
    assert session.due() == 0
    outcome = session.build()
    assert outcome.report
    assert outcome.report.warnings == ()
    assert "<picture>" in page(session, "/posts/first/")
    assert session.due() is None
    sessions.write(FIRST, post("First", "2024-01-01", "![A](a.jpg) ![A](a.jpg)"))
    session.build([str(sessions.root / FIRST)])
    assert page(session, "/posts/first/").count("<picture>") == 2, "an encoded image was shown as it is"


def test_images_are_encoded_bit_by_bit_so_that_a_save_is_answered(sessions, monkeypatch):
    monkeypatch.setattr("sitegen.serve.session.ENCODE_SECONDS", 0)
    sessions.write("content/posts/a.jpg", encode(make_photograph(1, 64, 48), "JPEG", quality=95))
    sessions.write(FIRST, post("First", "2024-01-01", "![A](a.jpg)"))
    session = sessions.open()
    first = session.build()
    assert session.build() is first
    assert session.due() == 0
    sessions.write(SECOND, post("Second", "2024-01-02", "Saved meanwhile."))
    session.build([str(sessions.root / SECOND)])
    assert "Saved meanwhile." in page(session, "/posts/second/")
    assert "<picture>" not in page(session, "/posts/first/")
    monkeypatch.setattr("sitegen.serve.session.ENCODE_SECONDS", 60)
    session.build()
    assert "<picture>" in page(session, "/posts/first/")


def test_a_file_in_the_way_of_the_folder_of_encoded_images_is_replaced(sessions):
    sessions.write("content/posts/a.jpg", encode(make_photograph(1, 64, 48), "JPEG", quality=95))
    sessions.write(FIRST, post("First", "2024-01-01", "![A](a.jpg)"))
    (sessions.root / ".sitegen").mkdir(exist_ok=True)
    (sessions.root / ".sitegen/images").write_text("in the way")
    session = sessions.open()
    session.build()
    session.build()
    assert "<picture>" in page(session, "/posts/first/")
    assert (sessions.root / ".sitegen/images").is_dir()
