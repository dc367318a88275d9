"""Content keys: the same inputs give the same key, and any change to any input gives another.

Time stamps play no part: a checkout scrambles them. A key covers the notebook, every source of the package, all data,
the lock, the parameters and the version of Python; what a notebook could read, its key has seen.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from bookpress.paths import Project

IGNORED_PARTS = {"__pycache__", ".ipynb_checkpoints", ".ruff_cache", ".pytest_cache"}
IGNORED_SUFFIXES = {".pyc", ".swp", ".tmp"}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Return every file below ``folder`` that can matter, in an order that does not depend on the file system.

    Links to folders are followed: what they lead to is read like the rest.
    """
    if folder.is_file():
        return [folder]
    found = (Path(base) / name for base, _, names in os.walk(folder, followlinks=True) for name in names)
    return sorted(path for path in found if _matters(path.relative_to(folder)))


def _matters(path: Path) -> bool:
    hidden = any(part.startswith(".") or part.endswith(".egg-info") for part in path.parts)
    return not hidden and not IGNORED_PARTS & set(path.parts) and path.suffix not in IGNORED_SUFFIXES


def fingerprint(places: Iterable[Path]) -> dict[str, str]:
    """Return name → digest of all files in ``places`` (files or folders).

    Names are relative to their place, so that a project gives the same key wherever it lies on the disk.
    """
    prints = {}
    for number, place in enumerate(places):
        base = place if place.is_dir() else place.parent
        for path in files_below(place) if place.exists() else ():
            prints[f"{number}:{path.relative_to(base).as_posix()}"] = file_digest(path)
    return prints


def combine(parts: Mapping[str, object]) -> str:
    """Return one key for a mapping of JSON-able parts."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def shared_part(project: Project, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the part of the key that all notebooks of a build have in common.

    ``published`` and ``cohort`` may lie outside the project; they count by content, their names by the parameter.
    """
    outside = [project.root / str(parameters[name]) for name in ("published", "cohort") if parameters.get(name)]
    inputs = [project.package, project.data, project.lock, project.requirements, project.benchmark]
    return {
        "python": platform.python_version(),
        "parameters": dict(parameters),
        "files": fingerprint([*inputs, *outside]),
    }


def notebook_key(source: Path, shared: Mapping[str, object]) -> str:
    """Return the content key of one notebook's execution."""
    return combine({"notebook": source.name, "source": file_digest(source), **shared})


def site_key(project: Project, notebook_keys: Mapping[str, str], shared: Mapping[str, object]) -> str:
    """Return the content key of the whole book."""
    pages = fingerprint([project.book, project.config, project.toc])
    return combine({"notebooks": dict(notebook_keys), "pages": pages, **shared})
