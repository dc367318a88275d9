"""The registry: every number and claim of a paper, each with an id that says where it is printed."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from secondlook.numbers.dates import why_unread
from secondlook.numbers.printed import NotPrintedError, Printed, parse
from secondlook.paper.claims_file import FILE as CLAIMS_FILE
from secondlook.paper.claims_file import load_claims
from secondlook.paper.claims_schema import Claims
from secondlook.paper.proofs import FILE as PROOFS_FILE
from secondlook.paper.proofs import Proof, load_proofs
from secondlook.paper.reading import (
    DataError,
    present,
    read_json,
    read_models,
    read_plain,
    read_toml,
    refuse_unfit,
)
from secondlook.paper.schema import (
    NUMERIC,
    AnswerRow,
    Column,
    ExternalRow,
    Layout,
    NumeralRow,
    Sum,
    Table,
    TextRow,
    references,
)
from secondlook.paper.simulated_ranges import FILE as SIMULATED_FILE
from secondlook.paper.simulated_ranges import SimulatedRanges

#: How a place names a statistic.
NAMES = {"count": "n", "percent": "%", "p": "p", "hr": "HR", "lower": "95% CI, lower", "upper": "95% CI, upper"}

#: Checks of counts try whole numbers one by one and tables one by one: of larger studies they would take minutes.
MOST_COUNTED = 3000
#: Digits and decimals beyond which a string is no printed statistic.
MOST_DIGITS, MOST_DECIMALS = 15, 9
#: A percentage may be so many units of its last digit: 100.00 and 1000.0 are, and what misses by more is no slip.
MOST_UNITS_OF_PERCENT = 10_000
#: What papers print in a cell that holds nothing.
DASHES = ("-", "\u2013", "\u2014", "\u2212")


@dataclass(frozen=True)
class Value:
    """One printed number, claim or blank cell.

    Attributes
    ----------
    id : str
        Its place, short and stable: ``t5.age.multi.hr``, ``abstract.orr.lp``.
    section, place, here : str
        Key of the section, the place in words, and the same as a page of that section has it, without its name.
    statistic, group : str
        What it is (see :data:`secondlook.paper.schema.Statistic`), and whom it is about (empty when no one in
        particular).
    printed : str
        The string as printed; empty for a claim in words and for a cell left blank.
    subject : str
        The quantity in words.
    table, row, set, variable, level : str
        For a table's cell, where it stands; empty for prose.
    label : str
        For a table's cell, the label of its row.
    restates : tuple of str
        Ids of the values that it restates.
    """

    id: str
    section: str
    place: str
    statistic: str
    group: str
    printed: str
    subject: str = ""
    table: str = ""
    row: str = ""
    set: str = ""
    variable: str = ""
    level: str = ""
    label: str = ""
    restates: tuple[str, ...] = ()
    here: str = ""

    @cached_property
    def number(self) -> Printed | None:
        """The printed number, or None for claims, dates, names and blanks."""
        return parse(self.printed) if self.statistic in NUMERIC and self.printed else None

    @property
    def is_blank(self) -> bool:
        """True for a cell that prints nothing where a number belongs."""
        return not self.printed and self.statistic in NUMERIC


@dataclass(frozen=True)
class Registry:
    """All values of one paper, in reading order, with the layout that says what they are."""

    layout: Layout
    values: dict[str, Value]
    external: tuple[ExternalRow, ...] = ()
    numerals: tuple[NumeralRow, ...] = ()
    text: tuple[TextRow, ...] = field(default=())
    claims: Claims = field(default_factory=Claims)
    simulated: SimulatedRanges = field(default_factory=SimulatedRanges)
    proofs: tuple[Proof, ...] = ()
    answers: tuple[AnswerRow, ...] = ()

    def __getitem__(self, value_id: str) -> Value:
        return self.values[value_id]

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values.values())

    def __len__(self) -> int:
        return len(self.values)

    def row_label(self, value: Value) -> str:
        """Return the label of a cell's row, with its set of columns where the table has several."""
        sets = self.layout.tables[value.table].sets
        return ", ".join(filter(None, (value.label, sets.get(value.set, ""))))

    def whole(self, value_id: str | None) -> int | None:
        """Return a value printed as a whole number, or None when it is absent or printed otherwise."""
        value = self.values.get(value_id or "")
        number = value.number if value else None
        return int(number.value) if number and number.is_whole else None

    def size(self, group: str) -> int | None:
        """Return the printed size of a group, or None when the paper prints none."""
        spec = self.layout.groups.get(group)
        return self.whole(spec.size) if spec else None

    def level_count(self, variable: str, levels: Iterable[str], arm: str | None = None) -> int | None:
        """Return how many patients have one of the levels by the baseline table, in one arm or in both.

        None when the paper does not print all the counts.
        """
        arms = [arm] if arm else self.layout.paper.arms
        tables = [name for name, table in self.layout.tables.items() if table.kind == "baseline"]
        for name in tables:
            cells = [self.cell(name, f"{variable}.{level}", "", "count", a) for level in levels for a in arms]
            if cells and all(cell and cell.number for cell in cells):
                return sum(int(cell.number.value) for cell in cells)
        return None

    def cells(self, table: str, **where: str) -> list[Value]:
        """Return a table's values with the given attributes, in reading order: ``cells("t1", variable="age")``."""
        names = tuple(sorted(where))
        return list(self._index(names).get((table, *(where[name] for name in names)), []))

    def _index(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Value]]:
        """Return the values by table and these attributes: looking through all of a long table for each row is slow."""
        if names not in self._indexes:
            index = self._indexes[names] = {}
            for value in self:
                index.setdefault((value.table, *(getattr(value, name) for name in names)), []).append(value)
        return self._indexes[names]

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], dict[tuple[str, ...], list[Value]]]:
        return {}

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The whole numbers, from 1, that are printed as sizes of groups or as counts of patients, in order."""
        printed = {self.whole(v.id) for v in self if v.statistic in ("size", "count")}
        return tuple(sorted(n for n in printed if n))

    def origin(self, value: Value) -> Value:
        """Return the table's cell of the same statistic that a value restates; the value itself when there is none."""
        restated = (self.values[i] for i in value.restates)
        return next((v for v in restated if v.table and v.statistic == value.statistic), value)

    def cell(self, table: str, row: str, set_: str, statistic: str, group: str = "") -> Value | None:
        """Return one cell of a table, or None when the table has none there."""
        return self.values.get(cell_id(table, row, set_, group, statistic))


