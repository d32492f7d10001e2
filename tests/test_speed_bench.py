"""The speed benchmark measures what it says: the same articles, the same requests, and peers that count alike.

Times are not looked at. The corpus is made here, of words that no two spellings share, so that engines that take marks
off count as those that keep them.
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from searchvn import Article
from searchvn.analysis.folding import strip_marks
from searchvn.analysis.terms import analyze
from searchvn.analysis.tokens import split

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import query_classes
import speed
import startup
from peers import bare_tantivy, base, fts5, processes, ripgrep, whoosh_docs
from peers.base import Answer, Indexed, Request
from peers.table import PEERS, peer

WORDS = (
    "biển rừng sông núi làng nghề gốm trường thầy trò sách học mùa xuân tháng nắng gió "
    "thuyền cảng chợ phố cầu xóm giếng vườn ruộng lúa ngô chè bưởi khách hội hát trống kèn tranh giấy"
).split()
ALIKE = ("short", "long", "phrase", "boolean", "dates", "newest")  # all marks are typed in these
COMPARED = ("fts5", "lucene", "whoosh")


def articles(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Records of made-up articles; every third has no date."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        lines = [" ".join(dice.choices(WORDS, k=12)).capitalize() + "." for _ in range(3)]
        record = {"id": f"t{number}", "title": " ".join(dice.sample(WORDS, 5)), "text": "\n".join(lines)}
        if number % 3:
            record["published"] = f"20{dice.randrange(10, 25)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        found.append(record)
    return found


def written(records: list[dict[str, str]], path: Path) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run over 300 articles with the peers that need nothing, Lucene where it is, and one that is not there."""
    folder = tmp_path_factory.mktemp("speed")
    names = ["searchvn", "fts5", "whoosh", "ripgrep"]
    names += [name for name in ("lucene", "lucene-own") if not peer(name).missing()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speed, "COLD", 1)
        patch.setattr(speed, "WARM", 5)
        patch.setattr(ripgrep, "shutil", SimpleNamespace(which=lambda name: None))
        corpus = str(written(articles(300), folder / "news.jsonl"))
        options = ["--requests", "20", "--startup", "1", "--out", str(folder / "out")]
        with redirect_stderr(io.StringIO()) as said:
            found = speed.main([corpus, "--peers", ",".join(names), *options])
    return {
        **found,
        "said": said.getvalue().splitlines(),
        "table": (folder / "out" / "speed.md").read_text(encoding="utf-8"),
        "out": folder / "out",
    }


def test_the_corpus_has_words_that_stay_apart_without_marks() -> None:
    assert len(set(map(strip_marks, WORDS))) == len(WORDS)
    assert not [word for word in WORDS if "đ" in word]  # FTS5 cannot take its stroke off


def test_a_peer_that_only_indexes_is_not_asked(measured: dict[str, Any]) -> None:
    if reason := peer("lucene-own").missing():
        pytest.skip(reason)
    assert "queries" not in measured["peers"]["lucene-own"]
    assert "| Lucene 8.7, its own analyzers | – | not asked |" in measured["table"]


def test_every_peer_indexes_all_articles(measured: dict[str, Any]) -> None:
    running = {name: facts for name, facts in measured["peers"].items() if "missing" not in facts}
    assert {facts["indexing"]["articles"] for facts in running.values()} == {300}
    assert len({facts["indexing"]["text_mb"] for facts in running.values()}) == 1
    assert all(facts["indexing"]["peak_memory_mb"] > 5 for facts in running.values())


@pytest.mark.parametrize("kind", query_classes.CLASSES)
def test_every_class_of_requests_gives_figures(measured: dict[str, Any], kind: str) -> None:
    for name in ("searchvn", "fts5", "whoosh"):
        if kind not in peer(name).kinds:
            assert kind not in measured["peers"][name]["queries"]
            continue
        figures = measured["peers"][name]["queries"][kind]["totals"]
        assert figures["requests"] == measured["few_requests"].get(kind, 20) >= 5, name
        assert 0 < figures["p50"] <= figures["p95"] <= figures["p99"], name
        assert figures["mean_total"] > 0, name
    ours = measured["peers"]["searchvn"]["queries"][kind]
    assert ours["snippets"]["p50"] > 0
    assert ours["hits"]["p50"] > 0


@pytest.mark.parametrize("name", COMPARED)
def test_peers_count_the_same_articles(measured: dict[str, Any], name: str) -> None:
    if name not in measured["peers"]:
        pytest.skip(peer(name).missing())
    queries = measured["peers"][name]["queries"]
    assert {kind: queries[kind]["same_total"] for kind in ALIKE} == dict.fromkeys(ALIKE, 1.0)


