"""The theme in a real browser, under the policy `default-src 'self'`."""

import re
import time

import pytest

from tests.support.bare_sites import make_bare_site
from tests.support.demo import PAGES, build_demo
from tests.support.page_checks import find_html_errors, find_violations, load_axe
from tests.support.search_client import QuietHandler, serve
from tests.support.sites import build, write
from tests.support.waiting import wait_for_script

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


def test_the_switch_goes_from_the_system_to_light_to_dark_and_the_choice_stays(site, open_page):
    page = open_page(color_scheme="dark")
    page.goto(site)
    dark = background(page)
    switch = page.locator("[data-theme-switch]")
    shown = []
    for _ in range(3):
        shown.append((switch.get_attribute("aria-label"), switch.get_attribute("title"), background(page) == dark))
        switch.focus()
        page.keyboard.press("Enter")
    names = ("Appearance: as the system", "Appearance: light", "Appearance: dark")
    assert shown == [(names[0], names[0], True), (names[1], names[1], False), (names[2], names[2], True)]
    assert page.evaluate("localStorage.length") == 0  # back to the system, which needs no entry
    switch.click()
    page.goto(site + PAGES["post"])
    assert background(page) != dark
    assert page.get_by_role("button", name="Appearance: light").is_visible()


def test_the_colour_scheme_is_set_before_the_first_paint(site, open_page):
    page = open_page(color_scheme="light")
    page.goto(site)
    for _ in range(2):
        page.locator("[data-theme-switch]").click()
    page.add_init_script(
        "new PerformanceObserver(() => (window.first ??= document.documentElement.dataset.theme))"
        ".observe({ type: 'paint', buffered: true })"
    )
    page.goto(site + PAGES["archive"])
    wait_for_script(page, "() => window.first")
    assert page.evaluate("first") == "dark"


def test_a_reader_whose_system_is_dark_gets_dark_pages_without_any_script(site, open_page):
    page = open_page(color_scheme="dark", java_script_enabled=False)
    page.goto(site)
    assert not page.locator("[data-theme-switch]").is_visible()  # hidden: it could do nothing
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


@pytest.mark.parametrize(("size", "folded"), [("phone", True), ("desktop", False)])
def test_contents_are_folded_on_a_phone_until_they_are_opened(size, folded, site, open_page):
    page = open_page(size, java_script_enabled=False)
    page.goto(site + PAGES["Persian post"])
    link = page.locator(".contents li a").first
    assert link.is_visible() != folded
    if folded:
        page.locator(".contents summary").focus()
        page.keyboard.press("Enter")
        link.wait_for()
    link.click()
    page.wait_for_url(re.compile("#"))


def test_a_footnote_is_shown_where_it_is_read_without_javascript(site, open_page):
    page = open_page("phone", java_script_enabled=False)
    page.goto(site + PAGES["post"])
    reference = page.locator("sup a").first
    reference.scroll_into_view_if_needed()
    before = reference.bounding_box()["y"]
    reference.click()
    note = page.locator(".footnote li:target")
    assert note.evaluate("note => getComputedStyle(note).position") == "fixed"
    box = note.bounding_box()
    assert box["y"] + box["height"] <= 812
    assert reference.bounding_box()["y"] == pytest.approx(before, abs=200)
    note.locator(".footnote-backref").first.click()
    note.wait_for(state="detached")


def test_links_of_the_navigation_are_large_enough_for_a_finger(site, open_page):
    page = open_page((390, 844), has_touch=True)
    small = (
        "selectors => [...document.querySelectorAll(selectors)].filter(link => link.checkVisibility()).filter(link =>"
        "Math.max(link.getBoundingClientRect().height, parseFloat(getComputedStyle(link, '::after').height) || 0) < 44)"
        ".map(link => link.textContent)"
    )
    for page_type in ("home", "post", "archive", "year", "most read", "404"):
        page.goto(site + PAGES[page_type])
        assert page.evaluate(small, "nav a, nav summary, .masthead-switch") == [], page_type


