"""What a build may die of, and how it says so: one exception whose text is the whole message to the user."""

from __future__ import annotations

import os
from pathlib import Path


class BuildError(Exception):
    """A build cannot go on. Its text says what is wrong and where, and is printed alone, without a traceback."""


def shown(path: Path) -> str:
    """Return a path as a user standing in the working directory would write it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def told(problem: OSError) -> str:
    """Return in one line what the system refused, and where."""
    if problem.args and isinstance(problem.args[0], list):  # a folder could not be copied: one entry for each file
        return str(problem.args[0][0][-1])
    places = [shown(Path(os.fsdecode(name))) for name in (problem.filename, problem.filename2) if name]
    return f"{' → '.join(places)}: {problem.strerror}" if places else str(problem)
