"""A person writes a post in two languages in Sveltia CMS and Decap CMS in Chromium, and sitegen builds it."""

from contextlib import contextmanager

import pytest

from sitegen.scaffold.cms.browser_editors import SVELTIA
from tests.scaffold.cms.test_browser_editors import cms
from tests.scaffold.cms.test_languages import BESIDE, FOLDERS, LANGUAGES
from tests.scaffold.cms.test_site_content import RECIPES, front
from tests.scaffold.cms.test_writing_a_post import open_decap, serve_folder, serve_scripts
from tests.support.programs import open_browser, require_node_file
from tests.support.sites import build, make_site, write

FOLDER = "navigator.storage.getDirectory()"
"""The browser's own file system, in place of the folder that a person would choose."""

WRITE = """async (files) => {
  const top = await navigator.storage.getDirectory();
  await top.getDirectoryHandle(".git", { create: true });
  for (const [path, text] of Object.entries(files)) {
    const [name, ...parts] = path.split("/").reverse();
    let folder = top;
    for (const part of parts.reverse()) folder = await folder.getDirectoryHandle(part, { create: true });
    const out = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await out.write(text);
    await out.close();
  }
}"""

READ = """async () => {
  const files = {};
  const read = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") await read(handle, `${path}${name}/`);
      else files[path + name] = await (await handle.getFile()).text();
    }
  };
  await read(await navigator.storage.getDirectory(), "");
  return files;
}"""


class Sveltia:
    """Sveltia in a page of Chromium, with the files of a site in the browser's own file system."""

    def __init__(self, page, url, root):
        self.page, self.url, self.root = page, url, root

    def open(self, path):
        self.page.goto(f"{self.url}#/collections/{path}")

    def fill(self, key, text, pane):
        """Fill a field: pane 0 has the main language, 1 the other."""
        field = self.page.locator(f"[data-key-path={key}]").nth(pane)
        field.scroll_into_view_if_needed()  # only fields in view have an input
        field.locator("input:visible, textarea:visible").first.fill(text)

    def enable(self, language):
        self.page.get_by_text(language, exact=True).last.click()
        self.page.get_by_text("Enable", exact=False).last.click()

    def save(self):
        """Save, and return the files that differ, with their new text."""
        self.page.get_by_role("button", name="Save").first.click()
        message = self.page.get_by_text("Entry saved.")
        message.wait_for()
        message.wait_for(state="hidden")  # another post can be saved then
        files = self.page.evaluate(READ)
        changed = {
            name: text
            for name, text in files.items()
            if not (self.root / name).is_file() or (self.root / name).read_text("utf-8") != text
        }
        write(self.root, changed)
        return changed


@contextmanager
def open_sveltia(root):
    """Serve a built site, open its folder in Sveltia, and yield the editor."""
    scripts = require_node_file("@sveltia", "cms", "dist", SVELTIA.script).parent
    with serve_folder(root / "output") as port, open_browser() as browser:
        page = browser.new_page(timezone_id="UTC")  # that of the site: the editors write dates of the browser
        page.route(lambda url: not url.startswith(f"http://localhost:{port}/"), lambda route: route.abort())
        serve_scripts(page, SVELTIA, scripts)
        page.add_init_script(f"window.showDirectoryPicker = () => {FOLDER}")
        page.goto(f"http://localhost:{port}/admin/")
        page.evaluate(
            WRITE, {str(path.relative_to(root)): path.read_text("utf-8") for path in root.glob("content/**/*.*")}
        )
        page.get_by_role("button", name="Work with Local Repository").click()
        page.wait_for_url("**/collections/posts")
        yield Sveltia(page, f"http://localhost:{port}/admin/", root)


def assert_linked(root, english, german):
    """Check that the pages of two versions name each other."""
    build(root)
    for path in (english, german):
        html = (root / "output" / path.strip("/") / "index.html").read_text("utf-8")
        for language, url in (("en", english), ("de", german)):
            assert f'hreflang="{language}" href="https://example.org{url}"' in html


@pytest.mark.slow  # starts Chromium
def test_sveltia_saves_a_new_post_in_two_languages_that_link_each_other(tmp_path):
    root = make_site(tmp_path, BESIDE, LANGUAGES + RECIPES)
    cms(root, "sveltia", "--repository", "ada/letters")
    build(root)
    with open_sveltia(root) as editor:
        editor.open("posts/new")
        editor.fill("title", "Brand new", 0)
        editor.fill("body", "Some **bold** words.", 0)
        editor.enable("German")
        editor.fill("title", "Ganz neu", 1)
        editor.fill("body", "Einige **fette** Wörter.", 1)
        editor.fill("summary", "Kurz.", 1)
        saved = editor.save()
    assert {name.rpartition("/")[2] for name in saved} == {"index.md", "index.de.md"}
    assert len({name.rpartition("/")[0] for name in saved}) == 1
    assert_linked(root, "/posts/brand-new/", "/de/posts/brand-new/")
    assert [name for name, text in saved.items() if "summary: Kurz." in text] == [max(saved, key=len)]
    assert "<strong>fette</strong>" in (root / "output/de/posts/brand-new/index.html").read_text("utf-8")


