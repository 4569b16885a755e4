"""The pictures that a web app manifest names, as for home screens (W3C, Web Application Manifest)."""

import json
from collections.abc import Iterator
from typing import Any

from sitegen.check.findings import Fault
from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate

NAMES = ("manifest.json", ".webmanifest")
"""How the paths of manifests end."""


def manifest_targets(hosting: Hosting, path: str, text: str) -> tuple[set[str], list[Fault]]:
    """Return the files of the site that a manifest names, and a fault for each that is not there."""
    targets: set[str] = set()
    faults: dict[str, Fault] = {}
    for url in _picture_urls(text):
        address = locate(hosting, path, url)
        if address.how == resolve.FILE:
            targets.add(address.path)
        elif address.how not in (resolve.OTHER, resolve.EXTERNAL):
            line = text.count("\n", 0, max(0, text.find(json.dumps(url, ensure_ascii=False)))) + 1
            message = f'the manifest names the picture "{url}", which leads to no file'
            faults[url] = Fault("broken-manifest-url", path, line, message, "correct the address, or add the file", url)
    return targets, list(faults.values())


def _picture_urls(text: str) -> Iterator[str]:
    """Yield the addresses of icons and screenshots; what is no manifest, as an index for searching, has none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    for part in (value, *_rows(value, "shortcuts")):
        for picture in (*_rows(part, "icons"), *_rows(part, "screenshots")):
            if isinstance(picture, dict) and isinstance(picture.get("src"), str):
                yield picture["src"]


def _rows(value: Any, name: str) -> list[Any]:
    rows = value.get(name) if isinstance(value, dict) else None
    return rows if isinstance(rows, list) else []
