"""Restricted means and their standard errors, against R's survfit (data/reference/teaching.R) and by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from secondlook.stats import rmst

FOLDER = "data/reference"


@pytest.mark.parametrize("horizon", [12, 30])
@pytest.mark.parametrize("arm", [0, 1])
def test_means_and_errors_are_those_of_r(horizon, arm):
    r_says = pd.read_csv(f"{FOLDER}/teaching.csv").groupby("name")["value"].apply(list)
    data = pd.read_csv(f"{FOLDER}/teaching-data.csv").query("treated == @arm")
    found = rmst.rmst(data["time"].to_numpy(), data["event"].to_numpy(), horizon)
    assert found == pytest.approx(r_says[f"rmst.{horizon}.{arm}"], abs=1e-6)


def test_by_hand():
    """Deaths at 1 and 3 of two: area 1 + 2·½ = 2; the first leaves 1, so the variance is 1/(2·1)."""
    assert rmst.rmst(np.array([1.0, 3.0]), np.array([1, 1]), 4.0) == pytest.approx((2.0, math.sqrt(0.5)))
    assert rmst.rmst(np.array([5.0, 6.0]), np.array([1, 1]), 4.0) == (4.0, 0.0)
    assert rmst.difference((5.0, 3.0), (2.0, 4.0)) == pytest.approx((3.0, 3 - 9.79982, 3 + 9.79982), abs=1e-4)
