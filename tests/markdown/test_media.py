"""Galleries, players and the layouts of images, with both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.schema import ENGINES, Markdown
from sitegen.markdown.media import add_players, find_player, mark_galleries
from sitegen.markdown.renderer import MarkdownRenderer

RENDERERS = {engine: MarkdownRenderer(Markdown(engine=engine)) for engine in ENGINES}


def render(text, engine):
    return RENDERERS[engine].render(text, path="post.md").html.replace("\x02", "").replace("\x03", "")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "![a](a.jpg)\n![b](b.jpg)",
        "![a](a.jpg) ![b](b.jpg)",
        "[![a](a.jpg)](a.html) ![b](b.jpg)",
        "![a](a.jpg)  \n![b](b.jpg)",
    ],
)
def test_images_that_follow_each_other_are_a_gallery(text, engine):
    assert render(text, engine).count('<p class="gallery">') == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "![a](a.jpg)",
        "See ![a](a.jpg) ![b](b.jpg)",
        "![a](a.jpg) and ![b](b.jpg)",
        "![a](a.jpg)\n\n![b](b.jpg)",
        "words",
    ],
)
def test_other_paragraphs_do_not_become_a_gallery(text, engine):
    assert "gallery" not in render(text, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("layout", ["wide", "full"])
@pytest.mark.parametrize("form", ["{{.{0}}}", "{{: .{0} }}"])
def test_an_image_takes_the_layout_that_follows_it(form, layout, engine):
    html = render(f"![a](a.jpg){form.format(layout)}", engine)
    assert f'class="{layout}"' in html
    assert "{" not in html


@pytest.mark.parametrize("engine", ENGINES)
def test_code_keeps_what_looks_like_a_layout(engine):
    assert "{.wide}" in render("`![a](a.jpg){.wide}`", engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_to_a_sound_on_its_own_becomes_a_player(engine):
    html = render("Before.\n\n[Listen to *this*](talk.mp3)\n\nAfter.", engine)
    player = '<audio controls preload="none" src="talk.mp3"></audio><figcaption>Listen to <em>this</em></figcaption>'
    assert f'<figure class="player">{player}</figure>' in html


@pytest.mark.parametrize("engine", ENGINES)
def test_an_image_in_a_link_to_a_film_is_its_poster_and_describes_it(engine):
    html = render('[![A "big" wave](wave.jpg)](film.mp4)', engine)
    assert '<video controls preload="none" src="film.mp4" poster="wave.jpg"></video>' in html
    assert "<img" not in html
    assert html.count("wave.jpg") == 1
    assert "big" in html.partition("<figcaption>")[2]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "[Listen](https://other.example/talk.mp3)",
        "[Listen](//other.example/talk.mp3)",
        "[Listen](talk.mp3) now",
        "[Read](talk.pdf)",
        "[Read](mp3)",
    ],
)
def test_other_links_do_not_become_a_player(text, engine):
    assert "player" not in render(text, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_files_of_a_player_are_references_with_their_lines(engine):
    body = RENDERERS[engine].render("Words.\n\n[![a](a.jpg)](film.mp4)\n", path="post.md")
    assert {(reference.target, reference.line) for reference in body.references} == {("film.mp4", 3), ("a.jpg", 3)}


@pytest.mark.parametrize(
    ("url", "element"),
    [
        ("/a.mp3", "audio"),
        ("a.MP3?x=1#t", "audio"),
        ("a.webm", "video"),
        ("mailto:a.mp3", ""),
        ("//[x.mp3", ""),
        ("", ""),
    ],
)
def test_files_of_the_site_have_the_element_that_plays_them(url, element):
    assert find_player(url) == element


@given(st.text(alphabet='<>/ab"= \n'))
def test_html_without_media_is_not_changed(html):
    assert add_players(mark_galleries(html)) == html
