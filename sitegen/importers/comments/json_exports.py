"""Comments as JSON: exports and saved API answers of Ghost, Substack, Remark42, Commento, Cusdis, giscus, Buttondown.

Each reader gets the parsed value. The shapes of Commento, Remark42 and Ghost are from the code of these projects,
those of giscus (GitHub's GraphQL API), Cusdis and Buttondown from their documentation, that of Substack from answers of
its API that clients of others describe.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.importers.base import Location
from sitegen.importers.comments.deep_json import read_json
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    number_of,
    stem_of,
    text_of,
    time_of,
    walk_replies,
)

Value = Mapping[str, Any]

_NUMBERS = re.compile(r"\d{3,}")
_PRELOADS = re.compile(r"window\._preloads\s*+=\s*+JSON\.parse\(\s*+(?=\")")


def read_ghost(value: Value, name: str) -> CommentExport:
    """Return the comments of Ghost's API (`/comments/`), with replies within them, or those of `/comments/ID/replies/`.

    An answer has a page of the comments of a post, and the first three replies to each.
    """
    export = CommentExport("Ghost")
    rows = list_of(value.get("comments"))
    parents = {text_of(row, "parent_id") for row in rows}
    for row, key, parent in walk_replies(rows, lambda row: list_of(row.get("replies")), "id"):
        status = text_of(row, "status") or "published"
        if status != "published":
            export.dropped[f"{status} comment"] += 1
            continue
        post = map_of(row.get("post"))
        url = text_of(post, "url")
        reference = PostReference(
            (text_of(row, "post_id") or text_of(post, "id"),), (url,) if url else (), text_of(post, "title")
        )
        reply_to = text_of(row, "in_reply_to_id", "parent_id") or parent
        author = text_of(map_of(row.get("member")), "name")
        date = time_of(row.get("created_at"))
        likes = number_of(map_of(row.get("count")).get("likes"))
        comment = make_comment(Location(name), key, text_of(row, "html"), author, date, reply_to, likes=likes)
        export.comments.append(FoundComment(comment, reference))
        if not parent and parents == {""}:
            export.totals[reference.shown, key] = number_of(map_of(row.get("count")).get("replies"))
    posts = {found.post.shown for found in export.comments}
    total = number_of(map_of(map_of(value.get("meta")).get("pagination")).get("total"))
    export.totals["".join(posts) if len(posts) == 1 else "", "".join(parents) if len(parents) == 1 else ""] = total
    return export


def is_ghost_database(value: Value) -> bool:
    """Return whether a JSON value is an export of Ghost's database with the table of comments."""
    return any({"html", "member_id"} <= row.keys() for row in list_of(_tables_of(value).get("comments"))[:20])


def read_ghost_database(value: Value, name: str) -> CommentExport:
    """Return the comments of an export of Ghost's database, with the names of members if it has their table."""
    export = CommentExport("Ghost")
    tables = _tables_of(value)
    slugs = {text_of(row, "id"): text_of(row, "slug") for row in list_of(tables.get("posts"))}
    people = {text_of(row, "id"): text_of(row, "name") for row in list_of(tables.get("members"))}
    likes = Counter(text_of(row, "comment_id") for row in list_of(tables.get("comment_likes")))
    for row in list_of(tables.get("comments")):
        status = text_of(row, "status") or "published"
        if status != "published":
            export.dropped[f"{status} comment"] += 1
            continue
        key, post_id = text_of(row, "id"), text_of(row, "post_id")
        comment = make_comment(
            Location(name),
            key,
            text_of(row, "html"),
            people.get(text_of(row, "member_id"), ""),
            time_of(row.get("created_at")),
            text_of(row, "in_reply_to_id", "parent_id"),
            likes=likes[key],
        )
        export.comments.append(FoundComment(comment, PostReference((post_id,), (), slugs.get(post_id, ""))))
    return export


def _tables_of(value: Value) -> Value:
    """Return the tables of an export of Ghost's database, which can be within a list `db`."""
    return map_of(next(iter(list_of(value.get("db"))), value).get("data"))


