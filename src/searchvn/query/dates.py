"""What was typed for a date -> the interval it means. Main name: `read_dates`.

Invariant: an interval is two whole numbers YYYYMMDDhhmmss of local wall-clock time, the first not above the last; what
is no date, or no day of the calendar, is refused with what to type instead.
"""

import re

from searchvn.errors import UsageError
from searchvn.query.syntax import Dates, Group, Query

Interval = tuple[int, int]

EARLIEST, LATEST = 0, 99991231235959
EXAMPLE = "ví dụ: 2021, 2021-11, 30/11/2021, 2019..2021, >=2020-07-02"

_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[/.-](\d{4})")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{1,2})([/.-])(\d{1,2})\5(\d{4})")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)


def read_dates(text: str) -> Interval:
    """The interval of `2021`, `2021-11`, `11/2021`, `30/11/2021`, `2019..2021`, `2019..`, `>=2020-07-02`; inclusive.

    Raises `UsageError` for anything else, for a day that the calendar does not have and for a reversed range.

    >>> read_dates("11/2021")
    (20211101000000, 20211130235959)
    """
    if ".." in text:
        return _range(text)
    sign, date = _COMPARED.fullmatch(text).groups()  # type: ignore[union-attr]
    first, last = _date(date, text)
    match sign:
        case ">=":
            return first, LATEST
        case ">":
            if last == LATEST:
                raise UsageError(f"không có ngày nào muộn hơn {date}", EXAMPLE)
            return last + 1, LATEST
        case "<=":
            return EARLIEST, last
        case "<":
            return EARLIEST, first - 1
    return first, last


def between(query: Query, since: str | None, until: str | None) -> Query:
    """The query for articles published from `since` to `until`, both included; either may be None.

    Raises `UsageError` as `read_dates` does, naming the option.
    """
    if since is None and until is None:
        return query
    first = EARLIEST if since is None else _option("--since", since)[0]
    last = LATEST if until is None else _option("--until", until)[1]
    if first > last:
        raise UsageError(f"--since {since} muộn hơn --until {until}", "đổi chỗ hai ngày")
    dates = Dates(f"{since or ''}..{until or ''}", (len(query.text), len(query.text)), first, last)
    typed = query.root.children if isinstance(query.root, Group) else (query.root,)
    return query._replace(root=Group((*typed, dates), query.root.span))


def _option(name: str, text: str) -> Interval:
    try:
        if ".." in text or text[:1] in "<>=":  # also an empty text
            raise UsageError(f"“{text}” không phải một ngày")
        return read_dates(text)
    except UsageError as error:
        raise UsageError(f"{name}: {error}", f"ví dụ: {name} 2021, {name} 11/2021, {name} 30/11/2021") from None


def _range(text: str) -> Interval:
    before, _, after = text.partition("..")
    if not before and not after:
        raise UsageError("khoảng ngày trống", EXAMPLE)
    first = _date(before, text)[0] if before else EARLIEST
    last = _date(after, text)[1] if after else LATEST
    if first > last:
        raise UsageError(f"khoảng ngày ngược: {before} muộn hơn {after}", f"viết {after}..{before}")
    return first, last


def _date(date: str, text: str) -> Interval:
    """The first and last second of a year, a month or a day."""
    if found := _YEAR.fullmatch(date):
        year = int(found[1])
        return _number(year, 1, 1), _number(year, 12, 31, last=True)
    if found := _MONTH.fullmatch(date):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if not 1 <= month <= 12:
            raise UsageError(f"không có tháng {month}", EXAMPLE)
        return _number(year, month, 1), _number(year, month, _days(year, month), last=True)
    if found := _DAY.fullmatch(date):
        year, month, day = int(found[1] or found[7]), int(found[2] or found[6]), int(found[3] or found[4])
        if not 1 <= month <= 12:
            raise UsageError(f"không có ngày {date}: tháng {month}", "ngày viết trước tháng, ví dụ: 30/11/2021")
        if not 1 <= day <= _days(year, month):
            raise UsageError(f"không có ngày {date}: tháng {month}/{year} có {_days(year, month)} ngày", EXAMPLE)
        return _number(year, month, day), _number(year, month, day, last=True)
    raise UsageError(f"“{text}” không phải ngày tháng", EXAMPLE)


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _number(year: int, month: int, day: int, last: bool = False) -> int:
    return ((year * 100 + month) * 100 + day) * 1_000_000 + (235959 if last else 0)
