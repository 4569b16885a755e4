"""Fetching images from servers on the loopback interface: good, slow, dead, redirecting and dishonest ones."""

import json
import os
import random
import sys
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.importers.images.download import DOWNLOAD_POLICY, download_all
from sitegen.importers.images.fetch import FetchOptions, fetch_images, list_documents
from sitegen.importers.images.ledger import JOURNAL, NAME
from tests.support.http_servers import run_server
from tests.support.sites import build, make_site, tree, write
from tests.support.waiting import TIMEOUT_SECONDS

LOCAL_POLICY = replace(
    DOWNLOAD_POLICY, allow_private=True, timeout=TIMEOUT_SECONDS, pause=0.0, backoff=0.0, max_pause=0.0
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)


class ImageServer(BaseHTTPRequestHandler):
    """Answers by the first part of the path, and counts the requests."""

    def do_GET(self):
        with self.server.guard:
            self.server.asked[self.path] += 1
            count = self.server.asked[self.path]
        parts = self.path.partition("?")[0].strip("/").split("/")
        headers, body, status = {"Content-Type": "image/png"}, PNG + self.path.encode(), 200
        match parts:
            case ["status", code, *_]:
                status = int(code)
            case ["busy", *_]:
                status = 429 if count == 1 else 200
                headers["Retry-After"] = "0"
            case ["moved", *rest]:
                status, headers["Location"] = 302, "/" + "/".join(rest)
            case ["circle", *_]:
                status, headers["Location"] = 301, self.path
            case ["inside", *_]:
                status, headers["Location"] = 302, "http://169.254.169.254/latest/meta-data"
            case ["page", *_]:
                headers["Content-Type"], body = "text/html", b"<!doctype html><title>Gone</title>"
            case ["empty", *_]:
                body = b""
            case ["script", *_]:
                body = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
            case ["same", *_]:
                body = PNG
            case ["paper", *_]:
                headers["Content-Type"], body = "application/pdf", b"%PDF-1.4 paper"
            case ["slow", *_]:
                self.server.stop.wait()
            case ["cut", *_]:
                headers["Content-Length"] = "100000"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def host():
    with run_server(ImageServer, asked=Counter()) as server:
        yield server, f"http://127.0.0.1:{server.server_port}"


def download(urls):
    """Download URLs; a busy machine may take its time, except for what never comes."""
    slow = [url for url in urls if "/slow/" in url]
    yield from download_all(slow, replace(LOCAL_POLICY, timeout=0.1))
    yield from download_all([url for url in urls if url not in slow], LOCAL_POLICY)


def fetch(root, **options):
    config = read_config(root).config
    return fetch_images(root, config, list_documents(root, config), FetchOptions(**options), download)


def site(root, *texts, **files):
    """Write a site with a post for each body."""
    posts = {
        f"content/posts/p{number}.md": f"---\ntitle: P{number}\ndate: 2024-01-0{number}\n---\n\n{text}\n"
        for number, text in enumerate(texts, 1)
    }
    return write(root, {"sitegen.toml": 'base_url = "https://letters.example/"\n', **posts, **files})


def text_of(root, number=1):
    return (root / f"content/posts/p{number}.md").read_text().partition("\n---\n")[2].strip()


def test_images_are_put_beside_the_first_post_that_shows_them_and_posts_show_the_copies(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"![A]({url}/one.jpg) ![B]({url}/Two%20Sheep.png?x=1)", f"![A]({url}/one.jpg)")
    report = fetch(root)
    assert (text_of(root, 1), text_of(root, 2)) == ("![A](p1/one.png) ![B](p1/two-sheep.png)", "![A](p1/one.png)")
    assert (root / "content/posts/p1/one.png").read_bytes() == PNG + b"/one.jpg"
    assert report.changed == ("content/posts/p1.md", "content/posts/p2.md")
    assert report.size == sum((root / file).stat().st_size for file in report.written.values())
    saved = json.loads((root / NAME).read_text())
    assert saved["files"] == {
        f"{url}/Two%20Sheep.png?x=1": "content/posts/p1/two-sheep.png",
        f"{url}/one.jpg": "content/posts/p1/one.png",
    }
    assert not (root / JOURNAL).exists()
    build(root)
    assert (root / "output/posts/p1/one.png").exists()


