"""Exports of every platform that are damaged, or made to do harm."""

import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from tests.faults.letter import read_tree, remove
from tests.faults.process import Ended, preload, run
from tests.support.importing import EXPORTS, SAMPLES, import_sample
from tests.support.sites import make_site

SECONDS, MEGABYTES = 10.0, 512.0
"""The most that an import may take, of the processor and of memory."""

BUILD_SECONDS = SECONDS + 10.0
"""A build may spend `markdown.seconds` on a post that it then refuses."""

PATIENCE = 120.0
SECRET = "the secret of somebody else"
WRITTEN = ("content/posts/", "content/pages/", ".sitegen/imports/", "imports/")
"""Where an import may write."""
TEXTS = frozenset((".html", ".htm", ".md", ".txt", ".xml", ".rdf", ".rss", ".json", ".csv", ".eml", ".mbox"))
TEXTS |= frozenset((".toml", ".yml", ".py", ".js", ".mjs", ".markdown", ".rst"))
UNSAFE = ("../evil.md", "/evil.md", "a/../../evil.html", "C:/evil.html", "..\\evil.html", "a\0/../../b.md", "./../c.md")
NAMES = ("x" * 200, "\u202egpj.exe", "-rf", "CON", "a\nb", "\u65e5\u672c\u8a9e" * 20, " ", "%2e%2e%2fevil", "a;b|c$(d)")
VALUES = (
    *("../../../../evil", "/etc/passwd", "..\\..\\evil", "C:\\evil", "\0", "\u202e\u2066", "{{ 7 * 7 }}", "{% raw %}"),
    *(
        "x" * 100_000,
        "\u00e9" * 300,
        "<script>alert(1)</script>",
        "]]>",
        "&a;",
        '"',
        "---",
        "- [",
        "1e999",
        "!!python/x",
    ),
    *("file://{secret}", "{secret}", "../../secret.txt", "-1", "9" * 500, "\ud800", "null", "CON", ".", "", "\n---\n"),
)
DEEP = (
    *("<div>", "[", "{", "> ", "- ", "<b><i>", "{{", "(", '{"a":', "<ul><li>", "*", "(("),
    *("<table><tr><td>", "<!--", "`"),
)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
PROLOG = '<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "file://{secret}">]>'

Way = Callable[[Path, Random, Path], Path]
"""Makes an export hostile, given a copy of a sample, chance, and the file that nobody may read; returns it."""


def hostile(home: Path, random: Random) -> Iterator[str]:
    """Import each platform's sample, made hostile in each way, and build what came of it."""
    preload(home)
    for sample in SAMPLES:
        import_sample(sample, home / "loaded" / sample)  # loads what imports need
    secret = home / "secret.txt"
    secret.write_text(SECRET)
    places = [(way, sample) for way in WAYS for sample in SAMPLES]
    random.shuffle(places)
    for way, sample in cycle(places):
        export = home / "export"
        remove(export)
        shutil.copytree(EXPORTS / sample / "input", export / "input")
        path = way(export / "input", random, secret)
        faults = list(_try(home, path, SAMPLES[sample]))
        yield f"{sample}, {way.__name__}: {'; '.join(faults)}" if faults else ""


def _try(home: Path, path: Path, kind: str) -> Iterator[str]:
    """Import an export, and yield what is not as it is promised."""
    root = home / "site"
    remove(root)
    make_site(root)
    before, around = read_tree(root), _names(home)
    ended = run(["-C", str(root), "import", "--from", kind, str(path)], home / "said.txt", PATIENCE)
    yield from _judge(ended, "the import")
    after = read_tree(root)
    if _names(home) != around:
        yield f"outside of the site: {sorted(_names(home) ^ around)[:5]}"
    for name in sorted(before.keys() | after.keys()):
        if name in before and after.get(name) != before[name]:
            yield f"{name} was there, and is not as it was"
        elif name not in before and not name.startswith(WRITTEN):
            yield f"{name} was written"
        elif name not in before and len(os.path.basename(name).encode(errors="surrogateescape")) > 240:  # noqa: PTH119
            yield f"{name} is longer than file systems like"
        elif SECRET.encode() in after.get(name, b"") or after.get(name, b"").startswith(b"-> "):
            yield f"{name} tells what it should not"
    ended = run(["-C", str(root), "build", "-j", "1"], home / "said.txt", PATIENCE)
    yield from _judge(ended, "the build", BUILD_SECONDS)
    if any(SECRET.encode() in data for data in read_tree(root / "output").values()):
        yield "the output tells what it should not"


