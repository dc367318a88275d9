"""What an order of patients must print: the rows, tests and medians of one endpoint as arrays for the compiled search.

Without tied times a Cox model, a log-rank test and the ranks of medians depend on two things only: the order in which
patients have their event or are censored, and who is censored. A search for orders needs no times. This module turns
printed numbers into what :mod:`lookalike.kernels` evaluates on an order.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from secondlook.cohort.columns import Codes, Response, arm_variable
from secondlook.cohort.targets import covariates, wanted_line
from secondlook.paper.registry import Registry
from secondlook.paper.rows import Row, table_rows
from secondlook.stats import km
from secondlook.stats.wald import CELLS, HalfPlane, Line, box, log_ends, z_ends, z_of_level

#: Standard errors from the log hazard ratio to its limits, as programs take them.
Z = min(z_of_level())
#: Share of a rounding interval that the search uses, so that programs that stop a little short still print the number:
#: lifelines, as it comes, stops up to a tenth of half a unit of a third decimal short of the maximum.
SHARE = 0.995
#: The band of the medians' limits (:mod:`secondlook.stats.km`).
BAND = "log-log"
#: Labels that tell at most this many patients from the others are sought with the order.
FEW = 6
#: A test statistic beyond this has no upper end that matters: the printed p is an open bound such as <0.001.
OPEN = 50.0


class SearchError(ValueError):
    """A data folder for whose statistics no cohort can be sought; the message says why."""


class Limits(NamedTuple):
    """Ends of log HR, its lower and upper limit and |z| that print a row; one line per row, of 4 each."""

    low: np.ndarray
    high: np.ndarray
    half: np.ndarray


class Rows(NamedTuple):
    """Cox models of one variable, then log-rank tests, which are scores at a hazard ratio of 1.

    ``bit`` is the label of each curve and ``theta`` the hazard ratio at which it is evaluated; ``b`` and ``s`` are the
    centres of the rows' polygons of (log HR, SE), ``whiten`` maps what is left to a shape of about unit size. A test
    wants sign × z to be ``z`` ± ``z_half``, or at least ``z`` where ``z_half`` is negative.
    """

    bit: np.ndarray
    theta: np.ndarray
    b: np.ndarray
    s: np.ndarray
    whiten: np.ndarray
    limits: Limits
    sign: np.ndarray
    z: np.ndarray
    z_half: np.ndarray


class Model(NamedTuple):
    """The Cox model of three variables: ``weights`` are the relative hazards of the 8 codes at the centres ``b``."""

    bit: np.ndarray
    weights: np.ndarray
    b: np.ndarray
    s: np.ndarray
    whiten: np.ndarray
    limits: Limits


class Marks(NamedTuple):
    """Medians and their limits: the ``low``-th and ``high``-th of a group (label, side) lie at the printed time."""

    bit: np.ndarray
    side: np.ndarray
    low: np.ndarray
    high: np.ndarray
    time: np.ndarray


class Cells(NamedTuple):
    """Numbers of patients, in each arm, who have all labels of a mask: what two endpoints' orders must agree on."""

    mask: np.ndarray
    want: np.ndarray


