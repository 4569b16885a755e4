"""`sitegen publish` as a command: preflight checks, confirmation, output, records and notifications."""

import gzip
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from urllib.parse import parse_qs

import brotli
import pytest
from click.testing import CliRunner

from sitegen.build.builder import Builder, Request
from sitegen.cli import main, publish
from sitegen.config.load import read_config
from sitegen.content.ledger import file
from sitegen.content.ledger.file import read_ledger
from sitegen.publish import state
from sitegen.publish.snapshot import take_snapshot
from sitegen.publish.state import read_record
from tests.support.programs import require_program
from tests.support.publishing import contents, write

BASE = "https://news.example.com/"
CONFIG = """title = "News"
base_url = "{base}"
{more}
[[publish]]
name = "web"
kind = "folder"
path = "{path}"
{target}
"""
POST = "---\ntitle: {title}\ndate: 2024-01-02\nsummary: What {title} is about.\n{more}---\n\n{text}\n"


def configure(root, base=BASE, more="", target="", path="www"):
    write(root, {"sitegen.toml": CONFIG.format(base=base, more=more, target=target, path=path)})


def write_post(root, name, text="Some words.", more=""):
    write(root, {f"content/posts/{name}.md": POST.format(title=name.title(), text=text, more=more)})


@pytest.fixture
def site(tmp_path):
    configure(tmp_path)
    write_post(tmp_path, "first")
    return tmp_path


def run(site, *arguments, **more):
    result = CliRunner().invoke(main, ["-C", str(site), "publish", *arguments], **more)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_plan_is_shown_the_site_sent_and_the_last_line_says_what_is_new(site):
    result = run(site, "--yes")
    assert result.exit_code == 0, result.output
    rows = result.stdout.splitlines()
    assert any(row.startswith("+ assets/style.") for row in rows)
    assert rows[-1] == 'Published to "web": new: "First"'
    assert contents(site / "www") == contents(site / "output")
    write_post(site, "first", "Other words.")
    write_post(site, "second")
    printed = run(site, "--yes", "--verbose").stdout.splitlines()
    assert "+ posts/second/index.html" in printed
    assert printed[-1] == 'Published to "web": new: "Second"; 1 post changed'
    assert run(site, "--yes").stdout.splitlines()[-1] == '"web" is up to date'


def test_the_ledger_of_a_publish_does_not_make_the_next_build_plan_the_site(site):
    write_post(site, "second")
    assert run(site, "--yes").exit_code == 0
    assert (site / "published.json").exists()
    write_post(site, "first", "Other words.")
    with closing(Builder(site, time.time_ns)) as builder:
        assert builder.build(read_config(site).config, Request()).rendered
        assert builder.snapshot.site is None


def test_a_publish_writes_its_record_before_and_after_and_encodes_the_ledger_once(site, monkeypatch):
    done = []
    for module, name in ((state, "write_record"), (file, "write_ledger")):
        call = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *values, n=name, call=call: done.append(n) or call(*values))
    assert run(site, "--yes").exit_code == 0
    assert sorted(done) == ["write_ledger", "write_record", "write_record"]


def test_a_dry_run_and_a_run_without_confirmation_change_nothing(site):
    printed = run(site, "--dry-run", "--json")
    assert "posts/first/index.html" in json.loads(printed.stdout)["added"]
    refused = run(site)
    assert refused.exit_code == 1
    assert "cannot ask for confirmation" in refused.output
    assert not (site / "www").exists()
    assert not (site / "published.json").exists()
    assert read_record(site / ".sitegen/publish/web.json").files == {}


def test_drafts_and_future_posts_are_never_published_even_if_they_were_built(site):
    write_post(site, "secret", more="draft: true\n")
    CliRunner().invoke(main, ["-C", str(site), "build", "--drafts"])
    assert (site / "output/posts/secret/index.html").exists()
    run(site, "--yes")
    assert not any("secret" in path for path in contents(site / "www"))
    assert contents(site / "www") == contents(site / "output")


def test_files_of_others_in_the_output_folder_are_not_published(site):
    run(site, "--dry-run")
    write(site / "output", {"notes.txt": "mine"})
    run(site, "--yes")
    assert "notes.txt" not in contents(site / "www")


def test_the_checked_site_is_published_even_if_another_is_built_meanwhile(site, tmp_path_factory, monkeypatch):
    rsync = require_program("rsync")
    config = CONFIG.format(base=BASE, more="", target="", path=f"{site}/www")
    write(site, {"sitegen.toml": config.replace('"folder"', '"rsync"').replace("path =", "remote =")})
    subprocess.run([sys.executable, "-m", "sitegen", "-C", site, "build", "--quiet"], check=True)
    checked = contents(site / "output")
    programs = tmp_path_factory.mktemp("programs")
    edit = f"echo edited >> {site}/content/posts/first.md; {sys.executable} -m sitegen -C {site} build --quiet"
    (programs / "rsync").write_text(f'#!/bin/sh\n{edit}\nexec {rsync} "$@"\n')
    (programs / "rsync").chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        assert run(site, "--yes").exit_code == 0
    assert contents(site / "output") != checked
    assert contents(site / "www") == checked
    assert not list((site / ".sitegen/publish").glob("*.built"))
    printed = run(site, "--yes")
    assert printed.exit_code == 0, printed.output
    assert contents(site / "www") == contents(site / "output") != checked


