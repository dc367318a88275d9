"""Files of patients, real or invented: a file is taken whole or refused with one message that says where and why."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from secondlook.cohort.columns import EVENT, Codes, arm_variable
from secondlook.cohort.columns import load as load_codes
from secondlook.paper.reading import DataError, read_csv
from secondlook.paper.registry import Registry
from secondlook.paper.registry import load as load_registry
from secondlook.writing import write_whole

#: Longer times, in months, are slips: no patient is followed for a hundred years.
LONGEST = 1200
#: A table of fewer patients compares nothing.
LEAST_PATIENTS = 2
#: More are no longer the patients of one centre, and to refit a paper on them would take many minutes.
MOST_PATIENTS = 2_000

# Plain text only: nothing that a spreadsheet takes for a formula or a page for markup. ASCII digits only.
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,39}")
_TIME = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?")

Cells = dict[str, str]


@dataclass(frozen=True, eq=False)
class Records:
    """Patients, one row each.

    Attributes
    ----------
    frame : pandas DataFrame
        The file's columns in their order. Codes that are digits are whole numbers, other codes strings; times are
        floats in months; events are 1, censored times 0.
    registry : Registry
        The paper whose shape the file has.
    codes : Codes
        What each column is.
    """

    frame: pd.DataFrame
    registry: Registry
    codes: Codes

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def is_synthetic(self) -> bool:
        """True when every patient's id says that the patient is invented."""
        ids = self.frame[self.codes.patient.column]
        return bool(ids.str.startswith(self.codes.patient.synthetic).all())

    @property
    def evidence(self) -> str:
        """The evidence word of what is computed on them: ``cohort`` for invented patients, else ``records``."""
        return "cohort" if self.is_synthetic else "records"

    def levels(self, variable: str) -> np.ndarray:
        """Return each patient's level of a variable of the layout, by its key; raises KeyError without a column."""
        item = self.codes.characteristic(variable)
        return _decoded(self.frame[item.column], item.codes)

    def having(self, variable: str, levels: Collection[str]) -> np.ndarray:
        """Return who has one of the levels of a variable."""
        return np.isin(self.levels(variable), list(levels))

    def groups(self, name: str) -> np.ndarray:
        """Return who belongs to a group of the layout: an arm, a stratum, or everyone.

        Raises
        ------
        KeyError
            For a group that the layout does not have or that is not made of these patients.
        """
        spec = self.registry.layout.groups[name]
        if name in self.registry.layout.paper.arms:
            return self.levels(arm_variable(self.registry)) == name
        if spec.variable:
            return self.having(spec.variable, spec.levels)
        if not spec.size:
            raise KeyError(f"the group {name!r} is not made of these patients")
        return np.ones(len(self), dtype=bool)

    def exposed(self, table: str, variable: str) -> np.ndarray:
        """Return 1 for the patients above the line of a model's contrast and 0 for those below; KeyError for none."""
        contrast = self.registry.layout.tables[table].contrasts[variable]
        return self.having(variable, contrast.exposed).astype(int)

    def responses(self, table: str, set_: str) -> np.ndarray:
        """Return each patient's best response by a criterion, as a row of its table; KeyError without a column."""
        found = next((item for item in self.codes.responses if (item.table, item.set) == (table, set_)), None)
        if found is None:
            raise KeyError(f"no column holds the responses of {table}, {set_}")
        return _decoded(self.frame[found.column], found.codes)

    def times(self, endpoint: str) -> np.ndarray:
        """Return the times of an endpoint, in months."""
        return self.frame[self.codes.times(endpoint).time].to_numpy(dtype=float)

    def events(self, endpoint: str) -> np.ndarray:
        """Return who had the event of an endpoint."""
        return self.frame[self.codes.times(endpoint).event].to_numpy() == 1


def _decoded(column: pd.Series, codes: Mapping[str, str]) -> np.ndarray:
    """Return what the codes of a column stand for."""
    return np.array([codes[str(code)] for code in column.tolist()])


# Reading ------------------------------------------------------------------------------------------------------------


def load(path: Path | str, published: Path | str) -> Records:
    """Read a file of patients of the shape that a data folder describes; raises DataError as :func:`read` does."""
    registry = load_registry(published)
    return read(path, registry, load_codes(published, registry))


def read(path: Path | str, registry: Registry, codes: Codes) -> Records:
    """Read a file of patients.

    Parameters
    ----------
    path : path
        UTF-8, comma, one header row, one row per patient: from two patients to 2000.
    registry : Registry
    codes : Codes
        The columns, their order and their codes.

    Raises
    ------
    DataError
        For the first thing that is malformed, naming file, row, column and what was expected: the header, an empty
        cell, an id that is not plain or stands twice, invented patients among others, an unknown code, a time that is
        no number of months from 0 to 1200, a time that is longer than the time to death, a death that is no event.
    """
    path = Path(path)
    rows = read_csv(path, codes.columns, most=MOST_PATIENTS)
    check(path, rows, registry, codes)
    return Records(typed([cells for _, cells in rows], codes), registry, codes)


