"""Bounds on other tests and limits, against what R fits to simulated patients (data/reference/makings.R)."""

import math
from pathlib import Path

import pytest
from scipy.special import ndtri

from secondlook.stats.readings import CONSTANTS
from secondlook.stats.readings_theory import limit_factor, lr_factor, score_factors
from secondlook.trials import other_makings

MADE_BY_R = Path(__file__).parents[2] / "data" / "reference" / "makings.csv"
#: Where b is 0 both tests are 0, and their quotient is nothing.
TABLES = other_makings.made(MADE_BY_R)
MADE = [row | {"model": model} for (model, _), rows in TABLES.items() for row in rows if abs(row["b"]) > 1e-6]
Z = float(ndtri(0.975))
#: Solved to ten digits, stored with eight.
NEAR = 1e-4
#: One covariate with two levels: what the bounds are proved for.
PROVED = [row for row in MADE if row["kind"] == "binary" and row["model"] != "adjusted"]
#: Several covariates: "slack" times the bounds.
ADJUSTED = [row for row in MADE if row["kind"] == "binary" and row["model"] == "adjusted"]


def factors(row, test):
    """Return z of a test over Wald's z."""
    return float(-ndtri(row[test] / 2)) / (abs(row["b"]) / row["s"])


def distances(row):
    """Return how many times z s each profile limit lies from b."""
    ends = (row["b"] - row["profile_lower"], row["profile_upper"] - row["b"])
    return [end / (Z * row["s"]) for end in ends if not math.isnan(end)]


def test_there_is_enough_to_hold_them_against():
    assert len(PROVED) > 600
    assert len(ADJUSTED) > 80
    assert {row["model"] for row in PROVED} == {"cox", "logit"}


def test_likelihood_ratio_tests_lie_within_their_bounds():
    for made in PROVED:
        b = abs(made["b"])
        assert lr_factor(b) - NEAR <= factors(made, "lr") <= lr_factor(-b) + NEAR, made


def test_score_tests_lie_within_their_bounds():
    for made in PROVED:
        least, greatest = score_factors(made["b"])
        assert least - NEAR <= factors(made, "score") <= greatest + NEAR, made


def test_the_log_rank_test_is_the_score_test_without_ties():
    found = [made for made in PROVED if not math.isnan(made["logrank"])]
    assert len(found) > 300
    assert all(made["logrank"] == pytest.approx(made["score"], rel=1e-5) for made in found)


def test_profile_limits_lie_within_their_bounds():
    for made in PROVED:
        y = Z * made["s"]
        assert all(limit_factor(y) - NEAR <= t <= limit_factor(-y) + NEAR for t in distances(made)), made


def test_models_of_several_covariates_lie_within_the_slack():
    slack = CONSTANTS["slack"]
    for made in ADJUSTED:
        x, y = slack * abs(made["b"]), slack * Z * made["s"]
        assert lr_factor(x) - NEAR <= factors(made, "lr") <= lr_factor(-x) + NEAR, made
        assert all(limit_factor(y) - NEAR <= t <= limit_factor(-y) + NEAR for t in distances(made)), made


def test_the_bounds_are_near_and_not_idle():
    """Of rows with |b| above 1/2, some likelihood-ratio tests come within a third of a bound's distance."""
    shares = [(factors(made, "lr") - 1) / (lr_factor(-abs(made["b"])) - 1) for made in PROVED if abs(made["b"]) > 0.5]
    assert max(shares) > 0.33


@pytest.mark.parametrize("y", [-30.0, -2.0, -0.4, -1e-4, 0.0, 1e-4, 0.4, 2.0, 30.0])
def test_a_limit_solves_its_equation(y):
    x = y * limit_factor(y)
    assert 2 * (math.exp(x) - 1 - x) == pytest.approx(y * y, rel=1e-3, abs=1e-7)
