"""A tree of clauses -> query text that is read back as the same tree. Main name: `printed`.

Invariant: `parse_query(printed(clause)).root` is the clause again, but for its spans.
"""

from __future__ import annotations

from searchvn.errors import QuerySyntaxError
from searchvn.query.lexer import OPERATORS, Lexer
from searchvn.query.syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Clause,
    Dates,
    Fuzzy,
    Group,
    Not,
    Pattern,
    Phrase,
    Required,
    Scoped,
    Word,
)


def printed(clause: Clause) -> str:
    """The clause as it could be typed.

    >>> from searchvn.query.parser import parse_query
    >>> printed(parse_query("-lúa title:(a b) AND c").root)
    'NOT lúa title:(a b) AND c'
    """
    match clause:
        case Word(text):
            return text if _is_read_as_word(text) else f"\\{text}"
        case Phrase(text, _, between):
            return f'"{text}"' + (f"~{between}" if between is not None else "")
        case Pattern(text):
            return text
        case Fuzzy(text, _, edits):
            return f"{text}~{edits}"
        case Dates(text):
            return f"date:{text}"
        case Group(children):
            return _side_by_side(children)
        case AllOf(children):
            return " AND ".join(_wrapped(child, AnyOf) for child in children)
        case AnyOf(children):
            return " OR ".join(map(printed, children))
        case Not(child):
            return f"NOT {_wrapped(child, Group, AllOf, AnyOf)}"
        case Required(child):
            return f"+({printed(child)})"
        case Scoped(field, child):
            return f"{field}:({printed(child)})" if not _is_simple(child) else f"{field}:{printed(child)}"
        case Boosted(child, factor):
            shown = printed(child) if _is_simple(child) or isinstance(child, Phrase) else f"({printed(child)})"
            return f"{shown}^{factor:.9f}".rstrip("0").rstrip(".")


def _side_by_side(children: tuple[Clause, ...]) -> str:
    """The children with spaces between; with line breaks before digits, which might join into a telephone number."""
    shown = [_wrapped(child, AllOf, AnyOf) for child in children]
    return shown[0] + "".join(("\n" if text[0].isdigit() or text[0] in "+(" else " ") + text for text in shown[1:])


def _wrapped(clause: Clause, *kinds: type[Clause]) -> str:
    return f"({printed(clause)})" if isinstance(clause, kinds) else printed(clause)


def _is_simple(clause: Clause) -> bool:
    """Whether it is one run of letters, digits and the like, with no sign around."""
    return isinstance(clause, Word | Pattern | Fuzzy) and printed(clause)[0].isalpha() and " " not in printed(clause)


def _is_read_as_word(text: str) -> bool:
    if text in OPERATORS:
        return False
    try:
        lexemes = Lexer(text).lexemes()
    except QuerySyntaxError:
        return False
    return len(lexemes) == 1 and lexemes[0].kind == "word" and lexemes[0].leaf == Word(text, (0, len(text)))
