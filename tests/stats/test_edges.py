"""Awkward input: by R where R has an answer, refused by one gate where nobody has.

Authority: R 4.2.2 with survival 3.5-3 on data/reference/edges-data.csv (edges.R, made by make.py); examples by hand.
"""

import math

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from secondlook.stats import agreement, balance, contingency, cox, cox_batch, inputs, intervals, km, rmst, schoenfeld

FOLDER = ROOT / "data" / "reference"
PATIENTS = {study: rows for study, rows in pd.read_csv(FOLDER / "edges-data.csv").groupby("study")}
BY_R: dict[int, dict[str, float]] = {}
for row in pd.read_csv(FOLDER / "edges.csv", comment="#").itertuples():
    BY_R.setdefault(row.study, {})[row.statistic] = math.nan if row.value == "none" else float(row.value)


def columns(study):
    rows = PATIENTS[study]
    return rows[["x1", "x2"]].to_numpy(), rows["time"].to_numpy(), rows["event"].to_numpy()


def wanted_fit(study, ties):
    """Return R's coefficients and standard errors; all NaN when one is NA or may be infinite."""
    found = [BY_R[study][f"{ties}.{name}{k}"] for name in ("beta", "se") for k in (1, 2)]
    return [math.nan] * 4 if np.isnan(found[:2]).any() else found


def test_all_kinds_are_there():
    """Fits that exist and that do not, tests that exist, are refused and are 1, medians at one half until the end."""
    found = pd.DataFrame(BY_R).T
    assert len(found) == len(PATIENTS) == 90
    for name in ("efron.beta2", "log-rank.p", "median.print", "upper"):
        assert 20 <= found[name].notna().sum() <= 80
    assert (found["log-rank.p"] == 1).any()
    assert ((found["median.print"] != found["median.quantile"]) & found["median.print"].notna()).any()
    assert any(0 < gap < 1e-12 for rows in PATIENTS.values() for gap in np.diff(np.sort(rows["time"])))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("study", PATIENTS)
def test_cox_is_rs_or_says_that_there_is_no_fit(study, ties):
    x, times, events = columns(study)
    wanted = wanted_fit(study, ties)
    if np.isnan(wanted).all():
        with pytest.raises(cox.NoFitError):
            cox.fit(x, times, events, ties)
    else:
        fitted = cox.fit(x, times, events, ties)
        assert [*fitted.beta, *fitted.se] == pytest.approx(wanted, rel=1e-7)


