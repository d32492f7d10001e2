"""What can be typed: every command, its formats, its exit status, and one line about every bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchvn import Article, Index
from searchvn.folder import Folder
from support import ENGINES, Ran, contents, lay, quick_folder, run

SCRIPT = str(Path(sys.executable).with_name("searchvn"))

ARTICLES = {
    "hội làng.txt": "Hội làng mở sớm\n\nSáng nay dân làng mở hội bên bến sông. Đội vật của làng thắng giải.\n",
    "đổi mới.txt": "Đổi mới cách dạy học\n\nNhà trường đổi mới phương thức dạy học từ đầu năm.\n",
    "khong dau.txt": "Doi moi cach lam an\n\nBa con trong xom doi moi cach lam an, nho do ma co cua de danh.\n",
    "đội bóng.txt": "Đội bóng của thôn\n\nĐội bóng tập mỗi chiều, người mới tới xem rất đông.\n",
    "biển.md": "# Bà Rịa - Vũng Tàu đón khách\n\nKhách về Vũng Tàu tắm biển suốt mùa hè.\n",
    "tin.jsonl": "".join(
        json.dumps(record, ensure_ascii=False) + "\n"
        for record in (
            {
                "id": "t-1", "title": "Lúa vụ mùa", "text": "Lúa vụ mùa năm nay trúng đậm.", "published": "2021-10-05",
                "author": "Hoài An", "source": "Báo Làng", "url": "https://vi-du.example/lua", "loại": ["nông", 1],
            },
            {"id": "t-2", "title": "Lúa giống mới", "text": "Trung tâm giao lúa giống mới cho bà con."},
            {"text": "Giá lúa nhích lên từng ngày."},
        )
    ),
}  # fmt: skip

HOSTILE = Article(
    'hiểm "họa",\t1\n2',
    title='Bẫy\tcột\ndòng "nháy", \\t gạch \x1b[31mđỏ\x1b[0m \u202eđảo\u2066 \x00 \x9b \u2028 =1+1',
    body="Bẫy thứ hai\r\ncó \x1b]0;tên\x07 và\tcột, \\n \u202e và \x00.",
    author='Ông "Phẩy", bà\tTab',
    source="nguồn\nhai dòng\\",
)


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder with articles in bài/ and an index over them in index/."""
    with quick_folder() as folder:
        lay(folder / "bài", ARTICLES)
        with Index.create(str(folder / "index"), request.param) as index:
            index.update([str(folder / "bài")])
            index.add([HOSTILE])
        yield folder


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`place` as the working directory; tests that use it do not change it."""
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working directory of the test's own."""
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        yield folder


