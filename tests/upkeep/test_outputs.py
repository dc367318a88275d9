"""What the statistics give on small made-up input is what was stored (tests/outputs.py says what for)."""

from __future__ import annotations

import json
import math

import outputs
import pytest

STORED = json.loads(outputs.STORED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", outputs.OUTPUTS)
def test_what_comes_out_is_what_was_stored(name):
    said = outputs.differing(STORED[name], outputs.plain(outputs.OUTPUTS[name]()))
    assert not said, f"{name}{said}; when this is meant, run tests/outputs.py"


def test_nothing_else_is_stored():
    assert set(STORED) == set(outputs.OUTPUTS)


@pytest.mark.parametrize("other", [[1.0, [2.0]], [1.0, ["a", 1]], [1.0], [1.0, ["a"], 0], [1.0001, ["a"]]])
def test_a_difference_is_seen_wherever_it_is(other):
    assert outputs.differing([1.0, ["a"]], [1.0 + 1e-12, ["a"]]) == ""
    assert outputs.differing([1.0, ["a"]], other)
    assert outputs.plain([math.nan, -math.inf]) == ["nan", "-inf"]