@pytest.mark.slow  # starts Chromium
def test_sveltia_translates_an_old_post_beside_it_and_keeps_what_other_versions_have(tmp_path):
    german = "content/posts/2024-01-01-first.de.md"
    old = BESIDE | {german: front("language: de-AT", "aliases: [/alt/]", "unknown: [a, {b: c}]")}
    root = make_site(tmp_path, old, LANGUAGES + RECIPES)
    cms(root, "sveltia", "--repository", "ada/letters")
    build(root)
    with open_sveltia(root) as editor:
        editor.page.get_by_text("Posts: ….md").click()
        editor.page.get_by_text("First", exact=True).first.click()
        editor.enable("French")
        editor.fill("title", "La première", 1)
        saved = editor.save()
        french = saved.pop("content/posts/2024-01-01-first.fr.md")
        assert "title: La première" in french
        assert "date: 2024-01-01" in french
        assert "aliases" not in french
        assert "language" not in french
        assert "language: de-AT\n" in saved[german]
        assert "- /alt/" in saved[german]
        assert "- b: c" in saved[german]
        editor.page.get_by_text("Posts: not in English").click()
        editor.page.get_by_text("only.de.md").click()
        editor.fill("title", "Nur hier", 0)
        saved = editor.save()
        assert [(name, "title: Nur hier\n" in text) for name, text in saved.items()] == [
            ("content/posts/only.de.md", True)
        ]
    assert build(root)
    assert (root / "output/fr/posts/first/index.html").is_file()


@pytest.mark.slow  # starts Chromium
def test_sveltia_translates_a_post_into_the_folder_of_the_language_where_the_site_has_these(tmp_path):
    root = make_site(tmp_path, FOLDERS, LANGUAGES + RECIPES)
    cms(root, "sveltia", "--repository", "ada/letters")
    build(root)
    with open_sveltia(root) as editor:
        editor.page.get_by_text("Posts: ….md").click()
        editor.page.get_by_text("Second", exact=True).first.click()
        editor.enable("German")
        editor.fill("title", "Der zweite Brief", 1)
        saved = editor.save()
    assert saved.keys() == {"content/posts/2024-01-02-second.md", "content/posts/de/2024-01-02-second.md"}
    assert_linked(root, "/posts/second/", "/de/posts/second/")


@pytest.mark.slow  # starts Chromium and Node.js
def test_a_post_in_the_german_collection_of_decap_links_to_its_original(tmp_path):
    root = make_site(tmp_path, {}, LANGUAGES)
    cms(root, "decap", "--repository", "ada/letters")
    build(root)
    with open_decap(root) as (page, port):
        page.get_by_text("Second", exact=True).first.wait_for()
        page.goto(f"http://localhost:{port}/admin/#/collections/posts-de/new")
        page.get_by_label("Title").first.fill("Der zweite Brief")
        page.get_by_label("Translation of").first.fill("Second")
        page.get_by_role("option", name="Second").click()
        page.locator("[data-slate-editor=true]").last.click()
        page.keyboard.type("Einige Wörter.")
        page.get_by_role("button", name="Publish").first.click()
        page.get_by_text("Publish now").first.click()
        page.wait_for_url("**/entries/**")
        (saved,) = root.glob("content/posts/de/*/*/index.md")
        assert "translation_of: /posts/2024-01-02-second.md\n" in saved.read_text("utf-8")
    assert_linked(root, "/posts/second/", "/de/posts/der-zweite-brief/")


@pytest.mark.slow  # starts Chromium and Node.js
def test_decap_edits_the_config_as_text(tmp_path):
    root = make_site(tmp_path, {}, LANGUAGES)
    cms(root, "decap", "--repository", "ada/letters")
    build(root)
    with open_decap(root) as (page, port):
        page.get_by_text("Second", exact=True).first.wait_for()
        page.goto(f"http://localhost:{port}/admin/#/collections/settings/entries/sitegen-toml")
        page.locator(".CodeMirror").click()
        page.keyboard.press("Control+End")
        page.keyboard.type('\n[languages.es]\ntitle = "Cartas"')
        page.get_by_role("button", name="Publish").first.click()
        # Requests pass through this process, so it must wait in the browser.
        with page.expect_response(lambda response: '"persistEntry"' in (response.request.post_data or "")):
            page.get_by_text("Publish now").first.click()
    assert (root / "sitegen.toml").read_text("utf-8").rstrip("\n") == LANGUAGES + '\n[languages.es]\ntitle = "Cartas"'