def records(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def titles(ran: Ran) -> list[object]:
    return [record["title"] for record in records(ran)]


def said(ran: Ran) -> str:
    """What a command that failed said: one line, no output, exit status 2."""
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("searchvn: ") and ran.err.count("\n") == 1 and ran.err.endswith("\n"), ran.err
    for word in ("Traceback", "lỗi bên trong", "Error", "Invalid", "Missing", "No such", "Option"):
        assert word not in ran.err
    return ran.err.removeprefix("searchvn: ").rstrip("\n")


# --- query: what is found and how it is written


def test_a_marked_query_finds_its_words_and_unaccented_articles_but_no_other_accents(here: Path) -> None:
    ran = run("query", "đổi mới", "--match", "all", "--jsonl")
    assert titles(ran) == ["Đổi mới cách dạy học", "Doi moi cach lam an"]
    assert (ran.status, ran.err) == (0, "")


def test_an_unmarked_query_finds_any_accents_and_highlights_the_words_as_they_stand(here: Path) -> None:
    (hit,) = records(run("query", "phuong thuc", "--jsonl"))
    snippet = hit["snippet"]
    assert isinstance(snippet, str) and isinstance(hit["highlights"], list)
    assert [snippet[start:end] for start, end in hit["highlights"]] == ["phương", "thức"]


def test_hits_lack_words_unless_all_are_asked_for(here: Path) -> None:
    any_word = records(run("query", "đội bóng dạy", "--jsonl"))
    assert [(hit["title"], hit["missing"]) for hit in any_word] == [
        ("Đội bóng của thôn", ["dạy"]),
        ("Đổi mới cách dạy học", ["đội", "bóng"]),
        ("Hội làng mở sớm", ["bóng", "dạy"]),
        ("Doi moi cach lam an", ["bóng", "dạy"]),
    ]
    nothing = run("query", "đội bóng dạy", "--match", "all", "--jsonl")
    assert (nothing.status, nothing.out) == (1, "")


@pytest.mark.parametrize(
    ("diacritics", "found"), [("exact", {"đổi mới.txt"}), ("smart", {"đổi mới.txt", "khong dau.txt"}),
                              ("ignore", {"đổi mới.txt", "khong dau.txt", "đội bóng.txt"})],
)  # fmt: skip
def test_diacritics_count_always_by_the_rules_or_never(here: Path, diacritics: str, found: set[str]) -> None:
    ran = run("query", "đổi mới", "-l", "--diacritics", diacritics)
    assert set(ran.out.splitlines()) == {f"bài/{name}" for name in found}


def test_ranks_go_on_where_the_offset_says(here: Path) -> None:
    whole = records(run("query", "lúa mới", "--jsonl"))
    assert len(whole) >= 4 and [hit["rank"] for hit in whole] == list(range(1, len(whole) + 1))
    assert records(run("query", "lúa mới", "--jsonl", "-n", "2", "--offset", "1")) == whole[1:3]
    beyond = run("query", "lúa mới", "--jsonl", "--offset", "99")
    assert (beyond.status, beyond.out, beyond.err) == (1, "", "")


def test_a_count_is_of_articles_with_all_words_whatever_n_says(here: Path) -> None:
    assert run("query", "lúa", "-c", "-n", "1") == Ran(0, "3\n", "")
    assert run("query", "lúa", "giống", "-c") == Ran(0, "1\n", "")
    assert run("query", "lúa", "cải", "-c") == Ran(1, "0\n", "")


def test_files_are_printed_once_each_all_of_them_unless_n_is_given(here: Path) -> None:
    assert run("query", "lúa", "-l") == Ran(0, "bài/tin.jsonl\n", "")
    both = run("query", "mới", "-l").out.splitlines()
    assert len(both) == len(set(both)) == 4
    assert run("query", "mới", "-l", "-n", "2").out.splitlines() == both[:2]
    assert run("query", "mới", "-l", "-n", "2", "--offset", "1").out.splitlines() == both[1:3]
    assert run("query", "mới", "-0").out == "".join(f"{path}\0" for path in both)
    assert run("query", "cải", "-l") == Ran(1, "", "")


def test_paths_outside_the_working_directory_are_absolute(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "index")
    assert run("query", "lúa", "-l", "--index", str(here / "index")).out == f"{here}/bài/tin.jsonl\n"
    monkeypatch.chdir(here / "bài")
    assert run("query", "lúa", "-l", "--index", "../index").out == "tin.jsonl\n"


def test_an_article_without_a_file_is_counted_and_shown_but_no_path_is_printed_for_it(here: Path) -> None:
    assert run("query", "bẫy", "-c").out == "1\n"
    assert run("query", "bẫy", "-l") == Ran(1, "", "")


def test_plain_is_what_a_pipe_gets_and_holds_nothing_that_moves_a_cursor(here: Path) -> None:
    (hit,) = records(run("query", "bến sông", "--jsonl"))
    assert "bên bến sông." in str(hit["snippet"])
    assert run("query", "bến sông").out == f"bài/hội làng.txt: Hội làng mở sớm\n    {hit['snippet']}\n"
    ran = run("query", "bẫy", "--format", "plain")
    assert ran.out == run("query", "bẫy").out and len(ran.out.splitlines()) == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\u2066]", ran.out)


