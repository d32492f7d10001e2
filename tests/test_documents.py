"""PDF and DOCX: what of them is the article, and what is refused, with the reason."""

from __future__ import annotations

import io
import re
import socket
import struct
import sys
import tracemalloc
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from pdfs import LEFT, Picture, Words, column, locked, pdf
from searchvn.articles.docx import MAX_PARTS, MAX_UNPACKED, read_docx
from searchvn.articles.drafts import Draft, extraction
from searchvn.articles.formats import read_file
from searchvn.articles.legacy import surface
from searchvn.articles.pdf import MAX_PAGES, read_pdf
from searchvn.errors import ArticleError
from searchvn.reports import Extraction

BENCH = Path(__file__).parents[1] / "bench"
sys.path.insert(0, str(BENCH))
from encoders import written  # noqa: E402 - stands beside the benchmark that uses it too

sys.path.remove(str(BENCH))

TITLE = "Khai mạc hội sách mùa xuân"
ROWS = (  # of a paragraph 74 characters wide
    "Sáng nay, tại nhà văn hóa thôn Thủy Hòa, bà con đã họp bàn việc nạo vét",
    "kênh mương trước mùa mưa; ông trưởng thôn cho biết mỗi hộ sẽ góp một ngày",
    "công, ai bận thì góp tiền.",
)
PARAGRAPH = " ".join(ROWS)
# In fonts of the time before Unicode, long enough to be recognised.
OLD = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập, tự do, hạnh phúc. Ủy ban nhân dân tỉnh đã ban hành quyết định về "
    "việc phê duyệt kế hoạch phát triển kinh tế nông nghiệp, nông thôn và đời sống của nhân dân các xã vùng cao."
)


def body(draft: Draft) -> list[str]:
    return extraction(draft).article.body.split("\n")


def whole(draft: Draft) -> list[str]:
    """The lines of the body, and that of the title in its place."""
    lines = [(line.number, line.text) for line in draft.lines]
    return [text for _, text in sorted([*lines, *(line[1:] for line in draft.left_out if line.kind == "title")])]


def left_out(draft: Draft, kind: str) -> list[str]:
    return [line.text for line in extraction(draft).left_out if line.kind == kind]


def refusal(read: Callable[[bytes], Draft], data: bytes) -> str:
    with pytest.raises(ArticleError) as raised:
        read(data)
    assert "\n" not in str(raised.value)
    return str(raised.value)


# --- PDF: paragraphs


def page(*lines: str, top: float = 700) -> list[Words]:
    return column(*lines, top=top)


def test_rows_of_a_pdf_become_paragraphs_and_the_largest_is_the_title() -> None:
    draft = read_pdf(pdf([[*column(TITLE, size=20), *page(*ROWS, "", "Đoạn thứ hai.")]]))
    assert draft.title == TITLE
    assert body(draft) == [PARAGRAPH, "Đoạn thứ hai."]
    assert draft.evidence == {"title": "layout"}


def test_a_title_of_two_rows_is_one_title() -> None:
    heading = [*column("Khai mạc hội sách", "mùa xuân", size=20, step=26, left=200)]
    assert read_pdf(pdf([[*heading, *page(*ROWS)]])).title == TITLE


def test_an_indented_row_begins_a_paragraph() -> None:
    rows = [
        Words(LEFT + 30, 700, "Sáng nay bà con thôn Thủy Hòa họp bàn việc nạo vét kênh mương trước mùa"),
        Words(LEFT, 684, "mưa, ai cũng tán thành, họp xong là phân công từng nhà, từng đoạn một ngay"),
        Words(LEFT + 30, 668, "Ông trưởng thôn nói mỗi hộ sẽ góp một ngày công, ai bận thì góp tiền"),
        Words(LEFT, 652, "hoặc nhờ người làm thay cho mình, miễn sao kịp trước ngày rằm tháng sau."),
    ]
    assert [line.split()[0] for line in whole(read_pdf(pdf([rows])))] == ["Sáng", "Ông"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("trong ngành infor-", "mation đã có", "trong ngành information đã có"),
        ("phát triển kinh tế-", "xã hội của tỉnh", "phát triển kinh tế-xã hội của tỉnh"),
        ("chủ nghĩa Mác-", "Lênin ngày nay", "chủ nghĩa Mác-Lênin ngày nay"),
    ],
)
def test_a_hyphen_at_the_end_of_a_row_goes_only_where_it_broke_a_word(first: str, second: str, joined: str) -> None:
    rows = page("Một dòng đủ dài để biết lề phải của trang này nằm ở đâu, dài hơn nữa,", first, second)
    assert whole(read_pdf(pdf([rows])))[-1].endswith(joined)


