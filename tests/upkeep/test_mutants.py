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
        assert found["at first"] <= found["killed"], name


def test_most_changes_are_noticed_and_the_others_are_explained():
    known = {(each["module"], each["now"]) for each in mutants.explanations()}
    whole = {name for name, found in STORED.items() if found["tried"] == found["mutants"]}
    assert "secondlook/numbers/printed" in whole
    left = [(name, each["now"]) for name, found in STORED.items() for each in found["survivors"]]
    assert [each for each in left if each not in known] == []
    assert sum(found["killed"] for found in STORED.values()) >= 0.95 * sum(found["tried"] for found in STORED.values())


def test_a_sample_goes_on_from_a_smaller_one_and_keeps_what_was_noticed_at_first():
    def entry(k, noticed):
        return {"definition": "f", "operator": "o", "occurrence": k, "was": "a", "now": "b", "noticed": noticed}

    module = "secondlook/numbers/printed"
    first = mutants.summary(module, 2, 100, {}, [entry(0, True), entry(1, False)])
    assert (first["tried"], first["at first"], first["killed"]) == (2, 1, 1)
    more = mutants.summary(module, 2, 100, first, [entry(2, True), entry(3, False)])
    assert (more["tried"], more["at first"], more["killed"], len(more["survivors"])) == (4, 2, 2, 2)
    again = mutants.summary(module, 2, 100, more, [entry(1, True), entry(3, False)])
    assert (again["tried"], again["at first"], again["killed"]) == (4, 2, 3)
    assert [each["occurrence"] for each in again["survivors"]] == [3]
    assert "noticed" not in again["survivors"][0]


def test_explanations_are_of_lines_that_are_there():
    for each in mutants.explanations():
        lines = [line.strip() for line in mutants.source_of(each["module"]).read_text(encoding="utf-8").splitlines()]
        assert each["was"] in lines, f"{each['module']} has no such line any more: {each['was']}"
        assert each["why"]


def test_a_sample_is_the_same_every_time_and_leaves_annotations_alone():
    """A union of types in a signature is an operator that is never executed; the same sign elsewhere is."""
    drawn = mutants.changes("secondlook/numbers/forms")
    assert drawn == mutants.changes("secondlook/numbers/forms")
    other = mutants.changes("secondlook/numbers/forms", seed=mutants.SEED + 1)
    assert sorted(other) == sorted(drawn) != drawn != other
    source = "from __future__ import annotations\ndef f(a: int | None) -> int | None:\n    b: int | str = a | 1\n    return b\n"
    spans = mutants.annotations(source)
    lines = source.splitlines()
    found = {
        (number, column) for number, line in enumerate(lines, 1) for column, sign in enumerate(line) if sign == "|"
    }
    inside = {place for place in found if any(begin <= place < end for begin, end in spans)}
    assert found - inside == {(3, lines[2].rindex("|"))}
    assert len(found) == 4
