"""Parse the XML of comment exports, also if it is damaged."""

from lxml import etree

from sitegen.importers.archive.archive import UnreadableError

_BROKEN = frozenset((
    "ERR_ATTRIBUTE_NOT_FINISHED", "ERR_CDATA_NOT_FINISHED", "ERR_COMMENT_NOT_FINISHED", "ERR_DOCUMENT_END",
    "ERR_GT_REQUIRED", "ERR_LTSLASH_REQUIRED", "ERR_LT_REQUIRED", "ERR_TAG_NAME_MISMATCH", "ERR_TAG_NOT_FINISHED",
))  # fmt: skip
"""The errors after which elements can be missing; others, such as unknown entities, lose nothing else."""

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
"""The bytes that XML forbids, at which the parser ends a CDATA section; comments contain them."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_at(element: etree._Element, path: str) -> str:
    """Return the text of the first element at a path, without spaces at its ends; "" if there is none."""
    return (element.findtext(path) or "").strip()


def parse_xml(data: bytes) -> tuple[etree._Element, str]:
    """Return the root element, and what is damaged, or "".

    Entities are not expanded, and nothing else is loaded. Raises UnreadableError if it is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, recover=True)
    root = etree.fromstring(data if data.startswith(_UTF_16) else data.translate(None, _CONTROLS), parser)
    if root is None:
        raise UnreadableError("it is not XML")
    line = next((error.line for error in parser.error_log if error.type_name in _BROKEN), 0)
    return root, f"the file is damaged on line {line}: comments may be missing" if line else ""
