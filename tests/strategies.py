"""Hypothesis strategies that several test files share: Vietnamese words and texts that have broken tokenizers."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

TONES = {"huyền": "\u0300", "sắc": "\u0301", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}

WORDS = (
    "đổi mới phương thức lãnh đạo của làng xã trong mùa gặt hoà hòa khoẻ khỏe thuỷ thủy uỷ ủy tuý túy xoè xòe "
    "quý qúy quả qủa giá gía gì gìn già giếng quyển nguyễn khuỷu kỷ kỉ lý lí mỹ mĩ sỹ sĩ vy vi ty ti huy nghiêng "
    "ươm ướt ong ăn ân đường ghế nghỉ ngoằn ngoèo loa toả tỏa hoàng thuý bưởi ruộng chợ quê"
).split()
CODES = (
    "15-NQ/TW", "159/2020/NĐ-CP", "12,06%", "1.000.000", "10:30", "30/4/1975", "T.Ư", "1A", "C++", "a_b", "m²",
    "https://vi-du.example/bai-1?a=b&c=d", "toa.soan@vi-du.example", "#tin", "Bà Rịa-Vũng Tàu", "COVID-19",
)  # fmt: skip
FOREIGN = (
    "東京", "カラオケ", "ひらがな", "ガ", "서울", "русский", "ёлка", "Ελλάδα", "ΟΔΟΣ", "ไทย", "น้ำ", "हिन्दी", "क्षि",
    "العربية", "مُحَمَّد", "עִבְרִית", "Անի", "𠀀𠮷", "𐐀", "၁၂",
)  # fmt: skip
ODD = (
    "œuvre", "Straße", "½", "İstanbul", "ışık", "Ðổi", "ðời", "ĐỔI", "ŉ", "ĳ", "Ⅳ", "①", "²", "ﬁn", "ＡＢＣ", "ª", "ʼ",
    "ǅ", "ẞ", "ƯƠNG", "e\u0301\u0323", "x\u0301\u0302", "a\u0340", "İ" * 60, "ặ" * 120, "z" * 101, "Å", "Ω", "ϴ",
)  # fmt: skip
EMOJI = ("😀", "1\ufe0f\u20e3", "👩\u200d🌾", "🇻🇳", "❤\ufe0f")
JOINTS = (
    " ", " ", " ", " ", "\n", "\n\n", "\t", ", ", ". ", "… ", " – ", "", "-", "/", ".", ":", "_", "\u00a0", "\u3000",
    "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "”, “", "’", "\r\n", "\r", "\u2028", "\x1c", "|",
)  # fmt: skip


def other_tone_place(word: str) -> str:
    """`word` with the mark of a final open oa, oe, uy moved to the other of its two vowels; else as it is."""
    plain = unicodedata.normalize("NFD", word)
    marks = [c for c in plain if c in TONES.values()]
    bare = unicodedata.normalize("NFC", "".join(c for c in plain if c not in TONES.values()))
    if len(marks) != 1 or bare[-2:].lower() not in ("oa", "oe", "uy") or bare[:-2].lower() == "q":
        return word
    first = bare[:-1] + marks[0] + bare[-1]
    second = bare + marks[0]
    same = unicodedata.normalize("NFC", word) == unicodedata.normalize("NFC", first)
    return unicodedata.normalize("NFC", second if same else first)


def without_marks(text: str) -> str:
    """`text` as it is typed on a keyboard without Vietnamese."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


_SPELLINGS = (
    str, str, str.upper, str.title, other_tone_place, without_marks,
    lambda word: unicodedata.normalize("NFD", word),
    lambda word: unicodedata.normalize("NFD", word).upper(),
    lambda word: "\u00ad".join(unicodedata.normalize("NFD", word)),
)  # fmt: skip


def words() -> st.SearchStrategy[str]:
    """Vietnamese words in both tone placements, NFC and NFD, any case, with and without marks."""
    return st.builds(lambda spell, word: spell(word), st.sampled_from(_SPELLINGS), st.sampled_from(WORDS))


def pieces() -> st.SearchStrategy[str]:
    """What may stand between two joints: words, codes, other scripts, odd letters, and anything at all."""
    return st.one_of(
        words(),
        words(),
        st.sampled_from(CODES),
        st.sampled_from(FOREIGN),
        st.sampled_from(ODD),
        st.sampled_from(EMOJI),
        st.text(max_size=6),
        st.text("aAđĐ\u0300\u0301\u0323\u00ad\u200d1½_|東カ", max_size=8),
    )


def raw_texts() -> st.SearchStrategy[str]:
    """Texts as files bring them: not normalised, any line ends."""
    parts = st.lists(st.tuples(pieces(), st.sampled_from(JOINTS)), max_size=24)
    return st.one_of(parts.map(lambda pairs: "".join(piece + joint for piece, joint in pairs)), st.text(max_size=60))
