import re

import pytest

from sitegen.config.load import read_config
from sitegen.config.theme_schema import ICONS
from sitegen.errors import SiteError
from sitegen.render.theme import find_theme
from tests.support.sites import CONFIG, build, make_site, tree, write

FORM = '[theme.subscribe]\naction = "https://mail.example/"\n'
LINK = re.compile(r"<li[^>]*><a ([^>]*)>(.*?)</a></li>")


def build_with(root, settings, files=None, config=CONFIG):
    make_site(root, files, config=f"{config}\n[theme]\n{settings}\n")
    return build(root)


def page_of(title, menu="", more=""):
    return f"---\ntitle: {title}\n{f'menu: {menu}' if menu else ''}\n{more}\n---\n\nWords.\n"


def read(root, path="index.html"):
    return (root / "output" / path).read_text("utf-8")


def links_of(page, css_class):
    nav = page.partition(f'class="{css_class}"')[2].partition("</nav>")[0]
    return [(re.search('href="([^"]*)"', start)[1], re.sub("<[^>]*>", "", text)) for start, text in LINK.findall(nav)]


def test_the_masthead_has_the_sections_that_exist(tmp_path):
    build(make_site(tmp_path))
    assert links_of(read(tmp_path), "masthead-nav") == [
        ("/archive/", "Archive"),
        ("/tags/", "Tags"),
        ("/search/", "Search"),
    ]
    assert links_of(read(tmp_path), "foot") == [
        ("/about/", "About"),
        ("/authors/", "Authors"),
        ("/figures/", "Statistics"),
        ("/feeds/", "Feeds"),
    ]


def test_the_config_says_what_is_in_the_masthead_and_in_which_order(tmp_path):
    items = '{page = "about"}, {section = "home"}, {section = "archive", title = "Letters"}'
    items += ', {title = "Shop", url = "/shop/?a=1"}'
    build_with(tmp_path, f"nav = [{items}]", config=CONFIG.replace(".org/", ".org/sub/"))
    assert links_of(read(tmp_path), "masthead-nav") == [
        ("/sub/about/", "About"),
        ("/sub/", "Home"),
        ("/sub/archive/", "Letters"),
        ("/sub/shop/?a=1", "Shop"),
    ]


def test_the_config_says_what_is_in_the_footer_before_its_links(tmp_path):
    settings = (
        'footer = [{section = "feeds", icon = "rss"}, '
        '{title = "M & Co", url = "https://m.example/@a", icon = "mastodon"}]\n'
        '[[theme.links]]\ntitle = "More"\nurl = "https://more.example/"'
    )
    build_with(tmp_path, settings)
    foot = read(tmp_path).partition('class="foot"')[2]
    assert [url for url, _ in links_of(read(tmp_path), "foot")] == [
        "/feeds/",
        "https://m.example/@a",
        "https://more.example/",
    ]
    assert '<a href="/feeds/" class="nav-icon" aria-label="Feeds"><svg ' in foot
    assert '<a href="https://m.example/@a" rel="me" class="nav-icon" aria-label="M &amp; Co"><svg ' in foot
    assert " style=" not in foot


def test_sections_that_the_site_does_not_have_are_omitted(tmp_path):
    build_with(
        tmp_path, 'nav = [{section = "sources"}, {section = "most_read"}, {section = "tags"}, {section = "authors"}]'
    )
    assert [title for _, title in links_of(read(tmp_path), "masthead-nav")] == ["Tags", "Authors"]


def test_a_page_says_which_menu_it_is_in(tmp_path):
    files = {
        "content/pages/about.md": page_of("About", "header", "order: 2"),
        "content/pages/contact.md": page_of("Contact", "header", "order: 1"),
        "content/pages/imprint.md": page_of("Imprint", "footer"),
        "content/pages/thanks.md": page_of("Thanks", "none"),
        "content/pages/terms.md": page_of("Terms"),
    }
    build(make_site(tmp_path, files))
    assert [title for _, title in links_of(read(tmp_path), "masthead-nav")] == [
        "Archive",
        "Tags",
        "Search",
        "Contact",
        "About",
    ]
    assert [title for _, title in links_of(read(tmp_path), "foot")][:2] == ["Imprint", "Terms"]
    assert "Thanks" not in read(tmp_path)


def test_a_page_below_another_one_is_in_the_menu_that_it_names(tmp_path):
    files = {
        "content/pages/guides/index.md": page_of("Guides", "", "order: 1"),
        "content/pages/guides/wix.md": page_of("Wix", "footer"),
        "content/pages/guides/ghost.md": page_of("Ghost", "header"),
        "content/pages/guides/hugo.md": page_of("Hugo"),
    }
    build(make_site(tmp_path, files))
    assert [title for _, title in links_of(read(tmp_path), "foot")][:3] == ["Guides", "About", "Wix"]
    assert "Ghost" in [title for _, title in links_of(read(tmp_path), "masthead-nav")]


