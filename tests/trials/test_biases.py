"""What R finds of the biases that the chapters 52 and 67 simulate (data/reference/biases.R), each with draws of its own.

The chapters hold their means against these in the build. Here: the stored output is that of the script, and says what
the chapters claim.
"""

from __future__ import annotations

import math
import shutil
import subprocess

import pandas as pd
import pytest
from conftest import ROOT

from secondlook import teaching

FOLDER = ROOT / "data" / "reference"
TRUE = math.log(0.7)


@pytest.fixture(scope="module")
def said() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "biases.csv", index_col="name")


def far(said: pd.DataFrame, name: str, goal: float) -> float:
    """Return by how many simulation errors a mean is off, with its sign."""
    return (said.loc[name, "mean"] - goal) / said.loc[name, "se"]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("anyone, 30, complete cases", -3, 3),
        ("anyone, 30, imputed", -3, 3),
        ("a high marker, 30, complete cases", -3, 3),
        ("a high marker, 30, imputed", -99, -4),
        ("an early death with R, 10, complete cases", 4, 99),
        ("an early death with R, 30, complete cases", 10, 99),
        ("an early death with R, 30, imputed", -5, 2),
    ],
)
def test_gaps(said, name, low, high):
    """Rubin 1987; White & Carlin, Stat Med 2010;29:2920: complete cases are spared by gaps that depend on the covariate,
    imputation by those that depend on what was recorded."""
    assert low < far(said, f"left-out, {name}", TRUE) < high


def test_losses(said):
    """Robins & Finkelstein, Biometrics 2000;56:779: weights mend what depends on recorded progression."""
    of = said["mean"].filter(like="21 after").rename(lambda name: name.rsplit(", ", 1)[1])
    assert of["censored"] - of["nobody lost"] > 1
    assert of["left out"] - of["nobody lost"] < -4
    assert abs(of["weighted"] - of["nobody lost"]) < 0.7
    assert of["two cycles survived"] - of["nobody lost"] > 2


def test_roles(said):
    """Greenland, Pearl & Robins, Epidemiology 1999;10:37: a confounder is to be adjusted for, a collider not."""
    assert far(said, "graph, confounder, never", 0) < -8
    assert abs(far(said, "graph, confounder, always", 0)) < 3
    assert abs(far(said, "graph, collider, never", 0)) < 3
    assert far(said, "graph, collider, always", 0) < -6
    assert far(said, "graph, mediator, never", 0) < -8
    assert abs(far(said, "graph, mediator, always", 0)) < 3
    assert abs(far(said, "graph, cause of the choice only, always", 0)) < 3


@pytest.mark.weekly
@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R with survival")
def test_the_stored_output_is_that_of_the_script():
    done = subprocess.run(
        ["Rscript", FOLDER / "biases.R"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
    )
    assert done.stdout == (FOLDER / "biases.csv").read_text()


def test_studies_that_agree_with_those_of_r_are_told_from_others(said):
    mean, se = said.loc["left-out, nobody, 0, everyone", ["mean", "se"]]
    near, far = ([mean + away - se, mean + away + se, math.nan] for away in (0, 6 * se))
    assert teaching.from_r("left-out, nobody, 0, everyone", near) == pytest.approx(0, abs=1e-9)
    assert teaching.from_r("left-out, nobody, 0, everyone", far) == pytest.approx(6 / 1.5**0.5)
    with pytest.raises(KeyError):
        teaching.from_r("left-out, nobody", near)
