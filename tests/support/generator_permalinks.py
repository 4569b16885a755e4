"""Small sites for Eleventy and Pelican, and the tables of permalinks that these programs give their pages.

`python -m tests.support.generator_permalinks` writes `tests/permalinks/eleventy.json` and `pelican.json`. It needs
`eleventy` (from npm, 3.x) and a Python with Pelican, named by the variable PELICAN_PYTHON.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.sites import write

TABLES = Path(__file__).parents[1] / "permalinks"
TITLES = (
    "Q3/2011 plans", "C++ & C# news", "a_b  c--d", "What's new?", "“Quoted” – dash", "Élan vital", "50% off!", "a.b.c",
    "UPPER lower", "-- lead", "Straße & Fuß", "Hello… again", "1. First (and last)", "don’t", "x + y = z", "Ærø",
)  # fmt: skip


def page(title: str = "A page", **fields: object) -> str:
    rows = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ndate: 2020-03-09\n{rows}---\n\nText.\n"


def article(title: str, **fields: str) -> str:
    rows = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"Title: {title}\nDate: 2020-03-09 10:00\n{rows}\nText.\n"


ELEVENTY: Mapping[str, Mapping[str, str]] = {
    "names": {
        ".eleventy.js": "module.exports = () => ({});\n",
        "index.md": page(),
        "about.md": page(),
        "posts/2018-01-01-dated.md": page(),
        "posts/2018-01-01 spaced.md": page(),
        "posts/2018-01-02/index.md": page(),
        "posts/2018-01-03-folder/index.md": page(),
        "2018-01-05-day/inside.md": page(),
        "posts/Upper Case.md": page(),
        "posts/dir/index.md": page(),
        "posts/name/name.md": page(),
        "posts/a.b.md": page(),
        "posts/it's & more.md": page(),
        "posts/own1.md": page(permalink="/own/Place/"),
        "posts/own2.md": page(permalink="own/page.html"),
        "posts/own3.md": page(permalink="/x/{{ page.fileSlug }}/"),
        "posts/2019-01-01-own4.md": page(permalink="{{ page.filePathStem }}/index.html"),
        "posts/2019-01-01-own5.md": page(permalink="/y/{{page.fileSlug}}.html"),
        "posts/slugged.md": page(slug="my-slug"),
    },
    "input and data": {
        "eleventy.config.js": "export default () => {};\n"
        'export const config = { dir: { input: "src", output: "out" } };\n',
        "package.json": '{"type": "module"}\n',
        "src/blog/blog.json": '{"permalink": "/b/{{ page.fileSlug }}/"}\n',
        "src/blog/one.md": page(),
        "src/blog/2020-01-01-two.md": page(),
        "src/blog/deep/three.md": page(),
        "src/blog/own.md": page(permalink="/z/"),
        "src/notes/four.md": page(),
    },
}
_BY_TITLE = {f"content/t{number}.md": article(title) for number, title in enumerate(TITLES)}
_BY_FOLDER = {
    "content/Some Folder/Upper Case.md": article("One"),
    "content/Some Folder/deep/2020-01-01-two.md": article("Two & more"),
    "content/three.md": article("Three", Category="Big News", Slug="own-slug"),
    "content/four.md": article("Four", Author="Ann O'Brien", Lang="fr"),
    "content/pages/about.md": article("About us"),
    "content/pages/deep/more.md": article("More", Slug="more-slug"),
}
PELICAN: Mapping[str, Mapping[str, str]] = {
    "titles": {"pelicanconf.py": "SITEURL = ''\n", **_BY_TITLE, **_BY_FOLDER},
    "dates": {
        "pelicanconf.py": "ARTICLE_URL = '{date:%Y}/{date:%b}/{date:%d}/{slug}/'\n"
        "ARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'\nPAGE_URL = 'p/{slug}/'\nPAGE_SAVE_AS = 'p/{slug}/index.html'\n",
        **_BY_FOLDER,
    },
    "categories": {
        "pelicanconf.py": "ARTICLE_URL = 'c/{category}/{author}/{lang}/{slug}.html'\nARTICLE_SAVE_AS = ARTICLE_URL\n"
        "AUTHOR = 'Site Author'\nDEFAULT_LANG = 'de'\n"
        "ARTICLE_LANG_URL = ARTICLE_URL\nARTICLE_LANG_SAVE_AS = ARTICLE_URL\n",
        **_BY_FOLDER,
    },
    "names": {"pelicanconf.py": "SLUGIFY_SOURCE = 'basename'\n", **_BY_FOLDER},
    "no folders": {
        "pelicanconf.py": "USE_FOLDER_AS_CATEGORY = False\nDEFAULT_CATEGORY = 'Odds & Ends'\n"
        "ARTICLE_URL = '{category}/{slug}/'\nARTICLE_SAVE_AS = '{category}/{slug}/index.html'\n",
        **_BY_FOLDER,
    },
    "unicode": {"pelicanconf.py": "SLUGIFY_USE_UNICODE = True\nSLUGIFY_PRESERVE_CASE = True\n", **_BY_TITLE},
}
_PELICAN_URLS = """
import json, os, sys
from pelican import Pelican, signals
from pelican.settings import read_settings
found = {}
def take(generator):
    for name in ("articles", "drafts", "pages", "hidden_pages", "translations"):
        for content in getattr(generator, name, ()):
            found[os.path.relpath(content.source_path)] = content.url
signals.article_generator_finalized.connect(take)
signals.page_generator_finalized.connect(take)
sys.stdout = sys.stderr
settings = read_settings("pelicanconf.py", override={"PATH": "content", "OUTPUT_PATH": "out", "TIMEZONE": "UTC"})
Pelican(settings).run()
sys.__stdout__.write(json.dumps(found))
"""


def record() -> None:
    eleventy: dict[str, dict[str, str]] = {}
    pelican: dict[str, dict[str, str]] = {}
    for name, files in ELEVENTY.items():
        with tempfile.TemporaryDirectory() as folder:
            rows = json.loads(_output(["eleventy", "--to=json"], write(Path(folder), files)))
        eleventy[name] = {row["inputPath"].removeprefix("./"): row["url"] or "" for row in rows}
    for name, files in PELICAN.items():
        with tempfile.TemporaryDirectory() as folder:
            python = os.environ["PELICAN_PYTHON"]
            pelican[name] = json.loads(_output([python, "-c", _PELICAN_URLS], write(Path(folder), files)))
    for name, table in (("eleventy", eleventy), ("pelican", pelican)):
        text = json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        (TABLES / f"{name}.json").write_text(text, "utf-8")


def _output(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    record()
