"""What an index may go through, and what must hold afterwards: kills at any moment, damaged files, years of updates.

Main names: `kill_again_and_again`, `update_again_and_again`, `read_while_written`, `damage_and_mend`. Invariant: every
ordeal ends in an `AssertionError` that tells the moment, or with an index that equals a fresh one. `make test` runs
short ones, `make torture` long ones.
"""

from __future__ import annotations

import gzip
import json
import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from searchvn import Article, Index
from searchvn.errors import SearchvnError
from searchvn.rebuilding import rebuild
from support import Contents, Files, contents, lay

T = TypeVar("T")

WORDS = "đê kênh chợ đình lúa bưởi thuyền trường thầy trò sách hội mưa nắng gió sông núi biển làng xóm quê phố".split()
IN_STEP = ((), 0, 0, 0, 0, 0)  # what `check` says of an index without damage whose sources are as they were read
_user: int | None = None  # whose processes `aside` starts; None: ours
BATCH = 20_000  # bytes of text between two commits: several in every run


# --- sources


def made_up(seed: object, words: int) -> str:
    """A text of so many words, always the same for a seed."""
    chance = random.Random(str(seed))
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize()


def collection(state: int, files: int = 40) -> Files:
    """The sources in one of their states. Two states share two thirds of their files, and of the records of a file."""
    found: dict[str, str | bytes] = {}
    for number in range(files):
        if number % 11 != state:  # every state lacks some files of the others
            seed = f"{number} {state if number % 3 == 0 else ''}"
            found[f"{number % 4}/{number}.txt"] = f"{made_up(seed, 6)}\n\n{made_up(seed, 200)}.\n"
    for name, pack in (("tập.jsonl", bytes), ("nén.jsonl.gz", lambda data: gzip.compress(data, mtime=0))):
        records = "\n".join(
            json.dumps({"id": f"r{number}", "title": made_up(seed, 5), "text": made_up(seed, 60)})
            for number in range(files)
            if number % 13 != state
            for seed in [f"{name} {number} {state if number % 3 == 1 else ''}"]
        )
        found[name] = pack(records.encode())
    return found


def fresh(room: Path, engine: str) -> Contents:
    """What an index holds that reads all the articles in one undisturbed run."""
    place = room / "mới tinh"
    shutil.rmtree(place, ignore_errors=True)
    with Index.create(str(place), engine) as index:
        report = index.update([str(room / "bài")])
    assert not report.skipped and report.added == report.articles
    return contents(place)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# --- processes


def aside(work: Callable[[], T]) -> T:
    """What `work` returns in a process of its own, which may crash. Raises `AssertionError` when it does."""
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where Rust writes of its panics
        try:
            if _user is not None:
                os.setuid(_user)
            data = pickle.dumps((work(), None))
        except BaseException as error:
            data = pickle.dumps((None, f"{type(error).__name__}: {error}"))
        with open(sender, "wb") as stream:
            stream.write(data)
        os._exit(0)
    os.close(sender)
    with open(receiver, "rb") as stream:
        data = stream.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0 and data, f"the process ended with {status}"
    found, failure = pickle.loads(data)
    assert failure is None, failure
    return found  # type: ignore[no-any-return]


