"""One file -> its articles, by the ending of its name.

Main name: `read_file`. Invariant: a file gives articles with ids, or one `ArticleError`; `digest` reads a file to its
end first, so that an archive cut short is known before anything of it is taken.
"""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import BinaryIO, NamedTuple, cast

from searchvn.articles.docx import read_docx
from searchvn.articles.drafts import Draft, extraction
from searchvn.articles.encodings import PLAIN, Form, decode
from searchvn.articles.html import read_html
from searchvn.articles.legacy import LEGACY
from searchvn.articles.pages import PAGE
from searchvn.articles.pdf import read_pdf
from searchvn.articles.plain import read_markdown, read_text
from searchvn.articles.records import read_records
from searchvn.articles.tables import TAB, read_table
from searchvn.errors import ArticleError
from searchvn.models import Extraction, Skipped

MAX_ARTICLE = 64_000_000  # bytes of a file that holds one article

_BLOCK = 1 << 20
_LETTER = re.compile(r"[^\W_]")  # or a digit; a text of marks and invisible characters alone is empty


class Kind(NamedTuple):
    """How text files of one ending become articles: what decoding needs to know of them, and what reads the text."""

    form: Form
    read: Callable[[str], Draft]  # decoded text -> finished draft


_TEXTS: dict[str, Kind] = {
    ".txt": Kind(PLAIN, read_text),
    ".md": Kind(PLAIN, read_markdown),
    ".html": Kind(PAGE, read_html),
    ".htm": Kind(PAGE, read_html),
}
_DOCUMENTS: dict[str, Callable[[bytes], Draft]] = {".pdf": read_pdf, ".docx": read_docx}
_READERS: dict[str, Callable[..., Iterator[Extraction | Skipped]]] = {  # of files with many articles
    ".jsonl": read_records,
    ".csv": read_table,
    ".tsv": partial(read_table, delimiter=TAB),
}
_RECORDS = tuple(ending + packed for ending in _READERS for packed in ("", ".gz"))
_SLOW = (".html", ".htm", *_DOCUMENTS)
ENDINGS: tuple[str, ...] = (*_TEXTS, *_DOCUMENTS, *_RECORDS)


def is_readable(name: str) -> bool:
    """True when the file's ending is one that can be read."""
    return name.lower().endswith(ENDINGS)


def is_records(path: str) -> bool:
    """True for a file of many articles."""
    return path.lower().endswith(_RECORDS)


def is_slow(path: str) -> bool:
    """True for files that take milliseconds a page, through libraries that a hostile file may crash (see `workers`)."""
    return path.lower().endswith(_SLOW)


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


def read_file(
    path: str,
    file: str,
    at: Callable[[int], None] = lambda position: None,
    *,
    encoding: str | None = None,
) -> Iterator[Extraction | Skipped]:
    """The articles of the file at `path`, whose key is `file`; records that cannot be read as `Skipped`.

    `encoding` says what the file is in (see `encodings.decode`). `at` is told how many bytes of a file of records have
    been read. Raises `ArticleError` when the file as a whole cannot be read, before giving any article.
    """
    name = path.lower()
    if name.endswith(_RECORDS):
        with open(path, "rb") as stream:
            unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if name.endswith(".gz") else stream
            read = _READERS[os.path.splitext(name.removesuffix(".gz"))[1]]
            for found in read(unpacked, file, path, encoding=encoding):
                at(stream.tell())
                yield found
        return
    ending = os.path.splitext(name)[1]
    if ending not in _TEXTS and ending not in _DOCUMENTS:  # a file that was named on the command line
        raise ArticleError(f"chưa đọc được loại tệp này (đọc được: {' '.join(ENDINGS)})")
    with open(path, "rb") as stream:
        data = stream.read()
    is_unicode = False  # what was said to be in a legacy encoding
    if ending in _DOCUMENTS:
        draft = _DOCUMENTS[ending](data)
        taken = extraction(draft, draft.encoding)
    else:
        decoded = decode(data, encoding, _TEXTS[ending].form)
        taken = extraction(_TEXTS[ending].read(decoded.text), decoded.encoding)
        is_unicode = encoding in LEGACY and decoded.encoding != encoding and not decoded.text.isascii()
    article = taken.article
    if not _LETTER.search(article.title) and not _LETTER.search(article.body):
        raise ArticleError("tệp không có chữ nào")
    if encoding and is_unicode:
        reason = f"đã là Unicode ({taken.encoding.upper()}), không đọc theo {encoding.upper()}"
        yield Skipped(path, reason, kept=True)
    yield taken._replace(article=article._replace(id=file, file=file, path=path))
