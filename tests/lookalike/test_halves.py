"""Meeting in the middle against counting everything, and full refits against lifelines."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("numba", reason="the search is an extra: install secondlook[search]")

from lifelines import CoxPHFitter

from lookalike import assemble as patients
from lookalike import halves, kernels, refit, search
from lookalike.kernels import Move, State
from secondlook.cohort import columns as codes
from secondlook.cohort.records import load as load_records
from secondlook.paper.registry import load

PUBLISHED = "data/published"
COHORT = Path("data/cohort/synthetic.csv")


@pytest.fixture(scope="module")
def paper():
    registry = load(PUBLISHED)
    return search.paper_of(registry, codes.load(PUBLISHED, registry))


@pytest.fixture(scope="module")
def order(paper):
    return patients.orders_of(paper, load_records(COHORT, PUBLISHED))[0]


@pytest.fixture(scope="module")
def core(paper):
    return paper.core("pfs")


def state_of(order) -> State:
    return State(*(part.copy() for part in (order.codes, order.events, order.low, order.high)))


def test_what_disjoint_exchanges_add_is_what_they_add_together(core, order):
    """The claim on which everything rests: exchanges between disjoint places change the sums independently."""
    state, rng, most = state_of(order), np.random.default_rng(4), 0.0
    half = halves.exchanges(core, state, 0, len(state.codes))
    assert len(half.moves) > 200
    assert {int(mask) for mask in half.moves[:, 2]} > {0}, "no exchange of an event with a censored time"
    before = kernels.blank(core, state).total
    for _ in range(60):
        a, b = rng.integers(len(half.moves), size=2)
        first, second = sorted((half.moves[a], half.moves[b]), key=lambda move: move[0])
        if first[1] >= second[0]:
            continue
        new = state_of(order)
        for i, j, mask in (first, second):
            kernels.make(new, Move(int(i), int(j), int(mask), -1, -1, 0, 0))
        added = kernels.blank(core, new).total - before
        most = max(most, float(np.abs(added - half.sums[a] - half.sums[b]).max()))
    assert 0 < most < 1e-9


@pytest.mark.parametrize("kept", [10_000, 40])
def test_the_sets_of_disjoint_moves_nearest_to_a_point_are_listed(kept):
    rng = np.random.default_rng(2)
    starts = np.sort(rng.choice(30, size=9))
    moves = np.column_stack([starts, starts + rng.integers(1, 4, 9), np.ones(9, dtype=int)])
    changes, offset = rng.normal(size=(9, 3)), np.array([1.0, -0.5, 0.0])
    found = {tuple(k for k in line if k >= 0) for line in halves.listed(moves, changes, offset, 3, kept).tolist()}
    distances = {}
    for size in range(4):
        for some in combinations(range(9), size):
            if all(moves[a, 1] < moves[b, 0] for a, b in pairwise(some)):
                distances[some] = float(((changes[list(some)].sum(axis=0) - offset) ** 2).sum())
    nearest = sorted(distances, key=distances.get)
    assert len(distances) > 60
    assert found == set(nearest[: len(found)])
    assert len(found) == len(distances) if kept > len(distances) else 30 <= len(found) <= kept


def test_every_pair_within_reach_is_met():
    """Hashing against all pairs: points in six dimensions, of which four are hashed."""
    rng, wide = np.random.default_rng(7), 4.0
    early, late, target = rng.normal(scale=3, size=(300, 6)), rng.normal(scale=3, size=(400, 6)), rng.normal(size=6)
    side, bits = 2 * np.sqrt(wide), 8
    starts, order = halves.slots(late, side, bits)
    assert sorted(order) == list(range(400))
    cell, met = np.zeros(halves.HASHED, np.int64), set()
    for a, point in enumerate(early):
        for corner in range(1 << halves.HASHED):
            halves.neighbour(target - point, side, corner, cell)
            slot = halves.slot_of(cell, bits)
            for b in order[starts[slot] : starts[slot + 1]]:
                if halves.gap(late[b], target - point, wide) <= wide:
                    met.add((a, int(b)))
    distance = ((early[:, None] + late[None] - target) ** 2).sum(axis=2)
    assert met == {(int(a), int(b)) for a, b in np.argwhere(distance <= wide)}
    assert len(met) > 20


@pytest.mark.weekly
def test_closer_comes_closer_and_keeps_what_must_hold(core, order):
    """From an order that was disturbed: margins, medians and limits stay, and the miss falls."""
    state = state_of(order)
    half = halves.exchanges(core, state, 0, len(state.codes))
    for i, j, mask in half.moves[[20, 150]]:
        kernels.make(state, Move(int(i), int(j), int(mask), -1, -1, 0, 0))
    start = halves.Order(*state)
    before = float(kernels.miss(kernels.blank(core, state).total, core.rows, core.model, core.cells))
    found = halves.closer(core, start, 30, kept=60_000, about=order, mending=1)
    assert found[0].miss < before / 3
    assert [new.miss for new in found] == sorted(new.miss for new in found)
    for new in found[:20]:
        for k in range(len(core.columns)):
            assert ((new.codes >> k) & 1).sum() == ((order.codes >> k) & 1).sum()
        counts = kernels.blank(core, state_of(new)).counts
        assert kernels.missed_marks(state_of(new), counts, core.marks) == 0
        assert new.events.sum() == order.events.sum()


def test_polishing_keeps_only_what_fits_and_counts_what_is_missed(core, order):
    told = []
    some = halves.polish(core, [order], 0.0, 1, tell=told.append)
    assert [refit.rank(core, new) for new in some] == [refit.rank(core, order)]
    assert halves.polish(core, [order], 0.0, 1, fits=lambda new: False) == []


def test_a_full_refit_is_that_of_lifelines(core, order):
    b, s = refit.newton(order, core.model.bit, core.model.b)
    frame = pd.DataFrame({str(k): (order.codes >> int(bit)) & 1 for k, bit in enumerate(core.model.bit)})
    frame["time"], frame["event"] = np.arange(1.0, len(order.codes) + 1), order.events
    fitted = CoxPHFitter().fit(frame, "time", "event", fit_options={"precision": 1e-12})
    assert np.allclose(b, fitted.params_, atol=1e-9)
    assert np.allclose(s, fitted.standard_errors_, atol=1e-9)


def test_the_cohort_s_rank_is_what_its_file_prints(paper, core, order):
    """Against the verification of the file: the numbers of the core's rows, model and tests that our fits miss."""
    from secondlook.cohort import verify

    missed = refit.outside(core, order)
    keys = [f"{key}.{name}" for key in core.keys for name in ("hr", "lower", "upper", "p")]
    by_key = dict(zip(keys, missed, strict=False))
    results = {r.target.value_id: r for r in verify.verify(load_records(COHORT, PUBLISHED))}
    for key, value in by_key.items():
        if not results[key].attained and "/" not in results[key].got:
            assert value > 0, key
        if results[key].attained:
            assert value == 0, key
    assert refit.rank(core, order)[1] == pytest.approx(float((missed**2).sum()))


def test_a_log_rank_p_that_is_missed_weighs_ten_numbers(core, order, monkeypatch):
    """Medians and tests must all hold: an order that misses one is worse than any that misses a few numbers."""
    missed = np.zeros_like(refit.outside(core, order))
    monkeypatch.setattr(refit, "NEAR", np.inf)
    monkeypatch.setattr(refit, "outside", lambda core, order: missed)
    test, number = 4 * len(core.rows.s), 0
    missed[number] = 0.5
    assert refit.rank(core, order) == (1, 0.25)
    missed[test] = 0.5
    assert refit.rank(core, order) == (11, 0.5)
