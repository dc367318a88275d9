"""What a project tells its build: the table ``[tool.bookpress]`` of its ``pyproject.toml``, every key of which may be
left out.

``parameters``
    Names and default values that each notebook declares in its cell tagged ``parameters``, and a build may override.
``paths``
    Those parameters that are paths, each with the names of files beside it which notebooks read as well.
``packages``
    Folders with modules that notebooks import (``src``).
``inputs``
    Files and folders that any notebook may read, its packages apart (``data`` and ``requirements.lock``).
``set-up``
    A file whose text becomes the first cell of each ``.ipynb``.
``warm``
    Modules that are imported once, before kernels are forked.
``repository``
    Where the repository lies, as an address for browsers; see :mod:`bookpress.repository`. Empty: nothing names one.
``style``
    A style sheet for what notebooks show, which goes with their executed copies.
``prepare``, ``check``, ``downloads``, ``roles``
    Functions of the project, as ``module:function``. ``prepare(parameters)`` runs once in the process from which
    kernels are forked. ``check(root, parameters)`` runs before anything else and raises :class:`ValueError` with a
    message for the user.
    ``downloads(root, parameters, folder)`` fills a folder that is laid over the staged book; it may raise likewise.
    ``roles(root, parameters)`` returns what the project's own roles say: by name, the function from a role's text to
    plain words, which raises :class:`ValueError` for a text that means nothing. ``named`` among them names a computed
    value.

``root`` is the project's folder, ``parameters`` a dictionary; paths in it are relative to that folder, or absolute.
"""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from bookpress.errors import BuildError


@dataclass(frozen=True)
class Settings:
    """The table, with the defaults of what it leaves out."""

    parameters: Mapping[str, object] = field(default_factory=dict)
    paths: Mapping[str, list[str]] = field(default_factory=dict)
    packages: list[str] = field(default_factory=lambda: ["src"])
    inputs: list[str] = field(default_factory=lambda: ["data", "requirements.lock"])
    set_up: str = ""
    warm: list[str] = field(default_factory=list)
    prepare: str = ""
    check: str = ""
    downloads: str = ""
    roles: str = ""
    repository: str = ""
    style: str = ""


def read(file: Path) -> Settings:
    """Read the settings of a ``pyproject.toml``; without the file or the table, all have their defaults.

    Raises
    ------
    BuildError
        For a file that is no TOML, a key that is not known, or a value of the wrong kind.
    """
    if not file.is_file():
        return Settings()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("bookpress", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BuildError(f"{file.name}: {problem}") from problem
    defaults = {each.name.replace("_", "-"): getattr(Settings(), each.name) for each in fields(Settings)}
    problems = [f"{key} is not known" for key in table if key not in defaults]
    problems += [
        f"{key} must be a {type(defaults[key]).__name__}"
        for key, value in table.items()
        if key in defaults and not isinstance(value, type(defaults[key]))
    ]
    problems += [
        f"{name} is in paths and no parameter"
        for name in set(table.get("paths", ())) - set(table.get("parameters", ()))
    ]
    if problems:
        raise BuildError(f"{file.name}, [tool.bookpress]: {'; '.join(problems)}")
    return Settings(**{key.replace("-", "_"): value for key, value in table.items()})


def hook(name: str, folders: list[Path]) -> Callable:
    """Return the function ``module:function``, whose module lies in one of the folders or is installed."""
    module, _, function = name.partition(":")
    sys.path += [str(folder) for folder in folders if str(folder) not in sys.path]
    try:
        return getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as problem:
        raise BuildError(f"{name}, named in [tool.bookpress]: {problem}") from problem
