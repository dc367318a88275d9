"""Draw what is missing from what is recorded, so that every program analyses the same draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Draws of each missing value.
DRAWS = 20


def draws(whole: pd.DataFrame, recorded: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the draws of each missing value of those who started, by Bayesian linear regression on what is known.

    `recorded` has the gaps; all else is taken from the whole. Albumin on drug, ECOG, spread, the log of the marker,
    age, death and the Nelson-Aalen estimate at the end of follow-up (White & Royston, Stat Med 2009;28:1982); quality
    of life on drug, ECOG, spread and age. Rubin, Multiple imputation for nonresponse in surveys (1987), section 5.3.
    """
    rng = np.random.default_rng([seed, 2])
    took = whole["drug"] != "none"
    treated, gappy = (table[took].reset_index(drop=True) for table in (whole, recorded))
    days = (pd.to_datetime(treated["last_contact"]) - pd.to_datetime(treated["start"])).dt.days.to_numpy()
    died = treated["death"].notna().to_numpy()
    at_risk = (days[None, :] >= days[:, None]).sum(axis=1)
    hazard = np.array([(1 / at_risk)[died & (days <= day)].sum() for day in days])
    ecog = treated["ecog"].to_numpy()
    common = [np.ones(len(treated)), treated["drug"] == "A", ecog == 1, ecog == 2, treated["spread"], treated["age"]]
    designs = {
        "albumin": np.column_stack([*common, np.log10(treated["marker"]), died, hazard]).astype(float),
        "qol": np.column_stack(common).astype(float),
    }
    found = []
    for name, x in designs.items():
        y = gappy[name].to_numpy(float)
        known = np.isfinite(y)
        inverse = np.linalg.inv(x[known].T @ x[known])
        fitted = inverse @ x[known].T @ y[known]
        rest = y[known] - x[known] @ fitted
        for draw in range(1, DRAWS + 1):
            sigma = np.sqrt(rest @ rest / rng.chisquare(known.sum() - x.shape[1]))
            beta = fitted + sigma * np.linalg.cholesky(inverse) @ rng.normal(size=x.shape[1])
            values = np.round(x[~known] @ beta + sigma * rng.normal(size=(~known).sum()), 1)
            found += [(name, draw, who, value) for who, value in zip(treated["patient"][~known], values, strict=True)]
    return pd.DataFrame(found, columns=["variable", "draw", "patient", "value"])
