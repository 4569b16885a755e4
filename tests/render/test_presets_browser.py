"""Presets and styles of lists in a browser: pairs of page and style. `tests.tools.contact_sheet --check` has all."""

import gzip

import pytest

from tests.support.page_checks import find_html_errors, find_violations, load_axe
from tests.support.search_client import serve
from tests.support.sites import build
from tests.support.theme_sites import STYLES, make_theme_site
from tests.tools.contact_sheet import MAX_CSS_BYTES, SCHEMES, WIDTHS, find_pages


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The output folder of a site of invented posts in each style."""
    folder = tmp_path_factory.mktemp("styles")
    made = {}
    for style in STYLES:
        root = make_theme_site(folder / style, "English", style)
        build(root)
        made[style] = root / "output"
    return made


@pytest.mark.parametrize("number", range(len(STYLES)), ids=STYLES)
def test_pages_in_each_style_are_accessible_and_fit(number, outputs, browser):
    output = outputs[STYLES[number]]
    pages = [item for item in find_pages(output).items() if item[0] != "redirect"]
    messages = []
    with serve(output) as address:
        page = browser.new_page(color_scheme=SCHEMES[number % 2], reduced_motion="reduce")
        page.on("console", lambda message: messages.append(message.text))
        for position, (page_type, path) in enumerate(pages):
            if position % 4 != number % 4:  # each page in two styles
                continue
            page.goto(address + path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page_type, width)
            page.set_viewport_size({"width": WIDTHS[position % len(WIDTHS)], "height": 900})
            load_axe(page)
            assert find_violations(page) == {}, page_type
        page.close()
    assert messages == []


def test_pages_in_all_styles_are_valid_html(outputs):
    assert find_html_errors(*outputs.values()) == []


@pytest.mark.parametrize("style", STYLES)
def test_the_style_sheets_of_a_style_are_small(style, outputs):
    sizes = [len(gzip.compress(file.read_bytes())) for file in outputs[style].rglob("*.css")]
    assert 0 < sum(sizes) <= MAX_CSS_BYTES
