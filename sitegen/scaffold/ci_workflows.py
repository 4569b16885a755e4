"""Adds to a site what a host needs to build and publish it: its files, the target and sitegen."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitegen import DISTRIBUTION
from sitegen.build.output_folder import WORK
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.formats.toml import read_toml
from sitegen.scaffold.host_files import FORMER, GITHUB_ACTION, HOSTS, Host, fill, is_generated
from sitegen.scaffold.requirements import VENDOR, Requirement
from sitegen.scaffold.skeleton import IGNORE, ignored_folders
from sitegen.system.atomic_write import write_if_changed

REQUIREMENTS = "requirements.txt"

FORMER_DISTRIBUTION = "sitegen"
"""What pip installed sitegen by until 0.1, in the requirements and the wheels of sites."""

_FORMER_REQUIREMENT = re.compile(rf"{FORMER_DISTRIBUTION}\s*(?:\[|[=<>~!@;]|$)", re.IGNORECASE)

MARK = "# Written by `sitegen init --host`. After an upgrade of sitegen, run that again."
"""The first line of a requirements.txt that may be written again."""


@dataclass(frozen=True, slots=True)
class HostPlan:
    """What a site lacks for a host: files to write with their bytes, files to remove, and what needs attention.

    Paths start at the site's root.
    """

    files: dict[str, bytes]
    removed: tuple[str, ...]
    warnings: tuple[Problem, ...]


_ON_GITHUB = re.compile(
    r"@ git\+https://github\.com/(?P<repository>[\w.-]+/[\w.-]+?)(?:\.git)?@(?P<commit>[0-9a-f]{40})"
)


def find_action(requirement: Requirement) -> str:
    """Return the action of the running sitegen as a workflow names it, "" if it is not from a repository on GitHub.

    The action is pinned to the commit that is installed, so that no later change of the repository runs in a site.
    """
    found = _ON_GITHUB.search(requirement.line)
    return f"{found['repository']}@{found['commit']}" if found else ""


def find_hosts(root: Path, config: Config) -> tuple[str, ...]:
    """Return the hosts that a site is set up for: it has their target, and the first of their files or a former one."""
    targets = {target.name for target in config.publish}
    return tuple(
        name
        for name, host in HOSTS.items()
        if name in targets and ((root / host.files[0][0]).is_file() or _find_former(root, name))
    )


def plan_host(
    root: Path, name: str, requirement: Requirement, output: str = "output", *, use_action: bool = True
) -> HostPlan:
    """Return what a site needs for a host: its files, its target in the config, and the installation of `requirement`.

    Where git would commit the build cache and the `output` folder, a `.gitignore` is planned, or missing lines are
    reported.
    The workflow for GitHub uses the action of sitegen if there is one and `use_action` is true; otherwise it runs pip.
    Files of earlier versions are replaced, and those that are there already as they would be written stay.
    Raises SiteError if a file has other contents or the config cannot take the target.
    """
    host = HOSTS[name]
    action = find_action(requirement) if use_action and name == "github" else ""
    wanted = {path: fill(GITHUB_ACTION if action else text, output, action) for path, text in host.files}
    existing = {path: (root / path).read_text("utf-8", "replace") for path in wanted if (root / path).exists()}
    hint = "move it away and run this again, or copy what you need from `sitegen help publishing` into it"
    problems = [
        Problem(path, 0, "a file with other contents is there already", hint)
        for path, text in existing.items()
        if not is_generated(name, path, text)
    ]
    if problems:
        raise SiteError(problems)
    files = {path: text.encode() for path, text in wanted.items() if existing.get(path) != text}
    config, text = _add_target(root, name, host)
    installed, old_wheels, warnings = _require(root, requirement)
    ignored, missing = _ignore(root, output, _find_published_folder(host))
    added = ({config: text.encode()} if text else {}) | installed | ignored
    files |= {path: data for path, data in added.items() if not _has_contents(root / path, data)}
    removed = (*old_wheels, *_find_former(root, name))
    return HostPlan(files, removed, (*warnings, *missing, *_find_changed_former(root, name, host.files[0][0])))


def apply_host(root: Path, plan: HostPlan) -> None:
    """Write and remove the files of a plan."""
    for path, data in plan.files.items():
        write_if_changed((root / path).resolve(), data)
    for path in plan.removed:
        (root / path).unlink()
        if not any((root / path).parent.iterdir()):
            (root / path).parent.rmdir()


def _has_contents(file: Path, data: bytes) -> bool:
    return file.exists() and file.read_bytes() == data


def _find_former(root: Path, name: str) -> tuple[str, ...]:
    """Return the files that an earlier version wrote for a host and that it no longer reads, if they are unchanged."""
    return tuple(path for path, text in _read_former(root, name).items() if is_generated(name, path, text))


def _find_changed_former(root: Path, name: str, current: str) -> Iterator[Problem]:
    """Yield a problem for each file at a former path that publishes to a host, and that the user has changed."""
    for path, text in _read_former(root, name).items():
        if f"sitegen publish {name}" in text and not is_generated(name, path, text):
            message = f"this file publishes to {name} too, and was not removed because it has changes of yours"
            yield Problem(path, 0, message, f"make the same changes in {current}, and delete this file")


def _read_former(root: Path, name: str) -> dict[str, str]:
    """Return the files at paths that only earlier versions used for a host."""
    current = {path for path, _ in HOSTS[name].files}
    former = (path for path in FORMER[name] if path not in current and (root / path).is_file())
    return {path: (root / path).read_text("utf-8", "replace") for path in former}


def _find_published_folder(host: Host) -> tuple[str, ...]:
    """Return the folder that a host takes the site from as a line of `.gitignore`, if no other line covers it."""
    path = tomllib.loads("\n".join(host.settings)).get("path", WORK)
    return () if path.startswith(WORK) else (f"/{path}/",)


def _ignore(root: Path, output: str, published: tuple[str, ...]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return a `.gitignore` if there is none of the user's, or a problem where it lacks folders of sitegen."""
    own = ignored_folders(output)
    wanted = (*own, *published)
    file = root / IGNORE
    rows = file.read_text("utf-8").splitlines() if file.exists() else list(own)
    lacking = [row for row in wanted if row.strip("/") not in {row.strip().strip("/") for row in rows}]
    if rows == list(own):
        return {IGNORE: "".join(f"{row}\n" for row in wanted).encode()}, ()
    if not lacking:
        return {}, ()
    message = "git would commit folders that sitegen writes"
    return {}, (Problem(IGNORE, 0, message, f"add to it: {' '.join(lacking)}"),)


