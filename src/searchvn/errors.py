"""What can go wrong: one tree of errors, each with its exit status and its next step.

    SearchvnError                 exit 2
    ├── UsageError                a value that cannot be used (limit 0, an empty query)
    │   └── QuerySyntaxError      a query that cannot be read; knows the place
    ├── ArticleError              an article that cannot be read; indexing skips it and says why
    ├── StoppedError              exit 130: a run that Ctrl-C ended
    └── IndexFolderError          something about the index folder
        ├── IndexNotFoundError    there is no index yet
        ├── NotAnIndexError       the folder holds something else
        ├── IndexVersionError     made by another version: rebuild
        ├── IndexLockedError      another process is writing
        ├── IndexDamagedError     the engine or the manifest cannot be opened
        └── EngineMissingError    the engine's library is not installed
    Interrupted                   a KeyboardInterrupt that knows how far a run was

Invariant: `str(error)` is one line that says what is wrong and where; `error.hint` says what to type next.
"""

from __future__ import annotations

import errno

_SAYINGS = {
    errno.ENOENT: "tệp không còn ở đó",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "chỉ được đọc, không ghi được",
    errno.ENOSPC: "đĩa hết chỗ",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EFBIG: "tệp quá lớn",
    errno.EIO: "đĩa hoặc mạng bị lỗi",
    errno.EISDIR: "là thư mục",
    errno.ENOTDIR: "không phải là thư mục",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết dẫn vòng quanh",
    errno.EEXIST: "đã có ở đó",
    errno.ENOTEMPTY: "thư mục không trống",
    errno.EBUSY: "đang được dùng",
    errno.ENOMEM: "hết bộ nhớ",
    errno.EINVAL: "hệ thống không nhận",
    errno.ENOTSUP: "hệ thống không hỗ trợ",
    errno.ENOSYS: "hệ thống không hỗ trợ",
    errno.ENOLCK: "hệ thống không khóa được tệp",
    errno.ESTALE: "ổ đĩa mạng đã đổi",
    errno.ETIMEDOUT: "quá lâu không trả lời",
}


def grouped(number: int) -> str:
    """A whole number as messages write it in Vietnamese.

    >>> grouped(35521)
    '35.521'
    """
    return f"{number:,}".replace(",", ".")


def saying(error: OSError) -> str:
    """What the system says of a file, in Vietnamese; what is rare keeps the system's words behind it.

    >>> saying(OSError(errno.EACCES, "Permission denied")), saying(OSError(errno.EXDEV, "Invalid cross-device link"))
    ('không có quyền', 'lỗi hệ thống (Invalid cross-device link)')
    """
    words = error.strerror or str(error)
    return _SAYINGS.get(error.errno, f"lỗi hệ thống ({words})") if error.errno else words


class SearchvnError(Exception):
    """Root of the tree. `hint` is one line, shown after the message; may be empty."""

    exit_status = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(" ".join(message.split()))
        self.hint = " ".join(hint.split())


class UsageError(SearchvnError):
    """A value the caller gave cannot be used."""


class QuerySyntaxError(UsageError):
    """A query that cannot be read. `position` is a code-point offset into `query`, its NFC text, where known."""

    def __init__(self, message: str, position: int = 0, hint: str = "", *, query: str = "") -> None:
        super().__init__(message, hint)
        self.position, self.query = position, query


class ArticleError(SearchvnError):
    """An article that cannot be read. Raised by readers, collected by the indexing run."""


class StoppedError(SearchvnError):
    """A run that Ctrl-C ended, as the command line tells it."""

    exit_status = 130


class IndexFolderError(SearchvnError):
    """Something about the index folder."""


class IndexNotFoundError(IndexFolderError):
    """There is no index at this place."""


class NotAnIndexError(IndexFolderError):
    """The folder exists and holds something that searchvn did not make."""


class IndexVersionError(IndexFolderError):
    """The index was made by another format or analysis version."""


class IndexLockedError(IndexFolderError):
    """Another process is writing to the index."""


class IndexDamagedError(IndexFolderError):
    """The engine's files or the manifest cannot be opened."""


class EngineMissingError(IndexFolderError):
    """The library of the index's engine cannot be imported."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in an indexing run: how far it was, and how many of the articles that it had read are in the index.

    `at_hand` is the path of the file that was being read, if any: the next run reads it from its beginning.
    """

    def __init__(self, files: int, files_total: int, articles: int, at_hand: str) -> None:
        super().__init__()
        self.files, self.files_total, self.articles, self.at_hand = files, files_total, articles, at_hand
