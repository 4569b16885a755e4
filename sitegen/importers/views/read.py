"""Recognize the export of a platform, and read the views in it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sitegen.errors import Problem, SiteError
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.views.csv_formats import FORMATS, read_csv, read_header
from sitegen.importers.views.export import Columns, Export
from sitegen.importers.views.json_formats import read_json

PRIVATE = ("*.opens.csv", "*.delivers.csv", "email_list*", "*subscribers*", "lists/*", "members*.csv")
"""Files with data of subscribers, which are never opened."""

_CSV = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
_JSON = (".json",)

PLATFORMS = tuple(sorted({form.platform for form in FORMATS} | {"listmonk"}, key=str.casefold))


def read_export(path: Path, columns: Columns, platform: str) -> list[Export]:
    """Return the views in an export: a file, a zip file or a folder; one Export for each of its files that has some.

    `platform` replaces the name of the platform. Raises SiteError if no file has a known format.
    """
    found: list[Export] = []
    problems: list[Problem] = []
    with Archive([path], PRIVATE) as archive:
        for name in archive.names:
            try:
                export = _read_member(archive, name, columns, platform)
            except UnreadableError as error:
                problems.append(Problem(name, 0, f"the file cannot be read: {error}", "export it again"))
            except ValueError as error:
                problems.append(Problem(name, 0, str(error), "name a column of the file"))
            else:
                if export is not None:
                    found.append(export)
        if not found and not problems:
            problems.append(_unknown(archive, path.name, platform))
    if not found:
        raise SiteError(problems)
    if problems:  # of one file among others: a zip can contain anything
        found[0] = replace(found[0], warnings=(*found[0].warnings, *problems))
    return found


def _read_member(archive: Archive, name: str, columns: Columns, platform: str) -> Export | None:
    lower = name.lower()
    if lower.endswith(_CSV):
        return read_csv(archive, name, columns, platform)
    if lower.endswith(_JSON):
        export = read_json(archive, name)
        return export if export is None or not platform else replace(export, platform=platform)
    return None


def _unknown(archive: Archive, name: str, platform: str) -> Problem:
    """Return the problem of an export without a file of a known format, with what was found in it."""
    tables = [member for member in archive.names if member.lower().endswith(_CSV)]
    headers = {member: read_header(archive, member) for member in tables[:5]}
    if any({"post_id", "is_published"} <= set(header) for header in headers.values()):
        message = "the export of Substack contains the posts, and not how often they were viewed"
        return Problem(name, 0, message, "export the table of posts on the Stats page of the publication")
    columns = "--url-column NAME and --count-column NAME, with the names of its columns of URLs or titles and of views"
    platforms = f"known are {', '.join(PLATFORMS)}, with columns in English"
    known = f"{platforms}; for another CSV file, add --platform NAME, {columns}"
    hint = f"add {columns}" if platform and any(headers.values()) else known
    for member, header in headers.items():
        if not header:
            return Problem(name, 0, "the file is empty", "export it again", member if member != name else "")
        found = ", ".join(filter(None, header[:12]))
        return Problem(name, 0, "the format of the export is not known", hint, f"{member}: {found}")
    return Problem(name, 0, "the export contains no CSV or JSON file with numbers of views", hint)


def check_exports(paths: Sequence[Path], columns: Columns, platform: str) -> list[tuple[Path, Export]]:
    """Return the exports of several paths with their paths; raise SiteError with the problems of all."""
    found: list[tuple[Path, Export]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found += ((path, export) for export in read_export(path, columns, platform))
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    return found
