"""The audit: every family of checks over a registry, and the ledger that comes of it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from secondlook.checks import (
    claims,
    events,
    external,
    joint,
    joint_counts,
    log_ranks,
    models,
    names,
    proportions,
    reasons,
    restatements,
    rules,
    times,
)
from secondlook.checks.joint import Proved
from secondlook.checks.verdicts import VERDICTS, Check, value_verdict
from secondlook.matters import Matter, matters
from secondlook.paper.registry import Registry, Value

if TYPE_CHECKING:
    from secondlook.cohort.records import Records
from secondlook.paper.schema import AnswerRow

#: The families in the order in which a ledger lists them.
FAMILIES: tuple[Callable[[Registry], Iterator[Check]], ...] = (
    joint_counts.check,
    proportions.check,
    restatements.check,
    names.check,
    models.check,
    events.check,
    times.check,
    log_ranks.check,
    claims.check,
    rules.check,
    external.check,
    joint.check,
)

COLUMNS = (
    "check_id", "value_ids", "suspect_ids", "section", "place", "quantity", "published", "recomputed", "method",
    "evidence", "verdict", "chance", "repair", "note", "matter", "premises",
)  # fmt: skip

NOT_COVERED = reasons.NOT_COVERED


class Verdicts(Mapping):
    """Verdicts of values, each found when it is asked for: who asks for one then depends on no other."""

    def __init__(self, by_value: Mapping[str, list[Check]]) -> None:
        self._by_value, self._found = by_value, {}

    def __getitem__(self, value_id: str) -> str:
        if value_id not in self._found:
            self._found[value_id] = value_verdict(value_id, self._by_value[value_id])
        return self._found[value_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_value)

    def __len__(self) -> int:
        return len(self._by_value)


@dataclass(frozen=True)
class Ledger:
    """All checks of a registry, in reading order of what they are about."""

    registry: Registry
    checks: tuple[Check, ...]

    @cached_property
    def by_value(self) -> dict[str, list[Check]]:
        """The checks that involve each value, by id."""
        index: dict[str, list[Check]] = {value.id: [] for value in self.registry}
        for check in self.checks:
            for value_id in check.value_ids:
                index[value_id].append(check)
        return index

    @cached_property
    def verdicts(self) -> Mapping[str, str]:
        """Every value's own verdict, by id."""
        return Verdicts(self.by_value)

    @cached_property
    def matters(self) -> tuple[Matter, ...]:
        """What a person would call one finding each, by weight."""
        return matters(self.registry, self.checks)

    @cached_property
    def matter_of(self) -> dict[str, Matter]:
        """The matter of each flag, by the check's id."""
        return {check.check_id: matter for matter in self.matters for check in matter.checks}

    @cached_property
    def answers(self) -> dict[str, list[AnswerRow]]:
        """What was answered, by the slug of the matter; also what was answered to a matter that is no more."""
        found: dict[str, list[AnswerRow]] = {}
        for row in self.registry.answers:
            found.setdefault(row.matter, []).append(row)
        return found

    @cached_property
    def answered(self) -> dict[str, Matter]:
        """The matter that was answered, by the id of each value that it is about."""
        return {i: matter for matter in self.matters if matter.slug in self.answers for i in matter.value_ids}

    def about(self, check: Check) -> Value:
        """Return the value that a check is filed under: its first suspect."""
        return self.registry[check.suspect_ids[0]]

    def totals(self, section: str | None = None) -> dict[str, int]:
        """Return how many values have each verdict, in the order of :data:`VERDICTS`; of one section if given."""
        counted = Counter(self.verdicts[v.id] for v in self.registry if section in (None, v.section))
        return {word: counted[word] for word in VERDICTS}

    def flags(self, section: str | None = None) -> list[Check]:
        """Return the checks that raise a flag, worst first, joint ones before others, then in reading order.

        Of one section if given.
        """
        order = list(VERDICTS)
        found = [c for c in self.checks if section in (None, self.about(c).section) and c.is_flag]
        return sorted(found, key=lambda c: (order.index(c.verdict), not isinstance(c.found, Proved)))


def audit(registry: Registry, records: Records | None = None) -> Ledger:
    """Run all checks over a registry, and those of real records where some are given.

    Values that no check supports or flags get a row of their own, ``not-testable``, with the reason.
    """
    alone = _ledger(registry, [check for family in FAMILIES for check in family(registry)])
    return alone if records is None else beside(alone, records)


def beside(alone: Ledger, records: Records) -> Ledger:
    """Return what the paper alone tells and what real records add; of invented patients, the former."""
    # Here, for the fits need what an audit of the paper alone does without.
    from secondlook import recorded, recorded_claims

    told = list(recorded.check(records))
    if not told:
        return alone
    printed = [check for check in alone.checks if not isinstance(check.found, reasons.Untested)]
    left = recorded_claims.judged(alone.registry, recorded.settled(printed, told), told)
    return _ledger(alone.registry, [*left, *told])


def _ledger(registry: Registry, checks: list[Check]) -> Ledger:
    checks += list(reasons.check(registry, _without_verdict(registry, checks), checks))
    order = {value.id: place for place, value in enumerate(registry)}
    checks.sort(key=lambda check: (order[check.suspect_ids[0]], check.check_id))
    return Ledger(registry, tuple(checks))


def _without_verdict(registry: Registry, checks: list[Check]) -> list[Value]:
    """Return the values that are at most involved in a flag that suspects another one."""
    decided = {i for check in checks for i in (check.suspect_ids if check.is_flag else check.value_ids)}
    return [value for value in registry if value.id not in decided]


# Ledger files -------------------------------------------------------------------------------------------------------


def show_chance(chance: Fraction | None) -> str:
    """Return a chance with two significant digits, or nothing when there is none."""
    return "" if chance is None else f"{float(chance):.2g}"


def rows(ledger: Ledger) -> list[dict[str, str]]:
    """Return the ledger's rows as dictionaries of strings, in the order of :data:`COLUMNS`."""
    made = []
    for check in ledger.checks:
        about = ledger.about(check)
        row = vars(check.said) | {
            "check_id": check.check_id,
            "value_ids": " ".join(check.value_ids),
            "suspect_ids": " ".join(check.suspect_ids),
            "section": about.section,
            "place": about.place,
            "evidence": check.evidence,
            "verdict": check.verdict,
            "chance": show_chance(check.chance),
            "matter": ledger.matter_of[check.check_id].slug if check.is_flag else "",
            "premises": joint.premises(check),
        }
        made.append({name: row[name] for name in COLUMNS})
    return made


def to_csv(ledger: Ledger) -> str:
    """Return the ledger as CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(ledger))
    return out.getvalue()


def to_json(ledger: Ledger) -> str:
    """Return the ledger as JSON text: a list of objects with the ledger's columns."""
    return json.dumps(rows(ledger), ensure_ascii=False, indent=1) + "\n"
