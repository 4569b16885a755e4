"""The samples of the manual: commands are run against the program, settings, posts and templates are built.

A shell block is run line by line in a new home folder, one session for each page. The word after its language
says what cannot be run in a test: `network` and `account` need another machine, `system` installs programs,
`terminal` waits for a person. Of these blocks, as of commands within a sentence and of lines of a crontab, the options
are checked. Two blocks are not checked: for PowerShell, which runs only on Windows, and for Caddy, which Debian's
package of the tests' machine does not have.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from jinja2 import Environment

from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.content.sources import read_sources
from tests.support.manual import PAGES as MANUAL
from tests.support.manual import REPOSITORY, read_blocks
from tests.support.sites import build, make_site

PAGES = {**MANUAL, "README": (REPOSITORY / "README.md").read_text("utf-8")}
EXPORTS = REPOSITORY / "tests" / "exports"
NOT_RUN = {"network", "account", "system", "terminal"}
REMOTE = re.compile(r"https://(?:github|gitlab)\.com/YOU/[\w-]+\.git")
CRON_TIME = r"(?:[\d*/,-]+ ){4}[\d*/,-]+"
LANGUAGES = {
    "", "bash", "caddy", "css", "csv", "diff", "html", "ini", "jinja", "json", "markdown", "nginx", "powershell",
    "python", "sh", "text", "toml", "yaml",
}  # fmt: skip

DOWNLOADS = {
    "beehiiv": "beehiiv-posts.csv",
    "buttondown": "buttondown-export.zip",
    "ghost": "inkwell.ghost.2026-01-15-10-00-00.json",
    "mailchimp": "mailchimp-export.zip",
    "medium": "medium-export.zip",
    "squarespace": "squarespace-export.xml",
    "substack": "substack-export.zip",
    "wordpress": "wordpress-export.xml",
}
"""The file in the folder for downloads that each sample export becomes: a zip of a folder, or its one file."""

FOLDERS = {
    "eleventy": "old-eleventy-site",
    "hugo": "old-hugo-site",
    "jekyll": "old-jekyll-site",
    "mail-mbox": "mail",
    "pelican": "old-pelican-site",
    "wix-site": "wix",
}
"""The folder at home that each sample export becomes."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a new home folder, which is the current folder, with downloads of several platforms."""
    folder = tmp_path / "home"
    (folder / "Downloads").mkdir(parents=True)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")
    monkeypatch.setenv("HOME", str(folder))
    # A sample writes it: without this, the file that the variable names outside of this home would change.
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / ".gitconfig"))
    monkeypatch.chdir(folder)
    return folder


def provide_exports(home, text):
    """Put the exports at the paths that the commands of a page name."""
    for name, file in DOWNLOADS.items():
        target, source = home / "Downloads" / file, EXPORTS / name / "input"
        if file in text and file.endswith(".zip"):
            shutil.make_archive(str(target.with_suffix("")), "zip", source)
        elif file in text:
            (found,) = source.glob(f"*{target.suffix}") if name != "beehiiv" else (source / "posts.csv",)
            shutil.copy(found, target)
    if "my-export.zip" in text:
        shutil.make_archive(str(home / "Downloads/my-export"), "zip", EXPORTS / "substack/input")
    for name, folder in FOLDERS.items():
        if folder in text:
            shutil.copytree(EXPORTS / name / "input", home / folder)


class Session:
    """A shell in which `sitegen` runs in this process."""

    def __init__(self, home, monkeypatch):
        self.home, self.monkeypatch, self.remote = home, monkeypatch, ""

    def run(self, line, fails=False):
        """Run one command, and check its exit code."""
        line = REMOTE.sub(self._find_remote, line)
        words = shlex.split(line, comments=True)
        if not words:
            return
        if words[0] == "cd":
            self.monkeypatch.chdir(Path(words[1]).expanduser())
        elif words[0] == "sitegen":
            self._run_sitegen([self._expand(word) for word in words[1:]], fails)
        else:
            done = subprocess.run(["bash", "-e", "-c", line], check=False, capture_output=True, text=True)
            assert (done.returncode != 0) == fails, done.stderr

    def _run_sitegen(self, words, fails):
        if "serve" in words:
            check_options(words)
            return
        asks = {"publish", "takedown"} & set(words) and not {"--dry-run", "-n", "--yes", "-y"} & set(words)
        result = CliRunner().invoke(main, [*words, "--yes"] if asks else words, catch_exceptions=False)
        assert (result.exit_code != 0) == fails, result.output + result.stderr

    def _expand(self, word):
        path = Path(word).expanduser()
        return str(path) if word.startswith("~") else word

    def _find_remote(self, match):
        """Return a repository on this machine, as a word of a shell, for one on a host."""
        remote = self.home.parent / f"{match[0].rsplit('/', 1)[-1]}"
        if not remote.exists():
            subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
        return shlex.quote(str(remote))


