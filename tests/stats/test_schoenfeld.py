"""Schoenfeld's events: numbers by hand, the parts solved for each other, and power by simulation."""

import numpy as np
import pytest

from secondlook.stats import cox_batch, schoenfeld


def test_numbers_by_hand():
    """By hand: 4·(1.960 + 0.842)²/ln²2 = 65.3, so 66 events for a ratio of 2 or 0.5; 4·(1.960 + 1.282)²/ln²1.5 = 255.7."""
    assert schoenfeld.events_needed(2) == schoenfeld.events_needed(0.5) == 66
    assert schoenfeld.events_needed(1.5, power=0.9) == 256


def test_the_parts_are_each_others_inverse():
    se = schoenfeld.standard_error(57, 41 / 68)
    found = schoenfeld.detectable(se)
    assert schoenfeld.power(found, se) == pytest.approx(0.8, abs=1e-4)
    assert schoenfeld.events_needed(found, 41 / 68) in (57, 58)
    assert schoenfeld.power(1, se) == pytest.approx(0.05)


def test_a_ratio_of_one_needs_no_events():
    with pytest.raises(ValueError, match="cannot be found"):
        schoenfeld.events_needed(1.0)


def test_power_is_that_of_simulated_studies():
    rng, hr, size = np.random.default_rng(3), 1.8, 4000
    exposed = np.arange(68) < 34
    order = np.argsort(rng.exponential(1, (size, 68)) / np.where(exposed, hr, 1), axis=1)
    beta, se = cox_batch.fit(exposed[order][:, :, None], np.ones((size, 68)), start=[np.log(hr)])
    assert np.mean(np.abs(beta / se) > 1.96) == pytest.approx(
        schoenfeld.power(hr, schoenfeld.standard_error(68, 0.5)), abs=0.04
    )


def test_equivalence_by_simulated_estimates():
    share, margin = 0.5, 1.25
    se = schoenfeld.standard_error(schoenfeld.events_for_equivalence(margin, share), share)
    estimates = np.random.default_rng(1).normal(0, se, 200_000)
    inside = np.abs(estimates) + 1.644854 * se < np.log(margin)
    assert inside.mean() == pytest.approx(0.8, abs=0.005)