def test_feeds_that_the_publish_removes_are_named_once_for_each_reason(site):
    formats = 'formats = ["rss", "atom", "json"]'
    configure(site, more=f"[feeds]\narchive_{formats}\ngroup_{formats}")
    write_post(site, "first", more="tags: [mail]\n")
    (site / "content/posts/old.md").write_text("---\ntitle: Old\ndate: 2019-01-02\nsummary: S\n---\n\nWords.\n")
    assert "will be removed" not in run(site, "--yes").stderr
    configure(site)
    assert "(use -v to list them)" in run(site, "--dry-run").stderr
    shown = run(site, "--dry-run", "--verbose").stderr
    assert shown.count("warning: ") == shown.count("will be removed") == 6
    for path in ("feeds/2019.json", "feeds/2024.atom.xml", "tags/mail/atom.xml"):
        assert f"warning: {path}: this " in shown
    assert run(site, "--yes").exit_code == 0
    assert not (site / "www/feeds/2019.json").exists()
    assert "will be removed" not in run(site, "--yes").stderr


def test_errors_of_the_check_stop_it_unless_allowed(site):
    write_post(site, "second", '<a href="/nowhere/">a link</a>')
    stopped = run(site, "--yes")
    assert stopped.exit_code == 1
    assert "content/posts/second.md:7:" in stopped.output
    assert "nothing was changed" in stopped.output
    assert not (site / "www").exists()
    assert run(site, "--yes", "--despite", "errors").exit_code == 0
    assert (site / "www/posts/second/index.html").exists()


def test_a_base_url_of_this_machine_stops_it(site):
    configure(site, base="http://localhost:8000/")
    stopped = run(site, "--yes")
    assert "the base URL http://localhost:8000/ is an address of your own machine" in stopped.output


def test_the_ledger_is_written_after_the_publish_and_a_lost_url_stops_the_next(site):
    run(site, "--yes")
    assert [record.guid for record in read_ledger(site / "published.json").records] == [f"{BASE}posts/first/"]
    before = (site / "published.json").read_bytes()
    write_post(site, "other")
    (site / "content/posts/first.md").unlink()
    stopped = run(site, "--yes")
    assert f"{BASE}posts/first/ was published, but no longer exists" in stopped.output
    assert (site / "published.json").read_bytes() == before
    assert (site / "www/posts/first/index.html").exists()
    assert run(site, "--yes", "--despite", "urls").exit_code == 0
    assert not (site / "www/posts/first/index.html").exists()


def test_changes_of_others_stop_it_unless_allowed(site):
    run(site, "--yes")
    write(site / "www", {"index.html": "foreign"})
    stopped = run(site, "--yes")
    assert "www/index.html: others have added or changed this file" in stopped.output
    assert run(site, "--yes", "--despite", "remote").exit_code == 0
    assert contents(site / "www") == contents(site / "output")


def test_long_text_files_get_compressed_copies_that_are_deterministic(site):
    configure(site, target="compress = true")
    run(site, "--yes")
    page = (site / "www/index.html").read_bytes()
    assert gzip.decompress((site / "www/index.html.gz").read_bytes()) == page
    assert brotli.decompress((site / "www/index.html.br").read_bytes()) == page
    assert not (site / "output/index.html.gz").exists()
    assert run(site, "--yes").stdout.splitlines()[-1] == '"web" is up to date'
    for path in (site / ".sitegen/publish/web.compressed").iterdir():
        path.unlink()
    assert run(site, "--yes").stdout.splitlines()[-1] == '"web" is up to date'


def test_without_the_package_for_compressed_copies_nothing_is_published(site, monkeypatch):
    configure(site, target="compress = true")
    monkeypatch.setitem(sys.modules, "brotli", None)
    stopped = run(site, "--yes")
    assert stopped.exit_code == 1
    assert "compressed copies need the package brotli" in stopped.output
    assert not (site / "www").exists()


@pytest.mark.parametrize(
    "path", [".", "..", "output", "output/public", "content", "templates/x", ".sitegen", "content/../output"]
)
def test_a_folder_with_a_part_of_the_site_is_refused_as_target(site, path):
    configure(site, path=path)
    before = contents(site / "content")
    stopped = run(site, "--yes", "--despite", "remote")
    assert stopped.exit_code == 1
    assert 'the target "web" is a folder that holds a part of the site' in stopped.output
    assert contents(site / "content") == before


