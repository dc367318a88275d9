"""A table's reading: by which method do its rows say that they were made, and what follows for each of them?

Where nothing is said, each reading of :mod:`secondlook.stats.readings` is weighed by all rows of the table (Bayes).
Under Wald's a row holds, or is a slip (rare). Under a looser one it prints what it prints with the chance that rounding
leaves, over the spread of numbers that the method could have given; so that many rows that fit Wald's model more
closely than another needs speak for it, and some that it cannot print against it. Mixtures of Wald's and one other
reading, and "none of these", are weighed too. A row that no reading with any weight left explains is flagged; one that
may well be right under another is not. Where the table is made by one of the looser methods, whichever of them explains
a row excuses it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.numbers.in_words import capital
from secondlook.numbers.printed import Printed
from secondlook.stats import repairs
from secondlook.stats.readings import (
    CONSTANTS,
    PrintedRow,
    RowReading,
    explains,
    off_centre,
    p_ranges,
    readings_for,
    shape,
)
from secondlook.stats.wald import CELLS, Line, is_ordered

#: Numbers of a row that must be printed before two unknowns, log ratio and SE, can be over-determined.
ENOUGH = 3
#: So many rows must show a reading before the others are judged by it.
SHOWN_BY = 3
#: How reasons name the numbers of a row.
WORDS = {"hr": "the ratio", "lower": "the lower limit", "upper": "the upper limit", "p": "p"}
#: Kinds of interval of which the centre may lie off the ratio.
_LOOSE = ("profile", "free")
#: Shares of the rows that the other reading of a mixture makes.
_SHARES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Judgement:
    """What is said of one row.

    Attributes
    ----------
    read_as : str
        The row as it was read.
    verdict : str
        ``coherent``, ``reproduced-if``, ``inconsistent``, ``decision``, ``query`` or ``not-testable``.
    reading : str
        The reading by which it was judged, in words.
    chance : Fraction or None
        For ``reproduced-if``, the chance that a random value in its place would have been matched; for a repair, that
        of finding one by accident.
    reason, repair : str
    by : RowReading or None
        The reading itself.
    """

    read_as: str
    verdict: str
    reading: str
    chance: Fraction | None
    reason: str
    repair: str
    by: RowReading | None = None


@dataclass(frozen=True)
class TableJudgement:
    """What is said of a table: the reading that holds, why, one judgement a row, and whether Wald's can hold."""

    reading: str
    reason: str
    rows: tuple[Judgement, ...]
    is_wald: bool = True


# Rows ----------------------------------------------------------------------------------------------------------------


def ordered(line: Line) -> tuple[Line, bool]:
    """Return the row with its limits in order, and whether they were printed in reverse."""
    if line.lower and line.upper and line.lower.value > line.upper.value:
        return replace(line, lower=line.upper, upper=line.lower), True
    return line, False


def no_such_row(row: PrintedRow) -> str:
    """Return why a row is none that these readings are of; empty for one that is."""
    if row.interval in CONSTANTS["no such interval"]:
        return f"{row.interval} limits are no confidence limits; nothing follows for the ratio"
    if set(re.findall(r"[a-z]+", row.measure.lower())) & set(CONSTANTS["no such measure"]):
        return f"{row.measure} is no ratio"
    if row.line.hr and (row.line.hr.value < 0 or any(n and n.value < 0 for n in (row.line.lower, row.line.upper))):
        return "a ratio is never below 0: this is a difference or a coefficient"
    return ""


def _usable(row: PrintedRow) -> Line:
    """Return the numbers that belong together: not the p of another hypothesis."""
    return row.line.without("p") if row.p_of in CONSTANTS["no such p"] else row.line


def _width(number: Printed | None, by: float = 0.0) -> float:
    """Return the rounding width of a number, in log for a ratio (`by` is 0) or as it is."""
    if number is None or number.bound or number.value <= 0:
        return math.inf
    return float(number.unit) / (by or float(number.value))


