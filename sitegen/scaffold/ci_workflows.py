"""The files by which a host builds and publishes a site by itself, on every push and once a day."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from sitegen import DISTRIBUTION
from sitegen.errors import Problem, SiteError
from sitegen.scaffold.requirements import VENDOR, Requirement
from sitegen.scaffold.skeleton import IGNORE, ignored_folders

FOLDER = ".sitegen/public"
REQUIREMENTS = "requirements.txt"

MARK = "# Written by `sitegen init --host`. After an upgrade of sitegen, run that again."
"""The first line of a requirements.txt that may be written again."""

_GITHUB_START = """\
# Builds, checks and publishes the site: on every push, by hand, and once a day for posts whose date has come.
name: Publish
on:
  push:
    branches: [main]
  schedule:
    - cron: "17 5 * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: publish
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
"""

_GITHUB = (
    _GITHUB_START
    + """\
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      # A cache cannot change once it is saved, so each run saves its own and restores the newest.
      - uses: actions/cache@v4
        with:
          path: .sitegen/images
          key: images-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: images-
      - run: pip install -r requirements.txt
{publish}\
      - name: Keep what was published
        run: |
          git config user.name "github-actions[bot]"
          git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
          git add published.json
          git diff --cached --quiet || (git commit -m "Note what was published" && git push)
"""
)

_GITHUB_ACTION = (
    _GITHUB_START
    + """\
      - uses: {action}
        with:
          target: github
"""
)

_TO_BRANCH = """\
      - run: sitegen publish github --yes
"""

_TO_CLOUDFLARE = """\
      - run: sitegen publish cloudflare --yes
      - uses: cloudflare/wrangler-action@v3
        with:
          apiToken: ${{ secrets.CLOUDFLARE_API_TOKEN }}
          accountId: ${{ secrets.CLOUDFLARE_ACCOUNT_ID }}
          command: pages deploy .sitegen/public --project-name=${{ vars.CLOUDFLARE_PROJECT }}
"""

_GITLAB = """\
# Builds, checks and publishes the site on every push to the default branch; add a schedule for posts to come.
pages:
  image: python:3.12
  script:
    - pip install -r requirements.txt
    - sitegen publish gitlab --yes
  cache:
    key: images
    paths:
      - .sitegen/images
  artifacts:
    paths:
      - public
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""

_NETLIFY = """\
# Builds, checks and publishes the site on every push; a build hook that is called once a day brings posts to come.
[build]
command = "pip install -r requirements.txt && sitegen publish netlify --yes"
publish = ".sitegen/public"

[build.environment]
PYTHON_VERSION = "3.12"

[[plugins]]
package = "./netlify/image-cache"
"""

_NETLIFY_PLUGIN = """\
// Keeps encoded images from one build to the next, because encoding takes most of the time of a first build.
const folder = ".sitegen/images";

module.exports = {
  onPreBuild: ({ utils }) => utils.cache.restore(folder),
  onPostBuild: ({ utils }) => utils.cache.save(folder),
};
"""

_NETLIFY_FILES = (
    ("netlify.toml", _NETLIFY),
    ("netlify/image-cache/manifest.yml", "name: image-cache\n"),
    ("netlify/image-cache/index.js", _NETLIFY_PLUGIN),
)


@dataclass(frozen=True, slots=True)
class Host:
    """A host: its page of the manual, the files that it reads, and the settings of the target that is published to."""

    guide: str
    files: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]


_BOT = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"

