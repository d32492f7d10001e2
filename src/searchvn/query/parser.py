"""Query text -> what was typed, as a tree. Main name: `parse_query`.

Invariants: raises nothing but `QuerySyntaxError`; ordinary text survives, whatever punctuation it holds; spans slice
the NFC text of the query. A recursive descent over the lexemes, one method for each level of binding: OR, AND, side by
side, signs. `printing.printed` writes a tree as text that is read back as the same tree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError, UsageError, grouped
from searchvn.query.lexer import Lexeme, Lexer
from searchvn.query.syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Clause,
    Dates,
    Fuzzy,
    Group,
    Leaf,
    Not,
    Pattern,
    Phrase,
    Query,
    Required,
    Scoped,
    Word,
)

MAX_WORDS = 1_000  # longer texts are articles, not queries
MAX_LENGTH = 20_000  # code points
MAX_PATTERNS = 30  # words with * ? or ~, each of which is compared with every word of the index
MAX_DEPTH = 40  # of parentheses, signs and fields in each other

_PREFIXES = ("+", "-", "NOT", "field")
_STARTS = (*_PREFIXES, "word", "(")
_SHORTEN = "rút gọn truy vấn, giữ những từ quan trọng"


def parse_query(text: str) -> Query:
    """Reads a query. What is missing at its end, a quotation mark or a parenthesis, is taken to stand there, and noted.

    Raises `QuerySyntaxError` for a query without a letter or digit, with more than 1,000 words, 20,000 characters or 30
    patterns, and for syntax that means nothing: an unknown field, an impossible date, `~3`.

    >>> parse_query("Quảng Nam").root.children[1]
    Word(text='Nam', span=(6, 9))
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            f"truy vấn dài {grouped(len(text))} ký tự, nhiều nhất là {grouped(MAX_LENGTH)}", 0, _SHORTEN
        )
    text = unicodedata.normalize("NFC", text)
    lexer = Lexer(text)
    lexemes, notes = _whole(lexer.lexemes(), text)
    words = sum(len(split(lexeme.leaf.text)) for lexeme in lexemes if lexeme.leaf)
    if words > MAX_WORDS:
        raise QuerySyntaxError(f"truy vấn có hơn {grouped(MAX_WORDS)} từ", 0, _SHORTEN)
    if not words:
        hint = 'gõ ít nhất một từ, ví dụ: searchvn query "đổi mới"'
        hint = "dấu * phải dính vào một chữ, ví dụ: đổi*" if "*" in text else hint
        raise QuerySyntaxError("truy vấn trống: không có chữ hay số nào", 0, hint)
    patterns = [lexeme for lexeme in lexemes for _ in range(_compared(lexeme.leaf))]
    if len(patterns) > MAX_PATTERNS:
        place = patterns[MAX_PATTERNS].span[0]
        raise QuerySyntaxError(f"truy vấn có hơn {MAX_PATTERNS} từ có *, ? hay ~", place, "bỏ bớt dấu ấy", query=text)
    return Query(text, _Parser(lexemes, text).clause(), (*lexer.notes, *notes))


def _compared(leaf: Leaf | None) -> int:
    """How often the words of the index are gone through for it."""
    match leaf:
        case Pattern(text):
            return len(re.findall(r"[^\W_]*[*?](?:[^\W_]|[*?])*", text))  # its tokens that have a wildcard
        case Fuzzy():
            return 1
    return 0


def _whole(lexemes: Sequence[Lexeme], text: str) -> tuple[list[Lexeme], list[str]]:
    """The lexemes with all parentheses closed and none empty, and every sign before or between what it stands for."""
    closed, notes = _closed(lexemes, text)
    kept: list[Lexeme] = []
    for lexeme in reversed(closed):
        starts = bool(kept) and kept[-1].kind in _STARTS  # whether what follows can be the operand of a sign
        if lexeme.kind == "(" and kept[-1].kind == ")":  # nothing inside, or signs alone: `(+`
            kept.pop()
            continue
        if lexeme.kind == "field" and not starts:
            name, example = text[slice(*lexeme.span)], "2021" if lexeme.text == "date" else "lúa"
            raise QuerySyntaxError(
                f"sau {name} chưa có gì để tìm", lexeme.span[0], f"ví dụ: {name}{example}", query=text
            )
        if lexeme.kind in "+-" and not starts:
            continue
        if lexeme.kind in ("NOT", "AND", "OR") and not starts:
            lexeme = _as_word(lexeme, notes)
        kept.append(lexeme)
    kept.reverse()
    for at, lexeme in enumerate(kept):
        if lexeme.kind in ("AND", "OR") and (at == 0 or kept[at - 1].kind not in ("word", ")")):
            kept[at] = _as_word(lexeme, notes)
        if lexeme.text == "KHÔNG" and lexeme.kind == "NOT":
            notes.append("KHÔNG được hiểu là toán tử loại trừ; muốn tìm chữ ấy thì viết thường: không")
    return kept, notes


