import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from msgspec import structs

from sitegen.cli import COMMANDS, main
from sitegen.cli.build import describe_skipped
from sitegen.config.load import read_config
from sitegen.config.schema import Cards, Config
from sitegen.model import SkippedPost
from sitegen.scaffold.skeleton import find_samples
from tests.support.commands import find_commands
from tests.support.sites import CONFIG, make_site, post, tree, write


def run(*words, root=None, data=None):
    """Call the command line in this process."""
    before = ["-C", str(root)] if root else []
    return CliRunner().invoke(main, [*before, *map(str, words)], input=data, catch_exceptions=False)


def test_build_says_what_it_did_in_one_line(tmp_path):
    make_site(tmp_path)
    result = run("build", root=tmp_path)
    assert result.exit_code == 0
    assert re.fullmatch(r"Built \d+ pages in \d+\.\d\d s → output/\n", result.output)
    again = run("build", root=tmp_path).output
    assert re.fullmatch(r"Built 0 pages in \d+\.\d\d s \(\d+ unchanged\) → output/\n", again)
    (tmp_path / "content/posts/2024-01-03-third.md").unlink()
    assert re.search(r" s → other/$", run("build", "-o", "other", root=tmp_path).output)
    assert re.search(r" s \(\d+ unchanged, \d+ removed\) → output/$", run("build", root=tmp_path).output)


def test_build_says_how_many_posts_it_skipped_and_verbose_lists_them_with_the_reason(tmp_path):
    make_site(
        tmp_path,
        {
            "content/posts/2200-01-01-later.md": post("Later", "2200-01-01"),
            "content/posts/secret.md": "---\ntitle: Secret\ndate: 2024-01-01\ndraft: true\n---\n\nText.\n",
        },
    )
    assert run("build", root=tmp_path).output.splitlines()[-1] == (
        "Skipped 2 posts: 1 scheduled for 2200-01-01, 1 draft. Use -v to list them."
    )
    rows = run("build", "-v", root=tmp_path).output.splitlines()
    assert "skipped  content/posts/2200-01-01-later.md: it is scheduled for 2200-01-01 00:00" in rows
    assert "skipped  content/posts/secret.md: it is a draft" in rows
    assert rows[-1] == "Skipped 2 posts: 1 scheduled for 2200-01-01, 1 draft."


@pytest.mark.parametrize(
    ("skipped", "said"),
    [
        ([("draft", "")], "Skipped 1 post: 1 draft"),
        ([("draft", ""), ("draft", "")], "Skipped 2 posts: 2 drafts"),
        ([("private", ""), ("expired", "")], "Skipped 2 posts: 1 private, 1 expired"),
        (
            [("scheduled", "2031-02-01"), ("scheduled", "2031-01-05")],
            "Skipped 2 posts: 2 scheduled from 2031-01-05 to 2031-02-01",
        ),
    ],
)
def test_skipped_posts_are_counted_by_reason(skipped, said):
    assert describe_skipped([SkippedPost("a.md", "", status, day) for status, day in skipped]) == said


SYNDICATED = "---\ntitle: {0}\ndate: 2024-01-0{0}\nsource: Wire\nsource_url: https://wire.example/{0}\n---\n\nText.\n"


@pytest.mark.parametrize(
    ("sources", "count", "is_reported"),
    [("", 4, True), ("", 3, False), ('policy = "original"', 4, False), ('policy = "canonical"', 4, True)],
)
def test_the_first_build_says_that_search_engines_will_not_list_most_posts(tmp_path, sources, count, is_reported):
    files = {f"content/posts/{n}.md": SYNDICATED.format(n) for n in range(1, count + 1)}
    if sources:
        files["content/sources.toml"] = f'[Wire]\nurl = "https://wire.example/"\n{sources}\n'
    output = run("build", root=make_site(tmp_path, files)).output
    assert (f"Search engines will not list {count} of {count + 3} posts" in output) == is_reported
    assert "Search engines" not in run("build", root=tmp_path).output


