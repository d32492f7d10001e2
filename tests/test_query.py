"""What the user asked: nothing typed is lost, and each row of the smart diacritics table gives its plan."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis.terms import analyze, shingle, tokenize
from searchvn.analysis.tokens import split
from searchvn.engines.memory import MemoryEngine
from searchvn.errors import QuerySyntaxError, SearchvnError
from searchvn.models import Article
from searchvn.query.ast import (
    And,
    AndMaybe,
    Boost,
    DisMax,
    Filtered,
    MultiPhrase,
    Node,
    Or,
    Phrase,
    Term,
    TermPhrase,
    Word,
)
from searchvn.query.forms import BARE_WEIGHT, WIDE_WEIGHT, Form, Vocabulary
from searchvn.query.parser import MAX_LENGTH, MAX_WORDS, parse_query
from searchvn.query.rewrite import NAME_SHARE, WRITTEN_SHARE, Diacritics, Plan, rewrite
from strategies import raw_texts

many = settings(deadline=None, derandomize=True, max_examples=150)

QUOTES = '"“”„‟«»〝〞〟＂'

SOME = ["đổi mới", "ban", "15-NQ/TW", "0905 123 456", "05-CT/ TW", *QUOTES, " ", "- ", "!", "a\u0301"]
queries = st.one_of(raw_texts(), st.lists(st.sampled_from(SOME), max_size=12).map("".join))


class FakeVocabulary:
    """An index of `many` articles in which the listed terms stand in so many of them; it has no phrase."""

    def __init__(self, dfs: Mapping[tuple[str, str], int] | None = None, articles: int = 100) -> None:
        self._dfs = dfs or {}
        self._articles = articles

    def df(self, field: str, term: str) -> int:
        return self._dfs.get((field, term), 0)

    def articles(self) -> int:
        return self._articles

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        return [(term, df) for (where, term), df in self._dfs.items() if where == field and term.startswith(prefix)]

    def count(self, query: Node) -> int:
        return 0


class EveryWord(FakeVocabulary):
    """An index in which every word and every pair of words stand in one article."""

    def df(self, field: str, term: str) -> int:
        return int(field != "shingles" or "_" in term)


NOTHING = FakeVocabulary()


def plan(
    text: str, vocabulary: Vocabulary = NOTHING, level: Diacritics = Diacritics.SMART, widened: bool = False
) -> Plan:
    return rewrite(parse_query(text), vocabulary, level, (), widened)


def collection(*texts: str, frame: str = "{}") -> MemoryEngine:
    """An engine with an article for each text, which is its id, and in the frame its body."""
    engine = MemoryEngine()
    for text in texts:
        engine.add(analyze(Article(text, "", frame.format(text))))
    engine.commit()
    return engine


def found(query: str, engine: MemoryEngine, level: Diacritics = Diacritics.SMART, widened: bool = False) -> set[str]:
    """The articles that are counted for a query."""
    return {hit.article.id for hit in engine.search(plan(query, engine, level, widened).matching, 1_000)}


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
        if isinstance(clause, Word) and clause.text.split() != [clause.text]:
            assert any(map(str.isdigit, clause.text)) and len(clause.text.split()) <= 5


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


@pytest.mark.parametrize("first", QUOTES)
@pytest.mark.parametrize("last", QUOTES)
def test_every_kind_of_quotation_mark_opens_and_closes_a_phrase(first: str, last: str) -> None:
    assert clauses(f"làng {first}đổi mới{last} xã") == [("Word", "làng"), ("Phrase", "đổi mới"), ("Word", "xã")]


@pytest.mark.parametrize("mark", ["'", "‘", "’", "`", "′"])
def test_an_apostrophe_makes_no_phrase(mark: str) -> None:
    assert clauses(f"{mark}đổi mới{mark}") == [("Word", f"{mark}đổi"), ("Word", f"mới{mark}")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gọi 0905 123 456 nhé", ["gọi", "0905 123 456", "nhé"]),
        ("090 512 3456", ["090 512 3456"]),
        ("0905.123 456", ["0905.123 456"]),
        ("(024) 3934 2020", ["(024) 3934 2020"]),
        ("024 3934 2020, 0905 123 456.", ["024 3934 2020,", "0905 123 456."]),
        ("0905 123 456 0912 345 678", ["0905 123 456", "0912 345 678"]),
        ("+84 905 123 456", ["+84 905 123 456"]),
        ("+84 24 3934 2020", ["+84 24 3934 2020"]),
        ("0905123456 123", ["0905123456", "123"]),
        ("Chỉ thị 05-CT/ TW năm 2016", ["Chỉ", "thị", "05-CT/ TW", "năm", "2016"]),
        ("202-QĐ/ TW.", ["202-QĐ/ TW."]),
    ],
)
def test_one_number_with_spaces_inside_is_one_word(text: str, words: list[str]) -> None:
    assert clauses(text) == [("Word", word) for word in words]


@pytest.mark.parametrize(
    "text",
    [
        "năm 2016 2017",
        "1.000 2.000 3.000",
        "0905 123",
        "0905 12 34",
        "0905  123  456",
        "0905\n123\n456",
        "ngày 30/4/ ở làng",
        "làng/ xã",
        "xã / TW",
        "05-CT/ tw",
        '05-CT/ "TW"',
        '0905 "123" 456',
    ],
)
def test_other_words_stay_apart(text: str) -> None:
    assert [clause for _, clause in clauses(text)] == [word.strip('"') for word in text.split() if split(word)]


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


@pytest.mark.parametrize("written", ["đê " * 5_000, '"' + "đê " * 5_000 + '"', "đê-" * 5_000, "東" * 10_000])
def test_an_article_pasted_as_a_query_is_an_error_with_the_most_words(written: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"hơn 1\.000 từ") as caught:
        parse_query(written)
    assert caught.value.hint and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "piece", ["đê ", "đê", '"đê ', "phưong ", "0905 123 456 ", "05-CT/ TW ", "a\u0301", "\u0301", "?!", " ", "\u200b"]
)
def test_a_megabyte_pasted_as_a_query_is_one_short_error(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    with pytest.raises(QuerySyntaxError, match=r"1\.000\.000 ký tự.* 20\.000") as caught:
        parse_query(text)
    assert len(str(caught.value)) < 200 and "\n" not in str(caught.value)


def test_as_many_words_and_characters_as_allowed_are_read_and_one_more_is_not() -> None:
    assert len(parse_query("đê " * MAX_WORDS).clauses) == MAX_WORDS
    assert len(plan("đê " * MAX_WORDS).needles) == 1
    assert len(parse_query("ê" * MAX_LENGTH).clauses) == 1
    for text in ("đê " * MAX_WORDS + "đê", "ê" * (MAX_LENGTH + 1)):
        with pytest.raises(QuerySyntaxError):
            parse_query(text)


# --- the smart diacritics table


def exact_(term: str) -> Or:
    return Or((Term("title", term), Term("body", term)))


def folded_(term: str) -> Or:
    return Or((Term("title_folded", term), Term("body_folded", term)))


def exact_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title", terms), TermPhrase("body", terms)))


def folded_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title_folded", terms), TermPhrase("body_folded", terms)))


def multi_phrase(*slots: tuple[str, ...]) -> Or:
    return Or((MultiPhrase("title", slots), MultiPhrase("body", slots)))


def any_of(*nodes: Node) -> Or:
    """One flat Or."""
    return Or(tuple(child for node in nodes for child in (node.children if isinstance(node, Or) else (node,))))


def form(kind: str, *terms: str, weight: float = 1.0) -> Form:
    """One term in each slot."""
    return Form(kind, tuple((term,) for term in terms), weight)


def forms(asked: Plan) -> list[tuple[Form, ...]]:
    return [needle.forms for needle in asked.needles]


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


def leaves(node: Node) -> list[tuple[str, tuple[str, ...]]]:
    """The fields and terms that a node reads."""
    match node:
        case Term(field, text):
            return [(field, (text,))]
        case TermPhrase(field, terms):
            return [(field, terms)]
        case MultiPhrase(field, slots):
            return [(field, tuple(term for slot in slots for term in slot))]
        case Boost(child, _):
            return leaves(child)
        case Filtered(one, other) | AndMaybe(one, other):
            return leaves(one) + leaves(other)
        case Or(children) | And(children) | DisMax(children):
            return [leaf for child in children for leaf in leaves(child)]


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
@given(
    queries.filter(lambda text: split(unicodedata.normalize("NFC", text))),
    st.sampled_from([NOTHING, EveryWord(), WAYS]),
    st.sampled_from(Diacritics),
    st.booleans(),
)
@example("ban ban đạo", EveryWord(), Diacritics.SMART, True)
@example("UBND TƯ 0905 123 456", EveryWord(), Diacritics.SMART, True)
def test_a_plan_is_about_every_typed_word(text: str, vocabulary: Vocabulary, level: Diacritics, widened: bool) -> None:
    query = parse_query(text)
    asked = rewrite(query, vocabulary, level, widened=widened)
    assert {needle.typed for needle in asked.needles} <= {clause.text for clause in query.clauses}
    assert len({needle.forms for needle in asked.needles}) == len(asked.needles)
    assert all(needle.weight > 0 and needle.forms for needle in asked.needles)
    assert all("\n" not in note for note in asked.notes)
    if not widened:
        assert not [note for note in asked.notes if "không bài nào" in note]
    typed = [tokenize(clause.text) for clause in query.clauses]
    terms = {term for needle in asked.needles for each in needle.forms for slot in each.slots for term in slot}
    for texts, exact, folded in typed:
        assert terms >= set(exact) or terms >= set(folded) or (len(texts) == 1 and texts[0] in terms)
    for node in (asked.ranking, asked.matching):
        for field, found_terms in leaves(node):
            assert found_terms and all(term and term.split() == [term] for term in found_terms), field
