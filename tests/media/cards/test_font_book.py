"""Each character of a card is in a font that contains it, and what no font contains is reported."""

import tempfile
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fontTools", reason="fontTools is not installed")

from fontTools.ttLib import TTCollection, TTFont

from sitegen.config.schema import Cards
from sitegen.media.cards.faces import contains, read_faces
from sitegen.media.cards.font_book import FontBook, FontFiles, FontRun, ThemeFont, find_font_files, list_fonts
from sitegen.media.cards.font_names import Wanted, find_region, find_script, rank_file
from tests.support.card_fonts import LATIN, installed_fonts, make_book, make_ttf, stamped
from tests.support.fonts import make_font

TITLE, LABEL = Wanted(is_bold=True, is_serif=True), Wanted(is_bold=False, is_serif=False)


def names(book, text):
    """Return the parts of a string with the file names of their fonts."""
    found, start = [], 0
    for run in text.runs:
        name = Path(book.face(run.font).file.path).name
        found.append((text.text[start : start + run.length], name))
        start += run.length
    return found


def test_each_letter_is_in_a_font_that_contains_it(tmp_path):
    fonts = {
        "NotoSerif-Bold.ttf": make_ttf(),
        "NotoSerifHebrew-Bold.ttf": make_ttf("שלום "),
        "Other.ttf": make_ttf("ж"),
    }
    book = make_book(tmp_path, system=fonts)
    text = book.choose("On שלום, and ж", TITLE, "en")
    assert names(book, text) == [
        ("On ", "NotoSerif-Bold.ttf"),
        ("שלום", "NotoSerifHebrew-Bold.ttf"),
        (", and ", "NotoSerif-Bold.ttf"),
        ("ж", "Other.ttf"),
    ]
    assert text.missing == ""


def test_punctuation_is_in_the_font_of_the_letters_beside_it(tmp_path):
    fonts = {"NotoSerif-Bold.ttf": make_ttf(), "NotoSerifHebrew-Bold.ttf": make_ttf("שלום ,")}
    book = make_book(tmp_path, system=fonts)
    assert names(book, book.choose("שלום, של", TITLE, "he")) == [("שלום, של", "NotoSerifHebrew-Bold.ttf")]


def test_characters_without_a_font_are_omitted_and_named(tmp_path):
    book = make_book(tmp_path, system={"NotoSerif-Bold.ttf": make_ttf()})
    party = book.choose("A party 🎉!", TITLE, "en")
    assert (party.text, party.missing, party.lacks_letters) == ("A party !", "🎉", False)
    hindi = book.choose("A स्क", TITLE, "en")
    assert (hindi.text, hindi.missing, hindi.lacks_letters) == ("A ", "स्क", True)


def test_a_mark_is_in_the_font_of_its_letter(tmp_path):
    fonts = {"NotoSerif-Bold.ttf": make_ttf("e "), "Other.ttf": make_ttf("x\u0301\u0323e ")}
    book = make_book(tmp_path, system=fonts)
    assert names(book, book.choose("e x\u0323\u0301 e", TITLE, "en")) == [
        ("e ", "NotoSerif-Bold.ttf"),
        ("x\u0323\u0301 ", "Other.ttf"),
        ("e", "NotoSerif-Bold.ttf"),
    ]


def test_fonts_of_the_setting_come_first_then_those_of_the_theme(tmp_path):
    parts = {"set.ttf": "ab ", "head.woff2": "abcd ", "text.woff2": "abcdef ", "labels.woff2": "abcdefg "}
    for name, letters in parts.items():
        data = make_font(letters=letters) if name.endswith("woff2") else make_ttf(letters)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "NotoSerif-Bold.ttf").write_bytes(make_ttf())
    theme = [
        ThemeFont(stamped(tmp_path / name), use)
        for name, use in (("labels.woff2", "labels"), ("text.woff2", "text"), ("head.woff2", "headings"))
    ]
    files = FontFiles((stamped(tmp_path / "set.ttf"),), (stamped(tmp_path / "NotoSerif-Bold.ttf"),))
    book = FontBook(files, theme)
    title = names(book, book.choose("bdfgz", TITLE, "en"))
    assert title == [
        ("b", "set.ttf"),
        ("d", "head.woff2"),
        ("f", "text.woff2"),
        ("g", "labels.woff2"),
        ("z", "NotoSerif-Bold.ttf"),
    ]
    assert names(book, book.choose("d", LABEL, "en")) == [("d", "labels.woff2")]


def test_a_title_is_in_the_bold_font(tmp_path):
    fonts = {"one.ttf": make_ttf(weight=400), "two.ttf": make_ttf(weight=700, family="Two")}
    book = make_book(tmp_path, own=fonts)
    assert names(book, book.choose("a", TITLE, "en")) == [("a", "two.ttf")]
    assert names(book, book.choose("a", LABEL, "en")) == [("a", "one.ttf")]


