import os
import re
import shutil
import sqlite3
import stat
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from sitegen.build import build_site
from sitegen.build.builder import Builder
from sitegen.build.output_folder import WORK
from sitegen.build.output_record import OutputRecord
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.content.ledger.file import Ledger, LedgerEntry, write_ledger
from sitegen.errors import SiteError
from sitegen.render.page_key import PageKeys
from sitegen.system.file_lock import hold
from tests.support.sites import CACHE, build, make_site, post, tree, write


def edit(root, name, old, new):
    path = root / name
    path.write_text(path.read_text().replace(old, new))


def test_a_site_of_three_posts_has_a_page_for_each(tmp_path):
    build(make_site(tmp_path))
    pages = tree(tmp_path / "output")
    for slug in ("first", "second", "third"):
        assert f"posts/{slug}/index.html" in pages
    assert b"The second letter." in pages["posts/second/index.html"]
    assert {"index.html", "about/index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt"} <= pages.keys()


def test_an_unchanged_site_renders_nothing(tmp_path):
    first = build(make_site(tmp_path))
    second = build(tmp_path)
    assert second.rendered == ()
    assert second.unchanged == len(first.rendered)
    assert second.removed == ()


def test_editing_a_body_renders_its_page_and_not_its_neighbours(tmp_path):
    build(make_site(tmp_path))
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "The second letter.\n\nAnd more.")
    rendered = build(tmp_path).rendered
    assert "posts/second/index.html" in rendered
    assert "posts/first/index.html" not in rendered
    assert "index.html" not in rendered
    assert b"And more." in (tmp_path / "output/posts/second/index.html").read_bytes()


def test_a_build_is_stored_before_its_builder_builds_into_another_folder(tmp_path):
    config = read_config(make_site(tmp_path)).config
    builder = Builder(tmp_path, time.time_ns)
    builder.build(config, Request())
    builder.build(config, Request("preview"))
    builder.tools.store.close()  # as if the process was killed
    for manifest in (tmp_path / WORK).glob("written-*.txt"):
        manifest.unlink()
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "And more.")
    build(tmp_path)  # recognizes its files, or it would refuse to replace them
    assert b"And more." in (tmp_path / "output/posts/second/index.html").read_bytes()


def test_editing_a_text_computes_only_the_keys_of_affected_pages(tmp_path, monkeypatch):
    build(make_site(tmp_path))
    asked = []
    key = PageKeys.key
    monkeypatch.setattr(PageKeys, "key", lambda self, page, reads: asked.append(page.path) or key(self, page, reads))
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "The second letter.\n\nAnd more.")
    build(tmp_path)
    assert "posts/second/index.html" in asked
    assert not {"posts/first/index.html", "index.html", "tags/rain/index.html", "sitemap.xml"} & set(asked)
    asked.clear()
    edit(tmp_path, "content/posts/2024-01-02-second.md", "title: Second", "title: Another")
    build(tmp_path)
    assert {"posts/first/index.html", "index.html", "tags/rain/index.html", "sitemap.xml"} <= set(asked)


def test_editing_a_body_also_renders_missing_output_files(tmp_path):
    build(make_site(tmp_path))
    shutil.rmtree(tmp_path / "output/posts/first")
    (tmp_path / "output/index.html").write_text("spoilt")
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "The second letter.\n\nAnd more.")
    assert {"posts/second/index.html", "posts/first/index.html", "index.html"} <= set(build(tmp_path).rendered)


@pytest.mark.parametrize("keep", [True, False], ids=["closed", "killed"])
def test_editing_a_text_after_a_build_that_failed_shows_what_that_one_had_read(tmp_path, keep):
    build(make_site(tmp_path))
    edit(tmp_path, "content/posts/2024-01-02-second.md", "title: Second", "title: Another")
    broken = tmp_path / "content/posts/x.md"
    broken.write_text("no title")
    builder = Builder(tmp_path, time.time_ns)
    with pytest.raises(SiteError):
        builder.build(read_config(tmp_path).config, Request())
    builder.close() if keep else builder.tools.store.close()
    broken.unlink()
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "The second letter.\n\nAnd more.")
    build(tmp_path)
    assert b"Another" in (tmp_path / "output/tags/rain/index.html").read_bytes()


