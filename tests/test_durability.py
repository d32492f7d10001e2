"""Whatever stops a run, and whenever: the next run makes the index equal to one that was never stopped."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchvn import Article, Index
from searchvn.articles.manifest import Manifest
from searchvn.articles.walk import Fingerprint, fingerprint
from searchvn.engines.base import Engine
from searchvn.errors import IndexDamagedError, IndexFolderError, IndexLockedError
from searchvn.folder import Folder
from searchvn.models import AnalyzedArticle, Progress
from searchvn.rebuilding import rebuild
from support import ENGINES, Contents, Files, contents, lay, quick_folder

CRASHED = 9


@pytest.fixture
def room() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


# --- every step between two durable states


def _records(*texts: str) -> str:
    return "".join(json.dumps({"id": text.split()[0], "title": text, "text": f"Tin: {text}."}) + "\n" for text in texts)


BEFORE: Files = {
    "giữ.txt": "Bến đò sông Thương\n\nBến đò vẫn đưa khách mỗi sáng.\n",
    "sửa.txt": "Phiên chợ cuối năm\n\nChợ bán lá dong và gạo nếp.\n",
    "mất.txt": "Lớp học vẽ\n\nLớp học vẽ mở ở đình làng.\n",
    "cũ/tên.txt": "Đổi tên tệp\n\nBài này chỉ đổi chỗ, không đổi chữ.\n",
    "tập.jsonl": _records("một con đê", "hai chiếc cầu", "ba cây gạo", "bốn mùa lúa", "năm dòng kênh"),
    "thêm/a.txt": "Hội vật đầu xuân\n\nHội vật thu hút trai làng.\n",
    "thêm/b.txt": "Thư viện xã\n\nThư viện xã nhận thêm sách.\n",
}
AFTER: Files = {
    "giữ.txt": BEFORE["giữ.txt"],
    "sửa.txt": "Phiên chợ cuối năm\n\nChợ năm nay vắng người mua.\n",
    "mới/tên.txt": BEFORE["cũ/tên.txt"],
    "tập.jsonl": _records("một con đê mới", "hai chiếc cầu", "bốn mùa lúa", "sáu bến tàu", "bảy đồi", "tám lò gốm"),
    "thêm/a.txt": BEFORE["thêm/a.txt"],
    "thêm/b.txt": "Thư viện xã\n\nThư viện mở cửa cả buổi tối.\n",
    "thêm/c.txt": "Đường hoa ven đê\n\nBà con trồng hoa dọc con đê.\n",
}
FURTHER: Files = {
    "giữ.txt": "Bến đò sông Thương\n\nCầu mới thay bến đò cũ.\n",
    "sửa.txt": BEFORE["sửa.txt"],
    "mới/tên.txt": "Đổi tên tệp\n\nBây giờ bài này đổi cả chữ.\n",
    "tập.jsonl": _records("hai chiếc cầu gỗ", "tám lò gốm"),
    "thêm/a.txt": BEFORE["thêm/a.txt"],
    "thêm/d.txt": "Mùa cá linh\n\nCá linh về theo con nước.\n",
}
SMALL_BATCH = 90  # bytes: a commit after every one or two articles, so some fall into the middle of tập.jsonl


def _only_size_and_time(path: str) -> Fingerprint:
    """On some file systems nothing else tells that a file was changed and changed back."""
    found = fingerprint(path)
    return Fingerprint(found.size, found.mtime_ns, 0, 0)


def _forked(work: Callable[[], None]) -> int:
    """Runs `work` in a copy of this process that ends without any cleaning up. The exit status; 0 when it returned."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _update_until(index_path: Path, step: int) -> None:
    """An indexing run that dies before its `step`-th step; what it opened is never closed."""
    steps = 0

    def before(work: Callable[..., None]) -> Callable[..., None]:
        def counted(*arguments: object) -> None:
            nonlocal steps
            if steps == step:
                os._exit(CRASHED)
            steps += 1
            work(*arguments)

        return counted

    index = Index.open(str(index_path))
    for thing, name in (
        (Manifest, "announce"),
        (type(index._engine), "commit"),
        (Manifest, "settle"),
        (Folder, "write_meta"),
    ):
        setattr(thing, name, before(getattr(thing, name)))
    index.update(batch_bytes=SMALL_BATCH)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("next_state", [AFTER, BEFORE, FURTHER], ids=["unchanged", "changed back", "changed further"])
