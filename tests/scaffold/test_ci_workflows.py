"""What `init --host` writes: files that the hosts can read, and a target that the workflow publishes to."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sitegen import DISTRIBUTION
from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.scaffold.ci_workflows import apply_host, find_hosts, plan_host
from sitegen.scaffold.host_files import HOSTS, fill
from sitegen.scaffold.requirements import Requirement
from sitegen.scaffold.wheel import pack_wheel
from tests.support.manual import PAGES
from tests.support.publishing import git
from tests.support.sites import post, write

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
"""The environment of this process without the settings of pip, with which it may print nothing."""

OLD = "vendor/sitegen_newsletter-0.0.1-x.whl"
NEW = "vendor/sitegen_newsletter-0.0.2-x.whl"


def add_host(site, name, requirement, **options):
    plan = plan_host(site, name, requirement, **options)
    apply_host(site, plan)
    return plan


def read_texts(host, output="output"):
    """Return the files of a host by their paths, as they are written without an action."""
    return {path: fill(text, output, "") for path, text in HOSTS[host].files}


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("host", HOSTS)
def test_a_new_site_for_a_host_has_its_files_and_a_target_that_they_publish_to(tmp_path, host):
    result = run("init", tmp_path / "site", "--host", host, "--base-url", "https://news.example.com/")
    assert result.exit_code == 0, result.output
    (target,) = read_config(tmp_path / "site").config.publish
    assert target.name == host
    for path, text in read_texts(host).items():
        assert (tmp_path / "site" / path).read_text() == text
        assert not re.search(r"(?<!\$)(?<!\{)\{\w+\}", text)
        is_script = path.endswith(("js", "mjs"))
        loaded = is_script or (tomllib.loads(text) if path.endswith(".toml") else yaml.safe_load(text))
        assert loaded
    assert f"sitegen publish {host} --yes" in HOSTS[host].files[0][1]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_installs_what_requirements_name_and_never_a_mere_name(tmp_path, host):
    run("init", tmp_path / "site", "--host", host)
    text = HOSTS[host].files[0][1]
    assert "pip install -r requirements.txt" in text
    line = (tmp_path / "site/requirements.txt").read_text().splitlines()[-1]
    if line.startswith("./"):
        assert (tmp_path / "site" / line.removesuffix("[images,publish]")).is_file()
    else:
        assert re.match(r"sitegen-newsletter\[publish\](==| @ (git\+)?https://)", line)


def test_existing_requirements_are_not_changed(tmp_path):
    (tmp_path / "requirements.txt").write_text("mine\n")
    run("init", tmp_path)
    assert run("init", tmp_path, "--host", "netlify").exit_code == 0
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"


def test_existing_requirements_are_reported_with_the_missing_line(tmp_path):
    run("init", tmp_path)
    for text, said in (("mine\n", "does not install sitegen"), ("sitegen_newsletter==0.0.1\n", "installs another")):
        (tmp_path / "requirements.txt").write_text(text)
        result = run("init", tmp_path, "--host", "netlify")
        assert said in result.stderr
        line = re.search(r"write this line into it: (.*)", result.stderr)[1]
        (tmp_path / "requirements.txt").write_text(f"{text}{line}\n")
        assert "requirements.txt" not in run("init", tmp_path, "--host", "netlify").output


def test_after_an_upgrade_the_host_gets_the_new_version_and_loses_the_old_wheel(tmp_path):
    site = tmp_path / "site"
    run("init", site)
    add_host(site, "github", Requirement("./vendor/sitegen_newsletter-0.0.1-x.whl[images,publish]", f"{OLD}", b"old"))
    (site / "vendor/other.whl").write_bytes(b"mine")
    config = (site / "sitegen.toml").read_text()
    added = add_host(
        site, "github", Requirement("./vendor/sitegen_newsletter-0.0.2-x.whl[images,publish]", f"{NEW}", b"new")
    )
    assert sorted(added.files) == ["requirements.txt", NEW]
    assert added.removed == (OLD,)
    assert sorted(path.name for path in (site / "vendor").iterdir()) == ["other.whl", NEW.removeprefix("vendor/")]
    assert (site / "sitegen.toml").read_text() == config
    added = add_host(site, "github", Requirement("sitegen-newsletter[images,publish]==1"))
    assert ([*added.files], added.removed) == (["requirements.txt"], (NEW,))


@dataclass(frozen=True, slots=True)
class Runner:
    """A machine of a host: a fresh clone of the repository. pip finds what it would install, without a network."""

    clone: Path
    remote: Path
    installs: bool

    def run(self, shell, script, folder=None, **variables):
        """Run a script as the host does, and return what it printed."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        pip = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DRY_RUN": "1", "PIP_IGNORE_INSTALLED": "1"}
        installs = "pip install -r requirements.txt" in script
        if not self.installs:  # pip found it before, and takes half a second
            script = script.replace("pip install -r requirements.txt", "true")
        command, environment = [*shell, script], {**ENVIRONMENT, **pip, "PATH": path, **variables}
        folder = folder or self.clone
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        if installs and self.installs:
            assert "Would install sitegen-newsletter" in done.stdout
        return done.stdout


BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
PLUGIN = """
const { cpSync, existsSync } = require("node:fs");
const plugin = require(process.env.PLUGIN);
const cache = {
  restore: (paths) => paths.forEach((path) => {
    const kept = `${process.env.CACHE}/${path}`;
    if (existsSync(kept)) { cpSync(kept, path, { recursive: true }); }
  }),
  save: (paths) => paths.forEach((path) => cpSync(path, `${process.env.CACHE}/${path}`, { recursive: true })),
};
const status = { show: ({ summary }) => console.log(`STATUS ${summary}`) };
plugin[process.env.EVENT]({ inputs: JSON.parse(process.env.INPUTS), utils: { cache, status } });
"""


def check_cache(runner, cache):
    """Check that a machine with the files of an earlier run renders only what has changed since."""
    if any(cache.iterdir()):
        rendered, unchanged = re.match(
            r"Built ([\d,]+) pages?.*\((\d+) unchanged\)", runner.run(BASH, "sitegen build")
        ).groups()
        assert int(rendered)
        assert int(unchanged) > 5


def copy_folders(source, target, folders):
    """Copy what exists of some folders or files, with new modification times."""
    for name in folders:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, copy_function=shutil.copyfile, dirs_exist_ok=True)
        elif (source / name).exists():
            shutil.copyfile(source / name, target / name)


def run_at_github(runner, cache):
    """Run each script of the workflow at GitHub; return the site that is uploaded elsewhere, if it is."""
    (workflow,) = (runner.clone / ".github/workflows").iterdir()
    steps = yaml.safe_load(workflow.read_text())["jobs"]["publish"]["steps"]
    (cached,) = (step["with"]["path"].split() for step in steps if "actions/cache" in step.get("uses", ""))
    copy_folders(cache, runner.clone, cached)
    check_cache(runner, cache)
    for step in steps:
        if "run" in step:
            runner.run(BASH, step["run"])
    copy_folders(runner.clone, cache, cached)
    (upload,) = [step["with"]["command"] for step in steps if "wrangler" in step.get("uses", "")] or [""]
    return runner.clone / upload.split()[2] if upload else None


def run_at_gitlab(runner, cache):
    """Run the jobs of the pipeline, each in its own clone, which gets the artifacts of the one before."""
    jobs = yaml.safe_load((runner.clone / ".gitlab-ci.yml").read_text())
    first, last = jobs["pages"], jobs["keep-published"]
    assert (first["stage"], last["stage"]) == ("deploy", ".post")
    copy_folders(cache, runner.clone, first["cache"]["paths"])
    check_cache(runner, cache)
    runner.run(BASH, "\n".join(first["script"]))
    copy_folders(runner.clone, cache, first["cache"]["paths"])
    other = runner.clone.with_name(f"{runner.clone.name}-keep")
    git(other.parent, "clone", "--quiet", "--depth=1", f"file://{runner.remote}", str(other))
    git(other, "checkout", "--quiet", "--detach")
    copy_folders(runner.clone, other, first["artifacts"]["paths"])
    variables = {"CI_REPOSITORY_URL": f"file://{runner.remote}", "CI_DEFAULT_BRANCH": "main"}
    runner.run(BASH, "\n".join(last["script"]), other, **variables)
    return runner.clone / "public"


