"""The settings that the report of an import suggests: title, description, language and time zone of the old site."""

import json
import tomllib

import pytest

from tests.support.importing import import_path
from tests.support.sites import write

POST = "---\ntitle: A\ndate: 2020-01-01\n---\nText.\n"
WXR = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>{title}</title>'
    "<description>On boats</description><language>{language}</language><wp:wxr_version>1.2</wp:wxr_version>"
    "<item><title>{title}</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type>"
    "<wp:post_date>2020-01-01 10:00:00</wp:post_date><wp:status>publish</wp:status></item></channel></rss>"
)
DOCUSAURUS = "module.exports = {title: 'Boote', tagline: 'On boats', url: 'https://x.example', baseUrl: '/', %s};"
GHOST_SETTINGS = {"title": "Boote", "description": "On boats", "locale": "de", "timezone": "Europe/Berlin"}


def write_ghost(settings):
    rows = [{"key": key, "value": value} for key, value in {**settings, "ghost_admin_api_key": "planted"}.items()]
    posts = [{"id": "1", "title": "A", "slug": "a", "html": "<p>A</p>", "status": "published"}]
    return json.dumps({"db": [{"meta": {"version": "5.0"}, "data": {"settings": rows, "posts": posts}}]})


def suggest(tmp_path, platform, files):
    write(tmp_path, {f"in/{name}": text for name, text in files.items()})
    settings = import_path(tmp_path / "in", tmp_path / "site", platform).settings
    assert "planted" not in settings
    return tomllib.loads(settings)


@pytest.mark.parametrize(
    ("platform", "files"),
    [
        ("jekyll", {"_config.yml": "title: Boote\ndescription: On boats\nlang: de\n", "_posts/2020-01-01-a.md": POST}),
        ("pelican", {
            "pelicanconf.py": "SITENAME = 'Boote'\nSITESUBTITLE = 'On boats'\nDEFAULT_LANG = 'de'\n",
            "content/a.md": "Title: A\nDate: 2020-01-01\n\nText.\n",
        }),
        ("docusaurus", {
            "docusaurus.config.js": DOCUSAURUS % "i18n: {defaultLocale: 'de'}",
            "blog/2020-01-01-a.md": POST,
        }),
        ("wordpress", {"a.xml": WXR.format(title="Boote", language="de")}),
        ("ghost", {"a.json": write_ghost(GHOST_SETTINGS)}),
    ],
)  # fmt: skip
def test_title_description_and_language_of_the_old_site_are_suggested(platform, files, tmp_path):
    found = suggest(tmp_path, platform, files)
    assert (found["title"], found["description"], found["language"]) == ("Boote", "On boats", "de")


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("lang: pt_BR", "pt-BR"),
        ("locale: de_DE.UTF-8", "de-DE"),
        ("default_lang: fa\nlang: en", "fa"),
        ("lang: the language", None),
        ("lang: [de, fr]", None),
        ("lang: en", None),
        ("", None),
    ],
)
def test_a_language_is_suggested_in_the_form_of_the_config(written, language, tmp_path):
    found = suggest(tmp_path, "jekyll", {"_config.yml": f"title: A\n{written}\n", "_posts/2020-01-01-a.md": POST})
    assert found.get("language") == language


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Berlin", "Europe/Berlin"), ("Berlin", None)])
def test_only_a_known_time_zone_is_suggested(zone, expected, tmp_path):
    found = suggest(tmp_path, "ghost", {"a.json": write_ghost({**GHOST_SETTINGS, "timezone": zone})})
    assert found.get("timezone") == expected


def test_settings_of_an_export_in_several_files_are_those_of_the_first(tmp_path):
    files = {
        f"{name}.xml": WXR.format(title=name.title(), language=language)
        for name, language in (("one", ""), ("two", "fr"))
    }
    assert suggest(tmp_path, "wordpress", files) == {"title": "One", "description": "On boats", "language": "fr"}
