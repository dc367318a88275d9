"""Read pages while notebooks are still being executed: those that are not there yet come last, and are waited for.

The build stages an empty file for each of them and names their pages in ``.waiting``, in the order in which they will
come; a file is put in place whole. Without that file nothing is different. What the pages become does not depend on the
order in which they are read. Who waits is ended when the build ends.
"""

from __future__ import annotations

import time
from pathlib import Path

WAITING = ".waiting"
PAUSE = 0.02


def names(app) -> list[str]:
    """Return the pages that were to be waited for when the stage was laid, in their order."""
    file = Path(app.srcdir) / WAITING
    return file.read_text(encoding="utf-8").split() if file.is_file() else []


def waited_for_last(app, env, docnames: list[str]) -> None:
    """Put the pages that are still to come last, in their order (Sphinx event ``env-before-read-docs``)."""
    places = {name: place for place, name in enumerate(names(app), start=1)}
    docnames.sort(key=lambda name: places.get(name, 0))


def wait(app, env, docname: str) -> None:
    """Wait until a page is there; Sphinx says ``env-purge-doc`` before it reads each of them."""
    path = Path(env.doc2path(docname))
    while docname in names(app) and path.stat().st_size == 0:
        time.sleep(PAUSE)


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.connect("env-before-read-docs", waited_for_last)
    app.connect("env-purge-doc", wait)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
