"""Types of posts that a config defines: their folder, URLs, list, feed, keys and issues."""

import json
import re
from html import unescape

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from lxml import etree

from sitegen.cli import main
from sitegen.config.content_schema import FIELD_TYPES
from sitegen.content.front_matter.custom_fields import OWN_FIELDS
from sitegen.errors import SiteError
from tests.support.sites import CONFIG, build, post, tree, write

RECIPES = CONFIG + (
    '[types.recipes]\nfeed = true\nrequired = ["servings"]\n'
    '[types.recipes.fields]\nservings = "number"\nsteps = "list"\ncooked = "date"\norigin = "url"\nnote = "text"\n'
    'beside = "post"\n'
)
LETTER = {"content/posts/a.md": post("A letter", "2024-01-01", tags="soup")}


def recipe(title="Leek soup", date="2024-02-01", front="servings: 4", text="Words of leeks."):
    return f"---\ntitle: {title}\ndate: {date}\ntags: [soup]\n{front}\n---\n{text}\n"


def make(root, files=None, config=RECIPES):
    write(root, {"sitegen.toml": config, **LETTER, "content/recipes/leek.md": recipe(), **(files or {})})
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def titles(html):
    return re.findall(r'class="entry-title"><a href="[^"]*">([^<]*)<', html)


def find_problems(root, files=None, config=RECIPES):
    with pytest.raises(SiteError) as caught:
        make(root, files, config)
    return [(problem.path, problem.line, problem.message) for problem in caught.value.problems]


def test_the_posts_of_a_type_have_their_own_urls_list_and_feed(tmp_path):
    make(tmp_path, {"content/recipes/sub/kale.md": recipe("Kale", "2024-03-01")})
    assert titles(read(tmp_path, "recipes/index.html")) == ["Kale", "Leek soup"]
    assert "<h1>Leek soup</h1>" in read(tmp_path, "recipes/leek/index.html")
    feed = etree.fromstring((tmp_path / "output/recipes/feed.xml").read_bytes())
    assert feed.xpath("//item/title/text()") == ["Kale", "Leek soup"]
    assert feed.xpath("string(//channel/title)") == "The Test Letter: Recipes"
    assert '<a href="/recipes/">Recipes</a>' in read(tmp_path, "posts/a/index.html")
    assert not [path for path in tree(tmp_path / "output") if path.endswith(".md")]


def test_posts_of_a_type_are_found_by_search_tags_and_sitemap_but_are_not_in_the_archive(tmp_path):
    make(tmp_path)
    for path in ("index.html", "archive/index.html", "archive/2024/index.html", "feed.xml", "posts/a/index.html"):
        assert "Leek soup" not in read(tmp_path, path).partition('class="related"')[0], path
    assert titles(read(tmp_path, "tags/soup/index.html")) == ["Leek soup", "A letter"]
    assert "https://letter.example.org/recipes/leek/" in read(tmp_path, "sitemap.xml")
    index = "".join(data.decode() for path, data in tree(tmp_path / "output").items() if path.startswith("search/"))
    assert "Leek soup" in index
    assert "leek" in index
    assert "A letter" not in read(tmp_path, "recipes/leek/index.html").partition('class="related"')[0]


def test_with_main_the_posts_are_on_the_home_page_and_in_the_feed_too(tmp_path):
    make(tmp_path, config=CONFIG + "[types.recipes]\nmain = true\nlisting = ''\n")
    assert "Leek soup" in read(tmp_path, "index.html")
    assert "Leek soup" in read(tmp_path, "feed.xml")
    assert "Leek soup" in read(tmp_path, "posts/a/index.html")
    assert not (tmp_path / "output/recipes/index.html").exists()


