#!/usr/bin/env python3
"""Build the image of the Dockerfile with buildah, and print the compressed size of each layer in MB.

    python bench/container.py [--base FOLDER]

Without --base, the image of Python is pulled from its registry. FOLDER is a root file system to take instead of it:
Debian, made by debootstrap, with a CPython in `/usr/local`. It needs root, and leaves nothing behind.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BASE = "docker.io/library/python:3.13-slim"
MAX_MB = 120
"""The limit for the sum of all layers."""


def buildah(folder: Path, *arguments: str | Path) -> str:
    """Run buildah with its storage in a folder, and return its output."""
    storage = ("--root", folder / "storage", "--runroot", folder / "run")
    done = subprocess.run(("buildah", *storage, *arguments), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def add_base(folder: Path, files: Path) -> None:
    """Store a root file system as the image that the Dockerfile begins with."""
    container = buildah(folder, "from", "scratch")
    buildah(folder, "add", "--quiet", container, files, "/")
    path = "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
    buildah(folder, "config", "--env", path, container)
    buildah(folder, "commit", "--quiet", "--rm", container, BASE)


def read_layers(image: Path) -> list[tuple[int, str]]:
    """Return bytes and instruction of each layer of an image in a folder (OCI Image Layout Specification 1.0)."""

    def read(descriptor: dict[str, str]) -> dict:
        return json.loads((image / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes())

    manifest = read(json.loads((image / "index.json").read_bytes())["manifests"][0])
    history = [step for step in read(manifest["config"])["history"] if not step.get("empty_layer")]
    steps = (step.get("created_by", "") for step in history)
    return [(layer["size"], " ".join(step.split())) for layer, step in zip(manifest["layers"], steps, strict=True)]


def main() -> int:
    """Build the image, print its layers, and return 1 if they are too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, metavar="FOLDER", help="Root file system to begin with.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if arguments.base is not None:
            add_base(folder, arguments.base)
        buildah(folder, "build", "--isolation", "chroot", "--layers", "--tag", "sitegen", ROOT)
        buildah(folder, "push", "--quiet", "--format", "oci", "sitegen", f"oci:{folder / 'image'}:sitegen")
        layers = read_layers(folder / "image")
    for size, step in layers:
        print(f"{size / 1e6:7.1f} MB  {step[:90]}")
    total = sum(size for size, _ in layers) / 1e6
    print(f"{total:7.1f} MB")
    return int(total > MAX_MB)


if __name__ == "__main__":
    sys.exit(main())
