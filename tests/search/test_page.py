"""The search page in a real browser, under the policy `default-src 'self'`."""

import re
from pathlib import Path

import jinja2
import pytest

from sitegen.config.i18n import make_finder
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.search.shards import shard_of, shard_path
from tests.support.search_client import CLIENT, serve
from tests.support.search_index import make_post, render_index, write_files
from tests.support.waiting import wait_for_script

BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Search</title>
</head><body><main>{% block main %}{% endblock %}</main></body></html>"""
POSTS = (
    ("crier", "The town crier", 2021, "Gazette", "cities", "en", "Oyez, he called across the market square. " * 9),
    ("tower", "Signal towers", 2022, "Gazette", "telegraphy", "en", "A <b>tele</b>graph of arms and beams on hills."),
    ("cafe", "Café news", 2022, "Wire", "cities", "en", "Coffee in the <i>café</i>. The town crier was not welcome."),
    ("persian", "کاغذی که خبر می‌آورد", 2023, "Wire", "print", "fa", "نخستین روزنامهٔ فارسی ایران"),
    ("about", "About the semaphore", 1970, "", "about", "en", "A page without a date, about a semaphore."),
    ("markup", "An <img src=x onerror=alert(1)> in a title", 2023, "Wire", "print", "en", "Tags &lt;b&gt; as text"),
)


def write_site(folder: Path) -> None:
    posts = []
    rows = [*POSTS, *((f"n{n}", f"Bulletin {n}", 2020, "Wire", "print", "en", "A daily bulletin.") for n in range(25))]
    for slug, title, year, source, tag, language, html in rows:
        page = folder / "posts" / slug / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(
            f"<!doctype html><title>x</title><main><article class=body><p>{html}</p></article></main>", "utf-8"
        )
        summary = f"The summary of {slug}."
        post = make_post(
            f"/posts/{slug}/",
            title,
            f"{year}-05-01" if year > 1970 else "1970-01-01",
            source=source,
            tags=[tag],
            summary=summary,
            language=language,
        )
        posts.append((post, html))
    write_files(folder / "search", render_index(posts))
    loaders = [jinja2.DictLoader({"base.html": BASE}), jinja2.FileSystemLoader(CLIENT.parents[1])]
    environment = jinja2.Environment(loader=jinja2.ChoiceLoader(loaders), autoescape=True)
    environment.filters |= {"url": str, "asset": lambda name: f"/{name}"}
    names = {
        name: tuple((value, value.capitalize()) for value in values)
        for name, values in (
            ("source", ("gazette", "wire")),
            ("tag", ("cities", "print", "telegraphy")),
            ("year", ("2023", "2022", "2021", "2020")),
        )
    }
    page = FrozenDict(title="Search", url="/search/", params=FrozenDict(names))
    site = FrozenDict(url="/", sections=FrozenDict(archive="/archive/"))
    html = environment.get_template("search.html").render(page=page, site=site, words=make_finder("en", {})("en"))
    (folder / "search" / "index.html").write_text(html, "utf-8")
    (folder / "search.js").write_bytes(CLIENT.read_bytes())
    (folder / "favicon.ico").write_bytes(b"")  # a browser asks for it, and a console message would not be ours


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with serve(folder) as address:
        yield f"{address}search/"


@pytest.fixture
def page(browser):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.messages = []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("dialog", lambda dialog: page.messages.append(f"dialog {dialog.message}"))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def wait_for_status(page, text):
    page.get_by_role("status").filter(has_text=re.compile(f"^{re.escape(text)}$")).wait_for()


def titles(page):
    return page.locator("[data-search=title]").all_text_contents()


def test_typing_finds_posts_and_announces_their_count(page, site):
    page.goto(site)
    page.get_by_role("searchbox").press_sequentially("town cri")
    wait_for_status(page, "2 results")
    assert titles(page) == ["The town crier", "Café news"]
    assert page.get_by_role("status").get_attribute("aria-live") in (None, "polite")
    assert page.messages == []


def test_a_page_without_a_date_is_found_and_shows_none(page, site):
    page.goto(f"{site}?q=semaphore")
    wait_for_status(page, "1 result")
    assert titles(page) == ["About the semaphore"]
    assert page.locator(".search-results time").count() == 0
    page.goto(f"{site}?q=telegraph")
    page.locator(".search-results time").wait_for()
    assert page.messages == []


def test_nothing_of_the_index_is_loaded_before_it_is_used(page, site):
    page.goto(site, wait_until="networkidle")
    assert not [url for url in page.asked if url.endswith((".txt", ".json"))]


def test_the_words_are_marked_in_the_title_and_in_their_context(page, site):
    page.goto(f"{site}?q=telegraph")
    wait_for_status(page, "1 result")
    page.locator("[data-search=context] mark").wait_for()
    assert page.locator("[data-search=context]").text_content() == "A telegraph of arms and beams on hills."
    assert page.locator("mark").all_text_contents() == ["telegraph"]


def test_a_query_in_the_url_is_answered_and_accents_do_not_matter(page, site):
    page.goto(f"{site}?q=CAFE")
    wait_for_status(page, "1 result")
    assert page.get_by_role("searchbox").input_value() == "CAFE"
    assert titles(page) == ["Café news"]


def test_the_url_contains_the_query(page, site):
    page.goto(site)
    page.get_by_role("searchbox").fill("town crier")
    page.get_by_label("Source").select_option("wire")
    wait_for_status(page, "1 result")
    page.wait_for_url(lambda url: url == f"{site}?source=wire&q=town+crier")


def test_filters_alone_list_the_newest_posts_first(page, site):
    page.goto(f"{site}?tag=print")
    wait_for_status(page, "27 results")
    assert titles(page)[:3] == ["An <img src=x onerror=alert(1)> in a title", "کاغذی که خبر می‌آورد", "Bulletin 0"]
    assert page.get_by_label("Tag").input_value() == "print"


def test_a_year_and_a_source_narrow_the_search(page, site):
    page.goto(f"{site}?q=crier&year=2022&source=wire")
    wait_for_status(page, "1 result")
    assert titles(page) == ["Café news"]


def test_a_phrase_is_searched_in_the_pages(page, site):
    page.goto(f"{site}?q=%22town+crier+was%22")
    wait_for_status(page, "1 result")
    assert titles(page) == ["Café news"]


def test_more_results_are_shown_on_demand(page, site):
    page.goto(f"{site}?q=bulletin")
    wait_for_status(page, "25 results")
    assert len(titles(page)) == 8
    for seen, count in ((8, 16), (16, 24), (24, 25)):
        page.get_by_role("button", name="Show more").click()
        wait_for_script(page, "count => document.querySelectorAll('li').length === count", count)
        assert page.evaluate("at => document.activeElement === document.querySelectorAll('li a')[at]", seen)
    assert page.get_by_role("button", name="Show more").count() == 0
    assert sorted(titles(page)) == sorted(f"Bulletin {number}" for number in range(25))


def test_words_that_no_post_holds_together_find_what_holds_some(page, site):
    page.goto(f"{site}?q=oyez+telegraph")
    wait_for_status(page, "No page contains all of these words; 2 contain some of them")
    assert sorted(titles(page)) == ["Signal towers", "The town crier"]


@pytest.mark.parametrize("query", ["🍕", "%25", '" "', "*", "🍕&tag=print", "…+source:wire"])
def test_a_query_without_words_finds_nothing(page, site, query):
    page.goto(f"{site}?q={query}")
    wait_for_status(page, "No results")
    assert titles(page) == []


def test_a_query_without_any_hit_says_so(page, site):
    page.goto(f"{site}?q=zeppelin")
    wait_for_status(page, "No results")
    assert titles(page) == []


def test_a_page_without_a_query_waits_for_one_in_its_field(page, site):
    page.goto(site)
    wait_for_script(page, "document.activeElement.name === 'q'")


def test_keys_lead_to_the_field_through_the_results_and_back(page, site):
    page.goto(f"{site}?q=crier")
    wait_for_status(page, "2 results")
    page.keyboard.press("/")
    focused = "document.activeElement.textContent || document.activeElement.name"
    assert page.evaluate(focused) == "q"
    assert page.get_by_role("searchbox").input_value() == "crier"
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert seen == ["The town crier", "Café news", "Café news", "The town crier", "q"]
    page.keyboard.press("Escape")
    page.get_by_role("status").filter(has_text=re.compile("^$")).wait_for(state="attached")
    assert page.get_by_role("searchbox").input_value() == ""
    assert titles(page) == []
    page.wait_for_url(lambda url: url == site)


def test_enter_searches_at_once_and_stays_on_the_page(page, site):
    page.goto(site)
    page.get_by_role("searchbox").fill("crier")
    page.keyboard.press("Enter")
    wait_for_status(page, "2 results")
    page.wait_for_url(lambda url: url == f"{site}?q=crier")


def test_markup_in_queries_and_titles_stays_text(page, site):
    page.goto(f"{site}?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+title")
    wait_for_status(page, "1 result")
    assert titles(page) == ["An <img src=x onerror=alert(1)> in a title"]
    assert page.locator("main img, main b, main script:not([src])").count() == 0
    assert page.messages == []


def test_results_carry_their_language_and_direction(page, site):
    page.goto(f"{site}?q=روزنامه")
    wait_for_status(page, "1 result")
    link = page.locator("[data-search=title]")
    assert link.get_attribute("lang") == "fa"
    assert page.evaluate("getComputedStyle(document.querySelector('[data-search=title]')).direction") == "rtl"
    assert page.locator("[data-search=date]").text_content() == "May 1, 2023"


def test_a_stale_query_never_replaces_a_newer_one(page, site):
    held = []

    def hold(route):
        held.append(route)

    shard = f"**/{shard_path(shard_of('crier', 4, 3), 4)}"
    page.route(shard, hold)
    with page.expect_request(shard):
        page.goto(f"{site}?q=crier")
    page.get_by_role("searchbox").fill("cafe")
    wait_for_status(page, "1 result")
    [route] = held
    with page.expect_response(shard) as answer:
        route.continue_()
    answer.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert titles(page) == ["Café news"]


def test_a_failure_to_load_is_said_and_the_next_try_works(page, site):
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto(f"{site}?q=crier")
    wait_for_status(page, "The search could not be loaded. Please try again.")
    page.unroute("**/search/index.json")
    page.get_by_role("button", name="Search").click()
    wait_for_status(page, "2 results")


def test_without_javascript_the_page_offers_the_archive(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert "Search needs JavaScript" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Archive").get_attribute("href") == "/archive/"
    context.close()
