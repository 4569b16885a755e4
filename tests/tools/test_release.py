import shutil
import subprocess

import pytest

from tests.tools.release import NAMESPACE, ROOT, ReleaseError, export_commit, find_mistakes, run, sign

CHANGELOG = "# Changelog\n\n## 1.2.0 – 2026-11-29\n\n### Added\n\n- A thing.\n"


@pytest.mark.parametrize(
    ("changelog", "tags", "changes", "expected"),
    [
        (CHANGELOG, ["v1.2.0"], "", []),
        (CHANGELOG, ["last", "v1.2.0"], "\n", []),
        (CHANGELOG, ["v1.1.0"], "", ["the commit has no tag v1.2.0"]),
        (CHANGELOG, ["v1.2.0"], " M a.py\n", ["commit or remove the changes of the checkout first"]),
        ("## Unreleased\n", ["v1.2.0"], "", ['CHANGELOG.md has no section "## 1.2.0 YYYY-MM-DD"']),
        ("## 1.2.0\n", ["v1.2.0"], "", ['CHANGELOG.md has no section "## 1.2.0 YYYY-MM-DD"']),
        ("## 1.2.01 – 2026-11-29\n", ["v1.2.0"], "", ['CHANGELOG.md has no section "## 1.2.0 YYYY-MM-DD"']),
    ],
)
def test_a_release_needs_a_changelog_section_a_tag_and_no_changes(changelog, tags, changes, expected):
    assert list(find_mistakes("1.2.0", changelog, tags, changes)) == expected


def test_a_release_has_the_files_of_the_last_commit_and_its_date(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("needs the history of the repository")
    environment = export_commit(tmp_path / "source")
    assert environment["SOURCE_DATE_EPOCH"] == run("git", "log", "-1", "--format=%ct", folder=ROOT).strip()
    committed = run("git", "ls-tree", "-r", "--name-only", "HEAD", folder=ROOT).splitlines()
    files = [path for path in (tmp_path / "source").rglob("*") if path.is_file() or path.is_symlink()]
    assert len(files) == len(committed)


def test_a_command_that_fails_stops_the_release_with_what_it_printed():
    with pytest.raises(ReleaseError, match="nosuch"):
        run("git", "nosuch")


def test_anyone_can_check_the_signature_of_the_checksums(tmp_path):
    if not shutil.which("ssh-keygen"):
        pytest.skip("needs ssh-keygen")
    key, sums = tmp_path / "key", tmp_path / "SHA256SUMS"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "releases", "-f", key], check=True)
    sums.write_text("00  file\n")
    sign(sums, key)
    (tmp_path / "signers").write_text(f"releases {key.with_suffix('.pub').read_text()}")
    verify = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "signers", "-I", "releases", "-n", NAMESPACE]
    verify += ["-s", f"{sums}.sig"]
    assert subprocess.run(verify, input=b"00  file\n", capture_output=True, check=False).returncode == 0
    assert subprocess.run(verify, input=b"01  file\n", capture_output=True, check=False).returncode != 0
