"""Where everything lies: the one place that knows file names of a project.

A project is a folder with a ``_config.yml``. It is found from the working directory upwards, unless the environment
names it in ``BOOKPRESS_ROOT``; outside any project the checkout that holds this package serves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bookpress import settings

MARKER = "_config.yml"
#: What the name of the landing page's notebook begins with: in the book it is ``index.html`` itself.
LANDING = "00-"
ROOT_VARIABLE = "BOOKPRESS_ROOT"


def find_root(start: Path | None = None) -> Path:
    """Return the project's folder.

    The environment variable ``BOOKPRESS_ROOT`` wins; then the nearest folder at or above ``start`` (the working
    directory, if not given) that holds a ``_config.yml``; then the checkout of this package; then ``start`` itself.
    """
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return Path(named).resolve()
    start = (start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parents[2]
    candidates = (start, *start.parents, checkout)
    return next((folder for folder in candidates if (folder / MARKER).is_file()), start)


@dataclass(frozen=True)
class Project:
    """The paths of one project, all derived from its root, and its settings."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project at or above ``start``; see :func:`find_root`."""
        return cls(find_root(start))

    @cached_property
    def settings(self) -> settings.Settings:
        """What the project's ``pyproject.toml`` says to the build; raises BuildError when it is malformed."""
        return settings.read(self.root / "pyproject.toml")

    @property
    def packages(self) -> list[Path]:
        """Folders with modules that notebooks import."""
        return [self.root / name for name in self.settings.packages]

    def named(self, parameters: Mapping[str, object]) -> list[Path]:
        """Return the files and folders that parameters name, and those beside them that count as well."""
        found = []
        for name, beside in self.settings.paths.items():
            if parameters.get(name):
                path = self.root / str(parameters[name])
                found += [path, *(path.with_name(other) for other in beside)]
        return found

    @property
    def config(self) -> Path:
        """Configuration of Jupyter Book."""
        return self.root / MARKER

    @property
    def toc(self) -> Path:
        """Table of contents of the book."""
        return self.root / "_toc.yml"

    @property
    def book(self) -> Path:
        """Pages in Markdown, references, static files and local Sphinx extensions."""
        return self.root / "book"

    @property
    def notebooks(self) -> Path:
        """Notebook sources in percent format beside their output-free pairs."""
        return self.root / "notebooks"

    @property
    def output(self) -> Path:
        """Everything that a build makes."""
        return self.root / "_build"

    @property
    def cache(self) -> Path:
        """Executed notebooks, and folders for download, by content key."""
        return self.output / "cache"

    @property
    def stage(self) -> Path:
        """The tree that Jupyter Book builds: pages, executed notebooks, data to download."""
        return self.output / "stage"

    @property
    def html(self) -> Path:
        """The last good book."""
        return self.output / "html"


ROOT = find_root()
