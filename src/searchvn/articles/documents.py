"""What PDF and DOCX files have in common: the stages that take the article out of their paragraphs.

Main type: `Document`; main name: `finished`. Invariants: what programs write into a file's properties by themselves
(the template's name, the login of whoever typed it, the day of the export) becomes no field of an article; text in the
surface of an old font becomes Unicode as a whole, or stays as it is.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from searchvn.articles.drafts import Draft, Line, Stage, cascade
from searchvn.articles.encodings import mended_text, tidy
from searchvn.articles.legacy import LEGACY
from searchvn.articles.plain import TEXT
from searchvn.articles.recognition import mended
from searchvn.errors import ArticleError, grouped
from searchvn.reports import LeftOut

MAX_TEXT = 20_000_000  # code points; an article of them takes a minute to read, and a book has one
NEEDS = "pip install 'searchvn[documents]'"

_BY_NAME = {stage.name: stage for stage in TEXT}
_OFFICIAL = _BY_NAME.pop("official form")  # knows better than layout what its title is
_TEXT = [stage for name, stage in _BY_NAME.items() if name not in ("line breaks", "last line")]

_WORD = re.compile(r"[^\W\d_]+")
# Titles that programs write: names of files and templates.
_BY_PROGRAM = re.compile(
    r"^(?:microsoft \w+ - |untitled|(?:word |powerpoint )?(?:document|presentation)\b|bản trình bày)"
    r"|\.(?:do[ct][xm]?|rtf|odt|pdf|pptx?|xlsx?|indd|cdr|pmd|qxd|html?)$",
    re.IGNORECASE,
)

_Found = TypeVar("_Found", Line, LeftOut)


class Document(NamedTuple):
    """What a reader found in a file. `lines` are its paragraphs in reading order, none empty, by rising numbers.

    `heading` is the number of the line that is set as a title is; `title` and `author` are properties of the file,
    `encoding` is what its fonts had.
    """

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()
    heading: int | None = None
    title: str = ""
    author: str = ""
    encoding: str = "utf-8"


def finished(found: Document) -> Draft:
    """The article of a document. Raises `ArticleError` when the document is too long for one."""
    if (length := sum(len(line.text) for line in found.lines)) > MAX_TEXT:
        raise ArticleError(f"{grouped(length)} ký tự, quá dài cho một bài (nhiều nhất {grouped(MAX_TEXT)})")
    title, author = (_property(value, found.encoding) for value in (found.title, found.author))
    stages = (
        _OFFICIAL,
        Stage("properties", ("title", "author"), partial(_confirmed, title=title, author=author)),
        Stage("layout", ("title",), partial(_headed, number=found.heading)),
        *_TEXT,
        Stage("properties", ("title",), partial(_named, title=title)),
    )
    return cascade(Draft(found.lines, left_out=found.left_out, encoding=found.encoding), stages)


def in_unicode(texts: Sequence[str]) -> tuple[list[str], str]:
    """The texts of one document (without line breaks) in NFC, and the encoding of the fonts that they were set in."""
    text, encoding = mended_text("\n".join(texts))
    return text.split("\n") if texts else [], encoding


def _property(value: str, encoding: str) -> str:
    """A property in Unicode: too short to be recognised, it is in what the text is in, unless it reads as Unicode."""
    text = tidy(mended(value, encoding) if encoding in LEGACY else value)
    return " ".join(text.split())


def _confirmed(draft: Draft, title: str, author: str) -> Draft:
    """Properties that stand in the text as well, as a line of their own."""
    if line := _line_of(title, draft.lines):
        draft = draft.without("title", [line])._replace(title=line.text)
    elif running := _line_of(title, draft.left_out):
        draft = draft._replace(title=running.text)
    if line := _line_of(author, draft.lines):
        draft = draft.without("byline", [line])._replace(author=line.text)
    return draft


def _line_of(value: str, lines: Sequence[_Found]) -> _Found | None:
    wanted = _plain(value)
    return next((line for line in lines if _plain(line.text) == wanted), None) if _says_something(value) else None


def _headed(draft: Draft, number: int | None) -> Draft:
    line = next((line for line in draft.lines if line.number == number), None)
    return draft.without("title", [line])._replace(title=line.text) if line else draft


def _named(draft: Draft, title: str) -> Draft:
    """The title that only the properties tell."""
    return draft._replace(title=title) if _says_something(title) else draft


def _says_something(value: str) -> bool:
    return len(_WORD.findall(value)) > 1 and not _BY_PROGRAM.search(value.strip())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
