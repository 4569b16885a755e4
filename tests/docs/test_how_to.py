"""The page about extending sitegen: its files exist, its importer works, and a copied language is used."""

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest

from sitegen.config.i18n import catalogs
from sitegen.importers import registry
from sitegen.importers.platforms import recognise
from tests.cli.test_commands import run
from tests.support.manual import PAGES, REPOSITORY, read_blocks
from tests.support.sites import make_site, write

PAGE = PAGES["how-to"]
SAMPLE, RECOGNITION = [block for block in read_blocks(PAGE) if block.language == "python"]


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`((?:sitegen|tests|docs)/[\w./-]+)`", PAGE)) - {
        SAMPLE.file,
        "tests/exports/lantern/input/",
    }
    assert len(named) >= 25
    assert [name for name in sorted(named) if "TAG" not in name and not (REPOSITORY / name).exists()] == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("FORMATS", "sitegen/importers/registry.py"),
        ("LABELS", "sitegen/importers/registry.py"),
        ("RECOGNISERS", "sitegen/importers/platforms/recognise.py"),
        ("SAMPLES", "tests/support/importing.py"),
        ("BUILDERS", "tests/importers/test_account.py"),
        ("TARGETS", "sitegen/config/schema.py"),
        ("Target", "sitegen/config/schema.py"),
        ("PROGRAMS", "sitegen/scaffold/diagnosis.py"),
        ("Program", "sitegen/publish/targets/subprocess.py"),
        ("Remote", "sitegen/publish/transfer.py"),
        ("Transfer", "sitegen/publish/transfer.py"),
        ("Publisher", "sitegen/publish/base.py"),
        ("HtmlBody", "sitegen/importers/base.py"),
        ("Dropped", "sitegen/importers/base.py"),
    ],
)
def test_every_name_is_in_the_file_that_is_named_for_it(name, file):
    assert f"`{name}`" in PAGE
    assert re.search(rf"^(?:class )?{name}\b", (REPOSITORY / file).read_text(), re.MULTILINE)


def test_the_sample_importer_imports_once_it_is_registered(tmp_path, monkeypatch):
    file = tmp_path / "lantern.py"
    file.write_text(SAMPLE.text)
    spec = importlib.util.spec_from_file_location("sitegen.importers.platforms.lantern", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, spec.name, module)
    monkeypatch.setitem(registry.FORMATS, "lantern", "platforms.lantern")
    monkeypatch.setitem(registry.LABELS, "lantern", "Lantern")
    assert REPOSITORY / RECOGNITION.file == Path(recognise.__file__)
    recognisers = dict(recognise.RECOGNISERS)
    exec(RECOGNITION.text, {**vars(recognise), "RECOGNISERS": recognisers})
    monkeypatch.setattr(recognise, "RECOGNISERS", recognisers)
    export = {"a.lantern": "First light\n\nThe *lamp* is lit.\n", "b.lantern": "\n\nNo title.\n", "readers.csv": "x\n"}
    write(tmp_path / "export", export)
    make_site(tmp_path / "site")
    result = run("import", tmp_path / "export", "--date", "2024-05-01", root=tmp_path / "site")
    assert result.exit_code == 0, result.output
    assert "lantern: 2 read, 1 written" in result.output
    assert "it has no title" in result.output
    assert "The *lamp* is lit." in (tmp_path / "site/content/posts/2024-05-01-first-light.md").read_text()


def test_a_language_that_is_copied_and_translated_is_used(tmp_path, monkeypatch):
    shutil.copytree(catalogs.FOLDER, tmp_path / "i18n", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    words = (tmp_path / "i18n/en.toml").read_text().replace('archive = "Archive"', 'archive = "Archivio"')
    (tmp_path / "i18n/it.toml").write_text(words)
    monkeypatch.setattr(catalogs, "FOLDER", tmp_path / "i18n")
    for cached in (catalogs.known_languages, catalogs.read_table):
        cached.cache_clear()
    try:
        assert catalogs.make_finder("it", {})("it").archive == "Archivio"
    finally:
        monkeypatch.undo()
        for cached in (catalogs.known_languages, catalogs.read_table):
            cached.cache_clear()