def test_the_users_own_folder_is_meant_by_a_tilde(site, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    configure(site, path="~/www")
    assert run(site, "--yes").exit_code == 0
    assert (tmp_path / "home/www/index.html").is_file()
    assert not (site / "~").exists()


@pytest.fixture
def listener():
    """A server on loopback that records requests, and answers 410 until it is set to accept them."""
    printed, passing = [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if passing.is_set():
                printed.append((self.path, parse_qs(body)))
            self.send_response(204 if passing.is_set() else 410)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hub", printed, passing
    server.shutdown()
    thread.join()
    server.server_close()


def test_hubs_are_notified_of_changed_feeds_and_again_if_they_did_not_answer(site, listener):
    url, printed, passing = listener
    configure(site, more=f'[feeds]\nhubs = ["{url}"]\n')
    failed = run(site, "--yes")
    assert failed.exit_code == 0
    assert f"the hub {url} was not notified of the changes: it answered 410 Gone" in failed.stderr
    passing.set()
    assert run(site, "--yes").exit_code == 0
    assert {path for path, _ in printed} == {"/hub"}
    topics = [values["hub.topic"][0] for _, values in printed]
    assert [topic for topic in topics if topic.count("/") == 3] == [
        f"{BASE}{name}" for name in ("atom.xml", "feed.json", "feed.xml")
    ]
    assert all(values["hub.mode"] == ["publish"] and values["hub.url"] == values["hub.topic"] for _, values in printed)
    del printed[:]
    run(site, "--yes")
    assert printed == []


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ("", "the site has no target to publish to"),
        ('[[publish]]\nname = "a"\nkind = "ftp"\n', 'the target "a" has an unknown `kind`: "ftp"'),
        ('[[publish]]\nname = "a"\npath = "www"\n', 'the target "a" has no `kind`'),
        ('[[publish]]\nkind = "folder"\npath = "www"\n', "the target has no `name`"),
        ('[[publish]]\nname = "a"\nkind = "s3"\n', 'the target "a" of the kind "s3" has no `url`'),
        ('[[publish]]\nname = "../a"\nkind = "git"\nremote = "o"\n', '"../a" is not a name for a target'),
        ('[[publish]]\nname = "a"\nkind = "git"\nremote = "o"\n' * 2, 'two targets have the name "a"'),
        ('[[publish]]\nname = "a"\nkind = "git"\nremote = "o"\nidentity = "me"\n', "the identity of"),
        ('[[publish]]\nname = "a"\nkind = "s3"\nurl = "bucket"\n', '"bucket" is not a bucket'),
        ('[deploy]\nindexnow = "x"\n', '"x" is not a key of IndexNow'),
        ('[deploy]\ncname = "https://x.example"\n', '"https://x.example" is not a domain'),
        ('[[publish]]\nname = "web"\nkind = "git"\nremote = "o"\n', 'there is no target "wbe" to publish to'),
    ],
)
def test_an_invalid_target_is_reported_with_a_hint(tmp_path, tables, message):
    write(tmp_path, {"sitegen.toml": f'base_url = "{BASE}"\n{tables}'})
    result = run(tmp_path, "wbe", "--yes")
    assert result.exit_code == 1
    assert message in result.output


def test_of_several_targets_one_must_be_named(site):
    configure(site, target='[[publish]]\nname = "two"\nkind = "folder"\npath = "www2"\n')
    assert "say which one: web, two" in run(site, "--yes").output
    assert run(site, "two", "--yes").exit_code == 0
    assert contents(site / "www2") == contents(site / "output")


def count_copies(site, monkeypatch):
    """Publish, and return the exit code and how many files were copied each time that files were."""
    copies = []
    monkeypatch.setattr(
        publish, "take_snapshot", lambda *values: (copies.append(len(values[1])), take_snapshot(*values))
    )
    return run(site, "--yes").exit_code, copies


@pytest.mark.parametrize("target", ["", "compress = true"])
def test_only_files_to_publish_are_copied(target, site, monkeypatch):
    configure(site, target=target)
    write(site, {"content/pages/about.md": "---\ntitle: About\n---\nWords.\n"})
    assert count_copies(site, monkeypatch) == (0, [len(contents(site / "output"))])
    feed = (site / "www/feed.xml").read_bytes()
    assert count_copies(site, monkeypatch) == (0, [])
    (site / "www/feed.xml").unlink()
    assert count_copies(site, monkeypatch) == (0, [len(contents(site / "output"))])
    assert (site / "www/feed.xml").read_bytes() == feed
    write_post(site, "first", text="Other words.")
    before = {path: path.stat().st_ctime_ns for path in (site / "output").rglob("*") if path.is_file()}
    code, (copied,) = count_copies(site, monkeypatch)
    assert code == 0
    changed = {path for path, time in before.items() if path.stat().st_ctime_ns != time}
    assert 0 < len(changed) == copied < len(before)
    assert count_copies(site, monkeypatch) == (0, [])
    for path in contents(site / "output"):
        assert (site / "www" / path).read_bytes() == (site / "output" / path).read_bytes()


def test_a_site_of_which_a_part_was_copied_is_copied_again_if_more_is_missing(site):
    run(site, "--yes")
    (site / "www/index.html").unlink()
    write_post(site, "first", text="Other words.")
    assert run(site, "--yes").exit_code == 0
    assert contents(site / "www") == contents(site / "output")
