"""`sitegen serve` as a process, over real files that change as editors change them."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.formats.mime_types import content_type
from tests.support.editors import SAVES
from tests.support.programs import require_program
from tests.support.serving import PATIENT, ServerProcess, post, save, serving, write_site
from tests.support.waiting import TIMEOUT_SECONDS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One watching server for all save patterns: each test has a post of its own."""
    with serving(write_site(tmp_path_factory.mktemp("site")), "--watch") as server:
        yield server


def new_post(server: ServerProcess, name: str) -> Path:
    file = server.root / f"content/posts/{name}.md"
    file.write_text(post(name.title(), "before the edit"))
    server.shows(f"/posts/{name}/", "before the edit")
    return file


def after(name: str) -> str:
    return post(name.title(), "after the edit!")  # as long as before


@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_a_save_is_served_however_it_is_made(server, save):
    name = save.__name__.replace("_", "-")
    file = new_post(server, name)
    save(file, after(name))
    server.shows(f"/posts/{name}/", "after the edit")
    server.lacks(f"/posts/{name}/", "before the edit")


@pytest.mark.parametrize("settings", ["backupcopy=no writebackup", "backupcopy=yes", "nowritebackup nobackup"])
def test_what_vim_itself_writes_is_served(server, settings):
    vim = require_program("vim")
    name = "real-vim-" + "".join(filter(str.isalpha, settings))
    file = new_post(server, name)
    subprocess.run(
        [
            vim,
            "-u",
            "NONE",
            "-N",
            "-es",
            "-c",
            f"set {settings}",
            "-c",
            "%s/before/after the edit/",
            "-c",
            "wq",
            file,
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    server.shows(f"/posts/{name}/", "after the edit")


def test_the_target_of_a_symbolic_link_is_watched(server):
    folder = server.root / "elsewhere"
    folder.mkdir()
    (folder / "linked.md").write_text(post("Linked", "first words"))
    (server.root / "content/posts/linked.md").symlink_to(folder / "linked.md")
    server.shows("/posts/linked/", "first words")
    (folder / "linked.md").write_text(post("Linked", "second words"))
    server.shows("/posts/linked/", "second words")


def test_a_folder_moved_in_is_served_and_moved_out_is_not(server):
    batch = server.root / "batch"
    for number in range(20):
        file = batch / f"deep/er/moved-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(post(f"Moved {number}", f"text {number}"))
    batch.rename(server.root / "content/posts/batch")
    server.shows("/posts/moved-19/", "text 19")
    (server.root / "content/posts/batch/deep/er/moved-7.md").write_text(post("Moved 7", "edited in its new place"))
    server.shows("/posts/moved-7/", "edited in its new place")
    (server.root / "content/posts/batch").rename(server.root / "content/posts/renamed")
    (server.root / "content/posts/renamed/deep/er/moved-8.md").write_text(post("Moved 8", "edited after a rename"))
    server.shows("/posts/moved-8/", "edited after a rename")
    (server.root / "content/posts/renamed").rename(batch)
    server.answers("/posts/moved-19/", 404)


def test_a_folder_removed_is_served_no_more_and_a_new_one_of_its_name_is(server):
    folder = server.root / "content/posts/folder"
    folder.mkdir()
    (folder / "inside.md").write_text(post("Inside", "it is here"))
    server.shows("/posts/inside/", "it is here")
    shutil.rmtree(folder)
    server.answers("/posts/inside/", 404)
    folder.mkdir()
    (folder / "inside.md").write_text(post("Inside", "it is back"))
    server.shows("/posts/inside/", "it is back")


def test_a_checkout_of_many_files_is_served_as_it_ends(server):
    git = ["git", "-C", server.root, "-c", "user.name=A", "-c", "user.email=a@example.com"]
    many = server.root / "content/posts/many"

    def write(text: str) -> None:
        for number in range(400):
            (many / f"many-{number}.md").write_text(post(f"Many {number}", f"{text} {number}"))

    many.mkdir()
    subprocess.run([*git, "init", "-q", "-b", "first"], check=True)
    write("from the first branch")
    subprocess.run([*git, "add", "content/posts/many"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "first"], check=True)
    subprocess.run([*git, "checkout", "-q", "-b", "second"], check=True)
    write("from the second branch")
    subprocess.run([*git, "commit", "-q", "-a", "-m", "second"], check=True)
    server.shows("/posts/many-399/", "from the second branch")
    subprocess.run([*git, "checkout", "-q", "first"], check=True)
    for number in (0, 200, 399):
        server.shows(f"/posts/many-{number}/", f"from the first branch {number}")
    shutil.rmtree(many)
    server.answers("/posts/many-0/", 404)


def test_a_style_sheet_and_a_template_are_served_as_saved(server):
    (server.root / "content/plain.css").write_text("body { color: rgb(9, 9, 9) }\n")
    server.shows("/plain.css", "rgb(9, 9, 9)")
    template = server.root / "templates/404.html"
    template.write_text("<!doctype html><title>Lost</title><p>an own page of loss</p>")
    server.shows("/nowhere/", "an own page of loss")
    template.write_text("<!doctype html><title>Lost</title><p>another page of loss</p>")
    server.shows("/nowhere/", "another page of loss")
    template.unlink()
    server.lacks("/nowhere/", "page of loss")


def test_an_unchanged_save_and_an_editors_own_files_render_nothing(server):
    file = new_post(server, "quiet")
    before = len(server.lines)
    file.write_text(file.read_text())
    file.with_name(".quiet.md.swp").write_text("swap")
    file.with_name("quiet.md~").write_text("backup")
    file.write_text(after("quiet"))
    server.shows("/posts/quiet/", "after the edit")
    # Events come in order: those of the editor's files are handled before that of the next post. Which files a line
    # names depends on which event wakes the server up first, but the files of an editor never do.
    new_post(server, "next")
    assert not [line for line in server.lines[before:] if ".swp" in line or "quiet.md~" in line]


def test_problems_are_reported_and_the_last_good_site_stays(server):
    file = new_post(server, "broken")
    file.write_text("---\ntitle: Broken\ndate: yesterday\n---\ntext\n")
    server.wait_for_line('content/posts/broken.md:3: "yesterday" is not a date')
    server.wait_for_line("still serving the last successful build")
    assert "before" in server.text("/posts/broken/")
    (server.root / "content/posts/one.md").write_text(post("One", "edited while another is broken"))
    file.write_text(after("broken"))
    server.shows("/posts/broken/", "after the edit")
    server.shows("/posts/one/", "edited while another is broken")


def test_a_template_that_fails_keeps_the_last_good_site(server):
    template = server.root / "templates/post.html"
    template.write_text("<p>{{ page.title | no_such_filter }}</p>")
    server.wait_for_line("no_such_filter")
    assert server.request("/posts/two/")[0] == 200
    template.write_text("<!doctype html><title>x</title><p>an own template shows {{ page.title }}</p>")
    server.shows("/posts/two/", "an own template shows Two")
    template.unlink()
    server.lacks("/posts/two/", "an own template")


def test_config_and_hooks_reload_in_place(tmp_path):
    root = write_site(tmp_path)
    with serving(root) as server:
        config = root / "sitegen.toml"
        save(config, config.read_text().replace('"Small"', '"Renamed"'))
        server.shows("/", "Renamed")
        save(config, "title = ")
        server.wait_for_line("using the last valid one")
        save(root / "content/posts/one.md", post("One", "edited under the old config"))
        server.shows("/posts/one/", "edited under the old config")
        assert "Renamed" in server.text("/")
        save(config, 'title = "Mended"\nbase_url = "https://small.example/repo/"\n')
        server.shows("/repo/", "Mended")
        assert server.request("/")[:2][0] == 302
        save(root / "hooks.py", "def filters():\n    return {'shout': lambda text: text.upper() + '!'}\n")
        save(root / "templates/404.html", "<!doctype html><title>x</title>{{ 'lost' | shout }}")
        server.shows("/repo/nowhere", "LOST!")
        save(root / "hooks.py", "def filters():\n    return {'shout': lambda text: text.upper() + '?'}\n")
        server.shows("/repo/nowhere", "LOST?")
        save(root / "hooks.py", "def filters(:\n")
        server.wait_for_line("hooks.py cannot be loaded")
        assert "LOST?" in server.text("/repo/nowhere")


def test_an_exchanged_content_folder_is_still_watched(tmp_path):
    root = write_site(tmp_path)
    with serving(root) as server:
        shutil.copytree(root / "content", root / "next")
        (root / "next/posts/one.md").write_text(post("One", "from the next folder"))
        (root / "content").rename(root / "former")
        (root / "next").rename(root / "content")
        server.shows("/posts/one/", "from the next folder")
        (root / "content/posts/one.md").write_text(post("One", "edited in the next folder"))
        server.shows("/posts/one/", "edited in the next folder")
        (root / "former/posts/one.md").write_text(post("One", "nobody should see this"))
        (root / "content/posts/two.md").write_text(post("Two", "edited last"))
        server.shows("/posts/two/", "edited last")
        assert "edited in the next folder" in server.text("/posts/one/")


def test_polling_serves_every_save_too(tmp_path):
    root = write_site(tmp_path)
    with serving(root, "--poll") as server:
        (root / "content/posts/one.md").write_text(post("One", "seen by looking"))
        server.shows("/posts/one/", "seen by looking")
        (root / "content/posts/new.md").write_text(post("New", "a new one"))
        server.shows("/posts/new/", "a new one")
        (root / "content/posts/new.md").unlink()
        server.answers("/posts/new/", 404)


def test_a_save_in_the_middle_of_a_build_leads_to_one_more(tmp_path):
    root = write_site(tmp_path)
    (root / "hooks.py").write_text(
        "import pathlib, time\n"
        "def post(post):\n"
        "    if post.slug == 'slow':\n"
        "        pathlib.Path(__file__).with_name('building').touch()\n"
        "        time.sleep(0.5)\n"
        "    return post\n"
    )
    with serving(root) as server:
        (root / "content/posts/slow.md").write_text(post("Slow", "slow text"))
        server.wait((root / "building").exists)
        (root / "content/posts/one.md").write_text(post("One", "saved while a build ran"))
        server.shows("/posts/one/", "saved while a build ran")
        server.shows("/posts/slow/", "slow text")


def test_the_output_is_put_right_once_there_is_rest(tmp_path):
    root = write_site(tmp_path)
    with serving(root) as server:
        (root / "content/posts/one.md").write_text(post("One", "edited once"))
        server.shows("/posts/one/", "edited once")
        lost, spoilt = root / "output/posts/two/index.html", root / "output/posts/three/index.html"
        lost.unlink()
        spoilt.write_text("spoilt")
        (root / "content/posts/one.md").write_text(post("One", "edited twice"))
        server.shows("/posts/one/", "edited twice")
        server.shows("/posts/two/", "The second post.")
        server.shows("/posts/three/", "The third post.")


def test_drafts_go_to_a_preview_folder_with_a_ribbon_and_never_to_the_output(tmp_path):
    root = write_site(tmp_path)
    (root / "content/posts/draft.md").write_text(post("Draft", "not yet", "draft: true\n"))
    (root / "content/posts/later.md").write_text("---\ntitle: Later\ndate: 2999-01-01\n---\nstill to come\n")
    with serving(root, "--drafts", "--future") as server:
        for path in ("/posts/draft/", "/posts/later/"):
            assert "Not published" in server.text(path)
        assert "Not published" not in server.text("/posts/one/")
        assert not (root / "output").exists()
        assert "Not published" not in (root / ".sitegen/preview/posts/draft/index.html").read_text()
        (root / "content/posts/draft.md").write_text(post("Draft", "now published"))
        server.shows("/posts/draft/", "now published")
        server.lacks("/posts/draft/", "Not published")
    with serving(root, "--drafts", "--future") as server:  # nothing is rendered this time
        assert "Not published" in server.text("/posts/later/")
        assert "Not published" not in server.text("/posts/draft/")


def test_serving_writes_the_very_bytes_that_build_writes(tmp_path):
    root = write_site(tmp_path / "site")
    with serving(root) as server:
        (root / "content/posts/one.md").write_text(post("One", "edited"))
        server.shows("/posts/one/", "edited")
        server.shows("/feed.json", "edited")  # waits for the files that a build after a save defers
    check_output(root)
    assert not any(b".sitegen" in data for data in read_folder(root / "output").values())


def build(root: Path) -> None:
    subprocess.run([sys.executable, "-m", "sitegen", "-C", str(root), "build"], check=True)


def check_output(root: Path) -> None:
    """Check that the output folder of a site is what a clean build writes."""
    served = read_folder(root / "output")
    shutil.rmtree(root / ".sitegen")
    shutil.rmtree(root / "output")
    build(root)
    assert served == read_folder(root / "output")


def read_folder(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_without_watch_pages_are_served_byte_for_byte(tmp_path):
    root = write_site(tmp_path, "")
    with serving(root, "--no-watch") as server:
        for name, data in read_folder(root / "output").items():
            status, headers, body = server.request(f"/{name}")
            assert (status, body) == (200, data)
            assert headers["content-type"] == content_type(name)


def test_a_site_that_cannot_be_built_yet_is_served_once_it_can(tmp_path):
    root = write_site(tmp_path)
    (root / "content/posts/one.md").write_text("---\ntitle: One\n")
    with serving(root) as server:
        status, _, page = server.request("/posts/one/")
        assert status == 503
        assert b"content/posts/one.md" in page
        (root / "content/posts/one.md").write_text(post("One", "now it is whole"))
        server.shows("/posts/one/", "now it is whole")


def test_a_site_with_an_invalid_config_is_served_once_it_is_fixed(tmp_path):
    root = write_site(tmp_path)
    good = (root / "sitegen.toml").read_text()
    (root / "sitegen.toml").write_text("tittle = 1\n")
    with serving(root) as server:
        assert b"unknown setting" in server.request("/")[2]
        (root / "sitegen.toml").write_text(good)
        server.shows("/posts/one/", "The first post.")


def test_a_taken_port_gives_way_to_the_next_and_says_so(tmp_path):
    root = write_site(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(root, "--port", str(port)) as server:
            assert f"Port {port} is in use: using {server.port}" in server.output
            assert server.port > port
            assert server.request("/")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [("--no-watch",), (), ("--poll",)])
def test_both_signals_end_it_cleanly(tmp_path, number, options):
    with serving(write_site(tmp_path), *options, setup=PATIENT) as server:
        assert server.stop(number) == 0
        assert server.lines[-1] == "Stopped"
        assert not [line for line in server.lines if "Error" in line]


STOP_ONCE_SERVED = """
import contextlib, os, pathlib, signal
from sitegen.serve import state

placing = state.Live.placing

@contextlib.contextmanager
def stop_after_placing(live, published):
    with placing(live, published):
        yield
    if published.pending and b"the last words" in pathlib.Path(published.folder, "posts/one/index.html").read_bytes():
        os.kill(os.getpid(), signal.SIGINT)

state.Live.placing = stop_after_placing
"""
"""Stops a server when it has placed a page with the last words and deferred the feeds, before the build has ended."""


def test_a_server_stopped_before_the_build_of_a_save_has_ended_leaves_no_stale_feed(tmp_path):
    root = write_site(tmp_path)
    with serving(root, setup=PATIENT + STOP_ONCE_SERVED) as server:
        save(root / "content/posts/one.md", post("One", "the first words"))
        server.shows("/posts/one/", "the first words")  # from now on, feeds are deferred after a save
        save(root / "content/posts/one.md", post("One", "the last words"))
        assert server.process.wait(TIMEOUT_SECONDS) == 0
    assert server.lines[-1] == "Stopped"
    assert b"the last words" in (root / "output/feed.json").read_bytes()
    check_output(root)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_server_stopped_right_after_a_save_leaves_no_stale_feed(tmp_path, number):
    root = write_site(tmp_path)
    with serving(root, setup=PATIENT) as server:
        (root / "content/posts/one.md").write_text(post("One", "the last words"))
        server.shows("/posts/one/", "the last words")
        server.stop(number)
    if number == signal.SIGKILL:
        build(root)
    assert b"the last words" in (root / "output/feed.json").read_bytes()
    check_output(root)


def test_a_published_post_is_due_without_a_save(tmp_path):
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    root = write_site(tmp_path)
    moment = datetime.now(UTC) + timedelta(seconds=3)
    (root / "content/posts/due.md").write_text(f"---\ntitle: Due\ndate: {moment.isoformat()}\n---\nit is time\n")
    with serving(root) as server:
        server.shows("/posts/due/", "it is time")


def test_a_base_path_with_spaces_and_letters_of_all_scripts_is_served(tmp_path):
    root = write_site(tmp_path)
    (root / "sitegen.toml").write_text('base_url = "https://you.example/für alle/"\n')
    with serving(root, "--no-watch") as server:
        assert server.base == "/f%C3%BCr%20alle"
        assert "The first post." in server.text(f"{server.base}/posts/one/")
        status, headers, _ = server.request(f"{server.base}/posts/one")
        assert (status, headers["location"]) == (302, f"{server.base}/posts/one/")


def test_after_the_last_problem_is_fixed_the_terminal_says_so(tmp_path):
    root = write_site(tmp_path)
    with serving(root) as server:
        for name in ("one", "two"):
            (root / f"content/posts/{name}.md").write_text("---\ntitle: X\ndate: yesterday\n---\n")
            server.wait_for_line(f'content/posts/{name}.md:3: "yesterday" is not a date')
        (root / "content/posts/one.md").write_text(post("One", "fixed"))
        server.wait_for_line("1 problem: still serving the last successful build")
        assert "All problems are fixed" not in server.output
        (root / "content/posts/two.md").write_text(post("Two", "fixed"))
        server.wait_for_line("All problems are fixed")


@pytest.mark.parametrize("options", [(), ("--poll",)], ids=["events", "polling"])
def test_a_feed_that_is_requested_right_after_a_save_is_fresh(tmp_path, options):
    root = write_site(tmp_path)
    with serving(root, *options, setup=PATIENT) as server:
        for words in ("first edition", "second edition"):
            (root / "content/posts/one.md").write_text(post("One", words))
            server.shows("/posts/one/", words)
            assert words in server.text("/feed.xml")


def test_with_json_each_build_is_one_line_of_json(tmp_path):
    root = write_site(tmp_path)
    server = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "-C", str(root), "serve", "--json", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        first, address = (json.loads(server.stdout.readline()) for _ in range(2))
        assert (first["ok"], first["problems"]) == (True, [])
        assert "posts/one/index.html" in first["rendered"]
        assert address["url"].startswith("http://127.0.0.1:")
        save(root / "content/posts/one.md", "---\ntitle: One\ndate: yesterday\n---\n")
        broken = json.loads(server.stdout.readline())
        assert broken["ok"] is False
        assert broken["changed"] in ([], ["content/posts/one.md"])  # none if it was saved before the watch began
        assert broken["problems"][0]["line"] == 3
    finally:
        server.terminate()
        server.communicate(timeout=60)


@pytest.mark.parametrize("folder", ["empty", "nowhere", "file", "others"])
def test_a_folder_without_a_site_is_not_served(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    (tmp_path / "others").mkdir()
    (tmp_path / "others/pyproject.toml").write_text('[project]\nname = "x"\n')
    (tmp_path / "file").write_text("")
    root = tmp_path / folder
    result = CliRunner().invoke(main, ["-C", str(root), "serve", "--port", "0"])
    assert result.exit_code == 1
    assert str(root) in result.stderr
    assert "sitegen init DIR" in result.stderr
    assert "Serving" not in result.output
    assert "last successful build" not in result.output


def test_a_site_in_a_folder_below_is_named(tmp_path):
    write_site(tmp_path / "my-archive")
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "serve", "--port", "0"])
    assert "run `sitegen -C my-archive ...`" in result.stderr


def test_options_for_watching_are_refused_with_no_watch(tmp_path):
    result = CliRunner().invoke(main, ["-C", str(write_site(tmp_path)), "serve", "--no-watch", "--poll"])
    assert result.exit_code == 2
    assert "cannot be used with --no-watch" in result.stderr


def test_two_servers_of_one_site_both_serve_each_save(tmp_path):
    root = write_site(tmp_path)
    with serving(root) as first, serving(root) as second:
        (root / "content/posts/one.md").write_text(post("One", "for both"))
        first.shows("/posts/one/", "for both")
        second.shows("/posts/one/", "for both")
        (root / "content/posts/new.md").write_text(post("New", "new for both"))
        first.shows("/posts/new/", "new for both")
        second.shows("/posts/new/", "new for both")