def test_editing_a_title_renders_the_lists_that_show_it(tmp_path):
    build(make_site(tmp_path))
    edit(tmp_path, "content/posts/2024-01-02-second.md", "title: Second", "title: Another")
    rendered = build(tmp_path).rendered
    assert {"posts/second/index.html", "index.html", "tags/rain/index.html"} <= set(rendered)


def test_deleting_a_post_removes_its_page(tmp_path):
    build(make_site(tmp_path))
    (tmp_path / "content/posts/2024-01-03-third.md").unlink()
    assert "posts/third/index.html" in build(tmp_path).removed
    assert not (tmp_path / "output/posts/third").exists()


def test_renaming_a_file_moves_its_page(tmp_path):
    build(make_site(tmp_path))
    folder = tmp_path / "content/posts"
    (folder / "2024-01-03-third.md").rename(folder / "2024-01-03-last.md")
    report = build(tmp_path)
    assert "posts/last/index.html" in report.rendered
    assert "posts/third/index.html" in report.removed


def test_a_draft_is_skipped_everywhere_and_reported(tmp_path):
    make_site(tmp_path, {"content/posts/2024-01-04-secret.md": "---\ntitle: Secret\ndraft: true\n---\nHush.\n"})
    report = build(tmp_path)
    assert [item.path for item in report.skipped] == ["content/posts/2024-01-04-secret.md"]
    assert all(b"Secret" not in data and b"Hush" not in data for data in tree(tmp_path / "output").values())


