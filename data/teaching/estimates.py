"""What a study of these patients finds, done naively and mended: the table of the codebook, by lifelines and NumPy.

``estimates.R`` computes the same with survival. Nothing is drawn here: imputed values are those of draws.csv.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, CoxTimeVaryingFitter, KaplanMeierFitter

HERE = Path(__file__).parent
#: The last day of the study.
END = "2023-12-31"
MONTH = 365.25 / 12  # days; this file runs beside its data, without the package
#: Days from the start at which responders are told from others.
LANDMARK = 126
#: Days within which A has to be started by who waits for it.
GRACE = 120
#: What was recorded on the day of eligibility and may sway death.
ADJUSTED = ["ecog_1", "ecog_2", "spread", "log_marker", "age", "albumin"]


def read(name: str) -> pd.DataFrame:
    """Return a file of this folder."""
    return pd.read_csv(HERE / f"{name}.csv")


def days(table: pd.DataFrame, start: str = "start") -> pd.DataFrame:
    """Return everyone's dates as days since another date, and the covariates as numbers."""
    dates = ["eligible", "start", "response", "progression", "switch", "death", "last_contact"]
    found = table.copy()
    for name in dates:
        found[name] = pd.to_datetime(table[name])
    since = found[start].copy()
    for name in dates:
        found[name] = (found[name] - since).dt.days
    found["until"] = (pd.Timestamp(END) - since).dt.days
    found["died"] = found["death"].notna()
    found["a"] = (found["drug"] == "A").astype(float)
    for level in (1, 2):
        found[f"ecog_{level}"] = (found["ecog"] == level).astype(float)
    found["log_marker"] = np.log10(found["marker"])
    return found


def cox(table: pd.DataFrame, covariates: list[str]) -> CoxPHFitter:
    """Return a fitted Cox model of death."""
    columns = table[[*covariates, "last_contact", "died"]].astype(float)
    return CoxPHFitter().fit(columns, "last_contact", "died", fit_options={"precision": 1e-12})  # stops early otherwise


def hazard_ratio(table: pd.DataFrame, covariates: list[str]) -> tuple[float, float]:
    """Return the log hazard ratio of the first covariate and its standard error."""
    model = cox(table, covariates)
    return model.params_.iloc[0], model.standard_errors_.iloc[0]


def in_time(table: pd.DataFrame, change: str, covariates: list[str]) -> tuple[float, float]:
    """Return the log hazard ratio, and its standard error, of a state that begins on the day `change`."""
    rows = []
    for row in table.itertuples():
        end, begins = row.last_contact, getattr(row, change)
        fixed = [getattr(row, name) for name in covariates]
        cuts = [0, begins, end] if begins < end and begins > 0 else [0, end]
        for k, (start, stop) in enumerate(pairwise(cuts)):
            state = float(k == 1 or begins <= 0)
            rows.append((row.Index, start, stop, float(row.died and stop == end), state, *fixed))
    long = pd.DataFrame(rows, columns=["id", "begin", "end", "dies", "state", *covariates])
    model = CoxTimeVaryingFitter().fit(long, "dies", "begin", "end", id_col="id")
    return model.params_["state"], model.standard_errors_["state"]