def test_a_second_run_requests_nothing_and_writes_nothing(tmp_path, host):
    server, url = host
    root = site(tmp_path, f"![A]({url}/one.png) ![B]({url}/status/404/two.png)")
    fetch(root)
    before, asked = tree(root), Counter(server.asked)
    report = fetch(root)
    assert (tree(root), server.asked) == (before, asked)
    assert [image.reason for image in report.missing] == ["the server answers 404 Not Found"]
    fetch(root, retry=True)
    assert server.asked["/status/404/two.png"] == 2


def test_a_post_in_a_folder_and_a_page_have_their_images_beside_them(tmp_path, host):
    _, url = host
    files = {
        "content/posts/walk/index.md": f"---\ntitle: W\ndate: 2024-01-01\nimage: {url}/cover.png\n---\n",
        "content/pages/about.md": f"---\ntitle: About\n---\n\n![Me]({url}/me.png)\n",
    }
    root = site(tmp_path, "Text", **files)
    fetch(root)
    assert "image: cover.png\n" in (root / "content/posts/walk/index.md").read_text()
    assert (root / "content/posts/walk/cover.png").is_file()
    assert "![Me](about/me.png)" in (root / "content/pages/about.md").read_text()
    build(root)


@pytest.mark.parametrize(
    ("path", "reason", "is_permanent"),
    [
        ("status/404/a.png", "the server answers 404", True),
        ("status/410/a.png", "the server answers 410", True),
        ("status/403/a.png", "the server answers 403", False),
        ("status/500/a.png", "the server answers 500", False),
        ("page/a.png", "it is not an image", True),
        ("script/a.svg", "it is an SVG that could run a script", True),
        ("empty/a.png", "the server sends nothing", False),
        ("circle/a.png", "its redirects run in a circle", True),
        ("slow/a.png", "it did not answer within 0.1 seconds", False),
        ("cut/a.png", "it was cut off", False),
    ],
)
def test_an_image_that_cannot_be_fetched_is_not_changed_and_is_listed(tmp_path, host, path, reason, is_permanent):
    _, url = host
    root = site(tmp_path, f"![A]({url}/{path}) and ![B]({url}/good.png)")
    report = fetch(root)
    assert text_of(root) == f"![A]({url}/{path}) and ![B](p1/good.png)"
    (missing,) = report.missing
    assert (missing.url, missing.path, missing.line) == (f"{url}/{path}", "content/posts/p1.md", 6)
    assert missing.reason.startswith(reason)
    assert list(json.loads((root / NAME).read_text())["missing"]) == ([f"{url}/{path}"] if is_permanent else [])


@pytest.mark.parametrize("path", ["busy/a.png", "moved/a.png", "moved/moved/a.png"])
def test_busy_servers_are_retried_and_redirects_followed(tmp_path, host, path):
    _, url = host
    root = site(tmp_path, f"![A]({url}/{path})")
    assert fetch(root).missing == ()
    assert text_of(root) == "![A](p1/a.png)"


def test_private_ip_addresses_are_not_requested(tmp_path, host):
    server, url = host
    root = site(tmp_path, f"![A]({url}/a.png)")
    config = read_config(root).config
    report = fetch_images(root, config, list_documents(root, config), FetchOptions())
    assert [image.reason for image in report.missing] == ["its host has a private address, and is not requested"]
    assert not server.asked


def test_a_host_gets_one_request_at_a_time_and_one_for_each_image(tmp_path, host):
    server, url = host
    root = site(tmp_path, *[" ".join(f"![A]({url}/{number}.png)" for number in range(8)) for _ in range(3)])
    fetch(root)
    assert set(server.asked.values()) == {1}


