"""What the search index keeps of one post."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What the index keeps of one post, some 2 KB: `weights[level]` are the terms of that level, between spaces."""

    url: str
    title: str
    date: date
    source: str
    language: str
    summary: str
    weights: tuple[str, ...]
