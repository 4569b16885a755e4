"""The site that `sitegen init` begins with."""

import json
from pathlib import Path

CONFIG = """\
title = {title}
description = ""
base_url = {base_url}
language = "en"
timezone = "UTC"
author = ""
"""

IGNORED = "/.sitegen/\n/output/\n"


def write_site(folder: Path, title: str, base_url: str) -> tuple[str, ...]:
    """Write a new site into a folder and return the files' paths; raise FileExistsError before writing any."""
    own = Path(__file__).parent
    content = {path.relative_to(own).as_posix(): path.read_bytes() for path in sorted(own.glob("content/**/*.*"))}
    config = CONFIG.format(title=_quoted(title), base_url=_quoted(base_url))
    files = {"sitegen.toml": config.encode(), ".gitignore": IGNORED.encode(), **content}
    for path in files:
        if (folder / path).exists():
            raise FileExistsError(17, "exists", str(folder / path))
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tuple(files)


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML, which JSON's strings are but for the character DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
