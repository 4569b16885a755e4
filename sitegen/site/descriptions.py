"""Match the descriptions of terms with the posts that have them, and resolve their links, images and aliases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.descriptions import WrittenDescription
from sitegen.content.links import Links
from sitegen.errors import Problem, did_you_mean
from sitegen.formats.path_index import PathIndex
from sitegen.formats.site_urls import link_url
from sitegen.markdown.url_placeholders import fill_in_urls
from sitegen.model import NO_DATE, Description, Entry, Group, Post, Reference, Site


class TermAlias(Struct, frozen=True):
    """A former path of the page of a term, with the file that names it; `target` is the URL of the page."""

    path: str
    alias: Reference
    target: str


ResolveLinks = Callable[[Entry], tuple[dict[str, Links], list[Problem], list[Problem]]]


def describe_terms(
    written: Sequence[WrittenDescription],
    sites: Sequence[Site],
    published: Mapping[str, object],
    resolve: ResolveLinks,
    base: str,
) -> tuple[dict[tuple[str, str], Description], list[TermAlias], list[Problem], list[Problem]]:
    """Return the descriptions by type and slug of their terms, the aliases of terms, the problems, and the warnings.

    `sites` are those of all editions, the main one first.
    `published` are the paths of the files that are published as they are, `base` is the path of the base URL;
    `resolve` resolves the links of one document. A description of a term that no published post has is a warning. The
    aliases of a term lead to its page in the edition below whose home page they are, otherwise in the first of the
    editions that has one.
    """
    descriptions: dict[tuple[str, str], Description] = {}
    aliases: list[TermAlias] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    files = PathIndex(published)
    terms = {
        name: _by_slug(group for site in sites for group in site.terms[name])
        for name in dict.fromkeys(item.taxonomy for item in written)
    }
    for item in written:
        groups = terms[item.taxonomy]
        if item.slug in groups:
            if url := groups[item.slug].url:
                own = _pages_by_edition(item, sites, base) if item.aliases else {}
                for alias in item.aliases:
                    target = next((page for home, page in own.items() if alias.target.startswith(home)), url)
                    aliases.append(TermAlias(item.path, alias, target))
            elif item.aliases:
                message = f'the aliases of the {item.term_label} "{item.name}" are skipped: it has no page'
                hint = f"remove the aliases, or let `{item.taxonomy}` have pages by its `url`"
                warnings.append(Problem(item.path, item.aliases[0].line, message, hint))
        else:
            message = f'no published post has the {item.term_label} "{item.name}"'
            names = [group.name for group in groups.values()]
            hint = did_you_mean(item.name, names) or "correct the name, or remove the description"
            warnings.append(Problem(item.path, item.line, message, hint))
        if not item.describes:
            continue
        if item.image.startswith("/") and unquote(item.image).lstrip("/") not in published:
            message = f'`image = "{item.image}"` names a file that is not published'
            hint = files.did_you_mean(unquote(item.image).lstrip("/")) or "put the file into the content folder"
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
    return descriptions, aliases, problems, warnings


def _pages_by_edition(item: WrittenDescription, sites: Sequence[Site], base: str) -> dict[str, str]:
    """Return the URL of the page of a term in each edition but the main one, by the path of the edition's home page."""
    pages: dict[str, str] = {}
    for site in sites[1:]:
        group = next((group for group in site.terms[item.taxonomy] if group.slug == item.slug), None)
        if group is not None and group.url and site.url != sites[0].url:
            pages[site.url.removeprefix(base)] = group.url
    return pages


def _by_slug(groups: Iterable[Group]) -> dict[str, Group]:
    """Return groups by their slugs, the first one of several."""
    found: dict[str, Group] = {}
    for group in groups:
        found.setdefault(group.slug, group)
    return found


def _as_entry(item: WrittenDescription) -> Entry:
    """Return a description as a document, whose links are resolved like those of a post."""
    post = Post(item.path, item.name, item.slug, "", "", NO_DATE)
    return Entry(post, "", item.body.references)


def _fill_in(item: WrittenDescription, links: Mapping[str, str], base: str) -> str:
    return fill_in_urls(item.body.html, lambda url: base + url if url.startswith("/") else links.get(url, url))
