"""Cards are PNG files of the right size, with all of their text inside of the frame."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace

pytest.importorskip("fontTools", reason="fontTools is not installed")
pytest.importorskip("PIL", reason="Pillow is not installed")

from PIL import Image, ImageFont, features

from sitegen.config.presets import PRESETS
from sitegen.config.theme_schema import Theme
from sitegen.errors import SiteError
from sitegen.media.cards import shaping, typeset
from sitegen.media.cards.card import Card, Logo, find_design
from sitegen.media.cards.font_book import CardText, FontBook, FontFiles
from sitegen.media.cards.font_names import Wanted
from sitegen.media.cards.render_card import INNER, MARGIN, MAX_TITLE_LINES, TITLE_SIZES, render_card
from sitegen.media.cards.typeset import Style, arrange, load_font
from tests.media.cards.test_font_book import TITLES
from tests.support.card_fonts import installed_fonts, make_book, make_ttf, stamped

needs_raqm = pytest.mark.skipif(not features.check("raqm"), reason="Pillow finds no FriBiDi, which shaping needs")
BOLD = Wanted(is_bold=True, is_serif=True)
TITLE_STYLE = Style(True, "en", INNER, 340, TITLE_SIZES, MAX_TITLE_LINES)
LONG_TITLES = {
    "300 letters": "A title that goes on and on about the weather in the mountains, " * 5,
    "a word of 90 letters": "Donaudampfschifffahrtselektrizitatenhauptbetriebswerkbauunterbeamten" + "x" * 22,
    "300 letters without a space": "abcdefghij" * 30,
    "two letters": "On",
}


def read_file(name: str) -> bytes:
    raise AssertionError(f"{name} was read")


def make_card(book: FontBook, title: str = "On cats", preset: str = "newspaper", language: str = "en") -> Card:
    def choose(text: str) -> CardText:
        return book.choose(text, BOLD, language)

    footer, name = choose("May 24, 2024 · The Village Post"), choose("The Dispatch Box")
    return Card(choose(title), language, find_design(Theme(preset=preset)), masthead=name, footer=footer)


def make_plain_card(folder: str) -> bytes:
    book = make_book(Path(folder), system={"NotoSerif-Bold.ttf": make_ttf()})
    return render_card(make_card(book), book, read_file)


def render(card: Card, book: FontBook) -> Image.Image:
    data = render_card(card, book, read_file)
    assert len(data) <= 60_000
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
        return image.convert("RGB")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    fonts = {"NotoSerif-Bold.ttf": make_ttf(), "NotoSerifHebrew-Bold.ttf": make_ttf("אבגדש ")}
    fonts |= {"emoji.ttf": make_ttf("🎉", has_colors=True), "Wide.ttf": make_ttf("中国,。 ", widths=1000)}
    return make_book(folder, system=fonts)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("title", LONG_TITLES.values(), ids=LONG_TITLES)
def test_every_title_is_inside_of_the_frame(book, title, preset):
    image = render(make_card(book, title, preset), book)
    columns = {"letter": (50, MARGIN - 2)}.get(preset, (0, MARGIN - 2))
    for left in (columns[0], 1200 - columns[1]):
        part = image.crop((left, 200, left + columns[1] - columns[0], 500))
        assert len(part.getcolors()) == 1, "something is in the margin"


@pytest.mark.parametrize("title", LONG_TITLES.values(), ids=LONG_TITLES)
def test_a_title_has_three_lines_at_most_and_is_cut_with_an_ellipsis(book, title):
    block = arrange(book.choose(title, BOLD, "en"), book, TITLE_STYLE)
    assert 1 <= len(block.lines) <= 3
    assert block.height <= TITLE_STYLE.height
    assert all(line.width <= INNER * 1.02 for line in block.lines)
    assert (block.size == TITLE_SIZES[-1]) == (len(title) >= 300)


def test_a_short_title_is_large_and_lines_are_balanced(book):
    assert arrange(book.choose("On cats", BOLD, "en"), book, TITLE_STYLE).size == TITLE_SIZES[0]
    block = arrange(book.choose("one two six ten one two six", BOLD, "en"), book, TITLE_STYLE)
    widths = [line.width for line in block.lines]
    assert len(widths) == 2
    assert max(widths) - min(widths) < 0.3 * max(widths)


def test_a_card_is_the_same_in_a_process_with_another_hash_seed(tmp_path):
    script = (
        "import sys; from tests.media.cards.test_render_card import make_plain_card;"
        "sys.stdout.buffer.write(make_plain_card(sys.argv[1]))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "other"],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": str(root)},
        cwd=root,
        check=True,
        capture_output=True,
    )
    assert done.stdout == make_plain_card(tmp_path / "one")


@needs_raqm
def test_a_card_with_a_right_to_left_title_begins_on_the_right(book):
    def ink(title: str) -> tuple[int, int]:
        image = render(make_card(book, title, "plain"), book).crop((0, 200, 1200, 500)).convert("L")
        left, _, right, _ = image.point(lambda value: 255 * (value < 128)).getbbox()
        return left, 1200 - right

    left, right = ink("אבג")
    assert (left > 600, right) == (True, pytest.approx(MARGIN, abs=2))
    left, right = ink("abg")
    assert (left, right > 600) == (pytest.approx(MARGIN, abs=2), True)


@needs_raqm
def test_words_of_two_directions_are_in_the_order_of_the_standard(book):
    block = arrange(book.choose("אב ab", BOLD, "he"), book, TITLE_STYLE)
    (line,) = block.lines
    assert line.width > 0
    text = book.choose("ab 🎉 אב", BOLD, "en")
    (line,) = arrange(text, book, TITLE_STYLE).lines
    (emoji,) = [piece for piece in line.pieces if piece.image.mode == "RGBA"]
    assert 2 * 46 < emoji.x < line.width / 2 + 92


def test_glyphs_with_colors_keep_them(book):
    image = render(make_card(book, "a 🎉"), book)
    assert (255, 0, 0) in {color for _, color in image.getcolors(100_000)}


def test_bitmaps_of_an_installed_font_of_emoji_are_scaled():
    files = [file for file in installed_fonts() if "emoji" in file.path.lower()]
    book = FontBook(FontFiles((), tuple(files)))
    text = book.choose("🎉", BOLD, "en")
    if not text.runs or book.face(text.runs[0].font).colors != "bitmap":
        pytest.skip("no font with bitmaps of emoji is installed")
    (line,) = arrange(text, book, TITLE_STYLE).lines
    (piece,) = line.pieces
    assert piece.image.mode == "RGBA"
    assert TITLE_SIZES[0] * 0.8 < piece.image.height < TITLE_SIZES[0] * 1.5
    assert len(piece.image.getcolors(100_000)) > 50


@needs_raqm
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_every_script_is_rendered_in_every_preset(title, preset):
    fonts = [font for font in installed_fonts() if "noto" in font.path.lower()]
    if not any("NotoSansCJK" in font.path for font in fonts) or not any("Devanagari" in font.path for font in fonts):
        pytest.skip("the fonts of Noto are not installed")
    book = FontBook(FontFiles((), tuple(fonts)))
    card = make_card(book, title, preset)
    shown = render(card, book)
    assert shown != render(replace(card, title=book.choose("On", BOLD, "en")), book)


def test_letters_of_arabic_are_joined():
    fonts = [font for font in installed_fonts() if "NotoNaskhArabic" in font.path]
    if not fonts or not features.check("raqm"):
        pytest.skip("Noto Naskh Arabic is not installed, or Pillow finds no FriBiDi")
    book = FontBook(FontFiles((), tuple(fonts)))
    joined, apart = (book.choose(text, BOLD, "ar") for text in ("كيف", "ك ي ف"))
    whole = arrange(joined, book, TITLE_STYLE).lines[0].width
    assert whole < 0.8 * arrange(apart, book, TITLE_STYLE).lines[0].width


def test_a_variable_font_is_bold_in_titles(tmp_path):
    data = make_ttf(axis=(100, 400, 900))
    book = make_book(tmp_path, own={"a.ttf": data})
    text = book.choose("abc", BOLD, "en")
    face = book.face(text.runs[0].font)
    assert face.is_variable
    font, _ = load_font(face, 64, 700)
    assert font.getname()
    assert arrange(text, book, TITLE_STYLE).lines[0].width > 0


def encode(image: Image.Image, name: str = "PNG") -> bytes:
    written = BytesIO()
    image.save(written, name)
    return written.getvalue()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_logo_keeps_its_colors_over_the_background(book, preset):
    logo = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    logo.paste((10, 130, 60, 255), (0, 0, 200, 100))
    card = replace(make_card(book, preset=preset), logo=Logo("logo.png", f"logo of {preset}"))
    data = render_card(card, book, lambda _: encode(logo))
    with Image.open(BytesIO(data)) as image:
        colors = image.convert("RGB").getcolors(100_000)
    assert any(max(abs(a - b) for a, b in zip(color, (10, 130, 60), strict=True)) <= 8 for _, color in colors)


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", encode(Image.new("L", (40, 40)))[:45]], ids=["empty", "an SVG", "truncated"]
)
def test_a_damaged_logo_is_a_problem_with_its_name(book, data):
    card = replace(make_card(book), logo=Logo("content/logo.png", f"{data!r}"))
    with pytest.raises(SiteError) as caught:
        render_card(card, book, lambda _: data)
    (problem,) = caught.value.problems
    assert problem.path == "content/logo.png"
    assert "cannot be shown on share cards" in problem.message


def test_a_font_that_cannot_be_rendered_is_a_problem(tmp_path):
    book = make_book(tmp_path, own={"a.ttf": make_ttf()})
    card = make_card(book, "Unusual title")
    (tmp_path / "own/a.ttf").write_bytes(b"no font")
    load_font.cache_clear()
    with pytest.raises(SiteError) as caught:
        render_card(card, book, read_file)
    assert "Unusual title" in caught.value.problems[0].message
    assert stamped(tmp_path / "own/a.ttf").path


@pytest.fixture
def without_fribidi(monkeypatch):
    """Let Pillow refuse to shape text, as it does if it finds no FriBiDi when it is loaded."""
    results = (shaping.can_shape, typeset.load_font, typeset._measure)
    for cached in results:
        cached.cache_clear()
    monkeypatch.setattr(ImageFont.core, "HAVE_RAQM", False)
    yield
    for cached in results:
        cached.cache_clear()


def test_titles_that_need_no_shaping_have_a_card_without_fribidi(book, without_fribidi):
    assert not shaping.can_shape()
    cards = [make_card(book, title) for title in ("On cats", "Kept in a drawer", "A party \U0001f389")]
    font, _ = load_font(book.face(cards[0].title.runs[0].font), 40, 700)
    with pytest.raises(KeyError, match="raqm"):
        font.getlength("On", language="en")
    assert len({render(card, book).tobytes() for card in cards}) == 3
