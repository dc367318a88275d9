"""Content keys: the same inputs give the same key, and any change to any input gives another.

Time stamps play no part: a checkout scrambles them. A notebook's key covers its text, the modules of the project that
it can come to import, all inputs that the project names, the parameters and what they lead to, this package, and
Python's version; what a notebook could read, its key has seen.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from bookpress import environment, pairs
from bookpress.errors import BuildError
from bookpress.files import FolderError, digest, files_below
from bookpress.imports import Modules
from bookpress.paths import Project
from bookpress.repository import NOWHERE, Repository

PACKAGE = Path(__file__).parent
OUR_OWN = (PACKAGE, PACKAGE.with_name("warmkernel"))


def fingerprint(places: Iterable[Path]) -> dict[str, str]:
    """Return name → digest of all files in ``places`` (files or folders).

    Names are relative to their place, so that a project gives the same key wherever it lies on the disk.
    """
    prints = {}
    for number, place in enumerate(places):
        base = place if place.is_dir() else place.parent
        for path in files_below(place):
            prints[f"{number}:{path.relative_to(base).as_posix()}"] = digest(path)
    return prints


def combine(parts: Mapping[str, object]) -> str:
    """Return one key for a mapping of JSON-able parts."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Keys:
    """The keys of a project as it is now; what all of them share is read once.

    Raises :class:`BuildError` for a folder that holds what it may not.
    """

    project: Project
    parameters: Mapping[str, object]
    repository: Repository = NOWHERE

    @cached_property
    def modules(self) -> Modules:
        """The project's modules."""
        return Modules(self.project.packages, apart=[folder.name for folder in OUR_OWN])

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {name: digest(path) for name, path in self.modules.paths.items()}

    @cached_property
    def _common(self) -> dict[str, object]:
        """What all notebooks have in common: everything but the modules that each imports."""
        project = self.project
        inputs = [project.root / name for name in project.settings.inputs]
        try:
            files = fingerprint([*OUR_OWN, *inputs, *project.named(self.parameters)])
            beside = [path for folder in project.packages for path in files_below(folder) if path.suffix != ".py"]
        except FolderError as problem:
            raise BuildError(str(problem)) from problem
        return {
            "python": platform.python_version(),
            "environment": environment.FIXED,
            "parameters": dict(self.parameters),
            "prepare": project.settings.prepare,
            "files": {**files, **{path.relative_to(project.root).as_posix(): digest(path) for path in beside}},
        }

    @cached_property
    def state(self) -> str:
        """The key of all that any notebook could read; it looks into no module and takes a moment only."""
        return combine({"modules": self._digests, **self._common})

    @cached_property
    def site(self) -> str:
        """The key of the whole book."""
        project = self.project
        places = [project.book, project.config, project.toc, project.root / "pyproject.toml", *pairs.sources(project)]
        places += [project.root / file for file in (project.settings.set_up, project.settings.style) if file]
        try:
            return combine({"state": self.state, "pages": fingerprint(places), "at": asdict(self.repository)})
        except FolderError as problem:
            raise BuildError(str(problem)) from problem

    def notebook(self, source: Path) -> str:
        """Return the key of one notebook's execution."""
        code = source.read_text(encoding="utf-8", errors="replace")
        needed = self._imported(code) | self._imported(_import_of(self.project.settings.prepare))
        return combine({"notebook": source.name, "source": digest(source), "modules": needed, **self._common})

    @cached_property
    def downloads(self) -> str:
        """The key of the files that the project offers for download."""
        name = self.project.settings.downloads
        return combine({"downloads": name, "modules": self._imported(_import_of(name)), **self._common})

    def _imported(self, code: str) -> dict[str, str]:
        return {name: self._digests[name] for name in self.modules.closure(code)}


def _import_of(hook: str) -> str:
    return f"import {hook.partition(':')[0]}" if hook else ""
