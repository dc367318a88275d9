"""Each check has a case that must fire and one that must stay silent, on the invented paper."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from invented import MODELS, audited, flags, write

from secondlook.checks import association, counts, names, restatements
from secondlook.checks.association import Neighbours, all_tests, associations, named_tests
from secondlook.numbers.printed import parse, show
from secondlook.paper.registry import load


def test_a_paper_whose_numbers_are_true_raises_no_flag(tmp_path):
    ledger = audited(tmp_path)
    assert flags(ledger) == {}
    assert ledger.verdicts["t1.side.left.walk.pct"] == "reproduced"
    assert ledger.verdicts["t1.side.p"] == "reproduced"
    assert ledger.verdicts["t2.again.p"] == "reproduced", "by Fisher's test, which the paper names"
    assert ledger.verdicts["summary.left.pct"] == "reproduced", "46 of 80"
    assert ledger.verdicts["summary.better"] == "not-testable"


def by_id(ledger):
    return {check.check_id: check for check in ledger.checks}


# Percentages --------------------------------------------------------------------------------------------------------


def test_a_wrong_percentage_whose_count_is_held_is_singled_out(tmp_path):
    check = by_id(audited(tmp_path, baseline=("left,30,60.0", "left,30,66.0")))["percent.t1.side.left.walk.pct"]
    assert check.verdict == "inconsistent"
    assert check.suspect_ids == ("t1.side.left.walk.pct",)
    assert check.said.repair == "60.0"
    assert "one digit" in check.said.note


def test_a_wrong_percentage_whose_count_is_not_held_names_no_repair(tmp_path):
    """41 of 50 would print 82.0, and nothing else holds the count 40: either may be the slip."""
    check = by_id(audited(tmp_path, recovery=("40,80.0", "40,82.0")))["percent.t2.healed.walk.pct"]
    assert check.verdict == "inconsistent"
    assert check.said.repair == ""
    assert "the count 41" in check.said.note
    assert {"t2.healed.walk.pct", "t2.healed.walk.n"} <= set(check.suspect_ids)


def test_cut_off_digits_are_a_named_reading_with_its_chance(tmp_path):
    """16 of 30 is 53.33…: 53.3 either way; 14 of 30 is 46.67: printed 46.6 it is cut off."""
    check = by_id(audited(tmp_path, baseline=("right,20,40.0,14,46.7", "right,20,40.0,14,46.6")))[
        "percent.t1.side.right.rest.pct"
    ]
    assert check.verdict == "reproduced-if"
    assert "cut off" in check.said.method
    assert check.chance == Fraction(2, 1001)


def test_a_percentage_of_another_own_denominator_names_no_repair(tmp_path):
    """16 of all 80 is 20.0."""
    check = by_id(audited(tmp_path, baseline=("16,53.3", "16,20.0")))["percent.t1.side.left.rest.pct"]
    assert check.said.repair == ""
    assert "the denominator 80" in check.said.note


def test_a_common_denominator_behind_two_misprints(tmp_path):
    """Over 37 instead of 50: 12/37 = 32.4 and 38/37 is impossible, so another pair: 10/37 = 27.0 and 25/37 = 67.6."""
    changed = by_id(audited(tmp_path, baseline=("1,I,10,20.0,4,13.3,\ngrade.2,II,25,50.0",
                                                "1,I,10,27.0,4,13.3,\ngrade.2,II,25,67.6")))  # fmt: skip
    check = changed["denominator.walk.37"]
    assert check.verdict == "query"
    assert set(check.suspect_ids) == {"t1.grade.1.walk.pct", "t1.grade.2.walk.pct"}
    # 10 of 50 misprinted as 27.0 (7.0 off, 140 others as near) and 25 of 50 as 67.6 (17.6 off, 352 others).
    assert check.chance.denominator * 50 > 140 * 352 / 50
    assert 0 < check.chance < Fraction(1, 1000)


def test_unrelated_misprints_have_no_common_denominator(tmp_path):
    changed = by_id(audited(tmp_path, baseline=("1,I,10,20.0,4,13.3,\ngrade.2,II,25,50.0",
                                                "1,I,10,29.0,4,13.3,\ngrade.2,II,25,51.0")))  # fmt: skip
    assert not [name for name in changed if name.startswith("denominator.")]


def test_one_slip_carried_over_by_subtraction(tmp_path):
    """30 and 20 of 50 printed as 67.0 and 33.0, which add up to 100."""
    changed = audited(
        tmp_path, baseline=("30,60.0,16,53.3,\nside.right,right,20,40.0", "30,67.0,16,53.3,\nside.right,right,20,33.0")
    )
    check = by_id(changed)["complement.t1.side.left.walk.pct:t1.side.right.walk.pct"]
    assert check.verdict == "query"
    assert check.chance == Fraction(1, 140)


def test_two_slips_that_do_not_add_up_are_two(tmp_path):
    changed = audited(
        tmp_path, baseline=("30,60.0,16,53.3,\nside.right,right,20,40.0", "30,67.0,16,53.3,\nside.right,right,20,34.0")
    )
    assert not [name for name in by_id(changed) if name.startswith("complement.")]


def test_which_counts_could_print_a_percentage():
    """The GRIM question: 8 of 41 prints 19.5; no count of 27 prints 37.4."""
    assert counts.other_counts(parse("19.5"), 41) == [8]
    assert counts.other_counts(parse("37.4"), 27) == []


# Sums ---------------------------------------------------------------------------------------------------------------


def test_levels_that_do_not_add_up(tmp_path):
    """31 and 20 of 50, with the p value of these counts (R: 0.5117), so that either count may be the slip."""
    wrong = ("0.559\nside.left,left,30,60.0", "0.512\nside.left,left,31,62.0")
    check = by_id(audited(tmp_path, baseline=wrong))["sum.t1.side.walk"]
    assert (check.said.published, check.said.recomputed, check.verdict) == ("50", "51", "inconsistent")


def test_levels_that_leave_patients_out_are_a_query(tmp_path):
    """28 and 20 of 50, with their percentages over 50 and their p (R: 0.6648): two sides were perhaps not known."""
    wrong = ("0.559\nside.left,left,30,60.0", "0.665\nside.left,left,28,56.0")
    ledger = audited(tmp_path, baseline=wrong)
    assert flags(ledger) == {"sum.t1.side.walk": "query"} | {k: v for k, v in flags(ledger).items() if "summary" in k}
    assert "2 are not accounted for" in by_id(ledger)["sum.t1.side.walk"].said.note


def test_a_declared_sum_that_fails(tmp_path):
    ledger = audited(tmp_path, text=("everyone,80", "everyone,81"))
    assert flags(ledger)["sum.results.size.everyone:results.size.walk"] == "inconsistent"


def test_a_sum_with_something_taken_off(tmp_path):
    extra = (
        '\n[[sums]]\nwhole = "results.size.rest"\nparts = ["results.size.everyone"]\nminus = ["results.size.walk"]\n'
    )
    from invented import LAYOUT

    check = by_id(audited(tmp_path, layout=LAYOUT + extra + 'why = "the others"\n'))[
        "sum.results.size.rest:results.size.everyone"
    ]
    assert check.verdict == "reproduced"
    assert check.said.method == "80 − 50"


# Association --------------------------------------------------------------------------------------------------------


def test_a_p_value_of_a_test_that_the_paper_does_not_name(tmp_path):
    """R's chisq.test with its default correction gives 0.7261 for the sides."""
    check = by_id(audited(tmp_path, baseline=("0.559", "0.726")))["association.t1.side.p"]
    assert check.verdict == "reproduced-if"
    assert check.said.method == "chi-square with Yates' correction"
    assert 0 < check.chance < Fraction(1, 50)


