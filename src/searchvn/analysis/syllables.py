"""Which words are Vietnamese syllables, with their marks and without.

Main names: `is_syllable` (exact terms), `is_folded_syllable` (folded terms), `INITIALS`, `RIMES`. Invariants: a
syllable is one initial followed by one rime; what `is_syllable` accepts is an exact term: `canonical` leaves it alone.
Sources: the rime chart of Đoàn Thiện Thuật, "Ngữ âm tiếng Việt" (1977), in today's spelling, with rimes that only loan
words or sound-imitating words have (oong, ôông, ooc); the spelling rules for c k q, g gh, ng ngh, i y as in Hoàng Phê
(ed.), "Từ điển chính tả"; tone placement as in Quyết định 1989/QĐ-BGDĐT (2018).
"""

from __future__ import annotations

_BACK = "b c ch d đ g gi h kh l m n ng nh p ph r s t th tr v x"  # before a ă â o ô ơ u ư
_FRONT = "b ch d đ gh gi h k kh l m n ngh nh p ph r s t th tr v x"  # before e ê i
_I = _FRONT.replace(" gi ", " ")  # gi + i is written gi

# Initials, "-" for none | their rimes that are open or end in a nasal or semivowel | their rimes in p t c ch.
# Every rime has the sắc tone, on the letter that carries it; the other tones stand in the same place.
_ROWS: tuple[tuple[str, str, str], ...] = (
    (
        f"- {_BACK} qu",
        "á ái ám án áng ánh áo áu áy ắm ắn ắng ấm ấn ấng ấu ấy",
        "ác ách áp át ắc ắp ắt ấc ấp ất",
    ),
    (f"- {_FRONT} qu", "é ém én éng éo ế ếm ến ếnh ếu", "éc ép ét ếch ếp ết"),
    (f"- {_I} g qu", "í ín", ""),  # gì, gìn: g stands before no other i
    (f"- {_I} qu", "ính íu", "ích íp ít"),
    (f"- {_I}", "ía ím", ""),
    (f"{_I} g", "iếm iến iếng iếu", "iếc iếp iết"),  # giếng is g + iếng
    ("-", "ý yếm yếng yếu", ""),
    ("- qu", "yến", "yết"),
    (
        f"- {_BACK}",
        "ó óa oái oám oán oáng oánh oáo oáy oắm oắn oắng óe oén oéo ói óm ón óng oóng ố ối ốm ốn ống ôống ớm ớn "
        "ú úa uấn uấng uấy uế uếnh úi úm ún úng uớ uối uốm uốn uống úy uýa uyến uýn uýnh uýu "
        "ứ ứa ứi ứm ứng ưới ướm ướn ướng ướu ứu",
        "oác oách oáp oát oắc oắt óc oét oóc óp ót ốp ốt ớp ớt uất úc uếch uốc uốt úp út uých uyết uýp uýt "
        "ức ước ướp ướt ứt",
    ),
    (f"- {_BACK} qu", "ớ ới", "ốc"),  # quờ, quốc, the name Quới
    ("", "ýn ýnh ýu", "ých ýp ýt"),  # quýnh, quýt: in exact terms they have i
)
# What no row gives: y as the end of a name (with other letters or a tone the exact term has i), and names of places and
# families that are frequent in newspapers (Bắc Kạn, Đắk Lắk, Đắk Pắk, Krông Búk, Chư Păh, Plei Kần, Đạ Tẻh, Niê, Phớc,
# Hồng Kông). Đăk and Lăk are left out: they may be a half typed Đắk Lắk.
_SPECIAL = frozenset("my sy thy vy búk đắk kạn kần kông krông lắk niê păh pắk phớc tẻh".split())

_SAC = "áắấéếíóốớúứý"
_OTHER_TONES = {
    "": "aăâeêioôơuưy",
    "huyền": "àằầèềìòồờùừỳ",
    "hỏi": "ảẳẩẻểỉỏổởủửỷ",
    "ngã": "ãẵẫẽễĩõỗỡũữỹ",
    "nặng": "ạặậẹệịọộợụựỵ",
}


def _exchange(text: str, letters: str, others: str) -> str:
    """`text` with others for letters; a tenth of the time of `str.translate`, and every run of the program waits."""
    for letter, other in zip(letters, others, strict=True):
        text = text.replace(letter, other)
    return text


def _initials(text: str) -> frozenset[str]:
    return frozenset(["" if initial == "-" else initial for initial in text.split()])


def _followed() -> dict[str, frozenset[str]]:
    """Toned rime -> the initials that may stand before it. Rimes in p t c ch take sắc and nặng only."""
    # All rows at once, for time: one line a row, the lines of one tone below those of another.
    smooth = "\n".join([row[1] for row in _ROWS])
    stopped = "\n".join([row[2] for row in _ROWS])
    texts = [smooth, *(_exchange(smooth, _SAC, letters) for letters in _OTHER_TONES.values())]
    texts += [stopped, _exchange(stopped, _SAC, _OTHER_TONES["nặng"])]
    found: dict[str, frozenset[str]] = {}
    for (initials, _, _), *lines in zip(_ROWS, *[text.split("\n") for text in texts], strict=True):
        found.update(dict.fromkeys(" ".join(lines).split(), _initials(initials)))
    return found


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_exchange(" ".join(words), "ăâêôơưđ", "aaeooud").split())


INITIALS: frozenset[str] = _initials(f"- {_BACK} {_FRONT} qu")
RIMES: frozenset[str] = frozenset(
    _exchange(" ".join([f"{smooth} {stopped}" for _, smooth, stopped in _ROWS]), _SAC, _OTHER_TONES[""]).split()
)

_FOLLOWED = _followed()
_FOLDED_INITIALS = _folded(INITIALS) | {""}
_FOLDED_RIMES = _folded(RIMES)


def is_syllable(exact: str) -> bool:
    """True when `exact`, an exact term (lower case, NFC, after `canonical`), is a legal syllable with its marks.

    >>> [is_syllable(word) for word in ("đổi", "phương", "giếng", "gì", "quí", "kạn")]
    [True, True, True, True, True, True]
    >>> [is_syllable(word) for word in ("phưong", "thưc", "đuong", "kà", "ngế", "hoà", "street")]
    [False, False, False, False, False, False, False]
    """
    for cut in (1, 2, 0, 3):
        initials = _FOLLOWED.get(exact[cut:])
        if initials is not None and exact[:cut] in initials:
            return True
    return exact in _SPECIAL


def is_folded_syllable(term: str) -> bool:
    """True when `term` (lower case, no marks) is a Vietnamese syllable with its marks taken off.

    >>> [is_folded_syllable(word) for word in ("nghieng", "quyet", "gi", "street")]
    [True, True, True, False]
    """
    if len(term) > 7:
        return False
    if term == "gi":
        return True
    return any(
        term[:cut] in _FOLDED_INITIALS and term[cut:] in _FOLDED_RIMES for cut in range(min(3, len(term) - 1), -1, -1)
    )
