"""Is the index whole, and in step with its sources?

Main name: `check`. Invariant: reads only; what it calls damage is what `searchvn index --rebuild` mends.
"""

from __future__ import annotations

from searchvn.articles.formats import digest
from searchvn.articles.identity import file_key, is_unicode, key_path
from searchvn.articles.manifest import Entry, Manifest
from searchvn.articles.walk import fingerprint
from searchvn.engines.base import Engine
from searchvn.errors import ArticleError
from searchvn.folder import Folder
from searchvn.indexing import find_files
from searchvn.models import CheckReport
from searchvn.query.ast import Term


def check(engine: Engine, manifest: Manifest, folder: Folder) -> CheckReport:
    """Compares the engine with the manifest, and the manifest with the sources."""
    entries = {entry.file: entry for entry in manifest.entries()}
    pending = set(manifest.pending())
    damage = [
        f"{file}: có {found} bài trong chỉ mục, theo sổ là {entry.articles}"
        for file, entry in sorted(entries.items())
        if file not in pending and (found := engine.count(Term("file", file))) != entry.articles
    ]
    recorded = sum(entry.articles for file, entry in entries.items() if file not in pending)
    unfinished = sum(engine.count(Term("file", file)) for file in pending)
    if engine.articles() - unfinished != recorded:
        damage.append(f"chỉ mục có {engine.articles() - unfinished} bài, theo sổ là {recorded}")
    found_files = {file_key(path, folder.base) for path in find_files(manifest.roots(), folder.path)}
    found_files = {file for file in found_files if is_unicode(file)}  # others are never read
    unread = set(manifest.unread())
    states = [_state(entry, folder.base) for entry in entries.values() if entry.has_source]
    return CheckReport(
        articles=engine.articles(),
        files=len(entries),
        damage=tuple(damage),
        changed=states.count("changed"),
        new=len(found_files - set(entries) - unread),
        skipped=len(unread),
        vanished=states.count("vanished"),
        pending=len(pending),
    )


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
