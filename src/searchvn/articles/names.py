"""Who is named in a short text: a person, a team that signs its pieces, or a publication?

Main name: `credit`. Invariants: what is no name of one of them gives nothing; names stay as they are written.
"""

import re
from html import unescape
from typing import NamedTuple

from searchvn.analysis.syllables import is_folded_syllable
from searchvn.articles.shapes import ends_sentence, folded, squeezed, trimmed

_LONGEST = 80  # code points of a name
_MOST_WORDS = 10

_SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý lí đinh lâm mai trịnh hà trương đoàn lương "
    "cao lưu phùng tô tạ thái chu châu kiều quách thạch nghiêm vương tăng la mạc khúc âu ung tống tiêu đào hứa đàm "
    "bạch triệu giáp nhữ lại ninh khổng lục từ văn hàn vi tôn doãn phí viên mẫn cù".split()
)
# What the name of a team begins with.
_TEAMS = tuple(
    "ban |bbt|bộ phận |bộ chỉ huy |bảo tàng |bệnh viện |biên tập viên|btv|câu lạc bộ |chi bộ |chi đoàn |cộng tác viên|"
    "ctv|công an |cục |đài |đảng bộ |đảng ủy |đảng uỷ |đoàn thanh niên|đoàn phường|đoàn xã|đoàn trường|đồn biên phòng|"
    "hạt kiểm lâm|hội phụ nữ|hội liên hiệp|hội nông dân|hội cựu|hội chữ thập|hội khuyến học|hội nhà|hợp tác xã |"
    "huyện đoàn|huyện ủy|huyện uỷ|khoa |liên đoàn |mặt trận |nhóm |phòng |phóng viên|pv|quận đoàn|quận ủy|quận uỷ|sở |"
    "thành đoàn|thành ủy|thành uỷ|thư viện |tỉnh đoàn|tỉnh ủy|tỉnh uỷ|toà soạn|tòa soạn|tổ |trạm |trung tâm |"
    "trường tiểu học|trường mầm non|trường thcs|trường thpt|trường trung học|trường đại học|trường cao đẳng|"
    "trường chính trị|tủ sách |ủy ban |uỷ ban |ubnd|ubmttq|văn phòng |viện ".split("|")
)
# Words that begin like one of them.
_NO_TEAMS = re.compile(
    r"(?:ban (?:đầu|ngày|đêm|mai|sáng|trưa|chiều|hành|tặng|cho|phát)|tổ (?:chức|tiên|ấm|quốc|tông)|cục (?:diện|bộ)"
    r"|phòng (?:chống|bệnh|khi|ngừa|xa|tránh|dịch|cháy|thủ)|đài (?:sen|hoa|các)|sở (?:thích|hữu|dĩ|đoản|nguyện)"
    r"|nhóm (?:lửa|bếp|họp)|khoa (?:học|trương|cử)|viện (?:trợ|cớ|dẫn)|trung tâm (?:của|là))\b",
    re.IGNORECASE,
)
_PUBLICATIONS = tuple(
    "báo điện tử |tạp chí |bản tin |tập san |cổng thông tin|cổng ttđt|trang thông tin|trang tin |website |"
    "thông tấn xã|đài truyền hình |đài tiếng nói |đài phát thanh ".split("|")
)
_NEWSPAPER = re.compile(r"(?:[Bb]áo|BÁO) (?=[^\W\d_])")  # and a capital: `Báo động` is none
# Publications and agencies that are cited by name alone, folded.
_CITED = frozenset(
    "afp|an ninh thu do|ap|associated press|bbc|bloomberg|cafef|cand|cnbc|cnn|cong an nhan dan|cong thuong|"
    "dai doan ket|dan tri|dan viet|doi song phap luat|dpa|giao duc & thoi dai|giao duc va thoi dai|ha noi moi|ictnews|"
    "infonet|kenh 14|kenh14|khoa hoc & doi song|khoa hoc va doi song|kyodo|lao dong|ndo|nguoi dua tin|nguoi lao dong|"
    "nhan dan|nld|nldo|nong thon ngay nay|phap luat tp.hcm|phap luat tphcm|phap luat viet nam|phu nu viet nam|plo|qdnd|"
    "quan doi nhan dan|reuters|rfi|sai gon giai phong|sggp|sggpo|soha|suc khoe & doi song|suc khoe va doi song|"
    "tan hoa xa|thanh nien|the guardian|the thao & van hoa|the thao va van hoa|thoi bao kinh te sai gon|"
    "thoi bao kinh te viet nam|tien phong|tno|tt&vh|tto|ttxvn|tuoi tre|tuoi tre online|upi|vef|vietnam+|"
    "vietnamnet|vietnamplus|viet nam net|vna|vneconomy|vnexpress|vov|vtc|vtc news|vtcnews|vtv|xinhua|zing|zing news|"
    "zingnews".split("|")
)
_DOMAIN = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,40}\.){1,4}(?:vn|com|net|org|info|gov|edu|tv|news|cn|jp)(?:/\S{0,200})?"
)
_PLACES = frozenset("việt nam|hà nội|đà nẵng|hải phòng|cần thơ|hồ chí minh|sài gòn|hoàng sa|trường sa".split("|"))
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.){1,4}[^\W\d_]{0,12}")
_VERBS = re.compile(
    r" \(?(?:thực hiện|tổng hợp|lược ghi|ghi|lược dịch|dịch|biên dịch|biên soạn|sưu tầm)\)?$", re.IGNORECASE
)
_ACCORDING_TO = re.compile(r"(?:^|[ (\[,;–-])theo:? (?=\S)", re.IGNORECASE)
_SEVERAL = re.compile(r" ?(?:[,;/&]| [–-] | và ) ?")


