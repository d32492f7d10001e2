"""CSV and TSV: columns by name, rows that are not in order, and what tables are written in."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchvn import Article
from searchvn.articles.formats import digest, read_file
from searchvn.articles.legacy import LEGACY, surface
from searchvn.articles.records import read_records
from searchvn.articles.tables import TAB, read_table
from searchvn.errors import ArticleError
from searchvn.reports import Extraction, Skipped
from support import lay

BENCH = Path(__file__).parents[1] / "bench"

sys.path.insert(0, str(BENCH))
from encoders import written  # noqa: E402 - stands beside the benchmark that uses it too

sys.path.remove(str(BENCH))

TEXT = (
    "Sáng mùng Sáu, phiên chợ đầu năm của xã Hòa Thuỷ họp trở lại bên gốc đa cổ thụ. Người bán bày rổ rau cải, mớ tép, "
    "vài buồng chuối xứ; kẻ mua hỏi giá rồi cười xoà, chẳng mấy ai kỳ kèo. “Được gặp nhau là vui,” bà Nguyễn Thị Ẩn "
    "nói, tay vẫn thoăn thoắt gói bánh. Ở cuối dãy, ông thợ rèn nhóm bễ, tiếng búa gõ đều như nhịp mõ."
)


def rows(
    table: str | bytes, encoding: str | None = None, delimiter: str = "", encodings: list[str] | None = None
) -> list[Article | Skipped]:
    """What is read of a table; what its articles are in is added to `encodings`."""
    data = table if isinstance(table, bytes) else table.encode()
    found = list(read_table(io.BytesIO(data), "tin.csv", "/kho/tin.csv", encoding=encoding, delimiter=delimiter))
    if encodings is not None:
        encodings += [one.encoding for one in found if isinstance(one, Extraction)]
    return [one.article if isinstance(one, Extraction) else one for one in found]


def articles(table: str | bytes, encoding: str | None = None) -> list[Article]:
    found = rows(table, encoding)
    assert not [one for one in found if isinstance(one, Skipped)]
    return [one for one in found if isinstance(one, Article)]


# --- what a row becomes


def test_a_row_is_an_article_with_all_its_fields() -> None:
    table = (
        "Mã,Tiêu đề,Nội dung,Ngày đăng,Tác giả,Nguồn,Link,Lượt xem,Ghi chú\r\n"
        't-1, Lúa  vụ mu\u0300a ,"Lúa trúng.\r\nGiá ""lên"".\n",05/10/2021 07:30,Hoài An,Báo Làng,https://vi-du.example/l,7,\r\n'
    )
    assert articles(table) == [
        Article(
            "tin.csv#t-1", "Lúa vụ mùa", 'Lúa trúng.\nGiá "lên".', record_id="t-1", file="tin.csv", path="/kho/tin.csv",
            published="2021-10-05T07:30", author="Hoài An", source="Báo Làng", url="https://vi-du.example/l",
            extra={"Lượt xem": "7"},
        )
    ]  # fmt: skip


CELLS = st.text(alphabet='aằ ,;\t"\n\r|x', max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.sampled_from([",", ";", TAB]))
def test_a_table_holds_what_the_same_records_hold(values: list[tuple[str, str, str]], delimiter: str) -> None:
    names = ("title", "text", "nơi")
    table, lines = io.StringIO(newline=""), []
    writer = csv.writer(table, delimiter=delimiter)
    for cells in (names, *values):
        writer.writerow(cells)
        lines.append(json.dumps({name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()}))
    found = rows(table.getvalue())
    same = read_records(io.BytesIO("\n".join(lines[1:]).encode()), "tin.csv", "/kho/tin.csv")
    expected = [one.article for one in same if isinstance(one, Extraction)]
    nowhere = {"id": "", "extra": {}}
    assert [one._replace(**nowhere) for one in found if isinstance(one, Article)] == [
        one._replace(**nowhere) for one in expected
    ]


@pytest.mark.parametrize("delimiter", [",", ";", TAB])
def test_the_header_tells_what_stands_between_the_columns(delimiter: str) -> None:
    table = delimiter.join(("Tiêu đề", "Giá", "Nội dung")) + "\n" + delimiter.join(("Lúa", '"1,5; 2\t"', "Trúng."))
    (article,) = articles(table)
    assert (article.title, article.body, article.extra) == ("Lúa", "Trúng.", {"Giá": "1,5; 2"})


def test_names_in_a_header_tell_more_than_signs() -> None:
    (article,) = articles("Tiêu đề;Số (chẵn, lẻ, khác)\nLúa;5\n")
    assert (article.title, article.extra) == ("Lúa", {"Số (chẵn, lẻ, khác)": "5"})


def test_a_row_without_an_id_is_named_by_the_line_it_begins_in() -> None:
    table = 'text\n"một\nhai"\n\n  \n"ba\r\nbốn\n\nnăm"\nsáu'
    assert [article.id for article in articles(table)] == ["tin.csv#2", "tin.csv#6", "tin.csv#10"]
    first, warning, second = rows("id,text\n7,một\n7,hai\n")
    assert isinstance(first, Article) and isinstance(second, Article) and isinstance(warning, Skipped)
    assert (first.id, second.id, second.record_id) == ("tin.csv#7", "tin.csv#3", "7")
    assert warning.path == "/kho/tin.csv:3" and "id “7” đã có ở /kho/tin.csv:2" in warning.reason


def test_columns_without_a_name_and_of_one_name_are_kept_apart() -> None:
    (article,) = articles(",text,ghi chú (5),ghi chú,ghi chú\n0,Bài.,một,hai,ba\n")
    assert article.extra == {"cột 1": "0", "ghi chú (5)": "một", "ghi chú": "hai", "ghi chú (5) (5)": "ba"}


def test_odd_dates_are_told_once_with_the_first_line() -> None:
    *found, warning = rows('text,ngày\n"a\nb",01/12/2021\nc,2021\nd,\ne,sắp tới\n')
    assert [one.published for one in found if isinstance(one, Article)] == ["2021-12-01", None, None, None]
    reason = "2 bản ghi có ngày không đọc được (dòng 4: “2021”): để trống"
    assert warning == Skipped("/kho/tin.csv", reason, kept=True)


# --- tables and rows that cannot be read


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("a,b,ngày\n1,2,3\n", "có “a”, “b”, “ngày”; cần một trong title, tiêu đề, text, body, content, nội dung"),
        ("Lúa trúng mùa\nBài.\n", "có “Lúa trúng mùa”; cần một trong"),
        ("a" * 100 + ",b" * 50, f"có “{'a' * 30}”, “b”, “b (3)”"),
        ("text" + ",b" * 2_000, "bảng có 2.001 cột, nhiều nhất 1.000"),
        ("", "bảng trống"),
        ("\n\n", "bảng trống"),
        ('"title,text\n1,2\n', "dòng tên cột: dấu ngoặc kép không khớp nhau"),
        (b"\x89PNG\r\n\x1a\n\xde", "không có cột tiêu đề hay nội dung"),
    ],
)
def test_a_table_without_the_columns_is_refused_with_those_it_has(table: str | bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        rows(table)
    assert reason in str(raised.value) and len(str(raised.value)) < 400 and "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('Lúa, lúa,"Bài."', "dòng có 3 ô, bảng chỉ có 2 cột"),
        ('"Lúa" và ngô,Bài.', "dấu ngoặc kép không khớp nhau"),
        ('"Lúa\nngô" và khoai,Bài.', "dấu ngoặc kép không khớp nhau, bỏ đến hết dòng 4"),
        (" ,", None),
        ('"","  "', None),
        ("Lúa\0,Bài.", "ký tự NUL"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_is_read(lines: str, reason: str | None) -> None:
    before, *told, after = rows(f"title,text\nMột,A.\n{lines}\nBa,C.\n")
    assert isinstance(before, Article) and isinstance(after, Article) and (before.title, after.title) == ("Một", "Ba")
    assert [one.path for one in told if isinstance(one, Skipped) and not one.kept] == ["/kho/tin.csv:3"] * bool(reason)
    assert all(isinstance(one, Skipped) and reason is not None and reason in one.reason for one in told)
    assert after.id == f"tin.csv#{4 + lines.count(chr(10))}"


def test_a_row_with_too_few_cells_is_read_and_named() -> None:
    warning, article, whole = rows("title,text,author\nLúa,Bài.\nNgô,Bài.,An,,\n")
    assert isinstance(article, Article) and (article.title, article.author) == ("Lúa", None)
    reason = "dòng có 2 ô, thiếu so với 3 cột: các cột sau để trống"
    assert warning == Skipped("/kho/tin.csv:2", reason, kept=True)
    assert isinstance(whole, Article) and whole.author == "An"
    (skipped,) = rows("id,text\n5\n")
    assert isinstance(skipped, Skipped) and "không có chữ nào" in skipped.reason and not skipped.kept


def test_a_quotation_mark_that_is_never_closed_costs_what_comes_after_it() -> None:
    first, skipped = rows('title,text\nMột,A.\nHai,"B.\nBa,C.\nBốn,D.\n')
    assert isinstance(first, Article) and first.title == "Một"
    assert skipped == Skipped("/kho/tin.csv:3", "dấu ngoặc kép không khớp nhau, bỏ đến hết dòng 5")


def test_a_row_that_is_too_long_is_read_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchvn.articles.tables.MAX_ROW", 50)
    first, skipped, last = rows(f"title,text\nMột,A.\nHai,{'x' * 200}\nBa,C.\n")
    assert isinstance(skipped, Skipped) and skipped.path == "/kho/tin.csv:3" and "dài quá" in skipped.reason
    assert isinstance(first, Article) and isinstance(last, Article) and (first.title, last.title) == ("Một", "Ba")


def test_the_lines_of_a_cell_that_is_too_long_are_not_taken_for_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchvn.articles.tables.MAX_ROW", 50)
    lines = "Ngô,B.\n" * 20
    first, skipped = rows(f'title,text\nMột,A.\nHai,"{lines}Ba,C.\n')
    assert isinstance(first, Article) and isinstance(skipped, Skipped) and skipped.path == "/kho/tin.csv:3"
    assert "dấu ngoặc kép không được đóng; phần sau của bảng không đọc được" in skipped.reason


def test_a_header_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchvn.articles.tables.MAX_ROW", 50)
    with pytest.raises(ArticleError, match="dòng tên cột: bản ghi dài quá"):
        rows("text," * 100)


SCRAPS = st.lists(
    st.sampled_from([b'"', b",", b"\n", b"\r", b"\t", b"\0", b"\xff", b"\xc3", "Lúa".encode(), b"a", b" "])
)


@given(st.sampled_from([b"", b"text,id\n", b"\xff\xfe", b'\xef\xbb\xbf"title"\ttext\n']), SCRAPS)
def test_whatever_a_table_holds_no_two_articles_get_one_id(header: bytes, scraps: list[bytes]) -> None:
    try:
        found = rows(header + b"".join(scraps))
    except ArticleError:
        return
    ids = [one.id for one in found if isinstance(one, Article)]
    assert len(set(ids)) == len(ids)


def test_cells_may_be_as_long_as_records() -> None:
    (article,) = articles("text\n" + "Bài dài. " * 100_000)
    assert len(article.body) == 899_999


def test_tabs_need_no_quotes() -> None:
    found = rows('title\ttext\n"Đổi mới" là gì\t"Bài."\n"Lúa\tBài.\n', delimiter=TAB)
    assert isinstance(found[0], Article) and (found[0].title, found[0].body) == ('"Đổi mới" là gì', '"Bài."')
    assert isinstance(found[1], Article) and found[1].title == '"Lúa'
    (article,) = rows("title\ttext\nLúa, ngô; khoai\tBài.\n", delimiter=TAB)
    assert isinstance(article, Article) and article.title == "Lúa, ngô; khoai"


# --- what tables are written in


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_tables_may_be_in_any_form_of_unicode(form: str) -> None:
    encodings: list[str] = []
    table = "Tiêu đề;Nội dung\r\nĐổi mới;Họp làng.\r\n"
    (article,) = rows(table.encode(form), encodings=encodings)
    assert isinstance(article, Article) and (article.title, article.body, article.extra) == ("Đổi mới", "Họp làng.", {})
    expected = {"utf-8-sig": "utf-8", "utf-16": f"utf-16-{sys.byteorder[0]}e"}.get(form, form)
    assert encodings == [expected]


def test_a_row_with_broken_utf_16_is_named_and_the_rest_is_read() -> None:
    table = [line.encode("utf-16-le") for line in ("title,text\n", "Một,A.\n", "Hai,", "B.\n", "Ba,C.\n")]
    table.insert(3, b"\x00\xd8")
    first, skipped, last = rows(b"".join(table))
    assert isinstance(first, Article) and isinstance(last, Article) and (first.title, last.title) == ("Một", "Ba")
    assert skipped == Skipped("/kho/tin.csv:3", "không phải UTF-16-LE hợp lệ")


@pytest.mark.parametrize("name", LEGACY)
def test_rows_and_header_in_a_legacy_encoding_are_recognised(name: str) -> None:
    table = f"Số;Tiêu đề;Nội dung;Nguồn\n1;Chợ quê họp lại;{TEXT.replace(';', ',')};làng\n"
    data, expected = written(table, name)
    for misread in (data, surface(data).encode()):
        encodings: list[str] = []
        (article,) = rows(misread, encodings=encodings)
        assert isinstance(article, Article) and encodings == [name]
        _, title, body, source = expected.split("\n")[1].split(";")
        assert [text.lower() for text in (article.title, article.body, article.source or "")] == [
            text.lower() for text in (title, body, source)
        ]
        assert list(article.extra.values()) == ["1"]


def test_a_row_of_unknown_bytes_is_named_and_one_encoding_may_be_given() -> None:
    table = "title,text\nMột,A.\n".encode() + "Mèo,Mướp ngủ.\n".encode("cp1258", "replace") + b"Ba,C.\n"
    first, skipped, last = rows(table)
    assert isinstance(skipped, Skipped) and skipped.path == "/kho/tin.csv:3" and "--encoding" in skipped.reason
    assert "byte thứ 1 của ô “title”" in skipped.reason
    assert [one.title for one in (first, last) if isinstance(one, Article)] == ["Một", "Ba"]
    _, second, _ = rows(written("title,text\nMột,A.\nMèo,Mướp ngủ.\nBa,C.\n", "vni")[0], "vni")
    assert isinstance(second, Article) and (second.title, second.body) == ("Mèo", "Mướp ngủ.")
    mixed = b"title,text\n" + "Đổi mới,".encode() + b"Ch\xf4\xb8ng.\n"
    (skipped,) = rows(mixed)
    assert isinstance(skipped, Skipped) and "không phải UTF-8 hợp lệ (byte thứ 2 của ô “text”)" in skipped.reason


# --- files


@pytest.mark.parametrize("name", ["tin.csv", "TIN.TSV", "tin.csv.gz", "tin.tsv.gz"])
def test_tables_are_read_by_the_ending_of_their_name(tmp_path: Path, name: str) -> None:
    sign = TAB if "tsv" in name.lower() else ","
    lines = [f"id{sign}text", *(f"{number}{sign}Bài số {number}." for number in range(500))]
    data = "\n".join(lines).encode()
    path = str(lay(tmp_path, {name: gzip.compress(data) if name.endswith("gz") else data}) / name)
    assert len(digest(path)) == 32
    positions: list[int] = []
    found = [one.article.id for one in read_file(path, name, positions.append) if isinstance(one, Extraction)]
    assert found == [f"{name}#{number}" for number in range(500)]
    assert positions == sorted(positions) and positions[-1] == Path(path).stat().st_size
