"""Build with a build cache that is damaged, foreign, old, truncated or locked."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.processes import preload
from tests.faults.site_under_test import SiteUnderTest

DAMAGES = (
    *("bits", "block", "cut", "empty", "foreign", "old", "other"),
    *("rows", "folder", "gone", "journal", "manifest", "link"),
)


def damage_file(work_folder: Path, damage: str, random: Random) -> None:
    """Damage the build cache or the manifest."""
    cache = work_folder / "store.db"
    data = bytearray(cache.read_bytes())
    if damage == "bits":
        for _ in range(random.randint(1, 40)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    elif damage == "block":
        start = random.randrange(len(data))
        data[start : start + 4096] = random.randbytes(min(4096, len(data) - start))
    elif damage == "cut":
        del data[random.randrange(len(data)) :]
    elif damage == "empty":
        data.clear()
    elif damage == "foreign":
        data[:] = random.randbytes(random.randint(1, 5000))
    if damage in ("bits", "block", "cut", "empty", "foreign"):
        cache.write_bytes(bytes(data))
    elif damage == "old":
        execute(cache, [f"PRAGMA user_version = {random.choice([1, 2, 99])}"])
    elif damage == "other":
        cache.unlink()
        execute(cache, ["CREATE TABLE letters (a, b)", "INSERT INTO letters VALUES (1, 2)"])
    elif damage == "rows":
        table = random.choice(["source", "body", "search", "fact"])
        execute(cache, [f"UPDATE {table} SET data = {random.choice(['NULL', '1', 'x' + repr('00ff')])}"])
    elif damage == "folder":
        cache.unlink()
        cache.mkdir()
        (cache / "mine").write_text("mine")
    elif damage == "gone":
        cache.unlink()
    elif damage == "journal":
        cache.with_name("store.db-journal").write_bytes(random.randbytes(2000))
    elif damage == "manifest":
        for file in work_folder.glob("written-*"):
            file.write_bytes(file.read_bytes()[: random.randrange(file.stat().st_size)])
    elif damage == "link":
        other = work_folder.parent / "elsewhere.db"
        shutil.copyfile(cache, other)
        cache.unlink()
        cache.symlink_to(other)


def execute(cache: Path, statements: list[str]) -> None:
    """Execute statements on a database."""
    connection = sqlite3.connect(cache)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def damage_cache(home: Path, random: Random) -> Iterator[str]:
    """Damage the cache before incremental and unchanged builds."""
    preload(home)
    site = SiteUnderTest(home / "one")
    while True:
        for damage in DAMAGES:
            build_type = random.choice(["edit", "unchanged"])
            site.prepare(build_type)
            damage_file(site.root / ".sitegen", damage, random)
            result = site.start().wait()
            violations = [] if result.code == 0 else [f"it ends with {result.code}: {result.output[-900:]}"]
            violations += [*site.check_clean(), *site.check_next_build(), *site.check_sources()]
            if damage == "manifest":
                site.prepare("cold")  # without its manifest, a second damage would make the site's own files foreign
                site.start().wait()
            yield f"{build_type} with {damage}: {'; '.join(violations)}" if violations else ""


def lock_cache(home: Path, random: Random) -> Iterator[str]:
    """Lock the cache for a while when a build starts, as another program could."""
    preload(home)
    site = SiteUnderTest(home / "one")
    while True:
        site.prepare(random.choice(["edit", "unchanged"]))
        run = site.start(paused=True)  # before connecting: SQLite must not carry its locks through a fork
        connection = sqlite3.connect(site.root / ".sitegen/store.db", isolation_level=None)
        connection.execute(random.choice(["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"]))
        run.release()
        time.sleep(random.random() * 0.4)
        connection.rollback()
        connection.close()
        violations = site.check_failed(run.wait())
        yield violations
