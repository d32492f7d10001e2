"""What one line above a headline is: where the page leads to, a tool, a section, whose page it is, or when and by whom.

Main name: `sign`. Invariant: a line is asked by itself, and none of its words are judged but those that pages of many
kinds share; what is not known is "", which a headline is as well.
"""

import re

from searchvn.articles.labels import read_line
from searchvn.articles.looks import look
from searchvn.articles.names import is_publication
from searchvn.articles.shapes import folded, squeezed
from searchvn.articles.stamps import read_stamp

_LONGEST = 200  # code points
_SITE = 60  # code points of the name of a site, and of a section
_CELL = 5  # words of an entry of a menu
_CELLS = 3  # entries in one line that are a menu
_OWNER = 16  # words of a line that says whose page it is

_WORD = re.compile(r"[^\W_]")
_GAPS = re.compile(r"\t+|\s{3,}|\s*[|•·]\s*|[\]▾▼]\s{1,9}\[?")
_ROOT = r"(?:trang (?:chu|nhat|dau)|home|tin tuc|dien dan|forums?|chuyen muc|muc luc)"
_TRAIL = re.compile(rf"(?:(?:ban dang o|you are here|vi tri|duong dan)\b.{{0,9}}: ?|{_ROOT} ?(?:[»›>/→|]|::|-) ?\S)")
_STEPS = re.compile(r"\S ?(?:[»›→]|>{1,2}|::) ?(?=\S)")
_NEIGHBOURS = re.compile(r"\s*(?:[←«‹]|<<?\s).{0,200}(?:[→»›]|\s>>?)?\s*$")
_NAVIGATION = re.compile(
    r"(?:skip to\b.{0,20}content|(?:bo qua|nhay (?:den|toi)|chuyen (?:den|toi)|di (?:den|toi)) (?:phan )?noi dung"
    r"|(?:trang|page) \d{1,5} ?(?:cua|of|/|tren) ?\d|(?:tim|search|nhap tu)(?: \w{1,10}){0,3} ?(?:\.\.\.|…)$"
    r"|(?:tra loi|gui|dang|tao) (?:de tai|chu de)|(?:thread|topic) tools|reply to (?:thread|topic)|cong cu\b"
    r"|dat lam trang chu|(?:hotline|duong day nong) ?:|gio hang\b|danh muc(?: san pham)?$|menu\b.{0,10}$)"
)
_USER = re.compile(
    r"(?:(?:ngay )?tham gia(?: ngay)?|gia nhap|join(?:ed)?(?: date)?|bai (?:gui|viet)|so bai(?: viet)?|posts?|messages?"
    r"|den tu|noi o|location|(?:da )?(?:duoc )?cam on|thanks?(?: given)?|likes?|diem(?: thuong)?|reputation|rep power"
    r"|gioi tinh|trang thai) ?: ?\S.{0,60}$"
    r"|(?:(?:senior|junior|full|new|active|registered) member|member|newbie|moderator|administrator|super moderator"
    r"|thanh vien(?: moi| tich cuc| chinh thuc| vip| ky cuu)?|dieu hanh vien|quan tri vien)$"
)
_OWNERS = re.compile(
    r"(?:co quan (?:cua|ngon luan|chu quan)|tieng noi cua|dien dan cua|trang (?:thong tin|tin)(?: dien tu)?\b"
    r"|cong (?:thong tin|ttdt|thanh phan)\b)"
)
# What the name of an office or a firm begins with, in a line of capitals above a headline.
_OFFICES = (
    r"(?:báo|tạp chí|bản tin|trường (?:mầm non|mẫu giáo|tiểu học|trung học|th|thcs|thpt|đại học|đh|cao đẳng|chính trị)"
    r"|[uủ][yỷ] ban|ubnd|ubmttq|hđnd|hội đồng|hội (?:đồng hương|nông dân|phụ nữ|liên hiệp|cựu|khuyến học|chữ thập|nhà)"
    r"|hợp tác xã|htx|công ty|tổng công ty|tập đoàn|tổng cục|cục|chi cục|sở|phòng|bệnh viện|trung tâm|đảng bộ"
    r"|đảng [uủ][yỷ]|(?:huyện|tỉnh|thành|quận) [uủ][yỷ]|liên đoàn|website|bộ (?!phim|đội|sưu|ba|ảnh|đôi)"
    r"|ban (?:chấp hành|thường vụ|tuyên giáo|dân vận|tổ chức|liên lạc|quản lý|chỉ huy|chỉ đạo|đại diện))\b"
    r"(?! (?:tăng|giảm|mở|cửa|chống|cháy|đường))"
)
_OFFICE = re.compile(_OFFICES)
_UNMARKED_OFFICE = re.compile(folded(_OFFICES))
_SECTIONS = frozenset(
    folded(
        "thời sự|chính trị|xã hội|kinh tế|kinh doanh|văn hóa|văn hoá|văn nghệ|giải trí|giáo dục|đào tạo|khoa học|"
        "công nghệ|số hóa|thể thao|bóng đá|pháp luật|an ninh|trật tự|quốc phòng|quân sự|thế giới|quốc tế|trong nước|"
        "đời sống|sức khỏe|sức khoẻ|y tế|du lịch|ẩm thực|môi trường|tài nguyên|giao thông|đô thị|nhà đất|bất động sản|"
        "tài chính|ngân hàng|chứng khoán|thị trường|doanh nghiệp|doanh nhân|nông nghiệp|nông thôn|nông thôn mới|"
        "nhà nông|lao động|việc làm|gia đình|giới tính|giới trẻ|nhịp sống|nhịp sống trẻ|nhịp sống số|phụ nữ|làm đẹp|"
        "thời trang|xe|ô tô|xe máy|bạn đọc|ý kiến|góc nhìn|đối thoại|phỏng vấn|phóng sự|ký sự|ghi chép|chuyên đề|"
        "chuyên mục|xây dựng đảng|tuyên giáo|dân vận|mặt trận|đoàn thể|công đoàn|cải cách hành chính|chuyển đổi số|"
        "tin tức|tin mới|tin nóng|tin nổi bật|tin hoạt động|tin tức sự kiện|sự kiện|tin trong nước|tin quốc tế|"
        "tin địa phương|tin tổng hợp|tin trong tỉnh|tin trong huyện|tin cơ sở|thông báo|văn bản|hỏi đáp|"
        "gương sáng|người tốt việc tốt|dân tộc|tôn giáo|biển đảo|lịch sử|đất và người|nghệ thuật|điện ảnh|âm nhạc|"
        "truyện ngắn|tản văn|tạp văn|thơ|sáng tác|blog|tâm sự|cộng đồng|trang nhất|trang chủ|hoạt động|trao đổi"
    ).split("|")
)
_BETWEEN = re.compile(r" ?(?:[-–—,&/»>|+]| va ) ?")


