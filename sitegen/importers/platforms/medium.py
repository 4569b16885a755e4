"""Imports exports of Medium: a folder `posts` with an HTML page for each story."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen.formats.dates import date_in_name, read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.html_tree import Element, drop_all, find_class, has_class, make, parse, replace, words
from sitegen.importers.convert.normalize import fold_title

_DATA_FIELDS = ("body", "subtitle", "title")
_ID_SUFFIX = re.compile(r"(?<!-)-++([0-9a-f]{8,12})\Z")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each story; drafts and responses to other stories become drafts."""
    for name in archive.find("*.html"):
        try:
            yield from _read_story(name, read_text(archive, name), options)
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))


def _read_story(name: str, text: str, options: Options) -> Iterator[Item]:
    where = Location(name)
    tree = parse(text, Counter())
    body = next((element for element in tree.iter("section") if element.get("data-field") == "body"), None)
    if body is None:
        yield Skipped(where, "it contains no story")
        return
    stem = name.rsplit("/", 1)[-1].removesuffix(".html")
    draft = stem.startswith("draft_")
    day, rest = date_in_name(stem.removeprefix("draft_"))
    time_elements = find_class(tree, "dt-published", tag="time")
    written = (time_elements[0].get("datetime") or words(time_elements[0])) if time_elements else day
    date = None
    try:
        date = read_date(written, options.zone, options.date_order) if written and not draft else None
    except ValueError as error:
        yield Note(where, str(error))
    canonical = next((link.get("href") or "" for link in find_class(tree, "p-canonical", tag="a")), "")
    path = urlsplit(canonical).path
    title = next((words(element) for element in find_class(tree, "p-name")), "")
    subtitle = next((words(element) for element in tree.iter("section") if element.get("data-field") == "subtitle"), "")
    authors = tuple(words(element) for element in find_class(tree, "p-author") if words(element))
    tags = tuple(words(element) for element in find_class(tree, "p-tag", "p-category") if words(element))
    response = _is_response(body, title)
    reason = "it was a draft" if draft else ""
    if not reason and response:
        reason = "it looks like a response to another story: it has no title of its own"
    found = _ID_SUFFIX.search(path.rsplit("/", 1)[-1]) or _ID_SUFFIX.search(rest)
    yield ImportedPost(
        where=where,
        title=title or rest.replace("-", " "),
        body=HtmlBody(text, canonical, clean),
        date=date or options.date,
        slug=_ID_SUFFIX.sub("", path.rsplit("/", 1)[-1]),
        id=f"https://medium.com/p/{found[1]}" if found else canonical,
        key=found[1] if found else stem,
        authors=authors,
        tags=tags,
        summary=subtitle,
        image=next((_image_url(image) for image in body.iter("img") if image.get("data-is-featured") == "true"), ""),
        draft=reason,
        aliases=(path,) if path.strip("/") else (),
        params=FrozenDict({"kind": "response"} if response else {}),
    )


def _image_url(image: Element) -> str:
    """Return the URL of an image on its original host, otherwise on Medium."""
    return image.get("data-external-src") or image.get("src") or ""


def _is_response(body: Element, title: str) -> bool:
    """Return whether a story has no title, but its first words as a name, as responses do."""
    if find_class(body, "graf--title"):
        return False
    start, called = fold_title(words(body)), fold_title(title)
    return bool(called) and start.startswith(called)


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Reduce a page to the body of the story, without repeated titles and the rule before the text."""
    body = next((element for element in tree.iter("section") if element.get("data-field") == "body"), None)
    if body is None:
        return
    for part in tree.iter():
        name = part.get("data-field")
        if name and name not in _DATA_FIELDS and words(part):
            dropped[f"field {name[:60]} of the page"] += 1
    body_elements = {*body.iterancestors(), *body.iter()}
    for part in tree.iter("p", "h1", "h2", "h3", "h4", "blockquote", "figure", "aside", "pre", "li"):
        if part not in body_elements and not {"header", "footer", "section"} & {
            str(one.tag) for one in part.iterancestors()
        }:
            dropped[f"<{part.tag}> outside of the story"] += 1
    body.tail = None
    tree[:] = [body]
    tree.text = None
    drop_all(find_class(body, "graf--title")[:1], "title repeated in the text", dropped)
    drop_all(find_class(body, "graf--subtitle")[:1], "subtitle repeated in the text", dropped)
    dividers = find_class(body, "section-divider")
    drop_all([rule for rule in dividers[:1] if not _has_text_before(body, rule)], "rule before the text", dropped)
    for card in find_class(body, "graf--mixtapeEmbed", "graf--mixtape"):
        _replace_card(card)
    for image in body.iter("img"):
        if has_class(image, "graf-image") and image.get("data-external-src"):
            image.set("src", _image_url(image))


def _has_text_before(body: Element, rule: Element) -> bool:
    for element in body.iter():
        if element is rule:
            return False
        if (element.text or "").strip():
            return True
    return False


def _replace_card(card: Element) -> None:
    """Replace the card of a linked page with a paragraph that contains the link."""
    link = next((one for one in card.iter("a") if words(one)), None)
    if link is not None:
        strong = next(link.iter("strong", "h3"), None)
        label = words(strong) if strong is not None and words(strong) else words(link)
        replace(card, make("p", "", make("a", label, href=link.get("href") or "")))