def test_fresh_processes_and_several_at_once_are_measured(measured: dict[str, Any]) -> None:
    ours = measured["peers"]["searchvn"]
    assert ours["cold"]["process_ms"] > ours["cold"]["first_query_ms"] > 0
    assert set(ours["queries_a_second"]) == {"1", "2"}
    assert measured["startup"]["searchvn_terminal"] > measured["startup"]["python"]


def test_classes_of_few_requests_are_said(measured: dict[str, Any]) -> None:
    few = measured["few_requests"]["prefix"]
    assert re.search(rf"timed in each mode: .*prefix {few}\b", measured["table"])


def test_a_peer_that_is_not_there_is_said(measured: dict[str, Any]) -> None:
    assert measured["peers"]["ripgrep"] == {"name": "ripgrep", "missing": "rg is not installed"}
    assert "- ripgrep: not measured, rg is not installed" in measured["table"]
    assert all(facts["name"] in measured["table"] for facts in measured["peers"].values())


def test_what_it_is_doing_is_said_line_by_line(measured: dict[str, Any]) -> None:
    said = measured["said"]
    assert said[:2] == ["reading the corpus", "300 articles, 0 MB: with all peers about 4 minutes"]
    peers = [facts for facts in measured["peers"].values() if "missing" not in facts]
    first = [line for line in said if line.startswith("indexing, round 1 of 3: ")]
    assert first == [f"indexing, round 1 of 3: {facts['name']}" for facts in peers]
    assert "indexing, round 3 of 3: searchvn" in said
    for kind in query_classes.CLASSES:
        assert len([line for line in said if line.startswith(f"queries: {kind},")]) == 1
    assert any(line.startswith("left out: ripgrep") for line in said)


def test_what_is_written_is_what_is_given_back(measured: dict[str, Any]) -> None:
    kept = json.loads((measured["out"] / "speed.json").read_text(encoding="utf-8"))
    assert kept == {name: measured[name] for name in kept}
    assert kept["machine"]["cores"] >= 1
    assert kept["corpus"]["articles"] == 300


def test_a_peer_that_fails_is_out_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, *_: object) -> tuple[Indexed, float]:
        if name == "fts5":
            raise processes.WorkerError("fts5: the disk is full")
        return Indexed(1, 10, next(seconds), 1.0, 10), 1.0

    seconds = iter([3.0, 1.0, 2.0])
    monkeypatch.setattr(processes, "index", fail)
    bench = speed.Bench([Article("a")], ["searchvn", "fts5"], 1, tmp_path)
    bench.index(1)
    assert bench.running() == ["searchvn"]
    assert bench.peers["searchvn"]["indexing"]["seconds"] == 2.0  # the middle of three rounds
    assert bench.peers["fts5"]["missing"] == "fts5: the disk is full"


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(processes.WorkerError, match=r"nothing\.jsonl"):
        processes.index("fts5", tmp_path / "nothing.jsonl", tmp_path, 1)


