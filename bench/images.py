"""Measures encoding images beside two peers: `python bench/images.py --node-modules FOLDER --hugo PROGRAM`.

Makes photographs of 2,000 pixels with a script, then encodes them to AVIF, WebP and JPEG in widths of 480, 960 and 1600
with sitegen, with @11ty/eleventy-img (`npm install @11ty/eleventy-img` in FOLDER) and with Hugo, one after the other.
Prints the processor time, the elapsed time, the memory of all processes together (PSS), the number of files, their
size, and the fidelity of some of them. The peers get only the first of the photographs with `--peer-photographs`.
Then it measures sitegen's build of a fresh clone with the folder of encoded images, and of an unchanged site.
"""

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from run import SAMPLES_PER_SECOND, family, share_of

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.photographs import encode, make_photograph  # noqa: E402 - the tests make the same ones

SUFFIXES = (".avif", ".webp", ".jpg", ".jpeg")
COMPARED_WIDTH, MAX_COMPARED = 960, 12
"""The width of the files whose fidelity is measured, and the number of files of each format."""

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


def measure(name: str, command: Sequence[str], folder: Path, output: Path, photographs: Sequence[Path]) -> None:
    """Run a program and print what it took."""
    start = time.monotonic()
    with (folder / "bench.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        peak = [0.0]
        sampler = threading.Thread(target=sample_memory, args=(process.pid, peak))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.monotonic() - start
        sampler.join()
    if status:
        print(f"{name}: failed: {(folder / 'bench.log').read_text().strip().splitlines()[-1]}")
        return
    cpu = usage.ru_utime + usage.ru_stime
    files = [path for path in output.rglob("*") if path.suffix in SUFFIXES]
    size = sum(path.stat().st_size for path in files)
    print(
        f"{name}: {len(photographs)} photographs, {cpu:.1f} s CPU, {cpu / len(photographs) * 1000:.1f} ms each, "
        f"{elapsed:.1f} s elapsed, {peak[0]:.0f} MB, {len(files)} files, {size // 1024:,} KB",
        flush=True,
    )


def sample_memory(process: int, peak: list[float]) -> None:
    """Keep the largest sum of what a process and its children have of the memory, in MB, until it has ended."""
    while members := family(process):
        peak[0] = max(peak[0], sum(map(share_of, members)))
        time.sleep(4 / SAMPLES_PER_SECOND)


def compare(name: str, output: Path, photographs: Sequence[Path]) -> None:
    """Print size and fidelity of some encoded files beside the photographs, reduced to the same width."""
    originals = {}
    for path in photographs[:MAX_COMPARED]:
        with Image.open(path) as image:
            height = round(image.height * COMPARED_WIDTH / image.width)
            reduced = image.convert("RGB").resize((COMPARED_WIDTH, height), Image.Resampling.LANCZOS)
        originals[reduced.resize((8, 8), Image.Resampling.BOX).tobytes()] = reduced
    for suffixes in ((".avif",), (".webp",), (".jpg", ".jpeg")):
        errors, sizes = [], []
        for path in sorted(output.rglob("*")):
            if path.suffix not in suffixes:
                continue
            with Image.open(path) as image:
                if image.width != COMPARED_WIDTH:
                    continue
                shown = image.convert("RGB")
            thumbnail = shown.resize((8, 8), Image.Resampling.BOX).tobytes()
            nearest = min(originals, key=lambda known: difference(known, thumbnail))
            if difference(nearest, thumbnail) < len(thumbnail):
                errors.append(math.fsum(ImageStat.Stat(ImageChops.difference(shown, originals[nearest])).sum2))
                sizes.append(path.stat().st_size)
        if errors:
            mean = sum(errors) / len(errors) / (3 * COMPARED_WIDTH * next(iter(originals.values())).height)
            ratio = 10 * math.log10(255**2 / mean)
            print(f"{name}, {suffixes[0]}, {COMPARED_WIDTH} px, {len(errors)} files: {ratio:.1f} dB, "
                  f"{sum(sizes) / len(sizes) / 1024:.1f} KB", flush=True)  # fmt: skip


def difference(first: bytes, second: bytes) -> int:
    """Return the sum of the differences of two thumbnails."""
    return sum(abs(one - other) for one, other in zip(first, second, strict=True))


def main() -> None:
    """Make the photographs, and run sitegen and its peers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photographs", type=int, default=40)
    parser.add_argument("--peer-photographs", type=int, help="how many of them the peers get [default: all]")
    parser.add_argument("--node-modules", type=Path, help="the folder with node_modules/@11ty/eleventy-img")
    parser.add_argument("--hugo", help="the program of Hugo, extended or not, that encodes AVIF")
    arguments = parser.parse_args()
    count = arguments.photographs
    with tempfile.TemporaryDirectory(prefix="sitegen-bench-") as name:
        home = Path(name)
        posts = home / "site/content/posts"
        posts.mkdir(parents=True)
        (home / "site/sitegen.toml").write_text(
            'title = "Photographs"\nbase_url = "https://photographs.example/"\n[images]\nwidths = [480, 960, 1600]\n'
        )
        for number in range(count):
            photograph = make_photograph(number, 2000, 1500)
            (posts / f"p{number}.jpg").write_bytes(encode(photograph, "JPEG", quality=90))
            (posts / f"2024-01-01-p{number}.md").write_text(f"---\ntitle: P{number}\n---\n![P](p{number}.jpg)\n")
        photographs = [posts / f"p{number}.jpg" for number in range(count)]
        build = [sys.executable, "-m", "sitegen", "build", "--jobs", "2"]
        site = home / "site"
        os.environ["PYTHONPATH"] = str(ROOT)
        measure("sitegen, cold", build, site, site / "output/assets/images", photographs)
        measure("sitegen, unchanged", build, site, site / "output/assets/images", photographs)
        shutil.rmtree(site / "output")
        (site / ".sitegen/store.db").unlink()
        for path in posts.iterdir():
            path.touch()
        measure("sitegen, fresh clone", build, site, site / "output/assets/images", photographs)
        compare("sitegen", site / "output/assets/images", photographs)
        images = home / "images"
        images.mkdir()
        given = photographs[: arguments.peer_photographs]
        for path in given:
            shutil.copy(path, images)
        if arguments.node_modules:
            script = arguments.node_modules / "sitegen-bench.mjs"
            script.write_text(ELEVENTY)
            try:
                command = ["node", str(script), str(images), str(home / "eleventy")]
                measure("11ty/image", command, arguments.node_modules, home / "eleventy", given)
                compare("11ty/image", home / "eleventy", given)
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
            measure("Hugo", [arguments.hugo, "--quiet"], hugo, hugo / "public", given)
            compare("Hugo", hugo / "public", given)


if __name__ == "__main__":
    main()
