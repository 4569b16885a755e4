"""Packs the sitegen that runs into a wheel, so that another machine can install this very version."""

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

from sitegen.render.theme import find_theme
from sitegen.scaffold.manual import find_manual, list_pages

PACKAGE = Path(__file__).resolve().parents[1]

METADATA = """\
Wheel-Version: 1.0
Generator: sitegen
Root-Is-Purelib: true
Tag: py3-none-any
"""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of all files in the archive: the same installation gives the same bytes."""


def pack_wheel(installed: Distribution) -> tuple[str, bytes]:
    """Return the file name and the bytes of a wheel of the running package (PEP 427).

    It holds the modules as they are on the disk now, with theme and manual, and the metadata of `installed`.
    """
    name = installed.metadata["Name"].replace("-", "_").lower()
    info = f"{name}-{installed.version}.dist-info"
    files = {f"sitegen/{path}": data for path, data in _read_folder(PACKAGE).items()}
    files |= {f"sitegen/theme/{path}": data for path, data in _read_folder(find_theme()).items()}
    manual = find_manual()
    files |= {f"sitegen/manual/{file.as_posix()}": (manual / file).read_bytes() for file in list_pages(manual)}
    files[f"{info}/WHEEL"] = METADATA.encode()
    for part in ("METADATA", "entry_points.txt"):
        files[f"{info}/{part}"] = (installed.read_text(part) or "").encode()
    for license_file in installed.files or ():
        _, found, inside = license_file.as_posix().partition(".dist-info/licenses/")
        if found:
            files[f"{info}/licenses/{inside}"] = license_file.read_binary()
    rows = [f"{path},sha256={_digest(files[path])},{len(files[path])}" for path in sorted(files)]
    record = f"{info}/RECORD"
    files[record] = "".join(f"{row}\n" for row in (*rows, f"{record},,")).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        # Installers read the metadata first, from the end of the archive.
        for path in sorted(files, key=lambda path: (path.startswith(info), path == record, path)):
            entry = zipfile.ZipInfo(path, EARLIEST)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return f"{name}-{installed.version}-py3-none-any.whl", target.getvalue()


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their paths in it, without hidden and compiled ones."""
    found = {}
    for file in folder.rglob("*"):
        inside = file.relative_to(folder)
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            found[inside.as_posix()] = file.read_bytes()
    return found


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
