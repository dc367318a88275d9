"""The invented patients of data/teaching, made to teach: one row for each patient, or for each of their scans."""

from __future__ import annotations

import pandas as pd

from secondlook.checkout import find_root

FOLDER = "data/teaching"


def patients(whole: bool = False) -> pd.DataFrame:
    """Return 400 invented patients who got one of two drugs after a first line had failed.

    Nothing in them is any paper's. How they were invented, and what a study of them finds naively and mended beside the
    truth, stands in ``data/teaching/README.md``.

    Parameters
    ----------
    whole : bool
        Fill in what was not recorded: albumin and quality of life of everyone, and deaths of those who were lost.

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
    table = pd.read_csv(find_root() / FOLDER / "patients.csv", parse_dates=dates, keep_default_na=False, na_values=[""])
    if not whole:
        return table
    unseen = pd.read_csv(find_root() / FOLDER / "whole.csv", parse_dates=["death"]).set_index("patient")
    table = table.set_index("patient")
    table[["albumin", "qol", "death"]] = unseen[["albumin", "qol", "death"]]
    table["last_contact"] = table["death"].fillna(pd.Timestamp(END))
    return table.reset_index()


#: The last day of the study.
END = "2023-12-31"


def scans() -> pd.DataFrame:
    """Return the scans of those patients until progression: patient, scan (its date), albumin (g/L), what was found.

    Found is ``stable``, ``response`` (the first scan that shows one) or ``progression``. Raises FileNotFoundError as
    :func:`patients` does.
    """
    return pd.read_csv(find_root() / FOLDER / "scans.csv", parse_dates=["scan"])


def estimates() -> pd.DataFrame:
    """Return what is found on those patients, naively and mended, beside the truth: one row for each lesson and method.

    Columns estimate, se_log (standard error of the logarithm of a hazard ratio), truth, and mean and sd over 40 other
    draws of 400 patients (of ratios, of their logarithms). Raises FileNotFoundError as :func:`patients` does.
    """
    index = ["lesson", "method"]
    found, again = (
        pd.read_csv(find_root() / FOLDER / f"{name}.csv", index_col=index) for name in ("estimates", "repeats")
    )
    return found.join(again[["mean", "sd"]])
