"""Rules that are ignored on a line, and imports within functions: each says why."""

import io
import re
import tokenize
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "sitegen"
SUPPRESSION = re.compile(r"#\s*(?:noqa\b|type: ignore\b)[^#]*")
EXPLAINED = re.compile(r"# noqa: [A-Z\d, ]+ - \S+|# type: ignore\[[\w, -]+\] +# \S+")


def find_unexplained(source):
    """Yield the number of each line that ignores a rule without a reason."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string) and not EXPLAINED.search(token.string):
            yield token.start[0]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_ignored_rule_has_its_reason_on_the_line(path):
    assert list(find_unexplained(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "is_explained"),
    [
        ("import x  # noqa: PLC0415 - an extra", True),
        ("x = y  # type: ignore[misc]  # the stock method's name", True),
        ("x = y  # type: ignore[override]  # noqa: N802 - the stock method's name", True),
        ('x = "# noqa: S101"', True),
        ("import x  # noqa: PLC0415", False),
        ("import x  # noqa", False),
        ("x = y  # type: ignore[misc]", False),
    ],
)
def test_a_line_without_a_reason_is_found(line, is_explained):
    assert (list(find_unexplained(f"{line}\n")) == []) is is_explained
