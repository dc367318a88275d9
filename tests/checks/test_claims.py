"""Claims in words on the invented paper: each kind of test fires where it must and stays silent where it must."""

import numpy as np
import pytest
from invented import LAYOUT, TEXT, flags, write

from secondlook.audit import audit
from secondlook.checks.claim_tests import compare
from secondlook.numbers.printed import parse
from secondlook.paper.claims_schema import TEST_KINDS
from secondlook.paper.codebook import columns
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load
from secondlook.stats import schoenfeld

MORE = """summary.second,summary,1,healing again,claim,everyone,,,rest heals more often
summary.number,summary,1,leading results,count,everyone,1,,how many results are named
"""
FEW = "summary.few,summary,1,sprains a year,rate,everyone,2.5,,how often they sprain\n"


def judged(folder, claims, **changes):
    """Audit the invented paper with claims and return its checks by id."""
    changes.setdefault("text", TEXT + MORE)
    write(folder, **changes)
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    ledger = audit(load(folder))
    return {check.check_id: check for check in ledger.checks}, ledger


def claim(tests, claim_id="summary.better"):
    return f'[[claims]]\nid = "{claim_id}"\ntests = [{tests}]\n'


WALK, REST = "t2.healed.walk.pct", "t2.healed.rest.pct"
CASES = [
    # kind, test, changes, verdict
    ("higher", f'{{ kind = "higher", these = ["{WALK}"], than = ["{REST}"] }}', {}, "coherent"),
    ("higher", f'{{ kind = "higher", these = ["{REST}"], than = ["{WALK}"] }}', {}, "decision"),
    ("higher alike", f'{{ kind = "higher", these = ["{WALK}"], than = ["{WALK}"] }}', {}, "inconsistent"),
    ("leading", '{ kind = "leading", named = ["t2.healed.walk.n"] }', {}, "coherent"),
    ("leading", '{ kind = "leading", named = ["t2.again.walk.n"] }', {}, "inconsistent"),
    ("leading together", '{ kind = "leading", named = ["t2.healed.walk.n"], together = true }', {}, "coherent"),
    ("leading numbered", '{ kind = "leading", named = ["t2.healed.walk.n"], number = "summary.number" }', {}, "coherent"),
    ("leading numbered", '{ kind = "leading", named = ["t2.healed.walk.n", "t2.again.walk.n"], number = "summary.number" }', {}, "inconsistent"),
    ("leading tied", '{ kind = "leading", named = ["t1.side.left.walk.n", "t1.smoker.no.walk.n", "t1.grade.2.walk.n"] }', {}, "coherent"),
    ("all higher", '{ kind = "all_higher", table = "t3", set = "uni", group = "walk" }', {}, "query"),
    ("significant", '{ kind = "significant", p = ["t2.healed.p"], below = true }', {}, "coherent"),
    ("significant", '{ kind = "significant", p = ["t2.again.p"], below = true }', {}, "decision"),
    ("not significant", '{ kind = "significant", p = ["t1.side.p", "t1.grade.p"], below = false }', {}, "coherent"),
    ("not significant", '{ kind = "significant", p = ["t1.side.p", "t2.healed.p"], below = false }', {}, "decision"),
    ("none counted", '{ kind = "counted", counts = ["t2.never.walk.n", "t2.never.rest.n"], expect = "none" }', {}, "coherent"),
    ("none counted", '{ kind = "counted", counts = ["t2.again.walk.n"], expect = "none" }', {}, "inconsistent"),
    ("some counted", '{ kind = "counted", counts = ["t2.again.walk.n"], expect = "some" }', {}, "coherent"),
    ("some counted", '{ kind = "counted", counts = ["t2.never.walk.n"], expect = "some" }', {}, "inconsistent"),
    ("none counted, one not whole", '{ kind = "counted", counts = ["t2.never.walk.n", "summary.few"], expect = "none" }', {"text": TEXT + MORE + FEW}, "query"),
    ("none counted, one not whole", '{ kind = "counted", counts = ["t2.again.walk.n", "summary.few"], expect = "none" }', {"text": TEXT + MORE + FEW}, "inconsistent"),
    ("some counted, one not whole", '{ kind = "counted", counts = ["t2.again.walk.n", "summary.few"], expect = "some" }', {"text": TEXT + MORE + FEW}, "coherent"),
    ("some counted, one not whole", '{ kind = "counted", counts = ["t2.never.walk.n", "summary.few"], expect = "some" }', {"text": TEXT + MORE + FEW}, "query"),
    ("independent", '{ kind = "independent", tables = ["t3"], set = "multi", variables = ["arm"], raises = true }', {}, "coherent"),
    ("independent", '{ kind = "independent", tables = ["t3"], set = "multi", variables = ["arm", "grade"] }', {}, "decision"),
    ("independent, not entered", '{ kind = "independent", tables = ["t3"], set = "multi", variables = ["side"] }', {}, "inconsistent"),
    ("independent, direction", '{ kind = "independent", tables = ["t3"], set = "uni", variables = ["grade"], raises = true }', {}, "decision"),
    ("entered", '{ kind = "entered", tables = ["t3"], set = "multi", variables = ["arm"] }', {}, "coherent"),
    ("entered", '{ kind = "entered", tables = ["t3"], set = "multi", variables = ["smoker"] }', {}, "query"),
    ("too small", '{ kind = "too_small", groups = ["walk", "rest"], effect = 1.5 }', {}, "coherent"),
    ("too small", '{ kind = "too_small", groups = ["walk", "rest"], effect = 3 }', {}, "query"),
    ("adds up", '{ kind = "adds_up", wholes = ["results.size.everyone"] }', {}, "coherent"),
    ("adds up", '{ kind = "adds_up", wholes = ["results.size.everyone"] }', {"text": (TEXT + MORE).replace("everyone,80", "everyone,81")}, "inconsistent"),
    ("repeats", '{ kind = "repeats", claims = ["summary.second"] }', {}, "coherent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("test", "changes", "verdict"), [case[1:] for case in CASES], ids=[f"{c[0]}, {c[3]}" for c in CASES]
)
def test_each_kind_of_claim(tmp_path, test, changes, verdict):
    check = judged(tmp_path, claim(test), **changes)[0]["claim.summary.better"]
    assert check.verdict == verdict
    # The number of leading ones may be what is wrong; else only the words are.
    also = ("summary.number",) if "summary.number" in test and verdict != "coherent" else ()
    assert check.suspect_ids == ("summary.better", *also)
    assert "read otherwise" not in check.said.note
    assert check.said.note.startswith("The paper says, in our words: walking heals more often.")
    # What a claim agrees with stands beside it as recomputed, and is not said twice.
    assert ("Its own numbers: " in check.said.note) == (verdict != "coherent")


def test_another_arm_is_named_only_where_all_that_a_claim_says_is_which_is_higher(tmp_path):
    higher = f'{{ kind = "higher", these = ["{REST}"], than = ["{WALK}"] }}'
    significant = '{ kind = "significant", p = ["t2.again.p"], below = true }'
    alone = judged(tmp_path / "a", claim(higher))[0]["claim.summary.better"]
    both = judged(tmp_path / "b", claim(f"{higher}, {significant}"))[0]["claim.summary.better"]
    assert (alone.verdict, alone.said.repair) == ("decision", "higher with walking")
    assert (both.verdict, both.said.repair, both.changes) == ("decision", "", ())


def test_all_higher_names_the_rows_that_are_lower(tmp_path):
    """Healed: 40 of 50 against 15 of 30; again: 2 of 50 against 2 of 30, which is more; never: nobody in both."""
    layout = LAYOUT.replace("[tables.t2]\n", '[tables.t2]\nsets = { all = "all" }\n')
    for column in ("walk_n", "walk_pct", "rest_n", "rest_pct", "p"):
        head, tail = layout.split("[tables.t2.columns]")
        layout = head + "[tables.t2.columns]" + tail.replace(f"\n{column} = {{ ", f'\n{column} = {{ set = "all", ', 1)
    text = (
        (TEXT + MORE).replace("t2.healed.walk.pct", "t2.healed.all.walk.pct").replace("t2.healed.p", "t2.healed.all.p")
    )
    claims = claim('{ kind = "all_higher", table = "t2", set = "all", group = "walk" }')
    check = judged(tmp_path, claims, layout=layout, text=text)[0]["claim.summary.better"]
    assert check.verdict == "decision"
    assert "1 of 3 rows" in check.said.recomputed
    assert "Sprained again (2 of 50 against 2 of 30)" in check.said.recomputed


def test_a_tie_with_a_row_that_is_not_named_is_a_query(tmp_path):
    tied = ("again,Sprained again,2,4.0", "again,Sprained again,40,80.0")
    claims = claim('{ kind = "leading", named = ["t2.healed.walk.n"] }')
    check = judged(tmp_path, claims, recovery=tied)[0]["claim.summary.better"]
    assert check.verdict == "query"
    assert "Sprained again (40) is not, though it has as many" in check.said.note


def test_another_reading_makes_a_failure_a_query(tmp_path):
    test = '{ kind = "counted", counts = ["t2.again.walk.n"], expect = "none", otherwise = "none may mean few" }'
    check = judged(tmp_path, claim(test))[0]["claim.summary.better"]
    assert check.verdict == "query"
    assert "none may mean few" in check.said.note
    held = judged(tmp_path / "held", claim(test.replace("again", "never")))[0]["claim.summary.better"]
    assert held.verdict == "coherent"
    assert "none may mean few" not in held.said.note


def test_the_selection_rule_is_obeyed_or_broken_row_by_row(tmp_path):
    text = TEXT + MORE + "summary.entry,summary,1,level of entry,threshold,,<0.05,,level\n"
    claims = claim('{ kind = "selected", tables = ["t3"], before = "uni", after = "multi", level = "summary.entry" }')
    checks, ledger = judged(tmp_path / "a", claims, text=text)
    assert checks["claim.summary.better"].verdict == "coherent"
    assert ledger.verdicts["summary.entry"] == "coherent"
    broken = (
        "side,Side (left vs right),1.10,0.70,1.73,0.679,,,,",
        "side,Side (left vs right),1.10,0.70,1.73,0.679,1.1,0.7,1.73,0.68",
    )
    check = judged(tmp_path / "b", claims, text=text, models=broken)[0]["claim.summary.better"]
    assert check.verdict == "inconsistent"
    assert "Side (Table 3, p 0.679)" in check.said.note
    assert "Arm" not in check.said.note


def test_claims_that_contradict_each_other_name_each_other(tmp_path):
    claims = claim(f'{{ kind = "higher", these = ["{WALK}"], than = ["{REST}"] }}')
    claims += claim(f'{{ kind = "higher", these = ["{REST}"], than = ["{WALK}"] }}', "summary.second")
    checks, ledger = judged(tmp_path, claims)
    assert checks["claim.summary.second"].verdict == "decision"
    assert "Elsewhere it says the opposite: Summary, ¶1." in checks["claim.summary.second"].said.note
    assert checks["claim.summary.second"].suspect_ids == ("summary.second",)
    assert ledger.verdicts["summary.better"] == "coherent"
    assert ledger.verdicts[WALK] == "reproduced", "the numbers are not in doubt"


def test_a_claim_with_a_reason_is_not_testable_and_says_why(tmp_path):
    claims = '[[claims]]\nid = "summary.better"\nreason = "needs the patients\' records"\n'
    checks, ledger = judged(tmp_path, claims)
    assert ledger.verdicts["summary.better"] == "not-testable"
    assert checks["claim.summary.better"].said.note == "Needs the patients' records."


def test_true_claims_raise_no_flag(tmp_path):
    claims = claim(f'{{ kind = "higher", these = ["{WALK}"], than = ["{REST}"] }}')
    assert flags(judged(tmp_path, claims)[1]) == {}


def test_without_claims_nothing_changes(tmp_path):
    assert load(write(tmp_path)).claims.claims == []


def test_a_folder_with_some_of_its_tables_passes_over_what_it_cannot_judge(tmp_path):
    claims = claim(f'{{ kind = "higher", these = ["{WALK}"], than = ["{REST}"] }}')
    claims += claim('{ kind = "repeats", claims = ["summary.better"] }', "summary.second")
    text = (
        (TEXT + MORE)
        .replace(",t2.healed.walk.pct,", ",,")
        .replace(",t2.healed.p,", ",,")
        .replace(",t3.arm.uni.hr,", ",,")
    )
    checks, _ = judged(tmp_path, claims, recovery=None, models=None, text=text)
    assert "claim.summary.better" not in checks
    assert "claim.summary.second" in checks


# Comparisons and samples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [("5.3", "5.2", "holds"), ("5.2", "5.3", "opposite"), ("5.3", "5.3", "fails"), ("5.3", "5.28", "open")],
)
def test_printed_numbers_are_compared_as_sets(first, second, outcome):
    assert compare(parse(first), parse(second)) == outcome


