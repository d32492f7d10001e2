"""Whatever stops a run, and whenever: the next run makes the index equal to one that was never stopped."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from ordeals import (
    IN_STEP,
    aside,
    fresh,
    kill_again_and_again,
    read_while_written,
    rights,
    small_disk,
    someone_else,
    update_again_and_again,
)
from searchvn import Article, Index
from searchvn.articles.manifest import Manifest
from searchvn.articles.walk import Fingerprint, fingerprint
from searchvn.engines.base import Engine
from searchvn.errors import IndexDamagedError, IndexFolderError, IndexLockedError
from searchvn.feeding import Feed
from searchvn.folder import Folder
from searchvn.indexing import Run
from searchvn.models import AnalyzedArticle
from searchvn.rebuilding import rebuild
from searchvn.reports import Progress
from support import ENGINES, Files, Ran, contents, lay, quick_folder, run

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
    expected = fresh(room, engine)
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
            assert index.check()[2:] == IN_STEP, f"after a crash before step {step}"
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


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rebuild_that_dies_at_any_step_leaves_the_old_index_or_the_new_one(room: Path, engine: str) -> None:
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "trước"), engine) as index:
        index.update([str(articles)])
    old = contents(room / "trước")
    lay(articles, AFTER)
    new = fresh(room, engine)
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


# --- kill -9 at random moments, and many rounds


@pytest.mark.parametrize(("engine", "kills"), [("tantivy", 10), ("whoosh", 4)])
def test_an_index_that_is_killed_again_and_again_equals_a_fresh_one(room: Path, engine: str, kills: int) -> None:
    assert kill_again_and_again(room, engine, kills, files=16) < 5 * kills


@pytest.mark.parametrize(("engine", "rounds"), [("tantivy", 24), ("whoosh", 12)])
def test_updates_keep_the_folder_within_twice_a_fresh_one(room: Path, engine: str, rounds: int) -> None:
    assert max(update_again_and_again(room, engine, rounds)) < 2


@pytest.mark.parametrize("engine", ENGINES)
def test_readers_never_see_an_error_or_half_a_commit(room: Path, engine: str) -> None:
    reads, commits = read_while_written(room, engine, 1.0)
    assert reads > 3 and commits > 2


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
    assert contents(room / "index") == fresh(room, engine)


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
    assert contents(room / "index") == fresh(room, engine)


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
    assert contents(room / "index") == fresh(room, engine)


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
        assert index.check()[2:] == IN_STEP
    assert contents(room / "index") == fresh(room, engine)


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


FULL = r"searchvn: (không ghi được|hết chỗ).*đĩa còn chỗ.*\n"


@pytest.mark.parametrize("command", [("index",), ("index", "--rebuild")], ids=" ".join)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_limit_on_files_ends_the_run_with_one_line_and_loses_nothing(
    room: Path, monkeypatch: pytest.MonkeyPatch, engine: str, command: tuple[str, ...]
) -> None:
    """Not a skipped file: the sources can be read well enough. The limit is met in every file that is written."""
    monkeypatch.chdir(room)
    articles = lay(room / "bài", BEFORE)
    with Index.create(str(room / "trước"), engine) as index:
        index.update([str(articles)])
    before = contents(room / "trước")
    lay(articles, AFTER)
    expected = fresh(room, engine)
    ended = 0
    for limit in (100, 4_000, 12_000, 40_000):
        shutil.rmtree("index", ignore_errors=True)
        shutil.copytree("trước", "index")

        def run_in_little_space(limit: int = limit) -> Ran:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            return run(*command)

        ran = aside(run_in_little_space)
        if ran.status == 0:
            continue
        ended += 1
        assert ran.status == 2 and re.fullmatch(FULL, ran.err), (limit, ran.err)
        assert contents("index")._replace(pending=[]) == before, limit
        assert run("index").status == 0
        assert contents("index") == expected, limit
    assert ended >= 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_full_disk_ends_the_run_with_one_line_and_loses_nothing(
    room: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    with small_disk(room / "đĩa") as grow:
        monkeypatch.chdir(room / "đĩa")
        for state in (BEFORE, AFTER):
            lay(Path("bài"), state)
            if state is BEFORE:
                assert run("index", "bài", "--engine", engine).status == 0
                before = contents("index")
        with open("đầy", "wb", buffering=0) as filler, pytest.raises(OSError, match="No space"):
            while True:
                filler.write(b"x" * 1024)
        for command in (("index",), ("index", "--rebuild")):
            ran = aside(lambda command=command: run(*command))  # type: ignore[misc]
            assert ran.status == 2 and re.fullmatch(FULL, ran.err), ran.err
            assert contents("index")._replace(pending=[]) == before
            assert run("query", "phiên chợ", "-c").status == 0
        grow()
        assert run("index").status == 0
        assert contents("index") == fresh(Path.cwd(), engine)


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
        with pytest.raises(IndexFolderError, match=r"không ghi được chỉ mục: .*(No space left|đĩa hết chỗ)") as raised:
            index.update([str(articles)], batch_bytes=SMALL_BATCH)
        assert "đĩa" in raised.value.hint
        monkeypatch.undo()
        assert index.is_building
    with Index.open(str(room / "index")) as index:
        index.update()
    assert contents(room / "index") == fresh(room, engine)


# --- sources that do not keep still


@pytest.mark.parametrize("engine", ENGINES)
def test_files_that_vanish_or_change_while_a_run_reads_are_put_right_by_the_next(room: Path, engine: str) -> None:
    """When the run has come to tập.jsonl, some files are gone, others are new or have grown, and it grows itself."""
    articles = lay(room / "bài", {**BEFORE, "tập.jsonl": "".join(_records(f"{n} con số") for n in range(500))})

    def change(progress: Progress) -> None:
        if progress.articles == 3 + 200:  # giữ.txt, mất.txt, sửa.txt and the first 200 records
            (articles / "thêm/a.txt").unlink()
            (articles / "thêm/b.txt").write_text("Thư viện xã\n\nThư viện xã chuyển nhà.\n")
            (articles / "thêm/c.txt").write_text("Đường hoa\n\nĐường hoa ven đê.\n")
            with (articles / "tập.jsonl").open("a") as stream:
                stream.write(_records("một bản ghi nữa"))

    with Index.create(str(room / "index"), engine) as index:
        report = index.update([str(articles)], on_progress=change)
        assert [skipped.path for skipped in report.skipped] == [str(articles / "thêm/a.txt")]
        read_again = {str(articles / "tập.jsonl"), str(articles / "thêm/b.txt")}
        warned = {warning.path for warning in report.warnings}
        assert str(articles / "tập.jsonl") in warned and warned <= read_again
        assert not index.get(str(articles / "thêm/a.txt"))
        assert index.check().whole
        index.update()
        assert index.check()[2:] == IN_STEP
    assert contents(room / "index") == fresh(room, engine)


def test_an_unmounted_disk_keeps_its_articles_until_prune(room: Path) -> None:
    with small_disk(room / "đĩa"):
        lay(room / "đĩa" / "bài", BEFORE)
        with Index.create(str(room / "index")) as index:
            index.update([str(room / "đĩa"), str(lay(room / "khác", {"x.txt": "Bài khác\n\nỞ chỗ khác.\n"}))])
            before = contents(room / "index")
    with Index.open(str(room / "index")) as index:
        report = index.update()
        assert [(warning.path, "--prune" in warning.reason) for warning in report.warnings] == [
            (str(room / "đĩa"), True)
        ]
    rebuild(str(room / "index"))
    assert contents(room / "index") == before
    with Index.open(str(room / "index")) as index:
        assert index.update(prune=True).removed == 11
        assert len(index) == 1


# --- Ctrl-C, as a user types it


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_says_how_far_a_run_got(room: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.chdir(room)
    lay(room / "bài", AFTER)

    def until_the_fourth_file(*arguments: str) -> Ran:
        whole = Run._seen
        files = iter(range(1, 100))

        def counted(run: Run, size: int) -> None:
            whole(run, size)
            if next(files) == 4:
                os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(Run, "_seen", counted)
        return run(*arguments)

    ran = aside(lambda: until_the_fourth_file("index", "bài", "--engine", engine))
    assert (ran.status, ran.out) == (130, "")
    assert (
        "4 trong 7 tệp" in ran.err and ran.err.count("\n") == 1 and "9 bài" in ran.err and "searchvn index" in ran.err
    )
    assert "từ đầu" not in ran.err
    assert json.loads(run("stats", "--json").out)["articles"] == 9
    assert run("index").status == 0
    assert contents("index") == fresh(room, engine)
    before = contents("index")
    lay(room / "bài", FURTHER)
    ran = aside(lambda: until_the_fourth_file("index", "--rebuild"))
    assert ran.status == 130 and "chỉ mục cũ còn nguyên" in ran.err
    assert contents("index") == before


def _stopped_at_the_fourth_article(*arguments: str, stdin: bytes = b"", in_engine: bool = False) -> Ran:
    """Runs a command with Ctrl-C at its fourth article, while the engine works or between two of its works."""
    whole = Feed.add
    articles = iter(range(1, 100))

    def counted(feed: Feed, article: Article, stored: bytes) -> None:
        if next(articles) == 4:
            with feed._writing() if in_engine else nullcontext():
                os.kill(os.getpid(), signal.SIGINT)
        whole(feed, article, stored)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Feed, "add", counted)
        return run(*arguments, stdin=stdin)


@pytest.mark.parametrize(("in_engine", "kept"), [(False, 3), (True, 0)])
def test_ctrl_c_in_a_large_file_says_what_is_kept_and_what_is_read_again(
    room: Path, monkeypatch: pytest.MonkeyPatch, in_engine: bool, kept: int
) -> None:
    monkeypatch.chdir(room)
    lay(room / "bài", {"a.txt": BEFORE["giữ.txt"], "tập.jsonl": BEFORE["tập.jsonl"]})
    ran = aside(lambda: _stopped_at_the_fourth_article("index", "bài", in_engine=in_engine))
    assert ran.status == 130
    assert f"lần này {kept or 'chưa'} bài" in ran.err
    assert ran.err.endswith("Chạy lại searchvn index để đọc nốt; bài/tập.jsonl được đọc lại từ đầu\n")
    assert json.loads(run("stats", "--json").out)["articles"] == kept
    assert run("index", "bài").out.startswith("6 bài từ 2 tệp")


def test_ctrl_c_in_a_stream_says_to_send_it_again(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room)
    records = str(BEFORE["tập.jsonl"]).encode()
    ran = aside(lambda: _stopped_at_the_fourth_article("index", "-", stdin=records))
    assert ran.status == 130 and "tệp" not in ran.err and "searchvn index -" in ran.err
    assert json.loads(run("stats", "--json").out)["articles"] == 3 and "lần này 3 bài" in ran.err
    assert run("index", "-", stdin=records).out.startswith("5 bài")


# --- folders that cannot be written


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_of_another_user_can_be_searched_and_not_written(
    room: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.chdir(room)
    lay(room / "bài", BEFORE)
    assert run("index", "bài", "--engine", engine).status == 0
    with someone_else(room):
        asked = ("query", "phiên chợ", "-c"), ("check",), ("stats",), ("show", "bài/giữ.txt"), ("terms", "ch")
        for command in asked:
            ran = aside(lambda command=command: run(*command))  # type: ignore[misc]
            assert (ran.status, ran.err) == (0, ""), command
        for command in (("index",), ("index", "--rebuild"), ("forget", "bài/giữ.txt")):
            ran = aside(lambda command=command: run(*command))  # type: ignore[misc]
            assert ran.status == 2 and re.fullmatch(r"searchvn: không ghi được.*quyền.*\n", ran.err), ran.err
    (room / "index" / "gen-1").chmod(0o700)
    with someone_else(room):
        ran = aside(lambda: run("query", "phiên chợ", "-c"))
        assert ran.status == 2 and "quyền" in ran.err and "--rebuild" not in ran.err


def test_a_folder_that_may_not_be_read_is_told_as_what_it_is(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room)
    lay(room / "bài", BEFORE)
    with rights(room, room / "bài", 0):
        ran = aside(lambda: run("index", "bài"))
        assert (ran.status, ran.out) == (2, "") and not (room / "index").exists()
        assert ran.err.startswith("searchvn: bài: không xem được trong thư mục này có gì: không có quyền. ")
        ran = aside(lambda: run("index", "bài/giữ.txt"))
        assert ran.status == 2 and "không xem được “bài/giữ.txt”: không có quyền" in ran.err
    assert run("index", "bài").status == 0
    with rights(room, room / "bài", 0):
        for arguments in (("index",), ("index", "bài"), ("index", "bài/giữ.txt"), ("index", "--prune")):
            ran = aside(lambda arguments=arguments: run(*arguments))  # type: ignore[misc]
            assert ran.status == 0 and "không có quyền; giữ các bài đã có" in ran.err, arguments
            assert ran.err.count("\n") == 1 and "--prune" not in ran.err, arguments
    assert run("index").out.startswith("11 bài")


@pytest.mark.parametrize(("name", "mode"), [("manifest.sqlite", 0o444), ("gen-1", 0o555)])
def test_a_part_of_the_index_that_may_not_be_written_is_named(
    room: Path, monkeypatch: pytest.MonkeyPatch, name: str, mode: int
) -> None:
    monkeypatch.chdir(room)
    lay(room / "bài", BEFORE)
    assert run("index", "bài").status == 0
    lay(room / "bài", AFTER)
    with rights(room, room / "index" / name, mode):
        ran = aside(lambda: run("index"))
    assert ran.status == 2
    assert re.fullmatch(rf"searchvn: không ghi được (vào )?\S+/index/{name}: không có quyền[^a-zA-Z].*\n", ran.err), (
        ran.err
    )
    assert run("index").status == 0 and contents("index") == fresh(room, "tantivy")


def test_an_index_where_no_folder_can_be_made_is_told_as_that(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, exist_ok: bool) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)  # what Linux says of /proc/abc

    monkeypatch.chdir(room)
    lay(room / "bài", BEFORE)
    monkeypatch.setattr("searchvn.folder.os.makedirs", refused)
    for arguments in (("index", "bài"), ("index", "bài", "--rebuild")):
        ran = run(*arguments)
        assert ran.status == 2 and ran.err.startswith(
            f"searchvn: không tạo được thư mục chỉ mục {room}/index: hệ thống"
        )
        assert "tệp không còn" not in ran.err and "--index" in ran.err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_read_only_disk_can_be_searched(room: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    with small_disk(room / "đĩa"):
        monkeypatch.chdir(room / "đĩa")
        lay(Path("bài"), BEFORE)
        assert run("index", "bài", "--engine", engine).status == 0
        subprocess.run(["mount", "-o", "remount,ro", str(room / "đĩa")], check=True)
        assert run("query", "phiên chợ", "-c") == Ran(0, "1\n", "")
        assert run("check").status == 0
        for command in (("index",), ("index", "--rebuild")):
            ran = run(*command)
            assert ran.status == 2 and re.fullmatch(r"searchvn: không ghi được.*chỉ được đọc.*\n", ran.err), ran.err
