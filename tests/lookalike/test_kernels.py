"""The compiled sums against lifelines and this package's own fits, on random data without ties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("numba", reason="the search is an extra: install secondlook[search]")

from lifelines import CoxPHFitter
from lifelines.statistics import logrank_test

from lookalike import kernels
from lookalike.kernels import Room, State, Work
from lookalike.orders import NO_FLOORS
from lookalike.problem import Cells, Limits, Marks, Model, Rows
from secondlook.stats import cox, km

EXACT = 1e-9
#: Other data of the same kind are tried weekly.
SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.weekly) for seed in range(4, 12))]


def simulated(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Three 0/1 covariates by place, and events; the last third may be censored."""
    rng = np.random.default_rng(seed)
    x = (rng.random((n, 3)) < [0.4, 0.3, 0.6]).astype(float)
    order = np.argsort(rng.exponential(np.exp(-x @ [0.6, 1.0, -0.4])))
    events = np.ones(n)
    events[rng.permutation(np.arange(2 * n // 3, n))[: n // 6]] = 0.0
    return x[order], events


def lifelines_fit(x: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and standard errors by lifelines; its coefficients stop some 1e-8 short of the maximum."""
    frame = pd.DataFrame(x, columns=[f"x{k}" for k in range(x.shape[1])])
    frame = frame.assign(time=np.arange(1.0, len(x) + 1), event=events)
    options = {"precision": 1e-14, "r_precision": 1e-16}
    fitted = CoxPHFitter().fit(frame, "time", "event", fit_options=options)
    return fitted.params_.to_numpy(), fitted.standard_errors_.to_numpy()


def own_fit(x: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Coefficients by this package's own fit."""
    return cox.fit(x, np.arange(1.0, len(x) + 1), events > 0).beta


def unlimited(rows: int) -> Limits:
    return Limits(np.full((rows, 4), -1e9), np.full((rows, 4), 1e9), np.ones((rows, 4)))


def whole(x: np.ndarray, events: np.ndarray, b_of_one: np.ndarray, b_of_all: np.ndarray):
    """A core of three labels (rows, then a log-rank test of label 0) at given log hazard ratios, and a state."""
    theta = np.exp([*b_of_one, 0.0])
    rows = Rows(
        np.array([0, 1, 2, 0]), theta, np.array(b_of_one), np.ones(3), np.tile(np.eye(2), (3, 1, 1)), unlimited(4),
        np.ones(1), np.zeros(1), np.ones(1),
    )  # fmt: skip
    weights = np.array([np.exp(sum(b_of_all[k] for k in range(3) if code >> k & 1)) for code in range(8)])
    model = Model(np.arange(3), weights, np.array(b_of_all), np.ones(3), np.tile(np.eye(2), (3, 1, 1)), unlimited(3))
    cells = Cells(np.array([6]), np.array([3.0, 4.0]))
    codes = (x @ [1, 2, 4]).astype(np.int64)
    state = State(codes, events.copy(), np.array([10, 20]), np.array([12, 22]))
    return rows, model, cells, state


def sums(rows, model, cells, state) -> Work:
    n, width = len(state.codes), 2 * len(rows.bit) + 9 + 2 * len(cells.mask)
    work = kernels.blank_work(n, 3, width)
    kernels.resum(state, work, 0, n - 1, rows, model, cells)
    return work


@pytest.mark.parametrize("seed", SEEDS)
def test_errors_are_those_of_lifelines_and_a_step_ends_at_the_maximum(seed):
    """At lifelines' coefficients the information is lifelines' own; one step from them is where our own fit ends."""
    x, events = simulated(seed)
    alone = [lifelines_fit(x[:, [k]], events) for k in range(3)]
    b, s = lifelines_fit(x, events)
    rows, model, cells, state = whole(x, events, [a[0][0] for a in alone], b)
    total = sums(rows, model, cells, state).total
    for k in range(3):
        score, information = total[2 * k], total[2 * k + 1]
        assert abs(information**-0.5 - alone[k][1][0]) < EXACT
        assert abs(alone[k][0][0] + score / information - own_fit(x[:, [k]], events)[0]) < EXACT
        found = kernels.score_and_information(x[:, k].copy(), events, alone[k][0][0])
        assert np.allclose(found, (score, information), atol=EXACT, rtol=0)
    found = np.array(kernels.estimates(total, 8, model.b))
    assert np.abs(found[3:] - s).max() < EXACT
    assert np.abs(found[:3] - own_fit(x, events)).max() < EXACT


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_from_nearby_lands_within_its_square(seed):
    """Newton's step from a log hazard ratio off by d errs by the order of d²: the search needs d → 0 only."""
    x, events = simulated(seed)
    b = lifelines_fit(x[:, [0]], events)[0][0]
    score, information = kernels.score_and_information(x[:, 0].copy(), events, b + 0.01)
    assert abs(b + 0.01 + score / information - b) < 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hazard_ratio_of_one_gives_the_log_rank_test(seed):
    """Without ties the score test at 1 is the log-rank test (Cox 1972, section 5)."""
    x, events = simulated(seed)
    times, one = np.arange(1.0, len(x) + 1), x[:, 0] == 1
    wanted = logrank_test(times[one], times[~one], events[one], events[~one]).test_statistic
    total = sums(*whole(x, events, np.zeros(3), np.zeros(3))).total
    assert abs(total[6] ** 2 / total[7] - wanted) < EXACT


@pytest.mark.weekly
def test_moves_leave_the_sums_right_and_keep_labels_by_arm():
    x, events = simulated(3)
    rows, model, cells, state = whole(x, events, np.array([0.5, 1.0, -0.3]), np.array([0.5, 1.0, -0.3]))
    before = [
        np.bincount(state.codes[(state.codes & 1) == arm] >> v & 1, minlength=2) for arm in (0, 1) for v in (1, 2)
    ]
    work, best = sums(rows, model, cells, state), State(*(p.copy() for p in state))
    none = Marks(*(np.zeros(0, dtype=np.int64) for _ in range(5)))
    room = Room(np.array([2.0, 4.0]), 6, 0.01, 1.0, 55)
    scale = np.eye(2 * 3 + 1 + 6 + 2) * 1e-3
    kernels.seed_kernels(1)
    _, _, taken = kernels.anneal(
        state, work, best, rows, model, none, cells, room, NO_FLOORS, scale, 1.0, 1.0, 20_000, 0.0, 0
    )
    assert taken > 2_000
    fresh = sums(rows, model, cells, state)
    for mine, wanted in zip(work, fresh, strict=True):
        assert np.abs(mine - wanted).max() < EXACT
    after = [np.bincount(state.codes[(state.codes & 1) == arm] >> v & 1, minlength=2) for arm in (0, 1) for v in (1, 2)]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert not np.array_equal(state.codes, (x @ [1, 2, 4]).astype(np.int64))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_move_changes_is_what_summing_all_anew_gives(seed):
    """Moves are judged by sums over the places they touch; medians by who crossed an end. Both against a fresh start."""
    x, events = simulated(seed)
    rows, model, cells, state = whole(x, events, np.array([0.5, 1.0, -0.3]), np.array([0.5, 1.0, -0.3]))
    bits, sides = np.array([0, 0, 1, 2]), np.array([1, 0, 1, 0])
    marks = Marks(bits, sides, np.array([3, 8, 2, 12]), np.array([4, 8, 6, 12]), np.array([0, 1, 0, 1]))
    work, total, made = sums(rows, model, cells, state), np.zeros(2 * 4 + 9 + 2), []
    kernels.seed_kernels(seed)
    while len(made) < 600:
        move = kernels.draw_move(state, 3, 7, 0)
        if move.i < 0:
            continue
        kernels.make(state, move)
        kernels.change_of(state, work, move, rows, model, cells, 7, total)
        fresh = sums(rows, model, cells, state)
        assert np.abs(total - fresh.total).max() < EXACT
        moved = kernels.missed_marks(state, work.counts, marks, move)
        assert moved == kernels.missed_marks(state, fresh.counts, marks)
        made.append((move.mask == 0, move.k >= 0, move.first == 0, move.split))
        if len(made) % 3:
            kernels.make(state, move)
        else:
            work = fresh
    assert np.array(made).any(axis=0).all(), "some kind of move was never tried"


def test_cells_count_patients_with_all_labels_by_arm():
    x, events = simulated(5)
    rows, model, cells, state = whole(x, events, np.zeros(3), np.zeros(3))
    both = (x[:, 1] == 1) & (x[:, 2] == 1)
    wanted = [(both & (x[:, 0] == arm)).sum() for arm in (0, 1)]
    assert sums(rows, model, cells, state).total[-2:].tolist() == wanted


def test_marks_hold_when_the_medians_lie_at_their_places():
    """Hand-made: a group of seven has its median at the fourth and, by the log-log band, its limits at the ranks of km."""
    rank = km.ranks(7, "log-log")
    codes = np.array([1, 0] * 7, dtype=np.int64)
    places = np.flatnonzero(codes == 1)
    counts = np.array([[(codes[q:] == 1).sum()] for q in range(15)], dtype=float)
    low = np.array([places[rank.lower - 1], places[3], places[rank.upper - 1]])
    ends = [np.ones(3, dtype=np.int64) * 0, np.ones(3, dtype=np.int64)]
    wanted = np.array([rank.lower, 4, rank.upper])
    marks = Marks(ends[0], ends[1], wanted, wanted, np.arange(3))
    state = State(codes, np.ones(14), low, low + 1)
    assert kernels.missed_marks(state, counts, marks) == 0
    assert kernels.missed_marks(state._replace(low=low + 2, high=low + 3), counts, marks) == 3.0


@pytest.mark.parametrize(("b", "s", "wanted"), [(0.0, 1.0, 0.0), (2.5, 1.0, 9.0), (0.0, 2.0, 8.0), (-1.5, 1.0, 1.0)])
def test_beyond_counts_squared_half_widths(b, s, wanted):
    """By hand: ends of log HR ±1 and half-width ½; limits b ∓ Z s within ∓Z ± ½Z and half-width ¼Z; any z."""
    z = kernels.Z
    low, high = np.array([-1.0, -1.5 * z, 0.5 * z, -1e9]), np.array([1.0, -0.5 * z, 1.5 * z, 1e9])
    half = np.array([0.5, z / 4, z / 4, 1.0])
    over = max(abs(b) - 0.5 * z, 0) / half[1]
    assert kernels.beyond(b, s, low, high, half) == pytest.approx(wanted if s == 2 else wanted + 2 * over**2)
    assert kernels.beyond(b, s, low, high, half * 2) == pytest.approx((wanted if s == 2 else wanted + 2 * over**2) / 4)
