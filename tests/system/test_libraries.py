"""The installed libraries are found in the folders of Python's path, of which some do not exist."""

import sys

import pytest

from sitegen.system.libraries import installed_version, metadata_folders


@pytest.fixture(autouse=True)
def forget_folders():
    metadata_folders.cache_clear()
    installed_version.cache_clear()
    yield
    metadata_folders.cache_clear()
    installed_version.cache_clear()


@pytest.mark.parametrize("is_file", [False, True])
def test_a_folder_of_the_path_that_is_missing_is_skipped(tmp_path, monkeypatch, is_file):
    missing, present = tmp_path / "missing" / "site-packages", tmp_path / "present" / "site-packages"
    (present / "a_library-1.2.3.dist-info").mkdir(parents=True)
    if is_file:
        missing.parent.mkdir()
        missing.write_text("")
    monkeypatch.setattr(sys, "path", [str(missing), str(present), *sys.path])
    assert "a_library-1.2.3.dist-info" in metadata_folders()
    assert installed_version("a_library") == "1.2.3"
