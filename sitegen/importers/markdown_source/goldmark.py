"""Handles the attribute lists that Goldmark, the Markdown of Hugo, reads on a line below a block."""

from collections import Counter

from sitegen.formats import lazy_regex
from sitegen.markdown.engines.fence_lines import Code, match_fence

_ITEM = r"""(?:[.#][\w:.-]++|[A-Za-z_:][\w:.-]*+=(?:"[^"]*+"|'[^']*+'|[^\s"'{}]++))"""
_ATTRIBUTES = lazy_regex.compile(rf"[ \t>]*+(\{{[ ]*+{_ITEM}(?:[ ,]++{_ITEM}|(?!))*+[ ,]*+\}})[ \t]*+")


def drop_block_attributes(text: str, dropped: Counter[str]) -> str:
    """Remove lines with an attribute list, such as `{.note}`, outside of code, and count them: no engine reads them."""
    if "{" not in text:
        return text
    code = Code()
    lines: list[str] = []
    for line in text.split("\n"):
        if not code.contains(line):
            if opened := match_fence(line):
                code.begin(opened)
            elif found := _ATTRIBUTES.fullmatch(line):
                dropped[f"attributes {found[1]}"] += 1
                continue
        lines.append(line)
    return "\n".join(lines)
