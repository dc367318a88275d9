"""Balance, weights, penalised Cox models and concordance, against what R prints (data/reference/teaching.R)."""

import math

import numpy as np
import pandas as pd
import pytest

from secondlook.stats import balance, cox_batch

FOLDER = "data/reference"


@pytest.fixture(scope="module")
def r_says():
    return pd.read_csv(f"{FOLDER}/teaching.csv").groupby("name")["value"].apply(list).to_dict()


@pytest.fixture(scope="module")
def made_up():
    return pd.read_csv(f"{FOLDER}/teaching-data.csv").sort_values("time").reset_index(drop=True)


def arrays(data, *columns):
    return data[list(columns)].to_numpy(float)[None], data["event"].to_numpy(bool)[None]


def test_cox_models_are_those_of_r(made_up, r_says):
    x, events = arrays(made_up, "x1", "x2", "treated")
    beta, se = cox_batch.fit(x, events)
    assert beta[0] == pytest.approx(r_says["cox"], abs=1e-6)
    assert se[0] == pytest.approx(r_says["cox.se"], abs=1e-6)
    assert cox_batch.fit(x, events, ridge=3.0)[0][0] == pytest.approx(r_says["ridge"], abs=1e-6)
    weighted, _ = cox_batch.fit(x, events, weights=made_up["weight"].to_numpy()[None])
    assert weighted[0] == pytest.approx(r_says["cox.weighted"], abs=1e-6)
    assert cox_batch.concordance(x @ np.array(r_says["cox"]), events)[0] == pytest.approx(r_says["concordance"][0])


def test_firths_estimates_are_those_of_the_penalised_likelihood_in_r(made_up, r_says):
    x, events = arrays(made_up, "rare", "x1")
    assert cox_batch.fit(x[:, :, :1], events, firth=True)[0][0] == pytest.approx(r_says["firth.1"], abs=1e-4)
    assert cox_batch.fit(x, events, firth=True)[0][0] == pytest.approx(r_says["firth.2"], abs=1e-4)
    # the ordinary estimate does not exist
    assert np.isnan(cox_batch.fit(x, events)[0]).all()


def test_a_weight_of_two_is_a_patient_twice(made_up):
    x, events = arrays(made_up, "x1", "x2")
    twice, _ = cox_batch.fit(x, events, weights=np.full(events.shape, 2.0))
    assert twice == pytest.approx(cox_batch.fit(x, events)[0])
    counts = np.random.default_rng(1).multinomial(40, np.full(40, 1 / 40))
    risk = x @ np.array([0.3, -0.2])
    # no pair of a patient with its own double
    spelt = np.repeat(np.arange(40), counts)
    pairs = [(i, j) for i in spelt for j in spelt if i < j and events[0, i]]
    right = sum((risk[0, i] > risk[0, j]) + 0.5 * (risk[0, i] == risk[0, j]) for i, j in pairs)
    assert cox_batch.concordance(risk, events, counts[None])[0] == pytest.approx(right / len(pairs))


def test_a_covariate_that_was_not_chosen_is_left_out(made_up):
    x, events = arrays(made_up, "x1", "x2")
    beta, se = cox_batch.fit(x, events, chosen=np.array([[True, False]]))
    alone, its_se = cox_batch.fit(x[:, :, :1], events)
    assert beta[0] == pytest.approx([alone[0, 0], 0])
    assert se[0] == pytest.approx([its_se[0, 0], math.nan], nan_ok=True)


def test_propensities_are_those_of_r(made_up, r_says):
    x = made_up[["x1", "x2"]].to_numpy(float)[None]
    treated = made_up["treated"].to_numpy(bool)[None]
    chance = balance.propensities(x, treated)
    linear = np.column_stack([np.ones(40), x[0]]) @ np.array(r_says["glm"])
    assert chance[0] == pytest.approx(1 / (1 + np.exp(-linear)), abs=1e-6)
    # x1 and x2 divide the patients into four kinds: in none is weighting perfect, in all together the sums are right
    amounts = balance.weights(chance, treated)
    assert amounts[treated].sum() == pytest.approx(treated.sum(), rel=0.02)
    assert amounts[~treated].sum() == pytest.approx((~treated).sum(), rel=0.02)


def test_arms_that_a_covariate_tells_apart_have_no_propensity():
    treated = np.array([[True, True, True, False, False, False]])
    assert np.isnan(balance.propensities(treated[:, :, None].astype(float), treated)).all()


def test_standardised_differences():
    """By hand: 40 % and 20 % of 50 differ by 0.2/√((0.24 + 0.16)/2); three levels with one empty reduce to two."""
    assert balance.standardised_difference((20, 30), (10, 40)) == pytest.approx(0.2 / math.sqrt(0.2))
    assert balance.standardised_difference((20, 30, 0), (10, 40, 0)) == pytest.approx(0.2 / math.sqrt(0.2))
    assert math.isnan(balance.standardised_difference((5, 0), (3, 0)))


def test_differences_drawn_by_lot():
    rng = np.random.default_rng(2)
    p, q = rng.binomial(41, 0.4, 20000) / 41, rng.binomial(27, 0.4, 20000) / 27
    d = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert np.mean(np.abs(d) > 0.25) == pytest.approx(balance.by_lot(41, 27, 0.25), abs=0.03)


def test_confounding_is_what_a_crude_ratio_shows():
    rng = np.random.default_rng(3)
    arm = np.tile(np.arange(2000) < 1000, (30, 1))
    cause = rng.random(arm.shape) < np.where(arm, 0.6, 0.3)
    # short follow-up, so that hazards do not change by depletion
    times = rng.exponential(1, arm.shape) / np.where(cause, 3.0, 1.0)
    beta, _ = cox_batch.binary(np.minimum(times, 0.1 + rng.random(arm.shape) * 1e-9), times < 0.1, arm)
    assert math.exp(beta.mean()) == pytest.approx(balance.confounding(0.6, 0.3, 3.0), rel=0.05)


def test_equal_weights_lose_nobody():
    assert balance.effective_size(np.full((1, 68), 0.7))[0] == pytest.approx(68)
    assert balance.effective_size(np.array([[1.0, 0.0, 0.0]]))[0] == pytest.approx(1)
