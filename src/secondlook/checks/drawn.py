"""What the prose draws a conclusion from: the values that it restates, and those that its claims in words rest on."""

from __future__ import annotations

from collections.abc import Iterator

from secondlook.paper.claims_schema import Claim, Entered, Independent, Selected
from secondlook.paper.registry import Registry
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


def _claimed(registry: Registry, claim: Claim) -> Iterator[str]:
    for test in claim.tests:
        if isinstance(test, Independent | Entered):
            for table in test.tables:
                for variable in test.variables:
                    yield from (cell.id for cell in registry.cells(table, variable=variable, set=test.set))
        elif not isinstance(test, Selected):
            yield from (name for _, kind, name in references(test) if kind == "values")
