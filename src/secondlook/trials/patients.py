"""Simulated patients of a paper's shape: its arms, characteristics, endpoints and calendar, and nothing else of it.

Characteristics are independent of each other and of the arm, with the baseline table's prevalences. Times are Weibull;
levels with a declared order of prognosis have hazards in that order, other characteristics and the arms have weaker
effects in either direction. Where one endpoint is death, whoever dies has every other event by then. Patients enter
evenly over the period of accrual, and those without an event are censored on the day of the last follow-up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from secondlook.numbers.dates import MONTH, parse_date
from secondlook.paper.registry import Registry
from secondlook.paper.schema import Contrast, Variable

Generator = np.random.Generator

#: Ends of the log hazard ratio from one level to the next worse one: what clinicians agree on is no small effect.
ORDERED_EFFECT = (0.2, 0.9)
#: Standard deviation of the log hazard ratio between levels without order, and between the arms.
OTHER_EFFECT = 0.3
#: How an effect on one endpoint differs from that on another, as the ends of a factor.
CARRIED_OVER = (0.6, 1.4)
#: Ends of the Weibull shape: hazards that fall, stay, or rise.
SHAPES = (0.8, 1.6)
#: Patients are drawn again until each side of each contrast has so many events: no one prints an infinite ratio.
LEAST_EVENTS = 2
#: Median time in months where the paper prints none.
_USUAL_MEDIAN = 10.0
_TRIES = 1000


@dataclass(frozen=True)
class SimulatedPatients:
    """The patients of one simulated paper.

    Attributes
    ----------
    arms : numpy array of str
        Each patient's arm.
    levels : dict
        Each patient's level, by variable; the arms stand among them under the variable whose levels they are.
    times : dict
        Months and whether the event was seen, by endpoint.
    """

    arms: np.ndarray
    levels: dict[str, np.ndarray]
    times: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def having(self, variable: str, levels: list[str]) -> np.ndarray:
        """Return who has one of the levels."""
        return np.isin(self.levels[variable], levels)

    def members(self, registry: Registry, group: str) -> np.ndarray:
        """Return who belongs to a group of the layout: an arm, a stratum, or everyone."""
        spec = registry.layout.groups[group]
        if group in registry.layout.paper.arms:
            return self.arms == group
        return self.having(spec.variable, spec.levels) if spec.variable else np.ones(len(self.arms), dtype=bool)


def contrasts(registry: Registry) -> Iterator[tuple[str, str, Contrast]]:
    """Yield (table, variable, contrast) of every row of a model that can be fitted to simulated patients.

    The variable must be among the baseline characteristics or be the arm, and the contrast must leave nobody out.
    """
    known = {*baseline_variables(registry), *_arm_variables(registry)}
    for name, table in registry.layout.tables.items():
        for variable, contrast in table.contrasts.items():
            levels = {*contrast.exposed, *contrast.reference}
            if variable in known and levels == set(registry.layout.variables[variable].levels):
                yield name, variable, contrast


def baseline_variables(registry: Registry) -> dict[str, str]:
    """Return the variables of which a baseline table counts every level, with the table."""
    found = {}
    for name, table in registry.layout.tables.items():
        if table.kind == "baseline":
            for key, variable in registry.layout.variables.items():
                if {v.level for v in registry.cells(name, variable=key, statistic="count")} == set(variable.levels):
                    found[key] = name
    return {key: name for key, name in found.items() if registry.layout.variables[key].levels}


def _arm_variables(registry: Registry) -> list[str]:
    arms = set(registry.layout.paper.arms)
    return [key for key, variable in registry.layout.variables.items() if set(variable.levels) == arms]


# Drawing ------------------------------------------------------------------------------------------------------------


def draw(registry: Registry, rng: Generator) -> SimulatedPatients:
    """Return the patients of one paper.

    Raises
    ------
    RuntimeError
        When the layout's groups are so small that no draw gives every contrast its events.
    """
    for _ in range(_TRIES):
        patients = _with_times(registry, rng, _characterised(registry, rng))
        if _can_be_modelled(registry, patients):
            return patients
    raise RuntimeError("no simulated patients give every contrast its events: its groups are too small")


def _characterised(registry: Registry, rng: Generator) -> SimulatedPatients:
    arms = np.repeat(registry.layout.paper.arms, [registry.size(arm) for arm in registry.layout.paper.arms])
    levels = {}
    for key in baseline_variables(registry):
        names = list(registry.layout.variables[key].levels)
        counts = np.array([registry.level_count(key, [name]) for name in names], dtype=float)
        levels[key] = rng.choice(names, len(arms), p=counts / counts.sum())
    return SimulatedPatients(arms, levels | dict.fromkeys(_arm_variables(registry), arms))


def _can_be_modelled(registry: Registry, patients: SimulatedPatients) -> bool:
    for table, variable, contrast in contrasts(registry):
        _, events = patients.times[registry.layout.tables[table].endpoint]
        exposed = patients.having(variable, contrast.exposed)
        if min(events[exposed].sum(), events[~exposed].sum()) < LEAST_EVENTS:
            return False
    return True


def _effects(variable: Variable, rng: Generator) -> dict[str, float]:
    """Return the log hazard of each level against the first, worse levels having the higher hazard."""
    if variable.order:
        steps = rng.uniform(*ORDERED_EFFECT, len(variable.order) - 1)
        return dict(zip(variable.order, itertools.accumulate([0.0, *steps]), strict=True))
    levels = list(variable.levels)
    return dict(zip(levels, [0.0, *rng.normal(0, OTHER_EFFECT, len(levels) - 1)], strict=True))


def _with_times(registry: Registry, rng: Generator, patients: SimulatedPatients) -> SimulatedPatients:
    layout = registry.layout
    effects = {key: _effects(layout.variables[key], rng) for key in patients.levels}
    times = {endpoint: _uncensored(registry, rng, patients, effects, endpoint) for endpoint in layout.endpoints}
    death = layout.follow_up.death if layout.follow_up else None
    if death:
        times = {endpoint: np.minimum(months, times[death]) for endpoint, months in times.items()}
    watched = _watched(registry, rng, len(patients.arms))
    in_tenths = rng.random() < 0.5
    seen = {endpoint: _observed(months, watched, in_tenths) for endpoint, months in times.items()}
    return SimulatedPatients(patients.arms, patients.levels, seen)


def _uncensored(
    registry: Registry, rng: Generator, patients: SimulatedPatients, effects: dict[str, dict[str, float]], endpoint: str
) -> np.ndarray:
    """Return times in months whose median for a patient of average hazard is about what the paper prints."""
    log_hazard = np.zeros(len(patients.arms))
    for key, levels in patients.levels.items():
        factor = rng.uniform(*CARRIED_OVER)
        log_hazard += factor * np.array([effects[key][level] for level in levels])
    shape = rng.uniform(*SHAPES)
    printed = [registry.values.get(m.median) for m in registry.layout.medians if m.endpoint == endpoint]
    medians = [float(value.number.value) for value in printed if value and value.number]
    typical = float(np.median(medians)) if medians else _USUAL_MEDIAN
    hazard = np.log(2) * np.exp(log_hazard - log_hazard.mean())
    return typical * (rng.standard_exponential(len(log_hazard)) / hazard) ** (1 / shape)


def _watched(registry: Registry, rng: Generator, patients: int) -> np.ndarray:
    """Return how many days each patient was followed up to the closing date; without dates, for ever."""
    spec = registry.layout.follow_up
    dates = [parse_date(registry[i].printed) for i in (spec.start, spec.end, spec.cut_off)] if spec else [None]
    if None in dates:
        return np.full(patients, np.inf)
    start, end, cut_off = dates
    entered = rng.integers(0, (end.last - start.first).days + 1, patients)
    return (cut_off.last - start.first).days - entered


def _observed(months: np.ndarray, watched: np.ndarray, in_tenths: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return months as a data sheet holds them, whole days or tenths of a month, and whether the event was seen."""
    days = np.maximum(np.ceil(months * MONTH), 1)
    seen = np.minimum(days, watched) / MONTH
    return (np.maximum(np.round(seen, 1), 0.1) if in_tenths else seen), days <= watched
