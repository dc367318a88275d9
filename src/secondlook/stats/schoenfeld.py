"""How many events a comparison of two survival curves needs, and what a number of events can show.

Schoenfeld, Biometrics 1983;39:499: under proportional hazards the log hazard ratio has, near 1, a standard error of
1/√(D·q·(1 − q)), D events and q the share of one group. All else here is that sentence solved for one of its parts.
"""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri

from secondlook.stats import inputs


def standard_error(events: float, share: float) -> float:
    """Return the standard error of the log hazard ratio with so many events, `share` of patients in one group.

    Raises
    ------
    ValueError
        When there are no events, or the share is not between 0 and 1 (as in every function here).
    """
    share = inputs.fraction("share", share)
    return 1 / math.sqrt(inputs.positive("events", events) * share * (1 - share))


def smallest_standard_error(first: int, second: int) -> float:
    """Return the standard error of the log hazard ratio of two groups of these sizes, if everyone has the event."""
    sizes = [inputs.count("patients", n, 1) for n in (first, second)]
    return math.sqrt(sum(1 / n for n in sizes))


def events_needed(hr: float, share: float = 0.5, power: float = 0.8, alpha: float = 0.05) -> int:
    """Return the number of events with which a two-sided test finds a true hazard ratio with a given power.

    Raises
    ------
    ValueError
        For a hazard ratio of 1, which no number of events finds.
    """
    share = inputs.fraction("share", share)
    if inputs.positive("hazard ratio", hr) == 1:
        raise ValueError("a hazard ratio of 1 cannot be found")
    return math.ceil((reach(power, alpha) / math.log(hr)) ** 2 / (share * (1 - share)))


def reach(power: float = 0.8, alpha: float = 0.05) -> float:
    """Return how many standard errors from 1 a true log hazard ratio must lie to be found with a given power."""
    return float(ndtri(1 - inputs.fraction("alpha", alpha) / 2) + ndtri(inputs.fraction("power", power)))


def detectable(se: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the smallest hazard ratio above 1 that is found with a given power; below 1 it is one over that."""
    return math.exp(reach(power, alpha) * inputs.positive("standard error", se))


def power(hr: float, se: float, alpha: float = 0.05) -> float:
    """Return the chance that a two-sided test with this standard error is significant, in either direction."""
    z = float(ndtri(1 - inputs.fraction("alpha", alpha) / 2))
    distance = abs(math.log(inputs.positive("hazard ratio", hr))) / inputs.positive("standard error", se)
    return float(ndtr(distance - z) + ndtr(-distance - z))


def events_for_equivalence(margin: float, share: float = 0.5, power: float = 0.8, alpha: float = 0.05) -> int:
    """Return the events with which two one-sided tests put a true hazard ratio of 1 between 1/margin and margin.

    Schuirmann, J Pharmacokinet Biopharm 1987;15:657: the (1 − 2·alpha) interval must lie within the margins, which has
    the given power when half of what is lost is lost on either side.
    """
    if not 1 < margin < math.inf:
        raise ValueError(f"the margin must be above 1, not {margin!r}")
    share = inputs.fraction("share", share)
    z = float(ndtri(1 - inputs.fraction("alpha", alpha)) + ndtri((1 + inputs.fraction("power", power)) / 2))
    return math.ceil((z / math.log(margin)) ** 2 / (share * (1 - share)))
