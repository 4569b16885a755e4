"""Match the descriptions of terms with the posts that have them, and resolve their links and images."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.content.descriptions import WrittenDescription
from sitegen.content.links import Links
from sitegen.errors import Problem, did_you_mean
from sitegen.formats.site_urls import link_url
from sitegen.markdown.url_placeholders import fill_in_urls
from sitegen.model import NO_DATE, Description, Entry, Group, Post, Site

ResolveLinks = Callable[[Entry], tuple[dict[str, Links], list[Problem], list[Problem]]]


def describe_terms(
    written: Iterable[WrittenDescription],
    sites: Sequence[Site],
    published: Mapping[str, object],
    resolve: ResolveLinks,
    base: str,
) -> tuple[dict[tuple[str, str], Description], list[Problem], list[Problem]]:
    """Return the descriptions by type and slug of their terms, then the problems, then the warnings.

    `sites` are those of all editions.
    `published` are the paths of the files that are published as they are, `base` is the path of the base URL;
    `resolve` resolves the links of one document. A description of a term that no published post has is a warning.
    """
    descriptions: dict[tuple[str, str], Description] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for item in written:
        names = _name_groups(group for site in sites for group in site.terms[item.taxonomy])
        if item.slug not in names:
            message = f'no published post has the {item.term_label} "{item.name}"'
            hint = did_you_mean(item.name, names.values()) or "Correct the name, or remove the description."
            warnings.append(Problem(item.path, item.line, message, hint))
        if item.image.startswith("/") and unquote(item.image).lstrip("/") not in published:
            message = f'`image = "{item.image}"` names a file that is not published'
            hint = did_you_mean(unquote(item.image).lstrip("/"), published) or "Put the file into the content folder."
            problems.append(Problem(item.path, item.image_line, message, hint))
        links, of_links, link_warnings = resolve(_as_entry(item))
        problems += of_links
        warnings += link_warnings
        descriptions[item.page_type, item.slug] = Description(
            _fill_in(item, dict(links.get(item.path, ())), base),
            item.body.summary,
            link_url(item.image, base),
            item.image_alt,
            item.url,
            tuple(replace(link, url=link_url(link.url, base)) for link in item.links),
        )
    return descriptions, problems, warnings


def _name_groups(groups: Iterable[Group]) -> dict[str, str]:
    return {group.slug: group.name for group in groups}


def _as_entry(item: WrittenDescription) -> Entry:
    """Return a description as a document, whose links are resolved like those of a post."""
    post = Post(item.path, item.name, item.slug, "", "", NO_DATE)
    return Entry(post, "", item.body.references)


def _fill_in(item: WrittenDescription, links: Mapping[str, str], base: str) -> str:
    return fill_in_urls(item.body.html, lambda url: base + url if url.startswith("/") else links.get(url, url))
