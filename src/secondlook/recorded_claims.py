"""What a paper says in words, beside records of all its patients: judged anew on the numbers that these print.

Only numbers that whole records miss by more than a near miss are told to the tests of a claim; of one that they give in
two ways the words are tried with both, and what depends on the way stays as print has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from secondlook.checks import claims
from secondlook.checks.claims import JudgedClaim
from secondlook.checks.verdicts import RECORDS, WRONG, Check
from secondlook.paper.claims_schema import Selected
from secondlook.paper.registry import Registry


def judged(registry: Registry, checks: Iterable[Check], recorded: Sequence[Check]) -> Iterator[Check]:
    """Yield checks with the claims in words as records leave them: borne out, contradicted, or as they were.

    Parameters
    ----------
    registry : Registry
    checks : iterable of Check
        What the paper alone tells.
    recorded : sequence of Check
        What the records tell (:func:`secondlook.recorded.check`).
    """
    missed = {c.value_ids[0]: c for c in recorded if c.found.whole and c.verdict in WRONG}
    texts = {i: check.found.result.texts for i, check in missed.items()}
    ways = [_on(registry, {i: found[end] for i, found in texts.items()}) for end in (0, -1)] if missed else []
    for check in checks:
        if ways and _is_of_numbers(check) and not missed.keys().isdisjoint(check.value_ids):
            yield _by_records(check, [way[check.check_id] for way in ways], missed)
        else:
            yield check


def _is_of_numbers(check: Check) -> bool:
    """Return whether a check is of words that draw something from numbers; a rule of entry draws nothing."""
    tests = check.found.claim.tests if isinstance(check.found, JudgedClaim) else []
    return bool(tests) and not any(isinstance(test, Selected) for test in tests)


def _on(registry: Registry, printed: dict[str, str]) -> dict[str, Check]:
    """Return the checks of claims, by id, of a paper that would print some numbers otherwise."""
    values = {i: replace(v, printed=printed.get(i, v.printed)) for i, v in registry.values.items()}
    return {check.check_id: check for check in claims.check(replace(registry, values=values))}


def _by_records(check: Check, told: Sequence[Check], missed: Mapping[str, Check]) -> Check:
    """Return a claim as print has it, unless on the records' numbers it comes out otherwise by each way."""
    first = told[0]
    if check.is_flag == first.is_flag or any(each.is_flag != first.is_flag for each in told):
        return check
    note = f"By the records of all patients: {first.said.recomputed}. {check.said.note}"
    said = replace(check.said, recomputed=first.said.recomputed, note=note, repair="")
    suspects = _suspects(check, missed) if first.is_flag else ()
    return replace(check, verdict=first.verdict, evidence=RECORDS, suspect_ids=suspects, changes=(), said=said)


def _suspects(check: Check, missed: Mapping[str, Check]) -> tuple[str, ...]:
    """Return the words, and the first number that turns them: so they are its matter, and tie it to no other."""
    order = sorted((i for i in check.value_ids if i in missed), key=lambda i: WRONG.index(missed[i].verdict))
    return tuple(dict.fromkeys([check.value_ids[0], *order[:1]]))
