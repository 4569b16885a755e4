"""A publish file by file: what it reports, what it records, and what it refuses."""

from pathlib import Path

import pytest

from sitegen.errors import Problem, SiteError
from sitegen.publish.files import pack
from sitegen.publish.state import PublishRecord, PublishState, read_record
from sitegen.publish.targets.folder import Folder
from sitegen.publish.transfer import MAX_NAMED_FILES, Transfer
from tests.support.publishing import contents, open_cache, rewrite, write

FILES = {"index.html": "front", "a/index.html": "a", "style.css": "p{}", "feed.xml": "feed"}


class Recording(Folder):
    """A folder that records in which order its files are sent and removed, and can lose one on the way."""

    def __init__(self, path: Path) -> None:
        super().__init__(open_cache(path))
        self.calls: list[tuple[str, ...]] = []
        self.lost = ""

    def send(self, files, sent):
        self.calls.append(("send", *files))
        super().send({path: file for path, file in files.items() if path != self.lost}, sent)

    def remove(self, paths):
        self.calls.append(("remove", *sorted(paths)))
        super().remove(paths)


@pytest.fixture
def transfer(tmp_path):
    (tmp_path / "www").mkdir()
    return Transfer(Recording(tmp_path / "www"), "the web", PublishRecord(tmp_path / "publish/web.json"))


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "output", FILES)


def publish(transfer, output, *, force=False):
    shipment = pack(output, contents(output), ["a/index.html"])
    plan = transfer.plan(shipment, force=force)
    steps: list[tuple[int, int]] = []
    transfer.publish(shipment, plan, lambda done, total: steps.append((done, total)))
    return plan, steps


def lose_record(transfer):
    transfer.record.path.unlink()
    transfer.record = PublishRecord(transfer.record.path)


def refusal(transfer, output):
    with pytest.raises(SiteError) as error:
        publish(transfer, output)
    return error.value.problems


def test_files_are_sent_in_groups_and_progress_is_reported(transfer, output):
    _, steps = publish(transfer, output)
    assert transfer.remote.calls == [
        ("send", "style.css"),
        ("send", "a/index.html", "index.html"),
        ("send", "feed.xml"),
    ]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4), (4, 4)]
    transfer.remote.calls.clear()
    rewrite(output, {"index.html": "new", "a/index.html": "a", "style.css/x.css": "p{}"})
    plan, steps = publish(transfer, output)
    assert plan.removed == ("feed.xml", "style.css")
    assert transfer.remote.calls == [
        ("remove", "style.css"),
        ("send", "style.css/x.css"),
        ("send", "index.html"),
        ("remove", "feed.xml"),
    ]
    assert steps == [(1, 4), (2, 4), (4, 4)]
    assert contents(transfer.remote.path) == contents(output)
    transfer.remote.calls.clear()
    assert publish(transfer, output)[1] == [(0, 0)]
    assert transfer.remote.calls == []


def test_a_folder_in_the_place_of_a_new_file_is_removed_first(transfer, output):
    publish(transfer, output)
    transfer.remote.calls.clear()
    rewrite(output, {"a": "file"})
    publish(transfer, output)
    assert transfer.remote.calls[0] == ("remove", "a/index.html")
    assert contents(transfer.remote.path) == {"a": "file"}


def test_the_record_has_the_files_and_what_hubs_must_hear_of(transfer, output):
    publish(transfer, output)
    digests = pack(output, FILES).digests
    files = {path: (digest, digest) for path, digest in digests.items()}
    assert read_record(transfer.record.path) == PublishState(files, unnotified=frozenset(FILES))
    transfer.record.write(PublishState(files, unnotified=frozenset({"earlier.html"}), commits=("abc",)))
    (output / "feed.xml").unlink()
    write(output, {"index.html": "new"})
    publish(transfer, output)
    record = read_record(transfer.record.path)
    assert record.files.keys() == {"index.html", "a/index.html", "style.css"}
    assert (record.pending, record.unnotified) == (frozenset(), {"earlier.html", "index.html", "feed.xml"})
    assert record.commits == ("abc",)


