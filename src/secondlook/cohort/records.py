"""Files of patients, real or invented: a file is taken whole or refused with one table of all that is wrong with it.

Cells may be empty (*missing*), and a characteristic may be known only up to a range of its codes, as an ECOG status of
``0-1``, where every model and group of the paper that needs it is still decided. Whatever is computed says on how many
patients: those of whom it is known.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from secondlook.cohort import exports, headers
from secondlook.cohort.columns import EVENT, Characteristic, Codes, arm_variable, follow_up
from secondlook.cohort.columns import load as load_codes
from secondlook.cohort.problems import Problem, ProblemsError, shown
from secondlook.paper.reading import read_bytes, read_text
from secondlook.paper.registry import Registry
from secondlook.paper.registry import load as load_registry
from secondlook.writing import write_whole

#: Longer times, in months, are slips: no patient is followed for a hundred years.
LONGEST = 1200
#: By this factor a time may be longer than the paper's dates allow: whoever was followed on after the paper. Beyond it
#: the times are in another unit.
FOLLOWED_ON = 2
#: A table of fewer patients compares nothing.
LEAST_PATIENTS = 2
#: More are no longer the patients of one centre, and to refit a paper on them would take many minutes.
MOST_PATIENTS = 2_000
#: An empty cell: nothing is known.
MISSING = ""
#: What stands between the first and the last code of a range.
RANGE = "-"

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
        """Return each patient's level of a variable of the layout, by its key: MISSING where it is not known.

        A range of levels is several keys with :data:`RANGE` between them. Raises KeyError without a column.
        """
        return np.array([RANGE.join(found) for found in self._possible(variable)])

    def _possible(self, variable: str) -> list[tuple[str, ...]]:
        """Return which levels of a variable each patient can have; none where nothing is known."""
        item = self.codes.characteristic(variable)
        return [possible(item, str(code)) or () for code in self.frame[item.column].tolist()]

    def having(self, variable: str, levels: Collection[str]) -> np.ndarray:
        """Return who is known to have one of the levels of a variable."""
        wanted = set(levels)
        return np.array([bool(found) and wanted.issuperset(found) for found in self._possible(variable)])

    def decided(self, variable: str, levels: Collection[str]) -> np.ndarray:
        """Return of whom it is known whether they have one of the levels of a variable."""
        wanted = set(levels)
        known = (
            bool(found) and (wanted.issuperset(found) or wanted.isdisjoint(found)) for found in self._possible(variable)
        )
        return np.fromiter(known, dtype=bool, count=len(self))

    def groups(self, name: str) -> np.ndarray:
        """Return who is known to belong to a group of the layout: an arm, a stratum, or everyone.

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
        """Return 1 for the patients above the line of a model's contrast and 0 for those below; KeyError for none.

        Whole numbers; NaN among floats where it is not known, so that nobody counts as below by default.
        """
        contrast = self.registry.layout.tables[table].contrasts[variable]
        found = self.having(variable, contrast.exposed).astype(int)
        known = self.decided(variable, contrast.exposed)
        return found if known.all() else np.where(known, found, np.nan)

    def responses(self, table: str, set_: str) -> np.ndarray:
        """Return each patient's best response by a criterion, as a row of its table; MISSING where it is not known.

        Raises KeyError without a column.
        """
        found = next((item for item in self.codes.responses if (item.table, item.set) == (table, set_)), None)
        if found is None:
            raise KeyError(f"no column holds the responses of {table}, {set_}")
        return np.array([found.codes.get(str(code), MISSING) for code in self.frame[found.column].tolist()])

    def times(self, endpoint: str) -> np.ndarray:
        """Return the times of an endpoint, in months; NaN where it is not known."""
        return self.frame[self.codes.times(endpoint).time].to_numpy(dtype=float)

    def events(self, endpoint: str) -> np.ndarray:
        """Return who is known to have had the event of an endpoint."""
        return self.frame[self.codes.times(endpoint).event].to_numpy() == 1

    def observed(self, endpoint: str) -> np.ndarray:
        """Return of whom both the time and the event of an endpoint are known."""
        columns = self.codes.times(endpoint)
        return ~np.isnan(self.times(endpoint)) & (self.frame[columns.event].to_numpy() != MISSING)

    @property
    def missing(self) -> dict[str, int]:
        """How many patients have an empty cell, by column; columns without any are left out."""
        empty = {name: int((self.frame[name].isna() | (self.frame[name] == MISSING)).sum()) for name in self.frame}
        return {name: number for name, number in empty.items() if number}

    @property
    def complete(self) -> Records:
        """The patients without an empty cell, leaving out columns that nobody has."""
        held = [name for name in self.frame if self.missing.get(name, 0) < len(self)]
        frame = self.frame[held]
        full = ~(frame.isna() | (frame == MISSING)).any(axis=1)
        return replace(self, frame=self.frame[full].reset_index(drop=True))