def killed(work: Callable[[], object], seconds: float) -> bool:
    """Starts `work` in a process and kills it after so many seconds. False when it had ended by then."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@contextmanager
def small_disk(place: Path) -> Iterator[Callable[[], None]]:
    """A disk of one megabyte at `place`; gives what makes it larger. Skips the test where nobody may mount one."""
    place.mkdir()
    home = os.getcwd()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("chỉ root gắn được đĩa nhỏ")
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=50m", str(place)], check=True) and None
    finally:
        os.chdir(home)
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # lazy: files of engines may still be mapped


@contextmanager
def someone_else(room: Path) -> Iterator[None]:
    """What `aside` runs is run by a user who may read what is in `room` and write nothing."""
    global _user
    if os.getuid() == 0:
        room.chmod(0o755)
        _user = 65534  # nobody
    else:
        writable = [path for path in (room, *room.rglob("*")) if os.access(path, os.W_OK)]
        for path in writable:
            path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield
    finally:
        if os.getuid() == 0:
            _user = None
        else:
            for path in writable:
                path.chmod(path.stat().st_mode | 0o200)


@contextmanager
def rights(room: Path, path: Path, mode: int) -> Iterator[None]:
    """A file or folder in `room` with these rights; what `aside` runs is run by the owner of all that is in `room`."""
    global _user
    before = path.stat().st_mode
    if os.getuid() == 0:
        for each in (room, *room.rglob("*")):
            os.chown(each, 65534, -1, follow_symlinks=False)
        _user = 65534  # nobody
    path.chmod(mode)
    try:
        yield
    finally:
        _user = None
        path.chmod(before)


# --- kill -9


def kill_again_and_again(room: Path, engine: str, wanted: int, seed: int = 29, files: int = 40) -> int:
    """Kills so many runs over one index at random moments; the sources change, or change back, before the next run.

    Returns how many runs it took: some have ended by the time they should be killed.
    """
    chance = random.Random(f"{engine} {seed}")
    states = [collection(state, files) for state in range(3)]
    expected = []
    for state in states:
        lay(room / "bài", state)
        expected.append(fresh(room, engine))
    index, articles = room / "index", room / "bài"

    def update() -> None:
        with Index.create(str(index), engine) as opened:
            opened.update([str(articles)], batch_bytes=BATCH)

    def again() -> None:
        rebuild(str(index))

    first = _seconds(update)  # of the last state
    now, kills = 2, 0
    lay(articles, states[0])
    lengths = {update: _seconds(update), again: _seconds(again)}
    lay(articles, states[now])
    update()
    for moment in range(1, 5 * wanted + 1):
        attempt = (now + chance.choice((1, 2))) % 3
        work, anew = chance.choice((update, update, again)), chance.random() < 0.1
        told = f"moment {moment}: {engine}, state {now}, {work.__name__} to {attempt}{', anew' if anew else ''}"
        if anew:
            shutil.rmtree(index)
            work = update
        lay(articles, states[attempt])
        kills += killed(work, chance.uniform(0, first if anew else lengths[work]))
        if (index / "meta.json").exists():
            _assert_usable(index, None if anew else expected[now], expected[attempt], told)
        else:
            assert anew, told
        now = chance.choice((attempt, now, 3 - now - attempt))
        lay(articles, states[now])
        update()
        with Index.open(str(index)) as opened:
            assert opened.check()[2:] == IN_STEP and not opened.is_building, told
        assert contents(index) == expected[now], told
        if kills == wanted:
            break
    assert size(index) < 2 * size(room / "mới tinh"), f"{size(index)} bytes of {engine}"
    return moment


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _assert_usable(index: Path, before: Contents | None, after: Contents, told: str) -> None:
    """An index whose run was just killed: it opens; no article is there twice, by half, or gone without a reason."""
    held = contents(index).articles  # raises when an article is there twice
    with Index.open(str(index)) as reader:
        assert len(reader) == len(held), told
        reader.search("chợ quê")
    old = before.articles if before else {}
    strange = [key for key, article in held.items() if article not in (old.get(key), after.articles.get(key))]
    assert not strange, f"{told}: {strange}"
    changed = {article.file for key, article in old.items() if after.articles.get(key) != article}
    lost = [key for key, article in old.items() if article.file not in changed and key not in held]
    assert not lost, f"{told}: {lost}"


# --- years of updates


def update_again_and_again(room: Path, engine: str, rounds: int, seed: int = 7, files: int = 40) -> list[float]:
    """Changes, adds and takes away some articles, and some or all records of a file, again and again.

    Returns the size of the index folder after every round, as a multiple of a fresh one's.
    """
    chance = random.Random(f"{engine} {seed}")
    held: dict[str, str | bytes] = dict(collection(0, files))
    lines = held["tập.jsonl"].decode().splitlines()  # type: ignore[union-attr]
    index, articles = room / "index", lay(room / "bài", held)
    with Index.create(str(index), engine) as opened:
        opened.update([str(articles)])
    expected = fresh(room, engine)
    whole = size(room / "mới tinh")
    sizes = []
    for number in range(rounds):
        for name in chance.sample(sorted(held), 4):
            if name.endswith(".txt"):
                held[name] = f"{made_up(name, 6)}\n\n{made_up(f'{name} {number}', 200)}.\n"
        for line in chance.sample(range(len(lines)), 3 if number % 4 else len(lines)):
            record = json.loads(lines[line])
            lines[line] = json.dumps({**record, "text": made_up(f"{record['id']} {number}", 60)})
        held["tập.jsonl"] = "\n".join(lines).encode()
        held.pop(f"thêm/{number - 3}.txt", None)
        held[f"thêm/{number}.txt"] = f"{made_up(number, 6)}\n\n{made_up(-number, 200)}.\n"
        lay(articles, held)
        with Index.open(str(index)) as opened:
            opened.update()
        sizes.append(size(index) / whole)
    expected = fresh(room, engine)
    assert contents(index) == expected
    with Index.open(str(index)) as opened:
        assert opened.check()[2:] == IN_STEP
    return sizes


# --- readers beside a writer


def read_while_written(room: Path, engine: str, seconds: float) -> tuple[int, int]:
    """One process updates and rebuilds, at least three times, another opens and searches all the time.

    Returns how often each did. A reader must never see an error, half a commit, or articles gone.
    """
    states = [collection(state, 20) for state in range(2)]
    allowed = []
    for state in states:
        lay(room / "bài", state)
        fresh(room, engine)
        allowed.append(_seen(room / "mới tinh"))
    with Index.create(str(room / "index"), engine) as index:
        index.update([str(room / "bài")])
    ends, over = time.monotonic() + seconds, room / "xong"
    over.unlink(missing_ok=True)

    def read() -> int:
        count = 0
        while not over.exists():
            assert _seen(room / "index") in allowed
            count += 1
        return count

    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(sender, str(read()).encode())
        except BaseException as error:
            os.write(sender, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    commits = 0
    try:
        while time.monotonic() < ends or commits < 3:  # on a busy machine a second is short
            lay(room / "bài", states[commits % 2])
            if commits % 5 == 4:
                rebuild(str(room / "index"))
            else:
                with Index.open(str(room / "index")) as index:
                    index.update()
            commits += 1
    finally:
        over.touch()
    os.waitpid(child, 0)
    answer = os.read(receiver, 10_000).decode()
    os.close(receiver)
    os.close(sender)
    assert answer.isdigit(), answer
    return int(answer), commits


def _seen(index: Path) -> tuple[object, ...]:
    """What a reader sees of an index that it opens now."""
    with Index.open(str(index)) as reader:
        results = reader.search("chợ quê", limit=100)
        titles = sorted(hit.article.title for hit in results.hits)
        return len(reader), results.total, titles, reader.count("đê").total


# --- damaged files


# The endings of the files of engines with which articles go: their bytes, what is deleted, where they stand.
HOLD_ARTICLES = (".store", ".del", ".seg", ".toc")


class Damage(NamedTuple):
    """A change to one file that nobody meant."""

    file: str  # its path in the index folder
    at: int  # a byte
    bit: int | None  # that is flipped; None: the file ends there

    def apply(self, index: Path) -> None:
        """Damages the file."""
        path = index / self.file
        data = bytearray(path.read_bytes())
        if self.bit is None:
            del data[self.at :]
        else:
            data[self.at] ^= 1 << self.bit
        put(path, data)


def put(path: Path, data: bytes) -> None:
    """Replaces a file; an engine of this process that has the old one open, and mapped, is not hurt."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def damages(path: Path, index: Path, flips: int, chance: random.Random) -> Iterator[Damage]:
    """Flips and cuts of a file of an index."""
    file, length = path.relative_to(index).as_posix(), path.stat().st_size
    yield from (Damage(file, chance.randrange(length), chance.randrange(8)) for _ in range(flips))
    yield from (Damage(file, at, None) for at in {chance.randrange(length), 0, length - 1})