def test_json_is_one_object_and_its_hits_are_the_lines_of_jsonl(here: Path) -> None:
    ran = run("query", "lúa", "giống", "--json")
    answer = json.loads(ran.out)
    assert list(answer) == ["format_version", "query", "total", "took_ms", "suggestions", "notes", "hits"]
    assert (answer["query"], answer["total"], ran.out.count("\n")) == ("lúa giống", 1, 1)
    assert answer["hits"] == records(run("query", "lúa", "giống", "--format", "jsonl"))
    empty = run("query", "cải", "--format", "json")
    assert (empty.status, json.loads(empty.out)["hits"]) == (1, [])


def test_a_hit_tells_what_its_record_says_and_null_where_it_is_silent(here: Path) -> None:
    hits = {str(hit["id"]): hit for hit in records(run("query", "lúa", "--jsonl"))}
    names = ("record_id", "path", "title", "published", "author", "source")
    assert [hits["bài/tin.jsonl#t-1"][name] for name in names] == [
        "t-1", "bài/tin.jsonl", "Lúa vụ mùa", "2021-10-05", "Hoài An", "Báo Làng",
    ]  # fmt: skip
    assert [hits["bài/tin.jsonl#3"][name] for name in names] == [None, "bài/tin.jsonl", None, None, None, None]


def test_json_escapes_what_could_harm_a_terminal_and_loses_nothing(here: Path) -> None:
    ran = run("query", "bẫy", "--jsonl")
    assert ran.out.count("\n") == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\u2066]", ran.out)
    (hit,) = records(ran)
    assert (hit["id"], hit["title"]) == (HOSTILE.id, HOSTILE.title)
    assert (hit["author"], hit["source"]) == (HOSTILE.author, HOSTILE.source)


COLUMNS = ["rank", "score", "id", "path", "title", "published", "author", "source", "snippet"]
UNESCAPED = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


def unescaped(cell: str) -> str:
    return re.sub(r"\\(?:x(..)|(.))", lambda found: chr(int(found[1], 16)) if found[1] else UNESCAPED[found[2]], cell)


def cells(hit: dict[str, object]) -> list[str]:
    return ["" if hit[name] is None else str(hit[name]) for name in COLUMNS]


@pytest.mark.parametrize("query", ["bẫy", "lúa", "đổi mới"])
def test_tsv_keeps_every_value_under_its_escapes(here: Path, query: str) -> None:
    lines = run("query", query, "--format", "tsv").out.removesuffix("\n").split("\n")
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", line) for line in lines)
    rows = [[unescaped(cell) for cell in line.split("\t")] for line in lines]
    assert rows == [cells(hit) for hit in records(run("query", query, "--jsonl"))]


@pytest.mark.parametrize("query", ["bẫy", "lúa", "đổi mới"])
def test_csv_is_read_back_by_any_csv_reader(here: Path, query: str) -> None:
    header, *rows = csv.reader(io.StringIO(run("query", query, "--format", "csv").out, newline=""))
    assert header == COLUMNS
    expected = [cells(hit) for hit in records(run("query", query, "--jsonl"))]
    assert rows == [[cell.replace("\0", "\ufffd") for cell in row] for row in expected]


def test_a_name_with_a_hyphen_before_it_is_an_exclusion_and_a_note_says_so(here: Path) -> None:
    ran = run("query", "khách", "-Vũng", "--jsonl")
    assert "Bà Rịa - Vũng Tàu đón khách" not in titles(ran)
    assert ran.err.startswith("searchvn: “-Vũng” ") and ran.err.count("\n") == 1
    assert run("query", "--jsonl", "--", "khách", "-Vũng") == ran


def test_in_a_headline_it_is_text_and_a_note_says_so(here: Path) -> None:
    ran = run("query", "Khách đổ về tắm biển suốt mùa hè ở Bà Rịa", "-Vũng", "Tàu", "--jsonl")
    assert titles(ran)[0] == "Bà Rịa - Vũng Tàu đón khách"
    assert ran.err.startswith("searchvn: “-Vũng” ") and "NOT Vũng" in ran.err and ran.err.count("\n") == 1


def test_an_unknown_option_after_the_query_is_an_exclusion_and_a_note_says_so(here: Path) -> None:
    ran = run("query", "đổi", "-q", "--jsonl")
    assert ran.err.startswith("searchvn: “-q” ") and "--" in ran.err and ran.err.count("\n") == 1
    assert ran.out == run("query", "đổi", "NOT", "q", "--jsonl").out


