"""What a search query transfers: issue 15's budgets, by the client itself on an index of invented posts."""

import pytest

from tests.support.search_index import invent_posts, measure_queries, render_terms, title_queries


@pytest.mark.parametrize(("count", "size", "requests"), [(300, 40_000, 6), (10_000, 120_000, 12)])
def test_a_query_stays_within_its_budget(count, size, requests, tmp_path):
    posts = invent_posts(count)
    queries = [*title_queries(posts, 40, 2), *title_queries(posts, 40, 3)]
    queries += [f"source:source-3 tag:tag-7 {query}" for query in title_queries(posts, 20, 1)]
    costs = measure_queries(tmp_path, render_terms(posts), queries)
    assert max(cost.size for cost in costs) <= size
    assert max(cost.requests for cost in costs) <= requests
    assert sum(cost.hits > 8 for cost in costs) > 15
