import gzip
import re
from html import unescape

import pytest

from sitegen.config.load import read_config
from sitegen.config.schema import ENGINES
from sitegen.errors import SiteError
from sitegen.render.theme import find_theme
from tests.support.sites import CONFIG, build, make_site, post, write

THEME = find_theme()
STYLE = (THEME / "assets" / "style.css").read_text("utf-8")
SOURCES = '[Wire]\nurl = "https://wire.example/"\npolicy = "{policy}"\n'
REPRINT = """\
---
title: Reprint
date: 2024-02-01
source: Wire
source_url: https://wire.example/reprint
summary: The summary only.
views: {count: 5, on: Wix, at: 2023-01-02}
likes: {count: 1, on: Wix, at: 2023-01-02}
---

The whole text.
"""


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def test_there_is_no_style_and_no_script_inside_of_a_page(tmp_path):
    build(make_site(tmp_path))
    pages = list((tmp_path / "output").rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), page
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        assert [inside for attributes, inside in scripts if inside.strip() and "ld+json" not in attributes] == []


def test_the_style_sheet_fits_into_the_first_round_trip():
    assert len(gzip.compress(STYLE.encode())) <= 14 * 1024
    assert "@import" not in STYLE
    assert "@font-face" not in STYLE
    assert "url(" not in STYLE


def test_the_scripts_are_small():
    scripts = {path.name: path.read_bytes() for path in (THEME / "assets").glob("*.js")}
    assert len(scripts["search.js"]) <= 12.5 * 1024  # the index over all years adds 0.5 KB and saves 30 KB a query
    sizes = {name: len(gzip.compress(script)) for name, script in scripts.items()}
    assert sizes.keys() == {"theme.js", "search.js", "code.js", "comments.js"}
    assert sizes["theme.js"] + max(sizes["search.js"], sizes["code.js"]) <= 6 * 1024  # no page loads both of these
    assert sizes["comments.js"] <= 1.5 * 1024


def test_both_dark_palettes_are_the_same():
    palettes = re.findall(r'(?:not\(\[data-theme="light"\]\)|:root\[data-theme="dark"\]) \{([^}]*)\}', STYLE)
    one, other = (sorted(re.findall(r"--[a-z-]+: [^;]+;", palette)) for palette in palettes[:2])
    assert one == other != []


def luminance(colour):
    parts = [int(colour[offset : offset + 2], 16) / 255 for offset in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_all_text_has_enough_contrast(palette):
    blocks = re.findall(r"\{([^{}]*--paper: #[^{}]*)\}", STYLE)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[0 if palette == "light" else 1]))
    pairs = [(text, ground) for text in ("ink", "muted", "accent") for ground in ("paper", "tint")]
    for text, ground in [*pairs, ("on-accent", "accent"), ("ink", "mark"), ("ink", "code")]:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_a_page_of_a_post_is_small_beside_its_text(tmp_path):
    build(make_site(tmp_path))
    assert len(read(tmp_path, "posts/second/index.html").encode()) < 20_000


@pytest.mark.parametrize(
    ("policy", "robots", "canonical", "text"),
    [
        ("original", False, "https://letter.example.org/posts/reprint/", True),
        ("syndicated", True, "https://letter.example.org/posts/reprint/", True),
        ("canonical", False, "https://wire.example/reprint", True),
        ("excerpt", False, "https://letter.example.org/posts/reprint/", False),
    ],
)
def test_a_source_says_how_search_engines_treat_its_posts(policy, robots, canonical, text, tmp_path):
    files = {"content/posts/reprint.md": REPRINT, "content/sources.toml": SOURCES.format(policy=policy)}
    build(make_site(tmp_path, files))
    page = read(tmp_path, "posts/reprint/index.html")
    assert ('<meta name="robots" content="noindex">' in page) == robots
    assert f'<link rel="canonical" href="{canonical}">' in page
    assert ("The whole text." in page) == text
    assert 'First published by <a href="/sources/wire/">Wire</a>' in page
    assert "5 views on Wix, as of January 2, 2023" in page
    assert "<span>1 like on Wix, as of January 2, 2023</span>" in page
    assert page.count("https://wire.example/reprint") >= 1


def test_a_post_with_the_url_of_its_original_links_to_it_without_a_named_source(tmp_path):
    build(make_site(tmp_path, {"content/posts/reprint.md": REPRINT.replace("source: Wire\n", "")}))
    page = read(tmp_path, "posts/reprint/index.html")
    link = '<a class="attribution-original" href="https://wire.example/reprint" rel="external">Read the original</a>'
    assert link in page
    assert "First published" not in page


def test_every_page_announces_the_feeds_and_lists_their_own_first(tmp_path):
    build(make_site(tmp_path))
    feeds = {
        path: re.findall(r'<link rel="alternate" [^>]*href="([^"]*)"', read(tmp_path, path))
        for path in ("index.html", "posts/first/index.html", "tags/news/index.html")
    }
    assert feeds["index.html"] == ["/feed.xml", "/atom.xml", "/feed.json"] == feeds["posts/first/index.html"]
    assert feeds["tags/news/index.html"] == ["/tags/news/feed.xml", "/feed.xml", "/atom.xml", "/feed.json"]