def density(line: Line, reading: RowReading) -> float:
    """Return how likely a row that a method made prints these numbers, beside one of which two numbers make all others.

    The room that rounding leaves, over the spread that the method gives for slopes c between −1/2 and 1/2 (see
    :mod:`secondlook.stats.readings`); 1 for readings without such a spread.
    """
    if reading.is_wald:
        return 0.2 if reading.digits == "some cut" else 1.0
    found, chance = shape(line, reading.level), 1.0
    if not math.isfinite(found.half):
        return 1.0
    centre = _width(line.hr) + (_width(line.lower) + _width(line.upper)) / 2
    spread = {"profile": found.half**2 / 6, "free": CONSTANTS["off centre"] * found.half}.get(reading.interval, 0.0)
    if spread:
        chance = min(1.0, centre / spread)
    if line.p is None or line.p.bound or not 0 < line.p.value < 1 or (reading.p_of == "wald" and not spread):
        return 0.5 * chance if reading.interval == "simultaneous" else chance
    z = found.b / found.s
    density = max(1e-300, 2 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
    room = float(line.p.unit) / density + _width(line.hr) / found.s + z * centre / found.half
    moved = {"lr": z * found.b / 6, "score": z * found.b**2 / 12, "exact": found.s / 4, "adjusted": z / 4}
    spread = moved.get(reading.p_of, 0.0)
    return chance * min(1.0, room / spread) if spread else chance


# The weight of each reading -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hypothesis:
    """A way in which the whole table may have been made: one reading, a mixture with Wald's, or none of them."""

    readings: tuple[RowReading, ...]
    weight: float

    def explains(self, line: Line) -> bool:
        """Return True when one of its readings makes the row; "none of these" makes any row that is in order."""
        return not self.readings or any(explains(line, reading) for reading in self.readings)


def _weights(lines: Sequence[Line], candidates: Sequence[RowReading], stated: bool) -> list[Hypothesis]:
    """Return the hypotheses with their posterior weights, the heaviest first."""
    wald = candidates[0]
    slip = math.log(CONSTANTS["slip"] * CONSTANTS["any number"])
    holds = {line: explains(line, wald) for line in lines}
    logs: list[tuple[tuple[RowReading, ...], float]] = []

    def of(line: Line, reading: RowReading) -> float | None:
        """Return the log-likelihood of a row under a reading; None when only a slip would print it."""
        if not explains(line, reading):
            return None
        # A row that Wald's cannot print is no likelier to be a slip than to be made by a method that can print it.
        return math.log(density(line, reading) if holds[line] else max(density(line, reading), CONSTANTS["any number"]))

    for reading in candidates:
        total = sum(slip if (each := of(line, reading)) is None else each for line in lines)
        logs.append(((reading,), math.log(reading.prior) + total))
        if reading != wald:
            mixed = []
            for share in _SHARES:
                parts = (
                    (1 - share) * (1.0 if holds[line] else math.exp(slip))
                    + share * math.exp(slip if (each := of(line, reading)) is None else each)
                    for line in lines
                )
                mixed.append(sum(map(math.log, parts)))
            prior = math.log(CONSTANTS["mixture prior"] * reading.prior / (1 - CONSTANTS["wald prior"]))
            logs.append(((wald, reading), prior + _log_mean(mixed)))
    if not stated:
        logs.append(((), math.log(CONSTANTS["unknown prior"]) + len(lines) * math.log(CONSTANTS["unknown row"])))
    most = max(log for _, log in logs)
    total = sum(math.exp(log - most) for _, log in logs)
    found = [Hypothesis(readings, math.exp(log - most) / total) for readings, log in logs]
    return sorted(found, key=lambda h: -h.weight)


def _log_mean(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(log - most) for log in logs) / len(logs))


# A table --------------------------------------------------------------------------------------------------------------