def files_by_kind(index: Path) -> dict[str, list[Path]]:
    """The files of an index that are not empty; the kind of an engine's file is its ending."""
    kinds: dict[str, list[Path]] = {}
    for path in sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size):
        kinds.setdefault(path.suffix if path.parent != index else path.name, []).append(path)
    return kinds


class Worn(NamedTuple):
    """What an index holds, and what fresh ones hold of its sources as they are and as they may become."""

    held: Contents
    now: Contents
    later: Contents


def worn(room: Path, engine: str) -> Worn:
    """Makes room/"gốc", an index with several segments, a deleted article and one that a program added."""
    lay(room / "bài", collection(2, 12))
    later = fresh(room, engine)
    for extra in ({"thừa.txt": f"Thừa\n\n{made_up(1, 50)}"}, {}):
        lay(room / "bài", {**collection(1, 12), **extra})
        with Index.create(str(room / "gốc"), engine) as index:
            index.update([str(room / "bài")], batch_bytes=4000)
    with Index.open(str(room / "gốc")) as index:
        index.add([Article("của-ta", "Bài của chương trình", "Không có tệp nào.")])
    return Worn(contents(room / "gốc"), fresh(room, engine), later)


def is_found(index: Path) -> bool:
    """Whether `check` finds damage, or the index cannot be opened; whoever is told of it is told what to do."""

    def check() -> bool:
        try:
            with Index.open(str(index)) as opened:
                return bool(opened.check().damage)
        except SearchvnError as error:
            assert "--rebuild" in error.hint or "--rebuild" in str(error), str(error)
            return True

    return aside(check)


