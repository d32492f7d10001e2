"""What was typed -> what engines run: the plans of its parts put together.

Main type: `Plan`. Invariant: the plan's `matching` node finds exactly the articles that meet the query as it was
written: side by side and AND mean all, OR any, NOT none; in a query of words and phrases alone these are the articles
in which every needle is found.

Side by side is ranked over any word. AND, OR, + and NOT are conditions: their operands find the articles that have all
their words, and so are dates, `author:`, `source:` and `path:`, for who types these wants no others.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, assert_never

from searchvn.analysis.abbreviations import Abbreviation, packaged
from searchvn.analysis.folding import has_marks
from searchvn.models import Diacritics
from searchvn.query.ast import And, AndMaybe, Boost, Everything, Filtered, Node, Or, Range, Without
from searchvn.query.expand import Expander
from searchvn.query.forms import Needle, Vocabulary, half_typed, read_tokens
from searchvn.query.runs import (
    MANY_WORDS,
    Part,
    Reading,
    either,
    read_run,
    says_nothing_by_capitals,
)
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
    Query,
    Required,
    Scoped,
    Word,
    is_plain,
)

_CONDITIONS = ("author", "source", "path")  # fields whose words are conditions


class Plan(NamedTuple):
    """A rewritten query. `ranking` orders articles with any of the words, `matching` finds those with all of them.

    `notes` say what was read otherwise than typed. `can_widen`: with `widened`, unmarked words may find more. `pairs`
    say what the codes of neighbours in `ranking` stand for.
    """

    ranking: Node
    matching: Node
    needles: tuple[Needle, ...]
    notes: tuple[str, ...] = ()
    can_widen: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


def rewrite(
    query: Query,
    vocabulary: Vocabulary,
    diacritics: Diacritics = Diacritics.SMART,
    abbreviations: Sequence[Abbreviation] | None = None,
    widened: bool = False,
) -> Plan:
    """The plan of a query. `vocabulary` tells which forms the index has, and counts the articles that write a query
    without marks as it was typed.

    `abbreviations` are the table's rows (default: the packaged ones). `widened` lets unmarked words beside marked ones
    stand with any marks.
    """
    expander = _expander(packaged() if abbreviations is None else tuple(abbreviations))
    part = _plan(query.root, _reading(query.root, diacritics, vocabulary, expander, widened), "")
    return Plan(
        _ranking(part) or part.matching,
        part.matching,
        tuple(dict.fromkeys(part.needles)),
        tuple(dict.fromkeys(part.notes)),
        part.can_widen,
        part.pairs,
    )


@lru_cache(maxsize=4)
def _expander(rows: tuple[Abbreviation, ...]) -> Expander:
    return Expander(rows)


def _reading(
    root: Clause, diacritics: Diacritics, vocabulary: Vocabulary, expander: Expander, widened: bool
) -> Reading:
    """What all clauses are read by: what is true of the query as a whole."""
    leaves = list(_leaves(root))
    typed = [read_tokens(leaf.text) for leaf in leaves]
    whole = [tokens for leaf, tokens in zip(leaves, typed, strict=True) if not isinstance(leaf, Pattern)]
    marked = any(token.marked for tokens in typed for token in tokens)
    long = sum(map(len, typed)) > MANY_WORDS
    half = (
        marked
        and not long
        and diacritics is Diacritics.SMART
        # Where one word has lost marks, others may have lost some and still be words: `đôi` for `đổi`.
        and any(token.half and half_typed(token, vocabulary) for tokens in whole for token in tokens)
    )
    in_capitals = says_nothing_by_capitals(typed)
    return Reading(diacritics, vocabulary, expander, not marked, half, long, in_capitals, widened)


def _leaves(clause: Clause) -> Iterator[Word | Phrase | Pattern | Fuzzy]:
    """The words and phrases that articles are wanted for."""
    match clause:
        case Word() | Phrase() | Pattern() | Fuzzy():
            yield clause
        case Group(children) | AllOf(children) | AnyOf(children):
            for child in children:
                yield from _leaves(child)
        case Required(child) | Boosted(child) | Scoped(_, child):
            yield from _leaves(child)


def _plan(clause: Clause, reading: Reading, scope: str) -> Part:
    match clause:
        case Group(children):
            return _group(children, reading, scope)
        case AllOf(children):
            return _condition(children, reading, scope, And)
        case AnyOf(children):
            return _condition(children, reading, scope, Or)
        case Not(child):
            return Part((), Without(Everything(), _as_typed(child, reading, scope)), notes=_kept(child, reading))
        case Required(child):
            return _condition((child,), reading, scope, And)
        case Scoped(field, child) if field in _CONDITIONS:
            return _condition((child,), reading, field, And)
        case Scoped(field, child):
            return _plan(child, reading, field)
        case Boosted(child, factor):
            part = _plan(child, reading, scope)
            ranking, neighbours = (
                tuple(Boost(node, factor) for node in nodes) for nodes in (part.ranking, part.neighbours)
            )
            return part._replace(ranking=ranking, neighbours=neighbours, flat=False)
        case Dates(_, _, first, last):
            return Part((), Range("published", first, last))
        case Word():
            return read_run((clause,), reading, scope)
        case Phrase() if is_plain(clause):
            return read_run((clause,), reading, scope)
        case Pattern() | Fuzzy() | Phrase():
            from searchvn.query.patterns import read_single  # needed by few queries

            return read_single(clause, reading, scope)
    assert_never(clause)


def _as_typed(clause: Clause, reading: Reading, scope: str) -> Node:
    """The articles that NOT takes away: those with the very words, no abbreviation and no other marks, unless these
    are asked for."""
    level = Diacritics.EXACT if reading.level is Diacritics.SMART else reading.level
    exactly = reading._replace(level=level, expander=_expander(()), widened=False, half=False)
    return _plan(clause, exactly, scope).matching


def _kept(clause: Clause, reading: Reading) -> tuple[str, ...]:
    """What NOT does not take away from a query without marks, though it may have been meant."""
    if reading.level is not Diacritics.SMART or not reading.unmarked:
        return ()
    df = reading.vocabulary.df
    return tuple(
        f"chỉ bỏ các bài có đúng “{leaf.text}” không dấu; gõ đủ dấu, hoặc thêm --diacritics ignore để bỏ cả bài có dấu"
        for leaf in _leaves(clause)
        if not has_marks(leaf.text.lower())
        and any(df("body_folded", token.folded) > df("body", token.exact) for token in read_tokens(leaf.text))
    )


def _group(children: Sequence[Clause], reading: Reading, scope: str) -> Part:
    """Clauses side by side: runs of plain ones, conditions, and what is unwanted."""
    parts: list[Part] = []
    filters: list[Part] = []
    conditions: list[Node] = []
    unwanted: list[Node] = []
    notes: list[str] = []
    for plain, run in groupby(children, is_plain):
        if plain:
            parts.append(read_run(tuple(run), reading, scope))  # type: ignore[arg-type]
            continue
        for clause in run:
            if isinstance(clause, Not):
                unwanted.append(_as_typed(clause.child, reading, scope))
                notes += _kept(clause.child, reading)
                continue
            part = _plan(clause, reading, scope)
            if _is_condition(clause, scope):
                conditions.append(part.matching)
            (filters if _is_filter(clause, scope) else parts).append(part)
    if not parts and not filters:
        return Part((), Without(Everything(), either(unwanted)), notes=tuple(notes))
    if any(part.ranking for part in parts):  # what only narrows finds nothing by itself
        filters = [part._replace(ranking=(), neighbours=part.ranking + part.neighbours, flat=False) for part in filters]
    parts += filters
    matching = _all([part.matching for part in parts])
    whole = _together(parts, matching)
    ranking = _ranking(whole)
    if conditions:
        ranking = _narrowed(ranking, _all(conditions)) if ranking else None
    if unwanted:
        matching = Without(matching, either(unwanted))
        ranking = Without(ranking, either(unwanted)) if ranking else None
    if not conditions and not unwanted:
        return whole
    nodes = (ranking,) if ranking else ()
    return whole._replace(ranking=nodes, neighbours=(), flat=False, matching=matching, notes=(*whole.notes, *notes))


def _is_condition(clause: Clause, scope: str) -> bool:
    """Whether hits must meet a clause though it stands side by side with others."""
    return isinstance(clause, Required) or _is_filter(clause, scope)


def _is_filter(clause: Clause, scope: str) -> bool:
    """Whether a clause narrows what others find: dates, authors, sources and paths, and what is unwanted."""
    match clause:
        case Dates() | Not():
            return True
        case Group(children) | AllOf(children) | AnyOf(children):
            return all(_is_filter(child, scope) for child in children)
        case Scoped(field, child):
            return _is_filter(child, field)
        case Boosted(child) | Required(child):
            return _is_filter(child, scope)
    return scope in _CONDITIONS


def _condition(children: Sequence[Clause], reading: Reading, scope: str, kind: type[And | Or]) -> Part:
    """Operands of AND, OR or +: the articles that have all words of all of them, or of one."""
    parts = [_plan(child, reading, scope) for child in children]
    matching = _all([part.matching for part in parts]) if kind is And else either(part.matching for part in parts)
    whole = _together(parts, matching)
    if kind is Or:
        whole = whole._replace(needles=tuple(needle._replace(optional=True) for needle in whole.needles))
    scored = _ranking(whole)
    if scored is None:
        return whole
    if kind is And or all(part.ranking for part in parts):
        ranking = _narrowed(scored, matching)
    else:  # `a OR date:2021`: what only the second finds has no score
        ranking = AndMaybe(Boost(matching, 0.0), scored)
    return whole._replace(ranking=(ranking,), neighbours=(), flat=False)


def _narrowed(scored: Node, matching: Node) -> Node:
    """`scored` for the articles that `matching` finds; what these surely meet is not asked again."""
    scored = _trusting(scored, frozenset(_parts(matching, And)))
    if isinstance(scored, Or) and Counter(scored.children) == Counter(_parts(matching, And)):
        return matching  # its scores add up as well
    alternatives = frozenset((matching, *_parts(matching, Or)))
    if all(
        part in alternatives or (isinstance(part, Filtered) and part.filter in alternatives)
        for part in _parts(scored, Or)
    ):
        return scored
    return Filtered(scored, matching)


def _trusting(node: Node, met: frozenset[Node]) -> Node:
    """`node` for articles that meet all of `met`: filters that these pass are left out."""
    match node:
        case Filtered(scored, condition) if met.issuperset(_parts(condition, And)):
            return _trusting(scored, met)
        case Or((only,)):
            return _trusting(only, met)
        case Or(children):
            return Or(tuple(_trusting(child, met) for child in children))
        case AndMaybe(required, optional):
            return AndMaybe(_trusting(required, met), _trusting(optional, met))
    return node


def _parts(node: Node, kind: type[And | Or]) -> Iterator[Node]:
    """The operands of `node`, and theirs, as far as they are of one kind."""
    if isinstance(node, kind):
        for child in node.children:
            yield from _parts(child, kind)
    else:
        yield node


def _together(parts: Sequence[Part], matching: Node) -> Part:
    """Several parts as one, with the articles that `matching` finds."""
    if len(parts) == 1:
        return parts[0]
    return Part(
        tuple(node for part in parts for node in part.ranking),
        matching,
        tuple(node for part in parts for node in part.neighbours),
        all(part.flat for part in parts),
        tuple(needle for part in parts for needle in part.needles),
        tuple(note for part in parts for note in part.notes),
        any(part.can_widen for part in parts),
        tuple(pair for part in parts for pair in part.pairs),
    )


def _ranking(part: Part) -> Node | None:
    """The words of a part, any of them, and what their neighbours add.

    A folded pair stands only where both folded words stand, so beside folded words it needs no guard, and engines run
    one flat Or faster. Beside exact words it would bring in articles with none of them (`Lân Ánh` for `Lan Ánh`),
    beside phrases articles with a part of one (`ban chi huy` for `"ban chi dao"`).
    """
    if not part.ranking:
        return None
    if not part.neighbours or part.flat:
        return Or(part.ranking + part.neighbours)
    return AndMaybe(Or(part.ranking), Or(part.neighbours))


def _all(nodes: Sequence[Node]) -> Node:
    unique = tuple(dict.fromkeys(nodes))
    return unique[0] if len(unique) == 1 else And(unique)
