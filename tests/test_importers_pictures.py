"""Pictures are placed beside their posts, left, or fetched, and every one that is not is named."""

import socketserver
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC
from http.server import BaseHTTPRequestHandler

import pytest

from sitegen.importers.download import FetchError, FetchLimits, fetch
from sitegen.importers.image_type import image_type
from sitegen.importers.items import Options
from sitegen.importers.pictures import place_in_markdown
from sitegen.importers.run import run_import

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


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


def test_a_picture_of_the_export_is_placed_beside_its_post(tmp_path):
    body = '<p><img src="https://a.example/wp-content/uploads/2020/01/My Well.PNG" alt="w"></p>'
    report, text = imported(tmp_path, body, members=[("uploads/2020/01/My Well.PNG", PNG)])
    assert "![w](2020-01-01-post/my-well.png)" in text
    assert report.pictures == ("content/posts/2020-01-01-post/my-well.png",)
    assert (tmp_path / "site" / report.pictures[0]).read_bytes() == PNG
    again, _ = imported(tmp_path, body, members=[("uploads/2020/01/My Well.PNG", PNG)])
    assert (again.written, again.pictures) == (0, ())


def test_a_picture_of_the_same_name_elsewhere_is_not_taken(tmp_path):
    body = '<p><img src="https://other.example/x/well.png"></p>'
    report, text = imported(tmp_path, body, members=[("uploads/2020/01/well.png", PNG)])
    assert "https://other.example/x/well.png" in text
    assert [picture.url for picture in report.remote] == ["https://other.example/x/well.png"]


def test_two_pictures_of_one_name_get_names_of_their_own(tmp_path):
    body = '<p><img src="https://a.example/1/x.png"><img src="https://a.example/2/x.png"></p>'
    report, _ = imported(tmp_path, body, members=[("1/x.png", PNG), ("2/x.png", PNG + b"2")])
    assert len(set(report.pictures)) == 2


def test_leaving_pictures_leaves_their_addresses(tmp_path):
    body = '<p><img src="https://a.example/1/x.png"></p>'
    report, text = imported(tmp_path, body, "leave", members=[("1/x.png", PNG)])
    assert "![](https://a.example/1/x.png)" in text
    assert report.pictures == ()


def test_a_picture_within_the_text_becomes_a_file(tmp_path):
    report, text = imported(tmp_path, '<p><img src="data:image/png;base64,iVBORw0KGgoAAAAA" alt="x"></p>')
    assert "![x](2020-01-01-post/image.png)" in text
    assert len(report.pictures) == 1


@pytest.mark.parametrize(
    "data",
    [b"<html>", b"<svg><script>x</script></svg>", b'<svg onload="x">', b"<svg><foreignObject/></svg>", b"", b"MZ\0\0"],
)
def test_what_is_no_picture_or_could_run_is_not_placed(tmp_path, data):
    assert image_type(data) == ""
    report, text = imported(tmp_path, '<p><img src="https://a.example/1/x.svg"></p>', members=[("1/x.svg", data)])
    assert (report.pictures, len(report.missing)) == ((), 1)
    assert "https://a.example/1/x.svg" in text


def test_pictures_in_markdown_are_found_outside_of_code_only():
    text = "![a](x.png) `![b](x.png)` <img alt='c' src='x.png'>\n\n```\n![d](x.png)\n```\n\n![e](<x.png> \"t\")"
    placed = place_in_markdown(text, lambda url: f"new/{url}")
    assert placed == (
        '![a](new/x.png) `![b](x.png)` <img alt=\'c\' src="new/x.png">\n\n```\n![d](x.png)\n```\n\n![e](new/x.png "t")'
    )


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


def test_remote_pictures_are_fetched_once_and_only_when_asked(tmp_path):
    with served({"/a/b.png": (200, {}, PNG)}) as (base, asked):
        body = f'<p><img src="{base}/a/b.png"></p>'
        left, _ = imported(tmp_path, body)
        assert (asked, len(left.remote)) == ([], 1)
        fetched, text = imported(tmp_path, body, "download", fetch_limits=FetchLimits(private=True))
        assert "![](2020-01-01-post/b.png)" in text
        assert (fetched.changed, len(fetched.pictures)) == (("content/posts/2020-01-01-post.md",), 1)
        again, _ = imported(tmp_path, body, "download", fetch_limits=FetchLimits(private=True))
        assert (again.written, asked) == (0, ["/a/b.png"])
        later, text = imported(tmp_path, body)
        assert later.unchanged == 1
        assert "2020-01-01-post/b.png" in text


def test_a_picture_that_cannot_be_fetched_is_named_and_stays_remote(tmp_path):
    with served({"/x.png": (404, {}, b""), "/y.png": (200, {}, b"<html>")}) as (base, _):
        body = f'<p><img src="{base}/x.png"><img src="{base}/y.png"></p>'
        report, text = imported(tmp_path, body, "download", fetch_limits=FetchLimits(private=True))
    assert f"{base}/x.png" in text
    assert sorted(picture.reason for picture in report.missing) == [
        "it is no picture, or one that could run something",
        "the server answers 404",
    ]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://10.0.0.1/x", "http://169.254.169.254/x",
     "http://0.0.0.0/x", "http://[::ffff:127.0.0.1]/x", "http://2130706433/x", "http://[fd00::1]/x", "http://192.168.1.1/"],
)  # fmt: skip
def test_private_addresses_are_refused(url):
    with pytest.raises(FetchError, match="not on the public internet"):
        fetch(url, FetchLimits(wait=1))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "http://", "gopher://x/", "http://a:99999/"]
)
def test_only_http_is_fetched(url):
    with pytest.raises(FetchError):
        fetch(url, FetchLimits(wait=1))


def test_a_redirect_to_a_private_or_local_place_is_refused():
    with (
        served({"/a": (302, {"Location": "file:///etc/passwd"}, b"")}) as (base, _),
        pytest.raises(FetchError, match="only http"),
    ):
        fetch(f"{base}/a", FetchLimits(private=True))


def test_redirects_are_followed_but_not_for_ever():
    with served({"/a": (301, {"Location": "/b"}, b""), "/b": (200, {}, PNG), "/c": (302, {"Location": "/c"}, b"")}) as (
        base,
        _,
    ):
        assert fetch(f"{base}/a", FetchLimits(private=True)) == PNG
        with pytest.raises(FetchError, match="redirects more than"):
            fetch(f"{base}/c", FetchLimits(private=True))


def test_size_and_time_are_limited():
    answers = {"/big": (200, {}, b"x" * 5_000_000), "/cut": (200, {"Content-Length": "99"}, b"x")}
    with served(answers) as (base, _):
        with pytest.raises(FetchError, match="larger than 1 MB"):
            fetch(f"{base}/big", FetchLimits(private=True, size=1 << 20))
        ticks = iter(range(0, 10_000, 100))
        with pytest.raises(FetchError, match="too long"):
            fetch(f"{base}/big", FetchLimits(private=True, total=50), clock=lambda: float(next(ticks)))
        with pytest.raises(FetchError, match=r"cut off|cannot be fetched"):
            fetch(f"{base}/cut", FetchLimits(private=True))
