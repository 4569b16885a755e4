"""Faults and findings: what is wrong with a built page, and how grave that is."""

from collections.abc import Iterable
from dataclasses import dataclass

from sitegen.errors import Problem
from sitegen.system.processes import Parcel

ERROR, WARNING, ADVICE = "error", "warning", "advice"
LEVELS = (ERROR, WARNING, ADVICE)
GROUPS = ("links", "html", "feeds", "posts", "images")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: which part of the check finds it, and how grave it is."""

    group: str
    level: str


KINDS: dict[str, Kind] = {
    name: Kind(group, level)
    for group, level, names in (
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
        ("links", WARNING, "foreign-file"),
        ("links", ADVICE, "orphan-file moved-external unchecked-external"),
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
        ("html", ADVICE, "table-without-headers duplicate-description"),
        ("images", ERROR, "broken-image image-without-alt bad-srcset wrong-image-type empty-image"),
        ("images", WARNING, "alt-is-file-name meaningless-alt heavy-image cover-without-alt"),
        ("images", ADVICE, "image-without-size foreign-image"),
        ("posts", ERROR, "missing-page post-without-title draft-published policy-not-kept"),
        ("posts", WARNING, "source-without-entry source-without-name long-summary long-post-title"),
        ("posts", ADVICE, "count-without-provenance"),
        ("feeds", ERROR, "bad-feed broken-feed-url post-not-in-archive"),
        ("feeds", WARNING, "feed-warning"),
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Fault(Parcel):
    """A fault of a built file, before it is known which post it comes from.

    `line` counts from 1 in the built file, 0 where it has no meaning; `needle` is what to look for
    in the post's own file, in order to name the line there.
    """

    kind: str
    page: str
    line: int
    message: str
    hint: str = ""
    needle: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with its grade and its place.

    `problem` names the post's file and line where the page is a post's, else the built file;
    `page` is the built file, below the output folder, and `page_line` the line there (or 0);
    `more` counts further pages with the very same fault, which then comes from a template.
    """

    level: str
    kind: str
    problem: Problem
    page: str
    page_line: int = 0
    more: int = 0


def has_failed(findings: Iterable[Finding], strict: bool) -> bool:
    """Tell whether a check ends in failure: at an error, and if strict, at a warning too."""
    return any(finding.level == ERROR or (strict and finding.level == WARNING) for finding in findings)
