"""Rows as copied out of papers, each with a verdict: what ``secondlook check`` and *Paste your own* say.

Nothing of a paper is known here: only the numbers of a row, what its line says of them, and the rows beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.numbers.in_words import capital
from secondlook.numbers.lines import ReadLine
from secondlook.numbers.printed import parse
from secondlook.stats.contingency import as_counts
from secondlook.stats.count_readings import P_OF, judge_counts
from secondlook.stats.p_of_counts import NAMES, as_probability, chance_of_strings, p_values, prints, strings
from secondlook.stats.readings import KINDS, PrintedRow
from secondlook.stats.readings_table import Judgement, judge_table
from secondlook.stats.wald import Line

#: What a row of counts is judged by.
COUNTS = ("n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2", "p")


@dataclass(frozen=True)
class Checked:
    """One row with its verdict; the names are the columns of the answer.

    Attributes
    ----------
    line : int
        Its line in the input, from 1.
    table : str
        Rows of one table carry the same name; empty for a row that stands by itself.
    label, read_as : str
    verdict : str
        As in the ledger, or ``unread``.
    reading : str
        How the row was taken to be made.
    chance : Fraction or None
        That a random value would have been explained too, or that a repair turns up by accident.
    reason, repair : str
    """

    line: int
    table: str
    label: str
    read_as: str
    verdict: str
    reading: str = ""
    chance: Fraction | None = None
    reason: str = ""
    repair: str = ""


@dataclass(frozen=True)
class TableSaid:
    """What is said of a table: how its rows say that they were made, and how many they are."""

    table: str
    rows: int
    reading: str
    reason: str


def check_lines(reads: Iterable[ReadLine]) -> tuple[list[Checked], list[TableSaid]]:
    """Judge lines that were read; rows of one table are judged together.

    Returns
    -------
    list of Checked, list of TableSaid
        In the order of the lines, and one for each table of more than one row.

    Examples
    --------
    >>> from secondlook.numbers.lines import read_lines
    >>> [row], _ = check_lines(read_lines("HR 1.20 (95% CI 0.80–1.80), p = NS"))
    >>> row.verdict
    'coherent'
    """
    reads = list(reads)
    tables: dict[str, list[int]] = {}
    for place, read in enumerate(reads):
        if read.kind == "ratio":
            tables.setdefault(read.table or f" {place}", []).append(place)
    judged: dict[int, Judgement] = {}
    said = []
    for name, places in tables.items():
        found = judge_table([printed_row(reads[place]) for place in places])
        judged.update(zip(places, found.rows, strict=True))
        if len(places) > 1:
            said.append(TableSaid(name, len(places), found.reading, found.reason))
    return [_checked(read, judged.get(place)) for place, read in enumerate(reads)], said


def printed_row(read: ReadLine) -> PrintedRow:
    """Return a line of a ratio as the row that is judged; what the judges do not know is left unsaid.

    The p of a test that is none of the ratio (Gray's, McNemar's) is left out.
    """
    said = read.fields
    numbers = {name: parse(said[name]) for name in ("ratio", "lower", "upper") if said.get(name)}
    p = as_probability(parse(said["p"])) if said.get("p") and not _is_foreign(said) else None
    return PrintedRow(
        line=Line(numbers.get("ratio"), numbers.get("lower"), numbers.get("upper"), p),
        label=said.get("label", ""),
        measure=said.get("measure", ""),
        level=level_of(said["level"]) if said.get("level") else None,
        sides=int(said["sides"]) if said.get("sides") else None,
        **{name: said.get(name, "") if said.get(name) in known else "" for name, known in KINDS.items()},
    )


def _is_foreign(said: dict[str, str]) -> bool:
    return bool(said.get("p_of")) and said["p_of"] not in KINDS["p_of"]


def level_of(text: str) -> float:
    """Return a level printed as a fraction or as a percentage: 0.975 for ``0.975`` and for ``97.5``.

    Raises
    ------
    ValueError
        When it is no number between 0 and 1, or 50 and 100.
    """
    value = parse(text.rstrip("% ")).value
    value = value / 100 if value > 1 else value
    if not Fraction(1, 2) <= value < 1:
        raise ValueError(f"a level of {text!r}: expected 0.95, 95 or the like")
    return float(value)


def _checked(read: ReadLine, judged: Judgement | None) -> Checked:
    if read.kind == "counts":
        judged = _judge_counts(read.fields)
    place = (read.line, read.table, read.fields.get("label", ""))
    notes = [f"{capital(note)}." for note in read.notes]
    if judged is None:
        verdict = "unread" if read.kind == "unread" else "not-testable"
        pieces = f": {', '.join(read.unexplained)}" if read.unexplained else ""
        return Checked(*place, "", verdict, reason=_sentences([f"{capital(read.reason)}{pieces}.", *notes]))
    foreign = read.kind == "ratio" and read.fields.get("p") and _is_foreign(read.fields)
    notes += [f"Left out: a p of another kind ({read.fields['p_of']})."] if foreign else []
    return Checked(
        *place,
        read_as=_as_read(read, judged),
        verdict=judged.verdict,
        reading=judged.reading,
        chance=judged.chance,
        reason=_sentences([judged.reason, *notes]),
        repair=judged.repair,
    )


def _judge_counts(said: dict[str, str]) -> Judgement:
    texts = {name: said.get(name, "") for name in COUNTS}
    if texts["p"]:
        texts["p"] = as_probability(parse(texts["p"])).text
    p_of = said.get("p_of", "") if said.get("p_of") in P_OF else ""
    judged = judge_counts(**texts, p_of=p_of)
    return (
        _one_sided(judged, texts)
        if said.get("sides") == "1" and judged.verdict in ("inconsistent", "query")
        else judged
    )


def _one_sided(judged: Judgement, texts: dict[str, str]) -> Judgement:
    """Return the judgement when p is said to be one-sided: half of a two-sided p may be meant."""
    a, first, c, second = (int(texts[name] or 0) for name in COUNTS[:4])
    if not texts["p"] or not 0 <= a <= first or not 0 <= c <= second or not first or not second:
        return judged
    printed, values = parse(texts["p"]), p_values(as_counts([(a, c), (first - a, second - c)]))
    halves = {key: Fraction(value) / 2 for key, value in values.items()}
    hits = [NAMES[key] for key, half in halves.items() if prints(half, printed)]
    if not hits:
        return judged
    printable = set().union(*(strings(half, printed.places) for half in halves.values()))
    reading = f"half of {hits[0]}"
    return replace(
        judged,
        verdict="reproduced-if",
        reading=reading,
        chance=chance_of_strings(printable, printed),
        reason=f"One-sided, as {reading}.",
        repair="",
    )


def _as_read(read: ReadLine, judged: Judgement) -> str:
    said = read.fields
    before = [said.get("measure", "")] if read.kind == "ratio" else []
    after = [
        f"{100 * level_of(said['level']):.4g} % interval" if said.get("level") else "",
        f"{said['interval']} interval" if said.get("interval") else "",
        {"1": "one-sided p", "2": "two-sided p"}.get(said.get("sides", ""), ""),
        f"p of {said['p_of']}" if said.get("p_of") else "",
        "further digits cut off" if said.get("digits") == "cut" else "",
    ]
    row = " ".join(part for part in (*before, judged.read_as) if part)
    return ", ".join(part for part in (row, *after) if part)


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
