"""What the posts themselves leave to be desired, and whether their pages keep their sources' policies."""

from collections.abc import Iterator, Mapping, Sequence

from sitegen.check.documents.links import Documents
from sitegen.check.findings import Fault
from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.options import Limits
from sitegen.check.pages.page_facts import PageFacts
from sitegen.model import INDEXED, Post


def judge_unlisted(
    hosting: Hosting, posts: Mapping[str, Post], pages: Mapping[str, PageFacts], documents: Documents
) -> Iterator[Fault]:
    """Yield the posts that no sitemap lists, though search engines may have them, where there is a sitemap."""
    for path, post in sorted(posts.items()) if documents.mapped else ():
        facts = pages.get(path)
        if path in documents.listed or facts is None or facts.refresh or post.draft or post.policy not in INDEXED:
            continue
        own = all(locate(hosting, path, url).path == path for url in facts.canonicals)
        if own and not {"noindex", "none"} & set(facts.robots.replace(" ", "").split(",")):
            hint = "list it, or let the page say that it is not to be indexed"
            yield Fault("unlisted-post", path, 0, "no sitemap lists the page of the post", hint)


def judge_posts(
    hosting: Hosting, posts: Mapping[str, Post], pages: Mapping[str, PageFacts], limits: Limits
) -> Iterator[Fault]:
    """Yield the faults of posts: their page, title, summary, source, counts, and the indexing policy."""
    unknown: dict[str, list[str]] = {}
    for path, post in sorted(posts.items()):
        if post.source is not None and not (post.source.policy or post.source.home or post.source.feed):
            unknown.setdefault(post.source.name, []).append(path)
    yield from _judge_sources(unknown)
    for path, post in sorted(posts.items()):
        facts = pages.get(path)
        if facts is None:
            hint = "build the site again"
            yield Fault("missing-page", path, 0, f'the post "{post.title}" has no page in the output', hint)
        else:
            yield from _judge_policy(hosting, path, post, facts)
        yield from _judge_words(path, post, limits)
        yield from _judge_source(path, post)
        yield from _judge_counts(path, post)


def _judge_words(path: str, post: Post, limits: Limits) -> Iterator[Fault]:
    if not post.title.strip():
        yield Fault("post-without-title", path, 0, "the post has no title", "write: title: …", "title")
    elif len(post.title) > limits.title:
        message = f"the title has {len(post.title)} characters, more than {limits.title}"
        yield Fault("long-post-title", path, 0, message, "shorten it: lists and previews cut it off", "title")
    if len(post.summary) > limits.description:
        message = f"the summary has {len(post.summary)} characters, more than {limits.description}"
        yield Fault("long-summary", path, 0, message, "shorten it: search engines and previews cut it off", "summary")
    if post.draft:
        message, hint = "the post is a draft, and its page stands in the output", "build the site again without drafts"
        yield Fault("draft-published", path, 0, message, hint, "draft")
    if post.image and not post.image_alt:
        message = f'the post\'s picture "{post.image}" has no alternative text'
        yield Fault("cover-without-alt", path, 0, message, "write: image_alt: what it shows", post.image)


def _judge_sources(unknown: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Yield each source without an entry once, at its first post, and not once for each of its posts."""
    for name, paths in unknown.items():
        more = f" (in {len(paths):,} posts)" if len(paths) > 1 else ""
        message = f"the source `{name}` is not in sources.toml, which says its indexing policy{more}"
        hint = f'add ["{name}"] there, with its url and policy = "original", "excerpt", "syndicated" or "canonical"'
        yield Fault("source-without-entry", paths[0], 0, message, hint, name)


def _judge_source(path: str, post: Post) -> Iterator[Fault]:
    if post.source is None and post.source_url:
        message = "the post names the address where it first stood, but not its source"
        yield Fault("source-without-name", path, 0, message, "write: source: its name", post.source_url)


def _judge_counts(path: str, post: Post) -> Iterator[Fault]:
    for name, count in (("views", post.views), ("comments", post.comments)):
        if count is not None and not (count.on and count.at):
            lacking = " or ".join(word for word, value in (("who counted", count.on), ("when", count.at)) if not value)
            message = f"the {name} do not say {lacking}"
            hint = "name the platform and the day on which the number was read off"
            yield Fault("count-without-provenance", path, 0, message, hint, name)


def _judge_policy(hosting: Hosting, path: str, post: Post, facts: PageFacts) -> Iterator[Fault]:
    policy = post.policy
    where = f'the source\'s policy is "{policy}", but the page'
    hint = "correct the template, or the policy in sources.toml"
    if policy == "syndicated" and not {"noindex", "none"} & set(facts.robots.replace(" ", "").split(",")):
        message = f'{where} does not say <meta name="robots" content="noindex">'
        yield Fault("policy-not-kept", path, 0, message, hint)
    elif policy == "canonical" and post.source_url and facts.canonicals != (post.source_url,):
        message = f"{where} does not name {post.source_url} as its canonical address"
        yield Fault("policy-not-kept", path, 0, message, hint, post.source_url)
    elif (
        policy in ("excerpt", "syndicated")
        and post.source_url
        and not facts.refresh
        and locate(hosting, path, post.source_url).how == resolve.EXTERNAL
        and locate(hosting, path, post.source_url).path not in {url for url, _ in facts.external}
    ):
        message = f"{where} does not link to {post.source_url}"
        yield Fault("policy-not-kept", path, 0, message, hint, post.source_url)
    if policy == "original" and not facts.article and not facts.refresh and post.output.startswith("posts/"):
        message = "the post's page has no structured data that says what it is"
        yield Fault("missing-json-ld", path, 0, message, "let the template write a BlogPosting as JSON-LD")
