"""What one line of the page around an article looks like.

Main name: `look`. Invariant: a line is asked by itself; a line that an article could hold as well is not `sure`, and
counts only in the company of others.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from searchvn.analysis.syllables import is_folded_syllable
from searchvn.articles.shapes import folded, is_imprint, squeezed

LONGEST = 200  # code points of a line that is looked at, save an imprint
HEADING = 60  # code points of a line that says what follows

_WORD = re.compile(r"[^\W_]+")
_COUNT = re.compile(r"\(\d{0,6}\)")
_DIGITS = re.compile(r"[\d .,:]+")
_TRAIL = re.compile(r"trang chu ?[»>/|›:]")
_TILE = re.compile(
    r"(?:ma )?qr ?code\b|ma qr\b|tien ich\b.{0,30}$|(?:lien ket|thong tin) website$"
    r"|xem (?:tin |bai )?theo ngay\b.{0,60}$|(?:blog|trang web|website) (?:tai|tren) \w{1,20}\.com$"
)
_SPAM = re.compile(r"\b(?:escort|viagra|cialis|casino|poker|replica|outlet|porn|bahis|backlinks?|payday)\b")


class Look(NamedTuple):
    """What a line looks like. One that `opens` says what the lines below it are; one not `sure` needs company."""

    kind: str
    opens: bool = True
    sure: bool = True


def _phrases(table: str) -> re.Pattern[str]:
    """A pattern of the phrases of a table, folded, between which `|` stands; the longest that fits is found."""
    listed = sorted(table.split("|"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)")


# Buttons that no article has as a line of its own, and others.
_SURE_BUTTONS = (
    "trang chủ|chia sẻ|chia sẻ bài viết|share|facebook|twitter|tweet|zalo|in trang|in bài|in bài viết|in tin|print|"
    "gửi email|lưu tin|lưu bài|quay lại|trở về|trở lại|về đầu trang|lên đầu trang|đầu trang|về trang trước|đăng nhập|"
    "đăng ký|đăng xuất|sơ đồ trang|sơ đồ site|sơ đồ website|sitemap|sao chép liên kết|sao chép link|copy link|"
    "tìm nâng cao|tìm kiếm nâng cao|qr code|mã qr|chúng tôi trên mạng xã hội|in trang này|in bài này|đóng cửa sổ|"
    "bản để in|phiên bản in|nghe bài viết|xem với cỡ chữ|gửi bài viết này|gửi tới bạn bè|gửi cho bạn|"
    "gửi qua email|gửi qua yahoo messenger|gửi qua yahoo|lưu vào zing me|zing me|linkhay|chia sẻ lên facebook|"
    "chia sẻ qua facebook|chia sẻ facebook|chia sẻ zalo|chia sẻ qua zalo|lưu bài viết|lưu bài này|"
    "bài viết hữu ích|mua ngay|thêm vào giỏ|thêm vào giỏ hàng|đặt hàng ngay|đặt mua ngay|"
    "lưu món|in công thức|lưu công thức|theo dõi chúng tôi|đăng ký nhận tin|đánh dấu trang|"
    "thích trang này|hủy trả lời|gửi phản hồi|reply with quote|trả lời kèm trích dẫn|trả lời với trích dẫn|"
    "trả lời nhanh|trở lên trên|tro len tren|số lượt thích|back to top|bookmark"
)
_BUTTONS = (
    "a|a+|a-|chữ a+|chữ a-|cỡ chữ|bản in|giới thiệu|liên hệ|góp ý|in|email|gửi mail|gửi thư|gửi bài viết|"
    "gửi cho bạn bè|yêu thích|tải về|tải xuống|lên trên|tương phản|"
    "google|google news|youtube|tiktok|instagram|pinterest|linkedin|telegram|messenger|like|thích|menu|home|rss|"
    "phóng to|thu nhỏ|nghe bài|nghe đọc bài|đọc bài|nguồn tin|tìm kiếm|tìm nhanh|tin trước|tin sau|"
    "bài trước|bài sau|bài tiếp|bài tiếp theo|xem tiếp|english|tiếng việt|đọc bài viết|pdf|tải pdf|lùi|tiếp theo|"
    "lưu trữ|chia sẻ bài|đang tải|gửi|facebook messenger|skype|threads|bluesky|whatsapp|reddit|tumblr|"
    "google+|digg|delicious|blogger|chế độ đọc|tương phản cao|xem ảnh lớn|xem cỡ lớn"
)
_SURE_BUTTON = _phrases(folded(_SURE_BUTTONS))
_BUTTON = _phrases(folded(f"{_SURE_BUTTONS}|{_BUTTONS}"))


class _Vocabulary(NamedTuple):
    """The words that a line of one kind consists of, and phrases of which it has at least one; both folded."""

    words: frozenset[str]
    phrases: re.Pattern[str]

    def covers(self, plain: str) -> bool:
        """True for a folded line of these words, and of numbers."""
        words = (word for word in _WORD.findall(plain) if not word.isdigit())
        return self.words.issuperset(words) and bool(self.phrases.search(plain))


def _vocabulary(phrases: str, words: str) -> _Vocabulary:
    return _Vocabulary(frozenset(folded(f"{phrases.replace('|', ' ')} {words}").split()), _phrases(folded(phrases)))


_NEWS = "các những một số danh sách tin bài báo video cũ hơn nhất mới được và trong ngày cũng"
_MORE = frozenset("mon van pham cong truyen sach anh".split())  # what an article may list amid its text as well
_VOCABULARIES: Mapping[str, _Vocabulary] = {
    "related": _vocabulary(
        "tin khác|bài khác|tin tức khác|bài viết khác|video khác|nội dung khác|liên quan|tin mới|bài mới|"
        "bài viết mới|tin tức mới|tin đã đưa|tin đã đăng|bài đã đăng|tin cũ|bài cũ|tin nổi bật|bài nổi bật|"
        "sự kiện nổi bật|tin nóng|tin hot|tin tiếp theo|bài tiếp theo|tin trước đó|cùng chuyên mục|cùng mục|"
        "cùng chủ đề|cùng loại|cùng sự kiện|đọc nhiều|xem nhiều|xem thêm|đọc thêm|bạn quan tâm|bạn có thể quan tâm|"
        "có thể bạn quan tâm|cùng lĩnh vực|cùng danh mục",
        f"{_NEWS} món văn bản sản phẩm công thức truyện sách ảnh",
    ),
    "comments": _vocabulary(
        "bình luận|ý kiến bạn đọc|ý kiến độc giả|ý kiến của bạn|ý kiến phản hồi|phản hồi|nhận xét|gửi ý kiến|"
        "viết ý kiến|thêm ý kiến|comment|comments|captcha|mã xác nhận|mã xác thực|mã bảo mật|mã bảo vệ|leave a reply",
        "về bài viết này của bạn đọc người facebook mới nhất đăng nhập hãy là đầu tiên cần phải vui lòng để chưa có số",
    ),
    "goods": _vocabulary("sản phẩm|bán chạy|khuyến mãi|giảm giá", "mới hot nhất bán liên quan khác nổi bật cùng loại"),
    "counter": _vocabulary(
        "truy cập|truy nhập|trực tuyến|online|bộ đếm|viếng thăm|visitor|visitors|thống kê|đang xem|tổng cộng|tổng số|"
        "thống kê thành viên|tổng lượt|tổng|hôm nay|hôm qua|tuần này|tuần trước|tháng này|tháng trước|năm nay|"
        "năm trước|tất cả|khách",
        "số lượt đang người thành viên trong ngày website đếm",
    ),
}
_SURE_COUNTER = _phrases(
    folded("truy cập|truy nhập|trực tuyến|online|bộ đếm|viếng thăm|visitor|visitors|thống kê thành viên")
)


def look(line: str) -> Look | None:
    """What a line is by itself, if it may be furniture.

    >>> look("Tin khác:"), look("Chia sẻ | In bài"), look("Hội sách mở cửa")
    (Look(kind='related', opens=True, sure=True), Look(kind='menu', opens=False, sure=True), None)
    """
    if is_imprint(line):
        return Look("copyright")
    if len(line) > LONGEST:
        return None
    plain = _COUNT.sub("", folded(squeezed(line))).strip(" :.»>…!-–*•|[]()")
    if _TILE.match(plain):
        return Look("menu")
    if _TRAIL.match(plain):
        return Look("menu", opens=False)
    if len(plain) > HEADING or not plain:
        return None
    if _DIGITS.fullmatch(plain):
        return Look("counter", opens=False, sure=False)
    rest, buttons = _BUTTON.subn(" ", plain)
    if not _WORD.search(rest):
        return Look("menu", opens=False, sure=buttons > 1 or bool(_SURE_BUTTON.search(plain)))
    for kind, vocabulary in _VOCABULARIES.items():
        if vocabulary.covers(plain) or (buttons and vocabulary.covers(rest)):
            return Look(kind, sure=kind not in ("counter", "goods") or bool(_SURE_COUNTER.search(plain)))
    return None


def announces_news(line: str) -> bool:
    """True for a short line that says that other news follow."""
    plain = _COUNT.sub("", folded(line))
    return (
        len(line) <= HEADING and _VOCABULARIES["related"].covers(plain) and not _MORE.intersection(_WORD.findall(plain))
    )


def is_spam(line: str, *, surely: bool) -> bool:
    """True for words of another language. Surely spam: a known word of it, or words that are said twice.

    >>> is_spam("cheap bags shop cheap bags", surely=True), is_spam("Thanh Tâm", surely=False)
    (True, False)
    """
    if len(line) > LONGEST or "@" in line or "://" in line:
        return False
    words = _WORD.findall(line.lower())
    if len(words) < 3 or any(not word.isascii() and folded(word).isascii() for word in words):
        return False
    foreign = sum(not (word.isascii() and is_folded_syllable(word)) and not word.isdigit() for word in words)
    if 2 * foreign <= len(words):
        return False
    return not surely or bool(_SPAM.search(line.lower())) or len(words) - len(set(words)) >= 2
