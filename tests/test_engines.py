"""Every engine keeps one contract: random queries against memory, the oracle, and what changes do.

The articles are made up here, from small word lists; the hard ones hold what has broken tokenizers before.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchvn.analysis.terms import analyze
from searchvn.engines.base import PUBLISHED, Engine
from searchvn.engines.table import open_engine
from searchvn.errors import IndexDamagedError, IndexLockedError
from searchvn.fields import FACETS, FIELDS, Kind
from searchvn.models import AnalyzedArticle, Article, ScoredArticle, Sort
from searchvn.query.ast import (
    And,
    AndMaybe,
    Boost,
    DisMax,
    Everything,
    Filtered,
    MultiPhrase,
    Near,
    Node,
    Or,
    Range,
    Term,
    TermPhrase,
    Without,
)

ON_DISK = ("tantivy", "whoosh")
ENGINES = ("memory", *ON_DISK)
ALL = 10_000  # more than there are articles

# tantivy computes in 32 bits. It keeps a field's length exactly up to 40 terms and by eighths above.
EXACT_LENGTH = 40
TOLERANCE = {"tantivy": 2e-6, "whoosh": 1e-12}
LONG_TOLERANCE = {"tantivy": 0.12, "whoosh": 1e-12}

# --- articles

WHO = ("Bà con", "Xã Hoà Bình", "Hội nông dân", "Thầy giáo làng", "Đội thuỷ lợi", "Chị Mỹ Lý", "Bí thư", "Người thợ")
DOES = ("đổi mới", "bàn về", "mở rộng", "hòa giải", "kiểm tra", "trồng lại", "họp về", "đội mưa dựng")
WHAT = ("cánh đồng", "con đê", "phương thức lãnh đạo", "ban chỉ đạo", "chợ quê", "lớp học đêm", "quỹ khuyến học", "đội")
WHERE = ("bên sông", "ở huyện miền núi", "tại Hòa Bình", "trên đảo", "gần quốc lộ 1A", "trong mùa lũ")

AUTHORS = (None, "Trần Thị Bưởi", " Trần  Thị\tBưởi ", "Hoà Mỹ, Lê Văn Đệ", "HOÀ MỸ", "Đệ")
SOURCES = (None, "Báo Làng", "Đài Xã Hoà Bình", "Bản tin Đội “Thuỷ lợi”, số 3")
DATES = (
    *(None, None, None, "2021-12-01", "2021-12-01T00:00", "2021-12-01T07:05", "2021-12-01T07:05:09+07:00"),
    *("2021-12-31T23:59:59", "2022-01-01", "1969-07-20T20:17", "0001-01-01", "9999-12-31T23:59:59.999"),
)

HARD = (
    Article(
        "số.txt", "Thu ngân sách 1.000.000 đồng", "Tăng 12,06% so với 1.000.000 của năm 2019; lãi 3/4.", file="số.txt"
    ),
    Article(
        "nq.txt", "Nghị quyết 15-NQ/TW", "Nghị quyết số 15-NQ/TW và công văn 123/2021/QĐ-UBND của T.Ư.", file="nq.txt"
    ),
    Article(
        "url.txt", "Xem https://vi-du.example/bai-1?a=b&c=d", "Thư gửi toa.soan@vi-du.example #tin.", file="url.txt"
    ),
    Article(
        "chữ.txt", "Hàn Quốc 서울 và 東京", "Thành phố 서울 đón đoàn русский хор; カラオケ, हिन्दी, ไทย.", file="chữ.txt"
    ),
    Article("cũ.txt", "Hoà giải ở thuỷ lợi", "Người hoà giải quý khoẻ, thuý kiều và uỷ ban.", file="dấu.txt"),
    Article("mới.txt", "Hòa giải ở thủy lợi", "Người hòa giải quí khỏe, thúy kiều và ủy ban.", file="dấu.txt"),
    Article(
        "không dấu.txt",
        "Doi moi cach lam",
        "Ba con trong xa hop ban ve doi moi phuong thuc lanh dao cua doi.",
        file="kd",
    ),
    Article("dài.txt", "Một từ rất dài", "a" * 5000 + " và " + "ặ" * 900 + " hết", file="dài.txt"),
    Article("không tên.txt", "", "Bài này không có tên, chỉ có thân bài về con đê.", file="rỗng"),
    Article("chỉ tên.txt", "Chỉ có tên bài về cánh đồng", "", file="rỗng"),
    Article("rỗng.txt", "", "", file="rỗng"),
    Article("lặp.txt", "đội đội đội", "đội đội đội đội đội mũ đội đội", file="lặp.txt"),
    Article(
        "mục có cách/bài số một.txt#7",
        "Tên tệp có dấu cách",
        "Con đê bên sông.",
        record_id="7 a",
        file="mục có cách/bài số một.txt",
    ),
    Article(
        "ký tự.txt",
        "Dòng \x00\x07 lạ\u202e",
        "Một\ud800 nửa cặp \udfff\ufeff và \x1b[31mđỏ\x1b[0m\r\n.",
        file="ký tự.txt",
    ),
    Article(
        "đủ.txt#mã-1",
        "Đủ mọi trường",
        "Thân\nbài\tđủ.",
        record_id="mã-1",
        file="đủ.txt",
        path="/gốc/đủ.txt",
        published="2021-12-01T07:05",
        author="Trần Thị “Bưởi”",
        source="Báo Làng",
        url="https://vi-du.example/?q=đ",
        extra={"thẻ": ["a", None, 1.5, {"b": True}], "số": 10**20},
    ),
)


def _sentence(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)} {chance.choice(WHERE)}"


def _articles() -> list[Article]:
    """All the articles; those without a date, an author and a source get one by chance."""
    chance = random.Random(15)
    short = [
        Article(
            f"làng/{number}.txt",
            _sentence(chance),
            ". ".join(_sentence(chance) for _ in range(chance.randint(1, 3))),
            file=f"làng/{number // 3}.txt",
            record_id=str(number) if number % 2 else None,
        )
        for number in range(40)
    ]
    long = [
        Article(
            f"dài/{number}.txt",
            _sentence(chance),
            ".\n".join(_sentence(chance) for _ in range(9 + 7 * number)),
            file=f"dài/{number}.txt",
        )
        for number in range(6)
    ]
    return [
        article._replace(
            author=article.author or chance.choice(AUTHORS),
            source=article.source or chance.choice(SOURCES),
            published=article.published or chance.choice(DATES),
        )
        for article in (*short, *long, *HARD)
    ]


COLLECTION = [analyze(article) for article in _articles()]
LONG = {
    entry.article.id for entry in COLLECTION if any(len(terms.split()) > EXACT_LENGTH for terms in entry.terms.values())
}


def _build(name: str, folder: Path) -> Engine:
    engine = open_engine(name, str(folder), create=True)
    for entry in COLLECTION:
        engine.add(entry)
    engine.commit()
    return engine


def _wear(name: str, folder: Path) -> Engine:
    """The collection after a life of small commits: every article once rewritten, every fifth file gone."""
    engine = open_engine(name, str(folder), create=True)
    for start in range(0, len(COLLECTION), 5):
        for entry in COLLECTION[start : start + 5]:
            stale = entry.article._replace(title="bản cũ của đội", body=entry.article.title, published="1954-05-07")
            engine.add(analyze(stale))
        engine.commit()
    files = list(dict.fromkeys(entry.article.file for entry in COLLECTION))
    for number, file in enumerate(files):
        if file:
            engine.delete_file(file)
        if number % 5:
            for entry in COLLECTION:
                if entry.article.file == file:
                    engine.add(entry)
        if number % 4 == 0:
            engine.commit()
    engine.commit()
    return engine


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    built = {name: _build(name, tmp_path_factory.mktemp(name)) for name in ENGINES}
    yield built
    for engine in built.values():
        engine.close()


@pytest.fixture(scope="session")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    built = {name: _wear(name, tmp_path_factory.mktemp(name)) for name in ENGINES}
    yield built
    for engine in built.values():
        engine.close()


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine of each kind."""
    engine = open_engine(request.param, str(tmp_path), create=True)
    yield engine
    engine.close()


