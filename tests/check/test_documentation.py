"""docs/reference/checking.md has each type of problem with its severity, and the pre-commit hook is well-formed."""

import re
from pathlib import Path

import yaml

from sitegen.check.problem_types import PROBLEM_TYPES

ROOT = Path(__file__).parents[2]


def documented():
    found = {}
    group = ""
    for row in (ROOT / "docs" / "reference" / "checking.md").read_text("utf-8").splitlines():
        if row.startswith("## "):
            group = {"Pages": "html"}.get(row[3:], row[3:].lower())
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) == 4 and cells[0].startswith("`"):
            for name in re.findall(r"`([a-z0-9-]+)`", cells[0]):
                assert name not in found
                found[name] = (group, cells[1])
    return found


def test_every_type_of_problem_is_documented_with_its_group_and_severity():
    assert documented() == {id_: (known.group, known.severity) for id_, known in PROBLEM_TYPES.items()}


def test_the_pre_commit_hook_runs_the_check():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["sitegen-check"]
    assert hooks[0]["entry"] == "sitegen check"
    assert hooks[0]["pass_filenames"] is False
