"""The site that `sitegen init` begins with."""

import posixpath
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from sitegen.config.schema import Config, Language
from sitegen.config.theme_schema import Theme
from sitegen.formats.toml import write_string
from sitegen.system.atomic_write import write_if_changed

TITLE = "My newsletter"
"""The title of a new site, unless `sitegen init` gets one."""

CONFIG = """\
# Settings of the site. `sitegen help configuration` explains all of them; `sitegen config` shows those in force.

# The newsletter's name.
title = {title}

# One sentence about it, for search engines and feed readers.
description = ""

# The URL that readers use, such as "https://letters.example.com/". `sitegen publish` needs it.
base_url = {base_url}

# The language of the posts, such as "en", "de" or "pt-BR".
language = "en"

# The time zone of dates, such as "Europe/Berlin" or "America/New_York".
timezone = "UTC"

# The author of the newsletter: the byline of posts that name neither an author nor a source.
author = ""

# Write further settings like these above this line: below a [table], a line belongs to that table.
# To change one of these, remove the "#".

# Images with the title of each page, for shared links: see `sitegen help share-cards`.
[cards]
enabled = true

# [urls]
# post = "/{{year}}/{{month}}/{{slug}}/"

# [markdown]
# engine = "commonmark"

# [theme]
# preset = "letter"
# accent = "#00566b"
# logo = "/logo.svg"
# icon = "/icon.png"
# nav = [{{ section = "archive" }}, {{ page = "about" }}, {{ section = "search" }}]

# [theme.subscribe]
# action = "https://buttondown.com/api/emails/embed-subscribe/YOUR-NAME"
"""

IGNORE = ".gitignore"


def ignored_folders(output: str) -> tuple[str, ...]:
    """Return what git ignores of a site, whose output folder is `output`: the folders that a build writes."""
    folder = posixpath.normpath(output)
    return ("/.sitegen/",) if folder.startswith(("/", "..")) else ("/.sitegen/", f"/{folder}/")


def read_samples() -> dict[str, bytes]:
    """Return the sample files of a new site by their paths below its content folder."""
    own = Path(__file__).parent / "content"
    return {path.relative_to(own).as_posix(): path.read_bytes() for path in sorted(own.rglob("*.*"))}


def find_samples(content: Path) -> tuple[str, ...]:
    """Return the sample files that are in a content folder as `sitegen init` wrote them, by their paths in it."""
    samples = read_samples().items()
    return tuple(path for path, data in samples if _read_lines(content / path) == data.splitlines())


def find_needless_samples(content: Path, config: Config) -> tuple[str, ...]:
    """Return the samples that a site with posts of its own does not need, by their paths in its content folder.

    These are the posts with their image and source, if none of them was edited, and then also the page, if it was not
    edited and nothing links to it.
    """
    found, samples = find_samples(content), read_samples().keys()
    pages = {path for path in samples if path.startswith("pages/")}
    if not samples - pages <= set(found):
        return ()
    return tuple(path for path in found if path not in pages or not _is_linked(content, path, samples, config))


def _is_linked(content: Path, page: str, samples: Collection[str], config: Config) -> bool:
    """Return whether the menus of a site, or files of its own, name a page of the samples."""
    slug = PurePosixPath(page).stem
    menus: tuple[Theme | Language, ...] = (config.theme, *config.languages.values())
    if any(item.page == slug for menu in menus for item in (*menu.nav, *menu.footer)):
        return True
    own = (file for file in content.rglob("*.md") if file.relative_to(content).as_posix() not in samples)
    contents = (file.read_bytes() for file in own)
    return any(f"{slug}.md".encode() in data or f"{slug}/".encode() in data for data in contents)


def remove_samples(content: Path, samples: Iterable[str]) -> tuple[str, ...]:
    """Delete those samples that are in a content folder as `sitegen init` wrote them, and return their paths."""
    known = find_samples(content)
    removed = tuple(path for path in samples if path in known)
    for path in removed:
        (content / path).unlink()
    return removed


def read_initial_settings() -> dict[str, str]:
    """Return the settings above the tables that `sitegen init` writes without options."""
    values = tomllib.loads(CONFIG.format(title=write_string(TITLE), base_url='""'))
    return {key: value for key, value in values.items() if isinstance(value, str)}


def write_site(folder: Path, title: str, base_url: str) -> tuple[str, ...]:
    """Write a new site into a folder and return the files' paths; raise FileExistsError before writing any."""
    content = {f"content/{path}": data for path, data in read_samples().items()}
    config = CONFIG.format(title=write_string(title), base_url=write_string(base_url))
    ignored = "".join(f"{row}\n" for row in ignored_folders("output"))
    files = {"sitegen.toml": config.encode(), IGNORE: ignored.encode(), **content}
    for path in files:
        if (folder / path).exists():
            raise FileExistsError(17, "exists", str(folder / path))
    for path, data in files.items():
        write_if_changed(folder / path, data)
    return tuple(files)


def _read_lines(file: Path) -> list[bytes] | None:
    """Return the lines of a file, with any line endings (git may change them), or None if it does not exist."""
    return file.read_bytes().splitlines() if file.is_file() else None
