"""Tables in CSV: which columns are read, and which rows are not.

Authority: design, section 5 (`secondlook check --table`): a header names the columns, others are left aside, and every
cell that cannot be read is named by its column.
"""

from __future__ import annotations

import pytest

from secondlook.numbers.table_lines import read_table


def test_columns_are_found_by_their_names_wherever_they_stand():
    rows = read_table("\ufeffNote, P ,Label,Upper,HR,lower,table\nkept apart,0.012,AFP,4.46,2.31,1.20,t5\n,,,,,,\n")
    [row] = rows
    assert (row.line, row.kind, row.table) == (2, "ratio", "t5")
    assert row.fields == {
        "p": "0.012", "label": "AFP", "upper": "4.46", "ratio": "2.31", "lower": "1.20", "measure": "HR",
    }  # fmt: skip


@pytest.mark.parametrize(("column", "measure"), [("hr", "HR"), ("or", "OR"), ("rr", "RR"), ("shr", "SHR")])
def test_a_column_named_by_its_measure(column, measure):
    [row] = read_table(f"{column},lower,upper\n2.31,1.20,4.46\n")
    assert row.fields["measure"] == measure
    [row] = read_table(f"{column},lower,upper,measure\n2.31,1.20,4.46,IRR\n")
    assert row.fields["measure"] == "IRR", "what is said of a row goes before its column's name"
    [row] = read_table("ratio,lower,upper\n2.31,1.20,4.46\n")
    assert "measure" not in row.fields


@pytest.mark.parametrize("column", ["n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2"])
def test_a_row_of_counts_has_one_of_its_columns(column):
    [row] = read_table(f"{column},p\n7,0.5\n")
    assert (row.kind, row.reason) == ("counts", "")


@pytest.mark.parametrize("given", ["1", "one", "One-sided"])
def test_sides_in_words(given):
    [row] = read_table(f"hr,sides\n2.31,{given}\n")
    assert row.fields["sides"] == "1"
    assert read_table("hr,sides\n2.31,two\n")[0].fields["sides"] == "2"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hr,p\n2.31\n", "1 cells where the header has 2"),
        ("hr,p\n2.31,few\n", "column p: 'few'"),
        ("hr,sides\n2.31,three\n", "column sides: 'three' is neither 1 nor 2"),
        ("n_1,size_1\n7.5,20\n", "column n_1: '7.5' is not a whole number"),
        ("n_1,size_1\n7,20.5\n", "column size_1: '20.5' is not a whole number"),
        ("n_1,size_1\nx,y\n", "; column size_1: 'y'"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_column(text, reason):
    [row] = read_table(text)
    assert row.kind == "unread"
    assert reason in row.reason


def test_a_percentage_need_not_be_whole_and_a_row_without_numbers_is_none():
    [row] = read_table("pct_1,label\n7.5,AFP\n")
    assert row.kind == "counts"
    [row] = read_table("pct_1,label\n,AFP\n")
    assert (row.kind, row.reason) == ("not such a row", "it prints no number")
    assert read_table("hr,label,p\nx,AFP,0.5\n")[0].fields == {"label": "AFP"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label,lower,upper,p\na,1,2,0.5\n", "no column of a ratio"),
        ("hr,or\n1,2\n", "column 'ratio' stands twice"),
        ("hr,p,P\n1,2,3\n", "column 'p' stands twice"),
        ('hr,p\n"1"x,2\n', "not well-formed CSV"),
        ("", "no column of a ratio"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        read_table(text)
