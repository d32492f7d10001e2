"""Rows of a page, each at its place -> paragraphs.

Main type: `Row`; main name: `paragraphs`. Invariants: every row is in one paragraph, in the order given; where geometry
leaves a doubt rows stay apart, which costs a line break and not a sentence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from searchvn.analysis.canonical import canonical
from searchvn.analysis.syllables import is_syllable

_SIMILAR = 1.12  # times the size: still the same text
_LARGE = 1.15  # times the usual size: a heading, whose rows need not reach the margin
_HEADING_STEP = 1.8  # times the size: rows of one heading
_WIDE_GAP = 1.2  # times the usual step from row to row: between paragraphs
_WIDEST_STEP = 2.4  # times the size: text with double spacing
_INDENT = 0.7  # times the size: what is less is not meant
_SAME_EDGE = 3.0  # points; rows of justified text end within them ...
_JUSTIFIED = 0.2  # ... and are at least this share of all

CELLS = " | "  # between what stands in cells of a table, or in columns, side by side

_LONGEST_WORD = 50  # code points of a row's end in which its last word is looked for
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_ENDS = re.compile(r"[.!?:;…][\"”’»)\]]*$")
_BULLET = re.compile(r"[•●○▪■◦►➢✓♦*]\s*\S")
_ITEM = re.compile(r"(?:[-–—+]|\d{1,3}[.)/]|[a-zđA-ZĐ][.)]|[IVX]{1,5}[.)])\s*\S")


class Row(NamedTuple):
    """A row of text. Places are in points from the lower left corner of its page; `base` is what its letters stand on.

    `size` is the height of its font. `broken`: it ended in a hyphen, which is not in `text`.
    """

    number: int
    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    broken: bool = False


class Paragraph(NamedTuple):
    """Joined rows: the number and the page of the first one, and their size."""

    number: int
    page: int
    text: str
    size: float


class _Block(NamedTuple):
    """Rows below each other, between the same margins; `step` is the usual distance from row to row.

    `justified`: many rows end at the right margin, so those that do not end a paragraph.
    """

    rows: Sequence[Row]
    left: float
    right: float
    step: float
    justified: bool


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows of one page as they are read: as they are drawn, or from top to bottom where that has no order."""
    ups = sum(_is_above(row, before) for before, row in pairwise(rows))
    if ups <= max(1, len(rows) / 3):
        return list(rows)
    return sorted(rows, key=lambda row: (-round(row.base), row.left))


