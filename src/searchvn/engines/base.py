"""What an engine is: the Protocol, how stored articles are written, and what engines say of files they cannot open.

Main type: `Engine`. Invariant: what `add` was given is found by `search` after `commit` and not before; an engine never
changes a term.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Protocol

from searchvn.errors import IndexDamagedError, IndexFolderError, saying
from searchvn.models import AnalyzedArticle, Article, ScoredArticle, Sort
from searchvn.query.ast import Node

# BM25's constants as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), and in Lucene.
K1 = 1.2
B = 0.75

PUBLISHED = "published"  # the field that articles are sorted by


class Engine(Protocol):
    """Finds and scores articles. Nothing here assumes local files; ids and terms are strings."""

    def add(self, article: AnalyzedArticle) -> None:
        """Adds an article; it does not replace one with the same id."""
        ...

    def delete_file(self, file: str) -> None:
        """Takes out every article added so far, committed or not, whose `file` key is this one."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Takes out the articles added so far, committed or not, that have one of these ids."""
        ...

    def commit(self) -> None:
        """Makes all changes since the last commit visible and durable, all or none."""
        ...

    def compact(self, analyze: Callable[[Article], AnalyzedArticle]) -> None:
        """Frees the space of deleted articles where they are many; to be called when everything is committed.

        All articles stay. Some may have to be written anew, with the terms that `analyze` makes of them.
        """
        ...

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        """The articles at ranks offset+1 to offset+limit, best first; `limit` and `offset` may be 0 or more.

        Sorted by date (`PUBLISHED`), articles without one come last, and scores are 0.
        """
        ...

    def facet(self, query: Node, field: str) -> dict[str, int]:
        """How many of the articles that the query finds have each value of a keyword field; no other values."""
        ...

    def count(self, query: Node) -> int:
        """How many articles the query finds."""
        ...

    def get(self, ids: Iterable[str]) -> list[Article]:
        """The stored articles with these ids, in that order, without those that do not exist."""
        ...

    def df(self, field: str, term: str) -> int:
        """How many articles have `term` in `field`, which holds no numbers; deleted ones may still be counted."""
        ...

    def articles(self) -> int:
        """How many articles there are."""
        ...

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        """The terms of `field` that begin with `prefix`, each with its number of articles, in no particular order.

        Numbers are no terms. Terms of deleted articles may still be among them, and counted.
        """
        ...

    def verify(self) -> list[str]:
        """What is not as it was committed: one line for each file of the engine that is damaged or gone."""
        ...

    def end_writing(self) -> None:
        """Drops what was not committed and frees what writing needs; reading goes on."""
        ...

    def close(self) -> None:
        """Ends writing and frees what is open."""
        ...


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: `json.dumps` makes one a call
_OPTIONAL = ("record_id", "published", "author", "source", "url")


def dump_article(article: Article) -> bytes:
    """The form in which engines store an article: its facts as one line of JSON, then its body; all UTF-8.

    The body is most of it, and is not worth escaping.
    """
    facts: dict[str, object] = {"id": article.id, "title": article.title, "file": article.file, "path": article.path}
    facts.update((name, value) for name in _OPTIONAL if (value := getattr(article, name)) is not None)
    if article.extra:
        facts["extra"] = dict(article.extra)
    head = _encode(facts)
    return f"{head}\n{article.body}".encode("utf-8", "surrogatepass")


def text_size(article: Article, stored: bytes) -> int:
    """Bytes of an article's title and body, of its stored form."""
    return len(stored) - stored.index(b"\n") - 1 + len(article.title.encode("utf-8", "surrogatepass"))


def load_article(data: bytes) -> Article:
    """The article that `dump_article` wrote. Raises `ValueError` for anything else."""
    head, _, body = data.decode("utf-8", "surrogatepass").partition("\n")
    try:
        return Article(**json.loads(head), body=body)
    except TypeError as error:  # other fields than an article's
        raise ValueError(str(error)) from error


MEND = "dựng lại: searchvn index --rebuild"


def cannot_open(library: str, folder: str, error: BaseException, create: bool) -> IndexFolderError:
    """What to raise when a library cannot open, or create, its files in `folder`.

    A right that is missing is no damage, nor is a full disk.
    """
    why = reason_of(error)
    if create:
        return IndexFolderError(f"không ghi được chỉ mục vào {folder}: {why}", "xem đĩa còn chỗ không rồi chạy lại")
    for path in [folder, *(entry.path for entry in _listed(folder))]:
        if os.path.exists(path) and not os.access(path, os.R_OK):
            return IndexFolderError(f"không có quyền đọc {path}", "nhờ người tạo chỉ mục cho phép đọc thư mục này")
    return IndexDamagedError(f"không mở được tệp của {library} trong {folder}: {why}", MEND)


def reason_of(error: BaseException) -> str:
    """What a library's error about its files comes to: what the system said, else which file cannot be read.

    Its own words are for its makers; whoever needs them finds them in the chain of errors.

    >>> reason_of(ValueError('Failed to open file: IoError(Os { code: 28, kind: StorageFull })'))
    'đĩa hết chỗ'
    >>> reason_of(ValueError('Footer magic byte mismatch. filepath: "0123456789abcdef0123456789abcdef.idx"'))
    '0123456789abcdef0123456789abcdef.idx bị hỏng hoặc thiếu'
    """
    import re  # errors only

    if isinstance(error, OSError) and error.errno:
        return saying(error)
    words = str(error)
    if said := re.search(r"\bcode: (\d+)|\(os error (\d+)\)", words):
        number = int(said[1] or said[2])
        return saying(OSError(number, os.strerror(number)))
    file = re.search(r"[0-9a-f]{32}[.\w]*|\.?(?:meta|managed)\.json", words)
    return f"{file[0].rstrip('.')} bị hỏng hoặc thiếu" if file else "có tệp bị hỏng"


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def content_digest(stored: bytes) -> str:
    """A digest of all that is stored of an article, of its stored form (BLAKE2b, 8 bytes, hex)."""
    from hashlib import blake2b  # 4 ms that searching does without

    return blake2b(stored, digest_size=8).hexdigest()
