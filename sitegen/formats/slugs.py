"""Create slugs from strings, and validate slugs and paths that users write."""

import re
from functools import lru_cache
from unicodedata import category, combining, normalize

from sitegen.formats import lazy_regex

PART_BYTES = 100
"""The maximum length of a part of a path: file systems allow 255 bytes, to which editors and archives add some."""

PATH_BYTES = 240
"""The maximum length of a path below the output folder: Windows allows 260 characters including the folder."""

RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³")])
"""Names that Windows reserves for devices, with any extension."""

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_APOSTROPHES = str.maketrans("", "", "'’")
_GAPS = re.compile(r"[^a-z0-9]+")
_PLUSES = re.compile(r"(?<=[^\W_])\+\+(?![\w+])")
_SHARP = re.compile(r"(?<=[^\W_])#(?![\w#])")
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_SPECIAL = re.compile(r"#|%(?=[0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")

# Invisible letters and marks: slugs that differ only by them would be indistinguishable.
_UNSEEN = lazy_regex.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


@lru_cache(maxsize=65_536)
def slugify(text: str, *, split_apostrophes: bool = False) -> str:
    """Return a string as a name for URLs: lower case words of letters and digits, joined by hyphens.

    Letters, digits and combining marks of every script stay, in Unicode form NFC. Apostrophes are dropped ("it's"
    becomes "its"), or with `split_apostrophes` part words ("it-s"); "C++" becomes "cplusplus" and "C#" "csharp". At
    most 100 bytes of UTF-8, cut between words where that keeps half; never a name that Windows reserves. Empty
    only if the text has no letter or digit.
    """
    text = _SHARP.sub("sharp", _PLUSES.sub("plusplus", text))
    if not split_apostrophes:
        text = text.translate(_APOSTROPHES)
    slug = _GAPS.sub("-", text.lower()).strip("-") if text.isascii() else _fold(text)
    if len(slug) > PART_BYTES or not slug.isascii():
        slug = _cut(slug)
    return f"{slug}-1" if slug in RESERVED else slug


def name_slug(name: str) -> str:
    """Return the slug of a tag, an author or a source: `slugify`, or its code points if it has no letter or digit.

    "🚀" becomes "u1f680". Code points are used and not the names of the Unicode database, because older versions
    of Python do not know newer emoji, and because "🚀" and "rocket" are two tags. Empty only if nothing of the name
    can be seen.
    """
    slug = slugify(name)
    if slug:
        return slug
    seen = [character for character in normalize("NFC", name) if category(character)[0] not in "CMZ"]
    return _cut("-".join(f"u{ord(character):x}" for character in seen))


WELL_KNOWN = ".well-known"
"""The one hidden folder that is public (RFC 8615)."""


def check_slug(text: str) -> str:
    """Return a valid slug in Unicode form NFC.

    Raises ValueError, whose text says what is wrong, for what cannot be one part of a path
    everywhere: separators, control characters, `..`, hidden and reserved names, more than 100 bytes.
    """
    if "/" in text:
        raise ValueError(f'the slug "{text}" has a slash, but it is one part of a URL')
    slug = normalize("NFC", text.strip())
    if not _PLAIN.fullmatch(slug) or len(slug) > PART_BYTES or slug in RESERVED:
        _check_part(slug, "slug")
        if slug.startswith("."):
            raise ValueError(f'the slug "{text}" begins with a dot: hosts do not serve hidden folders')
    return slug


def write_path(path: str) -> str:
    """Return a path that `check_path` has returned in a form that it reads again: `/tags/c%23/` for `/tags/c#/`."""
    return _SPECIAL.sub(lambda match: f"%{ord(match[0]):02X}", path)


