"""The output depends only on the site's files: not on the process, the machine or the folder."""

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from tests.law.variants import SOURCES_FILES, png_header

CHECKOUT = Path(__file__).parents[2]


def post_text(number: int) -> str:
    """Return the text of one of many posts."""
    tags = ", ".join(("news", "maps", "räder", "X")[number % 4 :])
    source = ("The Post", "Gazette", "Other")[number % 3]
    return (
        f"---\ntitle: Títle {number % 7}\ndate: {2020 + number % 4}-03-{number % 28 + 1:02} 23:30\ntags: [{tags}]\n"
        f"authors: [Ann, Bob]\nsource: {source}\nviews: {number * 7 % 5}\nimage: pic.png\n---\n"
        f'Words "quoted" of {number}.\n\n![A picture](pic.png)\n\n```python\nx = {{1, 2}}\n```\n\n'
        "## Head\n\nEnd.[^1]\n\n[^1]: Note.\n"
    )


FILES: dict[str, str | bytes | None] = {
    "sitegen.toml": 'title = "Letters"\nbase_url = "https://example.org/sub/"\ntimezone = "Europe/Berlin"\n',
    "content/sources.toml": SOURCES_FILES[2],
    "content/data/facts.toml": "motto = 'Slow'\n[deep]\nx = [1, 2]\n",
    "content/pages/about.md": "---\ntitle: About\n---\nAbout us, see [one](../posts/p1.md).\n",
    "content/posts/pic.png": png_header(10, 20),
    "hooks.py": "def finish(path, data):\n    return data.replace(b'Words', b'Phrases')\n",
    "published.json": '{"version": 1, "posts": [\n  {"path": "content/posts/p1.md", "guid": "g", '
    '"urls": ["https://example.org/sub/posts/former/"]}\n]}\n',
    "templates/assets/own.css": "a {}\n",
    **{f"content/posts/p{number}.md": post_text(number) for number in range(80)},
}


def write_site(root: Path, names: list[str]) -> None:
    """Write the files of the site in some order."""
    for name in names:
        data = FILES[name]
        assert data is not None
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def build(root: Path, *options: str, umask: int = 0o022, **environment: str) -> str:
    """Build in a process of its own, and return the fingerprint of all names and bytes of the output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    subprocess.run(
        [sys.executable, "-W", "error", "-m", "sitegen", "build", "--quiet", *options],
        cwd=root,
        env={**clean, "PYTHONPATH": str(CHECKOUT), **environment},
        umask=umask,
        check=True,
    )
    state = sha256()
    for path in sorted((root / "output").rglob("*")):
        if path.is_file():
            state.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return state.hexdigest()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The fingerprint of the output, built in the plainest way."""
    root = tmp_path_factory.mktemp("plain")
    write_site(root, sorted(FILES))
    return build(root, "--jobs", "1", PYTHONHASHSEED="0", TZ="UTC", LANG="C.UTF-8")


ENVIRONMENTS = {
    "another hash seed": {"PYTHONHASHSEED": "1"},
    "a random hash seed": {"PYTHONHASHSEED": "random"},
    "a time zone in the east": {"TZ": "Pacific/Kiritimati"},
    "a time zone in the west": {"TZ": "America/Los_Angeles"},
    "the C locale": {"LANG": "C", "LC_ALL": "C"},
    "a locale that is not installed": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    "optimized code": {"PYTHONOPTIMIZE": "2"},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_environment_leaves_no_trace(tmp_path: Path, expected: str, name: str) -> None:
    write_site(tmp_path, sorted(FILES))
    assert build(tmp_path, **ENVIRONMENTS[name]) == expected


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_the_umask_leaves_no_trace(tmp_path: Path, expected: str, umask: int) -> None:
    write_site(tmp_path, sorted(FILES))
    assert build(tmp_path, umask=umask) == expected


@pytest.mark.parametrize("jobs", ["1", "2", "5"])
def test_the_number_of_processes_leaves_no_trace(tmp_path: Path, expected: str, jobs: str) -> None:
    write_site(tmp_path, sorted(FILES))
    assert build(tmp_path, "--jobs", jobs) == expected


def test_the_folder_leaves_no_trace(tmp_path: Path, expected: str) -> None:
    root = tmp_path / "with spaces" / "Ünïcode" / "'quotes' & <more>"
    root.mkdir(parents=True)
    write_site(root, sorted(FILES))
    assert build(root) == expected


def test_the_order_and_time_of_writing_leave_no_trace(tmp_path: Path, expected: str) -> None:
    for name in sorted(FILES, key=lambda name: sha256(name.encode()).digest()):
        write_site(tmp_path, [name])
        os.utime(tmp_path / name, (len(name) * 1e7, len(name) * 1e7))
    assert build(tmp_path) == expected


def test_the_moment_and_a_second_build_leave_no_trace(tmp_path: Path, expected: str) -> None:
    write_site(tmp_path, sorted(FILES))
    assert build(tmp_path) == expected
    time.sleep(1.1)  # what had the second in it would differ now
    assert build(tmp_path, "--fresh", PYTHONHASHSEED="7") == expected
