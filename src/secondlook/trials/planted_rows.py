"""How good the audit of hazard ratios is: true rows and rows with planted errors, judged by it and by simpler rules.

``python -m secondlook.trials.planted_rows`` simulates everything with one seed and writes two files: how often the
search singles out a repair for rows corrupted at random (:data:`secondlook.stats.repairs.CHANCES`, from which each
repair in a ledger takes its chance), and false-flag, detection and repair rates (``data/simulated/detection.json``).

A *true row* is a pair (b, s) printed by the Wald model, b normal with mean 0 and SD 0.6, s uniform from 0.2 to 0.6, the
size of a study with some dozens of events. Every row stands between two other true rows.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from secondlook.numbers import slips as edits
from secondlook.numbers.printed import parse, show
from secondlook.paper.reading import read_csv
from secondlook.stats import repairs
from secondlook.stats.repairs import Texts, point_moved, search, two_digits
from secondlook.stats.wald import CELLS, Line, as_line, box, is_ordered
from secondlook.trials.stored import as_json
from secondlook.writing import write_whole

SEED = 20230917
#: Rows per kind of planted error, true rows per number of decimals, and corrupted rows per chance.
PLANTED_ROWS, TRUE_ROWS, CORRUPTED_ROWS = 200, 10_000, 1_000
#: P values are printed with three decimals whatever the decimals of the ratios, as most journals do.
P_PLACES = 3
#: What tables call the numbers of a row.
_NAMES = {cell: "HR" if cell == "hr" else cell for cell in CELLS}
_Z = float(ndtri(0.975))
#: A row needs this many tries at most to be one to which an error of the kind wanted can be done.
_TRIES = 1000

Generator = np.random.Generator
#: Draws from a true row a row with an error, or None when the row does not lend itself to it.
Plant = Callable[[Generator, Texts, list[Texts]], "tuple[Texts, list[Texts]] | None"]

# True rows ----------------------------------------------------------------------------------------------------------


def printed_row(b: float, s: float, places: int, p_places: int = P_PLACES) -> Texts:
    """Return how a table prints a log hazard ratio and its standard error.

    Examples
    --------
    >>> printed_row(0.0, 0.25, 2)
    ('1.00', '0.61', '1.63', '1.000')
    """
    ratios = (math.exp(x) for x in (b, b - _Z * s, b + _Z * s))
    p = float(2 * ndtr(-abs(b) / s))
    least = 10.0**-p_places
    return (*(f"{x:.{places}f}" for x in ratios), f"<{least:.{p_places}f}" if p < least else f"{p:.{p_places}f}")


def true_row(rng: Generator, places: int, p_places: int = P_PLACES) -> Texts:
    """Return a random row whose numbers are true."""
    return printed_row(rng.normal(0, 0.6), rng.uniform(0.2, 0.6), places, p_places)


# Errors -------------------------------------------------------------------------------------------------------------


def _with(texts: Texts, **new: str) -> Texts:
    return tuple(new.get(name, old) for name, old in zip(CELLS, texts, strict=True))


def _of(texts: Texts, cell: str) -> str:
    return texts[CELLS.index(cell)]


def _pick(rng: Generator, choices: Iterable[str]) -> str | None:
    ordered = sorted(choices)
    return ordered[rng.integers(len(ordered))] if ordered else None


def _is_plain(text: str) -> bool:
    return text[0] in "0123456789"


def _in_one_number(change: Callable[[Generator, str], str | None], cells: tuple[str, ...] = CELLS) -> Plant:
    """Return a plant that changes one plain number of the row, drawn from `cells`."""

    def plant(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]] | None:
        cell = cells[rng.integers(len(cells))]
        new = change(rng, _of(texts, cell)) if _is_plain(_of(texts, cell)) else None
        return (_with(texts, **{cell: new}), beside) if new else None

    return plant


def _digit_at(place: int) -> Callable[[Generator, str], str | None]:
    """Return a change of one digit: place 0 stands just before the decimal point, 1 just behind it, and so on."""

    def change(rng: Generator, text: str) -> str | None:
        at = text.index(".") + place if place else text.index(".") - 1
        if at >= len(text):
            return None
        return text[:at] + _pick(rng, set("0123456789") - {text[at]}) + text[at + 1 :]

    return change


def _leading_digit_lost(rng: Generator, text: str) -> str | None:
    """1.813 becomes 0.813, and 12.5 becomes 2.5."""
    whole, _, decimals = text.partition(".")
    return None if whole == "0" else f"{whole[1:] or '0'}.{decimals}"


def _inverted(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]] | None:
    hr = parse(texts[0])
    return (_with(texts, hr=show(1 / hr.value, hr.places)), beside) if hr.value else None


def _swap(first: str, second: str) -> Plant:
    def plant(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]]:
        return _with(texts, **{first: _of(texts, second), second: _of(texts, first)}), beside

    return plant


def _swap_with_neighbour(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]]:
    cell, place = CELLS[rng.integers(4)], int(rng.integers(len(beside)))
    other = beside[place]
    changed = [*beside[:place], _with(other, **{cell: _of(texts, cell)}), *beside[place + 1 :]]
    return _with(texts, **{cell: _of(other, cell)}), changed


def _in_two_numbers(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]] | None:
    cells = [CELLS[i] for i in rng.choice(4, 2, replace=False)]
    if not all(_is_plain(_of(texts, cell)) for cell in cells):
        return None
    return _with(texts, **{cell: _pick(rng, edits.one_digit(_of(texts, cell))) for cell in cells}), beside


def unrelated(entries: int) -> Plant:
    """Return a plant that replaces so many numbers of a row by those of unrelated true rows."""

    def plant(rng: Generator, texts: Texts, beside: list[Texts]) -> tuple[Texts, list[Texts]]:
        places = parse(texts[0]).places
        new = {CELLS[i]: true_row(rng, places)[i] for i in rng.choice(4, entries, replace=False)}
        return _with(texts, **new), beside

    return plant


@dataclass(frozen=True)
class Kind:
    """A kind of planted error: what is done, to which numbers of the row, in words, and how."""

    name: str
    cells: tuple[str, ...]
    detail: str
    plant: Plant


def kinds(places: int) -> Iterator[Kind]:
    """Yield the kinds of planted errors."""
    for cell in CELLS:
        for place in range((P_PLACES if cell == "p" else places) + 1):
            detail = f"{_NAMES[cell]}, {f'decimal {place}' if place else 'before the point'}"
            yield Kind("one digit substituted", (cell,), detail, _in_one_number(_digit_at(place), (cell,)))
    for pair in itertools.combinations(CELLS, 2):
        yield Kind("two entries exchanged", pair, " and ".join(_NAMES[cell] for cell in pair), _swap(*pair))
    for name, cells, detail, plant in (
        ("neighbouring digits exchanged", CELLS, "any number", _digits(edits.exchanged)),
        ("leading digit lost", CELLS[:3], "ratio or limit", _in_one_number(_leading_digit_lost, CELLS[:3])),
        ("decimal point moved", CELLS, "any number", _digits(point_moved)),
        ("hazard ratio inverted", CELLS[:1], "1/HR beside its old limits", _inverted),
        ("exchanged with neighbouring row", CELLS, "any number", _swap_with_neighbour),
        ("two digits of one number", CELLS, "any number", _digits(two_digits)),
        ("a digit in each of two numbers", CELLS, "any two", _in_two_numbers),
    ):
        yield Kind(name, cells, detail, plant)


def _digits(changes: Callable[[str], Iterable[str]]) -> Plant:
    """Return a plant that picks one of the changes of one number."""
    return _in_one_number(lambda rng, text: _pick(rng, changes(text)))


@dataclass(frozen=True)
class PlantedCase:
    """A true row, the row that an error made of it, and the rows beside it as printed."""

    true: Texts
    printed: Texts
    beside: tuple[Line, ...]


def case(rng: Generator, plant: Plant, places: int, accept: Callable[[Texts], bool] = lambda _: True) -> PlantedCase:
    """Draw true rows until one can be, and is, changed by a plant into a row that is accepted.

    Raises
    ------
    RuntimeError
        When no row lends itself to the error.
    """
    for _ in range(_TRIES):
        true = true_row(rng, places)
        made = plant(rng, true, [true_row(rng, places), true_row(rng, places)])
        if made and made[0] != true and accept(made[0]):
            return PlantedCase(true, made[0], tuple(as_line(*texts) for texts in made[1]))
    raise RuntimeError("no true row lends itself to this error")


# Judges -------------------------------------------------------------------------------------------------------------


def by_box(texts: Texts) -> bool:
    """Return True when the Wald box of a row is empty: this audit's own flag."""
    line = as_line(*texts)
    return box(line).is_empty or not is_ordered(line)


