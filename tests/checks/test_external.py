"""What is quoted of other studies: each answer of a look-up and the verdict that it gives."""

import csv
import io

import pytest
from invented import write

from secondlook.audit import audit
from secondlook.checks import external, proportions
from secondlook.paper.registry import load

HEADER = "quote,cites,quantity,printed,source_value,source_quantity,source_population,agrees,read_at,note\n"


def looked_up(folder, *rows):
    """Audit the invented paper with rows of external.csv: (quote, cites, agrees)."""
    write(folder)
    out = io.StringIO()
    for quote, cites, agrees in rows:
        row = [
            quote,
            cites,
            "healing",
            "80.0",
            "79.5",
            "share healed",
            "100 ankles",
            agrees,
            "somewhere",
            "So it says.",
        ]
        csv.writer(out, lineterminator="\n").writerow(row)
    (folder / "external.csv").write_text(HEADER + out.getvalue(), encoding="utf-8")
    ledger = audit(load(folder))
    return {c.check_id: c for c in ledger.checks if c.family == "external"}, ledger


@pytest.mark.parametrize(
    ("agrees", "verdict", "evidence"),
    [
        ("yes", "coherent", "source"),
        ("partly", "query", "source"),
        ("no", "inconsistent", "source"),
        ("opposite", "decision", "source"),
        ("silent", "not-testable", "none"),
        ("not-found", "not-testable", "none"),
        ("no-copy", "not-testable", "none"),
        ("not-sought", "not-testable", "none"),
    ],
)
def test_each_answer_of_a_look_up(tmp_path, agrees, verdict, evidence):
    checks, ledger = looked_up(tmp_path, ("summary.better", "ref01-someone2020", agrees))
    check = checks["external.summary.better:ref01-someone2020"]
    assert (check.verdict, check.evidence) == (verdict, evidence)
    assert "So it says." in check.said.note
    assert ledger.verdicts["summary.better"] == verdict


def test_what_could_not_be_looked_up_says_why(tmp_path):
    checks, _ = looked_up(
        tmp_path, ("summary.better", "ref01-someone2020", "not-found"), ("summary.better", "", "not-found")
    )
    cited = checks["external.summary.better:ref01-someone2020"].said.note
    assert cited == f"Reference 1: {external.UNDECIDED['not-found']} So it says."
    assert checks["external.summary.better:uncited"].said.note.startswith(external.UNCITED)


def test_a_note_that_gives_its_reason_is_left_alone(ledger):
    """No prefix contradicts a note or says it twice, and each note names the source that it is about."""
    notes = {c.check_id: c.said.note for c in ledger.checks if c.family == "external"}
    assert notes["external.discussion.seldom:uncited"] == external.UNCITED
    assert notes["external.discussion.real_world:ref36-huang2022"].startswith("Reference 36: Looked for; no copy")
    assert all(note.startswith(f"Reference {external.reference(name.split(':')[1])}: ") == ("ref" in name.split(":")[1])
               for name, note in notes.items())  # fmt: skip


@pytest.mark.parametrize(("key", "number"), [("ref01-sung2021", "1"), ("ref31-lin2022", "31"), ("smith2020", "")])
def test_the_number_of_a_reference(key, number):
    assert external.reference(key) == number


def test_one_source_looked_up_twice_makes_two_checks(tmp_path):
    row = ("summary.better", "ref01-someone2020")
    checks, _ = looked_up(tmp_path, (*row, "yes"), (*row, "partly"))
    assert [c.verdict for c in checks.values()] == ["coherent", "query"]


def test_a_look_up_of_something_that_is_no_value_makes_no_check(tmp_path):
    assert looked_up(tmp_path, ("", "ref01-someone2020", "no"))[0] == {}


def test_the_paper_is_turned_round_once(ledger):
    """The cost-effectiveness analysis that the paper cites for regorafenib found it not cost-effective."""
    found = [c.check_id for c in ledger.checks if c.family == "external" and c.verdict == "decision"]
    assert found == ["external.introduction.regorafenib.cost:ref14-parikh2017"]


# Prose alone: the companion study -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def companion():
    from conftest import ROOT

    return audit(load(ROOT / "data" / "companion"))


def test_percentages_leave_one_count_each(companion):
    found = {c.value_ids[0].removeprefix("companion.abstract."): c.said.recomputed for c in companion.checks
             if c.family == "proportion"}  # fmt: skip
    assert found == {"orr.pl": "4 of 32", "orr.pr": "3 of 29", "dcr.pl": "23 of 32", "dcr.pr": "17 of 29"}


def test_both_p_values_are_one_sided(companion):
    """R: fisher.test(matrix(c(4, 28, 3, 26), 2), alternative = "greater") 0.5565; for 23 of 32 and 17 of 29 0.2067."""
    checks = {c.check_id: c for c in companion.checks}
    orr, dcr = checks["association.companion.abstract.orr.p"], checks["association.companion.abstract.dcr.p"]
    assert (orr.verdict, orr.said.method) == ("reproduced-if", "Fisher's exact test, one-sided (greater)")
    assert orr.chance < 0.02
    assert (dcr.verdict, dcr.said.method) == ("reproduced-if", "Fisher's exact test, one-sided (greater)")
    assert dcr.chance > 0.5, "a bound is easily kept"


def test_a_bound_that_is_no_round_number_is_queried(companion, ledger):
    check = next(c for c in companion.checks if c.check_id == "bound.companion.abstract.dcr.p")
    assert (check.verdict, check.said.published, check.said.repair) == ("query", "<0.207", "0.207")
    assert not [c for c in ledger.checks if c.family == "bound"]


def test_the_companion_leaves_nothing_uncovered(companion):
    assert not [c for c in companion.checks if c.family == "uncovered"]


PROPORTIONS = """
[[proportions]]
what = "healing"
percentages = { walk = "summary.healed.walk", rest = "summary.left.pct" }
"""


def test_an_impossible_percentage_of_prose(tmp_path):
    """57.5 % of 30 is 17.25 patients; 80.0 % of 50 is 40."""
    from invented import LAYOUT

    ledger = audit(load(write(tmp_path, layout=LAYOUT + PROPORTIONS)))
    checks = {c.check_id: c for c in ledger.checks}
    assert checks["proportion.summary.left.pct"].verdict == "inconsistent"
    assert checks["proportion.summary.healed.walk"].verdict == "coherent"


def test_several_possible_counts_make_no_table(tmp_path):
    """Without decimals 58 % of 300 patients can be 173, 174 or 175."""
    from invented import LAYOUT, TEXT

    text = TEXT.replace("rest,30", "rest,300").replace("everyone,80", "everyone,350").replace("57.5", "58")
    registry = load(write(tmp_path, layout=LAYOUT + PROPORTIONS, text=text))
    item = registry.layout.proportions[0]
    assert proportions.possible_counts(registry["summary.left.pct"], 300) == [173, 174, 175]
    assert proportions.implied_table(registry, item) is None
    check = next(c for c in audit(registry).checks if c.check_id == "proportion.summary.left.pct")
    assert check.verdict == "coherent"
    assert "stays open" in check.said.note
