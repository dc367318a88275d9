"""Tables as hospitals' programs write them: CSV in the usual encodings and separators, .xlsx, SPSS .sav, Stata .dta.

Every reader returns a :class:`Sheet` of texts; what the texts mean is decided by a map (:mod:`.mapping`). Workbooks are
read by openpyxl and .sav and .dta by pyreadstat, the extra ``import``.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from secondlook.cohort.problems import Problem, ProblemsError, shown
from secondlook.paper.reading import DataError, read_bytes

#: What cells are separated by, the likeliest first.
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: Encodings by their byte order marks, the longer marks first.
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: Larger sheets are no list of one centre's patients.
MOST_ROWS, MOST_COLUMNS = 5_000, 500


@dataclass(frozen=True)
class Options:
    """What a reader is told rather than finds out; None or 1 for what it finds out.

    Attributes
    ----------
    sheet : str or None
        The sheet of a workbook; its first otherwise.
    header : int
        The row that holds the names of the columns.
    encoding, separator : str or None
        Of a text file.
    """

    sheet: str | None = None
    header: int = 1
    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table of texts.

    Attributes
    ----------
    path : Path
    how : str
        What it was read as, in words.
    header : tuple of str
        Names of the columns as they stand there, without blanks around them.
    rows : tuple of (int, dict of str)
        The row's number in the file and its cells by column; rows of empty cells are left out.
    labels : mapping of str
        What SPSS or Stata calls each column, by its name.
    values : mapping of str to mapping of str
        What SPSS or Stata calls each value of a column.
    notes : tuple of str
        What was left out or taken otherwise than it stands there.
    """

    path: Path
    how: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        return [cells[name] for _, cells in self.rows]


def read(path: Path | str, options: Options | None = None) -> Sheet:
    """Read a table, by the ending of its name.

    Raises
    ------
    DataError
        When it cannot be read, is of another kind than its name says, or its reader is not installed; with a table of
        all problems where headers are missing or doubled or rows have other numbers of cells than the header.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.casefold(), _read_text)
    return reader(path, options or Options())


# Text ---------------------------------------------------------------------------------------------------------------


def _read_text(path: Path, options: Options) -> Sheet:
    data = read_bytes(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"$FL2", b"<stata_dta>")):
        raise DataError(
            path, "is a workbook or another program's file and not CSV: give it its own ending, or save it as CSV"
        )
    encoding = options.encoding or encoding_of(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError(path, f"cannot be read as {encoding} ({error})") from error
    if not text.strip():
        raise DataError(path, "the file is empty")
    odd = next((c for c in text if (c < " " and c not in "\t\r\n") or c == "\ufffe"), None)
    if odd:
        raise DataError(
            path, f"holds the character U+{ord(odd):04X}: a text file in another encoding, or no text at all"
        )
    lines, notes, told = io.StringIO(text, newline="").read().replace("\r\n", "\n").replace("\r", "\n"), [], None
    first = lines.partition("\n")[0].strip().strip('"')
    skipped = 0
    if first.casefold().startswith("sep=") and len(first) <= 5:
        told, skipped, lines = first[4:] or ",", 1, lines.partition("\n")[2]
        notes.append(f"the first line, {first}, is a spreadsheet's own and left out")
    separator = options.separator or told or separator_of(lines)
    try:
        grid = list(csv.reader(io.StringIO(lines), delimiter=separator, strict=True))
    except csv.Error as error:
        raise DataError(path, f"is not well-formed CSV ({error})") from error
    how = f"text, {encoding}, separated by {SEPARATORS.get(separator, separator)}"
    return _sheet(path, how, [[cell.strip() for cell in row] for row in grid], options, notes, skipped)


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text: by its mark, else the first of UTF-8, UTF-16, GB18030 and cp1252 that fits.

    GB18030 and cp1252 both accept nearly every text. It is the former where most of what it makes of the bytes are the
    characters of GB 2312, which nearly all of Chinese is written in; in a Western text its pairs of bytes are a letter
    with an accent and the letter behind it, which GB 2312 does not use.
    """
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if marked:
        return marked
    if data[1:2] == b"\0" or data[:1] == b"\0":
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    for name in ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        wide = [c for c in text if not c.isascii()]
        if name == "utf-8" or sum(map(_is_gb2312, wide)) > len(wide) / 2:
            return name
    return "cp1252"


def _is_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) > 1
    except UnicodeEncodeError:
        return False


def separator_of(text: str) -> str:
    """Return what separates the most cells of the first line that holds any; a comma where nothing does."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(SEPARATORS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))


# Workbooks ----------------------------------------------------------------------------------------------------------


def _read_workbook(path: Path, options: Options) -> Sheet:
    openpyxl = _extra("openpyxl")
    data = read_bytes(path)
    try:
        books = [openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values) for values in (True, False)]
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise DataError(path, f"is no workbook that can be read ({error})") from error
    names = books[0].sheetnames
    name = options.sheet or names[0]
    if name not in names:
        raise DataError(path, f"has no sheet {name!r}; there are {', '.join(names)}")
    grids = [_grid(path, book[name].iter_rows(values_only=True)) for book in books]
    for book in books:
        book.close()
    _refuse_uncomputed(path, *grids)
    notes = [f"of the sheets {', '.join(names)} the first is read"] if len(names) > 1 and not options.sheet else []
    width = max(map(len, grids[0]), default=0)
    grid = [[text_of(c) for c in row] + [""] * (width - len(row)) for row in grids[0]]
    return _sheet(path, f"workbook, sheet {name}", grid, options, notes)


def _grid(path: Path, rows: Iterable[tuple]) -> list[tuple]:
    grid = []
    for row in rows:
        if len(grid) > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise DataError(path, f"has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
        grid.append(row)
    return grid


def _refuse_uncomputed(path: Path, values: list[tuple], formulas: list[tuple]) -> None:
    """Refuse formulas whose values were never stored: they would be taken for empty cells."""
    expected = "a value: open and save the workbook in a spreadsheet"
    bare = [
        Problem(path.name, number, f"column {place}", shown(str(formula)), expected)
        for number, (kept, stood) in enumerate(zip(values, formulas, strict=False), 1)
        for place, (value, formula) in enumerate(zip(kept, stood, strict=False), 1)
        if value is None and isinstance(formula, str) and formula.startswith("=")
    ]  # fmt: skip
    if bare:
        raise ProblemsError(bare)


def text_of(value: object) -> str:
    """Return a cell of a workbook or of a statistics program as text: whole numbers without a point, dates as ISO."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value).strip()


