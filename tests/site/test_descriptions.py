"""Descriptions of authors, tags and sources: on their pages, in structured data, and what is wrong with their files."""

import json
import re

import pytest

from sitegen.errors import SiteError
from tests.law.variants import grey_png
from tests.support.sites import CONFIG, build, make_site, post, tree, write

AUTHORS = """\
["Ada"]
description = '''
Writes about *engines*, such as [the first](posts/2024-01-01-first.md).

More in [the archive](/archive/).
'''
image = "/people/ada face.png"
image_alt = "Ada at a desk"
url = "https://ada.example/"
links = [{title = "Mastodon", url = "https://social.example/@ada"}, {title = "About", url = "/about/"}]
"""
FILES = {"content/authors.toml": AUTHORS, "content/people/ada face.png": grey_png(64, 9)}
PAGE = "authors/ada/index.html"


def build_with(root, files=None, config=CONFIG):
    make_site(root, {**FILES, **(files or {})}, config=config)
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def find_problems(root, files):
    with pytest.raises(SiteError) as caught:
        build_with(root, files)
    return caught.value.problems


def read_json_ld(text):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])["@graph"]


def test_the_page_of_an_author_shows_description_image_and_links(tmp_path):
    build_with(tmp_path)
    page = read(tmp_path, PAGE)
    assert '<p>Writes about <em>engines</em>, such as <a href="/posts/first/">the first</a>.</p>' in page
    assert '<a href="/archive/">the archive</a>' in page
    image = re.search(r'<img src="/people/ada%20face.png" alt="Ada at a desk" class="([^"]*)" ([^>]*)>', page)
    assert "about-image" in image[1]
    assert 'width="64" height="64"' in image[2]
    assert '<a href="https://ada.example/" rel="me">ada.example</a>' in page
    assert '<a href="https://social.example/@ada" rel="me">Mastodon</a>' in page
    assert '<a href="/authors/ada/feed.xml" type="application/rss+xml">Follow by RSS</a>' in page
    assert (
        '<meta name="description" property="og:description" content="Writes about engines, such as the first.">' in page
    )


def test_structured_data_describe_the_author_as_a_person(tmp_path):
    build_with(tmp_path)
    profile, _ = read_json_ld(read(tmp_path, PAGE))
    assert profile["@type"] == "ProfilePage"
    assert profile["mainEntity"] == {
        "@type": "Person",
        "name": "Ada",
        "description": "Writes about engines, such as the first.",
        "image": "https://letter.example.org/people/ada%20face.png",
        "url": "https://ada.example/",
        "sameAs": ["https://social.example/@ada"],
    }


def test_tags_and_sources_have_descriptions_too(tmp_path):
    first = post("First", "2024-01-01").replace("tags:", "source: The Post\ntags:")
    files = {
        "content/posts/2024-01-01-first.md": first,
        "content/tags.toml": '[news]\ndescription = "What is new."\n',
        "content/sources.toml": '["The Post"]\nurl = "https://post.example/"\ndescription = "A paper."\n',
    }
    build_with(tmp_path, files)
    tag, source = read(tmp_path, "tags/news/index.html"), read(tmp_path, "sources/the-post/index.html")
    assert '<div class="body"><p>What is new.</p></div>' in tag
    assert read_json_ld(tag)[0]["about"] == {"@type": "DefinedTerm", "name": "news", "description": "What is new."}
    assert '<div class="body"><p>A paper.</p></div>' in source
    assert source.count("https://post.example/") == 2  # the link, and the structured data
    assert read_json_ld(source)[0]["about"]["@type"] == "Organization"


def test_only_the_front_page_of_a_list_shows_the_description(tmp_path):
    build_with(tmp_path, config=f"{CONFIG}[lists]\npage = 1\n")
    assert 'class="about ' in read(tmp_path, PAGE)
    assert 'class="about ' not in read(tmp_path, "authors/ada/page/1/index.html")


def test_urls_of_a_site_with_a_base_path_have_the_path(tmp_path):
    build_with(tmp_path, config=CONFIG.replace(".org/", ".org/letter/"))
    page = read(tmp_path, PAGE)
    for url in ("/letter/archive/", "/letter/posts/first/", "/letter/about/"):
        assert f'<a href="{url}"' in page
    assert 'src="/letter/people/ada%20face.png"' in page


