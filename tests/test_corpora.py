"""Made corpora: the same for a seed, the small one the beginning of the large one, the vocabulary as in real text."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import pytest

from searchvn import Index
from searchvn.analysis import lines
from searchvn.analysis.terms import tokenize
from searchvn.analysis.tokens import split

BENCH = Path(__file__).parents[1] / "bench"
sys.path.insert(0, str(BENCH))
try:
    import corpora
    from growth import Growth, Heaps, fit
    from query_classes import CLASSES
    from scale import make_queries, prepare, table
    from scale_steps import WARM, percentiles
finally:
    sys.path.remove(str(BENCH))

SOURCE = 300  # articles of the source that is recombined
KINDS = ("natural", "recombined")
ASKED = ("ms", "ms_with_snippets")

Record = corpora.Record


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus to recombine, itself made from nothing; its titles have loose marks."""
    path = tmp_path_factory.mktemp("source") / "nguồn.jsonl.gz"
    corpora.write(
        ({**record, "title": unicodedata.normalize("NFD", record["title"])} for record in corpora.natural(SOURCE, 3)),
        path,
    )
    return path


def make(kind: str, source: Path, articles: int, seed: int = 5) -> Iterator[Record]:
    return corpora.natural(articles, seed) if kind == "natural" else corpora.recombined(source, articles, seed)


def words(record: Record) -> list[str]:
    return tokenize(f"{record['title']}\n{record['text']}", folded=False).exact


def growth_of(records: Iterable[Record]) -> list[tuple[int, int]]:
    """Words and different words after each article."""
    seen: set[str] = set()
    tokens, points = 0, []
    for record in records:
        found = words(record)
        tokens += len(found)
        seen.update(found)
        points.append((tokens, len(seen)))
    return points


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_corpus_is_the_beginning_of_a_large_one(kind: str, source: Path) -> None:
    large = list(make(kind, source, 60))
    assert list(make(kind, source, 20)) == large[:20]
    assert list(make(kind, source, 20, seed=6)) != large[:20]


def test_what_is_made_does_not_depend_on_the_process(source: Path, tmp_path: Path) -> None:
    """The order of a set of strings is another in each process."""
    made = []
    for number in "12":
        out = tmp_path / f"{number}.jsonl"
        command = [sys.executable, str(BENCH / "corpora.py"), "recombined", str(source), "--articles", "30", str(out)]
        subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": number})
        made.append(out.read_bytes())
    assert made[0] == made[1] and made[0].count(b"\n") == 30


@pytest.mark.parametrize("kind", KINDS)
def test_records_can_be_indexed(kind: str, source: Path) -> None:
    records = list(make(kind, source, 100))
    assert len({record["id"] for record in records}) == 100
    for record in records:
        assert list(record) == ["id", "title", "text", "published", "source"]
        assert record["title"].strip() and record["text"].strip() and record["source"]
        assert all(unicodedata.is_normalized("NFC", record[field]) for field in ("title", "text"))
        assert 2005 <= date.fromisoformat(record["published"]).year <= 2024
    assert len({record["published"][:4] for record in records}) > 10


@pytest.mark.parametrize("name", ["bài.jsonl", "bài.jsonl.gz"])
def test_a_file_holds_what_was_made(name: str, source: Path, tmp_path: Path) -> None:
    articles, _ = corpora.write(corpora.natural(5, 1), tmp_path / name)
    assert articles == 5
    assert list(corpora._read(tmp_path / name)) == list(corpora.natural(5, 1))


def test_the_vocabulary_of_generated_text_grows_as_that_of_news() -> None:
    points = growth_of(corpora.natural(400, 5))
    for tokens, found in points[99::100]:
        assert found == pytest.approx(corpora.NEWS_2017.vocabulary(tokens), rel=0.05)


def test_the_vocabulary_of_a_recombined_corpus_goes_on_as_its_source_did(source: Path) -> None:
    own = growth_of(corpora._read(source))
    law = fit([own[int(SOURCE / 2 ** (halvings / 2)) - 1] for halvings in range(10)])
    points = growth_of(corpora.recombined(source, 4 * SOURCE, 5))
    assert points[-1][0] > 3 * own[-1][0]
    for tokens, found in points[SOURCE - 1 :: SOURCE]:  # so few articles tell the law to a tenth
        assert found == pytest.approx(law.vocabulary(tokens), rel=0.1)


