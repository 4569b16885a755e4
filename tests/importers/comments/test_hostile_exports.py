"""Exports of comments with wrong and hostile values: each file is read, or reported with one reason."""

import gzip
import json
import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.comments.comment_html import render_comment
from sitegen.comments.file import parse_comments, write_comments
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.comments.found import time_of
from sitegen.importers.comments.registry import read_export
from sitegen.importers.output.comment_files import convert_comment, remove_addresses
from tests.cli.test_commands import run
from tests.importers.comments.samples import PRIVATE, SAMPLES, URL, blogger, disqus, isso
from tests.importers.comments.test_comment_imports import import_into, make, read

STRINGS = [
    "", " ", "\0", "a\0b\x1b[31m", "\u202eevil\u2066", "<script>alert(1)</script>", "javascript:alert(1)", "-", "- [x",
    "../../etc/passwd", "NaN", "\ud800", "\ufeff", "x" * 5_000, "]]>", "&#0;&bogus;", "{{ config }}", "---\n- id: x\n",
    "2024-02-30", "99999-01-01", "01/02/03", "1e400", "9" * 400, "at://", "https://[", "//", "true", "\u0661",
]  # fmt: skip
VALUES = [
    None, True, False, 0, -1, 2**70, 10**400, 1e308, -1e308, float("inf"), float("nan"), 0.1, [], {}, [[]], [None],
    {"": {}}, ["a"], {"id": {"id": []}}, *STRINGS,
]  # fmt: skip


