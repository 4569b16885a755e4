"""WordPress exports: the comment file has exactly the comments that were published, as they were."""

import html
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.comments.comment_html import render_comment
from sitegen.comments.file import parse_comments, write_comments
from sitegen.comments.threads import MAX_LEVELS, paginate_comments
from sitegen.config.schema import Config
from sitegen.importers.base import Options
from sitegen.importers.run import run_import

LINK = "https://letter.example.org/second/"
NAME = "content/posts/2024-01-02-second.comments.yaml"
STATES = {"1": "", "0": "pending comment", "spam": "spam comment", "trash": "deleted comment"}


class Row(NamedTuple):
    """A comment of an export."""

    id: int
    parent: int = 0
    author: str = "Ada"
    text: str = "Text"
    minute: int = 0
    state: str = "1"
    comment_type: str = ""

    @property
    def date(self):
        return datetime(2024, 2, 1, tzinfo=UTC) + timedelta(minutes=self.minute)


def wxr(rows):
    """Return an export with one post."""
    comments = "".join(
        f"<wp:comment><wp:comment_id>{row.id}</wp:comment_id>"
        f"<wp:comment_author>{escape(html.escape(row.author))}</wp:comment_author>"
        "<wp:comment_author_email>planted@private.example</wp:comment_author_email>"
        "<wp:comment_author_url>https://linking.example/page</wp:comment_author_url>"
        f"<wp:comment_date_gmt>{row.date:%Y-%m-%d %H:%M:%S}</wp:comment_date_gmt>"
        f"<wp:comment_content>{escape(html.escape(row.text, quote=False))}</wp:comment_content>"
        f"<wp:comment_approved>{row.state}</wp:comment_approved><wp:comment_type>{row.comment_type}</wp:comment_type>"
        f"<wp:comment_parent>{row.parent}</wp:comment_parent></wp:comment>"
        for row in rows
    )
    item = (
        f"<item><title>Second</title><link>{LINK}</link><guid>{LINK}?p=2</guid><wp:post_id>2</wp:post_id>"
        "<wp:post_date_gmt>2024-01-02 10:00:00</wp:post_date_gmt><wp:post_name>second</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded>Hello</content:encoded>"
    )
    spaces = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    head = f'<rss version="2.0" {spaces}><channel><wp:wxr_version>1.2</wp:wxr_version>'
    return f"{head}{item}{comments}</item></channel></rss>".encode()


def import_rows(rows, folder):
    (folder / "export.xml").write_bytes(wxr(rows))
    root = folder / "site"
    root.mkdir(exist_ok=True)
    return run_import([folder / "export.xml"], root, "content/posts", Options(UTC))


def read(folder):
    path = folder / "site" / NAME
    return parse_comments(path.read_bytes(), NAME).comments if path.exists() else ()


def words_of(text):
    """Return the words that a reader sees."""
    return html.unescape(re.sub(r"<[^<>]*>", " ", render_comment(text))).split()


def squeeze(text):
    return "".join(text.split())


# The characters that people write; without `@`, which a name cannot have.
TEXT = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=30)
MARKUP = st.lists(st.sampled_from("*_`#-+>1.[]()<&!~|\\:/ ab\n"), min_size=1, max_size=20).map("".join)
ROWS = st.lists(
    st.builds(
        Row,
        st.integers(1, 12),
        st.integers(0, 14),
        TEXT.filter(lambda text: "@" not in text),
        TEXT | MARKUP,
        st.integers(0, 5),
        st.sampled_from([*STATES, "1", "1"]),
        st.sampled_from(["", "comment", "pingback", "trackback"]),
    ),
    max_size=10,
    unique_by=lambda row: row.id,
)


@given(ROWS)
@settings(max_examples=30)
@example([Row(1, 2), Row(2, 1), Row(3, 3), Row(4, 99)])
@example([Row(1, author=" ", text=" ")])
def test_what_an_export_contains_is_what_the_comment_file_contains(rows):
    with TemporaryDirectory() as name:
        folder = Path(name)
        report = import_rows(rows, folder)
        found = {item.id: item for item in read(folder)}
    published = {f"wordpress-{row.id}": row for row in rows if row.state == "1"}
    assert found.keys() == published.keys()
    assert report.comments.total == len(published)
    dropped = Counter(STATES[row.state] for row in rows if row.state != "1")
    assert {state: report.dropped.get(state, 0) for state in dropped} == dropped
    for key, row in published.items():
        item = found[key]
        assert item.date == row.date
        assert item.reply_to == (f"wordpress-{row.parent}" if row.parent else "")
        assert item.type == (row.comment_type or "comment")
        assert item.author == " ".join(row.author.split())
        assert item.url == (f"{LINK}#comment-{row.id}" if item.type == "comment" else "https://linking.example/page")
        assert squeeze("".join(words_of(item.text))) == squeeze(row.text) or not row.text.strip()
    assert "planted" not in write_comments(found.values())


def test_a_thread_of_a_thousand_levels_with_a_missing_parent_and_a_circle_is_complete(tmp_path):
    deep = [Row(number, number - 1, minute=number) for number in range(2, 1002)]
    circle = [Row(2001, 2002), Row(2002, 2001)]
    import_rows([*deep, *circle], tmp_path)
    comments = read(tmp_path)
    assert len(comments) == 1002
    shown = [row for page in paginate_comments(comments) for row in page]
    assert sorted(row.id for row in shown) == sorted(item.id for item in comments)
    assert max(row.level for row in shown) == MAX_LEVELS - 1
    report = import_rows([*deep, *circle], tmp_path)
    assert (report.comments.added, report.comments.unchanged) == (0, 1002)


@pytest.mark.slow  # 50,000 comments take about ten seconds
def test_fifty_thousand_comments_on_a_post_are_imported(tmp_path):
    rows = [
        Row(number, max(0, number - number % 7 - 1), text=f"Text {number}", minute=number)
        for number in range(1, 50_001)
    ]
    report = import_rows(rows, tmp_path)
    assert report.comments.added == 50_000
    comments = read(tmp_path)
    assert [item.text for item in comments] == [row.text for row in rows]
    pages = paginate_comments(comments)
    assert sum(map(len, pages)) == 50_000


@pytest.mark.parametrize(
    ("base_url", "on_site"),
    [
        ("https://letter.example.org/", True),
        ("https://www.letter.example.org", True),
        ("https://letter.example.org/second/", True),
        ("https://letter.example.org/archive/", False),
        ("https://new.example.org/", False),
        ("", False),
    ],
)
def test_a_comment_links_to_the_old_site_unless_the_new_one_has_its_domain(base_url, on_site, tmp_path):
    (tmp_path / "export.xml").write_bytes(wxr([Row(1), Row(2, comment_type="pingback")]))
    (tmp_path / "site").mkdir()
    config = Config(base_url=base_url)
    run_import([tmp_path / "export.xml"], tmp_path / "site", "content/posts", Options(UTC), config=config)
    comment, pingback = read(tmp_path)
    assert comment.url == ("" if on_site else f"{LINK}#comment-1")
    assert pingback.url == "https://linking.example/page"
