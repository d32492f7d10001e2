"""What is told of an article that comes as plain text or Markdown, and what stays out of it."""

from __future__ import annotations

import importlib
import re
import re._constants as opcodes
import re._parser as regex_parser
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchvn.articles.drafts import Draft, Line, cascade, extraction
from searchvn.articles.names import credit
from searchvn.articles.pictures import is_slug
from searchvn.articles.plain import TEXT, read_markdown, read_text
from searchvn.articles.published import read_published
from searchvn.models import Article

LEAD = (
    "Sáng nay, bà con xóm Đình nạo vét xong con mương chạy qua đồng Dưa, nơi nhiều năm bị bèo lục bình phủ kín, nước "
    "không thoát được mỗi khi mưa lớn."
)
SECOND = (
    "Theo trưởng xóm, hơn hai trăm lượt người đã góp công trong bốn ngày; phần bùn đất được chở về đắp lại con đê nhỏ "
    "phía sau nhà văn hóa, chỗ năm ngoái sạt mất một đoạn dài."
)
TITLE = "Nạo vét mương đồng Dưa"


def article(text: str) -> Article:
    return extraction(read_text(text)).article


def left_out(text: str) -> list[tuple[str, str]]:
    """Kind and text of what is left out of a plain text, the title not counted."""
    return [(line.kind, line.text) for line in extraction(read_text(text)).left_out if line.kind != "title"]


def page(*lines: str, title: str = TITLE, foot: tuple[str, ...] = ()) -> str:
    """A text: title, these lines, two paragraphs, and the foot."""
    return "\n".join([title, "", *lines, "", LEAD, "", SECOND, "", *foot])


# --- dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("01/12/2021", "2021-12-01"),
        ("1/2/2021", "2021-02-01"),
        ("01.12.2021", "2021-12-01"),
        ("1-2-2021", "2021-02-01"),
        ("30–11–2021", "2021-11-30"),
        ("ngày 01/12/2021", "2021-12-01"),
        ("02/07/2020 14:28:39", "2020-07-02T14:28:39"),
        ("07:30 ngày 2/3/2021", "2021-03-02T07:30"),
        ("7:05, 2/3/2021", "2021-03-02T07:05"),
        ("Thứ sáu, 01/04/2022 09:35", "2022-04-01T09:35"),
        ("Thứ Ba, 30/07/2019 08:00", "2019-07-30T08:00"),
        ("Thứ 7, 20/11/2021", "2021-11-20"),
        ("thứ bảy, 09:05' 20/11/2021", "2021-11-20T09:05"),
        ("Chủ nhật, ngày 5 tháng 9 năm 2021", "2021-09-05"),
        ("CN, 05/09/2021", "2021-09-05"),
        ("Thu hai, ngay 1 thang 2 nam 2021", "2021-02-01"),
        ("30/11/2021 | 14:05", "2021-11-30T14:05"),
        ("14:05 - 30/11/2021", "2021-11-30T14:05"),
        ("30/11/2021 14:05 (GMT+7)", "2021-11-30T14:05"),
        ("30/11/2021 14:05 GMT +07:00", "2021-11-30T14:05"),
        ("9h30 30/11/2021", "2021-11-30T09:30"),
        ("9 giờ 5 phút, ngày 30/11/2021", "2021-11-30T09:05"),
        ("15 giờ ngày 5 tháng 9 năm 2021", "2021-09-05T15:00"),
        ("30/11/2021 02:05 CH", "2021-11-30T14:05"),
        ("30/11/2021 12:05:09 SA", "2021-11-30T00:05:09"),
        ("30/11/2021 12:05 PM", "2021-11-30T12:05"),
        ("30/11/2021 14:05 PM", "2021-11-30T14:05"),
        ("5 Tháng Chín, 2021", "2021-09-05"),
        ("Tháng Mười Hai 1, 2021", "2021-12-01"),
        ("Tháng Mười 1, 2021", "2021-10-01"),
        ("2021/12/01 09:30", "2021-12-01T09:30"),
        ("2021-12-01", "2021-12-01"),
        ("2021-12-01 07:30:05.25+07:00", "2021-12-01T07:30:05.25+07:00"),
        ("2020-02-29T00:00Z", "2020-02-29T00:00Z"),
        ("Wed, 01 Dec 2021 09:30:00 +0700", "2021-12-01T09:30:00+07:00"),
        ("1 Dec 2021 09:30", "2021-12-01T09:30:00"),
        ("19 Th4, 2018", "2018-04-19"),
        ("Th12 1, 2021", "2021-12-01"),
        ("March 12, 2018", "2018-03-12"),
        ("3rd May 2018", "2018-05-03"),
        ("  01/12/2021\n", "2021-12-01"),
    ],
)
def test_a_written_date_is_read_day_first(text: str, date: str) -> None:
    assert read_published(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "", "2021", "12/2021", "tháng 12/2021", "20211201", "30/11/21", "31/02/2021", "29/02/2021", "0/1/2021",
        "12/31/2021", "2021-02-30", "2021-13-01", "30/11/2021 25:00", "30/11/2021 09:75", "hôm qua", "ngày 30/11",
        "hội sách 30/11/2021", "30/11/2021 bởi An", "từ 1/2/2021 đến 3/2/2021", "1/2/2021 - 3/2/2021", "1.411.2021",
        "15-9-2021-22", "Wed, 31 Feb 2021 09:30:00 +0700", "9/2021/12", "30/11/2021 14:05 (GMT+1)",
    ],
)  # fmt: skip
def test_what_leaves_a_part_open_or_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert read_published(text) is None


