"""Dates as papers print them: which days they can mean."""

from datetime import date

import pytest

from secondlook.numbers.dates import Days, can_be_in_order, months_between, parse_date, why_unread


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("June 2018", date(2018, 6, 1), date(2018, 6, 30)),
        ("JUNE 2018", date(2018, 6, 1), date(2018, 6, 30)),
        ("February 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("December 2016", date(2016, 12, 1), date(2016, 12, 31)),
        ("January 1, 2023", date(2023, 1, 1), date(2023, 1, 1)),
        ("1 January 2023", date(2023, 1, 1), date(2023, 1, 1)),
        ("2023-01", date(2023, 1, 1), date(2023, 1, 31)),
        ("2023-01-15", date(2023, 1, 15), date(2023, 1, 15)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_dates_as_printed(text, first, last):
    """By the calendar; ISO 8601-1:2019, 5.2.2.2 for a year or a month of reduced precision."""
    assert (parse_date(text).first, parse_date(text).last) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "soon", "20", "Juni 2018", "February 30, 2020", "13 2018", "2020-13", "01/02/2020"]
)
def test_no_dates(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("texts", "possible"),
    [
        (["June 2018", "January 1, 2023"], True),
        # the 15th is a day of that June: nothing says that they stand the wrong way round
        (["15 June 2018", "June 2018"], True),
        (["15 June 2018", "2018", "June 2018"], True),
        (["15 July 2018", "2018", "June 2018"], False),
        (["2019", "December 2018"], False),
    ],
)
def test_dates_are_out_of_order_only_when_no_days_are_in_order(texts, possible):
    assert can_be_in_order([parse_date(text) for text in texts]) is possible


DAY = Days(date(2023, 1, 2), date(2023, 1, 2))
JUNE = Days(date(2018, 6, 1), date(2018, 6, 30))


@pytest.mark.parametrize(
    "text",
    ["January 2, 2023", "Jan 2, 2023", "Jan. 2nd, 2023", "January 2 2023", "2 January 2023", "2nd of January, 2023",
     "the 2nd of Jan 2023", "02-Jan-2023", "2-Jan-23", "2023-01-02", "2023/1/2", "2023.01.02", "02.01.2023",
     "2023-01-02 00:00:00", "2023-01-02T00:00:00", " 2  January 2023 "],
)  # fmt: skip
def test_a_day_as_journals_and_spreadsheets_print_it(text):
    assert parse_date(text) == DAY
    assert why_unread(text) == ""


@pytest.mark.parametrize(
    "text", ["June 2018", "June, 2018", "Jun 2018", "Jun. 2018", "Jun-18", "Jun\u201318", "2018/06", "2018-06", "2018.6",
             "06/2018", "6.2018", "Jun-2018", "JUNE 2018"],
)  # fmt: skip
def test_a_month(text):
    assert parse_date(text) == JUNE


def test_strokes_are_read_only_where_one_order_is_possible():
    assert parse_date("30/06/2018") == parse_date("06/30/2018") == parse_date("2018-06-30")
    assert parse_date("01/01/2023") == parse_date("2023-01-01"), "the same day in either order"
    assert parse_date("06/01/2018") is None
    assert "day or with the month first" in why_unread("06/01/2018")


@pytest.mark.parametrize(
    "text", ["", "soon", "June", "31 June 2018", "2018-13", "13/13/2018", "43252", "June 18", "Q2 2018", "Juni 2018"]
)
def test_what_is_no_date_is_not_read(text):
    assert parse_date(text) is None
    assert why_unread(text)


def test_months_between_are_of_mean_length():
    """A Gregorian year has 365.25 days on the average but for centuries, and a month a twelfth of it."""
    assert months_between(date(2020, 1, 1), date(2024, 1, 1)) == pytest.approx(48)
    assert months_between(date(2020, 3, 1), date(2020, 2, 1)) == pytest.approx(-29 / 30.4375)
