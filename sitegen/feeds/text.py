"""Text that XML 1.0 can carry."""

import re

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All that is not a Char in XML 1.0 (section 2.2): control characters, surrogates, U+FFFE and U+FFFF."""


def legal(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids, and with its line ends as XML reads them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """Return a text as a title needs it: legal, each run of white space one space, none at the ends."""
    return " ".join(legal(text).split())
