"""Runs Lighthouse on a phone profile over the demo archive: `python bench/lighthouse.py [--node-modules FOLDER]`.

Builds the demo into a temporary folder, serves it on the loopback interface, and prints a table of the four
scores for home, post and archive; ends with 1 where one is below 100.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.demo import build_demo  # noqa: E402 - the tests and this script build the demo the same way
from tests.support.programs import CHROMIUM_ARGUMENTS  # noqa: E402
from tests.support.search_client import serve  # noqa: E402

PAGES = {"home": "", "post": "posts/letters-under-the-street/", "archive": "archive/"}
SCORES = ("performance", "accessibility", "best-practices", "seo")


def run(lighthouse: Path, url: str, chromium: str, report: Path) -> dict[str, int]:
    """Return the scores of a page, out of a hundred."""
    flags = " ".join(["--headless=new", *CHROMIUM_ARGUMENTS])
    command = ["node", str(lighthouse), url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(SCORES)}", f"--chrome-flags={flags}"]
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium})
    found = json.loads(report.read_text("utf-8"))
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] in ("binary", "numeric"):
            print(f"  {audit['id']}: {audit.get('displayValue', audit['title'])}")
    return {name: round(found["categories"][name]["score"] * 100) for name in SCORES}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node-modules", type=Path, default=ROOT / ".ci" / "cache" / "node_modules")
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM") or shutil.which("chromium"))
    options = parser.parse_args()
    lighthouse = options.node_modules / "lighthouse" / "cli" / "index.js"
    if not lighthouse.is_file() or not options.chromium:
        print("Lighthouse or Chromium is missing: npm install --prefix .ci/cache lighthouse", file=sys.stderr)
        return 2
    worst = 100
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        output.mkdir()
        with serve(output) as address:
            build_demo(Path(folder, "work"), output, address)
            print(f"{'':10}" + "".join(f"{name:>16}" for name in SCORES))
            for name, path in PAGES.items():
                scores = run(lighthouse, address + path, options.chromium, Path(folder, "report.json"))
                print(f"{name:10}" + "".join(f"{score:>16}" for score in scores.values()), flush=True)
                worst = min(worst, *scores.values())
    return 0 if worst == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
