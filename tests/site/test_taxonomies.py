"""Taxonomies that a config defines: their keys, pages, feeds, descriptions and links."""

import json
import re
import subprocess
import sys

import pytest
from lxml import etree

from sitegen.config.load import read_config
from sitegen.config.taxonomies import FRONT_MATTER_KEYS, find_taxonomies
from sitegen.content.front_matter.fields import FIELDS
from sitegen.errors import SiteError
from tests.support.sites import CONFIG, build, make_site, tree, write

PEOPLE = CONFIG + "[taxonomies.people]\n"


def post(day, people="", more=""):
    return f"---\ntitle: Letter {day}\ndate: 2024-01-{day:02}\npeople: {people}\n{more}---\nWords of letter {day}.\n"


POSTS = {
    "content/posts/a.md": post(4, "[Mara Quill, Bo]"),
    "content/posts/b.md": post(5, "Bo, Ada"),
    "content/posts/c.md": post(6, "bo"),
}


def make(root, files=None, config=PEOPLE):
    write(root, {"sitegen.toml": config, **POSTS, **(files or {})})
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def links(html):
    return re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', html[html.index("<main") : html.index("</main>")])


def titles(html):
    return re.findall(r'class="entry-title"><a href="[^"]*">([^<]*)<', html)


def find_problems(root, files=None, config=PEOPLE):
    with pytest.raises(SiteError) as caught:
        make(root, files, config)
    return [(problem.path, problem.line, problem.message) for problem in caught.value.problems]


def test_each_term_has_a_page_and_the_index_lists_them(tmp_path):
    make(tmp_path)
    assert links(read(tmp_path, "people/index.html")) == [
        ("/people/ada/", "Ada"),
        ("/people/bo/", "Bo"),
        ("/people/mara-quill/", "Mara Quill"),
    ]
    page = read(tmp_path, "people/bo/index.html")
    assert titles(page) == ["Letter 6", "Letter 5", "Letter 4"]
    assert '<p class="kicker"><a href="/people/">People</a></p>' in page
    assert links(read(tmp_path, "posts/a/index.html"))[:2] == [
        ("/people/mara-quill/", "Mara Quill"),
        ("/people/bo/", "Bo"),
    ]
    assert "https://letter.example.org/people/bo/" in read(tmp_path, "sitemap.xml")
    trail = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])["@graph"][-1]
    assert [step["name"] for step in trail["itemListElement"]] == ["The Test Letter", "People", "Bo"]


def test_every_page_links_to_the_index_and_the_navigation_can_name_it(tmp_path):
    make(tmp_path)
    foot = read(tmp_path, "posts/a/index.html").partition('<footer class="foot"')[2]
    assert '<a href="/people/">People</a>' in foot
    make(tmp_path, config=PEOPLE + '[[theme.nav]]\nsection = "people"\n')
    assert '<a href="/people/" aria-current="true">People</a>' in read(tmp_path, "people/index.html")


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["Ada", "Bo", "Mara Quill"]),
        ("posts", ["Bo", "Ada", "Mara Quill"]),
        ("latest", ["Mara Quill", "Bo", "Ada"]),
    ],
)
def test_terms_are_in_the_order_of_the_setting(tmp_path, order, names):
    newest = {"content/posts/d.md": post(9, "Mara Quill")} if order == "latest" else {}
    make(tmp_path, newest, PEOPLE + f'term_order = "{order}"\n')
    assert [name for _, name in links(read(tmp_path, "people/index.html"))] == names


def test_posts_that_are_oldest_first_are_on_one_page(tmp_path):
    make(tmp_path, config=CONFIG + '[lists]\npage = 1\n[taxonomies.people]\npost_order = "oldest"\n')
    page = read(tmp_path, "people/bo/index.html")
    assert titles(page) == ["Letter 4", "Letter 5", "Letter 6"]
    assert '<meta name="description" property="og:description" content="Bo: Letter 4, Letter 5, Letter 6">' in page
    make(tmp_path, config=CONFIG + "[lists]\npage = 1\n[taxonomies.people]\n")
    assert titles(read(tmp_path, "people/bo/index.html")) == ["Letter 6"]
    assert titles(read(tmp_path, "people/bo/page/1/index.html")) == ["Letter 4"]


