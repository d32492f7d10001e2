"""What queries mean, in every engine: the examples of docs/query-language.md, and any query about small collections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oracle import MARKED, OTHERS, UNMARKED, collection, distance, in_every_engine, meets, trees
from searching import ALL_ENGINES, index_of
from searchvn import Article, Index
from searchvn.errors import QuerySyntaxError
from searchvn.fields import QUERY_NAMES
from searchvn.models import Diacritics
from searchvn.query.ast import Or
from searchvn.query.forms import found_by
from searchvn.query.parser import MAX_DEPTH, MAX_LENGTH, MAX_PATTERNS, MAX_WORDS, parse_query
from searchvn.query.printing import printed
from searchvn.query.syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Clause,
    Dates,
    Group,
    Not,
    Phrase,
    Required,
    Scoped,
    Word,
    is_plain_text,
)
from trees import NOWHERE, children, leaves, nodes, side, tree

PAGE = (Path(__file__).parents[1] / "docs" / "query-language.md").read_text(encoding="utf-8")
TABLE = re.compile(r"^\| (.+) \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
FACTS = {"tựa": "title", "tác giả": "author", "nguồn": "source", "ngày": "published", "tệp": "id"}


def table(*columns: str) -> list[list[str]]:
    """The rows of all tables of the page with these columns, code without its quotes."""
    found = [rows for head, rows in TABLE.findall(PAGE) if [cell.strip() for cell in head.split("|")] == [*columns]]
    cells = [line.strip("|").split("|") for rows in found for line in rows.splitlines()]
    return [[cell.strip().strip("`") for cell in row] for row in cells]


FOUND = table("gõ", "bài", "")
SHOWN = table("gõ", "bài", "", "hiện ra")
SAME = table("gõ", "hiểu như")
NOTED = table("gõ", "hiểu như", "lời nói")
TEXTS = table("gõ")
MISTAKES = table("gõ", "lời báo", "gợi ý")
NAMES = table("trường", "là")


def read_article(cell: str, number: int) -> Article:
    """The article that a cell describes: `Mùa gặt. · tựa: Giá lúa`."""
    body, *facts = cell.split(" · ")
    values = {"id": f"{number}", **{FACTS[name]: value for name, value in (fact.split(": ") for fact in facts)}}
    return Article(body=body, file=values["id"], **values)


CELLS = list(dict.fromkeys(row[1] for row in [*FOUND, *SHOWN]))
ARTICLES = {cell: read_article(cell, number) for number, cell in enumerate(CELLS)}


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Index]]:
    with ExitStack() as stack:
        yield {engine: stack.enter_context(index_of(engine, ARTICLES.values())) for engine in ALL_ENGINES}


def ids(rows: list[list[str]]) -> list[str]:
    return [f"{row[0]}: {row[1]}" if len(row) > 1 else row[0] for row in rows]


def is_hit(index: Index, query: str, article: Article, match_all: bool) -> bool:
    hits = index.search(query, limit=len(ARTICLES), match_all=match_all, suggest=False).hits
    return article.id in [hit.id for hit in hits]


def test_the_page_is_read_and_no_table_is_left_out() -> None:
    assert sum(map(len, (FOUND, SHOWN, SAME, NOTED, TEXTS, MISTAKES, NAMES))) == len(
        [line for line in PAGE.splitlines() if line.startswith("| `")]
    )
    assert len(FOUND) > 100
    assert {row[2] for row in [*FOUND, *SHOWN]} == {"tìm", "không"} and {row[3] for row in SHOWN} == {"có", "không"}
    assert sorted(name.removesuffix(":") for row in NAMES for name in row[0].split("` `")) == sorted(
        name for name in QUERY_NAMES if not name.isascii() or name in QUERY_NAMES.values()
    )
    for number in (MAX_LENGTH, MAX_WORDS, MAX_PATTERNS, MAX_DEPTH):
        assert re.search(rf"\b{number:,}\b".replace(",", r"\."), PAGE.splitlines()[-1])


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize(("query", "cell", "should"), FOUND, ids=ids(FOUND))
def test_an_article_is_counted_as_the_page_says(
    pages: dict[str, Index], engine: str, query: str, cell: str, should: str
) -> None:
    assert is_hit(pages[engine], query, ARTICLES[cell], True) == (should == "tìm")


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize(("query", "cell", "should", "shown"), SHOWN, ids=ids(SHOWN))
def test_an_article_is_shown_as_the_page_says(
    pages: dict[str, Index], engine: str, query: str, cell: str, should: str, shown: str
) -> None:
    assert is_hit(pages[engine], query, ARTICLES[cell], True) == (should == "tìm")
    assert is_hit(pages[engine], query, ARTICLES[cell], False) == (shown == "có")


@pytest.mark.parametrize(("query", "other"), SAME, ids=ids(SAME))
def test_ordinary_text_is_read_as_the_page_says(query: str, other: str) -> None:
    assert tree(query) == tree(other) == side(*other.split())
    assert not parse_query(query).notes


@pytest.mark.parametrize("query", [row[0] for row in TEXTS])
def test_words_of_the_page_stay_as_they_are(query: str) -> None:
    assert tree(query) == side(*query.split())
    assert not parse_query(query).notes


@pytest.mark.parametrize(("query", "other", "said"), NOTED, ids=ids(NOTED))
def test_what_is_said_is_what_the_page_says(query: str, other: str, said: str) -> None:
    assert tree(query) == tree(other)
    assert [said] == [note[note.index(said) :][: len(said)] for note in parse_query(query).notes]


@pytest.mark.parametrize(("query", "said", "hint"), MISTAKES, ids=ids(MISTAKES))
def test_mistakes_are_told_as_the_page_says(query: str, said: str, hint: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(query)
    assert said in str(caught.value)
    assert hint in caught.value.hint


# --- any query about any collection

many = settings(deadline=None, derandomize=True, max_examples=250)

COLLECTIONS = [collection(seed) for seed in range(6)]
VOCABULARY = [*MARKED, *UNMARKED, *OTHERS]
queries = trees(VOCABULARY)
numbers = st.integers(0, len(COLLECTIONS) - 1)
levels = st.sampled_from(Diacritics)


@pytest.fixture(scope="module")
def indexes() -> Iterator[list[dict[str, Index]]]:
    with in_every_engine(COLLECTIONS) as made:
        yield made


def counted(index: Index, query: str, level: Diacritics) -> set[str]:
    """The articles that meet a query; as many as the totals say."""
    hits = index.search(query, limit=100, match_all=True, diacritics=level, abbreviations=(), suggest=False)
    found = {hit.id for hit in hits.hits}
    assert hits.total == len(found) == len(hits.hits)
    assert hits.total == index.count(query, diacritics=level, abbreviations=()).total
    assert not [hit for hit in hits.hits if hit.missing]
    return found


@many
@given(queries, numbers, st.sampled_from([Diacritics.EXACT, Diacritics.IGNORE]))
@example(tree("L?k OR ho* OR lý*"), 0, Diacritics.EXACT)
@example(tree("NOT doi my*"), 0, Diacritics.IGNORE)
@example(tree("Lắk~ OR mới~2"), 0, Diacritics.EXACT)
def test_every_engine_finds_what_the_query_says(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics
) -> None:
    wanted = {article.id for article in COLLECTIONS[number] if meets(clause, article, level)}
    for engine, index in indexes[number].items():
        assert counted(index, printed(clause), level) == wanted, engine


@many
@given(queries, numbers, levels)
def test_all_engines_find_the_same_and_count_what_they_find(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics
) -> None:
    answers = []
    for index in indexes[number].values():
        every = counted(index, printed(clause), level)
        results = index.search(printed(clause), limit=100, diacritics=level, abbreviations=(), suggest=False)
        some = {hit.id for hit in results.hits}
        assert results.total == len(every) and every <= some
        if isinstance(clause, AllOf | AnyOf | Required | Not | Dates):
            assert some == every  # conditions
        answers.append((every, some, results.notes))
    assert answers[0] == answers[1] == answers[2]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(queries, queries, numbers, st.sampled_from([Diacritics.EXACT, Diacritics.IGNORE]))
def test_and_or_not_are_intersection_union_and_complement(
    indexes: list[dict[str, Index]], one: Clause, other: Clause, number: int, level: Diacritics
) -> None:
    everything = {article.id for article in COLLECTIONS[number]}
    a, b = f"({printed(one)})", f"({printed(other)})"
    for index in indexes[number].values():
        found_a, found_b = counted(index, a, level), counted(index, b, level)
        assert counted(index, f"{a} AND {b}", level) == counted(index, f"{a} {b}", level) == found_a & found_b
        assert counted(index, f"{a} OR {b}", level) == found_a | found_b
        assert counted(index, f"NOT {a}", level) == counted(index, f"-{a}", level) == everything - found_a
        assert counted(index, f"+{a} -{b}", level) == found_a - found_b


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_a_hostile_pattern_over_a_hostile_text_is_answered(engine: str) -> None:
    with index_of(engine, [Article("a", "", "a" * 100, file="a")]) as index:
        assert counted(index, "a*" * 40 + "b", Diacritics.SMART) == set()
        assert counted(index, "a*" * 40 + "a", Diacritics.SMART) == {"a"}


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("letter", ["a", "ệ", "ក", "𐌰"])
@pytest.mark.parametrize("size", [3, 20, 90])
def test_a_pattern_in_a_compound_may_stand_for_words_of_any_length_in_any_script(
    engine: str, letter: str, size: int
) -> None:
    words = [f"q{letter * size}{number}" for number in range(300)]
    with index_of(engine, [Article("a", "", " ".join(f"15-{word}" for word in [*words, words[0]]), file="a")]) as index:
        assert counted(index, "15-q*", Diacritics.SMART) == {"a"}
        assert counted(index, "15-q*-q*", Diacritics.SMART) == set()


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_one_long_word_does_not_keep_others_out_of_a_pattern(engine: str) -> None:
    texts = [*(f"15-q{number}" for number in range(40)), "15-q" + "a" * 99]
    with index_of(engine, [Article(text, "", text, file=text) for text in texts]) as index:
        assert counted(index, "15-q*", Diacritics.SMART) == set(texts)


letters = st.text("abc", min_size=1, max_size=8)


@many
@given(st.sets(letters, min_size=1, max_size=20), letters, st.sampled_from([1, 2]))
@example({"facebook"}, "racebool", 2)
def test_a_fuzzy_word_is_found_where_it_is_so_many_slips_away(texts: set[str], word: str, edits: int) -> None:
    with index_of("memory", [Article(text, "", text, file=text) for text in texts]) as index:
        assert counted(index, f"{word}~{edits}", Diacritics.EXACT) == {
            text for text in texts if distance(word, text) <= edits
        }


# Words, phrases, patterns, also in one field or with a factor, side by side.
words = st.sampled_from(VOCABULARY)
pairs = st.tuples(words.filter(str.isalnum), words.filter(str.isalnum)).map(" ".join)
wanted_parts = leaves(words, pairs).filter(lambda part: not isinstance(part, Dates))
parts = st.one_of(
    wanted_parts,
    wanted_parts,
    st.builds(Scoped, st.sampled_from(["title", "body"]), wanted_parts, st.just(NOWHERE)),
    st.builds(Boosted, wanted_parts, st.just(2.0), st.just(NOWHERE)),
)
flat = st.lists(parts, min_size=2, max_size=5).map(lambda found: Group(tuple(found), NOWHERE))


@many
@given(flat, numbers, levels, st.booleans())
def test_an_article_lacks_a_word_exactly_if_it_is_not_counted_for_it(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics, abbreviate: bool
) -> None:
    rows = None if abbreviate else ()
    for index in indexes[number].values():
        text = printed(clause)
        hits = index.search(text, limit=100, diacritics=level, abbreviations=rows, suggest=False).hits
        every = index.search(text, limit=100, diacritics=level, abbreviations=rows, suggest=False, match_all=True).hits
        assert [hit.id for hit in hits if not hit.missing] == [hit.id for hit in every]
        needles = index.needles(text, diacritics=level, abbreviations=rows)
        having = {
            needle: {
                scored.article.id
                for scored in index._engine.search(Or(tuple(node for f in needle.forms for node in found_by(f))), 100)
            }
            for needle in needles
        }
        for hit in hits:
            assert hit.missing == tuple(needle.typed for needle in needles if hit.id not in having[needle])


@many
@given(queries, numbers, levels)
def test_what_another_word_may_stand_for_is_never_missing(
    indexes: list[dict[str, Index]], clause: Clause, number: int, level: Diacritics
) -> None:
    asked = AnyOf((clause, Word("khoai", NOWHERE), Phrase("nương rẫy", NOWHERE)), NOWHERE)
    text = printed(asked if not isinstance(clause, AnyOf) else AnyOf((*clause.children, *asked.children[1:]), NOWHERE))
    for index in indexes[number].values():
        hits = index.search(text, limit=100, diacritics=level, abbreviations=(), suggest=False).hits
        assert not [hit for hit in hits if hit.missing]


@many
@given(queries)
def test_only_what_is_wanted_is_marked(indexes: list[dict[str, Index]], clause: Clause) -> None:
    unwanted = {id(below) for node in nodes(clause) if isinstance(node, Not) for below in nodes(node)}
    wanted = {node.text for node in nodes(clause) if not children(node) and id(node) not in unwanted}
    needles = indexes[0]["memory"].needles(printed(clause), abbreviations=())
    assert {needle.typed for needle in needles} <= wanted
    if is_plain_text(parse_query(printed(clause))):
        assert needles


@pytest.mark.parametrize(
    ("query", "level", "found"),
    [
        ("doi", Diacritics.SMART, {"đổi", "đội", "doi"}),
        ("doi", Diacritics.EXACT, {"doi"}),
        ("đổi", Diacritics.SMART, {"đổi"}),
        ("đổi", Diacritics.IGNORE, {"đổi", "đội", "doi"}),
        ("d?i", Diacritics.SMART, {"đổi", "đội", "doi"}),
        ("d?i", Diacritics.EXACT, {"doi"}),
        ("đ?i", Diacritics.SMART, {"đổi", "đội"}),
        ("đ?i", Diacritics.IGNORE, {"đổi", "đội", "doi"}),
        ("đổi~", Diacritics.SMART, {"đổi", "đội"}),
        ("đổi~2", Diacritics.EXACT, {"đổi", "đội", "doi"}),
        ("doi~", Diacritics.EXACT, {"đổi", "đội", "doi"}),
        ("NOT doi", Diacritics.SMART, {"đổi", "đội"}),
        ("NOT doi", Diacritics.IGNORE, set()),
        ("body:doi", Diacritics.SMART, {"đổi", "đội", "doi"}),
        ("body:đổi", Diacritics.IGNORE, {"đổi", "đội", "doi"}),
        ('"làng doi"~3', Diacritics.SMART, {"đổi", "đội", "doi"}),
        ('"làng doi"~3', Diacritics.EXACT, {"doi"}),
        ('"lang đổi"~3', Diacritics.IGNORE, {"đổi", "đội", "doi"}),
    ],
)
@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_levels_of_diacritics_hold_for_every_construct(
    engine: str, query: str, level: Diacritics, found: set[str]
) -> None:
    articles = [Article(word, "", f"Làng quê {word} thay.", file=word) for word in ("đổi", "đội", "doi")]
    with index_of(engine, articles) as index:
        assert counted(index, query, level) == found
