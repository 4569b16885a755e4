import json

import pytest

from sitegen.errors import SiteError
from sitegen.ledger.file import Ledger, Record, read_ledger, write_ledger

RECORDS = (
    Record("content/posts/a.md", "https://h.example/posts/a/", ("https://h.example/posts/a/",)),
    Record(
        "content/posts/ü.md", "urn:x:1", ("https://h.example/posts/b/", "https://h.example/posts/ü/"), withdrawn=True
    ),
)


def test_a_ledger_comes_back_as_it_was_written(tmp_path):
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
def test_a_damaged_ledger_is_a_problem_with_a_place_and_a_remedy(tmp_path, text, line, message):
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
    path.write_bytes(write_ledger(Ledger((Record("content/posts/a.md", "urn:a", ("https://ex.org/a/", url)),))))
    with pytest.raises(SiteError) as caught:
        read_ledger(path)
    (problem,) = caught.value.problems
    assert problem.message == f'the URL "{url}" of content/posts/a.md cannot be one of a page'


@pytest.mark.parametrize(
    "url", ["https://ex.org/", "https://ex.org/a.html", "/sub/.well-known/x/", "https://ex.org/ä%20b/"]
)
def test_a_url_that_a_page_can_have_is_kept(tmp_path, url):
    path = tmp_path / "published.json"
    ledger = Ledger((Record("content/posts/a.md", "urn:a", (url,)),))
    path.write_bytes(write_ledger(ledger))
    assert read_ledger(path) == ledger


def test_a_ledger_that_is_not_utf_8_is_a_problem(tmp_path):
    path = tmp_path / "published.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(SiteError, match="not valid JSON"):
        read_ledger(path)
