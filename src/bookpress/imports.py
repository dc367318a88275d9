"""Which modules of a project a piece of code can come to import, read from its text and theirs.

Every ``import`` counts, wherever it stands, and so do the packages above a module. Code that imports by a name that it
computes, or that starts programs, can import anything: then all modules count.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from bookpress.files import files_below

COMPUTED = {"importlib", "pkgutil", "runpy", "subprocess", "__import__", "exec", "eval"}
HARMLESS = ("importlib.resources", "importlib.metadata")


class Modules:
    """The modules in some folders, by dotted name."""

    def __init__(self, folders: Iterable[Path], apart: Collection[str] = ()) -> None:
        """Find the modules, but for those of the packages that are looked after otherwise (`apart`)."""
        found = {
            _dotted(folder, path): path for folder in folders for path in files_below(folder) if path.suffix == ".py"
        }
        self.paths = {name: path for name, path in found.items() if name.partition(".")[0] not in apart}

    @cached_property
    def imported(self) -> dict[str, set[str]]:
        """What each module imports itself."""
        return {name: self.named(path.read_text(encoding="utf-8"), name) for name, path in self.paths.items()}

    def closure(self, code: str) -> set[str]:
        """Return all modules that code can come to import."""
        waiting, found = list(self.named(code)), set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.imported[name]
        return found

    def named(self, code: str, module: str = "") -> set[str]:
        """Return the modules that a text imports, with the packages above them; all, when that cannot be told."""
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError):
            return set(self.paths)
        inside = self.paths.get(module)
        base = module if inside and inside.name == "__init__.py" else module.rpartition(".")[0]
        names = {name for name in _names(tree, base) if not name.startswith(HARMLESS)}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if COMPUTED & {*used, *(name.partition(".")[0] for name in names)}:
            return set(self.paths)
        return {above for name in names for above in _above(name) if above in self.paths}


def _dotted(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _names(tree: ast.AST, base: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = base.split(".")[: len(base.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _above(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))
