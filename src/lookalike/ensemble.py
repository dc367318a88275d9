"""Many cohorts that print the same statistics: what the printed numbers leave open shows in how the cohorts differ."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, parallel_config

from lookalike import search
from lookalike.orders import Order
from lookalike.problem import SearchError
from secondlook.cohort import verify
from secondlook.cohort.columns import Codes
from secondlook.cohort.records import Records
from secondlook.cohort.targets import LOG_RANK, MEDIAN
from secondlook.cohort.verify import COUNTS
from secondlook.paper.registry import Registry

#: Name of the column that numbers the cohorts.
COHORT = "cohort"
#: Draws of each label, and how far a label's rows may miss: a member need not print every number of the models.
TRIES, GOOD = 2, 3.0
#: Orders of each endpoint, and pairs of them that are looked at.
MOST, MOST_PAIRS = 60, 3600
#: Places at which two orders differ at least to count as two.
APART = 4
#: Kinds of targets that every member prints.
EXACT = (MEDIAN, LOG_RANK, *COUNTS)
#: Least share of the other numbers that a member prints.
LEAST = 0.5


@contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """Run joblib's work on a Dask cluster when an address is given, else on this machine's cores.

    Raises
    ------
    ImportError
        When an address is given and Dask's ``distributed`` is not installed.
    """
    if address is None:
        yield
        return
    from distributed import Client

    with Client(address), parallel_config(backend="dask"):
        yield


def packed(frame: pd.DataFrame) -> bytes:
    """Return an ensemble as CSV compressed by gzip, without the hour at which it was made."""
    return gzip.compress(frame.to_csv(index=False, lineterminator="\n").encode("ascii"), mtime=0)


def member(registry: Registry, codes: Codes, pair: tuple[Order, Order], seed: int) -> pd.DataFrame | None:
    """Return one cohort with these orders, or None when it does not print what every member prints."""
    paper = search.paper_of(registry, codes)
    try:
        _, frame = search.complete(paper, pair, seed, TRIES, GOOD)
    except SearchError:
        return None
    results = verify.verify(Records(frame, registry, codes))
    others = [result.attained for result in results if result.target.kind not in EXACT]
    if not all(result.attained for result in results if result.target.kind in EXACT) or np.mean(others) < LEAST:
        return None
    return frame


def spread_out(pairs: Sequence[tuple[Order, Order]], rng: np.random.Generator) -> Iterator[tuple[Order, Order]]:
    """Yield pairs of orders again and again: each round takes every pair of first and second order once, shuffled."""
    families: dict[tuple[bytes, bytes], list[tuple[Order, Order]]] = {}
    for pair in pairs:
        families.setdefault((pair[0].codes.tobytes(), pair[1].codes.tobytes()), []).append(pair)
    groups = list(families.values())
    turn = 0
    while groups:
        for k in rng.permutation(len(groups)):
            yield groups[k][turn % len(groups[k])]
        turn += 1


def ensemble(
    registry: Registry, codes: Codes, folder: Path, count: int = 200, seed: int = 1, jobs: int = 2,
    address: str | None = None, tell: Callable[[int], None] = lambda found: None, most: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return many cohorts, one below the other, numbered in the column :data:`COHORT`.

    Parameters
    ----------
    registry, codes : Registry, Codes
    folder : Path
        Where a search left its orders; members are saved there too, and found again.
    count : int
        Members wanted.
    seed : int
        The same seed and orders give the same members.
    jobs : int
        Members at a time.
    address : str
        A Dask scheduler's address; without one the machine's cores are used.
    tell : callable
        Told how many members there are.
    most : int
        Attempts at most; ten for each member when not given.

    Raises
    ------
    SearchError
        When the folder holds no orders that belong together, or too few members were found.
    """
    pairs = spread_out(_pairs(registry, codes, folder), np.random.default_rng(seed))
    found: dict[int, pd.DataFrame] = {}
    attempt, most = 0, most or 10 * count
    with cluster(address):
        while len(found) < count and attempt < most:
            batch = {attempt + k: next(pairs) for k in range(4 * jobs)}
            attempt += len(batch)
            files = {k: folder / "members" / f"{seed}-{k}.csv" for k in batch}
            waiting = [k for k, file in files.items() if not file.exists()]
            tasks = (delayed(member)(registry, codes, batch[k], seed * 1_000_003 + k) for k in waiting)
            for k, frame in zip(waiting, Parallel(n_jobs=jobs)(tasks) if waiting else [], strict=True):
                _save(files[k], frame)
            made = [k for k, file in files.items() if file.stat().st_size]
            found |= {k: pd.read_csv(files[k]) for k in made[: count - len(found)]}
            tell(len(found))
    if len(found) < count:
        raise SearchError(f"{len(found)} of {count} cohorts found in {attempt} attempts")
    frames = [found[k].assign(**{COHORT: number}) for number, k in enumerate(sorted(found), start=1)]
    return pd.concat(frames, ignore_index=True)[[COHORT, *codes.columns]]


def _save(path: Path, frame: pd.DataFrame | None) -> None:
    """Write a member; an attempt that failed leaves an empty file, so that it is not made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("" if frame is None else frame.to_csv(index=False), encoding="utf-8")
    part.replace(path)


def _pairs(registry: Registry, codes: Codes, folder: Path) -> list[tuple[Order, Order]]:
    """The pairs of saved orders that can belong to the same patients, closest first; raises SearchError for none."""
    paper = search.paper_of(registry, codes)
    sides = [distinct(search.kept_orders(folder, paper, endpoint))[:MOST] for endpoint in paper.endpoints]
    if not all(sides):
        raise SearchError(f"{folder} holds no orders of both endpoints: run the search with this folder first")
    possible = search.pairs_of(paper, *sides, MOST_PAIRS)
    if not possible:
        raise SearchError(f"{folder} holds no orders of both endpoints for the same patients")
    return possible


def distinct(found: Sequence[Order], apart: int = APART) -> list[Order]:
    """Return orders that differ from all that stand before them in more than `apart` places."""
    kept: list[Order] = []
    for order in found:
        if all((order.codes != other.codes).sum() > apart for other in kept):
            kept.append(order)
    return kept
