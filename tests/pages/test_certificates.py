"""A certificate says all that a proof takes for granted, all that would escape it, and shows the script itself."""

import dataclasses
from html import escape

import pytest
from conftest import PUBLISHED

from secondlook.pages import certificates


@pytest.fixture(scope="module")
def shown(paper):
    return {proof.id: certificates.certificate(proof, paper, PUBLISHED) for proof in paper.proofs}


def test_every_premise_and_every_case_stands_on_it(paper, shown):
    for proof in paper.proofs:
        for words in [proof.claim, *(p.text for p in proof.premises), *(c.text for c in proof.cases)]:
            assert escape(words) in shown[proof.id]
        assert shown[proof.id].count("<strong>impossible</strong>") == sum(
            case.outcome == "impossible" for case in proof.cases
        )
        assert shown[proof.id].count(">assumed<") == sum(not premise.printed for premise in proof.premises)


def test_the_script_is_shown_whole(paper, shown):
    for proof in paper.proofs:
        text = (PUBLISHED / certificates.SCRIPTS / proof.script).read_text(encoding="utf-8")
        assert escape(text, quote=False) in shown[proof.id]
        assert "secondlook" not in text
        assert "lookalike" not in text


def test_it_leads_to_the_finding_and_to_the_values(paper, shown):
    for proof in paper.proofs:
        assert f'href="12-suggested-corrections.html#{proof.id}"' in shown[proof.id]
        assert all(f'href="82-numbers.html#{value}"' in shown[proof.id] for value in proof.values)


def test_it_is_void_where_a_value_is_printed_otherwise(paper):
    proof = paper.proofs[0]
    changed = proof.model_copy(update={"values": {**proof.values, "t5.tace_haic.uni.hr": "0.933"}})
    said = certificates.certificate(changed, paper, PUBLISHED)
    assert "void here" in said
    assert "12-suggested-corrections.html" not in said


def test_a_value_that_the_folder_does_not_hold_is_named(paper):
    proof = paper.proofs[0]
    fewer = {i: v for i, v in paper.values.items() if i != "t5.tace_haic.uni.hr"}
    said = certificates.certificate(proof, dataclasses.replace(paper, values=fewer), PUBLISHED)
    assert "void here: printed otherwise are t5.tace_haic.uni.hr" in said
