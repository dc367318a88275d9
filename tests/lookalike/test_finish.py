"""From two exact orders to patients: rows are refitted, sets agree in every class, the matching is the cheapest."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from secondlook.stats import cox

pytest.importorskip("numba", reason="the search is compiled: install secondlook[search]")

from lookalike import finish, label_kernels


@pytest.mark.parametrize("seed", range(6))
def test_one_step_from_a_near_ratio_is_the_fit(seed):
    """Against secondlook.stats.cox, which is held against R: a step from half a unit of the third decimal away."""
    rng = np.random.default_rng(seed)
    x, events = rng.integers(0, 2, 68).astype(float), (rng.random(68) < 0.9).astype(float)
    fitted = cox.fit(x[:, None], np.arange(1.0, 69.0), events == 1)
    b = fitted.beta[0] + 5e-4
    step, s = label_kernels.row_of(x, events, b)
    assert b + step == pytest.approx(fitted.beta[0], abs=1e-9)
    assert s == pytest.approx(fitted.se[0], abs=1e-7)


def test_pairs_agree_in_every_class():
    of = np.array([0, 0, 1, 1, 2])
    first, second = np.array([[1, 0, 1, 0, 0], [1, 1, 0, 0, 0]]), np.array([[0, 1, 0, 1, 0], [0, 0, 0, 0, 1]])
    counts = [finish.by_class(x, of, 3) for x in (first, second)]
    assert finish.pairs_that_agree(*counts) == [(0, 0)]


def test_a_label_for_other_places_has_as_many_in_each_class():
    rng = np.random.default_rng(1)
    label, theirs = rng.integers(0, 2, 40), rng.integers(0, 4, 40)
    mine = rng.permutation(theirs)
    moved = finish.spread_in_classes(label, theirs, mine, rng)
    for c in range(4):
        assert moved[mine == c].sum() == label[theirs == c].sum()


def test_the_matching_is_the_cheapest_of_all():
    rng = np.random.default_rng(2)
    costs, first, second = rng.random((6, 6)), np.array([0, 0, 0, 1, 1, 1]), np.array([1, 0, 1, 0, 0, 1])
    total, to = finish.assigned(costs, first, second)
    allowed = (p for p in permutations(range(6)) if all(first[a] == second[q] for a, q in enumerate(p)))
    assert total == pytest.approx(min(sum(costs[a, q] for a, q in enumerate(p)) for p in allowed))
    assert np.array_equal(first, second[to])
