"""What a run is asked for: single records, lists of files, rules of roots, records from a stream, trials."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchvn import Article, Index
from searchvn.articles.manifest import Manifest
from searchvn.articles.rules import Rules
from searchvn.engines.base import Engine
from searchvn.errors import UsageError
from searchvn.folder import Folder
from searchvn.rebuilding import rebuild
from searchvn.reports import IndexReport
from searchvn.updating import Update
from support import ENGINES, contents, lay, quick_folder, run


def article(title: str) -> str:
    return f"{title}\n\nBài này kể chuyện {title.lower()} ở quê.\n"


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


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
    with Index.create("index", engine) as opened:
        yield opened


def titles(index: Index) -> dict[str, str]:
    """The title of every article, by id."""
    return {key: article.title for key, article in contents(index.stats().path).articles.items()}


@pytest.fixture
def written(index: Index, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the articles that a run gives to the engine."""
    ids: list[str] = []
    from searchvn.indexing import Run

    add = Run._add
    monkeypatch.setattr(
        Run, "_add", lambda self, article, *more: (ids.append(article.id), add(self, article, *more))[1]
    )
    return ids


# --- one record of many

MANY = [{"id": f"r{number}", "title": f"Bản tin số {number}", "text": "Nước về đồng."} for number in range(300)]


def test_only_the_records_that_changed_are_written(room: Path, index: Index, written: list[str]) -> None:
    lay(room / "bài", {"tin.jsonl": lines(*MANY)})
    assert counts(index.update(["bài"])) == (300, 0, 0, 0)
    written.clear()
    changed = [*MANY[:150], {**MANY[150], "text": "Nước rút."}, *MANY[152:], {"id": "mới", "title": "Tin mới"}]
    lay(room / "bài", {"tin.jsonl": lines(*changed)})
    assert counts(index.update()) == (1, 1, 1, 298)
    assert written == ["bài/tin.jsonl#r150", "bài/tin.jsonl#mới"]
    before = contents("index")
    rebuild("index")
    assert contents("index") == before
    assert Index.open("index").check().whole


def test_records_change_place_without_being_written_again(room: Path, index: Index, written: list[str]) -> None:
    lay(room / "bài", {"tin.jsonl": lines(*MANY)})
    index.update(["bài"])
    written.clear()
    lay(room / "bài", {"tin.jsonl": lines(*reversed(MANY))})
    assert counts(index.update()) == (0, 0, 0, 300) and not written


def test_where_index_and_manifest_disagree_the_whole_file_is_read(room: Path, index: Index, written: list[str]) -> None:
    lay(room / "bài", {"tin.jsonl": lines(*MANY)})
    index.update(["bài"])
    engine: Engine = index._engine
    engine.delete(["bài/tin.jsonl#r7"])
    engine.commit()
    engine.end_writing()
    written.clear()
    lay(room / "bài", {"tin.jsonl": lines(*MANY, {"id": "mới", "title": "Tin mới"})})
    index.update()
    assert len(written) == 301 and len(index) == 301 and index.check().whole


def test_a_broken_record_takes_its_article_out_and_no_other(room: Path, index: Index) -> None:
    lay(room / "bài", {"tin.jsonl": lines(*MANY[:3])})
    index.update(["bài"])
    first, second, third = lines(*MANY[:3]).splitlines(keepends=True)
    lay(room / "bài", {"tin.jsonl": first + second[:-9] + "\n" + third})
    report = index.update()
    assert counts(report) == (0, 0, 1, 2) and [skipped.path[-12:] for skipped in report.skipped] == ["/tin.jsonl:2"]
    assert set(titles(index)) == {"bài/tin.jsonl#r0", "bài/tin.jsonl#r2"}


# --- lists of files