def test_equal_images_of_a_post_become_one_file_and_equal_names_two(tmp_path, host):
    _, url = host
    text = f"![A]({url}/same/a.png) ![B]({url}/same/b/a.png) ![C]({url}/other/a.png)"
    root = site(tmp_path, text)
    fetch(root)
    names = sorted(path.name for path in (root / "content/posts/p1").iterdir())
    assert len(names) == 2
    assert all(name.startswith("a") and name.endswith(".png") for name in names)
    fetch(root)
    assert sorted(path.name for path in (root / "content/posts/p1").iterdir()) == names


def test_a_file_of_another_name_is_never_overwritten(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"![A]({url}/a.png)", **{"content/posts/p1/a.png": b"mine"})
    fetch(root)
    assert (root / "content/posts/p1/a.png").read_bytes() == b"mine"
    assert text_of(root).startswith("![A](p1/a-")


def test_documents_are_fetched_by_option_and_pages_instead_of_them_are_refused(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"[P]({url}/paper/p.pdf) [Q]({url}/page/q.pdf)")
    assert fetch(root).wanted == ()
    report = fetch(root, files=True)
    assert text_of(root) == f"[P](p1/p.pdf) [Q]({url}/page/q.pdf)"
    assert [image.reason for image in report.missing] == ["the server sends a page in its place"]


def test_urls_without_a_host_are_those_of_the_old_site(tmp_path, host):
    _, url = host
    root = site(tmp_path, "![A](/content/images/a.png) ![B](/b.png)", **{"content/b.png": PNG})
    assert fetch(root).wanted == ()
    fetch(root, old_url=f"{url}/")
    assert text_of(root) == "![A](p1/a.png) ![B](/b.png)"


def test_images_at_the_domain_of_the_site_are_fetched_if_the_site_lacks_them(tmp_path, host):
    _, url = host
    config = f'base_url = "{url}/"\n'
    root = site(tmp_path, f"![A]({url}/old/a.png) ![B]({url}/b.png)", **{"content/b.png": PNG})
    write(root, {"sitegen.toml": config})
    fetch(root)
    assert text_of(root) == f"![A](p1/a.png) ![B]({url}/b.png)"


def test_other_hosts_can_be_excluded(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"![A]({url}/a.png) ![B](https://elsewhere.example/b.png)")
    fetch(root, hosts=frozenset(["127.0.0.1"]))
    assert text_of(root) == "![A](p1/a.png) ![B](https://elsewhere.example/b.png)"


def test_a_dry_run_lists_the_images_and_changes_nothing(tmp_path, host):
    server, url = host
    root = site(tmp_path, f"![A]({url}/a.png)")
    before = tree(root)
    assert fetch(root, dry_run=True).wanted == (f"{url}/a.png",)
    assert (tree(root), dict(server.asked)) == (before, {})


def test_an_edit_during_the_run_is_preserved(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"![A]({url}/a.png)")
    file = root / "content/posts/p1.md"

    def edit_meanwhile(urls):
        for result in download(urls):
            file.write_text(file.read_text() + "\nMy new line.\n")
            yield result

    config = read_config(root).config
    fetch_images(root, config, list_documents(root, config), FetchOptions(), edit_meanwhile)
    assert text_of(root) == "![A](p1/a.png)\n\nMy new line."


def test_a_broken_post_is_a_problem_and_the_others_are_changed(tmp_path, host):
    _, url = host
    root = site(tmp_path, f"![A]({url}/a.png)", **{"content/posts/bad.md": "---\ntitle: [\n---\n"})
    report = fetch(root)
    assert [problem.path for problem in report.problems] == ["content/posts/bad.md"]
    assert text_of(root) == "![A](p1/a.png)"