DE = Or((Term("title", "đê"), Term("body", "đê")))

# --- random queries


NUMBERS = sorted({int(entry.terms[PUBLISHED]) for entry in COLLECTION if entry.terms[PUBLISHED]})
COUNTED = list(FACETS.values())


def _streams(kinds: set[Kind]) -> dict[str, list[list[str]]]:
    streams: dict[str, list[list[str]]] = {field.name: [] for field in FIELDS if field.kind in kinds}
    for entry in COLLECTION:
        for name, stream in streams.items():
            terms = entry.terms[name]
            stream.append(terms.split() if Kind.KEYWORD not in kinds else [terms] * bool(terms))
    return streams


WORDS = _streams({Kind.TEXT, Kind.FREQUENCY})
TEXTS = _streams({Kind.TEXT})
VOCABULARY = {
    name: [*sorted({term for terms in stream for term in terms}), "vắngmặt", "vang_mat", "không/có.txt"]
    for name, stream in (WORDS | _streams({Kind.KEYWORD})).items()
}
COMMON = {  # so that queries of several terms find something
    name: sorted(set(terms), key=lambda term: (-sum(term in stream for stream in WORDS[name]), term))[:25]
    for name, terms in VOCABULARY.items()
    if name in WORDS
}
RUNS = {  # neighbouring terms of an article
    name: sorted({tuple(s[at : at + size]) for s in streams for at in range(len(s)) for size in (2, 3, 5)} - {()})
    for name, streams in TEXTS.items()
}


@st.composite
def _terms(draw: st.DrawFn) -> Term:
    field = draw(st.sampled_from([*COMMON, *COMMON, *VOCABULARY]))
    common = field in COMMON and draw(st.sampled_from([True, True, False]))
    pool = COMMON[field] if common else VOCABULARY[field]
    return Term(field, draw(st.sampled_from(pool)))


@st.composite
def _phrases(draw: st.DrawFn) -> TermPhrase:
    field = draw(st.sampled_from(sorted(TEXTS)))
    running = st.sampled_from([run for run in RUNS[field] if len(run) > 1])
    anyhow = st.lists(st.sampled_from(COMMON[field]), min_size=2, max_size=3).map(tuple)
    return TermPhrase(field, draw(st.one_of(running, running, anyhow)))


