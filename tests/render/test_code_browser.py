"""Blocks of code, tabs and the sidebar in a real browser, with and without JavaScript."""

import pytest

from tests.support.programs import require_node_file
from tests.support.search_client import serve
from tests.support.sites import build, make_site
from tests.support.waiting import wait_for_script

TEXT = """\
---
order: 1
---
# Install

!!! warning "Mind the gap"
    Read [about](../about.md) first.

> [!TIP]
> Take your time.

=== "Linux"

    ```sh title="install.sh"
    apt install python3
    ```

=== "macOS"

    ```sh
    brew install python
    ```

## A

## B

## C
"""
FILES = {
    "content/pages/guides/index.md": "---\norder: 1\n---\n# Guides\n\nAll of them.\n",
    "content/pages/guides/install.md": TEXT,
    "content/pages/guides/other.md": "# Other\n\nNo code.\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    (root / "output").mkdir()
    with serve(root / "output") as address:
        build(make_site(root, FILES, f'title = "Letters"\nbase_url = "{address}"\n'))
        yield address


@pytest.fixture
def open_page(browser):
    contexts = []

    def open_one(url, width=1280, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.messages = []
        page.on("console", lambda message: page.messages.append(message.text))
        page.on("pageerror", lambda error: page.messages.append(str(error)))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()


def test_the_button_copies_the_code_that_is_shown(site, open_page):
    page = open_page(f"{site}guides/install/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy code").first.focus()
    page.keyboard.press("Enter")
    # Together: both go back to what they were after two seconds.
    texts = "[...document.querySelectorAll('[role=status], .code-copy')].map(({ textContent }) => textContent)"
    wait_for_script(page, f"{texts}.filter((text) => text === 'Copied').length === 2")
    assert page.evaluate("navigator.clipboard.readText()") == "apt install python3"
    assert page.messages == []


def test_the_copy_button_is_within_the_bar_of_the_title(site, open_page):
    page = open_page(f"{site}guides/install/")
    bar, button = (page.locator(f"figure.code {part}").bounding_box() for part in ("figcaption", ".code-copy"))
    assert bar["y"] <= button["y"]
    assert button["y"] + button["height"] <= bar["y"] + bar["height"]


def test_the_script_is_loaded_on_pages_with_code_only(site, open_page):
    assert open_page(f"{site}guides/install/").locator("script[src*='/code.']").count() == 1
    assert open_page(f"{site}guides/other/").locator("script[src*='/code.']").count() == 0
    assert open_page(f"{site}posts/first/").locator("script[src*='/code.']").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_tabs_show_one_at_a_time_by_keyboard_and_without_javascript(site, open_page, javascript):
    page = open_page(f"{site}guides/install/", java_script_enabled=javascript)
    linux, mac = page.get_by_text("apt install python3"), page.get_by_text("brew install python")
    assert (linux.is_visible(), mac.is_visible()) == (True, False)
    page.get_by_text("macOS").focus()
    page.keyboard.press("Enter")
    mac.wait_for()
    assert (linux.is_visible(), mac.is_visible()) == (False, True)


@pytest.mark.parametrize(("width", "is_open"), [(390, False), (1280, True)])
def test_the_sidebar_is_folded_on_a_phone_until_it_is_opened(site, open_page, width, is_open):
    page = open_page(f"{site}guides/install/", width, java_script_enabled=False)
    link = page.locator(".sidebar a[aria-current=page]")
    assert link.is_visible() == is_open
    if not is_open:
        page.locator(".sidebar summary").click()
        link.wait_for()
    assert page.locator(".sidebar summary").is_visible() != is_open
    page.locator(".sidebar-title a").focus()
    page.keyboard.press("Tab")
    if not is_open:
        page.keyboard.press("Tab")  # from what opens it
    assert page.evaluate("document.activeElement.closest('.sidebar li') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_page_of_a_section_is_accessible(site, open_page, width, scheme):
    page = open_page(f"{site}guides/install/", width, color_scheme=scheme)
    page.evaluate(require_node_file("axe-core", "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert {item["id"]: [node["target"] for node in item["nodes"]] for item in found["violations"]} == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.messages == []
