"""Suggested corrections: one line per value that does not hold, and nothing for a paper whose numbers are true."""

import csv
import io

import pytest
from click.testing import CliRunner
from conftest import PUBLISHED
from invented import audited

from secondlook import corrections
from secondlook.cli.main import main


def test_a_true_paper_needs_no_correction(tmp_path):
    assert corrections.corrections(audited(tmp_path)) == []


def test_one_line_per_wrong_value_with_all_its_checks(tmp_path):
    ledger = audited(tmp_path, text=("walk,80.0", "walk,80.5"))
    [line] = corrections.corrections(ledger)
    assert (line.value.id, line.should_read) == ("summary.healed.walk", "80.0")
    assert line.how_sure == "follows from the counts"
    assert {c.family for c in line.checks} == {"percent", "restatement"}


def test_without_a_single_repair_none_is_named(tmp_path):
    ledger = audited(tmp_path, recovery=("40,80.0", "40,82.0"))
    for line in corrections.corrections(ledger):
        assert line.should_read == ""
        by_restatement = line.checks[0].family == "restatement"
        none = "two places differ; which is right cannot be told"
        assert line.how_sure == (none if by_restatement else "no single change is singled out")


def test_every_wrong_value_of_the_paper_has_its_line(ledger):
    lines = {line.value.id for line in corrections.corrections(ledger)}
    assert lines == {i for i, verdict in ledger.verdicts.items() if verdict in ("decision", "inconsistent")}


def test_decisions_come_first(ledger):
    verdicts = [ledger.verdicts[line.value.id] for line in corrections.corrections(ledger)]
    assert verdicts == sorted(verdicts, key=("decision", "inconsistent").index)


def test_the_command_prints_the_named_columns():
    printed = CliRunner().invoke(main, ["corrections", "--published", str(PUBLISHED)]).output
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert tuple(rows[0]) == corrections.COLUMNS
    assert {"t6.hbv.uni.hr", "prognostic.afp.pfs.multi.hr"} <= {row["value_id"] for row in rows}


def test_a_claim_in_words_is_not_corrected_into_a_number(ledger):
    """The median of a trial in another cancer is no correction of the claim that cites it."""
    lines = {line.value.id: line for line in corrections.corrections(ledger)}
    assert lines["discussion.single_agents"].should_read == ""
    assert "discussion.resorce.pfs" not in lines, "the trial's article was not read: a question"


# One line per matter ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_slug(ledger):
    return {line.matter.slug: line for line in corrections.lines(ledger)}


def test_afp_is_one_line_that_says_what_was_done(by_slug):
    line = by_slug["t5-afp"]
    assert (line.printed, line.should_read) == ("3.000 (1.798–5.004)", "3.270 (1.938–5.516)")
    assert "taken over from Table 5, whose row is coherent" in line.how_sure
    assert line.how_sure.endswith("that of Table 5, AFP, univariable")
    assert "only small change" not in line.how_sure


def test_a_direction_is_corrected_in_words(by_slug):
    assert by_slug["t3-dcr"].should_read == "better with LP"


def test_of_rows_that_cannot_stand_together_none_is_mended(by_slug):
    for slug in ("tace-haic-pfs", "child-pugh-os"):
        assert by_slug[slug].should_read == ""
        assert "premise" in by_slug[slug].how_sure
    assert by_slug["child-pugh-os"].printed == "2.90 (1.29–6.54), 1.181 (0.622–2.244)"


def test_every_wrong_value_is_in_exactly_one_line(ledger, by_slug):
    listed = [value.id for line in by_slug.values() if line.matter.weight != "joint" for value in line.values]
    assert sorted(listed) == sorted(c.value.id for c in corrections.corrections(ledger))


def test_one_number_in_two_places_is_printed_once(by_slug):
    assert (by_slug["discussion-hfsr-ge3"].printed, by_slug["discussion-hfsr-ge3"].should_read) == (
        "13.1, 4.9", "11.8, 4.4",
    )  # fmt: skip


def test_a_citation_says_which_reference_is_in_doubt(by_slug):
    """Reference 31 is a trial in cancer of the thyroid; the claim that cites it is not thereby refuted."""
    assert by_slug["discussion-single-agents"].printed.endswith("drugs after sorafenib, citing reference 31")


def test_of_several_citations_it_is_said_which_is_in_doubt_and_which_is_asked_about(ledger):
    """The cited studies are held against the sentence one by one: 31 is of another cancer, 32 and 33 do not decide it."""
    matters = {matter.slug: matter for matter in ledger.matters}
    told = corrections.reasons(ledger, matters["discussion-single-agents"].checks)
    assert told[0] == "Reference 31 is the inconsistency; 32 and 33 are questions."
    assert "questions." not in " ".join(corrections.reasons(ledger, matters["discussion-resorce-worse"].checks))


def test_the_text_for_a_terminal_says_of_a_question_what_is_asked(ledger):
    told = {line.split(":")[0].strip(): line for line in corrections.to_text(ledger).splitlines()}
    assert "tables alike were tested differently" in told["t1-sex"]
    assert "should read 0.870, p 0.660" in told["t6-hbv"]
    assert told["t6-hbv"].endswith("(the only small change that fits; 1 unrelated row in 500 has one)")
