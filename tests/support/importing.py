"""Imports the sample exports of tests/exports, and compares what comes out with the files that are expected.

Run as `python -m tests.support.importing`, it writes all expected files, or those named: read the difference before
you commit it.
"""

import zipfile
from datetime import UTC
from pathlib import Path

from sitegen.importers.base import Options
from sitegen.importers.output.report import ImportReport
from sitegen.importers.output.report_text import format_report
from sitegen.importers.registry import recognise_format
from sitegen.importers.run import run_import

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
"""The beginning of an image, which is enough for an import."""

EXPORTS = Path(__file__).parents[1] / "exports"
SAMPLES = {
    "wix-text": "wix",
    "wix-site": "wix",
    "substack": "substack",
    "ghost": "ghost",
    "wordpress": "wordpress",
    "squarespace": "wordpress",
    "buttondown": "buttondown",
    "beehiiv": "beehiiv",
    "mailchimp": "mailchimp",
    "medium": "medium",
    "feed-rss": "feed",
    "feed-archive": "feed",
    "feed-json": "feed",
    "feed-rdf": "feed",
    "feed-rss091": "feed",
    "mail-eml": "mail",
    "mail-mbox": "mail",
    "page": "page",
    "hugo": "hugo",
    "zola": "zola",
    "jekyll": "jekyll",
    "pelican": "pelican",
    "docusaurus": "docusaurus",
    "eleventy": "eleventy",
    "astro": "eleventy",
    "plain": "plain",
}


def import_sample(sample: str, root: Path, images: str = "copy") -> ImportReport:
    return import_path(EXPORTS / sample / "input", root, SAMPLES[sample], images)


def import_path(path: Path, root: Path, source: str = "", images: str = "copy", **limits) -> ImportReport:
    root.mkdir(parents=True, exist_ok=True)
    return run_import([path], root, "content/posts", Options(UTC, images=images), format=source, **limits)


def written(root: Path, report: ImportReport) -> dict[str, str]:
    """Return what an import wrote, by name, and the report, in a form that can be compared; images by their size."""
    posts = root / "content" / "posts"
    pages = root / "content" / "pages"
    found = {f"pages/{path.name}": path.read_text("utf-8") for path in sorted(pages.glob("*.md"))}
    found |= {path.name: path.read_text("utf-8") for path in sorted((root / "content").glob("*.toml"))}
    for path in sorted(posts.rglob("*")) if posts.is_dir() else ():
        if path.is_file():
            name = path.relative_to(posts).as_posix()
            found[name] = path.read_text("utf-8") if path.suffix == ".md" else f"{path.stat().st_size} bytes\n"
    found["report.txt"] = format_report(report, full=True)
    return found


def expected(sample: str) -> str:
    return (EXPORTS / sample / "expected.txt").read_text("utf-8")


def check_sample(sample: str, root: Path) -> ImportReport:
    """Hold an import of a sample to its expected files, and a second one to changing nothing."""
    report = import_sample(sample, root)
    assert as_text(written(root, report)) == expected(sample)
    assert report.adds_up
    again = import_sample(sample, root)
    assert (again.written, again.unchanged) == (0, report.written)
    assert recognise_format([EXPORTS / sample / "input"]) == SAMPLES[sample]
    return report


def zipped(sample: str, path: Path) -> Path:
    """Pack a sample as a zip, as a platform gives it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member in sorted((EXPORTS / sample / "input").rglob("*")):
            if member.is_file():
                file.write(member, f"export/{member.relative_to(EXPORTS / sample / 'input').as_posix()}")
    return path


def as_text(files: dict[str, str]) -> str:
    return "\n".join(f"===== {name}\n{text}" for name, text in files.items())


if __name__ == "__main__":
    import sys
    import tempfile

    for sample in sys.argv[1:] or SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            text = as_text(written(Path(folder), import_sample(sample, Path(folder))))
        (EXPORTS / sample / "expected.txt").write_text(text, "utf-8")