@given(
    st.datetimes(), st.sampled_from(["/", ".", "-"]), st.sampled_from(["{d} {t}", "{t} {d}", "{t} | {d}", "{d}, {t}"])
)
def test_any_day_and_time_is_read_as_it_was_written(when: object, sign: str, form: str) -> None:
    from datetime import datetime

    assert isinstance(when, datetime)
    if not 1800 <= when.year < 2100:
        return
    written = form.format(d=when.strftime(f"%d{sign}%m{sign}%Y"), t=when.strftime("%H:%M:%S"))
    assert read_published(written) == when.strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Ngày đăng tin: 01/12/2021", "2021-12-01"),
        ("Ngày đăng: 01/12/2021 | Lượt xem: 7", "2021-12-01"),
        ("NGÀY CẬP NHẬT: 02/07/2020 14:28:39", "2020-07-02T14:28:39"),
        ("Ngày cập nhật:\u00a002/07/2020", "2020-07-02"),
        ("Ngay cap nhat: 15/09/2020 07:45:10", "2020-09-15T07:45:10"),
        ("Cập nhật lúc: 07:30 ngày 2/3/2021", "2021-03-02T07:30"),
        ("Cập nhật 14:28 02/07/2020", "2020-07-02T14:28"),
        ("Thứ sáu, 01/04/2022 09:35", "2022-04-01T09:35"),
        ("Print Thứ Ba, 30/07/2019 08:00", "2019-07-30T08:00"),
        ("In trang | Thứ hai, 12/3/2021", "2021-03-12"),
        ("(Đồng Dưa, 24/7/2022)", "2022-07-24"),
        ("Đồng Dưa, ngày 18 tháng 9 năm 2021", "2021-09-18"),
        ("Thứ Sáu | 01/04/2022 | 09:35", "2022-04-01T09:35"),
        ("26-10-2009, 23:41   #1", "2009-10-26T23:41"),
        ("Posted on 02 Tháng Chín 2019 by Hoài An", "2019-09-02"),
        ("12 Tháng Ba, 2018 Hoài An Để lại bình luận", "2018-03-12"),
    ],
)
def test_a_labelled_date_or_a_stamp_dates_the_article_above_its_text_and_below_it(line: str, date: str) -> None:
    for text in (page(line), page(foot=(line,))):
        assert article(text).published == date
        assert ("label", line) in left_out(text)
        assert article(text).title == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 30/4/1975, cha ông về làng.", "Hội thi mở từ 01/12/2021", "Sinh ngày 01/12/2021 tại làng Dưa",
        "Ngày: 01/12/2021, tại nhà văn hóa", "Thời gian: 7 giờ ngày 01/12/2021",
        "Ngày đăng: 31/02/2021", "Thời gian: 7:30 - 01/12/2021 tại đình",
        "Thứ sáu, 31/02/2021 09:35", "Ngày 30/11", "Năm 2021", "Cập nhật lúc: 07:30",
    ],
)  # fmt: skip
def test_other_dates_and_impossible_ones_date_nothing(line: str) -> None:
    assert article(page(line)).published is None
    assert article(page(foot=(line,))).published is None


def test_a_date_in_the_middle_of_the_text_is_part_of_the_story() -> None:
    text = page(foot=("Ngày 30/05/2021", "", LEAD, "", SECOND))
    assert article(text).published is None
    assert "Ngày 30/05/2021" in article(text).body


def test_the_days_of_a_diary_date_nothing_but_a_stamp_with_a_time_above_them_does() -> None:
    days = ("01/02/2021", LEAD, "02/02/2021", SECOND)
    assert article(page(*days)).published is None
    assert "01/02/2021" in article(page(*days)).body
    dated = article(page("Thứ ba, 09/02/2021 07:00", *days))
    assert dated.published == "2021-02-09T07:00" and "01/02/2021" in dated.body


def test_the_day_of_publication_counts_for_more_than_that_of_a_change() -> None:
    assert article(page("Cập nhật: 03/03/2021", "Ngày đăng: 01/02/2021")).published == "2021-02-01"
    assert article(page("Đăng ngày 05.11.2020, cập nhật 07.11.2020 10:20")).published == "2020-11-05"


# --- titles