# Two rows of one length, so that both seem to have been full.
EVEN = (
    "Bà con thôn Thủy Hòa họp bàn việc nạo vét kênh mương trước mùa mưa",
    "Ông trưởng thôn nói mỗi hộ góp một ngày công ai bận thì góp tiền ạ",
)


@pytest.mark.parametrize("marks", [("- ", "- "), ("• ", "• "), ("1. ", "2. "), ("a) ", "b) ")])
@pytest.mark.parametrize("end", [";", ""])
def test_items_of_a_list_stay_apart(marks: tuple[str, str], end: str) -> None:
    indent = LEFT if end or marks[0] == "• " else LEFT + 20
    items = [mark + row + end for mark, row in zip(marks, EVEN, strict=True)] * 2
    assert whole(read_pdf(pdf([[*column("Bàn việc chung"), *column(*items, left=indent, top=744)]])))[-4:] == items


def test_a_wide_gap_is_between_paragraphs() -> None:
    rows = (*EVEN, "", *EVEN[::-1])
    assert whole(read_pdf(pdf([page(*rows)]))) == [" ".join(EVEN), " ".join(EVEN[::-1])]


def test_rows_around_one_middle_stay_apart() -> None:
    rows = (EVEN[0], EVEN[1][:-7])
    assert whole(read_pdf(pdf([centred(300, rows)]))) == list(rows)


def test_a_row_of_a_table_is_a_line() -> None:
    table = [
        Words(x, y, text)
        for y, row in ((700, ("Hộ", "Ngày công")), (684, ("Tám", "3")))
        for x, text in zip((72, 300), row, strict=True)
    ]
    assert whole(read_pdf(pdf([[*column(TITLE, size=20), *table]])))[-2:] == ["Hộ | Ngày công", "Tám | 3"]


def test_a_raised_number_does_not_end_its_row() -> None:
    words = ("Sân phơi rộng năm mươi m", "2", "(20 bước) và đẹp.")
    row = [Words(72, 700, words[0]), Words(72 + 6 * 24, 705, words[1], 7), Words(72 + 6 * 25, 700, words[2])]
    assert whole(read_pdf(pdf([row]))) == ["Sân phơi rộng năm mươi m2 (20 bước) và đẹp."]


def test_small_print_is_no_part_of_the_paragraph_above() -> None:
    small = Words(LEFT, 684, "Bài và ảnh đã đăng trên báo Thôn", 9)
    assert whole(read_pdf(pdf([[*page(EVEN[0]), small]]))) == [EVEN[0], small.text]


@pytest.mark.parametrize("row", ["-" * 200_000, "a" * 200_000 + "1-", "(" * 200_000, "1" * 4_000, "." * 200_000])
def test_a_row_as_long_as_a_book_takes_no_longer(row: str) -> None:
    rows = [Words(LEFT, 700, row, 0.001), Words(LEFT, 684, "và một dòng nữa")]
    assert whole(read_pdf(pdf([rows])))[-1].endswith("một dòng nữa")


@pytest.mark.parametrize("odd", ["𠀀", "\0"])
def test_characters_of_two_halves_or_none_do_not_shift_the_others(odd: str) -> None:
    rows = page("Bài " + odd * 20, "", *ROWS, "", "Đoạn thứ hai.")
    assert whole(read_pdf(pdf([rows])))[-2:] == [PARAGRAPH, "Đoạn thứ hai."]


