import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.config.load import read_config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, LedgerEntry, read_ledger, write_ledger
from sitegen.content.ledger.record import reconcile_posts, update_ledger
from sitegen.errors import SiteError
from sitegen.model import Post
from tests.support.sites import write

LEDGER = Ledger((LedgerEntry("content/posts/a.md", "urn:a", ("https://h.example/repo/posts/a/",)),))


def make_post(path, url, **fields):
    output = url.removeprefix("/repo/").removesuffix("/") + "/index.html"
    date = datetime(2023, 5, 6, tzinfo=UTC)
    return Post(path=path, title="T", slug="s", url=url, output=output, date=date, **fields)


@pytest.fixture
def config(tmp_path):
    """The config of a site below a base path, in a folder with LEDGER."""
    write(tmp_path, {"sitegen.toml": 'title = "T"\nbase_url = "https://h.example/repo/"\n'})
    update_ledger(tmp_path, write_ledger(LEDGER))
    return read_config(tmp_path).config


def test_a_sites_posts_keep_the_guids_of_its_ledger_and_pages_have_none(tmp_path, config):
    about = make_post("content/pages/about.md", "/repo/about/")
    result = reconcile_posts(tmp_path, config, [make_post("content/posts/a.md", "/repo/posts/a/"), about])
    assert result.guids == {"content/posts/a.md": "urn:a"}
    assert (result.ledger, result.problems) == (LEDGER, ())


def test_a_deleted_posts_url_is_a_problem_unless_an_alias_or_a_page_answers_it(tmp_path, config):
    other = make_post("content/posts/b.md", "/repo/posts/b/")
    assert [problem.path for problem in reconcile_posts(tmp_path, config, [other]).problems] == ["content/posts/a.md"]
    for aliases in (("/posts/a/",), ("posts/a",)):
        assert reconcile_posts(tmp_path, config, [replace(other, aliases=aliases)]).problems == ()
    page = make_post("content/pages/a.md", "/repo/posts/a/")
    assert reconcile_posts(tmp_path, config, [other, page]).problems == ()
    page = make_post("content/pages/about.md", "/repo/about/", aliases=("/posts/a/",))
    assert reconcile_posts(tmp_path, config, [other, page]).problems == ()


def test_a_ledger_is_written_only_if_it_has_changed(tmp_path):
    file = tmp_path / LEDGER_FILE
    assert update_ledger(tmp_path, write_ledger(LEDGER)) is True
    assert read_ledger(file) == LEDGER
    before = file.stat()
    assert update_ledger(tmp_path, write_ledger(LEDGER)) is False
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert update_ledger(tmp_path, write_ledger(Ledger())) is True
    assert read_ledger(file) == Ledger()
    assert [path.name for path in tmp_path.iterdir()] == [LEDGER_FILE]


def test_a_ledger_is_on_the_disk_before_it_replaces_the_old_one(tmp_path, monkeypatch):
    seen = []
    sync, move = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append("sync") or sync(descriptor))
    monkeypatch.setattr(Path, "replace", lambda path, target: seen.append("replace") or move(path, target))
    update_ledger(tmp_path, write_ledger(LEDGER))
    assert "sync" in seen[: seen.index("replace")]


def test_a_damaged_ledger_is_never_replaced_by_reconciling(tmp_path, config):
    write(tmp_path, {LEDGER_FILE: "{"})
    with pytest.raises(SiteError, match="not valid JSON"):
        reconcile_posts(tmp_path, config, [])
    assert (tmp_path / LEDGER_FILE).read_text() == "{"
