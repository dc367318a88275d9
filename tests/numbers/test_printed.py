"""Numbers as printed, case by case: each row says what is printed, what stands for it, and why."""

import math
from dataclasses import FrozenInstanceError
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondlook.numbers.printed import Interval, NotPrintedError, Printed, parse, show, show_like

STANDS_FOR = [
    # text, low, high, low open, high open, reason
    ("3.27", F("3.265"), F("3.275"), False, False, "two decimals: half a hundredth either side, both halves taken"),
    ("3.270", F("3.2695"), F("3.2705"), False, False, "a trailing zero is a digit: ten times narrower"),
    ("0", F("-0.5"), F("0.5"), False, False, "a whole number has unit 1"),
    ("12", F("11.5"), F("12.5"), False, False, "a count as a rounded number"),
    (".05", F("0.045"), F("0.055"), False, False, "some journals drop the leading zero"),
    ("0.05", F("0.045"), F("0.055"), False, False, "and most print it: the same set"),
    ("-1.5", F("-1.55"), F("-1.45"), False, False, "negative numbers keep their order"),
    ("\u22121.5", F("-1.55"), F("-1.45"), False, False, "U+2212 is a minus sign too"),
    ("100.0", F("99.95"), F("100.05"), False, False, "no clipping: a percentage's range is the caller's knowledge"),
    ("<0.001", -math.inf, F("0.001"), True, True, "a bound is not rounded, and the bound itself is excluded"),
    ("< 0.001", -math.inf, F("0.001"), True, True, "one space after the sign"),
    ("≤0.05", -math.inf, F("0.05"), True, False, "here the bound is included"),
    (">0.99", F("0.99"), math.inf, True, True, "the other side"),
    ("≥50", F(50), math.inf, False, True, "the other side, included"),
]


@pytest.mark.parametrize(("text", "low", "high", "low_open", "high_open", "reason"), STANDS_FOR)
def test_set_of_reals_that_print_so(text, low, high, low_open, high_open, reason):
    assert parse(text).stands_for() == Interval(low, high, low_open, high_open), reason


MATCHES = [
    ("<0.001", F("0.00149"), False, "rounds to 0.001 and still violates the bound"),
    ("<0.001", F("0.001"), False, "the bound is open"),
    ("<0.001", F("0.0009999"), True, "just below"),
    ("19.5", F(800, 41), True, "8 of 41"),
    ("37.4", F(1000, 27), False, "10 of 27 is 37.04"),
    ("0.13", F("0.125"), True, "half up prints 0.13"),
    ("0.12", F("0.125"), True, "half down (and half even) prints 0.12: both are accepted"),
    ("0.12", F("0.1251"), False, "beyond the half"),
]


@pytest.mark.parametrize(("text", "value", "expected", "reason"), MATCHES)
def test_does_a_value_print_so(text, value, expected, reason):
    assert parse(text).matches(value) is expected, reason


TRUNCATED = [
    ("37.0", F(37), F("37.1"), False, True, "further digits cut off"),
    ("-1.5", F("-1.6"), F("-1.5"), True, False, "cutting goes towards zero"),
    ("0.0", F("-0.1"), F("0.1"), True, True, "zero is reached from both sides"),
]


@pytest.mark.parametrize(("text", "low", "high", "low_open", "high_open", "reason"), TRUNCATED)
def test_truncation_is_a_reading_of_its_own(text, low, high, low_open, high_open, reason):
    assert parse(text).stands_for("truncated") == Interval(low, high, low_open, high_open), reason