def test_problems_go_to_standard_error_with_exit_code_1(tmp_path):
    make_site(tmp_path, {"content/posts/x.md": "nothing"})
    result = run("build", root=tmp_path)
    assert result.exit_code == 1
    assert "content/posts/x.md:1: the post has no title" in result.stderr
    assert result.stderr.rstrip().endswith("nothing was changed.")


def test_a_wrong_option_ends_with_exit_code_2(tmp_path):
    assert run("build", "--no-such-option", root=make_site(tmp_path)).exit_code == 2


def test_json_gives_the_report_as_one_object(tmp_path):
    report = json.loads(run("build", "--json", root=make_site(tmp_path)).output)
    assert report["ok"] is True
    assert "posts/first/index.html" in report["rendered"]


def test_json_gives_problems_too(tmp_path):
    make_site(tmp_path, {"content/posts/x.md": "nothing"})
    report = json.loads(run("build", "--json", root=tmp_path).output)
    assert report["ok"] is False
    assert report["problems"][0]["path"] == "content/posts/x.md"


def test_quiet_prints_nothing_for_a_valid_site(tmp_path):
    assert run("build", "--quiet", root=make_site(tmp_path)).output == ""


def test_verbose_names_every_file(tmp_path):
    assert "rendered posts/first/index.html" in run("build", "-v", root=make_site(tmp_path)).output


def test_verify_compares_with_a_clean_build(tmp_path):
    make_site(tmp_path)
    assert "Verified: " in run("build", "--verify", root=tmp_path).output


def test_verify_finds_a_file_that_a_clean_build_writes_differently(tmp_path):
    make_site(tmp_path)
    run("build", root=tmp_path)
    stamp = "data + str(time.time_ns()).encode() if path == 'index.html' else data"
    hooks = f"import time\n\ndef finish(path, data):\n    return {stamp}\n"
    write(tmp_path, {"hooks.py": hooks})
    result = run("build", "--verify", root=tmp_path)
    assert result.exit_code == 1
    assert "output/index.html: the file is not what a clean build writes" in result.stderr


def test_the_output_folder_and_the_base_url_can_be_changed(tmp_path):
    make_site(tmp_path)
    run("build", "--output", "other", "--base-url", "https://x.example.net/repo/", root=tmp_path)
    assert 'href="https://x.example.net/repo/posts/first/"' in (tmp_path / "other/posts/first/index.html").read_text()
    assert not (tmp_path / "output").exists()


def test_init_makes_a_site_that_builds(tmp_path):
    folder = tmp_path / "letter"
    assert run("init", folder, "--title", 'The "Harbour" Letter').exit_code == 0
    result = run("build", root=folder)
    assert result.exit_code == 0
    assert len(list((folder / "output/posts").glob("*/index.html"))) == 3
    assert "The &#34;Harbour&#34; Letter" in (folder / "output/index.html").read_text()


def test_init_refuses_a_folder_that_holds_a_site(tmp_path):
    run("init", tmp_path)
    before = tree(tmp_path)
    result = run("init", tmp_path)
    assert result.exit_code == 1
    assert "there is a file of this name already" in result.stderr
    assert tree(tmp_path) == before


def test_new_writes_a_post_that_builds(tmp_path):
    make_site(tmp_path)
    result = run("new", 'A "quoted": title', "--source", "NYPost", root=tmp_path)
    path = tmp_path / result.output.split()[1]
    text = path.read_text()
    assert 'title: "A \\"quoted\\": title"' in text
    assert 'source: "NYPost"' in text
    path.write_text(text + "Words.\n")
    assert run("build", root=tmp_path).exit_code == 0


@pytest.fixture
def noon(monkeypatch):
    """Stop the clock of `sitegen new`: a name has the day, and midnight may come between two commands."""

    class StoppedClock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2024, 6, 1, 12, tzinfo=tz)

    monkeypatch.setattr("sitegen.cli.new.datetime", StoppedClock)


