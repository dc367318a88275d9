"""Whether the hazard ratios of one variable, alone and adjusted, can belong to the same patients: a proof by prices.

Without ties two Cox models of three 0/1 covariates depend on the order of events and censorings alone, that is, on the
path by which the numbers at risk in the 8 combinations of the covariates shrink to nothing. What printed rows ask of
that path are sums over its events:

- alone, a hazard ratio of h or more: the score at h is not negative, for the log partial likelihood is concave;
- the three scores of the adjusted model are zero at its hazard ratios;
- its information matrix I has (I⁻¹)ₖₖ = SEₖ². As 1/(I⁻¹)ₖₖ is the least u'Iu of all u with uₖ = 1, every such u has
  u'Iu ≥ 1/SEₖ².

Put a price on each of these, and add up. The total of an order that prints the rows has a *floor*, which follows from
the printed numbers. The *greatest* total of any order at all is found by a dynamic program, whatever the joint table of
the covariates, whoever is censored, and when. If the greatest lies below the floor, no order prints the rows. The
prices may come from anywhere: the proof is the comparison (weak duality of linear programs).

``python -m secondlook.cohort.proofs`` finds the greatest totals of the prices in ``data/cohort/proofs.toml`` and writes
``proofs.csv`` beside it, with what they were computed from. Needs the extra ``search`` (numba).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click
import numpy as np
from pydantic import Field

from secondlook.events import Modelled, modelled
from secondlook.paths import PROJECT
from secondlook.reading import DataError, read_csv, read_toml
from secondlook.registry import Registry
from secondlook.registry import load as load_registry
from secondlook.rows import ADJUSTED
from secondlook.schema import Key, Strict, Words
from secondlook.wald import box
from secondlook.writing import write_whole

FOLDER = Path("data/cohort")
PRICES, TOTALS = "proofs.toml", "proofs.csv"
COLUMNS = ("name", "hr", "greatest", "rounding", "computed_from")

Three = Annotated[list[float], Field(min_length=3, max_length=3)]


class Prices(Strict):
    """One proof: what is to be refuted, and the prices that do it."""

    name: Key = Field(description="name of the proof")
    about: Words = Field(description="which rows it uses")
    table: Key = Field(description="the table of the models")
    variable: Key = Field(description="the variable that is modelled alone and adjusted")
    hr: float = Field(gt=0, description="the hazard ratio alone, at which it is refuted")
    alone: float = Field(description="price of its score alone: positive refutes `hr` or more, negative `hr` or less")
    scores: Three = Field(description="prices of the model's scores, in the order of its rows")
    weights: Three = Field(description="prices of the bounds on the model's information, not negative")
    forms: Annotated[list[Three], Field(min_length=3, max_length=3)] = Field(
        description="the vector u of each bound; the entry of its own row is 1"
    )


@dataclass(frozen=True)
class Premises:
    """The printed numbers of a model of three 0/1 covariates that a proof starts from.

    Attributes
    ----------
    variables : tuple of str
        Its covariates.
    patients : int
    exposed : tuple of int
        Patients exposed to each covariate, from the table of baseline characteristics.
    b, reach : numpy array
        The middle of the log hazard ratios that print each row, and how far they reach from there.
    information : numpy array
        The least 1/SE² that prints each row.
    """

    variables: tuple[str, ...]
    patients: int
    exposed: tuple[int, ...]
    b: np.ndarray
    reach: np.ndarray
    information: np.ndarray

    def __str__(self) -> str:
        sizes = ", ".join(
            f"{name} {k} of {self.patients}" for name, k in zip(self.variables, self.exposed, strict=True)
        )
        return f"{sizes}; log hazard ratios {', '.join(f'{b:.6f}' for b in self.b)}"


def premises(registry: Registry, table: str) -> Premises:
    """Return what a table prints of its adjusted model.

    Raises
    ------
    ValueError
        When the model has other than three rows whose numbers belong together and whose groups are printed.
    """
    rows = [row for row in modelled(registry) if (row.row.table, row.row.set) == (table, ADJUSTED)]
    if len(rows) != 3 or not all(row.se and row.groups for row in rows):
        raise ValueError(f"{table}: a proof needs an adjusted model of three rows that can be true, with their groups")
    (patients,) = {sum(row.groups) for row in rows}
    corners = [_corners(row) for row in rows]
    low, high = (np.array([f(c, axis=0) for c in corners]) for f in (np.min, np.max))
    return Premises(
        tuple(row.row.variable for row in rows), patients, tuple(row.groups[0] for row in rows),
        (low[:, 0] + high[:, 0]) / 2, (high[:, 0] - low[:, 0]) / 2, high[:, 1] ** -2.0,
    )  # fmt: skip


def _corners(row: Modelled) -> np.ndarray:
    return np.array([point for polygon in box(row.row.line).polygons for point in polygon], dtype=float)


def floor(given: Premises, prices: Prices) -> float:
    """Return the least total, at these prices, of any order that prints the model and has such a hazard ratio alone.

    Parameters
    ----------
    given : Premises
    prices : Prices

    Notes
    -----
    Everything is evaluated at the middle b of the printed log hazard ratios, and the estimates lie within a reach of
    it. (1) Score k at b is at most Σⱼ reachⱼ × the greatest |Iₖⱼ|, and a covariance of two 0/1 variables is at most a
    quarter at each event. (2) From the estimates to b the weights of the patients change, relatively to each other, by
    at most e^ρ with ρ = Σ reach, and so does any variance: u'I(b)u ≥ e^−ρ u'Iu. (3) The score alone needs no middle: a
    hazard ratio of h or more has no negative score at h.
    """
    slack = given.patients / 4 * given.reach.sum()
    credit = np.dot(prices.weights, given.information) * math.exp(-given.reach.sum())
    return float(credit - slack * np.abs(prices.scores).sum())


def form(prices: Prices) -> np.ndarray:
    """Return the matrix by which the total multiplies the model's information: Σ weight × uu'.

    Raises
    ------
    ValueError
        For prices that prove nothing: a negative weight, or a vector whose own entry is not 1.
    """
    vectors, weights = np.array(prices.forms), np.array(prices.weights)
    if (weights < 0).any() or not np.array_equal(np.diag(vectors), np.ones(3)):
        raise ValueError(f"{prices.name}: weights must not be negative, and each vector's own entry must be 1")
    return np.einsum("k,ki,kj->ij", weights, vectors, vectors)


def rounding(patients: int, prices: Prices) -> float:
    """Return how far the greatest total can be off by single precision.

    An event adds at most C in absolute value, C the sum of the absolute prices, computed with a relative error of at
    most 64 units of 2⁻²⁴; the partial sums, at most 2C a patient, are rounded twice per patient (Higham 2002, ch. 3-4).
    """
    most = abs(prices.alone) + np.abs(prices.scores).sum() + np.abs(form(prices)).sum()
    return float(patients * (64 + 4 * patients) * most * 2.0**-24)


def greatest(given: Premises, prices: Prices) -> float:
    """Return the greatest total, at these prices, of any order of patients with the printed margins.

    Takes seconds to a minute and some bytes for each of 10⁸ states at a size of 68; needs numba.
    """
    from secondlook.cohort import proof_kernels as kernels

    which = given.variables.index(prices.variable)
    codes = np.arange(8)[:, None] >> np.arange(3) & 1
    gain = codes @ np.array(prices.scores) + prices.alone * codes[:, which]
    single = np.float32
    terms = kernels.Terms(
        which, single(prices.hr), single(prices.alone), gain.astype(single), np.exp(codes @ given.b).astype(single),
        np.array(prices.scores, dtype=single), form(prices).astype(single),
    )  # fmt: skip
    return kernels.greatest(kernels.space(given.patients, given.exposed), terms)


# Stored proofs ------------------------------------------------------------------------------------------------------


class Stored(Strict):
    """``proofs.toml``: the proofs."""

    proofs: list[Prices] = Field(description="the proofs")


@dataclass(frozen=True)
class Proof:
    """A stored proof beside what the printed numbers say today.

    Attributes
    ----------
    prices : Prices
    given : Premises
    greatest : float
        The greatest total, rounding included, as stored.
    floor : float
        The least total of an order that prints the rows.
    current : bool
        False when the stored total was computed from other premises.
    """

    prices: Prices
    given: Premises
    greatest: float
    floor: float
    current: bool

    @property
    def holds(self) -> bool:
        """True when no order prints the rows."""
        return self.current and self.greatest < self.floor


def load(registry: Registry, folder: Path = FOLDER) -> list[Proof]:
    """Return the stored proofs; raises DataError for malformed files."""
    totals = {cells["name"]: cells for _, cells in read_csv(folder / TOTALS, COLUMNS)}
    found = []
    for prices in read_toml(folder / PRICES, Stored).proofs:
        if prices.name not in totals:
            raise DataError(folder / TOTALS, f"has no row for {prices.name}; run `make proofs`")
        given, stored = premises(registry, prices.table), totals[prices.name]
        most = float(stored["greatest"]) + float(stored["rounding"])
        current = stored["computed_from"] == computed_from(given, prices)
        found.append(Proof(prices, given, most, floor(given, prices), current))
    return found


def computed_from(given: Premises, prices: Prices) -> str:
    """Return in words what a greatest total depends on."""
    numbers = [prices.hr, prices.alone, *prices.scores, *form(prices)[np.triu_indices(3)]]
    return f"{given}; prices {' '.join(f'{v:.6g}' for v in numbers)}"


@click.command()
@click.option("--published", type=click.Path(path_type=Path, file_okay=False), default=PROJECT.published)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, help="Of both files.")
def main(published: Path, folder: Path) -> None:
    """Find the greatest total of each stored proof and store it."""
    registry, lines = load_registry(published), [",".join(COLUMNS)]
    for prices in read_toml(folder / PRICES, Stored).proofs:
        given = premises(registry, prices.table)
        total, off = greatest(given, prices), rounding(given.patients, prices)
        click.echo(f"{prices.name}: greatest {total:.4f} ± {off:.4f}, floor {floor(given, prices):.4f}", err=True)
        lines.append(f'{prices.name},{prices.hr},{total:.4f},{off:.4f},"{computed_from(given, prices)}"')
    write_whole(folder / TOTALS, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