def commands_of(block):
    """Return the commands of a shell block, with lines that end in a backslash joined."""
    return [line for line in block.text.replace("\\\n", " ").splitlines() if line.strip()]


def check_options(words):
    """Check that a command line of sitegen names a command, with options and choices that exist."""
    parameters = {option: one for one in main.params for option in (*one.opts, *one.secondary_opts)}
    group: click.Command = main
    command, expects = None, None
    for word in words:
        name, has_value, value = word.partition("=")
        if expects is not None:
            check_choice(expects, word)
            expects = None
        elif name.startswith("-") and name != "-":
            assert name in parameters or name in ("-h", "--help", "-V", "--version"), words
            parameter = parameters.get(name)
            takes_value = isinstance(parameter, click.Option) and not parameter.is_flag
            if takes_value and has_value:
                check_choice(parameter, value)
            elif takes_value:
                expects = parameter
        elif isinstance(group, click.Group) and not re.fullmatch(r"[A-Z]+|…|\.\.\.", word):
            command = group.get_command(click.Context(group), word)
            assert command is not None, words
            group = command
            parameters |= {option: one for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return command


def check_choice(parameter, value):
    if isinstance(parameter.type, click.Choice) and not re.fullmatch(r"[A-Z]+", value):
        assert value in parameter.type.choices, value


def sitegen_lines(topic):
    """Return the command lines of a page that are not run: of marked and indented blocks, and within sentences."""
    text = PAGES[topic]
    lines = [
        line
        for block in read_blocks(text)
        if block.language == "powershell" or (block.language == "sh" and NOT_RUN & set(block.words))
        for line in commands_of(block)
    ]
    lines += re.findall(r"^    (?:\$ )?(sitegen .*)$", text, re.MULTILINE)
    lines += re.findall(r"`(sitegen [^`\n]+)`", text)
    lines += re.findall(rf"^{CRON_TIME} .*\b(sitegen .*)$", text, re.MULTILINE)
    found = []
    for line in lines:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # a title with an apostrophe
            words = line.split("#")[0].split()
        for separator in ("&&", "|", "2>&-", ">"):
            words = words[: words.index(separator)] if separator in words and words[0] == "sitegen" else words
        if words[:1] == ["sitegen"] and words[1:3] != ["does", "not"]:  # which is how a message begins
            found.append(words[1:])
    return found


@pytest.mark.parametrize("topic", PAGES)
def test_the_options_of_commands_that_are_not_run_exist(topic):
    for words in sitegen_lines(topic):
        check_options(words)


WITH_COMMANDS = [
    topic
    for topic, text in PAGES.items()
    if any(block.language == "sh" and not NOT_RUN & set(block.words) for block in read_blocks(text))
]


@pytest.mark.parametrize("topic", WITH_COMMANDS)
def test_the_commands_of_a_page_run_in_their_order(topic, home, monkeypatch):
    provide_exports(home, PAGES[topic])
    session = Session(home, monkeypatch)
    for block in read_blocks(PAGES[topic]):
        if block.language == "sh" and not NOT_RUN & set(block.words):
            for line in commands_of(block):
                session.run(line, "fails" in block.words)
        elif block.file and "session" in block.words:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text, "utf-8")


@pytest.mark.parametrize("topic", PAGES)
def test_every_block_names_a_language_that_is_checked(topic):
    for block in read_blocks(PAGES[topic]):
        assert block.language in LANGUAGES, f"{topic}:{block.line}"
        assert set(block.words) <= NOT_RUN | {"fails", "session", "part"}, f"{topic}:{block.line}"


def sections_with_files(topic):
    """Return the files that each second-level section of a page shows, by the section's heading."""
    found = {}
    for part in re.split(r"^(?=## )", PAGES[topic], flags=re.MULTILINE):
        files = {block.file: block.text for block in read_blocks(part) if block.file and "session" not in block.words}
        if files and part.startswith("## "):
            found[part.splitlines()[0].removeprefix("## ")] = files
    return found


FILES = [(topic, heading, files) for topic in PAGES for heading, files in sections_with_files(topic).items()]
BUILT = ("sitegen.toml", "hooks.py", "content/", "templates/")


