"""The search for repairs: what it singles out, what it refuses to, and that every mended row is true.

Authorities: rows planted by hand whose truth is known; the Wald box (tests/test_wald.py) for every mended row.
"""

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secondlook.stats import repairs
from secondlook.stats.repairs import point_moved, row_slips, search, slips, two_digits
from secondlook.stats.wald import CELLS, as_line, box, is_ordered
from secondlook.trials import planted_rows as planted

TRUE = ("1.778", "0.749", "4.222", "0.192")
NEXT = ("0.750", "0.441", "1.274", "0.287")


def found(*texts, beside=()):
    return search(as_line(*texts), [as_line(*other) for other in beside])


def test_the_true_row_needs_none():
    assert not planted.by_box(TRUE)
    assert not planted.by_box(NEXT)


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        (("1.778", "0.149", "4.222", "0.192"), "one digit"),
        (("7.178", "0.749", "4.222", "0.192"), "two neighbouring digits exchanged"),
        (("1.778", "0.749", "14.222", "0.192"), "a digit lost or added"),
        (("1.778", "0.0749", "4.222", "0.192"), "the decimal point moved"),
        (("0.192", "0.749", "4.222", "1.778"), "two numbers of the row exchanged"),
        (("1.778", "0.749", "0.192", "4.222"), "two numbers of the row exchanged"),
    ],
)
def test_one_slip_is_taken_back(printed, kind):
    repair = found(*printed)
    assert (repair.outcome, repair.cost) == ("unique", 1)
    assert repair.line.texts == TRUE
    assert repair.candidates[0].kinds == (kind,)


def test_limits_in_reverse_have_two_explanations_and_none_is_named():
    """0.749 with its point moved, or limits that were exchanged and another slip."""
    repair = found("1.778", "7.49", "4.222", "0.192")
    assert repair.outcome == "several"
    assert TRUE in {candidate.texts for candidate in repair.candidates}


def test_an_exchange_with_the_neighbouring_row_must_mend_both():
    ours, theirs = ("0.750", *TRUE[1:]), ("1.778", *NEXT[1:])
    repair = found(*ours, beside=[theirs])
    assert repair.line.texts == TRUE
    assert repair.candidates[0].kinds == ("exchanged with the neighbouring row",)
    assert found(*ours, beside=[NEXT]).outcome == "none", "the neighbour is true as it stands"


@pytest.mark.parametrize(
    "printed",
    [
        ("1.778", "0.749", "9.272", "0.192"),  # two digits of one number
        ("1.178", "0.149", "4.222", "0.192"),  # a digit in each of two
        ("0.749", "7.778", "4.222", "0.192"),  # exchanged, and a digit
    ],
)
def test_two_slips_are_taken_back(printed):
    repair = found(*printed)
    assert repair.cost == 2
    assert TRUE in {candidate.texts for candidate in repair.candidates}


def test_one_slip_goes_before_two():
    """The smallest repairs only: those of two slips, of which there are more, are not looked at."""
    repair = found("1.778", "0.149", "4.222", "0.192")
    assert [candidate.texts for candidate in repair.candidates] == [TRUE]


def test_last_digits_that_cannot_be_told_apart_are_a_range():
    """The p that the triple implies leaves room for several last digits: the number is named, the value is not."""
    repair = found("1.4", "0.9", "2.2", "0.99")
    assert repair.outcome in ("range", "several")
    assert repair.line is None
    repair = found("1.36", "0.79", "2.32", "0.77", beside=())
    assert repair.outcome == "unique"
    assert repair.line.texts[3] == "0.27"


def test_a_range_names_its_ends():
    """1.024 (0.594–1.766) implies p from 0.931 to 0.933: of 0.939 only the last digit is wrong, and three would do."""
    repair = found("1.024", "0.594", "1.766", "0.939")
    assert repair.outcome == "range"
    assert repair.cells == ("p",)
    assert repair.spans == {"p": ("0.931", "0.933")}
    assert repair.line is None


def test_an_inverted_ratio_has_two_readings_and_names_none():
    """HR beside the limits of its inverse: either was inverted, and no number of the row says which."""
    repair = found("0.562", "0.749", "4.222", "0.192")
    assert repair.outcome == "several"
    assert repair.line is None
    assert TRUE in {candidate.texts for candidate in repair.candidates}


def test_nothing_is_found_for_numbers_that_have_nothing_to_do_with_each_other():
    repair = found("1.778", "3.111", "1.042", "0.555")
    assert (repair.outcome, repair.cost, repair.line, repair.cells) == ("none", 0, None, ())
    assert repairs.chance(repair) is None