def test_columns_are_read_one_after_the_other() -> None:
    left = column("cột trái dòng một", "cột trái dòng hai.", left=72)
    right = column("cột phải dòng một", "cột phải dòng hai.", left=320)
    assert whole(read_pdf(pdf([[*left, *right]]))) == [
        "cột trái dòng một cột trái dòng hai.",
        "cột phải dòng một cột phải dòng hai.",
    ]


def test_rows_drawn_in_no_order_are_read_from_top_to_bottom() -> None:
    rows = page("Tháng giêng.", "Tháng hai thì mưa.", "Ba, tư.", "Tháng năm gặt.", "Đến tháng sáu.", "Tháng bảy.")
    assert whole(read_pdf(pdf([rows[::-1]]))) == [row.text for row in rows]


def test_text_of_a_pdf_is_nfc_without_control_characters() -> None:
    text = unicodedata.normalize("NFD", "Đường về thôn Thủy Hòa \x01\x1b đẹp 𠀀 lắm")
    (line,) = whole(read_pdf(pdf([page(text)])))
    assert unicodedata.is_normalized("NFC", line)
    assert line.split() == ["Đường", "về", "thôn", "Thủy", "Hòa", "đẹp", "𠀀", "lắm"]


# --- PDF: what is no part of the article


def pages_of_a_paper(count: int) -> list[list[Words]]:
    return [
        [
            Words(LEFT, 800, "Báo Thôn số 7" if number % 2 else "Ra ngày thứ ba"),
            *page(f"Tin thứ {number} của số báo này.", "Cuối tin."),
            Words(290, 40, f"- {number} -"),
        ]
        for number in range(9, 9 + count)
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    draft = read_pdf(pdf(pages_of_a_paper(6)))
    assert left_out(draft, "repeat") == [
        text for n in range(9, 15) for text in ("Báo Thôn số 7" if n % 2 else "Ra ngày thứ ba", f"- {n} -")
    ]
    assert [line for line in body(draft) if line.startswith("Tin")] == [
        f"Tin thứ {n} của số báo này." for n in range(9, 15)
    ]


def test_the_number_of_a_single_page_is_left_out_and_other_numbers_are_not() -> None:
    assert left_out(read_pdf(pdf([[*page("Một bài."), Words(290, 40, "Trang 1/1")]])), "repeat") == ["Trang 1/1"]
    assert body(read_pdf(pdf([[*page("Một bài."), Words(290, 40, "2021")]]))) == ["Một bài.", "2021"]


def test_a_paragraph_goes_on_over_the_page() -> None:
    pages = [[*page(*ROWS[:2], top=200), Words(290, 40, "1")], [*page(*ROWS[2:]), Words(290, 40, "2")]]
    assert whole(read_pdf(pdf(pages))) == [PARAGRAPH]


# --- PDF: properties


@pytest.mark.parametrize("title", ["Microsoft Word - bai viet moi.doc", "bài số 7.docx", "Untitled", "x", ""])
def test_a_title_that_a_program_wrote_is_none(title: str) -> None:
    assert read_pdf(pdf([page("Bài này không có tiêu đề nào, chỉ có một câu dài.")], title=title)).title == ""


def test_a_title_of_the_properties_counts_where_it_stands_in_the_text_or_the_text_has_none() -> None:
    lines = page("Tin địa phương", "", TITLE, "", *ROWS)
    draft = read_pdf(pdf([lines], title=TITLE.upper()))
    assert (draft.title, draft.evidence["title"]) == (TITLE, "properties")
    assert TITLE not in body(draft)
    draft = read_pdf(pdf([page(PARAGRAPH[:40] + ".")], title=TITLE))
    assert (draft.title, draft.evidence["title"]) == (TITLE, "properties")
    assert read_pdf(pdf([[*column(TITLE, size=20), *page(*ROWS)]], title="Mẫu báo cáo quý")).title == TITLE


def test_an_author_of_the_properties_counts_where_it_stands_in_the_text() -> None:
    draft = read_pdf(pdf([[*page(*ROWS), Words(400, 500, "Nguyễn Văn Tám")]], author="Nguyễn Văn Tám"))
    assert (draft.author, draft.evidence["author"]) == ("Nguyễn Văn Tám", "properties")
    assert read_pdf(pdf([page(*ROWS)], author="Trần Thị Máy")).author is None


def test_the_day_of_the_export_is_no_day_of_publication() -> None:
    assert b"/CreationDate" in pdf([page(*ROWS)])
    assert read_pdf(pdf([page(*ROWS)])).published is None


# --- old fonts


@pytest.mark.parametrize("name", ["tcvn3", "vni"])
def test_a_document_in_an_old_font_is_read_as_unicode(tmp_path: Path, name: str) -> None:
    data, expected = written(OLD, name)
    old = surface(data)
    (tmp_path / "a.pdf").write_bytes(pdf([[Words(LEFT, 700, old, size=3)]], title=surface(written(TITLE, name)[0])))
    (tmp_path / "a.docx").write_bytes(word(paragraph(old), title=surface(written(TITLE, name)[0])))
    for path in sorted(tmp_path.iterdir()):
        (taken,) = read_file(str(path), path.name)
        assert isinstance(taken, Extraction)
        assert (taken.article.title.lower(), taken.encoding) == (TITLE.lower(), name)
        assert taken.article.body.lower() == expected.lower()


# --- PDF: refused

PICTURE_OF_TEXT = "các trang đều là ảnh"


@pytest.mark.parametrize(
    "pages",
    [
        [[Picture()]] * 3,
        [[Picture(), Words(200, 30, "Quét bằng CamScanner")]] * 3,
        [[Picture(), Words(200, 30, "Quét bằng CamScanner")]],
        [[]],
    ],
    ids=["pictures", "pictures with a stamp", "one picture with a stamp", "nothing"],
)
def test_a_scanned_pdf_is_refused_with_what_to_do(pages: list[list[Words | Picture]]) -> None:
    assert PICTURE_OF_TEXT in refusal(read_pdf, pdf(pages)) and "OCR" in refusal(read_pdf, pdf(pages))


def test_a_scanned_page_among_others_is_listed() -> None:
    draft = read_pdf(pdf([page(*ROWS), [Picture()], page("Hết.")]))
    assert left_out(draft, "picture") == ["trang 2"]
    assert body(draft) == [PARAGRAPH, "Hết."]


def test_a_page_with_a_picture_and_text_is_a_page_of_text() -> None:
    assert body(read_pdf(pdf([[Picture(), *page(*ROWS)]]))) == [PARAGRAPH]


def test_an_encrypted_pdf_is_refused() -> None:
    assert "có mật khẩu" in refusal(read_pdf, locked(pdf([page(*ROWS)])))


@pytest.mark.parametrize("pages", [MAX_PAGES + 1, 100_000])
def test_a_pdf_of_very_many_pages_is_refused_with_the_limit(pages: int) -> None:
    reason = refusal(read_pdf, pdf([page(*ROWS)], pages_say=pages))
    assert f"{pages:,} trang".replace(",", ".") in reason and "5.000" in reason


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"<html>", pdf([page(*ROWS)])[:900], pdf([page(*ROWS)], pages_say=7)]
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    assert "bị hỏng" in refusal(read_pdf, data)


