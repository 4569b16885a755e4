"""Threads of comments in a real browser: deep ones on a narrow phone, in both directions of writing."""

from io import BytesIO
from textwrap import indent

import pytest
from PIL import Image, ImageChops

from sitegen.comments.threads import MAX_LEVELS
from tests.support.page_checks import find_violations, load_axe
from tests.support.search_client import serve
from tests.support.sites import build, make_site
from tests.support.theme_sites import PRESETS
from tests.support.waiting import wait_for_script

LEVELS = 10
MIN_EMS = 9
"""The narrowest text of a comment, in sizes of its letters: four words of a usual length."""

LANGUAGES = {
    "en": ("A sentence that a reader wrote, long enough to have lines.", "Donaudampfschifffahrtsgesellschaft" * 2),
    "ar": ("هذه جملة كتبها قارئ، وهي طويلة بما يكفي لتكون لها أسطر.", "والاستخدامات" * 6),
}
"""A sentence and a word of more than 60 letters of each language."""

CONTENT = {
    "word": "Donaudampfschiff" * 25,
    "emoji": "😀" * 200,
    "image": "![A](https://example.org/a.png)",
    "code": f"`{'x' * 400}`\n\n```\n{'x' * 400}\n```",
    "table": "| " + " | ".join(["column"] * 20) + " |",
    "quotation": "\n".join(f"{'>' * depth} level" for depth in range(1, 20)),
    "list": "\n".join(f"{'    ' * depth}- level" for depth in range(15)),
    "html": '<p style="width: 900px">A</p><img src="https://example.org/a.png" width="900"><script>alert(1)</script>',
}


def test_comments_of_any_content_fit_on_the_narrowest_phone_and_load_nothing(browser, tmp_path):
    comments = (
        f"- id: c-{name}\n  date: 2024-01-03\n  text: |\n{indent(text, '    ')}\n" for name, text in CONTENT.items()
    )
    files = {"content/posts/2024-01-02-second.comments.yaml": "".join(comments)}
    build(make_site(tmp_path, files))
    with serve(tmp_path / "output") as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        asked, dialogs = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{address}posts/second/")
        assert page.locator(".comment").count() == len(CONTENT)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert ([url for url in asked if not url.startswith(address)], dialogs) == ([], [])
        page.close()


def write_comment(comment_id, text, parent="", hour=0):
    reply = f"  reply_to: {parent}\n" if parent else ""
    details = "  on: Blog\n  url: https://blog.example/\n  likes: 12\n"
    return (
        f"- id: {comment_id}\n  author: A name that is longer than a line of a deep comment on a phone\n{reply}"
        f"  date: 2024-01-03T{hour:02}:00:00Z\n{details}  text: |\n{indent(text, '    ')}\n"
    )


def write_thread(sentence, word):
    """Return ten levels of replies, then a later reply to the first comment, and one that begins a thread."""
    text = f"{sentence} {word[:60]}"
    code = f"{text}\n\n    wider than a phone: {'x' * 90}"
    names = [f"blog-{n}" for n in range(LEVELS)]
    rows = [
        write_comment(name, code if n == LEVELS - 1 else text, f"blog-{n - 1}" if n else "", n)
        for n, name in enumerate(names)
    ]
    # In the order of their dates, as in a file: the thread that begins before the late reply is shown after it.
    return "".join([*rows, write_comment("blog-new", text, hour=11), write_comment("blog-late", text, "blog-0", 12)])


IN_TREE_ORDER = [*(f"blog-{n}" for n in range(LEVELS)), "blog-late", "blog-new"]
MEASURE = """all => all.map(one => {
  const { left, right, top } = one.getBoundingClientRect(), style = getComputedStyle(one);
  const text = one.querySelector(".comment-text"), size = parseFloat(getComputedStyle(text).fontSize);
  let level = 0;
  for (let parent = one.parentElement.closest(".comment"); parent; parent = parent.parentElement.closest(".comment"))
    level++;
  return {
    id: one.id.replace("theme:comment-", ""), left, right, top, level,
    leftLine: parseFloat(style.borderLeftWidth), rightLine: parseFloat(style.borderRightWidth),
    ems: text.getBoundingClientRect().width / size,
  };
})"""


@pytest.fixture(scope="module")
def threads(tmp_path_factory):
    """Serve a site with deep threads in each language, and return the URL of each post."""
    folder = tmp_path_factory.mktemp("threads")
    with serve(folder) as address:
        for language, words in LANGUAGES.items():
            files = {"content/posts/2024-01-02-second.comments.yaml": write_thread(*words)}
            config = f'title = "Letters"\nbase_url = "{address}{language}/output/"\nlanguage = "{language}"\n'
            build(make_site(folder / language, files, config))
        yield {language: f"{address}{language}/output/posts/second/" for language in LANGUAGES}


