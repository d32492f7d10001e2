"""What is marked in an article: the same articles that the engine counts, and passages that read well."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from searching import ALL_ENGINES, index_of
from searchvn import Index
from searchvn.analysis.abbreviations import Abbreviation
from searchvn.analysis.compounds import compound_places, compounds
from searchvn.analysis.lines import bare_lines, capitals, read_line
from searchvn.analysis.terms import analyze, tokenize
from searchvn.analysis.tokens import spans
from searchvn.articles.encodings import tidy
from searchvn.engines.memory import MemoryEngine
from searchvn.errors import QuerySyntaxError
from searchvn.fields import SCOPES
from searchvn.highlight import Marked, all_spans, mark
from searchvn.models import Article, Diacritics, Snippet, Span
from searchvn.passages import PASSAGE
from searchvn.query.forms import BARE_WEIGHT, Form, Needle
from searchvn.query.parser import parse_query
from searchvn.query.rewrite import Plan, rewrite
from searchvn.query.syntax import Group, Phrase, Word, is_plain_text
from strategies import raw_texts

many = settings(deadline=None, derandomize=True, max_examples=200)
few = settings(deadline=None, derandomize=True, max_examples=40)  # where engines write to disk

LONGEST = PASSAGE + 120  # a border moves by up to 60 to fall between sentences, on either side
EVERYTHING = 1_000

ABBREVIATIONS = (
    Abbreviation(("UBND",), "Ủy ban nhân dân"),
    Abbreviation(("T.Ư", "TW", "TƯ"), "Trung ương"),
    Abbreviation(("Q.",), "quận"),
    Abbreviation(("BCH",), "Ban Chấp hành"),
)

# --- small collections in which words often meet

ACCENTED = "đổi đội đôi mới ban bàn bản hoà hòa hóa kỷ kỉ quý quí của làng xã đường".split()
UNACCENTED = "doi moi ban hoa ki ky lang xa duong nuoc song".split()
CODES = ["15-NQ/TW", "T.Ư", "12,06%", "1.000", "東京", "서울", "Straße", "a_b", "water", "đo\u00adi"]
SHORT = ["UBND", "TƯ", "TW", "trung ương", "Trung Ương TƯ", "ủy ban nhân dân", "uy ban nhan dan", "Q.1", "quận 1", "Q1"]
NUMBERS = [
    "15NQTW",
    "15/NQ-TW",
    "15-NQ/ TW",
    "1000",
    "0905123456",
    "0905.123.456",
    "0905 123 456",
    "1/3/2017",
    "01/03/2017",
]
HALF = ["đuong", "đuờng", "đưong", "hơn", "hon", "quyêt", "quyết", "quyệt", "quyet"]

ALL_WORDS = ACCENTED + UNACCENTED + CODES + SHORT + NUMBERS + HALF
some_words = st.lists(st.sampled_from(ALL_WORDS), max_size=7)
some_lines = st.one_of(
    some_words.map(" ".join),
    st.lists(st.sampled_from(ACCENTED), min_size=1, max_size=14).map(" ".join),
    st.lists(st.sampled_from(UNACCENTED), min_size=7, max_size=12).map(" ".join),
    st.sampled_from(["", "", " ", ".", "đổi mới", "doi moi", "mới", "moi"]),
)
some_texts = st.lists(some_lines, max_size=6).map("\n".join).map(tidy)
collections = st.lists(st.tuples(some_texts.filter(lambda text: len(text) < 60) | st.just(""), some_texts), max_size=5)

some_clauses = st.one_of(
    st.sampled_from(ALL_WORDS),
    st.sampled_from(SHORT + NUMBERS + HALF),
    st.sampled_from(["đổi", "mới", "ban", "doi"]),
    st.lists(st.sampled_from(ACCENTED), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.lists(st.sampled_from(UNACCENTED), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(
        ['"đổi mới"', '"doi moi"', '"ban hoà"', '"doi mới"', '"mới đổi"', '"xa 15-NQ"', '"đổi moi"', '"đuong quyet"']
    ),
    st.sampled_from(['"UBND xã"', '"ban chấp hành TƯ"', '"ủy ban nhân dân quận 1"', '"đuong làng"', '"hơn hon"']),
)
some_queries = st.lists(some_clauses, min_size=1, max_size=4).map(" ".join)

MIXED_LINES = "bàn của làng xã đường đổi\nmoi lang xa duong nuoc song hoa ki doi\nđội bản mới của làng xã đường quý kỷ"
TWO_BARE_LINES = (
    "đổi của làng xã đường quý kỷ bản bàn đội hóa\nlang xa duong nuoc song hoa ki doi\n\n"
    "moi lang xa duong nuoc song hoa ki\nđổi của làng xã đường quý kỷ bản bàn đội hóa"
)


def body_marks(article: Article, needles: Sequence[Needle]) -> tuple[Span, ...]:
    """Where the needles stand in the body, as `show` marks them."""
    return all_spans(article, needles)[1]


def collection_of(texts: Sequence[tuple[str, str]]) -> tuple[MemoryEngine, list[Article]]:
    engine = MemoryEngine()
    articles = [Article(str(number), title, body) for number, (title, body) in enumerate(texts)]
    for article in articles:
        engine.add(analyze(article))
    engine.commit()
    return engine, articles


def plans(query: str, engine: MemoryEngine, level: Diacritics = Diacritics.SMART) -> list[Plan]:
    """The plan as typed, and the wider one if there is one."""
    plan = rewrite(parse_query(query), engine, level, ABBREVIATIONS)
    return [plan, rewrite(parse_query(query), engine, level, ABBREVIATIONS, widened=True)] if plan.can_widen else [plan]


def marked(query: str, title: str, body: str, level: Diacritics = Diacritics.SMART, passages: int = 2) -> Marked:
    """The article alone in a collection, marked by the first plan that finds it."""
    engine, (article,) = collection_of([(title, body)])
    found = plans(query, engine, level)
    plan = next((plan for plan in found if engine.count(plan.matching)), found[0])
    return mark(article, plan.needles, passages)


def needles(*words: str, weight: float = 1.0) -> tuple[Needle, ...]:
    slots = [tuple((term,) for term in tokenize(word).exact) for word in words]
    return tuple(Needle(word, (Form("exact", part),), weight) for word, part in zip(words, slots, strict=True))


def words_and_phrases(query: str) -> list[Word | Phrase]:
    root = parse_query(query).root
    clauses = root.children if isinstance(root, Group) else (root,)
    return [clause for clause in clauses if isinstance(clause, Word | Phrase)]


def is_ordinary(query: str) -> bool:
    """Whether a query is words and phrases, without signs that mean more."""
    try:
        return is_plain_text(parse_query(query))
    except QuerySyntaxError:
        return False


def shown(text: str, places: Sequence[Span]) -> list[str]:
    return [text[start:end] for start, end in places]


# --- one story: what is counted, what is missing, what is ranked


@many
@given(collections, some_queries, st.sampled_from(Diacritics))
@example([("", MIXED_LINES)], '"đổi mới"', Diacritics.SMART)
@example([("", TWO_BARE_LINES)], '"đổi mới"', Diacritics.SMART)
@example(
    [("", "lang xa duong nuoc song hoa ki doi moi lang xa duong nuoc song hoa ki\nđội mới")], "mời", Diacritics.SMART
)
@example([("doi moi lang xa duong nuoc song hoa", "moi lang xa duong nuoc song hoa ki")], '"hoà mới"', Diacritics.SMART)
def test_an_article_is_counted_exactly_when_no_needle_is_missing(
    texts: list[tuple[str, str]], query: str, level: Diacritics
) -> None:
    engine, articles = collection_of(texts)
    for plan in plans(query, engine, level):
        counted = {hit.article.id for hit in engine.search(plan.matching, EVERYTHING)}
        assert counted == {article.id for article in articles if not mark(article, plan.needles).missing}
        assert engine.count(plan.matching) == len(counted)


@few
@given(collections, st.lists(some_queries, min_size=1, max_size=6), st.sampled_from(Diacritics))
@example([("", MIXED_LINES), ("", TWO_BARE_LINES)], ['"đổi mới"', '"đổi moi"', "doi moi", "ban đổi"], Diacritics.SMART)
@example([("TƯ", "BCH TƯ"), ("", "thứ tư\nTƯ")], ["TƯ", "trung ương", '"Ban Chấp hành TW"', "tư"], Diacritics.SMART)
def test_every_engine_counts_the_articles_in_which_no_needle_is_missing(
    texts: list[tuple[str, str]], queries: list[str], level: Diacritics
) -> None:
    articles = [Article(str(number), title, body) for number, (title, body) in enumerate(texts)]
    told = []
    for engine in ALL_ENGINES:
        with index_of(engine, articles) as index:
            told.append([story(index, articles, query, level) for query in queries])
    assert told[0] == told[1] == told[2]


def story(
    index: Index, articles: list[Article], query: str, level: Diacritics
) -> tuple[set[str], set[str], tuple[str, ...]]:
    """The articles with all the words of a query and those with any, and the notes; totals, hits and marks agree."""
    every, some = (
        index.search(query, limit=100, diacritics=level, match_all=match_all, abbreviations=ABBREVIATIONS)
        for match_all in (True, False)
    )
    counted = index.count(query, diacritics=level, abbreviations=ABBREVIATIONS)
    asked = index.needles(query, diacritics=level, abbreviations=ABBREVIATIONS)
    whole = {article.id for article in articles if not mark(article, asked).missing}
    assert whole == {hit.id for hit in every.hits} == {hit.id for hit in some.hits if not hit.missing}
    assert len(whole) == every.total == some.total == counted.total
    assert counted.notes == some.notes == every.notes[: len(some.notes)]
    return whole, {hit.id for hit in some.hits}, counted.notes


@many
@given(collections, some_queries, st.sampled_from(Diacritics))
@example([("", "ban hoa\nhoa ki")], '"hoa ban ki" "doi hoa"', Diacritics.SMART)
@example([("", "15-NQ/CP")], "15-NQ/TW", Diacritics.SMART)
def test_an_article_is_ranked_exactly_when_some_needle_is_found(
    texts: list[tuple[str, str]], query: str, level: Diacritics
) -> None:
    engine, articles = collection_of(texts)
    *narrow, widest = plans(query, engine, level)
    ranked = {hit.article.id for hit in engine.search(widest.ranking, EVERYTHING)}
    assert ranked == {
        article.id for article in articles if len(mark(article, widest.needles).missing) < len(widest.needles)
    }
    for plan in narrow:
        assert ranked >= {hit.article.id for hit in engine.search(plan.ranking, EVERYTHING)}


@many
@given(st.lists(raw_texts().map(tidy), min_size=1, max_size=3), st.data(), st.sampled_from(Diacritics))
def test_any_text_is_counted_exactly_when_no_needle_is_missing(
    texts: list[str], data: st.DataObject, level: Diacritics
) -> None:
    engine, articles = collection_of([(text[:9], text) for text in texts])
    source = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, max(0, len(source) - 1)))
    query = data.draw(st.one_of(raw_texts(), st.just(source[start : start + 30])))
    assume(is_ordinary(query))
    for plan in plans(query, engine, level):
        counted = {hit.article.id for hit in engine.search(plan.matching, EVERYTHING)}
        assert counted == {article.id for article in articles if not mark(article, plan.needles).missing}


@many
@given(collections, some_queries, st.sampled_from(Diacritics))
def test_what_is_missing_is_typed_and_what_is_marked_is_asked_for(
    texts: list[tuple[str, str]], query: str, level: Diacritics
) -> None:
    engine, articles = collection_of(texts)
    typed = {clause.text for clause in words_and_phrases(query)}
    for plan in plans(query, engine, level):
        forms = [form for needle in plan.needles for form in needle.forms]
        asked = {term for form in forms for slot in form.slots for term in slot}
        for article in articles:
            result = mark(article, plan.needles)
            assert set(result.missing) <= typed
            places = shown(article.title, result.title_spans) + shown(article.body, body_marks(article, plan.needles))
            for place in places:
                tokens = tokenize(place)
                assert tokens.texts
                assert asked.intersection(compounds(place)) or all(
                    {text, exact, folded} & asked
                    for text, exact, folded in zip(tokens.texts, tokens.exact, tokens.folded, strict=True)
                )
            assert bool(places) == (len(result.missing) < len(plan.needles))


# --- passages


def check_passages(article: Article, asked: Sequence[Needle], passages: int) -> None:
    result = mark(article, asked, passages)
    places = spans(article.body)
    whole = body_marks(article, asked)
    assert len(result.snippets) <= passages
    for snippet in result.snippets:
        start, end = snippet.start, snippet.start + len(snippet.text)
        assert snippet.field == "body"
        assert article.body[start:end] == snippet.text
        assert snippet.text.strip()
        check_spans(snippet.text, snippet.spans)
        check_borders(article.body, places, start, end)
        inside = {(start + first, start + last) for first, last in snippet.spans}
        for first, last in inside:
            assert any(one <= first and last <= other for one, other in whole)
        assert {(first, last) for first, last in whole if start <= first and last <= end} <= inside
        longest = max((last - first for first, last in snippet.spans), default=0)
        assert len(snippet.text) <= max(LONGEST, longest + LONGEST - PASSAGE)
    in_order = sorted(result.snippets, key=lambda snippet: snippet.start)
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(in_order))
    if whole and passages:
        assert all(snippet.spans for snippet in result.snippets)
        assert result.snippets
    elif article.body.strip() and passages:
        (opening,) = result.snippets
        assert article.body[: opening.start].strip() == ""
    else:
        assert result.snippets == ()
    check_spans(article.title, result.title_spans)


def check_spans(text: str, places: Sequence[Span]) -> None:
    """Sorted, apart, from the start of a token to the end of one."""
    tokens = spans(text)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert {start for start, _ in places} <= {start for start, _ in tokens}
    assert {end for _, end in places} <= {end for _, end in tokens}


def check_borders(text: str, tokens: Sequence[Span], start: int, end: int) -> None:
    """No border inside a token, unless it is longer than a passage."""
    for border in (start, end):
        for first, last in tokens:
            assert not first < border < last or last - first > PASSAGE, text[border - 20 : border + 20]


SENTENCES = (
    "Sáng nay, bà con ra đồng từ khi trời còn mờ sương.", "Nước sông lên chậm hơn năm ngoái; ai cũng mừng!",
    "Đội thợ lợp lại mái đình, thay rui mè và sơn cột", "Doi tho lop lai mai dinh thay rui me va son cot xong xuoi.",
    "Vì sao? Vì kỷ cương của làng… đã có từ xưa.", "Xem https://vi-du.example/" + "bai-viet-" * 14 + "1 để rõ hơn,",
    "15-NQ/TW", "đổi mới", "đội", "\n", "\n\n", "  ", "Chợ quê họp phiên – đông nhất là ngày rằm: rau, cá, gạo, vải.",
    "東京" * 30, "ก" * 130, "x" * 90,
)  # fmt: skip
ASKED = (
    "đổi",
    "mới",
    "đội",
    "kỷ",
    "làng",
    "sông",
    "viet",
    "1",
    "tw",
    "京",
    "x" * 90,
    "đổi mới",
    "nước sông",
    "của làng",
)

long_texts = st.lists(st.sampled_from(SENTENCES), max_size=30).map(" ".join).map(tidy)


@many
@given(long_texts, st.lists(st.sampled_from(ASKED), min_size=1, max_size=4, unique=True), st.integers(0, 4))
@example(f"{SENTENCES[0]} {SENTENCES[0]} {SENTENCES[5]} {SENTENCES[0]}", ["viet"], 1)
@example(f"{SENTENCES[0]} {SENTENCES[0]} {SENTENCES[0]} 京{'x' * 150} {SENTENCES[0]} {SENTENCES[0]}", ["京"], 1)
@example("x" * 1000, ["京"], 1)
def test_passages_are_slices_with_whole_words(body: str, asked: list[str], passages: int) -> None:
    check_passages(Article("a", body[:80], body), needles(*asked), passages)


@many
@given(collections, some_queries, st.sampled_from(Diacritics), st.integers(0, 3))
def test_passages_of_any_reading_are_slices_with_whole_words(
    texts: list[tuple[str, str]], query: str, level: Diacritics, passages: int
) -> None:
    engine, articles = collection_of(texts)
    for plan in plans(query, engine, level):
        for article in articles:
            check_passages(article, plan.needles, passages)


@many
@given(raw_texts().map(tidy), st.data())
def test_passages_of_any_text_are_slices_with_whole_words(body: str, data: st.DataObject) -> None:
    tokens = tokenize(body).texts or ["đê"]
    asked = data.draw(st.lists(st.sampled_from(tokens), min_size=1, max_size=3))
    article = Article("a", body, body)
    check_passages(article, needles(*asked), 2)
    if tokenize(body).texts:
        assert mark(article, needles(*asked)).missing == ()


@many
@given(st.integers(0, 10_000))
def test_two_words_that_stand_together_somewhere_are_shown_together_first(seed: int) -> None:
    chance = random.Random(seed)
    words = [chance.choice("bên bờ ruộng lúa chín vàng gió thổi nhẹ".split()) for _ in range(400)]
    for word in ("đê", "đình"):
        for _ in range(chance.randint(1, 4)):
            words.insert(chance.randrange(len(words)), word)
    body = " ".join(words)
    places = {word: body_marks(Article("a", "", body), needles(word)) for word in ("đê", "đình")}
    near = any(
        max(one[1], other[1]) - min(one[0], other[0]) <= PASSAGE for one in places["đê"] for other in places["đình"]
    )
    first = mark(Article("a", "", body), needles("đê", "đình")).snippets[0]
    assert (set(shown(first.text, first.spans)) == {"đê", "đình"}) or not near


def test_the_first_passage_has_the_rarer_word_and_the_second_what_the_first_lacks() -> None:
    filler = " ".join(["gió thổi nhẹ bên bờ ruộng."] * 40)
    body = f"Con đê cũ. {filler} Mái đình mới. {filler} Con đê khác."
    asked = needles("đình", weight=1.0) + needles("đê", weight=9.0)
    first, second = mark(Article("a", "", body), asked).snippets
    assert shown(first.text, first.spans) == ["đê"]
    assert shown(second.text, second.spans) == ["đình"]
    *_, again = mark(Article("a", "", body), asked, 5).snippets
    assert shown(again.text, again.spans) == ["đê"]
    assert len(mark(Article("a", "", body), asked, 5).snippets) == 3


@pytest.mark.parametrize(("dike", "house"), [(1.0, 3.0), (3.0, 1.0)])
def test_passages_side_by_side_share_nothing(dike: float, house: float) -> None:
    body = f"Con đê cũ, {'gió thổi nhẹ bên bờ ruộng ' * 10}mái đình mới {'lúa chín vàng bên sông ' * 20}"
    article = Article("a", "", body)
    asked = needles("đê", weight=dike) + needles("đình", weight=house)
    check_passages(article, asked, 2)
    one, other = sorted(mark(article, asked).snippets, key=lambda snippet: snippet.start)
    assert shown(one.text, one.spans) == ["đê"]
    assert shown(other.text, other.spans) == ["đình"]
    alone = mark(article, needles("đê")).snippets + mark(article, needles("đình")).snippets
    assert alone[0].start + len(alone[0].text) > alone[1].start  # each would like the words between them


def test_a_passage_starts_and_ends_with_a_sentence_where_one_is_near() -> None:
    body = " ".join(f"Người thứ {number} ra bờ sông xem nước lên từng giờ." for number in range(60))
    (snippet,) = marked('"thứ 30"', "", body).snippets
    assert snippet.text.startswith("Người thứ")
    assert snippet.text.endswith("từng giờ.")
    assert "thứ 30" in snippet.text
    assert len(snippet.text) > PASSAGE // 2


def test_a_body_without_a_match_gives_its_opening() -> None:
    result = marked("đình", "Mái đình", "\n  Bà con ra đồng. " + "Lúa chín vàng. " * 60)
    (snippet,) = result.snippets
    assert snippet.start == 3
    assert snippet.text.startswith("Bà con ra đồng.")
    assert snippet.spans == ()
    assert snippet.text.endswith("vàng.")
    assert result.missing == ()


# --- what is marked


@pytest.mark.parametrize(
    ("query", "level", "places"),
    [
        ("doi moi", Diacritics.SMART, ["Đổi", "mới", "đội", "đối"]),
        ("đổi", Diacritics.SMART, ["Đổi"]),
        ("đổi", Diacritics.IGNORE, ["Đổi", "đội", "đối"]),
        ("doi", Diacritics.EXACT, []),
        ('"doi moi"', Diacritics.SMART, ["Đổi mới"]),
        ('"đổi mới"', Diacritics.EXACT, ["Đổi mới"]),
        ('"đội mới"', Diacritics.IGNORE, ["Đổi mới"]),
        ('"mới đổi"', Diacritics.SMART, []),
        ("hòa", Diacritics.SMART, ["hoà"]),
        ("tỉ", Diacritics.SMART, ["tỷ"]),
        ("15-NQ/TW", Diacritics.SMART, ["15-NQ/TW"]),
        ('"15 nq tw"', Diacritics.SMART, ["15-NQ/TW"]),
        ('"mới 15-NQ" "NQ/TW"', Diacritics.SMART, ["15-NQ/TW"]),
    ],
)  # fmt: skip
def test_words_are_marked_as_they_stand(query: str, level: Diacritics, places: list[str]) -> None:
    title = "Đổi mới 15-NQ/TW: đội thợ, đối tác hoà và tỷ"
    if query == '"mới 15-NQ" "NQ/TW"':
        places = ["mới 15-NQ/TW"]
    result = marked(query, title, title, level)
    assert shown(title, result.title_spans) == places
    assert [place for snippet in result.snippets for place in shown(snippet.text, snippet.spans)] == places
    assert bool(result.missing) == (not places)


def test_overlapping_words_and_phrases_are_one_span() -> None:
    title = "đổi mới đổi mới đổi"
    assert shown(title, marked('"đổi mới đổi" mới', title, "").title_spans) == [title]


def test_an_unmarked_word_beside_marked_ones_is_marked_as_typed_or_in_any_accentuation() -> None:
    assert shown("ban đạo bàn", marked("ban đạo", "ban đạo bàn", "").title_spans) == ["ban", "đạo"]
    assert shown("bản đạo bàn", marked("ban đạo", "bản đạo bàn", "").title_spans) == ["bản", "đạo", "bàn"]


def test_an_accented_query_marks_unaccented_lines_and_no_other_accents() -> None:
    body = (
        "Đội thợ của làng đã lợp lại mái đình trước mùa mưa bão năm ấy.\n"
        "Ba con trong lang doi moi cach chia nuoc tuoi cho dong.\n"
        "Đội thợ của làng đã lợp lại mái đình trước mùa mưa bão năm ấy. Doi moi."
    )
    engine, (article,) = collection_of([("", body)])
    (plan,) = plans('"đổi mới" đổi', engine)
    assert Form("bare", (("doi",), ("moi",)), BARE_WEIGHT) in plan.needles[0].forms
    assert shown(body, body_marks(article, plan.needles)) == ["doi moi"]
    assert mark(article, plan.needles).missing == ()


def test_a_phrase_does_not_begin_in_an_accented_line_and_end_in_an_unaccented_one() -> None:
    for body in (MIXED_LINES, TWO_BARE_LINES):
        engine, (article,) = collection_of([("", body)])
        (plan,) = plans('"đổi mới"', engine)
        assert Form("bare", (("doi",), ("moi",)), BARE_WEIGHT) in plan.needles[0].forms
        assert engine.count(plan.matching) == 0
        assert mark(article, plan.needles).missing == ("đổi mới",)
        assert body_marks(article, plan.needles) == ()


# --- every form in every field, found as a plain reading of the text finds it


def plainly(form: Form, text: str) -> set[Span]:
    """The places of a form in one text, token by token; those of `bare` in any line."""
    tokens, where = tokenize(text), spans(text)
    column = tokens.exact if form.kind in ("exact", "near") else tokens.folded
    match form.kind:
        case "near" | "near_folded":
            first, second = ([at for at, term in enumerate(column) if term in slot] for slot in form.slots)
            pairs = [(one, other) for one in first for other in second if 0 < abs(one - other) <= form.between + 1]
            return {where[at] for pair in pairs for at in pair}
        case "joined":
            return {(start, end) for term, start, end in compound_places(text) if term == form.slots[0][0]}
        case "capital":
            lines = [(text.rfind("\n", 0, start) + 1, start, end) for start, end in where]
            in_capitals = [(start, end, capitals(text[line:].split("\n")[0])) for line, start, end in lines]
            return {(start, end) for start, end, found in in_capitals if text[start:end] == form.slots[0][0] in found}
        case _:
            width = len(form.slots)
            return {
                (where[at][0], where[at + width - 1][1])
                for at in range(len(column) - width + 1)
                if all(term in slot for term, slot in zip(column[at : at + width], form.slots, strict=True))
            }


def stands_in_bare_lines(article: Article, field: str, place: Span) -> bool:
    title, body = article.title.split("\n"), article.body.split("\n")
    flags = bare_lines([read_line(line) for line in title + body])
    lines, flags = (title, flags[: len(title)]) if field == "title" else (body, flags[len(title) :])
    text = "\n".join(line if flag else "\0" * len(line) for line, flag in zip(lines, flags, strict=True))
    return "\0" not in text[slice(*place)]


def plainly_marked(article: Article, form: Form) -> tuple[list[Span], list[Span], bool]:
    """The places of a form in title and body, and whether it is found at all."""
    facts = {"author": article.author or "", "source": article.source or "", "path": article.file}
    if form.scope in facts:
        return [], [], bool(plainly(form, facts[form.scope]))
    in_title, in_body = (
        [
            place
            for place in sorted(plainly(form, text))
            if form.scope in ("", field) and (form.kind != "bare" or stands_in_bare_lines(article, field, place))
        ]
        for field, text in (("title", article.title), ("body", article.body))
    )
    return in_title, in_body, bool(in_title or in_body)


KINDS = ("exact", "folded", "bare", "near", "near_folded", "joined", "capital")


@st.composite
def some_forms(draw: st.DrawFn, texts: Sequence[str]) -> Form:
    """A form of terms that stand in the texts, or of others."""
    kind = draw(st.sampled_from(KINDS))
    tokens = tokenize(" ".join(texts))
    words = {"exact": tokens.exact, "near": tokens.exact, "capital": tokens.texts, "joined": compounds(" ".join(texts))}
    terms = st.sampled_from([*words.get(kind, tokens.folded), "đổi", "moi", "15nqtw", "TƯ"])
    most = {"near": 2, "near_folded": 2, "joined": 1, "capital": 1}.get(kind, draw(st.integers(1, 3)))
    if kind in ("joined", "capital"):
        slots: list[tuple[str, ...]] = [(draw(terms),)]
    elif kind.startswith("near") or not tokens.texts or draw(st.booleans()):
        slots = [tuple(draw(st.lists(terms, min_size=1, max_size=3))) for _ in range(most)]
    else:  # words that stand side by side
        column = words.get(kind, tokens.folded)
        start = draw(st.integers(0, len(column) - 1))
        slots = [(term,) for term in column[start : start + most]]
    return Form(kind, tuple(slots), 1.0, draw(st.sampled_from(list(SCOPES))), draw(st.integers(0, 5)))


def check_forms(article: Article, forms: Sequence[Form]) -> None:
    asked = [Needle(f"{number}", (form,)) for number, form in enumerate(forms)]
    expected = [plainly_marked(article, form) for form in forms]
    for needle, (in_title, in_body, found) in zip(asked, expected, strict=True):
        assert all_spans(article, [needle]) == (joined_spans(in_title), joined_spans(in_body))
        assert (mark(article, [needle]).missing == ()) == found
        assert mark(article, [needle._replace(optional=True)]).missing == ()
    assert mark(article, asked).missing == tuple(
        needle.typed for needle, (*_, found) in zip(asked, expected, strict=True) if not found
    )
    together = all_spans(article, [Needle("all", tuple(forms))])
    assert together[0] == joined_spans(sorted({place for in_title, _, _ in expected for place in in_title}))
    assert together[1] == joined_spans(sorted({place for _, in_body, _ in expected for place in in_body}))


def joined_spans(places: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for start, end in places:
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return tuple(found)


@many
@given(some_texts, some_texts, some_texts, st.data())
def test_forms_are_found_where_a_plain_reading_finds_them(
    title: str, body: str, fact: str, data: st.DataObject
) -> None:
    article = Article("a", title, body, file=fact, author=fact or None, source=body[:40])
    check_forms(article, data.draw(st.lists(some_forms((title, body, fact)), min_size=1, max_size=4)))


@many
@given(raw_texts().map(tidy), raw_texts().map(tidy), st.data())
def test_forms_are_found_in_any_text(title: str, body: str, data: st.DataObject) -> None:
    article = Article("a", title, body, file=body[:20], author=title, source=None)
    check_forms(article, data.draw(st.lists(some_forms((title, body)), min_size=1, max_size=3)))


def test_a_word_of_one_field_is_marked_there_alone() -> None:
    article = Article("a", "Con đê", "Con đê cũ", author="Lê Đê")
    in_title, in_body, of_author, of_source = (
        Needle("đê", (Form("exact", (("đê",),), scope=scope),)) for scope in ("title", "body", "author", "source")
    )
    assert all_spans(article, [in_title]) == (((4, 6),), ())
    assert all_spans(article, [in_body]) == ((), ((4, 6),))
    assert all_spans(article, [of_author]) == ((), ())
    assert mark(article, [in_title, in_body, of_author, of_source]).missing == ("đê",)
    assert mark(article, [of_author, of_source._replace(typed="source:đê")]).missing == ("source:đê",)
    assert mark(article._replace(author=None), [of_author]).missing == ("đê",)


@pytest.mark.parametrize(
    ("between", "body", "places"),
    [
        (0, "đê đình", ["đê", "đình"]),
        (0, "đình, đê", ["đình", "đê"]),
        (0, "đê và đình", []),
        (1, "đê và đình", ["đê", "đình"]),
        (1, "đê cũ và đình", []),
        (1, "đê. Đê\n\nvà đình", ["Đê", "đình"]),
        (9, "đê", []),
    ],
)
def test_words_near_each_other_are_marked_and_not_what_is_between(between: int, body: str, places: list[str]) -> None:
    article = Article("a", "", body)
    needle = Needle("đê đình", (Form("near", (("đê",), ("đình",)), between=between),))
    assert shown(body, body_marks(article, [needle])) == places
    assert bool(mark(article, [needle]).missing) == (not places)


def test_one_occurrence_is_not_near_itself_and_a_title_not_near_its_body() -> None:
    twice = Needle("đê đê", (Form("near_folded", (("de",), ("de",)), between=3),))
    assert mark(Article("a", "đê", "đê cũ"), [twice]).missing == ("đê đê",)
    assert all_spans(Article("a", "", "đê cũ đế"), [twice]) == ((), ((0, 2), (6, 8)))


# --- queries with signs

some_signs = st.one_of(
    some_clauses,
    st.builds("{}:{}".format, st.sampled_from(["title", "body", "author", "source"]), st.sampled_from(ALL_WORDS)),
    st.builds('"{} {}"~{}'.format, st.sampled_from(ACCENTED), st.sampled_from(UNACCENTED), st.integers(0, 4)),
    st.builds(
        '{}:"{} {}"~{}'.format,
        st.sampled_from(["title", "body"]),
        st.sampled_from(ACCENTED),
        st.sampled_from(ACCENTED),
        st.integers(0, 3),
    ),
    st.builds("{}*".format, st.sampled_from(["đ", "h", "mơ", "du", "quy", "kỉ"])),
    st.builds("{}~".format, st.sampled_from(["mới", "hoa", "đường"])),
    st.builds("+{}".format, st.sampled_from(ACCENTED)),
    st.builds("({} {})^2".format, st.sampled_from(ACCENTED), st.sampled_from(UNACCENTED)),
)


@many
@given(collections, st.lists(some_signs, min_size=1, max_size=3).map(" ".join), st.sampled_from(Diacritics))
@example([("đổi", "mới"), ("mới", "đổi")], "title:đổi body:mới", Diacritics.SMART)
@example([("", "đổi của làng mới")], '"đổi mới"~1 "mới đổi"~2', Diacritics.SMART)
def test_an_article_meets_a_query_of_signs_exactly_when_no_needle_is_missing(
    texts: list[tuple[str, str]], query: str, level: Diacritics
) -> None:
    engine = MemoryEngine()
    articles = [
        Article(str(number), title, body, author=body[:20], source=title or None, file=f"tin/{title[:9]}.txt")
        for number, (title, body) in enumerate(texts)
    ]
    for article in articles:
        engine.add(analyze(article))
    engine.commit()
    for plan in plans(query, engine, level):
        counted = {hit.article.id for hit in engine.search(plan.matching, EVERYTHING)}
        assert counted == {article.id for article in articles if not mark(article, plan.needles).missing}


# --- empty and huge


@pytest.mark.parametrize("body", ["", " ", "\n\n", "\u3000\t"])
def test_a_body_without_text_has_no_passage(body: str) -> None:
    assert mark(Article("a", "Con đê", body), needles("đê")).snippets == ()
    assert mark(Article("a", "Con đê", body), needles("đê")).title_spans == ((4, 6),)
    assert mark(Article("a", "", body), needles("đê")).missing == ("đê",)


def test_no_needles_mark_nothing() -> None:
    result = mark(Article("a", "Con đê", "Con đê cũ."), ())
    assert result == Marked((), (Snippet("Con đê cũ."),), ())


@pytest.mark.parametrize(
    "make",
    [
        lambda: "đê " * 100_000,
        lambda: "đê" * 150_000,
        lambda: "đê." * 100_000,
        lambda: "?!…;”" * 60_000 + " đê",
        lambda: "đê" + "." * 300_000,
        lambda: " " * 300_000 + "đê",
        lambda: "đê" + "\n" * 300_000 + "đê",
        lambda: "đê, " * 75_000,
        lambda: "京" * 300_000 + "đê",
        lambda: "đê\n" * 100_000,
        lambda: ("doi " * 9 + "đê\n" + "đê đình " * 9 + "\n") * 2_500,
        lambda: "đê" + "\u0301" * 300_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("asked", ['đê "đê đình" doi', '"đê đê"', "đ" + "êđ" * 60])
def test_long_and_odd_bodies_are_marked_all_the_same(make: Callable[[], str], asked: str) -> None:
    body = tidy(make())
    engine, (article,) = collection_of([("", body)])
    for plan in plans(asked, engine):
        result = mark(article, plan.needles)
        assert (engine.count(plan.matching) == 1) == (not result.missing)
        for snippet in result.snippets:
            assert body[snippet.start : snippet.start + len(snippet.text)] == snippet.text
            longest = max((last - first for first, last in snippet.spans), default=0)
            assert len(snippet.text) <= longest + LONGEST
