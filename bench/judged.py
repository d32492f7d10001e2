"""A folder of judged articles -> its articles, queries and grades; queries -> queries that lost marks.

Main type: `Judged`. Invariant: every query of a `Judged` has at least one article of grade 1 or more, every id stands
for one article, and a spoiled query is the same in every run, whichever other queries there are.

Two forms are read, as BEIR (Thakur et al., 2021) and TREC write them, and any mixture; all files may end in .gz:

    corpus.jsonl, or any other *.jsonl   a JSON object a line: _id or id, title (may be missing), text or body
    queries.tsv                          id, tab, text
    queries.jsonl                        a JSON object a line: _id or id, text
    qrels.tsv, qrels.txt                 TREC: query, 0, article, grade; or BEIR: query, article, grade below a header
    qrels/test.tsv                       the same, where BEIR puts it
"""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from searchvn.analysis.folding import strip_marks

SEED = 2026
_QUERIES = ("queries.tsv", "queries.jsonl")
_GRADES = ("qrels.tsv", "qrels.txt", "qrels/test.tsv")


class JudgedError(Exception):
    """A folder that cannot be read: what is wrong and where, in one line."""


class Passage(NamedTuple):
    """One article as every ranker gets it, in NFC."""

    id: str
    title: str
    body: str


class Judged(NamedTuple):
    """A set of judged articles. `grades`: query id -> article id -> grade, 1 and more for what is relevant."""

    name: str
    articles: tuple[Passage, ...]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]


def read(folder: Path, haystack: Sequence[Path] = ()) -> Judged:
    """The judged set in `folder`, hidden among the articles of `haystack` (files, or folders of *.jsonl).

    Queries without a relevant article are left out, as trec_eval does; so an article of grade 0 is one that nobody
    judged. Raises `JudgedError`.
    """
    if not folder.is_dir():
        raise JudgedError(f"{folder}: no such folder")
    grades = _read_grades(_one_of(folder, _GRADES, "judgements"))
    asked: dict[str, str] = {}
    for place, query, text in _read_queries(_one_of(folder, _QUERIES, "queries")):
        if query in asked:
            raise JudgedError(f"{place}: a second query with the id {query!r}")
        asked[query] = text
    relevant = {query for query, found in grades.items() if any(grade > 0 for grade in found.values())}
    queries = {query: text for query, text in asked.items() if query in relevant}
    if not queries:
        raise JudgedError(f"{folder}: no query has a relevant article; are the ids of queries and judgements the same?")
    articles: dict[str, Passage] = {}
    for path in [*_corpus(folder), *(path for given in haystack for path in _files(given))]:
        for place, passage in _read_articles(path):
            if passage.id in articles:
                raise JudgedError(f"{place}: a second article with the id {passage.id!r}")
            articles[passage.id] = passage
    if not any(article in articles for query in queries for article in grades[query]):
        raise JudgedError(f"{folder}: no judged article is there; are the ids of articles and judgements the same?")
    return Judged(folder.name, tuple(articles.values()), queries, {query: grades[query] for query in queries})


def _one_of(folder: Path, names: Sequence[str], what: str) -> Path:
    found = [path for name in names for path in (folder / name, folder / f"{name}.gz") if path.is_file()]
    if not found:
        raise JudgedError(f"{folder}: no {what}; one of {', '.join(names)} is needed")
    return found[0]


def _corpus(folder: Path) -> list[Path]:
    """The files of articles: corpus.jsonl where there is one, else all but the queries."""
    found = [path for path in _files(folder) if not path.name.startswith("queries.")]
    return [path for path in found if path.name.startswith("corpus.jsonl")] or found


def _files(given: Path) -> list[Path]:
    if given.is_file():
        return [given]
    found = sorted(path for pattern in ("*.jsonl", "*.jsonl.gz") for path in given.glob(pattern))
    if not found:
        raise JudgedError(f"{given}: no articles; *.jsonl or *.jsonl.gz is needed")
    return found


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a file that are not blank, each after its place."""
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise JudgedError(f"{path}: {error}") from None


def _records(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Place, id and the rest of each JSON object."""
    for place, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError:
            raise JudgedError(f"{place}: no JSON") from None
        own = record.get("_id", record.get("id")) if isinstance(record, dict) else None
        if own is None:
            raise JudgedError(f"{place}: no object with _id or id")
        yield place, str(own), record


def _read_articles(path: Path) -> Iterator[tuple[str, Passage]]:
    for place, own, record in _records(path):
        title, body = record.get("title") or "", record.get("text", record.get("body"))
        if not isinstance(title, str) or not isinstance(body, str):
            raise JudgedError(f"{place}: no text, or one that is no string")
        yield place, Passage(own, unicodedata.normalize("NFC", title), unicodedata.normalize("NFC", body))


def _read_queries(path: Path) -> Iterator[tuple[str, str, str]]:
    """Place, id and text of each query."""
    if ".jsonl" in path.name:
        for place, own, record in _records(path):
            if not isinstance(record.get("text"), str):
                raise JudgedError(f"{place}: no text")
            yield place, own, record["text"]
        return
    for place, line in _lines(path):
        own, tab, text = line.partition("\t")
        if not tab:
            raise JudgedError(f"{place}: no tab between id and query")
        yield place, own, text


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, (place, line) in enumerate(_lines(path)):
        columns = line.split()
        if len(columns) not in (3, 4):
            raise JudgedError(f"{place}: {len(columns)} columns; query, 0, article, grade or query, article, grade")
        query, article, grade = columns[0], columns[-2], columns[-1]
        try:
            judged.setdefault(query, {})[article] = int(grade)
        except ValueError:
            if number or len(columns) == 4:  # else BEIR's header, of three columns
                raise JudgedError(f"{place}: the grade {grade!r} is no whole number") from None
            judged.clear()
    return judged


# --- queries that lost marks


def without_some_marks(text: str, dice: random.Random) -> str:
    """`text` with about half of its words unaccented: `phương thuc`."""
    return " ".join(strip_marks(word) if dice.random() < 0.5 else word for word in text.split(" "))


def without_single_marks(text: str, dice: random.Random) -> str:
    """`text` without about half of its marks: `phưong thức`; the bar of đ is one."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        lost = (unicodedata.combining(character) or character in "đĐ") and dice.random() < 0.5
        kept.append(strip_marks(character) if lost else character)
    return unicodedata.normalize("NFC", "".join(kept))


SPOILINGS: Mapping[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, dice: text,
    "half of the words": without_some_marks,
    "half of the marks": without_single_marks,
    "no marks": lambda text, dice: strip_marks(unicodedata.normalize("NFC", text)),
}


def spoiled(queries: Mapping[str, str], spoiling: str) -> dict[str, str]:
    """The queries without what `spoiling`, a name in `SPOILINGS`, takes away."""
    return {query: SPOILINGS[spoiling](text, random.Random(f"{SEED} {query}")) for query, text in queries.items()}