def run_at_netlify(runner, cache):
    """Run the command of netlify.toml between the events of its plugin."""
    settings = tomllib.loads((runner.clone / "netlify.toml").read_text())
    git(runner.clone, "checkout", "--quiet", "--detach")
    variables = {
        "PLUGIN": settings["plugins"][0]["package"],
        "INPUTS": json.dumps(settings["plugins"][0]["inputs"]),
        "CACHE": str(cache),
        "BRANCH": "main",
    }
    for context in ("deploy-preview", "production"):
        secret = {"CONTEXT": context, "SITEGEN_PUSH_URL": f"file://{runner.remote}"}
        runner.run(("node", "-e"), PLUGIN, **variables, **secret, EVENT="onPreBuild")
        if context == "production":
            check_cache(runner, cache)
            runner.run(BASH, settings["build"]["command"])
            runner.run(("node", "-e"), PLUGIN, **variables, **secret, EVENT="onPostBuild")
            unset = runner.run(("node", "-e"), PLUGIN, **variables, CONTEXT=context, EVENT="onSuccess")
            assert "STATUS published.json was not committed: SITEGEN_PUSH_URL is not set" in unset
        assert "STATUS" not in runner.run(("node", "-e"), PLUGIN, **variables, **secret, EVENT="onSuccess")
    return runner.clone / settings["build"]["publish"]


def start_runner(clone, remote, *, installs):
    """Return a machine with a fresh clone."""
    git(clone.parent, "clone", "--quiet", "--depth=1", f"file://{remote}", str(clone))
    return Runner(clone, remote, installs)


def read_online(folder, remote, path):
    """Return a published page: of a folder, or of the branch that GitHub serves."""
    return git(remote, "show", f"gh-pages:{path}") if folder is None else (folder / path).read_text()


SETTINGS = 'title = "T"\ndescription = "D"\nbase_url = "https://news.example.com/"\noutput = "made"\n'
RUN = {"github": run_at_github, "cloudflare": run_at_github, "gitlab": run_at_gitlab, "netlify": run_at_netlify}


@pytest.fixture(scope="module")
def own_wheel():
    """The running sitegen as the wheel that a host installs from the site."""
    wheel, data = pack_wheel(distribution(DISTRIBUTION))
    return Requirement(f"./vendor/{wheel}", f"vendor/{wheel}", data)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_installs_publishes_commits_the_ledger_and_reuses_its_cache(tmp_path, host, own_wheel):
    if host == "netlify" and not shutil.which("node"):
        pytest.skip("needs Node.js")
    site, remote, cache = tmp_path / "site", tmp_path / "remote.git", tmp_path / "cache"
    cache.mkdir()
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    write(site, {"sitegen.toml": SETTINGS, "content/posts/one.md": post("One")})
    add_host(site, host, own_wheel, output="made")
    git(site, "init", "--quiet", "--initial-branch=main")
    git(site, "add", "-A")
    git(site, "commit", "--quiet", "-m", "Begin")
    git(site, "remote", "add", "origin", str(remote))
    git(site, "push", "--quiet", "origin", "main")

    first = start_runner(tmp_path / "first", remote, installs=True)
    online = RUN[host](first, cache)
    assert "<title>One" in read_online(online, remote, "posts/one/index.html")
    assert len(json.loads(git(remote, "show", "main:published.json"))["posts"]) == 1

    # Someone pushes while the next run is at work: the ledger is committed on top.
    git(site, "pull", "--quiet", "--rebase", "origin", "main")
    (site / "content/posts/two.md").write_text(post("Two"))
    git(site, "add", "-A")
    git(site, "commit", "--quiet", "-m", "Write more")
    git(site, "push", "--quiet", "origin", "main")
    second = start_runner(tmp_path / "second", remote, installs=False)
    git(site, "commit", "--quiet", "--allow-empty", "-m", "In the meantime")
    git(site, "push", "--quiet", "origin", "main")
    online = RUN[host](second, cache)
    assert "<title>Two" in read_online(online, remote, "posts/two/index.html")
    assert len(json.loads(git(remote, "show", "main:published.json"))["posts"]) == 2
    messages = git(remote, "log", "--format=%s", "main").splitlines()
    assert [message.partition(" [")[0] for message in messages] == [
        "Record what was published",
        "In the meantime",
        "Write more",
        "Record what was published",
        "Begin",
    ]
    assert all(host not in ("gitlab", "netlify") or "[skip " in message for message in (messages[0], messages[3]))


