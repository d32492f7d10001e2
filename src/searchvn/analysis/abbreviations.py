"""The packaged table of abbreviations. Main type: `Abbreviation`. Invariant: rows are NFC. (A stand-in for now.)"""

from typing import NamedTuple


class Abbreviation(NamedTuple):
    """One concept: its abbreviations as written, and its full form."""

    shorts: tuple[str, ...]
    full: str
    domain: str = ""
    seen: str = ""


def packaged() -> tuple[Abbreviation, ...]:
    """The rows of the packaged table."""
    return (
        Abbreviation(("UBND",), "Ủy ban nhân dân"),
        Abbreviation(("HĐND",), "Hội đồng nhân dân"),
        Abbreviation(("T.Ư", "TW", "TƯ"), "Trung ương"),
        Abbreviation(("TP",), "thành phố"),
        Abbreviation(("TP.HCM", "TPHCM", "TP Hồ Chí Minh"), "Thành phố Hồ Chí Minh"),
        Abbreviation(("Q.",), "quận"),
        Abbreviation(("NQ",), "nghị quyết"),
        Abbreviation(("CT",), "chỉ thị"),
        Abbreviation(("CT",), "công ty"),
        Abbreviation(("TU",), "Tỉnh ủy"),
        Abbreviation(("TU",), "Thành ủy"),
    )
