"""How much of the notebooks' code a reader sees: lines shown, folded and hidden, by chapter (``make shown``).

A cell is hidden where the book takes it out (`remove-cell`) or shows only what it gives (`remove-input`), folded where
a click opens it (`hide-input`, `hide-cell`), and shown otherwise. All lines count, empty ones too.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import jupytext

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.py"))
KINDS = ("shown", "folded", "hidden")


def kind(cell) -> str:
    """Return how a cell of code stands on its page: one of :data:`KINDS`."""
    tags = set(cell.metadata.get("tags", ()))
    if tags & {"remove-cell", "remove-input"}:
        return "hidden"
    return "folded" if tags & {"hide-input", "hide-cell"} else "shown"


def lines(source: Path) -> Counter[str]:
    """Return the lines of code of a notebook's source by kind, and all its lines as ``file``."""
    found = Counter(dict.fromkeys(KINDS, 0))
    for cell in jupytext.read(source, fmt="py:percent").cells:
        if cell.cell_type == "code":
            found[kind(cell)] += len(cell.source.splitlines())
    found["file"] = len(source.read_text(encoding="utf-8").splitlines())
    return found


def report() -> str:
    """Return the table of all chapters and the sum."""
    rows = [(source.stem, lines(source)) for source in SOURCES]
    rows.append(("all", sum((found for _, found in rows), Counter())))
    said = [f"{'chapter':28} {'lines':>6} {'shown':>6} {'folded':>6} {'hidden':>6}  seen"]
    for name, found in rows:
        code = sum(found[word] for word in KINDS)
        seen = 100 * (code - found["hidden"]) // code
        said.append(
            f"{name:28} {found['file']:6} {found['shown']:6} {found['folded']:6} {found['hidden']:6} {seen:4} %"
        )
    return "\n".join(said)


if __name__ == "__main__":
    print(report())