def test_the_commands_of_the_manual_lead_from_an_empty_folder_to_a_branch_that_is_served(tmp_path, monkeypatch):
    """Follow docs/guides/github-pages.md to the letter, with a sitegen that no host can download."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")
    remote, home = tmp_path / "remote.git", tmp_path / "empty"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    home.mkdir()
    manual = (Path(__file__).parents[2] / "docs/guides/github-pages.md").read_text()
    section = manual[manual.index("## Set it up") :]
    commands = textwrap.dedent(re.search(r"^( *)```sh\n(.*?)^\1```", section, re.DOTALL | re.MULTILINE)[2])
    assert "https://github.com/YOU/my-archive.git" in commands
    run_script(commands.replace("https://github.com/YOU/my-archive.git", shlex.quote(str(remote))), home)
    assert "published.json" not in git(remote, "ls-tree", "--name-only", "main").splitlines()
    installed = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed)]
    subprocess.run([*pip, "-r", "requirements.txt"], check=True, capture_output=True, cwd=home / "my-archive")
    monkeypatch.setenv("PYTHONPATH", str(installed))
    program = "import sitegen; print(sitegen.__file__)"
    found = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True, cwd=home)
    assert found.stdout.startswith(str(installed))
    run_workflow(tmp_path / "clone", remote)
    files = git(remote, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert {".nojekyll", "index.html", "404.html", "feed.xml", "about/index.html"} <= set(files)
    front = git(remote, "show", "gh-pages:index.html")
    style = re.search(r'href="/my-archive/(assets/style[^"]*)"', front)[1]
    assert style in files
    assert "published.json" in git(remote, "ls-tree", "--name-only", "main").splitlines()
    site = home / "my-archive"
    run_script("git pull --quiet --rebase && sitegen publish --yes", site)  # from a local machine: nothing is new
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def run_script(script, folder):
    """Run shell commands as a user does who has installed sitegen."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-e", "-c", script]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, env={**os.environ, "PATH": path})
    assert done.returncode == 0, done.stderr.decode()


def run_workflow(clone, remote):
    """Do what the workflow does on a machine that knows nothing of earlier runs."""
    git(clone.parent, "clone", "--quiet", "--depth=1", f"file://{remote}", str(clone))
    steps = yaml.safe_load((clone / ".github/workflows/publish.yml").read_text())["jobs"]["publish"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step and not step["run"].startswith("pip ")]
    for script in scripts:
        run_script(script, clone)


ACTION = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text())
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FROM_GITHUB = Requirement(f"sitegen-newsletter[images,publish] @ git+https://github.com/ann/sitegen.git@{COMMIT}")
WORKFLOW = ".github/workflows/publish.yml"