@st.composite
def _multi_phrases(draw: st.DrawFn) -> MultiPhrase:
    field = draw(st.sampled_from(sorted(TEXTS)))
    running = draw(st.sampled_from([run for run in RUNS[field] if len(run) > 1]))
    others = st.lists(st.sampled_from(COMMON[field]), max_size=4)
    return MultiPhrase(field, tuple(tuple(dict.fromkeys([*draw(others), term])) for term in running))


@st.composite
def _nears(draw: st.DrawFn) -> Near:
    field = draw(st.sampled_from(sorted(TEXTS)))
    running = draw(st.sampled_from([run for run in RUNS[field] if len(run) > 1]))
    others = st.lists(st.sampled_from(COMMON[field]), max_size=3)
    first, second = ((*draw(others), running[end]) for end in draw(st.permutations((0, -1))))
    return Near(field, first, second, draw(st.sampled_from([0, 1, 2, 3, 4, 7, 40, 10**6])))


@st.composite
def _ranges(draw: st.DrawFn) -> Range:
    bound = st.builds(int.__add__, st.sampled_from(NUMBERS), st.integers(-1, 1))
    far = st.sampled_from([-(2**63), 0, 99991231235959, 2**63 - 1])
    bounds = draw(st.tuples(bound, st.one_of(bound, bound, far)))
    return Range(PUBLISHED, *draw(st.sampled_from([bounds, sorted(bounds), sorted(bounds)])))


def _node(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Or, several),
        st.builds(And, st.lists(children, min_size=1, max_size=2).map(tuple)),
        st.builds(DisMax, several),
        st.builds(AndMaybe, children, children),
        st.builds(Filtered, children, children),
        st.builds(Without, children, children),
        st.builds(Without, st.just(Everything()), children),
        st.builds(Boost, children, st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0, 3.0])),
    )


def _nodes(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.one_of(_terms(), _terms(), _phrases(), _multi_phrases(), _nears(), _ranges(), st.just(Everything()))
    return leaves if depth == 0 else st.one_of(leaves, _node(_nodes(depth - 1)), _node(_nodes(depth - 1)))


nodes = _nodes(3)
often = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def _scores(found: list[ScoredArticle]) -> dict[str, float]:
    return {hit.article.id: hit.score for hit in found}


@pytest.mark.parametrize("name", ON_DISK)
@often
@given(query=nodes)
def test_random_queries_find_what_memory_finds(name: str, engines: dict[str, Engine], query: Node) -> None:
    expected = _scores(engines["memory"].search(query, ALL))
    found = engines[name].search(query, ALL)
    assert len(found) == len(expected) == engines[name].count(query)
    assert {hit.article.id for hit in found} == set(expected)
    for hit in found:
        tolerance = (LONG_TOLERANCE if hit.article.id in LONG else TOLERANCE)[name]
        assert hit.score == pytest.approx(expected[hit.article.id], rel=tolerance, abs=1e-12)


@pytest.mark.parametrize("name", ON_DISK)
@often
@given(query=nodes)
def test_order_is_by_score_and_memorys_except_at_ties(name: str, engines: dict[str, Engine], query: Node) -> None:
    expected = _scores(engines["memory"].search(query, ALL))
    found = engines[name].search(query, ALL)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    exact = [expected[hit.article.id] for hit in found if name == "whoosh" or hit.article.id not in LONG]
    for better, worse in pairwise(exact):
        assert better >= worse * (1 - 2 * TOLERANCE[name])


@pytest.mark.parametrize("name", ENGINES)
@often
@given(query=nodes, size=st.integers(1, 7))
def test_pages_put_together_are_the_whole(name: str, engines: dict[str, Engine], query: Node, size: int) -> None:
    engine = engines[name]
    whole = engine.search(query, ALL)
    pages = [hit for offset in range(0, len(whole), size) for hit in engine.search(query, size, offset)]
    assert [hit.article.id for hit in pages] == [hit.article.id for hit in whole]
    assert [hit.score for hit in pages] == [hit.score for hit in whole]
    assert engine.search(query, 3, len(whole)) == []
    assert engine.search(query, 0) == []


def _dates(found: list[ScoredArticle]) -> list[str]:
    dates = {entry.article.id: entry.terms[PUBLISHED] for entry in COLLECTION}
    return [dates[hit.article.id] for hit in found]


def _in_order(dates: list[str], sort: Sort) -> list[str]:
    return sorted(filter(None, dates), reverse=sort is Sort.NEWEST) + [""] * dates.count("")


by_date = pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])


@by_date
@pytest.mark.parametrize("name", ENGINES)
@often
@given(query=nodes, size=st.integers(1, 7))
def test_by_date_the_same_articles_come_in_order_and_in_pages(
    name: str, engines: dict[str, Engine], sort: Sort, query: Node, size: int
) -> None:
    engine = engines[name]
    expected, found = engines["memory"].search(query, ALL), engine.search(query, ALL, sort=sort)
    assert {hit.article.id for hit in found} == {hit.article.id for hit in expected}
    assert len(found) == len(expected)
    assert _dates(found) == _in_order(_dates(expected), sort)
    assert {hit.score for hit in found} <= {0.0}
    pages = [hit for offset in range(0, len(found), size) for hit in engine.search(query, size, offset, sort)]
    assert pages == found
    assert engine.search(query, 3, len(found), sort) == engine.search(query, 0, 0, sort) == []


