"""Build when paths are of an unexpected type, foreign, or without permission."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.faults.processes import RunResult, preload
from tests.faults.site_under_test import SiteUnderTest, Tree, read_tree, remove

UNPRIVILEGED_USER = 65534
FOREIGN = b"not ours, and not to be touched"


def _output_is_a_file(site: SiteUnderTest) -> None:
    remove(site.output)
    site.output.write_bytes(FOREIGN)


def _output_is_a_link(site: SiteUnderTest) -> None:
    elsewhere = site.home / "elsewhere"
    remove(elsewhere)
    elsewhere.mkdir()
    (elsewhere / "index.html").write_bytes(FOREIGN)
    remove(site.output)
    site.output.symlink_to(elsewhere)


def _output_is_a_dangling_link(site: SiteUnderTest) -> None:
    remove(site.output)
    site.output.symlink_to(site.home / "missing/folder")


def _output_is_foreign(site: SiteUnderTest) -> None:
    remove(site.output)
    (site.output / "posts/first").mkdir(parents=True)
    (site.output / "posts/first/index.html").write_bytes(FOREIGN)
    (site.output / "photos.zip").write_bytes(FOREIGN)


def _page_is_a_folder(site: SiteUnderTest) -> None:
    remove(site.output / "index.html")
    (site.output / "index.html").mkdir(parents=True)
    (site.output / "index.html/mine.txt").write_bytes(FOREIGN)


def _folder_is_a_link(site: SiteUnderTest) -> None:
    elsewhere = site.home / "elsewhere"
    remove(elsewhere)
    (elsewhere / "second").mkdir(parents=True)
    (elsewhere / "second/index.html").write_bytes(FOREIGN)
    remove(site.output / "posts")
    (site.output / "posts").symlink_to(elsewhere)


def _folder_is_a_file(site: SiteUnderTest) -> None:
    remove(site.output / "tags")
    (site.output / "tags").write_bytes(FOREIGN)


def _work_is_a_file(site: SiteUnderTest) -> None:
    remove(site.root / ".sitegen")
    (site.root / ".sitegen").write_bytes(FOREIGN)


def _work_is_a_link(site: SiteUnderTest) -> None:
    remove(site.root / ".sitegen")
    (site.root / ".sitegen").symlink_to(site.home / "missing/folder")


def _lock_is_a_folder(site: SiteUnderTest) -> None:
    remove(site.root / ".sitegen/lock")
    (site.root / ".sitegen/lock").mkdir(parents=True)


def _content_is_gone(site: SiteUnderTest) -> None:
    remove(site.root / "content")


def _content_is_a_file(site: SiteUnderTest) -> None:
    remove(site.root / "content")
    (site.root / "content").write_bytes(FOREIGN)


def _post_is_a_pipe(site: SiteUnderTest) -> None:
    os.mkfifo(site.root / "content/posts/pipe.md")


def _post_is_a_circular_link(site: SiteUnderTest) -> None:
    (site.root / "content/posts/circle.md").symlink_to("circle.md")


def _post_is_a_link_out_of_the_site(site: SiteUnderTest) -> None:
    (site.root / "content/posts/passwords.md").symlink_to("/etc/passwd")


def _config_is_a_folder(site: SiteUnderTest) -> None:
    remove(site.root / "sitegen.toml")
    (site.root / "sitegen.toml").mkdir()


def _config_is_gone(site: SiteUnderTest) -> None:
    remove(site.root / "sitegen.toml")


def _published_is_a_folder(site: SiteUnderTest) -> None:
    remove(site.root / "published.json")
    (site.root / "published.json").mkdir()


def _deny(name: str, mode: int) -> Callable[[SiteUnderTest], None]:
    """Return a function that takes away permissions of a file or folder from the user who builds."""

    def deny(site: SiteUnderTest) -> None:
        path = site.root / name
        if path.exists():
            if os.geteuid() == 0:
                os.chown(path, 0, 0)
            path.chmod(mode)

    deny.__qualname__ = f"mode {mode:o} of {name}"
    return deny


CHANGES: tuple[Callable[[SiteUnderTest], None], ...] = (
    *(_output_is_a_file, _output_is_a_link, _output_is_a_dangling_link, _output_is_foreign, _page_is_a_folder),
    *(_folder_is_a_link, _folder_is_a_file, _work_is_a_file, _work_is_a_link, _lock_is_a_folder),
    *(_content_is_gone, _content_is_a_file, _post_is_a_pipe, _post_is_a_circular_link, _post_is_a_link_out_of_the_site),
    *(_config_is_a_folder, _config_is_gone, _published_is_a_folder),
    *(_deny(name, 0o000) for name in ("content", "content/posts", "content/posts/2024-01-02-second.md", "templates")),
    *(_deny(name, 0o000) for name in ("content/posts/one.png", "content/sources.toml", "sitegen.toml", "output")),
    *(_deny(name, 0o555) for name in ("output", "output/posts", "output/posts/second", ".sitegen", "")),
    *(_deny(name, 0o000) for name in (".sitegen/store.db", ".sitegen/lock", ".sitegen", "output/index.html")),
    *(_deny(name, 0o444) for name in (".sitegen/store.db", ".sitegen/lock", "output/index.html")),
)


def build_with_unusable_paths(home: Path, random: Random) -> Iterator[str]:
    """Make each change before an incremental and a cold build."""
    preload(home)
    site = SiteUnderTest(home / "one", user=UNPRIVILEGED_USER)
    for build_type in ("edit", "cold"):
        for change in CHANGES:
            remove(site.root)
            remove(site.home / "elsewhere")
            site.create()
            site.prepare(build_type)
            site.output.mkdir(exist_ok=True)
            (site.root / ".sitegen").mkdir(exist_ok=True)
            site.change_owner()
            change(site)
            before = _read_foreign_files(site, build_type)
            result = site.start().wait()
            _allow_all(site.root)
            violations = list(_check_build(result, before, site))
            yield (
                f"{build_type}, {change.__qualname__}: {'; '.join(violations)}: {result.output}" if violations else ""
            )


def _read_foreign_files(site: SiteUnderTest, build_type: str) -> Tree:
    """Return the foreign files, except at paths of pages that sitegen wrote, where it cannot recognise them."""
    tree = {}
    own = site.clean_outputs[0].keys() | site.clean_outputs[1].keys() if build_type == "edit" else set()
    for folder in (site.output, site.home / "elsewhere", site.root / ".sitegen", site.root / "content"):
        for path in (folder, *folder.rglob("*")):
            if not os.access(path, os.R_OK):  # the user who builds may be the one of this process
                continue
            if path.is_file() and path.read_bytes() == FOREIGN and path.relative_to(folder).as_posix() not in own:
                tree[path.relative_to(site.home).as_posix()] = FOREIGN
    return tree


def _allow_all(root: Path) -> None:
    """Give back the permissions that `_deny` took away, so that any user can read and remove the site."""
    root.chmod(0o755)
    for folder, folders, names in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *names)):
            if not path.is_symlink():
                path.chmod(0o755)


def _check_build(result: RunResult, foreign: Tree, site: SiteUnderTest) -> Iterator[str]:
    if result.hung:
        yield "it hangs"
    elif result.code not in (0, 1):
        yield f"it ends with {result.code}"
    if "Traceback" in result.output:
        yield "it shows a traceback"
    if result.code == 1 and ": " not in result.output.partition("\n")[0]:
        yield "its message names no path and cause"
    for name in foreign:
        if not (site.home / name).is_file() or (site.home / name).read_bytes() != FOREIGN:
            yield f"{name} is foreign and was changed"
    if result.code == 0 and site.output.is_dir() and not site.output.is_symlink():
        after = read_tree(site.output)
        if any(after.get(name) != data for name, data in site.expected.items()) and (site.root / "content").is_dir():
            yield "it ends with 0, but the output is wrong"
