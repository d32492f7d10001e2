"""A small collection in each of the engines, asked through `Index`: what the files about queries share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from searchvn import Article, Index
from searchvn.analysis.abbreviations import Abbreviation
from searchvn.analysis.terms import analyze
from searchvn.engines.memory import MemoryEngine
from searchvn.folder import FORMAT_VERSION, Folder, Meta, analysis_fingerprint
from searchvn.highlight import all_spans
from searchvn.models import Diacritics
from support import ENGINES, quick_folder

ALL_ENGINES = ("memory", *ENGINES)


class Answer(NamedTuple):
    """What an index says to a query: the passages marked in each article with all the words, by id, and the notes."""

    marked: dict[str, list[str]]
    notes: tuple[str, ...]

    @property
    def found(self) -> set[str]:
        """The ids of the articles that have all the words."""
        return set(self.marked)


@contextmanager
def index_of(engine: str, articles: Iterable[Article]) -> Iterator[Index]:
    """An index of `articles` with this engine, the reference engine among them."""
    with quick_folder() as folder:
        if engine != "memory":
            with Index.create(str(folder / "index"), engine) as index:
                index.add(articles)
                yield index
            return
        memory = MemoryEngine()
        for article in articles:
            memory.add(analyze(article))
        memory.commit()
        meta = Meta(FORMAT_VERSION, "memory", analysis_fingerprint(), "ready", 1)
        yield Index(Folder(str(folder)), meta, memory)


def framed(pieces: Iterable[str], frame: str) -> list[Article]:
    """An article for every piece, which is its id and stands in the frame in its body."""
    return [Article(piece, "", frame.format(piece)) for piece in pieces]


def of_texts(texts: Mapping[str, str]) -> list[Article]:
    """An article for every text, by id."""
    return [Article(key, "", text) for key, text in texts.items()]


def ask(
    index: Index,
    query: str,
    level: Diacritics = Diacritics.SMART,
    abbreviations: Sequence[Abbreviation] | None = (),
) -> Answer:
    """The answer to a query; totals and hits tell the same."""
    hits = index.search(
        query, limit=1_000, diacritics=level, match_all=True, passages=0, abbreviations=abbreviations
    ).hits
    counted = index.count(query, diacritics=level, abbreviations=abbreviations)
    assert counted.total == len(hits) == len({hit.id for hit in hits})
    needles = index.needles(query, diacritics=level, abbreviations=abbreviations)
    marked = {}
    for hit in hits:
        in_title, in_body = all_spans(hit.article, needles)
        marked[hit.id] = [hit.article.title[slice(*span)] for span in in_title]
        marked[hit.id] += [hit.article.body[slice(*span)] for span in in_body]
    return Answer(marked, counted.notes)
