"""Invented sites on which the theme is photographed and checked: rich and bare, in four languages."""

from dataclasses import dataclass
from pathlib import Path

from sitegen.scaffold.skeleton import write_site
from tests.support.bare_sites import make_bare_site
from tests.support.sites import write

PRESETS = ("newspaper", "letter", "magazine", "plain")
STYLES = (*PRESETS, "newspaper/images", "newspaper/cards", "newspaper/compact", "magazine/summaries")
"""The designs of the theme: a preset, and after a slash a style of lists that is not the preset's own."""

SETTINGS = """
[theme]
preset = "{preset}"
{lists}logo = "/logo.svg"
announcement = {{text = "{title}", url = "/about/"}}
links = [{{title = "Mastodon", url = "https://social.example/@lamp"}}]
[theme.subscribe]
action = "https://mail.example/subscribe"
"""

BODY = """\
{0}

## {1}

{2} {0} [{1}](https://example.org/a-page).[^1]

> {2}

- {1}
- {2}

![{1}](picture-1.svg)

## {3}

{0} `example = 1`

| {1} | {3} |
|---|---|
| 1 | 2 |
| 3 | 4 |

```python
def greet(name: str) -> str:
    return f"Hello, {{name}}"
```

### {1}

{2}

## {3} II

{0}

[^1]: {2}
"""


@dataclass(frozen=True, slots=True)
class Language:
    """The strings of an invented newsletter: title, description, titles of posts, sentences and names of tags."""

    code: str
    title: str
    description: str
    titles: tuple[str, ...]
    sentences: tuple[str, str, str, str]
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    sources: tuple[str, ...]


LANGUAGES = {
    "English": Language(
        "en",
        "The Lamp and Ladder",
        "A weekly letter on lighthouses, harbours and those who keep them.",
        (
            "The keeper who counted birds",
            "Fog",
            "What a harbour pilot carries in a left pocket, and why it is never the same thing twice",
            "Rope, tar and patience",
            "A letter from the far side of the bay",
            "How the light was lit before matches were cheap",
            "Eleven winters",
        ),
        (
            "The lamp was trimmed at dusk and again at midnight, and in between the keeper wrote down every ship that "
            "passed, every bird that struck the glass, and what the wind had said about both.",
            "The log book",
            "Nobody read the book for forty years; then a clerk in the harbour office needed a table of storms.",
            "What the clerk found",
        ),
        ("lighthouses", "weather", "ships", "people", "tools", "reading", "the far north"),
        ("Mara Quill", "Osric Vane"),
        ("The Tidewater Gazette", "Slow Boats Quarterly"),
    ),
    "German": Language(
        "de",
        "Laterne und Leiter",
        "Ein wöchentlicher Brief über Leuchttürme, Häfen und die Menschen, die sie hüten.",
        (
            "Die Leuchtturmwärterin, die Zugvögel zählte",
            "Nebel",
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze und andere Dinge, die im Hafen liegen bleiben",
            "Tau, Teer und Geduld",
            "Elf Winter",
        ),
        (
            "Die Lampe wurde in der Dämmerung geputzt und um Mitternacht noch einmal; dazwischen schrieb die Wärterin "
            "jedes Schiff auf, das vorüberfuhr, und jeden Vogel, der gegen die Scheibe flog.",
            "Das Schiffstagebuch",
            "Vierzig Jahre lang las niemand darin. Dann brauchte das Hafenamt eine Sturmstatistik.",
            "Was das Hafenamt fand",
        ),
        ("Leuchttürme", "Wetter", "Schiffe", "Seenotrettungsgesellschaften"),
        ("Mara Federkiel",),
        ("Das Gezeitenblatt",),
    ),
    "Persian": Language(
        "fa",
        "چراغ و نردبان",
        "نامه‌ای هفتگی دربارهٔ فانوس‌های دریایی و نگهبانانشان.",
        (
            "نگهبانی که پرنده‌ها را می‌شمرد",
            "مه",
            "نامه‌ای از آن سوی خلیج برای کسی که هرگز دریا را ندیده بود",
            "یازده زمستان",
        ),
        (
            "چراغ را هنگام غروب پاک می‌کردند و نیمه‌شب بار دیگر؛ در این میان نگهبان نام هر کشتی را که می‌گذشت می‌نوشت.",
            "دفتر روزانه",
            "چهل سال هیچ‌کس دفتر را نخواند، تا روزی که ادارهٔ بندر به جدول توفان‌ها نیاز پیدا کرد.",
            "آنچه پیدا شد",
        ),
        ("فانوس", "هوا", "کشتی‌ها"),
        ("مارا قلم",),
        ("روزنامهٔ جزر و مد",),
    ),
    "Japanese": Language(
        "ja",
        "灯台通信",
        "灯台と港、そこで働く人々についての週刊の便り。",
        ("鳥を数えた灯台守", "霧", "湾の向こう岸から届いた一通の手紙と返事を書かなかった水先案内人の話", "十一の冬"),
        (
            "灯は日暮れに手入れされ、真夜中にもう一度手入れされた。その間に灯台守は通り過ぎる船と、窓に当たった鳥をすべて書き留めた。",
            "日誌",
            "四十年のあいだ誰もその日誌を読まなかった。やがて港の役所が嵐の一覧を必要とした。",
            "見つかったもの",
        ),
        ("灯台", "天気", "船"),
        ("筆野まら",),
        ("潮の新聞",),
    ),
}