def usual_size(rows: Sequence[Row]) -> float:
    """The size that most letters have; 0 without rows."""
    letters: Counter[float] = Counter()
    for row in rows:
        letters[round(row.size, 1)] += len(row.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def is_large(size: float, usual: float) -> bool:
    """True for the size of a heading."""
    return size > _LARGE * usual


def paragraphs(rows: Sequence[Row]) -> Iterator[Paragraph]:
    """The paragraphs that the rows make, page after page."""
    usual = usual_size(rows)
    taken: list[Row] = []
    before: _Block | None = None
    for block in _blocks(rows):
        for row in block.rows:
            if taken and before and not _goes_on(taken, before, row, block, usual):
                yield _joined(taken)
                taken = []
            taken.append(row)
            before = block
    if taken:
        yield _joined(taken)


def _blocks(rows: Sequence[Row]) -> list[_Block]:
    blocks: list[_Block] = []
    taken: list[Row] = []
    left = right = 0.0
    for row in rows:
        if taken and _begins_a_block(row, taken[-1], left, right):
            blocks.append(_block(taken))
            taken = []
        left, right = (min(left, row.left), max(right, row.right)) if taken else (row.left, row.right)
        taken.append(row)
    return _with_margins([*blocks, _block(taken)]) if taken else []


def _with_margins(blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks, of which those of a few short rows get the right margin that rows from the same left one have."""
    edges: dict[int, Counter[int]] = {}
    for block in blocks:
        edges.setdefault(_edge(block.left), Counter())[_edge(block.right)] += len(block.rows)
    usual = {left: found.most_common(1)[0][0] * _SAME_EDGE for left, found in edges.items()}
    return [block._replace(right=max(block.right, usual[_edge(block.left)])) for block in blocks]


def _edge(place: float) -> int:
    return round(place / _SAME_EDGE)


def _block(rows: Sequence[Row]) -> _Block:
    edges = Counter(_edge(row.right) for row in rows)
    edge, count = edges.most_common(1)[0]
    justified = count > 2 and count >= _JUSTIFIED * len(rows)
    steps = [before.base - row.base for before, row in pairwise(rows)]
    return _Block(
        rows,
        left=min(row.left for row in rows),
        right=edge * _SAME_EDGE if justified else max(row.right for row in rows),
        step=min(median(steps or [0.0]), _WIDEST_STEP * median(row.size for row in rows)),
        justified=justified,
    )


def _begins_a_block(row: Row, before: Row, left: float, right: float) -> bool:
    """True for a row of another page, further up, or on one side of all rows so far, which stand from left to right."""
    return row.page != before.page or _is_above(row, before) or row.left > right or row.right < left


def _is_beside(row: Row, before: Row) -> bool:
    """True for pieces of one row, as a raised number makes them."""
    return row.page == before.page and abs(row.base - before.base) < min(row.size, before.size) / 2


def _is_above(row: Row, before: Row) -> bool:
    return row.base > before.base + before.size / 2


def _goes_on(taken: Sequence[Row], before: _Block, row: Row, block: _Block, usual: float) -> bool:
    """True when `row` belongs to the paragraph whose rows so far are `taken`, the last of them in block `before`."""
    last = taken[-1]
    if _is_beside(row, last):
        return abs(row.left - last.right) < 2 * row.size
    if max(last.size, row.size) > _SIMILAR * min(last.size, row.size):
        return False
    if is_large(row.size, usual):
        return before is block and last.base - row.base < _HEADING_STEP * row.size
    if before is block and last.base - row.base > _WIDE_GAP * block.step:
        return False
    if CELLS in last.text or CELLS in row.text:
        return False
    if last.broken:
        return True
    ended = bool(_ENDS.search(last.text))
    if _BULLET.match(row.text) or not _is_full(last, before, row):
        return False
    indented = row.left > block.left + _INDENT * row.size
    if _ITEM.match(row.text) and (ended or indented):
        return False
    goes_on_small = row.text[0].islower()
    if before is not block:  # the top of a column or a page
        return not ended and (goes_on_small or not indented)
    if goes_on_small:
        return True
    return (before.justified or not ended) and not _is_indented(taken, row, block) and not _is_centred(last, row)


def _is_indented(taken: Sequence[Row], row: Row, block: _Block) -> bool:
    """True when `row` begins further right than the rows of a paragraph go on."""
    last = taken[-1]
    if row.left > last.left + _INDENT * row.size:
        return not (len(taken) == 1 and (_ITEM.match(last.text) or _BULLET.match(last.text)))  # a hanging item
    first_rows = len(taken) == 1 and last.left > block.left + _INDENT * row.size
    return first_rows and row.left > last.left - _INDENT * row.size


def _is_centred(last: Row, row: Row) -> bool:
    """True for rows around one middle: they end where their author ended them."""
    apart = abs(last.left + last.right - row.left - row.right) / 2
    return apart < _SAME_EDGE < abs(last.left - row.left)


def _is_full(last: Row, block: _Block, row: Row) -> bool:
    """True when the first word of `row` had no room at the end of `last`."""
    letter = (row.right - row.left) / len(row.text)
    word = len(row.text.split(maxsplit=1)[0]) + 1
    return last.right + word * letter > block.right - _SAME_EDGE


def _joined(rows: Sequence[Row]) -> Paragraph:
    first = rows[0]
    text = first.text
    for before, row in pairwise(rows):
        text += (_hyphen(before.text, row.text) if before.broken else " ") + row.text
    return Paragraph(first.number, first.page, text + "-" * rows[-1].broken, first.size)


def _hyphen(left: str, right: str) -> str:
    """A hyphen that belongs there (`Mác-Lênin`, `kinh tế-xã hội`), or none where it broke a word (`infor-mation`)."""
    end, beginning = _LAST_WORD.search(left[-_LONGEST_WORD:]), _WORD.match(right)
    if not end or not beginning or not beginning[0].islower():
        return "-"
    return "-" if all(is_syllable(canonical(word)) for word in (end[0].lower(), beginning[0])) else ""
