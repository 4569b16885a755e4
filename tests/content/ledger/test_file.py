import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sitegen.content.ledger.file import Ledger, LedgerEntry, check_guid, read_ledger, write_ledger
from sitegen.errors import Problem, SiteError

RECORDS = (
    LedgerEntry("content/posts/a.md", "https://h.example/posts/a/", ("https://h.example/posts/a/",)),
    LedgerEntry(
        "content/posts/ü.md", "urn:x:1", ("https://h.example/posts/b/", "https://h.example/posts/ü/"), withdrawn=True
    ),
)


def test_a_ledger_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "published.json"
    path.write_bytes(write_ledger(Ledger(RECORDS)))
    assert read_ledger(path) == Ledger(RECORDS)
    path.write_bytes(write_ledger(Ledger()))
    assert read_ledger(path) == Ledger()


def test_a_site_without_a_ledger_has_an_empty_one(tmp_path):
    assert read_ledger(tmp_path / "published.json") == Ledger()


def test_the_file_holds_a_post_a_line_in_the_order_of_files(tmp_path):
    lines = write_ledger(Ledger(RECORDS[::-1])).decode().splitlines()
    assert len(lines) == 4
    assert json.loads(lines[1].rstrip(","))["path"] == "content/posts/a.md"
    assert write_ledger(Ledger(RECORDS)) == write_ledger(Ledger(RECORDS[::-1]))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"version": 1,\n<<<<<<< HEAD\n "posts": []}', 2, "the ledger is not valid JSON"),
        ("[" * 100_000, 0, "the ledger is not valid JSON"),
        ("[]", 0, "not a ledger of version 1"),
        ('{"version": 2, "posts": []}', 0, "not a ledger of version 1"),
        ('{"version": 1, "posts": {}}', 0, "not a ledger of version 1"),
        ('{"version": 1, "posts": [7]}', 0, "an entry of the ledger is not a post"),
        ('{"version": 1, "posts": [{"path": "a", "guid": "", "urls": ["u"]}]}', 0, "is not a post"),
        ('{"version": 1, "posts": [{"path": "a", "guid": "g", "urls": []}]}', 0, "is not a post"),
        ('{"version": 1, "posts": [{"path": "a", "guid": "g", "urls": [1]}]}', 0, "is not a post"),
        (
            '{"version": 1, "posts": [{"path": "a", "guid": "g", "urls": ["u"]},'
            '{"path": "b", "guid": "g", "urls": ["v"]}]}',
            0,
            'the guid "g" is in the ledger twice, for a and b',
        ),
    ],
)
def test_a_damaged_ledger_is_a_problem_with_a_line_and_a_hint(tmp_path, text, line, message):
    path = tmp_path / "published.json"
    path.write_text(text)
    with pytest.raises(SiteError) as caught:
        read_ledger(path)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.path, problem.line) == ("published.json", line)
    assert problem.hint


OUTSIDE = (
    "https://ex.org/../../precious/",
    "https://ex.org/%2e%2e/%2e%2e/precious/",
    "https://ex.org/a/../b/",
    "https://ex.org/a%2f..%2fb/",
    "https://ex.org//x//y/",
    "https://ex.org/a%00b/",
    "https://ex.org/a%5c..%5cb/",
    "https://ex.org/.git/hooks/post-commit",
    "https://ex.org/.sitegen-stage/x/",
    "/posts/.hidden/",
    "https://[broken/x/",
)


@pytest.mark.parametrize("url", OUTSIDE)
def test_a_url_that_no_page_can_have_is_a_problem_that_names_it(tmp_path, url):
    path = tmp_path / "published.json"
    path.write_bytes(write_ledger(Ledger((LedgerEntry("content/posts/a.md", "urn:a", ("https://ex.org/a/", url)),))))
    with pytest.raises(SiteError) as caught:
        read_ledger(path)
    (problem,) = caught.value.problems
    assert problem.message == f'the URL "{url}" of content/posts/a.md cannot be one of a page'


@pytest.mark.parametrize(
    "url", ["https://ex.org/", "https://ex.org/a.html", "/sub/.well-known/x/", "https://ex.org/ä%20b/"]
)
def test_a_url_that_a_page_can_have_is_accepted(tmp_path, url):
    path = tmp_path / "published.json"
    ledger = Ledger((LedgerEntry("content/posts/a.md", "urn:a", (url,)),))
    path.write_bytes(write_ledger(ledger))
    assert read_ledger(path) == ledger


def test_a_ledger_that_is_not_utf_8_is_a_problem(tmp_path):
    path = tmp_path / "published.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(SiteError, match="not valid JSON"):
        read_ledger(path)