def test_a_p_value_that_no_test_gives(tmp_path):
    check = by_id(audited(tmp_path, baseline=("0.559", "0.222")))["association.t1.side.p"]
    assert check.verdict == "inconsistent"
    assert check.said.repair == ""


def test_the_complement_of_a_p_value_is_recognised(tmp_path):
    """1 − 0.6279 (Fisher, sprained again, of whom 1.5 are expected in one arm) = 0.3721."""
    check = by_id(audited(tmp_path, recovery=("0.628", "0.372")))["association.t2.again.p"]
    assert (check.said.repair, check.candidates) == ("0.628", ())
    assert "complement of Fisher's exact test" in check.said.note
    assert check.suspect_ids == ("t2.again.p",)


def test_no_repair_is_named_where_the_usual_test_gives_another_p(tmp_path):
    """1 − 0.7957 (Fisher) = 0.2043, but of 12/50 and 8/30 Pearson's test is usual (R: chisq.test, 0.7895)."""
    check = by_id(audited(tmp_path, baseline=("0.790", "0.204")))["association.t1.smoker.p"]
    assert (check.said.repair, check.changes, check.candidates) == ("", (), ("0.790", "0.796"))
    assert "complement of Fisher's exact test" in check.said.note
    assert check.suspect_ids == ("t1.smoker.p",)


