"""The default engine: tantivy (BM25 in Rust), through its Python binding.

Main type: `TantivyEngine`. Invariant: what the binding answers with a panic (limit 0) is never asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

import tantivy
from tantivy import Order

from searchvn.engines.base import MEND, PUBLISHED, cannot_open, dump_article, load_article, reason_of
from searchvn.engines.tantivy_queries import OPTION, Compiler, best_parts
from searchvn.errors import IndexDamagedError, IndexFolderError, IndexLockedError
from searchvn.fields import FIELDS, Kind
from searchvn.models import AnalyzedArticle, Article, ScoredArticle, Sort
from searchvn.query.ast import Node, Term

# One thread keeps up with the analysis that feeds it, costs 8 to 24% less CPU than two (fewer segments to merge), and
# gives every build the same order of articles with equal scores.
WRITER_THREADS = 1
# Bytes; a segment is written whenever it is full, while analysis goes on. One segment for 124 MB of text, with 300 MB,
# answers 6% sooner and takes 6% longer: one core waits for the other to write it (other sizes: ARCHITECTURE.md).
WRITER_HEAP = 180_000_000
FEW = 100  # articles asked for; of more, hardly any can be left out
DFS = 10_000  # kept; a plan asks for each of its words several times, and every other query for the frequent ones
WASTE = 0.5  # deleted articles for every article, at most; fewer would cost too much analysing

_TOKENIZER = {Kind.TEXT: "whitespace", Kind.FREQUENCY: "whitespace", Kind.KEYWORD: "raw"}
_NUMBERS = frozenset(field.name for field in FIELDS if field.kind is Kind.NUMBER)
_STORED = "stored"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kind, *_ in FIELDS:
        if kind is Kind.NUMBER:
            builder.add_integer_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(name, tokenizer_name=_TOKENIZER[kind], index_option=OPTION[kind])
    builder.add_bytes_field(_STORED, stored=True)
    return builder.build()


def _is_tantivys(error: BaseException) -> bool:
    """Whether this is how the binding says that something went wrong; on a panic it raises what is no Exception."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"


@contextmanager
def _damage() -> Iterator[None]:
    """What tantivy says of files it cannot read, as an error of ours."""
    try:
        yield
    except BaseException as error:
        if not _is_tantivys(error):
            raise
        raise IndexDamagedError(f"không đọc được tệp của tantivy: {reason_of(error)}", MEND) from error


