"""A planned site: its documents, its pages by path, and their renderer."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from sitegen.build.read_contents import read_contents
from sitegen.build.request import BuildInputs
from sitegen.build.tools import Tools
from sitegen.config.load import refuse_settings
from sitegen.config.schema import base_path
from sitegen.config.setting_values import SettingProblem
from sitegen.content.file_index import FileIndex, Folders
from sitegen.content.loader import ReadSettings
from sitegen.content.selection import Choice
from sitegen.errors import Problem, ProblemCollector, SiteError
from sitegen.formats.path_index import PathIndex
from sitegen.media.encoded_images import EncodedImages, can_encode
from sitegen.media.film_metadata import check_films
from sitegen.media.image_sets import EncodingTools, ImageSets, encode_deferred, find_image_sets, find_keys
from sitegen.model import Entry, Post, SkippedPost
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.renderer import Known, Renderer, RenderTools
from sitegen.site.affected import BodyIndex
from sitegen.site.compose import Composition, compose
from sitegen.site.named_files import check_setting_files
from sitegen.site.pages.card import card_key
from sitegen.site.pages.page_type import Page, Phase
from sitegen.site.pages.registry import find_cards, type_of
from sitegen.site.shown_images import find_shown_images
from sitegen.site.static_files import Files
from sitegen.system import fingerprints
from sitegen.system.files import stamp_of

if TYPE_CHECKING:
    from sitegen.media.cards.font_book import FontBook


class PlannedSite(Struct, frozen=True):
    """A site as a build planned it: its documents and its pages, each by path, and the renderer of the pages.

    `choice` contains the published documents, `index` the pages that depend on each document's body,
    `images` the images that are shown, `withheld` the files that are not published. Of a site that is not `is_whole`,
    only the pages and documents are there that depend on some bodies.
    """

    entries: Mapping[str, Entry]
    choice: Choice
    pages: Mapping[str, Page]
    warnings: tuple[Problem, ...]
    renderer: Renderer
    index: BodyIndex
    images: ImageSets
    withheld: Collection[str] = ()
    is_whole: bool = True

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
        if not differ_in_bodies(self.entries, fresh, self.warnings):
            return None
        entries = {**self.entries, **fresh}
        renderer = self.renderer.with_bodies(fresh.values())
        paths = fresh.keys()
        # A file of the search index depends on all bodies, and is the same page: there are hundreds of them.
        replaced = [self.pages[path] for path in self.index.replaced_by(paths)]
        pages = {**self.pages}
        for page in replaced:
            page_type = type_of(page)
            shown: Collection[str] = paths
            if page_type.all_bodies:  # those of its edition
                shown = [path for path, entry in fresh.items() if renderer.terms(page).has(entry.post)]
            pages[page.path] = page_type.with_bodies(page, renderer.site_of(page), entries, shown)
        return replace(self, entries=entries, pages=pages, renderer=renderer)

    def find_affected(self, changed: Collection[str]) -> list[Page]:
        """Return the pages that depend on the bodies of some documents, because they show them or count their words."""
        return [self.pages[path] for path in self.index.affected_by(changed)] if changed else []

    def find_affected_since(self, before: Mapping[str, Entry]) -> list[Page] | None:
        """Return the pages that depend on documents with other bodies than before; None if more than bodies changed."""
        if not all(path in self.entries for path in before):
            return None
        fresh = {path: self.entries[path] for path in before}
        return self.find_affected(before.keys()) if differ_in_bodies(before, fresh) else None


def plan_site(
    inputs: BuildInputs, files: FileIndex, entries: tuple[Entry, ...], settings: ReadSettings, tools: Tools
) -> PlannedSite:
    """Plan the site of some files and documents. Raises SiteError with all problems of its posts, links and URLs."""
    config, request, store, locate = inputs.config, inputs.request, tools.store, settings.folders.path
    contents = read_contents(inputs, files, entries, settings, store)
    choice, published = contents.choice, contents.files.published
    image_folder = None if store.in_memory else tools.work / "images"
    encoded = EncodedImages(config.images, image_folder)
    # Without a folder, what is encoded later would be lost.
    mode = "encode" if request.images == "defer" and image_folder is None else request.images
    images = find_image_sets(
        find_shown_images(config, choice, contents.descriptions) if config.images.convert and can_encode() else {},
        published,
        base_path(config),
        mode,
        EncodingTools(encoded, store, locate, request.jobs, settings.progress),
    )
    hooks = tools.hooks.get()
    problems, card_fonts = ProblemCollector(), None
    with problems:
        card_fonts = open_card_fonts(inputs, contents.files, settings.folders)
    with problems:
        composition = compose(config, hooks, contents, images, card_fonts)
    problems.raise_found()
    pages = {page.path: page for page in composition.pages}
    refuse_settings(settings.folders.root, check_setting_files(config, pages))
    films = check_films(published, f"{config.content}/", store, locate) if config.images.metadata != "keep" else []
    warnings = (*composition.warnings, *contents.warnings, *images.warnings, *films)
    composition = replace(composition, warnings=warnings)
    if request.strict and composition.warnings:
        raise SiteError(composition.warnings)
    renderer = make_renderer(inputs, composition, contents.files, images, encoded, card_fonts, settings, tools)
    return PlannedSite(
        {entry.post.path: entry for entry in entries},
        choice,
        pages,
        composition.warnings,
        renderer,
        BodyIndex(composition.pages),
        images,
        contents.withheld,
    )


def make_renderer(
    inputs: BuildInputs,
    composition: Composition,
    files: Files,
    images: ImageSets,
    encoded: EncodedImages,
    card_fonts: "FontBook | None",
    settings: ReadSettings,
    tools: Tools,
    known: Known | None = None,
) -> Renderer:
    """Return the renderer of a composed site; `known` belongs to one of which only a part is loaded."""
    config, store, locate = inputs.config, tools.store, settings.folders.path
    paths = {name: locate(file) for name, file in files.templates.items()}
    compiled = None if inputs.request.fresh else tools.cache
    templates = TemplateSet(paths, files.template_digests, store, compiled)
    base = fingerprints.short(fingerprints.of_value((config, inputs.code)))
    rendering = RenderTools(templates, tools.hooks.get(), store, locate, encoded, card_fonts)
    return Renderer(config, composition, files, images, base, rendering, known)


def open_card_fonts(inputs: BuildInputs, files: Files, folders: Folders) -> "FontBook | None":
    """Return the fonts of share cards, None without cards; raise SiteError with what is wrong with their settings."""
    found, config = inputs.card_fonts, inputs.config
    if found is None:
        return None
    from sitegen.media.cards.faces import StampedFont, read_faces  # noqa: PLC0415 - only for sites with cards
    from sitegen.media.cards.font_book import FontBook, ThemeFont  # noqa: PLC0415 - as above

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
            problems.append((("cards", "fonts"), message, "use a TTF, OTF, TTC or WOFF2 file"))
    logo = unquote(config.cards.logo).lstrip("/")
    if logo and logo not in files.published:
        hint = PathIndex(files.published).did_you_mean(logo) or f"put the file into {config.content}/"
        message = f'`logo = "/{logo}"` names a file that does not exist: {config.content}/{logo}'
        problems.append((("cards", "logo"), message, hint))
    refuse_settings(folders.root, problems)
    theme = []
    for font in config.theme.font_files:
        path = folders.path(files.published[unquote(font.file).lstrip("/")][0])
        theme.append(ThemeFont(StampedFont(str(path), stamp_of(path.stat())), font.use))
    return FontBook(found, theme)


def find_deferrable(pages: Iterable[Page]) -> frozenset[str]:
    """Return the paths of the pages that a server may render later: feeds, files of the search index, share cards."""
    return frozenset(page.path for page in pages if (found := type_of(page)).phase >= Phase.SEARCH or found.may_wait)


def differ_in_bodies(before: Mapping[str, Entry], fresh: Mapping[str, Entry], warnings: Iterable[Problem] = ()) -> bool:
    """Return whether only bodies changed: the posts and the files that they link to are the same.

    The lines of the links may have changed, too, if none of the `warnings` of the site is about the post.
    """
    warned = {problem.path for problem in warnings}
    for path, entry in fresh.items():
        known = before.get(path)
        if known is None:
            return False
        references = known.references
        if path not in warned and _targets_of(known) == _targets_of(entry):
            references = entry.references
        if replace(known, body=entry.body, words=entry.words, references=references) != entry:
            return False
    return True


def _targets_of(entry: Entry) -> list[str]:
    return [reference.target for reference in entry.references]
