"""Typed numbers and identifiers -> the other forms in which print has them.

Main name: `other_forms`. Invariant: digits are never changed, only what stands between them; a form that no article can
have is not made.

| typed                       | also found                                        |
|-----------------------------|---------------------------------------------------|
| 15-NQ/TW                    | 15NQTW, 15NQ/TW, 15/NQ-TW                         |
| 15NQTW, 159/2020NĐCP, NQTW  | 15-NQ/TW, 159/2020/NĐ-CP                          |
| covid19, U23, Q1            | COVID-19, U.23, Q.1                               |
| 1411, 1500000               | 1.411, 1.500.000 (four digits: not a year)        |
| 1.411, 1.500.000            | 1411, 1500000                                     |
| 0905123456                  | 0905.123.456, 0905 123 456, 090 512 3456          |
| 1/3/2017, 1-3, 3/2017       | 01/03/2017, 01-03, 03/2017 (also the other way)   |
"""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from searchvn.analysis.canonical import MAX_TERM
from searchvn.fields import FOLDED
from searchvn.query.forms import Form, Tokens, Vocabulary, identifier, read_tokens

_MIXED = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
_CORE = re.compile(r"\+?[^\W_](?:.*[^\W_])?%?", re.DOTALL)  # without the punctuation around it
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_MONTH = re.compile(r"([0-9]{1,2})[-/.]([12][0-9]{3})")
_DATE = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{4}))?")
_PHONE_LENGTHS = range(9, 12)
# How telephone numbers of 9 to 11 digits are printed, as lengths of the groups.
_GROUPS = ("3 3 3", "4 5", "3 6", "4 3 3", "3 3 4", "3 4 3", "4 2 2 2", "4 6", "3 7", "2 4 4", "2 8", "4 3 4",
           "4 1 3 3", "4 7", "3 4 4", "5 3 3", "5 6", "3 8")  # fmt: skip


def other_forms(text: str, tokens: Tokens, vocabulary: Vocabulary) -> tuple[Form, ...]:
    """Forms in which the articles have the number or identifier that was typed as `text`; none for ordinary words."""
    core = _CORE.search(text)
    text = core.group() if core else text
    if not any(character.isdigit() for character in text):
        return identifier(tokens, vocabulary)
    terms = tuple(token.folded for token in tokens)
    joined = "".join(terms)[:MAX_TERM]
    if text.startswith("+84") and joined.startswith("84"):
        joined = "0" + joined.removeprefix("84")
    forms = []
    if not joined.isdigit():
        if len(terms) > 1:
            forms.append(Form("folded", ((joined,),)))
        forms.append(Form("joined", ((joined,),)))
        forms += _phrases([tuple(part for term in terms for part in _RUNS.findall(term))], terms)
    elif joined.startswith("0") and len(joined) in _PHONE_LENGTHS and not _DATE.fullmatch(text):
        abroad = "84" + joined[1:]
        for number in (joined, abroad):
            forms += [Form("folded", ((number,),))] if terms != (number,) else []
            forms.append(Form("joined", ((number,),)))
        forms += _phrases(_groupings(joined), terms)
        forms += _phrases([("84", joined[1:]), *(("84", *groups) for groups in _groupings(joined[1:]))], terms)
    elif len(terms) == 1:
        forms += _phrases([_thousands(joined)], terms)
    elif _THOUSANDS.fullmatch(text) and len(_thousands(joined)) > 1:
        forms.append(Form("folded", ((joined,),)))
    elif date := _DATE.fullmatch(text):
        forms += _phrases(_dates(date), terms)
    elif (month := _MONTH.fullmatch(text)) and 1 <= int(month[1]) <= 12:
        forms += _phrases([(month[1].zfill(2), month[2]), (month[1].lstrip("0"), month[2])], terms)
    return tuple(form for form in forms if _exists(form, vocabulary))


def split_tokens(text: str, tokens: Tokens) -> Tokens:
    """The tokens, with letters and digits that were typed together apart: `Q1` is Q and 1."""
    if not any(_MIXED.search(token.text) for token in tokens):
        return tokens
    return read_tokens(_MIXED.sub(" ", text))


def _phrases(parts: Iterator[tuple[str, ...]] | list[tuple[str, ...]], typed: tuple[str, ...]) -> list[Form]:
    others = (terms for terms in dict.fromkeys(parts) if len(terms) > 1 and terms != typed)
    return [Form("folded", tuple((term,) for term in terms)) for terms in others]


def _thousands(number: str) -> tuple[str, ...]:
    """1500000 -> 1, 500, 000; years and short numbers stay whole."""
    if len(number) < 4 or number[0] == "0" or (len(number) == 4 and "1900" <= number <= "2099"):
        return (number,)
    head = len(number) % 3 or 3
    return (number[:head], *(number[at : at + 3] for at in range(head, len(number), 3)))


def _groupings(number: str) -> Iterator[tuple[str, ...]]:
    for groups in _GROUPS:
        ends = list(accumulate(map(int, groups.split()), initial=0))
        if ends[-1] == len(number):
            yield tuple(number[start:end] for start, end in pairwise(ends))


def _dates(date: re.Match[str]) -> list[tuple[str, ...]]:
    """Day and month with and without leading zeros: official papers write `01/3`."""
    day, _, month, year = date.groups()
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return []
    rest = (year,) if year else ()
    days, months = ((number.zfill(2), number.lstrip("0")) for number in (day, month))
    return [(one, other, *rest) for one in days for other in months]


def _exists(form: Form, vocabulary: Vocabulary) -> bool:
    """Whether the index has the terms of a form at all."""
    fields = ("shingles",) if form.kind == "joined" else FOLDED
    return any(all(vocabulary.df(field, slot[0]) for slot in form.slots) for field in fields)
