"""The data made to teach: made again they are the same, R finds what Python finds, and each remedy is seen to work.

Authorities: R's survival for every estimate; for the mechanism, the rules as the folder's README states them.
"""

from __future__ import annotations

import csv
import io
import math
import shutil
import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from secondlook import teaching

FOLDER = ROOT / "data" / "teaching"
sys.path.insert(0, str(FOLDER))

import estimates  # noqa: E402
import invent  # noqa: E402
import make  # noqa: E402


@cache
def stored() -> dict[tuple[str, str], dict[str, float]]:
    table = pd.read_csv(FOLDER / "estimates.csv")
    return {
        (row.lesson, row.method): {"estimate": row.estimate, "se": row.se_log, "truth": row.truth}
        for row in table.itertuples()
    }


def test_made_again_they_are_the_same():
    made = make.study(make.SEED)
    files = make.tables(made, np.random.default_rng([make.SEED, 3]))
    files["draws"] = make.draws(files["patients"], make.SEED)
    for name, table in files.items():
        assert table.to_csv(index=False, lineterminator="\n") == (FOLDER / f"{name}.csv").read_text(), name


def test_the_stored_estimates_are_those_of_the_stored_patients():
    truth = {
        "response_hr": 1.0,
        "hr": 1.0,
        "survival_a": 1.0,
        "survival_b": 0.0,
        "qol": 1.0,
        "survival": 0.01,
        "progressed": 0.01,
        "waiting": 1.0,
    }
    again = estimates.table(truth).drop(columns="truth")
    pd.testing.assert_frame_equal(again, pd.read_csv(FOLDER / "estimates.csv").drop(columns="truth"))


@pytest.mark.weekly
@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R with survival")
def test_r_finds_the_same():
    """To the last stored digit."""
    said = subprocess.run(
        ["Rscript", FOLDER / "estimates.R", FOLDER], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    rows = list(csv.DictReader(io.StringIO(said)))
    assert {(row["lesson"], row["method"]) for row in rows} == set(stored())
    for row in rows:
        ours, value = stored()[row["lesson"], row["method"]], float(row["value"])
        value = math.exp(value) if "hazard ratio" in row["lesson"] else value
        assert ours["estimate"] == pytest.approx(value, abs=6e-5), row
        if row["se"] != "NA":
            assert ours["se"] == pytest.approx(float(row["se"]), abs=6e-5), row


def test_every_lesson_can_be_seen():
    """By the rule that the seed was chosen by: what is naive is far off, what is mended near; imputation helps where its
    assumption holds, and does not where it fails."""
    assert make.unclear(pd.read_csv(FOLDER / "estimates.csv")) == []


def test_a_lesson_that_cannot_be_seen_is_named():
    table = pd.read_csv(FOLDER / "estimates.csv")
    table.loc[table["method"] == "landmark", "estimate"] = 0.5
    table.loc[table["method"] == "Kaplan-Meier", "estimate"] = table.loc[
        table["method"] == "nobody lost", "estimate"
    ].iloc[0]
    assert make.unclear(table) == [
        "responders, hazard ratio: landmark is off", "survival at 18 months, %: Kaplan-Meier is not off",
    ]  # fmt: skip


@pytest.mark.parametrize(("lesson", "goal", "far", "near"), make.RULES, ids=[rule[0] for rule in make.RULES])
def test_in_other_draws_too(lesson, goal, far, near):
    """Over draws of which none was chosen: the mean of what is mended is nearer to its goal than that of what is naive, by
    more than chance; so a lesson is no accident of one seed."""
    rows = pd.read_csv(FOLDER / "repeats.csv").query("lesson == @lesson").set_index("method")
    size = np.log(rows[["mean", "truth"]]) if "hazard ratio" in lesson else rows[["mean", "truth"]]
    aim = size.loc[goal, "mean"] if goal else size["truth"].iloc[0]
    off, error = (size["mean"] - aim).abs(), rows["sd"] / math.sqrt(make.REPEATS[1] - make.REPEATS[0])
    for naive in far:
        assert off[naive] > 4 * error[naive], naive
        for mended in near:
            assert off[mended] < off[naive] / 2, mended


def test_what_the_readme_says_of_other_draws():
    said = " ".join((FOLDER / "README.md").read_text().split())
    mean = pd.read_csv(FOLDER / "repeats.csv", index_col=["lesson", "method"])["mean"]
    landmark, in_time = mean["responders, hazard ratio"].iloc[1:]
    _, start, begins = mean["A against none or B, hazard ratio"]
    assert f"({landmark:.2f} and {in_time:.2f} for 1)" in said
    assert f"({start:.2f} from the start, {begins:.2f} from the day it starts" in said
    assert f"{make.REPEATS[1] - make.REPEATS[0]} other draws" in said


def test_the_loader_gives_dates_and_says_each_column():
    table, whole = teaching.patients(), teaching.patients(whole=True)
    assert len(table) == make.PATIENTS
    for name in table.columns:
        assert name in teaching.patients.__doc__, name
    assert set(table["drug"]) == {"A", "B", "none"}
    assert table["albumin"].isna().any()
    assert not whole[["albumin", "qol"]].isna().any(axis=None)
    assert (whole["death"].notna() >= table["death"].notna()).all()
    for early, late in (
        ("eligible", "start"),
        ("start", "response"),
        ("start", "progression"),
        ("progression", "switch"),
    ):
        both = table.dropna(subset=[early, late])
        assert (both[early] <= both[late]).all(), (early, late)
    assert (table["last_contact"] <= pd.Timestamp(teaching.END)).all()
    scans = teaching.scans()
    seen = scans[scans["found"] == "progression"].set_index("patient")["scan"]
    noted = table.set_index("patient")["progression"].dropna()
    pd.testing.assert_series_equal(seen.sort_index(), noted.sort_index(), check_names=False)


def test_response_does_nothing():
    """The rule on which the first lesson stands: with the same draws, patients die the same days whether or not they respond."""
    who = invent.baseline(np.random.default_rng(1), 500)
    a = np.arange(500) % 2 == 0
    with_it = invent.course(np.random.default_rng(2), who, a)
    keep, invent.RESPONSE = invent.RESPONSE, (0.0, 0.0)
    try:
        without = invent.course(np.random.default_rng(2), who, a)
    finally:
        invent.RESPONSE = keep
    assert np.isfinite(with_it.response).any()
    assert not np.isfinite(without.response).any()
    np.testing.assert_array_equal(with_it.death, without.death)
    np.testing.assert_array_equal(with_it.progression, without.progression)
