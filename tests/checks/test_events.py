"""The bound on the number of events, the searches that rest on it, the simulated standard errors, and their checks."""

import itertools
import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from invented import LAYOUT, MODELS, write
from lifelines import CoxPHFitter

from secondlook.checks import events as checks
from secondlook.checks.simulated import PROBABILITIES, Covariate, Question, overlaps, question
from secondlook.paper import event_counts as events
from secondlook.paper.registry import load
from secondlook.paper.simulated_ranges import FILE, SimulatedRanges
from secondlook.stats import cox_batch
from secondlook.trials import standard_errors as simulated_se

# The bound against simulation ---------------------------------------------------------------------------------------


def cohorts(rng, size, patients, covariates):
    """Random cohorts without ties: shares, effects, dependence and censoring all drawn anew for each."""
    x = np.empty((size, patients, covariates))
    shares = rng.uniform(0.1, 0.9, (size, 1, covariates))
    common = rng.uniform(0, 1, (size, patients, 1))
    own = rng.uniform(0, 1, (size, patients, covariates))
    x[:] = np.where(rng.random((size, 1, 1)) < 0.5, 0.6 * common + 0.4 * own, own) < shares
    times = rng.exponential(1, (size, patients)) * np.exp(-(x @ rng.normal(0, 1.2, (size, covariates, 1)))[:, :, 0])
    closing = rng.uniform(0.2, 3, (size, 1)) * rng.uniform(0.3, 1.5, (size, patients))
    seen = times <= closing
    order = np.argsort(np.minimum(times, closing), axis=1)
    return np.take_along_axis(x, order[:, :, None], axis=1), np.take_along_axis(seen, order, axis=1)


@pytest.mark.parametrize(("patients", "covariates"), [(12, 1), (30, 1), (68, 1), (30, 2), (68, 3), (150, 4)])
def test_no_cohort_breaks_the_bound(patients, covariates):
    """400 cohorts of each size, adjusted for up to three further covariates; each coefficient is held against it."""
    rng = np.random.default_rng(patients + covariates)
    x, seen = cohorts(rng, 400, patients, covariates)
    _, se = cox_batch.fit(x, seen)
    exposed = (x * seen[:, :, None]).sum(axis=1)
    total = seen.sum(axis=1)[:, None]
    fitted = np.isfinite(se) & (exposed > 0) & (exposed < total)
    assert fitted.sum() > 200 * covariates
    most = exposed[fitted] * (total - exposed)[fitted] / np.broadcast_to(total, se.shape)[fitted]
    information = 1 / se[fitted] ** 2
    assert (information <= most * (1 + 1e-9)).all()
    if covariates == 1:
        assert (information / most).max() > 0.99, "and it is nearly reached"


@pytest.mark.parametrize("covariates", [1, 3])
def test_our_fit_is_that_of_lifelines(covariates):
    x, seen = cohorts(np.random.default_rng(9), 12, 68, covariates)
    beta, se = cox_batch.fit(x, seen)
    tame = np.flatnonzero(np.abs(beta).max(axis=1) < 2)  # lifelines overflows on its way to greater effects
    assert len(tame) >= 4
    for i in tame:
        frame = pd.DataFrame(x[i], columns=[f"x{j}" for j in range(covariates)])
        fitter = CoxPHFitter().fit(frame.assign(time=np.arange(1, 69), event=seen[i]), "time", "event")
        assert beta[i] == pytest.approx(fitter.params_.to_numpy(), abs=5e-4), "lifelines stops early"
        assert se[i] == pytest.approx(fitter.standard_errors_.to_numpy(), rel=5e-4)


@pytest.mark.parametrize("pattern", [[1, 0], [1, 0] * 20, [0, 0, 1, 1] * 9])
def test_the_bound_holds_with_many_ties(pattern):
    """lifelines takes Efron's method; three distinct times for all."""
    n = len(pattern)
    frame = pd.DataFrame({"x": pattern, "time": [1 + i % 3 for i in range(n)], "event": 1})
    if n == 2:
        frame["time"] = 1
    fitter = CoxPHFitter().fit(frame, "time", "event")
    d1 = sum(pattern)
    assert 1 / fitter.standard_errors_["x"] ** 2 <= d1 * (n - d1) / n * (1 + 1e-6)


