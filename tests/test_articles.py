"""Where articles come from: bytes to text, titles, pages, records, ids, and which files are read at all."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import sqlite3
import threading
import time
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchvn import Article
from searchvn.articles import called
from searchvn.articles.drafts import Draft, extraction
from searchvn.articles.encodings import decode
from searchvn.articles.formats import digest, is_readable, read_file
from searchvn.articles.identity import file_key, is_at_or_below, key_path, record_key
from searchvn.articles.plain import read_markdown, read_text
from searchvn.articles.records import read_records
from searchvn.errors import ArticleError
from searchvn.fields import MAX_KEYWORD
from searchvn.reports import Extraction, Skipped
from support import lay


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# --- bytes to text

SENTENCE = "Đường về thôn Thuỷ Hoà\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_dropped(mark: bytes, encoding: str) -> None:
    assert decode(mark + SENTENCE.encode(encoding)) == (SENTENCE, encoding)


@given(st.text(alphabet="aăđiệnHoà\u0300\u0301\u0323\r\n ﬁ½한"))
def test_text_becomes_nfc_with_line_feeds_and_nothing_else_changes(text: str) -> None:
    read = decode(unicodedata.normalize("NFD", text).encode()).text
    assert "\r" not in read and unicodedata.is_normalized("NFC", read)
    assert read == unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert decode(read.encode()) == (read, "utf-8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Th\xe1nh ph", "UTF-8 hợp lệ (byte thứ 2)"),
        (b"\xef\xbb\xbfa\xff", "UTF-8 hợp lệ (byte thứ 4)"),
        (b"x" * 1234 + b"\xc3", "UTF-8 hợp lệ (byte thứ 1.234)"),
        (codecs.BOM_UTF16_LE + b"a", "UTF-16-LE hợp lệ (byte thứ 2)"),
        (b"GIF89a\0\1", "NUL"),
        ("Một bài".encode("utf-16-le"), "NUL"),
    ],
)
def test_bytes_that_are_not_text_are_refused_with_the_place(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        decode(data)
    assert reason in str(raised.value)


# --- titles

LONG_LINE = "Sáng nay, tại nhà văn hóa thôn, bà con đã họp bàn việc nạo vét kênh mương trước mùa mưa, " * 3


def _read(reader: Callable[[str], Draft], text: str) -> tuple[str, str]:
    article = extraction(reader(text)).article
    return article.title, article.body


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Khai mạc hội sách\n\nSáng nay, hội sách mở cửa.", "Khai mạc hội sách"),
        ("\n\n  Khai mạc hội sách  \nSáng nay mở cửa.", "Khai mạc hội sách"),
        ("Người đăng: Ban biên tập\nNgày đăng: 02/03/2021\nLượt xem: 120\nMùa sen nở\n\nBài.", "Mùa sen nở"),
        ("Thứ Ba, 02/03/2021 07:30\nMùa sen nở\nBài.", "Mùa sen nở"),
        ("Chủ nhật, ngày 5-9-2021\n02-03-2021\nMùa sen nở rộ\nBài.", "Mùa sen nở rộ"),
        ("Trang chủ\nMùa sen nở\nBài.", "Mùa sen nở"),
        ("Sen\n\nBài.", "Sen"),
        ("Cập nhật lúc: 07:30\nChuyên mục: Đời sống\nVì sao sen nở muộn?\nBài.", "Vì sao sen nở muộn?"),
        ("VĂN HÓA\n12345\n***\nMùa sen nở\nBài.", "VĂN HÓA"),
        ("***\n12345\nẢnh\nMùa sen nở\nBài.", "Mùa sen nở"),
        (LONG_LINE + "\nMùa sen nở\nBài.", ""),
        ("Sáng nay, hội sách mở cửa.\nNhiều người đến xem.\n", ""),
        ("", ""),
        ("\n \n", ""),
    ],
)
def test_the_title_of_a_plain_text_is_its_first_line_that_reads_like_one(text: str, title: str) -> None:
    found = extraction(read_text(text))
    assert found.article.title == title
    left_out = [line.text.strip() for line in found.left_out]
    assert not title or title in left_out
    kept = [line.strip() for line in found.article.body.split("\n") if line.strip()]
    assert sorted([*kept, *left_out]) == sorted(line.strip() for line in text.split("\n") if line.strip())


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# Vườn bưởi ##\n\nBưởi được giá.\n", "Vườn bưởi", "Bưởi được giá."),
        ("Được mùa\n\n### Vườn bưởi\nBưởi được giá.", "Vườn bưởi", "Được mùa\n\nBưởi được giá."),
        ("Vườn bưởi ven sông\n\n#### Mục nhỏ\nBưởi.", "Vườn bưởi ven sông", "Mục nhỏ\nBưởi."),
        ("#vuonbuoi không phải đề mục.\nBưởi.", "", "#vuonbuoi không phải đề mục.\nBưởi."),
    ],
)
def test_the_title_of_markdown_is_its_first_heading(text: str, title: str, body: str) -> None:
    assert _read(read_markdown, text) == (title, body)


# --- files with one article


def read(path: Path, file: str = "bài.txt") -> list[Article | Skipped]:
    return [found.article if isinstance(found, Extraction) else found for found in read_file(str(path), file)]


def test_a_text_file_is_an_article_named_by_its_place(tmp_path: Path) -> None:
    path = lay(tmp_path, {"a.TXT": "\ufeffHội sách xuân\r\n\r\nHo\u0300i trống khai hội.\r\n"}) / "a.TXT"
    assert read(path, "bài/a.TXT") == [
        Article("bài/a.TXT", "Hội sách xuân", "Hòi trống khai hội.", file="bài/a.TXT", path=str(path))
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rỗng.txt", b"", "không có chữ nào"),
        ("trắng.md", b"\n \t\r\n", "không có chữ nào"),
        ("trắng.html", b"", "HTML"),
        ("ảnh.txt", b"\x89PNG\r\n\x1a\n\xde", "UTF-8"),
        ("ảnh.md", b"\x89PNG\0", "NUL"),
        ("bảng.xls", b"x", "chưa đọc được loại tệp này"),
        ("không đuôi", b"x", "chưa đọc được loại tệp này"),
    ],
)
def test_a_file_without_an_article_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = lay(tmp_path, {name: content}) / name
    with pytest.raises(ArticleError) as raised:
        read(path)
    assert reason in str(raised.value)


def test_a_file_too_large_for_one_article_is_refused_unread(tmp_path: Path) -> None:
    for name in ("lớn.txt", "lớn.jsonl"):
        with open(tmp_path / name, "wb") as stream:
            stream.truncate(200_000_000)
    with pytest.raises(ArticleError) as raised:
        digest(str(tmp_path / "lớn.txt"))
    assert "tệp 200 MB" in str(raised.value) and ".jsonl" in str(raised.value)
    assert len(digest(str(tmp_path / "lớn.jsonl"))) == 32


# --- records


def records(*lines: object) -> list[Article | Skipped]:
    """What is read of lines; those that are not text are written as JSON."""
    data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    found = read_records(io.BytesIO(data), "tin.jsonl", "/kho/tin.jsonl")
    return [one.article if isinstance(one, Extraction) else one for one in found]


def one(record: object) -> Article:
    (article,) = records(record)
    assert isinstance(article, Article)
    return article


def test_a_record_is_an_article_with_all_its_fields() -> None:
    record = {
        "id": "t-1", "title": " Lúa\nvụ mu\u0300a ", "text": "Lúa trúng.\r\nGiá lên.\n",
        "published": "2021-10-05 07:30", "author": ["Hoài An", "Thu Vân"], "source": "Báo Làng",
        "url": "https://vi-du.example/lua", "lượt xem": 7, "thẻ": ["a", None],
    }  # fmt: skip
    assert one(record) == Article(
        "tin.jsonl#t-1", "Lúa vụ mùa", "Lúa trúng.\nGiá lên.", record_id="t-1", file="tin.jsonl", path="/kho/tin.jsonl",
        published="2021-10-05T07:30", author="Hoài An, Thu Vân", source="Báo Làng", url="https://vi-du.example/lua",
        extra={"lượt xem": 7, "thẻ": ["a", None]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "title", "body"),
    [
        ({"text": "Thân bài."}, "", "Thân bài."),
        ({"body": "Thân bài."}, "", "Thân bài."),
        ({"text": "Thân bài.", "body": "Bản khác."}, "", "Thân bài."),
        ({"text": "", "body": "Thân bài."}, "", "Thân bài."),
        ({"text": None, "body": ["Đoạn một.", "Đoạn hai."]}, "", "Đoạn một.\nĐoạn hai."),
        ({"title": "Chỉ có tên"}, "Chỉ có tên", ""),
    ],
)
def test_the_body_is_text_or_body(record: object, title: str, body: str) -> None:
    assert (one(record).title, one(record).body) == (title, body)


ISO_DATES = (
    "2021-12-01", "2021-12-01T07:30", "2021-12-01T07:30:05",
    "2021-12-01T07:30:05.25+07:00", "2020-02-29T00:00Z",
)  # fmt: skip


@pytest.mark.parametrize("date", ISO_DATES)
def test_a_date_in_iso_form_is_taken_as_it_stands(date: str) -> None:
    for name in ("published", "date"):
        article = one({"text": "Bài.", name: date.replace("T", " ")})
        assert (article.published, article.extra) == (date, {})


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("01/12/2021", "2021-12-01"),
        ("Thứ sáu, 01/04/2022 09:35", "2022-04-01T09:35"),
        ("ngày 5 tháng 9 năm 2021", "2021-09-05"),
    ],
)
def test_a_written_date_is_read_day_first(date: str, published: str) -> None:
    article = one({"text": "Bài.", "date": date})
    assert (article.published, article.extra) == (published, {})


NO_DATES = ("hôm qua", "2021", "2021-02-30", "2021-13-01", "2021-12-01T25:00", "31/02/2021", 20211201)


@pytest.mark.parametrize("date", NO_DATES)
def test_what_is_no_date_stays_with_the_unknown_fields_and_is_told(date: object) -> None:
    article, warning = records({"text": "Bài.", "date": date})
    assert isinstance(article, Article) and (article.published, article.extra) == (None, {"date": date})
    reason = f"1 bản ghi có ngày không đọc được (dòng 1: “{date}”): để trống"
    assert warning == Skipped("/kho/tin.jsonl", reason, kept=True)


def test_odd_dates_are_told_once_a_file() -> None:
    dates = ["", "01/12/2021", "2021", " ", "x" * 100, None, "sắp tới"]
    *articles, warning = records(*({"text": "Bài.", "date": date} for date in dates))
    assert [isinstance(article, Article) for article in articles] == [True] * 7
    reason = "3 bản ghi có ngày không đọc được (dòng 3: “2021”): để trống"
    assert warning == Skipped("/kho/tin.jsonl", reason, kept=True)


def test_the_first_name_with_a_value_gives_a_field_and_nothing_else_is_lost() -> None:
    article = one({"date": "02/03/2021", "published": "sắp tới", "body": "Hai.", "text": "Một.", "Nội dung": "Ba."})
    assert (article.body, article.published) == ("Một.", "2021-03-02")
    assert article.extra == {"published": "sắp tới", "body": "Hai.", "Nội dung": "Ba."}


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (["title", "TITLE", " Tiêu đề ", "tieu_de", "tiêu_đề", nfd("Tiêu đề"), "headline", "TIÊU ĐỀ"], "title"),
        (["text", "body", "content", "Nội dung", "noi_dung", "noi dung", "Toàn văn"], "body"),
        (["published", "date", "Ngày", "ngay_dang", "published_at", "datePublished", "pubDate"], "published"),
        (["author", "Tác giả", "tac_gia", "authors"], "author"),
        (["source", "Nguồn", "nguon", "site-name"], "source"),
        (["url", "link", "Liên kết", "permalink"], "url"),
        (["id", "ID", "Mã", "article_id"], "record_id"),
    ],
)
def test_a_field_has_many_names(names: list[str], field: str) -> None:
    value = "2021-03-02" if field == "published" else "t1"
    for name in names:
        article = one({"lượt xem": 5, name: value, **({} if field in ("title", "body") else {"text": "Bài."})})
        assert (getattr(article, field), article.extra) == (value, {"lượt xem": 5}), name


def test_values_no_field_can_take_are_kept_as_they_are() -> None:
    record = {"text": "Bài.", "id": {"a": 1}, "title": 5, "author": {"tên": "Hoài An"}, "url": [1], "source": ""}
    article = one(record)
    assert (article.id, article.record_id, article.title, article.author) == ("tin.jsonl#1", None, "", None)
    assert article.extra == {"id": {"a": 1}, "title": 5, "author": {"tên": "Hoài An"}, "url": [1]}


def test_numbers_that_json_cannot_hold_become_null() -> None:
    article = one(b'{"text": "B\xc3\xa0i.", "a": NaN, "b": [1e999, -Infinity], "c": 1.5, "d": 12345678901234567890}')
    assert article.extra == {"a": None, "b": [None, None], "c": 1.5, "d": 12345678901234567890}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "JSON hợp lệ (cột 2)"),
        (b'{"text": "a"} {"text": "b"}', "JSON hợp lệ (cột 15)"),
        (b"kh\xc3\xb4ng ph\xe1\xba\xa3i JSON", "JSON hợp lệ"),
        (b'{"text": "\xff"}', "UTF-8 hợp lệ (byte thứ 10 của dòng)"),
        (b"[1, 2]", "không phải là một đối tượng JSON"),
        (b"null", "không phải là một đối tượng JSON"),
        (b'"chu"', "không phải là một đối tượng JSON"),
        (b"{}", "không có chữ nào"),
        (b'{"id": "x", "text": " \\n "}', "không có chữ nào"),
        (b"[" * 100_000, "JSON"),
        (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "JSON"),
    ],
    ids=lambda value: value[:20].decode("latin1") if isinstance(value, bytes) else "",
)
def test_a_broken_line_is_named_and_the_rest_is_read(line: bytes, reason: str) -> None:
    before, skipped, after = records({"text": "Một."}, b"", line, {"text": "Ba."})
    assert isinstance(skipped, Skipped) and skipped.path == "/kho/tin.jsonl:3" and reason in skipped.reason
    assert [article.id for article in (before, after) if isinstance(article, Article)] == ["tin.jsonl#1", "tin.jsonl#4"]


def test_a_record_that_is_too_long_is_read_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchvn.articles.records.MAX_RECORD", 50)
    first, skipped, last = records({"text": "Một."}, {"text": "Dài. " * 40}, {"text": "Ba."})
    assert isinstance(skipped, Skipped) and skipped.path == "/kho/tin.jsonl:2" and "dài" in skipped.reason
    assert [article.id for article in (first, last) if isinstance(article, Article)] == ["tin.jsonl#1", "tin.jsonl#3"]


def test_of_two_records_with_one_id_the_second_is_named_with_both_places() -> None:
    first, warning, second = records({"id": "a", "text": "Một."}, {"id": "a", "text": "Hai."})
    assert isinstance(warning, Skipped) and warning.path == "/kho/tin.jsonl:2"
    assert "“a”" in warning.reason and "/kho/tin.jsonl:1" in warning.reason
    assert isinstance(first, Article) and (first.id, first.record_id) == ("tin.jsonl#a", "a")
    assert isinstance(second, Article) and (second.id, second.record_id) == ("tin.jsonl#2", "a")


def test_an_id_that_names_the_line_of_another_record_is_told_as_a_name_and_is_still_found() -> None:
    first, warning, second = records({"text": "Một."}, {"id": "1", "text": "Hai."})
    assert isinstance(warning, Skipped) and warning.path == "/kho/tin.jsonl:2" and warning.kept
    assert warning.reason.startswith("“1” đã là tên của bài ở /kho/tin.jsonl:1;")  # which has no id
    assert isinstance(first, Article) and (first.id, first.record_id) == ("tin.jsonl#1", None)
    assert isinstance(second, Article) and (second.id, second.record_id) == ("tin.jsonl#2", "1")


OWN_IDS = st.one_of(st.none(), st.integers(1, 6), st.sampled_from(["1", "2", "2+", "a", " ", "\ud800", "é", "e\u0301"]))


@given(st.lists(OWN_IDS))
def test_no_two_records_ever_get_one_id(own: list[object]) -> None:
    found = [r for r in records(*({"text": "Bài.", "id": value} for value in own)) if isinstance(r, Article)]
    assert len({article.id for article in found}) == len(found) == len(own)
    for article, value in zip(found, own, strict=True):
        article.id.encode()
        if value is None:
            assert article.record_id is None


def from_pipe(*chunks: bytes) -> list[Article | Skipped]:
    """What is read of standard input, into which `chunks` are written one after the other."""
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb", buffering=0) as pipe:
            for chunk in chunks:
                pipe.write(chunk)
                time.sleep(0.001)  # so that reading begins with what there is

    writer = threading.Thread(target=write)
    writer.start()
    with open(reading, "rb") as stream:
        found = list(read_records(stream, "-", "", by_content=True))
    writer.join()
    return [one.article if isinstance(one, Extraction) else one for one in found]


def test_records_of_a_pipe_are_named_by_their_id_or_their_content() -> None:
    lines = [b'{"id": "t-1", "text": "M\xe1\xbb\x99t."}\n', b'{"title": "Hai", "text": "B\xc3\xa0i."}\n']
    first, second = from_pipe(b"{", lines[0][1:], b"\n", *lines[1:])
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.file, first.path) == ("-#t-1", "-", "")
    assert second.id == "-#" + blake2b("Hai\0Bài.".encode(), digest_size=8).hexdigest() and second.record_id is None
    assert from_pipe(*reversed(lines)) == [second, first]


def test_of_a_pipe_the_same_record_twice_is_one_article() -> None:
    same = {"id": "a", "text": "Một."}
    data = [json.dumps(record).encode() + b"\n" for record in (same, same, {"text": "Một."}, {"text": "Một."})]
    first, twice, second, again = from_pipe(*data)
    assert twice == Skipped("-:2", "giống hệt bản ghi ở dòng 1: chỉ giữ một", kept=True)
    assert again == Skipped("-:4", "giống hệt bản ghi ở dòng 3: chỉ giữ một", kept=True)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.body, second.body) == ("-#a", "Một.", "Một.") and second.id not in ("-#a", "-#")


def test_of_a_pipe_no_record_is_in_the_index_under_two_names() -> None:
    """Under another name the second record of an id would stay beside itself once it comes alone."""
    records = [{"id": "a", "text": "Một."}, {"id": "a", "text": "Khác."}, {"text": "Ba."}]
    one, other, nameless = (json.dumps(record).encode() + b"\n" for record in records)
    first, told, again = from_pipe(one, other, other)
    assert isinstance(first, Article) and first.body == "Một."
    assert told == Skipped("-:2", "id “a” đã có ở dòng 1; bỏ qua")
    assert again == Skipped("-:3", "id “a” đã có ở dòng 1; bỏ qua")
    (alone,) = from_pipe(other)
    assert isinstance(alone, Article) and (alone.id, alone.body) == ("-#a", "Khác.")
    (named,) = from_pipe(nameless)
    assert isinstance(named, Article)
    usurper = json.dumps({"id": named.id.removeprefix("-#"), "text": "Bốn."}).encode() + b"\n"
    kept, told = from_pipe(usurper, nameless)
    assert isinstance(kept, Article) and (kept.id, kept.body) == (named.id, "Bốn.")
    assert isinstance(told, Skipped) and not told.kept and "đã có ở dòng 1; bỏ qua" in told.reason


@pytest.mark.parametrize("is_room", [True, False])
@given(names=st.lists(st.sampled_from(["a", "b", "1", "2", "3+", "Đỗ", "a\0", None]), max_size=24))
def test_records_are_named_alike_when_only_a_few_names_stand_in_memory(is_room: bool, names: list[str | None]) -> None:
    records = [{"text": "Một."} if name is None else {"id": name, "text": "Một."} for name in names]
    data = "".join(json.dumps(record) + "\n" for record in records).encode()

    def read() -> list[Extraction | Skipped]:
        return list(read_records(io.BytesIO(data), "f.jsonl", "/f.jsonl"))

    def no_room() -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    meant = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(called, "MOST_IN_MEMORY", 2)
        if not is_room:
            patch.setattr(called, "_temporary", no_room)
        assert read() == meant


def test_names_that_were_put_away_and_cannot_be_read_are_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(called, "MOST_IN_MEMORY", 1)
    names = called.Called()
    for line in (1, 2):
        names.note(f"a{line}", line)
    assert names.line_of("a1") == 1
    assert names._older is not None
    names._older.close()  # as a disk that went away
    with pytest.raises(ArticleError, match="tệp tạm"):
        names.line_of("a1")


@pytest.mark.parametrize("form", ["utf-8-sig", "utf-16", "utf-32-be"])
def test_a_pipe_may_be_in_any_form_of_unicode_and_begin_slowly(form: str) -> None:
    data = '{"title": "Đổi mới", "text": "Họp làng."}\n'.encode(form)
    (article,) = from_pipe(data[:1], data[1:3], data[3:])
    assert isinstance(article, Article) and (article.title, article.body) == ("Đổi mới", "Họp làng.")


def test_a_byte_order_mark_before_the_first_record_is_dropped() -> None:
    (article,) = records(b"\xef\xbb\xbf" + b'{"text": "Mot."}')
    assert isinstance(article, Article) and article.body == "Mot."


def test_records_are_read_from_a_packed_file_and_its_position_is_told(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": f"Bài số {n} {os.urandom(40).hex()}"}) for n in range(2000)]
    path = lay(tmp_path, {"a.jsonl.gz": gzip.compress("\n".join(lines).encode())}) / "a.jsonl.gz"
    digest(str(path))
    positions: list[int] = []
    found = list(read_file(str(path), "a.jsonl.gz", positions.append))
    assert [one.article.id for one in found if isinstance(one, Extraction)] == [f"a.jsonl.gz#{n}" for n in range(2000)]
    assert positions == sorted(positions) and positions[-1] == path.stat().st_size > positions[0]


@pytest.mark.parametrize("damage", ["cut", "changed", "not packed"])
def test_a_damaged_packed_file_is_known_before_anything_of_it_is_taken(tmp_path: Path, damage: str) -> None:
    data = gzip.compress(b"\n".join(b'{"text": "%d"}' % n for n in range(5000)))
    broken = {"cut": data[:-100], "changed": data[:500] + b"\0" + data[501:], "not packed": b'{"text": "a"}'}[damage]
    path = lay(tmp_path, {"a.jsonl.gz": broken}) / "a.jsonl.gz"
    with pytest.raises(ArticleError, match="tệp nén bị hỏng"):
        digest(str(path))


# --- ids


def test_a_very_long_id_is_cut_and_still_tells_records_apart() -> None:
    ids = [record_key("tin.jsonl", "ặ" * 400 + end) for end in ("", "a", "b")]
    assert len(set(ids)) == 3
    assert all(len(key.encode()) <= MAX_KEYWORD and key.startswith("tin.jsonl#ặặ") for key in ids)
    fits = "x" * (MAX_KEYWORD - len("tin.jsonl#"))
    assert record_key("tin.jsonl", fits) == f"tin.jsonl#{fits}"


@pytest.mark.parametrize(
    ("path", "base", "key"),
    [
        ("/kho/bài/a.txt", "/kho", "bài/a.txt"),
        ("/kho/bài/a.txt", "/", "kho/bài/a.txt"),
        ("/kho khác/a.txt", "/kho", "/kho khác/a.txt"),
        ("/a.txt", "/kho", "/a.txt"),
    ],
)
def test_the_key_of_a_file_leads_back_to_it(path: str, base: str, key: str) -> None:
    assert file_key(path, base) == key
    assert key_path(key, base) == path


def test_a_folder_is_not_above_one_that_begins_with_its_name() -> None:
    assert is_at_or_below("/kho/bài", "/kho") and is_at_or_below("/kho", "/kho") and is_at_or_below("/kho", "/")
    assert not is_at_or_below("/kho khác", "/kho") and not is_at_or_below("/kho", "/kho/bài")


def test_endings_are_read_in_any_case() -> None:
    assert all(map(is_readable, ("a.txt", "A.TXT", "a.Md", "a.jsonl", "a.JSONL.GZ", "a.htm", "a.Csv", "a.tsv.gz")))
    assert not any(map(is_readable, ("a.txt.bak", "a.gz", "a.json", "txt", "a.xls")))


@pytest.mark.parametrize(
    "text", ["\u0301" * 50_000, "\u200b\u200d\ufeff" * 1_000, "a\u0301".replace("a", "") + "—…!\n" * 9]
)
def test_a_text_of_marks_and_invisible_characters_alone_is_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trống.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArticleError, match="không có chữ nào"):
        list(read_file(str(path), "trống.txt"))


def test_a_letter_with_many_marks_is_read_in_canonical_order_at_once(tmp_path: Path) -> None:
    """20,000 marks that are out of order: NFC alone would take seconds, a megabyte of them half an hour."""
    path = tmp_path / "dấu.txt"
    path.write_text("Chữ a" + "\u0301" * 20_000 + "\u0323" * 20_000, encoding="utf-8")
    (found,) = read_file(str(path), "dấu.txt")
    assert isinstance(found, Extraction)
    assert found.article.body == "Chữ ạ" + "\u0323" * 19_999 + "\u0301" * 20_000