@pytest.mark.parametrize("name", ENGINES)
@often
@given(query=nodes, field=st.sampled_from(COUNTED))
def test_facets_count_the_articles_found(name: str, engines: dict[str, Engine], query: Node, field: str) -> None:
    found = {hit.article.id for hit in engines["memory"].search(query, ALL)}
    values = [entry.terms[field] for entry in COLLECTION if entry.article.id in found]
    assert engines[name].facet(query, field) == {value: values.count(value) for value in values if value}


@pytest.mark.parametrize("name", ON_DISK)
@often
@given(query=nodes)
def test_after_many_commits_and_deletions_hits_are_memorys(name: str, worn: dict[str, Engine], query: Node) -> None:
    expected = {hit.article.id: hit.article for hit in worn["memory"].search(query, ALL)}
    found = worn[name].search(query, ALL)
    assert {hit.article.id: hit.article for hit in found} == expected
    assert len(found) == worn[name].count(query)
    for sort in (Sort.NEWEST, Sort.OLDEST):
        assert worn[name].search(query, 7, 2, sort) == worn[name].search(query, ALL, 0, sort)[2:9]
        assert _dates(worn[name].search(query, ALL, 0, sort)) == _in_order(_dates(found), sort)
    for field in COUNTED:
        assert worn[name].facet(query, field) == worn["memory"].facet(query, field)


def _parts(node: Node) -> list[Node]:
    """A node and all nodes below it."""
    match node:
        case Or(children) | And(children) | DisMax(children):
            below = children
        case AndMaybe(one, other) | Filtered(one, other) | Without(one, other):
            below = (one, other)
        case Boost(child, _):
            below = (child,)
        case _:
            below = ()
    return [node, *(part for child in below for part in _parts(child))]


def test_random_queries_are_worth_running(engines: dict[str, Engine]) -> None:
    """Guards the strategy: most queries must find something, and every kind of node some articles but not all."""
    telling: Counter[type | str] = Counter()
    hits: list[int] = []

    @often
    @given(query=nodes)
    def collect(query: Node) -> None:
        hits.append(engines["memory"].count(query))
        for part in _parts(query):
            if 0 < engines["memory"].count(part) < len(COLLECTION):
                negative = isinstance(part, Without) and part.child == Everything()
                telling["only negative" if negative else type(part)] += 1

    collect()
    assert set(telling) == {*get_args(Node), "only negative"} - {Everything}
    assert min(telling.values()) >= 10
    assert sum(1 for count in hits if count) > len(hits) / 2
    assert sum(1 for count in hits if 5 < count < len(COLLECTION)) > len(hits) / 4


# --- scores that are easy to get wrong


def _only(engine: Engine, query: Node) -> dict[str, float]:
    return _scores(engine.search(query, ALL))


@pytest.mark.parametrize("name", ENGINES)
def test_dismax_of_many_children_is_the_best_one(name: str, engines: dict[str, Engine]) -> None:
    children = tuple(Term("body", word) for word in ("đội", "đê", "đồng", "hòa", "giải"))
    single = [_only(engines[name], child) for child in children]
    together = _only(engines[name], DisMax(children))
    assert set(together) == set().union(*single)
    for article, score in together.items():
        assert score == pytest.approx(max(part.get(article, 0.0) for part in single), rel=1e-6)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("fields", [("title", "body"), ("title_folded", "body_folded")])
def test_the_best_of_hundreds_of_words_in_two_fields_is_found_page_by_page(
    name: str, fields: tuple[str, str], engines: dict[str, Engine]
) -> None:
    engine = engines[name]
    first, second = fields
    known = {term for field in fields for term, _ in engine.terms(field)}
    assert len(known) > 100
    node = DisMax(tuple(Or((Term(first, term), Term(second, term))) for term in [*sorted(known), "vắngmặt"]))
    wanted = _only(engine, node)  # so many at once are found without short cuts
    assert set(wanted) == set(_only(engines["memory"], node))
    for offset in (0, 3):
        page = engine.search(node, 3, offset)
        best = sorted(wanted.values(), reverse=True)[offset : offset + 3]
        assert [scored.score for scored in page] == pytest.approx(best, rel=1e-5)
        assert _scores(page) == pytest.approx({hit.article.id: wanted[hit.article.id] for hit in page}, rel=1e-5)


@pytest.mark.parametrize("name", ENGINES)
def test_boosts_multiply_through_nested_nodes(name: str, engines: dict[str, Engine]) -> None:
    inner = And((Or((Term("body", "đội"),)), Term("body_folded", "doi")))
    plain = _only(engines[name], inner)
    boosted = _only(engines[name], Boost(Or((Boost(DisMax((Boost(inner, 2.0),)), 3.0),)), 0.5))
    assert plain and boosted == {article: pytest.approx(3 * score, rel=1e-5) for article, score in plain.items()}


