"""A planned site: its documents, its pages by path, and their renderer."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from sitegen.build.request import BuildInputs
from sitegen.cache.store import Store
from sitegen.comments.discussion import Discussions, load_discussions
from sitegen.comments.file import SUFFIX, comment_file_of
from sitegen.config.data_pages import check_data_of_pages
from sitegen.config.load import location_of
from sitegen.config.post_types import check_type_templates
from sitegen.config.schema import Config, base_path
from sitegen.config.setting_values import SettingProblem
from sitegen.config.shortcodes import check_shortcodes
from sitegen.config.taxonomies import check_templates
from sitegen.content.data_files import read_data
from sitegen.content.descriptions import RenderText, WrittenDescription
from sitegen.content.file_index import FileIndex, Folders
from sitegen.content.selection import HEAD_BYTES, Choice, choose, find_stray_posts, find_withheld
from sitegen.content.term_files import find_term_files, read_descriptions
from sitegen.errors import Problem, SiteError, did_you_mean, naming
from sitegen.formats.dates import zone_named
from sitegen.formats.site_urls import site_url
from sitegen.hooks import Hooks
from sitegen.ledger import LEDGER_FILE, VIEWS_FILE
from sitegen.ledger.file import read_ledger
from sitegen.ledger.views_file import read_views
from sitegen.media.encoded_images import EncodedImages, can_encode
from sitegen.media.film_metadata import check_films
from sitegen.media.image_sets import ImageSets, encode_deferred, find_image_sets, find_keys
from sitegen.model import Entry, Post, SkippedPost, line_of_key
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.renderer import Renderer
from sitegen.site.affected import BodyIndex
from sitegen.site.brand import find_brand, uses_images
from sitegen.site.compose import compose
from sitegen.site.navigation import check_navigation
from sitegen.site.pages.card import card_key
from sitegen.site.pages.data import check_rows
from sitegen.site.pages.icon import find_icon_assets
from sitegen.site.pages.page_type import Page, Phase
from sitegen.site.pages.registry import find_cards, type_of
from sitegen.site.shown_images import find_shown_images
from sitegen.site.static_files import Files, sort_files
from sitegen.site.theme_style import STYLE, find_style_path, write_theme_style
from sitegen.system import fingerprints
from sitegen.system.files import stamp_of
from sitegen.system.progress import Progress

if TYPE_CHECKING:
    from sitegen.cards.font_book import FontBook

NONE = Discussions({})


class PlannedSite(Struct, frozen=True):
    """A site as a build planned it: its documents and its pages, each by path, and the renderer of the pages.

    `choice` contains the published documents, `index` the pages that depend on each document's body,
    `images` the images that are shown.
    """

    entries: Mapping[str, Entry]
    choice: Choice
    pages: Mapping[str, Page]
    warnings: tuple[Problem, ...]
    renderer: Renderer
    index: BodyIndex
    images: ImageSets

    @property
    def skipped(self) -> tuple[SkippedPost, ...]:
        """The posts that are not published, and why."""
        return self.choice.skipped

    @property
    def posts(self) -> Iterable[Post]:
        """The posts and pages of all documents, published or not."""
        return (entry.post for entry in self.entries.values())

    def encode_deferred_images(self, seconds: float) -> bool:
        """Encode images that were left to a later build, for some seconds; return whether all are encoded."""
        return encode_deferred(self.images, self.renderer.encoded_images, self.renderer.locate, seconds)

    def remove_unused_images(self) -> None:
        """Remove encoded images that the site does not show, if there are many, after some were added."""
        encoded = self.renderer.encoded_images
        if encoded.has_new and not self.images.deferred:
            cards = {card_key(page) for page in find_cards(self.pages.values()).values()}
            encoded.remove_unused(find_keys(self.images, encoded) | cards)
            encoded.has_new = False

    def with_bodies(self, changed: Iterable[Entry]) -> "PlannedSite | None":
        """Return the site with other bodies of some documents; None if more than bodies changed."""
        fresh = {entry.post.path: entry for entry in changed}
        if not _differ_in_bodies(self.entries, fresh):
            return None
        entries = {**self.entries, **fresh}
        renderer = self.renderer.with_bodies(fresh.values())
        paths = fresh.keys()
        # A file of the search index depends on all bodies, and is the same page: there are hundreds of them.
        replaced = [self.pages[path] for path in self.index.replaced_by(paths)]
        pages = {**self.pages}
        for page in replaced:
            pages[page.path] = type_of(page).with_bodies(page, renderer.site_of(page), entries, paths)
        return replace(self, entries=entries, pages=pages, renderer=renderer)

    def find_affected(self, changed: Collection[str]) -> list[Page]:
        """Return the pages that depend on the bodies of some documents, because they show them or count their words."""
        return [self.pages[path] for path in self.index.affected_by(changed)] if changed else []

    def find_affected_since(self, before: Mapping[str, Entry]) -> list[Page] | None:
        """Return the pages that depend on documents with other bodies than before; None if more than bodies changed."""
        if not all(path in self.entries for path in before):
            return None
        fresh = {path: self.entries[path] for path in before}
        return self.find_affected(before.keys()) if _differ_in_bodies(before, fresh) else None


def plan_site(
    inputs: BuildInputs,
    files: FileIndex,
    folders: Folders,
    entries: tuple[Entry, ...],
    hooks: Callable[[], Hooks],
    store: Store,
    cache: Path | None,
    render_text: RenderText,
    image_folder: Path | None,
    progress: Progress,
) -> PlannedSite:
    """Plan the site of some files and documents. Raises SiteError with all problems of its posts, links and URLs.

    `cache` is the user's folder for compiled templates, `image_folder` that of encoded images; `render_text` renders
    descriptions of terms.
    """
    config, request = inputs.config, inputs.request
    digests = files.fingerprints
    moment = datetime.fromtimestamp(inputs.now / 1_000_000_000, UTC)
    choice = choose(entries, config.content, moment, drafts=request.drafts, future=request.future)
    strays = find_stray_posts(digests, config.content, lambda name: _read_head(folders.path(name)), folders.posts)
    withheld = find_withheld(entries, choice, digests, config.content, base_path(config), folders.posts) | strays.keys()
    sorted_files = sort_files(digests, config, withheld)
    _refuse(check_navigation(config, [item.post for item in choice.pages]), folders)
    if config.taxonomies:
        _refuse(check_templates(config, sorted_files.templates), folders)
    if config.shortcodes:
        _refuse(check_shortcodes(config, sorted_files.templates), folders)
    if config.types:
        _refuse(check_type_templates(config, sorted_files.templates), folders)
    _check_post_templates(choice, sorted_files.templates, config)
    if uses_images(config.theme):
        sorted_files = _with_icon(sorted_files, config, folders)
    if config.theme.font_files:
        sorted_files = _with_fonts(sorted_files, config, folders)
    data = read_data({name: _read(folders.path(name)) for name in sorted_files.data})
    if config.pages:
        _refuse(check_data_of_pages(config, data, sorted_files.templates), folders)
        _refuse(check_rows(config, data), folders)
    ledger = read_ledger(folders.root / LEDGER_FILE)
    discussions = _read_comments(sorted_files, inputs, folders, entries, store) if sorted_files.comments else NONE
    views = read_views(folders.root / VIEWS_FILE)
    written = _read_descriptions(config, digests, folders, render_text)
    encoded = EncodedImages(config.images, image_folder)
    # Without a folder, what is encoded later would be lost.
    mode = "encode" if request.images == "defer" and image_folder is None else request.images
    images = find_image_sets(
        find_shown_images(config, choice, written) if config.images.convert and can_encode() else {},
        sorted_files.published,
        encoded,
        store,
        folders.path,
        base_path(config),
        mode,
        request.jobs,
        progress,
    )
    card_fonts = _open_card_fonts(inputs, sorted_files, folders)
    composition = compose(
        config,
        hooks(),
        choice,
        sorted_files,
        data,
        digests,
        ledger,
        withheld,
        discussions.by_post,
        views,
        written,
        images,
        card_fonts,
    )
    films = (
        check_films(sorted_files.published, f"{config.content}/", store, folders.path)
        if config.images.metadata != "keep"
        else []
    )
    warnings = (*composition.warnings, *discussions.warnings, *strays.values(), *images.warnings, *films)
    composition = replace(composition, warnings=warnings)
    if request.strict and composition.warnings:
        raise SiteError(composition.warnings)
    paths = {name: folders.path(file) for name, file in sorted_files.templates.items()}
    templates = TemplateSet(paths, sorted_files.template_digests, store, cache)
    base = fingerprints.short(fingerprints.of_value((config, inputs.code)))
    renderer = Renderer(
        config, composition, sorted_files, folders.path, hooks(), store, templates, base, images, encoded, card_fonts
    )
    return PlannedSite(
        {entry.post.path: entry for entry in entries},
        choice,
        {page.path: page for page in composition.pages},
        composition.warnings,
        renderer,
        BodyIndex(composition.pages),
        images,
    )


def _read_descriptions(
    config: Config, digests: Collection[str], folders: Folders, render_text: RenderText
) -> list[WrittenDescription]:
    """Return the descriptions of all terms; raise SiteError with what is wrong with their files."""
    return read_descriptions(find_term_files(digests, config), lambda name: _read(folders.path(name)), render_text)


def _check_post_templates(choice: Choice, templates: Collection[str], config: Config) -> None:
    """Raise SiteError for posts whose front matter names a template that is missing."""
    problems = []
    for entry in (*choice.posts, *choice.pages):
        name = entry.post.template
        if name and name not in templates:
            hint = did_you_mean(name, templates) or f"Add {config.templates}/{name}, or name another template."
            line = line_of_key(entry, "template")
            problems.append(Problem(entry.post.path, line, f"the template `{name}` is missing", hint))
    if problems:
        raise SiteError(problems)


def _refuse(problems: Iterable[SettingProblem], folders: Folders) -> None:
    """Raise SiteError with what is wrong with settings, at their lines in the config, if anything is."""
    found = [Problem(*location_of(folders.root, keys), message, hint) for keys, message, hint in problems]
    if found:
        raise SiteError(found)


def _with_icon(files: Files, config: Config, folders: Folders) -> Files:
    """Return the files with the site's icons; raise SiteError with all that is wrong with the images of the theme."""
    icon, problems = find_brand(config, files.published, folders.path)
    _refuse(problems, folders)
    made = {name: site_url(f"/{path}", base_path(config)) for name, path in find_icon_assets(icon).items()}
    return replace(files, icon=icon, assets={**files.assets, **made})


