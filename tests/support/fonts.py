"""Small fonts for tests, with the metrics that a test asks for."""

from collections.abc import Mapping
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.woff2 import compress

LETTERS = " abcdefghijklmnopqrstuvwxyz"


def make_font(
    *,
    letters: str = LETTERS,
    widths: int | Mapping[str, int] = 500,
    ascent: int = 900,
    descent: int = -200,
    line_gap: int = 0,
    typo_ascent: int = 900,
    weight: int = 400,
    selection: int = 0,
    family_class: int = 0,
    serif_style: int = 2,
    axis: tuple[int, int, int] | None = None,
    is_transformed: bool = False,
    is_packed: bool = True,
    family: str = "Test",
    has_colors: bool = False,
) -> bytes:
    """Return a WOFF2 file whose letters are boxes; 1,000 units are an em. `is_transformed` is about its widths.

    It is a TrueType file if it is not packed. With colors, each letter is one red layer.
    """
    names = {
        letter: "space" if letter == " " else letter if letter.isascii() else f"u{ord(letter):04X}"
        for letter in letters
    }
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(letter): name for letter, name in names.items()})
    advances = {name: widths if isinstance(widths, int) else widths[letter] for letter, name in names.items()} | {
        ".notdef": 500
    }
    builder.setupGlyf({name: _make_box(advance) for name, advance in advances.items()})
    builder.setupHorizontalMetrics({name: (advance, 0) for name, advance in advances.items()})
    builder.setupHorizontalHeader(ascent=ascent, descent=descent, lineGap=line_gap)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=typo_ascent,
        sTypoDescender=descent,
        sTypoLineGap=line_gap,
        usWeightClass=weight,
        fsSelection=selection,
        sFamilyClass=family_class,
    )
    builder.font["OS/2"].panose.bFamilyType = 2
    builder.font["OS/2"].panose.bSerifStyle = serif_style
    builder.setupPost()
    if axis:
        builder.setupFvar([("wdth", 75, 100, 125, "Width"), ("wght", *axis, "Weight")], [])
    if has_colors:
        builder.setupCOLR({name: [(name, 0)] for name in names.values()})
        builder.setupCPAL([[(1.0, 0.0, 0.0, 1.0)]])
    written, packed = BytesIO(), BytesIO()
    builder.save(written)
    if not is_packed:
        return written.getvalue()
    written.seek(0)
    compress(written, packed, {"glyf", "loca", "hmtx"} if is_transformed else {"glyf", "loca"})
    return packed.getvalue()


def _make_box(advance: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((advance, 700))
    pen.lineTo((advance, 0))
    pen.closePath()
    return pen.glyph()