def test_frequent_words_stand_in_the_same_share_of_articles_at_any_size(source: Path) -> None:
    df = Counter(word for record in corpora._read(source) for word in set(words(record)))
    made = Counter(word for record in corpora.recombined(source, 2 * SOURCE, 5) for word in set(words(record)))
    frequent = [word for word, count in df.items() if 0.2 * SOURCE < count < 0.8 * SOURCE]
    assert len(frequent) > 100
    ratios = sorted(made[word] / df[word] for word in frequent)
    assert 1.8 < ratios[len(ratios) // 2] < 2.2
    assert ratios[len(ratios) // 20] > 1.5 and ratios[-len(ratios) // 20] < 2.5


def test_words_that_go_together_stay_together(source: Path) -> None:
    """Of two words that stand side by side in a made article, most do so in the source."""

    def pairs(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
        for record in records:
            for line in record["text"].split("\n"):
                found = tokenize(line, folded=False).exact
                yield from pairwise(found)

    known = set(pairs(corpora._read(source)))
    made = list(pairs(corpora.recombined(source, 200, 5)))
    assert sum(pair in known for pair in made) > 0.9 * len(made)


def test_made_articles_are_not_copies(source: Path) -> None:
    own = {record["text"] for record in corpora._read(source)}
    made = [record["text"] for record in corpora.recombined(source, SOURCE, 5)]
    assert len(set(made)) > 0.95 * len(made)
    assert sum(text in own for text in made) < 0.05 * len(made)


def test_new_words_are_new_and_come_back() -> None:
    growth = Growth(
        Heaps(10, 0.5), ["ga", "lo", "mi"], ["bert", "ton", "zo"], ["hòa", "đổi", "nước"], frozenset({"gazo"})
    )
    dice = random.Random(1)
    given = [word for _ in range(200) for word in growth.words(1_000, 500, dice)]
    counts = Counter(word.lower() for word in given)
    assert "gazo" not in counts
    assert len(counts) == pytest.approx(10 * (200_000 + len(given)) ** 0.5 - 500, rel=0.01)
    assert 0.3 < sum(count == 1 for count in counts.values()) / len(counts) < 0.7


def test_a_law_is_found_in_points_that_obey_it() -> None:
    law = fit([(n, 7 * n**0.6) for n in (10, 1_000, 50_000)])
    assert law == pytest.approx(Heaps(7, 0.6))


# --- scale.py


def test_a_corpus_that_is_large_enough_is_taken_as_it_is(source: Path, tmp_path: Path) -> None:
    work = prepare(source, SOURCE, tmp_path)
    assert work.corpus == source
    ten = work.articles(10)
    assert [json.loads(line) for line in ten.open(encoding="utf-8")] == list(islice(corpora._read(source), 10))
    larger = prepare(source, SOURCE + 1, tmp_path)
    assert sum(1 for _ in larger.corpus.open(encoding="utf-8")) == SOURCE + 1


def test_all_sizes_are_asked_what_people_typed_and_what_the_articles_say(source: Path, tmp_path: Path) -> None:
    articles = prepare(source, SOURCE, tmp_path).articles(SOURCE)
    typed = [f"xổ số {number}" for number in range(WARM + 1)]
    made = make_queries(articles, list(map(str.upper, typed)))
    assert set(made.pop("typed")) == {(line, "relevance") for line in typed}
    assert {order for _, order in made.pop("newest")} == {"newest"}
    assert all(len(queries) > 50 for queries in made.values())
    text = " ".join(" ".join(split(record["text"].lower())) for record in corpora._read(articles))
    assert all(query in text for query, _ in made["short"])


def test_a_class_of_too_few_queries_is_left_out_and_said(source: Path, tmp_path: Path) -> None:
    undated = ({**record, "published": ""} for record in corpora._read(source))
    corpora.write(undated, tmp_path / "undated.jsonl")
    typed = [f"xổ số {number}" for number in range(WARM)]
    made = make_queries(tmp_path / "undated.jsonl", typed)
    assert {*CLASSES, "typed"} - set(made) == {"dates", "typed"}
    made = make_queries(tmp_path / "undated.jsonl", [*typed, "xổ số"])
    classes = {name: {kind: dict.fromkeys(("p50", "p95", "p99"), 1.0) for kind in ASKED} for name in made}
    figures = {"queries": {"classes": classes, "anonymous_mb": 1.0}, "index": defaultdict(lambda: 1.0)}
    assert f"no more than {WARM} different queries of them: dates.\n" in table([1_000], [figures])


@pytest.mark.parametrize(("shingles", "pair"), [("pairs", "bien_rung"), ("own", lines.shingle("bien", "rung"))])
def test_pairs_are_coded_as_asked(shingles: str, pair: str, tmp_path: Path) -> None:
    articles = tmp_path / "a.jsonl"
    articles.write_text('{"id": "a", "title": "Tin", "text": "biển rừng"}\n', encoding="utf-8")
    command = [sys.executable, str(BENCH / "scale_steps.py"), "index", str(tmp_path / "index"), shingles, str(articles)]
    subprocess.run(command, check=True, capture_output=True)
    with Index.open(str(tmp_path / "index")) as index:
        assert index._engine.df("shingles", pair) == 1


def test_percentiles_are_of_the_times() -> None:
    assert percentiles([number / 1000 for number in range(100, 0, -1)]) == {"p50": 51, "p95": 96, "p99": 100}
