"""An output folder has one snapshot under all its names on the command line."""

import time
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.build.builder import Builder
from sitegen.build.output_folder import check_output, resolve_output
from sitegen.build.request import Request
from sitegen.build.verify import verify_output
from sitegen.config.load import read_config
from sitegen.errors import Problem, SiteError
from tests.support.sites import CACHE, write

CONFIG = 'title = "T"\nbase_url = "https://ex.org/"\n[feeds]\nformats = []\n[urls]\nsearch = ""\narchive = ""\n'
POST = "---\ntitle: {}\ndate: 2024-01-01\n---\nWords.\n"
NAMES = ["./output", "output/", "{site}/output", "content/../output", "alias", "../site/output", "{site}/alias/."]


@pytest.fixture
def site(tmp_path):
    site = write(
        tmp_path / "site",
        {"sitegen.toml": CONFIG, "content/posts/a.md": POST.format("One"), "content/f.txt": "f"},
    )
    (site / "alias").symlink_to("output")
    return site


@pytest.mark.parametrize("reuse", [True, False], ids=["one process", "two processes"])
@pytest.mark.parametrize("name", NAMES)
def test_a_build_with_another_name_of_the_folder_uses_the_last_snapshot(site, name, reuse):
    name = name.format(site=site)
    builder = Builder(site, time.time_ns, cache=CACHE)
    config = read_config(site).config
    builder.build(config, Request())
    (site / "content/f.txt").unlink()
    write(site, {"content/posts/a.md": POST.format("Two")})
    if not reuse:
        builder.close()
        builder = Builder(site, time.time_ns, cache=CACHE)
    report = builder.build(config, Request(name))
    assert report.removed == ("f.txt",)
    assert not (site / "output/f.txt").exists()
    assert "Two" in (site / "output/posts/a/index.html").read_text()
    again = builder.build(config, Request())
    assert (again.rendered, again.removed) == ((), ())
    builder.close()
    assert verify_output(site, config, Request(name), time.time_ns) == report.unchanged + len(report.rendered)


def test_a_folder_has_one_name_wherever_the_site_is(site, tmp_path):
    names = {resolve_output(site, name.format(site=site)) for name in NAMES}
    assert names == {"output"}
    moved = site.rename(tmp_path / "moved")
    assert resolve_output(moved, "alias") == "output"
    assert resolve_output(moved, "../elsewhere") == (tmp_path / "elsewhere").resolve().as_posix()


@pytest.mark.parametrize("name", ["content", "content/posts", ".", "..", "{site}", "/", "templates", "link", "here"])
def test_a_folder_with_the_sites_own_files_is_refused(site, name):
    (site / "link").symlink_to("content")
    (site / "here").symlink_to(".")
    before = sorted(path for path in site.rglob("*") if ".sitegen" not in path.parts)
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder, pytest.raises(SiteError, match="overlap"):
        builder.build(read_config(site).config, Request(name.format(site=site)))
    assert sorted(path for path in site.rglob("*") if ".sitegen" not in path.parts) == before


@pytest.mark.parametrize("name", [".git", ".git/hooks", ".sitegen", "./.sitegen/"])
def test_a_folder_of_git_or_of_the_build_cache_is_refused(site, name):
    with pytest.raises(SiteError, match="another program"):
        check_output(site, read_config(site).config, name)


@pytest.mark.parametrize(
    ("content", "folder", "item"),
    [
        ("content", "content", "content"),
        ("content", "content/a", "content"),
        ("content", ".", "site"),
        ("content", "..", "site"),
        ("content", "/", "site"),
        ("content", "look/own/x", "look/own"),
        ("content", "look", "look/own"),
        ("site", "site/a", "site"),
        ("site", "site", "site"),
        (".", "public", "."),
    ],
)
def test_the_problem_names_what_overlaps(site, content, folder, item):
    config = replace(read_config(site).config, content=content, templates="look/own")
    with pytest.raises(SiteError) as error:
        check_output(site, config, folder)
    hint = 'choose a folder that contains nothing else, such as "output"'
    message = f'the output folder "{folder}" and the {item} folder overlap'
    assert error.value.problems == (Problem("", 0, message, hint),)


def test_a_problem_of_the_setting_has_its_line(site):
    (site / "link").symlink_to("content")
    config = (site / "sitegen.toml").read_text()
    (site / "sitegen.toml").write_text(f'output = "link"\n{config}')
    with pytest.raises(SiteError) as error:
        check_output(site, read_config(site).config, "link")
    message = 'the output folder "link" and the content folder overlap'
    hint = 'choose a folder that contains nothing else, such as "output"'
    assert error.value.problems == (Problem("sitegen.toml", 1, message, hint, 'output = "link"'),)


def test_the_problem_names_the_folder_of_another_program(site):
    with pytest.raises(SiteError) as error:
        check_output(site, read_config(site).config, "./.git")
    hint = 'choose a folder that contains nothing else, such as "output"'
    message = 'the output folder "./.git" is the folder of another program'
    assert error.value.problems == (Problem("", 0, message, hint),)


@pytest.mark.parametrize("folder", ["contents", ".sitegen/preview", ".github", "templates.old", "../public", "a/b"])
def test_other_folders_are_accepted_by_their_name(site, folder):
    expected = folder if not folder.startswith("..") else (site.parent / "public").as_posix()
    assert check_output(site, read_config(site).config, folder) == expected


def test_the_site_itself_is_named_by_a_dot(site):
    assert resolve_output(site, ".") == "."
    assert resolve_output(Path("/"), "tmp") == str(Path("/tmp").resolve())[1:]
