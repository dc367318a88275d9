"""The map from a hospital's export to the columns of a file of patients, and the patients that it makes of one.

A map is a TOML file that the holder of the records writes, from the proposal of :mod:`.proposal`; a file in the
contract's own columns needs none. Nothing is guessed: what a map leaves open is a problem, named with all others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from secondlook.cohort import headers
from secondlook.cohort.columns import Characteristic, Codes, Cut, Response, Text
from secondlook.cohort.exports import Options, Sheet
from secondlook.cohort.headers import plain
from secondlook.cohort.problems import Problem, ProblemsError, shown
from secondlook.cohort.records import MISSING, possible, problems_of
from secondlook.numbers.dates import MONTH
from secondlook.paper.reading import DataError, read_text
from secondlook.paper.registry import Registry
from secondlook.paper.schema import Strict

#: What a proposal leaves open.
OPEN = "?"
DAYS = {"days": 1.0, "weeks": 7.0, "years": 12 * MONTH}
#: What programs write into a cell that holds nothing.
NOTHING = ("", "NA", "N/A", "#N/A", "NaN", "NULL", ".")
#: Dates that can be read in one way only: ISO and its neighbours, Chinese, and the day first with points.
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d.%m.%Y")
_EARLIEST = date(1900, 1, 1)
_SERIAL = "excel"
_SIGNED = re.compile(r"([<>≤≥]?)=?\s*(.*)", re.DOTALL)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_COMMA = re.compile(r",([0-9]{1,2}|[0-9]{4,})$")
_NUMBER = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)(e[+-]?[0-9]{1,3})?")


class File(Strict):
    """How the export is read; all may be left out."""

    sheet: str | None = Field(default=None, description="the sheet of a workbook; the first otherwise")
    header: int = Field(default=1, ge=1, description="the row that holds the names of the columns")
    encoding: str | None = Field(default=None, description="of a text file, such as gb18030")
    separator: str | None = Field(default=None, min_length=1, max_length=1, description="between the cells of a text")
    decimal: Literal[".", ","] | None = Field(default=None, description="sign of the decimals")


class Source(Strict):
    """Where a column of the contract comes from."""

    column: str = Field(description="their name of the column")
    codes: dict[str, Text] = Field(default={}, description="the contract's code for each of theirs; empty for missing")
    cut: Cut | None = Field(default=None, description="for a measured value, such as age in years")


class Ids(Strict):
    """Where the ids come from."""

    column: str | None = Field(default=None, description="their name of the column; none numbers the rows")
    number: bool = Field(default=False, description="number the patients, so that no hospital's id leaves it")


class End(Strict):
    """Where the time and the event of an endpoint come from: a time, two dates, or dates of what can end it."""

    time: str | None = Field(default=None, description="column of a time")
    unit: Literal["days", "weeks", "months", "years"] = Field(default="months", description="its unit")
    start: str | None = Field(default=None, description="column of the first date")
    end: str | None = Field(default=None, description="column of the last date, with an event of its own column")
    events: list[str] = Field(default=[], description="columns of dates whose earliest is the event")
    censored: str | None = Field(default=None, description="column of the date of last contact, where no event is")
    event: str | None = Field(default=None, description="column of the event")
    codes: dict[str, Text] = Field(default={}, description="1 (event) or 0 (censored) for each of its codes")

    @model_validator(mode="after")
    def _one_way(self) -> End:
        given = {name for name in ("time", "start", "end", "events", "censored", "event") if getattr(self, name)}
        if given not in ({"time", "event"}, {"start", "end", "event"}, {"start", "events", "censored"}):
            raise ValueError("needs time and event, or start, end and event, or start, events and censored")
        return self

    @property
    def columns(self) -> list[str]:
        """Their columns."""
        named = [self.time, self.start, self.end, *self.events, self.censored, self.event]
        return [name for name in named if name]


class Map(Strict):
    """A map as its file holds it."""

    file: File = File()
    missing: list[Text] = Field(default=list(NOTHING), description="cells that hold nothing")
    dates: list[str] = Field(default=[], description="forms of dates as in %d/%m/%Y, or excel for serial numbers")
    month: float = Field(default=MONTH, gt=27, lt=32, description="days in a month")
    cut_off: date | None = Field(default=None, description="dates of events after it are not looked at")
    patient: Ids = Ids()
    columns: dict[str, Source] = Field(default={}, description="by the contract's name")
    absent: list[str] = Field(default=[], description="columns that the export does not have")
    endpoints: dict[str, End] = Field(default={}, description="by the layout's key")

    @property
    def options(self) -> Options:
        """What the reader of the export is told."""
        return Options(self.file.sheet, self.file.header, self.file.encoding, self.file.separator)


@dataclass(frozen=True)
class Imported:
    """Patients made of an export.

    Attributes
    ----------
    rows : list of dict of str
        Cells by the contract's columns.
    notes : tuple of str
        What was left out, changed or counted, one line each.
    """

    rows: list[dict[str, str]]
    notes: tuple[str, ...]


# The map's file -----------------------------------------------------------------------------------------------------


def load(path: Path | str) -> Map:
    """Read a map; raises DataError, with a table of all that is wrong or still open in it."""
    path = Path(path)
    try:
        content = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(path, f"is not well-formed TOML ({error})") from error
    wrong = [Problem(path.name, None, where, "still open", "your decision") for where in _open(content, ())]
    try:
        found = Map.model_validate(content)
    except ValidationError as error:
        wrong += [_problem(path, each) for each in error.errors(include_url=False) if each["input"] != OPEN]
    if wrong:
        raise ProblemsError(wrong)
    return found


def _open(content: object, where: tuple[str, ...]) -> Iterator[str]:
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        if value == OPEN:
            yield ".".join((*where, str(key)))
        yield from _open(value, (*where, str(key)))


def _problem(path: Path, error: Mapping) -> Problem:
    place = ".".join(map(str, error["loc"]))
    found = "nothing" if error["type"] == "missing" else shown(str(error["input"]))
    return Problem(path.name, None, place, found, error["msg"].removeprefix("Value error, "))


def of_contract(sheet: Sheet, codes: Codes, registry: Registry) -> Map:
    """Return the map of an export that has the contract's columns, whatever their order, capitals and blanks.

    Codes may be spelt as the layout's labels (``male``), in small letters, as decimals (``1.00``), and a yes or no as a
    truth value. Raises ProblemsError when columns are missing.
    """
    meant = {name: theirs for theirs, name in headers.meant(sheet.header, codes.columns).items()}
    if len(meant) < len(codes.columns):
        known = [name for name in sheet.header if name in meant.values()]
        found = headers.problems(sheet.path.name, known, codes.columns)
        raise ProblemsError(
            (each for each in found if "order" not in each.found),
            f"a file with columns of its own needs a map: secondlook cohort map '{sheet.path}' --out map.toml",
        )
    columns = {
        item.column: Source(column=meant[item.column], codes=spellings(item, registry))
        for item in (*codes.characteristics, *codes.responses)
    }
    truth = {"0": "0", "1": "1", "FALSE": "0", "TRUE": "1"}
    ends = {item.endpoint: End(time=meant[item.time], event=meant[item.event], codes=truth) for item in codes.endpoints}
    return Map(patient=Ids(column=meant[codes.patient.column]), columns=columns, endpoints=ends)


def spellings(item: Characteristic | Response, registry: Registry) -> dict[str, str]:
    """Return the contract's code for each spelling of it: the code itself, its label, a truth value for yes and no."""
    found = {code: code for code in item.codes}
    if isinstance(item, Response):
        return found
    levels = registry.layout.variables[item.variable].levels
    labels = {plain(levels[level]): code for code, level in item.codes.items()}
    if set(labels) == {"yes", "no"}:
        labels |= {"true": labels["yes"], "false": labels["no"]}
    return {label: code for label, code in labels.items() if len(label) > 1} | found


