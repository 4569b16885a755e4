import marshal
import os
import pickle
import time
from contextlib import closing
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.bccache import Bucket

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.render.jinja.template_cache import KEY_BYTES, MAC_BYTES, MAX_ENTRIES, TemplateCache
from tests.support.sites import build, make_site, tree

pytestmark = pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX's")

CODE = compile("x = 1", "template", "exec")


def bucket_of(checksum: str = "sum", key: str = "key") -> Bucket:
    return Bucket(Environment(), key, checksum)


def keep(cache: TemplateCache, checksum: str = "sum", key: str = "key") -> None:
    bucket = bucket_of(checksum, key)
    bucket.code = CODE
    cache.dump_bytecode(bucket)


def load(cache: TemplateCache, checksum: str = "sum", key: str = "key") -> object:
    bucket = bucket_of(checksum, key)
    cache.load_bytecode(bucket)
    return bucket.code


def test_a_compiled_template_is_loaded_in_another_process(tmp_path):
    keep(TemplateCache(tmp_path / "cache", "1"))
    assert load(TemplateCache(tmp_path / "cache", "1")) == CODE


def test_another_version_or_source_does_not_get_it(tmp_path):
    keep(TemplateCache(tmp_path, "1"))
    assert load(TemplateCache(tmp_path, "2")) is None
    assert load(TemplateCache(tmp_path, "1"), checksum="other") is None
    assert load(TemplateCache(tmp_path, "1"), key="other") is None


def test_only_the_user_can_read_key_and_entries(tmp_path):
    keep(TemplateCache(tmp_path / "cache", "1"))
    for path in (tmp_path / "cache").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    assert len((tmp_path / "cache/key").read_bytes()) == KEY_BYTES


def test_code_that_was_written_without_the_key_is_not_run(tmp_path):
    cache = TemplateCache(tmp_path, "1")
    keep(cache)
    (entry,) = (tmp_path / "templates").iterdir()
    real = entry.read_bytes()
    mark = tmp_path / "RAN"

    class Bomb:
        def __reduce__(self):
            return (Path.touch, (mark,))

    code = compile(f"open({str(mark)!r}, 'w')", "template", "exec")
    bucket = bucket_of()
    bucket.code = code
    for payload in (pickle.dumps(Bomb()), bucket.bytecode_to_string(), real[MAC_BYTES:-1], marshal.dumps(code), b""):
        for mac in (real[:MAC_BYTES], bytes(MAC_BYTES), b""):
            entry.write_bytes(mac + payload)
            assert load(TemplateCache(tmp_path, "1")) is None
    assert not mark.exists()


def test_every_flipped_bit_counts_as_missing(tmp_path):
    keep(TemplateCache(tmp_path, "1"))
    (entry,) = (tmp_path / "templates").iterdir()
    real = entry.read_bytes()
    cache = TemplateCache(tmp_path, "1")
    for offset in range(len(real)):
        changed = bytearray(real)
        changed[offset] ^= 1 << offset % 8
        entry.write_bytes(changed)
        assert load(cache) is None


@pytest.mark.parametrize("harm", ["mode", "link", "pipe", "short", "folder"])
def test_a_key_that_others_could_know_is_replaced(tmp_path, harm):
    keep(TemplateCache(tmp_path, "1"))
    key = tmp_path / "key"
    known = key.read_bytes()
    if harm == "mode":
        key.chmod(0o644)
    else:
        key.rename(tmp_path / "other")
        if harm == "link":
            key.symlink_to(tmp_path / "other")
        elif harm == "pipe":
            os.mkfifo(key)
        elif harm == "short":
            key.write_bytes(b"")
            key.chmod(0o600)
        else:
            (key / "inside").mkdir(parents=True)
    assert load(TemplateCache(tmp_path, "1")) is None
    keep(TemplateCache(tmp_path, "1"))
    if harm != "folder":  # foreign files are not removed, so that nothing is cached
        assert key.read_bytes() != known
        assert key.stat().st_mode & 0o777 == 0o600
        assert load(TemplateCache(tmp_path, "1")) == CODE


def test_a_cache_whose_folder_cannot_be_created_is_empty(tmp_path):
    (tmp_path / "file").write_text("")
    cache = TemplateCache(tmp_path / "file" / "cache", "1")
    keep(cache)
    assert load(cache) is None


def test_the_oldest_entries_are_removed(tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    for number in range(MAX_ENTRIES + 5):
        (folder / str(number)).write_bytes(b"")
        os.utime(folder / str(number), (number, number))
    keep(TemplateCache(tmp_path, "1"))
    assert len(list(folder.iterdir())) == MAX_ENTRIES
    assert not (folder / "5").exists()
    assert load(TemplateCache(tmp_path, "1")) == CODE


def test_output_is_the_same_with_and_without_the_cache(tmp_path):
    outputs = []
    for name, cache in (("a", None), ("b", tmp_path / "cache"), ("c", tmp_path / "cache"), ("d", tmp_path / "d/cache")):
        root = make_site(tmp_path / name)
        with closing(Builder(root, lambda: 0, cache=cache)) as builder:
            builder.build(read_config(root).config, Request())
        outputs.append(tree(root / "output"))
    assert outputs[0] == outputs[1] == outputs[2] == outputs[3]
    assert (tmp_path / "cache/key").exists()
    assert not (tmp_path / "d/cache").exists(), "a cache inside of the site can have come with the site"


def test_no_code_is_written_into_the_site(tmp_path):
    root = make_site(tmp_path)
    build(root)
    stored = b"".join(path.read_bytes() for path in (root / ".sitegen").iterdir())
    assert b"jinja" not in stored
    assert b"j2" + pickle.dumps(5, 2) not in stored


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.cache/sitegen"),
        ("linux", {"HOME": "/home/ada", "XDG_CACHE_HOME": "/fast"}, "/fast/sitegen"),
        ("linux", {"HOME": "/home/ada", "XDG_CACHE_HOME": "relative"}, "/home/ada/.cache/sitegen"),
        ("linux", {"HOME": "/home/ada", "XDG_CACHE_HOME": ""}, "/home/ada/.cache/sitegen"),
        ("darwin", {"HOME": "/Users/ada", "XDG_CACHE_HOME": "/fast"}, "/Users/ada/Library/Caches/sitegen"),
        ("linux", {}, None),
        ("linux", {"HOME": "relative"}, None),
    ],
)
def test_the_cache_folder_is_where_the_platform_puts_it(platform, environment, expected):
    assert find_user_cache(environment, platform) == (Path(expected) if expected else None)


def test_a_template_is_compiled_again_if_a_filter_of_the_site_is_passed_something_else(tmp_path):
    """Jinja writes into a compiled template what it passes to a filter beside its arguments."""
    plain = "def sign(value):\n    return f'-- {value}'\n\ndef filters():\n    return {'sign': sign}\n"
    passed = (
        "from jinja2 import pass_context\n\n@pass_context\ndef sign(context, value):\n"
        "    return f'{value} of {context[\"site\"].title}'\n\ndef filters():\n    return {'sign': sign}\n"
    )
    root = make_site(tmp_path / "site", {"hooks.py": plain, "templates/404.html": "{{ 'Ann'|sign }}"})
    for code, expected in ((plain, "-- Ann"), (passed, "Ann of The Test Letter"), (plain, "-- Ann")):
        (root / "hooks.py").write_text(code)
        with closing(Builder(root, time.time_ns, cache=tmp_path / "cache")) as builder:
            builder.build(read_config(root).config, Request())
        assert (root / "output/404.html").read_text() == expected
