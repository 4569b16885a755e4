"""Translations of other systems: each pair that an export links is linked by the imported posts."""

import re
from collections import Counter

import pytest

from tests.importers.test_corpora import CORPORA
from tests.support.importing import import_path
from tests.support.sites import build, write

DATED = "---\ntitle: {0}\ndate: 2020-01-02\n---\nText of {0}.\n"
HUGO = 'baseURL = "https://x.example/"\n[languages.en]\n[languages.de]\n[languages.fa]\n'
WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><link>https://x.example</link><wp:wxr_version>1.2</wp:wxr_version>{items}</channel></rss>
"""
ITEM = """<item><title>{title}</title><link>https://x.example/{title}/</link><guid>https://x.example/?p={number}</guid>
<content:encoded><![CDATA[<p>Text.</p>]]></content:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>2020-01-0{number} 10:00:00</wp:post_date><wp:post_name>{title}</wp:post_name>
<wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>{more}</item>
"""


def polylang(language, group):
    return (
        f'<category domain="language" nicename="{language}"><![CDATA[{language.upper()}]]></category>'
        f'<category domain="post_translations" nicename="{group}"><![CDATA[{group}]]></category>'
    )


def wpml(language, group):
    values = {"_wpml_import_language_code": language, "_wpml_import_translation_group": group}
    return "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for key, value in values.items()
    )


def wordpress(plugin):
    rows = [("frost", "en", "g1"), ("frost-de", "de", "g1"), ("alone", "en", "g2"), ("frost-fr", "pt-br", "g1")]
    items = [
        ITEM.format(title=title, number=number, more=plugin(language, group))
        for number, (title, language, group) in enumerate(rows, 1)
    ]
    return {"export.xml": WXR.format(items="".join(items))}


JEKYLL = 'title: X\nurl: "https://x.example"\nlanguages: ["en", "de"]\ndefault_lang: en\n'
DOCUSAURUS = "module.exports = {url: 'https://x.example', baseUrl: '/', i18n: {defaultLocale: 'en'}}"
CASES = {
    "Hugo, by names": (
        {
            "hugo.toml": HUGO,
            "content/post/frost.md": DATED.format("Frost"),
            "content/post/frost.de.md": DATED.format("Reif"),
            "content/post/thaw/index.md": DATED.format("Thaw"),
            "content/post/thaw/index.fa.md": DATED.format("آب"),
            "content/post/alone.md": DATED.format("Alone"),
        },
        {("Frost", "Reif"), ("Thaw", "آب")},
    ),
    "Hugo, by folders": (
        {
            "hugo.toml": 'baseURL = "https://x.example/"\n[languages.en]\ncontentDir = "content/en"\n'
            '[languages.de]\ncontentDir = "content/de"\n',
            "content/en/post/frost.md": DATED.format("Frost"),
            "content/de/post/frost.md": DATED.format("Reif"),
            "content/de/post/alone.md": DATED.format("Allein"),
        },
        {("Frost", "Reif")},
    ),
    "Hugo, by key": (
        {
            "hugo.toml": HUGO,
            "content/post/frost.md": DATED.format("Frost").replace("---\nT", "translationKey: f\n---\nT"),
            "content/post/reif.de.md": DATED.format("Reif").replace("---\nT", "translationKey: f\n---\nT"),
        },
        {("Frost", "Reif")},
    ),
    "Zola": (
        {
            "config.toml": 'base_url = "https://x.example"\ndefault_language = "en"\n[languages.de]\n',
            "content/blog/frost.md": '+++\ntitle = "Frost"\ndate = 2020-01-02\n+++\nText.\n',
            "content/blog/frost.de.md": '+++\ntitle = "Reif"\ndate = 2020-01-02\n+++\nText.\n',
            "content/blog/thaw/index.md": '+++\ntitle = "Thaw"\ndate = 2020-01-03\n+++\nText.\n',
            "content/blog/thaw/index.de.md": '+++\ntitle = "Tau"\ndate = 2020-01-03\n+++\nText.\n',
        },
        {("Frost", "Reif"), ("Thaw", "Tau")},
    ),
    "Jekyll with Polyglot, by path": (
        {
            "_config.yml": JEKYLL,
            "_posts/2020-01-02-frost.md": "---\ntitle: Frost\nlang: en\n---\nText.\n",
            "_posts/de/2020-01-02-frost.md": "---\ntitle: Reif\nlang: de\n---\nText.\n",
            "_posts/2020-01-03-alone.md": "---\ntitle: Alone\nlang: en\n---\nText.\n",
        },
        {("Frost", "Reif")},
    ),
    "Jekyll with Polyglot, by page_id": (
        {
            "_config.yml": JEKYLL,
            "_posts/2020-01-02-frost.md": "---\ntitle: Frost\nlang: en\npage_id: f\n---\nText.\n",
            "_posts/2020-01-02-reif.md": "---\ntitle: Reif\nlang: de\npage_id: f\n---\nText.\n",
        },
        {("Frost", "Reif")},
    ),
    "Docusaurus": (
        {
            "docusaurus.config.js": DOCUSAURUS,
            "blog/2020-01-02-frost.md": "---\ntitle: Frost\n---\nText.\n",
            "i18n/de/docusaurus-plugin-content-blog/2020-01-02-frost.md": "---\ntitle: Reif\n---\nText.\n",
            "blog/2020-01-03-alone.md": "---\ntitle: Alone\n---\nText.\n",
        },
        {("Frost", "Reif")},
    ),
    "WordPress with Polylang": (wordpress(polylang), {("frost", "frost-de", "frost-fr")}),
    "WordPress with WPML": (wordpress(wpml), {("frost", "frost-de", "frost-fr")}),
}


def import_files(tmp_path, files):
    source = write(tmp_path / "export", files)
    root = write(tmp_path / "site", {"sitegen.toml": 'title = "X"\nbase_url = "https://y.example/"\n'})
    return root, import_path(source, root)


@pytest.mark.parametrize("name", CASES)
def test_each_pair_of_an_export_is_linked_and_the_site_builds(name, tmp_path):
    files, groups = CASES[name]
    root, report = import_files(tmp_path, files)
    assert report.adds_up
    built = build(root)
    assert built.warnings == ()
    found = set()
    for page in (root / "output" / "posts").rglob("index.html"):
        html = page.read_text()
        urls = re.findall(r'hreflang="(?!x-default)[^"]+" href="https://y\.example/([^"]+)">', html)
        if urls:
            pages = [(root / "output" / url / "index.html").read_text() for url in urls]
            found.add(tuple(sorted(re.search("<title>(.*?) – X</title>", text)[1] for text in pages)))
    assert found == {tuple(sorted(group)) for group in groups}
    written = "".join(path.read_text() for path in (root / "content").rglob("*.md"))
    alone = 1 if name.startswith("WordPress") else 0  # its group may go on in another file of the export
    assert written.count("\ntranslation_key: ") == sum(map(len, groups)) + alone


def test_the_first_of_two_posts_of_one_language_gets_their_key(tmp_path):
    front = "---\ntitle: {0}\ndate: 2020-01-02\ntranslationKey: f\n---\nText of {0}.\n"
    files = {"hugo.toml": HUGO, "content/a.md": front.format("A"), "content/b.md": front.format("B")}
    root, report = import_files(tmp_path, files)
    assert [note.message for note in report.notes] == [
        'the translation key "f" was dropped: a post in the same language has it'
    ]
    build(root)


def test_a_language_of_polylang_that_is_not_a_tag_is_not_written(tmp_path):
    item = ITEM.format(title="frost", number=1, more=polylang("english", "g"))
    root, _ = import_files(tmp_path, {"export.xml": WXR.format(items=item)})
    (post,) = (root / "content/posts").glob("*.md")
    assert "language:" not in post.read_text()


@pytest.mark.slow  # it imports two archives of 435 posts
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize(("archive", "pairs"), [("hugo-ipfs", 23), ("hugo-redox", 1)])
def test_each_pair_of_a_real_archive_has_a_key_of_its_own(archive, pairs, tmp_path):
    import_path(CORPORA / archive, tmp_path, images="leave")
    texts = [path.read_text("utf-8") for path in (tmp_path / "content").rglob("*.md")]
    keys = Counter(match[1] for text in texts if (match := re.search(r"^translation_key: (.+)$", text, re.MULTILINE)))
    assert [number for number in keys.values() if number > 1] == [2] * pairs
