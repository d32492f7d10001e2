"""Throws odd queries at the parser and at `searchvn query`, for minutes, over every engine that keeps files.

    python bench/fuzz.py [--minutes 5] [ARTICLES...]      (default: corpus/)

Main name: `main`. Invariant: whatever is typed, the only exception is `SearchvnError`, the exit status is 0, 1 or 2,
and nothing like a traceback or a Rust panic reaches standard error, not even past Python (file descriptor 2).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from searchvn.cli.boundary import _run
from searchvn.cli.options import protect_query_text
from searchvn.errors import QuerySyntaxError
from searchvn.index import Index
from searchvn.query.parser import parse_query

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from strategies import pieces

TOP = Path(__file__).parents[1]
SIGNS = (
    "+ - ( ) \" “ ” ' AND OR NOT VÀ HOẶC KHÔNG title: tiêu_đề: body: author: source: path: date: titel: date:2021 "
    "ngày:2019..2021 date:31/02/2021 date:2021..2019 >=2020-07-02 ~ ~1 ~2 ~3 ~5 ^2 ^0 ^1.5 * ? *ong đổi* ph?ong "
    "\\ : // ( ( ) ) . , đổi mới lúa doi moi 15-NQ/TW 0905 123 456"
).split(" ")
OPTIONS = (
    [], ["--match", "all"], ["--sort", "newest"], ["--sort", "oldest", "--match", "any"], ["--explain"], ["-c"], ["-l"],
    ["--facet", "year", "--facet", "source"], ["--diacritics", "exact"], ["--diacritics", "ignore"], ["--offset", "3"],
    ["--since", "2019"], ["--until", "30/11/2021"], ["--snippets", "0"], ["--snippets", "5"], ["--no-abbreviations"],
    ["--format", "{rank}\\t{title}"], ["--format", "rich"], ["--json"], ["--jsonl"], ["--format", "csv"], ["-n", "100"],
)  # fmt: skip

queries = st.lists(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from(SIGNS), st.sampled_from([" ", " ", ""]), pieces()), max_size=12
).map("".join)


def check_parser(text: str) -> None:
    """The parser answers or says what is wrong."""
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        assert str(error) and "\n" not in str(error)


def check_command(index: str, text: str, options: list[str]) -> int:
    """`searchvn query` ends as it should. Returns its exit status."""
    out, err = io.StringIO(), io.StringIO()
    arguments = ["query", "--index", index, *options, "--", text.replace("\0", " ")]
    with redirect_stdout(out), redirect_stderr(err):
        status = _run(protect_query_text(arguments))
    assert status in (0, 1, 2), status
    said = err.getvalue()
    assert "lỗi bên trong" not in said and "Traceback" not in said, said
    assert status != 2 or said.strip(), "an error without a word"
    return status


def main() -> None:
    """Fuzzes for the minutes asked, then says how much was tried."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=5.0)
    options.add_argument("articles", nargs="*", default=[str(TOP / "corpus")])
    asked = options.parse_args()
    os.environ["SEARCHVN_DEBUG"] = "1"  # what is unexpected is raised here, not said
    statuses: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as raw:
        indexes = {engine: str(Path(folder, engine)) for engine in ("tantivy", "whoosh")}
        for engine, path in indexes.items():
            with Index.create(path, engine=engine) as index:
                index.update(asked.articles)
        saved = os.dup(2)
        os.dup2(raw.fileno(), 2)
        try:
            _fuzz(indexes, asked.minutes, statuses)
        finally:
            os.dup2(saved, 2)
            raw.seek(0)
            leaked = raw.read().decode("utf-8", "replace")
        print("; ".join(f"{name} {count}" for name, count in sorted(statuses.items())))
        if "panicked" in leaked or "Traceback" in leaked:
            sys.exit(f"on standard error:\n{leaked[-4000:]}")


def _fuzz(indexes: dict[str, str], minutes: float, statuses: Counter[str]) -> None:
    end = time.monotonic() + 60 * minutes
    rounds = 0
    quiet = settings(
        max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip

    @quiet
    @given(queries, st.sampled_from(OPTIONS), st.sampled_from(sorted(indexes)))
    def attempt(text: str, options: list[str], engine: str) -> None:
        check_parser(text)
        status = check_command(indexes[engine], text, options)
        statuses[f"{engine} exit {status}"] += 1

    while time.monotonic() < end:
        rounds += 1
        seed(time.time_ns())(attempt)()


if __name__ == "__main__":
    main()
