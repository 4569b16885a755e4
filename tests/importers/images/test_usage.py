"""Which files count as used, and which references lead to no file, in every type of file that can name one."""

import json
from urllib.parse import quote

import pytest

from tests.cli.test_commands import run
from tests.support.sites import make_site, write

POST = "content/posts/2024-05-01-lamp.md"
HEAD = "---\ntitle: Lamp\ndate: 2024-05-01\n"
LAMP = "content/posts/lamp.jpg"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")


def text(body, head=""):
    return f"{HEAD}{head}---\n\n{body}\n"


IN_TEXT = {
    "an image": ("![A](lamp.jpg)", "lamp.jpg"),
    "with a title": ('![A](lamp.jpg "Title")', "lamp.jpg"),
    "by reference": ("![A][x]\n\n[x]: lamp.jpg", "lamp.jpg"),
    "from the root": ("![A](/posts/lamp.jpg)", "/posts/lamp.jpg"),
    "in HTML": ('<img src="lamp.jpg" alt="A">', "lamp.jpg"),
    "a srcset": ('<img src="/posts/other.jpg" srcset="lamp.jpg 480w" alt="A">', "lamp.jpg"),
    "a source": ('<picture><source srcset="lamp.jpg"><img src="/posts/other.jpg" alt="A"></picture>', "lamp.jpg"),
    "a poster": ('<video poster="lamp.jpg" src="/posts/other.jpg"></video>', "lamp.jpg"),
    "a link": ("[A](lamp.jpg)", "lamp.jpg"),
    "the larger version": ("[![A](other.jpg)][x]\n\n[x]: lamp.jpg", "lamp.jpg"),
    "an address with a query": ("![A](lamp.jpg?w=1#x)", "lamp.jpg?w=1#x"),
    "in a list and a quote": ("- > ![A](lamp.jpg)", "lamp.jpg"),
}
IN_FRONT_MATTER = {
    "the image": "image: lamp.jpg",
    "the image from the root": "image: /posts/lamp.jpg",
    "an enclosure": "enclosure: lamp.jpg",
    "an enclosure with a table": "enclosure:\n  url: lamp.jpg\n  length: 3",
    "a key of a template": "gallery: [/posts/lamp.jpg]",
}
ONLY_USED = {
    "a relative name for a template": text("", "gallery: [lamp.jpg]\n"),
    "a shortcode": text('{{ figure src="lamp.jpg" }}'),
    "an object": text('<object data="lamp.jpg"></object>'),
    "code": text("`lamp.jpg`"),
    "the URL with the host": text("![A](https://letter.example.org/posts/lamp.jpg)"),
    "a draft": text("![A](lamp.jpg)", "draft: true\n"),
    "upper case and entities": text("<a href='LAMP&#46;jpg'>A</a>"),
}
TERMS = {
    "a tag": ("content/tags.toml", '[news]\ndescription = "D"\nimage = "{}"\n', 3),
    "an author": ("content/authors.toml", '[Ada]\nimage = "{}"\n', 2),
    "a source": ("content/sources.toml", '[NYPost]\nurl = "https://nypost.example/"\nimage = "{}"\n', 3),
}
IN_OTHER_FILES = {
    "a description": ("content/tags.toml", '[news]\ndescription = "![A]({})"\n', 2),
    "data in YAML": ("content/data/gallery.yaml", "photos:\n  - file: {}\n", 2),
    "data in JSON": ("content/data/gallery.json", '{{"photos": [\n"{}"]}}', 2),
    "a template": ("templates/extra.html", "<p>\n<img src='{{{{ site.base }}}}{}'>\n", 2),
    "a style sheet": ("templates/assets/extra.css", "a {{}}\nb {{ background: url({}) }}\n", 2),
    "a page in HTML": ("content/old.html", "<!doctype html>\n<img src={} alt=''>\n", 0),
}


def site(root, files=None, config=""):
    standard = {POST: text("Words"), "content/posts/other.jpg": PNG, LAMP: PNG}
    base = 'title = "T"\nbase_url = "https://letter.example.org/"\n'
    return make_site(root, standard | (files or {}), base + config)


def unused(root):
    result = run("images", "unused", "--json", root=root)
    assert result.exit_code == 0, result.output
    return [file["path"] for file in json.loads(result.stdout)["files"]]


def missing(root):
    result = run("images", "missing", "--json", root=root)
    data = json.loads(result.stdout)
    assert result.exit_code == (1 if data["missing"] else 0), result.output
    assert data["ok"] is not bool(data["missing"])
    return [(one["path"], one["line"], one["target"]) for one in data["missing"]]


def check_both(root, expected):
    """Assert that the lamp is used, and missing with its file and line once it was deleted."""
    assert LAMP not in unused(root)
    assert missing(root) == []
    (root / LAMP).unlink()
    assert missing(root) == [expected]


def test_files_that_nothing_names_are_unused_the_largest_first(tmp_path):
    root = site(tmp_path, {LAMP: PNG * 2, "content/posts/paper.pdf": b"%PDF", "content/notes.md": "Words"})
    assert unused(root) == [LAMP, "content/posts/other.jpg", "content/posts/paper.pdf"]
    assert run("images", "unused", root=root).output == (
        f"{LAMP}: 0.1 KB\ncontent/posts/other.jpg: 0.0 KB\ncontent/posts/paper.pdf: 0.0 KB\n"
        "Unused: 3 files (0.1 KB)\n"
        "Nothing was deleted. A name that a template puts together is not found: check before you delete.\n"
    )
    assert (root / LAMP).exists()


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
@pytest.mark.parametrize("form", IN_TEXT)
def test_what_a_post_shows_or_links_to_is_used_or_missing(tmp_path, form, engine):
    body, target = IN_TEXT[form]
    root = site(tmp_path, {POST: text(body)}, f'[markdown]\nengine = "{engine}"\n')
    check_both(root, (POST, 6 if "[x]: " not in body else 8, target))