class Credit(NamedTuple):
    """Who wrote something and where it comes from, as far as a text names them."""

    author: str | None = None
    source: str | None = None


def credit(text: str) -> Credit:
    """Whom a line that stands alone names; nothing when it is more, or less, than names.

    >>> credit("Hoài An (Theo VnExpress)")
    Credit(author='Hoài An', source='VnExpress')
    >>> credit("Tổ truyền thông xã").author, credit("Mùa sen nở rộ").author
    ('Tổ truyền thông xã', None)
    """
    text = squeezed(text)
    if not text or len(text) > _LONGEST or (ends_sentence(text) and not text.endswith((")", "."))):
        return Credit()
    if cited := _ACCORDING_TO.search(text):
        return _cited(bare(text[: cited.start()]), bare(text[cited.end() :]))
    name = bare(text)
    if is_publication(name):
        return Credit(source=name)
    author = bare(_VERBS.sub("", name))
    if is_author(author) and (not text.endswith(".") or _INITIALS.fullmatch(author)):
        return Credit(author)
    return Credit()


def _cited(author: str, source: str) -> Credit:
    """The credit of `<author> Theo <source>`; of a cited person and newspaper the first is the author."""
    if author and not is_author(author):
        return Credit()
    if is_publication(source):
        return Credit(author or None, source)
    for gap in () if author else re.finditer("[ /]", source):
        person, paper = bare(source[: gap.start()]), bare(source[gap.end() :])
        if is_author(person) and is_publication(paper):
            return Credit(person, paper)
    if not author and is_person(source):
        return Credit(source)
    if len(source.split()) > _MOST_WORDS or not source[:1].isupper():
        return Credit()
    return Credit(author or None, source)


def bare(name: str) -> str:
    """A name without the brackets, dashes and stops around it; the stop of initials stays."""
    name = unescape(name) if "&" in name else name
    name = trimmed(name.strip(' ":“”'))
    return name if _INITIALS.fullmatch(name) else name.rstrip(".")


def is_publication(name: str) -> bool:
    """True for a newspaper, an agency, a site, or several of them."""
    parts = [part for part in _SEVERAL.split(name) if part] if not _is_cited(name) else [name]
    return len(name) <= _LONGEST and bool(parts) and all(map(_is_one_publication, parts))


def _is_cited(name: str) -> bool:
    return folded(name) in _CITED


def _is_one_publication(name: str) -> bool:
    if _is_cited(name) or _DOMAIN.fullmatch(name.lower()):
        return True
    newspaper = _NEWSPAPER.match(name)
    if newspaper and name[newspaper.end()].isupper():
        return True
    return _begins(name, _PUBLICATIONS)


def is_author(names: str) -> bool:
    """True for a person, a pen name or a team, or several of them."""
    if not names or is_publication(names):
        return False
    parts = [part for part in _SEVERAL.split(names) if part]
    return is_team(names) or (
        bool(parts) and all(is_person(part) or is_pen_name(part) or is_team(part) for part in parts)
    )


def is_person(name: str) -> bool:
    """True for a Vietnamese family name with one to four names after it, in capitals or with a capital each."""
    words = name.split()
    if not 2 <= len(words) <= 5 or not all(map(_is_capitalised, words)) or name.lower() in _PLACES:
        return False
    family = words[0].lower()
    return family in _SURNAMES or (name.isascii() and family in _UNMARKED_SURNAMES)


def is_pen_name(name: str) -> bool:
    """True for two to four syllables with a capital each, or initials: `Thu Vân`, `T.Vân`, `T.V.`"""
    words = name.split()
    if name.lower() in _PLACES or not 1 <= len(words) <= 4:
        return False
    initials = [bool(_INITIALS.fullmatch(word)) for word in words]
    if not all(first or _is_capitalised(word) for first, word in zip(initials, words, strict=True)):
        return False
    return any(initials) or (len(words) > 1 and all(is_folded_syllable(folded(word)) for word in words))


def is_team(name: str) -> bool:
    """True for a team, an office or a role: what signs instead of a person."""
    return _begins(name, _TEAMS) and not _NO_TEAMS.match(name) and not re.search("[,;:?!]", name)


def _begins(name: str, beginnings: tuple[str, ...]) -> bool:
    """True for a short text with a capital that begins so; without marks where it has none at all."""
    if not name[:1].isupper() or len(name.split()) > _MOST_WORDS:
        return False
    if name.isascii():
        return folded(name).startswith(tuple(map(folded, beginnings)))
    return name.lower().startswith(beginnings)


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and word.replace("-", "").replace(".", "").isalpha()


_UNMARKED_SURNAMES = frozenset(map(folded, _SURNAMES))
