"""The book's own roles, and the names of what is computed, in plain words: for notebooks that no builder reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from secondlook.pages.notebook import abbreviations, named
from secondlook.paper.registry import load
from secondlook.teaching import told

#: Beside the folder that is audited, the one whose numbers pages quote too.
COMPANION = "data/companion"


def roles(root: Path, parameters: Mapping[str, object]) -> dict[str, Callable[[str], str]]:
    """Return the roles ``printed``, a number of the papers by its id, ``named``, what is computed, in words, and
    ``taught``, an estimate on the data made to teach.

    Parameters
    ----------
    root : Path
        The checkout.
    parameters : mapping
        Those of the build; ``published`` names the folder of the paper, from the checkout or absolute.

    Returns
    -------
    dict of str to callable
        From the role's name to a function of the role's text, which raises ValueError for an id that no folder knows.
    """
    found: dict[str, str] = {}
    words: dict[str, str] = {}

    def read() -> None:
        for folder in (str(parameters["published"]), COMPANION):
            if (root / folder).is_dir():
                registry = load(root / folder)
                found.update({value.id: value.printed for value in registry if value.printed})
                words.update(abbreviations(registry.layout))

    def printed(name: str) -> str:
        if not found:
            read()
        if name not in found:
            raise ValueError(f"no number is printed under the id {name!r}")
        return found[name]

    def in_words(key: str) -> str:
        if not found:
            read()
        return named(key, words)

    return {"printed": printed, "named": in_words, "taught": lambda name: told(name, root)}
