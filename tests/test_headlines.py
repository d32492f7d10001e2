"""Which line of a page is its headline, and what around an article is told from it, however the site was built."""

from __future__ import annotations

import pytest

from searchvn.articles.drafts import extraction
from searchvn.articles.html import read_html
from searchvn.errors import ArticleError
from searchvn.models import Article

TITLE = "Phiên chợ nổi của bà Tư rau muống"
STORY = [
    "Sáng sớm, bà Tư chèo xuồng ra chợ nổi, trên xuồng chỉ có mấy bó rau muống và một rổ trứng vịt.",
    "Bà nói bán rau không giàu, nhưng ngày nào không ra chợ thì tay chân bứt rứt, nhớ tiếng máy đuôi tôm.",
    "Con gái bà làm công nhân trên phố, mấy lần rủ mẹ lên ở chung mà bà không chịu đi đâu hết.",
]
TEXT = "".join(f"<p>{line}</p>" for line in STORY)
MENU = "<ul><li><a href='/'>Trang chủ</a></li><li><a href='/a'>Đời sống</a></li><li><a href='/b'>Ký sự</a></li></ul>"
REPLY = "Đọc xong nhớ quê quá, hồi nhỏ tui cũng theo má chèo xuồng đi bán rau, cực mà vui lắm bà con ơi. " * 6


def read(page: str) -> Article:
    return extraction(read_html(page)).article


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE} - Đời sống - Báo Sông Nước",
        f"Báo Sông Nước - Đời sống - {TITLE}",
        f"{TITLE} » Đời sống » Sông Nước Online",
        f"Sông Nước Online: {TITLE}",
        f"Trang chủ | Tin tức | {TITLE}",
        f"Cổng thông tin điện tử xã Bến Nước > Tin tức > {TITLE}",
    ],
)
def test_a_title_is_freed_from_site_and_sections_in_whichever_order(head: str) -> None:
    article = read(f"<title>{head}</title><a href='/'>Sông Nước Online</a>{MENU}<div>{TEXT}</div>")
    assert (article.title, article.body.split("\n")) == (TITLE, STORY)


@pytest.mark.parametrize(
    "page",
    [
        # Blogspot and WordPress: the site's name is the heading of level 1
        f"<title>Bến quê: {TITLE}</title><h1><a href='/'>Bến quê</a></h1><h3 class='post-title'>{TITLE}</h3>{TEXT}",
        f"<title>{TITLE} | Bến quê nhà mình</title><h1><a href='http://ben.example/' rel=home>Bến quê nhà mình</a></h1>"
        f"<article><header><h1 class='entry-title'><a href='/2012/cho-noi'>{TITLE}</a></h1></header>{TEXT}</article>",
        # portals and SharePoint: every page has the same <title>
        f"<title>Cổng thông tin điện tử xã Bến Nước > Tin tức > Chi tiết</title>{MENU}"
        f"<div><span id='dnn_lblTitle'>{TITLE}</span><br><span>Ngày đăng: 03/05/2012</span><div>{TEXT}</div></div>",
        f"<title>Trang chủ - Chi tiết tin</title>{MENU}<div><div class='tieude'>{TITLE}</div><div>{TEXT}</div></div>",
        # Joomla, vBulletin
        f"<title>{TITLE}</title><table><tr><td class='contentheading'>{TITLE}<tr><td>{TEXT}</table>",
        f"<title>{TITLE} - Hội quán</title><h1>Hội quán</h1><div><strong>{TITLE}</strong></div><hr><div>{TEXT}</div>",
        # the heading of level 1 is the section's
        f"<title>Đời sống - Báo Sông Nước</title>{MENU}<h1>Đời sống</h1><div><h2>{TITLE}</h2>{TEXT}</div>",
        # large letters in a table, below a bar of sections
        "<title>Bao Song Nuoc Dien Tu</title><table><tr><td>Thời sự | Kinh tế | Văn hóa | Bạn đọc | Rao vặt mua bán"
        f"</td></tr><tr><td><font size=5><b>{TITLE}</b></font><br>{TEXT}</td></tr></table>",
    ],
    ids="blogspot wordpress dotnetnuke sharepoint joomla vbulletin section 2004".split(),
)
def test_the_headline_on_the_page_is_the_title_and_no_part_of_the_body(page: str) -> None:
    article = read(page)
    assert (article.title, article.body.split("\n")) == (TITLE, STORY)


def test_a_bold_heading_within_the_story_is_no_title() -> None:
    inner = "Chợ sớm trên dòng kinh cũ"
    page = f"<title>{TITLE} - Báo Sông Nước</title><div><p>{STORY[0]}</p><p><b>{inner}</b></p><p>{STORY[1]}</p></div>"
    assert (read(page).title, read(page).body.split("\n")) == (TITLE, [STORY[0], inner, STORY[1]])


def test_a_lead_between_the_headline_and_its_repetition_is_not_lost() -> None:
    lead = "Ghe xuồng thưa dần mà người bán rau vẫn ra chợ mỗi sáng"
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><div><p>{lead}</p><h2>{TITLE}</h2>{TEXT}</div>"
    assert (read(page).title, read(page).body.split("\n")) == (TITLE, [lead, *STORY])


def test_paragraphs_and_headings_with_the_marks_of_forums_and_boxes_stay() -> None:
    inner = "<h2 class='wp-block-heading'>Chợ vắng</h2><h3 class='box-title'>Rau và trứng</h3>"
    parts = [f"<p id='p{number}'>{line}</p>" for number, line in enumerate(STORY, start=101)]
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{parts[0]}{inner}{parts[1]}{parts[2]}</div>"
    assert read(page).body.split("\n") == [STORY[0], "Chợ vắng", "Rau và trứng", *STORY[1:]]


