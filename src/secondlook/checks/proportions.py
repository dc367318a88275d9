"""Proportions in prose: a percentage with its group's size leaves few counts possible, often one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import Proportion
from secondlook.stats.contingency import Counts, as_counts
from secondlook.stats.percentages import other_counts


@dataclass(frozen=True)
class Possible(Found):
    """The whole numbers of a group's patients that print a percentage."""

    size: int
    counts: tuple[int, ...]


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per declared percentage: is there a whole number of patients that prints it?"""
    for item in registry.layout.proportions:
        for group, value_id in item.percentages.items():
            value, size = registry.values.get(value_id), registry.size(group)
            if value and value.number and size:
                yield _possible(registry, item, value, group, size)


def possible_counts(value: Value, size: int) -> list[int]:
    """Return every count out of `size` that prints the percentage (Brown and Heathers 2017, the GRIM question)."""
    return other_counts(value.number, size)


def implied_table(registry: Registry, item: Proportion) -> tuple[tuple[Value, ...], Counts] | None:
    """Return the percentages and the table that they imply (those with, those without); None unless it is the only one.

    Parameters
    ----------
    registry : Registry
    item : Proportion
        The percentages by group.
    """
    yes, no, cells = [], [], []
    for group, value_id in item.percentages.items():
        value, size = registry.values.get(value_id), registry.size(group)
        counts = possible_counts(value, size) if value and value.number and size else []
        if len(counts) != 1:
            return None
        cells.append(value)
        yes.append(counts[0])
        no.append(size - counts[0])
    return tuple(cells), as_counts([yes, no])


def _possible(registry: Registry, item: Proportion, value: Value, group: str, size: int) -> Check:
    counts = possible_counts(value, size)
    label = registry.layout.groups[group].label
    size_id = registry.layout.groups[group].size
    listed = " or ".join(f"{n} of {size}" for n in counts)
    note = f"{listed} prints {value.printed}, and no other number of the {size} patients of {label} does."
    if len(counts) > 1:
        note = f"{listed} print {value.printed}, so the count stays open."
    if not counts:
        note = f"No number of the {size} patients of {label} prints {value.printed}."
    chance = Fraction(size + 1, 100 * 10**value.number.places + 1)
    note += (
        f" Of all percentages with as many decimals, {float(min(chance, 1)):.0%} can be printed for {size} patients."
    )
    return Check(
        family="proportion",
        subject=value.id,
        value_ids=(value.id, size_id),
        suspect_ids=() if counts else (value.id,),
        evidence="algebra",
        verdict="coherent" if counts else "inconsistent",
        found=Possible(size, tuple(counts)),
        recomputes=(value.id,),
        said=Said(
            quantity=item.what,
            published=value.printed,
            recomputed=listed,
            method="whole numbers of patients that print the percentage",
            note=note,
        ),
    )
