"""Choose a target of a site, and open its publisher, under a lock that excludes other processes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sitegen.config.load import location_of
from sitegen.config.schema import Config, Target
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats.urls import hide_credentials
from sitegen.publish.base import PublishContext, Publisher
from sitegen.publish.notify import is_notifying
from sitegen.publish.snapshot import empty_folder
from sitegen.publish.state import PublishRecord
from sitegen.publish.targets.subprocess import Program
from sitegen.publish.transfer import Transfer
from sitegen.system.file_lock import hold


def choose_target(root: Path, config: Config, name: str | None) -> Target:
    """Return the target with a name, or the only one; raise SiteError if that is missing or ambiguous."""
    targets = {target.name: target for target in config.publish}
    if not targets:
        hint = (
            "run `sitegen init . --host github`, or name another host: it adds a target, a table [[publish]], to"
            " sitegen.toml. `sitegen help hosting` compares the hosts"
        )
        raise SiteError([Problem(*location_of(root, ("publish",)), "the site has no target to publish to", hint)])
    if name is None and len(targets) == 1:
        return config.publish[0]
    if name is None:
        hint = f"say which one: {', '.join(targets)}"
        raise SiteError([Problem(*location_of(root, ("publish",)), "the site has several targets to publish to", hint)])
    if name not in targets:
        hint = did_you_mean(name, targets) or f"known are: {', '.join(targets)}"
        raise SiteError([Problem(*location_of(root, ("publish",)), f'there is no target "{name}" to publish to', hint)])
    return targets[name]


def keys_of(target: Target, config: Config) -> tuple[str | int, ...]:
    """Return the path of names of a target's table in the config."""
    return "publish", config.publish.index(target)


@contextmanager
def open_target(
    target: Target,
    config: Config,
    root: Path,
    work: Path,
    environment: Mapping[str, str],
    pause: Callable[[float], None],
    clock: Callable[[], int],
) -> Iterator[tuple[Publisher, PublishRecord]]:
    """Yield the publisher of a target, and the record of its files, while no other process publishes to it.

    Raises SiteError if another process does.
    """
    path = work / "publish" / f"{target.name}.json"

    def refuse() -> None:
        message = f'the site is being published to "{target.name}" by another process'
        raise SiteError([Problem("", 0, message, "wait until it is done")])

    scratch = path.with_suffix(".tmp")
    with hold(path.with_suffix(".lock"), refuse) as lock, empty_folder(scratch):
        scratch.mkdir()
        record = PublishRecord(path, notifies=is_notifying(config))
        context = PublishContext(root, record, environment, pause, clock, lock, scratch, keys_of(target, config))
        yield _make_publisher(target, config, context), record


def _make_publisher(target: Target, config: Config, context: PublishContext) -> Publisher:
    match target.kind:
        case "git":
            from sitegen.publish.targets.git import GitPublisher  # noqa: PLC0415 - only for this target

            return GitPublisher(target, config.base_url, context)
        case "folder":
            from sitegen.publish.targets.folder import FolderPublisher  # noqa: PLC0415 - only for this target

            return FolderPublisher(folder_of(target, config, context), context.record, context.clock)
        case "s3":
            from sitegen.publish.targets.s3 import Bucket  # noqa: PLC0415 - an extra

            bucket = Bucket(target, context.environment, context.pause)
            return Transfer(bucket, target.url, context.record)
        case "rsync":
            from sitegen.publish.targets.rsync import Rsync  # noqa: PLC0415 - only for this target

            program = _program("rsync", target, context)
            return Transfer(Rsync(target.remote, program, context.scratch), program.label, context.record)
        case "rclone":
            from sitegen.publish.targets.rclone import Rclone  # noqa: PLC0415 - only for this target

            program = _program("rclone", target, context)
            return Transfer(Rclone(target.remote, program, context.scratch), program.label, context.record)
        case kind:
            raise ValueError(f"unknown kind of target: {kind!r}")


def folder_of(target: Target, config: Config, context: PublishContext) -> Path:
    """Return the folder of a target of the kind `folder`; raise SiteError if it is part of the site.

    `~` is the user's own folder, as in a shell; relative paths are from the site's root.
    """
    written = target.path
    if written == "~" or written.startswith("~/"):
        written = context.environment.get("HOME", "~") + written[1:]
    root = context.root.resolve()
    path = (root / written).resolve()
    parts = [(root / part).resolve() for part in (config.content, config.templates, config.output)]
    inside = any(part == path or part in path.parents for part in parts)
    if (
        inside
        or path in (root, context.record.path.parents[1].resolve())
        or any(path in part.parents for part in (root, *parts))
    ):
        message = f'the target "{target.name}" is a folder that holds a part of the site, which would be replaced'
        raise SiteError([context.describe_setting("path", message, "give it a folder of its own")])
    return path


def _program(name: str, target: Target, context: PublishContext) -> Program:
    # Times are in UTC, so that marks do not depend on the time zone of the machine that publishes.
    environment = {**context.environment, "LC_ALL": "C", "TZ": "UTC"}
    return Program((name,), hide_credentials(target.remote), environment, context.pause, context.lock)
