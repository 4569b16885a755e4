import gzip
import re

import pytest
from msgspec.structs import asdict

from sitegen.config.load import read_config
from sitegen.config.palettes import find_palettes
from sitegen.config.presets import BLOCKS, FONTS, LISTS, NEWSPAPER, PRESETS
from sitegen.config.schema import Config
from sitegen.config.theme_schema import Theme
from sitegen.errors import SiteError
from sitegen.formats.colours import lowest_contrast, nearest_readable
from sitegen.render.theme import find_theme
from sitegen.site.theme_style import write_theme_style
from tests.support.sites import CONFIG, build, make_site, post, tree, write

THEME = find_theme()
LINK = re.compile(r'<link rel="stylesheet" href="(/assets/theme-settings\.[0-9a-f]{8}\.css)">')


def configure(root, settings):
    write(root, {"sitegen.toml": f"{CONFIG}\n[theme]\n{settings}\n"})


def find_problems(root, settings):
    configure(root, settings)
    with pytest.raises(SiteError) as caught:
        read_config(root)
    return caught.value.problems


def test_the_colours_of_the_default_preset_are_those_of_the_style_sheet():
    style = (THEME / "assets" / "style.css").read_text("utf-8")
    blocks = re.findall(r"\{([^{}]*--paper: #[^{}]*)\}", style)
    for palette, block in zip((NEWSPAPER.light, NEWSPAPER.dark), blocks, strict=False):
        found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        assert found.pop("on-accent") == palette.paper
        assert found == asdict(palette)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_all_text_of_a_preset_is_readable(mode, preset):
    palette = getattr(preset, mode)
    for colour in (palette.ink, palette.muted, palette.accent):
        assert lowest_contrast(colour, palette.backgrounds) >= 4.5, colour
    assert lowest_contrast(palette.ink, (palette.mark, palette.code)) >= 4.5
    assert preset.lists in LISTS
    assert preset.fonts in FONTS
    assert set(preset.home) <= set(BLOCKS)


def test_each_preset_but_the_default_has_a_style_sheet():
    assert sorted(path.stem for path in (THEME / "assets" / "presets").iterdir()) == sorted(
        set(PRESETS) - {"newspaper"}
    )


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"newspaper"}))
def test_the_style_sheets_of_a_preset_fit_into_16_kilobytes(preset):
    assets = THEME / "assets"
    texts = [(assets / name).read_text("utf-8") for name in ("style.css", "theme-options.css", f"presets/{preset}.css")]
    texts.append(write_theme_style(Config(theme=Theme(preset=preset, fonts="modern", accent="#a00000"))))
    assert sum(len(gzip.compress(text.encode())) for text in texts) <= 16 * 1024
    for text in texts:
        assert not re.search(r"url\(|@import|@font-face", text)


@pytest.mark.parametrize("preset", PRESETS)
def test_pages_load_the_style_sheet_of_their_preset_alone(preset, tmp_path):
    make_site(tmp_path)
    configure(tmp_path, f'preset = "{preset}"')
    build(tmp_path)
    page = (tmp_path / "output/index.html").read_text("utf-8")
    linked = re.findall(r'<link rel="stylesheet" href="/([^"]*)">', page)
    stems = [path.removeprefix("assets/").partition(".")[0] for path in linked]
    own = [] if preset == "newspaper" else ["theme-options", f"presets/{preset}", "theme-settings"]
    assert stems == ["style", *own]
    assert sorted(path for path in tree(tmp_path / "output") if path.endswith(".css")) == sorted(linked)


def test_the_blocks_and_lists_of_a_preset_can_be_replaced(tmp_path):
    make_site(tmp_path)
    configure(tmp_path, 'preset = "plain"\nlists = "summaries"\nhome = ["lead", "latest"]')
    build(tmp_path)
    page = (tmp_path / "output/index.html").read_text("utf-8")
    assert 'class="lead' in page
    assert 'class="entry"' in page


def test_an_accent_colour_is_checked_on_the_backgrounds_of_the_preset(tmp_path):
    colour = nearest_readable("#808080", PRESETS["plain"].light.backgrounds)
    configure(tmp_path, f'preset = "plain"\naccent = "{colour}"')
    read_config(tmp_path)
    assert find_problems(tmp_path, f'accent = "{colour}"')
    light, dark = find_palettes(Theme(preset="plain", accent=colour))
    assert (light.accent, light.paper) == (colour, "#ffffff")
    assert lowest_contrast(dark.accent, PRESETS["plain"].dark.backgrounds) >= 4.5


@pytest.mark.parametrize("fonts", FONTS)
def test_fonts_are_those_that_devices_have(fonts):
    text = write_theme_style(Config(theme=Theme(fonts=fonts)))
    assert (text == "") == (fonts == "book")
    assert all(rule.endswith("serif}") or "var(--serif)" in rule for rule in text.splitlines())
    if fonts == "modern":
        style = (THEME / "assets" / "style.css").read_text("utf-8")
        languages = set(re.findall(r":lang\((\w+)\)(?=,\n|\s\{\n  --face)", style))
        assert languages <= set(re.findall(r":lang\((\w+)\)", text))


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
    def accents(**settings):
        return tuple(palette.accent for palette in find_palettes(Theme(**settings)))

    light, dark = accents(accent=colour)
    assert light == colour != dark
    assert lowest_contrast(dark, NEWSPAPER.dark.backgrounds) >= 7
    assert accents(accent=colour, accent_dark="#ff0") == (colour, "#ffff00")
    assert accents(accent_dark="#ff0") == (NEWSPAPER.light.accent, "#ffff00")


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


def test_a_page_that_redirects_has_the_style_sheets_of_the_site(tmp_path):
    alias = post("First", "2024-01-01").replace("tags:", "aliases: [/old/]\ntags:")
    config = CONFIG.replace(".org/", ".org/letter/")
    settings = f'{config}[theme]\npreset = "plain"\naccent = "#00566b"\n'
    build(make_site(tmp_path, {"content/posts/2024-01-01-first.md": alias}, config=settings))
    page = (tmp_path / "output/old/index.html").read_text("utf-8")
    linked = re.findall(r'<link rel="stylesheet" href="/letter/assets/([a-z/-]+)', page)
    assert linked == ["style", "theme-options", "presets/plain", "theme-settings"]
    assert '<meta http-equiv="refresh" content="0; url=/letter/posts/first/">' in page
