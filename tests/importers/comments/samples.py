"""An export of each comment system, with one thread on a post at /posts/second/, and private data planted in it."""

import gzip
import json
import sqlite3
from contextlib import closing
from hashlib import md5, sha256

EMAIL, ADDRESS, AGENT = "planted.reader@private.example", "203.0.113.77", "PlantedBrowser/9.1"
HASHES = [make(EMAIL.encode()).hexdigest() for make in (md5, sha256)]
PRIVATE = [EMAIL, "planted.reader", ADDRESS, AGENT, *HASHES]
"""What no file of a site may contain after an import."""

AVATAR = f"https://gravatar.example/avatar/{HASHES[0]}?d={HASHES[1]}"
URL = "https://old.example.org/posts/second/"


def disqus():
    def post(key, state="", parent="", thread="7"):
        deleted, spam = str(state == "deleted").lower(), str(state == "spam").lower()
        above = f'<parent dsq:id="{parent}"/>' if parent else ""
        return (
            f'<post dsq:id="{key}"><id/><message><![CDATA[<p>Text <b>{key}</b></p>]]></message>'
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
        columns = "tid, id INTEGER, parent, created FLOAT, mode INTEGER, remote_addr, text, author, email, website"
        connection.execute(f"CREATE TABLE comments ({columns})")
        connection.execute("INSERT INTO threads VALUES (1, '/posts/second/', 'Second')")
        for key, parent, mode in ((1, None, 1), (2, 1, 1), (3, None, 2), (4, None, 4)):
            row = (1, key, parent, 1706781600.5 + key, mode, ADDRESS, f"Text *{key}*", f"Ada {key}", EMAIL, AVATAR)
            connection.execute("INSERT INTO comments VALUES (?,?,?,?,?,?,?,?,?,?)", row)
        connection.commit()
        return connection.serialize()


def remark42():
    user = {"name": "Ada", "id": f"email_{HASHES[0]}", "picture": AVATAR, "ip": ADDRESS}

    def row(key, **more):
        base = {"id": key, "pid": "", "text": f"<p>Text {key}</p>", "user": user, "time": "2024-02-01T10:00:00.1Z"}
        return json.dumps({**base, "locator": {"site": "s", "url": URL}, **more})

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
        return {**base, "state": "approved", "creationDate": "2024-02-01T10:00:00Z", "deleted": False, **more}

    rows = [row("a1"), row("a2", parentHex="a1"), row("a3", state="unapproved"), row("a4", deleted=True)]
    people = [{"commenterHex": "c", "email": EMAIL, "name": f"Ada <{EMAIL}>", "photo": AVATAR}]
    return json.dumps({"version": 1, "comments": rows, "commenters": people}).encode()


def ghost():
    def row(key, **more):
        member = {"name": "Ada", "email": EMAIL, "avatar_image": AVATAR}
        base = {"id": key, "html": "<p>Text</p>", "status": "published", "post_id": "p2", "member": member}
        return {**base, "created_at": "2024-02-01T10:00:00.000Z", "post": {"id": "p2", "url": URL}, **more}

    rows = [row("a1", replies=[row("a2", parent_id="a1")]), row("a3", status="hidden")]
    return json.dumps({"comments": rows}).encode()


def substack():
    def row(key, **more):
        base = {"id": key, "body": f"Text {key}", "name": "Ada", "date": "2024-02-01T10:00:00.000Z", "children": []}
        return {**base, "photo_url": AVATAR, "email": EMAIL, "post_id": None, **more}

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
        return {**base, "url": "https://github.com/o/r/discussions/1#c", "isMinimized": False, **more}

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
        f"_id: c1\nname: Ada\nemail: {HASHES[0]}\nip: {ADDRESS}\nmessage: Text *one*\ndate: '2024-02-01T10:00:00Z'\n"
    ).encode()


def wordpress(key="https://letter.example.org/?p=2"):
    def row(number, state="1", term="", parent=0):
        return (
            f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>"
            f"<wp:comment_author_email>{EMAIL}</wp:comment_author_email>"
            f"<wp:comment_author_IP>{ADDRESS}</wp:comment_author_IP>"
            f"<wp:comment_agent>{AGENT}</wp:comment_agent><wp:comment_author_url>{AVATAR}</wp:comment_author_url>"
            f"<wp:comment_date_gmt>2024-02-0{number} 10:00:00</wp:comment_date_gmt>"
            f"<wp:comment_content><![CDATA[Text <b>{number}</b>]]></wp:comment_content>"
            f"<wp:comment_approved>{state}</wp:comment_approved>"
            f"<wp:comment_type>{term}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
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


SAMPLES = {
    "disqus.xml": (disqus, 2, {"deleted comment": 1, "spam comment": 1}),
    "blog.atom": (blogger, 2, {}),
    "comments.db": (isso, 2, {"deleted comment": 1, "pending comment": 1}),
    "backup.gz": (remark42, 2, {"deleted comment": 1}),
    "commento.json": (commento, 2, {"deleted comment": 1, "pending comment": 1}),
    "ghost.json": (ghost, 2, {"hidden comment": 1}),
    "second.json": (substack, 2, {"deleted comment": 1}),
    "cusdis.json": (cusdis, 2, {"pending comment": 1}),
    "giscus.json": (giscus, 2, {"hidden comment": 1}),
    "buttondown.json": (buttondown, 2, {}),
    "comments/second/c1.yml": (staticman, 1, {}),
}
"""For each file: the function that makes it, and the numbers of comments that are imported and that are not."""
