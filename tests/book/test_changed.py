"""A reader may change the numbers that a chapter names in its first cell: another result, and no error, as in Jupyter."""

import contextlib
import io
import sys
import types

import jupytext
import pytest
import student
from conftest import ROOT

#: Other numbers for those that a first cell names; small ones, so that simulations take no time.
CHANGED = {
    "40-how-many-events": {"COHORTS = 250": "COHORTS = 20"},
    "50-could-have-detected": {"POWER = 0.80": "POWER = 0.90", "MARGIN = 1.25": "MARGIN = 1.5"},
    "51-target-trial": {"WEEK, GRACE = 7, 120": "WEEK, GRACE = 7, 90"},
    "52-causal-graphs": {"STUDIES = 500": "STUDIES = 50", "STRONG = 2.2": "STRONG = 4.0"},
    "53-guaranteed-time": {"STUDIES = 2500": "STUDIES = 40", "FRAIL, WORSE = 0.35, 4.0": "FRAIL, WORSE = 0.5, 1.5"},
    "56-who-got-which-drug": {"LIMIT = 0.1": "LIMIT = 0.2", "{68: 1000, 680: 80}": "{68: 100, 680: 10}"},
    "59-univariable-to-model": {
        "STUDIES = 400": "STUDIES = 70", "EACH = 600": "EACH = 60", "STRONG, WEAK = 2.0, 1.4": "STRONG, WEAK = 3.0, 1.8",
    },
    "62-curves-cross": {"(1.7, 0.35)": "(2.5, 0.2)", '"pfs": (6, 12, 18)': '"pfs": (6, 12, 15)'},
    "65-response-is-not-survival": {"STUDIES = 1500": "STUDIES = 60", "0.3, 0.4, 0.2, 0.1": "0.1, 0.1, 0.1, 0.7"},
    "67-left-out": {"STUDIES = 300": "STUDIES = 20", "TRUE = 0.7": "TRUE = 1.2"},
}  # fmt: skip


def ran(chapter, changes):
    """Run what Jupyter has of a chapter, all but the guards of its text, with other numbers; return what went wrong."""
    cells = jupytext.read(ROOT / "notebooks" / f"{chapter}.py", fmt="py:percent").cells
    code = [c.source for c in cells if c.cell_type == "code" and "guard" not in c.metadata.get("tags", [])]
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    for old, new in changes.items():
        [place] = [i for i, source in enumerate(code) if old in source]
        code[place] = code[place].replace(old, new)
    for source in code:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, chapter, "exec"), module.__dict__)
        except Exception as error:
            return [f"{type(error).__name__}: {error}\n{source}"]
    return []


@pytest.fixture(scope="module")
def warm():
    """Import what chapters import, and audit the paper, once for all of them."""
    student.warm()


@pytest.mark.weekly
@pytest.mark.parametrize("chapter", CHANGED)
def test_other_numbers_give_another_result_and_no_error(chapter, warm, monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")
    assert student.apart(lambda: ran(chapter, CHANGED[chapter])) == []
