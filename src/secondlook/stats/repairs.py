"""Repairs: the smallest slips of copying that would turn a true row of a Cox table into the impossible one printed.

A *slip* is one of a number (:data:`secondlook.numbers.slips.KINDS`, a moved or lost decimal point, a lost ``<``) or of
a row (two numbers exchanged, in it or with the neighbouring row; 1/HR). The cost of a repair is the number of slips
that it takes back: 1 for a single one, 2 for two digits of one number or for slips in two places (two slips of the row
at once are not tried). All repairs of cost 1 are tried, then, when there is none, all of cost 2. A repair counts when
the mended row is ordered, its Wald box is not empty and no ratio in it is 0. Points put back where the other ratios of
the row have theirs come before all others of the cost, and a lost ``<`` before a p of 0. One is *singled out* only when
it is the only one of its cost, and slips in two places only when no single number, however wrong, explains the row. It
is still a suggestion, and the chance that as good a repair would have turned up by accident belongs beside it
(:mod:`secondlook.trials.planted_rows`).

Searching stays fast because a number can only be part of a repair when the row is possible without that number.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from secondlook.numbers import slips as edits
from secondlook.numbers.printed import NotPrintedError, parse, show
from secondlook.stats.wald import (
    CELLS,
    FAR_Z,
    Ends,
    Line,
    as_line,
    box,
    is_ordered,
    is_possible,
    log_ends,
    possible,
    z_ends,
)

Texts = tuple[str, str, str, str]

#: The largest cost that is searched.
LARGEST_COST = 2
#: How often a repair turned up for rows corrupted at random; `python -m secondlook.trials.planted_rows` writes it.
CHANCES = Path(__file__).parent / "repair-chances.json"


@dataclass(frozen=True)
class Candidate:
    """A row that would be possible, and the slips that make the printed one of it."""

    texts: Texts
    kinds: tuple[str, ...]

    def changed(self, printed: Texts) -> tuple[str, ...]:
        """Return the names of the numbers that differ from those printed."""
        return tuple(name for name, old, new in zip(CELLS, printed, self.texts, strict=True) if old != new)


@dataclass(frozen=True)
class Repair:
    """What a search found.

    Attributes
    ----------
    outcome : str
        ``unique``: one candidate of the smallest cost. ``range``: several that change the same numbers and differ in
        their last digits only. ``several``: others. ``rival``: one that changes two numbers by two slips, where one
        number alone, were it quite another, would do as well. ``none``: no candidate up to :data:`LARGEST_COST`.
    cost : int
        How many slips are taken back; 0 for none.
    printed : Texts
        The row as printed.
    candidates : tuple of Candidate
        All of that cost, in a fixed order.
    """

    outcome: str
    cost: int
    printed: Texts
    candidates: tuple[Candidate, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of the numbers that every candidate changes and no other; empty when there are other explanations."""
        if self.outcome == "rival":
            return ()
        changed = {candidate.changed(self.printed) for candidate in self.candidates}
        return changed.pop() if len(changed) == 1 else ()

    @property
    def line(self) -> Line | None:
        """The mended row, when one is singled out."""
        return as_line(*self.candidates[0].texts) if self.outcome == "unique" else None

    @property
    def spans(self) -> dict[str, tuple[str, str]]:
        """The smallest and the largest string of each number singled out."""
        columns = {name: [c.texts[CELLS.index(name)] for c in self.candidates] for name in self.cells}
        return {name: (min(texts, key=_value), max(texts, key=_value)) for name, texts in columns.items()}


def _value(text: str) -> Fraction:
    return parse(text).value


# Slips of one number ------------------------------------------------------------------------------------------------


def point_moved(text: str) -> frozenset[str]:
    """Return the strings with the same digits and the decimal point one place to the left or to the right.

    Examples
    --------
    >>> sorted(point_moved("12.5")), sorted(point_moved("0.813"))
    (['1.25', '125'], ['0.0813', '8.13'])
    """
    whole, point, decimals = text.partition(".")
    if not point:
        return frozenset()
    left = f"{whole[:-1] or '0'}.{whole[-1:]}{decimals}"
    right = f"{whole}{decimals[:1]}".lstrip("0").rjust(1, "0") + (f".{decimals[1:]}" if decimals[1:] else "")
    return frozenset({left, right} - {text})