def test_a_word_with_n_is_not_a_number_of_results(here: Path) -> None:
    for word in ("ngô", "năm", "lnh"):
        ran = run("query", "đổi", f"-{word}", "--jsonl")
        assert ran.err.startswith(f"searchvn: “-{word}” không phải tùy chọn") and ran.err.count("\n") == 1
        assert ran.out == run("query", "đổi", "NOT", word, "--jsonl").out
    assert run("query", "đổi", "-n1", "--jsonl") == run("query", "đổi", "-n", "1", "--jsonl")


def test_a_note_about_the_reading_goes_to_standard_error(here: Path) -> None:
    ran = run("query", '"phương thức', "--jsonl")
    assert titles(ran) == ["Đổi mới cách dạy học"]
    assert ran.err.startswith("searchvn: thiếu dấu nháy đóng") and ran.err.count("\n") == 1


# --- queries on standard input


def test_a_bad_line_is_named_and_the_rest_goes_on(here: Path) -> None:
    ran = run("query", "-", "--jsonl", stdin="bến sông\r\n\n  ?!…\ncải\nphương thức\n".encode())
    assert ran.status == 2
    assert [(record["query"], record["title"]) for record in records(ran)] == [
        ("bến sông", "Hội làng mở sớm"),
        ("phương thức", "Đổi mới cách dạy học"),
    ]
    assert list(records(ran)[0])[:2] == ["query", "rank"]
    assert ran.err.startswith("searchvn: dòng 3: ") and ran.err.count("\n") == 1


def test_queries_on_standard_input_end_like_one_query(here: Path) -> None:
    assert run("query", "-", "-c", stdin="lúa\ncải\n".encode()) == Ran(0, "3\tlúa\n0\tcải\n", "")
    assert run("query", "-", "-c", stdin="cải".encode()) == Ran(1, "0\tcải\n", "")
    assert run("query", "-", "--jsonl", stdin=b"") == Ran(1, "", "")
    files = run("query", "-", "-l", stdin="lúa\nbến sông\n".encode()).out
    assert files == "lúa\tbài/tin.jsonl\nbến sông\tbài/hội làng.txt\n"
    header, *rows = run("query", "-", "--format", "csv", stdin="lúa\nbến sông\n".encode()).out.splitlines()
    assert header == ",".join(["query", *COLUMNS]) and len(rows) == 4
    broken = run("query", "-", "--jsonl", stdin=b"b\xe1\xba\xbfn s\xc3\xb4ng \xff\n")
    assert titles(broken) == ["Hội làng mở sớm"]


# --- show, analyze, stats, check, forget


def test_show_takes_an_id_a_record_id_or_a_path(here: Path) -> None:
    by_id = run("show", "bài/tin.jsonl#t-1", "--json")
    assert by_id == run("show", "t-1", "--json")
    article = json.loads(by_id.out)
    assert (article["record_id"], article["url"], article["extra"]) == (
        "t-1", "https://vi-du.example/lua", {"loại": ["nông", 1]},
    )  # fmt: skip
    assert article["body"] == "Lúa vụ mùa năm nay trúng đậm."
    assert len(run("show", "bài/tin.jsonl", "--json").out.splitlines()) == 3
    assert run("show", str(here / "bài" / "biển.md")).out == run("show", "./bài/../bài/biển.md").out


def test_show_is_for_reading(here: Path) -> None:
    ran = run("show", "t-1")
    assert ran.out.splitlines() == [
        "Lúa vụ mùa",
        "05/10/2021 · Báo Làng · Hoài An · https://vi-du.example/lua",
        "bài/tin.jsonl#t-1",
        "",
        "Lúa vụ mùa năm nay trúng đậm.",
    ]
    assert (ran.status, ran.err) == (0, "")
    marked = run("show", "t-1", "--query", "nam nay", "--color", "always").out
    assert re.search("\x1b\\[[0-9;]+mnăm", marked) and "\x1b" not in run("show", "t-1", "--query", "nam nay").out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\u2066]", run("show", HOSTILE.id).out)


