"""Parameters of notebooks: what the cell tagged ``parameters`` declares, and what a build may say instead."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from bookpress.errors import BuildError

TAG = "parameters"


def declared(name: str, notebook) -> dict[str, object]:
    """Return the names and default values that the cell tagged ``parameters`` of the notebook `name` assigns."""
    for cell in notebook.cells:
        if TAG in cell.metadata.get("tags", ()):
            try:
                return dict(_assignments(cell.source))
            except (SyntaxError, ValueError) as problem:
                raise BuildError(f"{name}: the cell of parameters must assign plain values: {problem}") from problem
    return {}


def _assignments(code: str) -> Iterable[tuple[str, object]]:
    for node in ast.parse(code).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
                yield target.id, ast.literal_eval(node.value)


def changed(name: str, notebook, parameters: Mapping[str, object]) -> dict[str, object]:
    """Refuse parameters that the notebook does not declare; return those that differ from its defaults.

    Papermill itself only prints a message for a name it does not know, and the run goes on without it.
    """
    known = declared(name, notebook)
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        listed = ", ".join(known) or "none (it has no cell tagged parameters)"
        raise BuildError(f"{name}: unknown parameter {', '.join(unknown)}; the notebook declares {listed}")
    return {key: value for key, value in parameters.items() if known[key] != value}


def complete(defaults: Mapping[str, object], given: Mapping[str, object] | None) -> dict[str, object]:
    """Return all parameters of a build; refuse what the project does not know."""
    unknown = sorted(set(given or ()) - set(defaults))
    if unknown:
        known = ", ".join(defaults) or "none"
        raise BuildError(f"unknown parameter {', '.join(unknown)}; a build takes {known}")
    return {**defaults, **(given or {})}
