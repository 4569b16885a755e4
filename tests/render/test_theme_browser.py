"""The theme in a real browser, under the policy `default-src 'self'`."""

import re
import time

import pytest

from tests.support.bare_sites import make_bare_site
from tests.support.demo import PAGES, build_demo
from tests.support.page_checks import find_html_errors, find_violations, load_axe
from tests.support.search_client import QuietHandler, serve
from tests.support.sites import build

SIZES = {"phone": (375, 812), "desktop": (1280, 900)}
SHIFTS = """() => {
  window.shifts = [];
  const name = (node) => (node?.outerHTML ?? node?.textContent ?? "a node that is gone").slice(0, 80);
  const moved = ({ node, previousRect: { x, y }, currentRect }) =>
    `${name(node)}: from ${x}, ${y} to ${currentRect.x}, ${currentRect.y}`;
  const note = (list) => window.shifts.push(...list.getEntries().flatMap(({ sources }) => sources.map(moved)));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
}"""


class PiecewiseHandler(QuietHandler):
    """Sends a page some tags at a time, as a slow line does, so that it is painted many times before it is whole."""

    def copyfile(self, source, outputfile):
        for piece in re.findall(rb"(?s).{1,400}[^>]*>?", source.read()):
            outputfile.write(piece)
            time.sleep(0.01)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    output = tmp_path_factory.mktemp("output")
    with serve(output) as address:
        build_demo(tmp_path_factory.mktemp("work"), output, address)
        yield address


