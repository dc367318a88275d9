"""Edits made in a notebook, taken into the source that it was made from.

Code stands in both as it is. Of a text, which the edition renders, those lines can be taken over that are the same in
both; a line that was rendered would lose its roles, and is named instead.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from bookpress import pairs
from bookpress.edition import Book
from bookpress.errors import BuildError
from bookpress.files import write_whole
from bookpress.paths import Project


def take(project: Project, source: Path, say: Callable[[str], None] = print) -> int:
    """Take what was edited in the pair of a source into it; return the number of cells.

    Afterwards the pair is what the source makes.

    Raises
    ------
    BuildError
        When a change cannot be taken over: it names each such cell, and nothing is written.
    """
    import nbformat

    pair = source.with_suffix(".ipynb")
    if not pair.is_file():
        raise BuildError(f"{pair.name} is missing: there is nothing to take over")
    notebook, text = nbformat.read(pair, as_version=4), source.read_text(encoding="utf-8")
    origins = _origins(project, source)
    problems, changed, known = _unplaceable(notebook), 0, pairs.written(notebook) or list(origins)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.id.partition("-")[0] == pairs.cell_digest(cell) or cell.id not in known:
            continue
        try:
            text = _put(text, cell, *origins.get(cell.id, (None, None)))
            changed += 1
        except ValueError as problem:
            problems.append(f"cell {number}: {problem}")
    if problems:
        raise BuildError(f"{pair.name} cannot be taken over:\n  " + "\n  ".join(problems))
    if changed:
        write_whole(source, text)
        write_whole(pair, pairs.render(source, Book.of(project)))
    say(f"{source.name}: {changed} cell{'s' if changed != 1 else ''} taken over from {pair.name}")
    return changed


def _origins(project: Project, source: Path) -> dict[str, tuple]:
    """Return, by the id of each cell of the pair as the source makes it, that cell and the source's cell."""
    of_source = pairs.load(source).cells
    made = pairs.made_from(source, Book.of(project))
    notebook = pairs.assembled(made, pairs.set_up_cell(pairs.set_up(project)))
    added = len(notebook.cells) - len(made)
    return {
        cell.id: (cell, None if number is None else of_source[number])
        for cell, (_, number) in zip(notebook.cells[added:], made, strict=True)
    }


def _unplaceable(notebook) -> list[str]:
    return [text for text in pairs.edited(notebook) if " was changed " not in text]


def _put(text: str, cell, made, origin) -> str:
    """Return the source's text with a changed cell of the pair in it; ValueError says why that cannot be."""
    if origin is None:
        raise ValueError("the build added it, or its source has changed as well")
    if cell.cell_type != origin.cell_type:
        raise ValueError("its kind was changed")
    if cell.cell_type == "code":
        old, new = origin.source, cell.source
    else:
        old, new = (_commented(part) for part in (origin.source, _merged(origin.source, made.source, cell.source)))
    if text.count(f"\n{old}\n") != 1:
        raise ValueError("its text stands in the source more than once, or in another form")
    return text.replace(f"\n{old}\n", f"\n{new.rstrip()}\n")


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _compared(old: list[str], new: list[str]) -> SequenceMatcher:
    """Compare lines; blank ones, of which there are many, find no partner by themselves."""
    return SequenceMatcher(lambda line: not line, old, new, autojunk=False)


def _merged(origin: str, made: str, now: str) -> str:
    """Return the source's text with the lines that differ between what was made of it and what that is now."""
    lines, made_lines, new = origin.split("\n"), made.split("\n"), now.rstrip("\n").split("\n")
    same: dict[int, int] = {}
    for block in _compared(made_lines, lines).get_matching_blocks():
        same |= {block.a + step: block.b + step for step in range(block.size)}
    same[len(made_lines)] = len(lines)
    for kind, first, after, start, end in reversed(_compared(made_lines, new).get_opcodes()):
        if kind == "equal":
            continue
        if rendered := [made_lines[i] for i in range(first, after) if i not in same]:
            raise ValueError(f"this line holds what the build put in; edit the source instead: {rendered[0][:70]!r}")
        if first == after:  # lines put in before the first of those that follow, or after those that precede
            place = same[first] if first in same else same.get(first - 1, -2) + 1
            if place < 0:
                raise ValueError(f"there is no place in the source for {new[start][:70]!r}")
            lines[place:place] = new[start:end]
        else:
            lines[same[first] : same[after - 1] + 1] = new[start:end]
    return "\n".join(lines)
