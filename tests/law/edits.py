"""Edits of a site under test: what people, their programs and mishaps do to its files."""

import os
import shutil
from pathlib import Path

from msgspec import structs

from sitegen.build.builder import WORK
from sitegen.build.manifest import manifest_of
from tests.law.matter import (
    ASSETS,
    BODIES,
    CONFIG,
    CRAFT,
    DATA,
    DATES,
    HANDLE,
    HOOKS,
    ICONS,
    LEDGERS,
    LOGOS,
    MARKS,
    NOTES,
    OTHERS,
    OWN,
    PAGES,
    PICTURES,
    POSTS,
    SECTION_PAGES,
    SLUGS,
    SOURCES,
    SOURCES_FILES,
    SPARE,
    TAGS,
    TITLES,
    TOOL,
    VIEWS,
)
from tests.law.workshop import Workshop, read_tree, remove

FIELDS = {"title": TITLES, "date": DATES, "tags": TAGS, "source": SOURCES, "slug": SLUGS, "views": VIEWS}
GOOD_DATES = 5


def pick(choices: tuple[str, ...], number: int) -> str:
    """Return one of some choices by a number."""
    return choices[number % len(choices)]


def write_post(shop: Workshop, slot: int, seed: int) -> None:
    """Write a post, or another in its place."""
    fields = {
        "title": pick(TITLES, seed),
        "date": pick(DATES[:GOOD_DATES], seed // 2),
        "tags": pick(TAGS, seed // 3),
        "source": pick(SOURCES, seed // 5),
        "views": pick(VIEWS, seed // 7),
        "body": pick(BODIES[:2] + BODIES[5:8], seed // 11),
    }
    shop.write_post(slot, fields)


def change_field(shop: Workshop, slot: int, name: str, seed: int) -> None:
    """Change one field of a post, or its text."""
    if slot in shop.posts:
        value = pick(BODIES if name == "body" else FIELDS[name], seed)
        shop.write_post(slot, {**shop.posts[slot], name: value})


def toggle_other(shop: Workshop, slot: int, seed: int) -> None:
    """Give a post one of the rarer fields, or take it away."""
    if slot in shop.posts:
        name, value = OTHERS[seed % len(OTHERS)]
        fields = dict(shop.posts[slot])
        if fields.get(name) == value:
            del fields[name]
        else:
            fields[name] = value
        shop.write_post(slot, fields)


def rename_post(shop: Workshop, slot: int, other: int) -> None:
    """Rename a post's file."""
    if slot in shop.posts and slot != other:
        shop.posts[other] = shop.posts.pop(slot)
        (shop.root / f"content/posts/p{slot}.md").replace(shop.root / f"content/posts/p{other}.md")


def change_setting(shop: Workshop, seed: int, value: int) -> None:
    """Change one setting."""
    names = tuple(CONFIG)
    name = pick(names, seed)
    shop.settings[name] = pick(CONFIG[name], value)
    shop.write_config()


def change_file(shop: Workshop, kind: str, seed: int) -> None:
    """Change, add or remove one of the site's files that are neither posts nor templates."""
    files: dict[str, tuple[str | bytes | None, ...]] = {
        "content/sources.toml": SOURCES_FILES,
        "published.json": LEDGERS,
        "hooks.py": HOOKS,
        "craft.py": CRAFT,
        "craft/__init__.py": CRAFT[:3],
        "handle.py": HANDLE,
        "spare.py": SPARE,
        "colorsys.py": (None, "MARK = 1\n"),
        "notes.txt": NOTES,
        "templates/assets/a.css": ASSETS,
        "templates/assets/b.js": ASSETS,
        "content/posts/pic.png": PICTURES,
        "content/img/plan.png": PICTURES,
        "content/icon.png": ICONS,
        "content/logo.svg": LOGOS,
        "content/CNAME": (None, "example.org\n"),
        "content/404.html": (None, "<!doctype html><title>Not found</title>"),
        "content/robots.txt": (None, "User-agent: *\nDisallow: /own/\n"),
        "content/feed.xml": (None, "<rss/>"),
        "content/posts/p1.txt": (None, "a note", "---\ntitle: Stray\n---\n"),
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
    variants = files[kind]
    shop.write(kind, variants[seed % len(variants)])


FILES = (
    "content/sources.toml",
    "published.json",
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
    "content/CNAME",
    "content/404.html",
    "content/robots.txt",
    "content/feed.xml",
    "content/posts/p1.txt",
    "content/.well-known/security.txt",
    "content/posts/p1/index.html",
    "content/pages/about.md",
    *SECTION_PAGES,
    *(f"content/data/{name}" for name in DATA),
)


def change_installed(shop: Workshop, seed: int) -> None:
    """Install another version of the Markdown extension, or of the library of the hooks."""
    name, versions = (("law_marks.py", MARKS), ("law_tool.py", TOOL))[seed % 2]
    (shop.packages / name).write_text(versions[seed // 2 % len(versions)])


LINKS = {
    "content/linked": ("shared", "img", None),
    "content/linked-too": ("../shared", "shared", None),
    "content/posts/pic.png": ("../img/plan.png", None),
    "content/posts/more": ("../shared", "..", "../../output", None),
    "content/note.txt": ("../notes.txt", "../.hidden", "../.sitegen/lock", None),
    "templates/kinds/x.html": ("../part.html", None),
}
"""Symbolic links that a site may have: where each may lead, good places and bad ones, None for not there."""


def change_link(shop: Workshop, name: str, seed: int) -> None:
    """Make a symbolic link, let it lead elsewhere, or remove it."""
    targets = LINKS[name]
    shop.link(name, targets[seed % len(targets)])


def change_template(shop: Workshop, name: str, seed: int) -> None:
    """Exchange a template that draws pages."""
    choices = POSTS + PAGES if name == "post.html" else PAGES
    shop.write(f"templates/{name}", pick(choices, seed))


def change_part(shop: Workshop, name: str, seed: int) -> None:
    """Exchange a template that others reach."""
    variants = OWN[name]
    shop.write(f"templates/{name}", variants[seed % len(variants)])


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


def edit_slyly(shop: Workshop, seed: int, how: str) -> None:
    """Change, replace or touch a source with the same size and time, as programs that restore times do."""
    names = [name for name in shop.sources() if name.endswith((".md", ".html", ".css", ".svg"))]
    path = shop.root / names[seed % len(names)]
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


def spoil_output(shop: Workshop, seed: int, how: str) -> None:
    """Do something to the output that no builder does."""
    output = shop.root / "output"
    tree = read_tree(output)
    names = sorted(name for name in tree if not name.endswith("/") and not name.startswith(".sitegen"))
    folders = sorted(name for name in tree if name.endswith("/") and not name.startswith(".sitegen"))
    own: set[str] = set()
    if how == "everything":
        remove(output)
    elif how.endswith("for folder") or how == "folder":
        if folders:
            own = _spoil_folder(shop, folders[seed % len(folders)].rstrip("/"), how)
    elif names:
        own = _spoil_file(shop, names[seed % len(names)], how)
    after = read_tree(output)
    shop.foreign = {name: after[name] for name in {*shop.foreign, *own} if name in after}


def _spoil_file(shop: Workshop, name: str, how: str) -> set[str]:
    """Spoil one file, and return what is there now that no builder made."""
    path = shop.root / "output" / name
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
            path.symlink_to(shop.home / "elsewhere")
        elif how != "delete":
            path.mkdir()
            if how == "full folder":
                (path / "own.txt").write_bytes(b"mine")
            return {f"{name}/", f"{name}/own.txt"}
    return set()


def _spoil_folder(shop: Workshop, name: str, how: str) -> set[str]:
    """Remove a folder, or put something else there, and return what is there now that no builder made."""
    path = shop.root / "output" / name
    remove(path)
    if how == "file for folder":
        path.write_bytes(b"a file")
    elif how == "link for folder":
        (shop.home / "outside").mkdir(exist_ok=True)
        path.symlink_to(shop.home / "outside")
    return {name}


SPOILINGS = (
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


def add_foreign(shop: Workshop, name: str) -> None:
    """Add a foreign file to the output folder, unless the path is in use."""
    path = shop.root / "output" / name
    folders = [parent for parent in path.parents if shop.root / "output" in parent.parents]
    if path.exists() or any(os.path.lexists(folder) and not folder.is_dir() for folder in folders):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    shop.foreign[name] = b"mine"


FOREIGN = ("own.txt", "posts/own.txt", "posts/p6/index.html", "posts/one/own.html", "extra.html", "CNAME")


def harm_store(shop: Workshop, seed: int, how: str) -> None:
    """Damage the build cache as disks, crashes and people do."""
    path = shop.root / WORK / "store.db"
    if how == "journal":
        if path.parent.is_dir():
            path.with_name("store.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(range(200)))
            shop.hurt = True
        return
    if not path.is_file():
        return
    shop.hurt = True
    if how == "delete":
        path.unlink()
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "text":
        path.write_text("not a store at all\n" * 40)
    else:
        harm_bytes(path, seed, how)


def harm_bytes(path: Path, seed: int, how: str) -> None:
    """Cut a file short, flip one of its bits, or blank a stretch of it, in place."""
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


HARMS = ("cut", "bit", "bit", "bit", "blank", "delete", "folder", "text", "journal")


def harm_manifest(shop: Workshop, seed: int, how: str) -> None:
    """Damage the manifest."""
    path = manifest_of(shop.root / WORK, "output")
    if path.is_file():
        if how == "delete":
            path.unlink()
        else:
            harm_bytes(path, seed, how)


def leave_stage(shop: Workshop, how: str) -> None:
    """Leave behind what a builder that was killed leaves."""
    stage = shop.root / "output" / ".sitegen-stage"
    remove(stage)
    stage.mkdir(parents=True)
    if how == "full":
        (stage / "0").write_bytes(b"half a pa")
        (stage / "deep").mkdir()


def move_site(shop: Workshop) -> None:
    """Move the whole folder of the site to another place."""
    shop.restart()
    target = shop.home / ("elsewhere-site" if shop.root.name == "site" else "site")
    shop.root.replace(target)
    shop.root = target


def ask(shop: Workshop, how: str) -> None:
    """Ask for another kind of build from now on."""
    request = shop.request
    names = ("", "output", "./output", str(shop.root / "output"), "content/../output", "alias")
    changes = {
        "another name": structs.replace(request, output=names[(names.index(request.output) + 1) % len(names)])
        if request.output in names
        else structs.replace(request, output=""),
        "drafts": structs.replace(request, drafts=not request.drafts),
        "future": structs.replace(request, future=not request.future),
        "explain": structs.replace(request, explain=not request.explain),
        "fresh": structs.replace(request, fresh=not request.fresh),
        "preview": structs.replace(request, output="" if request.output else f"{WORK}/preview"),
    }
    shop.request = changes[how]