class TantivyEngine:
    """One tantivy index in one folder."""

    def __init__(self, folder: str, *, create: bool = False) -> None:
        self._folder = folder
        if create:
            os.makedirs(folder, exist_ok=True)
        try:
            self._index = _opened(folder, create)
            self._searcher = self._index.searcher()
            self._compiler = Compiler(self._index.schema)
        except BaseException as error:
            if not _is_tantivys(error):
                raise
            raise cannot_open("tantivy", folder, error, create) from error
        self._writer: tantivy.IndexWriter | None = None
        self._dfs: dict[tuple[str, str], int] = {}  # those that were asked for
        if create:
            self._share()

    def add(self, article: AnalyzedArticle) -> None:
        document = tantivy.Document()
        for name, terms in article.terms.items():
            if terms and name in _NUMBERS:
                document.add_integer(name, int(terms))
            elif terms:
                document.add_text(name, terms)
        document.add_bytes(_STORED, article.stored or dump_article(article.article))
        self._writing().add_document(document)

    def delete_file(self, file: str) -> None:
        self._writing().delete_documents_by_term("file", file)

    def delete(self, ids: Iterable[str]) -> None:
        for unwanted in ids:
            self._writing().delete_documents_by_term("id", unwanted)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._share()
            self._see_commits()

    def compact(self, analyze: Callable[[Article], AnalyzedArticle]) -> None:
        """tantivy merges segments when they are many, however few of their articles are left.

        It drops a segment without articles, so those of a mostly deleted one move to a new one.
        """
        from searchvn.engines.footers import segments  # needed by this method only

        self.end_writing()  # and with it the merges that are under way
        self._see_commits()
        sizes = segments(self._folder)
        if WASTE * self.articles() >= sum(deleted for _, deleted in sizes):
            return
        wasteful = {place for place, (alive, deleted) in enumerate(sizes) if deleted > WASTE * alive}
        found = self._searcher.search(tantivy.Query.all_query(), self.articles(), count=False)
        for address in (address for _, address in found.hits if address.segment_ord in wasteful):
            article = self._stored(address)
            self.delete([article.id])
            self.add(analyze(article))
        self.commit()

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        limit = min(limit, self.articles() - offset)  # tantivy allocates for the limit it is given
        if limit <= 0:
            return []
        with _damage():
            if sort is Sort.RELEVANCE:
                return [
                    ScoredArticle(self._stored(address), score) for score, address in self._best(query, limit, offset)
                ]
            order = Order.Asc if sort is Sort.OLDEST else Order.Desc  # what has no date comes last in either
            found = self._searcher.search(
                self._compiler.query(query), limit, count=False, order_by_field=PUBLISHED, offset=offset, order=order
            )
            return [ScoredArticle(self._stored(address), 0.0) for _, address in found.hits]

    def _best(self, query: Node, limit: int, offset: int) -> Sequence[tuple[float, tantivy.DocAddress]]:
        """The articles at ranks offset+1 to offset+limit by score: of the parts whose best score counts, the best."""
        parts = best_parts(query, self.df) if offset + limit <= FEW else [query]
        if len(parts) == 1:
            return self._searcher.search(self._compiler.query(parts[0]), limit, count=False, offset=offset).hits
        best: dict[tuple[int, int], float] = {}
        for part in parts:
            for score, at in self._searcher.search(self._compiler.query(part), offset + limit, count=False).hits:
                place = at.segment_ord, at.doc
                best[place] = max(best.get(place, 0.0), score)
        ranked = sorted(best.items(), key=lambda found: (-found[1], found[0]))
        return [(score, tantivy.DocAddress(*place)) for place, score in ranked[offset : offset + limit]]

    def facet(self, query: Node, field: str) -> dict[str, int]:
        # An aggregation counts the same in half the time, but gives up above 65,000 values.
        with _damage():
            return dict(self._searcher.terms_with_prefix(field, "", self._compiler.query(query)))

    def count(self, query: Node) -> int:
        with _damage():
            unscored = tantivy.Query.const_score_query(self._compiler.query(query), 1.0)  # saves a third of the time
            found = self._searcher.search(unscored, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]

    def get(self, ids: Iterable[str]) -> list[Article]:
        articles: list[Article] = []
        for wanted in ids:
            if wanted.encode("utf-8", "ignore").decode() != wanted:
                continue  # a lone surrogate: no id has one, and the binding refuses it
            articles += [scored.article for scored in self.search(Term("id", wanted), 1)]
        return articles

    def df(self, field: str, term: str) -> int:
        found = self._dfs.get((field, term))
        if found is None:
            if len(self._dfs) >= DFS:
                self._dfs.clear()
            with _damage():
                found = self._dfs[field, term] = self._searcher.doc_freq(field, term)
        return found

    def articles(self) -> int:
        return self._searcher.num_docs

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        with _damage():
            return self._searcher.terms_with_prefix(field, prefix)

    def verify(self) -> list[str]:
        from searchvn.engines.footers import damage  # needed by this method only

        strange = [] if self._index.schema == _schema() else ["meta.json: các trường không phải của searchvn"]
        return strange + damage(self._folder)

    def close(self) -> None:
        self.end_writing()

    def end_writing(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None  # what was not committed goes with it
            with suppress(ValueError):  # a merge that found no room: the next run tries again
                writer.wait_merging_threads()
            self._share()

    def _see_commits(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()
        self._dfs.clear()

    def _share(self) -> None:
        """Lets whoever may read the other files read those that tantivy replaces, too; it keeps them to their owner."""
        with suppress(OSError):  # written by another user, or gone with its generation
            mode = os.stat(os.path.join(self._folder, ".tantivy-meta.lock")).st_mode & 0o777
            for name in ("meta.json", ".managed.json"):
                os.chmod(os.path.join(self._folder, name), mode)

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(WRITER_HEAP, WRITER_THREADS)
            except ValueError as error:
                raise self._not_writable(error) from error
        return self._writer

    def _not_writable(self, error: ValueError) -> IndexFolderError:
        if "LockBusy" in str(error):
            return IndexLockedError(f"một tiến trình khác đang ghi vào {self._folder}", "đợi nó xong rồi chạy lại")
        why = reason_of(error) if os.access(self._folder, os.W_OK) else "không có quyền"
        return IndexFolderError(f"không ghi được vào {self._folder}: {why}", "kiểm tra quyền ghi và chỗ trên đĩa")

    def _stored(self, address: tantivy.DocAddress) -> Article:
        return _article(self._searcher.doc(address))


def _article(document: tantivy.Document) -> Article:
    data = document.get_first(_STORED)
    if not isinstance(data, bytes):
        raise ValueError(f"{_STORED}: {type(data).__name__}")
    return load_article(data)


def _opened(folder: str, create: bool) -> tantivy.Index:
    """The index in `folder`, with a reader that is reloaded after our own commits: no watcher thread."""
    if not os.access(folder, os.W_OK):
        return _opened_beside(folder)
    index = tantivy.Index(_schema(), folder) if create else tantivy.Index.open(folder)
    index.config_reader("manual")
    return index


def _opened_beside(folder: str) -> tantivy.Index:
    """The index in a folder that cannot be written, of another user or on a read-only disk.

    tantivy locks a file of its own while it opens the others, so it gets a folder of links to them; it opens them all,
    and needs the links no more.
    """
    from searchvn.engines.footers import version  # needed by this function only

    while True:
        before = version(folder)
        with _temporary() as beside:
            for name in os.listdir(folder):
                if not name.endswith(".lock"):
                    os.symlink(os.path.abspath(os.path.join(folder, name)), os.path.join(beside, name))
            try:
                return _opened(beside, create=False)
            except ValueError:
                if version(folder) == before:
                    raise  # else a commit took away what was to be opened: the lock is not the writer's


@contextmanager
def _temporary() -> Iterator[str]:
    """A folder that goes in the end, though a thread of tantivy's may be putting a last file there."""
    from shutil import rmtree  # needed by this function only
    from tempfile import mkdtemp

    folder = mkdtemp(prefix="searchvn-")
    try:
        yield folder
    finally:
        for _ in range(100):
            rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break


def salvage(folder: str) -> Iterator[Article]:
    """The stored articles of an index that need not be whole.

    tantivy opens a segment only when all its files look right. So the files of stored articles are put, one after the
    other, into a blank index of enough articles, whose other files are.
    """
    from searchvn.engines.footers import living

    segments = list(living(folder))
    with _temporary() as blank:
        store = _blank(blank, max((max(articles, default=-1) for _, articles in segments), default=-1) + 1)
        for path, articles in segments:
            os.unlink(store)
            os.symlink(os.path.abspath(path), store)
            with suppress(IndexDamagedError), _damage():
                searcher = tantivy.Index.open(blank).searcher()
                for number in articles:
                    with suppress(IndexDamagedError), _damage():
                        yield _article(searcher.doc(tantivy.DocAddress(0, number)))


def _blank(folder: str, articles: int) -> str:
    """Makes an index of so many articles that are empty; gives the path of the file where they are stored."""
    writer = tantivy.Index(_schema(), folder).writer(WRITER_HEAP, 1)
    for _ in range(max(1, articles)):
        writer.add_document(tantivy.Document())
    writer.commit()
    writer.wait_merging_threads()
    (store,) = (entry.path for entry in os.scandir(folder) if entry.name.endswith(".store"))
    return store