def read_file(data, name, folder):
    """Return the comments of a file as an import stores them, and the reason if it cannot be read."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    with Archive([folder]) as archive:
        try:
            export = read_export(archive, name)
        except UnreadableError as error:
            return (), str(error)
    comments = {}
    for found in export.comments if export else ():
        assert isinstance(found.post.shown, str)
        try:
            comment = convert_comment(found.comment, export.platform)
        except UnreadableError:
            continue
        comments[comment.id] = replace(comment, text=remove_addresses(comment.text))
    text = write_comments(comments.values())
    parsed = parse_comments(text.encode(), "x.comments.yaml").comments
    assert {item.id for item in parsed} == comments.keys()
    assert not [value for value in PRIVATE if value in text]
    for item in parsed:
        html = render_comment(item.text)
        assert not [part for part in ("<script", 'href="javascript', "\0") if part in html]
    return parsed, "" if export else "its format is not known"


def paths_of(value, path=()):
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield from paths_of(inner, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    changed = deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed


PREFIX = "])}while(1);</x>"
LOADED = {
    name: json.loads(sample.make().decode().removeprefix(PREFIX))
    for name, sample in SAMPLES.items()
    if name.endswith(".json")
}


@given(st.data())
def test_json_with_any_value_anywhere_is_read_or_reported(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(LOADED)))
    value = LOADED[name]
    for _ in range(data.draw(st.integers(1, 3))):
        value = replaced(value, data.draw(st.sampled_from(list(paths_of(value)))), data.draw(st.sampled_from(VALUES)))
    text = json.dumps(value).encode("utf-8", "surrogatepass")
    read_file(text, name, tmp_path_factory.mktemp("hostile", numbered=True))


DEEP_REPLIES = 1_200
NESTED = "".join(f'{{"id":"{number}","html":"T","member":{{}},"replies":[' for number in range(DEEP_REPLIES))
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
UNKNOWN, NOT_DATA = "its format is not known", "it is neither YAML nor TOML nor JSON"


@pytest.mark.parametrize(
    ("name", "data", "count", "reason"),
    [
        ("d.xml", b"&<disqus", 0, "it is not XML"),
        ("d.xml", f'<!DOCTYPE x [<!ENTITY e0 "aa">{ENTITIES}]><disqus><post>&e9;</post></disqus>'.encode(), 1, ""),
        ("c.db", b"SQLite format 3\0" + b"x" * 5000, 0, "it is not a database of Isso"),
        ("c.db", isso()[:3000], 0, "it is not a database of Isso"),
        ("g.json", f'{{"comments":[{NESTED}{"]}" * DEEP_REPLIES}]}}'.encode(), DEEP_REPLIES, ""),
        ("deep.json", b'{"comments":' + b"[" * 100_000, 0, "its values are nested too deep"),
        ("int.json", b'{"comments":[{"body":"x","name":"n","date":1,"id":' + b"9" * 5000 + b"}]}", 0, UNKNOWN),
        ("utf16.json", '{"comments":[]}'.encode("utf-16"), 0, UNKNOWN),
        ("comments/x.yml", b"a: &a [x, x]\nb: [*a, *a]\n", 0, NOT_DATA),
        ("comments/x.toml", b"message = 'x'\ndate = 99999-01-01\n", 0, NOT_DATA),
        ("comments/x.yml", b"- message: x\n  date: 2024-02-30\n  name: [1]\n- 7\n- message: [y]\n", 1, ""),
        ("p.html", b"<html>window.__APOLLO_STATE__ = {broken", 0, UNKNOWN),
        ("p.html", b'window._preloads = JSON.parse("[]")', 0, UNKNOWN),
        ("x.gz", gzip.compress(b'{"a":1}' * 1000, mtime=0)[:-20], 0, "it cannot be unpacked"),
    ],
)
def test_a_damaged_file_has_the_comments_that_can_be_read_or_a_reason(name, data, count, reason, tmp_path):
    comments, found = read_file(data, name, tmp_path)
    assert len(comments) == count
    assert found.startswith(reason)
    assert bool(found) == bool(reason)


@pytest.mark.parametrize("make_export", [disqus, blogger])
@pytest.mark.parametrize(
    ("change", "is_damaged"),
    [
        (lambda data: data[:-400], True),
        (lambda data: data[:-3], True),
        (lambda data: data.replace(b"</author>", b"", 1), True),
        (lambda data: data.replace(b"Ada", b"Ada\x01").replace(b"Text", b"\0Te\x1fxt"), False),
        (lambda data: data.replace(b"Ada", b"Ada&nbsp;"), False),
    ],
)
def test_a_file_of_which_comments_may_be_missing_is_reported(make_export, change, is_damaged, tmp_path):
    root, path = make(tmp_path, "disqus.xml")
    path.write_bytes(change(make_export()))
    report = import_into(root, path)
    message = "the file is damaged on line 1: comments may be missing"
    assert report.damaged == ([(path.name, message)] if is_damaged else [])
    assert report.counts.added + sum(report.unmatched.values())
    assert run("comments", "import", path, root=root).exit_code == int(is_damaged)


def _ghost(numbers, total, replies=0, parent=None):
    post, member = {"id": "em_2", "url": URL}, {"name": "Ada"}
    rows = [
        {"id": f"a{n}", "html": "Text", "post_id": "em_2", "post": post, "member": member, "parent_id": parent}
        for n in numbers
    ]
    rows[0]["count"] = {"replies": replies}
    return {"comments": rows, "meta": {"pagination": {"page": 1, "total": total}}}


def _giscus(total, replies):
    row = {"id": "D_1", "body": "Text", "author": {"login": "ada"}, "replies": {"totalCount": replies, "nodes": []}}
    discussion = {"title": "posts/second/", "comments": {"totalCount": total, "nodes": [row]}}
    return {"data": {"repository": {"discussions": {"nodes": [discussion]}}}}


def _isso(hidden, hidden_below):
    row = {"id": 1, "parent": None, "text": "Text", "author": "Ada", "hidden_replies": hidden_below, "replies": []}
    return {"id": None, "total_replies": 1, "hidden_replies": hidden, "replies": [row]}


def _buttondown(count):
    return {"results": [{"id": "c1", "email_id": "em_2", "text": "Text"}], "count": count}


def _medium(name, count):
    row = {"id": "aa01", "title": "Text", "creator": {"name": "Ada"}, "threadedPostResponses": {"posts": []}}
    post = {"id": "em_2", name: {"count": count} if name == "postResponses" else count}
    return {"data": {"post": {**post, "threadedPostResponses": {"posts": [row]}}}}


@pytest.mark.parametrize(
    ("files", "post", "missing"),
    [
        ([_ghost([1, 2], 2)], URL, ""),
        ([_ghost([1, 2], 5)], URL, "3 of 5"),
        ([_ghost([1, 2], 5), _ghost([3, 4, 5], 5)], URL, ""),
        ([_ghost([1, 2], 5), _ghost([2, 3], 5)], URL, "2 of 5"),
        ([_ghost([1, 2], 2, replies=4)], URL, "4 of 6"),
        ([_ghost([1, 2], 2, replies=4), _ghost([6, 7], 4, parent="a1")], URL, "2 of 6"),
        ([_ghost([1, 2], 2, replies=4), _ghost([6, 7, 8, 9], 4, parent="a1")], URL, ""),
        ([_giscus(1, 0)], "posts/second/", ""),
        ([_giscus(3, 2)], "posts/second/", "4 of 5"),
        ([_isso(0, 0)], "second", ""),
        ([_isso(2, 1)], "second", "3 of 4"),
        ([_buttondown(1)], "Buttondown", ""),
        ([_buttondown(101)], "Buttondown", "100 of 101"),
        ([_medium("postResponses", 1)], "em_2", ""),
        ([_medium("postResponses", 3)], "em_2", "2 of 3"),
        ([_medium("responsesCount", 43)], "em_2", "42 of 43"),
    ],
)
def test_comments_that_are_on_other_pages_of_an_answer_are_reported(files, post, missing, tmp_path):
    root, path = make(tmp_path, "disqus.xml")
    path.unlink()
    for number, value in enumerate(files):
        (path.parent / str(number)).mkdir()
        (path.parent / str(number) / "second.json").write_text(json.dumps(value))
    report = import_into(root, path.parent)
    message = f"{missing} comments are in none of the files: save the other pages of the answer too"
    assert [(name.strip("/"), text) for name, text in report.damaged] == (
        [(post.strip("/"), message)] if missing else []
    )
    assert report.counts.added == len(read(root))


def test_a_saved_page_of_substack_with_some_of_the_comments_is_reported(tmp_path):
    root, path = make(tmp_path, "substack.html")
    data = path.read_bytes()
    assert import_into(root, path).damaged == []
    path.write_bytes(data.replace(b'\\"slug\\": \\"second\\"', b'\\"slug\\": \\"second\\", \\"comment_count\\": 9'))
    assert path.read_bytes() != data
    ((post, message),) = import_into(root, path).damaged
    assert (post, message.partition(" comments")[0]) == (URL, "6 of 9")


def test_replies_of_a_thousand_levels_are_read_in_a_saved_page_and_a_data_file(tmp_path):
    row = '{"id": %d, "name": "Ada", "body": "Text", "date": "2024-02-01T10:00:00Z", "children": ['
    rows = f"[{''.join(row % number for number in range(DEEP_REPLIES))}{']}' * DEEP_REPLIES}]"
    post = '{"id": 1, "slug": "second", "canonical_url": "https://a.example/p/second"}'
    inner = json.dumps(f'{{"post": {post}, "initialComments": {rows}}}')
    page = f"<html><script>window._preloads = JSON.parse({inner})</script></html>"
    for name, text in (("page.html", page), ("comments/second.json", rows)):
        comments, reason = read_file(text.encode(), name, tmp_path / name.partition(".")[0])
        assert (len(comments), reason) == (DEEP_REPLIES, "")


def test_a_database_with_values_of_other_types_is_read(tmp_path):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE threads (id, uri, title)")
        connection.execute("CREATE TABLE comments (tid, id, parent, created, mode, text, author, likes)")
        connection.execute("INSERT INTO threads VALUES (1, ?, NULL)", (b"/posts/second/",))
        for row in ((1, b"a\xff", None, float("inf"), "x", b"Text", 7, -4), (1, 2, 1.5, b"x", None, None, None, b"x")):
            connection.execute("INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.commit()
        comments, _ = read_file(connection.serialize(), "c.db", tmp_path)
    assert sorted((item.id, item.text, item.author, item.date, item.likes) for item in comments) == [
        ("isso-2", "\u2026", "", None, 0),
        ("isso-a", "Text", "7", None, 0),
    ]


NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)
NO_DATES = (
    "", "soon", "2024-02-30", "0000-00-00 00:00:00", "9" * 400, 10**400, True, None, [], {}, float("nan"), float("inf"),
    -1e300, "99999-01-01", b"2024",
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        *((form, NOON) for form in ("2024-02-01T12:00:00Z", "2024-02-01 12:00:00", "1706788800", NOON)),
        *((number, NOON) for number in (1_706_788_800, 1_706_788_800.9 - 0.9, 1_706_788_800_000)),
        (NOON.date(), datetime(2024, 2, 1, tzinfo=UTC)),
        *((wrong, None) for wrong in NO_DATES),
    ],
)
def test_a_date_is_read_or_unknown(value, moment):
    assert time_of(value) == moment


def test_two_comments_with_one_id_are_reported(tmp_path):
    root, path = make(tmp_path, "second.json")
    texts = ("One", "One", "Two")
    rows = [{"id": 1, "body": text, "name": "Ada", "date": "2024-02-01", "children": []} for text in texts]
    path.write_text(json.dumps({"comments": rows}))
    counts = import_into(root, path).counts
    assert (counts.added, counts.unchanged, len(counts.problems)) == (1, 1, 1)
    assert [item.text for item in read(root)] == ["One"]
