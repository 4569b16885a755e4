"""The files by which a host builds and publishes a site by itself, on every push and once a day."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sitegen.errors import Problem, SiteError

FOLDER = ".sitegen/public"
REQUIREMENTS = "requirements.txt"

_GITHUB = """\
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
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install -r requirements.txt
{publish}\
      - name: Keep what was published
        run: |
          git config user.name "github-actions[bot]"
          git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
          git add published.json
          git diff --cached --quiet || (git commit -m "Note what was published" && git push)
"""

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
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A host: the files that it reads, and the settings of the target that is published to there."""

    files: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]


_BOT = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"

HOSTS = {
    "github": Host(
        ((".github/workflows/publish.yml", _GITHUB.replace("{publish}", _TO_BRANCH)),),
        ('kind = "git"', 'remote = "origin"', 'branch = "gh-pages"', f'identity = "{_BOT}"'),
    ),
    "netlify": Host((("netlify.toml", _NETLIFY),), ('kind = "folder"', f'path = "{FOLDER}"')),
    "cloudflare": Host(
        ((".github/workflows/publish.yml", _GITHUB.replace("{publish}", _TO_CLOUDFLARE)),),
        ('kind = "folder"', f'path = "{FOLDER}"'),
    ),
    "gitlab": Host(((".gitlab-ci.yml", _GITLAB),), ('kind = "folder"', 'path = "public"', "compress = true")),
}
"""The hosts that `sitegen init --host` knows, by name."""


def add_host(root: Path, name: str, requirements: str) -> tuple[str, ...]:
    """Write the files of a host and add its target to the site's config; return their paths.

    `requirements` is the text of requirements.txt, by which the host installs sitegen; one that is there stays.
    Raises SiteError, before writing anything, where a file is there already or the config cannot take the target.
    """
    host = HOSTS[name]
    hint = "take it away, or write what you need of docs/publishing.md into it"
    taken = [Problem(path, 0, "the file is there already", hint) for path, _ in host.files if (root / path).exists()]
    if taken:
        raise SiteError(taken)
    config = "sitegen.toml" if (root / "sitegen.toml").is_file() else "pyproject.toml"
    table = "publish" if config == "sitegen.toml" else "tool.sitegen.publish"
    text = (root / config).read_text("utf-8")
    added = text.rstrip("\n") + "\n\n" + "\n".join((f"[[{table}]]", f'name = "{name}"', *host.settings)) + "\n"
    try:
        values = tomllib.loads(added)
    except tomllib.TOMLDecodeError as error:
        hint = f"write the targets as tables [[{table}]]"
        raise SiteError([Problem(config, 0, f"a target cannot be added here: {error}", hint)]) from None
    targets = values["publish"] if config == "sitegen.toml" else values["tool"]["sitegen"]["publish"]
    if [target.get("name") for target in targets].count(name) > 1:
        raise SiteError([Problem(config, 0, f'there is a target "{name}" already', "give that one another name")])
    for path, data in host.files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(data, "utf-8")
    (root / config).write_text(added, "utf-8")
    written = [*(path for path, _ in host.files), config]
    if not (root / REQUIREMENTS).exists():
        (root / REQUIREMENTS).write_text(requirements, "utf-8")
        written.append(REQUIREMENTS)
    return tuple(written)
