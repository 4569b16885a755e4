"""Comment files: every comment comes back as it was written, and mistakes are reported with their lines."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.comments import comment_file_of
from sitegen.comments.comment import TYPES, Comment
from sitegen.comments.file import (
    MAX_COMMENT_CHARACTERS,
    MAX_ID_CHARACTERS,
    MAX_LIKES,
    _is_printable,
    _read_any,
    _read_written,
    parse_comments,
    split_items,
    write_comment,
    write_comments,
)
from sitegen.comments.merge import merge_comments, remove_comment
from sitegen.errors import Problem, SiteError
from sitegen.formats.characters import INVISIBLE

ADA = Comment(
    "wordpress-12", "I *remember*.\n\nThe frost.", "Ada Smith", datetime(2024, 5, 1, 10, tzinfo=UTC), "", "WordPress"
)
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(lambda text: INVISIBLE.sub("", text))
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join).filter(str.strip)
DATES = st.datetimes(
    datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))])
)
URLS = ("https://example.org/a?b=1#c", "https://example.org/ä", "http://example.org#comment-1")


@st.composite
def comments(make):
    name = " ".join(make(LINES).split())
    return Comment(
        make(IDS),
        make(TEXTS),
        name,
        make(st.none() | DATES.map(lambda date: date.replace(microsecond=0))),
        make(st.just("") | IDS),
        make(st.sampled_from(["", "Substack", "null", "Ab:c", "a #b", "2 b", "b:"])),
        make(st.sampled_from(["", *URLS, "https://example.org/a:", "https://ä.example.org/#a"])),
        make(st.sampled_from(TYPES)),
        make(st.integers(0, MAX_LIKES)),
    )


def normal(text):
    """Return text as a file can hold it: no blank lines around it, and none with spaces only."""
    return "\n".join(line if line.strip(" ") else "" for line in text.strip("\n").split("\n")).strip("\n")


@given(comments())
@example(Comment("a", "  indented first line"))
@example(Comment("true", "text", "No"))
@example(Comment("a", "text: |\n- id: b"))
@example(Comment("a", "\u2028x\x85y"))
@example(Comment("a", "a\tb", "Ada: Smith #1"))
@example(Comment("a", "\xa0a\n\n\u200cb \xa0\n \u202f", "AB\u200c"))
def test_a_comment_is_read_as_it_was_written(comment):
    (read,) = parse_comments(write_comment(comment).encode(), "c.yaml").comments
    assert read.text.split() == comment.text.split()
    if not comment.text.startswith((" ", "\t")) and _is_printable(comment.text.encode()):
        assert read.text == normal(comment.text)
    others = [name for name in Comment.__struct_fields__ if name != "text"]
    assert [getattr(read, name) for name in others] == [getattr(comment, name) for name in others]
    assert write_comment(read) == write_comment(parse_comments(write_comment(read).encode(), "c.yaml").comments[0])


def assert_read_as_by_the_yaml_parser(text):
    written = _read_written(text) if _is_printable(text.encode()) else None
    if written is not None:
        problems = []
        items = [item for _, item in split_items(text, "c.yaml")]
        assert written == [_read_any(item, "c.yaml", 1, UTC, problems, []) for item in items]
        assert not problems
    return written is not None


@given(comments())
@example(Comment("a-1", "\xa0a\n\n\u200cb \xa0\n \u202f", "AB\u200c"))
def test_written_comments_are_read_as_by_the_yaml_parser(comment):
    assert_read_as_by_the_yaml_parser(write_comment(comment))


@pytest.mark.parametrize(
    "text", ["«\xa0Oui\xa0!\xa0»", "می\u200cگفت", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a\u00adb"]
)
def test_spaces_and_joiners_of_any_language_stay_readable_lines(text):
    comment = replace(ADA, text=f"{text}\n\n{text}")
    assert f"  text: |\n    {text}\n\n    {text}\n" in write_comment(comment)
    assert _is_printable(text.encode())
    assert _read_written(write_comment(comment)) == [comment]


HEADS = (
    *("  author: Ada", '  author: "Ada  B "', "  author:", "  author: a: b", "  author: Ada  Smith ", "  author: No"),
    *("  date: 2024-05-01T10:00:00Z", "  date: 2024-02-30T10:00:00Z", "  date: 2024-W05-1T10:00:00Z", "  # on: x"),
    *("  date: 2024-05-01T10 00 00Z", "  date: 2024-05-01T10:00:00+0100:", "  date: 2024-05-01T1:000:00Z"),
    *("  date: 2024-W1-2T10:00:00Z", "  date: 2024- 5-01T10:00:00Z", "  date: 2024-05-01T10:00:00-٠١:٠٠"),
    *("  reply_to: b-1", "  reply_to: 7", "  on: WordPress", "  on: on", "   on: x", " on: x", "on: x"),
    *("  url: https://example.org/a", "  url: https://example.org/a:", "  url: https://", "  url: ftp://x.org/"),
    *("  likes: 3", "  likes: 03", "  type: pingback", "  type: comment", "  type: like", "  id: b-2", "  x: y", ""),
)
LINES_BELOW = ("  text: |", "    a", "    a", "     b", "    - id: c-1", "    ", "   c", "", "- id: d-1", "-", "- e")


@settings(max_examples=500)
@given(st.lists(st.sampled_from(HEADS), max_size=3), st.lists(st.sampled_from(LINES_BELOW), max_size=4))
@example(["  author: Ada"], ["", "", "    b"])
@example([], ["- id: d-1", "  text: |", "    a"])
@example([], ["", "-"])
def test_any_rows_are_read_as_by_the_yaml_parser_or_left_to_it(head, below):
    assert_read_as_by_the_yaml_parser("\n".join(["- id: a-1", *head, "  text: |", "    x", *below]) + "\n")


def test_what_follows_written_comments_is_left_to_the_yaml_parser():
    texts = [write_comment(replace(ADA, id=f"a-{n}")) for n in range(2)]
    assert assert_read_as_by_the_yaml_parser("".join(texts))
    for other in ("- id: b\n  text: x\n", "-\n  id: b\n  text: x\n", "# the end\n", "\n"):
        assert not assert_read_as_by_the_yaml_parser(f"{texts[0]}{other}{texts[1]}")


@pytest.mark.parametrize("key", ["id", "reply_to"])
def test_a_long_id_is_a_problem_in_any_form(key):
    for more, is_valid in ((0, True), (1, False)):
        long = f"a-{'b' * (MAX_ID_CHARACTERS - 2 + more)}"
        rows = {"id": "c-1", key: long}
        text = "- " + "  ".join(f"{name}: {value}\n" for name, value in rows.items()) + "  text: |\n    x\n"
        assert (_read_written(text) is not None) is is_valid
        if is_valid:
            parse_comments(text.encode(), "c.yaml")
        else:
            with pytest.raises(SiteError, match="is not an id"):
                parse_comments(text.encode(), "c.yaml")


@pytest.mark.parametrize("likes", [0, 3])
@pytest.mark.parametrize("url", ["", *URLS])
@pytest.mark.parametrize("author", ["Ada Smith", "J. & K.", "2cents", "[deleted]", "@ada", "null", "Ada: a reader", ""])
def test_most_comments_need_no_yaml_parser(author, url, likes):
    comment = replace(ADA, author=author, url=url, likes=likes)
    assert _read_written(write_comment(comment)) == [comment]


def test_comments_are_ordered_by_date_then_id():
    later = Comment("a", "x", date=datetime(2024, 5, 2, tzinfo=UTC))
    undated = Comment("z", "x")
    twin = Comment("wordpress-11", "x", date=ADA.date)
    text = write_comments([later, ADA, twin, undated])
    assert [item.id for item in parse_comments(text.encode(), "c.yaml").comments] == [
        "z", "wordpress-11", "wordpress-12", "a",
    ]  # fmt: skip
    assert write_comments([later, twin, ADA]) == write_comments([ADA, later, twin])


def test_a_file_edited_by_hand_is_read():
    head = "\ufeff# Our comments\n---\n\n  - id: 007\r\n    author: 'Bo'\n    date: 2024-01-02\n"
    text = f"{head}    text: >\n      Folded\n      text\n"
    (read,) = parse_comments(text.encode(), "c.yaml", timezone(timedelta(hours=2))).comments
    assert (read.id, read.author, read.text) == ("007", "Bo", "Folded text")
    assert read.date.isoformat() == "2024-01-02T00:00:00+02:00"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_a_file_may_have_no_comments(text):
    assert parse_comments(text.encode(), "c.yaml").comments == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: b\n", 1, "the file is not a list of comments"),
        ("- text: x\n", 1, "the comment has no `id`"),
        ("- id: a\n  text: x\n  autor: Bo\n", 3, "`autor` is not a key of a comment"),
        ("- id: a b\n  text: x\n", 1, "`id: a b` is not an id"),
        ("- id: a\n  reply_to: ../x\n  text: x\n", 2, "`reply_to: ../x` is not an id"),
        ("- id: a\n  url: javascript:x\n  text: x\n", 2, '"javascript:x" is not an http or https URL'),
        ("- id: a\n  likes: many\n  text: x\n", 2, "`likes: many` is not a number of likes"),
        ("- id: a\n  likes: -1\n  text: x\n", 2, "`likes: -1` is not a number of likes"),
        ("- id: a\n  likes: 1000000000\n  text: x\n", 2, "`likes: 1000000000` is not a number of likes"),
        ("- id: a\n  type: like\n  text: x\n", 2, "`type: like` is not a type of comment"),
        ("- id: a\n  date: 2024-13-01\n  text: x\n", 2, 'there is no month 13, as in the date "2024-13-01"'),
        ("- id: a\n  text: [x]\n", 2, "`text` is not text"),
        ("- hello\n", 1, "the comment is not a list of keys and values"),
        ("- id: a\n  text: x\n- id: a\n  text: y\n", 3, "two comments have the id `a`: this one and the one on line 1"),
        ("- id: a\n  text: x\n- id: b\n  text: 'y\n", 4, "not valid YAML"),
        (b"- id: a\n  text: \xff\n", 2, "the file is not UTF-8"),
    ],
)
def test_a_mistake_is_reported_with_its_line(text, line, message):
    with pytest.raises(SiteError) as error:
        parse_comments(text if isinstance(text, bytes) else text.encode(), "c.yaml")
    (problem,) = error.value.problems
    assert (problem.line, problem.message.startswith(message)) == (line, True), problem


@pytest.mark.parametrize(
    ("item", "line", "excerpt"),
    [
        ("- id: b\n", 3, "- id: b"),
        ("- id: b\n  author: Bo\n  text:\n", 5, "text:"),
        ("- id: b\n  text: ' '\n", 4, "text: ' '"),
        ("- id: b\n  text: |\n\n", 4, "text: |"),
    ],
)
def test_a_comment_without_text_is_a_warning_and_is_not_shown(item, line, excerpt):
    found = parse_comments(f"- id: a\n  text: x\n{item}- id: c\n  text: z\n".encode(), "c.yaml")
    assert {comment.id for comment in found.comments} == {"a", "c"}
    hint = "add `text: …`, or remove it"
    assert found.warnings == (Problem("c.yaml", line, "the comment has no text, and is not shown", hint, excerpt),)


def test_a_comment_without_text_stays_in_the_file_when_others_are_added_and_removed():
    text = "- id: a\n  text: x\n- id: b\n  text:\n"
    merged = merge_comments(text, "c.yaml", [Comment("c", "New")], {})
    assert merged.text == f"{text}- id: c\n  text: |\n    New\n"
    assert remove_comment(merged.text, "c.yaml", "a") == merged.text.removeprefix("- id: a\n  text: x\n")


def test_all_mistakes_of_a_file_are_reported_together():
    with pytest.raises(SiteError) as error:
        parse_comments(b"- id: a\n- id: b\n  txt: x\n  date: now\n", "c.yaml")
    assert [problem.line for problem in error.value.problems] == [3, 4]


def test_mistakes_below_comments_of_an_import_are_reported_with_their_lines():
    written = write_comments([replace(ADA, id=f"a-{n}", text="One\n\ntwo") for n in range(3)])
    lines = written.count("\n")
    again = write_comment(replace(ADA, id="a-2"))
    wrong = f"# Ours\n- id: a-1\n  text: x\n- id: b\n  txt: y\n{again}"
    with pytest.raises(SiteError) as error:
        parse_comments(f"{written}{wrong}".encode(), "c.yaml")
    found = {(problem.line, problem.message) for problem in error.value.problems}
    same = "two comments have the id `{}`: this one and the one on line {}"
    second = lines // 3 + 1
    assert {(lines + 2, same.format("a-1", second)), (lines + 6, same.format("a-2", 2 * second - 1))} <= found
    assert {line for line, _ in found} == {lines + 2, lines + 5, lines + 6}


def test_comments_in_any_form_follow_comments_of_an_import():
    text = f"{write_comment(ADA)}# Ours\n- {{id: b, text: x}}\n\n{write_comment(replace(ADA, id='c-1'))}"
    assert {item.id for item in parse_comments(text.encode(), "c.yaml").comments} == {"wordpress-12", "b", "c-1"}


def test_an_author_that_is_an_email_address_is_a_warning():
    (warning,) = parse_comments(b"- id: a\n  author: ada@example.org\n  text: x\n", "c.yaml").warnings
    assert warning.message == "the author of the comment `a` looks like an email address, and is published"


def test_a_comment_file_is_beside_its_post():
    assert comment_file_of("content/posts/2024-01-01-a.b.md") == "content/posts/2024-01-01-a.b.comments.yaml"
    assert comment_file_of("content/posts/a/index.markdown") == "content/posts/a/index.comments.yaml"


def test_a_text_that_is_too_long_is_a_problem_in_any_form():
    text = "x" * (MAX_COMMENT_CHARACTERS + 1)
    for form in (f"- id: a-1\n  text: |\n    {text}\n", f"- id: a\n  text: {text}\n"):
        with pytest.raises(SiteError, match="the text is longer than 200,000 characters"):
            parse_comments(form.encode(), "a.comments.yaml")