def test_the_detectable_hazard_ratio_is_that_of_schoenfelds_formula():
    """4·(1.960 + 0.842)²/ln²2 = 65.3 events for a hazard ratio of 2, two equal groups, 80 % power, 5 % two-sided."""
    assert schoenfeld.detectable(schoenfeld.smallest_standard_error(33, 33)) < 2
    assert schoenfeld.detectable(schoenfeld.smallest_standard_error(32, 32)) > 2


def test_the_detectable_hazard_ratio_is_found_as_often_as_said():
    """Simulated exponential times without censoring, for which the estimate has a closed form."""
    rng, n1, n0 = np.random.default_rng(20230301), 120, 80
    ratio = schoenfeld.detectable(schoenfeld.smallest_standard_error(n1, n0), 0.8)
    first = rng.exponential(1 / ratio, (4000, n1)).mean(axis=1)
    second = rng.exponential(1.0, (4000, n0)).mean(axis=1)
    z = np.log(second / first) / np.sqrt(1 / n1 + 1 / n0)
    assert abs((np.abs(z) > 1.96).mean() - 0.8) < 0.03


# The file -----------------------------------------------------------------------------------------------------------

MALFORMED = [
    ('[[claims]]\nid = "summary.nothing"\nreason = "not to be found"\n', ["claims.toml", "'summary.nothing'", "no value's id"]),
    ('[[claims]]\nid = "summary.left.pct"\nreason = "not to be found"\n', ["claims.toml", "no claim in words"]),
    ('[[claims]]\nid = "summary.better"\n', ["claims.toml, column claims.0", "either tests or a reason"]),
    (claim('{ kind = "taller" }'), ["claims.toml", "taller"]),
    (claim('{ kind = "repeats", claims = ["summary.second"], colour = "red" }'), ["repeats.colour", "unknown key"]),
    (claim(f'{{ kind = "higher", these = ["{WALK}"], than = [] }}'), ["claims.toml, column claims.0.tests.0.higher.than"]),
    (claim(f'{{ kind = "higher", these = ["{WALK}"], than = ["{REST}", "{REST}"] }}'), ["compares 1 values with 2"]),
    (claim('{ kind = "all_higher", table = "t9", set = "uni", group = "walk" }'), ["'t9'", "not among the tables"]),
    (claim('{ kind = "all_higher", table = "t3", set = "any", group = "walk" }'), ["'any'", "no set of columns of t3"]),
    (claim('{ kind = "entered", tables = ["t3"], set = "multi", variables = ["hair"] }'), ["'hair'", "not among the variables"]),
    (claim('{ kind = "repeats", claims = ["summary.second"] }') * 2, ["stands twice"]),
    ("claims = 3\n", ["claims.toml, column claims"]),
    ("[[claims\n", ["claims.toml", "not well-formed TOML"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), MALFORMED, ids=[said[-1][:40] for _, said in MALFORMED])
def test_a_malformed_file_of_claims_is_refused(tmp_path, content, said):
    folder = write(tmp_path, text=TEXT + MORE)
    (folder / "claims.toml").write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load(folder)
    for words in said:
        assert words in str(refused.value)


def test_every_kind_is_described():
    for kind, model in TEST_KINDS.items():
        assert all(columns(model).values()), kind
        assert (model.__doc__ or "").strip(), kind


# The paper ----------------------------------------------------------------------------------------------------------


def test_every_claim_of_the_paper_is_judged_or_has_its_reason(paper, ledger):
    claims = [value.id for value in paper if value.statistic == "claim"]
    assert len(claims) == 115
    open_ = [i for i in claims if any(c.check_id == f"uncovered.{i}" for c in ledger.by_value[i])]
    assert open_ == []


def test_claims_that_a_reader_must_not_take_over(ledger):
    verdicts = {c.subject: c.verdict for c in ledger.checks if c.family == "claim"}
    assert {name for name, verdict in verdicts.items() if verdict == "decision"} == {
        "abstract.dcr.direction",
        "outcomes.dcr.direction",
        "discussion.ae.all_higher",
    }
    assert verdicts["prognostic.pfs.uni.independent"] == "query", "loose wording, and the next paragraph mends it"
    assert {name for name, verdict in verdicts.items() if verdict == "inconsistent"} == {"toxicities.typical"}
    assert verdicts["abstract.conclusion.dcr"] == "coherent"
