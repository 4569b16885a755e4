"""Text that XML 1.0 allows."""

import re

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids or discourages (section 2.2)."""


def without_controls(text: str) -> str:
    """Return a string without the characters that XML forbids."""
    return CONTROLS.sub("", text)
