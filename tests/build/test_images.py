"""Images of a site are published in all formats and widths, and every incremental build equals a clean one."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import features

from sitegen.build import planned_site
from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.media import encoded_images
from sitegen.media.encoded_images import EncodedImages, describe_missing_encoder
from sitegen.system import processes
from sitegen.system.installation import install_hint
from tests.support.photographs import PRIVATE, encode, make_exif, make_photograph, make_private_images
from tests.support.sites import CACHE, CONFIG, build, make_site, post, tree

SETTINGS = "\n[images]\nwidths = [16, 32]\n"
POST = "content/posts/2024-01-01-first.md"
PAGE = "posts/first/index.html"
PHOTO = encode(make_photograph(5, 64, 48), "JPEG", quality=95, exif=make_exif(6))
OTHER = encode(make_photograph(6, 64, 48), "JPEG", quality=95)


def make_photo_site(root: Path, settings: str = SETTINGS, text: str = '![A](a.jpg "C")') -> Path:
    files: dict[str, str | bytes] = {POST: post("First", "2024-01-01", text), "content/posts/a.jpg": PHOTO}
    return make_site(root, files, config=CONFIG + settings)


def build_clean(root: Path, folder: Path, **wishes: object) -> dict[str, bytes]:
    """Return what a build without any cache makes of the same site."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".sitegen", "output"))
    build(folder, **wishes)
    return tree(folder / "output")


def images_of(root: Path) -> list[str]:
    return sorted(path for path in tree(root / "output") if path.startswith("assets/images/"))


