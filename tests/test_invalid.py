"""Broken sites, each a text file in `invalid/` with the site's files and the exact message that it must give."""

import os
import re
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from tests.support.sites import build, tree

CASES = sorted((Path(__file__).parent / "invalid").glob("*.txt"))
PART = re.compile(r"^=== (.+?)( \(latin-1\))?\n", re.MULTILINE)


def parts_of(case: Path) -> dict[str, bytes]:
    """Return the files of a case by path, and the expected message under `expected`."""
    text = case.read_bytes().decode()
    marks = list(PART.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {
        mark[1]: text[mark.end() : end].encode("latin-1" if mark[2] else "utf-8")
        for mark, end in zip(marks, ends, strict=True)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_broken_site_says_what_is_wrong(case, tmp_path):
    files = parts_of(case)
    expected = files.pop("expected").decode().rstrip("\n")
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    before = tree(tmp_path / "output") if (tmp_path / "output").is_dir() else None
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    message = str(caught.value).replace(str(tmp_path), "SITE")
    if os.environ.get("SITEGEN_RECORD"):
        case.write_bytes(
            case.read_bytes().partition(b"=== expected\n")[0] + b"=== expected\n" + message.encode() + b"\n"
        )
        expected = message
    assert message == expected
    assert before is None or tree(tmp_path / "output") == before


def test_there_are_enough_broken_sites():
    assert len(CASES) >= 30
