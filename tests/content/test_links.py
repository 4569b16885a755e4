from datetime import UTC, datetime

import pytest

from sitegen.content.links import LinkableFiles, resolve_links
from sitegen.formats.path_index import PathIndex
from sitegen.model import Entry, Post, Reference

URLS = {"content/posts/2024/a.md": "/posts/a/", "content/posts/b.md": "/posts/b/"}
FILES = {"content/posts/2024/a.md", "content/posts/b.md", "content/posts/2024/pic.png", "content/files/x y.pdf"}


def targets_of(skipped=(), base=""):
    return LinkableFiles(URLS, PathIndex(URLS), frozenset(skipped), PathIndex(FILES), "content", base)


def resolve(*targets, path="content/posts/2024/a.md", skipped=()):
    post = Post(path, "A", "a", "/posts/a/", "posts/a/index.html", datetime(2024, 1, 1, tzinfo=UTC))
    entry = Entry(post, "body", tuple(Reference(target, 7) for target in targets))
    found, problems, warnings = resolve_links([entry], targets_of(skipped))
    return dict(found[path]), [problem.message for problem in problems], [warning.message for warning in warnings]


def test_a_path_to_a_post_becomes_its_url():
    assert resolve("../b.md#part")[0] == {"../b.md#part": "/posts/b/#part"}


def test_a_path_to_a_file_becomes_the_path_at_which_it_is_published():
    assert resolve("pic.png", "../../files/x%20y.pdf")[0] == {
        "pic.png": "/posts/2024/pic.png",
        "../../files/x%20y.pdf": "/files/x%20y.pdf",
    }


def test_a_query_and_a_fragment_are_preserved():
    assert resolve("../b.md?x=1#y")[0] == {"../b.md?x=1#y": "/posts/b/?x=1#y"}


def test_a_link_to_a_missing_post_is_a_problem():
    _, problems, warnings = resolve("c.md")
    assert problems == ['the link "c.md" is broken: there is no "content/posts/2024/c.md"']
    assert warnings == []


def test_a_link_to_a_draft_is_a_problem():
    _, problems, _ = resolve("draft.md", skipped={"content/posts/2024/draft.md"})
    assert problems == ['the link "draft.md" leads to a post that is not published']


def test_a_missing_image_is_a_warning_and_its_url_is_unchanged():
    found, problems, warnings = resolve("gone.png")
    assert found == {"gone.png": "/posts/2024/gone.png"}
    assert problems == []
    assert warnings == ['there is no file "content/posts/2024/gone.png", to which "gone.png" leads']


def test_a_link_out_of_the_content_folder_is_a_warning():
    found, _, warnings = resolve("../../../secret.txt")
    assert found == {"../../../secret.txt": "../../../secret.txt"}
    assert warnings == ['the link "../../../secret.txt" leads out of the content folder']


def test_a_folder_of_published_files_may_be_linked_to():
    found, _, warnings = resolve("../../files/")
    assert found == {"../../files/": "/files/"}
    assert warnings == []


def test_a_text_without_links_is_passed_over():
    post = Post("content/posts/b.md", "B", "b", "/posts/b/", "posts/b/index.html", datetime(2024, 1, 1, tzinfo=UTC))
    assert resolve_links([Entry(post, "body")], targets_of()) == ({}, [], [])


@pytest.mark.parametrize("target", ["gone.md", "draft.md", "../../../out.md"])
def test_a_broken_link_is_a_warning_in_a_post_that_asks_for_it(target):
    path = "content/posts/2024/a.md"
    post = Post(path, "A", "a", "/x/", "x/index.html", datetime(2024, 1, 1, tzinfo=UTC), broken_links="warning")
    entry = Entry(post, "body", (Reference(target, 7), Reference("../b.md", 8)))
    skipped = {"content/posts/2024/draft.md"}
    found, problems, warnings = resolve_links([entry], targets_of(skipped, "/repo"))
    assert problems == []
    assert [(warning.path, warning.line) for warning in warnings] == [(path, 7)]
    expected = target if target.startswith("../../..") else f"/repo/posts/2024/{target}"
    assert dict(found[path]) == {target: expected, "../b.md": "/posts/b/"}
