"""The table of forms: how papers print rows of numbers, for the reader in Python and for the one in the page.

``forms.toml`` is the source; :mod:`secondlook.pages.paste_data` hands it, its macros put in, to the page.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "forms.toml"
_MACRO = re.compile(r"\{([A-Z]+)\}")


@cache
def forms() -> dict:
    """Return the table with every ``{NAME}`` replaced by what ``[macros]`` says of it."""
    table = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    macros = table.pop("macros")

    def filled(item: object) -> object:
        if isinstance(item, str):
            while (found := _MACRO.search(item)) and found[1] in macros:
                item = item.replace(found[0], macros[found[1]])
            return item
        if isinstance(item, list):
            return [filled(part) for part in item]
        return {key: filled(value) for key, value in item.items()} if isinstance(item, dict) else item

    return filled(table)
