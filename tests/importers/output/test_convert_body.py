"""Bodies that an earlier import has converted are not converted again, and the import has the same result."""

import json
import shutil
import subprocess
import sys
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.importers import run
from sitegen.importers.base import HtmlBody, MarkdownBody, Options
from sitegen.importers.output import convert_body, write_post
from sitegen.importers.output.conversion_cache import ConversionCache
from sitegen.importers.output.convert_body import BodyConverter, SavedUrl, body_key
from tests.support.importing import PNG, SAMPLES, import_sample

OPTIONS = Options(UTC, images="copy")
POST = '---\ntitle: Letter {0}\ndate: 2024-01-0{0}\n---\n<p>![a](a{0}.png) <b style="x">{0}</b> [next](letter-2.md)\n'
CACHE = "**/*.conversions"


def tree(root, *ignored):
    ignored = (".last", ".lock", *ignored)
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix not in ignored)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def is_result(path):
    """Return whether an import that repeats the last one leaves a file alone: all but the lock and the report."""
    return path.is_file() and path.suffix not in (".lock", ".last", ".txt")


def forget(root, pattern):
    for path in root.glob(pattern):
        path.unlink()


@pytest.fixture
def written(monkeypatch):
    """Return a list of the titles of the posts whose front matter was written."""
    found = []
    original = write_post.write_front

    def write(fields, warnings):
        found.append(fields["title"])
        return original(fields, warnings)

    monkeypatch.setattr(write_post, "write_front", write)
    return found


@pytest.fixture
def converted(monkeypatch):
    """Return a list of the titles of the posts whose bodies were converted."""
    found = []
    original = convert_body.convert_body
    monkeypatch.setattr(
        convert_body, "convert_body", lambda body, title, saver: (found.append(title), original(body, title, saver))[1]
    )
    return found


def write_export(root, numbers=(1, 2, 3)):
    export = root / "old"
    export.mkdir(parents=True)
    for number in numbers:
        (export / f"letter-{number}.md").write_text(POST.format(number))
        (export / f"a{number}.png").write_bytes(PNG + number.to_bytes(2, "big"))


def importing(root, options=OPTIONS, **more):
    return run.run_import([root / "old"], root, "content/posts", options, format="plain", **more)


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_a_second_import_converts_nothing_and_changes_nothing(sample, tmp_path, converted, written):
    import_sample(sample, tmp_path / "a")
    assert converted
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "a", "**/*.last")
    forget(tmp_path / "b", ".sitegen/imports/*.*")
    complete = import_sample(sample, tmp_path / "b")
    converted.clear()
    written.clear()
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "a").rglob("*") if is_result(path)}
    assert import_sample(sample, tmp_path / "a") == complete
    assert converted == written == []
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def change_code(root, monkeypatch):
    monkeypatch.setattr(run, "of_installation", lambda: "another version")


def edit_item(root, _):
    path = root / "old/letter-2.md"
    path.write_text(path.read_text() + "A new paragraph.\n")


def edit_post(root, _):
    (root / "content/posts/2024-01-02-letter-2.md").write_text("My own words.")


def delete_post(root, _):
    (root / "content/posts/2024-01-02-letter-2.md").unlink()


def delete_image(root, _):
    (root / "content/posts/2024-01-02-letter-2/a2.png").unlink()


def edit_image(root, _):
    (root / "old/a2.png").write_bytes(PNG + b"another image")


def remove_image(root, _):
    (root / "old/a2.png").unlink()


def add_item(root, _):
    (root / "old/letter-4.md").write_text(POST.format(4))


def rename_item(root, _):
    (root / "old/letter-1.md").rename(root / "old/letter-0.md")


def lose_record(root, _):
    (root / "imports/plain-content-posts.json").unlink()


def forget_post(root, _):
    path = root / "imports/plain-content-posts.json"
    saved = json.loads(path.read_text())
    saved["posts"].pop("letter-2.md")
    path.write_text(json.dumps(saved))


CHANGES = {
    "none": (lambda root, _: None, []),
    "an edited item": (edit_item, ["Letter 2"]),
    "a new item": (add_item, ["Letter 4"]),
    "a renamed item, whose image has another path": (rename_item, ["Letter 1"]),
    "an edited post": (edit_post, []),
    "a deleted post": (delete_post, []),
    "a deleted image": (delete_image, []),
    "an image that changed": (edit_image, ["Letter 2"]),
    "an image that left the export": (remove_image, ["Letter 2"]),
    "another version of the code": (change_code, ["Letter 1", "Letter 2", "Letter 3"]),
    "a lost record": (lose_record, []),
    "a post that left the record": (forget_post, []),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_only_what_depends_on_it_is_converted(change, expected, tmp_path, converted, monkeypatch):
    write_export(tmp_path / "a")
    importing(tmp_path / "a")
    forget(tmp_path / "a", "**/*.last")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "b", CACHE)
    for root in (tmp_path / "a", tmp_path / "b"):
        change(root, monkeypatch)
    complete = importing(tmp_path / "b")
    converted.clear()
    assert importing(tmp_path / "a") == complete
    assert converted == expected
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


