"""Dates as printed: a year, a month or a day stands for the days that it can mean."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
#: Mean length of a month in days.
MONTH = 365.25 / 12

_NAME = "|".join(MONTHS)
_PATTERNS = [
    re.compile(rf"(?P<month>{_NAME}) (?:(?P<day>[0-9]{{1,2}}), )?(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}}) (?P<month>{_NAME}) (?P<year>[0-9]{{4}})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?"),
]
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Days:
    """The days that a printed date can mean, both included; one and the same for a day."""

    first: date
    last: date


def parse_date(text: str) -> Days | None:
    """Return the days that a printed date can mean: ``June 2018``, ``January 1, 2023``, ``1 January 2023``, ISO 8601.

    A year stands for all its days. None when it is printed otherwise or there is no such day.
    """
    if _YEAR.fullmatch(text.strip()) and int(text) >= MINYEAR:
        return Days(date(int(text), 1, 1), date(int(text), 12, 31))
    match = next((found for pattern in _PATTERNS if (found := pattern.fullmatch(text.strip()))), None)
    if match is None:
        return None
    name = match["month"]
    month = MONTHS.index(name) + 1 if name in MONTHS else int(name)
    try:
        first = date(int(match["year"]), month, int(match["day"] or 1))
    except ValueError:
        return None
    return Days(first, first if match["day"] else _last_of_month(first))


def _last_of_month(day: datetime.date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_between(earlier: date, later: date) -> float:
    """Return the time between two days in months of mean length; negative when they stand the other way round."""
    return (later - earlier).days / MONTH