# Statistics programs ------------------------------------------------------------------------------------------------


def _read_statistics(reader: str, said: str) -> Callable[[Path, Options], Sheet]:
    def read_it(path: Path, options: Options) -> Sheet:
        pyreadstat = _extra("pyreadstat")
        read_bytes(path)
        try:
            frame, meta = getattr(pyreadstat, reader)(str(path), encoding=options.encoding)
        except (pyreadstat.ReadstatError, OSError, ValueError) as error:
            raise DataError(path, f"is no file of {said} that can be read ({error})") from error
        grid = [
            list(frame.columns),
            *([text_of(c) for c in row] for row in frame.astype(object).itertuples(index=False)),
        ]
        values = {
            name: {text_of(code): str(label) for code, label in pairs.items()}
            for name, pairs in meta.variable_value_labels.items()
        }
        labels = {name: label for name, label in meta.column_names_to_labels.items() if label}
        found = _sheet(path, f"file of {said}", grid, Options(), [])
        # Its rows have no header above them: the first patient is case 1.
        rows = tuple((number - 1, cells) for number, cells in found.rows)
        return Sheet(path, found.how, found.header, rows, labels, values, found.notes)

    return read_it


def _extra(module: str):
    """Import a reader, or say which extra brings it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        message = (
            f"such files are read by {module}: install the extra, pip install '.[import]', or save the file as CSV"
        )
        raise DataError("secondlook", message) from error


READERS: dict[str, Callable[[Path, Options], Sheet]] = {
    ".xlsx": _read_workbook,
    ".xlsm": _read_workbook,
    ".sav": _read_statistics("read_sav", "SPSS"),
    ".zsav": _read_statistics("read_sav", "SPSS"),
    ".dta": _read_statistics("read_dta", "Stata"),
}


# All of them --------------------------------------------------------------------------------------------------------


def _sheet(path: Path, how: str, grid: list[list[str]], options: Options, notes: list[str], skipped: int = 0) -> Sheet:
    """Return the rows below the header as a sheet; `skipped` lines of the file stand before the grid."""
    numbered = [(number + skipped, row) for number, row in enumerate(grid, 1)]
    head = next((row for number, row in numbered if number >= options.header and any(row)), None)
    if head is None:
        raise DataError(path, f"has no header in row {options.header}")
    at = next(number for number, row in numbered if row is head)
    while head and not head[-1]:
        head = head[:-1]
    body = [(number, row) for number, row in numbered if number > at]
    empty = [number for number, row in body if not any(row)]
    body = [(number, row) for number, row in body if any(row)]
    header, more = _named(path, head, at, body)
    problems = list(_ragged(path, header, body))
    if problems:
        raise ProblemsError(problems)
    inside = [number for number in empty if body and number < body[-1][0]]
    if inside:
        more.append(f"empty rows are left out: {', '.join(map(str, inside))}")
    if len(body) > MOST_ROWS:
        raise DataError(path, f"has more than {MOST_ROWS} rows")
    rows = [(number, {name: cell for name, cell in zip(header, row, strict=False) if name}) for number, row in body]
    return Sheet(path, how, tuple(name for name in header if name), tuple(rows), notes=(*notes, *more))


def _named(path: Path, head: list[str], at: int, body: list[tuple[int, list[str]]]) -> tuple[list[str], list[str]]:
    """Return the names of the columns, '' for one that is left out, and what is said of it."""
    twice = sorted({name for name in head if name and head.count(name) > 1})
    problems = [
        Problem(path.name, at, name, "the name stands twice", "a name of its own for each column") for name in twice
    ]
    notes = []
    for place, name in enumerate(head):
        cells = [row[place] for _, row in body if place < len(row)]
        if name or not any(cells):
            continue
        if place == 0 and cells == [str(k) for k in range(1, len(cells) + 1)]:
            notes.append("the first column, row numbers without a name as R writes them, is left out")
        else:
            problems.append(Problem(path.name, at, f"column {place + 1}", "no name", "a name"))
    if problems:
        raise ProblemsError(problems)
    return head, notes


def _ragged(path: Path, header: list[str], body: list[tuple[int, list[str]]]) -> Iterable[Problem]:
    for number, row in body:
        if len(row) < len(header) or any(row[len(header) :]):
            expected = f"{len(header)} cells, as the header has; a decimal comma in a file of commas needs quotes"
            yield Problem(path.name, number, "", f"{len(row)} cells", expected)