def test_the_form_goes_where_the_config_says(tmp_path):
    config = f"""{CONFIG}
[theme.subscribe]
action = "https://buttondown.com/api/emails/embed-subscribe/box"
hidden = {{ embed = "1", tag = "site" }}

[[theme.links]]
title = "Mastodon"
url = "https://social.example/@box"
"""
    build(make_site(tmp_path, config=config))
    page = read(tmp_path, "index.html")
    assert '<form action="https://buttondown.com/api/emails/embed-subscribe/box" method="post">' in page
    assert '<input type="hidden" name="embed" value="1">' in page
    assert '<a href="https://social.example/@box" rel="me">Mastodon</a>' in page


def test_without_a_form_in_the_config_there_are_only_feeds(tmp_path):
    build(make_site(tmp_path))
    assert "<form" not in read(tmp_path, "index.html")
    assert 'href="/feed.xml"' in read(tmp_path, "index.html")


def test_the_masthead_leads_only_to_what_there_is(tmp_path):
    config = CONFIG + '\n[urls]\nsearch = ""\nfigures = ""\ntags = ""\n'
    build(make_site(tmp_path, config=config))
    page = read(tmp_path, "posts/first/index.html")
    for gone in ("/search/", "/figures/", '"/tags/"', "/sources/", "/most-read/"):
        assert f'href="{gone}' not in page
    assert not (tmp_path / "output/search").exists()
    assert 'href="/archive/"' in page


IDS = re.compile(r"""\s(?:id|for|aria-labelledby|aria-describedby)="([^"]*)\"""")


def test_every_id_of_the_theme_has_a_prefix_but_those_worth_linking_to():
    texts = [path.read_text("utf-8") for path in THEME.rglob("*.html")]
    ids = {name for text in texts for name in IDS.findall(text)}
    assert {"theme:main", "theme:subscribe", "theme:contents"} < ids
    # Months of a year and figures: pages that show no post, so that nothing can collide.
    assert {name for name in ids if not name.startswith("theme:")} == {
        "{{ figure.id }}",
        "m{{ '%02d' % month.number }}",
        "{{ first.id }}",  # the id that the first heading has in the text
        "{{ mention.anchor }}",  # begins with the prefix, as the anchor of every comment
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_a_heading_never_takes_an_id_of_the_theme(engine, tmp_path):
    names = ("Main", "Contents", "Related", "Subscribe", "Subscribe email", "Theme:main", "theme main")
    text = "\n\n".join(f"## {name}\n\nText." for name in names)
    settings = f'{CONFIG}[theme.subscribe]\naction = "https://mail.example/"\n[markdown]\nengine = "{engine}"\n'
    files = {"content/posts/2024-01-02-second.md": post("Second", "2024-01-02", text)}
    build(make_site(tmp_path, files, settings))
    page = read(tmp_path, "posts/second/index.html")
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert {"main", "contents", "related", "subscribe", "theme:main", "theme:subscribe", "theme:contents"} <= set(ids)
    assert '<a class="skip" href="#theme:main">' in page


def test_a_site_of_another_language_speaks_it(tmp_path):
    config = CONFIG.replace('author = "Ada"', 'author = "Ada"\nlanguage = "de"')
    build(make_site(tmp_path, config=config))
    page = read(tmp_path, "posts/first/index.html")
    assert '<html lang="de" dir="ltr">' in page
    assert "1. Januar 2024" in page
    assert ">Archiv<" in page


def test_a_post_in_a_language_without_words_keeps_its_own_mark(tmp_path):
    text = post("Notizia", "2024-01-01", "Un testo.").replace("tags:", "language: it\ntags:")
    build(make_site(tmp_path, {"content/posts/2024-01-01-first.md": text}))
    page = read(tmp_path, "posts/first/index.html")
    assert '<html lang="en" dir="ltr">' in page
    assert '<article class="post" lang="it">' in page


def test_long_posts_begin_with_their_contents_and_headings_link_to_themselves(tmp_path):
    text = "\n\n".join(f"## Part {n}\n\nWords." for n in range(3)) + "\n\n## With a [link](https://example.com/)\n"
    build(make_site(tmp_path, {"content/posts/2024-01-01-first.md": post("First", "2024-01-01", text)}))
    page = read(tmp_path, "posts/first/index.html")
    assert '<li><a href="#part-1">Part 1</a></li>' in page
    assert '<h2 id="part-1"><a class="anchor" href="#part-1">Part 1</a></h2>' in page
    assert '<h2 id="with-a-link">With a <a href="https://example.com/">link</a></h2>' in page


def test_short_posts_have_no_contents(tmp_path):
    build(make_site(tmp_path))
    assert 'class="contents"' not in read(tmp_path, "posts/first/index.html")


def test_the_archive_counts_months_and_leads_to_them(tmp_path):
    build(make_site(tmp_path))
    page = read(tmp_path, "archive/index.html")
    assert '<a href="/archive/2024/#m01" aria-label="January 2024: 3 posts">3</a>' in page
    assert 'id="m01"' in read(tmp_path, "archive/2024/index.html")


def test_a_post_can_be_cited(tmp_path):
    text = post("50% & more_or_less", "2024-01-01").replace("tags:", "author: Zoë Müller\nissue: 7\ntags:")
    build(make_site(tmp_path, {"content/posts/2024-01-01-first.md": text}))
    page = read(tmp_path, "posts/first/index.html")
    entry = unescape(re.search(r"<code>(@online.*?)</code>", page, re.DOTALL)[1])
    assert entry.startswith("@online{muller-2024-first,\n")
    assert r"title = {{50\% \& more\_or\_less}}," in entry
    assert "author = {{Zoë Müller}}," in entry
    assert "number = {7}," in entry


def test_posts_are_passed_on_by_plain_links(tmp_path):
    config = CONFIG + '\n[theme]\nshare = ["email", "x"]\n'
    build(make_site(tmp_path, config=config))
    page = read(tmp_path, "posts/first/index.html")
    links = re.findall(r'<a href="([^"]*)"', re.search('<p class="share">.*?</p>', page, re.DOTALL)[0])
    url = "https%3A%2F%2Fletter.example.org%2Fposts%2Ffirst%2F"
    assert links == [f"mailto:?subject=First&amp;body={url}", f"https://x.com/intent/post?url={url}&amp;text=First"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('article = "Essay"', '"Essay" is not a type of article'),
        ('share = ["emial"]', 'unknown service for sharing posts: "emial"'),
        ('[[theme.links]]\ntitle = "x"', "a link has no title or no url"),
    ],
)
def test_a_wrong_setting_of_the_theme_is_a_problem(setting, message, tmp_path):
    make_site(tmp_path, config=f"{CONFIG}\n[theme]\n{setting}\n")
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    assert [problem.message for problem in caught.value.problems] == [message]