@pytest.mark.parametrize("place", ["1e39", "-1e39", "99999999999999999999999999999999999999999999", "nan"])
def test_places_beyond_all_paper_do_no_harm(place: str) -> None:
    reads_or_refuses(read_pdf, pdf([[Words(float(place), 700, "Chữ ở rất xa"), *page(*ROWS)]]))
    reads_or_refuses(read_pdf, pdf([[Words(LEFT, 700, "Chữ rất to", float(place)), *page(*ROWS)]]))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_byte_of_a_pdf_brings_anything_but_an_article_or_a_reason(data: st.DataObject) -> None:
    reads_or_refuses(read_pdf, harmed(SMALL_PDF, data))


# --- DOCX


def word(*parts: Callable[[Document], object], **properties: str) -> bytes:
    """A DOCX file, made by python-docx."""
    made = docx.Document()
    for name in ("title", "author"):
        setattr(made.core_properties, name, properties.get(name, ""))
    for part in parts:
        part(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def add(xml: str) -> Callable[[Document], object]:
    """Something that python-docx cannot make, at the end of the text."""
    names = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    return lambda made: made.element.body.insert(-1, parse_xml(xml.replace(">", f" {names}>", 1)))


def paragraph(*texts: str, style: str | None = None) -> Callable[[Document], object]:
    return lambda made: [made.add_paragraph(text, style) for text in texts]


def table(*rows: tuple[str, ...]) -> Callable[[Document], object]:
    def made_of(made: Document) -> None:
        filled = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(filled.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    return made_of


def test_a_docx_gives_headings_lists_and_tables_in_their_places() -> None:
    made = word(
        paragraph(TITLE, style="Title"),
        paragraph("Việc chung", style="Heading 2"),
        paragraph("Bà con họp bàn.\nMưa to."),
        paragraph("nạo vét kênh", style="List Bullet"),
        table(("Hộ", "Ngày công"), ("Tám", "3"), ("", "")),
        paragraph("Hết."),
    )
    draft = read_docx(made)
    assert (draft.title, draft.evidence) == (TITLE, {"title": "layout"})
    assert body(draft) == [
        "Việc chung", "Bà con họp bàn.", "Mưa to.", "- nạo vét kênh", "Hộ | Ngày công", "Tám | 3", "Hết.",
    ]  # fmt: skip


def test_a_table_of_one_column_is_text() -> None:
    assert whole(read_docx(word(table(("Một đoạn.\nHai đoạn.",))))) == ["Một đoạn.", "Hai đoạn."]


@pytest.mark.parametrize("by_row", [False, True])
def test_an_official_document_is_known_by_the_columns_at_its_head(by_row: bool) -> None:
    left = ("ỦY BAN NHÂN DÂN", "XÃ THỦY HÒA", "Số: 12/QĐ-UBND")
    right = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thủy Hòa, ngày 5 tháng 4 năm 2021",
    )
    text = ("QUYẾT ĐỊNH", "Về việc nạo vét kênh mương", "Căn cứ Luật Thủy lợi;")
    made = word(table(("\n".join(left), "\n".join(right))), paragraph(*text, PARAGRAPH))
    head = [centred(150, left), centred(420, right)]
    drawn = [words for row in zip(*head, strict=True) for words in row] if by_row else [*head[0], *head[1]]
    printed = pdf([[*drawn, *centred(297, text, top=650), *page(*ROWS, top=580)]])
    for draft in (read_docx(made), read_pdf(printed)):
        assert draft.title == "QUYẾT ĐỊNH Về việc nạo vét kênh mương"
        assert (draft.published, draft.facts["number"]) == ("2021-04-05", "12/QĐ-UBND")
        assert draft.source == "ỦY BAN NHÂN DÂN XÃ THỦY HÒA"
        assert body(draft) == ["Căn cứ Luật Thủy lợi;", PARAGRAPH]


def centred(middle: float, rows: tuple[str, ...], top: float = 760) -> list[Words]:
    return [Words(middle - 3 * len(row), top - 16 * place, row) for place, row in enumerate(rows)]


def test_the_only_heading_of_the_first_level_is_the_title_and_one_of_several_is_not() -> None:
    text = paragraph("Tin địa phương số bảy", PARAGRAPH)
    assert read_docx(word(text, paragraph(TITLE, style="Heading 1"))).title == TITLE
    assert read_docx(word(text, paragraph(TITLE, "Phần hai", style="Heading 1"))).title == "Tin địa phương số bảy"


def run(text: str, kind: str = "t") -> str:
    return f'<w:r><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


def test_a_docx_is_read_as_word_shows_it() -> None:
    gone = f"<w:del>{run('hai', 'delText')}<w:r><w:br/></w:r></w:del><w:moveFrom>{run('ba ')}</w:moveFrom>"
    changed = f"<w:p>{run('góp ')}{gone}<w:ins>{run('một ngày')}</w:ins>{run(' công')}</w:p>"
    field = f"<w:p>{run('xem ')}{run('HYPERLINK', 'instrText')}<w:hyperlink>{run('ở đây')}</w:hyperlink></w:p>"
    control = f"<w:sdt><w:sdtContent><w:p>{run('trong khung')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:txbxContent><w:p>{run('khung chữ')}</w:p></w:txbxContent>"
    drawn = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    boxed = f"<w:p>{run('trước')}<w:r>{drawn}</w:r>{run(' sau')}</w:p>"
    parts = [add(xml) for xml in (changed, field, control, boxed)]
    assert whole(read_docx(word(*parts))) == ["góp một ngày công", "xem ở đây", "trong khung", "trước sau", "khung chữ"]


def test_heads_and_contents_of_a_docx_are_left_out() -> None:
    def head(made: Document) -> None:
        made.sections[0].header.paragraphs[0].text = "Báo Thôn số 7"
        made.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)

    draft = read_docx(word(head, paragraph("Việc chung 3", style="toc 1"), paragraph(PARAGRAPH)))
    assert body(draft) == [PARAGRAPH]
    assert left_out(draft, "repeat") == ["Việc chung 3", "Báo Thôn số 7"]