def _points(texts: Texts) -> tuple[float, float, float]:
    """Return the numbers as points; one below 0 or a bound among them stands for next to nothing."""
    return tuple(max(float(parse(text).value), 1e-9) for text in texts[:3])


def by_exact_mean(texts: Texts) -> bool:
    """Flag a hazard ratio that is not, as printed, the geometric mean of its limits."""
    _, lower, upper = _points(texts)
    return show(math.sqrt(lower * upper), parse(texts[0]).places) != texts[0]


def by_near_mean(texts: Texts) -> bool:
    """Flag a hazard ratio more than one unit of its last digit from the geometric mean of its limits."""
    _, lower, upper = _points(texts)
    number = parse(texts[0])
    mean = Fraction(show(math.sqrt(lower * upper), number.places))
    return abs(mean - number.value) > number.unit


def by_factor(texts: Texts, factor: float = 1.5) -> bool:
    """Flag a hazard ratio that differs from the geometric mean of its limits by more than a factor."""
    hr, lower, upper = _points(texts)
    return abs(math.log(hr) - math.log(lower * upper) / 2) > math.log(factor)


def by_point_p(texts: Texts) -> bool:
    """Flag a p that is not, as printed, the p computed from the printed hazard ratio and limits as if exact."""
    hr, lower, upper = _points(texts)
    s = (math.log(upper) - math.log(lower)) / (2 * _Z)
    p = float(2 * ndtr(-abs(math.log(hr)) / s)) if s > 0 else 0.0
    printed = parse(texts[3])
    return not p < printed.value if printed.bound else show(p, printed.places) != texts[3]


