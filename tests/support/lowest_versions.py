"""Print the lowest version that pyproject.toml allows of each dependency, as pip takes it: `name==version`."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lowest_versions(extras: tuple[str, ...] = ("import", "images", "publish")) -> list[str]:
    """Return a requirement of the lowest allowed version for each dependency that has a lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(row for extra in extras for row in project["optional-dependencies"][extra])]
    bounds = (re.match(r"([\w.-]+)\s*>=\s*([\w.]+)", requirement) for requirement in wanted)
    return [f"{bound[1]}=={bound[2]}" for bound in bounds if bound]


if __name__ == "__main__":
    sys.stdout.writelines(f"{requirement}\n" for requirement in lowest_versions())