def read_substack(value: Value, name: str) -> CommentExport:
    """Return the comments of an answer of Substack's API; the name of the file may have the id or slug of the post."""
    stem = stem_of(name)
    numbers = _NUMBERS.findall(stem)
    return _read_substack(list_of(value.get("comments")), name, PostReference(tuple(numbers[:1]), (), stem))


def read_substack_page(value: Value, name: str) -> CommentExport:
    """Return the comments in the data of a saved page of Substack, with the post."""
    rows = list_of(_find_substack_rows(value))
    post = map_of(value.get("post"))
    url = text_of(post, "canonical_url")
    reference = PostReference(
        tuple(filter(None, (text_of(post, "id"),))), (url,) if url else (), text_of(post, "slug") or stem_of(name)
    )
    export = _read_substack(rows, name, reference)
    export.totals[reference.shown, ""] = number_of(post.get("comment_count"))
    return export


def find_preloads(text: str) -> Value | None:
    """Return the data of a saved page of Substack, a JSON value within a string; None if it has no comments."""
    found = _PRELOADS.search(text)
    if found is None:
        return None
    try:
        inner, _ = json.JSONDecoder().raw_decode(text, found.end())
        value = read_json(inner) if isinstance(inner, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) and _find_substack_rows(value) is not None else None


def _find_substack_rows(value: Value) -> Any:
    """Return the list of comments in the data of a page, None if there is none."""
    for key, inner in value.items():
        rows = map_of(inner).get("comments", inner) if "comments" in key.lower() else None
        if any({"body", "name", "date"} <= row.keys() for row in list_of(rows)):
            return rows
    return None


def _read_substack(rows: Sequence[Value], name: str, post: PostReference) -> CommentExport:
    export = CommentExport("Substack")
    for row, key, parent in walk_replies(rows, lambda row: list_of(row.get("children")), "id"):
        if row.get("deleted") or row.get("body") is None:
            export.dropped["deleted comment"] += 1
            continue
        number = text_of(row, "post_id")
        reply_to = parent or text_of(row, "ancestor_path").rpartition(".")[2]
        date = time_of(row.get("date"))
        text = text_of(row, "body")
        likes = number_of(row.get("reaction_count")) or sum(map(number_of, map_of(row.get("reactions")).values()))
        author = text_of(row, "name")
        comment = make_comment(Location(name), key, text, author, date, reply_to, is_html=False, likes=likes)
        of_row = PostReference((number, *post.ids), post.urls, post.name) if number else post
        export.comments.append(FoundComment(comment, of_row))
    return export


def read_remark42(value: Value, name: str) -> CommentExport:
    """Return the comments of a backup of Remark42, whose lines are in `comments`."""
    export = CommentExport("Remark42")
    for line, row in enumerate(list_of(value.get("comments")), 2):
        if row.get("delete"):
            export.dropped["deleted comment"] += 1
            continue
        url = text_of(map_of(row.get("locator")), "url")
        author = text_of(map_of(row.get("user")), "name")
        key, text, parent = text_of(row, "id"), text_of(row, "text"), text_of(row, "pid")
        date, likes = time_of(row.get("time")), number_of(row.get("score"))
        comment = make_comment(Location(name, line), key, text, author, date, parent, likes=likes)
        export.comments.append(FoundComment(comment, PostReference((), (url,), text_of(row, "title"))))
    return export


def read_commento(value: Value, name: str) -> CommentExport:
    """Return the comments of an export of Commento."""
    export = CommentExport("Commento")
    people = {text_of(row, "commenterHex"): text_of(row, "name") for row in list_of(value.get("commenters"))}
    states = {"unapproved": "pending comment", "flagged": "spam comment"}
    for row in list_of(value.get("comments")):
        state = text_of(row, "state")
        if row.get("deleted") or state in states:
            export.dropped["deleted comment" if row.get("deleted") else states[state]] += 1
            continue
        parent = text_of(row, "parentHex")
        comment = make_comment(
            Location(name),
            text_of(row, "commentHex"),
            text_of(row, "markdown") or text_of(row, "html"),
            people.get(text_of(row, "commenterHex"), ""),
            time_of(row.get("creationDate")),
            "" if parent == "root" else parent,
            is_html="markdown" not in row,
            likes=number_of(row.get("score")),
        )
        export.comments.append(FoundComment(comment, PostReference((), (text_of(row, "url", "path"),))))
    return export


