"""Lists and small chances in words.

Authority: English (a, b and c), and one over the chance, with one digit that counts.
"""

from fractions import Fraction

import pytest

from secondlook.numbers.in_words import listed, one_in


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ([1, 2, 3, 4], "1, 2, 3 and 4")]
)
def test_a_list_in_words(items, said):
    assert listed(items) == said


@pytest.mark.parametrize(
    ("chance", "odds"), [(Fraction(1, 4), 4), (Fraction(1, 12), 10), (Fraction(3, 1000), 300), (Fraction(1), 1)]
)
def test_a_chance_is_one_in_so_many(chance, odds):
    assert one_in(chance) == odds
