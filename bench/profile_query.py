"""Where does the time of a query go, from the start of the process to its exit, and inside of one that runs?

Main name: `main`. Invariant: every stage runs what the product runs, in the product's order; times are medians, and
those of processes are taken in turn, so noise hits all alike. Usage: python bench/profile_query.py INDEX [--rounds N]
[--queries N]. Queries are made of the headlines of the index, with a seed.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from searchvn import Article
from searchvn.analysis.folding import strip_marks
from searchvn.engines.base import Engine
from searchvn.engines.table import open_engine
from searchvn.folder import Folder
from searchvn.highlight import Marker
from searchvn.models import Diacritics, Sort
from searchvn.query.ast import Everything
from searchvn.query.parser import parse_query
from searchvn.query.rewrite import rewrite
from searchvn.searching import Asked, Search

# One process does what the one before it does, and one thing more. Run by `python -c`, with the index as argument.
STEPS = {
    "Python": "pass",
    "import typer": "import typer",
    "import searchvn.cli": "import searchvn.cli, searchvn.cli.query",
    "mở chỉ mục": "import searchvn.cli, searchvn.cli.query, sys; searchvn.cli.query.Index.open(sys.argv[1])",
    "searchvn query": "import sys, searchvn.cli as cli; "
    "sys.argv[1:] = ['query', 'đổi mới phương thức', '--jsonl', '--index', sys.argv[1]]; cli.main()",
}
RUNS = 5  # of each query
# Of these, the fourth holds the stored articles too.
STAGES = ("đọc truy vấn", "lập kế hoạch", "đếm", "tìm và lấy bài", "đánh dấu")


class Took(NamedTuple):
    """Milliseconds of one process: by the clock, and of the processor."""

    clock: float
    cpu: float


def process(command: list[str]) -> Took:
    """Runs a command with its output to a pipe, with compiled modules, as installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, capture_output=True, check=False, env=environment)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(clock * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)


def print_processes(index: str, rounds: int) -> None:
    """The budget from start to exit: what each step adds."""
    took: dict[str, list[Took]] = {name: [] for name in STEPS}
    for number in range(rounds + 1):
        for name, code in STEPS.items():
            one = process([sys.executable, "-c", code, index])
            if number:  # the first round fills caches
                took[name].append(one)
    print("| đến hết bước | ms | thêm | ms CPU | thêm |\n|---|---|---|---|---|")
    last = Took(0.0, 0.0)
    for name, values in took.items():
        now = Took(*map(statistics.median, zip(*values, strict=True)))
        print(f"| {name} | {now.clock:.1f} | {now.clock - last.clock:.1f} | {now.cpu:.1f} | {now.cpu - last.cpu:.1f} |")
        last = now


def words(article: Article, least: int) -> list[str]:
    return (
        [word.lower() for word in article.title.split() if word.isalpha()] if article.title.count(" ") >= least else []
    )


def requests(articles: list[Article], dice: random.Random, most: int) -> Iterator[tuple[str, str]]:
    """(class, query): every class from as many headlines."""
    for article in dice.sample(articles, min(most, len(articles))):
        found = words(article, 5)
        if len(found) < 5:
            continue
        at = dice.randrange(len(found) - 3)
        a, b, c, d = found[at : at + 4]
        yield "ngắn", f"{a} {b}"
        yield "dài", article.title
        yield "cụm từ", f'"{a} {b}"'
        yield "không dấu", strip_marks(f"{a} {b} {c}")
        yield "AND, OR", f"{a} {b} AND {c} OR {d}"
        yield "đầu từ", f"{a} {b[:3]}*" if len(b) > 3 else f"{a} {b}*"
        yield "ngày", f"{a} {b} date:{(article.published or '2017')[:4]}"
        yield "mới nhất", f"{a} {b}"


def stages(engine: Engine, text: str, asked: Asked) -> list[float]:
    """Milliseconds of each of `STAGES`: the least of some runs, for what others do on the machine only adds."""
    search = Search(engine, Diacritics.SMART, None)
    runs = []
    for _ in range(RUNS):
        marks = [time.perf_counter()]
        query = parse_query(text)
        marks.append(time.perf_counter())
        plan = rewrite(query, engine)
        marks.append(time.perf_counter())
        engine.count(plan.matching)
        marks.append(time.perf_counter())
        hits = search.hits(plan, asked)
        marks.append(time.perf_counter())
        marker = Marker(plan.needles)
        for hit in hits:
            marker.mark(hit.article, 2)
        marks.append(time.perf_counter())
        runs.append([(after - before) * 1000 for before, after in pairwise(marks)])
    return list(map(min, zip(*runs, strict=True)))


def print_queries(engine: Engine, most: int) -> None:
    """The budget of a query in a process that runs: medians of each stage and of all."""
    articles = [scored.article for scored in engine.search(Everything(), 5_000)]
    took: dict[str, list[list[float]]] = {}
    for kind, text in requests(articles, random.Random(7), most):
        newest = kind == "mới nhất"
        asked = Asked(passages=0, sort=Sort.NEWEST if newest else Sort.RELEVANCE, match_all=newest)
        took.setdefault(kind, []).append(stages(engine, text, asked))
    print(f"\n| loại | {' | '.join(STAGES)} | không trích | p99 | có trích |\n|{'---|' * (len(STAGES) + 4)}")
    for kind, rows in took.items():
        plain, whole = sorted(sum(row[:-1]) for row in rows), [sum(row) for row in rows]
        cells = [*map(statistics.median, zip(*rows, strict=True)), statistics.median(plain)]
        cells += [plain[int(len(plain) * 0.99)], statistics.median(whole)]
        print(f"| {kind} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--queries", type=int, default=200, help="of each class")
    options = parser.parse_args()
    print_processes(options.index, options.rounds)
    folder = Folder(options.index)
    meta = folder.checked_meta()
    engine = open_engine(meta.engine, folder.generation_path(meta.generation))
    gc.freeze()  # as the command line does
    print_queries(engine, options.queries)
    engine.close()


if __name__ == "__main__":
    main()
