"""Many small Cox models at once, against lifelines: late entry, weights, absent patients, medians."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter

from secondlook.stats import cox_batch, km


@pytest.fixture(scope="module")
def studies():
    rng = np.random.default_rng(8)
    times = rng.exponential(9, (6, 68)) + rng.random((6, 68)) * 1e-6
    exposed = np.tile(np.arange(68) < 41, (6, 1))
    entry = np.where(exposed, 1.4, 1.8)
    times = np.where(times > entry, times, np.nan)
    return times, rng.random((6, 68)) < 0.8, exposed, entry, rng.uniform(0.5, 3, (6, 68))


def fitted(studies, k, entry=None, weights=None):
    times, events, exposed, late, amounts = (a[k] for a in studies)
    frame = pd.DataFrame({"t": times, "e": events, "x": exposed * 1.0, "entry": late, "w": amounts}).dropna()
    frame = frame[["t", "e", "x", *([entry] if entry else []), *([weights] if weights else [])]]
    row = (
        CoxPHFitter().fit(frame, "t", "e", entry_col=entry, weights_col=weights, robust=bool(weights)).summary.loc["x"]
    )
    return row["coef"], row["se(coef)"]


@pytest.mark.parametrize("k", range(6))
def test_estimates_are_those_of_lifelines(studies, k):
    times, events, exposed, entry, amounts = studies
    beta, se = cox_batch.binary(times, events, exposed)
    assert (beta[k], se[k]) == pytest.approx(fitted(studies, k), abs=2e-4)
    beta, se = cox_batch.binary(times, events, exposed, entry)
    assert (beta[k], se[k]) == pytest.approx(fitted(studies, k, entry="entry"), abs=2e-4)
    beta, _ = cox_batch.binary(times, events, exposed, weights=amounts)
    assert beta[k] == pytest.approx(fitted(studies, k, weights="w")[0], abs=2e-4)


def score(beta, times, events, exposed, entry):
    """Breslow's score by its definition, one risk set after another (Breslow, Biometrics 1974;30:89)."""
    total = 0.0
    for t, x in zip(times[events], exposed[events], strict=True):
        hazard = np.exp(beta * exposed) * ((times >= t) & (entry < t))
        total += x - (hazard * exposed).sum() / hazard.sum()
    return total


@pytest.mark.parametrize("late", [0, 2])
def test_tied_times_are_taken_by_breslows_method_and_nobody_enters_too_late(late):
    """Whole months, so that times tie with each other and with entries; some would enter only when it is over."""
    rng = np.random.default_rng(3)
    times, exposed = rng.integers(1, 7, (1, 40)).astype(float), np.arange(40)[None] < 22
    entry, events = np.minimum(rng.integers(0, 5, (1, 40)), 4.0) * (late > 0), rng.random((1, 40)) < 0.8
    beta, _ = cox_batch.binary(times, events, exposed, entry)
    there = entry[0] < times[0]
    assert late == 0 or not there.all()
    at = times[0][there], events[0][there], exposed[0][there], entry[0][there]
    assert score(beta[0], *at) == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("k", range(6))
def test_medians_are_those_of_lifelines(studies, k):
    times, events, exposed, *_ = studies
    who = exposed[k] & np.isfinite(times[k])
    expected = KaplanMeierFitter().fit(times[k][who], events[k][who]).median_survival_time_
    assert km.medians(times, events, exposed)[k] == pytest.approx(expected)


def test_a_group_without_events_has_no_ratio():
    times, exposed = np.array([[1.0, 2, 3, 4]]), np.array([[True, True, False, False]])
    beta, se = cox_batch.binary(times, np.array([[False, False, True, True]]), exposed)
    assert np.isnan(beta[0])
    assert np.isnan(se[0])
    assert np.isnan(km.medians(times, np.zeros((1, 4), bool), exposed)[0])


def test_the_median_is_the_first_time_at_one_half():
    """Four deaths: one half is reached at the second; a censored time before it lowers nobody."""
    everyone, times = np.ones((1, 4), dtype=bool), np.array([[4.0, 1.0, 3.0, 2.0]])
    assert km.medians(times, everyone, everyone)[0] == 2.0
    assert km.medians(times, times != 1.0, everyone)[0] == 3.0
