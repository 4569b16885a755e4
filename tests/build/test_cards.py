"""Pages have share cards at stable URLs, and every incremental build equals a clean one."""

import os
import re
import shutil
import time
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("fontTools", reason="fontTools is not installed")
pytest.importorskip("PIL", reason="Pillow is not installed")

from sitegen.build import planned_site, request
from sitegen.build.builder import Builder, Request
from sitegen.build.planned_site import find_deferrable
from sitegen.check.options import CheckOptions
from sitegen.check.planned import plan_of
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.formats.image_size import read_image
from sitegen.media.cards import notes, render_card
from sitegen.media.cards.notes import describe_cards
from sitegen.site import card_planner
from sitegen.site.pages.card import CARD_SIZE, card_path
from sitegen.system.files import list_files
from sitegen.system.installation import install_hint
from tests.support.card_fonts import LATIN, make_ttf
from tests.support.photographs import encode, make_photograph
from tests.support.sites import CACHE, CONFIG, build, make_site, post, tree

CARDS = '\n[cards]\nenabled = true\nsystem_fonts = false\nfonts = ["fonts/a.ttf"]\n'
POST = "content/posts/2024-01-01-first.md"
SETTINGS = CONFIG + CARDS
FONT = make_ttf(widths=510)
OTHER_FONT = make_ttf(widths=500).ljust(len(FONT), b"\0")


def make_card_site(root: Path, files: dict[str, str | bytes] | None = None, settings: str = SETTINGS) -> Path:
    return make_site(root, {"fonts/a.ttf": FONT, **(files or {})}, config=settings)


def card_files(root: Path) -> list[str]:
    return sorted(path for path in tree(root / "output") if path.startswith("cards"))


def preview(root: Path, page: str) -> dict[str, str]:
    """Return what a page says about its preview image, by property."""
    html = (root / "output" / page).read_text("utf-8")
    rows = re.findall(r'<meta (?:property|name)="((?:og:image|twitter:card)[^"]*)" content="([^"]*)">', html)
    return {name: unescape(value) for name, value in rows}


@pytest.fixture
def rendered(monkeypatch):
    """The titles of the cards that are rendered, in this process."""
    found: list[str] = []
    render = render_card.render_card

    def record(card, book, read):
        found.append(card.title.text)
        return render(card, book, read)

    monkeypatch.setattr(render_card, "render_card", record)
    return found


def test_each_post_page_term_and_the_home_page_has_a_card(tmp_path):
    root = make_card_site(tmp_path)
    assert build(root).warnings == ()
    posts = [f"cards/posts/{slug}.png" for slug in ("first", "second", "third")]
    terms = ["cards/authors/ada.png", "cards/tags/news.png", "cards/tags/rain.png"]
    assert card_files(root) == sorted(["cards/about.png", "cards.png", *posts, *terms])
    for path in card_files(root):
        data = (root / "output" / path).read_bytes()
        assert read_image(data) == CARD_SIZE
        assert len(data) <= 60_000


def test_a_page_names_its_card_with_size_and_description(tmp_path):
    root = make_card_site(tmp_path)
    build(root)
    assert preview(root, "posts/first/index.html") == {
        "og:image": "https://letter.example.org/cards/posts/first.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "First – The Test Letter",
        "twitter:card": "summary_large_image",
    }
    home = preview(root, "index.html")
    assert (home["og:image"], home["og:image:alt"]) == (
        "https://letter.example.org/cards.png",
        "The Test Letter",
    )
    for page in ("archive/index.html", "tags/index.html", "404.html"):
        assert preview(root, page) == home


def test_the_urls_of_cards_begin_with_the_path_of_the_site(tmp_path):
    root = make_card_site(tmp_path, settings=SETTINGS.replace("example.org/", "example.org/letters/"))
    build(root)
    assert preview(root, "posts/first/index.html")["og:image"].endswith("/letters/cards/posts/first.png")
    assert "cards/posts/first.png" in card_files(root)


