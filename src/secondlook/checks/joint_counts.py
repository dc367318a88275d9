"""One count behind several flags: its percentage, its sums and its p value all say that it reads otherwise.

Each of them alone could be the misprint. Where exactly one other count of one cell makes at least two kinds of them
true, and leaves all others true, the slip is that count's: one check says so, and what agrees with the mended count is
flagged no more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.checks import association, counts
from secondlook.checks.association import Association, associations, named_tests, reproducing
from secondlook.checks.shares import Share, Total, shares, totals
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import show
from secondlook.paper.registry import Registry, Value
from secondlook.stats import p_of_counts, percentages


@dataclass(frozen=True)
class Constraint:
    """Something that counts must agree with.

    Attributes
    ----------
    check_id : str
        The check that tests it.
    kind : {"percent", "sum", "p"}
    value_ids, counts : tuple of str
        Ids of all values that take part, and of the counts among them.
    strings : int
        How many different numbers could have been printed in place of what the counts give.
    holds : callable
        Whether it holds when the count of an id reads otherwise: ``holds(id, n)``.
    """

    check_id: str
    kind: str
    value_ids: tuple[str, ...]
    counts: tuple[str, ...]
    strings: int
    holds: Callable[[str, int], bool]

    @property
    def holds_as_printed(self) -> bool:
        """True when it holds with every count as printed."""
        return self.holds("", 0)


def constraints(registry: Registry) -> list[Constraint]:
    """Return what the counts of the paper must agree with: percentages, sums and p values."""
    tests = named_tests(registry)
    return [
        *(_of_share(registry, share) for share in shares(registry)),
        *(_of_total(registry, total) for total in totals(registry) if _is_printed(registry, total)),
        *(_of_p(found, tests) for found in associations(registry)),
    ]


def _of_share(registry: Registry, share: Share) -> Constraint:
    def holds(changed: str, n: int) -> bool:
        total = sum(n if v.id == changed else registry.whole(v.id) for v in share.counts)
        return bool(percentages.handled(share.printed, total, share.size))

    ids = tuple(v.id for v in share.counts)
    return Constraint(
        f"percent.{share.percent.id}", "percent", share.ids, ids, percentages.possible_strings(share.printed), holds
    )


def _is_printed(registry: Registry, total: Total) -> bool:
    return None not in [registry.whole(i) for i in (total.whole, *total.parts, *total.minus)]


def _of_total(registry: Registry, total: Total) -> Constraint:
    def holds(changed: str, n: int) -> bool:
        def read(value_id: str) -> int:
            return n if value_id == changed else registry.whole(value_id)

        return read(total.whole) == sum(map(read, total.parts)) - sum(map(read, total.minus))

    ids = (total.whole, *total.parts, *total.minus)
    return Constraint(f"sum.{total.name}", "sum", ids, ids, registry.whole(total.whole) + 1, holds)


def _of_p(found: Association, tests: list[str]) -> Constraint:
    def holds(changed: str, n: int) -> bool:
        place = ids.index(changed) if changed in ids else None
        with_n = found if place is None else _changed(found, place, n)
        return with_n is not None and bool(reproducing(with_n, tests))

    ids = tuple(v.id for v in found.counts)
    strings = Fraction(p_of_counts.possible_strings(found.printed), len(tests))
    return Constraint(f"association.{found.p.id}", "p", (found.p.id, *ids), ids, math.ceil(strings), holds)


def _changed(found: Association, place: int, n: int) -> Association | None:
    """Return the association with another count in one place; None where it would be more than everyone."""
    rows, arms = [list(row) for row in found.table], len(found.table[0])
    level, arm = divmod(place, arms)
    if len(found.counts) == arms:  # those counted, and those not
        rows[1][arm] += rows[0][arm] - n
    rows[level][arm] = n
    return replace(found, table=tuple(map(tuple, rows)), others=()) if min(map(min, rows)) >= 0 else None


@dataclass(frozen=True)
class OtherCount(Found):
    """A count that reads otherwise.

    Attributes
    ----------
    count : Value
    reads : int
    mended : tuple of Constraint
        What then holds and does not as printed.
    carried : Constraint or None
        The percentage that was computed from the misprinted count, if it was.
    """

    count: Value
    reads: int
    mended: tuple[Constraint, ...]
    carried: Constraint | None = None


def other_counts(registry: Registry) -> list[OtherCount]:
    """Return the counts that read otherwise: each the only one that mends what it mends."""
    by_count: dict[str, list[Constraint]] = {}
    failing: dict[str, bool] = {}
    for constraint in constraints(registry):
        failing[constraint.check_id] = not constraint.holds_as_printed
        for count in constraint.counts:
            by_count.setdefault(count, []).append(constraint)
    found = []
    for count, of_count in by_count.items():
        if len({c.kind for c in of_count if failing[c.check_id]}) > 1:
            found += _mending(registry, registry[count], of_count, failing)
    return [one for one in found if not any(other is not one and _overlap(one, other) for other in found)]


def _overlap(one: OtherCount, other: OtherCount) -> bool:
    return bool({c.check_id for c in one.mended} & {c.check_id for c in other.mended})


def _mending(
    registry: Registry, count: Value, of_count: list[Constraint], failing: dict[str, bool]
) -> Iterator[OtherCount]:
    mended = tuple(c for c in of_count if failing[c.check_id])
    own = [c for c in of_count if c.kind == "percent" and c.counts == (count.id,) and not failing[c.check_id]]
    size = registry.size(count.group) if count.table else None
    for n in range(size + 1 if size else 0):
        if n == registry.whole(count.id) or not all(c.holds(count.id, n) for c in mended):
            continue
        broken = [c for c in of_count if c not in mended and not c.holds(count.id, n)]
        if not broken or (len(broken) == 1 and broken == own):
            yield OtherCount(count, n, mended, broken[0] if broken else None)


def _check(registry: Registry, found: OtherCount) -> Check:
    count, mended = found.count, found.mended
    size = registry.size(count.group)
    changes, chance = [Change(count.id, str(found.reads))], Fraction(size + 1, math.prod(c.strings for c in mended))
    if found.carried:
        percent = registry[found.carried.value_ids[0]]
        changes.append(Change(percent.id, show(percentages.share(found.reads, size), percent.number.places)))
    agreeing = [registry[c.value_ids[0]] for c in mended]
    listed = ", ".join(f"{value.subject}: {value.printed}" for value in agreeing)
    return Check(
        family="count",
        subject=count.id,
        value_ids=tuple(dict.fromkeys([count.id, *(i for c in (*mended, *_one(found.carried)) for i in c.value_ids)])),
        evidence="counts",
        verdict="inconsistent",
        suspect_ids=tuple(change.value_id for change in changes),
        chance=min(chance, Fraction(1)),
        changes=tuple(changes),
        found=found,
        recomputes=(count.id,),
        said=Said(
            quantity=count.subject,
            published=count.printed,
            recomputed=str(found.reads),
            method="the one count that its percentage, sums and p value agree with",
            note=f"With {found.reads} in place of {count.printed} all of these hold, of which none does as printed: "
            f"{listed}. No other count of the rows involved does that.",
            repair=", ".join(change.reads for change in changes),
        ),
    )


def _one(constraint: Constraint | None) -> tuple[Constraint, ...]:
    return (constraint,) if constraint else ()


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of counts and of p values of association, those behind one count's slip as one."""
    slips = other_counts(registry)
    agreeing = {c.check_id: slip for slip in slips for c in slip.mended}
    for found in (*counts.check(registry), *association.check(registry)):
        slip = agreeing.get(found.check_id)
        yield _agreeing(found, slip) if slip else found
    yield from (_check(registry, slip) for slip in slips)


def _agreeing(found: Check, slip: OtherCount) -> Check:
    """Return a check as it stands once the count is mended."""
    note = f"It agrees with {slip.reads} in place of {slip.count.printed} ({slip.count.subject}), as all else does."
    said = replace(found.said, recomputed="", note=note, repair="")
    return replace(found, verdict="coherent", suspect_ids=(), chance=None, changes=(), recomputes=(), said=said)
