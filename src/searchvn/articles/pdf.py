"""A PDF file -> the article in it, through PDFium.

Main name: `read_pdf`. Invariants: pages come in their order, and the rows of a page in the order in which the
file draws them, unless that has none; nothing is drawn, run or loaded from outside; a file whose pages are pictures of
text is an `ArticleError`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_double
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from searchvn.articles.documents import NEEDS, Document, finished, in_unicode
from searchvn.articles.drafts import Draft, Line
from searchvn.articles.paragraphs import Paragraph, Row, in_order, is_large, paragraphs, usual_size
from searchvn.errors import ArticleError, grouped
from searchvn.models import LeftOut

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

MAX_PAGES = 5_000  # half a minute of reading

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PICTURE = 3  # FPDF_PAGEOBJ_IMAGE
_BROKEN = "\ufffe"  # what PDFium gives for a hyphen and the end of the row after it
_ROW = re.compile(f"[^\r\n{_BROKEN}]+{_BROKEN}?")
_NO_TEXT = re.compile("[\0-\x1f\x7f\ud800-\udfff\ufff0-\uffff]")
_SYMBOL = re.compile("[\ue000-\uf8ff]")  # of a font with pictures for letters: in text nearly always a bullet
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:trang|page)\s)?\W*(\d+)(?:\s*(?:/|of|trên)\s*\d+)?\W*", re.IGNORECASE)

_EDGE = 3  # rows at the top, and at the bottom of a page, among which running heads stand: no more than a half
_SHORT = 5  # pages, of which two with the same row there are many
_LEAST_NUMBERED = 0.4  # of the pages have a number at the same place; left and right pages may differ
_FEW_LETTERS = 100  # on a page: what a scanner's stamp has, and no page of text
_LEAST_PICTURE = 0.5  # of a page's area; a scanned page is one picture, or a pile of strips
_OBJECTS = 500  # of a page that are looked at for pictures
_LONGEST_TITLE = 300  # code points
_SCANNED = "các trang đều là ảnh (bản quét), không có chữ: cần nhận dạng chữ (OCR) trước, ví dụ ocrmypdf -l vie CŨ MỚI"


class _Letter(NamedTuple):
    """Where a character stands, in points from the lower left corner of its page; `base` is what it stands on."""

    left: float
    right: float
    base: float
    size: float


def read_pdf(data: bytes) -> Draft:
    """The article of a PDF file.

    Raises `ArticleError` for a file that is damaged, encrypted, too long, or without text.
    """
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ImportError as error:
        raise ArticleError(f"thiếu thư viện đọc PDF: {NEEDS}") from error
    try:
        pdf = PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise ArticleError("tệp PDF có mật khẩu: bỏ mật khẩu rồi chạy lại") from error
        raise ArticleError("không phải tệp PDF, hoặc tệp PDF bị hỏng, bị cắt ngang") from error
    try:
        if len(pdf) > MAX_PAGES:
            most = f"nhiều nhất {grouped(MAX_PAGES)}; tách ra"
            raise ArticleError(f"tệp PDF có {grouped(len(pdf))} trang, quá nhiều cho một bài ({most})")
        return finished(_document(pdf))
    except PdfiumError as error:
        raise ArticleError("tệp PDF bị hỏng: có trang không mở được") from error
    finally:
        pdf.close()


def _document(pdf: PdfDocument) -> Document:
    rows: list[Row] = []
    scanned: list[int] = []  # pages
    for page in range(len(pdf)):
        opened = pdf[page]
        try:
            found = in_order(list(_rows(opened, page)))
            rows += found
            if _letters(found) < _FEW_LETTERS and _is_picture(opened):
                scanned.append(page)
        finally:
            opened.close()
    texts, encoding = in_unicode([row.text for row in rows])
    rows = [row._replace(number=n, text=text) for n, (row, text) in enumerate(zip(rows, texts, strict=True), start=1)]
    running = _running(rows)
    kept = [row for row in rows if row.number not in running]
    if not _letters(kept) or {row.page for row in kept if _LETTER.search(row.text)} <= set(scanned):
        raise ArticleError(_SCANNED)
    found_paragraphs = list(paragraphs(kept))
    heads = [LeftOut("repeat", row.number, row.text) for row in rows if row.number in running]
    pictures = [LeftOut("picture", len(rows) + n, f"trang {page + 1}") for n, page in enumerate(scanned, start=1)]
    properties = pdf.get_metadata_dict()
    return Document(
        lines=tuple(Line(paragraph.number, paragraph.text) for paragraph in found_paragraphs),
        left_out=(*heads, *pictures),
        heading=_heading(found_paragraphs, usual_size(kept)),
        title=properties.get("Title", ""),
        author=properties.get("Author", ""),
        encoding=encoding,
    )


def _rows(page: PdfPage, number: int) -> Iterator[Row]:
    """The rows of a page, as it draws them."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    wide = not text.isascii() and max(text) > "\uffff"
    for found in _ROW.finditer(text):
        row = found[0]
        shown = _SYMBOL.sub("•", _NO_TEXT.sub(" ", row)).strip()
        if not shown:
            continue
        start, end = found.start() + len(row) - len(row.lstrip()), found.start() + len(row.rstrip(f"{_BROKEN} ")) - 1
        if wide:  # PDFium counts halves of pairs
            start, end = _units(text[:start]), _units(text[:end])
        first, last = _letter(text_page, start), _letter(text_page, end)
        size = max(first.size, last.size)  # a bullet's font may be small
        yield Row(0, number, shown, first.left, last.right, last.base, size, row.endswith(_BROKEN))


