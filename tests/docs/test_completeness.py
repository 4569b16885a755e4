"""What the manual names exists, and what exists is named: options, formats, targets, hooks, fields, guides."""

import re
import tomllib
from dataclasses import fields

import click
import pytest
from msgspec import Struct

from sitegen.cli import COMMANDS, main
from sitegen.config.presets import BLOCKS
from sitegen.config.schema import TARGETS
from sitegen.content.hooks import NAMES as HOOKS
from sitegen.importers.registry import FORMATS
from sitegen.model import Post, Site
from sitegen.pages import ListPage, PostPage
from sitegen.system.installation import EXTRAS
from tests.docs.test_samples import check_options
from tests.support.manual import DOCS, PAGES, REPOSITORY, read_blocks

STYLES = "".join(path.read_text("utf-8") for path in (REPOSITORY / "templates").rglob("*.css"))
SCRIPTS = "".join(path.read_text("utf-8") for name in ("bench", "tests") for path in (REPOSITORY / name).rglob("*.py"))
OTHER_PROGRAMS = re.compile(
    r"\b(?:git|npx|curl|pip|uv|xcode-select|certbot|hugo|pytest|valgrind|cachegrind|tar|docker|pipx|brew|ssh-keygen)\b"
)


def options_of(command):
    """Yield the parameters of a command and its subcommands that are options."""
    yield from (parameter for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from options_of(command.get_command(click.Context(command), name))


OPTIONS = [*options_of(main)]
NAMES = {name for option in OPTIONS for name in (*option.opts, *option.secondary_opts)} | {"--help", "--version"}


@pytest.mark.parametrize("topic", PAGES)
def test_every_option_that_is_named_is_one_of_sitegen_or_of_another_program(topic):
    unknown = [
        line.strip()
        for line in PAGES[topic].splitlines()
        for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)
        if not (name in NAMES or f"{name}:" in STYLES or f'"{name}"' in SCRIPTS or OTHER_PROGRAMS.search(line))
    ]
    assert unknown == []


def test_every_short_option_is_documented_with_its_long_one():
    text = "\n".join(PAGES.values())
    pairs = {tuple(sorted(option.opts, key=len)) for option in OPTIONS if len(option.opts) == 2}
    assert len(pairs) >= 8
    patterns = {pair: rf"`{pair[0]}(?: [A-Z]+)?`(?:, | \(|/)`{pair[1]}\b" for pair in pairs}
    assert [pair for pair, pattern in patterns.items() if not re.search(pattern, text)] == []


def test_every_command_that_is_documented_exists():
    named = set(re.findall(r"^## `sitegen (\w+)", PAGES["commands"], re.MULTILINE))
    assert named <= set(COMMANDS)
    for text in PAGES.values():
        for line in re.findall(r"^ {0,3}\| `sitegen ([^`]+)`", text, re.MULTILINE):
            check_options(line.split("#")[0].split())


@pytest.mark.parametrize(
    ("topic", "heading", "names"),
    [
        ("importing", "## Formats", set(FORMATS)),
        ("hooks", "# Hooks", set(HOOKS)),
    ],
)
def test_a_table_lists_exactly_what_exists(topic, heading, names):
    section = PAGES[topic].split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| ((?:`[\w-]+(?:\([^`]*\))?`(?:, )?)+) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([\w-]+)", row)} == names


@pytest.mark.parametrize("target", TARGETS)
def test_every_type_of_target_has_an_example(target):
    tables = [
        table
        for block in read_blocks(PAGES["publishing"])
        if block.language == "toml"
        for table in tomllib.loads(block.text).get("publish", ())
    ]
    assert target in {table["kind"] for table in tables}
    assert {table["kind"] for table in tables} <= set(TARGETS)


@pytest.mark.parametrize("name", [*EXTRAS, *BLOCKS])
def test_extras_and_blocks_of_the_home_page_are_documented(name):
    text = PAGES["theming"] if name in BLOCKS else "\n".join(PAGES.values())
    assert f"`{name}`" in text if name in BLOCKS else f"the extra `{name}`" in text


def fields_of(data_type):
    return data_type.__struct_fields__ if issubclass(data_type, Struct) else [item.name for item in fields(data_type)]


TABLES = {
    "The page of a **post**": (PostPage,),
    "A **list**": (ListPage,),
    "## Posts": (Post,),
    "## Site": (Site,),
}
"""The text before each table of fields in the page about templates, and the type that has them."""


@pytest.mark.parametrize("start", TABLES)
def test_every_field_that_a_table_names_exists(start):
    table = PAGES["templates"].split(start, 1)[1].split("| field | contents |", 1)[1].split("\n\n", 1)[0]
    named = re.findall(r"`(\w+)(?:\(\w*\))?`", "\n".join(row.split(" | ")[0] for row in table.splitlines()))
    assert len(named) > 5
    known = {name for data_type in TABLES[start] for name in dir(data_type) if not name.startswith("_")}
    known |= {name for data_type in TABLES[start] for name in fields_of(data_type)}
    assert [name for name in named if name not in known] == []


def test_every_template_that_is_named_exists():
    templates = {path.name for path in (REPOSITORY / "templates").rglob("*.html")}
    named = re.findall(r"`([\w/-]+\.html)`", PAGES["templates"].split("## Page types")[1].split("## Posts")[0])
    assert len(named) > 15
    assert [name for name in named if name.rpartition("/")[2] not in templates and "/" not in name] == []


PLATFORMS = (
    "beehiiv", "buttondown", "ghost", "hugo", "jekyll", "mailchimp", "mailing-list", "medium", "substack", "wix",
    "wordpress",
)  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_guide_of_each_platform_covers_losses_old_links_domain_and_checklist(platform):
    text = PAGES[platform]
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"What you keep", "What you lose", "Checklist"} <= set(headings)
    assert any(heading.startswith("Import") for heading in headings)
    assert re.search(r"^## Old links", text, re.MULTILINE) or "old URLs" in text
    assert len(re.findall(r"^- \[ \] ", text, re.MULTILINE)) >= 4
    assert re.search(r"\bDNS\b|old-links\.md|own address|domain", text), "where the domain points"


HOSTS = ("github-pages", "cloudflare-pages", "netlify", "gitlab-pages", "s3-and-r2", "own-server")


@pytest.mark.parametrize("host", HOSTS)
def test_the_guide_of_each_host_covers_domain_dns_www_scheduled_posts_and_failures(host):
    text = PAGES[host]
    assert re.search(r"^## When it fails$", text, re.MULTILINE)
    assert re.search(r"^## Scheduled posts", text, re.MULTILINE)
    assert "DNS" in text or "CNAME" in text
    assert "www" in text
    assert any(block.language == "sh" for block in read_blocks(text))


def test_the_cookbook_has_a_recipe_for_each_common_change():
    headings = "\n".join(re.findall(r"^## (.+)$", PAGES["theming-cookbook"], re.MULTILINE)).lower()
    for word in ("logo", "navigation", "colours", "fonts", "icon", "header image", "images in lists", "footer"):
        assert word in headings
    for word in ("analytics", "comments", "hook"):
        assert word in headings
    assert "templates/" in PAGES["theming-cookbook"]


def test_the_readme_is_at_most_a_screen_and_a_half():
    assert len((REPOSITORY / "README.md").read_text("utf-8").splitlines()) <= 100


def test_troubleshooting_has_the_thirty_most_common_messages():
    rows = re.findall(r"^\| (?:`|PowerShell: )", (DOCS / "help/troubleshooting.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 30