@pytest.fixture
def open_page(browser):
    contexts = []

    def open_one(size="desktop", **settings):
        width, height = SIZES.get(size, size)
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.messages, page.asked = [], []
        page.on("console", lambda message: page.messages.append(message.text))
        page.on("pageerror", lambda error: page.messages.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize("page_type", PAGES)
def test_a_page_of_every_type_is_accessible_and_has_no_errors_or_layout_shifts(page_type, site, open_page):
    for size in SIZES:
        page = open_page(size)
        page.add_init_script(f"({SHIFTS})()")
        page.goto(site + PAGES[page_type], wait_until="load")
        assert page.messages == []
        assert [url for url in page.asked if not url.startswith(site)] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if page_type != "search":  # results come when the reader has asked for them
            assert page.evaluate("shifts") == []
        load_axe(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert find_violations(page) == {}, (size, scheme)


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory):
    output = tmp_path_factory.mktemp("output")
    with serve(output, PiecewiseHandler) as address:
        build_demo(tmp_path_factory.mktemp("work"), output, address)
        yield address


@pytest.mark.parametrize("page_type", [page_type for page_type in PAGES if page_type != "search"])
def test_a_page_has_no_layout_shifts_while_it_loads(page_type, slow_site, open_page):
    for size in SIZES:
        page = open_page(size)
        page.add_init_script(f"({SHIFTS})()")
        page.goto(slow_site + PAGES[page_type], wait_until="load")
        assert page.evaluate("shifts") == [], size


def test_every_page_is_valid_html(tmp_path):
    assert find_html_errors(build_demo(tmp_path / "work", tmp_path / "output", "https://archive.example.com/")) == []


def test_nothing_is_cut_off_on_the_narrowest_screen_or_at_twice_the_size(site, open_page):
    page = open_page((320, 600))
    for page_type, address in PAGES.items():
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page_type
    page = open_page((640, 400))  # what 200 % zoom leaves of a screen of 1280 by 800
    for page_type in ("home", "post", "archive", "figures", "search", "Persian post"):
        page.goto(site + PAGES[page_type])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page_type


WIDE_SITES = ("right to left", "without spaces", "wide content", "only a page")


@pytest.mark.parametrize("name", ["one post", "empty", "no pages but posts", "long word", "long title", *WIDE_SITES])
def test_no_page_of_a_bare_site_overflows_sideways(name, open_page, tmp_path):
    build(make_bare_site(tmp_path, name))
    output = tmp_path / "output"
    addresses = sorted(
        file.relative_to(output).as_posix().removesuffix("index.html") for file in output.rglob("*.html")
    )
    with serve(output) as address:
        page = open_page()
        for url in addresses:
            page.goto(address + url)
            for width in (320, 390, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (url, width)


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_switch_turns_to_dark_and_the_choice_stays(site, open_page):
    page = open_page(color_scheme="light")
    page.goto(site)
    light = background(page)
    switch = page.get_by_role("button", name="Dark theme")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    dark = background(page)
    assert dark != light
    page.goto(site + PAGES["post"])
    assert background(page) == dark
    page.get_by_role("button", name="Dark theme").click()
    assert background(page) == light
    assert page.evaluate("localStorage.length") == 0  # what the system asks for needs no keeping


def test_the_colour_scheme_is_set_before_the_first_paint(site, open_page):
    page = open_page(color_scheme="light")
    page.goto(site)
    page.get_by_role("button", name="Dark theme").click()
    page.add_init_script(
        "new PerformanceObserver(() => (window.first ??= document.documentElement.dataset.theme))"
        ".observe({ type: 'paint', buffered: true })"
    )
    page.goto(site + PAGES["archive"])
    page.wait_for_function("() => window.first")
    assert page.evaluate("first") == "dark"


def test_a_reader_whose_system_is_dark_gets_dark_pages_without_any_script(site, open_page):
    page = open_page(color_scheme="dark", java_script_enabled=False)
    page.goto(site)
    assert page.get_by_role("button", name="Dark theme").count() == 0  # hidden: it could do nothing
    assert "rgb(22, 21, 19)" in page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


def test_the_keyboard_reaches_the_text_first(site, open_page):
    page = open_page()
    page.goto(site + PAGES["post"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('theme:main').contains(document.activeElement)")


def test_every_stop_of_the_keyboard_shows_where_it_is(site, open_page):
    page = open_page()
    page.goto(site + PAGES["post"])
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(({ outlineStyle, outlineWidth }) => [document.activeElement.tagName, outlineStyle, outlineWidth])"
            "(getComputedStyle(document.activeElement))"
        )
        if seen[0] == "BODY":
            break
        assert seen[1:] == ["solid", "3px"], page.evaluate("document.activeElement.outerHTML")


def test_print_leaves_the_ways_around_out_and_writes_links_out(site, open_page):
    page = open_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(site + PAGES["post with code and a source"])
    for name in ("masthead-nav", "subscribe", "neighbours", "related", "share"):
        assert page.locator(f".{name}").evaluate("element => getComputedStyle(element).display") == "none", name
    assert page.get_by_role("heading", level=1).is_visible()
    assert background(page) == "rgb(255, 255, 255)"
    page.goto(site + PAGES["post with a table"])
    added = page.evaluate(
        "(() => { const link = document.createElement('a'); link.href = 'https://example.com/a';"
        "document.querySelector('.body').append(link); return getComputedStyle(link, '::after').content })()"
    )
    assert "https://example.com/a" in added


def test_motion_stops_for_readers_who_ask_for_that(site, open_page):
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        page = open_page(reduced_motion=wish)
        page.goto(site)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_a_persian_post_runs_from_the_right_inside_of_english_surroundings(site, open_page):
    page = open_page()
    page.goto(site + PAGES["Persian post"])
    direction = "element => getComputedStyle(element).direction"
    assert page.locator("html").get_attribute("lang") == "fa"
    assert page.locator(".body p").first.evaluate(direction) == "rtl"
    assert page.locator(".masthead").evaluate(direction) == "ltr"
    assert page.locator(".masthead").get_attribute("lang") == "en"
    contents, body = (page.locator(name).bounding_box() for name in (".contents", ".body"))
    assert contents["x"] > body["x"] + body["width"]
    names = (".neighbours", ".neighbours-older .neighbours-title", ".neighbours-newer .neighbours-title")
    ways, older, newer = (page.locator(name).bounding_box() for name in names)
    assert older["x"] + older["width"] == pytest.approx(ways["x"] + ways["width"], abs=1)
    assert newer["x"] == pytest.approx(ways["x"], abs=1)


def test_the_search_of_the_demo_finds_a_post(site, open_page):
    page = open_page("phone")
    page.goto(site + "search/")
    page.get_by_role("searchbox").fill("proust")
    page.get_by_role("link", name="Letters under the street").wait_for()
    assert page.messages == []
