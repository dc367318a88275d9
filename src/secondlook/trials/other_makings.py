"""How the audit judges rows that were not made by the model that judges them.

``python -m secondlook.trials.other_makings`` judges rows by Wald's model alone (as the audit did before it knew of
other readings) and by the reading of their table, and writes ``data/simulated/readings.json``:

- errors that journals corrected, and a public list of slips (``data/trials/errata.csv``);
- rows that others printed (``data/trials/rows.csv``): published tables, and rows that programs print in their manuals;
- tables of twelve rows that R made in many ways from simulated patients (``data/reference/makings.csv``), nothing said;
- the same tables as Wald's method prints them, one leading digit changed.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from secondlook.numbers import slips as edits
from secondlook.numbers.printed import parse, show
from secondlook.stats.readings import READINGS, PrintedRow, explains
from secondlook.stats.readings_table import judge_table
from secondlook.stats.repairs import Texts
from secondlook.stats.wald import as_line, is_ordered
from secondlook.trials.stored import as_json
from secondlook.writing import write_whole

SEED = 20261130
#: P values are printed with so many decimals.
P_PLACES = 3
#: A changed leading digit changes its number by at least this share.
LEAST_CHANGE = 0.08
#: Rows of a table, tables of each model that are measured, and copies of one with a digit changed.
ROWS, TABLES, COPIES = 12, 12, 4
_FLAGS = ("inconsistent", "decision")

Made = Mapping[str, "str | float"]
#: A model and the number of the simulated study.
Table = tuple[str, int]

# How a paper prints what a program made ------------------------------------------------------------------------------


def _wald(row: Made, level: float = 0.95) -> tuple[float, float, float]:
    z = float(ndtri((1 + level) / 2))
    return row["b"] - z * row["s"], row["b"] + z * row["s"], float(2 * ndtr(-abs(row["b"]) / row["s"]))


def _with_p(of: str) -> Callable[[Made], tuple[float, float, float]]:
    return lambda row: (*_wald(row)[:2], row[of])


def _limits(of: str, p: str = "") -> Callable[[Made], tuple[float, float, float]]:
    return lambda row: (row[f"{of}_lower"], row[f"{of}_upper"], row[p] if p else _wald(row)[2])


def _one_sided(row: Made) -> tuple[float, float, float]:
    low, high, p = _wald(row)
    return low, high, p / 2


def _several(row: Made, comparisons: int = 6) -> tuple[float, float, float]:
    """Return limits and p for the largest of so many comparisons (Šidák)."""
    low, high, p = _wald(row, 0.95 ** (1 / comparisons))
    return low, high, 1 - (1 - p) ** comparisons


#: Ways in which a table is made: log limits and p.
WAYS: dict[str, Callable[[Made], tuple[float, float, float]]] = {
    "Wald": _wald,
    "Wald, cut off": _wald,
    "Wald, one-sided p": _one_sided,
    "Wald, 90 %": lambda row: _wald(row, 0.9),
    "Wald, 99 %": lambda row: _wald(row, 0.99),
    "Wald, likelihood-ratio p": _with_p("lr"),
    "Wald, score p": _with_p("score"),
    "Wald, log-rank p": _with_p("logrank"),
    "Wald, Fisher p": _with_p("exact_p"),
    "profile, Wald p": _limits("profile"),
    "profile, likelihood-ratio p": _limits("profile", "lr"),
    "exact, exact p": _limits("exact", "exact_p"),
    "bootstrap, Wald p": _limits("boot"),
    "simultaneous, adjusted p": _several,
}


def printed(row: Made, way: str, places: int) -> Texts | None:
    """Return a row as a paper prints it that made it so; None where it was not made so, or has no finite limits."""
    low, high, p = WAYS[way](row)
    if not all(math.isfinite(x) for x in (low, high, p)) or max(abs(low), abs(high)) > 8:
        return None
    how = "truncated" if way == "Wald, cut off" else "nearest"
    ratios = tuple(show(Fraction(math.exp(x)), places, how) for x in (row["b"], low, high))
    least = f"<0.{'0' * (P_PLACES - 1)}1"
    return (*ratios, least if p < 10**-P_PLACES else show(Fraction(p), P_PLACES, how))


def made(path: Path) -> dict[Table, list[dict]]:
    """Return the rows that R made, by model and study: the rows of a table."""
    text = path.read_text(encoding="utf-8").partition("\n")[2]
    tables: dict[Table, list[dict]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        names, kind = (row.pop("model"), int(row.pop("study"))), row.pop("kind")
        numbers = {key: math.nan if value == "NA" else float(value) for key, value in row.items()}
        tables.setdefault(names, []).append({"kind": kind, **numbers})
    return tables


# Judges -------------------------------------------------------------------------------------------------------------


def by_wald(texts: Texts) -> bool:
    """Flag a row that one log ratio and its standard error cannot print: the audit before it knew of other readings."""
    line = as_line(*texts)
    return not (is_ordered(line) and explains(line, READINGS[0]))


def by_table(rows: Sequence[PrintedRow]) -> list[str]:
    """Return the verdicts of a table's rows."""
    return [judgement.verdict for judgement in judge_table(rows, mend=False).rows]