def run_action(clone, installed, given):
    """Run each script of action.yml, with its inputs, as GitHub does on a machine with Python; pip installs offline."""
    values = {f"inputs.{name}": given.get(name, row["default"]) for name, row in ACTION["inputs"].items()}
    values["github.action_path"] = str(Path(__file__).parents[2])
    assert set(given) <= set(ACTION["inputs"])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_TARGET": str(installed), "PYTHONPATH": str(installed)}
    for step in ACTION["runs"]["steps"]:
        if "run" not in step:
            continue
        assert "${{" not in step["run"]  # an input with shell syntax must never become a part of the script
        named = {"folder": step["working-directory"], **step.get("env", {})}
        filled = {
            name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: values[match[1]], text) for name, text in named.items()
        }
        folder = clone / filled.pop("folder")
        command = [step["shell"], "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        environment = {**ENVIRONMENT, "PATH": path, **pip, **filled}
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr


def test_the_action_installs_publishes_and_commits_the_ledger_and_reuses_a_restored_cache(tmp_path, monkeypatch):
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    site = tmp_path / "site"
    run("init", site, "--host", "github", "--base-url", "https://news.example.com/")
    add_host(site, "github", FROM_GITHUB)
    steps = yaml.safe_load((site / WORKFLOW).read_text())["jobs"]["publish"]["steps"]
    (used,) = (step for step in steps if step["uses"] == f"ann/sitegen@{COMMIT}")
    wheel, data = pack_wheel(distribution(DISTRIBUTION))
    (site / "vendor").mkdir(exist_ok=True)
    (site / "vendor" / wheel).write_bytes(data)
    (site / "requirements.txt").write_text(f"./vendor/{wheel}\n")  # pip cannot reach GitHub here
    git(site, "init", "--quiet", "--initial-branch=main")
    git(site, "add", "-A")
    git(site, "commit", "--quiet", "-m", "Begin")
    git(site, "push", "--quiet", str(remote), "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{remote}", str(clone))
    run_action(clone, tmp_path / "installed", used["with"])
    assert (tmp_path / "installed/sitegen/__init__.py").is_file()
    assert "index.html" in git(remote, "ls-tree", "--name-only", "gh-pages").splitlines()
    assert "published.json" in git(remote, "ls-tree", "--name-only", "main").splitlines()
    assert git(remote, "rev-list", "--count", "main") == "2"
    (cache,) = (step["with"]["path"] for step in ACTION["runs"]["steps"] if "cache" in step.get("uses", ""))
    output = ACTION["inputs"]["output"]["default"]
    cached = cache.replace("${{ inputs.folder }}/", "").replace("${{ inputs.output }}", output).split()
    another = tmp_path / "another"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{remote}", str(another))
    for folder in cached:
        shutil.copytree(clone / folder, another / folder, copy_function=shutil.copyfile)  # with new modification times
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    run_script("sitegen build > ../printed", another)
    assert re.match(r"Built 0 pages .*\(\d+ unchanged\)", (tmp_path / "printed").read_text())
    run_action(another, tmp_path / "installed again", used["with"])
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"
    assert git(remote, "rev-list", "--count", "main") == "2"


def test_github_runs_the_action_of_the_installed_commit_or_pip(tmp_path):
    run("init", tmp_path)
    add_host(tmp_path, "github", FROM_GITHUB)
    assert f"uses: ann/sitegen@{COMMIT}\n" in (tmp_path / WORKFLOW).read_text()
    newer = Requirement(FROM_GITHUB.line.replace(COMMIT, COMMIT[::-1]))
    assert sorted(add_host(tmp_path, "github", newer).files) == [WORKFLOW, "requirements.txt"]
    assert f"uses: ann/sitegen@{COMMIT[::-1]}\n" in (tmp_path / WORKFLOW).read_text()
    add_host(tmp_path, "github", newer, use_action=False)
    assert (tmp_path / WORKFLOW).read_text() == read_texts("github")[WORKFLOW]
    for line in ("sitegen-newsletter==1", FROM_GITHUB.line.replace("github.com", "git.example.org")):
        add_host(tmp_path, "github", Requirement(line))
        assert (tmp_path / WORKFLOW).read_text() == read_texts("github")[WORKFLOW]
    add_host(tmp_path, "github", FROM_GITHUB)
    (tmp_path / WORKFLOW).write_text("name: mine\n")
    with pytest.raises(SiteError, match="other contents"):
        add_host(tmp_path, "github", FROM_GITHUB)


def test_every_action_in_use_has_a_version():
    texts = [text for host in HOSTS.values() for _, text in host.files]
    texts.append((Path(__file__).parents[2] / "action.yml").read_text())
    used = [name for text in texts for name in re.findall(r"uses: (\S+)", text)]
    assert len(used) >= 5
    assert [name for name in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+(\.\d+)*", name)] == []


def test_an_existing_site_only_gets_what_the_host_needs(tmp_path):
    run("init", tmp_path)
    before = (tmp_path / "sitegen.toml").read_text()
    posts = sorted(path.name for path in (tmp_path / "content/posts").iterdir())
    assert run("init", tmp_path, "--host", "netlify").exit_code == 0
    assert (tmp_path / "sitegen.toml").read_text().startswith(before)
    assert sorted(path.name for path in (tmp_path / "content/posts").iterdir()) == posts
    config = (tmp_path / "sitegen.toml").read_text()
    again = run("init", tmp_path, "--host", "netlify")
    assert again.exit_code == 0
    assert "Wrote" not in again.output
    assert (tmp_path / "sitegen.toml").read_text() == config
    (tmp_path / "netlify.toml").write_text("# mine\n")
    refused = run("init", tmp_path, "--host", "netlify")
    assert refused.exit_code == 1
    assert "netlify.toml: a file with other contents is there already" in refused.output
    assert (tmp_path / "netlify.toml").read_text() == "# mine\n"


@pytest.mark.parametrize("second", [host for host in HOSTS if host != "github"])
def test_a_site_can_be_published_to_two_hosts_and_the_command_says_so(tmp_path, second):
    run("init", tmp_path, "--host", "github")
    added = run("init", tmp_path, "--host", second)
    assert added.exit_code == 0, added.output
    assert f"github publishes the site too: to stop that, delete {WORKFLOW}\n" in added.output
    texts = read_texts("github") | read_texts(second)
    assert {path: (tmp_path / path).read_text() for path in texts} == texts
    assert find_hosts(tmp_path, read_config(tmp_path).config) == tuple(h for h in HOSTS if h in ("github", second))
    again = run("init", tmp_path, "--host", "github")
    assert "Wrote" not in again.output
    assert f"{second} publishes the site too" in again.output


def test_a_workflow_at_a_former_path_moves_and_one_with_changes_stays_and_is_reported(tmp_path):
    former = (Path(__file__).parent / "host_files/cloudflare-4647aabbbe4f4bb3-github-workflows-publish.yml").read_text()
    (current,) = (path for path, _ in HOSTS["cloudflare"].files)
    for text, edited in ((former, False), (f"{former}# mine\n", True)):
        run("init", site := tmp_path / str(edited))
        write(site, {WORKFLOW: text})
        plan = add_host(site, "cloudflare", FROM_GITHUB)
        assert (site / WORKFLOW).exists() == edited
        assert (site / current).exists()
        assert [(problem.path, current in problem.hint) for problem in plan.warnings] == [(WORKFLOW, True)] * edited


def test_a_site_that_a_host_would_not_find_or_serve_is_warned_of(tmp_path):
    git(tmp_path, "init", "--quiet")
    result = run("init", tmp_path / "site", "--host", "github")
    assert result.exit_code == 0
    assert f"in a folder of the git repository {tmp_path}" in result.stderr
    assert "is an address of your own machine" in result.stderr
    git(tmp_path / "site", "init", "--quiet")
    result = run("init", tmp_path / "site", "--host", "github")
    assert "inside of" not in result.stderr


def test_git_ignores_what_a_build_writes(tmp_path):
    (tmp_path / "sitegen.toml").write_text('base_url = "https://a.example/"\noutput = "./public/site"\n')
    assert run("init", tmp_path, "--host", "github").exit_code == 0
    assert (tmp_path / ".gitignore").read_text() == "/.sitegen/\n/public/site/\n"
    (tmp_path / ".gitignore").write_text("*.tmp\n.sitegen\n")
    result = run("init", tmp_path, "--host", "github")
    assert "add to it: /public/site/" in result.stderr
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\n.sitegen\n"
    (tmp_path / ".gitignore").write_text(".sitegen/\npublic/site\n")
    assert "add to it" not in run("init", tmp_path, "--host", "github").stderr


def test_a_config_in_pyproject_gets_the_target_too(tmp_path):
    run("init", tmp_path)
    own = (tmp_path / "sitegen.toml").read_text()
    (tmp_path / "pyproject.toml").write_text("[tool.sitegen]\n" + own)
    (tmp_path / "sitegen.toml").unlink()
    assert run("init", tmp_path, "--host", "gitlab").exit_code == 0
    assert read_config(tmp_path).config.publish[0].compress


def test_a_config_that_cannot_take_the_target_is_left_as_it_is(tmp_path):
    run("init", tmp_path)
    config = tmp_path / "sitegen.toml"
    for text, message in (
        ('publish = [{name = "a", kind = "folder", path = "x"}]\n', "a target cannot be added here"),
        ('[[publish]]\nname = "netlify"\nkind = "folder"\npath = "x"\n', 'there is another target "netlify" already'),
    ):
        config.write_text(text)
        result = run("init", tmp_path, "--host", "netlify")
        assert message in result.output
        assert config.read_text() == text
        assert not (tmp_path / "netlify.toml").exists()


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_has_a_page_of_the_manual_that_names_its_command(host):
    page = PAGES[HOSTS[host].guide]
    assert f"--host {host}" in page