def point_put_back(text: str) -> frozenset[str]:
    """Return the strings that a whole number is when its decimal point was lost, and zeros after it perhaps too.

    Examples
    --------
    >>> sorted(point_put_back("410"))
    ['0.410', '4.10', '41.0']
    """
    if not text.isdigit() or len(text) < 2:
        return frozenset()
    return frozenset({f"0.{text}", *(f"{text[:i]}.{text[i:]}" for i in range(1, len(text)))})


#: What a p printed as a bound writes after its sign.
_BOUNDS = re.compile(r"0?\.(0*1|05)")


def bound_put_back(text: str) -> frozenset[str]:
    """Return the bound that a p such as 0.001 is when its sign was lost."""
    return frozenset({f"<{text}"} if _BOUNDS.fullmatch(text) else ())


@lru_cache(maxsize=4096)
def slips(text: str) -> dict[str, str]:
    """Return every string that is one slip away from a printed number, with the kind of slip.

    Bounds (``<0.001``) and signed numbers have none: their digits are not copied but chosen.
    """
    if not text or not (text[0].isdigit() or text[0] == "."):
        return {}
    made: dict[str, str] = {}
    for kind, reach in {
        **edits.KINDS,
        "the decimal point moved": point_moved,
        "the decimal point lost": point_put_back,
    }.items():
        for other in sorted(filter(_is_customary, reach(text))):
            made.setdefault(other, kind)
    return made


def _is_customary(text: str) -> bool:
    """Return True for a number that papers print so: no 0 stands before another digit before the point."""
    return not (text[0] == "0" and text[1:2].isdigit())


@lru_cache(maxsize=512)
def two_digits(text: str) -> tuple[str, ...]:
    """Return every string that differs from a printed number in exactly two digits."""
    if not text or not text[0].isdigit():
        return ()
    twice = {other for once in edits.one_digit(text) for other in edits.one_digit(once)}
    return tuple(sorted(filter(_is_customary, twice - edits.one_digit(text) - {text})))


# Ends of many strings at once ---------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _ends(name: str, text: str) -> Ends:
    number = parse(text) if text else None
    return z_ends(number) if name == "p" else log_ends(number)


