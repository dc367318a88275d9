"""The role ``printed`` quotes a number of the paper by its id: ``{printed}`t5.afp.multi.hr` `` stands for ``3.27``.

What is quoted comes from the data folders that lie in the staged book, which are those that the build was given; they
are read once, when a page first quotes. An id that no folder knows is a warning, and with ``-W`` an error.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from secondlook.paper.registry import load

LOGGER = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def strings(source: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """Return the printed string of every value of the papers in these folders of the staged book, by id.

    Raises
    ------
    secondlook.paper.reading.DataError
        When a folder is malformed.
    ValueError
        When two papers use one id.
    """
    found: dict[str, str] = {}
    for folder in folders:
        values = {value.id: value.printed for value in load(source / folder) if value.printed}
        if double := sorted(found.keys() & values):
            raise ValueError(f"{folder}: {double[0]} is the id of a value of another paper too")
        found |= values
    return found


class PrintedRole(SphinxRole):
    """Quotes the number of the id that it is given."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the printed string as an inline element; for an unknown id, nothing and a warning."""
        text = strings(Path(self.env.srcdir), tuple(self.config.printed_folders)).get(self.text)
        if text is None:
            LOGGER.warning("no number is printed under the id %r", self.text, location=self.get_location())
            return [], []
        # The second class makes it look like a number that was computed and glued.
        return [nodes.inline(self.rawtext, text, classes=["printed", "pasted-text"])], []


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.add_config_value("printed_folders", ["data/published"], "env")
    app.add_role("printed", PrintedRole())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
