"""Kaplan–Meier medians: which confidence band can print a median's interval, and what its limits are as ranks.

The interval of a median comes from inverting a pointwise band of the survival curve (Brookmeyer and Crowley, Biometrics
1982;38:29-41): its limits are the first times at which the band's lower and upper edge are at or below one half. Bands
differ by the scale on which S ± z·SE is taken, and programs differ by their default:

- ``log``: S·exp(±z·SE/S), the default of R's ``survfit``;
- ``log-log``: S^exp(±z·SE/(S·ln S)), the default of SAS and lifelines;
- ``plain``: S ± z·SE;
- ``arcsine``: sin²(arcsin √S ± z·SE/(2√(S(1 − S))));
- ``logit``: the same on ln(S/(1 − S)).

SE is Greenwood's. SPSS prints median ± 1.96 SE instead (``symmetric``), with a standard error of the median itself.
Where nobody is censored before a limit the curve there is (n − k)/n after the k-th event, so each limit is an order
statistic whose rank depends on n and the band alone, and for small n a band may never reach one half: the program then
prints NA.

For the log band with n ≤ 13 that holds whatever the censoring and the ties. At each event time n_i ≤ n·S_{i−1}, for
censoring lowers the number at risk and not the curve. Greenwood's terms are (S_{i−1}/S_i − 1)/n_i, so that their sum is
at least (1/S − 1)/n, as without censoring, and S·exp(1.96·√((1/S − 1)/n)) stays above one half for every S (its least
value, where S(1 − S) = 1.96²/(4n), is 0.5055 for n = 13).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from secondlook.numbers.printed import Printed
from secondlook.stats import inputs

_Z = 1.959963984540054
#: R's survfit takes a curve within this distance of one half to be at one half.
_TOLERANCE = 1.5e-8
HALF = 0.5
#: How far from one half the curve is read for the slope of :func:`symmetric_interval`.
_APART = 0.05


def _log(s: float, width: float) -> tuple[float, float]:
    return s * math.exp(-width), s * math.exp(width)


def _log_log(s: float, width: float) -> tuple[float, float]:
    logarithm = math.log(s)
    ends = (math.exp(logarithm * math.exp(sign * width / -logarithm)) for sign in (1, -1))
    return tuple(ends)


def _plain(s: float, width: float) -> tuple[float, float]:
    return s * (1 - width), s * (1 + width)


def _arcsine(s: float, width: float) -> tuple[float, float]:
    angle, turn = math.asin(math.sqrt(s)), width / 2 * math.sqrt(s / (1 - s))
    return math.sin(max(0.0, angle - turn)) ** 2, math.sin(min(math.pi / 2, angle + turn)) ** 2


def _logit(s: float, width: float) -> tuple[float, float]:
    place = math.log(s / (1 - s))
    return tuple(1 / (1 + math.exp(-(place + sign * width / (1 - s)))) for sign in (-1, 1))


#: Each band's (lower, upper) edge from S and z·SE/S, both strictly between the first event and the last death.
BANDS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "log": _log,
    "log-log": _log_log,
    "plain": _plain,
    "arcsine": _arcsine,
    "logit": _logit,
}
#: Whose default each band is.
DEFAULTS = {"log": "R's survfit", "log-log": "SAS and lifelines", "symmetric": "SPSS"}


@dataclass(frozen=True)
class MedianInterval:
    """A median with its limits; a limit that the band never reaches is None, as is a median never reached."""

    median: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Curve:
    """A Kaplan–Meier curve (J Am Stat Assoc 1958;53:457) at its steps, one for each distinct time of an event.

    Attributes
    ----------
    times : numpy array
        Distinct times of events, ascending.
    at_risk, deaths : numpy array of int
        How many are at risk just before each, and how many have the event at it.
    survival : numpy array
        The share without the event after each, between 0 and 1.
    relative : numpy array
        Greenwood's standard error of that share, over the share; infinite once it is 0.
    last : float
        The latest time of all, an event's or a censored one.
    """

    times: np.ndarray
    at_risk: np.ndarray
    deaths: np.ndarray
    survival: np.ndarray
    relative: np.ndarray
    last: float

    def at(self, moments: Sequence[float]) -> np.ndarray:
        """Return the share without the event at each moment; beyond the latest time the curve stays where it is."""
        return np.concatenate([[1.0], self.survival])[np.searchsorted(self.times, moments, side="right")]


def curve(times: Sequence[float], events: Sequence[bool]) -> Curve:
    """Return the Kaplan–Meier curve of one group.

    Parameters
    ----------
    times : sequence of float
        Times to the event or to censoring, finite, from 0, in any order and unit. At equal times events come first;
        times that differ by a rounding error only are equal (:func:`secondlook.stats.inputs.settle`).
    events : sequence of bool, or of 0 and 1
        False or 0 for a censored time.

    Raises
    ------
    ValueError
        When the input is not of this kind.
    """
    times, events = inputs.survival(times, events)
    at, deaths = np.unique(times[events], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), at, side="left")
    terms = np.divide(deaths, at_risk * (at_risk - deaths), out=np.full(len(at), np.inf), where=at_risk > deaths)
    survival = np.cumprod((at_risk - deaths) / at_risk)
    return Curve(at, at_risk, deaths, survival, np.sqrt(np.cumsum(terms)), float(times.max()))


#: Where a curve lies at exactly one half over a stretch: which programs take what of it as the median.
STRETCHES = {
    "quantile": "its middle, up to the next event or else the last follow-up: R's quantile(survfit)",
    "print": "its middle, up to the next event, and its beginning when no event follows: R's print(survfit)",
    "first": "its beginning: SPSS and SAS's definition of the first time at or below one half",
}


def median_interval(
    times: Sequence[float], events: Sequence[bool], band: str, stretch: str = "quantile"
) -> MedianInterval:
    """Return the Kaplan–Meier median and its 95% interval by inverting a band.

    Parameters
    ----------
    times, events : sequence of float, sequence of bool
        As for :func:`curve`.
    band : str
        A key of :data:`BANDS`.
    stretch : str
        A key of :data:`STRETCHES`: the median where the curve lies at exactly one half over a stretch of time.

    Raises
    ------
    ValueError
        When the input is not of this kind.

    Notes
    -----
    Limits are the first times at which an edge is at or below one half. Once the curve is 0 its standard error does
    not exist, and no band does. Near the end of a censored curve the upper edge of the log band can rise again; R's
    quantile, which looks edges up by their height, can then give a later limit, its print does not.
    """
    if band not in BANDS:
        raise ValueError(f"no band is called {band!r}; there are {', '.join(BANDS)}")
    if stretch not in STRETCHES:
        raise ValueError(f"a stretch at one half is taken by {', '.join(STRETCHES)}, not by {stretch!r}")
    drawn = curve(times, events)
    inside = (drawn.survival > 0) & (drawn.survival < 1)
    widths = _Z * drawn.relative
    edges = [
        BANDS[band](s, w) if i else (np.inf, np.inf) for s, w, i in zip(drawn.survival, widths, inside, strict=True)
    ]
    lower, upper = (_first(drawn.times, [edge[side] for edge in edges]) for side in (0, 1))
    return MedianInterval(_median(drawn, stretch), lower, upper)


def _first(times: np.ndarray, heights: Sequence[float]) -> float | None:
    """Return the first time at which something is at or below one half."""
    below = np.flatnonzero(np.asarray(heights) <= HALF + _TOLERANCE)
    return float(times[below[0]]) if below.size else None


def _median(drawn: Curve, stretch: str) -> float | None:
    reached = _first(drawn.times, drawn.survival)
    if reached is None or stretch == "first":
        return reached
    place = int(np.searchsorted(drawn.times, reached))
    if abs(drawn.survival[place] - HALF) > _TOLERANCE:
        return reached
    if place + 1 < len(drawn.times):
        return float(reached + drawn.times[place + 1]) / 2
    return (reached + drawn.last) / 2 if stretch == "quantile" else reached


def symmetric_interval(times: Sequence[float], events: Sequence[bool]) -> MedianInterval:
    """Return the Kaplan–Meier median ± 1.96 standard errors, as SPSS prints it.

    The standard error is Greenwood's at the median over the density there, and the density is the slope of the curve
    between the last time at which it is at 0.55 or more and the first at which it is at 0.45 or less (Collett,
    *Modelling Survival Data in Medical Research*, section on the median; Marques de Sá, *Applied Statistics Using SPSS,
    STATISTICA, MATLAB and R*, formula 9.17). It does not exist where the curve has no such times, or is 0 at the
    median. The median is the first time at which the curve is at or below one half.

    Parameters
    ----------
    times, events : sequence of float, sequence of bool
        As for :func:`curve`.

    Notes
    -----
    Held against the worked example of the former book. The program's own description of its algorithm was not at hand,
    and no output of SPSS: that it prints this rests on the latter book.
    """
    drawn = curve(times, events)
    median = _first(drawn.times, drawn.survival)
    above = np.flatnonzero(drawn.survival >= HALF + _APART - _TOLERANCE)
    below = np.flatnonzero(drawn.survival <= HALF - _APART + _TOLERANCE)
    if median is None or not above.size or not below.size:
        return MedianInterval(median, None, None)
    at, u, v = int(np.searchsorted(drawn.times, median)), above[-1], below[0]
    if drawn.survival[at] == 0:
        return MedianInterval(median, None, None)
    density = (drawn.survival[u] - drawn.survival[v]) / (drawn.times[v] - drawn.times[u])
    reach = _Z * float(drawn.survival[at] * drawn.relative[at] / density)
    return MedianInterval(median, median - reach, median + reach)


# Many small studies at once -----------------------------------------------------------------------------------------


def medians(times: np.ndarray, events: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return each study's Kaplan–Meier median among its members, in the unit of the times; NaN where not reached.

    The median is the first time at which the curve is at or below one half (the beginning of a level stretch there).

    Parameters
    ----------
    times : numpy array
        Study × patient; NaN for nobody.
    events, member : numpy array of bool
        Same shape: whether the time is the event's, and who belongs to the group.
    """
    order = np.argsort(np.where(member, times, np.inf), axis=1)
    inside = np.take_along_axis(member & np.isfinite(times), order, axis=1)
    sorted_times = np.take_along_axis(times, order, axis=1)
    deaths = np.take_along_axis(events, order, axis=1) & inside
    left = inside.sum(axis=1, keepdims=True) - np.arange(times.shape[1])
    curve = np.cumprod(1 - deaths / np.maximum(left, 1), axis=1)
    below = (curve <= 0.5 + 1e-9) & inside
    first = np.argmax(below, axis=1)
    found = np.take_along_axis(sorted_times, first[:, None], axis=1)[:, 0]
    return np.where(below.any(axis=1), found, np.nan)


