"""Selection: do the variables that the printed rule lets into the adjusted model, and no others, stand in it?

The level of the rule is one that the paper prints: layout.toml names it at the table, or claims.toml at the claim that
states the rule. Where neither does, or the paper chose its model by other steps, there is nothing to hold rows against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.levels import below
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.paper.claims_schema import Selected
from secondlook.paper.registry import Registry, Value
from secondlook.paper.rows import Row
from secondlook.stats.wald import CELLS


@dataclass(frozen=True)
class Entry(Found):
    """One row of an unadjusted set of columns held against the rule of entry.

    Attributes
    ----------
    p : Value
        Its unadjusted p value.
    adjusted : tuple of Value
        The numbers that the adjusted set prints for the row.
    level : Fraction
        The level below which a variable enters.
    """

    p: Value
    adjusted: tuple[Value, ...]
    level: Fraction

    @property
    def adjusted_p(self) -> tuple[Value, ...]:
        """The p value of the adjusted set, where it prints one."""
        return tuple(value for value in self.adjusted if value.statistic == "p")

    @property
    def entered(self) -> bool:
        """True when the adjusted model has the row."""
        return bool(self.adjusted)

    @property
    def enters(self) -> bool | None:
        """Whether the rule lets it in; None when its p is blank, or rounding does not tell."""
        return below(self.p.number, self.level) if self.p.number else None

    @property
    def breaks_the_rule(self) -> bool:
        """True when it is in and should not be, or the other way round."""
        return self.enters is not None and self.enters != self.entered


def entries(registry: Registry, table: str, before: str, after: str, level: Fraction) -> Iterator[Entry]:
    """Yield every row of a table whose unadjusted set has a cell for p, in reading order.

    Parameters
    ----------
    registry : Registry
    table : str
        Key of a table of models.
    before, after : str
        Its sets of columns without and with adjustment.
    level : Fraction
        The level of entry.
    """
    for p in registry.cells(table, set=before, statistic="p"):
        cells = (registry.cell(table, p.row, after, statistic) for statistic in CELLS)
        yield Entry(p, tuple(cell for cell in cells if cell and cell.number), level)


def declared_level(registry: Registry, table: str) -> Fraction | None:
    """Return the level of the rule by which a table's adjusted model was chosen from unadjusted p values.

    None when neither layout.toml nor claims.toml declares such a rule, or the level is not printed as a number.
    """
    rule = registry.layout.tables[table].selection
    if rule:
        name = rule.level if rule.method == "univariable" else ""
    else:
        tests = (test for claim in registry.claims.claims for test in claim.tests if isinstance(test, Selected))
        name = next((test.level for test in tests if table in test.tables), "")
    value = registry.values.get(name)
    return value.number.value if value and value.number else None


def check_selection(registry: Registry, rows: list[Row]) -> Iterator[Check]:
    """Yield one check per variable: it is in the adjusted model when, and only when, the printed rule lets it in.

    Only where the table has one unadjusted and one adjusted set of columns: among more, which belong together is not
    declared.
    """
    subjects = {(row.table, row.row): row.subject for row in rows if row.model == "unadjusted" and not row.in_prose}
    for name, table in registry.layout.tables.items():
        level = declared_level(registry, name) if table.kind == "models" else None
        before, after = (table.sets_of(model) for model in ("unadjusted", "adjusted"))
        if level is None or len(before) != 1 or len(after) != 1 or not registry.cells(name, set=after[0]):
            continue
        for entry in entries(registry, name, before[0], after[0], level):
            if entry.p.number:
                yield _check(entry, subjects[name, entry.p.row])


def _check(entry: Entry, subject: str) -> Check:
    return Check(
        family="selection",
        subject=f"{entry.p.table}.{entry.p.row}",
        value_ids=(entry.p.id, *(value.id for value in entry.adjusted)),
        evidence="algebra",
        verdict="inconsistent" if entry.breaks_the_rule else "coherent",
        found=entry,
        said=_said(entry, subject),
    )


def _said(entry: Entry, subject: str) -> Said:
    p, level = entry.p, f"{float(entry.level):g}"
    side = {True: "below", False: "above", None: "at"}[entry.enters]
    stands = "is in the adjusted model" if entry.entered else "is not in the adjusted model"
    return Said(
        quantity=f"selection of {subject} for the adjusted model",
        published="entered" if entry.entered else "not entered",
        recomputed={True: "entered", False: "not entered", None: "either"}[entry.enters],
        method=f"a variable enters when its unadjusted p is below {level}",
        note=f"With p {p.printed if p.number.bound else '= ' + p.printed} {side} {level} the variable {stands}"
        + (", against the rule." if entry.breaks_the_rule else "."),
    )
