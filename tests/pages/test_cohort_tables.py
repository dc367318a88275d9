"""Tables of what patients print, against the results and proofs they are made of, counted by hand here."""

from dataclasses import replace

import pytest
from conftest import PUBLISHED

from secondlook.cohort import columns
from secondlook.cohort.credible import Criterion
from secondlook.cohort.targets import targets
from secondlook.cohort.verify import Result
from secondlook.pages import cohort_tables as tables


@pytest.fixture(scope="module")
def results(paper):
    """All targets of the paper, got but for TACE or HAIC on progression (far off, one missing) and one that is near."""
    found = []
    for target in targets(paper, columns.load(PUBLISHED, paper)):
        off = {"t5.tace_haic.uni.hr": 4, "t5.tace_haic.uni.p": None, "t5.arm.uni.hr": 1}.get(target.value_id, 0)
        found.append(Result(target, (target.wanted,), off))
    return found


def test_what_was_not_sought_counts_with_all_and_not_with_the_sought(results):
    n = tables.counted(results, {"t5.tace_haic.uni": "no patients have it"})
    assert (n["targets"], n["attained"]) == (len(results), len(results) - 3)
    assert (n["sought"], n["attained_sought"], n["near"], n["rest"]) == (len(results) - 4, len(results) - 5, 1, 0)
    assert n["rows_aside"] == 1
    assert tables.counted(results, {})["rest"] == 2


def test_kinds_are_named_and_counted_by_endpoint(results, paper):
    html = tables.by_kind(results, paper, "By kind")
    # Table 5 has 12 rows of one variable with 4 numbers each, of which 3 were not got.
    assert "hazard ratios, one variable" in html
    assert "PFS" in html
    assert ">45<" in html
    assert ">48<" in html


def test_counts_stand_beside_their_range_over_an_ensemble_or_without_one():
    item = Criterion("death.soon", "deaths <soon>", 2, 61, "few")
    other = Criterion("death.soon", "deaths <soon>", 7, 61, "few")
    html = tables.of_criteria([item], [[other], [item]], "Counts")
    assert "deaths &lt;soon&gt;" in html
    assert [f">{n}<" in html for n in (2, 61, 7)] == [True] * 3
    assert ">7<" not in tables.of_criteria([item], [], "Counts")


def test_of_fewer_patients_each_row_says_of_how_many(results, paper):
    """Where cells are empty, a number is of those of whom it is known, and a reader has to see of how many."""
    everyone = [replace(result, n=68) for result in results]
    fewer = [replace(r, n=65) if r.target.variable == "hbv" else r for r in everyone]
    for make in (
        lambda found: tables.refitted(found, paper, "t5", "Table 5"),
        lambda found: tables.medians(found, paper, ["lp", "r"], "Medians"),
    ):
        assert ">patients<" not in make(everyone)
        assert ">patients<" in make(fewer)
    assert tables.refitted(fewer, paper, "t5", "Table 5").count(">65<") == 2
