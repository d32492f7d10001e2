"""The table of abbreviations, packaged and a user's own: right rows, one line about every bad one, the page about them.

`python tests/test_abbreviations.py` writes the packaged table into docs/abbreviations.md.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchvn.analysis import abbreviations
from searchvn.analysis.abbreviations import (
    MAX_BYTES,
    Abbreviation,
    combined,
    packaged,
    parse_abbreviations,
    read_abbreviations,
)
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import strip_marks
from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.tokens import split
from searchvn.errors import SearchvnError, UsageError
from strategies import raw_texts

TOP = Path(__file__).parents[1]
TABLE = Path(abbreviations.__file__).with_suffix(".tsv")
PAGE = TOP / "docs" / "abbreviations.md"
SHARED = TOP.parent / "shared"

# W stands for ươ on typewriters; the g of Thủ tướng is its last letter.
OTHER_LETTERS = {"TW", "UBTW", "NQ/TW", "TTg"}


def shorts_of(rows: Iterable[Abbreviation]) -> Iterator[tuple[str, Abbreviation]]:
    return ((short, row) for row in rows for short in row.shorts)


def begins(letters: str, words: list[str]) -> bool:
    """Whether `letters` are beginnings of `words` in their order; words may be left out."""
    return not letters or any(
        letters.startswith(word[:length]) and begins(letters[length:], words[number + 1 :])
        for number, word in enumerate(words)
        for length in range(1, len(word) + 1)
    )


# --- the packaged table


def test_the_packaged_file_is_a_good_table() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert parse_abbreviations(text, TABLE.name) == packaged()
    rows = [line for line in text.splitlines() if not line.startswith("#")][1:]
    assert len(rows) == len(packaged()) >= 120
    assert unicodedata.is_normalized("NFC", text) and text.endswith("\n") and "\r" not in text


@pytest.mark.parametrize("row", packaged(), ids=lambda row: f"{row.shorts[0]} {row.full}")
def test_a_row_is_spelled_well(row: Abbreviation) -> None:
    words = split(row.full)
    assert len(words) > 1 or row.shorts[0].endswith("."), "a word is not looked for by its abbreviation"
    for word in words:
        assert is_syllable(canonical(word)), word
        assert not re.search("o[àáảãạèéẻẽẹ]$|(?<!q)u[ỳýỷỹỵ]$", word.lower()), (
            f"{word}: the mark stands on the first vowel"
        )
    plain = [strip_marks(word).lower() for word in words]
    for short in row.shorts:
        letters = strip_marks("".join(filter(str.isalpha, short))).lower()
        assert begins(letters, plain) or short in OTHER_LETTERS, short
        assert short[0].isupper()
        assert len(letters) > 1 or re.fullmatch(r"\w\.", short), "a single letter has a dot"
    assert row.domain and row.seen


def test_domains_stand_together() -> None:
    domains = [row.domain for row in packaged()]
    assert len(set(domains)) == sum(one != other for one, other in zip(domains, ["", *domains], strict=False))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân"), ("MTTQ", "Mặt trận Tổ quốc"),
        ("BCH", "Ban Chấp hành"), ("BTV", "Ban Thường vụ"), ("T.Ư", "Trung ương"), ("TW", "Trung ương"),
        ("TƯ", "Trung ương"), ("TP", "thành phố"), ("Q.", "quận"), ("P.", "phường"), ("TCCS", "tổ chức cơ sở"),
        ("ĐBQH", "đại biểu Quốc hội"), ("QĐ", "Quyết định"), ("NQ", "Nghị quyết"), ("NĐ-CP", "Nghị định của Chính phủ"),
        ("CT", "Chỉ thị"), ("KH", "Kế hoạch"), ("THPT", "trung học phổ thông"), ("BHXH", "bảo hiểm xã hội"),
        ("GPMB", "giải phóng mặt bằng"), ("ANTT", "an ninh trật tự"), ("TU", "Tỉnh ủy"), ("TU", "Thành ủy"),
        ("TP.HCM", "Thành phố Hồ Chí Minh"), ("CTCP", "công ty cổ phần"),
    ],
)  # fmt: skip
def test_what_everybody_writes_is_there(short: str, full: str) -> None:
    assert full in [row.full for known, row in shorts_of(packaged()) if known == short]


# --- a user's table


def test_two_columns_are_enough_and_a_header_comments_and_empty_lines_are_skipped() -> None:
    text = (
        "\ufeff# của tôi\r\nShort\tFull\r\n\r\nHTXDV | HTX DV\thợp tác xã dịch vụ\r\nTDPKC\ttổ dân phố\tđịa danh\t3 bài"
    )
    assert parse_abbreviations(text, "tôi.tsv") == (
        Abbreviation(("HTXDV", "HTX DV"), "hợp tác xã dịch vụ"),
        Abbreviation(("TDPKC",), "tổ dân phố", "địa danh", "3 bài"),
    )
    assert parse_abbreviations("", "trống.tsv") == ()


def test_rows_with_the_same_full_form_are_one_and_a_pair_counts_once() -> None:
    text = unicodedata.normalize("NFD", "UBND\tUỷ ban nhân dân\nUBNDTP|ubnd\tỦy ban Nhân dân\nUBND\tUỷ ban nhân dân\n")
    assert parse_abbreviations(text, "tôi.tsv") == (Abbreviation(("UBND", "UBNDTP"), "Uỷ ban nhân dân"),)
    assert combined((*packaged(), *packaged())) == packaged()


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("UBND Ủy ban nhân dân", "không có tab ngăn hai cột", "Tab"),
        ("\tỦy ban nhân dân", "thiếu chữ viết tắt", "Tab"),
        ("UBND | \tỦy ban nhân dân", "thiếu chữ viết tắt", "Tab"),
        ("UBND\t ", "thiếu dạng đầy đủ", "Tab"),
        ("123\tmột hai ba", "“123” không có chữ cái nào", "chữ cái"),
        ("ủy ban nhân dân phường tôi\tUBND", "dài hơn 5 từ", "cột sau"),
        ("UBND\tubnd", "vừa là viết tắt vừa là đầy đủ", "dạng đầy đủ"),
        ("A\tá", "“á” không phải là từ", "hai chữ cái"),
        ("A\t" + "dài " * 13, "dài hơn 12 từ", "ngắn"),
        ("A\tba bốn | năm sáu", "có dấu |", "một dòng riêng"),
        ("A\x1b[31m\tba bốn", "ký tự điều khiển (U+001B)", "xóa"),
        ("A\tba\u2028bốn", "ký tự điều khiển (U+2028)", "xóa"),
        ("A\tba bốn\tc\td\te", "có 5 cột", "lĩnh vực"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong_and_what_to_type(line: str, what: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_abbreviations(f"# một\n\nHTX\thợp tác xã\n{line}\nA\n", "tôi.tsv")
    assert str(caught.value).startswith("tôi.tsv:4: ") and what in str(caught.value)
    assert hint in caught.value.hint


_cells = st.one_of(
    st.sampled_from(["UBND", "Q.", "ủy ban", "short", "full", "#", "", "|", "12", "T.Ư | TW"]), raw_texts()
)
_tables = st.lists(st.lists(_cells, max_size=5).map("\t".join), max_size=6).map("\n".join)


@given(st.one_of(st.text(), raw_texts(), _tables))
def test_any_text_is_a_table_or_refused_in_one_line(text: str) -> None:
    try:
        rows = parse_abbreviations(text, "tôi.tsv")
    except SearchvnError as error:
        assert re.match(r"tôi\.tsv:\d+: ", str(error)) and error.hint
        assert "\n" not in str(error)
        return
    assert combined(rows) == rows
    for row in rows:
        assert row.shorts and all(any(map(str.isalpha, short)) for short in row.shorts) and row.full
        assert unicodedata.is_normalized("NFC", row.full)


def test_a_file_that_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    table = tmp_path / "tôi.tsv"
    table.write_bytes(b"HTX\th\xe1\xbb\xa3p t\xc3\xa1c\nCTXH\tc\xf4ng t\xe1c\n")
    large = tmp_path / "lớn.tsv"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    for path, what in [
        (str(tmp_path / "không.tsv"), "không có bảng viết tắt"),
        ("nửa\0đường", "không có bảng viết tắt"),
        (str(tmp_path), "là thư mục"),
        (str(large), "lớn hơn 5 MB"),
        (str(table), "tôi.tsv:2: không phải UTF-8"),
    ]:
        with pytest.raises(UsageError) as caught:
            read_abbreviations(path)
        assert what in str(caught.value) and caught.value.hint
    table.write_text("\ufeffHTX\thợp tác xã\n", encoding="utf-8")
    assert read_abbreviations(str(table)) == (Abbreviation(("HTX",), "hợp tác xã"),)


# --- the page


def _readings() -> dict[str, list[str]]:
    """Abbreviation -> its full forms."""
    readings: dict[str, list[str]] = {}
    for short, row in shorts_of(packaged()):
        readings.setdefault(short, []).append(row.full)
    return readings


def generated() -> str:
    """What the page says of the packaged rows."""
    readings = _readings()
    notes = [line.removeprefix("# ") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] == "#"]
    lines = [f"{len(packaged())} dòng, {len(readings)} cách viết tắt.", "", *notes[1:], "", "Có nhiều nghĩa:", ""]
    lines += [f"- `{short}`: {'; '.join(fulls)}" for short, fulls in sorted(readings.items()) if len(fulls) > 1]
    for domain in dict.fromkeys(row.domain for row in packaged()):
        lines += ["", f"### {domain.capitalize()}", "", "| viết tắt | đầy đủ | đã gặp |", "|---|---|---|"]
        for row in packaged():
            if row.domain == domain:
                lines.append(f"| {', '.join(f'`{short}`' for short in row.shorts)} | {row.full} | {row.seen} |")
    return "\n".join(lines) + "\n"


HEADING = "## Bảng có sẵn\n\n"


def test_the_page_shows_the_packaged_table() -> None:
    assert PAGE.read_text(encoding="utf-8").partition(HEADING)[2] == generated()


def test_the_table_that_the_page_shows_can_be_used() -> None:
    (example,) = re.findall("```\n(# viet-tat.tsv\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(parse_abbreviations(example, "viet-tat.tsv")) == example.count("\n") - 1


def test_few_abbreviations_have_several_readings() -> None:
    several = {short for short, fulls in _readings().items() if len(fulls) > 1}
    assert {"CT", "TT", "BTC", "BTV", "TU", "QĐ", "TS", "CĐ"} <= several
    assert not several & {"UBND", "HĐND", "MTTQ", "TP", "TW", "BHXH", "THPT"}, "their full forms find them"


# --- real articles


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".txt":
        yield path.read_text(encoding="utf-8")
    elif path.suffix == ".tsv":
        yield from (line.partition("\t")[2] for line in path.read_text(encoding="utf-8").splitlines())
    else:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for record in map(json.loads, file):
                yield f"{record.get('title') or ''}\n{record['text']}"


COLLECTIONS = {
    "tin 2024": ["corpora/news-2024-dated.jsonl.gz"],
    "luật": ["relevance/legal/corpus.jsonl.gz", "relevance/legal/queries.tsv"],
    "sự kiện": ["relevance/news-events/articles.jsonl.gz"],
    "bài mẫu": [f"articles/{path.name}" for path in sorted((SHARED / "articles").glob("*.txt"))],
}


@cache
def _first(short: str) -> str:
    return split(short)[0]


@cache
def _written(short: str) -> re.Pattern[str]:
    """How `short` stands in a text: its tokens side by side; a single letter with a number, or a dot and a name."""
    if re.fullmatch(r"\w\.", short):
        return re.compile(rf"(?<![\w.]){short[0]}(?:\d|\. ?(?:\d|[A-ZĐ]\w))")
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(split(short)) + r"(?![^\W_])")


def _standing(text: str, shorts: Iterable[str]) -> set[str]:
    """Which of `shorts` stand in `text`."""
    return {short for short in shorts if _first(short) in text and _written(short).search(text)}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
def test_every_abbreviation_was_seen_in_as_many_real_articles_as_its_row_says() -> None:
    missing = {short for short, _ in shorts_of(packaged())}
    counts = {name: Counter[tuple[str, ...]]() for name in COLLECTIONS}
    for name, files in COLLECTIONS.items():
        for text in (text for file in files for text in _texts(SHARED / file)):
            found = _standing(unicodedata.normalize("NFC", text), dict(shorts_of(packaged())))
            counts[name].update({row.shorts for short, row in shorts_of(packaged()) if short in found})
            missing -= found
    for row in packaged():
        said = dict(re.findall(r"([^;:]+): ([\d.]+)", row.seen.replace("; ", ";")))
        for name in COLLECTIONS:
            assert counts[name][row.shorts] == int(said.get(name, "0").replace(".", "")), (row, name)
    for text in _texts(SHARED / "corpora" / "news-2017.jsonl.gz"):
        if not missing:
            break
        missing -= _standing(text, missing)
    assert not missing


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    PAGE.write_text(before + HEADING + generated(), encoding="utf-8")