def test_settings_change_folder_urls_title_and_templates(tmp_path):
    config = CONFIG + (
        '[types.recipes]\nfolder = "kitchen/dishes"\ntitle = "Dishes"\nurl = "/{year}/{slug}.html"\n'
        'listing = "/dishes.html"\ntemplate = "dish.html"\nlisting_template = "dishes.html"\n'
    )
    files = {
        "content/kitchen/dishes/kale.md": recipe("Kale"),
        "templates/dish.html": "{{ post.title }} {{ post.type }} {{ post.params.servings }}",
        "templates/dishes.html": "{{ page.title }}: {{ site.types.recipes.count }}",
    }
    make(tmp_path, files, config)
    assert read(tmp_path, "2024/kale.html") == "Kale recipes 4"
    assert read(tmp_path, "dishes.html") == "Dishes: 1"
    assert not (tmp_path / "output/recipes/leek.md").exists()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ["C", "B", "A"]),
        ("reverse = true", ["A", "B", "C"]),
        ('sort = "title"\nreverse = true', ["C", "B", "A"]),
        ('sort = "servings"', ["B", "A", "C"]),
        ('sort = "servings"\nreverse = true', ["A", "B", "C"]),
        ('sort = "steps"', ["A", "C", "B"]),
    ],
)
def test_the_list_is_in_the_order_of_the_setting(tmp_path, settings, expected):
    config = CONFIG + f'[types.recipes]\n{settings}\nfields = {{servings = "number", steps = "list"}}\n'
    files = {
        "content/recipes/leek.md": recipe("A", "2024-02-01", "servings: 10\nsteps: [boil]"),
        "content/recipes/b.md": recipe("B", "2024-02-02", "servings: 9"),
        "content/recipes/c.md": recipe("C", "2024-02-03", "steps: cut"),
    }
    make(tmp_path, files, config)
    assert titles(read(tmp_path, "recipes/index.html")) == expected


def test_own_keys_are_read_by_their_types_and_shown(tmp_path):
    front = (
        "servings: 2.5\nsteps: Boil, Eat\ncooked: 2024-01-05\norigin: https://a.example/x\nnote: Very <hot>\n"
        "beside: ../posts/a.md"
    )
    template = (
        "{% if post.type %}{{ post.params.servings + 1 }} {{ post.params.steps|join('|') }} "
        "{{ post.params.cooked.year }}{% endif %}"
    )
    make(tmp_path, {"content/recipes/leek.md": recipe(front=front)})
    page = read(tmp_path, "recipes/leek/index.html")
    shown = re.search(r'<dl class="fields">(.*?)</dl>', page, re.DOTALL)[1]
    assert re.findall(r"<dt>(.*?)</dt>", shown) == ["Servings", "Steps", "Cooked", "Origin", "Note", "Beside"]
    assert '<dd dir="auto"><a href="/posts/a/">A letter</a></dd>' in shown
    assert '<dd dir="auto">Very &lt;hot&gt;</dd>' in shown
    assert "January 5, 2024" in shown
    write(tmp_path, {"templates/post.html": template})
    make(tmp_path, {"content/recipes/leek.md": recipe(front=front)}, RECIPES.replace("posts/", "posts/"))
    assert read(tmp_path, "recipes/leek/index.html") == "3.5 Boil|Eat 2024"


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("note: x", 1, "`servings` is missing, which every post of the type `recipes` needs"),
        ("servings:", 5, "`servings` is missing, which every post of the type `recipes` needs"),
        ("servings: many", 5, '"many" is not a number'),
        ("servings: 1\ncooked: soon", 6, '"soon" is not a date'),
        ("servings: 1\norigin: a.example", 6, '"a.example" is not an http or https URL'),
        ("servings: 1\nbeside: a", 6, '"a" is not the path of a Markdown file'),
        ("servings: 1\nbeside: ../posts/b.md", 6, "`beside: ../posts/b.md` is not the file of another post"),
        ("servings: 1\nbeside: leek.md", 6, "`beside: leek.md` is not the file of another post"),
        ("servings: 1\nbeside: draft.md", 6, "`beside: draft.md` is a post that is not published"),
        ("servings: 1\ntemplate: x.html", 6, "the template `x.html` is missing"),
    ],
)
def test_a_wrong_value_is_reported_at_its_line(tmp_path, front, line, message):
    files = {
        "content/recipes/leek.md": recipe(front=front),
        "content/recipes/draft.md": recipe(front="draft: true\nservings: 1"),
    }
    assert find_problems(tmp_path, files) == [("content/recipes/leek.md", line, message)]


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("[types.posts]\n", 4, '"posts" has a meaning already'),
        ("[taxonomies.people]\n[types.people]\n", 5, '"people" has a meaning already'),
        ("[types.Recipes]\n", 4, '"Recipes" is not the name of a type'),
        ('[types.a]\nfolder = "posts/a"\n', 5, 'the folder "posts/a" overlaps with "posts", which is in use'),
        ('[types.a]\n[types.b]\nfolder = "a/b"\n', 6, 'the folder "a/b" overlaps with "a", which is in use'),
        ('[types.a]\nfolder = "../x"\n', 5, '"../x" is not the path of a folder'),
        ('[types.a]\nurl = "/a/"\n', 5, 'the pattern "/a/" must contain {slug}'),
        ('[types.a]\nlisting = "a"\n', 5, 'the pattern "a" is not a path of the site'),
        ('[types.a]\ngather = "number!"\n', 5, '"number!" is not a known value of `gather`'),
        ('[types.a]\nsort = "size"\n', 5, '"size" is not a known value of `sort`'),
        ('[types.a]\nrequired = ["size"]\n', 5, 'the required key "size" is not a field'),
        ('[types.a.fields]\ntags = "list"\n', 5, '"tags" cannot be a field of the type "a"'),
        ('[types.a.fields]\nsize = "int"\n', 5, '"int" is not the type of a field'),
        ('[types.a]\ntemplate = "x.html"\n', 5, 'the template "x.html" is missing'),
    ],
)
def test_what_is_wrong_with_a_table_is_reported_at_its_line(tmp_path, table, line, message):
    found = find_problems(tmp_path, config=CONFIG + table)
    assert [(path, at, text) for path, at, text in found if text == message] == [("sitegen.toml", line, message)]


