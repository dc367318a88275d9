"""The gate of the statistics: what survival times, events, covariates and counts must be, and which times are ties.

Every public function of this package that takes such data passes it through here. What does not fit is refused with a
ValueError that names the argument and the first place where it is wrong; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral

import numpy as np

#: Times no further apart than this, or than this share of their mean, are ties: R's ``sqrt(.Machine$double.eps)``.
TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def numbers(name: str, values) -> np.ndarray:
    """Return values as an array of floats.

    Raises
    ------
    ValueError
        When something is no number.
    """
    try:
        return np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error


def flags(name: str, values, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Return what is coded False and True, or 0 and 1, as an array of booleans.

    Raises
    ------
    ValueError
        When another code stands there (as 1 and 2, which other programs use), or the shape is not the one asked for.
    """
    found = np.asarray(values)
    if found.dtype != bool:
        found = numbers(name, values)
        _refuse(name, found, (found != 0) & (found != 1), "is neither 0 nor 1")
    if shape is not None and found.shape != shape:
        raise ValueError(f"{name} must have the shape {shape} of the times, not {found.shape}")
    return found.astype(bool)


def times(values) -> np.ndarray:
    """Return one time for each patient as an array of floats, those within R's tolerance made equal (:func:`settle`).

    Raises
    ------
    ValueError
        When there are none, or one is missing, infinite or negative.
    """
    found = numbers("times", values)
    if found.ndim != 1 or not found.size:
        raise ValueError(f"times must be one for each patient, one patient at least; their shape is {found.shape}")
    _refuse("times", found, ~np.isfinite(found), "is not finite")
    _refuse("times", found, found < 0, "is negative")
    return settle(found)


def survival(values, events) -> tuple[np.ndarray, np.ndarray]:
    """Return the times (:func:`times`) and the events (:func:`flags`) of the same patients.

    Raises
    ------
    ValueError
        As :func:`times` and :func:`flags`, and when they are not of one length.
    """
    found = times(values)
    return found, flags("events", events, found.shape)


def covariates(x, patients: int) -> np.ndarray:
    """Return a table of patient × covariate as floats.

    Raises
    ------
    ValueError
        When it is no such table of so many patients, has no covariate, or holds what is not finite.
    """
    found = numbers("covariates", x)
    if found.ndim != 2 or len(found) != patients or not found.shape[1]:
        raise ValueError(f"covariates must be a table of {patients} patients × covariates, not {found.shape}")
    _refuse("covariates", found, ~np.isfinite(found), "is not finite")
    return found


def groups(values, patients: int) -> np.ndarray:
    """Return each patient's group.

    Raises
    ------
    ValueError
        When there are not so many patients, one has no group, or all are in one.
    """
    found = np.asarray(values)
    if found.shape != (patients,):
        raise ValueError(f"groups must be one for each of {patients} patients; their shape is {found.shape}")
    missing = [k for k, group in enumerate(found.tolist()) if group is None or group != group]
    if missing:
        raise ValueError(f"groups: patient {missing[0] + 1} has none")
    if len(np.unique(found)) < 2:
        raise ValueError("groups: all patients are in one")
    return found


def studies(x, events, values=None, entry=None, weights=None) -> tuple[np.ndarray, ...]:
    """Return what many studies at once are fitted to: covariates, events, times, entries and weights, as floats.

    Parameters
    ----------
    x : array
        Study × patient × covariate; finite.
    events : array
        Study × patient; False and True, or 0 and 1.
    values : array, optional
        Times, study × patient; NaN for nobody.
    entry : array or float, optional
        When each patient comes under observation: finite, for each study and patient or for all.
    weights : array, optional
        Study × patient; finite, from 0.

    Raises
    ------
    ValueError
        When one of them is otherwise.
    """
    table = numbers("covariates", x)
    if table.ndim != 3:
        raise ValueError(f"covariates must be study × patient × covariate; their shape is {table.shape}")
    _refuse("covariates", table, ~np.isfinite(table), "is not finite")
    shape = table.shape[:2]
    seen = flags("events", events, shape)
    found = None if values is None else _broadcast("times", values, shape)
    if found is not None:
        _refuse("times", found, np.isinf(found), "is not finite")
        _refuse("times", found, found < 0, "is negative")
    begun = None if entry is None else _broadcast("entry", entry, shape)
    if begun is not None:
        _refuse("entry", begun, ~np.isfinite(begun), "is not finite")
    amounts = np.ones(shape) if weights is None else _broadcast("weights", weights, shape)
    _refuse("weights", amounts, ~(np.isfinite(amounts) & (amounts >= 0)), "is no weight")
    return table, seen, found, begun, amounts


