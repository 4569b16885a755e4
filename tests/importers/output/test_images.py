"""Images are saved next to their posts, downloaded or left, and missing images are reported."""

import re
import socketserver
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC
from http.server import BaseHTTPRequestHandler

import pytest

from sitegen.formats.image_type import image_type
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Options
from sitegen.importers.image_type import read_image
from sitegen.importers.output.images import save_targets
from sitegen.importers.run import run_import
from sitegen.system.safe_http import HttpError, HttpLimits, fetch
from tests.support.importing import PNG, import_path


def wxr(body):
    return (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><link>https://a.example</link><item><title>Post</title><guid>g1</guid>"
        "<link>https://a.example/2020/post/</link><wp:post_date>2020-01-01 10:00:00</wp:post_date>"
        "<wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status>"
        f"<wp:post_type>post</wp:post_type><content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>"
    )


def imported(tmp_path, body, images="copy", members=(), **limits):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as file:
        file.writestr("site.xml", wxr(body))
        for name, data in members:
            file.writestr(name, data)
    (tmp_path / "site").mkdir(exist_ok=True)
    options = Options(UTC, images=images)
    report = run_import([tmp_path / "e.zip"], tmp_path / "site", "content/posts", options, format="wordpress", **limits)
    return report, (tmp_path / "site/content/posts/2020-01-01-post.md").read_text()


def test_an_image_of_the_export_is_saved_next_to_its_post(tmp_path):
    body = '<p><img src="https://a.example/wp-content/uploads/2020/01/My Well.PNG" alt="w"></p>'
    report, text = imported(tmp_path, body, members=[("uploads/2020/01/My Well.PNG", PNG)])
    assert "![w](2020-01-01-post/my-well.png)" in text
    assert report.saved_files == ("content/posts/2020-01-01-post/my-well.png",)
    assert (tmp_path / "site" / report.saved_files[0]).read_bytes() == PNG
    again, _ = imported(tmp_path, body, members=[("uploads/2020/01/My Well.PNG", PNG)])
    assert (again.written, again.saved_files) == (0, ())


def test_an_image_of_the_same_name_on_another_host_is_not_used(tmp_path):
    body = '<p><img src="https://other.example/x/well.png"></p>'
    report, text = imported(tmp_path, body, members=[("uploads/2020/01/well.png", PNG)])
    assert "https://other.example/x/well.png" in text
    assert [image.url for image in report.remote] == ["https://other.example/x/well.png"]


def test_two_images_of_the_same_name_get_unique_names(tmp_path):
    body = '<p><img src="https://a.example/1/x.png"><img src="https://a.example/2/x.png"></p>'
    report, _ = imported(tmp_path, body, members=[("1/x.png", PNG), ("2/x.png", PNG + b"2")])
    assert len(set(report.saved_files)) == 2


def test_images_leave_does_not_change_urls(tmp_path):
    body = '<p><img src="https://a.example/1/x.png"></p>'
    report, text = imported(tmp_path, body, "leave", members=[("1/x.png", PNG)])
    assert "![](https://a.example/1/x.png)" in text
    assert report.saved_files == ()


def test_an_image_in_a_data_url_becomes_a_file(tmp_path):
    report, text = imported(tmp_path, '<p><img src="data:image/png;base64,iVBORw0KGgoAAAAA" alt="x"></p>')
    assert "![x](2020-01-01-post/image.png)" in text
    assert len(report.saved_files) == 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">%s</svg>'
DOCTYPE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
ADOBE = b'<!DOCTYPE svg [ <!ENTITY ns "http://a.example/"> ]>'
LINK = b'<a xlink:href="https://a.example/"><text>x</text></a>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>", "it is not an image"),
        (b"", "it is not an image"),
        (b"MZ\0\0", "it is not an image"),
        (
            SVG % b"<script>x</script>",
            "it is an SVG that could run a script or load other files: `<script`",
        ),
        (b'<svg onload="x">', "could run a script"),
        (ADOBE + SVG % b"", "could run a script"),
        (SVG % b'<image xlink:href="https://a.example/p.png"/>', "could run a script"),
        (SVG % b'<use href="//a.example/p.svg#x"/>', "could run a script"),
        (SVG % b"<foreignObject><script>x</script>", "it is an SVG that contains HTML and cannot be read"),
    ],
)
def test_invalid_and_unsafe_images_are_not_saved_but_reported(tmp_path, data, reason):
    with pytest.raises(UnreadableError, match=re.escape(reason)):
        read_image(data)
    report, text = imported(tmp_path, '<p><img src="https://a.example/1/x.svg"></p>', members=[("1/x.svg", data)])
    assert (report.saved_files, len(report.missing)) == ((), 1)
    assert "https://a.example/1/x.svg" in text


@pytest.mark.parametrize(
    "data",
    [
        SVG % b'<circle r="4"/>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- Dia -->\n' + DOCTYPE + b"\n<!-- x -->" + SVG % b'<circle r="4"/>',
        DOCTYPE.lower() + SVG % LINK,
    ],
)
def test_an_svg_with_a_doctype_comments_and_links_is_saved(data):
    assert read_image(data) == ("svg", data)


