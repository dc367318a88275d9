"""What a paper quotes of other studies beside what those studies say, as a table; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from secondlook.checks.external import LookedUp, named
from secondlook.pages import present
from secondlook.paper.schema import ExternalRow, Layout


def table(layout: Layout, rows: Iterable[ExternalRow], label: str) -> present.Html:
    """Return one line per look-up: what is quoted [reference], the printed value, the verdict, and what the source has.

    Parameters
    ----------
    layout : Layout
        Of the paper that quotes.
    rows : iterable of ExternalRow
        Rows of ``external.csv``.
    label : str
        What the table shows, for those who hear it.
    """
    header = ["quantity [reference]", "printed", "verdict", "the source"]
    return present.table(header, (_line(layout, row) for row in rows), label, numeric=(1,))


def _line(layout: Layout, row: ExternalRow) -> list[str]:
    number = layout.reference(row.cites)
    return [
        escape(row.quantity) + (f" [{number}]" if number else ""),
        escape(row.printed) or "in words",
        present.badge(LookedUp(row).verdict),
        _has(row),
    ]


def _has(row: ExternalRow) -> str:
    """Return the source's value and its name for it, the comparison in words, and where it was read."""
    value = f"<strong>{escape(row.source_value)}</strong>" if row.source_value else ""
    name = f"<em>{escape(named(row))}</em>" if row.endpoint else ""
    words = f"{escape(LookedUp(row).words)} {_read_at(row)}".strip()
    return "<br>".join(filter(None, [": ".join(filter(None, [value, name])), words]))


def _read_at(row: ExternalRow) -> str:
    """Return where a source was read: a link by the name of its site, or words."""
    if not row.read_at:
        return ""
    site = urlsplit(row.read_at).hostname
    link = f'<a href="{escape(row.read_at)}">{escape(site.removeprefix("www."))}</a>' if site else escape(row.read_at)
    return f"Read: {link}."