@pytest.fixture
def encodes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fingerprints of the images that are encoded, in this process."""
    found: list[str] = []
    encode_one = EncodedImages.encode

    def record(self: EncodedImages, digest: str, data: bytes) -> object:
        found.append(digest)
        return encode_one(self, digest, data)

    monkeypatch.setattr(EncodedImages, "encode", record)
    return found


def test_a_page_offers_files_that_exist(tmp_path):
    root = make_photo_site(tmp_path)
    build(root)
    html = (root / "output" / PAGE).read_text()
    offered = set(re.findall(r"/(assets/images/[^ \"]+)", html))
    assert offered == set(images_of(root))
    assert {Path(path).suffix for path in offered} == {".avif", ".webp", ".jpg"}
    assert 'width="48" height="64"' in html, "the orientation was not applied"
    assert "<figcaption>C</figcaption>" in html


def test_an_unchanged_build_encodes_and_renders_nothing(tmp_path, encodes):
    root = make_photo_site(tmp_path)
    build(root)
    assert len(encodes) == 1
    assert build(root).rendered == ()
    assert len(encodes) == 1


def test_an_image_is_encoded_once_however_often_it_is_shown(tmp_path, encodes):
    root = make_photo_site(tmp_path, text="![A](a.jpg) ![B](b.jpg)\n\n![A](a.jpg)")
    shutil.copy(root / "content/posts/a.jpg", root / "content/posts/b.jpg")
    build(root)
    assert len(encodes) == 1
    assert {Path(path).name[0] for path in images_of(root)} == {"a", "b"}


def test_a_fresh_clone_with_the_folder_of_encoded_images_encodes_nothing(tmp_path, encodes):
    root = make_photo_site(tmp_path / "one")
    build(root)
    clone = tmp_path / "two"
    shutil.copytree(root, clone, ignore=shutil.ignore_patterns(".sitegen", "output"))
    shutil.copytree(root / ".sitegen/images", clone / ".sitegen/images")
    encodes.clear()
    build(clone)
    assert encodes == []
    assert tree(clone / "output") == tree(root / "output")


def replace_with_same_stamp(root: Path) -> None:
    path = root / "content/posts/a.jpg"
    before = path.stat()
    data = OTHER.ljust(before.st_size, b"\0")
    path.unlink()
    path.write_bytes(data[: before.st_size])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "replaced, with the same size and time": replace_with_same_stamp,
    "removed": lambda root: (root / "content/posts/a.jpg").unlink(),
    "renamed": lambda root: (
        (root / "content/posts/a.jpg").rename(root / "content/posts/b.jpg"),
        (root / POST).write_text(post("First", "2024-01-01", '![A](b.jpg "C")')),
    ),
    "no longer shown": lambda root: (root / POST).write_text(post("First", "2024-01-01", "No image")),
    "only linked": lambda root: (root / POST).write_text(post("First", "2024-01-01", "[A](a.jpg)")),
    "damaged": lambda root: (root / "content/posts/a.jpg").write_bytes(PHOTO[:900]),
    "empty": lambda root: (root / "content/posts/a.jpg").write_bytes(b""),
    "of another format": lambda root: (root / "content/posts/a.jpg").write_bytes(
        encode(make_photograph(1, 30, 20), "PNG")
    ),
    "of another post too": lambda root: (root / "content/posts/2024-01-02-second.md").write_text(
        post("Second", "2024-01-02", "![A](a.jpg)")
    ),
    "of a draft": lambda root: (root / POST).write_text("---\ntitle: First\ndraft: true\n---\n![A](a.jpg)"),
    "with other widths": lambda root: (root / "sitegen.toml").write_text(CONFIG + "[images]\nwidths = [20]"),
    "with another quality": lambda root: (root / "sitegen.toml").write_text(CONFIG + "[images]\nquality = 40"),
    "not converted": lambda root: (root / "sitegen.toml").write_text(CONFIG + "[images]\nconvert = false"),
    "with metadata": lambda root: (root / "sitegen.toml").write_text(CONFIG + '[images]\nmetadata = "keep"'),
    "without encoded files": lambda root: shutil.rmtree(root / ".sitegen/images"),
    "with damaged encoded files": lambda root: [
        path.write_bytes(path.read_bytes()[:-3]) for path in (root / ".sitegen/images").rglob("*") if path.is_file()
    ],
    "with damaged output": lambda root: [
        path.write_bytes(b"x") for path in (root / "output/assets/images").rglob("*.*")
    ],
    "without a build cache": lambda root: (root / ".sitegen/store.db").unlink(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_build_after_a_change_equals_a_clean_one(tmp_path, name):
    root = make_photo_site(tmp_path / "site")
    build(root)
    CHANGES[name](root)
    build(root)
    assert tree(root / "output") == build_clean(root, tmp_path / "clean")
    build(root, fresh=True)
    assert tree(root / "output") == build_clean(root, tmp_path / "clean")


def test_the_number_of_processes_changes_no_byte(tmp_path, monkeypatch):
    root = make_photo_site(tmp_path / "one", text="![A](a.jpg) ![B](b.jpg) ![C](c.jpg)")
    (root / "content/posts/b.jpg").write_bytes(OTHER)
    (root / "content/posts/c.jpg").write_bytes(OTHER[:700])
    build(root, jobs=1)
    monkeypatch.setattr(processes, "MIN_PARALLEL_ITEMS", 2)
    monkeypatch.setattr(processes, "MIN_SECONDS_BEFORE_WORKERS", 0)
    assert build_clean(root, tmp_path / "two", jobs=2) == tree(root / "output")


def test_no_published_file_contains_private_metadata(tmp_path):
    images = make_private_images()
    text = "".join(f"![A]({name}) [B]({name})\n\n" for name in images if not name.startswith("moving"))
    root = make_photo_site(tmp_path, text=text)
    for name, data in images.items():
        (root / f"content/posts/{name}").write_bytes(data)
    build(root)
    output = tree(root / "output")
    assert {f"posts/{name}" for name in images} <= output.keys()
    assert [path for path, data in output.items() if PRIVATE in data] == []


def test_feeds_and_previews_name_an_image_that_they_can_show(tmp_path):
    root = make_photo_site(tmp_path, text="![A](a.webp)")
    (root / "content/posts/a.webp").write_bytes(encode(make_photograph(7, 64, 48), "WEBP", quality=100))
    (root / POST).write_text("---\ntitle: First\ndate: 2024-01-01\nimage: a.webp\n---\n![A](a.webp)")
    build(root)
    [share] = [path for path in images_of(root) if "-share." in path]
    assert share.endswith(".jpg")
    url = f"https://letter.example.org/{share}"
    size = (root / "output" / share).stat().st_size
    feed = (root / "output/feed.xml").read_text()
    assert f'<img alt="A" src="{url}" width="64" height="48">' in feed
    assert f'<media:content url="{url}" type="image/jpeg" medium="image" fileSize="{size}" width="64"' in feed
    html = (root / "output" / PAGE).read_text()
    assert f'<meta property="og:image" content="{url}">\n<meta property="og:image:width" content="64">' in html
    assert f'"image":"{url}"' in html
    assert f'"image":"{url}"' in (root / "output/feed.json").read_text().replace('": "', '":"')


def test_a_replaced_image_changes_the_feed(tmp_path):
    root = make_photo_site(tmp_path, "\n[images]\nwidths = [16]\nformats = []\n")
    wide = encode(make_photograph(8, 1300, 20), "JPEG", quality=95)
    (root / "content/posts/a.jpg").write_bytes(wide)
    build(root)
    before = (root / "output/feed.xml").read_bytes()
    (root / "content/posts/a.jpg").write_bytes(encode(make_photograph(9, 1300, 20), "JPEG", quality=95))
    assert "feed.xml" in build(root).rendered
    assert (root / "output/feed.xml").read_bytes() != before


def test_a_pillow_without_an_encoder_is_one_warning_and_nothing_is_remembered(tmp_path, monkeypatch):
    root = make_photo_site(tmp_path, text="![A](a.jpg) ![B](b.jpg)")
    (root / "content/posts/b.jpg").write_bytes(encode(make_photograph(9, 1300, 20), "JPEG"))
    with monkeypatch.context() as patch:
        patch.setattr(features, "check", lambda name: name != "avif")
        for mode in ("encode", "defer", "encode"):
            [warning] = build(root, images=mode).warnings
            assert warning.message == "the installed Pillow cannot encode AVIF, so images are published as they are"
            assert 'formats = ["webp"]' in warning.hint
        page = (root / "output" / PAGE).read_bytes()
        assert (b'src="/posts/a.jpg"' in page, b"avif" in page) == (True, False)
    assert build(root, fresh=True).warnings == ()
    assert b"avif" in (root / "output" / PAGE).read_bytes()


def test_a_damaged_image_is_a_warning_with_its_line(tmp_path):
    root = make_photo_site(tmp_path, text="One\n\n![A](a.jpg)")
    (root / "content/posts/a.jpg").write_bytes(b"<!doctype html>")
    [warning] = build(root).warnings
    assert (warning.path, warning.line) == (POST, 9)
    assert warning.message == 'the image "content/posts/a.jpg" is published as it is: the file is not an image'
    assert build(root).warnings == (warning,)
    assert b'src="/posts/a.jpg"' in (root / "output" / PAGE).read_bytes()
    with pytest.raises(SiteError) as raised:
        build(root, strict=True)
    assert raised.value.problems == (warning,)


def test_a_damaged_image_of_a_post_is_a_warning_with_the_line_of_its_key(tmp_path):
    root = make_photo_site(tmp_path)
    written = (root / POST).read_text().replace("title:", "# The cover\nimage: b.jpg\ntitle:")
    (root / POST).write_text(written)
    (root / "content/posts/b.jpg").write_bytes(b"<!doctype html>")
    [warning] = build(root).warnings
    assert (warning.path, warning.line) == (POST, written.split("\n").index("image: b.jpg") + 1)
    assert '"content/posts/b.jpg" is published as it is' in warning.message


def test_without_images_nothing_is_encoded_and_the_next_build_is_complete(tmp_path, encodes):
    root = make_photo_site(tmp_path / "site")
    build(root, images="skip")
    assert encodes == []
    assert images_of(root) == []
    assert tree(root / "output") == build_clean(root, tmp_path / "clean", images="skip")
    build(root)
    assert tree(root / "output") == build_clean(root, tmp_path / "clean")
    build(root, images="skip")
    assert images_of(root) == []


def test_deferred_images_are_encoded_by_the_next_build(tmp_path, encodes):
    root = make_photo_site(tmp_path / "site")
    build(root, images="defer")
    assert encodes == []
    assert b'src="/posts/a.jpg" width="48" height="64"' in (root / "output" / PAGE).read_bytes()
    build(root)
    assert tree(root / "output") == build_clean(root, tmp_path / "clean")


def test_an_image_of_the_theme_is_offered_in_all_formats(tmp_path):
    root = make_photo_site(tmp_path, SETTINGS + '[theme]\nheader_image = "/wide.jpg"\nimage = "/wide.jpg"\n')
    (root / "content/wide.jpg").write_bytes(encode(make_photograph(8, 1300, 200), "JPEG", quality=95))
    build(root)
    html = (root / "output/index.html").read_text()
    assert re.search(r'<picture><source type="image/avif" srcset="/assets/images/wide-16\.[0-9a-f]{8}\.avif 16w', html)
    assert re.search(r'og:image" content="https://letter.example.org/assets/images/wide-share\.[0-9a-f]{8}\.jpg"', html)


def test_a_logo_is_offered_in_all_formats_for_the_height_that_it_has_on_the_page(tmp_path):
    root = make_photo_site(tmp_path, SETTINGS + '[theme]\nlogo = "/wide.jpg"\n')
    (root / "content/wide.jpg").write_bytes(encode(make_photograph(8, 1300, 200), "JPEG", quality=95))
    build(root)
    for page, width in ("index.html", 728), (PAGE, 286):
        title = re.search(r'class="masthead-title">(.*)', (root / "output" / page).read_text())[1]
        assert re.search(r'<source type="image/avif" srcset="/assets/images/wide-16\.[0-9a-f]{8}\.avif 16w', title)
        assert set(re.findall(r'sizes="([^"]+)"', title)) == {f"{width}px"}
        assert 'class="logo' in title


def test_the_image_of_a_description_is_offered_in_all_formats(tmp_path):
    root = make_photo_site(tmp_path)
    (root / "content/tags.toml").write_text('["news"]\nimage = "/tall face.jpg"\nimage_alt = "A face"\n')
    (root / "content/tall face.jpg").write_bytes(encode(make_photograph(8, 200, 1300), "JPEG", quality=95))
    build(root)
    html = (root / "output/tags/news/index.html").read_text()
    assert re.search(r'srcset="/assets/images/tall%20face-16\.[0-9a-f]{8}\.avif 16w', html)
    assert 'alt="A face" class="about-image' in html


def test_the_image_above_a_post_is_asked_for_in_the_size_of_its_layout(tmp_path):
    root = make_photo_site(tmp_path, text="No image.")
    file = root / POST
    file.write_text(file.read_text().replace("---\n", "---\nimage: a.jpg\nimage_layout: full\n", 1))
    build(root)
    header = re.search(r'<figure class="post-picture full">(.*?)</figure>', (root / "output" / PAGE).read_text())[1]
    assert set(re.findall(r'sizes="([^"]+)"', header)) == {"(min-resolution: 2.5dppx) 67vw, 100vw"}


def test_a_site_in_a_folder_of_its_host_has_right_urls(tmp_path):
    root = make_photo_site(tmp_path)
    (root / "sitegen.toml").write_text(CONFIG.replace("example.org/", "example.org/my%20site/") + SETTINGS)
    build(root)
    html = (root / "output" / PAGE).read_text()
    offered = re.findall(r"/my%20site/(assets/images/[^ \"]+)", html)
    assert set(offered) == set(images_of(root))


def test_without_the_encoder_images_get_their_size_and_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(planned_site, "can_encode", lambda: False)
    monkeypatch.setattr(encoded_images, "can_encode", lambda: False)
    root = make_photo_site(tmp_path)
    builder = Builder(root, time.time_ns, cache=CACHE)
    config = read_config(root).config
    assert builder.build(config, Request()).warnings == ()
    assert images_of(root) == []
    assert b'width="48" height="64" fetchpriority="high"' not in (root / "output" / PAGE).read_bytes()
    assert b'width="48" height="64" loading="lazy"' in (root / "output" / PAGE).read_bytes()
    assert [path for path, data in tree(root / "output").items() if PRIVATE in data] == []
    line = describe_missing_encoder(config, builder.entries())
    assert line.endswith(install_hint("images"))
    assert describe_missing_encoder(config, ()) == ""
    builder.close()


def test_only_a_build_that_encodes_loads_the_encoder(tmp_path):
    root = make_photo_site(tmp_path)
    build(root)
    script = (
        "import sys; from tests.support.sites import build; from pathlib import Path\n"
        "build(Path(sys.argv[1])); (Path(sys.argv[1]) / 'content/posts/a.txt').write_text('a')\n"
        "assert build(Path(sys.argv[1])).rendered; sys.exit('PIL' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, str(root)], check=True, cwd=Path(__file__).parents[2])