def _letter(text_page: PdfTextPage, place: int) -> _Letter:
    """The character at this place of the text, counted in UTF-16."""
    from pypdfium2.raw import FPDFText_GetCharIndexFromTextIndex, FPDFText_GetCharOrigin

    index = max(0, FPDFText_GetCharIndexFromTextIndex(text_page, place))
    left, bottom, right, top = text_page.get_charbox(index, loose=True)
    x, y = c_double(), c_double()
    FPDFText_GetCharOrigin(text_page, index, x, y)
    return _Letter(left, right, y.value, max(top - bottom, 1.0))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _letters(rows: Sequence[Row]) -> int:
    return sum(len(_LETTER.findall(row.text)) for row in rows)


def _is_picture(page: PdfPage) -> bool:
    area = 0.0
    for drawn in islice(page.get_objects(max_depth=3), _OBJECTS):
        if drawn.type == _PICTURE:
            left, bottom, right, top = drawn.get_bounds()
            area += (right - left) * (top - bottom)
    return bool(area >= _LEAST_PICTURE * page.get_width() * page.get_height())


def _running(rows: Sequence[Row]) -> set[int]:
    """Numbers of the rows that stand at the same place of many pages (numbers in them apart), and of page numbers."""
    edges: list[Row] = []
    numbers: set[int] = set()
    pages = 0
    for page, group in groupby(rows, key=lambda row: row.page):
        by_height = sorted(group, key=lambda row: -row.base)
        edge = max(1, min(_EDGE, len(by_height) // 4))
        edges += {row.number: row for row in by_height[:edge] + by_height[-edge:]}.values()
        for row in (by_height[0], by_height[-1]):
            if (number := _PAGE_NUMBER.fullmatch(row.text)) and int(number[1]) == page + 1:
                numbers.add(row.number)
        pages += 1
    seen = Counter(map(_sign, edges))
    few = 2 if pages <= _SHORT else 3  # chapters have their own heads
    return numbers | {
        row.number
        for row in edges
        if seen[_sign(row)] >= (few if _LETTER.search(row.text) else max(2, _LEAST_NUMBERED * pages))
    }


def _sign(row: Row) -> tuple[str, int]:
    return _NUMBER.sub("#", row.text), round(row.base)


def _heading(found: Sequence[Paragraph], usual: float) -> int | None:
    """The number of the largest paragraph of the first page with text, where one is larger than text."""
    first = [p for p in found if p.page == found[0].page and len(p.text) <= _LONGEST_TITLE and " " in p.text]
    largest = max(first, key=lambda paragraph: paragraph.size, default=None)  # the first of those
    return largest.number if largest and is_large(largest.size, usual) else None
