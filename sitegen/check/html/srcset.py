"""Checks whether the candidates of each `srcset` are valid for browsers."""

import re
from collections.abc import Iterator

from sitegen.check.html.tokenizer import Document
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.srcset import read_srcset

_DESCRIPTOR = re.compile(r"\d+w|\d+(?:\.\d+)?x|\d+h")


def check_srcset(document: Document) -> Iterator[Problem]:
    """Yield a problem for each `srcset` that browsers would ignore."""
    for tag in document.of("img", "source"):
        if "srcset" not in tag.attributes:
            continue
        seen: set[str] = set()
        for url, descriptor in read_srcset(tag.attributes["srcset"]):
            size = descriptor or "1x"
            if not _DESCRIPTOR.fullmatch(size):
                message = f'the srcset names "{url}" with the size "{descriptor}", which is none'
            elif size in seen:
                message = f"the srcset names two images of the size {size}"
            else:
                seen.add(size)
                continue
            hint = "give each image a size of its own, as 480w or 2x"
            yield page_problem("bad-srcset", document.path, document.line(tag.start), message, hint, url)
