import subprocess
import sys
import venv
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def test_the_wheel_carries_theme_and_skeleton_and_builds_a_site_in_an_empty_environment(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, REPOSITORY],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith("sitegen_newsletter-")
    names = zipfile.ZipFile(wheel).namelist()
    assert "sitegen/theme/base.html" in names
    assert "sitegen/theme/assets/style.css" in names
    assert "sitegen/scaffold/skeleton/content/pages/about.md" in names
    assert "sitegen/py.typed" in names
    docs = REPOSITORY / "docs"
    manual = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    assert {name.removeprefix("sitegen/manual/") for name in names if name.startswith("sitegen/manual/")} == manual
    assert not [name for name in names if name.startswith(("tests/", "content/", "output/", "bench/"))]
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [programs / "pip", "--quiet", "--disable-pip-version-check", "install", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    sitegen = programs / "sitegen"
    init = [sitegen, "init", tmp_path / "letter", "--host", "github"]
    subprocess.run(init, check=True, capture_output=True)
    (vendored,) = (tmp_path / "letter/vendor").glob("*.whl")
    packed = zipfile.ZipFile(vendored)
    for path in set(names) - {name for name in names if name.endswith(("/RECORD", "/WHEEL"))}:
        assert packed.read(path) == zipfile.ZipFile(wheel).read(path)
    done = subprocess.run([sitegen, "-C", tmp_path / "letter", "build"], check=True, capture_output=True, text=True)
    assert "Built " in done.stdout
    assert (tmp_path / "letter/output/index.html").is_file()
