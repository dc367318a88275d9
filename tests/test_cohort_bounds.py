"""The least information against every order of a few patients."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from secondlook import cox
from secondlook.cohort.bounds import least_information


def by_trying_all(exposed: int, others: int, censored: int, b: float, reach: float) -> float:
    """Fit every order with exactly so many censored; the least information of those whose estimate is near b."""
    n, least = exposed + others, np.inf
    times = np.arange(1.0, n + 1)
    for labels in sorted(set(permutations([1] * exposed + [0] * others))):
        x = np.array(labels, dtype=float)
        for hidden in sorted(set(permutations([0] * censored + [1] * (n - censored)))):
            events = np.array(hidden) == 1
            p = np.array([np.exp(b) * x[q:].sum() / (np.exp(b) * x[q:].sum() + (1 - x[q:]).sum()) for q in range(n)])
            if abs(((x - p) * events).sum()) > reach * n:  # nowhere near: no need to fit
                continue
            try:
                fitted = cox.fit(x[:, None], times, events)
            except cox.NoFitError:  # the groups follow one another
                continue
            if abs(fitted.beta[0] - b) <= reach:
                least = min(least, fitted.se[0] ** -2)
    return least


@pytest.mark.parametrize(("exposed", "others", "b"), [(4, 3, -0.1), (3, 4, 0.4), (5, 3, 0.0)])
def test_no_order_has_less_and_some_has_hardly_more(exposed, others, b):
    reach = 0.15
    found = least_information(exposed, others, 1, b, reach, step=1e-3)
    for censored in (0, 1):
        tried = min(by_trying_all(exposed, others, c, b, reach) for c in range(censored + 1))
        assert found[censored] <= tried
        assert found[censored] > 0.6 * tried


def test_censoring_never_raises_the_bound_and_a_finer_grid_never_lowers_it_much():
    found = least_information(9, 7, 3, 0.2, step=2e-3)
    assert found == sorted(found, reverse=True)
    coarse = least_information(9, 7, 3, 0.2, step=1e-2)
    assert all(c <= f + 1e-9 for c, f in zip(coarse, found, strict=True))