def _ends_of_many(name: str, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of plain numbers; strings and floats agree far below any printed digit."""
    values = np.array([float(text) for text in texts])
    half = np.array([0.5 * 10.0 ** -len(text.partition(".")[2]) for text in texts])
    low, high = values - half, values + half
    if name == "p":
        z_low = np.where(low > 1, FAR_Z, -ndtri(np.clip(high, 1e-300, 1) / 2))
        z_high = np.where(low > 1, -1.0, np.where(low > 0, -ndtri(np.clip(low, 1e-300, 1) / 2), FAR_Z))
        return z_low, z_high
    return np.where(low > 0, np.log(np.clip(low, 1e-300, None)), -np.inf), np.log(high)


def _possible(fixed: Texts, moved: dict[str, tuple[np.ndarray, np.ndarray]], level: float) -> np.ndarray:
    """Return whether the row is possible with the ends of some numbers replaced."""
    ends = {name: moved.get(name) or _ends(name, text) for name, text in zip(CELLS, fixed, strict=True)}
    return possible(ends["hr"], ends["lower"], ends["upper"], ends["p"], level)


def _replaced(texts: Texts, **new: str) -> Texts:
    return tuple(new.get(name, old) for name, old in zip(CELLS, texts, strict=True))


# Slips of the row ---------------------------------------------------------------------------------------------------


def row_slips(texts: Texts, neighbours: Iterable[Texts], level: float = 0.95) -> Iterator[Candidate]:
    """Yield the rows that one slip of the row turns into `texts`, possible or not.

    An exchange with a neighbouring row counts only when it leaves that row possible too. Of HR beside limits that
    belong to its inverse either may be what was inverted, so that both are yielded, as inverses of the numbers as they
    stand and not of all that these may have been rounded from.
    """
    for first, second in itertools.combinations(CELLS, 2):
        a, b = texts[CELLS.index(first)], texts[CELLS.index(second)]
        if a and b and a != b:
            yield Candidate(_replaced(texts, **{first: b, second: a}), ("two numbers of the row exchanged",))
    for other in neighbours:
        for name in CELLS:
            ours, theirs = texts[CELLS.index(name)], other[CELLS.index(name)]
            if ours and theirs and ours != theirs and _is_possible(_replaced(other, **{name: ours}), level):
                yield Candidate(_replaced(texts, **{name: theirs}), ("exchanged with the neighbouring row",))
    if hr := _inverses(texts[0]):
        yield Candidate(_replaced(texts, hr=hr[0]), ("inverted (1/HR)",))
    lower, upper = _inverses(texts[2]), _inverses(texts[1])
    if lower and upper:
        yield Candidate(_replaced(texts, lower=lower[0], upper=upper[0]), ("inverted (1/HR)",))


def _inversions(texts: Texts, level: float) -> Iterator[Candidate]:
    """Yield the possible rows in which HR, or both limits, are any inverses of those printed."""
    for inverse in _surviving(texts, "hr", _inverses(texts[0]), level):
        yield Candidate(_replaced(texts, hr=inverse), ("inverted (1/HR)",))
    lowers, uppers = _inverses(texts[2]), _inverses(texts[1])
    if lowers and uppers:
        low, high = _ends_of_many("lower", lowers)
        moved = {"lower": (low[:, None], high[:, None]), "upper": _ends_of_many("upper", uppers)}
        for i, j in np.argwhere(_possible(texts, moved, level))[:_MOST_INVERSES]:
            yield Candidate(_replaced(texts, lower=lowers[i], upper=uppers[j]), ("inverted (1/HR)",))


#: Of numbers that round away most of their inverse, so many inverses are tried, evenly spread.
_MOST_INVERSES = 100


@lru_cache(maxsize=1024)
def _inverses(text: str) -> tuple[str, ...]:
    """Return strings with as many decimals that the inverse of a printed number may print, the likeliest first."""
    number = parse(text) if text else None
    if number is None or number.bound or number.value <= 0:
        return ()
    interval, likeliest = number.stands_for(), show(1 / number.value, number.places)
    if interval.low <= 0:
        return (likeliest,)
    first, last = (int(Fraction(show(1 / end, number.places)) / number.unit) for end in (interval.high, interval.low))
    counts = np.unique(np.linspace(first, last, min(last - first + 1, _MOST_INVERSES)).round().astype(int))
    return tuple(dict.fromkeys((likeliest, *(show(int(count) * number.unit, number.places) for count in counts))))


def _is_possible(texts: Texts, level: float) -> bool:
    return is_possible(*(_ends(name, text) for name, text in zip(CELLS, texts, strict=True)), level)


# The search ---------------------------------------------------------------------------------------------------------


def search(line: Line, neighbours: Iterable[Line] = (), level: float = 0.95) -> Repair:
    """Look for the smallest slips that would make an impossible row of a possible one.

    Parameters
    ----------
    line : Line
        The row as printed.
    neighbours : iterable of Line
        The rows just above and below in the same columns.
    level : float
        Level of the confidence intervals.

    Examples
    --------
    >>> found = search(as_line("0.660", "0.469", "1.616", "0.870"))
    >>> found.outcome, found.cost, str(found.line)
    ('unique', 1, '0.870 (0.469–1.616), p 0.660')
    """
    others = [other.texts for other in neighbours]
    found = _search(line, others, level)
    if line.lower is None or line.upper is None or line.lower.value <= line.upper.value:
        return found
    turned = _search(replace(line, lower=line.upper, upper=line.lower), others, level)
    if not turned.candidates or not found.candidates:
        return replace(turned if turned.candidates else found, printed=line.texts)
    # Limits in reverse were exchanged, or one of them is wrong: two explanations, and none is named.
    return Repair("several", min(found.cost, turned.cost), line.texts, found.candidates + turned.candidates)


def _search(line: Line, others: list[Texts], level: float) -> Repair:
    printed = line.texts
    for cost, tried in ((1, _cost_1), (2, _cost_2)):
        found: dict[Texts, Candidate] = {}
        for candidate in tried(printed, others, level):
            if _holds(candidate.texts, level):
                found.setdefault(candidate.texts, candidate)
        if found:
            candidates = _likeliest(printed, tuple(found[texts] for texts in sorted(found)))
            return Repair(_outcome(printed, candidates, level), cost, printed, candidates)
    return Repair("none", 0, printed, ())


def _likeliest(printed: Texts, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return the candidates that come before all others of their cost: where the row says so itself."""

    def in_place(candidate: Candidate) -> bool:
        places = {len(text.partition(".")[2]) for text in candidate.texts[:3] if text}
        return set(candidate.kinds) == {"the decimal point lost"} and len(places) == 1

    said = tuple(filter(in_place, candidates)) or tuple(c for c in candidates if c.kinds == ("the < lost",))
    if said or len(candidates) == 1:
        return said or candidates
    lost = [c for c in candidates if set(c.kinds) == {"the decimal point lost"}]
    return (lost[0],) if len(lost) == 1 and lost[0].changed(printed) == ("hr",) else candidates


def copied(line: Line, neighbours: Iterable[Line] = (), level: float = 0.95) -> tuple[str, str]:
    """Return the number of an impossible row that repeats another, and which; two empty strings when none does.

    The row must be possible without it. It repeats another number of the row, or the one at its place in a row beside.

    Examples
    --------
    >>> copied(as_line("1.084", "1.020", "1.152", "1.084"))
    ('p', 'hr')
    """
    texts = line.texts
    for name in alone(texts, level):
        text = texts[CELLS.index(name)]
        same = next((other for other in CELLS if other != name and texts[CELLS.index(other)] == text), "")
        beside = any(getattr(row, name) and getattr(row, name).text == text for row in neighbours)
        if same or (beside and len(text.lstrip("0.")) >= 3):
            return name, same or "the row beside"
    return "", ""


def _holds(texts: Texts, level: float) -> bool:
    """Audit a mended row again, by the box itself: ordered, no ratio 0, and not empty."""
    if any(text and not text.strip("0.") for text in texts[:3]):
        return False
    try:
        line = as_line(*texts)
    except NotPrintedError:
        return False
    return is_ordered(line) and not box(line, level).is_empty


def alone(printed: Texts, level: float = 0.95) -> tuple[str, ...]:
    """Return the names of the numbers without which, each by itself, an impossible row is possible."""
    present = (name for name, text in zip(CELLS, printed, strict=True) if text)
    return tuple(name for name in present if not box(as_line(*_replaced(printed, **{name: ""})), level).is_empty)


def _outcome(printed: Texts, candidates: tuple[Candidate, ...], level: float) -> str:
    if len(candidates) == 1:
        [only] = candidates
        told = set(only.kinds) == {"the decimal point lost"}  # whole limits beside a ratio with decimals
        two_places = len(only.kinds) > 1 and len(only.changed(printed)) > 1 and not told
        return "rival" if two_places and alone(printed, level) else "unique"
    same_cells = len({candidate.changed(printed) for candidate in candidates}) == 1
    stems = [{text[:-1] for text in column} for column in zip(*(c.texts for c in candidates), strict=True)]
    lengths = [{len(text) for text in column} for column in zip(*(c.texts for c in candidates), strict=True)]
    alike = all(len(stem) == 1 for stem in stems) and all(len(length) == 1 for length in lengths)
    return "range" if same_cells and alike else "several"


def _cost_1(printed: Texts, others: list[Texts], level: float) -> Iterator[Candidate]:
    for name, text in zip(CELLS, printed, strict=True):
        known = slips(text)
        for other in _surviving(printed, name, list(known), level):
            yield Candidate(_replaced(printed, **{name: other}), (known[other],))
    for bound in bound_put_back(printed[3]):
        if _is_possible(_replaced(printed, p=bound), level):
            yield Candidate(_replaced(printed, p=bound), ("the < lost",))
    yield from (c for c in row_slips(printed, others, level) if _is_possible(c.texts, level))
    yield from _inversions(printed, level)


def _cost_2(printed: Texts, others: list[Texts], level: float) -> Iterator[Candidate]:
    for name, text in zip(CELLS, printed, strict=True):
        if text and _is_possible(_replaced(printed, **{name: ""}), level):
            for other in _surviving(printed, name, two_digits(text), level):
                yield Candidate(_replaced(printed, **{name: other}), ("one digit", "one digit"))
    for first, second in itertools.combinations(CELLS, 2):
        yield from _pairs(printed, first, second, level)
    for base in row_slips(printed, others, level):
        yield from _row_and_number(printed, base, level)


def _surviving(texts: Texts, name: str, tried: Sequence[str], level: float) -> list[str]:
    """Return those of the strings that make the row possible in the place of one number."""
    if not tried or not _is_possible(_replaced(texts, **{name: ""}), level):
        return []
    keep = _possible(texts, {name: _ends_of_many(name, tried)}, level)
    return list(itertools.compress(tried, keep))


def _pairs(printed: Texts, first: str, second: str, level: float) -> Iterator[Candidate]:
    """Yield the repairs by one slip in each of two numbers."""
    known = {name: slips(printed[CELLS.index(name)]) for name in (first, second)}
    alone = {
        name: _surviving(_replaced(printed, **{other: ""}), name, list(known[name]), level)
        for name, other in ((first, second), (second, first))
    }
    if not alone[first] or not alone[second]:
        return
    low, high = _ends_of_many(first, alone[first])
    moved = {first: (low[:, None], high[:, None]), second: _ends_of_many(second, alone[second])}
    for i, j in np.argwhere(_possible(printed, moved, level)):
        new = {first: alone[first][i], second: alone[second][j]}
        yield Candidate(_replaced(printed, **new), (known[first][new[first]], known[second][new[second]]))


def _row_and_number(printed: Texts, base: Candidate, level: float) -> Iterator[Candidate]:
    """Yield the repairs by a slip of the row and one in a number of it."""
    for name, text in zip(CELLS, base.texts, strict=True):
        known = slips(text)
        for other in _surviving(base.texts, name, list(known), level):
            texts = _replaced(base.texts, **{name: other})
            if texts != printed:
                yield Candidate(texts, (*base.kinds, known[other]))


# Chance -------------------------------------------------------------------------------------------------------------


@cache
def _simulated(path: Path) -> dict[tuple[int, int], dict]:
    if not path.exists():
        return {}
    stored = json.loads(path.read_text(encoding="utf-8"))["chances"]
    return {(entry["places"], entry["entries"]): entry for entry in stored}


def chance(repair: Repair, path: Path = CHANCES) -> Fraction | None:
    """Return the chance that a repair singled out is an accident.

    It is the share of true rows, with as many numbers replaced by unrelated ones as the repair changes, for which the
    search singled out a repair of that cost or a smaller one: (hits + 1) / (rows + 1), which is never 0. None when no
    repair is singled out or nothing was simulated.

    Source: Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 4.2.
    """
    if repair.outcome != "unique":
        return None
    places = min(max((parse(text).places for text in repair.printed[:3] if text), default=0), 3)
    entry = _simulated(path).get((max(places, 1), len(repair.cells)))
    hits = sum(entry["unique"][: repair.cost]) if entry else 0
    return Fraction(hits + 1, entry["rows"] + 1) if entry else None
