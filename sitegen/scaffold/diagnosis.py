"""Check the installation, the site, and what publishing it needs, for `sitegen doctor`."""

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from sitegen import DISTRIBUTION
from sitegen.build.output_folder import WORK
from sitegen.config.base_url import check_base_url
from sitegen.config.load import CONFIGS, Settings, read_config
from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config, Target
from sitegen.config.site_folders import find_missing_folders
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import read_ledger
from sitegen.errors import ERROR, WARNING, Problem, SiteError
from sitegen.formats.urls import hide_credentials
from sitegen.scaffold.ci_workflows import REQUIREMENTS, find_hosts
from sitegen.scaffold.migration import find_steps
from sitegen.scaffold.requirements import Requirement, describe_installation
from sitegen.system.files import is_markdown, list_files, walk_below
from sitegen.system.installation import EXTRAS, install_hint, is_installed, read_requirements, reinstall_hint

OK, NOTE = "ok", "note"

PROGRAMS = frozenset(("git", "rclone", "rsync"))
"""The types of publish targets that run a program of the same name."""

_REMOTE_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check: `state` is OK, NOTE, WARNING or ERROR, `hint` says what to do."""

    topic: str
    state: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine: versions of Python and system, the environment, and a function that finds programs."""

    python: str
    system: str
    environment: Mapping[str, str]
    find_program: Callable[[str], str | None]


def diagnose(root: Path, machine: Machine) -> tuple[CheckResult, ...]:
    """Check the installation, and the site at `root`; nothing is changed, and only git is run."""
    installed, requirement = None, None
    with suppress(PackageNotFoundError):
        installed = distribution(DISTRIBUTION)
        requirement = describe_installation(installed)
    found = [*check_installation(installed, requirement, machine)]
    if not _has_config(root):
        hint = "change to the folder of your site, or create one with `sitegen init DIR`"
        return (*found, CheckResult("Site", WARNING, f"{root} is not a site: it has no {' or '.join(CONFIGS)}", hint))
    try:
        settings = read_config(root)
    except SiteError as error:
        return (*found, *_from_problems("Site", ERROR, error.problems))
    config = settings.config
    publishing = check_publishing(root, config, requirement, machine)
    return (*found, *check_site(root, config), *_check_migration(root, settings, requirement), *publishing)


def check_installation(
    installed: Distribution | None, requirement: Requirement | None, machine: Machine
) -> Iterator[CheckResult]:
    """Check how sitegen is installed, and which of its extras are missing."""
    topic = "Installation"
    if installed is None or requirement is None:
        hint = "install it, as `sitegen help install` shows: `sitegen init --host` writes from where a host installs it"
        yield CheckResult(topic, WARNING, "sitegen runs from a folder, and is not installed", hint)
        return
    yield CheckResult(topic, OK, f"{DISTRIBUTION} {installed.version}{_describe_origin(requirement)}")
    yield CheckResult(topic, OK, f"Python {machine.python} on {machine.system}")
    packages, extras = read_requirements(installed.requires or ())
    missing = [name for name in packages if not is_installed(name)]
    if missing:
        yield CheckResult(topic, ERROR, f"missing packages: {', '.join(missing)}", reinstall_hint())
    for extra, effect in EXTRAS.items():
        if all(map(is_installed, extras.get(extra, ()))):
            yield CheckResult(topic, OK, f"the extra `{extra}` is installed")
        else:
            yield CheckResult(topic, NOTE, f"the extra `{extra}` is not installed: {effect}", install_hint(extra))
    from sitegen.markdown.engines.fast import LIBRARY as MARKDOWN_LIBRARY  # noqa: PLC0415 - loads Markdown
    from sitegen.render.jinja.fast import LIBRARY as JINJA_LIBRARY  # noqa: PLC0415 - loads Jinja

    for problem in (*MARKDOWN_LIBRARY.check(), *JINJA_LIBRARY.check()):
        yield CheckResult(topic, WARNING, problem.message, problem.hint)


def check_site(root: Path, config: Config) -> Iterator[CheckResult]:
    """Check the folders of a site and the ledger."""
    topic = "Site"
    yield CheckResult(topic, OK, f"the settings of {root} have no mistakes")
    content = root / config.content
    if content.is_dir():
        posts = sum(_count_markdown(content / folder) for folder in post_folders(config))
        pages = _count_markdown(content / "pages")
        yield CheckResult(topic, OK, f"posts: {posts:,}, pages: {pages:,}, including drafts")
    yield from _from_problems(topic, ERROR, find_missing_folders(root, config.content, config.templates))
    yield from _from_problems(topic, WARNING, check_base_url(root, config.base_url))
    try:
        ledger = read_ledger(root / LEDGER_FILE)
    except SiteError as error:
        yield from _from_problems(topic, ERROR, error.problems)
    else:
        published = f"published, by {LEDGER_FILE}: {len(ledger.records):,}"
        yield CheckResult(topic, OK, published if ledger.records else "nothing was published yet")
    yield _check_folder(root, config.output, "the output folder", "is missing: run `sitegen build`")
    yield _check_folder(root, WORK, "the build cache", "is missing: the next build renders every page")


def _check_migration(root: Path, settings: Settings, requirement: Requirement | None) -> Iterator[CheckResult]:
    if steps := find_steps(root, settings, requirement):
        count = "1 change is" if len(steps) == 1 else f"{len(steps):,} changes are"
        yield CheckResult("Site", WARNING, f"{count} due for this version of sitegen", "run `sitegen update`")


