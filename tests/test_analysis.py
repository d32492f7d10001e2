"""How text becomes terms: nothing is lost, positions agree, and only equal words meet."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise, takewhile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis import lines, lookup, marks
from searchvn.analysis.canonical import MAX_TERM, canonical
from searchvn.analysis.codes import codes_of
from searchvn.analysis.compounds import compound_places, compounds
from searchvn.analysis.folding import fold, has_marks, strip_marks
from searchvn.analysis.lines import bare_lines, capitals, read_line, shingle
from searchvn.analysis.terms import BREAK, analyze, cap, describe, tokenize
from searchvn.analysis.tokens import INVISIBLE, spans, split
from searchvn.articles.encodings import tidy
from searchvn.fields import MAX_KEYWORD
from searchvn.models import Article
from strategies import FOREIGN, raw_texts, without_marks, words

many = settings(deadline=None, derandomize=True, max_examples=150)

texts = raw_texts().map(tidy)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def letters(text: str) -> int:
    """How many letters and digits `text` holds; composed Hangul counts as its parts."""
    return sum(map(str.isalnum, nfd(text)))


# --- tokens


@many
@given(texts)
def test_tokens_are_slices_that_hold_every_letter_once(text: str) -> None:
    places = spans(text)
    assert [text[start:end] for start, end in places] == split(text)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    inside = {at for start, end in places for at in range(start, end)}
    assert [c for at, c in enumerate(text) if c.isalnum() and at not in inside] == []
    for token in split(text):
        assert token[0].isalnum() or unicodedata.category(token[0]) == "Cn"
        assert token.split() == [token]
        assert "_" not in token


@many
@given(texts)
def test_tokens_hold_nothing_but_letters_digits_marks_and_invisibles(text: str) -> None:
    between = " ".join(split(text))
    strange = {c for c in between if not c.isalnum() and c != " " and unicodedata.category(c)[0] != "M"}
    assert {c for c in strange if unicodedata.category(c) != "Cn"} <= set(INVISIBLE)


@many
@given(st.lists(texts, max_size=4))
def test_lines_are_tokenized_as_the_whole_is(lines: list[str]) -> None:
    assert split("\n".join(lines)) == [token for line in lines for token in split(line)]


@many
@given(st.text("ab ộ_-1.", max_size=30))
def test_the_fast_patterns_and_the_full_one_agree(text: str) -> None:
    assert split(text + " ไ") == [*split(text), "ไ"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Nghị quyết 15-NQ/TW", ["Nghị", "quyết", "15", "NQ", "TW"]),
        ("tăng 12,06% (T.Ư)", ["tăng", "12", "06", "T", "Ư"]),
        ("tên_tệp __x__", ["tên", "tệp", "x"]),
        ("東京のABC塔 và 서울시", ["東", "京", "の", "ABC", "塔", "và", "서울시"]),
        ("हिन्दी ภาษาไทย น้ำ", ["हिन्दी", "ภาษาไทย", "น้ำ"]),
        ("phương\u00adthức a\u200bb", ["phương\u00adthức", "a\u200bb"]),
        ("x\u0301\u0302y \u0301 z", ["x\u0301\u0302y", "z"]),
        ("— … ? “”", []),
        ("", []),
    ],
)
def test_tokens_by_example(text: str, tokens: list[str]) -> None:
    assert split(nfc(text)) == list(map(nfc, tokens))


@pytest.mark.parametrize("text", FOREIGN)
def test_other_scripts_survive(text: str) -> None:
    found = tokenize(tidy(f"Bài về {text} hôm nay"))
    for stream in (found.exact[2:-2], found.folded[2:-2]):
        assert letters("".join(stream)) >= letters(text)
    base = {c for c in nfd(text.lower()) if c.isalnum()}
    assert base <= set(nfd("".join(found.exact)))
    assert base <= set(nfd("".join(found.folded))) | {"ς", "σ"}


def test_the_table_of_marks_is_unicodes() -> None:
    everything = "".join(map(chr, range(0x110000)))
    listed = set(re.findall(f"[{marks.COMBINING_MARKS}]", everything))
    known = {c for c in everything if unicodedata.category(c)[0] == "M"}
    if unicodedata.unidata_version == "14.0.0":
        assert listed == known
    elif float(unicodedata.unidata_version.rpartition(".")[0]) > 14:
        assert listed <= known  # a newer Unicode only adds
    else:
        assert known <= listed


# --- exact and folded terms


@many
@given(texts)
def test_the_exact_term_is_stable_lower_case_and_short(text: str) -> None:
    for token in split(text):
        term = canonical(token)
        assert canonical(term) == term
        assert term == term.lower()
        assert 0 < len(term) <= MAX_TERM
        assert not set(term) & set(INVISIBLE)
        assert "ð" not in term


@many
@given(texts)
def test_the_exact_term_keeps_every_letter(text: str) -> None:
    for token in split(text):
        if len(token.lower()) <= MAX_TERM:
            assert letters(canonical(token)) >= letters(token.lower())


@many
@given(texts)
def test_the_folded_term_is_stable_and_loses_no_letter(text: str) -> None:
    for token in split(text):
        exact = canonical(token)
        folded = fold(exact)
        assert folded
        assert fold(folded) == folded
        assert letters(folded) >= letters(exact)
        assert folded.count("d") >= exact.count("đ") + exact.count("d")
        assert "đ" not in folded


def test_every_letter_of_unicode_gives_terms() -> None:
    for character in filter(str.isalnum, map(chr, range(0x110000))):
        for token in split(nfc(f"{character} b{character}")):
            exact = canonical(token)
            folded = fold(exact)
            assert canonical(exact) == exact == exact.lower() == nfc(exact), hex(ord(character))
            assert fold(folded) == folded == nfc(folded), hex(ord(character))
            assert letters(folded) >= letters(exact) > 0, hex(ord(character))
            assert split(exact) == [exact] and split(folded) == [folded], hex(ord(character))


def test_every_form_of_a_latin_letter_or_digit_is_that_letter_or_digit() -> None:
    forms = {c: unicodedata.normalize("NFKC", c) for c in filter(str.isalnum, map(chr, range(0x80, 0x110000)))}
    plain = {c: form for c, form in forms.items() if form.isascii() and form.isalnum()}
    assert len(plain) > 900
    for character, form in plain.items():
        assert canonical(nfc(character)) == canonical(form), hex(ord(character))
        assert canonical(nfc(f"a{character}b")) == f"a{form.lower()}b", hex(ord(character))


@pytest.mark.parametrize(
    ("typed", "exact", "folded"),
    [
        ("ĐỔI", "đổi", "doi"),
        ("Ðổi", "đổi", "doi"),
        ("đđĐ", "đđđ", "ddd"),
        ("phương\u00adthức", "phươngthức", "phuongthuc"),
        ("ho\u200ba\u0300", "hòa", "hoa"),
        ("œuvre", "œuvre", "oeuvre"),
        ("Straße", "straße", "strasse"),
        ("½", "½", "12"),
        ("İ", "i\u0307", "i"),
        ("ı", "ı", "i"),
        ("1½", "1½", "112"),
        ("ﬁn", "fin", "fin"),
        ("ＡＢＣ１２", "abc12", "abc12"),
        ("Ｖｉｅ̣̂ｔ", "việt", "viet"),
        ("𝐓𝐢𝐧 𝑡𝑖𝑛 𝕿𝖎𝖓 𝚃𝚒𝚗 𝟐".replace(" ", ""), "tintintintin2", "tintintintin2"),
        ("Ⅻ", "xii", "xii"),
        ("①⑵⒊", "123", "123"),
        ("m²", "m2", "m2"),
        ("1ª", "1a", "1a"),
        ("µg", "μg", "μg"),
        ("ŉ", "ʼn", "ʼn"),
        ("ﷲ", "الله", "الله"),
        ("ｶﾞ", "ｶﾞ", "ｶﾞ"),
        ("㊀b", "㊀b", "1b"),
        ("น้ำ", "น้ำ", "น้ำ"),
        ("Ɖổi", "đổi", "doi"),
        ("ɖời", "đời", "doi"),
        ("vie\u0323\u0302t", "việt", "viet"),
        ("vie\u0301\u0302t", "viết", "viet"),
        ("na\u0300\u0306m", "nằm", "nam"),
        ("a\u0340", "à", "a"),
        ("vie\u200b\u0302\u0341t", "viết", "viet"),
        ("hoang\u0300", "hoàng", "hoang"),
        ("ướ\u0301c", "ước", "uoc"),
        ("sơ\u031bn", "sơn", "son"),
        ("về\u0301", "về\u0301", "ve"),
        ("x\u0301\u0302", "x\u0301\u0302", "x"),
        ("ñandú", "ñandú", "nandu"),
        ("Ёлка", "ёлка", "елка"),
        ("Ελλάδα", "ελλάδα", "ελλαδα"),
        ("हिन्दी", "हिन्दी", "हिन्दी"),
        ("ガ", "ガ", "ガ"),
        ("서울", "서울", "서울"),
    ],
)
def test_terms_by_example(typed: str, exact: str, folded: str) -> None:
    assert (canonical(nfc(typed)), fold(canonical(nfc(typed)))) == (nfc(exact), nfc(folded))


def test_a_long_token_is_cut_even_where_lower_case_is_longer() -> None:
    term = canonical("İ" * MAX_TERM)
    assert len(term) == MAX_TERM
    assert canonical(term) == term
    assert canonical("ặ" * 5000) == "ặ" * MAX_TERM
    assert canonical("z" * MAX_TERM + "a") == canonical("z" * MAX_TERM + "b")


@many
@given(raw_texts())
def test_composed_and_decomposed_texts_give_equal_terms(raw: str) -> None:
    assert tokenize(tidy(nfc(raw))) == tokenize(tidy(nfd(raw)))


@many
@given(words())
def test_invisible_characters_inside_a_word_change_nothing(word: str) -> None:
    plain = tidy(word).replace("\u00ad", "")
    for invisible in INVISIBLE:
        broken = tidy(invisible.join(nfd(plain)) + invisible)
        assert tokenize(broken).exact == tokenize(nfc(plain)).exact
        assert tokenize(broken).folded == tokenize(nfc(plain)).folded


@many
@given(words())
def test_has_marks_says_whether_taking_marks_off_changes_the_term(word: str) -> None:
    term = canonical(nfc(tidy(word).replace("\u00ad", "")))
    assert has_marks(term) == (without_marks(term) != term)
    assert not has_marks(strip_marks(term))
    assert strip_marks(term) == without_marks(term)


# --- streams


def lines_of(stream: str, lengths: list[int]) -> list[list[str]]:
    found = iter(stream.split())
    return [[next(found) for _ in range(length)] for length in lengths]


@many
@given(texts, texts)
@example("Tựa", "đổi\nmới\n\ncách làm")
def test_the_streams_of_an_article_keep_their_positions_together(title: str, body: str) -> None:
    fields = analyze(Article("a", title, body)).terms
    for name, text in (("title", title), ("body", body)):
        tokens = tokenize(text)
        assert fields[name].split() == tokens.exact
        assert fields[f"{name}_folded"].split() == tokens.folded == [fold(term) for term in tokens.exact]
        assert len(tokens.texts) == len(tokens.exact) == len(tokens.folded) == len(spans(text))
    pairs: list[str] = []
    for line in (title + "\n" + body).split("\n"):
        tokens, shown = tokenize(line), capitals(line)
        for place, token in enumerate(tokens.texts):
            pairs += [shingle(*tokens.folded[place - 1 : place + 1])] if place else []
            pairs += [token] if token in shown else []
    assert fields["shingles"].split() == pairs + compounds(title) + compounds(body)


@many
@given(texts)
def test_a_line_gives_one_exact_and_one_folded_term_a_token(text: str) -> None:
    for raw in text.split("\n"):
        line = read_line(raw)
        assert len(line.exact.split()) == len(line.folded.split()) == line.words
        assert len(line.shingles.split()) == max(0, line.words - 1) + len(capitals(raw))


@many
@given(texts)
def test_terms_joined_by_spaces_split_into_themselves(text: str) -> None:
    tokens = tokenize(text)
    for stream in (tokens.exact, tokens.folded, compounds(text)):
        assert " ".join(stream).split() == stream
        assert not any("_" in term or BREAK in term for term in stream)


def test_shingles_do_not_cross_lines_and_phrases_do() -> None:
    fields = analyze(Article("a", "Đổi mới", "Phương thức\n\nlãnh đạo")).terms
    assert fields["shingles"].split() == [shingle("doi", "moi"), shingle("phuong", "thuc"), shingle("lanh", "dao")]
    assert fields["body"].split() == ["phương", "thức", "lãnh", "đạo"]


def test_shingles_are_short_codes_that_tell_pairs_apart() -> None:
    """Every pair of the 40 most common initials and rimes: few of them may share a code, or ranking suffers."""
    syllables = ["".join(parts) for parts in zip("bcdghklmnst" * 4, ["a", "an", "oi", "uong"] * 11, strict=True)]
    pairs = {(one, two) for one in syllables for two in syllables}
    assert len({shingle(*pair) for pair in pairs}) > 0.9 * len(pairs)
    assert {len(shingle(*pair)) for pair in pairs} == {5}
    assert shingle("doi", "moi") != shingle("moi", "doi")


@many
@given(texts)
def test_describe_shows_what_indexing_does(text: str) -> None:
    described = describe(text)
    tokens = tokenize(text)
    assert [(text[start:end], token) for token, start, end, *_ in described.tokens] == [(t, t) for t in tokens.texts]
    assert [exact for *_, exact, _ in described.tokens] == tokens.exact
    assert [folded for *_, folded in described.tokens] == tokens.folded
    shown = [shingle(*pair.split("_")) if "_" in pair else pair for pair in described.shingles]
    assert shown == analyze(Article("a", body=text)).terms["shingles"].split()
    assert described.bare == bool(analyze(Article("a", body=text)).terms["bare"].split())


# --- codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15-NQ/TW", ["15nqtw", "nqtw"]),
        ("Công văn 159/2020/NĐ-CP.", ["1592020ndcp", "ndcp"]),
        ("05-CT/ TW, 03 /2016/TT-BYT", ["05cttw", "cttw", "032016ttbyt", "ttbyt"]),
        ("15–NQ∕TW, 202‑QĐ/TW, 9−10", ["15nqtw", "nqtw", "202qdtw", "qdtw", "910"]),
        ("687-KH/TU của", ["687khtu", "khtu"]),
        ("tăng 12,06% so với", []),
        ("1.411 hộ, 10:30 sáng 30/4/1975", ["1411", "1030", "3041975"]),
        ("https://a.vn/x1", ["avnx1"]),
        ("https://a.vn/trang", []),
        ("Bà Rịa-Vũng Tàu", []),
        ("T.Ư và COVID-19", ["covid19"]),
        ("A4/B5,C-D 1-2_3-4", ["a4b5", "12", "34"]),
        ("x1--y2 1./2 -5 5- 6", []),
        ("15 - NQ / TW", []),
        ("15-\nNQ", []),
        ("½/3", ["123"]),
    ],
)
def test_compounds_by_example(text: str, found: list[str]) -> None:
    assert compounds(text) == found


@many
@given(st.one_of(texts, st.text("aĐ1-/.:_, \n", max_size=40)))
def test_compounds_are_what_a_plain_reading_of_every_stretch_finds(text: str) -> None:
    plain = []
    for match in re.findall(r"[^\W_]+(?:(?: ?/ ?|[-/.:‐-―−－⁄∕／])[^\W_]+)+", text):
        parts = [fold(canonical(part)) for part in split(match)]
        if re.search(r"\d", match):
            plain.append("".join(parts)[:MAX_TERM])
            tail = list(takewhile(lambda part: not re.search(r"\d", part), reversed(parts)))
            if 1 < len(tail) < len(parts):
                plain.append("".join(reversed(tail)))
    assert compounds(text) == plain
    for joined, start, end in compound_places(text):
        assert "".join(fold(canonical(part)) for part in split(text[start:end]))[:MAX_TERM] == joined


def test_what_spells_a_syllable_is_marked_in_capitals_and_nothing_else() -> None:
    def marked(text: str) -> list[str]:
        return [
            term
            for term in analyze(Article("a", "", text)).terms["shingles"].split()
            if term.isupper() and "_" not in term
        ]

    assert marked("Ban Bí thư TƯ họp với CA tỉnh") == ["TƯ", "CA"]
    assert marked("theo 15-NQ/TU của Tỉnh ủy") == ["TU"]
    assert marked("đầu tư, Tư, UBND, HĐND, TW, CÔNG AN, U, Ư") == ["CÔNG", "AN"]
    assert marked("BAN BÍ THƯ TƯ ĐẢNG\nbàn việc") == []


@pytest.mark.parametrize("tail", ["x" * 300_000, "x1/" * 100_000, "-" * 300_000, "1-" * 150_000])
def test_a_long_stretch_without_spaces_is_read_in_one_go(tail: str) -> None:
    found = compounds("1-2," + tail)
    assert found[0] == "12"
    assert all(len(term) <= MAX_TERM for term in found)


# --- unaccented text

ACCENTED = "Bà con trong xã họp bàn về cách chia nước tưới cho cánh đồng bên sông"
UNACCENTED = "Ba con trong xa hop ban ve cach chia nuoc tuoi cho canh dong ben song"
ENGLISH = "The villagers met under the old banyan tree to share water between their fields before spring"
FRENCH = "Les villageois se sont rassemblés près du vieux puits pour partager équitablement chaque récolte"


def bare_of(title: str, body: str) -> str:
    return analyze(Article("a", title, body)).terms["bare"]


def test_an_accented_article_has_no_bare_terms() -> None:
    assert bare_of("Họp bàn chia nước", f"{ACCENTED}.\n{ACCENTED}.").split() == []


def test_an_unaccented_article_is_bare_throughout() -> None:
    terms_found = bare_of("Hop ban chia nuoc", f"{UNACCENTED}.\n\nNgan.").split()
    assert terms_found == [*"hop ban chia nuoc".split(), BREAK, *UNACCENTED.lower().split(), "ngan"]


def test_an_unaccented_article_may_hold_a_marked_word() -> None:
    assert "cánh" not in bare_of("", f"{UNACCENTED} cánh").split()
    assert bare_of("", f"{UNACCENTED} cánh").split()[-1] == "canh"


def test_a_long_unaccented_line_in_an_accented_article_is_bare() -> None:
    body = f"{ACCENTED}\n{UNACCENTED}\n{ACCENTED}\nba con hop ban\n{ACCENTED}"
    assert bare_of("Họp bàn chia nước", body).split() == UNACCENTED.lower().split()


def test_eight_words_make_a_line_long() -> None:
    seven, eight = (" ".join(UNACCENTED.split()[:count]) for count in (7, 8))
    lines = [read_line(line) for line in (ACCENTED, seven, eight, ACCENTED)]
    assert bare_lines(lines) == [False, False, True, False]


@pytest.mark.parametrize("foreign", [ENGLISH, FRENCH, "1 2 3 4 5 6 7 8 9 10", "東京 서울 " * 5, ""])
def test_foreign_text_is_not_bare(foreign: str) -> None:
    assert bare_of("", foreign).split() == []
    assert bare_of("", f"{ACCENTED}\n{foreign}\n{ACCENTED}").split() == []


def test_bare_lines_that_do_not_follow_each_other_are_kept_apart() -> None:
    line = UNACCENTED.lower().split()
    accented = f"{ACCENTED} {ACCENTED}"
    follow = bare_of(ACCENTED, f"{accented}\n{UNACCENTED}\n{UNACCENTED}\n{accented}")
    apart = bare_of(ACCENTED, f"{accented}\n{UNACCENTED}\n{accented}\n{UNACCENTED}\n{accented}")
    assert follow.split() == line + line
    assert apart.split() == [*line, BREAK, *line]
    title = bare_of(UNACCENTED, f"{UNACCENTED}\n{accented}\n{accented}")
    assert title.split() == [*line, BREAK, *line]


@many
@given(st.lists(st.sampled_from([ACCENTED, UNACCENTED, ENGLISH, "ba con", "bà con", "", "15-NQ/TW"]), max_size=8))
def test_the_bare_stream_is_the_folded_terms_of_the_bare_lines(lines: list[str]) -> None:
    flags = bare_lines([read_line(line) for line in ["", *lines]])
    stream = bare_of("", "\n".join(lines)).split()
    wanted = [term for line, flag in zip(lines, flags[1:], strict=True) if flag for term in tokenize(line).folded]
    assert [term for term in stream if term != BREAK] == wanted


# --- who wrote it, where it stands, when it was published


def facts_of(**facts: str | None) -> dict[str, str]:
    terms_found = analyze(Article("a", **facts)).terms  # type: ignore[arg-type]
    return {name: value for name, value in terms_found.items() if value.strip() and name not in ("id", "file")}


def test_authors_sources_and_paths_are_words_and_authors_and_sources_values_too() -> None:
    assert facts_of(author="  Trần Thị\tBưởi,\nHoà ", source="Báo “Làng” số 3", file="corpus/bao-chi/Bài_01.txt") == {
        "author": "trần thị bưởi hòa",
        "author_folded": "tran thi buoi hoa",
        "author_name": "Trần Thị Bưởi, Hoà",
        "source": "báo làng số 3",
        "source_folded": "bao lang so 3",
        "source_name": "Báo “Làng” số 3",
        "path": "corpus bao chi bài 01 txt",
        "path_folded": "corpus bao chi bai 01 txt",
    }
    assert facts_of(author=" \n", source="") == facts_of() == {}


@many
@given(texts)
@example("Nguyễn Văn Đệ, " * 80)
@example("a\ud800" * 300)
def test_an_author_is_found_by_every_word_and_counted_by_a_value_that_fits(author: str) -> None:
    for _ in range(2):  # the second time from memory
        found = analyze(Article("a", author=author, file=nfd(author))).terms
        tokens = tokenize(author)
        assert found["author"].split() == found["path"].split() == tokens.exact
        assert found["author_folded"].split() == found["path_folded"].split() == tokens.folded
        assert found["author_name"] == cap(" ".join(author.split()))


@pytest.mark.parametrize(
    ("published", "number", "month"),
    [
        ("2021-12-01", "20211201000000", "2021-12"),
        ("2021-12-01T07:05", "20211201070500", "2021-12"),
        ("2021-12-01 07:05:09", "20211201070509", "2021-12"),
        ("2021-12-01T23:05:09.987654", "20211201230509", "2021-12"),
        ("2021-12-31T23:59:59+07:00", "20211231235959", "2021-12"),
        ("2022-01-01T00:05Z", "20220101000500", "2022-01"),
        ("2022-01-01T00:05-0500", "20220101000500", "2022-01"),
        ("0001-01-01", "00010101000000", "0001-01"),
        ("9999-12-31T23:59:59", "99991231235959", "9999-12"),
    ],
)
def test_a_date_is_the_clock_of_its_place(published: str, number: str, month: str) -> None:
    assert facts_of(published=published) == {"published": number, "year": month[:4], "month": month}


# --- lines of codes

ODD = [
    "hoà",
    "Hoà",
    "HOÀ",
    "thuỷ",
    "kỷ",
    "ly",
    "Lý",
    "quý",
    "qúy",
    "tóan",
    "my",
    "công",
    "ty",
    "TƯ",
    "15-NQ/TW",
    "1.000",
]


@many
@given(
    st.lists(
        st.sampled_from([*ODD, *ODD, "x" * 100, "ă" * 101, "я", "Яблоко", "ðổi", "Ð", "_", "đ_m", "½", "m²", "😀"]),
        max_size=12,
    ),
    st.sampled_from([" ", " ", "  ", ", ", "\u00a0", " – ", "-", "_"]),
)
@example(["hoà"] * 5, " ")
@example(["ly", "ly", "Lý", "ly", "kỷ", "kỷ"], " ")
@example(["đổi", "я"], " ")
@example(["TƯ", "HOÀ"], " ")
def test_a_line_of_codes_gives_what_its_tokens_give(parts: list[str], between: str) -> None:
    """Whole lines are changed at once where every character is one byte; token by token is how it is meant."""
    line = nfc(between.join(parts))
    read, meant = read_line(line), lines._read_tokens(line)
    assert read._replace(exact="", folded="", accented=False) == meant._replace(exact="", folded="")
    assert not read.accented or sum(not term.isascii() for term in read.exact.split()) >= 0.15 * read.words
    assert read.exact.split() == meant.exact.split()
    assert read.folded.split() == meant.folded.split()


def test_a_line_of_many_odd_words_is_read_as_its_tokens() -> None:
    line = " ".join(f"hoà{number} uỷ{number}a ð{number}" for number in range(100))
    read, meant = read_line(line), lines._read_tokens(line)
    assert (read.exact.split(), read.folded.split()) == (meant.exact.split(), meant.folded.split())
    assert read.shingles == meant.shingles


def test_a_line_is_known_to_be_accented_or_not() -> None:
    assert read_line(ACCENTED).accented and not read_line(UNACCENTED).accented


def test_most_lines_are_read_by_their_codes() -> None:
    line = "Nghị quyết 15-NQ/TW của TƯ về “đổi mới”, thuỷ lợi – hoà bình; công ty Lý Quý."
    codes = codes_of(line)
    assert codes is not None and lines._read_codes(line, codes) is not None


# --- bounds


def test_the_memory_of_words_is_bounded_and_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    words = f"{ACCENTED} {UNACCENTED}".split() * 3
    text = " ".join(f"{word}{number % 7} Hoà{number}" for number, word in enumerate(words))
    before = read_line(text), compounds(text + " 15-NQ/TW")
    monkeypatch.setattr(lookup, "CACHE_SIZE", 3)
    monkeypatch.setattr(lines, "CACHE_SIZE", 3)
    memories = (lookup.EXACT, lookup.FOLDED, lines._TWICE)
    for forms in (*memories, lines._WORDS):
        forms.clear()
    after = read_line(text)
    assert after.exact.split() == before[0].exact.split() and after.folded.split() == before[0].folded.split()
    assert after.shingles == before[0].shingles and compounds(text + " 15-NQ/TW") == before[1]
    assert len(lines._WORDS) <= 3 and len(lines._WORDS.odd) <= 3
    for forms in memories:
        assert len(forms) <= 3
        assert all(forms[token] == forms._compute(token) for token in ("Hoà", "đổi", "15", "Hoà", "mới", "Kỷ", "x"))


@many
@given(st.text(max_size=300))
@example("đ" * 400)
@example("😀" * 200)
def test_a_capped_id_is_a_beginning_that_fits(value: str) -> None:
    capped = cap(value)
    assert value.startswith(capped)
    assert len(capped.encode()) <= MAX_KEYWORD
    assert capped == value or len(value[: len(capped) + 1].encode()) > MAX_KEYWORD


def test_half_a_surrogate_pair_in_an_id_is_no_crash() -> None:
    assert len(cap("a\ud800" * 300)) <= MAX_KEYWORD
