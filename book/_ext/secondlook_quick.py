"""Two settings of Python that make Sphinx a third quicker with a book like this one; what it writes stays the same.

Trees of documents and pages are large and live long, so looking through them for garbage is in vain. And the
bibliography asks for all installed entry points at each citation, which nothing changes while Sphinx runs.
"""

from __future__ import annotations

import functools
import gc
import importlib.metadata


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    gc.set_threshold(2_000_000, 50, 100)
    importlib.metadata.entry_points = functools.cache(importlib.metadata.entry_points)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
