"""Comments on the pages of posts: what is shown, where, and what a change renders again."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from sitegen.comments.discussion import PAGE_COMMENTS
from sitegen.errors import SiteError
from sitegen.render.json_ld import MAX_COMMENTS
from tests.support.sites import CONFIG, build, make_site, post, tree, write

FILE = "content/posts/2024-01-02-second.comments.yaml"
COMMENTS = """\
- id: wordpress-1
  author: Ada Smith
  date: 2024-01-02T10:00:00Z
  on: WordPress
  url: https://old.example.org/second#comment-1
  text: |
    I *liked* this.
- id: wordpress-2
  author: Bo
  date: 2024-01-02T11:00:00Z
  reply_to: wordpress-1
  text: Me <script>alert(1)</script> too
- id: wordpress-3
  type: pingback
  author: Another blog
  url: https://other.example.org/
  text: "[…]"
"""


def page(root, path="posts/second/index.html"):
    return (root / "output" / path).read_text()


def many(count):
    return "".join(
        f"- id: c{n}\n  date: 2024-02-{1 + n // 1000:02}T{n % 1000 // 60:02}:{n % 60:02}:00Z\n  text: Text {n}\n"
        for n in range(count)
    )


def test_comments_are_shown_below_their_post(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    html = page(root)
    assert re.search(
        r'<li class="comment" id="theme:comment-wordpress-1">.*<ol><li class="comment" id="theme:comment-', html, re.S
    )
    assert '<a href="https://old.example.org/second#comment-1" rel="ugc nofollow">on WordPress</a>' in html
    assert "<p>I <em>liked</em> this.</p>" in html
    assert "alert(1)" not in html
    assert "2 comments</h2>" in html
    assert re.search(r"Mentions</h3>.*https://other.example.org/", html, re.S)
    assert not list((root / "output").rglob("*.yaml"))


def test_structured_data_contain_the_comments(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page(root))[1])
    comments = data["@graph"][0]["comment"]
    assert [item["text"] for item in comments] == ["I liked this.", "Me too"]
    assert comments[0]["author"] == {"@type": "Person", "name": "Ada Smith"}
    assert comments[0]["url"] == "https://letter.example.org/posts/second/#theme:comment-wordpress-1"
    assert data["@graph"][0]["commentCount"] == 2


def test_structured_data_contain_the_first_comments_and_the_number_of_all(tmp_path):
    root = make_site(tmp_path, {FILE: many(PAGE_COMMENTS + 1)})
    build(root)
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page(root))[1])
    assert [item["text"] for item in data["@graph"][0]["comment"]] == [f"Text {n}" for n in range(MAX_COMMENTS)]
    assert data["@graph"][0]["commentCount"] == PAGE_COMMENTS + 1


def test_the_number_of_the_platform_is_shown_with_that_of_the_archive(tmp_path):
    text = post("Second", "2024-01-02").replace("tags:", "comments: {count: 9, on: Wix}\ntags:")
    root = make_site(tmp_path, {FILE: COMMENTS, "content/posts/2024-01-02-second.md": text})
    build(root)
    assert "9 comments</h2>" in page(root)
    assert "9 comments on Wix, 2 of them in this archive." in page(root)
    assert '<a href="#theme:comments">9 comments on Wix</a>' in page(root)


def test_front_matter_hides_the_comments_of_a_post(tmp_path):
    text = post("Second", "2024-01-02").replace("tags:", "comments: false\ntags:")
    root = make_site(tmp_path, {FILE: COMMENTS, "content/posts/2024-01-02-second.md": text})
    build(root)
    assert "theme:comment" not in page(root)


def test_pages_have_comments_too(tmp_path):
    root = make_site(tmp_path, {"content/pages/about.comments.yaml": "- id: a\n  text: Nice page.\n"})
    build(root)
    assert "Nice page." in page(root, "about/index.html")


def test_comments_of_an_unpublished_post_are_not_published(tmp_path):
    text = post("Second", "2024-01-02").replace("tags:", "draft: true\ntags:")
    root = make_site(tmp_path, {FILE: COMMENTS, "content/posts/2024-01-02-second.md": text})
    assert not build(root).warnings
    assert not any(b"liked" in data for data in tree(root / "output").values())


def test_a_comment_file_without_a_post_is_a_warning(tmp_path):
    root = make_site(tmp_path, {"content/posts/other.comments.yaml": COMMENTS})
    (warning,) = build(root).warnings
    assert (warning.path, warning.message) == (
        "content/posts/other.comments.yaml",
        "the comment file belongs to no post, and is not shown",
    )


def test_a_mistake_in_a_comment_file_stops_the_build_until_it_is_fixed(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    write(root, {FILE: COMMENTS.replace("author: Bo", "autor: Bo")})
    with pytest.raises(SiteError, match=r"2024-01-02-second.comments.yaml:9: `autor` is not a key of a comment"):
        build(root)
    assert "I <em>liked</em>" in page(root)
    write(root, {FILE: COMMENTS})
    assert build(root).rendered == ()


def test_a_new_comment_renders_only_the_page_of_its_post_and_the_feed(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    write(root, {FILE: COMMENTS + "- id: new\n  date: 2024-01-05\n  text: New.\n"})
    assert build(root).rendered == ("posts/second/index.html", "comments.xml")


def test_a_long_discussion_continues_on_further_pages(tmp_path):
    root = make_site(tmp_path, {FILE: many(PAGE_COMMENTS * 2 + 1)})
    build(root)
    assert 'href="/posts/second/comments/2/#theme:comments" rel="next"' in page(root)
    assert re.findall(r'<a href="(/posts/second/comments/./)#theme:comments">', page(root)) == [
        "/posts/second/comments/2/",
        "/posts/second/comments/3/",
    ]
    third = page(root, "posts/second/comments/3/index.html")
    assert "Text 1000" in third
    assert 'href="/posts/second/#theme:comment-pages"' in third
    assert 'id="theme:comment-pages"' in page(root)
    write(root, {FILE: many(3)})
    assert "posts/second/comments/3/index.html" in build(root).removed


@pytest.mark.parametrize(
    ("before", "rendered"),
    [
        (3, []),
        (PAGE_COMMENTS - 1, []),
        (PAGE_COMMENTS, ["posts/second/comments/2/index.html"]),
        (PAGE_COMMENTS + 7, ["posts/second/comments/2/index.html"]),
        (PAGE_COMMENTS * 2, ["posts/second/comments/3/index.html"]),
    ],
)
def test_a_new_comment_renders_three_files_at_most(tmp_path, before, rendered):
    """Also where it begins another page, and with links from other sites."""
    mention = "- id: m\n  type: pingback\n  url: https://other.example.org/\n  text: x\n"
    root = make_site(tmp_path, {FILE: many(before) + mention})
    build(root)
    write(root, {FILE: many(before + 1) + mention})
    assert sorted(build(root).rendered) == ["comments.xml", *rendered, "posts/second/index.html"]
    incremental = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == incremental


SEARCH = "[search]\ncomments = true\n"


def found_in_index(root, term):
    return [path for path in (root / "output/search").glob("*.txt") if re.search(rf"^{term} ", path.read_text(), re.M)]


def test_the_search_finds_posts_by_their_comments_by_setting(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    assert not found_in_index(root, "liked")
    write(root, {"sitegen.toml": CONFIG + SEARCH})
    build(root)
    assert found_in_index(root, "liked")
    write(root, {FILE: COMMENTS.replace("*liked*", "[read](https://other.example.org/hidden)")})
    build(root)
    assert found_in_index(root, "read")
    assert not found_in_index(root, "liked")
    assert not found_in_index(root, "hidden")
    incremental = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == incremental
    text = post("Second", "2024-01-02", "The second letter.", "news, rain").replace("tags:", "comments: false\ntags:")
    write(root, {"content/posts/2024-01-02-second.md": text})
    build(root)
    assert not found_in_index(root, "read")
    write(root, {"sitegen.toml": CONFIG})
    (root / FILE).unlink()
    build(root)
    incremental = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == incremental


def test_a_site_without_comments_has_no_trace_of_them(tmp_path):
    root = make_site(tmp_path)
    build(root)
    output = tree(root / "output")
    assert not any(b"theme:comment" in data or b"comments.xml" in data for data in output.values())
    assert "comments.xml" not in output


READS = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from pathlib import Path
from tests.support.sites import build
build(Path(sys.argv[1]))
print(sum(name.endswith(".comments.yaml") for name in opened))
"""


def test_a_comment_file_is_read_once(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS, FILE.replace("02-second", "01-first"): COMMENTS})
    run = [sys.executable, "-c", READS, root]
    assert int(subprocess.run(run, check=True, capture_output=True).stdout) == 2
    write(root, {FILE: COMMENTS + "- id: new\n  text: New.\n"})
    assert int(subprocess.run(run, check=True, capture_output=True).stdout) <= 2


def test_comments_that_no_longer_exist_are_removed_from_the_build_cache(tmp_path):
    def rows():
        with closing(sqlite3.connect(root / ".sitegen/store.db")) as connection:
            tables = ("discussion", "thread", "comment_terms")
            return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    root = make_site(tmp_path, {FILE: many(PAGE_COMMENTS + 1), "sitegen.toml": CONFIG + SEARCH})
    build(root)
    assert rows() == [1, 2, 1]
    write(root, {FILE: many(2)})
    build(root)
    assert rows() == [1, 1, 1]
    write(root, {FILE: COMMENTS, "sitegen.toml": CONFIG})
    build(root)
    assert rows() == [1, 1, 0]
    (root / FILE).unlink()
    write(root, {FILE.replace("02-second", "01-first"): COMMENTS})
    build(root)
    assert rows() == [1, 1, 0]