RESTORE = "a merge may have left its marks in it; restore the file from version control"
VERSION = "restore the file from version control, or use the version of sitegen that wrote it"
ENTRY = 'a post is written {"path": "...", "guid": "...", "urls": ["..."]}'
URL_HINT = "a URL has no hidden or empty parts and no `..`; correct it, or remove it"


def rows(*posts):
    return json.dumps({"version": 1, "posts": posts})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{\n", Problem("published.json", 2, "the ledger is not valid JSON: {}", RESTORE)),
        ('{"version": 1}', Problem("published.json", 0, "this is not a ledger of version 1", VERSION)),
        (rows("x"), Problem("published.json", 0, "an entry of the ledger is not a post", ENTRY, '"x"')),
        (
            rows({"path": "a" * 300}),
            Problem("published.json", 0, "an entry of the ledger is not a post", ENTRY, '{"path": "' + "a" * 190),
        ),
        (
            rows({"path": "a", "guid": "g", "urls": ["/a", "/.git/x"]}),
            Problem("published.json", 0, 'the URL "/.git/x" of a cannot be one of a page', URL_HINT),
        ),
        (
            rows({"path": "a", "guid": "g", "urls": ["/a"]}, {"path": "b", "guid": "g", "urls": ["/b"]}),
            Problem(
                "published.json",
                0,
                'the guid "g" is in the ledger twice, for a and b',
                "a merge may have duplicated it; keep the correct line",
            ),
        ),
    ],
    ids=["not JSON", "no posts", "no object", "long entry", "hidden path", "one guid twice"],
)
def test_a_problem_of_a_ledger_says_what_to_do(tmp_path, text, expected):
    path = tmp_path / "published.json"
    path.write_text(text)
    with pytest.raises(SiteError) as caught:
        read_ledger(path)
    (problem,) = caught.value.problems
    message = problem.message if "{}" not in expected.message else f"{problem.message.partition(': ')[0]}: {{}}"
    assert replace(problem, message=message) == expected


ROW = {"path": "a", "guid": "g", "urls": ["/a"]}


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "path": 1},
        {**ROW, "guid": 1},
        {**ROW, "urls": "/a"},
        {**ROW, "urls": ["/a", 1]},
        {**ROW, "withdrawn": 1},
        *({name: value for name, value in ROW.items() if name != missing} for missing in ROW),
    ],
    ids=str,
)
def test_an_entry_with_a_value_of_another_type_is_a_problem(tmp_path, row):
    path = tmp_path / "published.json"
    path.write_text(rows(row))
    with pytest.raises(SiteError, match="an entry of the ledger is not a post"):
        read_ledger(path)


def test_all_problems_of_a_ledger_are_reported_at_once(tmp_path):
    path = tmp_path / "published.json"
    path.write_text(rows("x", {**ROW, "urls": ["/../a"]}, ROW, {**ROW, "path": "b"}))
    with pytest.raises(SiteError) as caught:
        read_ledger(path)
    assert len(caught.value.problems) == 3


def test_a_ledger_may_begin_with_a_byte_order_mark_and_is_sorted_as_it_is_read(tmp_path):
    path = tmp_path / "published.json"
    path.write_bytes(b"\xef\xbb\xbf" + rows({**ROW, "path": "b", "guid": "h"}, {**ROW, "guid": "z"}, ROW).encode())
    assert [(record.path, record.guid) for record in read_ledger(path).records] == [("a", "g"), ("a", "z"), ("b", "h")]


def test_a_ledger_that_cannot_be_read_is_an_error_that_names_it(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "read_bytes", lambda path: os.read(-1, 1))
    with pytest.raises(OSError) as caught:
        read_ledger(tmp_path / "published.json")
    assert caught.value.filename == str(tmp_path / "published.json")


def test_a_ledger_has_these_bytes():
    assert write_ledger(Ledger()) == b'{"version": 1, "posts": []}\n'
    records = (
        LedgerEntry("b.md", "urn:b", ("/b", "/\udcff"), withdrawn=True),
        LedgerEntry("a.md", "urn:\u00fc", ("/a",)),
        LedgerEntry("a.md", "urn:a", ("/a",)),
    )
    assert write_ledger(Ledger(records)) == (
        b'{"version": 1, "posts": [\n'
        b'  {"path": "a.md", "guid": "urn:a", "urls": ["/a"]},\n'
        b'  {"path": "a.md", "guid": "urn:\xc3\xbc", "urls": ["/a"]},\n'
        b'  {"path": "b.md", "guid": "urn:b", "urls": ["/b", "/\xed\xb3\xbf"], "withdrawn": true}\n'
        b"]}\n"
    )


def test_a_bare_number_is_not_a_guid():
    assert check_guid("urn:1") == "urn:1"
    with pytest.raises(ValueError, match=r"^12 is a bare number, which is not globally unique$"):
        check_guid("12")