def test_analyze_needs_no_index(room: Path) -> None:
    described = json.loads(run("analyze", "Hoà giải", "--json").out)
    assert described["tokens"] == [
        {"text": "Hoà", "start": 0, "end": 3, "exact": "hòa", "folded": "hoa"},
        {"text": "giải", "start": 4, "end": 8, "exact": "giải", "folded": "giai"},
    ]
    assert (described["shingles"], described["bare"]) == (["hoa_giai"], False)
    assert (
        run("analyze", "-", "--json", stdin="Hoa\u0300 giải".encode()).out == run("analyze", "Hoà giải", "--json").out
    )
    assert {"Hoà", "hòa", "hoa"} <= set(run("analyze", "Hoà giải").out.split())


def test_stats_and_check_tell_one_story(here: Path) -> None:
    stats, check = (json.loads(run(command, "--json").out) for command in ("stats", "check"))
    assert stats["articles"] == check["articles"] == 9
    assert stats["files"] == check["files"] == 7
    assert stats["roots"] == [str(here / "bài")] and stats["path"] == str(here / "index")
    assert stats["size_bytes"] == sum(path.lstat().st_size for path in (here / "index").rglob("*") if path.is_file())
    assert check["whole"] and not check["damage"] and run("check").status == 0
    assert "9" in run("stats").out.split()