@pytest.mark.parametrize(
    ("text", "language", "region"),
    [
        ("新闻", "zh", "SC"),
        ("新聞", "zh-TW", "TC"),
        ("新聞", "ja", "JP"),
        ("新聞の", "en", "JP"),
        ("新聞 뉴스", "en", "KR"),
    ],
)
def test_chinese_characters_have_the_forms_of_the_language(text, language, region):
    assert find_region(text, language) == region


def test_a_collection_gives_the_font_of_the_region(tmp_path):
    collection = TTCollection()
    for region in ("JP", "SC", "KR"):
        collection.fonts.append(TTFont(BytesIO(make_ttf("新闻 ", family=f"Noto Serif CJK {region}"))))
    collection.save(tmp_path / "NotoSerifCJK-Bold.ttc")
    book = FontBook(FontFiles((), (stamped(tmp_path / "NotoSerifCJK-Bold.ttc"),)))
    for language, family in (("zh", "Noto Serif CJK SC"), ("ja", "Noto Serif CJK JP"), ("ko", "Noto Serif CJK KR")):
        (run,) = book.choose("新闻", TITLE, language).runs
        assert book.face(run.font).family == family


@pytest.mark.parametrize("cluster", ["🎉", "☀\ufe0f", "1\ufe0f\u20e3", "🇩🇪"])
def test_emoji_are_searched_in_fonts_of_emoji(cluster):
    assert find_script(cluster) == "emoji"


def test_a_font_of_emoji_with_unknown_colors_is_not_used(tmp_path):
    book = make_book(tmp_path, system={"emoji.ttf": make_ttf("🎉", has_colors=True), "a.ttf": make_ttf()})
    text = book.choose("a🎉", TITLE, "en")
    assert [book.face(run.font).colors for run in text.runs] == ["", "layers"]
    face = read_faces(stamped(tmp_path / "system/emoji.ttf"))[0]
    data = bytearray((tmp_path / "system/emoji.ttf").read_bytes())
    at = data.index(b"COLR", 12)
    start = int.from_bytes(data[at + 8 : at + 12])
    data[start : start + 2] = b"\0\1"  # version 1 of COLR, which FreeType does not render for Pillow
    (tmp_path / "system/emoji.ttf").write_bytes(data)
    assert face.colors == "layers"
    assert read_faces(stamped(tmp_path / "system/emoji.ttf"))[0].colors == "other"


def test_a_letter_is_never_in_a_font_with_colors(tmp_path):
    book = make_book(tmp_path, system={"emoji.ttf": make_ttf("a🎉", has_colors=True), "z.ttf": make_ttf("a")})
    assert names(book, book.choose("a", TITLE, "en")) == [("a", "z.ttf")]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "not a TrueType"),
        (b"wOF2", "is damaged"),
        (b"\0\1\0\0", "is damaged"),
        (b"ttcf\0\1\0\0\0\0\0\5", "is damaged"),
        (b"<html>", "not a TrueType"),
        (make_ttf()[:300], "is damaged"),
    ],
    ids=["empty", "half a WOFF2", "half a font", "half a collection", "HTML", "truncated"],
)
def test_a_damaged_font_is_an_error_and_a_font_of_the_machine_is_passed_over(tmp_path, data, cause):
    (tmp_path / "a.ttf").write_bytes(data)
    with pytest.raises(ValueError, match=cause):
        read_faces(stamped(tmp_path / "a.ttf"))
    book = make_book(tmp_path, system={"NotoSerif-Bold.ttf": data, "z.ttf": make_ttf("a")})
    assert names(book, book.choose("a", TITLE, "en")) == [("a", "z.ttf")]


def test_every_byte_of_a_font_may_be_wrong(tmp_path):
    good = make_ttf("ab")
    path = tmp_path / "a.ttf"
    for at in range(0, 400):
        path.write_bytes(good[:at] + b"\xff" + good[at + 1 :])
        try:
            faces = read_faces(stamped(path))
        except ValueError:
            continue
        for face in faces:
            assert contains(face, ord("a")) in (True, False)


def test_the_fonts_of_a_string_do_not_depend_on_earlier_strings(tmp_path):
    fonts = {"NotoSerif-Bold.ttf": make_ttf(), "Greek.ttf": make_ttf("αβγ ")}
    texts = ["On cats", "α and b", "1984", "β", "What? “On” α…", "a\u0301b"]
    fresh = [make_book(tmp_path, system=fonts).choose(text, TITLE, "en") for text in texts]
    book = make_book(tmp_path, system=fonts)
    for _ in range(2):
        assert [book.choose(text, TITLE, "en") for text in texts] == fresh