def read_cusdis(value: Value, name: str) -> CommentExport:
    """Return the comments of an answer of Cusdis's API, with replies within them."""
    export = CommentExport("Cusdis")
    rows = list_of(map_of(value.get("data")).get("data"))
    posts: dict[str, PostReference] = {}
    for row, key, parent in walk_replies(rows, lambda row: list_of(map_of(row.get("replies")).get("data")), "id"):
        post = posts.get(parent, PostReference())
        if page := map_of(row.get("page")):
            post = PostReference((text_of(page, "slug"),), (text_of(page, "url"),), text_of(page, "title"))
        posts[key] = post
        if row.get("approved") is False or row.get("deletedAt"):
            export.dropped["deleted comment" if row.get("deletedAt") else "pending comment"] += 1
            continue
        comment = make_comment(
            Location(name),
            key,
            text_of(row, "content"),
            text_of(row, "by_nickname"),
            time_of(row.get("createdAt")),
            text_of(row, "parentId") or parent,
            is_html=False,
        )
        export.comments.append(FoundComment(comment, post))
    return export


def read_giscus(value: Value, name: str) -> CommentExport:
    """Return the comments of GitHub Discussions, as GitHub's GraphQL API lists them; titles are paths or URLs."""
    export = CommentExport("GitHub")
    for discussion in _nodes_of(map_of(map_of(value.get("data")).get("repository")), "discussions"):
        title = text_of(discussion, "title")
        post = PostReference((), (title if "/" in title else f"/{title}",), title)
        rows = _nodes_of(discussion, "comments")
        export.totals[post.shown, ""] = number_of(map_of(discussion.get("comments")).get("totalCount"))
        for row, key, parent in walk_replies(rows, lambda row: _nodes_of(row, "replies"), "databaseId", "id"):
            export.totals[post.shown, key] = number_of(map_of(row.get("replies")).get("totalCount"))
            if row.get("isMinimized") or row.get("deletedAt"):
                export.dropped["hidden comment"] += 1
                continue
            html = text_of(row, "bodyHTML")
            author = text_of(map_of(row.get("author")), "name", "login")
            date, url = time_of(row.get("createdAt")), text_of(row, "url")
            text, likes = html or text_of(row, "body"), _count_upvotes(row)
            comment = make_comment(
                Location(name), key, text, author, date, parent, url, is_html=bool(html), likes=likes
            )
            export.comments.append(FoundComment(comment, post))
    return export


def _count_upvotes(row: Value) -> int:
    """Return the larger one of the numbers of upvotes and of thumbs up: readers can give both."""
    groups = (group for group in list_of(row.get("reactionGroups")) if group.get("content") == "THUMBS_UP")
    given = (number_of(map_of(group.get("reactors", group.get("users"))).get("totalCount")) for group in groups)
    return max(number_of(row.get("upvoteCount")), next(given, 0))


def _nodes_of(value: Value, name: str) -> list[Value]:
    """Return the objects of a connection of GraphQL."""
    return list_of(map_of(value.get(name)).get("nodes"))


def read_buttondown(value: Value, name: str) -> CommentExport:
    """Return the comments of Buttondown's API (`/v1/comments`)."""
    export = CommentExport("Buttondown")
    export.totals["", ""] = number_of(value.get("count"))
    for row in list_of(value.get("results")):
        author = text_of(map_of(row.get("subscriber")), "name", "display_name") or text_of(row, "author_name")
        date, parent = time_of(row.get("creation_date")), text_of(row, "parent_id")
        text = text_of(row, "text")
        comment = make_comment(Location(name), text_of(row, "id"), text, author, date, parent, is_html=False)
        export.comments.append(FoundComment(comment, PostReference((text_of(row, "email_id"),))))
    return export
