"""What printed numbers force on any patients, from margins and the clock alone. The ledger does not call this yet."""

from __future__ import annotations

from dataclasses import dataclass

from secondlook.paper.medians import Timed
from secondlook.stats import inputs, km


@dataclass(frozen=True)
class Late:
    """How many of a group must have had an event late, or early.

    Attributes
    ----------
    months : float
        The lower end of what prints the group's median.
    before : int
        At most so many had their event before it.
    late : int
        So many at least, of those counted, had theirs then or later.
    """

    months: float
    before: int
    late: int


def late_events(timed: Timed, counted: int) -> Late:
    """Return how many of `counted` patients of a group cannot have had their event before its median prints.

    Parameters
    ----------
    timed : Timed
        The group's median; its size must be known.
    counted : int
        Patients of the group who are said to have had the event, such as those whose best response was progression.

    Raises
    ------
    ValueError
        When the group's size is not known, has fewer than two patients, or fewer than are counted.

    Notes
    -----
    Given that nobody is censored before it, a median of n times is the (n + 1)/2-th, or anything from the n/2-th to the
    next (Kaplan & Meier 1958): no more than one fewer had their event before the times that print it.
    """
    if timed.n is None or not 0 <= inputs.count("counted", counted) <= timed.n:
        raise ValueError(f"{timed.group}: {counted} patients of {timed.n} are counted")
    latest = km.ranks(timed.n, "log-log").median[1]
    before = latest - 1
    return Late(float(timed.values[1].number.stands_for().low), before, max(counted - before, 0))


def least_overlap(patients: int, first: int, second: int) -> int:
    """Return how many patients must have both of two characteristics that `first` and `second` of them have.

    Raises
    ------
    ValueError
        When a count is no whole number, or more than all.
    """
    for name, value in (("patients", patients), ("first", first), ("second", second)):
        if not 0 <= inputs.count(name, value) <= patients:
            raise ValueError(f"{name} must be 0 to {patients}: {value}")
    return max(0, first + second - patients)
