"""Builds an index anew beside the old one and switches when the new one is whole.

Main name: `rebuild`. Invariants: readers see the old generation or the new one, never a part; nothing that the old
index holds and no source can give again is lost, as long as the old engine can be opened.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress

from searchvn.articles.encodings import named_encoding
from searchvn.articles.identity import key_path
from searchvn.articles.manifest import Entry, Manifest
from searchvn.engines.base import Engine
from searchvn.engines.table import ENGINES, check_engine, default_engine, open_engine
from searchvn.errors import IndexDamagedError, IndexFolderError, SearchvnError, UsageError
from searchvn.folder import FORMAT_VERSION, Folder, Meta, analysis_fingerprint
from searchvn.indexing import Run, find_files, lost_files, new_roots, resolve_roots
from searchvn.models import Article, IndexReport, OnProgress, Skipped
from searchvn.query.ast import Term


def rebuild(
    path: str = "index",
    paths: Sequence[str] = (),
    *,
    engine: str | None = None,
    prune: bool = False,
    encoding: str | None = None,
    on_progress: OnProgress | None = None,
) -> IndexReport:
    """Reads all known roots and `paths` into a new generation, with another `engine` if one is named.

    Works for an index of another version and for a damaged one. Articles whose source cannot be read any more, and
    those that a program added, are carried over from the old index as far as it can be opened. `encoding` says what
    the files below `paths` are in; all others are read as they look.
    """
    check_engine(engine)
    encoding = named_encoding(encoding, paths)
    folder = Folder(path)
    folder.prepare()
    with folder.writing():
        old = _old_meta(folder)
        generation = _next_generation(folder, old)
        name = engine or (old.engine if old else default_engine())
        meta = Meta(FORMAT_VERSION, name, analysis_fingerprint(), "ready", generation)
        shutil.rmtree(folder.generation_path(generation), ignore_errors=True)
        built = open_engine(meta.engine, folder.generation_path(generation), create=True)
        manifest = _open_manifest(folder, generation)
        try:
            report = _build(folder, old, built, manifest, paths, prune, encoding, on_progress)
            built.close()
            folder.write_meta(meta)
            folder.drop_generations_except(generation)
            manifest.drop_other_generations()
        except BaseException:
            if _old_meta(folder) != meta:  # not switched: what was built so far is of no use
                built.close()
                shutil.rmtree(folder.generation_path(generation), ignore_errors=True)
                manifest.clear()
            raise
        finally:
            built.close()
            manifest.close()
    return report


def _build(
    folder: Folder,
    old: Meta | None,
    engine: Engine,
    manifest: Manifest,
    paths: Sequence[str],
    prune: bool,
    encoding: str | None,
    on_progress: OnProgress | None,
) -> IndexReport:
    manifest.clear()
    known_roots = manifest.roots()
    asked = _asked_roots(folder, old, manifest, paths)
    manifest.add_roots(new_roots(asked, known_roots))
    roots = [*known_roots, *new_roots(asked, known_roots)]
    run = Run(engine, manifest, folder.base, folder.path, on_progress)
    report = run.update(roots, encoding=encoding, named=asked)
    kept, warnings = _left_behind(folder, old, manifest, roots, prune)
    if kept and old is not None:
        run.put(_stored(folder, old, kept, warnings))
    return report._replace(
        articles=engine.articles(),
        files=sum(1 for _ in manifest.entries()),
        unchanged=max(0, engine.articles() - report.added),
        warnings=(*report.warnings, *warnings),
    )


def _left_behind(
    folder: Folder, old: Meta | None, manifest: Manifest, roots: Sequence[str], prune: bool
) -> tuple[list[Entry], list[Skipped]]:
    """What the old generation has and the new one has not, except files that are really gone."""
    if old is None:
        return [], []
    entries = _entries(folder, old)
    # What changed while it was read is pending: the next run reads it again.
    new = {*(entry.file for entry in manifest.entries()), *manifest.pending()}
    with_source = {file for file, entry in entries.items() if entry.has_source}
    closed: list[str] = []
    found = find_files(roots, folder.path, closed)
    gone, warnings = lost_files(roots, with_source, found, folder.base, closed, prune=prune)
    return [entry for file, entry in entries.items() if file not in new and file not in gone], warnings


def _asked_roots(folder: Folder, old: Meta | None, manifest: Manifest, paths: Sequence[str]) -> list[str]:
    """The roots to read; none is fine for an index of articles that a program added."""
    try:
        return resolve_roots(paths, manifest.roots(), folder.base)
    except UsageError:
        if paths or old is None or not _entries(folder, old):
            raise
        return []


def _entries(folder: Folder, meta: Meta) -> dict[str, Entry]:
    """What the manifest knows about a generation, by file key."""
    manifest = Manifest(folder.manifest_path, meta.generation)
    try:
        return {entry.file: entry for entry in manifest.entries()}
    finally:
        manifest.close()


def _stored(
    folder: Folder, old: Meta, entries: Sequence[Entry], lost: list[Skipped]
) -> Iterator[tuple[Entry, list[Article]]]:
    """Stored articles of the old engine, file by file; `lost` takes the files that it cannot give."""
    try:
        source = open_engine(old.engine, folder.generation_path(old.generation))
    except SearchvnError as error:
        lost.append(Skipped(folder.path, f"mất bài của {len(entries)} tệp không đọc lại được: {error}"))
        return
    try:
        for entry in entries:
            try:
                found = source.search(Term("file", entry.file), source.articles())
            except SearchvnError as error:
                lost.append(Skipped(key_path(entry.file, folder.base), f"mất bài không đọc lại được: {error}"))
                continue
            articles = sorted((scored.article for scored in found), key=lambda article: article.id)
            yield entry._replace(articles=len(articles)), articles
    finally:
        source.close()


def _old_meta(folder: Folder) -> Meta | None:
    """What meta.json says; where it cannot be read, what it probably said: a generation, the engine that opens it."""
    try:
        return folder.meta()
    except IndexFolderError:
        generation = min(folder.generations(), default=0)
        for name in ENGINES:
            with suppress(SearchvnError):
                open_engine(name, folder.generation_path(generation)).close()
                return Meta(FORMAT_VERSION, name, "", "ready", generation)
        return None


def _next_generation(folder: Folder, old: Meta | None) -> int:
    return old.generation + 1 if old else max(folder.generations(), default=0) + 1


def _open_manifest(folder: Folder, generation: int) -> Manifest:
    """The manifest; a new one in the place of one that cannot be opened."""
    try:
        manifest = Manifest(folder.manifest_path, generation)
        manifest.verify()
        return manifest
    except IndexDamagedError:
        os.unlink(folder.manifest_path)
        return Manifest(folder.manifest_path, generation)
