"""What changed since the last run, and how does it get into the index?

Main type: `Run`. Invariants (a crash at any point loses, doubles and orphans nothing): before an engine commit every
file that it touches is `pending` in the manifest, after it the files move to `files`; a run first takes out and reads
again what is pending; a file enters the manifest only if it did not change while it was read.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from searchvn.analysis.terms import analyze
from searchvn.articles.formats import digest, read_file
from searchvn.articles.identity import file_key, is_at_or_below, is_unicode, key_path
from searchvn.articles.manifest import Entry, Manifest
from searchvn.articles.walk import Fingerprint, fingerprint, walk
from searchvn.engines.base import Engine
from searchvn.errors import ArticleError, IndexFolderError, UsageError, saying
from searchvn.models import Article, Extraction, IndexReport, OnProgress, Progress, Recognised, Skipped

BATCH_BYTES = 128_000_000  # of text between two commits: 20 s of work, and what a crash may cost
BATCH_SECONDS = 30.0  # the same for a slow engine
_TELL_EVERY = 200  # articles
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
        self._started = time.perf_counter()
        self._started_ns = time.time_ns()
        self._known = {entry.file: entry for entry in manifest.entries()}
        self._pending = set(manifest.pending())
        self._added = self._updated = self._removed = 0
        self._skipped: list[Skipped] = []
        self._unread: set[str] = set()
        self._warnings: list[Skipped] = []
        self._encoding: str | None = None  # of the files at or below `_named`, whatever they look like
        self._named: Sequence[str] = ()
        self._encodings: Counter[str] = Counter()  # encoding -> articles
        self._recognised: Counter[tuple[str, str]] = Counter()  # (path, encoding other than UTF-8) -> articles
        # The open batch: files that changed in the engine since its last commit.
        self._touched: set[str] = set()
        self._done: list[Entry] = []
        self._gone: list[str] = []
        self._text_bytes = self._uncommitted_bytes = 0
        self._committed_at = self._started
        self._engine_is_whole = True  # False while the engine works: an interrupt there may leave half an article
        self._seen_bytes = self._file_bytes = self._seen_files = 0
        self._total_bytes = self._total_files = self._articles_read = 0

    def update(
        self,
        roots: Sequence[str],
        *,
        prune: bool = False,
        encoding: str | None = None,
        named: Sequence[str] | None = None,
    ) -> IndexReport:
        """Brings everything below `roots` (real absolute paths) up to date and commits.

        `encoding` is what the files below `named` (default: `roots`) are in: they are read again, changed or not.
        """
        self._encoding, self._named = encoding, roots if named is None else named
        closed: list[str] = []
        found = find_files(roots, self._index_folder, closed)
        for folder in closed:
            self._skip(folder, "không xem được trong thư mục này có gì; giữ các bài đã có trong chỉ mục")
        known = {*(file for file, entry in self._known.items() if entry.has_source), *self._pending}
        vanished, warnings = lost_files(roots, known, found, self._base, closed, prune=prune)
        self._warnings += warnings
        self._total_files, self._total_bytes = len(found), sum(map(_size, found))
        try:
            for file in vanished:
                self._remove(file)
            for path in found:
                self._file(path)
        except KeyboardInterrupt:
            if self._engine_is_whole:
                self._commit()  # what is read in full is kept; the file at hand stays pending
            raise
        self._commit()
        before = {file for file in self._manifest.unread() if _is_below_any(key_path(file, self._base), roots)}
        if before != self._unread:
            self._manifest.change_unread(before - self._unread, self._unread - before)
        for root in roots:
            if prune and not os.path.exists(root):
                self._manifest.drop_roots([root])
        return self._report()

    def put(self, files: Iterable[tuple[Entry, Sequence[Article]]]) -> None:
        """Takes in articles as they are (a program's, or stored ones of another generation) and commits."""
        for entry, articles in files:
            self._touched.add(entry.file)
            self._empty(entry.file)
            for article in articles:
                self._add(article)
            self._finish(entry)
        self._commit()

    def remove(self, files: Iterable[str]) -> int:
        """Takes files out of the index and commits. Returns how many articles they had."""
        for file in files:
            self._remove(file)
        self._commit()
        return self._removed

    # --- one file

    def _file(self, path: str) -> None:
        """Reads one file if it changed; lists it as skipped if it cannot be read, keeping what is indexed of it."""
        file = file_key(path, self._base)
        before: Fingerprint | None = None
        try:
            file.encode()
            before = fingerprint(path)
            encoding = self._encoding if _is_below_any(path, self._named) else None
            if encoding or not self._unchanged(file, before):
                self._read(path, file, before, encoding)
        except UnicodeEncodeError:
            name = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            self._skip(name, "tên tệp không phải UTF-8: đổi tên tệp")
        except ArticleError as error:
            kept = file in self._known and file not in self._touched
            self._skip(path, str(error) + (" (giữ các bài đã có trong chỉ mục)" if kept else ""))
            self._unread.add(file)
        except OSError as error:
            self._skip(path, f"không đọc được: {saying(error)}")
            self._unread.add(file)
        self._seen_files += 1
        self._seen_bytes += before.size if before else 0
        self._file_bytes = 0
        self._tell()

    def _unchanged(self, file: str, now: Fingerprint) -> bool:
        entry = self._known.get(file)
        if entry is None or file in self._pending or entry.fingerprint != now:
            return False
        return now.mtime_ns < self._started_ns - _RACY_NS

    def _read(self, path: str, file: str, before: Fingerprint, encoding: str | None) -> None:
        content = digest(path)
        entry = self._known.get(file)
        if entry is not None and entry.digest == content and file not in self._pending and not encoding:
            self._done.append(entry._replace(fingerprint=self._settled(before)))  # only its times changed
            return
        count = self._add_articles(path, file, encoding)
        if fingerprint(path) != before:
            # Touched but not done: it stays pending, and the next run reads it again.
            self._warnings.append(Skipped(path, "tệp thay đổi trong lúc đọc; lần chạy sau sẽ đọc lại"))
            return
        had = entry.articles if entry else 0
        self._added += max(0, count - had)
        self._removed += max(0, had - count)
        self._updated += min(count, had)
        self._finish(Entry(file, self._settled(before), content, count))

    def _settled(self, found: Fingerprint) -> Fingerprint:
        """What the manifest keeps: of a file that may be written again within the same clock tick, no time at all."""
        return found if found.mtime_ns < self._started_ns - _RACY_NS else found._replace(mtime_ns=-1)

    def _add_articles(self, path: str, file: str, encoding: str | None) -> int:
        """Replaces the file's articles in the engine. Nothing of the old ones goes before the new ones can be read."""
        count = 0
        for found in self._starting(file, read_file(path, file, self._at, encoding=encoding)):
            if isinstance(found, Skipped):
                (self._warnings if found.kept else self._skipped).append(found)
                continue
            self._add(found.article)
            self._encodings[found.encoding] += 1
            if found.encoding != "utf-8":
                self._recognised[path, found.encoding] += 1
            count += 1
            if self._batch_is_full():
                self._commit()
                self._touched.add(file)
            if count % _TELL_EVERY == 0:
                self._tell()
        return count

    def _at(self, position: int) -> None:
        self._file_bytes = position

    def _add(self, article: Article) -> None:
        analyzed = analyze(article)
        with self._writing_to_engine():
            self._engine.add(analyzed)
        self._articles_read += 1
        size = len(article.title.encode("utf-8", "replace")) + len(article.body.encode("utf-8", "replace"))
        self._text_bytes += size
        self._uncommitted_bytes += size

    def _starting(self, file: str, articles: Iterator[Extraction | Skipped]) -> Iterator[Extraction | Skipped]:
        """The same articles; the file is touched and emptied once the first of them has been read.

        Raises `ArticleError` when nothing of a file of records can be read and the index holds some of it.
        """
        waiting: list[Extraction | Skipped] = []
        for article in articles:
            waiting.append(article)
            if isinstance(article, Extraction):
                break
        else:
            if waiting and file in self._known and self._known[file].articles:
                raise ArticleError(f"không bản ghi nào trong {len(waiting)} bản ghi đọc được")
        self._touched.add(file)
        self._empty(file)
        yield from waiting
        yield from articles

    def _empty(self, file: str) -> None:
        """Takes the file's articles out of the engine, which knows better than a manifest that was lost or mended."""
        if file in self._known or file in self._pending or self._engine.df("file", file):
            with self._writing_to_engine():
                self._engine.delete_file(file)

    def _remove(self, file: str) -> None:
        entry = self._known.get(file)
        self._removed += entry.articles if entry else 0
        self._touched.add(file)
        self._empty(file)
        self._gone.append(file)

    # --- batches

    def _finish(self, entry: Entry) -> None:
        self._done.append(entry)
        if self._batch_is_full():
            self._commit()

    def _batch_is_full(self) -> bool:
        return self._uncommitted_bytes >= self._batch_bytes or time.perf_counter() - self._committed_at >= BATCH_SECONDS

    def _commit(self) -> None:
        """The order that makes a crash harmless: announce, commit, settle."""
        if self._touched:
            self._manifest.announce(self._touched)
            with self._writing_to_engine():
                self._engine.commit()
        if self._done or self._gone:
            self._manifest.settle(self._done, self._gone)
            for entry in self._done:
                self._known[entry.file] = entry
                self._pending.discard(entry.file)
            for file in self._gone:
                self._known.pop(file, None)
                self._pending.discard(file)
        self._touched, self._done, self._gone = set(), [], []
        self._uncommitted_bytes = 0
        self._committed_at = time.perf_counter()

    @contextmanager
    def _writing_to_engine(self) -> Iterator[None]:
        """Tells an index that cannot be written from a source that cannot be read: the former ends the run."""
        self._engine_is_whole = False
        try:
            yield
        except UnicodeError:
            raise
        except (OSError, ValueError) as error:  # tantivy's own errors are ValueErrors
            raise IndexFolderError(
                f"không ghi được chỉ mục: {error}",
                "xem đĩa còn chỗ không rồi chạy lại; những gì đã ghi xong còn nguyên",
            ) from error
        self._engine_is_whole = True

    # --- what is told

    def _skip(self, path: str, reason: str) -> None:
        self._skipped.append(Skipped(path, reason))

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(
                Progress(
                    self._seen_files,
                    self._total_files,
                    self._seen_bytes + self._file_bytes,
                    self._total_bytes,
                    self._articles_read,
                    self._text_bytes,
                    time.perf_counter() - self._started,
                )
            )

    def _report(self) -> IndexReport:
        articles = self._engine.articles()
        return IndexReport(
            added=self._added,
            updated=self._updated,
            removed=self._removed,
            unchanged=max(0, articles - self._added - self._updated),
            articles=articles,
            files=len(self._known),
            skipped=tuple(self._skipped),
            warnings=tuple(self._warnings),
            seconds=time.perf_counter() - self._started,
            text_bytes=self._text_bytes,
            encodings=dict(self._encodings),
            recognised=tuple(Recognised(*key, count) for key, count in self._recognised.items()),
        )


def find_files(roots: Sequence[str], index_folder: str, closed: list[str] | None = None) -> list[str]:
    """The paths of the files below the roots, each once, in the order of the roots.

    `closed` takes the folders that are there and cannot be listed.
    """

    def note(error: OSError) -> None:
        if closed is not None and not isinstance(error, FileNotFoundError):
            closed.append(str(error.filename))

    return list(dict.fromkeys(path for root in roots for path in walk(root, index_folder, note)))


def lost_files(
    roots: Sequence[str],
    known: set[str],
    found: Sequence[str],
    base: str,
    closed: Sequence[str] = (),
    *,
    prune: bool,
) -> tuple[list[str], list[Skipped]]:
    """The known files (keys) below the roots that are gone; and the roots that keep theirs, with the reason.

    A root that is missing, or has lost more than half of its files, is more likely unmounted than emptied: its files
    count as gone only with `prune`. Nothing is gone from `closed` folders, or from a root inside another that keeps
    its files.
    """
    gone: list[str] = []
    kept: list[Skipped] = []
    there = {file_key(path, base) for path in found}
    for root in dict.fromkeys(roots):
        below = {file for file in known if is_at_or_below(key_path(file, base), root)}
        lost = sorted(below - there)
        if lost and not prune and (len(lost) > len(below) / 2 or not os.path.exists(root)):
            reason = (
                f"thiếu {len(lost)} trong {len(below)} tệp đã biết, bài của chúng được giữ lại; "
                "nếu đã xóa thật, chạy lại với --prune"
            )
            kept.append(Skipped(root, reason))
        else:
            gone += lost
    untouched = [*(skipped.path for skipped in kept), *closed]
    if untouched:
        gone = [file for file in gone if not _is_below_any(key_path(file, base), untouched)]
    return list(dict.fromkeys(gone)), kept


def resolve_roots(paths: Sequence[str], known: Sequence[str], base: str) -> list[str]:
    """The real absolute paths a run is about: the given ones, else the known roots, else corpus/ beside the index.

    Raises `UsageError` for a path that does not exist (and of which nothing is indexed), or when there is none.
    """
    if paths:
        roots = list(dict.fromkeys(os.path.realpath(path) for path in paths))
        for path in paths:
            root = os.path.realpath(path)
            if not is_unicode(root):
                raise UsageError(f"tên đường dẫn “{path}” không phải UTF-8", "đổi tên thư mục hoặc tệp")
            if not os.path.exists(root) and not _is_below_any(root, known):
                raise UsageError(f"không có đường dẫn “{path}”", "kiểm tra lại tên thư mục hoặc tệp")
        return roots
    if known:
        return list(known)
    corpus = os.path.join(base, "corpus")
    if os.path.isdir(corpus):
        return [os.path.realpath(corpus)]
    raise UsageError("chưa biết đọc bài viết ở đâu", "chỉ thư mục bài viết: searchvn index THƯ-MỤC")


def _is_below_any(path: str, roots: Sequence[str]) -> bool:
    return any(is_at_or_below(path, root) for root in roots)


def new_roots(roots: Sequence[str], known: Sequence[str]) -> list[str]:
    """The roots that are not below a known one."""
    return [root for root in roots if not _is_below_any(root, known)]


def _size(path: str) -> int:
    with suppress(OSError):
        return os.path.getsize(path)
    return 0