def _judge(ended: Ended, what: str, seconds: float = SECONDS) -> Iterator[str]:
    if ended.hung:
        yield f"{what} hangs"
    elif ended.code not in (0, 1) or "Traceback" in ended.said:
        yield f"{what} ends with {ended.code}: {ended.said[-900:]}"
    elif ended.code == 1 and ": " not in ended.said:
        yield f"{what} gives no reason: {ended.said}"
    if ended.processor > seconds:
        yield f"{what} takes {ended.processor:.1f} s"
    if ended.memory > MEGABYTES:
        yield f"{what} takes {ended.memory:.0f} MB"


def _names(home: Path) -> set[str]:
    """Return what lies beside the site and the export."""
    found = {str(path) for place in (home, home.parent) for path in place.iterdir()}
    return {name for name in found if Path(name).name != "said.txt"}


def _texts(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in TEXTS]


def _pack(folder: Path, more: dict[str, bytes]) -> Path:
    packed = folder.with_name("export.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder).as_posix())
        for name, data in more.items():
            file.writestr(name, data)
    return packed


def unsafe_names(folder: Path, random: Random, secret: Path) -> Path:
    some = _texts(folder)[0].read_bytes()
    return _pack(folder, dict.fromkeys((*UNSAFE, f"{secret}.new"), some))


def links_in_a_zip(folder: Path, random: Random, secret: Path) -> Path:
    packed = _pack(folder, {})
    with zipfile.ZipFile(packed, "a") as file:
        for name in ("link.md", "posts/link.html", "images/link.png", "content"):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(info, str(secret))
    return packed


def links_in_a_folder(folder: Path, random: Random, secret: Path) -> Path:
    for number, path in enumerate(_texts(folder)):
        path.with_name(f"link-{number}{path.suffix}").symlink_to(secret)
    (folder / "around").symlink_to(folder)
    (folder / "up").symlink_to(folder.parents[2])
    if random.random() < 0.5:
        path = random.choice(_texts(folder))
        path.unlink()
        path.symlink_to(secret)
    return folder


def pipes_and_odd_files(folder: Path, random: Random, secret: Path) -> Path:
    for path in _texts(folder)[:3]:
        os.mkfifo(path.with_name(f"pipe-{path.name}"))
    path = random.choice(_texts(folder))
    path.unlink()
    os.mkfifo(path) if random.random() < 0.5 else path.mkdir()
    return folder


@cache
def _zeros() -> bytes:
    return bytes(300 << 20)


def bombs(folder: Path, random: Random, secret: Path) -> Path:
    names = [path.relative_to(folder).as_posix() for path in _texts(folder)]
    packed = folder.with_name("export.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name in names[:1]:
            file.writestr(name, _zeros())
        for name in names[1:]:
            file.write(folder / name, name)
    return packed


def many_members(folder: Path, random: Random, secret: Path) -> Path:
    suffix = random.choice(_texts(folder)).suffix
    return _pack(folder, {f"many/{number}{suffix}": b"" for number in range(5_000)})


def torn(folder: Path, random: Random, secret: Path) -> Path:
    packed = _pack(folder, {})
    data = packed.read_bytes()
    packed.write_bytes(data[: random.randrange(len(data))])
    return packed


def flipped_bits(folder: Path, random: Random, secret: Path) -> Path:
    packed = _pack(folder, {})
    data = bytearray(packed.read_bytes())
    for _ in range(random.randint(1, 60)):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    packed.write_bytes(bytes(data))
    return packed


def mutated_bytes(folder: Path, random: Random, secret: Path) -> Path:
    for path in _texts(folder):
        data = bytearray(path.read_bytes())
        for _ in range(random.randint(1, 30)):
            at = random.randrange(len(data) + 1)
            more = random.choice([b"", random.randbytes(random.randint(1, 9)), bytes(data[at : at + 300]) * 3])
            data[at : at + random.choice([0, 1, 40])] = more
        path.write_bytes(bytes(data))
    return folder


def hostile_values(folder: Path, random: Random, secret: Path) -> Path:
    def exchange(found: re.Match[str]) -> str:
        return random.choice(VALUES).replace("{secret}", str(secret)) if random.random() < 0.15 else found[0]

    for path in _texts(folder):
        text = path.read_text("utf-8", "surrogateescape")
        path.write_text(re.sub(r"(?<=[\"'>,: /])[\w .-]{2,60}", exchange, text), "utf-8", "surrogatepass")
    return folder


def nested_deep(folder: Path, random: Random, secret: Path) -> Path:
    for path in _texts(folder):
        text = path.read_text("utf-8", "replace")
        at = random.randrange(len(text) + 1)
        path.write_text(text[:at] + random.choice(DEEP) * random.choice([300, 5_000, 60_000]) + text[at:], "utf-8")
    return folder


def very_long(folder: Path, random: Random, secret: Path) -> Path:
    path = random.choice(_texts(folder))
    text = path.read_text("utf-8", "replace")
    at = random.randrange(len(text) + 1)
    filling = random.choice(["a", "word ", "<p>x</p>\n", "\n", "a,", "![](x.png) ", "\u65e5", "&amp;", "*a* ", "| a "])
    path.write_text(text[:at] + filling * ((12 << 20) // len(filling.encode())) + text[at:], "utf-8")
    return folder


def entities(folder: Path, random: Random, secret: Path) -> Path:
    prolog = PROLOG.format(laughs=LAUGHS, secret=secret)
    for path in _texts(folder):
        text = path.read_text("utf-8", "replace")
        head = re.match(r"\s*<\?xml.*?\?>", text, re.DOTALL)
        at = head.end() if head else 0
        text = text[:at] + prolog + text[at:]
        path.write_text(re.sub(r">[^<>]{3,}<", ">&l9;&x;<", text, count=5), "utf-8")
    return folder


def pictures_elsewhere(folder: Path, random: Random, secret: Path) -> Path:
    there = (str(secret), f"file://{secret}", "../../../secret.txt", "..%2f..%2fsecret.txt", "//127.0.0.1:1/x.png")
    for path in _texts(folder):
        text = path.read_text("utf-8", "surrogateescape")
        text = re.sub(r"[\w/:.%-]+\.(png|jpe?g|gif|svg|webp)", lambda _: random.choice(there), text)
        more = "".join(f'\n\n![x]({place})\n\n<img src="{place}">\n' for place in there)
        path.write_text(text + (more if path.suffix in (".md", ".html", ".txt") else ""), "utf-8", "surrogateescape")
    for path in folder.rglob("*"):
        if path.suffix in (".png", ".jpg", ".jpeg", ".gif"):
            path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8 + random.randbytes(40))
    return folder


def other_encodings(folder: Path, random: Random, secret: Path) -> Path:
    for path in _texts(folder):
        text = path.read_text("utf-8", "replace")
        coding = random.choice(["utf-16", "utf-32", "utf-7", "cp1252", "shift-jis", "utf-8-sig", "cp037"])
        path.write_bytes(
            random.choice([b"", b"\xff\xfe", b"\xef\xbb\xbf\xef\xbb\xbf"]) + text.encode(coding, "replace")
        )
    return folder


def odd_names(folder: Path, random: Random, secret: Path) -> Path:
    for path in _texts(folder):
        if random.random() < 0.6:
            path.rename(path.with_name(random.choice(NAMES) + path.suffix))
    return folder


WAYS: tuple[Way, ...] = (
    *(unsafe_names, links_in_a_zip, links_in_a_folder, pipes_and_odd_files, bombs, many_members, torn, flipped_bits),
    *(mutated_bytes, hostile_values, nested_deep, very_long, entities, pictures_elsewhere, other_encodings, odd_names),
)