def test_a_post_with_a_date_to_come_appears_when_it_is_due(tmp_path):
    make_site(tmp_path, {"content/posts/2200-01-01-later.md": post("Later", "2200-01-01")})
    now = [time.time_ns()]
    builder = Builder(tmp_path, lambda: now[0])
    config = read_config(tmp_path).config
    report = builder.build(config, Request())
    assert "is scheduled for" in report.skipped[0].reason
    now[0] = int(datetime(2200, 1, 1, 0, 0, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
    assert "posts/later/index.html" in builder.build(config, Request()).rendered
    builder.close()


def test_drafts_and_dates_to_come_are_built_on_request(tmp_path):
    make_site(
        tmp_path,
        {
            "content/posts/2200-01-01-later.md": post("Later", "2200-01-01"),
            "content/posts/2024-01-04-secret.md": "---\ntitle: Secret\ndraft: true\n---\nHush.\n",
        },
    )
    report = build(tmp_path, drafts=True, future=True, output="preview")
    assert report.skipped == ()
    assert {"posts/later/index.html", "posts/secret/index.html"} <= tree(tmp_path / "preview").keys()


def test_a_broken_post_leaves_the_last_good_output(tmp_path):
    build(make_site(tmp_path))
    before = tree(tmp_path / "output")
    write(tmp_path, {"content/posts/2024-01-02-second.md": "---\ntitle: [\n---\n", "content/posts/x.md": "no title"})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert {problem.path for problem in caught.value.problems} == {
        "content/posts/2024-01-02-second.md",
        "content/posts/x.md",
    }
    assert tree(tmp_path / "output") == before


def test_a_broken_template_leaves_the_last_good_output(tmp_path):
    build(make_site(tmp_path))
    before = tree(tmp_path / "output")
    write(tmp_path, {"templates/post.html": "<p>{{ post.titel }}</p>"})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [("templates/post.html", 1)]
    assert tree(tmp_path / "output") == before
    assert not (tmp_path / "output/.sitegen-stage").exists()


def test_explain_reports_the_reason_of_each_rendered_page(tmp_path):
    build(make_site(tmp_path))
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "Changed.\n\nMore.")
    reasons = build(tmp_path, explain=True).reasons
    assert "its text" in reasons["posts/second/index.html"]


def test_a_build_from_another_process_is_noticed(tmp_path):
    make_site(tmp_path)
    config = read_config(tmp_path).config
    mine = Builder(tmp_path, time.time_ns)
    mine.build(config, Request())
    other = read_config(tmp_path, {"title": "Another name"}).config
    theirs = Builder(tmp_path, time.time_ns)
    theirs.build(other, Request())
    theirs.close()
    mine.build(config, Request())
    mine.close()
    assert b"Another name" not in (tmp_path / "output/index.html").read_bytes()


def test_files_that_another_process_has_built_are_not_rendered_again(tmp_path):
    make_site(tmp_path)
    config = read_config(tmp_path).config
    builder = Builder(tmp_path, time.time_ns, cache=CACHE)
    builder.build(config, Request())
    builder.save()
    edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", "Changed.")
    assert build(tmp_path).rendered
    assert builder.build(config, Request()).rendered == ()
    builder.close()


def test_a_damaged_build_cache_is_replaced_and_reported(tmp_path):
    build(make_site(tmp_path))
    before = tree(tmp_path / "output")
    (tmp_path / ".sitegen/store.db").write_bytes(b"not a database" * 100)
    report = build(tmp_path)
    assert "was damaged" in report.warnings[0].message
    assert tree(tmp_path / "output") == before


def test_a_build_cache_of_another_version_is_replaced_and_not_reported_as_damaged(tmp_path):
    build(make_site(tmp_path))
    store = sqlite3.connect(tmp_path / ".sitegen/store.db")
    store.execute("PRAGMA user_version = 1")
    store.close()
    message = "the build cache was written by another version of sitegen: a new one was created, and nothing is lost"
    assert [warning.message for warning in build(tmp_path).warnings] == [message]


def test_a_fresh_build_ignores_the_build_cache(tmp_path):
    first = build(make_site(tmp_path))
    assert build(tmp_path, fresh=True).rendered == first.rendered


def test_strict_makes_problems_of_warnings(tmp_path):
    make_site(
        tmp_path, {"content/posts/2024-01-05-warned.md": "---\ntitle: W\ndate: 2024-01-05\nsumary: x\n---\nText.\n"}
    )
    assert build(tmp_path).warnings
    with pytest.raises(SiteError):
        build(tmp_path, strict=True)


def test_two_jobs_write_what_one_writes(tmp_path):
    posts = {
        f"content/posts/2024-02-{day:02}-letter-{day}-{n}.md": post(f"Letter {n}-{day}", f"2024-02-{day:02}")
        for day in range(1, 29)
        for n in range(3)
    }
    make_site(tmp_path, posts)
    build(tmp_path, output="one")
    build(tmp_path, output="two", jobs=2, fresh=True)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_base_url_with_a_path_is_in_every_link(tmp_path):
    config = 'title = "T"\nbase_url = "https://name.example.org/repo/"\n'
    make_site(tmp_path, {"content/posts/2024-01-04-x.md": post("X", "2024-01-04", "See [about](/about/).")}, config)
    build(tmp_path)
    html = (tmp_path / "output/posts/x/index.html").read_text()
    assert 'href="/repo/about/"' in html
    assert 'href="/about/"' not in html


def test_a_published_url_redirects_if_new_rules_change_the_slug(tmp_path):
    url = "https://letter.example.org/posts/it-s-a-test/"
    path = "content/posts/2024-01-01-it's-a-test.md"
    ledger = write_ledger(Ledger((LedgerEntry(path, url, (url,)),)))
    build(make_site(tmp_path, {path: post("It's a test"), "published.json": ledger}))
    assert (tmp_path / "output/posts/its-a-test/index.html").is_file()
    assert "url=/posts/its-a-test/" in (tmp_path / "output/posts/it-s-a-test/index.html").read_text()
    assert f"<guid>{url}</guid>" in (tmp_path / "output/feed.xml").read_text().replace(' isPermaLink="false"', "")


def test_a_file_beside_a_post_is_published_at_its_own_path(tmp_path):
    text = "![A dot](dot.gif)"
    make_site(
        tmp_path, {"content/posts/2024-01-04-x.md": post("X", "2024-01-04", text), "content/posts/dot.gif": b"GIF89a"}
    )
    build(tmp_path)
    assert (tmp_path / "output/posts/dot.gif").read_bytes() == b"GIF89a"
    assert 'src="/posts/dot.gif"' in (tmp_path / "output/posts/x/index.html").read_text()


def test_touching_every_file_renders_nothing(tmp_path):
    build(make_site(tmp_path))
    for path in (tmp_path / "content").rglob("*.md"):
        os.utime(path)
    assert build(tmp_path).rendered == ()


def test_a_foreign_file_in_the_way_stops_the_build_before_anything_is_written(tmp_path):
    make_site(tmp_path, {"output/index.html": "mine"})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert "did not write" in caught.value.problems[0].message
    assert tree(tmp_path / "output") == {"index.html": b"mine"}


def test_an_output_without_records_is_reported_as_one_problem(tmp_path):
    posts = {f"content/posts/day-{day}.md": post(f"Day {day}", f"2024-03-{day:02}") for day in range(1, 30)}
    make_site(tmp_path, dict(posts))
    build(tmp_path)
    before = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / ".sitegen")
    OutputRecord(CACHE, tmp_path / "output").file.unlink()
    edit(tmp_path, "sitegen.toml", "title = ", "title = 'Another'  # ")
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [("output", 0)]
    assert "remove the folder" in caught.value.problems[0].hint
    assert tree(tmp_path / "output") == before
    shutil.rmtree(tmp_path / "output")
    assert len(build(tmp_path).rendered) == len(before)