def by_order(texts: Texts) -> bool:
    """Flag a hazard ratio outside its limits."""
    hr, lower, upper = _points(texts)
    return not lower <= hr <= upper


#: The audit and the rules that others use, with what they say.
JUDGES: dict[str, tuple[str, Callable[[Texts], bool]]] = {
    "box": ("Wald box of the rounding intervals", by_box),
    "exact mean": ("geometric mean of the limits prints HR", by_exact_mean),
    "mean within a unit": ("geometric mean of the limits within one unit of HR", by_near_mean),
    "factor 1.5": ("geometric mean of the limits within a factor of 1.5 of HR", by_factor),
    "point p": ("p from HR and limits, as if exact, prints p", by_point_p),
    "order": ("HR between its limits", by_order),
}


# Measurements -------------------------------------------------------------------------------------------------------


def false_flags(seed: int = SEED, rows: int = TRUE_ROWS) -> Iterator[dict]:
    """Yield how many of so many true rows each judge flags, by the decimals of ratios and p."""
    for number, (places, p_places) in enumerate(((1, 1), (1, 3), (2, 2), (2, 3), (3, 3))):
        rng = np.random.default_rng([seed, 1, number])
        flagged = Counter({name: 0 for name in JUDGES})
        for _ in range(rows):
            texts = true_row(rng, places, p_places)
            flagged.update(name for name, (_, judge) in JUDGES.items() if judge(texts))
        yield {"places": places, "p_places": p_places, "rows": rows, "flagged": dict(flagged)}


def real_tables(path: Path) -> Iterator[dict]:
    """Yield the same for Cox tables of real public data: those that R printed to a file, then those of lifelines."""
    columns = ("dataset", "model", "term", "places", *CELLS)
    printed = [(row["dataset"], int(row["places"]), tuple(row[c] for c in CELLS)) for _, row in read_csv(path, columns)]
    for source, rows in (("R", printed), ("lifelines", list(lifelines_rows()))):
        for places in (2, 3):
            chosen = [texts for _, decimals, texts in rows if decimals == places]
            flagged = {name: sum(map(judge, chosen)) for name, (_, judge) in JUDGES.items()}
            names = sorted({name for name, decimals, _ in rows if decimals == places})
            yield {"source": source, "datasets": names, "places": places, "rows": len(chosen), "flagged": flagged}


def lifelines_rows() -> Iterator[tuple[str, int, Texts]]:
    """Yield (data set, decimals, row) of the Cox models that lifelines fits to its own public data sets."""
    from lifelines import CoxPHFitter, datasets

    gbsg2 = datasets.load_gbsg2()
    codes = {"horTh": ("no", "yes"), "menostat": ("Pre", "Post"), "tgrade": ("I", "II", "III")}
    gbsg2 = gbsg2.assign(**{column: gbsg2[column].map(levels.index) for column, levels in codes.items()})
    frames = {
        "rossi": (datasets.load_rossi(), "week", "arrest"),
        "gbsg2": (gbsg2, "time", "cens"),
        "lung": (datasets.load_lung().drop(columns="inst", errors="ignore").dropna(), "time", "status"),
    }
    for name, (frame, time, event) in frames.items():
        models = [frame] + [frame[[column, time, event]] for column in frame.columns.drop([time, event])]
        for model in models:
            fit = CoxPHFitter().fit(model, time, event)
            for (_, b), (_, s) in zip(fit.params_.items(), fit.standard_errors_.items(), strict=True):
                yield from ((name, places, printed_row(b, s, places)) for places in (2, 3))