@pytest.mark.usefixtures("noon")
def test_new_never_overwrites_a_post(tmp_path):
    make_site(tmp_path)
    run("new", "Twice", root=tmp_path)
    result = run("new", "Twice", root=tmp_path)
    assert result.exit_code == 1
    assert "there is a post of this name already" in result.stderr


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(("settings", "number"), [("", "-2"), ('[urls]\npost = "/{year}/{month}/{day}/{slug}/"\n', "")])
def test_new_gives_an_issue_with_the_title_of_an_earlier_one_a_url_of_its_own(tmp_path, settings, number):
    """The day in the URL makes it another one already."""
    earlier = "---\ntitle: Weekly Digest\ndate: 2024-01-05\n---\n\nWords.\n"
    make_site(tmp_path, {"content/posts/2024/2024-01-05-weekly-digest.md": earlier}, config=CONFIG + settings)
    assert run("new", "Weekly Digest", root=tmp_path).output.strip().endswith(f"-weekly-digest{number}.md")
    assert run("new", "Weekly Digest", root=tmp_path).exit_code == 1
    assert run("build", root=tmp_path).exit_code == 0
    pages = [path.parent.name for path in (tmp_path / "output").rglob("weekly-digest*/index.html")]
    assert sorted(pages) == sorted(["weekly-digest", f"weekly-digest{number}"])


def test_new_gives_a_post_of_a_type_a_url_of_its_own(tmp_path):
    soup = "---\ntitle: Soup\ndate: 2024-01-05\n---\n\nWords.\n"
    make_site(tmp_path, {"content/recipes/2024-01-05-soup.md": soup}, config=f"{CONFIG}[types.recipes]\n")
    assert run("new", "Soup", "--type", "recipes", root=tmp_path).output.strip().endswith("-soup-2.md")


def test_config_says_where_each_setting_came_from(tmp_path):
    output = run("config", root=make_site(tmp_path)).output
    assert "'The Test Letter'  (sitegen.toml:1)" in output
    assert "'en'  (default)" in output


