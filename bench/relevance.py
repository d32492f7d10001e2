"""How well are articles ranked? searchvn and what a user could take instead, over judged sets, in one run.

Usage: python bench/relevance.py FOLDER... [--haystack PATH]... [--engine tantivy|whoosh] [--out DIR] [--write-floors]

A FOLDER holds articles, queries and judgements (see judged.py); further articles that nobody judged may be added as a
haystack. Every ranker (rankers.py) gets the same titles and bodies, and the queries in four forms: as written, half of
the words unaccented, half of the marks lost, no marks. Prints a table for each folder, in Markdown, and writes it and
all figures as JSON to bench/runs/<date>-<machine>/. Needs pip install 'searchvn[bench]' to compare with everybody.

Main type: `Row`. Invariant: the figures of a folder come from one run over the same articles and queries, and who is
missing is named. --write-floors writes what searchvn reaches on the set that ships (bench/known) to floors.json.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import machine
from judged import SPOILINGS, Judged, JudgedError, read, spoiled
from measures import HAS_LIBRARY, NAMES, Figures, figures, mean, p_value
from rankers import FOLDED, Ranker, Searchvn, missing, rankers

BENCH = Path(__file__).parent
KNOWN = BENCH / "known"
FLOORS = BENCH / "floors.json"
ENGINES = ("tantivy", "whoosh")  # those that have floors
TOLERANCE = 0.005  # how far below what was reached a floor lies: an engine's ties may fall otherwise


class Row(NamedTuple):
    """What one ranker reaches: the figures of every query, by spoiling."""

    ranker: str
    note: str
    seconds: float
    reached: Mapping[str, Mapping[str, Figures]]

    def means(self, spoiling: str) -> Figures:
        """The figures over all queries."""
        return mean(self.reached[spoiling])


def measure(ranker: Ranker, judged: Judged, spoilings: Iterable[str] = SPOILINGS) -> Row:
    """The figures of a ranker, which is closed afterwards."""
    started = time.perf_counter()
    try:
        reached = {
            spoiling: figures(
                {query: ranker.search(text) for query, text in spoiled(judged.queries, spoiling).items()},
                {query: judged.grades[query] for query in judged.queries},
            )
            for spoiling in spoilings
        }
    finally:
        ranker.close()
    return Row(ranker.name, ranker.note, time.perf_counter() - started, reached)


def compare(judged: Judged, engine: str) -> list[Row]:
    """A row for every ranker, searchvn's first."""
    rows = []
    for ranker in rankers(judged, engine):
        rows.append(measure(ranker, judged))
        print(f"{judged.name}: {rows[-1].ranker}, {rows[-1].seconds:.0f} s", file=sys.stderr)
    return rows


# --- tables


def table(judged: Judged, rows: Sequence[Row]) -> str:
    """The rows as Markdown: a table for every measure, then what was not as the others."""
    parts = [f"## {judged.name}: {len(judged.articles):,} articles, {len(judged.queries):,} queries"]
    parts += [_of_measure(place, rows) for place in range(len(NAMES))]
    parts.append("\n".join(f"- {line}" for line in _remarks(rows)))
    return "\n\n".join(parts) + "\n"