# Making patients ----------------------------------------------------------------------------------------------------


def make(sheet: Sheet, told: Map, registry: Registry, codes: Codes) -> Imported:
    """Return the patients of an export.

    Raises
    ------
    ProblemsError
        With all that is wrong: columns that the export does not have, cells that the map does not say how to take,
        and whatever :func:`secondlook.cohort.records.problems_of` finds in the patients that come of it.
    """
    wrong = list(_unknown(sheet, told, codes))
    if wrong:
        raise ProblemsError(wrong)
    reader = _Reader(sheet, told, registry, codes)
    rows = [(number, reader.patient(k, number, cells)) for k, (number, cells) in enumerate(sheet.rows, 1)]
    wrong = reader.problems
    spoilt = {(problem.row, problem.column) for problem in wrong}
    said = problems_of(sheet.path.name, rows, registry, codes)
    wrong += [problem for problem in said if (problem.row, problem.column) not in spoilt]
    if wrong:
        raise ProblemsError(wrong)
    return Imported([cells for _, cells in rows], (sheet.how, *sheet.notes, *reader.notes()))


def _unknown(sheet: Sheet, told: Map, codes: Codes) -> Iterator[Problem]:
    """Yield columns of the map that the export or the contract does not have, and the contract's that the map lacks."""
    said = partial(Problem, sheet.path.name, None)
    contract = [item.column for item in (*codes.characteristics, *codes.responses)]
    endpoints = {item.endpoint: (item.time, item.event) for item in codes.endpoints}
    theirs = [each.column for each in told.columns.values()]
    theirs += [name for end in told.endpoints.values() for name in end.columns]
    theirs += [told.patient.column] if told.patient.column else []
    for name in dict.fromkeys(theirs):
        if name not in sheet.header:
            close = headers.near(name, sheet.header)
            yield said(name, "no such column", f"did you mean {close}?" if close else "a column of the export")
    for name in (*told.columns, *told.absent):
        if name not in (*contract, *endpoints):
            yield said(name, "a name in the map", f"one of {', '.join((*contract, *endpoints))}")
    for name in told.endpoints:
        if name not in endpoints:
            yield said(name, "an endpoint in the map", f"one of {', '.join(endpoints)}")
    for name in (*contract, *endpoints):
        if name not in (*told.columns, *told.endpoints, *told.absent):
            yield said(name, "nothing in the map", "a column of the export, or its name among the absent")


