"""The HTML of images: formats and widths, sizes, loading, captions, placeholders; and images in feeds."""

import pytest
from msgspec.structs import replace

from sitegen.config.schema import Images
from sitegen.media.html import ImageWriter, KnownImage
from sitegen.media.image_facts import Encoding, Format, ImageFacts
from sitegen.media.image_sets import ImageSet, Variant

ENCODINGS: tuple[tuple[Format, int], ...] = (("avif", 480), ("avif", 960), ("webp", 480), ("webp", 960), ("jpeg", 480))
PAGES = tuple(
    Variant(f"{width}.{name}", f"/{width}.{name}", Encoding("page", name, width, width // 2, 9))
    for name, width in ENCODINGS
)
SHARE = Variant("share.jpg", "/share.jpg", Encoding("share", "jpeg", 1200, 600, 9))
FACTS = ImageFacts("image/jpeg", 2000, 1000, tone="213")
KNOWN = {
    "/a.jpg": KnownImage("image/jpeg", 2000, 1000, ImageSet("a.jpg", "d", FACTS, (*PAGES, SHARE))),
    "/plain.png": KnownImage("image/png", 300, 200),
    "/icon.png": KnownImage("image/png", 20, 20),
    "/none.svg": KnownImage("image/svg+xml", 0, 0),
}
PLAIN = Images(lazy=False, captions=False)
SCREEN = "(min-resolution: 2.5dppx) 67vw, 100vw"


def show(html: str, settings: Images = PLAIN, *, first: bool = True) -> str:
    return ImageWriter(settings, 660, KNOWN.get).show(html, first=first)


def show_in_feed(html: str) -> str:
    return ImageWriter(PLAIN, 660, KNOWN.get).show_in_feed(html)


@pytest.mark.parametrize(
    ("layout", "own", "sizes"),
    [
        ("", "", f"(min-width: 692px) 660px, {SCREEN}"),
        ("wide", "", f"(min-width: 928px) 896px, {SCREEN}"),
        ("full", "", SCREEN),
        ("full", "50vw", "50vw"),
    ],
)
def test_an_image_of_the_theme_has_the_sizes_of_its_layout_or_those_of_the_settings(layout, own, sizes):
    html = ImageWriter(replace(PLAIN, sizes=own), 660, KNOWN.get).write_image("/a.jpg", {"alt": ""}, layout=layout)
    assert html.count(f'sizes="{sizes}"') == 3


def test_an_image_is_offered_in_all_formats_and_widths():
    sizes = f'sizes="(min-width: 692px) 660px, {SCREEN}"'
    assert show('<p><img alt="A" src="/a.jpg"></p>') == (
        f'<p><picture><source type="image/avif" srcset="/480.avif 480w, /960.avif 960w" {sizes}>'
        f'<source type="image/webp" srcset="/480.webp 480w, /960.webp 960w" {sizes}>'
        '<img alt="A" src="/a.jpg" width="2000" height="1000" class="tone tone-r2 tone-g1 tone-b3"'
        f' srcset="/480.jpeg 480w" {sizes}></picture></p>'
    )


def test_a_portrait_has_no_color_that_would_stay_beside_it():
    portrait = KnownImage("image/jpeg", 900, 1000, KNOWN["/a.jpg"].image_set)
    assert "tone" not in ImageWriter(PLAIN, 660, lambda _: portrait).show('<img src="/a.jpg">', first=True)


def test_an_image_that_is_not_encoded_gets_its_size():
    assert show('<img src="/plain.png">') == '<img src="/plain.png" width="300" height="200">'


@pytest.mark.parametrize(
    ("attributes", "added"),
    [
        ('width="150"', ' height="100"'),
        ('height="100"', ' width="150"'),
        ('width="150" height="10"', ""),
        ('width="50%"', ""),
        ('width=""', ""),
    ],
)
def test_a_size_that_the_author_wrote_does_not_change(attributes, added):
    assert show(f'<img src="/plain.png" {attributes}>') == f'<img src="/plain.png" {attributes}{added}>'


@pytest.mark.parametrize(
    "html",
    [
        "<p>none</p>",
        '<img src="/none.svg">',
        '<img src="/missing.png" alt="It\'s &lt;here&gt; &amp; &quot;there&quot;">',
        "<!-- <img src='/plain.png'> -->",
        "<script>let a = '<img src=\"/plain.png\">'</script>",
        "<textarea><img src='/plain.png'></textarea>",
        "<pre><code>&lt;img src='/plain.png'&gt;</code></pre>",
        '<img alt="x">',
    ],
)
def test_other_html_is_unchanged(html):
    assert show(html) == html


def test_an_image_within_sources_of_the_author_is_not_wrapped_again():
    html = '<picture><source srcset="/b.avif"><img src="/a.jpg"></picture>'
    assert show(html) == html.replace('"/a.jpg"', '"/a.jpg" width="2000" height="1000"')
    assert "<picture>" in show(html + '<img src="/a.jpg">').removeprefix("<picture>")


def test_an_image_with_a_srcset_of_the_author_keeps_it():
    assert "<picture>" not in show('<img src="/a.jpg" srcset="/b.jpg 2x">')


def test_the_first_image_is_loaded_at_once_and_the_others_when_they_are_reached():
    settings = Images(captions=False)
    html = '<img src="/icon.png"><img src="https://example.org/x.png"><img src="/plain.png">'
    icon, first, second = show(html, settings).replace("><", ">\n<").split("\n")
    assert 'loading="lazy" decoding="async"' in icon
    assert first == '<img src="https://example.org/x.png" fetchpriority="high">'
    assert 'loading="lazy" decoding="async"' in second
    assert "fetchpriority" not in show(html, settings, first=False)


def test_loading_that_the_author_wrote_does_not_change():
    html = '<img src="/none.svg" loading="eager">'
    assert show(html, Images()) == html


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<p><img alt="A" src="/none.svg" title="It\'s <b> &amp; c"></p>',
            '<figure><img alt="A" src="/none.svg"><figcaption>It\'s &lt;b&gt; &amp; c</figcaption></figure>',
        ),
        (
            '<p><a href="/x"><img src="/none.svg" title="C"></a></p>',
            '<figure><a href="/x"><img src="/none.svg"></a><figcaption>C</figcaption></figure>',
        ),
        ('<p><img src="/none.svg" title="C"> more</p>', '<p><img src="/none.svg" title="C"> more</p>'),
        ('<p><img src="/none.svg" title=" "></p>', '<p><img src="/none.svg" title=" "></p>'),
        ('<p><img src="/none.svg"></p>', '<p><img src="/none.svg"></p>'),
    ],
)
def test_the_title_of_an_image_on_its_own_is_a_caption(html, shown):
    settings = Images(lazy=False)
    assert show(html, settings) == shown
    assert "figure" not in show(html, replace(settings, captions=False))