def possible(item: Characteristic, text: str) -> tuple[str, ...] | None:
    """Return the levels that a cell stands for: one for a code, several for a range, none if empty; None otherwise.

    Examples
    --------
    >>> from secondlook.cohort.columns import Characteristic
    >>> item = Characteristic(column="ecog", variable="ecog", codes={"0": "0", "1": "1", "2": "2"})
    >>> possible(item, "2"), possible(item, "0-1"), possible(item, ""), possible(item, "3")
    (('2',), ('0', '1'), (), None)
    """
    if text == MISSING:
        return ()
    if text in item.codes:
        return (item.codes[text],)
    first, _, last = text.partition(RANGE)
    order = list(item.codes)
    if first in order and last in order and order.index(first) < order.index(last):
        return tuple(item.codes[code] for code in order[order.index(first) : order.index(last) + 1])
    return None


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
        UTF-8, comma, one header row, one row per patient: from two patients to 2000. A cell is empty where nothing is
        known.
    registry : Registry
    codes : Codes
        The columns, their order and their codes.

    Raises
    ------
    DataError
        With a table of all that is malformed by file, row and column, and what was expected (:class:`ProblemsError`),
        or in one line for a file that is no such text. See :func:`problems_of`.
    """
    path = Path(path)
    data = read_bytes(path)
    if exports.encoding_of(data) not in ("utf-8", "utf-8-sig"):
        found = Problem(path.name, None, "", "a text in another encoding, or no text", "UTF-8")
        raise ProblemsError([found], headers.ADVICE)
    rows, found = _rows(path.name, headers.grid(path, read_text(path), MOST_PATIENTS), codes)
    if all(set(cells) == set(codes.columns) for _, cells in rows):
        found += problems_of(path.name, rows, registry, codes)
    if found:
        raise ProblemsError(found, headers.ADVICE)
    return of_rows([cells for _, cells in rows], registry, codes)


def _rows(file: str, grid: list[list[str]], codes: Codes) -> tuple[list[tuple[int, Cells]], list[Problem]]:
    """Return the rows below a header, by the columns that it means, and what is wrong with header and rows."""
    header, *body = grid
    found, meant = list(headers.problems(file, header, codes.columns)), headers.meant(header, codes.columns)
    rows = []
    for number, row in enumerate(body, 2):
        if len(row) == len(header):
            rows.append((number, {meant[name]: cell for name, cell in zip(header, row, strict=True) if name in meant}))
        else:
            found.append(Problem(file, number, "", f"{len(row)} cells", f"{len(header)}, as the header has"))
    return rows, found


def of_rows(rows: Sequence[Cells], registry: Registry, codes: Codes) -> Records:
    """Return patients whose cells have passed :func:`problems_of`."""
    return Records(typed(list(rows), codes), registry, codes)


def check(path: Path, rows: Sequence[tuple[int, Cells]], registry: Registry, codes: Codes) -> None:
    """Refuse rows, each with its number in the file, that are no patients; raises ProblemsError with all problems."""
    found = list(problems_of(path.name, rows, registry, codes))
    if found:
        raise ProblemsError(found)


def problems_of(file: str, rows: Sequence[tuple[int, Cells]], registry: Registry, codes: Codes) -> Iterator[Problem]:
    """Yield all that is wrong with patients in the contract's columns.

    That is: fewer than two patients or too many; an id that is not plain or stands twice, invented patients among
    others, a patient of no arm; an unknown code, or a range of codes that leaves a model or a group of the paper
    undecided; a time that is no number of months, is negative, or is in another unit; a time that is longer than the
    time to death, a death that is no event.

    Parameters
    ----------
    file : str
        Its name.
    rows : sequence of (int, dict of str)
        Row in the file and cells by column.
    registry : Registry
    codes : Codes
    """
    if not LEAST_PATIENTS <= len(rows) <= MOST_PATIENTS:
        expected = f"{LEAST_PATIENTS} to {MOST_PATIENTS} rows of patients"
        yield Problem(file, None, "", f"{len(rows)} rows", expected)
    yield from _of_ids(file, rows, codes)
    arm, most = codes.characteristic(arm_variable(registry)).column, longest(registry)
    for number, cells in rows:
        said = partial(Problem, file, number)
        if cells[arm] == MISSING:
            yield said(arm, "an empty cell", "the arm of every patient")
        yield from _of_codes(said, cells, registry, codes)
        yield from _of_times(said, cells, most, codes)
        yield from _of_death(said, cells, registry, codes)


def _of_ids(file: str, rows: Sequence[tuple[int, Cells]], codes: Codes) -> Iterator[Problem]:
    column, prefix = codes.patient.column, codes.patient.synthetic
    ids = [cells[column] for _, cells in rows]
    invented, seen = {name.startswith(prefix) for name in ids}, set()
    for number, cells in rows:
        name, said = cells[column], partial(Problem, file, number, column)
        if not _ID.fullmatch(name):
            yield said(shown(name), "a plain id: letters, digits, - and _, at most 40, not beginning with -")
        elif name in seen:
            yield said(shown(name), "an id of its own; this one stands twice")
        elif len(invented) > 1 and name.startswith(prefix):
            yield said(shown(name), f"real patients only, or invented ones only ({prefix}…)")
        seen.add(name)


def _of_codes(said, cells: Cells, registry: Registry, codes: Codes) -> Iterator[Problem]:
    for item in codes.characteristics:
        levels = possible(item, cells[item.column])
        if levels is None:
            yield said(item.column, shown(cells[item.column]), f"one of {', '.join(item.codes)}, or empty")
        elif len(levels) > 1 and not _decides(levels, item.variable, registry, codes):
            yield said(item.column, shown(cells[item.column]), "a code, or a range that leaves no model or group open")
    exact = {item.column: tuple(item.codes) for item in codes.responses}
    exact |= {item.event: EVENT for item in codes.endpoints}
    for column, known in exact.items():
        if cells[column] not in (*known, MISSING):
            yield said(column, shown(cells[column]), f"one of {', '.join(known)}, or empty")


def _decides(levels: tuple[str, ...], variable: str, registry: Registry, codes: Codes) -> bool:
    """Return whether a range of levels lies on one side of every contrast and in or out of every group."""
    layout, found = registry.layout, set(levels)
    named = {variable, *(name for name, alias in codes.aliases.items() if alias.variable == variable)}
    lines = [c.exposed for table in layout.tables.values() for name, c in table.contrasts.items() if name in named]
    lines += [spec.levels for spec in layout.groups.values() if spec.variable in named]
    lines += [[level] for level in layout.paper.arms] if variable == arm_variable(registry) else []
    return all(found.issubset(line) or found.isdisjoint(line) for line in lines)


def longest(registry: Registry) -> float:
    """Return the longest time in months that a file may hold: twice what the paper's dates allow, if it prints any."""
    window = follow_up(registry)
    return LONGEST if window is None else min(LONGEST, FOLLOWED_ON * window.high)


