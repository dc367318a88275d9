"""Whether a hazard ratio of one variable can stand beside the adjusted model of the same patients: a proof by prices.

Without ties two Cox models of three 0/1 covariates depend on the order of events and censorings alone, that is, on the
path by which the numbers at risk in the 8 combinations of the covariates shrink to nothing. What printed rows ask of
that path are sums over its events:

- of the variable alone, the score is zero at its hazard ratio, and the information there is 1/SE²; a hazard ratio of h
  or more has no negative score at h, for the log partial likelihood is concave;
- the three scores of the adjusted model are zero at its hazard ratios;
- its information matrix I has (I⁻¹)ₖₖ = SEₖ². As 1/(I⁻¹)ₖₖ is the least u'Iu of all u with uₖ = 1, every such u has
  u'Iu ≥ 1/SEₖ².

Put a price on each of these, and add up. The total of an order that prints the rows has a *floor*, which follows from
the printed numbers. The *greatest* total of any order at all is found by a dynamic program, whatever the joint table of
the covariates, whoever is censored, and when. If the greatest lies below the floor, no order prints the rows. The
prices may come from anywhere: the proof is the comparison (weak duality of linear programs).

Ties change the risk sets that events meet, and none of these arguments. The program can let a few events share each
time: two or more by Breslow's method, two or three by Efron's.

``python -m lookalike.prove`` finds the greatest totals of the prices in ``data/published/proofs.toml`` and writes
``proofs.csv`` beside it, with what they were computed from. Needs the extra ``search`` (numba).
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from secondlook.paper import proofs as stored
from secondlook.paper.event_counts import Modelled, modelled
from secondlook.paper.proofs import Prices, load_proofs
from secondlook.paper.reading import DataError, read_csv
from secondlook.paper.registry import Registry
from secondlook.paper.registry import load as load_registry
from secondlook.stats.wald import box
from secondlook.writing import write_whole

FOLDER = Path("data/published")
TOTALS = "proofs.csv"
#: Decimals of the stored totals.
PLACES = 4
COLUMNS = ("name", "greatest", "rounding", "computed_from")


@dataclass(frozen=True)
class Premises:
    """The printed numbers that a proof starts from: a model of three 0/1 covariates, and one of them alone.

    Attributes
    ----------
    variables : tuple of str
        The covariates.
    patients : int
    exposed : tuple of int
        Patients exposed to each covariate, from the table of baseline characteristics.
    b, reach : numpy array
        The middle of the log hazard ratios that print each row, and how far they reach from there; the three adjusted
        ones, then the one alone.
    least, most : numpy array
        The least and the greatest 1/SE² that print each row.
    """

    variables: tuple[str, ...]
    patients: int
    exposed: tuple[int, ...]
    b: np.ndarray
    reach: np.ndarray
    least: np.ndarray
    most: np.ndarray


def premises(registry: Registry, table: str, variable: str, turned: Collection[str] = ()) -> Premises:
    """Return what a table prints of its adjusted model and of one of its variables alone.

    Raises
    ------
    ValueError
        When the model has other than three rows, or a row's numbers do not belong together, or its groups are not
        printed.
    """
    rows = [row for row in modelled(registry) if row.row.table == table]
    model = [row for row in rows if row.row.model == "adjusted"]
    alone = [row for row in rows if (row.row.model, row.row.variable) == ("unadjusted", variable)]
    used = [*model, *alone]
    if len(model) != 3 or len(alone) != 1 or not all(row.se and row.groups for row in used):
        raise ValueError(f"{table}: a proof needs a model of three rows and {variable} alone, possible, with groups")
    (patients,) = {sum(row.groups) for row in used}
    variables = tuple(row.row.variable for row in model)
    corners = [_corners(row) for row in used]
    low, high = (np.array([f(c, axis=0) for c in corners]) for f in (np.min, np.max))
    b = (low[:, 0] + high[:, 0]) / 2
    for words, place in (("adjusted", variables.index(variable)), ("alone", 3)):
        b[place] *= -1 if words in turned else 1
    exposed = tuple(row.groups[0] for row in model)
    return Premises(
        variables, patients, exposed, b, (high[:, 0] - low[:, 0]) / 2, high[:, 1] ** -2.0, low[:, 1] ** -2.0
    )


def _corners(row: Modelled) -> np.ndarray:
    return np.array([point for polygon in box(row.row.line).polygons for point in polygon], dtype=float)


def floor(given: Premises, prices: Prices) -> float:
    """Return the least total, at these prices, of any order that prints the rows.

    Parameters
    ----------
    given : Premises
    prices : Prices

    Notes
    -----
    Everything is evaluated at the middle b of the printed log hazard ratios, and the estimates lie within a reach of
    it. (1) A score of the model at b is at most Σⱼ reachⱼ × the greatest |Iₖⱼ|, and a covariance of two 0/1 variables
    is at most a quarter at each event. (2) From the estimates to b the relative weights of patients change by a factor
    of at most e^ρ, ρ = Σ reach, and so does any variance: u'I(b)u ≥ e^−ρ u'Iu. (3) Alone, by the same two arguments,
    the score at b is at most reach × e^reach × the greatest 1/SE², and the information at most e^reach × that.
    """
    reach, own_reach = given.reach[:3].sum(), given.reach[3]
    credit = np.dot(prices.weights, given.least[:3]) * math.exp(-reach)
    slack = given.patients / 4 * reach * np.abs(prices.scores).sum()
    own = 0.0
    if prices.hr is None:
        own = given.most[3] * math.exp(own_reach) * (abs(prices.alone) * own_reach + prices.own)
    return float(credit - slack - own)


def form(prices: Prices) -> np.ndarray:
    """Return the matrix by which the total multiplies the model's information: Σ weight × uu'."""
    return np.einsum("k,ki,kj->ij", prices.weights, prices.forms, prices.forms)


def rounding(patients: int, prices: Prices) -> float:
    """Return how far the greatest total can be off by single precision.

    An event adds at most C in absolute value, C the sum of the absolute prices, computed with a relative error of at
    most 64 units of 2⁻²⁴; the partial sums, at most 2C a patient, are rounded twice per patient (Higham 2002, ch. 3-4).
    """
    most = abs(prices.alone) + prices.own + np.abs(prices.scores).sum() + np.abs(form(prices)).sum()
    return float(patients * (64 + 4 * patients) * most * 2.0**-24)


def greatest(given: Premises, prices: Prices) -> float:
    """Return the greatest total, at these prices, of any order of patients with the printed margins.

    With 68 patients there are about 10⁸ states; it takes seconds and 1.4 GB for each event that may share a time, by
    Efron's method minutes and 1.4 GB. Needs numba.
    """
    from lookalike import proof_kernels as kernels

    which = given.variables.index(prices.variable)
    codes = np.arange(8)[:, None] >> np.arange(3) & 1
    gain = codes @ np.array(prices.scores) + prices.alone * codes[:, which]
    ratio = prices.hr or math.exp(given.b[3])
    single = np.float32
    terms = kernels.Terms(
        which, single(ratio), single(prices.alone), single(prices.own), gain.astype(single),
        np.exp(codes @ given.b[:3]).astype(single), np.array(prices.scores, dtype=single), form(prices).astype(single),
        prices.tied, prices.ties == "efron",
    )  # fmt: skip
    return kernels.greatest(kernels.space(given.patients, given.exposed), terms)


# Stored proofs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PricedProof:
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


def load(registry: Registry, folder: Path = FOLDER) -> list[PricedProof]:
    """Return the stored proofs whose rows are printed and possible; raises DataError for malformed files."""
    totals = {cells["name"]: cells for _, cells in read_csv(folder / TOTALS, COLUMNS)}
    found = []
    for prices in load_proofs(folder, registry.layout).prices:
        if prices.name not in totals:
            raise DataError(folder / TOTALS, f"has no row for {prices.name}; run `make proofs`")
        try:
            given, total = premises_of(registry, prices), totals[prices.name]
        except ValueError:  # the folder is another paper's, or a changed one
            continue
        most = float(total["greatest"]) + float(total["rounding"]) + 10.0**-PLACES
        current = total["computed_from"] == computed_from(given, prices)
        found.append(PricedProof(prices, given, most, floor(given, prices), current))
    return found


def premises_of(registry: Registry, prices: Prices) -> Premises:
    """Return what the rows print that a proof is about."""
    return premises(registry, prices.table, prices.variable, prices.turned)


def computed_from(given: Premises, prices: Prices) -> str:
    """Return in words what a greatest total depends on."""
    sizes = ", ".join(f"{k} {name}" for name, k in zip(given.variables, given.exposed, strict=True))
    alone = math.log(prices.hr) if prices.hr else given.b[3]
    numbers = {
        "log hazard ratios": [*given.b[:3], alone],
        "prices": [prices.alone, prices.own, *prices.scores, *form(prices)[np.triu_indices(3)]],
    }
    shown = "; ".join(f"{what} {' '.join(f'{v:.6g}' for v in values)}" for what, values in numbers.items())
    return f"{given.patients} patients: {sizes}; {shown}; {prices.tied} at a time, {prices.ties}"


def checked_by_script(folder: Path, proof: stored.Proof) -> list[str]:
    """Run a proof's own script and return what it finds otherwise than stored, as lines of text."""
    run = [sys.executable, str(folder / "proofs" / proof.script)]
    lines = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split("\n")
    found = {name: figures for name, *figures in (line.split() for line in lines if line)}
    known = {case.id: case for case in proof.cases}
    wrong = [f"{proof.script} prints {name!r}, which is no case of {proof.id}" for name in found.keys() - known.keys()]
    if proof.cases[0].id not in found:
        wrong.append(f"{proof.script} prints no {proof.cases[0].id!r}")
    for name in found.keys() & known.keys():
        told = [f"{value:.2f}" for value in (known[name].figure, known[name].limit)]
        if told != found[name]:
            wrong.append(f"{proof.id}, {name}: stored {told}, found {found[name]}")
    return sorted(wrong)


@click.command()
@click.option("--published", type=click.Path(path_type=Path, file_okay=False), default=Path("data/published"))
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, help="Of proofs.toml.")
def main(published: Path, folder: Path) -> None:
    """Run the script of each proof, then find the greatest totals of all prices and store them."""
    wrong = []
    for proof in load_proofs(folder, load_registry(published).layout).proofs:
        click.echo(f"{proof.id}: {proof.script}", err=True)
        wrong += checked_by_script(folder, proof)
    if wrong:
        raise click.ClickException("\n".join(wrong))
    registry, lines = load_registry(published), [",".join(COLUMNS)]
    for prices in load_proofs(folder, registry.layout).prices:
        given = premises_of(registry, prices)
        total, off = greatest(given, prices), rounding(given.patients, prices)
        click.echo(f"{prices.name}: greatest {total:.4f} ± {off:.4f}, floor {floor(given, prices):.4f}", err=True)
        lines.append(f'{prices.name},{total:.{PLACES}f},{off:.{PLACES}f},"{computed_from(given, prices)}"')
    write_whole(folder / TOTALS, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
