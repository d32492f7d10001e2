"""Is the index whole, and in step with its sources?

Main name: `check`. Invariant: reads only; what it calls damage is what `searchvn index --rebuild` mends.
"""

from __future__ import annotations

from searchvn.articles.formats import digest
from searchvn.articles.identity import key_path
from searchvn.articles.manifest import Entry, Manifest
from searchvn.articles.walk import fingerprint
from searchvn.engines.base import Engine
from searchvn.errors import ArticleError, IndexDamagedError
from searchvn.folder import Folder
from searchvn.query.ast import Term
from searchvn.reports import CheckReport
from searchvn.surveying import planned, survey


def check(engine: Engine, manifest: Manifest, folder: Folder) -> CheckReport:
    """Reads every byte of the engine and the manifest, compares the two, and the manifest with the sources.

    Raises `IndexDamagedError` when there is no manifest to compare with.
    """
    manifest.verify()
    busy = folder.is_being_written()
    entries = {entry.file: entry for entry in manifest.entries()}
    pending = set(manifest.pending())
    damage = engine.verify()
    if not damage:  # else what the engine finds means nothing
        found = _disagreements(engine, entries, pending)
        damage = [] if busy or folder.is_being_written() else found  # beside a writer the two are never of one moment
    roots = manifest.roots()
    survey(manifest, planned(list(roots), roots, None), folder.base, folder.path, prune=True)
    unread = set(manifest.unread())
    new = sum(found.entry is None and found.file not in unread for found in manifest.found())
    states = [_state(entry, folder.base) for entry in entries.values() if entry.has_source]
    return CheckReport(
        articles=engine.articles(),
        files=len(entries),
        damage=tuple(damage),
        changed=states.count("changed"),
        new=new,
        skipped=len(unread),
        vanished=states.count("vanished"),
        pending=len(pending),
    )


def _disagreements(engine: Engine, entries: dict[str, Entry], pending: set[str]) -> list[str]:
    """Where the engine has other articles than the manifest says."""
    try:
        damage = [
            f"{file}: có {found} bài trong chỉ mục, theo sổ là {entry.articles}"
            for file, entry in sorted(entries.items())
            if file not in pending and (found := engine.count(Term("file", file))) != entry.articles
        ]
        recorded = sum(entry.articles for file, entry in entries.items() if file not in pending)
        held = engine.articles() - sum(engine.count(Term("file", file)) for file in pending)
    except IndexDamagedError as error:
        return [str(error)]
    return damage if held == recorded else [*damage, f"chỉ mục có {held} bài, theo sổ là {recorded}"]


def _state(entry: Entry, base: str) -> str:
    """Whether a source is `same`, `changed` or `vanished`; its digest decides when its times differ."""
    path = key_path(entry.file, base)
    try:
        if fingerprint(path) == entry.fingerprint:
            return "same"
        return "same" if digest(path) == entry.digest else "changed"
    except FileNotFoundError:
        return "vanished"
    except (OSError, ArticleError):
        return "changed"