@pytest.mark.parametrize("study", PATIENTS)
def test_the_batch_fit_is_rs_or_nan(study):
    x, times, events = columns(study)
    beta, se = cox_batch.fit(x[None], events[None], times=times[None])
    wanted = wanted_fit(study, "breslow")
    if np.abs(wanted[:2]).max() > 8:  # what it takes for infinite
        wanted = [math.nan] * 4
    assert [*beta[0], *se[0]] == pytest.approx(wanted, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("study", PATIENTS)
def test_log_rank_is_rs_or_refused(study):
    _, times, events = columns(study)
    groups, p = PATIENTS[study]["group"].to_numpy(), BY_R[study]["log-rank.p"]
    if math.isnan(p):
        with pytest.raises(ValueError, match=r"one|event"):
            cox.log_rank(groups, times, events)
    else:
        assert cox.log_rank(groups, times, events) == pytest.approx(p, rel=1e-8)


@pytest.mark.parametrize("study", PATIENTS)
def test_medians_are_those_that_r_prints_and_those_of_its_quantile(study):
    _, times, events = columns(study)
    for stretch in ("print", "quantile"):
        found = km.median_interval(times, events, "log-log", stretch)
        for name, got in ((f"median.{stretch}", found.median), ("lower", found.lower), ("upper", found.upper)):
            assert (math.nan if got is None else got) == pytest.approx(BY_R[study][name], rel=1e-12, nan_ok=True), name


def test_a_curve_that_stays_at_one_half():
    """By hand, and as print(survfit), quantile(survfit) and SPSS have it: deaths at 1 and 2 of four, censored at 5, 9."""
    times, events = [1, 2, 5, 9], [1, 1, 0, 0]
    found = [km.median_interval(times, events, "log", stretch).median for stretch in ("print", "quantile", "first")]
    assert found == [2, 5.5, 2]


# Log-rank tests at the edge -----------------------------------------------------------------------------------------


def test_a_group_that_is_never_at_risk_takes_no_part():
    """survdiff(Surv(1:6, c(0,0,1,1,1,0)) ~ c(1,1,0,0,2,2)) drops the first group; without a second, p is 1."""
    assert cox.log_rank([1, 1, 0, 0, 2, 2], [1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 1, 0]) == pytest.approx(
        0.08955507, abs=1e-8
    )
    assert cox.log_rank([1, 1, 0, 0], [1, 2, 3, 4], [0, 0, 1, 1]) == 1


@pytest.mark.parametrize("events", [[0, 0, 0, 0], [1, 1, 1, 1]])
def test_no_event_or_all_at_once_leave_nothing_to_test(events):
    """R: NaN with a warning, and a singular system."""
    with pytest.raises(cox.NoTestError):
        cox.log_rank([0, 1, 0, 1], [1, 1, 1, 1], events)


# The gate -----------------------------------------------------------------------------------------------------------


def test_events_of_0_and_1_are_events_and_no_places():
    """The book's own cohort: p of overall survival by arm is the same whether events are whole numbers or booleans."""
    patients = pd.read_csv(ROOT / "data" / "cohort" / "synthetic.csv")
    months, events = patients["os_months"], patients["os_event"]
    p = cox.log_rank(patients["arm"], months, events)
    assert p == cox.log_rank(patients["arm"].to_numpy(), months.to_numpy(), events.to_numpy() == 1)
    assert p == pytest.approx(0.699, abs=5e-4)  # as printed, by R (cohort-survival.csv) and lifelines too


T, E, G = [1.0, 2.0, 3.0], [1, 0, 1], ["a", "b", "a"]
X = [[0.0], [1.0], [0.0]]
SURVIVAL = {
    "curve": lambda times, events: km.curve(times, events),
    "median": lambda times, events: km.median_interval(times, events, "log"),
    "rmst": lambda times, events: rmst.rmst(times, events, 2.0),
    "cox": lambda times, events: cox.fit(X, times, events),
    "log-rank": lambda times, events: cox.log_rank(G, times, events),
}


@pytest.mark.parametrize("function", SURVIVAL)
@pytest.mark.parametrize(
    ("times", "events", "said"),
    [
        (T, [1, 2, 1], "events: 2 is neither 0 nor 1"),
        (T, [1, np.nan, 1], "events: nan is neither"),
        (T, ["yes", "no", "yes"], "events must be numbers"),
        (T, [1, 0], r"events must have the shape \(3,\)"),
        ([1.0, -2.0, 3.0], E, r"times: -2 is negative \(place 2"),
        ([1.0, math.inf, 3.0], E, "times: inf is not finite"),
        ([1.0, None, 3.0], E, "times: nan is not finite"),
        (["a", "b", "c"], E, "times must be numbers"),
        ([[1.0], [2.0], [3.0]], E, "times must be one for each patient"),
        ([], [], "one patient at least"),
    ],
)
def test_what_is_no_survival_data_is_refused_by_name(function, times, events, said):
    with pytest.raises(ValueError, match=said):
        SURVIVAL[function](times, events)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: cox.fit([[0.0], [1.0]], T, E), "3 patients × covariates"),
        (lambda: cox.fit([[0.0], [math.nan], [1.0]], T, E), "covariates: nan is not finite"),
        (lambda: cox.fit(X, T, E, "exact"), "not by 'exact'"),
        (lambda: cox.log_rank(["a", "b"], T, E), "groups must be one for each of 3"),
        (lambda: cox.log_rank(["a", None, "b"], T, E), "groups: patient 2 has none"),
        (lambda: cox.log_rank(["a", "a", "a"], T, E), "all patients are in one"),
        (lambda: km.median_interval(T, E, "loglog"), "no band is called 'loglog'"),
        (lambda: km.median_interval(T, E, "log", "middle"), "not by 'middle'"),
        (lambda: rmst.rmst(T, E, 0), "horizon must be a finite number above 0"),
        (lambda: km.ranks(7.5, "log"), "7.5 is no whole number"),
        (lambda: cox_batch.fit(np.array([X]), [[1, 3, 0]]), "events: 3 is neither"),
        (lambda: cox_batch.fit(np.array(X), [[1, 1, 0]]), "study × patient × covariate"),
        (lambda: cox_batch.fit(np.array([X]), [E], weights=[[1, -1, 1]]), "weights: -1 is no weight"),
        (lambda: cox_batch.fit(np.array([X]), [E], times=[[1, -1, 1]]), "times: -1 is negative"),
        (lambda: cox_batch.fit(np.array([X]), [E], entry=0.5), "entry needs times"),
        (lambda: cox_batch.fit(np.array([X]), [E], chosen=[[2]]), "chosen: 2 is neither"),
        (lambda: cox_batch.fit(np.array([X]), [E], ridge=-1), "ridge must be finite"),
        (lambda: contingency.as_counts([[1, 2.5], [3, 4]]), "2.5 is no whole number"),
        (lambda: contingency.as_counts([[1, -2], [3, 4]]), "-2 is negative"),
        (lambda: contingency.as_counts([[True, 2], [3, 4]]), "True is no whole number"),
        (lambda: intervals.wilson(1.5, 4), "1.5 is no whole number"),
        (lambda: intervals.difference((1, 4), (1, 0)), "0 is less than 1"),
        (lambda: intervals.ratio((1, 4), (1, 4), level=95), "level must lie between 0 and 1"),
        (lambda: agreement.kappa([[1, 2, 3], [4, 5, 6]]), "2 categories by one rating and 3"),
        (lambda: agreement.kappa([[0, 0], [0, 0]]), "needs a patient"),
        (lambda: agreement.tables([1, 2], [1, 1]), "3 patients by one rating and 2"),
        (lambda: agreement.never_worse([1, 2], [3]), "2 and 1 counts"),
        (lambda: balance.standardised_difference((1, 2), (1, 2, 3)), "2 and 3 counts"),
        (lambda: balance.standardised_difference((0, 0), (1, 2)), "at least one patient"),
        (lambda: balance.propensities(np.array([X]), [[1, 2, 0]]), "events: 2 is neither"),
        (lambda: schoenfeld.standard_error(0, 0.5), "events must be a finite number above 0"),
        (lambda: schoenfeld.standard_error(10, 1), "share must lie between 0 and 1"),
        (lambda: schoenfeld.events_needed(-2), "hazard ratio must be"),
        (lambda: schoenfeld.detectable(0.2, power=80), "power must lie"),
        (lambda: schoenfeld.events_for_equivalence(0.8), "margin must be above 1"),
    ],
)
def test_what_else_is_refused_by_name(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


# Ties by rounding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "settled"),
    [
        ([0.3, 0.1 * 3, 0.5], [0.3, 0.3, 0.5]),
        # each is near the one before it, the last not near the first: all are the first, as in R
        ([1.0, 1.0 + 1e-8, 1.0 + 2e-8, 1.1], [1.0, 1.0, 1.0, 1.1]),
        ([1.0, 1.0 + 4e-8], [1.0, 1.0 + 4e-8]),
        # relative to the mean of the distinct times, 1000
        ([1000.0, 1000.0 + 1e-5], [1000.0, 1000.0]),
        ([1000.0, 1000.0 + 2e-5], [1000.0, 1000.0 + 2e-5]),
        ([0.0], [0.0]),
    ],
)
def test_times_that_differ_by_rounding_are_ties(times, settled):
    """As aeqSurv(Surv(times)) of R's survival 3.5-3 gives them, √ε = 1.49e-8."""
    assert inputs.settle(np.array(times)).tolist() == settled
    both = inputs.settle(np.array([times, [5.0, *[np.nan] * (len(times) - 1)]]))
    assert both[0].tolist() == settled, "each study by itself, whoever is absent"


