"""Text -> bytes, one for each character, where the text has none but those that nearly all Vietnamese is printed with.

Main name: `codes_of`. Invariants: byte n of the codes is character n of the text; different characters have different
bytes; a text with any other character has no codes.

Bytes are cut, translated and searched several times as fast as text is: a table of 256 bytes says what every character
is (`table`), and bytes need no look at how wide their characters are.
"""

import codecs
from functools import cache

MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵð"
UNMARKED = "a" * 17 + "d" + "e" * 11 + "i" * 5 + "o" * 17 + "u" * 11 + "y" * 5 + "d"  # letter by letter
FOREIGN = "я"  # in other rooms a stand-in for every letter that folds to no ASCII letter
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
ALPHANUMERIC = "".join(filter(str.isalnum, _ASCII))
LETTERS = ALPHANUMERIC + MARKED + MARKED.upper() + FOREIGN  # and digits
_OTHERS = "\n\t\u00a0“”‘’–—…•«»·°§" + MARKED + MARKED.upper() + FOREIGN
# The character of every byte: ASCII its own; codecs want U+0000 first; U+FFFE, which is no character, fills the rest.
CHARACTERS = ("\0" + _OTHERS[:31] + _ASCII + _OTHERS[31:]).ljust(256, "\ufffe")
CODES = codecs.charmap_build(CHARACTERS)


def codes_of(text: str) -> bytes | None:
    """The codes of a text, or None.

    >>> codes_of("Đổi mới") == codes_of("Đổi") + b" " + codes_of("mới"), codes_of("đo\u0302i")
    (True, None)
    """
    try:
        return codecs.charmap_encode(text, "strict", CODES)[0]
    except UnicodeEncodeError:
        return None


def text_of(codes: bytes) -> str:
    """The text that has these codes."""
    return codecs.charmap_decode(codes, "strict", CHARACTERS)[0]


def table(meaning: dict[str, str]) -> bytes:
    """What `bytes.translate` makes of every code: its character's `meaning`, else a space; 255 for `FOREIGN`."""
    return bytes(0xFF if to == FOREIGN else ord(to) for to in (meaning.get(c, " ") for c in CHARACTERS))


@cache
def folding() -> bytes:
    """Codes -> folded letters and digits in ASCII, spaces; 255 for `FOREIGN`. `fold` also merges y and i."""
    letters = dict(zip(MARKED + MARKED.upper(), UNMARKED * 2, strict=True))
    return table({**letters, **{c: c.lower() for c in ALPHANUMERIC}, FOREIGN: FOREIGN})


@cache
def lowering() -> bytes:
    """Codes -> those of letters in lower case and of digits, spaces."""
    return codecs.charmap_encode("".join(c.lower() if c in LETTERS else " " for c in CHARACTERS), "strict", CODES)[0]


@cache
def spacing() -> bytes:
    """Codes -> themselves for letters and digits, spaces."""
    return codecs.charmap_encode("".join(c if c in LETTERS else " " for c in CHARACTERS), "strict", CODES)[0]


def marked_words(codes: bytes) -> int:
    """How many words of a text have a letter that is not ASCII.

    >>> marked_words(codes_of("Đổi mới cho dân"))
    3
    """
    marks = codes.translate(_marking(), ALPHANUMERIC.encode())  # without the other letters a word is one run of marks
    return marks.count(b"m ") + marks.endswith(b"m")


@cache
def _marking() -> bytes:
    """Codes -> m for letters that are not ASCII, spaces."""
    return table(dict.fromkeys(MARKED + MARKED.upper() + FOREIGN, "m"))