def _with_fonts(files: Files, config: Config, folders: Folders) -> Files:
    """Return the files with the site's own fonts; raise SiteError with all that is wrong with their files."""
    from sitegen.site.own_fonts import find_fonts, find_preloaded, write_font_rules  # noqa: PLC0415 - few sites have some

    fonts, problems = find_fonts(config, files.published, folders.path)
    _refuse(problems, folders)
    if STYLE in files.assets and not files.style:  # the site has a style sheet of its own instead
        return files
    style = write_theme_style(config, write_font_rules(fonts, config.language))
    url = site_url(f"/{find_style_path(style)}", base_path(config))
    preloaded = find_preloaded(fonts, config.language)
    return replace(files, style=style, assets={**files.assets, STYLE: url}, preloaded_fonts=preloaded)


def _open_card_fonts(inputs: BuildInputs, files: Files, folders: Folders) -> "FontBook | None":
    """Return the fonts of share cards, None without cards; raise SiteError with what is wrong with their settings."""
    found, config = inputs.card_fonts, inputs.config
    if found is None:
        return None
    from sitegen.cards.faces import StampedFont, read_faces  # noqa: PLC0415 - only for sites with cards
    from sitegen.cards.font_book import FontBook, ThemeFont  # noqa: PLC0415 - as above

    problems: list[SettingProblem] = []
    for name in config.cards.fonts:
        file = next((file for file in found.own if Path(file.path) == folders.root / name), None)
        if file is None:
            problems.append((("cards", "fonts"), f'the font file "{name}" does not exist', "Check its path."))
            continue
        try:
            read_faces(file)
        except ValueError as error:
            message = f'the font file "{name}" cannot be used: {error}'
            problems.append((("cards", "fonts"), message, "Use a TTF, OTF, TTC or WOFF2 file."))
    logo = unquote(config.cards.logo).lstrip("/")
    if logo and logo not in files.published:
        hint = did_you_mean(logo, files.published) or f"Put the file into {config.content}/."
        message = f'`logo = "/{logo}"` names a file that does not exist: {config.content}/{logo}'
        problems.append((("cards", "logo"), message, hint))
    _refuse(problems, folders)
    theme = []
    for font in config.theme.font_files:
        path = folders.path(files.published[unquote(font.file).lstrip("/")][0])
        theme.append(ThemeFont(StampedFont(str(path), stamp_of(path.stat())), font.use))
    return FontBook(found, theme)


