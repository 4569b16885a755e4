"""Planted problems: each is found with its id and location, and no other; a clean site has none."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from sitegen.check.options import CheckLimits, CheckOptions, OutgoingCheck
from sitegen.check.problem_types import PROBLEM_TYPES, has_failed, page_problem
from sitegen.check.report import format_problems
from sitegen.check.run import check_site
from sitegen.check.source_locations import find_line, lines_of_posts, locate_problems
from sitegen.errors import ERROR, WARNING, Problem
from sitegen.model import Count, Post, Source
from sitegen.system.files import list_files
from sitegen.system.request_policy import RequestPolicy

BASE = "https://news.example.org/repo/"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x08\0\0\0\x08\x08\2" + b"\0" * 22
POST_FILE = "content/posts/first.md"
MARKDOWN = """---
title: First
summary: How it began.
---
The [second](second.md) issue, a [site](https://elsewhere.example.net/).

## Näheres

![A hand press](press.png)

NEEDLE
"""
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "BlogPosting",
    "headline": "First",
    "datePublished": "2024-05-01T09:00:00+00:00",
    "author": {"@type": "Person", "name": "Ida"},
    "publisher": {"@type": "Organization", "name": "News"},
    "mainEntityOfPage": BASE + "posts/first/",
    "image": BASE + "posts/first/press.png",
    "interactionStatistic": {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/ViewAction",
        "userInteractionCount": 5,
        "interactionService": {"@type": "Organization", "name": "Wix"},
        "endTime": "2024-06-01",
    },
}
CRUMBS = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Home", "item": BASE},
                {"@type": "ListItem", "position": 2, "name": "Posts"},
            ],
        },
        {
            "@type": "WebSite",
            "name": "News",
            "url": BASE,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": BASE + "search/?q={query}"},
                "query-input": "required name=query",
            },
        },
    ],
}
BODY = """<p>The <a href="/repo/posts/second/">second</a> issue, a <a href="https://elsewhere.example.net/">site</a>.
<h2 id="näheres">Näheres</h2>
<p><img src="press.png" srcset="press.png 1x, /repo/posts/first/press%402x.png 2x"
alt="A hand press" width="8" height="8">
<ul><li>one<li>two</ul>
<table><tr><th>a<th>b<tr><td>1<td>2</table>
<p><a href="#n%C3%A4heres">further</a>, <a href="../second/#end">end</a>, <a href="#">up</a>
<a href="mailto:a@b.example">m</a> <b id="a%20b">b</b> <a href="#a%20b">b</a> <a href="#näheres:~:text=x">n</a>
<svg viewBox="0 0 1 1" role="img" aria-label="dot"><title>Dot</title><path d="M0 0"/><circle r="1"/></svg>
<svg aria-label="bell"><use href="/repo/assets/icon.svg#bell"/></svg>
<template><h2 id="main"><a href=""></a></h2><img src="{src}"></template>
<pre><code>&lt;p&gt;</code></pre>
"""


def page(title: str, body: str, head: str = "", description: str = "") -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – News</title>
<meta name="description" content="{description or "About " + title}">
<link rel="stylesheet" href="/repo/assets/site.css">
<link rel="icon" href="/repo/assets/icon.png">
<link rel="alternate" type="application/rss+xml" title="News" href="/repo/feed.xml">
<script defer src="/repo/assets/search.js"></script>
{head}</head>
<body>
<a href="#main">Skip</a>
<nav><a href="/repo/">Home</a> <a href="/repo/posts/second/">Second</a></nav>
<main id="main">
<h1>{title}</h1>
{body}</main>
<form action="/repo/search/"><label>Search <input name="q"></label><button>Go</button></form>
</body>
</html>
"""


def clean_site() -> dict[str, str | bytes]:
    article = f'<script type="application/ld+json">{json.dumps(ARTICLE)}</script>\n'
    crumbs = f'<script type="application/ld+json">{json.dumps(CRUMBS)}</script>\n'
    canonical = f'<link rel="canonical" href="{BASE}posts/first/">\n'
    preview = f'<meta property="og:image" content="{BASE}posts/first/press.png">\n'
    return {
        "index.html": page("Home", '<p><a href="posts/first/">First</a>, <a href="posts/my%20day/">day</a></p>\n'),
        "posts/first/index.html": page("First", BODY, article + canonical + preview, "How it began."),
        "posts/first/press.png": PNG,
        "posts/first/press@2x.png": PNG,
        "posts/second/index.html": page("Second", '<p id="end">Done.</p>', crumbs),
        "posts/my day/index.html": page("My day", "<p>Blank</p>"),
        "search/index.html": page("Search", "<p>Type.</p>"),
        "404.html": page("Not found", "<p>Gone.</p>", '<meta name="robots" content="noindex">'),
        "old/first/index.html": '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>First</title>'
        '<meta name="robots" content="noindex">'
        '<meta http-equiv="refresh" content="0; url=/repo/posts/first/"></head>'
        '<body><p><a href="/repo/posts/first/">First</a></p></body></html>',
        "assets/site.css": 'body { background: url("paper.png") } /* url(gone.png) */ a { background: url(data:,x) }',
        "assets/paper.png": PNG,
        "assets/icon.png": PNG,
        "assets/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="bell"><path d="M0 0"/></symbol></svg>',
        "assets/home.png": PNG,
        "site.webmanifest": '{"icons": [\n{"src": "assets/home.png"},\n{"src": "/repo/assets/icon.png"}\n'
        '], "shortcuts": [{"icons": [{"src": "https://a.example/x.png"}]}]}',
        "assets/search.js": "fetch('/repo/search/index.json')",
        "search/index.json": "{}",
        "feed.xml": '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>News</title><link>{BASE}</link><description>News</description><language>en</language>"
        "<lastBuildDate>Wed, 01 May 2024 09:00:00 +0000</lastBuildDate>"
        f'<atom:link href="{BASE}feed.xml" rel="self" type="application/rss+xml"/><item><title>First</title>'
        f"<link>{BASE}posts/first/</link><description>&lt;p&gt;It began.&lt;/p&gt;</description>"
        f'<guid isPermaLink="false">{BASE}never/there/</guid>'
        "<pubDate>Wed, 01 May 2024 09:00:00 +0000</pubDate></item></channel></rss>",
        "sitemap.xml": '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"<url><loc>{BASE}</loc><lastmod>2024-05-01</lastmod></url>\n<url><loc>{BASE}posts/first/</loc></url>\n"
        f"<url><loc>{BASE}posts/my%20day/</loc></url>\n</urlset>\n",
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {BASE}sitemap.xml\n",
        "_redirects": "# moved\n/repo/was/ /repo/posts/first/ 301\n/repo/blog/* /repo/posts/:splat 301\n"
        "/repo/old/first/ /repo/posts/first/ 301\n",
    }


def first_post(**changes: object) -> Post:
    post = Post(
        path=POST_FILE,
        title="First",
        slug="first",
        url="/repo/posts/first/",
        output="posts/first/index.html",
        date=datetime(2024, 5, 1, 9, tzinfo=UTC),
        summary="How it began.",
        views=Count(5, "Wix", date(2024, 6, 1)),
    )
    return replace(post, **changes)


def check(
    root: Path, files: dict[str, str | bytes], post: Post | None = None, markdown: str = MARKDOWN, base: str = BASE
) -> list[Problem]:
    output = root / "output"
    for name, content in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    source = root / POST_FILE
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(markdown)
    posts = {"posts/first/index.html": post or first_post()}
    limits = CheckLimits(page_bytes=20_000, image_bytes=10_000)
    return check_site(output, list_files(output), base, posts, lines_of_posts(root), CheckOptions(limits=limits))


def at_root(text: str | bytes) -> str | bytes:
    return text.replace("/repo/", "/") if isinstance(text, str) else text


def test_a_clean_site_has_no_problems(tmp_path):
    assert check(tmp_path, clean_site()) == []


def test_a_clean_site_at_the_root_gives_no_finding(tmp_path):
    files = {name: at_root(content) for name, content in clean_site().items()}
    assert check(tmp_path, files, base="https://news.example.org/") == []


FIRST = "posts/first/index.html"


@pytest.mark.parametrize("url", ["/repo/NEEDLE/", "NEEDLE", "/NEEDLE/", "http://localhost/NEEDLE", "file:///NEEDLE"])
def test_a_broken_link_of_a_reader_is_a_warning_at_the_line_of_the_comment(url, tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("</main>", f'<a href="{url}" rel="ugc nofollow">x</a></main>')
    files["feed.xml"] = files["feed.xml"].replace(
        "It began.", f'It &lt;a href="{urljoin(BASE + "posts/first/", url)}"&gt;began&lt;/a&gt;.'
    )
    comments = tmp_path / POST_FILE.replace(".md", ".comments.yaml")
    comments.parent.mkdir(parents=True)
    comments.write_text(f"- id: blog-1\n  text: |\n    [x]({url})\n")
    (problem,) = check(tmp_path, files)
    assert (problem.id, problem.severity) == ("broken-comment-link", WARNING)
    assert (problem.path, problem.line) == ("content/posts/first.comments.yaml", 3)


def test_a_reader_may_link_to_a_page_that_redirects_or_to_a_fragment_that_is_gone(tmp_path):
    links = ("/repo/was/", "/repo/posts/second", "#NEEDLE")
    files = clean_site()
    shown = "".join(f'<a href="{url}" rel="ugc nofollow">x</a>' for url in links)
    files[FIRST] = files[FIRST].replace("</main>", f"{shown}</main>")
    assert check(tmp_path, files) == []


# id_, what is written into the first post's page, words of the message
IN_BODY = [
    ("unknown-scheme", '<a href="htps://NEEDLE.example/">x</a>', '"htps:" in "htps://NEEDLE.example/" is not a scheme'),
    ("unknown-scheme", '<img src="hhtp://a.example/NEEDLE.png" alt="x" width="1" height="1">', '"hhtp:"'),
    ("unknown-scheme", '<blockquote cite="ttps://NEEDLE.example/">x</blockquote>', '"ttps:"'),
    ("bad-url", '<a href="mailto:NEEDLE">x</a>', "not an e-mail address"),
    ("bad-url", '<a href="mailto:a@b.example,NEEDLE?subject=x@y">x</a>', "not an e-mail address"),
    ("broken-link", '<blockquote cite="/repo/NEEDLE/">x</blockquote>', "the source of a quotation"),
    ("broken-link", '<form action="/repo/NEEDLE/"><button>x</button></form>', "leads to no file"),
    ("broken-fragment", '<svg aria-label="x"><use href="/repo/assets/icon.svg#NEEDLE"/></svg>', 'no id "NEEDLE"'),
    ("broken-link", '<p><q cite="/repo/NEEDLE/">x</q></p>', "the source of a quotation"),
    ("broken-link", '<p><ins cite="/repo/NEEDLE/">x</ins></p>', "leads to no file"),
    (
        "broken-link",
        '<form action="/repo/"><input type="submit" formaction="/repo/NEEDLE/"></form>',
        "leads to no file",
    ),
    ("insecure-form", '<form action="/repo/"><button formaction="http://a.example/NEEDLE">x</button></form>', "sent"),
    ("insecure-form", '<form action="http://a.example/NEEDLE"><button>x</button></form>', "without encryption"),
    ("meaningless-alt", '<img src="press.png" alt="image" width="1" height="1">', "`image` does not say"),
    ("meaningless-alt", '<img src="press.png" alt="Foto." width="1" height="1">', "`Foto.` does not say"),
    ("replacement-character", "<p>caf\ufffd NEEDLE \ufffd</p>", "U+FFFD (2 times)"),
    ("broken-link", '<a href="/repo/posts/NEEDLE/">x</a>', "leads to no file"),
    ("broken-link", '<a href="../NEEDLE/">x</a>', "leads to no file"),
    ("broken-link", '<a href="https://news.example.org/repo/NEEDLE.html">x</a>', "leads to no file"),
    ("broken-link", '<a href="//NEWS.example.org:443/repo/NEEDLE">x</a>', "leads to no file"),
    ("broken-link", '<a href="/repo/NEEDLE/with space/">x</a>', "leads to no file"),
    ("broken-link", '<svg aria-label="a"><a href="/repo/NEEDLE">x</a></svg>', "leads to no file"),
    ("broken-link", '<form action="/repo/NEEDLE/"><button>x</button></form>', "leads to no file"),
    ("broken-link", '<map name="m"><area href="NEEDLE.html" alt="x"></map>', "leads to no file"),
    ("wrong-case", '<a href="/repo/Posts/first/">x</a>', "not written as its file is"),
    ("wrong-case", '<img src="Press.png" alt="x" width="1" height="1">', "posts/first/press.png"),
    ("outside-base", '<a href="/posts/first/">x</a>', "below /repo/"),
    ("outside-base", '<a href="../../../NEEDLE">x</a>', "leads out of the site"),
    ("bad-url", '<a href="/repo/posts/my day/">x</a>', "%20"),
    ("bad-url", '<a href="https://elsewhere.example.net/%zz">x</a>', "two hexadecimal digits"),
    ("bad-url", '<a href="https://elsewhere.example.net/a\nb">x</a>', "/a\\nb"),
    ("bad-url", '<a href="/repo/%E4">x</a>', "UTF-8"),
    ("bad-url", '<a href="https:///NEEDLE">x</a>', "without a host"),
    ("bad-url", '<a href="http://[::1/">x</a>', "cannot be parsed"),
    ("missing-slash", '<a href="/repo/posts/second">x</a>', "ends in a slash"),
    ("missing-suffix", '<a href="/repo/404">x</a>', "404.html"),
    ("redirected-link", '<a href="/repo/was/">x</a>', "/repo/posts/first/"),
    ("redirected-link", '<a href="/repo/blog/second/">x</a>', "/repo/posts/second/"),
    ("redirected-link", '<a href="/repo/old/first/">x</a>', "redirects"),
    ("empty-link", '<a href="">x</a>', "empty URL"),
    ("development-link", '<a href="http://localhost:8000/x/">x</a>', "own machine"),
    ("development-link", '<a href="http://127.0.0.1/NEEDLE">x</a>', "own machine"),
    ("development-link", '<a href="file:///home/me/NEEDLE.html">x</a>', "own machine"),
    ("broken-fragment", '<a href="#NEEDLE">x</a>', 'no id "NEEDLE"'),
    ("broken-fragment", '<a href="../second/?q=1#NEEDLE">x</a>', "posts/second/index.html has no id"),
    ("broken-image", '<img src="NEEDLE.png" alt="x" width="1" height="1">', "leads to no file"),
    ("broken-image", '<img src="" alt="x" width="1" height="1">', "empty URL"),
    ("broken-image", '<img src="press.png" srcset="NEEDLE.png 2x" alt="x" width="1" height="1">', "NEEDLE.png"),
    ("broken-image", '<picture><source srcset="press.png 1w, NEEDLE.png 2w"></picture>', "NEEDLE.png"),
    ("broken-image", '<video poster="NEEDLE.jpg" src="press.png"></video>', "NEEDLE.jpg"),
    ("broken-media", '<video><source src="NEEDLE.mp4"></video>', "NEEDLE.mp4"),
    ("broken-media", '<audio src="NEEDLE.mp3"></audio>', "NEEDLE.mp3"),
    ("broken-frame", '<iframe src="NEEDLE.html" title="x"></iframe>', "NEEDLE.html"),
    ("broken-script", '<script src="NEEDLE.js"></script>', "NEEDLE.js"),
    ("mixed-content", '<img src="http://elsewhere.example.net/NEEDLE.png" alt="x" width="1" height="1">', "encryption"),
    (
        "foreign-image",
        '<img src="https://elsewhere.example.net/NEEDLE.png" alt="x" width="1" height="1">',
        "another host",
    ),
    ("foreign-script", '<script src="https://elsewhere.example.net/NEEDLE.js"></script>', "another host"),
    ("foreign-frame", '<iframe src="https://elsewhere.example.net/NEEDLE" title="x"></iframe>', "another host"),
    ("inline-script", "<script>let a = '</p>'</script>", "the page contains"),
    ("inline-script", '<a href="JavaScript:NEEDLE()">x</a>', "runs a script"),
    ("inline-style", "<style>p { color: red }</style>", "the page contains"),
    ("inline-style", '<p style="color: red">x</p>', "style attribute"),
    ("event-handler", '<p onclick="x()">x</p>', "onclick"),
    ("image-without-alt", '<img src="press.png" width="1" height="1">', "press.png"),
    ("alt-is-file-name", '<img src="press.png" alt="IMG_2041.jpg" width="1" height="1">', "IMG_2041.jpg"),
    ("wrong-image-size", '<img src="press.png" alt="x" width="80" height="90">', "8 × 8"),
    ("image-without-size", '<img src="press.png" alt="x">', "press.png"),
    ("bad-srcset", '<img src="press.png" srcset="press.png big" alt="x" width="1" height="1">', "big"),
    ("bad-srcset", '<img src="press.png" srcset="press.png 2x, press%402x.png 2x" alt="x" width="1" height="1">', "2x"),
    ("several-h1", "<h1>NEEDLE</h1>", "NEEDLE"),
    ("heading-skipped", "<h4>NEEDLE</h4>", "h4 after an h2"),
    ("empty-heading", "<h2> &nbsp; <b></b></h2>", "empty"),
    ("link-without-text", '<a href="/repo/"><img src="press.png" alt="" width="1" height="1"></a>', "no text"),
    ("button-without-text", "<button></button>", "no text"),
    ("frame-without-title", '<iframe src="/repo/"></iframe>', "no title"),
    ("field-without-label", '<input type="text" name="NEEDLE">', "NEEDLE"),
    ("positive-tabindex", '<p tabindex="3">x</p>', "tabindex 3"),
    ("several-mains", "<main>x</main>", "2 main parts"),
    ("table-without-headers", "<table><tr><td>x</table>", "no headers"),
    ("duplicate-id", '<p id="main">x</p>', "is already in line"),
    ("bad-id", '<p id="a b">x</p>', "white space"),
    ("bad-id", '<p id="">x</p>', "empty"),
    ("duplicate-attribute", '<p class="a" class="NEEDLE">x</p>', "class twice"),
    ("bad-language", '<p lang="english!">x</p>', "english!"),
    ("unclosed-element", "<div>x", "<div> is still open"),
    ("unclosed-element", "<p><b>x</p>", "<b> is still open"),
    ("unclosed-element", "<em><b>x</em></b>", "<b> is still open"),
    ("unclosed-element", "<h2>x</h3>", "<h2> is ended by </h3>"),
    ("unclosed-element", "<ul><li><span>x<li>y</ul>", "<span> is still open"),
    ("stray-end-tag", "x</div>", "</div> ends nothing"),
    ("stray-end-tag", "<p>x<ul><li>y</ul></p>", "</p> ends nothing"),
    ("stray-end-tag", "x</br>", "</br> ends nothing"),
    ("nested-link", '<a href="/repo/">x <a href="/repo/">y</a>', "inside of the link"),
    ("leaked-mark", "<p>\x02x\x03</p>", "\\x02"),
    ("broken-reference", '<label for="NEEDLE">x</label>', "NEEDLE"),
    ("broken-reference", '<section aria-labelledby="main NEEDLE">x</section>', "NEEDLE"),
    ("broken-reference", '<svg><use href="#NEEDLE"/></svg>', "NEEDLE"),
    ("broken-reference", '<img src="press.png" alt="x" width="8" height="8" usemap="#NEEDLE">', "NEEDLE"),
    ("broken-image", '<svg><use href="/repo/NEEDLE.svg#dot"/></svg>', "NEEDLE"),
    ("broken-image", '<svg><image xlink:href="/repo/NEEDLE.png"/></svg>', "NEEDLE"),
    ("image-without-alt", '<map name="m"><area href="/repo/?NEEDLE"></map>', "NEEDLE"),
    ("image-without-alt", '<input type="image" src="press.png?NEEDLE">', "NEEDLE"),
    ("redirected-link", '<a href="http://news.example.org/repo/?NEEDLE">x</a>', "https:"),
    (
        "mixed-content",
        '<img src="http://news.example.org/repo/posts/first/press.png" alt="x" width="8" height="8">',
        "http:",
    ),
    ("bad-language", '<a hreflang="en_US" href="/repo/">x</a>', "en_US"),
    ("bad-direction", '<p dir="right">x</p>', "right"),
    ("bad-direction", '<p dir="">x</p>', "direction"),
    ("template-tag", "<p>{{ NEEDLE }}</p>", "NEEDLE"),
    ("template-tag", "<p>{% include NEEDLE.html %}</p>", "NEEDLE"),
    ("misplaced-element", "<div><li>x</div>", "<li> is in <div>"),
    ("misplaced-element", "<dt>x</dt>", "<dt> is in <main>"),
    ("misplaced-element", "<figcaption>x</figcaption>", "<figure>"),
    ("empty-link", '<a href="mailto:">x</a>', "no recipient"),
    ("heavy-page", "<p>" + "word " * 5000, "more than 19 KB, and loads slowly"),
    ("broken-canonical", '<meta property="og:url" content="https://news.example.org/repo/NEEDLE/">', "NEEDLE"),
]


@pytest.mark.parametrize(("id_", "html", "words"), IN_BODY)
def test_a_problem_in_a_page_is_found_with_its_post_and_page(tmp_path, id_, html, words):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", html + "\n<pre>")
    line = files[FIRST][: files[FIRST].index(html)].count("\n") + 1
    problems = check(tmp_path, files, markdown=MARKDOWN.replace("NEEDLE", html))
    assert id_ in {problem.id for problem in problems}
    # A nested link or an unclosed element affects what follows; everything else is independent.
    assert {problem.id for problem in problems} <= {id_, *SIDE_EFFECTS.get(id_, ())}
    problem = next(problem for problem in problems if problem.id == id_)
    assert words in problem.message
    assert problem.page == FIRST
    assert problem.path == POST_FILE
    if id_ not in ("heavy-page", "redirected-link"):
        assert problem.page_line == line
    if "NEEDLE" in html:
        assert (problem.line, problem.excerpt) == (11, html)


SIDE_EFFECTS = {"nested-link": {"stray-end-tag"}, "unclosed-element": {"stray-end-tag"}, "several-mains": set()}

# id, file, content, its replacement, the line of the problem, words of the message
ELSEWHERE = [
    ("base-element", FIRST, "<head>", '<head><base href="/repo/posts/first/">', 0, "<base"),
    ("empty-preview", FIRST, "</head>", '<meta property="og:title" content=""></head>', 0, "og:title is empty"),
    ("empty-preview", FIRST, "</head>", '<meta name="twitter:title" content=" "></head>', 0, "twitter:title is empty"),
    ("empty-preview", FIRST, "</head>", '<meta property="og:image" content=""></head>', 0, "og:image is empty"),
    (
        "inconsistent-json-ld",
        FIRST,
        '"datePublished": "',
        '"dateModified": "2001-01-01", "datePublished": "',
        0,
        "before",
    ),
    (
        "inconsistent-json-ld",
        FIRST,
        f'"mainEntityOfPage": "{BASE}posts/first/"',
        f'"mainEntityOfPage": "{BASE}posts/second/"',
        0,
        "another page",
    ),
    ("missing-search-index", "search/index.html", "<p>", '<p data-index="/repo/find/">', 0, "/repo/find/index.json"),
    ("missing-doctype", FIRST, "<!doctype html>", "", 0, "doctype"),
    ("missing-doctype", FIRST, "<!doctype html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">', 0, "doctype"),
    ("missing-language", FIRST, ' lang="en"', "", 0, "language"),
    ("missing-charset", FIRST, '<meta charset="utf-8">', "", 0, "UTF-8"),
    ("missing-charset", FIRST, "<head>", "<head><!--" + "x" * 1024 + "-->", 0, "too late"),
    ("missing-title", FIRST, "<title>First – News</title>", "", 0, "no title"),
    ("empty-title", FIRST, "<title>First – News</title>", "<title> </title>", 0, "empty"),
    ("several-titles", FIRST, "<title>", "<title>A</title><title>", 0, "2 titles"),
    ("duplicate-title", FIRST, "<title>First", "<title>Second", 0, "posts/first/index.html"),
    ("duplicate-description", FIRST, "How it began.", "About Home", 0, "also that of index.html"),
    ("missing-viewport", FIRST, '<meta name="viewport" content="width=device-width, initial-scale=1">', "", 0, "small"),
    ("zoom-disabled", FIRST, "initial-scale=1", "initial-scale=1, user-scalable=no", 0, "zoom"),
    ("missing-description", FIRST, '<meta name="description" content="How it began.">', "", 0, "description"),
    ("several-descriptions", FIRST, "<title>", '<meta name="description" content="x"><title>', 0, "2 descriptions"),
    ("long-description", FIRST, "How it began.", "How it began. " * 30, 0, "characters"),
    ("several-canonicals", FIRST, "<title>", '<link rel="canonical" href="/repo/"><title>', 0, "2 canonical"),
    ("broken-canonical", FIRST, f'href="{BASE}posts/first/"', f'href="{BASE}posts/fist/"', 0, "fist"),
    ("broken-alternate", FIRST, "/repo/feed.xml", "/repo/fed.xml", 0, "fed.xml"),
    ("broken-stylesheet", FIRST, "/repo/assets/site.css", "/repo/assets/site.min.css", 0, "site.min.css"),
    ("broken-image", FIRST, "/repo/assets/icon.png", "/repo/assets/icons.png", 0, "icons.png"),
    ("broken-image", FIRST, f'content="{BASE}posts/first/press.png"', f'content="{BASE}p.png"', 0, "p.png"),
    ("relative-preview", FIRST, f'content="{BASE}posts/first/press.png"', 'content="press.png"', 0, "press.png"),
    ("canonical-elsewhere", FIRST, f'href="{BASE}posts/first/"', f'href="{BASE}posts/second/"', 0, "second"),
    ("bad-hreflang", FIRST, "<title>", f'<link rel="alternate" hreflang="de" href="{BASE}"><title>', 0, "include this"),
    (
        "hreflang-not-returned",
        FIRST,
        "<title>",
        f'<link rel="alternate" hreflang="de" href="{BASE}"><title>',
        0,
        "retu",
    ),
    (
        "missing-x-default",
        FIRST,
        "<title>",
        f'<link rel="alternate" hreflang="de" href="{BASE}"><title>',
        0,
        "other la",
    ),
    (
        "wrong-preview-size",
        FIRST,
        'first/press.png">\n',
        'first/press.png"><meta name="og:image:width" content="9">',
        0,
        "8 ×",
    ),
    ("og-url-elsewhere", FIRST, "<title>", f'<meta property="og:url" content="{BASE}"><title>', 0, BASE),
    ("og-url-elsewhere", FIRST, "<title>", '<meta property="og:url" content="https://a.example/"><title>', 0, "a.ex"),
    ("blocked-by-robots", "robots.txt", "Sitemap:", "User-agent: *\nDisallow: /\n\nSitemap:", 0, "whole site"),
    ("missing-h1", FIRST, "<h1>First</h1>", "", 0, "no h1"),
    ("missing-main", FIRST, '<main id="main">', '<div id="main">', 0, "main part"),
    ("bad-json-ld", FIRST, '"@type": "BlogPosting",', '"@type": BlogPosting,', 0, "not JSON"),
    ("bad-json-ld", FIRST, '"@context": "https://schema.org",', "", 0, "schema.org"),
    ("incomplete-json-ld", FIRST, '"headline": "First",', "", 0, "lacks headline"),
    ("incomplete-json-ld", FIRST, '"@type": "Person", "name": "Ida"', '"@type": "Person"', 0, "Person"),
    ("incomplete-json-ld", FIRST, '{"@type": "Person", "name": "Ida"}', '"Ida"', 0, "mere text"),
    ("incomplete-json-ld", FIRST, "2024-05-01T09:00:00+00:00", "May 2024", 0, "not a date"),
    ("incomplete-json-ld", FIRST, '"userInteractionCount": 5', '"userInteractionCount": "many"', 0, "many"),
    ("incomplete-json-ld", FIRST, f'"image": "{BASE}posts', '"image": "/repo/posts', 0, "whole URL"),
    ("broken-link", FIRST, f'"image": "{BASE}posts/first/press', f'"image": "{BASE}posts/first/pres', 0, "structured"),
    ("count-without-provenance", FIRST, ', "endTime": "2024-06-01"', "", 0, "endTime"),
    ("incomplete-json-ld", "posts/second/index.html", '"position": 2, ', "", 0, "lacks position"),
    ("incomplete-json-ld", "posts/second/index.html", '"position": 2, ', '"position": 1, ', 0, "not in order"),
    ("incomplete-json-ld", "posts/second/index.html", ', "name": "Posts"', "", 0, "step 2"),
    ("incomplete-json-ld", "posts/second/index.html", "{query}", "{words}", 0, "SearchAction"),
    ("incomplete-json-ld", "posts/second/index.html", '"name": "News", ', "", 0, "WebSite"),
    ("relative-in-404", "404.html", "/repo/assets/site.css", "assets/site.css", 8, "relative"),
    ("broken-style-url", "assets/site.css", "paper.png", "papers.png", 1, "papers.png"),
    ("broken-manifest-url", "site.webmanifest", "/repo/assets/icon", "/repo/assets/icons", 3, "icons.png"),
    ("broken-manifest-url", "site.webmanifest", "https://a.example/x", "gone", 4, "gone.png"),
    ("broken-feed-url", "feed.xml", "posts/first/</link>", "posts/fist/</link>", 1, "fist"),
    ("broken-feed-url", "feed.xml", "It began.", f'&lt;img src="{BASE}x.png"&gt;', 1, "x.png"),
    ("broken-sitemap-url", "sitemap.xml", "posts/first/", "posts/fist/", 4, "fist"),
    (
        "broken-sitemap-url",
        "sitemap.xml",
        "https://news.example.org/repo/posts/first/",
        "/repo/posts/first/",
        4,
        "not a URL of this site",
    ),
    ("broken-sitemap-url", "sitemap.xml", "posts/first/", "posts/first", 4, "by itself"),
    ("broken-sitemap-url", "robots.txt", "sitemap.xml", "map.xml", 3, "map.xml"),
    ("sitemap-noindex", "sitemap.xml", "posts/first/", "404.html", 4, "not to be indexed"),
    ("sitemap-noindex", "sitemap.xml", "posts/first/", "old/first/", 4, "redirects"),
    ("bad-sitemap", "sitemap.xml", "</urlset>", "", 7, "well-formed"),
    ("bad-sitemap", "sitemap.xml", "posts/first/", "", 4, "twice"),
    ("bad-sitemap", "sitemap.xml", "2024-05-01", "1 May", 3, "not a date"),
    ("bad-sitemap", "sitemap.xml", f"<loc>{BASE}posts/first/</loc>", "", 4, "no URL"),
    ("bad-redirect", "_redirects", "/repo/was/ /repo/posts/first/ 301", "/repo/was/", 2, "not a redirect"),
    ("bad-redirect", "_redirects", "/posts/first/ 301", "/posts/first/ 305", 2, "305"),
    ("broken-redirect", "_redirects", "/posts/first/", "/posts/fist/", 2, "fist"),
    ("redirect-collision", "_redirects", "/repo/was/", "/repo/posts/second/", 2, "also the file"),
    ("redirect-collision", "_redirects", "# moved", "/repo/was/ /repo/ 301", 2, "twice"),
    ("redirect-loop", "_redirects", "# moved", "/repo/a/ /repo/b/ 301\n/repo/b/ /repo/a/ 302", 1, "circle"),
    ("redirect-chain", "_redirects", "# moved", "/repo/a/ /repo/was/ 301", 1, "2 redirects"),
    ("redirect-loop", "old/first/index.html", "url=/repo/posts/first/", "url=/repo/old/first/", 0, "circle"),
]


@pytest.mark.parametrize(("id_", "name", "old", "new", "line", "words"), ELSEWHERE)
def test_a_problem_of_a_file_is_found_with_its_location(tmp_path, id_, name, old, new, line, words):
    files = clean_site()
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    if id_ == "missing-main":
        files[name] = files[name].replace("</main>", "</div>")
    problems = check(tmp_path, files)
    matching = [problem for problem in problems if problem.id == id_ and words in problem.message]
    assert matching
    problem = matching[0]
    # Of two pages with one title the later one is named.
    assert problem.page == ("posts/second/index.html" if id_ == "duplicate-title" else name)
    assert problem.path == (POST_FILE if problem.page == FIRST else f"output/{problem.page}")
    if line:
        assert problem.line == line


def test_a_broken_image_of_a_post_is_not_reported_again_for_each_feed(tmp_path):
    files = clean_site()
    image = f'<img src="{BASE}x.png" alt="" width="1" height="1">'
    files[FIRST] = files[FIRST].replace("</main>", f"{image}</main>", 1)
    files["feed.xml"] = files["feed.xml"].replace("It began.", f'&lt;img src="{BASE}x.png"&gt;', 1)
    assert [problem.id for problem in check(tmp_path, files)] == ["broken-image"]


NEW_FILES = [
    ("orphan-page", "lost/index.html", page("Lost", ""), "no page links"),
    ("orphan-file", "posts/first/lost.png", PNG, "nothing in the site"),
    ("empty-image", "assets/paper.png", b"", "empty"),
    ("wrong-image-type", "assets/paper.png", b"\xff\xd8\xff" + b"\0" * 40, "JPEG"),
    ("wrong-image-type", "assets/paper.png", b"<!doctype html>", "not an image"),
    ("heavy-image", "assets/paper.png", PNG + b"\0" * 10_000, "KB"),
    ("bad-encoding", "search/index.html", page("Search", "x").encode() + b"<!-- \xe9 -->", "not UTF-8"),
    (
        "redirect-chain",
        "old/old/index.html",
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>x</title><meta name="robots" content="noindex"><meta http-equiv="refresh" content="0;url=../first/">',
        "after 2 steps",
    ),
]


@pytest.mark.parametrize(("id_", "name", "content", "words"), NEW_FILES)
def test_a_file_that_is_wrong_as_a_whole_is_found(tmp_path, id_, name, content, words):
    problems = check(tmp_path, clean_site() | {name: content})
    assert [(problem.id, problem.page) for problem in problems] == [(id_, name)]
    assert words in problems[0].message


@pytest.mark.parametrize(
    ("svg", "id_", "words"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "wrong-image-type", "not well-formed"),
        ("<svg><g/></svg>", "wrong-image-type", "namespace"),
        ("", "empty-image", "empty"),
    ],
)
def test_an_svg_that_browsers_cannot_show_is_found(tmp_path, svg, id_, words):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", '<img src="dot.svg" alt="A dot" width="8" height="8">\n<pre>')
    assert check(tmp_path, files | {"posts/first/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}) == []
    (problem,) = check(tmp_path, files | {"posts/first/dot.svg": svg})
    assert (problem.id, problem.page) == (id_, "posts/first/dot.svg")
    assert words in problem.message


@pytest.mark.parametrize(
    "html",
    [
        "<p>Write <code>{{ title }}</code>, and {{}} or {% %} or { { x } }</p>",
        "<pre><code>{% for x in y %}</code></pre>",
        '<p title="{{ x }}">x</p><!-- {{ x }} -->',
        "<ul><template><li>x</li></template><li>y</ul>",
        "<dl><div><dt>x<dd>y</div></dl>",
        '<table><tr><td id="c" headers="a">x<tr><th id="a">y</table>',
        '<a hreflang="x-default" href="/repo/">x</a>',
        '<a href="mailto:?subject=x">x</a>',
        '<svg><symbol id="s"/><use href="#s"/></svg>',
    ],
)
def test_valid_html_that_resembles_errors_is_accepted(tmp_path, html):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", html + "\n<pre>", 1)
    assert check(tmp_path, files) == []


@pytest.mark.parametrize(
    "address", [f"{BASE}posts/first/", "/repo/posts/first/", "https://NEWS.example.org/repo/posts/first/"]
)
def test_spellings_of_the_canonical_url_are_equal(tmp_path, address):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<title>", f'<meta property="og:url" content="{address}"><title>', 1)
    assert check(tmp_path, files) == []


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: bad\nDisallow: /\n",
        "User-agent: *\nDisallow: /search/\n",
        "User-agent: *\nDisallow:\n",
        "User-agent: bad\nDisallow: /\n\nUser-agent: *\nAllow: /\n",
    ],
)
def test_robots_txt_that_allows_crawlers_is_accepted(tmp_path, rules):
    assert check(tmp_path, clean_site() | {"robots.txt": rules}) == []


SOURCE = Source("Gazette", "gazette", "/repo/sources/gazette/", home="https://gazette.example.net/")
ORIGIN = "https://gazette.example.net/a"
IN_POSTS = [
    ("post-without-title", {"title": " "}, "no title", 2),
    ("long-post-title", {"title": "x" * 151}, "151", 2),
    ("long-summary", {"summary": "x" * 321}, "321", 3),
    ("draft-published", {"draft": True}, "draft", 0),
    ("cover-without-alt", {"image": "press.png"}, "press.png", 9),
    ("source-without-entry", {"source": Source("NEEDLE", "n", "/repo/sources/n/")}, "NEEDLE", 11),
    ("source-without-name", {"source_url": ORIGIN}, "no `source`", 0),
    ("count-without-provenance", {"views": Count(5, "Wix")}, "when", 0),
    ("count-without-provenance", {"comments": Count(5)}, "who counted or when", 0),
    ("policy-not-kept", {"source": SOURCE, "source_url": ORIGIN}, "noindex", 0),
    ("policy-not-kept", {"source": replace(SOURCE, policy="canonical"), "source_url": ORIGIN}, ORIGIN, 0),
    ("policy-not-kept", {"source": replace(SOURCE, policy="excerpt"), "source_url": ORIGIN}, "not link", 0),
]


@pytest.mark.parametrize(("id_", "changes", "words", "line"), IN_POSTS)
def test_a_problem_of_a_post_is_found_with_its_line(tmp_path, id_, changes, words, line):
    problems = check(tmp_path, clean_site(), first_post(**changes))
    problem = next(problem for problem in problems if problem.id == id_)
    assert words in problem.message
    assert (problem.path, problem.line) == (POST_FILE, line)


def test_a_count_without_a_platform_is_reported_at_the_post_and_not_again_in_structured_data(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace(', "endTime": "2024-06-01"', "")
    (of_data,) = check(tmp_path / "data", files)
    assert (of_data.id, "structured data" in of_data.message) == ("count-without-provenance", True)
    problems = check(tmp_path / "both", files, first_post(views=Count(5), likes=Count(6)))
    assert [problem.message for problem in problems if problem.id == of_data.id] == [
        "the likes do not say who counted or when",
        "the views do not say who counted or when",
    ]


def test_a_url_that_a_page_shows_several_times_is_reported_once_for_its_line(tmp_path):
    files = clean_site()
    shown = '<p><a href="/repo/gone/">One</a></p>\n<p><a href="/repo/gone/">Two</a></p>\n</main>'
    files[FIRST] = files[FIRST].replace("</main>", shown)
    (problem,) = check(tmp_path, files, markdown="---\ntitle: A\n---\n\n[One](/gone/) and [two](/gone/)\n")
    assert (problem.id, problem.path, problem.line) == ("broken-link", POST_FILE, 5)
    (first, second) = check(tmp_path, files, markdown="---\ntitle: A\n---\n\nNothing.\n")
    assert first.page_line < second.page_line


def test_a_post_without_a_page_is_an_error(tmp_path):
    files = {name: content for name, content in clean_site().items() if name != FIRST}
    assert "missing-page" in {problem.id for problem in check(tmp_path, files)}


ENTRY = f"<url><loc>{BASE}posts/first/</loc></url>\n"


def test_a_post_that_no_sitemap_lists_is_reported(tmp_path):
    files = clean_site()
    files["sitemap.xml"] = files["sitemap.xml"].replace(ENTRY, "")
    (problem,) = check(tmp_path, files)
    assert (problem.id, problem.page, problem.path) == ("unlisted-post", FIRST, POST_FILE)


@pytest.mark.parametrize(
    ("name", "old", "new", "post"),
    [
        (FIRST, "<title>", '<meta name="robots" content="noindex"><title>', {}),
        (FIRST, f'"{BASE}posts/first/">', '"https://gazette.example.net/a">', {}),
        (FIRST, "", "", {"draft": True}),
        ("sitemap.xml", "</urlset>", "", {}),
    ],
)
def test_a_post_that_must_not_be_indexed_may_be_missing_from_the_sitemap(tmp_path, name, old, new, post):
    files = clean_site()
    files["sitemap.xml"] = files["sitemap.xml"].replace(ENTRY, "")
    files[name] = files[name].replace(old, new, 1)
    assert "unlisted-post" not in {problem.id for problem in check(tmp_path, files, first_post(**post))}


def test_a_site_without_a_sitemap_misses_no_post_in_it(tmp_path):
    files = clean_site()
    del files["sitemap.xml"]
    files["robots.txt"] = ""
    assert check(tmp_path, files) == []


def test_a_post_of_an_unlisted_source_may_be_missing_from_the_sitemap(tmp_path):
    files = clean_site()
    files["sitemap.xml"] = files["sitemap.xml"].replace(ENTRY, "")
    for policy in ("syndicated", "canonical"):
        source = replace(SOURCE, policy=policy)
        problems = check(tmp_path, files, first_post(source=source, source_url=ORIGIN))
        assert "unlisted-post" not in {problem.id for problem in problems}


def test_a_site_without_an_error_page_is_reported(tmp_path):
    files = {name: content for name, content in clean_site().items() if name != "404.html"}
    (problem,) = check(tmp_path, files)
    assert (problem.id, problem.severity, problem.page) == ("missing-404", "warning", "404.html")


def test_a_post_without_structured_data_is_named(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace('"BlogPosting"', '"Thing"')
    assert [problem.id for problem in check(tmp_path, files)] == ["missing-json-ld"]


def test_relative_links_heed_the_page_s_base(tmp_path):
    files = clean_site()
    files["search/index.html"] = page("Search", '<a href="second/">x</a>', '<base href="/repo/posts/">')
    assert [problem.id for problem in check(tmp_path, files)] == ["base-element"]
    files["search/index.html"] = page("Search", '<a href="third/">x</a>', '<base href="/repo/posts/">')
    assert [problem.id for problem in check(tmp_path, files)] == ["broken-link", "base-element"]


def test_feeds_are_validated(tmp_path):
    files = clean_site()
    files["feed.xml"] = files["feed.xml"].replace("<title>News</title>", "")
    problems = check(tmp_path, files)
    assert {(problem.id, problem.page, problem.path) for problem in problems} == {
        ("bad-feed", "feed.xml", "output/feed.xml")
    }


def test_what_some_readers_stumble_over_in_a_feed_is_a_warning(tmp_path):
    files = clean_site()
    files["feed.xml"] = files["feed.xml"].replace("<title>First</title>", "<title>The &lt;b&gt;first&lt;/b&gt;</title>")
    (problem,) = check(tmp_path, files)
    assert (problem.id, problem.severity, problem.path) == ("feed-warning", "warning", "output/feed.xml")
    assert "`</b>`" in problem.message


def test_the_list_of_feeds_is_checked_with_them(tmp_path):
    files = clean_site()
    files["feeds.opml.xml"] = '<opml version="3.0"><head><title>x</title></head><body></body></opml>'
    problems = [problem for problem in check(tmp_path, files) if problem.id == "bad-feed"]
    assert {problem.page for problem in problems} == {"feeds.opml.xml"}
    assert any('the version of OPML is "3.0"' in problem.message for problem in problems)


def test_a_problem_of_a_template_is_reported_once(tmp_path):
    files = {
        name: content.replace("/repo/assets/site.css", "/repo/assets/style.css") if name.endswith("html") else content
        for name, content in clean_site().items()
    }
    problems = [problem for problem in check(tmp_path, files) if problem.id == "broken-stylesheet"]
    assert [(problem.path, problem.line, problem.more_pages) for problem in problems] == [("output/404.html", 8, 5)]


def broken_links(pages: dict[str, int], url: str = "/docs/") -> list[Problem]:
    """Return the problems of a broken link that each page has so often."""
    message = f'the link "{url}" leads to no file'
    return [
        page_problem("broken-link", page, line, message, "correct the URL", url)
        for page, number in pages.items()
        for line in range(30, 30 + number)
    ]


def test_a_broken_link_of_a_menu_is_not_located_in_posts_that_contain_its_url():
    posts = {f"{name}/index.html": replace(first_post(), path=f"{name}.md") for name in "abc"}
    files = {"a.md": "x\n<https://other.example/docs/>", "b.md": "[a](/docs/)", "c.md": ""}
    pages = {
        "index.html": 1,
        "404.html": 1,
        "tags/index.html": 1,
        "a/index.html": 1,
        "b/index.html": 2,
        "c/index.html": 1,
    }
    located = locate_problems(broken_links(pages), posts, lambda post, url: find_line(files[post.path], url), "output")
    assert [(problem.path, problem.line, problem.more_pages) for problem in located] == [
        ("b.md", 1, 0),
        ("output/index.html", 30, 5),
    ]
    assert [problem.hint for problem in located] == [
        "correct the URL",
        "correct the URL; search the templates, and settings such as `theme.nav`",
    ]


def test_a_broken_link_of_a_menu_is_an_error_also_on_pages_of_posts_that_tolerate_broken_links():
    posts = {f"{name}/index.html": replace(first_post(), path=f"{name}.md", broken_links=WARNING) for name in "abcd"}
    located = locate_problems(broken_links(dict.fromkeys(posts, 1)), posts, lambda *_: (0, ""), "output")
    assert [(problem.severity, problem.more_pages) for problem in located] == [(ERROR, 3)]


def test_a_broken_link_that_lists_repeat_is_located_in_the_post():
    posts = {f"{name}/index.html": replace(first_post(), path=f"{name}.md") for name in "ab"}
    files = {"a.md": "[a](/docs/)", "b.md": ""}
    pages = dict.fromkeys(("index.html", "tags/index.html", "2024/index.html", "page/index.html", "a/index.html"), 1)
    located = locate_problems(broken_links(pages), posts, lambda post, url: find_line(files[post.path], url), "output")
    assert [(problem.path, problem.line, problem.hint) for problem in located] == [
        ("a.md", 1, "correct the URL"),
        ("output/index.html", 30, "correct the URL"),
    ]


def test_words_that_other_pages_repeat_from_a_post_are_reported_in_that_post_alone():
    posts = {f"{name}/index.html": replace(first_post(), path=f"{name}.md") for name in "ab"}
    files = {"a.md": "x\nSee {{ x }}.", "b.md": ""}
    problems = [
        page_problem("template-tag", page, 9, f'the page shows "{tag}"', "remove it", tag)
        for tag in ("{{ x }}", "{{ y }}")
        for page in ("a/index.html", "b/index.html", "index.html")
    ]
    located = locate_problems(problems, posts, lambda post, text: find_line(files.get(post.path, ""), text), "output")
    assert [(problem.path, problem.line, problem.search_text) for problem in located] == [
        ("a.md", 0, "{{ y }}"),
        ("a.md", 2, "{{ x }}"),
        ("b.md", 0, "{{ y }}"),
        ("output/index.html", 9, "{{ y }}"),
    ]


def test_a_link_without_a_url_is_located_in_the_markdown(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", '<a href="">x</a><pre>')
    (problem,) = check(tmp_path, files, markdown=MARKDOWN.replace("NEEDLE", "An [x]()."))
    assert (problem.id, problem.path, problem.line) == ("empty-link", POST_FILE, 11)


def test_the_size_of_a_missing_image_is_not_read(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", '<img src="gone.png" alt="A press"><pre>')
    assert [problem.id for problem in check(tmp_path, files)] == ["broken-image"]


def test_neither_the_page_itself_nor_a_share_card_is_suggested_for_a_missing_file(tmp_path):
    files = clean_site()
    del files["old/first/index.html"]
    files["cards/posts/press.jpg"] = PNG
    links = '<a href="/repo/projects/first">x</a><img src="/repo/press.jpg" alt="x" width="8" height="8"><pre>'
    files[FIRST] = files[FIRST].replace("<pre>", links)
    broken = [problem for problem in check(tmp_path, files) if problem.id in ("broken-link", "broken-image")]
    hints = {problem.message: problem.hint for problem in broken}
    assert hints == {
        'the link "/repo/projects/first" leads to no file': "correct the URL, or add the file",
        'the image "/repo/press.jpg" leads to no file': 'did you mean "/repo/posts/first/press.png"?',
    }


def test_the_most_similar_page_is_suggested_for_a_missing_one(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("/repo/posts/second/", "/repo/posts/secnod/")
    assert "/repo/posts/second/" in {f.hint.partition('"')[2].rstrip('"?') for f in check(tmp_path, files)}


def test_only_the_requested_groups_are_checked(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", '<p style="x"><a href="gone">x</a></p><pre>')
    check(tmp_path, files)
    output = tmp_path / "output"
    problems = check_site(
        output, list_files(output), BASE, {}, lines_of_posts(tmp_path), CheckOptions(groups=frozenset({"links"}))
    )
    assert [problem.id for problem in problems] == ["broken-link"]


def test_warnings_fail_only_a_strict_check(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", "<h4>x</h4><pre>")
    problems = check(tmp_path, files)
    assert not has_failed(problems, strict=False)
    assert has_failed(problems, strict=True)
    assert not has_failed([], strict=True)


def test_problems_are_shown_with_location_severity_message_id_page_and_hint(tmp_path):
    files = clean_site()
    files[FIRST] = files[FIRST].replace("<pre>", '<a href="NEEDLE/">x</a><pre>')
    problems = check(tmp_path, files)
    assert format_problems(problems) == (
        f'{POST_FILE}:11: error: the link "NEEDLE/" leads to no file [broken-link]\n'
        f"    on {FIRST}:32\n"
        "    NEEDLE\n"
        "    correct the URL, or add the file\n"
        "1 error"
    )
    assert problems[0].to_data() == {
        "severity": "error",
        "id": "broken-link",
        "path": POST_FILE,
        "line": 11,
        "message": 'the link "NEEDLE/" leads to no file',
        "hint": "correct the URL, or add the file",
        "excerpt": "NEEDLE",
        "page": FIRST,
        "page_line": 32,
        "more_pages": 0,
    }
    assert format_problems([]) == "No problems found"


def test_outgoing_links_are_requested_only_on_request(tmp_path):
    check(tmp_path, clean_site())
    output, cache = tmp_path / "output", tmp_path / ".sitegen" / "links.json"
    outgoing = OutgoingCheck(cache, datetime(2024, 5, 1, tzinfo=UTC), RequestPolicy(max_urls=0))
    files = list_files(output)
    problems = check_site(output, files, BASE, {}, lines_of_posts(tmp_path), CheckOptions(outgoing=outgoing))
    assert [(problem.id, problem.path) for problem in problems] == [("unchecked-external", "output")]
    assert "1 outgoing links" in problems[0].message
    cache.unlink()
    assert check_site(output, files, BASE, {}, lines_of_posts(tmp_path), CheckOptions()) == []
    assert not cache.exists()


def test_many_processes_find_what_one_finds(tmp_path):
    files = clean_site()
    for number in range(80):
        files[f"posts/n{number}/index.html"] = page(f"N {number}", f'<a href="/repo/gone-{number}/">x</a>')
    check(tmp_path, files)
    output = tmp_path / "output"
    found = [
        check_site(output, list_files(output), BASE, {}, lines_of_posts(tmp_path), CheckOptions(jobs=jobs))
        for jobs in (1, 2)
    ]
    assert found[0] == found[1]
    assert len([problem for problem in found[0] if problem.id == "broken-link"]) == 80


def test_a_problem_of_thousands_of_pages_is_located_in_linear_time():
    hashes = 0

    class Page(str):
        __slots__ = ()

        def __hash__(self):
            nonlocal hashes
            hashes += 1
            return super().__hash__()

    number = 3000
    problems = [
        page_problem("missing-main", Page(f"{n}/index.html"), 1, "the page has no main part", "") for n in range(number)
    ]
    (problem,) = locate_problems(problems, {}, lambda post, needle: (0, ""), "output")
    assert problem.more_pages == number - 1
    assert hashes < number * 20


@pytest.mark.parametrize(
    ("text", "needle", "line"),
    [
        ("a\n[x](../öl.md)\n", "/repo/posts/%C3%B6l/", 2),
        ("a\n[x](/old/page/)\n", "/old/page/", 2),
        ("a\nb\n", "/repo/none/", 0),
        ("a\n", "", 0),
    ],
)
def test_a_url_is_found_however_the_post_writes_it(text, needle, line):
    assert find_line(text, needle)[0] == line


def test_the_tables_have_a_problem_of_every_type_but_the_external_ones():
    planted = {row[0] for table in (IN_BODY, ELSEWHERE, NEW_FILES, IN_POSTS) for row in table}
    elsewhere = {id_ for id_ in PROBLEM_TYPES if "external" in id_ or "archived" in id_}
    assert set(PROBLEM_TYPES) - planted - elsewhere == {
        "blocked-post",
        "broken-comment-link",
        "foreign-file",
        "missing-file",
        "post-not-in-archive",
        "missing-page",
        "missing-404",
        "unlisted-post",
        "missing-json-ld",
        "bad-feed",
        "feed-warning",
    }
    assert len(IN_BODY) + len(ELSEWHERE) + len(NEW_FILES) + len(IN_POSTS) >= 150
