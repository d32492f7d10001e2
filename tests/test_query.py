"""What the user asked: nothing typed is lost, and each row of the smart diacritics table gives its plan."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis.terms import shingle, tokenize
from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError, SearchvnError
from searchvn.query.ast import And, AndMaybe, Boost, DisMax, Filtered, Node, Or, Phrase, Term, TermPhrase, Word
from searchvn.query.parser import MAX_WORDS, parse_query
from searchvn.query.rewrite import BARE_WEIGHT, FOLDED_WEIGHT, Diacritics, Plan, Reading, Slot, rewrite
from strategies import raw_texts

many = settings(deadline=None, derandomize=True, max_examples=150)

QUOTES = '"“”„‟«»'

SOME = ["đổi mới", "ban", "15-NQ/TW", *QUOTES, " ", "- ", "!", "a\u0301"]
queries = st.one_of(raw_texts(), st.lists(st.sampled_from(SOME), max_size=12).map("".join))


class FakeVocabulary:
    """An index of `many` articles in which the listed terms stand in so many of them."""

    def __init__(self, dfs: Mapping[tuple[str, str], int] | None = None, articles: int = 100) -> None:
        self._dfs = dfs or {}
        self._articles = articles

    def df(self, field: str, term: str) -> int:
        return self._dfs.get((field, term), 0)

    def articles(self) -> int:
        return self._articles


class EveryWord(FakeVocabulary):
    """An index in which every term stands in one article."""

    def df(self, field: str, term: str) -> int:
        return 1


NOTHING = FakeVocabulary()


def plan(text: str, vocabulary: FakeVocabulary = NOTHING, level: Diacritics = Diacritics.SMART) -> Plan:
    return rewrite(parse_query(text), vocabulary, level)


def clauses(text: str) -> list[tuple[str, str]]:
    return [(type(clause).__name__, clause.text) for clause in parse_query(text).clauses]


# --- reading the text


@many
@given(queries)
def test_a_query_is_read_or_is_a_syntax_error_with_a_hint(text: str) -> None:
    try:
        query = parse_query(text)
    except QuerySyntaxError as error:
        assert not split(unicodedata.normalize("NFC", text))
        assert error.hint and "\n" not in str(error)
        assert 0 <= error.position <= len(text)
    else:
        assert query.text == unicodedata.normalize("NFC", text)
        assert query.clauses


@many
@given(queries.filter(lambda text: split(unicodedata.normalize("NFC", text))))
def test_clauses_slice_the_query_and_hold_every_word_of_it(text: str) -> None:
    query = parse_query(text)
    assert [query.text[slice(*clause.span)] for clause in query.clauses] == [clause.text for clause in query.clauses]
    assert all(before.span[1] <= after.span[0] for before, after in pairwise(query.clauses))
    assert [token for clause in query.clauses for token in split(clause.text)] == split(query.text)
    for clause in query.clauses:
        assert split(clause.text)
        assert not set(clause.text) & set(QUOTES)
        assert isinstance(clause, Phrase) or clause.text.split() == [clause.text]


@many
@given(queries.filter(lambda text: split(unicodedata.normalize("NFC", text))))
def test_a_note_is_made_of_a_missing_quote_and_of_nothing_else(text: str) -> None:
    query = parse_query(text)
    marks = [at for at, character in enumerate(query.text) if character in QUOTES]
    open_ended = len(marks) % 2 == 1 and bool(split(query.text[marks[-1] :]))
    assert len(query.notes) == open_ended
    assert all("\n" not in note and len(note) < 120 for note in query.notes)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("đổi mới", [("Word", "đổi"), ("Word", "mới")]),
        ('"đổi mới" làng', [("Phrase", "đổi mới"), ("Word", "làng")]),
        ("“đổi mới” „cách làm”", [("Phrase", "đổi mới"), ("Phrase", "cách làm")]),
        ('a"b c"d', [("Word", "a"), ("Phrase", "b c"), ("Word", "d")]),
        ('"đổi mới', [("Phrase", "đổi mới")]),
        ('"" "…" đê', [("Word", "đê")]),
        ("Vì sao con đê vỡ?", [("Word", word) for word in "Vì sao con đê vỡ?".split()]),
        ("Làng: - chợ (quê) + [đình]", [("Word", word) for word in ("Làng:", "chợ", "(quê)", "[đình]")]),
        ("15-NQ/TW T.Ư 12,06%", [("Word", "15-NQ/TW"), ("Word", "T.Ư"), ("Word", "12,06%")]),
        ("C++ AND NOT title:x^2 'đê'", [("Word", word) for word in "C++ AND NOT title:x^2 'đê'".split()]),
        ("ho\u0061\u0300", [("Word", "hoà")]),
        ("đổi\u00a0mới\u3000đê\tlàng\nxã", [("Word", word) for word in ("đổi", "mới", "đê", "làng", "xã")]),
    ],
)
def test_queries_by_example(text: str, read: list[tuple[str, str]]) -> None:
    assert clauses(text) == read


def test_a_missing_closing_quote_is_noted_and_the_rest_is_a_phrase() -> None:
    query = parse_query('làng "bên sông')
    assert query.clauses == (Word("làng", (0, 4)), Phrase("bên sông", (6, 14)))
    assert len(query.notes) == 1 and "“bên sông”" in query.notes[0]
    assert parse_query('làng "bên sông"').notes == ()
    assert parse_query('làng "').notes == ()


@pytest.mark.parametrize("text", ["", " \n", "?!…", '""', "“”", "- / .", "😀", "\u0301", "_", "\u200b"])
def test_a_query_without_a_letter_or_digit_is_an_error(text: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    assert isinstance(caught.value, SearchvnError)
    assert caught.value.exit_status == 2
    assert caught.value.hint


@pytest.mark.parametrize("written", ["đê " * 10_000, '"' + "đê " * 10_000 + '"', "đê-" * 10_000, "東" * 10_000])
def test_an_article_pasted_as_a_query_is_an_error_with_its_length(written: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"10\.?000 từ, .*1\.?000"):
        parse_query(written)


def test_as_many_words_as_allowed_are_read_and_one_more_is_not() -> None:
    assert len(parse_query("đê " * MAX_WORDS).clauses) == MAX_WORDS
    assert len(plan("đê " * MAX_WORDS).readings[0].needles) == 1
    with pytest.raises(QuerySyntaxError):
        parse_query("đê " * MAX_WORDS + "đê")


# --- the smart diacritics table


def exact_(term: str) -> Or:
    return Or((Term("title", term), Term("body", term)))


def folded_(term: str) -> Or:
    return Or((Term("title_folded", term), Term("body_folded", term)))


def exact_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title", terms), TermPhrase("body", terms)))


def folded_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title_folded", terms), TermPhrase("body_folded", terms)))


def any_of(*nodes: Node) -> Or:
    """One flat Or."""
    return Or(tuple(child for node in nodes for child in (node.children if isinstance(node, Or) else (node,))))


def slots(reading: Reading) -> list[tuple[Slot, ...]]:
    return [needle.slots for needle in reading.needles]


def test_a_marked_word_is_looked_for_as_typed() -> None:
    found = plan("đổi")
    assert found.ranking == exact_("đổi")
    (reading,) = found.readings
    assert reading.matching == exact_("đổi")
    assert slots(reading) == [(Slot(exact="đổi"),)]
    assert reading.note == ""


def test_a_marked_word_is_looked_for_in_unaccented_text_too_and_counts_less_there() -> None:
    found = plan("đổi", FakeVocabulary({("bare", "doi"): 1}))
    in_bare = Boost(Filtered(folded_("doi"), Term("bare", "doi")), BARE_WEIGHT)
    assert found.ranking == Or((DisMax((exact_("đổi"), in_bare)),))
    (reading,) = found.readings
    assert reading.matching == Or((Term("title", "đổi"), Term("body", "đổi"), Term("bare", "doi")))
    assert slots(reading) == [(Slot(exact="đổi", bare="doi"),)]


def test_an_unmarked_word_beside_marked_ones_is_as_typed_first() -> None:
    dfs = {("body", "ban"): 3, ("body_folded", "ban"): 9}
    found = plan("ban đạo", FakeVocabulary(dfs))
    either = DisMax((exact_("ban"), Boost(folded_("ban"), FOLDED_WEIGHT)))
    assert found.ranking == any_of(either, exact_("đạo"))
    strict, wide = found.readings
    assert strict.matching == And((exact_("ban"), exact_("đạo")))
    assert slots(strict) == [(Slot(exact="ban"),), (Slot(exact="đạo"),)]
    assert strict.note == ""
    assert wide.matching == And((folded_("ban"), exact_("đạo")))
    assert slots(wide) == [(Slot(folded="ban"),), (Slot(exact="đạo"),)]
    assert "“ban”" in wide.note and "đạo" not in wide.note and "\n" not in wide.note


def test_an_unmarked_word_without_another_accentuation_in_the_index_is_ranked_as_typed_only() -> None:
    same = {("title", "ban"): 2, ("title_folded", "ban"): 2, ("body", "ban"): 5, ("body_folded", "ban"): 5}
    assert plan("ban đạo", FakeVocabulary(same)).ranking == any_of(exact_("ban"), exact_("đạo"))
    more = FakeVocabulary({**same, ("title_folded", "ban"): 3})
    assert plan("ban đạo", more).ranking != any_of(exact_("ban"), exact_("đạo"))


def test_an_unmarked_word_is_not_looked_for_in_unaccented_text_apart() -> None:
    # There it stands as typed, so the exact field already has it.
    strict = plan("ban đạo", EveryWord()).readings[0]
    assert slots(strict) == [(Slot(exact="ban"),), (Slot(exact="đạo", bare="dao"),)]


def test_a_query_without_any_mark_is_any_accentuation() -> None:
    found = plan("doi moi")
    assert found.ranking == any_of(folded_("doi"), folded_("moi"))
    (reading,) = found.readings
    assert reading.matching == And((folded_("doi"), folded_("moi")))
    assert slots(reading) == [(Slot(folded="doi"),), (Slot(folded="moi"),)]
    assert reading.note == ""


def test_numbers_are_not_widened() -> None:
    assert len(plan("năm 1975").readings) == 1
    assert len(plan("năm ban").readings) == 2


def test_the_note_names_every_widened_word_once() -> None:
    note = plan("ban ban chi đạo").readings[1].note
    assert note.count("“ban”") == 1
    assert note.count("“chi”") == 1
    assert "“đạo”" not in note


@pytest.mark.parametrize("text", ["đổi", "ban đạo", "doi moi", '"ban chỉ đạo"', "15-NQ/TW", "Mỹ ban 12,06%"])
def test_exact_is_as_typed_whatever_the_query(text: str) -> None:
    (reading,) = plan(text, EveryWord(), Diacritics.EXACT).readings
    tokens = tokenize(text)
    assert [slot for needle in slots(reading) for slot in needle] == [Slot(exact=term) for term in tokens.exact]
    assert {field for field, _ in leaves(reading.matching)} == {"title", "body"}


@pytest.mark.parametrize("text", ["đổi", "ban đạo", "doi moi", '"ban chỉ đạo"', "15-NQ/TW", "Mỹ ban 12,06%"])
def test_ignore_is_any_accentuation_whatever_the_query(text: str) -> None:
    (reading,) = plan(text, EveryWord(), Diacritics.IGNORE).readings
    tokens = tokenize(text)
    assert [slot for needle in slots(reading) for slot in needle] == [Slot(folded=term) for term in tokens.folded]
    assert {field for field, _ in leaves(reading.matching)} == {"title_folded", "body_folded"}


def leaves(node: Node) -> list[tuple[str, tuple[str, ...]]]:
    """The fields and terms that a node reads."""
    match node:
        case Term(field, text):
            return [(field, (text,))]
        case TermPhrase(field, terms):
            return [(field, terms)]
        case Boost(child, _):
            return leaves(child)
        case Filtered(one, other) | AndMaybe(one, other):
            return leaves(one) + leaves(other)
        case Or(children) | And(children) | DisMax(children):
            return [leaf for child in children for leaf in leaves(child)]


# --- phrases and codes


def test_a_marked_phrase_is_exact_and_is_looked_for_in_unaccented_text() -> None:
    assert plan('"đổi mới"').readings[0].matching == exact_phrase("đổi", "mới")
    whole = FakeVocabulary({("bare", "doi"): 1, ("bare", "moi"): 1})
    (reading,) = plan('"đổi mới"', whole).readings
    assert reading.matching == Or((*exact_phrase("đổi", "mới").children, TermPhrase("bare", ("doi", "moi"))))
    half = FakeVocabulary({("bare", "doi"): 1})
    assert plan('"đổi mới"', half).readings[0].matching == exact_phrase("đổi", "mới")


def test_an_unmarked_phrase_is_folded_beside_marked_words_too() -> None:
    assert plan('"doi moi"').readings[0].matching == folded_phrase("doi", "moi")
    (reading,) = plan('"doi moi" làng').readings
    assert reading.matching == And((folded_phrase("doi", "moi"), exact_("làng")))


def test_a_half_marked_phrase_is_as_typed() -> None:
    (reading,) = plan('"ban chỉ đạo"').readings
    assert reading.matching == exact_phrase("ban", "chỉ", "đạo")


def test_a_phrase_of_one_word_is_the_word() -> None:
    assert plan('"đổi" làng').readings[0].matching == plan("đổi làng").readings[0].matching


def test_a_code_is_a_phrase_and_adds_its_joined_form() -> None:
    found = plan("15-NQ/TW", FakeVocabulary({("shingles", "15nqtw"): 2, ("shingles", shingle("15", "nq")): 3}))
    assert found.ranking == AndMaybe(
        folded_phrase("15", "nq", "tw"),
        Or((Boost(Term("shingles", shingle("15", "nq")), 0.5), Boost(Term("shingles", "15nqtw"), 0.5))),
    )
    (reading,) = found.readings
    assert reading.matching == folded_phrase("15", "nq", "tw")
    assert [needle.typed for needle in reading.needles] == ["15-NQ/TW"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [("T.Ư", ("t", "ư")), ("159/2020/NĐ-CP", ("159", "2020", "nđ", "cp")), ("Ninh-Bình,", ("ninh", "bình"))],
)
def test_a_marked_word_of_several_tokens_is_an_exact_phrase(text: str, terms: tuple[str, ...]) -> None:
    assert plan(text).readings[0].matching == exact_phrase(*terms)


def test_shingles_are_the_neighbours_of_the_whole_query_that_the_index_has() -> None:
    pairs = (shingle("doi", "moi"), shingle("moi", "cach"), shingle("lam", "lang"))
    found = plan('đổi mới "cách làm" làng xã', FakeVocabulary({("shingles", pair): 1 for pair in pairs})).ranking
    assert isinstance(found, AndMaybe)
    assert found.optional == Or(tuple(Boost(Term("shingles", pair), 0.5) for pair in pairs))
    assert plan('đổi mới "cách làm" làng xã').ranking == found.required


def test_pairs_only_add_to_articles_that_the_words_find() -> None:
    pair = Boost(Term("shingles", shingle("doi", "moi")), 0.5)
    index = FakeVocabulary({("shingles", shingle("doi", "moi")): 1})
    assert plan("đổi mới", index).ranking == AndMaybe(any_of(exact_("đổi"), exact_("mới")), Or((pair,)))
    # Where both folded words are looked for, the pair finds no more than they do: one flat Or is enough.
    assert plan("doi moi", index).ranking == any_of(folded_("doi"), folded_("moi"), pair)
    assert plan('"doi moi lang"', index).ranking == AndMaybe(folded_phrase("doi", "moi", "lang"), Or((pair,)))


# --- repetition and weights


def test_a_repeated_word_counts_once() -> None:
    assert plan("Đổi mới đổi MỚI đổi").ranking == plan("đổi mới").ranking
    (reading,) = plan("Hoà hòa HOÀ").readings
    assert reading.matching == exact_("hòa")
    assert [needle.slots for needle in reading.needles] == [(Slot(exact="hòa"),)]
    assert plan("doi doi").ranking == plan("doi").ranking
    twice = plan("đổi mới đổi mới", EveryWord()).ranking
    assert isinstance(twice, AndMaybe) and isinstance(twice.optional, Or)
    assert leaves(twice.optional) == [("shingles", (shingle("doi", "moi"),)), ("shingles", (shingle("moi", "doi"),))]


def test_rarer_words_weigh_more_and_every_word_weighs_something() -> None:
    dfs = {("body", "đổi"): 2, ("body", "làng"): 40, ("body", "và"): 100, ("body", "của"): 101}
    needles = plan("đổi làng và của đê", FakeVocabulary(dfs)).readings[0].needles
    weights = {needle.typed: needle.weight for needle in needles}
    assert weights["đê"] > weights["đổi"] > weights["làng"] > weights["và"] == weights["của"] == 0.1
    assert weights["đổi"] == pytest.approx(math.log(1 + 98.5 / 2.5))
    assert plan("đê", FakeVocabulary(articles=0)).readings[0].needles[0].weight > 0


# --- any query


@many
@given(
    queries.filter(lambda text: split(unicodedata.normalize("NFC", text))),
    st.sampled_from([NOTHING, EveryWord()]),
    st.sampled_from(Diacritics),
)
@example("ban ban đạo", EveryWord(), Diacritics.SMART)
def test_a_plan_is_about_every_typed_word(text: str, vocabulary: FakeVocabulary, level: Diacritics) -> None:
    query = parse_query(text)
    found = rewrite(query, vocabulary, level)
    assert 1 <= len(found.readings) <= 2
    assert [bool(reading.note) for reading in found.readings] == [False, True][: len(found.readings)]
    tokens = [tokenize(clause.text) for clause in query.clauses]
    words = {(term, folded) for clause in tokens for term, folded in zip(clause.exact, clause.folded, strict=True)}
    for reading in found.readings:
        assert {needle.typed for needle in reading.needles} <= {clause.text for clause in query.clauses}
        assert len({needle.slots for needle in reading.needles}) == len(reading.needles)
        asked = [slot for needle in reading.needles for slot in needle.slots]
        for exact, folded in words:
            assert any(slot.exact == exact or slot.folded == folded for slot in asked)
        assert all(needle.weight > 0 for needle in reading.needles)
    for node in (found.ranking, *(reading.matching for reading in found.readings)):
        for field, terms in leaves(node):
            assert terms and all(term and term.split() == [term] for term in terms), field
