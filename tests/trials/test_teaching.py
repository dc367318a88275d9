"""The data made to teach: made again they are the same, R finds what Python finds, and each remedy is seen to work.

Authorities: R's survival for every estimate; for the mechanism, the rules as the folder's README states them.
"""

from __future__ import annotations

import csv
import io
import math
import shutil
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
import study  # noqa: E402


@cache
def stored() -> dict[tuple[str, str], dict[str, float]]:
    table = pd.read_csv(FOLDER / "estimates.csv")
    return {
        (row.lesson, row.method): {"estimate": row.estimate, "se": row.se_log, "truth": row.truth}
        for row in table.itertuples()
    }


def test_made_again_they_are_the_same():
    for name, text in make.drawn(make.SEED).items():
        assert text == (FOLDER / f"{name}.csv").read_text(), name


def test_the_stored_estimates_are_those_of_the_stored_patients():
    again = estimates.table(dict.fromkeys(estimates.TRUE.values(), 1.0)).drop(columns="truth")
    pd.testing.assert_frame_equal(again, pd.read_csv(FOLDER / "estimates.csv").drop(columns="truth"))


def by_r() -> list[dict[str, str]]:
    """Return what R found, as stored."""
    return list(csv.DictReader(io.StringIO((FOLDER / "estimates-r.csv").read_text())))


def test_r_found_the_same():
    """R's survival, as stored: every estimate and standard error to the last digit."""
    rows = by_r()
    assert {(row["lesson"], row["method"]) for row in rows} == set(stored())
    for row in rows:
        ours, value = stored()[row["lesson"], row["method"]], float(row["value"])
        value = math.exp(value) if "hazard ratio" in row["lesson"] else value
        assert ours["estimate"] == pytest.approx(value, abs=6e-5), row
        if row["se"] != "NA":
            assert ours["se"] == pytest.approx(float(row["se"]), abs=6e-5), row


@pytest.mark.weekly
@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R with survival")
def test_r_finds_it_again():
    again = csv.DictReader(io.StringIO(make.by_r()))
    for row, was in zip(again, by_r(), strict=True):
        assert (row["lesson"], row["method"]) == (was["lesson"], was["method"])
        assert float(row["value"]) == pytest.approx(float(was["value"]), rel=1e-7), row


def test_the_readme_shows_what_is_stored():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    tables = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("estimates", "repeats", "estimates-r"))
    shown = make.shown(*tables)
    assert make.readme(text, shown) == text
    assert shown in text
    assert f"{make.REPEATS[1] - make.REPEATS[0]} other draws" in text
    assert make.REPEATS[1] - make.REPEATS[0] == teaching.OTHER_DRAWS
    assert f"death within {study.EARLY} days" in text


def test_every_lesson_can_be_seen():
    """By the rule that the seed was chosen by: the interval of what is naive excludes the truth, what is mended is near it;
    imputation helps where its assumption holds, and does not where it fails."""
    found, again = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("estimates", "repeats"))
    assert make.unclear(found, again) == []
    table = make.joined(found, again)
    for row in table.itertuples():
        if row.method in make.RULES[row.lesson][1]:
            assert row.low < row.truth < row.high, row


def test_a_lesson_that_cannot_be_seen_is_named():
    found, again = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("estimates", "repeats"))
    found.loc[found["method"] == "landmark", "estimate"] = 0.5
    found.loc[found["method"] == "Kaplan-Meier", "estimate"] = found.loc[found["method"] == "Kaplan-Meier", "truth"]
    assert make.unclear(found, again) == [
        "responders, hazard ratio: landmark is off", "survival at 18 months, %: Kaplan-Meier is not off",
    ]  # fmt: skip


@pytest.mark.weekly
def test_the_seed_is_the_first_of_its_kind():
    again = pd.read_csv(FOLDER / "repeats.csv")
    true = {estimates.TRUE[lesson]: row["truth"] for (lesson, method), row in stored().items() if method != "matched"}
    true["matched"] = next(row["truth"] for (_, method), row in stored().items() if method == "matched")
    assert make.first_seed(true, again) == make.SEED


@pytest.mark.parametrize("lesson", make.RULES)
def test_in_other_draws_too(lesson):
    """Over draws of which none was chosen: what is mended finds the truth on average, but for chance, and what is naive does
    not; so a lesson is no accident of one seed."""
    rows = pd.read_csv(FOLDER / "repeats.csv").query("lesson == @lesson").set_index("method")
    size = np.log(rows[["mean", "truth"]]) if "hazard ratio" in lesson else rows[["mean", "truth"]]
    error = rows["sd"] / math.sqrt(teaching.OTHER_DRAWS)
    off = (size["mean"] - size["truth"]).abs() / error
    naive, mended = make.RULES[lesson]
    assert (off[naive] > 6).all(), off
    assert (off[mended] < 3).all(), off


def test_the_loader_gives_dates_and_says_each_column():
    table, whole = teaching.patients(), teaching.patients(whole=True)
    assert len(table) == study.PATIENTS
    for name in table.columns:
        assert name in teaching.patients.__doc__, name
    assert set(table["drug"]) == {"A", "B", "none"}
    assert table["albumin"].isna().any()
    assert not whole[["albumin", "qol"]].isna().any(axis=None)
    assert (whole["death"].notna() >= table["death"].notna()).all()
    assert (whole.loc[whole["death"].isna(), "last_contact"] == pd.Timestamp(teaching.END)).all()
    pd.testing.assert_frame_equal(whole.iloc[:, :4], table.iloc[:, :4])
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
    assert set(scans["found"]) == {"nothing new", "response", "progression", "response and progression"}
    seen = scans[scans["found"].str.endswith("progression")].set_index("patient")["scan"]
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


def test_an_estimate_is_told_by_its_name():
    assert teaching.told("responders/truth") == "1.00"
    mean = teaching.estimates()["mean"][teaching.LESSONS["lost"], "Kaplan-Meier"]
    assert teaching.told("lost/Kaplan-Meier in other draws") == f"{mean:.1f}"
    assert teaching.told("plans/truth") == f"{stored()[teaching.LESSONS['plans'], 'clones, censored']['truth']:.1f}"
    assert set(teaching.LESSONS.values()) == {lesson for lesson, _ in stored()}
    with pytest.raises(ValueError, match="'responders/nothing'"):
        teaching.told("responders/nothing")
