"""Medium: responses to a story, in answers of its API saved as JSON, or in a saved page.

Shapes from public clients of the API: `threadedPostResponses` of the GraphQL API, the list of posts of the older API
(`/_/api/posts/ID/responses`, behind a prefix that stops scripts), and the cache of a page (`__APOLLO_STATE__`), whose
objects refer to each other.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from itertools import pairwise
from typing import Any

from sitegen.importers.base import Location
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    number_of,
    text_of,
    time_of,
)

PREFIX = "])}while(1);</x>"
"""What the older API writes before its JSON."""

Value = Mapping[str, Any]

_STATE = re.compile(r"window\.__APOLLO_STATE__\s*+=\s*+(?=\{)")
_BLOCKS = {
    "H2": "h2", "H3": "h3", "H4": "h4", "BQ": "blockquote", "PQ": "blockquote", "PRE": "pre", "ULI": "li", "OLI": "li",
    "2": "h2", "3": "h3", "13": "h4", "6": "blockquote", "7": "blockquote", "8": "pre", "9": "li", "10": "li",
}  # fmt: skip
"""The element of each type of paragraph, which the older API writes as a number."""

_LISTS = {"ULI": "ul", "9": "ul", "OLI": "ol", "10": "ol"}
_IMAGES = frozenset(("IMG", "4"))
_MARKS = {
    "STRONG": "strong", "EM": "em", "CODE": "code", "STRIKE": "del", "1": "strong", "2": "em", "10": "code",
}  # fmt: skip
_LINKS = frozenset(("A", "3"))


def is_graphql(value: Value) -> bool:
    """Return whether a JSON value is an answer of the GraphQL API with responses, or a list of such answers."""
    return any("threadedPostResponses" in _post_of(answer) for answer in _answers(value))


def is_api(value: Value) -> bool:
    """Return whether a JSON value is an answer of the older API with posts."""
    payload = map_of(value.get("payload"))
    return isinstance(payload.get("value"), list) and "User" in map_of(payload.get("references"))


def find_state(text: str) -> Value | None:
    """Return the cache of a saved page, None if there is none."""
    found = _STATE.search(text)
    if found is None:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text, found.end())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) else None


def read_graphql(value: Value, name: str) -> CommentExport:
    """Return the responses in answers of the GraphQL API."""
    export = CommentExport("Medium")
    for answer in _answers(value):
        post = _post_of(answer)
        _read_thread(post, {}, export, name)
    return export


def read_state(state: Value, name: str) -> CommentExport:
    """Return the responses in the cache of a saved page."""
    export = CommentExport("Medium")
    for key, value in state.items():
        post = map_of(value)
        # The story itself is the one that answers no other; the cache also has the responses, with their own threads.
        if key.startswith("Post:") and _field(post, "threadedPostResponses") and not _parent_of(post):
            _read_thread(post, state, export, name)
    return export


def read_api(value: Value, name: str) -> CommentExport:
    """Return the responses in an answer of the older API."""
    export = CommentExport("Medium")
    payload = map_of(value.get("payload"))
    people = map_of(map_of(payload.get("references")).get("User"))
    rows = [row for row in list_of(payload.get("value")) if text_of(row, "inResponseToPostId")]
    known = {text_of(row, "id"): row for row in rows}
    for row in rows:
        above, seen = row, set[str]()
        while (parent := text_of(above, "inResponseToPostId")) in known and parent not in seen:
            seen.add(parent)
            above = known[parent]
        author = map_of(people.get(text_of(row, "creatorId")))
        of_row = text_of(row, "inResponseToPostId")
        _add(export, row, author, {}, name, _reference(parent), of_row if of_row in known else "")
    return export


def _answers(value: Value) -> list[Value]:
    return list_of(value.get("items")) or [value]


def _post_of(answer: Value) -> Value:
    return map_of(map_of(answer.get("data")).get("post"))


def _read_thread(post: Value, state: Value, export: CommentExport, name: str) -> None:
    """Add the responses to a story and to each other, without recursion: threads can be deep."""
    reference = _reference(text_of(post, "id"), text_of(post, "mediumUrl", "canonicalUrl"), text_of(post, "title"))
    count = number_of(_resolve(post.get("postResponses"), state).get("count")) or number_of(post.get("responsesCount"))
    export.totals[reference.shown, ""] = count
    waiting = [(row, "") for row in reversed(_replies_of(post, state))]
    seen: set[str] = set()
    while waiting:
        row, parent = waiting.pop()
        key = text_of(row, "id")
        if key in seen:
            continue
        seen.add(key)
        waiting += [(reply, key) for reply in reversed(_replies_of(row, state))]
        _add(export, row, _resolve(row.get("creator"), state), state, name, reference, parent)


def _replies_of(post: Value, state: Value) -> list[Value]:
    posts = _resolve(_field(post, "threadedPostResponses"), state).get("posts")
    return [resolved for reply in list_of(posts) if "id" in (resolved := _resolve(reply, state))]


def _add(
    export: CommentExport, row: Value, author: Value, state: Value, name: str, post: PostReference, parent: str
) -> None:
    if row.get("deletedAt"):
        export.dropped["deleted comment"] += 1
        return
    if row.get("responseHiddenOnParentPostAt") or row.get("inResponseToRemovedAt"):
        export.dropped["hidden comment"] += 1
        return
    key = text_of(row, "id")
    url = text_of(row, "mediumUrl", "canonicalUrl") or f"https://medium.com/p/{key}"
    person = text_of(author, "name", "username")
    text = _html_of(row, state)
    # Readers can clap many times: these are the numbers of readers who did.
    likes = number_of(row.get("voterCount")) or number_of(map_of(row.get("virtuals")).get("recommends"))
    comment = make_comment(Location(name), key, text, person, _date_of(row), parent, url, likes=likes)
    export.comments.append(FoundComment(comment, post))


def _date_of(row: Value) -> datetime | None:
    return time_of(row.get("firstPublishedAt")) or time_of(row.get("createdAt")) or time_of(row.get("publishedAt"))


def _reference(key: str, url: str = "", title: str = "") -> PostReference:
    """Return the reference to a story: its id is also in the URLs that imports write as ids."""
    return PostReference((key, f"https://medium.com/p/{key}"), (url,) if url else (), title)


def _parent_of(post: Value) -> Any:
    return post.get("inResponseToPostResult") or post.get("inResponseToPostId")


def _field(value: Value, name: str) -> Any:
    """Return a field of an object in a cache, whose name can have arguments: `content({"limit":1})`."""
    return next((found for key, found in value.items() if key.partition("(")[0] == name and found), None)


def _resolve(value: Any, state: Value) -> Value:
    """Return an object, or the one to which it refers."""
    found = map_of(value)
    return map_of(state.get(text_of(found, "__ref"))) if "__ref" in found else found


def _html_of(row: Value, state: Value) -> str:
    content = _resolve(_field(row, "content"), state) or _resolve(_field(row, "previewContent"), state)
    rows = list_of(_resolve(content.get("bodyModel"), state).get("paragraphs"))
    parts: list[str] = []
    open_list = ""
    for paragraph in (_resolve(one, state) for one in rows):
        paragraph_type = text_of(paragraph, "type")
        list_type = _LISTS.get(paragraph_type, "")
        if list_type != open_list:
            parts.append((f"</{open_list}>" if open_list else "") + (f"<{list_type}>" if list_type else ""))
            open_list = list_type
        parts.append(_paragraph(paragraph, paragraph_type))
    parts.append(f"</{open_list}>" if open_list else "")
    return "".join(parts) or f"<p>{escape(text_of(row, 'title'))}</p>"


def _paragraph(paragraph: Value, paragraph_type: str) -> str:
    if paragraph_type in _IMAGES:
        image = text_of(map_of(paragraph.get("metadata")), "id")
        label = escape(text_of(paragraph, "text") or "Image")
        return f'<p><a href="https://miro.medium.com/{escape(image)}">{label}</a></p>' if image else f"<p>{label}</p>"
    element = _BLOCKS.get(paragraph_type, "p")
    return f"<{element}>{_marked_text(paragraph)}</{element}>"


def _marked_text(paragraph: Value) -> str:
    """Return the text of a paragraph with its marks, whose offsets count code units of UTF-16."""
    text = paragraph.get("text")
    data = (text if isinstance(text, str) else "").encode("utf-16-le", "surrogatepass")
    marks = sorted(_marks_of(paragraph, len(data) // 2))
    borders = sorted({0, len(data) // 2, *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    parts: list[str] = []
    for start, end in pairwise(borders):
        inner = escape(data[start * 2 : end * 2].decode("utf-16-le", "replace")).replace("\n", "<br>")
        for _, _, tag in (mark for mark in marks if mark[0] <= start and end <= mark[1]):
            inner = f"<{tag}>{inner}</{tag.partition(' ')[0]}>"
        parts.append(inner)
    return "".join(parts)


MAX_MARKS = 200
"""The number of marks of a paragraph that are imported: each is compared with each part of the text."""


def _marks_of(paragraph: Value, size: int) -> Iterator[tuple[int, int, str]]:
    for mark in list_of(paragraph.get("markups"))[:MAX_MARKS]:
        start, end = mark.get("start"), mark.get("end")
        tag = _MARKS.get(text_of(mark, "type"), "")
        if text_of(mark, "type") in _LINKS and (url := text_of(mark, "href")):
            tag = f'a href="{escape(url)}"'
        if tag and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size:
            yield start, end, tag
