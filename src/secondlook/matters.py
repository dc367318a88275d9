"""Matters: what a person would call one finding, made of the flags that hang together.

Flags hang together when they suspect the same row of a table, or prose that restates it; when they are claims in words
about one row; when they rest on the same study as quoted in one section; when they are blanks of one kind; and when a
check over several rows explains what is wrong in each of them. A row that only lies among the many that some query is
about does not join it, nor does one that is wrong by the records alone: each row that they miss is a matter of its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from secondlook.checks.claims import JudgedClaim
from secondlook.checks.external import LookedUp
from secondlook.checks.joint import Proved
from secondlook.checks.names import Blank
from secondlook.checks.rules import Ruled
from secondlook.checks.verdicts import RECORDS, VERDICTS, WRONG, Check
from secondlook.paper.claims_schema import Gap, Leading, OpenQuestion
from secondlook.paper.registry import Registry, Value

#: The order of matters by weight, and what each weight means.
WEIGHTS = {
    "decision": "would change a conclusion that the paper draws",
    "joint": "cannot stand together; which is wrong cannot be told",
    "inconsistent": "cannot be as printed",
    "query": "possible as printed, or impossible on an assumption alone; a sentence of the authors could settle it",
    "reading": "comes out as printed under a reading that the paper does not state",
    "trivia": "small things",
}


@dataclass(frozen=True)
class Matter:
    """Flags that hang together.

    Attributes
    ----------
    slug : str
        Its stable name, from the row, the claim or the proof that it is about.
    weight : str
        A key of :data:`WEIGHTS`.
    checks : tuple of Check
        Its flags; the one that speaks for it first.
    value_ids : tuple of str
        The values that they suspect, in reading order.
    """

    slug: str
    weight: str
    checks: tuple[Check, ...]
    value_ids: tuple[str, ...]

    @property
    def lead(self) -> Check:
        """The flag that speaks for it."""
        return self.checks[0]

    @property
    def kind(self) -> str:
        """What does not hold: ``citation``, ``words`` (a claim in words) or ``number``."""
        kinds = {LookedUp: "citation", JudgedClaim: "words"}
        return kinds.get(type(self.lead.found), "number")


def matters(registry: Registry, checks: Iterable[Check]) -> tuple[Matter, ...]:
    """Return the matters of a paper in order of weight, then of reading.

    Parameters
    ----------
    registry : Registry
    checks : iterable of Check
        All checks of the paper; each flag among them ends in exactly one matter.
    """
    flags = [check for check in checks if check.is_flag]
    order = {value.id: place for place, value in enumerate(registry)}
    found = [_matter(registry, group, order) for group in _groups(registry, flags)]
    found.sort(key=lambda m: (list(WEIGHTS).index(m.weight), order[m.value_ids[0]], m.lead.check_id))
    return tuple(_named_apart(found))


# What hangs together ------------------------------------------------------------------------------------------------


def _groups(registry: Registry, flags: Sequence[Check]) -> list[list[Check]]:
    """Return the flags in groups that share a bond, directly or through others (union-find, by first member)."""
    parent = list(range(len(flags)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[Hashable, int] = {}
    for i, bonds in enumerate(_bonds(registry, flags)):
        for bond in bonds:
            j = first.setdefault(bond, i)
            parent[max(root(i), root(j))] = min(root(i), root(j))
    groups: dict[int, list[Check]] = {}
    for i, flag in enumerate(flags):
        groups.setdefault(root(i), []).append(flag)
    return list(groups.values())


def _bonds(registry: Registry, flags: Sequence[Check]) -> list[set[Hashable]]:
    own = [_rows(registry, flag) for flag in flags]
    of_paper = [*map(_is_of_paper, flags)]
    told = zip(flags, own, of_paper, strict=True)
    wrong = {row for flag, rows, printed in told if printed and flag.verdict in WRONG for row in rows}
    bonds = []
    for flag, rows, printed in zip(flags, own, of_paper, strict=True):
        if isinstance(flag.found, Blank):
            value = flag.found.value
            bonds.append({(Blank, value.table, value.statistic)})
            continue
        # One row, or the same several, are a bond; several that are each wrong by themselves are explained together.
        held: set[Hashable] = {rows}
        if rows <= wrong or isinstance(flag.found, Proved) or (len(rows) == 1 and printed):
            held |= {("among", row) for row in rows}
        if isinstance(flag.found, LookedUp) and flag.found.row.cites:
            held.add((LookedUp, registry[flag.suspect_ids[0]].section, flag.found.row.cites))
        bonds.append(held)
    return bonds


def _is_of_paper(flag: Check) -> bool:
    return flag.evidence != RECORDS


def _rows(registry: Registry, flag: Check) -> frozenset[Hashable]:
    """Return the rows that a flag is about: those of its suspects, or the one row that a claim in words speaks of.

    A claim speaks of the row that it restates, whatever that is held against; if it restates no single one, of the row
    that it is held against. One that records turn hangs on the number that turns it.
    """
    if isinstance(flag.found, JudgedClaim) and not (flag.suspect_ids[1:] and not _is_of_paper(flag)):
        claim = flag.found.claim.id
        for ids in (registry[claim].restates, flag.value_ids):
            cells = {_row(registry, registry[i]) for i in ids if registry[i].table}
            if len(cells) == 1:
                return frozenset(cells)
        return frozenset([claim])
    values = [registry[i] for i in flag.suspect_ids]
    numbers = [value for value in values if value.statistic != "claim"]
    return frozenset(_row(registry, value) for value in (values if _is_of_paper(flag) else numbers))


def _row(registry: Registry, value: Value) -> Hashable:
    """Return the row of a table that a value stands in or restates; for other prose the value that it restates."""
    seen = {value.id}
    while not value.table and value.statistic != "claim" and value.restates and value.restates[0] not in seen:
        value = registry[value.restates[0]]
        seen.add(value.id)
    return (value.table, value.row) if value.table else value.id


# What a matter is ---------------------------------------------------------------------------------------------------


def _matter(registry: Registry, group: Sequence[Check], order: Mapping[str, int]) -> Matter:
    words = list(VERDICTS)

    def rank(check: Check) -> tuple:
        first = order[check.suspect_ids[0]]
        is_joint = isinstance(check.found, Proved)
        return (
            words.index(check.verdict),
            not is_joint,
            not check.changes,
            isinstance(check.found, JudgedClaim),  # beside a number words are the context
            len(check.suspect_ids),
            first,
            check.check_id,
        )

    ordered = sorted(group, key=rank)
    suspects = {i for check in ordered for i in check.suspect_ids}
    # Its name is that of the paper alone, where there is one: what records add does not lead links astray.
    named = next(filter(_is_of_paper, ordered), ordered[0])
    return Matter(_slug(registry, named), _weight(ordered), tuple(ordered), tuple(sorted(suspects, key=order.get)))


def _weight(ordered: Sequence[Check]) -> str:
    worst = ordered[0].verdict
    if worst == "decision":
        return worst
    if any(isinstance(check.found, Proved) for check in ordered) and _is_of_paper(ordered[0]):
        return "joint"
    if worst == "query" and all(is_trivial(check) for check in ordered if check.verdict == "query"):
        return "trivia"
    return {"reproduced-if": "reading"}.get(worst, worst)


def is_trivial(check: Check) -> bool:
    """Return True for a blank where others print 0, a gap between two conditions, a tie in a list, a small question."""
    found = check.found
    if isinstance(found, JudgedClaim):
        tests = zip(found.claim.tests, found.findings, found.verdicts, strict=True)
        doubtful = [(test, finding) for test, finding, verdict in tests if verdict != "coherent"]
        return all(isinstance(test, Leading) and finding.outcome == "open" for test, finding in doubtful)
    rule = found.rule if isinstance(found, Ruled) else None
    return isinstance(found, Blank) or isinstance(rule, Gap) or (isinstance(rule, OpenQuestion) and rule.small)


def _slug(registry: Registry, lead: Check) -> str:
    if isinstance(lead.found, Proved):
        return lead.subject
    if isinstance(lead.found, Blank):
        value = lead.found.value
        return _plain("blank", value.table, value.statistic)
    rows = _rows(registry, lead)
    row = next(iter(rows)) if len(rows) == 1 else (lead.family, lead.subject)
    return _plain(*row) if isinstance(row, tuple) else _plain(row)


def _plain(*parts: str) -> str:
    """Return parts of a name as one of small letters, digits and hyphens, as an address can hold it."""
    text = "-".join(parts).lower()
    return "-".join(filter(None, "".join(c if c.isascii() and c.isalnum() else "-" for c in text).split("-")))


def _named_apart(found: Iterable[Matter]) -> Iterable[Matter]:
    """Yield the matters with a number behind a name that has stood before."""
    taken: set[str] = set()
    for matter in found:
        slug, number = matter.slug, 2
        while slug in taken:
            slug, number = f"{matter.slug}-{number}", number + 1
        taken.add(slug)
        yield Matter(slug, matter.weight, matter.checks, matter.value_ids)