def sign(line: str) -> str:
    """What a line is: "mark" (date, names, labels), "navigation", "tool", "user", "section", "owner", or "".

    >>> [sign(line) for line in ("Trang chủ » Tin", "Kinh tế - Xã hội", "BÁO LÀNG MƠ", "05/02/2016", "Sen nở rộ")]
    ['navigation', 'section', 'owner', 'mark', '']
    """
    if len(line) > _LONGEST:
        return ""
    text = squeezed(line)
    plain = folded(text)
    if not _WORD.search(plain):
        return "navigation" if any(icon in text for icon in "☰≡▾") else "tool"
    if read_stamp(line) is not None or read_line(line) is not None:
        return "mark"
    if is_user_data(plain):
        return "user"
    if _leads_elsewhere(line, plain):
        return "navigation"
    looks = look(line)
    if looks and looks.kind == "menu":
        return "tool"
    if len(text) <= _SITE and _SECTIONS.issuperset(_BETWEEN.split(plain.strip(" :.»>›▾▼[]"))):
        return "section"
    return "owner" if _is_owner(text, plain) else ""


def is_user_data(plain: str) -> bool:
    """True for a line (folded) of what a forum says of its users: `Bài gửi: 612`, `Senior Member`."""
    return bool(_USER.match(plain))


def _leads_elsewhere(line: str, plain: str) -> bool:
    """True for a path through the site, a menu in one line, and links to neighbours."""
    if _TRAIL.match(plain) or _NAVIGATION.match(plain) or len(_STEPS.findall(plain)) > 1 or _NEIGHBOURS.match(line):
        return True
    cells = [cell for cell in _GAPS.split(line.strip()) if cell.strip()]
    if any(_NAVIGATION.match(folded(cell.strip())) for cell in cells[1:]):
        return True
    return len(cells) >= _CELLS and all(len(cell.split()) <= _CELL for cell in cells)


def _is_owner(text: str, plain: str) -> bool:
    """True for the name of a publication or an office alone, as it stands above a page."""
    if _OWNERS.match(plain) and len(text.split()) <= _OWNER and not text.endswith((".", "?", "!")):
        return text.isupper() or ":" not in text
    if len(text) > _SITE or any(sign in text for sign in ':?!"“'):
        return False
    if text.isupper():
        return bool((_UNMARKED_OFFICE if text.isascii() else _OFFICE).match(text.lower()))
    return is_publication(text) and all(word[0].isupper() for word in text.split()[2:])