@pytest.mark.parametrize(
    "title",
    [
        "Ngày bầu cử ở cù lao", "Thứ sáu đen tối", "Cập nhật: bão số 6 đổ bộ", "Nguồn nước cạn dần", "Nguồn: sông Đà",
        "Tin: Nguyễn Hoàng", "Chia sẻ", "Tin mới", "Thống kê truy cập", "Bình luận", "Sen", "Tác giả bài hát ấy là ai?",
        "Theo dấu voi rừng", "Ảnh cưới của bà", "Tổ dân phố mất nước", "Hội nghị ngày 12/3/2021", "Giải bóng đá 2021",
        "Bản quyền truyền hình", "10 điều cần biết", "Chuyện chưa kể...", "Hồ Sỹ Trung",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [LEAD, "Hôm qua mất điện."])
def test_a_title_that_looks_like_something_else_is_the_title(title: str, text: str) -> None:
    found = article(f"{title}\n\n{text}\n\n{SECOND}")
    assert (found.title, found.body) == (title, f"{text}\n\n{SECOND}")


@pytest.mark.parametrize(
    "above", ["Trang chủ", "Print", "Trang chủ » Đời sống", "Trang chủ > Tin > Xã", "In trang | Chia sẻ", "Facebook"]
)
def test_a_menu_above_the_title_is_no_title(above: str) -> None:
    text = f"{above}\n{page()}"
    assert (article(text).title, left_out(text)) == (TITLE, [("menu", above)])


@pytest.mark.parametrize(
    ("foot", "kind"),
    [
        (f"QR CODE: {TITLE}", "menu"),
        (f"Tiêu đề: {TITLE}", "label"),
        (f"Bạn đang đọc bài viết “{TITLE}” tại chuyên mục Đời sống. Thư về toasoan@lang.example", "copyright"),
        (TITLE, "title"),
    ],
)
def test_a_title_may_stand_at_the_end_only(foot: str, kind: str) -> None:
    text = f"Print Thứ Ba, 30/07/2019 08:00\n\n{LEAD}\n\n{SECOND}\n\n{foot}"
    found = extraction(read_text(text))
    assert (found.article.title, found.article.body) == (TITLE, f"{LEAD}\n\n{SECOND}")
    assert (kind, foot) in [(line.kind, line.text) for line in found.left_out]


@pytest.mark.parametrize(
    "last", ["Hoài An", "Bóng cau bên thềm cũ lặng im", "Quang cảnh mương đồng Dưa sau nạo vét", "Hết"]
)
def test_a_last_line_of_other_words_is_no_title(last: str) -> None:
    assert article(f"{LEAD}\n\n{SECOND}\n\n{last}").title == ""


@pytest.mark.parametrize(
    "title",
    [
        "Nạo vét mương\nqua đồng Dưa",
        "Nạo vét mương ở\nĐồng Dưa và xóm Trại",
        "LỜI CẢM ƠN\nBÀ CON XÓM ĐÌNH GÓP CÔNG\nNẠO VÉT CON MƯƠNG ĐỒNG DƯA",
    ],
)
def test_a_title_over_several_lines_is_one(title: str) -> None:
    found = article(f"{title}\n\n{LEAD}")
    assert (found.title, found.body) == (title.replace("\n", " "), LEAD)


@pytest.mark.parametrize("byline", ["Lê Hoài An", "Tổ truyền thông xã", "Ngày đăng: 01/12/2021"])
@pytest.mark.parametrize(
    "title", ["Dân xóm Đình đội mưa đào mương cho", "Bà con xóm Đình nạo vét mương ở", "MƯƠNG ĐỒNG DƯA"]
)
def test_a_name_or_a_date_below_the_title_is_no_part_of_it(title: str, byline: str) -> None:
    byline = byline.upper() if title.isupper() else byline
    assert article(f"{title}\n{byline}\n\n{LEAD}\n\n{SECOND}").title == title


# --- where the article begins

STAMP = "12/03/2018 08:00"
PAGES = {
    "section": ("THỂ THAO", TITLE, STAMP),
    "section apart": ("Kinh tế - Xã hội", "", TITLE, ""),
    "owner": ("TRANG THÔNG TIN ĐIỆN TỬ XÃ MƠ", TITLE, f"Ngày đăng: {STAMP}"),
    "site and section": ("Sông Mơ hôm nay", "Đời sống", TITLE, STAMP),
    "print": ("[ In bài này ] [ Đóng cửa sổ ]", "", TITLE, ""),
    "menu": ("Bản tin Sông Mơ", "Trang chủ", "Rau củ", "Chuyện làng", "Trang chủ / Chuyện làng", TITLE, STAMP),
    "menu alone": ("Món chay", "Món mặn", "Bánh trái", TITLE, "Đăng bởi: Bếp Mơ", STAMP),
    "blog": (
        "Vườn Của Hoài An Ở Mơ", "Skip to content", "Home   About   Liên hệ", "← Bài cũ     Bài mới →", TITLE,
        "Posted on 12 Tháng Ba 2018 by Hoài An", "2 phản hồi",
    ),
    "forum": (
        "Làng Mơ > Chuyện xóm > Đồng áng", "Trang 1 của 3   1 2 3", "12-03-2018, 08:00   #1", "co_be_mo",
        "Senior Member", "Tham gia ngày: Feb 2010", "Bài gửi: 12", TITLE, "",
    ),
    "clock": ("BÁO SÔNG MƠ ĐIỆN TỬ", "Thứ Tư, 14/03/2018 10:00", "Đăng nhập | RSS | Liên hệ", TITLE, STAMP, "A- A A+"),
    "stamp above": ("Bỏ qua nội dung chính", "Tin hoạt động", f"{STAMP} (GMT+7)", TITLE, "Đọc bài", "Nghe bài viết"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_title_is_found_below_the_head_of_the_page(name: str) -> None:
    found = article("\n".join([*PAGES[name], LEAD, "", SECOND]))
    assert (found.title, found.body) == (TITLE, f"{LEAD}\n\n{SECOND}")
    if "2018" in "".join(PAGES[name]):
        assert (found.published or "").startswith("2018-03-12")


@pytest.mark.parametrize(
    "below",
    [
        ("Trang chủ > Đời sống", "Mương đồng Dưa đã thông sau bốn ngày nạo vét"),
        ("Đời sống", "", "Mương đồng Dưa đã thông sau bốn ngày nạo vét"),
        ("Lê Hoài An", "Trần Thu Vân", "Phạm Gia Bảo", "Ba người có công đầu"),
        ("Xóm Đình: 40", "Xóm Trại: 35", "Xóm Gò: 20"),
        ("Con mương cũ", "Nước lặng tờ", "Bèo trôi lững lờ", "Ai ngồi trông ngóng bên bờ"),
    ],
)
def test_a_title_on_top_stays_whatever_stands_between_it_and_the_text(below: tuple[str, ...]) -> None:
    found = article("\n".join([TITLE, "", *below, "", LEAD, "", SECOND]))
    assert found.title == TITLE
    assert below[-1] in found.body


def test_a_heading_that_looks_like_a_button_stays_below_the_title() -> None:
    assert article(page("Giới thiệu")).body.startswith("Giới thiệu")


def test_verses_keep_all_their_lines_where_no_paragraph_follows() -> None:
    verses = ("Con mương quê mình", "Nước trong như mắt", "Chiều về ai hát", "Bên cầu lặng thinh")
    found = article("\n".join(["Thơ làng", *verses]))
    assert (found.title, found.body) == ("Thơ làng", "\n".join(verses))


def test_the_attributes_that_a_portal_shows_above_a_document_are_left_out() -> None:
    shown = ("Văn bản", "Số ký hiệu: 12/QĐ-UBND", "Người ký: Lê Hoài An", "Ngày hiệu lực: 01/05/2021")
    found = article("\n".join([*shown, "", *STATE, "Mơ, ngày 3 tháng 4 năm 2021", "", *SUBJECT, "", *PREAMBLE]))
    assert (found.title, found.extra["number"], found.published) == (WHOLE[3], "12/QĐ-UBND", "2021-04-03")
    assert "Người ký" not in found.body and all(line in found.body for line in PREAMBLE)


# --- names


@pytest.mark.parametrize(
    ("line", "author", "source"),
    [
        ("Tác giả: Hoài An", "Hoài An", None),
        ("Tác giả: John Smith (Báo Làng)", "John Smith (Báo Làng)", None),
        ("Bài, ảnh: Hoài An", "Hoài An", None),
        ("Bài và ảnh: Hoài An - Thu Vân", "Hoài An - Thu Vân", None),
        ("Tin, ảnh: Phòng Văn hóa huyện", "Phòng Văn hóa huyện", None),
        ("Bài: Hoài An - Ảnh: Thu Vân", "Hoài An", None),
        ("Thực hiện: Nhóm phóng viên", "Nhóm phóng viên", None),
        ("Hoài An", "Hoài An", None),
        ("LÊ HOÀI AN", "LÊ HOÀI AN", None),
        ("H.An", "H.An", None),
        ("H.A.", "H.A.", None),
        ("Hoài An và Thu Vân", "Hoài An và Thu Vân", None),
        ("Hoài An thực hiện", "Hoài An", None),
        ("Tổ truyền thông xã", "Tổ truyền thông xã", None),
        ("To truyen thong xa", "To truyen thong xa", None),
        ("Theo Lê Hoài An", "Lê Hoài An", None),
        ("Theo VnExpress", None, "VnExpress"),
        ("Theo Thanh niên", None, "Thanh niên"),
        ("Theo Bản tin Sông Mơ", None, "Bản tin Sông Mơ"),
        ("(Theo RFI)", None, "RFI"),
        ("VnExpress", None, "VnExpress"),
        ("Hoài An (Theo VnExpress)", "Hoài An", "VnExpress"),
        ("Theo Hoài An/TTXVN", "Hoài An", "TTXVN"),
        ("Nguồn: Báo Làng", None, "Báo Làng"),
        ("Nguồn. langmo.example.org", None, "langmo.example.org"),
        ("(Nguồn: Báo Làng)", None, "Báo Làng"),
    ],
)
def test_a_byline_below_the_text_names_author_and_source(line: str, author: str | None, source: str | None) -> None:
    text = page(foot=(line,))
    found = article(text)
    assert (found.author, found.source) == (author, source)
    assert left_out(text) == [("byline", line)]


@pytest.mark.parametrize(
    ("line", "author", "source"),
    [
        ("* LÊ HOÀI AN, Trưởng xóm Đình", "LÊ HOÀI AN", None),
        ("Lê Hoài An", "Lê Hoài An", None),
        ("Tác giả: Hoài An", "Hoài An", None),
        ("Tổ truyền thông xã", "Tổ truyền thông xã", None),
        ("Bản tin Sông Mơ", None, "Bản tin Sông Mơ"),
        ("Bản tin Sông Mơ, chuyên mục Đời sống. Biên soạn: Cộng tác viên.", "Cộng tác viên", "Bản tin Sông Mơ"),
        ("Báo Làng – 17/04/2022 – Hoài An", "Hoài An", "Báo Làng"),
        ("Hoài An | 17/04/2022 | 14:05", "Hoài An", None),
    ],
)
def test_a_byline_above_the_text_names_author_and_source(line: str, author: str | None, source: str | None) -> None:
    found = article(page(line))
    assert (found.title, found.author, found.source) == (TITLE, author, source)
    assert line not in found.body


@pytest.mark.parametrize(
    "last",
    [
        "Mương đã thông", "Xin cảm ơn bà!", "Hết", "Hà Nội", "Việt Nam", "Theo quy định", "Theo dòng nước", "- Hoài An",
        "Bạn nghĩ sao về điều này", "Bản đồ mương", "Hội làng bên sông", "Tin vui", "Báo động đỏ", "(Còn nữa)", "1.563",
        "Ban đầu ai cũng lo", "Tổ chức từ năm ngoái", "Phòng chống hạn hán", "Khoa học của ruộng đồng",
    ],
)  # fmt: skip
def test_a_last_line_that_is_no_name_stays(last: str) -> None:
    found = article(page(foot=(last,)))
    assert (found.author, found.source) == (None, None)
    assert found.body.endswith(last)


@pytest.mark.parametrize(
    "foot",
    [
        ("Danh sách trúng giải:", "Lê Hoài An", "Trần Thu Vân", "Phạm Gia Bảo"),
        ("Nơi nhận:", "- Như trên;", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Lê Hoài An"),
        ("Kính gửi: Ủy ban nhân dân xã", "", "Lê Hoài An"),
    ],
)
def test_neither_a_list_of_names_nor_a_signature_names_an_author(foot: tuple[str, ...]) -> None:
    found = article(page(foot=foot))
    assert found.author is None
    assert found.body.endswith(foot[-1])


def test_names_that_head_the_parts_of_an_article_did_not_write_it() -> None:
    found = article(
        "\n\n".join(["Hai người giữ mương", "Lê Hoài An", LEAD, "Trần Thu Vân", SECOND, LEAD, SECOND, "Hết"])
    )
    assert found.author is None
    assert "Lê Hoài An" in found.body and "Trần Thu Vân" in found.body


def test_who_posted_an_article_did_not_write_it() -> None:
    found = article(page("Người đăng tin: Lê Hoài An Ngày đăng tin: 01/12/2021 Lượt xem: 1.563"))
    assert (found.author, found.published) == (None, "2021-12-01")
    assert found.extra == {"poster": "Lê Hoài An", "views": 1563}


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Copyright 2020 by BÁO LÀNG MƠ", "BÁO LÀNG MƠ"),
        ("Bản quyền thuộc về Báo Làng. Ghi rõ nguồn khi đăng lại.", "Báo Làng"),
        ("© 2021 Trang tin xã Mơ. All rights reserved.", "Trang tin xã Mơ"),
        ("Bản quyền © 2019 - 2021 thuộc về Cổng thông tin xã Mơ", "Cổng thông tin xã Mơ"),
        ("Copyright 2020 by Công ty Phần mềm", None),
    ],
)
def test_a_copyright_line_names_the_publication(line: str, source: str | None) -> None:
    text = page(foot=(line,))
    assert (article(text).source, left_out(text)) == (source, [("copyright", line)])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Viết bởi Lê Hoài An    Thứ tư, 20 Tháng 11 2013 07:30", ("Lê Hoài An", "2013-11-20T07:30", {})),
        ("Viết bởi: Lê Hoài An", ("Lê Hoài An", None, {})),
        ("Bởi admin | Lượt xem 77", (None, None, {"poster": "admin", "views": 77})),
        ("Posted by Hoài An on March 12, 2018", (None, "2018-03-12", {"poster": "Hoài An"})),
        ("Thời gian: 06:30 - 24/08/2017", (None, "2017-08-24T06:30", {})),
        ("Đọc: 512 lần", (None, None, {"views": 512})),
        ("Lượt đã xem bài này: 1.248", (None, None, {"views": 1248})),
    ],
)
def test_labels_of_other_systems_are_read(line: str, told: tuple[object, ...]) -> None:
    found = article(page(line))
    assert (found.author, found.published, found.extra) == told
    assert left_out(page(line))[0][1] == line


