"""Fonts of a site's own: the style sheet that they get, their preloading, and what is wrong with their files."""

import re

import pytest

from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.formats.woff2 import LETTER_FREQUENCIES
from sitegen.system.installation import install_hint
from tests.support.search_client import serve
from tests.support.sites import CONFIG, build, make_site, tree, write

pytest.importorskip("fontTools", reason="fontTools is not installed")
pytest.importorskip("brotli", reason="brotli is not installed")

from tests.support.fonts import make_font

REGULAR = make_font()
FILES = {"content/fonts/regular.woff2": REGULAR, "content/fonts/bold.woff2": make_font(weight=700)}


def use(file="/fonts/regular.woff2", **settings):
    return "".join(["\n[[theme.font_files]]\n", f'file = "{file}"\n', *(f"{k} = {v}\n" for k, v in settings.items())])


def build_with(root, settings, files=FILES, config=CONFIG):
    make_site(root, files, config=f"{config}{settings}")
    return build(root)


def read_style(root):
    (path,) = (root / "output" / "assets").glob("theme-settings.*.css")
    return path.read_text("utf-8")


def read_page(root):
    return (root / "output" / "index.html").read_text("utf-8")


def test_the_style_sheet_has_a_face_for_each_file_and_the_text_uses_it(tmp_path):
    build_with(tmp_path, use() + use("/fonts/bold.woff2"))
    style = read_style(tmp_path)
    for name, weight in (("regular", 400), ("bold", 700)):
        assert (
            f'@font-face{{font-family:"own-text";src:url("/fonts/{name}.woff2") format("woff2");'
            f"font-weight:{weight};font-style:normal;font-display:swap}}" in style
        )
    assert ':root{--own-text:"own-text","own-text-fallback-0","own-text-fallback-1",}' in style
    assert re.findall(
        r'<link rel="preload" href="([^"]+)" as="font" type="font/woff2" crossorigin>', read_page(tmp_path)
    ) == [
        "/fonts/regular.woff2",
        "/fonts/bold.woff2",
    ]


def test_fallback_fonts_have_the_size_of_the_font(tmp_path):
    build_with(tmp_path, use("/fonts/bold.woff2"))
    (rule,) = re.findall(r'@font-face{font-family:"own-text-fallback-0".*', read_style(tmp_path))
    assert 'src:local("Times New Roman Bold")' in rule
    # 0.5 em for a letter instead of 0.4239, so lines are 0.9 / 1.1795 em above the baseline.
    assert "size-adjust:117.95%;ascent-override:76.30%;descent-override:16.96%;line-gap-override:0.00%" in rule


@pytest.mark.parametrize(
    ("font", "settings", "names"),
    [
        (make_font(serif_style=11), {}, ["Arial", "Noto Sans"]),
        (make_font(selection=1), {}, ["Times New Roman Italic", "Noto Serif Italic"]),
        (make_font(weight=700, selection=1), {}, ["Times New Roman Bold Italic", "Noto Serif Bold Italic"]),
        (REGULAR, {"use": '"code"'}, ["Courier New"]),
        (make_font(letters="ابپ"), {}, []),
    ],
)
def test_fallback_fonts_are_of_the_type_of_the_font(font, settings, names, tmp_path):
    build_with(tmp_path, use(**settings), {"content/fonts/regular.woff2": font})
    assert re.findall(r'src:local\("([^"]+)"\)', read_style(tmp_path)) == names


def test_a_variable_font_has_its_range_of_weights(tmp_path):
    build_with(tmp_path, use(), {"content/fonts/regular.woff2": make_font(axis=(200, 400, 900))})
    assert "font-weight:200 900;" in read_style(tmp_path)


def test_parts_of_a_font_name_the_characters_that_they_contain(tmp_path):
    files = {"content/fonts/regular.woff2": REGULAR, "content/fonts/greek.woff2": make_font(letters="αβγω")}
    build_with(tmp_path, use() + use("/fonts/greek.woff2"), files)
    assert re.findall("unicode-range:([^}]*)", read_style(tmp_path)) == ["U+20,U+61-7A", "U+3B1-3B3,U+3C9"]


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"use": '"labels"'}, ':root{--own-labels:"own-labels",'),
        ({"use": '"code"'}, ':root{--own-code:"own-code","own-code-fallback-0",}'),
        ({"use": '"headings"'}, ':is(h1,h2,h3,h4,h5,h6,.masthead-title,.foot-title){font-family:"own-headings",'),
        ({"languages": '["fa", "ar"]'}, ':lang(fa),:lang(ar){--face:"own-text-fa-ar",'),
        ({"use": '"headings"', "languages": '["fa"]'}, '.foot-title):lang(fa){font-family:"own-headings-fa",'),
    ],
)
def test_each_use_and_language_has_its_rule(settings, rule, tmp_path):
    build_with(tmp_path, use(**settings))
    assert rule in read_style(tmp_path)
    assert ('rel="preload"' in read_page(tmp_path)) == (settings.get("use") != '"code"' and "languages" not in settings)


def test_a_font_for_the_text_of_a_persian_site_comes_before_the_persian_fonts_of_the_theme(tmp_path):
    build_with(tmp_path, use(), config=f'{CONFIG}language = "fa-IR"\n')
    assert ":lang(fa){--face:var(--serif)}" in read_style(tmp_path)


