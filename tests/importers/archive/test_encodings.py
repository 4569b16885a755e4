"""The encoding of posts and settings changes neither the recognised format nor the imported posts."""

import codecs

import pytest

from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.registry import recognise_format
from tests.support.importing import import_path

POST = "---\ntitle: Zoë’s day\ndate: 2020-01-02\ntags: [a]\n---\n\nÜber “all”.\n"
TOML = "+++\ntitle = 'Zoë’s day'\ndate = 2020-01-02\n[taxonomies]\ntags = ['a']\n+++\n\nÜber “all”.\n"
HEADERS = "Title: Zoë’s day\nDate: 2020-01-02\nTags: a\n\nÜber “all”.\n"
ARCHIVES = {
    "hugo": {"hugo.toml": 'baseURL = "https://x.example/"\n', "content/p/a.md": POST},
    "zola": {"content/a.md": TOML},
    "jekyll": {"_config.yml": "url: https://x.example\n", "_posts/2020-01-02-a.html": POST.replace("Über", "<p>Über")},
    "pelican": {"a.md": HEADERS},
    "docusaurus": {"docusaurus.config.js": "export default {url: 'https://x.example', presets: [['classic', {}]]}\n",
                   "blog/2020-01-02-a.md": POST},
    "plain": {"a.md": POST},
}  # fmt: skip
ENCODINGS = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "BOM": lambda text: codecs.BOM_UTF8 + text.encode(),
    "two BOMs": lambda text: codecs.BOM_UTF8 * 2 + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 BE": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 without BOM": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "UTF-32 BE": lambda text: codecs.BOM_UTF32_BE + text.encode("utf-32-be"),
    "NUL at the end": lambda text: text.encode() + b"\0",
    "NUL within": lambda text: text.replace("\n\n", "\n\0\n").encode(),
    "Windows-1252": lambda text: text.encode("cp1252"),
}


def import_encoded(root, format_name, encode):
    for name, text in ARCHIVES[format_name].items():
        path = root / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(text))
    import_path(root / "in", root / "site", format_name)
    return {path.name: path.read_text("utf-8") for path in (root / "site/content/posts").glob("*.md")}


@pytest.mark.parametrize("format_name", ARCHIVES)
def test_any_encoding_gives_the_same_posts(format_name, tmp_path):
    expected = import_encoded(tmp_path / "plain", format_name, str.encode)
    assert "Zoë’s day" in next(iter(expected.values()))
    for name, encode in ENCODINGS.items():
        assert import_encoded(tmp_path / name, format_name, encode) == expected, name
        assert recognise_format([tmp_path / name / "in"]) == format_name, name


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë — “a”".encode() + b" \xe9t\xe9", "Zoë — “a” été"),
        ("Zoë — “a”".encode()[:-1], "Zoë — “aâ€"),
        (b"\xe9t\xe9 \x93a\x94", "été “a”"),
        ("a\ufeffb\x00c\x0bd\te\r\nf".encode(), "abcd\te\nf"),
        (b"", ""),
        (b"\xff", "ÿ"),
    ],
)
def test_damaged_text_keeps_its_letters(data, text):
    assert decode(data) == text