@pytest.mark.parametrize(
    "line", ["Bởi vì mương tắc", "Viết bởi ai đó trong xóm", "Đánh giá: mương đã thông", "Bởi nước mà nên"]
)
def test_words_that_begin_like_a_label_stay(line: str) -> None:
    assert line in article(page(line)).body
    assert line in article(page(foot=(line,))).body


def test_the_time_of_an_event_is_no_date_of_publication() -> None:
    event = ("Thời gian: 08:00 - 12/03/2021", "Địa điểm: nhà văn hóa xóm Đình")
    assert article(page(*event)).published is None
    assert article(page(*event)).body.startswith("\n".join(event))


@pytest.mark.parametrize(
    "below",
    [
        ("Tags: mương, làng",), ("Từ khóa: mương",), ("File đính kèm: muong.docx", "Đánh giá: (0/5)"),
        ("Ngày in: 22/11/2006 09:13:55",), ("Gửi qua Yahoo! Messenger | Lưu vào Zing Me",), ("(Rút từ tập Sông Mơ)",),
    ],
)  # fmt: skip
def test_a_byline_is_found_above_what_systems_add(below: tuple[str, ...]) -> None:
    found = article(page(foot=("Lê Hoài An", "", *below)))
    assert (found.author, found.body) == ("Lê Hoài An", f"{LEAD}\n\n{SECOND}")


def test_a_bracket_below_the_author_names_the_source() -> None:
    found = article(page(foot=("Lê Hoài An", "", "(Mekong Mơ)")))
    assert (found.author, found.source) == ("Lê Hoài An", "Mekong Mơ")


@pytest.mark.parametrize(
    ("tag", "source"),
    [
        ("(MTO) - ", "MTO"), ("(Bản tin xã) – ", "Bản tin xã"), ("(Cadn.com.vn) – ", "Cadn.com.vn"),
        ("(Tổng hợp) - ", None), ("(HĐND) - ", None), ("(MTO) ", None),
    ],
)  # fmt: skip
def test_a_publication_in_brackets_before_the_first_sentence_is_the_source_and_stays(tag: str, source: str) -> None:
    found = article(f"{TITLE}\n\n{tag}{LEAD}\n\n{SECOND}")
    assert (found.source, found.body) == (source, f"{tag}{LEAD}\n\n{SECOND}")


def test_entities_in_names_are_spelled_out() -> None:
    assert article(page(foot=("Theo TT&amp;VH",))).source == "TT&VH"


