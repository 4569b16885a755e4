"""Plans every feed of a site: its documents, their URLs, and the posts of each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.discussion import Discussion
from sitegen.config.editions import find_editions
from sitegen.config.i18n import make_finder
from sitegen.config.post_types import find_types
from sitegen.config.schema import FORMATS, Config, archive_formats, base_path, feed_formats
from sitegen.config.taxonomies import Taxonomy, find_own_taxonomies, find_taxonomies
from sitegen.feeds.types import COMMENT_FEEDS, MEDIA_TYPES, Feed, FeedDiscussion, OpmlOutline
from sitegen.formats.site_urls import SAFE, folder_of, site_url
from sitegen.model import FeedLink, Group, Post, Site

MAX_COMMENTS = 50
"""The number of comments in a feed of comments."""

MAX_ARCHIVE_POSTS = 100
"""The number of posts in an archive document; a year with more has several."""

ARCHIVE_NAME = "[0-9]{4}(?:-[0-9]+)?"
"""An expression for the names that `split_archive` gives to archive documents."""


class Subject(Struct, frozen=True):
    """A subject of feeds: the site, a term of a taxonomy, a type of posts or a language; `folder` holds its feeds.

    `size` is the number of posts in its feeds, `formats` are the feeds' formats, `archives` says whether they have
    archive documents, `full` whether they contain whole posts.
    """

    kind: str
    name: str
    title: str
    home: str
    folder: str
    language: str
    posts: tuple[Post, ...]
    size: int
    formats: tuple[str, ...]
    archives: bool
    full: bool


class ArchiveDocument(Struct, frozen=True):
    """The posts of an archive document, newest first; `name` is its part of the URL, such as "2023" or "2023-2"."""

    name: str
    title: str
    posts: tuple[Post, ...]


def plan_feeds(
    config: Config,
    site: Site,
    discussions: Mapping[str, Discussion] | None = None,
    guids: Mapping[str, str] | None = None,
) -> list[Feed]:
    """Return every feed document of the site: subscriptions, archives by year (RFC 5005), and the OPML of them all.

    Feeds of comments follow, from the discussions that pages show; these and the guids are by the post's path.
    """
    subjects = list(find_subjects(config, site))
    feeds, archives = list[Feed](), list[Feed]()
    for subject in subjects:
        documents = split_archive(subject.posts) if subject.archives else []
        newest = list(plan_newest(config, site, subject, documents))
        feeds += newest
        archives += plan_archives(config, subject, newest, documents)
    feeds += archives
    if feeds and config.urls.opml:
        feeds.append(plan_outlines(config, site, subjects))
    if discussions and config.urls.comments_feed:
        feeds += plan_comment_feeds(config, site, discussions, guids or {})
    return feeds


def plan_comment_feeds(
    config: Config, site: Site, discussions: Mapping[str, Discussion], guids: Mapping[str, str]
) -> Iterator[Feed]:
    """Yield the feed of the newest comments of the site, then those of its posts if the config asks for them.

    Comments without a date are in no feed. The feed of the site contains the discussions with the newest comments: so
    many that the newest MAX_COMMENTS are among them.
    """
    dated = [
        FeedDiscussion(post, guids.get(post.path, ""), discussion)
        for post in (*site.documents, *site.pages)
        if (discussion := discussions.get(post.path)) is not None and discussion.newest is not None
    ]
    if not dated:
        return
    words = make_finder(config.language, config.theme.words)("")
    url = site_url(config.urls.comments_feed, base_path(config))
    title = words.fill("comments_on", title=site.title)
    newest = nlargest(MAX_COMMENTS, dated, key=lambda item: (item.discussion.newest or 0, item.post.path))
    feed = Feed(
        path=locate(config, url),
        url=url,
        kind="rss",
        title=title,
        description=title,
        home=site.url,
        language=site.language,
        subject="comments",
        discussions=tuple(newest),
    )
    yield feed
    for item in dated if config.feeds.post_comments else ():
        url, post = comments_feed_url(config, item.post), item.post
        title = words.fill("comments_on", title=post.title)
        yield replace(
            feed,
            path=locate(config, url),
            url=url,
            title=title,
            description=title,
            home=post.url,
            subject="post-comments",
            name=post.path,
            discussions=(item,),
        )


def comments_feed_url(config: Config, post: Post) -> str:
    """Return the site path of the feed of the comments on a post."""
    return folder_of(post.url) + quote(config.urls.comments_feed.rstrip("/").rpartition("/")[2], safe=SAFE)


def find_subjects(config: Config, site: Site) -> Iterator[Subject]:
    """Yield the subjects of a site's feeds, the site itself first."""
    formats = feed_formats(config)
    size = config.feeds.posts
    archives = config.feeds.archives and has_archives(site.posts, size)
    full = config.feeds.full
    yield Subject("site", "", site.title, site.url, "", site.language, site.posts, size, formats, archives, full)
    of_terms = min(config.feeds.group_posts, size)
    for taxonomy in find_taxonomies(config):
        for group in site.terms[taxonomy.name] if taxonomy.feeds else ():
            if group.url:
                subject = describe(config, site, taxonomy.page_type, _newest_first(group, taxonomy), of_terms)
                yield replace(subject, full=full and config.feeds.group_full)
    for post_type in find_types(config.types):
        group = site.types[post_type.name]
        if post_type.feed and group.posts:
            home = group.url or site.url
            folder = group.url or site_url(f"/{post_type.name}/", base_path(config))
            newest = tuple(sorted(group.posts, key=lambda post: (post.date, post.path), reverse=True))
            subject = describe(config, site, post_type.name, replace(group, url=folder, posts=newest), size)
            yield replace(subject, home=home)
    if not config.feeds.groups:
        return
    spoken: dict[str, list[Post]] = {}
    for post in site.posts:
        spoken.setdefault(post.language or site.language, []).append(post)
    for language, posts in sorted(spoken.items()):
        if len(spoken) > 1 and config.urls.language_feeds:
            folder = site_url(config.urls.language_feeds.replace("{slug}", language.lower()), base_path(config))
            group = Group(language, language, folder, tuple(posts))
            subject = describe(config, site, "language", group, size)
            yield replace(subject, home=site.url, language=language, formats=formats)