def _counted(found: Iterable[tuple[Hashable, bool, str]]) -> Iterator[dict]:
    """Yield for each name how many rows there are, how many Wald alone flags, and the verdicts beside their table."""
    groups: dict[Hashable, list[tuple[bool, str]]] = {}
    for name, before, verdict in found:
        groups.setdefault(name, []).append((before, verdict))
    for name, judged in groups.items():
        after = Counter(verdict for _, verdict in judged)
        yield {"name": name, "rows": len(judged), "before": sum(before for before, _ in judged), "after": dict(after)}


# Measurements -------------------------------------------------------------------------------------------------------


def rows_of_others(path: Path) -> Iterator[tuple[dict, PrintedRow, bool, str, str]]:
    """Yield each row that others printed: what is known of it, the row, flagged by Wald alone, verdict, reading.

    What is said of a program's rows is hidden from the judge: a paper seldom says it.
    """
    tables: dict[str, list[dict]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], []).append(row)
    for known in tables.values():
        texts = [tuple(row[name] for name in ("ratio", "lower", "upper", "p")) for row in known]
        rows = [
            PrintedRow(as_line(*each), row["label"], row["measure"], float(row["level"]) if row["level"] else None)
            for each, row in zip(texts, known, strict=True)
        ]
        table = judge_table(rows, mend=False)
        for row, as_printed, each, judgement in zip(known, rows, texts, table.rows, strict=True):
            yield row, as_printed, by_wald(each), judgement.verdict, table.reading


def of_others(path: Path) -> Iterator[dict]:
    """Yield rates on rows of others, by what is known of them and, for programs, by how they were made."""
    found = []
    for row, _, before, verdict, _ in rows_of_others(path):
        made_by = f"{row['interval'] or 'not stated'}, {row['p_of'] or 'no'} p" if row["group"] == "programs" else ""
        name = ": ".join(filter(None, (row["group"], row["known"], made_by)))
        found.append(((name, row["known"]), before, verdict))
    for entry in _counted(found):
        name, known = entry.pop("name")
        yield {"name": name, "known": known, **entry}


def of_makings(tables: Mapping[Table, Sequence[Made]]) -> Iterator[dict]:
    """Yield rates on tables that R made, by model, way, decimals and the number of events."""
    for way in WAYS:
        for places in (2, 3):
            found = []
            for (model, _), rows in tables.items():
                kept = [(row, texts) for row in rows if row["s"] < 2 and (texts := printed(row, way, places))]
                if len(kept) < ROWS / 2:
                    continue
                verdicts = by_table([PrintedRow(as_line(*texts)) for _, texts in kept])
                for (row, texts), verdict in zip(kept, verdicts, strict=True):
                    found.append(((model, _band(row["events"])), by_wald(texts), verdict))
            for entry in _counted(found):
                model, events = entry.pop("name")
                yield {"way": way, "places": places, "model": model, "events": events, **entry}


def _band(events: float) -> str:
    return "to 60" if events <= 60 else "61 to 100" if events <= 100 else "above 100"


