"""What a line looks like: the few questions that every stage of a cascade asks.

Main names: `folded`, `is_paragraph`. Invariants: nothing here looks at more than one line, or at more than the first
hundreds of its characters; a folded text has as many characters as the text, so places in one are places in the other.
"""

from __future__ import annotations

import re

_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_UNMARKED = "a" * 17 + "d" + "e" * 11 + "i" * 5 + "o" * 17 + "u" * 11 + "y" * 5
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLDING = str.maketrans(_MARKED + _MARKED.upper() + _CAPITALS + "\u00a0\t", _UNMARKED * 2 + _CAPITALS.lower() + "  ")

_SEPARATORS = " \t\u00a0|–—•·,;*-"
_SENTENCE = 80  # code points of the shortest sentence that is a paragraph by itself
_PARAGRAPH = 200  # code points of the shortest line that is a paragraph however it ends
_ENDS = tuple(sign + quote for sign in ".!?…" for quote in ("", '"', "”", "»", ")", "'", "’"))
# What only the foot of a page says, at whatever length.
_IMPRINT = re.compile(
    r"\W{0,3}(?:copyright\b|©|\(c\) ?\d|all rights reserved|ban quyen (?:thuoc|cua|©|\d|noi dung)|giay phep (?:so\b"
    r"|hoat dong|xuat ban|thiet lap|bao chi)|chiu trach nhiem (?:noi dung|chinh|xuat ban|quan ly)|tong bien tap ?:"
    r"|(?:co quan|don vi) chu quan(?: [a-z]{1,10}){0,3} ?:|(?:vui long |de nghi )?ghi ro nguon|truong ban bien tap ?:"
    r"|(?:thiet ke|phat trien|xay dung|van hanh)(?: va (?:phat trien|xay dung|van hanh|quan tri))? ?(?:boi\b|:)"
    r"|(?:designed|powered|developed) by|ban dang (?:doc|xem) (?:bai|tin)\b)"
)
_LONGEST_IMPRINT = 800


def folded(text: str) -> str:
    """`text` in small letters without marks, character for character, so that unaccented labels are labels too.

    >>> folded("Ngày ĐĂNG")
    'ngay dang'
    """
    return text.translate(_FOLDING)


def squeezed(text: str) -> str:
    """`text` without white space around it, and single spaces inside."""
    return " ".join(text.split())


def trimmed(text: str) -> str:
    """`text` without the bullets and separators around it, and without a bracket whose partner is not inside.

    >>> trimmed("* (Hoài An | "), trimmed("Hoài An (Huế)")
    ('Hoài An', 'Hoài An (Huế)')
    """
    text = text.strip(_SEPARATORS)
    for opening, closing in ("()", "[]"):
        if text.startswith(opening) and (text.endswith(closing) or closing not in text):
            text = text[1:].removesuffix(closing).strip(_SEPARATORS)
        elif text.endswith(closing) and opening not in text:
            text = text[:-1].strip(_SEPARATORS)
    return text


def ends_sentence(text: str) -> bool:
    """True when a full stop, question or exclamation mark ends the text, inside a quotation or not."""
    return text.rstrip().endswith(_ENDS)


def is_paragraph(text: str) -> bool:
    """True for a line of running text: long, or of middle length and a sentence. Furniture never is one."""
    length = len(text.strip())
    return length > _PARAGRAPH or (length >= _SENTENCE and ends_sentence(text))


def is_imprint(text: str) -> bool:
    """True for a line that says whose page this is and who answers for it."""
    return len(text) <= _LONGEST_IMPRINT and bool(_IMPRINT.match(folded(text[:80]).strip()))