@given(st.text(alphabet=st.sampled_from(LATIN + "ש🎉\u0301\u200d\u200f\t\n\ufe0fé"), max_size=30))
def test_a_card_text_is_one_line_without_characters_that_show_nothing(text):
    with tempfile.TemporaryDirectory() as folder:
        book = make_book(Path(folder), system={"NotoSerif-Bold.ttf": make_ttf()})
        chosen = book.choose(text, TITLE, "en")
    assert sum(run.length for run in chosen.runs) == len(chosen.text)
    assert not any(unicodedata.category(character) == "Cc" or character == "\u200f" for character in chosen.text)
    assert all(isinstance(run, FontRun) and run.length for run in chosen.runs)


def test_fonts_are_listed_through_links_once(tmp_path):
    (tmp_path / "fonts/deep").mkdir(parents=True)
    (tmp_path / "fonts/deep/a.TTF").write_bytes(b"")
    (tmp_path / "fonts/note.txt").write_bytes(b"")
    (tmp_path / "fonts/deep/loop").symlink_to(tmp_path / "fonts")
    found = list_fonts([str(tmp_path / "fonts"), str(tmp_path / "missing"), str(tmp_path / "fonts/deep")])
    assert [Path(file.path).name for file in found] == ["a.TTF"]


def test_fonts_of_the_machine_are_not_listed_if_the_setting_says_so(tmp_path):
    (tmp_path / "a.ttf").write_bytes(make_ttf())
    folders = [str(tmp_path)]
    assert len(find_font_files(tmp_path, Cards(), folders).system) == 1
    assert find_font_files(tmp_path, Cards(system_fonts=False), folders).system == ()


def test_the_fingerprint_of_fonts_changes_with_each_file_and_not_with_the_folder_of_the_site(tmp_path):
    cards = Cards(fonts=("a.ttf",))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    (tmp_path / "one/a.ttf").write_bytes(make_ttf())
    before = find_font_files(tmp_path / "one", cards, ()).digest
    (tmp_path / "one").rename(tmp_path / "three")
    assert find_font_files(tmp_path / "three", cards, ()).digest == before
    (tmp_path / "three/a.ttf").write_bytes(make_ttf("a"))
    assert find_font_files(tmp_path / "three", cards, ()).digest != before


TITLES = {
    "Latin": "How the news travelled: “gazettes”, 1790–1840",
    "Cyrillic": "Как путешествовали новости",
    "Greek": "Πώς ταξίδευαν τα νέα",
    "Arabic": "كيف سافرت الأخبار عام 1865",
    "Hebrew": "איך החדשות נסעו",
    "Devanagari": "समाचार कैसे यात्रा करते थे",
    "Chinese": "新闻如何传播:从公报到通讯",
    "Japanese": "ニュースはどう旅したか",
    "Korean": "뉴스는 어떻게 여행했는가",
    "Thai": "ข่าวเดินทางอย่างไร",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("is_serif", [True, False])
def test_every_script_has_glyphs_in_the_fonts_of_noto(title, is_serif):
    fonts = [font for font in installed_fonts() if "noto" in font.path.lower()]
    if not any("NotoSansCJK" in font.path for font in fonts) or not any("Devanagari" in font.path for font in fonts):
        pytest.skip("the fonts of Noto are not installed")
    book = FontBook(FontFiles((), tuple(fonts)))
    chosen = book.choose(title, Wanted(is_bold=True, is_serif=is_serif), "")
    assert (chosen.text, chosen.missing) == (title, "")
    style = "Serif" if is_serif else "Sans"
    first = Path(book.face(chosen.runs[0].font).file.path).name
    assert style in first or "Naskh" in first


@pytest.mark.parametrize(
    ("path", "script", "group"),
    [
        ("C:\\Windows\\Fonts\\arialbd.ttf", "", 0),
        ("/System/Library/Fonts/Supplemental/Georgia Bold.ttf", "", 0),
        ("/usr/share/fonts/NotoSans[wdth,wght].ttf", "", 0),
        ("/usr/share/fonts/NotoSansHebrew-Bold.ttf", "hebrew", 0),
        ("/usr/share/fonts/NotoSans-Bold.ttf", "hebrew", 1),
        ("/usr/share/fonts/NotoSansHebrew-Bold.ttf", "", 1),
        ("C:\\Windows\\Fonts\\seguiemj.ttf", "emoji", 0),
        ("/System/Library/Fonts/PingFang.ttc", "cjk", 0),
    ],
)
def test_the_names_of_fonts_on_each_system_are_known(path, script, group):
    assert rank_file(path, script, TITLE, "SC")[0] == group
