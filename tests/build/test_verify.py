"""An output folder is compared with that of a clean build, file by file."""

import time

import pytest

from sitegen.build.request import Request
from sitegen.build.verify import compare, verify_output
from sitegen.config.load import read_config
from sitegen.errors import Problem, SiteError
from tests.support.sites import build, make_site, tree, write

HINT = "run `sitegen build --fresh`, and report this"


def test_each_difference_is_a_problem(tmp_path):
    write(tmp_path, {f"clean/{name}": "x" for name in ("same", "changed", "a/missing", "replaced")})
    write(tmp_path, {"output/same": "x", "output/changed": "y", "output/old": "x", "output/foreign": "x"})
    (tmp_path / "output/replaced").mkdir()
    assert compare(tmp_path / "output", tmp_path / "clean", "public", {"old", "same", "gone"}) == [
        Problem("public/a/missing", 0, "the file is missing: a clean build writes it", HINT),
        Problem("public/changed", 0, "the file is not what a clean build writes", HINT),
        Problem("public/old", 0, "a clean build does not write this file", HINT),
        Problem("public/replaced", 0, "the file is missing: a clean build writes it", HINT),
    ]
    assert compare(tmp_path / "clean", tmp_path / "clean", "public", ()) == []


@pytest.mark.parametrize("output", ["", "public"])
def test_a_built_site_is_verified_in_its_output_folder(tmp_path, output):
    files = {
        "content/posts/secret.md": "---\ntitle: S\ndraft: true\n---\nx\n",
        "content/posts/warned.md": "---\ntitle: W\ndate: 2024-01-05\nsumary: x\n---\nx\n",
    }
    root = make_site(tmp_path, files)
    build(root, output=output, drafts=True)
    name = output or "output"
    request = Request(output=output, drafts=True, fresh=True, strict=True)
    config = read_config(root).config
    before = tree(root)
    assert verify_output(root, config, request, time.time_ns) == len(tree(root / name))
    assert tree(root) == before
    (root / "content/posts/secret.md").unlink()
    with pytest.raises(SiteError) as error:
        verify_output(root, config, request, time.time_ns)
    problems = {problem.path: problem.message for problem in error.value.problems}
    assert problems[f"{name}/posts/secret/index.html"] == "a clean build does not write this file"
    assert problems[f"{name}/index.html"] == "the file is not what a clean build writes"