def test_equality_when_the_shares_at_risk_never_change():
    """Two at a time, one of each group: a single event at equal odds has p = 1/2, so information 1/4 = 1·1/2 · 1/2."""
    exposed, seen = np.array([[1, 0]]), np.array([[True, False]])
    assert cox_batch.score_and_information(exposed[:, :, None], seen, 0.0)[1] == pytest.approx(0.25)
    # Large groups, few events: the risk set hardly changes, and the bound is reached in the limit.
    rng = np.random.default_rng(2)
    x = rng.permuted(np.tile(np.arange(4000) % 2, (20, 1)), axis=1)
    seen = np.tile(np.arange(4000) < 60, (20, 1))
    se = cox_batch.fit(x[:, :, None], seen)[1][:, 0]
    d1 = (x * seen).sum(axis=1)
    assert 1 / se**2 == pytest.approx(d1 * (60 - d1) / 60, rel=2e-3)


# Searches against brute force ---------------------------------------------------------------------------------------


@given(st.integers(1, 14), st.integers(1, 14), st.floats(0.05, 3))
def test_least_events_against_brute_force(exposed, reference, variance):
    splits = [
        (d1 + d0, d1, d0)
        for d1 in range(1, exposed + 1)
        for d0 in range(1, reference + 1)
        if 1 / d1 + 1 / d0 <= variance * (1 + 1e-9)
    ]
    found = events.least_events(exposed, reference, variance)
    assert (found is None) == (not splits)
    if found:
        assert sum(found) == min(splits)[0]
        assert (sum(found), *found) in splits


@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 2), st.floats(0.2, 4))
def test_splits_by_arm_against_brute_force(groups, left_out, variance):
    """Each arm's events are divided among exposed, unexposed and patients whom the row leaves out."""
    exposed, reference = tuple(groups[:2]), tuple(groups[2:])
    arms = [exposed[a] + reference[a] + left_out for a in range(2)]
    found = events.splits_allowed(events.Sizes(exposed, reference), np.indices([n + 1 for n in arms]), variance)
    for deaths in itertools.product(*(range(n + 1) for n in arms)):
        ways = itertools.product(*(range(min(exposed[a], deaths[a]) + 1) for a in range(2)))
        possible = False
        for d1 in ways:
            for d0 in itertools.product(*(range(min(reference[a], deaths[a] - d1[a]) + 1) for a in range(2))):
                rest = [deaths[a] - d1[a] - d0[a] for a in range(2)]
                fits = all(0 <= r <= left_out for r in rest) and sum(d1) and sum(d0)
                possible |= bool(fits) and 1 / sum(d1) + 1 / sum(d0) <= variance * (1 + 1e-9)
        assert bool(found[deaths]) == possible, deaths


def test_a_joint_search_with_deaths_among_the_events():
    two = np.zeros((3, 3), dtype=bool)
    deaths, others = two.copy(), two.copy()
    deaths[1, 2] = deaths[2, 2] = True
    others[2, 0] = others[1, 2] = others[2, 2] = True
    both = events.within(*(events.Joint(("a", "b"), (2, 2), allowed, ()) for allowed in (others, deaths)))
    assert both.allowed.tolist() == [[False] * 3, [False, False, True], [False, False, True]], "(2, 0) has too few in b"
    assert (both.least, both.most_without, both.least_by_arm) == (3, 1, (1, 2))
    none = events.Joint(("a", "b"), (2, 2), two, ())
    assert (none.least, none.most_without, none.least_by_arm) == (None, None, None)


# The paper ----------------------------------------------------------------------------------------------------------


def test_least_events_of_the_paper(paper):
    """PFS: stage, Child-Pugh class and spread each need 62 (1/d₁ + 1/d₀ ≤ 0.2694² with 21 and 47 patients, say)."""
    found = events.joints(paper)
    assert (found["pfs"].least, found["pfs"].most_without) == (62, 6)
    assert (found["os"].least, found["os"].most_without) == (57, 11)
    for d1, d0, enough in [(21, 41, True), (21, 40, False), (20, 41, False)]:
        assert (1 / d1 + 1 / d0 <= 0.2694**2) is enough
    left_out = {"t5.cirrhosis.uni", "t6.hbv.uni"}
    keys = {row.row.key for search in found.values() for row in search.rows}
    assert {row.row.key for row in events.modelled(paper)} - keys == left_out


def test_flags_of_the_paper(paper):
    found = {c.check_id: c for c in checks.check(paper)}
    flags = {name: c.verdict for name, c in found.items() if c.is_flag}
    assert flags["events.t5.cirrhosis.uni"] == "inconsistent"
    assert flags["standard-error.t5.tace_haic.uni"] == "query"
    assert found["events.t5.cirrhosis.uni"].suspect_ids == ("t5.cirrhosis.uni.lower", "t5.cirrhosis.uni.upper")
    assert found["events.t5.bclc.uni"].said.recomputed == "at least 62 of 68"
    assert len(found["events.pfs"].value_ids) == 28
    tace = found["standard-error.t5.tace_haic.uni"]
    assert (tace.found.printed, tace.found.range) == ("0.331–0.332", "0.258–0.288")
    assert tace.said.published.startswith("0.487–1.786: ")
    alone = "Alone needed by BCLC, univariable; Child-Pugh, univariable; Extrahepatic spread, univariable. "
    assert alone in found["events.pfs"].said.note
    assert "does not print the sizes" in found["events.t5.mvi.uni"].said.note


