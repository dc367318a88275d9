"""The paper as it would read: its tables as printed, with every change marked, and a line a change.

In: a ledger. What is struck has something inserted beside it, or stays open; rows that cannot stand together are marked
and not changed. Each mark leads to its line, and each line to its matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from secondlook.audit import Ledger
from secondlook.conclusions import Conclusion, weigh
from secondlook.corrections import UNSOUND, MatterLine, reads
from secondlook.pages import present
from secondlook.pages.findings import address
from secondlook.pages.forest import sides
from secondlook.pages.letter import entries
from secondlook.paper.registry import Value
from secondlook.paper.rows import table_rows

#: How the statistics of one cell stand together; the first of a tuple decides where the cell stands.
TOGETHER = (("count", "percent"), ("hr", "lower", "upper"), ("median",), ("p",))
HEADS = {"count": "n (%)", "percent": "%", "hr": "HR (interval)", "median": "median"}


@dataclass(frozen=True)
class Marked:
    """What is done to a value: the number of its matter, its weight, and what should stand there (empty: open)."""

    number: int
    weight: str
    reads: str


def changes(ledger: Ledger) -> dict[str, Marked]:
    """Return what is done to each value that does not hold, by id."""
    found: dict[str, Marked] = {}
    for number, x in unsound(ledger):
        texts = reads(x.matter, x.values)
        for value in x.values:
            found.setdefault(value.id, Marked(number, x.matter.weight, texts.get(value.id, "")))
    return found


def unsound(ledger: Ledger) -> list[tuple[int, MatterLine]]:
    """Return the matters that do not hold, with their numbers."""
    return [(number, x) for number, x in entries(ledger) if x.matter.weight in UNSOUND]


def marked(values: Sequence[Value], found: Mapping[str, Marked]) -> str:
    """Return the numbers of a cell as a paper sets them, ``28 (68.3)`` or ``0.932 (0.487–1.786)``, changes marked.

    What changes is struck and followed by what it reads, or by *open*; what cannot stand is marked and stays.
    """
    texts = {value.statistic: _marked(value, found) for value in values if value.printed or value.id in found}
    ends = "–".join(texts[end] for end in ("lower", "upper") if end in texts)
    first = texts.get("count") or texts.get("hr") or ""
    inner = texts.get("percent") or ends
    rest = [text for name, text in texts.items() if name not in ("count", "hr", "percent", "lower", "upper")]
    numbers = dict.fromkeys(found[value.id].number for value in values if value.id in found)
    notes = "".join(f'<sup><a href="#change-{number}">{number}</a></sup>' for number in numbers)
    return " ".join(filter(None, [first, f"({inner})" if inner and first else inner, *rest])) + notes


def _marked(value: Value, found: Mapping[str, Marked]) -> str:
    text = escape(value.subject if value.statistic == "claim" else value.printed)
    change = found.get(value.id)
    if change is None:
        return text
    if change.weight == "joint":
        return f'<span class="sl-cannot">{text}</span>'
    return f"<del>{text}</del> <ins>{escape(change.reads) or 'open'}</ins>"


# Tables -------------------------------------------------------------------------------------------------------------


def table(ledger: Ledger, name: str, found: Mapping[str, Marked]) -> present.Html:
    """Return a table of the paper, its rows and columns as printed, with every change marked."""
    cells = ledger.registry.cells(name)
    specs = ledger.registry.layout.tables[name].columns.values()
    columns = list(dict.fromkeys((spec.set or "", spec.group or "", _kind(spec.role)) for spec in specs))
    rows: dict[str, dict[tuple, list[Value]]] = {}
    for value in cells:
        rows.setdefault(value.row, {}).setdefault(_column(value), []).append(value)
    models = {row.row: f" ({sides(ledger.registry, row)})" for row in table_rows(ledger.registry) if row.table == name}
    shown = [
        [
            escape(next(iter(row.values()))[0].label + models.get(key, "")),
            *(marked(row.get(column, ()), found) for column in columns),
        ]
        for key, row in rows.items()
    ]
    heads = [_head(ledger, name, column) for column in columns]
    layout = ledger.registry.layout
    called, title = layout.table_name(name), layout.tables[name].title
    caption = f'<p class="sl-caption"><strong>{escape(called)}.</strong> {escape(title)}</p>'
    made = present.table(["", *heads], shown, f"{called} as it would read", numeric=range(1, len(heads) + 1))
    return present.Html(f'<div class="sl-printed-table">{caption}{made}</div>')


def _column(value: Value) -> tuple[str, str, str]:
    return value.set, value.group, _kind(value.statistic)


def _kind(statistic: str) -> str:
    return next((kinds[0] for kinds in TOGETHER if statistic in kinds), statistic)


def _head(ledger: Ledger, name: str, column: tuple[str, str, str]) -> str:
    set_, group, kind = column
    if kind == "p":  # it stands behind what it is about
        return kind
    layout = ledger.registry.layout
    words = [layout.tables[name].sets.get(set_, ""), layout.groups[group].label if group else "", HEADS.get(kind, kind)]
    return ", ".join(filter(None, words))


def in_words(ledger: Ledger, section: str, told: Collection[str]) -> present.Html | None:
    """Return what else changes in the prose of a section, beside the values that its words have; None for nothing."""
    found = changes(ledger)
    others = [v for v in ledger.registry if v.section == section and v.id in found and v.id not in told]
    lines = [f"{escape(v.place)}: {marked([v], found)}" for v in others]
    return present.Html(f"<p>There also: {'; '.join(lines)}.</p>") if lines else None


# Lines --------------------------------------------------------------------------------------------------------------


def lines(ledger: Ledger, conclusions: Iterable[Conclusion]) -> present.Html:
    """Return the changes, one line each, with whether a reader would act otherwise."""
    concluded = list(conclusions)
    rows, ids = [], []
    for number, x in unsound(ledger):
        where = f'{number}. <a href="{escape(address(x.matter))}">{escape(x.where)}</a>'
        rows.append([where, escape(x.printed), _reads(x), escape(str(weigh(x.matter, concluded)))])
        ids.append(f"change-{number}")
    head = ["where", "printed", "as it would read", "changes a conclusion?"]
    return present.table(head, rows, "every change", row_ids=ids)


def _reads(found: MatterLine) -> str:
    said = escape(found.suggested)
    return f"<ins>{said}</ins>" if found.should_read else said
