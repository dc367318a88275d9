"""Dates as papers print them: which days they can mean."""

from datetime import date

import pytest

from secondlook.numbers.dates import can_be_in_order, parse_date


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
    "text", ["", "soon", "20", "Juni 2018", "February 30, 2020", "13 2018", "2020-13", "01/02/2020", "2020-1-5"]
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