def check_publishing(
    root: Path, config: Config, requirement: Requirement | None, machine: Machine
) -> Iterator[CheckResult]:
    """Check the targets of a site, its repository, and whether its host installs this version of sitegen."""
    topic = "Publishing"
    if not config.publish:
        hint = "run `sitegen init . --host github`, or see `sitegen help publishing`"
        yield CheckResult(topic, NOTE, "the site has no target to publish to", hint)
    for target in config.publish:
        yield from _check_target(root, target, machine)
    yield from _check_repository(root, machine)
    if requirement is not None:
        yield from _check_host(root, config, requirement.line)


def _check_target(root: Path, target: Target, machine: Machine) -> Iterator[CheckResult]:
    topic, label = "Publishing", f'target "{target.name}" ({target.kind})'
    where = hide_credentials(target.path or target.remote or target.url)
    if target.kind in PROGRAMS and machine.find_program(target.kind) is None:
        message = f"{label}: the program {target.kind} is not installed"
        yield CheckResult(topic, ERROR, message, f"install {target.kind}")
    elif target.kind == "s3" and not is_installed("obstore"):
        yield CheckResult(topic, ERROR, f"{label}: a package is missing", install_hint("publish"))
    elif target.kind == "git" and _REMOTE_NAME.fullmatch(target.remote):
        url = _ask_git(root, machine, "remote", "get-url", target.remote)
        if url is None:
            hint = f"run git remote add {target.remote} URL, with the URL of your repository"
            yield CheckResult(topic, ERROR, f'{label}: git has no remote "{target.remote}" here', hint)
        else:
            yield CheckResult(topic, OK, f"{label}: {hide_credentials(url)}, branch {target.branch}")
    else:
        yield CheckResult(topic, OK, f"{label}: {where}")


def _check_repository(root: Path, machine: Machine) -> Iterator[CheckResult]:
    topic = "Publishing"
    if machine.find_program("git") is None or _ask_git(root, machine, "rev-parse", "--show-toplevel") is None:
        hint = "keep the site in a repository: your posts and published.json then have a history and a copy"
        yield CheckResult(topic, NOTE, "the site is not in a git repository", hint)
        return
    if _ask_git(root, machine, "check-ignore", "--quiet", LEDGER_FILE) is not None:
        hint = "take it out of .gitignore and commit it: it keeps old URLs and ids of feeds"
        yield CheckResult(topic, WARNING, f"git ignores {LEDGER_FILE}", hint)
    elif (root / LEDGER_FILE).is_file() and _ask_git(root, machine, "status", "--porcelain", "--", LEDGER_FILE):
        yield CheckResult(
            topic, WARNING, f"{LEDGER_FILE} has changes that are not committed", "commit it with the site"
        )
    else:
        yield CheckResult(topic, OK, "the site is in a git repository")


def _check_host(root: Path, config: Config, line: str) -> Iterator[CheckResult]:
    """Check whether the hosts whose files are in the site install this sitegen, which is the `line` for pip."""
    hosts = find_hosts(root, config)
    if not hosts or not (root / REQUIREMENTS).is_file():
        return
    if line in (root / REQUIREMENTS).read_text("utf-8", errors="replace").splitlines():
        yield CheckResult("Publishing", OK, f"the host installs the same sitegen, by {REQUIREMENTS}")
    else:
        hint = f"run `sitegen init . --host {hosts[0]}` again, unless you want the host to keep its version"
        yield CheckResult(
            "Publishing", WARNING, f"by {REQUIREMENTS}, the host installs another sitegen than this", hint
        )


def _check_folder(root: Path, name: str, label: str, missing_note: str) -> CheckResult:
    folder = root / name
    if not folder.is_dir():
        return CheckResult("Site", OK, f"{label} {name}/ {missing_note}")
    if not os.access(folder, os.W_OK):
        return CheckResult("Site", ERROR, f"{label} {name}/ cannot be written", "change its owner or its permissions")
    sizes = [entry.stat().st_size for _, entry in walk_below(folder) if entry.is_file()]
    return CheckResult("Site", OK, f"{label} {name}/ has {sum(sizes) / 1e6:,.1f} MB, files: {len(sizes):,}")


def _ask_git(root: Path, machine: Machine, *arguments: str) -> str | None:
    """Return the output of git, None if it is not installed or fails."""
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]
    environment = {**machine.environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        return None
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None


def _describe_origin(requirement: Requirement) -> str:
    if requirement.checkout:
        return ", from a folder that may change (an editable installation)"
    _, at, url = requirement.line.partition(" @ ")
    return ", from a wheel of this machine" if requirement.wheel else f", from {url}" if at else ""


def _has_config(root: Path) -> bool:
    own, shared = (root / name for name in CONFIGS)
    return own.is_file() or (shared.is_file() and b"[tool.sitegen" in shared.read_bytes())


def _count_markdown(folder: Path) -> int:
    return sum(map(is_markdown, list_files(folder)))


def _from_problems(topic: str, state: str, problems: Iterable[Problem]) -> Iterator[CheckResult]:
    for problem in problems:
        location = f"{problem.path}:{problem.line}: " if problem.line else f"{problem.path}: " if problem.path else ""
        yield CheckResult(topic, state, f"{location}{problem.message}", problem.hint)
