"""Suggested corrections: one line per value that does not hold, and nothing for a paper whose numbers are true."""

import csv
import io

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
    assert line.how_sure == "follows from the printed counts"
    assert {c.family for c in line.checks} == {"percent", "restatement"}


def test_without_a_single_repair_none_is_named(tmp_path):
    ledger = audited(tmp_path, recovery=("40,80.0", "40,82.0"))
    for line in corrections.corrections(ledger):
        assert line.should_read == ""
        assert line.how_sure == "no single change is singled out"


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
    """KEYNOTE-524 is a name with digits in it: the source's response rates are no correction of the claim."""
    lines = {line.value.id: line for line in corrections.corrections(ledger)}
    assert lines["introduction.keynote524"].should_read == ""
    assert lines["discussion.resorce.orr"].should_read == "10.6", "a quoted number is corrected by the source's own"
