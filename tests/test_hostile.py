"""Files that are made to hang a run, to fill its memory or to end it: each costs itself alone."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchvn import Index
from searchvn.articles import formats
from searchvn.articles.formats import digest, read_file
from searchvn.articles.records import MAX_DEPTH, read_records
from searchvn.articles.tables import read_table
from searchvn.errors import ArticleError
from searchvn.reports import Extraction, Skipped
from support import lay, quick_folder, run

RECORD = b'{"title": "L\xc3\xbaa", "text": "L\xc3\xbaa tr\xc3\xbang."}\n'


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        yield folder


def refusal(path: object) -> str:
    """Why a file is refused, by whoever only looks at its bytes and by whoever reads it."""
    with pytest.raises(ArticleError) as looked:
        digest(str(path))
    with pytest.raises(ArticleError) as read:
        list(read_file(str(path), "x"))
    assert str(looked.value) == str(read.value)
    return str(read.value)


# --- what is no file


@pytest.mark.parametrize("name", ["ống.txt", "ống.html", "ống.jsonl", "ống.jsonl.gz", "ống.csv"])
def test_a_pipe_is_refused_and_nobody_waits_for_its_writer(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert "không phải tệp thường" in refusal(tmp_path / name)


def test_devices_and_folders_are_refused_whatever_they_are_called(tmp_path: Path) -> None:
    os.symlink("/dev/zero", tmp_path / "vô tận.jsonl")
    os.mkdir(tmp_path / "thư mục.txt")
    assert "không phải tệp thường" in refusal(tmp_path / "vô tận.jsonl")
    assert "không phải tệp thường" in refusal(tmp_path / "thư mục.txt")


def test_a_file_that_cannot_be_read_by_its_ending_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "bảng.xls").symlink_to("không có ở đây")
    assert "chưa đọc được loại tệp này" in refusal(tmp_path / "bảng.xls")


def test_an_article_that_became_a_pipe_stays_in_the_index(room: Path) -> None:
    lay(room / "bài", {"a.txt": "Lúa\n\nLúa trúng.\n", "b.txt": "Ngô\n\nNgô trúng.\n"})
    assert run("index", "--files-from", "-", stdin="bài/a.txt\nbài/b.txt\n".encode()).status == 0
    os.unlink("bài/a.txt")
    os.mkfifo("bài/a.txt")
    assert "không phải tệp thường" in run("index").err
    assert run("query", "lúa", "-l").out == "bài/a.txt\n"
    assert "tệp đã đổi  1" in run("check").out
    assert "không phải tệp thường" in run("show", "bài/a.txt", "--raw").err


# --- archives


@pytest.mark.parametrize("swollen", [b"\n", b"a", b" \n"])
def test_an_archive_that_swells_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swollen: bytes
) -> None:
    monkeypatch.setattr(formats, "MAX_UNPACKED", 1_000_000)
    path = lay(tmp_path, {"a.jsonl.gz": gzip.compress(RECORD + swollen * 1_500_000)}) / "a.jsonl.gz"
    assert "hơn 1 MB và hơn 200 lần cỡ tệp" in refusal(path)


def test_what_articles_pack_to_is_read_however_much_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_UNPACKED", 10_000)
    lines = b"".join(
        b'{"id": %d, "text": "L\xc3\xbaa tr\xc3\xbang v\xe1\xbb\xa5 m\xc3\xb9a."}\n' % n for n in range(5_000)
    )
    path = str(lay(tmp_path, {"a.jsonl.gz": gzip.compress(lines)}) / "a.jsonl.gz")
    assert len(lines) > 10 * 10_000 and len(digest(path)) == 32
    assert sum(isinstance(one, Extraction) for one in read_file(path, "a")) == 5_000


def test_a_small_archive_may_be_of_one_letter(tmp_path: Path) -> None:
    content = gzip.compress(b'{"text": "%s"}' % (b"a" * 1_000_000))
    path = str(lay(tmp_path, {"a.jsonl.gz": content}) / "a.jsonl.gz")
    assert len(content) * formats.MAX_RATIO < 1_000_000 and len(digest(path)) == 32
    assert [isinstance(one, Extraction) for one in read_file(path, "a")] == [True]


def test_an_archive_that_is_cut_short_is_an_error_of_that_file_also_where_nothing_is_written(room: Path) -> None:
    lines = b"".join(json.dumps({"id": n, "text": os.urandom(40).hex()}).encode() + b"\n" for n in range(5_000))
    lay(room / "bài", {"a.jsonl.gz": gzip.compress(lines)[:-100], "b.txt": "Ngô\n\nNgô trúng.\n"})
    ran = run("index", "bài", "--dry-run")
    assert ran.status == 0 and "bài/b.txt" in ran.out
    assert "a.jsonl.gz: không phải tệp gzip, hoặc tệp nén bị hỏng, bị cắt ngang" in ran.err


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
@pytest.mark.parametrize("empty", ["\n", "\r\n", " \t\n", "\x0b\n"])
def test_empty_lines_are_counted_and_nothing_else(form: str, empty: str) -> None:
    """Also across the blocks in which a stream is read, and with blanks before a record."""
    lines = ['{"text": "một"}\n', empty * 70_001, '  {"text": "hai"}\n', empty, '{"text": "ba"}\n', empty * 3, "   "]
    found = list(read_records(io.BytesIO("".join(lines).encode(form)), "a", "a"))
    assert [one.article.id for one in found if isinstance(one, Extraction)] == ["a#1", "a#70003", "a#70005"]
    assert len(found) == 3


@pytest.mark.parametrize("empty", ["\n", "\r\n", "\r", " \n"])
def test_empty_lines_of_a_table_are_counted_and_nothing_else(empty: str) -> None:
    table = f'{empty.strip(" ") * 2}text\n{empty * 9_001}một\n"hai\n\n\nhai"\n{empty}ba\n{empty * 3}'
    found = list(read_table(io.BytesIO(table.encode()), "a", "a"))
    assert [one.article.id for one in found if isinstance(one, Extraction)] == ["a#9005", "a#9006", "a#9011"]
    assert [one.article.body for one in found if isinstance(one, Extraction)] == ["một", "hai\n\n\nhai", "ba"]


# --- records

TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam. §æi míi ph­¬ng thøc l·nh ®¹o cña §¶ng ®èi víi Nhµ n­íc".encode("cp1252")


@pytest.mark.parametrize("text", [TCVN3, b"Lua trung."], ids=["TCVN3", "ASCII"])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, 300, 600, 950, 973, 5_000])
def test_a_record_that_is_nested_too_deep_is_named_and_the_rest_is_read(
    text: bytes, opening: bytes, closing: bytes, depth: int
) -> None:
    nested = opening * depth + (b"1" if closing == b"}" else b"") + closing * depth
    found = list(read_records(io.BytesIO(b'{"text": "' + text + b'", "x": ' + nested + b"}\n" + RECORD), "a", "a"))
    if depth < MAX_DEPTH:
        assert [isinstance(one, Extraction) for one in found] == [True, True]
    else:
        assert found[0] == Skipped("a:1", "JSON lồng nhau quá 100 tầng") and isinstance(found[1], Extraction)


def test_many_lists_beside_each_other_are_not_deep() -> None:
    line = json.dumps({"text": "Lúa [1] [2]", "x": [[[number], {"a": {}}] for number in range(500)]}).encode()
    assert [isinstance(one, Extraction) for one in read_records(io.BytesIO(line), "a", "a")] == [True]


def test_records_from_stdin_that_are_nested_deep_can_be_rebuilt(room: Path) -> None:
    for depth in (99, 200, 969, 971, 973):
        ran = run("index", "-", stdin=b'{"id": "%d", "text": "Lua", "x": %s}\n' % (depth, b"[" * depth + b"]" * depth))
        assert ran.status == 0 and (depth == 99 or "nhau quá 100 tầng" in ran.err) and "lỗi bên trong" not in ran.err
    assert run("index", "--rebuild").status == 0
    assert run("query", "lúa", "-c").out == "1\n"


# --- show --raw


def test_a_file_of_many_articles_is_read_again_once_in_their_order(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps({"id": f"t{number}", "text": f"Lúa {number}"}) for number in range(30)]
    lay(room / "bài", {"tin.jsonl": "\n".join(lines)})
    run("index", "bài")
    opened: list[str] = []

    def noted(path: str, *arguments: object, **options: object) -> Iterator[Extraction | Skipped]:
        opened.append(path)
        return read_file(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("searchvn.articles.workers.read_file", noted)
    raw = run("show", "bài/tin.jsonl", "--raw", "--json")
    with Index.open("index") as index:
        assert [json.loads(line)["id"] for line in raw.out.splitlines()] == [a.id for a in index.get("bài/tin.jsonl")]
    assert len(opened) == 1
    del lines[7]
    lay(room / "bài", {"tin.jsonl": "\n".join(lines)})
    gone = run("show", "bài/tin.jsonl", "--raw")
    assert gone.status == 2 and "bài/tin.jsonl#t7" in gone.err and "không còn bài này" in gone.err
    assert run("show", "bài/tin.jsonl#t8", "--raw").status == 0


def test_of_millions_of_broken_records_only_the_first_are_told(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_TOLD", 3)
    lay(room / "bài", {"tin.jsonl": b"x\n" * 10 + RECORD + b"x\n" * 10})
    found = list(read_file(str(room / "bài" / "tin.jsonl"), "tin.jsonl"))
    assert len(found) == 5 and sum(isinstance(one, Extraction) for one in found) == 1
    assert isinstance(found[-1], Skipped) and "còn 17 bản ghi nữa" in found[-1].reason