def test_a_row_without_p_can_be_repaired():
    repair = found("1.778", "0.149", "4.222", "")
    assert "1.778" in repair.candidates[0].texts
    assert repair.candidates[0].texts[3] == ""


def test_bounds_are_never_edited():
    assert slips("<0.001") == {}
    assert two_digits("<0.001") == ()
    assert slips("-0.5") == {}


def test_moved_points():
    assert point_moved("12.5") == {"1.25", "125"}
    assert point_moved("0.813") == {"0.0813", "8.13"}
    assert point_moved("7") == frozenset()


#: Rows of a public list of slips (data/trials/errata.csv), with the point put back.
LOST_POINTS = [
    (("410", "0.169", "0.992", ""), "0.410 (0.169–0.992)"),
    (("979", "0.96", "0.99", ""), "0.979 (0.96–0.99)"),
    (("8167", "2.4", "27.6", ""), "8.167 (2.4–27.6)"),
    (("6750", "1.14", "39.8", ""), "6.750 (1.14–39.8)"),
    (("1594", "1.385", "1.833", ""), "1.594 (1.385–1.833)"),
    (("6.857", "1031", "45606", ""), "6.857 (1.031–45.606)"),
]


@pytest.mark.parametrize(("printed", "mended"), LOST_POINTS)
def test_a_lost_point_is_put_back(printed, mended):
    assert str(found(*printed).line) == mended


def test_a_point_goes_first_where_the_row_has_its_own():
    """0.168, 1.68 and 16.8 lie between the limits; √(0.80 · 3.53) = 1.680, and only 1.68 has two decimals."""
    assert str(found("168", "0.80", "3.53", "").line) == "1.68 (0.80–3.53)"


def test_no_ratio_is_repaired_to_0():
    for texts, _ in LOST_POINTS:
        assert all(float(ratio) > 0 for each in found(*texts).candidates for ratio in each.texts[:3] if ratio)
    assert found("3.939", "0.001", "0.002", "").line is None


def test_a_lost_sign_of_a_bound_is_put_back():
    # log 1.52 / ((log 1.93 − log 1.20) / 3.92) = 3.45: p 0.0006.
    assert found("1.52", "1.20", "1.93", "0.001").line.p.text == "<0.001"


def test_limits_in_reverse_have_two_explanations():
    """2.77 (2.96–2.85) may be 2.77 (2.69–2.85), or 2.77 (2.58–2.96) with its limits exchanged: a published table."""
    repair = found("2.77", "2.96", "2.85", "<0.001")
    assert repair.outcome == "several"
    assert {candidate.texts[1:3] for candidate in repair.candidates} >= {("2.69", "2.85"), ("2.58", "2.96")}


def test_a_copy_is_named_with_what_it_repeats():
    """p is printed 1.084, the hazard ratio (PMC of a published table); and the neighbour's p in the other row."""
    assert repairs.copied(as_line("1.084", "0.506", "2.322", "1.084")) == ("p", "hr")
    beside = as_line("2.000", "1.109", "3.607", "0.021")
    assert repairs.copied(as_line("1.100", "0.600", "2.017", "0.021"), [beside]) == ("", ""), (
        "two digits repeat by chance"
    )
    beside = as_line("2.000", "1.109", "3.607", "0.0212")
    assert repairs.copied(as_line("1.100", "0.600", "2.017", "0.0212"), [beside]) == ("p", "the row beside")
    assert repairs.copied(as_line("2.000", "1.109", "3.607", "0.345")) == ("", "")


@given(st.decimals("0.001", 99, places=3).map(str))
def test_slips_go_both_ways(text):
    """A slip that leads from the true number to the printed one leads back too."""
    for other, kind in slips(text).items():
        if kind in ("one digit", "two neighbouring digits exchanged"):
            assert text in slips(other)


@given(st.integers(0, 2**32), st.sampled_from([2, 3]), st.integers(1, 3))
@example(636, 2, 3)  # 0.96 (0.38–0.36)
def test_every_mended_row_is_true(seed, places, entries):
    """Every candidate is a possible row; all cost the same, unless limits in reverse have explanations of two kinds."""
    rng = np.random.default_rng(seed)
    item = planted.case(rng, planted.unrelated(entries), places, planted.by_box)
    repair = search(as_line(*item.printed), item.beside)
    for candidate in repair.candidates:
        line = as_line(*candidate.texts)
        assert is_ordered(line)
        assert not box(line).is_empty
        assert candidate.changed(item.printed)
        assert len(candidate.kinds) == repair.cost or Decimal(item.printed[1]) > Decimal(item.printed[2])