def rendered_pages(report):
    return {path for path in report.rendered if path.endswith(".html")}


def test_an_edited_text_redraws_its_page_alone(tmp_path):
    files = {"content/posts/2024-01-02-second.md": post("Second", "2024-01-02").replace("tags:", "summary: S\ntags:")}
    build(make_site(tmp_path, files))
    path = tmp_path / "content/posts/2024-01-02-second.md"
    path.write_text(path.read_text().replace("Some words.", "Same count."))
    assert rendered_pages(build(tmp_path)) == {"posts/second/index.html"}


def test_an_edited_title_redraws_only_what_shows_it(tmp_path):
    many = {
        f"content/posts/2023-05-{n:02}-old-{n}.md": post(f"Old {n}", f"2023-05-{n:02}", tags="old")
        for n in range(1, 29)
    }
    many["content/posts/2023-05-01-old-1.md"] = post("Old 1", "2023-05-01", tags="lone").replace(
        "tags:", "slug: one\ntags:"
    )
    build(make_site(tmp_path, many))
    path = tmp_path / "content/posts/2023-05-01-old-1.md"
    path.write_text(path.read_text().replace("Old 1", "Odd 1"))
    shown = rendered_pages(build(tmp_path))
    assert {"posts/one/index.html", "archive/2023/index.html", "tags/lone/index.html"} <= shown
    assert not shown & {
        "404.html",
        "search/index.html",
        "feeds/index.html",
        "about/index.html",
        "posts/third/index.html",
    }


def test_a_changed_partial_redraws_the_pages_that_share_it(tmp_path):
    build(make_site(tmp_path))
    write(tmp_path, {"templates/partials/footer.html": "<footer>Our own foot.</footer>\n"})
    report = build(tmp_path)
    assert {"posts/first/index.html", "404.html"} <= rendered_pages(report)
    assert "Our own foot." in read(tmp_path, "posts/first/index.html")


def test_a_new_file_of_the_sites_own_style_is_taken_up(tmp_path):
    build(make_site(tmp_path))
    write(tmp_path, {"templates/assets/custom.css": ":root { --accent: #004488; }\n"})
    build(tmp_path)
    assert re.search(r'<link rel="stylesheet" href="/assets/custom\.\w+\.css">', read(tmp_path, "index.html"))


def test_a_changed_asset_changes_its_url_on_every_page(tmp_path):
    build(make_site(tmp_path))
    before = re.search(r"/assets/style\.\w+\.css", read(tmp_path, "404.html"))[0]
    write(tmp_path, {"templates/assets/style.css": "body { color: black }\n"})
    build(tmp_path)
    after = re.search(r"/assets/style\.\w+\.css", read(tmp_path, "404.html"))[0]
    assert before != after
    assert (tmp_path / "output" / after.lstrip("/")).read_text() == "body { color: black }\n"


def test_an_error_in_a_partial_names_its_line_and_the_page(tmp_path):
    make_site(tmp_path, {"templates/partials/list-header.html": "<header>\n{{ page.titel }}\n</header>\n"})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == ("templates/partials/list-header.html", 2)
    assert "while rendering archive/index.html" in problem.message
