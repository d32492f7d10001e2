"""What a query of words and phrases is looked for as: each row of the smart diacritics table gives its plan."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plans import (
    NOTHING,
    EveryWord,
    FakeVocabulary,
    any_of,
    collection,
    exact_,
    exact_phrase,
    folded_,
    folded_phrase,
    form,
    forms,
    found,
    leaves,
    multi_phrase,
    plan,
)
from searchvn.analysis.lines import shingle
from searchvn.analysis.terms import tokenize
from searchvn.engines.memory import MemoryEngine
from searchvn.errors import QuerySyntaxError
from searchvn.models import Diacritics
from searchvn.query.ast import And, AndMaybe, Boost, DisMax, Filtered, Or, Term, TermPhrase
from searchvn.query.forms import BARE_WEIGHT, WIDE_WEIGHT, Vocabulary
from searchvn.query.parser import MAX_WORDS, parse_query
from searchvn.query.rewrite import rewrite
from searchvn.query.runs import NAME_SHARE, WRITTEN_SHARE
from searchvn.query.syntax import Phrase, Word, is_plain_text
from strategies import raw_texts
from trees import nodes

many = settings(deadline=None, derandomize=True, max_examples=150)

SOME = ["đổi mới", "ban", "15-NQ/TW", "0905 123 456", "05-CT/ TW", '"', "”", " ", "- ", "!", "a\u0301"]
queries = st.one_of(raw_texts(), st.lists(st.sampled_from(SOME), max_size=12).map("".join))


# --- the smart diacritics table


def test_a_marked_word_is_looked_for_as_typed() -> None:
    asked = plan("đổi")
    assert asked.ranking == exact_("đổi")
    assert asked.matching == exact_("đổi")
    assert forms(asked) == [(form("exact", "đổi"),)]
    assert (asked.notes, asked.can_widen) == ((), False)


def test_a_marked_word_is_looked_for_in_unaccented_text_too_and_counts_less_there() -> None:
    asked = plan("đổi", FakeVocabulary({("bare", "doi"): 1}))
    in_bare = Boost(Filtered(folded_("doi"), Term("bare", "doi")), BARE_WEIGHT)
    assert asked.ranking == Or((DisMax((exact_("đổi"), in_bare)),))
    assert asked.matching == Or((Term("title", "đổi"), Term("body", "đổi"), Term("bare", "doi")))
    assert forms(asked) == [(form("exact", "đổi"), form("bare", "doi", weight=BARE_WEIGHT))]


def test_an_unmarked_word_beside_marked_ones_is_as_typed_first() -> None:
    dfs = FakeVocabulary({("body", "ban"): 3, ("body_folded", "ban"): 9})
    strict, wide = plan("ban đạo", dfs), plan("ban đạo", dfs, widened=True)
    either = DisMax((exact_("ban"), Boost(folded_("ban"), WIDE_WEIGHT)))
    assert strict.ranking == wide.ranking == any_of(either, exact_("đạo"))
    assert strict.matching == And((exact_("ban"), exact_("đạo")))
    assert forms(strict) == [(form("exact", "ban"),), (form("exact", "đạo"),)]
    assert (strict.notes, strict.can_widen) == ((), True)
    assert wide.matching == And((any_of(exact_("ban"), folded_("ban")), exact_("đạo")))
    assert forms(wide) == [(form("exact", "ban"), form("folded", "ban", weight=WIDE_WEIGHT)), (form("exact", "đạo"),)]
    (note,) = wide.notes
    assert "“ban”" in note and "đạo" not in note and "\n" not in note


def test_an_unmarked_word_without_another_accentuation_in_the_index_is_as_typed_only() -> None:
    same = {("title", "ban"): 2, ("title_folded", "ban"): 2, ("body", "ban"): 5, ("body_folded", "ban"): 5}
    asked = plan("ban đạo", FakeVocabulary(same))
    assert asked.ranking == any_of(exact_("ban"), exact_("đạo"))
    assert not asked.can_widen
    more = plan("ban đạo", FakeVocabulary({**same, ("title_folded", "ban"): 3}))
    assert more.ranking != asked.ranking
    assert more.can_widen


def test_an_unmarked_word_is_not_looked_for_in_unaccented_text_apart() -> None:
    # There it stands as typed, so the exact field already has it.
    unmarked, marked = forms(plan("ban đạo", EveryWord()))
    assert unmarked == (form("exact", "ban"),)
    assert marked == (form("exact", "đạo"), form("bare", "dao", weight=BARE_WEIGHT))


def test_a_query_without_any_mark_is_any_accentuation() -> None:
    asked = plan("doi moi")
    assert asked.ranking == any_of(folded_("doi"), folded_("moi"))
    assert asked.matching == And((folded_("doi"), folded_("moi")))
    assert forms(asked) == [(form("folded", "doi"),), (form("folded", "moi"),)]
    assert (asked.notes, asked.can_widen) == ((), False)


def test_numbers_are_not_widened() -> None:
    index = FakeVocabulary(
        {(field, "1975"): 1 for field in ("title_folded", "body_folded")} | {("body_folded", "ban"): 1}
    )
    assert not plan("năm 1975", index).can_widen
    assert not plan('"năm 1975"', index).can_widen
    assert plan("năm ban", index).can_widen


def test_the_note_names_every_widened_word_once() -> None:
    index = FakeVocabulary({("body_folded", "ban"): 1, ("body_folded", "chi"): 1})
    (note,) = plan("ban ban chi đạo", index, widened=True).notes
    assert note.count("“ban”") == 1
    assert note.count("“chi”") == 1
    assert "“đạo”" not in note


PLAIN_QUERIES = ["đổi", "ban đạo", "doi moi", '"ban chỉ đạo"', "phưong thưc", "Mỹ ban 12,06%"]


@pytest.mark.parametrize("text", PLAIN_QUERIES)
def test_exact_is_as_typed_whatever_the_query(text: str) -> None:
    asked = plan(text, EveryWord(), Diacritics.EXACT)
    slots = [slot for needle in asked.needles for each in needle.forms for slot in each.slots]
    assert slots == [(term,) for term in tokenize(text).exact]
    assert {field for field, _ in leaves(asked.matching)} == {"title", "body"}
    assert (asked.notes, asked.can_widen) == ((), False)


@pytest.mark.parametrize("text", PLAIN_QUERIES)
def test_ignore_is_any_accentuation_whatever_the_query(text: str) -> None:
    asked = plan(text, EveryWord(), Diacritics.IGNORE)
    slots = [slot for needle in asked.needles for each in needle.forms if each.kind == "folded" for slot in each.slots]
    assert slots == [(term,) for term in tokenize(text).folded]
    assert {field for field, _ in leaves(asked.matching)} <= {"title_folded", "body_folded", "shingles"}
    assert (asked.notes, asked.can_widen) == ((), False)


# --- phrases and codes


def test_a_marked_phrase_is_exact_and_is_looked_for_in_unaccented_text() -> None:
    assert plan('"đổi mới"').matching == exact_phrase("đổi", "mới")
    whole = FakeVocabulary({("bare", "doi"): 1, ("bare", "moi"): 1})
    assert plan('"đổi mới"', whole).matching == Or(
        (*exact_phrase("đổi", "mới").children, TermPhrase("bare", ("doi", "moi")))
    )
    half = FakeVocabulary({("bare", "doi"): 1})
    assert plan('"đổi mới"', half).matching == exact_phrase("đổi", "mới")


def test_an_unmarked_phrase_is_folded_beside_marked_words_too() -> None:
    assert plan('"doi moi"').matching == folded_phrase("doi", "moi")
    asked = plan('"doi moi" làng')
    assert asked.matching == And((folded_phrase("doi", "moi"), exact_("làng")))
    assert not asked.can_widen


MIXED = collection(
    "Ban chỉ đạo họp.", "Bàn chỉ đạo này.", "Bản chỉ đạo cũ.", "Ban chỉ dao bén.", "Bàn chí đạo.", "Ban của chỉ đạo."
)


def test_a_half_marked_phrase_is_as_typed_first() -> None:
    strict, wide = plan('"ban chỉ đạo"', MIXED), plan('"ban chỉ đạo"', MIXED, widened=True)
    assert strict.matching == exact_phrase("ban", "chỉ", "đạo")
    assert (strict.notes, strict.can_widen) == ((), True)
    assert found('"ban chỉ đạo"', MIXED) == {"Ban chỉ đạo họp."}
    others = multi_phrase(("ban", "bàn", "bản"), ("chỉ",), ("đạo",))
    assert wide.matching == any_of(exact_phrase("ban", "chỉ", "đạo"), others)
    (note,) = wide.notes
    assert "“ban chỉ đạo”" in note and "\n" not in note


def test_a_wider_phrase_keeps_every_mark_that_was_typed() -> None:
    as_typed = {"Ban chỉ đạo họp."}
    assert found('"ban chỉ đạo"', MIXED, widened=True) == as_typed | {"Bàn chỉ đạo này.", "Bản chỉ đạo cũ."}
    assert found('"ban chỉ dao"', MIXED, widened=True) == found('"bàn chỉ dao"', MIXED, widened=True) | as_typed | {
        "Bản chỉ đạo cũ.", "Ban chỉ dao bén."
    }  # fmt: skip
    assert found('"bàn chi đạo"', MIXED, widened=True) == {"Bàn chỉ đạo này.", "Bàn chí đạo."}
    assert found('"bãn chi đạo"', MIXED, widened=True) == set()


def test_a_phrase_may_be_half_typed_and_half_unmarked() -> None:
    index = collection("Đường quyết thắng", "Đương quyệt ngang", "Dương quyết liệt", "đuong quyet")
    assert found('"đuong quyet"', index) == {"đuong quyet"}
    assert found('"đuong quyết"', index) == {"Đường quyết thắng"}
    assert found('"đuong quyet"', index, widened=True) == {"đuong quyet", "Đường quyết thắng", "Đương quyệt ngang"}


def test_a_phrase_of_one_word_is_the_word() -> None:
    assert plan('"đổi" làng').matching == plan("đổi làng").matching


def test_a_code_is_a_phrase_or_its_joined_form() -> None:
    index = FakeVocabulary({("shingles", "15nqtw"): 2, ("shingles", shingle("15", "nq")): 3})
    asked = plan("15-NQ/TW", index)
    joined = Term("shingles", "15nqtw")
    assert asked.ranking == AndMaybe(
        Or((DisMax((folded_phrase("15", "nq", "tw"), joined)),)),
        Or((Boost(Term("shingles", shingle("15", "nq")), 0.5),)),
    )
    assert asked.matching == any_of(folded_phrase("15", "nq", "tw"), Or((joined,)))
    assert [needle.typed for needle in asked.needles] == ["15-NQ/TW"]
    assert plan("15-NQ/TW").matching == folded_phrase("15", "nq", "tw")


@pytest.mark.parametrize(
    ("text", "terms"),
    [("T.Ư", ("t", "ư")), ("159/2020/NĐ-CP", ("159", "2020", "nđ", "cp")), ("Ninh-Bình,", ("ninh", "bình"))],
)
def test_a_marked_word_of_several_tokens_is_an_exact_phrase(text: str, terms: tuple[str, ...]) -> None:
    assert plan(text).matching == exact_phrase(*terms)


def test_shingles_are_the_neighbours_of_the_whole_query_that_the_index_has() -> None:
    pairs = (shingle("doi", "moi"), shingle("moi", "cach"), shingle("lam", "lang"))
    asked = plan('đổi mới "cách làm" làng xã', FakeVocabulary({("shingles", pair): 1 for pair in pairs})).ranking
    assert isinstance(asked, AndMaybe)
    assert asked.optional == Or(tuple(Boost(Term("shingles", pair), 0.5) for pair in pairs))
    assert plan('đổi mới "cách làm" làng xã').ranking == asked.required


def test_pairs_only_add_to_articles_that_the_words_find() -> None:
    pair = Boost(Term("shingles", shingle("doi", "moi")), 0.5)
    index = FakeVocabulary({("shingles", shingle("doi", "moi")): 1})
    assert plan("đổi mới", index).ranking == AndMaybe(any_of(exact_("đổi"), exact_("mới")), Or((pair,)))
    # Where both folded words are looked for, the pair finds no more than they do: one flat Or is enough.
    assert plan("doi moi", index).ranking == any_of(folded_("doi"), folded_("moi"), pair)
    assert plan('"doi moi lang"', index).ranking == AndMaybe(folded_phrase("doi", "moi", "lang"), Or((pair,)))


# --- names and words that are written without marks


def shares(as_typed: str, same: int, other: str, different: int) -> MemoryEngine:
    """Articles of which so many have the words as typed, and so many with other marks."""
    texts = [f"{as_typed} kể chuyện làng {n}" for n in range(same)]
    return collection(*texts, *(f"{other} kể chuyện làng {n}" for n in range(different)))


@pytest.mark.parametrize(
    ("typed", "other", "share"),
    [
        ("lan anh", "lần ảnh", WRITTEN_SHARE),
        ("Lan Anh", "Lân Ánh", NAME_SHARE),
        ("LAN ANH", "Lân Ánh", NAME_SHARE),
        ("Lan anh", "lần ảnh", WRITTEN_SHARE),
    ],
)
def test_unmarked_words_that_enough_articles_write_so_are_read_so(typed: str, other: str, share: float) -> None:
    for same in (2, 3, 20):
        most = next(n for n in range(1_000) if same <= share * (same + n))  # as many others as make it too few
        assert len(found(typed, shares(typed, same, other, most - 1))) == same
        assert len(found(typed, shares(typed, same, other, most))) == same + most


def test_a_name_read_as_written_can_be_widened_and_ranks_others_lower() -> None:
    index = shares("Lan Anh", 3, "Lân Ánh", 2)
    asked = plan("Lan Anh", index)
    assert asked.can_widen and asked.notes == ()
    ranked = [hit.article.id[:7] for hit in index.search(asked.ranking, 10)]
    assert ranked == ["Lan Anh"] * 3 + ["Lân Ánh"] * 2
    assert len(found("Lan Anh", index, widened=True)) == 5


def test_unmarked_words_that_no_article_has_side_by_side_are_any_accentuation() -> None:
    index = collection("Lan kể chuyện Anh", "Lân Ánh kể chuyện làng")
    assert found("Lan Anh", index) == {"Lan kể chuyện Anh", "Lân Ánh kể chuyện làng"}
    alone = collection("Lan kể chuyện làng", "Lân kể chuyện làng")
    assert found("Lan", alone) == {"Lan kể chuyện làng", "Lân kể chuyện làng"}  # one word says nothing


@pytest.mark.parametrize(("same", "different"), [(9, 1), (1, 9)])
def test_a_forced_level_does_not_ask_what_articles_write(same: int, different: int) -> None:
    index = shares("Lan Anh", same, "Lân Ánh", different)
    assert len(found("Lan Anh", index, Diacritics.EXACT)) == same
    assert len(found("Lan Anh", index, Diacritics.IGNORE)) == same + different


# --- repetition and weights


def test_a_repeated_word_counts_once() -> None:
    assert plan("Đổi mới đổi MỚI đổi").ranking == plan("đổi mới").ranking
    asked = plan("Hoà hòa HOÀ")
    assert asked.matching == exact_("hòa")
    assert forms(asked) == [(form("exact", "hòa"),)]
    assert plan("doi doi").ranking == plan("doi").ranking
    twice = plan("đổi mới đổi mới", EveryWord()).ranking
    assert isinstance(twice, AndMaybe) and isinstance(twice.optional, Or)
    assert leaves(twice.optional) == [("shingles", (shingle("doi", "moi"),)), ("shingles", (shingle("moi", "doi"),))]


def test_rarer_words_weigh_more_and_every_word_weighs_something() -> None:
    dfs = {("body", "đổi"): 2, ("body", "làng"): 40, ("body", "và"): 100, ("body", "của"): 101}
    needles = plan("đổi làng và của đê", FakeVocabulary(dfs)).needles
    weights = {needle.typed: needle.weight for needle in needles}
    assert weights["đê"] > weights["đổi"] > weights["làng"] > weights["và"] == weights["của"] == 0.1
    assert weights["đổi"] == pytest.approx(math.log(1 + 98.5 / 2.5))
    assert plan("đê", FakeVocabulary(articles=0)).needles[0].weight > 0


# --- any query

WAYS = collection("phương", "phường", "phượng", "phong", "đường", "đương", "Lan Anh", "15-NQ/TW", "BCH TƯ này")


@many
@given(queries, st.sampled_from([NOTHING, EveryWord(), WAYS]), st.sampled_from(Diacritics), st.booleans())
@example("ban ban đạo", EveryWord(), Diacritics.SMART, True)
@example("UBND TƯ 0905 123 456", EveryWord(), Diacritics.SMART, True)
def test_a_plan_is_about_every_typed_word(text: str, vocabulary: Vocabulary, level: Diacritics, widened: bool) -> None:
    try:
        query = parse_query(text)
    except QuerySyntaxError:
        return
    if not is_plain_text(query):
        return
    asked = rewrite(query, vocabulary, level, widened=widened)
    typed = [clause.text for clause in nodes(query.root) if isinstance(clause, Word | Phrase)]
    assert {needle.typed for needle in asked.needles} <= set(typed)
    assert len({needle.forms for needle in asked.needles}) == len(asked.needles)
    assert all(needle.weight > 0 and needle.forms and not needle.optional for needle in asked.needles)
    assert all("\n" not in note for note in asked.notes)
    if not widened:
        assert not [note for note in asked.notes if "không bài nào" in note]
    terms = {term for needle in asked.needles for each in needle.forms for slot in each.slots for term in slot}
    for texts, exact, folded in map(tokenize, typed):
        assert terms >= set(exact) or terms >= set(folded) or (len(texts) == 1 and texts[0] in terms)
    for node in (asked.ranking, asked.matching):
        for field, found_terms in leaves(node):
            assert found_terms and all(term and term.split() == [term] for term in found_terms), field


def test_as_many_words_as_a_query_may_have_are_one_needle_if_they_are_one_word() -> None:
    assert len(plan("đê " * MAX_WORDS).needles) == 1
