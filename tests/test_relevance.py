"""Ranking is held to what it has reached on the set that ships; judged folders and figures are read and made right."""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from searchvn.analysis.folding import strip_marks

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import known_items
import measures
import rankers
import relevance
from judged import SPOILINGS, Judged, JudgedError, Passage, read, spoiled
from measures import Figures

LEGAL = Path(__file__).parents[2] / "shared" / "relevance" / "legal"
CORPUS = '{"_id": "a", "title": "Mở hội", "text": "Sáng nay"}\n{"_id": "b", "title": "", "text": "Chiều qua"}\n'
SMALL = Judged(
    "small",
    (
        Passage("đổi", "", "xã bàn việc đổi ruộng"),
        Passage("đội", "", "xã khen đội bóng, đội trống và đội múa"),
        Passage("khác", "đội", "chuyện dài về nhiều thứ ở một nơi xa lắm"),
    ),
    {"q": "đổi ruộng"},
    {"q": {"đổi": 1}},
)


def lay(folder: Path, files: dict[str, str]) -> Path:
    """Writes files; those named .gz are packed."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return folder


# --- floors


@pytest.mark.parametrize("engine", relevance.ENGINES)
def test_no_figure_is_below_its_floor_and_folded_bm25_is_beaten(engine: str) -> None:
    floors = json.loads(relevance.FLOORS.read_text(encoding="utf-8"))[engine]
    judged = relevance.known(engine)
    ours = relevance.reached(rankers.Searchvn(judged.articles, engine), judged)
    folded = relevance.reached(rankers.syllables(rankers.FOLDED, judged.articles, rankers.folded), judged)
    assert set(floors) == set(SPOILINGS)
    for spoiling, floor in floors.items():
        assert ours[spoiling] >= floor, spoiling
        assert ours[spoiling] >= folded[spoiling] + 0.02, spoiling


def test_the_set_that_ships_is_what_its_generator_makes() -> None:
    made = known_items.files()
    assert {name: (relevance.KNOWN / name).read_text(encoding="utf-8") == text for name, text in made.items()} == (
        dict.fromkeys(made, True)
    )
    assert sum(len(text.encode()) for text in made.values()) < 1_500_000
    judged = read(relevance.KNOWN)
    assert len(judged.articles) >= 300 and len(judged.queries) >= 300
    assert {grade for grades in judged.grades.values() for grade in grades.values()} == {1}


def test_the_set_is_as_its_readme_says() -> None:
    readme = (relevance.KNOWN / "README.md").read_text(encoding="utf-8")
    judged = read(relevance.KNOWN)
    assert f"{len(judged.articles)} articles and {len(judged.queries)} queries" in readme
    counts: dict[str, int] = {}
    for query in judged.queries:
        kind = query.rpartition("-")[0]
        counts[kind] = counts.get(kind, 0) + 1
    rows = dict(re.findall(r"^\| ([a-z, -]+) \| (\d+) \|", readme, re.M))
    told = {", ".join(kinds): sum(counts[kind] for kind in kinds) for kinds in (row.split(", ") for row in rows)}
    assert {kinds: int(number) for kinds, number in rows.items()} == told
    assert sum(told.values()) == len(judged.queries)


@pytest.mark.parametrize("engine", relevance.ENGINES)
def test_ranking_of_legal_questions_stays_above_its_floor(engine: str) -> None:
    """A sample of 300 of the 1,333 questions, for Whoosh of 75; bench/relevance.py measures the whole sets."""
    if not LEGAL.is_dir():
        pytest.skip(f"{LEGAL} is not here")
    judged = read(LEGAL)
    judged = judged._replace(queries=dict(list(judged.queries.items())[: 1200 : 4 if engine == "tantivy" else 16]))
    row = relevance.measure(rankers.Searchvn(judged.articles, engine), judged, ("as written", "no marks"))
    assert row.means("as written").ndcg_10 > 0.70
    assert row.means("no marks").ndcg_10 > row.means("as written").ndcg_10 - 0.025


# --- judged folders


def test_a_folder_as_beir_writes_it(tmp_path: Path) -> None:
    folder = lay(
        tmp_path / "bộ",
        {
            "corpus.jsonl.gz": CORPUS,
            "queries.jsonl": '{"_id": "1", "text": "hội"}\n{"_id": "2", "text": "không ai chấm"}\n',
            "qrels/test.tsv": "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n",
        },
    )
    assert read(folder) == Judged(
        "bộ",
        (Passage("a", "Mở hội", "Sáng nay"), Passage("b", "", "Chiều qua")),
        {"1": "hội"},
        {"1": {"a": 2, "b": 0}},
    )


def test_a_folder_as_trec_writes_it_with_a_haystack(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Đống rơm")
    folder = lay(
        tmp_path / "bộ",
        {
            "articles.jsonl": '\ufeff{"id": 1, "body": "Sáng nay"}\n\n',
            "queries.tsv": "q1\thội\tlớn\nq2\tchỉ có điểm 0\n",
            "qrels.tsv.gz": "q1 0 1 1\nq2 0 1 0\n",
        },
    )
    rick = lay(tmp_path / "rơm", {"more.jsonl.gz": json.dumps({"id": "x", "text": decomposed})})
    judged = read(folder, [rick])
    assert judged.articles == (Passage("1", "", "Sáng nay"), Passage("x", "", "Đống rơm"))
    assert judged.queries == {"q1": "hội\tlớn"}
    assert judged == read(folder, [rick / "more.jsonl.gz"])


GOOD = {"corpus.jsonl": CORPUS, "queries.tsv": "1\thội\n", "qrels.tsv": "1 0 a 1\n"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"corpus.jsonl": None}, "no articles"),
        ({"queries.tsv": None}, "no queries"),
        ({"qrels.tsv": None}, "no judgements"),
        ({"corpus.jsonl": CORPUS + "{"}, "corpus.jsonl:3: no JSON"),
        ({"corpus.jsonl": "[]"}, "corpus.jsonl:1: no object"),
        ({"corpus.jsonl": '{"text": "x"}'}, "corpus.jsonl:1: no object with _id"),
        ({"corpus.jsonl": '{"id": "a"}'}, "corpus.jsonl:1: no text"),
        ({"corpus.jsonl": CORPUS * 2}, "corpus.jsonl:3: a second article"),
        ({"queries.tsv": "1 hội\n"}, "queries.tsv:1: no tab"),
        ({"queries.tsv": "1\thội\n2\tlàng\n1\tgốm\n"}, "queries.tsv:3: a second query with the id '1'"),
        ({"queries.tsv": "9\thội\n"}, "no query has a relevant article"),
        ({"qrels.tsv": "1 0 a 1\n1 a\n"}, "qrels.tsv:2: 2 columns"),
        ({"qrels.tsv": "1 0 a 1\n1 0 b tốt\n"}, "qrels.tsv:2: the grade 'tốt'"),
        ({"qrels.tsv": "1 0 b l\n1 0 a 1\n"}, "qrels.tsv:1: the grade 'l'"),
        ({"qrels.tsv": "query article score\n1 b l\n1 a 1\n"}, "qrels.tsv:2: the grade 'l'"),
        ({"qrels.tsv": "1 0 z 1\n"}, "no judged article is there"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said_in_one_line(
    tmp_path: Path, change: dict[str, str | None], said: str
) -> None:
    lay(tmp_path, {name: text for name, text in {**GOOD, **change}.items() if text is not None})
    with pytest.raises(JudgedError) as caught:
        read(tmp_path)
    assert said in str(caught.value) and str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_archive_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    lay(tmp_path, {**GOOD, "corpus.jsonl": CORPUS})
    (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(CORPUS.encode())[:-9])
    with pytest.raises(JudgedError, match=r"corpus\.jsonl\.gz"):
        read(tmp_path)
    run = subprocess.run([sys.executable, relevance.__file__, str(tmp_path / "không")], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == f"relevance.py: {tmp_path / 'không'}: no such folder\n"


# --- spoiled queries


def count_marks(text: str) -> int:
    """The marks of a text, the bar of đ among them."""
    decomposed = unicodedata.normalize("NFD", text)
    return sum(bool(unicodedata.combining(one)) or one in "đĐ" for one in decomposed)


TEXT = "Đổi mới phương thức lãnh đạo của cấp ủy đảng ở cơ sở"


def test_marks_are_lost_as_said() -> None:
    of = {name: spoiled({"q": TEXT}, name)["q"] for name in SPOILINGS}
    assert of["as written"] == TEXT
    assert of["no marks"] == "Doi moi phuong thuc lanh dao cua cap uy dang o co so"
    assert all(strip_marks(text) == of["no marks"] for text in of.values())
    words = list(zip(of["half of the words"].split(), TEXT.split(), strict=True))
    assert all(word in (strip_marks(typed), typed) for word, typed in words)
    assert 0 < sum(word != typed for word, typed in words) < len(words)
    assert any(
        word not in (strip_marks(typed), typed)
        for word, typed in zip(of["half of the marks"].split(), TEXT.split(), strict=True)
    )


@pytest.mark.parametrize("name", ["half of the words", "half of the marks"])
def test_about_half_is_lost_and_the_same_in_every_run(name: str) -> None:
    queries = {str(number): TEXT for number in range(200)}
    lost = spoiled(queries, name)
    kept = sum(map(count_marks, lost.values())) / (200 * count_marks(TEXT))
    assert 0.4 < kept < 0.6
    assert len(set(lost.values())) > 100
    assert spoiled({"7": TEXT}, name) == {"7": lost["7"]}


# --- figures

# Grades 3, 2 and 1; found at ranks 2 (grade 2) and 4 (grade 1), one missed. By hand:
# DCG = 2 / log2(3) + 1 / log2(5) = 1.261860 + .430677 = 1.692536; ideal = 3 + 2 / log2(3) + 1 / log2(4) = 4.761860.
GRADES = {"one": {"c": 3, "b": 2, "d": 1, "x": 0}, "late": {"z": 1}, "none": {"z": 1}}
RANKINGS = {"one": ["x", "b", "y", "d"], "late": [*map(str, range(10)), "z"], "none": []}
BY_HAND = {
    "one": Figures(1.692536 / 4.761860, 1 / 2, 2 / 3, 2 / 3),
    "late": Figures(0.0, 0.0, 0.0, 1.0),
    "none": Figures(0.0, 0.0, 0.0, 0.0),
}


def test_figures_are_those_computed_by_hand() -> None:
    found = measures.by_definition(RANKINGS, GRADES)
    assert {query: pytest.approx(values, abs=1e-6) for query, values in found.items()} == BY_HAND
    assert measures.mean(found) == pytest.approx([0.118479, 1 / 6, 2 / 9, 5 / 9], abs=1e-6)


def test_the_library_agrees_with_the_definitions() -> None:
    pytest.importorskip("ir_measures", reason="ir-measures is not installed: pip install 'searchvn[bench]'")
    dice = random.Random(1)
    grades = {str(q): {str(a): dice.randint(0, 3) for a in range(40)} for q in range(30)}
    rankings = {query: dice.sample([str(a) for a in range(300)], dice.randint(0, 100)) for query in grades}
    for given in ((RANKINGS, GRADES), (rankings, grades)):
        by_library, by_definition = measures.by_library(*given), measures.by_definition(*given)
        assert {query: pytest.approx(values) for query, values in by_library.items()} == by_definition


def test_a_difference_is_significant_where_it_is() -> None:
    dice = random.Random(1)
    theirs = [dice.random() for _ in range(300)]
    noise = [value + dice.gauss(0, 0.1) for value in theirs]
    assert measures.p_value(theirs, theirs) == 1.0
    assert measures.p_value(noise, theirs) > 0.05
    assert measures.p_value([value + 0.05 for value in noise], theirs) < 0.001


# --- rankers


def test_bm25_scores_as_its_formula_says() -> None:
    """By hand: N = 3, df = 1 for `ruong` and 2 for `doi` in the body, lengths 5, 9, 10 and the mean 8."""
    found = rankers.syllables("", SMALL.articles, rankers.folded)
    assert found.search("ruộng") == ["đổi"]
    # `doi`: body of đổi 1 of 5 words, of đội 3 of 9; title of khác 1 of 1 where the mean is 1/3.
    # idf(2 of 3) = ln(1 + 1.5 / 2.5) = .4700; idf(1 of 3) = ln(1 + 2.5 / 1.5) = .9808.
    # đổi .4700 x 1 / 1.8625 = .2523; đội .4700 x 3 / 4.3125 = .3270; khác .9808 x 1 / 4 = .2452.
    assert found.search("doi") == ["đội", "đổi", "khác"]


@pytest.mark.parametrize(
    ("ranker", "query", "first"),
    [
        (lambda: rankers.Searchvn(SMALL.articles, "tantivy"), "đổi ruộng", "đổi"),
        (lambda: rankers.Searchvn(SMALL.articles, "whoosh"), "doi ruong", "đổi"),
        (lambda: rankers.syllables("", SMALL.articles, rankers.typed), "đổi", "đổi"),
        (lambda: rankers.Fts5(SMALL.articles), "đổi ruộng?", "đổi"),
        (lambda: rankers.Fts5(SMALL.articles), "ruong", "đổi"),
    ],
)
def test_every_ranker_finds(ranker: rankers.Callable[[], rankers.Ranker], query: str, first: str) -> None:
    made = ranker()
    try:
        assert made.search(query)[0] == first
        assert made.search("?!") == []
    finally:
        made.close()


def test_the_tuned_library_finds_and_names_what_it_was_tuned_to() -> None:
    pytest.importorskip("bm25s", reason="bm25s is not installed: pip install 'searchvn[bench]'")
    found = rankers.Bm25s("folded", SMALL, rankers.folded)
    assert found.search("ruong")[0] == "đổi"
    assert found.search("không có") == []
    assert "k1" in found.note


def test_words_are_cut_by_the_segmenter() -> None:
    pytest.importorskip("pyvi", reason="pyvi is not installed: pip install 'searchvn[bench]'")
    assert rankers.cut_words("Ủy ban nhân dân thành phố.") == ["ủy_ban", "nhân_dân", "thành_phố"]


def test_the_table_compares_and_says_who_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankers, "find_spec", lambda name: None)
    rows = [
        relevance.measure(rankers.Searchvn(SMALL.articles, "tantivy"), SMALL),
        relevance.measure(rankers.syllables(rankers.FOLDED, SMALL.articles, rankers.folded), SMALL),
    ]
    text = relevance.table(SMALL, rows)
    assert "| searchvn (tantivy) | **1.0000** |" in text
    assert "| searchvn - folded BM25 | +0.0000 (p 1.000) |" in text
    assert "bm25s: skipped" in text and "segmenter's words: skipped" in text
    as_json = relevance.as_json(SMALL, rows)
    assert as_json["rankers"][0]["figures"]["no marks"]["Recall@100"] == 1.0