def responders(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Death of responders against others of the same drug."""
    table = table.assign(responded=table["response"].notna().astype(float))
    alive = table[table["last_contact"] > LANDMARK]
    early = (alive["response"] <= LANDMARK).astype(float)
    by_then = alive.assign(responded=early, last_contact=alive["last_contact"] - LANDMARK)
    return {
        "by best response, from the start": hazard_ratio(table, ["responded", "a"]),
        "landmark": hazard_ratio(by_then, ["responded", "a"]),
        "changing in time": in_time(table, "response", ["a"]),
    }


def guaranteed(everyone: pd.DataFrame, treated: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Death with A against without, by where time begins."""
    return {
        "ever A, from eligibility": hazard_ratio(everyone, ["a", *ADJUSTED]),
        "from the start of the drug": hazard_ratio(treated, ["a", *ADJUSTED]),
    }


def survival(table: pd.DataFrame, at: float, weights: np.ndarray | None = None) -> float:
    """Return the Kaplan-Meier estimate at a time."""
    curve = KaplanMeierFitter().fit(table["last_contact"], table["died"], weights=weights)
    return float(curve.predict(at))


def propensity(table: pd.DataFrame) -> np.ndarray:
    """Return the chance of A by a logistic regression on what is recorded at eligibility."""
    return chance_of(table[ADJUSTED], table["a"], pd.Series(True, table.index))


def confounded(table: pd.DataFrame, year: float = 12 * MONTH) -> dict[str, float]:
    """Difference in survival at a year, A minus B, in percentage points."""
    chance, a = propensity(table), table["a"].to_numpy() == 1
    weights = np.where(a, 1 / chance, 1 / (1 - chance))
    models = (cox(table[group], ADJUSTED) for group in (a, ~a))  # one each: hazards need not be proportional
    curves = (model.predict_survival_function(table[ADJUSTED].astype(float)) for model in models)
    both = [curve.loc[:year].iloc[-1].mean() for curve in curves]  # a step: asked for a time, lifelines draws a line
    pairs = matched(chance, a)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines: weights that are not whole; no interval is used
        weighted = [survival(table[g], year, weights[g]) for g in (a, ~a)]
    return {
        "as it stands": 100 * (survival(table[a], year) - survival(table[~a], year)),
        "standardised": 100 * (both[0] - both[1]),
        "weighted": 100 * (weighted[0] - weighted[1]),
        "matched": 100 * (survival(table.iloc[pairs[:, 0]], year) - survival(table.iloc[pairs[:, 1]], year)),
    }


def matched(chance: np.ndarray, a: np.ndarray, caliper: float = 0.2) -> np.ndarray:
    """Return pairs of places: each of A, in order, with the nearest of B left, within 0.2 standard deviations."""
    logit = np.log(chance / (1 - chance))
    free, pairs = list(np.flatnonzero(~a)), []
    for place in np.flatnonzero(a):
        gaps = np.abs(logit[free] - logit[place])
        if free and gaps.min() <= caliper * logit.std(ddof=1):
            pairs.append((place, free.pop(int(gaps.argmin()))))
    return np.array(pairs)


def spans(everyone: pd.DataFrame, grace: int = GRACE, week: int = 7) -> dict[str, pd.DataFrame]:
    """Return the clones of everyone under two plans, wait for A (until `grace`) and take B (within a `week`), in spans.

    Everyone could follow either on the day of eligibility, so each is in both, until a day on which he or she has not
    done what the plan says; who then goes on counts for one over the chance of that.
    """
    x = everyone[ADJUSTED]
    took_b, took_a = everyone["drug"] == "B", (everyone["drug"] == "A") & (everyone["start"] <= grace)
    at_week, at_grace = everyone["last_contact"] > week, everyone["last_contact"] > grace
    chance_b = chance_of(x, took_b, at_week)
    chance_a = chance_of(x, took_a, at_grace & ~took_b)
    plans = {
        "take B": [(week, at_week & ~took_b, 1 / chance_b)],
        "wait for A": [(week, at_week & took_b, 1 / (1 - chance_b)), (grace, at_grace & ~took_a, 1 / chance_a)],
    }
    made = {}
    for plan, days_of_decision in plans.items():
        begin, follows, weight, rows = 0, pd.Series(True, everyone.index), 1.0, []
        for day, breaks, factor in [*days_of_decision, (np.inf, False, 1.0)]:
            here = follows & (everyone["last_contact"] > begin)
            end = np.minimum(everyone["last_contact"], day)
            dies = everyone["died"] & (everyone["last_contact"] <= day)
            rows.append(pd.DataFrame({"begin": begin, "end": end, "dies": dies, "weight": weight})[here])
            begin, follows, weight = day, follows & ~breaks, weight * factor
        made[plan] = pd.concat(rows)
    return made


def chance_of(x: pd.DataFrame, taken: pd.Series, among: pd.Series) -> np.ndarray:
    """Return everyone's chance of something by a logistic regression among some."""
    design = np.column_stack([np.ones(len(x)), x.to_numpy(float)])
    beta = logistic(design[among], taken[among].to_numpy(float))
    return 1 / (1 + np.exp(-design @ beta))


def logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the coefficients of a logistic regression (Newton's method)."""
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        beta += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), x.T @ (y - p))
    return beta


