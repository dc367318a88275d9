"""Tables of agreement from margins: against a plain filter of all tables; kappa against its textbook example."""

import pytest

from secondlook.stats import agreement


def test_kappa_of_textbook_examples():
    """Cohen's own (Psychol Bull 1968;70:213, table 1, 200 cases): 0.492; and by hand (0.7 − 0.5)/(1 − 0.5) = 0.4."""
    assert agreement.kappa(((88, 14, 18), (10, 40, 10), (2, 6, 12))) == pytest.approx(0.492, abs=5e-4)
    assert agreement.kappa(((20, 5), (10, 15))) == pytest.approx(0.4)
    assert agreement.kappa(((5, 0), (0, 0))) == 1.0


@pytest.mark.parametrize(
    ("first", "second"),
    [([0, 2, 10, 15], [1, 3, 8, 15]), ([1, 2, 3], [2, 3, 1]), ([2, 1, 1], [1, 1, 2]), ([0, 0, 4], [2, 1, 1])],
)
def test_never_worse_is_the_part_of_all_tables_on_and_left_of_the_diagonal(first, second):
    """Rows are the first rating, best category first: a better second category stands to the left."""
    size = len(first)
    slow = [
        t for t in agreement.tables(first, second) if not any(t[i][j] for i in range(size) for j in range(i + 1, size))
    ]
    assert sorted(agreement.never_worse(first, second)) == sorted(slow)


def test_better_ratings_everywhere_leave_the_worst_category_to_the_same_patients():
    found = list(agreement.never_worse([1, 7, 22, 11], [3, 9, 18, 11]))
    assert len(found) == 3
    assert {t[3] for t in found} == {(0, 0, 0, 11)}
    assert {agreement.agreeing(t) for t in found} == {11 + 18 + 1 + k for k in (5, 6, 7)}