@pytest.mark.parametrize(
    ("page", "card"),
    [
        ("index.html", "cards.png"),
        ("posts/a/index.html", "cards/posts/a.png"),
        ("posts/a.html", "cards/posts/a.html.png"),
        ("index/index.html", "cards/index.png"),
    ],
)
def test_the_path_of_a_card_depends_on_that_of_the_page_alone(page, card):
    assert card_path(page) == card


def test_further_pages_of_a_list_have_the_card_of_the_first(tmp_path):
    root = make_card_site(tmp_path, settings=SETTINGS.replace("\n[cards]", "\n[lists]\npage = 1\n[cards]"))
    build(root)
    assert preview(root, "tags/news/page/1/index.html")["og:image"].endswith("/cards/tags/news.png")


def test_a_new_title_changes_one_card_and_no_url(tmp_path, rendered):
    root = make_card_site(tmp_path)
    build(root)
    before, rendered[:] = tree(root / "output"), []
    (root / POST).write_text(
        post("Another title", "2024-01-01", "The first letter.").replace("---\n", "---\nslug: first\n", 1)
    )
    report = build(root)
    assert rendered == ["Another title"]
    assert [path for path in report.rendered if path.startswith("cards/")] == ["cards/posts/first.png"]
    assert card_files(root) == sorted(path for path in before if path.startswith("cards"))
    assert preview(root, "posts/first/index.html")["og:image:alt"] == "Another title – The Test Letter"


def test_an_edit_of_the_text_and_a_new_post_render_no_other_card(tmp_path, rendered):
    root = make_card_site(tmp_path)
    build(root)
    rendered.clear()
    (root / POST).write_text(post("First", "2024-01-01", "Edited."))
    assert not any(path.startswith("cards/") for path in build(root).rendered)
    (root / "content/posts/new.md").write_text(post("Newest", "2024-05-01"))
    build(root)
    assert rendered == ["Newest"]
    assert build(root).rendered == ()


def test_a_fresh_clone_with_the_folder_of_encoded_images_renders_no_card(tmp_path, rendered):
    root = make_card_site(tmp_path / "one")
    build(root)
    clone = tmp_path / "two"
    shutil.copytree(root, clone, ignore=shutil.ignore_patterns(".sitegen", "output"))
    shutil.copytree(root / ".sitegen/images", clone / ".sitegen/images")
    rendered.clear()
    build(clone)
    assert rendered == []
    assert tree(clone / "output") == tree(root / "output")


def replace_font_with_same_stamp(root: Path) -> None:
    path = root / "fonts/a.ttf"
    before = path.stat()
    path.unlink()
    path.write_bytes(OTHER_FONT)
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def damage_cards(root: Path) -> None:
    for path in (root / ".sitegen/images").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-9])


CHANGES = {
    "a font with the same size and time": replace_font_with_same_stamp,
    "another title": lambda root: (root / POST).write_text(post("Other", "2024-01-01")),
    "another date": lambda root: (root / POST).write_text(post("First", "2024-01-09")),
    "a deleted post": lambda root: (root / POST).unlink(),
    "a draft": lambda root: (root / POST).write_text(post("First").replace("title", "draft: true\ntitle", 1)),
    "another preset": lambda root: (root / "sitegen.toml").write_text(SETTINGS + '[theme]\npreset = "magazine"\n'),
    "another accent colour": lambda root: (root / "sitegen.toml").write_text(
        SETTINGS + '[theme]\naccent = "#00566b"\n'
    ),
    "no cards": lambda root: (root / "sitegen.toml").write_text(CONFIG),
    "a card of the site's own": lambda root: (
        (root / "content/cards/posts").mkdir(parents=True),
        (root / "content/cards/posts/first.png").write_bytes(encode(make_photograph(3, 600, 315), "PNG")),
    ),
    "no folder of encoded images": lambda root: shutil.rmtree(root / ".sitegen/images"),
    "damaged cards in the cache": damage_cards,
    "no build cache": lambda root: (root / ".sitegen/store.db").unlink(),
    "a deleted card": lambda root: (root / "output/cards/posts/first.png").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_build_after_a_change_equals_a_clean_one(tmp_path, change):
    root = make_card_site(tmp_path / "site")
    build(root)
    change(root)
    build(root)
    clean = tmp_path / "clean"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".sitegen", "output"))
    build(clean)
    assert tree(root / "output") == tree(clean / "output")
    assert build(root).rendered == ()


