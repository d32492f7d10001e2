"""Article -> the terms of every field; text -> tokens with their terms.

Main names: `analyze` (indexing), `tokenize` (queries, highlighting). Invariants: the exact and folded streams of a
field have one term a token and so the same positions; the shingle stream holds what `lines.Line` has of pairs and
capitals, and joined identifiers; terms hold letters, digits and combining marks, so joining them with spaces and
splitting at white space gives them back; `tokenize` and `analyze` give the same terms for the same text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from unicodedata import normalize

from searchvn.analysis.compounds import compounds
from searchvn.analysis.lines import Line, bare_lines, capitals, read_line
from searchvn.analysis.lookup import EXACT, FOLDED
from searchvn.analysis.tokens import Tokens, spans, split
from searchvn.fields import MAX_KEYWORD
from searchvn.models import AnalyzedArticle, Article, Description

# Raise it whenever the terms of some text change, or what readers take for the text: indexes then ask to be rebuilt.
ANALYSIS_VERSION = 5

BREAK = "|"  # a term no query has: keeps phrases from crossing between unconnected lines

_ISO_DATE = r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?"


def tokenize(text: str, *, exact: bool = True, folded: bool = True) -> Tokens:
    """The tokens of `text` (NFC) and their terms; `tokens.spans` says where they stand.

    A column that is not asked for is empty: a query on a terminal looks at ten articles whose words it sees for the
    first time, and making one kind of terms takes half the time of both.

    >>> tokenize("Đổi mới").exact, tokenize("Đổi mới").folded
    (['đổi', 'mới'], ['doi', 'moi'])
    """
    texts = split(text)
    return Tokens(
        texts,
        list(map(EXACT.__getitem__, texts)) if exact else [],
        list(map(FOLDED.__getitem__, texts)) if folded else [],
    )


def describe(text: str) -> Description:
    """How `text` (NFC) becomes terms, token by token."""
    tokens, places = tokenize(text), spans(text)
    lines = text.split("\n")
    return Description(
        tuple(
            (token, start, end, exact, folded)
            for token, (start, end), exact, folded in zip(
                tokens.texts, places, tokens.exact, tokens.folded, strict=True
            )
        ),
        tuple(chain.from_iterable(map(_shown_shingles, lines))) + tuple(compounds(text)),
        any(bare_lines(list(map(read_line, lines)))),
    )


def _shown_shingles(line: str) -> Iterator[str]:
    """The shingles of a line as people read them: `doi_moi`."""
    texts, shown = split(line), set(capitals(line))
    for number, token in enumerate(texts):
        if number:
            yield f"{FOLDED[texts[number - 1]]}_{FOLDED[token]}"
        if token in shown:
            yield token


def analyze(article: Article) -> AnalyzedArticle:
    """The terms of every field of `article`, whose texts are NFC."""
    title = list(map(read_line, article.title.split("\n")))
    body = list(map(read_line, article.body.split("\n")))
    lines = title + body
    return AnalyzedArticle(
        article,
        {
            "id": article.id,
            "record_id": cap(article.record_id or ""),
            "file": article.file,
            "title": _joined(line.exact for line in title),
            "body": _joined(line.exact for line in body),
            "title_folded": _joined(line.folded for line in title),
            "body_folded": _joined(line.folded for line in body),
            "bare": _bare_stream(lines, len(title)),
            "shingles": _joined(chain((line.shingles for line in lines), *(line.compounds for line in lines))),
            **_facts(article),
        },
    )


def _joined(parts: Iterable[str]) -> str:
    return " ".join(filter(None, parts))


def _facts(article: Article) -> dict[str, str]:
    """The fields that hold who wrote the article, where it comes from and when it was published."""
    author, source, path = map(_read_value, (article.author or "", article.source or "", article.file))
    published = _number_of(article.published or "")
    return {
        "author": author.exact,
        "author_folded": author.folded,
        "source": source.exact,
        "source_folded": source.folded,
        "path": path.exact,
        "path_folded": path.folded,
        "published": published,
        "year": published[:4],
        "month": published and f"{published[:4]}-{published[4:6]}",
        "source_name": source.whole,
        "author_name": author.whole,
    }


class _Value(NamedTuple):
    """A value that is more than text: its terms, and all of it in one line, cut to what a keyword can hold."""

    exact: str
    folded: str
    whole: str


def _read_value(text: str) -> _Value:
    """The value in an author, a source or a path. Neighbouring articles mostly have the same, so it is remembered."""
    return _short_value(text) if len(text) <= MAX_KEYWORD else _short_value.__wrapped__(text)


@lru_cache(1024)
def _short_value(text: str) -> _Value:
    text = normalize("NFC", text)  # a path may come from a disk that decomposes
    terms = tokenize(text)
    return _Value(" ".join(terms.exact), " ".join(terms.folded), cap(" ".join(text.split())))


def _number_of(published: str) -> str:
    """YYYYMMDDhhmmss of an ISO 8601 date, midnight where it has no time; the clock counts as it stands, in any zone.

    >>> _number_of("2021-12-01T07:05+07:00"), _number_of("2021-12-01"), _number_of("")
    ('20211201070500', '20211201000000', '')
    """
    found = re.match(_ISO_DATE, published)
    return "".join(found.groups("00")) if found else ""


def _bare_stream(lines: Sequence[Line], titles: int) -> str:
    """The folded terms of the unaccented lines, with a break where lines that do not follow each other meet."""
    stream: list[str] = []
    last = -1
    for number, (line, bare) in enumerate(zip(lines, bare_lines(lines), strict=True)):
        if bare:
            if stream and (number != last + 1 or number == titles):
                stream.append(BREAK)
            stream.append(line.folded)
            last = number
    return " ".join(stream)


def cap(value: str) -> str:
    """`value` cut to what an engine's keyword can hold, at a character; lone surrogates become question marks."""
    return value.encode("utf-8", "replace")[:MAX_KEYWORD].decode("utf-8", "ignore")
