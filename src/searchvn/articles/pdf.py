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
from typing import TYPE_CHECKING, Any

from searchvn.articles.documents import NEEDS, Document, finished, in_unicode
from searchvn.articles.drafts import Draft, Line
from searchvn.articles.paragraphs import CELLS, Paragraph, Row, in_order, is_large, paragraphs, usual_size
from searchvn.errors import ArticleError, grouped
from searchvn.reports import LeftOut

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 5_000  # half a minute of reading

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PICTURE = 3  # FPDF_PAGEOBJ_IMAGE
_BROKEN = "\ufffe"  # what PDFium gives for a hyphen and the end of the row after it
_ROW = re.compile(f"[^\r\n{_BROKEN}]+{_BROKEN}?")
_NO_TEXT = re.compile("[\0-\x1f\x7f\ud800-\udfff\ufff0-\uffff]")
_SYMBOL = re.compile("[\ue000-\uf8ff]")  # of a font with pictures for letters: in text nearly always a bullet
_BETWEEN = re.compile(r"(?<=\S) +(?=\S)")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:trang|page)\s)?\W*(\d+)(?:\s*(?:/|of|trên)\s*\d+)?\W*", re.IGNORECASE)

_WIDE_GAP = 2.5  # times the size: no gap between words of justified text
_LONGEST_NUMBER = 40  # code points of a row that is a page number
_EDGE = 3  # rows at the top, and at the bottom of a page, among which running heads stand: no more than a half
_SHORT = 5  # pages, of which two with the same row there are many
_LEAST_NUMBERED = 0.4  # of the pages have a number at the same place; left and right pages may differ
_FEW_LETTERS = 100  # on a page: what a scanner's stamp has, and no page of text
_LEAST_PICTURE = 0.5  # of a page's area; a scanned page is one picture, or a pile of strips
_OBJECTS = 500  # of a page that are looked at for pictures
_LONGEST_TITLE = 300  # code points
_SCANNED = "các trang đều là ảnh (bản quét), không có chữ: cần nhận dạng chữ (OCR) trước, ví dụ ocrmypdf -l vie CŨ MỚI"


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
    except (ArticleError, MemoryError):
        raise
    except Exception as error:  # a page that does not open; places that are no numbers; lengths that do not agree
        raise ArticleError("tệp PDF bị hỏng: có trang không đọc được") from error
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


class _Text:
    """The text of a page, and where its characters stand: in points from the lower left corner of the page.

    Characters are counted as PDFium does, in UTF-16; `text` holds the halves of pairs one by one.
    """

    def __init__(self, page: PdfPage) -> None:
        from pypdfium2 import raw

        text_page = page.get_textpage()
        self.text: str = text_page.get_text_range()
        if not self.text.isascii() and max(self.text) > "\uffff":
            self.text = "".join(map(chr, memoryview(self.text.encode("utf-16-le")).cast("H")))
        self._raw, self._page, self._kept = raw, text_page.raw, text_page  # which would close with its last name
        self._is_in_step = len(self.text) == text_page.count_chars()  # text may have more than what is drawn, or less
        self._rect = raw.FS_RECTF()

    def left(self, place: int) -> float:
        """Where a character begins."""
        return float(self._box(place).left)

    def right(self, place: int) -> float:
        """Where a character ends."""
        return float(self._box(place).right)

    def size(self, place: int) -> float:
        """The height of a character's font."""
        box = self._box(place)
        return max(float(box.top - box.bottom), 1.0)

    def base(self, place: int) -> float:
        """What a character stands on."""
        x, y = c_double(), c_double()
        self._raw.FPDFText_GetCharOrigin(self._page, self._index(place), x, y)
        return y.value

    def _box(self, place: int) -> Any:
        self._raw.FPDFText_GetLooseCharBox(self._page, self._index(place), self._rect)
        return self._rect

    def _index(self, place: int) -> int:
        if self._is_in_step:
            return place
        return max(0, int(self._raw.FPDFText_GetCharIndexFromTextIndex(self._page, place)))


def _rows(page: PdfPage, number: int) -> Iterator[Row]:
    """The rows of a page, as it draws them."""
    page_text = _Text(page)
    for found in _ROW.finditer(page_text.text):
        row = found[0].removesuffix(_BROKEN).rstrip(" ")
        start, last = found.start() + len(row) - len(row.lstrip(" ")), found.start() + len(row) - 1
        if start > last:
            continue
        size = max(page_text.size(start), page_text.size(last))  # a bullet's font may be small
        cells = _cells(page_text, row.lstrip(" "), start, size)
        shown = [_SYMBOL.sub("•", _NO_TEXT.sub(" ", _paired(cell))).strip() for cell in cells]
        if any(shown):
            left, right, base = page_text.left(start), page_text.right(last), page_text.base(start)
            yield Row(0, number, CELLS.join(shown), left, right, base, size, found[0].endswith(_BROKEN))


def _cells(page_text: _Text, row: str, start: int, size: float) -> list[str]:
    """The row, cut where a gap is wider than between words: in a table, or in the head of an official document."""
    cells, begin = [], 0
    for space in _BETWEEN.finditer(row):
        if page_text.left(start + space.end()) - page_text.right(start + space.start() - 1) > _WIDE_GAP * size:
            cells.append(row[begin : space.start()])
            begin = space.end()
    return [*cells, row[begin:]]


def _paired(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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
            if _is_number_of(page, row.text):
                numbers.add(row.number)
        pages += 1
    seen = Counter(map(_sign, edges))
    few = 2 if pages <= _SHORT else 3  # chapters have their own heads
    return numbers | {
        row.number
        for row in edges
        if seen[_sign(row)] >= (few if _LETTER.search(row.text) else max(2, _LEAST_NUMBERED * pages))
    }


def _is_number_of(page: int, text: str) -> bool:
    number = _PAGE_NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    return number is not None and int(number[1]) == page + 1


def _sign(row: Row) -> tuple[str, int]:
    return _NUMBER.sub("#", row.text), round(row.base)


def _heading(found: Sequence[Paragraph], usual: float) -> int | None:
    """The number of the largest paragraph of the first page with text, where one is larger than text."""
    first = [p for p in found if p.page == found[0].page and len(p.text) <= _LONGEST_TITLE and " " in p.text]
    largest = max(first, key=lambda paragraph: paragraph.size, default=None)  # the first of those
    return largest.number if largest and is_large(largest.size, usual) else None
