"""Update the import records of a changed post, so that the next import does not treat it as edited by hand."""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import SiteError
from sitegen.importers.output.import_state import RECORDS_FOLDER, read_import_record, record_name
from sitegen.importers.registry import FORMATS
from sitegen.system.fingerprints import of_bytes


def note_in_import_records(root: Path, path: str, before: bytes, after: bytes, files: Mapping[str, str]) -> None:
    """Note the new bytes of a post, and its fetched files by their URLs, where an import wrote the bytes `before`.

    A later import then puts the same files into the post. A damaged record is left to the import, which reports it.
    """
    folder, name = posixpath.split(path)
    for format_name in FORMATS:
        record_file = f"{record_name(format_name, folder)}.json"
        if not (root / RECORDS_FOLDER / record_file).is_file():
            continue
        try:
            imported = read_import_record(root, record_file.removesuffix(".json"), root / folder)
        except SiteError:
            continue
        mine = [record for record in imported.posts.values() if record.file == name]
        if not any(record.digest == of_bytes(before) for record in mine):
            continue
        for record in mine:
            record.digest = of_bytes(after)
        inside = {url: file for url, file in files.items() if file.startswith(f"{folder}/")}
        imported.images.update({url: file.removeprefix(f"{folder}/") for url, file in inside.items()})
        imported.save()
