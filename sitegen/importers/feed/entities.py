"""References of a feed's texts resolved in bulk: the library takes a call of its own for each of them."""

import re

from sitegen.formats.characters import is_xml_character

MANY = 100_000
"""With fewer references a feed is left as it is."""

_TEXT = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|(<(?:[A-Za-z]+:)?(?:content|summary|description|encoded|title)(?:\s[^<>]*)?(?<!/)>)([^<&]*&[^<]*)(?=</)",
    re.DOTALL,
)
_OTHER = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NUMBER = re.compile(rb"&#(x?)([0-9A-Fa-f]+);")
_NAMES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))


def resolve_references(data: bytes) -> bytes:
    """Return a feed in UTF-8 whose long texts say the same in CDATA sections, where it has many references.

    Texts with references that XML does not define stay as they are (XML 1.0, sections 2.7 and 4.6).
    """
    return _TEXT.sub(_resolve, data) if data.count(b"&") > MANY else data


def _resolve(match: re.Match[bytes]) -> bytes:
    tag, text = match[1], match[2]
    if tag is None or _OTHER.search(text):
        return match[0]
    if b"&#" in text:
        if not all(is_xml_character(_number(*found)) for found in _NUMBER.findall(text)):
            return match[0]
        text = _NUMBER.sub(lambda found: chr(_number(found[1], found[2])).encode(), text)
    for name, character in _NAMES:  # that of the ampersand last, or what it begins would be resolved as well
        text = text.replace(name, character)
    return tag + b"<![CDATA[" + text.replace(b"]]>", b"]]]]><![CDATA[>") + b"]]>"


def _number(hexadecimal: bytes, digits: bytes) -> int:
    return int(digits, 16 if hexadecimal else 10)
