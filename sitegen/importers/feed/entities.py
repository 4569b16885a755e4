"""Resolves character references of a feed in bulk, since feedparser needs a function call for each of them."""

import re

from sitegen.formats.characters import is_xml_character

MIN_REFERENCES = 100_000
"""Feeds with fewer references are not changed."""

_TEXT_ELEMENT = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|(<(?:[A-Za-z]+:)?(?:content|summary|description|encoded|title)(?:\s[^<>]*)?(?<!/)>)([^<&]*&[^<]*)(?=</)",
    re.DOTALL,
)
_UNDEFINED_REFERENCE = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NUMERIC_REFERENCE = re.compile(rb"&#(x?)([0-9A-Fa-f]+);")
_PREDEFINED_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))


def resolve_references(data: bytes) -> bytes:
    """Replace element content that has references with equivalent CDATA sections, if a UTF-8 feed has many references.

    Content with references that XML does not define stays unchanged (XML 1.0, sections 2.7 and 4.6).
    """
    return _TEXT_ELEMENT.sub(_to_cdata, data) if data.count(b"&") > MIN_REFERENCES else data


def _to_cdata(match: re.Match[bytes]) -> bytes:
    tag, text = match[1], match[2]
    if tag is None or _UNDEFINED_REFERENCE.search(text):
        return match[0]
    if b"&#" in text:
        if not all(is_xml_character(_code_point(*found)) for found in _NUMERIC_REFERENCE.findall(text)):
            return match[0]
        text = _NUMERIC_REFERENCE.sub(lambda found: chr(_code_point(found[1], found[2])).encode(), text)
    for name, character in _PREDEFINED_ENTITIES:  # the ampersand last, so that `&amp;lt;` becomes `&lt;`
        text = text.replace(name, character)
    return tag + b"<![CDATA[" + text.replace(b"]]>", b"]]]]><![CDATA[>") + b"]]>"


def _code_point(hexadecimal: bytes, digits: bytes) -> int:
    return int(digits, 16 if hexadecimal else 10)