@dataclass(frozen=True)
class Label:
    """A characteristic with two sides, as the models take it.

    Attributes
    ----------
    column : str
        Its column in a file of patients.
    exposed : frozenset of str
        The column's codes above the line of the hazard ratio.
    counts : dict
        Patients with one of these codes by arm, from the table of baseline characteristics.
    """

    column: str
    exposed: frozenset[str]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Core:
    """What the order of one endpoint must print of the labels that its model, tests and medians share.

    Attributes
    ----------
    endpoint : str
    columns : tuple of str
        The labels, the arm first: bit k of a patient's code is label k.
    rows, model, marks, cells : Rows, Model, Marks, Cells
    times : numpy array
        Printed times of the marks, ascending, in months.
    keys : tuple of str
        The rows that :attr:`rows` holds.
    """

    endpoint: str
    columns: tuple[str, ...]
    rows: Rows
    model: Model
    marks: Marks
    cells: Cells
    times: np.ndarray
    keys: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many numbers describe how far an order is from printing everything."""
        return 2 * len(self.rows.s) + len(self.rows.z) + 6 + len(self.cells.want)


class Sought:
    """The printed numbers and the patients' margins, by the columns of a file of patients.

    Parameters
    ----------
    registry : Registry
    codes : Codes
    set_aside : collection of str
        Keys of rows that are not sought.
    few : bool
        Whether the cores hold the labels of few patients; their places can also be found afterwards
        (:mod:`lookalike.few`).
    also : sequence of str
        Columns of further labels that the cores hold.

    Raises
    ------
    SearchError
        When there is no variable of arms, or a model has other than three covariates.
    """

    def __init__(
        self, registry: Registry, codes: Codes, set_aside: Collection[str] = (), few: bool = True,
        also: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.registry, self.codes, self.few, self.also = registry, codes, few, also
        rows = [row for row in table_rows(registry) if row.contrast is not None]
        unknown = sorted(set(set_aside) - {row.key for row in rows})
        if unknown:
            raise SearchError(f"{unknown[0]!r} is set aside, which is no row of a model")
        self.lines = {row.key: wanted_line(row, rows) for row in rows}
        self.rows = [row for row in rows if row.key not in set_aside]
        self.aside_keys = frozenset(set_aside)
        self.arms = registry.layout.paper.arms
        arm = arm_variable(registry)
        if arm is None:
            raise SearchError("the layout has no variable of arms")
        self.arm = codes.characteristic(arm).column
        self.endpoints = [item.endpoint for item in codes.endpoints]
        self.labels = {label.column: label for label in map(self._label, rows)}
        self._cores: dict[str, Core] = {}
        self.sizes = {arm: registry.layout.groups[arm] for arm in self.arms}
        self.sizes = {arm: int(registry[spec.size].number.value) for arm, spec in self.sizes.items()}

    @property
    def patients(self) -> int:
        """How many patients there are in all arms."""
        return sum(self.sizes.values())

    def column(self, variable: str) -> str:
        """Return the column that holds a variable."""
        return self.codes.characteristic(variable).column

    def _label(self, row: Row) -> Label:
        item = self.codes.characteristic(row.variable)
        exposed = {code for code, level in item.codes.items() if level in row.contrast.exposed}
        levels = {item.codes[code] for code in exposed}
        if item.variable == arm_variable(self.registry):
            sizes = {arm: self.registry.layout.groups[arm] for arm in self.arms}
            counts = {a: int(self.registry[g.size].number.value) if a in levels else 0 for a, g in sizes.items()}
        else:
            counts = {arm: self._count(item.variable, levels, arm) for arm in self.arms}
        return Label(item.column, frozenset(exposed), counts)

    def count(self, variable: str, level: str, arm: str) -> int:
        """Return how many patients of an arm have a level; raises SearchError when the paper does not print it."""
        return self._count(variable, {level}, arm)

    def response(self, item: Response, row: str, arm: str) -> int:
        """Return how many patients of an arm have a best response; raises SearchError when it is not printed."""
        cells = self.registry.cells(item.table, set=item.set, statistic="count")
        found = [v for v in cells if v.row == row and v.group == arm and v.number]
        if len(found) != 1:
            raise SearchError(f"no count of {row} ({item.set}) is printed for {arm}")
        return int(found[0].number.value)

    def _count(self, variable: str, levels: set[str], arm: str) -> int:
        tables = [name for name, table in self.registry.layout.tables.items() if table.kind == "baseline"]
        cells = [value for name in tables for value in self.registry.cells(name, statistic="count")]
        found = [v for v in cells if v.variable == variable and v.level in levels and v.group == arm and v.number]
        if len(found) != len(levels):
            raise SearchError(f"no count of {variable} ({', '.join(sorted(levels))}) is printed for {arm}")
        return int(sum(value.number.value for value in found))

    def row(self, endpoint: str, column: str) -> Row | None:
        """Return the model of one variable that is sought, or None."""
        rows = (
            r
            for r in self.rows
            if (r.model, r.endpoint) == ("unadjusted", endpoint) and self.column(r.variable) == column
        )
        return next(rows, None)

    def shared(self) -> tuple[str, ...]:
        """Return the columns that every endpoint's core has, the arm first."""
        cores = [self._core_columns(endpoint) for endpoint in self.endpoints]
        return tuple(name for name in cores[0] if all(name in core for core in cores))

    def _core_columns(self, endpoint: str) -> tuple[str, ...]:
        """The arm, the columns of the endpoint's model, tests and medians, and the labels of few patients.

        Few patients leave few ways to give a label to the patients of an order that is there already. Their bits are
        the last, so that they can be added to codes without them.
        """
        layout = self.registry.layout
        tested = [item.variable for item in layout.log_ranks if item.endpoint == endpoint]
        modelled = [row.variable for row in self.rows if (row.model, row.endpoint) == ("adjusted", endpoint)]
        totals = {name: sum(label.counts.values()) for name, label in self.labels.items()}
        few = [name for name, k in totals.items() if self.few and min(k, self.patients - k) <= FEW]
        return tuple(dict.fromkeys([self.arm, *map(self.column, [*modelled, *tested]), *self.also, *few]))

    def core(self, endpoint: str, cells: Sequence[float] = ()) -> Core:
        """Return what the order of an endpoint must print.

        Parameters
        ----------
        endpoint : str
        cells : sequence of float
            Wanted numbers of :meth:`cell_masks`, each in those without and with the arm's label; empty for any.
        """
        if len(cells) == 0 and endpoint in self._cores:
            return self._cores[endpoint]
        columns = self._core_columns(endpoint)
        bit = {name: k for k, name in enumerate(columns)}
        rows = [
            r for r in self.rows if (r.model, r.endpoint) == ("unadjusted", endpoint) and self.column(r.variable) in bit
        ]
        marks, times = self._marks(endpoint, bit)
        masks = self.cell_masks(columns) if len(cells) else []
        found = Core(
            endpoint, columns, self._rows(endpoint, rows, bit), self._model(endpoint, bit), marks,
            Cells(np.array(masks, dtype=np.int64), np.asarray(cells, dtype=float)), times, tuple(r.key for r in rows),
        )  # fmt: skip
        if len(cells) == 0:
            self._cores[endpoint] = found
        return found

    def cell_masks(self, columns: Sequence[str]) -> list[int]:
        """Return the codes whose numbers fix the joint table of the shared labels, given its margins."""
        bits = [columns.index(name) for name in self.shared() if name != self.arm]
        return [sum(1 << k for k in some) for size in range(2, len(bits) + 1) for some in combinations(bits, size)]

    def _rows(self, endpoint: str, rows: Sequence[Row], bit: Mapping[str, int]) -> Rows:
        lines = [self.lines[row.key] for row in rows]
        centres = np.array([centre(line) for line in lines])
        at = {self.column(row.variable): centres[k, 0] for k, row in enumerate(rows)}
        tests = [item for item in self.registry.layout.log_ranks if item.endpoint == endpoint]
        zs = [z_ends(self.registry[item.p].number) for item in tests]
        names = [*(self.column(row.variable) for row in rows), *(self.column(item.variable) for item in tests)]
        theta = np.exp([*centres[:, 0], *np.zeros(len(tests))])
        ends = limits([*lines, *(Line(p=self.registry[item.p].number) for item in tests)])
        return Rows(
            np.array([bit[name] for name in names], dtype=np.int64), theta, centres[:, 0], centres[:, 1],
            np.array([whiten(line) for line in lines]), ends,
            np.array([math.copysign(1, at.get(self.column(item.variable), 1)) for item in tests]),
            np.array([low + 0.002 if high > OPEN else (low + high) / 2 for low, high in zs]),
            np.array([-0.02 if high > OPEN else (high - low) / 2 for low, high in zs]),
        )  # fmt: skip

    def _model(self, endpoint: str, bit: Mapping[str, int]) -> Model:
        rows = [row for row in self.rows if (row.model, row.endpoint) == ("adjusted", endpoint)]
        if len(rows) != 3 or len(covariates(self.registry, rows[0].table, rows[0].set, rows[0].variable)) != 3:
            raise SearchError(f"the search knows models of three covariates; that of {endpoint} has {len(rows)} rows")
        lines = [self.lines[row.key] for row in rows]
        centres = np.array([centre(line) for line in lines])
        b = centres[:, 0]
        weights = np.array([math.exp(sum(b[k] for k in range(3) if code >> k & 1)) for code in range(8)])
        bits = np.array([bit[self.column(row.variable)] for row in rows], dtype=np.int64)
        return Model(bits, weights, b, centres[:, 1], np.array([whiten(line) for line in lines]), limits(lines))

    def _marks(self, endpoint: str, bit: Mapping[str, int]) -> tuple[Marks, np.ndarray]:
        found = []
        for item in self.registry.layout.medians:
            if item.endpoint != endpoint:
                continue
            column, side, size = self._group(item.group)
            rank = km.ranks(size, BAND)
            ranks = ((rank.lower, rank.lower), rank.median, (rank.upper, rank.upper))
            for value, (low, high) in zip((item.lower, item.median, item.upper), ranks, strict=True):
                found.append((bit[column], side, low, high, float(self.registry[value].number.value)))
        times = sorted({mark[4] for mark in found})
        columns = [np.array([mark[k] for mark in found], dtype=np.int64) for k in range(4)]
        return Marks(*columns, np.array([times.index(mark[4]) for mark in found], dtype=np.int64)), np.array(times)

    def _group(self, name: str) -> tuple[str, int, int]:
        """The column whose label the group is, on which side, and how many patients it has."""
        spec = self.registry.layout.groups[name]
        variable, levels = (arm_variable(self.registry), [name]) if name in self.arms else (spec.variable, spec.levels)
        column = self.column(variable)
        codes = {code for code, level in self.codes.characteristic(variable).codes.items() if level in levels}
        exposed = sum(self.labels[column].counts.values())
        side = int(codes == self.labels[column].exposed)
        return column, side, exposed if side else self.patients - exposed


