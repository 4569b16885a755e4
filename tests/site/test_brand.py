"""The images of a site's own that the theme shows: logo, icon and header image."""

import io
import json
import re

import pytest
from PIL import Image

from sitegen.errors import SiteError
from sitegen.site import brand
from tests.law.variants import grey_png
from tests.support.sites import CONFIG, build, make_site, tree, write

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40"/></svg>'


def build_with(root, settings, files=None):
    make_site(root, files, config=f"{CONFIG}\n[theme]\n{settings}\n")
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def find_messages(root, settings, files=None):
    with pytest.raises(SiteError) as caught:
        build_with(root, settings, files)
    return [(problem.path, problem.line, problem.message, problem.hint) for problem in caught.value.problems]


def test_the_logo_is_beside_the_title_of_every_page_with_its_size(tmp_path):
    build_with(tmp_path, 'logo = "/logo.svg"', {"content/logo.svg": SVG})
    image = '<img src="/logo.svg" alt="" class="logo" loading="eager" width="120" height="40">'
    assert f'<h1 class="masthead-title">{image}The Test Letter</h1>' in read(tmp_path, "index.html")
    assert f'<a href="/">{image}The Test Letter</a>' in read(tmp_path, "posts/first/index.html")
    assert re.search(r'<link rel="stylesheet" href="/assets/theme-options\.\w+\.css">', read(tmp_path, "404.html"))


def test_the_logo_can_replace_the_title_which_is_then_its_description(tmp_path):
    settings = 'logo = "/logo.svg"\nlogo_dark = "/dark.svg"\nmasthead = "logo"'
    build_with(tmp_path, settings, {"content/logo.svg": SVG, "content/dark.svg": SVG})
    title = re.search(r'<h1 class="masthead-title">(.*)</h1>', read(tmp_path, "index.html"))[1]
    assert re.findall(r'src="([^"]+)" alt="([^"]*)" class="(logo [\w-]+)" loading="(\w+)"', title) == [
        ("/logo.svg", "The Test Letter", "logo logo-light", "eager"),
        ("/dark.svg", "The Test Letter", "logo logo-dark", "lazy"),
    ]
    assert not re.sub(r"<[^>]*>", "", title)


@pytest.mark.parametrize(
    "settings", ['logo = "https://cdn.example/logo.svg"', 'logo = "/logo.svg"\nmasthead = "title"']
)
def test_a_logo_of_another_site_or_one_for_search_engines_is_not_in_the_masthead(settings, tmp_path):
    build_with(tmp_path, settings, {"content/logo.svg": SVG})
    page = read(tmp_path, "index.html")
    assert '<h1 class="masthead-title">The Test Letter</h1>' in page
    assert "logo.svg" in page  # in the structured data


def test_the_title_is_escaped_beside_a_logo(tmp_path):
    make_site(tmp_path, {"content/logo.svg": SVG}, config='title = "A & <B>"\n[theme]\nlogo = "/logo.svg"\n')
    build(tmp_path)
    assert "A &amp; &lt;B&gt;</h1>" in read(tmp_path, "index.html")


def test_paths_of_images_are_below_the_base_url(tmp_path):
    config = 'base_url = "https://a.example/sub/"\n[theme]\nlogo = "/my logo.svg"\nicon = "/i.png"\n'
    make_site(tmp_path, {"content/my logo.svg": SVG, "content/i.png": grey_png(600, 9)}, config=config)
    build(tmp_path)
    page = read(tmp_path, "index.html")
    assert 'src="/sub/my%20logo.svg" alt="" class="logo" loading="eager" width="120" height="40"' in page
    assert 'href="/sub/site.webmanifest"' in page
    assert re.search(r'rel="apple-touch-icon" href="/sub/assets/apple-touch-icon\.\w+\.png"', page)


def test_the_header_image_is_on_the_home_page_alone(tmp_path):
    settings = 'header_image = "/header.png"\nheader_image_alt = "Cranes & \\"sky\\""'
    build_with(tmp_path, settings, {"content/header.png": grey_png(64, 5)})
    image = r'<img src="/header\.png" alt="Cranes &amp; &quot;sky&quot;" class="masthead-image[^"]*" width="64"'
    assert re.search(image, read(tmp_path, "index.html"))
    assert "masthead-image" not in read(tmp_path, "posts/first/index.html")


def test_an_icon_is_made_in_the_sizes_that_browsers_and_phones_ask_for(tmp_path):
    build_with(tmp_path, 'icon = "/icon.png"', {"content/icon.png": grey_png(600, 9)})
    manifest = json.loads(read(tmp_path, "site.webmanifest"))
    sizes = {}
    for icon in manifest["icons"]:
        with Image.open(tmp_path / "output" / icon["src"].lstrip("/")) as image:
            sizes[icon["sizes"]] = image.size
    assert sizes == {"600x600": (600, 600), "192x192": (192, 192), "512x512": (512, 512)}
    page = read(tmp_path, "posts/first/index.html")
    touch = re.search(r'rel="apple-touch-icon" href="/([^"]+)"', page)[1]
    with Image.open(tmp_path / "output" / touch) as image:
        assert image.size == (180, 180)
    with Image.open(tmp_path / "output/favicon.ico") as image:
        assert image.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert '<link rel="icon" href="/icon.png" type="image/png" sizes="600x600">' in page
    assert not [path for path in tree(tmp_path / "output") if path.startswith("assets/icon.")]  # the theme's own