@pytest.mark.parametrize("size", ["phone", "desktop", (1920, 1080)])
def test_the_parts_of_a_page_begin_at_the_same_margin(size, site, open_page):
    page = open_page(size)
    for page_type in ("home", "post", "archive", "404"):
        page.goto(site + PAGES[page_type])
        parts = [page.locator(part).bounding_box() for part in (".masthead", ".languages", "main", ".foot")]
        assert len({(box["x"], box["width"]) for box in parts}) == 1, page_type


def test_each_line_of_links_at_the_foot_begins_at_the_margin(site, open_page):
    page = open_page((390, 844))
    page.goto(site)
    starts = page.evaluate(
        """() => [...document.querySelectorAll(".foot li a")].map((link) => {
          const range = document.createRange();
          range.selectNodeContents(link);
          const { x, y } = range.getBoundingClientRect();
          return [Math.round(y), x];
        })"""
    )
    lines = {}
    for y, x in starts:
        lines[y] = min(x, lines.get(y, x))
    assert len(lines) > 1
    assert len({round(x) for x in lines.values()}) == 1


@pytest.mark.parametrize("preset", ["newspaper", "magazine"])
@pytest.mark.parametrize(("width", "height"), [(900, 1400), (1600, 1000), (1500, 300)])
def test_the_image_of_the_newest_post_is_shown_whole(width, height, preset, tmp_path, open_page):
    files = {
        "sitegen.toml": f'title = "Letters"\nbase_url = "https://letters.example/"\n[theme]\npreset = "{preset}"\n',
        "content/posts/wave.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>',
        "content/posts/a.md": "---\ntitle: A\ndate: 2024-01-02\nimage: wave.svg\n---\n\nText.\n",
    }
    build(write(tmp_path, files))
    with serve(tmp_path / "output") as address:
        for size in ("phone", "desktop"):
            page = open_page(size)
            page.goto(address)
            image = page.locator(".lead-picture img")
            box, fit = image.bounding_box(), image.evaluate("image => getComputedStyle(image).objectFit")
            assert fit == "contain"
            assert box["height"] == pytest.approx(min(box["width"] * height / width, box["height"]), abs=1)
            assert box["height"] <= 0.75 * page.viewport_size["height"] + 1


NAVIGATION = {
    "de": ("Archiv", "Bundesverfassungsgerichtsentscheidungen", "Die Laterne und die Leiter am Hafen"),
    "en": ("Archive", "Letters to the editor", "The Lamp and Ladder"),
    "fa": ("بایگانی", "نامه‌هایی به سردبیر", "چراغ و نردبان"),
}
"""A short and a long title of a link, and the title of a site, in three languages."""

KEEP_LINKS = "count => document.querySelectorAll(`.masthead-nav li:nth-child(n + ${count + 1}):not(:last-child)`)" + (
    ".forEach(link => link.remove())"
)

FIND_BUTTON = """() => {
  const nav = document.querySelector(".masthead-nav ul"), box = (element) => element.getBoundingClientRect();
  const middle = (element) => Math.round((box(element).top + box(element).bottom) / 2);
  const links = [...nav.querySelectorAll("a")], button = nav.querySelector(".masthead-subscribe a");
  const isCovered = (link) => {
    const { left, right, top, bottom } = box(link);
    return !link.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  };
  const title = document.querySelector(".masthead-title"), logo = box(title.querySelector(".logo"));
  const range = new Range();
  range.selectNodeContents(title);
  range.setStartAfter(title.querySelector(".logo"));
  const isBeside = ({ left, right }) => right <= logo.left + 1 || left >= logo.right - 1;
  return {
    isBeside: [...range.getClientRects()].filter(({ width }) => width).every(isBeside),
    line: links.filter((link) => middle(link) === middle(button)).length,
    isFirst: Math.min(...links.map(middle)) === middle(button),
    covered: links.filter(isCovered).map((link) => link.textContent),
    overflow: Math.max(document.documentElement.scrollWidth, ...links.map((link) => box(link).right)) - innerWidth,
    title: box(title).width / innerWidth,
  };
}"""