def test_the_stored_simulation_covers_the_paper(paper):
    """A row that changes, or a search that finds other events, calls for `python -m secondlook.trials.standard_errors`."""
    stored = paper.simulated
    for _, asked in simulated_se.questions(paper):
        assert asked.key in stored.ranges
        assert asked.adjusted or asked.reversed.key in stored.ranges
    for record in stored.ranges.values():
        assert record.kept == simulated_se.COHORTS
        assert list(record.se) == sorted(record.se)
    for _, _, overlap in overlaps(paper):
        assert overlap.key in stored.repeats
    assert stored.probabilities == PROBABILITIES


# The invented paper -------------------------------------------------------------------------------------------------


def checked(folder, simulated=None, **changes):
    write(folder, **changes)
    if simulated:
        shutil.copy(simulated, folder / FILE)
    return {c.check_id: c for c in checks.check(load(folder))}


def test_a_true_paper_raises_no_flag(tmp_path):
    found = checked(tmp_path)
    unknown = found.pop("standard-error.recovery")
    assert (unknown.verdict, unknown.evidence) == ("not-testable", "none"), "nothing was simulated for this folder"
    assert "Side, univariable" in unknown.said.note
    assert {c.verdict for c in found.values()} == {"coherent"}
    assert set(found) == {"events.recovery"} | {
        f"events.t3.{row}" for row in ("side.uni", "grade.uni", "grade.multi", "smoker.uni", "arm.uni", "arm.multi")
    }
    assert found["events.t3.arm.uni"].said.recomputed == "at least 70 of 80"
    assert "t1.grade.3.walk.n" in found["events.t3.grade.uni"].value_ids
    assert found["events.t3.arm.uni"].value_ids[-2:] == ("results.size.walk", "results.size.rest")


def test_an_interval_too_narrow_for_any_number_of_events(tmp_path):
    """With 20 smokers of 80, SE ≥ √(1/20 + 1/60) = 0.258; 0.70–1.16 stands for 0.129."""
    changed = checked(tmp_path, models=("0.90,0.54,1.50,0.686", "0.90,0.70,1.16,0.415"))
    check = changed["events.t3.smoker.uni"]
    assert (check.verdict, check.suspect_ids) == ("inconsistent", ("t3.smoker.uni.lower", "t3.smoker.uni.upper"))
    assert "0.258" in check.said.note
    assert changed["events.recovery"].verdict == "coherent", "the impossible row is left out"


def test_rows_that_no_event_count_allows_together(tmp_path):
    """Contrived: in each row alone some count would do, but one needs all of `rest`, the other hardly any events."""
    search = events.Joint(("walk", "rest"), (50, 30), np.zeros((51, 31), dtype=bool), ())
    registry = load(write(tmp_path))
    rows = tuple(events.modelled(registry))
    check = checks._all_rows(registry, "recovery", events.Joint(search.arms, search.patients, search.allowed, rows))
    assert check.verdict == "inconsistent"


def test_a_contradictory_row_is_bounded_by_its_limits_alone(tmp_path):
    """HR 2.90 does not lie inside 0.54–1.50; the limits are still possible."""
    found = checked(tmp_path, models=("0.90,0.54,1.50,0.686", "2.90,0.54,1.50,0.686"))["events.t3.smoker.uni"]
    assert found.verdict == "coherent"
    assert "t3.smoker.uni.hr" not in found.value_ids
    assert "left out" in found.said.note


def test_groups_of_unknown_size(tmp_path):
    """No contrast is declared for the side: the most favourable split is taken."""
    layout = LAYOUT.replace('side = { exposed = ["left"], reference = ["right"] }\n', "")
    check = checked(tmp_path, layout=layout)["events.t3.side.uni"]
    assert "does not print the sizes" in check.said.note
    assert not [i for i in check.value_ids if i.startswith("t1.")]


def test_levels_of_known_patients_are_no_groups_of_a_model(tmp_path):
    """Of two walkers it is not known whether they smoke: the model may have them on either side."""
    check = checked(tmp_path, baseline=("smoker.no,no,38,76.0,22", "smoker.no,no,36,75.0,22"))["events.t3.smoker.uni"]
    assert "does not print the sizes" in check.said.note
    assert not [i for i in check.value_ids if i.startswith("t1.")]