@given(st.integers(0, 2**32), st.sampled_from([2, 3]), st.sampled_from(CELLS[:3]))
def test_a_single_substituted_digit_is_among_the_candidates(seed, places, cell):
    rng = np.random.default_rng(seed)
    plant = planted._in_one_number(planted._digit_at(0), (cell,))
    item = planted.case(rng, plant, places, planted.by_box)
    repair = search(as_line(*item.printed), item.beside)
    assert repair.cost == 1
    assert item.true in {candidate.texts for candidate in repair.candidates}


def test_row_slips_leave_out_exchanges_of_equal_numbers():
    made = list(row_slips(("1.00", "1.00", "1.00", "1.000"), []))
    assert all(
        candidate.texts != ("1.00", "1.00", "1.00", "1.000") or "inverted" in candidate.kinds[0] for candidate in made
    )


# Chance -------------------------------------------------------------------------------------------------------------


def test_the_chance_counts_repairs_of_that_cost_or_smaller(tmp_path):
    path = tmp_path / "repairs.json"
    entries = [
        {"places": 3, "entries": 1, "rows": 99, "unique": [4, 7]},
        {"places": 3, "entries": 2, "rows": 99, "unique": [0, 9]},
    ]
    path.write_text(json.dumps({"chances": entries}), encoding="utf-8")
    one = found("1.778", "0.149", "4.222", "0.192")
    assert repairs.chance(one, path) == Fraction(5, 100)
    exchanged = found("0.660", "0.469", "1.616", "0.870")
    assert repairs.chance(exchanged, path) == Fraction(1, 100), "never 0: (hits + 1) / (rows + 1)"
    assert repairs.chance(one, tmp_path / "absent.json") is None


def test_the_packaged_chances_cover_every_cost_and_grow_with_it():
    stored = json.loads(repairs.CHANCES.read_text(encoding="utf-8"))
    assert stored["seed"] == planted.SEED
    assert {(e["places"], e["entries"]) for e in stored["chances"]} == {(p, k) for p in (1, 2, 3) for k in (1, 2, 3)}
    assert all(len(e["unique"]) == repairs.LARGEST_COST and sum(e["unique"]) <= e["rows"] for e in stored["chances"])
    accident = {e["places"]: sum(e["unique"]) / e["rows"] for e in stored["chances"] if e["entries"] == 2}
    assert accident[1] > accident[2] > accident[3], "more decimals leave less to chance"


# What was measured --------------------------------------------------------------------------------------------------


def test_chances_are_simulated_from_their_seed():
    assert list(planted.chances(seed=1, rows=2)) == list(planted.chances(seed=1, rows=2))


def test_no_true_row_is_flagged_where_simpler_rules_flag_many():
    for entry in planted.false_flags(seed=5, rows=200):
        assert entry["flagged"]["box"] == 0
        assert entry["flagged"]["exact mean"] > 0.1 * entry["rows"]


def test_planted_errors_are_detected():
    for entry in planted.detections(seed=5, rows=3):
        if entry["kind"] in ("decimal point moved", "leading digit lost"):
            assert entry["flagged"]["box"] == entry["rows"]
        assert entry["unique_true"] <= entry["unique"] <= entry["flagged"]["box"]


def test_a_kind_of_error_that_no_row_lends_itself_to_is_refused():
    with pytest.raises(RuntimeError, match="lends itself"):
        planted.case(np.random.default_rng(1), lambda rng, texts, beside: None, 2)


def test_simple_rules_by_their_definitions():
    assert not planted.by_exact_mean(("2.00", "1.00", "4.00", ""))
    assert planted.by_exact_mean(("2.01", "1.00", "4.00", ""))
    assert not planted.by_near_mean(("2.01", "1.00", "4.00", ""))
    assert planted.by_near_mean(("2.02", "1.00", "4.00", ""))
    assert planted.by_factor(("3.1", "1.0", "4.0", ""))
    assert not planted.by_factor(("2.9", "1.0", "4.0", ""))
    assert planted.by_order(("0.963", "0.551", "0.813", ""))
    assert not planted.by_point_p(("2.745", "1.449", "5.200", "0.002"))
    assert planted.by_point_p(("2.745", "1.449", "5.200", "0.003"))
    assert not planted.by_point_p(("3.000", "1.798", "5.004", "<0.001"))
