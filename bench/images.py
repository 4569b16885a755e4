"""Measures encoding images beside two peers: `python bench/images.py --node-modules FOLDER --hugo PROGRAM`.

Makes photographs of 2,000 pixels with a script, then encodes them to AVIF, WebP and JPEG in widths of 480, 960 and 1600
with sitegen, with @11ty/eleventy-img (`npm install @11ty/eleventy-img` in FOLDER) and with Hugo, one after the other.
Prints the processor time, the elapsed time, the memory of the largest process, the number of files and their size.
Then it measures sitegen's build of a fresh clone with the folder of encoded images, and of an unchanged site.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.photographs import encode, make_photograph  # noqa: E402 - the tests make the same ones

WIDTHS = (480, 960, 1600)
ELEVENTY = """\
import Image from "@11ty/eleventy-img";
import fs from "fs";
const files = fs.readdirSync(process.argv[2]).map((name) => `${process.argv[2]}/${name}`);
const options = { widths: [480, 960, 1600], formats: ["avif", "webp", "jpeg"], outputDir: process.argv[3] };
await Promise.all(files.map((file) => Image(file, options)));
"""
HUGO = """\
{{ range resources.Match "*.jpg" }}{{ $image := . }}{{ range slice 480 960 1600 }}{{ $width := . }}
{{ range slice "avif" "webp" "jpg" }}{{ ($image.Resize (printf "%dx %s q75" $width .)).RelPermalink }}{{ end }}
{{ end }}{{ end }}
"""


def measure(name: str, command: Sequence[str], folder: Path, output: Path, photographs: int) -> None:
    """Run a program and print what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(f"{name}: failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
        return
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The peak of the children so far: programs run in the order of their memory, the smallest first.
    files = [path for path in output.rglob("*") if path.suffix in (".avif", ".webp", ".jpg", ".jpeg")]
    size = sum(path.stat().st_size for path in files)
    print(
        f"{name}: {cpu:.1f} s CPU, {cpu / photographs * 1000:.0f} ms a photograph, {elapsed:.1f} s elapsed, "
        f"{after.ru_maxrss // 1024} MB, {len(files)} files, {size // 1024:,} KB",
        flush=True,
    )


def main() -> None:
    """Make the photographs, and run sitegen and its peers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photographs", type=int, default=40)
    parser.add_argument("--node-modules", type=Path, help="the folder with node_modules/@11ty/eleventy-img")
    parser.add_argument("--hugo", help="the program of Hugo, extended or not, that encodes AVIF")
    arguments = parser.parse_args()
    count = arguments.photographs
    with tempfile.TemporaryDirectory(prefix="sitegen-bench-") as name:
        home = Path(name)
        posts = home / "site/content/posts"
        posts.mkdir(parents=True)
        (home / "site/sitegen.toml").write_text('title = "Photographs"\nbase_url = "https://photographs.example/"\n')
        for number in range(count):
            photograph = make_photograph(number, 2000, 1500)
            (posts / f"p{number}.jpg").write_bytes(encode(photograph, "JPEG", quality=90))
            (posts / f"2024-01-01-p{number}.md").write_text(f"---\ntitle: P{number}\n---\n![P](p{number}.jpg)\n")
        build = [sys.executable, "-m", "sitegen", "build", "--jobs", "2"]
        site = home / "site"
        os.environ["PYTHONPATH"] = str(ROOT)
        measure("sitegen, cold", build, site, site / "output/assets/images", count)
        measure("sitegen, unchanged", build, site, site / "output/assets/images", count)
        shutil.rmtree(site / "output")
        (site / ".sitegen/store.db").unlink()
        for path in posts.iterdir():
            path.touch()
        measure("sitegen, fresh clone", build, site, site / "output/assets/images", count)
        images = home / "images"
        images.mkdir()
        for path in posts.glob("*.jpg"):
            shutil.copy(path, images)
        if arguments.node_modules:
            script = arguments.node_modules / "sitegen-bench.mjs"
            script.write_text(ELEVENTY)
            try:
                command = ["node", str(script), str(images), str(home / "eleventy")]
                measure("11ty/image", command, arguments.node_modules, home / "eleventy", count)
            finally:
                script.unlink()
        if arguments.hugo:
            hugo = home / "hugo"
            for folder in ("layouts", "assets", "content"):
                (hugo / folder).mkdir(parents=True)
            (hugo / "hugo.toml").write_text(
                'baseURL = "https://photographs.example/"\ndisableKinds = ["taxonomy", "term", "rss", "sitemap"]\n'
            )
            (hugo / "layouts/index.html").write_text(HUGO)
            for path in images.iterdir():
                shutil.copy(path, hugo / "assets")
            measure("Hugo", [arguments.hugo, "--quiet"], hugo, hugo / "public", count)


if __name__ == "__main__":
    main()
