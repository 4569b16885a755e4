"""Names of git branches, validated without running git."""

from sitegen.formats import lazy_regex

# git-check-ref-format(1), rules 1 and 3 to 10: no hidden or `.lock` component, no "..", "@{", "//",
# control character, space or `~^:?*[\`, and no "/" or "." at the end.
_FORBIDDEN = lazy_regex.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(?:^|/)\.|\.lock(?:/|$)|^/|[/.]$")


def is_branch_name(name: str) -> bool:
    """Return whether git accepts a name for a branch and reads it as that branch alone.

    Stricter than `git check-ref-format --branch` in three cases, which git reads as something else
    than a new branch of that name: "refs/...", "+name" (a forced refspec) and "@{-1}" (a former branch).
    """
    if not name or name in ("HEAD", "@") or name.startswith(("-", "+", "refs/")):
        return False
    return not _FORBIDDEN.search(name)
