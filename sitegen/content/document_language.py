"""Find the language that the path of a document names: `hello.de.md`, or `de/hello.md`."""

from msgspec import Struct

from sitegen.config.editions import Edition, Editions


class DocumentLanguage(Struct, frozen=True):
    """The language of a document by its path.

    `language` is its tag, "" if the path names none; `path` is the path without the language, which translations have
    in common.
    """

    language: str
    path: str


def read_document_language(path: str, content: str, editions: Editions) -> DocumentLanguage:
    """Return the language of a document in the folder `content` by its path.

    The end of the name counts more than the folder: `posts/de/hello.fr.md` is in French.
    """
    if len(editions.by_tag) == 1:
        return DocumentLanguage("", path)
    inside = path.removeprefix(f"{content}/")
    section, _, rest = inside.partition("/")
    found: Edition | None = None
    folder, slash, below = rest.partition("/")
    if slash and folder.lower() in editions.by_tag:
        found, rest = editions.by_tag[folder.lower()], below
    folders, slash, name = rest.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    begin, _, tag = stem.rpartition(".")
    if begin and tag.lower() in editions.by_tag:
        found, name = editions.by_tag[tag.lower()], f"{begin}{dot}{ending}"
    if found is None:
        return DocumentLanguage("", path)
    return DocumentLanguage(found.language, f"{content}/{section}/{folders}{slash}{name}")