def test_html_within_an_svg_is_removed():
    diagram = SVG % (b"<switch><foreignObject><div xmlns='http://www.w3.org/1999/xhtml' onclick='x'>l</div>"
                     b"</foreignObject><text>label</text></switch>")  # fmt: skip
    ending, data = read_image(DOCTYPE + diagram)
    assert ending == image_type(data) == "svg"
    assert b"<switch><text>label</text></switch>" in data
    assert b"oreignObject" not in data
    assert b"onclick" not in data


class Upper:
    """Returns another URL for each image."""

    def image(self, url):
        return f"new/{url}"

    def file(self, url):
        return None


def test_images_in_code_are_not_saved():
    text = "![a](x.png) `![b](x.png)` <img alt='c' src='x.png'>\n\n```\n![d](x.png)\n```\n\n![e](<x.png> \"t\")"
    assert save_targets(text, Upper()) == (
        "![a](new/x.png) `![b](x.png)` <img alt='c' src='new/x.png'>\n\n```\n![d](x.png)\n```\n\n![e](new/x.png \"t\")"
    )


def import_folder(tmp_path, text, files):
    folder = tmp_path / "old"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes/2020-01-02-a.md").write_text(f"# A\n\n{text}\n")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "site").mkdir()
    options = Options(UTC, images="copy")
    report = run_import([folder], tmp_path / "site", "content/posts", options, format="plain")
    return report, (tmp_path / "site/content/posts/2020-01-02-a.md").read_text()


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        ("![alt over\ntwo lines](p.png)", "![alt over\ntwo lines](2020-01-02-a/p.png)"),
        ("![by reference][q]\n\n[q]: p.png", "[q]: 2020-01-02-a/p.png"),
        ("> ![in a quote][q]\n>\n> [q]: p.png", "> [q]: 2020-01-02-a/p.png"),
        ("[`code`]\n\n[`code`]: p.png", "[`code`]: 2020-01-02-a/p.png"),
        ("[![small](s.png)](p.png)", "[![small](2020-01-02-a/s.png)](2020-01-02-a/p.png)"),
        ('<a href="p.png">large</a>', '<a href="2020-01-02-a/p.png">large</a>'),
        ("<a href=p.png>large</a>", '<a href="2020-01-02-a/p.png">large</a>'),
        ('<div>\n<img\n src="p.png" alt="x">\n</div>', ' src="2020-01-02-a/p.png"'),
        ('<video src="v.mp4" poster="p.png"></video>', '<video src="2020-01-02-a/v.mp4" poster="2020-01-02-a/p.png">'),
        ("[a paper](../files/d.pdf#page=2)", "[a paper](2020-01-02-a/d.pdf#page=2)"),
        ("[sound](/files/t.mp3)", "[sound](2020-01-02-a/t.mp3)"),
        ("[log](<my notes.txt>) [all](all.zip)", "[log](2020-01-02-a/my-notes.txt) [all](2020-01-02-a/all.zip)"),
    ],
)
def test_images_and_files_are_saved_for_all_forms_of_links(tmp_path, text, saved):
    names = ("p.png", "s.png", "v.mp4", "my notes.txt", "all.zip")
    files = {f"notes/{name}": PNG + name.encode() for name in names} | {"files/d.pdf": b"%PDF-1", "files/t.mp3": b"ID3"}
    report, post = import_folder(tmp_path, text, files)
    assert saved in post
    assert (report.missing, report.broken) == ((), ())
    assert "broken_links" not in post
    skipped = {item.where.path: item.reason for item in report.skipped}
    for name, reason in skipped.items():
        shown = name.rsplit("/", 1)[-1].replace(" ", "-") in post
        assert (reason == "saved next to the posts that use it") == shown, name
    assert all((tmp_path / "site" / path).is_file() for path in report.saved_files)
    assert len(report.saved_files) == sum("saved" in reason for reason in skipped.values())


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("![x](gone.png)", "gone.png"),
        ("[x](gone.pdf)", "gone.pdf"),
        ("[x](gone.md)", "/notes/gone/"),
        ("[x](/nowhere/)", "/nowhere/"),
        ("[x](page.html)", "page.html"),
        ("[x](data.csv)", "data.csv"),
        ("[x](http://localhost:4000/)", "http://localhost:4000/"),
    ],
)
def test_a_missing_target_is_reported_and_marked_in_its_post(tmp_path, text, url):
    report, post = import_folder(tmp_path, text, {"notes/data.csv": b"email\na@b.example\n", "notes/page.html": b"<p>"})
    assert [(link.url, link.path) for link in report.broken] == [(url, "content/posts/2020-01-02-a.md")]
    assert "\nbroken_links: warning\n" in post
    assert report.saved_files == ()


def test_links_to_other_sites_and_within_the_post_are_not_broken(tmp_path):
    text = "[a](https://a.example/x) [b](#part) [c](mailto:a@b.example) [d](/archive/) [e](2020-01-02-a.md)\n\n## Part"
    report, post = import_folder(tmp_path, text, {})
    assert report.broken == ()
    assert "broken_links" not in post