def test_before_the_first_change_the_record_says_what_may_change(transfer, output):
    shipment = pack(output, FILES)
    plan = transfer.plan(shipment)
    transfer.record.write(PublishState(pending=frozenset({"old"}), unnotified=frozenset({"older"})))
    transfer.announce(plan)
    record = read_record(transfer.record.path)
    assert (record.pending, record.unnotified) == ({"old", *FILES}, {"older", *FILES})
    publish(transfer, output)
    lose_record(transfer)
    transfer.announce(transfer.plan(shipment))
    assert not transfer.record.path.exists(), "nothing will change"


def test_a_file_that_did_not_arrive_is_a_problem(transfer, output):
    transfer.remote.lost = "feed.xml"
    problem = Problem("the web/feed.xml", 0, "the uploaded file is missing on the target", "publish again")
    assert refusal(transfer, output) == (problem,)
    assert read_record(transfer.record.path).pending == frozenset(FILES)


def test_a_publish_without_changes_lists_the_target_once(transfer, output, monkeypatch):
    publish(transfer, output)
    before = read_record(transfer.record.path)
    listings = []
    original = transfer.remote.read
    monkeypatch.setattr(transfer.remote, "read", lambda: (listings.append(1), original())[1])
    assert publish(transfer, output)[0].uploads == ()
    assert (len(listings), read_record(transfer.record.path)) == (1, before)
    (output / "style.css").write_text("p{color: red}")
    assert publish(transfer, output)[0].uploads == ("style.css",)
    assert len(listings) == 3


def test_a_publish_without_changes_leaves_the_file_of_the_record(transfer, output):
    publish(transfer, output)
    before = transfer.record.path.stat().st_ino
    publish(transfer, output)
    assert transfer.record.path.stat().st_ino == before
    lose_record(transfer)
    publish(transfer, output)
    assert read_record(transfer.record.path).files.keys() == FILES.keys()


@pytest.mark.parametrize(
    ("count", "files", "named"), [(1, "1 file", "0000.txt"), (1_234, "1,234 files", "0000.txt and the others")]
)
def test_files_in_a_new_target_are_counted(transfer, output, count, files, named):
    write(transfer.remote.path, {f"{number:04}.txt": "x" for number in range(count)})
    message = f"the target is not empty ({files}), and nothing was published there from here before"
    hint = f"check whether {named} may be replaced; then add --despite remote"
    assert refusal(transfer, output) == (Problem("the web", 0, message, hint),)
    assert len(publish(transfer, output, force=True)[0].removed) == count


@pytest.mark.parametrize("more", [0, 1, 1_000])
def test_files_of_others_are_named_up_to_a_limit(transfer, output, more):
    publish(transfer, output)
    write(transfer.remote.path, {f"{number:04}.txt": "x" for number in range(MAX_NAMED_FILES + more)})
    message = "others have added or changed this file"
    hint = "remove it there, or replace it with --despite remote"
    expected = [Problem(f"the web/{number:04}.txt", 0, message, hint) for number in range(MAX_NAMED_FILES)]
    if more:
        expected.insert(0, Problem("the web", 0, f"{more:,} more files were changed by others"))
    assert refusal(transfer, output) == tuple(expected)


def test_our_own_files_are_recognised_without_a_record(transfer, output):
    publish(transfer, output)
    lose_record(transfer)
    assert not publish(transfer, output)[0]
    assert read_record(transfer.record.path).files.keys() == FILES.keys()


def test_leftovers_of_an_interrupted_publish_are_not_foreign(transfer, output):
    publish(transfer, output)
    record = read_record(transfer.record.path)
    transfer.record.write(PublishState(record.files, pending=frozenset({"new.html"})))
    write(transfer.remote.path, {"new.html": "half", ".index.html.sitegen-next": "half"})
    plan, _ = publish(transfer, output)
    assert set(plan.removed) == {"new.html", ".index.html.sitegen-next"}


@pytest.mark.parametrize("path", [".well-known/acme/token", ".htaccess"])
def test_files_of_the_server_stay_unless_we_published_them(transfer, output, path):
    write(transfer.remote.path, {path: "its own"})
    publish(transfer, output)
    assert (transfer.remote.path / path).read_text() == "its own"
    write(output, {path: "ours"})
    assert refusal(transfer, output)[0].path == f"the web/{path}"
    publish(transfer, output, force=True)
    (output / path).unlink()
    assert publish(transfer, output)[0].removed == (path,)