def damage_and_mend(room: Path, known: Worn, damage: Damage) -> str:
    """Damages a copy of room/"gốc". `check` finds it, or it is harmless: all is there, and runs go on as before.

    Then `--rebuild` mends it from the sources. Returns "found" or "harmless", with ", lost" when the program's article,
    which has no source, went with the file that holds it.
    """
    index = room / "index"
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(room / "gốc", index)
    damage.apply(index)
    outcome = "found" if is_found(index) else "harmless"
    if outcome == "harmless":
        same = aside(lambda: contents(index) == known.held)
        assert same, f"{damage} changed what is there, and check did not find it"
        lay(room / "bài", collection(2, 12))
        aside(lambda: _update(index, room))
        assert aside(lambda: _is_fresh(index, known.later)), f"{damage}, not found, spoilt the next run"
        lay(room / "bài", collection(1, 12))
    told = aside(lambda: any(re.search(r"mất (\d+ )?bài", said.reason) for said in rebuild(str(index)).warnings))
    if damage.file == "manifest.sqlite":  # articles are kept, roots may be lost
        aside(lambda: _update(index, room))
    assert aside(lambda: _is_fresh(index, known.now)), f"{damage} was not mended"
    if not aside(lambda: _holds_the_programs(index)):
        assert told and damage.file.endswith(HOLD_ARTICLES), f"{damage} lost the program's article"
        outcome += ", lost"
    return outcome


def _update(index: Path, room: Path) -> None:
    with Index.open(str(index)) as opened:
        opened.update(() if opened.stats().roots else [str(room / "bài")])


def _is_fresh(index: Path, expected: Contents) -> bool:
    """Whether the index is in step with its sources, and equals a fresh one but for the program's article."""
    with Index.open(str(index)) as opened:
        in_step = opened.check()[2:] == IN_STEP
    new = contents(index)
    articles = {key: article for key, article in new.articles.items() if key != "của-ta"}
    files = {file: count for file, count in new.files.items() if file != "của-ta"}
    return in_step and (articles, files, new.pending) == (expected.articles, expected.files, [])


def _holds_the_programs(index: Path) -> bool:
    with Index.open(str(index)) as opened:
        return bool(opened.get("của-ta"))