def alive(rows: pd.DataFrame, at: float, weights: str | None = None) -> float:
    """Return the Kaplan-Meier estimate of spans, weighted by a column or not."""
    weight, share = rows[weights] if weights else pd.Series(1.0, rows.index), 1.0
    begin, end, dies, weight = (c.to_numpy() for c in (rows["begin"], rows["end"], rows["dies"], weight))
    for day in np.unique(end[dies & (end <= at)]):
        there = (begin < day) & (end >= day)
        share *= 1 - weight[there & dies & (end == day)].sum() / weight[there].sum()
    return share


def cloned(everyone: pd.DataFrame, year: float = 12 * MONTH) -> dict[str, float]:
    """Difference in survival a year after eligibility, wait for A minus take B, in percentage points."""
    plans, took = spans(everyone), {name: everyone[everyone["drug"] == name] for name in "AB"}
    return {
        "by the drug that was taken": 100 * (survival(took["A"], year) - survival(took["B"], year)),
        "clones, censored": 100 * (alive(plans["wait for A"], year) - alive(plans["take B"], year)),
        "clones, censored and weighted": 100
        * (alive(plans["wait for A"], year, "weight") - alive(plans["take B"], year, "weight")),
    }


def competing(treated: pd.DataFrame, year: float = 12 * MONTH) -> dict[str, float]:
    """Share with progression within a year in per cent, when death without it is censoring and when it competes."""
    first = treated["progression"].fillna(treated["last_contact"]).to_numpy(float)
    grew = treated["progression"].notna().to_numpy()
    died = treated["died"].to_numpy() & ~grew
    free, incidence, alone = 1.0, 0.0, 1.0
    for day in np.unique(first[(grew | died) & (first <= year)]):
        there, now = (first >= day).sum(), first == day
        incidence += free * (now & grew).sum() / there
        free *= 1 - (now & (grew | died)).sum() / there
        alone *= 1 - (now & grew).sum() / there
    return {"1 - Kaplan-Meier, deaths censored": 100 * (1 - alone), "Aalen-Johansen": 100 * incidence}


