"""An index follows its sources: what a run reads, keeps and takes out, and what a rebuild carries over."""

from __future__ import annotations

import json
import os
import shutil
import time
import types
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from searchvn import Article, Index
from searchvn.articles import formats
from searchvn.articles.manifest import Manifest
from searchvn.articles.walk import Fingerprint, fingerprint
from searchvn.errors import (
    IndexDamagedError,
    IndexFolderError,
    IndexNotFoundError,
    IndexVersionError,
    NotAnIndexError,
    UsageError,
)
from searchvn.folder import Folder
from searchvn.rebuilding import rebuild
from searchvn.reports import IndexReport, Progress
from searchvn.updating import Update
from support import ENGINES, LONG_AGO, contents, lay, quick_folder


def article(title: str) -> str:
    return f"{title}\n\nBài này kể chuyện {title.lower()} ở quê.\n"


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


FILES = {
    "ao/cá.txt": article("Ao cá nhà chú Tư"),
    "ao/sen.txt": article("Đầm sen giữa làng"),
    "ao/ếch.txt": article("Tiếng ếch đêm mưa"),
    "vườn/bưởi.md": "# Vườn bưởi trĩu quả\n\nBưởi năm nay được giá.\n",
    "tin.jsonl": lines(
        {"id": "n1", "title": "Chợ nổi họp sớm", "text": "Ghe xuồng về chợ từ tinh mơ."},
        {"id": "n2", "title": "Cầu tre lắc lẻo", "text": "Cầu tre được thay bằng cầu xi măng."},
        {"title": "Bản tin không mã", "text": "Bản ghi này không có mã."},
    ),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        yield folder


@pytest.fixture
def index(room: Path, engine: str) -> Iterator[Index]:
    """An index in step with bài/, which holds FILES."""
    lay(room / "bài", FILES)
    with Index.create(str(room / "index"), engine) as opened:
        opened.update([str(room / "bài")])
        yield opened


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


def ids(index: Index) -> set[str]:
    return set(contents(index.stats().path).articles)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read for their articles."""
    names: list[str] = []

    def noted(path: str, *arguments: object, **options: object) -> object:
        names.append(os.path.basename(path))
        return formats.read_file(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("searchvn.articles.workers.read_file", noted)
    return names


# --- following the sources


def test_a_run_counts_articles_that_are_new_changed_gone_and_as_they_were(room: Path, index: Index) -> None:
    lay(
        room / "bài",
        {
            "ao/cá.txt": FILES["ao/cá.txt"],
            "ao/sen.txt": article("Đầm sen tàn"),
            "vườn/bưởi.md": FILES["vườn/bưởi.md"],
            "vườn/cam.txt": article("Vườn cam đầu mùa"),
            "tin.jsonl": lines({"id": "n2", "title": "Cầu xi măng", "text": "Đi lại dễ hơn trước."}),
        },
    )
    report = index.update()
    assert counts(report) == (1, 2, 3, 2)  # of tin.jsonl one is updated and two are removed
    assert (report.articles, report.files, report.skipped, report.warnings) == (5, 5, (), ())
    assert index.search("cầu tre", match_all=True).total == 0
    assert index.search("cầu xi măng", match_all=True).hits[0].id == "bài/tin.jsonl#n2"
    assert counts(index.update()) == (0, 0, 0, 5)


def test_ids_are_places(index: Index) -> None:
    assert ids(index) == {
        "bài/ao/cá.txt", "bài/ao/sen.txt", "bài/ao/ếch.txt", "bài/vườn/bưởi.md",
        "bài/tin.jsonl#n1", "bài/tin.jsonl#n2", "bài/tin.jsonl#3",
    }  # fmt: skip


def test_a_file_outside_the_base_has_its_absolute_path_for_an_id(room: Path, engine: str) -> None:
    lay(room / "xa", {"a.txt": article("Bài ở xa")})
    (room / "kho").mkdir()
    with Index.create("kho/index", engine) as index:
        index.update(["xa"])
        assert ids(index) == {f"{room}/xa/a.txt"}
        (found,) = index.get("xa/a.txt")
        assert found.path == f"{room}/xa/a.txt"


def test_a_rename_is_a_remove_and_an_add(room: Path, index: Index) -> None:
    (room / "bài" / "ao" / "cá.txt").rename(room / "bài" / "vườn" / "cá.txt")
    assert counts(index.update()) == (1, 0, 1, 6)
    assert [hit.id for hit in index.search("ao cá", match_all=True).hits] == ["bài/vườn/cá.txt"]


def test_only_what_changed_is_read_again(room: Path, index: Index, reads: list[str]) -> None:
    index.update()
    os.utime(room / "bài" / "ao" / "cá.txt", (LONG_AGO, LONG_AGO))
    (room / "bài" / "ao" / "ếch.txt").touch()
    data = (room / "bài" / "tin.jsonl").read_bytes()
    (room / "bài" / "tin.jsonl").unlink()
    (room / "bài" / "tin.jsonl").write_bytes(data)
    assert counts(index.update()) == (0, 0, 0, 7)
    assert reads == []
    (room / "bài" / "ao" / "ếch.txt").write_text(article("Tiếng ếch ban ngày"))
    assert counts(index.update()) == (0, 1, 0, 6)
    assert reads == ["ếch.txt"]


def test_a_change_within_one_clock_tick_of_the_last_read_is_noticed(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems count whole seconds: then neither time nor size tells the second writing from the first."""

    def coarse(path: str) -> Fingerprint:
        found = fingerprint(path)
        return Fingerprint(found.size, found.mtime_ns // 10**11 * 10**11, 0, 0)

    monkeypatch.setattr("searchvn.indexing.fingerprint", coarse)
    now = time.time_ns() // 10**11 * 10**11 + 10**9
    monkeypatch.setattr("searchvn.indexing.time", types.SimpleNamespace(
        time_ns=lambda: now, perf_counter=time.perf_counter
    ))  # fmt: skip
    path = room / "bài" / "ao" / "cá.txt"
    first, second = article("Ao cá mùa hạ"), article("Ao cá mùa lễ")
    assert len(first.encode()) == len(second.encode())
    for text in (first, second):
        path.write_text(text)
        os.utime(path, ns=(now, now))
        assert counts(index.update()) == (0, 1, 0, 6)
    path.write_text(first)  # within the tick that the last run was in
    os.utime(path, ns=(now, now))
    now += 10**10
    assert counts(index.update()) == (0, 1, 0, 6)
    assert index.get("bài/ao/cá.txt")[0].title == "Ao cá mùa hạ"


def test_a_file_that_changes_while_it_is_read_is_read_again_by_the_next_run(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = room / "bài" / "tin.jsonl"
    path.write_text(lines({"id": "n1", "title": "Chợ nổi", "text": "Bản đầu."}))

    def rewritten(name: str, *arguments: object, **options: object) -> Iterator[object]:
        for count, found in enumerate(formats.read_file(name, *arguments, **options)):  # type: ignore[arg-type]
            if not count:
                path.write_text(lines({"id": "n9", "title": "Chợ nổi dời chỗ", "text": "Bản sau cùng."}))
            yield found

    monkeypatch.setattr("searchvn.articles.workers.read_file", rewritten)
    report = index.update()
    assert [warning.path for warning in report.warnings] == [str(path)]
    assert index.check().pending == 1 and index.check().whole
    monkeypatch.undo()
    index.update()
    assert [found.record_id for found in index.get(str(path))] == ["n9"]
    assert index.check()[2:] == ((), 0, 0, 0, 0, 0)


def test_roots_are_remembered_and_a_path_limits_the_run(room: Path, index: Index) -> None:
    lay(room / "thêm", {"a.txt": article("Gánh hàng rong")})
    assert counts(index.update(["thêm"])) == (1, 0, 0, 7)
    assert index.stats().roots == (str(room / "bài"), str(room / "thêm"))
    lay(room / "thêm", {"b.txt": article("Tiếng rao đêm")})
    lay(room / "bài", FILES | {"vườn/cam.txt": article("Vườn cam đầu mùa"), "ao/cá.txt": article("Ao cá cạn nước")})
    report = index.update(["bài/vườn"])
    assert counts(report) == (1, 0, 0, 8)
    assert index.get("thêm/a.txt") and not index.get("thêm/b.txt")
    assert index.stats().roots == (str(room / "bài"), str(room / "thêm"))  # bài/vườn is below one
    assert counts(index.update(prune=True)) == (1, 1, 1, 7)
    assert counts(index.update(["bài/ao/cá.txt", "bài/ao/cá.txt"])) == (0, 0, 0, 9)


def test_a_path_that_does_not_exist_is_refused(room: Path, index: Index) -> None:
    with pytest.raises(UsageError, match="không có đường dẫn “nhầm”"):
        index.update(["bài", "nhầm"])
    assert index.stats().roots == (str(room / "bài"),)
    with Index.create("khác/index") as empty, pytest.raises(UsageError, match="chưa biết đọc bài viết ở đâu"):
        empty.update()


def test_a_root_that_is_missing_or_mostly_gone_is_emptied_only_with_prune(room: Path, index: Index) -> None:
    (room / "bài").rename(room / "cất")
    report = index.update()
    assert counts(report) == (0, 0, 0, 7)
    assert [(warning.path, "--prune" in warning.reason) for warning in report.warnings] == [(str(room / "bài"), True)]
    assert "thiếu 5 trong 5 tệp" in report.warnings[0].reason
    lay(room / "bài", {"ao/cá.txt": FILES["ao/cá.txt"], "ao/sen.txt": FILES["ao/sen.txt"]})
    report = index.update()
    assert "thiếu 3 trong 5 tệp" in report.warnings[0].reason and len(index) == 7
    report = index.update(prune=True)
    assert counts(report) == (0, 0, 5, 2) and not report.warnings
    (room / "bài" / "ao" / "sen.txt").unlink()
    assert counts(index.update()) == (0, 0, 1, 1)  # a half is not more than half
    shutil.rmtree(room / "bài")
    assert counts(index.update(prune=True)) == (0, 0, 1, 0)


def test_a_missing_root_inside_another_keeps_its_articles_too(room: Path, engine: str) -> None:
    lay(room / "bài", {f"{n}.txt": article(f"Bài số {n}") for n in range(6)})
    lay(room / "bài" / "đĩa ngoài", {f"{n}.txt": article(f"Ảnh cũ số {n}") for n in range(3)})
    with Index.create("index", engine) as index:
        index.update(["bài/đĩa ngoài"])
        index.update(["bài"])
        assert len(index.stats().roots) == 2
        shutil.rmtree(room / "bài" / "đĩa ngoài")
        report = index.update()
        assert [warning.path for warning in report.warnings] == [str(room / "bài" / "đĩa ngoài")]
        assert (report.removed, len(index)) == (0, 9)
        assert index.update(prune=True).removed == 3


def test_a_folder_that_cannot_be_listed_keeps_its_articles(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = str(room / "bài" / "vườn")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    for report in (index.update(), rebuild("index")):
        assert [skipped.path for skipped in report.skipped] == [closed]
        assert (report.removed, report.articles) == (0, 7)
    with Index.open("index") as reopened:
        assert reopened.get("bài/vườn/bưởi.md")


def test_a_file_that_cannot_be_read_any_more_keeps_its_articles(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    (room / "bài" / "ao" / "cá.txt").write_bytes(b"Ao c\xc3\xa1 \xff h\xe1\xbb\x8fng")
    (room / "bài" / "ao" / "sen.txt").write_bytes(b"")
    report = index.update()
    assert {Path(skipped.path).name for skipped in report.skipped} == {"cá.txt", "sen.txt"}
    assert all("giữ các bài đã có" in skipped.reason for skipped in report.skipped)
    assert (report.removed, report.articles) == (0, 7)
    assert index.get("bài/ao/cá.txt")[0].title == "Ao cá nhà chú Tư"

    def closed(path: str, mode: str, **options: object) -> object:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("searchvn.articles.formats.open", closed, raising=False)
    (room / "bài" / "tin.jsonl").write_text(lines({"text": "Không ai đọc được."}))
    assert len(index.update().skipped) == 3
    assert len(rebuild("index").skipped) == 5
    with Index.open("index") as reopened:
        assert ids(reopened) == ids(index) and len(reopened) == 7
    monkeypatch.undo()
    monkeypatch.chdir(room)
    with Index.open("index") as reopened:
        reopened.update()
        assert [found.body for found in reopened.get("bài/tin.jsonl")] == ["Không ai đọc được."]


def test_hidden_files_and_the_index_itself_are_not_read(room: Path, engine: str) -> None:
    lay(room, {"a.txt": article("Bài thật"), ".nháp.txt": article("Nháp"), ".git/b.txt": article("Của git")})
    with Index.create("index", engine) as index:
        (room / "index" / "gen-1" / "lạc.txt").write_text(article("Lạc vào chỉ mục"))
        assert index.update(["."]).added == 1


def test_progress_is_told_in_files_bytes_and_articles(room: Path, engine: str) -> None:
    lay(room / "bài", FILES)
    told: list[Progress] = []
    with Index.create("index", engine) as index:
        index.update(["bài"], on_progress=told.append)
    sizes = sum(path.stat().st_size for path in (room / "bài").rglob("*") if path.is_file())
    assert (told[-1].files, told[-1].files_total) == (5, 5)
    assert (told[-1].bytes, told[-1].bytes_total, told[-1].articles) == (sizes, sizes, 7)
    assert all(a.bytes <= b.bytes and a.articles <= b.articles for a, b in pairwise(told))


# --- the library


def test_get_takes_an_id_a_record_id_or_a_path(room: Path, index: Index) -> None:
    for key in ("bài/tin.jsonl#n1", "n1"):
        assert [found.title for found in index.get(key)] == ["Chợ nổi họp sớm"]
    for key in ("bài/tin.jsonl", str(room / "bài" / "tin.jsonl"), "./bài/ao/../tin.jsonl"):
        assert {found.record_id for found in index.get(key)} == {"n1", "n2", None}
    assert [index.get(key) for key in ("n", "bài", "", "\udcff")] == [[], [], [], []]


def test_a_program_adds_replaces_and_deletes(room: Path, engine: str) -> None:
    with Index.create("index", engine) as index:
        first = Article("a", "Bến xe mie\u0302\u0300n Tây", "Bến xe đông khách.", author="Hoài An", extra={"số": 1})
        assert index.add([first, Article("b", "Bến cảng", "Cảng cá về khuya.")]) == 2
        (stored,) = index.get("a")
        assert stored == first._replace(title="Bến xe miền Tây", file="a")
        again = [Article("a", "Bến xe mới", "Bến xe dời ra ngoại ô."), Article("c", "Cũ"), Article("c", "Mới")]
        assert index.add(again) == 2
        assert {found.title for found in contents("index").articles.values()} == {"Bến xe mới", "Bến cảng", "Mới"}
        assert index.search("bến xe đông khách", match_all=True).total == 0
        assert index.delete("a") == 1 and index.get("a") == [] and len(index) == 2
        with pytest.raises(UsageError, match="không có gì từ “a”"):
            index.delete("a")
        for bad in ("", "x" * 513, "ặ" * 171):
            with pytest.raises(UsageError, match="512"):
                index.add([Article(bad, "Tên", "Thân")])
        assert index.check()[:3] == (2, 2, ())


def test_what_a_program_added_outlives_runs_and_rebuilds(room: Path, index: Index) -> None:
    index.add(
        [Article("ngoài", "Bài của chương trình", "Không có tệp nào."), Article("bài/không có.txt", "Bài giả tệp")]
    )
    assert counts(index.update()) == (0, 0, 0, 9)
    assert counts(index.update(prune=True)) == (0, 0, 0, 9)
    assert index.check()[2:] == ((), 0, 0, 0, 0, 0)
    before = contents("index")
    rebuild("index", Update(prune=True))
    assert contents("index") == before
    with Index.open("index") as reopened:
        assert counts(reopened.update()) == (0, 0, 0, 9)
        assert reopened.delete("ngoài") == 1


def test_an_index_of_a_programs_articles_alone_can_be_rebuilt(room: Path, engine: str) -> None:
    with Index.create("index", engine) as index:
        index.add([Article("một", "Một mình", "Không có thư mục nào được đọc.")])
    before = contents("index")
    assert rebuild("index").articles == 1
    assert contents("index") == before


def test_forgetting_takes_out_files_and_roots_and_leaves_the_sources(room: Path, index: Index) -> None:
    assert index.delete("bài/tin.jsonl") == 3
    assert index.delete(str(room / "bài" / "ao")) == 3
    assert ids(index) == {"bài/vườn/bưởi.md"} and index.stats().roots == (str(room / "bài"),)
    assert counts(index.update()) == (6, 0, 0, 1)
    assert index.delete("bài") == 7 and index.stats().roots == ()
    assert (room / "bài" / "tin.jsonl").exists() and len(index) == 0
    assert index.check()[2:] == ((), 0, 0, 0, 0, 0)


def test_a_reader_keeps_answering_as_of_when_it_was_opened(room: Path, index: Index) -> None:
    with Index.open("index") as reader:
        lay(room / "bài", FILES | {"ao/cá.txt": article("Hồ nuôi tôm"), "mới.txt": article("Ao cá mới đào")})
        index.update()
        index.update(["bài"], batch_bytes=1)
        assert index.search("ao cá", match_all=True).hits[0].id == "bài/mới.txt"
        (hit,) = reader.search("ao cá", match_all=True).hits
        assert (hit.id, hit.title, len(reader)) == ("bài/ao/cá.txt", "Ao cá nhà chú Tư", 7)
        rebuild("index")
        assert reader.search("ao cá", match_all=True).hits[0].article == hit.article
    with Index.open("index") as reader:
        assert len(reader) == 8


def test_an_index_that_was_open_while_another_wrote_goes_on_from_there(room: Path, index: Index) -> None:
    with Index.open("index") as other:
        lay(room / "bài", FILES | {"mới.txt": article("Ao cá mới đào")})
        other.update()
    assert counts(index.update()) == (0, 0, 0, 8)
    assert index.search("ao cá mới đào", match_all=True).total == 1
    rebuild("index")
    index.add([Article("a", "Thêm sau khi dựng lại")])
    assert len(contents("index").articles) == 9


def test_an_article_of_a_program_that_could_not_be_kept_is_refused(room: Path, index: Index) -> None:
    of_a_file = next(key for key in contents("index").articles if "tin.jsonl#" in key)
    for bad in (
        Article("a", "Tựa", published="2021"),
        Article("a", "Tựa", published="2021-02-30"),
        Article("a", "Tựa", extra={"k": object()}),
        Article(of_a_file, "Tựa"),
    ):
        with pytest.raises(UsageError):
            index.add([bad])
    assert len(index) == 7


def test_only_engines_that_keep_articles_can_be_chosen(room: Path) -> None:
    for make in (lambda: Index.create("khác", "memory"), lambda: rebuild("khác", engine="memory")):
        with pytest.raises(UsageError, match="memory"):
            make()


def test_check_tells_files_that_cannot_be_read_from_new_ones(room: Path, index: Index) -> None:
    (room / "bài" / "hỏng.txt").write_bytes(b"\xff\xff tr\xf4ng")
    assert index.check().new == 1
    assert len(index.update().skipped) == 1
    assert (index.check().new, index.check().skipped) == (0, 1)
    (room / "bài" / "hỏng.txt").write_text("Nay đã đọc được\n\nVườn nhà trồng bưởi.", encoding="utf-8")
    index.update()
    assert index.check() == (8, 6, (), 0, 0, 0, 0, 0)


def test_a_folder_that_is_gone_can_be_pruned_or_forgotten(room: Path, index: Index) -> None:
    shutil.rmtree(room / "bài")
    assert index.update().warnings and len(index) == 7
    report = index.update(prune=True)
    assert (report.removed, report.articles, index.stats().roots) == (7, 0, ())


def test_an_id_may_be_written_as_seen_from_the_working_directory(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inside,) = [hit for hit in contents("index").articles if "tin.jsonl#" in hit][:1]
    monkeypatch.chdir(room / "bài")
    assert [article.id for article in index.get(inside.removeprefix("bài/"))] == [inside]


def test_stats_say_what_there_is(room: Path, index: Index, engine: str) -> None:
    stats = index.stats()
    assert (stats.articles, stats.files, stats.engine, stats.generation) == (7, 5, engine, 1)
    assert stats.path == str(room / "index")
    assert stats.size_bytes == sum(path.lstat().st_size for path in (room / "index").rglob("*") if path.is_file())
    assert len(index) == 7 and index.engine_name == engine and not index.is_building


# --- check


def test_check_counts_what_changed_came_went_and_was_not_finished(room: Path, index: Index) -> None:
    assert index.check() == (7, 5, (), 0, 0, 0, 0, 0)
    changed = {"ao/cá.txt": article("Ao cá cạn nước"), "mới.txt": article("Bài mới"), "mới hơn.md": article("Bài sau")}
    lay(room / "bài", {name: text for name, text in FILES.items() if "ếch" not in name} | changed)
    (room / "bài" / "ao" / "sen.txt").touch()
    manifest = Manifest("index/manifest.sqlite", 1)
    manifest.announce({"bài/vườn/bưởi.md": True})
    manifest.close()
    report = index.check()
    assert report == (7, 5, (), 1, 2, 0, 1, 1) and report.whole
    index.update()
    assert index.check() == (8, 6, (), 0, 0, 0, 0, 0)


def test_check_finds_articles_that_the_manifest_does_not_know_and_the_other_way_round(index: Index) -> None:
    engine = index._engine
    engine.delete_file("bài/tin.jsonl")
    engine.commit()
    report = index.check()
    assert not report.whole
    assert report.damage == (
        "bài/tin.jsonl: có 0 bài trong chỉ mục, theo sổ là 3",
        "chỉ mục có 4 bài, theo sổ là 7",
    )
    rebuild("index")
    with Index.open("index") as rebuilt:
        assert rebuilt.check() == (7, 5, (), 0, 0, 0, 0, 0)
        manifest = Manifest("index/manifest.sqlite", 2)
        manifest.settle((), ["bài/tin.jsonl"])
        manifest.close()
        assert rebuilt.check().damage == ("chỉ mục có 7 bài, theo sổ là 4",)
        # Even so a run doubles nothing.
        rebuilt.update()
        assert rebuilt.check() == (7, 5, (), 0, 0, 0, 0, 0)
    assert len(contents("index").articles) == 7


# --- rebuild


def test_a_rebuild_gives_the_same_index_in_a_new_generation(room: Path, index: Index, engine: str) -> None:
    before = contents("index")
    report = rebuild("index")
    assert (report.articles, report.files, report.added) == (7, 5, 7)
    assert contents("index") == before
    assert Folder("index").meta().generation == 2
    assert [path.name for path in (room / "index").glob("gen-*")] == ["gen-2"]
    other = ENGINES[1 - ENGINES.index(engine)]
    rebuild("index", engine=other)
    assert contents("index") == before and Folder("index").meta()[1:5] == (
        other,
        Folder("index").meta().analysis,
        "ready",
        3,
    )


def test_a_rebuild_follows_the_sources_as_a_run_does(room: Path, index: Index) -> None:
    lay(room / "bài", {name: text for name, text in FILES.items() if "ếch" not in name})
    lay(room / "thêm", {"a.txt": article("Gánh hàng rong")})
    assert rebuild("index", Update(["thêm"])).articles == 7
    with Index.open("index") as rebuilt:
        assert not rebuilt.get("bài/ao/ếch.txt") and rebuilt.get("thêm/a.txt")
    shutil.rmtree(room / "bài")
    report = rebuild("index")
    assert report.articles == 7 and [warning.path for warning in report.warnings] == [str(room / "bài")]
    with Index.open("index") as rebuilt:
        assert rebuilt.get("bài/ao/cá.txt") and rebuilt.check().whole
    assert rebuild("index", Update(prune=True)).articles == 1


@pytest.mark.parametrize(
    "meta", [b"", b"{", b"[]", b'{"format_version": 1}', b'{"format_version": 99}', b"\xff"], ids=repr
)
def test_a_meta_file_that_cannot_be_read_is_mended_by_a_rebuild(
    room: Path, index: Index, engine: str, meta: bytes
) -> None:
    index.add([Article("ngoài", "Bài của chương trình", "Không có tệp nào.")])
    before = contents("index")
    (room / "index" / "meta.json").write_bytes(meta)
    expected = IndexVersionError if b"99" in meta else IndexDamagedError
    with pytest.raises(expected) as raised:
        Index.open("index")
    assert "searchvn index --rebuild" in raised.value.hint
    with pytest.raises(expected):
        Index.create("index")
    rebuild("index")
    assert contents("index") == before
    assert Folder("index").meta().engine == engine


def test_another_analysis_asks_for_a_rebuild(room: Path, index: Index) -> None:
    before = contents("index")
    folder = Folder("index")
    folder.write_meta(folder.meta()._replace(analysis="0"))
    for work in (lambda: Index.open("index"), lambda: Index.create("index"), index.update, lambda: index.add([])):
        with pytest.raises(IndexVersionError) as raised:
            work()
        assert "searchvn index --rebuild" in raised.value.hint
    rebuild("index")
    assert contents("index") == before


def test_a_damaged_manifest_is_mended_by_a_rebuild(room: Path, index: Index) -> None:
    before = contents("index")
    data = (room / "index" / "manifest.sqlite").read_bytes()
    for broken in (b"x" * 5000, data[:4096] + b"\xff" * (len(data) - 4096)):
        (room / "index" / "manifest.sqlite").write_bytes(broken)
        for work in (index.update, index.stats, index.check, lambda: index.add([])):
            with pytest.raises(IndexDamagedError, match=r"manifest\.sqlite"):
                work()
        assert index.search("ao cá").total == 1
        rebuild("index", Update(["bài"]))
        assert contents("index") == before


def test_a_lost_manifest_doubles_nothing(room: Path, index: Index) -> None:
    before = contents("index")
    (room / "index" / "manifest.sqlite").unlink()
    index.update(["bài"])
    assert contents("index") == before


# --- places


def test_what_is_not_an_index_is_told_from_what_is_not_there(room: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=str(room / "index")):
        Index.open()
    (room / "index").mkdir()
    with pytest.raises(IndexNotFoundError):
        Index.open()
    (room / "index" / ".gitkeep").touch()
    with pytest.raises(IndexNotFoundError):
        Index.open()
    lay(room / "ảnh", {"a.png": b"x"})
    (room / "tệp").write_text("x")
    for work in (Index.open, Index.create, rebuild):
        for path, error in (("ảnh", NotAnIndexError), ("tệp", NotAnIndexError), ("tệp/index", IndexFolderError)):
            with pytest.raises(error):
                work(path)
    assert os.listdir("ảnh") == ["a.png"] and (room / "tệp").read_text() == "x"


def test_only_files_that_searchvn_made_are_deleted(room: Path, index: Index) -> None:
    (room / "index" / "ghi chú.txt").write_text("Của người dùng.\n")
    (room / "index" / "gen-x").mkdir()
    rebuild("index")
    assert {"ghi chú.txt", "gen-x", "gen-2"} <= set(os.listdir("index")) and not (room / "index" / "gen-1").exists()


def test_an_index_made_by_another_process_meanwhile_is_not_made_again(
    room: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = Folder.prepare

    def slow(folder: Folder) -> None:
        prepare(folder)
        monkeypatch.undo()
        monkeypatch.chdir(room)
        with Index.create("index", engine) as faster:
            faster.add([Article("a", "Nhanh tay hơn")])

    monkeypatch.setattr(Folder, "prepare", slow)
    lay(room / "corpus", FILES)
    with Index.create("index", engine) as index:
        assert len(index) == 1


def test_an_index_follows_its_folder_when_both_are_moved(room: Path, index: Index) -> None:
    (room / "kho").mkdir()
    for name in ("bài", "index"):
        (room / name).rename(room / "kho" / name)
    with Index.open("kho/index") as moved:
        assert moved.check().whole
        assert {found.id for found in moved.get("kho/bài/tin.jsonl")} == {
            f"bài/tin.jsonl#{n}" for n in ("n1", "n2", "3")
        }