def test_a_list_names_the_files_to_read_and_they_are_followed_later(room: Path, index: Index) -> None:
    lay(room / "kho", {"a.txt": article("Ao sen"), "b.txt": article("Bến đò"), "c.txt": article("Cầu tre")})
    report = index.update(listed=["kho/a.txt", "kho/b.txt", "kho/không.txt", "kho"])
    assert set(titles(index)) == {"kho/a.txt", "kho/b.txt"}
    assert {skipped.path for skipped in report.skipped} == {"kho/không.txt", "--files-from"}
    lay(room / "bài", {"d.txt": article("Đầm lầy")})
    lay(room / "kho", {"a.txt": article("Ao súng"), "b.txt": article("Bến đò"), "c.txt": article("Cầu tre")})
    assert counts(index.update(["bài"])) == (1, 0, 0, 2)
    assert counts(index.update()) == (0, 1, 0, 2)  # no path: all that is known, also what was once listed
    assert titles(index)["kho/a.txt"] == "Ao súng"
    rebuild("index")
    assert set(titles(index)) == {"kho/a.txt", "kho/b.txt", "bài/d.txt"}


def test_a_listed_file_that_is_gone_goes_when_it_is_listed_again_or_with_prune(room: Path, index: Index) -> None:
    lay(room / "kho", {name: article(f"Chuyện {name}") for name in ("a.txt", "b.txt", "c.txt")})
    index.update(listed=["kho/a.txt", "kho/b.txt", "kho/c.txt"])
    lay(room / "kho", {"c.txt": article("Chuyện c.txt")})
    assert index.update(listed=["kho/a.txt"]).removed == 1
    report = index.update()
    assert report.removed == 0 and "--prune" in report.warnings[0].reason
    assert index.update(prune=True).removed == 1
    assert set(titles(index)) == {"kho/c.txt"}


@pytest.mark.parametrize("end", ["\n", "\0", "\r\n"])
def test_a_list_comes_from_standard_input_one_name_a_line_or_ended_by_nul(room: Path, engine: str, end: str) -> None:
    lay(room / "kho", {"một tin.txt": article("Ao sen"), "b.txt": article("Bến đò")})
    done = run(
        "index", "--files-from", "-", "--engine", engine, stdin=end.join(["kho/một tin.txt", "kho/b.txt"]).encode()
    )
    assert done.status == 0 and done.out.startswith("2 bài từ 2 tệp")
    done = run("index", "--files-from", "không có")
    assert done.status == 2 and "không đọc được danh sách" in done.err


# --- rules


def test_rules_stay_with_their_root(room: Path, index: Index) -> None:
    names = ("a.txt", "b.md", "nháp/c.txt", "nháp/sâu/d.txt")
    lay(room / "bài", {name: article(f"Chuyện {name}") for name in names})
    index.update(["bài"], rules=Rules(exclude=("nháp/",)))
    assert set(titles(index)) == {"bài/a.txt", "bài/b.md"}
    assert counts(index.update()) == counts(index.update(["bài"])) == (0, 0, 0, 2)
    assert counts(index.update(["bài/nháp"])) == (0, 0, 0, 2)  # a part of a root follows its rules
    rebuild("index")
    assert set(titles(index)) == {"bài/a.txt", "bài/b.md"}
    assert index.update(["bài"], rules=Rules(include=("*.txt",))).removed == 1  # left out, not lost: no --prune
    assert set(titles(index)) == {"bài/a.txt", "bài/nháp/c.txt", "bài/nháp/sâu/d.txt"}


def test_a_root_inside_another_keeps_its_own_rules(room: Path, index: Index) -> None:
    lay(room / "bài", {name: article(f"Chuyện {name}") for name in ("a.txt", "b.md", "con/c.txt", "con/d.md")})
    index.update(["bài"], rules=Rules(include=("*.txt",)))
    index.update(["bài/con"], rules=Rules(include=("*.md",)))
    for update in (lambda: index.update(), lambda: index.update(["bài"]), lambda: rebuild("index")):
        update()
        assert set(titles(index)) == {"bài/a.txt", "bài/con/d.md"}


def test_an_ignore_file_takes_out_what_it_names(room: Path, index: Index) -> None:
    files = {name: article(f"Chuyện {name}") for name in ("a.txt", "b.txt", "c.txt")}
    lay(room / "bài", files)
    index.update(["bài"])
    lay(room / "bài", {**files, ".searchvnignore": "b.txt\nc.txt\n"})
    assert counts(index.update()) == (0, 0, 2, 1)
    assert index.check() == (1, 1, (), 0, 0, 0, 0, 0)


