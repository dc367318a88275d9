"""What a notebook shows where somebody runs it, beside what the book shows of it: a style, and the values it tells.

A book puts computed values into its sentences. Elsewhere a sentence has their names, and the values stand below the
cell that has computed them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from secondlook.pages.present import Html

#: Parts of names that are abbreviations, as prose writes them.
CAPITALS = [
    "ae",
    "afp",
    "ast",
    "bclc",
    "ci",
    "dcr",
    "ecog",
    "hbv",
    "hfsr",
    "hr",
    "lp",
    "mvi",
    "orr",
    "os",
    "pfs",
    "pspp",
    "r",
    "recist",
    "se",
    "smd",
    "spss",
    "tace",
]
PEOPLE = ["breslow", "child", "cox", "efron", "firth", "fisher", "pearson", "pugh", "yates"]
WORDS = {
    **{word: word.upper() for word in CAPITALS},
    **{word: word.capitalize() for word in PEOPLE},
    **{"mrecist": "mRECIST", "n": "number", "p": "p value", "pct": "per cent"},
}

_shown = False


def begin(style: Path) -> None:
    """Show told values from now on, and give what is shown the style of a file; the cell that sets up calls this."""
    from IPython import get_ipython
    from IPython.display import HTML, display

    global _shown
    _shown = get_ipython() is not None
    if _shown and style.is_file():
        display(HTML(f"<style>\n{style.read_text(encoding='utf-8')}</style>"))


def named(key: str) -> str:
    """Return the name of a value in words.

    >>> named("hbv_more_p"), named("neither.lp"), named("n_rows")
    ('HBV more p value', 'neither LP', 'number of rows')
    """
    parts = [part for part in re.split(r"[._-]+", key) if part]
    words = " ".join(WORDS.get(part, part) for part in parts)
    return words.replace("number ", "number of ", 1) if parts[:1] == ["n"] and len(parts) > 1 else words


def show(texts: Mapping[str, object]) -> None:
    """Show told values with their names, where a notebook has begun with :func:`begin`."""
    from IPython.display import display

    if _shown and texts:
        pairs = "".join(
            f"<div><dt>⟨{escape(named(name))}⟩</dt><dd>{escape(str(text))}</dd></div>" for name, text in texts.items()
        )
        display(Html(f'<dl class="sl-told">{pairs}</dl>'))
