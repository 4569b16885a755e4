"""Find what a site needs after an upgrade of sitegen, and change what can be changed without a decision."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sitegen.build.output_folder import WORK
from sitegen.config.load import Settings
from sitegen.config.schema import Config
from sitegen.errors import SiteError, naming
from sitegen.feeds.plan import compile_archive_paths
from sitegen.importers.output.import_state import RECORDS_FOLDER, WORK_FOLDER, parse_record
from sitegen.publish.state import read_record
from sitegen.render.theme import find_theme
from sitegen.scaffold.ci_workflows import find_hosts, plan_host
from sitegen.scaffold.host_files import HOSTS, uses_action
from sitegen.scaffold.requirements import Requirement
from sitegen.scaffold.template_blocks import find_lost_blocks, read_templates
from sitegen.scaffold.theme_files import ORIGINALS, diff_originals
from sitegen.system.atomic_write import write_atomically
from sitegen.system.files import list_files

GONE_TEMPLATES = {
    "list.html": "`listing.html` has the lists now",
    "partials/post-footer.html": "override the block `post_footer` of `theme/post.html` instead",
    "partials/post-header.html": "override the block `post_header` of `theme/post.html` instead",
}
"""The templates that the theme had once, and what to use instead."""


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """A change that an upgrade requires of a site.

    `id` names its type, and `version` is the one that made it necessary, "" for any upgrade. `changes` are the new
    contents of files by their paths from the site's root, None for a file to remove; they are empty if the step needs
    a decision.
    """

    id: str
    path: str
    message: str
    hint: str
    version: str = ""
    changes: Mapping[str, bytes | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class MigratedSite:
    """A site to migrate: its folder, its settings and where they are set, and how a host installs this sitegen.

    `requirement` is None if sitegen was not installed, so that a host cannot install it either.
    """

    root: Path
    config: Config
    origins: Mapping[str, str]
    requirement: Requirement | None

    @property
    def templates(self) -> Path:
        """The folder of the site's templates."""
        return self.root / self.config.templates


def find_steps(root: Path, settings: Settings, requirement: Requirement | None) -> tuple[MigrationStep, ...]:
    """Return the migration steps that a site needs, without changing anything."""
    facts = MigratedSite(root, settings.config, settings.origins, requirement)
    return tuple(step for find in RULES for step in find(facts))


def apply_steps(root: Path, steps: Iterable[MigrationStep]) -> tuple[str, ...]:
    """Make the changes of some steps, and return the paths of the files written and removed."""
    changes = {path: data for step in steps for path, data in step.changes.items()}
    # New files come first: nothing is removed whose contents are not on the disk elsewhere.
    for path, data in sorted(changes.items(), key=lambda change: change[1] is None):
        file = root / path
        with naming(file):
            if data is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(file, data, durable=True)
                continue
            file.unlink(missing_ok=True)
            if file.parent.is_dir() and not any(file.parent.iterdir()):
                file.parent.rmdir()
    return tuple(changes)


def _move_import_records(facts: MigratedSite) -> Iterator[MigrationStep]:
    """Yield a step for each record of imports in the folder of the build cache, which git ignores."""
    for file in sorted((facts.root / WORK_FOLDER).glob("*.json")):
        old, new = (folder / file.name for folder in (WORK_FOLDER, RECORDS_FOLDER))
        data = file.read_bytes()
        try:
            parse_record(data, old.as_posix())
        except SiteError:
            continue  # a damaged record is reported by the next import
        message, hint = "the record of an import is in the build cache, which is not committed", f"move it to {new}"
        changes: dict[str, bytes | None] = {old.as_posix(): None}
        if not (facts.root / new).exists():
            changes[new.as_posix()] = data
        yield MigrationStep("import-record", old.as_posix(), message, hint, "0.1.0", MappingProxyType(changes))


def _keep_feed_formats(facts: MigratedSite) -> Iterator[MigrationStep]:
    """Yield a step for each setting of feeds with another default, if feeds that it wrote before are still there."""
    published = frozenset(_list_published(facts))
    for setting, subject, find_in_format in (
        ("group_formats", "sources, tags and authors", _find_group_feeds),
        ("archive_formats", "earlier years", _find_archives),
    ):
        if facts.origins.get(f"feeds.{setting}"):
            continue
        lost = [name for name in ("atom", "json") if any(find_in_format(published, name, facts.config))]
        if lost:
            value = ", ".join(f'"{name}"' for name in ("rss", *lost))
            message = (
                f"feeds of {subject} are no longer written as {' and '.join(lost)}, unless a setting asks for them"
            )
            own = (facts.root / "sitegen.toml").is_file()
            config, table = ("sitegen.toml", "feeds") if own else ("pyproject.toml", "tool.sitegen.feeds")
            hint = f"if readers subscribe to them, add `{setting} = [{value}]` to the table `[{table}]`"
            yield MigrationStep("feed-formats", config, message, hint, "0.1.0")