@pytest.mark.parametrize("name", ENGINES)
def test_a_boost_of_zero_still_finds(name: str, engines: dict[str, Engine]) -> None:
    words = Or(tuple(Term("body", word) for word in ("đội", "đê", "đồng")))
    found = _only(engines[name], Boost(words, 0.0))
    assert set(found) == set(_only(engines[name], words))
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize("name", ENGINES)
def test_a_filter_does_not_score_and_an_option_does_not_find(name: str, engines: dict[str, Engine]) -> None:
    engine = engines[name]
    doi, hoa = Term("body", "đội"), Term("body", "hòa")
    of_doi, of_hoa = _only(engine, doi), _only(engine, hoa)
    filtered, more = _only(engine, Filtered(doi, hoa)), _only(engine, AndMaybe(doi, hoa))
    assert set(filtered) == set(of_doi) & set(of_hoa) != set()
    assert set(more) == set(of_doi)
    for article, score in filtered.items():
        assert score == pytest.approx(of_doi[article], rel=1e-6)
        assert more[article] == pytest.approx(of_doi[article] + of_hoa[article], rel=1e-6)


@pytest.mark.parametrize("name", ENGINES)
def test_phrases_count_places_and_keep_their_order(name: str, engines: dict[str, Engine]) -> None:
    engine = engines[name]
    assert set(_only(engine, TermPhrase("body", ("hòa", "giải")))) >= {"cũ.txt", "mới.txt"}
    assert engine.count(TermPhrase("body", ("giải", "hòa"))) == 0
    either = MultiPhrase("body", (("vắngmặt", "hòa"), ("(", "giải", "giải|hòa", "vắngmặt")))
    assert _only(engine, either) == dict.fromkeys(_only(engine, TermPhrase("body", ("hòa", "giải"))), 1.0)
    assert engine.count(MultiPhrase("body", (("hòa",), ("vắngmặt", "không-có")))) == 0
    assert engine.count(TermPhrase("title", ("tự", "hòa"))) == 0  # a term that no article has
    repeated = TermPhrase("title", ("đội", "đội"))
    assert _only(engine, repeated) == {
        "lặp.txt": pytest.approx(_only(engines["memory"], repeated)["lặp.txt"], rel=1e-5)
    }


def _near_by_hand(words: list[str], node: Near) -> bool:
    """Every two places, one after the other: a term of one slot, a few words, a term of the other."""
    places = [(here, there) for there in range(len(words)) for here in range(there)]
    ways = ((node.first, node.second), (node.second, node.first))
    return any(
        words[here] in one and words[there] in other and len(words[here + 1 : there]) <= node.between
        for here, there in places
        for one, other in ways
    )


@pytest.mark.parametrize("name", ENGINES)
def test_near_means_at_most_so_many_words_between_in_either_order(name: str, tmp_path: Path) -> None:
    chance = random.Random(4)
    texts = [chance.choices("abcx", (1, 1, 1, rare), k=chance.randint(1, 60)) for rare in [1, 8, 40] * 60]
    engine = open_engine(name, str(tmp_path), create=True)
    for number, words in enumerate(texts):
        engine.add(AnalyzedArticle(Article(str(number)), {"body": " ".join(words)}))
        if number % 50 == 0:
            engine.commit()
    engine.commit()
    for first, second in ("ab", "bc", "aa", ("ab", "c"), ("ab", "a"), ("ab", "ba"), ("zab", "cz"), "za"):
        for between in (0, 1, 2, 3, 6, 7, 30, 31, 10**6):
            node = Near("body", tuple(first), tuple(second), between)
            expected = {str(number): 1.0 for number, words in enumerate(texts) if _near_by_hand(words, node)}
            assert _only(engine, node) == expected, node
            assert expected or first == "z"
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_range_holds_its_ends_and_no_article_without_a_date(name: str, engines: dict[str, Engine]) -> None:
    engine = engines[name]
    dates = [entry.terms[PUBLISHED] for entry in COLLECTION]
    seventh = int("20211201070500")
    assert engine.count(Range(PUBLISHED, seventh, seventh)) == dates.count("20211201070500") > 0
    assert engine.count(Range(PUBLISHED, seventh + 1, seventh + 8)) == 0
    assert engine.count(Range(PUBLISHED, 0, 99991231235958)) == len([date for date in dates if date and date[0] < "9"])
    assert engine.count(Range(PUBLISHED, -(2**63), 2**63 - 1)) == len([date for date in dates if date])
    assert engine.count(Range(PUBLISHED, seventh, seventh - 1)) == 0


def test_what_finds_every_article_still_scores(fresh: Engine) -> None:
    _add(
        fresh,
        *(analyze(entry.article._replace(published=f"2021-01-0{n}")) for n, entry in enumerate([FIRST, THIRD], 1)),
    )
    fresh.commit()
    plain = _only(fresh, DE)
    for node in (Everything(), Range(PUBLISHED, 0, 99991231235959)):
        assert _only(fresh, And((node, DE))) == {article: pytest.approx(score + 1) for article, score in plain.items()}
        assert set(_only(fresh, Or((node, DE)))) == {"a.txt#0", "b.txt#2"}
        assert _only(fresh, Filtered(DE, node)) == plain != {}


