"""The least information against every order of a few patients."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from lookalike.bounds import least_information, most_at_risk
from secondlook.stats import cox, km


def by_trying_all(exposed: int, others: int, censored: int, b: float, reach: float, tail: int = 99) -> float:
    """Fit every order with exactly so many censored; the least information of those whose estimate is near b."""
    n, least = exposed + others, np.inf
    times = np.arange(1.0, n + 1)
    for labels in sorted(set(permutations([1] * exposed + [0] * others))):
        x = np.array(labels, dtype=float)
        for hidden in sorted(set(permutations([0] * censored + [1] * (n - censored)))):
            events = np.array(hidden) == 1
            if n - np.argmin(events) > tail and not events.all():  # the first censored, with all who are at risk then
                continue
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


@pytest.mark.parametrize(("exposed", "others", "b", "tail"), [(4, 3, 0.4, 3), (3, 4, -0.2, 4), (4, 4, 0.5, 2)])
def test_the_bound_holds_where_only_the_last_are_censored_and_is_near(exposed, others, b, tail):
    reach, censored = 0.15, 2
    found = least_information(exposed, others, censored, b, reach, step=1e-3, tail=tail)
    tried = min(by_trying_all(exposed, others, c, b, reach, tail) for c in range(censored + 1))
    assert found[censored] <= tried
    assert found[censored] > 0.6 * tried


def test_a_smaller_tail_never_lowers_the_bound():
    by_tail = [least_information(9, 7, 4, 0.2, step=2e-3, tail=tail)[-1] for tail in (0, 3, 8, 16)]
    assert by_tail == sorted(by_tail, reverse=True)
    assert by_tail[0] == least_information(9, 7, 0, 0.2, step=2e-3)[0]
    assert by_tail[-1] == least_information(9, 7, 4, 0.2, step=2e-3)[-1]


def rank_of_limit(n: int, band: str) -> int:
    """Rank of the upper limit of a median, by the definition: the curve of n uncensored times 1, 2, …, n."""
    return int(km.median_interval(range(1, n + 1), [True] * n, band).upper)


@pytest.mark.parametrize("band", ["log-log", "plain", "arcsine", "logit"])
def test_whoever_is_at_risk_at_the_limits_of_the_medians_can_still_be_censored(paper, band):
    # Table 1: 41 and 27 patients by arm, 40 and 28 by AFP, 55 and 13 by performance status; all upper limits of
    # progression-free survival, 8.7 months at most, lie below 15 months, the least follow-up.
    sums = [sum(rank_of_limit(n, band) for n in sizes) for sizes in ((41, 27), (40, 28), (55, 13))]
    assert most_at_risk(paper, "pfs", band) == 68 - max(sums)


def test_the_medians_alone_say_less_and_limits_after_the_least_follow_up_nothing(paper):
    assert most_at_risk(paper, "pfs", "symmetric") == 68 - (21 + 14)  # by arm; by AFP 20 + 14
    # Overall survival by AFP: the median of 40, 14.1, is the 20th or later; the limit of 28, 11.1; 22.2 is too late.
    assert most_at_risk(paper, "os", "log-log") == 68 - (20 + rank_of_limit(28, "log-log"))


def test_censoring_never_raises_the_bound_and_a_finer_grid_never_lowers_it_much():
    found = least_information(9, 7, 3, 0.2, step=2e-3)
    assert found == sorted(found, reverse=True)
    coarse = least_information(9, 7, 3, 0.2, step=1e-2)
    assert all(c <= f + 1e-9 for c, f in zip(coarse, found, strict=True))
