"""Comment systems in a real browser: nothing is requested before the button is pressed, and each follows the scheme."""

import re
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from tests.config.test_comment_systems import VALID
from tests.site.test_comment_form import configure
from tests.support.search_client import QuietHandler, serve
from tests.support.sites import build, make_site
from tests.support.waiting import wait_for_script

FRAME = "<script>addEventListener('message', (event) => { document.title = JSON.stringify(event.data); });</script>"
SCRIPTS = {
    "https://giscus.app/client.js": """
        const { dataset } = document.currentScript;
        const frame = document.createElement("iframe");
        frame.src = "https://giscus.app/widget";
        frame.title = `${dataset.repo} ${dataset.repoId} ${dataset.term} ${dataset.theme} ${dataset.lang}`;
        document.querySelector(".giscus").append(frame);
    """,
    "https://comments.example.org/isso/js/embed.min.js": """
        const { isso, issoLang } = document.querySelector("script[data-isso]").dataset;
        const thread = document.getElementById("isso-thread");
        thread.textContent = `${isso} ${issoLang} ${thread.dataset.issoId} ${thread.dataset.title}`;
    """,
    "http://127.0.0.1:8080/web/embed.mjs": """
        const { host, site_id, url, locale, theme } = remark_config;
        const root = document.getElementById("remark42");
        root.textContent = `${host} ${site_id} ${new URL(url).pathname} ${locale} ${theme}`;
        window.REMARK42 = { changeTheme: (name) => root.textContent = name };
    """,
}
"""Scripts of other hosts, as far as ours depends on them: each shows what it was given."""


class Handler(QuietHandler):
    """Serves sites, each with the policy of its `_headers` file."""

    def end_headers(self):
        rows = (Path(self.directory) / self.path.split("/")[1] / "output/_headers").read_text().splitlines()
        self.send_header("Content-Security-Policy", rows[1].partition(": ")[2])
        SimpleHTTPRequestHandler.end_headers(self)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sites")
    with serve(folder, Handler) as address:
        for system in ("giscus", "isso", "remark42"):
            config = configure(system).replace("https://letter.example.org/", f"{address}{system}/output/")
            # The scripts here have no hash that is known in advance.
            config = re.sub(r"^integrity.*\n", "", config, flags=re.MULTILINE)
            build(make_site(folder / system, config=config))
        yield address


@pytest.fixture
def open_post(browser, sites):
    contexts = []

    def open_one(system, answers=SCRIPTS, **settings):
        context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark", **settings)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.messages = []
        page.on("pageerror", lambda error: page.messages.append(str(error)))

        def answer(route):
            url = route.request.url
            page.requested.append(url)
            if url.endswith("/widget"):
                route.fulfill(body=FRAME, content_type="text/html")
            elif url in answers:
                headers = {"Access-Control-Allow-Origin": "*"}
                route.fulfill(body=answers[url], content_type="text/javascript", headers=headers)
            else:
                route.abort()

        context.route(lambda url: not url.startswith(sites), answer)
        page.goto(f"{sites}{system}/output/posts/second/", wait_until="networkidle")
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("system", "shown"),
    [
        ("giscus", "ada/letters R_kg= giscus/output/posts/second/ dark en"),
        ("isso", "https://comments.example.org/isso/ en /isso/output/posts/second/ Second"),
        ("remark42", "http://127.0.0.1:8080 letters /remark42/output/posts/second/ en dark"),
    ],
)
def test_the_button_loads_the_system_and_nothing_is_requested_before(open_post, system, shown):
    page = open_post(system)
    assert page.requested == []
    button = page.get_by_role("button", name="Write a comment")
    button.focus()
    page.keyboard.press("Enter")
    form = page.locator(".giscus iframe, #isso-thread, #remark42")
    form.wait_for(state="attached")
    wait_for_script(page, "!document.querySelector('.comment-load')")
    assert (form.get_attribute("title") or form.inner_text()) == shown
    assert page.evaluate("document.activeElement.textContent") == "Write a comment"
    assert page.evaluate("document.activeElement.localName") == "h2"
    assert page.requested[0] in SCRIPTS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.messages == []


def test_giscus_and_remark42_follow_the_theme_switch(open_post):
    page = open_post("remark42")
    page.get_by_role("button", name="Write a comment").click()
    wait_for_script(page, "!document.querySelector('.comment-load')")
    page.locator("[data-theme-switch]").click()  # from the system's scheme to light
    wait_for_script(page, "document.getElementById('remark42').textContent === 'light'")
    page.emulate_media(color_scheme="light")
    page.locator("[data-theme-switch]").click()
    wait_for_script(page, "document.getElementById('remark42').textContent === 'dark'")
    page = open_post("giscus")
    with page.expect_event("framenavigated", lambda frame: frame.url == "https://giscus.app/widget") as navigated:
        page.get_by_role("button", name="Write a comment").click()
    frame = navigated.value
    frame.wait_for_load_state()
    page.locator("[data-theme-switch]").click()
    wait_for_script(frame, """document.title === '{"giscus":{"setConfig":{"theme":"light"}}}'""")


def test_a_system_that_cannot_be_loaded_can_be_tried_again(open_post):
    page = open_post("isso", {})
    button = page.get_by_role("button", name="Write a comment")
    button.click()
    wait_for_script(page, "document.querySelector('.comment-load [role=status]').textContent")
    assert page.locator(".comment-load [role=status]").inner_text().startswith("The comments could not be loaded.")
    assert button.is_enabled()
    assert page.evaluate("document.activeElement.localName") == "button"
    assert page.locator(".comment-form script").count() == 0


def test_readers_who_went_on_while_it_was_loaded_stay_where_they_are(open_post):
    page = open_post("isso")
    page.evaluate(
        """() => {
          document.querySelector(".comment-load button").click();
          document.querySelector(".masthead a").focus();
        }"""
    )
    wait_for_script(page, "!document.querySelector('.comment-load')")
    assert page.evaluate("document.activeElement.localName") == "a"


def test_there_is_no_button_without_javascript(open_post):
    page = open_post("isso", java_script_enabled=False)
    assert page.locator("noscript p").inner_text() == "Writing a comment needs JavaScript."
    assert page.locator("noscript p").is_visible()
    assert not page.locator(".comment-form button").is_visible()


def test_a_script_with_another_hash_is_not_run(browser, tmp_path):
    assert VALID["remark42"].integrity
    with serve(tmp_path, Handler) as address:
        config = configure("remark42").replace("https://letter.example.org/", f"{address}site/output/")
        build(make_site(tmp_path / "site", config=config))
        context = browser.new_context()
        page = context.new_page()
        script = SCRIPTS["http://127.0.0.1:8080/web/embed.mjs"]
        answer = {"body": script, "content_type": "text/javascript", "headers": {"Access-Control-Allow-Origin": "*"}}
        context.route("http://127.0.0.1:8080/**", lambda route: route.fulfill(**answer))
        page.goto(f"{address}site/output/posts/second/")
        page.get_by_role("button", name="Write a comment").click()
        wait_for_script(page, "document.querySelector('.comment-load [role=status]').textContent")
        assert page.locator("#remark42").count() == 0
        context.close()