# Printed rows as regions of (log HR, SE) ----------------------------------------------------------------------------


def centre(line: Line) -> tuple[float, float]:
    """Return the mean of the corners of a row's polygon of (log HR, SE); raises SearchError for an empty one."""
    corners = _corners(line)
    return float(corners[:, 0].mean()), float(corners[:, 1].mean())


def spread_of_corners(line: Line) -> np.ndarray:
    """Return the covariance of the corners of a row's polygon of (log HR, SE)."""
    return np.cov(_corners(line).T, bias=True)


def whiten(line: Line) -> np.ndarray:
    """Return the 2×2 map under which the corners of a row's polygon have unit variance in all directions."""
    variances, axes = np.linalg.eigh(spread_of_corners(line))
    return (axes / np.sqrt(variances)).T


def _corners(line: Line) -> np.ndarray:
    """Corners of the row's polygon for limits that a program makes: with the normal quantile, not its rounding 1.96."""
    planes = [
        plane
        for name, slope in (("lower", -Z), ("upper", Z))
        if getattr(line, name) is not None
        for low, high in [log_ends(getattr(line, name))]
        for plane in (HalfPlane(1.0, slope, high), HalfPlane(-1.0, -slope, -low))
    ]
    corners = []
    for polygon in box(line).polygons:
        for plane in planes:
            polygon = plane.clip(polygon)
        corners += polygon
    if not corners:
        raise SearchError(f"no program prints {line}")
    return np.array(corners, dtype=float)


def limits(lines: Sequence[Line], share: float = SHARE) -> Limits:
    """Return the ends that print each row, drawn in to `share` of the rounding interval; a missing number has none."""
    low, high, half = np.full((len(lines), 4), -1e9), np.full((len(lines), 4), 1e9), np.ones((len(lines), 4))
    for row, line in enumerate(lines):
        for k, name in enumerate(CELLS[:3]):
            if getattr(line, name) is not None:
                low[row, k], high[row, k], half[row, k] = _drawn_in(log_ends(getattr(line, name)), share)
        if line.p is not None:
            least, most = z_ends(line.p)
            band = (least + 0.002, 1e9, 0.02) if most > OPEN else _drawn_in((least, most), share)
            low[row, 3], high[row, 3], half[row, 3] = band
    return Limits(low, high, half)


def _drawn_in(ends: tuple[float, float], share: float) -> tuple[float, float, float]:
    middle, half = (ends[0] + ends[1]) / 2, max((ends[1] - ends[0]) / 2, 1e-9)
    return middle - half * share, middle + half * share, half
