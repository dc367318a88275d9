"""The role ``printed`` quotes a number of the paper by its id: ``{printed}`t5.afp.multi.hr` `` stands for ``3.27``.

What is quoted comes from the data folders that lie in the staged book, which are those that the build was given; they
are read once, when a page first quotes. An id that no folder knows is a warning, and with ``-W`` an error. Beside a
number whose matter was answered stands a link to the answer. The role ``taught`` tells what is found on the data made
to teach: ``{taught}`responders/landmark` ``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from secondlook.audit import audit
from secondlook.pages import present
from secondlook.paper.registry import Registry, load
from secondlook.teaching import FOLDER, told

LOGGER = logging.getLogger(__name__)
MATTERS = f"notebooks/{present.MATTERS}"


@lru_cache(maxsize=1)
def papers(source: Path, folders: tuple[str, ...]) -> tuple[Registry, ...]:
    """Return the papers in these folders of the staged book.

    Raises
    ------
    secondlook.paper.reading.DataError
        When a folder is malformed.
    """
    return tuple(load(source / folder) for folder in folders)


@lru_cache(maxsize=1)
def strings(source: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """Return the printed string of every value of the papers in these folders, by id.

    Raises
    ------
    ValueError
        When two papers use one id.
    """
    found: dict[str, str] = {}
    for folder, paper in zip(folders, papers(source, folders), strict=True):
        values = {value.id: value.printed for value in paper if value.printed}
        if double := sorted(found.keys() & values):
            raise ValueError(f"{folder}: {double[0]} is the id of a value of another paper too")
        found |= values
    return found


@lru_cache(maxsize=1)
def answered(source: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """Return the slug of the matter that was answered, by the id of each of its values."""
    asked = [paper for paper in papers(source, folders) if paper.answers]  # without answers nothing is audited
    return {i: matter.slug for paper in asked for i, matter in audit(paper).answered.items()}


class PrintedRole(SphinxRole):
    """Quotes the number of the id that it is given."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the printed string as an inline element; for an unknown id, nothing and a warning."""
        place = Path(self.env.srcdir), tuple(self.config.printed_folders)
        text = strings(*place).get(self.text)
        if text is None:
            LOGGER.warning("no number is printed under the id %r", self.text, location=self.get_location())
            return [], []
        # The second class makes it look like a number that was computed and glued.
        quoted = nodes.inline(self.rawtext, text, classes=["printed", "pasted-text"])
        slug = answered(*place).get(self.text)
        return ([quoted, self._answer(slug)] if slug else [quoted]), []

    def _answer(self, slug: str) -> nodes.Node:
        up = "../" * self.env.docname.count("/")
        link = f'<a class="sl-answered" href="{up}{MATTERS}#{slug}">answered</a>'
        return nodes.raw("", f" {link}", format="html")


class TaughtRole(SphinxRole):
    """Tells an estimate of the data made to teach, by its name."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the estimate as an inline element; for an unknown name, nothing and a warning."""
        source = Path(self.env.srcdir)
        for file in ("estimates.csv", "repeats.csv"):
            self.env.note_dependency(str(source / FOLDER / file))
        try:
            text = told(self.text, source)
        except ValueError as error:
            LOGGER.warning("%s", error, location=self.get_location())
            return [], []
        return [nodes.inline(self.rawtext, text, classes=["pasted-text"])], []


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.add_config_value("printed_folders", ["data/published"], "env")
    app.add_role("printed", PrintedRole())
    app.add_role("taught", TaughtRole())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