def test_terms_have_feeds_only_by_setting_and_the_newest_post_is_first(tmp_path):
    make(tmp_path)
    assert not (tmp_path / "output/people/bo/feed.xml").exists()
    config = CONFIG + '[feeds]\ngroups = false\n[taxonomies.people]\nfeed = true\npost_order = "oldest"\n'
    make(tmp_path, config=config)
    feed = etree.fromstring((tmp_path / "output/people/bo/feed.xml").read_bytes())
    assert feed.xpath("//item/title/text()") == ["Letter 6", "Letter 5", "Letter 4"]
    assert "/people/bo/feed.xml" in read(tmp_path, "people/bo/index.html")
    assert '<h2 class="label">People</h2>' in read(tmp_path, "feeds/index.html")
    opml = etree.fromstring((tmp_path / "output/feeds/opml.xml").read_bytes())
    assert opml.xpath('//outline[@text="People"]/outline/@text') == ["Ada", "Bo", "Mara Quill"]
    assert not (tmp_path / "output/authors/ada/feed.xml").exists()


def test_settings_change_key_title_urls_and_templates(tmp_path):
    config = CONFIG + (
        '[taxonomies.places]\nkey = "people"\ntitle = "Where"\n'
        'url = "/w/{slug}.html"\nindex = ""\ntemplate = "own.html"\n'
    )
    make(tmp_path, {"templates/own.html": "{{ page.title }} of {{ site.taxonomies.places.title }}"}, config)
    assert read(tmp_path, "w/bo.html") == "Bo of Where"
    assert not (tmp_path / "output/places").exists()
    assert '"/places/"' not in read(tmp_path, "index.html")


def test_without_a_url_terms_have_no_pages(tmp_path):
    make(tmp_path, config=PEOPLE + 'url = ""\nfeed = true\n')
    assert [path for path in tree(tmp_path / "output") if path.startswith("people/")] == ["people/index.html"]
    assert "<span>Mara Quill</span>" in read(tmp_path, "posts/a/index.html")


@pytest.mark.parametrize(
    "files",
    [
        {"content/people.toml": '[Bo]\ndescription = "Writes, see [one](posts/a.md)."\nimage = "/bo.svg"\n'},
        {"content/people/bo.md": "---\nimage: /bo.svg\n---\nWrites, see [one](../posts/a.md).\n"},
        {"content/people/x.md": "---\nname: Bo\nimage: /bo.svg\n---\nWrites, see [one](../posts/a.md).\n"},
    ],
)
def test_a_term_is_described_in_a_table_or_in_a_file_of_its_own(tmp_path, files):
    make(tmp_path, {**files, "content/bo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    page = read(tmp_path, "people/bo/index.html")
    assert '<div class="body"><p>Writes, see <a href="/posts/a/">one</a>.</p></div>' in page
    assert 'src="/bo.svg"' in page
    assert not [path for path in tree(tmp_path / "output") if path.endswith((".md", ".toml"))]


def test_what_is_wrong_with_a_description_is_reported_at_its_line(tmp_path):
    files = {
        "content/people/bo.md": "---\nname: Bo\nage: 7\ndescription: x\n---\nA [lost](gone.md) link.\n",
        "content/people.toml": "[Ada]\nurl = 7\n",
    }
    assert find_problems(tmp_path, files) == [
        ("content/people.toml", 2, "`url` is not a string"),
        ("content/people/bo.md", 3, "`age` is not a key of a description"),
        ("content/people/bo.md", 4, "`description` is the text of this file"),
    ]
    files = {"content/people/bo.md": "---\nname: Bo\n---\n\nA [lost](gone.md) link.\n"}
    (problem,) = find_problems(tmp_path, files | {"content/people.toml": '[Ada]\ndescription = "x"\n'})
    assert problem[:2] == ("content/people/bo.md", 5)
    files = {"content/people/bo.md": "Text.\n", "content/people.toml": '[BO]\ndescription = "x"\n'}
    assert find_problems(tmp_path, files) == [
        ("content/people/bo.md", 1, '"bo" is described here and in content/people.toml')
    ]


def test_a_description_that_no_post_needs_is_a_warning(tmp_path):
    report = make(tmp_path, {"content/people/boo.md": "Text.\n"})
    assert [(item.path, item.message, item.hint) for item in report.warnings] == [
        ("content/people/boo.md", 'no published post has the `people` "boo"', 'did you mean "Bo"?')
    ]


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("[taxonomies.tags]\n", 4, '"tags" has a meaning already'),
        ("[taxonomies.People]\n", 4, '"People" is not the name of a taxonomy'),
        ('[taxonomies.people]\nkey = "title"\n', 5, '"title" cannot be the key of the taxonomy "people"'),
        ('[taxonomies.a]\n[taxonomies.b]\nkey = "a"\n', 6, 'the key "a" is used twice'),
        ('[taxonomies.series]\npart = "date"\n', 5, '"date" cannot be the part of the taxonomy "series"'),
        ('[taxonomies.a]\nurl = "/a/"\n', 5, 'the pattern "/a/" must contain {slug}'),
        ('[taxonomies.a]\nindex = "a"\n', 5, 'the pattern "a" is not a path of the site'),
        ('[taxonomies.a]\nterm_order = "size"\n', 5, '"size" is not a known value of `term_order`'),
        ('[taxonomies.a]\npost_order = "new"\n', 5, '"new" is not a known value of `post_order`'),
        ('[taxonomies.a]\ntemplate = ""\n', 5, "`template` is empty"),
        ('[taxonomies.a]\ntemplate = "terms.htm"\n', 5, 'the template "terms.htm" is missing'),
        ("[taxonomies.a]\nfed = true\n", 5, 'unknown setting "taxonomies.a.fed"'),
        ("[taxonomies.a]\nfeed = 1\n", 5, '"taxonomies.a.feed" must be true or false'),
        ("[taxonomies]\na = 1\n", 4, '"taxonomies" has a table for each name'),
    ],
)
def test_what_is_wrong_with_a_table_is_reported_at_its_line(tmp_path, table, line, message):
    assert find_problems(tmp_path, config=CONFIG + table) == [("sitegen.toml", line, message)]


