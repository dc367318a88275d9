"""The invented patients of data/teaching, a row for each of them or of their scans, and R beside simulations."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from secondlook.checkout import find_root

FOLDER = "data/teaching"
#: The last day of the study.
END = "2023-12-31"
#: Other draws of as many patients, of which :func:`estimates` has the means.
OTHER_DRAWS = 40
#: What pages call the lessons.
LESSONS = {
    "responders": "responders, hazard ratio",
    "guaranteed": "A against none or B, hazard ratio",
    "confounded": "survival at 12 months, A - B, points",
    "lost": "survival at 18 months, %",
    "plans": "survival a year after eligibility, wait for A - take B, points",
    "competing": "progression within a year, %",
    "drawing": "A against B, by what is adjusted for, hazard ratio",
    "albumin": "A against B, albumin missing, hazard ratio",
    "quality": "mean quality of life",
}


def patients(whole: bool = False) -> pd.DataFrame:
    """Return 400 invented patients who got one of two drugs after a first line had failed.

    Nothing in them is any paper's. How they were invented, and what a study of them finds naively and mended beside the
    truth, stands in ``data/teaching/README.md``.

    Parameters
    ----------
    whole : bool
        The same patients with nothing missing and nobody lost.

    Returns
    -------
    pandas.DataFrame
        patient : str
            TEACH-001 to TEACH-400, in the order of their dates.
        eligible, start, response, progression, switch, death, last_contact : datetime
            Of eligibility; start of the drug; the scan that first showed a response, or progression; change from drug
            B to A; death; last contact (death, loss, or the last day of the study, :data:`END`). Empty: it did not
            happen, or was not seen.
        drug : str
            ``A``, ``B``, or ``none`` for who died before the start.
        age : int, years; sex : str, F or M; ecog : int, 0 to 2; spread : int, 0 or 1
            On the day of eligibility; spread: outside the organ.
        marker : int, ng/mL; albumin : float, g/L; qol : float, 0 to 100
            The same; a mean score of quality of life. Albumin and qol have missing values.

    Raises
    ------
    FileNotFoundError
        Where there is no checkout around.
    """
    dates = ["eligible", "start", "response", "progression", "switch", "death", "last_contact"]
    file = find_root() / FOLDER / ("whole.csv" if whole else "patients.csv")
    return pd.read_csv(file, parse_dates=dates, keep_default_na=False, na_values=[""])


def scans() -> pd.DataFrame:
    """Return the scans of those patients until their last contact: patient, scan (its date), albumin (g/L), found.

    Found is what the scan was the first to show: ``response``, ``progression``, ``response and progression`` or
    ``nothing new``. Raises FileNotFoundError as :func:`patients` does.
    """
    return pd.read_csv(find_root() / FOLDER / "scans.csv", parse_dates=["scan"])


def estimates() -> pd.DataFrame:
    """Return what is found on those patients, naively and mended, beside the truth: one row for each lesson and method.

    Columns estimate, se_log (standard error of the logarithm of a hazard ratio), truth, and mean and sd over
    :data:`OTHER_DRAWS` (of ratios, of their logarithms). Raises FileNotFoundError as :func:`patients` does.
    """
    index = ["lesson", "method"]
    found, again = (
        pd.read_csv(find_root() / FOLDER / f"{name}.csv", index_col=index) for name in ("estimates", "repeats")
    )
    return found.join(again[["mean", "sd"]])


def from_r(name: str, found: np.ndarray) -> float:
    """Return by how many standard errors of both a mean over simulated studies differs from that of R's studies.

    Parameters
    ----------
    name : str
        What was simulated, as ``data/reference/biases.csv`` names it.
    found : array
        What each study found; NaN for one without an estimate.

    Raises
    ------
    KeyError
        When R simulated nothing of that name.
    FileNotFoundError
        Where there is no checkout around.
    """
    by_r = _by_r(find_root() / "data" / "reference" / "biases.csv").loc[name]
    found = np.asarray(found, float)
    found = found[np.isfinite(found)]
    return abs(found.mean() - by_r["mean"]) / math.hypot(found.std() / len(found) ** 0.5, by_r["se"])


@lru_cache(maxsize=2)
def _by_r(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, index_col="name")


def told(name: str, root: Path | None = None) -> str:
    """Return an estimate as pages tell it, ``responders/landmark``, or its lesson's truth, ``responders/truth``.

    The mean over :data:`OTHER_DRAWS` other draws is ``responders/landmark in other draws``. Hazard ratios have two
    decimals, percentages, points and scores one. Raises ValueError where there is none of that name, FileNotFoundError
    as :func:`patients` does.
    """
    found = _by_name(root or find_root())
    if name not in found:
        raise ValueError(f"no estimate of the data made to teach has the name {name!r}: lesson/method, or lesson/truth")
    return found[name]


@lru_cache(maxsize=2)
def _by_name(root: Path) -> dict[str, str]:
    table, again = (pd.read_csv(root / FOLDER / f"{name}.csv") for name in ("estimates", "repeats"))
    means, found = again.set_index(["lesson", "method"])["mean"], {}
    short = {lesson: name for name, lesson in LESSONS.items()}
    for row in table.itertuples():
        places = 2 if math.isfinite(row.se_log) else 1  # hazard ratios alone have it
        found.setdefault(f"{short[row.lesson]}/truth", f"{row.truth:.{places}f}")
        found[f"{short[row.lesson]}/{row.method}"] = f"{row.estimate:.{places}f}"
        found[f"{short[row.lesson]}/{row.method} in other draws"] = f"{means[row.lesson, row.method]:.{places}f}"
    return found
