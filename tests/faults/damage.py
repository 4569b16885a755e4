"""Stores that are damaged, foreign, old, cut short or locked; and times of files that lie."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.letter import Letter, build_clean
from tests.faults.process import preload

WAYS = (
    *("bits", "block", "cut", "empty", "foreign", "old", "other"),
    *("rows", "folder", "gone", "journal", "manifest", "link"),
)


def harm(work: Path, way: str, random: Random) -> None:
    """Damage what sitegen keeps beside a site, in one of the ways."""
    store = work / "store.db"
    data = bytearray(store.read_bytes())
    if way == "bits":
        for _ in range(random.randint(1, 40)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    elif way == "block":
        start = random.randrange(len(data))
        data[start : start + 4096] = random.randbytes(min(4096, len(data) - start))
    elif way == "cut":
        del data[random.randrange(len(data)) :]
    elif way == "empty":
        data.clear()
    elif way == "foreign":
        data[:] = random.randbytes(random.randint(1, 5000))
    if way in ("bits", "block", "cut", "empty", "foreign"):
        store.write_bytes(bytes(data))
    elif way == "old":
        change(store, [f"PRAGMA user_version = {random.choice([1, 2, 99])}"])
    elif way == "other":
        store.unlink()
        change(store, ["CREATE TABLE letters (a, b)", "INSERT INTO letters VALUES (1, 2)"])
    elif way == "rows":
        table = random.choice(["source", "body", "search", "fact"])
        change(store, [f"UPDATE {table} SET data = {random.choice(['NULL', '1', 'x' + repr('00ff')])}"])
    elif way == "folder":
        store.unlink()
        store.mkdir()
        (store / "mine").write_text("mine")
    elif way == "gone":
        store.unlink()
    elif way == "journal":
        store.with_name("store.db-journal").write_bytes(random.randbytes(2000))
    elif way == "manifest":
        for file in work.glob("written-*"):
            file.write_bytes(file.read_bytes()[: random.randrange(file.stat().st_size)])
    elif way == "link":
        other = work.parent / "elsewhere.db"
        shutil.copyfile(store, other)
        store.unlink()
        store.symlink_to(other)


def change(store: Path, statements: list[str]) -> None:
    """Run statements on a database."""
    connection = sqlite3.connect(store)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def of_the_store(home: Path, random: Random) -> Iterator[str]:
    """Damage the store before builds after an edit and of what is unchanged."""
    preload(home)
    letter = Letter(home / "one")
    while True:
        for way in WAYS:
            kind = random.choice(["edit", "unchanged"])
            letter.begin(kind)
            harm(letter.root / ".sitegen", way, random)
            ended = letter.start().wait()
            faults = [] if ended.code == 0 else [f"it ends with {ended.code}: {ended.said[-900:]}"]
            faults += [*letter.judge_equal(), *letter.judge_next(), *letter.judge_sources()]
            if way == "manifest":
                letter.begin("cold")  # without its list, a second mishap would make our files a stranger's
                letter.start().wait()
            yield f"{kind} with {way}: {'; '.join(faults)}" if faults else ""


def locked(home: Path, random: Random) -> Iterator[str]:
    """Have another program hold the store while a build begins, for a while."""
    preload(home)
    letter = Letter(home / "one")
    while True:
        letter.begin(random.choice(["edit", "unchanged"]))
        run = letter.start(held=True)  # before: SQLite must not carry its locks through a fork
        connection = sqlite3.connect(letter.root / ".sitegen/store.db", isolation_level=None)
        connection.execute(random.choice(["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"]))
        run.release()
        time.sleep(random.random() * 0.4)
        connection.rollback()
        connection.close()
        faults = letter.judge_failed(run.wait())
        yield faults


def of_times(home: Path, random: Random) -> Iterator[str]:
    """Change texts and keep their size and time; set times far back and ahead; touch what is unchanged."""
    preload(home)
    letter = Letter(home / "one")
    far = (0, 10**18, time.time_ns() + 10**17, 2**33 * 10**9)
    while True:
        letter.begin("unchanged")
        way = random.choice(["same", "far", "touch", "replace"])
        state = dict(letter.states[letter.state])
        for name in random.sample(sorted(name for name in state if name.endswith(".md")), 2):
            path = letter.root / name
            when = path.stat().st_mtime_ns if way in ("same", "replace") else random.choice(far)
            target = path.with_name("spare.tmp") if way == "replace" else path
            if way != "touch":
                state[name] = swap(state[name])
                target.write_bytes(state[name])
            os.utime(target, ns=(when, when))
            target.replace(path)
        letter.states[letter.state] = state
        letter.clean[letter.state] = build_clean(home, state)
        ended = letter.start().wait()
        faults = [] if ended.code == 0 else [f"it ends with {ended.code}: {ended.said[-900:]}"]
        faults += [*letter.judge_equal(), *letter.judge_next(), *letter.judge_sources()]
        yield f"{way}: {'; '.join(faults)}" if faults else ""


def swap(post: bytes) -> bytes:
    """Return a post of the same size whose text is another."""
    front, mark, text = post.rpartition(b"---\n")
    return front + mark + text.translate(bytes.maketrans(b"STWA", b"TWAS"))
