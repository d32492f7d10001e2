"""In what other forms a typed word is found, over every engine: half typed, numbers and identifiers; hostile input."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searching import ALL_ENGINES, ask, framed, index_of, of_texts
from searchvn import Article, Index
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold
from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.tokens import spans, split
from searchvn.models import Diacritics
from searchvn.query.ast import Node
from searchvn.query.forms import MARKABLE, MAX_TERMS, WIDE_WEIGHT, Form
from searchvn.query.parser import MAX_WORDS, parse_query
from searchvn.query.rewrite import rewrite
from searchvn.query.runs import MANY_WORDS
from strategies import TONES

many = settings(deadline=None, derandomize=True, max_examples=150)


def words_of(text: str) -> set[str]:
    return set(text.split())


# --- words typed without some of their marks


def test_every_letter_that_loses_its_marks_in_the_folded_term_may_be_what_a_plain_one_stands_for() -> None:
    latin = map(chr, (*range(0x61, 0x7B), *range(0xDF, 0x250), *range(0x1E00, 0x1F00)))
    letters = [letter for letter in latin if letter.islower() and canonical(letter) == letter]
    for plain, marked in MARKABLE.items():
        alike = {"i", "y"} if plain in "iy" else {plain}
        assert set(marked) == {letter for letter in letters if fold(letter) in alike}


WAYS = "phương phường phượng phong thức thực đường đương dương đuờng".split()


@pytest.fixture(scope="module", params=ALL_ENGINES)
def ways(request: pytest.FixtureRequest) -> Iterator[Index]:
    with index_of(request.param, framed(WAYS, "Có chữ {} ấy")) as index:
        yield index


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("phưong", "phương phường phượng"),
        ("PHƯONG", "phương phường phượng"),
        ("phuơng", "phương phường phượng"),
        ("phuờng", "phường"),
        ("phưòng", "phường"),
        ("phưỏng", ""),
        ("thưc", "thức thực"),
        ("thưć", "thức"),
        ("đuong", "đường đương đuờng"),
        ("đuòng", "đường đuờng"),
        ("đuờng", "đường đuờng"),
        ("dưong", "đường đương dương"),
        ("đường", "đường"),
        ("dương", "dương"),
        ("phông", ""),
    ],
)
def test_a_half_typed_word_finds_the_words_that_have_its_marks_and_more(ways: Index, typed: str, words: str) -> None:
    for query in (typed, unicodedata.normalize("NFD", typed), f"ấy {typed}", f'"chữ {typed} ấy"'):
        answer = ask(ways, query)
        assert answer.found == words_of(words)
        assert all(word in " ".join(marks) for word, marks in answer.marked.items())


def test_a_word_without_any_mark_is_not_half_typed(ways: Index) -> None:
    assert ask(ways, "phuong").found == {"phương", "phường", "phượng"}
    assert ask(ways, "phuong").notes == ()
    assert ask(ways, "ấy phong").found == {"phong"}
    assert ask(ways, "phưong", Diacritics.EXACT).found == set()
    assert ask(ways, "phưong", Diacritics.IGNORE).found == {"phương", "phường", "phượng"}
    assert ask(ways, "phưong", Diacritics.EXACT).notes == ask(ways, "phưong", Diacritics.IGNORE).notes == ()


def decomposed(word: str) -> str:
    """The word with every mark as a character of its own, the stroke of đ too."""
    return unicodedata.normalize("NFD", word).replace("đ", "d\u0335")


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("d\u0335", "đ"))


def with_fewer_marks(word: str) -> set[str]:
    """All ways to type the word without some of its marks, but not without all."""
    text = decomposed(word)
    marks = [at for at, character in enumerate(text) if not character.isascii()]
    return {
        composed("".join(character for at, character in enumerate(text) if at not in left_out))
        for size in range(1, len(marks))
        for left_out in combinations(marks, size)
    }


def halves_of(word: str) -> set[str]:
    """Those that are no words themselves."""
    return {typed for typed in with_fewer_marks(word) if not is_syllable(canonical(typed))}


@pytest.mark.parametrize("word", "phương thức đường quyết nghiễm ngưỡng được khuyển".split())
def test_every_way_to_lose_marks_that_gives_no_word_still_finds_the_word(word: str) -> None:
    with index_of("memory", framed([word], "Có chữ {} ấy")) as index:
        assert halves_of(word)
        for half in halves_of(word):
            assert ask(index, half).found == {word}, half


@pytest.mark.parametrize(("word", "other"), [("những", "nhưng"), ("đẫm", "đâm"), ("thức", "thúc"), ("đổi", "đôi")])
def test_a_word_that_exists_is_not_another_word_with_more_marks(word: str, other: str) -> None:
    assert other in with_fewer_marks(word)
    with index_of("memory", framed([word], "Có chữ {} ấy")) as index:
        assert ask(index, other).found == set()


@many
@given(st.sampled_from([word for word in WAYS if halves_of(word)]), st.data())
def test_what_a_half_typed_word_finds_never_contradicts_a_mark_of_it(word: str, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(sorted(halves_of(word))))
    with index_of("memory", framed(WAYS, "Có chữ {} ấy")) as index:
        found = ask(index, typed).found
    assert word in found
    for other in found:
        marks, its_marks = ([c for c in decomposed(each) if not c.isascii()] for each in (typed, other))
        assert all(marks.count(mark) <= its_marks.count(mark) for mark in marks)
        tone = set(TONES.values()) & set(marks)
        assert not tone or tone == set(TONES.values()) & set(its_marks)


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize(
    ("typed", "words", "others"),
    [
        ("dung", "đừng dụng đúng ḍung", "dùn rung đúngg"),
        ("my", "mỹ mĩ mì", "mây mía"),
        ("yeu", "yếu yêu", "iêu yên"),
        ("senor", "señor sénor", "senior"),
        ("bo", "bø bò bỏ", "bỏng bê"),
        ("quit", "quýt quít", "quýnh"),
    ],
)
def test_a_word_without_marks_may_have_any_where_nothing_is_found_as_typed(
    engine: str, typed: str, words: str, others: str
) -> None:
    with index_of(engine, framed([*words.split(), *others.split()], "chữ {} ấy")) as index:
        assert ask(index, f"{typed} ấy").found == words_of(words)


def test_what_a_half_typed_word_is_read_as_is_noted_on_one_line_most_frequent_first() -> None:
    texts = ["phương này", "phương kia", "phường nọ", "đường làng"]
    with index_of("memory", framed(texts, "Có {} ấy")) as index:
        (note,) = ask(index, "phưong ấy").notes
        assert note.startswith("“phưong”") and note.endswith("phương, phường") and "\n" not in note
        assert ask(index, "phưong phưong").notes == ask(index, '"phưong nọ"').notes == (note,)
        assert len(ask(index, "phưong đuong").notes) == 2
        assert ask(index, "thưc").notes == ()  # read as nothing else


def test_a_note_names_the_first_few_of_many_words() -> None:
    six = "phương phường phướng phưởng phưỡng phượng".split()
    with index_of("memory", framed(six, "Có chữ {} ấy")) as index:
        assert ask(index, "phưong").found == set(six)
        (note,) = ask(index, "phưong").notes
    assert sum(word in note for word in six) == 5 and note.endswith("…")


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_articles_with_the_word_as_typed_come_before_those_with_a_whole_one(engine: str) -> None:
    texts = ["Bao phương cũ", "Bao phưong cũ", "Bao phường cũ"]
    with index_of(engine, framed(texts, "{}")) as index:
        ranked = [hit.id for hit in index.search("phưong", passages=0).hits]
    assert ranked[0] == "Bao phưong cũ" and set(ranked) == set(texts)


def test_other_marked_words_beside_a_half_typed_one_may_have_lost_marks_too() -> None:
    texts = ["phương thức đổi mới", "phương thức đôi khi", "phương thức đồi núi", "phương thức dời nhà"]
    with index_of("memory", framed(texts, "Có {} ấy")) as index:
        assert ask(index, "phưong đôi").found == set(texts[:3])
        assert ask(index, "phương đôi").found == {"phương thức đôi khi"}


# --- what is asked of the index, and how much


class Asked:
    """A vocabulary of words with the letters of `phương`, the later the more frequent, that counts its listings."""

    def __init__(self) -> None:
        bases = [f"phư{vowel}" for vowel in "oòóỏõọôồốổỗộơờớởỡợ"]
        self.words = [f"{base}{n}{g}" for base in bases for n in "nñňņ" for g in "gğĝġ"]
        self.listed = 0

    def df(self, field: str, term: str) -> int:
        return int(field != "shingles")

    def articles(self) -> int:
        return 1_000

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        self.listed += 1
        return [(word, df) for df, word in enumerate(self.words, start=1) if word.startswith(prefix)]

    def count(self, query: Node) -> int:
        return 0


def test_a_half_typed_word_stands_for_the_most_frequent_words_and_not_for_all() -> None:
    vocabulary = Asked()
    (needle,) = rewrite(parse_query("phưong"), vocabulary, abbreviations=()).needles
    typed, wider, _bare = needle.forms
    assert typed == Form("exact", (("phưong",),))
    assert wider == Form("exact", (tuple(vocabulary.words[: -MAX_TERMS - 1 : -1]),), WIDE_WEIGHT)
    assert len(vocabulary.words) > 2 * MAX_TERMS


@pytest.mark.parametrize(
    "passage",
    [
        "phưong đuong thưc " * (MAX_WORDS // 3),
        '"' + "phưong ban " * (MAX_WORDS // 2) + '"',
        " ".join(f'"phưong ban {number}"' for number in range(MAX_WORDS // 3)),
        "phưong-ban-" * (MAX_WORDS // 2),
    ],
    ids=["words", "phrase", "phrases", "compound"],
)
@pytest.mark.parametrize("widened", [False, True])
def test_the_words_of_a_passage_are_not_listed_one_by_one(passage: str, widened: bool) -> None:
    few, all_of_it = Asked(), Asked()
    rewrite(parse_query("phưong " * (MANY_WORDS // 2)), few, widened=widened)
    assert few.listed
    plan = rewrite(parse_query(passage), all_of_it, widened=widened)
    assert not plan.can_widen
    if not widened:  # which is never asked for when the plan says that it cannot be
        assert (all_of_it.listed, plan.notes) == (0, ())


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_letters_that_may_all_have_marks_are_answered(engine: str) -> None:
    """Trying every d as đ would take as long as there are stars."""
    word = "đ" + "d" * 40 + "ố"
    with index_of(engine, framed([word, "đddố"], "chữ {} ấy")) as index:
        assert ask(index, "đ" + "d" * 40 + "ô").found == {word}
        assert ask(index, f"{'d' * 41}o ấy").found == {word}


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_thousand_half_typed_words_are_answered(engine: str) -> None:
    typed = sorted(half for word in WAYS for half in halves_of(word))
    query = " ".join(typed[number % len(typed)] for number in range(MAX_WORDS))
    with index_of(engine, [*framed(WAYS, "Có chữ {} ấy"), Article("mọi chữ", "", query)]) as index:
        assert ask(index, query).found == {"mọi chữ"}
        assert ask(index, query, Diacritics.IGNORE).found == {"mọi chữ"}
        assert ask(index, "phưong").found == {"mọi chữ", "phương", "phường", "phượng"}


# --- numbers and identifiers

RESOLUTIONS = ("15-NQ/TW", "15NQTW", "15NQ/TW", "15/NQ-TW", "15-NQ/ TW", "15–NQ/TW")
DIRECTIVES = ("05-CT/TW", "05-CT/ TW", "05CT/TW")
DECISIONS = ("202-QĐ/TW", "202-QD/TW", "202QĐ/TW")
PLANS = ("687-KH/TU", "687KH/TU")
DECREES = ("159/2020/NĐ-CP", "159/2020/ND-CP", "159/2020NĐCP")
SPACED = ("COVID-19", "COVID19", "Covid 19")
UNDER_23 = ("U23", "U.23", "U-23")
DISTRICT = ("Q1", "Q.1")
HOUSEHOLDS = ("1.411", "1411")
MILLIONS = ("1.500.000", "1500000")
SHARES = ("12,06%", "12.06%")
MARCH = ("31-3", "31/3", "31/03", "31.3")
NOVEMBER = ("30/11/2021", "30-11-2021", "30.11.2021")
FIRST = ("1/3/2017", "01/03/2017", "1-3-2017", "01-03-2017")
TERMS = ("khóa XII", "khoá XII", "Khóa Ⅻ")
MOBILE = (
    "0905123456", "0905.123.456", "0905 123 456", "0905-123-456", "090 512 3456", "(0905) 123456", "0905.12.34.56",
    "+84 905 123 456", "+84905123456",
)  # fmt: skip
LANDLINE = ("02439342020", "024 3934 2020", "(024) 3934 2020", "0243.9342020", "024-39342020")
MAIL = ("toa.soan@vi-du.example",)
PAGE = ("https://vi-du.example/tin/bai-12?a=b&c=d",)
OTHERS = (
    "115-NQ/TW", "51-NQ/TW", "15-NQ/TU", "15-CT/TW", "5-CT/TW", "202-QP/TW", "687-KH/HU", "159/2021/NĐ-CP",
    "59/2020/NĐ-CP", "COVID-9", "U32", "Q10", "14/11", "141.1", "1.500", "150.000", "1206", "12,6%", "313", "3-31",
    "30112021", "30/11", "11/3/2017", "khóa XI", "năm 2017", "2.017", "0905123457", "0905 123 654", "905 123",
    "toasoan@vi-du.example", "vi-du.example/tin",
)  # fmt: skip
SAME = (
    RESOLUTIONS, DIRECTIVES, DECISIONS, PLANS, DECREES, SPACED, UNDER_23, DISTRICT, HOUSEHOLDS, MILLIONS, SHARES,
    MARCH, NOVEMBER, FIRST, TERMS, MOBILE, LANDLINE, MAIL, PAGE,
)  # fmt: skip
PIECES = [piece for group in (*SAME, OTHERS) for piece in group]


@pytest.fixture(scope="module", params=ALL_ENGINES)
def numbers(request: pytest.FixtureRequest) -> Iterator[Index]:
    with index_of(request.param, framed(PIECES, "Bà con nhắc lại {} trong buổi họp.")) as index:
        yield index


def as_marked(piece: str) -> str:
    """A piece from its first word to its last."""
    places = spans(piece)
    return piece[places[0][0] : places[-1][1]]


TYPED = [(typed, group) for group in SAME for typed in group if " " not in typed or group in (MOBILE, LANDLINE)]


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        *TYPED,
        ("15-nq/tw", RESOLUTIONS),
        ("15nqtw", RESOLUTIONS),
        ("(15-NQ/TW).", RESOLUTIONS),
        ("15—NQ/TW", RESOLUTIONS),
        ("05-CT/ TW", DIRECTIVES),
        ("05CTTW", DIRECTIVES),
        ("202-qd/tw", DECISIONS),
        ("202QĐTW", DECISIONS),
        ("202qdtw", DECISIONS),
        ("202-QĐ/ TW", DECISIONS),
        ("687KHTU", PLANS),
        ("687-kh/tu", PLANS),
        ("159/2020/nd-cp", DECREES),
        ("1592020NĐCP", DECREES),
        ("covid19", SPACED),
        ("covid-19", SPACED),
        ("u23", UNDER_23),
        ("12,06", SHARES),
        ("31-03", MARCH),
        ("0905123456,", MOBILE),
        ("(0905)123456", MOBILE),
        ("0905 123456", MOBILE),
        ("(024) 39342020", LANDLINE),
    ],
)
def test_a_number_is_found_however_it_is_printed(numbers: Index, typed: str, group: tuple[str, ...]) -> None:
    answer = ask(numbers, typed)
    assert answer.found == set(group)
    assert {piece: answer.marked[piece] for piece in group} == {piece: [as_marked(piece)] for piece in group}
    assert answer.notes == ()


@pytest.mark.parametrize(("typed", "group"), [("khóa XII", TERMS), ("khoá xii", TERMS), ("khoa xii", TERMS)])
def test_roman_numerals_are_found_in_every_letter(numbers: Index, typed: str, group: tuple[str, ...]) -> None:
    assert ask(numbers, typed).found == ask(numbers, f'"{typed}"').found == set(group)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("15-NQ", {"15-NQ/TW", "15NQ/TW", "15/NQ-TW", "15-NQ/ TW", "15–NQ/TW", "15-NQ/TU"}),
        ("NQ/TW", {"15-NQ/TW", "15/NQ-TW", "15-NQ/ TW", "15–NQ/TW", "115-NQ/TW", "51-NQ/TW"}),
        ("NQTW", {"15-NQ/TW", "15/NQ-TW", "15-NQ/ TW", "15–NQ/TW", "115-NQ/TW", "51-NQ/TW"}),
        ("CT/TW", {"05-CT/TW", "05-CT/ TW", "15-CT/TW", "5-CT/TW"}),
        ("cttw", {"05-CT/TW", "05-CT/ TW", "15-CT/TW", "5-CT/TW"}),
        ("QĐ/TW", {"202-QĐ/TW"}),
        ("qd/tw", {"202-QĐ/TW", "202-QD/TW"}),
        ("KH/TU", {"687-KH/TU"}),
        ("159/2020", {"159/2020/NĐ-CP", "159/2020/ND-CP"}),
        ("NĐ-CP", {"159/2020/NĐ-CP", "159/2021/NĐ-CP", "59/2020/NĐ-CP"}),
        ("ndcp", {"159/2020/NĐ-CP", "159/2020/ND-CP", "159/2021/NĐ-CP", "59/2020/NĐ-CP"}),
        ("30/11", {"30/11", *NOVEMBER}),
        ("11/2021", {*NOVEMBER}),
        ("2021", {*NOVEMBER, "159/2021/NĐ-CP"}),
        ("905 123", {"905 123", "+84 905 123 456"}),
        ("vi-du.example", {*MAIL, *PAGE, "toasoan@vi-du.example", "vi-du.example/tin"}),
        ("vi-du.example/tin", {*PAGE, "vi-du.example/tin"}),
        ("toa.soan", {*MAIL}),
        ("bai-12", {*PAGE}),
        ("bai12", {*PAGE}),
    ],
)
def test_a_number_is_found_by_its_parts(numbers: Index, typed: str, found: set[str]) -> None:
    assert ask(numbers, typed).found == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("313", {"313"}),
        ("1206", {"1206"}),
        ("14/11", {"14/11"}),
        ("141.1", {"141.1"}),
        ("30112021", {"30112021"}),
        ("3-31", {"3-31"}),
        ("150.000", {"150.000"}),
        ("2017", {"năm 2017", *FIRST, "11/3/2017"}),
        ("0905123457", {"0905123457"}),
        ("toasoan@vi-du.example", {"toasoan@vi-du.example"}),
        ("51NQTW", {"51-NQ/TW"}),
        ("159/2021NĐCP", {"159/2021/NĐ-CP"}),
        ("COVID9", {"COVID-9"}),
        ("99-NQ/TW", set()),
    ],
)
def test_what_only_looks_like_a_number_is_not_it(numbers: Index, typed: str, found: set[str]) -> None:
    assert ask(numbers, typed).found == found


def test_a_count_of_people_is_not_a_year(numbers: Index) -> None:
    assert ask(numbers, "2.017").found == {"2.017"}


@pytest.mark.parametrize(
    ("typed", "group"), [("1.411,", HOUSEHOLDS), ("(31-3)", MARCH), ("1/3/2017,", FIRST), ("1.500.000?", MILLIONS)]
)
def test_punctuation_around_a_number_changes_nothing(numbers: Index, typed: str, group: tuple[str, ...]) -> None:
    assert ask(numbers, typed).found == set(group)


@pytest.mark.parametrize("typed", ["+84905123456", "+84 905 123 456", "+84.905.123.456", "+84-905-123-456"])
def test_a_telephone_number_with_the_country_code_is_found_without(numbers: Index, typed: str) -> None:
    assert ask(numbers, typed).found == set(MOBILE)


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("typed", ["1/3/2017", "01/03/2017", "01/3/2017", "1/03/2017"])
def test_a_date_is_found_with_a_zero_before_the_day_alone(engine: str, typed: str) -> None:
    """Official papers write a zero before days below 10 and the months 1 and 2 only (Nghị định 30/2020/NĐ-CP)."""
    dates = {"1/3/2017", "01/03/2017", "01/3/2017", "1/03/2017"}
    with index_of(engine, framed(dates, "Bà con nhắc lại {} trong buổi họp.")) as index:
        assert ask(index, typed).found == dates


def test_exact_marks_are_exact_in_identifiers_too(numbers: Index) -> None:
    """What is joined has no marks in the index, so it is not looked for."""
    assert ask(numbers, "202-QĐ/TW", Diacritics.EXACT).found == {"202-QĐ/TW"}
    assert ask(numbers, "202-QD/TW", Diacritics.EXACT).found == {"202-QD/TW"}
    assert ask(numbers, "202QDTW", Diacritics.EXACT).found == set()
    assert ask(numbers, "0905123456", Diacritics.EXACT).found == set(MOBILE)


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("typed", ["3/2017", "03/2017", "3-2017"])
def test_a_month_is_found_with_and_without_a_zero(engine: str, typed: str) -> None:
    with index_of(engine, framed({"3/2017", "03/2017", "3.2017", "13/2017"}, "Họp tháng {} rồi.")) as index:
        assert ask(index, typed).found == {"3/2017", "03/2017", "3.2017"}


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("name", ["Lan Anh", "Hạ Vy", "Minh Anh"])
def test_a_name_stands_before_its_words_apart(engine: str, name: str) -> None:
    first, last = name.split()
    texts = {
        "tên": f"Cuối buổi, bà con cảm ơn chị {name} đã chép lại lời kể của các cụ trong làng.",
        "xa": f"{first} {first} {first} và {last}, {last}.",
        "khác": "Mỗi lần ảnh hạ xuống, mình ánh lên, vì thế lần ảnh ấy đẹp.",
    }
    with index_of(engine, of_texts(texts)) as index:
        assert index.search(name).hits[0].id == "tên"


def test_a_number_in_quotation_marks_is_as_typed(numbers: Index) -> None:
    assert ask(numbers, '"15NQTW"').found == {"15NQTW"}
    assert ask(numbers, '"15 NQ TW"').found == {"15-NQ/TW", "15/NQ-TW", "15-NQ/ TW", "15–NQ/TW"}
    assert ask(numbers, '"1411"').found == {"1411"}
    assert ask(numbers, '"nhắc lại 31-3"').found == {"31-3", "31/3", "31.3"}


def test_a_number_among_words_is_one_word_and_missing_as_typed(numbers: Index) -> None:
    assert ask(numbers, "buổi họp nhắc 15NQTW").found == set(RESOLUTIONS)
    results = numbers.search("buổi họp 15NQTW 05-CT/ TW", limit=1_000)
    assert results.total == 0
    missing = {hit.id: hit.missing for hit in results.hits}
    assert missing["15-NQ/TW"] == ("05-CT/ TW",)
    assert missing["05-CT/TW"] == ("15NQTW",)
    assert missing["313"] == ("15NQTW", "05-CT/ TW")
    assert {hit.id for hit in results.hits[: len(RESOLUTIONS + DIRECTIVES)]} == {*RESOLUTIONS, *DIRECTIVES}


# --- nothing that stands in an article is lost

WRITTEN = [*PIECES, *WAYS, *sorted(halves_of("phương")), "đổi mới", "doi moi", "UBND", "Q.", "Lan Anh", "T.Ư", "\n"]


@many
@given(st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=8), st.data(), st.sampled_from(Diacritics))
def test_words_copied_from_an_article_find_it(parts: list[str], data: st.DataObject, level: Diacritics) -> None:
    text = " ".join(parts)
    lines = [line.split() for line in text.split("\n") if split(line)] or [["đê"]]
    line = data.draw(st.sampled_from(lines))
    start = data.draw(st.integers(0, len(line) - 1))
    copied = " ".join(line[start : data.draw(st.integers(start + 1, len(line)))])
    others = data.draw(st.lists(st.sampled_from(WRITTEN), max_size=4))
    articles = [Article("nguồn", "", f"{text}\nđê"), *(Article(str(n), "", other) for n, other in enumerate(others))]
    with index_of("memory", articles) as index:
        for query in (copied, f'"{copied}"') if split(copied) else ():
            for abbreviations in ((), None):
                assert "nguồn" in ask(index, query, level, abbreviations).found


# --- hostile input

HOSTILE = {
    "marks": "\u0301" * 1_000_000,
    "letter with marks": "ạ" + "\u0323" * 500_000,
    "invisible": "\u200b" * 1_000_000,
    "invisible between": "đ\u200b" * 300_000,
    "long word": "ư" * 1_000_000,
    "long number": "1" * 1_000_000,
    "compound": "1-" * 50_000,
    "slashes": "1/ A" * 30_000,
    "capitals": "TƯ a\n" * 20_000,
    "one space": " ",
}


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("name", HOSTILE)
def test_absurd_texts_are_kept_beside_others_and_found_by_nothing_that_they_lack(engine: str, name: str) -> None:
    good = Article("lành", "Đổi mới", "BCH TƯ bàn về phương thức 15-NQ/TW, gọi 0905.123.456.")
    with index_of(engine, [Article("dữ", HOSTILE[name][:100], HOSTILE[name]), good]) as index:
        for query in ("phưong TƯ", '"phưong thức"', "15NQTW 0905123456", "ư" * 1_000 + " đổi", "phuong thuc", "bàn"):
            assert "dữ" not in ask(index, query).found
        assert ask(index, "phưong TƯ 15NQTW 0905123456").found == {"lành"}
        (stored,) = index.get("dữ")
        same = stored.body == HOSTILE[name]  # pytest would compare the two for minutes
        assert same


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_long_words_are_found_by_their_beginning(engine: str) -> None:
    with index_of(engine, [Article("dài", "", "ư" * 1_000_000), Article("ngắn", "", "ư" * 99)]) as index:
        assert ask(index, "ư" * 10_000).found == ask(index, "ư" * 100).found == {"dài"}
        assert ask(index, "ư" * 99).found == {"ngắn"}
        assert ask(index, "ư" * 10_000).marked == {"dài": ["ư" * 1_000_000]}
