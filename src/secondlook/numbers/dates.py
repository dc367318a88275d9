"""Dates as printed: a year, a month or a day stands for the days that it can mean."""

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
#: Mean length of a month in days.
MONTH = 365.25 / 12

_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_NAME = "|".join(MONTHS)
_PATTERNS = [
    re.compile(rf"(?P<month>{_NAME}) (?:(?P<day>[0-9]{{1,2}}), )?(?P<year>[0-9]{{4}})", re.IGNORECASE),
    re.compile(rf"(?P<day>[0-9]{{1,2}}) (?P<month>{_NAME}) (?P<year>[0-9]{{4}})", re.IGNORECASE),
    re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"),
]


@dataclass(frozen=True)
class Days:
    """The days that a printed date can mean, both included; one and the same for a day."""

    first: date
    last: date


def parse_date(text: str) -> Days | None:
    """Return the days that a printed date can mean, the only reader of dates.

    ``June 2018``, ``January 1, 2023``, ``1 January 2023``, ``2018`` and ISO 8601 (``2018-06``, ``2018-06-30``). None
    when it is printed otherwise or there is no such day: a date of which the order of day and month cannot be known is
    not guessed.
    """
    match = next((found for pattern in _PATTERNS if (found := pattern.fullmatch(text.strip()))), None)
    if match is None:
        return None
    name = match["month"]
    month = 1 if name is None else _NUMBERS.get(name.lower()) or int(name)
    try:
        first = date(int(match["year"]), month, int(match["day"] or 1))
    except ValueError:
        return None
    if match["day"]:
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
