"""One file -> its articles, by the ending of its name.

Main name: `read_file`. Invariant: a file gives articles with ids, or one `ArticleError`; `digest` reads a file to its
end first, so that an archive cut short is known before anything of it is taken.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import BinaryIO, cast

from searchvn.articles.encodings import decode
from searchvn.articles.html import read_html
from searchvn.articles.plain import read_markdown, read_text
from searchvn.articles.records import read_records
from searchvn.errors import ArticleError
from searchvn.models import Article, Skipped

MAX_ARTICLE = 64_000_000  # bytes of a file that holds one article

_BLOCK = 1 << 20


def _from_text(page: str) -> Article:
    title, body = read_text(page)
    return Article("", title, body)


def _from_markdown(page: str) -> Article:
    title, body = read_markdown(page)
    return Article("", title, body)


_SINGLE: dict[str, Callable[[str], Article]] = {
    ".txt": _from_text,
    ".md": _from_markdown,
    ".html": read_html,
    ".htm": read_html,
}
_RECORDS = (".jsonl", ".jsonl.gz")
ENDINGS: tuple[str, ...] = (*_SINGLE, *_RECORDS)


def is_readable(name: str) -> bool:
    """True when the file's ending is one that can be read."""
    return name.lower().endswith(ENDINGS)


def digest(path: str) -> str:
    """A digest of the file's bytes (BLAKE2b, 16 bytes, hex). An archive is unpacked to its end on the way.

    Raises `ArticleError` for a file that cannot be read, is too large for one article, or is a damaged archive.
    """
    single = not path.lower().endswith(_RECORDS)
    if single and (size := os.path.getsize(path)) > MAX_ARTICLE:
        raise ArticleError(
            f"tệp {size // 1_000_000} MB, quá lớn cho một bài (nhiều nhất {MAX_ARTICLE // 1_000_000} MB); "
            "tách ra, hoặc chuyển thành .jsonl"
        )
    found = blake2b(digest_size=16)
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    if path.lower().endswith(".gz"):
        _unpack(path)
    return found.hexdigest()


def _unpack(path: str) -> None:
    try:
        with gzip.open(path, "rb") as stream:
            while stream.read(_BLOCK):
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArticleError("không phải tệp gzip, hoặc tệp nén bị hỏng, bị cắt ngang") from error


def read_file(path: str, file: str, at: Callable[[int], None] = lambda position: None) -> Iterator[Article | Skipped]:
    """The articles of the file at `path`, whose key is `file`; records that cannot be read as `Skipped`.

    `at` is told how many bytes of a file of records have been read. Raises `ArticleError` when the file as a whole
    cannot be read, before giving any article.
    """
    name = path.lower()
    if name.endswith(_RECORDS):
        with open(path, "rb") as stream:
            unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if name.endswith(".gz") else stream
            for article in read_records(unpacked, file, path):
                at(stream.tell())
                yield article
        return
    read = _SINGLE.get(os.path.splitext(name)[1])
    if read is None:  # a file that was named on the command line
        raise ArticleError(f"chưa đọc được loại tệp này (đọc được: {' '.join(ENDINGS)})")
    with open(path, "rb") as stream:
        article = read(decode(stream.read()))
    if not article.title and not article.body.strip():
        raise ArticleError("tệp không có chữ nào")
    yield article._replace(id=file, file=file, path=path)