def leading_digit(rng: np.random.Generator, texts: Texts) -> Texts | None:
    """Return a row with the first digit that counts of one of its numbers changed; None where none lends itself."""
    place = int(rng.integers(4))
    text = texts[place]
    first = next((i for i, sign in enumerate(text) if sign in "123456789"), None)
    if first is None or parse(text).bound:
        return None
    true = parse(text).value
    able = [
        other
        for other in sorted(edits.one_digit(text))
        if other[:first] == text[:first]
        and other[first] != text[first]
        and not (other[0] == "0" and other[1:2].isdigit())
        and 0 < parse(other).value <= (1 if place == 3 else 10**6)
        and abs(parse(other).value / true - 1) >= LEAST_CHANGE
    ]
    return (*texts[:place], able[int(rng.integers(len(able)))], *texts[place + 1 :]) if able else None


def of_slips(tables: Mapping[Table, Sequence[Made]], seed: int = SEED, copies: int = COPIES) -> Iterator[dict]:
    """Yield how often a changed leading digit is seen in a table of Wald rows that does not say how it was made."""
    for places in (2, 3):
        rng = np.random.default_rng([seed, places])
        found, beside = [], 0
        for (model, _), rows in tables.items():
            table = [texts for row in rows if row["s"] < 2 and (texts := printed(row, "Wald", places))]
            if len(table) < ROWS / 2:
                continue
            for _ in range(copies):
                i = int(rng.integers(len(table)))
                if (slip := leading_digit(rng, table[i])) is None:
                    continue
                verdicts = by_table([PrintedRow(as_line(*t)) for t in (*table[:i], slip, *table[i + 1 :])])
                found.append((model, by_wald(slip), verdicts[i]))
                beside += sum(verdict in _FLAGS for j, verdict in enumerate(verdicts) if j != i)
        for entry in _counted(found):
            yield {"places": places, "model": entry.pop("name"), **entry, "flagged beside": beside}


def of_errata(path: Path) -> Iterator[dict]:
    """Yield for each thing that could show an erratum how many there are, and what is said of those that are rows.

    Corrections that journals printed and the public list of slips (found because they show) are counted apart; a repair
    is right when it is the row that the list gives, or infers.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = ("ratio", "lower", "upper", "p")
    right = {(row["source"], row["label"]): tuple(row[c] for c in cells) for row in rows if row["version"] == "right"}
    groups: dict[tuple[str, str], Counter] = {}
    for row in rows:
        if row["version"] != "wrong" or not row["shown_by"]:
            continue
        counts = groups.setdefault((row["listed"], row["shown_by"]), Counter())
        counts["errata"] += 1
        if row["ratio"] and row["lower"]:
            line = as_line(*(row[cell] for cell in cells))
            level = float(row["level"] or 0.95)
            [judgement] = judge_table([PrintedRow(line, measure=row["measure"], level=level)]).rows
            seen = judgement.verdict in (*_FLAGS, "query", "reproduced-if")
            counts.update(rows=1, seen=seen, accused=judgement.verdict in _FLAGS)
            meant = right.get((row["source"], row["label"]))
            if judgement.repair:
                as_meant = meant is not None and judgement.repair == str(as_line(*meant))
                counts["mended rightly" if as_meant else "mended wrongly" if meant else "mended, no right version"] += 1
    for (listed, shown), counts in groups.items():
        names = ("errata", "rows", "seen", "accused", "mended rightly", "mended wrongly", "mended, no right version")
        yield {"of": listed, "shown by": shown, **{name: counts[name] for name in names}}


def measure(root: Path) -> dict:
    """Return all measurements."""
    tables = made(root / "data" / "reference" / "makings.csv")
    tables = {(model, study): rows for (model, study), rows in tables.items() if study <= TABLES}
    published = {
        row["table"] for row, *_ in rows_of_others(root / "data" / "trials" / "rows.csv") if row["group"] == "published"
    }
    return {
        "seed": SEED,
        "published tables": len(published),
        "errata": list(of_errata(root / "data" / "trials" / "errata.csv")),
        "others": list(of_others(root / "data" / "trials" / "rows.csv")),
        "makings": list(of_makings(tables)),
        "slips": list(of_slips(tables)),
    }


def main(root: Path | None = None) -> None:
    """Measure everything and write the file.

    Parameters
    ----------
    root : Path, optional
        The project's folder; the working directory if not given.
    """
    root = root or Path.cwd()
    target = root / "data" / "simulated" / "readings.json"
    write_whole(target, as_json(measure(root)))
    print(f"{target.relative_to(root)} written", file=sys.stderr)


if __name__ == "__main__":
    main()
