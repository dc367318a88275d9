"""Verdicts: the fixed vocabulary, what a check reports, and how a value's own verdict follows from its checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

#: How a recomputed value came about.
EVIDENCE = {
    "counts": "recomputed from counts that the paper prints",
    "algebra": "derived from, or bounded by, other statistics that the paper prints",
    "restatement": "the same quantity printed in two places",
    "cohort": "computed on the synthetic cohort; agreement is by construction and proves nothing",
    "records": "computed on real records that someone handed in",
    "source": "the cited study's own value",
    "none": "nothing to recompute it from",
}

#: What a check found, flags first and worst first, then support, best first.
VERDICTS = {
    "decision": "inconsistent, and a reader would draw another conclusion",
    "inconsistent": "no admissible method and no rounding gives the printed value",
    "query": "possible, yet implausible or ambiguous",
    "reproduced-if": "only under a choice that the paper does not state, or contradicts",
    "reproduced": "recomputed from other printed numbers, it prints what the paper prints",
    "coherent": "cannot be recomputed, but agrees with all that it can be held against",
    "attained": "printed by the synthetic cohort, by construction",
    "not-testable": "cannot be checked, with the reason",
}

FLAGS = ("decision", "inconsistent", "query", "reproduced-if")
SUPPORT = ("reproduced", "coherent", "attained")

#: A mark beside the word, so that no page tells verdicts apart by colour alone.
ICONS = {
    "decision": "‼",
    "inconsistent": "✗",
    "query": "?",
    "reproduced-if": "◐",
    "reproduced": "✓",
    "coherent": "≈",
    "attained": "◇",
    "not-testable": "–",
}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found.

    Attributes
    ----------
    check_id : str
        ``family.subject``, unique in a ledger.
    value_ids, suspect_ids : tuple of str
        The values that it involves; and those that its repair singles out (all, when none is).
    quantity : str
        What is compared, in words.
    published, recomputed : str
        What is printed, and what follows from what else is printed, in the same format.
    method : str
        How it was recomputed, by its usual name.
    evidence, verdict : str
        Words of :data:`EVIDENCE` and :data:`VERDICTS`.
    chance : Fraction or None
        For a match by choice or a repair: the chance that a random printed value would have been matched as well.
    repair : str
        The smallest change that makes it true, when exactly one does.
    note : str
        One or two plain sentences: what is printed and what follows.

    Raises
    ------
    ValueError
        For a word outside the vocabulary, suspects that are not involved, or a choice without its chance.
    """

    check_id: str
    value_ids: tuple[str, ...]
    quantity: str
    published: str
    recomputed: str
    method: str
    evidence: str
    verdict: str
    suspect_ids: tuple[str, ...] = ()
    chance: Fraction | None = None
    repair: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.evidence not in EVIDENCE:
            raise ValueError(f"{self.check_id}: {self.evidence!r} is no evidence word")
        if self.verdict not in VERDICTS:
            raise ValueError(f"{self.check_id}: {self.verdict!r} is no verdict word")
        if not self.value_ids:
            raise ValueError(f"{self.check_id}: involves no value")
        if not set(self.suspect_ids) <= set(self.value_ids):
            raise ValueError(f"{self.check_id}: suspects a value that it does not involve")
        if self.verdict == "reproduced-if" and self.chance is None:
            raise ValueError(f"{self.check_id}: reproduced-if without a chance")
        if not self.suspect_ids:
            object.__setattr__(self, "suspect_ids", self.value_ids)

    @property
    def is_flag(self) -> bool:
        """True when a reader should look at it."""
        return self.verdict in FLAGS


def value_verdict(value_id: str, checks: Iterable[Check]) -> str:
    """Return a value's own verdict.

    It is the worst flag of the checks that suspect it, otherwise its best support, otherwise ``not-testable``.

    Parameters
    ----------
    value_id : str
    checks : iterable of Check
        At least those that involve the value.
    """
    involved = [check for check in checks if value_id in check.value_ids]
    flags = {check.verdict for check in involved if check.is_flag and value_id in check.suspect_ids}
    support = {check.verdict for check in involved if check.verdict in SUPPORT}
    return next((word for word in FLAGS if word in flags), None) or next(
        (word for word in SUPPORT if word in support), "not-testable"
    )
