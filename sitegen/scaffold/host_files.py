"""The files with which each host builds and publishes a site, in their current and their former versions."""

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

FOLDER = ".sitegen/public"
"""The folder that a host takes the published site from, if it can take it from any."""

_KEEP = """\
      - name: Keep published.json
        run: |
          git config user.name "github-actions[bot]"
          git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
          git add published.json
          if ! git diff --cached --quiet; then
            git commit -m "Record what was published"
            # Commits that were pushed in the meantime come first.
            git push || { git pull --rebase && git push; }
          fi
"""

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

_GITHUB_PIP = (
    _GITHUB_START
    + """\
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      # A cache cannot change once it is saved, so each run saves its own and restores the newest.
      - uses: actions/cache@v4
        with:
          path: |
            .sitegen
            {output}
          key: sitegen-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: sitegen-
      - run: pip install -r requirements.txt
"""
)

_GITHUB = _GITHUB_PIP + "      - run: sitegen publish github --yes\n" + _KEEP

GITHUB_ACTION = (
    _GITHUB_START
    + """\
      - uses: {action}
        with:
          target: github
          output: {quoted_output}
"""
)
"""The workflow for GitHub that uses the action of sitegen."""

_CLOUDFLARE = (
    _GITHUB_PIP.replace("name: Publish\n", "name: Publish to Cloudflare\n").replace(
        "group: publish\n", "group: publish-cloudflare\n"
    )
    + """\
      - run: sitegen publish cloudflare --yes
      - uses: cloudflare/wrangler-action@v3
        with:
          apiToken: ${{ secrets.CLOUDFLARE_API_TOKEN }}
          accountId: ${{ secrets.CLOUDFLARE_ACCOUNT_ID }}
          command: pages deploy .sitegen/public --project-name=${{ vars.CLOUDFLARE_PROJECT }}
"""
    + _KEEP
)

_GITLAB = """\
# Builds, checks and publishes the site on every push to the default branch, and whenever a schedule of yours runs it.
pages:
  stage: deploy
  image: python:3.12
  resource_group: publish
  script:
    - pip install -r requirements.txt
    - sitegen publish gitlab --yes
  cache:
    key: sitegen
    paths:
      - .sitegen
      - {quoted_output}
  artifacts:
    paths:
      - public
      - published.json
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

# Commits published.json after the site is online. The project must allow it: under "Settings", "CI/CD", "Job token
# permissions", choose "Allow Git push requests to the repository". Until then, only this job fails.
keep-published:
  stage: .post
  image: python:3.12
  script:
    - git config user.name "GitLab CI"
    - git config user.email "ci@noreply.gitlab.com"
    - git add published.json
    - |
      if ! git diff --cached --quiet; then
        git commit -m "Record what was published [skip ci]"
        # Commits that were pushed in the meantime come first.
        git push "$CI_REPOSITORY_URL" "HEAD:$CI_DEFAULT_BRANCH" ||
          { git pull --rebase "$CI_REPOSITORY_URL" "$CI_DEFAULT_BRANCH" &&
            git push "$CI_REPOSITORY_URL" "HEAD:$CI_DEFAULT_BRANCH"; }
      fi
  allow_failure: true
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""

_NETLIFY = """\
# Builds, checks and publishes the site: on every push, and once a day for posts whose date has come.
[build]
command = "pip install -r requirements.txt && sitegen publish netlify --yes"
publish = ".sitegen/public"

[build.environment]
PYTHON_VERSION = "3.12"

[functions]
directory = "netlify/functions"

[[plugins]]
package = "./netlify/sitegen"

[plugins.inputs]
output = {quoted_output}
"""

_NETLIFY_MANIFEST = """\
name: sitegen
inputs:
  - name: output
    required: true
"""

_NETLIFY_PLUGIN = """\
// Keeps the build cache and the output from one build to the next, and commits published.json when the site is online.
const { existsSync } = require("node:fs");
const { spawnSync } = require("node:child_process");

const folders = (inputs) => [".sitegen", inputs.output];

// The URL may contain a token, so the command is not printed.
const git = (...words) => spawnSync("git", words, { stdio: "inherit" }).status === 0;

const keepPublished = (url, branch) => {
  const author = ["-c", "user.name=Netlify", "-c", "user.email=team@netlify.com"];
  git("add", "published.json");
  if (git("diff", "--cached", "--quiet")) {
    return true;
  }
  git(...author, "commit", "--quiet", "-m", "Record what was published [skip netlify]");
  const push = () => git("push", url, `HEAD:refs/heads/${branch}`);
  // Commits that were pushed in the meantime come first.
  return push() || (git(...author, "pull", "--rebase", url, branch) && push());
};

