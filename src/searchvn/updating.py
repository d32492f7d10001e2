"""What an indexing run is asked for, and how it is carried out over one generation.

Main type: `Update`. Invariant: a root is remembered before anything of it is read, and only while something of it could
be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from searchvn.articles.identity import key_ranges
from searchvn.articles.manifest import Manifest
from searchvn.articles.rules import Rules
from searchvn.indexing import Run
from searchvn.models import IndexReport
from searchvn.surveying import Tour, new_roots, planned, resolve_roots


class Update(NamedTuple):
    """What to read: `paths` (none: all that is known), files `listed` by name; the rest as `Index.update` has it.

    `jobs` is a number of processes, 0 for one to each processor.
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


def update(run: Run, manifest: Manifest, base: str, asked: Update) -> IndexReport:
    """Brings what is asked for up to date. Raises `UsageError` for a path that does not exist."""
    known = manifest.roots()
    only_files = asked.listed is not None or (not known and next(manifest.outside(()), None) is not None)
    roots = [] if only_files and not asked.paths else resolve_roots(asked.paths, known, base)
    tours = planned(roots, known, asked.rules)
    added = new_roots(tours, known)
    manifest.add_roots(added)
    report = run.update(
        tours,
        listed=asked.listed or (),
        loose=not asked.paths and asked.listed is None,
        prune=asked.prune,
        encoding=asked.encoding,
        named=roots or [os.sep],  # what is listed may stand anywhere
        jobs=asked.processes,
    )
    manifest.drop_roots(_useless(manifest, tours, [root for root in added if root not in known], base, asked.prune))
    return report


def _useless(manifest: Manifest, tours: Sequence[Tour], new: Iterable[str], base: str, prune: bool) -> list[str]:
    """Roots not to remember: new ones in which nothing could be read, and with `prune` those that are gone."""
    ranges = {root: key_ranges(root, base) for root in new}
    empty = [root for root, keys in ranges.items() if not manifest.within(keys) and not manifest.unread_of(keys)]
    return empty + [tour.root for tour in tours if prune and not os.path.exists(tour.root)]
