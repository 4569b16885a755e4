"""Edits of a site under test: changes that people, programs and accidents make to its files."""

import os
import shutil
from pathlib import Path

from msgspec import structs

from sitegen.build.builder import WORK
from sitegen.build.manifest import manifest_of
from tests.law.site_under_test import ROOTS, SiteUnderTest, read_tree, remove
from tests.law.variants import (
    ASSETS,
    AUTHORS_FILES,
    BODIES,
    CARD_FILES,
    CARD_FONTS,
    COMMENTS,
    CONFIG,
    COUNTS,
    CRAFT,
    DATA,
    DATES,
    FONTS,
    GERMAN,
    HANDLE,
    HOOKS,
    ICONS,
    IMAGES,
    ISSUES,
    LEDGERS,
    LOGOS,
    MARKS,
    NOTES,
    OTHER_FIELDS,
    PAGES,
    PARTIALS,
    PEOPLE_FILES,
    POSTS,
    RECIPES,
    SECTION_PAGES,
    SERIES_FILES,
    SLUGS,
    SOURCES,
    SOURCES_FILES,
    SPARE,
    TAGS,
    TAGS_FILES,
    TITLES,
    TOOL,
    VIEWS,
)

FIELDS = {"title": TITLES, "date": DATES, "tags": TAGS, "source": SOURCES, "slug": SLUGS, "views": VIEWS}
VALID_DATES = 5


def pick(choices: tuple[str, ...], number: int) -> str:
    """Return the choice with this number, counted in a circle."""
    return choices[number % len(choices)]


