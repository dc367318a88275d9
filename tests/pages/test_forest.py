"""Forest plots draw every row of a table once, on its own numbers, and mark the rows that cannot be true."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Annotation

from secondlook.pages import forest
from secondlook.paper.rows import table_rows
from secondlook.stats import wald


@pytest.fixture
def drawn(paper):
    """Return the rows of Table 5, the mended row and the axes of its forest plot."""
    rows = [row for row in table_rows(paper) if row.table == "t5"]
    broken = next(row for row in rows if wald.box(row.line).is_empty)
    mended = wald.as_line("0.963", "0.513", "1.807", "0.907")
    forest.forest(paper, "t5", {broken.key: mended}, "progression")
    yield rows, broken, mended, plt.gcf().axes[0]
    plt.close("all")


def ends_of(ax):
    """Return lower and upper end of every interval drawn, from the top."""
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"]
    return [tuple(line.get_xdata()) for line in sorted(lines, key=lambda line: -line.get_ydata()[0])]


def test_each_row_is_drawn_with_its_own_limits_and_the_mended_one_below(drawn):
    rows, broken, mended, ax = drawn
    ends = ends_of(ax)
    assert len(ends) == len(rows) + 1
    as_floats = {(float(line.lower.value), float(line.upper.value)) for line in [mended, *(row.line for row in rows)]}
    assert set(ends) == as_floats
    at = ends.index((float(broken.line.lower.value), float(broken.line.upper.value)))
    assert ends[at + 1] == (float(mended.lower.value), float(mended.upper.value))


def test_rings_lie_on_the_geometric_mean_of_rows_that_can_be_true(drawn):
    rows, broken, _, ax = drawn
    rings = [c.get_offsets()[0, 0] for c in ax.collections if len(c.get_offsets()) and c.get_sizes()[0] == 120]
    means = [float(row.line.lower.value * row.line.upper.value) ** 0.5 for row in rows if row is not broken]
    assert len(rings) == len(means)
    np.testing.assert_allclose(sorted(rings), sorted(means), rtol=2e-3)


def test_the_row_that_cannot_be_true_alone_is_crossed_out(drawn):
    rows, broken, _, ax = drawn
    crosses = [text for text in ax.texts if text.get_text() == "✗"]
    assert len(crosses) == 1
    beside = [text.get_text() for text in ax.texts if isinstance(text, Annotation) and text.xy[1] == crosses[0].xy[1]]
    assert str(broken.line.without("p")) in beside
    assert sum(text.get_text() in {str(row.line.without("p")) for row in rows} for text in ax.texts) == len(rows)


def test_a_row_that_cannot_stand_beside_the_others_has_a_mark_and_no_ring(paper):
    rings = []
    broken = {row.key: None for row in table_rows(paper) if row.table == "t5" and wald.box(row.line).is_empty}
    for doubtful in ((), ("t5.tace_haic.uni",)):
        forest.forest(paper, "t5", broken, "progression", doubtful)
        ax = plt.gcf().axes[0]
        rings.append(sum(c.get_sizes()[0] == 120 and len(c.get_offsets()) for c in ax.collections))
        marks = [text for text in ax.texts if text.get_text() == "≠"]
        assert len(marks) == len(doubtful)
        plt.close("all")
    assert rings[0] - rings[1] == 1
