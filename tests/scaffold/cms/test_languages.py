"""Editors of a site in several languages."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.scaffold.cms.test_browser_editors import cms, collections, fields, find_errors, settings
from tests.scaffold.cms.test_round_trip import PACKAGES, save_all
from tests.scaffold.cms.test_site_content import RECIPES, front
from tests.support.programs import require_node_file, require_program
from tests.support.sites import build, make_site, tree

LANGUAGES = """
title = "Letters"
base_url = "https://example.org/"
language = "en"
untranslated = "list"
[languages.de]
title = "Briefe"
[languages.fr]
title = "Lettres"
"""
LISTER = Path(__file__).with_name("list_posts.mjs")


def page(title):
    return f"---\ntitle: {title}\n---\n\nWords.\n"


BESIDE = {
    "content/posts/2024-01-01-first.de.md": front("slug: erster", "tags: [regen]"),
    "content/posts/2024-01-02-second.fr.md": front("language: fr-CA"),
    "content/posts/2024/2024-03-01-year.md": front("tags: [rain]", "author: Bo", "issue: 7"),
    "content/posts/2024/2024-03-01-year.de.md": front("author: Bo"),
    "content/posts/2023/12/deep.md": front("translation_key: deep"),
    "content/posts/2023/12/tief.de.md": front("translation_key: deep", "aliases: [/alt/]"),
    "content/posts/2024/2024-04-01-bundle/index.md": front("image: dot.svg", "source: Wire"),
    "content/posts/2024/2024-04-01-bundle/index.de.md": front("image: dot.svg", "source: Wire"),
    "content/posts/2024/2024-04-01-bundle/index.fr.md": front("image: dot.svg", "source: Wire"),
    "content/posts/2024/2024-04-01-bundle/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
    "content/posts/only.de.md": front("draft: false"),
    "content/recipes/leek.md": front("yield: 4"),
    "content/recipes/leek.de.md": front("yield: 4"),
    "content/pages/about.de.md": page("Über"),
    "content/pages/guides/wix.md": page("Wix"),
    "content/pages/guides/wix.fr.md": page("Wix"),
}
"""Translations beside their originals, at every depth."""

FOLDERS = {
    "content/posts/de/2024-01-01-first.md": front("slug: erster"),
    "content/posts/2024/2024-03-01-year.md": front(),
    "content/posts/de/2024/2024-03-01-year.md": front(),
    "content/posts/2024/2024-03-02-aside.md": front(),
    "content/posts/2024/2024-03-02-aside.de.md": front(),
    "content/posts/2024/2024-05-01-own/index.fr.md": front(),
    "content/posts/2024-04-01-bundle/index.md": front(),
    "content/posts/fr/2024-04-01-bundle/index.md": front(),
    "content/recipes/leek.md": front("yield: 4"),
    "content/recipes/de/leek.md": front("yield: 4"),
    "content/pages/de/about.md": page("Über"),
    "content/pages/guides/wix.md": page("Wix"),
    "content/pages/fr/guides/wix.md": page("Wix"),
}
"""Translations in folders of languages."""

BOTH = BESIDE | {
    "content/posts/de/2024-01-03-third.md": front(),
    "content/posts/fr/2024/2024-03-01-year.md": front("author: Bo"),
    "content/recipes/fr/leek.md": front("yield: 4"),
    "content/pages/fr/about.md": page("Nous"),
    "content/pages/de/guides/wix.md": page("Wix"),
}
ORIGINALS = {
    "content/posts/2024/2024-03-01-year.en.md": front(),
    "content/posts/2024/2024-03-01-year.de.md": front(),
    "content/posts/2024-04-01-bundle/index.en.md": front(),
    "content/posts/2024-04-01-bundle/index.fr.md": front(),
    "content/posts/only.de.md": front(),
    "content/posts/en/own.md": front(),
    "content/recipes/leek.en.md": front("yield: 4"),
    "content/recipes/leek.de.md": front("yield: 4"),
    "content/pages/about.md": page("About"),
    "content/pages/about.de.md": page("Über"),
    "content/pages/en/team.md": page("Team"),
    "content/pages/team.en-GB.md": page("Crew"),
}
"""Originals that name their language too; among pages, not all do."""

LAYOUTS = {"beside": BESIDE, "folders": FOLDERS, "both": BOTH, "named": ORIGINALS}


@pytest.fixture(params=LAYOUTS)
def site(tmp_path, request):
    make_site(tmp_path, LAYOUTS[request.param], LANGUAGES + RECIPES)
    if request.param == "named":
        for path in tmp_path.glob("content/posts/2024-01-0?-*.md"):
            path.unlink()
    return tmp_path


def documents(root):
    return sorted(str(path.relative_to(root)) for path in root.glob("content/**/*.md"))


def find_language(name):
    """Return the language that the path of a document names, by the rules of the manual."""
    parts = name.split("/")
    of_name = parts[-1].removesuffix(".md").rpartition(".")[2]
    return next((tag for tag in ("de", "fr") if tag == of_name or tag == parts[2]), "en")


def test_sveltia_lists_each_document_once_and_in_its_language(site):
    modules = next(
        parent for parent in require_node_file(*PACKAGES["sveltia"]).parents if parent.name == "node_modules"
    )
    cms(site, "sveltia", "--repository", "ada/letters")
    names = documents(site)
    given = json.dumps({"config": settings(site), "files": names})
    result = subprocess.run(
        [require_program("node"), LISTER, modules], input=given, text=True, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr
    listed = json.loads(result.stdout)
    assert len(listed) == len(names) > 8
    configured = collections(site)
    files = {file["file"] for item in configured.values() for file in item.get("files", ())}
    for name, found in listed.items():
        if name in files:
            continue
        ((collection, language),) = found
        if language == "_default":
            item = configured[collection]
            language = find_language(f"{item['folder']}/{item['path']}.md")
        assert (name, language) == (name, find_language(name))


@pytest.mark.parametrize("editor", PACKAGES)
def test_a_site_in_three_languages_is_the_same_after_saving_each_document(tmp_path, editor):
    make_site(tmp_path, BOTH, LANGUAGES + RECIPES)
    build(tmp_path)
    before = tree(tmp_path / "output")
    assert b'hreflang="de"' in before["about/index.html"]
    assert save_all(tmp_path, editor) == set()
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == before


def test_the_configuration_of_a_site_in_several_languages_is_valid(site):
    assert list(find_errors(site)) == []


def test_translations_without_an_original_are_files_because_sveltia_saves_only_what_has_the_main_language(site):
    cms(site, "sveltia", "--repository", "ada/letters")
    found = {
        file["file"]: fields(file)
        for name, item in collections(site).items()
        if name.endswith("-untranslated")
        for file in item["files"]
    }
    expected = {
        "content/posts/only.de.md",
        "content/posts/2023/12/tief.de.md",
        "content/posts/2024/2024-03-02-aside.de.md",
    }
    assert found.keys() == {name for name in documents(site) if name in expected}
    assert all({"title", "date", "body", "tags"} <= form.keys() for form in found.values())
    assert all("aliases" in form for name, form in found.items() if "tief" in name)
    assert not any("menu" in form or "markdown" in form for form in found.values())


def test_new_posts_in_one_language_are_apart_from_translations(site):
    cms(site, "sveltia", "--repository", "ada/letters")
    found = [item for item in collections(site).values() if item.get("create") and item["name"].startswith("posts")]
    locations = [(item["label"], item["folder"], item["path"], "i18n" in item) for item in found]
    assert {item["folder"]: item.get("media_folder") for item in found} == {
        folder: None if "{{locale}}" in folder else "" for _, folder, *_ in locations
    }
    if (site / "content/posts/de/2024/2024-03-01-year.md").is_file():
        assert locations == [
            ("Posts", "content/posts/{{locale}}", "{{slug}}/index", True),
            ("Posts: Deutsch", "content/posts", "{{slug}}/index.de", False),
            ("Posts: français", "content/posts", "{{slug}}/index.fr", False),
        ]
    else:
        assert locations == [
            ("Posts", "content/posts", "{{slug}}/index", True),
            ("Posts: Deutsch", "content/posts/de", "{{slug}}/index", False),
            ("Posts: français", "content/posts/fr", "{{slug}}/index", False),
        ]


@pytest.mark.parametrize("site", ["named"], indirect=True)
def test_new_originals_name_their_language_where_all_old_ones_do(site):
    cms(site, "sveltia", "--repository", "ada/letters")
    named = {"omit_default_locale_from_file_path": False}
    found = collections(site)
    assert [found[name]["i18n"] for name in ("posts", "recipes", "pages")] == [named, named, True]


def test_sveltia_translates_what_differs_and_copies_what_all_versions_share(tmp_path):
    make_site(tmp_path, BESIDE, LANGUAGES + RECIPES)
    cms(tmp_path, "sveltia", "--repository", "ada/letters")
    assert settings(tmp_path)["i18n"] == {
        "structure": "multiple_files",
        "locales": ["en", "de", "fr"],
        "default_locale": "en",
        "initial_locales": "default",
        "omit_default_locale_from_file_path": True,
    }
    posts = {name: field.get("i18n") for name, field in fields(collections(tmp_path)["posts"]).items()}
    assert {name for name, value in posts.items() if value == "duplicate"} >= {"image", "source", "source_url"}
    assert {name for name, value in posts.items() if value is True} >= {
        "title",
        "slug",
        "summary",
        "tags",
        "body",
        "draft",
    }
    assert {name for name, value in posts.items() if value is None} == {"language", "aliases"}
    assert posts["issue"] is True  # a translation has another
    recipes = {name: field.get("i18n") for name, field in fields(collections(tmp_path)["recipes"]).items()}
    assert (recipes["yield"], recipes["issue"]) == ("duplicate", "duplicate")


def test_a_site_in_one_language_has_no_settings_for_languages(tmp_path):
    make_site(tmp_path, {"content/posts/hallo.md": front("language: de", "translation_key: hallo")})
    cms(tmp_path, "sveltia", "--repository", "ada/letters")
    assert "i18n" not in (tmp_path / "content/admin/config.yml").read_text("utf-8")


def test_decap_has_a_collection_for_each_language(tmp_path):
    make_site(tmp_path, FOLDERS, LANGUAGES + RECIPES)
    cms(tmp_path, "decap", "--repository", "ada/letters")
    found = collections(tmp_path)
    assert {name: (found[name]["label"], found[name]["folder"]) for name in found if name.startswith("posts")} == {
        "posts": ("Posts", "content/posts"),
        "posts-de": ("Posts: Deutsch", "content/posts/de"),
        "posts-fr": ("Posts: français", "content/posts/fr"),
    }
    assert found["pages-guides-fr"]["folder"] == "content/pages/fr/guides"
    original = fields(found["posts-de"])["translation_of"]
    assert (original["collection"], original["value_field"]) == ("posts", "/posts/{{slug}}.md")
    assert fields(found["posts"])["translation_of"]["widget"] == "string"
    assert "language" in fields(found["posts"])
    assert "language" not in fields(found["posts-de"])


def test_an_original_that_is_named_from_the_folder_of_the_translation_is_text(tmp_path):
    files = {"content/posts/de/hallo.md": front("translation_of: ../2024-01-01-first.md")}
    make_site(tmp_path, files, LANGUAGES)
    cms(tmp_path, "decap", "--repository", "ada/letters")
    assert fields(collections(tmp_path)["posts-de"])["translation_of"]["widget"] == "string"
    assert fields(collections(tmp_path)["posts-fr"])["translation_of"]["widget"] == "relation"


def test_pages_cms_has_a_collection_for_each_language(tmp_path):
    make_site(tmp_path, FOLDERS, LANGUAGES + RECIPES)
    cms(tmp_path, "pages")
    entries = yaml.safe_load((tmp_path / ".pages.yml").read_text("utf-8"))["content"]
    found = {item["name"]: item["path"] for item in entries if item["type"] == "collection"}
    assert found == {
        "posts": "content/posts", "posts-de": "content/posts/de", "posts-fr": "content/posts/fr",
        "recipes": "content/recipes", "recipes-de": "content/recipes/de", "recipes-fr": "content/recipes/fr",
        "pages": "content/pages", "pages-de": "content/pages/de", "pages-fr": "content/pages/fr",
    }  # fmt: skip


def test_front_matter_cms_creates_translations_in_the_folder_of_the_language(tmp_path):
    make_site(tmp_path, FOLDERS, LANGUAGES + RECIPES)
    cms(tmp_path, "frontmatter")
    values = json.loads((tmp_path / "frontmatter.json").read_text("utf-8"))
    folders = {folder["title"]: folder for folder in values["frontMatter.content.pageFolders"]}
    assert folders["Posts"]["defaultLocale"] == "en"
    assert folders["Posts"]["locales"] == [
        {"title": "English", "locale": "en"},
        {"title": "Deutsch", "locale": "de", "path": "de"},
        {"title": "français", "locale": "fr", "path": "fr"},
    ]
    assert [locale.get("path") for locale in folders["Pages: guides"]["locales"]] == [
        None,
        "../de/guides",
        "../fr/guides",
    ]


@pytest.mark.parametrize("editor", ["decap", "sveltia"])
def test_the_folder_of_a_type_below_another_folder_has_no_folders_of_languages(tmp_path, editor):
    config = LANGUAGES + '[types.recipes]\nfolder = "food/recipes"\n'
    make_site(tmp_path, {"content/food/recipes/leek.md": front()}, config)
    cms(tmp_path, editor, "--repository", "ada/letters")
    found = {item["folder"] for name, item in collections(tmp_path).items() if name.startswith("recipes")}
    assert found == {"content/food/recipes"}