def check_path(text: str) -> str:
    """Return a valid path below the base URL: NFC, decoded, with one slash in front.

    Raises ValueError, whose text says what is wrong, for other sites' URLs, queries, `..`, hidden
    parts, and parts that some file system refuses.
    """
    if "://" in text or text.startswith("//"):
        raise ValueError(f'"{text}" is the URL of a site, not a path on this one')
    if "?" in text or "#" in text:
        raise ValueError(f'"{text}" has a query or a fragment, for which no file can be made')
    path = text.strip()
    if _ESCAPED.search(path):
        from urllib.parse import unquote  # noqa: PLC0415 - few paths are written in their encoded form

        try:
            path = unquote(path, errors="strict")
        except UnicodeDecodeError:
            raise ValueError(f'"{text}" is percent-encoded, but not as UTF-8') from None
    path = normalize("NFC", path).removeprefix("/")
    for part in path.removesuffix("/").split("/") if path else ():
        _check_part(part, "path")
        if part.startswith(".") and part != WELL_KNOWN:
            raise ValueError(f'the path "{text}" has the hidden part "{part}", which hosts do not serve')
    if len(f"{path}/index.html".encode("utf-8", "surrogatepass")) > PATH_BYTES:
        raise ValueError(f'the path "{text[:40]}…" is longer than {PATH_BYTES} bytes')
    return f"/{path}"


def _fold(text: str) -> str:
    text = normalize("NFC", normalize("NFC", text).replace("İ", "i").lower())
    characters: list[str] = []
    for character in _UNSEEN.sub("", text):
        unicode_category = category(character)
        if unicode_category[0] == "L" or unicode_category in ("Nd", "Nl"):
            characters.append(character)
        elif unicode_category in ("Mn", "Mc"):
            # A mark without a letter would combine with the hyphen.
            if characters and characters[-1] != "-":
                characters.append(character)
        elif unicode_category == "No":
            characters += [c for c in normalize("NFKD", character).lower() if category(c) in ("Nd", "Ll", "Lo")]
        elif unicode_category == "Cf" and character not in "\u200b\u200c":
            # Joiners, soft hyphens and direction marks are inside of words.
            continue
        elif character == "\u200c" and characters and combining(characters[-1]) == 9:
            # After a virama, the non-joiner only selects a form; between Persian letters it separates words.
            continue
        elif characters and characters[-1] != "-":
            characters.append("-")
    return normalize("NFC", "".join(characters)).strip("-")


def _cut(slug: str) -> str:
    data = slug.encode("utf-8", "surrogatepass")
    if len(data) <= PART_BYTES:
        return slug
    short = data[:PART_BYTES].decode("utf-8", "ignore")
    following = slug[len(short)]
    if following == "-":
        return short
    word = short.rfind("-")
    if word >= len(short) // 2:
        return short[:word]
    if category(following)[0] == "M":
        bare = len(short)
        while bare and category(short[bare - 1])[0] == "M":
            bare -= 1
        short = short[: bare - 1] if bare > 1 else short
    return short.strip("-")


def _check_part(part: str, noun: str) -> None:
    if not part:
        raise ValueError(f"the {noun} is empty" if noun == "slug" else "the path has an empty part")
    if part in {".", ".."}:
        raise ValueError(f'the {noun} holds "{part}", which leads to another folder')
    for character in part:
        if not character.isprintable() and character not in "\u200c\u200d":
            raise ValueError(f"the {noun} holds the character U+{ord(character):04X}, which cannot be seen")
    if match := _FORBIDDEN.search(part):
        raise ValueError(f'the {noun} "{part}" holds {match[0]!r}, which some file systems refuse')
    if part[0].isspace() or part[-1].isspace() or part[-1] == ".":
        raise ValueError(f'the {noun} "{part}" begins or ends with a space or ends with a dot, which Windows drops')
    if part.partition(".")[0].rstrip().casefold() in RESERVED:
        raise ValueError(f'the {noun} "{part}" is a name that Windows keeps for a device')
    if len(part.encode("utf-8", "surrogatepass")) > PART_BYTES:
        raise ValueError(f'the {noun} "{part[:40]}…" is longer than {PART_BYTES} bytes')
