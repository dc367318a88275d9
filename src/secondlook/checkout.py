"""Where the checkout lies: the folder that holds the paper's data, found by this project's own mark."""

from __future__ import annotations

from pathlib import Path

#: What tells this project's folder from any other, from its root.
MARK = Path("data", "published", "layout.toml")


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above ``start`` (the working directory, if not given) that holds the mark.

    Outside any such folder the checkout that holds this package serves, if it is one; otherwise ``start`` itself.
    """
    start = (start or Path.cwd()).resolve()
    candidates = (start, *start.parents, Path(__file__).resolve().parents[2])
    return next((folder for folder in candidates if (folder / MARK).is_file()), start)
