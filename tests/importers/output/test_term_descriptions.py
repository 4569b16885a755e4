"""What imports write into the files that describe the terms of a site, and that these files stay the author's."""

from datetime import UTC

import pytest

from sitegen.config.load import read_config
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from tests.support.sites import build, write

HEAD = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
)
CONFIG = 'title = "Letters"\nbase_url = "https://letters.example/"\n'


def element(name, text):
    return f"<wp:{name}><![CDATA[{text}]]></wp:{name}>"


def category(slug, about="", parent=""):
    rows = {"category_nicename": slug, "category_parent": parent, "cat_name": slug.title()}
    inner = "".join(element(name, text) for name, text in (rows | {"category_description": about}).items())
    return f"<wp:category>{inner}</wp:category>"


def tag(slug, name, about=""):
    rows = {"tag_slug": slug, "tag_name": name, "tag_description": about}
    return f"<wp:tag>{''.join(element(name, text) for name, text in rows.items())}</wp:tag>"


def term(taxonomy, slug, about=""):
    rows = {"term_taxonomy": taxonomy, "term_slug": slug, "term_name": slug.title(), "term_description": about}
    return f"<wp:term>{''.join(element(name, text) for name, text in rows.items())}</wp:term>"


def item(number, *terms, status="publish", post_type="post", link=""):
    rows = "".join(f'<category domain="{domain}" nicename="{name.lower()}">{name}</category>' for domain, name in terms)
    return (
        f"<item><title>Letter {number}</title><link>https://letters.example{link or f'/p/{number}/'}</link>"
        f"<content:encoded>Words.</content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date>2020-01-02 10:00:00</wp:post_date><wp:post_name>letter-{number}</wp:post_name>"
        f"<wp:status>{status}</wp:status><wp:post_type>{post_type}</wp:post_type>{rows}</item>"
    )


def import_wxr(root, *parts, config=CONFIG, site="https://letters.example", dry_run=False):
    export = root.parent / "export.xml"
    export.write_text(f"{HEAD}<link>{site}</link>{''.join(parts)}</channel></rss>")
    root.mkdir(exist_ok=True)
    (root / "sitegen.toml").write_text(config)
    settings = read_config(root).config
    return run_import([export], root, "content/posts", Options(UTC), dry_run=dry_run, config=settings)


def read_tags(root):
    path = root / "content/tags.toml"
    return path.read_text() if path.exists() else ""


WATER = (category("water", about="All that is <em>wet</em>."), item(1, ("category", "Water")))


def test_a_category_keeps_its_description_and_its_url(tmp_path):
    root = tmp_path / "site"
    report = import_wxr(root, *WATER)
    assert read_tags(root) == '[Water]\ndescription = "All that is *wet*."\naliases = ["/category/water/"]\n'
    assert "1 entry added, with descriptions and old URLs" in [note.message for note in report.term_notes]
    assert list(build(root).warnings) == []
    assert "/category/water/ /tags/water/ 301\n" in (root / "output/_redirects").read_text()
    assert "All that is <em>wet</em>." in (root / "output/tags/water/index.html").read_text()


def test_a_second_import_adds_nothing_and_keeps_what_the_author_wrote(tmp_path):
    root = tmp_path / "site"
    import_wxr(root, *WATER)
    (root / "content/tags.toml").write_text('# mine\n["water"]\ndescription = "Dry."\n')
    report = import_wxr(root, *WATER, category("fire"), item(2, ("category", "Fire")))
    assert read_tags(root) == '# mine\n["water"]\ndescription = "Dry."\n\n[Fire]\naliases = ["/category/fire/"]\n'
    before = read_tags(root)
    again = import_wxr(root, *WATER, category("fire"), item(2, ("category", "Fire")), item(3))
    assert read_tags(root) == before
    assert not any("added" in note.message for note in again.term_notes)
    assert report.adds_up


def test_a_dry_run_writes_no_descriptions(tmp_path):
    root = tmp_path / "site"
    import_wxr(root, *WATER, dry_run=True)
    assert not (root / "content").exists()


def test_a_file_that_is_not_valid_stays_as_it_is(tmp_path):
    root = tmp_path / "site"
    write(root, {"content/tags.toml": "[Water\n"})
    report = import_wxr(root, *WATER)
    assert read_tags(root) == "[Water\n"
    (note,) = [note for note in report.notes if note.where.path == "content/tags.toml"]
    assert note.message.startswith("nothing was added to the file: content/tags.toml:1: not valid TOML")


@pytest.mark.parametrize("status", ["draft", "private"])
def test_terms_without_published_posts_have_no_entry_and_their_descriptions_are_counted(tmp_path, status):
    root = tmp_path / "site"
    report = import_wxr(root, category("water", about="Wet."), item(1, ("category", "Water"), status=status))
    assert read_tags(root) == ""
    assert report.dropped == {"description of a term that no published post has": 1}


