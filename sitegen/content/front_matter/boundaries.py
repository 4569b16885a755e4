"""The lines between which front matter is, in each of its formats."""

import re

from sitegen.formats import lazy_regex

YAML_OPEN = re.compile(r"---[ \t]*(?:\n|\Z)")
YAML_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
TOML_OPEN = lazy_regex.compile(r"\+\+\+[ \t]*(?:\n|\Z)")
TOML_CLOSE = lazy_regex.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
JSON_OPEN = lazy_regex.compile(r"\{\s*[\"}]")
HEADER = lazy_regex.compile(r"([A-Za-z][\w-]{0,40}):(?:[ \t]++(.*)|)$")
