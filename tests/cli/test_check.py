"""Pasted rows and their verdicts: none of the collected lines is wrongly accused; the command prints what the contract says."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from printed_lines import pasted

from secondlook.cli.check import COLUMNS, check
from secondlook.numbers.lines import read_lines
from secondlook.pasted import check_lines, level_of

LINES = {case["text"]: case["text"].replace("\\t", "\t").replace("\\n", "\n") for case in pasted()}
#: The collected rows that no admissible method prints, by hand: of each, why.
WRONG = {
    "HR 0.72 (95% CI 0.55–0.94), P = 0.16": "the interval excludes 1; Wald's p is 0.016",
    "HR 1.20 (95% CI 0.80–1.80), P < 0.000": "the interval covers 1; Wald's p is 0.38",
    "HR 1.20 (0.80, 1.80) P<0,05": "the interval covers 1; Wald's p is 0.38",
    "HR 2.10 (1.05–4.20), p = 0.36": "the interval excludes 1; Wald's p is 0.036",
    "HR 0.52, 95% CI 31-0.87, p=0.012": "0.52 is not between 0.87 and 31",
    "12/41 4/27 0.755": "R: chisq.test(correct = FALSE) 0.169, fisher.test 0.245",
    "12/41 vs 4/27; P=0.755": "the same",
    "2 of 41 vs 0 of 27, p=0.515": "R: fisher.test 0.514",
    "5 of 10 vs 3 of 9, p=1": "R: fisher.test 0.650, chisq.test 0.463, with Yates 0.788",
    "5/10 vs 3/9, p = 1.000": "the same",
    "8/41 vs 2/27, p=-0.29": "a probability is not negative",
    "8/41 vs 2/27, p=0": "R: chisq.test(correct = FALSE) 0.168",
}


def run(text: str, *arguments: str, code: int = 0):
    result = CliRunner().invoke(check, ["-", *arguments], input=text.encode())
    assert result.exit_code == code, result.output
    return result.output


def rows_of(text: str, *arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(text, "--format", "csv", *arguments))))


@pytest.mark.parametrize("text", LINES)
def test_the_verdict_of_a_collected_line(text):
    rows, _ = check_lines(read_lines(LINES[text]))
    expected = [case["verdicts"].split("|") for case in pasted() if case["text"] == text]
    assert [row.verdict in verdicts for row, verdicts in zip(rows, expected, strict=True)] == [True] * len(rows), rows
    accused = any(row.verdict in ("inconsistent", "decision") for row in rows)
    assert not accused or text in WRONG, "a right row is accused"
    assert text not in WRONG or not {row.verdict for row in rows} & {"coherent", "reproduced"}


def test_a_decision_is_only_an_interval_against_its_own_p():
    for text in LINES.values():
        for row in check_lines(read_lines(text))[0]:
            assert row.verdict != "decision" or "The interval" in row.reason


def test_not_significant_beside_an_interval_without_1_is_not_silent():
    for text in ("HR 1.84 (1.03–3.29), ns", "RR 1.84 (1.03 to 3.29); p = NS", "HR 0.72 (95% CI 0.55–0.94), n.s."):
        [row] = check_lines(read_lines(text))[0]
        assert row.verdict in ("reproduced-if", "query", "decision"), row


def test_percentages_are_no_counts_without_sizes():
    [row] = rows_of("ORR 8 (19.5%) vs 2 (7.4%), p=0.294")
    assert row["verdict"] == "unread"
    [row] = rows_of("ORR 8 (19.5%) vs 2 (7.4%), p=0.294", "--sizes", "41, 27")
    assert row["verdict"] == "reproduced"


def test_the_answer_has_the_columns_of_the_contract():
    text = "Variable\tHR (95% CI)\tP\nMale\t1.78 (0.75–4.22)\t0.19\n\nAge\t0.75 (0.44–1.27)\t0.002\n"
    rows = rows_of(text)
    assert tuple(rows[0]) == COLUMNS
    assert [(row["line"], row["label"]) for row in rows] == [("2", "Male"), ("4", "Age")]
    assert [row["verdict"] for row in rows] == ["coherent", "decision"]
    found = json.loads(run(text, "--format", "json"))
    assert [row["verdict"] for row in found["rows"]] == ["coherent", "decision"]
    said = run(text)
    assert "line 4: decision - Age" in said


def test_it_fails_only_when_asked():
    wrong = "HR 2.10 (1.05–4.20), p = 0.36"
    run(wrong)
    run(wrong, "--fail-on", "decision", code=2)
    run("HR 0.72 (95% CI 0.55–0.94), P = 0.016", "--fail-on", "query")


def test_an_input_that_cannot_be_read_is_refused_in_one_message(tmp_path):
    missing = CliRunner().invoke(check, [str(tmp_path / "none.txt")])
    assert (missing.exit_code, missing.output.count("\n")) == (1, 1)
    for data, said in (
        (b"\xff\xfe", "not UTF-8"),
        (b"ratio,ratio\n1,1\n", "twice"),
        (b"a,b\n1,2\n", "no column of a ratio"),
    ):
        result = CliRunner().invoke(check, ["-", "--table"], input=data)
        assert result.exit_code == 1
        assert said in result.output
    result = CliRunner().invoke(check, ["-", "--sizes", "41"], input=b"x")
    assert "two whole numbers" in result.output


def test_a_table_is_read_by_its_header():
    table = (
        "table,label,measure,ratio,lower,upper,p,level,sides,interval,p_of,note\n"
        "T1,Age,HR,1.20,0.80,1.80,0.37,0.95,2,wald,wald,x\n"
        'T1,Sex,HR,"1,20",0.80,1.80,0.37,,,,,\n'
        "T1,Stage,HR,0.75,0.57,0.99,0.021,95,1,,,\n"
        ",,,,,,,,,,,\n"
        "T2,x,OR,1.20,0.80,1.80,0.37,95%,,,\n"
    )
    rows = rows_of(table, "--table")
    assert [(row["line"], row["verdict"]) for row in rows] == [
        ("2", "coherent"), ("3", "unread"), ("4", "coherent"), ("6", "unread"),
    ]  # fmt: skip
    assert "Column ratio" in rows[1]["reason"]
    assert "cells" in rows[3]["reason"]
    [row] = rows_of("or,lower,upper,p\n2.31,1.20,4.46,0.012\n", "--table")
    assert row["read_as"].startswith("OR 2.31")
    [row] = rows_of("n_1,size_1,n_2,size_2,pct_1,pct_2,p\n14,40,5,35,35.0,14.3,0.040\n", "--table")
    assert row["verdict"] == "reproduced"


@pytest.mark.parametrize(
    ("text", "level"), [("0.95", 0.95), ("95", 0.95), ("97.5", 0.975), ("95%", 0.95), ("98.02", 0.9802)]
)
def test_a_level_is_a_fraction_or_a_percentage(text, level):
    assert level_of(text) == level


@pytest.mark.parametrize("text", ["1", "0.2", "100", "0", "x"])
def test_other_levels_are_refused(text):
    with pytest.raises(ValueError, match=r"level|printed number"):
        level_of(text)
