"""What a student does: run what the pages show, top to bottom, with nothing that they hide.

    python tests/student.py                  # all chapters
    python tests/student.py 28-patients 30-subsequent-treatment

A chapter's cells run in its folder and in a fresh namespace: those that its page shows or folds, each after those before
it; the cells of a solution after the cells that stand before the exercise's solution, and without any other solution. One
process imports the libraries; each chapter, and in it each solution, runs in a fork of it, so that none sees another.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import jupytext
from shown import NOTEBOOKS, SOURCES, kind

#: where a solution begins, with its exercise, and where it ends
SOLUTION = re.compile(r"^:{3,}\{solution-(?:start\} (\S+)|end\})", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell that a page shows or folds: its source, its first line in the file, and the solution it belongs to."""

    source: str
    line: int
    solution: str = ""


def cells(source: Path) -> list[Cell]:
    """Return the code that the page of a notebook's source shows or folds."""
    text = source.read_text(encoding="utf-8")
    found, solution, place = [], "", 0
    for cell in jupytext.read(source, fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            for mark in SOLUTION.finditer(cell.source):
                solution = mark[1] or ""
            continue
        place = text.index(cell.source, place)
        if cell.source and kind(cell) != "hidden":
            found.append(Cell(cell.source, text.count("\n", 0, place) + 1, solution))
        place += len(cell.source)
    return found


def solved(shown: Iterable[Cell]) -> Iterable[tuple[str, list[Cell]]]:
    """Yield the cells that belong together, in order: each one of the text alone, those of a solution as a group."""
    group: list[Cell] = []
    for cell in shown:
        if group and (cell.solution != group[0].solution or not cell.solution):
            yield group[0].solution, group
            group = []
        group.append(cell)
    if group:
        yield group[0].solution, group


def apart(work: Callable[[], list[str]]) -> list[str]:
    """Return what `work` returns in a fork of this process, whose own state stays as it is."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                json.dump(work(), out)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else ["its process died"]


def run(cell: Cell, module: types.ModuleType, name: str) -> str:
    """Run a cell in a module and make what it shows; return nothing, or what went wrong and where."""
    try:
        tree = ast.parse(cell.source)
        ast.increment_lineno(tree, cell.line - 1)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(tree, name, "exec"), module.__dict__)
            if last:
                shown = eval(compile(ast.Expression(last.value), name, "eval"), module.__dict__)
                getattr(shown, "_repr_html_", shown.__repr__)()
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
        return f"{name}:{lines[-1] if lines else cell.line}: {type(error).__name__}: {error}"
    return ""


def problems(chapter: str) -> list[str]:
    """Return what goes wrong when a student runs what a chapter shows."""

    def work() -> list[str]:
        os.chdir(NOTEBOOKS)
        warnings.simplefilter("error")
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        found = []
        for solution, group in solved(cells(NOTEBOOKS / f"{chapter}.py")):

            def go(group: list[Cell] = group) -> list[str]:
                return [said for cell in group if (said := run(cell, module, f"{chapter}.py"))]

            found += apart(go) if solution else go()
        return found

    return apart(work)


def warm() -> None:
    """Import what chapters import, audit the paper and fit the synthetic cohort, once for all of them."""
    os.environ["MPLBACKEND"] = "Agg"
    import fitted
    import lifelines  # noqa: F401
    import seaborn  # noqa: F401

    from secondlook.cohort import programs, verify
    from secondlook.pages.look import start

    os.chdir(NOTEBOOKS)  # where chapters run: an audit is remembered by the path that leads to its paper
    vars(programs).update(fitted.once())
    verify.verify(start().records)


def main(names: list[str]) -> int:
    """Print what goes wrong in the named chapters, or in all; ``-`` answers names on the standard input in JSON."""
    warm()
    if names == ["-"]:
        for name in sys.stdin:
            print(json.dumps(problems(name.strip())), flush=True)
        return 0
    failed = 0
    for name in names or [source.stem for source in SOURCES]:
        found = problems(name)
        failed += bool(found)
        print(f"{name}: {f'{len(found)} cells fail' if found else 'runs'}", *found, sep="\n  ", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
