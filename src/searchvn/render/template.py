r"""`--format '{path}\t{title}'`: a line of the user's own making for every hit.

Main type: `Template`. Invariant: a template is read once and only names keys, so it can neither reach into an object
nor ask for a gigabyte of spaces; what it makes of a hit holds no control character but the template's own.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from searchvn.errors import UsageError
from searchvn.models import Hit
from searchvn.render.machine import hit_record
from searchvn.render.safe import harmless

# The keys of a hit in jsonl whose values are no lists, the query, and the missing words joined by ", ".
KEYS = tuple("query rank score id record_id path title published author source snippet snippet_field missing".split())


class Piece(NamedTuple):
    """Text as it is printed, then the value of `key`; no key after the last text."""

    text: str
    key: str = ""


class Template(NamedTuple):
    """What stands in a template, in its order."""

    pieces: tuple[Piece, ...]


_ESCAPES = {"t": "\t", "n": "\n", "0": "\0", "\\": "\\"}
_PART = re.compile(r"(?P<text>[^{}\\]+)|(?P<brace>\{\{|\}\})|\\(?P<escape>[tn0\\])|\{(?P<key>[^{}]*)\}")
_EXAMPLE = r"ví dụ: --format '{path}\t{title}'"


def parse_template(template: str) -> Template:
    r"""Reads `{key}`, the escapes `\t \n \0 \\`, and `{{`, `}}` for braces.

    Raises `UsageError` for an unknown key, another escape, a brace without its other half, or anything beside a name
    between braces.

    >>> parse_template(r"{path}\t{{{title}}}").pieces
    (Piece(text='', key='path'), Piece(text='\t{', key='title'), Piece(text='}', key=''))
    """
    pieces, text, place = [], "", 0
    while place < len(template):
        part = _PART.match(template, place)
        if not part:
            raise _misplaced(template, place)
        if part["key"] is not None:
            pieces.append(Piece(text, _known(part["key"])))
            text = ""
        else:
            text += part["text"] or _ESCAPES.get(part["escape"] or "") or part["brace"][0]
        place = part.end()
    return Template((*pieces, Piece(text)))


def fill(template: Template, hit: Hit, working_directory: str, query: str) -> str:
    """What the template makes of a hit. Control characters and line breaks in values are spaces, null is nothing."""
    record = {**hit_record(hit, working_directory), "query": query, "missing": ", ".join(hit.missing)}
    return "".join(piece.text + _value(record, piece.key) for piece in template.pieces)


def _value(record: Mapping[str, object], key: str) -> str:
    value = record[key] if key else None
    return "" if value is None else harmless(str(value))


def _known(key: str) -> str:
    if key in KEYS:
        return key
    from difflib import get_close_matches  # only for these messages

    name = re.match(r"\s*(\w*)", key)
    near = get_close_matches(name[1].lower() if name else "", KEYS, 1, 0.5)
    hint = f"viết {{{near[0]}}}" if near else f"các khóa: {', '.join(KEYS)}"
    shown = key if len(key) <= 40 else key[:39] + "…"
    if re.search(r"[.!:\[]", key):
        raise UsageError(f"mẫu của --format chỉ nhận tên khóa, không nhận “{{{shown}}}”", hint)
    raise UsageError(f"mẫu của --format không có khóa “{{{shown}}}”", hint)


def _misplaced(template: str, place: int) -> UsageError:
    where = f"ở ký tự thứ {place + 1} của mẫu"
    match template[place]:
        case "{":
            return UsageError(f"thiếu }} cho dấu {{ {where}", f"muốn in chính dấu {{ thì viết {{{{; {_EXAMPLE}")
        case "}":
            return UsageError(f"thừa dấu }} {where}", f"muốn in chính dấu }} thì viết }}}}; {_EXAMPLE}")
        case _:
            return UsageError(f"dấu \\ {where} không đứng trước t, n, 0 hay \\", r"muốn in chính dấu \ thì viết \\")
