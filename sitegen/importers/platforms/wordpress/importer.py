"""Imports WordPress exports (WXR) of one or several files, also those of Squarespace."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote, urljoin, urlsplit

from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.readers import read_language
from sitegen.formats.dates import read_date
from sitegen.formats.delimiters import replace_closed
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.html_elements import names
from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import CATEGORIES, Dropped, HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.platforms.recognise import is_wordpress_export
from sitegen.importers.platforms.wordpress.blocks import write_blocks
from sitegen.importers.platforms.wordpress.classic_editor import add_paragraphs, is_classic, link_bare_lines
from sitegen.importers.platforms.wordpress.clean_html import clean
from sitegen.importers.platforms.wordpress.comments import read_comments
from sitegen.importers.platforms.wordpress.footnotes import add_footnotes
from sitegen.importers.platforms.wordpress.shortcodes import write_shortcodes
from sitegen.importers.platforms.wordpress.terms import BASES, find_terms, read_tags, read_taxonomies
from sitegen.importers.platforms.wordpress.wxr import CATEGORY, Channel, WxrItem, read_wxr
from sitegen.importers.suggest_settings import PostCounts, section_name, suggest_site, suggest_taxonomies, suggest_types
from sitegen.model import Count

_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h\d)\b[^>]*+(?:>|(?P<unclosed>\Z))")
_TAG = re.compile(r"<[^>]++(?:>|(?P<unclosed>\Z))")
_LINK = re.compile(r"""(?<=\bhref=["'])[^"'<>]++""")
_FILE_QUERY = re.compile(r"[?&]attachment_id=(\d+)")
_URL_START = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
PLATFORM = "WordPress"
INTERNAL_TYPES = names(
    "nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template"
    " wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face feedback acf-field acf-field-group"
    " elementor_library wpcf7_contact_form shop_order amp_validated_url"
)
"""Types of items that are not pages of the site."""

_SHARED_TYPES = frozenset(("attachment", "wp_block"))
"""Types of items that posts refer to."""

TYPE_KEY = "kind"
"""The key with the name of a post's custom type."""

VIEW_KEYS = ("views", "post_views_count", "_post_views", "post_views", "wpb_post_views_count", "_wp_page_views")
LIKE_KEYS = ("_liked", "_post_like_count", "_zilla_likes")
"""Where WP ULike, the Post Like System and ZillaLikes store the number of likes."""
DRAFT_REASONS = {
    "draft": "it is a draft in WordPress",
    "pending": "it is pending review in WordPress",
    "future": "it was scheduled in WordPress",
    "private": "it is private in WordPress",
}


@dataclass(frozen=True, slots=True)
class _SharedData:
    """Data for the posts of all files: the media library and reusable blocks by id, and authors by login.

    `file_pages` has the file of each page of the media library, by the comparable URL of the page.
    """

    attachments: dict[str, str] = field(default_factory=dict)
    file_pages: dict[str, str] = field(default_factory=dict)
    alt_texts: dict[str, str] = field(default_factory=dict)
    reusable: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield the posts of all files, their terms, and settings for their types and taxonomies."""
    counts = PostCounts()
    yield from counts.watch(_read_files(archive, options))
    taxonomies = [key for key in counts.params if key != TYPE_KEY]
    yield from suggest_taxonomies(taxonomies, counts, {CATEGORIES: {"url": f"/{BASES[CATEGORY]}/{{slug}}/"}})
    yield from suggest_types(counts, (), {}, {}, {})


def _read_files(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield the posts of all files, after reading the authors, the media library and reusable blocks of all files."""
    names = [name for name in archive.find("*.xml", "*.wxr") if is_wordpress_export(archive, name)]
    channels = {name: Channel() for name in names}
    shared = _SharedData()
    for name in names:
        for item in read_wxr(archive, name, channels[name], _SHARED_TYPES):
            if isinstance(item, WxrItem) and item.get("post_type") == "wp_block":
                shared.reusable[item.get("post_id")] = item.content
            if isinstance(item, WxrItem) and item.get("post_type") == "attachment":
                file = shared.attachments[item.get("post_id")] = item.get("attachment_url") or item.get("guid")
                if link := item.get("link"):
                    shared.file_pages[_comparable(urljoin(channels[name].url, link))] = file
                if alt_text := str(item.meta.get("_wp_attachment_image_alt") or "").strip():
                    shared.alt_texts[item.get("post_id")] = alt_text
        shared.authors.update(channels[name].authors)
    keys = {key: key for key in ("title", "description", "language")}
    yield from (suggest_site(channel.settings, **keys) for channel in channels.values())
    unknown: Counter[str] = Counter()
    for name in names:
        for item in read_wxr(archive, name, channels[name]):
            if isinstance(item, Note):
                yield item
            else:
                yield from _read_item(item, channels[name], shared, options, unknown)
        for tag, where in channels[name].dropped.items():
            yield Dropped(where, f"`{tag}` of the channel")
        yield from find_terms(channels[name])
        if unknown:
            listed = ", ".join(f"[{code}] {count}×" for code, count in sorted(unknown.items()))
            yield Note(Location(name), f"shortcodes of plugins were imported as text: {listed}")
            unknown.clear()


def _read_item(
    item: WxrItem,
    channel: Channel,
    shared: _SharedData,
    options: Options,
    unknown: Counter[str],
) -> Iterator[Item]:
    post_type, status = item.get("post_type") or "post", item.get("status") or "publish"
    title = html.unescape(item.get("title"))
    shown = f'"{title or item.get("post_id")}"'
    if reason := _reason_to_skip(item, post_type, status):
        yield Skipped(item.where, f"{shown} {reason}")
        return
    warnings: list[str] = []
    date = _parse_date(item, "post_date", options.zone, warnings)
    link = urljoin(channel.url, item.get("link"))
    path = urlsplit(link).path if "?" not in link else ""
    draft = DRAFT_REASONS.get(status, "")
    if item.get("post_password"):
        draft = draft or "it is protected by a password in WordPress"
    thumbnail = str(item.meta.get("_thumbnail_id") or "").strip()
    content = add_footnotes(item.content, str(item.meta.get("footnotes") or ""), warnings)
    taxonomies, dropped = read_taxonomies(item)
    content = write_blocks(content, shared.reusable, dropped)
    text = write_shortcodes(content, shared.attachments, unknown, dropped)
    text = add_paragraphs(text) if is_classic(item.content) else link_bare_lines(text)
    text = _link_files(text, shared, channel.url)
    modified = _parse_date(item, "post_modified", options.zone, [])
    discussion = tuple(read_comments(item.comments, item.where, link, options.zone, dropped))
    comments = sum(1 for comment in discussion if comment.type == "comment")
    platform = "Squarespace" if "squarespace" in channel.generator.casefold() else PLATFORM
    author = item.get("creator")
    is_custom = post_type not in ("post", "page")
    yield ImportedPost(
        where=item.where,
        page=post_type == "page",
        title=title,
        body=HtmlBody(text, link if path else channel.url, clean),
        date=date,
        updated=modified if modified and date and modified > date else None,
        slug=unquote(item.get("post_name")).strip("/").rsplit("/", 1)[-1],
        id=item.get("guid") or link,
        key=item.get("guid") or link,
        # Squarespace uses e-mail addresses as names of authors: they must not be published.
        authors=(shared.authors.get(author, author).partition("@")[0],) if author else (),
        views=_read_count(item, VIEW_KEYS),
        comments=Count(comments, platform) if item.comments else None,
        likes=_read_count(item, LIKE_KEYS),
        tags=read_tags(item),
        categories=read_tags(item, (CATEGORY,)),
        summary=_plain_text(item.excerpt),
        image=shared.attachments.get(thumbnail, ""),
        image_alt=shared.alt_texts.get(thumbnail, ""),
        draft=draft,
        aliases=(unquote(path),) if path.strip("/") and status != "draft" else (),
        urls=(link,),
        language=_read_language(item),
        translation_key=item.translations or str(item.meta.get("_wpml_import_translation_group") or "").strip(),
        params=FrozenDict({TYPE_KEY: post_type} | taxonomies if is_custom else taxonomies),
        section=section_name(post_type) if is_custom else "",
        dropped=FrozenDict(dropped),
        records=(item.fields, item.meta),
        discussion=discussion,
        platform=platform,
    )
    for warning in warnings:
        yield Note(item.where, warning)


def _link_files(text: str, shared: _SharedData, base: str) -> str:
    """Return HTML whose links to pages of the media library lead to their files: the new site has no such pages.

    `base` is the URL of the old site, for links that begin with a slash.
    """

    def change(found: re.Match[str]) -> str:
        url = html.unescape(found[0])
        url = urljoin(base, url) if url.startswith("/") else url
        number = _FILE_QUERY.search(url)
        file = shared.attachments.get(number[1], "") if number else shared.file_pages.get(_comparable(url), "")
        return html.escape(file) or found[0]

    return _LINK.sub(change, text) if shared.file_pages else text


def _comparable(url: str) -> str:
    """Return a URL without the parts in which those of one page differ."""
    return _URL_START.sub("", url.partition("#")[0]).rstrip("/")


def _reason_to_skip(item: WxrItem, post_type: str, status: str) -> str:
    if item.cut_off:
        return "is cut off with the end of the file"
    if post_type == "attachment":
        return "is a file of the media library, not a post"
    if post_type in INTERNAL_TYPES:
        return f"is an internal {post_type}, not a post"
    if status == "trash":
        return "is in the trash"
    if status in ("auto-draft", "inherit"):
        return f"is an {status}, not a post"
    return "" if item.content.strip() or item.get("title") else "has neither a title nor content"


def _parse_date(item: WxrItem, name: str, zone: tzinfo, warnings: list[str]) -> datetime | None:
    """Return a date in the time zone of the site: WordPress stores local time and UTC, with zeros for no date."""
    shown, utc_text = item.get(name), item.get(f"{name}_gmt")
    try:
        local = read_date(shown, UTC) if shown and not shown.startswith("0000") else None
        utc = read_date(utc_text, UTC) if utc_text and not utc_text.startswith("0000") else None
        if local is None and utc is None and name == "post_date" and "-0001" not in item.get("pubDate"):
            return read_date(item.get("pubDate"), zone) if item.get("pubDate") else None
    except ValueError as error:
        warnings.append(str(error))
        return None
    if utc is None:
        return local.replace(tzinfo=zone) if local else None
    offset = (local - utc) if local else timedelta(0)
    if offset and abs(offset) <= timedelta(hours=14) and not offset % timedelta(minutes=15):
        return utc.astimezone(timezone(offset))
    return utc


def _read_count(item: WxrItem, keys: tuple[str, ...]) -> Count | None:
    """Return the first number that a plugin has stored under one of the keys."""
    for name in keys:
        if value := str(item.meta.get(name) or "").strip():
            try:
                return Count(read_count(value).count, PLATFORM)
            except ValueError:
                continue
    return None


def _read_language(item: WxrItem) -> str:
    """Return the language that Polylang, or the export of WPML, gives a post, "" if it is not a language tag."""
    written = item.language or str(item.meta.get("_wpml_import_language_code") or "").strip()
    try:
        return read_language(written) if written else ""
    except ValueError:
        return ""


def _plain_text(text: str) -> str:
    spaced = replace_closed(_BLOCK_TAG, " ", text)
    return " ".join(html.unescape(replace_closed(_TAG, "", spaced)).split())
