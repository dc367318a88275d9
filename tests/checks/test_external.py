"""What is quoted of other studies: each answer of a look-up and the verdict that it gives."""

import csv
import io

import pytest
from invented import write

from secondlook.audit import audit
from secondlook.checks import external, proportions
from secondlook.paper.registry import load

HEADER = (
    "quote,cites,quantity,printed,source_value,endpoint,criterion,size,arms,source_population,agrees,certainty,read_at,"
    "note\n"
)


FIELDS = HEADER.strip().split(",")
ROW = {"quantity": "healing", "printed": "80.0", "source_value": "79.5", "endpoint": "share healed",
       "source_population": "ankles", "read_at": "somewhere", "note": "So it says."}  # fmt: skip


def looked_up(folder, *rows, families=("external",), **changed):
    """Audit the invented paper with rows of external.csv: (quote, cites, agrees, certainty, A where it is left out)."""
    write(folder)
    layout = folder / "layout.toml"
    layout.write_text(f'references = ["ref01-someone2020"]\n{layout.read_text(encoding="utf-8")}', encoding="utf-8")
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, restval="", lineterminator="\n")
    for quote, cites, agrees, *certainty in rows:
        own = {"quote": quote, "cites": cites, "agrees": agrees, "certainty": certainty[0] if certainty else "A"}
        writer.writerow(ROW | own | changed)
    (folder / "external.csv").write_text(HEADER + out.getvalue(), encoding="utf-8")
    ledger = audit(load(folder))
    return {c.check_id: c for c in ledger.checks if c.family in families}, ledger


