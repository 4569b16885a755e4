"""A history of a site in several languages: each incremental build leaves what a clean build writes."""

import shutil
import time
from contextlib import closing

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from tests.site.test_editions import FILES, document, make
from tests.support.sites import CACHE, build, tree, write

ENGLISH_ONLY = 'title = "Letters"\nbase_url = "https://letter.example.org/sub/"\n[feeds]\nposts = 2\n'
STEPS = {
    "link to a post": {"content/posts/2024-01-01-both.de.md": document("Beide") + "[Mehr](2023-01-02-english.md)\n"},
    "translate a post": {"content/posts/2023-01-02-english.de.md": document("Englisch", "nachrichten")},
    "make a linked translation a draft": {
        "content/posts/2023-01-02-english.de.md": document("Englisch", "nachrichten", "draft: true\n")
    },
    "publish a linked translation": {"content/posts/2023-01-02-english.de.md": document("Englisch", "nachrichten")},
    "edit the text of a translation": {"content/posts/2024-01-01-both.de.md": document("Beide") + "\nMehr.\n"},
    "edit the title of an original": {"content/posts/2024-01-01-both.md": document("Both of them", "news, rain")},
    "update an original": {"content/posts/2024-01-01-both.md": document("Both", "news", "updated: 2024-03-01\n")},
    "move a translation to another language": {
        "content/posts/2024-01-01-both.de.md": None,
        "content/posts/2024-01-02-har-do.fa.md": document("هر دو"),
    },
    "make a translation a draft": {"content/posts/fa/2024-01-01-both.md": document("سلام", "", "draft: true\n")},
    "remove the last post of a language": {"content/posts/fa/2024-01-01-both.md": None},
    "link by a key": {
        "content/posts/2023-01-02-english.de.md": None,
        "content/posts/2023-01-02-english.md": document("English", "news", "translation_key: x\n"),
        "content/posts/de/2022-01-03-deutsch.md": document(
            "Deutsch", "nachrichten", "language: de\ntranslation_key: x\n"
        ),
    },
    "add a home page": {"content/pages/index.de.md": document("Willkommen")},
    "add a post in a language without pages": {
        "content/posts/2024-02-01-autre.md": document("Autre", "", "language: fr\n")
    },
}


def test_incremental_builds_of_several_languages_are_clean_builds(tmp_path):
    root, clean = tmp_path / "site", tmp_path / "clean"
    make(root, "hide")
    build(root)
    config = (root / "sitegen.toml").read_text()
    settings = (
        config.replace('"hide"', '"list"'),
        config.replace('"hide"', '"link"'),
        config.replace('nachrichten = "news"', 'nachrichten = "rain"'),
        ENGLISH_ONLY,
        config,
    )
    for step in (*STEPS.values(), *[{"sitegen.toml": text} for text in settings], FILES):
        for name, text in step.items():
            if text is None:
                (root / name).unlink(missing_ok=True)
            else:
                write(root, {name: text})
        build(root)
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(root, clean, ignore=shutil.ignore_patterns("output", ".sitegen"))
        build(clean)
        assert tree(root / "output") == tree(clean / "output"), step


def test_builds_of_one_process_after_edits_of_texts_show_the_words_of_each_language(tmp_path):
    root, clean = tmp_path / "site", tmp_path / "clean"
    make(root, "hide")
    config = read_config(root).config
    with closing(Builder(root, time.time_ns, cache=CACHE)) as builder:
        builder.build(config, Request())
        for name in ("2024-01-01-both.de.md", "2024-01-01-both.md", "2024-01-01-both.de.md"):
            with (root / "content/posts" / name).open("a") as file:
                file.write("\nMore.\n")
            assert builder.build(config, Request()).rendered
            shutil.rmtree(clean, ignore_errors=True)
            shutil.copytree(root, clean, ignore=shutil.ignore_patterns("output", ".sitegen"))
            build(clean)
            assert tree(root / "output") == tree(clean / "output"), name