@pytest.mark.parametrize("name", ENGINES)
def test_what_is_left_out_does_not_score(name: str, engines: dict[str, Engine]) -> None:
    engine = engines[name]
    doi, hoa = Term("body", "đội"), Term("body", "hòa")
    of_doi, of_hoa, rest = _only(engine, doi), _only(engine, hoa), _only(engine, Without(doi, hoa))
    assert rest == {
        article: pytest.approx(score, rel=1e-6) for article, score in of_doi.items() if article not in of_hoa
    }
    others = {entry.article.id for entry in COLLECTION} - set(of_hoa)
    assert _only(engine, Without(Everything(), hoa)) == dict.fromkeys(others, 1.0)
    assert engine.count(Without(Everything(), Everything())) == 0


@pytest.mark.parametrize("name", ENGINES)
def test_a_limit_beyond_all_articles_costs_nothing(name: str, engines: dict[str, Engine]) -> None:
    found = engines[name].search(DE, 2**48)
    assert len(found) == engines[name].count(DE) > 5
    assert engines[name].search(DE, 2**48, 4) == found[4:]
    assert engines[name].search(DE, 10, 2**48) == []


# --- what stands in the index


@pytest.mark.parametrize("name", ENGINES)
def test_vocabulary_and_frequencies_are_those_of_the_articles(name: str, engines: dict[str, Engine]) -> None:
    engine, memory = engines[name], engines["memory"]
    assert engine.articles() == len(COLLECTION)
    for field in FIELDS:
        if field.kind is Kind.NUMBER:
            continue
        found = list(engine.terms(field.name))
        assert len(found) == len({term for term, _ in found})
        values = [entry.terms[field.name] for entry in COLLECTION]
        terms = values if field.kind is Kind.KEYWORD else " ".join(values).split()
        assert {term for term, _ in found} == set(terms) - {""}
        for term, count in found:
            assert count == engine.df(field.name, term) == memory.df(field.name, term)
        assert engine.df(field.name, "vắngmặt") == 0
        for prefix in ("đ", "th", "1", "東", "vắng mặt"):
            beginning = sorted(pair for pair in found if pair[0].startswith(prefix))
            assert sorted(engine.terms(field.name, prefix)) == beginning


@pytest.mark.parametrize("name", ENGINES)
def test_every_article_comes_back_as_it_was_given(name: str, engines: dict[str, Engine]) -> None:
    ids = [entry.article.id for entry in COLLECTION]
    for entry, stored in zip(COLLECTION, engines[name].get(ids), strict=True):
        assert stored == entry.article
        assert engines[name].search(Term("id", entry.article.id), 5)[0].article == entry.article


@pytest.mark.parametrize("name", ENGINES)
def test_get_keeps_the_asked_order_and_leaves_out_what_is_missing(name: str, engines: dict[str, Engine]) -> None:
    ids = ["số.txt", "không có", "làng/3.txt", "", "rỗng.txt", "làng/3.txt", "mục"]
    found = [article.id for article in engines[name].get(ids)]
    assert found == ["số.txt", "làng/3.txt", "rỗng.txt", "làng/3.txt"]
    assert engines[name].get([]) == []


# --- changes

FIRST, SECOND, THIRD = (
    analyze(Article(f"{file}#{number}", title, body, file=file))
    for number, (file, title, body) in enumerate(
        [("a.txt", "Cánh đồng", "con đê"), ("a.txt", "Con đê", "bên sông"), ("b.txt", "Chợ quê", "con đường")]
    )
)


def _ids(engine: Engine, query: Node) -> set[str]:
    return {hit.article.id for hit in engine.search(query, ALL)}


def _add(engine: Engine, *entries: AnalyzedArticle) -> None:
    for entry in entries:
        engine.add(entry)


def test_an_empty_engine_answers(fresh: Engine) -> None:
    fresh.commit()
    assert (fresh.articles(), fresh.count(DE), fresh.df("body", "đê")) == (0, 0, 0)
    assert fresh.search(DE, 10) == fresh.search(TermPhrase("body", ("con", "đê")), 10) == []
    assert fresh.get(["a.txt#0"]) == list(fresh.terms("body")) == []
    for query in (DE, Everything(), Without(Everything(), DE), Range(PUBLISHED, 0, 1), Near("body", ("a",), ("b",), 3)):
        assert [fresh.search(query, 10, 0, sort) for sort in Sort] == [[], [], []]
        assert (fresh.count(query), fresh.facet(query, "year")) == (0, {})


def test_additions_count_from_the_commit_on(fresh: Engine) -> None:
    _add(fresh, FIRST, THIRD)
    assert (fresh.articles(), fresh.count(DE), fresh.df("body", "con")) == (0, 0, 0)
    fresh.commit()
    _add(fresh, SECOND)
    assert (fresh.articles(), _ids(fresh, DE), fresh.df("body", "con")) == (2, {"a.txt#0"}, 2)
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, DE)) == (3, {"a.txt#0", "a.txt#1"})


def test_deleting_a_file_takes_all_its_articles_at_the_commit(fresh: Engine) -> None:
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.commit()
    fresh.delete_file("a.txt")
    fresh.delete_file("không/có.txt")
    assert (fresh.articles(), fresh.count(DE)) == (3, 2)
    fresh.commit()
    assert (fresh.articles(), fresh.count(DE)) == (1, 0)
    assert [article.id for article in fresh.get(["a.txt#0", "a.txt#1", "b.txt#2"])] == ["b.txt#2"]
    assert _ids(fresh, Term("body", "con")) == {"b.txt#2"}


