"""What a paper did not print: from one file of patients, or as a range over many that print the same statistics.

A range says what the printed numbers leave open among the cohorts that were found. It is no interval of confidence: how
often something was found says nothing about how likely it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from secondlook.cohort.columns import Codes, arm_variable
from secondlook.cohort.records import Records, check, typed
from secondlook.cohort.targets import covariates
from secondlook.paper.reading import DataError, read_csv
from secondlook.paper.registry import Registry
from secondlook.paper.rows import table_rows
from secondlook.stats import cox, km

#: The column of an ensemble that numbers its cohorts.
COHORT = "cohort"


def members(path: Path, registry: Registry, codes: Codes) -> list[Records]:
    """Return the cohorts of an ensemble: a file with :data:`COHORT` before the columns of a file of patients.

    Raises
    ------
    DataError
        For what no file of patients may hold, a cohort that is not numbered, and more than 20,000 rows.
    """
    cohorts: dict[int, list[tuple[int, dict[str, str]]]] = {}
    for number, cells in read_csv(path, (COHORT, *codes.columns)):
        name = cells.pop(COHORT)
        if not (name.isascii() and name.isdigit() and len(name) <= 6):
            raise DataError(path, f"{name[:40]!r} is no number of a cohort", row=number, column=COHORT)
        cohorts.setdefault(int(name), []).append((number, cells))
    for rows in cohorts.values():
        check(path, rows, registry, codes)
    frame = typed([cells for name in sorted(cohorts) for _, cells in cohorts[name]], codes)
    ends = np.cumsum([len(cohorts[name]) for name in sorted(cohorts)])
    parts = (frame.iloc[end - len(cohorts[name]) : end] for name, end in zip(sorted(cohorts), ends, strict=True))
    return [Records(part.reset_index(drop=True), registry, codes) for part in parts]


def adjusted(records: Records, endpoint: str) -> tuple[float, float, float]:
    """Return the arm's hazard ratio with its Wald limits, adjusted for the covariates of the endpoint's model."""
    rows = [r for r in table_rows(records.registry) if (r.model, r.endpoint) == ("adjusted", endpoint) and r.contrast]
    table = rows[0].table
    names = [arm_variable(records.registry), *covariates(records.registry, table, rows[0].set, rows[0].variable)]
    x = np.column_stack([records.exposed(table, name) for name in dict.fromkeys(names)]).astype(float)
    return cox.fit(x, records.times(endpoint), records.events(endpoint)).ratios()[0][:3]


def envelope(
    cohorts: Sequence[Records], endpoint: str, group: str, months: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest share without the event at each month, over the cohorts."""
    curves = np.array([km.curve(*of_group(cohort, endpoint, group)).at(months) for cohort in cohorts])
    return curves.min(axis=0), curves.max(axis=0)


def of_group(records: Records, endpoint: str, group: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the times and events of a group of the layout."""
    who = records.groups(group)
    return records.times(endpoint)[who], records.events(endpoint)[who]


def agreement(
    cohorts: Sequence[Records], endpoint: str, column: str, most: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """Return how alike cohorts are in one label, patients put in the order of their times.

    Returns
    -------
    shared, by chance : float, float
        Mean share of places that have the same code in two cohorts, over all pairs of them or a seeded sample of
        `most`; and the share expected of two shuffled orders.
    """
    listed = [records.frame[column].to_numpy(dtype=str)[np.argsort(records.times(endpoint))] for records in cohorts]
    pairs = list(combinations(range(len(listed)), 2))
    if len(pairs) > most:
        chosen = np.random.default_rng(seed).choice(len(pairs), most, replace=False)
        pairs = [pairs[k] for k in chosen]
    shares = pd.Series(listed[0]).value_counts(normalize=True)
    return float(np.mean([(listed[a] == listed[b]).mean() for a, b in pairs])), float((shares**2).sum())


def different_orders(cohorts: Sequence[Records], endpoint: str, columns: Sequence[str]) -> int:
    """Return how many different sequences of labels the cohorts have, patients put in the order of their times."""
    listed = (
        records.frame[list(columns)].astype(str).to_numpy()[np.argsort(records.times(endpoint))] for records in cohorts
    )
    return len({"|".join(sequence.ravel()) for sequence in listed})


def joint_tables(cohorts: Sequence[Records], table: str, variables: Sequence[str]) -> int:
    """Return how many different joint tables of some variables the cohorts have, each taken as a table's models do."""
    found = set()
    for records in cohorts:
        exposed = np.column_stack([records.exposed(table, name) for name in variables]).astype(int)
        cells, counts = np.unique(exposed, axis=0, return_counts=True)
        found.add((cells.tobytes(), counts.tobytes()))
    return len(found)


def without(cohorts: Sequence[Records], column: str) -> int:
    """Return how many different cohorts there are when a column is not looked at."""
    left_out = [column, cohorts[0].codes.patient.column] if cohorts else []
    frames = (records.frame.drop(columns=left_out) for records in cohorts)
    return len({frozenset(frame.itertuples(index=False, name=None)) for frame in frames})


def order_correlations(cohorts: Sequence[Records], endpoints: Sequence[str]) -> list[float]:
    """Return Kendall's tau-b between the times of two endpoints in each cohort (Kendall 1945, Biometrika 33:239)."""
    first, second = endpoints
    return [float(kendalltau(records.times(first), records.times(second)).statistic) for records in cohorts]
