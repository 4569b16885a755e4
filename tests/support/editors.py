"""The ways in which editors and other programs save a file, as functions of the file and its new text.

The new text differs from the old in its last line, and is as long.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path


def save_in_place(file: Path, text: str) -> None:
    file.write_text(text)


def save_as_vim(file: Path, text: str) -> None:
    probe, backup = file.with_name("4913"), file.with_name(f"{file.name}~")
    probe.touch()
    probe.unlink()
    file.rename(backup)
    file.write_text(text)
    backup.unlink()


def save_as_vim_with_swap_file(file: Path, text: str) -> None:
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM 8.2" + bytes(4096))
    save_as_vim(file, text)
    swap.unlink()


def save_as_emacs(file: Path, text: str) -> None:
    lock, own = file.with_name(f".#{file.name}"), file.with_name(f"#{file.name}#")
    lock.symlink_to("someone@somewhere.123:456")
    own.write_text(text)
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text(text)
    own.unlink()
    lock.unlink()


def save_as_jetbrains(file: Path, text: str) -> None:
    new, old = file.with_name(f"{file.name}___jb_tmp___"), file.with_name(f"{file.name}___jb_old___")
    new.write_text(text)
    file.rename(old)
    new.rename(file)
    old.unlink()


def save_as_vs_code(file: Path, text: str) -> None:
    with file.open("r+b") as handle:
        handle.truncate(0)
        handle.flush()
        handle.write(text.encode())


def save_by_rename(file: Path, text: str) -> None:
    temporary = file.with_name(f".{file.name}.abc123")
    temporary.write_text(text)
    temporary.replace(file)


def save_from_elsewhere(file: Path, text: str) -> None:
    outside = file.parents[2] / "outside.txt"
    outside.write_text(text)
    outside.replace(file)


def save_in_pieces(file: Path, text: str) -> None:
    with file.open("w") as handle:
        for character in text:
            handle.write(character)
            handle.flush()


def save_with_sed(file: Path, text: str) -> None:
    last = text.rstrip("\n").rpartition("\n")[2]
    subprocess.run(["sed", "-i", f"$s/.*/{last}/", file], check=True)


def save_with_the_same_size_and_time(file: Path, text: str) -> None:
    status = file.stat()
    assert len(text) == status.st_size
    file.write_text(text)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def save_by_delete_and_write(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


def save_by_swapping_links(file: Path, text: str) -> None:
    folder = file.parents[2] / "versions"
    folder.mkdir(exist_ok=True)
    target = folder / f"{file.name}.{'second' if file.is_symlink() and file.readlink().suffix == '.first' else 'first'}"
    target.write_text(text)
    link = file.with_name(f".{file.name}.link")
    link.symlink_to(target)
    link.replace(file)


SAVES: list[Callable[[Path, str], None]] = [
    save_in_place,
    save_as_vim,
    save_as_vim_with_swap_file,
    save_as_emacs,
    save_as_jetbrains,
    save_as_vs_code,
    save_by_rename,
    save_from_elsewhere,
    save_in_pieces,
    save_with_sed,
    save_with_the_same_size_and_time,
    save_by_delete_and_write,
    save_by_swapping_links,
]
