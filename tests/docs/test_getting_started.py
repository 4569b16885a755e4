"""The tutorial, followed to the letter in a new home folder: from the unpacked archive to a pushed branch."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_samples import NOT_RUN, REMOTE, commands_of, provide_exports
from tests.support.manual import PAGES, REPOSITORY, read_blocks

CHAPTERS = ("first-site", "import-newsletter", "go-live")


def script_of(topic, remote):
    """Return the commands and files of a chapter as one script; `remote` is a repository of this machine."""
    lines = []
    for block in read_blocks(PAGES[topic]):
        if block.language == "sh" and not NOT_RUN & set(block.words):
            lines += [REMOTE.sub(lambda _: remote, line) for line in commands_of(block)]
        elif "session" in block.words:
            lines.append(f"cat > {block.file} <<'END'\n{block.text}END")
    # A script has no terminal to ask on. The site of all chapters is the one that the first has made.
    text = "\n".join(lines).replace("sitegen publish\n", "sitegen publish --yes\n")
    if topic == "import-newsletter":
        text = text.replace("sitegen init ~/my-archive\n", "")
    if topic == "go-live":
        text = re.sub(r"^sitegen init my-archive .*\ncd my-archive$", "cd ~/my-archive", text, flags=re.MULTILINE)
    return text


def unpack_download(folder):
    """Copy the files of the repository, without those that an installation does not need."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    for name in listed.stdout.split("\0"):
        if name and not name.startswith(("bench/", "content/", "output/", "tests/")) and (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)


@pytest.mark.slow  # installs sitegen with all libraries into an empty environment
@pytest.mark.skipif(sys.platform == "win32", reason="the chapter about Windows has other commands")
def test_the_tutorial_leads_from_the_download_to_a_published_branch(tmp_path):
    home, remote = tmp_path / "home", tmp_path / "my-archive.git"
    downloads = home / "Downloads"
    downloads.mkdir(parents=True)
    unpack_download(downloads / "sitegen-main")
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
    python = f"{Path(sys.executable).resolve().parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    passed_on = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LANG"))}
    environment = {**passed_on, "HOME": str(home), "PATH": f"{home}/sitegen-env/bin{os.pathsep}{python}"}

    def run(script, folder):
        done = subprocess.run(
            ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
        return done.stdout.decode()

    install = next(block.text for block in read_blocks(PAGES["install"]) if "sitegen-env" in block.text)
    run('git config --global user.name "Your Name" && git config --global user.email "you@example.com"', home)
    run(install, downloads)
    provide_exports(home, "".join(PAGES[topic] for topic in CHAPTERS))
    word = shlex.quote(str(remote))
    for topic in CHAPTERS:
        run(script_of(topic, word), home)
    files = run(f"git --git-dir={word} ls-tree -r --name-only gh-pages", home).splitlines()
    assert {"index.html", "feed.xml", "about/index.html", "posts/a-keeper-writes-home/index.html", ".nojekyll"} <= set(
        files
    )
    assert "posts/hello/index.html" not in files
    assert "posts/first-frost/index.html" in files, "a post of the export"
    assert "content/pages/about.md" in run(f"git --git-dir={word} ls-tree -r --name-only main", home).splitlines()
