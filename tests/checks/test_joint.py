"""Joint checks: the verdict that a proof of the folder earns, and that it earns none for other numbers.

Authority: the vocabulary of verdicts (the first rule: never accuse wrongly), and proofs of this paper and of an
invented one, whose sensitivity tables say which ways out are closed.
"""

import re
import shutil

import pytest
from conftest import PUBLISHED
from invented import write

from secondlook import audit, corrections
from secondlook.checks import joint
from secondlook.paper.registry import load

PROOFS = """[[proofs]]
id = "smoker"
endpoint = "recovery"
suspects = ["t3.smoker.uni.hr", "t3.smoker.uni.lower", "t3.smoker.uni.upper"]
claim = "The interval is too wide"
quantity = "the least information of any order, and the greatest that prints the interval"
script = "smoker.py"

[proofs.values]
"t3.smoker.uni.hr" = "0.90"
"t3.smoker.uni.lower" = "0.54"
"t3.smoker.uni.upper" = "1.50"
"t1.smoker.yes.walk.n" = "12"

[[proofs.premises]]
id = "groups"
text = "The groups have the printed sizes"
printed = true

[[proofs.premises]]
id = "ties"
text = "No two recovered on one day"
printed = false

[[proofs.cases]]
id = "as-proved"
text = "all premises"
outcome = "impossible"
figure = 9.4
limit = 9.1

[[proofs.cases]]
id = "tied"
premise = "ties"
text = "two recovered on one day"
outcome = "open"
"""
CLOSED = ('outcome = "open"', 'outcome = "impossible"\nfigure = 9.3\nlimit = 9.1')
ALL_PRINTED = ("printed = false", "printed = true")


def folder_of(path, *changes, **files):
    """Write the invented paper with its proof, changed, and return the folder."""
    folder, text = write(path, **files), PROOFS.replace("recovery", endpoint(path))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "proofs").mkdir()
    (folder / "proofs" / "smoker.py").write_text('"""A script."""\n')
    (folder / "proofs.toml").write_text(text, encoding="utf-8")
    return folder


def endpoint(path):
    """Return the key of the invented paper's endpoint."""
    return next(iter(load(write(path)).layout.endpoints))


def only(folder):
    [check] = joint.check(load(folder))
    return check


def test_an_open_way_out_makes_it_a_query_that_begins_with_its_premise(tmp_path):
    check = only(folder_of(tmp_path))
    assert (check.check_id, check.evidence, check.verdict) == ("joint.smoker", "algebra", "query")
    assert check.suspect_ids == ("t3.smoker.uni.hr", "t3.smoker.uni.lower", "t3.smoker.uni.upper")
    assert check.said.note.startswith("Premise: No two recovered on one day.")
    assert check.said.published == "0.90 (0.54–1.50)"
    assert (check.changes, check.chance) == ((), None)


@pytest.mark.parametrize("change", [CLOSED, ALL_PRINTED])
def test_closed_ways_out_or_printed_premises_make_it_inconsistent(tmp_path, change):
    assert only(folder_of(tmp_path, change)).verdict == "inconsistent"


@pytest.mark.parametrize("name", ["t3.smoker.uni.hr", "t1.smoker.yes.walk.n"])
def test_a_value_that_the_folder_does_not_print_so_silences_it(tmp_path, name):
    text = dict(re.findall(r'^"([^"]+)" = "([^"]+)"', PROOFS, re.M))[name]
    check = only(folder_of(tmp_path, CLOSED, (f'"{name}" = "{text}"', f'"{name}" = "7{text}"')))
    assert (check.verdict, check.found.differing) == ("not-testable", (name,))
    assert name in check.said.note


def test_without_the_rows_it_is_passed_over(tmp_path):
    folder = folder_of(tmp_path)
    folder.joinpath("models.csv").unlink()
    folder.joinpath("text.csv").unlink()
    assert list(joint.check(load(folder))) == []


def test_premises_are_a_column_of_their_own(tmp_path):
    rows = audit.rows(audit.audit(load(folder_of(tmp_path))))
    told = {row["check_id"]: row["premises"] for row in rows if row["premises"]}
    assert told == {
        "joint.smoker": "(1) printed: The groups have the printed sizes. (2) assumed: No two recovered on one day."
    }


def test_the_proofs_of_the_paper_are_queries_and_lead_them(ledger):
    """An interval that no order of patients prints is still possible where a premise fails: the folder has patients."""
    queries = [check for check in ledger.flags() if check.verdict == "query"]
    assert [c.check_id for c in queries[:3]] == ["joint.tace-haic-pfs", "joint.staging-os", "joint.child-pugh-os"]
    tace, staging, child = queries[:3]
    assert "at least; more is not proved" in staging.said.note
    assert tace.said.note.startswith("Premises: (1) Nobody was censored for progression")
    assert {value.rpartition(".")[0] for value in child.suspect_ids} == {"t6.child_pugh.uni", "t6.child_pugh.multi"}
    assert all(ledger.verdicts[i] == "query" for check in (tace, child) for i in check.suspect_ids)


def test_the_note_names_every_premise(paper, ledger):
    """Those that decide in whole, in front; the others by name: a reader of the card knows all that is taken for granted."""
    notes = {check.subject: check.said.note for check in ledger.checks if check.family == "joint"}
    for proof in paper.proofs:
        assert all(each.text in notes[proof.id] or each.name in notes[proof.id] for each in proof.premises), proof.id
        assert all(each.name for each in proof.premises)
    proved = [check for check in ledger.checks if check.family == "joint"]
    assert all(len(told := corrections.reasons(ledger, [c])) == 3 and " ".join(told) == c.said.note for c in proved)


def test_one_changed_count_silences_the_proof_of_the_paper(tmp_path):
    folder = tmp_path / "published"
    shutil.copytree(PUBLISHED, folder)
    table = folder / "table-1.csv"
    text = table.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("tace_haic.yes,"))
    assert ",24," in row
    table.write_text(text.replace(row, row.replace(",24,", ",23,")), encoding="utf-8")
    verdicts = {check.subject: check.verdict for check in joint.check(load(folder))}
    assert verdicts == {"tace-haic-pfs": "not-testable", "child-pugh-os": "query", "staging-os": "query"}