def test_names_are_told_apart_from_words() -> None:
    assert credit("Thuỷ Tiên - Gia Bảo").author == "Thuỷ Tiên - Gia Bảo"
    assert credit("Hội nghị bàn việc mương máng của xã ta") == (None, None)
    assert credit("Hoài An " * 20) == credit("") == credit("(") == (None, None)


# --- furniture

FOOT: tuple[tuple[str, str], ...] = (
    ("byline", "Hoài An"),
    ("menu", " Liên hệ - Góp ý \u00a0Quay lại!"),
    ("menu", "Chia sẻ: In | Gửi thư | Lưu tin"),
    ("menu", "Facebook"),
    ("comments", "Bình luận của bạn:"),
    ("comments", "Bình luận bạn đọc (2)"),
    ("comments", "- Cho hỏi bao giờ làm tới xóm Trại?"),
    ("comments", "- Việc này bà con mong đã lâu, cảm ơn các bác."),
    ("comments", "Gửi bình luận | Chia sẻ"),
    ("related", "CÁC TIN KHÁC"),
    ("related", "Xã Mơ thay ống nước cũ (8/8/2020)"),
    ("related", "Đội thuyền thúng vớt rác trên sông Mơ (7/8/2020)"),
    ("related", "Chuyên mục, tin tức liên quan:"),
    ("related", "Bến cá có cầu tàu mới"),
    ("menu", "Tìm kiếm Tìm kiếm nâng cao >>"),
    ("menu", "Tiện ích thông tin"),
    ("menu", "Nguồn tin"),
    ("menu", "QR Code"),
    ("menu", "Mã QR Code truy cập vào trang của xã"),
    ("counter", "Thống kê truy cập Thống kê truy cập"),
    ("counter", "0 0 3 2 3 5 3 3 8 0"),
    ("counter", "Hôm nay: 1.563"),
    ("counter", "Tổng cộng: 32.353.380"),
    ("counter", "Đang trực tuyến: 14"),
    ("counter", "93401966"),
    ("copyright", "Copyright 2020 by BÁO LÀNG MƠ"),
    ("copyright", "Địa chỉ: số 5 đường Mơ, xã Mơ; điện thoại: 0123.456.789."),
    ("copyright", "Giấy phép số 12/GP-TTĐT do Sở Thông tin và Truyền thông cấp ngày 5/6/2019. " * 3),
    ("spam", "cheap bags outlet shop cheap bags outlet"),
)


def test_the_foot_of_a_page_is_left_out_line_by_line() -> None:
    text = page(foot=tuple(line for _, line in FOOT))
    assert left_out(text) == list(FOOT)
    found = article(text)
    assert (found.title, found.body) == (TITLE, f"{LEAD}\n\n{SECOND}")
    assert (found.author, found.source, found.published) == ("Hoài An", "BÁO LÀNG MƠ", None)


@pytest.mark.parametrize("marker", [line for kind, line in FOOT if kind != "byline"])
def test_running_text_is_never_left_out_because_of_what_stands_above_it(marker: str) -> None:
    found = article(page(marker, foot=(marker, "", LEAD.replace("Đình", "Trại"), "", SECOND.replace("xóm", "thôn"))))
    for paragraph in (LEAD, SECOND, LEAD.replace("Đình", "Trại"), SECOND.replace("xóm", "thôn")):
        assert paragraph in found.body


@pytest.mark.parametrize("marker", ["Tin khác", "QR Code", "Trực tuyến"])
def test_a_short_sentence_below_a_marker_is_left_in(marker: str) -> None:
    sentence = "Mương sẽ được kè đá trước mùa mưa năm sau."
    assert article(page(foot=(marker, sentence))).body.endswith(sentence)


@pytest.mark.parametrize(
    "line",
    [
        "Hôm nay", "Tổng cộng", "Email: xommo@lang.example", "Liên hệ", "Giới thiệu", "Tổng cộng: 12 suất quà", "Video",
        "Điện thoại: 0123.456.789", "Xây dựng và giữ gìn", "Cơ quan chủ quản vào cuộc", "=> Mương đã thông", "► Mương",
        "Địa chỉ: nhà văn hóa xóm Đình", "Mọi việc đã xong (5/6)", "1.563",
    ],
)  # fmt: skip
def test_a_line_that_an_article_may_end_with_stays_where_nothing_else_tells(line: str) -> None:
    text = page(foot=(line,))
    assert (article(text).body.endswith(line), left_out(text)) == (True, [])


@pytest.mark.parametrize(
    "lines",
    [
        ("Xóm Đình - xóm Trại (3-1)", "Xóm Bãi - xóm Gò (2-2)"),
        ("| Xóm Đình | 200 công |", "| Xóm Đình | 200 công |"),
        ("Ơi con mương quê ta", "Mương dẫn nước đi đâu", "Mương dẫn nước đi đâu", "Ơi con mương quê ta"),
    ],
)
def test_results_rows_and_verses_stay(lines: tuple[str, ...]) -> None:
    foot = [line for place, line in enumerate(lines) if "dẫn" not in line or line not in lines[:place]]
    assert article(page(foot=lines)).body.endswith("\n".join(foot if "Ơi" in lines[0] else lines))


def test_a_short_title_may_be_the_refrain_of_a_song() -> None:
    found = article(f"Mương quê\n\n{LEAD}\n\nMương quê\n\n{SECOND}\n\nMương quê")
    assert found.body.count("\nMương quê") == 2


COMMENT = "Xóm tôi cũng có con mương như vậy, năm nào mưa xuống cũng ngập tới sân, mong xã về xem giúp bà con với ạ."


@pytest.mark.parametrize(
    "foot",
    [
        (f"2 thoughts on “{TITLE}”", "Thu Vân nói:", "03.09.2019 lúc 07:12", COMMENT, "Trả lời"),
        ("Thu Vân nói:", "03.09.2019 lúc 07:12", COMMENT, "Trả lời", "Gửi phản hồi Hủy trả lời"),
        ("13-03-2018, 09:12   #2", "nguoi_lang", "Newbie", COMMENT),
        ("Bình luận (2)", "Thu Vân", COMMENT, "Trả lời", "Gia Bảo", COMMENT.replace("tôi", "em"), "Trả lời"),
        ("Trả lời kèm trích dẫn", "Sửa lần cuối bởi co_be_mo; 12-03-2018 lúc 09:00."),
        ("Có 12 thành viên cảm ơn co_be_mo vì bài viết này",),
        ("Bài này đã được đăng trong Chuyện làng và được gắn thẻ mương. Đánh dấu đường dẫn tĩnh.",),
    ],
)  # fmt: skip
def test_what_readers_and_systems_write_below_an_article_is_left_out(foot: tuple[str, ...]) -> None:
    assert article(page(foot=foot)).body == f"{LEAD}\n\n{SECOND}"