def _find_group_feeds(paths: Iterable[str], name: str, config: Config) -> Iterator[str]:
    """Yield the paths that are those of feeds of sources, tags and authors in a format."""
    urls = config.urls
    groups = {url.partition("{")[0].strip("/") for url in (urls.source, urls.tag, urls.author) if url}
    feed = {"atom": urls.atom, "json": urls.json_feed}[name].rpartition("/")[2]
    for path in paths:
        folder, _, file = path.rpartition("/")
        if file == feed and folder.rpartition("/")[0] in groups:
            yield path


def _find_archives(paths: Iterable[str], name: str, config: Config) -> Iterator[str]:
    """Yield the paths that are those of archive documents in a format."""
    yield from filter(compile_archive_paths(config, [name]).fullmatch, paths)


def _list_published(facts: MigratedSite) -> Iterator[str]:
    """Yield the paths of the built files, and of those that are at targets, by what was recorded of them."""
    yield from (path for path in list_files(facts.root / facts.config.output) if path.endswith((".xml", ".json")))
    for record in (facts.root / WORK / "publish").glob("*.json"):
        yield from read_record(record).files


def _update_hosts(facts: MigratedSite) -> Iterator[MigrationStep]:
    """Yield a step for each host whose files, or whose sitegen, are of another version."""
    if facts.requirement is None:
        return
    for name in find_hosts(facts.root, facts.config):
        workflow = facts.root / HOSTS[name].files[0][0]
        with_action = workflow.is_file() and uses_action(workflow.read_text("utf-8", "replace"))
        try:
            plan = plan_host(facts.root, name, facts.requirement, facts.config.output, use_action=with_action)
        except SiteError as error:
            for problem in error.problems:
                message = f"this file for {name} is not as any version of sitegen writes it"
                hint = f"compare it with what `sitegen init DIR --host {name}` writes into a new folder"
                yield MigrationStep("host-file", problem.path, message, hint)
            continue
        for problem in plan.warnings:
            yield MigrationStep("requirement", problem.path, problem.message, problem.hint)
        if plan.files or plan.removed:
            changes = {**plan.files, **dict.fromkeys(plan.removed)}
            message = f"{name} builds the site with files, or with a sitegen, of another version"
            hint = f"write them again, as `sitegen init . --host {name}` does"
            yield MigrationStep("host", next(iter(changes)), message, hint, changes=MappingProxyType(changes))


def _update_copies(facts: MigratedSite) -> Iterator[MigrationStep]:
    """Yield a step for each copy of a file of the theme whose original has changed, or is gone."""
    for name, changed in diff_originals(facts.templates):
        path, original = (f"{facts.config.templates}/{part}" for part in (name, f"{ORIGINALS}/{name}"))
        if not changed:
            hint = GONE_TEMPLATES.get(name, "remove it, unless your own templates use it")
            yield MigrationStep("theme-copy", path, "the theme no longer has the file that this is a copy of", hint)
        elif (facts.root / path).read_bytes() == (facts.root / original).read_bytes():
            data = (find_theme() / name).read_bytes()
            message, hint = "the theme's file has changed, and this copy is as it was", "copy it again"
            changes = MappingProxyType({path: data, original: data})
            yield MigrationStep("theme-copy", path, message, hint, changes=changes)
        else:
            message = "the theme's file has changed since you copied it"
            hint = f"see `sitegen theme diff`, change your copy, then run `sitegen theme show {name} > {original}`"
            yield MigrationStep("theme-copy", path, message, hint)


def _check_templates(facts: MigratedSite) -> Iterator[MigrationStep]:
    """Yield a step for each template of the site that fills a missing block, or replaces a missing file."""
    if facts.templates.resolve() == find_theme():
        return
    templates = read_templates(facts.templates)
    for template in templates:
        for block in find_lost_blocks(template, facts.templates):
            path = template.file.relative_to(facts.root).as_posix()
            message = f"`{template.parent}` has no block `{block}`, so the contents of this block are not shown"
            yield MigrationStep("template-block", path, message, "see the list of blocks in `sitegen help theming`")
    used = frozenset(name for template in templates for name in template.strings)
    for name, hint in GONE_TEMPLATES.items():
        if (facts.templates / name).is_file() and name not in used and not (find_theme() / name).is_file():
            path = f"{facts.config.templates}/{name}"
            message = "the theme no longer has this file, and none of your templates uses it"
            yield MigrationStep("template-file", path, message, hint, "0.1.0")


RULES: tuple[Callable[[MigratedSite], Iterator[MigrationStep]], ...] = (
    _move_import_records,
    _keep_feed_formats,
    _update_hosts,
    _update_copies,
    _check_templates,
)
"""The functions that find steps, in the order in which they are shown. A public interface that changes adds one."""
