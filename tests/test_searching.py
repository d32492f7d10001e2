"""What is done with the articles found: order, counts by value, explanations, similar articles, words, file paths."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import MARKED, OTHERS, UNMARKED, collection, in_every_engine, meets, trees
from searching import ALL_ENGINES, index_of, of_texts
from searchvn import Article, Index
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold
from searchvn.analysis.terms import tokenize
from searchvn.errors import UsageError
from searchvn.fields import FACETS
from searchvn.models import Diacritics, Sort, Suggestion
from searchvn.query.dates import between
from searchvn.query.parser import parse_query
from searchvn.query.printing import printed
from searchvn.query.syntax import Clause, Query
from strategies import other_tone_place, without_marks

many = settings(deadline=None, derandomize=True, max_examples=120)

COLLECTIONS = [collection(seed, size=9) for seed in range(4)]
queries = trees([*MARKED, *UNMARKED, *OTHERS])
numbers = st.integers(0, len(COLLECTIONS) - 1)
levels = st.sampled_from(Diacritics)


@pytest.fixture(scope="module")
def indexes() -> Iterator[list[dict[str, Index]]]:
    with in_every_engine(COLLECTIONS) as made:
        yield made


# --- order


@many
@given(queries, numbers, st.sampled_from([Sort.NEWEST, Sort.OLDEST]))
def test_hits_by_date_are_those_with_all_the_words_in_order(
    indexes: list[dict[str, Index]], clause: Clause, number: int, sort: Sort
) -> None:
    for index in indexes[number].values():
        text = printed(clause)
        every = index.search(text, limit=100, match_all=True, suggest=False)
        hits = index.search(text, limit=100, sort=sort, suggest=False, explain=True)
        assert {hit.id for hit in hits.hits} == {hit.id for hit in every.hits}
        assert hits.total == every.total == len(hits.hits)
        assert [hit.rank for hit in hits.hits] == [*range(1, len(hits.hits) + 1)]
        assert all(hit.score is None and not hit.explanation for hit in hits.hits)
        dated = [hit.article.published for hit in hits.hits if hit.article.published]
        assert dated == sorted(dated, reverse=sort is Sort.NEWEST)
        assert [hit.article.published for hit in hits.hits][len(dated) :] == [None] * (len(hits.hits) - len(dated))


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_any_of_the_words_may_be_ordered_by_date_if_that_is_asked_for(engine: str) -> None:
    days = {"mới": "2021-12-01", "cũ": "2019-01-02T05:00", "cùng ngày": "2019-01-02T04:00", "không ngày": None}
    articles = [Article(key, "", f"Lúa {key}.", file=key, published=day) for key, day in days.items()]
    with index_of(engine, articles) as index:
        for sort, order in (("newest", [0, 1, 2, 3]), ("oldest", [2, 1, 0, 3])):
            hits = index.search("lúa ngô", sort=sort, match_all=False).hits
            assert [hit.id for hit in hits] == [[*days][place] for place in order]
            assert [hit.id for hit in index.search("lúa ngô", sort=sort).hits] == []
            assert [hit.id for hit in index.search("lúa", sort=sort, limit=2, offset=1).hits] == [
                [*days][place] for place in order[1:3]
            ]
        with pytest.raises(UsageError, match="đẹp nhất") as caught:
            index.search("lúa", sort="đẹp nhất")
        assert "newest" in caught.value.hint
        with pytest.raises(UsageError, match="vừa"):
            index.count("lúa", diacritics="vừa")


@many
@given(queries, numbers, st.sampled_from(["2019", "2021-11", "30/11/2021"]), st.sampled_from(["2019", "12/2021", None]))
def test_since_and_until_are_conditions_on_the_whole_query(
    indexes: list[dict[str, Index]], clause: Clause, number: int, since: str, until: str | None
) -> None:
    if until == "2019" and since != "2019":
        return
    query = between(parse_query(printed(clause)), since, until)
    wanted = {article.id for article in COLLECTIONS[number] if meets(query.root, article, Diacritics.EXACT)}
    in_time = {
        article.id
        for article in COLLECTIONS[number]
        if article.published and since_day(since) <= article.published and article.published[:7] <= last_month(until)
    }
    assert wanted <= in_time
    for index in indexes[number].values():
        found = index.search(query, limit=100, diacritics="exact", abbreviations=(), match_all=True, suggest=False)
        assert {hit.id for hit in found.hits} == wanted
        shown = index.search(query, limit=100, diacritics="exact", abbreviations=(), suggest=False)
        assert {hit.id for hit in shown.hits} <= in_time


def since_day(since: str) -> str:
    return {"2019": "2019-01-01", "2021-11": "2021-11-01", "30/11/2021": "2021-11-30"}[since]


def last_month(until: str | None) -> str:
    return {"2019": "2019-12", "12/2021": "2021-12", None: "9999-12"}[until]


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_paths_come_in_order_and_each_once(engine: str) -> None:
    places = [("cũ", "/a", "2019"), ("mới", "/b", "2022"), ("giữa", "/a", "2021"), ("trống", "/c", None)]
    articles = [
        Article(key, "", f"Lúa {key}.", file=key, path=path, published=year and f"{year}-01-01")
        for key, path, year in places
    ]
    with index_of(engine, [*articles, Article("không tệp", "", "Lúa.", file="không tệp")]) as index:
        assert list(index.paths("lúa", sort="newest")) == ["/b", "/a", "/c"]
        assert list(index.paths("lúa", sort="oldest")) == ["/a", "/b", "/c"]
        assert sorted(index.paths("lúa")) == ["/a", "/b", "/c"]
        assert list(index.paths("lúa mới", sort="newest")) == ["/b"]
        assert list(index.paths("lúa -mới", sort="newest")) == ["/a", "/c"]


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize(
    "condition",
    ["(date:2020 OR date:2021)", "(date:2020 OR author:Lan)", "(author:Hoài OR author:Lan)^2",
     "(-sọ -khô OR date:2020)", "(date:..2021 AND NOT author:Tư)", "author:(Hoài OR Lan)"],
)  # fmt: skip
def test_conditions_put_together_are_conditions_beside_words(engine: str, condition: str) -> None:
    articles = [
        Article("a", "", "Gặt lúa sọ.", file="a", author="Hoài", published="2020-05-01"),
        Article("b", "", "Lúa, ngô.", file="b", author="Lan", published="2021-05-01"),
        Article("c", "", "Lúa khô, lúa.", file="c", author="Tư", published="2022-05-01"),
    ]
    with index_of(engine, articles) as index:
        found = index.search(f"lúa ngô {condition}")
        assert (found.total, {hit.id for hit in found.hits}) == (1, {"a", "b"})


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_condition_without_marks_does_not_hide_what_another_word_is_missing_from(engine: str) -> None:
    articles = [
        Article("a", "", "Gặt lúa.", file="a", author="Hoài"),
        Article("b", "", "Khoai sọ, lúa.", file="b", author="Lan"),
    ]
    with index_of(engine, articles) as index:
        for query, total, missing in (("lúa author:hoai", 1, ()), ("lúa khoai author:hoai", 0, ("khoai",))):
            found = index.search(query)
            assert found.total == total
            assert [(hit.id, hit.missing) for hit in found.hits] == [("a", missing)]
            assert len(found.notes) == 1 and "“hoai”" in found.notes[0]
        nothing = index.search("lúa author:hoang")
        assert nothing.hits == () and all("mọi cách bỏ dấu" not in note for note in nothing.notes)


# --- counts by value


@many
@given(queries, numbers, levels)
def test_facets_count_the_articles_that_meet_the_query(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics
) -> None:
    for index in indexes[number].values():
        results = index.search(
            printed(clause), limit=100, match_all=True, diacritics=level, facets=tuple(FACETS), suggest=False
        )
        found = [hit.article for hit in results.hits]
        wanted = {
            "year": Counter(article.published and article.published[:4] for article in found),
            "month": Counter(article.published and article.published[:7] for article in found),
            "source": Counter(article.source for article in found),
            "author": Counter(article.author for article in found),
        }
        assert [facet.field for facet in results.facets] == list(FACETS)
        for facet in results.facets:
            assert {count.value: count.articles for count in facet.counts} == dict(wanted[facet.field])
            assert sum(count.articles for count in facet.counts) == results.total
            known = [count for count in facet.counts if count.value is not None]
            assert facet.counts[: len(known)] == tuple(known)  # those without a value come last
            if facet.field in ("year", "month"):
                assert known == sorted(known, key=lambda count: count.value or "")
            else:
                assert known == sorted(known, key=lambda count: (-count.articles, count.value))


def test_facets_do_not_depend_on_what_is_shown_and_must_be_known(indexes: list[dict[str, Index]]) -> None:
    for index in indexes[0].values():
        whole = index.search("-khoai", facets=["year", "year", "author"]).facets
        assert whole == index.search("-khoai", facets=["year", "author"], limit=1, offset=2, sort="newest").facets
        with pytest.raises(UsageError) as caught:
            index.search("lúa", facets=["ngày"])
        assert "“ngày”" in str(caught.value) and all(name in caught.value.hint for name in FACETS)


# --- explanations


@many
@given(queries, numbers, levels, st.booleans(), st.booleans())
def test_what_is_explained_adds_up_to_the_score(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics, match_all: bool, abbreviate: bool
) -> None:
    for engine, index in indexes[number].items():
        hits = index.search(
            printed(clause), limit=100, diacritics=level, match_all=match_all, explain=True, suggest=False,
            abbreviations=None if abbreviate else (),
        ).hits  # fmt: skip
        for hit in hits:
            scores = [part.score for part in hit.explanation]
            assert sum(scores) == pytest.approx(hit.score, rel=1e-4, abs=1e-6), engine
            assert scores == sorted(scores, reverse=True) and all(scores)
            assert all(part.text and part.weight for part in hit.explanation)


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_an_explanation_names_what_stands_in_the_index(engine: str) -> None:
    articles = [
        Article("a", "Đổi mới", "Cách làm đổi mới.", file="a"),
        Article("b", "Đội", "Đội mới, lúa.", file="b"),
        Article("c", "", "doi moi cach lam o lang nay da lau", file="c"),
    ]
    with index_of(engine, articles) as index:
        parts = {hit.id: hit.explanation for hit in index.search("đổi^3 mới (lúa AND ngô)", explain=True).hits}
        assert {(part.text, part.field) for part in parts["a"]} == {
            ("đổi", "title"), ("đổi", "body"), ("mới", "title"), ("mới", "body"),
        }  # fmt: skip
        assert {part.weight for part in parts["a"] if part.text == "đổi"} == {3.0}
        assert {(part.text, part.field) for part in parts["b"]} == {("mới", "body")}  # ngô is not there: no lúa
        assert {(part.text, part.field, part.weight) for part in parts["c"]} == {
            ("doi", "body_folded", 1.5), ("moi", "body_folded", 0.5),
        }  # fmt: skip
        pairs = [part for hit in index.search("đổi mới", explain=True).hits for part in hit.explanation]
        assert ("doi moi", "shingles") in {(part.text, part.field) for part in pairs}
        assert all(not hit.explanation for hit in index.search("đổi mới").hits)


# --- similar articles


def test_similar_articles_are_those_with_the_same_words_without_the_article_itself() -> None:
    texts = {
        "lúa 1": "Nông dân gặt lúa đông xuân, thóc đầy sân, giá thóc tăng.",
        "lúa 2": "Giá thóc giảm, nông dân phơi lúa đông xuân trên sân.",
        "bóng": "Đội bóng huyện thắng trận chung kết trên sân nhà.",
        "cá": "Thuyền ra khơi gặp luồng cá cơm.",
    }
    articles = [Article(key, "", text, file=key, record_id=f"mã {key}") for key, text in texts.items()]
    answers = []
    for engine in ALL_ENGINES:
        with index_of(engine, articles) as index:
            found = index.similar("lúa 1")
            assert [hit.id for hit in found.hits] == ["lúa 2", "bóng"]
            assert (found.query, found.total) == ("lúa 1", 2)
            assert all(hit.missing == () for hit in found.hits)
            marked = {found.hits[0].snippet.text[slice(*span)].lower() for span in found.hits[0].snippet.spans}
            assert {"thóc", "lúa"} <= marked and "giảm" not in marked
            assert index.similar("mã lúa 1").hits == found.hits
            assert [hit.id for hit in index.similar("lúa 1", limit=1, offset=1).hits] == ["bóng"]
            assert index.similar("cá").hits == () and index.similar("cá").total == 0
            answers.append([(hit.id, pytest.approx(hit.score, rel=0.02)) for hit in found.hits])
            with pytest.raises(UsageError, match="không có bài nào tên “khoai”") as caught:
                index.similar("khoai")
            assert caught.value.hint
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_all_texts_of_a_program_s_article_are_composed(engine: str) -> None:
    texts = {"title": "Gặt lúa", "body": "Lúa đầy bồ.", "author": "Hoài Ân", "source": "Đài xã"}
    typed = {name: unicodedata.normalize("NFD", text) for name, text in texts.items()}
    marks = "a" + "\u0316\u0301" * 100_000  # which Python composes in the square of their number
    with index_of(engine, [Article("a", **typed), Article("b", author=marks, source=marks)]) as index:
        (article,) = index.get("a")
        assert {name: getattr(article, name) for name in texts} == texts
        assert index.search("author:ân").total == 1


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_key_that_several_articles_have_is_refused_with_their_ids(engine: str) -> None:
    articles = [Article(f"t{n}#1", "", f"Lúa {n}.", file="t", record_id="1") for n in range(5)]
    with index_of(engine, articles) as index:
        with pytest.raises(UsageError) as caught:
            index.similar("1")
        assert "“1”" in str(caught.value)
        assert "t0#1" in caught.value.hint and "…" in caught.value.hint and "t4#1" not in caught.value.hint
        assert index.get("t\0") == index.get("\0#1") == []
        assert {hit.id for hit in index.similar("t0#1").hits} == {f"t{n}#1" for n in range(1, 5)}


@many
@given(numbers, st.integers(0, 8))
def test_every_engine_finds_the_same_similar_articles(indexes: list[dict[str, Index]], number: int, place: int) -> None:
    key = COLLECTIONS[number][place].id
    answers = [{hit.id for hit in index.similar(key, limit=100).hits} for index in indexes[number].values()]
    assert answers[0] == answers[1] == answers[2]
    assert key not in answers[0]


# --- words of the index


def by_hand(articles: list[Article]) -> Counter[str]:
    """How many articles have each exact term in title or body."""
    return Counter(
        term for article in articles for term in {*tokenize(article.title).exact, *tokenize(article.body).exact}
    )


@many
@given(numbers, st.sampled_from([*MARKED, *UNMARKED, "UBND", "café"]), st.integers(1, 5), st.booleans())
def test_words_are_those_that_begin_so_with_the_number_of_articles(
    indexes: list[dict[str, Index]], number: int, word: str, letters: int, upper: bool
) -> None:
    prefix = unicodedata.normalize("NFD", word[:letters].upper() if upper else word[:letters])
    typed = unicodedata.normalize("NFC", prefix).lower()
    counts = by_hand(COLLECTIONS[number])
    wanted = {term: count for term, count in counts.items() if begins(term, typed)}
    answers = [index.words(prefix, limit=100) for index in indexes[number].values()]
    assert answers[0] == answers[1] == answers[2]
    assert {canonical(word.term): word.articles for word in answers[0]} == wanted
    assert list(answers[0]) == sorted(answers[0], key=lambda word: (-word.articles, word.term))
    top = [index.words(prefix, limit=2) for index in indexes[number].values()]
    assert top[0] == top[1] == top[2] == answers[0][:2]


def begins(term: str, typed: str) -> bool:
    """Whether the term, in one of the ways to write it, begins with what was typed, with any marks if it has none."""
    ways = {term, other_tone_place(term)}
    ways |= {way for y, i in zip("yỳýỷỹỵ", "iìíỉĩị", strict=True) if canonical(way := term.replace(i, y)) == term}
    if without_marks(typed) == typed:
        folded = fold(term)
        ways = {folded} | {way for way in (folded.replace("i", "y"),) if fold(way) == folded}
    return any(way.startswith(other) for way in ways for other in (typed, other_tone_place(typed)))


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_words_are_shown_as_people_write_them(engine: str) -> None:
    articles = [
        Article("a", "Kỉ luật", "Hoà giải kỷ niệm hòa bình, quý, kinh.", file="a"),
        Article("b", "", "Kỷ luật, Hoà Vang, hoàng.", file="b"),
    ]
    with index_of(engine, articles) as index:
        assert [(word.term, word.articles) for word in index.words("kỷ")] == [("kỷ", 2)]
        assert index.words("kỉ") == index.words("ky") == index.words("KỶ*") == index.words("kỷ")
        assert [(word.term, word.articles) for word in index.words("hoà")] == [("hòa", 2), ("hoàng", 1)]
        assert index.words("hòa") == index.words("hoa") == index.words("hoà")
        assert [word.term for word in index.words("qu")] == ["quý"]
        assert index.words("xyz") == ()
        for prefix in ("", "hai từ", "*", "?"):
            with pytest.raises(UsageError) as caught:
                index.words(prefix)
            assert caught.value.hint
        with pytest.raises(UsageError):
            index.words("hoa", limit=0)
        if engine != "memory":
            index.delete("b")
            assert [(word.term, word.articles) for word in index.words("hoa")] == [("hòa", 1)]


# --- suggestions


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("signs", ["+{}", "-{}", "title:({})", "({}) OR khoai", "{} AND khoai", "{} date:2020", "{}*"])
def test_a_query_with_signs_gets_no_suggestion_and_one_without_does(engine: str, signs: str) -> None:
    articles = [Article(f"{n}", "Lãnh đạo", f"Lãnh đạo xã {n} nói.", file=f"{n}") for n in range(5)]
    with index_of(engine, articles) as index:
        for typed in ("lảnh đạo", "lanh dao"):
            assert [found.query for found in index.search(typed).suggestions] == ["lãnh đạo"]
            assert index.search(signs.format(typed)).suggestions == ()
            assert index.count(signs.format(typed)).suggestions == ()
        assert index.count("lảnh đạo").suggestions == (Suggestion("lãnh đạo", "spelling"),)


def test_a_query_may_be_given_as_it_was_read(indexes: list[dict[str, Index]]) -> None:
    for index in indexes[0].values():
        query = parse_query("đổi -lúa (mới")
        assert isinstance(query, Query) and query.notes
        for ask in (index.search, index.count):
            assert ask(query)._replace(took=0) == ask("đổi -lúa (mới")._replace(took=0)
            assert query.notes[0] in ask(query).notes


def test_where_nothing_has_all_words_each_is_counted() -> None:
    with index_of("memory", of_texts({"a": "Lúa trên đồng.", "b": "Lúa ngoài bãi.", "c": "Ngô trên rẫy."})) as index:
        (note,) = index.search("lúa ngô", match_all=True).notes
        assert "“lúa” 2 bài" in note and "“ngô” 1 bài" in note
        assert index.search("lúa ngô").notes == ()  # hits say themselves what they lack
        assert index.search("sắn khoai", match_all=True).notes == ()
        assert index.search("lúa ngô", match_all=True, suggest=False).notes == ()


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_without_a_total_hits_and_notes_are_the_same(engine: str) -> None:
    texts = {"a": "Lúa chín trên đồng.", "b": "Đồng lua ngoài bãi.", "c": "Ngô trên rẫy."}
    with index_of(engine, of_texts(texts)) as index:
        for query in ("lúa đồng", "lua dong", "lúa ray", "ngô ray", "trên rẫy", "lúa -ngô", "đồng OR rẫy", "sắn"):
            whole = index.search(query, suggest=False)
            quick = index.search(query, suggest=False, total=False)
            assert (quick.hits, quick.notes) == (whole.hits, whole.notes)
            assert quick.total in (None, whole.total)
        assert index.search("lúa chín", suggest=False, total=False).total is None
        widened = index.search("ngô ray", suggest=False, total=False)  # must know that nothing is found as typed
        assert widened.total == 1 and widened.notes


# --- the ways in which the best hits are found faster


def _many(articles: int) -> list[Article]:
    """Articles of few words, marked and unmarked, so that every sum of their scores differs from the others."""
    dice = random.Random(11)
    words = [*MARKED, *UNMARKED]
    return [
        Article(f"a{number}", " ".join(dice.choices(words, k=3)), " ".join(dice.choices(words, k=dice.randint(5, 60))))
        for number in range(articles)
    ]


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_few_hits_are_the_first_of_many(engine: str) -> None:
    """Asked for few, the default engine takes other ways than for many."""
    dice = random.Random(5)
    asked = [" ".join(dice.sample([*MARKED, *UNMARKED], dice.randint(1, 4))) for _ in range(40)]
    with index_of(engine, _many(160)) as index:
        for text in asked:
            few, many = (index.search(text, limit=limit, passages=0).hits for limit in (10, 150))
            assert [hit.score for hit in few] == pytest.approx([hit.score for hit in many[:10]], rel=1e-4), text
            later = index.search(text, limit=10, offset=5, passages=0).hits
            assert [hit.score for hit in later] == pytest.approx([hit.score for hit in many[5:15]], rel=1e-4), text


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_pages_side_by_side_are_one_long_answer(engine: str) -> None:
    """Also where an article that has only neighbours of the query would stand among the first."""
    dice = random.Random(3)
    others = "mẹ em về quê hàng phố hồ".split()
    texts = {f"n{number}": f"chị lân lan {' '.join(dice.choices(others, k=10 + 3 * number))}" for number in range(25)}
    with index_of(engine, [Article("lệch", "", "lần ánh sáng"), *of_texts(texts)]) as index:
        whole = [hit.id for hit in index.search("lân ành", limit=26, passages=0).hits]
        pages = [index.search("lân ành", limit=5, offset=first, passages=0).hits for first in range(0, 26, 5)]
        assert [hit.id for page in pages for hit in page] == whole
        assert len(whole) == 25 and "lệch" not in whole


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_condition_that_is_typed_twice_counts_twice(engine: str) -> None:
    with index_of(engine, of_texts({"một": "lúa lên đòng", "hai": "ngô trổ cờ"})) as index:
        once, twice = (index.search(text, passages=0).hits[0].score or 0 for text in ("+lúa", "+lúa +lúa"))
        assert twice == pytest.approx(2 * once, rel=1e-3)


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_neighbours_alone_make_no_hit(engine: str) -> None:
    articles = [Article(f"x{number}", "", "lần ánh sáng lần ánh sáng") for number in range(20)]
    articles.append(Article("lan", "", "chị Lan ở phố Hàng Bài, gần hồ, hôm qua về quê thăm mẹ và các em"))
    with index_of(engine, articles) as index:
        assert [hit.id for hit in index.search("lan ánh mẹ", passages=0).hits if hit.id == "lan"] == ["lan"]
        assert [hit.id for hit in index.search("lân ành", passages=0).hits] == []


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("+đổi +mới", ["ab"]),
        ("+đổi mới", ["ab", "a"]),
        ("đổi AND mới OR cũ", ["ab", "c"]),
        ("+(đổi OR mới) -cũ", ["a", "ab", "b"]),
        ("(đổi OR mới) AND (đổi OR cũ)", ["a", "ab"]),
    ],
)
def test_conditions_hold_for_every_hit(engine: str, text: str, found: list[str]) -> None:
    articles = of_texts({"a": "đổi thay", "b": "mới tinh", "ab": "đổi ra mới", "c": "cũ kỹ", "d": "không có gì"})
    with index_of(engine, articles) as index:
        assert sorted(hit.id for hit in index.search(text, passages=0).hits) == sorted(found)
