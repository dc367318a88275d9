"""Do the tests bite: the stored run of `make mutants`, and what is said of its survivors.

Authority: a change that no test notices is either without effect, and explained, or a test is missing.
"""

from __future__ import annotations

import mutants

ROUNDS = mutants.stored()
STORED = [(name, found) for here in ROUNDS.values() for name, found in here.items()]


def test_the_stored_rounds_add_up_and_their_modules_are_there():
    assert mutants.WHOLE in ROUNDS
    for number, here in ROUNDS.items():
        assert set(here) <= set(mutants.names())
        for name, found in here.items():
            assert 0 < found["tried"] <= found["mutants"], name
            assert (found["tried"] == found["mutants"]) or number != mutants.WHOLE, name
            assert len(found["survivors"]) + found.get("undecided", 0) <= found["tried"] - found["at first"], name


def test_what_is_not_noticed_is_explained():
    known = {(each["module"], each["now"]) for each in mutants.explanations()}
    left = [(name, each["now"]) for name, found in STORED for each in found["survivors"]]
    assert [each for each in left if each not in known] == []
    assert len(left) <= 0.05 * sum(found["tried"] for _, found in STORED)


def test_one_change_in_so_many_is_drawn_and_what_comes_of_it_is_counted():
    module = "secondlook/numbers/forms"
    every = mutants.changes(module, 3)
    number, drawn = mutants.draw(module, 10, 3)
    assert number == len(every) == 23
    assert drawn == every[:3]
    entries = [
        {"definition": "f", "operator": "o", "occurrence": k, "was": "a", "now": "b", "noticed": k != 1}
        for k in (2, 0, 1)
    ]
    found = mutants.summary(module, number, entries)
    assert (found["mutants"], found["tried"], found["at first"], found["source"]) == (23, 3, 2, mutants.digest(module))
    assert found["survivors"] == [{"definition": "f", "operator": "o", "occurrence": 1, "was": "a", "now": "b"}]


class Copy:
    """Stands for the copy of the project: changes are noticed, or not."""

    def __init__(self, noticed):
        self.noticed, self.tried = noticed, []

    def change(self, module, text):
        self.text = text

    def notice(self, module, tests):
        self.tried.append(self.text)
        return self.noticed


def test_a_round_is_kept_beside_others_and_what_survived_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(mutants, "RESULT", tmp_path / "mutants.json")
    monkeypatch.setattr(mutants, "explanations", list)
    module, survives, notices = "secondlook/numbers/forms", Copy(False), Copy(True)
    for seed in (3, 4, 4):  # the second time nothing has changed
        mutants.try_round(survives, [module], 10, seed)
    assert len(survives.tried) == 6
    assert {name: len(here[module]["survivors"]) for name, here in mutants.stored().items()} == {"3": 3, "4": 3}
    mutants.try_again(notices, [module])
    assert sorted(notices.tried) == sorted(survives.tried)
    assert {name: len(here[module]["survivors"]) for name, here in mutants.stored().items()} == {"3": 0, "4": 0}
    assert {here[module]["at first"] for here in mutants.stored().values()} == {0}


def test_a_change_is_told_by_the_lines_that_it_makes():
    module = "secondlook/numbers/dates"
    change = next(each for each in mutants.changes(module) if each[0] == "core/RemoveDecorator")
    _, (operator, was, now) = mutants.lines_of(module, change)
    assert (operator, was, now) == ("RemoveDecorator", "@dataclass(frozen=True)", "")


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
