"""Where everything lies: the one place in the package that knows file names of the project.

A project is a folder with a ``_config.yml``. It is found from the working directory upwards, unless the
environment names it in ``SECONDLOOK_ROOT``; outside any project the checkout that holds this package serves.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MARKER = "_config.yml"
ROOT_VARIABLE = "SECONDLOOK_ROOT"


def find_root(start: Path | None = None) -> Path:
    """Return the project's folder.

    The environment variable ``SECONDLOOK_ROOT`` wins; then the nearest folder at or above ``start`` (the working
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
    """The paths of one project, all derived from its root; ``package`` is the code that runs, wherever it lies."""

    root: Path
    package: Path = Path(__file__).resolve().parents[1]

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project at or above ``start``; see :func:`find_root`."""
        return cls(find_root(start))

    @property
    def config(self) -> Path:
        """Configuration of Jupyter Book."""
        return self.root / MARKER

    @property
    def toc(self) -> Path:
        """Table of contents of the book."""
        return self.root / "_toc.yml"

    @property
    def lock(self) -> Path:
        """The hashed lock of everything that is installed."""
        return self.root / "requirements.lock"

    @property
    def requirements(self) -> Path:
        """Packages that the book asks for; the lock is made from it."""
        return self.root / "requirements.txt"

    @property
    def book(self) -> Path:
        """Pages in Markdown, references, static files and the local Sphinx extension."""
        return self.root / "book"

    @property
    def notebooks(self) -> Path:
        """Notebook sources in percent format beside their output-free pairs."""
        return self.root / "notebooks"

    @property
    def data(self) -> Path:
        """All data files."""
        return self.root / "data"

    @property
    def published(self) -> Path:
        """The paper's numbers as printed."""
        return self.data / "published"

    @property
    def cohort(self) -> Path:
        """The synthetic cohort, one row per invented patient."""
        return self.data / "cohort" / "synthetic.csv"

    @property
    def reference(self) -> Path:
        """Output of R and PSPP that tests compare with."""
        return self.data / "reference"

    @property
    def benchmark(self) -> Path:
        """Ratios that `make bench` has measured."""
        return self.root / "bench" / "results.json"

    @property
    def output(self) -> Path:
        """Everything that a build makes."""
        return self.root / "_build"

    @property
    def cache(self) -> Path:
        """Executed notebooks by content key."""
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
PROJECT = Project(ROOT)
PUBLISHED = PROJECT.published
COHORT = PROJECT.cohort