REFUSED = [
    ("", "nothing printed"),
    (".", "no digit"),
    ("<", "a bound of nothing"),
    ("1.", "a point needs decimals"),
    ("1,234", "thousands separators are ambiguous"),
    ("1e3", "no exponents"),
    ("nan", "not a number"),
    ("12%", "the percent sign is not part of the number"),
    ("1 2", "two numbers"),
    ("٣", "digits of another script are not what this paper prints"),
    ("３", "full-width digits likewise"),
    ("1.5\n", "no white space at the end"),
    ("=1+1", "a spreadsheet formula"),
    ("9" * 41, "absurdly long"),
    ("x" * 40, "no digit"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_printed_number(text, reason):
    with pytest.raises(NotPrintedError, match="is not a printed number"):
        parse(text)
    assert reason


def test_a_refusal_shows_at_most_forty_characters():
    """More than the longest number that is read would only fill the screen."""
    assert parse("9" * 40).value == 10**40 - 1
    for text in ("x", "x" * 39, "x" * 40):
        with pytest.raises(NotPrintedError, match=f"^'{text}' is not"):
            parse(text)
    for length in (41, 42, 1000):
        with pytest.raises(NotPrintedError, match=f"^'{'9' * 40}…' is not"):
            parse("9" * length)


SHOWN = [
    (F(1, 8), 2, "nearest", "0.13", "halves go away from zero"),
    (F(-1, 8), 2, "nearest", "-0.13", "on both sides"),
    (F(1, 8), 2, "truncated", "0.12", "cut"),
    (F("-0.001"), 2, "nearest", "0.00", "no minus zero"),
    (F(999, 10), 0, "nearest", "100", "carries"),
    (F("0.005"), 1, "nearest", "0.0", "keeps its zeros"),
    (7, 0, "nearest", "7", "whole numbers without a point"),
    (0.5, 0, "nearest", "1", "floats at their exact value"),
]


@pytest.mark.parametrize(("value", "places", "reading", "expected", "reason"), SHOWN)
def test_formatting_back(value, places, reading, expected, reason):
    assert show(value, places, reading) == expected, reason


def test_formatting_like_another_printed_number():
    assert show_like(F("0.0004"), parse("<0.001")) == "<0.001", "below the bound: the bound"
    assert show_like(F("0.0014"), parse("<0.001")) == "0.001", "above it: the digits, with as many decimals"
    assert show_like(Interval(F("1.2345"), F("1.2351")), parse("0.99")) == "1.23–1.24", (
        "ends that differ are both shown"
    )
    assert show_like(Interval(F("1.231"), F("1.234")), parse("0.99")) == "1.23", "ends that agree are shown once"


def test_numbers_and_intervals_are_values_and_cannot_be_changed():
    """They are keys of dictionaries and caches all over the package."""
    assert len({Interval(0, 1), Interval(0, 1)}) == len({parse("1"), parse("1")}) == 1
    with pytest.raises(FrozenInstanceError):
        Interval(0, 1).low = -1
    with pytest.raises(FrozenInstanceError):
        parse("1").value = F(2)


def test_unknown_reading_is_refused():
    with pytest.raises(ValueError, match="unknown reading"):
        parse("1").stands_for("up")
    with pytest.raises(ValueError, match="unknown reading"):
        show(1, 0, "up")


def test_an_interval_cannot_be_empty():
    with pytest.raises(ValueError, match="empty interval"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="empty interval"):
        Interval(1, 1, low_open=True)
    with pytest.raises(ValueError, match="empty interval"):
        Interval(F(1, 2), F(2, 4), high_open=True)
    assert F(1, 2) in Interval(F(1, 2), F(2, 4)), "a single value is a set"


def test_open_ends_do_not_meet_at_a_point():
    assert Interval(0, 1).meets(Interval(1, 2))
    assert not Interval(0, 1, high_open=True).meets(Interval(1, 2))
    assert not Interval(0, 1).meets(Interval(1, 2, low_open=True))
    assert 1 in Interval(0, 1)
    assert 1 not in Interval(0, 1, high_open=True)


def test_scaling_by_a_negative_factor_exchanges_the_ends():
    assert Interval(1, 2, low_open=True).scaled(-2) == Interval(-4, -2, False, True)
    assert Interval(1, 2, low_open=True).scaled(2) == Interval(2, 4, True, False)
    assert Interval(3, 7, high_open=True).scaled(5) == Interval(15, 35, False, True)
    assert Interval(3, 7, high_open=True).scaled(-5) == Interval(-35, -15, True, False)
    assert Interval(3, 7).scaled(F(-1, 3)) == Interval(F(-7, 3), -1)
    assert Interval(3, 7).scaled(0) == Interval(0, 0)
    assert Interval(3, 7, high_open=True).scaled(F(1, 4)) == Interval(F(3, 4), F(7, 4), False, True)


def test_what_counts_as_a_whole_number():
    assert parse("12").is_whole
    assert parse("0").is_whole, "no patients is a count"
    assert not parse("-1").is_whole
    assert not parse("12.0").is_whole
    assert not parse("<12").is_whole
    assert not parse("-12").is_whole


decimals = st.integers(min_value=0, max_value=6)
values = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**7)


@given(values, decimals)
def test_what_is_shown_stands_for_the_value(value, places):
    assert parse(show(value, places)).matches(value)


@given(values, decimals)
def test_what_is_cut_stands_for_the_value_when_read_as_cut(value, places):
    assert parse(show(value, places, "truncated")).matches(value, "truncated")


@given(values, decimals)
def test_a_value_prints_at_most_two_strings_and_two_only_at_a_half(value, places):
    unit = F(1, 10**places)
    nearby = {show(value + k * unit / 2, places) for k in (-2, -1, 0, 1, 2)}
    printed = {text for text in nearby if parse(text).matches(value)}
    at_a_half = (value / unit * 2) % 2 == 1
    assert len(printed) == (2 if at_a_half else 1)


@given(st.integers(0, 10**9), decimals)
def test_parsing_and_showing_are_inverse(digits, places):
    text = show(F(digits, 10**places), places)
    parsed = parse(text)
    assert (parsed.text, parsed.places, parsed.value) == (text, places, F(digits, 10**places))
    assert show_like(parsed.value, parsed) == text


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        read = parse(text)
    except NotPrintedError:
        return
    assert isinstance(read, Printed)
    assert read.text == text