class _Reader:
    """Takes the cells of an export as a map says, and keeps what does not fit."""

    def __init__(self, sheet: Sheet, told: Map, registry: Registry, codes: Codes) -> None:
        self.sheet, self.told, self.registry, self.codes = sheet, told, registry, codes
        self.problems: list[Problem] = []
        self._nothing = {plain(text) for text in (*told.missing, "")}
        self._items = {item.column: item for item in (*codes.characteristics, *codes.responses)}
        self._tables = {name: {_key(k): v for k, v in each.codes.items()} for name, each in told.columns.items()}
        self._ends = {name: {_key(k): v for k, v in end.codes.items()} for name, end in told.endpoints.items()}
        self._later = 0
        self._decimal = told.file.decimal

    def patient(self, place: int, number: int, cells: dict[str, str]) -> dict[str, str]:
        """Return a row of the contract's columns."""
        said = partial(self._wrong, number)
        made = dict.fromkeys(self.codes.columns, MISSING)
        made[self.codes.patient.column] = self._id(place, cells)
        for name, column in self.told.columns.items():
            made[name] = self._code(said, name, column, cells[column.column])
        for item in self.codes.endpoints:
            end = self.told.endpoints.get(item.endpoint)
            if end:
                made[item.time], made[item.event] = self._end(said, item.endpoint, end, cells)
        return made

    def _wrong(self, number: int, column: str, found: str, expected: str) -> str:
        self.problems.append(Problem(self.sheet.path.name, number, column, shown(found), expected))
        return MISSING

    def _id(self, place: int, cells: dict[str, str]) -> str:
        told = self.told.patient
        if told.number or not told.column:
            return f"P-{place:0{len(str(len(self.sheet.rows)))}}"
        text = re.sub(r"\s+", "_", cells[told.column].replace("\xa0", " ").strip())
        return re.sub(r"\.0+", "", text) if re.fullmatch(r"[0-9]+\.0+", text) else text

    def _empty(self, text: str) -> bool:
        return plain(text) in self._nothing

    def _code(self, said, name: str, column: Source, text: str) -> str:
        if self._empty(text):
            return MISSING
        if column.cut:
            return self._cut(said, column, text)
        table, item = self._tables[name], self._items[name]
        found = table.get(_key(text))
        if found is None and isinstance(item, Characteristic) and len(possible(item, plain(text)) or ()) > 1:
            found = plain(text)
        if found is None:
            return said(column.column, text, f"{name}: one of {', '.join(column.codes)}, or empty")
        return found

    def _cut(self, said, column: Source, text: str) -> str:
        """Return which side of a limit a value lies on; a bound (``>1210``) counts where it leaves no doubt."""
        cut, (sign, number) = column.cut, _SIGNED.fullmatch(plain(text)).groups()
        value = self._number(column.column, number)
        if value is not None:
            reached, below = value >= cut.at, value <= cut.at if sign == "<" else value < cut.at
            if reached and sign not in ("<", "≤"):
                return cut.reached
            if below and sign not in (">", "≥"):
                return cut.below
        return said(
            column.column, text, f"a number that is {cut.at:g} or more, or less{self._doubt(column.column, text)}"
        )

    def _number(self, column: str, text: str) -> float | None:
        """Return a number; None for what is none, or may be thousands as well as decimals (``1,234``)."""
        text = plain(text).replace("−", "-")
        if self._is_comma(column) or (self._decimal is None and "," in text and not _THOUSANDS.fullmatch(text)):
            text = text.replace(".", "").replace(",", ".") if "," in text else text
        elif self._decimal == ".":
            text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        return float(text) if _NUMBER.fullmatch(text) else None

    @cache  # noqa: B019 - lives as long as one import
    def _is_comma(self, column: str) -> bool:
        """Return whether the decimals of a column stand behind a comma: told, or shown by a cell such as 11,5."""
        if self._decimal:
            return self._decimal == ","
        return any(_COMMA.search(cell) for cell in self.sheet.column(column)) and not any(
            "." in cell for cell in self.sheet.column(column)
        )

    def _doubt(self, column: str, text: str) -> str:
        doubtful = _THOUSANDS.fullmatch(plain(text)) and not self._decimal and not self._is_comma(column)
        return "; are these decimals or thousands? say decimal under [file]" if doubtful else ""

    def _end(self, said, endpoint: str, end: End, cells: dict[str, str]) -> tuple[str, str]:
        if end.events:
            return self._first_event(said, end, cells)
        event, text = MISSING, cells[end.event]
        if not self._empty(text):
            event = self._ends[endpoint].get(_key(text))
            if event is None:
                event = said(
                    end.event, text, f"{endpoint}: one of {', '.join(end.codes)}, or empty; a map explains other codes"
                )
        if end.time:
            return self._time(said, end, cells[end.time]), event
        first, last = (self._date(said, name, cells[name]) for name in (end.start, end.end))
        return self._between(said, end.end, first, last), event

    def _time(self, said, end: End, text: str) -> str:
        if self._empty(text):
            return MISSING
        value = self._number(end.time, text)
        if value is None:
            return said(end.time, text, f"a number of {end.unit}, or empty{self._doubt(end.time, text)}")
        if end.unit == "months":
            return _positional(value)
        return _positional(value * DAYS[end.unit] / self.told.month)

    def _first_event(self, said, end: End, cells: dict[str, str]) -> tuple[str, str]:
        """Return the time to the earliest of the events, else to the last contact; cut off where the map says so."""
        start = self._date(said, end.start, cells[end.start])
        dates = {name: self._date(said, name, cells[name]) for name in (*end.events, end.censored)}
        stop = self.told.cut_off
        seen = [found for name in end.events if (found := dates[name]) and (stop is None or found <= stop)]
        if seen:
            self._later += bool(dates[end.censored] and dates[end.censored] > min(seen)) and len(end.events) == 1
            return self._between(said, end.events[0], start, min(seen)), "1"
        ends = [found for found in dates.values() if found]
        last = min(max(ends), stop) if ends and stop else dates[end.censored]
        time = self._between(said, end.censored, start, last)
        return time, "0" if time else MISSING

    def _between(self, said, column: str, first: date | None, last: date | None) -> str:
        if first is None or last is None:
            return MISSING
        days = (last - first).days
        if days < 0:
            return said(column, last.isoformat(), f"no date before the first one, {first.isoformat()}")
        return _positional(days / self.told.month)

    def _date(self, said, column: str, text: str) -> date | None:
        if self._empty(text):
            return None
        found = _date_of(plain(text), self.told.dates)
        if found is None or not _EARLIEST <= found <= date.today():
            forms = ", ".join(self.told.dates) or "2021-03-05, 2021/3/5, 2021年3月5日 or 5.3.2021; say others by dates"
            said(column, text, f"a date up to today as {forms}")
            return None
        return found

    def notes(self) -> list[str]:
        """Return what was left out, and how months were counted."""
        used = [each.column for each in self.told.columns.values()]
        used += [name for end in self.told.endpoints.values() for name in end.columns]
        left = [name for name in self.sheet.header if name not in (*used, self.told.patient.column)]
        counted = [end for end in self.told.endpoints.values() if not end.time or end.unit != "months"]
        said = [f"columns left out: {', '.join(left)}"] if left else []
        said += [f"a month is {self.told.month:g} days"] if counted else []
        said += [f"dates after {self.told.cut_off} are not looked at"] if self.told.cut_off else []
        return said + ([f"{self._later} with a last contact after the event"] if self._later else [])


def _key(text: str) -> str:
    """Return a code as it is looked up: 1.00 is 1, and blanks and capitals do not count."""
    text = plain(text)
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"[0-9]+\.0+", text) else text


def _positional(value: float) -> str:
    return np.format_float_positional(value, trim="-")


def _date_of(text: str, forms: list[str]) -> date | None:
    text = re.sub(r"[ t]00:00(:00(\.0+)?)?$", "", text)
    for form in forms or _DATES:
        if form == _SERIAL and _NUMBER.fullmatch(text):
            # Day 60 of that calendar, February 29, 1900, never was: from then on the count begins a day earlier.
            return date.fromordinal(date(1899, 12, 30).toordinal() + int(float(text)))
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
