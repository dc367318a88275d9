"""Events and standard errors: how many events a printed interval needs, and whether its width fits the cohort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.checks.simulated import PROBABILITIES, Question, question
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.printed import Interval
from secondlook.paper.event_counts import Joint, Modelled, joints, least_for_row, modelled
from secondlook.paper.registry import Registry
from secondlook.paper.simulated_ranges import FILE

#: The share of simulated standard errors that lie in the range beyond which one is queried.
CENTRAL = 1 - 2 * PROBABILITIES[0]
_BOUND = "1/SE² ≤ d₁d₀/(d₁ + d₀)"


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of events and standard errors."""
    searches = joints(registry)
    yield from check_rows(registry)
    for endpoint, search in searches.items():
        yield _all_rows(registry, endpoint, search)
    yield from check_standard_errors(registry, searches)


@dataclass(frozen=True)
class LeastEvents(Found):
    """How many events printed intervals need.

    Attributes
    ----------
    least : int or None
        The least number; None when no number suffices.
    everyone : int
        The patients.
    row : Modelled or None
        The row whose interval it is; None for all rows of an endpoint together.
    """

    least: int | None
    everyone: int
    row: Modelled | None = None


@dataclass(frozen=True)
class StandardErrors(Found):
    """The standard errors that print a row, and those that simulated cohorts have.

    Attributes
    ----------
    row : Modelled
    asked : Question
        What was simulated.
    simulated : tuple of float
        Quantiles at :data:`secondlook.checks.simulated.PROBABILITIES`.
    reading : str
        What the range says of the label: see :func:`reading`.
    """

    row: Modelled
    asked: Question
    simulated: tuple[float, ...]
    reading: str

    @property
    def printed(self) -> str:
        """The standard errors that print the row, as a range."""
        return show_range(self.row.se)

    @property
    def range(self) -> str:
        """The central range of the simulated ones."""
        return f"{self.simulated[0]:.3f}–{self.simulated[-1]:.3f}"


# The bound ----------------------------------------------------------------------------------------------------------


def check_rows(registry: Registry) -> Iterator[Check]:
    """Yield one check per row of a model: how many events must there have been for its interval to be so narrow?"""
    sizes = [registry.size(arm) for arm in registry.layout.paper.arms]
    if None in sizes:
        return
    for row in modelled(registry):
        se = row.se or row.se_of_limits
        if se is not None:
            yield _row(registry, row, se, sum(sizes))


def _row(registry: Registry, row: Modelled, se: Interval, everyone: int) -> Check:
    least = least_for_row(row, everyone, se)
    limits = row.row.ids_of(("lower", "upper"))
    whole = row.se is not None
    return Check(
        family="events",
        subject=row.row.key,
        value_ids=(*limits, *(row.row.ids_of(("hr",)) if whole else ()), *size_ids(registry, row)),
        suspect_ids=() if least else limits,
        evidence="algebra",
        verdict="coherent" if least else "inconsistent",
        found=LeastEvents(least, everyone, row),
        said=Said(
            quantity=f"the least number of events, {row.row.subject}",
            published=show_limits(row),
            recomputed=f"at least {least} of {everyone}" if least else f"more than {everyone}",
            method=_BOUND,
            note=_row_note(row, se, everyone, least),
        ),
    )


def _row_note(row: Modelled, se: Interval, everyone: int, least: int | None) -> str:
    note = f"The interval stands for a standard error of {show_range(se)} of the log hazard ratio. "
    note += f"With {row.groups[0]} and {row.groups[1]} patients" if row.groups else "Whatever the sizes of the groups,"
    if least is None:
        smallest = (sum(1 / n for n in row.groups) if row.groups else 4 / everyone) ** 0.5
        return f"{note} it cannot be below {smallest:.3f}, not even if everyone had the event."
    note += f" this takes at least {least} events."
    if not row.groups:
        note += " The paper does not print the sizes; the most favourable split is taken."
    if row.se is None:
        note += " The row's numbers do not belong together, so it is left out of the count for all rows."
    return note