@pytest.mark.parametrize(
    "lines",
    [
        ("3 ý kiến về “đào mương”", COMMENT), ("Trưởng xóm nói:", COMMENT), ("Hỏi", COMMENT, "Trả lời", COMMENT[::-1]),
        ("12 người thích ăn cá mương nướng",), ("Xếp hạng #2", COMMENT),
    ],
)  # fmt: skip
def test_a_story_about_replies_keeps_its_lines(lines: tuple[str, ...]) -> None:
    assert article(page(foot=lines)).body.endswith("\n".join(lines))


@pytest.mark.parametrize(
    ("foot", "kept"),
    [
        (("Văn bản cùng lĩnh vực", "14/QĐ-UBND\tVề việc đắp đê"), ()),
        (("Mua ngay", "Sản phẩm bán chạy", "Cải ngồng 500g", "25.000₫", "Thêm vào giỏ"), ()),
        (("Thống kê thành viên", "Thành viên : 112", "Nội dung : 530"), ()),
        (("Sách bán chạy", "Dế mèn phiêu lưu ký", "Đất rừng phương Nam"), ("Sách bán chạy", "Đất rừng phương Nam")),
        (("Trước - Sau",), ("Trước - Sau",)),
    ],
)
def test_lists_of_systems_are_left_out_and_those_of_articles_stay(foot: tuple[str, ...], kept: tuple[str, ...]) -> None:
    found = article(page(foot=foot))
    assert all(line in found.body for line in kept)
    assert kept or found.body == f"{LEAD}\n\n{SECOND}"


def test_a_label_in_the_foot_does_not_replace_the_title() -> None:
    assert article(page(foot=("Tiêu đề: Bến cá có cầu tàu mới",))).title == TITLE


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("Tin liên quan", "Bến cá có cầu tàu mới", "Xóm Trại có điện"), ()),
        (("Xem thêm: Bến cá có cầu tàu mới",), ()),
        ((">> Bến cá có cầu tàu mới",), ()),
        (("Xem thêm:", "Bến cá có cầu tàu mới", "", "Mương thông rồi, nước chảy đều."), ("Mương thông rồi",)),
    ],
)
def test_other_news_amid_an_article_are_left_out(lines: tuple[str, ...], kept: tuple[str, ...]) -> None:
    found = article(page(foot=(*lines, "", LEAD.replace("Đình", "Trại"), "", SECOND.replace("xóm", "thôn"))))
    assert "cầu tàu" not in found.body and LEAD.replace("Đình", "Trại") in found.body
    assert all(text in found.body for text in kept)


def test_spam_is_told_from_foreign_names_and_titles() -> None:
    spam = "izmit nakliyat firmasi izmit nakliyat firmasi"
    assert left_out(page(foot=(spam,))) == [("spam", spam)]
    for line in ("The Sun Also Rises", "Johann Sebastian Bach", "toasoan@lang.example", "https://lang.example/a"):
        assert article(page(foot=(line,))).body.endswith(line)


# --- pictures


@pytest.mark.parametrize(
    ("above", "kind", "caption"),
    [
        ("nao-vet-muong-dong-dua", "slug", "Con mương sau khi nạo vét."),
        ("naovetmuongdongdua", "slug", "Con mương sau khi nạo vét."),
        ("IMG_0012.jpg", "slug", "Con mương sau khi nạo vét."),
        (TITLE, "repeat", "Con mương sau khi nạo vét."),
        ("Con mương sau khi nạo vét.", "repeat", "Con mương sau khi nạo vét."),
    ],
)
def test_a_line_below_what_a_picture_left_is_its_caption(above: str, kind: str, caption: str) -> None:
    text = page(foot=(above, caption, "", LEAD.replace("Đình", "Trại")))
    assert article(text).extra["captions"] == [caption]
    assert left_out(text) == [(kind, above)]
    assert article(text).body.count(caption) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Quang cảnh buổi nạo vét", "Toàn cảnh đồng Dưa.", "Mương cạn trước ngày nạo vét. Ảnh: Hoài An",
        "Mương cạn (Ảnh: Hoài An)", "Trưởng xóm phát biểu tại buổi ra quân",
        "Bà con xóm Đình chuyền tay nhau từng thúng bùn lên bờ mương",
        "Tổ thủy nông xóm Đình bên mô hình cống “nước về làng”", "Con mương trên bản đồ của xã. Ảnh chụp màn hình.",
    ],
)  # fmt: skip
def test_captions_are_told_and_stay_in_the_body(line: str) -> None:
    found = article(page(foot=(line, "", LEAD.replace("Đình", "Trại"))))
    assert found.extra == {"captions": [line]}
    assert line in found.body


@pytest.mark.parametrize(
    "line",
    [
        "Vì sao mương tắc", "Mương tắc từ bao giờ, ai cũng nhớ.", "Anh: nước lớn nhất châu Âu", "1. Đào trước mùa mưa",
        "Kính gửi: Các cụ, các ông bà và bà con xóm Đình xa quê",
        "Ngày ấy cũng thế này, chỉ khác là không ai chụp ảnh.",
    ],
)  # fmt: skip
def test_headings_and_short_sentences_are_no_captions(line: str) -> None:
    assert article(page(foot=(line, "", LEAD.replace("Đình", "Trại")))).extra == {}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("le-hoi-lang-mo", True), ("lehoilangmo", True), ("DSC00123", True), ("le hoi 2.JPG", True),
        ("z2345678901", True), ("le-hoi", False), ("international", False), ("langmo.example.org", False),
        ("COVID-19", False), ("banana", False), ("lễ-hội-làng", False),
        ("#lehoilangmo", False), ("", False), ("1-2-2021.", False), ("Lê-ô-na-đô", False),
    ],
)  # fmt: skip
def test_names_of_files_are_told_from_words(text: str, slug: bool) -> None:
    assert is_slug(text) is slug


