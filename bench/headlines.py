"""Does a headline typed as a query find its own article? The share in the first ten, and what headlines are read as.

Usage: python bench/headlines.py ARTICLES [--sample N] [--index DIR] [--engine tantivy|whoosh]

ARTICLES is a .jsonl(.gz) file whose records have a title. All of them are indexed in a temporary folder, unless an
index of them is given; N headlines, evenly spread (default: all), are asked. Articles with the same headline count as
one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from searchvn import Index
from searchvn.errors import QuerySyntaxError
from searchvn.query.parser import parse_query
from searchvn.query.syntax import is_plain_text

DEPTH = 10


def read_headlines(path: str) -> list[str]:
    """The titles of all articles that have one."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line).get("title", "") for line in lines]
    return [title for title in map(tidy, titles) if title]


def tidy(title: str) -> str:
    return " ".join(unicodedata.normalize("NFC", title).split())


def spread(headlines: Sequence[str], sample: int) -> list[str]:
    """So many of them, evenly spread."""
    step = max(1, len(headlines) // sample) if sample else 1
    return list(headlines[::step][: sample or None])


def find(index: Index, headlines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each headline, and whether an article with it is among the first ten."""
    for headline in headlines:
        hits = index.search(headline, limit=DEPTH, passages=0).hits
        yield headline, headline in [tidy(hit.title) for hit in hits]


def readings(headlines: Sequence[str]) -> Counter[str]:
    """How many headlines are nothing but text, how many are more, and how many cannot be read."""
    found: Counter[str] = Counter()
    for headline in headlines:
        try:
            found["text" if is_plain_text(parse_query(headline)) else "syntax"] += 1
        except QuerySyntaxError:
            found["errors"] += 1
    return found


@contextmanager
def index_of(options: argparse.Namespace) -> Iterator[Index]:
    if options.index:
        with Index.open(options.index) as index:
            yield index
        return
    with tempfile.TemporaryDirectory() as folder, Index.create(f"{folder}/index", options.engine) as index:
        index.update([options.articles])
        yield index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--index", default=None)
    parser.add_argument("--engine", default=None)
    options = parser.parse_args()
    headlines = read_headlines(options.articles)
    asked = spread(headlines, options.sample)
    with index_of(options) as index:
        started = time.perf_counter()
        lost = [headline for headline, found in find(index, asked) if not found]
        seconds = time.perf_counter() - started
        row = {
            "articles": len(index),
            "headlines": len(asked),
            f"own article in the first {DEPTH}": round(1 - len(lost) / len(asked), 4),
            **readings(headlines),
            "seconds": round(seconds, 1),
        }
    print(json.dumps(row, ensure_ascii=False))
    for headline in lost:
        print(headline, file=sys.stderr)


if __name__ == "__main__":
    main()