module.exports = {
  onPreBuild: ({ inputs, utils }) => utils.cache.restore(folders(inputs)),
  onPostBuild: ({ inputs, utils }) => utils.cache.save(folders(inputs)),
  onSuccess: ({ utils }) => {
    const { BRANCH, CONTEXT, SITEGEN_PUSH_URL } = process.env;
    if (CONTEXT !== "production" || !existsSync("published.json")) {
      return;
    }
    if (!SITEGEN_PUSH_URL) {
      utils.status.show({ summary: "published.json was not committed: SITEGEN_PUSH_URL is not set" });
    } else if (!keepPublished(SITEGEN_PUSH_URL, BRANCH)) {
      utils.status.show({ summary: "published.json was not committed: git could not push, see the log" });
    }
  },
};
"""

_NETLIFY_SCHEDULE = """\
// Starts a build once a day, so that posts appear whose date has come.
export default async () => {
  const hook = process.env.SITEGEN_BUILD_HOOK;
  if (!hook) {
    console.log("SITEGEN_BUILD_HOOK is not set: no build was started");
    return;
  }
  const answer = await fetch(hook, { method: "POST", body: "{}" });
  if (!answer.ok) {
    throw new Error(`The build hook answered ${answer.status}`);
  }
};

export const config = { schedule: "17 5 * * *" };
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A host: its page of the manual, the files that it reads, and the settings of the target that is published to.

    The contents of files have slots, which `fill` fills.
    """

    guide: str
    files: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]


_BOT = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"

HOSTS = {
    "github": Host(
        "github-pages",
        ((".github/workflows/publish.yml", _GITHUB),),
        ('kind = "git"', 'remote = "origin"', 'branch = "gh-pages"', f'identity = "{_BOT}"'),
    ),
    "netlify": Host(
        "netlify",
        (
            ("netlify.toml", _NETLIFY),
            ("netlify/sitegen/manifest.yml", _NETLIFY_MANIFEST),
            ("netlify/sitegen/index.js", _NETLIFY_PLUGIN),
            ("netlify/functions/daily-build.mjs", _NETLIFY_SCHEDULE),
        ),
        ('kind = "folder"', f'path = "{FOLDER}"'),
    ),
    "cloudflare": Host(
        "cloudflare-pages",
        ((".github/workflows/publish-cloudflare.yml", _CLOUDFLARE),),
        ('kind = "folder"', f'path = "{FOLDER}"'),
    ),
    "gitlab": Host(
        "gitlab-pages", ((".gitlab-ci.yml", _GITLAB),), ('kind = "folder"', 'path = "public"', "compress = true")
    ),
}
"""The hosts that `sitegen init --host` knows, by name."""

FORMER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "github": {
        ".github/workflows/publish.yml": (
            "7fe7cfc8532e6773",
            "1239e539711fda8e",
            "235c0d59ccc0e2a7",
            "55da0c2a8521e068",
        ),
    },
    "netlify": {
        "netlify.toml": (
            "a4da9eef6c9c32f3",
            "fe5d5f7c672ee8cd",
            "f8f781d2e74a3829",
        ),
        "netlify/image-cache/manifest.yml": ("bf1d87d7b7c8c462",),
        "netlify/image-cache/index.js": ("aaaac81903336960",),
    },
    "cloudflare": {
        ".github/workflows/publish.yml": (
            "e535dd414a1603ba",
            "bbed6a570aa37bbe",
            "e95f14985adcdc9e",
            "4647aabbbe4f4bb3",
        ),
    },
    "gitlab": {
        ".gitlab-ci.yml": (
            "aed6120d06d80541",
            "e2c2ae0fbc8adbda",
            "4ed68dcdad41a3ab",
        ),
    },
}
"""The digests of what earlier versions wrote, by host and path. A change to a file above adds the one before it."""

_ACTION = re.compile(r"^(      - uses: )[\w.-]+/[\w.-]+@[0-9a-f]{40}$", re.MULTILINE)
_SLOTS = (
    (_ACTION, r"\1{action}"),
    (re.compile(r"^(            \.sitegen\n            )\S.*$", re.MULTILINE), r"\1{output}"),
    (
        re.compile(r'^(      - \.sitegen\n      - |          output: |output = )".*"$', re.MULTILINE),
        r"\1{quoted_output}",
    ),
)
"""What differs from site to site in a file: where it is, and the slot that it fills."""


def fill(text: str, output: str, action: str) -> str:
    """Return the text of a host's file for a site with this output folder, and for GitHub with this action."""
    folder = posixpath.normpath(output)
    filled = text.replace("{quoted_output}", json.dumps(folder, ensure_ascii=False)).replace("{output}", folder)
    return filled.replace("{action}", action)


def digest(text: str) -> str:
    """Return the digest of a host's file, which does not depend on what fills its slots."""
    for pattern, slot in _SLOTS:
        text = pattern.sub(slot, text)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def uses_action(text: str) -> bool:
    """Return whether a workflow for GitHub uses an action at a commit, as that of sitegen is."""
    return _ACTION.search(text) is not None


def is_generated(name: str, path: str, text: str) -> bool:
    """Return whether a host's file is as this version or an earlier one writes it."""
    return digest(text) in (*(digest(one) for one in current_texts(name, path)), *FORMER[name].get(path, ()))


def current_texts(name: str, path: str) -> tuple[str, ...]:
    """Return what this version writes at a path for a host, with slots: for GitHub with its action or without."""
    texts = tuple(text for file, text in HOSTS[name].files if file == path)
    return (*texts, GITHUB_ACTION) if name == "github" else texts
