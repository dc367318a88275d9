"""From two exact orders to patients: rows are refitted, sets agree in every class, the matching is the cheapest."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from secondlook.stats import cox

pytest.importorskip("numba", reason="the search is compiled: install secondlook[search]")

from lookalike import few, finish, kernels, label_kernels


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
    moved = finish.kept_in_classes(label, label, theirs, mine, rng)
    for c in range(4):
        assert moved[mine == c].sum() == label[theirs == c].sum()


def test_the_matching_is_the_cheapest_of_all():
    rng = np.random.default_rng(2)
    costs, first, second = rng.random((6, 6)), np.array([0, 0, 0, 1, 1, 1]), np.array([1, 0, 1, 0, 0, 1])
    total, to = finish.assigned(costs, first, second)
    allowed = (p for p in permutations(range(6)) if all(first[a] == second[q] for a, q in enumerate(p)))
    assert total == pytest.approx(min(sum(costs[a, q] for a, q in enumerate(p)) for p in allowed))
    assert np.array_equal(first, second[to])


def test_a_label_is_found_again():
    """A label whose models are printed from a known labelling is found, and its arms' counts are kept."""
    rng, n = np.random.default_rng(8), 40
    truth, group = (rng.random(n) < 0.4).astype(float), (np.arange(n) % 2).astype(np.int64)
    place, events = np.array([np.arange(n), rng.permutation(n)]), np.ones((2, n))
    fits = [cox.fit(truth[np.argsort(place[e])][:, None], np.arange(1.0, n + 1), np.ones(n, bool)) for e in range(2)]
    b, s = (np.array([value[0] for value in part]) for part in ([f.beta for f in fits], [f.se for f in fits]))
    ends = np.array([b, b - kernels.Z * s, b + kernels.Z * s, abs(b) / s]).T
    fit = kernels.Fit(np.ones(2), b, s, np.zeros((2, 2, 2)), ends - 0.01, ends + 0.01, np.full((2, 4), 0.01))
    x = truth.copy()
    for arm in (0, 1):
        x[group == arm] = rng.permutation(x[group == arm])
    kept, closest, least = np.zeros((1, n), np.int8), np.zeros(n, np.int8), np.full(1, np.inf)
    kernels.seed_kernels(2)
    for scale in np.geomspace(0.3, 0.003, 20):
        whiten = np.array([np.eye(2) / scale] * 2)
        who = np.argsort(place, axis=1)
        if label_kernels.walk_label(
            x, group, place, who, events, fit, whiten, np.zeros(n), 20_000, 0.0, kept, closest, least
        ):
            break
    assert least[0] == 0
    assert np.array_equal(kept[0], closest)
    assert [kept[0][group == arm].sum() for arm in (0, 1)] == [truth[group == arm].sum() for arm in (0, 1)]


@pytest.mark.parametrize("exposed", [True, False])
def test_the_sums_of_few_places_are_those_of_the_whole_label(exposed):
    """Against the kernel that walks over all places, which is held against lifelines."""
    rng, n, b = np.random.default_rng(6), 30, 0.4
    events = (rng.random(n) < 0.8).astype(float)
    score, information, first, second = few.terms(events, 4, b, exposed)
    for _ in range(20):
        line = np.sort(rng.choice(n, 4, replace=False))
        listed = np.full(n, 0.0 if exposed else 1.0)
        listed[line] = 1.0 if exposed else 0.0
        found = first + score[np.arange(4), line].sum(), second + information[np.arange(4), line].sum()
        assert found == pytest.approx(kernels.score_and_information(listed, events, b))


def test_every_set_of_few_places_is_looked_at():
    rng, n, size = np.random.default_rng(7), 9, 3
    score, information = rng.normal(size=(size, n)), rng.random((size, n))
    room = np.zeros((200, size), np.int64)
    kept = few.sets_near(score, information, 0.0, 1.0, 0.0, np.array([1e9, 1e9]), room)
    assert kept == len(set(map(tuple, room[:kept].tolist()))) == 84  # 9 over 3


def test_all_sets_of_patients_are_met_with_what_their_rows_miss():
    """Against the kernel that walks over all places: three of nine patients, one of them of the arm, on two orders."""
    rng, n, size = np.random.default_rng(3), 9, 3
    second, arm = rng.permutation(n), np.arange(n) % 2
    events, b = [np.ones(n), (rng.random(n) < 0.8).astype(float)], (0.3, -0.2)
    low, high = np.array([-0.4, -3.0, -0.5, 0.0]), np.array([0.6, 0.5, 2.5, 0.4])
    sides = [few.Side(*few.terms(events[e], size, b[e], True), b[e], low, high) for e in range(2)]
    found, missed = np.zeros((99, size), np.int64), np.zeros(99, np.int64)
    kept = few.sets_missing(*sides, second, arm, 1, (2, 3), found, missed, np.zeros(99))
    expected = {}
    for some in combinations(range(n), size):
        sums = [
            kernels.score_and_information(np.isin(np.arange(n), places).astype(float), events[e], b[e])
            for e, places in enumerate((some, second[list(some)]))
        ]
        rows = [(b[e] + score / information, information**-0.5) for e, (score, information) in enumerate(sums)]
        values = [(r, r - kernels.Z * s, r + kernels.Z * s, abs(r) / s) for r, s in rows]
        out = [sum(not low[k] <= v <= high[k] for k, v in enumerate(part)) for part in values]
        if arm[list(some)].sum() == 1 and out[0] <= 2 and out[1] <= 3:
            expected[some] = sum(out)
    assert 0 < len(expected) < 40
    assert {tuple(line): int(out) for line, out in zip(found[:kept], missed, strict=False)} == expected
