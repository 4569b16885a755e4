"""Parse any YAML document with PyYAML, by the core schema of YAML 1.2."""

import re
from collections.abc import Container
from typing import Any

import yaml

from sitegen.formats import lazy_regex
from sitegen.formats.plain_values import MAX_DEPTH, MAX_NUMBER, InvalidValueError, check_plain
from sitegen.formats.yaml_fast import NULLS, WORDS

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STR, _NULL, _BOOL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_SEQUENCE, _MAPPING = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
_INTEGER = lazy_regex.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = lazy_regex.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMERIC = frozenset("-+.0123456789")
_HANDLE = re.compile(r"(?:^|[\s\[{,:])[&*][^\s]")
_INDENTED = re.compile(r"^[ \t?:-]{30,}", re.MULTILINE)
_TOO_DEEP = (f"the values are nested more than {MAX_DEPTH} deep", "flatten them")
_COLON_HINT = "put quotes around a value that holds a colon and a space"
_HYPHEN_HINT = "put quotes around a value that begins with a hyphen, and each item of a list on a line of its own"
_HINTS = {
    "mapping values are not allowed in this context": _COLON_HINT,
    "mapping values are not allowed here": _COLON_HINT,
    "block sequence entries are not allowed in this context": _HYPHEN_HINT,
    "sequence entries are not allowed here": _HYPHEN_HINT,
    "could not find expected ':'": "write each key as `key: value`, with a space after the colon",
    "found character that cannot start any token": "put the value in quotes, and indent with spaces, not tabs",
    "found a tab character that violates indentation": "indent with spaces, not tabs",
    "did not find expected alphabetic or numeric character": "put a value that begins with * or & in quotes",
    "found unexpected end of stream": "close the quotes",
    "did not find expected key": "put the whole value in quotes, or check the indentation here and in the line before",
    "did not find expected ',' or ']'": "close the bracket, and put commas between the values",
    "did not find expected ',' or '}'": "close the brace, and put commas between the values",
    "did not find expected node content": "close the bracket, or put the whole value in quotes",
    "did not find expected comment or line break": "put a value that begins with | or > in quotes",
    "did not find expected '-' indicator": "begin each line of the list with a hyphen, or indent the keys",
}


class _Loader(_BASE):  # type: ignore[misc]  # PyYAML's loaders carry no usable types
    """Composes nodes with the scalar rules of YAML 1.2."""

    def resolve(self, node_type: type, value: str, implicit: tuple[bool, bool]) -> str:
        if node_type is not yaml.ScalarNode:
            return _SEQUENCE if node_type is yaml.SequenceNode else _MAPPING
        if not implicit[0]:
            return _STR
        if value in NULLS:
            return _NULL
        if value[0] in _NUMERIC:
            return _INT if _INTEGER.fullmatch(value) else _FLOAT if _DECIMAL.fullmatch(value) else _STR
        return _BOOL if value in WORDS else _STR

    def descend_resolver(self, *_: object) -> None:
        """Do nothing: path resolvers are not used, and asking for them at each node costs time."""

    def ascend_resolver(self) -> None:
        """Do nothing, as above."""


def load_document(text: str, string_keys: Container[str] = (), repeated: list[str] | None = None) -> Any:
    """Return the value of any YAML document, as `yaml.load_yaml` does, which reads simple ones without PyYAML."""
    try:
        if _HANDLE.search(text) or text.count("[") + text.count("{") > MAX_DEPTH or _INDENTED.search(text):
            _check_events(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        what = error.problem or "it cannot be read"
        if what.startswith("but found another document"):
            what = "it holds a second document"
        line = min(mark.line, text.rstrip().count("\n")) if mark else 0
        if what == "exceeded maximum nesting depth":  # newer parsers have their own, lower limit
            raise InvalidValueError(line, *_TOO_DEEP) from None
        raise InvalidValueError(
            line, f"not valid YAML: {what}", _HINTS.get(what, _COLON_HINT if "block" in what else "")
        ) from None
    except yaml.YAMLError as error:
        raise InvalidValueError(0, f"not valid YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        value = _mapping(node, string_keys, repeated=repeated)
    else:
        value = _value(node, as_text=False, repeated=repeated)
    return check_plain(value) if "\\" in text else value


def _check_events(text: str) -> None:
    depth = 0
    events: Any = yaml.parse(text, Loader=_BASE)
    for event in events:
        line = event.start_mark.line
        if getattr(event, "anchor", None):
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise InvalidValueError(
                line,
                f'the value begins with "{sign}", which YAML takes for an alias or anchor',
                "put the value in quotes; a value that is needed twice is written twice",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH + 1:
                raise InvalidValueError(line, *_TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _mapping(
    node: Any, string_keys: Container[str] | None = None, *, as_text: bool = False, repeated: list[str] | None = None
) -> dict[str, Any]:
    if node.tag != _MAPPING:
        raise _foreign(node)
    values: dict[str, Any] = {}
    for key, item in node.value:
        name = key.value
        if not isinstance(key, yaml.ScalarNode):
            raise InvalidValueError(key.start_mark.line, "a key is a list or a mapping", "write each key as one word")
        if string_keys is not None and key.tag != _STR:
            shown = name or "an empty key"
            raise InvalidValueError(
                key.start_mark.line, f"the key {shown} is not text", f'write it in quotes: "{name}"'
            )
        if name in values:
            if repeated is None:
                raise InvalidValueError(key.start_mark.line, f'the key "{name}" is given twice', "keep one of the two")
            repeated.append(name)
        values[name] = _value(
            item, as_text=as_text or (string_keys is not None and name in string_keys), repeated=repeated
        )
    return values


def _value(node: Any, *, as_text: bool, repeated: list[str] | None) -> Any:
    tag = node.tag
    if tag == _STR:
        return node.value
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, as_text=as_text, repeated=repeated)
    if isinstance(node, yaml.SequenceNode):
        if tag != _SEQUENCE:
            raise _foreign(node)
        return [_value(item, as_text=as_text, repeated=repeated) for item in node.value]
    if tag == _NULL:
        return None
    if as_text and tag in {_INT, _FLOAT, _BOOL}:
        return node.value
    return _scalar(node)


def _scalar(node: Any) -> bool | int | float:
    text, tag = node.value, node.tag
    try:
        if tag == _BOOL:
            return WORDS[text]
        if tag == _INT:
            number = int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)
            if abs(number) > MAX_NUMBER:
                raise OverflowError
            return number
        if tag == _FLOAT:
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except (ValueError, KeyError, OverflowError):
        what = f'"{text[:40]}" is not a valid value of the type !!{tag.rpartition(":")[2]}'
        raise InvalidValueError(node.start_mark.line, what, "put it in quotes if it is text") from None
    raise _foreign(node)


def _foreign(node: Any) -> InvalidValueError:
    tag = node.tag.replace("tag:yaml.org,2002:", "!!")
    return InvalidValueError(
        node.start_mark.line, f"the tag {tag} is not allowed", 'put a value that begins with "!" in quotes'
    )
