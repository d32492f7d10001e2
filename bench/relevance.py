"""How well are articles ranked? nDCG@10 on judged collections, with the queries as written and without marks.

Half of the marks are lost in two ways: half of the words lose all of theirs (`phuong thức`), or every mark is lost with
a chance of one half (`phưong thưc`).

A collection is a folder with queries.tsv (id, text), qrels.tsv (TREC: query, 0, article, grade) and one or more
.jsonl(.gz) files of articles; further files or folders of articles that nobody judged may be added as a haystack.
Usage: python bench/relevance.py COLLECTION [--haystack PATH]... [--engine tantivy|whoosh]

nDCG as in Järvelin and Kekäläinen (2002) with gain = grade and a log2 discount, cut at rank 10.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from searchvn import Index, SearchvnError
from searchvn.analysis.folding import strip_marks

DEPTH = 10


def read_queries(folder: Path) -> dict[str, str]:
    lines = (folder / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line.strip())


def read_judgements(folder: Path) -> dict[str, dict[str, int]]:
    """query id -> article's own id -> grade."""
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, article, grade = line.split()
        judged[query][article] = int(grade)
    return judged


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """nDCG at 10 of a ranking of article ids."""
    gain = sum(grades.get(article, 0) / math.log2(rank + 2) for rank, article in enumerate(found[:DEPTH]))
    ideal = sum(g / math.log2(rank + 2) for rank, g in enumerate(sorted(grades.values(), reverse=True)[:DEPTH]))
    return gain / ideal if ideal else 0.0


def without_some_marks(text: str, share: float, dice: random.Random) -> str:
    """`text` with the marks of about `share` of its words taken off."""
    return " ".join(strip_marks(word) if dice.random() < share else word for word in text.split(" "))


def without_single_marks(text: str, share: float, dice: random.Random) -> str:
    """`text` without about `share` of its marks; the bar of đ is one."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        lost = (unicodedata.combining(character) or character in "đĐ") and dice.random() < share
        kept.append(strip_marks(character) if lost else character)
    return unicodedata.normalize("NFC", "".join(kept))


Spoil = Callable[[str, float, random.Random], str]


def measure(
    index: Index,
    queries: dict[str, str],
    judged: dict[str, dict[str, int]],
    share: float,
    spoil: Spoil = without_some_marks,
) -> float:
    """Mean nDCG@10 over the judged queries."""
    dice = random.Random(2026)
    values = []
    for query, text in queries.items():
        if query not in judged:
            continue
        try:
            hits = index.search(spoil(text, share, dice), limit=DEPTH, passages=0).hits
        except SearchvnError as error:
            sys.exit(f"query {query}: {error}")
        values.append(ndcg([hit.article.record_id or "" for hit in hits], judged[query]))
    return sum(values) / len(values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--haystack", action="append", default=[], help="more articles, not judged")
    parser.add_argument("--engine", default=None)
    options = parser.parse_args()
    queries, judged = read_queries(options.collection), read_judgements(options.collection)
    articles = [str(path) for path in sorted(options.collection.glob("*.jsonl*"))]
    with tempfile.TemporaryDirectory() as folder, Index.create(f"{folder}/index", options.engine) as index:
        report = index.update([*articles, *options.haystack])
        started = time.perf_counter()
        row = {
            "collection": options.collection.name,
            "articles": report.articles,
            "queries": sum(query in judged for query in queries),
            "ndcg@10": round(measure(index, queries, judged, 0.0), 4),
            "half of the words without marks": round(measure(index, queries, judged, 0.5), 4),
            "half of the marks": round(measure(index, queries, judged, 0.5, without_single_marks), 4),
            "no marks": round(measure(index, queries, judged, 1.0), 4),
            "seconds": round(time.perf_counter() - started, 1),
        }
    print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
