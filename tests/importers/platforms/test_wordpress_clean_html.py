from collections import Counter

import pytest
from lxml.etree import tostring

from sitegen.importers.convert.html_tree import parse
from sitegen.importers.platforms.wordpress.clean_html import clean

EMBED = '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">{}</div>{}</figure>'
URL = "https://video.example/1"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (EMBED.format(f"\n{URL}\n", ""), f'<p><a href="{URL}">{URL}</a></p>'),
        (
            EMBED.format(URL, "<figcaption>A <b>talk</b></figcaption>"),
            f'<p><a href="{URL}">{URL}</a></p><p>A talk</p>',
        ),
        (EMBED.format("no URL", ""), "no URL"),
        (EMBED.format(f'<a href="{URL}">A talk</a>', ""), f'<a href="{URL}">A talk</a>'),
        ('<img data-image="https://a.example/b.png"/>', 'src="https://a.example/b.png"'),
        ('<img data-image="https://a.example/b.png" src="c.png"/>', 'src="c.png"'),
        (
            '<figure><img src="a.png"/><div class="image-caption-wrapper"><p>Words</p></div></figure>',
            "<figcaption",
        ),
    ],
)
def test_embeds_images_and_captions_become_plain_elements(html, expected):
    tree = parse(html, Counter())
    clean(tree, Counter())
    assert expected in tostring(tree, encoding="unicode")


def test_buttons_and_empty_captions_are_dropped_and_counted():
    dropped = Counter()
    html = (
        '<div class="wp-block-file"><a href="a.pdf">A</a><a class="wp-block-file__button" href="a">Download</a></div>'
        '<figure><img src="a.png"/><figcaption> </figcaption></figure><div class="sharedaddy">Share</div>'
    )
    tree = parse(html, dropped)
    clean(tree, dropped)
    assert dropped == {"download button": 1, "empty caption": 1, "subscribe or share button": 1}
    assert "Download" not in tostring(tree, encoding="unicode")
