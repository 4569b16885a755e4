"""What pages say about themselves in their head: previews, icons, descriptions, times."""

import re
import struct
import tomllib

import pytest

from sitegen.config.i18n import catalogs
from tests.support.sites import CONFIG, build, make_site, post, tree

BASE = "https://letter.example.org"


def png(width, height):
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


def pictured(image, **more):
    rows = "".join(f"{key}: {value}\n" for key, value in more.items())
    return post("Pictured", "2024-02-01").replace("---\n\n", f"image: {image}\n{rows}---\n\n", 1)


def read_meta(path):
    """Return what the `meta` elements of a page contain, by each of their names and properties."""
    found = re.findall(r'<meta ((?:(?:name|property)="[^"]+" )+)content="([^"]*)">', path.read_text())
    return {name: value for names, value in found for name in re.findall('"([^"]+)"', names)}


def preview(path):
    return {name: value for name, value in read_meta(path).items() if name.startswith("og:image")}


def find_image(path, name):
    return re.search(rf'class="{name}-picture"[^<]*<img ([^>]*)>', path.read_text())[1]


def find_icons(path):
    return re.findall(r'<link rel="((?:apple-touch-)?icon)"(?: type="([^"]*)")? href="[^"]*\.(\w+)">', path.read_text())


def test_a_cover_has_the_size_of_its_file_on_its_page_on_the_home_page_and_in_previews(tmp_path):
    files = {
        "content/posts/2024-02-01-pictured.md": pictured("tall.png", image_alt="A tall tower"),
        "content/posts/tall.png": png(500, 1400),
    }
    root = make_site(tmp_path, files)
    build(root)
    page, home = root / "output/posts/pictured/index.html", root / "output/index.html"
    assert preview(page) == {
        "og:image": f"{BASE}/posts/tall.png",
        "og:image:width": "500",
        "og:image:height": "1400",
        "og:image:alt": "A tall tower",
    }
    assert find_image(page, "post").endswith('alt="A tall tower" width="500" height="1400" fetchpriority="high"')
    assert find_image(home, "lead").endswith('width="500" height="1400" fetchpriority="high"')
    (root / "content/posts/tall.png").write_bytes(png(640, 480))
    build(root)
    assert find_image(page, "post").endswith('width="640" height="480" fetchpriority="high"')
    assert find_image(home, "lead").endswith('width="640" height="480" fetchpriority="high"')
    after = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == after


@pytest.mark.parametrize("image", ["https://cdn.example/a.jpg", "drawing.svg"])
def test_an_image_whose_size_is_not_known_has_none(tmp_path, image):
    files = {
        "content/posts/2024-02-01-pictured.md": pictured(image),
        "content/posts/drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    }
    root = make_site(tmp_path, files)
    build(root)
    page = root / "output/posts/pictured/index.html"
    assert set(preview(page)) == {"og:image"}
    assert "width" not in find_image(page, "post")
    assert "width" not in find_image(root / "output/index.html", "lead")


def test_the_image_of_the_site_is_on_the_home_page_lists_and_posts_without_one(tmp_path):
    config = CONFIG.replace("example.org/", "example.org/sub/") + '[theme]\nimage = "/card.png"\n'
    files = {
        "content/card.png": png(1200, 630),
        "content/posts/2024-02-01-pictured.md": pictured("https://cdn.example/a.jpg"),
    }
    root = make_site(tmp_path, files, config)
    build(root)
    for name in (
        "index.html",
        "archive/index.html",
        "tags/news/index.html",
        "posts/first/index.html",
        "about/index.html",
    ):
        assert preview(root / "output" / name) == {
            "og:image": f"{BASE}/sub/card.png",
            "og:image:width": "1200",
            "og:image:height": "630",
        }, name
    assert preview(root / "output/posts/pictured/index.html") == {"og:image": "https://cdn.example/a.jpg"}


def test_icons_are_linked_where_the_site_has_them(tmp_path):
    root = make_site(tmp_path)
    build(root)
    page = root / "output/index.html"
    assert find_icons(page) == [("icon", "", "svg")]
    for name in ("icon.png", "apple-touch-icon.png"):
        path = root / "templates/assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(180, 180))
    build(root)
    assert find_icons(page) == [
        ("icon", "image/png", "png"),
        ("icon", "image/svg+xml", "svg"),
        ("apple-touch-icon", "", "png"),
    ]


def test_the_most_read_page_says_that_it_is_ordered_by_views(tmp_path):
    viewed = post("Viewed", "2024-02-01").replace("---\n\n", "views: 5\n---\n\n", 1)
    root = make_site(tmp_path, {"content/posts/2024-02-01-viewed.md": viewed})
    build(root)
    assert read_meta(root / "output/most-read/index.html")["description"].endswith("by number of views.")
    assert read_meta(root / "output/archive/index.html")["description"].endswith("newest first.")


def test_previews_show_the_description_of_the_page(tmp_path):
    root = make_site(tmp_path)
    build(root)
    for path in ("posts/first/index.html", "archive/index.html"):
        described = read_meta(root / "output" / path)
        assert described["description"]
        assert described["og:description"] == described["description"]


@pytest.mark.parametrize("path", sorted(catalogs.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_language_describes_lists_and_most_read_pages_differently(path):
    words = tomllib.loads(path.read_text())
    assert words["about_list"] != words["about_most_read"]
    assert all("{title}" in words[name] and "{site}" in words[name] for name in ("about_list", "about_most_read"))


def test_times_in_pages_are_whole_seconds(tmp_path):
    files = {"content/posts/a.md": post("Exact", "2024-02-01T12:00:00.123456-09:30")}
    root = make_site(tmp_path, files)
    build(root)
    for path in root.glob("output/**/*.html"):
        assert not re.search(r'(?:datetime|content)="[^"]*:\d\d\.\d', path.read_text()), path
    assert 'datetime="2024-02-01T12:00:00-09:30"' in (root / "output/posts/a/index.html").read_text()
