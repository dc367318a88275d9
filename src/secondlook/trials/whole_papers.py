"""Whole papers of simulated patients, every number true: what does the audit say of them?

``python -m secondlook.trials.whole_papers`` takes the *shape* of a paper from its data folder (arms and their sizes,
variables
and levels, tables, sums, medians, log-rank tests, restatements, decimals), simulates patients for it
(:mod:`secondlook.trials.patients`), computes every number anew and lets the audit look at what would have been
printed. Each flag is a false alarm.

What is computed how: Cox models by Efron's method, p below 0.05 deciding who enters the adjusted one; Kaplan-Meier
medians with log-log intervals; log-rank tests; Pearson's chi-square unless an expected count is below 5, then Fisher's
exact test. Tables of frequencies are drawn count by count: rows that a declared sum makes exclusive are drawn together,
a set that ``claims.toml`` calls nested is drawn from the set around it, other rows are independent. What cannot be true
of other patients is left out: claims in words, quotations, variables that are modelled and nowhere described.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

from secondlook.audit import Ledger, audit
from secondlook.checks.directions import Direction
from secondlook.checks.verdicts import Check
from secondlook.numbers.printed import Real, show
from secondlook.paper.claims_schema import Nested
from secondlook.paper.reading import read_csv
from secondlook.paper.registry import Registry, Value, cell_id, expand, load
from secondlook.paper.schema import Column, TextRow
from secondlook.stats import cox, km
from secondlook.stats.contingency import as_counts, fisher, pearson, smallest_expected
from secondlook.stats.wald import CELLS
from secondlook.trials import patients as simulated_patients
from secondlook.trials.patients import Generator, SimulatedPatients, contrasts
from secondlook.trials.stored import as_json
from secondlook.writing import write_whole

SEED = 20231017
PAPERS = 50
OUT = Path("data", "simulated") / "whole-papers.json"
#: The printed rule by which variables enter the adjusted model.
ENTERS_BELOW = 0.05
#: Fisher's exact test takes the place of Pearson's where an expected count is below this.
EXACT_BELOW = 5
#: The band of the medians' intervals.
BAND = "log-log"
#: Statistics of the prose that are no result of these patients but part of the plan, and stay as they are.
PLAN = ("size", "dose", "duration", "threshold", "level", "score", "grade", "rate", "date", "version", "class")
#: Added to a count of the paper and to those not counted, so that what it never saw can be seen.
_HALF = 0.5

Numbers = dict[str, Real]


@dataclass(frozen=True)
class PaperShape:
    """What is taken from a paper: its registry, and the (key, label) of each table's rows."""

    registry: Registry
    rows: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class SimulatedPaper:
    """A simulated paper: the content of its files by name."""

    files: dict[str, str]

    def write(self, folder: Path) -> Path:
        """Write the files to a folder and return it."""
        for name, text in self.files.items():
            write_whole(folder / name, text)
        return folder

    def audited(self) -> Ledger:
        """Return what the audit says of it."""
        with tempfile.TemporaryDirectory() as folder:
            return audit(load(self.write(Path(folder))))


def read_shape(folder: Path) -> PaperShape:
    """Return the shape of the paper in a data folder.

    Raises
    ------
    DataError
        When the folder is malformed.
    """
    registry = load(folder)
    rows = {}
    for name, table in registry.layout.tables.items():
        if (folder / table.file).exists():
            cells = read_csv(folder / table.file, ["row", "label", *table.columns])
            rows[name] = [(row["row"], row["label"]) for _, row in cells]
    return PaperShape(registry, rows)


def simulate(shape: PaperShape, rng: Generator) -> SimulatedPaper:
    """Return one simulated paper."""
    registry = shape.registry
    patients = simulated_patients.draw(registry, rng)
    numbers = _counts(shape, patients, rng)
    numbers |= _shares(shape, numbers)
    numbers |= _associations(registry, numbers)
    numbers |= _models(registry, patients)
    numbers |= _curves(registry, patients)
    numbers |= _declared_percentages(registry, numbers)
    return SimulatedPaper(_files(shape, numbers))


