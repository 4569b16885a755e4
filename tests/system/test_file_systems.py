"""Which file systems change a file's stamp whenever the file changes."""

import sys
from pathlib import Path

import pytest

from sitegen.system.file_systems import has_exact_stamps

MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
30 22 0:40 / /mnt/server rw,relatime shared:2 master:3 - nfs4 server:/export rw
31 30 254:1 / /mnt/server/disk rw - xfs /dev/vdb rw
32 22 0:41 / /with\040space rw - fuse.sshfs user@host: rw
33 22 0:42 / /covered rw - ext4 /dev/vdc rw
34 33 0:43 / /covered rw - vfat /dev/vdd rw
"""


@pytest.fixture
def mounts(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "mountinfo").write_text(MOUNTS)
    return tmp_path / "mountinfo"


@pytest.mark.parametrize(
    ("folder", "exact"),
    [
        ("/srv/www", True),
        ("/mnt/server", False),
        ("/mnt/server/www", False),
        ("/mnt/server2", True),
        ("/mnt/server/disk/www", True),
        ("/with space/www", False),
        ("/covered/www", False),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(mounts, folder, exact):
    assert has_exact_stamps(Path(folder), mounts) == exact


def test_a_symbolic_link_is_followed(mounts, tmp_path):
    (tmp_path / "www").symlink_to("/mnt/server/www")
    assert not has_exact_stamps(tmp_path / "www", mounts)


def test_unknown_file_systems_are_not_trusted(mounts, tmp_path, monkeypatch):
    assert not has_exact_stamps(Path("/srv"), tmp_path / "missing")
    for system in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        assert not has_exact_stamps(Path("/srv"), mounts)
