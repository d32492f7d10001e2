"""A typed clause -> the forms in which it may stand in a text.

Main types: `Form`, `Needle`. Invariant: a form means one thing to engines (`found_by`) and to highlighting (which
matches its slots on tokens), so an article is counted for a needle exactly when the needle can be marked in it.

| kind        | stands where                                                                  |
|-------------|-------------------------------------------------------------------------------|
| exact       | one exact term of every slot follows one of the slot before                   |
| folded      | the same with folded terms                                                    |
| bare        | the same with folded terms, in unaccented lines                               |
| near        | an exact term of the first slot and one of the second, in either order, with  |
|             | at most `between` terms between them; one occurrence is not near itself       |
| near_folded | the same with folded terms                                                    |
| joined      | an identifier whose joined form is the term: `15-NQ/TW` for `15nqtw`          |
| capital     | the token itself, in capitals, in a line that is not all capitals: `TƯ`       |
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, Protocol

from searchvn.analysis.folding import fold, has_marks, includes_marks, strip_marks
from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.terms import tokenize
from searchvn.fields import EXACT, FOLDED, SCOPES
from searchvn.query.ast import Boost, DisMax, Filtered, MultiPhrase, Near, Node, Or, Term, TermPhrase

WIDE_WEIGHT = 0.7  # read as another accentuation than typed, beside marked words
BARE_WEIGHT = 0.5  # a marked word found in unaccented text

MAX_TERMS = 50  # terms of the index that one half-typed or unmarked word stands for, the most frequent ones

MAX_NEAR = 10  # of them for each of two words near each other: engines try every pair

# Bytes of all these together. Tantivy refuses alternatives at one place of a phrase that take it 1,000 states, and a
# byte takes one at most.
MAX_BYTES = 900

_VOWEL = re.compile("[aeiouy]")
# Letter -> the Latin letters of Unicode that fold to it; i and y are one.
MARKABLE = {
    "a": "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
    "d": "dďđƌƍȡḋḍḏḑḓ",
    "e": "eèéêëēĕėęěȅȇȩɇḕḗḙḛḝẹẻẽếềểễệ",
    "i": "iyìíîïýÿĩīĭįıŷƴǐȉȋȝȳɏḭḯẏẙỉịỳỵỷỹ",
    "o": "oòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
    "u": "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
}
MARKABLE["y"] = MARKABLE["i"]


class Vocabulary(Protocol):
    """What rewriting may ask about the index."""

    def df(self, field: str, term: str) -> int:
        """How many articles have `term` in `field`."""
        ...

    def articles(self) -> int:
        """How many articles there are."""
        ...

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        """The terms of `field` that begin with `prefix`, each with its number of articles."""
        ...

    def count(self, query: Node) -> int:
        """How many articles the query finds."""
        ...


class ScopedVocabulary:
    """The vocabulary of one field of the query language, asked by the names of title and body.

    What is kept for title and body together, shingles and unaccented lines, is not there.
    """

    def __init__(self, vocabulary: Vocabulary, scope: str) -> None:
        self._vocabulary = vocabulary
        exact, folded = SCOPES[scope]
        self._fields = dict.fromkeys(EXACT, exact[0]) | dict.fromkeys(FOLDED, folded[0])

    def df(self, field: str, term: str) -> int:
        """As in `Vocabulary`."""
        return self._vocabulary.df(self._fields[field], term) if field in self._fields else 0

    def articles(self) -> int:
        """As in `Vocabulary`."""
        return self._vocabulary.articles()

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        """As in `Vocabulary`."""
        return self._vocabulary.terms(self._fields[field], prefix)

    def count(self, query: Node) -> int:
        """As in `Vocabulary`."""
        return self._vocabulary.count(query)


class Token(NamedTuple):
    """One token of the query with its terms.

    `half`: marked, yet no syllable as it stands, so some marks may be missing (`phưong`). `capital`: only the token
    itself in capitals counts.
    """

    text: str
    exact: str
    folded: str
    marked: bool
    half: bool = False
    capital: bool = False


Tokens = tuple[Token, ...]
Slots = tuple[tuple[str, ...], ...]


class Form(NamedTuple):
    """One way to stand in a text; `kind` as in the table above. `weight` counts among the forms of one needle.

    `scope` is the field it must stand in, one of `fields.SCOPES`: none is title or body. `between` counts terms, for
    the two kinds of near.
    """

    kind: str
    slots: Slots
    weight: float = 1.0
    scope: str = ""
    between: int = 0


class Needle(NamedTuple):
    """One typed word or phrase as it is looked for in a text. `weight` is its rarity (idf, no unit).

    `optional`: an article without it lacks nothing, since another word may stand for it (`a OR b`).
    """

    typed: str
    forms: tuple[Form, ...]
    weight: float = 1.0
    optional: bool = False


@lru_cache(maxsize=4096)
def read_tokens(text: str) -> Tokens:
    """The tokens of a piece of query text."""
    tokens = tokenize(text)
    return tuple(map(_read_token, tokens.texts, tokens.exact, tokens.folded))


def _read_token(text: str, exact: str, folded: str) -> Token:
    marked = has_marks(exact)
    return Token(text, exact, folded, marked, marked and not is_syllable(exact) and bool(_VOWEL.search(folded)))


# --- forms of a sequence of tokens


def exactly(tokens: Tokens, weight: float = 1.0) -> Form:
    """As typed."""
    if len(tokens) == 1 and tokens[0].capital:
        return Form("capital", ((tokens[0].text,),), weight)
    return Form("exact", tuple((token.exact,) for token in tokens), weight)


def folded(tokens: Tokens, weight: float = 1.0) -> Form:
    """With any marks."""
    if len(tokens) == 1 and tokens[0].capital:
        return Form("capital", ((tokens[0].text,),), weight)
    return Form("folded", tuple((token.folded,) for token in tokens), weight)


def smart(tokens: Tokens, vocabulary: Vocabulary) -> tuple[Form, ...]:
    """By the rules of smart diacritics, in a query that has a mark somewhere."""
    marked = any(token.marked for token in tokens)
    if len(tokens) > 1 and not marked:
        return (folded(tokens),)
    forms = [exactly(tokens)]
    half = [half_typed(token, vocabulary) if token.half else () for token in tokens]
    if len(tokens) == 1 and half[0]:
        forms.append(Form("exact", (half[0],), WIDE_WEIGHT))
    elif any(half):
        slots = tuple((token.exact, *others) for token, others in zip(tokens, half, strict=True))
        forms.append(Form("exact", slots, WIDE_WEIGHT))
    # Most collections have no unaccented text with these words; then there is nothing to look for there.
    alone_in_capitals = len(tokens) == 1 and tokens[0].capital
    if marked and not alone_in_capitals and all(vocabulary.df("bare", token.folded) for token in tokens):
        forms.append(Form("bare", tuple((token.folded,) for token in tokens), BARE_WEIGHT))
    return tuple(forms)


def near(tokens: Tokens, between: int, vocabulary: Vocabulary) -> Form:
    """Two words near each other: marked ones as they are, unmarked ones with any marks."""
    if not any(token.marked for token in tokens):
        return Form("near_folded", tuple((token.folded,) for token in tokens), between=between)
    return Form("near", tuple(_any_marks_of(token, vocabulary)[:MAX_NEAR] for token in tokens), between=between)


def any_marks(tokens: Tokens, vocabulary: Vocabulary) -> Form | None:
    """Unmarked words with any marks, beside marked ones as they are; None where that finds nothing more."""
    if all(token.marked or token.exact.isdigit() for token in tokens):
        return None
    if len(tokens) == 1:
        form = folded(tokens, WIDE_WEIGHT)
        return form if _has_other_marks(tokens[0], vocabulary) else None
    if not any(token.marked for token in tokens):
        return None  # a phrase without any mark is folded already, or what articles write so
    return Form("exact", tuple(_any_marks_of(token, vocabulary) for token in tokens), WIDE_WEIGHT)


def _any_marks_of(token: Token, vocabulary: Vocabulary) -> tuple[str, ...]:
    if not token.marked:
        return accentuations(token, vocabulary)
    return (token.exact, *half_typed(token, vocabulary)) if token.half else (token.exact,)


def _has_other_marks(token: Token, vocabulary: Vocabulary) -> bool:
    """Whether any article has the word with other marks."""
    return any(
        vocabulary.df(exact_field, token.exact) != vocabulary.df(folded_field, token.folded)
        for exact_field, folded_field in zip(EXACT, FOLDED, strict=True)
    )


def identifier(tokens: Tokens, vocabulary: Vocabulary) -> tuple[Form, ...]:
    """Letters that were typed as one word and stand joined by signs in some article: `NQTW` for `NQ/TW`."""
    term = tokens[0].folded if len(tokens) == 1 else ""
    return (Form("joined", ((term,),)),) if term and vocabulary.df("shingles", term) else ()


# --- terms of the index


def half_typed(token: Token, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The index's terms that have all the marks of the token and more, the most frequent first."""
    found = _terms_like(token, vocabulary)
    return _best({term: df for term, df in found.items() if includes_marks(term, token.exact)}, token.exact)


