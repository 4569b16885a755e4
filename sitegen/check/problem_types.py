"""The types of problems that a check reports, by id: which part of the check finds them, and their severity."""

from collections.abc import Iterable
from dataclasses import dataclass

from sitegen.errors import ADVICE, ERROR, WARNING, Problem

SEVERITIES = (ERROR, WARNING, ADVICE)
GROUPS = ("links", "html", "feeds", "posts", "images")


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A type of problem: the part of the check that finds it, one of GROUPS, and its severity."""

    group: str
    severity: str


PROBLEM_TYPES: dict[str, ProblemType] = {
    id_: ProblemType(group, severity)
    for group, severity, ids in (
        ("links", ERROR, "broken-link broken-fragment broken-stylesheet broken-script broken-frame broken-media"),
        ("links", ERROR, "broken-canonical broken-alternate broken-style-url wrong-case outside-base"),
        ("links", ERROR, "broken-manifest-url missing-search-index missing-file"),
        ("links", ERROR, "development-link relative-in-404 broken-redirect bad-redirect redirect-loop"),
        ("links", ERROR, "redirect-collision broken-sitemap-url bad-sitemap broken-external gone-archived"),
        (
            "links",
            WARNING,
            "bad-url missing-slash missing-suffix redirected-link redirect-chain empty-link orphan-page",
        ),
        ("links", WARNING, "sitemap-noindex mixed-content unreachable-external blocked-by-robots canonical-elsewhere"),
        ("links", WARNING, "og-url-elsewhere missing-404 unlisted-post unknown-scheme insecure-form blocked-post"),
        ("links", ERROR, "bad-hreflang hreflang-not-returned"),
        ("links", WARNING, "foreign-file broken-comment-link"),
        ("links", ADVICE, "orphan-file moved-external unchecked-external missing-x-default"),
        ("html", ERROR, "bad-encoding leaked-mark missing-doctype missing-language bad-language missing-charset"),
        ("html", ERROR, "bad-direction"),
        ("html", ERROR, "missing-title empty-title several-titles duplicate-id bad-id duplicate-attribute"),
        ("html", ERROR, "unclosed-element stray-end-tag nested-link inline-script event-handler bad-json-ld"),
        ("html", ERROR, "incomplete-json-ld several-canonicals empty-heading link-without-text broken-reference"),
        ("html", WARNING, "inline-style foreign-script missing-viewport zoom-disabled missing-h1 several-h1"),
        ("html", WARNING, "heading-skipped missing-main several-mains frame-without-title field-without-label"),
        ("html", WARNING, "button-without-text positive-tabindex duplicate-title missing-description"),
        ("html", WARNING, "long-description several-descriptions heavy-page missing-json-ld"),
        ("html", WARNING, "template-tag misplaced-element relative-preview base-element empty-preview"),
        ("html", WARNING, "replacement-character inconsistent-json-ld"),
        ("html", ADVICE, "table-without-headers duplicate-description foreign-frame"),
        ("images", ERROR, "broken-image image-without-alt bad-srcset wrong-image-type empty-image"),
        ("images", WARNING, "alt-is-file-name meaningless-alt heavy-image cover-without-alt wrong-image-size"),
        ("images", WARNING, "wrong-preview-size"),
        ("images", ADVICE, "image-without-size foreign-image"),
        ("posts", ERROR, "missing-page post-without-title draft-published policy-not-kept"),
        ("posts", WARNING, "source-without-entry source-without-name long-summary long-post-title"),
        ("posts", ADVICE, "count-without-provenance"),
        ("feeds", ERROR, "bad-feed broken-feed-url post-not-in-archive"),
        ("feeds", WARNING, "feed-warning"),
    )
    for id_ in ids.split()
}


def page_problem(id_: str, page: str, line: int, message: str, hint: str = "", search_text: str = "") -> Problem:
    """Return a problem of a built file, at a line of it from 1, or 0 for the whole file.

    `search_text` is in the file of the page's post at the line that has the problem.
    """
    severity = PROBLEM_TYPES[id_].severity
    return Problem(page, line, message, hint, "", severity, id_, page, line, search_text=search_text)


def has_failed(problems: Iterable[Problem], strict: bool) -> bool:
    """Return whether a check fails: if there is an error or, if strict, a warning."""
    return any(problem.severity == ERROR or (strict and problem.severity == WARNING) for problem in problems)