def drawn(treated: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Death with A against B, by what is adjusted for."""
    table = treated.assign(
        responded=treated["response"].notna().astype(float),
        progressed=treated["progression"].notna().astype(float),
        female=(treated["sex"] == "F").astype(float),
    )
    candidates = {
        **{name: [name] for name in ("spread", "log_marker", "age", "female", "albumin", "responded", "progressed")},
        "ecog": ["ecog_1", "ecog_2"],
    }
    significant = [
        column
        for columns in candidates.values()
        if cox(table, columns).log_likelihood_ratio_test().p_value < 0.05
        for column in columns
    ]
    return {
        "nothing": hazard_ratio(table, ["a"]),
        "what the drawing says": hazard_ratio(table, ["a", "ecog_1", "ecog_2", "albumin", "spread"]),
        "all that was recorded before": hazard_ratio(table, ["a", *ADJUSTED]),
        "what is significant, progression too": hazard_ratio(table, ["a", *significant]),
    }


def pooled(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Return Rubin's estimate and standard error."""
    values, errors = (np.array(column) for column in zip(*found, strict=True))
    between = values.var(ddof=1) if len(values) > 1 else 0.0
    return values.mean(), np.sqrt((errors**2).mean() + (1 + 1 / len(values)) * between)


def gaps(treated: pd.DataFrame, recorded: pd.DataFrame, draws: pd.DataFrame) -> tuple[dict, dict]:
    """Adjusted hazard ratio of A with albumin missing; mean quality of life with that missing."""
    by_draw = {
        name: [part.set_index("patient")["value"] for _, part in rows.groupby("draw")]
        for name, rows in draws.groupby("variable")
    }
    columns = ["a", *ADJUSTED]

    def filled(variable: str, values: pd.Series) -> pd.DataFrame:
        return treated.assign(**{variable: recorded[variable].fillna(treated["patient"].map(values))})

    ratios = {
        "complete cases": hazard_ratio(treated[recorded["albumin"].notna()], columns),
        "imputed": pooled([hazard_ratio(filled("albumin", values), columns) for values in by_draw["albumin"]]),
        "nothing missing": hazard_ratio(treated, columns),
    }
    means = {
        "complete cases": recorded["qol"].mean(),
        "imputed": np.mean([filled("qol", values)["qol"].mean() for values in by_draw["qol"]]),
        "nothing missing": treated["qol"].mean(),
    }
    return ratios, means


def lost(treated: pd.DataFrame, never_lost: pd.DataFrame, at: float = 18 * MONTH) -> dict[str, float]:
    """Survival at 18 months in per cent, when patients leave after progression."""
    end, progressed = treated["last_contact"].to_numpy(float), treated["progression"].fillna(np.inf).to_numpy()
    leaves = (~treated["died"] & (treated["last_contact"] < treated["until"])).to_numpy()
    before, after = np.minimum(end, progressed), np.maximum(end - progressed, 0)
    after[~np.isfinite(after)] = 0
    rates = [(leaves & (progressed >= end)).sum() / before.sum(), (leaves & (progressed < end)).sum() / after.sum()]
    estimate = 1.0
    for day in np.unique(end[treated["died"] & (end <= at)]):
        there = end >= day
        weight = np.exp(rates[0] * np.minimum(day, progressed) + rates[1] * np.maximum(day - progressed, 0))
        dies = there & (end == day) & treated["died"].to_numpy()
        estimate *= 1 - weight[dies].sum() / weight[there].sum()
    return {
        "Kaplan-Meier": 100 * survival(treated, at),
        "weighted for loss": 100 * estimate,
        "nobody lost": 100 * survival(never_lost, at),
    }


def lessons(patients: pd.DataFrame, whole: pd.DataFrame, draws: pd.DataFrame) -> Iterator[tuple[str, dict]]:
    """Yield every lesson with its estimates.

    Each has one thing wrong: what is not the lesson's is taken from the whole.
    """
    took = whole["drug"] != "none"
    recorded, treated, everyone = days(patients[took]), days(whole[took]), days(whole, "eligible")
    yield "responders, hazard ratio", responders(recorded)
    yield "A against none or B, hazard ratio", guaranteed(everyone, treated)
    yield "survival at 12 months, A - B, points", confounded(treated)
    yield "survival at 18 months, %", lost(recorded, treated)
    yield "survival a year after eligibility, wait for A - take B, points", cloned(everyone)
    yield "progression within a year, %", competing(recorded)
    yield "A against B, by what is adjusted for, hazard ratio", drawn(treated)
    ratios, means = gaps(treated, recorded, draws)
    yield "A against B, albumin missing, hazard ratio", ratios
    yield "mean quality of life", means


#: Which number of the truth each lesson is held against; a method may have one of its own.
TRUE = {
    "responders, hazard ratio": "response",
    "A against none or B, hazard ratio": "hr",
    "survival at 12 months, A - B, points": "difference",
    "matched": "matched",
    "A against B, albumin missing, hazard ratio": "hr",
    "mean quality of life": "qol",
    "survival at 18 months, %": "survival",
    "survival a year after eligibility, wait for A - take B, points": "waiting",
    "A against B, by what is adjusted for, hazard ratio": "hr",
    "progression within a year, %": "progressed",
}


def table(true: dict[str, float], files: dict[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Return every estimate beside the truth: hazard ratios as such, with the standard error of their logarithm.

    `files` are patients, whole and draws, by default those of this folder.
    """
    files = files or {name: read(name) for name in ("patients", "whole", "draws")}
    found = lessons(files["patients"], files["whole"], files["draws"])
    return pd.concat([rows(true, *lesson) for lesson in found], ignore_index=True)


def rows(true: dict[str, float], lesson: str, found: dict) -> pd.DataFrame:
    """Return one lesson's part of the table."""
    made = []
    for method, value in found.items():
        estimate, se = (np.exp(value[0]), value[1]) if isinstance(value, tuple) else (value, np.nan)
        aim = true[TRUE.get(method, TRUE[lesson])]
        made.append((lesson, method, round(float(estimate), 4), round(float(se), 4), round(aim, 4)))
    return pd.DataFrame(made, columns=["lesson", "method", "estimate", "se_log", "truth"])