def test_footnotes_stand_at_the_end() -> None:
    notes = f"""<w:footnotes {nsdecls("w")}><w:footnote w:type="separator"><w:p>{run("---")}</w:p></w:footnote>
        <w:footnote><w:p>{run("Một hộ là một nhà.")}</w:p></w:footnote></w:footnotes>"""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    made = changed(
        word(paragraph(PARAGRAPH)),
        {
            "word/footnotes.xml": lambda old: notes.encode(),
            "word/_rels/document.xml.rels": related(f'Type="{kind}" Target="footnotes.xml"'),
        },
    )
    assert whole(read_docx(made)) == [PARAGRAPH, "Một hộ là một nhà."]


def test_properties_that_word_writes_by_itself_are_no_fields() -> None:
    signed = paragraph(OLD, "Nguyễn Văn Tám.")
    draft = read_docx(word(signed, title="Mau bao cao.dotx", author="may tinh 01"))
    assert (draft.title, draft.author, draft.published) == ("", None, None)
    assert read_docx(word(signed, author="Nguyễn Văn Tám.")).author == "Nguyễn Văn Tám."


# --- DOCX: refused

Change = Callable[[bytes], bytes]


def changed(data: bytes, changes: dict[str, Change]) -> bytes:
    """The archive with some parts changed, or made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes[name](content) if name in changes else content)
    return out.getvalue()


def related(attributes: str, name: str = "rIdX") -> Change:
    """A part of relationships with one more."""
    end = "</Relationships>"
    return lambda old: old.replace(end.encode(), f'<Relationship Id="{name}" {attributes}/>{end}'.encode())


DOCUMENT = "word/document.xml"


def declaring(size: int, data: bytes) -> bytes:
    """The archive, whose directory and header declare another size of the text, and the checksum of that much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part, content = archive.getinfo(DOCUMENT), archive.read(DOCUMENT)
    for place in (part.header_offset + 14, data.index(DOCUMENT.encode(), data.index(b"PK\x01\x02")) - 46 + 16):
        told = struct.pack("<III", zlib.crc32(content[:size]), part.compress_size, size)
        data = data[:place] + told + data[place + len(told) :]
    return data


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    bomb = changed(word(), {DOCUMENT: lambda old: b" " * (MAX_UNPACKED + 1)})
    assert len(bomb) < 200_000
    assert "64 MB" in refusal(read_docx, bomb)
    assert "bom nén" in refusal(read_docx, changed(word(), {DOCUMENT: lambda old: b" " * 2_000_000}))


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_a_zip_bomb_that_declares_a_small_size_is_not_unpacked(size: int) -> None:
    noise = bytes(range(256)) * 40  # keeps the ratio low
    bomb = changed(word(), {DOCUMENT: lambda old: b"".join(noise + b" " * 1_000_000 for _ in range(60))})
    lying = declaring(size, bomb)
    tracemalloc.start()
    refusal(read_docx, lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_very_many_parts_are_refused() -> None:
    many = changed(word(), {f"word/{number}.xml": lambda old: b"" for number in range(MAX_PARTS)})
    assert "10.000" in refusal(read_docx, many)


BILLION_LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    "declared",
    [
        BILLION_LAUGHS + b"]>",
        b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://x/">',
    ],
    ids=["bomb", "file", "address"],
)
@pytest.mark.parametrize("part", [DOCUMENT, "word/_rels/document.xml.rels", "docProps/core.xml"])
def test_entities_are_not_expanded(part: str, declared: bytes) -> None:
    def with_dtd(old: bytes) -> bytes:
        return re.sub(rb"(<\?xml[^>]*>)?", lambda head: head[0] + declared, old, count=1).replace(b"<w:t>", b"<w:t>&j;")

    assert "DTD" in refusal(read_docx, changed(word(paragraph(PARAGRAPH)), {part: with_dtd}))


