"""How does searchvn grow with the collection? The same queries over 10,000, 100,000 and 1,000,000 articles.

Usage: python bench/scale.py CORPUS [--sizes 10000,100000,1000000] [--queries FILE] [--keep DIR]
       python bench/scale.py CORPUS --shingles COLLECTION [--widths own,4096,pairs] [--sizes ...] [--keep DIR]

Main name: `main`. Invariant: the articles of a size are the first of the largest, and all sizes get the same queries,
made of the words of the smallest (at least 1,000). CORPUS is a .jsonl(.gz) of articles; where it has fewer than the
largest size, articles are made of it (`corpora.recombined`). Every step runs in a process of its own (`scale_steps`).
With --keep a size that was measured is not measured again, so a run that ended early goes on; delete DIR to measure
anew. Memory is summed over the indexing process and its children, looked at ten times a second (Linux). Exponents are
slopes of least squares between logarithms.

--shingles hides a judged collection among the articles and gives nDCG@10 for pairs coded as searchvn does (own), in
so many buckets a word (so the square of it a pair), and not hashed at all (pairs).

A million articles made of 2017 news are 3.5 GB; the run needs that twice, and the room of the index twice: 16 GB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import machine
from corpora import recombined, write
from growth import fit
from peers.ours import query_text
from query_classes import CLASSES, requests, typed
from scale_steps import WARM, memory
from searchvn.models import Article

SEED = 2026
STEPS = Path(__file__).with_name("scale_steps.py")
PICTURE = machine.folder() / "scale.svg"
QUERIES = 300  # of each class, beside those that only warm up
FEWEST = 1_000  # articles
PERCENTILES = ("p50", "p95", "p99")
# Classes of queries, and what the picture, which stands in Vietnamese pages, calls them.
DRAWN = {
    "short": "vài từ",
    "long": "tiêu đề",
    "phrase": "cụm từ",
    "unaccented": "không dấu",
    "boolean": "toán tử",
    "prefix": "đầu từ",
    "dates": "có ngày",
    "newest": "mới nhất trước",
    "typed": "người dùng gõ",
}

Result = dict[str, Any]


class Work(NamedTuple):
    """Where articles, indexes and results of a run are: the largest corpus and the folder for the rest."""

    corpus: Path
    folder: Path

    def articles(self, size: int) -> Path:
        """A file of the first `size` articles, made if it is not there."""
        path = self._path(size)
        if not path.exists():
            part = path.with_suffix(".part")
            with _open(self.corpus) as lines, part.open("wb") as file:
                file.writelines(islice(lines, size))
            part.rename(path)
        return path

    def drop(self, size: int) -> None:
        """Frees the space of a size that was measured."""
        self._path(size).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "index", ignore_errors=True)

    def _path(self, size: int) -> Path:
        return self.folder / f"articles-{size}.jsonl"


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def prepare(corpus: Path, largest: int, folder: Path) -> Work:
    """`corpus` itself where it has `largest` articles, else as many made of it, in `folder`."""
    with _open(corpus) as lines:
        if sum(1 for _ in islice(lines, largest)) == largest:
            return Work(corpus, folder)
    made = folder / f"made-{largest}-{SEED}.jsonl"
    if not made.exists():
        part = made.with_suffix(".part")
        write(recombined(corpus, largest, SEED), part)
        part.rename(made)
    return Work(made, folder)


def step(*arguments: str | Path) -> Result:
    """Runs one step; adds the most memory that it and its children had, in MB."""
    command = [sys.executable, str(STEPS), *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most = {"VmRSS": 0.0, "RssAnon": 0.0}
    while True:
        try:
            out, _ = process.communicate(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            family = [memory(one) for one in _family(process.pid)]
            most = {kind: max(most[kind], sum(one[kind] for one in family)) for kind in most}
    if process.returncode:
        sys.exit(f"scale.py: {' '.join(command)} ended with {process.returncode}")
    result: Result = json.loads(out)
    return {**result, "peak_rss_mb": round(most["VmRSS"]), "peak_anonymous_mb": round(most["RssAnon"])}


def _family(process: int) -> Iterator[int]:
    """A process and all that it started (Linux)."""
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = path.read_text(encoding="ascii").split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _family(int(child))


# --- queries


def make_queries(articles: Path, lines: Sequence[str] = ()) -> dict[str, list[tuple[str, str]]]:
    """Classes of queries (text, order of the hits) made of the articles' own words; `lines` are what people typed.

    Classes of which there are no more than warm up are left out: dates, where the articles have none.
    """
    read = [Article(one["id"], one["title"], one["text"], published=one.get("published")) for one in _records(articles)]
    classes = {kind: requests(read, kind, QUERIES + WARM, SEED) for kind in CLASSES}
    if lines:
        classes["typed"] = typed(lines, QUERIES + WARM, SEED)
    return {
        kind: [(query_text(one), "newest" if kind == "newest" else "relevance") for one in asked]
        for kind, asked in classes.items()
        if len(asked) > WARM
    }


def _records(articles: Path) -> Iterator[dict[str, str]]:
    with articles.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# --- a run


def measure(work: Work, sizes: Sequence[int], lines: Sequence[str]) -> list[Result]:
    """Indexing and queries at each size, smallest first."""
    queries = work.folder / "queries.json"
    if not queries.exists():
        made = make_queries(work.articles(min(sizes)), lines)
        queries.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    results = []
    for size in sizes:
        kept = work.folder / f"result-{size}.json"
        if not kept.exists():
            index = work.folder / "index"
            shutil.rmtree(index, ignore_errors=True)
            indexed = step("index", index, "own", work.articles(size))
            _keep(kept, {"index": indexed, "queries": step("ask", index, queries)})
            work.drop(size)
        results.append(json.loads(kept.read_text(encoding="utf-8")))
        print(f"{size:,} articles measured", file=sys.stderr)
    return results


def measure_shingles(work: Work, sizes: Sequence[int], collection: Path, widths: Sequence[str]) -> list[Result]:
    """nDCG@10 of the judged collection at each size and width."""
    judged = sorted(path for path in collection.glob("*.jsonl*") if not path.name.startswith("queries."))
    results = []
    for size in sizes:
        for width in widths:
            kept = work.folder / f"shingles-{collection.name}-{size}-{width}.json"
            if not kept.exists():
                index = work.folder / "index"
                shutil.rmtree(index, ignore_errors=True)
                indexed = step("index", index, width, work.articles(size), *judged)
                found = step("judge", index, width, collection)
                _keep(kept, {"size": size, "width": width, "index": indexed, **found})
            results.append(json.loads(kept.read_text(encoding="utf-8")))
            print(f"{size:,} articles, shingles {width}: {results[-1]['ndcg@10']}", file=sys.stderr)
        work.drop(size)
    return results


def _keep(path: Path, result: Result) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result, indent=1), encoding="utf-8")
    part.rename(path)


# --- what is shown


def rows_of(results: Sequence[Result]) -> list[tuple[str, list[float]]]:
    """What indexing took, a row a figure: its name and the values from the smallest size to the largest."""
    indexed = [one["index"] for one in results]
    return [
        ("seconds", [one["seconds"] for one in indexed]),
        ("CPU seconds", [one["cpu_seconds"] for one in indexed]),
        ("MB of text a second", [one["mb_per_s"] for one in indexed]),
        ("peak memory, mapped files included, MB", [one["peak_rss_mb"] for one in indexed]),
        ("peak anonymous memory, MB", [one["peak_anonymous_mb"] for one in indexed]),
        ("text, MB", [round(one["text_bytes"] / 1e6, 1) for one in indexed]),
        ("index, MB", [round(one["index_bytes"] / 1e6, 1) for one in indexed]),
        ("index / text", [round(one["index_bytes"] / one["text_bytes"], 3) for one in indexed]),
        ("segments", [one["segments"] or 0 for one in indexed]),
        ("anonymous memory after the queries, MB", [one["queries"]["anonymous_mb"] for one in results]),
    ]


def exponent(sizes: Sequence[int], values: Sequence[float]) -> str:
    """b of value ~ size^b; nothing for fewer than two sizes or where a value is 0."""
    return f"{fit(list(zip(sizes, values, strict=True))).exponent:.2f}" if len(sizes) > 1 and all(values) else ""


def table(sizes: Sequence[int], results: Sequence[Result]) -> str:
    """Indexing, then queries without and with snippets, as Markdown."""
    heads = " | ".join(f"{size:,}" for size in sizes)
    line = "---:|" * len(sizes)
    lines = [f"| indexing | {heads} | exponent |", f"|---|{line}---:|"]
    for name, values in rows_of(results):
        lines.append(f"| {name} | {' | '.join(f'{value:,}' for value in values)} | {exponent(sizes, values)} |")
    for kind, said in (("ms", "no snippets"), ("ms_with_snippets", "two snippets a hit")):
        lines += ["", f"| ms, {said}: p50 / p95 / p99 | {heads} | exponents |", f"|---|{line}---:|"]
        for name in results[0]["queries"]["classes"]:
            measured = [one["queries"]["classes"][name][kind] for one in results]
            cells = " | ".join(" / ".join(f"{one[p]:.2f}" for p in PERCENTILES) for one in measured)
            slopes = " / ".join(exponent(sizes, [one[p] for one in measured]) for p in PERCENTILES)
            lines.append(f"| {name} | {cells} | {slopes} |")
    if left_out := DRAWN.keys() - results[0]["queries"]["classes"]:
        names = ", ".join(name for name in DRAWN if name in left_out)
        lines += ["", f"Not asked, for there are no more than {WARM} different queries of them: {names}."]
    return "\n".join(lines) + "\n"


def table_of_shingles(results: Sequence[Result]) -> str:
    """A line for each size and width."""
    kinds = list(results[0]["ndcg@10"])
    lines = [f"| articles | buckets | {' | '.join(kinds)} | index, MB | seconds |", f"|---:|---|{'---:|' * 5}"]
    for one in results:
        measured = " | ".join(f"{one['ndcg@10'][kind]:.4f}" for kind in kinds)
        index = one["index"]
        size = f"{index['index_bytes'] / 1e6:,.1f}"
        lines.append(f"| {one['size']:,} | {one['width']} | {measured} | {size} | {index['seconds']} |")
    return "\n".join(lines) + "\n"


def draw(sizes: Sequence[int], results: Sequence[Result], picture: Path) -> None:
    """Seconds of indexing and p50 of each class against articles, both axes logarithmic, as SVG with real text."""
    import matplotlib  # bench only

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "searchvn", "svg.fonttype": "none"})  # the same run draws the same file
    from matplotlib import pyplot

    canvas, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.loglog(sizes, [one["index"]["seconds"] for one in results], "o-")
    left.set(xlabel="số bài", ylabel="giây", title="lập chỉ mục")
    for name in results[0]["queries"]["classes"]:
        times = [one["queries"]["classes"][name]["ms"]["p50"] for one in results]
        right.loglog(sizes, times, "o-", label=DRAWN[name])
    right.set(xlabel="số bài", ylabel="ms, trung vị", title="mười bài đầu và tổng số")
    right.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    for axes in (left, right):
        axes.set_xticks(sizes, [f"{size:,}".replace(",", ".") for size in sizes])
        axes.set_xticks([], minor=True)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
        axes.yaxis.set_minor_formatter("")
        axes.grid(True, which="major", alpha=0.3)
    canvas.savefig(picture, metadata={"Date": None})


def show(name: str, text: str, results: Sequence[Result], folder: Path) -> None:
    """Prints a table and keeps it with its figures."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    said = {"machine": machine.facts(), "results": results}
    (folder / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(text)


def run(options: argparse.Namespace, folder: Path) -> None:
    sizes = sorted(map(int, options.sizes.split(",")))
    if sizes[0] < FEWEST:
        sys.exit(f"scale.py: fewer than {FEWEST:,} articles do not make enough queries")
    out = options.out or machine.folder()
    work = prepare(options.corpus, sizes[-1], folder)
    if options.shingles:
        results = measure_shingles(work, sizes, options.shingles, options.widths.split(","))
        show("scale-shingles", table_of_shingles(results), results, out)
        return
    lines = options.queries.read_text(encoding="utf-8").splitlines() if options.queries else ()
    results = measure(work, sizes, lines)
    show("scale", table(sizes, results), results, out)
    if options.picture:
        try:
            draw(sizes, results, options.picture)
        except ImportError:
            print("no picture: matplotlib is not installed", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--queries", type=Path, help="queries that people typed, one a line: a class of their own")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="articles and results, to go on from")
    parser.add_argument("--out", type=Path, metavar="DIR", help="for tables and figures (default: today's in runs/)")
    parser.add_argument("--picture", type=Path, nargs="?", const=PICTURE, help=f"draw it (default: {PICTURE.name})")
    parser.add_argument("--shingles", type=Path, metavar="COLLECTION", help="quality of pairs instead of speed")
    parser.add_argument("--widths", default="own,4096,pairs")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        run(options, options.keep)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(options, Path(folder))


if __name__ == "__main__":
    main()