def test_forget_takes_out_a_file_until_the_next_run(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    assert run("index", "bài").status == 0
    ran = run("forget", "bài/tin.jsonl")
    assert (ran.status, ran.out) == (0, "đã bỏ 3 bài\n")
    assert ran.err.startswith("searchvn: ") and "searchvn index" in ran.err
    assert run("query", "lúa", "-c") == Ran(1, "0\n", "")
    assert json.loads(run("index", "--json").out)["added"] == 3
    assert run("forget", "bài") == Ran(0, "đã bỏ 8 bài\n", "")
    assert json.loads(run("stats", "--json").out)["roots"] == []


def test_damage_is_named_and_check_ends_with_2(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    run("index", "bài")
    folder = Folder("index")
    engine = Index.open("index")._engine
    engine.delete_file("bài/biển.md")
    engine.commit()
    engine.close()
    ran = run("check", "--json")
    assert ran.status == 2 and "bài/biển.md" in json.loads(ran.out)["damage"][0]
    assert run("check").status == 2
    assert run("index", "--rebuild").status == 0
    assert run("check").status == 0 and folder.meta().generation == 2


# --- index


def test_index_says_what_it_did_and_the_second_run_does_nothing(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    first = json.loads(run("index", "bài", "--json").out)
    assert {name: first[name] for name in ("added", "updated", "removed", "unchanged", "articles", "files")} == {
        "added": 8, "updated": 0, "removed": 0, "unchanged": 0, "articles": 8, "files": 6,
    }  # fmt: skip
    assert first["skipped"] == first["warnings"] == []
    second = run("index")
    assert re.fullmatch(r"8 bài từ 6 tệp \(thêm 0, sửa 0, bỏ 0, giữ nguyên 8\) · \d+,\d s\n", second.out)
    assert (second.status, second.err) == (0, "")


def test_without_a_path_the_first_run_reads_corpus(room: Path) -> None:
    lay(room / "corpus", ARTICLES)
    assert run("index").status == 0
    assert run("query", "lúa", "-c").out == "3\n"


def test_the_engine_counts_when_the_index_is_made(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    run("index", "bài", "--engine", "whoosh")
    assert json.loads(run("stats", "--json").out)["engine"] == "whoosh"
    ran = run("index", "--engine", "tantivy")
    assert ran.status == 0 and ran.err.startswith("searchvn: ") and "--rebuild --engine tantivy" in ran.err
    assert json.loads(run("stats", "--json").out)["engine"] == "whoosh"
    assert run("index", "--rebuild", "--engine", "tantivy").status == 0
    assert json.loads(run("stats", "--json").out)["engine"] == "tantivy"
    assert run("query", "lúa", "-c").out == "3\n"


def test_what_cannot_be_read_is_skipped_with_its_reason(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(
        room / "bài",
        {
            **ARTICLES,
            "cấm.txt": "Tệp không được phép đọc.",
            "rỗng.txt": "",
            "hỏng.txt": "Thành ph".encode() + b"\xe1\xbb x",
            "nhị phân.txt": b"GIF89a\0\0",
            "lẫn.jsonl": '{"id":"a","text":"Bài một."}\n{"id":"b","text":\n[1,2]\n{"id":"a","text":"Bài hai."}\n{}\n',
            "trang.html": "<html><body></body></html>",
        },
    )
    with open(room / "bài" / "lớn.txt", "wb") as stream:
        stream.truncate(200_000_000)

    def guarded(path: str, mode: str, **options: Any) -> object:
        if path.endswith("cấm.txt"):
            raise PermissionError(13, "Permission denied", path)
        assert not path.endswith("lớn.txt"), "a file that is too large is not read"
        return open(path, mode, **options)

    monkeypatch.setattr("searchvn.articles.formats.open", guarded, raising=False)
    ran = run("index", "bài", "--json")
    assert ran.status == 0
    report = json.loads(ran.out)
    assert report["added"] == 10  # with both of lẫn.jsonl
    reasons = {skipped["path"]: skipped["reason"] for skipped in report["skipped"]}
    expected = {
        "bài/cấm.txt": "không có quyền",
        "bài/rỗng.txt": "không có chữ",
        "bài/hỏng.txt": "UTF-8",
        "bài/nhị phân.txt": "NUL",
        "bài/lẫn.jsonl:2": "JSON",
        "bài/lẫn.jsonl:3": "đối tượng JSON",
        "bài/lẫn.jsonl:5": "không có chữ",
        "bài/trang.html": "HTML",
        "bài/lớn.txt": "200 MB",
    }
    assert reasons.keys() == expected.keys()
    assert all(part in reasons[path] for path, part in expected.items()), reasons
    (warning,) = report["warnings"]
    assert warning["path"] == "bài/lẫn.jsonl:4" and "bài/lẫn.jsonl:1" in warning["reason"]
    again = run("index", "bài")
    assert again.status == 0 and "bỏ qua: bài/cấm.txt: " in again.err
    assert all(line.startswith(("bỏ qua: ", "chú ý: ")) for line in again.err.splitlines())


# --- bad input: one line that says what to do

NO_INDEX = [
    ("query", "làng"), ("show", "x"), ("stats",), ("check",), ("forget", "bài"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", NO_INDEX, ids=lambda arguments: arguments[0])
def test_without_an_index_every_command_says_how_to_make_one(room: Path, arguments: tuple[str, ...]) -> None:
    assert "searchvn index" in said(run(*arguments))
    lay(room / "index", {"ảnh.png": b"x", "ghi chú.txt": "Không phải chỉ mục."})
    assert "không phải là chỉ mục" in said(run(*arguments))
    assert sorted(os.listdir("index")) == ["ghi chú.txt", "ảnh.png"]


def test_index_refuses_what_it_cannot_use(room: Path) -> None:
    assert "không có đường dẫn “không có”" in said(run("index", "không có"))
    assert not (room / "index").exists()
    (room / "trống").mkdir()
    empty = run("index", "trống")
    assert empty.status == 2 and empty.err.startswith("searchvn: không đọc được bài nào") and empty.err.count("\n") == 1
    lay(room / "khác", {"ghi chú.txt": "Ghi chú của người khác.\n", "tệp": "x"})
    assert "không phải là chỉ mục" in said(run("index", "khác", "--index", "khác"))
    assert "không phải là thư mục" in said(run("index", "khác", "--index", "khác/tệp"))
    assert "không phải là thư mục" in said(run("query", "làng", "--index", "khác/tệp"))
    assert "tantivy, whoosh" in said(run("index", "khác", "--engine", "lucene", "--index", "mới"))
    pdf = run("index", "khác/tệp", "--index", "mới")
    assert pdf.status == 2 and "chưa đọc được loại tệp này" in pdf.err and "lỗi bên trong" not in pdf.err


def test_a_path_that_is_not_unicode_is_refused(room: Path) -> None:
    os.mkdir(b"b\xff")
    (Path(os.fsdecode(b"b\xff")) / "a.txt").write_text("Một bài viết ngắn\n")
    assert "không phải UTF-8" in said(run("index", os.fsdecode(b"b\xff")))
    ran = run("index", ".")
    assert "không phải UTF-8" in ran.err.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["query", ""], "truy vấn trống"),
        (["query", "  "], "truy vấn trống"),
        (["query", "?!", "…"], "truy vấn trống"),
        (["query", os.fsdecode(b"\xff")], "truy vấn trống"),
        (["query", '""'], "truy vấn trống"),
        (["query", "từ " * 5_000], "hơn 1.000 từ"),
        (["query", "làng", "-n", "0"], "số kết quả phải từ 1"),
        (["query", "làng", "-n", "-1"], "số kết quả phải từ 1"),
        (["query", "làng", "-n", "-1", "-l"], "số kết quả phải từ 1"),
        (["query", "làng", "-n", "mười"], "mười"),
        (["query", "làng", "--offset", "-1"], "--offset phải từ 0"),
        (["query", "làng", "--offset", "-1", "-l"], "--offset phải từ 0"),
        (["query", "làng", "--match", "some"], "any hoặc all"),
        (["query", "làng", "--format", "xml"], "xml"),
        (["query", "làng", "--diacritics", "none"], "none"),
        (["query", "làng", "--xếp"], "--xếp"),
        (["query"], "QUERY"),
        (["show", "không có"], "không có bài nào"),
        (["show", os.fsdecode(b"\xff")], "không có bài nào"),
        (["show", "t-1", "--query", "?"], "truy vấn trống"),
        (["forget", "không có"], "không có gì"),
        (["index", "không có"], "không có đường dẫn"),
        (["tìm", "làng"], "tìm"),
    ],
    ids=lambda value: "-".join(value)[:30] if isinstance(value, list) else "",
)
def test_a_bad_value_is_one_line_that_names_it(here: Path, arguments: list[str], part: str) -> None:
    assert part in said(run(*arguments))


def test_without_a_command_help_is_printed(room: Path) -> None:
    ran = run()
    assert ran.err == "" and "query" in ran.out and ran.out == run("--help").out


def test_an_index_of_another_version_asks_to_be_rebuilt_and_is_left_alone(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    run("index", "bài")
    before = contents("index")
    meta = json.loads((room / "index" / "meta.json").read_text())
    for changed in ({"format_version": 99}, {"analysis": "0: title=text"}):
        (room / "index" / "meta.json").write_text(json.dumps(meta | changed))
        for arguments in (("query", "lúa"), ("index",), ("index", "bài"), ("stats",), ("check",), ("forget", "bài")):
            assert "searchvn index --rebuild" in said(run(*arguments))
    (room / "index" / "meta.json").write_text(json.dumps(meta))
    assert contents("index") == before
    for changed in ({"format_version": 99}, {"analysis": "0: title=text"}):
        (room / "index" / "meta.json").write_text(json.dumps(meta | changed))
        assert run("index", "--rebuild").status == 0
        assert contents("index") == before


@pytest.mark.parametrize("engine", ENGINES)
def test_damaged_files_are_one_line_too(room: Path, engine: str) -> None:
    lay(room / "bài", ARTICLES)
    run("index", "bài", "--engine", engine)
    before = contents("index")
    (room / "index" / "meta.json").write_bytes(b"{")
    for arguments in (("query", "lúa"), ("index",), ("stats",)):
        assert "searchvn index --rebuild" in said(run(*arguments))
    assert run("index", "--rebuild").status == 0
    (generation,) = (room / "index").glob("gen-*")
    generation.rename(room / "gen")
    for arguments in (("query", "lúa"), ("index",), ("stats",)):
        assert "searchvn index --rebuild" in said(run(*arguments))
    assert run("index", "--rebuild").status == 0
    data = (room / "index" / "manifest.sqlite").read_bytes()
    for broken in (b"x" * len(data), data[:4096] + b"x" * (len(data) - 4096)):
        (room / "index" / "manifest.sqlite").write_bytes(broken)
        for arguments in (("index",), ("stats",), ("check",)):
            assert "searchvn index --rebuild" in said(run(*arguments))
        assert run("query", "lúa", "-c").out == "3\n"  # searching does without it
        assert run("index", "bài", "--rebuild").status == 0
    assert contents("index") == before
    assert json.loads(run("stats", "--json").out)["engine"] == engine


def test_a_second_writer_is_told_who_holds_the_index(room: Path) -> None:
    lay(room / "bài", ARTICLES)
    run("index", "bài")
    before = contents("index")
    with Folder("index").writing():
        for arguments in (("index",), ("index", "bài", "--rebuild"), ("forget", "bài")):
            assert f"tiến trình {os.getpid()}, từ " in said(run(*arguments))
        assert run("query", "lúa", "-c").out == "3\n"
    assert contents("index") == before


def test_ctrl_c_is_one_line_and_130(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    lay(room / "bài", ARTICLES)
    monkeypatch.setattr(Index, "update", interrupted)
    assert run("index", "bài") == Ran(
        130,
        "",
        ("searchvn: đã dừng theo yêu cầu. Những tệp đã đọc xong còn nguyên; chạy lại searchvn index để đọc nốt\n"),
    )


# --- the console script itself


def script(*arguments: str, **environment: str) -> Ran:
    """Runs the installed script in a process of its own, with nothing in its environment but `environment`."""
    done = subprocess.run([SCRIPT, *arguments], capture_output=True, env=environment, timeout=60, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def shell(line: str) -> Ran:
    done = subprocess.run(["bash", "-c", line, SCRIPT], capture_output=True, timeout=60, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_script_works_in_the_c_locale_and_takes_its_index_from_the_environment(here: Path) -> None:
    index = str(here / "index")
    assert script("query", "bến sông", LC_ALL="C", LANG="C", SEARCHVN_INDEX=index) == run("query", "bến sông")
    assert script("query", "bến sông", SEARCHVN_INDEX="/không/có", LC_ALL="C").status == 2
    ran = script("query", "bến sông", "--index", index, SEARCHVN_INDEX="/không/có")
    assert ran == run("query", "bến sông")


def test_the_script_ends_with_0_1_2(here: Path) -> None:
    assert [script("query", query).status for query in ("lúa", "cải", "?!")] == [0, 1, 2]
    assert script("--version").out == "searchvn 0.1.0\n"


def test_a_closed_pipe_ends_quietly(room: Path) -> None:
    lines = (json.dumps({"title": f"Làng số {n}", "text": "Làng mở hội. " * 30}) for n in range(400))
    lay(room / "bài", {"làng.jsonl": "\n".join(lines)})
    run("index", "bài")
    ran = shell('"$0" query làng --jsonl -n 400 | head -1; echo "${PIPESTATUS[0]}"')
    first, status = ran.out.splitlines()
    assert json.loads(first)["rank"] == 1 and (status, ran.err) == ("0", "")
    assert shell('"$0" query làng -n 1 | true; exit "${PIPESTATUS[0]}"') == Ran(0, "", "")
    rebuilt = shell('"$0" show bài/làng.jsonl | head -1; exit "${PIPESTATUS[0]}"')
    assert (rebuilt.status, rebuilt.err) == (0, "")


def test_closed_and_full_outputs_are_no_reason_for_a_traceback(here: Path) -> None:
    closed = shell('"$0" query lúa >&-')
    assert "Traceback" not in closed.err and closed.status == 0
    assert shell('"$0" query - <&-') == Ran(1, "", "")
    full = shell('"$0" query lúa > /dev/full')
    assert full.status == 2 and full.err.startswith("searchvn: ") and full.err.count("\n") == 1


def test_a_pipeline_of_files_and_queries(here: Path) -> None:
    assert shell('"$0" query mới -0 | xargs -0 grep -l Nhà').out == "bài/đổi mới.txt\n"
    assert shell('printf "lúa\\n?!\\n" | "$0" query - -c').out == "3\tlúa\n"
