"""The table of forms: how papers print rows of numbers, for the reader in Python and for the one in the page.

``forms.toml`` is the source. ``python -m secondlook.numbers.forms FILE`` writes it, its macros put in, as the script
that the page *Paste your own* reads.
"""

from __future__ import annotations

import json
import re
import sys
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


def script() -> str:
    """Return the table as a script for the page."""
    said = "How papers print rows of numbers. Made from src/secondlook/numbers/forms.toml, which says how; not edited."
    return f"/* {said} */\nglobalThis.SecondLookForms = {json.dumps(forms(), ensure_ascii=True, indent=1)};\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(script(), encoding="utf-8")
