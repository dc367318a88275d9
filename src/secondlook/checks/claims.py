"""Words: every claim that can be computed, against what the printed numbers say."""

from __future__ import annotations

from collections.abc import Iterator

from secondlook.checks.claim_tests import Finding, assess
from secondlook.checks.verdicts import Check
from secondlook.paper.claims_schema import Claim, Higher, Test
from secondlook.paper.registry import Registry
from secondlook.paper.schema import references

#: What the outcome of a claim's tests means as a verdict.
VERDICT = {"holds": "coherent", "open": "query", "fails": "inconsistent", "opposite": "decision"}
WORST_FIRST = ("decision", "inconsistent", "query", "coherent")


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per claim that ``claims.toml`` writes down, testable or not.

    A claim whose ids are not all there (a folder with only some of its tables) is passed over.
    """
    for claim in registry.claims.claims:
        ids = [name for _, kind, name in references(claim) if kind == "values"]
        if not all(i in registry.values for i in ids):
            continue
        yield _judged(registry, claim) if claim.tests else _untested(registry, claim)


def _untested(registry: Registry, claim: Claim) -> Check:
    return Check(
        check_id=f"claim.{claim.id}",
        value_ids=(claim.id,),
        quantity=_quantity(registry, claim),
        published=registry[claim.id].subject,
        recomputed="",
        method="",
        evidence="none",
        verdict="not-testable",
        note=f"{claim.reason[0].upper()}{claim.reason[1:]}.",
    )


def _quantity(registry: Registry, claim: Claim) -> str:
    row = next(row for row in registry.text if row.id == claim.id)
    return f"claim: {row.subject}"


def _judged(registry: Registry, claim: Claim) -> Check:
    found = [(test, assess(registry, test)) for test in claim.tests]
    verdicts = [_verdict(test.otherwise, finding) for test, finding in found]
    verdict = min(verdicts, key=WORST_FIRST.index)
    deciding = found[verdicts.index(verdict)][1]
    opposed = _opposed(registry, claim) if verdict != "coherent" else []
    involved = [i for _, finding in found for i in finding.value_ids]
    suspects = [i for _, finding in found for i in finding.suspect_ids] if verdict != "coherent" else []
    return Check(
        check_id=f"claim.{claim.id}",
        value_ids=tuple(dict.fromkeys([claim.id, *involved, *opposed])),
        suspect_ids=tuple(dict.fromkeys([claim.id, *suspects])),
        quantity=_quantity(registry, claim),
        published=registry[claim.id].subject,
        recomputed="; ".join(finding.said for _, finding in found),
        method="; ".join(dict.fromkeys(finding.method for _, finding in found if finding.method)),
        evidence=deciding.evidence,
        verdict=verdict,
        repair=_other_arm(registry, found) if verdict == "decision" else "",
        note=_note(registry, claim, list(zip(found, verdicts, strict=True)), opposed),
    )


def _verdict(otherwise: str | None, finding: Finding) -> str:
    verdict = VERDICT[finding.outcome]
    return "query" if otherwise and verdict != "coherent" else verdict


def _note(registry: Registry, claim: Claim, found: list, opposed: list[str]) -> str:
    flagged = [(test, finding) for (test, finding), verdict in found if verdict != "coherent"]
    said = "; ".join(finding.said for _, finding in flagged)
    note = f"The paper says, in our words: {registry[claim.id].subject}."
    if flagged:  # what a claim agrees with stands beside it as recomputed
        note += f" Held against what it prints: {said}."
    note += "".join(f" The words can be read otherwise: {test.otherwise}." for test, _ in flagged if test.otherwise)
    if opposed:
        note += f" The opposite is said at {'; '.join(registry[i].place for i in opposed)}."
    return note


def _other_arm(registry: Registry, found: list[tuple[Test, Finding]]) -> str:
    """Return the arm that a claim should have named, when all its tests name one arm and the other is meant."""
    arms = registry.layout.paper.arms
    if not all(isinstance(test, Higher) and finding.outcome == "opposite" for test, finding in found):
        return ""
    named = {registry[i].group for test, _ in found for i in test.these}
    return registry.layout.groups[next(a for a in arms if a not in named)].label if len(named & set(arms)) == 1 else ""


# Claims that contradict each other ----------------------------------------------------------------------------------


def _directions(claim: Claim) -> set[tuple[str, str]]:
    """Return (higher, lower) for each pair of values that a claim orders."""
    ordered = [test for test in claim.tests if isinstance(test, Higher)]
    return {pair for test in ordered for pair in zip(test.these, test.than, strict=True)}


def _opposed(registry: Registry, claim: Claim) -> list[str]:
    """Return the ids of the claims that order one of the same pairs the other way round."""
    turned = {(b, a) for a, b in _directions(claim)}
    return [other.id for other in registry.claims.claims if turned & _directions(other) and other.id in registry.values]