def test_only_articles_without_a_date_get_one(tmp_path: Path) -> None:
    path = written(articles(30), tmp_path / "news.jsonl")
    first = speed.prepare(speed.read_corpus(str(path), None), tmp_path / "one.jsonl")
    speed.prepare(speed.read_corpus(str(path), None), tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    had = [record.get("published") for record in articles(30)]
    assert all(article.published for article in first)
    assert [one.published for one, old in zip(first, had, strict=True) if old] == [old for old in had if old]
    assert len({one.published for one, old in zip(first, had, strict=True) if not old}) > 5


def test_requests_are_those_of_their_seed() -> None:
    read = [Article(record["id"], record["title"], record["text"], published="2020-05-01") for record in articles(50)]
    for kind in query_classes.CLASSES:
        made = query_classes.requests(read, kind, 15, 3)
        assert query_classes.requests(read[:1], kind, 10_000, 3)  # comes to an end
        assert made == query_classes.requests(read, kind, 15, 3)
        assert made != query_classes.requests(read, kind, 15, 4)
        assert len(set(made)) == len(made) == 15


def test_what_people_typed_is_a_class_of_its_own() -> None:
    lines = ["Hội làng 2024", "hội làng 2024", "?!"]
    assert query_classes.typed(lines, 10, 1) == [Request("typed", ("hội", "làng", "2024"))]


def test_requests_have_the_spelling_that_the_articles_have() -> None:
    """`exact_term` would make `kĩ` of `kỹ` and `hòa` of `hoà`, which a scan for the words of an article cannot find."""
    text = "Tỷ lệ Quý khách, Kỹ thuật HOÀ hợp, Lý Thuỷ khoẻ mạnh."
    read, own = [Article("1", text, text, published="2020-05-01")], split(text.lower())
    for kind in set(query_classes.CLASSES) - {"unaccented", "prefix"}:
        made = query_classes.requests(read, kind, 10, 1)
        assert {word for request in made for word in request.words} <= set(own), kind
    assert all(text.lower().find(one.words[0]) >= 0 for one in query_classes.requests(read, "prefix", 10, 1))
    phrases = query_classes.requests(read, "phrase", 30, 1)
    assert {("kỹ", "thuật"), ("hoà", "hợp")} <= {request.words for request in phrases}
    assert query_classes.typed(["Kỹ thuật, hoà"], 1, 1)[0].words == ("kỹ", "thuật", "hoà")


@pytest.mark.parametrize("name", ["searchvn", "lucene"])
def test_both_spellings_are_found_by_those_that_know_them(name: str, tmp_path: Path) -> None:
    if reason := peer(name).missing():
        pytest.skip(reason)
    texts = ["Kỹ thuật, hoà, ông Hoàng", "kĩ thuật; hòa", "Hoàn tất, kỷ luật"]
    records = [{"id": str(n), "title": "Tin", "text": text, "published": "2020-05-01"} for n, text in enumerate(texts)]
    corpus = written(records, tmp_path / "news.jsonl")
    peer(name).index(corpus, tmp_path, 1)
    session = peer(name).open(corpus, tmp_path)
    asked = [
        Request("phrase", ("kỹ", "thuật")),
        Request("short", ("hoà",)),
        Request("short", ("hòa",)),
        Request("prefix", ("hoà",)),
        Request("prefix", ("kỹ",)),
    ]
    totals = [answer.total for answer in session.answer(asked, "totals")]
    session.close()
    assert totals == [2, 2, 2, 3, 2]


class Remembering:
    """A server that keeps what it was asked."""

    def __init__(self, *_: object) -> None:
        self.asked: list[Request] = []
        SERVERS.append(self)

    def __enter__(self) -> Remembering:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        self.asked += asked
        return [Answer(1.0, 1, 1) for _ in asked]

    def send(self, asked: Sequence[Request], mode: str) -> None:
        self.ask(asked, mode)

    def receive(self) -> list[Answer]:
        return [Answer(1.0, 1, 1)]


SERVERS: list[Remembering] = []


def test_no_process_is_asked_anything_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "WARM", 5)
    monkeypatch.setattr(processes, "Server", Remembering)
    SERVERS.clear()
    path = written(articles(200), tmp_path / "news.jsonl")
    read = speed.prepare(speed.read_corpus(str(path), None), tmp_path / "articles.jsonl")
    bench = speed.Bench(read, ["searchvn", "fts5"], 20, tmp_path)
    bench.draw([f"làng {number}" for number in range(40)])
    bench.query()
    bench.cold()
    bench.throughput()
    assert len(SERVERS) == 2 + 2 * speed.COLD + 2 * speed.MOST_AT_ONCE
    assert [len(one.asked) - len(set(one.asked)) for one in SERVERS] == [0] * len(SERVERS)
    assert {one.kind for one in SERVERS[0].asked} == {*query_classes.CLASSES, "typed"}
    assert bench.few["typed"] == 10  # 40 are there, and 80 were asked for
    assert "short" not in bench.few


def test_what_is_too_little_is_cut_evenly() -> None:
    drawn = [Request("short", (str(number),)) for number in range(11)]
    parts = speed.cut(drawn, {"warm": 4, "totals": 10, "hits": 10})
    assert [len(part) for part in parts.values()] == [1, 5, 5]
    assert [request for part in parts.values() for request in part] == drawn
    assert [len(part) for part in speed.cut(drawn, {"warm": 4, "totals": 5}).values()] == [4, 5]
    assert list(speed.cut([], {"warm": 4}).values()) == [[]]


def test_requests_are_written_as_each_language_wants_them() -> None:
    without = Request("boolean", ("hội", "mưa"), "NOT")
    assert fts5.match_text(without, " OR ") == '"hội" NOT "mưa"'
    assert whoosh_docs.parser_text(without) == "hội AND NOT mưa"
    assert ripgrep.patterns(without) == [["--regexp", "hội"], ["--invert-match", "--regexp", "mưa"]]


def test_ripgrep_counts_the_articles_that_have_the_words(tmp_path: Path) -> None:
    if reason := peer("ripgrep").missing():
        pytest.skip(reason)
    records = [{"id": "1", "title": "Hội", "text": "a\nlàng gốm"}, {"id": "2", "title": "Hội", "text": "gốm làng"}]
    corpus = written(records, tmp_path / "news.jsonl")
    peer("ripgrep").index(corpus, tmp_path, 1)
    session = peer("ripgrep").open(corpus, tmp_path)
    asked = [
        Request("short", ("gốm", "làng")),
        Request("phrase", ("làng", "gốm")),
        Request("boolean", ("hội", "a"), "NOT"),
        Request("prefix", ("gố",)),
    ]
    assert [answer.total for answer in session.answer(asked, "totals")] == [2, 1, 1, 2]