def test_schema_is_json(tmp_path):
    for subject in ("post", "config"):
        assert json.loads(run("schema", subject).output)["type"] == "object"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_begins_with_its_line_in_the_list_of_commands(name):
    command = main.get_command(click.Context(main), name)
    assert command.help.partition("\n\n")[0].replace("\n", " ") == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_an_example(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"sitegen {name}" in result.output


@pytest.mark.parametrize("names", [names for names, _ in find_commands(main, ())], ids=" ".join)
def test_help_fits_a_terminal_of_80_columns_and_nothing_is_cut_off(names):
    result = CliRunner().invoke(main, [*names, "--help"], terminal_width=80)
    assert [line for line in result.output.splitlines() if len(line) > 80] == []
    assert not re.search(r"\w\.\.\.$", result.output.partition("Commands:")[2], re.MULTILINE)
    assert "-n, --dry-run" in result.output or "--dry-run  " not in result.output
    assert "TEXT" not in result.output.replace("--title TEXT", "")


def test_no_color_is_respected(tmp_path):
    make_site(tmp_path, {"content/posts/x.md": "nothing"})
    result = subprocess.run(
        [sys.executable, "-m", "sitegen", "-C", tmp_path, "build"],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert result.returncode == 1
    assert "\x1b" not in result.stderr


def test_an_unwritable_output_is_one_clear_line(tmp_path):
    make_site(tmp_path, {"output": "a file"})
    result = run("build", root=tmp_path)
    assert result.exit_code == 1
    assert "output: the output folder is a file" in result.stderr


def test_a_recorded_build_keeps_guids_and_urls_without_a_publication(tmp_path):
    make_site(tmp_path)
    result = run("build", "--record", root=tmp_path)
    assert result.output.splitlines()[-1] == "Updated published.json: commit it with the site"
    before = (tmp_path / "output/feed.xml").read_text()
    guid = re.search("<guid[^>]*>(.*?)</guid>", before)[1]
    assert run("build", root=tmp_path).output.startswith("Built 0 pages ")  # recording changed nothing
    assert "Updated" not in run("build", "--record", root=tmp_path).output
    file = tmp_path / "content/posts/2024-01-03-third.md"
    file.write_text(file.read_text().replace("---\n", "---\nslug: moved\n", 1))
    result = run("build", "--strict", "--record", root=tmp_path)
    assert result.output.splitlines()[-1].startswith("Updated published.json")
    assert f">{guid}</guid>" in (tmp_path / "output/feed.xml").read_text()
    assert "posts/moved/" in (tmp_path / "output" / guid.split("/", 3)[3] / "index.html").read_text()


def test_a_recorded_build_stops_if_a_url_would_break_and_records_nothing(tmp_path):
    make_site(tmp_path)
    run("build", "--record", root=tmp_path)
    ledger = (tmp_path / "published.json").read_bytes()
    (tmp_path / "content/posts/2024-01-03-third.md").unlink()
    result = run("build", "--record", root=tmp_path)
    assert result.exit_code == 1
    assert "was published, but no longer exists" in result.stderr
    assert "published.json was not updated" in result.stderr
    assert (tmp_path / "published.json").read_bytes() == ledger
    assert run("build", root=tmp_path).exit_code == 0
    assert run("build", "--strict", root=tmp_path).exit_code == 1


@pytest.mark.parametrize("words", [("--drafts",), ("--future",), ("--base-url", "https://preview.example/")])
def test_what_only_some_readers_get_is_not_recorded(tmp_path, words):
    assert run("build", "--record", *words, root=make_site(tmp_path)).exit_code == 2
    assert not (tmp_path / "published.json").exists()


def test_init_says_what_to_edit_and_what_may_be_deleted(tmp_path):
    site = tmp_path / "my letter"
    result = run("init", site, "--base-url", "https://letter.example/")
    assert result.exit_code == 0
    for part in ("sitegen.toml", "content/posts/", "content/pages/", "about.md", "lighthouse.svg", "sources.toml"):
        assert part in result.output
    assert f"sitegen -C '{site}' serve" in result.output
    samples = [f"content/{path}" for path in find_samples(site / "content")]
    for path in samples:
        if not path.endswith(".svg"):  # the image of a post goes with it
            data = (site / path).read_bytes()
            (site / path).unlink()
            assert run("build", "--strict", root=site).exit_code == 0, path
            (site / path).write_bytes(data)
    assert set(samples) == {str(path.relative_to(site)) for path in site.glob("content/**/*.*")}
    for path in samples:
        (site / path).unlink()
    assert run("build", "--strict", root=site).exit_code == 0


def test_the_settings_that_a_new_config_only_mentions_are_valid_and_belong_below_the_others(tmp_path):
    run("init", tmp_path)
    config = tmp_path / "sitegen.toml"
    before = read_config(tmp_path).config
    assert before == structs.replace(Config(), title=before.title, base_url=before.base_url, cards=Cards(enabled=True))
    config.write_text(re.sub(r"^# (\[[\w.]+\]|\w+ = .*)$", r"\1", config.read_text(), flags=re.MULTILINE))
    after = read_config(tmp_path).config
    assert (after.markdown.engine, after.urls.post) == ("commonmark", "/{year}/{month}/{slug}/")
    assert after.theme.subscribe.action.startswith("https://")
    assert (after.title, after.author) == (before.title, "")


def test_publish_names_each_sample_that_readers_would_see(tmp_path):
    site, target = tmp_path / "site", tmp_path / "www"
    run("init", site, "--base-url", "https://letter.example/")
    with (site / "sitegen.toml").open("a") as config:
        config.write(f'\n[[publish]]\nname = "web"\nkind = "folder"\npath = "{target}"\n')
    hello, about = site / "content/posts/2024-01-04-hello.md", site / "content/pages/about.md"
    about.write_bytes(about.read_bytes().replace(b"\n", b"\r\n"))  # as git may check it out
    hello.write_text(hello.read_text() + "\nMy own words.\n")
    result = run("publish", "--dry-run", root=site)
    named = re.findall(r"warning: (\S+): this sample of `sitegen init`", result.stderr)
    assert named == [
        "content/pages/about.md",
        "content/posts/2024-01-11-first-published-elsewhere.md",
        "content/posts/2024-01-18-more-than-text.md",
        "content/posts/lighthouse.svg",
    ]
    report = json.loads(run("publish", "--yes", "--json", root=site).stdout)
    assert report["samples"] == named
    for path in named:
        (site / path).unlink()
    hello.write_text("---\ntitle: Hello\ndate: 2024-01-04\n---\n\nMy own words alone.\n")
    assert "sample" not in run("publish", "--yes", root=site).output


@pytest.mark.skipif(os.name != "posix", reason="shells of Windows cannot close a stream")
@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_a_build_without_standard_streams_is_a_build(tmp_path, closed):
    make_site(tmp_path)
    command = f'"{sys.executable}" -m sitegen -C "{tmp_path}" build {closed}'
    for _ in range(2):
        assert subprocess.run(["bash", "-c", command], check=False, cwd=Path(__file__).parents[2]).returncode == 0
    assert (tmp_path / "output/index.html").is_file()
    assert run("build", root=tmp_path).output.startswith("Built 0 pages ")  # nothing was printed into the build cache


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    ("options", "said"), [(["--json"], "the report cannot be written: No space"), ([], "No space")]
)
def test_a_report_that_cannot_be_written_is_a_problem(tmp_path, options, said, unbuffered):
    make_site(tmp_path)
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "sitegen", "-C", str(tmp_path), "build", *options]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True, env=environment)
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert not re.search("Traceback|Exception ignored", done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "words", [["--version"], ["build", "--help"], ["config"], ["schema", "post"], ["check", "--json"]]
)
def test_output_that_cannot_be_written_is_reported_by_every_command(tmp_path, words):
    command = [sys.executable, "-m", "sitegen", "-C", str(make_site(tmp_path)), *words]
    environment = os.environ | {"PYTHONUNBUFFERED": ""}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True, env=environment)
    assert (done.returncode, done.stderr) == (1, "the output cannot be written: No space left on device\n")


