"""Do the tests bite: the stored run of `make mutants`, and what is said of its survivors.

Authority: a change that no test notices is either without effect, and explained, or a test is missing.
"""

from __future__ import annotations

import json

import mutants

STORED = json.loads(mutants.RESULT.read_text(encoding="utf-8"))["modules"]


def test_the_stored_run_adds_up_and_its_modules_are_there():
    assert set(STORED) <= set(mutants.names())
    for name, found in STORED.items():
        assert found["killed"] + len(found["survivors"]) == found["tried"], name
        assert 0 < found["tried"] <= found["mutants"], name


def test_what_survives_in_the_modules_that_were_tried_whole_is_explained():
    known = {(each["module"], each["now"]) for each in mutants.explanations()}
    whole = {name: found for name, found in STORED.items() if found["tried"] == found["mutants"]}
    assert "secondlook/numbers/printed" in whole
    left = [(name, each["now"]) for name, found in whole.items() for each in found["survivors"]]
    assert [each for each in left if each not in known] == []
    assert all(found["killed"] >= 0.95 * found["tried"] for found in whole.values())


def test_explanations_are_of_lines_that_are_there():
    for each in mutants.explanations():
        lines = [line.strip() for line in mutants.source_of(each["module"]).read_text(encoding="utf-8").splitlines()]
        assert each["was"] in lines, f"{each['module']} has no such line any more: {each['was']}"
        assert each["why"]


def test_a_sample_is_the_same_every_time_and_leaves_annotations_alone():
    """A union of types in a signature is an operator that is never executed; the same sign elsewhere is."""
    assert mutants.changes("secondlook/numbers/forms") == mutants.changes("secondlook/numbers/forms")
    source = "from __future__ import annotations\ndef f(a: int | None) -> int | None:\n    b: int | str = a | 1\n    return b\n"
    spans = mutants.annotations(source)
    lines = source.splitlines()
    found = {
        (number, column) for number, line in enumerate(lines, 1) for column, sign in enumerate(line) if sign == "|"
    }
    inside = {place for place in found if any(begin <= place < end for begin, end in spans)}
    assert found - inside == {(3, lines[2].rindex("|"))}
    assert len(found) == 4
