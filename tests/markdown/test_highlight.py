import re

import pytest

from sitegen.markdown.highlight import highlight_code
from sitegen.render.theme import find_theme

STYLE = (find_theme() / "assets" / "style.css").read_text("utf-8").partition("/* Source code")[2]


def palette(selector):
    """Return the colours that a rule of the theme's style sheet gives to source code, by name."""
    (rule,) = re.findall(rf"{re.escape(selector)}\{{(--code-[^}}]*)\}}", STYLE)
    return dict(re.findall(r"--code-(\w+):(#\w{6})", rule))


LIGHT, DARK = palette(":root"), palette(":root[data-theme=dark]")


def luminance(colour):
    parts = [int(colour[offset : offset + 2], 16) / 255 for offset in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("palette", "backgrounds"), [(LIGHT, ("#f6f8fa", "#ffffff", "#eeeeee")), (DARK, ("#161b22", "#000000", "#22272e"))]
)
def test_each_colour_can_be_read(palette, backgrounds):
    assert len(palette) == 10
    assert {name: colour for name, colour in palette.items() for b in backgrounds if contrast(colour, b) < 4.5} == {}


def test_dark_colours_can_be_chosen_by_the_system_and_by_the_page():
    assert palette("@media (prefers-color-scheme:dark){:root:not([data-theme=light])") == DARK
    assert LIGHT.keys() == DARK.keys() == set(re.findall(r"color:var\(--code-(\w+)\)", STYLE))


def test_the_colours_of_common_code_are_in_the_style_sheet():
    highlighted = highlight_code('@x\nclass A(B):\n    """d"""\n    def f(self): return 1 + "s" # c\n', "python")
    highlighted += highlight_code("diff\n- a\n+ b\n@@ 1 @@\n", "diff") + highlight_code('<a href="x">&amp;</a>', "html")
    used = set(re.findall(r'<span class="(\w+)">', highlighted))
    styled = set(re.findall(r"\.(\w+)", STYLE))
    assert used - styled <= {"n", "o"}  # names and operators have the text's own colour


@pytest.mark.parametrize("source", ["", "\n", "x", "\n\n x <b> & 'y'\n\n", "\t\tx\n"])
def test_highlighted_code_has_the_text_of_its_source(source):
    text = re.sub(r"</?span[^>]*>", "", highlight_code(source, "python"))
    assert text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == source


@pytest.mark.parametrize("language", ["no-such", "", '"><script>'])
def test_an_unknown_language_is_only_escaped(language):
    assert highlight_code("a < b\n", language) == "a &lt; b\n"