def _broadcast(name: str, values, shape: tuple[int, ...]) -> np.ndarray:
    found = numbers(name, values)
    if found.ndim and found.shape != shape:
        raise ValueError(f"{name} must have the shape {shape} of studies × patients, not {found.shape}")
    return np.broadcast_to(found, shape)


def counts(name: str, values: Iterable) -> tuple[int, ...]:
    """Return counts as whole numbers from 0.

    Raises
    ------
    ValueError
        When one is negative or not whole; ``3.0`` is whole, ``True`` and ``"3"`` are no counts.
    """
    return tuple(count(name, value) for value in values)


def count(name: str, value, least: int = 0) -> int:
    """Return one count as a whole number of at least `least`; raises ValueError as :func:`counts`."""
    whole = isinstance(value, Integral) or (isinstance(value, (float, np.floating)) and float(value).is_integer())
    if isinstance(value, (bool, np.bool_)) or not whole:
        raise ValueError(f"{name}: {value!r} is no whole number")
    if value < least:
        raise ValueError(f"{name}: {value!r} is less than {least}" if least else f"{name}: {value!r} is negative")
    return int(value)


def fraction(name: str, value: float) -> float:
    """Return a number strictly between 0 and 1 (a level, a share, a power); raises ValueError for another."""
    found = float(value)
    if not 0 < found < 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value!r}")
    return found


def positive(name: str, value: float) -> float:
    """Return a finite number above 0 (a hazard ratio, a standard error); raises ValueError for another."""
    found = float(value)
    if not 0 < found < np.inf:
        raise ValueError(f"{name} must be a finite number above 0, not {value!r}")
    return found


def _refuse(name: str, values: np.ndarray, wrong: np.ndarray, why: str) -> None:
    if wrong.any():
        place = np.argwhere(wrong)[0]
        where = ", ".join(str(int(k) + 1) for k in place)
        raise ValueError(f"{name}: {values[tuple(place)]:g} {why} (place {where}; {int(wrong.sum())} in all)")


def settle(values: np.ndarray) -> np.ndarray:
    """Return times of which those that differ by a rounding error only are made equal, as R's survival does.

    Distinct times in order, a gap of at most :data:`TOLERANCE`, or of that share of their mean, is none: the later
    takes the value of the earlier (``aeqSurv`` of Therneau's survival, option ``timefix``; its vignette *Roundoff
    error and tied times*).

    Parameters
    ----------
    values : numpy array
        Times of one study, or study × patient; NaN stands for nobody and stays.
    """
    order = np.argsort(values, axis=-1)
    line = np.take_along_axis(values, order, axis=-1)
    gaps = np.diff(line, axis=-1)
    distinct = np.isfinite(line)
    distinct[..., 1:] &= gaps != 0
    mean = np.where(distinct, np.abs(line), 0).sum(axis=-1) / np.maximum(distinct.sum(axis=-1), 1)
    near = (gaps <= TOLERANCE) | (gaps <= TOLERANCE * mean[..., None])
    if not (near & (gaps > 0)).any():
        return values
    places = np.arange(values.shape[-1])
    first = np.concatenate([np.zeros_like(near[..., :1]), near], axis=-1)
    place = np.maximum.accumulate(np.where(first, 0, places), axis=-1)
    settled = np.empty_like(line)
    np.put_along_axis(settled, order, np.take_along_axis(line, place, axis=-1), axis=-1)
    return settled


def pairs_of(name: str, first: Sequence, second: Sequence) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return two lists of counts (:func:`counts`) of one length; raises ValueError for others."""
    one, two = counts(name, first), counts(name, second)
    if len(one) != len(two):
        raise ValueError(f"{name}: {len(one)} and {len(two)} counts are not of one length")
    return one, two
