"""Validates the `[[publish]]` tables of a site's config."""

import re
import unicodedata
from collections.abc import Iterator

from msgspec.structs import fields

from sitegen.config.schema import TARGETS, Target
from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.git_refs import is_branch_name
from sitegen.formats.urls import hide_credentials

SettingProblem = tuple[tuple[str | int, ...], str, str]
"""The path of a setting below `publish`, what is wrong with it, and what to do."""

# A local path, or a remote that `rclone config` made (rclone.org/docs, "Valid remote names"). A connection string
# such as ":sftp,ssh=PROGRAM:" would hand options to rclone.
_RCLONE_REMOTE = lazy_regex.compile(r"\.{0,2}/.*|[^:]*|[\w.+@ -]+:.*")


def validate_targets(targets: tuple[Target, ...]) -> Iterator[SettingProblem]:
    """Yield what is wrong with the targets of a site."""
    names = [target.name for target in targets]
    for number, target in enumerate(targets):
        name = target.name
        shown = f'the target "{name}"' if name else "the target"
        if not name:
            yield (number, "name"), "the target has no `name`", 'write for example name = "web"'
        elif not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            yield (number, "name"), f'"{name}" is not a name for a target', 'write for example name = "web"'
        elif name in names[:number]:
            yield (number, "name"), f'two targets have the name "{name}"', "give one of them another name"
        if target.kind not in TARGETS:
            hint = did_you_mean(target.kind, TARGETS) or f"known are: {', '.join(TARGETS)}"
            wrong = f'an unknown `kind`: "{target.kind}"' if target.kind else "no `kind`"
            yield (number, "kind"), f"{shown} has {wrong}", hint
        elif not getattr(target, need := TARGETS[target.kind]):
            message = f'{shown} of the kind "{target.kind}" has no `{need}`'
            yield (number,), message, "see `sitegen help publishing` for what a target needs"
        for field, message, hint in _validate_values(target):
            yield (number, field), message, hint


def _validate_values(target: Target) -> Iterator[tuple[str, str, str]]:
    """Yield the settings of one target that are not what they should be, each with message and hint.

    git, rsync and rclone take some of them as arguments, where a value that begins with "-" would be an option.
    """
    for item in fields(Target):
        value = getattr(target, item.name)
        if not isinstance(value, str) or item.name in ("name", "kind"):
            continue
        if any(unicodedata.category(character) == "Cc" for character in value):
            yield item.name, f'"{item.name}" contains a control character', "write it in one line of printable text"
        elif value.startswith("-") and item.name != "message":
            shown = hide_credentials(value)
            hint = f"for a folder of that name write ./{shown}" if item.name in ("path", "remote") else ""
            message = f'"{item.name}" starts with "-": {shown}'
            yield item.name, message, hint or "git, rsync and rclone would read it as an option"
    remote = target.remote
    if target.kind in ("git", "rsync") and re.match(r"(?:[a-z+]+://)?[^/]*@-|[a-z+]+://-", remote):
        yield "remote", "the host of the remote starts with a hyphen", "ssh would read it as an option"
    if target.kind == "rclone" and not remote.startswith("-") and not _RCLONE_REMOTE.fullmatch(remote):
        hint = "run `rclone config` to save those options under a name, and write NAME:FOLDER"
        yield "remote", "the remote contains options for rclone", hint
    if target.kind == "git" and not is_branch_name(target.branch) and not target.branch.startswith("-"):
        hint = 'write the name alone, for example branch = "gh-pages"'
        yield "branch", f'"{target.branch}" is not a name for a branch', hint
    if target.identity and not re.fullmatch(r"[^<>\n]+ <[^<>\s]+>", target.identity):
        hint = 'write identity = "Name <name@example.com>"'
        yield "identity", f'the identity of "{target.name}" is not a name with an email address', hint
    if target.url and not re.fullmatch(r"s3://[^/\s]+(/\S*)?", target.url):
        yield "url", f'"{hide_credentials(target.url)}" is not a bucket', 'write url = "s3://bucket"'
