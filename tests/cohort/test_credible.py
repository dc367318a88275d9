"""What a clinician would not believe is counted: staging, deaths, scans, responses."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from secondlook.cohort import columns, credible, records

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def known(paper):
    return columns.load(DATA / "published", paper)


@pytest.fixture(scope="module")
def synthetic(paper, known):
    return records.read(DATA / "cohort" / "synthetic.csv", paper, known)


def counts(found) -> dict[str, int]:
    return {item.key: item.count for item in credible.criteria(found)}


def changed(found, **columns_):
    """The same patients with some columns replaced by one value for all, or by a function of the table."""
    frame = found.frame.copy()
    for name, value in columns_.items():
        frame[name] = value(frame) if callable(value) else value
    return replace(found, frame=frame)


def test_counts_of_the_cohort_are_those_of_its_rows_counted_by_hand(synthetic):
    rows = list(csv.DictReader(io.StringIO((DATA / "cohort" / "synthetic.csv").read_text(encoding="utf-8"))))
    b, c = ([row for row in rows if row["bclc"] == stage] for stage in "BC")
    sign = {"ecog": "12", "pvtt": "1", "extrahepatic": "1"}
    found = counts(synthetic)
    for name, levels in sign.items():
        assert found[f"stage.{name}"] == sum(row[name] in levels for row in b)
    has = [any(row[name] in levels for name, levels in sign.items()) for row in [*b, *c]]
    assert found["stage.any"] == sum(has[: len(b)])
    assert found["stage.none"] == len(c) - sum(has[len(b) :])
    died = [row for row in rows if row["os_event"] == row["pfs_event"] == "1"]
    assert found["death.without"] == sum(row["pfs_months"] == row["os_months"] for row in died)


def test_each_absurdity_is_noticed(synthetic):
    assert counts(changed(synthetic, bclc="B", ecog=1))["stage.ecog"] == 68
    assert counts(changed(synthetic, bclc="C", ecog=0, pvtt=0, extrahepatic=0))["stage.none"] == 68
    soon = changed(synthetic, os_months=lambda f: f["pfs_months"] + 0.2, os_event=1, pfs_event=1)
    assert counts(soon)["death.soon"] == 68
    assert counts(changed(soon, os_months=lambda f: f["pfs_months"]))["death.without"] == 68
    assert counts(changed(soon, os_months=lambda f: f["pfs_months"] + 19))["death.long"] == 68
    assert counts(changed(soon, pfs_event=0))["follow-up"] == 68
    # 16 weeks and a week more is the latest that a second scan can be.
    late = counts(changed(synthetic, pfs_months=17.1 / credible.WEEKS, recist="PD"))
    assert (late["progressive.recist"], late["response.recist"]) == (68, 0)
    early = counts(changed(synthetic, pfs_months=10.9 / credible.WEEKS, recist="CR"))
    assert (early["progressive.recist"], early["response.recist"]) == (0, 68)


def test_scans_are_at_multiples_of_the_interval():
    weeks = np.array([4.9, 5.1, 8.9, 9.1, 10.9, 11.1, 16.9, 17.5, 30.0])
    off = credible.off_the_grid(weeks / credible.WEEKS, (6, 8), 1)
    assert off.tolist() == [True, False, False, True, True, False, False, False, False]
    assert not credible.off_the_grid(np.array([]), (6, 8), 1).any()


def test_a_folder_that_says_nothing_of_credibility_has_no_criteria(synthetic):
    assert credible.criteria(replace(synthetic, codes=synthetic.codes.model_copy(update={"credibility": None}))) == []
