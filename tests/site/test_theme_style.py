import re

import pytest

from sitegen.config.load import read_config
from sitegen.config.palettes import find_accents
from sitegen.config.presets import PRESETS
from sitegen.config.schema import Theme
from sitegen.errors import SiteError
from sitegen.formats.colours import lowest_contrast
from sitegen.render.theme import find_theme
from tests.support.sites import CONFIG, build, make_site, tree, write

NEWSPAPER = PRESETS["newspaper"]
LINK = re.compile(r'<link rel="stylesheet" href="(/assets/theme-settings\.[0-9a-f]{8}\.css)">')


def configure(root, settings):
    write(root, {"sitegen.toml": f"{CONFIG}\n[theme]\n{settings}\n"})


def find_problems(root, settings):
    configure(root, settings)
    with pytest.raises(SiteError) as caught:
        read_config(root)
    return caught.value.problems


def test_the_backgrounds_of_the_palettes_are_those_of_the_style_sheet():
    style = (find_theme() / "assets" / "style.css").read_text("utf-8")
    blocks = re.findall(r"\{([^{}]*--paper: #[^{}]*)\}", style)
    found = [tuple(re.findall(r"--(?:paper|tint): (#[0-9a-f]{6})", block)) for block in blocks[:2]]
    assert found == [NEWSPAPER.light, NEWSPAPER.dark]


def test_without_settings_there_is_no_style_sheet_of_them(tmp_path):
    build(make_site(tmp_path))
    assert not [path for path in tree(tmp_path / "output") if "theme-settings" in path]
    assert "theme-settings" not in (tmp_path / "output/index.html").read_text("utf-8")


def test_the_accent_colour_is_in_a_style_sheet_that_every_page_loads(tmp_path):
    make_site(tmp_path, {"templates/assets/custom.css": "a{}"})
    configure(tmp_path, 'accent = "#00566B"')
    build(tmp_path)
    for path in ("index.html", "posts/first/index.html", "404.html"):
        page = (tmp_path / "output" / path).read_text("utf-8")
        assert page.index("/assets/style.") < LINK.search(page).start() < page.index("/assets/custom.")
    style = (tmp_path / "output" / LINK.search(page)[1].lstrip("/")).read_text("utf-8")
    assert "--accent:#00566b" in style
    assert "/assets/*\n" in (tmp_path / "output/_headers").read_text("utf-8")


def test_another_colour_gives_the_style_sheet_another_name(tmp_path):
    make_site(tmp_path)
    found = []
    for colour in ("#00566b", "#1d4f91"):
        configure(tmp_path, f'accent = "{colour}"')
        build(tmp_path)
        found.append([path for path in tree(tmp_path / "output") if "theme-settings" in path])
    assert [len(names) for names in found] == [1, 1]
    assert found[0] != found[1]


def test_a_style_sheet_of_the_site_with_the_same_name_replaces_the_generated_one(tmp_path):
    make_site(tmp_path, {"templates/assets/theme-settings.css": "a{color:red}"})
    configure(tmp_path, 'accent = "#00566b"')
    build(tmp_path)
    (style,) = (text for path, text in tree(tmp_path / "output").items() if "theme-settings" in path)
    assert style == b"a{color:red}"


@pytest.mark.parametrize("colour", ["#000000", "#00566b", "#a2281b", "#1d4f91", "#4b0082", "#5b5b00"])
def test_the_dark_accent_is_derived_and_readable(colour):
    light, dark = find_accents(Theme(accent=colour))
    assert light == colour != dark
    assert lowest_contrast(dark, NEWSPAPER.dark) >= 7
    assert find_accents(Theme(accent=colour, accent_dark="#ff0")) == (colour, "#ffff00")
    assert find_accents(Theme(accent_dark="#ff0")) == ("", "#ffff00")


def test_an_unreadable_colour_is_a_problem_that_names_the_nearest_readable_one(tmp_path):
    problems = find_problems(tmp_path, 'accent = "#ffcc00"\naccent_dark = "#222"')
    assert [problem.line for problem in problems] == [6, 7]
    assert problems[0].message == (
        '`accent = "#ffcc00"` is hard to read on the light background: its contrast is 1.3:1, and text needs 4.5:1'
    )
    for name, problem in zip(("accent", "accent_dark"), problems, strict=True):
        suggestion = re.search(r"#[0-9a-f]{6}", problem.hint)[0]
        configure(tmp_path, f'{name} = "{suggestion}"')
        read_config(tmp_path)


def test_a_contrast_just_too_low_is_not_shown_as_enough(tmp_path):
    (problem,) = find_problems(tmp_path, 'accent = "#757575"')
    assert "4.1:1, and text needs 4.5:1" in problem.message


@pytest.mark.parametrize("value", ["red", "#12", "#12345z", "rgb(0,0,0)"])
def test_what_is_not_a_colour_is_a_problem(value, tmp_path):
    (problem,) = find_problems(tmp_path, f'accent = "{value}"')
    assert problem.message == f'"{value}" is not a colour such as #a2281b'


def test_a_misspelt_setting_of_a_colour_gets_a_suggestion(tmp_path):
    (problem,) = find_problems(tmp_path, 'acent = "#00566b"')
    assert problem.hint == 'did you mean "accent"?'
