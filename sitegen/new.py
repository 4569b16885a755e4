"""A new post's file, with its front matter filled in."""

import json
from datetime import datetime
from pathlib import Path

from sitegen.config import Config
from sitegen.slugs import slugify


def write_post(root: Path, config: Config, title: str, now: datetime, source: str, *, draft: bool) -> str:
    """Write a post's file and return its path; raise FileExistsError, or ValueError for a title without letters."""
    slug = slugify(title)
    if not slug:
        raise ValueError(f'the title "{title}" has no letter to make a file name of')
    path = f"{config.content}/posts/{now:%Y}/{now:%Y-%m-%d}-{slug}.md"
    rows = [f"title: {_quoted(title)}", f"date: {now.isoformat(timespec='minutes')}"]
    rows += [f"author: {_quoted(config.author)}"] if config.author else []
    rows += [f"source: {_quoted(source)}", "source_url:"] if source else []
    rows += ["tags: []", "summary:"] + (["draft: true"] if draft else [])
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as target:
        target.write("---\n" + "\n".join(rows) + "\n---\n\n")
    return path


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back whatever it holds: JSON's strings are YAML's (YAML 1.2, chapter 1.3)."""
    return json.dumps(text, ensure_ascii=False)
