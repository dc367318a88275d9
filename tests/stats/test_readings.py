"""Readings of a row: what each allows, on rows that programs and papers printed (data/trials/rows.csv names sources)."""

import math

import pytest

from secondlook.stats.readings import CONSTANTS, READINGS, PrintedRow, explains, p_ranges, readings_for, z_of_p
from secondlook.stats.wald import FAR_Z, as_line

BY_KEY = {reading.key: reading for reading in READINGS}


def able(*texts):
    """Return the keys of all readings that explain a row."""
    return {key for key, reading in BY_KEY.items() if explains(as_line(*texts), reading)}


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (("0.1267", "0.01399", "1.147", "0.03064"), "wald-lr"),  # R coxph, Cross Validated 141626
        (("0.1267", "0.01399", "1.147", "0.03419"), "wald-score"),
        (("4.03", "1.43", "11.31", "0.004"), "wald-score"),  # R compareGroups, chi-square
        (("4.03", "1.43", "11.31", "0.006"), "wald-exact"),  # the same by Fisher
        (("0.611", "0.389", "0.952", "0.0311"), "profile"),  # R confint.glm, SAS and R blog 9.14
        (("2.78", "0.91", "12.1", "0.075"), "profile-lr"),  # PMC2688355, Table 4
        (("0.85", "0.65", "1.12", ".27"), "cut"),  # PMC8562974, Table 2
        (("3.999", "2.193", "10.546", ""), "free"),  # R riskCommunicator, bootstrap
        (("1.303983", ".2871768", "6.012212", "0.9448"), "free-exact"),  # Stata exlogistic
    ],
)
def test_rows_that_wald_cannot_print_are_explained_by_their_own_reading(texts, key):
    assert "wald" not in able(*texts)
    assert key in able(*texts)


@pytest.mark.parametrize(
    "texts",
    [("2.655", "1.125", "3.384", ""), ("4.14", "1.80", "5.91", ""), ("1.21", "0.95", "1.14", "")],
)
def test_numbers_that_a_correction_withdrew_are_explained_by_none(texts):
    assert able(*texts) == set()


def test_a_one_sided_p_belongs_to_either_tail():
    # b = log 1.5, s = 0.25: z = 1.6219, p = 0.1048 two-sided, 0.0524 or 0.9476 one-sided.
    for p in ("0.052", "0.948"):
        assert "one-sided" in able("1.50", "0.92", "2.45", p)
    assert "one-sided" not in able("1.50", "0.92", "2.45", "0.105")


def test_z_of_what_is_no_probability_is_no_number():
    low, high = z_of_p((1.2, 1.3))
    assert low > high
    assert z_of_p(None) == (0.0, FAR_Z)


def test_z_of_p_of_several_comparisons():
    # Šidák: 1 − 0.95^(1/5) = 0.010206, whose two-sided z is 2.5688.
    assert z_of_p((0.05, 0.05), comparisons=(5, 5)) == pytest.approx((2.5688, 2.5688), abs=1e-4)


def test_a_p_above_a_bound_reaches_1():
    low, high = z_of_p((0.999, math.inf))
    assert low == 0
    assert high == pytest.approx(0.00125, abs=1e-5)
    assert explains(as_line("1.00", "0.80", "1.25", ">0.999"), BY_KEY["wald"])


def test_what_is_said_narrows_the_readings():
    line = as_line("1.5", "0.9", "2.5", "0.12")
    assert [r.key for r in readings_for(PrintedRow(line, interval="wald", p_of="lr", level=0.95))] == ["wald-lr"]
    assert {r.interval for r in readings_for(PrintedRow(line, interval="profile"))} == {"profile"}
    everything = readings_for(PrintedRow(line))
    assert everything[0].key == "wald"
    assert {r.level for r in everything} == set(CONSTANTS["levels"])
    assert {r.level for r in readings_for(PrintedRow(line, level=0.99))} == {0.99}
    [odd] = readings_for(PrintedRow(line, interval="profile", p_of="wald", level=0.95, digits="cut"))
    assert (odd.interval, odd.digits) == ("profile", "cut")


@pytest.mark.parametrize(
    ("said", "match"),
    [({"level": 95}, "level"), ({"sides": 3}, "side"), ({"interval": "wide"}, "interval"), ({"p_of": "t"}, "p_of")],
)
def test_what_is_no_such_word_is_refused(said, match):
    with pytest.raises(ValueError, match=match):
        PrintedRow(as_line("1.5"), **said)


def test_ranges_of_p_are_those_of_the_test():
    line = as_line("2.000", "1.109", "3.607", "0.021")  # z = 2.305
    [(low, high)] = p_ranges(line, BY_KEY["wald"])
    assert low < 0.0212 < high
    [(wide_low, wide_high)] = p_ranges(line, BY_KEY["wald-lr"])
    assert wide_low < low
    assert high < wide_high
    assert len(p_ranges(line, BY_KEY["one-sided"])) == 2
