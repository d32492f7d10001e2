"""What changed since the last run, and how does it get into the index?

Main type: `Run`. Invariants (a crash at any point loses, doubles and orphans nothing): before an engine commit every
file that it touches is `pending` in the manifest, after it the files move to `files`; a run first takes out and reads
again what is pending; a file enters the manifest only if it did not change while it was read.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from searchvn.analysis.terms import analyze
from searchvn.articles.digests import RecordDigests
from searchvn.articles.formats import digest, is_records
from searchvn.articles.manifest import Entry, FoundFile, Manifest, added_by_program
from searchvn.articles.walk import Fingerprint, fingerprint
from searchvn.articles.workers import Source, read_all
from searchvn.engines.base import Engine, content_digest, dump_article, text_size
from searchvn.errors import ArticleError, IndexFolderError, Interrupted, saying
from searchvn.feeding import Feed
from searchvn.models import Article
from searchvn.query.ast import Term
from searchvn.reports import Extraction, IndexReport, OnProgress, Progress, Recognised, Skipped
from searchvn.surveying import Tour, is_below_any, ranges_of, survey

BATCH_BYTES = 128_000_000  # of text between two commits: 20 s of work, and what a crash may cost
BATCH_SECONDS = 30.0  # the same for a slow engine
BATCH_FILES = 20_000  # what is noted of them stands in memory until then
_TELL_EVERY = 200  # articles or files
_RESTAMPED = 1_000  # files of which only the times changed, between two notes of it
_RACY_NS = 2_000_000_000  # a file written this shortly before a run may be written again within one clock tick


class Run:
    """One indexing run over one generation. Made by `Index.update`; holds what the run has seen and done."""

    def __init__(
        self,
        engine: Engine,
        manifest: Manifest,
        base: str,
        index_folder: str,
        on_progress: OnProgress | None = None,
        batch_bytes: int = BATCH_BYTES,
    ) -> None:
        self._engine, self._manifest = engine, manifest
        self._base, self._index_folder = base, index_folder
        self._on_progress = on_progress
        self._batch_bytes = batch_bytes
        self._feed = Feed(engine, self._writing_to_engine)
        self._started = time.perf_counter()
        self._started_ns = time.time_ns()
        self._added = self._updated = self._removed = 0
        self._skipped: list[Skipped] = []
        self._unread: set[str] = set()
        self._warnings: list[Skipped] = []
        self._encoding: str | None = None  # of the files at or below `_named`, whatever they look like
        self._named: Sequence[str] = ()
        self._encodings: Counter[str] = Counter()  # encoding -> articles
        self._recognised: Counter[tuple[str, str]] = Counter()  # (path, encoding other than UTF-8) -> articles
        # The open batch: files that changed in the engine since its last commit, and whether they have a source.
        self._touched: dict[str, bool] = {}
        self._done: list[Entry] = []
        self._gone: list[str] = []
        self._records: dict[str, bytes] = {}
        self._restamped: list[Entry] = []
        self._text_bytes = self._uncommitted_bytes = 0
        self._committed_at = self._started
        self._engine_is_whole = True  # False while the engine works: an interrupt there may leave half an article
        self._at_hand = ""  # the path of the file that is being read
        self._seen_bytes = self._file_bytes = self._seen_files = 0
        self._total_bytes = self._total_files = self._articles_read = self._committed = 0
        self.closed: tuple[str, ...] = ()  # folders that could not be listed
        self._settle_articles_of_programs()

    def update(
        self,
        tours: Sequence[Tour],
        *,
        listed: Iterable[str] = (),
        loose: bool = False,
        prune: bool = False,
        encoding: str | None = None,
        named: Sequence[str] = (),
        jobs: int = 1,
    ) -> IndexReport:
        """Brings what the tours and `listed` (see `surveying.survey`) hold up to date and commits.

        `encoding` is what the files at or below `named` are in: they are read again, changed or not.
        """
        self._encoding, self._named = encoding, named
        self._feed.jobs = jobs
        seen = survey(self._manifest, tours, self._base, self._index_folder, listed=listed, loose=loose, prune=prune)
        self.closed = seen.closed
        self._skipped += seen.skipped
        self._warnings += seen.warnings
        self._total_files, self._total_bytes = self._manifest.found_size()
        with self._keeping_what_is_read(), closing(read_all(self._changed(), jobs, self._at)) as items:
            for file in seen.gone:
                self._remove(file)
            for item in items:
                if isinstance(item, Skipped):
                    self._skipped.append(item)
                else:
                    self._take(*item)
        before = self._manifest.unread_of(ranges_of(tours, self._base))
        self._manifest.change_unread(before - self._unread, self._unread - before)
        return self._report()

    def put(self, files: Iterable[tuple[Entry, Sequence[Article]]]) -> None:
        """Takes in articles as they are (a program's, or stored ones of another generation) and commits."""
        for entry, articles in files:
            self._replace(entry, articles)
        self._commit()

    def put_records(self, found: Iterable[Extraction | Skipped]) -> IndexReport:
        """Takes in articles that have no file, each under its id, and commits; those that are there stay."""
        with self._keeping_what_is_read():
            for one in found:
                if isinstance(one, Skipped):
                    (self._warnings if one.kept else self._skipped).append(one)
                    continue
                article = one.article._replace(file=one.article.id, path="")
                self._count_encoding(one, "-")
                content, entry = content_digest(dump_article(article)), self._manifest.entry(article.id)
                if entry is None or entry.digest != content:
                    self._added += entry is None
                    self._updated += entry is not None
                    self._replace(added_by_program(article.id, 1, content), [article])
                    if self._articles_read % _TELL_EVERY == 0:
                        self._tell()
        return self._report()

    def remove(self, files: Iterable[str]) -> int:
        """Takes files out of the index and commits. Returns how many articles they had."""
        for file in files:
            self._remove(file)
        self._commit()
        return self._removed

    # --- which files

    def _changed(self) -> Iterator[Source | Skipped]:
        """Of what the manifest lists as found, the files that have to be read; and what cannot be."""
        for found in self._manifest.found():
            try:
                source = self._source(found)
            except (ArticleError, OSError) as error:
                yield self._unreadable(found.path, found.file, error)
            else:
                if source is not None:
                    yield source
                    continue
            self._seen(found.seen.size if found.seen else 0)
        self._note_restamped()

    def _source(self, found: FoundFile) -> Source | None:
        """The file as something to be read; None for one that is as it was."""
        encoding = self._encoding if self._encoding and is_below_any(found.path, self._named) else None
        entry = found.entry if not (encoding or found.pending) else None
        if entry and found.seen == entry.fingerprint and entry.fingerprint.mtime_ns < self._started_ns - _RACY_NS:
            return None
        now = fingerprint(found.path)
        is_known = found.entry is not None or found.pending
        content = digest(found.path, unpacked=is_known)  # of a new file nothing goes if it is an archive cut short
        if entry is not None and entry.digest == content:  # only its times changed
            self._restamped.append(entry._replace(fingerprint=self._settled(now)))
            if len(self._restamped) >= _RESTAMPED:
                self._note_restamped()
            return None
        return Source(found.path, found.file, encoding, now, content)

    def _note_restamped(self) -> None:
        if self._restamped:
            self._manifest.restamp(self._restamped)
            self._restamped = []

    def _settled(self, found: Fingerprint) -> Fingerprint:
        """What the manifest keeps: of a file that may be written again within the same clock tick, no time at all."""
        return found if found.mtime_ns < self._started_ns - _RACY_NS else found._replace(mtime_ns=-1)

    # --- one file

    def _take(self, source: Source, articles: Iterator[Extraction | Skipped]) -> None:
        """Takes in the articles of a file; lists it as skipped if it cannot be read, keeping what is indexed of it."""
        self._at_hand = source.path
        try:
            self._take_articles(source, articles)
        except (ArticleError, OSError) as error:
            self._skipped.append(self._unreadable(source.path, source.file, error))
            if source.file in self._touched and self._manifest.entry(source.file) is None:  # a new archive cut short
                self._empty(source.file)
                self._gone.append(source.file)
        self._at_hand, self._file_bytes = "", 0
        self._seen(source.before.size)

    def _take_articles(self, source: Source, articles: Iterator[Extraction | Skipped]) -> None:
        entry = self._manifest.entry(source.file)
        known = self._known_records(source, entry)
        is_known = bool(known)
        digests = RecordDigests(known) if is_records(source.path) else None
        count = 0
        for found in self._starting(source.file, articles, whole=not is_known):
            if isinstance(found, Skipped):
                (self._warnings if found.kept else self._skipped).append(found)
                continue
            count += 1
            self._count_encoding(found, source.path)
            article, stored = found.article, dump_article(found.article)
            change = digests.meet(article.id, content_digest(stored)) if digests else "new"
            if change == "same":
                continue
            if change == "changed":
                self._feed.delete([article.id])
            self._add(article, stored)
            if self._batch_is_full():
                self._commit()
                self._touched[source.file] = True
            if count % _TELL_EVERY == 0:
                self._tell()
        if fingerprint(source.path) != source.before:
            # Touched but not done: it stays pending, and the next run reads it again.
            self._warnings.append(Skipped(source.path, "tệp thay đổi trong lúc đọc; lần chạy sau sẽ đọc lại"))
            return
        if digests and count:
            self._records[source.file] = digests.packed()
        if digests and is_known:
            added, updated, removed = digests.new, digests.changed, len(digests.gone)
            self._feed.delete(list(digests.gone))
        else:
            had = entry.articles if entry else 0
            added, updated, removed = max(0, count - had), min(count, had), max(0, had - count)
        self._added += added
        self._updated += updated
        self._removed += removed
        self._finish(Entry(source.file, self._settled(source.before), source.digest, count))

    def _known_records(self, source: Source, entry: Entry | None) -> dict[str, str]:
        """The digests of a file's records, by which single ones can be replaced: only where all is in perfect order."""
        if entry is None or source.encoding or not is_records(source.path) or self._manifest.is_pending(source.file):
            return {}
        if self._manifest.within([(source.file + "#", source.file + "$")]):
            return {}  # a file whose name goes on with # may have an article with the id of a record
        known = self._manifest.records(source.file)
        whole = len(known) == entry.articles == self._engine.count(Term("file", source.file))
        return known if whole else {}

    def _starting(
        self, file: str, articles: Iterator[Extraction | Skipped], *, whole: bool
    ) -> Iterator[Extraction | Skipped]:
        """The same articles; the file is touched (and emptied, if `whole`) once the first of them has been read.

        Nothing of the old ones goes before. Raises `ArticleError` when nothing of a file of records can be read and the
        index holds some of it.
        """
        waiting: list[Extraction | Skipped] = []
        for article in articles:
            waiting.append(article)
            if isinstance(article, Extraction):
                break
        else:
            entry = self._manifest.entry(file) if waiting else None
            if entry and entry.articles:
                raise ArticleError(f"không bản ghi nào trong {len(waiting)} bản ghi đọc được")
        if whole:
            self._empty(file)
        else:
            self._touched[file] = True
        yield from waiting
        yield from articles

    def _at(self, position: int) -> None:
        self._file_bytes = position

    # --- articles

    def _replace(self, entry: Entry, articles: Iterable[Article]) -> None:
        """Replaces what the engine has of a file by these articles."""
        self._empty(entry.file, has_source=entry.has_source)
        for article in articles:
            self._add(article, dump_article(article))
        self._finish(entry)

    def _add(self, article: Article, stored: bytes) -> None:
        self._feed.add(article, stored)
        self._articles_read += 1
        size = text_size(article, stored)
        self._text_bytes += size
        self._uncommitted_bytes += size

    def _empty(self, file: str, *, has_source: bool = True) -> None:
        """Takes the file's articles out of the engine, which knows better than a manifest that was lost or mended.

        The file is touched first: an interrupt between the two must not let a deletion go by unannounced.
        """
        held = file in self._touched or self._engine.df("file", file)
        self._touched[file] = has_source
        if held:
            self._feed.delete_file(file)

    def _remove(self, file: str) -> None:
        entry = self._manifest.entry(file)
        self._removed += entry.articles if entry else 0
        self._empty(file)
        self._gone.append(file)
        if len(self._gone) % _RESTAMPED == 0:
            self._commit()

    def _settle_articles_of_programs(self) -> None:
        """Articles without a source that an interrupted run was writing: each is as it was, or as it should be."""
        pending = self._manifest.pending_without_source()
        if not pending:
            return
        held = {file: self._engine.count(Term("file", file)) for file in pending}
        there = [added_by_program(file, count) for file, count in held.items() if count]
        self._manifest.settle(there, [file for file, count in held.items() if not count])

    # --- batches

    def _finish(self, entry: Entry) -> None:
        self._done.append(entry)
        if self._batch_is_full():
            self._commit()

    def _batch_is_full(self) -> bool:
        late = time.perf_counter() - self._committed_at >= BATCH_SECONDS
        return late or self._uncommitted_bytes >= self._batch_bytes or len(self._done) >= BATCH_FILES

    def _commit(self) -> None:
        """The order that makes a crash harmless: announce, commit, settle."""
        self._feed.drain()
        if self._touched:
            self._manifest.announce(self._touched)
            with self._writing_to_engine():
                self._engine.commit()
        if self._done or self._gone:
            self._manifest.settle(self._done, self._gone, self._records)
        self._touched, self._done, self._gone, self._records = {}, [], [], {}
        self._committed = self._articles_read
        self._uncommitted_bytes = 0
        self._committed_at = time.perf_counter()

    @contextmanager
    def _keeping_what_is_read(self) -> Iterator[None]:
        """Commits at the end, and on Ctrl-C what is read in full: the file at hand stays pending."""
        try:
            yield
            self._commit()
        except KeyboardInterrupt:
            if self._engine_is_whole:
                self._commit()
            raise Interrupted(self._seen_files, self._total_files, self._committed, self._at_hand) from None
        finally:
            self._feed.close()
        if self._updated or self._removed:
            with self._writing_to_engine():
                self._engine.compact(analyze)

    @contextmanager
    def _writing_to_engine(self) -> Iterator[None]:
        """Tells an index that cannot be written from a source that cannot be read: the former ends the run."""
        self._engine_is_whole = False
        try:
            yield
        except UnicodeError:
            raise
        except (OSError, ValueError) as error:  # tantivy's own errors are ValueErrors
            reason = f": {saying(error)}" if isinstance(error, OSError) else ""  # what tantivy says is for its makers
            raise IndexFolderError(
                f"không ghi được chỉ mục{reason}",
                "xem đĩa còn chỗ không rồi chạy lại; những gì đã ghi xong còn nguyên",
            ) from error
        self._engine_is_whole = True

    # --- what is told

    def _unreadable(self, path: str, file: str, error: Exception) -> Skipped:
        """Says why a file cannot be read, and remembers it."""
        self._unread.add(file)
        if isinstance(error, OSError):
            return Skipped(path, f"không đọc được: {saying(error)}")
        kept = file not in self._touched and self._manifest.entry(file)
        return Skipped(path, f"{error} (giữ các bài đã có trong chỉ mục)" if kept else str(error))

    def _count_encoding(self, found: Extraction, path: str) -> None:
        self._encodings[found.encoding] += 1
        if found.encoding != "utf-8":
            self._recognised[path, found.encoding] += 1

    def _seen(self, size: int) -> None:
        self._seen_files += 1
        self._seen_bytes += size
        if self._seen_files % _TELL_EVERY == 0 or self._total_files <= _TELL_EVERY:
            self._tell()

    def _tell(self) -> None:
        if self._on_progress is not None:
            seen, read = (self._seen_files, self._total_files), self._seen_bytes + self._file_bytes
            seconds = time.perf_counter() - self._started
            self._on_progress(Progress(*seen, read, self._total_bytes, self._articles_read, self._text_bytes, seconds))

    def _report(self) -> IndexReport:
        articles = self._engine.articles()
        return IndexReport(
            added=self._added,
            updated=self._updated,
            removed=self._removed,
            unchanged=max(0, articles - self._added - self._updated),
            articles=articles,
            files=self._manifest.files(),
            skipped=tuple(self._skipped),
            warnings=tuple(self._warnings),
            seconds=time.perf_counter() - self._started,
            text_bytes=self._text_bytes,
            encodings=dict(self._encodings),
            recognised=tuple(Recognised(*key, count) for key, count in self._recognised.items()),
        )
