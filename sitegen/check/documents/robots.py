"""The rules of robots.txt, what they keep search engines from, and the sitemaps that it names (RFC 9309)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate, page_path
from sitegen.check.pages.page_facts import CheckedPage
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.site_urls import SAFE
from sitegen.model import INDEXED, Post

FILE = "robots.txt"
WHOLE_SITE = ("/", "/*")
"""The paths of rules for the whole site."""


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """A rule for all robots: whether it allows, the path as it is written, and its line."""

    allow: bool
    path: str
    line: int


def read_rules(text: str) -> list[RobotsRule]:
    """Return the rules of a robots.txt for all robots, in order; those without a path allow everything."""
    rules: list[RobotsRule] = []
    agents: set[str] = set()
    in_rules = False
    for number, row in enumerate(text.splitlines(), 1):
        name, _, value = (part.strip() for part in row.partition("#")[0].partition(":"))
        if name.lower() == "user-agent":
            agents = {value} if in_rules else agents | {value}
            in_rules = False
        elif name.lower() in ("allow", "disallow"):
            in_rules = True
            if "*" in agents and value:
                rules.append(RobotsRule(name.lower() == "allow", value, number))
    return rules


def match_rule(rules: Sequence[RobotsRule], path: str) -> RobotsRule | None:
    """Return the rule that decides on a path, encoded as in a URL: the longest, of two as long the one that allows."""
    found = [rule for rule in rules if matches(rule.path, path)]
    return max(found, key=lambda rule: (len(rule.path), rule.allow), default=None)


def matches(pattern: str, path: str) -> bool:
    """Return whether the path of a rule, with `*` for anything and `$` for the end, begins a path (section 2.2.3)."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    # The parts between stars are found one after the other, so that no pattern takes more than linear time.
    location = len(first)
    for number, part in enumerate(others, 1):
        if ends and number == len(others):
            return path.endswith(part) and len(path) - len(part) >= location
        found = path.find(part, location)
        if found < 0:
            return False
        location = found + len(part)
    return not ends or location == len(path)


def find_blocked_posts(
    hosting: Hosting, text: str, posts: Mapping[str, Post], pages: Mapping[str, CheckedPage]
) -> Iterator[Problem]:
    """Yield each rule of a robots.txt that keeps search engines from posts which they may index."""
    rules = read_rules(text)
    blocked: dict[RobotsRule, list[str]] = {}
    for path, post in sorted(posts.items()) if rules else ():
        facts = pages.get(path)
        if facts is None or facts.refresh or "noindex" in facts.robots or post.policy not in INDEXED:
            continue
        rule = match_rule(rules, quote(page_path(hosting, path), safe=SAFE))
        if rule and not rule.allow and rule.path not in WHOLE_SITE:  # those are reported for the whole site
            blocked.setdefault(rule, []).append(path)
    for rule, paths in blocked.items():
        more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
        message = f"`Disallow: {rule.path}` keeps search engines from {paths[0]}{more}"
        hint = "remove the rule; a post that should not be listed gets noindex by its source's policy"
        yield page_problem("blocked-post", FILE, rule.line, message, hint, f"Disallow: {rule.path}")


def check_robots(hosting: Hosting, text: str) -> Iterator[Problem]:
    """Yield each missing sitemap that a robots.txt names, and a rule that blocks the whole site."""
    whole = [rule for rule in read_rules(text) if rule.path in WHOLE_SITE]
    if whole and not whole[-1].allow:
        message = "robots.txt keeps search engines from the whole site"
        hint = "remove the rule; to hide a post from search engines, set the policy of its source"
        yield page_problem("blocked-by-robots", FILE, whole[-1].line, message, hint, "Disallow: /")
    for number, row in enumerate(text.splitlines(), 1):
        name, _, value = row.partition(":")
        url = value.partition("#")[0].strip()
        if name.strip().lower() == "sitemap" and locate(hosting, FILE, url).how not in (resolve.FILE, resolve.EXTERNAL):
            message = f'robots.txt names the sitemap "{url}", which leads to no file'
            yield page_problem("broken-sitemap-url", FILE, number, message, "correct the URL", url)
