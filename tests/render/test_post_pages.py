"""What a post's page has around its text: images, players, contents, other posts."""

import re

import pytest

from tests.law.variants import grey_png
from tests.support.sites import CONFIG, build, make_site, post, tree, write

FOUR_SECTIONS = "\n\n".join(f"## Part {number}\n\nWords." for number in range(4))
FILES = {
    "content/posts/wave.png": grey_png(64, 9),
    "content/posts/talk.mp3": b"sound",
    "content/posts/film.mp4": b"film",
}


def second(keys="", text="The second letter."):
    return {"content/posts/2024-01-02-second.md": post("Second", "2024-01-02", text).replace("tags:", f"{keys}\ntags:")}


def render(root, files, settings=""):
    build(make_site(root, FILES | files, config=CONFIG + settings))
    return (root / "output/posts/second/index.html").read_text("utf-8")


def test_the_image_above_a_post_has_its_caption_and_credit(tmp_path):
    page = render(tmp_path, second("image: wave.png\nimage_caption: A <wave>\nimage_credit: Ada"))
    figure = re.search(r'<figure class="post-picture">.*?</figure>', page, re.DOTALL)[0]
    assert 'width="64"' in figure
    assert '<figcaption>A &lt;wave&gt; <span class="credit">Image: Ada</span></figcaption>' in figure


def test_an_image_without_caption_and_credit_has_no_empty_caption(tmp_path):
    assert "figcaption" not in render(tmp_path, second("image: wave.png"))


@pytest.mark.parametrize("layout", ["wide", "full"])
def test_the_image_above_a_post_can_be_wider_than_its_text(layout, tmp_path):
    page = render(tmp_path, second(f"image: wave.png\nimage_layout: {layout}"))
    assert f'<figure class="post-picture {layout}">' in page


def test_an_enclosure_of_the_site_has_a_player(tmp_path):
    page = render(tmp_path, second("enclosure: talk.mp3"))
    assert '<audio controls preload="none" src="/posts/talk.mp3" aria-label="Second"></audio>' in page


def test_a_film_has_the_image_of_its_post_as_poster(tmp_path):
    page = render(tmp_path, second("image: wave.png\nenclosure: [{url: /posts/film.mp4}, {url: talk.mp3}]"))
    assert '<video controls preload="none" src="/posts/film.mp4" aria-label="Second" poster="/posts/wave.png">' in page
    assert page.count('class="player"') == 2


@pytest.mark.parametrize("value", ["https://other.example/talk.mp3", "talk.pdf", "../../../talk.mp3", "{length: 5}"])
def test_other_enclosures_have_no_player(value, tmp_path):
    assert "player" not in render(tmp_path, second(f"enclosure: {value}"))


def test_an_enclosure_that_the_text_plays_has_one_player(tmp_path):
    page = render(tmp_path, second("enclosure: talk.mp3", "[Listen](talk.mp3)"))
    assert page.count("<audio") == 1


def test_contents_are_folded_where_there_is_no_room(tmp_path):
    page = render(tmp_path, second(text=FOUR_SECTIONS))
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)[0]
    assert re.findall('href="#([^"]*)', contents) == [f"part-{number}" for number in range(4)]
    assert contents.index("<summary>Contents</summary>") < contents.index("<ol>")
    assert " open" not in contents


def test_older_and_newer_posts_are_cards_with_image_and_summary(tmp_path):
    page = render(
        tmp_path,
        {
            "content/posts/2024-01-03-third.md": post("Third", "2024-01-03", "Third words.").replace(
                "tags:", "image: wave.png\ntags:"
            )
        },
    )
    older, newer = re.findall(r'<div class="tile neighbours-\w+">.*?</div>', page, re.DOTALL)
    assert '<a href="/posts/first/">First</a>' in older
    assert "The first letter." in older
    image = re.search(r"<img [^<>]*>", newer)[0]
    assert [part in image for part in ('src="/posts/wave.png"', 'alt=""', 'loading="lazy"', 'width="64"')] == [True] * 4
    assert 'aria-label="Older and newer posts"' in page


def test_another_image_of_a_neighbour_renders_the_page_again(tmp_path):
    files = {
        "content/posts/2024-01-03-third.md": post("Third", "2024-01-03").replace("tags:", "image: wave.png\ntags:")
    }
    render(tmp_path, files)
    write(tmp_path, {"content/posts/wave.png": grey_png(48, 9)})
    build(tmp_path)
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental
    assert 'width="48"' in (tmp_path / "output/posts/second/index.html").read_text("utf-8")


@pytest.mark.parametrize(("setting", "found"), [("", False), ("\n[theme]\ndrop_cap = true\n", True)])
def test_a_drop_cap_is_a_setting(setting, found, tmp_path):
    page = render(tmp_path, {}, setting)
    assert ('<div class="body drop-cap">' in page) == found
    assert ("/assets/theme-options." in page) == found