def test_a_foreign_file_without_a_conflict_is_not_changed(tmp_path):
    make_site(tmp_path, {"output/CNAME.txt": "mine"})
    build(tmp_path)
    assert (tmp_path / "output/CNAME.txt").read_text() == "mine"


def test_a_reused_builder_renders_search_files_from_the_latest_body(tmp_path):
    make_site(tmp_path)
    config = read_config(tmp_path).config
    builder = Builder(tmp_path, time.time_ns)
    builder.build(config, Request())
    for word in ("zebra", "walrus"):
        edit(tmp_path, "content/posts/2024-01-02-second.md", "The second letter.", f"The second letter.\n\n{word}")
        builder.build(config, Request())
        index = b"".join(data for path, data in tree(tmp_path / "output/search").items() if path.endswith(".txt"))
        assert word.encode() in index
    builder.close()


def test_pages_of_an_interrupted_build_are_replaced(tmp_path):
    build(make_site(tmp_path))
    fresh = tmp_path / "content/posts/2024-02-01-fresh.md"
    fresh.write_text(post("Fresh", "2024-02-01", "One."))
    builder = Builder(tmp_path, time.time_ns)
    builder.build(read_config(tmp_path).config, Request())
    builder.tools.store.close()  # and not the builder, which would keep what it knows: as if it were killed here
    fresh.write_text(post("Fresh", "2024-02-01", "Two."))
    build(tmp_path)
    assert "Two." in (tmp_path / "output/posts/fresh/index.html").read_text()


def test_a_build_after_a_failed_one_renders_only_what_changed(tmp_path):
    build(make_site(tmp_path))
    broken = tmp_path / "content/posts/x.md"
    broken.write_text("no title")
    config = read_config(tmp_path).config
    builder = Builder(tmp_path, time.time_ns)
    with pytest.raises(SiteError):
        builder.build(config, Request())
    broken.unlink()
    assert builder.build(config, Request()).rendered == ()
    builder.close()