def cell_id(table: str, row: str, set_: str, group: str, statistic: str) -> str:
    """Return the id of a table's cell: ``t3.orr.recist.lp.n``."""
    return ".".join(part for part in (table, row, set_, group, NUMERIC[statistic]) if part)


def load(folder: Path | str) -> Registry:
    """Read a data folder.

    Parameters
    ----------
    folder : path
        Holds ``layout.toml`` and at least one of the tables that it names, or ``text.csv`` alone when it names none;
        ``external.csv``, ``claims.toml``, ``numerals.csv``, ``simulated-ranges.json``, ``proofs.toml`` and
        ``answers.csv`` are optional.

    Raises
    ------
    DataError
        For the first thing that is malformed, naming file, row and column.
    """
    folder = Path(folder)
    if not _is_folder(folder):
        raise DataError(folder, "is not a folder")
    layout = read_toml(folder / "layout.toml", Layout)
    text = _optional(folder / "text.csv", TextRow)
    found = [(name, table) for name, table in layout.tables.items() if present(folder / table.file)]
    if not found and (layout.tables or not text):
        missing = "none of the tables it names is in the folder" if layout.tables else "names no table, and no text.csv"
        raise DataError(folder / "layout.toml", missing)
    values: dict[str, Value] = {}
    for section in layout.sections:
        prose = _text_values(folder / "text.csv", text, layout, section)
        tables = (
            _table_values(folder / table.file, name, table, layout) for name, table in found if table.section == section
        )
        _add_all(values, itertools.chain(prose, *tables))
    _check_sections(folder / "text.csv", text, layout)
    _check_restated(folder / "text.csv", text, values)
    complete = len(found) == len(layout.tables)
    _check_layout_ids(folder / "layout.toml", layout, values, complete)
    statistics = {value.id: value.statistic for value in values.values()}
    present(folder / CLAIMS_FILE)
    claims = load_claims(folder / CLAIMS_FILE, layout, statistics, complete)
    external = tuple(row for _, row in _optional(folder / "external.csv", ExternalRow))
    numerals = tuple(row for _, row in _optional(folder / "numerals.csv", NumeralRow))
    simulated_file = folder / SIMULATED_FILE
    simulated = read_json(simulated_file, SimulatedRanges) if present(simulated_file) else SimulatedRanges()
    present(folder / PROOFS_FILE)
    proofs = tuple(load_proofs(folder, layout).proofs)
    answers = tuple(row for _, row in _optional(folder / "answers.csv", AnswerRow))
    prose = tuple(row for _, row in text)
    return Registry(layout, values, external, numerals, prose, claims, simulated, proofs, answers)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, or one behind a closed door
        return False


