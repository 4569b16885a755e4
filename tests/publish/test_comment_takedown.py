"""Taking down a comment: it is removed from its file and the output, and an import does not bring it back."""

from sitegen.config.load import read_config
from sitegen.importers.comments.run import import_comments
from tests.cli.test_commands import run
from tests.importers.comments.samples import disqus
from tests.support.sites import build, make_site, tree

FILE = "content/posts/2024-01-02-second.comments.yaml"


def make(tmp_path):
    root = make_site(tmp_path / "site")
    export = tmp_path / "disqus.xml"
    export.write_bytes(disqus())
    import_comments([export], root, read_config(root).config)
    return root, export


def test_a_comment_that_was_taken_down_is_not_imported_again(tmp_path):
    root, export = make(tmp_path)
    assert run("takedown", "--comment", "disqus-1", "--yes", root=root).exit_code == 0
    build(root)
    assert not any(b"disqus-1" in data for data in tree(root / "output").values())
    counts = import_comments([export], root, read_config(root).config).counts
    assert (counts.removed, counts.added, counts.unchanged) == (1, 0, 1)
    assert "disqus-1\n" not in (root / FILE).read_text().replace("reply_to: disqus-1\n", "")


def test_the_last_comment_takes_its_file_with_it(tmp_path):
    root, _ = make(tmp_path)
    for name in ("disqus-1", "https://letter.example.org/posts/second/#theme:comment-disqus-2"):
        assert run("takedown", "--comment", name, "--yes", root=root).exit_code == 0
    assert not (root / FILE).exists()


def test_a_file_with_a_comment_without_text_stays(tmp_path):
    root, _ = make(tmp_path)
    (root / FILE).write_text("- id: a\n  text: One\n- id: b\n  text:\n")
    assert run("takedown", "--comment", "a", "--yes", root=root).exit_code == 0
    assert (root / FILE).read_text() == "- id: b\n  text:\n"


def test_a_dry_run_changes_nothing(tmp_path):
    root, _ = make(tmp_path)
    before = tree(root)
    result = run("takedown", "--comment", "disqus-1", "--dry-run", root=root)
    assert "disqus-1, Ada 1: Text **1**" in result.output
    assert tree(root) == before


def test_an_unknown_or_ambiguous_id_is_a_problem(tmp_path):
    root, _ = make(tmp_path)
    assert 'there is no comment "disqus-9"' in run("takedown", "--comment", "disqus-9", "--yes", root=root).output
    other = "content/posts/2024-01-01-first.comments.yaml"
    (root / other).write_bytes((root / FILE).read_bytes())
    assert '2 comments have the id "disqus-1"' in run("takedown", "--comment", "disqus-1", "--yes", root=root).output
    assert run("takedown", "--comment", f"{other}#disqus-1", "--yes", root=root).exit_code == 0
    assert "- id: disqus-1\n" in (root / FILE).read_text()


def test_a_post_or_a_comment_must_be_named(tmp_path):
    root, _ = make(tmp_path)
    assert run("takedown", root=root).exit_code == 2
    assert run("takedown", "second", "--comment", "disqus-1", root=root).exit_code == 2


def test_the_comments_of_a_post_are_taken_down_with_it(tmp_path):
    root, _ = make(tmp_path)
    assert run("takedown", "second", "--yes", root=root).exit_code == 0
    assert not (root / FILE).exists()
