#!/usr/bin/env python3
"""Measures what a search query transfers, by the client script itself on an index of invented posts.

    python bench/search.py 100000 [--queries 200]

Each query is the first of a visit: two words of a random post's title, then three, then two with a source. Printed
are requests and bytes (gzip, level 6) up to the first results, without the script and the page: median and greatest.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.search_index import invent_posts, measure_queries, render_terms, title_queries


def main() -> None:
    """Measure, and print a line for each type of query."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", type=int)
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    posts = invent_posts(options.posts)
    start = time.process_time()
    files = render_terms(posts)
    seconds = time.process_time() - start
    size = sum(map(len, files.values())) / 1e6
    each = 1000 * seconds / options.posts
    print(f"{options.posts} posts: {len(files)} files, {size:.2f} MB, {each:.3f} ms of CPU for each post")
    query_types = {
        "two words": title_queries(posts, options.queries, 2),
        "three words": title_queries(posts, options.queries, 3),
        "two words and a source": [f"source:source-3 {query}" for query in title_queries(posts, options.queries, 2)],
    }
    with tempfile.TemporaryDirectory() as folder:
        for query_type, queries in query_types.items():
            costs = measure_queries(Path(folder), files, queries)
            sizes, requests = [cost.size / 1000 for cost in costs], [cost.requests for cost in costs]
            print(
                f"{query_type}: {statistics.median(sizes):.1f} KB, at most {max(sizes):.1f} KB, in "
                f"{statistics.median(requests):.0f} requests, at most {max(requests)}"
            )


if __name__ == "__main__":
    main()