def test_another_font_changes_the_cards(tmp_path):
    root = make_card_site(tmp_path)
    build(root)
    before = tree(root / "output")
    replace_font_with_same_stamp(root)
    build(root)
    after = tree(root / "output")
    assert {path for path in after if after[path] != before[path]} == set(card_files(root))


def test_fonts_of_the_machine_are_inputs_of_a_build(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    root = make_site(tmp_path / "site", config=f"{CONFIG}\n[cards]\nenabled = true\n")
    assert build(root, font_folders=(str(fonts),)).warnings == ()
    assert card_files(root) == []
    (fonts / "a.ttf").write_bytes(FONT)
    build(root, font_folders=(str(fonts),))
    assert "cards/posts/first.png" in card_files(root)
    assert build(root, font_folders=(str(fonts),)).rendered == ()


def test_an_own_card_replaces_the_rendered_one_with_its_size(tmp_path):
    own = encode(make_photograph(3, 600, 315), "PNG")
    root = make_card_site(tmp_path, {"content/cards/posts/first.png": own})
    build(root)
    found = preview(root, "posts/first/index.html")
    assert (found["og:image:width"], found["og:image:height"]) == ("600", "315")


IMAGE = encode(make_photograph(5, 64, 48), "JPEG")


@pytest.mark.parametrize(
    ("setting", "name", "is_card"),
    [("", "a.jpg", False), ("", "a.svg", True), ("replace_images = true\n", "a.jpg", True)],
)
def test_a_post_with_an_image_keeps_it_unless_the_setting_says_otherwise(tmp_path, setting, name, is_card):
    text = post("First", "2024-01-01").replace("title", f"image: {name}\ntitle", 1)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>'
    files = {POST: text, "content/posts/a.jpg": IMAGE, "content/posts/a.svg": svg}
    root = make_card_site(tmp_path, files, SETTINGS + setting)
    build(root)
    assert ("/cards/posts/first.png" in preview(root, "posts/first/index.html")["og:image"]) == is_card
    assert ("cards/posts/first.png" in card_files(root)) == is_card


def test_the_image_of_the_theme_is_that_of_pages_without_a_card_of_their_own(tmp_path):
    settings = SETTINGS + '[theme]\nimage = "/a.jpg"\n'
    root = make_card_site(tmp_path, {"content/a.jpg": IMAGE}, settings)
    build(root)
    assert preview(root, "index.html")["og:image"].endswith("/a.jpg")
    assert preview(root, "archive/index.html")["og:image"].endswith("/a.jpg")
    assert preview(root, "posts/first/index.html")["og:image"].endswith("/cards/posts/first.png")
    assert "cards.png" not in card_files(root)


def test_a_title_whose_letters_no_font_contains_is_a_warning_and_has_no_card(tmp_path):
    root = make_card_site(tmp_path, {POST: post("Жизнь", "2024-01-01")})
    (warning,) = build(root).warnings
    assert (warning.path, "no font contains `Жзинь` of the title, so it has no share card" in warning.message) == (
        POST,
        True,
    )
    assert "cards.fonts" in warning.hint
    assert "cards/posts/first.png" not in card_files(root)
    assert preview(root, "posts/first/index.html")["og:image"].endswith("/cards.png")


def test_an_emoji_that_no_font_contains_is_a_warning_and_is_omitted(tmp_path):
    root = make_card_site(tmp_path, {POST: post("A party 🎉", "2024-01-01")})
    (warning,) = build(root).warnings
    assert (warning.path, "no font contains `🎉`, which the share card omits" in warning.message) == (POST, True)
    assert "cards/posts/first.png" in card_files(root)
    with pytest.raises(SiteError):
        build(root, strict=True, fresh=True)


def test_many_missing_characters_are_summarised(tmp_path):
    files = {f"content/posts/p{number}.md": post(f"Party 🎉 {number}") for number in range(13)}
    root = make_card_site(tmp_path, files)
    warnings = build(root).warnings
    assert len(warnings) == card_planner.MAX_PROBLEMS + 1
    assert warnings[-1].message.startswith("3 more share cards")


def test_a_script_that_pillow_cannot_shape_has_no_card(tmp_path, monkeypatch):
    monkeypatch.setattr(card_planner, "can_shape", lambda: False)
    files = {POST: post("שלום", "2024-01-01"), "fonts/a.ttf": make_ttf(LATIN + "שלום")}
    root = make_card_site(tmp_path, files)
    (warning,) = build(root).warnings
    assert "FriBiDi" in warning.hint
    assert "cards/posts/first.png" not in card_files(root)
    assert "cards/posts/second.png" in card_files(root)


def test_without_pillow_there_are_no_cards_and_one_line_says_so(tmp_path, monkeypatch):
    for module in (planned_site, request, notes):
        monkeypatch.setattr(module, "can_encode", lambda: False)
    root = make_card_site(tmp_path)
    assert build(root).warnings == ()
    assert card_files(root) == []
    assert preview(root, "posts/first/index.html") == {}
    (line,) = describe_cards(read_config(root).config, root, ())
    assert line.endswith(install_hint("images"))


def test_without_fonts_there_are_no_cards_and_one_line_says_so(tmp_path):
    root = make_site(tmp_path, config=f"{CONFIG}\n[cards]\nenabled = true\n")
    assert build(root).warnings == ()
    assert card_files(root) == []
    (line,) = describe_cards(read_config(root).config, root, ())
    assert "fonts-noto-core" in line


def test_a_logo_in_svg_is_not_on_cards_and_one_line_says_so(tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>'
    root = make_card_site(tmp_path, {"content/logo.svg": svg}, SETTINGS + '[theme]\nlogo = "/logo.svg"\n')
    assert build(root).warnings == ()
    assert "cards/posts/first.png" in card_files(root)
    (line,) = describe_cards(read_config(root).config, root, ())
    assert "cards.logo" in line


def test_another_logo_changes_all_cards(tmp_path):
    logo = encode(make_photograph(3, 60, 30), "PNG")
    root = make_card_site(tmp_path, {"content/logo.png": logo}, SETTINGS + 'logo = "/logo.png"\n')
    build(root)
    before = tree(root / "output")
    (root / "content/logo.png").write_bytes(encode(make_photograph(4, 60, 30), "PNG"))
    build(root)
    after = tree(root / "output")
    assert all(before[path] != after[path] for path in card_files(root))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('fonts = ["fonts/b.ttf"]', 'the font file "fonts/b.ttf" does not exist'),
        ('fonts = ["sitegen.toml"]', 'the font file "sitegen.toml" cannot be used: it is not a TrueType'),
        ('fonts = ["/etc/a.ttf"]', '"/etc/a.ttf" is not the path of a font file of the site'),
        ('fonts = ["../a.ttf"]', '"../a.ttf" is not the path of a font file of the site'),
        ('logo = "/logo.png"', '`logo = "/logo.png"` names a file that does not exist'),
        ('logo = "logo.png"', '`logo = "logo.png"` is not the path of a file'),
        ('logo = "/logo.svg"', 'the logo "/logo.svg" of share cards is an SVG'),
    ],
)
def test_a_wrong_setting_is_a_problem_with_its_line(tmp_path, setting, message):
    lines = '\n[cards]\nenabled = true\nsystem_fonts = false\nfonts = ["fonts/a.ttf"]\n'.splitlines()
    name = setting.partition(" ")[0]
    rows = [*(row for row in lines if not row.startswith(name)), setting]
    root = make_card_site(tmp_path, settings=CONFIG + "\n".join(rows) + "\n")
    with pytest.raises(SiteError) as caught:
        build(root)
    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert (problem.path, (root / "sitegen.toml").read_text().splitlines()[problem.line - 1]) == (
        "sitegen.toml",
        setting,
    )