def test_nothing_is_loaded_from_outside() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        kinds = [
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
            f'Target="{address}{kind}" TargetMode="External"'
            for kind in ("attachedTemplate", "image", "footnotes", "header", "hyperlink")
        ]
        made = word(paragraph(PARAGRAPH))
        for number, kind in enumerate(kinds):
            made = changed(made, {"word/_rels/document.xml.rels": related(kind, f"rIdX{number}")})
        assert body(read_docx(made)) == [PARAGRAPH]
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_files_that_are_no_docx_are_refused_with_what_to_do() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    assert "lưu lại thành .docx" in refusal(read_docx, ole)
    assert "có mật khẩu" in refusal(read_docx, ole + "EncryptedPackage".encode("utf-16-le"))
    intact = word(paragraph(PARAGRAPH))
    other = changed(b"PK\x05\x06" + bytes(18), {"xl/workbook.xml": lambda old: b"<workbook/>"})
    deep = b"<w:ins>" * 5_000 + b"</w:ins>" * 5_000
    nested = changed(intact, {DOCUMENT: lambda old: old.replace(b"<w:r>", deep + b"<w:r>")})
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(intact)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))  # Word reads no such thing, and its size would not be known beforehand
    assert "bị hỏng" in refusal(read_docx, packed.getvalue())
    place = intact.index(b"PK\x01\x02") + 8  # flags of the first part, in the directory
    assert "có mật khẩu" in refusal(read_docx, intact[:place] + b"\1" + intact[place + 1 :])
    for data in (b"", "Một bài báo".encode(), intact[:-200], intact[:200], other, nested):
        assert "bị hỏng" in refusal(read_docx, data)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_byte_of_a_docx_brings_anything_but_an_article_or_a_reason(data: st.DataObject) -> None:
    reads_or_refuses(read_docx, harmed(SMALL_DOCX, data))


# --- both

SMALL_PDF = pdf([page(*ROWS), page("Hết.")], title=TITLE)
SMALL_DOCX = word(paragraph(*ROWS), table(("a", "b")))


def harmed(whole: bytes, data: st.DataObject) -> bytes:
    """The file with some bytes changed, and perhaps cut off."""
    out = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        out[place] = data.draw(st.integers(0, 255))
    return bytes(out[: data.draw(st.one_of(st.just(len(out)), st.integers(0, len(out))))])


def reads_or_refuses(read: Callable[[bytes], Draft], data: bytes) -> None:
    try:
        text = extraction(read(data)).article.body
    except ArticleError as error:
        assert str(error) and "\n" not in str(error)
    else:
        assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("library", "read", "data"), [("pypdfium2", read_pdf, SMALL_PDF), ("docx", read_docx, SMALL_DOCX)]
)
def test_a_missing_library_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, library: str, read: Callable[[bytes], Draft], data: bytes
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert "pip install 'searchvn[documents]'" in refusal(read, data)


def test_a_document_without_letters_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word(paragraph("---")))
    with pytest.raises(ArticleError, match="không có chữ"):
        list(read_file(str(tmp_path / "a.docx"), "a.docx"))
