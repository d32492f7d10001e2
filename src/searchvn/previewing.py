"""What would be taken from each file, and what would be left out?

Main names: `preview`, `read_again`. Invariant: writes nothing, and needs no index.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing

from searchvn.articles.manifest import Manifest
from searchvn.articles.walk import fingerprint
from searchvn.articles.workers import Source, read_all
from searchvn.errors import ArticleError, IndexFolderError, UsageError, saying
from searchvn.folder import Folder
from searchvn.models import Article, Extraction, Skipped
from searchvn.surveying import survey
from searchvn.updating import Update, tours_of


def preview(index: str, asked: Update) -> Iterator[Extraction | Skipped]:
    """What an indexing run would read, changed or not, in its order.

    Roots that are known, and their rules, are those of the index at `index`, where there is one. Raises `UsageError`
    for a path that does not exist.
    """
    folder = Folder(index)
    known_there = folder.has_meta() and os.path.exists(folder.manifest_path)
    manifest = Manifest(folder.manifest_path if known_there else ":memory:", _generation(folder), reading=known_there)
    try:
        tours, loose = tours_of(asked, manifest, folder.base)
        seen = survey(manifest, tours, folder.base, folder.path, listed=asked.listed or (), loose=loose)
        yield from seen.skipped
        found = ((one.path, one.file) for one in manifest.found())
        yield from _read(found, asked.encoding, asked.processes)
    finally:
        manifest.close()


def _generation(folder: Folder) -> int:
    try:
        return folder.meta().generation
    except IndexFolderError:
        return 0


def read_again(article: Article) -> Extraction:
    """What a reader takes now from the place that an article came from.

    Raises `UsageError` for an article that came from no file, or whose file no longer holds it.
    """
    if not article.path or not os.path.exists(article.path):
        reason = f"không còn tệp nguồn {article.path}" if article.path else "bài do chương trình thêm vào, không có tệp"
        raise UsageError(f"{article.id}: {reason}", "bài trong chỉ mục vẫn đọc được: bỏ --raw")
    why = f"{article.path} không còn bài này"
    for found in _read([(article.path, article.file)], None, 1):
        if isinstance(found, Extraction) and found.article.id == article.id:
            return found
        why = found.reason if isinstance(found, Skipped) else why
    raise UsageError(f"{article.id}: {why}", "đọc lại nguồn: searchvn index")


def _read(files: Iterable[tuple[str, str]], encoding: str | None, jobs: int) -> Iterator[Extraction | Skipped]:
    """What readers give of files: (path, key)."""
    sources = (_source(path, file, encoding) for path, file in files)
    with closing(read_all(sources, jobs)) as items:
        for item in items:
            if isinstance(item, Skipped):
                yield item
                continue
            source, articles = item
            try:
                yield from articles
            except (ArticleError, OSError) as error:
                yield Skipped(source.path, saying(error) if isinstance(error, OSError) else str(error))


def _source(path: str, file: str, encoding: str | None) -> Source | Skipped:
    try:
        return Source(path, file, encoding, fingerprint(path), "")
    except OSError as error:
        return Skipped(path, f"không đọc được: {saying(error)}")
