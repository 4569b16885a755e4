"""The old paths of imported posts are those that the generator gave them."""

import json
from datetime import UTC
from unicodedata import normalize
from urllib.parse import unquote

import pytest

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import ImportedPost, Options
from sitegen.importers.registry import load_importer
from tests.support.generator_permalinks import ELEVENTY, PELICAN, TABLES
from tests.support.hugo_permalinks import SITES, TABLE
from tests.support.sites import write

HUGO = json.loads(TABLE.read_text("utf-8"))
OTHERS = {name: json.loads((TABLES / f"{name}.json").read_text("utf-8")) for name in ("eleventy", "pelican")}


def old_paths(root, format_name):
    """Return the first old path of each post, by its file."""
    with Archive([root], ()) as archive:
        posts = [
            post for post in load_importer(format_name).read(archive, Options(UTC)) if isinstance(post, ImportedPost)
        ]
    return {post.where.path: next(iter(post.aliases), "") for post in posts}


def comparable(path):
    """Return a path decoded and normalised, without the slash of a folder; "" for one that Windows cannot have."""
    plain = normalize("NFC", unquote(path)).removesuffix("/")
    return "" if plain.endswith(".") else plain


@pytest.mark.parametrize("name", SITES)
def test_paths_are_equal_to_those_of_hugo(name, tmp_path):
    found = old_paths(write(tmp_path, SITES[name]), "hugo")
    assert {file: comparable(path) for file, path in found.items()} == {
        file: comparable(path) for file, path in HUGO[name].items()
    }


@pytest.mark.parametrize(
    ("format_name", "name", "files"),
    [("eleventy", name, files) for name, files in ELEVENTY.items()]
    + [("pelican", name, files) for name, files in PELICAN.items()],
)
def test_paths_are_equal_to_those_of_eleventy_and_pelican(format_name, name, files, tmp_path):
    found = old_paths(write(tmp_path, files), format_name)
    expected = {file: comparable(f"/{path.lstrip('/')}") for file, path in OTHERS[format_name][name].items()}
    # The home page keeps its path anyway.
    assert {file: comparable(path) for file, path in found.items()} == expected


JEKYLL_CONFIGS = {
    "date": "{}",
    "pretty": "permalink: pretty",
    "ordinal": "permalink: ordinal",
    "weekdate": "permalink: weekdate",
    "none": "permalink: none",
    "own": "permalink: /:categories/:short_year/:i_month-:i_day/:title",
    "slug": "permalink: /x/:slugified_categories/:slug/",
    "long": "permalink: /:short_month/:long_month/:short_day/:long_day/:w_day/:title.html",
}


@pytest.mark.parametrize(
    ("config", "file", "front", "path"),
    [
        ("date", "_posts/2020-03-09-plain.md", {}, "/2020/03/09/plain.html"),
        ("date", "_posts/2020-03-09-What's new? (1).md", {}, "/2020/03/09/What's-new-(1).html"),
        ("date", "_posts/2020-03-09-a--b_c.d.md", {}, "/2020/03/09/a-b_c.d.html"),
        ("date", "_posts/2020-03-09-हिन्दी पत्र.md", {}, "/2020/03/09/हिन्दी-पत्र.html"),
        (
            "date",
            "News/_posts/2020-03-09-x.md",
            {"categories": ["Big One", "two"]},
            "/news/big one/two/2020/03/09/x.html",
        ),
        ("date", "_posts/2020-03-09-x.md", {"category": "A b", "categories": "c d"}, "/a b/c/d/2020/03/09/x.html"),
        ("date", "_posts/2020-03-09-x.md", {"slug": "My Slug"}, "/2020/03/09/My-Slug.html"),
        ("date", "_posts/2020-03-09-x.md", {"date": "2020-04-01 10:00:00"}, "/2020/04/01/x.html"),
        ("date", "_posts/2020-03-09-x.md", {"permalink": "/own/Place/"}, "/own/Place/"),
        ("date", "_posts/2020-03-09-x.md", {"permalink": "/b/:year/:title/"}, "/b/2020/x/"),
        ("pretty", "_posts/2020-03-09-Upper.md", {}, "/2020/03/09/Upper/"),
        ("ordinal", "_posts/2020-03-09-x.md", {}, "/2020/069/x.html"),
        ("weekdate", "_posts/2020-03-09-x.md", {}, "/2020/W11/Mon/x.html"),
        ("none", "_posts/2020-03-09-x.md", {"categories": "a"}, "/a/x.html"),
        ("own", "_posts/2020-03-09-x.md", {}, "/20/3-9/x"),
        ("slug", "_posts/2020-03-09-What's New.md", {"categories": ["C & D"]}, "/x/c-d/what-s-new/"),
        ("long", "_posts/2020-03-09-x.md", {}, "/Mar/March/Mon/Monday/1/x.html"),
    ],
)
def test_paths_follow_the_rules_of_jekyll(config, file, front, path, tmp_path):
    """See https://jekyllrb.com/docs/permalinks/."""
    text = f"---\n{json.dumps({'title': 'A'} | front, ensure_ascii=False)}\n---\n\nText.\n"
    root = write(tmp_path, {"_config.yml": f"{JEKYLL_CONFIGS[config]}\n", file: text})
    assert comparable(old_paths(root, "jekyll")[file]) == comparable(path)


