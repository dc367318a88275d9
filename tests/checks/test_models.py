"""Checks of models on the invented paper (each fires and stays silent) and on the paper itself.

Authorities: Wald arithmetic by hand in the comments; R for the interval of the invented rows (tests/test_wald.py).
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from invented import LAYOUT, MODELS, TEXT, audited, write

from secondlook.checks import directions, models
from secondlook.numbers.printed import Interval, parse
from secondlook.paper.registry import load
from secondlook.paper.rows import all_rows, neighbours, prose_rows, table_rows
from secondlook.stats.readings_table import interval_against_p
from secondlook.stats.wald import as_line


def checks(folder, **changes):
    return {check.check_id: check for check in models.check(load(write(folder, **changes)))}


def flagged(found):
    return {check_id: check.verdict for check_id, check in found.items() if check.is_flag}


# Medians by arm, a log-rank test of the arms, and an order of the grades: walking recovers sooner (HR 1.80 above 1).
TIMES = """
[[medians]]
endpoint = "recovery"
group = "walk"
median = "results.walk.median"
lower = "results.walk.lower"
upper = "results.walk.upper"

[[medians]]
endpoint = "recovery"
group = "rest"
median = "results.rest.median"
lower = "results.rest.lower"
upper = "results.rest.upper"

[[log_ranks]]
endpoint = "recovery"
p = "results.recovery.p"
groups = ["walk", "rest"]
variable = "arm"
"""
TIMES_TEXT = """results.walk.median,results,2,recovery,median,walk,{walk},,weeks
results.walk.lower,results,2,recovery,lower,walk,{walk_low},,weeks
results.walk.upper,results,2,recovery,upper,walk,{walk_high},,weeks
results.rest.median,results,2,recovery,median,rest,6.0,,weeks
results.rest.lower,results,2,recovery,lower,rest,5.0,,weeks
results.rest.upper,results,2,recovery,upper,rest,7.3,,weeks
results.recovery.p,results,2,recovery,p,everyone,0.014,,log-rank
"""
GRADE = 'grade = { label = "Grade", levels = { 1 = "I", 2 = "II", 3 = "III" } }'


def with_times(walk="4.0", low="3.2", high="5.0"):
    return {"layout": LAYOUT + TIMES, "text": TEXT + TIMES_TEXT.format(walk=walk, walk_low=low, walk_high=high)}


def with_order(order):
    return {"layout": (GRADE, GRADE[:-2] + f', order = {order}, order_source = "source2000" }}')}


# Rows ---------------------------------------------------------------------------------------------------------------


def test_rows_of_tables_and_of_prose(paper):
    rows = list(table_rows(paper))
    assert len(rows) == 30
    assert [row.key for row in rows if row.table == "t5" and row.set == "multi"] == [
        "t5.ecog.multi",
        "t5.hbv.multi",
        "t5.afp.multi",
    ]
    prose = list(prose_rows(paper))
    assert len(prose) == 10
    assert all(len(row.values) == 4 for row in prose)
    assert len({row.key for row in all_rows(paper)}) == 40
    ecog = next(row for row in rows if row.key == "t6.ecog.multi")
    assert (ecog.endpoint, ecog.variable, ecog.contrast.exposed) == ("os", "ecog", ["2"])
    assert str(ecog.line) == "4.530 (2.291–8.960), p <0.001"


def test_neighbours_stand_above_and_below_in_the_same_columns(paper):
    rows = all_rows(paper)
    by_key = {row.key: row for row in rows}
    assert [r.key for r in neighbours(by_key["t5.hbv.uni"], rows)] == ["t5.child_pugh.uni", "t5.cirrhosis.uni"]
    assert [r.key for r in neighbours(by_key["t5.hbv.multi"], rows)] == ["t5.ecog.multi", "t5.afp.multi"]
    assert [r.key for r in neighbours(by_key["t5.sex.uni"], rows)] == ["t5.age.uni"]
    assert neighbours(next(r for r in rows if r.in_prose), rows) == []


def test_a_row_restated_twice_in_one_section_makes_two_rows(tmp_path):
    text = TEXT + (
        "summary.a.hr,summary,2,hazard ratio,hr,everyone,1.80,t3.arm.uni.hr,again\n"
        "summary.a.p,summary,2,p,p,everyone,0.015,t3.arm.uni.p,again\n"
    )
    rows = list(prose_rows(load(write(tmp_path, text=text))))
    assert [sorted(row.values) for row in rows] == [["hr"], ["hr", "p"]]
    assert len({row.key for row in all_rows(load(tmp_path))}) == 8


# The box of a row ---------------------------------------------------------------------------------------------------


def test_true_rows_are_coherent(tmp_path):
    found = checks(tmp_path)
    assert flagged(found) == {}
    check = found["model.t3.arm.uni"]
    assert check.verdict == "coherent"
    assert check.evidence == "algebra"
    assert check.value_ids == ("t3.arm.uni.hr", "t3.arm.uni.lower", "t3.arm.uni.upper", "t3.arm.uni.p")
    # log 1.80 / ((log 2.89 − log 1.12) / 3.92) = 2.431, p = 0.0151; with rounding from 0.0143 to 0.0158.
    assert (check.said.published, check.said.recomputed) == ("0.015", "0.014–0.016")


def test_exchanged_numbers_are_found_with_their_chance(tmp_path):
    check = checks(tmp_path, models=("1.10,0.70,1.73,0.679", "0.679,0.70,1.73,1.10"))["model.t3.side.uni"]
    assert check.verdict == "inconsistent", (
        "the paper's conclusions are not declared, and the interval covers 1 as p says"
    )
    assert check.suspect_ids == ("t3.side.uni.hr", "t3.side.uni.p")
    assert check.said.repair == "HR 1.10, p 0.679"
    assert check.said.recomputed == "1.10 (0.70–1.73), p 0.679"
    assert 0 < check.chance < Fraction(1, 2)


def test_a_wrong_limit_beside_a_p_on_the_other_side_is_a_decision(tmp_path):
    check = checks(tmp_path, models=("0.62,0.39,0.99,0.044", "0.62,0.39,1.99,0.044"))["model.t3.grade.uni"]
    assert check.verdict == "decision"
    assert check.suspect_ids == ("t3.grade.uni.upper",)
    assert check.said.repair == "upper limit 0.99"
    assert "covers 1, while p is 0.044" in check.said.note


def test_a_wrong_number_that_changes_no_conclusion_is_inconsistent(tmp_path):
    check = checks(tmp_path, models=("0.90,0.54,1.50,0.686", "0.90,0.54,1.50,0.286"))["model.t3.smoker.uni"]
    assert check.verdict == "inconsistent"
    assert check.suspect_ids == ("t3.smoker.uni.p",)
    assert check.said.repair == "p 0.686"


def test_numbers_that_nothing_mends_accuse_all_and_name_no_repair(tmp_path):
    check = checks(tmp_path, models=("0.90,0.54,1.50,0.686", "4.72,3.35,1.06,0.222"))["model.t3.smoker.uni"]
    assert check.is_flag
    assert check.said.repair == ""
    assert check.chance is None
    assert "No repair" in check.said.note
    assert len(check.suspect_ids) == 4


def test_last_digits_that_cannot_be_told_apart_name_the_number_alone(tmp_path):
    """1.024 (0.594–1.766) implies p from 0.931 to 0.933; of 0.939 the last digit is wrong, and three would do."""
    check = checks(tmp_path, models=("1.10,0.70,1.73,0.679", "1.024,0.594,1.766,0.939"))["model.t3.side.uni"]
    assert check.verdict == "inconsistent"
    assert check.suspect_ids == ("t3.side.uni.p",)
    assert (check.said.repair, check.chance) == ("", None)
    assert check.said.recomputed == "p 0.931–0.933"
    assert "p 0.931 to 0.933" in check.said.note


def test_several_repairs_are_said_to_be_several(tmp_path):
    """A ratio beside the limits of its inverse: either may have been inverted."""
    check = checks(tmp_path, models=("1.10,0.70,1.73,0.679", "0.562,0.749,4.222,0.192"))["model.t3.side.uni"]
    assert check.said.repair == ""
    assert "repairs of the same size (one slip) are possible" in check.said.note
    assert len(check.suspect_ids) == 4


def test_the_number_without_which_the_row_is_possible_is_named(tmp_path):
    """Of 1.10 (0.70–1.73) p is 0.679; 0.123 is no slip of that, and the other three fit together."""
    check = checks(tmp_path, models=("1.10,0.70,1.73,0.679", "1.10,0.70,1.73,0.123"))["model.t3.side.uni"]
    assert check.suspect_ids == ("t3.side.uni.p",)
    assert "If a single number is wrong it is p" in check.said.note
    assert check.said.recomputed == "p 0.663–0.696"


def test_a_row_needs_three_numbers_to_be_checked(tmp_path):
    text = TEXT + "summary.arm.p,summary,1,p,p,everyone,0.015,t3.arm.uni.p,p\n"
    found = checks(tmp_path, text=text)
    assert not [check_id for check_id in found if check_id.startswith("model.summary")], (
        "a ratio and p: nothing to hold"
    )
    assert "model.t3.arm.uni" in found


def test_a_row_without_p_is_held_by_its_limits(tmp_path):
    assert (
        checks(tmp_path, models=("1.10,0.70,1.73,0.679", "1.10,0.70,1.73,"))["model.t3.side.uni"].verdict == "coherent"
    )
    wrong = checks(tmp_path, models=("1.10,0.70,1.73,0.679", "1.10,0.20,1.73,"))["model.t3.side.uni"]
    assert wrong.verdict == "inconsistent"
    assert wrong.suspect_ids == ("t3.side.uni.lower",)


@pytest.mark.parametrize(
    ("line", "against"),
    [
        (("2.0", "1.2", "3.3", "0.20"), True),  # excludes 1, p above
        (("1.2", "0.8", "1.9", "0.01"), True),  # covers 1, p below
        (("2.0", "1.2", "3.3", "0.01"), False),
        (("1.6", "1.0", "2.6", "0.05"), False),  # 1.0 may be 0.98 or 1.04
        (("1.6", "1.0", "2.6", "0.20"), False),  # so it need not exclude 1
        (("1.6", "1.0", "2.6", "0.01"), False),  # nor cover it
        (("0.6", "0.4", "1.0", "0.20"), False),
        (("0.6", "0.4", "1.0", "0.01"), False),
        (("1.6", "≥1.0", "2.6", "0.20"), False),  # an interval that may end at 1 itself
        (("0.6", "0.4", "≤1.0", "0.20"), False),
        (("1.6", "0.9", "2.6", "≤0.05"), False),  # 0.05 itself is not below 0.05
        (("1.6", "0.9", "2.6", "<0.05"), True),
        (("1.6", "1.1", "2.6", ">0.05"), True),
        (("1.6", "0.9", "", "0.01"), False),
        (("1.6", "2.2", "1.3", "0.19"), False),  # the wrong way round: what they exclude nobody can say
    ],
)
def test_coverage_of_1_against_p(line, against):
    assert bool(interval_against_p(as_line(*line))) is against


# How a table was made ------------------------------------------------------------------------------------------------

#: PMC2688355, Table 4: limits by profile likelihood, p of the likelihood-ratio test.
PROFILE = [
    "1.07,0.57,2.12,0.83", "0.81,0.40,1.70,0.58", "2.78,0.91,12.1,0.075", "3.24,1.66,6.16,0.0008", "2.34,1.00,5.03,0.049",
    "4.74,1.83,12.4,0.0016", "2.56,1.22,6.05,0.012", "5.37,1.87,22.7,0.0008", "1.13,0.44,3.16,0.79", "3.28,1.69,6.18,0.0007",
]  # fmt: skip


def of_rows(folder, rows, said=""):
    """Return the checks of a paper that is one table of models, whose layout says so much of it."""
    folder.mkdir(exist_ok=True)
    names = [f"v{i}" for i in range(len(rows))]
    lines = [f"{name},{name},{row}" for name, row in zip(names, rows, strict=True)]
    (folder / "t.csv").write_text("\n".join(["row,label,hr,lower,upper,p", *lines, ""]), encoding="utf-8")
    variables = "\n".join(f'[variables.{name}]\nlabel = "{name}"' for name in names)
    layout = f"""