SITES = ("English", "German", "Persian", "Japanese", "init", "one post", "empty")
"""The sites that `make_theme_site` writes."""


def make_theme_site(root: Path, name: str, style: str) -> Path:
    """Write a site in one of STYLES into a folder."""
    preset, _, lists = style.partition("/")
    if name in LANGUAGES:
        return _write_rich(root, LANGUAGES[name], preset, lists)
    if name == "init":
        root.mkdir(parents=True)
        write_site(root, "My newsletter", "https://letters.example.org/")
    else:
        make_bare_site(root, name)
    chosen = f'\n[theme]\npreset = "{preset}"\n' + (f'lists = "{lists}"\n' if lists else "")
    file = root / "sitegen.toml"
    file.write_text(file.read_text("utf-8") + chosen, "utf-8")
    return root


def _write_rich(root: Path, language: Language, preset: str, lists: str) -> Path:
    of_lists = f'lists = "{lists}"\n' if lists else ""
    settings = SETTINGS.format(preset=preset, lists=of_lists, title=language.titles[0])
    config = (
        f'title = "{language.title}"\ndescription = "{language.description}"\nlanguage = "{language.code}"\n'
        f'base_url = "https://lamp.example.org/"\nrights = "© {language.title}"\n{settings}'
    )
    files: dict[str, str | bytes] = {
        "sitegen.toml": config,
        "content/logo.svg": _svg(64, 64, 4),
        "content/pages/about.md": f"---\ntitle: {language.tags[0]}\nslug: about\n---\n\n{language.sentences[0]}\n",
        "content/sources.toml": "".join(
            f'["{source}"]\nurl = "https://source-{n}.example.com/"\npolicy = "original"\n'
            for n, source in enumerate(language.sources)
        ),
    }
    for number, (width, height) in enumerate(((1200, 800), (900, 1200), (1600, 700), (800, 800)), 1):
        files[f"content/posts/picture-{number}.svg"] = _svg(width, height, number)
    for number in range(26):
        files[f"content/posts/post-{number:02}.md"] = _write_post(language, number)
    return write(root, files)


def _write_post(language: Language, number: int) -> str:
    """Return a post's file; every third has an image, every fourth a source, and the newest is long."""
    title = language.titles[number % len(language.titles)] + (f" {number}" if number >= len(language.titles) else "")
    month, year = 12 - number % 12, 2024 - number // 12
    tags = ", ".join(language.tags[n % len(language.tags)] for n in (number, number // 2 + 1))
    lines = [f'title: "{title}"', f"slug: post-{number}", f"date: {year}-{month:02}-{27 - number:02}"]
    lines.append(f"tags: [{tags}]")
    lines.append(f"authors: [{language.authors[number % len(language.authors)]}]")
    lines.append(f"views: {{count: {(number * 7919) % 2000 + 10}, on: Wix, at: 2025-01-02}}")
    if number % 3 != 1:
        lines += [f"image: picture-{number % 4 + 1}.svg", f'image_alt: "{language.sentences[1]}"']
    if number % 4 == 2:
        lines.append(f"source: {language.sources[number % len(language.sources)]}")
    if number == 1:
        lines.append("aliases: [/old/]")
    body = BODY.format(*language.sentences) if number % 5 == 0 else language.sentences[0] * (number % 3 + 1) + "\n"
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}"


def _svg(width: int, height: int, number: int) -> str:
    """Return an SVG of a sea, a sky and a light, in one of four sets of colours."""
    sky, sea, light = (
        ("#f2d7b6", "#3b5b74", "#d9502e"),
        ("#bcd4de", "#27444f", "#f4c542"),
        ("#e7e2da", "#6c7a59", "#8d3b2f"),
        ("#2b2d52", "#14162b", "#f6e7a1"),
    )[number % 4]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{sky}"/><path d="M0 {height * 2 // 3}h{width}v{height}H0z" '
        f'fill="{sea}"/><circle cx="{width * 2 // 3}" cy="{height // 3}" r="{min(width, height) // 6}" '
        f'fill="{light}"/></svg>'
    )