def _newest_first(group: Group, taxonomy: Taxonomy) -> Group:
    """Return a group with its posts in the order of feeds."""
    if not taxonomy.is_own:
        return group
    return replace(group, posts=tuple(sorted(group.posts, key=lambda post: (post.date, post.path), reverse=True)))


def describe(config: Config, site: Site, kind: str, group: Group, size: int) -> Subject:
    """Return a group as a subject whose feeds hold a number of posts; they are below the URL of its page."""
    folder = folder_of(group.url)
    title = f"{site.title}: {group.name}"
    wanted = feed_formats(config)
    formats = tuple(name for name in wanted if name in config.feeds.group_formats) or wanted[:1]
    archives = config.feeds.archives and config.feeds.group_archives and has_archives(group.posts, size)
    return Subject(
        kind,
        group.name,
        title,
        group.url,
        folder,
        site.language,
        group.posts,
        size,
        formats,
        archives,
        config.feeds.full,
    )


def has_archives(posts: Sequence[Post], size: int) -> bool:
    """Return whether posts need archive documents: not if they are of one year and a feed of `size` holds them all."""
    return len(posts) > size or len({year_of(post) for post in posts}) > 1


def split_archive(posts: Iterable[Post]) -> list[ArchiveDocument]:
    """Return the archive documents of some posts, the newest first; `posts` are newest first.

    A document holds the posts of one calendar year, at most MAX_ARCHIVE_POSTS. Those of a year are counted from its
    oldest post, so that a new post changes the last one only, and no document ever gets another URL.
    """
    by_year: dict[str, list[Post]] = {}
    for post in posts:
        by_year.setdefault(year_of(post), []).append(post)
    documents = []
    for year in sorted(by_year, reverse=True):
        of_year = by_year[year]
        for number in range(-(-len(of_year) // MAX_ARCHIVE_POSTS), 0, -1):
            end = len(of_year) - (number - 1) * MAX_ARCHIVE_POSTS
            some = tuple(of_year[max(0, end - MAX_ARCHIVE_POSTS) : end])
            name, title = (f"{year}-{number}", f"{year}, {number}") if number > 1 else (year, year)
            documents.append(ArchiveDocument(name, title, some))
    return documents


def compile_archive_paths(config: Config, formats: Iterable[str] = FORMATS) -> re.Pattern[str]:
    """Return an expression for the paths of archive documents in some formats, of each edition of the site.

    The formats need not be among those of the config: archive documents of others may have been published before.
    """
    patterns: list[str] = []
    for edition in find_editions(config):
        urls = edition.config.urls
        for name in formats:
            if url := {"rss": urls.feed_archive, "atom": urls.atom_archive, "json": urls.json_archive}[name]:
                path = locate(edition.config, site_url(url, base_path(edition.config)))
                first, *others = re.escape(path).split(re.escape("{year}"))
                group = f"document{len(patterns)}"
                patterns.append(f"{first}(?P<{group}>{ARCHIVE_NAME}){f'(?P={group})'.join(others)}")
    return re.compile("|".join(patterns) or r"(?!)")


def plan_newest(config: Config, site: Site, subject: Subject, documents: Sequence[ArchiveDocument]) -> Iterator[Feed]:
    """Yield the feeds with the newest posts of a subject, one for each format.

    `documents` are those of its archive, the newest first.
    """
    with_archives = archive_formats(config, subject.formats) if documents else ()
    for kind in subject.formats:
        archived = kind in with_archives
        url = address(config, subject, kind)
        yield Feed(
            path=locate(config, url),
            url=url,
            kind=kind,
            title=subject.title,
            description=site.description or subject.title,
            home=subject.home,
            language=subject.language,
            subject=subject.kind,
            name=subject.name,
            posts=subject.posts[: subject.size],
            previous=address(config, subject, kind, documents[0].name) if archived else "",
            complete=not archived and len(subject.posts) <= subject.size,
            full=subject.full,
        )


def plan_archives(
    config: Config, subject: Subject, newest: Iterable[Feed], documents: Sequence[ArchiveDocument]
) -> Iterator[Feed]:
    """Yield the archive documents of a subject for those of its feeds that have archives, the newest first (RFC 5005).

    The formats of a document follow each other, because their content is computed once.
    """
    with_archives = [feed for feed in newest if feed.previous]
    for position, document in enumerate(documents):
        older, newer = documents[position + 1 : position + 2], documents[max(0, position - 1) : position]
        for feed in with_archives:
            url = address(config, subject, feed.kind, document.name)
            yield replace(
                feed,
                path=locate(config, url),
                url=url,
                title=f"{subject.title} ({document.title})",
                posts=document.posts,
                archive=document.name,
                current=feed.url,
                previous=address(config, subject, feed.kind, older[0].name) if older else "",
                next=address(config, subject, feed.kind, newer[0].name) if newer else "",
            )


def year_of(post: Post) -> str:
    """Return the calendar year of a post, in the zone of its date."""
    return f"{post.date.year:04}"


def address(config: Config, subject: Subject, kind: str, archive: str = "") -> str:
    """Return the site path of a subject's feed in one format, or of its archive document of a name."""
    urls = config.urls
    patterns = {"rss": urls.feed, "atom": urls.atom, "json": urls.json_feed}
    archives = {"rss": urls.feed_archive, "atom": urls.atom_archive, "json": urls.json_archive}
    pattern = archives[kind].replace("{year}", archive) if archive else patterns[kind]
    if subject.kind == "site":
        return site_url(pattern, base_path(config))
    return subject.folder + quote(pattern.rstrip("/").rpartition("/")[2], safe=SAFE)


def locate(config: Config, url: str) -> str:
    """Return the output file of a feed's site path; a folder's is its index.xml."""
    path = unquote(url.removeprefix(base_path(config))).lstrip("/")
    return f"{path}index.xml" if path.endswith("/") or not path else path


def plan_outlines(config: Config, site: Site, subjects: Iterable[Subject]) -> Feed:
    """Return the OPML document that lists each subject once, in the first format that feed readers import."""
    url = site_url(config.urls.opml, base_path(config))
    of_types = {item.name for item in find_types(config.types)}
    folders = {item.page_type: item.title for item in find_own_taxonomies(config.taxonomies)}
    return Feed(
        path=locate(config, url),
        url=url,
        kind="opml",
        title=site.title,
        description=site.description,
        home=site.url,
        language=site.language,
        outlines=tuple(
            OpmlOutline(
                subject.name or subject.title,
                "site" if subject.kind in of_types else subject.kind,
                kind,
                address(config, subject, kind),
                subject.home,
                folders.get(subject.kind, ""),
            )
            for subject in subjects
            for kind in sorted(subject.formats, key="json".__eq__)[:1]
        ),
    )


def feed_links(feeds: Iterable[Feed]) -> dict[str, tuple[FeedLink, ...]]:
    """Return the links (`<link rel="alternate">`) of each page with feeds of its own, by its site path."""
    links: dict[str, list[FeedLink]] = {}
    for feed in feeds:
        if feed.kind != "opml" and not feed.archive and feed.subject not in COMMENT_FEEDS:
            links.setdefault(feed.home, []).append(FeedLink(feed.title, MEDIA_TYPES[feed.kind], feed.url))
    return {home: tuple(found) for home, found in links.items()}