def test_late_entry_meets_its_own_time_within_the_tolerance():
    """Entered at 0.3, followed to 0.1 · 3: no time at all, so not in the study (of which aeqSurv complains)."""
    times, entry = np.array([[0.1 * 3, 1.0, 2.0, 3.0, 4.0]]), np.array([[0.3, 0, 0, 0, 0]])
    assert entry[0, 0] < times[0, 0]
    x = np.array([[1, 1, 0, 1, 0]])
    with_it = cox_batch.binary(times, np.ones((1, 5)), x, entry)
    without = cox_batch.binary(times[:, 1:], np.ones((1, 4)), x[:, 1:], entry[:, 1:])
    assert np.allclose(with_it, without, rtol=1e-12)
    assert not np.allclose(cox_batch.binary(times, np.ones((1, 5)), x), without)


def test_large_units_change_the_unit_of_the_answer_only():
    """A covariate in days and in decades: the log hazard ratio per day is that per decade over 3652.5."""
    rng = np.random.default_rng(5)
    x, events = 5 + rng.normal(0, 1, (3, 50, 1)), rng.random((3, 50)) < 0.7
    for options in ({}, {"firth": True}):
        beta, se = cox_batch.fit(x, events, **options)
        found, its_se = cox_batch.fit(3652.5 * x, events, **options)
        assert found * 3652.5 == pytest.approx(beta, rel=1e-6)
        assert its_se * 3652.5 == pytest.approx(se, rel=1e-6)
    ridged, _ = cox_batch.fit(x, events, ridge=2.0)
    found, _ = cox_batch.fit(3652.5 * x, events, ridge=2.0 / 3652.5**-2)
    assert found * 3652.5 == pytest.approx(ridged, rel=1e-6)
