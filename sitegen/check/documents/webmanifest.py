"""The images that a web app manifest names, as for home screens (W3C, Web Application Manifest)."""

import json
from collections.abc import Iterator
from typing import Any

from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

NAMES = ("manifest.json", ".webmanifest")
"""How the paths of manifests end."""


def manifest_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Problem]]:
    """Return the files of the site that a manifest names, and a problem for each that is missing."""
    targets: set[str] = set()
    problems: dict[str, Problem] = {}
    for url in _image_urls(text):
        address = locate(hosting, path, url)
        if address.how == resolve.FILE:
            targets.add(address.path)
        elif address.how not in (resolve.OTHER, resolve.EXTERNAL):
            line = text.count("\n", 0, max(0, text.find(json.dumps(url, ensure_ascii=False)))) + 1
            message = f'the manifest names the image "{url}", which leads to no file'
            problems[url] = page_problem(
                "broken-manifest-url", path, line, message, "correct the URL, or add the file", url
            )
    return targets, list(problems.values())


def _image_urls(text: str) -> Iterator[str]:
    """Yield the URLs of icons and screenshots; a file that is not a manifest has none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    for part in (value, *_rows(value, "shortcuts")):
        for image in (*_rows(part, "icons"), *_rows(part, "screenshots")):
            if isinstance(image, dict) and isinstance(image.get("src"), str):
                yield image["src"]


def _rows(value: Any, name: str) -> list[Any]:
    rows = value.get(name) if isinstance(value, dict) else None
    return rows if isinstance(rows, list) else []
