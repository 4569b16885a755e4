"""A search index made from posts without a site around them."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from sitegen.model import Post, Source, Term
from sitegen.search.entry import TermsByLevel
from sitegen.search.ranking import LEVELS, document_of, terms_by_level
from sitegen.search.shards import (
    MANIFEST,
    describe,
    in_order,
    merge_years,
    plan_layout,
    render_descriptions,
    render_manifest,
    shard_path,
    split_terms,
)
from tests.support.search_client import CLIENT, run_client

RESULTS = int(re.findall(r"const RESULTS = (\d+);", CLIENT.read_text("utf-8"))[0])
"""The number of results that the search page shows at first."""


def make_post(
    url: str, title: str = "", date: str = "2024-05-01", *, source: str = "", tags: Iterable[str] = (), **fields: str
) -> Post:
    """Return a post of a day (ISO 8601), whose source and tags have their names in lower case as slugs."""
    return Post(
        path=f"content/posts{url}.md",
        title=title,
        slug=url.strip("/"),
        url=url,
        output=f"{url.strip('/')}/index.html",
        date=datetime.fromisoformat(date).replace(tzinfo=UTC),
        source=Source(source, _slug(source), "") if source else None,
        tags=tuple(Term(name, _slug(name), "") for name in tags),
        authors=tuple(Term(name, _slug(name), "") for name in (fields.pop("author", ""),) if name),
        **fields,
    )


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def render_index(posts: Iterable[tuple[Post, str]]) -> dict[str, bytes]:
    """Return the files of the index of posts, each with its HTML, by their paths below the search folder."""
    return render_terms((post, terms_by_level(document_of(post, html))) for post, html in posts)


def render_terms(posts: Iterable[tuple[Post, TermsByLevel]]) -> dict[str, bytes]:
    """Return the files of the index of posts, each with its terms, by their paths below the search folder."""
    terms = dict(posts)
    years: defaultdict[int, list[Post]] = defaultdict(list)
    for post in terms:
        years[post.date.year].append(post)
    layout = plan_layout(years)
    lines = [split_terms(layout, (terms[post] for post in in_order(years[year]))) for year, _ in layout.years]
    files = {
        shard_path(shard, layout.shards): merge_years(year[shard] for year in lines) for shard in range(layout.shards)
    }
    files |= {path: render_descriptions(group, "en") for path, group in describe(layout, years).items()}
    return files | {MANIFEST: render_manifest(layout)}


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files by their paths below a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def invent_posts(count: int, seed: int = 1) -> list[tuple[Post, TermsByLevel]]:
    """Return posts over ten years with the terms of some 500 words each, by Zipf's law, without inventing the text."""
    chance = Random(seed)
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in ("a", "e", "i", "o", "u", "on")]
    vocabulary = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(30_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))

    def write(length: int) -> list[str]:
        return chance.choices(vocabulary, cum_weights=weights, k=length)

    posts = []
    for number in range(count):
        day = date(2015, 1, 1) + timedelta(days=number * 3650 // count)
        title, summary = write(6), write(40)
        slug = "-".join(title)
        source, tags = f"Source {chance.randrange(20)}", [f"Tag {chance.randrange(200)}" for _ in range(3)]
        post = make_post(
            f"/posts/{slug}-{number}/",
            " ".join(title).capitalize(),
            day.isoformat(),
            source=source,
            tags=tags,
            summary=" ".join(summary),
        )
        filters = sorted({f"source:{_slug(source)}", *(f"tag:{_slug(tag)}" for tag in tags)})
        levels = [[*filters], *([] for _ in range(LEVELS - 1))]
        for term in {*write(400), *summary} - {*title}:
            levels[chance.choice((0, 0, 0, 1, 2))].append(term)
        levels[8] += sorted({*title})
        posts.append((post, tuple(" ".join(sorted(terms)) for terms in levels)))
    return posts


def title_queries(posts: Sequence[tuple[Post, TermsByLevel]], count: int, words: int) -> list[str]:
    """Return queries of words from the titles of random posts, which hold common and rare ones."""
    chance = Random(7)
    return [" ".join(post.title.lower().split()[:words]) + " " for post, _ in chance.sample(posts, count)]


MEASURE = f"""async (client, read, queries) => {{
  const answers = [];
  for (const query of queries) {{
    const paths = [];
    const index = client.openIndex((path) => {{ paths.push(path); return read(path); }});
    const {{ hits }} = await index.find(query);
    await Promise.all(hits.slice(0, {RESULTS}).map(index.describe));
    answers.push([hits.length, paths]);
  }}
  return answers;
}}"""
"""Answers each query as the first one of a visit, up to the first results as the page shows them."""


@dataclass(frozen=True, slots=True)
class QueryCost:
    """What a query of a new visitor transfers: requests, and bytes with gzip at level 6, as hosts send them."""

    query: str
    hits: int
    requests: int
    size: int


def measure_queries(folder: Path, files: dict[str, bytes], queries: Sequence[str]) -> list[QueryCost]:
    """Return the cost of each query, asked of the client script with the index in a folder."""
    write_files(folder, files)
    costs = []
    sizes: dict[str, int] = {}
    for query, (hits, paths) in zip(queries, run_client(MEASURE, folder, list(queries)), strict=True):
        for path in paths:
            if path not in sizes:
                sizes[path] = len(gzip.compress(files[path], 6))
        costs.append(QueryCost(query, hits, len(paths), sum(sizes[path] for path in paths)))
    return costs
