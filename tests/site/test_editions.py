"""Sites in several languages: the pages, lists, feeds and search of each, and what untranslated posts become."""

import json
import re

import pytest

from sitegen.errors import SiteError
from tests.support.sites import build, tree, write

CONFIG = """\
title = "Letters"
base_url = "https://letter.example.org/sub/"
language = "en"
untranslated = "{untranslated}"

[feeds]
posts = 2

[languages.de]
title = "Briefe"
description = "Neues"
nav = [{{page = "ueber-uns"}}, {{section = "archive"}}]

[languages.de.tags]
nachrichten = "news"

[languages.fa]
title = "نامه‌ها"
"""
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="https://letter\.example\.org([^"]+)">')
SWITCH = re.compile(r'<li><a href="([^"]+)" hreflang="([^"]+)" lang="[^"]+" dir="auto">')


def document(title, tags="", more=""):
    return f"---\ntitle: {title}\ntags: [{tags}]\n{more}---\n\nText of {title}.\n"


FILES = {
    "content/posts/2024-01-01-both.md": document("Both", "news, rain"),
    "content/posts/2024-01-01-both.de.md": document("Beide", "nachrichten"),
    "content/posts/2023-01-02-english.md": document("English", "news"),
    "content/posts/de/2022-01-03-deutsch.md": document("Deutsch", "nachrichten"),
    "content/posts/fa/2024-01-01-both.md": document("سلام"),
    "content/pages/about.md": document("About"),
    "content/pages/de/about.md": document("Über uns", more="slug: ueber-uns\n"),
}


def make(root, untranslated="hide", files=FILES, config=CONFIG):
    return write(root, {"sitegen.toml": config.format(untranslated=untranslated), **files})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = make(tmp_path_factory.mktemp("editions"))
    build(root)
    return root


def read(root, path):
    return (root / "output" / path).read_text()


