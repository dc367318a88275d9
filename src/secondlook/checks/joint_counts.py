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
from secondlook.checks.shares import Share, Total, added, known_only, shares, totals
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import show
from secondlook.paper.registry import Registry, Value
from secondlook.stats import p_of_counts, percentages
from secondlook.stats.p_of_counts import NAMES


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
    """Return what the counts of the paper must agree with: percentages, sums and p values.

    Percentages of known patients only, and the sums of their levels, are not among them.
    """
    tests, known = named_tests(registry), known_only(registry)
    not_of_all = {share.percent.id for item in known for share in item.shares}
    short = {f"{item.table}.{item.variable}.{item.group}" for item in known}
    return [
        *(_of_share(registry, share) for share in shares(registry) if share.percent.id not in not_of_all),
        *(
            _of_total(registry, total)
            for total in totals(registry)
            if total.name not in short and added(registry, total)
        ),
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


def _of_total(registry: Registry, total: Total) -> Constraint:
    def holds(changed: str, n: int) -> bool:
        def read(value_id: str) -> int:
            return n if value_id == changed else registry.whole(value_id)

        return read(total.whole) == sum(map(read, total.parts)) - sum(map(read, total.minus))

    ids = (total.whole, *total.parts, *total.minus)
    return Constraint(f"sum.{total.name}", "sum", ids, ids, registry.whole(total.whole) + 1, holds)


def _of_p(found: Association, tests: list[str]) -> Constraint:
    def holds(changed: str, n: int) -> bool:
        if changed not in ids:
            return bool(reproducing(found, tests)) or is_read
        with_n = _changed(found, ids.index(changed), n)
        return with_n is not None and bool(reproducing(with_n, NAMES if is_read else tests))

    ids = tuple(v.id for v in found.counts)
    # A p value that only another test or handling gives is no misprint; with another count, any test will do for it.
    is_read = not reproducing(found, tests) and any(p_of_counts.readings(t, found.printed) for t in found.tables)
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
    strings = {(c.kind, c.counts): c.strings for c in mended}  # what the prose restates is one quantity
    chance = Fraction(registry.size(count.group) + 1, math.prod(strings.values()))
    agreeing = [registry[c.value_ids[0]] for c in mended]
    listed = ", ".join(f"{value.subject}: {value.printed}" for value in agreeing)
    return Check(
        family="count",
        subject=count.id,
        value_ids=tuple(dict.fromkeys([count.id, *(i for c in mended for i in c.value_ids)])),
        evidence="counts",
        verdict="inconsistent",
        suspect_ids=(count.id,),
        chance=min(chance, Fraction(1)),
        changes=(Change(count.id, str(found.reads)),),
        found=found,
        recomputes=(count.id,),
        said=Said(
            quantity=count.subject,
            published=count.printed,
            recomputed=str(found.reads),
            method="the one count that its percentage, sums and p value agree with",
            note=f"With {found.reads} in place of {count.printed} all of these hold, of which none does as printed: "
            f"{listed}. No other count of the rows involved does that.",
            repair=str(found.reads),
        ),
    )


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of counts and of p values of association, those behind one count's slip as one."""
    slips = other_counts(registry)
    agreeing = {c.check_id: slip for slip in slips for c in slip.mended}
    carried = {slip.carried.check_id: slip for slip in slips if slip.carried}
    for found in (*counts.check(registry), *association.check(registry)):
        if found.check_id in agreeing:
            yield _agreeing(found, agreeing[found.check_id])
        elif found.check_id in carried:
            yield _carried(found, carried[found.check_id])
        else:
            yield found
    yield from (_check(registry, slip) for slip in slips)


def _agreeing(found: Check, slip: OtherCount) -> Check:
    """Return a check as it stands once the count is mended."""
    note = f"It agrees with {slip.reads} in place of {slip.count.printed} ({slip.count.subject}), as all else does."
    said = replace(found.said, recomputed="", note=note, repair="")
    return replace(found, verdict="coherent", suspect_ids=(), chance=None, changes=(), recomputes=(), said=said)


def _carried(found: Check, slip: OtherCount) -> Check:
    """Return the check of a percentage that was computed from the misprinted count."""
    share: Share = found.found
    reads = show(percentages.share(slip.reads, share.size), share.printed.places)
    note = f"It is the share of {slip.count.printed}; with {slip.reads}, as all else has it, it would read {reads}."
    return replace(
        found,
        verdict="inconsistent",
        suspect_ids=(share.percent.id,),
        changes=(Change(share.percent.id, reads),),
        said=replace(found.said, recomputed=reads, method=f"{slip.reads} of {share.size}", note=note, repair=reads),
    )