def size_ids(registry: Registry, row: Modelled) -> tuple[str, ...]:
    """Return the ids of the counts from which the sizes of a row's groups come; empty when they are not printed."""
    if row.sizes is None:
        return ()
    arms, contrast = registry.layout.paper.arms, row.row.contrast
    if set(contrast.exposed) <= set(arms):
        ids = [registry.layout.groups[arm].size for arm in arms]
    else:
        wanted = {*contrast.exposed, *contrast.reference}
        baseline = [name for name, table in registry.layout.tables.items() if table.kind == "baseline"]
        cells = (v for name in baseline for v in registry.cells(name, variable=row.row.variable, statistic="count"))
        ids = [v.id for v in cells if v.level in wanted]
    return tuple(i for i in ids if i)


def show_limits(row: Modelled) -> str:
    """Return the confidence limits as printed: ``0.441–1.274``."""
    return "–".join(row.row.values[name].printed for name in ("lower", "upper"))


def show_range(se: Interval) -> str:
    """Return a range of standard errors with three decimals, both ends where they differ."""
    return "–".join(dict.fromkeys(f"{float(end):.3f}" for end in (se.low, se.high)))


def _all_rows(registry: Registry, endpoint: str, search: Joint) -> Check:
    everyone, possible = sum(search.patients), search.least is not None
    ids = dict.fromkeys(i for row in search.rows for i in row.row.ids_of(("lower", "upper")))
    none = "Each interval is possible; no one event count allows all."
    return Check(
        family="events",
        subject=endpoint,
        value_ids=tuple(ids),
        evidence="algebra",
        verdict="coherent" if possible else "inconsistent",
        found=LeastEvents(search.least, everyone),
        said=Said(
            quantity=f"the least number of events, {registry.layout.endpoints[endpoint]}",
            published="",
            recomputed=f"at least {search.least} of {everyone}" if possible else "no number of events",
            method=f"{_BOUND} for all rows at once, with the counts by arm",
            note=_joint_note(registry, search) if possible else none,
        ),
    )


def _joint_note(registry: Registry, search: Joint) -> str:
    """Say how many events all rows need together, and how many patients can have been without one."""
    labels = [registry.layout.groups[arm].label for arm in search.arms]
    arms = " and ".join(f"{n} in {label}" for n, label in zip(search.least_by_arm, labels, strict=True))
    return (
        f"The {len(search.rows)} rows whose numbers belong together need at least {search.least} events among "
        f"{sum(search.patients)} patients (at least {arms}), so at most {search.most_without} had none. "
        f"{_binding(registry, search)}The paper prints no number of events."
    )


def _binding(registry: Registry, search: Joint) -> str:
    """Name the rows each of which needs that many events by itself; nothing when only their combination does."""
    everyone = sum(search.patients)
    alone = [row for row in search.rows if row.se and least_for_row(row, everyone, row.se) == search.least]
    if not alone:
        return ""
    return f"Alone needed by {'; '.join(row.row.label for row in alone)}. "  # of all of them the endpoint is the same


# Standard errors against simulated cohorts --------------------------------------------------------------------------


def fits(row: Modelled, quantiles: tuple[float, ...] | None, outermost: int = 0) -> bool | None:
    """Return whether a row's standard error lies in a simulated range; None when it was not simulated.

    Parameters
    ----------
    row : Modelled
    quantiles : tuple of float or None
        At :data:`secondlook.checks.simulated.PROBABILITIES`.
    outermost : int
        Which of the ranges: 0 for the central 99.9 %, 1 for 99 %, 2 for 95 %.
    """
    if quantiles is None:
        return None
    return row.se.high >= quantiles[outermost] and row.se.low <= quantiles[-1 - outermost]