def test_verses_above_a_bold_line_are_not_taken_for_a_menu() -> None:
    verses = [
        "Nước lên rồi nước lại về",
        "Con đò nằm nghiêng mé bến",
        "Ai chờ ai dưới hàng tre",
        "Trăng rơi vạt áo",
        "Ơi đò",
    ]
    page = f"<div>{'<br>'.join(verses)}<br><b>Vài lời về bài thơ này</b><br>{STORY[0]} {STORY[1]}</div>"
    article = read(page)
    assert [line for line in (article.title, *article.body.split("\n")) if line in verses] == verses


@pytest.mark.parametrize(
    ("post", "reply"),
    [
        ("<table id='post7'><tr><td>03-05-2012, 07:10</td></tr><tr><td>Bài gởi: 12<tr><td>{}</table>",
         "<table id='post8'><tr><td>04-05-2012, 09:00</td></tr><tr><td>{}</td></tr></table>"),
        ("<div id='p701' class='post'><p>03/05/2012 07:10</p><div>{}</div><div class='signature'>Sống chậm</div></div>",
         "<div id='p702' class='post'><p>04/05/2012 09:00</p><div>{}</div></div>"),
        ("<article id='js-post-7'><time datetime='2012-05-03T07:10'>3/5</time><div>{}</div></article>",
         "<article id='js-post-8'><time datetime='2012-05-04T09:00'>4/5</time><div>{}</div></article>"),
    ],
    ids="vbulletin phpbb xenforo".split(),
)  # fmt: skip
def test_of_a_forum_the_first_post_is_the_article_however_long_the_replies_are(post: str, reply: str) -> None:
    first = post.format(f"<b>{TITLE}</b><hr><div>{TEXT}</div><div>_________<br>Quê hương là con đò nhỏ</div>")
    for others in ("", reply.format(REPLY)):
        article = read(f"<title>{TITLE} - Hội quán</title><body>{first}{others}")
        assert (article.title, article.published, article.author) == (TITLE, "2012-05-03T07:10", None)
        assert article.body.split("\n") == STORY


@pytest.mark.parametrize(
    "below",
    [
        f"<div id='comments'><h3>2 ý nghĩ</h3><ol><li>{REPLY[:96]}</li></ol></div>",
        f"<div id='respond'><p>{REPLY[:96]}</p></div>",
        f"<ol class='commentlist'><li>{REPLY[:96]}</li></ol>",
        f"<article class='comment'><p>{REPLY[:96]}</p></article>",
        f"<div class='fb-comments'><p>{REPLY[:96]}</p></div>",
        "<div class='add-to-cart'>Thêm vào giỏ</div><div class='up-sells'><h2>Bán chạy</h2>Rau muống 25.000</div>",
        "<table><tr><td class='thead'>Quyền Hạn Của Bạn</td></tr></table>",
        "<p>Lượt đã xem bài này: 1.248</p>",
    ],
)
def test_what_stands_below_an_article_is_none_of_it(below: str) -> None:
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}{below}</div>")
    assert (article.body.split("\n"), article.author) == (STORY, None)
    assert article.extra == ({"views": 1248} if "1.248" in below else {})


def test_the_clock_above_a_menu_is_not_the_date_of_the_article() -> None:
    clock, heading = "<div>Thứ Hai, 20/07/2015 08:01</div>", f"<h1>{TITLE}</h1>"
    assert read(f"{clock}{MENU}{heading}<div>{TEXT}</div>").published is None
    assert read(f"{clock}{heading}<div>{TEXT}</div>").published == "2015-07-20T08:01"
    assert read(f"{clock}{MENU}{heading}<p>15/07/2015 10:12</p><div>{TEXT}</div>").published == "2015-07-15T10:12"


def test_a_table_of_facts_tells_the_day_and_the_number() -> None:
    table = (
        "<table><tr><th>Ngày ban hành</th><td>03/05/2012</td></tr><tr><th>Số ký hiệu</th><td>12/TB</td></tr></table>"
    )
    article = read(f"<title>{TITLE}</title>{table}<h1>{TITLE}</h1><div>{TEXT}</div>")
    assert (article.published, article.extra, article.body.split("\n")) == ("2012-05-03", {"number": "12/TB"}, STORY)


def test_an_official_document_is_titled_by_its_subject_not_by_its_number() -> None:
    page = f"""<title>Thông báo 12/TB-UBND - Xã Bến Nước</title><table><tr><td>ỦY BAN NHÂN DÂN<br>XÃ BẾN NƯỚC</td>
    <td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr><tr><td>Số: 12/TB-UBND</td>
    <td>Bến Nước, ngày 03 tháng 5 năm 2012</td></tr></table><p><b>THÔNG BÁO</b></p>
    <p><b>Về việc dời chợ nổi qua vàm Rạch Gốc</b></p>{TEXT}"""
    article = read(page)
    assert article.title.endswith("Về việc dời chợ nổi qua vàm Rạch Gốc")
    assert (article.published, article.extra["number"]) == ("2012-05-03", "12/TB-UBND")
    assert "captions" not in article.extra and article.body.split("\n")[-3:] == STORY


@pytest.mark.parametrize("count", [3, 5])
def test_a_section_of_a_few_teasers_is_no_article(count: int) -> None:
    teasers = "".join(
        f"<div><h3><a href='/{n}'>Tin thứ {n} trong xóm hôm nay thật hay</a></h3><span>0{n}/05/2012</span>"
        f"<p>Đoạn dẫn thứ {n} kể vài điều cho bà con muốn bấm vào xem.</p></div>"
        for n in range(1, count + 1)
    )
    with pytest.raises(ArticleError, match="danh sách tin"):
        read(f"<title>Đời sống - Báo Sông Nước</title>{MENU}<h1>Đời sống</h1>{teasers}")
