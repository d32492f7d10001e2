"""Dates as they are typed, and the intervals that they mean."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchvn.errors import QuerySyntaxError, UsageError
from searchvn.query.dates import EARLIEST, LATEST, between, read_dates
from searchvn.query.parser import parse_query
from searchvn.query.printing import printed
from searchvn.query.syntax import Dates
from trees import dates, either, side, spanless, tree

many = settings(deadline=None, derandomize=True, max_examples=200)


def first(day: date) -> int:
    return int(f"{day:%Y%m%d}000000")


def last(day: date) -> int:
    return int(f"{day:%Y%m%d}235959")


days = st.dates(date(1000, 1, 1), date(9998, 12, 31))


@many
@given(days)
def test_a_day_may_be_written_in_many_ways(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    ways = [f"{y}-{m}-{d}", f"{day:%Y-%m-%d}", f"{d}/{m}/{y}", f"{day:%d/%m/%Y}", f"{d}-{m}-{y}", f"{d}.{m}.{y}"]
    for way in [*ways, *(f"={way}" for way in ways)]:
        assert read_dates(way) == (first(day), last(day))


@many
@given(days)
def test_a_month_and_a_year_are_all_their_days(day: date) -> None:
    start, end = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    for way in (f"{day.year}-{day.month}", f"{day:%Y-%m}", f"{day.month}/{day.year}", f"{day:%m/%Y}"):
        assert read_dates(way) == (first(start), last(end))
    assert read_dates(f"{day.year}") == (first(date(day.year, 1, 1)), last(date(day.year, 12, 31)))


@many
@given(days, days)
def test_ranges_hold_both_ends_and_may_be_open(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert read_dates(f"{early}..{late}") == (first(early), last(late))
    assert read_dates(f"{early}..") == read_dates(f">={early}") == (first(early), LATEST)
    assert read_dates(f"..{late}") == read_dates(f"<={late}") == (EARLIEST, last(late))
    assert read_dates(f"{early.year}..{late:%m/%Y}")[0] == first(date(early.year, 1, 1))


@many
@given(days)
def test_above_and_below_leave_the_day_itself_out(day: date) -> None:
    after, before = read_dates(f">{day}"), read_dates(f"<{day}")
    assert last(day) < after[0] <= first(day + timedelta(days=1)) and after[1] == LATEST
    assert before[0] == EARLIEST and last(day - timedelta(days=1)) <= before[1] < first(day)


@pytest.mark.parametrize(("year", "leap"), [(2020, True), (2021, False), (1900, False), (2000, True), (2024, True)])
def test_february_has_as_many_days_as_the_calendar_says(year: int, leap: bool) -> None:
    assert read_dates(f"2/{year}")[1] == last(date(year, 2, 29 if leap else 28))
    if leap:
        assert read_dates(f"29/2/{year}") == (first(date(year, 2, 29)), last(date(year, 2, 29)))
    else:
        with pytest.raises(UsageError, match=f"tháng 2/{year} có 28 ngày"):
            read_dates(f"29/2/{year}")


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("31/02/2021", "không có ngày 31/02/2021: tháng 2/2021 có 28 ngày", "30/11/2021"),
        ("2021-04-31", "tháng 4/2021 có 30 ngày", "30/11/2021"),
        ("0/1/2021", "không có ngày 0/1/2021", "30/11/2021"),
        ("11/30/2021", "không có ngày 11/30/2021: tháng 30", "ngày viết trước tháng"),
        ("13/2021", "không có tháng 13", "2021-11"),
        ("2021-00", "không có tháng 0", "2021-11"),
        ("2021..2019", "khoảng ngày ngược: 2021 muộn hơn 2019", "viết 2019..2021"),
        ("1/12/2021..11/2021", "khoảng ngày ngược", "viết 11/2021..1/12/2021"),
        ("..", "khoảng ngày trống", "2019..2021"),
        ("2019..2020..2021", "“2019..2020..2021” không phải ngày tháng", "2019..2021"),
        (">=2019..2021", "không phải ngày tháng", "2019..2021"),
        ("hôm qua", "“hôm qua” không phải ngày tháng", "2021"),
        ("21", "“21” không phải ngày tháng", "2021"),
        ("30/4", "“30/4” không phải ngày tháng", "30/11/2021"),
        ("30/11-2021", "không phải ngày tháng", "30/11/2021"),
        (">=", "không phải ngày tháng", ">=2020-07-02"),
        (">9999", "không có ngày nào muộn hơn 9999", "2021"),
        ("", "không phải ngày tháng", "2021"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_type_instead(text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_dates(text)
    assert said in str(caught.value)
    assert hint in caught.value.hint


@many
@given(st.text("0123456789/.-<>= ２a", max_size=14))
def test_any_text_is_an_interval_or_an_error(text: str) -> None:
    try:
        start, end = read_dates(text)
    except UsageError as error:
        assert error.hint
    else:
        assert start >= EARLIEST and end <= LATEST


# --- --since and --until


def limited(text: str, since: str | None, until: str | None) -> object:
    return spanless(between(parse_query(text), since, until).root)


@pytest.mark.parametrize("text", ["lúa", "lúa ngô", '"lúa ngô"', "lúa OR ngô", "-lúa", "lúa -ngô", "date:2020 lúa"])
def test_options_add_a_date_to_the_whole_query(text: str) -> None:
    for since, until, written in (
        ("2019", "30/11/2021", "2019..30/11/2021"),
        ("2019", None, "2019.."),
        (None, "2019", "..2019"),
    ):
        query = between(parse_query(text), since, until)
        whole = text if " OR " not in text else f"({text})"
        assert spanless(query.root) == tree(f"{whole} date:{written}")
        assert tree(printed(query.root)) == spanless(query.root)
        assert query.text == text
    assert between(parse_query(text), None, None) == parse_query(text)


def test_an_or_stays_one_side_of_the_date() -> None:
    assert limited("lúa OR ngô", "2019", "2021") == side(either("lúa", "ngô"), dates("2019..2021"))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2021", "2019", "--since 2021 muộn hơn --until 2019"),
        ("2021-02-30", None, "--since: không có ngày 2021-02-30"),
        (None, "mai", "--until: “mai” không phải ngày tháng"),
        ("2019..2021", None, "--since: “2019..2021” không phải một ngày"),
        (None, ">=2019", "--until: “>=2019” không phải một ngày"),
        ("", None, "--since: “” không phải một ngày"),
    ],
)
def test_options_that_mean_nothing_are_named(since: str | None, until: str | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        between(parse_query("lúa"), since, until)
    assert said in str(caught.value)
    assert caught.value.hint
    assert not isinstance(caught.value, QuerySyntaxError)


def test_a_date_in_a_query_keeps_what_was_typed() -> None:
    (found,) = [clause for clause in parse_query("lúa ngày:30/11/2021").root.children if isinstance(clause, Dates)]
    assert (found.text, found.first, found.last) == ("30/11/2021", 20211130000000, 20211130235959)
