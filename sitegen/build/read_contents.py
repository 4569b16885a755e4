"""Read the contents of a site: select its documents, sort its other files, and read what pages are planned from."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from sitegen.build.request import BuildInputs
from sitegen.cache.store import Store
from sitegen.comments import COMMENTS_SUFFIX, comment_file_of
from sitegen.comments.discussion import Discussions
from sitegen.config.data_pages import check_data_of_pages
from sitegen.config.load import refuse_settings
from sitegen.config.post_types import check_type_templates
from sitegen.config.schema import Config, base_path
from sitegen.config.setting_values import SettingProblem
from sitegen.config.shortcodes import check_shortcodes
from sitegen.config.taxonomies import check_templates
from sitegen.content.data_files import read_data
from sitegen.content.file_index import FileIndex, Folders
from sitegen.content.ledger import LEDGER_FILE, VIEWS_FILE
from sitegen.content.ledger.file import read_ledger
from sitegen.content.ledger.views_file import read_views
from sitegen.content.loader import ReadSettings
from sitegen.content.selection import HEAD_BYTES, Choice, choose, find_stray_posts, find_withheld
from sitegen.content.term_files import find_term_files, read_descriptions
from sitegen.errors import Problem, ProblemCollector, SiteError, did_you_mean, naming
from sitegen.formats.site_urls import site_url
from sitegen.model import Entry, line_of_key
from sitegen.site.brand import find_brand, uses_images
from sitegen.site.contents import SiteContents
from sitegen.site.navigation import check_navigation
from sitegen.site.pages.data import check_rows
from sitegen.site.pages.icon import find_icon_assets
from sitegen.site.static_files import Files, sort_files
from sitegen.site.theme_style import STYLE, find_style_path, write_theme_style
from sitegen.system.files import read_bytes

NO_DISCUSSIONS = Discussions({})


def read_contents(
    inputs: BuildInputs, files: FileIndex, entries: tuple[Entry, ...], settings: ReadSettings, store: Store
) -> SiteContents:
    """Return the contents of a site with some files and documents.

    Raises SiteError with what is wrong with settings that name files, and with the files that are read.
    """
    config, request, folders = inputs.config, inputs.request, settings.folders
    digests = files.fingerprints
    moment = datetime.fromtimestamp(inputs.now / 1_000_000_000, UTC)
    choice = choose(entries, config.content, moment, drafts=request.drafts, future=request.future)
    term_files = find_term_files(digests, config)

    def head(name: str) -> bytes:
        return _read_head(folders.path(name))

    strays = find_stray_posts(digests, config.content, head, folders.posts, term_files)
    withheld = find_withheld(entries, choice, digests, config.content, base_path(config), folders.posts) | strays.keys()
    problems = ProblemCollector()
    sorted_files = sort_files(digests, config, withheld)
    for found in _check_names(config, choice, sorted_files):
        with problems:
            refuse_settings(folders.root, found)
    with problems:
        _check_post_templates(choice, sorted_files.templates, config)
    sorted_files = add_theme_files(sorted_files, config, folders, problems)
    with problems:
        data = read_data({name: read_bytes(folders.path(name)) for name in sorted_files.data})
        refuse_settings(folders.root, check_rows(config, data))
    with problems:
        ledger = read_ledger(folders.root / LEDGER_FILE)
    with problems:
        views = read_views(folders.root / VIEWS_FILE)
    discussions = NO_DISCUSSIONS
    if sorted_files.comments:
        with problems:
            discussions = _read_comments(sorted_files, settings, inputs.request.jobs, entries, store)
    with problems:
        descriptions = read_descriptions(
            term_files, lambda name: read_bytes(folders.path(name)), settings.parse.render_text
        )
    problems.raise_found()
    return SiteContents(
        choice=choice,
        digests=digests,
        withheld=withheld,
        files=sorted_files,
        data=data,
        ledger=ledger,
        views=views,
        discussions=discussions.by_post,
        descriptions=descriptions,
        warnings=(*discussions.warnings, *strays.values()),
    )


def add_theme_files(files: Files, config: Config, folders: Folders, problems: ProblemCollector) -> Files:
    """Return the files with the icons and fonts of the theme; `problems` collects what is wrong with these."""
    if uses_images(config.theme):
        with problems:
            files = _with_icon(files, config, folders)
    if config.theme.font_files:
        with problems:
            files = _with_fonts(files, config, folders)
    return files


def _check_names(config: Config, choice: Choice, files: Files) -> Iterator[Iterable[SettingProblem]]:
    """Yield what is wrong with the settings that name pages, templates, shortcodes and data files."""
    yield check_navigation(config, [item.post for item in choice.pages])
    yield check_templates(config, files.templates)
    yield check_shortcodes(config, files.templates)
    yield check_type_templates(config, files.templates)
    yield check_data_of_pages(config, {PurePosixPath(path).stem for path in files.data}, files.templates)


def _check_post_templates(choice: Choice, templates: Collection[str], config: Config) -> None:
    """Raise SiteError for posts whose front matter names a template that is missing."""
    problems = []
    for entry in (*choice.posts, *choice.pages):
        name = entry.post.template
        if name and name not in templates:
            hint = did_you_mean(name, templates) or f"add {config.templates}/{name}, or name another template"
            line = line_of_key(entry, "template")
            problems.append(Problem(entry.post.path, line, f"the template `{name}` is missing", hint))
    if problems:
        raise SiteError(problems)


def _with_icon(files: Files, config: Config, folders: Folders) -> Files:
    """Return the files with the site's icons; raise SiteError with all that is wrong with the images of the theme."""
    icon, problems = find_brand(config, files.published, folders.path)
    refuse_settings(folders.root, problems)
    made = {name: site_url(f"/{path}", base_path(config)) for name, path in find_icon_assets(icon).items()}
    return replace(files, icon=icon, assets={**files.assets, **made})


