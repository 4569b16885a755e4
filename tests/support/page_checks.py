"""Checks of built pages by other programs: axe in the browser, and the Nu Html Checker."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.programs import require_node_file, require_program

WCAG_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The groups of axe's rules that every page passes."""


def load_axe(page: Any) -> None:
    """Load axe into a page of the browser; skip the test if axe is not installed."""
    page.evaluate(require_node_file("axe-core", "axe.min.js").read_text("utf-8"))


def find_violations(page: Any) -> dict[str, list[Any]]:
    """Return the elements of a page that violate accessibility rules, by rule. Needs `load_axe`."""
    options = {"resultTypes": ["violations"], "runOnly": list(WCAG_RULES)}
    found = page.evaluate("options => axe.run(options)", options)
    return {item["id"]: [node["target"] for node in item["nodes"]] for item in found["violations"]}


def find_html_errors(*folders: Path) -> list[tuple[str, int, str]]:
    """Return URL, line and message of each error of the Nu Html Checker in the HTML files of some folders."""
    checker = require_node_file("vnu-jar", "build", "dist", "vnu.jar")
    command = [require_program("java"), "-jar", str(checker), "--format", "json", "--skip-non-html"]
    done = subprocess.run([*command, *map(str, folders)], capture_output=True, text=True, check=False)
    messages = json.loads(done.stderr)["messages"]
    return [(item["url"], item["lastLine"], item["message"]) for item in messages if item["type"] == "error"]