@pytest.fixture
def open_thread(browser, threads):
    contexts = []

    def open_one(language, width=360, scheme="light", fragment="", **settings):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **settings)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{threads[language]}{fragment}")
        return page

    yield open_one
    for context in contexts:
        context.close()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1200])
@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_levels_can_be_read(open_thread, language, width, scheme):
    page = open_thread(language, width, scheme, "#theme:comment-blog-4")
    assert fits(page)
    comments = page.locator(".comment").evaluate_all(MEASURE)
    assert [one["id"] for one in comments] == IN_TREE_ORDER
    assert [one["top"] for one in comments] == sorted(one["top"] for one in comments)
    assert min(one["ems"] for one in comments) >= MIN_EMS
    start, line, other = ("right", "rightLine", "leftLine") if language == "ar" else ("left", "leftLine", "rightLine")
    edges = {one["level"]: one[start] for one in comments}
    assert sorted(edges) == list(range(MAX_LEVELS))
    steps = [abs(edges[level] - edges[level + 1]) for level in range(1, MAX_LEVELS - 1)]
    assert all(edge < 0 for edge in (edges[n] - edges[n + 1] for n in range(1, MAX_LEVELS - 1))) is (start == "left")
    assert min(steps) >= 8
    assert all(one[line] == (2 if one["level"] else 0) and one[other] == 0 for one in comments)
    load_axe(page)
    assert find_violations(page) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_levels_can_be_read_with_text_of_double_size(open_thread, language):
    page = open_thread(language)
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.comment-text')).fontSize)")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    texts = page.locator(".comment-text, .comment > .meta, .comments h2")
    sizes = texts.evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) > 1.5 * size
    assert fits(page)
    assert min(one["ems"] for one in page.locator(".comment").evaluate_all(MEASURE)) >= 6.5
    outside = """all => all.map(one => one.getBoundingClientRect())
      .filter(({ left, right }) => left < 0 || right > innerWidth).length"""
    assert page.locator(".comment-text *, .comment > .meta *, .comments h2").evaluate_all(outside) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_focus_ring_of_each_link_of_a_comment_can_be_seen_on_all_sides(open_thread, language):
    page = open_thread(language, reduced_motion="reduce")
    page.keyboard.press("Tab")  # from here on, the browser shows where the focus is
    links = page.locator("[id='theme:comment-blog-0'] > .meta a, [id='theme:comment-blog-9'] > .meta a")
    assert links.count() == 5  # two dates, two platforms, and what the deepest one answers
    for link in links.all():
        link.focus()
        box = link.bounding_box()
        clip = {"x": box["x"] - 12, "y": box["y"] - 12, "width": box["width"] + 24, "height": box["height"] + 24}
        focused = page.screenshot(clip=clip)
        link.evaluate("one => one.blur()")
        rest = page.screenshot(clip=clip)
        ring = ImageChops.difference(*(Image.open(BytesIO(data)).convert("RGB") for data in (focused, rest))).getbbox()
        sides = (12 - ring[0], 12 - ring[1], ring[2] - 12 - box["width"], ring[3] - 12 - box["height"])
        assert min(map(round, sides)) >= max(map(round, sides)) - 1, (
            f"the ring of {link.inner_text()} is cut off: {sides}"
        )


@pytest.mark.parametrize("preset", PRESETS)
def test_the_comment_of_a_link_is_in_sight(browser, tmp_path, preset):
    text = "Words. " * 200
    files = {
        "content/posts/2024-01-02-second.md": "---\ntitle: Second\n---\n"
        + "".join(f"\n## {name}\n\n{text}\n" for name in "ABC"),
        "content/posts/2024-01-02-second.comments.yaml": write_thread(*LANGUAGES["en"]),
    }
    config = f'title = "Letters"\n[theme]\npreset = "{preset}"\nannouncement = {{text = "New"}}\n'
    build(make_site(tmp_path, files, config))
    in_sight = """one => {
      const { left, top, bottom, width } = one.querySelector(".meta").getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && one.contains(document.elementFromPoint(left + width / 2, top + 2));
    }"""
    with serve(tmp_path / "output") as address:
        for width, scheme in ((360, "light"), (1200, "dark")):
            for motion in ("reduce", "no-preference"):
                size = {"width": width, "height": 800}
                page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion=motion)
                page.goto(f"{address}posts/second/#theme:comment-blog-5")
                target = page.locator("[id='theme:comment-blog-5']")
                assert target.evaluate("one => one.matches(':target')")
                wait_for_script(page, f"({in_sight})(document.querySelector(':target'))")
                if motion == "reduce":
                    load_axe(page)
                    assert find_violations(page) == {}
                # A click on the name of the comment that another one answers leads to it in the same way.
                page.locator("[id='theme:comment-blog-9'] a", has_text="In reply to").click()
                wait_for_script(page, f"({in_sight})(document.getElementById('theme:comment-blog-8'))")
                page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_gets_nested_lists_of_names_dates_and_texts(open_thread, language):
    page = open_thread(language)
    tree = page.locator(".comments").aria_snapshot()
    assert "·" not in tree
    nested = page.locator(".thread").evaluate_all("all => all.flatMap(one => [one, ...one.querySelectorAll('ol')])")
    assert len(nested) == MAX_LEVELS
    # With `none`, it would not be a list for screen readers in Safari.
    markers = page.locator(".thread, .thread ol").evaluate_all(
        "all => all.map(one => getComputedStyle(one).listStyleType)"
    )
    assert set(markers) == {'""'}
    lines = [line for line in tree.splitlines() if line.lstrip().startswith(("- list:", "- listitem:", "- link "))]
    depth = (lines[0].index("-"), max(line.index("-") for line in lines if "- list:" in line))
    assert depth[1] - depth[0] == 4 * (MAX_LEVELS - 1)
    dates = page.locator(".comment > .meta time")
    day = dates.first.inner_text()
    assert page.get_by_role("link", name=day, exact=True).count() == dates.count() == len(IN_TREE_ORDER)