@pytest.mark.parametrize(
    "options", [replace(OPTIONS, images="leave"), replace(OPTIONS, zone=UTC, old_url="https://x.example/")]
)
def test_other_options_give_the_same_posts_as_without_the_cache(options, tmp_path):
    write_export(tmp_path / "a")
    importing(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    forget(tmp_path / "b", CACHE)
    assert importing(tmp_path / "a", options) == importing(tmp_path / "b", options)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_dry_run_uses_the_cache_and_writes_nothing(tmp_path, converted):
    write_export(tmp_path)
    importing(tmp_path)
    edit_item(tmp_path, None)
    before = tree(tmp_path)
    converted.clear()
    assert importing(tmp_path, dry_run=True).changes
    assert (converted, tree(tmp_path)) == (["Letter 2"], before)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Return a site after an import, and the report of the same import once more."""
    root = tmp_path_factory.mktemp("imported")
    write_export(root)
    importing(root)
    forget(root, "**/*.last")
    return root, importing(root)


@settings(max_examples=15)
@given(st.data())
def test_a_damaged_cache_changes_no_result(imported, data):
    root, report = imported
    path = next(root.glob(CACHE))
    intact = path.read_bytes()
    before = tree(root, ".conversions")
    damaged = bytearray(intact)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(intact) - 1))] = data.draw(st.integers(0, 255))
    forget(root, "**/*.last")
    path.write_bytes(damaged[: data.draw(st.integers(0, len(intact)))])
    try:
        assert importing(root) == report
        assert tree(root, ".conversions") == before
        assert path.read_bytes() == intact
    finally:
        path.write_bytes(intact)


def test_an_entry_that_is_not_a_conversion_is_not_used(tmp_path):
    body = MarkdownBody("*a*")
    key = body_key(body, "")
    with ConversionCache(tmp_path / "cache", "code") as cache:
        cache.put(key, b"\x01")
        assert BodyConverter(cache).convert(body, "", None).text == "*a*"


def test_bodies_that_differ_have_different_keys():
    marks = []

    def clean(tree, dropped):
        marks.append(tree)

    bodies = [MarkdownBody("a"), HtmlBody("a"), HtmlBody("a", "https://a.example/")]
    keys = [body_key(body, title) for body in (*bodies, HtmlBody("a", "", import_sample)) for title in ("", "a", "a\n")]
    assert len(set(keys)) == len(keys)
    assert body_key(HtmlBody("a", "", clean), "") is None


def test_an_image_that_gets_another_url_is_written_with_it(tmp_path):
    class Saver:
        def __init__(self, url):
            self.url = url

        def image(self, url):
            return self.url

        def file(self, url):
            return None

    body = MarkdownBody("![a](a.png)")
    with ConversionCache(tmp_path / "cache", "code") as cache:
        converter = BodyConverter(cache)
        assert converter.convert(body, "", Saver("x/a.png")).saved_urls == (SavedUrl("image", "a.png", "x/a.png"),)
        assert converter.convert(body, "", Saver("y/a.png")).text == "![a](y/a.png)"


PARALLEL = """
import sys
from datetime import UTC
from pathlib import Path
from sitegen.importers import run
from sitegen.importers.base import Options
from sitegen.importers.output import convert_body

converted = []
original = convert_body.convert_body
def count(body, title, saver):
    converted.append(title)
    return original(body, title, saver)
convert_body.convert_body = count
root, jobs = Path(sys.argv[1]), int(sys.argv[2])
report = run.run_import([root / "old"], root, "content/posts", Options(UTC, images="copy"), format="plain", jobs=jobs)
print(len(converted))
print(report)
"""


def test_the_number_of_processes_changes_no_byte(tmp_path):
    export = tmp_path / "1/old"
    export.mkdir(parents=True)
    for number in range(260):
        image = f"![a](a{number}.png)" if number % 7 == 0 else "![b](https://b.example/b.png)"
        text = (
            f"---\ntitle: Letter {number % 60}\ndate: 2024-01-05\n---\n{image} <i>{number}</i> [a](p{number - 1}.md)\n"
        )
        (export / f"p{number}.md").write_text(text)
        (export / f"a{number}.png").write_bytes(PNG + number.to_bytes(2, "big"))
    (export / "deep.md").write_text("---\ntitle: Deep\ndate: 2024-01-05\n---\n" + "<div>" * 900)
    shutil.copytree(tmp_path / "1", tmp_path / "2")
    printed = []
    for jobs in ("1", "2"):
        call = [sys.executable, "-c", PARALLEL, str(tmp_path / jobs), jobs]
        printed.append(subprocess.run(call, capture_output=True, text=True, check=True).stdout.partition("\n"))
    (alone, _, report), (beside, _, same_report) = printed
    assert report.replace(str(tmp_path / "1"), "") == same_report.replace(str(tmp_path / "2"), "")
    assert tree(tmp_path / "1") == tree(tmp_path / "2")
    assert int(beside) < int(alone) * 0.6