def test_a_post_and_a_page_can_name_their_template(tmp_path):
    files = {
        "templates/wide.html": "wide {{ page.title }}",
        "content/posts/b.md": "---\ntitle: B\ndate: 2024-01-02\ntemplate: wide.html\n---\nText.\n",
        "content/pages/about.md": "---\ntitle: About\ntemplate: wide.html\n---\nText.\n",
    }
    make(tmp_path, files)
    assert read(tmp_path, "posts/b/index.html") == "wide B"
    assert read(tmp_path, "about/index.html") == "wide About"


ISSUE = "---\ntitle: {title}\ndate: {date}\nissue: {number}\n{more}---\nHello.\n"


def letters(*days):
    text = "---\ntitle: L{day}\ndate: 2024-01-{day:02}\nissue: {issue}\n---\nText.\n"
    return {f"content/posts/p{day}.md": text.format(day=day, issue=day // 10) for day in days}


@pytest.mark.parametrize(
    ("how", "more", "first", "second"),
    [
        ("number", "", ["L11", "L15"], ["L25"]),
        ("date", "", ["L3", "L11", "L15", "L20"], ["L21", "L25"]),
        ("list", "posts: [../posts/p25.md, ../posts/p3.md]\n", ["L25", "L3"], ["L25", "L3"]),
    ],
)
def test_an_issue_gathers_posts_by_number_by_date_or_by_list(tmp_path, how, more, first, second):
    files = {
        **letters(3, 11, 15, 20, 21, 25),
        "content/issues/one.md": ISSUE.format(title="One", date="2024-01-20", number=1, more=more),
        "content/issues/two.md": ISSUE.format(title="Two", date="2024-01-25", number=2, more=more),
    }
    if how == "number":
        files["content/posts/p20.md"] = files["content/posts/p20.md"].replace("issue: 2", "issue: 9")
        files["content/posts/p21.md"] = files["content/posts/p21.md"].replace("issue: 2", "issue: 9")
    write(tmp_path, {"sitegen.toml": CONFIG + f'[types.issues]\nfeed = true\ngather = "{how}"\n', **files})
    build(tmp_path)
    assert titles(read(tmp_path, "issues/one/index.html")) == first
    assert titles(read(tmp_path, "issues/two/index.html")) == second
    assert titles(read(tmp_path, "issues/index.html")) == ["Two", "One"]
    assert "<title>Two</title>" in read(tmp_path, "issues/feed.xml")


@pytest.mark.parametrize("name", ["feed.xml", "feed.json"])
def test_the_feed_item_of_an_issue_lists_the_posts_that_it_gathers(tmp_path, name):
    files = {
        **letters(11, 15),
        "content/issues/one.md": ISSUE.format(title="One", date="2024-01-20", number=1, more=""),
    }
    files["content/posts/p15.md"] = "---\ntitle: A & B\ndate: 2024-01-15\nissue: 1\nsummary: 1 < 2\n---\nText.\n"
    config = CONFIG + '[feeds]\ngroup_formats = ["rss", "json"]\n[types.issues]\nfeed = true\ngather = "number"\n'
    write(tmp_path, {"sitegen.toml": config, **files})
    build(tmp_path)
    feed = read(tmp_path, f"issues/{name}")
    html = json.loads(feed)["items"][0]["content_html"] if name == "feed.json" else feed
    url = "https://letter.example.org/posts"
    rows = [f'<a href="{url}/p11/">L11</a><br>Text.', f'<a href="{url}/p15/">A &amp; B</a><br>1 &lt; 2']
    assert f"<p>Hello.</p>\n<ul>\n<li>{rows[0]}</li>\n<li>{rows[1]}</li>\n</ul>" in html


def test_a_new_title_of_a_gathered_post_is_in_the_feed_item_of_its_issue(tmp_path):
    issue = ISSUE.format(title="One", date="2024-01-20", number=1, more="")
    config = CONFIG + '[types.issues]\nfeed = true\ngather = "number"\n'
    root, clean = tmp_path / "a", tmp_path / "b"
    write(root, {"sitegen.toml": config, **letters(11, 15), "content/issues/one.md": issue})
    build(root)
    changed = {"content/posts/p11.md": "---\ntitle: New\ndate: 2024-01-11\nissue: 1\n---\nText.\n"}
    write(root, changed)
    build(root)
    write(clean, {"sitegen.toml": config, **letters(11, 15), "content/issues/one.md": issue, **changed})
    build(clean)
    assert ">New</a>" in unescape(read(root, "issues/feed.xml"))
    assert tree(root / "output") == tree(clean / "output")


def test_each_type_of_a_field_can_be_read():
    assert tuple(OWN_FIELDS) == FIELD_TYPES


def run(root, *arguments):
    return CliRunner().invoke(main, ["-C", str(root), *arguments], catch_exceptions=False)


def test_new_writes_a_post_of_a_type_with_its_keys_and_the_schema_requires_them(tmp_path):
    make(tmp_path)
    assert run(tmp_path, "new", "Kale soup", "--type", "recipes", "--draft").exit_code == 0
    (file,) = (tmp_path / "content/recipes").glob("*-kale-soup.md")
    assert re.fullmatch(
        r'---\ntitle: "Kale soup"\ndate: \S+\nservings:\nsteps:\ncooked:\norigin:\nnote:\nbeside:\n'
        r"draft: true\n---\n\n",
        file.read_text("utf-8"),
    )
    schema = json.loads(run(tmp_path, "schema", "post", "--type", "recipes").output)
    assert Draft202012Validator(schema).is_valid({"title": "A", "servings": 2, "steps": ["a"], "beside": "../a.md"})
    assert not Draft202012Validator(schema).is_valid({"title": "A"})
    assert not Draft202012Validator(schema).is_valid({"servings": "many"})
    wrong = run(tmp_path, "new", "Kale soup", "--type", "recipies")
    assert (wrong.exit_code, 'did you mean "recipes"?' in wrong.stderr) == (1, True)
    assert run(tmp_path, "new", "Kale soup", "--type", "recipes", "--page").exit_code == 2


def test_files_beside_a_draft_of_a_type_are_not_published(tmp_path):
    files = {
        "content/recipes/new/index.md": recipe(front="servings: 1\ndraft: true"),
        "content/recipes/new/pot.svg": "<svg/>",
        "content/recipes/note.txt": "---\ntitle: Stray\n---\n",
    }
    report = make(tmp_path, files)
    assert not (tmp_path / "output/recipes/new").exists()
    assert [item.path for item in report.warnings] == ["content/recipes/note.txt"]


def test_a_type_has_a_list_and_a_feed_in_each_language(tmp_path):
    files = {
        "content/recipes/leek.de.md": recipe("Lauchsuppe"),
        "content/issues/one.de.md": "---\ntitle: Heft\ndate: 2024-02-02\nissue: 1\n---\nHallo.\n",
        "content/recipes/kale.de.md": recipe("Kohl", front="servings: 1\nissue: 1"),
        "content/recipes/kale.md": recipe("Kale", front="servings: 1\nissue: 1"),
    }
    config = RECIPES + '[types.issues]\ngather = "number"\n[languages.de]\n'
    make(tmp_path, files, config)
    assert titles(read(tmp_path, "de/recipes/index.html")) == ["Lauchsuppe", "Kohl"]
    assert titles(read(tmp_path, "recipes/index.html")) == ["Leek soup", "Kale"]
    assert titles(read(tmp_path, "de/issues/one/index.html")) == ["Kohl"]
    assert "<title>Lauchsuppe</title>" in read(tmp_path, "de/recipes/feed.xml")
    assert 'hreflang="de"' in read(tmp_path, "recipes/leek/index.html")
    assert "Lauchsuppe" not in read(tmp_path, "de/index.html")
    pages = [path for path in tree(tmp_path / "output") if path.startswith("de/") and path.endswith(".html")]
    linked = {link for path in pages for link in re.findall(r'href="(/[^"#]*/)[#"]', read(tmp_path, path))}
    assert [link for link in sorted(linked) if not (tmp_path / f"output{link}").is_dir()] == []
