"""The first hits of a table of queries, asked of real archives by the client itself."""

import re
import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path

import pyromark
import pytest
import yaml

from sitegen.model import Term
from sitegen.search.shards import MANIFEST, YearOfSearch, draw_manifest, draw_year
from sitegen.search.text import text_of
from sitegen.search.weights import SearchDocument, make_entry

from .search_client import run_client

ROOT = Path(__file__).parents[1]
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


def read_documents(folder: Path) -> list[SearchDocument]:
    documents = []
    for path in sorted(folder.rglob("*.md")):
        match = FENCED.match(path.read_text(encoding="utf-8"))
        assert match, path
        load = tomllib.loads if match[1] == "+++" else yaml.safe_load
        fields = load(match[2])
        if fields.get("draft"):
            continue
        posted = str(fields["date"])[:10]
        source = fields.get("source", "")
        authors = fields.get("authors", [fields.get("author", "")])
        document = SearchDocument(
            url=path.stem,
            title=str(fields["title"]),
            date=date.fromisoformat(posted),
            source=Term(source, source.lower(), "") if source else None,
            authors=tuple(Term(name, name, "") for name in authors),
            tags=tuple(Term(name, name, "") for name in fields.get("tags", ())),
            summary=fields.get("summary", ""),
            text=text_of(pyromark.html(match[3])),
        )
        documents.append(document)
    return documents


def write_index(folder: Path, documents: list[SearchDocument]) -> None:
    years = defaultdict(list)
    for document in documents:
        years[document.date.year].append(document)
    files = {MANIFEST: draw_manifest(YearOfSearch(year, len(group)) for year, group in years.items())}
    for year, group in years.items():
        files |= draw_year(year, map(make_entry, group))
    files |= {f"texts/{document.url}": document.text.encode() for document in documents}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.mark.parametrize("name", FOLDERS)
def test_at_least_95_of_100_queries_find_their_post_first(name, tmp_path):
    if not FOLDERS[name].is_dir():
        pytest.skip(f"the folder {FOLDERS[name].name} of real archives is not beside the checkout")
    write_index(tmp_path, read_documents(FOLDERS[name]))
    found = run_client(ASK, tmp_path, [row["query"] for row in QUERIES[name]])
    wrong = [(row, title) for row, title in zip(QUERIES[name], found, strict=True) if title != row["first"]]
    assert len(wrong) <= 0.05 * len(QUERIES[name]), wrong


def test_there_are_enough_queries():
    assert len(QUERIES["demo"]) >= 20
    assert len(QUERIES["demo"]) + len(QUERIES["redox"]) >= 40