HOSTS = {
    "github": Host(
        "github-pages",
        ((".github/workflows/publish.yml", _GITHUB.replace("{publish}", _TO_BRANCH)),),
        ('kind = "git"', 'remote = "origin"', 'branch = "gh-pages"', f'identity = "{_BOT}"'),
    ),
    "netlify": Host("netlify", _NETLIFY_FILES, ('kind = "folder"', f'path = "{FOLDER}"')),
    "cloudflare": Host(
        "cloudflare-pages",
        ((".github/workflows/publish.yml", _GITHUB.replace("{publish}", _TO_CLOUDFLARE)),),
        ('kind = "folder"', f'path = "{FOLDER}"'),
    ),
    "gitlab": Host(
        "gitlab-pages", ((".gitlab-ci.yml", _GITLAB),), ('kind = "folder"', 'path = "public"', "compress = true")
    ),
}
"""The hosts that `sitegen init --host` knows, by name."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was done for a host: the paths written and removed, from the site's root, and what needs attention."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[Problem, ...]


_ON_GITHUB = re.compile(
    r"@ git\+https://github\.com/(?P<repository>[\w.-]+/[\w.-]+?)(?:\.git)?@(?P<commit>[0-9a-f]{40})"
)
_USED_ACTION = re.compile(r"(?<=- uses: )[\w.-]+/[\w.-]+@[0-9a-f]{40}$", re.MULTILINE)


def find_action(requirement: Requirement) -> str:
    """Return the action of the running sitegen as a workflow names it, "" if it is not from a repository on GitHub.

    The action is pinned to the commit that is installed, so that no later change of the repository runs in a site.
    """
    found = _ON_GITHUB.search(requirement.line)
    return f"{found['repository']}@{found['commit']}" if found else ""


def add_host(
    root: Path, name: str, requirement: Requirement, output: str = "output", *, use_action: bool = True
) -> Added:
    """Write the files of a host, add its target to the site's config, and let the host install `requirement`.

    Where git would commit the build cache and the `output` folder, a `.gitignore` is written, or missing lines are
    reported.
    The workflow for GitHub uses the action of sitegen if there is one and `use_action` is true; otherwise it runs pip.
    Files that are there already as they would be written stay, so that this can be run again after an upgrade.
    Raises SiteError, before writing anything, where a file has other contents or the config cannot take the target.
    """
    host = HOSTS[name]
    hint = "move it away and run this again, or copy what you need from `sitegen help publishing` into it"
    action = find_action(requirement) if use_action and name == "github" else ""
    workflow = _GITHUB_ACTION.replace("{action}", action)
    wanted = {path: workflow if action else data for path, data in host.files}
    problems = [
        Problem(path, 0, "a file with other contents is there already", hint)
        for path, data in host.files
        if (root / path).exists() and not _is_generated((root / path).read_bytes(), name, data)
    ]
    if problems:
        raise SiteError(problems)
    config, text = _add_target(root, name, host)
    files = {path: data.encode() for path, data in wanted.items()} | ({config: text.encode()} if text else {})
    installed, old, warnings = _require(root, requirement)
    ignored, missing = _ignore(root, output)
    files |= installed | ignored
    written = []
    for path, data in files.items():
        if not (root / path).exists() or (root / path).read_bytes() != data:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
            written.append(path)
    for path in old:
        (root / path).unlink()
    return Added(tuple(written), old, (*warnings, *missing))


def _is_generated(existing: bytes, name: str, text: str) -> bool:
    """Say whether a host's file is as this version writes it: `text`, or at GitHub the action of any commit."""
    uses_action = _USED_ACTION.sub("{action}", existing.decode("utf-8", "replace")) == _GITHUB_ACTION
    return existing == text.encode() or (name == "github" and uses_action)


def _ignore(root: Path, output: str) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return a `.gitignore` where there is none, or a problem where it lacks the folders that a build writes."""
    wanted = ignored_folders(output)
    file = root / IGNORE
    if not file.exists():
        return {IGNORE: "".join(f"{row}\n" for row in wanted).encode()}, ()
    rows = {row.strip().strip("/") for row in file.read_text("utf-8").splitlines()}
    lacking = [row for row in wanted if row.strip("/") not in rows]
    if not lacking:
        return {}, ()
    message = "git would commit folders that a build writes"
    return {}, (Problem(IGNORE, 0, message, f"add to it: {' '.join(lacking)}"),)


def _add_target(root: Path, name: str, host: Host) -> tuple[str, str]:
    """Return the path of the config and its text with the host's target, "" where it has that target already."""
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
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(
            [Problem(config, 0, f"not valid TOML: {error}", "see https://toml.io for the format")]
        ) from None
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
        state = "installs another sitegen than the one you use" if named else "does not install sitegen"
        message = f"the file is yours and was not changed; it {state}"
        return files, (), (Problem(REQUIREMENTS, 0, message, f"write this line into it: {requirement.line}"),)
    files[REQUIREMENTS] = f"{MARK}\n{requirement.line}\n".encode()
    wheels = (root / VENDOR).glob(f"{DISTRIBUTION.replace('-', '_')}-*.whl")
    paths = (wheel.relative_to(root).as_posix() for wheel in wheels)
    return files, tuple(sorted(path for path in paths if path != requirement.wheel)), ()