def test_a_run_that_dies_at_any_step_leaves_nothing_lost_doubled_or_orphaned(
    room: Path, monkeypatch: pytest.MonkeyPatch, engine: str, next_state: Files
) -> None:
    monkeypatch.setattr("searchvn.indexing.fingerprint", _only_size_and_time)
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "trước"), engine) as index:
        index.update([str(articles)])
    lay(articles, next_state)
    expected = _fresh(room, engine)
    crashes = 0
    for step in range(1000):
        _remove(room / "index")
        shutil.copytree(room / "trước", room / "index")
        lay(articles, AFTER)
        status = _forked(lambda step=step: _update_until(room / "index", step))  # type: ignore[misc]
        assert status in (0, CRASHED)
        crashes += status == CRASHED
        lay(articles, next_state)
        with Index.open(str(room / "index")) as index:
            index.update()
            assert index.check()[2:] == ((), 0, 0, 0, 0, 0), f"after a crash before step {step}"
        assert contents(room / "index") == expected, f"after a crash before step {step}"
        if status == 0:
            break
    assert crashes >= 12  # four commits or more, three steps each


def _remove(folder: Path) -> None:
    """Takes a folder away, though a thread of tantivy's may be putting a last file there."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"{folder} does not go away")


def _fresh(room: Path, engine: str) -> Contents:
    """What an index holds that reads all the articles in one undisturbed run."""
    shutil.rmtree(room / "mới tinh", ignore_errors=True)
    with Index.create(str(room / "mới tinh"), engine) as index:
        report = index.update([str(room / "bài")])
    assert not report.skipped and report.added == report.articles
    return contents(room / "mới tinh")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rebuild_that_dies_at_any_step_leaves_the_old_index_or_the_new_one(room: Path, engine: str) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "trước"), engine) as index:
        index.update([str(articles)])
    old = contents(room / "trước")
    lay(articles, AFTER)
    new = _fresh(room, engine)
    for step in range(100):
        _remove(room / "index")
        shutil.copytree(room / "trước", room / "index")
        status = _forked(lambda step=step: _rebuild_until(room / "index", step))  # type: ignore[misc]
        assert status in (0, CRASHED)
        assert contents(room / "index") in (old, new), f"after a crash before step {step}"
        with Index.open(str(room / "index")) as index:
            index.update()
        assert contents(room / "index") == new, f"after a crash before step {step}"
        generations = [name for name in os.listdir(room / "index") if name.startswith("gen-")]
        assert len(generations) == 1, f"after a crash before step {step}"
        if status == 0:
            break
    assert step > 5


def _rebuild_until(index_path: Path, step: int) -> None:
    steps = 0

    def before(work: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **options: object) -> object:
            nonlocal steps
            if steps == step:
                os._exit(CRASHED)
            steps += 1
            return work(*arguments, **options)

        return counted

    for thing, name in (
        (Manifest, "clear"),
        (Manifest, "add_roots"),
        (Manifest, "announce"),
        (Manifest, "settle"),
        (Folder, "write_meta"),
        (Folder, "drop_generations_except"),
        (Manifest, "drop_other_generations"),
    ):
        setattr(thing, name, before(getattr(thing, name)))
    rebuild(str(index_path))


# --- kill -9

CHILD = """
import sys
from searchvn import Article, Index
with Index.create(sys.argv[1], sys.argv[2]) as index:
    print("open", flush=True)
    index.update([sys.argv[3]], batch_bytes=20_000, on_progress=lambda progress: print(progress.files, flush=True))
