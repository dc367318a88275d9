"""A table's reading, on tables that others printed (data/trials/rows.csv) and that R made (data/reference/makings.R)."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from secondlook.stats import readings_table
from secondlook.stats.readings import PrintedRow
from secondlook.stats.readings_table import interval_against_p, judge_table
from secondlook.stats.wald import as_line
from secondlook.trials import other_makings

DATA = Path(__file__).parents[2] / "data"
ACCUSED = {"inconsistent", "decision"}


def judged(*rows, **said):
    """Return the judgements of rows given as (ratio, lower, upper, p)."""
    return judge_table([PrintedRow(as_line(*row), **said) for row in rows]).rows


def with_known():
    """Return the rows of others, by table."""
    tables: dict[str, list[dict]] = {}
    with (DATA / "trials" / "rows.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], []).append(row)
    return tables


OTHERS = with_known()


@pytest.fixture(scope="module")
def others():
    return list(other_makings.rows_of_others(DATA / "trials" / "rows.csv"))


def test_no_right_row_of_others_is_accused_and_every_wrong_one_is(others):
    verdicts = {known: Counter() for known in ("right", "wrong", "unresolved")}
    for row, _, _, verdict, _ in others:
        verdicts[row["known"]][verdict] += 1
    assert sum(verdicts["right"].values()) > 600
    assert not ACCUSED & set(verdicts["right"])
    assert sum(verdicts["wrong"].values()) == 7
    assert set(verdicts["wrong"]) <= ACCUSED


def test_two_tables_of_other_making_are_named(others):
    reading = {row["table"]: reading for row, _, _, _, reading in others}
    assert "profile" in reading["PMC2688355_t4"]
    assert "Wald interval and Wald p, rounded" not in reading["PMC8562974_T2"]
    assert reading["PMC9923097_T4"] == "Wald interval and Wald p, rounded"


@pytest.mark.parametrize("table", [name for name, rows in OTHERS.items() if rows[0]["group"] == "programs"])
def test_rows_of_programs_are_coherent_where_their_making_is_stated(table):
    rows = [
        PrintedRow(
            as_line(row["ratio"], row["lower"], row["upper"], row["p"]),
            level=float(row["level"]),
            interval=row["interval"],
            p_of=row["p_of"],
        )
        for row in OTHERS[table]
    ]
    found = [judgement.verdict for judgement in judge_table(rows).rows]
    assert set(found) == {"coherent"}, found


def some(model, tables=4):
    """Return a few of the tables that R made."""
    made = other_makings.made(DATA / "reference" / "makings.csv")
    return [rows for name, rows in made.items() if name[0] == model][:tables]


@pytest.mark.parametrize("way", list(other_makings.WAYS))
def test_tables_of_any_making_are_not_accused(way):
    found = Counter()
    for model in ("cox", "logit"):
        for rows in some(model):
            texts = [t for row in rows if row["s"] < 2 and (t := other_makings.printed(row, way, 3))]
            if len(texts) >= 6:
                found.update(judgement.verdict for judgement in judged(*texts))
    assert sum(found.values()) >= 20
    assert sum(found[verdict] for verdict in ACCUSED) <= sum(found.values()) / 100


def test_a_leading_digit_is_seen_in_a_table_that_does_not_say_how_it_was_made():
    rng, seen, planted = np.random.default_rng(3), 0, 0
    for rows in some("cox", 8):
        table = [other_makings.printed(row, "Wald", 3) for row in rows]
        for i in rng.choice(len(table), 3, replace=False):
            slip = other_makings.leading_digit(rng, table[i])
            if slip:
                planted += 1
                seen += judged(*table[:i], slip, *table[i + 1 :])[i].verdict in ACCUSED
    assert planted > 15
    assert seen >= 0.9 * planted


WALD = [("1.50", "0.92", "2.45", "0.105"), ("0.76", "0.53", "1.09", "0.132"), ("1.29", "1.03", "1.62", "0.028")]


def test_a_row_by_itself_is_not_accused_for_another_method():
    [row] = judged(("0.1267", "0.01399", "1.147", "0.03064"))  # R: p of the likelihood-ratio test
    assert row.verdict == "reproduced-if"
    assert 0 < row.chance < 1
    assert row.repair == ""
    [row] = judged(("3.999", "2.193", "10.546", ""))
    assert row.verdict == "not-testable"


def test_declared_wald_is_as_sharp_as_the_box():
    said = {"interval": "wald", "p_of": "wald", "level": 0.95, "sides": 2, "digits": "rounded"}
    [row] = judged(("0.1267", "0.01399", "1.147", "0.03064"), **said)
    assert row.verdict == "decision", "0.031 and an interval that covers 1"
    [row] = judged(("4.14", "1.80", "5.91", ""), **said)
    assert (row.verdict, row.repair) == ("inconsistent", "4.14 (1.80–9.51)")


def test_no_repair_comes_from_another_reading():
    said = {"interval": "profile", "p_of": "lr"}
    [row] = judged(("2.82", "0.57", "2.12", "0.069"), **said)
    assert (row.verdict, row.repair) == ("inconsistent", "")


def test_limits_in_reverse_are_put_in_order():
    [row, _] = judged(("0.98", "1.00", "0.96", "0.017"), ("0.98", "1.02", "0.93", "0.313"))  # R finalfit
    assert row.verdict == "coherent"
    assert "reverse" in row.reason


@pytest.mark.parametrize("said", [{"interval": "credible"}, {"interval": "iqr"}, {"measure": "MD"}])
def test_what_is_no_such_row_is_not_judged(said):
    [row] = judged(("1.5", "1.4", "9.9", "0.9"), **said)
    assert row.verdict == "not-testable"


def test_a_p_of_another_hypothesis_is_left_out():
    [row] = judged(("1.50", "0.92", "2.45", "0.9"), p_of="interaction")
    assert row.verdict == "coherent"


def test_no_probability_is_above_1():
    [*_, row] = judged(*WALD, ("1.084", "0.506", "2.322", "1.084"))
    assert row.verdict == "inconsistent"
    assert "no probability" in row.reason
    assert "repeats" in row.reason


def test_what_hands_may_have_done_is_a_query_beside_rows_of_wald():
    rows = [t for row in some("cox", 1)[0] if (t := other_makings.printed(row, "Wald", 3))]
    # 1/0.540 = 1.852 by hand from 0.54; b = −0.6162, s = 0.2729 print 0.540 (0.316–0.922), 1.852 (1.085–3.161).
    *_, row = judged(*rows, ("1.854", "1.085", "3.161", "0.024"))
    assert row.verdict == "query"


def test_a_table_with_more_rows_than_slips_keeps_its_reading(monkeypatch):
    """Break the weights once: with no weight left for slips, one wrong row would make the table one of another making."""
    rows = [t for row in some("cox", 1)[0] if (t := other_makings.printed(row, "Wald", 3))]
    wrong = (rows[0][0], rows[0][1], rows[0][2], "0.99" if float(rows[0][3].strip("<")) < 0.5 else "0.011")
    assert judged(wrong, *rows[1:])[0].verdict in ACCUSED
    monkeypatch.setitem(readings_table.CONSTANTS, "accuse below", 0.0)
    assert judged(wrong, *rows[1:])[0].verdict not in {"coherent"}


@pytest.mark.parametrize(
    ("level", "sides", "p", "against"), [(0.95, 2, "0.03", -1), (0.99, 2, "0.03", 0), (0.95, 1, "0.03", 0)]
)
def test_an_interval_is_held_against_p_at_its_own_level(level, sides, p, against):
    assert interval_against_p(as_line("1.40", "0.90", "2.18", p), level, sides) == against


@pytest.mark.parametrize("p", [">0.05", "0.30"])
def test_an_interval_against_its_own_p_is_a_decision_even_for_a_row_by_itself(p):
    [row] = judged(("1.50", "1.10", "2.05", p))
    assert row.verdict == "decision"


def test_no_rows_are_no_table():
    assert judge_table([]).rows == ()
