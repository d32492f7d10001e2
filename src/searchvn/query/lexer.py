"""Query text -> lexemes: words, phrases, signs. Main name: `read_lexemes`.

Invariants: raises nothing but `QuerySyntaxError`; syntax must be meant: signs count only where ordinary text does not
have them, and a backslash before a word makes it text; spans slice the NFC text of the query, and do not overlap.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from searchvn.analysis.folding import fold
from searchvn.analysis.syllables import is_folded_syllable
from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError
from searchvn.fields import QUERY_NAMES
from searchvn.models import Span
from searchvn.query.syntax import Fuzzy, Leaf, Pattern, Phrase, Word

QUOTES = '"“”„‟«»〝〞〟＂'
OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "VÀ": "AND", "HOẶC": "OR", "KHÔNG": "NOT"}
_ENGLISH = ("AND", "OR", "NOT")

MOST_BETWEEN = 1_000
MOST_FACTOR = 1_000.0
_LONG_NAMES = tuple(name for name in QUERY_NAMES if "_" in name)
_SHORT_QUERY = 8  # chunks; a longer one is a headline or a passage, in which `-Nhìn` is no sign

# Most queries need but some of these patterns. The others are compiled, and kept by `re`, when one does.
_CHUNK = re.compile(f"[^\\s(){QUOTES}]+")
_FIELD = re.compile(r"(\w+):(?=\S)")
_FACTOR = r"\^(-?\d{1,9}(?:\.\d{1,9})?)"
_FACTOR_AT_END = r"(?<=.)\^(-?\d{1,9}(?:\.\d{1,9})?)\Z"
_DISTANCE = r"~(\d{1,9})(?!\w)"
_FUZZY = r"(.*[^\W\d_])~(\d*)"
# A star beside a letter, a question mark before one; neither doubled, and not the end of a sentence: `sao?Tôi`.
_STAR = r"(?<!\*)(?:(?<=[^\W\d_])\*(?!\*)|\*(?=[^\W\d_]))"
_WILD = re.compile(rf"{_STAR}|(?<!\?)\?(?=[^\W\d_])")
_NO_PATTERN = re.compile(r"://|[=@\\]")
_BEFORE = re.compile(r"(?:(?!\+[0-9])[\W_])+")
_AFTER = ",;:!?…/'’])}>_~^*-"

# A telephone number in groups (9 to 11 digits), and a chunk that may be the next group.
_PHONE = r"(?:\+84|0[0-9]{1,4}|\(0[0-9]{1,4}\))(?:[ .-]?[0-9]{2,4}){2,4}(?![\w.-]*\w)"
_YEAR = r" (?:19|20)[0-9]{2}(?![0-9])"
_NUMBERED = r"\d\S{0,20}/ (?=[^\W\d_a-z]{2})"  # `05-CT/ TW`


class Lexeme(NamedTuple):
    """One sign, or one word or phrase (`leaf`). `kind`: ( ) + - AND OR NOT field word; `factor` is that of `^2`.

    The span of a word is that of all that stands there, punctuation included.
    """

    kind: str
    text: str
    span: Span
    leaf: Leaf | None = None
    factor: float = 1.0


class Lexer:
    """Reads one query (NFC) from left to right. `notes` say what was read otherwise than written."""

    def __init__(self, text: str) -> None:
        self.text, self.notes = text, list[str]()
        self._lexemes: list[Lexeme] = []
        self._chunk_end = 0  # of the run that was looked at last
        chunks = _CHUNK.findall(text)
        self._is_short = len(chunks) <= _SHORT_QUERY
        self._operators = _operators(chunks)

    def lexemes(self) -> list[Lexeme]:
        """All lexemes, those without a letter or digit left out."""
        text, at = self.text, 0
        while at < len(text):
            letter = text[at]
            if letter.isspace():
                at += 1
            elif letter in QUOTES:
                at = self._phrase(at)
            elif letter == "(" and (end := _phone_end(text, at)):
                at = self._add(Word(text[at:end], (at, end)), (at, end))
            elif letter in "()":
                factor, end = self._factor(at + 1) if letter == ")" else (1.0, at + 1)
                self._lexemes.append(Lexeme(letter, letter, (at, end), factor=factor))
                at = end
            else:
                at = self._chunk(at)
        return self._lexemes

    def _add(self, leaf: Leaf, span: Span, factor: float = 1.0) -> int:
        if split(leaf.text):
            self._lexemes.append(Lexeme("word", leaf.text, span, leaf, factor))
        return span[1]

    def _phrase(self, at: int) -> int:
        text = self.text
        closing = next((i for i in range(at + 1, len(text)) if text[i] in QUOTES), -1)
        if closing < 0 and at and text[at - 1].isdigit():
            return at + 1  # 5.5", inches
        end = len(text) if closing < 0 else closing
        phrase = Phrase(text[at + 1 : end], (at + 1, end))
        if closing < 0:
            if split(phrase.text):
                self.notes.append(f"thiếu dấu nháy đóng: đọc đến hết truy vấn là cụm từ “{_shortened(phrase.text)}”")
            return self._add(phrase, phrase.span)
        end += 1
        if distance := re.compile(_DISTANCE).match(text, end):
            phrase = phrase._replace(between=self._between(phrase, distance))
            end = distance.end()
        factor, end = self._factor(end)
        return self._add(phrase, (at, end), factor)

    def _between(self, phrase: Phrase, distance: re.Match[str]) -> int:
        words, between = len(split(phrase.text)), int(distance[1])
        if words != 2:
            raise self._error(
                f"~{distance[1]} đặt sau cụm hai từ, cụm này có {words}", distance.start(), 'ví dụ: "cán bộ"~5'
            )
        if between > MOST_BETWEEN:
            raise self._error(f"cách nhau nhiều nhất {MOST_BETWEEN} từ", distance.start(), "bỏ ~ để tìm cả hai từ")
        return between

    def _factor(self, at: int) -> tuple[float, int]:
        """The factor that stands at a place, and where it ends."""
        found = re.compile(_FACTOR).match(self.text, at)
        return (self._checked(found[1], at), found.end()) if found else (1.0, at)

    def _checked(self, digits: str, at: int) -> float:
        factor = float(digits)
        if not 0.001 <= factor <= MOST_FACTOR:
            raise self._error(f"hệ số ^{digits} phải từ 0.001 đến {MOST_FACTOR:.0f}", at, "ví dụ: lúa^2")
        return factor

    def _chunk(self, at: int) -> int:
        """One run without spaces, quotes and parentheses; or a sign at its beginning."""
        text = self.text
        if at >= self._chunk_end:
            self._chunk_end = _CHUNK.match(text, at).end()  # type: ignore[union-attr]
        end = self._chunk_end
        chunk = text[at:end]
        is_first = at == 0 or text[at - 1].isspace() or text[at - 1] == "("
        if is_first and chunk in self._operators:
            self._lexemes.append(Lexeme(self._operators[chunk], chunk, (at, end)))
            return end
        if is_first and chunk[0] in "+-" and self._is_sign(at, chunk):
            self._lexemes.append(Lexeme(chunk[0], chunk[0], (at, at + 1)))
            return at + 1
        if (field := _FIELD.match(text, at)) and self._names_field(field, chunk):
            self._lexemes.append(Lexeme("field", QUERY_NAMES[field[1].lower()], field.span()))
            return field.end()
        if joined := _phone_end(text, at) or _numbered_end(text, at):
            word = text[at:joined].rstrip(_AFTER)
            return self._add(Word(word, (at, at + len(word))), (at, joined))
        name = chunk[:-1]
        if chunk[-1] == ":" and (QUERY_NAMES.get(name) == name or name in _LONG_NAMES) and text[end:].strip():
            self.notes.append(
                f"“{name}:” có dấu cách theo sau nên là chữ; tìm trong trường ấy thì viết liền: {name}:từ"
            )
        return self._word(chunk, at, end)

    def _word(self, chunk: str, at: int, end: int) -> int:
        span, factor = (at, end), 1.0
        if chunk[0] == "\\":
            return self._add(_trimmed(chunk[1:], at + 1), span)
        if (
            "^" in chunk
            and (found := re.search(_FACTOR_AT_END, chunk, re.DOTALL))
            and re.search(r"[^\W\d_]", chunk[: found.start()])
        ):
            factor, chunk = self._checked(found[1], at + found.start()), chunk[: found.start()]
        if (
            "~" in chunk
            and (fuzzy := re.fullmatch(_FUZZY, chunk, re.DOTALL))
            and len(split(fuzzy[1])) == 1
            and not _WILD.search(fuzzy[1])
        ):
            word = _trimmed(fuzzy[1], at)
            return self._add(Fuzzy(word.text, word.span, self._edits(fuzzy[2], at + fuzzy.start(2))), span, factor)
        if _WILD.search(chunk) and not _NO_PATTERN.search(chunk) and not _is_prose(chunk):
            return self._add(_pattern(chunk, at), span, factor)
        return self._add(_trimmed(chunk, at), span, factor)

    def _edits(self, digits: str, at: int) -> int:
        if digits not in ("", "1", "2"):
            raise self._error(f"~{digits}: chỉ có ~1 hoặc ~2 (số chữ được phép khác)", at, "ví dụ: nguyễn~1")
        return int(digits or 1)

    def _names_field(self, field: re.Match[str], chunk: str) -> bool:
        # A passage may hold who wrote it (`(Nguồn:VTV)`).
        name = field[1].lower() if field[1].isascii() or self._is_short else field[1]
        if name in QUERY_NAMES and not chunk.startswith("//", field.end() - field.start()):
            return True
        if (near := _nearest_field(field[1])) and not chunk.startswith("//", field.end() - field.start()):
            raise self._error(
                f"không có trường “{field[1]}”",
                field.start(),
                f"có phải {near}: không? Nếu là chữ thường, thêm dấu cách sau dấu hai chấm",
            )
        return False

    def _is_sign(self, at: int, chunk: str) -> bool:
        """Whether + or - before a word means must or must not.

        A headline may hold `Bà Rịa -Vũng Tàu`, and text `-5 độ` or `2017 -2018`; who types `Trump -Biden` means it.
        """
        following = self.text[at + 1 : at + 2]
        if following in QUOTES or following == "(":
            return following != ""
        if chunk[0] == "+" or not following.isalnum():
            return following.isalpha()
        if not (following.isupper() or following.isdigit()):
            return True
        joined = following.isdigit() or not self._is_short
        word = chunk[1:]
        if joined:
            self.notes.append(f"“-{word}” được đọc là chữ; muốn bỏ các bài có từ này: NOT {word}")
        else:
            self.notes.append(f"“-{word}” bỏ các bài có “{word}”; nếu là chữ, thêm dấu cách sau dấu gạch")
        return not joined

    def _error(self, message: str, at: int, hint: str) -> QuerySyntaxError:
        return QuerySyntaxError(message, at, hint, query=self.text)


def _operators(chunks: list[str]) -> dict[str, str]:
    """The operators that this query can have: the Vietnamese ones only beside lower-case letters, and not where other
    words are in capitals too, for emphasis (`NÓNG: … KHÔNG được …`)."""
    others = [chunk for chunk in chunks if chunk not in OPERATORS]
    emphasis = any(
        len(token) > 1 and token.isupper() and not token.isascii() and is_folded_syllable(fold(token.lower()))
        for chunk in others
        for token in split(_without_field(chunk))
    )
    if not emphasis and any(map(str.islower, "".join(others))):
        return OPERATORS
    return {name: name for name in _ENGLISH}


def _without_field(chunk: str) -> str:
    """`Lan` of `TÁC_GIẢ:Lan`, whose capitals are no emphasis."""
    name, sign, rest = chunk.partition(":")
    return rest if sign and name.lower() in QUERY_NAMES else chunk


def _nearest_field(name: str) -> str | None:
    """The field that a name was meant for: typed in small ASCII letters or with an underscore, one slip away."""
    if not ((name.isascii() and name.islower() and len(name) >= 4) or "_" in name):
        return None
    return next((known for known in QUERY_NAMES if len(known) >= 4 and known != name and _is_slip(name, known)), None)


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter differs, is missing or doubled, or two neighbours changed places."""
    head = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if head is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[head:], other[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


def _is_prose(chunk: str) -> bool:
    """`sao?Tôi`, a space lost after a question mark; `*Thông`, a footnote."""
    if chunk[0] == "*" and chunk[1:].istitle():
        return True
    marks = re.finditer(r"[^\W\d_]\?(?=[^\W\d_])", chunk)
    return any(chunk[mark.start()].islower() and chunk[mark.end()].isupper() for mark in marks)


def _pattern(chunk: str, at: int) -> Pattern:
    """The chunk from its first to its last letter, digit or wildcard."""
    places = [match.span() for match in re.finditer(rf"[^\W_]|{_WILD.pattern}", chunk)]
    start, end = places[0][0], places[-1][1]
    return Pattern(chunk[start:end], (at + start, at + end))


def _trimmed(chunk: str, at: int) -> Word:
    """A word without the punctuation around it; dots stay, since `P.` is an abbreviation, and so do `%` and `+`."""
    start = found.end() if (found := _BEFORE.match(chunk)) else 0
    text = chunk[start:].rstrip(_AFTER)
    return Word(text, (at + start, at + start + len(text)))


def _phone_end(text: str, at: int) -> int | None:
    """Where a telephone number that begins at a place ends: `0905 123 456`."""
    if text[at] not in "0+(" or (at and text[at - 1].isalnum()):
        return None
    return next((end for end in _ends(text, at) if _is_phone(text[at:end])), None)


def _ends(text: str, at: int) -> Iterator[int]:
    """Where the longest run that looks like groups of digits may end, the longest first."""
    found = re.compile(_PHONE).match(text, at)
    end = found.end() if found else at
    while end > at:
        yield end
        end = max(text.rfind(" ", at, end), at)


def _is_phone(number: str) -> bool:
    digits = sum(map(str.isdigit, number)) - (1 if number.startswith("+") else 0)
    # `08 2020 2021` is a month and years: codes of two digits are no longer given out.
    years = re.match(r"\d\d ", number) is not None and re.search(_YEAR, number) is not None
    return (
        9 <= digits <= 11
        and not years
        and (" " in number or number[0] == "(")
        and re.fullmatch(_PHONE, number) is not None
    )


def _numbered_end(text: str, at: int) -> int | None:
    found = re.compile(_NUMBERED).match(text, at) if text[at].isdigit() else None
    following = _CHUNK.match(text, found.end()) if found else None
    return following.end() if following else None


def _shortened(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