def test_deleting_and_adding_in_one_commit_replaces(fresh: Engine) -> None:
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.commit()
    fresh.delete_file("a.txt")
    _add(fresh, analyze(Article("a.txt#0", "Cánh đồng mới", "con đê", file="a.txt")))
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, DE)) == (2, {"a.txt#0"})
    assert fresh.get(["a.txt#0"])[0].title == "Cánh đồng mới"


def test_deleting_a_file_takes_what_was_added_before_it_in_the_same_commit(fresh: Engine) -> None:
    _add(fresh, FIRST, THIRD)
    fresh.delete_file("a.txt")
    _add(fresh, SECOND)
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, DE)) == (2, {"a.txt#1"})
    assert _ids(fresh, Term("body", "con")) == {"b.txt#2"}


def test_deleting_ids_takes_these_articles_alone(fresh: Engine) -> None:
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.commit()
    fresh.delete(["a.txt#0", "không có", "a.txt", ""])
    assert (fresh.articles(), fresh.count(DE)) == (3, 2)
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, DE), _ids(fresh, Term("file", "a.txt"))) == (2, {"a.txt#1"}, {"a.txt#1"})
    fresh.delete([])
    fresh.commit()
    assert fresh.articles() == 2


def test_deleting_ids_takes_what_was_added_before_and_not_what_is_added_after(fresh: Engine) -> None:
    _add(fresh, FIRST, FIRST)
    fresh.commit()
    newer = analyze(FIRST.article._replace(title="Cánh đồng mới"))
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.delete(iter(["a.txt#0", "b.txt#2", "a.txt#0"]))
    _add(fresh, newer)
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, Everything())) == (2, {"a.txt#0", "a.txt#1"})
    assert fresh.get(["a.txt#0"]) == [newer.article]


def test_an_article_may_be_deleted_by_its_id_and_with_its_file_in_one_commit(fresh: Engine) -> None:
    _add(fresh, FIRST, SECOND)
    fresh.commit()
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.delete(["a.txt#0"])
    fresh.delete_file("a.txt")
    _add(fresh, SECOND)
    fresh.delete(["b.txt#2"])
    fresh.commit()
    assert (fresh.articles(), _ids(fresh, Everything())) == (1, {"a.txt#1"})


def test_a_deletion_that_is_not_committed_is_undone(fresh: Engine) -> None:
    _add(fresh, FIRST, THIRD)
    fresh.commit()
    fresh.delete(["a.txt#0"])
    fresh.delete_file("b.txt")
    fresh.end_writing()
    fresh.commit()
    assert _ids(fresh, Everything()) == {"a.txt#0", "b.txt#2"}


def test_adding_never_replaces(fresh: Engine) -> None:
    _add(fresh, FIRST, FIRST)
    fresh.commit()
    _add(fresh, FIRST)
    fresh.commit()
    assert (fresh.articles(), fresh.count(DE), len(fresh.get(["a.txt#0"]))) == (3, 3, 1)


def test_one_key_does_not_delete_a_longer_one(fresh: Engine) -> None:
    names = ("bài", "bài viết", "bài viết/một", "Bài", "bai")
    _add(fresh, *(analyze(Article(name, "con đê", file=name)) for name in names))
    fresh.commit()
    fresh.delete_file("bài viết")
    fresh.commit()
    assert _ids(fresh, DE) == set(names) - {"bài viết"}


@pytest.mark.parametrize("name", ON_DISK)
def test_an_article_that_cannot_be_added_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    engine = open_engine(name, str(tmp_path), create=True)
    for broken in (
        AnalyzedArticle(Article("x"), {"body": "con đê", "title": "\udc80"}),
        AnalyzedArticle(Article("x", extra={"bytes": b"no JSON"}), {"body": "con đê"}),
    ):
        with pytest.raises((UnicodeEncodeError, TypeError)):
            engine.add(broken)
    _add(engine, THIRD)
    engine.commit()
    assert (engine.articles(), engine.count(DE), engine.df("body", "đê")) == (1, 0, 0)
    assert engine.get(["\udc80"]) == []
    engine.close()


def test_whoosh_does_not_wait_for_another_writer(tmp_path: Path) -> None:
    one, two = (open_engine("whoosh", str(tmp_path), create=True) for _ in range(2))
    _add(one, FIRST)
    with pytest.raises(IndexLockedError):
        two.add(SECOND)
    one.commit()
    _add(two, SECOND)
    two.commit()
    assert two.articles() == 2
    one.close()
    two.close()


@pytest.mark.parametrize("name", ON_DISK)
def test_reopening_sees_commits_and_closing_drops_the_rest(name: str, tmp_path: Path) -> None:
    engine = open_engine(name, str(tmp_path), create=True)
    _add(engine, FIRST, THIRD)
    engine.commit()
    _add(engine, SECOND)
    engine.delete_file("b.txt")
    engine.close()
    for create in (False, True):  # an index that exists is opened, not emptied
        again = open_engine(name, str(tmp_path), create=create)
        assert (again.articles(), _ids(again, DE)) == (2, {"a.txt#0"})
        _add(again, SECOND)
        again.close()
        again.close()


