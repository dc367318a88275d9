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
    "decision": "inconsistent, and a reader would come to another conclusion than the paper",
    "inconsistent": "no admissible method and no rounding gives the printed value",
    "query": "possible, yet implausible or ambiguous; or impossible on a premise that the paper does not print",
    "reproduced-if": "only under a choice that the paper does not state, or contradicts",
    "reproduced": "recomputed from other printed numbers, it prints what the paper prints",
    "coherent": "cannot be recomputed, but agrees with all that it can be held against",
    "attained": "printed by the synthetic cohort, by construction",
    "not-testable": "cannot be checked, with the reason",
}

FLAGS = ("decision", "inconsistent", "query", "reproduced-if")
#: Flags that say that something is wrong.
WRONG = ("decision", "inconsistent")
#: The family of checks of patients' records, and what is said where a paper counts more patients than they hold.
RECORDS = "records"
NOT_WHOLE = "The records are not of all the patients whom the paper counts, or lack some cells."
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
class Found:
    """What a family of checks found, as data; each family has a kind of its own, which says the rest."""


@dataclass(frozen=True)
class Said:
    """A check in words and as printed, for people: nothing else may read it.

    Attributes
    ----------
    quantity : str
        What is compared, in words.
    published, recomputed : str
        What is printed, and what follows from what else is printed, in the same format.
    method : str
        How it was recomputed, by its usual name.
    note : str
        One or two plain sentences: what is printed and what follows.
    repair : str
        The changes that would make it true, where exactly one repair does.
    """

    quantity: str
    published: str
    recomputed: str = ""
    method: str = ""
    note: str = ""
    repair: str = ""


@dataclass(frozen=True)
class Change:
    """One part of a repair: which value would read otherwise, what it would read, and by which slip it was misprinted.

    Attributes
    ----------
    value_id : str
    reads : str
        What would stand there, as printed.
    slip : str
        The kind of slip, as :mod:`secondlook.numbers.slips` and :mod:`secondlook.stats.repairs` name them; empty when
        the value is known from elsewhere and no slip need have led to it.
    """

    value_id: str
    reads: str
    slip: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found.

    Attributes
    ----------
    family, subject : str
        The kind of check, and what it is about; together unique in a ledger.
    value_ids : tuple of str
        The values that it involves.
    evidence, verdict : str
        Words of :data:`EVIDENCE` and :data:`VERDICTS`.
    found : Found
        What was found, as data.
    said : Said
        The same in words.
    suspect_ids : tuple of str
        The values that its repair singles out; all, when none is.
    chance : Fraction or None
        For a match by choice or a repair: the chance that a random printed value would have been matched as well.
    changes : tuple of Change
        The smallest repair, when there is exactly one.
    candidates : tuple of str
        What its one suspect may read, in the format printed, where several values fit as well and none is named.
    recomputes : tuple of str
        The values whose own printed strings ``said.published`` quotes and ``said.recomputed`` answers; empty when what
        is recomputed is another quantity.

    Raises
    ------
    ValueError
        For a word outside the vocabulary, suspects, changes or recomputed values that are not involved, a choice
        without its chance, a repair that is only said or only data, or candidates beside a repair.
    """

    family: str
    subject: str
    value_ids: tuple[str, ...]
    evidence: str
    verdict: str
    found: Found
    said: Said
    suspect_ids: tuple[str, ...] = ()
    chance: Fraction | None = None
    changes: tuple[Change, ...] = ()
    candidates: tuple[str, ...] = ()
    recomputes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = {
            f"{self.evidence!r} is no evidence word": self.evidence not in EVIDENCE,
            f"{self.verdict!r} is no verdict word": self.verdict not in VERDICTS,
            "involves no value": not self.value_ids,
            "suspects a value that it does not involve": not set(self.suspect_ids) <= set(self.value_ids),
            "changes a value that it does not involve": not {c.value_id for c in self.changes} <= set(self.value_ids),
            "recomputes a value that it does not involve": not set(self.recomputes) <= set(self.value_ids),
            "reproduced-if without a chance": self.verdict == "reproduced-if" and self.chance is None,
            "has a repair in words or in data alone": bool(self.changes) != bool(self.said.repair),
            "has candidates beside a repair, or one alone": bool(self.candidates)
            and (bool(self.changes) or len(set(self.candidates)) < 2),
        }
        wrong = [problem for problem, holds in problems.items() if holds]
        if wrong:
            raise ValueError(f"{self.check_id}: {'; '.join(wrong)}")
        if not self.suspect_ids:
            object.__setattr__(self, "suspect_ids", self.value_ids)

    @property
    def check_id(self) -> str:
        """``family.subject``: its name in a ledger."""
        return f"{self.family}.{self.subject}"

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
