"""How fast is searchvn here? Indexing and queries on a corpus, beside what the machine can do.

Usage: python bench/speed.py CORPUS [QUERIES] [--engine tantivy|whoosh] [--keep DIR]
CORPUS is a file or folder of articles, QUERIES a text file with a query a line. Prints one JSON object:

    index    MB of text a second, seconds of CPU a MB, peak memory (MB), index folder / text
    queries  milliseconds in the process, top 10 with totals: p50, p95, p99, without and with snippets
    machine  what a regular expression (\\w+ over the same text) and bare tantivy (ready terms) do in the same run

Speeds of one machine and one run: compare ratios, not figures of two days.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from searchvn import Index
from searchvn.analysis.terms import analyze
from searchvn.articles.formats import read_file
from searchvn.engines.table import open_engine
from searchvn.models import Article

SAMPLE = 8_000  # articles for the figures of the machine


def percentiles(times: list[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    times = sorted(times)
    return {f"p{p}": round(times[min(len(times) - 1, len(times) * p // 100)] * 1000, 2) for p in (50, 95, 99)}


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure_index(index: Index, corpus: str) -> dict[str, Any]:
    cpu = time.process_time()
    report = index.update([corpus])
    megabytes = report.text_bytes / 1e6
    return {
        "articles": report.articles,
        "text_mb": round(megabytes, 1),
        "mb_per_s": round(megabytes / report.seconds, 2),
        "cpu_s_per_mb": round((time.process_time() - cpu) / megabytes, 3),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "index_to_text": round(index.stats().size_bytes / report.text_bytes, 2),
    }


def measure_queries(index: Index, queries: list[str]) -> dict[str, Any]:
    for query in queries[:50]:
        index.search(query)
    return {
        "queries": len(queries),
        "ms": percentiles([timed(lambda query=query: index.search(query, passages=0)) for query in queries]),
        "ms_with_snippets": percentiles([timed(lambda query=query: index.search(query)) for query in queries]),
    }


def sample(corpus: str) -> list[Article]:
    """The first articles of a corpus file, or none of a folder."""
    articles: list[Article] = []
    if Path(corpus).is_file():
        for article in read_file(corpus, "sample"):
            if isinstance(article, Article):
                articles.append(article)
            if len(articles) == SAMPLE:
                break
    return articles


def measure_machine(articles: list[Article], engine: str) -> dict[str, Any]:
    """MB/s over the same text: a regular expression, our analysis, the bare engine with ready terms."""
    megabytes = sum(len((article.title + article.body).encode()) for article in articles) / 1e6
    words = re.compile(r"\w+")
    expression = timed(lambda: [words.findall(article.body) for article in articles])
    analysis = timed(lambda: [analyze(article) for article in articles])
    ready = [analyze(article) for article in articles]
    with tempfile.TemporaryDirectory() as folder:
        bare = open_engine(engine, folder, create=True)

        def fill() -> None:
            for article in ready:
                bare.add(article)
            bare.commit()

        alone = timed(fill)
        bare.close()
    return {
        "python": platform.python_version(),
        "regex_mb_per_s": round(megabytes / expression, 1),
        "analysis_mb_per_s": round(megabytes / analysis, 1),
        "engine_alone_mb_per_s": round(megabytes / alone, 1),
    }


def read_queries(path: str, most: int = 1000) -> list[str]:
    lines = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    return random.Random(2026).sample(lines, min(most, len(lines)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("queries", nargs="?")
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--keep", help="keep the index in this folder")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp()
    result: dict[str, Any] = {}
    try:
        with Index.create(f"{folder}/index", options.engine) as index:
            result["index"] = measure_index(index, options.corpus)
            if options.queries:
                result["queries"] = measure_queries(index, read_queries(options.queries))
        if articles := sample(options.corpus):
            result["machine"] = measure_machine(articles, options.engine)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
