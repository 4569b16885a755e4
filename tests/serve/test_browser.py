"""A served site in a browser: saves, the overlay, the scroll position, and foreign pages."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.serving import post, save, serving, write_site

LONG_BODY = "\n\n".join(f"Paragraph {number}." for number in range(200))
TEMPLATE = """<!doctype html><html lang="en"><head><title>{{ page.title }}</title>
<link rel="stylesheet" href="{{ "own.css" | asset }}"><link rel="stylesheet" href="/plain.css"></head>
<body><h1>VERSION {{ page.title }}</h1>{{ content }}</body></html>
"""


COUNT_MESSAGES = """
window.received = 0;
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url);
    this.addEventListener("message", () => window.received++);
  }
};
"""


@pytest.fixture
def page(browser) -> Iterator[object]:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(COUNT_MESSAGES)
    yield page
    context.close()


@pytest.fixture
def site(tmp_path):
    root = write_site(tmp_path)
    (root / "templates/post.html").write_text(TEMPLATE)
    (root / "content/posts/one.md").write_text(post("One", LONG_BODY))
    return root


def in_step(page) -> None:
    """Wait until the page has subscribed and received its first notification."""
    page.wait_for_function("received > 0")


def test_each_save_is_shown_and_the_scroll_position_stays(site, page):
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        page.evaluate("scrollTo(0, 2000)")

        save(site / "content/posts/one.md", post("One", LONG_BODY.replace("Paragraph 150.", "Edited here.")))
        page.wait_for_selector("text=Edited here.")
        page.wait_for_function("Math.abs(scrollY - 2000) < 5")

        save(site / "templates/post.html", TEMPLATE.replace("VERSION", "ANOTHER VERSION"))
        page.wait_for_selector("text=ANOTHER VERSION One")
        page.wait_for_function("Math.abs(scrollY - 2000) < 5")


def test_style_sheets_are_exchanged_without_a_reload(site, page):
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        page.evaluate("scrollTo(0, 1234); window.kept = 'not reloaded'")
        for colour in ("rgb(200, 100, 50)", "rgb(20, 100, 50)", "rgb(20, 10, 50)"):
            save(site / "templates/assets/own.css", f"body {{ background: {colour} }}\n")
            page.wait_for_function(f"getComputedStyle(document.body).backgroundColor === '{colour}'")
        save(site / "content/plain.css", "body { color: rgb(7, 8, 9) }\n")
        page.wait_for_function("getComputedStyle(document.body).color === 'rgb(7, 8, 9)'")
        assert page.evaluate("window.kept") == "not reloaded"
        assert page.evaluate("scrollY") == 1234
        page.wait_for_function("document.querySelectorAll('link[rel=stylesheet]').length === 2")

        # A page that had its style exchanged still learns of what comes next.
        save(site / "content/posts/one.md", post("One", "Short now."))
        page.wait_for_selector("text=Short now.")
        page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(20, 10, 50)'")


def test_a_style_sheet_that_loads_after_its_successor_leaves_no_older_one_behind(site, page):
    held = []

    def hold_the_first(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    links = "[...document.querySelectorAll('link[rel=stylesheet]')]"
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        page.route("**/*.css?version=*", hold_the_first)
        for colour in ("rgb(9, 8, 7)", "rgb(6, 5, 4)"):
            save(site / "templates/assets/own.css", f"body {{ background: {colour} }}\n")
            page.wait_for_function(f"{links}.length > 2")
        page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(6, 5, 4)'")
        save(site / "content/plain.css", "body { color: rgb(3, 2, 1) }\n")
        page.wait_for_function("getComputedStyle(document.body).color === 'rgb(3, 2, 1)'")
        page.wait_for_function(f"{links}.length === 2")
        assert len(held) == 1


def test_the_overlay_shows_every_problem_until_all_are_fixed(site, page):
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        save(site / "content/posts/one.md", "---\ntitle: One\ndate: yesterday\n---\ntext\n")
        save(site / "content/posts/two.md", "---\ntitle: <b>Two</b>\ndate: <img src=x onerror=alert(1)>\n---\n")
        overlay = page.locator("sitegen-problems")
        overlay.get_by_text("content/posts/one.md:3").wait_for()
        overlay.get_by_text("content/posts/two.md:3").wait_for()
        overlay.get_by_text("date: yesterday", exact=True).wait_for()
        assert overlay.get_by_text("write it as").first.is_visible()
        assert overlay.locator("img").count() == 0
        assert "Paragraph 1." in page.inner_text("body")  # the last good site is behind it

        page.reload()  # it is also shown on a new page
        overlay.get_by_text("content/posts/one.md:3").wait_for()
        page.keyboard.press("Escape")
        overlay.wait_for(state="detached")
        page.reload()
        overlay.get_by_text("content/posts/one.md:3").wait_for()

        save(site / "content/posts/two.md", post("Two", "mended"))
        overlay.get_by_text("content/posts/two.md:3").wait_for(state="detached")
        assert overlay.get_by_text("content/posts/one.md:3").is_visible()
        save(site / "content/posts/one.md", post("One", LONG_BODY))
        overlay.wait_for(state="detached")


@pytest.mark.parametrize("close", ["Escape", "button"])
def test_problems_that_were_closed_come_back_only_if_they_change(site, page, close):
    broken = "---\ntitle: One\ndate: {}\n---\ntext\n"
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        overlay = page.locator("sitegen-problems")
        save(site / "content/posts/one.md", broken.format("yesterday"))
        overlay.get_by_text("date: yesterday", exact=True).wait_for()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            overlay.get_by_role("button").click()
        received = page.evaluate("received")
        save(site / "content/posts/one.md", broken.format("yesterday"))
        page.wait_for_function(f"received > {received}")
        assert overlay.count() == 0
        save(site / "content/posts/one.md", broken.format("tomorrow"))
        overlay.get_by_text("date: tomorrow", exact=True).wait_for()


def test_a_template_and_the_config_show_their_problems_too(site, page):
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        overlay = page.locator("sitegen-problems")
        save(site / "templates/post.html", "{% if %}")
        overlay.get_by_text("templates/post.html:1").wait_for()
        save(site / "templates/post.html", TEMPLATE)
        overlay.wait_for(state="detached")
        config = (site / "sitegen.toml").read_text()
        save(site / "sitegen.toml", f"{config}tittle = 'x'\n")
        overlay.get_by_text('did you mean "title"?').wait_for()
        save(site / "sitegen.toml", config)
        overlay.wait_for(state="detached")


def test_a_page_is_found_again_when_it_comes_back(site, page):
    with serving(site, "--watch") as server:
        page.goto(f"{server.address}/posts/two/")
        in_step(page)
        (site / "content/posts/two.md").rename(site / "two.md")
        page.wait_for_function("!document.body.innerText.includes('The second post.')")
        (site / "two.md").rename(site / "content/posts/two.md")
        page.wait_for_selector("text=The second post.")


def test_open_pages_follow_the_post_that_is_edited(site, page):
    with serving(site, "--follow") as server:
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
        save(site / "content/posts/two.md", post("Two", "Come and see."))
        page.wait_for_url("**/posts/two/")
        page.wait_for_selector("text=Come and see.")


def test_a_page_outlives_its_server(site, page):
    # The system hands out no port below 32,768, so that no other program has taken it when the server is started again.
    with serving(site, "--watch", "--port", "20000") as server:
        port = server.port
        page.goto(f"{server.address}/posts/one/")
        in_step(page)
    save(site / "content/posts/one.md", post("One", "Edited while nobody served."))
    with serving(site, "--watch", "--port", str(port)) as server:
        assert server.port == port
        page.wait_for_selector("text=Edited while nobody served.")


def test_more_open_pages_than_a_browser_has_connections_are_all_in_step(site, browser):
    with serving(site, "--watch") as server:
        context = browser.new_context()
        pages = [context.new_page() for _ in range(8)]
        for page in pages:
            page.goto(f"{server.address}/posts/one/")
        save(site / "content/posts/one.md", post("One", "All of them see it."))
        for page in pages:
            page.bring_to_front()
            page.wait_for_selector("text=All of them see it.")
        context.close()


def test_without_script_the_site_works_as_published(site, browser):
    with serving(site, "--watch") as server:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{server.address}/posts/one/")
        assert page.title() == "One"
        context.close()


ATTACK = """<!doctype html><title>Strange</title><script>
const target = %s, out = {};
window.onerror = () => {};
async function attack() {
  for (const path of ["/", "/posts/one/", "/.sitegen/reload.js", "/.sitegen/events", "/notes.txt"]) {
    out["fetch " + path] = await fetch(target + path).then((a) => a.text(), () => "");
    out["opaque " + path] = await fetch(target + path, { mode: "no-cors" }).then((a) => a.text(), () => "");
    out["credentials " + path] = await fetch(target + path, { credentials: "include" }).then((a) => a.text(), () => "");
  }
  out.script = await new Promise((done) => {
    const script = document.createElement("script");
    script.src = target + "/.sitegen/reload.js";
    script.onload = () => done("loaded");
    script.onerror = () => done("");
    document.head.append(script);
  });
  out.style = await new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = target + "/plain.css";
    link.onload = () => done("loaded");
    link.onerror = () => done("");
    document.head.append(link);
  });
  out.events = await new Promise((done) => {
    const source = new EventSource(target + "/.sitegen/events?token=" + TOKEN + "&page=/&shape=x&since=0");
    source.onmessage = (event) => done(event.data);
    source.onopen = () => done("open");
    source.onerror = () => (source.close(), done(""));
  });
  out.frame = await new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.src = target + "/posts/one/";
    frame.onload = () => {
      try { done(frame.contentDocument.body.innerHTML); } catch { done(""); }
    };
    document.body.append(frame);
  });
  return out;
}
</script><body></body>"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_gets_nothing(site, page, name):
    with serving(site, "--watch") as server:
        # Even one that had somehow learnt the token.
        token = server.text("/").partition('data-token="')[2].partition('"')[0]
        assert token
        html = (ATTACK % json.dumps(f"http://127.0.0.1:{server.port}")).replace("TOKEN", json.dumps(token))

        class Stranger(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as stranger:
            threading.Thread(target=stranger.serve_forever, args=(0.05,), daemon=True).start()
            page.goto(f"http://{name}:{stranger.server_port}/")
            got = page.evaluate("attack()")
            stranger.shutdown()
        assert len(got) == 19
        assert {key: value for key, value in got.items() if value} == {}
