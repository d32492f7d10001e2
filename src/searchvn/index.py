"""Index: the one meeting place. Opens an index, searches it, adds to it, brings it up to date with its sources.

Main type: `Index`. Invariants: opening and searching never write; everything that writes holds the folder's lock; what
a search returns is frozen and outlives the index.
"""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from searchvn import folder as folders
from searchvn.articles.identity import file_key, is_at_or_below, is_unicode, key_ranges, on_disk
from searchvn.engines.base import Engine
from searchvn.engines.table import check_engine, default_engine, open_engine
from searchvn.errors import IndexDamagedError, UsageError
from searchvn.folder import Folder, Meta
from searchvn.models import Article, Diacritics, SearchResults, Sort, WordCount
from searchvn.query.ast import Term
from searchvn.query.forms import Needle
from searchvn.query.syntax import Query
from searchvn.searching import Asked, Search, chosen

if TYPE_CHECKING:
    from searchvn.analysis.abbreviations import Abbreviation
    from searchvn.articles.manifest import Manifest
    from searchvn.articles.rules import Rules
    from searchvn.indexing import Run
    from searchvn.reports import CheckReport, IndexReport, IndexStats, OnProgress


class Index:
    """An index of Vietnamese articles in one folder. Use it as a context manager, or call `close`."""

    def __init__(self, folder: Folder, meta: Meta, engine: Engine) -> None:
        self._folder, self._meta, self._engine = folder, meta, engine

    @classmethod
    def open(cls, path: str = "index") -> Index:
        """Opens an existing index for reading and writing.

        Raises `IndexNotFoundError`, `NotAnIndexError`, `IndexVersionError`, `IndexDamagedError` or
        `EngineMissingError`.
        """
        folder = Folder(path)
        meta = folder.checked_meta()
        try:
            engine = open_engine(meta.engine, folder.generation_path(meta.generation))
        except IndexDamagedError:
            # A rebuild may have switched generations between the two steps.
            again = folder.checked_meta()
            if again == meta:
                raise
            meta, engine = again, open_engine(again.engine, folder.generation_path(again.generation))
        return cls(folder, meta, engine)

    @classmethod
    def create(cls, path: str = "index", engine: str | None = None) -> Index:
        """Opens the index at `path`, making an empty one first where there is none. `engine` counts only then."""
        check_engine(engine)
        folder = Folder(path)
        folder.prepare()
        if not folder.has_meta():
            with folder.writing():
                if folder.has_meta():  # another process was faster
                    return cls.open(path)
                if _lost_its_meta(folder):
                    raise IndexDamagedError(
                        f"{folder.path} có bài đã lập chỉ mục nhưng mất tệp meta.json",
                        f"dựng lại: searchvn index --rebuild --index {folder.path}",
                    )
                meta = Meta(
                    folders.FORMAT_VERSION, engine or default_engine(), folders.analysis_fingerprint(), "building", 1
                )
                folder.drop_generations_except(0)
                open_engine(meta.engine, folder.generation_path(1), create=True).close()
                index = cls(folder, meta, open_engine(meta.engine, folder.generation_path(1)))
                with index._manifest() as manifest:
                    manifest.clear()
                index.close()
                folder.write_meta(meta)
        return cls.open(path)

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees what is open. Nothing is lost: every method that writes has committed."""
        self._engine.close()

    # --- reading

    def search(
        self,
        query: str | Query,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort | str = Sort.RELEVANCE,
        diacritics: Diacritics | str = Diacritics.SMART,
        match_all: bool | None = None,
        passages: int = 2,
        facets: Sequence[str] = (),
        explain: bool = False,
        suggest: bool = True,
        total: bool = True,
        abbreviations: Sequence[Abbreviation] | None = None,
    ) -> SearchResults:
        """The articles at ranks offset+1 to offset+limit for a query, best first.

        Any word of the query finds an article; `match_all` asks for all of them, which is the default where hits are
        sorted by date. `passages` is the most snippets a hit gets; with 0 the articles are not read for marks at all:
        no snippets, title spans, missing words or suggestions. `facets` (year, month, source, author) counts the
        articles that have all the words; `explain` says what gave each hit its score. Without `suggest` no better
        query is looked for, and without `total` as well the total may be None: many queries are answered sooner.
        `abbreviations` replace the packaged table: `()` for none. Scores: ARCHITECTURE.md, "How are articles ranked?".

        Raises `UsageError` for values that make no sense, `QuerySyntaxError` for a query that cannot be read.
        """
        order = chosen(Sort, sort)
        every = order is not Sort.RELEVANCE if match_all is None else match_all
        asked = Asked(limit, offset, order, every, passages, tuple(facets), explain, suggest, total)
        return Search(self._engine, diacritics, abbreviations).results(query, asked)

    def count(
        self,
        query: str | Query,
        *,
        diacritics: Diacritics | str = Diacritics.SMART,
        suggest: bool = True,
        abbreviations: Sequence[Abbreviation] | None = None,
    ) -> SearchResults:
        """How many articles have all the words of the query: results with a total, notes and no hits."""
        return Search(self._engine, diacritics, abbreviations).count(query, suggest)

    def paths(
        self,
        query: str | Query,
        *,
        sort: Sort | str = Sort.RELEVANCE,
        diacritics: Diacritics | str = Diacritics.SMART,
        abbreviations: Sequence[Abbreviation] | None = None,
    ) -> Iterator[str]:
        """The absolute paths of the files with articles that have all the words, best first, each once."""
        return Search(self._engine, diacritics, abbreviations).paths(query, chosen(Sort, sort))

    def needles(
        self,
        query: str | Query,
        *,
        diacritics: Diacritics | str = Diacritics.SMART,
        abbreviations: Sequence[Abbreviation] | None = None,
    ) -> tuple[Needle, ...]:
        """What to mark in an article that this query finds here."""
        return Search(self._engine, diacritics, abbreviations).read(query).plan.needles

    def similar(self, key: str, *, limit: int = 10, offset: int = 0, passages: int = 1) -> SearchResults:
        """The articles most like the one with this id, record id or path; its telling words are marked in them.

        Raises `UsageError` where `key` means no article, or several.
        """
        from searchvn.query.similar import similar_plan  # needed by this method only

        started = time.perf_counter()
        asked = Asked(limit, offset, passages=passages).checked()
        found = self.get(key)
        if not found:
            raise UsageError(f"không có bài nào tên “{key}”", "lấy id từ: searchvn query … --jsonl")
        if len(found) > 1:
            ids = ", ".join(article.id for article in found[:3])
            raise UsageError(f"“{key}” có {len(found)} bài", f"chọn một id: {ids}{', …' if len(found) > 3 else ''}")
        plan = similar_plan(found[0], self._engine)
        hits = Search(self._engine, Diacritics.SMART, ()).hits(plan, asked) if plan else ()
        total = self._engine.count(plan.matching) if plan else 0
        return SearchResults(found[0].id, total, hits, time.perf_counter() - started, offset)

    def words(self, prefix: str, *, limit: int = 20) -> tuple[WordCount, ...]:
        """The words of the index that begin with `prefix`, typed with or without marks; the most frequent first.

        Raises `UsageError` for a prefix that is not one word, or a limit below 1.
        """
        from searchvn.query.words import words  # needed by this method only

        Asked(limit).checked()
        return words(unicodedata.normalize("NFC", prefix), self._engine, limit)

    def get(self, key: str) -> list[Article]:
        """The articles with this id, else with this record id, else of the file at this path; none is an empty list.

        An id may be written with the path as it is seen from the working directory: `../tin.jsonl#7`. Raises
        `UsageError` for a record id that several articles have.
        """
        if not is_unicode(key) or "\0" in key:
            return []  # half a surrogate pair, as in a file name that is not UTF-8: nothing is indexed by such a name
        path, sharp, record = key.rpartition("#")
        here = self._file_of(path) + sharp + record if sharp else key
        found = self._engine.get([key]) or self._engine.get([here])
        if not found:
            found = self._by_term("record_id", key)
            if len(found) > 1:
                ids = ", ".join(article.id for article in found[:3])
                more = ", …" if len(found) > 3 else ""
                raise UsageError(f"{len(found)} bài cùng mang mã “{key}”", f"gõ đủ id: {ids}{more}")
        if not found:
            found = self._by_term("file", self._file_of(key))
        return found

    def __len__(self) -> int:
        return self._engine.articles()

    def stats(self) -> IndexStats:
        """What is in the index."""
        from searchvn.reports import IndexStats  # searching does without

        with self._manifest() as manifest:
            roots = manifest.roots()
            return IndexStats(
                self._engine.articles(),
                manifest.files(),
                self._meta.engine,
                self._folder.size(),
                self._meta.format_version,
                self._meta.generation,
                tuple(roots),
                self._folder.path,
                {root: rules._asdict() for root, rules in roots.items() if any(rules)},
            )

    def check(self) -> CheckReport:
        """Whether the engine and the manifest agree, and whether the sources are as they were read."""
        from searchvn.checking import check  # needed by this method only

        with self._manifest() as manifest:
            return check(self._engine, manifest, self._folder)

    @property
    def is_building(self) -> bool:
        """True when the first indexing run has not ended."""
        return self._meta.state == "building"

    @property
    def engine_name(self) -> str:
        """The name of the engine that keeps this index."""
        return self._meta.engine

    # --- writing

    def add(self, articles: Iterable[Article]) -> int:
        """Adds articles that come from a program, replacing those with the same ids. Returns how many.

        Texts become NFC. Their ids are taken as they are; indexing runs leave such articles alone.
        """
        from searchvn.articles.manifest import added_by_program
        from searchvn.updating import given  # needed by this method only

        added = {article.id: given(article) for article in articles}
        with self._writing() as (run, manifest):
            entries = {article.id: manifest.entry(article.file) for article in self._engine.get(added)}
            if taken := next((key for key, entry in entries.items() if entry and entry.has_source), None):
                raise UsageError(f"id “{taken}” là của một bài đọc từ tệp", "đặt id khác")
            run.put(
                (
                    added_by_program(article.id, 1),
                    [article._replace(file=article.id)],
                )
                for article in added.values()
            )
            self._meta = self._folder.mark_ready(self._meta, manifest.written_roots())
        return len(added)

    def delete(self, path: str) -> int:
        """Takes a file, a folder, or an article that a program added, out of the index. Returns how many articles.

        `-` means all articles that came from standard input. Raises `UsageError` where nothing is there to go.
        """
        if not path:
            raise UsageError("đường dẫn trống", "nêu tệp hay thư mục cần bỏ; thư mục đang đứng là .")
        target = os.path.realpath(on_disk(path))
        with self._writing() as (run, manifest):
            ranges = key_ranges(target, self._folder.base)
            files = manifest.within(ranges) or manifest.within([("-#", "-$") if path == "-" else (path, path + "\0")])
            roots = [root for root in manifest.roots() if is_at_or_below(root, target)]
            if not files and not roots:
                file = path.partition("#")[0]
                hint = "xem các thư mục đã đọc: searchvn stats"
                if file != path and manifest.within(key_ranges(os.path.realpath(on_disk(file)), self._folder.base)):
                    hint = f"một bài thì xóa trong tệp rồi chạy searchvn index; cả tệp: searchvn forget {file}"
                raise UsageError(f"chỉ mục không có gì từ “{path}”", hint)
            manifest.drop_roots(roots)
            manifest.change_unread(manifest.unread_of(ranges), [])
            removed = run.remove(files)
            self._meta = self._folder.mark_ready(self._meta, manifest.written_roots())
        return removed

    def update(
        self,
        paths: Sequence[str] = (),
        *,
        listed: Iterable[str] | None = None,
        rules: Rules | None = None,
        prune: bool = False,
        encoding: str | None = None,
        jobs: int = 0,
        on_progress: OnProgress | None = None,
        batch_bytes: int | None = None,
    ) -> IndexReport:
        """Reads what changed below `paths` (default: all known roots, else corpus/) and takes out what is gone.

        `listed` names files, which are read instead of the roots or beside `paths`. `rules` say which files of `paths`
        count, now and in later runs. Files that cannot be read are in the report with the reason. `prune` empties roots
        that are missing or have lost most of their files. `encoding` is what the files below `paths` are in, which are
        then read again (default: what they look like). `jobs` (default: all) is how many cores may be used; what comes
        out is the same for any number. Raises `UsageError` for a path that does not exist or an unknown encoding,
        `IndexLockedError` when another process is writing.
        """
        from searchvn.articles.encodings import named_encoding
        from searchvn.updating import Update, update  # needed by this method only

        named = named_encoding(encoding, paths if listed is None else ["-"])
        asked = Update(paths, listed, rules, prune, named, jobs)
        with self._writing(on_progress, batch_bytes) as (run, manifest):
            report = update(run, manifest, self._folder.base, asked)
            self._meta = self._folder.mark_ready(self._meta, manifest.written_roots())
        return report

    def add_records(
        self, stream: BinaryIO, *, encoding: str | None = None, on_progress: OnProgress | None = None
    ) -> IndexReport:
        """Reads JSON Lines from a stream into the index, each record under an id of its own: `-#own-id`.

        A record without an id is named by a digest of its text. Records that are there already, unchanged, stay.
        """
        from searchvn.articles.encodings import encoding_name
        from searchvn.articles.records import read_records  # needed by this method only

        with self._writing(on_progress) as (run, manifest):
            report = run.put_records(read_records(stream, "-", "", encoding=encoding_name(encoding), by_content=True))
            self._meta = self._folder.mark_ready(self._meta, manifest.written_roots())
        return report

    @contextmanager
    def _writing(
        self, on_progress: OnProgress | None = None, batch_bytes: int | None = None
    ) -> Iterator[tuple[Run, Manifest]]:
        from searchvn.indexing import BATCH_BYTES, Run  # searching does without what writes

        with self._folder.writing():
            current = self._folder.checked_meta()
            # Opened again: another process may have written, or switched generations, since this one looked.
            self._engine.close()
            self._meta = current
            self._engine = open_engine(current.engine, self._folder.generation_path(current.generation))
            self._folder.drop_generations_except(self._meta.generation)
            with self._manifest() as manifest:
                manifest.drop_other_generations()
                try:
                    folder, batch = self._folder, batch_bytes or BATCH_BYTES
                    yield Run(self._engine, manifest, folder.base, folder.path, on_progress, batch), manifest
                finally:
                    self._engine.end_writing()

    @contextmanager
    def _manifest(self) -> Iterator[Manifest]:
        from searchvn.articles.manifest import Manifest  # SQLite: 4 ms that searching does without

        manifest = Manifest(self._folder.manifest_path, self._meta.generation)
        try:
            yield manifest
        finally:
            manifest.close()

    def _file_of(self, path: str) -> str:
        """The key of a file that is named as it is seen from the working directory, or from the index's base."""
        base = self._folder.base
        seen = on_disk(path)
        if not os.path.exists(seen) and os.path.exists(there := on_disk(os.path.join(base, path))):
            seen = there
        return file_key(os.path.realpath(seen), base)

    def _by_term(self, field: str, value: str) -> list[Article]:
        found = self._engine.search(Term(field, value), self._engine.articles())
        return sorted((scored.article for scored in found), key=lambda article: (len(article.id), article.id))


def _lost_its_meta(folder: Folder) -> bool:
    """True when meta.json is gone from an index that holds articles: making a new one would delete them."""
    from searchvn.articles.manifest import Manifest  # needed by this function only

    if not os.path.exists(folder.manifest_path):
        return False
    for generation in folder.generations():
        manifest = Manifest(folder.manifest_path, generation)
        known = next(iter(manifest.entries()), None)
        manifest.close()
        if known is not None:
            return True
    return False
