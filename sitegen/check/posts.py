"""Checks of the posts: titles, summaries, sources, counts, and whether their pages follow the policies of sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.check.documents.document_facts import Documents
from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.options import CheckLimits
from sitegen.check.pages.page_facts import CheckedPage
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.model import INDEXED, Post

COUNT_PROBLEM = "count-without-provenance"


def check_sitemap_coverage(
    hosting: Hosting, posts: Mapping[str, Post], pages: Mapping[str, CheckedPage], documents: Documents
) -> Iterator[Problem]:
    """Yield the posts that no sitemap lists, though search engines may list them, if there is a sitemap."""
    for path, post in sorted(posts.items()) if documents.mapped else ():
        facts = pages.get(path)
        if path in documents.listed or facts is None or facts.refresh or post.draft or post.policy not in INDEXED:
            continue
        own = all(locate(hosting, path, url).path == path for url in facts.canonicals)
        if own and not {"noindex", "none"} & set(facts.robots.replace(" ", "").split(",")):
            hint = "list it, or let the page say that it is not to be indexed"
            yield page_problem("unlisted-post", path, 0, "no sitemap lists the page of the post", hint)


def check_posts(
    hosting: Hosting, posts: Mapping[str, Post], pages: Mapping[str, CheckedPage], limits: CheckLimits
) -> Iterator[Problem]:
    """Yield the problems of posts: their page, title, summary, source, counts, and the indexing policy."""
    unknown: dict[str, list[str]] = {}
    for path, post in sorted(posts.items()):
        if post.source is not None and not (post.source.policy or post.source.home or post.source.feed):
            unknown.setdefault(post.source.name, []).append(path)
    yield from _check_sources(unknown)
    for path, post in sorted(posts.items()):
        facts = pages.get(path)
        if facts is None:
            hint = "build the site again"
            yield page_problem("missing-page", path, 0, f'the post "{post.title}" has no page in the output', hint)
        else:
            yield from _check_policy(hosting, path, post, facts)
        yield from _check_lengths(path, post, limits)
        yield from _check_source(path, post)
        yield from _check_counts(path, post)


def _check_lengths(path: str, post: Post, limits: CheckLimits) -> Iterator[Problem]:
    if not post.title.strip():
        yield page_problem("post-without-title", path, 0, "the post has no title", "write: title: …", "title")
    elif len(post.title) > limits.title:
        message = f"the title has {len(post.title)} characters, more than {limits.title}"
        yield page_problem("long-post-title", path, 0, message, "shorten it: lists and previews cut it off", "title")
    if len(post.summary) > limits.description:
        message = f"the summary has {len(post.summary)} characters, more than {limits.description}"
        yield page_problem(
            "long-summary", path, 0, message, "shorten it: search engines and previews cut it off", "summary"
        )
    if post.draft:
        message, hint = "the post is a draft, but its page is in the output", "build the site again without drafts"
        yield page_problem("draft-published", path, 0, message, hint, "draft")
    if post.image and not post.image_alt:
        message = f'the post\'s image "{post.image}" has no alternative text'
        yield page_problem("cover-without-alt", path, 0, message, "write: image_alt: what it shows", post.image)


def _check_sources(unknown: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield each source without an entry once, at its first post, and not once for each of its posts."""
    for name, paths in unknown.items():
        more = f" (in {len(paths):,} posts)" if len(paths) > 1 else ""
        message = f"the source `{name}` is not in sources.toml, which says its indexing policy{more}"
        hint = f'add ["{name}"] there, with its url and policy = "original", "excerpt", "syndicated" or "canonical"'
        yield page_problem("source-without-entry", paths[0], 0, message, hint, name)


def _check_source(path: str, post: Post) -> Iterator[Problem]:
    if post.source is None and post.source_url:
        message = "the post has a `source_url`, but no `source`"
        yield page_problem("source-without-name", path, 0, message, "write: source: its name", post.source_url)


def _check_counts(path: str, post: Post) -> Iterator[Problem]:
    for name, count in (("views", post.views), ("comments", post.comments), ("likes", post.likes)):
        if count is not None and not count.parts and not (count.on and count.at):
            lacking = " or ".join(word for word, value in (("who counted", count.on), ("when", count.at)) if not value)
            message = f"the {name} do not say {lacking}"
            hint = "name the platform and the day on which the number was read off"
            yield page_problem(COUNT_PROBLEM, path, 0, message, hint, name)


def drop_known_counts(problems: Iterable[Problem], of_posts: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems of pages, without those of counts in structured data that are reported for their posts."""
    known = {problem.page for problem in of_posts if problem.id == COUNT_PROBLEM}
    yield from (problem for problem in problems if problem.id != COUNT_PROBLEM or problem.page not in known)


def _check_policy(hosting: Hosting, path: str, post: Post, facts: CheckedPage) -> Iterator[Problem]:
    policy = post.policy
    where = f'the source\'s policy is "{policy}", but the page'
    hint = "correct the template, or the policy in sources.toml"
    if policy == "syndicated" and not {"noindex", "none"} & set(facts.robots.replace(" ", "").split(",")):
        message = f'{where} does not say <meta name="robots" content="noindex">'
        yield page_problem("policy-not-kept", path, 0, message, hint)
    elif policy == "canonical" and post.source_url and facts.canonicals != (post.source_url,):
        message = f"{where} does not name {post.source_url} as its canonical URL"
        yield page_problem("policy-not-kept", path, 0, message, hint, post.source_url)
    elif (
        policy in ("excerpt", "syndicated")
        and post.source_url
        and not facts.refresh
        and locate(hosting, path, post.source_url).how == resolve.EXTERNAL
        and locate(hosting, path, post.source_url).path not in {url for url, _ in facts.external}
    ):
        message = f"{where} does not link to {post.source_url}"
        yield page_problem("policy-not-kept", path, 0, message, hint, post.source_url)
    if policy == "original" and not facts.article and not facts.refresh and post.output.startswith("posts/"):
        message = "the post's page has no structured data that says what it is"
        yield page_problem("missing-json-ld", path, 0, message, "let the template write a BlogPosting as JSON-LD")
