"""The comment systems of other hosts: the settings of each, and what browsers must be allowed to load from them."""

from collections.abc import Iterator, Mapping

from sitegen.config.setting_values import SettingProblem, is_web_url
from sitegen.config.theme_schema import COMMENT_SYSTEMS, CommentSystem
from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.urls import origin_of

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "giscus": ("repo", "repo_id", "category", "category_id"),
    "isso": ("url",),
    "remark42": ("url", "site_id"),
    "webmention": ("url",),
}
"""The settings that each system needs."""

OPTIONAL: Mapping[str, tuple[str, ...]] = {"isso": ("integrity",), "remark42": ("integrity",)}
"""The other settings that a system has. The script of giscus.app has no versions, so that no hash of it stays right."""

_EXAMPLES = {
    "url": "https://comments.example.org/",
    "site_id": "letters",
    "repo": "ada/letters",
    "repo_id": "R_kgDO...",
    "category": "Announcements",
    "category_id": "DIC_kwDO...",
    "integrity": "sha384-...",
}
_FORMS = {
    "repo": (lazy_regex.compile(r"\A[A-Za-z0-9-]+/[A-Za-z0-9._-]+"), "a repository on GitHub"),
    "repo_id": (lazy_regex.compile(r"[A-Za-z0-9_=-]+"), "the id of a repository"),
    "category_id": (lazy_regex.compile(r"[A-Za-z0-9_=-]+"), "the id of a category"),
    "site_id": (lazy_regex.compile(r"[^\s<>\"'&]+"), "the id of a site"),
    "integrity": (lazy_regex.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}"), "a hash of a script"),
}


def check_comment_system(comments: CommentSystem) -> Iterator[SettingProblem]:
    """Yield what is wrong with the settings of the comment system."""
    keys = ("theme", "comments")
    given = [name for name in comments.__struct_fields__ if name != "system" and getattr(comments, name)]
    if not comments.system:
        if given:
            hint = f"set `system` to {', '.join(COMMENT_SYSTEMS[:-1])} or {COMMENT_SYSTEMS[-1]}"
            yield (*keys, given[0]), f"`{given[0]}` has no effect without `system`", hint
        return
    if comments.system not in COMMENT_SYSTEMS:
        hint = did_you_mean(comments.system, COMMENT_SYSTEMS) or f"known are: {', '.join(COMMENT_SYSTEMS)}"
        yield (*keys, "system"), f'"{comments.system}" is not a known value of `system`', hint
        return
    required = REQUIRED[comments.system]
    for name in required:
        if not getattr(comments, name):
            yield (
                (*keys, "system"),
                f"{comments.system} needs `{name}`",
                f'add a line such as {name} = "{_EXAMPLES[name]}"',
            )
    for name in given:
        value = getattr(comments, name)
        if name not in (*required, *OPTIONAL.get(comments.system, ())):
            yield (*keys, name), f"`{name}` has no effect for {comments.system}", "remove it"
        elif name == "url" and not is_web_url(value):
            yield (*keys, name), f'"{value}" is not a web URL', f'write url = "{_EXAMPLES[name]}"'
        elif name in _FORMS and not _FORMS[name][0].fullmatch(value):
            yield (*keys, name), f'"{value}" is not {_FORMS[name][1]}', f'write {name} = "{_EXAMPLES[name]}"'


def find_sources(comments: CommentSystem) -> dict[str, tuple[str, ...]]:
    """Return what a Content-Security-Policy must allow for the system: sources by the name of the directive.

    Frames and images of any host are allowed in any case. giscus and Isso add a style sheet to the page; Isso also sets
    styles of elements, and requests comments from the page itself.
    """
    if not comments.system:
        return {}
    origin = "https://giscus.app" if comments.system == "giscus" else origin_of(comments.url)
    own = ("'self'", origin)
    directives: dict[str, dict[str, tuple[str, ...]]] = {
        "giscus": {"script-src": own, "style-src": own},
        "isso": {
            "script-src": own,
            "style-src": own,
            "style-src-attr": ("'unsafe-inline'",),
            "connect-src": own,
        },
        "remark42": {"script-src": own},
        "webmention": {"form-action": own},
    }
    return directives[comments.system]