def test_new_writes_a_page(tmp_path):
    make_site(tmp_path)
    assert run("new", "Who: we are", "--page", root=tmp_path).output == "Wrote content/pages/who-we-are.md\n"
    file = tmp_path / "content/pages/who-we-are.md"
    file.write_text(file.read_text() + "Two people.\n")
    assert run("build", "--strict", root=tmp_path).exit_code == 0
    assert "Who: we are" in (tmp_path / "output/who-we-are/index.html").read_text()
    again = run("new", "Who: we are", "--page", root=tmp_path)
    assert "there is a page of this name already" in again.stderr
    assert run("new", "x", "--page", "--source", "NYPost", root=tmp_path).exit_code == 2
    assert run("new", "Later", "--page", "--draft", root=tmp_path).exit_code == 0
    assert "draft: true" in (tmp_path / "content/pages/later.md").read_text()


def test_new_opens_the_file_in_the_editor_of_the_user(tmp_path, monkeypatch):
    make_site(tmp_path)
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\necho "From the editor." >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{editor}'")
    path = json.loads(run("new", "A letter", "--open", "--json", root=tmp_path).stdout)["path"]
    assert (tmp_path / path).read_text().endswith("From the editor.\n")


def test_a_warning_that_many_files_share_is_shown_once_with_their_number(tmp_path):
    text = "---\ntitle: {}\ndate: 2024-01-01\nsource: The Pots\ncolor: red\n---\nText.\n"
    files = {f"content/posts/p{number}.md": text.format(number) for number in range(6)}
    files["content/sources.toml"] = '["The Post"]\nurl = "https://post.example/"\n'
    make_site(tmp_path, files)
    first = run("build", root=tmp_path).stderr
    assert first.count("is not in sources.toml") == 1
    assert "and 5 more like this (use -v to list them)" in first
    assert run("build", "--verbose", root=tmp_path).stderr.count("is not in sources.toml") == 6
    assert len(json.loads(run("build", "--json", root=tmp_path).stdout)["warnings"]) >= 6


PAGES_EXPORT = {"hugo.toml": "", "content/about.md": "---\ntitle: About us\n---\n\nWe write letters.\n"}


