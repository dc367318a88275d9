"""Rows of counts as pasted: right rows of published tables stay silent, slips are seen, what is unfit is refused."""

from fractions import Fraction

import pytest
from scipy import stats

from secondlook.stats.count_readings import P_OF, CountRow, judge_counts, judge_levels

FLAGS = ("inconsistent", "query", "reproduced-if")


def row(n_1, size_1, pct_1, n_2, size_2, pct_2, p=""):
    return CountRow(str(n_1), str(size_1), str(n_2), str(size_2), pct_1, pct_2, p)


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        # Published tables; p by R's chisq.test(correct = FALSE), fisher.test, chisq.test, t.test, fisher.test one-sided.
        (("23", "58", "39.7", "28", "55", "50.9", "0.230"), ""),
        (("20", "45", "44.4", "4", "20", "20", "0.059"), "chi-square with Yates' correction|"),
        (("382", "477", "80.1", "399", "483", "82.6", "0.357"), "chi-square with Yates' correction"),
        (("16", "18", "88.9", "22", "23", "95.7", "0.447"), "Welch's t test on the codes of the levels"),
        (("18", "18", "100", "21", "23", "91.3", "0.209"), "t test on the codes of the levels"),
        (("26", "80", "32.5", "35", "160", "21.9", "0.053"), "Fisher's exact test, one-sided (greater)"),
        (("17", "104", "16.34", "3", "72", "4.17", "0.01"), "digits cut off"),
        (("56", "80", "70", "112", "160", "70", "1"), ""),
        (("238", "480", "49.6", "423", "510", "82.9", "<0.001"), ""),
    ],
)
def test_right_rows(printed, reading):
    judged = judge_counts(*(printed[i] for i in (0, 1, 3, 4, 2, 5, 6)))
    assert judged.verdict == ("reproduced-if" if judged.reading else "reproduced"), judged
    assert judged.reading in reading.split("|")
    assert judged.repair == ""
    if judged.reading:
        assert 0 < judged.chance < Fraction(1, 20)


def test_levels_are_tested_together():
    """R: chisq.test of 31, 15, 12 and 33, 14, 8 gives 0.6644; the first level alone would give 0.482."""
    levels = [
        row(31, 58, "53.4", 33, 55, "60.0", "0.664"),
        row(15, 58, "25.9", 14, 55, "25.5"),
        row(12, 58, "20.7", 8, 55, "14.5"),
    ]
    assert [judged.verdict for judged in judge_levels(levels)] == ["reproduced"] * 3
    assert judge_levels([levels[0]])[0].verdict == "inconsistent"


def test_known_patients_only():
    """A published row: 23 and 9 of 44 with 71.9 % and 28.1 %, which are of 32."""
    judged = judge_levels([row(23, 44, "71.9", 48, 88, "62.3"), row(9, 44, "28.1", 29, 88, "37.7")])
    assert {one.verdict for one in judged} == {"reproduced-if"}
    assert judged[0].reading == "known patients only (32 of 44); known patients only (77 of 88)"


def test_one_level_of_known_patients_is_at_most_a_query():
    judged = judge_counts("23", "44", "48", "88", "71.9", "54.5")
    assert judged.verdict == "query"
    assert "32" in judged.reason


def test_percentages_made_up_to_100():
    """A third three times: 33.3, 33.3 and 33.4 add up to 100. 33.5 does not."""
    thirds = [
        row(10, 30, "33.3", 5, 15, "33.3"),
        row(10, 30, "33.3", 5, 15, "33.3"),
        row(10, 30, "33.4", 5, 15, "33.3"),
    ]
    judged = judge_levels(thirds)
    assert [one.verdict for one in judged] == ["reproduced", "reproduced", "reproduced-if"]
    assert (judged[2].reading, judged[2].chance) == ("made up to 100 %", Fraction(2, 1001))
    assert judge_levels([*thirds[:2], row(10, 30, "33.5", 5, 15, "33.3")])[2].verdict == "inconsistent"


def test_levels_of_everyone_leave_no_one_unknown():
    """15 of 28 is 53.6 %, but 15 and 15 are all 30."""
    judged = judge_levels([row(15, 30, "53.6", 20, 40, "50.0"), row(15, 30, "50.0", 20, 40, "50.0")])
    assert [one.verdict for one in judged] == ["inconsistent", "reproduced"]
    assert judged[0].repair == "50.0 % for 53.6 %"


