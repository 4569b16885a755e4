"""Small sites for Hugo, and the table of permalinks that Hugo itself gives their pages.

`python -m tests.support.hugo_permalinks` writes the table `tests/permalinks/hugo.json`; it needs the package
`hugo`, which contains the program.
"""

import csv
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.sites import write

TABLE = Path(__file__).parents[1] / "permalinks" / "hugo.json"
BASE = "https://old.example/"

TITLES = (
    "Q3/2011 plans", "Talks @ the fair", "Wait for it...", "C++ & C# news", "a_b  c--d", "What's new?",
    "“Quoted” – dash", "Élan vital", "Straße & Fuß", "Большой план", "日本の手紙", "50% off!", "1. First (and last)",
    "Plan: B; or {C}", "a.b.c", "~tilde~ + plus = equals", "UPPER lower", "-- lead", "tail --", "emoji 🚀 here",
    "a | b \\ c", "comma, semi", "Hash #5", "{{ braces }}", "tab\tbed", "x/y/z", "  spaced  ", "back`tick`",
    "100 €", "don’t", "<em>out</em> &amp; in", "a+b", "1+1=2", "either / or", "C:\\dir", "100%25 real",
    "e\u0301 combining", "a…b", "½ price", "№ 5", "٣ قصص", "+lead", "x+ y", "A.B. ", "a -- b", "a - b",
    "हिन्दी पत्र", "a_ b", "q?a=b&c", "nb\u00a0space", "#1", "[x] {y} (z)",
)  # fmt: skip
FILES = (
    "Upper-Case", "with space", "under_score", "dot.ted.name", "2020-01-02-dated", "plus+plus", "a--b",
    "ünicode", "what's", "hash#name", "per%zcent", "paren(1)", "at@sign", "comma,name", "-lead", "tail-", "~t",
    "Ж", "a&b", "excl!", "two  blanks", "Mixed Case.v2", "a+b c", "x,y z", "dots...", "_under", "a - b",
)  # fmt: skip


def page(title: str = "A page", **fields: str) -> str:
    values = {"title": title, "date": "2020-03-09T10:00:00Z"} | fields
    return json.dumps(values, ensure_ascii=False) + "\n\nText.\n"


def titled(section: str) -> dict[str, str]:
    return {f"content/{section}/t{number}.md": page(title) for number, title in enumerate(TITLES)}


def named(section: str) -> dict[str, str]:
    return {f"content/{section}/{name}.md": page() for name in FILES}


SLUGS = {
    "content/posts/s4.md": page(slug="two  words - dash"),
    "content/posts/s5.md": page(slug="plus+and#"),
    "content/posts/s1.md": page(slug="My Slug"),
    "content/posts/s2.md": page(slug="a/b"),
    "content/posts/s3.md": page(slug="what's.new"),
    "content/posts/u1.md": page(url="/own/Place"),
    "content/posts/u2.md": page(url="own/place.html"),
    "content/posts/u3.md": page(url="/own/a b/"),
    "content/posts/bundle/index.md": page(),
    "content/posts/Deep Folder/Sub_x/p.md": page(),
    "content/Top Page.md": page(),
    "content/posts/bundle2/index.md": page(slug="other"),
    "content/about/index.md": page(),
}
TOKENS = {
    "a": "/:year/:month/:day/:title/",
    "b": "/:sections/:slug/",
    "c": "/:section/:slugorfilename/",
    "d": "/x/:contentbasename/",
    "e": "/:slugorcontentbasename/",
    "f": "/:monthname/:weekday/:weekdayname/:yearday/:filename",
    "g": "/:sections[1:]/:title",
    "h": "/:sections[last]/:title.html",
    "i": "/:2006/:01/:02/:title/",
    "j": "/:year/:title/index.html",
    "k": "/:sections/:title/",
    "l": "/:sections[1:]/:title/",
    "m": "/:sections[last]/:contentbasename/",
    "n": "/:sections[0]-x/:sections[:last]/:slugorcontentbasename/",
    "p": "/Fixed Part/:section:title/",
}
"""A pattern for each section; every section holds the same pages."""


def token_pages() -> dict[str, str]:
    found = {}
    for section in TOKENS:
        found |= {
            f"content/{section}/one file.md": page("A Title: one"),
            f"content/{section}/deep/er/two.md": page("Second", slug="my-slug"),
            f"content/{section}/Bundle B/index.md": page("Third & more"),
            f"content/{section}/Sub/In It/four.md": page("Fourth"),
        }
        for folder in ("Sub", "Sub/In It") if section in "klmn" else ():
            found[f"content/{section}/{folder}/_index.md"] = page("A section")
    return found


def toml(**values: object) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in ({"baseURL": BASE} | values).items())


