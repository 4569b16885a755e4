"""The `_redirects` file: its rules, and what is wrong with them (Netlify's and Cloudflare's format)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

FILE = "_redirects"
STATUSES = frozenset((200, 301, 302, 303, 307, 308, 404, 410))
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
_PLACEHOLDER = re.compile(r":[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class RedirectRule:
    """One rule: the path that it redirects, the path or URL that it leads to, its status and its line."""

    source: str
    target: str
    status: int
    line: int
    forced: bool = False


def read_redirects(text: str) -> tuple[list[RedirectRule], list[Problem]]:
    """Return the rules of a `_redirects` file, and a problem for each line that is not a rule."""
    rules: list[RedirectRule] = []
    problems: list[Problem] = []
    for number, row in enumerate(text.splitlines(), 1):
        words = row.partition("#")[0].split() if row.lstrip().startswith("#") else row.partition(" #")[0].split()
        if not words:
            continue
        status = words[-1].removesuffix("!") if len(words) > 2 else "301"
        locations = [word for word in words[1:3] if word.startswith("/") or "://" in word]
        if not words[0].startswith(("/", "http")) or not locations or not status.isdigit():
            hint = "write: /from/ /to/ 301"
            problems.append(
                page_problem("bad-redirect", FILE, number, f'the line "{row.strip()}" is not a redirect', hint)
            )
        elif int(status) not in STATUSES:
            hint = "use 301 for a move that lasts, 302 for one that does not, 410 for what is gone"
            problems.append(
                page_problem("bad-redirect", FILE, number, f"{status} is not the status of a redirect", hint)
            )
        else:
            source = plain_path(words[0])
            rules.append(RedirectRule(source, locations[0], int(status), number, words[-1].endswith("!")))
    return rules, problems


def plain_path(url: str) -> str:
    """Return the unquoted path of a URL, which need not be valid, without host, query and fragment."""
    found = _HOST.match(url)
    return unquote(url[found.end() if found else 0 :].partition("#")[0].partition("?")[0])


def match_redirect(rules: Sequence[RedirectRule], path: str) -> RedirectRule | None:
    """Return the first rule that matches a path, with its placeholders filled in."""
    for rule in rules:
        if rule.source == path or rule.source.rstrip("/") == path.rstrip("/") != "":
            return rule
        if "*" in rule.source or ":" in rule.source:
            found = _pattern(rule.source).fullmatch(path)
            if found:
                target = rule.target
                for name, value in found.groupdict(default="").items():
                    target = target.replace(f":{name}", value)
                return RedirectRule(rule.source, target, rule.status, rule.line, rule.forced)
    return None


def check_redirects(rules: Sequence[RedirectRule], pages: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each rule that collides with a file or another rule, loops, or makes a chain.

    `pages` leads from each path that the host answers with a file to that file.
    """
    seen: dict[str, int] = {}
    for rule in rules:
        if rule.source in seen:
            message = f'"{rule.source}" is redirected twice: in line {seen[rule.source]} too, and the first one counts'
            yield page_problem("redirect-collision", FILE, rule.line, message, "remove one of the two")
            continue
        seen[rule.source] = rule.line
        if rule.source in pages and rule.status != 200 and not rule.forced:
            message = f'"{rule.source}" is redirected, and is also the file {pages[rule.source]}'
            yield page_problem(
                "redirect-collision", FILE, rule.line, message, "keep the page or the redirect, not both"
            )
            continue
        yield from _follow(rules, rule, pages)


def _follow(rules: Sequence[RedirectRule], rule: RedirectRule, pages: Mapping[str, str]) -> Iterator[Problem]:
    if rule.status == 200 or rule.status >= 400 or "*" in rule.source:
        return
    path, steps = rule.target, [rule.source]
    while path.startswith("/") and (plain := plain_path(path)) not in pages:
        if plain in steps:
            message = f"the redirect runs in a circle: {' → '.join([*steps, plain])}"
            yield page_problem("redirect-loop", FILE, rule.line, message, "redirect to a page")
            return
        steps.append(plain)
        following = match_redirect(rules, plain)
        if following is None or following.status >= 400:
            return
        path = following.target
    if len(steps) > 1:
        message = f'"{rule.source}" reaches its page only after {len(steps)} redirects'
        yield page_problem("redirect-chain", FILE, rule.line, message, f'redirect to "{path}" directly')


def _pattern(source: str) -> re.Pattern[str]:
    parts = re.split(r"(\*|:[A-Za-z]\w*)", source)
    made = "".join(
        "(?P<splat>.*)"
        if part == "*"
        else f"(?P<{part[1:]}>[^/]+)"
        if _PLACEHOLDER.fullmatch(part)
        else re.escape(part)
        for part in parts
    )
    return re.compile(made)
