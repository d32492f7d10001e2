"""What is read of an HTML page: its article as readers see it, what it declares of itself, and nothing that harms."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import trafilatura
from hypothesis import given
from hypothesis import strategies as st

from searchvn.articles import html
from searchvn.articles.drafts import Draft, extraction
from searchvn.articles.formats import read_file
from searchvn.articles.html import read_html
from searchvn.errors import ArticleError
from searchvn.models import Article
from searchvn.reports import Extraction
from support import lay

SHARED = Path(__file__).parents[2] / "shared" / "html"

# --- whole pages


def read(page: str) -> Extraction:
    return extraction(read_html(page))


def body(page: str) -> list[str]:
    return read(page).article.body.split("\n")


def left_out(page: str) -> dict[str, str]:
    return {line.text: line.kind for line in read(page).left_out}


PAGE = """<!DOCTYPE html>
<html lang="vi"><head>
<meta charset="utf-8">
<title>Hồ nước đầu làng được nạo vét - Báo Làng</title>
<meta property="og:title" content="Hồ nước đầu làng được nạo vét">
<meta property="og:site_name" content="Báo Làng">
<meta name="author" content="Hoài An">
<meta property="article:published_time" content="2021-12-01T07:30:00+07:00">
<link rel="canonical" href="https://vi-du.example/ho-nuoc">
<script>var dem = 'bộ đếm truy cập';</script>
</head><body>
<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin nóng trong ngày</a></li></ul></nav>
<article><h1>Hồ nước đầu làng được nạo vét</h1>
<p>Sau ba tuần làm việc, bà con đã nạo vét xong hồ nước đầu làng, nơi nhiều năm bị bèo phủ kín mặt.</p>
<p>Ông trưởng thôn cho biết hồ sẽ trữ nước cho vụ ha&#768;nh tới và làm chỗ dạo mát cho người già, trẻ nhỏ.</p>
</article>
<footer>Bản quyền thuộc về Báo Làng. Ghi rõ nguồn khi đăng lại.</footer>
</body></html>
"""


def test_a_page_gives_the_article_in_it(tmp_path: Path) -> None:
    path = lay(tmp_path, {"hồ.html": PAGE}) / "hồ.html"
    (found,) = read_file(str(path), "hồ.html")
    assert isinstance(found, Extraction) and found.article == Article(
        id="hồ.html",
        file="hồ.html",
        path=str(path),
        title="Hồ nước đầu làng được nạo vét",
        published="2021-12-01T07:30:00",
        author="Hoài An",
        source="Báo Làng",
        url="https://vi-du.example/ho-nuoc",
        body="Sau ba tuần làm việc, bà con đã nạo vét xong hồ nước đầu làng, nơi nhiều năm bị bèo phủ kín mặt.\n"
        "Ông trưởng thôn cho biết hồ sẽ trữ nước cho vụ hành tới và làm chỗ dạo mát cho người già, trẻ nhỏ.",
    )
    assert {line.text: line.kind for line in found.left_out} == {
        "Trang chủ": "menu",
        "Tin nóng trong ngày": "menu",
        "Hồ nước đầu làng được nạo vét": "title",
        "Bản quyền thuộc về Báo Làng. Ghi rõ nguồn khi đăng lại.": "copyright",
    }
    assert found.evidence == {
        **dict.fromkeys(("title", "published", "author", "source", "url"), "meta"),
        "body": "trafilatura, precise",
    }


NEWSPAPER = """<!DOCTYPE html><html><head><title>Làng gốm ven sông đỏ lửa trở lại - Tuổi Vàng Online</title>
<meta property="og:site_name" content="TUOI VANG ONLINE"><meta name="author" content="TUOI VANG ONLINE">
<meta property="og:description" content="Những lò gốm bên sông đã được nhóm lại nhờ lớp thợ trẻ.">
</head><body class="menu-open">
<header><ul class="menu-nav"><li><a href="/">Trang chủ</a></li><li><a href="/van-hoa">Văn hóa</a></li></ul></header>
<div class="main"><div class="sidebar-1">
<div class="detail-top"><a href="/van-hoa">Văn hóa</a> <time datetime="2023-03-05T08:15+07:00">5-3-2023</time></div>
<h1 class="detail-title">Làng gốm ven sông đỏ lửa trở lại</h1>
<div class="author-info"><img src="moc-mien.jpg"><a class="name" href="/tac-gia/moc-mien">Mộc Miên</a></div>
<div class="topbar"><h2>Làng gốm ven sông đỏ lửa trở lại</h2></div>
<h2 class="sapo">Những lò gốm bên sông đã được nhóm lại nhờ lớp thợ trẻ.</h2>
<div class="detail-content">
<figure><div><img src="a.jpg"></div><figcaption><p>Người thợ trẻ vuốt gốm - Ảnh: MỘC MIÊN</p></figcaption></figure>
<p>Từ sáng sớm, khói đã bay lên từ ba chiếc lò ở cuối làng, nơi ông Tư Lạch cùng con trai chất từng giỏ củi khô.</p>
<p>Ông kể, hồi trước cả làng có hơn bốn chục lò, ghe buôn đậu kín bến sông chờ ăn hàng, rồi lò tắt dần.</p>
<div class="boxRelatedNews"><a href="/x">Về xóm lưới nghe chuyện mùa cá linh</a><p>Mùa nước nổi, xóm lưới lại rộn ràng,
nhà nhà vá lưới chuẩn bị cho những chuyến đi dài ngày trên đồng nước mênh mông.</p></div>
<h3>Lớp thợ mới</h3>
<p>Năm kia, con trai ông bỏ việc trên phố, về quê học lại từ đầu cách <b>nhào</b> đất, cách xem l<i>ửa</i>.</p>
<ul><li>Đất lấy ở bãi bồi, ủ ba tháng.</li><li>Lửa đốt bằng củi nhãn.</li></ul>
<table border="1"><tr><td><p>Năm</p></td><td>Số lò<br>còn đỏ lửa</td></tr><tr><td>2019</td><td></td></tr>
<tr><td>2023</td><td><p>3</p></td></tr></table>
<p style="display: none">Đoạn này không ai thấy trên trang báo, dù nó nằm ngay giữa bài viết về làng gốm ven sông.</p>
<p>“Gốm chín thì nó kêu trong lắm”, anh cười, tay gõ nhẹ lên miệng chum vừa ra lò còn ấm hơi lửa.</p>
</div>
<div class="comment-box"><p>Ý kiến (1)</p><p>Hay quá, quê tui hồi trước cũng có lò gốm vậy, giờ đọc mà nhớ mùi
khói lò ngày xưa quá trời.</p></div></div>
<div class="right"><h3>Đọc nhiều</h3><a href="/1">Bến đò xưa thành chợ nổi</a></div></div></body></html>
"""


def test_an_article_is_read_whole_and_as_its_page_shows_it() -> None:
    found = read(NEWSPAPER)
    article = found.article
    assert (article.title, article.published, article.author, article.source, article.url) == (
        "Làng gốm ven sông đỏ lửa trở lại", "2023-03-05T08:15", "Mộc Miên", "TUOI VANG ONLINE", None,
    )  # fmt: skip
    assert article.body.split("\n") == [
        "Những lò gốm bên sông đã được nhóm lại nhờ lớp thợ trẻ.",
        "Người thợ trẻ vuốt gốm - Ảnh: MỘC MIÊN",
        "Từ sáng sớm, khói đã bay lên từ ba chiếc lò ở cuối làng, nơi ông Tư Lạch cùng con trai chất từng giỏ củi khô.",
        "Ông kể, hồi trước cả làng có hơn bốn chục lò, ghe buôn đậu kín bến sông chờ ăn hàng, rồi lò tắt dần.",
        "Lớp thợ mới",
        "Năm kia, con trai ông bỏ việc trên phố, về quê học lại từ đầu cách nhào đất, cách xem lửa.",
        "- Đất lấy ở bãi bồi, ủ ba tháng.",
        "- Lửa đốt bằng củi nhãn.",
        "Năm | Số lò còn đỏ lửa",
        "2019 |",
        "2023 | 3",
        "“Gốm chín thì nó kêu trong lắm”, anh cười, tay gõ nhẹ lên miệng chum vừa ra lò còn ấm hơi lửa.",
    ]
    assert article.extra == {"captions": ["Người thợ trẻ vuốt gốm - Ảnh: MỘC MIÊN"]}
    kinds = "menu menu menu title byline title related related comments comments menu related"
    assert [line.kind for line in found.left_out] == kinds.split()
    assert [line.number for line in found.left_out] == sorted({line.number for line in found.left_out})


def test_a_page_inside_a_form_and_layout_tables_is_read_line_by_line() -> None:
    page = """<form id="aspnetForm"><table><tr><td colspan="2"><img src="banner.jpg"></td></tr><tr>
    <td><table><tr><td><a href="#">Giới thiệu</a></td></tr><tr><td><a href="#">Văn bản</a></td></tr></table></td>
    <td><b>Huyện Bến Lau ra quân dọn rác kênh trục</b><br><br><font>Sáng nay, hơn hai trăm đoàn viên các xã ven kênh
    đã ra quân vớt rác, phát cỏ, khơi thông dòng chảy trước mùa mưa bão.<br><br>Lãnh đạo huyện yêu cầu mỗi xã duy trì
    một buổi dọn kênh mỗi tháng, không để rác ứ đọng gây ngập ruộng.<br>Đến trưa, các lực lượng đã vớt được gần mười tấn
    rác.</font></td></tr></table></form>"""
    article = read(page).article
    assert [line for line in (article.title, *article.body.split("\n")) if line] == [
        "Huyện Bến Lau ra quân dọn rác kênh trục",
        "Sáng nay, hơn hai trăm đoàn viên các xã ven kênh đã ra quân vớt rác, phát cỏ, khơi thông dòng chảy trước mùa "
        "mưa bão.",
        "Lãnh đạo huyện yêu cầu mỗi xã duy trì một buổi dọn kênh mỗi tháng, không để rác ứ đọng gây ngập ruộng.",
        "Đến trưa, các lực lượng đã vớt được gần mười tấn rác.",
    ]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<tr><th>Xã</th><th>Hộ</th></tr><tr><td>Bến Lau</td><td>412</td></tr>", ["Xã | Hộ", "Bến Lau | 412"]),
        ("<caption>Hộ</caption><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr>", ["Hộ", "A | 1", "B | 2"]),
        ("<tr><td></td><td>2019</td></tr><tr><td>Lò</td><td><p>1</p><p>cái</p></td></tr><tr><td>Thợ</td><td>9</td></tr>",
         ["| 2019", "Lò | 1 cái", "Thợ | 9"]),
        ("<tr><td>Nơi nhận:</td><td>Chủ tịch xã</td></tr>", ["Nơi nhận:", "Chủ tịch xã"]),
        ("<tr><td>Một ô</td></tr><tr><td>Hai ô</td></tr>", ["Một ô", "Hai ô"]),
        (f"<tr><td>Mục</td><td>{'Chữ ' * 300}</td></tr><tr><td>A</td><td>1</td></tr>",
         ["Mục", ("Chữ " * 300).strip(), "A", "1"]),
    ],
)  # fmt: skip
def test_rows_of_a_table_are_lines_and_layout_tables_are_not_there(table: str, lines: list[str]) -> None:
    page = PAGE.replace("<p>Ông", f"<table>{table}</table><p>Ông")
    assert body(page)[1:-1] == lines


PHOTOS = """<h1>Ba tấm ảnh mùa nước nổi</h1><p>Nước lên, đồng trắng, chim về.</p><table><tr><td>
<table><tr><td><img src="1.jpg"></td></tr><tr><td><p>Xuồng ba lá chở đầy bông súng ra chợ.</p></td></tr></table>
<table><tr><td><img src="2.jpg"></td></tr><tr><td>Trẻ con chăn vịt chạy đồng.</td></tr></table>
<p>Mùa này, cá linh theo nước về, bông điên điển vàng cả bờ kinh, nhà nào cũng có nồi lẩu mắm.</p></td></tr></table>"""


def test_captions_stay_in_the_body_once_and_are_a_fact() -> None:
    article = read(PHOTOS).article
    captions = ["Xuồng ba lá chở đầy bông súng ra chợ.", "Trẻ con chăn vịt chạy đồng."]
    assert article.body.split("\n")[1:3] == captions and article.extra == {"captions": captions}


@pytest.mark.parametrize(
    "fragment",
    [
        "<div>Chiều qua, mưa đá trút xuống bản.<br><br>Bà con đang dựng lại mái lán.</div>",
        "<p>Chiều qua, mưa đá trút xuống bản.</p><p>Bà con đang dựng lại mái lán.",
        "Chiều qua, mưa đá trút xuống bản.<BR>Bà con đang dựng lại mái lán.",
        "<pre>Chiều qua,  mưa đá trút xuống bản.\nBà con đang dựng lại mái lán.</pre>",
        "<table><tr><td>Chiều qua, mưa đá trút xuống bản.<p>Bà con đang dựng lại mái lán.</table>",
        "<frameset></frameset><div><b>Chiều qua, mưa đá trút xuống bản.</b><div>Bà con đang dựng lại mái lán.",
    ],
)
def test_a_tiny_page_is_an_article(fragment: str) -> None:
    assert body(fragment) == ["Chiều qua, mưa đá trút xuống bản.", "Bà con đang dựng lại mái lán."]


LISTING = "".join(
    f"<div><a href='/{n}'>Tin số {n} đáng chú ý trong ngày hôm nay</a><p>Đoạn dẫn của tin số {n} nói qua vài điều, đủ "
    "để người đọc tò mò mà bấm vào đọc tiếp bài viết ở trang khác của báo.</p></div>"
    for n in range(12)
)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", ""),
        ("<html><body><script>dem(1)</script><p> </p></body></html>", ""),
        ("<html><head><title>Chỉ có tên bài</title></head></html>", ""),
        ("<title>null</title><h1>null</h1><p>null</p>", ""),
        ("<p>Trang chủ</p><p>Liên hệ</p>", ""),
        ("<h2>Đăng nhập</h2><p>Vui lòng đăng nhập để tiếp tục.</p><form>Tên <input><input type='password'></form>",
         "trang đăng nhập"),
        (f"<html><body>{LISTING}</body></html>", "danh sách tin"),
        ("<ul>" + "<li><a href='#'>Một tin hay mà ai cũng nên bấm vào</a></li>" * 30 + "</ul><p>Báo ra hằng ngày.</p>",
         "danh sách tin"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_refused(page: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=f"không tìm thấy bài viết trong trang HTML.*{reason}"):
        read_html(page)


def test_a_short_article_beside_many_teasers_is_found() -> None:
    news = "Chiều qua, mưa đá trút xuống bản Pha Lúa chừng mười phút, làm dập nhiều nương ngô non của bà con."
    page = f"<body><div><h1>Mưa đá ở bản vùng cao Pha Lúa</h1><p>{news}</p></div><div>{LISTING}</div></body>"
    assert body(page) == [news]


def test_data_that_programs_left_in_a_page_is_no_text() -> None:
    page = PAGE.replace("</article>", '", "key": [ "ao làng" ], "trends": [ { "word": "hồ", "weight": "5" }</article>')
    assert body(page) == body(PAGE) and "code" in left_out(page).values()


def test_no_more_is_kept_of_what_is_left_out_than_anyone_reads() -> None:
    menu = "".join(f"<li><a href='#'>Mục {n}</a></li>" for n in range(3000))
    found = read(PAGE.replace("<footer>", f"<ul>{menu}</ul><footer>{'dài ' * 5000}"))
    assert found.article.body == read(PAGE).article.body
    assert len(found.left_out) == html.MAX_LEFT_OUT and max(len(line.text) for line in found.left_out) < 2_000


# --- what pages declare


PARAGRAPHS = PAGE[PAGE.index("<p>") : PAGE.index("</article>")]


def page_with(head: str = "", above: str = "") -> str:
    return f"<html><head>{head}</head><body>{above}<div>{PARAGRAPHS}</div></body>"


def linked_data(*nodes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes if len(nodes) > 1 else nodes[0])}</script>'


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Mùa sen nở rộ - Báo Làng Sen</title>", "", "Mùa sen nở rộ"),
        ("<title>Mùa sen nở rộ | Tạp chí Ao Hồ</title>", "", "Mùa sen nở rộ"),
        ("<title>Mùa sen nở rộ – langsen.vn</title>", "", "Mùa sen nở rộ"),
        ("<title>Mùa sen nở rộ - Đời sống - Làng Sen</title>", "Mùa sen nở rộ", "Mùa sen nở rộ"),
        ("<title>Mùa sen nở - Làng Sen</title><meta property='og:site_name' content='Làng Sen'>", "", "Mùa sen nở"),
        ("<title>Mùa sen - Lang Sen</title><link rel=canonical href='https://www.langsen.com.vn/a'>", "", "Mùa sen"),
        ("<title>Hà Nội - Huế - Sài Gòn</title>", "", "Hà Nội - Huế - Sài Gòn"),
        ("<title>Ô nhiễm ao làng - Báo động đỏ</title>", "", "Ô nhiễm ao làng - Báo động đỏ"),
        ("<title>Báo Làng Sen mở hội - Báo Làng Sen</title>", "", "Báo Làng Sen mở hội"),
        ("<title>Báo Làng Sen</title><meta property='og:site_name' content='Báo Làng Sen'>", "Mùa sen", "Mùa sen"),
        ("<title>null</title>", "Mùa sen nở rộ", "Mùa sen nở rộ"),
        ("<meta property='og:title' content='Sen &amp;amp; súng'>", "", "Sen & súng"),
        ("<meta property='og:title' content='Sen'>" + linked_data({"@type": "Article", "headline": "Ao"}), "", "Ao"),
    ],
)  # fmt: skip
def test_a_title_is_freed_from_the_name_of_the_site(head: str, heading: str, title: str) -> None:
    assert read(page_with(head, f"<h1>{heading}</h1>")).article.title == title


def test_a_heading_that_is_the_name_of_the_site_is_no_title() -> None:
    head = "<title>Mùa sen nở rộ - Người Làng Sen</title>"
    article = read(page_with(head, "<h1>Người Làng Sen</h1>")).article
    assert article.title == "Mùa sen nở rộ" and "Người Làng Sen" not in article.body


def test_a_heading_that_is_not_the_declared_title_is_not_lost() -> None:
    heading = "Ba tuần vớt bèo, hồ làng soi bóng"
    article = read(page_with("<meta property='og:title' content='Hồ nước đầu làng'>", f"<h1>{heading}</h1>")).article
    assert (article.title, article.body.split("\n")[0]) == ("Hồ nước đầu làng", heading)


def published(head: str = "", above: str = "") -> str | None:
    return read(page_with(head, above)).article.published


@pytest.mark.parametrize(
    ("declared", "date"),
    [
        ("2021-12-01T07:30:05+07:00", "2021-12-01T07:30:05"),
        ("2021-12-01T07:30+0700", "2021-12-01T07:30"),
        ("2021-12-01 07:30:00", "2021-12-01T07:30:00"),
        ("2021-12-01T00:30:00Z", "2021-12-01T00:30:00Z"),
        ("2021-12-01T00:30:00.000+00:00", "2021-12-01T00:30:00.000+00:00"),
        ("2021-12-01", "2021-12-01"),
        ("01/12/2021 07:30", "2021-12-01T07:30"),
        ("2021-02-30", None),
        ("0001-01-01T00:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("hôm qua", None),
    ],
)
def test_a_declared_date_is_iso_and_on_the_clock_of_vietnam_where_it_says_so(declared: str, date: str | None) -> None:
    assert published(f"<meta property='article:published_time' content='{declared}'>") == date
    assert published(linked_data({"@type": ["Thing", "NewsArticle"], "datePublished": declared})) == date
    assert published("", f"<h1>Hồ làng</h1><time datetime='{declared}'>x</time>") == date


def test_a_date_with_its_time_says_more_than_the_day_alone() -> None:
    day, moment = "<meta property='article:published_time' content='2021-12-01'>", "2021-12-01T07:30"
    assert published(day + f"<meta name='pubdate' content='{moment}'>") == moment
    assert published(day + "<meta name='pubdate' content='2021-12-05T07:30'>") == "2021-12-01"


def test_a_visible_date_counts_where_none_is_declared_and_today_does_not() -> None:
    today, own = "<p>Thứ bảy, 22/11/2025</p>", "<p>Đăng lúc: 01/12/2021 07:30 | Lượt xem: 1.204</p>"
    heading = "<h1>Hồ làng ta đã sạch bèo</h1>"
    assert published("", today + heading + own) == published("", own + heading) == "2021-12-01T07:30"
    assert body(page_with("", today + heading + own)) == body(PAGE)
    assert read(page_with("", heading + own)).article.extra == {"views": 1204}
    assert read(PAGE.replace("Bản quyền", "Lượt xem: 1.204. Tổng truy cập: 9.999. Bản quyền")).article.extra == {
        "views": 1204
    }


def test_what_readers_do_not_see_and_what_is_said_of_others_is_no_date() -> None:
    assert published("", "<!-- 01/12/2021 07:30 -->") is None
    assert published("<meta property='article:modified_time' content='2021-12-01'>") is None
    others = "<div class='related'><a href='#'>Tin khác</a> <time datetime='2021-12-01'>x</time></div>"
    assert read(page_with().replace("</body>", others)).article.published is None


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ({"author": {"@type": "Person", "name": "Hoài An"}}, "Hoài An"),
        ({"author": [{"name": "Hoài An"}, {"name": "Thu Vân"}, {"name": "Hoài An"}]}, "Hoài An, Thu Vân"),
        ({"author": "Hoài An"}, "Hoài An"),
        ({"author": {"@type": "Organization", "name": "Ban Bạn đọc"}}, None),
        ({"author": {"name": "Báo Làng"}, "publisher": {"name": "Báo Làng"}}, None),
        ({"author": {"name": "https://mang-xa-hoi.example/hoaian"}}, None),
        ({"author": {"name": "admin"}}, None),
        ({"author": [[{"name": {"a": 1}}], 5, None]}, None),
    ],
)
def test_an_author_is_a_person_that_the_page_names(head: dict[str, object], author: str | None) -> None:
    assert read(page_with(linked_data({"@type": "Article", **head}))).article.author == author


def test_articles_of_json_ld_are_found_where_the_page_speaks_of_itself() -> None:
    own = {
        "@type": "NewsArticle",
        "headline": "Hồ làng",
        "publisher": {"name": "Báo Làng"},
        "url": "https://a.example/ho",
    }
    other = {"@type": "NewsArticle", "headline": "Tin khác", "datePublished": "2020-01-01"}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    for head in (linked_data(own), linked_data(listed, own), linked_data({"@graph": [{"@type": "WebSite"}, own]})):
        article = read(page_with(head)).article
        assert (article.title, article.published, article.source, article.url) == (
            "Hồ làng", None, "Báo Làng", "https://a.example/ho",
        )  # fmt: skip
    assert read(page_with("<title>Hồ làng - Báo Làng</title>" + linked_data(other, own))).article.source == "Báo Làng"
    assert published(linked_data(other, own)) is None, "which of the two it is cannot be known"


@pytest.mark.parametrize(
    "broken", ["{", "[" * 100_000, '{"@type": "Article", "headline": 5}', "null", "\0", "[[[[]]]]"]
)
def test_json_ld_that_says_nothing_leaves_the_word_to_others(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script><meta property="og:title" content="Hồ làng">'
    assert read(page_with(head)).article.title == "Hồ làng"


def test_microdata_names_the_author_whose_line_is_then_no_part_of_the_body() -> None:
    page = page_with(above="<h1>Hồ làng</h1>").replace("</div>", "<p itemprop='author'>Hoài An</p></div>")
    assert read(page).article.author == "Hoài An" and body(page) == body(PAGE)
    assert left_out(page)["Hoài An"] == "byline"


# --- hostile pages

PROSE = "Bà con trong thôn đã họp bàn việc nạo vét kênh mương trước mùa mưa, ai cũng đồng ý góp công góp của. "


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<div>" * 100_000 + PROSE, "lồng nhau quá sâu (nhiều nhất 2.048 tầng)"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + PROSE, "thuộc tính, quá nhiều (nhiều nhất 5.000)"),
        ("<b>" * 500_001, "500.001 thẻ, quá nhiều (nhiều nhất 500.000)"),
        ("a" * 10_000_001, "10.000.001 ký tự, quá dài (nhiều nhất 10.000.000)"),
    ],
    ids=["deep", "attributes", "tags", "long"],
)
def test_a_page_past_a_limit_is_refused_with_the_limit(page: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=re.escape(reason)):
        read_html(page)


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{PROSE}</p>" * 50_000,
        f"<p>{PROSE * 20_000}</p>",
        ("<div>" + PROSE) * 2_000,
        ("<table><tr><td>" + PROSE) * 600,
        ("<ul><li>" + PROSE) * 800,
        "<b class='author'>" * 1_500 + PROSE,
        f"<p>{PROSE}<img src='data:image/png;base64,{'A' * 1_000_000}'></p>",
        f"<p>{PROSE}</p><!-- {'<p>x</p>' * 1_000}",
        f"<p>{PROSE}{'&' * 1_000_000}</p>",
        f"<p>{PROSE}\0\ud800\ufffe &#0;&#27;&#x1F; \x1b[31m</p>",
        "<p>a" + "\u0301\u0323" * 100_000 + f" {PROSE}</p>",
        f'<?xml version="1.0" encoding="utf-16"?><html><body><p>{PROSE}</p></body></html>',
        f"<svg><title>x</title></svg><math><mi>x</mi></math><x-y><p>{PROSE}</x-y></p></b></table>",
    ],
    ids=lambda page: page[:12],
)  # fmt: skip
def test_a_page_is_read_however_it_is_built(page: str) -> None:
    article = read(page).article
    assert PROSE[:60] in article.title + article.body


def test_nothing_is_loaded_and_no_entity_grows(tmp_path: Path) -> None:
    secret = lay(tmp_path, {"bí mật.txt": "mật khẩu là sen hồng"}) / "bí mật.txt"
    address = secret.as_uri()
    page = f"""<!DOCTYPE html [<!ENTITY a "phình to"><!ENTITY b "{"&a;" * 10}"><!ENTITY s SYSTEM "{address}">]>
    <html><head><base href="{tmp_path.as_uri()}/"><link rel="stylesheet" href="{address}"></head>
    <body><p>{PROSE}&b; &s;</p><iframe src="{address}"></iframe><object data="{address}"></object></body></html>"""
    text = read(page).article.body
    assert PROSE.strip() in text and "sen hồng" not in text and "phình to" not in text


def test_an_extractor_that_fails_costs_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("lỗi trong thư viện")

    monkeypatch.setattr(trafilatura, "bare_extraction", fail)
    found = read(PAGE)
    assert body(PAGE)[0].startswith("Sau ba tuần") and found.evidence["body"] == "whole page"


def test_a_page_is_refused_with_what_to_type_where_the_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ArticleError, match="pip install trafilatura"):
        read_html(PAGE)


TAGS = "p div br table tr td ul li a b h1 h2 form nav script figure figcaption time pre article span img".split()
SOUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            [
                "<div class='related'>",
                "<p hidden>",
                "<title>",
                "<div id='post12'>",
                "<div class='post-title'>",
                "<b>",
                "<a href='/'>",
                "<a href='#'>",
                "<!--",
                "-->",
                "<",
                "&#27;",
                '"',
                PROSE,
            ]
        ),
        st.text(alphabet="aăđ \n\t.:|01/", max_size=30),
    ),
    max_size=40,
)


@given(SOUP)
def test_any_soup_of_tags_is_an_article_or_refused_and_no_line_is_there_twice(soup: list[str]) -> None:
    try:
        draft: Draft = read_html("".join(soup))
    except ArticleError:
        return
    numbers = [line.number for line in (*draft.lines, *draft.left_out)]
    assert len(numbers) == len(set(numbers))
    assert (draft.lines or draft.title) and all(line.text == " ".join(line.text.split()) for line in draft.lines)


# --- real pages


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here: real pages are not tried")
def test_real_pages() -> None:
    refused, articles = [], {}
    for path in sorted(SHARED.glob("*.html")):
        try:
            articles[path.stem] = read(path.read_text(encoding="utf-8")).article
        except ArticleError:
            refused.append(path)
    assert len(refused) == 9
    assert all("<h1>null</h1>" in path.read_text(encoding="utf-8") or "section" in path.stem for path in refused)
    page = (SHARED / "vnexpress-article-2025.html").read_text(encoding="utf-8")
    newest = articles.pop("vnexpress-article-2025")
    assert (newest.published, newest.source) == ("2025-10-22T19:25:52", "Báo VnExpress")
    assert f'<meta content="{newest.title}" itemprop="headline"' in page
    assert f'<p class="description">{newest.body.partition(chr(10))[0]}</p>' in page and "Trở lại" not in newest.body
    assert newest.author and f"<strong>{newest.author}</strong>" in page
    for name, article in articles.items():
        page = (SHARED / f"{name}.html").read_text(encoding="utf-8")
        assert f"<h1>{article.title}</h1>" in page and article.published is None, name
        assert "weith" not in article.body and len(article.body) > 450, name