[paper]
title = "One table"
short = "one"
arms = ["a", "b"]
[sections]
results = "Results"
[groups]
a = {{ label = "a" }}
b = {{ label = "b" }}
{variables}
[tables.t1]
title = "Models"
file = "t.csv"
section = "results"
kind = "models"
{said}
[tables.t1.columns]
""" + "\n".join(f'{role} = {{ role = "{role}" }}' for role in ("hr", "lower", "upper", "p"))
    (folder / "layout.toml").write_text(layout, encoding="utf-8")
    return {check.check_id: check for check in models.check(load(folder))}


def test_a_table_of_other_making_says_so_and_is_not_accused(tmp_path):
    found = of_rows(tmp_path, PROFILE)
    assert {check.verdict for check in found.values()} == {"coherent"}
    assert "10 of 10 rows show it" in found["making.t1"].said.note


def test_the_same_table_is_accused_when_it_is_declared_to_be_walds(tmp_path):
    found = of_rows(tmp_path, PROFILE, 'interval = "wald"\np_of = "wald"')
    assert "making.t1" not in found
    assert sum(check.verdict in ("inconsistent", "decision") for check in found.values()) > 7


def test_a_declared_making_is_coherent_and_a_wrong_row_in_it_is_still_wrong(tmp_path):
    said = 'interval = "profile"\np_of = "lr"'
    assert {check.verdict for check in of_rows(tmp_path, PROFILE, said).values()} == {"coherent"}
    wrong = of_rows(tmp_path, [*PROFILE, "2.82,0.57,2.12,0.069"], said)["model.t1.v10"]
    assert (wrong.verdict, wrong.said.repair) == ("inconsistent", ""), "no repair from another reading"


def test_the_level_that_a_layout_states_is_the_rows_level(tmp_path):
    # b = 0.5, s = 0.2: 99 % limits exp(0.5 ∓ 0.5152) = 0.985 and 2.760, p 0.0124.
    row = ["1.649,0.985,2.760,0.012"]
    assert of_rows(tmp_path, row, 'level = 99\ninterval = "wald"\np_of = "wald"')["model.t1.v0"].verdict == "coherent"
    assert of_rows(tmp_path, row, 'interval = "wald"\np_of = "wald"')["model.t1.v0"].verdict == "decision"


def test_a_p_above_1_is_said_to_be_none(tmp_path):
    found = of_rows(tmp_path, ["1.084,0.506,2.322,1.084"], 'interval = "wald"\np_of = "wald"')["model.t1.v0"]
    assert found.verdict == "inconsistent"
    assert "no probability is above 1" in found.said.note
    assert "p repeats HR" in found.said.note


# Directions ---------------------------------------------------------------------------------------------------------


def test_a_ratio_along_with_the_medians_is_coherent(tmp_path):
    found = checks(tmp_path, **with_times())
    assert found["direction.t3.arm.uni.medians"].verdict == "coherent"
    assert found["labels.t3"].verdict == "coherent"
    assert "direction.t3.arm.multi.medians" not in found, "an adjusted ratio may turn for good reasons"


def test_a_ratio_far_against_the_medians_is_a_query(tmp_path):
    found = checks(tmp_path, **with_times("12.0", "9.8", "14.8"))
    check = found["direction.t3.arm.uni.medians"]
    assert check.verdict == "query"
    assert "0.56 (0.35–0.89)" in check.said.note, "what the label the other way round would say: 1/1.80, 1/2.89, 1/1.12"
    assert check.suspect_ids == ("t3.arm.uni.hr", "results.walk.median", "results.rest.median")
    labels = found["labels.t3"]
    assert labels.verdict == "query"
    assert labels.suspect_ids == ("t3.arm.uni.hr",)


def test_medians_that_disagree_within_chance_are_no_alarm(tmp_path):
    """Side, HR 1.10 (0.70–1.73), with medians 6.1 against 6.0: nothing strange."""
    models_ = MODELS.replace("1.80,1.12,2.89,0.015,1.75,1.09,2.81,0.021", "1.10,0.70,1.73,0.679,,,,")
    found = checks(tmp_path, **with_times("6.4", "4.9", "8.3"), models=models_)
    check = found["direction.t3.arm.uni.medians"]
    assert check.verdict == "coherent"
    assert "no rarity" in check.said.note


def test_clinical_order(tmp_path):
    """Grade III against I-II, HR 0.62 (0.39-0.99), p 0.044: with III the worst it reads against, though not far."""
    against = checks(tmp_path / "a", **with_order('["1", "2", "3"]'))
    assert against["direction.t3.grade.uni.order"].verdict == "coherent"
    assert "chance alone does so much often enough" in against["direction.t3.grade.uni.order"].said.note
    along = checks(tmp_path / "b", **with_order('["3", "2", "1"]'))
    assert "Were the label" not in along["direction.t3.grade.uni.order"].said.note
    far = checks(
        tmp_path / "c",
        **with_order('["1", "2", "3"]'),
        models=("0.62,0.39,0.99,0.044", "0.50,0.31,0.79,0.003"),
    )
    check = far["direction.t3.grade.uni.order"]
    assert check.verdict == "query"
    assert "2.00 (1.27–3.23)" in check.said.note
    assert far["labels.t3"].suspect_ids == ("t3.grade.uni.hr", "t3.grade.multi.hr")


def test_levels_that_no_order_ranks_are_left_alone(tmp_path):
    found = checks(tmp_path, **with_order('["1", "2"]'))
    assert not [check_id for check_id in found if check_id.startswith(("direction", "labels"))]


def test_rarity_falls_with_the_distance():
    limits = [(parse("4.0"), parse("7.2")), (parse("2.3"), parse("6.3"))]
    s = Interval(0.26, 0.26)
    values = [directions._rarity(Interval(b, b), s, Interval(0.5, 0.5), limits) for b in (0.0, 0.1, 0.5)]
    assert values == sorted(values, reverse=True)
    unknown = directions._rarity(Interval(0.1, 0.1), s, Interval(0.5, 0.5), [(None, None), limits[1]])
    assert unknown > 0.05, "without their intervals the medians count for nothing"


def cohort_rarity(rng, b, groups=(41, 27)):
    """Return the rarity that `directions` gives a simulated true cohort with proportional hazards; 1 when along."""
    x = np.repeat([1.0, 0.0], groups)
    times, ends = rng.exponential(8 * np.exp(-b * x)), rng.uniform(12, 50, len(x))
    t, e = np.minimum(times, ends), (times <= ends).astype(float)
    order = np.argsort(t)
    at_risk = [np.cumsum((x[order] == g)[::-1])[::-1] for g in (1, 0)]
    log_hr = 0.0
    for _ in range(20):  # Newton's method on the partial likelihood
        share = at_risk[0] * np.exp(log_hr) / (at_risk[0] * np.exp(log_hr) + at_risk[1])
        information = (e[order] * share * (1 - share)).sum()
        log_hr += (e[order] * (x[order] - share)).sum() / information
    (m1, low1, high1), (m0, low0, high0) = (median_with_limits(t[x == g], e[x == g]) for g in (1, 0))
    ratio = math.log(m1 / m0)
    if ratio * log_hr <= 0:
        return 1.0
    limits = [(parse(f"{low:.3f}"), parse(f"{high:.3f}")) for low, high in ((low1, high1), (low0, high0))]
    s = information**-0.5
    return directions._rarity(Interval(log_hr, log_hr), Interval(s, s), Interval(ratio, ratio), limits)


def median_with_limits(t, e):
    """Return the Kaplan-Meier median with its log-log limits (Brookmeyer and Crowley 1982)."""
    order = np.argsort(t)
    n = np.arange(len(t), 0, -1)
    survival = np.clip(np.cumprod(1 - e[order] / n), 1e-9, 1 - 1e-9)
    width = 1.96 * np.sqrt(np.cumsum(e[order] / (n * np.maximum(n - e[order], 1e-9)))) / -np.log(survival)
    width = np.minimum(width, 20)  # the last event ends the curve, and with it the band
    curves = (survival, survival ** np.exp(width), survival ** np.exp(-width))
    return [t[order][np.argmax(curve <= 0.5)] if (curve <= 0.5).any() else t.max() for curve in curves]


@pytest.mark.parametrize("b", [0.0, 0.3])
def test_true_cohorts_are_seldom_queried(b):
    """Of 400 true cohorts with hazard ratios near 1, a fifth disagree in sign, and hardly any is queried."""
    rng = np.random.default_rng(7)
    rarities = [cohort_rarity(rng, b) for _ in range(400)]
    assert sum(rarity < 1 for rarity in rarities) > 40
    assert sum(rarity < directions.IMPLAUSIBLE for rarity in rarities) <= 4


# The paper ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(paper):
    return {check.check_id: check for check in models.check(paper)}


def test_two_rows_of_the_paper_cannot_be_true(found):
    assert {i: c.verdict for i, c in found.items() if i.startswith("model.") and c.is_flag} == {
        "model.t5.cirrhosis.uni": "inconsistent",  # no sentence of the paper draws anything from it
        "model.t6.hbv.uni": "inconsistent",
    }
    assert len([i for i in found if i.startswith("model.")]) == 40


def test_hr_and_p_of_one_row_are_exchanged(found):
    """√(0.469 · 1.616) = 0.8706; log 0.870 / ((log 1.616 − log 0.469) / 3.92) = −0.441, p 0.659."""
    check = found["model.t6.hbv.uni"]
    assert check.said.repair == "HR 0.870, p 0.660"
    assert check.suspect_ids == ("t6.hbv.uni.hr", "t6.hbv.uni.p")
    assert check.chance < Fraction(1, 100)


def test_both_limits_of_one_row_lost_a_digit(found):
    """z = 0.1168 for p 0.907, s = 0.0377 / 0.1168 = 0.323, limits 0.963 · exp(∓0.633) = 0.511 and 1.813."""
    check = found["model.t5.cirrhosis.uni"]
    assert check.said.repair == "lower limit 0.511, upper limit 1.813"
    assert check.suspect_ids == ("t5.cirrhosis.uni.lower", "t5.cirrhosis.uni.upper")
    assert check.chance < Fraction(1, 20)


def test_labels_of_the_paper_that_read_in_two_directions(found):
    assert {i: c.verdict for i, c in found.items() if i.startswith(("direction.", "labels.")) and c.is_flag} == {
        "direction.t5.arm.uni.medians": "query",
        "direction.t6.child_pugh.uni.order": "query",
        "labels.t5": "query",
        "labels.t6": "query",
    }


def test_the_selection_rule_is_obeyed_throughout(found):
    selected = [c for i, c in found.items() if i.startswith("selection.")]
    assert len(selected) == 24
    assert {c.verdict for c in selected} == {"coherent"}


def test_the_invented_paper_stays_free_of_flags_with_models_in_the_audit(tmp_path):
    assert not [check for check in audited(tmp_path).checks if check.is_flag]
