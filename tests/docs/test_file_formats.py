"""The page about file formats names the keys and files that the program writes."""

import json
import re

from sitegen.importers.images.ledger import read_image_ledger
from tests.cli.test_commands import run
from tests.support.importing import EXPORTS
from tests.support.manual import PAGES
from tests.support.sites import make_site, write

PAGE = PAGES["file-formats"]


def keys_of(value):
    """Return the keys of all objects in a JSON value, except where the keys are ids."""
    if isinstance(value, list):
        return set().union(*(keys_of(item) for item in value))
    if isinstance(value, dict):
        return value.keys() | set().union(*(keys_of(item) for item in value.values()))
    return set()


def test_the_keys_of_the_ledger_and_of_import_records_are_documented(tmp_path):
    make_site(tmp_path)
    assert run("build", "--record", root=tmp_path).exit_code == 0
    ledger = json.loads((tmp_path / "published.json").read_text())
    assert run("import", EXPORTS / "substack/input", root=tmp_path).exit_code == 0
    record = json.loads((tmp_path / "imports/substack-content-posts.json").read_text())
    records = list(record["posts"].values())
    for key in keys_of(ledger) | record.keys() | keys_of(records):
        assert f"`{key}`" in PAGE, key


def test_every_work_file_of_a_build_is_documented(tmp_path):
    make_site(tmp_path)
    assert run("check", root=tmp_path).exit_code == 0
    names = {re.sub(r"-\w+\.txt$", "-*.txt", path.name) for path in (tmp_path / ".sitegen").iterdir()}
    assert names >= {"store.db", "written-*.txt"}
    for name in names:
        assert f"`{name}" in PAGE, name


def test_the_keys_of_json_reports_are_there(tmp_path):
    make_site(tmp_path, {"content/posts/a.md": "---\ntitle: A\ndate: never\n---\n"})
    report = json.loads(run("build", "--json", root=tmp_path).stdout)
    assert report["ok"] is False
    assert report["problems"][0].keys() == {"path", "line", "message", "hint", "excerpt", "severity"}
    (tmp_path / "content/posts/a.md").unlink()
    problem = json.loads(run("check", "--json", root=tmp_path).stdout)["problems"][0]
    assert problem.keys() >= {"path", "line", "message", "hint", "excerpt", "severity", "id", "page", "page_line"}
    setting = json.loads(run("config", "--json", root=tmp_path).stdout)["title"]
    assert setting.keys() == {"value", "origin"}


def test_the_keys_of_the_record_of_fetched_images_are_documented(tmp_path):
    ledger = read_image_ledger(tmp_path)
    write(tmp_path, {"content/a.png": "x"})
    ledger.keep("https://a.example/a.png", "content/a.png")
    ledger.missing["https://a.example/b.png"] = "gone"
    ledger.save()
    for key in json.loads((tmp_path / "images.json").read_text()):
        assert f"`{key}`" in PAGE, key
    assert "`images.journal`" in PAGE