def _of_measure(place: int, rows: Sequence[Row]) -> str:
    """The table of one measure; the best of each column is bold."""
    best = {spoiling: max(row.means(spoiling)[place] for row in rows) for spoiling in SPOILINGS}
    lines = [[NAMES[place], *SPOILINGS], ["---"] + ["--:"] * len(SPOILINGS)]
    for row in rows:
        values = {spoiling: row.means(spoiling)[place] for spoiling in SPOILINGS}
        lines.append([row.ranker, *(_bold(f"{value:.4f}", value == best[name]) for name, value in values.items())])
    for title, others in (("searchvn - folded BM25", _folded(rows)), ("searchvn - best of the others", rows[1:])):
        lines.append([title, *(_lead(rows[0], others, spoiling, place) for spoiling in SPOILINGS)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bold(text: str, best: bool) -> str:
    return f"**{text}**" if best else text


def _folded(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.ranker == FOLDED]


def _lead(ours: Row, others: Sequence[Row], spoiling: str, place: int) -> str:
    """How far searchvn is ahead of the best of some others, with the p value of the paired t-test."""
    theirs = max(others, key=lambda row: row.means(spoiling)[place])
    difference = ours.means(spoiling)[place] - theirs.means(spoiling)[place]
    chance = _chance(ours, theirs, spoiling, place)
    return f"{difference:+.4f} (p {'< .001' if chance < 0.001 else f'{chance:.3f}'})"


def _chance(ours: Row, theirs: Row, spoiling: str, place: int) -> float:
    pairs = [
        (values[place], theirs.reached[spoiling][query][place]) for query, values in ours.reached[spoiling].items()
    ]
    return p_value(*zip(*pairs, strict=True))


def _remarks(rows: Sequence[Row]) -> list[str]:
    remarks = [f"{row.ranker}: {row.note}" for row in rows if row.note]
    if not HAS_LIBRARY:
        remarks.append("ir-measures is not installed: measured by the definitions in measures.py")
    return remarks + missing()


def as_json(judged: Judged, rows: Sequence[Row]) -> dict[str, Any]:
    """All means of a folder, with p values against folded BM25 and what each ranker took."""
    (baseline,) = _folded(rows)
    return {
        "collection": judged.name,
        "articles": len(judged.articles),
        "queries": len(judged.queries),
        "rankers": [
            {
                "ranker": row.ranker,
                "note": row.note,
                "seconds": round(row.seconds, 1),
                "figures": {
                    spoiling: {
                        **{name: round(value, 4) for name, value in zip(NAMES, row.means(spoiling), strict=True)},
                        "p against folded BM25": round(_chance(row, baseline, spoiling, 0), 4),
                    }
                    for spoiling in SPOILINGS
                },
            }
            for row in rows
        ],
        "remarks": _remarks(rows),
        "machine": machine.facts(),
    }


# --- floors


def known(engine: str) -> Judged:
    """The set that ships; for Whoosh, which takes five times as long, every fourth query of it."""
    judged = read(KNOWN)
    return judged if engine == "tantivy" else judged._replace(queries=dict(list(judged.queries.items())[::4]))


def reached(ranker: Ranker, judged: Judged) -> dict[str, float]:
    """The mean nDCG@10 of a ranker, by spoiling."""
    row = measure(ranker, judged)
    return {spoiling: row.means(spoiling).ndcg_10 for spoiling in SPOILINGS}


def floors(engine: str) -> dict[str, float]:
    """What searchvn reaches on the set that ships, less the tolerance, rounded down."""
    judged = known(engine)
    values = reached(Searchvn(judged.articles, engine), judged)
    return {spoiling: math.floor(1000 * (value - TOLERANCE)) / 1000 for spoiling, value in values.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="*")
    parser.add_argument("--haystack", type=Path, action="append", default=[], help="more articles, not judged")
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--out", type=Path, default=machine.folder(), help="where the results go")
    parser.add_argument("--write-floors", action="store_true", help=f"write {FLOORS.name} from bench/known")
    options = parser.parse_args()
    if options.write_floors:
        found = {engine: floors(engine) for engine in ENGINES}
        FLOORS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    elif not options.folders:
        parser.error("a FOLDER of judged articles is needed, or --write-floors")
    for folder in options.folders:
        try:
            judged = read(folder, options.haystack)
        except JudgedError as error:
            sys.exit(f"relevance.py: {error}")
        rows = compare(judged, options.engine)
        options.out.mkdir(parents=True, exist_ok=True)
        stem = options.out / f"relevance-{judged.name}"
        text = table(judged, rows)
        stem.with_suffix(".md").write_text(text, encoding="utf-8")
        stem.with_suffix(".json").write_text(
            json.dumps(as_json(judged, rows), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        print(text)


if __name__ == "__main__":
    main()
