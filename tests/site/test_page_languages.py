"""Posts in several languages: what their pages, their data and the sitemap say of each other."""

import json
import re
from xml.etree import ElementTree

import pytest

from sitegen.config.i18n import find_og_locale
from tests.support.sites import build, make_site, write

ORIGIN = "https://letter.example.org"
FIRST = "content/posts/2024-01-01-first.md"
PAGES = {"en": "posts/first/index.html", "de": "posts/erster/index.html", "fa": "posts/avval/index.html"}
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
SWITCH = re.compile(r'<a href="([^"]+)" hreflang="([^"]+)" lang="[^"]+" dir="auto">([^<]+)</a></li>')


def translation(language, of="2024-01-01-first.md", date="2024-01-05", more=""):
    """Return the file of a translation of the first post."""
    return f"---\ntitle: In {language}\ndate: {date}\nlanguage: {language}\ntranslation_of: {of}\n{more}---\n\nText.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {"content/posts/erster.md": translation("de"), "content/posts/avval.md": translation("fa")}
    root = make_site(tmp_path_factory.mktemp("translated"), files)
    build(root)
    return root


def read(root, path):
    return (root / "output" / path).read_text()


def article(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])["@graph"][0]


@pytest.mark.parametrize("language", PAGES)
def test_each_version_names_all_versions_and_the_default(site, language):
    found = ALTERNATE.findall(read(site, PAGES[language]))
    urls = {name: f"{ORIGIN}/{path.removesuffix('index.html')}" for name, path in PAGES.items()}
    assert found == [*urls.items(), ("x-default", urls["en"])]
    assert f'<link rel="canonical" href="{urls[language]}">' in read(site, PAGES[language])


@pytest.mark.parametrize("language", PAGES)
def test_each_version_has_a_switch_to_the_others_in_their_own_names(site, language):
    names = {"en": ("/posts/first/", "English"), "de": ("/posts/erster/", "Deutsch"), "fa": ("/posts/avval/", "فارسی")}
    assert SWITCH.findall(read(site, PAGES[language])) == [
        (names[other][0], other, names[other][1]) for other in PAGES if other != language
    ]


def test_opengraph_names_the_locales(site):
    html = read(site, PAGES["de"])
    assert re.findall(r'<meta property="og:locale(:alternate)?" content="(\w+)">', html) == [
        ("", "de_DE"),
        (":alternate", "en_US"),
        (":alternate", "fa_IR"),
    ]


def test_structured_data_names_original_and_translations(site):
    original = article(read(site, PAGES["en"]))
    assert [(item["url"], item["inLanguage"]) for item in original["workTranslation"]] == [
        (f"{ORIGIN}/posts/erster/", "de"),
        (f"{ORIGIN}/posts/avval/", "fa"),
    ]
    assert article(read(site, PAGES["fa"]))["translationOfWork"]["url"] == f"{ORIGIN}/posts/first/"


def test_the_sitemap_has_the_versions_of_each_translated_page_only(site):
    root = ElementTree.fromstring(read(site, "sitemap.xml"))
    xhtml, loc = "{http://www.w3.org/1999/xhtml}link", "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    links = {row.find(loc).text: [(a.get("hreflang"), a.get("href")) for a in row.findall(xhtml)] for row in root}
    expected = ALTERNATE.findall(read(site, PAGES["en"]))
    translated = {href for _, href in expected}
    assert {url: found for url, found in links.items() if found} == dict.fromkeys(translated, expected)


def test_a_post_that_is_not_indexed_is_in_the_switch_but_not_in_hreflang(tmp_path):
    root = make_site(
        tmp_path,
        {
            "content/posts/erster.md": translation("de", more="source_url: https://other.example/a\n"),
            "content/posts/avval.md": translation("fa"),
        },
    )
    build(root)
    assert [name for name, _ in ALTERNATE.findall(read(root, PAGES["en"]))] == ["en", "fa", "x-default"]
    assert ALTERNATE.findall(read(root, PAGES["de"])) == []
    assert {language for _, language, _ in SWITCH.findall(read(root, PAGES["fa"]))} == {"en", "de"}


@pytest.mark.parametrize(
    ("original", "translated", "shown"),
    [("2024-02-01", "", True), ("2024-02-01", "2024-02-02", False), ("", "", False), ("2024-01-03", "", False)],
)
def test_a_translation_older_than_its_original_says_so(tmp_path, original, translated, shown):
    updated = lambda day: f"updated: {day}\n" if day else ""  # noqa: E731 - used twice, below
    first = f"---\ntitle: First\ndate: 2024-01-01\n{updated(original)}---\n\nText.\n"
    files = {FIRST: first, "content/posts/erster.md": translation("de", more=updated(translated))}
    root = make_site(tmp_path, files)
    build(root)
    note = '<p class="note">Das Original wurde nach dieser Übersetzung geändert. <a href="/posts/first/" hreflang="en">'
    assert (note in read(root, PAGES["de"])) == shown


def test_pages_are_linked_as_posts_are(tmp_path):
    page = "---\ntitle: Über uns\nlanguage: de\ntranslation_of: about.md\n---\n\nWir.\n"
    root = make_site(tmp_path, {"content/pages/ueber-uns.md": page})
    build(root)
    html = read(root, "about/index.html")
    assert [name for name, _ in ALTERNATE.findall(html)] == ["en", "de", "x-default"]
    assert article(html)["workTranslation"] == [
        {"@type": "CreativeWork", "url": f"{ORIGIN}/ueber-uns/", "inLanguage": "de"}
    ]


def test_a_new_translation_renders_no_post_outside_of_its_group_and_its_neighbours(tmp_path):
    root = make_site(tmp_path, {"content/posts/erster.md": translation("de")})
    build(root)
    write(root, {"content/posts/avval.md": translation("fa", date="2024-01-07")})
    posts = {path for path in build(root).rendered if path.startswith("posts/")}
    assert posts == {*PAGES.values()}


def test_editing_the_text_of_a_translation_renders_no_other_post(tmp_path):
    root = make_site(tmp_path, {"content/posts/erster.md": translation("de")})
    build(root)
    write(root, {"content/posts/erster.md": translation("de").replace("Text.", "Text.\n\nMore.")})
    assert {path for path in build(root).rendered if path.startswith("posts/")} == {PAGES["de"]}


def test_sites_without_translations_say_nothing_of_languages(tmp_path):
    root = make_site(tmp_path)
    build(root)
    html = read(root, "posts/first/index.html")
    assert [word for word in ("hreflang", "og:locale", 'class="languages"') if word in html] == []
    assert "xhtml" not in read(root, "sitemap.xml")


@pytest.mark.parametrize(
    ("language", "locale"),
    [("de", "de_DE"), ("pt-BR", "pt_BR"), ("zh-Hant", "zh_TW"), ("fa", "fa_IR"), ("es-419", "es_419"), ("qaa", "qaa")],
)
def test_og_locale_has_the_territory_of_most_speakers(language, locale):
    assert find_og_locale(language) == locale
