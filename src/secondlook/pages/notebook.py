"""What a notebook shows where somebody runs it, beside what the book shows of it: a style, and the values it tells.

A book puts computed values into its sentences. Elsewhere a sentence has their names, and the values stand below the
cell that has computed them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType

from secondlook.checkout import find_root
from secondlook.pages.present import Html
from secondlook.paper.schema import Layout

#: Parts of names that are abbreviations in any paper of this kind. A paper's own are those of its labels.
CAPITALS = [
    "ae",
    "ast",
    "ci",
    "dcr",
    "ecog",
    "hfsr",
    "hr",
    "mvi",
    "orr",
    "os",
    "pfs",
    "pspp",
    "recist",
    "se",
    "smd",
    "spss",
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


def moving(html: str, script: str) -> Html:
    """Return a piece of HTML that a script of the book brings to life; in a notebook it brings that script along."""
    file = find_root() / "book" / "_static" / script
    return Html(f"{html}<script>{file.read_text(encoding='utf-8')}</script>" if _shown and file.is_file() else html)


def abbreviations(layout: Layout) -> dict[str, str]:
    """Return the abbreviations that a paper's labels of groups and variables have, by their small letters."""
    labels = " ".join(item.label for item in (*layout.groups.values(), *layout.variables.values()))
    return {word.lower(): word for word in re.findall(r"[A-Za-z]+", labels) if word.isupper()}


def named(key: str, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the name of a value in words; `own` has the paper's :func:`abbreviations`.

    >>> named("crp_more_p", {"crp": "CRP"}), named("rate.orr"), named("n_rows")
    ('CRP more p value', 'rate ORR', 'number of rows')
    """
    parts = [part for part in re.split(r"[._-]+", key) if part]
    words = " ".join(own.get(part, WORDS.get(part, part)) for part in parts)
    return words.replace("number ", "number of ", 1) if parts[:1] == ["n"] and len(parts) > 1 else words


def show(texts: Mapping[str, object], layout: Layout) -> None:
    """Show told values with their names, where a notebook has begun with :func:`begin`."""
    from IPython.display import display

    if _shown and texts:
        own = abbreviations(layout)
        names = {named(name, own): str(text) for name, text in texts.items()}
        pairs = "".join(f"<div><dt>⟨{escape(name)}⟩</dt><dd>{escape(text)}</dd></div>" for name, text in names.items())
        display(Html(f'<dl class="sl-told">{pairs}</dl>'))
