"""Seeded faults: defects to plant into sitegen, each with the shortest edits that must reveal it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from struct import pack
from typing import Any

import pytest
from msgspec import structs

from sitegen.build import output
from sitegen.build.output import Output
from sitegen.build.planned_site import PlannedSite
from sitegen.content import file_index, read_file
from sitegen.model import Entry, Section, without_counts
from sitegen.render.editions import SiteView
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.page_key import PageKeys
from sitegen.site import compose
from sitegen.system import files, fingerprints
from tests.law import edits
from tests.law.site_under_test import SiteUnderTest
from tests.law.variants import COUNTS, PAGES, SECTION, SECTION_PAGES, png_header


@dataclass(frozen=True)
class Fault:
    """A fault: a function that plants it, and edits with a build after each, of which the last must fail."""

    plant: Callable[[pytest.MonkeyPatch], None]
    edits: tuple[Callable[[SiteUnderTest], None], ...]


def _skip_reads(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SiteView, "__getattr__", lambda view, name: getattr(object.__getattribute__(view, "_site"), name))


def _ignore_includes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TemplateSet, "closure", lambda templates, name: fingerprints.short(templates.digests.get(name, "")))


def _ignore_computed_includes(patch: pytest.MonkeyPatch) -> None:
    references = TemplateSet._references_of
    patch.setattr(TemplateSet, "_references_of", lambda templates, name: references(templates, name) or ())


def _check_no_output(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Output, "check", lambda _, outputs: outputs)


def _stamp_without_change_time(patch: pytest.MonkeyPatch) -> None:
    for module in (files, file_index, read_file, output):
        patch.setattr(module, "stamp_of", lambda status: pack("<4Q", status.st_mtime_ns, status.st_size, 0, 0))
    patch.setattr(read_file, "is_quiet", lambda *_: True)


def _keep_entries(patch: pytest.MonkeyPatch) -> None:
    with_bodies = PlannedSite.with_bodies

    def with_bodies_unchecked(site: PlannedSite, changed: Iterable[Entry]) -> Any:
        entries = {entry.post.path: entry for entry in changed}
        known = {path: entry for path, entry in entries.items() if path in site.entries}
        return with_bodies(structs.replace(site, entries={**site.entries, **known}), entries.values())

    patch.setattr(PlannedSite, "with_bodies", with_bodies_unchecked)


def _ignore_inputs(prefix: str) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        fact = PageKeys._fact
        patch.setattr(PageKeys, "_fact", lambda keys, name: bytes(8) if name.startswith(prefix) else fact(keys, name))

    return plant


def _ignore_sections(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Section, "__repr__", lambda _: "a section")


def _count_without_a_mark(patch: pytest.MonkeyPatch) -> None:
    count_posts = compose.count_posts

    def count_without_a_mark(*arguments: Any) -> Any:
        counted = count_posts(*arguments)
        return {file: replace(post, digest=without_counts(post.digest)) for file, post in counted.items()}

    patch.setattr(compose, "count_posts", count_without_a_mark)


def _remove_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(output, "_remove", lambda *_: None)


def _write_post(slot: int, seed: int) -> Callable[[SiteUnderTest], None]:
    return lambda site: edits.write_post(site, slot, seed)


def _write(name: str, data: str | bytes) -> Callable[[SiteUnderTest], None]:
    return lambda site: site.write(name, data)


def _tamper(site: SiteUnderTest) -> None:
    (site.root / "output/index.html").write_bytes(b"changed")


def _edit_with_equal_stamp(site: SiteUnderTest) -> None:
    edits.swap_letters(site.root / "content/pages/about.md")


def _show_image(site: SiteUnderTest) -> None:
    site.write("content/posts/pic.png", png_header(10, 20))
    site.write_post(1, {"title": "One", "date": "2024-05-01", "image": "pic.png", "image_alt": "A picture"})


FAULTS = {
    "reads are not recorded": Fault(
        _skip_reads,
        (_write("templates/page.html", "{{ site.posts|length }}"), _write_post(1, 0)),
    ),
    "an include is ignored": Fault(
        _ignore_includes,
        (_write("templates/page.html", PAGES[3]), _write("templates/part.html", "another part")),
    ),
    "an include with a computed name is ignored": Fault(
        _ignore_computed_includes,
        (
            _write("templates/page.html", "{% set name = 'part.html' %}{% include name %}"),
            _write("templates/part.html", "another part"),
        ),
    ),
    "counts are not part of a post's fingerprint": Fault(
        _count_without_a_mark, (_write_post(1, 0), _write("views.csv", COUNTS[3] or ""))
    ),
    "the output is not checked": Fault(_check_no_output, (_write_post(1, 0), _tamper)),
    "stamps lack the time of change": Fault(_stamp_without_change_time, (_write_post(1, 0), _edit_with_equal_stamp)),
    "entries are kept after a new title": Fault(
        _keep_entries,
        (_write_post(1, 0), lambda site: edits.change_field(site, 1, "title", 4)),
    ),
    "assets are not compared": Fault(
        _ignore_inputs("asset."),
        (
            _write("templates/assets/a.css", "a"),
            _write("templates/page.html", "{{ 'a.css'|asset }}"),
            _write("templates/assets/a.css", "b"),
        ),
    ),
    "images in feeds are not compared": Fault(
        _ignore_inputs("file."),
        (_show_image, _write("content/posts/pic.png", png_header(10, 30))),
    ),
    "the titles of a section are not compared": Fault(
        _ignore_sections,
        (
            _write("templates/page.html", SECTION),
            _write("content/pages/guides/index.md", SECTION_PAGES["content/pages/guides/index.md"][2] or ""),
            _write("content/pages/guides/wix.md", "---\ntitle: Wix\n---\n"),
            _write("content/pages/guides/wix.md", "---\ntitle: Moving\n---\n"),
        ),
    ),
    "nothing is removed": Fault(_remove_nothing, (_write_post(1, 0), lambda site: site.write_post(1, None))),
}
