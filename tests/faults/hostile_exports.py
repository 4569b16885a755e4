"""Import hostile and damaged exports of every platform."""

import os
import re
import shutil
import stat
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from sitegen.importers.output.new_settings import SETTINGS
from tests.faults.processes import RunResult, preload, run
from tests.faults.site_under_test import read_tree, remove
from tests.support.importing import EXPORTS, SAMPLES, import_sample
from tests.support.sites import make_site

MAX_CPU_SECONDS, MAX_MEMORY_MB = 10.0, 448.0
"""Limits of an import."""

MAX_BUILD_CPU_SECONDS = MAX_CPU_SECONDS + 10.0
"""A build may spend `markdown.seconds` on a post that it then rejects."""

RUN_TIMEOUT_SECONDS = 120.0
SECRET = "the secret of another user"
ALLOWED_PATHS = (
    *("content/posts/", "content/pages/", ".sitegen/imports/", "imports/"),
    *("content/tags.toml", "content/authors.toml", "comments.json"),
)
"""Folders and files that an import may write."""
TEXT_SUFFIXES = frozenset((".html", ".htm", ".md", ".txt", ".xml", ".rdf", ".rss", ".json", ".csv", ".eml", ".mbox"))
TEXT_SUFFIXES |= frozenset((".toml", ".yml", ".py", ".js", ".mjs", ".markdown", ".rst"))
UNSAFE = (
    "../evil.md",
    "/evil.md",
    "a/../../evil.html",
    "C:/evil.html",
    "..\\evil.html",
    "a\0/../../b.md",
    "./../c.md",
)
NAMES = (
    "x" * 200,
    "\u202egpj.exe",
    "-rf",
    "CON",
    "a\nb",
    "\u65e5\u672c\u8a9e" * 20,
    " ",
    "%2e%2e%2fevil",
    "a;b|c$(d)",
)
HOSTILE_VALUES = (
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
NESTED = (
    *("<div>", "[", "{", "> ", "- ", "<b><i>", "{{", "(", '{"a":', "<ul><li>", "*", "(("),
    *("<table><tr><td>", "<!--", "`"),
)
ENTITY_DEFINITIONS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
PROLOG = '<!DOCTYPE r [<!ENTITY l0 "ha">{definitions}<!ENTITY x SYSTEM "file://{secret}">]>'

Mutation = Callable[[Path, Random, Path], Path]
"""Makes a copy of a sample hostile and returns its path, given a random generator and a secret file."""


def import_hostile_exports(home: Path, random: Random) -> Iterator[str]:
    """Import each platform's sample with each mutation, and build the result."""
    preload(home)
    for sample in SAMPLES:
        import_sample(sample, home / "loaded" / sample)  # loads what imports need
    secret = home / "secret.txt"
    secret.write_text(SECRET)
    cases = [(mutate, sample) for mutate in MUTATIONS for sample in SAMPLES]
    random.shuffle(cases)
    for mutate, sample in cycle(cases):
        export = home / "export"
        remove(export)
        shutil.copytree(EXPORTS / sample / "input", export / "input")
        path = mutate(export / "input", random, secret)
        violations = list(_import_and_build(home, path, SAMPLES[sample]))
        yield f"{sample}, {mutate.__name__}: {'; '.join(violations)}" if violations else ""


def _import_and_build(home: Path, path: Path, source: str) -> Iterator[str]:
    """Import an export, build, and yield violations of the guarantees."""
    root = home / "site"
    remove(root)
    make_site(root)
    before, neighbours = read_tree(root), _list_neighbours(home)
    result = run(["-C", str(root), "import", "--from", source, str(path)], home / "log.txt", RUN_TIMEOUT_SECONDS)
    yield from _check_run(result, "the import")
    after = read_tree(root)
    if _list_neighbours(home) != neighbours:
        yield f"outside of the site: {sorted(_list_neighbours(home) ^ neighbours)[:5]}"
    for name in sorted(before.keys() | after.keys()):
        if name in before and _unchangeable_part(name, after.get(name)) != _unchangeable_part(name, before[name]):
            yield f"{name} existed before and was changed"
        elif name not in before and not name.startswith(ALLOWED_PATHS):
            yield f"{name} was written"
        elif name not in before and len(os.path.basename(name).encode(errors="surrogateescape")) > 240:  # noqa: PTH119
            yield f"{name} is too long for file systems"
        elif SECRET.encode() in after.get(name, b"") or after.get(name, b"").startswith(b"-> "):
            yield f"{name} contains the secret"
    result = run(["-C", str(root), "build", "-j", "1"], home / "log.txt", RUN_TIMEOUT_SECONDS)
    yield from _check_run(result, "the build", MAX_BUILD_CPU_SECONDS)
    if any(SECRET.encode() in data for data in read_tree(root / "output").values()):
        yield "the output contains the secret"


def _unchangeable_part(name: str, data: bytes | None) -> object:
    """Return what an import must keep of a file: in the config, all but the settings that a first import sets."""
    if name != "sitegen.toml" or data is None:
        return data
    return {key: value for key, value in tomllib.loads(data.decode()).items() if key not in SETTINGS}


def _check_run(result: RunResult, subject: str, max_seconds: float = MAX_CPU_SECONDS) -> Iterator[str]:
    if result.hung:
        yield f"{subject} hangs"
    elif result.code not in (0, 1) or "Traceback" in result.output:
        yield f"{subject} ends with {result.code}: {result.output[-900:]}"
    elif result.code == 1 and ": " not in result.output:
        yield f"{subject} gives no reason: {result.output}"
    if result.cpu_seconds > max_seconds:
        yield f"{subject} takes {result.cpu_seconds:.1f} s"
    if result.memory > MAX_MEMORY_MB:
        yield f"{subject} takes {result.memory:.0f} MB"


def _list_neighbours(home: Path) -> set[str]:
    """Return the files and folders next to the site and the export."""
    found = {str(path) for target in (home, home.parent) for path in target.iterdir()}
    return {name for name in found if Path(name).name != "log.txt"}


def _text_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in TEXT_SUFFIXES]