def _add_target(root: Path, name: str, host: Host) -> tuple[str, str]:
    """Return the path of the config and its text with the host's target, "" if it has that target already."""
    config = "sitegen.toml" if (root / "sitegen.toml").is_file() else "pyproject.toml"
    table = "publish" if config == "sitegen.toml" else "tool.sitegen.publish"
    text = (root / config).read_text("utf-8")
    rows = _read_targets(text, config)
    wanted = tomllib.loads("\n".join(host.settings))
    for row in rows if isinstance(rows, list) else ():
        if row.get("name") == name:
            if all(row.get(key) == wanted[key] for key in ("kind", "path") if key in wanted):
                return config, ""
            hint = "give that one another name"
            raise SiteError([Problem(config, 0, f'there is another target "{name}" already', hint)])
    added = text.rstrip("\n") + "\n\n" + "\n".join((f"[[{table}]]", f'name = "{name}"', *host.settings)) + "\n"
    try:
        tomllib.loads(added)
    except tomllib.TOMLDecodeError as error:
        hint = f"write the targets as tables [[{table}]]"
        raise SiteError([Problem(config, 0, f"a target cannot be added here: {error}", hint)]) from None
    return config, added


def _read_targets(text: str, config: str) -> object:
    values = read_toml(text.encode(), config).values
    return (values if config == "sitegen.toml" else values.get("tool", {}).get("sitegen", {})).get("publish")


def _require(root: Path, requirement: Requirement) -> tuple[dict[str, bytes], tuple[str, ...], tuple[Problem, ...]]:
    """Return the files by which a host installs sitegen, wheels of other versions to remove, and warnings."""
    file = root / REQUIREMENTS
    text = file.read_text("utf-8") if file.is_file() else MARK
    files = {requirement.wheel: requirement.data} if requirement.wheel else {}
    if not text.startswith(MARK):
        rows = [row.strip() for row in text.splitlines()]
        if requirement.line in rows:
            return files, (), ()
        named = any(DISTRIBUTION in row.replace("_", "-") for row in rows if not row.startswith("#"))
        foreign = any(_FORMER_REQUIREMENT.match(row) for row in rows)
        state = "installs another sitegen than the one you use" if named else "does not install sitegen"
        state = f"installs {FORMER_DISTRIBUTION}, which is another project on PyPI" if foreign else state
        message = f"the file is yours and was not changed; it {state}"
        return files, (), (Problem(REQUIREMENTS, 0, message, f"write this line into it: {requirement.line}"),)
    files[REQUIREMENTS] = f"{MARK}\n{requirement.line}\n".encode()
    names = (DISTRIBUTION.replace("-", "_"), FORMER_DISTRIBUTION)
    paths = (path.relative_to(root).as_posix() for name in names for path in (root / VENDOR).glob(f"{name}-*.whl"))
    return files, tuple(sorted(path for path in paths if path != requirement.wheel)), ()
