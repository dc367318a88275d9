"""Dates as printed: a month or a day stands for the days that it can mean."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
#: Mean length of a month in days: a twelfth of a year of 365¼ days. A whole number of sixteenths, so exact.
MONTH = 365.25 / 12

_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_NUMBERS |= {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}
_NAME = "|".join(sorted(_NUMBERS, key=len, reverse=True)).replace("|", r"\.?|") + r"\.?"
_DAY, _YEAR = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", "(?P<year>[0-9]{4})"
_PATTERNS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"(?P<month>{_NAME})(?: {_DAY})?,? {_YEAR}",  # January 1, 2023; Jan 1 2023; June 2018; June, 2018
        rf"(?:the )?{_DAY}(?: of)? (?P<month>{_NAME}),? {_YEAR}",  # 1 January 2023; 1st of January, 2023
        rf"{_DAY}[-/ ](?P<month>{_NAME})[-/ ](?P<year>[0-9]{{4}}|[0-9]{{2}})",  # 01-Jan-2023, 1-Jan-23
        rf"(?P<month>{_NAME})[-/'](?P<year>[0-9]{{2}})",  # Jun-18, as spreadsheets show a month
        rf"(?P<month>{_NAME})[-/]{_YEAR}",
        r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?)?(?:[T ]00:00(?::00)?)?",
        r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})",  # 06/2018
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",  # points: the day comes first
    )
]
# With strokes or dashes either the day or the month comes first: read where only one of them can be a month.
_EITHER = re.compile(r"(?P<first>[0-9]{1,2})([-/])(?P<second>[0-9]{1,2})\2(?P<year>[0-9]{4})")
#: A year of two digits below this is of this century.
_CENTURY = 70


@dataclass(frozen=True)
class Days:
    """The days that a printed date can mean, both included; one and the same for a day."""

    first: date
    last: date


def parse_date(text: str) -> Days | None:
    """Return the days that a printed date can mean, the only reader of dates.

    Forms of journals (``June 2018``, ``January 1, 2023``, ``Jan. 1st, 2023``, ``1 January 2023``), of spreadsheets
    (``Jun-18``, ``1-Jan-23``, ``2018/06``, ``06/2018``), of ISO 8601 (``2018-06``, ``2018-06-30``), with points
    (``30.06.2018``, the day first) and a year by itself. None when it is printed otherwise or there is no such day: a
    date of which the order of day and month cannot be known (``06/01/2018``) is not guessed.
    """
    plain = " ".join(text.replace("\u2013", "-").replace("\u2011", "-").split())
    match = next((found for pattern in _PATTERNS if (found := pattern.fullmatch(plain))), None)
    if match is not None:
        return _days(match["year"], match["month"], match["day"] if "day" in match.groupdict() else None)
    either = _EITHER.fullmatch(plain)
    if either is None:
        return None
    orders = ((either["second"], either["first"]), (either["first"], either["second"]))
    found = {days for month, day in orders if (days := _days(either["year"], month, day))}
    return found.pop() if len(found) == 1 else None


def why_unread(text: str) -> str:
    """Return why :func:`parse_date` does not read a text; empty when it does."""
    if parse_date(text):
        return ""
    if _EITHER.fullmatch(text.strip()):
        return "may be read with the day or with the month first; write 2018-06-30"
    return "is no date such as June 2018, January 1, 2023, 1 January 2023, 2018-06-30 or 2018"


def _days(year: str, name: str | None, day: str | None) -> Days | None:
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < _CENTURY else 1900)
    month = 1 if name is None else _NUMBERS.get(name.lower().rstrip(".")) or int(name)
    try:
        first = date(number, month, int(day or 1))
    except ValueError:
        return None
    if day:
        return Days(first, first)
    return Days(first, _last_of_month(first if name else first.replace(month=12)))


def _last_of_month(day: datetime.date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def can_be_in_order(dates: Sequence[Days]) -> bool:
    """Return whether each date can lie on or after all before it, whatever day a month or a year stands for."""
    return all(earlier.first <= later.last for k, later in enumerate(dates) for earlier in dates[:k])


def months_between(earlier: date, later: date) -> float:
    """Return the time between two days in months of mean length; negative when they stand the other way round."""
    return (later - earlier).days / MONTH
