"""Checks whether browsers would take the candidates of each `srcset`."""

import re
from collections.abc import Iterator

from sitegen.check.findings import Fault
from sitegen.check.html.tokenizer import Document
from sitegen.formats.srcset import read_srcset

_DESCRIPTOR = re.compile(r"\d+w|\d+(?:\.\d+)?x|\d+h")


def judge_srcset(document: Document) -> Iterator[Fault]:
    """Yield a fault for each `srcset` that browsers would not take."""
    for tag in document.of("img", "source"):
        if "srcset" not in tag.attributes:
            continue
        seen: set[str] = set()
        for url, descriptor in read_srcset(tag.attributes["srcset"]):
            size = descriptor or "1x"
            if not _DESCRIPTOR.fullmatch(size):
                message = f'the srcset names "{url}" with the size "{descriptor}", which is none'
            elif size in seen:
                message = f"the srcset names two pictures of the size {size}"
            else:
                seen.add(size)
                continue
            hint = "give each picture a size of its own, as 480w or 2x"
            yield Fault("bad-srcset", document.path, document.line(tag.start), message, hint, url)
