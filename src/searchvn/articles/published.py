"""A written date -> ISO 8601.

Main name: `read_published`. Invariant: the day comes first, as Vietnamese writes it; what is no date of the calendar,
or leaves the day, the month or the year open, gives None, never a guess.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from searchvn.articles.identity import is_iso_date
from searchvn.articles.shapes import folded, squeezed

_LONGEST = 80  # code points; no written date is longer

# Months in words, as WordPress writes them: `Tháng Mười Hai 1, 2021`.
_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi mot": 11, "muoi hai": 12, "muoi": 10, "chap": 12,
}  # fmt: skip
_ENGLISH_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_MONTH = rf"(?P<month>\d{{1,2}}|{'|'.join(_MONTHS)})"
_ENGLISH = rf"(?P<month>{'|'.join(_ENGLISH_MONTHS)})"
_YEAR = r"(?P<year>(?:1[89]|20)\d{2})(?![/.–-]?\d)"
_FORMS = tuple(
    re.compile(rf"(?<![\d/.–-]){form}")
    for form in (
        rf"(?P<day>\d{{1,2}}) ?(?P<sign>[/.–-]) ?(?P<month>\d{{1,2}}) ?(?P=sign) ?{_YEAR}",
        r"(?P<year>(?:1[89]|20)\d{2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)",
        rf"(?P<day>\d{{1,2}})(?: |, )thang {_MONTH},? (?:nam )?{_YEAR}",
        rf"thang {_MONTH} (?P<day>\d{{1,2}}), {_YEAR}",
        rf"(?P<day>\d{{1,2}}) th(?P<month>\d{{1,2}}),? {_YEAR}",
        rf"th(?P<month>\d{{1,2}}) (?P<day>\d{{1,2}}),? {_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_ENGLISH},? {_YEAR}",
        rf"{_ENGLISH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
    )
)
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2}) ?(?:gio|[:hg])"
    r"(?: ?(?P<minute>\d{2}|\d(?= ?phut))(?: ?(?:[:p']|phut) ?(?P<second>\d{2}))?)?"
    r"(?: ?(?:phut|giay|[p'](?![a-z])))?(?: ?(?P<half>am|pm|sa|ch))?(?![\d:])"
)
_ZONE = re.compile(r"\(? ?(?:gmt|utc) ?\+ ?0?7(?::?00)? ?\)?")  # Vietnam's own
_WEEKDAY = re.compile(
    r"thu (?:hai|ba|tu|nam|sau|bay|[2-7])\b|chu nhat|(?:t[2-7]|cn)(?=[ ,])"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_BETWEEN = re.compile(r"[ ,;|.:()–—•·@\-]+")
_FILLERS = {"", "ngay", "luc", "vao", "hoi"}
_DATELIKE = re.compile(
    r"(?:[\d\s:/.,;()|–+'-]|ngay|thang|nam|luc|vao|hoi|gio|phut|giay|gmt|utc|am|pm|sa|ch|thu|hai|ba|tu|sau|bay"
    r"|chu nhat)*"
)
_NUMBERS = re.compile(r"\d{1,2} ?(?:[/.–-]|thang) ?\d{1,2} ?(?:[/.–-]|nam) ?\d{4}")
_MAILED = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})?(?: (?:[+-]\d{4}|GMT|UTC?|Z))?"
)


def read_published(text: str) -> str | None:
    """ISO 8601 of a text that is a written date, with or without a time, and nothing else; None for all others.

    The result is a date or a local date and time. ISO 8601 itself stays as it stands, with its zone; a date of mails
    and feeds (RFC 2822) keeps its zone too.

    >>> [read_published(text) for text in ("Thứ sáu, 01/04/2022 09:35", "ngày 5 tháng 9 năm 2021", "31/02/2021")]
    ['2022-04-01T09:35', '2021-09-05', None]
    """
    text = squeezed(text)
    return _read(text) if len(text) <= _LONGEST else None


@lru_cache(1_000)  # many articles of a file are of one day
def _read(text: str) -> str | None:
    if is_iso_date(text):
        return text.replace(" ", "T", 1)
    return _mailed(text) if _MAILED.fullmatch(text) else _written(folded(text))


def looks_dated(text: str) -> bool:
    """True for a text that is one date and time in form, whether it stands in the calendar or not."""
    plain = folded(squeezed(text[: 2 * _LONGEST]))
    return len(plain) <= _LONGEST and len(_NUMBERS.findall(plain)) == 1 and is_datelike(text)


def is_datelike(text: str) -> bool:
    """True for a text of numbers and of words that stand in dates alone, and for an empty one."""
    return len(text) <= _LONGEST and bool(_DATELIKE.fullmatch(folded(text)))


def _written(text: str) -> str | None:
    text = _ZONE.sub(" ", text, count=1)
    date = next(filter(None, (form.search(text) for form in _FORMS)), None)
    if date is None:
        return None
    rest = f"{text[: date.start()]} {text[date.end() :]}"
    time = _TIME.search(rest)
    if time:
        rest = f"{rest[: time.start()]} {rest[time.end() :]}"
    if not _FILLERS.issuperset(_BETWEEN.split(_WEEKDAY.sub(" ", rest, count=1))):
        return None
    return _iso(date, time)


def _iso(date: re.Match[str], time: re.Match[str] | None) -> str | None:
    month = _MONTHS.get(date["month"]) or _ENGLISH_MONTHS.get(date["month"]) or int(date["month"])
    try:
        day = datetime(int(date["year"]), month, int(date["day"])).date().isoformat()
        return f"{day}T{_clock(time)}" if time else day
    except ValueError:  # a 31st of February, 25:00
        return None


def _clock(time: re.Match[str]) -> str:
    """The time of day, to the second only where seconds are written."""
    hour, minute, second = (int(time[part] or 0) for part in ("hour", "minute", "second"))
    if time["half"] in ("pm", "ch") and hour < 12:
        hour += 12
    elif time["half"] in ("am", "sa"):
        hour = 13 if hour > 12 else hour % 12
    clock = datetime(1, 1, 1, hour, minute, second).time()
    return clock.isoformat("seconds" if time["second"] else "minutes")


def _mailed(text: str) -> str | None:
    from email.utils import parsedate_to_datetime  # 10 ms that hardly any text needs

    try:
        return parsedate_to_datetime(text).isoformat()
    except ValueError:
        return None
