"""What the page *Paste your own* shares with the package: the forms of printed rows, constants of readings, chances.

``python -m secondlook.pages.paste_data book/_static/paste-data.js`` writes the script anew; a test compares it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from secondlook.numbers.forms import forms
from secondlook.stats.readings import CONSTANTS
from secondlook.stats.repairs import CHANCES

MADE = "Made by `python -m secondlook.pages.paste_data`, of forms.toml, readings.json, repair-chances.json; not edited."


def script() -> str:
    """Return the shared data as a script."""
    accidents = json.loads(CHANCES.read_text(encoding="utf-8"))["chances"]
    data = json.dumps({"readings": CONSTANTS, "accidents": accidents}, ensure_ascii=True, indent=1)
    table = json.dumps(forms(), ensure_ascii=True, indent=1)
    return f"/* {MADE} */\nglobalThis.SecondLookForms = {table};\nglobalThis.SecondLookData = {data};\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(script(), encoding="utf-8")