def write_post(site: SiteUnderTest, slot: int, seed: int) -> None:
    """Write a post into a slot, or replace the one there."""
    fields = {
        "title": pick(TITLES, seed),
        "date": pick(DATES[:VALID_DATES], seed // 2),
        "tags": pick(TAGS, seed // 3),
        "source": pick(SOURCES, seed // 5),
        "views": pick(VIEWS, seed // 7),
        "body": pick(BODIES[:2] + BODIES[5:8], seed // 11),
    }
    site.write_post(slot, fields)


def change_field(site: SiteUnderTest, slot: int, name: str, seed: int) -> None:
    """Change one field of a post, or its body."""
    if slot in site.posts:
        value = pick(BODIES if name == "body" else FIELDS[name], seed)
        site.write_post(slot, {**site.posts[slot], name: value})


def extend_body(site: SiteUnderTest, slot: int, seed: int) -> None:
    """Change the last paragraph of a post's body, which is not in its summary, to one of as many words."""
    if slot in site.posts:
        body = site.posts[slot]["body"].partition("\n\nAlso ")[0]
        site.write_post(slot, {**site.posts[slot], "body": f"{body}\n\nAlso {seed}."})


def toggle_field(site: SiteUnderTest, slot: int, seed: int) -> None:
    """Add one of the rarer fields to a post, or remove it."""
    if slot in site.posts:
        name, value = OTHER_FIELDS[seed % len(OTHER_FIELDS)]
        fields = dict(site.posts[slot])
        if fields.get(name) == value:
            del fields[name]
        else:
            fields[name] = value
        site.write_post(slot, fields)


def rename_post(site: SiteUnderTest, slot: int, other: int) -> None:
    """Rename a post's file."""
    if slot in site.posts and slot != other:
        site.posts[other] = site.posts.pop(slot)
        (site.root / f"content/posts/p{slot}.md").replace(site.root / f"content/posts/p{other}.md")


FEATURES = {"languages": 1, "cards.enabled": 1, "search.comments": 1, "images.convert": 0}
"""Settings with a value of each, by its index of two, that makes pages show more than posts."""


def change_setting(site: SiteUnderTest, seed: int, value: int) -> None:
    """Change one setting."""
    names = tuple(CONFIG)
    name = pick(names, seed)
    site.settings[name] = pick(CONFIG[name], value)
    site.write_config()


def change_features(site: SiteUnderTest, seed: int) -> None:
    """Write a post with an image and comments, and choose whether the site has languages, cards and the like."""
    for number, (name, on) in enumerate(FEATURES.items()):
        site.settings[name] = CONFIG[name][on if seed >> 2 * number & 3 else 1 - on]
    site.write_config()
    site.write("content/posts/pic.png", IMAGES[-1] or b"")
    site.write("content/posts/p1.comments.yaml", COMMENTS[1])
    site.write("content/posts/p1.de.md", GERMAN[1])
    write_post(site, 1, seed)
    site.write_post(1, {**site.posts[1], "body": f"Start.\n\n![A picture](pic.png)\n\nAlso {seed}."})


def change_file(site: SiteUnderTest, path: str, seed: int) -> None:
    """Change, add or remove a file that is neither a post nor a template."""
    files: dict[str, tuple[str | bytes | None, ...]] = {
        "content/sources.toml": SOURCES_FILES,
        "content/authors.toml": AUTHORS_FILES,
        "content/tags.toml": TAGS_FILES,
        "content/people.toml": PEOPLE_FILES,
        "content/series/bees.md": SERIES_FILES,
        "content/recipes/soup.md": RECIPES,
        "content/recipes/stew.md": RECIPES[::-1],
        "content/issues/one.md": ISSUES,
        "published.json": LEDGERS,
        "views.csv": COUNTS,
        "hooks.py": HOOKS,
        "craft.py": CRAFT,
        "craft/__init__.py": CRAFT[:3],
        "handle.py": HANDLE,
        "spare.py": SPARE,
        "colorsys.py": (None, "MARK = 1\n"),
        "notes.txt": NOTES,
        "templates/assets/a.css": ASSETS,
        "templates/assets/b.js": ASSETS,
        "content/posts/pic.png": IMAGES,
        "content/img/plan.png": IMAGES,
        "content/icon.png": ICONS,
        "content/logo.svg": LOGOS,
        "content/fonts/text.woff2": FONTS,
        "card.ttf": CARD_FONTS,
        "content/cards/posts/p1.png": CARD_FILES,
        "content/CNAME": (None, "example.org\n"),
        "content/404.html": (None, "<!doctype html><title>Not found</title>"),
        "content/robots.txt": (None, "User-agent: *\nDisallow: /own/\n"),
        "content/feed.xml": (None, "<rss/>"),
        "content/posts/p1.txt": (None, "a note", "---\ntitle: Stray\n---\n"),
        "content/posts/p1.comments.yaml": COMMENTS,
        "content/posts/p2.comments.yaml": COMMENTS,
        "content/posts/p1.de.md": GERMAN,
        "content/posts/de/p2.md": GERMAN,
        "content/pages/about.de.md": (None, "---\ntitle: Wir\n---\nWir.\n", "---\ntitle: Uns\n---\nUns.\n"),
        "content/.well-known/security.txt": (None, "Contact: mailto:ada@example.org\n"),
        "content/posts/p1/index.html": (None, "in the way"),
        "content/pages/about.md": (
            None,
            "---\ntitle: About\n---\nAbout us.\n",
            "---\ntitle: About us\nslug: us\n---\nAbout us all, [first](../posts/p1.md).\n",
        ),
        **SECTION_PAGES,
        **{f"content/data/{name}": variants for name, variants in DATA.items()},
    }
    variants = files[path]
    site.write(path, variants[seed % len(variants)])


FILES = (
    "content/sources.toml",
    "content/authors.toml",
    "content/tags.toml",
    "content/people.toml",
    "content/series/bees.md",
    "content/recipes/soup.md",
    "content/recipes/stew.md",
    "content/issues/one.md",
    "published.json",
    "views.csv",
    "hooks.py",
    "hooks.py",
    "craft.py",
    "craft/__init__.py",
    "handle.py",
    "spare.py",
    "spare.py",
    "colorsys.py",
    "notes.txt",
    "templates/assets/a.css",
    "templates/assets/b.js",
    "content/posts/pic.png",
    "content/img/plan.png",
    "content/icon.png",
    "content/logo.svg",
    "content/fonts/text.woff2",
    "card.ttf",
    "content/cards/posts/p1.png",
    "content/CNAME",
    "content/404.html",
    "content/robots.txt",
    "content/feed.xml",
    "content/posts/p1.txt",
    "content/posts/p1.comments.yaml",
    "content/posts/p2.comments.yaml",
    "content/posts/p1.de.md",
    "content/posts/de/p2.md",
    "content/pages/about.de.md",
    "content/.well-known/security.txt",
    "content/posts/p1/index.html",
    "content/pages/about.md",
    *SECTION_PAGES,
    *(f"content/data/{name}" for name in DATA),
)


def change_installed(site: SiteUnderTest, seed: int) -> None:
    """Install another version of the Markdown extension, or of the library of the hooks."""
    name, versions = (("law_marks.py", MARKS), ("law_tool.py", TOOL))[seed % 2]
    (site.packages / name).write_text(versions[seed // 2 % len(versions)])


LINKS = {
    "content/linked": ("shared", "img", None),
    "content/linked-too": ("../shared", "shared", None),
    "content/posts/pic.png": ("../img/plan.png", None),
    "content/posts/more": ("../shared", "..", "../../output", None),
    "content/note.txt": ("../notes.txt", "../.hidden", "../.sitegen/lock", None),
    "templates/kinds/x.html": ("../part.html", None),
}
"""Symbolic links with the valid and invalid targets that each may have; None for no link."""


def change_link(site: SiteUnderTest, name: str, seed: int) -> None:
    """Create a symbolic link, change its target, or remove it."""
    targets = LINKS[name]
    site.link(name, targets[seed % len(targets)])


def change_template(site: SiteUnderTest, name: str, seed: int) -> None:
    """Replace a template that renders pages."""
    choices = POSTS + PAGES if name == "post.html" else PAGES
    site.write(f"templates/{name}", pick(choices, seed))


def change_partial(site: SiteUnderTest, name: str, seed: int) -> None:
    """Replace a template that others include, import or extend."""
    variants = PARTIALS[name]
    site.write(f"templates/{name}", variants[seed % len(variants)])


def swap_letters(path: Path) -> None:
    """Change a file's bytes, but neither its size nor the time of its last write."""
    status = path.stat()
    data = path.read_bytes()
    for one, other in ((b"words", b"wards"), (b"wards", b"words"), (b"About", b"Above"), (b"Above", b"About")):
        if one in data:
            path.write_bytes(data.replace(one, other))
            break
    else:
        at = next((n for n, byte in enumerate(data) if 97 <= byte <= 121), None)
        if at is not None:
            path.write_bytes(data[:at] + bytes([data[at] + 1]) + data[at + 1 :])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def edit_with_equal_stamp(site: SiteUnderTest, seed: int, how: str) -> None:
    """Change, replace or touch a source with the same size and time, as programs that restore times do."""
    names = [name for name in site.sources() if name.endswith((".md", ".html", ".css", ".svg"))]
    path = site.root / names[seed % len(names)]
    if how == "write":
        swap_letters(path)
    elif how == "replace":
        other = path.with_name(".other")
        shutil.copy2(path, other)
        swap_letters(other)
        other.replace(path)
    elif how == "touch":
        os.utime(path)
    else:
        os.utime(path, ns=(0, 1_000_000_000))


def tamper_with_output(site: SiteUnderTest, seed: int, how: str) -> None:
    """Change the output folder in a way that sitegen does not."""
    output = site.root / "output"
    tree = read_tree(output)
    names = sorted(name for name in tree if not name.endswith("/") and not name.startswith(".sitegen"))
    folders = sorted(name for name in tree if name.endswith("/") and not name.startswith(".sitegen"))
    own: set[str] = set()
    if how == "everything":
        remove(output)
    elif how.endswith("for folder") or how == "folder":
        if folders:
            own = _tamper_with_folder(site, folders[seed % len(folders)].rstrip("/"), how)
    elif names:
        own = _tamper_with_file(site, names[seed % len(names)], how)
    after = read_tree(output)
    site.foreign = {name: after[name] for name in {*site.foreign, *own} if name in after}


def _tamper_with_file(site: SiteUnderTest, name: str, how: str) -> set[str]:
    """Change one file of the output, and return the names of the new foreign files."""
    path = site.root / "output" / name
    if how == "write":
        path.write_bytes(b"spoilt")
    elif how == "swap":
        swap_letters(path)
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "twin":
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    else:
        path.unlink()
        if how == "link":
            path.symlink_to(site.home / "elsewhere")
        elif how != "delete":
            path.mkdir()
            if how == "full folder":
                (path / "own.txt").write_bytes(b"mine")
            return {f"{name}/", f"{name}/own.txt"}
    return set()


def _tamper_with_folder(site: SiteUnderTest, name: str, how: str) -> set[str]:
    """Remove or replace a folder, and return the names of the new foreign files."""
    path = site.root / "output" / name
    remove(path)
    if how == "file for folder":
        path.write_bytes(b"a file")
    elif how == "link for folder":
        (site.home / "outside").mkdir(exist_ok=True)
        path.symlink_to(site.home / "outside")
    return {name}


OUTPUT_CHANGES = (
    "delete",
    "write",
    "swap",
    "empty",
    "twin",
    "link",
    "empty folder",
    "full folder",
    "folder",
    "file for folder",
    "link for folder",
    "everything",
)


def add_foreign(site: SiteUnderTest, name: str) -> None:
    """Add a foreign file to the output folder, unless the path is in use."""
    path = site.root / "output" / name
    folders = [parent for parent in path.parents if site.root / "output" in parent.parents]
    if path.exists() or any(os.path.lexists(folder) and not folder.is_dir() for folder in folders):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    site.foreign[name] = b"mine"


FOREIGN = ("own.txt", "posts/own.txt", "posts/p6/index.html", "posts/one/own.html", "extra.html", "CNAME")


def damage_cache(site: SiteUnderTest, seed: int, how: str) -> None:
    """Damage the build cache, as failing disks, crashes and people do."""
    path = site.root / WORK / "store.db"
    if how == "journal":
        if path.parent.is_dir():
            path.with_name("store.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(range(200)))
            site.cache_damaged = True
        return
    if not path.is_file():
        return
    site.cache_damaged = True
    if how == "delete":
        path.unlink()
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "text":
        path.write_text("not a store at all\n" * 40)
    else:
        damage_bytes(path, seed, how)


def damage_bytes(path: Path, seed: int, how: str) -> None:
    """Truncate a file, flip one of its bits, or overwrite a part with zeros."""
    size = path.stat().st_size
    if not size:
        return
    at = seed * 7919 % size
    with path.open("r+b") as file:
        if how == "cut":
            file.truncate(at)
        elif how == "bit":
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << seed % 8]))
        else:
            file.seek(at)
            file.write(bytes(min(512, size - at)))


DAMAGES = ("cut", "bit", "bit", "bit", "blank", "delete", "folder", "text", "journal")


def damage_manifest(site: SiteUnderTest, seed: int, how: str) -> None:
    """Damage the manifest."""
    path = manifest_of(site.root / WORK, "output")
    if path.is_file():
        if how == "delete":
            path.unlink()
        else:
            damage_bytes(path, seed, how)


def damage_encoded_images(site: SiteUnderTest, seed: int, how: str) -> None:
    """Damage a file of the folder of encoded images, or remove the folder."""
    folder = site.root / WORK / "images"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if how == "delete":
        remove(folder)
    elif files:
        damage_bytes(files[seed % len(files)], seed, how)


def leave_staging_folder(site: SiteUnderTest, how: str) -> None:
    """Create the staging folder that a killed build leaves behind."""
    stage = site.root / "output" / ".sitegen-stage"
    remove(stage)
    stage.mkdir(parents=True)
    if how == "full":
        (stage / "0").write_bytes(b"half a pa")
        (stage / "deep").mkdir()


def move_site(site: SiteUnderTest) -> None:
    """Move the folder of the site."""
    site.restart()
    target = site.home / ROOTS[1 - ROOTS.index(site.root.name)]
    site.root.replace(target)
    site.root = target


def change_request(site: SiteUnderTest, how: str) -> None:
    """Change the options of all builds from now on."""
    request = site.request
    names = ("", "output", "./output", str(site.root / "output"), "content/../output", "alias")
    changes = {
        "no images": structs.replace(request, images="encode" if request.images == "skip" else "skip"),
        "another name": structs.replace(request, output=names[(names.index(request.output) + 1) % len(names)])
        if request.output in names
        else structs.replace(request, output=""),
        "drafts": structs.replace(request, drafts=not request.drafts),
        "future": structs.replace(request, future=not request.future),
        "explain": structs.replace(request, explain=not request.explain),
        "fresh": structs.replace(request, fresh=not request.fresh),
        "preview": structs.replace(request, output="" if request.output else f"{WORK}/preview"),
    }
    site.request = changes[how]
