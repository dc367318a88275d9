"""One count behind several flags, columns of everyone, known patients, stated denominators; on the invented paper."""

from fractions import Fraction

import pytest
from invented import BASELINE, LAYOUT, RECOVERY, audited, flags

# The invented paper with a column of everyone in the table of frequencies: 55 of 80 healed, 4 sprained again.
WITH_ALL = LAYOUT.replace(
    "[tables.t2.columns]\n",
    '[tables.t2.columns]\nall_n = { role = "count", group = "everyone" }\n'
    'all_pct = { role = "percent", group = "everyone" }\n',
)
RECOVERY_ALL = (
    RECOVERY.replace("label,walk_n", "label,all_n,all_pct,walk_n")
    .replace("Healed,40", "Healed,55,68.8,40")
    .replace("Sprained again,2", "Sprained again,4,5.0,2")
    .replace("Never healed,0", "Never healed,0,,0")
)


def by_id(ledger):
    return {check.check_id: check for check in ledger.checks}


def with_all(folder, old="", new=""):
    assert RECOVERY_ALL.count(old) == 1 or not old
    return audited(folder, layout=WITH_ALL, recovery=RECOVERY_ALL.replace(old, new))


def test_a_column_of_everyone_is_the_sum_of_the_arms(tmp_path):
    ledger = with_all(tmp_path)
    assert flags(ledger) == {}
    assert by_id(ledger)["sum.t2.healed.everyone.n:t2.healed.walk.n"].verdict == "reproduced"


def test_a_wrong_total_is_flagged(tmp_path):
    ledger = with_all(tmp_path, "Healed,55,68.8", "Healed,58,72.5")
    assert flags(ledger) == {"sum.t2.healed.everyone.n:t2.healed.walk.n": "inconsistent"}


def test_a_total_whose_percentage_is_of_the_arms_is_mended(tmp_path):
    """68.8 % of 80 is 55, which the arms add up to, and 58 is printed."""
    check = by_id(with_all(tmp_path, "Healed,55,68.8", "Healed,58,68.8"))["count.t2.healed.everyone.n"]
    assert (check.verdict, check.said.repair) == ("inconsistent", "55")


def test_total_percentage_and_p_that_agree_against_an_arm_are_one_repair(tmp_path):
    """36 for 40: 40 + 15 = 55, 40 of 50 is 80.0 %, and Pearson's p of 40 and 15 is 0.0051."""
    ledger = with_all(tmp_path, "68.8,40,80.0", "68.8,36,80.0")
    assert flags(ledger)["count.t2.healed.walk.n"] == "inconsistent"
    check = by_id(ledger)["count.t2.healed.walk.n"]
    assert (check.said.repair, check.suspect_ids) == ("40", ("t2.healed.walk.n",))
    assert check.chance == Fraction(51, 56 * 1001 * 501)  # 0 to 50; 0 to 55; 0.0 to 100.0; 0.000 to 1.000, two tests
    for agreeing in ("t2.healed.everyone.n", "t2.healed.walk.pct", "t2.healed.p"):
        assert ledger.verdicts[agreeing] in ("coherent", "reproduced")


def test_a_percentage_computed_from_the_slip_is_mended_with_it(tmp_path):
    ledger = with_all(tmp_path, "68.8,40,80.0", "68.8,36,72.0")
    checks = by_id(ledger)
    assert checks["count.t2.healed.walk.n"].said.repair == "40"
    assert (checks["percent.t2.healed.walk.pct"].verdict, checks["percent.t2.healed.walk.pct"].said.repair) == (
        "inconsistent",
        "80.0",
    )


def test_where_another_number_disagrees_there_is_no_joint_repair(tmp_path):
    """As before, and p is that of no count: total and percentage alone agree on 40, p on nothing."""
    ledger = with_all(tmp_path, "68.8,40,80.0,15,50.0,0.005", "68.8,36,80.0,15,50.0,0.333")
    assert not [name for name in by_id(ledger) if name.startswith("count.")]


# Known patients -----------------------------------------------------------------------------------------------------

# Grade of 40 of the 50 who walked (10, 20, 10) and of all 30 who rested; R: chisq.test p 0.2962.
KNOWN = (
    BASELINE.replace("grade,Grade,,,,,0.584", "grade,Grade,,,,,0.296")
    .replace("I,10,20.0,4", "I,10,25.0,4", 1)
    .replace("II,25,50.0", "II,20,50.0")
    .replace("III,15,30.0", "III,10,25.0")
)


def test_percentages_of_known_patients_are_one_query(tmp_path):
    ledger = audited(tmp_path, baseline=KNOWN)
    of_counts = ("percent.t1", "sum.t1", "association.t1", "denominator", "known")
    found = {name: verdict for name, verdict in flags(ledger).items() if name.startswith(of_counts)}
    assert found == {"known.t1.grade": "query"}
    check = by_id(ledger)["known.t1.grade"]
    assert set(check.suspect_ids) == {f"t1.grade.{level}.walk.pct" for level in (1, 2, 3)}
    assert 0 < check.chance < Fraction(1, 10_000)


