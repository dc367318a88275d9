"""Matters: what hangs together is one finding, each flag is in exactly one, and names and weights are stable.

Authority: the vocabulary (a matter is what a person would call one finding: AFP's three numbers are one, 13.1 % in two
places and 4.9 % are one), on the paper and on invented ones.
"""

import csv
import io
import re

import pytest
from invented import audited

from secondlook import audit
from secondlook.matters import WEIGHTS, matters


@pytest.fixture(scope="module")
def found(ledger):
    return {matter.slug: matter for matter in ledger.matters}


def test_every_flag_is_in_exactly_one_matter(ledger):
    listed = [check.check_id for matter in ledger.matters for check in matter.checks]
    assert sorted(listed) == sorted(check.check_id for check in ledger.checks if check.is_flag)


def test_names_are_unique_and_fit_an_address(ledger):
    slugs = [matter.slug for matter in ledger.matters]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", slug) for slug in slugs)


def test_matters_come_by_weight(ledger):
    places = [list(WEIGHTS).index(matter.weight) for matter in ledger.matters]
    assert places == sorted(places)


def test_three_numbers_of_afp_are_one_matter(found):
    assert found["t5-afp"].value_ids == tuple(f"prognostic.afp.pfs.multi.{name}" for name in ("hr", "lower", "upper"))


def test_one_denominator_makes_three_percentages_one_matter(found):
    assert set(found["discussion-hfsr-ge3"].value_ids) == {
        "abstract.hfsr.ge3", "discussion.hfsr.ge3", "discussion.ast.ge3",
    }  # fmt: skip


def test_words_and_number_of_one_sentence_are_one_matter(found):
    """The text calls hypertension the most typical severe event, with 9.8 %: words that restate a row of Table 4."""
    assert set(found["t4-hypertension"].value_ids) == {"toxicities.typical", "toxicities.hypertension.ge3.lp"}
    assert found["t4-hypertension"].kind == "number"


def test_what_a_proof_speaks_of_is_one_matter_with_the_other_flags_of_its_rows(found):
    together = {check.family for check in found["child-pugh-os"].checks}
    assert together == {"joint", "direction", "decimals"}
    assert found["tace-haic-pfs"].weight == found["child-pugh-os"].weight == "joint"


def test_numbers_words_and_citations_are_told_apart(found):
    kinds = {slug: found[slug].kind for slug in ("t6-hbv", "t3-dcr", "discussion-resorce-worse")}
    assert kinds == {"t6-hbv": "number", "t3-dcr": "words", "discussion-resorce-worse": "citation"}


def test_trifles_are_blanks_gaps_ties_and_small_questions_only(found):
    trivia = {check.family for matter in found.values() if matter.weight == "trivia" for check in matter.checks}
    assert trivia == {"blank", "rule", "claim"}
    assert found["methods-os-definition"].weight == "trivia"  # a usual shorthand, if loose
    assert found["methods-followup-complete"].weight == "query"


def test_a_true_paper_has_no_matter(tmp_path):
    assert audited(tmp_path).matters == ()


def test_a_percentage_and_its_restatement_are_one_matter(tmp_path):
    ledger = audited(tmp_path, text=("walk,80.0", "walk,80.5"))
    [matter] = ledger.matters
    assert (matter.slug, matter.value_ids) == ("t2-healed", ("summary.healed.walk",))
    assert {check.family for check in matter.checks} == {"percent", "restatement"}


def test_two_rows_are_two_matters(tmp_path):
    ledger = audited(tmp_path, recovery=("2,4.0,2", "2,4.4,2"), models=("1.10,0.70,1.73,0.679", "1.10,0.70,1.73,0.279"))
    assert {matter.slug for matter in ledger.matters} >= {"t2-again", "t3-side"}


def test_the_order_of_checks_does_not_matter(ledger):
    turned = matters(ledger.registry, reversed(ledger.checks))
    assert [(m.slug, m.value_ids) for m in turned] == [(m.slug, m.value_ids) for m in ledger.matters]


def test_the_ledger_names_the_matter_of_each_flag_and_of_nothing_else(ledger):
    rows = list(csv.DictReader(io.StringIO(audit.to_csv(ledger))))
    assert {row["matter"] for row in rows if row["matter"]} == {matter.slug for matter in ledger.matters}
    flags = {check.check_id for check in ledger.checks if check.is_flag}
    assert {row["check_id"] for row in rows if row["matter"]} == flags