def test_staged_files_of_an_interrupted_build_are_removed(tmp_path):
    stage = tmp_path / "output/.sitegen-stage"
    armed = [stage]

    def interrupt(event, arguments):
        # As if Ctrl-C came at the very moment at which the folder of waiting files is removed (PEP 578).
        if event == "shutil.rmtree" and armed and str(arguments[0]) == str(stage):
            armed.clear()
            raise KeyboardInterrupt

    builder = Builder(make_site(tmp_path), time.time_ns)
    sys.addaudithook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        builder.build(read_config(tmp_path).config, Request())
    assert not armed
    assert not stage.exists()
    builder.close()


def test_the_snapshot_of_a_build_survives_a_failed_one(tmp_path):
    builder = Builder(make_site(tmp_path), time.time_ns)
    config = read_config(tmp_path).config
    builder.build(config, Request())
    broken = tmp_path / "content/posts/x.md"
    broken.write_text("no title")
    with pytest.raises(SiteError):
        builder.build(config, Request())
    builder.close()
    broken.unlink()
    for manifest in (tmp_path / ".sitegen").glob("written-*.txt"):
        manifest.unlink()
    edit(tmp_path, "content/posts/2024-01-02-second.md", "title: Second", "title: Another")
    assert "posts/second/index.html" in build(tmp_path).rendered


def test_another_author_in_the_config_changes_bylines_as_a_clean_build_would(tmp_path):
    texts = {"content/posts/2024-03-01-other.md": "---\ntitle: Other\nauthor: Bo\n---\nText.\n"}
    root = make_site(tmp_path / "site", texts)
    build(root)
    for author in ("Cy", "", "Bo"):
        config = root / "sitegen.toml"
        config.write_text(re.sub(r'author = ".*"', f'author = "{author}"', config.read_text()))
        build(root)
        clean = make_site(tmp_path / f"clean-{author}", texts, config.read_text())
        build(clean)
        assert tree(root / "output") == tree(clean / "output")
        page = (root / "output/posts/first/index.html").read_text()
        assert (f'rel="author">{author}<' in page) == bool(author)


def test_progress_is_shown_from_the_reading_of_files_on(tmp_path):
    root = make_site(tmp_path)
    seen = []
    builder = Builder(root, time.time_ns)
    try:
        builder.build(read_config(root).config, Request(), lambda *step: seen.append(step))
    finally:
        builder.close()
    reading = [step[1:] for step in seen if step[0] == "reading"]
    assert [phase for phase, _, _ in seen] == ["reading"] * len(reading) + ["rendering"] * (len(seen) - len(reading))
    assert [done for done, _ in reading] == list(range(1, reading[0][1] + 1))
    assert seen[-1][1] == seen[-1][2]


def test_a_plan_has_the_pages_that_a_build_writes_and_writes_nothing(tmp_path):
    root = make_site(tmp_path, {"content/posts/draft.md": "---\ntitle: Draft\ndraft: true\n---\nx\n"})
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    planned = builder.plan(config, Request())
    assert not (root / "output").exists()
    with_drafts = builder.plan(config, Request(drafts=True))
    assert with_drafts.pages.keys() - planned.pages.keys() >= {"posts/draft/index.html"}
    assert planned.entries.keys() == with_drafts.entries.keys()
    assert [post.path for post in planned.skipped] == ["content/posts/draft.md"]
    builder.build(config, Request())
    assert planned.pages.keys() == tree(root / "output").keys() == set(builder.outputs) == set(builder.planned)
    builder.close()


def test_feeds_and_search_files_can_be_deferred_to_the_next_build(tmp_path):
    root = make_site(tmp_path)
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    assert builder.build(config, Request(pages_first=True)).rendered
    pending = builder.snapshot.pending
    assert {"feed.xml", "atom.xml", "feed.json", "feeds/opml.xml"} <= pending
    assert any(path.startswith("search/") for path in pending)
    assert not [path for path in pending if path.endswith("posts/first/index.html")]
    assert pending.isdisjoint(tree(root / "output"))
    assert set(builder.planned) == set(builder.outputs) | pending
    assert set(builder.build(config, Request()).rendered) == pending
    assert builder.snapshot.pending == frozenset()
    builder.close()