def test_a_p_value_on_the_other_side_of_the_level_is_a_decision(tmp_path):
    ledger = audited(tmp_path, recovery=("50.0,0.005", "50.0,0.505"))
    assert flags(ledger)["association.t2.healed.p"] == "decision"
    assert flags(ledger)["restatement.summary.healed.p:t2.healed.p"] == "decision"


def test_a_bound_is_held_against_the_exact_value(tmp_path):
    """Pearson gives 0.0051 for healing: <0.01 holds, <0.005 does not."""
    assert "association.t2.healed.p" not in flags(audited(tmp_path / "a", recovery=("50.0,0.005", "50.0,<0.01")))
    assert flags(audited(tmp_path / "b", recovery=("50.0,0.005", "50.0,<0.004")))["association.t2.healed.p"]


@pytest.mark.parametrize(
    ("p", "odd"),
    [
        ("<0.05", False), ("<0.001", False), ("≤0.01", False), ("<0.10", False), ("<0.5", False), ("<0.007", True), ("<0.15", True),
        ("<0.99", True), (">0.99", False), (">0.9", False), ("≥0.999", False), (">0.05", False), (">0.73", True), (">0.95", True),
        ("0.007", False),
    ],
)  # fmt: skip
def test_a_bound_is_a_1_or_a_5_after_zeros_or_above_nines(tmp_path, p, odd):
    registry = load(write(tmp_path, recovery=("50.0,0.005", f"50.0,{p}")))
    assert [check.subject for check in association.check_bounds(registry)] == ["t2.healed.p"] * odd


def test_tables_alike_tested_differently_are_queried(tmp_path):
    """With two rows of small expected counts, one by Fisher and one by Pearson, the latter departs from Cochran's rule."""
    row = "again,Sprained again,2,4.0,2,6.7,0.628\n"
    ledger = audited(tmp_path, recovery=(row, row + "fell,Fell,3,6.0,1,3.3,0.596\n"))
    check = by_id(ledger)["choice-of-test.small"]
    assert check.verdict == "query"
    assert check.suspect_ids == ("t2.fell.p",)
    assert ledger.verdicts["t2.fell.p"] == "query"
    assert ledger.verdicts["t2.again.p"] == "reproduced"


# Restatements -------------------------------------------------------------------------------------------------------


def test_a_number_that_differs_from_what_it_restates(tmp_path):
    check = by_id(audited(tmp_path, text=("walk,80.0", "walk,80.5")))[
        "restatement.summary.healed.walk:t2.healed.walk.pct"
    ]
    assert (check.verdict, check.said.repair, check.suspect_ids) == ("inconsistent", "80.0", ("summary.healed.walk",))


def test_a_number_copied_from_the_neighbouring_model_is_singled_out(tmp_path):
    check = by_id(audited(tmp_path, text=("everyone,1.80", "everyone,1.75")))[
        "restatement.summary.arm.hr:t3.arm.uni.hr"
    ]
    assert check.suspect_ids == ("summary.arm.hr",)
    assert check.said.repair == "1.80"
    assert "multivariable" in check.said.note
    assert 0 < check.chance < Fraction(1, 10)


def test_a_number_copied_from_another_row_may_be_a_slip_of_the_name(tmp_path):
    check = by_id(audited(tmp_path, text=("everyone,1.80", "everyone,1.10")))[
        "restatement.summary.arm.hr:t3.arm.uni.hr"
    ]
    assert check.said.repair == ""
    assert "name" in check.said.note


def test_nobody_is_singled_out_when_nothing_supports_either(tmp_path):
    check = by_id(audited(tmp_path, text=("everyone,1.80", "everyone,1.99")))[
        "restatement.summary.arm.hr:t3.arm.uni.hr"
    ]
    assert set(check.suspect_ids) == {"summary.arm.hr", "t3.arm.uni.hr"}
    assert check.said.repair == ""


def test_the_same_number_with_fewer_digits_is_no_flag(tmp_path):
    assert flags(audited(tmp_path / "a", text=("everyone,1.80", "everyone,1.8"))) == {}
    assert flags(audited(tmp_path / "b", text=("everyone,1.80", "everyone,1.7")))


def test_a_percentage_may_restate_a_count(tmp_path):
    changed = ("walk,80.0,t2.healed.walk.pct", "walk,80.0,t2.healed.walk.n")
    assert flags(audited(tmp_path, text=changed)) == {}


# Names and blanks ---------------------------------------------------------------------------------------------------


