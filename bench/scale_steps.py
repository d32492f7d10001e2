"""One step of bench/scale.py in a process of its own: index, ask or judge; prints one JSON object.

Usage: python bench/scale_steps.py index INDEX SHINGLES ARTICLES... | ask INDEX QUERIES | judge INDEX SHINGLES FOLDER
Main names: `index`, `ask`, `judge`. Invariant: nothing of one step is left in the process that another step runs in.
SHINGLES is `own` (what searchvn does), a number of buckets for each word of a pair, or `pairs` (no hashing).
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any
from zlib import crc32

from judged import read, spoiled
from measures import figures, mean
from searchvn import Index
from searchvn.analysis import lines

WARM = 50  # queries before the clock runs
SPOILINGS = ("as written", "half of the words", "no marks")


def index(folder: str, shingles: str, articles: list[str]) -> dict[str, Any]:
    """Indexes `articles`: seconds, MB of text, CPU seconds (children's too), index bytes, segments."""
    hash_into(shingles)
    started = time.perf_counter()
    with Index.create(folder) as made:
        # Only what is analysed in this process has other shingles.
        report = made.update(articles, jobs=0 if shingles == "own" else 1)
        seconds = time.perf_counter() - started
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return {
            "articles": report.articles,
            "skipped": len(report.skipped),
            "text_bytes": report.text_bytes,
            "seconds": round(seconds, 2),
            "mb_per_s": round(report.text_bytes / 1e6 / seconds, 2),
            "cpu_seconds": round(sum(one.ru_utime + one.ru_stime for one in used), 2),
            "index_bytes": made.stats().size_bytes,
            "segments": _segments(Path(folder)),
        }


def hash_into(shingles: str) -> None:
    """Makes analysis, in this process and in no other, code the words of pairs otherwise."""
    if shingles == "own":
        return

    def code(folded: str) -> str:
        return folded if shingles == "pairs" else f"{crc32(folded.encode()) % int(shingles):x}"

    lines._code = code
    lines._TWICE.clear()
    lines._WORDS.clear()


def _segments(folder: Path) -> int | None:
    """How many segments tantivy's own list has; None for another engine."""
    for path in folder.glob("gen-*/meta.json"):
        segments = json.loads(path.read_text(encoding="utf-8")).get("segments")
        return len(segments) if segments is not None else None
    return None


def ask(folder: str, queries: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Milliseconds of each class of queries (text, order of hits) without and with snippets; and the memory after it.

    Ten hits with totals. The first `WARM` queries of a class are not timed; every class has more.
    """
    result: dict[str, Any] = {}
    with Index.open(folder) as opened:
        for name, asked in queries.items():
            totals, seconds, with_snippets = [], [], []
            for number, (text, order) in enumerate(asked):
                started = time.perf_counter()
                found = opened.search(text, sort=order, passages=0)
                found_at = time.perf_counter()
                opened.search(text, sort=order)
                if number >= WARM:
                    seconds.append(found_at - started)
                    with_snippets.append(time.perf_counter() - found_at)
                    totals.append(found.total or 0)
            result[name] = {
                "queries": len(totals),
                "median_total": sorted(totals)[len(totals) // 2],
                "ms": percentiles(seconds),
                "ms_with_snippets": percentiles(with_snippets),
            }
    return {"classes": result, "anonymous_mb": memory(os.getpid())["RssAnon"]}


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    ordered = sorted(seconds)
    return {f"p{p}": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1000, 3) for p in (50, 95, 99)}


def memory(process: int) -> dict[str, float]:
    """Megabytes of a process (Linux): VmRSS, with the files that it has mapped, and RssAnon, its own. 0 elsewhere."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    found = {name: re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE) for name in ("VmRSS", "RssAnon")}
    return {name: round(int(line[1]) / 1024, 1) if line else 0.0 for name, line in found.items()}


def judge(folder: str, shingles: str, collection: Path) -> dict[str, Any]:
    """nDCG@10 of the judged queries, as written and without marks."""
    hash_into(shingles)
    judged = read(collection)
    result: dict[str, Any] = {}
    with Index.open(folder) as opened:
        for spoiling in SPOILINGS:
            rankings = {}
            for query, text in spoiled(judged.queries, spoiling).items():
                hits = opened.search(text, limit=10, passages=0).hits
                rankings[query] = [hit.article.record_id or "" for hit in hits]
            result[spoiling] = round(mean(figures(rankings, judged.grades)).ndcg_10, 4)
    return {"ndcg@10": result}


def main() -> None:
    step, folder, *rest = sys.argv[1:]
    if step == "index":
        result = index(folder, rest[0], rest[1:])
    elif step == "ask":
        result = ask(folder, json.loads(Path(rest[0]).read_text(encoding="utf-8")))
    else:
        result = judge(folder, rest[0], Path(rest[1]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