def test_a_server_renders_cards_after_the_pages(tmp_path):
    root = make_card_site(tmp_path)
    builder = Builder(root, time.time_ns, cache=CACHE)
    config = read_config(root).config
    builder.build(config, Request(pages_first=True))
    assert card_files(root) == []
    assert (root / "output/posts/first/index.html").is_file()
    builder.build(config, Request())
    assert "cards/posts/first.png" in card_files(root)
    site = builder.plan(config, Request())
    assert set(card_files(root)) <= find_deferrable(site.pages.values())
    builder.close()


def test_cards_of_old_titles_are_removed_from_the_cache(tmp_path, monkeypatch):
    root = make_card_site(tmp_path)
    build(root)
    folder = root / ".sitegen/images"
    for number in range(130):
        path = folder / "00" / f"{number:032x}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"old")
    (root / POST).write_text(post("Other", "2024-01-01"))
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(read_config(root).config, Request())
    builder.snapshot.site.remove_unused_images()
    builder.close()
    assert len([path for path in folder.rglob("*") if path.is_file()]) == len(card_files(root))


def check(root: Path) -> dict[str, str]:
    """Return the problems of the cards and images of a built site, by path or page."""
    config = read_config(root).config
    output = root / "output"
    files = list_files(output)
    options = CheckOptions(frozenset(["images", "links"]), plan=plan_of(config, frozenset(files), (), {}))
    problems = check_site(output, files, config.base_url, {}, lines_of_posts(root), options)
    return {problem.id: problem.message for problem in problems if re.search("card|logo", problem.message)}


