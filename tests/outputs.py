"""What the statistics give on small made-up input, whole: tables of values that tests/upkeep/test_outputs.py compares.

Other tests hold statistics against R, a paper or a theorem, at some places each. Here nothing is held against anything:
what was found right there is kept for many more inputs, edges and refusals among them, so that a change of one sign
or comparison does not pass unseen. Who changes a value on purpose looks at what changed, and runs this file.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from secondlook.numbers.printed import parse
from secondlook.stats import (
    agreement,
    balance,
    contingency,
    count_readings,
    cox,
    cox_batch,
    inputs,
    intervals,
    km,
    ordered,
    p_of_counts,
    percentages,
    readings,
    readings_table,
    readings_theory,
    repairs,
    rmst,
    schoenfeld,
    wald,
)

STORED = Path(__file__).with_suffix(".json")
NAN, INF = math.nan, math.inf


def plain(value: object) -> object:
    """Return a value as JSON has it: numbers, strings and lists; a fraction is written out."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.9g}") if math.isfinite(value) else str(value)
    if isinstance(value, np.integer):
        return int(value)
    if is_dataclass(value):
        return str(value) if hasattr(value, "text") else plain(asdict(value))
    if isinstance(value, dict):
        return [[plain(key), plain(each)] for key, each in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return [plain(each) for each in value] if isinstance(value, Iterable) and not isinstance(value, str) else value


def told(function: Callable, *arguments: object, **named: object) -> object:
    """Return what a function gives, or says when it refuses."""
    try:
        return plain(function(*arguments, **named))
    except (ValueError, cox.NoFitError, cox.NoTestError) as error:
        return f"{type(error).__name__}: {error}"


def over(function: Callable, *lists: Iterable) -> list:
    """Return what a function gives for every combination of its arguments."""
    return [told(function, *arguments) for arguments in itertools.product(*lists)]


def bits(values: Iterable[object]) -> str:
    """Return truth values as a string of 0 and 1."""
    return "".join(str(int(bool(value))) for value in values)


# Counts -------------------------------------------------------------------------------------------------------------

TABLES = (
    ((3, 1), (1, 3)), ((10, 2), (3, 15)), ((5, 0), (2, 6)), ((0, 0), (4, 5)), ((4, 4), (4, 4)), ((30, 16), (20, 14)),
    ((1, 2), (3, 4), (5, 1)), ((10, 4), (25, 14), (15, 12)), ((2, 0), (0, 3), (1, 1)), ((3, 1, 2), (2, 5, 1)),
    ((7,), (5,)), ((0, 7), (0, 5)), ((40, 60), (60, 40)), ((900, 1100), (1000, 1000)), ((1, 0), (0, 1)),
    ((8, 1), (2, 9), (0, 0)), ((200, 180, 190), (210, 220, 160), (190, 200, 250)),
)  # fmt: skip
P_VALUES = ["0.05", "0.050", "<0.05", "≤0.05", ">0.05", "≥0.05", "0.4", "0.40", "1", "1.0", "0", "0.000", "<0.001", "1.2", ".04"]  # fmt: skip
PERCENTAGES = ["50", "33.3", "33", "66.7", "66.6", "0", "100", "14.29", "12.5", "12", "13", "87.5", "57.1", "0.5", "42.86"]  # fmt: skip


def _contingency() -> object:
    tests = {**contingency.TESTS, **contingency.WALD_TESTS}
    return [
        [told(test, table) for _, test in tests.values()]
        + [told(f, table) for f in (contingency.occupied, contingency.expected, contingency.smallest_expected)]
        for table in TABLES
    ] + [
        over(contingency.as_counts, ([], [[1, 2], [3]], [[1.5, 2]], [[-1, 2]], [[True, 1]], [[2.0, 3], [0, 1]])),
        [
            len(list(contingency.tables_with_margins(*m)))
            for m in (((3, 2), (4, 1)), ((2, 2, 2), (3, 3)), ((0, 0), (0, 0)))
        ],
    ]


def _ordered() -> object:
    return [
        [told(test, table) for _, test in ordered.ORDERED_TESTS.values()] + [told(ordered.midranks, table)]
        for table in TABLES
    ]


def _p_of_counts() -> object:
    printed = [parse(text) for text in P_VALUES]
    values = (
        0.05, 0.0499, 0.045, 0.0549, 0.055, 0.0451, Fraction(1, 20), Fraction(2, 5), 0.39999999999999, 0.0005, 1.0, 0.0, 0.9999,
    )  # fmt: skip
    small = TABLES[:4] + TABLES[6:9]
    return [
        bits(p_of_counts.prints(v, p, how) for v in values for p in printed for how in p_of_counts.HANDLED),
        [over(p_of_counts.strings, [v], (0, 1, 2, 3), p_of_counts.HANDLED) for v in values],
        [told(f, p) for f in (p_of_counts.is_possible, p_of_counts.as_probability, p_of_counts.possible_strings) for p in printed],
        over(p_of_counts.is_complete, TABLES),
        [[(r.test, r.handled, r.name) for r in p_of_counts.readings(t, p)] for t in small for p in printed[:9]],
        [told(p_of_counts.chance, TABLES[i : i + 2], p) for i in range(4) for p in printed[:8]],
        [told(p_of_counts.transformed, t, parse(p), ("pearson", "fisher")) for t in small for p in ("0.42", "0.058", "<0.05")],
    ]  # fmt: skip


def _percentages() -> object:
    printed = [parse(text) for text in PERCENTAGES]
    others = [(parse("33.3"), 1, 3), (parse("33.3"), 1, 3)]
    return [
        [percentages.handled(p, n, size)[:1] for p in printed for size in (3, 7, 8) for n in range(size + 1)],
        over(percentages.other_counts, printed, (1, 3, 7, 8, 200)),
        over(percentages.known_sizes, printed, (0, 1, 2, 4), (1, 5, 9)),
        [percentages.made_up(parse(p), o) for p in ("33.4", "33.3", "66.7") for o in (others, others[:1], [], [(parse("33.3"), 2, 3)] * 2)],
        [told(percentages.chance, p, [Fraction(100, 3), Fraction(50)]) for p in printed],
        over(percentages.share, (0, 1, 3), (0, 1, 3)),
    ]  # fmt: skip


COUNTED = (
    "30 50 16 30 60.0 53.3 0.559", "30 50 16 30 60.0 53.4 0.559", "30 50 16 30 61.0 53.3 0.559", "31 50 16 30 60.0 53.3 0.559",
    "40 50 15 30 80.0 50.0 0.005", "40 50 15 30 80.0 50.0 <0.001", "40 50 15 30 80.0 50.0 0.011", "40 50 15 30 80 50 0.50",
    "2 50 2 30 4.0 6.7 0.628", "2 50 2 30 4.0 6.6 0.628", "- 50 - 30 60.0 53.3 0.559", "- 50 - 30 60.1 53.3 -", "51 50 1 30 - - -",
    "- - - - 50 50 0.5", "3 7 4 9 42.9 44.4 1.0", "3 7 4 9 42.8 44.4 1.2", "3 7 4 9 50.0 44.4 -", "3 - 4 - - - 0.5", "5 10 5 10 50 50 1",
    "900 2000 1000 2000 45.0 50.0 0.002", "900 2000 1000 2000 45.0 50.0 0.3",
)  # fmt: skip


def _row(text: str) -> count_readings.CountRow:
    return count_readings.CountRow(*(field.strip("-") for field in text.split()))


def _count_readings() -> object:
    levels = (
        ("10 50 4 30 20.0 13.3 0.584", "25 50 14 30 50.0 46.7 -", "15 50 12 30 30.0 40.0 -"),
        ("10 50 4 30 20.8 13.3 0.584", "23 50 14 30 47.9 46.7 -", "15 50 12 30 31.3 40.0 -"),
        ("1 3 1 3 33.3 33.3 -", "1 3 1 3 33.3 33.3 -", "1 3 1 3 33.4 33.3 -"),
        ("10 50 4 30 20.0 13.3 0.5", "40 50 26 30 80.0 86.7 0.5"),
    )  # fmt: skip
    return [
        [told(count_readings.judge_levels, [_row(text)], p_of) for text in COUNTED for p_of in ("", "fisher")],
        [told(count_readings.judge_levels, list(map(_row, rows))) for rows in levels],
        told(count_readings.judge_levels, []),
        told(count_readings.judge_counts, "1", "2", "1", "2", p_of="t"),
        over(lambda name, text: count_readings.CountRow(**{name: text}), ("n_1", "size_2", "pct_1", "p"), ("0", "1.5", "x", "100000", "100001")),
    ]  # fmt: skip


def _agreement() -> object:
    margins = ([2, 1], [1, 2], [3, 0], [1, 1, 1], [0, 2, 1], [1, 0, 3], [-1, 4])
    return [
        [
            told(f, table)
            for f in (agreement.kappa, agreement.agreeing)
            for table in (*TABLES, ((3, 0), (0, 0)), ((0, 0), (0, 0)))
        ],
        over(agreement.tables, margins, margins),
        over(agreement.never_worse, margins, margins),
    ]


def _intervals() -> object:
    pairs = [(0, 5), (1, 5), (5, 5), (7, 20), (0, 1), (20, 20), (3, 0), (-1, 3), (4, 3)]
    return [
        [told(intervals.wilson, *pair, level) for pair in pairs for level in (0.95, 0.9, 1.0)],
        over(intervals.difference, pairs, pairs),
        over(intervals.ratio, pairs, pairs),
    ]


# Rows of ratios -----------------------------------------------------------------------------------------------------

ROWS = (
    "1.50 0.92 2.45 0.105", "1.50 0.92 2.45 0.052", "1.50 0.92 2.45 0.948", "1.50 0.92 2.45 0.10", "1.50 0.92 2.45 0.2",
    "1.50 0.92 2.45 <0.001", "1.50 0.92 2.45 >0.05", "1.50 0.92 2.45 -", "1.50 - 2.45 0.105", "1.50 0.92 - 0.105", "- 0.92 2.45 0.105",
    "1.50 2.45 0.92 0.105", "1.30 1.03 1.64 0.026", "1.30 1.03 1.64 0.26", "0.66 0.469 1.616 0.870", "0.1267 0.01399 1.147 0.03064",
    "4.03 1.43 11.31 0.004", "4.03 1.43 11.31 0.006", "0.611 0.389 0.952 0.0311", "2.78 0.91 12.1 0.075", "0.85 0.65 1.12 .27",
    "3.999 2.193 10.546 -", "1.00 0.80 1.25 >0.999", "1.00 0.80 1.25 1.0", "2.000 1.109 3.607 0.021", "2.000 1.109 3.607 0.022",
    "0.50 0.25 1.00 0.05", "0.50 0.25 1.00 <0.05", "0.50 0.25 1.00 >0.05", "0.50 0.26 0.99 0.05", "2 1 4 0.04", "0.963 0.551 0.813 0.907",
    "12.5 1.1 142 0.041", "1.25 1.1 142 0.041", "0.0 0.0 0.5 0.01", "1.5 0 - 0.9", "410 2.1 8.0 <0.001", "0.24 2.1 8.0 <0.001",
    "3.27 1.46 7.31 0.001", "3.27 1.46 7.31 0.004",
)  # fmt: skip


def _line(text: str) -> wald.Line:
    return wald.as_line(*(field.strip("-") for field in text.split()))


LINES = tuple(map(_line, ROWS))


def _wald() -> object:
    names = ("b", "s", "hr", "lower", "upper", "p", "information")
    boxes = [wald.box(line, level) for line in LINES for level in (0.95, 0.9)]
    return [
        [[told(getattr, box, name) for name in names] for box in boxes],
        bits(box.is_empty for box in boxes),
        bits(wald.is_ordered(line) for line in LINES),
        [told(wald.implied_p, line) for line in LINES],
        [[wald.log_ends(line.hr), wald.z_ends(line.p)] for line in LINES],
        over(wald.z_of_level, (0.95, 0.9, 0.99)),
    ]


def _readings() -> object:
    every = [*readings.READINGS, readings_table._UNKNOWN]
    said = [
        {}, {"level": 0.9}, {"sides": 1}, {"interval": "profile"}, {"p_of": "lr", "digits": "cut"}, {"interval": "bootstrap", "p_of": "exact"},
        {"interval": "simultaneous", "p_of": "wald", "sides": 1, "digits": "cut"}, {"level": 1.0}, {"sides": 3}, {"digits": "x"},
    ]  # fmt: skip
    ends = (None, (0.04, 0.05), (-0.1, 0.2), (0.9, 1.1), (1.2, 1.3), (0.0, 0.001), (0.4, 0.6), (0.5, 0.5), (1.0, 1.0))
    return [
        [bits(readings.explains(line, r, roughly, wide) for r in every for roughly in (False, True) for wide in (False, True)) for line in LINES],
        [[told(readings.p_ranges, line, r) for r in every] for line in LINES[::3]],
        [told(readings.shape, line, 0.95, wide) for line in LINES for wide in (False, True)],
        [told(lambda words: readings.readings_for(readings.PrintedRow(LINES[0], **words)), words) for words in said],
        over(readings.z_of_p, ends, (1, 2), ((1.0, 1.0), (3.0, 10.0))),
        [told(readings.real_ends, n, how, units) for n in map(parse, P_VALUES) for how in ("rounded", "cut", "some cut") for units in (0.5, 1.0)],
        [told(readings.off_centre, readings.shape(line, 0.95), r) for line in LINES[:4] for r in every],
        bits(b for r in every for b in (r.is_wald, r.holds_wald)),
    ]  # fmt: skip


def _readings_table() -> object:
    rows = [readings.PrintedRow(line) for line in LINES]
    makings = [
        {"level": 0.9}, {"sides": 1}, {"interval": "profile", "p_of": "lr"}, {"digits": "cut"}, {"p_of": "logrank"}, {"interval": "credible"},
    ]  # fmt: skip
    tables = [[row] for row in rows] + [rows[i : i + 4] for i in range(0, len(rows), 4)] + [rows[:3] + rows[15:19], []]
    every = [*readings.READINGS, readings_table._UNKNOWN]

    def judged(table: list, declared: object = None) -> object:
        found = readings_table.judge_table(table, declared)
        told = [[r.read_as, r.verdict, r.reading, r.chance, r.reason, r.repair] for r in found.rows]
        return plain([found.reading, found.reason, found.is_wald, told])

    return [
        [judged(table) for table in tables],
        [judged(rows[i : i + 3], readings.PrintedRow(LINES[0], **words)) for words in makings for i in (0, 12, 24)],
        [told(readings_table.density, line, r) for line in LINES[::2] for r in every],
        [
            readings_table.interval_against_p(line, level, sides)
            for line in LINES
            for level in (0.95, 0.9)
            for sides in (1, 2)
        ],
        [judged([readings.PrintedRow(LINES[i], measure=m)]) for m in ("HR", "mean difference", "aOR") for i in (0, 13)],
    ]


def _readings_theory() -> object:
    numbers = (-3.0, -0.5, -0.01, 0.0, 1e-4, 0.01, 0.5, 3.0, 20.0)
    functions = (
        readings_theory.lr_factor,
        readings_theory.score_factors,
        readings_theory.limit_factor,
        readings_theory.limit_bend,
    )
    return [over(function, numbers) for function in functions]


def _repairs() -> object:
    texts = ("0.001", "0.01", ".05", "0.05", "0.02", "410", "4", "12.5", "0.813", "1.0", "<0.05", "", "10", "05")
    words = (repairs.point_moved, repairs.point_put_back, repairs.bound_put_back, repairs.slips)
    wrong = [line for line in LINES if wald.box(line).is_empty or not wald.is_ordered(line)]
    found = [repairs.search(line, beside) for line in wrong for beside in ((), (LINES[12], LINES[24]))]
    return [
        [over(function, texts) for function in words],
        [len(repairs.two_digits(text)) for text in texts],
        [[r.outcome, r.cost, r.cells, plain(r.spans), plain(r.candidates[:6]), len(r.candidates), plain(repairs.chance(r))] for r in found],
        [repairs.copied(line, (LINES[12],)) for line in wrong],
        [repairs.alone(line.texts, level) for line in wrong for level in (0.95, 0.9)],
        [plain(repairs.row_slips(line.texts, [LINES[12].texts])) for line in wrong[:6]],
    ]  # fmt: skip


# Times --------------------------------------------------------------------------------------------------------------

TIMES = (
    ([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 0, 1, 1, 0, 1, 1]),
    ([3, 3, 3, 5, 5, 8, 9, 9, 10, 12, 12, 15], [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0]),
    ([1, 2, 3, 4], [1, 1, 1, 1]),
    ([1, 2, 3, 4], [1, 1, 0, 0]),
    ([2, 2, 4, 4.000000001, 6, 7], [1, 0, 1, 1, 1, 0]),
    ([5, 6], [0, 0]),
    (list(range(1, 31)), [k % 4 != 0 for k in range(30)]),
    ([1, 2], [1, 2]),
    ([-1, 2], [1, 1]),
)


def _studies() -> tuple[np.ndarray, ...]:
    """Return made-up studies by arithmetic alone, the same everywhere: covariates, times, events, entries, weights."""
    k = np.arange(3 * 24).reshape(3, 24)
    x = np.stack([(k * 7 % 5 < 2) * 1.0, k * 11 % 13 / 6.0], axis=2)
    times = 1.0 + k * 17 % 23 + k * 5 % 7 / 10
    return x, times, (k * 3 % 10) < 7, np.minimum(k * 13 % 6, times) * 0.5, 0.5 + k * 19 % 8 / 4


def _km() -> object:
    groups = [
        [km.PrintedMedian(name, n, *map(parse, texts)) for name, n, texts in those]
        for those in (
            [("a", 20, ("3.0", "5.0", "9.0")), ("b", 21, ("2.0", "4.0", "7.5"))],
            [("c", 15, ("1.5", "3.0", "4.0")), ("d", 26, ("5.0", "8.0", "11.0"))],
        )
    ]
    x, times, events, *_ = _studies()
    return [
        [told(km.median_interval, *those, band, stretch) for those in TIMES for band in (*km.BANDS, "x") for stretch in (*km.STRETCHES, "y")],
        [told(km.curve, *those) for those in TIMES],
        [plain(km.curve(*those).at([0, 1, 2.5, 3, 100])) for those in TIMES[:7]],
        [told(km.symmetric_interval, *those) for those in TIMES],
        over(km.ranks, (1, 2, 3, 5, 8, 13, 14, 20, 41, 68), km.BANDS),
        [km.symmetric(*map(parse, texts)) for texts in (("5", "3", "7"), ("5.0", "3.0", "7.1"), ("5.0", "3.0", "7.2"), ("5.0", "3.0", "6.9"), ("5.0", "3.0", "6.8"))],
        [g.events_by(t, band) for those in groups for g in those for t in (0.5, 2.95, 3.05, 5.0, 7.45, 8.95, 9.1, 20) for band in ("log", "log-log")],
        [told(km.disagreement, groups[::step], band, until) for step in (1, -1) for band in ("log", "log-log", "plain") for until in (2.0, 5.0, 20.0)],
        plain(km.medians(np.where(times > 20, np.nan, times), events, x[..., 0] > 0)),
        [told(rmst.rmst, *those, horizon) for those in TIMES for horizon in (0, 2.5, 4, 8, 12, 40)],
        [told(rmst.difference, (3.0, 0.4), second) for second in ((2.0, 0.3), (3.0, 0.0), (4.5, 0.8))],
    ]  # fmt: skip


def _cox() -> object:
    x, times, events, *_ = _studies()
    whole = np.round(times)
    odd = [
        (np.zeros((4, 1)), [1, 2, 3, 4], [1, 1, 1, 1]),
        (np.array([[0], [0], [1], [1.0]]), [1, 2, 3, 4], [1, 1, 0, 0]),
    ]
    return [
        [told(cox.fit, x[s], t[s], events[s], ties) for s in range(3) for t in (times, whole) for ties in ("efron", "breslow", "exact")],
        [told(cox.fit, *those) for those in odd],
        [told(cox.log_rank, g, t[s], events[s]) for s in range(3) for t in (times, whole) for g in (x[s][:, 0], np.arange(24) % 3, np.zeros(24))],
        told(cox.log_rank, [0, 1], [1, 2], [0, 0]),
    ]  # fmt: skip


def _cox_batch() -> object:
    x, times, events, entry, weights = _studies()
    chosen = np.array([[1, 0], [1, 1], [0, 0]])
    order = np.argsort(times, axis=1)
    by_time, seen = np.take_along_axis(x, order[..., None], axis=1), np.take_along_axis(events, order, axis=1)
    large = x * [1.0, 500.0] + [0.0, 3000.0]
    flat = np.where(np.arange(2) == 1, 1.0, x)
    ways = [
        {}, {"firth": True}, {"ridge": 0.7}, {"chosen": chosen}, {"start": [0.3, -0.2]}, {"entry": entry}, {"entry": 2.0},
        {"firth": True, "chosen": chosen}, {"ridge": -1.0}, {"ridge": INF},
    ]  # fmt: skip
    return [
        [told(cox_batch.fit, each, events, w, times=t, **way) for each in (x, large) for t in (times, np.round(times)) for w in (None, weights) for way in ways],
        told(cox_batch.fit, flat, events, times=times),
        told(cox_batch.fit, x, events, entry=entry),
        told(cox_batch.fit, by_time, seen),
        [told(cox_batch.binary, np.round(times), events, x[..., 0], e, w) for e in (None, entry) for w in (None, weights)],
        [told(cox_batch.score_and_information, by_time[..., :1], seen, b) for b in (0.0, 0.4)],
        [told(cox_batch.concordance, by_time[..., 1], seen, w) for w in (None, weights)],
    ]  # fmt: skip


def _balance() -> object:
    x, _, events, _, weights = _studies()
    chance = balance.propensities(x, events)
    levels = ([3, 7], [5, 5], [10, 0], [2, 3, 5], [4, 4, 2], [0, 0], [1], [1.5, 2])
    return [
        over(balance.standardised_difference, levels, levels),
        over(balance.by_lot, (0, 5, 41), (5, 27), (0.0, 0.1, 0.5)),
        over(balance.confounding, (0.0, 0.3, 1.0, 1.1), (0.0, 0.6, -0.1), (0.5, 2.0, 0.0)),
        plain(chance),
        plain(balance.propensities(events[..., None] * 1.0, events)),
        plain(balance.weights(chance, events)),
        plain(balance.effective_size(weights)),
    ]


def _schoenfeld() -> object:
    return [
        over(schoenfeld.standard_error, (0, 1, 40, 68.5), (0.0, 0.4, 0.5, 1.0)),
        over(schoenfeld.smallest_standard_error, (0, 1, 20), (0, 1, 33)),
        over(schoenfeld.events_needed, (0.5, 0.7, 1.0, 2.0, 0.0), (0.4, 0.5, 1.0), (0.8, 0.9), (0.05, 0.01)),
        over(schoenfeld.reach, (0.8, 0.9, 1.0), (0.05, 0.01, 0.0)),
        over(schoenfeld.detectable, (0.1, 0.3, 0.0), (0.8, 0.9)),
        over(schoenfeld.power, (0.5, 1.0, 1.7), (0.2, 0.4), (0.05, 0.01)),
        over(schoenfeld.events_for_equivalence, (0.8, 1.0, 1.25), (0.4, 0.5), (0.8, 0.9)),
    ]


def _inputs() -> object:
    x, times, events, entry, weights = _studies()
    close = [1.0, 1.0 + 1e-9, 2.0, 2.0 + 3e-8, 3.0, NAN]
    arrays = ([1, 2.5], [], [[1, 2]], [1, NAN], [-1, 2], [1, INF], ["a"], [0, 1], [1, 2], [True, False], [0, 0.5, 1, 2])
    studies = [
        (x, events, times, entry, weights), (x[0], events), (x, events[0]), (x * NAN, events), (x, events, -times), (x, events, times * INF),
        (x, events, times[:2]), (x, events, times, INF), (x, events, times, 0.5, -weights), (x, events, None, None, 2.0), (x, events + 1),
    ]  # fmt: skip
    return [
        [told(f, values) for f in (inputs.times,) for values in arrays],
        [told(f, "these", values) for f in (inputs.numbers, inputs.flags) for values in arrays],
        over(inputs.survival, ([1, 2], [1, 2, 3]), ([1, 0], [True, False, True], [0, 2])),
        over(inputs.covariates, ([[1], [2]], [[1, 2], [3, NAN]], [1, 2], [[], []]), (1, 2)),
        over(inputs.groups, (["a", "b"], ["a", "a"], ["a", None], [1, NAN], [0, 1, 1]), (2, 3)),
        [told(inputs.studies, *those) if k else len(inputs.studies(*those)) for k, those in enumerate(studies)],
        over(inputs.count, ["n"], (0, 1, 2, 3.0, 2.5, True, "3", -1, np.int64(4), np.float64(2.0)), (0, 1, 2)),
        [told(f, "n", value) for f in (inputs.fraction, inputs.positive) for value in (0, 0.5, 1, 2, -1, INF, NAN)],
        [told(inputs.settle, np.array(values)) for values in (close, close[::-1], [close, close[::-1]], [1e9, 1e9 + 1, 2e9], [5.0])],
        over(inputs.pairs_of, ["these"], ([1, 2], [1]), ([3, 4], [-1, 2])),
    ]  # fmt: skip


OUTPUTS: dict[str, Callable[[], object]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name in {f"_{Path(module.__file__).stem}" for module in (
        agreement, balance, contingency, count_readings, cox, cox_batch, inputs, intervals, km, ordered, p_of_counts, percentages, readings,
        readings_table, readings_theory, repairs, schoenfeld, wald,
    )}
}  # fmt: skip


def differing(stored: object, found: object, where: str = "") -> str:
    """Return where two outputs differ first, and how; empty when they agree, floats to seven digits."""
    if isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        pairs = enumerate(zip(stored, found, strict=True))
        return next((said for k, (a, b) in pairs if (said := differing(a, b, f"{where}[{k}]"))), "")
    if isinstance(stored, float | int) and isinstance(found, float | int):
        return "" if math.isclose(stored, found, rel_tol=1e-7, abs_tol=1e-9) else f"{where}: {found}, not {stored}"
    return "" if stored == found else f"{where}: {found}, not {stored}"


if __name__ == "__main__":
    made = {name: plain(function()) for name, function in OUTPUTS.items()}
    lines = ",\n".join(
        f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
        for name, value in made.items()
    )
    STORED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
