"""Notebook sources: percent ``.py`` is the source, its output-free ``.ipynb`` pair is made from it, one way.

A pair is the edition of its source for notebook editors (:mod:`bookpress.edition`). It may begin with a cell that its
source has not: the text of the file that the project's settings name as ``set-up``, which prepares a machine on which
somebody opens the pair alone. The build executes the source and never sees any of that.

Pairs are compared by content, never by name or time stamp: kind, text and metadata of every cell. The id of a cell is a
digest of its text, and the pair lists the ids it was written with, so that what somebody has edited in it is known,
named and not written over; :mod:`bookpress.takeover` brings it into the source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import BuildError
from bookpress.files import write_whole
from bookpress.paths import Project
from bookpress.repository import Repository

if TYPE_CHECKING:
    from bookpress.edition import Book

PATTERN = "[0-9][0-9]-*.py"
#: the line of the cell that sets up which says where the repository lies
ADDRESS = 'address, commit = "", ""'
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


def cell_digest(cell) -> str:
    """Return the digest of a cell's kind and text, with which its id begins."""
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]


def fix_cell_ids(notebook) -> None:
    """Give each cell an id that follows from its text, so that equal notebooks are equal files."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = cell_digest(cell)
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def set_up(project: Project, repository: Repository | None = None) -> str:
    """Return the text of the cell that sets up, or nothing; it names the repository, if there is one."""
    file = project.settings.set_up
    text = (project.root / file).read_text(encoding="utf-8").rstrip() if file else ""
    if text and repository and repository.url:
        if ADDRESS not in text:
            raise BuildError(f"{file}: no line {ADDRESS!r}, which the build fills in")
        text = text.replace(ADDRESS, f"address, commit = {json.dumps(repository.url)}, {json.dumps(repository.commit)}")
    return text


def set_up_cell(text: str):
    """Return the cell that sets up, folded; None for no text."""
    import nbformat

    metadata = {"jupyter": {"source_hidden": True}, "tags": ["set-up"]}
    return nbformat.v4.new_code_cell(text, metadata=metadata) if text else None


def assembled(made: list[tuple], first):
    """Return a notebook of the cells of an edition after the cell that sets up, and the list of their ids."""
    import nbformat

    cells = [*([first] if first else []), *(cell for cell, _ in made)]
    metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(metadata=metadata)
    notebook.nbformat_minor, notebook.cells = 5, cells
    fix_cell_ids(notebook)
    notebook.metadata["bookpress"] = {"cells": [cell.id for cell in notebook.cells]}
    return notebook


def made_from(source: Path, book: Book) -> list[tuple]:
    """Return the cells of a pair, without the one that sets up, each with the number of its cell in the source."""
    from bookpress.edition import Writer

    return Writer(book, source.stem, load(source), executed=False).cells()


def paired(source: Path, book: Book):
    """Return the notebook that belongs beside a source."""
    return assembled(made_from(source, book), set_up_cell(set_up(book.project)))


def render(source: Path, book: Book) -> str:
    """Return the text of the ``.ipynb`` that belongs to a source."""
    import nbformat

    return nbformat.writes(paired(source, book)) + "\n"


def written(notebook) -> list[str] | None:
    """Return the ids of the cells that a pair was written with; None where it does not say so."""
    return notebook.metadata.get("bookpress", {}).get("cells")


def edited(notebook) -> list[str]:
    """Say which cells of a pair are not as they were written; outputs do not count, they can be made again."""
    known, found = written(notebook), []
    for number, cell in enumerate(notebook.cells, start=1):
        if known is not None and cell.id not in known:
            found.append(f"cell {number} was added ({_first_words(cell)})")
        elif cell.id.partition("-")[0] != cell_digest(cell):
            found.append(f"cell {number} was changed ({_first_words(cell)})")
    here = [cell.id for cell in notebook.cells]
    if lost := [name for name in known or () if name not in here]:
        found.append(f"{len(lost)} of its cells {'was' if len(lost) == 1 else 'were'} removed")
    elif not found and known is not None and here != known:
        found.append("its cells were moved")
    return found


def _first_words(cell) -> str:
    lines = cell.source.strip().splitlines()
    return repr(lines[0][:50]) if lines else "empty"


def edits(project: Project) -> list[str]:
    """Say of every pair what somebody has edited in it and its source does not say."""
    import nbformat

    found, book = [], None
    for source in sources(project):
        pair = source.with_suffix(".ipynb")
        if not pair.is_file():
            continue
        try:
            notebook = nbformat.read(pair, as_version=4)
            changes = edited(notebook)
        except Exception as problem:  # nbformat passes through whatever its parser and validator raise
            found.append(f"{pair.name} is no notebook ({problem}): remove it")
            continue
        if changes:
            book = book or _book(project)
            if content(notebook) != content(paired(source, book)):
                found += [f"{pair.name}: {change}" for change in changes]
    return found


def refuse_edits(project: Project) -> None:
    """Raise one error that names every cell of a pair that would be written over, or is in no page."""
    if found := edits(project):
        ways = "make notebooks FROM=ipynb NB=… takes them over, git restore drops them"
        raise BuildError(f"notebooks were edited ({ways}):\n  " + "\n  ".join(found))


def _book(project: Project) -> Book:
    from bookpress.edition import Book

    return Book.of(project)


def content(notebook) -> list[tuple]:
    """Return what two paired notebooks must share: kind, text and metadata of each cell, and no output."""
    return [
        (cell.cell_type, cell.source.rstrip(), dict(cell.metadata), len(cell.get("outputs", ())))
        for cell in notebook.cells
    ]


def problem_of(source: Path, book: Book) -> str | None:
    """Say what is wrong with the pair of ``source``, or return None."""
    import nbformat

    pair = source.with_suffix(".ipynb")
    if not pair.is_file():
        return f"{pair.name} is missing"
    try:
        found = nbformat.read(pair, as_version=4)
    except Exception as problem:  # nbformat passes through whatever its parser and validator raise
        return f"{pair.name} is no notebook: {problem}"
    if content(found) != content(paired(source, book)):
        return f"{pair.name} does not say what {source.name} says"
    return None


def orphans(project: Project) -> list[Path]:
    """Return notebooks that no source stands behind."""
    return [pair for pair in sorted(project.notebooks.glob("*.ipynb")) if not pair.with_suffix(".py").is_file()]


def check(project: Project) -> None:
    """Raise one error that names every pair that has drifted."""
    book = _book(project)
    problems = [text for source in sources(project) if (text := problem_of(source, book))]
    problems += [f"{pair.name} has no {pair.stem}.py" for pair in orphans(project)]
    if problems:
        raise BuildError("notebook pairs differ (make notebooks mends them):\n  " + "\n  ".join(problems))


def write(project: Project, say: Callable[[str], None] = print) -> int:
    """Write every pair that differs; return how many did. Files that are right are not touched.

    Raises BuildError, and writes nothing, where that would lose what somebody has edited in a pair.
    """
    refuse_edits(project)
    count, book = 0, _book(project)
    for source in sources(project):
        pair, text = source.with_suffix(".ipynb"), render(source, book)
        if not pair.is_file() or pair.read_text(encoding="utf-8") != text:
            write_whole(pair, text)
            say(f"wrote {pair.relative_to(project.root)}")
            count += 1
    return count
