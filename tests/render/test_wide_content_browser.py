"""Posts with content that is wider than a phone, in a real browser: the page never scrolls sideways.

The pages are served without a Content-Security-Policy, as by GitHub Pages: with one, attributes `style` have no effect.
"""

from functools import partial
from http.server import SimpleHTTPRequestHandler

import pytest

from tests.support.search_client import QuietHandler
from tests.support.search_client import serve as serve_with
from tests.support.sites import build, make_site


class HandlerWithoutPolicy(QuietHandler):
    """Serves files without a policy."""

    def end_headers(self) -> None:
        SimpleHTTPRequestHandler.end_headers(self)


serve = partial(serve_with, handler=HandlerWithoutPolicy)

WORDS = "word " * 80
UNBROKEN_TEXT = "Donaudampfschifffahrts" * 20
MAIL = (
    '<table width="100%"><tr><td align="center"><table width="600" style="width: 600px; min-width: 600px"><tr>'
    f'<td style="width: 600px"><img src="a.png" width="600" height="20" alt="A"><p>{WORDS}</p></td></tr></table>'
    "</td></tr></table>"
)
OVERLYING = {
    "negative-margin": '<div style="margin-left: -300px">Moved</div>',
    "negative-margins": '<div style="margin: 0 -200px"><p>Moved</p></div>',
    "negative-margin-above": '<div style="width: 300px; margin: -80px auto 0">Moved</div>',
    "negative-margin-below": '<div style="margin-bottom:-60px">Moved</div>',
    "absolute-above": '<div style="position: absolute; top: 0; left: 0; width: 100%; height: 300px">Moved</div>',
    "fixed-above": '<div style="position:fixed;inset:0">Moved</div>',
}
BODIES = {
    "width": '<div style="width: 640px">Fixed</div>',
    "min-width": '<div style="min-width: 700px">Fixed</div>',
    "nested-widths": '<div style="width: 800px"><div style="width: 700px"><p style="width: 650px">A</p></div></div>',
    "percent": '<div style="width: 150%">Fixed</div>',
    "blocks": "".join(
        f'<{name} style="width: 700px">Fixed</{name}>'
        for name in ("section", "aside", "blockquote", "pre", "address", "center", "form")
    ),
    "list": '<ul style="width: 700px"><li style="width: 600px">Fixed</li></ul>',
    "table": '<table width="600"><tr><td width="300">A</td><td width="300">B</td></tr></table>',
    "table-with-long-words": f'<div><table style="width: 900px"><tr><td>{"a" * 200}</td></tr></table></div>',
    "table-in-fieldset": "<fieldset><legend>A</legend><table width=700><tr><td>A</td></tr></table></fieldset>",
    "columns": "| " + " | ".join(["column"] * 20) + " |\n" + "|---" * 20 + "|\n" + "| value " * 20 + "|",
    "code-in-columns": f"| a | b |\n|---|---|\n| `code` | {'y' * 200} |",
    "mail": MAIL,
    "image": '<img src="a.png" width="1200" height="300" alt="A">',
    "image-style": '<img src="a.png" style="width: 900px; max-width: none; height: 90px" alt="A">',
    "image-maximum": '<img src="a.png" style="max-width: 600px" width="600" height="30" alt="A">',
    "image-float": '<p><img src="a.png" width="500" height="90" style="float: left" alt="A"> Text</p>',
    "figure": '<figure style="width: 800px"><img src="a.png" width="800" height="90" alt="A"></figure>',
    "caption": '<div class="wp-caption" style="width: 610px"><img src="a.png" width="600" height="90" alt="A"></div>',
    "frame": '<iframe width="900" height="500" src="a.html" title="A"></iframe>',
    "frame-style": '<iframe style="width: 900px; height: 500px" src="a.html" title="A"></iframe>',
    "frame-in-box": '<div style="width: 900px"><iframe width="900" height="90" src="a.html" title="A"></iframe></div>',
    "embeds": '<embed src="a.svg" width="900"><object data="a.svg" width="900"></object><canvas width="900"></canvas>',
    "media": '<video width="1280" controls></video><audio controls style="width: 800px" src="a.mp3"></audio>',
    "drawing": '<svg width="900" height="50" viewBox="0 0 900 50"><rect width="900" height="50"/></svg>',
    "fields": f'<form><input size="200"><textarea cols="200"></textarea><button>{"b" * 200}</button></form>',
    "flex": '<div style="display: flex"><div style="flex: 0 0 400px">A</div><div style="flex: 0 0 400px">B</div></div>',
    "grid": '<div style="display: grid; grid-template-columns: 400px 400px"><div>A</div><div>B</div></div>',
    "unwrapped": f'<p style="white-space: nowrap">{WORDS}</p><p><nobr>{WORDS}</nobr></p>',
    "code": f"`{'x' * 500}`\n\n```\n{'x' * 500}\n```\n\n<kbd>{'k' * 300}</kbd>",
    "unbroken-text": f"{UNBROKEN_TEXT}\n\n## {UNBROKEN_TEXT}\n\n- {UNBROKEN_TEXT}\n\n<https://example.org/{'a' * 300}>",
    "scripts": "\n\n".join(("😀" * 300, "漢" * 400, "كلمة" * 100, "\u00a0".join(["word"] * 100))),
    "deep-quotation": "\n".join(f"{'>' * depth} level {depth}" for depth in range(1, 25)),
    "deep-list": "\n".join(f"{'    ' * depth}- level {depth}" for depth in range(18)),
    "details": f'<details open><summary>{UNBROKEN_TEXT}</summary><div style="width: 700px">Fixed</div></details>',
    "rule": '<hr style="width: 900px">',
    "margin": '<div style="margin-left: 500px">Moved</div>',
    "margins": '<div style="margin: 0 437px">Moved</div>',
    "margin-and-width": '<div style="width:600px;margin-right:auto;margin-left:300px">Moved</div>',
    "padding": '<div style="padding: 10px 380px">Moved</div>',
    "indent": '<p style="text-indent: 600px">Moved</p>',
    "left": '<div style="position: relative; left: 510px">Moved</div>',
    "translated": '<div style="transform: translateX(440px)">Moved</div>',
    "fixed": '<div style="position: fixed; bottom: 0; right: -300px; width: 400px">Moved</div>',
    "absolute": '<div style="position:absolute;left:900px;top:0">Moved</div>',
    **OVERLYING,
}
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
UNREACHABLE = """() => [...document.querySelectorAll(".body *")].filter((element) => {
  let box = element;
  while (box && getComputedStyle(box).overflowX !== "auto") box = box.parentElement;
  return !box && element.getBoundingClientRect().right > innerWidth + 1;
}).map((element) => element.outerHTML.slice(0, 80))"""
"""What is beyond the edge of the page, and not in a box that scrolls."""


