"""The ledger of imported and removed comments follows posts that are renamed."""

from pathlib import Path

from sitegen.comments.ledger import CommentLedger
from tests.support.sites import write


def make_ledger(*names):
    return CommentLedger(imported={name: {"a": "1"} for name in names}, removed={name: ["a"] for name in names})


def test_comment_files_without_a_post_beside_them_are_those_of_renamed_posts(tmp_path):
    files = ("content/posts/one.md", "content/posts/one.comments.yaml", "content/posts/two.comments.yaml")
    root = write(tmp_path, {**dict.fromkeys(files, ""), "content/about.html": ""})
    ledger = make_ledger(
        *(f"content/{name}.comments.yaml" for name in ("posts/one", "posts/two", "gone/three", "about"))
    )
    ledger.imported["content/posts/two.comments.yaml"] = {"b": "2"}
    assert ledger.find_renamed(root) == {
        "b 2": "content/posts/two.comments.yaml",
        "a 1": "content/gone/three.comments.yaml",
    }
    assert ledger.is_removed(root, "content/posts/new.comments.yaml", "a")
    assert not make_ledger("content/posts/one.comments.yaml").is_removed(root, "content/posts/new.comments.yaml", "a")


def test_a_folder_with_many_comment_files_is_listed_once(tmp_path, monkeypatch):
    names = [f"content/posts/{number}" for number in range(50)]
    root = write(tmp_path, {f"{name}.md": "" for name in names})
    listed = []
    list_folder = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: listed.append(path) or list_folder(path))
    assert make_ledger(*(f"{name}.comments.yaml" for name in names)).find_renamed(root) == {}
    assert listed == [root / "content/posts"]
