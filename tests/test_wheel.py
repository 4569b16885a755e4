import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from sitegen.cli import main
from sitegen.cli.shared_files import render_shared_files
from sitegen.system.libraries import installed_version

REPOSITORY = Path(__file__).parents[1]


def build_wheel(folder):
    """Build the wheel into a folder, and return its file."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPOSITORY]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_carries_theme_and_skeleton_and_builds_a_site_in_an_empty_environment(tmp_path):
    wheel = build_wheel(tmp_path)
    assert wheel.read_bytes() == build_wheel(tmp_path / "again").read_bytes()
    assert wheel.name.startswith("sitegen_newsletter-")
    names = zipfile.ZipFile(wheel).namelist()
    assert "sitegen/theme/base.html" in names
    assert "sitegen/theme/assets/style.css" in names
    theme = {name for name in names if name.startswith("sitegen/theme/") and name.endswith(".html")}
    assert {name for name in names if name.startswith("sitegen/precompiled_theme/")} == {
        "sitegen/precompiled_theme/index.json",
        *(f"sitegen/precompiled_theme/{name[14:-5].replace('/', '_').replace('-', '_')}_html.py" for name in theme),
    }
    assert "sitegen/scaffold/skeleton/content/pages/about.md" in names
    assert "sitegen/py.typed" in names
    shared = render_shared_files(main)
    data = f"{'-'.join(wheel.name.split('-')[:2])}.data/data/"
    files = {name.removeprefix(data) for name in names if name.startswith(data)}
    assert files == set(shared)
    docs = REPOSITORY / "docs"
    manual = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    assert {name.removeprefix("sitegen/manual/") for name in names if name.startswith("sitegen/manual/")} == manual
    assert not [name for name in names if name.startswith(("tests/", "content/", "output/", "bench/"))]
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [programs / "pip", "--quiet", "--disable-pip-version-check", "install", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    assert [path for path, text in shared.items() if (environment / path).read_text("utf-8") != text] == []
    sitegen = programs / "sitegen"
    init = [sitegen, "init", tmp_path / "letter", "--host", "github"]
    subprocess.run(init, check=True, capture_output=True)
    (vendored,) = (tmp_path / "letter/vendor").glob("*.whl")
    packed = zipfile.ZipFile(vendored)
    # A host of websites reads no man page and completes no commands.
    for path in {name for name in names if not name.endswith(("/RECORD", "/WHEEL")) and not name.startswith(data)}:
        assert packed.read(path) == zipfile.ZipFile(wheel).read(path)
    build = [sitegen, "-C", tmp_path / "letter", "build"]
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(build, check=True, capture_output=True, text=True, env=os.environ | cache)
    assert "Built " in done.stdout
    version = [programs / "python", "-c", "import jinja2; print(jinja2.__version__)"]
    if subprocess.run(version, check=True, capture_output=True, text=True).stdout.strip() == installed_version(
        "jinja2"
    ):
        assert not (tmp_path / "cache/sitegen/templates").exists()
    assert (tmp_path / "letter/output/index.html").is_file()
