"""Reads the line below a Wix post's title that names its source in brackets."""

BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】"}
LONGEST = 60
MOST_WORDS = 7


def read_source(line: str) -> str:
    """Return the name in a line such as `( NYPost )`, "" for any other line: a whole sentence is a remark."""
    line = line.strip()
    if len(line) < 3 or BRACKETS.get(line[0]) != line[-1]:
        return ""
    name = " ".join(line[1:-1].split())
    if not 1 < len(line) - 2 <= LONGEST or not _is_balanced(name, line[0], line[-1]):
        return ""
    words = name.split()
    if not words or len(words) > MOST_WORDS or _is_sentence(words):
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
    """Return whether words end as a sentence does: an abbreviation and a name with a mark of its own do not."""
    last = words[-1]
    if last.endswith((".", "!", "?", "…")) and len(words) > 1:
        return True
    return last.endswith(("?", "…")) or (last.endswith(".") and "." not in last[:-1])
