"""A DOCX file -> the article in it, through python-docx.

Main name: `read_docx`. Invariants: python-docx is given an archive made here, of the parts that hold text: no part is
unpacked beyond the size that the file's own directory declares, those sizes are added up before, and none with a DTD
goes in, so no entity is ever expanded; nothing is loaded from outside.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from searchvn.articles.documents import NEEDS, Document, finished, in_unicode
from searchvn.articles.drafts import Draft, Line
from searchvn.articles.paragraphs import CELLS
from searchvn.errors import ArticleError, grouped
from searchvn.reports import LeftOut

if TYPE_CHECKING:
    from docx.document import Document as Opened

MAX_PARTS = 10_000
MAX_UNPACKED = 64_000_000  # bytes of the parts that hold text; as elements they take ten times as much
MAX_RATIO = 500  # unpacked to packed; deflate's utmost is 1,032, a dull table has 100
_SMALL = 1_000_000  # bytes unpacked, below which a ratio tells nothing

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ENTRY = b"PK\x01\x02"  # of the archive's directory
_LOCKED = 0x1  # flag of an entry
_DTD = tuple("<!DOCTYPE".encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be"))
_DAMAGED = "tệp DOCX bị hỏng, bị cắt ngang, hoặc là loại tệp khác; mở bằng Word rồi lưu lại thành .docx"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same once more, for old programs
_GONE = {_COPY, _W + "del", _W + "moveFrom", _W + "pPr"}
_TEXTS = {_W + "t", _MATH + "t"}
_SIGNS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_BOX = _W + "txbxContent"
_SPACE = re.compile(r"[\t\n\r]+")  # in a piece of text: line breaks are elements


class _Paragraph(NamedTuple):
    """A line of a document, and the name of its style in small letters: in the file it is English in every Word."""

    text: str
    style: str = ""


def read_docx(data: bytes) -> Draft:
    """The article of a DOCX file.

    Raises `ArticleError` for a file that is damaged or encrypted, or that would unpack to more than the limits.
    """
    try:
        import docx
    except ImportError as error:
        raise ArticleError(f"thiếu thư viện đọc DOCX: {NEEDS}") from error
    try:
        return finished(_document(docx.Document(_repacked(data))))
    except (ArticleError, MemoryError):
        raise
    except Exception as error:  # what zipfile, lxml and python-docx raise has no common root: KeyError, EOFError, ...
        raise ArticleError(_DAMAGED) from error


# --- the archive


def _repacked(data: bytes) -> BytesIO:
    """An archive of the same parts, unpacked; pictures and all that is no XML are empty."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise ArticleError("tệp DOCX có mật khẩu: bỏ mật khẩu rồi chạy lại")
        raise ArticleError("đây là tệp .doc cũ mang tên .docx: mở bằng Word hoặc LibreOffice rồi lưu lại thành .docx")
    if (count := data.count(_ENTRY)) > MAX_PARTS:
        raise ArticleError(f"tệp DOCX có {grouped(count)} phần, quá nhiều (nhiều nhất {grouped(MAX_PARTS)})")
    repacked = BytesIO()
    with ZipFile(BytesIO(data)) as archive, ZipFile(repacked, "w", ZIP_STORED) as copy:
        parts = {part.filename: part for part in archive.infolist()}
        texts = {name: part for name, part in parts.items() if name.endswith((".xml", ".rels"))}
        _check(texts.values())
        for name, part in parts.items():
            copy.writestr(name, _unpacked(archive, part) if name in texts else b"")
    return repacked


