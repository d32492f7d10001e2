"""Abbreviations and what they stand for, over every engine: both ways, as printed, marked where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searching import ALL_ENGINES, ask, index_of, of_texts
from searchvn import Article, Index
from searchvn.analysis.abbreviations import Abbreviation, packaged, read_abbreviations
from searchvn.analysis.tokens import split
from searchvn.models import Diacritics

TABLE = (
    Abbreviation(("UBND",), "Ủy ban nhân dân"),
    Abbreviation(("HĐND",), "Hội đồng nhân dân"),
    Abbreviation(("T.Ư", "TƯ", "TW"), "Trung ương"),
    Abbreviation(("BCH",), "Ban Chấp hành"),
    Abbreviation(("TU",), "Tỉnh ủy"),
    Abbreviation(("TU",), "Thành ủy"),
    Abbreviation(("CA",), "công an"),
    Abbreviation(("TS",), "tiến sĩ"),
    Abbreviation(("TS",), "thí sinh"),
    Abbreviation(("Q.",), "quận"),
    Abbreviation(("P.",), "phường"),
    Abbreviation(("KT-XH", "KTXH"), "kinh tế - xã hội"),
)

# id -> text; an id that is in its text is what a query for it marks there
TEXTS = {
    "UBND quận": "UBND quận họp sáng nay.",
    "Ủy ban nhân dân quận": "Ủy ban nhân dân quận họp sáng nay.",
    "Uỷ ban Nhân dân quận": "Uỷ ban Nhân dân quận họp sáng nay.",
    "rời nhau": "Quận họp cùng nhân dân, ủy thác cho ban tổ chức.",
    "UBND xã": "Sáng nay UBND xã trả lời.",
    "không dấu": "Sang nay uy ban nhan dan xa tra loi ba con trong lang",
    "HĐND": "HĐND tỉnh họp.",
    "Hội đồng nhân dân": "Hội đồng nhân dân tỉnh họp.",
    "T.Ư": "BCH T.Ư bàn việc này.",
    "TƯ": "BCH TƯ bàn việc này.",
    "TW": "BCH TW bàn việc này.",
    "Trung ương": "Ban Chấp hành Trung ương bàn việc này.",
    "thứ tư": "Thứ tư này làng đầu tư thêm.",
    "chú Tư": "Chú Tư trồng bưởi.",
    "TƯ VẤN": "TƯ VẤN MÙA THI",
    "TU": "Cán bộ TU về xã.",
    "Tỉnh ủy": "Cán bộ Tỉnh ủy về xã.",
    "Thành ủy": "Cán bộ Thành ủy về xã.",
    "đi tu": "Bà cụ đi tu ở chùa.",
    "ĐI TU": "BÀ CỤ ĐI TU",
    "CA": "Anh CA xã đến nhà.",
    "công an": "Anh công an xã đến nhà.",
    "ca hát": "Ca hát ở xã.",
    "CA HÁT": "CA HÁT Ở XÃ",
    "TS": "TS Bưởi đến thăm.",
    "tiến sĩ": "Ông tiến sĩ Bưởi đến thăm.",
    "tiến sỹ": "Ông tiến sỹ Bưởi đến thăm.",
    "thí sinh": "Em thí sinh Bưởi đến thăm.",
    "Q.1": "Nhà ở Q.1 đã sửa.",
    "Q1": "Nhà ở Q1 đã sửa.",
    "quận 1": "Nhà ở quận 1 đã sửa.",
    "anh Q": "Nhà anh Q đã sửa 1 gian.",
    "Q.Bình Tân": "Nhà ở Q.Bình Tân đã sửa.",
    "quận Bình Tân": "Nhà ở quận Bình Tân đã sửa.",
    "P.5": "Chợ ở P.5 đông khách.",
    "phường 5": "Chợ ở phường 5 đông khách.",
    "KT-XH": "Phát triển KT-XH của huyện.",
    "KTXH": "Phát triển KTXH của huyện.",
    "kinh tế - xã hội": "Phát triển kinh tế - xã hội của huyện.",
    "kinh tế và xã hội": "Phát triển kinh tế và xã hội của huyện.",
}
COMMITTEES = {"UBND quận", "Ủy ban nhân dân quận", "Uỷ ban Nhân dân quận"}
CENTRAL = {"T.Ư", "TƯ", "TW", "Trung ương"}
PEOPLE = {"TS", "tiến sĩ", "tiến sỹ", "thí sinh"}
ECONOMY = {"KT-XH", "KTXH", "kinh tế - xã hội"}


@pytest.fixture(scope="module", params=ALL_ENGINES)
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with index_of(request.param, of_texts(TEXTS)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # both ways, typed in any case, old and new spelling
        ("UBND", COMMITTEES | {"UBND xã", "không dấu"}),
        ("ubnd", COMMITTEES | {"UBND xã", "không dấu"}),
        ("Ủy ban nhân dân", COMMITTEES | {"UBND xã", "không dấu", "rời nhau"}),
        ("uỷ BAN Nhân dân", COMMITTEES | {"UBND xã", "không dấu", "rời nhau"}),
        ('"Ủy ban nhân dân"', COMMITTEES | {"UBND xã", "không dấu"}),
        ("HĐND", {"HĐND", "Hội đồng nhân dân"}),
        ("hội đồng nhân dân", {"HĐND", "Hội đồng nhân dân"}),
        # typed without marks
        ("hdnd", {"HĐND", "Hội đồng nhân dân"}),
        ("HDND", {"HĐND", "Hội đồng nhân dân"}),
        ("hoi dong nhan dan", {"HĐND", "Hội đồng nhân dân"}),
        ("uy ban nhan dan", COMMITTEES | {"UBND xã", "không dấu", "rời nhau"}),
        ('"uy ban nhan dan"', COMMITTEES | {"UBND xã", "không dấu"}),
        ("trung uong", CENTRAL),
        # inside phrases and beside other words
        ('"UBND quận"', COMMITTEES),
        ('"Ủy ban nhân dân quận"', COMMITTEES),
        ('"uy ban nhan dan quan"', COMMITTEES),
        ("UBND quận", COMMITTEES),
        ("Ủy ban nhân dân quận", COMMITTEES | {"rời nhau"}),
        ('"BCH TW bàn"', CENTRAL),
        ('"Ban Chấp hành TƯ bàn"', CENTRAL),
        ('"BCH Trung ương"', CENTRAL),
        ("ban chấp hành trung ương", CENTRAL),
        # several spellings
        ("T.Ư", CENTRAL),
        ("t.ư", CENTRAL),
        ("TW", CENTRAL),
        ("tw", CENTRAL),
        ("TƯ", CENTRAL),
        ("Trung ương", CENTRAL),
        ("KT-XH", ECONOMY),
        ("kt-xh", ECONOMY),
        ("ktxh", ECONOMY),
        ('"kinh tế - xã hội"', ECONOMY),
        ("kinh tế xã hội", ECONOMY | {"kinh tế và xã hội"}),
        # several meanings: every one is read, none is abbreviated
        ("TS", PEOPLE),
        ("ts", PEOPLE),
        ("TS. Bưởi", PEOPLE),
        ("tiến sĩ", {"tiến sĩ", "tiến sỹ"}),
        ("thí sinh", {"thí sinh"}),
        ("TU", {"TU", "Tỉnh ủy", "Thành ủy"}),
        ("Tỉnh ủy", {"Tỉnh ủy"}),
        ("thanh uy", {"Thành ủy"}),
        # what spells a syllable counts in capitals only, as typed and in the text
        ("tư", {"TƯ", "thứ tư", "chú Tư", "TƯ VẤN"}),
        ("Tư", {"TƯ", "thứ tư", "chú Tư", "TƯ VẤN"}),
        ("CA", {"CA", "công an"}),
        ("CA xã", {"CA", "công an"}),
        ('"CA xã"', {"CA", "công an"}),
        ("công an", {"CA", "công an"}),
        ("cong an", {"CA", "công an"}),
        ("ca ở xã", {"ca hát", "CA HÁT"}),
        ("đi tu", {"đi tu", "ĐI TU"}),
        ("ĐI TU", {"đi tu", "ĐI TU"}),
        # single letters: with a dot or a number only, and never made
        ("Q.1", {"Q.1", "Q1", "quận 1"}),
        ("Q1", {"Q.1", "Q1", "quận 1"}),
        ("q1", {"Q.1", "Q1", "quận 1"}),
        ("quận 1", {"quận 1"}),
        ("Q.Bình Tân", {"Q.Bình Tân", "quận Bình Tân"}),
        ("quận Bình Tân", {"quận Bình Tân"}),
        ("Q 1", {"Q.1", "anh Q"}),
        ("q đã sửa", {"Q.1", "anh Q", "Q.Bình Tân"}),
        ("P.5", {"P.5", "phường 5"}),
        ("p5", {"P.5", "phường 5"}),
        ("phường 5", {"phường 5"}),
    ],
)
def test_an_abbreviation_and_its_full_form_find_each_other(index: Index, typed: str, found: set[str]) -> None:
    answer = ask(index, typed, abbreviations=TABLE)
    assert answer.found == found
    assert answer.notes == ()


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ("UBND quận", {"UBND quận": ["UBND", "quận"], "Ủy ban nhân dân quận": ["Ủy ban nhân dân", "quận"]}),
        ('"ubnd quận"', {"UBND quận": ["UBND quận"], "Ủy ban nhân dân quận": ["Ủy ban nhân dân quận"]}),
        ("ủy ban nhân dân xã", {"UBND xã": ["UBND", "xã"], "không dấu": ["uy", "ban", "nhan", "dan", "xa"]}),
        ("TW", {"T.Ư": ["T.Ư"], "TƯ": ["TƯ"], "TW": ["TW"], "Trung ương": ["Trung ương"]}),
        ("Trung ương", {"T.Ư": ["T.Ư"], "TƯ": ["TƯ"], "Trung ương": ["Trung", "ương"]}),
        ('"BCH Trung ương"', {"TƯ": ["BCH TƯ"], "Trung ương": ["Ban Chấp hành Trung ương"]}),
        ("hdnd", {"HĐND": ["HĐND"], "Hội đồng nhân dân": ["Hội đồng nhân dân"]}),
        ("Q1", {"Q.1": ["Q.1"], "Q1": ["Q1"], "quận 1": ["quận 1"]}),
        ("CA", {"CA": ["CA"], "công an": ["công an"]}),
        ("ktxh", {"KT-XH": ["KT-XH"], "KTXH": ["KTXH"], "kinh tế - xã hội": ["kinh tế - xã hội"]}),
        ("ca", {"ca hát": ["Ca"], "CA": ["CA"]}),
    ],
)
def test_what_stands_in_the_article_is_marked(index: Index, typed: str, marks: dict[str, list[str]]) -> None:
    found = ask(index, typed, abbreviations=TABLE).marked
    assert {article: found.get(article) for article in marks} == marks


def test_marks_stand_in_titles_and_snippets_too() -> None:
    article = Article("a", "HĐND TỈNH HỌP\nHĐND tỉnh", "Sáng nay, Hội đồng nhân dân tỉnh họp. CA tỉnh cũng dự.")
    with index_of("tantivy", [article]) as index:
        (hit,) = index.search("hội đồng nhân dân công an", match_all=True, abbreviations=TABLE).hits
    assert [hit.title[start:end] for start, end in hit.title_spans] == ["HĐND", "HĐND"]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.spans] == ["Hội", "đồng", "nhân", "dân", "CA"]
    assert hit.missing == ()


def test_a_word_that_neither_form_has_is_missing_as_typed(index: Index) -> None:
    hits = index.search("UBND Trung ương tỉnh", limit=100, abbreviations=TABLE).hits
    missing = {hit.id: hit.missing for hit in hits}
    assert missing["UBND quận"] == missing["Ủy ban nhân dân quận"] == ("Trung", "ương", "tỉnh")
    assert missing["T.Ư"] == missing["TƯ"] == missing["Trung ương"] == ("UBND", "tỉnh")
    assert missing["HĐND"] == ("UBND", "Trung", "ương")
    assert "tiến sĩ" not in missing


def test_articles_with_either_form_are_ranked_and_those_as_typed_first(index: Index) -> None:
    for typed, first in (('"hội đồng nhân dân" họp', "Hội đồng nhân dân"), ("HĐND họp", "HĐND")):
        hits = index.search(typed, limit=100, abbreviations=TABLE).hits
        assert hits[0].id == first
        assert {hit.id for hit in hits[:2]} == {"HĐND", "Hội đồng nhân dân"}
        assert len(hits) > 2  # any of the words finds
        every = index.search(typed, limit=100, match_all=True, abbreviations=TABLE)
        assert every.total == len(every.hits) == 2
        assert {hit.id for hit in every.hits} == {hit.id for hit in hits[:2]}


def test_capitals_that_spell_a_syllable_are_any_word_when_nothing_else_is_found(index: Index) -> None:
    assert ask(index, "TƯ trồng", abbreviations=TABLE).found == {"chú Tư"}
    (note,) = ask(index, "TƯ trồng", abbreviations=TABLE).notes
    assert "“TƯ”" in note and "trồng" not in note
    assert ask(index, "TƯ VẤN", abbreviations=TABLE).found == {"TƯ VẤN"}  # a whole query in capitals says nothing
    assert ask(index, "TƯ VẤN", abbreviations=TABLE).notes == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("UBND", {"UBND quận", "UBND xã"}),
        ("Ủy ban nhân dân", {"Ủy ban nhân dân quận", "Uỷ ban Nhân dân quận", "rời nhau", "không dấu"}),
        ("TƯ", {"TƯ", "thứ tư", "chú Tư", "TƯ VẤN"}),
        ("TW", {"TW"}),
        ("T.Ư", {"T.Ư"}),
        ("trung ương", {"Trung ương"}),
        ("TS", {"TS"}),
        ("Q1", {"Q1", "Q.1"}),
        ("CA hát", {"ca hát", "CA HÁT"}),
        ("hdnd", {"HĐND"}),
        ("KTXH", {"KTXH"}),
        ('"UBND quận"', {"UBND quận"}),
    ],
)
def test_no_table_means_no_abbreviations(index: Index, typed: str, found: set[str]) -> None:
    assert ask(index, typed, abbreviations=()).found == found


def test_the_packaged_table_is_used_where_none_is_given(index: Index) -> None:
    assert ask(index, "HĐND", abbreviations=None).found == {"HĐND", "Hội đồng nhân dân"}
    assert ask(index, "HĐND", abbreviations=packaged()).marked == ask(index, "HĐND", abbreviations=None).marked
    assert index.search("HĐND", match_all=True).total == index.count("HĐND").total == 2
    assert index.search("HĐND", match_all=True, abbreviations=()).total == 1


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_users_rows_are_read_like_the_packaged_ones(engine: str, tmp_path: Path) -> None:
    table = tmp_path / "của tôi.tsv"
    table.write_text("TĐV | T.Đ.V\ttổ đổi công vần\nĐX\tđội xe\nQTV\tQuỹ tương vụ\n", encoding="utf-8")
    rows = read_abbreviations(str(table))
    texts = {
        "TĐV": "Các TĐV ra đồng.",
        "T.Đ.V": "Các T.Đ.V ra đồng.",
        "tổ": "Các tổ đổi công vần ra đồng.",
        "ĐX": "Chín chiếc của ĐX đã về.",
        "đội xe": "Chín chiếc của đội xe đã về.",
        "UBND": "UBND xã họp.",
    }
    with index_of(engine, of_texts(texts)) as index:
        for typed in ("TĐV", "tdv", "T.Đ.V", '"tổ đổi công vần"', "to doi cong van"):
            assert ask(index, typed, abbreviations=rows).found == {"TĐV", "T.Đ.V", "tổ"}
        for typed in ("ĐX", "đội xe", '"chiếc của đội xe"', '"chiếc của ĐX"'):
            assert ask(index, typed, abbreviations=rows).found == {"ĐX", "đội xe"}
        assert ask(index, "Ủy ban nhân dân", abbreviations=rows).found == set()
        assert ask(index, "Ủy ban nhân dân", abbreviations=(*packaged(), *rows)).found == {"UBND"}


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_what_is_rarer_than_its_full_form_does_not_stand_before_it(engine: str) -> None:
    rows = (Abbreviation(("LS",), "luật sư"),)
    articles = [Article(f"sư {n}", "Luật sư lên tiếng", f"Các luật sư nói về vụ thứ {n}.") for n in range(40)]
    articles += [Article(f"khác {n}", "Mùa gặt", f"Lúa chín trên cánh đồng thứ {n}.") for n in range(80)]
    with index_of(engine, [*articles, Article("xe", "Xe LS mới", "Xe LS mới ra bán hôm nay.")]) as index:
        for typed in ("luat su", "luật sư"):
            hits = index.search(typed, limit=50, abbreviations=rows).hits
            assert [hit.id for hit in hits].index("xe") == 40


ONE_SHORT = {"chữ": "Lớp LANG khai giảng.", "đủ": "Lớp năng khiếu khai giảng.", "làng": "Con đường làng."}


def test_a_users_abbreviation_may_spell_a_syllable_of_any_length() -> None:
    rows = (Abbreviation(("LANG",), "lớp năng khiếu"),)
    with index_of("memory", of_texts(ONE_SHORT)) as index:
        for typed in ("LANG", "lớp năng khiếu", "lop nang khieu"):
            assert ask(index, typed, abbreviations=rows).found == {"chữ", "đủ"}


@pytest.mark.parametrize(
    ("short", "full", "typed"),
    [
        ("KT-XH", "kinh tế - xã hội", "kinh tế-xã hội"),
        ("BR-VT", "Bà Rịa - Vũng Tàu", "Bà Rịa-Vũng Tàu"),
        ("TT-Huế", "Thừa Thiên - Huế", "Thừa Thiên-Huế"),
        ("XQ", "X-quang phổi", "X-quang phổi"),
        ("XQ", "X-quang phổi", '"chụp X-quang phổi"'),
    ],
)
def test_a_full_form_typed_with_a_hyphen_finds_its_abbreviation(short: str, full: str, typed: str) -> None:
    texts = {"chữ": f"Ở đây chụp {short} hôm nay.", "đủ": f"Ở đây chụp {full} hôm nay."}
    with index_of("memory", of_texts(texts)) as index:
        assert ask(index, typed, abbreviations=(Abbreviation((short,), full),)).found == {"chữ", "đủ"}


def test_a_phrase_of_many_abbreviations_finds_all_of_them_spelled_out() -> None:
    texts = {
        "đủ": "Hội đồng nhân dân, Ủy ban nhân dân, Ban Chấp hành Trung ương họp.",
        "chữ": "HĐND, UBND, BCH T.Ư họp.",
    }
    with index_of("memory", of_texts(texts)) as index:
        for typed in texts.values():
            assert ask(index, f'"{typed}"', abbreviations=TABLE).found == {"đủ", "chữ"}


@pytest.mark.parametrize(
    ("level", "typed", "found"),
    [
        (Diacritics.EXACT, "HĐND", {"HĐND", "Hội đồng nhân dân"}),
        (Diacritics.EXACT, "Hội đồng nhân dân", {"HĐND", "Hội đồng nhân dân"}),
        (Diacritics.EXACT, '"Ủy ban nhân dân"', COMMITTEES | {"UBND xã"}),
        (Diacritics.EXACT, "TƯ", CENTRAL),
        (Diacritics.IGNORE, "hđnd", {"HĐND", "Hội đồng nhân dân"}),
        (Diacritics.IGNORE, '"uy ban nhan dan"', COMMITTEES | {"UBND xã", "không dấu"}),
        (Diacritics.IGNORE, "Trung ương", CENTRAL),
    ],
)
def test_every_level_reads_abbreviations(index: Index, level: Diacritics, typed: str, found: set[str]) -> None:
    assert ask(index, typed, level, abbreviations=TABLE).found == found


def test_what_a_query_is_expanded_to_is_bounded() -> None:
    rows = tuple(
        Abbreviation(tuple(f"A{chr(65 + n)}{chr(65 + m)}" for m in range(9)), f"chữ thứ {n}") for n in range(9)
    )
    with index_of("memory", of_texts(TEXTS)) as index:
        for several in (rows, rows[:3]):
            query = '"' + " ".join(row.shorts[0] for row in several) + '"'
            (needle,) = index.needles(query, abbreviations=rows)
            assert 1 < len(needle.forms) < 50


LONGER = (Abbreviation(("HĐ",), "hội đồng"), Abbreviation(("HĐND",), "hội đồng nhân dân"))


@pytest.mark.parametrize("rows", [LONGER, LONGER[::-1]])
def test_of_two_full_forms_with_one_beginning_the_longer_one_is_read(rows: Sequence[Abbreviation]) -> None:
    texts = {"ngắn": "Hôm nay HĐ họp.", "dài": "Hôm nay HĐND họp.", "đủ": "Hôm nay hội đồng nhân dân họp."}
    with index_of("memory", of_texts(texts)) as index:
        for typed in ("hội đồng nhân dân", '"hoi dong nhan dan"', "HĐND"):
            assert ask(index, typed, abbreviations=rows).found == {"dài", "đủ"}
        for typed in ("hội đồng", "hoi dong", "HĐ"):
            assert ask(index, typed, abbreviations=rows).found == {"ngắn", "đủ"}
        assert ask(index, '"hội đồng họp"', abbreviations=rows).found == {"ngắn"}


def test_a_single_letter_is_never_made_from_a_full_form() -> None:
    texts = {"chữ": "Làng có Đ.5 mới.", "đủ": "Làng có con đường mới.", "khác": "Thầy Đ. trồng hoa."}
    rows = (Abbreviation(("Đ.",), "con đường"),)
    with index_of("memory", of_texts(texts)) as index:
        for typed in ("con đường", '"con đường"', "con duong"):
            assert ask(index, typed, abbreviations=rows).found == {"đủ"}
        assert ask(index, "Đ.", abbreviations=rows).found == {"chữ", "đủ", "khác"}


@pytest.mark.parametrize(
    "rows",
    [
        (Abbreviation(("ĐM",), "đổi mới"), Abbreviation(("ĐMM",), "ĐM mới")),  # one in the other
        (Abbreviation(("AB",), "BA AB"), Abbreviation(("BA",), "AB BA")),  # each in the other
        (Abbreviation(("X.",), "xã"), Abbreviation(("X",), "xóm")),
        (Abbreviation(("ĐỔI MỚI",), "đổi mới"),),  # nothing but capitals
        (Abbreviation(("đổi",), "mới"), Abbreviation(("mới",), "đổi")),
        (Abbreviation(("東京",), "Đông Kinh"), Abbreviation(("I" * 200,), "dài dòng")),
    ],
)  # fmt: skip
def test_odd_tables_are_read_and_what_is_typed_is_still_found(rows: Sequence[Abbreviation]) -> None:
    texts = {"một": "Xã đổi mới AB BA X. 1 東京 ĐM", "hai": "Xóm mới đổi tên"}
    with index_of("memory", of_texts(texts)) as index:
        for typed in ("đổi mới", "ĐM", "AB BA", "X.1", '"đổi mới AB"', "東京", "đổi"):
            as_typed = ask(index, typed, abbreviations=()).found
            assert as_typed <= ask(index, typed, abbreviations=rows).found
            assert ask(index, typed, abbreviations=rows).found


def test_no_form_is_looked_for_twice() -> None:
    with index_of("memory", of_texts(TEXTS)) as index:
        for typed in ("UBND", "T.Ư", "Trung ương", "TS", "Q1", '"BCH TW"', "KT-XH"):
            for needle in index.needles(typed, abbreviations=TABLE):
                stand = [(form.kind, form.slots) for form in needle.forms]
                assert len(stand) == len(set(stand)), typed


# --- full forms inside of others

NESTED = (
    "Nghị quyết Trung ương 5", "Nghị quyết T.Ư 5", "Nghị quyết TƯ 5", "Nghị quyết TW 5", "NQ/TW 5",
    "Tòa án nhân dân tối cao", "TAND tối cao", "TANDTC",
    "Viện kiểm sát nhân dân tối cao", "VKS nhân dân tối cao", "VKSND tối cao", "VKSNDTC",
    "Ủy ban Mặt trận Tổ quốc tỉnh", "Ủy ban MTTQ tỉnh", "UB Mặt trận Tổ quốc tỉnh", "UB MTTQ tỉnh", "UBMTTQ tỉnh",
    "Ủy ban T.Ư MTTQ Việt Nam", "UBTƯ MTTQ VN", "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
    "Thành phố Hồ Chí Minh", "TP HCM", "Thành phố HCM", "TP.HCM",
    "công ty cổ phần Than", "Cty cổ phần Than", "Công ty CP Than", "CTCP Than",
    "thị trấn Huế", "TT-Huế",
)  # fmt: skip
# Typed -> what is found in a text of its own, one after the other in NESTED.
FINDS = {
    "nghị quyết trung ương 5": NESTED[:5],
    "nghi quyet trung uong 5": NESTED[:5],
    "tòa án nhân dân tối cao": NESTED[5:8],
    "toa an nhan dan toi cao": NESTED[5:8],
    "viện kiểm sát nhân dân tối cao": NESTED[8:12],
    "ủy ban mặt trận tổ quốc tỉnh": NESTED[12:17],
    "Ủy ban Trung ương Mặt trận Tổ quốc": NESTED[17:20],
    "thành phố Hồ Chí Minh": NESTED[20:24],
    "công ty cổ phần Than": NESTED[24:28],
    "TT-Huế": ("TT-Huế",),
}


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_full_forms_inside_of_longer_ones_are_abbreviated_too(engine: str) -> None:
    with index_of(engine, of_texts({text: f"Sáng nay {text} đã được nhắc đến." for text in NESTED})) as index:
        for typed, found in FINDS.items():
            for query in (typed, f'"{typed}"'):
                answer = ask(index, query, abbreviations=None)
                assert answer.found == set(found), query
                assert not answer.notes
                ranked = index.search(query, limit=100).hits
                assert {hit.id for hit in ranked if not hit.missing} == set(found), query


def test_a_nested_abbreviation_is_marked_and_nothing_that_it_stands_for_is_missing() -> None:
    texts = {"tắt": "Hôm qua, theo Nghị quyết T.Ư về đất đai.", "khác": "Hôm qua, theo quyết sách của T.Ư."}
    with index_of("memory", of_texts(texts)) as index:
        assert ask(index, "nghị quyết trung ương", abbreviations=None).marked == {"tắt": ["Nghị", "quyết", "T.Ư"]}
        phrase = ask(index, '"nghị quyết trung ương"', abbreviations=None)
        assert phrase.marked == {"tắt": ["Nghị quyết T.Ư"]}
        hits = index.search("nghị quyết trung ương", limit=100).hits
        assert [(hit.id, hit.missing) for hit in hits] == [("tắt", ()), ("khác", ("nghị",))]


def _inside() -> Iterator[tuple[Abbreviation, Abbreviation, str]]:
    """Two packaged rows, the second's full form a part of the first's, and an abbreviation of the second."""
    for outer in packaged():
        for inner in packaged():
            words = " ".join(split(inner.full.lower()))
            if inner != outer and " " in words and f" {words} " in f" {' '.join(split(outer.full.lower()))} ":
                yield from ((outer, inner, short) for short in inner.shorts)


def test_any_full_form_finds_articles_that_abbreviate_a_part_of_it() -> None:
    meanings = Counter(short for row in packaged() for short in row.shorts)
    wanted: dict[str, tuple[str, bool]] = {}  # text -> query, whether it finds the text
    for outer, inner, short in _inside():
        text, times = re.subn(r"[\W_]+".join(split(inner.full)), short, outer.full, flags=re.IGNORECASE)
        assert times == 1
        wanted[text] = (outer.full, meanings[short] == 1 or text.lower() in map(str.lower, outer.shorts))
    assert len(wanted) > 60
    assert 40 < sum(finds for _, finds in wanted.values()) < len(wanted)
    with index_of("memory", of_texts({text: f"Bài này nói về {text} đấy nhé." for text in wanted})) as index:
        for text, (typed, finds) in wanted.items():
            for query in (typed, f'"{typed}"'):
                assert (text in ask(index, query, abbreviations=None).found) == finds, (query, text)


_syllables = st.sampled_from("đổi mới làng xã".split())
_tables = st.lists(st.lists(_syllables, min_size=2, max_size=4).map(" ".join), min_size=1, max_size=3, unique=True)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(_tables, st.lists(_syllables, min_size=2, max_size=5), st.data())
@example(["đổi mới", "mới đổi"], ["đổi", "mới", "đổi"], None)
def test_wherever_a_full_form_stands_in_a_query_it_may_be_abbreviated(
    fulls: list[str], words: list[str], data: st.DataObject | None
) -> None:
    rows = tuple(Abbreviation((f"Z{number}Z",), full) for number, full in enumerate(fulls))
    typed = f" {' '.join(words)} "
    once: list[str] = []
    for row in rows:
        for place in re.finditer(f"(?= {row.full} )", typed):
            start, end = place.start() + 1, place.start() + 1 + len(row.full)
            once.append(f"{typed[:start]}{row.shorts[0]}{typed[end:]}".strip())
    several = typed.strip()
    for row in data.draw(st.permutations(rows)) if data else rows:
        several = several.replace(row.full, row.shorts[0])
    parts = [short for row in rows for short in row.shorts]
    with index_of("memory", of_texts({text: text for text in {*once, several, *parts}})) as index:
        assert ask(index, typed, abbreviations=rows).found >= {*once, several}
        assert ask(index, f'"{typed.strip()}"', abbreviations=rows).found >= set(once)
        needles = index.needles(typed, abbreviations=rows)
        ranked = {hit.id: hit.missing for hit in index.search(typed, limit=100, abbreviations=rows).hits}
        assert {*once, several} <= set(ranked)
        for row in rows:  # an article with nothing but the abbreviation is ranked when it stands for a part
            assert (row.shorts[0] in ranked) == (f" {row.full} " in typed)
        for text, missing in ranked.items():
            assert len(missing) < len(needles), text


def test_a_part_of_a_group_alone_ranks_below_the_whole() -> None:
    texts = {
        "đủ": "Họp về Nghị quyết Trung ương hôm nay.",
        "lồng": "Họp về Nghị quyết T.Ư hôm nay.",
        "tắt": "Họp về NQ/TW hôm nay thôi.",
        "phần": "Họp về cơ quan T.Ư hôm nay.",
        "khác": "Trời mưa ở làng hôm nay.",
    }
    with index_of("memory", of_texts(texts)) as index:
        hits = index.search("nghị quyết trung ương", limit=100).hits
        assert hits[0].id == "đủ"
        assert {hit.id for hit in hits} == {"đủ", "lồng", "tắt", "phần"}
        assert hits[-1].id == "phần"


def test_an_abbreviation_that_only_capitals_tell_is_not_asked_of_a_single_field() -> None:
    texts = [Article("đủ", "Công an xã", "Về làng."), Article("tắt", "CA xã", "Về làng.")]
    with index_of("memory", texts) as index:
        assert ask(index, "title:(công an) xã", abbreviations=TABLE).found == {"đủ"}
        assert ask(index, "title:(công an xã)", abbreviations=TABLE).found == {"đủ"}


# --- what a review found


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_capitals_are_not_looked_for_in_unaccented_text(engine: str) -> None:
    texts = {"tu": "Tu hom qua den nay ba con trong lang di cho rat dong vui", "TƯ": "Theo chỉ đạo của TƯ."}
    with index_of(engine, of_texts(texts)) as index:
        for typed in ("Trung ương", "T.Ư", "TƯ"):
            assert ask(index, typed, abbreviations=TABLE).found == {"TƯ"}


@pytest.mark.parametrize("short", ["F0", "G7", "CN4.0"])
def test_an_abbreviation_may_hold_digits(short: str) -> None:
    rows = (Abbreviation((short,), "người nhiễm bệnh"),)
    with index_of("memory", of_texts({"chữ": f"Có {short} ở xóm.", "đủ": "Có người nhiễm bệnh ở xóm."})) as index:
        for typed in (short, f'"{short}"', "người nhiễm bệnh"):
            assert ask(index, typed, abbreviations=rows).found == {"chữ", "đủ"}


def test_the_longest_match_wins_whichever_way_it_goes() -> None:
    rows = (Abbreviation(("Cty",), "công ty"), Abbreviation(("CTCP", "Công ty CP"), "công ty cổ phần"))
    with index_of("memory", of_texts({"tắt": "CTCP Than họp.", "đủ": "Công ty cổ phần Than họp."})) as index:
        for typed in ("Công ty CP Than", '"Công ty CP Than"', "công ty cổ phần Than"):
            assert ask(index, typed, abbreviations=rows).found == {"tắt", "đủ"}


def test_a_row_that_nothing_may_be_made_of_hides_no_shorter_one() -> None:
    rows = (
        Abbreviation(("UB",), "Ủy ban"),
        Abbreviation(("UBX",), "Ủy ban xã"),
        Abbreviation(("UBX",), "ủy ban xóm"),
        Abbreviation(("A",), ""),
    )
    with index_of("memory", of_texts({"tắt": "UB xã họp."})) as index:
        assert ask(index, "Ủy ban xã", abbreviations=rows).found == {"tắt"}


def test_invisible_characters_in_a_row_do_not_matter() -> None:
    rows = (Abbreviation(("HT\u200bX",), "hợp tác xã"), Abbreviation(("UB",), "Ủy\u00ad ban"))
    texts = {"HTX": "HTX họp.", "hợp tác xã": "Hợp tác xã họp.", "UB": "UB họp.", "Ủy ban": "Ủy ban họp."}
    with index_of("memory", of_texts(texts)) as index:
        assert ask(index, "HTX", abbreviations=rows).found == {"HTX", "hợp tác xã"}
        assert ask(index, "ủy ban", abbreviations=rows).found == {"UB", "Ủy ban"}


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_many_long_words_that_differ_in_marks_are_one_phrase(engine: str) -> None:
    words = ["h" + "a" * at + "á" + "a" * (98 - at) for at in range(40)]
    with index_of(engine, of_texts({str(at): f"cười {word}" for at, word in enumerate(words)})) as index:
        assert ask(index, f'"cười h{"a" * 99}"').found


def test_a_country_code_is_found_however_it_is_printed() -> None:
    texts = ["+84 905 123 456", "+84905123456", "0905123456", "0905 123 456"]
    with index_of("memory", of_texts({text: f"Gọi {text} nhé." for text in texts})) as index:
        for typed in texts:
            assert ask(index, typed).found == set(texts)


def test_months_and_years_are_no_telephone_number() -> None:
    with index_of("memory", of_texts({"a": "Năm 2020 và 2021, tháng 08."})) as index:
        assert ask(index, "tháng 08 2020 2021").found == {"a"}
