"""The sets of characters, compared with the productions of XML 1.0 (section 2.2) for every code point."""

import sys

from sitegen.formats.characters import (
    CONTROLS,
    FORBIDDEN,
    INVISIBLE,
    is_xml_character,
    without_controls,
    without_forbidden,
)

ALL = range(sys.maxunicode + 1)
CHAR = {9, 10, 13, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)}
DISCOURAGED = {*range(0x7F, 0x85), *range(0x86, 0xA0)}
CLEAN_CHARACTERS = CHAR - DISCOURAGED
TEXT = "".join(map(chr, ALL))


def matched(pattern):
    return {ord(character) for run in pattern.findall(TEXT) for character in run}


def test_forbidden_characters_are_those_that_xml_forbids():
    assert matched(FORBIDDEN) == set(ALL) - CHAR
    assert matched(CONTROLS) == set(ALL) - CHAR | DISCOURAGED
    assert matched(INVISIBLE) == set(ALL) - CHAR | DISCOURAGED | {0xFEFF}


def test_a_code_point_is_a_character_of_xml_as_its_production_says():
    wanted = {*CHAR}
    assert {code for code in (*range(0x11000), 0x10FFFF, 0x110000, 10**9, -1) if is_xml_character(code)} == {
        code for code in wanted if code < 0x11000 or code == 0x10FFFF
    }


def test_controls_are_removed_from_between_other_characters():
    for code in (*range(0x180), 0xC2, 0x20AC, 0xD800, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600):
        character = chr(code)
        expected = character if code in CLEAN_CHARACTERS else ""
        for before, after in (("a", "b"), ("\xa0", "\xc2"), ("\x85", "\t\n\r"), ("", "")):
            assert without_controls(before + character + after) == before + expected + after, hex(code)


def test_forbidden_characters_are_removed_from_between_other_characters():
    for code in (*range(0x180), 0xC2, 0x20AC, 0xD800, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600):
        character = chr(code)
        expected = character if code in CHAR else ""
        for before, after in (("a", "b"), ("\xa0", "\xc2"), ("\x85", "\t\n\r"), ("", "")):
            assert without_forbidden(before + character + after) == before + expected + after, hex(code)
