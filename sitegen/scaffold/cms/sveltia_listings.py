"""Which files each collection of Sveltia CMS lists: Sveltia knows them by a folder and a pattern of paths below it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sitegen.config.i18n.language import name_language
from sitegen.scaffold.cms.site_content import Collection, EditedDocument, LanguageIn

ANY_LANGUAGE = "{{locale}}"
"""The folder of each language but the main one, whose documents are in the folder above."""

_FOLDERS = ("{{year}}", "{{month}}", "{{day}}")


@dataclass(frozen=True, slots=True)
class Listing:
    """The files whose path below a folder fits the pattern `path`.

    `label` is "" for the documents that are written in the main language. `creates` says whether new documents are
    written there. `has_translations` is true for files in several languages, which differ in the ends of their names or
    in the folder "{{locale}}".
    """

    label: str
    folder: str
    path: str
    creates: bool = False
    has_translations: bool = False


def find_listings(collection: Collection, languages: Sequence[str]) -> list[Listing]:
    """Return the listing of new documents, then those of the documents that it does not fit."""
    form = "{{slug}}/index" if collection.document_type == "post" else "{{slug}}"
    if languages:
        return _find_by_folder(collection, languages, form)
    path = "{{year}}/" * collection.is_main + form
    others = _find_other_paths(collection, path) if collection.document_type == "post" else ()
    return [
        Listing("", collection.folder, path, creates=True),
        *(Listing(f"{'…/' * other.count('/')}….md", collection.folder, other) for other in others),
    ]


def find_unlisted(collection: Collection, main: str) -> tuple[EditedDocument, ...]:
    """Return the translations that Sveltia can only save if it knows each of them as a file.

    Where it lists files in several languages, it saves an entry only if it has the main one; and where folders name the
    language, it would take `hello.de.md` for a file in the main language.
    """
    usual = _find_usual_layout(collection)
    originals = {item.path for item in collection.documents if item.language in ("", main)}
    return tuple(
        item
        for item in collection.documents
        if (item.language_in == usual and item.path not in originals)
        or (item.language_in == "name" != usual and _split(item.path)[1] == "{{slug}}")
    )


def _find_other_paths(collection: Collection, path: str) -> Iterator[str]:
    """Yield a pattern for each depth of the documents that the pattern of new documents does not fit.

    Sveltia lists only documents whose path has as many folders as the pattern.
    """
    wanted = path.count("/")
    depths = Counter(
        item.path.count("/")
        for item in collection.documents
        if item.path.count("/") != wanted or PurePosixPath(item.path).name != "index.md"
    )
    for depth in sorted(depths):
        folders = [*_FOLDERS, *[_FOLDERS[-1]] * depth][:depth]
        yield "/".join([*folders, "{{slug}}"])


def _find_by_folder(collection: Collection, languages: Sequence[str], form: str) -> list[Listing]:
    """Return a listing for each folder.

    A new translation of an old document is written where the pattern says, and `{{year}}` is the year of today.
    Translations in the other layout are listed apart from their originals. New documents in one
    language only are written in that layout.
    """
    usual = _find_usual_layout(collection)
    first = Listing("", *_locate(collection, "", usual, "", form), creates=True, has_translations=True)
    found = [first]
    if collection.document_type == "post" and collection.section:
        other: LanguageIn = "name" if usual == "folder" else "folder"
        for language in languages[1:]:
            found.append(
                Listing(name_language(language), *_locate(collection, language, other, "", form), creates=True)
            )
    known = {(listing.folder, listing.path) for listing in found}
    rest: set[Listing] = set()
    unlisted = {item.name for item in find_unlisted(collection, languages[0])}
    for item in collection.documents:
        if item.name in unlisted:
            continue
        inside, path = _split(item.path)
        is_usual = item.language_in in ("", usual)
        location = _locate(collection, "" if is_usual else item.language, item.language_in or usual, inside, path)
        if location not in known:
            parts = [location[0].removeprefix(first.folder).removeprefix(collection.section).strip("/"), location[1]]
            label = "/".join(filter(None, parts)).replace("{{slug}}", "…") + ".md"
            rest.add(Listing(label, *location, has_translations=is_usual))
    # The newest years come first.
    return [*found, *sorted(rest, key=lambda listing: listing.label, reverse=True)]


def _find_usual_layout(collection: Collection) -> LanguageIn:
    """Return where most translations of a collection have their language; without any, new ones have it in the name."""
    count = Counter(item.language_in for item in collection.documents)
    return "folder" if count["folder"] > count["name"] else "name"


def _split(path: str) -> tuple[str, str]:
    """Return the folders of a document in which others can be, and the pattern of its path below them."""
    *folders, name = PurePosixPath(path).parts
    if name == "index.md" and folders:
        return "/".join(folders[:-1]), "{{slug}}/index"
    return "/".join(folders), "{{slug}}"


def _locate(collection: Collection, language: str, language_in: LanguageIn, inside: str, path: str) -> tuple[str, str]:
    """Return folder and pattern of documents in a language, "" for those in all languages."""
    folder = collection.folder_of(language or ANY_LANGUAGE) if language_in == "folder" else collection.folder
    ending = f".{language}" if language and language_in == "name" else ""
    return f"{folder}/{inside}".rstrip("/"), path + ending
