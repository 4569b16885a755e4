from collections import Counter

import pytest

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.convert import html_tree
from sitegen.importers.convert.html_tree import parse


@pytest.mark.parametrize("unit", ["<div>", "<PRE class='a'>", "<ul><li>", "<section>\n<blockquote>"])
def test_deeply_nested_blocks_are_refused_before_sanitising(unit, monkeypatch):
    monkeypatch.setattr(html_tree, "_cleaner", None)
    with pytest.raises(UnreadableError, match="nested more than 150 deep"):
        parse(unit * 1100, Counter())


@pytest.mark.parametrize(
    "unit", ["<div>a</div>", "<p>a", "<li>a", "<section><div></section>", "<br>", "<divider>", "</div>"]
)
def test_many_sibling_elements_are_read(unit):
    assert parse(unit * 3000, Counter()) is not None