def check(path: Path, rows: list[tuple[int, Cells]], registry: Registry, codes: Codes) -> None:
    """Refuse rows, each with its number in the file, that are no patients; raises DataError as :func:`read` does."""
    seen: set[str] = set()
    known = _known_codes(codes)
    for number, cells in rows:
        _check_empty(path, number, cells)
        _check_id(path, number, cells, codes, seen)
        _check_codes(path, number, cells, known)
        _check_times(path, number, cells, codes)
        _check_death(path, number, cells, registry, codes)
    if len(rows) < LEAST_PATIENTS:
        raise DataError(path, f"has {len(rows)} rows of patients; at least {LEAST_PATIENTS} are expected")


def _check_empty(path: Path, number: int, cells: Cells) -> None:
    empty = next((name for name, text in cells.items() if not text.strip()), None)
    if empty is not None:
        raise DataError(path, "is empty; every patient needs a value", row=number, column=empty)


def _check_id(path: Path, number: int, cells: Cells, codes: Codes, seen: set[str]) -> None:
    column = codes.patient.column
    name = cells[column]
    if not _ID.fullmatch(name):
        problem = f"{_shown(name)} is not a plain id: letters, digits, - and _, at most 40, not beginning with -"
        raise DataError(path, problem, row=number, column=column)
    if name in seen:
        raise DataError(path, f"the id {name!r} stands twice", row=number, column=column)
    invented = name.startswith(codes.patient.synthetic)
    if seen and invented != next(iter(seen)).startswith(codes.patient.synthetic):
        problem = f"invented patients ({codes.patient.synthetic}…) stand beside others"
        raise DataError(path, problem, row=number, column=column)
    seen.add(name)


def _known_codes(codes: Codes) -> dict[str, tuple[str, ...]]:
    """Return what may stand in each column of codes, in the order of the columns."""
    known = {item.column: tuple(item.codes) for item in (*codes.characteristics, *codes.responses)}
    known |= {item.event: EVENT for item in codes.endpoints}
    return {column: known[column] for column in codes.columns if column in known}


def _check_codes(path: Path, number: int, cells: Cells, known: Mapping[str, tuple[str, ...]]) -> None:
    for column, expected in known.items():
        if cells[column] not in expected:
            problem = f"{_shown(cells[column])} is not one of {', '.join(expected)}"
            raise DataError(path, problem, row=number, column=column)


def _check_times(path: Path, number: int, cells: Cells, codes: Codes) -> None:
    for item in codes.endpoints:
        text = cells[item.time]
        if not _TIME.fullmatch(text):
            problem = f"{_shown(text)} is not a number of months such as 5.3"
            raise DataError(path, problem, row=number, column=item.time)
        if text.startswith("-"):
            raise DataError(path, f"{text} is negative", row=number, column=item.time)
        if float(text) > LONGEST:
            raise DataError(path, f"{text} is more than {LONGEST} months", row=number, column=item.time)


def _check_death(path: Path, number: int, cells: Cells, registry: Registry, codes: Codes) -> None:
    """Refuse a time that ends with death and is longer than the time to death, and a death that does not end it."""
    spec = registry.layout.follow_up
    death = next((item for item in codes.endpoints if spec and item.endpoint == spec.death), None)
    for item in codes.endpoints if death else ():
        if float(cells[item.time]) > float(cells[death.time]):
            problem = f"{cells[death.time]} is shorter than {item.time}, {cells[item.time]}"
            raise DataError(path, problem, row=number, column=death.time)
        if cells[item.event] < cells[death.event]:
            problem = f"0 beside {death.event} 1; a death is an event of {item.event} too"
            raise DataError(path, problem, row=number, column=item.event)


def _shown(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def typed(rows: list[Cells], codes: Codes) -> pd.DataFrame:
    """Return the cells of rows that were checked, as :class:`Records` holds them."""
    frame = pd.DataFrame(rows, columns=list(codes.columns), dtype=object)
    whole = [item.event for item in codes.endpoints]
    whole += [item.column for item in (*codes.characteristics, *codes.responses) if all(map(_is_whole, item.codes))]
    kinds = dict.fromkeys(whole, int) | {item.time: float for item in codes.endpoints}
    return frame.astype(kinds)


def _is_whole(code: str) -> bool:
    return code.isdigit() and code == str(int(code))


# Writing ------------------------------------------------------------------------------------------------------------


def to_csv(frame: pd.DataFrame, codes: Codes, places: int | None = None) -> str:
    """Return patients as the CSV text that :func:`read` takes.

    Parameters
    ----------
    frame : pandas DataFrame
        As :class:`Records` holds it; its columns may stand in any order.
    codes : Codes
    places : int or None
        Decimals of the times; None writes all digits that tell a float from its neighbours.
    """
    times = {item.time for item in codes.endpoints}
    text = {
        name: frame[name].map(lambda time: _months(time, places)) if name in times else frame[name].astype(str)
        for name in codes.columns
    }
    return pd.DataFrame(text).to_csv(index=False, lineterminator="\n")


def _months(time: float, places: int | None) -> str:
    return np.format_float_positional(time, trim="-") if places is None else f"{time:.{places}f}"


def write(
    path: Path | str, frame: pd.DataFrame, registry: Registry, codes: Codes, places: int | None = None
) -> Records:
    """Write a file of patients whole and return it as read back; raises DataError, and writes nothing, as `read` does.

    The parameters are those of :func:`to_csv`.
    """
    path, text = Path(path), to_csv(frame, codes, places)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8", newline="")
        found = read(trial, registry, codes)
    write_whole(path, text)
    return found