def test_the_work_folder_can_be_deleted_while_a_server_defers_feeds(tmp_path):
    root, cache = make_site(tmp_path / "site"), tmp_path / "cache"
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=cache)
    builder.build(config, Request())
    builder.save()
    shutil.rmtree(root / WORK)
    path = next((root / "content/posts").glob("*.md"))
    path.write_text(f"{path.read_text()}\nMore words.\n")
    report = builder.build(config, Request(pages_first=True))
    assert (bool(report.rendered), report.warnings) == (True, ())
    builder.build(config, Request())
    builder.close()
    assert build(root).rendered == ()


@pytest.mark.parametrize("field", ["body", "title"])
def test_only_an_edit_of_front_matter_plans_the_site_again(tmp_path, monkeypatch, field):
    root = make_site(tmp_path)
    builder = Builder(root, lambda: 4_102_444_800_000_000_000)
    config = read_config(root).config
    builder.build(config, Request())
    planned = []
    plan = build_site._plan
    monkeypatch.setattr(build_site, "_plan", lambda *inputs: planned.append(inputs) or plan(*inputs))
    path = next((root / "content/posts").glob("*.md"))
    text = path.read_text()
    path.write_text(f"{text}\nMore words.\n" if field == "body" else text.replace("title: ", "title: Another "))
    assert builder.build(config, Request()).rendered
    assert len(planned) == (field == "title")
    builder.close()


@pytest.mark.skipif(os.name == "nt", reason="modes of files are those of POSIX")
def test_files_of_the_output_have_the_mode_that_the_umask_allows(tmp_path):
    make_site(tmp_path)
    before = os.umask(0o027)
    try:
        build(tmp_path)
    finally:
        os.umask(before)
    files = [path for path in (tmp_path / "output").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o640}


def test_a_new_builder_removes_a_post_that_is_in_the_future_again(tmp_path):
    root = make_site(tmp_path, {"content/posts/future.md": post("Future", "2100-02-01")})
    config, page = read_config(root).config, root / "output/posts/future/index.html"
    for now, is_published in ((4_110_000_000, True), (4_000_000_000, False), (4_110_000_000, True)):
        builder = Builder(root, lambda now=now: now * 1_000_000_000)
        builder.build(config, Request())
        builder.close()
        assert page.is_file() == is_published


def test_after_a_build_that_rendered_a_server_reads_only_the_changed_paths(tmp_path):
    root = make_site(tmp_path)
    builder = Builder(root, lambda: 4_102_444_800_000_000_000)
    config = read_config(root).config
    first, second = (next((root / "content/posts").glob(f"*{name}.md")) for name in ("first", "second"))
    builder.build(config, Request())
    for path in (first, second):
        path.write_text(f"{path.read_text()}\nMore words.\n")
    changed = frozenset({first.relative_to(root).as_posix()})
    rendered = builder.build(config, Request(changed_paths=changed)).rendered
    assert ("posts/first/index.html" in rendered, "posts/second/index.html" in rendered) == (True, False)
    assert "posts/second/index.html" in builder.build(config, Request()).rendered
    builder.close()


def test_compiled_templates_are_cached_for_the_user(tmp_path):
    root = make_site(tmp_path / "site", {"templates/page.html": "{{ page.title }}"})
    builder = Builder(root, lambda: 4_102_444_800_000_000_000, cache=tmp_path / "cache")
    builder.build(read_config(root).config, Request())
    builder.close()
    assert any((tmp_path / "cache" / "templates").iterdir())


def test_a_build_waits_for_the_lock_in_the_work_folder(tmp_path):
    root, waits = make_site(tmp_path), []

    def release():
        waits.append(1)
        held.close()

    with ExitStack() as held:
        held.enter_context(hold(root / WORK / "lock"))
        builder = Builder(root, lambda: 4_102_444_800_000_000_000, waiting=release)
        assert builder.build(read_config(root).config, Request()).rendered
        builder.close()
    assert waits == [1]