ZOLA_CONFIGS = {
    "on": "",
    "safe": '[slugify]\npaths = "safe"\n',
    "off": '[slugify]\npaths = "off"\n',
    "dates": "[slugify]\npaths_keep_dates = true\n",
}


@pytest.mark.parametrize(
    ("config", "file", "front", "path"),
    [
        ("on", "content/Some Folder/My Page.md", "", "/Some Folder/my-page/"),
        ("on", "content/it's C++ & more.md", "", "/it-s-c-more/"),
        ("on", "content/Élan – straße.md", "", "/elan-strasse/"),
        ("on", "content/日本.md", "", ""),
        ("on", "content/blog/2020-01-02-dated.md", "", "/blog/dated/"),
        ("on", "content/blog/2020-01-02_under.md", "", "/blog/under/"),
        ("on", "content/blog/2020-1-2-short.md", "", "/blog/2020-1-2-short/"),
        ("on", "content/blog/2020-01-02-bundle/index.md", "", "/blog/bundle/"),
        ("on", "content/index.md", "", "/"),
        ("on", "content/a.md", 'slug = "My Slug"', "/my-slug/"),
        ("on", "content/a.ja.md", "", "/ja/a/"),
        ("on", "content/b/index.ja.md", "", "/ja/b/"),
        ("on", "content/c.ja.md", 'path = "ja/a-page"', "/ja/a-page/"),
        ("on", "content/c.zh-Hant.md", "", "/zh-Hant/c/"),
        ("on", "content/d.md", 'path = "/Own/Place"', "/Own/Place/"),
        ("safe", "content/日本 1.md", "", "/日本 1/"),
        ("safe", "content/héhé (x).md", "", "/héhé (x)/"),
        ("off", "content/it's.md", "", "/it's/"),
        ("dates", "content/2020-01-02-dated.md", "", "/2020-01-02-dated/"),
    ],
)
def test_paths_follow_the_rules_of_zola(config, file, front, path, tmp_path):
    """See https://www.getzola.org/documentation/content/page/ and `slugify` in its configuration."""
    settings = f'base_url = "https://old.example"\n{ZOLA_CONFIGS[config]}[languages.ja]\n[languages.zh-Hant]\n'
    text = f'+++\ntitle = "A"\ndate = 2020-03-09\n{front}\n+++\nText.\n'
    root = write(tmp_path, {"config.toml": settings, file: text})
    assert comparable(old_paths(root, "zola")[file]) == comparable(path)


@pytest.mark.parametrize(
    ("file", "front", "path"),
    [
        ("src/pages/posts/x.md", "", "/posts/x/"),
        ("src/pages/posts/Upper Case.md", "", "/posts/Upper Case/"),
        ("src/pages/posts/2020-01-01-dated.md", "slug: other", "/posts/2020-01-01-dated/"),
        ("src/pages/posts/dir/index.md", "", "/posts/dir/"),
        ("src/content/blog/What's New.md", "", "/blog/whats-new/"),
        ("src/content/blog/2020-01-01-dated.mdx", "", "/blog/2020-01-01-dated/"),
        ("src/content/blog/deep/x/index.md", "", "/blog/deep/x/"),
        ("src/content/blog/x.md", "slug: own", "/blog/own/"),
    ],
)
def test_paths_follow_the_rules_of_astro(file, front, path, tmp_path):
    """See https://docs.astro.build/en/guides/routing/."""
    text = f"---\ntitle: A\ndate: 2020-03-09\n{front}\n---\nText.\n"
    root = write(tmp_path, {"astro.config.mjs": "export default {};\n", file: text})
    assert comparable(old_paths(root, "eleventy")[file]) == comparable(path)