# --- official documents

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "---------------")
SUBJECT = ("QUYẾT ĐỊNH", "Về việc giao chỉ tiêu trồng cây", "phân tán năm 2021")
PREAMBLE = (
    "ỦY BAN NHÂN DÂN XÃ MƠ",
    "Căn cứ Luật Lâm nghiệp ngày 15 tháng 11 năm 2017;",
    "Điều 1. Giao mỗi xóm 200 cây.",
)
WHOLE = (
    "12/QĐ-UBND",
    "2021-04-03",
    "ỦY BAN NHÂN DÂN XÃ MƠ",
    "QUYẾT ĐỊNH Về việc giao chỉ tiêu trồng cây phân tán năm 2021",
)
PARTY = ("77-HD/BTC", "2021-09-05", "BAN TỔ CHỨC", "HƯỚNG DẪN về sinh hoạt chi bộ")
LETTER = ("118/UBND-VP", "2020-09-03", "UBND XÃ MƠ", "V/v lắp thêm lối thoát nạn")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            ("ỦY BAN NHÂN DÂN", "XÃ MƠ", "-----", "Số: 12/QĐ-UBND", *STATE, "Mơ, ngày 3 tháng 4 năm 2021", "",
             *SUBJECT),
            WHOLE,
        ),
        (
            ("ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "XÃ MƠ\tĐộc lập - Tự do - Hạnh phúc",
             "Số: 12/QĐ-UBND\tMơ, ngày 03 tháng 4 năm 2021", "", *SUBJECT),
            WHOLE,
        ),
        (
            ("HUYỆN ỦY MƠ", "BAN TỔ CHỨC", "*", "Số 77-HD/BTC", "ĐẢNG CỘNG SẢN VIỆT NAM", "Mơ, ngày 5 tháng 9 năm 2021",
             "", "HƯỚNG DẪN", "về sinh hoạt chi bộ"),
            PARTY,
        ),
        (
            ("UBND XÃ MƠ          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
             "Số: 118/UBND-VP      Độc lập - Tự do - Hạnh phúc",
             "V/v lắp thêm lối thoát nạn       Mơ, ngày 03 tháng 9 năm 2020", "", "Kính gửi: Các hộ trong xã."),
            LETTER,
        ),
    ],
)  # fmt: skip
def test_an_official_document_is_told_by_its_form(head: tuple[str, ...], told: tuple[str, ...]) -> None:
    found = extraction(read_text("\n".join([*head, "", *PREAMBLE, "", LEAD, "", "CHỦ TỊCH", "", "Lê Hoài An"]))).article
    assert (found.extra["number"], found.published, found.source, found.title) == told
    assert found.author is None
    assert all(line in found.body for line in PREAMBLE)
    assert "Độc lập" not in found.body and "Số" not in found.body


def test_what_an_official_document_leaves_open_is_not_known() -> None:
    head = (
        "UBND XÃ MƠ",
        "Số:     /QĐ-UBND",
        *STATE,
        "Mơ, ngày    tháng    năm 2021",
        "",
        "QUYẾT ĐỊNH",
        "Về việc đào mương",
    )
    found = extraction(read_text("\n".join([*head, "", *PREAMBLE]))).article
    assert (found.title, found.source, found.published, found.extra) == (
        "QUYẾT ĐỊNH Về việc đào mương", "UBND XÃ MƠ", None, {},
    )  # fmt: skip


def test_a_letter_to_an_office_has_its_own_title_and_a_story_about_documents_is_none() -> None:
    letter = article("\n".join([*STATE[:2], "", "ĐƠN XIN ĐÀO MƯƠNG", "", "Kính gửi: Ủy ban nhân dân xã", LEAD]))
    assert (letter.title, letter.source) == ("ĐƠN XIN ĐÀO MƯƠNG", None)
    story = page("Số: 12/QĐ-UBND", "NGHỊ QUYẾT")
    assert (article(story).title, article(story).extra) == (TITLE, {})
    assert "NGHỊ QUYẾT" in article(story).body


# --- lines broken at a width


def wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


@pytest.mark.parametrize("width", [60, 72, 78, 99])
def test_lines_broken_at_a_width_are_joined_to_paragraphs(width: int) -> None:
    broken = [line for text in (LEAD, SECOND, LEAD, SECOND) for line in (*wrapped(text, width), "")]
    text = "\n".join([TITLE, "", "Ngày đăng: 01/12/2021", "", *broken, "Hoài An"])
    found = article(text)
    assert found.body == "\n\n".join((LEAD, SECOND, LEAD, SECOND))
    assert (found.title, found.published, found.author) == (TITLE, "2021-12-01", "Hoài An")


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Con mương quê nắng chang chang, bèo xanh lấp kín lối sang đồng Dưa,",
            "Bốn ngày vớt mấy thuyền vừa, nước về ngọt ruộng cho mùa lúa thơm;",
        ) * 3,
        (
            "- Đào mương trước mùa mưa ở đồng Dưa và các xóm chung quanh làng",
            "- Đắp đê sau nhà văn hóa xóm Đình cho cao hơn năm ngoái nửa thước",
        ) * 3,
        (
            "Mương đồng Dưa đã thông từ chiều qua, nước chảy đều về cống Trại.",
            "Bà con xóm Đình kéo nhau ra xem cả buổi, chỉ trỏ cười nói mãi thôi.",
        ) * 3,
    ],
)  # fmt: skip
def test_verses_lists_and_single_sentences_stay_lines(lines: tuple[str, ...]) -> None:
    draft = read_text("\n".join([TITLE, "", *lines]))
    assert set(lines) <= {line.text for line in draft.lines} | {line.text for line in draft.left_out}


# --- Markdown


def markdown(text: str) -> Article:
    return extraction(read_markdown(text)).article


def test_front_matter_gives_the_fields() -> None:
    head = ["---", 'title: "Mương đồng Dưa"', "date: 01/12/2021", "authors: [Hoài An, Thu Vân]", "source: Báo Làng"]
    text = "\n".join([*head, "url: https://lang.example/muong", "tags:", "  - làng", "---", "", "# Mương", "", LEAD])
    found = markdown(text)
    assert (found.title, found.published, found.author, found.source, found.url) == (
        "Mương đồng Dưa", "2021-12-01", "Hoài An, Thu Vân", "Báo Làng", "https://lang.example/muong",
    )  # fmt: skip
    assert found.body == f"Mương\n\n{LEAD}"


@pytest.mark.parametrize(
    "text", [f"---\n\n{LEAD}\n\n---\n\n{SECOND}", f"---\ntitle: A\n\n{LEAD}", f"---\n{LEAD}\n---\n"]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert LEAD in markdown(f"{text}\n").body


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Nước **chảy** đều, *rất* đều.", "Nước chảy đều, rất đều."),
        ("Nước __chảy__ _đều_.", "Nước chảy đều."),
        ("Xem [bản đồ](https://lang.example/a?b=1 \"Bản đồ\") mương.", "Xem bản đồ mương."),
        ("![Mương sau nạo vét](muong.jpg)", "Mương sau nạo vét"),
        ("## Vì sao mương tắc ##", "Vì sao mương tắc"),
        ("> Mương thông thì ruộng tốt.", "Mương thông thì ruộng tốt."),
        ("- Đào **trước** mưa", "- Đào trước mưa"),
        ("1. Đào trước mưa", "1. Đào trước mưa"),
        ("| Xóm | Công |", "| Xóm | Công |"),
        ("Gọi `a**b**c` và __init__ và snake_case_name.", "Gọi `a**b**c` và __init__ và snake_case_name."),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        ("Dấu ** lẻ và [ngoặc] không.", "Dấu ** lẻ và [ngoặc] không."),
        ("    x = **đậm**", "    x = **đậm**"),
    ],
)  # fmt: skip
def test_marks_are_taken_off_where_they_are_marks(written: str, read: str) -> None:
    found = markdown(f"# {TITLE}\n\n{LEAD}\n\n{written}\n\n{SECOND}")
    assert found.body == f"{LEAD}\n\n{read}\n\n{SECOND}"


def test_code_stays_as_it_is_written() -> None:
    code = "```\n# không phải đề mục\n**x**\n```"
    assert code in markdown(f"# {TITLE}\n\n{LEAD}\n\n{code}\n\n{SECOND}").body