@pytest.mark.parametrize(("name", "sizes"), [("wide", f"(min-width: 928px) 896px, {SCREEN}"), ("full", SCREEN)])
def test_an_image_that_is_wider_than_the_text_is_asked_for_in_that_size(name, sizes):
    shown = show(f'<p><img class="{name}" src="/a.jpg"></p>')
    assert shown.startswith(f'<p><picture class="{name}"><source type="image/avif" srcset=')
    assert f'sizes="{sizes}"' in shown
    settings = replace(PLAIN, captions=True)
    assert show(f'<p><img class="{name}" title="C" src="/a.jpg"></p>', settings).startswith(f'<figure class="{name}">')


def test_images_of_a_gallery_are_asked_for_in_the_size_of_its_columns():
    images = '<img src="/a.jpg" title="C">\n<a href="/x"><img src="/a.jpg"></a>'
    html = f'<p class="gallery">{images}</p><p><img src="/a.jpg"></p>'
    shown = show(html, replace(PLAIN, captions=True))
    gallery, _, rest = shown.partition("</p>")
    assert gallery.count('sizes="(min-width: 692px) 300px, (min-resolution: 2.5dppx) 34vw, 50vw"') == 6
    assert "figure" not in gallery
    assert "300px" not in rest


def test_sizes_can_be_set():
    assert 'sizes="50vw"' in show('<img src="/a.jpg">', replace(PLAIN, sizes="50vw"))


def test_an_image_in_a_narrow_size_is_asked_for_in_that_size():
    assert 'sizes="200px"' in show('<img src="/a.jpg" width="200">')


def test_an_image_of_the_theme_is_written_with_its_own_sizes():
    writer = ImageWriter(Images(), 660, KNOWN.get)
    html = writer.write_image("/a.jpg", {"alt": "<A>", "class": "wide"}, "100vw", first=True)
    assert 'sizes="100vw"' in html
    assert 'alt="&lt;A&gt;" class="wide tone tone-r2' in html
    assert 'fetchpriority="high"' in html


def test_feeds_show_a_jpeg_or_png_of_suitable_size():
    html = '<p><img alt="A" src="/a.jpg"> <img src="/plain.png"></p><!-- <img src="/a.jpg"> -->'
    shown = '<p><img alt="A" src="/share.jpg" width="600" height="300"> <img src="/plain.png"></p>'
    assert show_in_feed(html) == f'{shown}<!-- <img src="/a.jpg"> -->'
    assert show_in_feed('<img src="/a.jpg" width="400">') == '<img src="/share.jpg" width="400" height="200">'


def test_previews_of_links_show_the_image_for_feeds():
    writer = ImageWriter(PLAIN, 660, KNOWN.get)
    assert [writer.share_url(url) for url in ("/a.jpg", "/plain.png", "/no")] == ["/share.jpg", "/plain.png", "/no"]
