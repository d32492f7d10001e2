"""Places -> keys and ids: identity is place.

Main names: `file_key`, `record_key`. Invariant: one file has one key, however it was named on the command line; an id
is the key of its file plus `#own-id` or `#line` for a record.
"""

from __future__ import annotations

import os
import unicodedata

from searchvn.fields import MAX_KEYWORD


def file_key(path: str, base: str) -> str:
    """The key of a file: its path below `base` (the folder that holds the index folder), absolute if outside.

    Both are real absolute paths.

    >>> file_key("/kho/bai/a.txt", "/kho"), file_key("/khác/a.txt", "/kho")
    ('bai/a.txt', '/khác/a.txt')
    """
    prefix = base.rstrip(os.sep) + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path


def key_path(key: str, base: str) -> str:
    """The absolute path of the file with this key: the inverse of `file_key`."""
    return os.path.join(base, key)


def on_disk(path: str) -> str:
    """`path` with the names that stand on disk: where one does not exist as typed, the first that is equal in NFC.

    Archives made on a Mac bring names in NFD, which no keyboard types. What fits nothing stays as typed.
    """
    if os.path.lexists(path):
        return path
    found = os.sep if path.startswith(os.sep) else ""
    for name in filter(None, path.split(os.sep)):
        found = os.path.join(found, name if os.path.lexists(os.path.join(found, name)) else _equal_name(found, name))
    return found


def _equal_name(folder: str, name: str) -> str:
    wanted = unicodedata.normalize("NFC", name)
    try:
        names = sorted(os.listdir(folder or os.curdir))
    except OSError:
        return name
    return next((one for one in names if unicodedata.normalize("NFC", one) == wanted), name)


def key_ranges(root: str, base: str) -> list[tuple[str, str | None]]:
    """The keys of the files at or below `root` (a real absolute path): half-open ranges of texts, None for no end.

    >>> key_ranges("/kho/bài", "/kho")
    [('bài', 'bài\\x00'), ('bài/', 'bài0')]
    """
    if is_at_or_below(base, root):  # the keys below `base` do not begin with a slash, and "0" comes after "/"
        above = [] if root == base else key_ranges(root, "")
        return [("", os.sep), ("0", None), *above]
    key = file_key(root, base) if base else root.rstrip(os.sep)
    return [(key, key + "\0"), (key + os.sep, key + "0")]


def is_at_or_below(path: str, root: str) -> bool:
    """True when `path` is `root` or stands below it; both are real absolute paths."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def is_iso_date(text: str) -> bool:
    """True for a date, or a date and time, of ISO 8601 that exists: `2021-12-01`, `2022-04-01T09:35`."""
    import re  # needed when articles are written only
    from datetime import datetime

    form = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    if not re.fullmatch(form, text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:  # a 30th of February
        return False
    return True


def is_unicode(text: str) -> bool:
    """False for text with half a surrogate pair, as in a file name that is not UTF-8: no engine keeps it as a term."""
    return text == text.encode("utf-8", "replace").decode()


def record_key(file: str, own: str) -> str:
    """The id of a record; a very long one is cut and ends in a digest of the whole.

    >>> record_key("tin.jsonl", "bm-1")
    'tin.jsonl#bm-1'
    """
    whole = f"{file}#{own}"
    data = whole.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_KEYWORD:
        return whole
    from hashlib import blake2b  # 4 ms that only very long ids need

    digest = blake2b(data, digest_size=8).hexdigest()
    return data[: MAX_KEYWORD - 20].decode("utf-8", "ignore") + "…" + digest
