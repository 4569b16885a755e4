"""List words of documentation and code that the language guide replaces, with file, line and the word to write.

    python -m tests.tools.words [PATH ...]          list the hits in these files and folders, or in all
    python -m tests.tools.words --count [PATH ...]  print only how many there are, by package and by type of passage

`words.toml` has the word list and its exceptions; `test_words.py` fails if there are hits. Passages are paragraphs of
`*.md`, docstrings, comments (also of templates, styles, scripts and TOML), messages (string literals of three words or
more in `sitegen/`), names that are defined, and names of tests.
"""

import argparse
import ast
import io
import re
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
RULES_FILE = Path(__file__).with_name("words.toml")
CODE_FOLDERS = ("sitegen", "tests", "bench")
DOCUMENT_PATTERNS = ("*.md", "docs/**/*.md", "bench/*.md", "sitegen/**/*.md")
COMMENTED_PATTERNS = ("*.toml", "content/*.toml", *(f"{folder}/**/*" for folder in ("sitegen", "templates", "bench")))
SKIPPED_FOLDERS = ("tests/exports/", "tests/sites/", "bench/peers/", "docs/output/", "docs/.sitegen/")
TYPES = ("paragraph", "docstring", "message", "comment", "name", "test name")
MAX_PARAGRAPH_WORDS = 90
MAX_SENTENCE_WORDS = 40
MIN_MESSAGE_WORDS = 3
EXCERPT_CHARACTERS = 100

COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL | re.MULTILINE),
    ".toml": re.compile(r"(?:^|(?<= ))#[^\n]*", re.MULTILINE),
}
"""Expressions for the comments of files with these endings; none of them knows string literals."""
COMMENTS[".xml"] = COMMENTS[".xsl"] = COMMENTS[".html"]
FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^ *\2`*~* *$", re.DOTALL | re.MULTILINE)
FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
ITEM = re.compile(r"^ *(?:[-*+]|\d+[.)]) |^ *\||^#", re.MULTILINE)
INLINE_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
LINK_TARGET = re.compile(r"\]\([^()\s]*\)|<https?:[^>]*>|https?://[^\s)>]+")
SENTENCE_END = re.compile(r"[.!?:;](?=[\s)*\"]|$)")
NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text with its place: a path from the root with forward slashes, and the line where it starts."""

    path: str
    line: int
    type: str
    text: str

    @property
    def group(self) -> str:
        """Return the package that this passage is counted for: `docs`, `bench`, `sitegen/feeds`, `tests/feeds`."""
        parts = self.path.split("/")
        if self.path.endswith(".md") and parts[0] != "sitegen":
            return "docs"
        return "/".join(parts[:2]) if parts[0] != "bench" and len(parts) > 2 else parts[0]


@dataclass(frozen=True, slots=True)
class Rule:
    """Words to replace, as a pattern, what to write instead, and the types of passages that the rule is for."""

    write: str
    pattern: re.Pattern[str]
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with a word of the list."""

    passage: Passage
    line: int
    found: str
    write: str

    def __str__(self) -> str:
        """Return one line: file, line, type of passage, the word, what to write, and an excerpt."""
        rows = self.passage.text.splitlines() or [""]
        excerpt = rows[min(self.line - self.passage.line, len(rows) - 1)].strip()[:EXCERPT_CHARACTERS]
        return f"{self.passage.path}:{self.line}: {self.passage.type}: `{self.found}` → {self.write}    {excerpt}"


@cache
def read_rules() -> tuple[Rule, ...]:
    """Return the rules of `words.toml`."""
    return tuple(
        Rule(
            rule["write"],
            re.compile("|".join(rf"\b(?:{word})(?!\w)" for word in rule["never"]), re.IGNORECASE),
            frozenset(rule.get("in", TYPES)),
        )
        for rule in _read_toml(RULES_FILE)["rule"]
    )


@cache
def read_exceptions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the exceptions of `words.toml`: patterns of paths, and of words there that are right."""
    return tuple(
        (path, re.compile(rf"\b(?:{exception['word']})(?!\w)", re.IGNORECASE))
        for exception in _read_toml(RULES_FILE)["exception"]
        for path in exception.get("paths", ["*"])
    )


@cache
def _exceptions_for(path: str) -> list[re.Pattern[str]]:
    return [word for pattern, word in read_exceptions() if fnmatch(path, pattern)]


@cache
def _any_rule() -> re.Pattern[str]:
    return re.compile("|".join(rule.pattern.pattern for rule in read_rules()), re.IGNORECASE)


def _read_toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def find_files(paths: Sequence[Path] = (), root: Path = ROOT) -> list[Path]:
    """Return the documents, modules and other files with comments below some paths, or all of them, sorted."""
    found = {path for pattern in DOCUMENT_PATTERNS for path in root.glob(pattern)}
    found.update(path for pattern in COMMENTED_PATTERNS for path in root.glob(pattern) if path.suffix in COMMENTS)
    found.update(path for folder in CODE_FOLDERS for path in (root / folder).rglob("*.py"))
    chosen = [path.absolute() for path in paths]
    return sorted(
        path
        for path in found
        if not _relative(path, root).startswith(SKIPPED_FOLDERS)
        and (not chosen or any(path == other or other in path.parents for other in chosen))
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def read_passages(path: Path, root: Path = ROOT) -> Iterator[Passage]:
    """Yield the passages of a document, a module or another file with comments."""
    name, source = _relative(path, root), path.read_text(encoding="utf-8")
    split = {".md": _split_markdown, ".py": _split_python}.get(path.suffix, _split_comments)
    yield from split(name, source)


def _split_comments(name: str, source: str) -> Iterator[Passage]:
    for match in COMMENTS[PurePosixPath(name).suffix].finditer(source):
        text = INLINE_CODE.sub(lambda code: "`…`" + "\n" * code[0].count("\n"), match[0])
        yield Passage(name, source.count("\n", 0, match.start()) + 1, "comment", text)


def _split_markdown(name: str, source: str) -> Iterator[Passage]:
    """Yield paragraphs, headings, list items and rows of tables; code is blanked, and lines keep their numbers."""
    for pattern in (FRONT_MATTER, FENCE):
        source = pattern.sub(lambda match: "\n" * match[0].count("\n"), source)
    source = INLINE_CODE.sub(lambda match: "`…`" + "\n" * match[0].count("\n"), source)
    source = LINK_TARGET.sub(lambda match: "]" if match[0].startswith("]") else "", source)
    for block in BLOCK.finditer(source):
        starts = [0, *(match.start() for match in ITEM.finditer(block[0]) if match.start())]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            line = source.count("\n", 0, block.start() + start) + 1
            yield Passage(name, line, "paragraph", block[0][start:end])


def _split_python(name: str, source: str) -> Iterator[Passage]:
    tree = ast.parse(source)
    docstrings = {}
    seen: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstrings.update(_find_docstrings(node.body))
        for defined in _defined_names(node):
            if defined not in seen:
                seen.add(defined)
                passage_type = "test name" if defined.startswith("test_") else "name"
                yield Passage(name, getattr(node, "lineno", 1), passage_type, defined)
    for text in docstrings.values():
        yield Passage(name, text.lineno, "docstring", text.value)
    if name.startswith("sitegen/"):
        for line, text in _find_messages(tree, set(docstrings)):
            if len(WORD.findall(text)) >= MIN_MESSAGE_WORDS and " " in text:
                yield Passage(name, line, "message", text)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(name, token.start[0], "comment", token.string)


def _find_docstrings(body: Sequence[ast.stmt]) -> Iterator[tuple[int, ast.Constant]]:
    """Yield the string statements of a body: its docstring, and those that describe a constant above them."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str()) as text):
                yield id(text), text


def _defined_names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)):
            yield name


def _find_messages(node: ast.AST, docstrings: set[int]) -> Iterator[tuple[int, str]]:
    """Yield string literals with their lines, f-strings with `…` for what is filled in; not regular expressions."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("re.", "lazy_regex.")):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.JoinedStr):
        children = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from _find_messages(child, docstrings)


def find_hits(passages: Iterable[Passage]) -> Iterator[Hit]:
    """Yield each word of the list in the passages that no exception allows."""
    for passage in passages:
        text = passage.text
        if passage.type in ("name", "test name"):
            text = " ".join(NAME_PART.findall(text))
        if not _any_rule().search(text):
            continue
        for word in _exceptions_for(passage.path):
            text = word.sub(lambda match: "…" + "\n" * match[0].count("\n"), text)
        for rule in read_rules():
            if passage.type in rule.types:
                for match in rule.pattern.finditer(text):
                    line = passage.line + text.count("\n", 0, match.start())
                    yield Hit(passage, line, " ".join(match[0].split()), rule.write)


def find_long(passages: Iterable[Passage]) -> Iterator[Hit]:
    """Yield the paragraphs of documents, and their sentences, that are too long to be understood the first time."""
    for passage in passages:
        if passage.type == "paragraph" and not passage.text.lstrip().startswith("|"):
            words = len(WORD.findall(passage.text))
            if words > MAX_PARAGRAPH_WORDS:
                yield Hit(passage, passage.line, f"{words} words", f"at most {MAX_PARAGRAPH_WORDS} words a paragraph")
            for sentence in SENTENCE_END.split(passage.text):
                if (words := len(WORD.findall(sentence))) > MAX_SENTENCE_WORDS:
                    line = passage.line + passage.text.count("\n", 0, passage.text.index(sentence.strip()))
                    yield Hit(passage, line, f"{words} words", f"at most {MAX_SENTENCE_WORDS} words a sentence")


def count_hits(hits: Iterable[Hit], long: Iterable[Hit]) -> dict[str, int]:
    """Return how many hits each package has; long paragraphs and sentences are counted apart."""
    counts = Counter(hit.passage.group for hit in hits)
    counts.update(f"long in {hit.passage.group}" for hit in long)
    return dict(sorted(counts.items()))


def measure_shares(passages: Iterable[Passage], hits: Iterable[Hit]) -> dict[str, tuple[int, int]]:
    """Return for each type of passage how many have a hit, and how many there are."""
    totals = Counter(passage.type for passage in passages)
    marked = Counter(passage.type for passage in {hit.passage for hit in hits})
    return {name: (marked[name], totals[name]) for name in TYPES}


def main() -> int:
    """Run the command line; return 1 if there are hits."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.words", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--count", action="store_true", help="Print only how many hits there are.")
    options = parser.parse_args()
    passages = [passage for path in find_files(options.paths) for passage in read_passages(path)]
    hits, long = list(find_hits(passages)), list(find_long(passages))
    counts = count_hits(hits, long)
    if not options.count:
        sys.stdout.writelines(f"{hit}\n" for hit in [*hits, *long])
    sys.stdout.writelines(f"{count:6} {name}\n" for name, count in counts.items())
    for name, (marked, total) in measure_shares(passages, hits).items():
        if total:
            sys.stdout.write(f"{marked / total:6.1%} of {total} passages of the type `{name}`\n")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