# Ranks --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ranks:
    """Which events, counted from the first, are the median and its limits when nobody is censored before them.

    Attributes
    ----------
    n : int
        Patients in the group.
    lower, upper : int or None
        Rank of each limit; None when the band never reaches one half.
    median : tuple of int
        The rank of the median, or the two ranks between which it lies when n is even.
    """

    n: int
    lower: int | None
    median: tuple[int, int]
    upper: int | None

    @property
    def exist(self) -> bool:
        """True when the band prints both limits."""
        return self.lower is not None and self.upper is not None


@cache
def ranks(n: int, band: str) -> Ranks:
    """Return the ranks of the median and its limits in a group of n of whom nobody is censored before them.

    Raises
    ------
    ValueError
        For fewer than two patients.
    """
    if inputs.count("patients", n) < 2:
        raise ValueError(f"a group of {n} has no median with an interval")
    edge, lower, upper = BANDS[band], None, None
    for k in range(1, n):
        s = (n - k) / n
        low, high = edge(s, _Z * math.sqrt(k / (n * (n - k))))
        lower = k if lower is None and low <= HALF + _TOLERANCE else lower
        upper = k if upper is None and high <= HALF + _TOLERANCE else upper
    median = ((n + 1) // 2, (n + 2) // 2)
    return Ranks(n, lower if lower is not None else n, median, upper)


def symmetric(median: Printed, lower: Printed, upper: Printed) -> bool:
    """Return whether a median ± 1.96 SE prints these three: the median must lie midway between its limits."""
    middle = [
        (lower.stands_for().low + upper.stands_for().low) / 2,
        (lower.stands_for().high + upper.stands_for().high) / 2,
    ]
    return middle[0] <= median.stands_for().high and median.stands_for().low <= middle[1]


# Several groups at once ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrintedMedian:
    """A group of n with its printed median and limits, all events before the upper limit being observed."""

    name: str
    n: int
    lower: Printed
    median: Printed
    upper: Printed

    @cached_property
    def ends(self) -> tuple[tuple[float, float], ...]:
        """Least and greatest value that prints so, of lower limit, median and upper limit."""
        sets = (number.stands_for() for number in (self.lower, self.median, self.upper))
        return tuple((float(s.low), float(s.high)) for s in sets)

    def events_by(self, time: float, band: str) -> tuple[int, int]:
        """Return the fewest and most events up to `time` that the printed numbers allow under a band.

        Parameters
        ----------
        time : float
            In the unit of the printed times.
        band : str
            A key of :data:`BANDS` that prints both limits for a group of this size.
        """
        r = ranks(self.n, band)
        least, most = 0, self.n
        # With n even the median lies between two events: by then n/2 have happened, before then no more than n/2.
        steps = ((r.lower, r.lower - 1), (r.median[0], r.median[1] - 1), (r.upper, r.upper - 1))
        for (low, high), (reached, before) in zip(self.ends, steps, strict=True):
            if time >= high:
                least = max(least, reached)
            if time < low:
                most = min(most, before)
        return least, most


def disagreement(partitions: Sequence[Sequence[PrintedMedian]], band: str, until: float) -> float | None:
    """Return the first time at which two divisions of the same patients disagree on how many events there were.

    Parameters
    ----------
    partitions : sequence of sequences of PrintedMedian
        Each divides all patients into groups.
    band : str
        A key of :data:`BANDS`.
    until : float
        Times after this are not looked at, for someone may have been censored by then.

    Returns
    -------
    float or None
        None when some sequence of events gives every group its printed numbers as far as their totals show.
    """
    ends = {e for groups in partitions for g in groups for pair in g.ends for e in pair}
    # Just before each end and at it: the counts change nowhere else.
    instants = sorted({t for e in ends if e <= until for t in (e - 1e-6, e)})
    so_far = 0
    for time in instants:
        counts = [[g.events_by(time, band) for g in groups] for groups in partitions]
        sums = [(sum(least for least, _ in c), sum(most for _, most in c)) for c in counts]
        so_far = max(so_far, *(least for least, _ in sums))
        if so_far > min(most for _, most in sums):
            return time
    return None
