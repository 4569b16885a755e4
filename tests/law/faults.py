"""Faults to plant into sitegen, each with the shortest edits that must bring it to light."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec import structs

from sitegen.build import output
from sitegen.build.output import Output
from sitegen.build.planned_site import PlannedSite
from sitegen.content import file_index, read_file
from sitegen.model import Entry, Section
from sitegen.render.jinja.environment import TemplateSet
from sitegen.render.page_key import PageKeys
from sitegen.render.renderer import SiteView
from sitegen.system import files, fingerprints
from tests.law import edits
from tests.law.matter import PAGES, SECTION, SECTION_PAGES, picture
from tests.law.workshop import Workshop


@dataclass(frozen=True)
class Fault:
    """A fault: how to plant it, and the edits, built one by one, of which the last must be found out."""

    plant: Callable[[pytest.MonkeyPatch], None]
    edits: tuple[Callable[[Workshop], None], ...]


def _forget_reads(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SiteView, "__getattr__", lambda view, name: getattr(object.__getattribute__(view, "_site"), name))


def _follow_no_include(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TemplateSet, "closure", lambda templates, name: fingerprints.short(templates.digests.get(name, "")))


def _take_computed_names_for_none(patch: pytest.MonkeyPatch) -> None:
    references = TemplateSet._references_of
    patch.setattr(TemplateSet, "_references_of", lambda templates, name: references(templates, name) or ())


def _check_no_output(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Output, "check", lambda _, outputs: outputs)


def _stamp_coarsely(patch: pytest.MonkeyPatch) -> None:
    for module in (files, file_index, read_file, output):
        patch.setattr(module, "stamp_of", lambda status: (status.st_mtime_ns, status.st_size, 0, 0))
    patch.setattr(read_file, "is_quiet", lambda *_: True)


def _keep_the_memo(patch: pytest.MonkeyPatch) -> None:
    with_bodies = PlannedSite.with_bodies

    def with_bodies_blindly(site: PlannedSite, changed: Iterable[Entry]) -> Any:
        entries = {entry.post.path: entry for entry in changed}
        known = {path: entry for path, entry in entries.items() if path in site.entries}
        return with_bodies(structs.replace(site, entries={**site.entries, **known}), entries.values())

    patch.setattr(PlannedSite, "with_bodies", with_bodies_blindly)


def _take_for_unchanged(kind: str) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        fact = PageKeys._fact
        patch.setattr(PageKeys, "_fact", lambda keys, name: bytes(8) if name.startswith(kind) else fact(keys, name))

    return plant


def _take_sections_for_unchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Section, "__repr__", lambda _: "a section")


def _remove_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(output, "_remove", lambda *_: None)


def _write_post(slot: int, seed: int) -> Callable[[Workshop], None]:
    return lambda shop: edits.write_post(shop, slot, seed)


def _write(name: str, data: str | bytes) -> Callable[[Workshop], None]:
    return lambda shop: shop.write(name, data)


def _spoil(shop: Workshop) -> None:
    (shop.root / "output/index.html").write_bytes(b"spoilt")


def _edit_slyly(shop: Workshop) -> None:
    edits.swap_letters(shop.root / "content/pages/about.md")


def _show_picture(shop: Workshop) -> None:
    shop.write("content/posts/pic.png", picture(10, 20))
    shop.write_post(1, {"title": "One", "date": "2024-05-01", "image": "pic.png", "image_alt": "A picture"})


FAULTS = {
    "reads are not recorded": Fault(
        _forget_reads,
        (_write("templates/page.html", "{{ site.posts|length }}"), _write_post(1, 0)),
    ),
    "an include is not followed": Fault(
        _follow_no_include,
        (_write("templates/page.html", PAGES[3]), _write("templates/part.html", "another part")),
    ),
    "a computed name counts as none": Fault(
        _take_computed_names_for_none,
        (
            _write("templates/page.html", "{% set name = 'part.html' %}{% include name %}"),
            _write("templates/part.html", "another part"),
        ),
    ),
    "the output is not checked": Fault(_check_no_output, (_write_post(1, 0), _spoil)),
    "stamps are coarse": Fault(_stamp_coarsely, (_write_post(1, 0), _edit_slyly)),
    "the memo outlives a title": Fault(
        _keep_the_memo,
        (_write_post(1, 0), lambda shop: edits.change_field(shop, 1, "title", 4)),
    ),
    "assets are not looked at": Fault(
        _take_for_unchanged("asset."),
        (
            _write("templates/assets/a.css", "a"),
            _write("templates/page.html", "{{ 'a.css'|asset }}"),
            _write("templates/assets/a.css", "b"),
        ),
    ),
    "pictures in feeds are not looked at": Fault(
        _take_for_unchanged("file."),
        (_show_picture, _write("content/posts/pic.png", picture(10, 20, b"more"))),
    ),
    "the titles of a section are not looked at": Fault(
        _take_sections_for_unchanged,
        (
            _write("templates/page.html", SECTION),
            _write("content/pages/guides/index.md", SECTION_PAGES["content/pages/guides/index.md"][2] or ""),
            _write("content/pages/guides/wix.md", "---\ntitle: Wix\n---\n"),
            _write("content/pages/guides/wix.md", "---\ntitle: Moving\n---\n"),
        ),
    ),
    "nothing is removed": Fault(_remove_nothing, (_write_post(1, 0), lambda shop: shop.write_post(1, None))),
}
