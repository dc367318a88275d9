"""Medians' intervals against R's survfit and lifelines, their ranks, and what several groups say together."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times

from secondlook.numbers.printed import parse
from secondlook.stats import km

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "median-intervals.csv"

# The data set aml of R's survival package: leukaemia, with and without maintenance chemotherapy.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])
AML = {
    "aml-Maintained": MAINTAINED,
    "aml-Nonmaintained": NOT_MAINTAINED,
    "aml-all": (MAINTAINED[0] + NOT_MAINTAINED[0], MAINTAINED[1] + NOT_MAINTAINED[1]),
}


def reference():
    with REFERENCE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text == "NA" else float(text)


@pytest.mark.parametrize("band", km.BANDS)
def test_intervals_are_those_of_r(band):
    rows = [row for row in reference() if row["band"] == band]
    assert len(rows) == 59
    for row in rows:
        times, events = AML.get(row["data"]) or (list(range(1, int(row["data"]) + 1)), [1] * int(row["data"]))
        found = km.median_interval(times, events, band)
        expected = tuple(number(row[name]) for name in ("median", "lower", "upper"))
        if (row["data"], band) == ("aml-all", "log"):
            # The edge is 0.515 at 43, 0.458 at 45 and 0.462 at 48: survfit looks it up by height and prints 48.
            assert (found.upper, expected[2]) == (45, 48)
            continue
        assert (found.median, found.lower, found.upper) == expected, row


@pytest.mark.parametrize(
    ("times", "events", "expected"),
    [
        ([13.4, 32.4], [1, 0], (22.9, 13.4, None)),
        ([1, 2, 5, 9], [1, 1, 0, 0], (5.5, 1, None)),
        ([1, 2, 5, 9], [1, 1, 0, 1], (5.5, 1, None)),
        ([1, 2, 5, 9, 9], [1, 1, 0, 0, 0], (None, 1, None)),
        ([1, 2], [1, 1], (1.5, 1, None)),
        ([3, 3], [1, 1], (3, None, None)),
        ([3], [1], (3, None, None)),
    ],
)
def test_curves_that_end_at_one_half_or_at_once_are_those_of_r(times, events, expected):
    """By R 4.2.2, survival 3.5-3: quantile(survfit(Surv(times, events) ~ 1, conf.type = "log-log"), 0.5)."""
    found = km.median_interval(times, events, "log-log")
    assert (found.median, found.lower, found.upper) == pytest.approx(expected)


@pytest.mark.parametrize("band", km.BANDS)
def test_ranks_are_the_order_statistics_that_r_prints(band):
    for row in reference():
        if row["band"] == band and row["data"].isdigit():
            ranks = km.ranks(int(row["data"]), band)
            assert (ranks.lower, ranks.upper) == (number(row["lower"]), number(row["upper"])), row
            assert sum(ranks.median) / 2 == number(row["median"])


@pytest.mark.parametrize("name", AML)
def test_lifelines_takes_the_log_log_band(name):
    times, events = AML[name]
    fitter = KaplanMeierFitter().fit(times, events)
    lower, upper = median_survival_times(fitter.confidence_interval_).iloc[0]
    found = km.median_interval(times, events, "log-log")
    assert (found.median, found.lower) == (fitter.median_survival_time_, lower)
    assert found.upper == upper or (found.upper is None and np.isinf(upper))


def test_the_log_band_of_13_has_no_upper_limit_whoever_is_censored():
    """Every pattern of events and censored times; 13 is the smallest stratum whose limits the paper prints."""
    times = list(range(1, 14))
    for events in itertools.product([0, 1], repeat=13):
        assert km.median_interval(times, events, "log").upper is None


def test_small_groups_have_no_median_interval():
    with pytest.raises(ValueError, match="no median"):
        km.ranks(1, "log")
    assert not km.ranks(5, "log-log").exist or km.ranks(5, "log-log").upper <= 5


def test_a_curve_that_stays_high_has_no_median():
    """3 of 4 survive; the plain band, 0.75 ± 0.42, reaches below one half."""
    assert km.median_interval([1, 2, 3, 4], [1, 0, 0, 0], "plain") == km.MedianInterval(None, 1, None)


@pytest.mark.parametrize(
    ("median", "lower", "upper", "expected"),
    [("3.0", "1.9", "4.1", True), ("4.0", "3.0", "6.8", False), ("5.0", "3.9", "6.0", True), ("5.0", "3.9", "5.9", True),
     ("5.0", "3.8", "5.9", False)],
)  # fmt: skip
def test_a_symmetric_interval(median, lower, upper, expected):
    """The middle of 3.9 and 6.0, each ± 0.05, lies between 4.9 and 5.0, which meets 5.0 ± 0.05; 4.80–4.90 does not."""
    assert km.symmetric(parse(median), parse(lower), parse(upper)) is expected


# Several groups -----------------------------------------------------------------------------------------------------


def group(times, band, name="g"):
    """A group as printed: one decimal."""
    ordered = np.sort(times)
    ranks = km.ranks(len(times), band)
    middle = (ordered[ranks.median[0] - 1] + ordered[ranks.median[1] - 1]) / 2
    values = (ordered[ranks.lower - 1], middle, ordered[ranks.upper - 1])
    return km.PrintedMedian(name, len(times), *(parse(f"{value:.1f}") for value in values))


@pytest.mark.parametrize("band", ["log-log", "plain", "log"])
def test_true_groups_never_disagree(band):
    rng = np.random.default_rng(3)
    for _ in range(60):
        times = rng.exponential(8, 60)
        halves = rng.permutation(60) < 25
        thirds = np.argsort(times + rng.normal(0, 6, 60)) % 60 < 20
        partitions = [[group(times[mask], band), group(times[~mask], band)] for mask in (halves, thirds)]
        assert km.disagreement(partitions, band, np.inf) is None


def test_counts_of_true_groups_lie_between_their_ends():
    rng = np.random.default_rng(4)
    for _ in range(100):
        times = rng.exponential(8, int(rng.integers(8, 60)))
        printed = group(times, "log-log")
        for instant in rng.uniform(0, 20, 20):
            least, most = printed.events_by(instant, "log-log")
            assert least <= (times <= instant).sum() <= most


def test_groups_that_cannot_hold_the_same_patients():
    """At least 12 of 40 had the event by 1.05 on one side, on the other at most 10 before 8.95."""
    early = [km.PrintedMedian(n, 20, parse("1.0"), parse("2.0"), parse("3.0")) for n in "ab"]
    late = [km.PrintedMedian(n, 20, parse("9.0"), parse("10.0"), parse("11.0")) for n in "cd"]
    assert km.disagreement([early, late], "log-log", np.inf) == pytest.approx(1.05)
    assert km.disagreement([early, late], "log-log", 1.04) is None, "later times were not to be looked at"


@pytest.mark.parametrize("n", [4, 8, 13])
def test_a_small_group_has_no_upper_limit_of_the_log_band_whatever_is_censored(n):
    """Censoring and ties only widen the band; from 14 on some cohorts have a limit."""
    rng = np.random.default_rng(5)
    for _ in range(300):
        times, events = rng.integers(1, 20, n), rng.random(n) < rng.uniform(0.3, 1)
        assert km.median_interval(times, events, "log").upper is None
    assert km.ranks(n, "log").upper is None
    assert km.ranks(14, "log").upper is not None