def accentuations(token: Token, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The token and the index's terms with the same letters and any marks, the most frequent first."""
    found = _terms_like(token, vocabulary)
    same = {term: df for term, df in found.items() if fold(term) == token.folded}
    return (token.exact, *_best(same, token.exact))


def _best(found: dict[str, int], typed: str) -> tuple[str, ...]:
    found.pop(typed, None)
    best = sorted(found, key=lambda term: (-found[term], term))[:MAX_TERMS]
    return tuple(fitting((typed, *best))[1:])


def fitting(terms: Sequence[str]) -> Sequence[str]:
    """The first of the terms, as many as an engine takes at one place of a phrase."""
    sizes = accumulate(len(term.encode()) for term in terms)
    return terms[: sum(size <= MAX_BYTES for size in sizes)]


def _terms_like(token: Token, vocabulary: Vocabulary) -> dict[str, int]:
    """Terms of as many letters that begin alike, with any marks on the letters that `_beginnings` varies; their df."""
    found: dict[str, int] = {}
    for prefix in _beginnings(strip_marks(token.exact)):
        for field in EXACT:
            for term, df in vocabulary.terms(field, prefix):
                if len(term) == len(token.exact):
                    found[term] = max(found.get(term, 0), df)
    return found


def _beginnings(plain: str) -> Iterator[str]:
    """What a word may begin with that is `plain` without its marks: up to the first letter that may have some, behind a
    d or đ up to the next.

    Reading what begins with t takes 2.7 ms, with all the ways to write tu .4.
    """
    at = next((at for at, letter in enumerate(plain) if letter in MARKABLE), None)
    if at is None:
        yield plain
        return
    after = plain[at + 1 : at + 2]
    for letter in MARKABLE[plain[at]]:
        beginning = plain[:at] + letter
        if letter in "dđ" and after in MARKABLE:
            yield from (beginning + other for other in MARKABLE[after])
        else:
            yield beginning


# --- what a form means to engines


def found_by(form: Form) -> tuple[Node, ...]:
    """The nodes that find it, for totals."""
    exact_fields, folded_fields = SCOPES[form.scope]
    match form.kind:
        case "exact":
            return _anywhere(exact_fields, form.slots)
        case "folded":
            return _anywhere(folded_fields, form.slots)
        case "bare":
            return _anywhere(("bare",), form.slots)
        case "near" | "near_folded":
            fields = exact_fields if form.kind == "near" else folded_fields
            first, second = form.slots
            return tuple(Near(field, first, second, form.between) for field in fields)
        case _:
            return (Term("shingles", form.slots[0][0]),)


def scored(form: Form) -> tuple[Node, ...]:
    """The nodes that score it, for adding up; without the form's weight."""
    nodes = found_by(form)
    exact_fields, folded_fields = SCOPES[form.scope]
    if form.kind == "bare":
        # Scored by the folded fields: their lengths and frequencies are those of all articles, `bare` has few.
        return (Filtered(Or(_anywhere(FOLDED, form.slots)), nodes[0]),)
    if isinstance(nodes[0], Near):  # it has no score of its own
        fields = exact_fields if form.kind == "near" else folded_fields
        return (Filtered(Or(tuple(best_term(fields, slot) for slot in form.slots)), Or(nodes)),)
    if len(form.slots) == 1 and len(form.slots[0]) > 1:
        return (best_term(exact_fields if form.kind == "exact" else folded_fields, form.slots[0]),)
    if isinstance(nodes[0], MultiPhrase):  # no score of its own either; the terms of a slot fold to one, or a few
        slots = tuple(dict.fromkeys(map(fold, slot)) for slot in form.slots)
        return (Filtered(Or(tuple(best_term(folded_fields, tuple(slot)) for slot in slots)), Or(nodes)),)
    return nodes


def best_term(fields: Sequence[str], terms: Sequence[str]) -> Node:
    """The best of several terms, each added up over the fields."""
    nodes = tuple(Or(_anywhere(fields, ((term,),))) for term in terms)
    return nodes[0] if len(nodes) == 1 else DisMax(nodes)


def _anywhere(fields: Sequence[str], slots: Slots) -> tuple[Node, ...]:
    if len(slots) == 1:
        return tuple(Term(field, term) for term in slots[0] for field in fields)
    if all(len(slot) == 1 for slot in slots):
        return tuple(TermPhrase(field, tuple(slot[0] for slot in slots)) for field in fields)
    return tuple(MultiPhrase(field, slots) for field in fields)


def best_of(forms: Sequence[Form]) -> tuple[Node, ...]:
    """The nodes that score a needle by the best of its forms, for adding up."""
    if len(forms) == 1 and forms[0].weight == 1.0:
        return scored(forms[0])
    children = []
    for form in forms:
        nodes = scored(form)
        node = nodes[0] if len(nodes) == 1 else Or(nodes)
        children.append(node if form.weight == 1.0 else Boost(node, form.weight))
    return (DisMax(tuple(children)),) if len(children) > 1 else (children[0],)