def test_check_accepts_cards_and_their_logo_and_reports_a_missing_card(tmp_path):
    logo = encode(make_photograph(3, 60, 30), "PNG")
    root = make_card_site(tmp_path, {"content/logo.png": logo}, SETTINGS + 'logo = "/logo.png"\n')
    build(root)
    assert check(root) == {}
    (root / "output/cards/posts/first.png").unlink()
    (message,) = check(root).values()
    assert "cards/posts/first.png" in message


def test_each_language_of_a_site_has_cards_with_its_own_words(tmp_path):
    translation = post("Erster", "2024-01-01").replace("title", "language: de\ntitle", 1)
    settings = SETTINGS + '[languages.de]\ntitle = "Der Brief"\n'
    root = make_card_site(tmp_path, {"content/posts/2024-01-01-erster.md": translation}, settings)
    assert build(root).warnings == ()
    (page,) = [path for path in tree(root / "output") if path.endswith("erster/index.html")]
    assert preview(root, page)["og:image:alt"] == "Erster – Der Brief"
    home = preview(root, "de/index.html")
    assert (home["og:image"], home["og:image:alt"]) == ("https://letter.example.org/cards/de.png", "Der Brief")
    assert {"cards.png", "cards/de.png"} <= set(card_files(root))


def test_terms_of_a_taxonomy_of_the_config_have_cards(tmp_path):
    text = post("First", "2024-01-01").replace("title", "series: Rivers\ntitle", 1)
    root = make_card_site(tmp_path, {POST: text}, SETTINGS + "[taxonomies.series]\n")
    build(root)
    assert "cards/series/rivers.png" in card_files(root)
    assert preview(root, "series/rivers/index.html")["og:image"].endswith("/cards/series/rivers.png")


def test_two_posts_with_one_url_are_one_problem_and_their_cards_no_other(tmp_path):
    make_card_site(
        tmp_path,
        {"content/posts/2024-02-01-other.md": post("First", "2024-02-01").replace("---\n", "---\nslug: first\n", 1)},
    )
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert [problem.message.rpartition(": ")[2] for problem in caught.value.problems] == ['"posts/first/index.html"']
