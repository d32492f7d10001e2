"""Names and values of a record -> an article, and the ids of the articles of one file.

Main names: `article_of`, `field_of`, `named`. Invariants: names are compared without case, marks, spaces and signs; of
several names of one field the one that comes first in the table and has a value gives it; a value that no field took
stays in `extra`; two records never get one id.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from searchvn.analysis.folding import strip_marks
from searchvn.articles.called import Called
from searchvn.articles.encodings import tidy
from searchvn.articles.identity import record_key
from searchvn.articles.published import read_published
from searchvn.errors import ArticleError, grouped
from searchvn.models import Article
from searchvn.reports import Extraction, Skipped

# What fields are called in records and tables. Of several names in one record the one further ahead counts.
NAMES: Mapping[str, tuple[str, ...]] = {
    "record_id": (
        "id", "mã", "mã bài", "mã bài viết", "mã tin", "article id", "news id", "post id", "doc id", "guid",
    ),
    "title": (
        "title", "tiêu đề", "headline", "tiêu đề bài viết", "tựa đề", "nhan đề", "đầu đề", "tên bài",
        "tên bài viết", "article title",
    ),
    "body": (
        "text", "body", "content", "nội dung", "contents", "nội dung bài viết", "nội dung chi tiết", "toàn văn",
        "full text", "main text", "article body", "article text",
    ),
    "published": (
        "published", "date", "ngày đăng", "ngày", "published at", "published date", "published time",
        "publish date", "publish time", "publication date", "date published", "date publish", "pub date", "post date",
        "posted at", "ngày đăng tin", "ngày đăng bài", "ngày xuất bản", "thời gian đăng", "đăng lúc", "ngày giờ đăng",
    ),
    "author": ("author", "tác giả", "authors", "byline", "creator", "người viết", "bút danh"),
    "source": ("source", "nguồn", "publisher", "nguồn tin", "nguồn bài", "site", "site name", "source name"),
    "url": ("url", "link", "liên kết", "đường dẫn", "permalink", "article url", "source url", "canonical url"),
}  # fmt: skip

_LONGEST_NAME = 60  # code points; no longer one is looked up
_LONGEST_NAMES = 1_000  # code points of all names of a record, if they are remembered
_LONGEST_QUOTED = 40  # code points of a value in a message


class Place(NamedTuple):
    """A field of `Article`, and how far behind in its row of `NAMES` the name stands."""

    field: str
    rank: int


class Record(NamedTuple):
    """An article without its id, the line that it begins in, and the text of a date that is none."""

    line: int
    article: Article
    encoding: str
    odd_date: str


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, strip_marks(name).lower()))


_PLACES = {_plain(name): Place(field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)}


@lru_cache(2_000)
def field_of(name: str) -> Place | None:
    """The field that a name means, or None.

    >>> [place and place.field for place in map(field_of, ("Tiêu đề", "NOI_DUNG", "datePublished", "lượt xem"))]
    ['title', 'body', 'published', None]
    """
    return _PLACES.get(_plain(name)) if len(name) <= _LONGEST_NAME else None


def texts_of(record: Mapping[str, object]) -> Iterator[str]:
    """The texts of a record that tell what encoding it is in: bodies, then titles."""
    for name, field in _fields(record):
        value = record[name]
        if isinstance(value, list):
            value = "\n".join(part for part in value if isinstance(part, str))
        if field in ("body", "title") and value and isinstance(value, str):
            yield value


def article_of(record: Mapping[str, object]) -> tuple[Article, str]:
    """The article in a record, without its place, and the text of its date where that cannot be read.

    Raises `ArticleError` for a record without any text.
    """
    values: dict[str, str] = {}
    used: set[str] = set()
    odd_date = ""
    for name, field in _fields(record):
        if field in values:
            continue
        if value := _value(field, record[name]):
            values[field] = value
            used.add(name)
        elif field == "published" and record[name] is not None:
            odd_date = odd_date or str(record[name]).strip()
    if not values.get("title") and not values.get("body"):
        raise ArticleError("bản ghi không có chữ nào trong tiêu đề (title) hay nội dung (text, body)")
    article = Article(
        id="",
        title=values.get("title", ""),
        body=values.get("body", ""),
        record_id=values.get("record_id"),
        published=values.get("published"),
        author=values.get("author"),
        source=values.get("source"),
        url=values.get("url"),
        extra={name: value for name, value in record.items() if name not in used and not _is_nothing(name, value)},
    )
    return article, "" if "published" in values else odd_date


def named(
    found: Iterable[Record | Skipped], file: str, path: str, *, by_content: bool = False
) -> Iterator[Extraction | Skipped]:
    """The articles of the file with this key and path, with their ids, and what there is to say of them.

    A record without an id is named by its line, with `by_content` by a digest of its title and body. Of two records
    with one id the second is reported and named like one without; with `by_content` it is left out: under another name
    it would stay beside the one with the id when that is all that comes the next time.
    """
    called = Called()
    contents: dict[str, str] = {}  # what a record is called -> with `by_content`, the digest of what it says
    odd: Record | None = None
    odd_dates = 0
    for record in found:
        if isinstance(record, Skipped):
            yield record
            continue
        article, own = record.article, record.article.record_id
        place = f"{path or file}:{record.line}"
        substitute = content_digest(article) if by_content else str(record.line)
        key = own or substitute
        first = called.line_of(key)
        if by_content and first is not None:
            same = contents[key] == substitute
            twin = f"giống hệt bản ghi ở dòng {first}: chỉ giữ một"
            reason = twin if same else f"id “{key}” đã có ở dòng {first}; bỏ qua"
            yield Skipped(place, reason, kept=same)
            continue
        if by_content:
            contents[key] = substitute
        elif own and first is not None:
            # A record without an id has the number of its line for a name: later ids are not known when it is given.
            taken = f"“{own}” đã là tên của bài" if own == str(first) else f"id “{own}” đã có"
            yield Skipped(place, f"{taken} ở {path or file}:{first}; bài này lấy tên theo số dòng", kept=True)
            key = substitute
            first = called.line_of(key)
        while first is not None:
            key += "+"
            first = called.line_of(key)
        called.note(key, record.line)
        if record.odd_date:
            odd, odd_dates = odd or record, odd_dates + 1
        yield Extraction(article._replace(id=record_key(file, key), file=file, path=path), record.encoding)
    if odd:
        yield Skipped(path or file, _about_dates(odd_dates, odd), kept=True)


def content_digest(article: Article) -> str:
    """What a record without an id is called where lines have no number: 16 hex digits of its title and body."""
    data = f"{article.title}\0{article.body}".encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=8).hexdigest()


def _about_dates(count: int, first: Record) -> str:
    text = " ".join(first.odd_date.split())
    text = text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED] + "…"
    return f"{grouped(count)} bản ghi có ngày không đọc được (dòng {first.line}: “{text}”): để trống"


def _fields(record: Mapping[str, object]) -> list[tuple[str, str]]:
    """The names in a record that mean a field, and which; of each field in the order of the table."""
    names = tuple(record)
    usual = sum(map(len, names)) <= _LONGEST_NAMES
    return _fields_of(names) if usual else _fields_of.__wrapped__(names)


@lru_cache(1_000)  # the records of a file mostly have the same names
def _fields_of(names: tuple[str, ...]) -> list[tuple[str, str]]:
    places = {name: place for name in names if (place := field_of(name))}
    return [(name, places[name].field) for name in sorted(places, key=places.__getitem__)]


def _value(field: str, value: object) -> str:
    """The text that a field takes of a value; empty when it can take nothing."""
    if field == "record_id":  # without lone surrogates, which no engine can keep as a term
        own = str(value) if isinstance(value, str | int) else ""
        return own.encode("utf-8", "replace").decode() if own.strip() else ""
    text = _text(value, "\n" if field == "body" else ", ")
    if field == "published":
        return read_published(text) or ""
    return " ".join(text.split()) if field == "title" else text


def _text(value: object, separator: str) -> str:
    """The text of a value; a list of texts is joined, as authors and paragraphs often come."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = separator.join(value)
    return tidy(value).strip() if isinstance(value, str) else ""


def _is_nothing(name: str, value: object) -> bool:
    """True for an empty value of a known name: there is nothing in it to keep."""
    return field_of(name) is not None and (value is None or (isinstance(value, str) and not value.strip()))