def judge_table(rows: Sequence[PrintedRow], declared: PrintedRow | None = None, mend: bool = True) -> TableJudgement:
    """Judge the rows of one table, each by the readings that what is said of it and the rows beside it leave open.

    Parameters
    ----------
    rows : sequence of PrintedRow
        In the order in which they are printed.
    declared : PrintedRow, optional
        What the paper says of all of them (its level, sides, interval, p_of and digits); a row's own words come first.
    mend : bool
        Whether to look for repairs.

    Returns
    -------
    TableJudgement
        With one judgement for each row, in the same order.

    Examples
    --------
    >>> from secondlook.stats.wald import as_line
    >>> found = judge_table([PrintedRow(as_line("1.30", "1.03", "1.64", "0.026"))])
    >>> found.rows[0].verdict
    'coherent'
    """
    rows = [_with(row, declared) for row in rows]
    groups: dict[tuple, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(row.making, []).append(place)
    judged: dict[int, Judgement] = {}
    made = []
    for places in groups.values():
        group = _Group([rows[place] for place in places], mend)
        made.append(group)
        judged.update(zip(places, group.judgements(), strict=True))
    if not made:
        return TableJudgement("", "no rows", ())
    most = max(made, key=lambda group: len(group.rows))
    return TableJudgement(
        most.reading, most.reason, tuple(judged[i] for i in range(len(rows))), all(group.is_wald for group in made)
    )


def _with(row: PrintedRow, declared: PrintedRow | None) -> PrintedRow:
    if declared is None:
        return row
    names = ("level", "sides", "interval", "p_of", "digits")
    return replace(row, **{name: getattr(row, name) or getattr(declared, name) for name in names})


#: Stands for a reading that is none of those known.
_UNKNOWN = RowReading("unknown", "free", "exact", 0.0, "none of the known readings")


class _Group:
    """Rows of one making."""

    def __init__(self, rows: Sequence[PrintedRow], mend: bool) -> None:
        self.rows, self.mend = rows, mend
        self.lines = [ordered(_usable(row)) for row in rows]
        first = rows[0]
        self.stated = bool(first.interval and first.p_of)
        self.candidates = readings_for(first)
        tested = [
            line
            for row, (line, _) in zip(rows, self.lines, strict=True)
            if not no_such_row(row) and len(line.given) >= ENOUGH and is_ordered(line)
        ]
        self.hypotheses = _weights(tested, self.candidates, self.stated)
        self.best = self.hypotheses[0]
        shown = self.shown = sum(not explains(line, self.candidates[0]) for line in tested)
        #: True when enough rows say that two numbers make each of them: then no method's slack excuses one.
        self.is_sharp = len(tested) > SHOWN_BY and all(reading.is_wald for reading in self.best.readings or [_UNKNOWN])
        #: True where enough rows cannot be Wald's: then a covariate in its own units may be skewed, too.
        self.other_making = not self.is_sharp and shown >= SHOWN_BY
        #: False where enough rows show that another method made them.
        self.is_wald = self.stated or shown < SHOWN_BY or self.candidates[0] in self.best.readings
        self.reading = " or ".join(reading.says for reading in self.best.readings) or "none of the known readings"
        self.reason = self._why(tested, shown)

    def _why(self, tested: Sequence[Line], shown: int) -> str:
        if not tested:
            return "no row prints enough numbers to tell"
        if self.stated or len(self.candidates) == 1:
            return f"stated: {self.candidates[0].says}"
        wald = self.candidates[0]
        if self.best.readings and self.best.readings[0] == wald and len(self.best.readings) == 1:
            return f"{len(tested) - shown} of {len(tested)} rows are printed by: {wald.says}"
        return f"this table is not printed by {wald.says}: {shown} of {len(tested)} rows show it"

    def judgements(self) -> list[Judgement]:
        """Return one judgement a row."""
        return [
            self._judge(place, row, line, reverse)
            for place, (row, (line, reverse)) in enumerate(zip(self.rows, self.lines, strict=True))
        ]

    def _judge(self, place: int, row: PrintedRow, line: Line, reverse: bool) -> Judgement:
        read_as = str(line)
        said = {"read_as": read_as, "reading": "", "chance": None, "repair": ""}
        if reason := no_such_row(row):
            return Judgement(**said, verdict="not-testable", reason=reason)
        if line.p and (line.p.value > 1 or line.p.value < 0) and line.p.bound not in (">", "≥"):
            return self._flagged(place, line, f"p is printed {line.p.text}: no probability is.")
        if not is_ordered(line):
            return self._flagged(place, line, "The ratio does not lie between its limits.")
        if len(line.given) < ENOUGH:
            return Judgement(
                **said, verdict="not-testable", reason="too few numbers are printed to hold one against another"
            )
        note = " The limits are printed in reverse." if reverse else ""
        wald = self.candidates[0]
        if explains(line, wald):
            return Judgement(
                **said | {"reading": wald.says, "by": wald},
                verdict="coherent",
                reason=f"One log ratio and its standard error print all of it.{note}",
            )
        return self._otherwise(place, line, said, note)

    def _otherwise(self, place: int, line: Line, said: dict, note: str) -> Judgement:
        """Judge a row that the first reading does not explain."""
        able = [h for h in self.hypotheses if h.explains(line)]
        weight = sum(h.weight for h in able)
        reading = next((r for h in able for r in h.readings if explains(line, r)), None)
        if reading is None and self.other_making and any(explains(line, r, wide=True) for r in self.candidates):
            reason = f"Farther off than such tables show, but for a covariate that is skewed in its own units.{note}"
            return Judgement(**said | {"reading": self.reading}, verdict="query", reason=reason)
        says = reading.says if reading else "a method that is not known here"
        said = said | {"reading": says, "by": reading}
        if reading and self._is_named(reading):
            return Judgement(**said, verdict="coherent", reason=f"So the table's rows are printed: {says}.{note}")
        if reading and (contrary := self._contradicts(line, able)):
            reason = f"{_contrary(contrary, line).lstrip()} Possible, but not with an interval by Wald: {says}.{note}"
            return Judgement(**said, verdict="query", reason=reason)
        if weight >= CONSTANTS["query below"] or (reading and not self.is_sharp):
            if (
                reading is None
                or not explains(line, reading)
                or (reading.interval in _LOOSE and self.best.weight < CONSTANTS["named above"])
            ):
                reason = f"Not made by Wald's method, and nothing tells which other it is; {says} can print it.{note}"
                return Judgement(**said, verdict="not-testable", reason=reason)
            if reading.interval == "free":
                reason = (
                    f"As the table's rows are made ({says}), which does not say which numbers belong together.{note}"
                )
                return Judgement(**said, verdict="not-testable", reason=reason)
            chance, reason = self._chance(line), f"Only as {says}.{note}"
            return Judgement(**said | {"chance": chance}, verdict="reproduced-if", reason=reason)
        if weight >= CONSTANTS["accuse below"]:
            reason = f"The rows beside it are printed by {self.candidates[0].says}; this one only by {says}.{note}"
            return Judgement(**said, verdict="query", reason=reason)
        if not self.stated and explains(line, self.candidates[0], roughly=True):
            reason = f"Off by so little that it may have been rounded twice, inverted or worked out by hand.{note}"
            return Judgement(
                **said | {"reading": self.candidates[0].says, "by": self.candidates[0]}, verdict="query", reason=reason
            )
        return self._flagged(place, line, f"No admissible reading prints it.{note}")

    def _contradicts(self, line: Line, able: Sequence[Hypothesis]) -> int:
        """Say as :func:`interval_against_p` whether p contradicts an interval that is likely Wald's; 0 if it need not.

        A p of another test lies as near Wald's interval as is derived. Where that does not do, only an interval of
        another making remains, which neither the text nor the rows beside it speak for.
        """
        if self.stated or self.is_sharp or self.other_making:
            return 0
        if any(r.interval == "wald" and explains(line, r) for h in able for r in h.readings):
            return 0
        return interval_against_p(line, self.candidates[0].level)

    def _is_named(self, reading: RowReading) -> bool:
        """Return True when a reading is stated, or when enough other rows show it and leave Wald's no weight."""
        if len(self.candidates) == 1:
            return True
        if reading.interval == "free" or self.shown <= SHOWN_BY:
            return False
        others = sum(
            h.weight for h in self.hypotheses if any(not r.is_wald or r != self.candidates[0] for r in h.readings)
        )
        return others >= CONSTANTS["named above"] and reading in self.best.readings

    def _chance(self, line: Line) -> Fraction:
        """Return the chance that a random p, or a random ratio between the limits, would have been explained."""
        if line.p and not line.p.bound:
            ranges = sorted(r for reading in self.candidates for r in p_ranges(line, reading))
            if ranges:
                return _covered(ranges, line.p)
        share = max(off_centre(shape(line, reading.level), reading) for reading in self.candidates)
        return Fraction(max(1, round(100 * min(1.0, share))), 100)

    def _flagged(self, place: int, line: Line, reason: str) -> Judgement:
        reading = self.best.readings[0] if self.best.readings else self.candidates[0]
        contrary = 0 if reading.interval == "free" else interval_against_p(line, reading.level, reading.sides)
        if contrary:
            reason += _contrary(contrary, line)
        repair, chance = "", None
        if reading.is_wald and reading.digits == "rounded" and reading.sides == 2 and self.mend:
            beside = [self.lines[i][0] for i in (place - 1, place + 1) if 0 <= i < len(self.lines)]
            name, source = repairs.copied(line, beside, reading.level)
            found = repairs.search(_usable(self.rows[place]), beside, reading.level)
            if name:
                where = "the number beside it in the next row" if source not in CELLS else WORDS[source]
                reason += f" {capital(WORDS[name])} repeats {where}."
            elif found.line:
                repair, chance = str(found.line), repairs.chance(found)
        verdict = "decision" if contrary else "inconsistent"
        return Judgement(str(line), verdict, reading.says, chance, reason, repair, reading)


def _covered(ranges: Sequence[tuple[float, float]], p: Printed) -> Fraction:
    """Return the share of the p values with as many decimals that lie in some of the ranges."""
    steps, last, count = int(1 / p.unit), -1, 0
    for low, high in ranges:
        first = max(last + 1, math.floor(low * steps + 0.5))
        until = min(steps, math.floor(high * steps + 0.5))
        count += max(0, until - first + 1)
        last = max(last, until)
    return Fraction(count, steps + 1)


def _contrary(contrary: int, line: Line) -> str:
    return f" The interval {'excludes' if contrary > 0 else 'covers'} 1, while p is {line.p.text}."


def interval_against_p(line: Line, level: float = 0.95, sides: int = 2) -> int:
    """Return 1 when the interval excludes 1 and p says the contrary, −1 when it covers 1 and p says so, else 0.

    Examples
    --------
    >>> from secondlook.stats.wald import as_line
    >>> interval_against_p(as_line("1.50", "1.10", "2.05", "0.12"))
    1
    >>> interval_against_p(as_line("1.50", "0.90", "2.05", "0.01"))
    -1
    """
    if line.p is None or line.lower is None or line.upper is None:
        return 0
    alpha = Fraction(str(round(1 - level, 6))) / (3 - sides)
    p, low, high = line.p.stands_for(), line.lower.stands_for(), line.upper.stands_for()
    below = p.high < alpha or (p.high == alpha and p.high_open)
    above = p.low > alpha or (p.low == alpha and p.low_open)
    if above and low.low <= high.high and (low.low > 1 or high.high < 1):
        return 1
    return -1 if below and low.high < 1 < high.low else 0