@pytest.mark.parametrize("fonts", ["book", "classic", "modern"])
def test_every_set_of_fonts_begins_with_the_font_of_the_site(fonts, tmp_path, browser):
    build_with(tmp_path, f'\n[theme]\nfonts = "{fonts}"\n{use()}{use(use=chr(34) + "labels" + chr(34))}')
    with serve(tmp_path / "output") as address:
        page = browser.new_page()
        page.goto(f"{address}posts/first/")
        shown = page.evaluate(
            "[document.body, document.querySelector('.meta')].map((e) => getComputedStyle(e).fontFamily)"
        )
        page.close()
    assert [family.partition(",")[0] for family in shown] == ["own-text", "own-labels"]


MEASURE = """async ([families, text]) => {
  const widths = [];
  for (const family of families) {
    await document.fonts.load(`20px "${family}"`).catch(() => null);
    const faces = [...document.fonts].filter((face) => face.family.replaceAll('"', "") === family);
    const span = document.body.appendChild(document.createElement("span"));
    span.style = `font: 20px "${family}", monospace; white-space: pre; font-kerning: none; ` +
      "font-variant-ligatures: none";
    span.textContent = text;
    const { width, height } = span.getBoundingClientRect();
    widths.push([faces.some((face) => face.status === "loaded"), width, height]);
  }
  return widths;
}"""


def test_a_text_has_the_same_size_in_the_fallback_font(tmp_path, browser):
    build_with(tmp_path, use())
    text = "".join(letter * count for letter, count in LETTER_FREQUENCIES.items())
    with serve(tmp_path / "output") as address:
        page = browser.new_page()
        page.goto(f"{address}posts/first/")
        own, *fallbacks = page.evaluate(MEASURE, [["own-text", "own-text-fallback-0", "own-text-fallback-1"], text])
        page.close()
    assert own == [True, pytest.approx(len(text) * 0.5 * 20, abs=1), own[2]]
    found = [(width, height) for is_loaded, width, height in fallbacks if is_loaded]
    if not found:
        pytest.skip("none of the fallback fonts is installed: Times New Roman, Liberation Serif, Tinos or Noto Serif")
    for width, height in found:
        assert width == pytest.approx(own[1], rel=0.01)
        assert height == pytest.approx(own[2], abs=1)


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        (use("fonts/a.woff2"), '`file = "fonts/a.woff2"` is not the path of a file', "below the content folder"),
        (use("https://a.example/a.woff2"), '`file = "https://a.example/a.woff2"` is not the path', ""),
        (use(use='"txt"'), '"txt" is not a known value of `use`', 'did you mean "text"?'),
        (use(languages='["fa", "?"]'), '"?" is not a language code', "BCP 47"),
        (use(use='"code"', languages='["fa"]'), '`languages` has no effect for `use = "code"`', "remove it"),
        (use(weight="400"), 'unknown setting "theme.font_files.weight"', ""),
    ],
)
def test_a_wrong_setting_is_a_problem_with_its_line(settings, message, hint, tmp_path):
    make_site(tmp_path, FILES, config=f"{CONFIG}{settings}")
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert hint in problem.hint
    assert problem.line >= 6


def test_all_wrong_files_are_reported_with_the_cause(tmp_path):
    files = {**FILES, "content/fonts/a.ttf": b"\0\1\0\0" + bytes(99), "content/fonts/cut.woff2": REGULAR[:200]}
    settings = use("/fonts/a.ttf") + use() + use("/fonts/cut.woff2") + use("/fonts/regulr.woff2")
    with pytest.raises(SiteError) as caught:
        build_with(tmp_path, settings, files)
    found = [(problem.line, problem.message, problem.hint) for problem in caught.value.problems]
    assert [line for line, _, _ in found] == [6, 12, 15]
    assert [message for _, message, _ in found] == [
        "the font `content/fonts/a.ttf` cannot be used: it is a TrueType file, not a WOFF2 file",
        "the font `content/fonts/cut.woff2` cannot be used: it is damaged: its data cannot be decompressed",
        '`file = "/fonts/regulr.woff2"` names a file that does not exist: content/fonts/regulr.woff2',
    ]
    assert found[2][2] == 'did you mean "fonts/regular.woff2"?'


def test_the_error_without_brotli_names_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr("sitegen.site.own_fonts.find_spec", lambda _: None)
    with pytest.raises(SiteError) as caught:
        build_with(tmp_path, use())
    (problem,) = caught.value.problems
    assert problem.message == "reading fonts needs the package brotli"
    assert problem.hint == install_hint("fonts")


def test_another_font_at_the_same_path_changes_the_style_sheet_and_the_build_stays_a_clean_one(tmp_path):
    build_with(tmp_path, use())
    before = read_style(tmp_path)
    write(tmp_path, {"content/fonts/regular.woff2": make_font(weight=700)})
    build(tmp_path)
    assert read_style(tmp_path) != before
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental


def test_a_font_of_a_site_with_a_base_path_has_the_path_in_its_url(tmp_path):
    build_with(tmp_path, use(), config=CONFIG.replace(".org/", ".org/letter/"))
    assert 'src:url("/letter/fonts/regular.woff2")' in read_style(tmp_path)
    assert 'href="/letter/fonts/regular.woff2" as="font"' in read_page(tmp_path)