def reading(registry: Registry, row: Modelled, asked: Question) -> str:
    """Return how a row's standard error says that its label must be read.

    ``labelled`` or ``exchanged`` when it fits one reading alone, ``either``, ``neither``; ``unknown`` when the
    exchanged reading was not simulated.
    """
    ranges = registry.simulated
    both = (fits(row, ranges.standard_errors(asked.key)), fits(row, ranges.standard_errors(asked.reversed.key)))
    if None in both:
        return "unknown"
    return {(True, False): "labelled", (False, True): "exchanged", (True, True): "either"}.get(both, "neither")


def check_standard_errors(registry: Registry, searches: dict[str, Joint]) -> Iterator[Check]:
    """Yield one check per row that was simulated: is its standard error one that a cohort of this size can have?

    Rows for which the folder holds no simulation are named, endpoint by endpoint, as not testable.
    """
    for endpoint, search in searches.items():
        missing: list[Modelled] = []
        for row in search.rows:
            asked = question(row, search)
            quantiles = registry.simulated.standard_errors(asked.key) if asked else None
            if quantiles:
                yield _standard_error(StandardErrors(row, asked, quantiles, reading(registry, row, asked)))
            elif asked:
                missing.append(row)
        if missing:
            yield _not_simulated(registry, endpoint, missing)


def _standard_error(found: StandardErrors) -> Check:
    row = found.row
    inside = fits(row, found.simulated)
    return Check(
        family="standard-error",
        subject=row.row.key,
        value_ids=row.row.ids_of(("lower", "upper", "hr")),
        suspect_ids=() if inside else row.row.ids_of(("lower", "upper")),
        evidence="algebra",
        verdict="coherent" if inside else "query",
        found=found,
        said=Said(
            quantity=f"the standard error, {row.row.subject}",
            published=f"{show_limits(row)}: standard error {found.printed}",
            recomputed=f"standard error {found.range}",
            method=f"the central {100 * CENTRAL:.1f} % of simulated cohorts",
            note=_se_note(found),
        ),
    )


@dataclass(frozen=True)
class NotSimulated(Found):
    """The rows of an endpoint for which the folder holds no simulated cohorts."""

    rows: tuple[Modelled, ...]


def _not_simulated(registry: Registry, endpoint: str, rows: list[Modelled]) -> Check:
    named = "; ".join(row.row.label for row in rows)
    return Check(
        family="standard-error",
        subject=endpoint,
        value_ids=tuple(dict.fromkeys(i for row in rows for i in row.row.ids_of(("lower", "upper")))),
        evidence="none",
        verdict="not-testable",
        found=NotSimulated(tuple(rows)),
        said=Said(
            quantity=f"the standard errors, {registry.layout.endpoints[endpoint]}",
            published="",
            note=f"Which standard errors a cohort of this size can have was not simulated for {named}; {FILE} in the "
            "folder of the paper would hold it.",
        ),
    )


_READINGS = {
    "labelled": " It fits the groups as labelled, and not with the two exchanged.",
    "exchanged": " It fits only with the two groups exchanged.",
    "either": " With the two groups exchanged it would fit as well.",
    "neither": " With the two groups exchanged it would not fit either.",
    "unknown": "",
}


def _se_note(found: StandardErrors) -> str:
    asked, own = found.asked, found.asked.covariate
    note = (
        f"Simulated with {own.exposed} exposed and {own.reference} unexposed patients, a fitted hazard ratio of "
        f"{own.hr} and {asked.least} to {asked.everyone} events"
    )
    note += ", beside the model's other covariates" if asked.adjusted else ""
    narrow = found.row.se.high < found.simulated[4]
    if not fits(found.row, found.simulated):
        note += f", the interval is hardly ever so {'narrow' if narrow else 'wide'}"
    elif not fits(found.row, found.simulated, outermost=1):
        note += f", fewer than one interval in 100 is as {'narrow' if narrow else 'wide'}"
    return f"{note}.{_READINGS[found.reading]}"