def test_an_edited_description_renders_the_page_that_shows_it_and_no_other(tmp_path):
    build_with(tmp_path)
    write(tmp_path, {"content/authors.toml": AUTHORS.replace("engines", "looms")})
    assert build(tmp_path).rendered == (PAGE,)
    write(tmp_path, {"content/sources.toml": '["The Post"]\npolicy = "original"\n'})
    assert build(tmp_path).rendered == ()
    (tmp_path / "content" / "authors.toml").unlink()
    assert build(tmp_path).rendered == (PAGE,)
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental


def test_an_image_of_another_size_renders_the_page(tmp_path):
    build_with(tmp_path)
    write(tmp_path, {"content/people/ada face.png": grey_png(48, 9)})
    assert PAGE in build(tmp_path).rendered
    assert 'width="48"' in read(tmp_path, PAGE)


def test_the_files_themselves_are_not_published(tmp_path):
    build_with(tmp_path, {"content/tags.toml": "[news]\n"})
    assert not list((tmp_path / "output").glob("*.toml"))


def test_a_name_that_no_post_has_is_a_warning_with_its_line(tmp_path):
    report = build_with(tmp_path, {"content/tags.toml": '[news]\n[rian]\ndescription = "Water."\n'})
    (warning,) = report.warnings
    assert (warning.path, warning.line) == ("content/tags.toml", 2)
    assert warning.message == 'no published post has the tag "rian"'
    assert warning.hint == 'did you mean "rain"?'


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('[Ada]\ndescripton = "x"\n', 2, "`descripton` is not a key of a description", 'did you mean "description"?'),
        ("[Ada]\nborn = 1815\n", 2, "`born` is not a key of a description", "known are: url, description,"),
        ("[Ada]\ndescription = 1\n", 2, "`description` is not a string", "Put it in quotes."),
        ('[Ada]\nurl = "ada.example"\n', 2, '"ada.example" is not an http or https URL', "Begin it with https://."),
        ('[Ada]\nimage = "ada.png"\n', 2, '"ada.png" is not the path or URL of an image', "/people/a.jpg"),
        ('[Ada]\nimage = "/adda.png"\n', 2, '`image = "/adda.png"` names a file that is not published', "put the file"),
        ('[Ada]\nlinks = ["https://a.example/"]\n', 2, "`links` is not a list of links", "title ="),
        ('[Ada]\nlinks = [{title = "A", url = "javascript:1"}]\n', 2, "`links` is not a list of links", ""),
        ('[Ada]\naliases = "/a/"\n', 2, "`aliases` is not a list of paths", 'aliases = ["/category/news/"]'),
        ('[Ada]\naliases = ["/a/", "../b"]\n', 2, "", 'aliases = ["/category/news/"]'),
        ('Ada = "x"\n', 1, "`Ada` is not the description of a term", '["Ada"]'),
        ('[" "]\n', 1, "` ` is not the description of a term", '["Name"]'),
        ("[Ada]\n[ada]\n", 2, '"Ada" and "ada" are the same author', "remove one of them"),
        ('[Ada]\n\ndescription = """\nOne.\n[Lost](posts/lost.md)\n"""\n', 5, "the link ", ""),
        ("[Ada\n", 1, "", ""),
    ],
)
def test_a_mistake_is_a_problem_with_its_line(text, line, message, hint, tmp_path):
    (problem,) = find_problems(tmp_path, {"content/authors.toml": text})
    assert (problem.path, problem.line) == ("content/authors.toml", line)
    assert problem.message.startswith(message)
    assert hint in problem.hint


def test_the_mistakes_of_all_files_are_reported_at_once(tmp_path):
    files = {"content/authors.toml": "[Ada]\nx = 1\ny = 2\n", "content/tags.toml": "[news]\nz = 3\n"}
    assert len(find_problems(tmp_path, files)) == 3


def test_a_key_of_descriptions_is_known_in_the_file_of_sources(tmp_path):
    (problem,) = find_problems(tmp_path, {"content/sources.toml": '[Post]\ndescriptio = "x"\n'})
    assert problem.hint == 'did you mean "description"?'