def test_nothing_is_written_through_a_symbolic_link(tmp_path, host):
    _, url = host
    root = site(tmp_path / "site", f"![A]({url}/a.png)")
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "content/posts/p1").symlink_to(outside)
    with pytest.raises(SiteError, match="symbolic link"):
        fetch(root)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [b"[", b'{"version": 2, "files": {}}', b'{"version": 1, "files": {"u": "../x"}}', b'{"version": 1, "files": [1]}'],
)
def test_a_damaged_record_stops_the_run_before_the_first_request(tmp_path, host, data):
    server, url = host
    root = site(tmp_path, f"![A]({url}/a.png)", **{NAME: data})
    with pytest.raises(SiteError, match=f"{NAME}: the record of fetched images is damaged"):
        fetch(root)
    assert not server.asked


def test_a_journal_that_leads_out_of_the_site_is_ignored(tmp_path, host):
    _, url = host
    root = site(tmp_path / "site", f"![A]({url}/a.png)")
    (tmp_path / "x.png").write_bytes(PNG)
    write(root, {str(JOURNAL): json.dumps({"url": f"{url}/a.png", "file": "../x.png", "fingerprint": "0"}) + "\n[1"})
    fetch(root)
    assert text_of(root) == "![A](p1/a.png)"


def test_a_later_import_of_the_same_export_leaves_the_posts_as_they_are(tmp_path, host):
    _, url = host
    export = write(
        tmp_path / "export",
        {
            "content/posts/one.md": f"---\ntitle: One\ndate: 2024-01-01\n---\n\n![A]({url}/a.png) [x](/gone/)\n",
            "hugo.toml": "",
        },
    )
    root = make_site(tmp_path / "site")
    run = CliRunner().invoke
    assert run(main, ["-C", str(root), "import", str(export)]).exit_code == 0
    fetch(root)
    before = tree(root)
    report = json.loads(run(main, ["-C", str(root), "import", str(export), "--json"]).stdout)
    assert (report["unchanged"], report["created"], report["changed"], report["preserved"]) == (1, [], [], [])
    assert {name: data for name, data in tree(root).items() if not name.startswith(".sitegen")} == {
        name: data for name, data in before.items() if not name.startswith(".sitegen")
    }


def test_a_run_that_is_killed_at_any_moment_is_resumed_without_asking_twice_for_what_it_had(tmp_path, host):
    server, url = host
    texts = [f"![A]({url}/{number}/a.png) ![B]({url}/{number}/b.png)" for number in range(3)]
    expected = site(tmp_path / "expected", *texts)
    fetch(expected)
    lines = _count_lines(texts, tmp_path / "counted")
    random_lines = random.Random(7).sample(range(1, lines), 40)
    for number, line in enumerate(random_lines):
        root = site(tmp_path / f"killed{number}", *texts)
        _fetch_and_die(root, line)
        had = {path.read_bytes() for path in root.rglob("*.png")}
        server.asked.clear()
        fetch(root)
        asked = {PNG + path.encode() for path in server.asked}
        assert not asked & had, line
        assert tree(root / "content") == tree(expected / "content"), line
        assert (root / NAME).read_bytes() == (expected / NAME).read_bytes(), line


def _count_lines(texts, root: Path) -> int:
    """Return how many lines of the package for images one run executes in its own thread."""
    count = 0

    def note(number: int) -> None:
        nonlocal count
        count = number

    site(root, *texts)
    before = sys.gettrace()
    try:
        sys.settrace(_trace_lines(note))
        fetch(root)
    finally:
        sys.settrace(before)
    return count


def _fetch_and_die(root: Path, line: int) -> None:
    """Fetch in a child process that ends without any cleaning up when it has executed a number of lines."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        sys.settrace(_trace_lines(lambda number: number >= line and os._exit(9)))
        fetch(root)
    finally:
        os._exit(0)


def _trace_lines(note):
    """Return a trace function that calls `note` with the number of lines of the package that were executed."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if "/sitegen/importers/images/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            count += 1
            note(count)
        return trace

    return trace
