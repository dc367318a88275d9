"""The audit as a whole: the ledger's shape, what it finds in the paper, and another paper through the same package."""

import csv
import io
import json
from dataclasses import FrozenInstanceError

import pytest
from invented import audited, flags

from secondlook import audit
from secondlook.checks.verdicts import VERDICTS
from secondlook.paper.registry import long_form


def test_ledger_has_the_columns_of_the_contract(ledger):
    rows = list(csv.DictReader(io.StringIO(audit.to_csv(ledger))))
    assert list(rows[0]) == [
        "check_id", "value_ids", "suspect_ids", "section", "place", "quantity", "published", "recomputed", "method",
        "evidence", "verdict", "chance", "repair", "note", "matter", "premises",
    ]  # fmt: skip
    assert json.loads(audit.to_json(ledger)) == rows


def test_long_form_has_the_columns_of_the_contract(paper):
    rows = list(csv.DictReader(io.StringIO(long_form(paper))))
    assert list(rows[0]) == ["value_id", "section", "place", "statistic", "group", "printed"]
    assert len(rows) == len(paper)


def test_check_ids_are_unique_and_every_value_is_in_the_ledger(paper, ledger):
    ids = [check.check_id for check in ledger.checks]
    assert len(ids) == len(set(ids))
    assert {i for check in ledger.checks for i in check.value_ids} == {value.id for value in paper}


def test_totals_count_each_value_once(paper, ledger):
    assert sum(ledger.totals().values()) == len(paper)
    assert sum(sum(ledger.totals(section).values()) for section in paper.layout.sections) == len(paper)


def test_the_discrepancy_the_project_began_with(ledger):
    """The prose gives for the multivariable model of PFS the univariable triple of AFP; Table 5 prints another."""
    for statistic, prose, table in [("hr", "3.000", "3.270"), ("lower", "1.798", "1.938"), ("upper", "5.004", "5.516")]:
        check = next(
            c for c in ledger.checks if c.check_id.startswith(f"restatement.prognostic.afp.pfs.multi.{statistic}:")
        )
        assert (check.said.published, check.said.recomputed, check.said.repair) == (prose, table, table)
        assert check.verdict == "inconsistent"
        assert check.suspect_ids == (f"prognostic.afp.pfs.multi.{statistic}",)


def test_known_misprints_among_the_counts(ledger):
    """Each is plain arithmetic: n of N as printed in Tables 1, 2 and 4 and in the text around them."""
    repairs = {
        c.suspect_ids[0]: (c.said.published, c.said.repair)
        for c in ledger.checks
        if c.family == "percent" and c.is_flag
    }
    assert repairs == {
        "abstract.hfsr.ge3": ("13.1", "11.8"),
        "discussion.hfsr.ge3": ("13.1", "11.8"),
        "discussion.ast.ge3": ("4.9", "4.4"),
        "patients.bclc.c.pct": ("60.1", "69.1"),
        "patients.bclc.b.pct": ("39.9", "30.9"),
        "t2.accepted.r.pct": ("37.4", "37.0"),
        "subsequent.r.accepted.pct": ("37.4", "37.0"),
        "toxicities.hfsr.r": ("44.0", "44.4"),
    }


def test_one_denominator_explains_both_severe_events(ledger):
    check = next(c for c in ledger.checks if c.check_id == "denominator.all.61")
    assert check.said.published == "13.1, 4.9"


def test_all_p_values_of_table_1_are_pearsons(ledger):
    checks = [c for c in ledger.checks if c.check_id.startswith("association.t1.")]
    assert len(checks) == 11
    assert all(c.verdict == "reproduced" and c.said.method.startswith("Pearson") for c in checks)


def test_the_mrecist_response_p_has_two_candidates(ledger):
    """1 − 0.245 (Fisher) is printed, but of 12/41 and 4/27 (smallest expected count 6.4) Pearson's 0.169 is usual."""
    check = next(c for c in ledger.checks if c.check_id == "association.t3.orr.mrecist.p")
    assert (check.said.published, check.said.repair, check.candidates) == ("0.755", "", ("0.169", "0.245"))
    assert "complement of Fisher's exact test" in check.said.note


def test_the_package_knows_nothing_of_this_paper(tmp_path):
    """Another paper, with other arms, variables and sizes, goes through unchanged."""
    ledger = audited(tmp_path)
    assert flags(ledger) == {}
    assert ledger.totals()["reproduced"] > 30
    assert flags(audited(tmp_path / "2", baseline=("30,60.0", "30,60.4"))) == {
        "percent.t1.side.left.walk.pct": "inconsistent"
    }


def test_a_folder_with_one_table_and_its_layout_is_enough(tmp_path):
    ledger = audited(tmp_path, recovery=None, models=None, text=None)
    assert len(ledger.registry) == 31
    assert set(flags(ledger)) == set()
    assert ledger.verdicts["t1.side.p"] == "reproduced"


def test_sources_do_not_name_the_paper():
    from conftest import ROOT

    for source in sorted((ROOT / "src").rglob("*.py")):
        words = source.read_text(encoding="utf-8").lower()
        for word in ("lenvatinib", "regorafenib", "sorafenib", "hepatocellular", "afp", "xu et al", "tcrm"):
            assert word not in words, f"{source.name} names {word}"


# --- the ledger as a whole: found to be untested by `make mutants` ----------------------------------------------------


def test_rows_stand_in_reading_order_under_the_first_suspect(paper, ledger):
    """Contract: section and place of a row are those of the value that it is filed under."""
    order = {value.id: number for number, value in enumerate(paper)}
    rows = audit.rows(ledger)
    first = [row["suspect_ids"].split()[0] for row in rows]
    assert [order[value_id] for value_id in first] == sorted(order[value_id] for value_id in first)
    assert [(row["section"], row["place"]) for row in rows] == [(paper[i].section, paper[i].place) for i in first]


def test_flags_of_a_section_are_its_own_and_the_worst_come_first(paper, ledger):
    words = list(VERDICTS)
    for section in paper.layout.sections:
        found = ledger.flags(section)
        assert all(check.is_flag and ledger.about(check).section == section for check in found)
        assert [words.index(check.verdict) for check in found] == sorted(words.index(check.verdict) for check in found)
    by_section = [check.check_id for section in paper.layout.sections for check in ledger.flags(section)]
    assert sorted(by_section) == sorted(check.check_id for check in ledger.checks if check.is_flag)


def test_a_value_that_flags_involve_and_do_not_suspect_gets_a_row_of_its_own(paper, ledger):
    """Contract: each value of the registry ends with a verdict or with the reason why it cannot have one."""
    for value in paper:
        checks = ledger.by_value[value.id]
        decided = any(value.id in c.suspect_ids if c.is_flag else c.verdict != "not-testable" for c in checks)
        assert decided or any(c.verdict == "not-testable" and c.value_ids == (value.id,) for c in checks), value.id


def test_the_json_is_for_people_too(ledger):
    """One field to a line, one space deep, and signs as printed: ≥ and not its code."""
    text = audit.to_json(ledger)
    assert text.startswith('[\n {\n  "check_id": "')
    assert text.endswith("\n }\n]\n")
    assert "≥" in text
    assert "\\u" not in text


def test_a_ledger_cannot_be_changed_afterwards(ledger):
    with pytest.raises(FrozenInstanceError):
        ledger.checks = ()