def _read_comments(
    files: Files, inputs: BuildInputs, folders: Folders, entries: Iterable[Entry], store: Store
) -> Discussions:
    """Return the discussions of the posts, with a warning for each comment file without a post."""
    posts = {comment_file_of(entry.post.path): entry.post.path for entry in entries}
    found = {posts[name]: (name, fingerprint) for name, fingerprint in files.comments.items() if name in posts}
    zone = zone_named(inputs.config.timezone)
    read = lambda name: _read(folders.path(name))  # noqa: E731 - it names the file in errors
    discussions = load_discussions(
        found,
        read,
        store,
        inputs.code,
        zone,
        inputs.request.jobs,
        search=inputs.config.search.comments,
    )
    orphans = [
        Problem(
            name,
            0,
            "the comment file belongs to no post, and is not shown",
            f"give it the name of the post's file, with {SUFFIX} in place of .md",
        )
        for name in files.comments
        if name not in posts
    ]
    return replace(discussions, warnings=(*discussions.warnings, *orphans))


def find_deferrable(pages: Iterable[Page]) -> frozenset[str]:
    """Return the paths of the pages that a server may render later: feeds, files of the search index, share cards."""
    return frozenset(page.path for page in pages if (found := type_of(page)).phase >= Phase.SEARCH or found.may_wait)


def _differ_in_bodies(before: Mapping[str, Entry], fresh: Mapping[str, Entry]) -> bool:
    """Return whether only bodies changed: the posts and the files that they link to are the same."""
    for path, entry in fresh.items():
        known = before.get(path)
        if known is None or replace(known, body=entry.body, words=entry.words) != entry:
            return False
    return True


def _read_head(path: Path) -> bytes:
    with naming(path), path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _read(path: Path) -> bytes:
    with naming(path):
        return path.read_bytes()
