"""The two long tables: every number and every check, five columns that fit a screen and a sixth that opens to the rest.

The sixth cell of a row folds what the others have no room for; the style sheet gives it a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from secondlook.audit import Ledger, show_chance
from secondlook.checks.verdicts import FLAGS
from secondlook.numbers.in_words import capital
from secondlook.pages import present

HEADER = ("where", "verdict", "published", "recomputed", "matter")
_NUMERIC = (2, 3)
#: Longer texts are cut short in a cell, so that rows stay low, and stand whole in the rest.
_LONGEST = 60


@dataclass(frozen=True)
class _Row:
    """A row: its anchor, what it is filed under, its cells and the rest as HTML, by name."""

    anchor: str
    evidence: str
    cells: tuple[str, ...]
    rest: Mapping[str, str]


def all_numbers(ledger: Ledger) -> present.Html:
    """Return every value of the registry with its verdict and its checks; rows carry the value's id as anchor."""
    rows = []
    for value in ledger.registry:
        check = present.deciding(ledger, value)
        own = present.is_about(check, value)
        decides = own or check.verdict in ("not-testable", *FLAGS)
        part = present.part_of(ledger, check, value)
        cells = (
            escape(value.place),
            present.badge(ledger.verdicts[value.id]),
            present.said(value),
            escape(_cut(found)) if (found := present.found_by(check) if own else "") else "",
            present.to_matter(ledger, check),
        )
        rest = {
            **{name: escape(text) for name, text in _long("", found).items()},
            "why": escape(check.said.note if decides or not part else f"{capital(part)}."),
            "repeats": present.flagged_elsewhere(ledger, value),
            "evidence": check.evidence,
            "id": f"<code>{escape(value.id)}</code>",
            "answered": present.answers_to(ledger, value),
        }
        rows.append(_Row(value.id, check.evidence, cells, rest))
    return _table(rows, "every printed number")


def all_checks(ledger: Ledger) -> present.Html:
    """Return the ledger, one row a check; its anchor is ``check-`` and the check's id."""
    rows = []
    for check in ledger.checks:
        said = check.said
        cells = (
            escape(ledger.about(check).place),
            present.badge(check.verdict),
            present.printed(_cut(said.published)) if said.published else "",
            escape(_cut(said.recomputed)),
            present.to_matter(ledger, check),
        )
        rest = {
            "quantity": escape(said.quantity),
            **{name: escape(text) for name, text in _long(said.published, said.recomputed).items()},
            "by": escape(said.method),
            "evidence": check.evidence,
            "chance": show_chance(check.chance),
            "repair": escape(said.repair),
            "note": escape(said.note),
            "check": f"<code>{escape(check.check_id)}</code>",
        }
        rows.append(_Row(f"check-{check.check_id}", check.evidence, cells, rest))
    return _table(rows, "the ledger")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def _long(published: str, recomputed: str) -> dict[str, str]:
    """Return what was cut short in a row's cells, whole."""
    return {name: text for name, text in (("published", published), ("recomputed", recomputed)) if text != _cut(text)}


def _table(rows: Iterable[_Row], label: str) -> present.Html:
    classes = [' class="sl-num"' if i in _NUMERIC else "" for i in range(len(HEADER))]
    head = "".join(f'<th scope="col"{css}>{name}</th>' for name, css in zip(HEADER, classes, strict=True))
    body = "".join(_line(row) for row in rows)
    return present.Html(
        f'<div class="sl-scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
        f'<table class="sl-table sl-long-table sl-filterable sortable"><thead><tr>{head}'
        f'<td class="no-sort"></td></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _line(row: _Row) -> str:
    cells = "".join(
        f"<td{present.cell_class(cell, i in _NUMERIC)}>{cell}</td>" for i, cell in enumerate(row.cells[1:], 1)
    )
    listed = "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in row.rest.items() if text)
    return (
        f'<tr id="{escape(row.anchor)}" data-evidence="{row.evidence}"><th scope="row">{row.cells[0]}</th>{cells}'
        f'<td class="sl-rest"><details><summary>more</summary><dl>{listed}</dl></details></td></tr>'
    )