@pytest.mark.parametrize("extra", ["", "\nOne more line.\n"])
def test_an_imported_page_replaces_the_sample_of_its_name_unless_it_was_edited(tmp_path, extra):
    export = write(tmp_path / "export", {**PAGES_EXPORT, "content/posts/one.md": post("One", "2024-01-02")})
    site = tmp_path / "site"
    assert run("init", str(site)).exit_code == 0
    about = site / "content/pages/about.md"
    about.write_text(about.read_text() + extra)
    for _ in range(2):
        assert run("import", str(export), root=site).exit_code == 0
        assert ("We write letters." in about.read_text()) == (not extra)
        assert (site / "content/pages/about-2.md").exists() == bool(extra)
    assert run("build", root=site).exit_code == 0


def test_a_dry_run_of_an_import_leaves_the_samples(tmp_path):
    export = write(tmp_path / "export", {**PAGES_EXPORT, "content/posts/one.md": post("One", "2024-01-02")})
    site = tmp_path / "site"
    run("init", str(site))
    before = find_samples(site / "content")
    assert "content/pages/about.md" in run("import", str(export), "--dry-run", "--json", root=site).stdout
    assert find_samples(site / "content") == before


def import_one_post(site):
    export = write(site.parent / "export", {"hugo.toml": "", "content/posts/one.md": post("One", "2024-01-02")})
    result = json.loads(run("import", str(export), "--json", root=site).stdout)
    return sorted(path.name for path in (site / "content/posts").iterdir()), result["removed_samples"]


def test_a_first_import_removes_the_sample_posts(tmp_path):
    site = tmp_path / "site"
    run("init", str(site))
    samples = find_samples(site / "content")
    files, removed = import_one_post(site)
    assert len(files) == 1
    assert set(removed) == set(samples)
    assert not (site / "content/sources.toml").exists()
    assert run("build", "--strict", root=site).exit_code == 0
    assert import_one_post(site) == (files, [])


@pytest.mark.parametrize("path", ["posts/2024-01-04-hello.md", "posts/lighthouse.svg", "sources.toml"])
def test_an_import_leaves_all_sample_posts_if_one_was_edited(tmp_path, path):
    site = tmp_path / "site"
    run("init", str(site))
    with (site / "content" / path).open("a") as file:
        file.write("\n")
    files, removed = import_one_post(site)
    assert len(files) == 5
    assert removed == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/pages/about.md", "---\ntitle: About\n---\nOurs.\n"),
        ("content/posts/own.md", "---\ntitle: Own\ndate: 2024-01-01\n---\n[We](../pages/about.md)\n"),
        ("sitegen.toml", 'title = "A"\n[theme]\nnav = [{ page = "about" }]\n'),
    ],
)
def test_an_import_leaves_the_sample_page_if_it_was_edited_or_something_links_to_it(tmp_path, path, text):
    site = tmp_path / "site"
    run("init", str(site))
    (site / path).write_text(text)
    _, removed = import_one_post(site)
    assert "posts/2024-01-04-hello.md" in removed
    assert "pages/about.md" not in removed
    assert run("build", "--strict", root=site).exit_code == 0


@pytest.mark.parametrize("target", ["/about/", "../pages/about.md"])
def test_a_link_of_the_export_to_the_removed_sample_page_is_reported(tmp_path, target):
    text = f'+++\ntitle = "A"\ndate = 2024-01-02\n+++\n[We]({target})\n'
    export = write(tmp_path / "export", {"hugo.toml": "", "content/posts/one.md": text})
    site = tmp_path / "site"
    run("init", str(site))
    dry_run = json.loads(run("import", str(export), "--dry-run", "--json", root=site).stdout)
    report = json.loads(run("import", str(export), "--json", root=site).stdout)
    assert report["broken"] == dry_run["broken"] != []
    assert run("build", root=site).exit_code == 0


def test_an_import_leaves_sample_posts_that_were_published(tmp_path):
    site = tmp_path / "site"
    run("init", str(site), "--base-url", "https://letter.example/")
    assert run("build", "--record", root=site).exit_code == 0
    files, removed = import_one_post(site)
    assert len(files) == 5
    assert removed == []
