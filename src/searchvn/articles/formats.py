"""One file -> its articles, by the ending of its name.

Main name: `read_file`. Invariant: a file gives articles with ids, or one `ArticleError`; `digest` reads a file to its
end, so that an archive cut short is known before anything of an older one goes; only regular files are read, and of an
archive no more than articles could hold.
"""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from io import BufferedReader, RawIOBase
from stat import S_ISREG
from typing import BinaryIO, NamedTuple

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
from searchvn.errors import ArticleError, grouped
from searchvn.reports import Extraction, Skipped

MAX_TOLD = 1_000  # records of a file that cannot be read; a hostile file has millions
MAX_ARTICLE = 64_000_000  # bytes of a file that holds one article
MAX_UNPACKED = 64_000_000  # bytes of an archive, however small it is
MAX_RATIO = 200  # unpacked to packed, beyond that; articles pack 3 to 20 times, nothing but one byte 1,000 times

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
_UNKNOWN = f"chưa đọc được loại tệp này (đọc được: {' '.join(ENDINGS)})"


def is_readable(name: str) -> bool:
    """True when the file's ending is one that can be read."""
    return name.lower().endswith(ENDINGS)


def is_records(path: str) -> bool:
    """True for a file of many articles."""
    return path.lower().endswith(_RECORDS)


def is_slow(path: str) -> bool:
    """True for files that take milliseconds a page, through libraries that a hostile file may crash (see `workers`)."""
    return path.lower().endswith(_SLOW)


def digest(path: str, *, unpacked: bool = True) -> str:
    """A digest of the file's bytes (BLAKE2b, 16 bytes, hex). An archive is `unpacked` to its end on the way.

    Raises `ArticleError` for a file that cannot be read, is too large for one article, or is a damaged archive.
    """
    if not is_readable(path):  # a file that was named on the command line
        raise ArticleError(_UNKNOWN)
    single = not path.lower().endswith(_RECORDS)
    if single and (size := os.path.getsize(path)) > MAX_ARTICLE:
        raise ArticleError(
            f"tệp {size // 1_000_000} MB, quá lớn cho một bài (nhiều nhất {MAX_ARTICLE // 1_000_000} MB); "
            "tách ra, hoặc chuyển thành .jsonl"
        )
    found = blake2b(digest_size=16)
    with _opened(path) as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
        if unpacked and path.lower().endswith(".gz"):
            stream.seek(0)
            content = _unpacked(stream)
            while content.read(_BLOCK):
                pass
    return found.hexdigest()


def _opened(path: str) -> BinaryIO:
    """The file, to be read. Raises `ArticleError` for a pipe, a device or a folder: reading some would never end."""
    return open(path, "rb", opener=_regular)


def _regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NONBLOCK)  # else opening a pipe waits for somebody to write
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ArticleError("không phải tệp thường (là thư mục, ống dẫn hay thiết bị)")
    return descriptor


def _unpacked(stream: BinaryIO) -> BufferedReader:
    return BufferedReader(_Unpacked(stream), 1 << 16)  # no more: progress is told by how far the file was read


class _Unpacked(RawIOBase):
    """What is packed in a stream. Reading raises `ArticleError` where it is damaged or swells beyond measure."""

    def __init__(self, stream: BinaryIO) -> None:
        self._unpacked = gzip.GzipFile(fileobj=stream)
        self._left = max(MAX_UNPACKED, MAX_RATIO * os.fstat(stream.fileno()).st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            size = self._unpacked.readinto(buffer)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ArticleError("không phải tệp gzip, hoặc tệp nén bị hỏng, bị cắt ngang") from error
        self._left -= size
        if self._left < 0:
            limits = f"hơn {MAX_UNPACKED // 1_000_000} MB và hơn {MAX_RATIO} lần cỡ tệp"
            raise ArticleError(f"giải nén ra quá nhiều ({limits}); giải nén trước, nếu đúng là bài viết")
        return size


def _not_too_many(found: Iterable[Extraction | Skipped], path: str) -> Iterator[Extraction | Skipped]:
    """The same; of very many records that cannot be read only the first are told one by one."""
    skipped = 0
    for one in found:
        skipped += isinstance(one, Skipped)
        if isinstance(one, Extraction) or skipped <= MAX_TOLD:
            yield one
    if skipped > MAX_TOLD:
        yield Skipped(path, f"còn {grouped(skipped - MAX_TOLD)} bản ghi nữa cũng bị bỏ qua hay cần chú ý")


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
        with _opened(path) as stream:
            unpacked = _unpacked(stream) if name.endswith(".gz") else stream
            read = _READERS[os.path.splitext(name.removesuffix(".gz"))[1]]
            for found in _not_too_many(read(unpacked, file, path, encoding=encoding), path):
                at(stream.tell())
                yield found
        return
    ending = os.path.splitext(name)[1]
    if ending not in _TEXTS and ending not in _DOCUMENTS:
        raise ArticleError(_UNKNOWN)
    with _opened(path) as stream:
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
