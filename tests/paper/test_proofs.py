"""Joint impossibilities as data: what is refused, when a proof counts, and the worked counterexample."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pandas as pd
import pytest
from lifelines import CoxPHFitter

from secondlook.paper.proofs import FILE, load_proofs
from secondlook.paper.reading import DataError
from secondlook.stats import cox

PUBLISHED = Path(__file__).parents[2] / "data" / "published"


@pytest.fixture(scope="module")
def published() -> Path:
    return PUBLISHED


@pytest.fixture
def folder(published, tmp_path):
    shutil.copytree(published / "proofs", tmp_path / "proofs")
    shutil.copy(published / FILE, tmp_path / FILE)
    return tmp_path


def printed(paper) -> dict[str, str]:
    return {value.id: value.printed for value in paper}


def test_the_stored_proofs_use_what_the_paper_prints(paper, published):
    found = load_proofs(published, paper.layout).proofs
    assert [proof.id for proof in found] == ["tace-haic-pfs", "child-pugh-os", "staging-os"]
    assert all(proof.is_current(printed(paper)) for proof in found)
    assert not any(proof.is_unconditional() for proof in found)  # each has an escape that was not closed


def test_a_proof_does_not_count_when_a_value_that_it_uses_changes_or_is_not_there(paper, published):
    proof = load_proofs(published, paper.layout).proofs[0]
    for name in proof.values:
        assert not proof.is_current(printed(paper) | {name: "1.000"})
        assert not proof.is_current({key: text for key, text in printed(paper).items() if key != name})


def test_a_folder_without_the_file_has_no_proofs(paper, tmp_path):
    assert load_proofs(tmp_path, paper.layout).proofs == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('endpoint = "pfs"', 'endpoint = "ttp"', "'ttp', which is not among the endpoints"),
        ('script = "tace_haic_pfs.py"', 'script = "other.py"', "'other.py', which is not in the folder proofs"),
        ('premise = "early"', 'premise = "late"', "weakens 'late', which is no premise"),
        ('outcome = "possible"', 'outcome = "impossible"', "possible exactly when an example shows it"),
        ('"t5.tace_haic.uni.hr" = "0.932"', "", "suspects 't5.tace_haic.uni.hr', which is not among the values"),
        ('id = "band"', 'id = "as-proved"', "the case 'as-proved' stands twice"),
        ('id = "child-pugh-os"', 'id = "tace-haic-pfs"', "the proof 'tace-haic-pfs' stands twice"),
        ('prices = "whole-model"', 'prices = "other"', "uses the prices 'other', which are not there"),
        ("figure = 9.44\n", "", "needs two figures that differ"),
    ],
)
def test_what_does_not_hang_together_is_refused(paper, folder, old, new, told):
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        load_proofs(folder, paper.layout)


def test_patients_of_stage_b_with_spread_print_the_rows_of_stage_and_of_spread(paper, published):
    """Authority: lifelines; nobody shares a time, so that the method for ties does not matter."""
    proof = load_proofs(published, paper.layout).proofs[2]
    (case,) = [case for case in proof.cases if case.example]
    patients = pd.read_csv(published / "proofs" / case.example)
    assert len(patients) == 68
    assert not patients.t[patients.e == 1].duplicated().any()
    sizes = {"stage_b": "t1.bclc.b", "spread": "t1.extrahepatic.no"}
    counted = {name: sum(int(proof.values[f"{row}.{arm}.n"]) for arm in ("lp", "r")) for name, row in sizes.items()}
    assert {"stage_b": patients.stage_b.sum(), "spread": 68 - patients.spread.sum()} == counted
    assert (patients.stage_b & patients.spread).any()
    for column, name in (("stage_b", "bclc"), ("spread", "extrahepatic")):
        row = CoxPHFitter().fit(patients[["t", "e", column]], "t", "e").summary.iloc[0]
        got = [f"{row[key]:.3f}" for key in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]
        assert got == [proof.values[f"t6.{name}.uni.{end}"] for end in ("hr", "lower", "upper")]


def test_the_counterexample_prints_the_row_that_is_impossible_without_early_censoring(paper, published):
    proof = load_proofs(published, paper.layout).proofs[0]
    case = next(case for case in proof.cases if case.id == "censored-early")
    patients = pd.read_csv(published / "proofs" / case.example)
    sizes = {
        side: sum(int(proof.values[f"t1.tace_haic.{side}.{arm}.n"]) for arm in ("lp", "r")) for side in ("yes", "no")
    }
    assert patients["x"].value_counts().to_dict() == {1: sizes["yes"], 0: sizes["no"]}
    censored = patients[patients["e"] == 0]
    assert len(censored) == case.censored
    assert int(((patients["t"] < censored["t"].min()) & (patients["e"] == 1)).sum()) == 6
    own = cox.fit(
        patients[["x"]].to_numpy(float), patients["t"].to_numpy(float), patients["e"].to_numpy() == 1
    ).ratios()[0]
    row = CoxPHFitter().fit(patients, "t", "e").summary.iloc[0]
    theirs = [row[name] for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]
    for got in (own[:3], theirs):
        for value, name in zip(got, ("hr", "lower", "upper"), strict=True):
            assert f"{value:.3f}" == proof.values[f"t5.tace_haic.uni.{name}"]


def numbers(frame, column, robust=False):
    """Return a ratio and its limits by lifelines."""
    row = CoxPHFitter().fit(frame, "t", "e", robust=robust).summary.loc[column]
    return [row[name] for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]


def test_a_robust_standard_error_prints_the_row_that_the_models_own_cannot(paper, published):
    """Authority: lifelines. The premises but one hold: six censored, late, and nobody shares a time."""
    proof = load_proofs(published, paper.layout).proofs[0]
    case = next(case for case in proof.cases if case.id == "robust")
    patients = pd.read_csv(published / "proofs" / case.example)
    assert (len(patients), patients.x.sum(), patients.e.sum()) == (68, 45, 62)
    assert (patients.t >= patients.t[patients.e == 0].min()).sum() <= proof.cases[0].tail
    want = [proof.values[f"t5.tace_haic.uni.{end}"] for end in ("hr", "lower", "upper")]
    assert [f"{value:.3f}" for value in numbers(patients, "x", robust=True)] == want
    assert [f"{value:.3f}" for value in numbers(patients, "x")] != want


def test_child_pugh_alone_can_stand_beside_the_adjusted_model_where_ten_are_missing(paper, published):
    """Authority: lifelines."""
    proof = load_proofs(published, paper.layout).proofs[1]
    (case,) = [case for case in proof.cases if case.example]
    patients = pd.read_csv(published / "proofs" / case.example)
    left, model = patients[patients.in_row_alone == 1], patients.drop(columns="in_row_alone")
    assert patients[["ecog_2", "child_pugh_a", "afp_ge_400"]].sum().tolist() == [13, 54, 28]
    assert (len(patients), len(left)) == (68, 58)
    rows = {"ecog": "ecog_2", "child_pugh": "child_pugh_a", "afp": "afp_ge_400"}
    for row, column in rows.items():
        want = [proof.values[f"t6.{row}.multi.{end}"] for end in ("hr", "lower", "upper")]
        assert [f"{value:.3f}" for value in numbers(model, column)] == want
    want = [proof.values[f"t6.child_pugh.uni.{end}"] for end in ("hr", "lower", "upper")]
    assert [f"{value:.2f}" for value in numbers(left[["t", "e", "child_pugh_a"]], "child_pugh_a")] == want


def test_for_progression_stage_and_spread_are_excluded_so_narrowly_as_the_certificate_says(paper, published):
    """Authority: the script itself. As printed and without ties the total stays below; with two at a time it need not."""
    at = published / "proofs" / "staging_os.py"
    spec = importlib.util.spec_from_file_location("staging_os", at)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    proof = load_proofs(published, paper.layout).proofs[2]
    case = next(case for case in proof.cases if case.id == "progression")
    boxes = [script.box(proof.values, f"t5.{row}.uni") for row in ("bclc", "extrahepatic")]
    least = script.floor(boxes, *script.PRICES["pfs"])
    alone, tied = (script.greatest([21, 3, 44], boxes, *script.PRICES["pfs"], tied=n) for n in (1, 2))
    assert (round(alone, 3), round(least, 3)) == (case.figure, case.limit)
    assert alone < least < tied
