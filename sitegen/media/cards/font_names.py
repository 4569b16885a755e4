"""Which font files to try first for a character, by their names: reading all fonts of a machine takes too long."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

GENERAL = {
    True: (
        "notoserif", "georgia", "charter", "dejavuserif", "liberationserif", "timesnewroman", "times", "tinos",
        "freeserif",
    ),
    False: (
        "notosans", "roboto", "inter", "segoeui", "helveticaneue", "helvetica", "arial", "dejavusans",
        "liberationsans", "ubuntu", "cantarell", "freesans", "arialunicode",
    ),
}  # fmt: skip
"""The names of fonts for Latin, Greek and Cyrillic, with serifs and without, the preferred ones first."""

SCRIPT_NAMES: Mapping[str, tuple[str, ...]] = {
    "arabic": ("arabic", "naskh", "geeza", "vazir", "amiri", "damascus"),
    "bengali": ("bengali", "bangla", "nirmala", "vrinda", "lohit"),
    "cjk": (
        "cjk", "sourcehan", "pingfang", "hiragino", "songti", "heiti", "applesdgothic", "msyh", "msjh", "simsun",
        "meiryo", "yugoth", "malgun", "nanum", "wqy", "droidsansfallback", "ipag", "notosanssc", "notosanstc",
        "notosansjp", "notosanskr", "notoserifsc", "notoseriftc", "notoserifjp", "notoserifkr",
    ),
    "devanagari": ("devanagari", "kohinoor", "nirmala", "mangal", "lohit"),
    "emoji": ("emoji", "emj"),
    "hebrew": ("hebrew", "arialhb", "heebo", "david"),
    "thai": ("thai", "thonburi", "leelaw", "ayuthaya"),
}  # fmt: skip
"""Parts of the names of fonts for a script. Other scripts are in the names of their fonts under their Unicode name."""

_EAST_ASIAN = frozenset(("cjk", "hiragana", "katakana", "hangul", "ideographic", "bopomofo", "fullwidth", "halfwidth"))
_GENERAL_SCRIPTS = frozenset(("latin", "greek", "cyrillic"))
_REGIONS = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "zh-mo": "HK"}
_SERIF = re.compile("serif|naskh|song|mincho|times|georgia|charter|tinos|roman")
_SANS_SERIF = re.compile("sansserif")
_UNUSUAL = re.compile(
    "italic|oblique|condensed|narrow|light|thin|black|heavy|medium|mono|display|caption|courier|symbol|music|math|unjoined"
    "|looped|rashi|kufi|nastaliq|ornament"
)
_BOLD = re.compile("bold|wght|variable|-vf$")
"""Names of fonts that are bold, or can be."""

_WINDOWS_NAMES = {
    "arialbd": "arial-bold",
    "georgiab": "georgia-bold",
    "malgunbd": "malgun-bold",
    "meiryob": "meiryo-bold",
    "msyhbd": "msyh-bold",
    "nirmalab": "nirmala-bold",
    "segoeuib": "segoeui-bold",
    "timesbd": "times-bold",
}
_STYLE_START = re.compile(r"[-\[ ]")


class Wanted(Struct, frozen=True):
    """What a font should be: bold or not, with serifs or not."""

    is_bold: bool
    is_serif: bool


@lru_cache(maxsize=4096)
def find_script(cluster: str) -> str:
    """Return the script that decides about the font of a character: "cjk", "emoji", "hebrew", ...

    It is "" for Latin, Greek and Cyrillic, and "neutral" for what any script uses, such as digits and punctuation.
    """
    if "\ufe0f" in cluster or "\u20e3" in cluster or (ord(cluster[0]) >= 0x1F000 and ord(cluster[0]) < 0x20000):
        return "emoji"
    first = unicodedata.name(cluster[0], "").split(" ")[0].partition("-")[0].lower()
    if first in _EAST_ASIAN:
        return "cjk"
    if unicodedata.category(cluster[0])[0] not in "LM":
        return "neutral"
    return "" if first in _GENERAL_SCRIPTS else first


def find_region(text: str, language: str) -> str:
    """Return the region whose forms of Chinese characters a string has: JP, KR, SC, TC or HK."""
    language = language.lower()
    for length in (language, language.partition("-")[0]):
        if length in _REGIONS:
            return _REGIONS[length]
    names = {unicodedata.name(character, "").split(" ")[0] for character in text if character >= "\u1100"}
    return "JP" if names & {"HIRAGANA", "KATAKANA"} else "KR" if "HANGUL" in names else "SC"


def rank_file(path: str, script: str, wanted: Wanted, region: str) -> tuple[object, ...]:
    """Return the rank of a font file for a script: the least is tried first."""
    name = path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].lower().replace("_", "")
    name = _WINDOWS_NAMES.get(name, name)
    family = _STYLE_START.split(name, maxsplit=1)[0]
    general = GENERAL[wanted.is_serif]
    is_general = family in general or family in GENERAL[not wanted.is_serif]
    if script in ("", "neutral"):
        group = int(not is_general)
    else:
        is_named = any(part in name for part in SCRIPT_NAMES.get(script, (script,)))
        group = 0 if is_named else 2 - is_general
    is_serif = bool(_SERIF.search(_SANS_SERIF.sub("", name)))
    is_right_weight = bool(_BOLD.search(name)) if wanted.is_bold else "bold" not in name
    order = next((number for number, known in enumerate(general) if family.startswith(known)), len(general))
    is_regional = "cjk" in name or family.endswith(region.lower())
    return (
        group,
        script == "cjk" and not is_regional,
        bool(_UNUSUAL.search(name)),
        is_serif != wanted.is_serif,
        not is_right_weight,
        order,
        name,
        path,
    )
