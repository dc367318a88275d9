"""``secondlook check``: rows as people copy them out of papers, or whole tables, each with a verdict.

Exit 0 whatever is found, unless ``--fail-on`` asks otherwise; 1 with one message for an input that cannot be read.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from secondlook.cli.main import FAILING, deliver, out_option
from secondlook.pasted import Checked, TableSaid, check_lines

#: Columns of the answer.
COLUMNS = ("line", "table", "label", "read_as", "verdict", "reading", "chance", "reason", "repair")
#: A larger input is refused: no table of a paper is so long.
MAX_BYTES = 16 * 2**20


@click.command()
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--table", "as_table", is_flag=True, help="The input is CSV with a header, one row of a table a line.")
@click.option("--sizes", metavar="N,N", default="", help="Sizes of the two groups, for rows that print only n (%).")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("--fail-on", type=click.Choice(FAILING), help="Exit with 2 when a row has this verdict or a worse one.")
@out_option
def check(file: Path, as_table: bool, sizes: str, form: str, fail_on: str | None, out: Path | None) -> None:
    """Judge printed rows, one a line: a ratio with its interval and p, or the counts of two groups with their p.

    FILE is a text as pasted, or with --table a CSV file; without it, or with -, standard input is read.
    """
    text = _input(file)
    try:
        reads = _table(text) if as_table else _lines(text, sizes)
        rows, tables = check_lines(reads)
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    deliver({"text": as_text, "csv": as_csv, "json": as_json}[form](rows, tables), out)
    if fail_on and any(row.verdict in FAILING[FAILING.index(fail_on) :] for row in rows):
        sys.exit(2)


def _input(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if str(file) == "-" else _bytes(file)
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror})") from error
    if len(data) > MAX_BYTES:
        raise click.ClickException(f"{file}: larger than {MAX_BYTES // 2**20} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8 (byte {error.start + 1})") from error


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _lines(text: str, sizes: str) -> list:
    from secondlook.numbers.lines import read_lines

    return read_lines(text, [part.strip() for part in sizes.split(",")] if sizes else ())


def _table(text: str) -> list:
    from secondlook.numbers.table_lines import read_table

    return read_table(text)


# Answers ------------------------------------------------------------------------------------------------------------


def _cells(row: Checked) -> dict[str, str | int]:
    chance = "" if row.chance is None else f"{float(row.chance):.2g}"
    return {name: chance if name == "chance" else getattr(row, name) for name in COLUMNS}


def as_csv(rows: Sequence[Checked], _: Sequence[TableSaid] = ()) -> str:
    """Return the rows as CSV, with the columns :data:`COLUMNS`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_cells, rows))
    return text.getvalue()


def as_json(rows: Sequence[Checked], tables: Sequence[TableSaid]) -> str:
    """Return rows and tables as one JSON object."""
    said = {"rows": [_cells(row) for row in rows], "tables": [vars(table) for table in tables]}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def as_text(rows: Sequence[Checked], tables: Sequence[TableSaid]) -> str:
    """Return one paragraph a row, then one a table."""
    lines = []
    for row in rows:
        head = " ".join(
            part for part in (f"line {row.line}:", row.verdict, "-" if row.read_as else "", row.label) if part
        )
        lines.append(f"{head} {row.read_as}".rstrip())
        lines += [f"    {row.reason}"] if row.reason else []
        if row.repair:
            by = "" if row.chance is None else f" (by accident: {float(row.chance):.2g})"
            lines.append(f"    One slip or two away: {row.repair}{by}")
        elif row.chance is not None:
            lines.append(f"    A random value would be explained with chance {float(row.chance):.2g}")
    lines += [f"table {table.table} ({table.rows} rows): {table.reading}; {table.reason}." for table in tables]
    return "".join(f"{line}\n" for line in lines) or "no row was found\n"
