"""Threads of comments in a real browser: deep ones on a narrow phone, in both directions of writing."""

from textwrap import indent

from sitegen.comments.threads import MAX_LEVELS
from tests.support.page_checks import find_violations, load_axe
from tests.support.search_client import serve
from tests.support.sites import build, make_site

LEVELS = 10
UNBROKEN_TEXT = (
    "Donaudampfschifffahrtsgesellschaft" * 3 + " https://example.org/a/very/long/path/that/does/not/fit/anywhere/at/all"
)


def write_thread():
    for n in range(LEVELS):
        reply = f"  reply_to: blog-{n - 1}\n" if n else ""
        author = "A name that is longer than a line of a deep comment on a phone"
        code = f"\n        wider than a phone: {'x' * 90}\n" if n == LEVELS - 1 else ""
        yield f"- id: blog-{n}\n  author: {author}\n{reply}  date: 2024-01-03\n  on: Blog\n"
        yield f"  text: |\n    {UNBROKEN_TEXT}\n{code}"


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


def test_ten_levels_fit_on_the_narrowest_phone(browser, tmp_path):
    files = {"content/posts/2024-01-02-second.comments.yaml": "".join(write_thread())}
    for language in ("en", "ar"):
        root = tmp_path / language
        build(make_site(root, files, f'title = "Letters"\nlanguage = "{language}"\n'))
        with serve(root / "output") as address:
            context = browser.new_context(viewport={"width": 320, "height": 800})
            page = context.new_page()
            page.goto(f"{address}posts/second/")
            assert page.locator(".comment").count() == LEVELS
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            widths = page.locator(".comment-text").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect().width)"
            )
            assert min(widths) > 200
            load_axe(page)
            assert find_violations(page) == {}
            context.close()


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