def judged(cases: Iterable[PlantedCase]) -> dict:
    """Return what the judges and the search for repairs make of planted errors."""
    outcomes, flagged, holds, rows = Counter(), Counter({name: 0 for name in JUDGES}), Counter(), 0
    for item in cases:
        rows += 1
        flagged.update(name for name, (_, judge) in JUDGES.items() if judge(item.printed))
        if not by_box(item.printed):
            continue
        found = search(as_line(*item.printed), item.beside)
        outcomes[found.outcome] += 1
        holds[found.outcome] += item.true in {candidate.texts for candidate in found.candidates}
    return {
        "rows": rows,
        "flagged": dict(flagged),
        "unique": outcomes["unique"],
        "unique_true": holds["unique"],
        "range": outcomes["range"],
        "range_true": holds["range"],
        "several": outcomes["several"],
        "several_true": holds["several"],
        "rival": outcomes["rival"],
        "rival_true": holds["rival"],
        "none": outcomes["none"],
    }


def detections(seed: int = SEED, rows: int = PLANTED_ROWS) -> Iterator[dict]:
    """Yield for each kind of planted error how often it is detected and how often the repair is the true row."""
    for places in (2, 3):
        for number, kind in enumerate(kinds(places)):
            rng = np.random.default_rng([seed, 2, places, number])
            cases = (case(rng, kind.plant, places) for _ in range(rows))
            what = {"kind": kind.name, "cells": list(kind.cells), "detail": kind.detail}
            yield {"places": places, **what, **judged(cases)}


def chances(seed: int = SEED, rows: int = CORRUPTED_ROWS) -> Iterator[dict]:
    """Yield for rows corrupted at random how often the search singles out a repair, by its cost.

    So many numbers of a true row are replaced by those of unrelated rows; rows that stay possible are drawn again.
    """
    for places in (1, 2, 3):
        for entries in (1, 2, 3):
            rng = np.random.default_rng([seed, 3, places, entries])
            unique = [0] * repairs.LARGEST_COST
            for _ in range(rows):
                item = case(rng, unrelated(entries), places, by_box)
                found = search(as_line(*item.printed), item.beside)
                if found.outcome == "unique":
                    unique[found.cost - 1] += 1
            yield {"places": places, "entries": entries, "rows": rows, "unique": unique}


# Command ------------------------------------------------------------------------------------------------------------


def _collect(name: str, measured: Iterator[dict]) -> list[dict]:
    """Take all measurements of one kind, with a line of progress for each."""
    found = []
    for entry in measured:
        found.append(entry)
        what = ", ".join(f"{key} {value}" for key, value in entry.items() if isinstance(value, (int, str)))
        print(f"{name} {len(found)}: {what}", file=sys.stderr, flush=True)
        for function in (edits.one_digit, edits.exchanged, edits.lost_or_added):
            function.cache_clear()
    return found


_CHANCES_ARE = (
    "of so many true rows in which so many entries were replaced by unrelated numbers, how often a repair of cost 1, "
    "and of cost 2, was singled out"
)


def main(root: Path | None = None, seed: int = SEED) -> None:
    """Simulate everything and write both files.

    Parameters
    ----------
    root : Path, optional
        The project's folder, with ``data/reference/cox-tables.csv``; the working directory if not given.
    seed : int
    """
    root = root or Path.cwd()
    stored = {"seed": seed, "what": _CHANCES_ARE, "chances": _collect("chance", chances(seed))}
    repairs.CHANCES.parent.mkdir(exist_ok=True)
    write_whole(repairs.CHANCES, as_json(stored))
    measured = {
        "seed": seed,
        "judges": {name: said for name, (said, _) in JUDGES.items()},
        "false_flags": _collect("true rows", false_flags(seed)),
        "real_tables": _collect("real tables", real_tables(root / "data" / "reference" / "cox-tables.csv")),
        "detections": _collect("planted", detections(seed)),
    }
    target = root / "data" / "simulated" / "detection.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, as_json(measured))


if __name__ == "__main__":
    main()
