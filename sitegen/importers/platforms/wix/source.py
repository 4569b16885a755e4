"""Reads the line below the title of a Wix post that has the source in brackets."""

BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】"}
MAX_NAME_CHARACTERS = 60
MAX_NAME_WORDS = 7


def read_source(line: str) -> str:
    """Return the name in a line such as `( NYPost )`, or "" for any other line, such as a sentence in brackets."""
    line = line.strip()
    if len(line) < 3 or BRACKETS.get(line[0]) != line[-1]:
        return ""
    name = " ".join(line[1:-1].split())
    if not 1 < len(line) - 2 <= MAX_NAME_CHARACTERS or not _is_balanced(name, line[0], line[-1]):
        return ""
    words = name.split()
    if not words or len(words) > MAX_NAME_WORDS or _is_sentence(words):
        return ""
    return name


def _is_balanced(name: str, opening: str, closing: str) -> bool:
    depth = 0
    for character in name:
        depth += (character == opening) - (character == closing)
        if depth < 0:
            return False
    return depth == 0


def _is_sentence(words: list[str]) -> bool:
    """Return whether words end like a sentence; abbreviations and names with punctuation do not count."""
    last = words[-1]
    if last.endswith((".", "!", "?", "…")) and len(words) > 1:
        return True
    return last.endswith(("?", "…")) or (last.endswith(".") and "." not in last[:-1])
