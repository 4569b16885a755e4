"""`sitegen comments add`: an answer that came by mail becomes a comment, without the email address of its author."""

import json

import pytest

from sitegen.comments.file import parse_comments
from tests.cli.test_commands import run
from tests.support.sites import build, make_site, tree

FILE = "content/posts/2024-01-02-second.comments.yaml"
FIRST = "- id: wordpress-1\n  author: Bo\n  date: 2024-01-02T10:00:00Z\n  text: First.\n"
MESSAGE = (
    b"From: =?utf-8?q?Ada_Sm=C3=AFth?= <ada@private.example>\r\nTo: me@private.example\r\nSubject: Re: Second\r\n"
    b"Date: Tue, 2 Jan 2024 12:30:00 +0100\r\nX-Originating-IP: 203.0.113.7\r\n\r\nI liked *this*.\r\n\r\nMuch.\r\n"
)


def add(root, *arguments, data=None):
    return run("comments", "add", *arguments, root=root, data=data)


def read(root):
    return parse_comments((root / FILE).read_bytes(), FILE).comments


@pytest.fixture
def root(tmp_path):
    return make_site(tmp_path / "site", {FILE: FIRST})


@pytest.mark.parametrize(
    "post", ["second", "/posts/second/", "https://letter.example.org/posts/second/", FILE[:-14] + ".md"]
)
def test_a_message_is_added_with_name_date_and_text_only(root, tmp_path, post):
    (tmp_path / "a.eml").write_bytes(MESSAGE)
    result = add(root, tmp_path / "a.eml", "--post", post, "--reply-to", "wordpress-1")
    assert result.exit_code == 0, result.output
    comment = read(root)[1]
    assert (comment.author, comment.date.isoformat()) == ("Ada Smïth", "2024-01-02T12:30:00+01:00")
    assert "liked" in comment.text
    assert "Much." in comment.text
    assert comment.reply_to == "wordpress-1"
    build(root)
    assert not any(b"private" in data or b"203.0" in data for data in tree(root).values())


def test_a_text_comes_from_standard_input(root):
    result = add(
        root, "-", "--post", "second", "--author", "Ada", "--date", "2024-03-01", "--json", data="I *agree*.\n"
    )
    assert json.loads(result.stdout)["added"]
    assert [(item.author, item.text) for item in read(root)] == [("Bo", "First."), ("Ada", "I *agree*.")]


def test_adding_a_comment_again_changes_nothing(root):
    arguments = ("-", "--post", "second", "--author", "Ada", "--date", "2024-03-01")
    add(root, *arguments, data="Once.")
    before = tree(root)
    assert "Unchanged" in add(root, *arguments, data="Once.").output
    assert tree(root) == before


def test_a_dry_run_writes_nothing(root):
    before = (root / FILE).read_bytes()
    assert add(root, "-", "--post", "second", "--dry-run", data="Hello").exit_code == 0
    assert (root / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        ((), "Write to ada@private.example!", "the text contains the email address `ada@private.example`"),
        (("--author", "ada@private.example"), "Hello", "contains an email address"),
        (("--reply-to", "wordpress-2"), "Hello", 'the post has no comment "wordpress-2"'),
        (("--date", "yesterday"), "Hello", "yesterday"),
        ((), " \n", "the comment has no text"),
        ((), "x" * 200_001, "the text is longer than 200,000 characters"),
        (("--post", "other"), "Hello", 'there is no post "other"'),
        (("--post", "secnd"), "Hello", 'did you mean "second"?'),
    ],
)
def test_a_comment_that_is_not_valid_is_refused(root, arguments, text, message):
    result = add(root, "-", "--post", "second", *arguments, data=text)
    assert result.exit_code == 1
    assert message in result.output
    assert (root / FILE).read_text() == FIRST


def test_a_comment_that_was_taken_down_is_not_added_again(root):
    arguments = ("-", "--post", "second", "--author", "Ada", "--date", "2024-03-01", "--json")
    name = json.loads(add(root, *arguments, data="Once.").stdout)["id"]
    assert run("takedown", "--comment", name, "--yes", root=root).exit_code == 0
    result = add(root, *arguments[:-1], data="Once.")
    assert "this comment was taken down" in result.output
    (root / "content/posts/2024-01-02-second.md").rename(root / "content/posts/second.md")
    result = add(root, *arguments[:-1], data="Once.")
    assert "this comment was taken down" in result.output


@pytest.mark.parametrize(
    ("start", "program"),
    [
        (b"\xd0\xcf\x11\xe0\xa1", "Outlook (.msg)"),
        (b"{\\rtf1 Hello}", "RTF"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "Word or ZIP"),
    ],
)
def test_a_file_of_another_program_is_refused_with_its_name(root, tmp_path, start, program):
    (tmp_path / "answer").write_bytes(start + b"\0\xff")
    result = add(root, tmp_path / "answer", "--post", "second", "--author", "Ada")
    assert result.exit_code == 1
    assert (
        f"this is a file of {program}\n    save the message as .eml, or its text in a plain text file" in result.output
    )


def test_html_is_converted(root):
    html = "<!DOCTYPE html>\n<html><body><p>Hello <b>you</b></p><script>x</script></body></html>"
    assert add(root, "-", "--post", "second", "--author", "Ada", data=html).exit_code == 0
    assert "Hello **you**\n" in (root / FILE).read_text()


def test_the_data_of_apple_mail_below_a_message_are_not_stored(root, tmp_path):
    message = ANSWER % b"a"
    (tmp_path / "a.emlx").write_bytes(b"%d   \n%s<?xml version='1.0'?><plist/>" % (len(message), message))
    result = add(root, tmp_path / "a.emlx", "--post", "second")
    assert "Not stored: the quoted message, the signature" in result.output
    assert "plist" not in (root / FILE).read_text()


ANSWER = (
    b"From: John Smith <john@private.example>\r\nDate: Tue, 2 Jan 2024 12:30:00 +0100\r\nMessage-ID: <%s@private"
    b".example>\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nAgreed, caf\xe9 and all, and I have nothing to"
    b" add to what you wrote\r\n-- \r\nJohn Smith\r\n+44 20 1234\r\njohn@private.example\r\n\r\nOn Mon, 1 Jan 2024, Bo"
    b" <bo@private.example> wrote:\r\n> First.\r\n> -- \r\n> Bo\r\n"
)


def test_the_quoted_message_and_the_signature_of_a_mail_are_not_stored(root, tmp_path):
    (tmp_path / "a.eml").write_bytes(ANSWER % b"a")
    result = add(root, tmp_path / "a.eml", "--post", "second")
    assert "Not stored: the quoted message, the signature" in result.output
    assert read(root)[1].text == "Agreed, café and all, and I have nothing to add to what you wrote"


def test_equal_answers_of_two_people_with_the_same_name_are_two_comments(root, tmp_path):
    for name in (b"a", b"b", b"a"):
        (tmp_path / "a.eml").write_bytes(ANSWER % name)
        add(root, tmp_path / "a.eml", "--post", "second")
    assert len(read(root)) == 3


def test_the_same_words_on_two_days_are_two_comments(root):
    for day in ("2024-03-01", "2024-03-02"):
        add(root, "-", "--post", "second", "--author", "Ada", "--date", day, data="Thank you!")
    assert len(read(root)) == 3