def test_levels_that_explain_only_some_percentages_are_not_known_patients(tmp_path):
    ledger = audited(tmp_path, baseline=KNOWN.replace("II,20,50.0", "II,20,47.0"))
    assert "known.t1.grade" not in flags(ledger)
    assert flags(ledger)["percent.t1.grade.2.walk.pct"] == "inconsistent"


def test_a_percentage_of_fewer_than_the_group_is_a_query_where_others_may_be_unknown(tmp_path):
    """38 of 48 is 79.2 %, 38 of 50 76.0 %; nothing says that all 50 were seen."""
    ledger = audited(tmp_path, recovery=("healed,Healed,40,80.0,15,50.0,0.005", "healed,Healed,38,79.2,15,50.0,0.017"))
    assert flags(ledger)["percent.t2.healed.walk.pct"] == "query"
    assert "38 of 48" in by_id(ledger)["percent.t2.healed.walk.pct"].said.note


def test_a_percentage_of_fewer_is_wrong_where_the_levels_are_everyone(tmp_path):
    """30 of 48 is 62.5 %, but 30 and 20 are all 50."""
    ledger = audited(tmp_path, baseline=("left,30,60.0", "left,30,62.5"))
    assert flags(ledger)["percent.t1.side.left.walk.pct"] == "inconsistent"


def test_a_stated_denominator_is_used(tmp_path):
    """40 of 48 is 83.3 %, 15 of 30 50.0 %; R: chisq.test of 40, 8 and 15, 15 gives 0.00174."""
    layout = LAYOUT.replace('walk = { label = "walking"', 'seen = { label = "seen again", size = "results.size.seen" }\n'
                            'walk = { label = "walking"')  # fmt: skip
    layout = layout.replace("[tables.t2.columns]", 'denominators = { healed = { walk = "seen" } }\n[tables.t2.columns]')
    recovery = RECOVERY.replace("healed,Healed,40,80.0,15,50.0,0.005", "healed,Healed,40,83.3,15,50.0,0.002")
    text = ("results.size.walk", "results.size.seen,results,1,seen again,size,seen,48,,seen again\nresults.size.walk")
    plain = audited(tmp_path / "plain", recovery=recovery)
    assert flags(plain)["percent.t2.healed.walk.pct"] == "query"
    ledger = audited(tmp_path / "stated", layout=layout, recovery=recovery, text=text)
    assert ledger.verdicts["t2.healed.walk.pct"] != "query"
    assert not {name for name in flags(ledger) if name.startswith(("percent.t2", "association.t2"))}


# A variable that need not cover everyone -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variable",
    ['age = { label = "Age" }', 'age = { label = "Age", levels = { old = "old" } }'],
)
def test_a_variable_without_levels_or_of_one_covers_no_one_in_particular(tmp_path, variable):
    layout = LAYOUT.replace("[variables]", f"[variables]\n{variable}")
    row = "age.old,old,12,24.0,8,26.7,\n" if "levels" in variable else ""
    assert flags(audited(tmp_path, layout=layout, baseline=BASELINE + row)) == {}


def test_a_variable_of_one_level_is_tested_against_the_rest(tmp_path):
    """The smokers printed alone: p 0.790 as with both levels."""
    layout = LAYOUT.replace('levels = { yes = "yes", no = "no" } }\narm', 'levels = { yes = "yes" } }\narm').replace(
        'smoker = { exposed = ["yes"], reference = ["no"] }\n', ""
    )
    baseline = BASELINE.replace("smoker.no,no,38,76.0,22,73.3,\n", "")
    ledger = audited(
        tmp_path, layout=layout, baseline=baseline, models=("smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686,,,,\n", "")
    )
    assert ledger.verdicts["t1.smoker.p"] == "reproduced"


def test_percentages_made_up_to_100_are_a_named_reading(tmp_path):
    """Of those who rested 10, 10 and 10 of 30: 33.3, 33.3, 33.4. R: chisq.test of 10, 25, 15 and these gives 0.2738."""
    old = "grade,Grade,,,,,0.584\ngrade.1,I,10,20.0,4,13.3,\ngrade.2,II,25,50.0,14,46.7,\ngrade.3,III,15,30.0,12,40.0,"
    new = "grade,Grade,,,,,0.274\ngrade.1,I,10,20.0,10,33.3,\ngrade.2,II,25,50.0,10,33.3,\ngrade.3,III,15,30.0,10,33.4,"
    ledger = audited(tmp_path, baseline=(old, new))
    assert ledger.verdicts["t1.grade.3.rest.pct"] == "reproduced-if"
    assert ledger.verdicts["t1.grade.2.rest.pct"] == "reproduced"
    assert ledger.verdicts["t1.grade.p"] == "reproduced"