"""
WORDS = "đê kênh chợ đình lúa bưởi thuyền trường thầy trò sách hội mưa nắng gió sông núi biển làng xóm quê phố".split()


def _made_up(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize()


def _collection(seed: int) -> Files:
    """160 kB in 46 files; two collections share two thirds of their files."""
    files: dict[str, str | bytes] = {}
    for number in range(44):
        chance = random.Random(number if number % 3 else 1000 * seed + number)
        if number % 11 == seed:
            continue  # every collection lacks some files of the others
        files[f"{number % 4}/{number}.txt"] = f"{_made_up(chance, 6)}\n\n{_made_up(chance, 300)}.\n"
    for name, pack in (("tập.jsonl", bytes), ("nén.jsonl.gz", gzip.compress)):
        chance = random.Random(seed + len(name))
        lines = [
            json.dumps({"id": f"r{number}", "title": _made_up(chance, 5), "text": _made_up(chance, 60)})
            for number in range(50)
            if number % 7 != seed
        ]
        files[name] = pack("\n".join(lines).encode())
    return files


def _killed(room: Path, engine: str, ticks: int, then: float) -> bool:
    """Starts an indexing process and kills it after so many files and seconds. False when it had ended by then."""
    command = [sys.executable, "-c", CHILD, str(room / "index"), engine, str(room / "bài")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(ticks + 1):
            child.stdout.readline()
        time.sleep(then)
        child.kill()
    return child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("engine", "moments"), [("tantivy", 10), ("whoosh", 10)])
def test_an_index_that_is_killed_again_and_again_equals_a_fresh_one(room: Path, engine: str, moments: int) -> None:
    chance = random.Random(29)
    collections = [_collection(seed) for seed in range(3)]
    expected = []
    for collection in collections:
        lay(room / "bài", collection)
        expected.append(_fresh(room, engine))
    now, kills = 0, 0
    for moment in range(moments):
        attempt = (now + chance.choice((1, 2))) % 3
        lay(room / "bài", collections[attempt])
        kills += _killed(room, engine, chance.randrange(44), chance.uniform(0, 0.02))
        if moment % 2:
            now = attempt  # else the sources go back to what they were, or on to something else
        elif moment % 4:
            now = (attempt + 1) % 3
        lay(room / "bài", collections[now])
        with Index.create(str(room / "index"), engine) as index:
            index.update([str(room / "bài")])
            assert index.check()[2:] == ((), 0, 0, 0, 0, 0), f"moment {moment}"
            assert not index.is_building
        assert contents(room / "index") == expected[now], f"moment {moment}"
    assert kills >= moments * 2 // 3
    with Index.open(str(room / "index")) as worn, Index.open(str(room / "mới tinh")) as fresh:
        assert worn.stats().size_bytes < 4 * fresh.stats().size_bytes


# --- one writer at a time

HOLDER = """
import os, sys
from searchvn import Article, Index
with Index.open(sys.argv[1]) as index:
    def hold(progress):
        print(os.getpid(), flush=True)
        sys.stdin.read()
    index.update(on_progress=hold)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_second_writer_is_told_who_writes_and_a_reader_is_not_kept_waiting(room: Path, engine: str) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index"), engine) as index:
        index.update([str(articles)])
        lay(articles, AFTER)
        command = [sys.executable, "-c", HOLDER, str(room / "index")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            pid = int(holder.stdout.readline())
            assert pid == holder.pid
            with pytest.raises(IndexLockedError, match=rf"tiến trình {pid}, từ \d\d:"):
                index.update()
            with pytest.raises(IndexLockedError, match=f"tiến trình {pid}, "):
                index.add([])
            with pytest.raises(IndexLockedError, match=f"tiến trình {pid}, "):
                index.delete(str(articles))
            with pytest.raises(IndexLockedError, match=f"tiến trình {pid}, "):
                rebuild(str(room / "index"))
            assert index.search("phiên chợ").total == 1
            assert len(index) == 11
            holder.kill()
        index.update()
    assert contents(room / "index") == _fresh(room, engine)


# --- ends that are not crashes


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_keeps_what_is_read_and_the_next_run_goes_on(room: Path, engine: str) -> None:
    articles = lay(room / "bài", AFTER)

    def interrupt(progress: Progress) -> None:
        if progress.files == 4:
            raise KeyboardInterrupt

    with Index.create(str(room / "index"), engine) as index:
        with pytest.raises(KeyboardInterrupt):
            index.update([str(articles)], on_progress=interrupt)
        assert index.is_building
        assert len(index) == 9  # of giữ.txt, sửa.txt, tập.jsonl, and the first file in a folder below
        report = index.update()
        assert not index.is_building
    assert (report.added, report.updated, report.unchanged) == (3, 0, 9)
    assert contents(room / "index") == _fresh(room, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_ctrl_c_inside_the_engine_leaves_no_half_article(
    room: Path, engine: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engine was doing is unknown then: the batch goes, and the next run reads it again."""
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index"), engine) as index:
        index.update([str(articles)])
        before = contents(room / "index")
        lay(articles, AFTER)
        kind = type(index._engine)
        whole, calls = kind.add, iter(range(1, 1000))

        def interrupted(self: Engine, article: AnalyzedArticle) -> None:
            if next(calls) == number:
                whole(self, article._replace(terms={name: terms for name, terms in article.terms.items() if terms}))
                raise KeyboardInterrupt
            whole(self, article)

        monkeypatch.setattr(kind, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            index.update()
        monkeypatch.undo()
        assert contents(room / "index") == before
        index.update()
    assert contents(room / "index") == _fresh(room, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_changes_while_a_rebuild_reads_it_is_not_there_twice(
    room: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index"), engine) as index:
        index.update([str(articles)])
    looks = iter(range(1000))

    def restless(path: str) -> Fingerprint:
        found = fingerprint(path)
        return found._replace(mtime_ns=next(looks)) if path.endswith("tập.jsonl") else found

    monkeypatch.setattr("searchvn.indexing.fingerprint", restless)
    report = rebuild(str(room / "index"))
    assert [warning.path for warning in report.warnings] == [str(articles / "tập.jsonl")]
    monkeypatch.undo()
    with Index.open(str(room / "index")) as index:
        assert len(index) == 11
        index.update()
        assert index.check()[2:] == ((), 0, 0, 0, 0, 0)
    assert contents(room / "index") == _fresh(room, engine)


def test_an_index_without_its_meta_is_not_made_anew_over_its_articles(room: Path) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index")) as index:
        index.update([str(articles)])
        index.add([Article("của-ta", "Bài của chương trình", "Không có tệp nào.")])
    (room / "index" / "meta.json").unlink()
    with pytest.raises(IndexDamagedError, match=r"meta\.json"):
        Index.create(str(room / "index"))
    rebuild(str(room / "index"))
    with Index.open(str(room / "index")) as index:
        assert len(index) == 12 and index.get("của-ta")


def test_a_full_disk_ends_the_run_with_one_error_and_loses_nothing(room: Path) -> None:
    """Not a skipped file: the sources can be read well enough."""
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index"), "tantivy") as index:
        index.update([str(articles)])
    before = contents(room / "index")
    lay(articles, AFTER)

    def run_on_a_full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))
        with Index.open(str(room / "index")) as index:
            index.update()

    assert _forked(run_on_a_full_disk) == 1
    held = contents(room / "index")
    assert held._replace(pending=[]) == before
    with Index.open(str(room / "index")) as index:
        index.update()
    assert contents(room / "index") == _fresh(room, "tantivy")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_commit_that_fails_is_not_taken_for_an_unreadable_file(
    room: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "index"), engine) as index:
        commits = 0
        commit = type(index._engine).commit

        def fails_the_second_time(engine: Engine) -> None:
            nonlocal commits
            commits += 1
            if commits == 2:
                raise OSError(28, "No space left on device")
            commit(engine)

        monkeypatch.setattr(type(index._engine), "commit", fails_the_second_time)
        with pytest.raises(IndexFolderError, match=r"không ghi được chỉ mục: .*No space left") as raised:
            index.update([str(articles)], batch_bytes=SMALL_BATCH)
        assert "đĩa" in raised.value.hint
        monkeypatch.undo()
        assert index.is_building
    with Index.open(str(room / "index")) as index:
        index.update()
    assert contents(room / "index") == _fresh(room, engine)
