"""An export of each comment system, with one thread on a post at /posts/second/, and private data planted in it."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from hashlib import md5, sha256
from html import escape
from typing import NamedTuple

EMAIL, ADDRESS, AGENT = "planted.reader@private.example", "203.0.113.77", "PlantedBrowser/9.1"
HASHES = [make(EMAIL.encode()).hexdigest() for make in (md5, sha256)]
PRIVATE = [EMAIL, "planted.reader", ADDRESS, AGENT, *HASHES]
"""What no file of a site may contain after an import."""

AVATAR = f"https://gravatar.example/avatar/{HASHES[0]}?d={HASHES[1]}"
PLANTED = f"write to {EMAIL}, <{EMAIL}> or [me](mailto:{EMAIL})"
PLANTED_HTML = f'<p>Write to {EMAIL} or <a href="mailto:{EMAIL}">{EMAIL}</a> <img src="{AVATAR}" alt="Ada"></p>'
"""What readers wrote themselves."""

URL = "https://old.example.org/posts/second/"
LIKES = 3


def disqus():
    def post(key, state="", parent="", thread="7"):
        deleted, spam = str(state == "deleted").lower(), str(state == "spam").lower()
        above = f'<parent dsq:id="{parent}"/>' if parent else ""
        return (
            f'<post dsq:id="{key}"><id/><message><![CDATA[<p>Text <b>{key}</b></p>{PLANTED_HTML}]]></message>'
            f"<createdAt>2024-02-0{key}T10:00:00Z</createdAt><isDeleted>{deleted}</isDeleted><isSpam>{spam}</isSpam>"
            f"<author><email>{EMAIL}</email><name>Ada {key}</name><username>planted.reader</username></author>"
            f'<ipAddress>{ADDRESS}</ipAddress><thread dsq:id="{thread}"/>{above}</post>'
        )

    threads = f'<thread dsq:id="7"><id>x1</id><link>{URL}?utm=1</link><title>Second</title></thread>'
    threads += '<thread dsq:id="8"><id/><link>https://old.example.org/gone/</link><title>Gone</title></thread>'
    posts = post(1) + post(2, parent="1") + post(3, "spam") + post(4, "deleted") + post(5, thread="8")
    space = 'xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"'
    return f'<?xml version="1.0"?><disqus {space}>{threads}{posts}</disqus>'.encode()


def blogger():
    def entry(term, key, extra):
        scheme = "http://schemas.google.com/g/2005#kind"
        return (
            f"<entry><id>tag:blogger.com,1999:blog-1.post-{key}</id><published>2024-02-01T10:00:00Z</published>"
            f'<category scheme="{scheme}" term="http://schemas.google.com/blogger/2008/kind#{term}"/>'
            f"<author><name>Ada {key}</name><email>{EMAIL}</email></author>{extra}</entry>"
        )

    space = 'xmlns:thr="http://purl.org/syndication/thread/1.0"'
    reply = f'<thr:in-reply-to {space} ref="tag:blogger.com,1999:blog-1.post-11"/>'
    above = '<link rel="related" href="https://www.blogger.com/feeds/1/11/comments/default/post-21"/>'
    entries = entry("post", 11, f'<title>Second</title><link rel="alternate" href="{URL}"/>')
    entries += entry("comment", 21, f'<content type="html">Text &lt;b&gt;1&lt;/b&gt;</content>{reply}')
    entries += entry("comment", 22, f'<content type="html">Text</content>{reply}{above}')
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator>'
    return f"{head}{entries}</feed>".encode()


def isso():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR, title VARCHAR)")
        columns = (
            "tid, id INTEGER, parent, created FLOAT, mode INTEGER, remote_addr, text, author, email, website, likes"
        )
        connection.execute(f"CREATE TABLE comments ({columns})")
        connection.execute("INSERT INTO threads VALUES (1, '/posts/second/', 'Second')")
        for key, parent, mode in ((1, None, 1), (2, 1, 1), (3, None, 2), (4, None, 4)):
            row = (
                1,
                key,
                parent,
                1706781600.5 + key,
                mode,
                ADDRESS,
                f"Text *{key}*",
                f"Ada {key}",
                EMAIL,
                AVATAR,
                LIKES,
            )
            connection.execute("INSERT INTO comments VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)
        connection.commit()
        return connection.serialize()


def remark42():
    user = {"name": "Ada", "id": f"email_{HASHES[0]}", "picture": AVATAR, "ip": ADDRESS}

    def row(key, **more):
        base = {"id": key, "pid": "", "text": f"<p>Text {key}</p>", "user": user, "time": "2024-02-01T10:00:00.1Z"}
        votes = {f"email_{fingerprint}": True for fingerprint in HASHES}
        return json.dumps({**base, "locator": {"site": "s", "url": URL}, "score": LIKES, "votes": votes, **more})

    rows = [json.dumps({"version": 1}), row("a1"), row("a2", pid="a1"), row("a3", delete=True)]
    return gzip.compress("\n".join(rows).encode())


def commento():
    def row(key, **more):
        base = {
            "commentHex": key,
            "url": "/posts/second/",
            "commenterHex": "c",
            "markdown": "Text",
            "parentHex": "root",
        }
        more = {"score": LIKES, "deleted": False, **more}
        return {**base, "state": "approved", "creationDate": "2024-02-01T10:00:00Z", **more}

    rows = [row("a1"), row("a2", parentHex="a1"), row("a3", state="unapproved"), row("a4", deleted=True)]
    people = [{"commenterHex": "c", "email": EMAIL, "name": f"Ada <{EMAIL}>", "photo": AVATAR}]
    return json.dumps({"version": 1, "comments": rows, "commenters": people}).encode()


def ghost():
    def row(key, **more):
        member = {"name": "Ada", "email": EMAIL, "avatar_image": AVATAR}
        base = {"id": key, "html": "<p>Text</p>", "status": "published", "post_id": "p2", "member": member}
        more = {"post": {"id": "p2", "url": URL}, "count": {"replies": 0, "likes": LIKES}, **more}
        return {**base, "created_at": "2024-02-01T10:00:00.000Z", **more}

    rows = [row("a1", replies=[row("a2", parent_id="a1")]), row("a3", status="hidden")]
    return json.dumps({"comments": rows}).encode()


def ghost_database():
    def row(key, **more):
        base = {"id": key, "post_id": "p2", "member_id": "m1", "parent_id": None, "in_reply_to_id": None}
        return {**base, "status": "published", "html": "<p>Text</p>", "created_at": "2024-02-01 10:00:00", **more}

    posts = [{"id": "p2", "slug": "second", "title": "Second"}]
    members = [{"id": "m1", "name": "Ada", "email": EMAIL, "avatar_image": AVATAR, "geolocation": ADDRESS}]
    likes = [{"id": f"l{n}", "comment_id": f"a{n % 2 + 1}", "member_id": "m1"} for n in range(2 * LIKES)]
    comments = [
        row("a1"),
        row("a2", parent_id="a1"),
        row("a3", status="hidden"),
        row("a4", status="deleted", html=None),
    ]
    data = {"posts": posts, "comments": comments, "comment_likes": likes, "members": members}
    return json.dumps({"db": [{"meta": {"version": "6.0.0"}, "data": data}]}).encode()


def substack():
    def row(key, **more):
        base = {
            "id": key,
            "body": f"Text {key} {PLANTED}",
            "name": "Ada",
            "date": "2024-02-01T10:00:00.000Z",
            "children": [],
        }
        return {**base, "photo_url": AVATAR, "email": EMAIL, "post_id": None, "reaction_count": LIKES, **more}

    rows = [row(1, children=[row(2)]), row(3, body=None, deleted=True)]
    return json.dumps({"comments": rows}).encode()


def cusdis():
    def row(key, **more):
        base = {"id": key, "content": "Text", "by_nickname": "Ada", "by_email": EMAIL, "approved": True}
        return {**base, "createdAt": "2024-02-01T10:00:00Z", "page": {"slug": "x", "url": URL}, **more}

    rows = [row("a1", replies={"data": [row("a2", page=None)]}), row("a3", approved=False)]
    return json.dumps({"data": {"data": rows}}).encode()


def giscus():
    def row(key, **more):
        author = {"login": "ada", "avatarUrl": AVATAR, "email": EMAIL}
        base = {"id": key, "author": author, "bodyHTML": "<p>Text</p>", "createdAt": "2024-02-01T10:00:00Z"}
        groups = [{"content": "THUMBS_DOWN", "reactors": {"totalCount": 9}}]
        groups += [{"content": "THUMBS_UP", "reactors": {"totalCount": LIKES}}]
        more = {"upvoteCount": 1, "reactionGroups": groups, "isMinimized": False, **more}
        return {**base, "url": "https://github.com/o/r/discussions/1#c", **more}

    comments = {"nodes": [row("D_1", replies={"nodes": [row("D_2")]}), row("D_3", isMinimized=True)]}
    nodes = [{"title": "posts/second/", "number": 1, "comments": comments}]
    return json.dumps({"data": {"repository": {"discussions": {"nodes": nodes}}}}).encode()


def buttondown():
    def row(key, **more):
        base = {"id": key, "email_id": "em_2", "text": "Text", "subscriber": {"email": EMAIL, "name": "Ada"}}
        return {**base, "creation_date": "2024-02-01T10:00:00Z", "ip_address": ADDRESS, **more}

    return json.dumps({"results": [row("c1"), row("c2", parent_id="c1")], "count": 2}).encode()


def staticman():
    return (
        f"_id: c1\nname: Ada\nemail: {HASHES[0]}\nip: {ADDRESS}\nlikes: {LIKES}\ndate: '2024-02-01T10:00:00Z'\n"
        f"message: Text *one* {PLANTED}\n"
    ).encode()


def wordpress(key="https://letter.example.org/?p=2"):
    def row(number, state="1", term="", parent=0):
        return (
            f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>"
            f"<wp:comment_author_email>{EMAIL}</wp:comment_author_email>"
            f"<wp:comment_author_IP>{ADDRESS}</wp:comment_author_IP>"
            f"<wp:comment_agent>{AGENT}</wp:comment_agent><wp:comment_author_url>{AVATAR}</wp:comment_author_url>"
            f"<wp:comment_date_gmt>2024-02-0{number} 10:00:00</wp:comment_date_gmt>"
            f"<wp:comment_content><![CDATA[Text <b>{number}</b>{PLANTED_HTML}]]></wp:comment_content>"
            f"<wp:comment_approved>{state}</wp:comment_approved>"
            f"<wp:comment_type>{term}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent>"
            "<wp:commentmeta><wp:meta_key>_wp_trash_meta_status</wp:meta_key><wp:meta_value>1</wp:meta_value>"
            f"</wp:commentmeta><wp:commentmeta><wp:meta_key>_commentliked</wp:meta_key><wp:meta_value>{LIKES}"
            "</wp:meta_value></wp:commentmeta></wp:comment>"
        )

    rows = row(1) + row(2, parent=1) + row(3, "spam") + row(4, "0") + row(5, term="order_note")
    item = (
        f"<item><title>Second</title><link>{URL}</link><guid>{key}</guid><wp:post_id>2</wp:post_id>"
        "<wp:post_date_gmt>2024-01-02 10:00:00</wp:post_date_gmt><wp:post_name>second</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded>Hello</content:encoded>"
        f"{rows}</item>"
    )
    spaces = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {spaces}><channel><wp:wxr_version>1.2</wp:wxr_version>{item}</channel></rss>'.encode()


def isso_answer():
    def row(key, parent=None, **more):
        base = {
            "id": key,
            "parent": parent,
            "text": f"<p>Text {key}</p>",
            "author": "Ada",
            "website": AVATAR,
            "mode": 1,
        }
        private = {"hash": HASHES[0], "email": EMAIL, "remote_addr": ADDRESS, "website": AVATAR}
        more = {"likes": LIKES, "dislikes": 9, **more}
        return {**base, **private, "created": 1706781600.5, "hidden_replies": 0, "replies": [], **more}

    rows = [row(1, replies=[row(2, 1)]), row(3, mode=4, text="")]
    return json.dumps({"id": None, "total_replies": 2, "hidden_replies": 0, "replies": rows}).encode()


def isso_threads():
    def row(key):
        private = {"email": EMAIL, "website": AVATAR, "remote_addr": ADDRESS}
        return {"id": key, "author": "Ada", "text": "Text", "created": f"2024-02-0{key} 10:00:00", **private}

    gone = {"id": "/gone/", "title": "Gone", "comments": [row(3)]}
    return json.dumps([{"id": "/posts/second/", "title": "Second", "comments": [row(1)]}, gone]).encode()


def paragraphs(*texts, paragraph_type="P"):
    marks = [
        {"type": "STRONG", "start": 0, "end": 4},
        {"type": "A", "start": 5, "end": 6, "href": "https://x.example/"},
    ]
    return {"bodyModel": {"paragraphs": [{"type": paragraph_type, "text": text, "markups": marks} for text in texts]}}


def medium():
    def row(key, **more):
        author = {"id": "u", "name": "Ada", "imageId": HASHES[0], "email": EMAIL}
        base = {"id": key, "title": "Text", "creator": author, "firstPublishedAt": 1706781600000, "latestRev": 1}
        return {
            **base,
            "clapCount": 50,
            "voterCount": LIKES,
            "content": paragraphs("Text a \U0001f600", "more"),
            "mediumUrl": f"https://x.example/@a/{key}",
            **more,
        }

    answer = row("aa02")
    rows = [row("aa01", threadedPostResponses={"posts": [answer]}), row("aa03", responseHiddenOnParentPostAt=1)]
    post = {"id": "em_2", "threadedPostResponses": {"posts": rows, "pagingInfo": {"next": None}}}
    return json.dumps([{"data": {"post": post}}]).encode()


def medium_api():
    def row(key, above, **more):
        base = {"id": key, "creatorId": "u", "createdAt": 1706781600000, "inResponseToPostId": above, "deletedAt": 0}
        preview = paragraphs("Text", paragraph_type=1)
        more = {"virtuals": {"recommends": LIKES, "totalClapCount": 50}, **more}
        return {**base, "title": "Text", "previewContent": preview, **more}

    rows = [row("aa01", "em_2"), row("aa02", "aa01"), row("aa03", "em_2", deletedAt=5), row("aa04", "")]
    people = {"u": {"userId": "u", "name": "Ada", "imageId": HASHES[1], "email": EMAIL}}
    value = {"success": True, "payload": {"value": rows[:3], "references": {"User": people}}}
    return ("])}while(1);</x>" + json.dumps(value)).encode()


def medium_page():
    def row(key, *, above="em_2", replies=(), **more):
        thread = {"posts": [{"__ref": f"Post:{reply}"} for reply in replies]}
        base = {"id": key, "creator": {"__ref": "User:u"}, "firstPublishedAt": 1706781600000, "title": "Text"}
        parent = {"inResponseToPostResult": {"__ref": f"Post:{above}"}} if above else {}
        body = {"content({})": {"bodyModel": {"paragraphs": [{"__ref": "Paragraph:1"}]}}}
        return {**base, **parent, **body, 'threadedPostResponses({"limit":9})': thread, "voterCount": LIKES, **more}

    state = {
        "ROOT_QUERY": {},
        "User:u": {"id": "u", "name": "Ada", "imageId": HASHES[0]},
        "Paragraph:1": {"type": "P", "text": "Text", "markups": []},
        "Post:em_2": row("em_2", above="", replies=["aa01", "aa03"]),
        "Post:aa01": row("aa01", replies=["aa02"]),
        "Post:aa02": row("aa02", above="aa01", replies=["aa01"]),
        "Post:aa03": row("aa03", deletedAt=1),
    }
    return f"<html><script>window.__APOLLO_STATE__ = {json.dumps(state)}</script></html>".encode()


def substack_page():
    rows = json.loads(substack())["comments"]
    value = {
        "post": {"id": 77, "slug": "second", "canonical_url": URL},
        "pub": {"email": EMAIL},
        "initialComments": rows,
    }
    return f"<html><script>window._preloads = JSON.parse({json.dumps(json.dumps(value))})</script></html>".encode()


def bluesky():
    def message(key, text, did="did:plc:ada", above=None, **more):
        author = {"did": did, "handle": "ada.example", "displayName": "Ada", "avatar": AVATAR, "email": EMAIL}
        record = {"text": text, "createdAt": "2024-02-01T10:00:00.000Z", "facets": more.pop("facets", [])}
        if above:
            record["reply"] = {"parent": {"uri": above}, "root": {"uri": "at://did:plc:us/app.bsky.feed.post/1"}}
        uri = f"at://{did}/app.bsky.feed.post/{key}"
        return {"post": {"uri": uri, "author": author, "record": record, "labels": [], "likeCount": LIKES, **more}}

    link = {"$type": "app.bsky.embed.external#view", "external": {"uri": f"{URL}?ref=bsky", "title": "Second"}}
    facet = {"index": {"byteStart": 9, "byteEnd": 18}, "features": [{"uri": "https://x.example/a_b"}]}
    root = message("1", "New", "did:plc:us", embed=link)
    above = root["post"]["uri"]
    first = message("2", "Text \u00e4 \nx.example \nmore *no*", above=above, facets=[facet])
    first["replies"] = [message("3", "Text", above=first["post"]["uri"])]
    signed_in = message("4", "Text", "did:plc:shy", above=above)
    signed_in["post"]["author"]["labels"] = [{"val": "!no-unauthenticated"}]
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x/y/z", "blocked": True}
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x/y/z", "notFound": True}
    return json.dumps({"thread": {**root, "replies": [first, signed_in, blocked, gone]}}).encode()


def toot(key, above, content=f"<p>Text</p>{PLANTED_HTML}", visibility="public", **more):
    account = {
        "id": "9",
        "acct": "ada@social.example",
        "username": "ada",
        "display_name": "Ada :cat:",
        "avatar": AVATAR,
    }
    base = {"id": key, "in_reply_to_id": above, "visibility": visibility, "content": content, "account": account}
    base["favourites_count"] = LIKES
    return {**base, "created_at": "2024-02-01T10:00:00.000Z", "url": f"https://social.example/@ada/{key}", **more}


def mastodon():
    status = toot("100", None, f'<p>New: <a href="{URL}">second</a></p>', application={"email": EMAIL})
    media = [{"type": "image", "url": "https://social.example/a.jpg", "description": "A tree", "preview_url": AVATAR}]
    rows = [toot("101", "100", media_attachments=media), toot("102", "101"), toot("103", "100", visibility="private")]
    context = {"ancestors": [], "descendants": rows}
    return {"status.json": json.dumps(status).encode(), "thread/context.json": json.dumps(context).encode()}


def mastodon_named():
    return json.dumps({"ancestors": [], "descendants": [toot("101", "100"), toot("102", "101")]}).encode()


def webmentions():
    def row(key, mention_type, **more):
        author = {"type": "card", "name": "Ada", "photo": AVATAR, "url": "https://ada.example/", "email": EMAIL}
        base = {"type": "entry", "author": author, "wm-id": key, "wm-target": f"{URL}#top", "wm-property": mention_type}
        text = {
            "content": {"html": f"Text <b>one</b>{PLANTED_HTML}", "text": "Text one"},
            "published": "2024-02-01T10:00:00",
        }
        return {**base, **text, "url": f"https://ada.example/{key}", "wm-private": False, **more}

    rows = [row(1, "in-reply-to"), row(2, "mention-of", name="A page"), row(3, "like-of")]
    rows += [row(4, "in-reply-to", **{"wm-private": True}), row(5, "in-reply-to", **{"wm-target": f"{URL}../gone/"})]
    return json.dumps({"type": "feed", "name": "Webmentions", "children": rows}).encode()


def webmention_links():
    def row(key, mention_type):
        author = {"name": "Ada", "url": "https://ada.example/", "photo": AVATAR, "email": EMAIL}
        data = {"author": author, "url": f"https://ada.example/{key}", "content": "<p>Text</p>"}
        data["published"] = "2024-02-01T10:00:00Z"
        return {
            "id": key,
            "source": "https://x.example/",
            "target": URL,
            "activity": {"type": mention_type},
            "data": data,
        }

    return json.dumps({"links": [row(1, "reply"), row(2, "link"), row(3, "repost")]}).encode()


def hugo_central():
    private = f"  author_email: {EMAIL}\n  author_url: '{AVATAR}'\n  ip: {ADDRESS}\n"
    rows = [
        f"- id: '{key}'\n  author_name: Ada\n{private}  published: 2024-02-0{day}T10:00:00Z\n  parent_id: '{parent}'\n"
        f"  content: Text\n  post_url: {url}\n  post_id: '309'\n"
        for key, day, parent, url in (("101", 1, "0", "/posts/second/"), ("102", 2, "101", "/posts/second/"))
    ]
    gone = "- id: '103'\n  content: Text\n  post_url: /posts/gone/\n  post_id: '310'\n"
    return ("".join(rows) + gone).encode()


def hugo_slugs():
    row = {"author": "Ada", "email": HASHES[0], "createdAt": "2024-02-01", "body": "Text"}
    answer = {**row, "createdAt": "2024-02-02", "body": "Text two"}
    second = [{**row, "answers": [answer]}, {**row, "body": "Text three", "approved": False}]
    return json.dumps({"second": second, "gone": [row, {**row, "body": ""}]}).encode()


def hugo_toml():
    row = f'[[comments]]\nname = "Ada"\nemail = "{HASHES[1]}"\n'
    first = f'{row}id = "a"\ndate = 2024-02-01T10:00:00Z\nmessage = "Text"\n'
    return (first + f'{row}id = "b"\ndate = 2024-02-02\nmessage = "Text"\nreply_to = "a"\n').encode()


def mailing_list():
    def message(key, above, text):
        head = (
            f"From x  Mon Jan  1 10:00:0{key} 2024\nFrom: {EMAIL} (Ada)\nSubject: Second\nMessage-ID: <{key}@x.example>"
        )
        private = f"Received: from {ADDRESS}\nX-Mailer: {AGENT}"
        return f"{head}\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n{private}\n{above}\n{text}\n\n"

    above = "In-Reply-To: <1@x.example>\n"
    rows = message(1, "", "Hello"), message(2, above, PLANTED), message(3, above, f"On Monday, {EMAIL} wrote:\n> Hello")
    return "".join(rows).encode()


def wix_page():
    lines = ["Comments", "Ada", "Jan 5, 2023", f"Text {PLANTED}", "Like", f"{LIKES} likes", "Reply"]
    lines += ["Bo", "Jan 6, 2023", "Text", f"Like ({LIKES})"]
    rows = "".join(f"<div>{escape(line)}</div>" for line in lines)
    head = '<meta property="article:published_time" content="2024-01-02"><meta property="og:title" content="Second">'
    body = f'<h1>Second</h1><div data-hook="post-description"><p>Hello</p></div><img src="{AVATAR}">{rows}'
    return f'{head}<img src="https://static.wixstatic.com/media/x.jpg">{body}'.encode()


POST_EXPORTS = {"export.xml": wordpress, "letters.mbox": mailing_list, "second.html": wix_page}
"""The exports with a post and two comments on it."""


class Sample(NamedTuple):
    """An export: the function that makes its only file, or all files, and the result for each comment.

    `imported` are comments on the post, `links` links from other sites, `dropped` were not published, `unmatched` are
    on posts that the site does not have. `likes` are those of each imported comment.
    """

    make: Callable[[], bytes | dict[str, bytes]]
    total: int
    imported: int
    dropped: Mapping[str, int] = {}
    links: int = 0
    unmatched: int = 0
    likes: int = 0


SAMPLES = {
    "disqus.xml": Sample(disqus, 5, 2, {"deleted comment": 1, "spam comment": 1}, unmatched=1),
    "blog.atom": Sample(blogger, 2, 2),
    "comments.db": Sample(isso, 4, 2, {"deleted comment": 1, "pending comment": 1}, likes=LIKES),
    "isso/second.json": Sample(isso_answer, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "isso-threads.json": Sample(isso_threads, 2, 1, unmatched=1),
    "backup.gz": Sample(remark42, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "commento.json": Sample(commento, 4, 2, {"deleted comment": 1, "pending comment": 1}, likes=LIKES),
    "ghost.json": Sample(ghost, 3, 2, {"hidden comment": 1}, likes=LIKES),
    "ghost-database.json": Sample(ghost_database, 4, 2, {"deleted comment": 1, "hidden comment": 1}, likes=LIKES),
    "second.json": Sample(substack, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "substack.html": Sample(substack_page, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "medium.json": Sample(medium, 3, 2, {"hidden comment": 1}, likes=LIKES),
    "medium-api.json": Sample(medium_api, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "medium.html": Sample(medium_page, 3, 2, {"deleted comment": 1}, likes=LIKES),
    "cusdis.json": Sample(cusdis, 3, 2, {"pending comment": 1}),
    "giscus.json": Sample(giscus, 3, 2, {"hidden comment": 1}, likes=LIKES),
    "buttondown.json": Sample(buttondown, 2, 2),
    "bluesky.json": Sample(
        bluesky,
        5,
        2,
        {"comment that only signed-in readers may see": 1, "hidden comment": 1, "deleted comment": 1},
        likes=LIKES,
    ),
    "mastodon": Sample(mastodon, 3, 2, {"private comment": 1}, likes=LIKES),
    "mastodon/second.json": Sample(mastodon_named, 2, 2, likes=LIKES),
    "webmentions.json": Sample(webmentions, 5, 1, {"private comment": 1, "like without text": 1}, 1, 1),
    "webmention-links.json": Sample(webmention_links, 3, 1, {"repost without text": 1}, 1),
    "comments/second/c1.yml": Sample(staticman, 1, 1, likes=LIKES),
    "data/comments.yaml": Sample(hugo_central, 3, 2, unmatched=1),
    "data/comments/all.json": Sample(hugo_slugs, 5, 2, {"pending comment": 1, "empty comment": 1}, unmatched=1),
    "data/comments/second.toml": Sample(hugo_toml, 2, 2),
}
"""The export of each system by the name of its file or folder."""
