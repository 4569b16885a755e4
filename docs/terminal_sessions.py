"""Makes the pictures of terminal sessions: `python docs/terminal_sessions.py` runs sitegen and records what it prints.

Needs a system with pseudoterminals (Linux, macOS).
"""

import io
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = 88

MISTAKES = {
    "content/posts/2026-01-15-storm.md": '---\ntitle: "Storm\ndate: 2026-01-15\n---\n\nThe lamp went out.\n',
    "content/posts/2026-01-22-calm.md": "---\ntitel: Calm\ndate: 2026-01-32\n---\n\nIt is lit again.\n",
}
SESSIONS: dict[str, tuple[dict[str, str], Sequence[str], Sequence[str]]] = {
    "import": (
        {},
        ["sitegen init my-archive --title 'My archive' --base-url https://you.github.io/my-archive/"],
        ["sitegen import ~/Downloads/substack-export", "sitegen build"],
    ),
    "mistakes": (
        MISTAKES,
        ["sitegen init my-archive --title 'My archive' --base-url https://you.github.io/my-archive/"],
        ["sitegen build"],
    ),
}
"""For each picture: files that are written into the site, commands that are run before, and those that it shows."""

SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px ui-monospace, Menlo, Consolas, monospace; }}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""The picture as rich fills it in, with fonts of the reader's system instead of files from another host."""

THEME = TerminalTheme(
    (22, 21, 19),
    (233, 228, 218),
    [(22, 21, 19), (255, 138, 122), (150, 200, 120), (230, 190, 110), (130, 170, 230), (200, 150, 220), (110, 200, 200),
     (233, 228, 218)],
)  # fmt: skip


def run(command: str, folder: Path, home: Path) -> str:
    """Run a command of sitegen in a terminal, and return what it prints, with its colours."""
    program = Path(sys.executable).with_name("sitegen")
    words = [word.replace("~", str(home), 1) if word.startswith("~/") else word for word in shlex.split(command)[1:]]
    controller, terminal = pty.openpty()
    # A terminal that cannot move its cursor gets no progress bar.
    environment = {**os.environ, "HOME": str(home), "TERM": "dumb", "COLUMNS": str(COLUMNS), "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [program, *words], cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ):
        os.close(terminal)
        printed = _read(controller)
    return printed.replace("\r\n", "\n")


def _read(controller: int) -> str:
    """Return all that is written to a terminal until its last user has closed it."""
    data = b""
    with open(controller, "rb", buffering=0) as file:
        while True:
            try:
                piece = file.read(4096)
            except OSError:  # Linux ends a pseudoterminal with EIO
                piece = b""
            if not piece:
                return data.decode()
            data += piece


def record(name: str, folder: Path) -> str:
    """Run a session in an empty folder, and return its picture as SVG."""
    files, before, shown = SESSIONS[name]
    (folder / "Downloads").mkdir()
    (folder / "Downloads/substack-export").symlink_to(ROOT / "tests/exports/substack/input")
    for command in before:
        run(command, folder, folder)
    site = folder / "my-archive"
    for path, text in files.items():
        (site / path).write_text(text)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    for command in shown:
        console.print(Text(f"$ {command}", style="bold"))
        console.print(Text.from_ansi(run(command, site, folder).rstrip()))
        if command != shown[-1]:
            console.print()
    svg = console.export_svg(title="", theme=THEME, code_format=SVG, unique_id=name)
    return re.sub(r"[ \t]+\n", "\n", svg)


def main() -> None:
    """Record every session of SESSIONS."""
    for name in SESSIONS:
        with tempfile.TemporaryDirectory() as folder:
            (ROOT / f"docs/pictures/session-{name}.svg").write_text(record(name, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
