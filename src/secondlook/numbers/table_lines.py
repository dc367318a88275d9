"""A table of printed rows in CSV, as ``secondlook check --table`` takes it."""

from __future__ import annotations

import csv
import io

from secondlook.numbers.lines import FIELDS, ReadLine
from secondlook.numbers.printed import NotPrintedError, parse

#: Columns whose name is the measure.
MEASURES = {"hr": "HR", "or": "OR", "rr": "RR", "shr": "SHR"}
_NUMBERS = ("ratio", "lower", "upper", "p", "n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2")
_SIDES = {"1": "1", "2": "2", "one": "1", "two": "2", "one-sided": "1", "two-sided": "2"}
_COUNTS = ("n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2")


def read_table(text: str) -> list[ReadLine]:
    """Read a table with a header; a row that cannot be read is ``unread``, with its column.

    Parameters
    ----------
    text : str
        CSV. Columns that are not in :data:`secondlook.numbers.lines.FIELDS` are left aside; ``table`` groups rows. A
        ratio may stand in a column ``hr``, ``or``, ``rr`` or ``shr``.

    Raises
    ------
    ValueError
        For a header without a column of numbers, or with one twice, and for text that is not CSV.
    """
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        columns = _columns(header)
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: not well-formed CSV ({error})") from error
    return [_row(line, cells, header, columns) for line, cells in rows if any(cell.strip() for cell in cells)]


def _columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        known = "ratio" if name in MEASURES else name
        if known in columns:
            raise ValueError(f"line 1: column {known!r} stands twice in the header")
        if known in FIELDS or known == "table":
            columns[known] = place
    if not {"ratio", *_COUNTS} & columns.keys():
        raise ValueError("line 1: no column of a ratio (ratio, hr, or, rr, shr) nor of counts (n_1, size_1, pct_1, …)")
    return columns


def _row(line: int, cells: list[str], header: list[str], columns: dict[str, int]) -> ReadLine:
    if len(cells) != len(header):
        return ReadLine(line, "unread", reason=f"{len(cells)} cells where the header has {len(header)}")
    said = {name: text for name, place in columns.items() if (text := cells[place].strip())}
    table = said.pop("table", "")
    if "ratio" in columns:
        said.setdefault("measure", MEASURES.get(header[columns["ratio"]], ""))
    said = {name: text for name, text in said.items() if text}
    problems = [problem for name, text in said.items() if (problem := _unfit(name, text))]
    if problems:
        return ReadLine(line, "unread", {"label": said.get("label", "")}, reason="; ".join(problems), table=table)
    said |= {"sides": _SIDES[said["sides"].lower()]} if "sides" in said else {}
    if said.keys() & {"ratio", "lower", "upper"}:
        return ReadLine(line, "ratio", said, table=table)
    kind = "counts" if said.keys() & set(_COUNTS) else "not such a row"
    return ReadLine(line, kind, said, reason="" if kind == "counts" else "it prints no number", table=table)


def _unfit(name: str, text: str) -> str:
    if name in _NUMBERS:
        try:
            number = parse(text)
        except NotPrintedError as error:
            return f"column {name}: {error}"
        whole = name.startswith(("n_", "size_"))
        return f"column {name}: {text!r} is not a whole number" if whole and not number.is_whole else ""
    return f"column {name}: {text!r} is neither 1 nor 2" if name == "sides" and text.lower() not in _SIDES else ""
