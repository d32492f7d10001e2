"""The frozen records of reading and indexing: what came out of a source, what a run did, what an index holds.

Main types: `Extraction`, `IndexReport`. Invariant: a search needs none of them, so a query on the command line need not
spend a hundredth of its time on making them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from searchvn.models import Article

# What a line that is left out was taken for.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "title": "tiêu đề",
        "label": "thông tin bài",
        "byline": "bút danh, nguồn",
        "menu": "menu",
        "related": "tin khác",
        "comments": "bình luận",
        "counter": "bộ đếm",
        "copyright": "chân trang",
        "slug": "tên ảnh",
        "spam": "quảng cáo lạ",
        "repeat": "dòng lặp",
        "picture": "trang ảnh",
        "code": "mã",
    }
)


class LeftOut(NamedTuple):
    """A line of a source that is no part of the article's body. `number` counts lines of the decoded text from 1.

    `kind` says what it was taken for: a key of `LEFT_OUT`.
    """

    kind: str
    number: int
    text: str


class Extraction(NamedTuple):
    """An article as a reader took it from its source.

    `encoding` is what it was in (a key of `articles.encodings.ENCODINGS`); `evidence` says which stage of the cascade
    gave each of its fields; `left_out` is in the order of the source.
    """

    article: Article
    encoding: str = "utf-8"
    evidence: Mapping[str, str] = MappingProxyType({})
    left_out: tuple[LeftOut, ...] = ()


class Skipped(NamedTuple):
    """Something that was not indexed, with the reason. `path` may end in `:line`.

    `kept` is True for a warning: it is indexed all the same, though not as it stands.
    """

    path: str
    reason: str
    kept: bool = False


class Progress(NamedTuple):
    """How far an indexing run is. Bytes are of the source files; `text_bytes` is UTF-8 text taken from them."""

    files: int
    files_total: int
    bytes: int
    bytes_total: int
    articles: int
    text_bytes: int
    seconds: float


OnProgress = Callable[[Progress], None]


class Recognised(NamedTuple):
    """How many articles of the file at `path` were in another encoding than UTF-8, and in which."""

    path: str
    encoding: str
    articles: int


class IndexReport(NamedTuple):
    """What an indexing run did. Counts are articles, except `files`: the files the index knows after the run.

    Of an updated file, articles that it had before and after count as updated, the difference as added or removed.
    `encodings` counts the articles that this run read by what they were in; `recognised` names the files of those that
    were not in UTF-8.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    articles: int
    files: int
    skipped: tuple[Skipped, ...]
    warnings: tuple[Skipped, ...]
    seconds: float
    text_bytes: int = 0
    encodings: Mapping[str, int] = MappingProxyType({})
    recognised: tuple[Recognised, ...] = ()


class IndexStats(NamedTuple):
    """What is in an index. `size_bytes` is the index folder's size on disk.

    `rules` say of roots that are not read whole which of their files are: include, exclude (patterns) and follow.
    """

    articles: int
    files: int
    engine: str
    size_bytes: int
    format_version: int
    generation: int
    roots: tuple[str, ...]
    path: str
    rules: Mapping[str, Mapping[str, object]] = MappingProxyType({})


class CheckReport(NamedTuple):
    """Whether an index is whole and in step with its sources.

    `damage` lists what is broken; the other counts are files: `changed` and `new` since the last run, `skipped` ones
    that it could not read, `vanished` sources, `pending` ones that an interrupted run left to be read again.
    """

    articles: int
    files: int
    damage: tuple[str, ...]
    changed: int
    new: int
    skipped: int
    vanished: int
    pending: int

    @property
    def whole(self) -> bool:
        """True when nothing is damaged."""
        return not self.damage