def test_a_root_that_gave_nothing_is_not_remembered(room: Path, index: Index) -> None:
    (room / "trống").mkdir()
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    index.update(["trống"])
    assert index.stats().roots == (str(room / "bài"),)


def test_a_file_that_is_named_and_left_out_is_told(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen"), "nháp/c.txt": article("Cầu tre"), "b.rst": "Bến"})
    index.update(["bài"], rules=Rules(exclude=("nháp/",)))
    for name in ("bài/nháp/c.txt", "bài/b.rst"):
        (skipped,) = index.update([name]).skipped
        assert skipped.path == str(room / name) and "bị loại" in skipped.reason


def test_hundreds_of_files_may_be_named(room: Path, index: Index) -> None:
    lay(room / "bài", {f"{number}.txt": article(f"Chuyện {number}") for number in range(600)})
    names = [f"bài/{number}.txt" for number in range(600)]
    assert index.update(names).added == 600
    (room / "bài" / "7.txt").unlink()
    assert counts(index.update()) == (0, 0, 0, 600) and counts(index.update(prune=True)) == (0, 0, 1, 599)
    assert rebuild("index").articles == 599 and Index.open("index").check().whole


def test_a_root_that_has_become_a_link_is_not_followed(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    lay(room / "riêng", {"b.txt": article("Bến đò")})
    index.update(["bài"])
    (room / "bài" / "a.txt").unlink()
    (room / "bài").rmdir()
    (room / "bài").symlink_to(room / "riêng")
    report = index.update()
    assert "liên kết" in report.skipped[0].reason and set(titles(index)) == {"bài/a.txt"}


# --- interrupted and damaged


def test_ctrl_c_at_the_deletion_of_a_file_loses_nothing(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen"), "b.txt": article("Bến đò")})
    index.update(["bài"])
    before = (room / "bài" / "a.txt").read_bytes()
    lay(room / "bài", {"a.txt": article("Ao súng"), "b.txt": article("Bến đò")})
    kind = type(index._engine)
    delete = kind.delete_file

    def interrupted(engine: Engine, file: str) -> None:
        delete(engine, file)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kind, "delete_file", interrupted)
        with pytest.raises(KeyboardInterrupt):
            index.update()
    lay(room / "bài", {"a.txt": before, "b.txt": article("Bến đò")})
    index.update()
    assert set(titles(index)) == {"bài/a.txt", "bài/b.txt"} and index.check().whole


def test_a_listed_file_that_was_left_half_read_is_read_again(room: Path, index: Index) -> None:
    lay(room / "kho", {"tin.jsonl": lines(*MANY[:5])})
    manifest = Manifest("index/manifest.sqlite", 1)
    manifest.announce({"kho/tin.jsonl": True})  # as a run that dies after a commit in the middle of the file
    manifest.close()
    assert index.update().added == 5
    assert index.check() == (5, 1, (), 0, 0, 0, 0, 0)


def test_vanished_files_go_also_after_the_manifest_was_lost(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen"), "b.txt": article("Bến đò"), "c.txt": article("Cầu tre")})
    index.update(["bài"])
    index.add_records(stream({"id": "t1", "title": "Chợ nổi"}))
    index.close()
    (room / "bài" / "a.txt").unlink()
    (room / "index" / "manifest.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    rebuild("index", Update(["bài"]))
    with Index.open("index") as again:
        again.update(prune=True)
        assert set(titles(again)) == {"-#t1", "bài/b.txt", "bài/c.txt"}


def test_a_file_of_records_that_is_cut_short_while_it_is_read_loses_none(
    room: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(room / "bài", {"tin.jsonl": lines(*MANY[:20])})
    index.update(["bài"])
    path = room / "bài" / "tin.jsonl"
    path.write_text(lines({**MANY[0], "text": "Nước rút."}, *MANY[1:20]))
    from searchvn.articles import formats

    def cut(name: str, *arguments: object, **options: object) -> Iterator[object]:
        for count, found in enumerate(formats.read_file(name, *arguments, **options)):  # type: ignore[arg-type]
            yield found
            if not count:
                path.write_text(lines(MANY[0]))
                break

    monkeypatch.setattr("searchvn.articles.workers.read_file", cut)
    index.update()
    assert len(index) == 20


def test_the_rules_of_a_root_may_be_damaged(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    with sqlite3.connect("index/manifest.sqlite") as manifest:
        manifest.execute("UPDATE roots SET rules = '{'")
    for arguments in (["check"], ["stats"], ["index"]):
        done = run(*arguments)
        assert done.status == 2 and "--rebuild" in done.err
    assert run("index", "--rebuild").status == 0 and set(titles(Index.open("index"))) == {"bài/a.txt"}


def test_a_rebuild_reads_what_is_listed_and_prunes_what_was(room: Path, index: Index) -> None:
    lay(room / "kho", {name: article(f"Chuyện {name}") for name in ("a.txt", "b.txt", "c.txt")})
    index.update(listed=["kho/a.txt", "kho/b.txt"])
    (room / "kho" / "a.txt").unlink()
    assert rebuild("index", Update(listed=["kho/c.txt"])).articles == 3
    assert rebuild("index", Update(prune=True)).articles == 2
    assert set(titles(Index.open("index"))) == {"kho/b.txt", "kho/c.txt"}


def test_a_record_and_a_file_whose_ids_are_equal_do_not_take_each_other_out(room: Path, index: Index) -> None:
    files = {"a.jsonl": lines({"id": "x.txt", "title": "Bản ghi"}), "a.jsonl#x.txt": article("Tệp")}
    lay(room / "bài", files)
    index.update(["bài"])
    lay(room / "bài", {**files, "a.jsonl": lines({"id": "x.txt", "title": "Bản ghi mới"})})
    index.update()
    assert len(index) == 2 and index.check().whole


def test_a_program_cannot_take_the_place_of_a_file(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    with pytest.raises(UsageError, match="bài đọc từ tệp"):
        index.add([Article("bài/a.txt", "Bài khác")])


# --- records from a stream


def stream(*records: dict[str, object]) -> io.BytesIO:
    return io.BytesIO(lines(*records).encode())


def test_records_of_a_stream_have_ids_of_their_own(room: Path, index: Index) -> None:
    first = {"id": "t1", "title": "Chợ nổi", "text": "Ghe về chợ."}
    report = index.add_records(stream(first, {"title": "Bản tin không mã", "text": "Trời mưa."}))
    assert counts(report) == (2, 0, 0, 0)
    named, unnamed = sorted(titles(index), reverse=True)
    assert named == "-#t1" and unnamed.startswith("-#") and len(unnamed) == 18
    again = index.add_records(stream({"text": "Trời mưa.", "title": "Bản tin không mã"}, {**first, "text": "Chợ tan."}))
    assert counts(again) == (0, 1, 0, 1)
    assert index.get("t1")[0].body == "Chợ tan." and index.get("t1")[0].path == ""
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    index.update(prune=True)
    rebuild("index")
    assert set(titles(index)) == {named, unnamed, "bài/a.txt"} and Index.open("index").check().whole


def test_an_interrupted_stream_leaves_articles_as_they_were_or_as_they_should_be(room: Path, index: Index) -> None:
    index.add_records(stream({"id": "t1", "title": "Chợ nổi"}, {"id": "t2", "title": "Cầu tre"}))
    manifest = Manifest("index/manifest.sqlite", 1)
    manifest.announce({"-#t1": False, "-#t3": False})
    manifest.settle((), ())
    manifest.close()
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    assert set(titles(index)) == {"-#t1", "-#t2", "bài/a.txt"}
    assert index.check() == (3, 3, (), 0, 0, 0, 0, 0)


def test_articles_of_programs_outlive_a_lost_manifest(room: Path, index: Index) -> None:
    index.add_records(stream({"id": "t1", "title": "Chợ nổi"}))
    lay(room / "bài", {"a.txt": article("Ao sen"), "b.txt": article("Bến đò")})
    index.update(["bài"])
    index.close()
    (room / "index" / "manifest.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    rebuild("index", Update(["bài"]))
    assert set(titles(Index.open("index"))) == {"-#t1", "bài/a.txt", "bài/b.txt"}


def test_standard_input_is_a_path_of_its_own(room: Path, engine: str) -> None:
    record = lines({"id": "t1", "title": "Chợ nổi", "text": "Ghe về chợ."})
    done = run("index", "-", "--engine", engine, stdin=record.encode())
    assert done.status == 0 and done.out.startswith("1 bài")
    assert run("query", "chợ nổi", "--format", "{id}").out == "-#t1\n"
    assert "phải đứng một mình" in run("index", "-", "bài").err


def test_what_came_from_standard_input_is_taken_out_by_its_id_or_at_once(room: Path, engine: str) -> None:
    records = [{"id": f"t{number}", "title": f"Tin {number}"} for number in range(3)]
    run("index", "-", "--engine", engine, stdin=lines(*records).encode())
    assert run("forget", "--", "-#t1").out == "đã bỏ 1 bài\n"
    assert run("forget", "-").out == "đã bỏ 2 bài\n"
    lay(room / "bài", {"tin.jsonl": lines(*records)})
    run("index", "bài")
    assert "cả tệp: searchvn forget bài/tin.jsonl" in run("forget", "bài/tin.jsonl#t1").err


def test_a_check_beside_a_writer_finds_no_damage_in_what_is_under_way(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    manifest = Manifest("index/manifest.sqlite", 1)
    manifest.settle((), ("bài/a.txt",))  # as a reader sees it between two commits
    manifest.close()
    with Folder("index").writing():
        assert index.check().damage == ()
    assert index.check().damage


# --- trials


def test_a_trial_shows_what_would_be_taken_and_writes_nothing(room: Path) -> None:
    story = "Mùa sen nở\nNgày đăng: 05/06/2021\n\nSen nở rộ khắp đầm, người làng chèo thuyền ra hái từ tinh mơ.\n"
    lay(room / "bài", {"a.txt": story, "b.txt": b"\0\1", "nháp/c.txt": article("Cầu tre")})
    done = run("index", "bài", "--dry-run", "--json", "--exclude", "nháp/")
    assert done.status == 0 and "b.txt" in done.err and not os.path.exists("index")
    (taken,) = map(json.loads, done.out.splitlines())
    assert (taken["path"], taken["title"], taken["published"]) == ("bài/a.txt", "Mùa sen nở", "2021-06-05")
    assert {line["kind"] for line in taken["left_out"]} == {"title", "label"}
    assert set(taken["evidence"]) == {"title", "published"}
    shown = run("index", "bài", "--dry-run").out
    assert "tiêu đề: Mùa sen nở" in shown and "ngày đăng: 05/06/2021" in shown
    assert run("index", "bài", "--dry-run", "--include", "*.jsonl").status == 2


def test_a_trial_says_what_a_run_would_say_of_damaged_and_large_files(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(lines(*MANY).encode())
    lay(room / "bài", {"a.txt": article("Ao sen"), "b.jsonl.gz": packed[:-50], "c.txt": article("Dài") * 50})
    monkeypatch.setattr("searchvn.articles.formats.MAX_ARTICLE", 2_000)
    trial = run("index", "bài", "--dry-run")
    assert trial.status == 0 and "a.txt" in trial.out and "b.jsonl.gz" not in trial.out
    real = run("index", "bài")
    said = [line for line in real.err.splitlines() if line.startswith("bỏ qua")]
    assert len(said) == 2 and [line for line in trial.err.splitlines() if line.startswith("bỏ qua")] == said


def test_patterns_that_leave_nothing_are_refused_before_anything_goes(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    with pytest.raises(UsageError, match="không tệp nào"):
        index.update(["bài"], rules=Rules(include=("*.tex",)))
    assert counts(index.update()) == (0, 0, 0, 1)


def test_a_rebuild_knows_the_sources_though_the_manifest_is_lost(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen"), "b.md": article("Bến đò")})
    index.update(["bài"], rules=Rules(include=("*.txt",)))
    index.close()
    os.unlink("index/manifest.sqlite")
    lay(room / "bài", {"a.txt": article("Ao súng"), "b.md": article("Bến đò")})
    assert run("index", "--rebuild").status == 0
    assert titles(Index.open("index")) == {"bài/a.txt": "Ao súng"}
    assert Index.open("index").stats().rules


def test_a_rebuild_sees_through_a_damaged_list_of_roots(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    index.close()
    with sqlite3.connect("index/manifest.sqlite") as manifest:
        manifest.executescript(
            "DROP TABLE roots; CREATE TABLE roots (root, rules); INSERT INTO roots VALUES (NULL, '');"
        )
    assert run("stats").status == 2
    rebuild("index")
    assert set(titles(Index.open("index"))) == {"bài/a.txt"} and Index.open("index").stats().roots == (
        str(room / "bài"),
    )


@pytest.mark.parametrize("damage", [("tantivy", "ta.tivy"), ("whoosh", "whoo h"), ('generation": 1', 'generation": 3')])
def test_a_rebuild_sees_through_a_damaged_meta(room: Path, index: Index, damage: tuple[str, str]) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    index.add_records(stream({"id": "t1", "title": "Chợ nổi"}))
    index.close()
    path = room / "index" / "meta.json"
    path.write_text(path.read_text().replace(*damage))
    rebuild("index")
    assert set(titles(Index.open("index"))) == {"-#t1", "bài/a.txt"}


def test_a_rebuild_that_knows_no_source_any_more_says_so(room: Path, index: Index) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    index.update(["bài"])
    index.close()
    os.unlink("index/manifest.sqlite")
    os.unlink("index/meta.json")
    done = run("index", "--rebuild", "--index", "index")
    assert done.status == 2 and "nêu lại các thư mục" in done.err.lower()
    assert run("index", "bài", "--rebuild").status == 0


def test_an_id_of_standard_input_can_be_typed_as_it_is_printed(room: Path) -> None:
    run("index", "-", stdin=lines({"id": "t1", "title": "Chợ nổi"}).encode())
    assert "Chợ nổi" in run("show", "-#t1").out and json.loads(run("show", "-#t1", "--json").out)["id"] == "-#t1"


def test_advice_names_the_index_that_was_given(room: Path) -> None:
    lay(room / "bài", {"a.txt": article("Ao sen")})
    run("index", "bài", "--index", "kho chỉ mục")
    assert "searchvn stats --index 'kho chỉ mục'" in run("forget", "không", "--index", "kho chỉ mục").err


def test_what_was_left_out_can_be_seen(room: Path) -> None:
    story = "Mùa sen nở\nNgày đăng: 05/06/2021\n\nSen nở rộ khắp đầm, người làng chèo thuyền ra hái từ tinh mơ.\n"
    lay(room / "bài", {"a.txt": story, "b.txt": article("Bến đò")})
    run("index", "bài")
    assert run("show", "bài/a.txt", "--raw").out.splitlines()[-1].endswith("Ngày đăng: 05/06/2021")
    (raw,) = map(json.loads, run("show", "bài/a.txt", "--raw", "--json").out.splitlines())
    assert [(line["number"], line["kind"]) for line in raw["left_out"]] == [(1, "title"), (2, "label")]
    (room / "bài" / "b.txt").unlink()
    gone = run("show", "bài/b.txt", "--raw")
    assert gone.status == 2 and "không còn tệp nguồn" in gone.err


def test_of_a_new_archive_that_is_cut_short_nothing_stays(room: Path, index: Index) -> None:
    whole = gzip.compress(lines(*MANY, {"id": "cuối", "text": os.urandom(200).hex()}).encode())
    lay(room / "bài", {"mới.jsonl.gz": whole[:-100], "khác.txt": "Ngô\n\nNgô trúng mùa.\n"})
    report = index.update(["bài"], batch_bytes=2_000)  # parts of it were committed by then
    assert report.articles == report.added == 1
    assert [Path(skipped.path).name for skipped in report.skipped] == ["mới.jsonl.gz"]
    assert "cắt ngang" in report.skipped[0].reason
    assert index.search("bản tin", total=True).total == 0
    assert index.check().whole and index.check().pending == 0
    lay(room / "bài", {"mới.jsonl.gz": whole})
    assert index.update(["bài"]).added == len(MANY) + 1
