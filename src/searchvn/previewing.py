"""What would be taken from each file, and what would be left out?

Main names: `preview`, `read_again`. Invariant: writes nothing, and needs no index.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence, Set
from contextlib import closing

from searchvn.articles.formats import digest
from searchvn.articles.manifest import Manifest
from searchvn.articles.walk import fingerprint
from searchvn.articles.workers import Source, read_all
from searchvn.errors import ArticleError, IndexFolderError, UsageError, saying
from searchvn.folder import Folder
from searchvn.models import Article
from searchvn.reports import Extraction, Skipped
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


def read_again(articles: Sequence[Article]) -> Iterator[Extraction]:
    """What readers take now from the places that articles came from, in their order. Each file is read once.

    Raises `UsageError` for an article that came from no file, or whose file no longer holds it.
    """
    wanted: dict[str, set[str]] = {}
    for article in articles:
        wanted.setdefault(article.path, set()).add(article.id)
    again: dict[str, tuple[dict[str, Extraction], str]] = {}
    for article in articles:
        path = article.path
        if not path or not os.path.exists(path):
            reason = f"không còn tệp nguồn {path}" if path else "bài do chương trình thêm vào, không có tệp"
            raise UsageError(f"{article.id}: {reason}", "bài trong chỉ mục vẫn đọc được: bỏ --raw")
        if path not in again:
            again[path] = _found_again(path, article.file, wanted[path])
        found, why = again[path]
        if article.id not in found:
            raise UsageError(f"{article.id}: {why}", "đọc lại nguồn: searchvn index")
        yield found[article.id]


def _found_again(path: str, file: str, wanted: Set[str]) -> tuple[dict[str, Extraction], str]:
    """Those articles of a file that are wanted, by id, and why others are not there."""
    found: dict[str, Extraction] = {}
    why = f"{path} không còn bài này"
    with closing(_read([(path, file)], None, 1)) as items:
        for one in items:
            if isinstance(one, Skipped):
                why = one.reason
            elif one.article.id in wanted:
                found[one.article.id] = one
                if len(found) == len(wanted):
                    break
    return found, why


def _read(
    files: Iterable[tuple[str, str]], encoding: str | None, jobs: int
) -> Generator[Extraction | Skipped, None, None]:
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
        return Source(path, file, encoding, fingerprint(path), digest(path))  # which also knows what is not to be read
    except ArticleError as error:
        return Skipped(path, str(error))
    except OSError as error:
        return Skipped(path, f"không đọc được: {saying(error)}")