OVERLAPS = """() => {
  const elements = [...document.querySelectorAll(".body > *")];
  const [first, box, last] = elements.map((element) => element.getBoundingClientRect());
  return box.top < first.bottom - 1 || box.bottom > last.top + 1 || box.left < -1;
}"""
"""Whether a box covers the paragraph before or after it, or begins before the left edge of the page."""


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    root = tmp_path_factory.mktemp("wide")
    files = {
        f"content/posts/{name}.md": f"---\ntitle: {name}\ndate: 2024-01-01\n---\n\nBefore.\n\n{body}\n\nAfter.\n"
        for name, body in BODIES.items()
    }
    build(make_site(root, files))
    return root / "output"


@pytest.mark.parametrize("width", [320, 390])
def test_no_content_makes_a_page_scroll_sideways_on_a_phone(width, output, browser):
    wide = {}
    with serve(output) as address:
        page = browser.new_page(viewport={"width": width, "height": 800})
        for name in BODIES:
            page.goto(f"{address}posts/{name}/")
            found = page.evaluate(UNREACHABLE)
            if found or page.evaluate(SCROLLS_SIDEWAYS):
                wide[name] = found
        page.close()
    assert wide == {}


def test_no_box_covers_other_content_on_a_phone(output, browser):
    with serve(output) as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        found = []
        for name in OVERLYING:
            page.goto(f"{address}posts/{name}/")
            found += [name] if page.evaluate(OVERLAPS) else []
        page.close()
    assert found == []


def test_small_margins_and_frames_that_fill_a_box_keep_their_form_on_a_phone(tmp_path, browser):
    frame = '<iframe style="position: absolute; inset: 0; width: 100%; height: 100%" src="a.html" title="A"></iframe>'
    text = (
        f'<div style="position: relative; height: 0; padding-bottom: 56.25%">{frame}</div>\n\n'
        '<p style="margin-left: 36pt; text-indent: -18pt" id="item">Item</p>\n\n'
        '<div style="width: 200px; margin: 0 auto" id="centred">Centred</div>\n\n'
        '<blockquote style="margin: 0 0 0 40px" id="quote">Indented</blockquote>'
    )
    build(make_site(tmp_path, {"content/posts/kept.md": f"---\ntitle: Kept\ndate: 2024-01-01\n---\n\n{text}\n"}))
    with serve(tmp_path / "output") as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(f"{address}posts/kept/")
        margin = lambda name: page.locator(f"#{name}").evaluate("box => getComputedStyle(box).marginLeft")  # noqa: E731
        assert [margin(name) for name in ("item", "quote")] == ["48px", "40px"]
        assert float(margin("centred").removesuffix("px")) > 20
        frame, box = (page.locator(name).bounding_box() for name in ("iframe", ".body > div:first-child"))
        assert frame == box
        page.close()


def test_a_table_of_many_columns_scrolls_within_the_page(output, browser):
    with serve(output) as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(f"{address}posts/columns/")
        assert page.locator(".table").evaluate("box => box.scrollWidth > box.clientWidth")
        page.close()


def test_code_in_a_table_is_not_broken_between_letters(output, browser):
    with serve(output) as address:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(f"{address}posts/code-in-columns/")
        assert page.locator("td code").evaluate("code => code.getClientRects().length") == 1
        page.close()