@pytest.mark.parametrize("form", IN_FRONT_MATTER)
def test_what_the_front_matter_names_is_used_or_missing(tmp_path, form):
    head = IN_FRONT_MATTER[form]
    root = site(tmp_path, {POST: text("Words", f"{head}\n")})
    written = "/posts/lamp.jpg" if "/posts" in head else "lamp.jpg"
    check_both(root, (POST, 5 if "\n" in head else 4, written))


@pytest.mark.parametrize("form", ONLY_USED)
def test_a_mention_in_a_post_is_enough_to_count_as_used(tmp_path, form):
    root = site(tmp_path, {POST: ONLY_USED[form]})
    assert LAMP not in unused(root)


@pytest.mark.parametrize("form", IN_OTHER_FILES)
def test_what_templates_and_data_name_is_used_or_missing(tmp_path, form):
    path, pattern, line = IN_OTHER_FILES[form]
    root = site(tmp_path, {path: pattern.format("/posts/lamp.jpg")})
    assert LAMP not in unused(root)
    assert missing(root) == []
    (root / LAMP).unlink()
    if line:
        assert missing(root) == [(path, line, "/posts/lamp.jpg")]


@pytest.mark.parametrize("form", TERMS)
def test_images_of_terms_are_used_and_a_missing_one_stops_the_plan(tmp_path, form):
    path, pattern, line = TERMS[form]
    root = site(tmp_path, {path: pattern.format("/posts/lamp.jpg")})
    assert LAMP not in unused(root)
    (root / LAMP).unlink()
    result = run("images", "missing", root=root)
    assert (result.exit_code, f"{path}:{line}: " in result.output) == (1, True)


def test_a_relative_name_in_data_counts_as_used_by_the_end_of_the_path(tmp_path):
    data = {"content/data/gallery.yaml": "- a wall.jpg\n- posts/other.jpg\n", "content/posts/a wall.jpg": PNG}
    assert unused(site(tmp_path, data)) == [LAMP]


@pytest.mark.parametrize("setting", ["logo", "header_image", "image"])
def test_images_of_the_theme_are_used(tmp_path, setting):
    root = site(tmp_path, config=f'[theme]\n{setting} = "/posts/lamp.jpg"\n')
    assert unused(root) == ["content/posts/other.jpg"]


@pytest.mark.parametrize("name", ["photo (1).jpg", "a,b.jpg", "Käse und Brot.jpg", "50% off.jpg", "it's.jpg"])
def test_names_with_special_characters_are_found(tmp_path, name):
    files = {f"content/posts/{name}": PNG, POST: text(f"![A](<{name.replace('%', '%25')}>)")}
    assert f"content/posts/{name}" not in unused(site(tmp_path / "plain", files))
    files[POST] = text(f"![A]({quote(name)})")
    root = site(tmp_path / "quoted", files)
    assert f"content/posts/{name}" not in unused(root)
    (root / f"content/posts/{name}").unlink()
    assert missing(root) == [(POST, 6, quote(name))]
    files[POST] = text("Words")
    files["content/data/list.yaml"] = f'- file: "{name}"\n'
    assert f"content/posts/{name}" not in unused(site(tmp_path / "data", files))


def test_a_site_below_a_path_names_its_files_with_or_without_it(tmp_path):
    files = {POST: text("![A](/posts/lamp.jpg)"), "templates/extra.html": '<img src="/letters/posts/other.jpg">'}
    root = write(site(tmp_path, files), {"sitegen.toml": 'base_url = "https://letter.example.org/letters/"\n'})
    assert (unused(root), missing(root)) == ([], [])


def test_files_that_programs_request_by_name_are_used(tmp_path):
    names = ["favicon.ico", "apple-touch-icon.png", "robots.txt", ".well-known/security.txt"]
    root = site(tmp_path, {f"content/{name}": "x" for name in names} | {POST: text("![A](lamp.jpg)![B](other.jpg)")})
    assert unused(root) == []


def test_files_of_the_output_and_of_other_hosts_are_not_missing(tmp_path):
    body = "![A](https://elsewhere.example/gone.jpg) ![B](data:image/png;base64,AAAA) [C](#c) [D](/search.json)"
    root = site(tmp_path, {POST: text(body), "content/data/d.yaml": "- https://a.example/x.jpg\n- //b.example/x.jpg\n"})
    assert missing(root) == []


def test_a_site_that_cannot_be_planned_reports_its_problems(tmp_path):
    root = site(tmp_path, {POST: "---\ntitle: [\n---\n"})
    for command in ("unused", "missing"):
        result = run("images", command, root=root)
        assert (result.exit_code, "2024-05-01-lamp.md" in result.output) == (1, True)


def test_a_command_without_images_changes_nothing(tmp_path):
    root = site(tmp_path, {POST: text("![A](lamp.jpg) ![B](gone.jpg)")})
    output = run("images", "missing", root=root)
    assert (output.exit_code, output.output) == (1, f"{POST}:6: gone.jpg\nMissing: 1 file\n")
    assert not (root / "output").exists()
