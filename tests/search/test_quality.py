"""The first hits of a table of queries, asked of real archives by the client itself."""

import re
import tomllib
from pathlib import Path

import pyromark
import pytest
import yaml

from sitegen.model import Post
from sitegen.search.html_text import text_of
from tests.support.search_client import run_client
from tests.support.search_index import make_post, render_index, write_files

ROOT = Path(__file__).parents[2]
QUERIES = tomllib.loads((ROOT / "tests" / "search_queries.toml").read_text(encoding="utf-8"))
FOLDERS = {
    "demo": ROOT / "content" / "posts",
    "redox": ROOT.parent / "shared" / "corpora" / "hugo-redox" / "content" / "news",
}
FENCED = re.compile(r"(\+\+\+|---)\n(.*?\n)\1\n(.*)", re.DOTALL)
ASK = """async (client, read, queries) => {
  const index = client.openIndex(read);
  return Promise.all(queries.map(async (query) => {
    const { hits, phrases } = await index.find(query);
    for (const hit of hits) {
      const [url, title] = await index.describe(hit);
      const text = await read(`texts/${encodeURIComponent(url)}`);
      if (phrases.every((phrase) => client.hasPhrase(text, phrase))) return title;
    }
    return null;
  }));
}"""


def read_posts(folder: Path) -> list[tuple[Post, str]]:
    posts = []
    for path in sorted(folder.rglob("*.md")):
        match = FENCED.match(path.read_text(encoding="utf-8"))
        assert match, path
        load = tomllib.loads if match[1] == "+++" else yaml.safe_load
        fields = load(match[2])
        if fields.get("draft"):
            continue
        post = make_post(
            path.stem,
            str(fields["title"]),
            str(fields["date"])[:10],
            source=fields.get("source", ""),
            author=", ".join(fields.get("authors", [fields.get("author", "")])),
            tags=fields.get("tags", ()),
            summary=fields.get("summary", ""),
        )
        posts.append((post, pyromark.html(match[3])))
    return posts


@pytest.mark.parametrize("name", FOLDERS)
def test_at_least_95_of_100_queries_find_their_post_first(name, tmp_path):
    if not FOLDERS[name].is_dir():
        pytest.skip(f"the folder {FOLDERS[name].name} of real archives is not beside the checkout")
    posts = read_posts(FOLDERS[name])
    texts = {f"texts/{post.url}": text_of(html).encode() for post, html in posts}
    write_files(tmp_path, render_index(posts) | texts)
    found = run_client(ASK, tmp_path, [row["query"] for row in QUERIES[name]])
    wrong = [(row, title) for row, title in zip(QUERIES[name], found, strict=True) if title != row["first"]]
    assert len(wrong) <= 0.05 * len(QUERIES[name]), wrong


def test_there_are_enough_queries():
    assert len(QUERIES["demo"]) >= 20
    assert len(QUERIES["demo"]) + len(QUERIES["redox"]) >= 40