def test_another_menu_of_a_page_changes_the_other_pages_as_a_clean_build_does(tmp_path):
    build(make_site(tmp_path))
    write(tmp_path, {"content/pages/about.md": page_of("About", "header")})
    build(tmp_path)
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental
    assert ("/about/", "About") in links_of(read(tmp_path, "posts/first/index.html"), "masthead-nav")


def test_the_link_to_the_page_itself_is_marked(tmp_path):
    build_with(tmp_path, 'nav = [{page = "about"}, {section = "archive"}, {section = "home"}, {section = "feeds"}]')
    current = {
        path: re.findall(r'<a href="([^"]*)" aria-current="([^"]*)"', read(tmp_path, path).partition("</nav>")[0])
        for path in (
            "about/index.html",
            "archive/index.html",
            "index.html",
            "feeds/index.html",
            "posts/first/index.html",
        )
    }
    assert current == {
        "about/index.html": [("/about/", "page")],
        "archive/index.html": [("/archive/", "true")],
        "index.html": [("/", "true")],
        "feeds/index.html": [("/feeds/", "true")],
        "posts/first/index.html": [],
    }


def test_a_site_with_a_form_has_a_button_in_the_masthead_that_leads_to_it(tmp_path):
    make_site(tmp_path, config=f"{CONFIG}\n{FORM}")
    build(tmp_path)
    for path in ("index.html", "posts/first/index.html", "archive/index.html"):
        assert '<li class="masthead-subscribe"><a href="/#theme:subscribe">Subscribe</a></li>' in read(tmp_path, path)
    assert 'id="theme:subscribe"' in read(tmp_path)


@pytest.mark.parametrize(
    ("settings", "files"),
    [
        ('home = ["latest"]\n' + FORM, {}),
        (FORM, {"content/pages/index.md": page_of("Start")}),
        ('nav = [{section = "archive"}]\n' + FORM, {}),
    ],
)
def test_there_is_no_button_without_a_form_on_the_home_page_or_if_the_config_names_other_links(
    settings, files, tmp_path
):
    build_with(tmp_path, settings, files)
    assert "masthead-subscribe" not in read(tmp_path)


def test_every_icon_has_one_shape():
    text = (find_theme() / "partials" / "nav-link.html").read_text("utf-8")
    assert tuple(re.findall(r'^  "([a-z]+)": "M[^"<>&]+",$', text, re.MULTILINE)) == ICONS


@pytest.mark.parametrize(
    ("settings", "line", "message", "hint"),
    [
        ('nav = [{title = "x"}]', 6, "a link needs either `section`, `page` or `url`", ""),
        ('nav = [{section = "home", page = "about"}]', 6, "a link needs either `section`, `page` or `url`", ""),
        ('nav = [{section = "archiv"}]', 6, '"archiv" is not a known section', 'did you mean "archive"?'),
        ('nav = [{url = "https://a.example/"}]', 6, 'the link to "https://a.example/" has no title', "add `title`"),
        ('nav = [{title = "x", url = "javascript:1"}]', 6, '"javascript:1" cannot be a link', ""),
        ('nav = ["archive"]', 6, '"theme.nav" is a list of tables', "write [[theme.nav]]"),
        ('[[theme.footer]]\nsection = "home"\n[[theme.footer]]\npage = "a"\nicon = "mastodn"', 10,
         '"mastodn" is not a known icon', 'did you mean "mastodon"?'),
    ],
)  # fmt: skip
def test_a_wrong_link_is_a_problem(settings, line, message, hint, tmp_path):
    make_site(tmp_path, config=f"{CONFIG}\n[theme]\n{settings}\n")
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.message) == (line, message)
    assert hint in problem.hint


def test_a_page_that_is_not_published_is_a_problem_at_its_link(tmp_path):
    with pytest.raises(SiteError) as caught:
        build_with(tmp_path, '[[theme.nav]]\nsection = "home"\n[[theme.nav]]\npage = "abut"')
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("sitegen.toml", 9)
    assert problem.message == 'the page "abut" is not a published page'
    assert problem.hint == 'did you mean "about"?'


def test_a_menu_that_does_not_exist_is_a_problem(tmp_path):
    with pytest.raises(SiteError, match='"top" is not a menu'):
        build(make_site(tmp_path, {"content/pages/about.md": page_of("About", "top")}))