def titles(html):
    """Return the titles of the posts that a list shows."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.findall(r'class="(?:lead|entry|line)-title[^"]*"><a href="[^"]+"[^>]*>([^<]+)</a>', main)


def test_each_language_has_its_posts_and_pages_below_its_prefix(site):
    pages = {path.removesuffix("/index.html") for path in tree(site / "output") if path.endswith("/index.html")}
    assert {"posts/both", "posts/english", "about"} <= pages
    assert {"de/posts/both", "de/posts/deutsch", "de/ueber-uns", "fa/posts/both"} <= pages
    assert {"de/posts/english", "fa/posts/deutsch", "posts/deutsch", "fa/tags", "fa/about"}.isdisjoint(pages)


@pytest.mark.parametrize(
    ("path", "language", "shown"),
    [
        ("", "en", ["Both", "English"]),
        ("archive/", "en", ["Both", "English"]),
        ("de/", "de", ["Beide", "Deutsch"]),
        ("de/archive/", "de", ["Beide", "Deutsch"]),
        ("de/archive/2022/", "de", ["Deutsch"]),
        ("de/tags/nachrichten/", "de", ["Beide", "Deutsch"]),
        ("fa/", "fa", ["سلام"]),
    ],
)
def test_lists_have_the_posts_of_their_language(site, path, language, shown):
    html = read(site, f"{path}index.html")
    assert f'<html lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}">' in html
    assert titles(html) == shown


def test_feeds_of_each_language_have_its_title_posts_and_archive(site):
    feeds = {path: json.loads(read(site, path)) for path in ("feed.json", "de/feed.json", "fa/feed.json")}
    assert [(feed["title"], feed["language"]) for feed in feeds.values()] == [
        ("Letters", "en"),
        ("Briefe", "de"),
        ("نامه‌ها", "fa"),
    ]
    assert [[item["title"] for item in feed["items"]] for feed in feeds.values()] == [
        ["Both", "English"],
        ["Beide", "Deutsch"],
        ["سلام"],
    ]
    assert feeds["de/feed.json"]["home_page_url"] == "https://letter.example.org/sub/de/"
    archive = 'href="https://letter.example.org/sub/de/feeds/2024.xml"'
    assert f'<atom:link rel="prev-archive" {archive}/>' in read(site, "de/feed.xml")
    assert "<title>Briefe (2024)</title>" in read(site, "de/feeds/2024.xml")


def test_search_of_each_language_has_its_posts(site):
    found = {}
    for folder in ("", "de/", "fa/"):
        found[folder] = {row[1]: row[4] for row in json.loads(read(site, f"{folder}search/posts-0.json"))}
        assert f'data-index="/sub/{folder}search/"' in read(site, f"{folder}search/index.html")
    assert found == {
        "": {"Both": "en", "English": "en", "About": "en"},
        "de/": {"Beide": "de", "Deutsch": "de", "Über uns": "de"},
        "fa/": {"سلام": "fa"},
    }


def test_pages_of_a_language_have_its_navigation_and_link_to_no_page_that_is_missing(site):
    pages = tree(site / "output")
    html = read(site, "de/posts/both/index.html")
    masthead = html[html.index("<header") : html.index("</header>")]
    assert re.findall(r'href="([^"]+)"', masthead) == ["/sub/de/", "/sub/de/ueber-uns/", "/sub/de/archive/"]
    for path, data in pages.items():
        if path.endswith(".html"):
            for url in re.findall(r'(?:href|action)="/sub/([^"#?]*)', data.decode()):
                assert (f"{url}index.html" if not url or url.endswith("/") else url) in pages, (path, url)


@pytest.mark.parametrize(
    ("path", "versions"),
    [
        ("posts/both/", {"en": "posts/both/", "de": "de/posts/both/", "fa": "fa/posts/both/"}),
        ("", {"en": "", "de": "de/", "fa": "fa/"}),
        ("archive/2024/", {"en": "archive/2024/", "de": "de/archive/2024/", "fa": "fa/archive/2024/"}),
        ("tags/news/", {"en": "tags/news/", "de": "de/tags/nachrichten/"}),
        ("about/", {"en": "about/", "de": "de/ueber-uns/"}),
    ],
)
def test_versions_of_a_page_name_each_other(site, path, versions):
    expected = {language: f"/sub/{url}" for language, url in versions.items()}
    for url in versions.values():
        html = read(site, f"{url}index.html")
        assert dict(ALTERNATE.findall(html)) == {**expected, "x-default": expected["en"]}, url
        assert f'<link rel="canonical" href="https://letter.example.org/sub/{url}">' in html


@pytest.mark.parametrize("table", ['nachrichten = "news"', 'nachrichten = "news"\nneues = "news"'])
def test_one_tag_of_a_language_is_the_version_of_a_tag(tmp_path, table):
    files = {**FILES, "content/posts/2024-02-01-other.de.md": document("Andere", "news, neues")}
    root = make(tmp_path, files=files, config=CONFIG.replace('nachrichten = "news"', table))
    build(root)
    expected = {"en": "/sub/tags/news/", "de": "/sub/de/tags/nachrichten/", "x-default": "/sub/tags/news/"}
    for path in ("tags/news", "de/tags/nachrichten"):
        assert dict(ALTERNATE.findall(read(root, f"{path}/index.html"))) == expected
    for path in ("de/tags/news", "de/tags/neues"):
        assert ALTERNATE.findall(read(root, f"{path}/index.html")) == []


@pytest.mark.parametrize(
    ("path", "switch"),
    [
        ("posts/both/", {"de": "de/posts/both/", "fa": "fa/posts/both/"}),
        ("posts/english/", {"de": "de/", "fa": "fa/"}),
        ("de/ueber-uns/", {"en": "about/", "fa": "fa/"}),
        ("tags/rain/", {"de": "de/tags/", "fa": "fa/"}),
        ("archive/2023/", {"de": "de/archive/", "fa": "fa/archive/"}),
        ("tags/news/", {"de": "de/tags/nachrichten/", "fa": "fa/"}),
        ("search/", {"de": "de/search/", "fa": "fa/search/"}),
        ("404.html", {"de": "de/", "fa": "fa/"}),
    ],
)
def test_the_switch_leads_to_the_translation_or_to_the_nearest_list_or_to_the_home_page(site, path, switch):
    html = read(site, path if path.endswith(".html") else f"{path}index.html")
    assert {language: url for url, language in SWITCH.findall(html)} == {
        language: f"/sub/{url}" for language, url in switch.items()
    }


def test_untranslated_posts_can_be_listed_with_their_language(tmp_path):
    root = make(tmp_path, "list")
    build(root)
    assert titles(read(root, "de/index.html")) == ["Beide", "English", "Deutsch"]
    assert titles(read(root, "index.html")) == ["Both", "English", "Deutsch"]
    assert titles(read(root, "de/tags/nachrichten/index.html")) == ["Beide", "Deutsch"]
    assert '<span lang="en" dir="auto">English</span>' in read(root, "de/archive/index.html")
    assert '<span lang="de"' not in read(root, "de/archive/index.html")
    assert [item["title"] for item in json.loads(read(root, "de/feed.json"))["items"]] == ["Beide", "Deutsch"]
    assert "de/posts/english/index.html" not in tree(root / "output")


def test_untranslated_posts_can_be_linked_by_the_archive_of_their_language(tmp_path):
    root = make(tmp_path, "link")
    build(root)
    link = '<p class="onward"><a href="/sub/archive/" hreflang="en">Weitere Beiträge: English</a></p>'
    for path in ("de/index.html", "de/archive/index.html"):
        assert link in read(root, path)
    assert titles(read(root, "de/index.html")) == ["Beide", "Deutsch"]
    assert 'class="onward"><a href="/sub/fa/' not in read(root, "index.html")


def test_a_language_without_posts_has_its_pages_and_nothing_that_would_be_empty(tmp_path):
    files = {"content/posts/2024-01-01-a.md": document("A"), "content/pages/about.de.md": document("Wir")}
    config = CONFIG.replace('nav = [{{page = "ueber-uns"}}, {{section = "archive"}}]', "")
    root = make(tmp_path, files=files, config=config)
    build(root)
    own = [path for path in tree(root / "output") if path.startswith(("de/", "fa/"))]
    assert own == ["de/about/index.html"]
    assert SWITCH.findall(read(root, "de/about/index.html")) == [("/sub/", "en")]
    assert SWITCH.findall(read(root, "index.html")) == []


def test_a_page_can_be_the_home_page_of_a_language(tmp_path):
    root = make(tmp_path, files={**FILES, "content/pages/index.de.md": document("Willkommen")})
    build(root)
    assert "<h1>Willkommen</h1>" in read(root, "de/index.html")


def test_a_new_translation_renders_its_group_and_the_lists_of_its_language(tmp_path):
    root = make(tmp_path)
    build(root)
    write(root, {"content/posts/2023-01-02-english.fa.md": document("انگلیسی")})
    rendered = build(root).rendered
    assert [path for path in rendered if path.startswith("de/")] == []
    assert {path for path in rendered if not path.startswith("fa/") and path.endswith(".html")} <= {
        "posts/english/index.html",
        "archive/2023/index.html",  # Persian has a page of this year now
    }


def test_the_files_of_a_bundle_are_published_if_one_of_its_languages_is(tmp_path):
    files = {
        "content/posts/trip/index.md": document("Trip", more="date: 2024-01-05\n"),
        "content/posts/trip/index.de.md": document("Reise", more="date: 2024-01-05\ndraft: true\n"),
        "content/posts/trip/note.txt": "a note",
    }
    root = make(tmp_path, files={**FILES, **files})
    build(root)
    assert read(root, "posts/trip/note.txt") == "a note"


def test_a_language_of_the_front_matter_that_the_file_contradicts_is_a_problem(tmp_path):
    files = {"content/posts/2024-01-01-a.de.md": document("A", more="language: fr\n")}
    root = make(tmp_path, files={**FILES, **files})
    with pytest.raises(SiteError, match="`language: fr` contradicts the path of the file, which says `de`"):
        build(root)


def test_words_of_a_language_without_a_table_can_be_set(tmp_path):
    config = CONFIG.replace("languages.fa", "languages.pl") + '\n[theme.words.pl]\narchive = "Archiwum"\n'
    files = {name: text for name, text in FILES.items() if "/fa/" not in name}
    root = make(tmp_path, files={**files, "content/posts/2024-01-01-both.pl.md": document("Oba")}, config=config)
    build(root)
    html = read(root, "pl/index.html")
    assert '<html lang="pl" dir="ltr">' in html
    assert '<a href="/sub/pl/archive/">Archiwum</a>' in html


def test_comments_of_a_translation_have_the_pages_of_its_language(tmp_path):
    comments = "".join(f"- id: c{number}\n  author: Ada\n  date: 2024-01-02\n  text: Hm.\n" for number in range(501))
    root = make(tmp_path, files={**FILES, "content/posts/2024-01-01-both.de.comments.yaml": comments})
    build(root)
    html = read(root, "de/posts/both/comments/2/index.html")
    assert '<p class="masthead-title"><a href="/sub/de/">Briefe</a></p>' in html


def test_the_navigation_of_a_language_can_name_a_type(tmp_path):
    config = CONFIG.replace('{{section = "archive"}}', '{{section = "notes"}}') + "[types.notes]\n"
    files = {**FILES, "content/notes/2024-03-01-note.de.md": document("Notiz")}
    root = make(tmp_path, files=files, config=config)
    build(root)
    assert '<a href="/sub/de/notes/">Notes</a>' in read(root, "de/index.html")


@pytest.mark.parametrize(
    ("path", "switch"),
    [
        ("archive/page/1/", {"de": "de/archive/", "fa": "fa/archive/"}),
        ("de/archive/page/1/", {"en": "archive/", "fa": "fa/archive/"}),
        ("de/tags/nachrichten/page/1/", {"en": "tags/news/", "fa": "fa/"}),
        ("archive/2024/01/", {"de": "de/archive/2024/01/", "fa": "fa/archive/2024/"}),
        ("archive/2023/01/", {"de": "de/archive/", "fa": "fa/archive/"}),
    ],
)
def test_a_page_of_a_list_switches_to_the_nearest_list_of_the_other_language(numbered, path, switch):
    html = read(numbered, f"{path}index.html")
    assert {language: url for url, language in SWITCH.findall(html)} == {
        language: f"/sub/{url}" for language, url in switch.items()
    }


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    files = {
        **FILES,
        "content/posts/2024-02-01-second.md": document("Second", "news"),
        "content/posts/2024-02-01-zweite.de.md": document("Zweite", "nachrichten"),
        "content/posts/2023-03-02-third.md": document("Third", "news"),
    }
    root = make(tmp_path_factory.mktemp("numbered"), files=files, config=CONFIG + "[lists]\npage = 1\nyear = 1\n")
    build(root)
    return root


LINKS = """\
[by name](2023-01-02-english.md#end), [its own original](2024-01-01-both.md), [another](2024-03-01-third.md),
[a translation](2024-03-01-third.fa.md), [a page](../pages/about.md)
"""


def links_in(html):
    return {text: url for url, text in re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)}


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    files = {
        **FILES,
        "content/posts/2023-01-02-english.de.md": document("Englisch"),
        "content/posts/2024-03-01-third.md": document("Third") + LINKS,
        "content/posts/2024-03-01-third.fa.md": document("سوم"),
        "content/posts/2024-01-01-both.de.md": document("Beide") + LINKS,
        "content/posts/2024-05-01-key.md": document("Austria", more="language: de-AT\n") + LINKS,
    }
    root = make(tmp_path_factory.mktemp("linked"), files=files)
    build(root)
    return root


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("de/posts/both", ("de/posts/english/#end", "posts/both/", "posts/third/", "fa/posts/third/", "de/ueber-uns/")),
        ("posts/third", ("posts/english/#end", "posts/both/", "posts/third/", "fa/posts/third/", "about/")),
        (
            "de/posts/key",
            ("de/posts/english/#end", "de/posts/both/", "posts/third/", "fa/posts/third/", "de/ueber-uns/"),
        ),
    ],
)
def test_a_link_to_an_original_leads_to_its_version_in_the_language_of_the_post(linked, path, expected):
    found = links_in(read(linked, f"{path}/index.html"))
    names = ("by name", "its own original", "another", "a translation", "a page")
    assert tuple(found[name] for name in names) == tuple(f"/sub/{url}" for url in expected)


def test_links_in_the_feed_of_a_language_lead_to_its_posts(linked):
    feed = read(linked, "de/feed.xml")
    assert "https://letter.example.org/sub/de/posts/english/#end" in feed
    assert "https://letter.example.org/sub/posts/english/" not in feed


def test_a_field_that_names_an_original_has_the_version_in_the_language_of_the_post(tmp_path):
    config = CONFIG + '[types.recipes.fields]\ngoes_with = "post"\n'
    more = "goes_with: ../posts/2024-01-01-both.md\n"
    files = {**FILES, "content/recipes/2024-06-01-soup.de.md": document("Suppe", more=more)}
    root = make(tmp_path, files=files, config=config)
    build(root)
    assert 'href="/sub/de/posts/both/"' in read(root, "de/recipes/soup/index.html")
