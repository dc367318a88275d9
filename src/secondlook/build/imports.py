"""Which modules of the package a piece of code can come to import, read from its text and theirs.

Every ``import`` counts, wherever it stands, and so do the packages above a module. Code that imports by a name that it
computes can import anything: then all modules count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

COMPUTED = {"importlib", "runpy", "__import__", "exec", "eval"}


class Modules:
    """The modules of one package, by dotted name."""

    def __init__(self, package: Path) -> None:
        """Find the modules; `package` is its folder."""
        self.package = package
        self.paths = {_dotted(package, path): path for path in sorted(package.rglob("*.py"))}

    @cached_property
    def imported(self) -> dict[str, set[str]]:
        """What each module imports itself."""
        return {name: self.named(path.read_text(encoding="utf-8"), name) for name, path in self.paths.items()}

    def closure(self, code: str) -> set[str]:
        """Return all modules that a notebook's code can come to import."""
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
        except SyntaxError:
            return set(self.paths)
        if _computes(tree) and not module.startswith(f"{self.package.name}.build"):
            return set(self.paths)
        return {above for name in _names(tree, self._base(module)) for above in _above(name) if above in self.paths}

    def _base(self, module: str) -> str:
        """Return the package to which a module's relative imports are relative."""
        inside = self.paths.get(module)
        return module if inside and inside.name == "__init__.py" else module.rpartition(".")[0]


def _dotted(package: Path, path: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _computes(tree: ast.AST) -> bool:
    """Say whether code may import, or execute, what its text does not name."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(COMPUTED & (used | {name.partition(".")[0] for name in _names(tree, "")}))


def _names(tree: ast.AST, base: str) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = base.split(".")[: len(base.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _above(name: str) -> Iterable[str]:
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))
