"""Claims in words: every claim that can be computed, against what the printed numbers say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from secondlook.checks import claim_words
from secondlook.checks.claim_tests import Finding, assess
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.in_words import capital
from secondlook.paper.claims_schema import Claim, Higher, Test
from secondlook.paper.registry import Registry, paragraph
from secondlook.paper.schema import references

#: What the outcome of a claim's tests means as a verdict.
VERDICT = {"holds": "coherent", "open": "query", "fails": "inconsistent", "opposite": "decision"}
WORST_FIRST = ("decision", "inconsistent", "query", "coherent")


@dataclass(frozen=True)
class JudgedClaim(Found):
    """A claim in words, as its tests came out.

    Attributes
    ----------
    claim : Claim
    words : str
        The claim in our words.
    findings : tuple of Finding
        What each of its tests found; none for a claim that cannot be tested.
    verdicts : tuple of str
        What each of them means.
    opposed : tuple of str
        Ids of claims that say the opposite, where this one does not hold.
    """

    claim: Claim
    words: str
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per claim that ``claims.toml`` writes down, testable or not.

    A claim whose ids are not all there (a folder with only some of its tables) is passed over.
    """
    words = {row.id: row.subject for row in registry.text}
    for claim in registry.claims.claims:
        ids = [name for _, kind, name in references(claim) if kind == "values"]
        if all(i in registry.values for i in ids):
            judge = _judged if claim.tests else _untested
            yield judge(registry, claim, words[claim.id])


def _untested(registry: Registry, claim: Claim, words: str) -> Check:
    note = f"{capital(claim.reason)}."
    return Check(
        family="claim",
        subject=claim.id,
        value_ids=(claim.id,),
        evidence="none",
        verdict="not-testable",
        found=JudgedClaim(claim, words),
        said=Said(f"claim: {words}", registry[claim.id].subject, note=note),
    )


def _judged(registry: Registry, claim: Claim, words: str) -> Check:
    findings = tuple(assess(registry, test) for test in claim.tests)
    verdicts = tuple(_verdict(test.otherwise, found) for test, found in zip(claim.tests, findings, strict=True))
    verdict = min(verdicts, key=WORST_FIRST.index)
    opposed = tuple(_opposed(registry, claim)) if verdict != "coherent" else ()
    suspects = [i for finding in findings for i in finding.suspect_ids] if verdict != "coherent" else []
    involved = [i for finding in findings for i in finding.value_ids]
    other = _other_arm(registry, claim, findings) if verdict == "decision" else ""
    found = JudgedClaim(claim, words, findings, verdicts, opposed)
    return Check(
        family="claim",
        subject=claim.id,
        value_ids=tuple(dict.fromkeys([claim.id, *involved, *opposed])),
        suspect_ids=tuple(dict.fromkeys([claim.id, *suspects])),
        evidence=findings[verdicts.index(verdict)].evidence,
        verdict=verdict,
        changes=(Change(claim.id, other),) if other else (),
        found=found,
        said=Said(
            quantity=f"claim: {words}",
            published=registry[claim.id].subject,
            recomputed="; ".join(_each(registry, found, claim_words.said)),
            method="; ".join(dict.fromkeys(filter(None, _each(registry, found, claim_words.method)))),
            note=_note(registry, found),
            repair=other,
        ),
    )


def _verdict(otherwise: str | None, finding: Finding) -> str:
    verdict = VERDICT[finding.outcome]
    return "query" if otherwise and verdict != "coherent" else verdict


def _each(registry: Registry, found: JudgedClaim, words: Callable[[Registry, Test, Finding], str]) -> list[str]:
    """Return the words for each test of a claim."""
    tests = zip(found.claim.tests, found.findings, strict=True)
    return [words(registry, test, finding) for test, finding in tests]


def _note(registry: Registry, found: JudgedClaim) -> str:
    each = zip(_each(registry, found, claim_words.said), found.verdicts, strict=True)
    flagged = [words for words, verdict in each if verdict != "coherent"]
    note = f"The paper says, in our words: {registry[found.claim.id].subject}."
    if flagged:  # what a claim agrees with stands beside it as recomputed
        note += f" Its own numbers: {'; '.join(flagged)}."
    return " ".join(filter(None, (note, aside(registry, found))))


def aside(registry: Registry, found: JudgedClaim) -> str:
    """Return what speaks beside the numbers for or against a claim: another reading of its words, its opposite."""
    tests = zip(found.claim.tests, found.verdicts, strict=True)
    read = [test.otherwise for test, verdict in tests if verdict != "coherent" and test.otherwise]
    said = [f"The words can be read otherwise: {words}." for words in read]
    if found.claim.in_favour and any(verdict != "coherent" for verdict in found.verdicts):
        said.append(f"What speaks for the words: {found.claim.in_favour}.")
    if found.opposed:
        places = (paragraph(row, registry.layout) for row in registry.text if row.id in found.opposed)
        said.append(f"Elsewhere it says the opposite: {'; '.join(dict.fromkeys(places))}.")
    return " ".join(said)


def _other_arm(registry: Registry, claim: Claim, findings: tuple[Finding, ...]) -> str:
    """Return how a claim should read, when all its tests name one arm and the other is meant."""
    arms, tests = registry.layout.paper.arms, [test for test in claim.tests if isinstance(test, Higher)]
    if len(tests) < len(claim.tests) or not all(finding.outcome == "opposite" for finding in findings):
        return ""
    named = {registry[i].group for test in tests for i in test.these}
    if len(named & set(arms)) != 1:
        return ""
    return f"{tests[0].word} with {registry.layout.groups[next(a for a in arms if a not in named)].label}"


# Claims that contradict each other ----------------------------------------------------------------------------------


def _directions(claim: Claim) -> set[tuple[str, str]]:
    """Return (higher, lower) for each pair of values that a claim orders."""
    ordered = [test for test in claim.tests if isinstance(test, Higher)]
    return {pair for test in ordered for pair in zip(test.these, test.than, strict=True)}


def _opposed(registry: Registry, claim: Claim) -> list[str]:
    """Return the ids of the claims that order one of the same pairs the other way round."""
    turned = {(b, a) for a, b in _directions(claim)}
    return [other.id for other in registry.claims.claims if turned & _directions(other) and other.id in registry.values]