# Counts -------------------------------------------------------------------------------------------------------------


def _counts(shape: PaperShape, patients: SimulatedPatients, rng: Generator) -> Numbers:
    """Return every count: those of the patients, those of tables of frequencies, and the sums that hold for them."""
    registry = shape.registry
    found: Numbers = {value.id: registry.whole(value.id) for value in registry if value.statistic == "size"}
    for variable, table in simulated_patients.baseline_variables(registry).items():
        for arm in registry.layout.paper.arms:
            for level in registry.layout.variables[variable].levels:
                counted = patients.having(variable, [level]) & (patients.arms == arm)
                found[cell_id(table, f"{variable}.{level}", "", arm, "count")] = int(counted.sum())
    for name, table in registry.layout.tables.items():
        if table.kind == "frequencies" and name in shape.rows:
            found |= _frequencies(shape, name, rng)
    return _summed(registry, found, rng)


def _frequencies(shape: PaperShape, name: str, rng: Generator) -> Numbers:
    """Draw the counts of one table of frequencies, sets that hold others first; totals are left to the sums."""
    table = shape.registry.layout.tables[name]
    within = {rule.inner: rule.outer for rule in _nestings(shape.registry, name)}
    columns = [c for c in table.columns.values() if c.role == "count" and c.group]
    found: Numbers = {}
    for column in sorted(columns, key=lambda c: (c.set or "") in within):
        drawn = _column(shape, name, column, rng)
        outer = within.get(column.set or "")
        for key in drawn if outer else ():
            around = cell_id(name, key, outer, column.group, "count")
            share = min(1.0, _share(shape, name, key, column) / _share(shape, name, key, _of(column, outer)))
            drawn[key] = int(rng.binomial(found[around], share))
        found |= {cell_id(name, key, column.set or "", column.group, "count"): n for key, n in drawn.items()}
    return found


def _nestings(registry: Registry, table: str) -> Iterator[Nested]:
    yield from (rule for rule in registry.claims.rules if isinstance(rule, Nested) and rule.table == table)


def _of(column: Column, set_: str) -> Column:
    return column.model_copy(update={"set": set_})


def _share(shape: PaperShape, name: str, key: str, column: Column) -> float:
    """Return the share of a group that the paper counts in a row, pulled a little towards one half."""
    size = shape.registry.size(column.group)
    return ((shape.registry.whole(cell_id(name, key, column.set or "", column.group, "count")) or 0) + _HALF) / (
        size + 2 * _HALF
    )


def _column(shape: PaperShape, name: str, column: Column, rng: Generator) -> dict[str, int]:
    """Draw the counts of one group in one set of columns, by row: exclusive rows together, then the others."""
    ids = {cell_id(name, key, column.set or "", column.group, "count"): key for key, _ in shape.rows[name]}
    drawn: dict[str, int] = {}
    left, totals = shape.registry.size(column.group), set()
    for whole, parts, everyone in _divisions(shape.registry, set(ids)):
        totals |= {ids[whole]} if whole in ids else set()
        keys = [ids[part] for part in parts]
        if not set(keys) & set(drawn):
            shares = [_share(shape, name, key, column) for key in keys]
            rest = 0.0 if everyone else max(0.0, 1 - sum(shares))
            counts = rng.multinomial(left, np.array([*shares, rest]) / (sum(shares) + rest))
            drawn |= dict(zip(keys, map(int, counts), strict=False))
            left = int(counts[-1])
    outside = left if drawn and left else shape.registry.size(column.group)
    for key in [key for key in ids.values() if key not in drawn and key not in totals]:
        expected = _share(shape, name, key, column) * shape.registry.size(column.group)
        drawn[key] = int(rng.binomial(outside, min(1.0, expected / outside)))
    return drawn