@pytest.mark.parametrize(
    ("preset", "language"),
    [("newspaper", "de"), ("newspaper", "fa"), ("letter", "en"), ("magazine", "fa"), ("plain", "de")],
)
def test_the_subscribe_button_is_on_the_first_line_for_any_number_of_links(preset, language, tmp_path, open_page):
    short, long, title = NAVIGATION[language]
    page = open_page((320, 700))
    with serve(tmp_path) as address:
        titles = [long if number % 3 == 2 else short for number in range(9)]
        make_navigation_site(tmp_path, f"{address}output/", preset, language, title, titles)
        for path in ("", "posts/a/"):
            page.goto(f"{address}output/{path}")
            for count in (9, 5, 1):
                page.evaluate(KEEP_LINKS, count)
                for width in (320, 390, 768):
                    page.set_viewport_size({"width": width, "height": 700})
                    found, case = page.evaluate(FIND_BUTTON), (count, path, width)
                    assert found["covered"] == [], case
                    assert found["overflow"] <= 0, case
                    assert found["title"] > 0.2, case
                    if path:
                        assert found["isBeside"], case
                    if width < 768 or preset in ("letter", "plain"):
                        assert found["isFirst"], case
                        assert found["line"] > 1, case


def make_navigation_site(root, base_url, preset, language, title, titles):
    """Write and build a site with a logo, a form, and a link of the navigation for each title."""
    config = f"""title = "{title}"\nlanguage = "{language}"\nbase_url = "{base_url}"
[theme]\nlogo = "/logo.svg"\npreset = "{preset}"
[theme.subscribe]\naction = "https://mail.example/"\n"""
    for number, item in enumerate(titles):
        config += f'[[theme.nav]]\ntitle = "{item}"\nurl = "https://{number}.example/"\n'
    files = {
        "sitegen.toml": f'{config}[[theme.nav]]\nsection = "subscribe"\n',
        "content/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>',
        "content/posts/a.md": "---\ntitle: A post\ndate: 2024-01-02\nslug: a\n---\n\nText.\n",
    }
    build(write(root, files))


def test_the_index_of_months_is_beside_the_months_and_leads_to_them(site, open_page):
    page = open_page()
    page.goto(site + PAGES["year"])
    index, months = page.locator(".months").bounding_box(), page.locator(".year-months").bounding_box()
    assert index["x"] + index["width"] < months["x"]
    assert index["y"] == pytest.approx(months["y"], abs=30)
    link = page.locator(".months a").last
    target = page.locator(link.get_attribute("href"))
    page.set_viewport_size({"width": 1280, "height": 300})
    link.click()
    target.wait_for()
    wait_for_script(page, "id => document.querySelector(id).getBoundingClientRect().top < 300", "#m01")
    index, months = page.locator(".months").bounding_box(), page.locator(".year-months").bounding_box()
    assert months["y"] < index["y"]  # the index came along


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
    names = (".neighbours", ".neighbours-older", ".neighbours-newer")
    ways, older, newer = (page.locator(name).bounding_box() for name in names)
    assert older["x"] + older["width"] == pytest.approx(ways["x"] + ways["width"], abs=1)
    assert newer["x"] == pytest.approx(ways["x"], abs=1)


def test_the_search_of_the_demo_finds_a_post(site, open_page):
    page = open_page("phone")
    page.goto(site + "search/")
    page.get_by_role("searchbox").fill("proust")
    page.get_by_role("link", name="Letters under the street").wait_for()
    assert page.messages == []


@pytest.mark.parametrize("language", ["de", "en", "fa"])
def test_the_table_of_sources_fits_a_phone_and_breaks_no_date(language, tmp_path, open_page):
    names = ("Bundesverfassungsgerichtsentscheidungssammlung", "The Tidewater Gazette of the Northern Isles", "Fog")
    with serve(tmp_path) as address:
        files = {f"content/posts/{n}.md": SOURCED.format(name, 12 - n, n) for n, name in enumerate(names)}
        files["sitegen.toml"] = f'title = "T"\nlanguage = "{language}"\nbase_url = "{address}output/"\n'
        build(write(tmp_path, files))
        page = open_page((320, 700))
        page.goto(f"{address}output/sources/")
        for width in (320, 390, 640, 768):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.locator(".table").evaluate("table => table.scrollWidth - table.clientWidth") <= 0, width
            lines = "cells => cells.map(cell => { const range = new Range(); range.selectNodeContents(cell); "
            lines += "return new Set([...range.getClientRects()].map(({ top }) => top)).size; })"
            assert set(page.locator(".sources-table td:last-child").evaluate_all(lines)) == {1}, width