def _check(parts: Collection[ZipInfo]) -> None:
    """Raises `ArticleError` for parts that had better not be unpacked, as the archive's directory tells."""
    if any(part.flag_bits & _LOCKED for part in parts):
        raise ArticleError("tệp DOCX có mật khẩu: bỏ mật khẩu rồi chạy lại")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise ArticleError(_DAMAGED)
    if (size := sum(part.file_size for part in parts)) > MAX_UNPACKED:
        most = f"nhiều nhất {MAX_UNPACKED // 1_000_000} MB"
        raise ArticleError(f"tệp DOCX bung ra {grouped(size // 1_000_000)} MB chữ, quá lớn cho một bài ({most})")
    for part in parts:
        if part.file_size > max(_SMALL, MAX_RATIO * part.compress_size):
            times = grouped(part.file_size // max(1, part.compress_size))
            raise ArticleError(f"tệp DOCX nén {times} lần, như một quả bom nén (nhiều nhất {MAX_RATIO} lần)")


def _unpacked(archive: ZipFile, part: ZipInfo) -> bytes:
    with archive.open(part) as stream:
        content = stream.read(part.file_size)  # without a number all is unpacked first, whatever was declared
    if any(mark in content for mark in _DTD):
        raise ArticleError("tệp DOCX có phần khai báo DTD, Word không bao giờ ghi như thế: không đọc")
    return content


# --- its text


def _document(opened: Opened) -> Document:
    styles = _styles(opened)
    found = [("repeat" if line.style.startswith("toc ") else "", line) for line in _blocks(opened.element.body, styles)]
    notes = [
        note for part in _parts(opened, "/footnotes", "/endnotes") for note in part if note.get(_W + "type") is None
    ]
    found += [("", line) for note in notes for line in _blocks(note, styles)]
    found += [("repeat", line) for part in _parts(opened, "/header", "/footer") for line in _blocks(part, styles)]
    texts, encoding = in_unicode([line.text for _, line in found])
    numbered = [(n, kind, text) for n, ((kind, _), text) in enumerate(zip(found, texts, strict=True), start=1)]
    return Document(
        lines=tuple(Line(number, text) for number, kind, text in numbered if not kind),
        left_out=tuple(LeftOut(kind, number, text) for number, kind, text in numbered if kind),
        heading=_heading([line.style for _, line in found]),
        title=opened.core_properties.title,
        author=opened.core_properties.author,
        encoding=encoding,
    )


def _heading(styles: list[str]) -> int | None:
    """The number of the line that is set as the title: by its style, or as the only heading of the first level."""
    if "title" in styles:
        return styles.index("title") + 1
    return styles.index("heading 1") + 1 if styles.count("heading 1") == 1 else None


def _styles(opened: Opened) -> dict[str, str]:
    """Id of a style -> its name in small letters."""
    found = {}
    for style in opened.styles.element.iterchildren(_W + "style"):
        name = style.find(_W + "name")
        if name is not None:
            found[style.get(_W + "styleId")] = name.get(_W + "val", "").lower()
    return found


def _parts(opened: Opened, *kinds: str) -> Iterator[Any]:
    """The root elements of the other parts that the document is made of."""
    from docx.oxml.parser import parse_xml

    for relation in opened.part.rels.values():
        if relation.reltype.endswith(kinds) and not relation.is_external:
            yield parse_xml(relation.target_part.blob)


def _blocks(parent: Any, styles: dict[str, str]) -> Iterator[_Paragraph]:
    """The lines of paragraphs and tables below an element, in their order."""
    for node in parent:
        if node.tag == _W + "p":
            yield from _paragraph(node, styles)
        elif node.tag == _W + "tbl":
            for row in _below(node, _W + "tr"):
                yield from _row(row, styles)
        elif node.tag not in _GONE:  # content controls, insertions, ...
            yield from _blocks(node, styles)


def _paragraph(node: Any, styles: dict[str, str]) -> Iterator[_Paragraph]:
    boxes: list[Any] = []
    text = "".join(_texts(node, boxes))
    style = node.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(style.get(_W + "val"), "") if style is not None else ""
    numbering = node.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    listed = numbering is not None and numbering.get(_W + "val") != "0"
    if (listed or name.startswith("list ")) and text.strip() and not name.startswith("heading"):
        text = "- " + text.lstrip()
    for line in text.split("\n"):
        if line.strip():
            yield _Paragraph(line.strip(), name)
    for box in boxes:
        yield from _blocks(box, styles)


def _texts(node: Any, boxes: list[Any]) -> Iterator[str]:
    """The pieces of a paragraph's text; the text boxes that hang on it go into `boxes`."""
    for child in node:
        if child.tag in _TEXTS:
            yield _SPACE.sub(" ", child.text or "")
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == _BOX:
            boxes.append(child)
        elif child.tag not in _GONE:
            yield from _texts(child, boxes)


def _row(row: Any, styles: dict[str, str]) -> Iterator[_Paragraph]:
    """A row of a table as one line. One cell, or two of several lines each, are there for the layout: lines of text."""
    cells = [list(_blocks(cell, styles)) for cell in _below(row, _W + "tc")]
    texts = [[line.text for line in cell] for cell in cells]
    if len(cells) == 1:
        yield from cells[0]
    elif len(cells) == 2 and min(map(len, cells)) > 1:
        for side_by_side in zip_longest(*texts):
            yield _Paragraph(CELLS.join(filter(None, side_by_side)))
    elif any(cells):
        yield _Paragraph(CELLS.join(map(" ".join, texts)))


def _below(node: Any, tag: str) -> Iterator[Any]:
    """The nearest elements of this tag below an element."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE:
            yield from _below(child, tag)