def _with_fonts(files: Files, config: Config, folders: Folders) -> Files:
    """Return the files with the site's own fonts; raise SiteError with all that is wrong with their files."""
    from sitegen.site.own_fonts import find_fonts, find_preloaded, write_font_rules  # noqa: PLC0415 - few sites have some

    fonts, problems = find_fonts(config, files.published, folders.path)
    refuse_settings(folders.root, problems)
    if STYLE in files.assets and not files.style:  # the site has a style sheet of its own instead
        return files
    style = write_theme_style(config, write_font_rules(fonts, config.language))
    url = site_url(f"/{find_style_path(style)}", base_path(config))
    preloaded = find_preloaded(fonts, config.language)
    return replace(files, style=style, assets={**files.assets, STYLE: url}, preloaded_fonts=preloaded)


def _read_comments(
    files: Files, settings: ReadSettings, jobs: int, entries: Iterable[Entry], store: Store
) -> Discussions:
    """Return the discussions of the posts, with a warning for each comment file without a post."""
    from sitegen.comments.load import load_discussions  # noqa: PLC0415 - loads pyromark and YAML, for few sites

    posts = {comment_file_of(entry.post.path): entry.post.path for entry in entries}
    found = {posts[name]: (name, fingerprint) for name, fingerprint in files.comments.items() if name in posts}
    read = lambda name: read_bytes(settings.folders.path(name))  # noqa: E731 - it names the file in errors
    discussions = load_discussions(found, read, store, settings.comments, jobs)
    orphans = [
        Problem(
            name,
            0,
            "the comment file belongs to no post, and is not shown",
            f"give it the name of the post's file, with {COMMENTS_SUFFIX} in place of .md",
        )
        for name in files.comments
        if name not in posts
    ]
    return replace(discussions, warnings=(*discussions.warnings, *orphans))


def _read_head(path: Path) -> bytes:
    with naming(path), path.open("rb") as file:
        return file.read(HEAD_BYTES)
