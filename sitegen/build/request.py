"""The request of a build, and the fingerprints of its inputs that are not files of the site."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.build.output_folder import WORK, resolve_output
from sitegen.config.schema import Config
from sitegen.content.ledger import LEDGER_FILE, VIEWS_FILE
from sitegen.content.shortcode_files import list_macro_files
from sitegen.content.site_hooks import SiteHooks
from sitegen.media.encoded_images import can_encode
from sitegen.media.image_facts import ImageMode
from sitegen.system import fingerprints

if TYPE_CHECKING:
    from sitegen.media.cards.font_book import FontFiles


class Request(Struct, frozen=True):
    """What a build is asked to do, in addition to the config.

    `images` says whether images that no build has encoded yet are encoded, left to a later build, or all shown as they
    are.

    `output` is the output folder, relative to the site's root unless absolute; `fresh` ignores the build cache;
    `explain` asks for the reason of each rendered page; `strict` turns warnings into problems.

    A server answers first and checks everything later: if `changed_paths` names changed files, and all are known
    documents, no other files are scanned, and the output folder is assumed to be unchanged since this process wrote
    it. `pages_first` defers feeds and the files of the search index to the next build. `warm_up` plans a site that
    did not change, so that the next build has a planned site. `font_folders` are those of the machine's fonts, for
    share cards.
    """

    output: str = ""
    drafts: bool = False
    future: bool = False
    fresh: bool = False
    explain: bool = False
    strict: bool = False
    changed_paths: frozenset[str] = frozenset()
    pages_first: bool = False
    warm_up: bool = False
    images: ImageMode = "encode"
    font_folders: tuple[str, ...] = ()
    jobs: int = 1


class BuildInputs(Struct, frozen=True):
    """The inputs of a build apart from the files of the site: config, request, time (ns) and fingerprints.

    `code` is the fingerprint of sitegen's code and the hooks, `parse_key` of everything that parsing a document
    depends on, `ledger` of the file of published URLs, `fingerprint` of all other inputs. `card_fonts` are the files
    that share cards may use, None without cards. `shortcodes` is the fingerprint of the site's shortcodes, "" if it has
    none.
    """

    config: Config
    request: Request
    now: int
    code: str
    parse_key: str
    fingerprint: str
    ledger: str = ""
    card_fonts: "FontFiles | None" = None
    shortcodes: str = ""


def read_inputs(root: Path, config: Config, request: Request, hooks: SiteHooks, now: int) -> BuildInputs:
    """Return the inputs of a build at a time (ns); raise SiteError if the hooks cannot be loaded."""
    written = {resolve_output(root, folder) for folder in (config.output, request.output or config.output)}
    epoch = hooks.update(now, (*written, WORK))
    code = fingerprints.of_value((epoch, fingerprints.of_code()))
    content = root / config.content
    sources = fingerprints.of_file(content / "sources.toml") if content.is_dir() else ""
    languages = (config.language, *config.languages)
    own = (config.taxonomies, config.types)
    parsing = (config.content, config.base_url, languages, config.timezone, config.author, own)
    files = list_macro_files(root, config.templates)
    shortcodes = ""
    if files or config.shortcodes:
        digests = [(name, fingerprints.of_file(path)) for name, path in files.items()]
        shortcodes = fingerprints.of_value((digests, config.shortcodes))
    parse_key = fingerprints.of_value(
        (parsing, config.broken_links, config.urls, config.markdown, sources, shortcodes, code)
    )
    ledger, views = fingerprints.of_file(root / LEDGER_FILE), fingerprints.of_file(root / VIEWS_FILE)
    fonts: FontFiles | None = None
    if config.cards.enabled and request.images != "skip" and can_encode():
        from sitegen.media.cards.font_book import find_font_files  # noqa: PLC0415 - only for sites with cards

        fonts = find_font_files(root, config.cards, request.font_folders)
    parts = (config, request.drafts, request.future, request.images == "skip", parse_key, views)
    fingerprint = fingerprints.of_value((parts, fonts.digest if fonts else ""))
    return BuildInputs(config, request, now, code, parse_key, fingerprint, ledger, fonts, shortcodes)
