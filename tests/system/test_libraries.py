"""The installed libraries are found in the folders of Python's path, of which some do not exist."""

import subprocess
import sys
from zipfile import ZipFile

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


@pytest.mark.parametrize("name", ["A_Library-1.2.3.dist-info", "a_library-1.2.3-py3.11.egg-info", "a_library.egg-info"])
@pytest.mark.parametrize("is_archive", [False, True])
def test_a_library_that_pip_did_not_install_has_a_version(tmp_path, monkeypatch, name, is_archive):
    folder, file = tmp_path / "vendored", "PKG-INFO" if name.endswith("egg-info") else "METADATA"
    metadata = "Metadata-Version: 2.1\nName: a_library\nVersion: 1.2.3\n"
    if is_archive:
        with ZipFile(folder, "w") as archive:
            archive.writestr(f"{name}/{file}", metadata)
    else:
        (folder / name).mkdir(parents=True)
        (folder / name / file).write_text(metadata)
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    assert installed_version("a_library") == "1.2.3"


def test_the_version_of_a_missing_library_is_found_without_loading_importlib_metadata():
    program = (
        "import sys; from sitegen.system.libraries import installed_version; "
        "print([installed_version('no_such_library'), 'importlib.metadata' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['', False]\n"