def _pack(folder: Path, extra: dict[str, bytes]) -> Path:
    packed = folder.with_name("export.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder).as_posix())
        for name, data in extra.items():
            file.writestr(name, data)
    return packed


def unsafe_names(folder: Path, random: Random, secret: Path) -> Path:
    data = _text_files(folder)[0].read_bytes()
    return _pack(folder, dict.fromkeys((*UNSAFE, f"{secret}.new"), data))


def links_in_a_zip(folder: Path, random: Random, secret: Path) -> Path:
    packed = _pack(folder, {})
    with zipfile.ZipFile(packed, "a") as file:
        for name in ("link.md", "posts/link.html", "images/link.png", "content"):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(info, str(secret))
    return packed


def links_in_a_folder(folder: Path, random: Random, secret: Path) -> Path:
    for number, path in enumerate(_text_files(folder)):
        path.with_name(f"link-{number}{path.suffix}").symlink_to(secret)
    (folder / "around").symlink_to(folder)
    (folder / "up").symlink_to(folder.parents[2])
    if random.random() < 0.5:
        path = random.choice(_text_files(folder))
        path.unlink()
        path.symlink_to(secret)
    return folder


def pipes_and_odd_files(folder: Path, random: Random, secret: Path) -> Path:
    for path in _text_files(folder)[:3]:
        os.mkfifo(path.with_name(f"pipe-{path.name}"))
    path = random.choice(_text_files(folder))
    path.unlink()
    os.mkfifo(path) if random.random() < 0.5 else path.mkdir()
    return folder


@cache
def _zeros() -> bytes:
    return bytes(300 << 20)


def zip_bomb(folder: Path, random: Random, secret: Path) -> Path:
    names = [path.relative_to(folder).as_posix() for path in _text_files(folder)]
    packed = folder.with_name("export.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name in names[:1]:
            file.writestr(name, _zeros())
        for name in names[1:]:
            file.write(folder / name, name)
    return packed


def many_files(folder: Path, random: Random, secret: Path) -> Path:
    suffix = random.choice(_text_files(folder)).suffix
    return _pack(folder, {f"many/{number}{suffix}": b"" for number in range(5_000)})


def truncated(folder: Path, random: Random, secret: Path) -> Path:
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
    for path in _text_files(folder):
        data = bytearray(path.read_bytes())
        for _ in range(random.randint(1, 30)):
            at = random.randrange(len(data) + 1)
            extra = random.choice([b"", random.randbytes(random.randint(1, 9)), bytes(data[at : at + 300]) * 3])
            data[at : at + random.choice([0, 1, 40])] = extra
        path.write_bytes(bytes(data))
    return folder


def hostile_values(folder: Path, random: Random, secret: Path) -> Path:
    def replace_value(found: re.Match[str]) -> str:
        return random.choice(HOSTILE_VALUES).replace("{secret}", str(secret)) if random.random() < 0.15 else found[0]

    for path in _text_files(folder):
        text = path.read_text("utf-8", "surrogateescape")
        path.write_text(re.sub(r"(?<=[\"'>,: /])[\w .-]{2,60}", replace_value, text), "utf-8", "surrogatepass")
    return folder


def nesting(folder: Path, random: Random, secret: Path) -> Path:
    for path in _text_files(folder):
        text = path.read_text("utf-8", "replace")
        at = random.randrange(len(text) + 1)
        path.write_text(text[:at] + random.choice(NESTED) * random.choice([300, 5_000, 60_000]) + text[at:], "utf-8")
    return folder


def long_text(folder: Path, random: Random, secret: Path) -> Path:
    path = random.choice(_text_files(folder))
    text = path.read_text("utf-8", "replace")
    at = random.randrange(len(text) + 1)
    filling = random.choice(["a", "word ", "<p>x</p>\n", "\n", "a,", "![](x.png) ", "\u65e5", "&amp;", "*a* ", "| a "])
    path.write_text(text[:at] + filling * ((12 << 20) // len(filling.encode())) + text[at:], "utf-8")
    return folder


def entities(folder: Path, random: Random, secret: Path) -> Path:
    prolog = PROLOG.format(definitions=ENTITY_DEFINITIONS, secret=secret)
    for path in _text_files(folder):
        text = path.read_text("utf-8", "replace")
        head = re.match(r"\s*<\?xml.*?\?>", text, re.DOTALL)
        at = head.end() if head else 0
        text = text[:at] + prolog + text[at:]
        path.write_text(re.sub(r">[^<>]{3,}<", ">&l9;&x;<", text, count=5), "utf-8")
    return folder


def outside_images(folder: Path, random: Random, secret: Path) -> Path:
    targets = (str(secret), f"file://{secret}", "../../../secret.txt", "..%2f..%2fsecret.txt", "//127.0.0.1:1/x.png")
    for path in _text_files(folder):
        text = path.read_text("utf-8", "surrogateescape")
        text = re.sub(r"[\w/:.%-]+\.(png|jpe?g|gif|svg|webp)", lambda _: random.choice(targets), text)
        extra = "".join(f'\n\n![x]({target})\n\n<img src="{target}">\n' for target in targets)
        path.write_text(text + (extra if path.suffix in (".md", ".html", ".txt") else ""), "utf-8", "surrogateescape")
    for path in folder.rglob("*"):
        if path.suffix in (".png", ".jpg", ".jpeg", ".gif"):
            path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8 + random.randbytes(40))
    return folder


def encodings(folder: Path, random: Random, secret: Path) -> Path:
    for path in _text_files(folder):
        text = path.read_text("utf-8", "replace")
        encoding = random.choice(["utf-16", "utf-32", "utf-7", "cp1252", "shift-jis", "utf-8-sig", "cp037"])
        path.write_bytes(
            random.choice([b"", b"\xff\xfe", b"\xef\xbb\xbf\xef\xbb\xbf"]) + text.encode(encoding, "replace")
        )
    return folder


def odd_names(folder: Path, random: Random, secret: Path) -> Path:
    for path in _text_files(folder):
        if random.random() < 0.6:
            path.rename(path.with_name(random.choice(NAMES) + path.suffix))
    return folder


MUTATIONS: tuple[Mutation, ...] = (
    *(
        unsafe_names,
        links_in_a_zip,
        links_in_a_folder,
        pipes_and_odd_files,
        zip_bomb,
        many_files,
        truncated,
        flipped_bits,
    ),
    *(
        mutated_bytes,
        hostile_values,
        nesting,
        long_text,
        entities,
        outside_images,
        encodings,
        odd_names,
    ),
)