def permalinks(table: Mapping[str, str], heading: str = "permalinks") -> str:
    return f"\n[{heading}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


LANGUAGES = {"en": {"weight": 1}, "pt-br": {"weight": 2}, "fr": {"weight": 3}}
TRANSLATED = {
    "content/blog/a.md": page(),
    "content/blog/a.pt-br.md": page("Título"),
    "content/blog/b.fr.md": page("Été", slug="l-ete"),
    "content/blog/c/index.fr.md": page("Bundle"),
    "content/blog/c/index.md": page("Bundle"),
    "content/blog/d.fr.md": page("Own", url="/fr-own/"),
    "content/blog/e.de.md": page("Not a language here"),
}
FOLDERS = {
    "content/en/post/a.md": page(),
    "content/en/post/b/index.md": page(),
    "content/fr/post/a.md": page("Le titre"),
    "content/fr/post/c.md": page("Autre", slug="autre-slug"),
    "content/fr/d.md": page("Seul"),
}
FOLDER_LANGUAGES = {
    "en": {"contentDir": "content/en", "weight": 1},
    "fr": {"contentDir": "content/fr", "weight": 2},
}

SITES: Mapping[str, Mapping[str, str]] = {
    "titles": {
        "hugo.toml": toml() + permalinks({"posts": "/:title/", "old": "/:slug/"}),
        **titled("posts"),
        **titled("old"),
        **SLUGS,
    },
    "files": {"hugo.toml": toml(), **named("posts"), **SLUGS},
    "ugly": {"hugo.toml": toml(uglyURLs=True), **SLUGS},
    "accents": {
        "hugo.toml": toml(removePathAccents=True) + permalinks({"old": "/:title/"}),
        **named("posts"),
        **titled("old"),
    },
    "case": {
        "hugo.toml": toml(disablePathToLower=True) + permalinks({"old": "/:title/"}),
        **named("posts"),
        **titled("old"),
    },
    "tokens": {"hugo.toml": toml() + permalinks(TOKENS), **token_pages()},
    "tokens of pages": {"config.toml": toml() + permalinks({"a": "/p/:title/"}, "permalinks.page"), **token_pages()},
    "split config": {
        "config/_default/hugo.toml": toml(),
        "config/_default/permalinks.toml": 'a = "/q/:title/"\n',
        **token_pages(),
    },
    "languages": {
        "hugo.toml": toml(defaultContentLanguage="en", languages={}).replace("languages = {}\n", "")
        + "".join(f"[languages.{name}]\nweight = {value['weight']}\n" for name, value in LANGUAGES.items()),
        **TRANSLATED,
    },
    "languages in a folder of settings": {
        "config/_default/config.toml": toml(),
        "config/_default/languages.json": json.dumps(LANGUAGES),
        **TRANSLATED,
    },
    "languages of settings in YAML": {
        "config/_default/hugo.yaml": f"baseURL: {BASE}\ndefaultContentLanguageInSubdir: true\n",
        "config/_default/languages.yaml": json.dumps(LANGUAGES),
        **TRANSLATED,
    },
    "default language": {
        "hugo.toml": toml(defaultContentLanguage="fr")
        + "".join(f"[languages.{name}]\nweight = {value['weight']}\n" for name, value in LANGUAGES.items()),
        **{path: text for path, text in TRANSLATED.items() if path != "content/blog/c/index.md"},
    },
    "folders of languages": {
        "config.toml": toml()
        + "".join(
            f"[languages.{name}]\ncontentDir = {json.dumps(value['contentDir'])}\nweight = {value['weight']}\n"
            for name, value in FOLDER_LANGUAGES.items()
        ),
        **FOLDERS,
    },
    "a folder for one language": {
        "config.toml": toml()
        + '[languages.en]\nweight = 1\n[languages.fr]\ncontentDir = "content-i18n/fr"\nweight = 2\n',
        "content/post/a.md": page(),
        "content/post/b/index.md": page(),
        "content-i18n/fr/post/a.md": page("Le titre"),
    },
    "folders of languages in a folder of settings": {
        "config/_default/config.toml": toml(),
        "config/_default/languages.json": json.dumps(FOLDER_LANGUAGES),
        **FOLDERS,
    },
}


def record() -> None:
    table: dict[str, dict[str, str]] = {}
    for name in SITES:
        with tempfile.TemporaryDirectory() as folder:
            listed = subprocess.run(
                ["hugo", "list", "all"],
                cwd=write(Path(folder), SITES[name]),
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        rows = csv.DictReader(listed[listed.index("path,") :].splitlines())
        table[name] = {
            row["path"].replace("\\", "/"): urlsplit(row["permalink"]).path
            for row in rows
            if row["path"].endswith(".md") and row["kind"] == "page"
        }
    TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    record()