def _divisions(registry: Registry, ids: set[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Yield (whole, parts, whether they are everyone) of the sums over these cells, those over everyone first."""
    found = [(whole, parts) for item in registry.layout.sums for whole, parts, minus in expand(item) if not minus]
    found = [(whole, parts, registry[whole].statistic == "size") for whole, parts in found if ids.issuperset(parts)]
    yield from sorted(found, key=lambda division: not division[2])


def _summed(registry: Registry, found: Numbers, rng: Generator) -> Numbers:
    """Complete the counts by the declared sums; where more than one term is open, parts are drawn near the paper's."""
    sums = [terms for item in registry.layout.sums for terms in expand(item)]
    found = dict(found)
    while True:
        unknown = [[i for i in (w, *parts, *minus) if i not in found] for w, parts, minus in sums]
        solvable = next((pair for pair in zip(sums, unknown, strict=True) if len(pair[1]) == 1), None)
        if solvable:
            (whole, parts, minus), [missing] = solvable
            terms = [(whole, -1), *((i, 1) for i in parts), *((i, -1) for i in minus)]
            sign = dict(terms)[missing]
            found[missing] = -sign * sum(s * found[i] for i, s in terms if i != missing)
            continue
        wholes = [whole for whole, _, _ in sums]
        # Parts of an open whole first: who was excluded and why, before how many were screened.
        in_turn = sorted(zip(wholes, unknown, strict=True), key=lambda pair: pair[0] not in pair[1])
        missing = next((i for _, them in in_turn for i in them if i not in wholes), None)
        if missing is None:
            return found
        found[missing] = int(rng.poisson(registry.whole(missing) or 0))


def _shares(shape: PaperShape, counts: Numbers) -> Numbers:
    """Return the percentage beside each count in a table."""
    found: Numbers = {}
    for name, rows in shape.rows.items():
        for column in shape.registry.layout.tables[name].columns.values():
            size = shape.registry.size(column.group) if column.role == "count" and column.group else None
            for key, _ in rows if size else ():
                where = (name, key, column.set or "", column.group)
                if (n := counts.get(cell_id(*where, "count"))) is not None:
                    found[cell_id(*where, "percent")] = Fraction(100 * n, size)
    return found


def _associations(registry: Registry, counts: Numbers) -> Numbers:
    """Return the p value of association of each row that has one in the paper."""
    tables = {p.id: _table(registry, p, counts) for p in registry if p.table and p.statistic == "p"}
    return {value_id: association(table) for value_id, table in tables.items() if table}


def _table(registry: Registry, p: Value, counts: Numbers) -> list[list[int]] | None:
    """Return the counts that a p value tests: a variable's levels by arm, or those counted in a row and those not."""
    arms, kind = registry.layout.paper.arms, registry.layout.tables[p.table].kind
    levels = registry.layout.variables[p.variable].levels if p.variable else {}
    keys = [f"{p.variable}.{level}" for level in levels] if kind == "baseline" else [p.row]
    rows = [[counts.get(cell_id(p.table, key, p.set, arm, "count")) for arm in arms] for key in keys]
    if kind == "models" or any(None in row for row in rows):
        return None
    if kind == "baseline":
        return rows
    return [*rows, [registry.size(arm) - n for arm, n in zip(arms, rows[0], strict=True)]]


def association(table: list[list[int]]) -> float:
    """Return the p value of a table by the one rule: Pearson, unless an expected count is below 5, then Fisher."""
    counts = as_counts(table)
    return float((fisher if smallest_expected(counts) < EXACT_BELOW else pearson)(counts))


def _declared_percentages(registry: Registry, numbers: Numbers) -> Numbers:
    found: Numbers = {}
    for item in registry.layout.percentages:
        if all(i in numbers for i in item.numerator):
            found[item.percent] = Fraction(
                100 * sum(numbers[i] for i in item.numerator), registry.size(item.denominator)
            )
    return found


# Times --------------------------------------------------------------------------------------------------------------


def _models(registry: Registry, patients: SimulatedPatients) -> Numbers:
    """Return hazard ratios, limits and p of every table of models: each variable alone, then those that enter."""
    found: Numbers = {}
    for name, table in registry.layout.tables.items():
        rows = {variable: contrast for t, variable, contrast in contrasts(registry) if t == name}
        if not rows:
            continue
        times, events = patients.times[table.endpoint]
        x = {variable: patients.having(variable, contrast.exposed) for variable, contrast in rows.items()}
        alone = {variable: cox.fit(column[:, None], times, events).ratios()[0] for variable, column in x.items()}
        entered = [variable for variable, (*_, p) in alone.items() if p < ENTERS_BELOW]
        together = {}
        if entered:
            fitted = cox.fit(np.column_stack([x[variable] for variable in entered]), times, events).ratios()
            together = dict(zip(entered, fitted, strict=True))
        sets = [(set_, alone) for set_ in table.sets_of("unadjusted")]
        for set_, ratios in sets + [(set_, together) for set_ in table.sets_of("adjusted")]:
            for variable, four in ratios.items():
                found |= {cell_id(name, variable, set_, "", cell): n for cell, n in zip(CELLS, four, strict=True)}
    return found


def _curves(registry: Registry, patients: SimulatedPatients) -> Numbers:
    """Return medians with their limits, where all three are reached, and log-rank p values."""
    found: Numbers = {}
    for item in registry.layout.medians:
        times, events = (column[patients.members(registry, item.group)] for column in patients.times[item.endpoint])
        interval = km.median_interval(times.tolist(), events.tolist(), BAND) if len(times) else None
        if interval and None not in (interval.lower, interval.median, interval.upper):
            found |= {item.lower: interval.lower, item.median: interval.median, item.upper: interval.upper}
    for item in registry.layout.log_ranks:
        members = [patients.members(registry, group) for group in item.groups]
        which = np.select(members, np.arange(len(members)), -1)
        chosen = which >= 0
        times, events = patients.times[item.endpoint]
        found[item.p] = cox.log_rank(which[chosen], times[chosen], events[chosen])
    return found


# As printed ---------------------------------------------------------------------------------------------------------


def as_printed(number: Real, statistic: str, places: int) -> str:
    """Return a number as papers print it: a p value below the unit of its last digit as a bound.

    Examples
    --------
    >>> as_printed(0.0004, "p", 3), as_printed(0.0004, "hr", 3), as_printed(Fraction(200, 3), "percent", 1)
    ('<0.001', '0.000', '66.7')
    """
    unit = Fraction(1, 10**places)
    return f"<{show(unit, places)}" if statistic == "p" and number < unit else show(number, places)


def _files(shape: PaperShape, numbers: Numbers) -> dict[str, str]:
    """Return the content of each file of the folder, by name."""
    registry, ids, files = shape.registry, set(), {}
    for name, rows in shape.rows.items():
        table = registry.layout.tables[name]
        lines = [["row", "label", *table.columns]]
        for key, label in rows:
            cells = _row(registry, name, key, numbers)
            ids |= {value_id for value_id, text in cells.values() if text}
            if table.kind != "models" or any(text for _, text in cells.values()):
                lines.append([key, label, *(text for _, text in cells.values())])
        files[table.file] = _csv(lines)
    text = _text(registry, numbers, ids)
    fields = list(TextRow.model_fields)
    files["text.csv"] = _csv([fields, *([getattr(row, name) for name in fields] for row in text)])
    files["layout.toml"] = _as_toml(_reduced(registry, ids | {row.id for row in text}))
    return files


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _row(registry: Registry, name: str, key: str, numbers: Numbers) -> dict[str, tuple[str, str]]:
    """Return (id, string) of each cell of a row by column, with as many decimals as the paper prints there."""
    found = {}
    for title, column in registry.layout.tables[name].columns.items():
        value_id = cell_id(name, key, column.set or "", column.group or "", column.role)
        number = numbers.get(value_id)
        blank = column.role == "percent" and column.blank == "zero" and number == 0
        places = _places(registry, registry.values.get(value_id), name, column)
        found[title] = value_id, "" if number is None or blank else as_printed(number, column.role, places)
    return found


def _places(registry: Registry, value: Value | None, name: str, column: Column) -> int:
    """Return the decimals of a cell; of most cells of its column where it is blank or prints a bare 0.

    A program prints all models of an analysis alike, so in their tables the column decides for every cell.
    """
    if value and value.number and value.number.value and registry.layout.tables[name].kind != "models":
        return value.number.places
    beside = registry.cells(name, statistic=column.role, set=column.set or "", group=column.group or "")
    counted = Counter(v.number.places for v in beside if v.number and v.number.value)
    return counted.most_common(1)[0][0] if counted else 0


# Prose --------------------------------------------------------------------------------------------------------------


def _text(registry: Registry, numbers: Numbers, ids: set[str]) -> list[TextRow]:
    """Return the rows of the prose that can be true of these patients, with their values and what they restate.

    Parameters
    ----------
    registry : Registry
        The paper whose prose it is.
    numbers : dict
        What was computed.
    ids : set of str
        The cells of the tables that print something.
    """
    rows = {row.id: row for row in registry.text if row.statistic != "claim" and not _elsewhere(registry, row.group)}
    known = numbers | _restated(registry, rows, numbers)
    kept = {i for i, row in rows.items() if row.statistic in PLAN or (i in known and registry[i].number)}
    while True:
        restates = {i: _true_of(registry, rows[i], kept | ids, known) for i in kept}
        lost = {i for i in kept if i not in numbers and rows[i].statistic not in PLAN and not restates[i]}
        if not lost:
            break
        kept -= lost
    return [
        row.model_copy(update={"printed": _said(registry, row, known), "restates": " ".join(restates[i])})
        for i, row in rows.items()
        if i in kept
    ]


def _elsewhere(registry: Registry, group: str) -> bool:
    """Return True for the patients of other studies: a group that has neither a size nor a stratum here."""
    spec = registry.layout.groups.get(group)
    return bool(spec) and not (spec.size or spec.variable)


def _restated(registry: Registry, rows: dict[str, TextRow], numbers: Numbers) -> Numbers:
    """Return the numbers of the prose that follow from what they restate, however many steps that takes."""
    found: Numbers = {}
    while True:
        known, new = numbers | found, {}
        for row in rows.values():
            origin = next((i for i in row.restates.split() if i in known), None)
            if origin and row.id not in known and row.statistic not in PLAN:
                new[row.id] = _in_terms_of(registry, row, origin, known)
        if not new:
            return found
        found |= new


def _in_terms_of(registry: Registry, row: TextRow, origin: str, known: Numbers) -> Real:
    if row.statistic == "percent" and registry[origin].statistic == "count":
        return Fraction(100 * known[origin], registry.size(registry[origin].group))
    return known[origin]


def _is_shared_bound(registry: Registry, row: TextRow) -> bool:
    """Return True for a bound that is said of several numbers at once, such as p > 0.05 of a list of variables."""
    number = registry[row.id].number
    return bool(number and number.bound) and len(row.restates.split()) > 1


def _said(registry: Registry, row: TextRow, known: Numbers) -> str:
    if row.statistic in PLAN or _is_shared_bound(registry, row):
        return row.printed
    return as_printed(known[row.id], row.statistic, registry[row.id].number.places)


def _true_of(registry: Registry, row: TextRow, ids: set[str], known: Numbers) -> list[str]:
    """Return which of the values that a row restates are printed here and are what the row says of them."""
    origins = [i for i in row.restates.split() if i in ids]
    if row.statistic in PLAN:
        return origins
    if _is_shared_bound(registry, row):
        return [i for i in origins if known[i] in registry[row.id].number.stands_for()]
    return [i for i in origins if _in_terms_of(registry, row, i, known) == known[row.id]]


# Layout -------------------------------------------------------------------------------------------------------------


def _reduced(registry: Registry, ids: set[str]) -> dict:
    """Return the paper's layout with only what names values that are printed here."""
    layout = registry.layout.model_dump(exclude_none=True, exclude_defaults=True)
    layout["paper"] |= {"title": "A simulated paper, all of its numbers true", "short": "Simulated"}
    layout["paper"].pop("doi", None)
    fitted = {(table, variable) for table, variable, _ in contrasts(registry)}
    for name, table in layout["tables"].items():
        rows = {key: item for key, item in table.get("contrasts", {}).items() if (name, key) in fitted}
        table |= {"contrasts": rows} if rows else {}
    named = {
        "medians": lambda item: [item["median"], item["lower"], item["upper"]],
        "log_ranks": lambda item: [item["p"]],
        "percentages": lambda item: [item["percent"], *item["numerator"]],
        "proportions": lambda item: list(item["percentages"].values()),
    }
    for key, names in named.items():
        layout[key] = [item for item in layout.get(key, []) if ids.issuperset(names(item))]
    layout["sums"] = [
        dumped
        for item, dumped in zip(registry.layout.sums, layout.get("sums", []), strict=True)
        if all(ids.issuperset((whole, *parts, *minus)) for whole, parts, minus in expand(item))
    ]
    return layout


def _as_toml(content: dict) -> str:
    return "".join(f"{key} = {_toml_value(value)}\n" for key, value in content.items())


def _toml_value(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_toml_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False)


# Measurement --------------------------------------------------------------------------------------------------------


@dataclass
class Measured:
    """What the audit said of so many papers: values, checks by family, and every flag."""

    papers: int = 0
    values: int = 0
    checks: Counter[str] = field(default_factory=Counter)
    flags: list[dict] = field(default_factory=list)
    flagged: dict[str, list[int]] = field(default_factory=dict)

    def add(self, ledger: Ledger) -> None:
        """Take in one paper's ledger."""
        self.papers += 1
        self.values += len(ledger.registry)
        for check in ledger.checks:
            name = family(check)
            self.checks[name] += 1
            if check.is_flag:
                said = {"verdict": check.verdict, "printed": check.said.published, "note": check.said.note}
                self.flags.append({"paper": self.papers, "check": check.check_id, **said})
                self.flagged.setdefault(name, []).append(self.papers)

    def summary(self) -> dict:
        """Return the totals, and checks and flags by family."""
        in_papers = {name: (len(papers), len(set(papers))) for name, papers in self.flagged.items()}
        return {
            "papers": self.papers,
            "values": self.values,
            "checks": sum(self.checks.values()),
            "flags": len(self.flags),
            "papers_flagged": len({flag["paper"] for flag in self.flags}),
            "by_family": [
                {"family": name, "checks": n, "flags": flags, "papers_flagged": papers}
                for name, n in sorted(self.checks.items())
                for flags, papers in [in_papers.get(name, (0, 0))]
            ],
            "flagged": self.flags,
        }


def family(check: Check) -> str:
    """Return the family of a check; directions are told apart by what they are held against."""
    found = check.found
    return f"{check.family} ({found.held_against})" if isinstance(found, Direction) else check.family


def papers(shape: PaperShape, seed: int = SEED, number: int = PAPERS) -> Iterator[SimulatedPaper]:
    """Yield so many simulated papers; the first few of a longer run are those of a shorter one."""
    for index in range(number):
        yield simulate(shape, np.random.default_rng([seed, index]))


@click.command()
@click.option(
    "--published",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data/published"),
    help="Data folder.",
)
@click.option("--papers", "number", type=click.IntRange(min=1), default=PAPERS, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=OUT, help="File to write.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Folder for the papers themselves.")
def main(published: Path, number: int, seed: int, out: Path, keep: Path | None) -> None:
    """Audit simulated whole papers, all of whose numbers are true, and store every flag that is raised."""
    measured, shape = Measured(), read_shape(published)
    with click.progressbar(papers(shape, seed, number), number, label="auditing papers", file=sys.stderr) as shown:
        for paper in shown:
            measured.add(paper.audited())
            if keep:
                paper.write(keep / f"paper-{measured.papers:03d}")
    about = "flags raised by the audit of simulated whole papers, all of whose numbers are true"
    made = {"about": about, "made_by": "python -m secondlook.trials.whole_papers", "seed": seed}
    write_whole(out, as_json(made | measured.summary()))


if __name__ == "__main__":
    main()