def test_a_modelled_variable_without_counterpart_is_queried(tmp_path):
    from invented import LAYOUT

    layout = LAYOUT.replace(
        "arm = { label", 'diabetes = { label = "Diabetes", levels = { yes = "yes", no = "no" } }\narm = { label'
    )
    layout = layout.replace('smoker = { exposed = ["yes"]', 'diabetes = { exposed = ["yes"]')
    ledger = audited(tmp_path, layout=layout, models=("smoker,Smoker (yes vs no)", "diabetes,Diabetes (yes vs no)"))
    check = by_id(ledger)["name.diabetes"]
    assert check.verdict == "query"
    assert "Smoker" in check.said.note
    assert "t3.diabetes.uni.hr" in check.suspect_ids


def test_a_blank_where_others_print_zero_is_queried(tmp_path):
    ledger = audited(tmp_path, recovery=("never,Never healed,0,,0,,", "never,Never healed,0,,,,"))
    assert flags(ledger) == {"blank.t2.never.rest.n": "query"}
    assert "prints 0" in by_id(ledger)["blank.t2.never.rest.n"].said.note


@pytest.mark.parametrize(
    ("statistic", "count", "plain"),
    [("percent", "0", True), ("percent", "3", False), ("p", "0", False), ("upper", "0", False), ("count", "0", False)],
)
def test_only_a_blank_percentage_of_nobody_is_plain(statistic, count, plain):
    """0 of any number is 0 per cent; a p value or a limit is not told by a count beside it."""
    beside = SimpleNamespace(number=parse(count), printed=count)
    value = SimpleNamespace(statistic=statistic, id="t2.x", subject="x", table="t2", row="x", set="", group="walk")
    check = names._blank(SimpleNamespace(cell=lambda *_: beside), value, [])
    assert ("the share is plain" in check.said.note) is plain
    assert ("cannot be told" in check.said.note) is not plain


def test_a_row_in_another_format_than_its_table_is_queried(tmp_path):
    """Three rows of two decimals and one whole row of three; a single number with a zero dropped is no flag."""
    row = "smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686"
    ledger = audited(tmp_path / "a", models=(row, "smoker,Smoker (yes vs no),0.900,0.540,1.500,0.686"))
    assert flags(ledger) == {"decimals.t3.smoker.uni": "query"}
    assert flags(audited(tmp_path / "b", models=(row, row.replace("1.50", "1.5")))) == {}


def test_no_format_stands_out_where_less_than_three_quarters_have_the_common_one(tmp_path):
    """Five of six rows have two decimals; where but four have, the other two are no exceptions."""
    other = {"1.10,0.70,1.73": "1.100,0.700,1.730", "0.90,0.54,1.50": "0.900,0.540,1.500"}
    found, models = [], MODELS
    for two, three in other.items():
        assert two in models
        models = models.replace(two, three)
        ledger = audited(tmp_path / three, models=(MODELS, models))
        found.append([c.check_id for c in ledger.checks if c.family == "decimals"])
    assert found == [["decimals.t3.side.uni"], []]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("0.20", "0.20", True), ("0.20", "0.21", False), ("0.20", "0.2", True), ("44", "44.4", True),
        ("44.0", "44.05", True), ("44.0", "44.4", False), ("<0.001", "<0.001", True), ("<0.001", "<0.01", False),
        ("<0.001", ">0.001", False), ("<0.001", "0.0004", True), ("0.002", "<0.001", False),
    ],
)  # fmt: skip
def test_one_real_number_can_have_been_printed_both_ways(first, second, same):
    """A bound is the same bound, or holds numbers that print the other; rounding half up or half to even is left open."""
    assert restatements.agree(parse(first), parse(second)) is same


@pytest.mark.parametrize("row", ["head,A heading,,,,,", "never,Never healed,0,,0,,"])
def test_headings_and_percentages_of_nobody_may_be_blank(tmp_path, row):
    assert flags(audited(tmp_path, recovery=("never,Never healed,0,,0,,", row))) == {}


def test_a_bound_for_several_numbers_says_so(ledger):
    [age] = [c for c in ledger.checks if c.check_id == "restatement.patients.balance.p:t1.age.p"]
    assert age.said.method.endswith(", one of 10 that the bound is printed for")
    assert age.said.note.endswith("; within the bound that is printed.")


def test_strings_of_other_rows_are_counted_once_each(tmp_path):
    """By enumeration: what the named tests of rows with other counts print, and what is given besides."""
    write(tmp_path)
    registry = load(tmp_path)
    rows, neighbours = associations(registry), Neighbours(registry)
    for row in rows:
        others = {
            show(p, row.printed.places)
            for other in rows
            if registry.origin(other.p).table == registry.origin(row.p).table and other.table != row.table
            for key, p in all_tests(other.table).items()
            if key in named_tests(registry)
        }
        assert others
        for also in (set(), {"0.123"}, {"0.123", min(others)}):
            assert neighbours.distinct(row, also) == len(others | also)