SOURCED = "---\ntitle: A post\ndate: 2023-{1}-28\nslug: post-{2}\nsource: {0}\nviews: 12345678\n---\n\nText.\n"


def test_the_years_beside_the_weeks_are_not_covered_by_cells(site, open_page):
    page = open_page((320, 600))
    page.goto(site + PAGES["figures"])
    chart = page.locator(".chart:has(.level-4):has(.empty)")
    ends = chart.locator("text").evaluate_all("labels => labels.map(label => label.getBoundingClientRect().right)")
    starts = chart.locator("rect").evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().left)")
    assert max(ends) < min(starts)


def test_no_line_breaks_within_a_word_of_a_title_on_a_phone(tmp_path, open_page):
    word = "Leuchtturmwärterin,"
    post = SOURCED.format("Fog", 12, 1).replace("A post", f"Die {word} die Zugvögel zählte")
    with serve(tmp_path) as address:
        config = f'title = "T"\nlanguage = "de"\nbase_url = "{address}output/"\n[theme]\npreset = "magazine"\n'
        build(write(tmp_path, {"sitegen.toml": config, "content/posts/1.md": post}))
        page = open_page((320, 700))
        lines = "(title, word) => { const text = document.createTreeWalker(title, 4).nextNode(), range = new Range(); "
        lines += (
            "range.setStart(text, text.data.indexOf(word)); range.setEnd(text, text.data.indexOf(word) + word.length); "
        )
        lines += "return range.getClientRects().length; }"
        for path, selector in (("", ".lead-title"), ("posts/post-1/", "h1")):
            page.goto(f"{address}output/{path}")
            for width in (320, 390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 700})
                assert page.locator(selector).evaluate(lines, word) == 1, (path, width)


def test_all_months_of_a_year_fit_a_phone(tmp_path, open_page):
    posts = {f"content/posts/p{n}.md": f"---\ntitle: P\ndate: 2024-{n:02}-01\n---\n\nText.\n" for n in range(1, 13)}
    with serve(tmp_path) as address:
        build(write(tmp_path, posts | {"sitegen.toml": f'title = "T"\nbase_url = "{address}output/"\n'}))
        page = open_page((360, 800))
        page.goto(f"{address}output/archive/")
        table = page.locator(".calendar .table")
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
        assert table.evaluate("box => box.getBoundingClientRect().right < document.documentElement.clientWidth")
        months = page.locator(".calendar td a").evaluate_all("all => all.map(a => a.getBoundingClientRect().width)")
        assert len(months) == 12
        assert min(months) >= 24, "a target of a finger: WCAG 2.5.8"


CHARACTERS_LEFT = """name => [0, 1].map((start) => {
  const range = document.createRange();
  range.setStart(name.firstChild, start);
  range.setEnd(name.firstChild, start + 1);
  return range.getBoundingClientRect().left;
})"""


@pytest.mark.parametrize(("path", "names"), [("tags/", ".tally a"), ("posts/a/", ".chips [rel=tag]")])
def test_a_name_from_left_to_right_is_not_reversed_in_a_page_from_right_to_left(path, names, tmp_path, open_page):
    post = "---\ntitle: أ\ndate: 2024-01-01\nslug: a\ntags: [C++]\n---\n\nنص.\n"
    with serve(tmp_path) as address:
        config = f'title = "T"\nlanguage = "ar"\nbase_url = "{address}output/"\n'
        build(write(tmp_path, {"sitegen.toml": config, "content/posts/a.md": post}))
        page = open_page()
        page.goto(f"{address}output/{path}")
        letter, plus = page.locator(names, has_text="C++").first.evaluate(CHARACTERS_LEFT)
        assert letter < plus