@pytest.mark.parametrize("name", ON_DISK)
def test_a_reader_keeps_its_view_while_another_writes(name: str, tmp_path: Path) -> None:
    writer = open_engine(name, str(tmp_path), create=True)
    _add(writer, FIRST, THIRD)
    writer.commit()
    reader = open_engine(name, str(tmp_path))
    writer.delete_file("a.txt")
    _add(writer, SECOND)
    writer.commit()
    assert (_ids(reader, DE), _ids(writer, DE)) == ({"a.txt#0"}, {"a.txt#1"})
    assert reader.get(["a.txt#0"]) == [FIRST.article]
    writer.close()
    reader.close()


@pytest.mark.parametrize("name", ON_DISK)
def test_a_killed_writer_leaves_nothing_and_blocks_nobody(name: str, tmp_path: Path) -> None:
    killed = (
        "import sys, time; from searchvn.engines.table import open_engine; from searchvn.analysis.terms import analyze;"
        "from searchvn.models import Article; e = open_engine(sys.argv[1], sys.argv[2], create=True);"
        "e.add(analyze(Article('a.txt#0', 'con đê', file='a.txt'))); e.commit();"
        "e.delete_file('a.txt'); e.add(analyze(Article('c', 'con đê'))); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", killed, name, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    engine = open_engine(name, str(tmp_path))
    assert _ids(engine, DE) == {"a.txt#0"}
    _add(engine, SECOND)
    engine.commit()
    assert _ids(engine, DE) == {"a.txt#0", "a.txt#1"}
    engine.close()


@pytest.mark.parametrize("name", ON_DISK)
def test_updates_keep_the_folder_small(name: str, tmp_path: Path) -> None:
    def size() -> int:
        return sum(os.path.getsize(Path(folder) / file) for folder, _, files in os.walk(tmp_path) for file in files)

    def update() -> None:
        engine = open_engine(name, str(tmp_path), create=True)
        engine.delete_file("a.txt")
        _add(engine, *(analyze(Article(f"a.txt#{n}", "Con đê", f"bên sông {n}", file="a.txt")) for n in range(30)))
        engine.commit()
        engine.close()

    update()
    once = size()
    for _ in range(25):
        update()
    engine = open_engine(name, str(tmp_path))
    assert engine.articles() == engine.count(DE) == 30
    assert size() < 4 * once
    engine.close()


def test_an_engine_finds_no_damage_in_what_it_wrote_and_compacting_changes_nothing(fresh: Engine) -> None:
    assert fresh.verify() == []
    _add(fresh, FIRST, SECOND, THIRD)
    fresh.commit()
    fresh.delete(["a.txt#0", "b.txt#2"])
    fresh.commit()
    assert fresh.verify() == []
    fresh.compact(analyze)
    assert fresh.verify() == []
    assert (fresh.articles(), _ids(fresh, Everything()), fresh.count(DE)) == (1, {"a.txt#1"}, 1)
    assert fresh.get(["a.txt#1"]) == [SECOND.article]
    assert dict(fresh.terms("file")) == {"a.txt": 1} and fresh.df("body", "sông") == 1
    _add(fresh, THIRD)
    fresh.commit()
    assert _ids(fresh, Everything()) == {"a.txt#1", "b.txt#2"}


@pytest.mark.parametrize("name", ON_DISK)
def test_updates_of_some_articles_keep_the_folder_small_and_every_article(name: str, tmp_path: Path) -> None:
    def size() -> int:
        return sum(os.path.getsize(Path(folder) / file) for folder, _, files in os.walk(tmp_path) for file in files)

    def article(number: int, version: int) -> AnalyzedArticle:
        chance = random.Random(f"{number}.{version}")
        body = ". ".join(_sentence(chance) for _ in range(40))
        return analyze(Article(f"a.txt#{number}", f"Con đê {number}", body, file="a.txt", extra={"v": version}))

    versions = dict.fromkeys(range(40), 0)
    chance = random.Random(4)
    sizes = []
    for version in range(8):
        engine = open_engine(name, str(tmp_path), create=True)
        some = chance.sample(range(40), 12) if version else list(versions)
        engine.delete(f"a.txt#{number}" for number in some)
        _add(engine, *(article(number, version) for number in some))
        engine.commit()
        engine.compact(analyze)
        versions.update(dict.fromkeys(some, version))
        ids = [f"a.txt#{number}" for number in versions]
        assert engine.get(ids) == [article(*item).article for item in versions.items()]
        assert engine.articles() == engine.count(Term("file", "a.txt")) == 40
        assert engine.verify() == []
        engine.close()
        sizes.append(size())
    assert max(sizes) < 2 * sizes[0]


def _gone(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _torn(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _other(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b"\x80\x04 no index" * 50)


@pytest.mark.parametrize("damage", [_gone, _torn, _other])
@pytest.mark.parametrize("name", ON_DISK)
def test_damage_is_named(name: str, damage: Callable[[Path], None], tmp_path: Path) -> None:
    engine = open_engine(name, str(tmp_path), create=True)
    _add(engine, FIRST)
    engine.commit()
    engine.close()
    damage(tmp_path)
    with pytest.raises(IndexDamagedError) as caught:
        open_engine(name, str(tmp_path))
    assert str(tmp_path) in str(caught.value) and "--rebuild" in caught.value.hint