@contextmanager
def served(answers):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def test_remote_images_are_downloaded_once_and_only_with_the_option(tmp_path):
    with served({"/a/b.png": (200, {}, PNG)}) as (base, asked):
        body = f'<p><img src="{base}/a/b.png"></p>'
        left, _ = imported(tmp_path, body)
        assert (asked, len(left.remote)) == ([], 1)
        fetched, text = imported(tmp_path, body, "download", fetch_limits=HttpLimits(allow_private=True))
        assert "![](2020-01-01-post/b.png)" in text
        assert (fetched.changed, len(fetched.saved_files)) == (("content/posts/2020-01-01-post.md",), 1)
        again, _ = imported(tmp_path, body, "download", fetch_limits=HttpLimits(allow_private=True))
        assert (again.written, asked) == (0, ["/a/b.png"])
        later, text = imported(tmp_path, body)
        assert later.unchanged == 1
        assert "2020-01-01-post/b.png" in text


def test_an_image_that_cannot_be_downloaded_is_reported_and_stays_remote(tmp_path):
    with served({"/x.png": (404, {}, b""), "/y.png": (200, {}, b"<html>")}) as (base, _):
        body = f'<p><img src="{base}/x.png"><img src="{base}/y.png"></p>'
        report, text = imported(tmp_path, body, "download", fetch_limits=HttpLimits(allow_private=True))
    assert f"{base}/x.png" in text
    assert sorted(image.reason for image in report.missing) == [
        "it is not an image",
        "the server answers 404",
    ]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://10.0.0.1/x", "http://169.254.169.254/x",
     "http://0.0.0.0/x", "http://[::ffff:127.0.0.1]/x", "http://2130706433/x", "http://[fd00::1]/x", "http://192.168.1.1/"],
)  # fmt: skip
def test_private_ip_addresses_are_refused(url):
    with pytest.raises(HttpError, match="a private address"):
        fetch(url, HttpLimits(wait_seconds=1))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "http://", "gopher://x/", "http://a:99999/"]
)
def test_only_http_urls_are_downloaded(url):
    with pytest.raises(HttpError):
        fetch(url, HttpLimits(wait_seconds=1))


def test_redirects_to_private_hosts_and_local_files_are_refused():
    with (
        served({"/a": (302, {"Location": "file:///etc/passwd"}, b"")}) as (base, _),
        pytest.raises(HttpError, match="not http or https"),
    ):
        fetch(f"{base}/a", HttpLimits(allow_private=True))


def test_redirects_are_followed_up_to_a_limit():
    with served({"/a": (301, {"Location": "/b"}, b""), "/b": (200, {}, PNG), "/c": (302, {"Location": "/c"}, b"")}) as (
        base,
        _,
    ):
        assert fetch(f"{base}/a", HttpLimits(allow_private=True)) == PNG
        with pytest.raises(HttpError, match="redirects more than"):
            fetch(f"{base}/c", HttpLimits(allow_private=True))


def test_size_and_time_are_limited():
    answers = {"/big": (200, {}, b"x" * 5_000_000), "/cut": (200, {"Content-Length": "99"}, b"x")}
    with served(answers) as (base, _):
        with pytest.raises(HttpError, match="larger than 1 MB"):
            fetch(f"{base}/big", HttpLimits(allow_private=True, body_bytes=1 << 20))
        ticks = iter(range(0, 10_000, 100))
        with pytest.raises(HttpError, match="did not answer within 50 seconds"):
            fetch(f"{base}/big", HttpLimits(allow_private=True, total_seconds=50), clock=lambda: float(next(ticks)))
        with pytest.raises(HttpError, match=r"cut off|cannot be fetched"):
            fetch(f"{base}/cut", HttpLimits(allow_private=True))


COVERS = {
    "beehiiv": (
        "posts.csv",
        "id,web_title,status,audience,content_html,created_at,thumbnail_url\n1,One,confirmed,free,<p>a</p>,2024-01-02,{}\n",
    ),
    "ghost": (
        "a.json",
        '{{"db":[{{"data":{{"posts":[{{"id":"a","slug":"one","title":"One","html":"<p>a</p>","status":"published",'
        '"published_at":"2024-01-02T00:00:00Z","feature_image":"{}"}}]}}}}]}}',
    ),
    "plain": ("one.md", "---\ntitle: One\ndate: 2024-01-02\nimage: {}\n---\n\nText\n"),
}


@pytest.mark.parametrize("name", COVERS)
@pytest.mark.parametrize("cover", ["uploads/asset/file/1/a.png", "/uploads/a.png", "https://x.example/uploads/a.png"])
def test_a_missing_cover_is_dropped_and_reported(tmp_path, name, cover):
    file, text = COVERS[name]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / file).write_text(text.format(cover))
    report = import_path(tmp_path / "export", tmp_path / "site", name)
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    is_remote = "//" in cover
    assert ("\nimage:" in post.read_text()) == is_remote
    assert [image.url for image in (report.remote if is_remote else report.missing)] == [cover]
