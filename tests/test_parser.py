"""What was typed: every construct of the query language as a tree, ordinary text that stays text, and mistakes."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError, SearchvnError
from searchvn.query.parser import MAX_DEPTH, MAX_LENGTH, MAX_PATTERNS, MAX_WORDS, parse_query
from searchvn.query.printing import printed
from searchvn.query.syntax import AllOf, AnyOf, Clause, Group, Phrase, Word, is_plain_text
from strategies import CODES, EMOJI, FOREIGN, JOINTS, ODD, WORDS, pieces, raw_texts, words
from trees import (
    SINGLE_WORDS,
    Part,
    both,
    children,
    clauses,
    dates,
    either,
    inside,
    leaves,
    like,
    must,
    near,
    no,
    nodes,
    phrase,
    side,
    spanless,
    times,
    tree,
)

many = settings(deadline=None, derandomize=True, max_examples=300)

QUOTES = '"“”„‟«»〝〞〟＂'

SIGNS = (
    "+", "-", "(", ")", '"', "“", "”", "AND", "OR", "NOT", "VÀ", "KHÔNG", "title:", "titel:", "date:", "date:2021",
    "ngày:2019..2021", "~", "~2", "~5", "^2", "^1.5", "^0", "*", "?", "\n", "\\", "5", "0905 123 456", "05-CT/ TW",
    "(028) ", "+84", "a", "đổi", "Vũng", "12", ".", ":", "//", "!", "_", "'", "/", "\u0301", "a\u0301", "２", "½",
)  # fmt: skip
signed = st.lists(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from(SIGNS), st.just(" "), st.just(" "), pieces()), max_size=16
).map("".join)
queries = st.one_of(raw_texts(), signed, signed)
two_words = st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(" ".join)
trees = clauses(leaves(st.sampled_from(SINGLE_WORDS), two_words))


def as_tree(part: Part) -> Clause:
    return side(part, "x").children[0]


# --- every construct


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # side by side, phrases
        ("lúa", "lúa"),
        ("lúa ngô", side("lúa", "ngô")),
        ('"lúa mùa"', phrase("lúa mùa")),
        ('"lúa mùa" ngô “tôm sú”', side(phrase("lúa mùa"), "ngô", phrase("tôm sú"))),
        ('a"b c"d', side("a", phrase("b c"), "d")),
        ('"" "…" đê', "đê"),
        ('"lúa ngô"~5', phrase("lúa ngô", 5)),
        ("“lúa ngô”~0", phrase("lúa ngô", 0)),
        ('"lúa ngô" ~5', side(phrase("lúa ngô"), "5")),
        # must and must not
        ("+lúa", must("lúa")),
        ("-lúa", no("lúa")),
        ("+lúa -ngô tôm", side(must("lúa"), no("ngô"), "tôm")),
        ('+"lúa mùa" -(ngô tôm)', side(must(phrase("lúa mùa")), no(side("ngô", "tôm")))),
        ("-title:lúa +date:2021", side(no(inside("title", "lúa")), must(dates("2021")))),
        ("lúa + ngô - tôm", side("lúa", "ngô", "tôm")),
        # operators
        ("NOT lúa", no("lúa")),
        ("NOT NOT lúa", no(no("lúa"))),
        ("lúa AND ngô", both("lúa", "ngô")),
        ("lúa OR ngô OR tôm", either("lúa", "ngô", "tôm")),
        ("lúa VÀ ngô HOẶC tôm", either(both("lúa", "ngô"), "tôm")),
        ("lúa KHÔNG ngô", side("lúa", no("ngô"))),
        ("TP HCM VÀ Hà Nội", both(side("TP", "HCM"), side("Hà", "Nội"))),
        ("Đông Hà OR Tây Hồ", either(side("Đông", "Hà"), side("Tây", "Hồ"))),
        ("a AND b c OR NOT d e", either(both("a", side("b", "c")), side(no("d"), "e"))),
        ("a OR -b", either("a", no("b"))),
        # groups
        ("(lúa OR ngô) AND tôm", both(either("lúa", "ngô"), "tôm")),
        ("((lúa ngô)) (tôm)", side("lúa", "ngô", "tôm")),
        ("a AND (b AND (c AND d))", both("a", "b", "c", "d")),
        ("()lúa(())", "lúa"),
        ("x(lúa OR ngô)y", side("x", either("lúa", "ngô"), "y")),
        # patterns and fuzzy words
        ("đổi*", like("đổi*")),
        ("*ong", like("*ong")),
        ("a*b*", like("a*b*")),
        ("ph?ong", like("ph?ong")),
        ("15-NQ*,", like("15-NQ*")),
        ("nguyễn~", near("nguyễn")),
        ("nguyễn~1 văn~2", side(near("nguyễn"), near("văn", 2))),
        # fields and dates
        ("title:lúa", inside("title", "lúa")),
        ("TITLE:lúa", inside("title", "lúa")),
        ("tiêu_đề:lúa nội_dung:ngô", side(inside("title", "lúa"), inside("body", "ngô"))),
        ("tieu_de:a noi_dung:b", side(inside("title", "a"), inside("body", "b"))),
        ("tac_gia:a nguon:b tep:c", side(inside("author", "a"), inside("source", "b"), inside("path", "c"))),
        ("Nguồn:VTV 30/4", side(inside("source", "VTV"), "30/4")),
        ("NGUỒN:a Tiêu_đề:b NGÀY:2021", side(inside("source", "a"), inside("title", "b"), dates("2021"))),
        ("TÁC_GIẢ:lan KHÔNG lúa", side(inside("author", "lan"), no("lúa"))),
        (unicodedata.normalize("NFD", "TIÊU_ĐỀ:a"), inside("title", "a")),
        ("tác_giả:a nguồn:b tệp:c", side(inside("author", "a"), inside("source", "b"), inside("path", "c"))),
        ("title:(lúa OR ngô) tôm", side(inside("title", either("lúa", "ngô")), "tôm")),
        ('title:"lúa ngô"~3', inside("title", phrase("lúa ngô", 3))),
        ("title:đổi*^2", inside("title", times(like("đổi*"), 2.0))),
        ("title:(a author:b)", inside("title", side("a", inside("author", "b")))),
        ("date:2021", dates("2021")),
        ("ngày:30/11/2021, lúa", side(dates("30/11/2021"), "lúa")),
        ("ngay:2019..2021", dates("2019..2021")),
        ("date:>=2020-07-02", dates(">=2020-07-02")),
        ('date:"30/11/2021"', dates("30/11/2021")),
        ("date:(..2019 OR >=2021-06)", either(dates("..2019"), dates(">=2021-06"))),
        # boost
        ("lúa^2", times("lúa", 2.0)),
        ('"lúa mùa"^1.5 ngô', side(times(phrase("lúa mùa"), 1.5), "ngô")),
        ('"lúa ngô"~5^2', times(phrase("lúa ngô", 5), 2.0)),
        ("nguyễn~^0.5", times(near("nguyễn"), 0.5)),
        ("(lúa OR ngô)^3", times(either("lúa", "ngô"), 3.0)),
        ("((lúa)^2)^3", times(times("lúa", 2.0), 3.0)),
        ("lúa^1", "lúa"),
        # a backslash makes text of a word
        ("\\-lúa \\title:lúa", side("lúa", "title:lúa")),
        ("\\AND \\đổi* \\lúa^2", side("AND", "đổi", "lúa^2")),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_this_tree(text: str, read: Part) -> None:
    assert tree(text) == as_tree(read)
    assert not [note for note in parse_query(text).notes if "KHÔNG" not in note]


# --- ordinary text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Vì sao con đê vỡ?", "Vì sao con đê vỡ"),
        ("Làng: chợ [quê], ‘đình’!", "Làng chợ quê đình"),
        ("Đà Nẵng: mưa lớn", "Đà Nẵng mưa lớn"),
        ("Hà Nội:mưa lúc 10:30", "Hà Nội:mưa lúc 10:30"),
        ("Nguồn: VTV, nói ngay: lúa date:", "Nguồn VTV nói ngay lúa date"),
        ("Hôm qua ở làng trên (Nguồn:VTV) mọi người đi họp", "Hôm qua ở làng trên Nguồn:VTV mọi người đi họp"),
        ("https://vi-du.example/?q=a*&x=b~ xem", "https://vi-du.example/?q=a*&x=b xem"),
        ("http://title:8080 title://x", "http://title:8080 title://x"),
        ("toa.soan@vi-du.example #tin", "toa.soan@vi-du.example tin"),
        ("k+ C++ R&D 50% $5 C:\\dir", "k+ C++ R&D 50% 5 C:\\dir"),
        ("U23 (*) khách sạn 5* 3*4 đổi * 1**", "U23 khách sạn 5 3*4 đổi 1"),
        ("sao?Tôi **đổi** ?? a**b", "sao?Tôi đổi a**b"),
        ("lúa~ngô 2021~ 2^10 x^1e5 lúa^", "lúa~ngô 2021 2^10 x^1e5 lúa"),
        ("Hà Nội - Huế – Vinh — lúa -- ngô", "Hà Nội Huế Vinh lúa ngô"),
        ("15-NQ/TW T.Ư 12,06% P. Bà Rịa-Vũng Tàu", "15-NQ/TW T.Ư 12,06% P. Bà Rịa-Vũng Tàu"),
        ("Nước mắm 'phở' and or not và hoặc không Và Không", "Nước mắm phở and or not và hoặc không Và Không"),
        ("HÀ NỘI KHÔNG CẤM XE VÀ TÀU", "HÀ NỘI KHÔNG CẤM XE VÀ TÀU"),
        ("NÓNG: Hà Nội KHÔNG cấm xe", "NÓNG Hà Nội KHÔNG cấm xe"),
        ('máy tính 5.5" giá', "máy tính 5.5 giá"),
        ("a.b/c_d=e|f {g}", "a.b/c_d=e|f g"),
        ("ho\u0061\u0300 đổi\u00a0mới\u3000đê\tlàng\nxã", "hoà đổi mới đê làng xã"),
    ],
)
def test_ordinary_text_is_words_side_by_side_and_nothing_is_said(text: str, kept: str) -> None:
    assert tree(text) == side(*kept.split())
    assert parse_query(text).notes == ()


plain_pieces = st.one_of(words(), words(), st.sampled_from(CODES + FOREIGN + ODD + EMOJI))


@many
@given(st.lists(st.tuples(plain_pieces, st.sampled_from(JOINTS)), min_size=1, max_size=20))
def test_any_ordinary_text_keeps_all_its_words(parts: list[tuple[str, str]]) -> None:
    text = unicodedata.normalize("NFC", "".join(piece + joint for piece, joint in parts))
    if not split(text):
        return
    query = parse_query(text)
    assert is_plain_text(query)
    leaf_texts = [clause.text for clause in nodes(query.root) if isinstance(clause, Word | Phrase)]
    assert [token for each in leaf_texts for token in split(each)] == split(text)


@pytest.mark.parametrize(
    ("text", "read", "said"),
    [
        ("Bà Rịa -Vũng Tàu", side("Bà", "Rịa", no("Vũng"), "Tàu"), "“-Vũng” bỏ các bài có “Vũng”"),
        ("a b c d e f Bà Rịa -Vũng Tàu", side(*"abcdef", "Bà", "Rịa", "Vũng", "Tàu"), "NOT Vũng"),
        ("năm 2017 -2018", side("năm", "2017", "2018"), "NOT 2018"),
        ("a b c d e f g h i j k l m -Nhìn", side(*"abcdefghijklm", "Nhìn"), "NOT Nhìn"),
        ("lụt -Hà", side("lụt", no("Hà")), "“-Hà” bỏ các bài có “Hà”"),
        ("lụt -2018", side("lụt", "2018"), "NOT 2018"),
        ("nhiệt độ -5 độ", side("nhiệt", "độ", "5", "độ"), "NOT 5"),
        ("lụt KHÔNG bão", side("lụt", no("bão")), "viết thường: không"),
        ("title: lúa", side("title", "lúa"), "“title:” có dấu cách theo sau"),
        ("lúa tiêu_đề: ngô", side("lúa", "tiêu_đề", "ngô"), "viết liền: tiêu_đề:từ"),
        ('làng "bên sông', side("làng", phrase("bên sông")), "thiếu dấu nháy đóng"),
        ("làng (bên sông", side("làng", "bên", "sông"), "thiếu dấu ngoặc đóng"),
        ("làng) bên sông", side("làng", "bên", "sông"), "dấu ) thừa ở ký tự thứ 5"),
        ("làng AND", side("làng", "AND"), "“AND” thiếu một vế"),
        ("VÀ làng", side("VÀ", "làng"), "“VÀ” thiếu một vế"),
        ("làng OR AND xã", both(side("làng", "OR"), "xã"), "“OR” thiếu một vế"),
        ("làng NOT", side("làng", "NOT"), "“NOT” thiếu một vế"),
    ],
)
def test_where_the_meaning_is_plain_it_runs_and_says_so(text: str, read: Part, said: str) -> None:
    query = parse_query(text)
    assert spanless(query.root) == as_tree(read)
    (note,) = query.notes
    assert said in note and "\n" not in note and len(note) < 120


def test_a_quotation_mark_at_the_end_is_not_worth_a_note() -> None:
    assert parse_query('làng "').notes == parse_query('làng "bên sông"').notes == ()
    (note,) = parse_query('"' + "đê " * 100).notes
    assert len(note) < 120


@pytest.mark.parametrize("first", QUOTES)
@pytest.mark.parametrize("last", QUOTES)
def test_every_kind_of_quotation_mark_opens_and_closes_a_phrase(first: str, last: str) -> None:
    assert tree(f"làng {first}đổi mới{last} xã") == side("làng", phrase("đổi mới"), "xã")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gọi 0905 123 456 nhé", ["gọi", "0905 123 456", "nhé"]),
        ("090 512 3456", ["090 512 3456"]),
        ("0905.123 456", ["0905.123 456"]),
        ("(024) 3934 2020", ["(024) 3934 2020"]),
        ("(0905 123 456)", ["0905 123 456"]),
        ("024 3934 2020, 0905 123 456.", ["024 3934 2020", "0905 123 456"]),
        ("0905 123 456 0912 345 678", ["0905 123 456", "0912 345 678"]),
        ("+84 905 123 456", ["+84 905 123 456"]),
        ("+84 24 3934 2020", ["+84 24 3934 2020"]),
        ("+84905123456 (028)38123456", ["+84905123456", "(028)38123456"]),
        ("0905123456 123", ["0905123456", "123"]),
        ("Chỉ thị 05-CT/ TW, năm 2016", ["Chỉ", "thị", "05-CT/ TW", "năm", "2016"]),
        ("202-QĐ/ TW.", ["202-QĐ/ TW."]),
        ("năm 2016 2017", ["năm", "2016", "2017"]),
        ("1.000 2.000 3.000", ["1.000", "2.000", "3.000"]),
        ("0905 123", ["0905", "123"]),
        ("0905 12 34", ["0905", "12", "34"]),
        ("0905  123  456", ["0905", "123", "456"]),
        ("0905\n123\n456", ["0905", "123", "456"]),
        ("ngày 30/4/ ở làng", ["ngày", "30/4", "ở", "làng"]),
        ("làng/ xã / TW", ["làng", "xã", "TW"]),
        ("05-CT/ tw", ["05-CT", "tw"]),
    ],
)
def test_only_one_number_with_spaces_inside_is_one_word(text: str, kept: list[str]) -> None:
    assert tree(text) == (side(*kept) if len(kept) > 1 else as_tree(kept[0]))
    assert parse_query(text).notes == ()


# --- mistakes


@pytest.mark.parametrize(
    ("text", "caret", "said", "hint"),
    [
        ("lúa titel:x", "    ^", "không có trường “titel”", "title:"),
        ("tieude:x", "^", "không có trường “tieude”", "tieu_de:"),
        ("tiêu_dề:x", "^", "không có trường “tiêu_dề”", "tiêu_đề:"),
        ("ngô lúa^-1", "       ^", "hệ số ^-1 phải từ", "lúa^2"),
        ("(lúa ngô)^-0.5", "         ^", "hệ số ^-0.5 phải từ", "lúa^2"),
        ("autor:x souce:y", "^", "không có trường “autor”", "author:"),
        ("lúa date:31/02/2021", "         ^", "tháng 2/2021 có 28 ngày", "30/11/2021"),
        ("date:2021..2019", "     ^", "khoảng ngày ngược", "2019..2021"),
        ("date:(2021 hôm_qua)", "           ^", "“hôm_qua” không phải ngày tháng", "2021-11"),
        ("date:..", "^", "sau date: chưa có gì", "date:2021"),
        ('a title:""', "  ^", "sau title: chưa có gì", "title:lúa"),
        ("title:()", "^", "sau title: chưa có gì", "title:lúa"),
        ("lúa nguyễn~3", "           ^", "chỉ có ~1 hoặc ~2", "~1"),
        ("nguyễn~0", "       ^", "chỉ có ~1 hoặc ~2", "~1"),
        ('"lúa ngô tôm"~5', "             ^", "cụm này có 3", '"cán bộ"~5'),
        ('"lúa"~2', "     ^", "cụm này có 1", '"cán bộ"~5'),
        ('"lúa ngô"~1001', "         ^", "nhiều nhất 1000", "~"),
        ("lúa^0", "   ^", "hệ số ^0", "lúa^2"),
        ("(lúa ngô)^2000", "         ^", "hệ số ^2000", "lúa^2"),
        ("*", "^", "truy vấn trống", "đổi*"),
        ("?!…", "^", "truy vấn trống", "searchvn query"),
    ],
)
def test_a_mistake_is_shown_at_its_place_with_what_to_type_instead(text: str, caret: str, said: str, hint: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    assert " " * caught.value.position + "^" == caret
    assert said in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize("word", ["lúa*", "l?a", "lúa~", "title:lúa~2"])
def test_more_patterns_than_an_index_can_be_asked_for_are_an_error(word: str) -> None:
    most = " ".join([word] * MAX_PATTERNS)
    assert len(children(tree(most))) == MAX_PATTERNS
    with pytest.raises(QuerySyntaxError, match=rf"hơn {MAX_PATTERNS} từ có \*, \? hay ~") as caught:
        parse_query(f"{most} x {word}")
    assert caught.value.hint and caught.value.position == len(f"{most} x {word}") - len(word.removeprefix("title:"))


def test_a_word_with_a_pattern_at_each_joint_counts_as_so_many_patterns() -> None:
    assert tree("-".join(["a*"] * MAX_PATTERNS))
    with pytest.raises(QuerySyntaxError, match=rf"hơn {MAX_PATTERNS} từ có \*, \? hay ~"):
        parse_query("-".join(["a*"] * (MAX_PATTERNS + 1)))


@pytest.mark.parametrize("text", ["làng (+()) xã", "làng (-( xã", "làng () xã", "(+) làng xã", "(OR làng) xã"])
def test_parentheses_around_nothing_but_signs_are_nothing(text: str) -> None:
    words = [clause.text for clause in nodes(parse_query(text).root) if isinstance(clause, Word)]
    assert [word for word in words if word != "OR"] == ["làng", "xã"]


@pytest.mark.parametrize("opened", ["(", "-(", "+(", "title:", "NOT ", "title:("])
def test_a_thousand_signs_in_each_other_are_an_error(opened: str) -> None:
    with pytest.raises(QuerySyntaxError, match=f"lồng nhau quá {MAX_DEPTH} tầng") as caught:
        parse_query(opened * 1000 + "lúa")
    assert 0 < caught.value.position < len(opened) * (MAX_DEPTH + 2)
    assert tree(opened * (MAX_DEPTH // 2 - 1) + "lúa")


@pytest.mark.parametrize("text", ["", " \n", '""', "“”", "- / .", "😀", "\u0301", "_", "\u200b", "\x00\x01\x1b", "()"])
def test_a_query_without_a_letter_or_digit_is_an_error(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="truy vấn trống") as caught:
        parse_query(text)
    assert isinstance(caught.value, SearchvnError)
    assert caught.value.exit_status == 2
    assert caught.value.hint


@pytest.mark.parametrize("written", ["đê " * 5_000, '"' + "đê " * 5_000 + '"', "đê-" * 5_000, "東" * 10_000])
def test_an_article_pasted_as_a_query_is_an_error_with_the_most_words(written: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"hơn 1\.000 từ") as caught:
        parse_query(written)
    assert caught.value.hint and "\n" not in str(caught.value)


def test_a_megabyte_pasted_as_a_query_is_one_short_error() -> None:
    with pytest.raises(QuerySyntaxError, match=r"1\.000\.000 ký tự.* 20\.000") as caught:
        parse_query("đê" * 500_000)
    assert len(str(caught.value)) < 200 and "\n" not in str(caught.value)


def test_as_many_words_and_characters_as_allowed_are_read_and_one_more_is_not() -> None:
    assert len(children(tree("đê " * MAX_WORDS))) == MAX_WORDS
    assert tree("ê" * MAX_LENGTH) == as_tree("ê" * MAX_LENGTH)
    for text in ("đê " * MAX_WORDS + "đê", "ê" * (MAX_LENGTH + 1)):
        with pytest.raises(QuerySyntaxError):
            parse_query(text)


@pytest.mark.parametrize("piece", [sign + joint for sign in SIGNS for joint in ("", " ", "a")])
def test_hostile_texts_of_the_longest_length_are_read_or_refused(piece: str) -> None:
    text = ("a" + piece * MAX_LENGTH)[: MAX_LENGTH - 2] + " b"
    try:
        assert parse_query(text).root
    except QuerySyntaxError as error:
        assert error.hint


# --- any text


@many
@given(queries)
@example("(0905 123 456)")
@example("date:(>=2020 OR ..2019)")
@example("làng (+())")
@example("AND(+(")
def test_a_query_is_read_or_is_a_syntax_error_with_a_hint(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    try:
        query = parse_query(text)
    except QuerySyntaxError as error:
        assert error.hint and "\n" not in str(error) + error.hint
        assert 0 <= error.position <= len(normal)
        return
    assert query.text == normal
    assert all("\n" not in note and len(note) < 160 for note in query.notes)
    for clause in nodes(query.root):
        start, end = clause.span
        assert 0 <= start < end <= len(normal)
        below = children(clause)
        assert all(one.span[1] <= other.span[0] for one, other in pairwise(below))
        assert all(start <= child.span[0] and child.span[1] <= end for child in below)
        if isinstance(clause, Group | AllOf | AnyOf):
            assert len(below) > 1 and not any(isinstance(child, type(clause)) for child in below)
        elif not below:
            assert split(clause.text) and not set(clause.text) & set(QUOTES)
            assert clause.text in normal[start:end]


@many
@given(queries)
def test_what_was_read_can_be_printed_and_read_again(text: str) -> None:
    try:
        read = tree(text)
    except QuerySyntaxError:
        return
    assert tree(printed(read)) == read


@many
@given(trees)
def test_any_tree_can_be_printed_and_read_again(clause: Clause) -> None:
    assert tree(printed(clause)) == clause
