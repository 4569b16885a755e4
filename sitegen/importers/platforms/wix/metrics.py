"""Reads post metrics of Wix: JSON with one or many `{"metrics": {"comments", "likes", "views"}}`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sitegen.content.front_matter.counts import read_count
from sitegen.importers.platforms.wix.counts import PLATFORM, Counts
from sitegen.model import Count

MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counts of a post, and its id, slug or title, as far as the file contains them."""

    counts: Counts
    id: str = ""
    slug: str = ""
    title: str = ""


def read_metrics(text: str, stem: str) -> Iterator[Metrics]:
    """Yield the metrics in JSON; raise ValueError if it is invalid.

    A post is identified by the data next to its metrics, by their key, or by `stem`, the name of the file.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    yield from _find(value, stem, 0)


def _find(value: Any, name: str, depth: int) -> Iterator[Metrics]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _find(item, "", depth + 1)
    elif isinstance(value, Mapping):
        metrics = value.get("metrics")
        if isinstance(metrics, Mapping) and {"views", "comments", "likes"} & set(metrics):
            counts = Counts(*(_count(metrics.get(key)) for key in ("views", "comments", "likes")))
            post = value["post"] if isinstance(value.get("post"), Mapping) else value
            own = {key: str(post.get(key) or "") for key in ("slug", "title")}
            identity = str(post.get("id") or post.get("postId") or post.get("_id") or "")
            named = identity or own["slug"] or own["title"]
            fallback = "" if named else name
            yield Metrics(counts, identity or fallback, own["slug"] or fallback, own["title"])
            return
        for key, item in value.items():
            yield from _find(item, str(key) if depth or key not in ("posts", "items", "data") else "", depth + 1)


def _count(value: Any) -> Count | None:
    try:
        return None if value is None else Count(read_count(value).count, PLATFORM)
    except ValueError:
        return None