def _as_word(lexeme: Lexeme, notes: list[str]) -> Lexeme:
    notes.append(f"“{lexeme.text}” thiếu một vế nên được đọc là chữ")
    return lexeme._replace(kind="word", leaf=Word(lexeme.text, lexeme.span))


def _closed(lexemes: Sequence[Lexeme], text: str) -> tuple[list[Lexeme], list[str]]:
    kept: list[Lexeme] = []
    notes: list[str] = []
    depth = 0
    for lexeme in lexemes:
        if lexeme.kind == ")":
            if not depth:
                notes.append(f"dấu ) thừa ở ký tự thứ {lexeme.span[0] + 1} được bỏ qua")
                continue
            depth -= 1
        depth += lexeme.kind == "("
        kept.append(lexeme)
    while depth and kept[-1].kind == "(":
        kept.pop()
        depth -= 1
    if depth:
        notes.append("thiếu dấu ngoặc đóng: đọc như có ở cuối truy vấn")
    return kept + [Lexeme(")", ")", (len(text), len(text)))] * depth, notes


class _Parser:
    """Reads lexemes that `_whole` has put in order: every operator has its operands, every parenthesis its partner."""

    def __init__(self, lexemes: Sequence[Lexeme], text: str) -> None:
        self._lexemes, self._text = lexemes, text
        self._at = self._depth = 0

    def clause(self, scope: str = "") -> Clause:
        """Clauses with OR between them."""
        clauses = [self._all_of(scope)]
        while self._takes("OR"):
            clauses.append(self._all_of(scope))
        return _joined(AnyOf, clauses)

    def _all_of(self, scope: str) -> Clause:
        clauses = [self._group(scope)]
        while self._takes("AND"):
            clauses.append(self._group(scope))
        return _joined(AllOf, clauses)

    def _group(self, scope: str) -> Clause:
        clauses = [self._signed(scope)]
        while self._kind in _STARTS:
            clauses.append(self._signed(scope))
        return _joined(Group, clauses)

    def _signed(self, scope: str) -> Clause:
        """One word, phrase or parenthesis behind its signs."""
        lexeme = self._next()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QuerySyntaxError(
                f"ngoặc và dấu lồng nhau quá {MAX_DEPTH} tầng", lexeme.span[0], "bỏ bớt ngoặc", query=self._text
            )
        clause = self._read(lexeme, scope)
        self._depth -= 1
        return clause

    def _read(self, lexeme: Lexeme, scope: str) -> Clause:
        match lexeme.kind:
            case "+":
                child = self._signed(scope)
                return Required(child, (lexeme.span[0], child.span[1]))
            case "-" | "NOT":
                child = self._signed(scope)
                return Not(child, (lexeme.span[0], child.span[1]))
            case "field":
                child = self._signed(lexeme.text)
                is_date = lexeme.text == "date"
                return child if is_date else Scoped(lexeme.text, child, (lexeme.span[0], child.span[1]))
            case "(":
                child = self.clause(scope)
                closing = self._next()
                return _boosted(child, closing)
        assert lexeme.leaf
        return self._dates(lexeme) if scope == "date" else _boosted(lexeme.leaf, lexeme)

    def _dates(self, lexeme: Lexeme) -> Dates:
        from searchvn.query.dates import read_dates  # needed by few queries

        assert lexeme.leaf
        # All that stands there: `>=` and `..` are no part of a word.
        whole = self._text[slice(*lexeme.span)].rstrip(",;:!?")
        typed = lexeme.leaf.text if isinstance(lexeme.leaf, Phrase) else whole
        try:
            return Dates(typed, lexeme.span, *read_dates(typed))
        except UsageError as error:
            raise QuerySyntaxError(str(error), lexeme.span[0], error.hint, query=self._text) from None

    @property
    def _kind(self) -> str:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else ""

    def _next(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]

    def _takes(self, kind: str) -> bool:
        taken = self._kind == kind
        self._at += taken
        return taken


def _joined(kind: type[Group | AllOf | AnyOf], clauses: Sequence[Clause]) -> Clause:
    """The clauses as one; those of the same kind among them dissolve."""
    if len(clauses) == 1:
        return clauses[0]
    flat = [part for clause in clauses for part in (clause.children if isinstance(clause, kind) else (clause,))]
    return kind(tuple(flat), (flat[0].span[0], flat[-1].span[1]))


def _boosted(clause: Clause, lexeme: Lexeme) -> Clause:
    return clause if lexeme.factor == 1.0 else Boosted(clause, lexeme.factor, clause.span)