def _of_times(said, cells: Cells, most: float, codes: Codes) -> Iterator[Problem]:
    for item in codes.endpoints:
        text = cells[item.time]
        if text == MISSING:
            continue
        if not _TIME.fullmatch(text):
            yield said(item.time, shown(text), "a number of months such as 5.3, or empty")
        elif text.startswith("-"):
            yield said(item.time, shown(text), "no negative time")
        elif float(text) > most:
            yield said(item.time, shown(text), f"months, at most {most:.0f}; days or weeks are counted by a map (unit)")


def _of_death(said, cells: Cells, registry: Registry, codes: Codes) -> Iterator[Problem]:
    """Yield a time that ends with death and is longer than the time to death, and a death that does not end it."""
    spec = registry.layout.follow_up
    death = next((item for item in codes.endpoints if spec and item.endpoint == spec.death), None)
    for item in codes.endpoints if death else ():
        both = [cells[each.time] for each in (item, death)]
        if all(map(_TIME.fullmatch, both)) and float(both[0]) > float(both[1]):
            yield said(death.time, f"{shown(both[1])} beside {item.time} {shown(both[0])}", f"no less than {item.time}")
        if (cells[item.event], cells[death.event]) == EVENT:
            yield said(item.event, f"'0' beside {death.event} '1'", f"1: a death is an event of {item.event} too")


def typed(rows: list[Cells], codes: Codes) -> pd.DataFrame:
    """Return the cells, whole numbers and times as such; a column with empty cells or ranges holds objects."""
    frame = pd.DataFrame(rows, columns=list(codes.columns), dtype=object)
    whole = [item.event for item in codes.endpoints]
    whole += [item.column for item in (*codes.characteristics, *codes.responses) if all(map(_is_whole, item.codes))]
    for name in whole:
        column = frame[name].map(lambda code: int(code) if _is_whole(code) else code)
        frame[name] = column.astype(int) if frame[name].map(_is_whole).all() else column.astype(object)
    for item in codes.endpoints:
        frame[item.time] = frame[item.time].map(lambda text: float(text) if text else np.nan).astype(float)
    return frame


def _is_whole(code: str) -> bool:
    return code.isdigit() and code == str(int(code))


def said_of(records: Records, events: bool = True) -> list[str]:
    """Return what was read, one line each: patients by arm beside the paper's, `events`, empty cells, invented ids."""
    layout, sizes = records.registry.layout, []
    for name, spec in layout.groups.items():
        if spec.size and (name in layout.paper.arms or not spec.variable):
            printed = records.registry.values.get(spec.size)
            beside = f" ({printed.printed} in the paper)" if printed else ""
            sizes.append(f"{int(records.groups(name).sum())} {spec.label}{beside}")
    lines = [f"patients: {', '.join(sizes)}"]
    for item in records.codes.endpoints if events else ():
        times = records.times(item.endpoint)[records.observed(item.endpoint)]
        span = f", after {times.min():g} to {times.max():g} months" if len(times) else ""
        lines.append(f"{item.endpoint.upper()}: {int(records.events(item.endpoint).sum())} events{span}")
    empty = ", ".join(f"{name} {number}" for name, number in records.missing.items())
    lines += [f"empty cells: {empty}"] if empty else []
    prefix = records.codes.patient.synthetic
    return lines + ([f"invented patients, by their ids ({prefix}…)"] if records.is_synthetic else [])


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
    if np.isnan(time):
        return MISSING
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