@pytest.mark.parametrize(
    ("agrees", "verdict", "evidence"),
    [
        ("yes", "coherent", "source"),
        ("partly", "query", "source"),
        ("no", "inconsistent", "source"),
        ("opposite", "inconsistent", "source"),
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


@pytest.mark.parametrize("agrees", ["no", "opposite", "partly"])
@pytest.mark.parametrize(("certainty", "bears"), [("A", True), ("B", True), ("C", False), ("", False)])
def test_a_flag_that_rests_on_a_digest_is_at_most_a_query(tmp_path, agrees, certainty, bears):
    """Design, section 2: where only a digest or a lay page was read, a flag is at most a query."""
    checks, _ = looked_up(tmp_path, ("summary.better", "ref01-someone2020", agrees, certainty))
    [check] = checks.values()
    assert check.verdict == ("inconsistent" if bears and agrees != "partly" else "query")
    assert external.CERTAINTY[certainty] in check.said.method


def test_every_card_says_what_the_sources_value_is(tmp_path):
    row = ("summary.better", "ref01-someone2020", "no", "B")
    checks, _ = looked_up(tmp_path, row, criterion="by eye", size="100", arms="100 walking, 90 resting")
    [check] = checks.values()
    assert check.said.method == (
        "share healed; criterion: by eye; of 100 patients; arms: 100 walking, 90 resting; ankles; "
        "read in a peer-reviewed table or an official summary (B)"
    )


@pytest.mark.parametrize(("printed", "recomputes"), [("80.0", True), ("79.9", False), ("80.1", False), ("", False)])
def test_a_source_recomputes_what_is_quoted_of_it_as_it_is_printed(tmp_path, printed, recomputes):
    """A value that is quoted in part, or otherwise, is not the one that the source gives."""
    checks, _ = looked_up(tmp_path, ("summary.healed.walk", "ref01-someone2020", "no"), printed=printed)
    [check] = checks.values()
    assert check.recomputes == (("summary.healed.walk",) if recomputes else ())


def test_two_values_of_a_source_are_no_repair(tmp_path):
    """No repair is named when two fit as well (design, section 2)."""
    row = ("summary.left.pct", "ref01-someone2020", "no")
    [check] = looked_up(tmp_path, row, source_value="79.5 or 81")[0].values()
    assert (check.candidates, check.changes, check.said.repair) == (("79.5", "81"), (), "")
    [check] = looked_up(tmp_path, row)[0].values()
    assert check.candidates == ()


# 57.5 % is printed: 23 of 40 and 46 of 80, no whole number of 30 or 100 (57 of 100 is 57.0, 58 is 58.0).
@pytest.mark.parametrize(
    ("size", "source_value", "verdict", "said"),
    [
        ("80", "57.5", "coherent", "46 of 80 prints 57.5."),
        ("40", "57.5", "coherent", "23 of 40 prints 57.5."),
        ("30", "56.7", "query", "No whole number of 30 patients prints 57.5. 17 of 30 prints the source's 56.7."),
        ("100", "", "query", "No whole number of 100 patients prints 57.5."),
    ],
)
def test_a_quoted_percentage_is_one_of_whole_patients(tmp_path, size, source_value, verdict, said):
    """The GRIM question (Brown and Heathers 2017) to what is quoted of another study."""
    row, words = ("summary.left.pct", "ref01-someone2020", "yes"), {"size": size, "source_value": source_value}
    checks, _ = looked_up(tmp_path, row, families=("quoted",), **words)
    check = checks["quoted.summary.left.pct:ref01-someone2020"]
    assert (check.verdict, check.evidence, check.said.note) == (verdict, "algebra", said)


@pytest.mark.parametrize("quote", ["results.size.walk", "summary.healed.p", "summary.arm.hr", "summary.better"])
def test_what_is_no_percentage_is_asked_for_no_count(tmp_path, quote):
    assert looked_up(tmp_path, (quote, "ref01-someone2020", "yes"), families=("quoted",), size="100")[0] == {}


def test_a_source_of_unknown_size_is_asked_for_no_count(tmp_path):
    assert looked_up(tmp_path, ("summary.left.pct", "ref01-someone2020", "yes"), families=("quoted",))[0] == {}


def test_a_sources_own_percentages_may_be_of_fewer(ledger):
    """6.4 and 31.9 % of reference 35's 58 patients: 3/47 = 6.38 and 15/47 = 31.91; 58 print neither (by enumeration)."""
    note = next(c for c in ledger.checks if c.check_id == "external.discussion.real_world:ref35-kuo2021").said.note
    assert note.endswith("No whole number of the 58 patients prints 6.4 and 31.9; 3 and 15 of 47 do, perhaps those who "
                         "could be judged.")  # fmt: skip


def test_what_could_not_be_looked_up_says_why(tmp_path):
    checks, _ = looked_up(
        tmp_path, ("summary.better", "ref01-someone2020", "not-found"), ("summary.better", "", "not-found")
    )
    cited = checks["external.summary.better:ref01-someone2020"].said.note
    assert cited == f"Reference 1: {external.UNDECIDED['not-found']} So it says."
    assert checks["external.summary.better:uncited"].said.note.startswith(external.UNCITED)


def test_a_note_that_gives_its_reason_is_left_alone(ledger):
    """No prefix contradicts a note or says it twice, and each note names the source that it is about."""
    checks = {c.check_id: c for c in ledger.checks if c.family == "external"}
    assert checks["external.discussion.seldom:uncited"].said.note == external.UNCITED
    sought = checks["external.discussion.real_world:ref36-huang2022"].said.note
    assert sought.startswith("Reference 36: Looked for; no copy")
    for check in checks.values():
        number = ledger.registry.layout.reference(check.found.row.cites)
        assert bool(number) == check.said.note.startswith(f"Reference {number}: ") == bool(check.found.row.cites)


@pytest.mark.parametrize(("key", "number"), [("ref01-sung2021", "1"), ("ref31-lin2022", "31"), ("smith2020", "")])
def test_the_number_of_a_reference_is_its_place_in_the_papers_list(paper, key, number):
    assert paper.layout.reference(key) == number


def test_one_source_looked_up_twice_makes_two_checks(tmp_path):
    row = ("summary.better", "ref01-someone2020")
    checks, _ = looked_up(tmp_path, (*row, "yes"), (*row, "partly"))
    assert [c.verdict for c in checks.values()] == ["coherent", "query"]


def test_a_look_up_of_something_that_is_no_value_makes_no_check(tmp_path):
    assert looked_up(tmp_path, ("", "ref01-someone2020", "no"))[0] == {}


def test_no_citation_of_the_paper_is_a_decision(paper, ledger):
    """What another study says is no conclusion of this one; the cost-effectiveness was read in digests alone."""
    found = {c.check_id: c.verdict for c in ledger.checks if c.family == "external"}
    assert "decision" not in found.values()
    assert found["external.introduction.regorafenib.cost:ref14-parikh2017"] == "query"
    assert [name for name, verdict in found.items() if verdict == "inconsistent"] == [
        "external.discussion.single_agents:ref31-lin2022",
    ]
    flagged = [row for row in paper.external if row.agrees in ("no", "opposite", "partly") and row.quote]
    assert all(row.certainty and row.read_at for row in flagged), "who flags says how it was read, and where"


def test_what_resorce_prints_is_compared_criterion_by_criterion(ledger):
    """11.0 is a rounded 10.6 (mRECIST), so no inconsistency; 3.2 is a question; 40 of 379 prints 10.6."""
    checks = {c.check_id: c for c in ledger.checks}
    rate = checks["external.discussion.resorce.orr:ref13-bruix2017"]
    assert (rate.verdict, rate.found.row.criterion, rate.found.row.size) == ("query", "mRECIST", "379")
    assert checks["external.discussion.resorce.pfs:ref13-bruix2017"].verdict == "query", "the article was not read"
    assert "40 of 379" in checks["quoted.discussion.resorce.orr:ref13-bruix2017"].said.note
    counts = {name: check.found.counts for name, check in checks.items() if check.family == "quoted"}
    assert counts == {
        "quoted.discussion.rescue.orr:ref30-xu2021": (27,),
        "quoted.discussion.rescue.invasion:ref30-xu2021": (29,),
        "quoted.discussion.resorce.orr:ref13-bruix2017": (),
        "quoted.discussion.resorce.dcr:ref13-bruix2017": (247,),
    }


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
    said = [checks[f"proportion.summary.{name}"].said.note for name in ("left.pct", "healed.walk")]
    assert "3% can be printed for 30 patients" in said[0], "31 of the 1,001 percentages of one decimal"
    assert "5% can be printed for 50 patients" in said[1], "51 of 1,001"


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
