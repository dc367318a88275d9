"""Judging printed rows of counts of two groups: n (%) against the group's size, and the p value against the counts.

Rows are strings as printed. Several rows may be the levels of one variable; their p value, printed once, then tests all
of them. A row alone is tested against the rest of its group. No verdict is worse than a ``query`` while a reading that
authors use (known patients only, another test, other handling of the digits) explains what is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.numbers.printed import Printed, parse, show, show_like
from secondlook.stats import p_of_counts, percentages
from secondlook.stats.contingency import Counts, as_counts
from secondlook.stats.p_of_counts import CUSTOMARY, HANDLED, NAMES
from secondlook.stats.readings_table import Judgement

#: Verdicts of a part of a row, worst first.
_WORST = ("inconsistent", "query", "reproduced-if", "reproduced", "coherent", "not-testable")
_FLAGS = _WORST[:3]
#: More tables are not tried for one p value whose counts are not printed.
_MOST_TABLES = 60
#: What ``p_of`` may name, with the tests that it stands for.
P_OF: dict[str, tuple[str, ...]] = {"": (), "chi2": ("pearson", "yates"), "lr": ("likelihood_ratio",)}
P_OF |= {key: (key, *filter(None, [p_of_counts.AS_2X2.get(key)])) for key in NAMES}
#: The page tries counts one by one, so that a larger study is refused.
MOST_COUNTED = 100_000


@dataclass(frozen=True)
class CountRow:
    """One printed row of two groups: counts, sizes of the groups, percentages, p; empty where nothing is printed.

    Raises
    ------
    ValueError
        With every field that is no whole number, or no number.
    """

    n_1: str = ""
    size_1: str = ""
    n_2: str = ""
    size_2: str = ""
    pct_1: str = ""
    pct_2: str = ""
    p: str = ""

    def __post_init__(self) -> None:
        problems = [problem for name, text in vars(self).items() if text and (problem := _unfit(name, text))]
        if problems:
            raise ValueError("; ".join(problems))

    def group(self, number: int) -> CountCell:
        """Return what is printed of the first or the second group."""
        n, size, pct = (getattr(self, f"{name}_{number}") for name in ("n", "size", "pct"))
        return CountCell(int(n) if n else None, int(size) if size else None, parse(pct) if pct else None)


def _unfit(name: str, text: str) -> str:
    """Say what is wrong with a field; nothing when it can be judged."""
    try:
        number = parse(text)
    except ValueError as error:
        return f"{name}: {error}"
    if name.startswith(("n_", "size_")) and not number.is_whole:
        return f"{name}: {text!r} is not a whole number"
    if name.startswith(("n_", "size_")) and number.value > MOST_COUNTED:
        return f"{name}: {text} is more than {MOST_COUNTED} patients"
    return f"{name}: a group of nobody" if name.startswith("size_") and not number.value else ""


@dataclass(frozen=True)
class CountCell:
    """Count, size of the group and percentage, as far as they are printed."""

    n: int | None
    size: int | None
    pct: Printed | None

    @property
    def counts(self) -> list[int]:
        """The count, or without one every count that the percentage allows."""
        if self.n is not None:
            return [self.n]
        return percentages.other_counts(self.pct, self.size) if self.pct and self.size else []


@dataclass(frozen=True)
class Part:
    """What is said of one percentage or p value of a row."""

    verdict: str
    reason: str
    reading: str = ""
    chance: Fraction | None = None
    repair: str = ""


def judge_counts(
    n_1: str = "", size_1: str = "", n_2: str = "", size_2: str = "", pct_1: str = "", pct_2: str = "", p: str = "",
    p_of: str = "",
) -> Judgement:  # fmt: skip
    """Return what is said of one printed row; see :func:`judge_levels`."""
    return judge_levels([CountRow(n_1, size_1, n_2, size_2, pct_1, pct_2, p)], p_of)[0]


def judge_levels(rows: Sequence[CountRow], p_of: str = "") -> list[Judgement]:
    """Return what is said of each of the rows of one variable, in the same order.

    Parameters
    ----------
    rows : sequence of CountRow
        One row, tested against the rest of its group, or the levels of one variable in order.
    p_of : str
        The test that p is of, a key of :data:`P_OF`; empty when not said: Pearson's or Fisher's is then reproduced.

    Raises
    ------
    ValueError
        For no rows, or another test.
    """
    if not rows:
        raise ValueError("no rows to judge")
    if p_of not in P_OF:
        raise ValueError(f"unknown p_of {p_of!r}: one of {', '.join(filter(None, P_OF))}")
    tests = P_OF[p_of] or CUSTOMARY
    return [_judged(row, rows, tests) for row in rows]


def _judged(row: CountRow, rows: Sequence[CountRow], tests: Sequence[str]) -> Judgement:
    """Return what is said of one row, after its percentages and p have been looked at together."""
    parts = {f"pct_{i}": _made_up(row, rows, i) or _percentage(row.group(i), _known(rows, i)) for i in (1, 2)}
    parts["p"] = _p_value(row, rows, tests)
    parts = {field: part for field, part in parts.items() if part}
    wrong = [field for field, part in parts.items() if part.verdict in ("inconsistent", "query")]
    if len(wrong) == 2 and wrong[1] == "p":
        parts |= _other_count(row, rows, tests, int(wrong[0][-1]))
    return _together(row, parts)


def _together(row: CountRow, parts: dict[str, Part]) -> Judgement:
    """Return one judgement: the worst of the parts, with the reasons of all that are no better than reproduced-if."""
    read_as = " and ".join(_written(row.group(i)) for i in (1, 2)) + (f", p {row.p}" if row.p else "")
    if not parts:
        reason = "No percentage stands beside its count and the size of its group, and no p value beside counts."
        return Judgement(read_as, "not-testable", "", None, reason, "")
    worst = min((part.verdict for part in parts.values()), key=_WORST.index)
    flagged = [part for part in parts.values() if part.verdict in _FLAGS] or list(parts.values())
    chances = [part.chance for part in flagged if part.verdict == worst and part.chance is not None]
    return Judgement(
        read_as,
        worst,
        "; ".join(dict.fromkeys(part.reading for part in flagged if part.reading)),
        max(chances, default=None),
        " ".join(part.reason for part in flagged),
        "; ".join(part.repair for part in flagged if part.repair),
    )


def _written(cell: CountCell) -> str:
    count = "?" if cell.n is None else str(cell.n)
    return f"{count} of {cell.size or '?'}" + (f" ({cell.pct.text} %)" if cell.pct else "")


# Percentages --------------------------------------------------------------------------------------------------------


def _known(rows: Sequence[CountRow], group: int) -> int | None:
    """Return how many patients of a group the levels add up to; None for one row or where a count is missing."""
    counts = [row.group(group).n for row in rows]
    return None if len(counts) < 2 or None in counts else sum(counts)


def _percentage(cell: CountCell, known: int | None) -> Part | None:
    if cell.n is not None and cell.size and cell.n > cell.size:
        return Part("inconsistent", f"{cell.n} of {cell.size} is more than everyone.")
    if not cell.pct or not cell.size:
        return None
    if cell.n is None:
        return _without_count(cell)
    how = percentages.handled(cell.pct, cell.n, cell.size)
    exact = percentages.share(cell.n, cell.size)
    said = f"{cell.n} of {cell.size} is {show(exact, cell.pct.places)} %"
    if how == "rounded":
        return Part("reproduced", f"{said}.")
    if how:
        chance = percentages.chance(cell.pct, [exact])
        return Part("reproduced-if", f"{said}; {HANDLED[how]} it is {cell.pct.text} %.", HANDLED[how], chance)
    return _of_known(cell, known, said) or _wrong_percentage(cell, said)


def _made_up(row: CountRow, rows: Sequence[CountRow], group: int) -> Part | None:
    """Judge a percentage that is 100 less those of the other levels of everyone, and not its own share rounded."""
    cell, others = row.group(group), [each.group(group) for each in rows if each is not row]
    if not cell.pct or not cell.size or _known(rows, group) != cell.size:
        return None
    printed = [(other.pct, other.n, other.size) for other in others if other.pct and other.size]
    if percentages.handled(cell.pct, cell.n, cell.size) or len(printed) < len(others):
        return None
    if not percentages.made_up(cell.pct, printed):
        return None
    exact = percentages.share(cell.n, cell.size)
    reason = f"{cell.n} of {cell.size} is {show(exact, cell.pct.places)} %; {cell.pct.text} % is 100 less the others."
    chance = percentages.chance(cell.pct, [exact, cell.pct.value])
    return Part("reproduced-if", reason, "made up to 100 %", chance)


def _without_count(cell: CountCell) -> Part:
    """Judge a percentage alone: can any number of patients print it (Brown and Heathers 2017)?"""
    said = f"{cell.pct.text} % of {cell.size} patients"
    if cell.counts:
        return Part("coherent", f"{said} is {' or '.join(map(str, cell.counts[:3]))} of them.")
    if any(percentages.handled(cell.pct, n, cell.size) for n in range(cell.size + 1)):
        return Part("query", f"{said} is a whole number of them only with its digits cut off or rounded twice.")
    return Part("query", f"{said} is no whole number of them; it may be of fewer, whose values are known.")


def _of_known(cell: CountCell, known: int | None, said: str) -> Part | None:
    """Judge a percentage by the patients whose value is known, where the levels leave room for unknown ones."""
    if known is not None and known >= cell.size:
        return None
    if known and cell.pct.matches(percentages.share(cell.n, known)):
        chance = percentages.chance(cell.pct, [percentages.share(cell.n, size) for size in (cell.size, known)])
        reason = f"{said}, and {cell.pct.text} % of the {known} that the levels add up to."
        return Part("reproduced-if", reason, f"known patients only ({known} of {cell.size})", chance)
    sizes = percentages.known_sizes(cell.pct, cell.n, cell.size)
    if not sizes:
        return None
    chance = percentages.chance(cell.pct, [percentages.share(cell.n, size) for size in range(sizes[0], cell.size)])
    return Part("query", f"{said}; {cell.pct.text} % would be of {sizes[-1]}, if the others are not known.", "", chance)


def _wrong_percentage(cell: CountCell, said: str) -> Part:
    counts = percentages.other_counts(cell.pct, cell.size)
    if counts:
        ways = " or ".join(map(str, counts))
        return Part("inconsistent", f"{said}, and {cell.pct.text} % is printed, which is {ways} of {cell.size}.")
    shown = show(percentages.share(cell.n, cell.size), cell.pct.places)
    reason = f"{said}, and {cell.pct.text} % is printed, which is no number of {cell.size}."
    return Part("inconsistent", reason, repair=f"{shown} % for {cell.pct.text} %")


# P values -----------------------------------------------------------------------------------------------------------


def _p_value(row: CountRow, rows: Sequence[CountRow], tests: Sequence[str]) -> Part | None:
    if not row.p:
        return None
    printed, tables = parse(row.p), _tables(row, rows)
    if not p_of_counts.is_possible(printed):
        return Part("inconsistent", f"A p value lies between 0 and 1, and {printed.text} is printed.")
    if not tables:
        return Part("not-testable", "The p value stands beside no counts that make a table.")
    if len(tables) > _MOST_TABLES:
        return Part("not-testable", "The percentages leave too many counts possible for p to be tested.")
    counted = len(tables) == 1 or None not in (row.group(1).n, row.group(2).n)
    usual = p_of_counts.readings(tables[0], printed, tests, ["rounded"]) if counted else []
    if usual:
        return Part("reproduced", f"{usual[0].name} gives {printed.text}.")
    found = [reading for table in tables for reading in p_of_counts.readings(table, printed)]
    if found:
        names = list({reading.test: reading.name for reading in reversed(found)}.values())[::-1]
        chance = p_of_counts.chance(tables, printed)
        return Part("reproduced-if", f"{' or '.join(names)} gives {printed.text}.", names[0], chance)
    return _wrong_p(tables[0], printed, tests)


def _wrong_p(table: Counts, printed: Printed, tests: Sequence[str]) -> Part:
    values = p_of_counts.p_values(table)
    said = ", ".join(f"{NAMES[test]} gives {show_like(values[test], printed)}" for test in tests if test in values)
    if not p_of_counts.is_complete(table):
        return Part("query", f"{said}, and {printed.text} is printed; of so many counts no exact test was computed.")
    reason = f"{said}, and {printed.text} is printed, which no other test gives."
    tried = list(p_of_counts.transformed(table, printed, tests))
    hits = {true: what for text, what, true in tried if text == printed.text}
    if len(hits) != 1:
        return Part("inconsistent", reason)
    [(true, what)] = hits.items()
    chance = p_of_counts.chance_of_strings({text for text, _, _ in tried}, printed)
    return Part("inconsistent", f"{reason} It is {what} ({true}).", "", chance, f"p {true} for {printed.text}")


def _tables(row: CountRow, rows: Sequence[CountRow]) -> list[Counts]:
    """Return the tables of counts that a row's p may test, the likeliest first.

    The levels of the variable, with or without the patients of no printed level, where only this row prints a p value;
    and this row against the rest.
    """
    levels = [(each.group(1).n, each.group(2).n) for each in rows]
    found = []
    if len(rows) > 1 and sum(bool(each.p) for each in rows) == 1 and not any(None in pair for pair in levels):
        rest = [_rest(row, group, sum(column)) for group, column in zip((1, 2), zip(*levels, strict=True), strict=True)]
        found.append(levels)
        found += [[*levels, tuple(rest)]] if None not in rest and any(rest) else []
    first, second = row.group(1), row.group(2)
    for n_1 in first.counts:
        for n_2 in second.counts:
            rest = (_rest(row, 1, n_1), _rest(row, 2, n_2))
            found += [[(n_1, n_2), rest]] if None not in rest else []
    return [as_counts(table) for table in found]


def _rest(row: CountRow, group: int, n: int) -> int | None:
    """Return how many of a group are not among n; None where its size is not printed or is smaller."""
    size = row.group(group).size
    return size - n if size and size >= n else None


def _other_count(row: CountRow, rows: Sequence[CountRow], tests: Sequence[str], group: int) -> dict[str, Part]:
    """Return new parts where exactly one other count of a group prints both its percentage and p."""
    cell, printed, fitting = row.group(group), parse(row.p), []
    if cell.n is None or not p_of_counts.is_possible(printed):
        return {}
    for n in percentages.other_counts(cell.pct, cell.size):
        changed = replace(row, **{f"n_{group}": str(n)})
        others = [changed if each is row else each for each in rows]
        tables = _tables(changed, others)
        if _known(others, group) in (None, cell.size) and tables:
            fitting += [n] if p_of_counts.readings(tables[0], printed, tests, ["rounded"]) else []
    if len(fitting) != 1:
        return {}
    both = percentages.possible_strings(cell.pct) * p_of_counts.possible_strings(printed)
    reason = (
        f"{fitting[0]} of {cell.size} would be {cell.pct.text} % and give p {printed.text}; {cell.n} gives neither."
    )
    chance = min(Fraction((cell.size + 1) * len(tests), both), Fraction(1))
    repair = f"{fitting[0]} for {cell.n}"
    return {
        f"pct_{group}": Part("inconsistent", reason, "", chance, repair),
        "p": Part("coherent", f"{printed.text} agrees with the percentages."),
    }