def test_an_icon_is_not_enlarged(tmp_path):
    build_with(tmp_path, 'icon = "/icon.png"', {"content/icon.png": grey_png(64, 9)})
    manifest = json.loads(read(tmp_path, "site.webmanifest"))
    assert [icon["sizes"] for icon in manifest["icons"]] == ["64x64"]
    assert '<link rel="apple-touch-icon" href="/icon.png">' in read(tmp_path, "index.html")


def test_without_pillow_the_icon_itself_serves_all_sizes(tmp_path, monkeypatch):
    monkeypatch.setattr(brand, "find_spec", lambda name: None)
    build_with(tmp_path, 'icon = "/icon.png"', {"content/icon.png": grey_png(600, 9)})
    assert not (tmp_path / "output/favicon.ico").exists()
    assert [icon["src"] for icon in json.loads(read(tmp_path, "site.webmanifest"))["icons"]] == ["/icon.png"]
    assert '<link rel="apple-touch-icon" href="/icon.png">' in read(tmp_path, "index.html")


def test_an_svg_icon_is_linked_as_it_is(tmp_path):
    icon = SVG.replace("120", "40")
    build_with(tmp_path, 'icon = "/icon.svg"', {"content/icon.svg": icon})
    page = read(tmp_path, "index.html")
    assert '<link rel="icon" href="/icon.svg" type="image/svg+xml">' in page
    assert "apple-touch-icon" not in page
    assert json.loads(read(tmp_path, "site.webmanifest"))["icons"] == [
        {"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    ]


def test_files_of_the_content_folder_replace_the_generated_ones(tmp_path):
    own = {"content/favicon.ico": b"own", "content/site.webmanifest": '{"name": "own"}'}
    build_with(tmp_path, 'icon = "/icon.png"', {"content/icon.png": grey_png(600, 9), **own})
    assert (tmp_path / "output/favicon.ico").read_bytes() == b"own"
    assert read(tmp_path, "site.webmanifest") == '{"name": "own"}'


@pytest.mark.parametrize("name", ["logo", "icon", "header_image"])
def test_a_file_that_does_not_exist_is_a_problem_at_its_setting(name, tmp_path):
    ((path, line, message, hint),) = find_messages(tmp_path, f'{name} = "/brnad.svg"', {"content/brand.svg": SVG})
    assert (path, line) == ("sitegen.toml", 6)
    assert message == f'`{name} = "/brnad.svg"` names a file that does not exist: content/brnad.svg'
    assert hint == 'did you mean "brand.svg"?'


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (grey_png(32, 9), "the icon `content/icon.png` is too small: 32 × 32 pixels"),
        (SVG.encode(), "the icon `content/icon.png` is not square: 120 × 40 pixels"),
        (b"no image", "`content/icon.png` is not an image whose size can be read"),
    ],
)
def test_an_image_that_cannot_be_an_icon_is_a_problem(file, message, tmp_path):
    assert [found[2] for found in find_messages(tmp_path, 'icon = "/icon.png"', {"content/icon.png": file})] == [
        message
    ]


def test_a_photo_as_an_icon_is_a_problem(tmp_path):
    written = io.BytesIO()
    Image.new("RGB", (64, 64)).save(written, "JPEG")
    ((_, _, message, hint),) = find_messages(tmp_path, 'icon = "/icon.jpg"', {"content/icon.jpg": written.getvalue()})
    assert (message, hint) == (
        "the icon `content/icon.jpg` is neither an SVG nor a PNG",
        "save it as an SVG or PNG file",
    )


def test_a_damaged_icon_is_a_problem_at_the_file(tmp_path):
    damaged = grey_png(600, 9)[:-60]
    ((path, _, message, _),) = find_messages(tmp_path, 'icon = "/icon.png"', {"content/icon.png": damaged})
    assert path == "content/icon.png"
    assert message.startswith("the image is damaged")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('icon = "icon.png"', '`icon = "icon.png"` is not the path of a file'),
        (
            'header_image = "//a.example/x.png"',
            '`header_image = "//a.example/x.png"` is not the path of a file',
        ),
        ('logo_dark = "/x.svg"', "`logo_dark` is set without `logo`"),
        ('masthead = "lgo"', '"lgo" is not a known value of `masthead`'),
    ],
)
def test_a_wrong_setting_of_an_image_is_a_problem(settings, message, tmp_path):
    assert [found[2] for found in find_messages(tmp_path, settings)] == [message]


def test_another_image_at_the_same_path_renders_what_shows_its_size(tmp_path):
    build_with(
        tmp_path,
        'logo = "/logo.svg"\nicon = "/icon.png"',
        {
            "content/logo.svg": SVG,
            "content/icon.png": grey_png(200, 9),
        },
    )
    write(tmp_path, {"content/logo.svg": SVG.replace("120", "240"), "content/icon.png": grey_png(200, 200)})
    build(tmp_path)
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental
    assert 'width="240"' in read(tmp_path, "index.html")