def _optional(path: Path, model: type) -> list:
    return read_models(path, model) if present(path) else []


def _add_all(values: dict[str, Value], new) -> None:
    for file, row, column, value in new:
        if value.id in values:
            raise DataError(file, f"the id {value.id!r} stands twice", row=row, column=column)
        values[value.id] = value


# Tables -------------------------------------------------------------------------------------------------------------


def _table_values(path: Path, name: str, table: Table, layout: Layout):
    """Yield (file, row number, column, value) for each cell that prints something or should."""
    seen: set[str] = set()
    for number, cells in read_plain(path, ["row", "label", *table.columns]):
        key = cells["row"]
        _check_row_key(path, number, key, seen, table, layout)
        refuse_unfit(path, cells["label"], number, "label", words=True)
        prints_anything = any(cells[column] for column in table.columns)
        for column, spec in table.columns.items():
            if cells[column] or _blank_matters(spec, cells, table, prints_anything):
                value = _cell_value(name, table, layout, key, cells, column)
                _check_number(path, number, column, value)
                yield path, number, column, value


def _check_row_key(path: Path, number: int, key: str, seen: set[str], table: Table, layout: Layout) -> None:
    if key in seen:
        raise DataError(path, f"the row key {key!r} stands twice", row=number, column="row")
    seen.add(key)
    parts = key.split(".")
    if not all(part and part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
        raise DataError(path, f"{key!r} is not a row key such as age or age.ge50", row=number, column="row")
    if table.kind == "frequencies":
        return
    if parts[0] not in layout.variables:
        raise DataError(path, f"{parts[0]!r} is not among the variables of layout.toml", row=number, column="row")
    if len(parts) > 1 and ".".join(parts[1:]) not in layout.variables[parts[0]].levels:
        raise DataError(path, f"{key!r} names a level that layout.toml does not have", row=number, column="row")


def _blank_matters(spec: Column, cells: dict[str, str], table: Table, prints_anything: bool) -> bool:
    """Return True when an empty cell is itself something to look at."""
    if spec.blank == "free" or not prints_anything:
        return False
    if spec.blank == "never":
        return True
    beside = next(
        (name for name, c in table.columns.items() if (c.role, c.group, c.set) == ("count", spec.group, spec.set)), None
    )
    return beside is not None and cells[beside] not in ("", "0")


def _cell_value(name: str, table: Table, layout: Layout, key: str, cells: dict[str, str], column: str) -> Value:
    spec = table.columns[column]
    variable, _, level = key.partition(".")
    known = layout.variables.get(variable) if table.kind != "frequencies" else None
    label = cells["label"].strip() or key
    if known:
        label = f"{known.label} {known.levels[level]}" if level else known.label
    context = [table.sets[spec.set]] if spec.set else []
    context += [layout.groups[spec.group].label] if spec.group else []
    place = ", ".join([layout.table_name(name), label, *context, NAMES.get(spec.role, spec.role)])
    return Value(
        id=cell_id(name, key, spec.set or "", spec.group or "", spec.role),
        section=table.section,
        place=place,
        here=place,
        statistic=spec.role,
        group=spec.group or "",
        printed=cells[column],
        subject=", ".join([label, *context, NAMES.get(spec.role, spec.role)]),
        table=name,
        row=key,
        set=spec.set or "",
        variable=variable if known else "",
        level=level if known else "",
        label=label,
    )


# Prose --------------------------------------------------------------------------------------------------------------


def _text_values(path: Path, rows: list[tuple[int, TextRow]], layout: Layout, section: str):
    """Yield (file, row number, column, value) for each row of the prose in one section."""
    for number, row in rows:
        if row.section != section:
            continue
        if row.group and row.group not in layout.groups:
            raise DataError(path, f"{row.group!r} is not among the groups of layout.toml", row=number, column="group")
        for column in ("subject", "described"):
            refuse_unfit(path, getattr(row, column), number, column, words=True)
        value = _text_value(row, layout)
        if not row.printed and row.statistic != "claim":
            raise DataError(path, f"a {row.statistic} must print something", row=number, column="printed")
        if row.printed and row.statistic == "claim":
            raise DataError(path, "a claim in words prints no number", row=number, column="printed")
        _check_number(path, number, "printed", value)
        if row.statistic == "date" and (problem := why_unread(row.printed)):
            raise DataError(path, f"{row.printed!r} {problem}", row=number, column="printed")
        yield path, number, "id", value


def paragraph(row: TextRow, layout: Layout) -> str:
    """Return in which section and paragraph a row of the text stands."""
    return f"{layout.sections[row.section]}, {_within(row)}"


def _within(row: TextRow) -> str:
    return f"¶{row.paragraph}" if row.paragraph.isdigit() else row.paragraph.replace("-", " ").capitalize()


def _text_value(row: TextRow, layout: Layout) -> Value:
    what = f"{row.subject}, {layout.groups[row.group].label}" if row.group else row.subject
    return Value(
        id=row.id,
        section=row.section,
        place=f"{paragraph(row, layout)}: {what}",
        here=f"{_within(row)}: {what}",
        statistic=row.statistic,
        group=row.group,
        printed=row.printed,
        subject=row.subject if row.statistic != "claim" else row.described,
        restates=tuple(row.restates.split()),
    )


def _check_number(path: Path, number: int, column: str, value: Value) -> None:
    if value.statistic in NUMERIC and value.printed.strip() in DASHES:
        raise DataError(
            path, "a dash by itself: leave a cell empty where nothing is printed", row=number, column=column
        )
    try:
        printed = value.number
    except NotPrintedError as error:
        raise DataError(path, str(error), row=number, column=column) from error
    problem = _unfit_number(printed, value.statistic) if printed else ""
    if problem:
        raise DataError(path, f"{value.printed!r} {problem}", row=number, column=column)


def _unfit_number(printed: Printed, statistic: str) -> str:
    """Say what is wrong with a printed number of its kind; nothing when it can be checked."""
    if sum(c.isdigit() for c in printed.text) > MOST_DIGITS:
        return f"has more than {MOST_DIGITS} digits"
    if printed.places > MOST_DECIMALS:
        return f"has more than {MOST_DECIMALS} decimals"
    if statistic == "percent" and abs(printed.value) / printed.unit > MOST_UNITS_OF_PERCENT:
        return "has too many digits for a percentage"
    if statistic not in ("count", "size"):
        return ""
    if not printed.is_whole or not printed.text.strip().isdigit():
        return "is not a whole number, as a count is"
    return f"is more than {MOST_COUNTED} patients, too many for these checks" if printed.value > MOST_COUNTED else ""


# References between files -------------------------------------------------------------------------------------------


def _check_sections(path: Path, rows: list[tuple[int, TextRow]], layout: Layout) -> None:
    for number, row in rows:
        if row.section not in layout.sections:
            raise DataError(path, f"{row.section!r} is not a section of layout.toml", row=number, column="section")


def _check_restated(path: Path, rows: list[tuple[int, TextRow]], values: dict[str, Value]) -> None:
    for number, row in rows:
        for other in row.restates.split():
            if other not in values:
                raise DataError(path, f"restates {other!r}, which is no value's id", row=number, column="restates")
            if other == row.id:
                raise DataError(path, "a value cannot restate itself", row=number, column="restates")


def _check_layout_ids(path: Path, layout: Layout, values: dict[str, Value], complete: bool) -> None:
    """Every id that the layout names must be a value; skipped for a folder that holds only some of its tables."""
    if not complete:
        return
    for where, value_id in _ids_in_layout(layout):
        if value_id not in values:
            raise DataError(path, f"names {value_id!r}, which is no value's id", column=where)


def _ids_in_layout(layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield (where it stands, id) for every value that the layout names."""
    yield from ((where, value_id) for where, kind, value_id in references(layout) if kind == "values")
    for number, item in enumerate(layout.sums, 1):
        for whole, parts, minus in expand(item):
            yield from ((f"sums, number {number}", value_id) for value_id in (whole, *parts, *minus))


def expand(item: Sum) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (whole, parts, minus) of a declared sum for each combination of the keys in braces."""
    for chosen in itertools.product(*item.each.values()):
        keys = dict(zip(item.each, chosen, strict=True))
        yield (
            _filled(item.whole, keys),
            [_filled(part, keys) for part in item.parts],
            [_filled(part, keys) for part in item.minus],
        )


def _filled(pattern: str, keys: dict[str, str]) -> str:
    for key, chosen in keys.items():
        pattern = pattern.replace("{" + key + "}", chosen)
    return pattern


# Long form ----------------------------------------------------------------------------------------------------------

LONG_FORM = ("value_id", "section", "place", "statistic", "group", "printed")


def long_form(registry: Registry) -> str:
    """Return the registry as CSV: value_id, section, place, statistic, group, printed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LONG_FORM)
    for value in registry:
        writer.writerow([value.id, value.section, value.place, value.statistic, value.group, value.printed])
    return out.getvalue()