@pytest.mark.parametrize(("topic", "heading", "files"), FILES, ids=[f"{topic}: {name}" for topic, name, _ in FILES])
def test_the_files_of_a_section_are_built_without_a_problem(topic, heading, files, tmp_path):
    site = {name: text for name, text in files.items() if name.startswith(BUILT)}
    config = site.pop("sitegen.toml", None)
    if config is not None and "title" not in tomllib.loads(config):
        config = f'title = "A"\nbase_url = "https://a.example/"\n{config}'
    if site or config:
        report = build(make_site(tmp_path, site, **({"config": config} if config else {})))
        assert [str(warning) for warning in report.warnings] == []
    for name in files.keys() - site.keys() - {"sitegen.toml"}:
        if name.endswith((".yml", ".yaml")):
            assert yaml.safe_load(files[name])
        elif name.endswith(".toml"):
            assert tomllib.loads(files[name])


@pytest.mark.parametrize("topic", PAGES)
def test_settings_sources_and_data_of_a_page_are_valid(topic, tmp_path):
    for number, block in enumerate(read_blocks(PAGES[topic])):
        if block.file or "part" in block.words:
            continue
        match block.language:
            case "toml":
                values = tomllib.loads(block.text)
                path = tmp_path / f"{number}" / "sitegen.toml"
                path.parent.mkdir()
                if any(isinstance(value, dict) and {"policy", "url"} & value.keys() for value in values.values()):
                    path.write_text(block.text, "utf-8")
                    assert read_sources(path, "content/sources.toml", Config())
                else:
                    path.write_text(block.text, "utf-8")
                    assert read_config(path.parent)
            case "json":
                json.loads(block.text)
            case "yaml":
                assert list(yaml.safe_load_all(block.text))
            case "python":
                compile(block.text, topic, "exec")
            case "jinja":
                Environment(autoescape=True).parse(block.text)


@pytest.mark.parametrize("topic", PAGES)
def test_posts_that_a_page_shows_are_built(topic, tmp_path):
    posts = {
        f"content/posts/2024-05-{number:02d}-sample.md": block.text
        for number, block in enumerate(read_blocks(PAGES[topic]), 1)
        if block.language == "markdown" and block.text.startswith("---\n") and not block.file
    }
    if posts:
        build(make_site(tmp_path, posts))


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
@pytest.mark.parametrize("topic", [topic for topic, text in PAGES.items() if "```nginx\n" in text])
def test_configurations_of_nginx_are_valid(topic, tmp_path):
    for number, block in enumerate(read_blocks(PAGES[topic])):
        if block.language == "nginx":
            text = re.sub(r"^.*(?:ssl_certificate|listen .*443).*$", "", block.text, flags=re.MULTILINE)
            text = text if "server {" in text else f"server {{ listen 8080;\n{text}\n}}"
            path = tmp_path / f"{number}.conf"
            path.write_text(f'pid "{tmp_path}/nginx.pid";\nevents {{}}\nhttp {{ access_log off;\n{text}\n}}\n')
            command = ["nginx", "-t", "-q", "-e", os.devnull, "-c", str(path)]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr


STYLE_SHEETS = "".join(path.read_text("utf-8") for path in (REPOSITORY / "templates").rglob("*.css"))


@pytest.mark.parametrize("topic", [topic for topic, text in PAGES.items() if "```css\n" in text])
def test_style_sheets_set_properties_of_the_theme(topic):
    for block in read_blocks(PAGES[topic]):
        if block.language == "css":
            assert block.text.count("{") == block.text.count("}")
            for name in re.findall(r"^ *(--[\w-]+):|\{ (--[\w-]+):", block.text, re.MULTILINE):
                assert f"{name[0] or name[1]}:" in STYLE_SHEETS, name


@pytest.mark.parametrize("topic", PAGES)
def test_each_block_of_text_is_a_crontab_an_expression_or_a_message(topic):
    for block in read_blocks(PAGES[topic]):
        if block.language == "text":
            assert re.match(rf"{CRON_TIME} \S|concat\(|content/\S+:\d+: ", block.text), f"{topic}:{block.line}"


def test_the_message_that_the_page_about_front_matter_shows_is_printed(tmp_path):
    (block,) = [block for block in read_blocks(PAGES["front-matter"]) if block.language == "text"]
    name, line = re.match(r"(\S+):(\d+): ", block.text).groups()
    front = "---\n" + "title: Issue\n" * (int(line) - 2) + "date: yesterday\n---\n"
    root = make_site(tmp_path, {name: front})
    result = CliRunner().invoke(main, ["-C", str(root), "build"])
    assert block.text in result.output
