"""What the prose draws a conclusion from: the values that it restates, and those that its claims in words rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secondlook.checks.claim_tests import level_of
from secondlook.checks.levels import below
from secondlook.paper.claims_schema import Claim, Entered, Independent, Selected, Test
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import references


def drawn_on(registry: Registry) -> frozenset[str]:
    """Return the ids of values from which a sentence of the paper draws something.

    All values of the prose, the values that they restate, and those that the claims in words are about. A rule of entry
    into a model looks at every row and draws nothing from any.
    """
    prose = [value for value in registry if not value.table]
    found = {i for value in prose for i in (value.id, *value.restates)}
    found.update(i for claim in registry.claims.claims for i in _claimed(registry, claim))
    return frozenset(found)


def rests_on(registry: Registry, value_id: str) -> frozenset[str]:
    """Return the ids of what a value rests on: what it restates, and what the tests of its words are about."""
    found, todo = set(), [value_id]
    while todo:
        here = todo.pop()
        tests = (i for claim in registry.claims.claims if claim.id == here for i in _claimed(registry, claim))
        todo += [i for i in {*registry[here].restates, *tests} if i not in found]
        found.update(todo)
    return frozenset(found)


def _claimed(registry: Registry, claim: Claim) -> Iterator[str]:
    for test in claim.tests:
        if isinstance(test, Independent | Entered):
            rows = (registry.cells(t, variable=v, set=test.set) for t in test.tables for v in test.variables)
            yield from (cell.id for row in rows for cell in row if not _denies(registry, test, row))
        elif not isinstance(test, Selected):
            yield from (name for _, kind, name in references(test) if kind == "values")


def _denies(registry: Registry, test: Test, row: Sequence[Value]) -> bool:
    """Return whether a row prints the opposite of what a claim says of it: nothing is drawn from its numbers."""
    if not isinstance(test, Independent):
        return False
    level = level_of(registry, test.level)
    return any(below(value.number, level) is False for value in row if value.statistic == "p")
