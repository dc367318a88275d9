"""Notebook sources: percent ``.py`` is the source, its output-free ``.ipynb`` pair is made from it, one way.

Pairs are compared by content, never by name or time stamp: kind, text and metadata of every cell.

A pair may begin with a cell that its source has not: the text of the file that the project's settings name as
``set-up``. It prepares a machine on which somebody opens the pair alone; the build executes the source and never sees
that cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from bookpress.errors import BuildError
from bookpress.files import write_whole
from bookpress.paths import Project

PATTERN = "[0-9][0-9]-*.py"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
CELL_METADATA = ("tags", "mystnb", "jupyter", "slideshow", "editable", "deletable")


def sources(project: Project) -> list[Path]:
    """Return the project's notebook sources in order."""
    found = sorted(project.notebooks.glob(PATTERN))
    if not found:
        raise BuildError(f"no notebook ({PATTERN}) in {project.notebooks}")
    return found


def load(source: Path):
    """Return a percent script as a notebook without outputs, the same for the same text."""
    import jupytext

    try:
        notebook = jupytext.read(source, fmt="py:percent")
    except (ValueError, SyntaxError, UnicodeDecodeError) as problem:
        raise BuildError(f"{source.name}: not a percent-format notebook: {problem}") from problem
    notebook.metadata = type(notebook.metadata)(kernelspec=dict(KERNEL), language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        keep = {name: cell.metadata[name] for name in CELL_METADATA if name in cell.metadata}
        cell.metadata = type(cell.metadata)(keep)
    fix_cell_ids(notebook)
    return notebook


def fix_cell_ids(notebook) -> None:
    """Give each cell an id that follows from its text, so that equal notebooks are equal files."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def set_up(project: Project) -> str:
    """Return the text of the cell that sets up, or nothing."""
    file = project.settings.set_up
    return (project.root / file).read_text(encoding="utf-8").rstrip() if file else ""


def paired(source: Path, first: str):
    """Return the notebook that belongs beside a source: after the cell `first` that sets up, its cells."""
    import nbformat

    notebook = load(source)
    if first:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(first, metadata={"tags": ["set-up"]}))
        fix_cell_ids(notebook)
    return notebook


def render(source: Path, first: str) -> str:
    """Return the text of the ``.ipynb`` that belongs to a source."""
    import nbformat

    return nbformat.writes(paired(source, first)) + "\n"


def content(notebook) -> list[tuple]:
    """Return what two paired notebooks must share: kind, text and metadata of each cell, and no output."""
    return [
        (cell.cell_type, cell.source.rstrip(), dict(cell.metadata), len(cell.get("outputs", ())))
        for cell in notebook.cells
    ]


def problem_of(source: Path, first: str) -> str | None:
    """Say what is wrong with the pair of ``source``, or return None."""
    import nbformat

    pair = source.with_suffix(".ipynb")
    if not pair.is_file():
        return f"{pair.name} is missing"
    try:
        found = nbformat.read(pair, as_version=4)
    except Exception as problem:  # nbformat passes through whatever its parser and validator raise
        return f"{pair.name} is no notebook: {problem}"
    if content(found) != content(paired(source, first)):
        return f"{pair.name} does not say what {source.name} says"
    return None


def orphans(project: Project) -> list[Path]:
    """Return notebooks that no source stands behind."""
    return [pair for pair in sorted(project.notebooks.glob("*.ipynb")) if not pair.with_suffix(".py").is_file()]


def check(project: Project) -> None:
    """Raise one error that names every pair that has drifted."""
    first = set_up(project)
    problems = [text for source in sources(project) if (text := problem_of(source, first))]
    problems += [f"{pair.name} has no {pair.stem}.py" for pair in orphans(project)]
    if problems:
        raise BuildError("notebook pairs differ (make notebooks mends them):\n  " + "\n  ".join(problems))


def write(project: Project, say: Callable[[str], None] = print) -> int:
    """Write every pair that differs; return how many did. Files that are right are not touched."""
    written, first = 0, set_up(project)
    for source in sources(project):
        pair, text = source.with_suffix(".ipynb"), render(source, first)
        if not pair.is_file() or pair.read_text(encoding="utf-8") != text:
            write_whole(pair, text)
            say(f"wrote {pair.relative_to(project.root)}")
            written += 1
    return written
