"""What an indexing run is asked for, and how it is carried out over one generation.

Main type: `Update`. Invariant: a root is remembered before anything of it is read, and only while something of it could
be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from searchvn.articles.encodings import tidy
from searchvn.articles.identity import is_iso_date, is_unicode, key_ranges
from searchvn.articles.manifest import Manifest
from searchvn.articles.rules import Rules
from searchvn.articles.walk import walk
from searchvn.engines.base import dump_article
from searchvn.errors import UsageError
from searchvn.fields import MAX_KEYWORD
from searchvn.indexing import Run
from searchvn.models import Article
from searchvn.reports import IndexReport
from searchvn.surveying import Tour, new_roots, planned, resolve_roots


class Update(NamedTuple):
    """What to read: `paths` (none: all that is known), files `listed` by name; the rest as `Index.update` has it.

    `jobs` is how many cores may be used, 0 for all: so many processes read pages and documents, and with more than two
    other processes analyze articles (see `feeding`).
    """

    paths: Sequence[str] = ()
    listed: Iterable[str] | None = None
    rules: Rules | None = None
    prune: bool = False
    encoding: str | None = None
    jobs: int = 0

    @property
    def processes(self) -> int:
        """How many processes read pages and documents."""
        return self.jobs or os.cpu_count() or 1


def tours_of(asked: Update, manifest: Manifest, base: str) -> tuple[list[Tour], bool]:
    """The tours that are asked for, and whether known files outside of them are meant as well.

    Raises `UsageError` for a path that does not exist.
    """
    known = manifest.roots()
    loose = not asked.paths and asked.listed is None
    if asked.paths or (loose and (known or next(manifest.outside(()), None) is None)):
        return planned(resolve_roots(asked.paths, known, base), known, asked.rules), loose
    return [], loose


def update(run: Run, manifest: Manifest, base: str, asked: Update) -> IndexReport:
    """Brings what is asked for up to date. Raises `UsageError` for a path that does not exist."""
    known = manifest.roots()
    tours, loose = tours_of(asked, manifest, base)
    _check_rules(tours, asked.rules)
    added = new_roots(tours, known)
    manifest.add_roots(added)
    report = run.update(
        tours,
        listed=asked.listed or (),
        loose=loose,
        prune=asked.prune,
        encoding=asked.encoding,
        named=[tour.part for tour in tours] or [os.sep],  # what is listed may stand anywhere
        jobs=asked.processes,
    )
    new = [root for root in added if root not in known]
    manifest.drop_roots(_useless(manifest, tours, new, base, asked.prune))
    return report


def _check_rules(tours: Sequence[Tour], rules: Rules | None) -> None:
    """Raises `UsageError` for new rules that leave nothing of what is there: a slip would empty the index."""
    for tour in tours if rules else ():
        if any(walk(tour.root, "")) and not any(walk(tour.root, "", tour.rules)):
            hint = "mẫu tính từ chính thư mục ấy: --include '*.txt'"
            raise UsageError(f"không tệp nào trong {tour.root} hợp với các mẫu", hint)


def _useless(manifest: Manifest, tours: Sequence[Tour], new: Iterable[str], base: str, prune: bool) -> list[str]:
    """Roots not to remember: new ones in which nothing could be read, and with `prune` those that are gone."""
    ranges = {root: key_ranges(root, base) for root in new}
    empty = [root for root, keys in ranges.items() if not manifest.within(keys) and not manifest.unread_of(keys)]
    return empty + [tour.root for tour in tours if prune and not os.path.exists(tour.root)]


def given(article: Article) -> Article:
    """An article that a program gives, with its texts in NFC.

    Raises `UsageError` for one that could not be stored or shown.
    """
    if not 1 <= len(article.id.encode("utf-8", "replace")) <= MAX_KEYWORD or not is_unicode(article.id):
        raise UsageError(f"id của bài phải có từ 1 đến {MAX_KEYWORD} byte UTF-8, không phải “{article.id[:40]}”")
    if article.published is not None and not is_iso_date(article.published):
        raise UsageError(
            f"published của “{article.id}” không theo ISO 8601: “{article.published}”", "ví dụ: 2021-12-01"
        )
    try:
        dump_article(article)
    except (TypeError, ValueError) as error:
        raise UsageError(f"extra của “{article.id}” không viết thành JSON được ({error})") from error
    author, source = (text and tidy(text) for text in (article.author, article.source))
    return article._replace(title=tidy(article.title), body=tidy(article.body), author=author, source=source)