def test_percentiles_are_those_of_the_times() -> None:
    figures = speed._times([Answer(float(took), None, 0) for took in range(100, 0, -1)])
    assert (figures["p50"], figures["p95"], figures["p99"]) == (51.0, 96.0, 100.0)


def test_bare_tantivy_holds_the_same_articles(tmp_path: Path) -> None:
    if reason := peer("tantivy").missing():
        pytest.skip(reason)
    corpus = written(articles(20), tmp_path / "news.jsonl")
    (tmp_path / "index").mkdir()
    took = peer("tantivy").index(corpus, tmp_path / "index", 2)
    held = bare_tantivy.tantivy.Index.open(str(tmp_path / "index")).searcher()
    assert took.articles == held.num_docs == 20
    found = held.search(bare_tantivy.tantivy.Query.all_query(), 1).hits[0][1]
    assert b'"title"' in held.doc(found).get_first("stored")


def test_lucene_makes_the_terms_that_searchvn_makes(tmp_path: Path) -> None:
    """Sums over all fields: occurrences, and the articles of every term."""
    if reason := peer("lucene").missing():
        pytest.skip(reason)
    odd = [
        "Nghị quyết 15-NQ/TW, 05-CT/ TW và 12.5%: thuỷ, hoà, uỷ, qúy, gía, kỷ, sỹ, Hạ Vy, quýt",
        "Ban Bí thư TƯ Đảng; Đắk Lắk, Krông Búk. 3 ½ m² Ⅻ œuvre straße Ｔｉｎ 東京 tin",
        "BÀI VIẾT HOA CÓ TƯ VÀ CA\nhoa\u0300 bi\u0300nh, Ðà Nẵng, thời\u200bsự",
        "bai nay khong co dau nao het, ca bai deu nhu vay tu dau den cuoi bai viet nay",
        "Một dòng có dấu đầy đủ ở đây.\nthem mot dong khong dau dai hon tam chu nua nhe\nlại có dấu",
    ]
    records = [{"id": str(number), "title": text[:12], "text": text} for number, text in enumerate(odd)]
    speed.prepare(speed.read_corpus(str(written(records, tmp_path / "odd.jsonl")), None), tmp_path / "articles.jsonl")
    peer("lucene").index(tmp_path / "articles.jsonl", tmp_path, 2)
    found = json.loads((tmp_path / "contents.json").read_text(encoding="utf-8"))
    occurrences, postings = Counter[str](), Counter[str]()
    for article in speed.read_corpus(str(tmp_path / "articles.jsonl"), None):
        for field, terms in analyze(article).terms.items():
            occurrences[field] += len(terms.split())
            postings[field] += len(set(terms.split()))
    fields = ("title", "body", "title_folded", "body_folded", "bare", "shingles")
    assert occurrences["bare"] > 10
    assert {field: found[field] for field in fields} == {
        field: [occurrences[field], postings[field]] for field in fields
    }


def test_lucenes_own_analyzers_make_the_same_fields(tmp_path: Path) -> None:
    if reason := peer("lucene-own").missing():
        pytest.skip(reason)
    records = [{"id": "1", "title": "Đổi mới", "text": "Hội làng, HỘI LÀNG", "source": "Báo"}]
    corpus = written(records, tmp_path / "news.jsonl")
    took = peer("lucene-own").index(corpus, tmp_path, 1)
    assert (took.articles, took.text_bytes) == (1, base.size_of_text(records[0]))
    found = json.loads((tmp_path / "contents.json").read_text(encoding="utf-8"))
    # Occurrences, and terms: doi_moi; hoi_lang twice, lang_hoi.
    wanted = {"title": [2, 2], "title_folded": [2, 2], "body": [4, 2], "body_folded": [4, 2], "shingles": [4, 3]}
    assert {name: found[name] for name in wanted} == wanted


def test_only_a_peer_that_is_there_is_taken() -> None:
    with pytest.raises(SystemExit):
        speed.arguments(["--peers", "searchvn,sphinx"])
    assert speed.arguments(["--peers", "fts5, lucene"]).peers == ["fts5", "lucene"]


def test_every_peer_in_the_table_is_one() -> None:
    for name in PEERS:
        assert peer(name).kinds <= base.ALL_KINDS
        assert not peer(name).kinds or "totals" in peer(name).modes


def test_a_command_that_fails_is_not_timed(tmp_path: Path) -> None:
    for way in (startup.piped, startup.on_terminal):
        with pytest.raises(RuntimeError, match="exit status 3"):
            way([sys.executable, "-c", "raise SystemExit(3)"])
        assert way([sys.executable, "-c", "raise SystemExit(1)"]) > 0
