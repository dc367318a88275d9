"""The rule by which a value's verdict follows from its checks (design, section 2)."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from secondlook.checks.verdicts import FLAGS, ICONS, SUPPORT, VERDICTS, Change, Check, Found, Said, value_verdict


def check(verdict, values=("a",), suspects=(), **more):
    more.setdefault("chance", Fraction(1, 10) if verdict == "reproduced-if" else None)
    return Check("x", verdict, values, "counts", verdict, Found(), Said("q", "1", "2", "m"), suspects, **more)


def test_the_worst_flag_wins_over_any_support():
    assert value_verdict("a", [check("reproduced"), check("query"), check("inconsistent")]) == "inconsistent"
    assert value_verdict("a", [check("reproduced-if"), check("decision")]) == "decision"


def test_a_flag_counts_only_for_its_suspects():
    flag = check("inconsistent", values=("a", "b"), suspects=("b",))
    assert value_verdict("a", [flag, check("coherent")]) == "coherent"
    assert value_verdict("b", [flag, check("coherent", values=("b",))]) == "inconsistent"


def test_a_flag_that_suspects_another_value_supports_nothing():
    assert value_verdict("a", [check("inconsistent", values=("a", "b"), suspects=("b",))]) == "not-testable"


def test_without_flags_the_best_support_counts():
    assert value_verdict("a", [check("attained"), check("coherent")]) == "coherent"
    assert value_verdict("a", [check("coherent"), check("reproduced")]) == "reproduced"


def test_without_checks_a_value_is_not_testable():
    assert value_verdict("a", []) == "not-testable"
    assert value_verdict("a", [check("reproduced", values=("b",))]) == "not-testable"


def test_what_a_check_found_cannot_be_changed_afterwards():
    with pytest.raises(FrozenInstanceError):
        check("reproduced").verdict = "decision"
    for made, name in ((Said("q", "1"), "note"), (Change("a", "2"), "value_id"), (Found(), "anything")):
        with pytest.raises(FrozenInstanceError):
            setattr(made, name, "other")


def test_all_of_its_values_may_change():
    both, said = (Change("a", "2"), Change("b", "3")), Said("q", "1", repair="2, 3")
    assert Check("x", "y", ("a", "b"), "counts", "inconsistent", Found(), said, changes=both).changes == both


def test_all_are_suspects_when_none_is_singled_out():
    assert check("inconsistent", values=("a", "b")).suspect_ids == ("a", "b")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verdict": "wrong"}, "no verdict word"),
        ({"evidence": "hearsay"}, "no evidence word"),
        ({"value_ids": ()}, "involves no value"),
        ({"suspect_ids": ("z",)}, "does not involve"),
        ({"verdict": "reproduced-if"}, "without a chance"),
        ({"changes": (Change("z", "2"),), "said": Said("q", "1", repair="2")}, "changes a value"),
        ({"changes": (Change("a", "2"),)}, "in words or in data alone"),
        ({"said": Said("q", "1", repair="2")}, "in words or in data alone"),
        ({"recomputes": ("z",)}, "recomputes a value"),
        ({"verdict": "wrong", "evidence": "hearsay"}, "no evidence word; 'wrong' is no verdict word"),
    ],
)
def test_a_check_outside_the_vocabulary_is_refused(changes, said):
    fine = {"family": "x", "subject": "y", "value_ids": ("a",), "evidence": "counts", "verdict": "reproduced",
            "found": Found(), "said": Said("q", "1")}  # fmt: skip
    with pytest.raises(ValueError, match=said):
        Check(**(fine | changes))


def test_every_word_has_a_mark_of_its_own():
    assert set(ICONS) == set(VERDICTS)
    assert len(set(ICONS.values())) == len(ICONS)
    assert set(FLAGS) | set(SUPPORT) | {"not-testable"} == set(VERDICTS)
