"""The files of `content/data/`, read for templates as `site.data.<name>`."""

import io
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sitegen.errors import Problem, SiteError
from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.formats.toml import read_toml

ENDINGS = (".toml", ".json", ".yaml", ".yml", ".csv")


def read_data(files: Mapping[str, bytes]) -> FrozenDict:
    """Return the values of data files by name, given their bytes by path.

    A CSV file (RFC 4180) becomes a tuple of mappings by its header row. Raises SiteError with the
    problems of all files, and for two files of one name.
    """
    values: dict[str, Any] = {}
    owners: dict[str, str] = {}
    problems: list[Problem] = []
    for path, data in sorted(files.items()):
        name = PurePosixPath(path).stem
        if name in owners:
            message = f'two data files have the name "{name}": this one and {owners[name]}'
            problems.append(Problem(path, 0, message, "rename one of them"))
            continue
        owners[name] = path
        try:
            values[name] = freeze(_read(path, data))
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    return FrozenDict(values)


def _read(path: str, data: bytes) -> Any:
    if path.endswith(".toml"):
        return read_toml(data, path).values
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError([Problem(path, line, "the file is not UTF-8", "save it in UTF-8")]) from None
    if path.endswith(".json"):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            excerpt = error.doc.split("\n")[error.lineno - 1]
            message = f"not valid JSON: {error.msg.lower()}"
            raise SiteError([Problem(path, error.lineno, message, "see https://json.org", excerpt)]) from None
        except RecursionError:
            raise SiteError([Problem(path, 0, "not valid JSON: nested too deep", "flatten the values")]) from None
    if path.endswith(".csv"):
        return _read_csv(path, text)
    from sitegen.content.front_matter.split import read_yaml  # noqa: PLC0415 - only if a file changed

    return read_yaml(text, path)


def _read_csv(path: str, text: str) -> list[dict[str, str]]:
    import csv  # noqa: PLC0415 - few sites have such files

    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[dict[str, str]] = []
    try:
        header = next(rows, [])
        for row in rows:
            if len(row) > len(header):
                message = f"the row has {len(row)} fields, the header has {len(header)}"
                raise SiteError([Problem(path, rows.line_num, message, "put fields with commas into quotes")])
            if row:
                found.append(dict(zip(header, row + [""] * (len(header) - len(row)), strict=True)))
    except csv.Error as error:
        raise SiteError([Problem(path, rows.line_num, f"not valid CSV: {error}", "see RFC 4180")]) from None
    return found
