"""What holds in every module that decides: results are values, and what is usual is meant when nothing is said."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "secondlook"
DECIDING = ("numbers", "stats", "paper", "checks", "cohort")
#: Those that are filled while something is read or measured.
FILLED = {"numbers/lines.py _Table", "trials/whole_papers.py Measured"}
#: The customs of reports of trials (a level of 95 %, two-sided tests at 5 %, 80 % power, halves), and our own: what a
#: function does when its caller says nothing. A parameter has the same default wherever it stands.
USUAL = {
    "alpha": 0.05,
    "by": 0.0,
    "complete": True,
    "concludes": True,
    "events": True,
    "firth": False,
    "least": 0,
    "level": 0.95,
    "little": 1e-9,
    "mend": True,
    "outermost": 0,
    "power": 0.8,
    "required": False,
    "ridge": 0.0,
    "roughly": False,
    "seed": 1,
    "share": 0.5,
    "sides": 2,
    "skipped": 0,
    "unique": False,
    "units": 0.5,
    "wide": False,
    "words": False,
    "yates": False,
}
#: One name for two things: the level of an interval, and that of significance; limits of files and of simulations.
APART = {("levels", "level"), ("beyond", "most"), ("reading", "most")}


def test_what_is_read_or_judged_is_not_changed_afterwards():
    """The ledger is one, and many pages share it: what one of them could change would be another number on the next."""
    decorated = re.compile(r"^@dataclass(.*)\nclass (\w+)", re.MULTILINE)
    found = {
        f"{path.relative_to(SOURCE).as_posix()} {name}"
        for path in SOURCE.rglob("*.py")
        for options, name in decorated.findall(path.read_text(encoding="utf-8"))
        if "frozen=True" not in options
    }
    assert found == FILLED


def functions(module):
    """Yield the functions and methods that a module defines."""
    for thing in vars(module).values():
        inner = vars(thing).values() if inspect.isclass(thing) and thing.__module__ == module.__name__ else ()
        for each in (thing, *inner):
            function = inspect.unwrap(each) if callable(each) else each
            if (
                inspect.isfunction(function)
                and function.__module__ == module.__name__
                and function.__name__ != "__init__"
            ):
                yield function


def test_what_is_usual_is_meant_when_nothing_is_said():
    used = set()
    for path in (path for part in DECIDING for path in (SOURCE / part).glob("[a-z]*.py")):
        module = importlib.import_module(f"secondlook.{path.parent.name}.{path.stem}")
        for function in functions(module):
            for name, parameter in inspect.signature(function).parameters.items():
                if isinstance(parameter.default, bool | int | float) and (path.stem, name) not in APART:
                    assert (parameter.default, type(parameter.default)) == (USUAL[name], type(USUAL[name])), function
                    used.add(name)
    assert used == set(USUAL)
