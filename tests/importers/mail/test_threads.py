"""Threads of mailing lists, whose answers can be imported as comments."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.comments.file import parse_comments
from sitegen.importers.base import Options
from sitegen.importers.mail.message import read_message
from sitegen.importers.mail.threads import MessageIds, arrange_threads, find_ids
from sitegen.importers.run import run_import
from tests.cli.test_commands import run
from tests.support.importing import EXPORTS
from tests.support.sites import build, make_site, tree

ADDRESSES = ("ada@private.example", "bo at private.example", "bo@private.example", "cy@private.example")


def message(key, day, text, name="Ada", above=(), references=(), subject="Re: Frost"):
    sender = f"{name.lower()} at private.example ({name})"
    fields = [f"From: {sender}", f"Subject: {subject}", f"Date: Mon, {day} Jan 2024 10:00:00 +0000"]
    fields += [f"Message-ID: <{key}@post.example>"] if key else []
    fields += [f"In-Reply-To: {' '.join(f'<{one}@post.example>' for one in above)}"] if above else []
    fields += [f"References: {' '.join(f'<{one}@post.example>' for one in references)}"] if references else []
    return f"From {sender}  Mon Jan {day} 10:00:00 2024\n" + "\n".join(fields) + f"\n\n{text}\n\n"


QUOTED = (
    "Thanks, write to cy@private.example or <bo at private.example>.\n\n"
    "On Monday, Ada <ada at private.example> wrote:\n> Ice is here.\n\n"
    "Look at frost.example too.\n\n-- \nBo Smith\nbo at private.example\nmailto:bo@private.example"
)
LIST = (
    message("1", 1, "Ice is here.", subject="Frost")
    + message("2", 2, QUOTED, "Bo", above=["1"], references=["1"])
    + message("3", 3, "Mine too.", "Cy", references=["1", "gone", "2"])
    + message("4", 4, "Rain.", "Bo", subject="Rain")
    + message("5", 5, "Lost answer.", "Cy", above=["gone2"], subject="Re: Snow")
    + message("6", 6, "Another lost answer.", "Bo", references=["gone2"], subject="Re: Snow")
    + message("", 7, "Without an id.", "Cy", above=["3"])
)


def import_list(root, folder, *, replies_as_comments=True):
    options = Options(UTC, replies_as_comments=replies_as_comments)
    return run_import([folder], root, "content/posts", options, format="mail")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "2024-January.txt").write_text(LIST)
    return tmp_path / "list"


def comments(root, name):
    path = root / f"content/posts/{name}.comments.yaml"
    return parse_comments(path.read_bytes(), name).comments


def test_answers_become_comments_of_the_first_message(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    report = import_list(root, folder)
    assert [path.rpartition("/")[2] for path in report.created] == [
        "2024-01-01-frost.md",
        "2024-01-04-rain.md",
        "2024-01-05-re-snow.md",
    ]
    bo, cy, last = comments(root, "2024-01-01-frost")
    assert [item.author for item in (bo, cy, last)] == ["Bo", "Cy", "Cy"]
    assert (bo.reply_to, cy.reply_to, last.reply_to) == ("", bo.id, cy.id)
    assert (bo.platform, cy.text) == ("Mailing list", "Mine too.")
    assert [item.text for item in comments(root, "2024-01-05-re-snow")] == ["Another lost answer."]
    assert (report.posts, report.comments.added, report.comments.total) == (3, 4, 4)


def test_answers_contain_no_addresses_and_signatures_but_all_other_words(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    report = import_list(root, folder)
    build(root)
    for file, data in tree(root).items():
        assert not [address for address in ADDRESSES if address.encode() in data], file
    text = comments(root, "2024-01-01-frost")[0].text
    assert "write to … or." in text
    assert "On Monday, Ada wrote:" in text
    assert "Look at frost.example too." in text
    assert "Bo Smith" not in text
    assert report.dropped["the signature"] == 1
    assert "header references" not in report.dropped


def test_the_quoted_message_at_the_end_of_an_answer_is_removed_and_reported(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    text = "Agreed.\n\nOn Monday, 1 Jan 2024, Ada wrote:\n> Ice is here.\n> And snow."
    (folder / "2024-February.txt").write_text(message("8", 8, text, "Bo", above=["1"]))
    report = import_list(root, folder)
    assert "Agreed." in [comment.text for comment in comments(root, "2024-01-01-frost")]
    assert report.dropped["the quoted message"] == 1


def test_importing_answers_again_writes_nothing_and_other_messages_are_added(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    import_list(root, folder)
    before = tree(root / "content")
    assert import_list(root, folder).comments.unchanged == 4
    assert tree(root / "content") == before
    (folder / "2024-February.txt").write_text(message("8", 8, "Late.", "Bo", above=["2"]))
    assert import_list(root, folder).comments.added == 1
    assert len(comments(root, "2024-01-01-frost")) == 4


def test_without_the_option_each_message_is_a_post(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    report = import_list(root, folder, replies_as_comments=False)
    assert (report.posts, report.comments.total) == (7, 0)


def test_the_command_has_the_option(tmp_path, folder):
    root = make_site(tmp_path / "site", {})
    result = run("import", folder, "--from", "mail", "--replies-as-comments", "--json", root=root)
    assert json.loads(result.output)["comments"]["added"] == 4


def test_answers_to_a_message_that_cannot_be_read_are_reported(tmp_path, folder):
    depth = 60
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    deep = (
        f"From: Ada <x@y.example>\nSubject: Deep\nMessage-ID: <deep@post.example>\n{parts}Content-Type: text/plain\n\nx"
    )
    (folder / "a.eml").write_text(deep)
    answer = message("9", 9, "To nothing.", "Bo", above=["deep"]).partition("\n")[2]
    (folder / "b.eml").write_text(answer)
    report = import_list(make_site(tmp_path / "site", {}), folder)
    assert "the first message of its thread cannot be read" in [item.reason for item in report.skipped]
    assert (report.posts, report.comments.added) == (3, 4)


def ids(key="", above=(), references=()):
    return MessageIds(key, tuple(above), tuple(references))


@pytest.mark.parametrize(
    ("messages", "positions"),
    [
        ([ids("a"), ids("b", ["a"]), ids("c", ["b"])], [(0, -1), (0, 0), (0, 1)]),
        ([ids("b", ["a"]), ids("a")], [(1, 1), (1, -1)]),
        ([ids("b", ["x"]), ids("c", [], ["x"])], [(0, -1), (0, -1)]),
        ([ids("b", [], ["r", "x"]), ids("c", [], ["r", "y"])], [(0, -1), (0, -1)]),
        ([ids("a", ["b"]), ids("b", ["a"])], [(1, 1), (1, -1)]),
        ([ids("a", ["a"])], [(0, -1)]),
        ([ids(), ids(), ids("a")], [(0, -1), (1, -1), (2, -1)]),
        ([ids("a"), ids("a"), ids("b", ["a"])], [(0, -1), (1, -1), (0, 0)]),
        ([ids("a"), ids("c", ["gone"], ["a", "gone"])], [(0, -1), (0, 0)]),
    ],
)
def test_messages_are_arranged_by_what_they_answer(messages, positions):
    assert [(position.first, position.parent) for position in arrange_threads(messages)] == positions


KEYS = st.sampled_from(["", "a", "b", "c", "d", "e", "x", "y"])


@given(st.lists(st.builds(ids, KEYS, st.lists(KEYS, max_size=2), st.lists(KEYS, max_size=4)), max_size=8))
def test_each_message_is_in_one_thread_that_begins_with_a_message(messages):
    positions = arrange_threads(messages)
    assert len(positions) == len(messages)
    for number, position in enumerate(positions):
        assert positions[position.first].first == position.first
        above, steps = number, 0
        while positions[above].parent != -1:
            above, steps = positions[above].parent, steps + 1
            assert steps <= len(messages)
            assert positions[above].first == position.first


def test_a_long_thread_takes_linear_time():
    number = 50_000
    messages = [ids(f"m{n}", [f"m{n - 1}"] if n else []) for n in range(number)]
    assert {position.first for position in arrange_threads(messages[::-1])} == {number - 1}


def test_ids_are_found_in_fields_of_any_form():
    assert find_ids('Your message of "Mon, 2 Jan" <a@b.example> <c d> <<e@f.example>>') == (
        "a@b.example",
        "e@f.example",
    )


def test_the_option_is_an_error_for_other_formats(tmp_path):
    root = make_site(tmp_path / "site", {})
    before = tree(root)
    result = run("import", EXPORTS / "wix-text", "--replies-as-comments", root=root)
    assert result.exit_code == 1
    assert "--replies-as-comments is for mail, and this export is Wix" in result.output
    assert tree(root) == before


@pytest.mark.parametrize(
    ("sender", "list_id", "author"),
    [
        ("Ada Smith via Letters <letters@lists.example>", "<letters.lists.example>", "Ada Smith"),
        ("\"'Ada Smith' via Letters\" <letters@lists.example>", "<letters.lists.example>", "Ada Smith"),
        ('"ada@x.example via Letters" <letters@lists.example>', "<letters.lists.example>", ""),
        ("Ada Smith <ada@x.example>", "<letters.lists.example>", "Ada Smith"),
        ("Home via Rome <ada@x.example>", "", "Home via Rome"),
    ],
)
def test_the_author_is_the_person_for_whom_a_list_sent_the_message(sender, list_id, author):
    head = f"From: {sender}\r\nSubject: Frost\r\n" + (f"List-Id: {list_id}\r\n" if list_id else "")
    assert read_message(f"{head}\r\nWords.\r\n".encode()).author == author
