"""Builds an index anew beside the old one and switches when the new one is whole.

Main name: `rebuild`. Invariants: readers see the old generation or the new one, never a part; nothing that the old
index holds and no source can give again is lost, as long as the old engine can be opened.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress

from searchvn.articles.encodings import named_encoding
from searchvn.articles.identity import key_path
from searchvn.articles.manifest import Entry, Manifest, added_by_program
from searchvn.articles.rules import EVERYTHING, Rules
from searchvn.articles.walk import Fingerprint
from searchvn.engines.table import ENGINES, check_engine, default_engine, open_engine, salvage
from searchvn.errors import IndexDamagedError, IndexFolderError, SearchvnError, UsageError
from searchvn.folder import FORMAT_VERSION, Folder, Meta, analysis_fingerprint
from searchvn.indexing import Run
from searchvn.models import Article
from searchvn.query.ast import Everything, Term
from searchvn.reports import IndexReport, OnProgress, Skipped
from searchvn.surveying import Tour, is_below_any, loose_files, lost_files, new_roots, planned, resolve_roots
from searchvn.updating import Update

_EVERYTHING = Update()


def rebuild(
    path: str = "index",
    asked: Update = _EVERYTHING,
    *,
    engine: str | None = None,
    on_progress: OnProgress | None = None,
) -> IndexReport:
    """Reads all known roots and the paths `asked` for into a new generation, with another `engine` if one is named.

    Works for an index of another version and for a damaged one. Articles whose source cannot be read any more, and
    those that a program added, are carried over from the old index as far as it can be opened. An encoding that is
    asked for is that of the paths asked for; all others are read as they look.
    """
    check_engine(engine)
    asked = asked._replace(encoding=named_encoding(asked.encoding, asked.paths))
    folder = Folder(path)
    folder.prepare()
    with folder.writing():
        old = _old_meta(folder)
        generation = _next_generation(folder, old)
        name = engine or (old.engine if old else default_engine())
        meta = Meta(FORMAT_VERSION, name, analysis_fingerprint(), "ready", generation)
        shutil.rmtree(folder.generation_path(generation), ignore_errors=True)
        built = open_engine(meta.engine, folder.generation_path(generation), create=True)
        manifest = _open_manifest(folder, generation, asked, old)
        try:
            run = Run(built, manifest, folder.base, folder.path, on_progress)
            report = _build(folder, old, run, manifest, asked)
            articles = built.articles()
            built.close()
            meta = meta._replace(roots=manifest.written_roots())
            folder.write_meta(meta)
            folder.drop_generations_except(generation)
            manifest.drop_other_generations()
            files = manifest.files()
        except BaseException:
            if _old_meta(folder) != meta:  # not switched: what was built so far is of no use
                built.close()
                shutil.rmtree(folder.generation_path(generation), ignore_errors=True)
                manifest.clear()
            raise
        finally:
            built.close()
            manifest.close()
    return report._replace(articles=articles, files=files, unchanged=max(0, articles - report.added))


def _build(folder: Folder, old: Meta | None, run: Run, manifest: Manifest, asked: Update) -> IndexReport:
    """Reads what there is to be read, then takes over what the old generation has besides."""
    manifest.clear()
    tours = _tours(folder, old, manifest, asked)
    was = manifest.of(old.generation) if old else None
    there, gone, warnings = loose_files(was, tours, folder.base, prune=asked.prune) if was else ([], [], [])
    listed = (*(file.path for file in there), *(asked.listed or ()))
    named = [os.path.realpath(path) for path in asked.paths]
    report = run.update(tours, listed=listed, encoding=asked.encoding, named=named, jobs=asked.processes)
    if old is None or was is None:
        return report
    lost, kept = lost_files(was, tours, folder.base, run.closed, prune=asked.prune)
    warnings += kept
    run.put(_left_behind(folder, old, was, manifest, {*gone, *lost}, warnings))
    return report._replace(warnings=(*report.warnings, *warnings))


def _tours(folder: Folder, old: Meta | None, manifest: Manifest, asked: Update) -> list[Tour]:
    """All known roots and the asked ones, which are remembered; none is fine for an index that holds articles."""
    known = manifest.roots()
    try:
        roots = resolve_roots(asked.paths, known, folder.base)
    except UsageError:
        if asked.paths or not (asked.listed or (old is not None and _holds_articles(folder, old))):
            raise
        return []
    manifest.add_roots(new_roots(planned(roots, known, asked.rules), known))
    known = manifest.roots()
    return planned([*known, *(root for root in roots if not is_below_any(root, known))], known, None)


def _left_behind(
    folder: Folder, old: Meta, was: Manifest, manifest: Manifest, gone: set[str], lost: list[Skipped]
) -> Iterator[tuple[Entry, list[Article]]]:
    """What the old generation has and the new one has not, except files that are really gone, with its articles.

    `lost` takes what the old engine cannot give.
    """
    place = folder.generation_path(old.generation)
    reason = "không đọc lại được"
    kept: dict[str, int] = {}
    try:
        held = _held(
            old.engine,
            place,
            lambda file: file not in gone and not _is_read(file, manifest),
            lambda file: not was.files() or was.entry(file) is not None or was.is_pending(file),
        )
        for file, articles in held:
            kept[file] = len(articles)
            entry = None if was.is_pending(file) else was.entry(file)
            entry = entry or _remembered(file, was.is_pending(file) or any(article.path for article in articles))
            yield entry._replace(articles=len(articles)), articles
    except SearchvnError as error:
        reason = f"{reason}: {error}"
    for entry in was.entries():
        short = entry.articles - kept.get(entry.file, 0)
        if short > 0 and entry.file not in gone and (entry.file in kept or not _is_read(entry.file, manifest)):
            lost.append(Skipped(key_path(entry.file, folder.base), f"mất {short} bài {reason}"))


def _held(
    engine: str, place: str, wanted: Callable[[str], bool], known: Callable[[str], bool]
) -> Iterator[tuple[str, list[Article]]]:
    """The files whose articles an engine holds, whatever became of the manifest, if they are wanted; with the articles.

    Where the engine's files are damaged, what can be read of them, if the manifest knows the file as well: a damaged
    byte may stand in an article's place and make another of it. Raises as `open_engine` does.
    """
    try:
        source = open_engine(engine, place)
    except IndexDamagedError:
        yield from _salvaged(engine, place, wanted, known)
        return
    try:
        if source.verify():
            yield from _salvaged(engine, place, wanted, known)
            return
        for file in filter(wanted, source.facet(Everything(), "file")):
            found = source.search(Term("file", file), source.articles())
            yield file, sorted((scored.article for scored in found), key=lambda article: article.id)
    finally:
        source.close()


def _salvaged(
    engine: str, place: str, wanted: Callable[[str], bool], known: Callable[[str], bool]
) -> Iterator[tuple[str, list[Article]]]:
    files: dict[str, list[Article]] = {}
    for article in salvage(engine, place):
        if wanted(article.file) and known(article.file):
            files.setdefault(article.file, []).append(article)
    yield from files.items()


def _is_read(file: str, manifest: Manifest) -> bool:
    """True for what the new generation has; what changed while it was read is pending, and read by the next run."""
    return manifest.entry(file) is not None or manifest.is_pending(file)


def _remembered(file: str, has_source: bool) -> Entry:
    """An entry for what the manifest has lost, or was not sure of: what has a source is read again."""
    return Entry(file, Fingerprint(0, -1, 0, 0), "", 0) if has_source else added_by_program(file, 0)


def _holds_articles(folder: Folder, meta: Meta) -> bool:
    """True when the old generation has articles that can be taken over."""
    try:
        engine = open_engine(meta.engine, folder.generation_path(meta.generation))
    except SearchvnError:
        return False
    try:
        return bool(engine.articles())
    finally:
        engine.close()


def _old_meta(folder: Folder) -> Meta | None:
    """What meta.json says; where it cannot be read or be true, what it probably said: what there is, and opens."""
    said = None
    with suppress(IndexFolderError):
        said = folder.meta()
        if said.engine in ENGINES and said.generation in folder.generations():
            return said
    generation = min(folder.generations(), default=0)
    for name in ENGINES:
        with suppress(SearchvnError):
            open_engine(name, folder.generation_path(generation)).close()
            return Meta(FORMAT_VERSION, name, "", "ready", generation, said.roots if said else {})
    return said if said and said.engine in ENGINES else None  # its folder is gone, the engine that was chosen is not


def _next_generation(folder: Folder, old: Meta | None) -> int:
    return old.generation + 1 if old else max(folder.generations(), default=0) + 1


def _open_manifest(folder: Folder, generation: int, asked: Update, old: Meta | None) -> Manifest:
    """The manifest; in the place of one that is damaged a new one, with what of the roots can still be read.

    Raises `UsageError` where no root is known any more and none is asked for: nothing would be read.
    """
    roots: dict[str, Rules] = {}
    lost = not os.path.exists(folder.manifest_path) and old is not None
    if not lost:
        try:
            manifest = Manifest(folder.manifest_path, generation)
            with suppress(IndexDamagedError):
                roots = dict.fromkeys(manifest.root_paths(), EVERYTHING)
                roots = manifest.roots()
            manifest.verify()
            return manifest
        except IndexDamagedError:
            pass
    roots = roots or _copied_roots(old)
    if not (roots or asked.paths or asked.listed):
        hint = f"nêu lại các thư mục: searchvn index THƯ-MỤC --rebuild --index {folder.path}"
        raise UsageError("sổ của chỉ mục bị mất hoặc hỏng, không còn biết các thư mục nguồn", hint)
    if not lost:
        os.unlink(folder.manifest_path)
    manifest = Manifest(folder.manifest_path, generation)
    manifest.add_roots(roots)
    return manifest


def _copied_roots(old: Meta | None) -> dict[str, Rules]:
    """The roots as meta.json has them; all of a root where its rules cannot be read."""
    roots: dict[str, Rules] = {}
    for root, rules in old.roots.items() if old else ():
        roots[root] = EVERYTHING
        with suppress(ValueError, KeyError, TypeError):
            roots[root] = Rules.of_json(rules)
    return roots
