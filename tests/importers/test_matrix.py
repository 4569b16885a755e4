"""Every imported export builds, passes `check` without errors, and is published unchanged.

There are no expected errors. A problem of the export itself, such as a link to a page that the old site had removed,
must become a warning, or be repaired and counted in the report: otherwise the site could not be published.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.support.import_matrix import travel
from tests.support.importing import EXPORTS

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
FOLDERS = sorted(folder.name for folder in CORPORA.iterdir() if folder.is_dir()) if CORPORA.is_dir() else ["none"]
SAMPLING_STEP = 8
"""A quick run imports every eighth post of a real archive."""


def check_journey(export, root):
    trip = travel(export, root)
    assert trip.errors == ()
    assert trip.posts > 0
    assert trip.pages == trip.posts - trip.drafts
    assert trip.pages_with_drafts == trip.posts
    assert trip.output == trip.in_folder == trip.in_git


@pytest.mark.parametrize("sample", sorted(folder.name for folder in EXPORTS.iterdir() if folder.is_dir()))
def test_every_sample_can_be_published(sample, tmp_path):
    check_journey(EXPORTS / sample / "input", tmp_path)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_part_of_every_real_archive_can_be_published(folder, tmp_path):
    number = 0

    def ignore(path, names):
        nonlocal number
        ignored = set()
        for name in sorted(names):
            if name.endswith((".md", ".markdown", ".html")) and Path(path) != CORPORA / folder:
                number += 1
                ignored |= {name} if number % SAMPLING_STEP else set()
        return ignored

    shutil.copytree(CORPORA / folder, tmp_path / "export", ignore=ignore)
    check_journey(tmp_path / "export", tmp_path)


@pytest.mark.slow  # over a minute of one core for all
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_archive_can_be_published(folder, tmp_path):
    check_journey(CORPORA / folder, tmp_path)


INVALID_CONTENT = dict(
    re.findall(
        r"^===== (.*)\n([\s\S]*?)(?=^=====|\Z)", (Path(__file__).parents[1] / "wrong_html.txt").read_text(), re.M
    )
)
"""Content from real archives for each type of error that `check` finds in the text of a post."""

CONTROLS = "a\x07b \ufffe \x85 \u2028 d \ue000 \ue001 &nosuch; &#0; &#xD800; &#x110000;"


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
def test_errors_in_imported_content_do_not_stop_publishing(engine, tmp_path):
    export = tmp_path / "export"
    export.mkdir()
    for number, text in enumerate((*INVALID_CONTENT.values(), CONTROLS)):
        front = f"title: A title\ndate: 2020-01-{number % 28 + 1:02}\nslug: p{number}\nmarkdown: {engine}"
        (export / f"p{number}.md").write_text(f"---\n{front}\n---\n\nText before.\n\n{text}\n\nText after.\n", "utf-8")
    (export / "fake.png").write_bytes(b"not an image")
    (export / "empty.png").write_bytes(b"")
    check_journey(export, tmp_path)
