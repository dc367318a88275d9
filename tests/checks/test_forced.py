"""What margins and the clock force, against every arrangement of a few patients and on the paper."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from secondlook.checks.forced import late_events, least_overlap
from secondlook.paper.medians import printed_medians
from secondlook.stats import km


def median_of(paper, endpoint: str, group: str):
    return next(t for t in printed_medians(paper) if (t.endpoint, t.group) == (endpoint, group))


def test_two_of_the_progressions_of_r_are_no_earlier_than_its_median(paper):
    # Table 3: 15 of R's 27 have progression as best response; its median, the 14th time, prints 3.0.
    found = late_events(median_of(paper, "pfs", "r"), 15)
    assert (found.months, found.before, found.late) == (pytest.approx(2.95), 13, 2)


@pytest.mark.parametrize("n", [2, 5, 8, 27, 40])
def test_never_more_than_said_lie_before_the_median(n):
    times = np.sort(np.random.default_rng(n).exponential(5, n))
    middle = km.median_interval(times, np.ones(n, bool), "log-log").median
    assert (times < middle - 1e-9).sum() <= km.ranks(n, "log-log").median[1] - 1


def test_the_least_overlap_is_that_of_all_arrangements():
    n = 6
    for first in range(n + 1):
        for second in range(n + 1):
            has = set(range(first))
            tried = min(len(has & set(some)) for some in combinations(range(n), second))
            assert least_overlap(n, first, second) == tried


def test_the_margins_alone_do_not_force_a_stage_b_patient_to_have_spread(paper):
    b, spread = (
        (sum(int(paper[f"t1.{k}.{arm}.n"].number.value) for arm in ("lp", "r"))) for k in ("bclc.b", "extrahepatic.yes")
    )
    assert (b, spread, least_overlap(68, b, spread)) == (21, 44, 0)


@pytest.mark.parametrize(("patients", "first", "second"), [(5, 6, 1), (5, -1, 1), (5, 1, 6)])
def test_counts_beyond_all_are_refused(patients, first, second):
    with pytest.raises(ValueError, match=r"must be|negative"):
        least_overlap(patients, first, second)


def test_more_counted_than_there_are_is_refused(paper):
    with pytest.raises(ValueError, match="28 patients of 27"):
        late_events(median_of(paper, "pfs", "r"), 28)