def test_nothing_moves_for_readers_who_asked_for_less_motion(open_thread):
    for motion, behavior in (("reduce", "auto"), ("no-preference", "smooth")):
        page = open_thread("en", reduced_motion=motion)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behavior
        moving = """[...document.querySelectorAll(".comments, .comments *")].filter((one) => {
          const { animationName, transitionDuration } = getComputedStyle(one);
          return animationName !== "none" || transitionDuration !== "0s";
        }).length"""
        assert page.evaluate(moving) == 0


def test_the_comment_of_a_link_is_marked_in_the_colours_of_the_user(open_thread):
    marks = []
    for fragment in ("", "#theme:comment-blog-4"):
        page = open_thread("en", 1200, fragment=fragment, forced_colors="active", reduced_motion="reduce")
        line = page.locator("[id='theme:comment-blog-4'] > .meta")
        line.scroll_into_view_if_needed()
        box = line.bounding_box()
        clip = {"x": box["x"] - 4, "y": box["y"] - 4, "width": box["width"] + 8, "height": box["height"] + 8}
        marks.append(Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB"))
    assert len(marks[0].crop((0, 1, 60, 4)).getcolors()) == 1
    assert len(marks[1].crop((0, 1, 60, 4)).getcolors()) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thread_can_be_printed(open_thread, language):
    page = open_thread(language, 643, "dark", "#theme:comment-blog-4")  # A4 without its margins
    page.emulate_media(media="print")
    assert fits(page)
    comments = page.locator(".comment").evaluate_all(MEASURE)
    assert [one["id"] for one in comments] == IN_TREE_ORDER
    assert min(one["ems"] for one in comments) >= MIN_EMS
    texts = page.locator(".comment-text").evaluate_all("all => all.map(one => getComputedStyle(one).color)")
    assert set(texts) == {"rgb(0, 0, 0)"}
    meta = page.locator(".comment > .meta")
    assert set(meta.evaluate_all("all => all.map(one => getComputedStyle(one).breakAfter)")) == {"avoid"}


def test_links_to_names_of_any_length_are_large_enough_for_a_finger(browser, tmp_path):
    lengths = range(4, 64, 2)
    rows = [
        f"- id: blog-{n:02}\n  author: {'i' * length}\n  date: 2024-01-03\n  reply_to: blog-{n - 1:02}\n  on: Blog\n"
        "  url: https://blog.example/\n  text: Hello\n"
        for n, length in enumerate(lengths)
    ]
    files = {"content/posts/2024-01-02-second.comments.yaml": "".join(rows).replace("  reply_to: blog--1\n", "")}
    build(make_site(tmp_path / "site", files, 'title = "Letters"\n'))
    with serve(tmp_path / "site/output") as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(f"{address}posts/second/")
        assert page.get_by_text("In reply to i").count() == len(lengths) - MAX_LEVELS
        load_axe(page)
        assert find_violations(page) == {}
        page.close()


def test_a_name_without_spaces_starts_on_the_first_line(browser, tmp_path):
    text = f"- id: a\n  author: {'Donaudampfschifffahrtsgesellschaft' * 3}\n  text: Hello\n"
    build(make_site(tmp_path / "site", {"content/posts/2024-01-02-second.comments.yaml": text}, 'title = "Letters"\n'))
    with serve(tmp_path / "site/output") as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(f"{address}posts/second/")
        above = page.evaluate(
            """() => {
              const name = document.querySelector(".comment b"), range = document.createRange();
              range.selectNodeContents(name);
              return range.getClientRects()[0].top - name.getBoundingClientRect().top;
            }"""
        )
        assert above < 10, "there is an empty line above the name"
        page.close()