def test_no_sizes_of_the_arms_no_checks(tmp_path):
    layout = LAYOUT.replace(', size = "results.size.rest"', "")
    assert checked(tmp_path, layout=layout) == {}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """The simulation of the invented paper, by the command that a user would type, with few cohorts."""
    folder = tmp_path_factory.mktemp("simulated")
    out = folder / "se.json"
    arguments = ["--published", str(write(folder / "paper")), "--out", str(out), "--cohorts", "1000", "--seed", "5"]
    result = CliRunner().invoke(simulated_se.main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return out


def test_standard_errors_of_a_true_paper_raise_no_flag(tmp_path, simulated):
    found = checked(tmp_path, simulated)
    judged = [check for check in found.values() if check.family == "standard-error"]
    assert len(judged) == 6
    assert all(check.verdict == "coherent" for check in judged)
    assert "exchanged" in found["standard-error.t3.side.uni"].said.note


@pytest.mark.parametrize(("models", "word"), [("0.90,0.44,1.84,0.774", "wide"), ("0.90,0.54,1.50,0.686", "")])
def test_a_standard_error_out_of_line(tmp_path, simulated, models, word):
    """0.365 instead of 0.261 for the smokers: no number of events that the rows allow makes it so wide."""
    check = checked(tmp_path, simulated, models=("0.90,0.54,1.50,0.686", models))["standard-error.t3.smoker.uni"]
    assert check.verdict == ("query" if word else "coherent")
    assert f"so {word}" in check.said.note or not word


def test_a_changed_row_is_not_held_against_another_simulation(tmp_path, simulated):
    found = checked(tmp_path, simulated, models=("1.10,0.70,1.73,0.679", "1.20,0.76,1.89,0.433"))
    assert "standard-error.t3.side.uni" not in found
    assert "standard-error.t3.grade.uni" in found
    assert [row.row.key for row in found["standard-error.recovery"].found.rows] == ["t3.side.uni"]


def test_simulations_repeat_with_their_seed_and_do_not_depend_on_order(simulated):
    stored = json.loads(simulated.read_text(encoding="utf-8"))
    key, record = list(stored["ranges"].items())[2]
    own, counted = key.split("; ")[:2]
    sizes, _, hr = own.split(" ")
    asked = Question(Covariate(*map(int, sizes.split("+")), hr), int(counted.split("-")[0]))
    assert simulated_se.answer(asked, 1000, 5) == record
    assert simulated_se.answer(asked, 1000, 6) != record


@pytest.mark.parametrize("fit_both", [(True, False, "labelled"), (False, True, "exchanged"), (True, True, "either"),
                                      (False, False, "neither"), (True, None, "unknown")])  # fmt: skip
def test_how_a_label_must_be_read(paper, fit_both):
    """The range as labelled and with the groups exchanged, set around or beside the row's standard error."""
    labelled, exchanged, word = fit_both
    search = events.joints(paper)["os"]
    row = next(r for r in search.rows if r.row.key == "t6.child_pugh.uni")
    asked = question(row, search)
    middle = float(row.se.low)
    ranges = {
        one.key: {"tried": 9, "kept": 9, "se": [middle * (0.9 if fits else 1.1), *[middle * 1.11] * 7, middle * 1.2]}
        for one, fits in ((asked, labelled), (asked.reversed, exchanged))
        if fits is not None
    }
    paper = replace(paper, simulated=SimulatedRanges.model_validate({"ranges": ranges}))
    assert checks.reading(paper, row, asked) == word
    check = next(c for c in checks.check_standard_errors(paper, {"os": search}) if c.subject == row.row.key)
    assert check.verdict == ("coherent" if labelled else "query")


def test_adjusted_simulation_takes_the_other_covariates(paper):
    asked = dict((row.row.key, q) for row, q in simulated_se.questions(paper))["t5.afp.multi"]
    assert [str(c) for c in asked.adjusted] == ["13+55 HR 2.721", "53+15 HR 0.568"]
    x, seen = simulated_se.draw(np.random.default_rng(1), asked, 50)
    assert (x.sum(axis=1) == [28, 13, 53]).all()
    assert ((seen.sum(axis=1) >= 62) & (seen.sum(axis=1) <= 68)).all()


def test_infinite_estimates_are_left_out():
    """All events among the exposed, who die first: the estimate runs away."""
    x = np.zeros((1, 10, 1))
    x[0, :5] = 1
    beta, se = cox_batch.fit(x, np.arange(10)[None] < 5)
    assert math.isnan(beta[0, 0])
    assert math.isnan(se[0, 0])


def test_the_invented_rows_are_those_that_the_tests_speak_of():
    assert "smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686" in MODELS