def test_an_underlined_title_and_labels_with_marks_are_read() -> None:
    found = markdown(f"{TITLE}\n=====\n\n**Tác giả:** Hoài An\n\n*Ngày đăng: 01/12/2021*\n\n{LEAD}\n\n{SECOND}")
    assert (found.title, found.author, found.published, found.body) == (
        TITLE, "Hoài An", "2021-12-01", f"{LEAD}\n\n{SECOND}",
    )  # fmt: skip


# --- the cascade as a whole


def test_what_is_known_stays_and_labels_leave_the_body_all_the_same() -> None:
    lines = page("Ngày đăng: 01/12/2021", "Tác giả: Thu Vân", foot=("Copyright 2020 by BÁO LÀNG MƠ",)).split("\n")[1:]
    known = Draft(
        tuple(Line(number, line) for number, line in enumerate(lines, start=1)),
        title="Tên khác", published="2020-01-01", author="Hoài An", source="Báo Xóm",
    )  # fmt: skip
    found = extraction(cascade(known, TEXT))
    taken = found.article
    assert (taken.title, taken.published, taken.author, taken.source) == (
        "Tên khác",
        "2020-01-01",
        "Hoài An",
        "Báo Xóm",
    )
    assert (taken.body, found.evidence) == (f"{LEAD}\n\n{SECOND}", {})


def test_the_evidence_names_the_stage_of_every_field() -> None:
    found = extraction(read_text(page("Thứ sáu, 01/04/2022 09:35", foot=("Hoài An", "Nguồn: Báo Làng"))))
    assert found.evidence == {"title": "first line", "published": "stamp", "author": "byline", "source": "labels"}


SHAPES = st.sampled_from(
    [
        "", "", " ", "\u00a0", TITLE, LEAD, SECOND, *(line for _, line in FOOT), *STATE, *SUBJECT, *PREAMBLE,
        "Ngày đăng: 01/12/2021", "Thứ sáu, 01/04/2022 09:35", "01/02/2021", "Tác giả: Hoài An", "Theo VnExpress",
        "nao-vet-muong-dong-dua", "Quang cảnh đồng Dưa", "* LÊ HOÀI AN, Trưởng xóm", "Số: 12/QĐ-UBND", "- một việc",
        "Mương", "***", "12345", "Print", "Trang chủ", "qua đồng Dưa", "Tin khác", "Xem thêm: Bến cá", "\t", "((", ":",
        "Kính gửi: Ủy ban", "Mơ, ngày 3 tháng 4 năm 2021", "Danh sách:", "Lê Hoài An", "Mương đã thông.", "—",
        *wrapped(LEAD, 70), *wrapped(SECOND, 70),
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(SHAPES, max_size=30))
def test_every_line_is_in_the_body_or_left_out_once_and_in_order(lines: list[str]) -> None:
    draft = read_text("\n".join(lines))
    whole = sorted(
        [*((line.number, line.text) for line in draft.lines), *((line.number, line.text) for line in draft.left_out)]
    )
    assert " ".join(" ".join(text for _, text in whole).split()) == " ".join(" ".join(lines).split())
    assert len({number for number, _ in whole}) == len(whole)


@settings(max_examples=200)
@given(st.lists(SHAPES, max_size=30))
def test_no_running_text_is_left_out_and_no_title_is_made_up(lines: list[str]) -> None:
    found = extraction(read_text("\n".join(lines)))
    gone = Counter(line.text for line in found.left_out if line.kind not in ("title", "repeat"))
    assert not gone[LEAD] and not gone[SECOND]
    source = " ".join(" ".join(lines).split())
    for text in (found.article.title, found.article.author or "", found.article.source or ""):
        assert text in source


# --- bounded work

HOSTILE = {
    "spaces": " " * 300_000,
    "digits": "1" * 300_000,
    "dates": "1/2/2021 " * 30_000,
    "labels": "Tác giả: " * 30_000,
    "many labels": "Tác giả: An\n" * 20_000,
    "stamps": "Thứ sáu, 01/04/2022 09:35\n" * 20_000,
    "brackets": "[" * 100_000 + "](" * 50_000,
    "stars": "*a" * 100_000,
    "rules": "-" * 300_000,
    "slugs": "a-" * 100_000,
    "syllables": "ba" * 100_000,
    "short lines": "Tin khác\nMương\n\n" * 10_000,
    "names": "Lê Hoài An\n" * 20_000,
    "buttons": "in " * 100_000,
    "quotes": "> " * 100_000,
    "credits": "Ảnh: " * 50_000,
    "copyright": "© " * 100_000,
    "state": "\n".join([*STATE, "A" * 200_000]),
    "front": "---\n" + "a:" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_to_their_end(name: str) -> None:
    for read in (read_text, read_markdown):
        draft = read(HOSTILE[name])
        assert sum(len(line.text) for line in (*draft.lines, *draft.left_out)) <= len(HOSTILE[name])


def _calls(text: str) -> int:
    """Python functions that reading a text enters: work that is counted, not timed."""
    count = 0

    def tell(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tell)
    try:
        read_markdown(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit", ["Lê Hoài An\n", "Tin khác\n\n", "01/02/2021\n", "nao-vet-muong\n", f"{LEAD}\n\n", "1 2 3\n"]
)
def test_twice_the_lines_are_at_most_twice_the_work(unit: str) -> None:
    assert _calls(unit * 4_000) <= 2.2 * _calls(unit * 2_000)


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in (
        "beginnings bylines furniture labels looks markdown mastheads names official pictures published shapes stamps "
        "threads titles wrapping"
    ).split():
        for name, value in vars(importlib.import_module(f"searchvn.articles.{module}")).items():
            values = value if isinstance(value, tuple) else (value,)
            yield from ((f"{module}.{name}", one) for one in values if isinstance(one, re.Pattern))


def _nested(parsed: object, inside: bool = False) -> bool:
    """True when an unlimited repetition stands in another one: what makes a regular expression hang."""
    for operation, argument in parsed:  # type: ignore[attr-defined]
        again = inside
        if operation in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT):
            unlimited = argument[1] is opcodes.MAXREPEAT
            if unlimited and inside:
                return True
            again = inside or unlimited
        parts = argument if isinstance(argument, tuple | list) else ()
        for part in parts:
            inner = part if isinstance(part, list) else [part]
            if any(isinstance(one, regex_parser.SubPattern) and _nested(one, again) for one in inner):
                return True
    return False


def test_no_expression_repeats_repetitions_without_end() -> None:
    assert _nested(regex_parser.parse(r"(?:a+b)*")) and not _nested(regex_parser.parse(r"(?:a{1,5}b)*c+"))
    patterns = list(_patterns())
    assert len(patterns) > 40
    assert [name for name, pattern in patterns if _nested(regex_parser.parse(pattern.pattern, pattern.flags))] == []