def test_terms_with_one_name_become_one_entry(tmp_path):
    root = tmp_path / "site"
    terms = (category("water", about="Wet."), tag("water", "water", "Blue."))
    import_wxr(root, *terms, item(1, ("category", "Water"), ("post_tag", "water")))
    assert read_tags(root) == (
        '[Water]\ndescription = "Wet.\\n\\nBlue."\naliases = ["/category/water/", "/tag/water/"]\n'
    )
    assert list(build(root).warnings) == []


def test_paths_contain_the_terms_above_and_the_folder_of_the_site(tmp_path):
    root = tmp_path / "site"
    loop = (category("a", parent="b"), category("b", parent="a"))
    parts = (category("wet", parent="house"), category("house"), *loop)
    import_wxr(root, *parts, item(1, ("category", "Wet"), ("category", "A")), site="https://letters.example/blog/")
    assert read_tags(root) == (
        '[Wet]\naliases = ["/blog/category/house/wet/"]\n\n[A]\naliases = ["/blog/category/b/a/"]\n'
    )


def test_a_url_that_the_new_site_has_needs_no_alias(tmp_path):
    root = tmp_path / "site"
    import_wxr(root, *WATER, config=f'{CONFIG}[urls]\ntag = "/category/{{slug}}/"\n')
    assert read_tags(root) == '[Water]\ndescription = "All that is *wet*."\n'
    assert list(build(root).warnings) == []


def test_the_old_url_of_a_post_is_not_given_to_a_term(tmp_path):
    root = tmp_path / "site"
    report = import_wxr(root, category("water"), item(1, ("category", "Water"), link="/category/water/"))
    assert read_tags(root) == ""
    (note,) = [note.message for note in report.term_notes if "old URL" in note.message]
    assert note.startswith("the old URL /category/water/ was dropped, since export.xml:1 already has it")


def test_other_taxonomies_become_keys_and_the_report_suggests_their_settings(tmp_path):
    root = tmp_path / "site"
    parts = (term("genre", "essay", about="Long."), item(1, ("genre", "Essay"), ("post_format", "Aside")))
    report = import_wxr(root, *parts)
    assert report.settings == "[taxonomies.genre]"
    assert report.dropped == {
        "description of a term that no published post has": 1,
        'term of the taxonomy "post_format"': 1,
    }
    assert "params:\n  genre: [Essay]\n" in (root / "content/posts/2020-01-02-letter-1.md").read_text()
    config = f"{CONFIG}{report.settings}\n"
    report = import_wxr(root, *parts, config=config)
    assert (root / "content/genre.toml").read_text() == '[Essay]\ndescription = "Long."\n'
    assert report.settings == ""
    assert list(build(root).warnings) == []
    assert "Long." in (root / "output/genre/essay/index.html").read_text()


def test_categories_are_apart_from_tags_if_the_site_has_a_taxonomy_for_them(tmp_path):
    root = tmp_path / "site"
    parts = (category("water", "Wet.", "house"), category("house"), tag("blue", "Blue"))
    letter = item(1, ("category", "Water"), ("post_tag", "Blue"))
    report = import_wxr(tmp_path / "other", *parts, letter)
    assert report.settings == '[taxonomies.categories]\nurl = "/category/{slug}/"'
    assert "tags: [Water, Blue]" in (tmp_path / "other/content/posts/2020-01-02-letter-1.md").read_text()
    import_wxr(root, *parts, letter, config=f"{CONFIG}{report.settings}\n")
    text = (root / "content/posts/2020-01-02-letter-1.md").read_text()
    assert "tags: [Blue]\n" in text
    assert "  categories: [Water]\n" in text
    path = root / "content/categories.toml"
    assert path.read_text() == '[Water]\ndescription = "Wet."\naliases = ["/category/house/water/"]\n'
    assert list(build(root).warnings) == []
    assert "Wet." in (root / "output/category/water/index.html").read_text()
    assert "/category/house/water/ /category/water/ 301" in (root / "output/_redirects").read_text()


def test_posts_of_a_custom_type_are_posts_of_the_type_if_the_site_has_it(tmp_path):
    root = tmp_path / "site"
    parts = (item(1), item(2, post_type="recipe", link="/recipe/letter-2/"))
    report = import_wxr(tmp_path / "other", *parts)
    assert report.settings == "[types.recipe]\nfeed = true"
    import_wxr(root, *parts, config=f"{CONFIG}{report.settings}\n")
    assert [path.name for path in (root / "content/recipe").glob("*.md")] == ["2020-01-02-letter-2.md"]
    assert list(build(root).warnings) == []
    assert (root / "output/recipe/letter-2/index.html").is_file()
