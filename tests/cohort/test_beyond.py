"""What a paper did not print, against lifelines and by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from secondlook.cohort import beyond, records
from secondlook.cohort import columns as codes
from secondlook.paper import reading
from secondlook.paper.registry import load
from secondlook.stats import km, rmst

PUBLISHED = "data/published"
STAND_IN = "data/reference/cohort-stand-in.csv"


@pytest.fixture(scope="module")
def stand_in():
    return records.load(STAND_IN, PUBLISHED)


def simulated(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.round(rng.exponential(9, 50), 1) + 0.1, (rng.random(50) < 0.7).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_curves_and_their_areas_are_those_of_lifelines(seed):
    times, events = simulated(seed)
    fitted = KaplanMeierFitter().fit(times, events)
    months = [0.0, 1.0, 6.05, 12.05, 20.0]
    assert np.allclose(km.curve(times, events).at(months), fitted.survival_function_at_times(months))
    for horizon in (6.0, 12.0):
        assert rmst.rmst(times, events, horizon)[0] == pytest.approx(restricted_mean_survival_time(fitted, t=horizon))


def test_a_curve_of_four_by_hand():
    """Deaths at 1 and 3 of four, censored at 2 and 4: 3/4 after the first, 3/8 after the second."""
    times, events = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, 1.0, 0.0])
    assert km.curve(times, events).at([0.5, 1.0, 2.9, 3.0, 9.0]).tolist() == [1, 0.75, 0.75, 0.375, 0.375]
    assert rmst.rmst(times, events, 4.0)[0] == pytest.approx(1 + 2 * 0.75 + 0.375)


def test_the_adjusted_ratio_is_that_of_lifelines(stand_in):
    rng = np.random.default_rng(4)
    mixed = stand_in.frame.assign(os_months=rng.permutation(np.arange(1.0, len(stand_in) + 1)), os_event=1)
    mixed = records.Records(mixed, stand_in.registry, stand_in.codes)
    x = {name: mixed.exposed("t6", name) for name in ("arm", "ecog", "child_pugh", "afp")}
    frame = pd.DataFrame(x).astype(float).assign(time=mixed.times("os"), event=mixed.events("os"))
    row = CoxPHFitter().fit(frame, "time", "event").summary.loc["arm"]
    wanted = [row["exp(coef)"], row["exp(coef) lower 95%"], row["exp(coef) upper 95%"]]
    assert np.allclose(beyond.adjusted(mixed, "os"), wanted, rtol=1e-3)


def ensemble_of(folder, *frames, known) -> Path:
    """Write an ensemble; its cohorts are numbered from 1."""
    whole = "".join(
        "\n".join(f"{number},{line}" for line in records.to_csv(frame, known).splitlines()[1:]) + "\n"
        for number, frame in enumerate(frames, 1)
    )
    file = folder / "ensemble.csv.gz"
    file.write_bytes(gzip.compress(f"cohort,{','.join(known.columns)}\n{whole}".encode()))
    return file


def test_envelopes_hold_all_curves_and_agreement_is_counted_by_place(stand_in, tmp_path):
    registry = load(PUBLISHED)
    known = codes.load(PUBLISHED, registry)
    other = stand_in.frame.copy()
    arm = other["arm"].to_numpy(dtype=str)
    other["os_months"] = stand_in.frame["os_months"] + 1.5
    other.loc[0, "arm"] = "R" if arm[0] == "LP" else "LP"
    cohorts = beyond.members(ensemble_of(tmp_path, stand_in.frame, other, known=known), registry, known)
    assert all(cohort.frame.equals(frame) for cohort, frame in zip(cohorts, (stand_in.frame, other), strict=True))
    assert [len(cohort) for cohort in cohorts] == [len(stand_in)] * 2
    months = [3.0, 9.0, 15.0]
    low, high = beyond.envelope(cohorts, "os", "all" if "all" in registry.layout.groups else "r", months)
    for cohort in cohorts:
        whole = beyond.of_group(cohort, "os", "all" if "all" in registry.layout.groups else "r")
        curve = km.curve(*whole).at(months)
        assert (low <= curve).all()
        assert (curve <= high).all()
    assert (low < high).any()
    shared, chance = beyond.agreement(cohorts, "os", "arm")
    n, lp = len(arm), (arm == "LP").mean()
    assert shared == pytest.approx(1 - 1 / n)
    assert chance == pytest.approx(lp**2 + (1 - lp) ** 2)
    assert beyond.different_orders(cohorts, "os", ["arm", "ecog"]) == 2
    assert beyond.different_orders(cohorts, "os", ["ecog"]) == 1  # later by as much: the same order


@pytest.mark.parametrize(
    ("craft", "message"),
    [
        (lambda text: b"no archive", r"ensemble\.csv\.gz: cannot be read \(BadGzipFile\)"),
        (lambda text: gzip.compress(text)[:-9], r"ensemble\.csv\.gz: cannot be read \(EOFError\)"),
        (lambda text: gzip.compress(b"\0" * (reading.MAX_BYTES + 1)), "larger than 64 MiB"),
        (lambda text: gzip.compress(text.replace(b"\n1,", b"\nx,", 1)), "row 2, column cohort: 'x' is no number"),
        (lambda text: gzip.compress(text.replace(b",LP,", b",<b>,", 1)), "'<b>'  one of"),
        (lambda text: gzip.compress(text.replace(b"cohort,", b"", 1)), "column 'cohort' is missing"),
        (lambda text: gzip.compress(text + text.split(b"\n", 1)[1] * 400), "has more than 20000 rows"),
    ],
    ids=["no archive", "cut short", "a bomb", "no number", "markup", "no column", "too long"],
)
def test_a_crafted_ensemble_is_refused_by_file_and_row(stand_in, tmp_path, craft, message):
    file = ensemble_of(tmp_path, stand_in.frame, known=stand_in.codes)
    file.write_bytes(craft(gzip.decompress(file.read_bytes())))
    with pytest.raises(reading.DataError, match=message):
        beyond.members(file, stand_in.registry, stand_in.codes)


def test_order_correlation_counts_pairs_in_order(stand_in):
    """By definition, τ is 1 for the same order and −1 for the reverse one; exchanging the two last of n costs 4/(n(n − 1))."""
    n = len(stand_in)
    months = np.arange(1.0, n + 1)
    last = months.copy()
    last[[-2, -1]] = last[[-1, -2]]
    cohorts = [
        records.Records(stand_in.frame.assign(pfs_months=months, os_months=other), stand_in.registry, stand_in.codes)
        for other in (months, months[::-1].copy(), last)
    ]
    assert np.allclose(beyond.order_correlations(cohorts, ("pfs", "os")), [1, -1, 1 - 4 / (n * (n - 1))])


def test_cohorts_that_differ_in_one_column_only_are_one_without_it(stand_in):
    """The rows of a cohort in another order are the same patients."""
    women, older = (stand_in.frame.assign(**{name: stand_in.frame[name].to_numpy()[::-1]}) for name in ("sex", "bclc"))
    made = [records.Records(f, stand_in.registry, stand_in.codes) for f in (women, older, stand_in.frame.iloc[::-1])]
    assert beyond.without([stand_in, *made], "sex") == 2
