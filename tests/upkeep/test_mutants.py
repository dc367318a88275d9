"""Do the tests bite: the stored run of `make mutants`, and what is said of its survivors.

Authority: a change that no test notices is either without effect, and explained, or a test is missing.
"""

from __future__ import annotations

import json

import mutants
import pytest


@pytest.mark.parametrize("module", mutants.MODULES)
def test_nine_of_ten_changes_are_noticed_and_the_others_explained(module):
    found = json.loads(mutants.RESULT.read_text(encoding="utf-8"))["modules"][module]
    assert found["killed"] + len(found["survivors"]) == found["mutants"] > 0
    assert found["killed"] >= 0.9 * found["mutants"]
    known = {(each["module"], each["now"]) for each in mutants.explanations()}
    assert [each["now"] for each in found["survivors"] if (module, each["now"]) not in known] == []


def test_explanations_are_of_lines_that_are_there():
    for each in mutants.explanations():
        lines = [line.strip() for line in mutants.source_of(each["module"]).read_text(encoding="utf-8").splitlines()]
        assert each["was"] in lines, f"{each['module']} has no such line any more: {each['was']}"
        assert each["why"]


def test_annotations_are_left_alone_and_nothing_else():
    """A union of types in a signature is an operator that is never executed; the same sign elsewhere is."""
    source = "from __future__ import annotations\ndef f(a: int | None) -> int | None:\n    b: int | str = a | 1\n    return b\n"
    spans = mutants.annotations(source)
    lines = source.splitlines()
    found = {
        (number, column) for number, line in enumerate(lines, 1) for column, sign in enumerate(line) if sign == "|"
    }
    inside = {place for place in found if any(begin <= place < end for begin, end in spans)}
    assert found - inside == {(3, lines[2].rindex("|"))}
    assert len(found) == 4