def test_another_count_that_percentage_and_p_agree_on():
    """A published row: 45 of 94 with 51.1 % and p 0.190, which are those of 48 (R: chisq.test 0.1902)."""
    judged = judge_counts("112", "189", "45", "94", "59.3", "51.1", "0.190")
    assert (judged.verdict, judged.repair) == ("inconsistent", "48 for 45")
    assert judged.chance == Fraction(95 * 2, 1001 * 1001)


def test_a_moved_point():
    """A published variable: R's chisq.test gives 0.0534 and 0.530 is printed."""
    levels = [
        row(33, 189, "17.5", 23, 94, "24.5", "0.530"),
        row(81, 189, "42.9", 47, 94, "50.0"),
        row(75, 189, "39.7", 24, 94, "25.5"),
    ]
    judged = judge_levels(levels)[0]
    assert (judged.verdict, judged.repair) == ("inconsistent", "p 0.053 for 0.530")


def test_a_p_above_one_is_said_so():
    judged = judge_counts("20", "45", "4", "20", p="1.084")
    assert judged.verdict == "inconsistent"
    assert "between 0 and 1" in judged.reason


def test_more_than_everyone():
    judged = judge_counts("61", "58", "4", "20", "39.7", "20")
    assert judged.verdict == "inconsistent"
    assert "61 of 58" in judged.reason


def test_percentages_without_counts():
    """The GRIM question: of 27 patients none is 37.4 %; 44.4 % of 45 and 20 % of 20 are 20 and 4, whose Pearson p is 0.059."""
    assert judge_counts("", "27", "", "", "37.4").verdict == "query"
    judged = judge_counts("", "45", "", "20", "44.4", "20", "0.059")
    assert judged.verdict == "reproduced"
    assert stats.chi2_contingency([[20, 4], [25, 16]], correction=False).pvalue == pytest.approx(0.059, abs=5e-4)


def test_a_stated_test_is_the_one_that_counts():
    yates = ("382", "477", "399", "483", "80.1", "82.6", "0.357")
    assert judge_counts(*yates).verdict == "reproduced-if"
    assert judge_counts(*yates, p_of="chi2").verdict == "reproduced"
    pearson = ("23", "58", "28", "55", "39.7", "50.9", "0.230")
    assert judge_counts(*pearson).verdict == "reproduced"
    assert judge_counts(*pearson, p_of="fisher").verdict == "reproduced-if"
    assert judge_counts(*pearson, p_of="cochran_armitage").verdict == "reproduced", "of two levels Pearson's"


def test_an_exact_share_is_not_cut_off_to_less():
    """A published row: 13 of 20 is 65 % exactly, and 64 is printed."""
    assert judge_counts("42", "45", "13", "20", "93.3", "64", "0.003").verdict == "inconsistent"


def test_a_p_of_one_cut_off_as_programs_have_it():
    """R: chisq.test(matrix(c(37, 10, 82, 21), 2))$p.value is 0.999999999999998."""
    judged = judge_counts("37", "47", "82", "103", "78.7", "79.6", "0.99")
    assert (judged.verdict, judged.reading) == ("reproduced-if", "Fisher's exact test, digits cut off")


def test_nothing_to_judge():
    assert judge_counts("20", "", "4", "", p="").verdict == "not-testable"
    assert judge_counts("", "", "", "", p="0.05").verdict == "not-testable"


def test_all_that_is_unfit_is_named():
    with pytest.raises(
        ValueError, match=r"n_1: '20.5' is not a whole number; size_2: a group of nobody; p: 'x' is not"
    ):
        CountRow("20.5", "45", "4", "0", p="x")
    with pytest.raises(ValueError, match="unknown p_of 'anova'"):
        judge_counts("20", "45", "4", "20", p_of="anova")
    with pytest.raises(ValueError, match="no rows"):
        judge_levels([])


def test_every_name_of_a_test_is_accepted():
    assert {"chi2", "fisher", "lr"} <= set(P_OF)


def test_a_large_trial_is_judged():
    """9000 of 9410 and 11000 of 11430; Fisher's p by SciPy."""
    p = f"{stats.fisher_exact([[9000, 11000], [410, 430]]).pvalue:.3f}"
    assert judge_counts("9000", "9410", "11000", "11430", "95.6", "96.2", p, "fisher").verdict == "reproduced"