def test_the_hint_of_an_unknown_setting_names_a_known_one(tmp_path):
    with pytest.raises(SiteError) as caught:
        make(tmp_path, config=PEOPLE + 'term_ordre = "name"\n')
    assert caught.value.problems[0].hint == 'did you mean "term_order"?'


@pytest.mark.parametrize("value", ["{a: 1}", "[Ada, {b: 1}]"])
def test_a_wrong_value_is_reported_at_its_line(tmp_path, value):
    found = find_problems(tmp_path, {"content/posts/a.md": post(4, value)})
    assert found == [("content/posts/a.md", 4, "a mapping is not text")]


def test_a_key_that_is_almost_a_taxonomy_is_a_warning(tmp_path):
    report = make(tmp_path, {"content/posts/d.md": "---\ntitle: D\ndate: 2024-01-09\npeopel: Bo\n---\nText.\n"})
    assert [(item.line, item.hint) for item in report.warnings] == [(4, 'did you mean "people"?')]


def test_keys_that_have_a_meaning_are_those_of_front_matter():
    assert {field.name for field in FIELDS} | {"enclosure"} == FRONT_MATTER_KEYS


def test_built_in_taxonomies_come_first_and_have_their_own_templates(tmp_path):
    write(tmp_path, {"sitegen.toml": PEOPLE})
    found = find_taxonomies(read_config(tmp_path).config)
    assert [(item.name, item.template) for item in found] == [
        ("sources", "source.html"),
        ("tags", "tag.html"),
        ("authors", "author.html"),
        ("people", "term.html"),
    ]


def test_a_site_without_the_table_keeps_the_key_among_its_params(tmp_path):
    make_site(tmp_path, {**POSTS, "templates/post.html": "{{ post.params.people|default('none') }}"})
    build(tmp_path)
    assert read(tmp_path, "posts/c/index.html") == "bo"
    assert not (tmp_path / "output/people").exists()


def run(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "sitegen", "-C", root, *arguments], capture_output=True, text=True, check=True
    )


def test_commands_show_the_settings_and_the_schema_of_a_taxonomy(tmp_path):
    write(tmp_path, {"sitegen.toml": PEOPLE + 'term_order = "posts"\n'})
    shown = run(tmp_path, "config").stdout
    assert re.search(r"taxonomies\.people\.term_order +'posts' +\(sitegen.toml:5\)", shown)
    assert "people" in json.loads(run(tmp_path, "schema", "post").stdout)["properties"]
    assert "people" not in json.loads(run(tmp_path / "content", "schema", "post").stdout)["properties"]


def test_terms_can_be_in_params_where_imports_write_unknown_keys(tmp_path):
    nested = "---\ntitle: Letter\ndate: 2024-01-07\nparams:\n  people: [Ada]\n  colour: red\n---\nWords.\n"
    make(tmp_path, {"content/posts/d.md": nested})
    assert titles(read(tmp_path, "people/ada/index.html")) == ["Letter", "Letter 5"]


def test_a_problem_of_terms_in_params_has_their_line(tmp_path):
    nested = "---\ntitle: Letter\ndate: 2024-01-07\nparams:\n  people: {a: b}\n---\nWords.\n"
    ((path, line, _),) = find_problems(tmp_path, {"content/posts/d.md": nested})
    assert (path, line) == ("content/posts/d.md", 5)
